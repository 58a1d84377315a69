package node_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
)

// twin opens a second node on the journal of a folder, with a folder of its own for everything else.
func twin(t testing.TB, folder string, clock *atomic.Int64) *node.Node {
	t.Helper()
	own := t.TempDir()
	for _, name := range []string{"node.key", "log.key"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(own, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	j, err := journal.OpenSQLite(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	return open(t, own, clock, node.Config{Journal: j})
}

// Two nodes sequence one journal. One takes a revocation and a recall while both take 1,000 commands of the member who is revoked
// and of others: nothing of the revoked member takes effect after the revocation's position, on either node.
func TestTwoNodesRaceARevocationAndARecall(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	first := open(t, folder, &clock, node.Config{})
	c := cast.Enter(t, cast.OnNode{Node: first}, theatre, trustees, clock.Load)
	site := c.NotifyHospital(cast.At(35.9528, 39.0079))
	c.Release(cast.V(site, 1), c.A.Ref, c.B.Ref)
	second := twin(t, folder, &clock)

	const commands = 1000
	type sent struct {
		s    *draft.Submission
		node *node.Node
	}
	var work []sent
	for i := range commands {
		d := c.Draft()
		who, body := c.Org, parley.Body(&parley.SiteRevalidate{Of: cast.V(site, 1)})
		switch i % 3 {
		case 0:
			who, body = c.A.Second, &parley.ObjectDispute{Of: cast.V(site, 1), Reason: parley.OtherDispute}
		case 1: // taken only while the party holds the version
			who, body = c.A.Officer, &parley.EntryAttest{Of: cast.V(site, 1), Echelon: parley.Unit, Place: cast.At(35.9528, 39.0079)}
		}
		s, err := d.Sign(body, who.Key)
		if err != nil {
			t.Fatal(err)
		}
		work = append(work, sent{s, []*node.Node{first, second}[i/3%2]})
	}
	var taken, refused atomic.Int64
	var wait sync.WaitGroup
	queue := make(chan sent)
	for range 16 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for w := range queue {
				r, err := w.node.Submit(context.Background(), w.s.Envelope, w.s.Payloads)
				switch {
				case err == nil && r.Outcome.Code == parley.Applied:
					taken.Add(1)
				case err == nil || cast.CodeOf(err) == parley.CodeKeyRevoked || cast.CodeOf(err) == parley.CodeWrongState:
					refused.Add(1)
				default:
					t.Errorf("couldn't submit: %v", err)
				}
			}
		}()
	}
	var revoke, recall parley.Outcome
	for i, w := range work {
		queue <- w
		if i == commands/4 {
			c.Stage = cast.OnNode{Node: second}
			revoke = c.Tell(c.Trustees[0], &parley.MemberRevoke{Member: c.A.Second.Ref})
			recall = c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
				return &parley.ObjectRecall{Of: cast.V(site, 1), To: c.A.Ref, Reason: d.Text("race")}
			})
		}
	}
	close(queue)
	wait.Wait()
	if taken.Load() == 0 || refused.Load() == 0 {
		t.Fatalf("%d taken and %d refused: there was no race", taken.Load(), refused.Load())
	}
	if err := errors.Join(second.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	j, err := journal.OpenSQLite(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	state := channel.New()
	applied, attested := 0, 0
	if _, err := journal.Verify(context.Background(), j, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			out, _ := state.Apply(e.Time, signed)
			if out.By == c.A.Second.Ref && out.Code == parley.Applied && out.Kind == "object.dispute" {
				applied++
				if out.Position > revoke.Position {
					t.Errorf("position %d by the revoked member took effect; revoked at %d", out.Position, revoke.Position)
				}
			}
			if out.Kind == "entry.attest" && out.Code == parley.Applied {
				attested++
				if out.Position > recall.Position {
					t.Errorf("position %d spoke of a version that was recalled at %d", out.Position, recall.Position)
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if applied == 0 || attested == 0 {
		t.Errorf("%d disputes and %d attestations took effect: there was no race", applied, attested)
	}
}
