package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// A stop that is taken and that no unit is said to have is told to its party, its raiser and the desk. A relay does not end that; the
// party's own word does.
func TestStopThatNoUnitIsSaidToHave(t *testing.T) {
	for _, passed := range []bool{false, true} {
		c, b := cast.NewBare(t)
		ref := c.NotifyHospital(raqqa)
		c.Release(cast.V(ref, 1), c.A.Ref)
		stop := c.Tell(c.Org, &parley.StopRaise{Object: ref}).Ref
		c.Tell(c.A.Officer, &parley.StopTake{Stop: stop})
		c.Tell(c.Verifier, &parley.RelayLog{Of: stop, Party: c.A.Ref, Echelon: parley.Unit, Delivered: true, At: b.At})
		if passed {
			c.Tell(c.A.Officer, &parley.StopPass{Stop: stop, Echelon: parley.Unit})
		}
		b.At += 10 * parley.Minute
		advance(c, b)
		for name, p := range map[string]*cast.Person{"the party": c.A.Officer, "the raiser": c.Org, "the desk": c.Verifier} {
			if got := slices.Contains(kinds(c, b, p, 0), parley.NoticeStopUnpassed); got == passed {
				t.Errorf("passed on %v: %s was told so: %v", passed, name, got)
			}
		}
		expectNothing(t, "another party", slices.DeleteFunc(kinds(c, b, c.B.Officer, 0), func(k parley.NoticeKind) bool { return k != parley.NoticeStopUnpassed }))
		if st, _ := viewer(c, b, c.Org).Stop(stop); slices.Contains(st.Unpassed, c.A.Ref) == passed {
			t.Errorf("passed on %v: the page says that no unit has it: %v", passed, st.Unpassed)
		}
	}
}

// Urgency closes no check: only the area's owner is told, and not when a check of it is on record.
func TestUrgentAreaWithoutACheck(t *testing.T) {
	for _, checked := range []bool{false, true} {
		c, b := cast.NewBare(t)
		window := geo.Window{From: b.At, To: b.At + parley.Hour}
		if checked {
			c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.02), Window: window, Head: headOf(c, b, c.A.Officer)})
		}
		declared := area(c, b, c.A, cast.Square(raqqa, 0.01), window.From, window.To, c.B.Ref)
		declared.Area.Urgent = true
		c.Tell(c.A.Officer, declared)
		if got := slices.Contains(kinds(c, b, c.A.Officer, 0), parley.NoticeUrgentUnchecked); got == checked {
			t.Errorf("checked %v: its owner was told %v", checked, got)
		}
		for _, p := range []*cast.Person{c.B.Officer, c.Verifier, c.Org} {
			if slices.Contains(kinds(c, b, p, 0), parley.NoticeUrgentUnchecked) {
				t.Errorf("%s was told of another's area", p.Account)
			}
		}
	}
}

// Whoever checks a point where an extent is known is told so, and nobody else.
func TestPointCheckedWhereAnExtentIsKnown(t *testing.T) {
	c, b := cast.NewBare(t)
	camp := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		s := cast.Hospital(d, raqqa, b.At, c.A.Ref, c.B.Ref)
		s.Shape = cast.Square(raqqa, 0.01)
		return &parley.SiteNotify{Site: s}
	}).Ref
	c.Release(cast.V(camp, 1), c.A.Ref)
	check := func(f *cast.Force, shape geo.Shape) bool {
		from := mark(c, b, f.Officer)
		c.Tell(f.Officer, &parley.CheckRecord{Shape: shape, Window: geo.Window{From: b.At, To: b.At + parley.Hour}, Head: headOf(c, b, f.Officer)})
		return slices.Contains(kinds(c, b, f.Officer, from), parley.NoticeExtent)
	}
	if !check(c.A, cast.Point(raqqa)) {
		t.Error("a point in a camp whose extent is held: its checker was not told")
	}
	if check(c.A, cast.Square(raqqa, 0.02)) {
		t.Error("the whole extent was checked: its checker was told that it was not")
	}
	if check(c.A, cast.Point(cast.At(36.9001, 39.0001))) {
		t.Error("a point far from the camp: its checker was told of an extent")
	}
	if check(c.B, cast.Point(raqqa)) {
		t.Error("a party that does not hold the camp learned that something is there")
	}
}

// A try in vain leaves a movement ten minutes to be heard of; one that is answered does not.
func TestTryInVain(t *testing.T) {
	for _, reached := range []bool{false, true} {
		c, b := cast.NewBare(t)
		ref, depart := convoyOnTheRoad(c, b)
		b.At = depart + 5*parley.Minute
		c.Tell(c.A.Officer, &parley.ContactTry{Movement: ref, Means: parley.LiaisonTelephone, At: b.At, Reached: reached})
		from := mark(c, b, c.A.Officer)
		b.At += 10*parley.Minute - 1
		advance(c, b)
		expectNothing(t, "the holder, before ten minutes,", kinds(c, b, c.A.Officer, from))
		b.At++
		advance(c, b)
		if got := slices.Contains(kinds(c, b, c.A.Officer, from), parley.NoticeContactLost); got == reached {
			t.Errorf("reached %v: told that contact is lost: %v", reached, got)
		}
	}
}

// What a report says besides armed people is held against the notice too. It is told once, and a new version ends it.
func TestReportThatContradictsTheNotice(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + 10*parley.Minute
	report := func(vehicles int32, at *geo.Position) []parley.NoticeKind {
		from := mark(c, b, c.A.Officer)
		c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementCheckpoint, At: b.At, Vehicles: &vehicles, Place: at})
		return slices.DeleteFunc(kinds(c, b, c.A.Officer, from), func(k parley.NoticeKind) bool { return k != parley.NoticeUnnotified })
	}
	expectNothing(t, "the holder, of what was notified,", report(12, nil))
	expectKinds(t, "the holder, of two vehicles more,", report(14, nil), parley.NoticeUnnotified)
	expectNothing(t, "the holder, of the same again,", report(14, nil))
	far := cast.At(36.9001, 39.0001)
	expectKinds(t, "the holder, of a place off the route,", report(14, &far), parley.NoticeUnnotified)
	if got, want := roadOf(c, b, c.A.Officer, ref).Differs, []parley.MovementField{parley.FieldRoute, parley.FieldVehicles}; !slices.Equal(got, want) {
		t.Errorf("not as notified: %v; expected %v", got, want)
	}
	report(12, nil)
	if got, want := roadOf(c, b, c.Org, ref).Differs, []parley.MovementField{parley.FieldRoute}; !slices.Equal(got, want) {
		t.Errorf("after the notified number again: %v; expected %v", got, want)
	}
}

// A pause that its window has ended may be said to be over once more: people inside are asked, and a second word is refused.
func TestPauseSaidToBeOverAfterItsWindow(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	pause := c.Tell(c.A.Officer, &parley.PausePropose{Pause: parley.Pause{Terms: parley.Terms{Shape: cast.Square(raqqa, 2), Window: geo.Window{From: b.At, To: depart + 5*parley.Minute}, Addressees: []parley.Ref{c.B.Ref}},
		Users: []parley.CorridorUser{"goods"}}}).Ref
	b.At = depart + 20*parley.Minute
	advance(c, b)
	if slices.Contains(causes(c, b), parley.CauseArrangement) {
		t.Fatal("asked about a pause that was never open")
	}
	over := &parley.PauseStatus{StatusWord: parley.StatusWord{Of: pause, State: parley.ArrangementEnded}}
	c.Refused(parley.CodeNotFound, c.Other, func(*draft.Draft) parley.Body { return over })
	c.Tell(c.A.Officer, over)
	if !slices.Contains(causes(c, b), parley.CauseArrangement) {
		t.Errorf("the people of %s were asked %v; expected the pause that is over", ref, causes(c, b))
	}
	expectKinds(t, "the other party", kinds(c, b, c.B.Officer, 0), parley.NoticeArrangementEnded)
	c.Refused(parley.CodeWrongState, c.A.Officer, func(*draft.Draft) parley.Body { return over })
}

// Old lists, old verifications, and checks of a movement that moves say so.
func TestWhatHasAged(t *testing.T) {
	c, b := cast.NewBare(t)
	head := headOf(c, b, c.A.Officer)
	attest := func(on int64) bool {
		from := mark(c, b, c.A.Officer)
		c.Tell(c.A.Officer, &parley.CheckAttest{Head: &head, On: on, Echelon: parley.Unit, Extent: cast.Point(raqqa)})
		return slices.Contains(kinds(c, b, c.A.Officer, from), parley.NoticeListStale)
	}
	if attest(b.At - parley.Day) {
		t.Error("a list of yesterday is called old")
	}
	if !attest(b.At - 31*parley.Day) {
		t.Error("a list of a month ago is not called old")
	}
	for _, days := range []int64{10, 100} {
		ref := c.NotifyHospital(cast.At(35.1001+float64(days)/100, 40.1003))
		from := mark(c, b, c.Org)
		c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
			return &parley.ObjectVerify{Of: cast.V(ref, 1), Method: parley.CheckedMap, Source: d.Text("map"), On: b.At - days*parley.Day}
		})
		if got := slices.Contains(kinds(c, b, c.Org, from), parley.NoticeOverdue); got != (days == 100) {
			t.Errorf("verified %d days ago: told that it is overdue: %v", days, got)
		}
	}
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + 10*parley.Minute
	from := mark(c, b, c.A.Officer)
	check := c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.05), Window: geo.Window{From: b.At, To: b.At + parley.Hour}, Head: headOf(c, b, c.A.Officer)}).Ref
	if v, _ := viewer(c, b, c.A.Officer).Check(check); len(v.Indications) == 0 {
		t.Fatal("the check did not find the movement")
	}
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementAtStop, At: b.At})
	if !slices.Contains(kinds(c, b, c.A.Officer, from), parley.NoticeCheckEnded) {
		t.Error("the movement does another thing now, and the check of it still counts")
	}
}

// Past its plan a movement that is still on the road does what nobody planned; turning back is covered by a way back alone.
func TestPastThePlan(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + 170*parley.Minute
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementResumed, Leg: 2, At: b.At})
	from := mark(c, b, c.A.Officer)
	b.At = depart + 3*parley.Hour + 30*parley.Minute
	advance(c, b)
	if !slices.Contains(kinds(c, b, c.A.Officer, from), parley.NoticeUncovered) || !roadOf(c, b, c.Org, ref).Uncovered {
		t.Errorf("half an hour past its plan the holder was told %v", kinds(c, b, c.A.Officer, from))
	}
	c, b = cast.NewBare(t)
	ref, depart = convoyOnTheRoad(c, b)
	b.At = depart + 10*parley.Minute
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementTurnedBack, At: b.At})
	if !roadOf(c, b, c.Org, ref).Uncovered {
		t.Error("it turned back with no way back in its plan, and that is covered")
	}
}
