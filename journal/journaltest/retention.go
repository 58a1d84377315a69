package journaltest

import (
	"bytes"
	"errors"
	"testing"

	"parley/journal"
)

// eraseEnvelopes holds that an erased envelope leaves hashes, proofs, order and every other entry as they were, that erasing goes on where
// it was left, and that a copy of the rest verifies.
func (s suite) eraseEnvelopes(t *testing.T) {
	dir := t.TempDir()
	j := s.journal(t, dir)
	var chain journal.Chain
	Fill(t, j, &chain, 90)
	head, before := chain.Head(), Read(t, j, 1)
	var leaves [][]byte
	var gone []uint64
	for b, err := range j.Blocks(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range b.Entries {
			if position := uint64(len(leaves)); position%3 == 0 {
				gone = append(gone, position)
			}
			leaves = append(leaves, e.Leaf())
		}
	}
	if err := j.EraseEnvelopes(t.Context(), []uint64{head.Size}); !errors.Is(err, journal.ErrNoBlock) {
		t.Errorf("a position past the end: %v; expected ErrNoBlock", err)
	}
	for _, some := range [][]uint64{{gone[5], gone[1], gone[5]}, gone[:40], gone, nil} {
		if err := j.EraseEnvelopes(t.Context(), some); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, j journal.Journal) {
		t.Helper()
		s.verify(t, j, head)
		position := uint64(0)
		for b, err := range j.Blocks(t.Context(), 1) {
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range b.Entries {
				if (e.Erased != nil) != (position%3 == 0) || (e.Erased == nil) != (e.Envelope != nil) {
					t.Fatalf("%s: position %d has the envelope %x, erased %v", what, position, e.Envelope, e.Erased)
				}
				if !bytes.Equal(e.Leaf(), leaves[position]) {
					t.Fatalf("%s: position %d has another leaf", what, position)
				}
				position++
			}
			data, err := b.MarshalBinary()
			if err != nil || len(data) != len(before[b.Height-1]) {
				t.Fatalf("%s: block %d has %d bytes (%v); it had %d", what, b.Height, len(data), err, len(before[b.Height-1]))
			}
			if again, err := journal.ParseBlock(data); err != nil || again.Hash() != b.Hash() {
				t.Fatalf("%s: block %d is not read again: %v", what, b.Height, err)
			}
		}
	}
	check("erased", j)
	Fill(t, j, &chain, 1)
	head = chain.Head()
	again, err := s.open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	other, err := journal.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if copied, err := journal.Copy(t.Context(), other, again); err != nil || copied != head {
		t.Fatalf("copied to %+v, %v; expected %+v", copied, err, head)
	}
	if !bytes.Equal(bytes.Join(Read(t, other, 1), nil), bytes.Join(Read(t, j, 1), nil)) {
		t.Error("the copy has other bytes")
	}
}
