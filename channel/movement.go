package channel

import (
	"cmp"
	"fmt"
	"slices"

	"parley"
	"parley/geo"
)

func (t *turn) movementFits(m *parley.Movement) *Refusal {
	var shapes []geo.Shape
	for _, l := range m.Legs {
		shapes = append(shapes, l.Route)
	}
	for _, s := range m.Stops {
		shapes = append(shapes, s.Place)
	}
	return cmp.Or(t.consents("body.movement", &m.Shared), t.doubts(shapes, 0, m.Findings))
}

func movementVersion(m *parley.Movement) *parley.Version {
	return &parley.Version{Movement: m, Doubts: answered(m.Findings)}
}

// movementNotify takes a movement however late: late is marked, never refused.
func (t *turn) movementNotify(b *parley.MovementNotify) (effect, *Refusal) {
	m := &b.Movement
	if r := t.movementFits(m); r != nil {
		return nil, r
	}
	if w := m.Window(); w.To+m.Margin <= t.at {
		return nil, refuse(parley.CodeClock, "body.movement.legs", parley.Stamp(w.To), "a movement that has not ended")
	}
	lead := t.s.profile().LeadTimes.Standard
	if m.Urgency != parley.StandardNotice {
		lead = t.s.profile().LeadTimes.Emergency
	}
	late := m.Legs[0].Depart-t.at < lead
	return func() { t.addObject(parley.RefMovement, movementVersion(m), late) }, nil
}

func (t *turn) movementUpdate(b *parley.MovementUpdate) (effect, *Refusal) {
	o, r := t.owned("body.of", b.Of.Ref)
	if r = cmp.Or(r, t.quoted(o, b.Of), t.movementFits(&b.Movement)); r != nil {
		return nil, r
	}
	return func() { t.update(b.Of.Ref, movementVersion(&b.Movement)) }, nil
}

func (t *turn) movementReport(b *parley.MovementReport) (effect, *Refusal) {
	if o := t.s.object(b.Movement); o != nil && o.Owner == t.account && !o.Open() {
		return t.reportAfterClose(o)
	}
	o, r := t.owned("body.movement", b.Movement)
	if r != nil {
		return nil, r
	}
	if !parley.MovementMachine.May(string(o.Movement), string(b.Status)) {
		return nil, refuse(parley.CodeWrongState, "body.status", string(b.Status), "a step from "+string(o.Movement))
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	if b.Status == parley.MovementClosed && t.told() == parley.BySMS && t.cmd.OnBehalf.ByNode() {
		// It would leave every list, and a number can be forged: that takes a signature, a session, or a desk that has called back.
		return nil, refuse(parley.CodeOnBehalf, "body.status", "closed, by sms", "closed by its author's key or form, or entered by the desk after a call back")
	}
	plan := t.s.newest(o).Movement
	if legs := len(plan.Legs); b.Leg > legs {
		return nil, refuse(parley.CodeInvalid, "body.leg", "a leg past the last", "a leg of the plan")
	}
	return func() {
		s := t.s
		t.ref = b.Movement
		was := *o
		o := s.objects.edit(string(b.Movement))
		o.Movement, o.Reported, o.Told, o.Overdue = b.Status, t.at, t.told(), false
		if b.Leg > 0 {
			o.Leg = b.Leg
		}
		s.reports.put(fmt.Sprintf("%s %015d", b.Movement, t.position), &parley.Reported{Movement: b.Movement, By: t.by(), Told: t.told(), Status: b.Status, Leg: b.Leg, At: b.At,
			Place: b.Place, Armed: b.Armed, Vehicles: b.Vehicles, Persons: b.Persons, Changed: b.Changed, Words: b.Words, Noted: t.at, Position: t.position})
		of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
		t.tell(parley.Desk, parley.NoticeReport, of, urgent(b.Status == parley.MovementAttacked))
		for _, to := range s.holdingParties(o.Ref) {
			t.tell(to, parley.NoticeReport, of, urgent(b.Status == parley.MovementAttacked))
		}
		if b.Status == parley.MovementClosed {
			o.Lost, o.Stands, o.OffPlan, o.Uncovered, o.Differs = false, 0, false, false, nil
			t.end(o.Ref, parley.Closed, "")
			return
		}
		if o.Movement != was.Movement {
			s.endChecksOf(o, t.at, t.position)
		}
		t.heardOf(o, t.saidAt())
		t.stands(o, &was)
		t.heldAgainstPlan(o, &was, plan, b)
		if o.Departed() != was.Departed() {
			s.indexObject(o, s.newest(o))
			for _, key := range s.holdersOf(o.Ref) {
				if s.releases.get(key).Stands {
					s.stand(key)
				}
			}
			s.uses(o)
		}
		s.cancel(o.Ref, deadlineOverdue)
		clock := s.profile().Clocks.Overdue
		s.after(max(t.at, s.newest(o).Movement.Window().To), clock, o.Ref, deadlineOverdue, "report")
	}, nil
}

// holdingParties returns the parties that hold a version of an object, in order, each once.
func (s *State) holdingParties(ref parley.Ref) []parley.Ref {
	var parties []parley.Ref
	for _, key := range s.holders[ref] {
		if r := s.releases.get(key); r.Holds() {
			parties = append(parties, r.To)
		}
	}
	slices.Sort(parties)
	return slices.Compact(parties)
}

// ask puts a question to the people on the road (H2). It names the movement, never a leg, hour, geometry or party. A question
// that is open for the same cause is not asked twice.
func (t *turn) ask(o *parley.Object, cause parley.PromptCause, isUrgent bool) {
	t.s.ask(o, cause, isUrgent, t.at, t.position, t.name)
}

func (s *State) ask(o *parley.Object, cause parley.PromptCause, isUrgent bool, at int64, position uint64, seed parley.Hash) {
	for _, ref := range s.promptsOf[o.Ref] {
		if p := s.prompts.get(string(ref)); p.Cause == cause && p.Answered == 0 && !p.NoAnswer {
			return
		}
	}
	ref := s.freeRef(parley.RefPrompt, mix(seed, string(o.Ref)+string(cause)))
	s.taken[ref] = true
	dueAt := at + s.profile().Clocks.Prompt
	s.prompts.put(string(ref), &parley.Prompt{Ref: ref, Movement: o.Ref, Cause: cause, At: at, Due: dueAt, Urgent: isUrgent})
	s.promptsOf[o.Ref] = append(s.promptsOf[o.Ref], ref)
	s.after(dueAt, 0, ref, deadlinePrompt, "")
	s.accounts.edit(string(o.Owner)).Prompts++
	s.tell(parley.Notice{To: o.Owner, Kind: parley.NoticePrompt, Object: o.Ref, Version: o.Newest, Other: ref, Due: dueAt, At: at, Position: position, Urgent: isUrgent})
}

func (t *turn) promptAnswer(b *parley.PromptAnswer) (effect, *Refusal) {
	p := t.s.prompts.get(string(b.Prompt))
	if p == nil || t.s.object(p.Movement).Owner != t.account {
		return nil, notFound("body.prompt")
	}
	if p.Answered != 0 && (p.Told == "" || t.told() != "") { // what was told gives way to what its author signs
		return nil, refuse(parley.CodeWrongState, "body.prompt", string(p.Decision), "a question that was not answered; a new decision is a report of the movement")
	}
	return func() {
		t.ref = b.Prompt
		p := t.s.prompts.edit(string(b.Prompt))
		p.Decision, p.Answered, p.By, p.Told = b.Decision, t.at, t.by(), t.told()
		p.Late = t.at > p.Due
		o := t.s.object(p.Movement)
		of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
		t.tell(parley.Desk, parley.NoticeDecision, of, other(b.Prompt))
		for _, to := range t.s.holdingParties(o.Ref) {
			t.tell(to, parley.NoticeDecision, of)
		}
	}, nil
}
