package channel

import (
	"slices"

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
	position, ok := s.names.of(name)
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
	if first, ok := s.names.of(signed.Name); ok {
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
		s.names.note(o.Name, o.Position)
	}
	for _, c := range o.Payloads {
		s.payloads.note(c.Hash, o.Position)
	}
}

func (s *State) newPlaces(names, payloads int) (byName, byPayload places) {
	byName = newPlaces(func(position uint64, name parley.Hash) bool { return s.outcomes.at(position).Name == name }, names)
	byPayload = newPlaces(func(position uint64, c parley.Hash) bool {
		return slices.Contains(s.outcomes.at(position).Payloads, parley.Commitment{Hash: c})
	}, payloads)
	return byName, byPayload
}

// broughtBy returns the account whose command brought a payload.
func (s *State) broughtBy(c parley.Hash) (account parley.Ref, ok bool) {
	position, ok := s.payloads.of(c)
	if !ok {
		return "", false
	}
	return s.outcomes.at(position).Account, true
}
