package journal_test

import (
	"errors"
	"testing"
	"time"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// Patroni and etcd of Debian's packages, with the configuration in examples: the machine of the primary ends under load and nobody does
// anything. Another takes its place, and nothing that was acknowledged is lost. The gap is printed, not judged.
func TestPatroniPromotesByItself(t *testing.T) {
	cluster := need.Patroni(t)
	j, err := journal.OpenPostgres(t.Context(), cluster.DSN(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var chain journal.Chain
	var acknowledged []journal.Hash
	unknown, away := 0, 0
	var last time.Time
	var widest time.Duration
	write := func(count int) {
		t.Helper()
		for deadline := time.Now().Add(5 * time.Minute); count > 0; {
			if time.Now().After(deadline) {
				t.Fatalf("no block was acknowledged for 5 minutes: %d unknown, %d away", unknown, away)
			}
			b, err := journaltest.Next(&chain, 1, 2, 200)
			if err != nil {
				t.Fatal(err)
			}
			err = j.Append(t.Context(), b, nil)
			for errors.Is(err, journal.ErrUnknown) {
				unknown++
				err = journal.ErrAway
				for there, readErr := range j.Blocks(t.Context(), b.Height) {
					switch {
					case errors.Is(readErr, journal.ErrAway):
						err = journal.ErrUnknown
						time.Sleep(20 * time.Millisecond)
					case readErr != nil:
						err = readErr
					case there.Hash() == b.Hash():
						err = nil
					default:
						t.Fatalf("height %d holds another block, and there is one writer", b.Height)
					}
					break
				}
			}
			switch {
			case errors.Is(err, journal.ErrAway):
				away++
				time.Sleep(20 * time.Millisecond)
				continue
			case err != nil:
				t.Fatal(err)
			}
			if !last.IsZero() {
				widest = max(widest, time.Since(last))
			}
			last = time.Now()
			acknowledged = append(acknowledged, b.Hash())
			if err := chain.Follow(b); err != nil {
				t.Fatal(err)
			}
			count--
		}
	}
	write(200)
	cluster.EndLeader()
	write(200)
	var there []journal.Hash
	if _, err := journal.Verify(t.Context(), j, func(b *journal.Block) error {
		there = append(there, b.Hash())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for i, hash := range acknowledged {
		if i >= len(there) || there[i] != hash {
			lost++
		}
	}
	t.Logf("%d blocks acknowledged, %d lost, %d unknown, %d away; largest gap %v", len(acknowledged), lost, unknown, away, widest.Round(time.Millisecond))
	if lost != 0 {
		t.Errorf("%d acknowledged blocks are not there", lost)
	}
}
