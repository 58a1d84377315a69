package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"parley/channel"
	"parley/journal"
)

// weigh loads the newest snapshot of a folder without a node, and says how long that took and what the state weighs with nothing beside it.
func weigh(data string, objects int, profile string) error {
	names, err := filepath.Glob(filepath.Join(data, "*.snapshot"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no snapshot in %s: %w", data, err)
	}
	stop, err := profiled(profile, "state")
	if err != nil {
		return err
	}
	before := live()
	begin, worked := time.Now(), processor()
	_, records, err := journal.ReadSnapshot(slices.Max(names))
	if err != nil {
		return err
	}
	state, err := channel.Restore(func(yield func(channel.Record, error) bool) {
		for r, err := range records {
			if !yield(channel.Record{Kind: r.Kind, Body: r.Body}, err) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	took := time.Since(begin)
	worked = processor() - worked
	if err := stop(); err != nil {
		return err
	}
	most := resident()
	heap := live() - before
	fmt.Printf("state of %d entries alone: %.2f s, %.2f s of processor; heap %d MiB, %d bytes an object; most resident %d MiB\n",
		state.Size(), took.Seconds(), worked.Seconds(), heap>>20, heap/uint64(objects), most>>10)
	return nil
}
