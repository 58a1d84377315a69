package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// The head guard is a small file beside the database that says how far history goes. SQLite keeps no checksum of its pages and
// ends its log at the first frame that does not check: one flipped bit can give back a shorter history without an error. The
// guard turns that into Damage.
//
// The file holds two slots of 80 bytes, written in turn (height modulo 2), so that one is whole whenever the other is being
// written: magic and version (8) ‖ height (8, big endian) ‖ block hash (32) ‖ SHA-256 of these 48 bytes. It is written after each
// commit and before the block is acknowledged, so the end of a process loses nothing. It is synced once a second under load: a
// loss of power may leave the guard up to a second behind. That weakens only the guard; the blocks themselves are synced.
const (
	guardFile  = "head"
	guardMagic = "parleyH\x01"
	slotSize   = len(guardMagic) + 8 + 32 + sha256.Size
	guardSize  = 2 * slotSize
	guardSync  = time.Second
)

const guardDo = "if history is known to end here, accept it with AcceptHead; else restore the folder from a copy or from another node"

// mark is what a slot of the guard says: the block at height has that hash.
type mark struct {
	height uint64
	hash   Hash
}

func (m mark) slot() []byte {
	b := append(make([]byte, 0, slotSize), guardMagic...)
	b = binary.BigEndian.AppendUint64(b, m.height)
	b = append(b, m.hash[:]...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func parseSlot(b []byte) (mark, bool) {
	body, sum := b[:slotSize-sha256.Size], sha256.Sum256(b[:slotSize-sha256.Size])
	if !bytes.HasPrefix(body, []byte(guardMagic)) || !bytes.Equal(sum[:], b[len(body):]) {
		return mark{}, false
	}
	body = body[len(guardMagic):]
	return mark{binary.BigEndian.Uint64(body), Hash(body[8:])}, true
}

// parseGuard returns the higher of the two marks. A slot that does not check is damage even when the other one is whole: it may
// be the newer one.
func parseGuard(b []byte) (mark, error) {
	damage := func(read, expected string) error {
		return &Damage{What: "file " + guardFile, Read: read, Expected: expected, Do: guardDo}
	}
	if len(b) != guardSize {
		return mark{}, damage(fmt.Sprintf("%d bytes", len(b)), fmt.Sprintf("%d", guardSize))
	}
	first, ok := parseSlot(b[:slotSize])
	if !ok {
		return mark{}, damage("a first slot that does not check", "magic, height, hash and their SHA-256")
	}
	second, ok := parseSlot(b[slotSize:])
	if !ok {
		return mark{}, damage("a second slot that does not check", "magic, height, hash and their SHA-256")
	}
	if first.height == second.height && first.hash != second.hash {
		return mark{}, damage("two hashes for height "+fmt.Sprint(first.height), "one")
	}
	if second.height > first.height {
		return second, nil
	}
	return first, nil
}

// guard is the open head guard of one journal handle. Several handles and processes may hold one; a lock on the file orders them.
type guard struct {
	mu    sync.Mutex // orders the goroutines of this handle: the lock on the file is held by the handle as a whole
	file  *os.File
	wrote chan struct{} // holds one token when there is something to sync
	done  chan struct{} // closed by close
	ended chan error    // the sync goroutine's last word
}

// readGuard returns what the guard of a folder says; the error is fs.ErrNotExist when there is no guard.
func readGuard(folder string) (mark, error) {
	file, err := os.Open(filepath.Join(folder, guardFile))
	if err != nil {
		return mark{}, fmt.Errorf("read head guard: %w", err)
	}
	defer file.Close()
	// Another process may be writing a slot.
	if err := lockFile(file); err != nil {
		return mark{}, fmt.Errorf("read head guard: %w", err)
	}
	defer unlockFile(file)
	return readMark(file)
}

func readMark(file *os.File) (mark, error) {
	b := make([]byte, guardSize+1) // one more than there should be, to see a file that is too long
	n, err := file.ReadAt(b, 0)
	if n == 0 && err != nil && !errors.Is(err, io.EOF) {
		return mark{}, fmt.Errorf("read head guard: %w", err)
	}
	return parseGuard(b[:n])
}

// createGuard makes the guard of an empty journal, unless there is one already. The name appears with the whole content.
func createGuard(folder string) error {
	err := createWhole(folder, guardFile, append(mark{}.slot(), mark{}.slot()...))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create head guard: %w", err)
	}
	return nil
}

// replaceGuard overrules whatever the guard says.
func replaceGuard(folder string, m mark) error {
	if err := os.Remove(filepath.Join(folder, guardFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace head guard: %w", err)
	}
	if err := createWhole(folder, guardFile, append(m.slot(), m.slot()...)); err != nil {
		return fmt.Errorf("replace head guard: %w", err)
	}
	return nil
}

// openGuard opens a guard that exists and starts the goroutine that syncs it, which close ends.
func openGuard(folder string) (*guard, error) {
	file, err := os.OpenFile(filepath.Join(folder, guardFile), os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("open head guard: %w", err)
	}
	g := &guard{file: file, wrote: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan error, 1)}
	go g.sync()
	return g, nil
}

// advance writes a mark, unless the guard is already there or further: it only ever moves forward.
func (g *guard) advance(m mark) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := lockFile(g.file); err != nil {
		return fmt.Errorf("write head guard: %w", err)
	}
	defer unlockFile(g.file)
	now, err := readMark(g.file)
	if err != nil {
		return fmt.Errorf("write head guard: %w", err)
	}
	if now.height >= m.height {
		return nil
	}
	if _, err := g.file.WriteAt(m.slot(), int64(m.height%2)*int64(slotSize)); err != nil {
		return fmt.Errorf("write head guard: %w", err)
	}
	select {
	case g.wrote <- struct{}{}:
	default: // a sync is due already
	}
	return nil
}

func (g *guard) sync() {
	var failed error
	for {
		select {
		case <-g.wrote:
		case <-g.done:
			g.ended <- errors.Join(failed, g.file.Sync())
			return
		}
		select {
		case <-time.After(guardSync):
		case <-g.done:
		}
		if err := g.file.Sync(); err != nil {
			failed = err
		}
	}
}

// close syncs the guard and reports what could not be synced since it was opened. It is called once.
func (g *guard) close() error {
	close(g.done)
	if err := errors.Join(<-g.ended, g.file.Close()); err != nil {
		return fmt.Errorf("sync head guard: %w", err)
	}
	return nil
}
