package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
)

// ends says by the node's key that the retention of movements has ended.
func ends(c *cast.Cast, b *cast.Bare, movements ...parley.Ref) error {
	return byNode(c, b, &parley.EnvelopeErase{Movements: movements})
}

func byNode(c *cast.Cast, b *cast.Bare, body parley.Body) error {
	c.T.Helper()
	d := &draft.Draft{Theatre: c.Theatre, MadeAt: b.At}
	s, err := d.Sign(body, c.Node)
	if err != nil {
		c.T.Fatal(err)
	}
	_, err = b.Play(s)
	return err
}

// planned notifies a movement that departs in three days, and returns it with the text of its plates.
func planned(c *cast.Cast, b *cast.Bare) (ref parley.Ref, plates parley.Commitment) {
	ref = c.Must(c.Org, func(d *draft.Draft) parley.Body {
		m := cast.Convoy(d, b.At+3*parley.Day, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)
		plates = m.Plates[0]
		return &parley.MovementNotify{Movement: m}
	}).Ref
	return ref, plates
}

func withdrawn(c *cast.Cast, ref parley.Ref) {
	c.Tell(c.Org, &parley.MovementWithdraw{Withdraw: parley.Withdraw{Object: ref, Reason: parley.Cancelled}})
}

func TestRetentionEndsThirtyDaysAfterTheLastWord(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, plates := planned(c, b)
	other, kept := planned(c, b)
	if err := ends(c, b, ref); cast.CodeOf(err) != parley.CodeWrongState {
		t.Errorf("an open movement: %v; expected wrong_state", err)
	}
	withdrawn(c, ref)
	last := b.At
	b.At = last + parley.MovementRetention - 1
	if err := ends(c, b, ref); cast.CodeOf(err) != parley.CodeClock {
		t.Errorf("a millisecond early: %v; expected clock", err)
	}
	for name, refs := range map[string][]parley.Ref{"a movement that is not there": {parley.MakeRef(parley.RefMovement, parley.Hash{9}, 6)}, "one that is open beside": {ref, other}} {
		if err := ends(c, b, refs...); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	b.At = last + parley.MovementRetention
	if got := b.State.ErasedEnvelopes(b.State.Size() + 1); len(got) != 0 {
		t.Errorf("before any end of retention the envelopes %v are to be erased", got)
	}
	at := b.State.Size()
	if err := ends(c, b, ref); err != nil {
		t.Fatal(err)
	}
	if got := b.State.ErasedEnvelopes(at); len(got) != 0 {
		t.Errorf("the command itself is not below its own position, yet %v are to be erased", got)
	}
	got := b.State.ErasedEnvelopes(at + 1)
	if len(got) != 2 {
		t.Errorf("the envelopes %v are to be erased; expected the notification and the withdrawal", got)
	}
	if !b.State.Erased(plates.Hash) || b.State.Erased(kept.Hash) {
		t.Error("expected the texts of the movement to be erased, and those of the other to be there")
	}
	if err := ends(c, b, ref); cast.CodeOf(err) != parley.CodeExists {
		t.Errorf("a second time: %v; expected exists", err)
	}
	if back, err := restored(b.State, same); err != nil || back.Digest() != b.State.Digest() || !slices.Equal(back.ErasedEnvelopes(at+1), got) {
		t.Errorf("a snapshot forgets what is to be erased: %v", err)
	}
}

// What is under a hold, or still needed, is kept, with the reason.
func TestRetentionHolds(t *testing.T) {
	for name, keep := range map[string]struct {
		code parley.Code
		do   func(c *cast.Cast, b *cast.Bare, ref parley.Ref)
	}{
		"harm": {parley.CodeHold, func(c *cast.Cast, b *cast.Bare, ref parley.Ref) {
			c.Tell(c.Org, &parley.HarmReport{Object: ref, At: b.At - 10*parley.Day}) // long ago: no stop climbs for 400 days
		}},
		"an incident that concerns it": {parley.CodeHold, func(c *cast.Cast, b *cast.Bare, ref parley.Ref) {
			of := record(c, c.Monitor, b.At-10*parley.Day, nil) // long ago, as above
			c.Tell(c.Verifier, &parley.IncidentLink{Incident: of, Objects: []parley.Ref{ref}})
		}},
		"an urgent stop": {parley.CodeHold, func(c *cast.Cast, b *cast.Bare, ref parley.Ref) {
			stop := c.Must(c.Org, func(d *draft.Draft) parley.Body { return &parley.StopRaise{Object: ref, Words: d.Text("shelling")} }).Ref
			c.Tell(c.A.Officer, &parley.StopTake{Stop: stop}) // else it climbs for 400 days
			c.Must(c.A.Officer, func(d *draft.Draft) parley.Body { return &parley.StopStandDown{Stop: stop, Report: d.Text("over")} })
		}},
		"a recall nobody confirmed": {parley.CodeWrongState, func(c *cast.Cast, b *cast.Bare, ref parley.Ref) {
			c.Release(cast.V(ref, 1), c.A.Ref)
			c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
				return &parley.ObjectRecall{Of: cast.V(ref, 1), To: c.A.Ref, Reason: d.Text("x")}
			})
		}},
		"a question nobody answered": {parley.CodeWrongState, func(c *cast.Cast, b *cast.Bare, ref parley.Ref) {
			c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
				return &parley.ObjectQuery{Of: cast.V(ref, 1), Field: "legs", Question: d.Text("which road?")}
			})
		}},
	} {
		c, b := cast.NewBare(t)
		ref, _ := planned(c, b)
		free, _ := planned(c, b)
		keep.do(c, b, ref)
		withdrawn(c, ref)
		withdrawn(c, free)
		b.At += 400 * parley.Day
		if err := ends(c, b, ref); cast.CodeOf(err) != keep.code {
			t.Errorf("%s: %v; expected %s", name, err, keep.code)
		}
		for _, r := range b.State.Retention(b.At, 0) {
			if (r.Movement == free) != (r.Why == nil) {
				t.Errorf("%s: %s is to be erased or kept as %v", name, r.Movement, r.Why)
			}
		}
		if all := b.State.Retention(b.At, 400*parley.Day); slices.ContainsFunc(all, func(r channel.Retained) bool { return r.Why == nil }) {
			t.Errorf("%s: kept for 400 days longer, yet something may go: %v", name, all)
		}
		if err := ends(c, b, free); err != nil {
			t.Errorf("%s: beside it: %v", name, err)
		}
	}
}

func TestStateNoteIsOrderedAndNodesAlone(t *testing.T) {
	c, b := cast.NewBare(t)
	size := b.State.Size()
	note := func(height, size uint64) *parley.StateNote {
		return &parley.StateNote{Height: height, Block: parley.Hash{1}, Size: size, Digest: parley.Hash{2}}
	}
	if err := byNode(c, b, note(3, size+1)); cast.CodeOf(err) != parley.CodeInvalid {
		t.Errorf("a state of entries to come: %v", err)
	}
	size = b.State.Size()
	if err := byNode(c, b, note(3, size)); err != nil {
		t.Fatal(err)
	}
	if err := byNode(c, b, note(3, size)); cast.CodeOf(err) != parley.CodeWrongState {
		t.Errorf("a height that was noted: %v", err)
	}
	for _, body := range []parley.Body{note(4, size), &parley.EnvelopeErase{Movements: []parley.Ref{parley.MakeRef(parley.RefMovement, parley.Hash{9}, 6)}}} {
		c.Refused(parley.CodeNotPermitted, c.Trustees[0], func(*draft.Draft) parley.Body { return body })
	}
	if last := b.State.LastNote(); last == nil || last.Height != 3 || last.Size != size || len(b.State.Notes()) != 1 {
		t.Errorf("noted is %+v", last)
	}
}
