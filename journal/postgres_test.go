package journal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// schemaOf returns the address of a schema of its own for a folder: two folders are two journals.
func schemaOf(t testing.TB, base, dir string) string {
	t.Helper()
	schema := fmt.Sprintf("j%x", sha256.Sum256([]byte(dir)))[:17]
	if err := need.Execute(base, "CREATE SCHEMA IF NOT EXISTS "+schema); err != nil {
		t.Fatal(err)
	}
	return base + " search_path=" + schema
}

func TestPostgresKeepsWhatAJournalPromises(t *testing.T) {
	base := need.Postgres(t)
	journaltest.Run(t, func(dir string) (journal.Journal, error) {
		return journal.OpenPostgres(t.Context(), schemaOf(t, base, dir), dir)
	})
}

func TestSharedKeepsWhatAJournalPromises(t *testing.T) {
	base := need.Postgres(t)
	journaltest.Run(t, func(dir string) (journal.Journal, error) {
		return journal.OpenShared(t.Context(), schemaOf(t, base, dir), dir, slog.New(slog.DiscardHandler))
	})
}

func openShared(t testing.TB, address, dir string, log *bytes.Buffer) *journal.Shared {
	t.Helper()
	s, err := journal.OpenShared(t.Context(), address, dir, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A journal goes from a folder into a database, grows there, and comes back, block by block and text by text the same; what was erased
// stays erased.
func TestAJournalMovesThereAndBack(t *testing.T) {
	base, dir := need.Postgres(t), t.TempDir()
	first, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var chain journal.Chain
	journaltest.Fill(t, first, &chain, 20)
	gone := journaltest.Payload(7, 60).Commitment
	if err := first.Erase(t.Context(), []journal.Hash{gone}); err != nil {
		t.Fatal(err)
	}
	address := schemaOf(t, base, dir)
	there, err := journal.OpenPostgres(t.Context(), address, dir)
	if err != nil {
		t.Fatal(err)
	}
	if head, err := journal.Copy(t.Context(), there, first); err != nil || head != chain.Head() {
		t.Fatalf("copied to %+v, %v; expected %+v", head, err, chain.Head())
	}
	if err := errors.Join(first.Close(), there.Close()); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	shared := openShared(t, address, dir, &log)
	journaltest.Fill(t, shared, &chain, 20)
	want := journaltest.Read(t, shared, 1) // brings the copy forward
	if err := shared.Close(); err != nil {
		t.Fatal(err)
	}
	if !journal.IsShared(dir) {
		t.Error("nothing says that the journal lies in a database")
	}
	if err := journal.TakeBack(dir); err != nil || journal.IsShared(dir) {
		t.Fatal(err)
	}
	back, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	head, err := journal.Verify(t.Context(), back, nil)
	if err != nil || head != chain.Head() {
		t.Fatalf("came back to %+v, %v; expected %+v", head, err, chain.Head())
	}
	got := journaltest.Read(t, back, 1)
	for i := range want {
		if !bytes.Equal(got[i], want[i]) {
			t.Fatalf("block %d is another one", i+1)
		}
	}
	for n := 1; n <= 40; n++ {
		plain, err := back.Payload(t.Context(), journaltest.Payload(n, 60).Commitment)
		if n == 7 && !errors.Is(err, journal.ErrErased) || n != 7 && (err != nil || !bytes.Equal(plain, journaltest.Payload(n, 60).Plain)) {
			t.Errorf("text %d: read %q, %v", n, plain, err)
		}
	}
}

// A copy that is damaged is fetched again from the database, at its opening or when damage is met, and is whole after that.
func TestADamagedCopyIsFetchedAgain(t *testing.T) {
	base := need.Postgres(t)
	for _, what := range []string{"bytes of a block", "the database's header", "the guard", "no file"} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			address := schemaOf(t, base, dir)
			var log bytes.Buffer
			s := openShared(t, address, dir, &log)
			var chain journal.Chain
			journaltest.Fill(t, s, &chain, 60)
			want := journaltest.Read(t, s, 1)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			spoil(t, dir, what, want[30])
			again := openShared(t, address, dir, &log)
			if got := journaltest.Read(t, again, 1); len(got) != len(want) {
				t.Fatalf("read %d blocks, expected %d", len(got), len(want))
			} else {
				for i := range want {
					if !bytes.Equal(got[i], want[i]) {
						t.Fatalf("block %d is another one", i+1)
					}
				}
			}
			if err := again.Close(); err != nil {
				t.Fatal(err)
			}
			third := openShared(t, address, dir, &log) // what was met while it was open is mended now
			if head, err := journal.Verify(t.Context(), third, nil); err != nil || head != chain.Head() {
				t.Fatalf("read %+v, %v, expected %+v\n%s", head, err, chain.Head(), log.String())
			}
			third.Close()
			alone, err := journal.OpenSQLite(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer alone.Close()
			if head, err := journal.Verify(t.Context(), alone, nil); err != nil || head != chain.Head() {
				t.Fatalf("the copy by itself: read %+v, %v, expected %+v", head, err, chain.Head())
			}
		})
	}
}

func spoil(t testing.TB, dir, what string, block []byte) {
	t.Helper()
	path := filepath.Join(dir, "journal.db")
	if what == "the guard" {
		path = filepath.Join(dir, "head")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch what {
	case "no file":
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		return
	case "bytes of a block":
		at := bytes.Index(data, block[200:230])
		if at < 0 {
			t.Fatal("the block is not in the file")
		}
		data[at+7] ^= 4
	default:
		data[20] ^= 4
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A database that lost blocks, or holds another one in the place of one, is refused by whoever has a copy: at the opening, and while it
// is open.
func TestADatabaseThatLostOrChangedBlocksIsNoticed(t *testing.T) {
	base := need.Postgres(t)
	for what, statement := range map[string]string{
		"lost its end":     "DELETE FROM blocks WHERE height > 50",
		"lost all":         "DELETE FROM blocks",
		"lost one":         "DELETE FROM blocks WHERE height = 20",
		"changed an entry": "UPDATE blocks SET block = set_byte(block, 200, get_byte(block, 200) # 1) WHERE height = 20",
		"changed a header": "UPDATE blocks SET block = set_byte(block, 50, get_byte(block, 50) # 1) WHERE height = 60",
		"changed the edge": "UPDATE blocks SET frontier = set_byte(frontier, 10, get_byte(frontier, 10) # 1) WHERE height = 60",
		"lost a text":      "DELETE FROM payloads",
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			address := schemaOf(t, base, dir)
			var log bytes.Buffer
			s := openShared(t, address, dir, &log)
			var chain journal.Chain
			journaltest.Fill(t, s, &chain, 60)
			journaltest.Read(t, s, 1)
			if err := need.Execute(address, statement); err != nil {
				t.Fatal(err)
			}
			damaged := func(j *journal.Shared) bool {
				_, err := errors.AsType[*journal.Damage](errors.Join(j.Compare(context.Background()), j.CheckPayloads(context.Background())))
				return err
			}
			if !damaged(s) {
				t.Error("the open journal noticed nothing")
			}
			s.Close()
			again, err := journal.OpenShared(t.Context(), address, dir, slog.New(slog.NewTextHandler(&log, nil)))
			if err == nil {
				defer again.Close()
				if !damaged(again) {
					t.Error("opened again, it noticed nothing")
				}
			}
			// The copy is whole, and gives back what was lost: into an empty database.
			alone, err := journal.OpenSQLite(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer alone.Close()
			rescued, err := journal.OpenPostgres(t.Context(), schemaOf(t, base, dir+"rescued"), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer rescued.Close()
			if head, err := journal.Copy(t.Context(), rescued, alone); err != nil || head != chain.Head() {
				t.Fatalf("restored %+v, %v; expected %+v", head, err, chain.Head())
			}
			if head, err := journal.Verify(t.Context(), rescued, nil); err != nil || head != chain.Head() {
				t.Fatalf("the restored database: %+v, %v", head, err)
			}
		})
	}
}
