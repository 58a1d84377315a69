package journal_test

import (
	"context"
	"testing"

	"parley/journal"
	"parley/journal/journaltest"
)

func TestSQLiteKeepsItsPromises(t *testing.T) {
	journaltest.Run(t, func(dir string) (journal.Journal, error) { return journal.OpenSQLite(context.Background(), dir) })
}
