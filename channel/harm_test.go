package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// harmedHospital is a hospital released to A alone, acknowledged, and then hit.
func harmedHospital(t *testing.T) (c *cast.Cast, b *cast.Bare, ref parley.Ref, before map[*cast.Person]uint64, harm parley.Ref) {
	t.Helper()
	c, b = cast.NewBare(t)
	ref = c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: raqqa})
	b.At += parley.Day
	advance(c, b)
	before = map[*cast.Person]uint64{}
	for _, p := range []*cast.Person{c.Org, c.Other, c.Verifier, c.A.Officer, c.B.Officer, c.Monitor} {
		before[p] = mark(c, b, p)
	}
	harm = c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.HarmReport{Object: ref, At: b.At, GoesOn: true, Effects: d.Text("the east wing, people hurt")}
	}).Ref
	return c, b, ref, before, harm
}

// Row "harm at a notified object" of channel.md section 3: the record is frozen and a stop raised; the parties that held it get stop and task.
func TestHarmAtANotifiedObjectRaisesAStopAndOpensATask(t *testing.T) {
	c, b, ref, before, harm := harmedHospital(t)
	file, ok := viewer(c, b, c.Org).Harm(harm)
	if !ok || file.Stop == "" || file.Effects == "" || len(file.Corrections) != 1 || file.Corrections[0].Party != c.A.Ref {
		t.Fatalf("the notifier sees %+v; expected a stop, the effects, and one task, of the party that held the object", file)
	}
	stop, ok := viewer(c, b, c.A.Officer).Stop(file.Stop)
	if !ok || stop.Object != ref || stop.State != string(parley.StopRaised) {
		t.Errorf("the party sees the stop %+v; expected it raised, about the object", stop)
	}
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, before[c.Verifier]), parley.NoticeHarm, parley.NoticeStop, parley.NoticeCorrection)
	expectKinds(t, "the party", kinds(c, b, c.A.Officer, before[c.A.Officer]), parley.NoticeHarm, parley.NoticeStop, parley.NoticeCorrection)
	expectNothing(t, "a party that did not hold it", kinds(c, b, c.B.Officer, before[c.B.Officer]))
	expectNothing(t, "another organisation", kinds(c, b, c.Other, before[c.Other]))
	for who, p := range map[string]*cast.Person{"the party": c.A.Officer, "the other party": c.B.Officer, "another organisation": c.Other, "a monitor": c.Monitor} {
		if _, ok := viewer(c, b, p).Harm(harm); ok {
			t.Errorf("%s reads the report of harm, effects and all", who)
		}
	}
	task, ok := viewer(c, b, c.A.Officer).Correction(file.Corrections[0].Ref)
	if !ok || task.Object != ref || task.State != "open" || task.Harm != "" || task.HarmAt == "" {
		t.Errorf("the party sees its task as %+v; expected the object and the hour, no effects", task)
	}
	if _, ok := viewer(c, b, c.B.Officer).Correction(file.Corrections[0].Ref); ok {
		t.Error("the other party sees the task")
	}
}

// Nothing that was said about a harmed object is erased; updates, withdrawal and relocation go on.
func TestHarmFreezesTheRecordAndNothingElse(t *testing.T) {
	c, b, ref, _, _ := harmedHospital(t)
	version := b.State.Export(cast.V(ref, 1))
	name := parley.CommitmentsIn(version.Site)[0]
	c.Refused(parley.CodeHold, c.Org, func(*draft.Draft) parley.Body { return &parley.PayloadErase{Payloads: []parley.Hash{name.Hash}} })
	c.Refused(parley.CodeHold, c.Trustees[0], func(*draft.Draft) parley.Body { return &parley.PayloadErase{Payloads: []parley.Hash{name.Hash}} })
	moved := cast.At(35.9600, 39.0079)
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(ref, 1), Site: cast.Hospital(d, moved, cast.Start, c.A.Ref)}
	})
	c.Tell(c.Org, &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: ref, Reason: parley.CeasedFunction}})
	// What is not about the harmed object is erased as before.
	other := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(36.5012, 39.9013), cast.Start, c.A.Ref)}
	}).Ref
	free := parley.CommitmentsIn(b.State.Export(cast.V(other, 1)).Site)[0]
	c.Tell(c.Org, &parley.PayloadErase{Payloads: []parley.Hash{free.Hash}})
}

func TestAPartyAnswersItsTaskAndItsDaysAreCounted(t *testing.T) {
	c, b, _, _, harm := harmedHospital(t)
	file, _ := viewer(c, b, c.Org).Harm(harm)
	task := file.Corrections[0].Ref
	c.Refused(parley.CodeNotFound, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.CorrectionAnswer{Correction: task, Cause: parley.HarmNotOurs}
	})
	c.Refused(parley.CodeWrongState, c.Releaser, func(*draft.Draft) parley.Body { return &parley.CorrectionClose{Correction: task} })
	org, party := mark(c, b, c.Org), mark(c, b, c.A.Officer)
	b.At += 49 * parley.Hour
	advance(c, b)
	expectKinds(t, "the party, 49 h later", kinds(c, b, c.A.Officer, party), parley.NoticeCorrectionLate)
	expectKinds(t, "the notifier, 49 h later", kinds(c, b, c.Org, org), parley.NoticeCorrectionLate)
	c.Tell(c.A.Officer, &parley.CorrectionAnswer{Correction: task, Cause: parley.UnderReview, Officer: c.A.Second.Ref})
	b.At += 10 * parley.Day
	c.Must(c.A.Adviser, func(d *draft.Draft) parley.Body {
		return &parley.CorrectionAnswer{Correction: task, Cause: parley.NotDisseminated, Words: d.Text("the unit had last month's list")}
	})
	b.At += 5 * parley.Day
	got, _ := viewer(c, b, c.Org).Correction(task)
	if got.State != "answered" || got.Cause != parley.NotDisseminated || !got.Late || got.DaysOpen != 12 || got.Words == "" || got.Officer != "" {
		t.Errorf("the notifier sees %+v; expected the party's own word after 12 days, late, without its officer", got)
	}
	c.Tell(c.Releaser, &parley.CorrectionClose{Correction: task})
	c.Refused(parley.CodeWrongState, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.CorrectionAnswer{Correction: task, Cause: parley.DataWrong}
	})
}

// A new area over an object that was harmed, while its party's task is open, alarms that party and names the task.
func TestAnAreaOverAHarmedObjectAlarms(t *testing.T) {
	c, b, _, _, harm := harmedHospital(t)
	file, _ := viewer(c, b, c.Org).Harm(harm)
	party := mark(c, b, c.A.Officer)
	out := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day))
	expectKinds(t, "the party", kinds(c, b, c.A.Officer, party), parley.NoticeHarmedBefore)
	a, _ := viewer(c, b, c.A.Officer).Area(out.Ref)
	if len(a.Indications) != 1 || a.Indications[0].Task != file.Corrections[0].Ref {
		t.Errorf("indications %+v; expected the one object, with the task", a.Indications)
	}
	// The same area over an object that was never harmed raises no such alarm.
	clean := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(36.5012, 39.9013), cast.Start, c.A.Ref)}
	}).Ref
	c.Release(cast.V(clean, 1), c.A.Ref)
	party = mark(c, b, c.A.Officer)
	c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(cast.At(36.5012, 39.9013), 0.01), b.At+parley.Day, b.At+2*parley.Day))
	if slices.Contains(kinds(c, b, c.A.Officer, party), parley.NoticeHarmedBefore) {
		t.Error("an object that was never harmed raised the alarm of one that was")
	}
}

// Row "fire or harm near" of channel.md section 3: owners near by learn of fire near their own object, people on the road are asked, and
// nobody learns where it was, to what, or who said so.
func TestFireNearTellsOwnersByTheirOwnObject(t *testing.T) {
	c, b := cast.NewBare(t)
	hospital := c.NotifyHospital(raqqa)
	near := cast.At(35.9628, 39.0079) // 1.1 km north
	shelter := c.Must(c.Other, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, near, cast.Start, c.B.Ref)}
	}).Ref
	c.Release(cast.V(shelter, 1), c.B.Ref)
	far := c.Must(c.Other, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, cast.At(36.2012, 39.4013), cast.Start, c.B.Ref)}
	}).Ref
	convoy := c.Must(c.Other, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, b.At+2*parley.Hour, near, cast.At(35.9901, 39.2003), cast.At(36.1001, 39.4003), c.B.Ref)}
	}).Ref
	c.Release(cast.V(convoy, 1), c.B.Ref)
	other, holder := mark(c, b, c.Other), mark(c, b, c.B.Officer)
	harm := c.Tell(c.Org, &parley.HarmReport{Object: hospital, At: b.At, GoesOn: true}).Ref
	notices, _ := viewer(c, b, c.Other).Inbox(other, 100)
	var told []parley.Ref
	for _, n := range notices {
		told = append(told, n.Object)
		if n.Other != "" && n.Other.Kind() != parley.RefPrompt || n.Object == hospital || n.Object == far || n.Object == harm {
			t.Errorf("the neighbour was told %+v; expected its own objects near by, and nothing of the other", n)
		}
	}
	if !slices.Contains(told, shelter) || !slices.Contains(told, convoy) {
		t.Errorf("the neighbour was told of %v; expected %s and %s", told, shelter, convoy)
	}
	prompts, _ := viewer(c, b, c.Other).Prompts(0, 10)
	if !slices.ContainsFunc(prompts, func(p release.Prompt) bool { return p.Movement == convoy && p.Cause == parley.CauseStop && p.Urgent }) {
		t.Errorf("prompts %+v; expected the convoy's people to be asked", prompts)
	}
	held, _ := viewer(c, b, c.B.Officer).Inbox(holder, 100)
	if slices.ContainsFunc(held, func(n release.Notice) bool { return n.Object == hospital || n.Other == harm }) {
		t.Errorf("the holder of the neighbour's objects learns of %s: %+v", hospital, held)
	}
	if _, ok := viewer(c, b, c.Other).Harm(harm); ok {
		t.Error("the neighbour reads the report")
	}
	// A convoy notified afterwards, past the same place, is asked too; one that passes two days later is not.
	late := c.Must(c.Other, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, b.At+5*parley.Hour, near, cast.At(35.9901, 39.2003), cast.At(36.1001, 39.4003), c.B.Ref)}
	}).Ref
	later := c.Must(c.Other, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, b.At+50*parley.Hour, near, cast.At(35.9901, 39.2003), cast.At(36.1001, 39.4003), c.B.Ref)}
	}).Ref
	prompts, _ = viewer(c, b, c.Other).Prompts(0, 10)
	if !slices.ContainsFunc(prompts, func(p release.Prompt) bool { return p.Movement == late && p.Cause == parley.CauseStop }) {
		t.Error("the people of a convoy that will pass within hours were not asked")
	}
	if slices.ContainsFunc(prompts, func(p release.Prompt) bool { return p.Movement == later && p.Cause == parley.CauseStop }) {
		t.Error("the people of a convoy two days away were asked")
	}
}

// Two reports of one event open one task for each party; a stop that was taken climbs again; harm of long ago raises no stop.
func TestRepeatedAndOldReportsOfHarm(t *testing.T) {
	c, b, ref, _, harm := harmedHospital(t)
	file, _ := viewer(c, b, c.Org).Harm(harm)
	c.Tell(c.A.Officer, &parley.StopTake{Stop: file.Stop})
	b.At += 5 * parley.Minute
	again := c.Tell(c.A.Second, &parley.HarmReport{Object: ref, At: b.At, GoesOn: true}).Ref
	second, _ := viewer(c, b, c.Org).Harm(again)
	if second.First != harm || len(second.Corrections) != 0 || second.Stop != file.Stop {
		t.Errorf("the second report: %+v; expected it to name the first, and to open nothing twice", second)
	}
	if second.Reporter != "" {
		t.Errorf("the notifier learns that %s reported it", second.Reporter)
	}
	if stop, _ := viewer(c, b, c.A.Officer).Stop(file.Stop); stop.State != string(parley.StopRaised) || stop.Raised != 2 {
		t.Errorf("the taken stop is %s, raised %d times; expected it raised again", stop.State, stop.Raised)
	}
	c.Tell(c.A.Officer, &parley.StopTake{Stop: file.Stop})
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.StopStandDown{Stop: file.Stop, Report: d.Text("fire has ceased")}
	})
	b.At += 3 * parley.Day
	old := c.Tell(c.Org, &parley.HarmReport{Object: ref, At: b.At - parley.Day}).Ref
	third, _ := viewer(c, b, c.Org).Harm(old)
	if third.Stop != "" || third.First != "" || len(third.Corrections) != 1 {
		t.Errorf("a report of yesterday's harm: %+v; expected a task of its own, and no alarm", third)
	}
	c.Refused(parley.CodeClock, c.Org, func(*draft.Draft) parley.Body { return &parley.HarmReport{Object: ref, At: b.At + parley.Hour} })
	c.Refused(parley.CodeNotFound, c.B.Officer, func(*draft.Draft) parley.Body { return &parley.HarmReport{Object: ref, At: b.At} })
	c.Refused(parley.CodeConsent, c.Releaser, func(*draft.Draft) parley.Body { return &parley.CorrectionOpen{Harm: harm, Party: c.B.Ref} })
	c.Refused(parley.CodeExists, c.Releaser, func(*draft.Draft) parley.Body { return &parley.CorrectionOpen{Harm: harm, Party: c.A.Ref} })
}
