package channel

import (
	"fmt"
	"slices"

	"parley"
	"parley/duty"
)

// contactTry puts on record that somebody tried to reach a movement. A party names one that was released to it.
func (t *turn) contactTry(b *parley.ContactTry) (effect, *Refusal) {
	o, r := t.seenOpen("body.movement", b.Movement)
	if r != nil {
		return nil, r
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	return func() {
		t.ref = b.Movement
		t.s.contacts.put(fmt.Sprintf("%s %015d", b.Movement, t.position), &parley.Contacted{Movement: b.Movement, By: t.by(), From: t.account, Told: t.told(), Means: b.Means, At: b.At,
			Reached: b.Reached, Words: b.Words, Noted: t.at, Position: t.position})
		if o.Departed() {
			e := t.s.objects.edit(string(o.Ref))
			if b.Reached {
				t.heardOf(e, min(b.At, t.at))
			} else {
				t.triedInVain(e)
			}
		}
		for _, to := range []parley.Ref{o.Owner, parley.Desk} {
			if to != t.account {
				t.tell(to, parley.NoticeContactTried, parley.Versioned{Ref: o.Ref, Version: o.Newest}, other(t.account))
			}
		}
	}, nil
}

// reportAfterClose refuses a report of a movement that has ended, and keeps it: somebody may be on the road all the same.
func (t *turn) reportAfterClose(o *parley.Object) (effect, *Refusal) {
	refusal := refuse(parley.CodeWrongState, "body.movement", fmt.Sprintf("%s, which is %s", o.Ref, o.State), "a movement that has not ended; the report is kept and the desk is told: notify a movement anew if somebody is on the road")
	refusal.Kept = true
	return func() {
		t.ref = o.Ref
		of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
		t.tell(parley.Desk, parley.NoticeAfterClose, of, urgent(true))
		t.tell(o.Owner, parley.NoticeAfterClose, of, urgent(true))
	}, refusal
}

// saidAt returns when this word was said: what the desk enters, when it was told; anything else, now. A report that waited in an
// outbox counts from when it came, since whoever carried it has a line again.
func (t *turn) saidAt() int64 {
	if b := t.cmd.OnBehalf; b != nil && !b.ByNode() {
		return min(b.At, t.at)
	}
	return t.at
}

// heardOf starts a movement's contact clock anew, unless something later was heard of it already.
func (t *turn) heardOf(o *parley.Object, at int64) {
	if at >= o.Heard {
		o.Heard, o.Lost = at, false
	}
	t.s.cancel(o.Ref, deadlineContact)
	if o.Movement.Awaited() && !o.Lost {
		t.s.after(o.Heard, t.s.profile().Clocks.Contact, o.Ref, deadlineContact, "")
	}
}

// vain is how long a movement on the road may stay silent after somebody tried to reach it and nobody answered, in milliseconds: whoever
// calls has a reason to.
const vain = 10 * parley.Minute

// triedInVain leaves a movement that nobody could reach a short time to be heard of. One that was lost already is told of again after it.
func (t *turn) triedInVain(o *parley.Object) {
	if !o.Movement.Awaited() {
		return
	}
	due := t.at + vain
	if clock := o.Heard + t.s.profile().Clocks.Contact; !o.Lost {
		due = min(due, clock)
	}
	t.s.cancel(o.Ref, deadlineContact)
	t.s.after(due, 0, o.Ref, deadlineContact, "")
}

// stands starts the clock of a movement that stands, and stops it when it goes on. Saying again that it stands does not put the clock off.
func (t *turn) stands(o, was *parley.Object) {
	switch {
	case !o.Movement.Standing():
		o.Stands, o.OffPlan = 0, false
	case was.Stands == 0 || o.Leg != was.Leg:
		o.Stands, o.OffPlan = t.at, false
	}
	t.s.standUntil(o, t.s.newest(o).Movement)
}

func (s *State) standUntil(o *parley.Object, plan *parley.Movement) {
	s.cancel(o.Ref, deadlineStanding)
	if o.Stands != 0 && !o.OffPlan {
		s.after(max(o.Stands, plan.LeavesBy(o.Leg, o.Stands)), s.profile().Clocks.Standing, o.Ref, deadlineStanding, "")
	}
}

// heldAgainstPlan tells everyone concerned when what a movement does lies outside what was notified: a finding about the data, no
// more. Who is armed with it is asked about at once.
func (t *turn) heldAgainstPlan(o, was *parley.Object, plan *parley.Movement, b *parley.MovementReport) {
	o.Uncovered = !plan.Covers(b.Status, min(b.At, t.at))
	if o.Uncovered && (!was.Uncovered || was.Movement != o.Movement) {
		t.s.tellRoad(o, parley.NoticeUncovered, parley.Notice{At: t.at, Position: t.position})
	}
	t.heldAgainstNotice(o, was, plan, b)
	if b.Armed == "" {
		return
	}
	if o.Armed = b.Armed; b.Armed == plan.Escort.Armed {
		o.Armed = ""
	}
	if o.Armed != "" && o.Armed != was.Armed {
		t.s.tellRoad(o, parley.NoticeUnnotified, parley.Notice{At: t.at, Position: t.position, Urgent: true})
		t.ask(o, parley.CauseEscort, true)
	}
}

// heldAgainstNotice tells everyone concerned once when a report contradicts a field that was notified. A field of which it says nothing stays
// as it was last said.
func (t *turn) heldAgainstNotice(o, was *parley.Object, plan *parley.Movement, b *parley.MovementReport) {
	differs, said := plan.Differs(b, plan.KeepOutMetres(t.s.profile()))
	now := slices.Clone(differs)
	for _, f := range was.Differs {
		if !slices.Contains(said, f) {
			now = append(now, f)
		}
	}
	slices.Sort(now)
	o.Differs = now
	if slices.ContainsFunc(differs, func(f parley.MovementField) bool { return !slices.Contains(was.Differs, f) }) {
		t.s.tellRoad(o, parley.NoticeUnnotified, parley.Notice{At: t.at, Position: t.position, Urgent: true})
	}
}

// replan holds a movement on the road against its new version.
func (s *State) replan(o *parley.Object, plan *parley.Movement) {
	if !o.Departed() {
		return
	}
	if o.Armed == plan.Escort.Armed {
		o.Armed = ""
	}
	o.Differs = nil // the newest version is the newest word
	o.Uncovered = o.Uncovered && !plan.Covers(o.Movement, o.Reported)
	s.standUntil(o, plan)
}

// tellRoad tells a movement's owner, the desk and every party that holds it the same thing.
func (s *State) tellRoad(o *parley.Object, kind parley.NoticeKind, n parley.Notice) {
	n.Kind, n.Object, n.Version = kind, o.Ref, o.Newest
	for _, to := range append([]parley.Ref{o.Owner, parley.Desk}, s.holdingParties(o.Ref)...) {
		n.To = to
		s.tell(n)
	}
}

// contactPassed asks about a movement of which nothing was heard for the contact clock.
func (s *State) contactPassed(d duty.Deadline, at int64) {
	o := s.objects.edit(d.Ref)
	o.Lost = true
	s.roadPassed(d, at, o, parley.NoticeContactLost, parley.CauseLost)
}

// standingPassed asks about a movement that stands longer than planned.
func (s *State) standingPassed(d duty.Deadline, at int64) {
	o := s.objects.edit(d.Ref)
	o.OffPlan = true
	s.roadPassed(d, at, o, parley.NoticeOffPlan, parley.CauseOffPlan)
}

func (s *State) roadPassed(d duty.Deadline, at int64, o *parley.Object, kind parley.NoticeKind, cause parley.PromptCause) {
	s.tellRoad(o, kind, parley.Notice{Due: d.Due, At: at, Position: s.Size(), Urgent: true})
	s.ask(o, cause, true, at, s.Size(), deadlineSeed(d))
}
