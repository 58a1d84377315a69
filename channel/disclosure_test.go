package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// The tests below are the rows of channel.md section 3, for the records that exist: when two things overlap, who learns what.

var raqqa = cast.At(35.9528, 39.0079)

// kinds returns the kinds of the notices an account got from number from on.
func kinds(c *cast.Cast, b *cast.Bare, p *cast.Person, from uint64) []parley.NoticeKind {
	c.T.Helper()
	notices, _ := viewer(c, b, p).Inbox(from, 1000)
	var ks []parley.NoticeKind
	for _, n := range notices {
		ks = append(ks, n.Kind)
	}
	return ks
}

// mark returns the number from which an account's next notices count.
func mark(c *cast.Cast, b *cast.Bare, p *cast.Person) uint64 {
	c.T.Helper()
	_, next := viewer(c, b, p).Inbox(0, 100_000)
	return next
}

func headOf(c *cast.Cast, b *cast.Bare, p *cast.Person) parley.ListHead {
	c.T.Helper()
	h, _, _ := viewer(c, b, p).List(0, 1)
	return h
}

func area(c *cast.Cast, b *cast.Bare, f *cast.Force, shape geo.Shape, from, to int64, addressees ...parley.Ref) *parley.AreaDeclare {
	return &parley.AreaDeclare{Area: parley.Area{Shape: shape, Window: geo.Window{From: from, To: to}, Addressees: addressees, Head: headOf(c, b, f.Officer)}}
}

func expectKinds(t *testing.T, who string, got []parley.NoticeKind, want ...parley.NoticeKind) {
	t.Helper()
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s was told %v; expected %s among it", who, got, w)
		}
	}
}

func expectNothing(t *testing.T, who string, got []parley.NoticeKind) {
	t.Helper()
	if len(got) != 0 {
		t.Errorf("%s was told %v; expected nothing", who, got)
	}
}

func TestAreaAgainstReleasedSite(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	org, desk, other := mark(c, b, c.Org), mark(c, b, c.Verifier), mark(c, b, c.B.Officer)
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.02), b.At+parley.Day, b.At+2*parley.Day))
	a, _ := viewer(c, b, c.A.Officer).Area(out.Ref)
	if len(a.Indications) != 1 || a.Indications[0].Object != cast.V(ref, 1) || a.Indications[0].KeepOut != 500 || a.Indications[0].Category != "hospital" || a.Indications[0].Verified == "" {
		t.Errorf("indications %+v; expected the site with category, keep-out and age of verification", a.Indications)
	}
	expectNothing(t, "the site's notifier", kinds(c, b, c.Org, org))
	expectNothing(t, "the other party", kinds(c, b, c.B.Officer, other))
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeIndication)
	seen, ok := viewer(c, b, c.Verifier).Area(out.Ref)
	if !ok || seen.Geometry != nil || seen.From != "" || seen.Open != 1 {
		t.Errorf("the desk sees %+v; expected existence, and one open indication", seen)
	}
	if _, ok := viewer(c, b, c.B.Officer).Area(out.Ref); ok {
		t.Error("a party that was not addressed sees the area")
	}
}

func TestCoarseReleaseIsMatchedAndShownAsItsCell(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		s := cast.Hospital(d, raqqa, cast.Start, c.A.Ref)
		s.Shared.Consents[0].Precision = parley.Coarse
		return &parley.SiteNotify{Site: s}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	cell := geo.Cell(raqqa)
	corner := cell.Polygons[0][0][0]
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(corner, 0.001), b.At+parley.Day, b.At+2*parley.Day))
	a, _ := viewer(c, b, c.A.Officer).Area(out.Ref)
	if len(a.Indications) != 1 {
		t.Fatalf("%d indications at the cell's corner; expected the cell to be indicated", len(a.Indications))
	}
	got := a.Indications[0]
	if got.Geometry.Kind == geo.Point || got.KeepOut != 0 {
		t.Errorf("shown as %s with keep-out %d; expected the cell alone", got.Geometry.Kind, got.KeepOut)
	}
	file, _ := viewer(c, b, c.A.Officer).Object(ref)
	if v := file.Versions[0]; v.Geometry.Kind == geo.Point || v.Contact != "" || v.Names != nil || v.Accuracy != 0 {
		t.Errorf("a coarse release shows %+v; expected cell, category and window", v)
	}
}

func TestAreaAgainstReleasedMovementAsksItsOwner(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 3*parley.Day
	stop, end := cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003)
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, stop, end, c.A.Ref)}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	half := cast.At(35.85, 39.3003) // on the second leg, which is driven from two to three hours after departure
	org := mark(c, b, c.Org)
	early := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(half, 0.01), depart, depart+2*parley.Hour))
	if a, _ := viewer(c, b, c.A.Officer).Area(early.Ref); len(a.Indications) != 0 {
		t.Errorf("an hour too early: %+v; expected no indication", a.Indications)
	}
	expectNothing(t, "the movement's owner", kinds(c, b, c.Org, org))
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(half, 0.01), depart+parley.Hour, depart+3*parley.Hour))
	a, _ := viewer(c, b, c.A.Officer).Area(out.Ref)
	if len(a.Indications) != 1 || a.Indications[0].Object.Ref != ref || a.Indications[0].Urgent {
		t.Errorf("indications %+v; expected the movement, not urgent three days before", a.Indications)
	}
	prompts, _ := viewer(c, b, c.Org).Prompts(0, 10)
	if len(prompts) != 1 || prompts[0].Text != "Contact your liaison now. Hold, turn back or continue: your decision." || prompts[0].Movement != ref {
		t.Fatalf("prompts %+v; expected the question that names the movement", prompts)
	}
	notices, _ := viewer(c, b, c.Org).Inbox(org, 10)
	for _, n := range notices {
		if n.Object != ref || n.Other != prompts[0].Ref && n.Other != "" {
			t.Errorf("the owner's notice names %s and %s; expected the movement and the question alone", n.Object, n.Other)
		}
	}
	c.Tell(c.Org, &parley.PromptAnswer{Prompt: prompts[0].Ref, Decision: parley.Hold})
}

func TestAreaWithinSixHoursOfAMovementIsUrgent(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 2*parley.Hour
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), depart, depart+parley.Hour))
	if a, _ := viewer(c, b, c.A.Officer).Area(out.Ref); len(a.Indications) != 1 || !a.Indications[0].Urgent {
		t.Errorf("indications %+v; expected an urgent one", a.Indications)
	}
}

func TestAreaAgainstUnreleasedObjectTellsTheDeskAlone(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	org, desk, party := mark(c, b, c.Org), mark(c, b, c.Verifier), mark(c, b, c.A.Officer)
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.02), b.At+parley.Day, b.At+2*parley.Day))
	if a, _ := viewer(c, b, c.A.Officer).Area(out.Ref); len(a.Indications) != 0 {
		t.Errorf("the declarer learns of %+v; expected nothing", a.Indications)
	}
	expectNothing(t, "the declarer", kinds(c, b, c.A.Officer, party))
	expectNothing(t, "the notifier", kinds(c, b, c.Org, org))
	notices, _ := viewer(c, b, c.Verifier).Inbox(desk, 10)
	i := slices.IndexFunc(notices, func(n noticeView) bool { return n.Kind == parley.NoticeAskShare })
	if i < 0 || notices[i].Object != ref || notices[i].Other != "" || notices[i].Due != "" {
		t.Errorf("the desk was told %+v; expected a question about the object that names no area, party or time", notices)
	}
}

func TestAreasDeclaredToEachOtherOverlapForBoth(t *testing.T) {
	c, b := cast.NewBare(t)
	first := c.Tell(c.B.Officer, area(c, b, c.B, cast.Square(raqqa, 0.02), b.At+parley.Day, b.At+2*parley.Day, c.A.Ref)).Ref
	a, o := mark(c, b, c.A.Officer), mark(c, b, c.B.Officer)
	second := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day, c.B.Ref)).Ref
	expectKinds(t, "A", kinds(c, b, c.A.Officer, a), parley.NoticeOverlap)
	expectKinds(t, "B", kinds(c, b, c.B.Officer, o), parley.NoticeOverlap, parley.NoticeArea)
	for _, p := range []*cast.Person{c.A.Officer, c.B.Officer} {
		mine, _ := viewer(c, b, p).Area(second)
		if mine == nil || len(mine.Overlaps) != 1 || mine.Overlaps[0].With != first || mine.Overlaps[0].Due == "" {
			t.Errorf("%s sees overlaps %+v; expected the other area, with the read-back due", p.Account, mine)
		}
	}
}

func TestAreaAgainstPlacedForceDeclaredToItsOwner(t *testing.T) {
	c, b := cast.NewBare(t)
	force := c.Tell(c.B.Officer, &parley.ForcePlace{Shape: cast.Point(raqqa), Buffer: 1000, Window: geo.Window{From: b.At, To: b.At + 3*parley.Day}, Addressees: []parley.Ref{c.A.Ref}}).Ref
	o := mark(c, b, c.B.Officer)
	unaddressed := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day)).Ref
	expectNothing(t, "the owner of the force", kinds(c, b, c.B.Officer, o))
	if a, _ := viewer(c, b, c.A.Officer).Area(unaddressed); len(a.Overlaps) != 0 {
		t.Errorf("overlaps %+v on a declaration that is not addressed to the force's owner", a.Overlaps)
	}
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day, c.B.Ref)).Ref
	a, _ := viewer(c, b, c.A.Officer).Area(out)
	if len(a.Overlaps) != 1 || a.Overlaps[0].With != force {
		t.Errorf("overlaps %+v; expected the force by its reference", a.Overlaps)
	}
	check := c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.01), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)}).Ref
	if got, _ := viewer(c, b, c.A.Officer).Check(check); len(got.Indications) != 0 {
		t.Errorf("a check shows %+v; a placed force never appears on one", got.Indications)
	}
}

func TestAreasNotDeclaredToEachOtherSayNothing(t *testing.T) {
	c, b := cast.NewBare(t)
	c.Tell(c.B.Officer, area(c, b, c.B, cast.Square(raqqa, 0.02), b.At+parley.Day, b.At+2*parley.Day))
	a, o := mark(c, b, c.A.Officer), mark(c, b, c.B.Officer)
	c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day))
	expectNothing(t, "A", kinds(c, b, c.A.Officer, a))
	expectNothing(t, "B", kinds(c, b, c.B.Officer, o))
}

func TestReleaseIntoADeclaredAreaShortensTheClockUnseen(t *testing.T) {
	for _, row := range []struct {
		name  string
		from  int64 // of the area, after now
		clock int64
	}{{"to come", parley.Day, 2 * parley.Hour}, {"in force now", 0, 5 * parley.Minute}} {
		t.Run(row.name, func(t *testing.T) {
			c, b := cast.NewBare(t)
			ref := c.NotifyHospital(raqqa)
			c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.02), b.At+row.from, b.At+3*parley.Day))
			b.At += 1000
			party := mark(c, b, c.A.Officer)
			c.Release(cast.V(ref, 1), c.A.Ref)
			expectKinds(t, "the declarer", kinds(c, b, c.A.Officer, party), parley.NoticeReleased, parley.NoticeIndication)
			own, _ := viewer(c, b, c.A.Officer).Object(ref)
			notifier, _ := viewer(c, b, c.Org).Object(ref)
			if got, want := own.Holdings[0].Due, parley.Stamp(b.At+row.clock); got != want {
				t.Errorf("the party's deadline is %s; expected %s", got, want)
			}
			if got, want := notifier.Holdings[0].Due, parley.Stamp(b.At+parley.Day); got != want {
				t.Errorf("the notifier sees the deadline %s; expected the ordinary one, %s", got, want)
			}
			b.At += row.clock + 1
			advance(c, b)
			notifier, _ = viewer(c, b, c.Org).Object(ref)
			if notifier.Holdings[0].NoAnswer != 0 {
				t.Error("the notifier sees that a shortened clock has passed")
			}
			own, _ = viewer(c, b, c.A.Officer).Object(ref)
			if own.Holdings[0].NoAnswer != 1 {
				t.Errorf("the party's unanswered deadlines: %d; expected 1", own.Holdings[0].NoAnswer)
			}
		})
	}
}

func TestMovementReleasedIntoAnAreaAsksItsOwner(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 3*parley.Day
	c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.02), depart-parley.Hour, depart+parley.Hour))
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
	}).Ref
	org := mark(c, b, c.Org)
	c.Release(cast.V(ref, 1), c.A.Ref)
	expectKinds(t, "the movement's owner", kinds(c, b, c.Org, org), parley.NoticePrompt, parley.NoticeReleased)
}

func TestSupersededVersionStandsUntilTheNewOneIsAcknowledged(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: raqqa})
	far := cast.At(36.1528, 39.0079)
	party := mark(c, b, c.A.Officer)
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(ref, 1), Site: cast.Hospital(d, far, cast.Start, c.A.Ref)}
	})
	expectKinds(t, "the holder", kinds(c, b, c.A.Officer, party), parley.NoticeSuperseded)
	if file, _ := viewer(c, b, c.A.Officer).Object(ref); len(file.Versions) != 1 {
		t.Errorf("the holder sees %d versions before the release of the second; expected 1", len(file.Versions))
	}
	c.Release(cast.V(ref, 2), c.A.Ref)
	touched := func(p geo.Position) int {
		out := c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(p, 0.01), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)})
		check, _ := viewer(c, b, c.A.Officer).Check(out.Ref)
		return len(check.Indications)
	}
	if touched(raqqa) != 1 || touched(far) != 1 {
		t.Error("before the new version is acknowledged, both places must be indicated")
	}
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 2), ReadBack: far})
	if touched(raqqa) != 0 || touched(far) != 1 {
		t.Error("after it, the new place alone")
	}
}

func TestUpdateOnTheRoadReachesHoldersAtOnce(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 3*parley.Day
	convoy := func(d *draft.Draft) parley.Movement {
		return cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)
	}
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body { return &parley.MovementNotify{Movement: convoy(d)} }).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	b.At = depart
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, Leg: 1, At: b.At})
	party := mark(c, b, c.A.Officer)
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		m := convoy(d)
		m.Escort = parley.Escort{Armed: parley.Yes, Who: d.Text("local guards")}
		return &parley.MovementUpdate{Of: cast.V(ref, 1), Movement: m}
	})
	expectKinds(t, "the holder", kinds(c, b, c.A.Officer, party), parley.NoticeUpdated, parley.NoticeReleased)
	file, _ := viewer(c, b, c.A.Officer).Object(ref)
	newest := file.Versions[len(file.Versions)-1]
	if newest.Version != 2 || newest.Escort != "yes" {
		t.Errorf("the holder sees v%d with armed escort %q; expected v2, yes", newest.Version, newest.Escort)
	}
	mine, _ := viewer(c, b, c.Org).Object(ref)
	if h := mine.Holdings[len(mine.Holdings)-1]; h.Version != 2 || !h.Unverified {
		t.Errorf("the convoy sees %+v; expected v2 with the party, not yet verified", h)
	}
	// It stays in every check until a person closes it, whatever its window.
	b.At = depart + 10*parley.Day
	out := c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.01), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)})
	if check, _ := viewer(c, b, c.A.Officer).Check(out.Ref); len(check.Indications) != 1 {
		t.Errorf("%d indications ten days on; expected the movement nobody has closed", len(check.Indications))
	}
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementClosed, At: b.At})
	if h := headOf(c, b, c.A.Officer); h.Count != 0 {
		t.Errorf("the list has %d entries after the movement was closed", h.Count)
	}
}

func TestNoAcknowledgementSixHoursBeforeDepartureAsksTheOwner(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 3*parley.Day
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	b.At = depart - 6*parley.Hour
	advance(c, b)
	prompts, _ := viewer(c, b, c.Org).Prompts(0, 10)
	if len(prompts) != 1 || prompts[0].Cause != parley.CauseNoAck || prompts[0].Text != "No acknowledgement: your decision. Hold, turn back or continue." {
		t.Errorf("prompts %+v; expected the question about the missing acknowledgement", prompts)
	}
}

func TestAreaNearWithoutCheckTellsItsOwnerOnly(t *testing.T) {
	c, b := cast.NewBare(t)
	begin := b.At + parley.Day
	declare := func(shape geo.Shape) { c.Tell(c.A.Officer, area(c, b, c.A, shape, begin, begin+parley.Hour, c.B.Ref)) }
	declare(cast.Square(raqqa, 0.01))
	b.At = begin - 7*parley.Hour
	checked := cast.Square(cast.At(35.2003, 40.1003), 0.01)
	declare(checked)
	c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(cast.At(35.2003, 40.1003), 0.011), Window: geo.Window{From: begin, To: begin + parley.Hour}, Head: headOf(c, b, c.A.Officer)})
	a, o, d, n := mark(c, b, c.A.Officer), mark(c, b, c.B.Officer), mark(c, b, c.Verifier), mark(c, b, c.Org)
	b.At = begin - 6*parley.Hour
	advance(c, b)
	if got := kinds(c, b, c.A.Officer, a); !slices.Equal(got, []parley.NoticeKind{parley.NoticeAreaUnchecked}) {
		t.Errorf("the owner was told %v; expected one notice, of the area without a check", got)
	}
	expectNothing(t, "the addressee", slices.DeleteFunc(kinds(c, b, c.B.Officer, o), func(k parley.NoticeKind) bool { return k == parley.NoticeReadBackLate }))
	expectNothing(t, "the desk", kinds(c, b, c.Verifier, d))
	expectNothing(t, "an organisation", kinds(c, b, c.Org, n))
}

// An open indication is told to the area's owner six hours before, unless it has warned the object.
func TestAreaNearWithAnOpenIndicationAndNoWarning(t *testing.T) {
	for _, warned := range []bool{false, true} {
		c, b := cast.NewBare(t)
		ref := c.NotifyHospital(raqqa)
		c.Release(cast.V(ref, 1), c.A.Ref)
		begin := b.At + parley.Day
		b.At = begin - 7*parley.Hour
		c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), begin, begin+parley.Hour))
		c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.011), Window: geo.Window{From: begin, To: begin + parley.Hour}, Head: headOf(c, b, c.A.Officer)})
		if warned {
			c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
				return &parley.WarningLog{Of: ref, Means: "telephone", Language: "ar", At: b.At, Act: begin, Words: d.Text("leave by the north door")}
			})
		}
		a := mark(c, b, c.A.Officer)
		b.At = begin - 6*parley.Hour
		advance(c, b)
		got := kinds(c, b, c.A.Officer, a)
		if slices.Contains(got, parley.NoticeNotWarned) == warned {
			t.Errorf("warned %t: the owner was told %v", warned, got)
		}
		if slices.Contains(got, parley.NoticeAreaUnchecked) {
			t.Errorf("warned %t: the owner was told %v of an area that it has checked", warned, got)
		}
		expectNothing(t, "the object's owner", slices.DeleteFunc(kinds(c, b, c.Org, 0), func(k parley.NoticeKind) bool { return k != parley.NoticeNotWarned }))
	}
}

func TestStopGoesToThoseWhoHoldTheObjectOrToAll(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	a, o := mark(c, b, c.A.Officer), mark(c, b, c.B.Officer)
	stop := c.Tell(c.Org, &parley.StopRaise{Object: ref}).Ref
	expectKinds(t, "the holder", kinds(c, b, c.A.Officer, a), parley.NoticeStop)
	expectNothing(t, "a party that does not hold it", kinds(c, b, c.B.Officer, o))
	b.At += 2 * parley.Minute
	advance(c, b)
	b.At += 3 * parley.Minute
	advance(c, b)
	if got := kinds(c, b, c.A.Officer, a); len(got) != 3 || got[2] != parley.NoticeStopClimbs {
		t.Errorf("after 5 minutes the holder was told %v; expected the stop and two climbs", got)
	}
	c.Refused(parley.CodeNotFound, c.B.Officer, func(*draft.Draft) parley.Body { return &parley.StopTake{Stop: stop} })
	c.Tell(c.A.Second, &parley.StopTake{Stop: stop})
	taken := mark(c, b, c.A.Officer)
	b.At += parley.Hour
	advance(c, b)
	expectKinds(t, "the holder, once it is taken and no unit has it,", kinds(c, b, c.A.Officer, taken), parley.NoticeStopUnpassed)
	taken = mark(c, b, c.A.Officer)
	c.Tell(c.A.Officer, &parley.StopEffectReport{Stop: stop, Effect: parley.FireGoesOn})
	b.At += 2 * parley.Minute
	advance(c, b)
	expectKinds(t, "the holder, with fire going on,", kinds(c, b, c.A.Officer, taken), parley.NoticeStop, parley.NoticeStopClimbs)
	o = mark(c, b, c.B.Officer)
	place := cast.At(35.5001, 40.0003)
	c.Tell(c.Org, &parley.StopRaise{Place: &place})
	expectKinds(t, "every party, for a place,", kinds(c, b, c.B.Officer, o), parley.NoticeStop)
}

// Whoever raises a stop again joins it: they see who has it, and not which other organisation raised it.
func TestWhoJoinsAStopSeesItWithoutTheOtherRaiser(t *testing.T) {
	c, b := cast.NewBare(t)
	place := cast.At(35.5001, 40.0003)
	stop := c.Tell(c.Org, &parley.StopRaise{Place: &place}).Ref
	near := cast.At(35.5051, 40.0003)
	if again := c.Tell(c.Other, &parley.StopRaise{Place: &near}).Ref; again != stop {
		t.Fatalf("raised again 550 m off as %s; expected it to join %s", again, stop)
	}
	c.Tell(c.A.Officer, &parley.StopTake{Stop: stop})
	for name, p := range map[string]*cast.Person{"the joiner": c.Other, "a party that is told": c.B.Officer} {
		st, ok := viewer(c, b, p).Stop(stop)
		if !ok {
			t.Fatalf("%s does not see the stop", name)
		}
		text := written(t, st)
		expectWords(t, name, text, []string{"taken", string(c.A.Ref)}, []string{string(c.OrgRef)})
	}
	from := mark(c, b, c.Other)
	c.Tell(c.A.Officer, &parley.StopPass{Stop: stop, Echelon: parley.Unit})
	expectKinds(t, "the joiner", kinds(c, b, c.Other, from), parley.NoticeStopStep)
}
