package journal_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// erasable fills a journal with envelopes from 40 bytes to most of 64 KiB: blocks that share a page, and blocks that overflow. It returns
// 20 bytes of every kilobyte of the envelopes at even positions, and of the others.
func erasable(t testing.TB, dir string, blocks int) (positions []uint64, goes, stays [][]byte) {
	t.Helper()
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	random := rand.New(rand.NewPCG(17, 4))
	var chain journal.Chain
	position := uint64(0)
	for height := range blocks {
		size := 40 + random.IntN(400)
		if height%10 == 0 {
			size = 1000 + random.IntN(60_000)
		}
		b, err := journaltest.Next(&chain, 3, 1+height%5, size)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(t.Context(), b, nil); err != nil {
			t.Fatal(err)
		}
		if err := chain.Follow(b); err != nil {
			t.Fatal(err)
		}
		for _, e := range b.Entries {
			var pieces [][]byte
			for at := 0; at+20 <= len(e.Envelope); at += 1000 {
				pieces = append(pieces, e.Envelope[at:at+20])
			}
			if position%2 == 0 {
				positions, goes = append(positions, position), append(goes, pieces...)
			} else {
				stays = append(stays, pieces...)
			}
			position++
		}
	}
	return positions, goes, stays
}

// searched reports how many of some byte strings are in a file of the folder, as another process reads it.
func searched(t testing.TB, dir string, wanted [][]byte) (found int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	for _, w := range wanted {
		if bytes.Contains(all, w) {
			found++
		}
	}
	return found
}

func TestErasedEnvelopesAreInNoFile(t *testing.T) {
	dir := t.TempDir()
	positions, goes, stays := erasable(t, dir, 120)
	copied := t.TempDir()
	look := func(what string, least, most int) {
		t.Helper()
		// Copied by another process: closing a descriptor of the database here would drop the locks of the journal that is open.
		if err := copyByCommand(t, dir, copied); err != nil {
			t.Fatal(err)
		}
		if found := searched(t, copied, goes); found < least || found > most {
			t.Errorf("%s: %d of %d pieces are in a file, expected %d to %d", what, found, len(goes), least, most)
		}
	}
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	other, err := journal.OpenSQLite(t.Context(), dir) // a second handle must not keep the log from being cut
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	look("before", len(goes)*9/10, len(goes)) // some lie across two pages
	if err := j.EraseEnvelopes(t.Context(), positions); err != nil {
		t.Fatal(err)
	}
	look("after", 0, 0)
	if found := searched(t, copied, stays); found < len(stays)*9/10 {
		t.Errorf("%d of %d pieces of what stays are there", found, len(stays))
	}
	for _, handle := range []journal.Journal{j, other} {
		if _, err := journal.Verify(t.Context(), handle, nil); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d envelopes, %d pieces", len(positions), len(goes))
}

// eraseForever says when it begins, and erases the envelopes at even positions a few at a time until it is done or ended.
func eraseForever(dir string) error {
	ctx := context.Background()
	j, err := journal.OpenSQLite(ctx, dir)
	if err != nil {
		return err
	}
	head, err := j.Head(ctx)
	if err != nil {
		return err
	}
	fmt.Println("begins")
	for position := uint64(0); position < head.Size; position += 2 {
		if err := j.EraseEnvelopes(ctx, []uint64{position}); err != nil {
			return err
		}
	}
	return j.Close()
}

// The process is ended by kill -9 in the middle of erasing: the journal opens, verifies, and erasing goes on to the end.
func TestEndInTheMiddleOfErasing(t *testing.T) {
	rounds := need.Times(t, 3, 5, 200)
	random := rand.New(rand.NewPCG(rand.Uint64(), 1))
	middle := 0
	for range rounds {
		dir := t.TempDir()
		positions, goes, _ := erasable(t, dir, 120)
		eraser := child(t, "erase envelopes", dir)
		out, err := eraser.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := eraser.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 16)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(150)) * time.Millisecond)
		eraser.Process.Kill() // it may have ended by itself
		eraser.Wait()
		j, err := journal.OpenSQLite(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		erased := 0
		if _, err := journal.Verify(t.Context(), j, func(b *journal.Block) error { erased += b.ErasedEntries(); return nil }); err != nil {
			t.Fatal(err)
		}
		if erased > 0 && erased < len(positions) {
			middle++
		}
		if err := j.EraseEnvelopes(t.Context(), positions); err != nil {
			t.Fatal(err)
		}
		if _, err := journal.Verify(t.Context(), j, nil); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if found := searched(t, dir, goes); found != 0 {
			t.Fatalf("%d pieces are left", found)
		}
	}
	t.Logf("%d ends, %d of them in the middle: each opened, verified and went on", rounds, middle)
	if middle == 0 {
		t.Error("no end fell into the middle of erasing")
	}
}

func TestAnEnvelopeThatCannotBeErasedStays(t *testing.T) {
	j, err := journal.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var chain journal.Chain
	b, err := journaltest.Next(&chain, 1, 1, 31) // no room for a hash
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), b, nil); err != nil {
		t.Fatal(err)
	}
	if err := j.EraseEnvelopes(t.Context(), []uint64{0}); err == nil {
		t.Error("erased")
	}
	if _, err := journal.Verify(t.Context(), j, func(b *journal.Block) error {
		if len(b.Entries[0].Envelope) != 31 {
			t.Error("it is gone")
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// Whatever is changed in the bytes of a block with erased envelopes is refused, by its form or by the root.
func TestAlteredErasedBlocksAreRefused(t *testing.T) {
	dir := t.TempDir()
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var chain journal.Chain
	journaltest.Fill(t, j, &chain, 1)
	if err := j.EraseEnvelopes(t.Context(), []uint64{0}); err != nil {
		t.Fatal(err)
	}
	data := journaltest.Read(t, j, 1)[0]
	for at := range data {
		for bit := range 8 {
			altered := bytes.Clone(data)
			altered[at] ^= 1 << bit
			b, err := journal.ParseBlock(altered)
			if err == nil && b.Hash() == chain.Head().Hash {
				err = new(journal.Chain).Follow(b)
			} else if err == nil {
				continue // another block, which nothing after it names
			}
			if err == nil {
				t.Fatalf("bit %d of byte %d: taken", bit, at)
			}
		}
	}
}

// What the end of the machine can leave while envelopes are erased: the log of the rewritten rows cut anywhere, its frames' ends among the
// places, beside the database as it was. Every image opens with every hash, and erasing goes on to the end.
func TestCrashImagesOfErasing(t *testing.T) {
	dir := t.TempDir()
	positions, goes, _ := erasable(t, dir, 30)
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	// A reader keeps the log from being cut, so that it can be copied.
	db, err := sql.Open("sqlite", filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var count int
	if err := tx.QueryRow("SELECT count(*) FROM blocks").Scan(&count); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := j.EraseEnvelopes(ctx, positions); err == nil {
		t.Fatal("the erasure ended although the log could not be cut")
	}
	copied := t.TempDir()
	if err := copyByCommand(t, dir, copied); err != nil {
		t.Fatal(err)
	}
	files := readFolder(t, copied)
	delete(files, "journal.db-shm")
	log := files["journal.db-wal"]
	const frame, header = 4096 + 24, 32 // SQLite's file format, section 4
	var lengths []int
	for at := header; at <= len(log); at += frame {
		lengths = append(lengths, at)
	}
	for at, step := 0, max(1, len(log)/need.Times(t, 60, 1000, len(log))); at < len(log); at += step {
		lengths = append(lengths, at)
	}
	done, middle := 0, 0
	for _, length := range lengths {
		folder := t.TempDir()
		files["journal.db-wal"] = log[:length]
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		image, err := journal.OpenSQLite(t.Context(), folder)
		if err != nil {
			t.Fatalf("log of %d bytes: %v", length, err)
		}
		erased := 0
		head, err := journal.Verify(t.Context(), image, func(b *journal.Block) error { erased += b.ErasedEntries(); return nil })
		if err != nil || head.Height != 30 {
			t.Fatalf("log of %d bytes: %d blocks, %v", length, head.Height, err)
		}
		if erased > 0 {
			done++
		} else {
			middle++
		}
		if err := image.EraseEnvelopes(t.Context(), positions); err != nil {
			t.Fatal(err)
		}
		if err := image.Close(); err != nil {
			t.Fatal(err)
		}
		if found := searched(t, folder, goes); found != 0 {
			t.Fatalf("log of %d bytes: %d pieces are left", length, found)
		}
		os.RemoveAll(folder)
	}
	t.Logf("%d images over %d bytes of the log: %d open with the erasure, %d as before it; each erased to the end", len(lengths), len(log), done, middle)
	if done == 0 || middle == 0 {
		t.Error("expected some of each")
	}
}
