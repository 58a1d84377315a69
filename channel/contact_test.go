package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// convoyOnTheRoad notifies a convoy for A, releases it, has A acknowledge it and lets it depart.
func convoyOnTheRoad(c *cast.Cast, b *cast.Bare) (ref parley.Ref, depart int64) {
	c.T.Helper()
	depart = b.At + 3*parley.Day
	ref = c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9001, 39.2003)})
	b.At = depart
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, Leg: 1, At: b.At})
	return ref, depart
}

// roadOf returns how a movement stands, as a person sees it.
func roadOf(c *cast.Cast, b *cast.Bare, p *cast.Person, ref parley.Ref) *release.Road {
	c.T.Helper()
	f, ok := viewer(c, b, p).Object(ref)
	if !ok || f.Road == nil {
		c.T.Fatalf("%s sees no road of %s", p.Account, ref)
	}
	return f.Road
}

// causes returns why a movement's people are asked, for questions that nobody has answered.
func causes(c *cast.Cast, b *cast.Bare) []parley.PromptCause {
	list, _ := viewer(c, b, c.Org).Prompts(0, 100)
	var open []parley.PromptCause
	for _, p := range list {
		if p.Answered == "" {
			open = append(open, p.Cause)
		}
	}
	return open
}

func TestContactLostAnHourAfterTheLastWord(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	org, desk, a, other := mark(c, b, c.Org), mark(c, b, c.Verifier), mark(c, b, c.A.Officer), mark(c, b, c.B.Officer)
	b.At = depart + parley.Hour - 1
	advance(c, b)
	if roadOf(c, b, c.Org, ref).Lost {
		t.Error("contact is lost before the clock has run out")
	}
	b.At = depart + parley.Hour
	advance(c, b)
	expectKinds(t, "the owner", kinds(c, b, c.Org, org), parley.NoticeContactLost, parley.NoticePrompt)
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeContactLost)
	expectKinds(t, "the recipient", kinds(c, b, c.A.Officer, a), parley.NoticeContactLost)
	expectNothing(t, "a party that holds nothing", kinds(c, b, c.B.Officer, other))
	if !roadOf(c, b, c.A.Officer, ref).Lost || !slices.Equal(causes(c, b), []parley.PromptCause{parley.CauseLost}) {
		t.Errorf("marked %v, asked for %v; expected the mark and one question", roadOf(c, b, c.A.Officer, ref).Lost, causes(c, b))
	}
	// A report takes the mark away; the question stays theirs to decide.
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementCheckpoint, At: b.At})
	if roadOf(c, b, c.Org, ref).Lost || !slices.Equal(causes(c, b), []parley.PromptCause{parley.CauseLost}) {
		t.Errorf("after a report: marked %v, open questions %v; expected no mark, and the question still open", roadOf(c, b, c.Org, ref).Lost, causes(c, b))
	}
}

func TestReachedContactPutsTheClockOffAndATryDoesNot(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + 40*parley.Minute
	org := mark(c, b, c.Org)
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ContactTry{Movement: ref, Means: parley.LiaisonRadio, At: b.At, Reached: true, Words: d.Text("spoke with the leader")}
	})
	expectKinds(t, "the owner", kinds(c, b, c.Org, org), parley.NoticeContactTried)
	b.At = depart + 90*parley.Minute
	c.Tell(c.Verifier, &parley.ContactTry{Movement: ref, Means: parley.LiaisonTelephone, At: b.At})
	advance(c, b)
	if roadOf(c, b, c.Org, ref).Lost {
		t.Error("contact is lost fifty minutes after it was reached")
	}
	b.At = depart + 100*parley.Minute
	advance(c, b)
	if !roadOf(c, b, c.Org, ref).Lost {
		t.Error("an hour after it was reached, and with a try that nobody answered, contact is not lost")
	}
	if n := len(roadOf(c, b, c.Org, ref).Contacts); n != 2 {
		t.Errorf("the owner sees %d tries; expected both", n)
	}
	if n := roadOf(c, b, c.A.Officer, ref).Contacts; len(n) != 1 || n[0].From != c.A.Ref || n[0].Words == "" {
		t.Errorf("the party sees %+v; expected its own try", n)
	}
	_ = c.Refused(parley.CodeNotFound, c.B.Officer, func(*draft.Draft) parley.Body { // it was not released to B
		return &parley.ContactTry{Movement: ref, Means: parley.LiaisonRadio, At: b.At}
	})
	_ = c.Refused(parley.CodeClock, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.ContactTry{Movement: ref, Means: parley.LiaisonRadio, At: b.At + parley.Hour}
	})
}

// What the desk was told by telephone counts from when it was said, not from when it was typed.
func TestToldReportCountsFromWhenItWasSaid(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + 50*parley.Minute
	d := c.Draft()
	d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.ByTelephone, At: depart + 20*parley.Minute}
	s, err := d.Sign(&parley.MovementReport{Movement: ref, Status: parley.MovementCheckpoint, At: depart + 20*parley.Minute}, c.Verifier.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Play(s); err != nil {
		t.Fatal(err)
	}
	if got, want := roadOf(c, b, c.Org, ref).NextDue, parley.Stamp(depart+80*parley.Minute); got != want {
		t.Errorf("the next word is due at %s; expected %s", got, want)
	}
}

func TestStandingLongerThanPlanned(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + parley.Hour
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementUnloading, Leg: 1, At: b.At})
	b.At = depart + 2*parley.Hour
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementUnloading, Leg: 1, At: b.At}) // saying so again does not put it off
	a := mark(c, b, c.A.Officer)
	b.At = depart + 2*parley.Hour + 30*parley.Minute - 1
	advance(c, b)
	if roadOf(c, b, c.Org, ref).OffPlan {
		t.Error("off plan before half an hour has passed since the planned leave")
	}
	b.At++
	advance(c, b)
	if !roadOf(c, b, c.A.Officer, ref).OffPlan || !slices.Contains(causes(c, b), parley.CauseOffPlan) {
		t.Errorf("asked for %v; expected off_plan, and the mark at the recipient", causes(c, b))
	}
	expectKinds(t, "the recipient", kinds(c, b, c.A.Officer, a), parley.NoticeOffPlan)
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementResumed, Leg: 2, At: b.At})
	if r := roadOf(c, b, c.Org, ref); r.OffPlan || r.Stands != "" {
		t.Errorf("resumed, it is %+v; expected no mark", r)
	}
}

func TestPhaseOutsideThePlanIsAFinding(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	for _, step := range []struct {
		after     int64
		status    parley.MovementState
		uncovered bool
	}{
		{20 * parley.Minute, parley.MovementUnloading, true}, // the stop is not before an hour has passed
		{30 * parley.Minute, parley.MovementResumed, false},
		{65 * parley.Minute, parley.MovementUnloading, false},
		{125 * parley.Minute, parley.MovementWaiting, true}, // the plan is on its second leg
		{150 * parley.Minute, parley.MovementHeld, false},   // held on a leg is no phase of the plan
		{200 * parley.Minute, parley.MovementResumed, true}, // the plan is over
		{210 * parley.Minute, parley.MovementArrived, false},
	} {
		b.At = depart + step.after
		org, desk, a := mark(c, b, c.Org), mark(c, b, c.Verifier), mark(c, b, c.A.Officer)
		c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: step.status, At: b.At})
		for who, told := range map[string][]parley.NoticeKind{"owner": kinds(c, b, c.Org, org), "desk": kinds(c, b, c.Verifier, desk), "recipient": kinds(c, b, c.A.Officer, a)} {
			if slices.Contains(told, parley.NoticeUncovered) != step.uncovered {
				t.Errorf("%s after %d minutes: the %s was told %v; expected the finding: %v", step.status, step.after/parley.Minute, who, told, step.uncovered)
			}
		}
		if got := roadOf(c, b, c.Org, ref).Uncovered; got != step.uncovered {
			t.Errorf("%s after %d minutes is marked %v; expected %v", step.status, step.after/parley.Minute, got, step.uncovered)
		}
	}
}

func TestEscortThatWasNotNotified(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	b.At = depart + 10*parley.Minute
	a := mark(c, b, c.A.Officer)
	report := func(armed parley.Answer) {
		t.Helper()
		c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementCheckpoint, At: b.At, Armed: armed})
	}
	report(parley.No)
	if got := kinds(c, b, c.A.Officer, a); slices.Contains(got, parley.NoticeUnnotified) {
		t.Errorf("the notified answer again: the recipient was told %v", got)
	}
	report(parley.Yes)
	notices, _ := viewer(c, b, c.A.Officer).Inbox(a, 100)
	if !slices.ContainsFunc(notices, func(n release.Notice) bool { return n.Kind == parley.NoticeUnnotified && n.Urgent }) {
		t.Errorf("the recipient was told %+v; expected an urgent notice of the change", notices)
	}
	if !slices.Contains(causes(c, b), parley.CauseEscort) || roadOf(c, b, c.A.Officer, ref).Armed != parley.Yes {
		t.Errorf("asked for %v, the recipient sees %q; expected escort_changed and yes", causes(c, b), roadOf(c, b, c.A.Officer, ref).Armed)
	}
	a = mark(c, b, c.A.Officer)
	report(parley.Yes)
	if got := kinds(c, b, c.A.Officer, a); slices.Contains(got, parley.NoticeUnnotified) {
		t.Error("the same change was told twice")
	}
	c.Must(c.Org, func(d *draft.Draft) parley.Body { // the new version says so: nothing differs any more
		m := cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)
		m.Escort.Armed = parley.Yes
		return &parley.MovementUpdate{Of: cast.V(ref, 1), Movement: m}
	})
	if got := roadOf(c, b, c.A.Officer, ref).Armed; got != "" {
		t.Errorf("with a version that says so, %q still stands as a change", got)
	}
}

func TestUpdateOnTheRoadNotAcknowledged(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, depart := convoyOnTheRoad(c, b)
	update := func(of int) {
		c.Must(c.Org, func(d *draft.Draft) parley.Body {
			return &parley.MovementUpdate{Of: cast.V(ref, of), Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
		})
	}
	count := func(p *cast.Person, from uint64) (n int) {
		for _, k := range kinds(c, b, p, from) {
			if k == parley.NoticeUpdateLate {
				n++
			}
		}
		return n
	}
	b.At = depart + parley.Minute
	from := b.At
	org, desk, a := mark(c, b, c.Org), mark(c, b, c.Verifier), mark(c, b, c.A.Officer)
	update(1)
	for _, step := range []struct {
		after int64
		want  int
	}{{5*parley.Minute - 1, 0}, {5 * parley.Minute, 1}, {20*parley.Minute - 1, 1}, {20 * parley.Minute, 2}, {50 * parley.Minute, 2}} {
		b.At = from + step.after
		advance(c, b)
		for who, got := range map[string]int{"owner": count(c.Org, org), "desk": count(c.Verifier, desk), "recipient": count(c.A.Officer, a)} {
			if got != step.want {
				t.Errorf("%d s after the update the %s was told %d times; expected %d", step.after/parley.Second, who, got, step.want)
			}
		}
	}
	from = b.At
	org = mark(c, b, c.Org)
	update(2)
	b.At = from + 5*parley.Minute
	advance(c, b)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 3), ReadBack: cast.At(35.9001, 39.2003)})
	b.At = from + 30*parley.Minute
	advance(c, b)
	if got := count(c.Org, org); got != 1 {
		t.Errorf("acknowledged after the first notice, the owner was told %d times; expected once", got)
	}
}

func TestReportOfAClosedMovementIsRefusedAndKept(t *testing.T) {
	c, b := cast.NewBare(t)
	ref, _ := convoyOnTheRoad(c, b)
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementClosed, At: b.At})
	desk, size := mark(c, b, c.Verifier), b.State.Size()
	_ = c.Refused(parley.CodeWrongState, c.Org, func(*draft.Draft) parley.Body {
		return &parley.MovementReport{Movement: ref, Status: parley.MovementHeld, At: b.At}
	})
	if b.State.Size() != size+1 {
		t.Error("the report left no entry in the journal")
	}
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeAfterClose)
	size = b.State.Size()
	_ = c.Refused(parley.CodeNotFound, c.Other, func(*draft.Draft) parley.Body { // it is somebody else's
		return &parley.MovementReport{Movement: ref, Status: parley.MovementHeld, At: b.At}
	})
	if b.State.Size() != size {
		t.Error("a stranger's report about it left an entry")
	}
}

func TestLateDecisionIsTakenAndMarked(t *testing.T) {
	c, b := cast.NewBare(t)
	_, depart := convoyOnTheRoad(c, b)
	b.At = depart + parley.Hour
	advance(c, b)
	list, _ := viewer(c, b, c.Org).Prompts(0, 10)
	b.At += 31 * parley.Minute
	advance(c, b)
	d := c.Draft()
	d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.ByForm, At: b.At, Member: c.Org.Ref}
	s, err := d.Sign(&parley.PromptAnswer{Prompt: list[0].Ref, Decision: parley.Continue}, c.Node)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Play(s); err != nil {
		t.Fatalf("a late decision was refused: %v", err)
	}
	after, _ := viewer(c, b, c.Org).Prompts(0, 10)
	if p := after[0]; p.Decision != parley.Continue || !p.Late || !p.NoAnswer || p.Told != parley.ByForm {
		t.Errorf("the question reads %+v; expected the decision, marked late and told by form", p)
	}
	// What its author signs stands over what a form said; after that it is decided.
	c.Tell(c.Org, &parley.PromptAnswer{Prompt: list[0].Ref, Decision: parley.Hold})
	if after, _ = viewer(c, b, c.Org).Prompts(0, 10); after[0].Decision != parley.Hold || after[0].Told != "" {
		t.Errorf("the question reads %+v; expected the signed decision", after[0])
	}
	_ = c.Refused(parley.CodeWrongState, c.Org, func(*draft.Draft) parley.Body {
		return &parley.PromptAnswer{Prompt: list[0].Ref, Decision: parley.Continue}
	})
}

func TestPlaceOnTheRoadGoesByConsent(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 3*parley.Day
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		m := cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref, c.B.Ref)
		m.Shared.Consents[0].Fields = append(m.Shared.Consents[0].Fields, parley.FieldRoad)
		return &parley.MovementNotify{Movement: m}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref, c.B.Ref)
	b.At = depart
	place := cast.At(35.95, 39.01)
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, At: b.At, Place: &place, Words: d.Text("with two of us")}
	})
	for name, want := range map[string]struct {
		who          *cast.Person
		place, words bool
	}{"A": {c.A.Officer, true, false}, "B": {c.B.Officer, false, false}, "the owner": {c.Org, true, true}, "the desk": {c.Verifier, true, true}} {
		r := roadOf(c, b, want.who, ref).Reports[0]
		if (r.Place != nil) != want.place || (r.Words != "") != want.words || r.Status != parley.MovementDeparted {
			t.Errorf("%s sees %+v; expected the place: %v, the words: %v", name, r, want.place, want.words)
		}
	}
}
