package duty

import (
	"slices"

	"parley"
)

// OnDuty returns the members of a rota who are on duty at a time, in the rota's order, deputies after the others.
func OnDuty(shifts []parley.Shift, at int64) []parley.Ref {
	first, deputies := onDuty(shifts, at)
	return append(first, deputies...)
}

func onDuty(shifts []parley.Shift, at int64) (first, deputies []parley.Ref) {
	for _, s := range shifts {
		if s.From <= at && at < s.To {
			if s.Deputy {
				deputies = append(deputies, s.Member)
			} else {
				first = append(first, s.Member)
			}
		}
	}
	return first, deputies
}

// Call returns whom of a party's officers a ladder calls at a step (from 0), at the time it was raised, each once: first those on duty;
// then the deputies too, and those whose shift comes next; then every officer. Where nobody is on duty, or there is no rota, everyone is
// called at once: a ladder never waits for a person who is not there.
func Call(shifts []parley.Shift, officers []parley.Ref, at int64, step int) []parley.Ref {
	first, deputies := onDuty(shifts, at)
	called := first
	if len(called) == 0 {
		called = deputies
	}
	if step > 0 {
		called = append(called, deputies...)
		if next, ok := Next(shifts, at); ok {
			for _, s := range shifts {
				if s.From == next {
					called = append(called, s.Member)
				}
			}
		}
	}
	called = slices.DeleteFunc(called, func(m parley.Ref) bool { return !slices.Contains(officers, m) })
	if len(called) == 0 || step > 1 {
		called = append(called, officers...)
	}
	var once []parley.Ref
	for _, m := range called {
		if !slices.Contains(once, m) {
			once = append(once, m)
		}
	}
	return once
}

// Gap returns the first moment, not before from, at which nobody of a rota is on duty. A rota always ends, so there is one unless it is empty.
func Gap(shifts []parley.Shift, from int64) (int64, bool) {
	at := from
	for moved := true; moved; {
		moved = false
		for _, s := range shifts {
			if s.From <= at && at < s.To {
				at, moved = s.To, true
			}
		}
	}
	return at, len(shifts) > 0
}

// Next returns when the next shift after a time begins.
func Next(shifts []parley.Shift, after int64) (int64, bool) {
	next, ok := int64(0), false
	for _, s := range shifts {
		if s.From > after && (!ok || s.From < next) {
			next, ok = s.From, true
		}
	}
	return next, ok
}
