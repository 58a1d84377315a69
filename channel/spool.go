package channel

import (
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// Foreseen is what an urgent stop will be once its command is appended, as far as the state tells now: what a node tells from its spool.
type Foreseen struct {
	Ref     parley.Ref
	Joins   bool // a stop about the same thing stands: it will be raised again
	Parties []parley.Ref
	Account parley.Ref
}

// ForeseeStop says what raising a stop would come to. Nothing is changed.
func (s *State) ForeseeStop(signed *Signed) Foreseen {
	b := signed.Command.Body.(*parley.StopRaise)
	f := Foreseen{Account: s.SpeakerOf(signed.Command), Parties: s.concernedBy(b.Object)}
	if f.Ref = s.joins(b.Object, b.Place); f.Ref != "" {
		f.Joins = true
		e := s.stops.get(string(f.Ref))
		f.Parties = union(e.Parties, f.Parties)
		if e.Raised >= 2 {
			f.Parties = s.parties()
		}
		return f
	}
	f.Ref = s.freeRef(parley.RefStop, signed.Name)
	return f
}

// Seat says for whom a command speaks, and whether its author is off the rota, or why it may not be said. It looks at who speaks alone, not
// at what is said.
func (s *State) Seat(at int64, signed *Signed) (account parley.Ref, offRota bool, _ *Refusal) {
	t := &turn{s: s, cmd: signed.Command, name: signed.Name, position: s.Size(), at: max(at, s.Now())}
	if r := t.seat(signed); r != nil {
		return "", false, r
	}
	return t.account, t.offRota(), nil
}

// Ladder returns when step n (from 0) of a stop raised at a time is due.
func (s *State) Ladder(raised int64, n int) int64 {
	return duty.Step(s.profile().Clocks.StopLadder, raised, n)
}

// UrgentStop returns a stop's record, or nil. It must not be changed.
func (s *State) UrgentStop(ref parley.Ref) *parley.UrgentStop { return s.stops.get(string(ref)) }

// StopsLate returns the stops that nobody has taken and whose ladder was due by a time, in order: their journal was not written.
func (s *State) StopsLate(by int64) []parley.Ref {
	var late []parley.Ref
	for ref := range s.stopsOpen {
		if e := s.stops.get(string(ref)); e.State == parley.StopRaised && duty.Step(s.profile().Clocks.StopLadder, e.Last, e.Step) <= by {
			late = append(late, ref)
		}
	}
	slices.Sort(late)
	return late
}

// SameStop reports whether two stops are about the same object, or about places so near that they join one ladder.
func SameStop(object parley.Ref, place *geo.Position, other parley.Ref, otherPlace *geo.Position) bool {
	return object != "" && object == other || place != nil && otherPlace != nil && geo.DistanceMM(*place, *otherPlace) <= stopNear*1000
}

// stopSpooled notes on the stops' logs when each step was told from the spool, adds the steps that a ladder climbed there, and lets the
// ladder of a stop that nobody has taken run on from when it was raised, not from when the journal came back.
func (t *turn) stopSpooled(b *parley.StopSpooled) (effect, *Refusal) {
	return func() {
		s := t.s
		raised := map[parley.Ref]int64{}
		for _, told := range b.Told {
			position, ok := s.names.of(told.Command)
			if !ok {
				continue
			}
			o := s.outcomes.at(position)
			if o.Code != parley.Applied || s.stops.get(string(o.Ref)) == nil {
				continue
			}
			e := s.stops.edit(string(o.Ref))
			e.Log = slices.Clone(e.Log)
			for i := range e.Log {
				if e.Log[i].Position == position {
					e.Log[i].Spooled, e.Log[i].Lost = told.At, told.Lost
				}
			}
			if o.Kind == "stop.raise" {
				raised[o.Ref] = told.At
			}
			t.ref = o.Ref
		}
		steps := map[parley.Ref]int{}
		for _, c := range b.Climbs {
			if s.stops.get(string(c.Stop)) == nil {
				continue
			}
			e := s.stops.edit(string(c.Stop))
			if i := slices.IndexFunc(e.Log, func(l parley.StopStep) bool { return l.What == "climbed" && l.Due == c.Due && l.Spooled == 0 }); i >= 0 {
				e.Log = slices.Clone(e.Log) // the ladder of a stop that the journal has: it noted the step when it was there again
				e.Log[i].Spooled = c.At
				continue
			}
			e.Log = append(slices.Clone(e.Log), parley.StopStep{What: "climbed", Spooled: c.At, Due: c.Due, At: t.at, Position: t.position})
			steps[c.Stop] = max(steps[c.Stop], c.Step)
		}
		refs := make([]parley.Ref, 0, len(raised))
		for ref := range raised {
			refs = append(refs, ref)
		}
		slices.Sort(refs)
		for _, ref := range refs {
			e := s.stops.edit(string(ref))
			e.Last = min(e.Last, raised[ref])
			if e.State == parley.StopRaised {
				e.Step = max(e.Step, steps[ref])
				s.cancel(ref, deadlineStop)
				s.after(duty.Step(s.profile().Clocks.StopLadder, e.Last, e.Step), 0, ref, deadlineStop, "")
			}
			for _, p := range union(append(slices.Clone(e.Parties), parley.Desk, e.Raiser), e.Joined) {
				t.tell(p, parley.NoticeStopStep, parley.Versioned{Ref: ref})
			}
		}
	}, nil
}
