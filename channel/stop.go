package channel

import (
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// stopNear is how near two urgent stops by place have to be to join one ladder, in metres.
const stopNear = 2000

// stopRaise tells every party that holds the object, or every party when only a place is known: never chosen by declared areas.
// Raised again, it joins the ladder that stands and raises it; the third time it goes to every party.
func (t *turn) stopRaise(b *parley.StopRaise) (effect, *Refusal) {
	if b.Object != "" {
		if _, r := t.seen("body.object", b.Object); r != nil {
			return nil, r
		}
	}
	return func() { t.ref = t.raise(b.Object, b.Place, b.Words) }, nil
}

// raise raises an urgent stop, or raises again the one that stands about the same thing, and returns its reference.
func (t *turn) raise(object parley.Ref, place *geo.Position, words parley.Commitment) parley.Ref {
	s := t.s
	concerned := s.concernedBy(object)
	if old := s.joins(object, place); old != "" {
		e := s.stops.edit(string(old))
		e.Raised++
		if t.account != e.Raiser && t.account != parley.Desk {
			e.Joined = union(e.Joined, []parley.Ref{t.account})
		}
		if e.Raised >= 3 {
			concerned = s.parties()
		}
		e.Parties = union(e.Parties, concerned)
		e.State, e.Last, e.Step = parley.StopRaised, t.at, 0
		t.stopStep(e, parley.StopStep{What: "raised again", Words: words, Called: s.called(e, t.at)})
		t.climb(e)
		return old
	}
	ref := t.newRef(parley.RefStop)
	s.taken[ref], s.stopsOpen[ref] = true, true
	e := &parley.UrgentStop{Ref: ref, Object: object, Place: place, Raiser: t.account, By: t.by(), OnBehalf: t.cmd.OnBehalf, State: parley.StopRaised,
		At: t.at, Raised: 1, Last: t.at, Parties: concerned}
	s.stops.put(string(ref), e)
	t.stopStep(e, parley.StopStep{What: "raised", Words: words, Called: s.called(e, t.at)})
	t.climb(e)
	return ref
}

// called returns the members whom a stop calls at the step it stands at: officers on duty first, then their deputies and whoever comes
// next, then every duty officer. Everyone concerned sees a stop at once, whoever is called: any duty officer may take it.
func (s *State) called(e *parley.UrgentStop, at int64) []parley.Ref {
	var all []parley.Ref
	for _, party := range e.Parties {
		var officers []parley.Ref
		for _, ref := range s.byAccount[party] {
			if m := s.members.get(string(ref)); m.Revoked == 0 && m.Has(parley.DutyOfficer) {
				officers = append(officers, ref)
			}
		}
		slices.Sort(officers)
		var shifts []parley.Shift
		if rota := s.rotas.get(string(party)); rota != nil {
			shifts = rota.Shifts
		}
		all = append(all, duty.Call(shifts, officers, at, e.Step)...)
	}
	return all
}

// concernedBy returns the parties that a stop is for: those that hold the object, or every party.
func (s *State) concernedBy(object parley.Ref) []parley.Ref {
	if object != "" {
		if holding := s.holdingParties(object); len(holding) > 0 {
			return holding
		}
	}
	return s.parties()
}

func union(a, b []parley.Ref) []parley.Ref {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// joins returns the open stop about the same object, or near the same place.
func (s *State) joins(object parley.Ref, place *geo.Position) parley.Ref {
	var open []parley.Ref
	for ref := range s.stopsOpen {
		open = append(open, ref)
	}
	slices.Sort(open)
	for _, ref := range open {
		e := s.stops.get(string(ref))
		if SameStop(object, place, e.Object, e.Place) {
			return ref
		}
	}
	return ""
}

// climb tells everyone concerned and starts the ladder.
func (t *turn) climb(e *parley.UrgentStop) {
	s := t.s
	s.cancel(e.Ref, deadlineStop)
	ladder := s.profile().Clocks.StopLadder
	dueAt := duty.Step(ladder, e.Last, e.Step)
	s.after(dueAt, 0, e.Ref, deadlineStop, "")
	s.cancel(e.Ref, deadlineStopUnit)
	s.after(e.Last, ladder[len(ladder)-1], e.Ref, deadlineStopUnit, "")
	for _, to := range append(slices.Clone(e.Parties), parley.Desk, parley.Board) {
		t.tell(to, parley.NoticeStop, parley.Versioned{Ref: e.Ref}, due(dueAt), urgent(true))
	}
	if o := s.object(e.Object); o != nil && o.Departed() {
		t.ask(o, parley.CauseStop, true)
	}
}

// stopClimbs raises a stop that nobody has taken to the next step, until a person takes it.
func (s *State) stopClimbs(d duty.Deadline, at int64) {
	e := s.stops.edit(d.Ref)
	if e.State != parley.StopRaised {
		return
	}
	e.Step++
	next := duty.Step(s.profile().Clocks.StopLadder, e.Last, e.Step)
	e.Log = append(slices.Clone(e.Log), parley.StopStep{What: "climbed", Called: s.called(e, at), Due: d.Due, At: at, Position: s.Size()})
	s.after(next, 0, e.Ref, deadlineStop, "")
	for _, to := range append(slices.Clone(e.Parties), parley.Desk, parley.Board) {
		s.noted(d, at, to, parley.NoticeStopClimbs, parley.Versioned{Ref: e.Ref, Version: e.Step}, urgent(true))
	}
}

// unpassed returns the parties of a stop that have not said since it was last raised that a unit of theirs has it, in order. What a relay
// delivered is no word of theirs. Once somebody has said what followed, the question is answered.
func unpassed(e *parley.UrgentStop) []parley.Ref {
	if e.State == parley.StopEffect || e.State == parley.StopStoodDown {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(e.Parties), func(p parley.Ref) bool {
		return slices.ContainsFunc(e.Log, func(l parley.StopStep) bool {
			return l.Account == p && l.Echelon == parley.Unit && l.At >= e.Last
		})
	})
}

// stopUnpassed tells a party, whoever raised a stop and the desk that nobody has said that a unit of the party has it. To have a stop at
// headquarters stops nothing.
func (s *State) stopUnpassed(d duty.Deadline, at int64) {
	e := s.stops.get(d.Ref)
	of := parley.Versioned{Ref: e.Ref}
	for _, p := range unpassed(e) {
		for _, to := range union([]parley.Ref{p, e.Raiser, parley.Desk}, e.Joined) {
			s.noted(d, at, to, parley.NoticeStopUnpassed, of, other(p), urgent(true))
		}
	}
}

func (t *turn) stopStep(e *parley.UrgentStop, step parley.StopStep) {
	step.By, step.Account, step.Told, step.At, step.Position = t.by(), t.account, t.told(), t.at, t.position
	e.Log = append(slices.Clone(e.Log), step)
}

// concerns reports whether an account raised a stop, raised it again, or is told of it.
func concerns(e *parley.UrgentStop, account parley.Ref) bool {
	return e.Raiser == account || slices.Contains(e.Joined, account) || slices.Contains(e.Parties, account)
}

// stop returns an open stop that concerns the account that speaks.
func (t *turn) stop(ref parley.Ref) (*parley.UrgentStop, *Refusal) {
	e := t.s.stops.get(string(ref))
	if e == nil || t.account != parley.Desk && !concerns(e, t.account) {
		return nil, notFound("body.stop")
	}
	if e.State == parley.StopStoodDown {
		return nil, refuse(parley.CodeWrongState, "body.stop", string(e.State), "a stop that was not stood down")
	}
	return e, nil
}

// stopMove makes the step of a stop's machine that a command asks for, and tells everyone concerned.
func (t *turn) stopMove(ref parley.Ref, to parley.StopState, step parley.StopStep) (effect, *Refusal) {
	e, r := t.stop(ref)
	if r != nil {
		return nil, r
	}
	if !parley.StopMachine.May(string(e.State), string(to)) {
		return nil, refuse(parley.CodeWrongState, "body.stop", string(e.State), "a state from which it can become "+string(to))
	}
	return func() {
		t.ref = ref
		e := t.s.stops.edit(string(ref))
		e.State = to
		t.stopStep(e, step)
		switch {
		case step.Effect == parley.FireGoesOn: // taken is not worked: it climbs again
			e.State, e.Last, e.Step = parley.StopRaised, t.at, 0
			t.climb(e)
			return
		case to == parley.StopStoodDown:
			t.s.cancelAll(ref)
			delete(t.s.stopsOpen, ref)
		default:
			t.s.cancel(ref, deadlineStop)
		}
		for _, p := range union(append(slices.Clone(e.Parties), parley.Desk, e.Raiser), e.Joined) {
			t.tell(p, parley.NoticeStopStep, parley.Versioned{Ref: ref})
		}
	}, nil
}

func (t *turn) stopTake(b *parley.StopTake) (effect, *Refusal) {
	if e := t.s.stops.get(string(b.Stop)); e != nil && !slices.Contains(e.Parties, t.account) {
		return nil, notFound("body.stop")
	}
	return t.stopMove(b.Stop, parley.StopTaken, parley.StopStep{What: "taken", OffRota: t.offRota()})
}

func (t *turn) stopPass(b *parley.StopPass) (effect, *Refusal) {
	return t.stopMove(b.Stop, parley.StopPassed, parley.StopStep{What: "passed on", Echelon: b.Echelon})
}

func (t *turn) stopEffect(b *parley.StopEffectReport) (effect, *Refusal) {
	return t.stopMove(b.Stop, parley.StopEffect, parley.StopStep{What: "effect", Effect: b.Effect, Words: b.Words})
}

func (t *turn) stopStandDown(b *parley.StopStandDown) (effect, *Refusal) {
	return t.stopMove(b.Stop, parley.StopStoodDown, parley.StopStep{What: "stood down", Words: b.Report})
}

// offRota reports whether the author's account keeps a rota and the author is not on duty by it.
func (t *turn) offRota() bool {
	rota := t.s.rotas.get(string(t.account))
	return rota != nil && t.author != nil && t.author.Account == t.account && !slices.Contains(duty.OnDuty(rota.Shifts, t.at), t.author.Ref)
}

// noteBehalf remembers what was entered for an account, which is told and may confirm or disown it. For a form no clock runs: the
// account typed it. It is told all the same, because a node's key signed it and nobody else would notice a form that nobody typed.
func (t *turn) noteBehalf() {
	s := t.s
	e := &parley.BehalfEntry{Name: t.name, Of: t.account, Kind: t.cmd.Kind, Told: t.told(), By: t.by(), At: t.at}
	if e.Told != parley.ByForm {
		e.Due = t.at + s.profile().Clocks.OnBehalf
		s.after(e.Due, 0, parley.Ref(t.name.String()), deadlineBehalf, "")
	}
	s.behalf.put(t.name.String(), e)
	t.tell(t.account, parley.NoticeBehalf, parley.Versioned{Ref: t.ref}, due(e.Due))
}

func (t *turn) behalfConfirm(b *parley.BehalfConfirm) (effect, *Refusal) {
	e := t.s.behalf.get(b.Command.String())
	if e == nil || e.Of != t.account {
		return nil, notFound("body.command")
	}
	if e.Confirmed != 0 || e.Disowned != 0 {
		return nil, refuse(parley.CodeWrongState, "body.command", "an entry that was answered", "an entry that waits for its word")
	}
	return func() {
		e := t.s.behalf.edit(b.Command.String())
		if b.Disown {
			e.Disowned = t.at
		} else {
			e.Confirmed = t.at
		}
		t.s.cancelAll(parley.Ref(e.Name.String()))
		t.tell(parley.Desk, parley.NoticeBehalfAnswer, parley.Versioned{Ref: t.s.refOf(e.Name)}, other(t.account), urgent(b.Disown))
	}, nil
}

func (s *State) behalfPassed(d duty.Deadline, at int64) {
	e := s.behalf.edit(d.Ref)
	e.NoAnswer = true
	s.noted(d, at, parley.Desk, parley.NoticeBehalfLate, parley.Versioned{Ref: s.refOf(e.Name)}, other(e.Of))
}

// refOf returns what a command that is in the journal made or concerned.
func (s *State) refOf(name parley.Hash) parley.Ref {
	position, _ := s.names.of(name)
	return s.outcomes.at(position).Ref
}
