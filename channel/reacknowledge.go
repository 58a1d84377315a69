package channel

import (
	"parley"
	"parley/duty"
)

// ages returns when an acknowledgement is too old to rest on: so long after it was given, given again, or covered by headquarters'
// attestation of the whole list.
func (s *State) ages(r *parley.Release) int64 {
	return max(r.AckAt, r.AgainAt, s.accounts.get(string(r.To)).Confirmed) + s.profile().Clocks.Attestation
}

// watchAge starts the clock of a party's acknowledgements, if it does not run.
func (s *State) watchAge(party parley.Ref, at int64) {
	for _, key := range s.clocksOf[string(party)] {
		if d := s.deadlines.get(key); d != nil && d.Kind == deadlineReack {
			return
		}
	}
	s.after(at, s.profile().Clocks.Attestation, party, deadlineReack, "")
}

// aged counts a party's acknowledgements that are too old at a time, and says when the next of the others will be; 0 when there is none.
func (s *State) aged(party parley.Ref, at int64) (count int, next int64) {
	for _, key := range s.releasesTo(party) {
		r := s.releases.get(key)
		if !r.Holds() || r.AckAt == 0 {
			continue
		}
		switch until := s.ages(r); {
		case until <= at:
			count++
		case next == 0 || until < next:
			next = until
		}
	}
	return count, next
}

// releasesTo returns the keys of a party's releases, newest versions and older ones, in the order of their slots.
func (s *State) releasesTo(party parley.Ref) []string {
	var keys []string
	for _, ref := range s.held[party].objects {
		for _, key := range s.holdersOf(ref) {
			if s.releases.get(key).To == party {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// reackPassed asks a party, with one notice for all of them, to acknowledge again what has aged: by read-back of each, or by attesting
// the list that headquarters holds. It asks again when more have aged, at most once a day, and else after the same span.
func (s *State) reackPassed(d duty.Deadline, at int64) {
	party := parley.Ref(d.Ref)
	count, next := s.aged(party, at)
	if count > 0 {
		of := parley.Versioned{Ref: party}
		many := func(n *parley.Notice) { n.Count = count }
		s.noted(d, at, party, parley.NoticeReacknowledge, of, many)
		s.noted(d, at, parley.Desk, parley.NoticeReacknowledge, of, many)
	}
	switch {
	case next != 0:
		s.after(max(next, d.Due+parley.Day), 0, party, deadlineReack, "")
	case count > 0:
		s.after(d.Due, s.profile().Clocks.Attestation, party, deadlineReack, "")
	}
}
