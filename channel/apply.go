package channel

import (
	"parley"
)

// Check decides on a command against the state as it stands, at a time, and changes nothing: what admission asks. A nil refusal
// says that the command would be taken now; the journal's order decides again. Deadlines that have not fired are not reckoned with.
func (s *State) Check(at int64, signed *Signed) *Refusal {
	t := &turn{s: s, cmd: signed.Command, name: signed.Name, position: s.Size(), at: max(at, s.Now())}
	_, refusal := t.decide(signed)
	return refusal
}

// Known returns the outcome of a command that is in the journal.
func (s *State) Known(name parley.Hash) (parley.Outcome, bool) {
	position, ok := s.names[name]
	if !ok {
		return parley.Outcome{}, false
	}
	return *s.outcomes.at(position), true
}

// Apply applies the next entry of the journal, with its log time in milliseconds UTC, and returns what became of it.
//
// Deadlines up to that time fire first. A log time below the last one counts as the last one. The refusal says more about a
// command that was not taken; it is no part of the state.
func (s *State) Apply(at int64, signed *Signed) (parley.Outcome, *Refusal) {
	at = max(at, s.Now())
	s.fire(at)
	t := &turn{s: s, cmd: signed.Command, name: signed.Name, position: s.Size(), at: at}
	s.progress.put("", &parley.Progress{Now: at, Size: t.position + 1})
	out := parley.Outcome{Position: t.position, Name: signed.Name, At: at, Kind: signed.Command.Kind, Code: parley.Applied}
	var refusal *Refusal
	if first, ok := s.names[signed.Name]; ok {
		out.Code, out.First = parley.Duplicate, first
		out.Ref = s.outcomes.at(first).Ref
	} else {
		var do effect
		do, refusal = t.decide(signed)
		if refusal != nil {
			out.Code = parley.OutcomeCode(refusal.Code)
		}
		if do != nil {
			do()
		}
		out.Ref, out.Payloads = t.ref, signed.Command.Commitments()
	}
	out.Account, out.By, out.Told = t.account, t.by(), t.told()
	s.outcomes.add(out)
	s.noteOutcome(&out)
	if t.cmd.OnBehalf != nil && out.Code == parley.Applied {
		t.noteBehalf()
	}
	return out, refusal
}

// decide returns what a command will do, or why it is not taken. A refusal that is kept has an effect too.
func (t *turn) decide(signed *Signed) (effect, *Refusal) {
	rule := rules[t.cmd.Kind]
	if rule == nil {
		return nil, refuse(parley.CodeUnknownKind, "kind", string(t.cmd.Kind), "a command kind of these rules")
	}
	if refusal := t.seat(signed); refusal != nil {
		return nil, refusal
	}
	do, refusal := rule.decide(t)
	if refusal != nil && !refusal.Kept {
		return nil, refusal
	}
	return do, refusal
}

// noteOutcome keeps the derived look-ups of an outcome.
func (s *State) noteOutcome(o *parley.Outcome) {
	if o.Code != parley.Duplicate {
		s.names[o.Name] = o.Position
	}
	for _, c := range o.Payloads {
		if _, ok := s.payloads[c.Hash]; !ok {
			s.payloads[c.Hash] = o.Account
		}
	}
}
