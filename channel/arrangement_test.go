package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// dividing runs past the convoy's first leg, between raqqa and the next place.
var dividing = cast.Line(cast.At(35.8600, 39.1000), cast.At(35.9900, 39.1000))

func termsOf(b *cast.Bare, shape geo.Shape, to ...parley.Ref) parley.Terms {
	return parley.Terms{Shape: shape, Window: geo.Window{From: b.At, To: b.At + 10*parley.Day}, Addressees: to}
}

func lineOf(b *cast.Bare, shape geo.Shape, to ...parley.Ref) parley.Line {
	return parley.Line{Terms: termsOf(b, shape, to...), LineKind: "exclusion", Basis: parley.BasisUnilateral}
}

// third admits a third party with one duty officer.
func third(c *cast.Cast) *cast.Person {
	c.T.Helper()
	party := c.Must(c.Trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text("C"), PartyKind: parley.Force}
	}, c.Trustees[1]).Ref
	return c.Enrol(party, parley.DutyOfficer)
}

// convoy notifies a movement from raqqa eastward, for A and B.
func convoy(c *cast.Cast, b *cast.Bare) parley.Ref {
	c.T.Helper()
	return c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, b.At+2*parley.Hour, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref, c.B.Ref)}
	}).Ref
}

func arranged(c *cast.Cast, b *cast.Bare, p *cast.Person, ref parley.Ref) *release.Arrangement {
	c.T.Helper()
	a, ok := viewer(c, b, p).Arrangement(ref)
	if !ok {
		c.T.Fatalf("%s does not see %s", p.Account, ref)
	}
	return a
}

func statusOf(a *release.Arrangement, party parley.Ref) parley.ConsentStatus {
	for _, c := range a.Consents {
		if c.Party == party {
			return c.Status
		}
	}
	return ""
}

// Scenario 15: a line imposed by A and refused by B; a unit and a convoy cross it. The record shows each party's word; nothing endorses it.
func TestLineImposedByOneAndContestedByAnother(t *testing.T) {
	c, b := cast.NewBare(t)
	officer := third(c)
	move := convoy(c, b)
	org, partyB, partyC := mark(c, b, c.Org), mark(c, b, c.B.Officer), mark(c, b, officer)
	body := &parley.LineImpose{Line: lineOf(b, dividing, c.B.Ref)}
	body.Line.Terms.Published = true
	line := c.Tell(c.A.Officer, body).Ref
	expectKinds(t, "the addressee", kinds(c, b, c.B.Officer, partyB), parley.NoticeArrangement)
	expectKinds(t, "the convoy's organisation", kinds(c, b, c.Org, org), parley.NoticeLineTouches)
	expectNothing(t, "a party that was not addressed", kinds(c, b, officer, partyC))
	advance(c, b)
	c.Tell(c.B.Officer, &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: cast.V(line, 1)}})
	a := arranged(c, b, c.Verifier, line)
	if a.State != "in_force" || !a.Imposed || a.Agreed != 1 || a.Of != 2 {
		t.Errorf("the line is %s, imposed %t, agreed by %d of %d; expected it in force as its proposer states, by 1 of 2", a.State, a.Imposed, a.Agreed, a.Of)
	}
	for party, want := range map[parley.Ref]parley.ConsentStatus{c.A.Ref: parley.ConsentAgreed, c.B.Ref: parley.ConsentContested, officer.Account: parley.ConsentNotTold} {
		if got := statusOf(a, party); got != want {
			t.Errorf("%s stands as %q; expected %q", party, got, want)
		}
	}
	if !slices.Contains(a.Cuts, move) || a.Described.LengthM < 14_400 || a.Described.LengthM > 14_500 {
		t.Errorf("it cuts %v and is described as %+v; expected the convoy, and 14 km", a.Cuts, a.Described)
	}
	if _, ok := viewer(c, b, officer).Arrangement(line); ok {
		t.Error("a party that was not addressed reads the line")
	}

	place := cast.At(35.9301, 39.1)
	without := c.Tell(c.Org, &parley.CrossingEvent{Line: line, Movement: move, Place: place, At: b.At}).Ref
	notice := c.Tell(c.Org, &parley.CrossingNotice{Of: cast.V(line, 1), Movement: move, Place: place, Window: geo.Window{From: b.At + parley.Hour, To: b.At + 3*parley.Hour}}).Ref
	c.Tell(c.A.Officer, &parley.CrossingAnswer{Notice: notice, Answer: parley.CrossingObjection})
	c.Tell(c.B.Officer, &parley.CrossingAnswer{Notice: notice, Answer: parley.CrossingNoted})
	b.At += 2 * parley.Hour
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.WarningLog{Of: line, To: c.B.Ref, Means: "radio", Language: "ar", At: b.At, Act: b.At + parley.Hour, Words: d.Text("turn back")}
	})
	with := c.Tell(c.Org, &parley.CrossingEvent{Line: line, Movement: move, Place: place, At: b.At}).Ref
	unit := c.Tell(c.A.Officer, &parley.CrossingEvent{Line: line, Observed: c.B.Ref, Place: place, At: b.At}).Ref
	c.Tell(c.Verifier, &parley.PresenceAsk{Event: unit, Party: c.B.Ref})
	partyA := mark(c, b, c.A.Officer)
	c.Tell(c.B.Officer, &parley.PresenceAnswer{Event: unit, Answer: parley.PresenceNotOwn})
	expectKinds(t, "the observer", kinds(c, b, c.A.Officer, partyA), parley.NoticePresenceContradiction)

	a = arranged(c, b, c.B.Officer, line)
	events := map[parley.Ref]release.Crossed{}
	for _, e := range a.Events {
		events[e.Ref] = e
	}
	if len(events) != 3 || events[without].Notice != "" || events[with].Notice != notice || events[with].Of != cast.V(line, 1) {
		t.Errorf("events %+v; expected one without notice and one bound to %s and to the version then", a.Events, notice)
	}
	if e := events[unit]; !e.Contradiction || len(e.Asked) != 1 || len(e.Warnings) != 1 || e.Observed != c.B.Ref {
		t.Errorf("the unit's crossing: %+v; expected both words, the contradiction, and the warning before it", e)
	}
	if e := events[with]; e.From != "" || e.Movement != "" || len(e.Warnings) != 0 {
		t.Errorf("party B sees the convoy's crossing as %+v; expected neither the organisation nor a movement that was not released to it", e)
	}
	if len(a.Notices) != 1 || len(a.Notices[0].Answers) != 2 || len(a.Warnings) != 1 || a.Warnings[0].Step != 1 {
		t.Errorf("notices %+v, warnings %+v; expected one notice with two answers and the first step of a ladder", a.Notices, a.Warnings)
	}
}

// A movement whose way meets a published line is told so, until every party of the line has agreed to its crossing.
func TestOnTheWayUnlessTheCrossingWasAgreed(t *testing.T) {
	c, b := cast.NewBare(t)
	move := convoy(c, b)
	body := &parley.LineImpose{Line: lineOf(b, dividing, c.B.Ref)}
	body.Line.Terms.Published = true
	line := c.Tell(c.A.Officer, body).Ref
	org := mark(c, b, c.Org)
	update := func(version int) {
		c.Must(c.Org, func(d *draft.Draft) parley.Body {
			return &parley.MovementUpdate{Of: cast.V(move, version), Movement: cast.Convoy(d, b.At+3*parley.Hour, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
		})
	}
	update(1)
	expectKinds(t, "the owner", kinds(c, b, c.Org, org), parley.NoticeLineOnWay)
	notice := c.Tell(c.Org, &parley.CrossingNotice{Of: cast.V(line, 1), Movement: move, Place: cast.At(35.93, 39.1), Window: geo.Window{From: b.At + 3*parley.Hour, To: b.At + 4*parley.Hour}}).Ref
	for _, p := range []*cast.Person{c.A.Officer, c.B.Officer} {
		c.Tell(p, &parley.CrossingAnswer{Notice: notice, Answer: parley.CrossingAgreed})
	}
	org = mark(c, b, c.Org)
	update(2)
	if slices.Contains(kinds(c, b, c.Org, org), parley.NoticeLineOnWay) {
		t.Error("the owner is told of the line although both of its parties agreed to the crossing")
	}
}

// corridorOf is a corridor along the convoy's first leg.
func corridorOf(b *cast.Bare, to ...parley.Ref) parley.Corridor {
	c := parley.Corridor{Terms: termsOf(b, cast.Line(raqqa, cast.At(35.9001, 39.2003)), to...), Direction: parley.BothWays, Users: []parley.CorridorUser{"civilians", "goods"}}
	c.Terms.Radius = 500
	return c
}

// A corridor agreed by 2 of 3 is stated open and suspended with two movements inside: the people of both are asked, one turns back.
func TestCorridorSuspendedWithMovementsInside(t *testing.T) {
	c, b := cast.NewBare(t)
	officer := third(c)
	corridor := c.Tell(c.Releaser, &parley.CorridorPropose{Corridor: corridorOf(b, c.A.Ref, c.B.Ref, officer.Account)}).Ref
	c.Refused(parley.CodeConsent, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: corridor, State: parley.ArrangementOpen}}
	})
	for _, p := range []*cast.Person{c.A.Officer, c.B.Officer} {
		c.Tell(p, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(corridor, 1)}})
	}
	c.Tell(c.A.Officer, &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: corridor, State: parley.ArrangementOpen}})
	a := arranged(c, b, officer, corridor)
	if a.State != "open" || a.Agreed != 2 || a.Of != 3 || statusOf(a, officer.Account) != parley.ConsentNoAnswer {
		t.Errorf("%s, agreed by %d of %d, the third party %s; expected it open by 2 of 3 and no answer", a.State, a.Agreed, a.Of, statusOf(a, officer.Account))
	}
	first, second := convoy(c, b), convoy(c, b)
	far := c.Must(c.Other, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, b.At+2*parley.Hour, cast.At(36.2012, 38.0013), cast.At(36.3017, 38.1009), cast.At(36.4011, 38.2019), c.A.Ref)}
	}).Ref
	b.At += 2 * parley.Hour
	for _, m := range []parley.Ref{first, second} {
		c.Tell(c.Org, &parley.MovementReport{Movement: m, Status: parley.MovementDeparted, Leg: 1, At: b.At})
	}
	if a := arranged(c, b, c.Verifier, corridor); a.Uses != 2 || !slices.Equal(a.Inside, sorted(first, second)) {
		t.Errorf("used %d times, inside %v; expected the two convoys", a.Uses, a.Inside)
	}
	if a := arranged(c, b, c.B.Officer, corridor); len(a.Inside) != 0 {
		t.Errorf("party B reads %v inside; nothing was released to it", a.Inside)
	}
	other := mark(c, b, c.Other)
	c.Must(c.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: corridor, State: parley.ArrangementSuspended, Reason: d.Text("shelling at the bridge")}}
	})
	prompts, _ := viewer(c, b, c.Org).Prompts(0, 10)
	asked := map[parley.Ref]parley.Ref{}
	for _, p := range prompts {
		if p.Cause == parley.CauseArrangement && p.Urgent {
			asked[p.Movement] = p.Ref
		}
	}
	if len(asked) != 2 || asked[first] == "" || asked[second] == "" || asked[far] != "" {
		t.Fatalf("asked %v; expected the people of %s and %s", asked, first, second)
	}
	expectNothing(t, "an organisation with nothing inside", kinds(c, b, c.Other, other))
	c.Tell(c.Org, &parley.PromptAnswer{Prompt: asked[first], Decision: parley.TurnBack})
	prompts, _ = viewer(c, b, c.Org).Prompts(0, 10)
	for _, p := range prompts {
		if want := map[parley.Ref]parley.Decision{asked[first]: parley.TurnBack}[p.Ref]; p.Decision != want {
			t.Errorf("%s decided %q; expected %q", p.Movement, p.Decision, want)
		}
	}
	c.Tell(c.A.Officer, &parley.ConsentWithdraw{ConsentWord: parley.ConsentWord{Of: cast.V(corridor, 1)}})
	a = arranged(c, b, c.Verifier, corridor)
	if a.State != "suspended" || a.Agreed != 1 || statusOf(a, c.A.Ref) != parley.ConsentContested {
		t.Errorf("%s, agreed by %d, A %s; expected the agreement to be gone and shown so", a.State, a.Agreed, statusOf(a, c.A.Ref))
	}
}

func sorted(refs ...parley.Ref) []parley.Ref {
	slices.Sort(refs)
	return refs
}

// Scenario 7: a pause is ended early: all movements in its area are asked to hold, turn back or continue.
func TestPauseCancelledAsksEveryMovementInside(t *testing.T) {
	c, b := cast.NewBare(t)
	pause := c.Must(c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.PausePropose{Pause: parley.Pause{Terms: termsOf(b, cast.Square(raqqa, 0.1), c.B.Ref), Users: []parley.CorridorUser{"wounded"}}}
	}).Ref
	c.Tell(c.B.Officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(pause, 1)}})
	if a := arranged(c, b, c.B.Officer, pause); a.State != "agreed" {
		t.Errorf("%s; expected it agreed and not yet open", a.State)
	}
	c.Tell(c.Verifier, &parley.PauseStatus{StatusWord: parley.StatusWord{Of: pause, State: parley.ArrangementOpen}})
	moves := []parley.Ref{convoy(c, b), convoy(c, b), convoy(c, b)}
	c.Tell(c.A.Officer, &parley.PauseStatus{StatusWord: parley.StatusWord{Of: pause, State: parley.ArrangementEnded}})
	prompts, _ := viewer(c, b, c.Org).Prompts(0, 10)
	var asked []parley.Ref
	for _, p := range prompts {
		if p.Cause == parley.CauseArrangement {
			asked = append(asked, p.Movement)
		}
	}
	if slices.Sort(asked); !slices.Equal(asked, sorted(moves...)) {
		t.Errorf("asked %v; expected every movement in the area, %v", asked, moves)
	}
	if a := arranged(c, b, c.B.Officer, pause); a.State != "ended" || len(a.Log) != 4 {
		t.Errorf("%s with the log %+v; expected who stated what, four times", a.State, a.Log)
	}
	c.Refused(parley.CodeWrongState, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.PauseStatus{StatusWord: parley.StatusWord{Of: pause, State: parley.ArrangementOpen}}
	})
}

// A new version asks each party anew; what was said of the old one does not stand for it.
func TestAmendedArrangementAsksAnew(t *testing.T) {
	c, b := cast.NewBare(t)
	zone := c.Tell(c.A.Officer, &parley.ZonePropose{Line: lineOf(b, cast.Square(raqqa, 0.05), c.B.Ref)}).Ref
	c.Tell(c.B.Officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(zone, 1)}})
	if a := arranged(c, b, c.B.Officer, zone); a.State != "in_force" {
		t.Errorf("%s; expected what both agree to in force, its window having begun", a.State)
	}
	c.Tell(c.A.Officer, &parley.ZoneAmend{Of: cast.V(zone, 1), Line: lineOf(b, cast.Square(raqqa, 0.08), c.B.Ref)})
	a := arranged(c, b, c.B.Officer, zone)
	if a.State != "proposed" || a.Version != 2 || len(a.Versions) != 2 || statusOf(a, c.B.Ref) != parley.ConsentNoAnswer || a.Versions[0].Geometry.Shape.Bounds() == a.Versions[1].Geometry.Shape.Bounds() {
		t.Errorf("%+v; expected version 2 proposed, both versions kept, and no answer of B", a)
	}
	c.Refused(parley.CodeVersion, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(zone, 1)}}
	})
	c.Refused(parley.CodeNotPermitted, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.ZoneAmend{Of: cast.V(zone, 2), Line: lineOf(b, cast.Square(raqqa, 0.1), c.A.Ref)}
	})
	b.At += 11 * parley.Day
	advance(c, b)
	if a := arranged(c, b, c.B.Officer, zone); a.State != "ended" || a.Log[len(a.Log)-1].Account != "" || a.Log[len(a.Log)-1].Due == "" {
		t.Errorf("%s, %+v; expected its window to have ended it, by nobody's word", a.State, a.Log[len(a.Log)-1])
	}
}

// Bad input is answered by field, and recorded where it matters.
func TestArrangementsRefuseWhatCannotBe(t *testing.T) {
	c, b := cast.NewBare(t)
	move := convoy(c, b)
	line := c.Tell(c.A.Officer, &parley.LinePropose{Line: lineOf(b, dividing, c.B.Ref)}).Ref
	give := func(*draft.Draft) parley.Body {
		return &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(line, 1)}}
	}
	c.Refused(parley.CodeNotPermitted, c.B.Adviser, give)
	c.Refused(parley.CodeNotFound, third(c), give)
	crossing := &parley.CrossingNotice{Of: cast.V(line, 1), Place: cast.At(35.93, 39.1), Window: geo.Window{From: b.At - 2*parley.Hour, To: b.At - parley.Hour}}
	size := b.State.Size()
	c.Refused(parley.CodeClock, c.B.Officer, func(*draft.Draft) parley.Body { return crossing })
	if b.State.Size() != size+1 {
		t.Error("a notice of a crossing that has been was refused and not kept")
	}
	c.Refused(parley.CodeNotFound, c.Org, func(*draft.Draft) parley.Body {
		return &parley.CrossingNotice{Of: cast.V(line, 1), Movement: move, Place: cast.At(35.93, 39.1), Window: geo.Window{From: b.At, To: b.At + parley.Hour}}
	})
	c.Refused(parley.CodeClock, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.CrossingEvent{Line: line, Own: true, Place: cast.At(35.93, 39.1), At: b.At - parley.Hour}
	})
	over := lineOf(b, dividing, c.B.Ref)
	over.Terms.Window = geo.Window{From: b.At - 2*parley.Day, To: b.At - parley.Day}
	c.Refused(parley.CodeClock, c.A.Officer, func(*draft.Draft) parley.Body { return &parley.LinePropose{Line: over} })
	c.Refused(parley.CodeNotFound, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.LinePropose{Line: lineOf(b, dividing, parley.MakeRef(parley.RefParty, parley.Hash{9}, 5))}
	})
}

// The steps of warnings are counted for each reader: a gap would tell a party that another has warned too.
func TestStepsOfWarningsAreTheReadersOwn(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref, c.B.Ref)
	for _, p := range []*cast.Person{c.A.Officer, c.A.Officer, c.B.Officer} {
		c.Must(p, func(d *draft.Draft) parley.Body {
			return &parley.WarningLog{Of: ref, Means: "telephone", Language: "ar", At: b.At, Words: d.Text("leave by the north door")}
		})
	}
	for who, want := range map[*cast.Person]int{c.Org: 3, c.Verifier: 3, c.A.Officer: 2, c.B.Officer: 1} {
		list := viewer(c, b, who).Warnings(ref)
		if len(list) != want || list[len(list)-1].Step != want {
			t.Errorf("%s reads %+v; expected steps 1 to %d", who.Account, list, want)
		}
	}
}
