package node

import (
	"fmt"
	"iter"
	"runtime/debug"
	"time"

	"parley/channel"
	"parley/journal"
)

// writeSnapshot writes a frozen state as fast as it can, and lets go of it.
func (n *Node) writeSnapshot(header journal.SnapshotHeader, frozen *channel.Frozen) error {
	return n.writeRecords(header, frozen, func() {})
}

// writeSnapshotBehind writes a frozen state while commands are taken: it leaves the processor to them for as long as it has used it itself.
func (n *Node) writeSnapshotBehind(header journal.SnapshotHeader, frozen *channel.Frozen) error {
	p := pace{begun: time.Now(), hurry: n.closed}
	return n.writeRecords(header, frozen, p.record)
}

func (n *Node) writeRecords(header journal.SnapshotHeader, frozen *channel.Frozen, after func()) error {
	defer frozen.Release()
	var records iter.Seq[journal.Record] = func(yield func(journal.Record) bool) {
		for r := range frozen.Records() {
			if !yield(journal.Record{Kind: r.Kind, Body: r.Body}) {
				return
			}
			after()
		}
	}
	if err := journal.WriteSnapshot(snapshotPath(n.cfg.Folder, header.Last.Height), header, records); err != nil {
		return err
	}
	return n.pruneSnapshots()
}

// paceRecords is how many records are written between two pauses: some two milliseconds' work.
const paceRecords = 1000

// mostPause bounds a pause: on a machine that is very busy, what seemed to be work was waiting.
const mostPause = 20 * time.Millisecond

// pace makes whoever writes records pause for as long as they worked.
type pace struct {
	records int
	begun   time.Time       // the work since the last pause
	hurry   <-chan struct{} // when it is closed nobody waits for the processor any more
}

// record counts a record that is written.
func (p *pace) record() {
	if p.records++; p.records%paceRecords != 0 {
		return
	}
	select {
	case <-p.hurry:
	case <-time.After(min(time.Since(p.begun), mostPause)):
	}
	p.begun = time.Now()
}

// readState reads a snapshot and holds its records against the digest that it states.
func readState(path string) (journal.SnapshotHeader, *channel.State, error) {
	defer collectOften()()
	header, records, err := journal.ReadSnapshot(path)
	if err != nil {
		return header, nil, err
	}
	state, err := channel.Restore(func(yield func(channel.Record, error) bool) {
		for r, err := range records {
			if !yield(channel.Record{Kind: r.Kind, Body: r.Body}, err) {
				return
			}
		}
	})
	if err != nil {
		return header, nil, err
	}
	if digest := state.Digest(); digest != header.Digest {
		return header, nil, fmt.Errorf("read records with digest %s; expected %s, as the file states", digest, header.Digest)
	}
	return header, state, nil
}

// collectOften lets the heap grow by half between two collections, instead of doubling, until what it returns is called. While a state is
// loaded nearly all that lives stays, and each record leaves garbage: without this, loading takes twice the memory that serving takes.
func collectOften() (end func()) {
	const half = 50
	before := debug.SetGCPercent(half)
	if before < half { // whoever started the process wants less, or none at all
		debug.SetGCPercent(before)
	}
	return func() { debug.SetGCPercent(before) }
}
