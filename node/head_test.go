package node_test

import (
	"context"
	"testing"

	"parley/channel"
	"parley/journal"
)

// replayed replays the first entries of a folder's journal from nothing and returns the digest.
func replayed(t *testing.T, folder string, size uint64) [32]byte {
	t.Helper()
	j, err := journal.OpenSQLite(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	s := channel.New()
	if _, err := journal.Verify(context.Background(), j, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			if s.Size() < size {
				s.Apply(e.Time, signed)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if s.Size() != size {
		t.Fatalf("the journal has %d entries; expected at least %d", s.Size(), size)
	}
	return s.Digest()
}
