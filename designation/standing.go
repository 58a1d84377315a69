package designation

import (
	"fmt"
	"slices"
)

// Standing is how an entry stood on a day, as far as the editions at hand and its lineage say.
type Standing struct {
	ID      ID     `json:"id"`
	On      Day    `json:"on"`
	State   State  `json:"state"`
	Entry   *Entry `json:"-"`                 // as of the edition that was used; nil if no edition has it
	Edition Day    `json:"edition,omitempty"` // the edition that was used
	Age     int    `json:"age_days"`          // of that edition on the day asked for
	Since   Day    `json:"since,omitempty"`   // listed since
	Until   Day    `json:"until,omitempty"`   // delisted on, or not later than
	Under   ID     `json:"under,omitempty"`   // for ListedUnder: the entry whose alias it was
	Why     string `json:"why"`
	Edges   []Edge `json:"lineage"`
}

// State is a state of listing on a day.
type State string

// The states of listing.
const (
	Listed      State = "listed"
	ListedUnder State = "listed under another entry"
	NotYet      State = "not yet listed"
	Gone        State = "delisted"
	NotKnown    State = "not known" // no edition and no lineage speaks of it
)

// AsOf says how an entry stood on a day. Editions are of the entry's list, in any order. An edition speaks for its own day, and for the days up to the
// next one as far as nothing else is known; what an entry says of itself (listed on) counts also before the first edition.
func AsOf(id ID, on Day, editions []*Edition, lineage *Lineage) Standing {
	s := Standing{ID: id, On: on, State: NotKnown}
	if lineage != nil {
		s.Edges = lineage.Of(id)
	}
	of := slices.Clone(editions)
	of = slices.DeleteFunc(of, func(e *Edition) bool { return e.List != id.List() })
	slices.SortStableFunc(of, func(a, b *Edition) int {
		switch {
		case a.Date < b.Date:
			return -1
		case a.Date > b.Date:
			return 1
		}
		return 0
	})
	var used, after *Edition // the newest edition up to the day, and the one after it
	for _, e := range of {
		if e.Date <= on {
			used = e
		} else if after == nil {
			after = e
		}
	}
	if used != nil {
		s.Edition, s.Age = used.Date, daysBetween(used.Date, on)
	}
	last := func(entry *Entry) { s.Entry, s.Since = entry, entry.ListedOn }

	// What people or a list say of a delisting counts before what an edition of the same day still has.
	for _, e := range s.Edges {
		if e.Turn == Delisted && e.From.Entry == id && e.On != "" && e.On <= on {
			for _, ed := range of {
				if x, ok := ed.Entry(id); ok {
					last(x)
				}
			}
			s.State, s.Until = Gone, e.On
			s.Why = fmt.Sprintf("Taken off the list on %s, says %s (%s).", e.On, e.By, e.At)
			if used != nil && used.Date >= e.On {
				if _, ok := used.Entry(id); ok {
					s.Why += fmt.Sprintf(" The edition of %s still has it.", used.Date)
				}
			}
			return s
		}
	}
	if used != nil {
		if x, ok := used.Entry(id); ok {
			last(x)
			if x.DelistedOn != "" && x.DelistedOn <= on {
				s.State, s.Until = Gone, x.DelistedOn
				s.Why = fmt.Sprintf("The edition of %s says that it was delisted on %s.", used.Date, x.DelistedOn)
				return s
			}
			s.State = Listed
			s.Why = fmt.Sprintf("The edition of %s has it", used.Date)
			if s.Since != "" {
				s.Why += ", listed on " + string(s.Since)
			}
			s.Why += "."
			if after != nil {
				if _, ok := after.Entry(id); !ok {
					s.Why += fmt.Sprintf(" The next edition at hand, of %s, has it no more; on which day between it was delisted is not known.", after.Date)
				}
			}
			return s
		}
	}
	// Not in the edition that holds on the day: was it there before, is it there later, does its lineage say?
	if s.under(on) {
		return s
	}
	for i := len(of) - 1; i >= 0; i-- {
		x, ok := of[i].Entry(id)
		switch {
		case !ok:
		case of[i].Date <= on:
			last(x)
			s.State, s.Until = Gone, used.Date
			s.Why = fmt.Sprintf("The edition of %s has it, that of %s has it no more: it was delisted between the two.", of[i].Date, used.Date)
			return s
		case x.ListedOn != "" && x.ListedOn <= on && used == nil:
			last(x)
			s.State = Listed
			s.Why = fmt.Sprintf("No edition of that day is at hand. The edition of %s has it, listed on %s.", of[i].Date, x.ListedOn)
			return s
		case x.ListedOn != "" && x.ListedOn <= on:
			last(x)
			s.State = Listed
			s.Why = fmt.Sprintf("The edition of %s has it, listed on %s; the older edition of %s, the newest up to that day, does not yet.", of[i].Date, x.ListedOn, used.Date)
			return s
		case x.ListedOn != "":
			last(x)
			s.State = NotYet
			s.Why = fmt.Sprintf("The edition of %s has it, listed on %s.", of[i].Date, x.ListedOn)
			return s
		}
	}
	s.Why = "No edition at hand has an entry with that reference."
	if len(of) == 0 {
		s.Why = "No edition of that list is at hand."
	}
	return s
}

// under looks whether the entry was listed as an alias of another on a day.
func (s *Standing) under(on Day) bool {
	for _, e := range s.Edges {
		if e.Turn == ListedAs && e.To.Entry == s.ID && e.On <= on && (e.Until == "" || on <= e.Until) {
			s.State, s.Since, s.Until, s.Under = ListedUnder, e.On, e.Until, e.From.Entry
			s.Why = fmt.Sprintf("Listed from %s to %s as an alias of %s, says %s (%s).", e.On, e.Until, e.From, e.By, e.At)
			return true
		}
	}
	return false
}
