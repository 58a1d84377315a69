package journal_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"parley/journal"
	"parley/journal/journaltest"
)

// stateAfter returns the header of a snapshot after some blocks of 3 entries.
func stateAfter(t testing.TB, blocks int) (journal.SnapshotHeader, *journal.Chain) {
	t.Helper()
	var chain journal.Chain
	for range blocks {
		b, err := journaltest.Next(&chain, 1, 3, 50)
		if err != nil {
			t.Fatal(err)
		}
		if err := chain.Follow(b); err != nil {
			t.Fatal(err)
		}
	}
	return chain.Snapshot(sha256.Sum256([]byte("state"))), &chain
}

func someRecords(count, size int) iter.Seq[journal.Record] {
	return func(yield func(journal.Record) bool) {
		body := make([]byte, size)
		for n := range count {
			copy(body, fmt.Sprintf("record %d ", n))
			if !yield(journal.Record{Kind: uint8(n), Body: body[:max(size-n%7, 0)]}) {
				return
			}
		}
	}
}

func readAll(path string) (h journal.SnapshotHeader, all []journal.Record, err error) {
	h, records, err := journal.ReadSnapshot(path)
	if err != nil {
		return h, nil, err
	}
	for r, err := range records {
		if err != nil {
			return h, all, err
		}
		all = append(all, journal.Record{Kind: r.Kind, Body: slices.Clone(r.Body)})
	}
	return h, all, nil
}

func TestSnapshotComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot")
	for _, count := range []int{0, 1, 1000} {
		for _, size := range []int{0, 300, 2 << 20} {
			if count*size > 64<<20 {
				continue
			}
			header, chain := stateAfter(t, 1+count%13)
			if err := journal.WriteSnapshot(path, header, someRecords(count, size)); err != nil {
				t.Fatal(err)
			}
			read, all, err := readAll(path)
			if err != nil || !reflect.DeepEqual(read, header) {
				t.Fatalf("read %+v, %v, expected %+v", read, err, header)
			}
			n := 0
			for want := range someRecords(count, size) {
				if n >= len(all) || all[n].Kind != want.Kind || !bytes.Equal(all[n].Body, want.Body) {
					t.Fatalf("%d records of %d bytes: record %d is not the one that was written", count, size, n)
				}
				n++
			}
			if n != len(all) {
				t.Fatalf("read %d records, expected %d", len(all), n)
			}
			resumed, err := read.Chain()
			if err != nil || resumed.Head() != chain.Head() || resumed.Frontier().Root() != chain.Frontier().Root() {
				t.Fatalf("chain behind the snapshot: %v", err)
			}
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode: read %v, %v, expected 0600", info.Mode(), err)
	}
}

func TestSnapshotIsLeftEarly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot")
	header, _ := stateAfter(t, 4)
	if err := journal.WriteSnapshot(path, header, someRecords(50, 20)); err != nil {
		t.Fatal(err)
	}
	_, records, err := journal.ReadSnapshot(path)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range records {
		if n++; err != nil || n == 5 {
			break
		}
	}
	if n != 5 {
		t.Fatalf("read %d records, expected to leave after 5", n)
	}
}

func TestBadSnapshotIsNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot")
	header, _ := stateAfter(t, 5)
	if err := journal.WriteSnapshot(path, header, someRecords(3, 20)); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wrong := header
	wrong.Frontier = header.Frontier[1:]
	if err := journal.WriteSnapshot(path, wrong, someRecords(3, 20)); err == nil {
		t.Error("a header whose frontier is not that of its block was written")
	}
	if err := journal.WriteSnapshot(path, header, someRecords(1, journal.MaxRecord+8)); err == nil {
		t.Error("a record above the limit was written")
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the snapshot that was there is gone: %v", err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("read %d files, %v, expected the snapshot alone", len(files), err)
	}
}

func TestDamagedSnapshotIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "snapshot")
	header, _ := stateAfter(t, 6)
	if err := journal.WriteSnapshot(path, header, someRecords(200, 40)); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, content []byte) {
		t.Helper()
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := journal.ReadSnapshot(path)
		if _, ok := errors.AsType[*journal.Damage](err); !ok {
			t.Fatalf("%s at %d: read %v, expected damage", what, at, err)
		}
	}
	for at := range whole {
		flipped := slices.Clone(whole)
		flipped[at] ^= 1 << (at % 8)
		refused("bit flipped", at, flipped)
		refused("cut", at, whole[:at])
	}
	refused("byte added", len(whole), append(slices.Clone(whole), 0))
}

func FuzzReadSnapshot(f *testing.F) {
	dir := f.TempDir()
	path := filepath.Join(dir, "seed")
	header, _ := stateAfter(f, 3)
	if err := journal.WriteSnapshot(path, header, someRecords(20, 30)); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[:len(whole)-sha256.Size])
	f.Add(whole[:200])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		// The right checksum is put behind, so that the parser is met and not the checksum alone.
		sum := sha256.Sum256(data)
		path := filepath.Join(t.TempDir(), "snapshot")
		if err := os.WriteFile(path, append(slices.Clone(data), sum[:]...), 0o600); err != nil {
			t.Fatal(err)
		}
		h, all, err := readAll(path)
		if err != nil {
			return
		}
		again := filepath.Join(t.TempDir(), "again")
		if err := journal.WriteSnapshot(again, h, slices.Values(all)); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		h2, all2, err := readAll(again)
		if err != nil || !reflect.DeepEqual(h, h2) || !reflect.DeepEqual(all, all2) {
			t.Fatalf("what was read comes back changed: %v", err)
		}
	})
}

func BenchmarkReadSnapshot(b *testing.B) {
	const count, size = 1_000_000, 300
	path := filepath.Join(b.TempDir(), "snapshot")
	header, _ := stateAfter(b, 1)
	r := rand.NewChaCha8([32]byte{1})
	records := func(yield func(journal.Record) bool) {
		body := make([]byte, size)
		for n := range count { // half of a record is random, as hashes and positions are; the rest repeats, as names of fields do
			copy(body, fmt.Sprintf("record %d ", n))
			r.Read(body[size/2:])
			if !yield(journal.Record{Kind: 1, Body: body}) {
				return
			}
		}
	}
	if err := journal.WriteSnapshot(path, header, records); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, records, err := journal.ReadSnapshot(path)
		if err != nil {
			b.Fatal(err)
		}
		read := 0
		for r, err := range records {
			if err != nil {
				b.Fatal(err)
			}
			read += len(r.Body)
		}
		if read != count*size {
			b.Fatalf("read %d bytes", read)
		}
	}
}
