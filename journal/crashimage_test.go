package journal_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// What the end of the machine can leave while the last block is being written: the log cut at every byte of that block, under the guard
// as it was before the block and as it is after it. Before the guard was written nobody was told: the journal may open with the block or
// without it. After it, the journal opens whole or refuses. Neither ever opens with less than was acknowledged.
func TestCrashImagesOfTheLastBlock(t *testing.T) {
	dir := t.TempDir()
	var chain journal.Chain
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	journaltest.Fill(t, j, &chain, 8)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if j, err = journal.OpenSQLite(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	take := func() map[string][]byte {
		copied := t.TempDir()
		if err := copyByCommand(t, dir, copied); err != nil {
			t.Fatal(err)
		}
		files := readFolder(t, copied)
		delete(files, "journal.db-shm") // SQLite makes it again from the log
		return files
	}
	journaltest.Fill(t, j, &chain, 2)
	before, acknowledged := take(), journaltest.Read(t, j, 1)
	journaltest.Fill(t, j, &chain, 1)
	after, whole := take(), journaltest.Read(t, j, 1)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	log := after["journal.db-wal"]
	from := len(before["journal.db-wal"])
	if !bytes.Equal(log[:from], before["journal.db-wal"]) || len(log) <= from {
		t.Fatal("the log was not only appended to")
	}
	type image struct {
		files map[string][]byte
		least [][]byte // what must be there when it opens
		name  string
	}
	images := make(chan image)
	var mu sync.Mutex
	var group sync.WaitGroup
	opened, shorter, refused := 0, 0, 0
	for range 4 {
		group.Go(func() {
			folder := t.TempDir()
			for i := range images {
				got, err := openImage(folder, i.files)
				mu.Lock()
				switch {
				case err != nil:
					if err := ours(err); err != nil {
						t.Errorf("%s: %v", i.name, err)
					}
					refused++
				case slices.EqualFunc(got, whole, bytes.Equal):
					opened++
				case len(i.least) < len(whole) && slices.EqualFunc(got, acknowledged, bytes.Equal):
					shorter++
				default:
					t.Errorf("%s: it opens with %d blocks, expected %d", i.name, len(got), len(i.least))
				}
				mu.Unlock()
			}
		})
	}
	lengths, imageStep := []int{len(log)}, len(log)-from
	imageStep = max(1, imageStep/need.Times(t, 500, 2000, imageStep))
	for length := from; length < len(log); length += imageStep {
		lengths = append(lengths, length)
	}
	for _, length := range lengths {
		for _, guard := range []struct {
			name  string
			bytes []byte
			least [][]byte
		}{{"before", before["head"], acknowledged}, {"after", after["head"], whole}} {
			files := maps.Clone(after)
			files["journal.db-wal"], files["head"] = log[:length], guard.bytes
			images <- image{files, guard.least, fmt.Sprintf("log of %d bytes, guard of %s", length, guard.name)}
		}
	}
	close(images)
	group.Wait()
	t.Logf("%d images over %d bytes: %d open whole, %d open without the block that nobody was told of, %d refused", opened+shorter+refused, len(log)-from, opened, shorter, refused)
	if opened == 0 || shorter == 0 || refused == 0 {
		t.Error("expected some of each")
	}
}

// openImage writes files, opens the journal and reads it whole.
func openImage(folder string, files map[string][]byte) (blocks [][]byte, err error) {
	for _, name := range []string{"journal.db", "journal.db-wal", "journal.db-shm", "head"} {
		os.Remove(folder + "/" + name)
	}
	for name, data := range files {
		if err := os.WriteFile(folder+"/"+name, data, 0o600); err != nil {
			return nil, err
		}
	}
	j, err := journal.OpenSQLite(context.Background(), folder)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	_, err = journal.Verify(context.Background(), j, func(b *journal.Block) error {
		data, err := b.MarshalBinary()
		blocks = append(blocks, data)
		return err
	})
	return blocks, err
}
