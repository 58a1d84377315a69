package channel_test

import (
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// A contact, a line's status and a test call are known to both sides and to the desk, and to nobody else.
func TestLiaisonIsKnownToBothSidesAndTheDesk(t *testing.T) {
	c, b := cast.NewBare(t)
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.LiaisonLog{With: c.B.Ref, Means: parley.LiaisonTelephone, At: c.Now(), Reached: true, Words: d.Text("agreed to speak at noon")}
	})
	c.Tell(c.B.Officer, &parley.ChannelStatus{With: c.A.Ref, State: parley.LineSuspended, Since: c.Now() - parley.Hour})
	c.Tell(c.A.Officer, &parley.ChannelStatus{With: c.B.Ref, State: parley.LineOpen, Since: c.Now()})
	c.Tell(c.Verifier, &parley.TestCall{To: c.A.Ref, At: c.Now(), Answered: true, Seconds: 30})
	look := func(p *cast.Person) (list, lines []release.Liaison) {
		v := viewer(c, b, p)
		list, _ = v.Liaison(0, 100)
		return list, v.Lines()
	}
	for name, want := range map[string]struct {
		who         *cast.Person
		list, lines int
	}{"A": {c.A.Officer, 4, 3}, "B": {c.B.Officer, 3, 2}, "the desk": {c.Releaser, 4, 3}, "an organisation": {c.Org, 0, 0}, "a monitor": {c.Monitor, 0, 0}} {
		list, lines := look(want.who)
		if len(list) != want.list || len(lines) != want.lines {
			t.Errorf("%s sees %d records and %d lines; expected %d and %d", name, len(list), len(lines), want.list, want.lines)
		}
	}
	list, lines := look(c.B.Officer)
	if list[0].Words == "" || !list[0].Reached {
		t.Errorf("B reads %+v; expected the words and that somebody answered", list[0])
	}
	// Each side's word about the same line stands by itself: neither is the system's.
	if lines[0].From != c.B.Ref || lines[0].State != parley.LineSuspended || lines[1].From != c.A.Ref || lines[1].State != parley.LineOpen {
		t.Errorf("lines %+v; expected B's word that it is suspended and A's that it is open", lines)
	}
	for _, bad := range []struct {
		code parley.Code
		who  *cast.Person
		body parley.Body
	}{
		{parley.CodeNotFound, c.A.Officer, &parley.LiaisonLog{With: c.OrgRef, Means: parley.LiaisonRadio, At: c.Now()}}, // organisations are not for parties to name
		{parley.CodeNotFound, c.A.Officer, &parley.TestCall{To: parley.MakeRef(parley.RefParty, parley.Hash{9}, 5), At: c.Now()}},
		{parley.CodeInvalid, c.A.Officer, &parley.TestCall{To: c.A.Ref, At: c.Now()}},
		{parley.CodeClock, c.A.Officer, &parley.TestCall{To: c.B.Ref, At: c.Now() + parley.Hour}},
		{parley.CodeNotPermitted, c.Org, &parley.TestCall{To: c.B.Ref, At: c.Now()}},
	} {
		_ = c.Refused(bad.code, bad.who, func(*draft.Draft) parley.Body { return bad.body }) // fails the test when it is not refused so
	}
}
