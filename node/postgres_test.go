package node_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/journal"
	"parley/node"
)

// intoDatabase moves the journal of a folder into a database, and opens a node on it.
func intoDatabase(t testing.TB, folder, address string, clock *atomic.Int64) *node.Node {
	t.Helper()
	if !journal.IsShared(folder) {
		local, err := journal.OpenSQLite(context.Background(), folder)
		if err != nil {
			t.Fatal(err)
		}
		database, err := journal.OpenPostgres(context.Background(), address, folder)
		if err == nil {
			_, err = journal.Copy(context.Background(), database, local)
			err = errors.Join(err, database.Close())
		}
		if err = errors.Join(err, local.Close()); err != nil {
			t.Fatal(err)
		}
	}
	j, err := journal.OpenShared(context.Background(), address, folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return open(t, folder, clock, node.Config{Journal: j})
}

// keysOf gives another node of the same theatre its folder: the keys, and nothing else.
func keysOf(t testing.TB, folder string) string {
	t.Helper()
	return keysIn(t, folder, t.TempDir())
}

// keysIn is keysOf with a folder of the caller's.
func keysIn(t testing.TB, folder, own string) string {
	t.Helper()
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"node.key", "log.key", "payload.key"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(own, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(own, "journal.shared"), []byte("postgres\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return own
}

// Two nodes sequence one database with a confirming standby, whose primary is ended by kill -9 under load; the standby is promoted.
// Senders who get no answer send the same bytes again, to either node. Every command that was acknowledged stands in the journal once,
// with the outcome that was given; both nodes have the same digest and the same whole copy, and go on.
func TestTwoNodesOnADatabaseWhosePrimaryEnds(t *testing.T) {
	cluster := need.PostgresPair(t)
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	first := intoDatabase(t, folder, cluster.DSN(), &clock)
	c := cast.Enter(t, cast.OnNode{Node: first}, theatre, trustees, clock.Load)
	site := c.NotifyHospital(cast.At(35.9528, 39.0079))
	other := keysOf(t, folder)
	second := intoDatabase(t, other, cluster.DSN(), &clock)
	nodes := []*node.Node{first, second}

	const senders, commands = 8, 60
	var work [senders][]*draft.Submission
	for s := range work {
		for range commands {
			sub, err := c.Draft().Sign(&parley.SiteRevalidate{Of: cast.V(site, 1)}, c.Org.Key)
			if err != nil {
				t.Fatal(err)
			}
			work[s] = append(work[s], sub)
		}
	}
	var mu sync.Mutex
	acknowledged := map[parley.Hash]parley.Outcome{}
	again := 0
	var last time.Time
	var widest time.Duration
	var group sync.WaitGroup
	half := make(chan struct{})
	for s := range work {
		group.Go(func() {
			for i, sub := range work[s] {
				for try := 0; ; try++ {
					r, err := nodes[(s+try)%2].Submit(context.Background(), sub.Envelope, sub.Payloads)
					if err == nil {
						mu.Lock()
						acknowledged[r.Outcome.Name] = r.Outcome
						if now := time.Now(); !last.IsZero() {
							widest = max(widest, now.Sub(last))
						}
						last = time.Now()
						if len(acknowledged) == senders*commands/2 {
							close(half)
						}
						mu.Unlock()
						break
					}
					if errors.Is(err, node.ErrFault) || try > 5000 {
						t.Errorf("sender %d, command %d: %v", s, i, err)
						return
					}
					mu.Lock()
					again++
					mu.Unlock()
					time.Sleep(10 * time.Millisecond)
				}
			}
		})
	}
	<-half
	cluster.EndPrimary()
	cluster.Promote()
	group.Wait()
	for i, n := range nodes {
		if err := n.Fault(); err != nil {
			t.Fatalf("node %d stopped: %v", i+1, err)
		}
	}
	c.Stage = cast.OnNode{Node: second}
	c.Release(cast.V(site, 1), c.B.Ref)
	c.Tell(c.B.Officer, &parley.ObjectAcknowledge{Of: cast.V(site, 1), ReadBack: cast.At(35.9528, 39.0079)})
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d commands by %d senders on 2 nodes: %d acknowledged, %d sent again, largest gap %v", senders*commands, senders, len(acknowledged), again, widest.Round(time.Millisecond))
	if len(acknowledged) != senders*commands {
		t.Errorf("%d acknowledged, expected all", len(acknowledged))
	}

	database, err := journal.OpenPostgres(context.Background(), cluster.DSN(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	heads := map[string]journal.Head{}
	for name, dir := range map[string]string{"first": folder, "second": other} {
		copied, err := journal.OpenSQLite(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := journal.Copy(context.Background(), copied, database); err != nil { // what came in while it closed
			t.Fatalf("%s: %v", name, err)
		}
		heads[name], err = journal.Verify(context.Background(), copied, nil)
		if err = errors.Join(err, copied.Close()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	head, err := journal.Verify(context.Background(), database, nil)
	if err != nil || heads["first"] != head || heads["second"] != head {
		t.Fatalf("database %+v (%v), copies %+v", head, err, heads)
	}
	// Replayed from nothing, each acknowledged command has the outcome that was given, once.
	found := map[parley.Hash]int{}
	state := replayAll(t, database, func(o parley.Outcome) {
		if _, ok := acknowledged[o.Name]; ok {
			found[o.Name]++
			if o.Code == parley.Applied && acknowledged[o.Name].Position != o.Position {
				t.Errorf("%s stands at %d, acknowledged at %d", o.Name, o.Position, acknowledged[o.Name].Position)
			}
		}
	})
	for name, o := range acknowledged {
		if got, ok := state.Known(name); !ok || got.Position != o.Position || got.Code != o.Code {
			t.Errorf("%s: the journal says %+v, acknowledged %+v", name, got, o)
		}
		if found[name] == 0 {
			t.Errorf("%s is lost", name)
		}
	}
}

// replayAll applies a journal from its first block and hands each outcome over.
func replayAll(t testing.TB, j journal.Journal, each func(parley.Outcome)) *channel.State {
	t.Helper()
	s := channel.New()
	if _, err := journal.Verify(context.Background(), j, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			o, _ := s.Apply(e.Time, signed)
			each(o)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return s
}
