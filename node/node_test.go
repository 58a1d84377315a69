package node_test

import (
	"context"
	"errors"
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

// open opens a node on a folder with a clock of its own.
func open(t testing.TB, folder string, clock *atomic.Int64, cfg node.Config) *node.Node {
	t.Helper()
	cfg.Folder, cfg.Clock = folder, clock.Load
	n, err := node.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func digestOf(t testing.TB, n *node.Node) (d [32]byte, size uint64) {
	t.Helper()
	frozen := readFrozen(t, n)
	s, err := channel.Restore(func(yield func(channel.Record, error) bool) {
		for r := range frozen.Records() {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Digest(), s.Size()
}

func readFrozen(t testing.TB, n *node.Node) (f *channel.Frozen) {
	t.Helper()
	if err := n.Read(func(s *channel.State) { f = s.Freeze() }); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestNodeComesBackFromJournalAndFromSnapshot(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	ref := c.NotifyHospital(cast.At(35.9528, 39.0079))
	c.Release(cast.V(ref, 1), c.A.Ref)
	before, size := digestOf(t, n)
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n = open(t, folder, &clock, node.Config{})
	// Closing wrote one entry, whose block states the digest.
	restored, again := digestOf(t, n)
	if again != size+1 {
		t.Errorf("opened with %d entries; expected %d and the one that closing wrote", again, size)
	}
	c.Stage = cast.OnNode{Node: n}
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9528, 39.0079)})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if before != replayed(t, folder, size) || restored != replayed(t, folder, again) {
		t.Error("a replay from nothing has another digest than the node had, before it closed or when it came back")
	}
	j, err := journal.OpenSQLite(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if head, err := journal.Verify(context.Background(), j, nil); err != nil || head.Size != size+3 {
		t.Errorf("journal verifies to %d entries (%v); expected %d", head.Size, err, size+3)
	}
}

func TestPayloadIsReadUntilItIsErased(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	defer n.Close()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	var name parley.Commitment
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		b := &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528, 39.0079), cast.Start, c.A.Ref)}
		name = b.Site.Names[0].Name
		return b
	})
	if got := n.Text(name); got != "Invented hospital" {
		t.Fatalf("read %q", got)
	}
	c.Tell(c.Org, &parley.PayloadErase{Payloads: []parley.Hash{name.Hash}})
	if got := n.Text(name); got != "" {
		t.Errorf("read %q after it was erased", got)
	}
}

func TestConsiderSaysWhatASignedCommandWouldMeet(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	defer n.Close()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	ref := c.NotifyHospital(cast.At(35.9528, 39.0079))
	c.Release(cast.V(ref, 1), c.A.Ref)
	consider := func(body parley.Body, people ...*cast.Person) *node.Refused {
		t.Helper()
		var signers []parley.KeyID
		for _, p := range people {
			signers = append(signers, draft.KeyOf(p.Key).ID())
		}
		_, text, err := c.Draft().Command(body, signers[0])
		if err != nil {
			t.Fatal(err)
		}
		_, before := digestOf(t, n)
		err = n.Consider(text, signers)
		if _, after := digestOf(t, n); after != before {
			t.Error("considering left a trace")
		}
		var refused *node.Refused
		if err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		return refused
	}
	right := &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9528, 39.0079)}
	if r := consider(right, c.A.Officer); r != nil {
		t.Errorf("a right acknowledgement: %v", r)
	}
	if r := consider(right, c.B.Officer); r == nil || r.Code != parley.CodeNotFound || r.Kept {
		t.Errorf("by a party that does not hold it: %v", r)
	}
	if r := consider(&parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(36.9528, 39.0079)}, c.A.Officer); r == nil || !r.Kept {
		t.Errorf("a wrong read-back: %v; expected a refusal that is kept", r)
	}
	admit := &parley.PartyAdmit{Name: c.Draft().Text("Party"), PartyKind: parley.Force}
	if r := consider(admit, c.Trustees[0]); r == nil || r.Code != parley.CodeFourEyes {
		t.Errorf("one trustee: %v", r)
	}
	if r := consider(admit, c.Trustees[0], c.Trustees[1]); r != nil {
		t.Errorf("two trustees: %v", r)
	}
}

func TestAFormIsSignedByTheNodeForAMemberOfAnOrganisation(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	defer n.Close()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	d := c.Draft()
	body := &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528, 39.0079), cast.Start, c.A.Ref)}
	r, err := n.SubmitForm(t.Context(), c.Org.Ref, body, d.Payloads())
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome.Code != parley.Applied || r.Outcome.Told != parley.ByForm || r.Outcome.Account != c.OrgRef || r.Outcome.By != c.Org.Ref {
		t.Errorf("%+v; expected a form of %s", r.Outcome, c.Org.Ref)
	}
	if got := n.Text(body.Site.Names[0].Name); got != "Invented hospital" {
		t.Errorf("the text that came along reads %q", got)
	}
	// A text that the organisation has brought before need not come again, as for a signed command.
	if _, err := n.SubmitForm(t.Context(), c.Org.Ref, &parley.SiteUpdate{Of: cast.V(r.Outcome.Ref, 1), Site: body.Site}, nil); err != nil {
		t.Error(err)
	}
	for name, member := range map[string]parley.Ref{"a party's officer": c.A.Officer.Ref, "the desk": c.Verifier.Ref, "nobody": parley.MakeRef(parley.RefMember, parley.Hash{9}, 5)} {
		if _, err := n.SubmitForm(t.Context(), member, &parley.StopRaise{Object: r.Outcome.Ref}, nil); cast.CodeOf(err) != parley.CodeNotPermitted {
			t.Errorf("%s: %v; expected not_permitted", name, err)
		}
	}
	if _, err := n.SubmitForm(t.Context(), c.Org.Ref, &parley.SiteRevalidate{Of: cast.V(r.Outcome.Ref, 2)}, nil); cast.CodeOf(err) != parley.CodeOnBehalf {
		t.Errorf("a re-validation by form: %v", err)
	}
}

// An erased text is gone for every reader once the sender has the answer, however many were reading it.
func TestErasedTextIsNotReadFromMemory(t *testing.T) {
	var clock atomic.Int64
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, &clock, node.Config{})
	defer n.Close()
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	for i := range 20 {
		var name parley.Commitment
		c.Must(c.Org, func(d *draft.Draft) parley.Body {
			b := &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528+float64(i)*0.0107, 39.0079), cast.Start, c.A.Ref)}
			name = b.Site.Names[0].Name
			return b
		})
		if i%2 == 0 && n.Text(name) == "" {
			t.Fatal("no text to erase")
		}
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						n.Text(name)
					}
				}
			})
		}
		c.Tell(c.Org, &parley.PayloadErase{Payloads: []parley.Hash{name.Hash}})
		for range 3 {
			if got := n.Text(name); got != "" {
				t.Errorf("read %q after the erasure was answered", got)
			}
		}
		close(stop)
		readers.Wait()
		if got := n.Text(name); got != "" {
			t.Errorf("read %q when the readers had ended", got)
		}
	}
}
