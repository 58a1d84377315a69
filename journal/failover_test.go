package journal_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/need"
	"parley/journal"
	"parley/journal/journaltest"
)

// Three writers append to one database while its primary is ended by kill -9 and the standby, which has confirmed every commit, is
// promoted by hand; several times over. Every block that was acknowledged is there after it, at its height, unchanged. The largest gap
// between two acknowledgements is printed, not judged.
func TestNothingAcknowledgedIsLostWhenThePrimaryEnds(t *testing.T) {
	cluster := need.PostgresPair(t)
	key := t.TempDir()
	rounds := need.Times(t, 2, 3, 200)
	var gaps []time.Duration
	for round := range rounds {
		var mu sync.Mutex
		acknowledged := map[uint64]journal.Hash{}
		behind, away, unknown, found := 0, 0, 0, 0
		var last time.Time
		var widest time.Duration
		stop := make(chan struct{})
		var group sync.WaitGroup
		for w := range 3 {
			group.Go(func() {
				j, err := journal.OpenPostgres(t.Context(), cluster.DSN(), key)
				if err != nil {
					t.Error(err)
					return
				}
				defer j.Close()
				var chain journal.Chain
				catchUp := func() error {
					for b, err := range j.Blocks(t.Context(), chain.Head().Height+1) {
						if err == nil {
							err = chain.Follow(b)
						}
						if err != nil {
							return err
						}
					}
					return nil
				}
				for {
					select {
					case <-stop:
						return
					default:
					}
					if err := catchUp(); err != nil {
						if !errors.Is(err, journal.ErrAway) {
							t.Errorf("writer %d: %v", w, err)
							return
						}
						time.Sleep(5 * time.Millisecond)
						continue
					}
					b, err := journaltest.Next(&chain, uint64(round*10+w), 1+w%3, 200)
					if err != nil {
						t.Error(err)
						return
					}
					err = j.Append(t.Context(), b, nil)
					for errors.Is(err, journal.ErrUnknown) { // resolved by name: is the block at that height this one?
						mu.Lock()
						unknown++
						mu.Unlock()
						err = errors.New("not there")
						for there, readErr := range j.Blocks(t.Context(), b.Height) {
							switch {
							case errors.Is(readErr, journal.ErrAway):
								err = journal.ErrUnknown
								time.Sleep(5 * time.Millisecond)
							case readErr != nil:
								err = readErr
							case there.Hash() == b.Hash():
								err = nil
								mu.Lock()
								found++
								mu.Unlock()
							default:
								err = journal.ErrBehind
							}
							break
						}
					}
					mu.Lock()
					switch {
					case err == nil:
						acknowledged[b.Height] = b.Hash()
						if now := time.Now(); !last.IsZero() && now.Sub(last) > widest {
							widest = now.Sub(last)
						}
						last = time.Now()
					case errors.Is(err, journal.ErrBehind):
						behind++
					case errors.Is(err, journal.ErrAway):
						away++
					case err.Error() != "not there":
						t.Errorf("writer %d: %v", w, err)
					}
					mu.Unlock()
				}
			})
		}
		enough := func(n int) {
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
				mu.Lock()
				have := len(acknowledged)
				mu.Unlock()
				if have >= n {
					return
				}
				if time.Now().After(deadline) {
					close(stop)
					group.Wait()
					t.Fatalf("%d blocks were acknowledged in a minute, expected %d", have, n)
				}
			}
		}
		enough(150)
		cluster.EndPrimary()
		cluster.Promote()
		mu.Lock()
		before := len(acknowledged)
		mu.Unlock()
		enough(before + 150)
		close(stop)
		group.Wait()
		j, err := journal.OpenPostgres(t.Context(), cluster.DSN(), key)
		if err != nil {
			t.Fatal(err)
		}
		there := map[uint64]journal.Hash{}
		if _, err := journal.Verify(t.Context(), j, func(b *journal.Block) error {
			there[b.Height] = b.Hash()
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		lost := 0
		for height, hash := range acknowledged {
			if there[height] != hash {
				lost++
			}
		}
		t.Logf("round %d: %d blocks acknowledged by 3 writers, %d lost; %d behind, %d away, %d unknown of which %d were there; largest gap %v", round+1,
			len(acknowledged), lost, behind, away, unknown, found, widest.Round(time.Millisecond))
		gaps = append(gaps, widest)
		if lost != 0 {
			t.Fatalf("%d acknowledged blocks are not there", lost)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if round+1 < rounds {
			cluster.Replace()
		}
	}
	slices.Sort(gaps)
	at := func(share float64) time.Duration {
		return gaps[min(len(gaps)-1, int(share*float64(len(gaps))))].Round(time.Millisecond)
	}
	t.Logf("%d ends of a primary: 0 lost; largest gap of each: p50 %v, p90 %v, p99 %v, max %v", rounds, at(0.5), at(0.9), at(0.99), at(1))
}
