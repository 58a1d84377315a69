package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// memory is a HashReader over hashes that tlog computed.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	read := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		read[i] = m[index]
	}
	return read, nil
}

// leafOf is leaf n of every tree in these tests: 40 bytes, as the leaves of a journal.
func leafOf(n int) []byte {
	leaf := binary.BigEndian.AppendUint64(nil, uint64(n))
	sum := sha256.Sum256(leaf)
	return append(leaf, sum[:]...)
}

func TestFrontierAgreesWithTlog(t *testing.T) {
	var stored memory
	var f Frontier
	check := func(n int) {
		want, err := tlog.TreeHash(int64(n), stored)
		if err != nil {
			t.Fatal(err)
		}
		if f.Size() != uint64(n) || f.Root() != Hash(want) {
			t.Fatalf("size %d: read size %d and root %s, expected %x", n, f.Size(), f.Root(), want[:])
		}
	}
	check(0)
	sizes := rand.New(rand.NewPCG(1, 2))
	next := 2001
	for n := range 40_000 {
		want, err := tlog.StoredHashes(int64(n), leafOf(n), stored)
		if err != nil {
			t.Fatal(err)
		}
		var got []tlog.Hash
		f.push(LeafHash(leafOf(n)), func(h Hash) { got = append(got, tlog.Hash(h)) })
		if !slices.Equal(got, want) {
			t.Fatalf("leaf %d: read stored hashes %v, expected %v", n, got, want)
		}
		stored = append(stored, want...)
		if n+1 <= 2000 {
			check(n + 1)
		} else if n+1 == next {
			check(n + 1)
			next += 1 + sizes.IntN(500)
		}
	}
}

func TestFrontierKeepsItsBytes(t *testing.T) {
	var f Frontier
	for n := range 300 {
		data, err := f.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var g Frontier
		if err := g.UnmarshalBinary(data); err != nil {
			t.Fatal(err)
		}
		again, err := g.MarshalBinary()
		if err != nil || !bytes.Equal(again, data) || g.Root() != f.Root() {
			t.Fatalf("size %d: read %x, expected %x", n, again, data)
		}
		h, err := NewFrontier(f.Size(), f.Hashes())
		if err != nil || h.Root() != f.Root() {
			t.Fatalf("size %d: %v", n, err)
		}
		for _, bad := range [][]byte{data[:len(data)-1], append(slices.Clone(data), 0), nil} {
			if err := g.UnmarshalBinary(bad); err == nil || g.Root() != f.Root() {
				t.Fatalf("size %d: %d bytes were read as a frontier", n, len(bad))
			}
		}
		clone := f.Clone()
		clone.Append([]byte("aside"))
		f.Append(leafOf(n))
		if clone.Root() == f.Root() {
			t.Fatal("a clone shares its hashes")
		}
	}
	if err := f.UnmarshalBinary(bytes.Repeat([]byte{0xff}, 8+64*32)); err == nil {
		t.Fatal("a size above MaxTreeSize was read")
	}
}

func TestHashText(t *testing.T) {
	h := Hash(sha256.Sum256([]byte("x")))
	read, err := ParseHash(h.String())
	if err != nil || read != h {
		t.Fatalf("read %s, %v, expected %s", read, err, h)
	}
	for _, bad := range []string{"", h.String()[1:], h.String() + "0", "G" + h.String()[1:], "A" + h.String()[1:], fmt.Sprintf("%X", h[:])} {
		if _, err := ParseHash(bad); err == nil {
			t.Errorf("%q was read as a hash", bad)
		}
	}
}

func BenchmarkFrontierAppend(b *testing.B) {
	var f Frontier
	leaf := leafOf(7)
	for b.Loop() {
		f.Append(leaf)
	}
}
