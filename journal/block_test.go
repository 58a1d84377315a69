package journal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"

	"parley/journal"
	"parley/journal/journaltest"
)

// known is a block whose bytes and hash are written down: the layout must not drift.
func known() *journal.Block {
	hash := func(text string) journal.Hash { return sha256.Sum256([]byte(text)) }
	return &journal.Block{
		Header: journal.Header{Theatre: hash("theatre"), Height: 2, Prev: hash("prev"), Time: 0x0102030405060708, Count: 2, Size: 5,
			Root: hash("root"), Digest: hash("digest"), Rules: 9},
		Entries: []journal.Entry{{Time: 3, Envelope: []byte("one")}, {Time: 4, Envelope: []byte("fourth")}},
	}
}

func TestBlockLayout(t *testing.T) {
	data, err := known().MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	sum := func(text string) string { h := sha256.Sum256([]byte(text)); return hex.EncodeToString(h[:]) }
	header := sum("theatre") + "0000000000000002" + sum("prev") + "0102030405060708" + "00000002" + "0000000000000005" + sum("root") +
		sum("digest") + "00000009"
	want := hex.EncodeToString([]byte("parleyB\x01")) + header +
		"0000000000000003" + "00000003" + hex.EncodeToString([]byte("one")) +
		"0000000000000004" + "00000006" + hex.EncodeToString([]byte("fourth"))
	if got := hex.EncodeToString(data); got != want {
		t.Fatalf("read %s, expected %s", got, want)
	}
	raw, err := hex.DecodeString(header)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := known().Hash(), journal.Hash(sha256.Sum256(append([]byte("parley block header v1\n"), raw...))); got != want {
		t.Fatalf("hash: read %s, expected %s", got, want)
	}
	envelope := sha256.Sum256([]byte("one"))
	if got, want := known().Entries[0].Leaf(), append([]byte{0, 0, 0, 0, 0, 0, 0, 3}, envelope[:]...); !bytes.Equal(got, want) {
		t.Fatalf("leaf: read %x, expected %x", got, want)
	}
}

func TestEveryByteOfABlockCounts(t *testing.T) {
	data, err := known().MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	hash, leaves := known().Hash(), [][]byte{known().Entries[0].Leaf(), known().Entries[1].Leaf()}
	for at := range data {
		flipped := slices.Clone(data)
		flipped[at] ^= 1
		b, err := journal.ParseBlock(flipped)
		if err != nil {
			continue
		}
		if b.Hash() == hash && len(b.Entries) == 2 && bytes.Equal(b.Entries[0].Leaf(), leaves[0]) && bytes.Equal(b.Entries[1].Leaf(), leaves[1]) {
			t.Fatalf("byte %d says nothing", at)
		}
	}
	for end := range data {
		if _, err := journal.ParseBlock(data[:end]); err == nil {
			t.Fatalf("the first %d bytes were read as a block", end)
		}
	}
	if _, err := journal.ParseBlock(append(slices.Clone(data), 0)); err == nil {
		t.Fatal("a byte too many was taken")
	}
}

func TestBlockLimits(t *testing.T) {
	entries := func(count, size int) *journal.Block {
		return &journal.Block{Header: journal.Header{Count: uint32(count)}, Entries: journaltest.Entries(1, 1, count, size, 0)}
	}
	const room = journal.MaxBlock - 168
	whole := entries(64, 65523) // 64 entries of 12 + 65,523 bytes are 4,194,240 bytes, 104 too many for the header
	whole.Entries[0].Envelope = whole.Entries[0].Envelope[:65523-(64*(12+65523)-room)]
	data, err := whole.MarshalBinary()
	if err != nil || len(data) != journal.MaxBlock {
		t.Fatalf("the largest block: read %d bytes, %v, expected %d", len(data), err, journal.MaxBlock)
	}
	if _, err := journal.ParseBlock(data); err != nil {
		t.Fatal(err)
	}
	whole.Entries[0].Envelope = append(whole.Entries[0].Envelope, 0)
	counted := known()
	counted.Count = 3
	for name, b := range map[string]*journal.Block{
		"one byte too long": whole,
		"no entry":          entries(0, 0),
		"empty envelope":    entries(1, 0),
		"long envelope":     entries(1, journal.MaxEnvelope+1),
		"wrong count":       counted,
	} {
		if _, err := b.MarshalBinary(); err == nil {
			t.Errorf("%s: marshalled", name)
		}
	}
}

func FuzzParseBlock(f *testing.F) {
	data, err := known().MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:168])
	huge := slices.Clone(data)
	huge[8+80] = 0xff // a count of four thousand million
	f.Add(huge)
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := journal.ParseBlock(data)
		if err != nil {
			return
		}
		again, err := b.MarshalBinary()
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("read %x, written %x, %v", data, again, err)
		}
	})
}
