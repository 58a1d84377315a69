package journal_test

import (
	"crypto/sha256"
	"fmt"
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
