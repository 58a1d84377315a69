package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/journal"
)

// snapshotEvery is how many commands lie between two snapshots, as in a node.
const snapshotEvery = 250_000

// stalls measures what a snapshot does to the blocks that are applied meanwhile: how long freezing the state holds them up, and how
// long applying a block of 1,000 commands and summing its digest takes while the snapshot is written, against the blocks before.
type stalls struct {
	folder  string
	before  []time.Duration // blocks since the last snapshot was written
	during  []time.Duration // blocks while one is being written
	writing chan error      // answers when it is written; nil when none is
	begun   time.Time
	froze   time.Duration
	at      int // commands in it
}

// block notes how long a block took.
func (s *stalls) block(took time.Duration) {
	if s.writing == nil {
		s.before = append(s.before, took)
	} else {
		s.during = append(s.during, took)
	}
}

// due ends a snapshot that is written, and begins one when it is time.
func (s *stalls) due(commands int, w *writer) error {
	select {
	case err := <-s.writing:
		if err := s.tell(err); err != nil {
			return err
		}
	default:
	}
	if commands == 0 || commands%snapshotEvery != 0 || s.writing != nil {
		return nil
	}
	header := w.chain.Snapshot(w.digest)
	s.begun, s.at = time.Now(), commands
	frozen := w.state.Freeze()
	s.froze = time.Since(s.begun)
	s.writing = make(chan error, 1)
	go func() {
		defer frozen.Release()
		s.writing <- journal.WriteSnapshot(s.path(), header, journalRecords(frozen))
	}()
	return nil
}

func (s *stalls) path() string { return filepath.Join(s.folder, "measured.snapshot") }

// tell prints what a snapshot did.
func (s *stalls) tell(err error) error {
	if err := errors.Join(err, os.Remove(s.path())); err != nil {
		return err
	}
	fmt.Printf("snapshot at %d commands: frozen in %.1f ms, written in %.1f s; a block before %s; meanwhile %s\n",
		s.at, s.froze.Seconds()*1000, time.Since(s.begun).Seconds(), spread(s.before), spread(s.during))
	s.writing, s.before, s.during = nil, nil, nil
	return nil
}

// end waits for a snapshot that is being written.
func (s *stalls) end() error {
	if s.writing == nil {
		return nil
	}
	return s.tell(<-s.writing)
}

func spread(blocks []time.Duration) string {
	if len(blocks) == 0 {
		return "none"
	}
	sorted := slices.Sorted(slices.Values(blocks))
	return fmt.Sprintf("median %.1f ms, longest %.1f ms", sorted[len(sorted)/2].Seconds()*1000, sorted[len(sorted)-1].Seconds()*1000)
}
