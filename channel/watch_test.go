package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// Scenario 4 of practice.md E.15: the usual officer does not answer; at 2 minutes the next one is called and takes the stop, and the log
// shows the hand-over.
func TestAtTwoMinutesTheNextOfficerHasIt(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.RotaSet{Account: c.A.Ref, Shifts: []parley.Shift{{Member: c.A.Officer.Ref, From: b.At, To: b.At + parley.Day},
		{Member: c.A.Second.Ref, From: b.At, To: b.At + 2*parley.Day, Deputy: true}}})
	stop := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.StopRaise{Object: ref, Words: d.Text("shelling")}
	}).Ref
	seen := func(p *cast.Person) *release.Stop { s, _ := viewer(c, b, p).Stop(stop); return s }
	if got := seen(c.A.Officer).Log[0]; !slices.Equal(got.Called, []parley.Ref{c.A.Officer.Ref}) || got.Calls != 1 || got.Words == "" {
		t.Errorf("at once: %+v; expected the officer on duty to be called, with the words", got)
	}
	if got := seen(c.Org).Log[0]; got.Called != nil || got.Calls != 1 {
		t.Errorf("the raiser sees %+v; expected a number, no names of a party's people", got)
	}
	b.At += 2 * parley.Minute
	advance(c, b)
	log := seen(c.A.Second).Log
	if last := log[len(log)-1]; last.What != "climbed" || !slices.Equal(last.Called, []parley.Ref{c.A.Officer.Ref, c.A.Second.Ref}) {
		t.Errorf("at two minutes: %+v; expected the deputy to be called too", last)
	}
	c.Tell(c.A.Second, &parley.StopTake{Stop: stop})
	c.Tell(c.A.Second, &parley.StopPass{Stop: stop, Echelon: parley.Unit})
	c.Must(c.A.Second, func(d *draft.Draft) parley.Body {
		return &parley.StopEffectReport{Stop: stop, Effect: parley.FireCeased, Words: d.Text("ceased at 12:04")}
	})
	c.Must(c.A.Second, func(d *draft.Draft) parley.Body {
		return &parley.StopStandDown{Stop: stop, Report: d.Text("battery told, fire ceased, list checked")}
	})
	log = seen(c.Org).Log
	var what []string
	for _, l := range log {
		what = append(what, l.What)
	}
	if want := []string{"raised", "climbed", "taken", "passed on", "effect", "stood down"}; !slices.Equal(what, want) {
		t.Errorf("the log shows %v, expected %v", what, want)
	}
	if last := log[len(log)-1]; last.Words == "" || log[2].OffRota {
		t.Errorf("the after-report: %+v; the take off the rota: %v; expected a report, and a take by an officer on duty", last, log[2].OffRota)
	}
}

// A duty officer who is not on duty takes a stop: it counts, because a stop that waits for the usual contact is the failure; and it shows.
func TestATakeOffTheRotaCountsAndShows(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.RotaSet{Account: c.A.Ref, Shifts: []parley.Shift{{Member: c.A.Officer.Ref, From: b.At, To: b.At + parley.Day}}})
	stop := c.Tell(c.Org, &parley.StopRaise{Object: ref}).Ref
	c.Refused(parley.CodeNotPermitted, c.A.Adviser, func(*draft.Draft) parley.Body { return &parley.StopTake{Stop: stop} })
	c.Tell(c.A.Second, &parley.StopTake{Stop: stop})
	s, _ := viewer(c, b, c.Org).Stop(stop)
	if last := s.Log[len(s.Log)-1]; s.State != string(parley.StopTaken) || !last.OffRota {
		t.Errorf("%s, %+v; expected it taken, off the rota", s.State, last)
	}
}

func TestNobodyOnDutyIsTold(t *testing.T) {
	c, b := cast.NewBare(t)
	c.Tell(c.A.Officer, &parley.RotaSet{Account: c.A.Ref, Shifts: []parley.Shift{{Member: c.A.Officer.Ref, From: b.At, To: b.At + 2*parley.Hour},
		{Member: c.A.Second.Ref, From: b.At + 3*parley.Hour, To: b.At + 4*parley.Hour}}})
	count := func(p *cast.Person) (n int) {
		for _, k := range kinds(c, b, p, 0) {
			if k == parley.NoticeRotaGap {
				n++
			}
		}
		return n
	}
	for i, want := range []int{0, 0, 1, 1, 2, 2, 2} {
		b.At = cast.Start + int64(i)*parley.Hour + parley.Minute
		advance(c, b)
		if count(c.A.Officer) != want || count(c.Verifier) != want {
			t.Errorf("after %d h: the party was told %d times, the desk %d; expected %d", i, count(c.A.Officer), count(c.Verifier), want)
		}
	}
}

// The duty line is tested daily: without a call that a person answered, party and desk are reminded.
func TestDailyTestCallsAreAskedFor(t *testing.T) {
	c, b := cast.NewBare(t)
	count := func() (n int) {
		for _, k := range kinds(c, b, c.A.Officer, 0) {
			if k == parley.NoticeTestCallDue {
				n++
			}
		}
		return n
	}
	b.At += 23 * parley.Hour
	c.Tell(c.Verifier, &parley.TestCall{To: c.A.Ref, At: b.At, Answered: true, Seconds: 20})
	b.At += 23 * parley.Hour
	c.Tell(c.Verifier, &parley.TestCall{To: c.A.Ref, At: b.At}) // nobody answered: that is no test of the line
	if count() != 0 {
		t.Fatal("reminded within a day of an answered call")
	}
	b.At += 2 * parley.Hour
	advance(c, b)
	if got := count(); got != 1 {
		t.Errorf("reminded %d times 25 h after the last answered call, expected once", got)
	}
}

// Request refused, standing: an objection stays on later versions that overlap, until whoever made it takes it back.
func TestAnObjectionStaysUntilItIsTakenBack(t *testing.T) {
	c, b := cast.NewBare(t)
	declare := area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day, c.B.Ref)
	ref := c.Tell(c.A.Officer, declare).Ref
	c.Tell(c.B.Officer, &parley.AreaObject{Of: cast.V(ref, 1), Reason: parley.OwnForces})
	c.Tell(c.A.Officer, &parley.AreaAmend{Of: cast.V(ref, 1), Area: area(c, b, c.A, cast.Square(raqqa, 0.02), b.At+parley.Day, b.At+2*parley.Day, c.B.Ref).Area})
	if a, _ := viewer(c, b, c.A.Officer).Area(ref); len(a.Objections) != 1 || a.Objections[0].Ended != "" {
		t.Errorf("objections %+v; expected the one, standing on the second version", a.Objections)
	}
	c.Refused(parley.CodeWrongState, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.AreaWithdraw{Area: ref, Reason: parley.TooLate}
	})
	c.Refused(parley.CodeNotFound, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.AreaWithdraw{Area: ref, Reason: parley.OwnForces}
	})
	c.Tell(c.B.Officer, &parley.AreaWithdraw{Area: ref, Reason: parley.OwnForces})
	if a, _ := viewer(c, b, c.A.Officer).Area(ref); len(a.Objections) != 1 || a.Objections[0].Ended == "" {
		t.Errorf("objections %+v; expected the one on record, taken back", a.Objections)
	}
}

// Version dispute: what each side signed and what the other says it was told stand beside each other, each with its time.
func TestBothVersionsOfWhatWasToldStandSideBySide(t *testing.T) {
	c, b := cast.NewBare(t)
	first := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day, c.B.Ref))
	b.At += parley.Hour
	second := c.Tell(c.A.Officer, &parley.AreaAmend{Of: cast.V(first.Ref, 1), Area: area(c, b, c.A, cast.Square(cast.At(35.90, 39.0079), 0.01), b.At+parley.Day, b.At+2*parley.Day, c.B.Ref).Area})
	desk := mark(c, b, c.Verifier)
	elsewhere := cast.At(35.9628, 39.0079)
	c.Must(c.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.AreaContest{Of: cast.V(first.Ref, 1), Place: &elsewhere, Words: d.Text("told north of the bridge")}
	})
	for who, p := range map[string]*cast.Person{"the declarer": c.A.Officer, "the addressee": c.B.Officer} {
		a, _ := viewer(c, b, p).Area(first.Ref)
		if len(a.Versions) != 2 || a.Versions[0].Command != first.Name || a.Versions[1].Command != second.Name || a.Versions[0].At == a.Versions[1].At {
			t.Errorf("%s sees the versions %+v; expected both, each with its signed command", who, a.Versions)
		}
		if len(a.Disputes) != 1 || a.Disputes[0].Version != 1 || a.Disputes[0].ApartMM < 1_000_000 || a.Disputes[0].ApartMM > 1_300_000 {
			t.Errorf("%s sees the disputes %+v; expected the one, 1.1 km off the first version", who, a.Disputes)
		}
	}
	notices, _ := viewer(c, b, c.Verifier).Inbox(desk, 10)
	if len(notices) != 1 || notices[0].Kind != parley.NoticeAreaDispute || notices[0].Version != 0 {
		t.Errorf("the desk was told %+v; expected that there is a dispute, and no more", notices)
	}
	if a, _ := viewer(c, b, c.Verifier).Area(first.Ref); a.Versions != nil || a.Disputes != nil {
		t.Errorf("the desk sees %+v and %+v of an area that was not told to it", a.Versions, a.Disputes)
	}
	c.Refused(parley.CodeNotFound, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.AreaContest{Of: cast.V(first.Ref, 1), Place: &elsewhere}
	})
}
