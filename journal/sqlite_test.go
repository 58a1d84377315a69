package journal_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"parley/journal"
	"parley/journal/journaltest"
)

func TestSQLiteKeepsItsPromises(t *testing.T) {
	journaltest.Run(t, func(dir string) (journal.Journal, error) { return journal.OpenSQLite(context.Background(), dir) })
}

func TestSQLiteSettings(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder with space, ? and %")
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	is, err := j.(*journal.SQLite).Settings(t.Context())
	if err != nil || is.JournalMode != "wal" || is.Synchronous != 2 || is.SecureDelete != 1 {
		t.Fatalf("read %+v, %v, expected wal, FULL, secure delete", is, err)
	}
	var chain journal.Chain
	journaltest.Fill(t, j, &chain, 3)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: read mode %v, %v, expected 0700", info.Mode(), err)
	}
	names := make(map[string]bool)
	if err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: read mode %v, expected 0600", path, info.Mode())
		}
		names[path] = true
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"journal.db", "journal.db-wal", "head", "payload.key"} {
		if !names[name] {
			t.Errorf("no file %s", name)
		}
	}
}

// A journal of an earlier release must be read by every later one: the head of a journal that is computed from nothing but seeds
// is written down.
func TestGoldenHead(t *testing.T) {
	j, err := journal.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var chain journal.Chain
	journaltest.Fill(t, j, &chain, 25)
	head, err := journal.Verify(t.Context(), j, nil)
	if err != nil {
		t.Fatal(err)
	}
	const want = "25 62 1767225625000 1b51a2de9cf4bea9e37006b4f0fdc8f74251a3626c5c931d2760f03c013d6117"
	if got := fmt.Sprint(head.Height, head.Size, head.Time, head.Hash); got != want {
		t.Fatalf("read %s, expected %s", got, want)
	}
}

// A writer that dies between commit and guard leaves the guard one block behind; a guard that lost its last second, more.
func TestGuardMayLag(t *testing.T) {
	dir := t.TempDir()
	var chain journal.Chain
	var old []byte
	for range 3 {
		j, err := journal.OpenSQLite(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		journaltest.Fill(t, j, &chain, 4)
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "head")
		if old != nil {
			if err := os.WriteFile(path, old, 0o600); err != nil {
				t.Fatal(err)
			}
			j, err := journal.OpenSQLite(t.Context(), dir)
			if err != nil {
				t.Fatalf("a guard that is behind: %v", err)
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if old, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
}

// The guard of a history that went another way: two nodes were given copies of one folder.
func TestForeignGuard(t *testing.T) {
	var heads [][]byte
	dir := ""
	for seed := range 2 {
		dir = t.TempDir()
		j, err := journal.OpenSQLite(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		var chain journal.Chain
		b, err := journaltest.Next(&chain, uint64(seed), 2, 50)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(j.Append(t.Context(), b, nil), j.Close()); err != nil {
			t.Fatal(err)
		}
		head, err := os.ReadFile(filepath.Join(dir, "head"))
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, head)
	}
	if err := os.WriteFile(filepath.Join(dir, "head"), heads[0], 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := journal.OpenSQLite(t.Context(), dir)
	if d, ok := errors.AsType[*journal.Damage](err); !ok || d.Height != 1 {
		t.Fatalf("read %v, expected damage at height 1", err)
	}
}

func TestAppendRefusesPayloads(t *testing.T) {
	j, err := journal.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var chain journal.Chain
	b, err := journaltest.Next(&chain, 1, 1, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, journal.MaxPayload + 1} {
		if err := j.Append(t.Context(), b, []journal.Payload{journaltest.Payload(1, size)}); err == nil {
			t.Fatalf("a payload of %d bytes was taken", size)
		}
	}
	if head, err := j.Head(t.Context()); err != nil || head.Height != 0 {
		t.Fatalf("read head %d, %v, expected none", head.Height, err)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, batch := range []int{1, 100, 1000} {
		for _, payloads := range []bool{false, true} {
			b.Run(fmt.Sprintf("batch=%d/payloads=%v", batch, payloads), func(b *testing.B) { benchmarkAppend(b, batch, payloads) })
		}
	}
}

func benchmarkAppend(b *testing.B, batch int, payloads bool) {
	j, err := journal.OpenSQLite(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	var chain journal.Chain
	number := 0
	for b.Loop() {
		block, err := journaltest.Next(&chain, 1, batch, 512)
		if err != nil {
			b.Fatal(err)
		}
		var with []journal.Payload
		for range batch {
			if number++; payloads {
				with = append(with, journaltest.Payload(number, 150))
			}
		}
		if err := j.Append(b.Context(), block, with); err != nil {
			b.Fatal(err)
		}
		if err := chain.Follow(block); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(number)/b.Elapsed().Seconds(), "entries/s")
}
