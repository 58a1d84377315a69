package listfolder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"parley/designation"
)

// ErrNone says that no list is at hand.
var ErrNone = errors.New("no list of designations is at hand")

// Live is a folder that a server looks names up in. Editions that are taken in beside it are used from the next question on, without a restart.
type Live struct {
	folder *Folder

	mu       sync.Mutex
	stamp    string // of what the screener was built from
	screener *designation.Screener
}

// NewLive watches a folder, which need not be there yet.
func NewLive(folder *Folder) *Live { return &Live{folder: folder} }

// Folder returns the folder.
func (l *Live) Folder() *Folder { return l.folder }

// Screener returns the look at the editions of a day: the newest of each list up to it. It is built anew, in about a second, when the folder or the day
// has changed. The error is ErrNone when no list is there.
func (l *Live) Screener(now time.Time) (*designation.Screener, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	on := now.UTC().Format(time.DateOnly)
	stamp, err := l.folder.stamp()
	if err != nil {
		return nil, err
	}
	stamp = on + "\n" + stamp
	if l.screener != nil && stamp == l.stamp {
		return l.screener, nil
	}
	editions, err := l.folder.All()
	if err != nil {
		return nil, err
	}
	asserted, err := l.folder.Asserted()
	if err != nil {
		return nil, err
	}
	s := designation.NewScreener(editions, asserted, designation.Day(on))
	if len(s.Used()) == 0 {
		return nil, ErrNone
	}
	l.screener, l.stamp = s, stamp
	return s, nil
}

// stamp changes when the folder does.
func (f *Folder) stamp() (string, error) {
	paths, err := filepath.Glob(filepath.Join(f.path, "*", editionFile))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, path := range append(paths, filepath.Join(f.path, lineageFile)) {
		info, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
	}
	return b.String(), nil
}

// Bodies returns every name that an organisation has or has had in any edition of the folder, and a mark that changes when the folder does. Names is nil when
// the mark is the one that is known already.
func (l *Live) Bodies(known string) (names []string, mark string, err error) {
	if mark, err = l.folder.stamp(); err != nil || mark == known {
		return nil, mark, err
	}
	editions, err := l.folder.All()
	if err != nil {
		return nil, mark, err
	}
	names = []string{}
	for _, e := range editions {
		for i := range e.Entries {
			if e.Entries[i].Kind != designation.Body {
				continue
			}
			for _, n := range e.Entries[i].Names {
				names = append(names, n.Text)
			}
		}
	}
	return names, mark, nil
}
