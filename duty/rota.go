package duty

import "parley"

// OnDuty returns the members of a rota who are on duty at a time, in the rota's order, deputies after the others.
func OnDuty(shifts []parley.Shift, at int64) []parley.Ref {
	var first, deputies []parley.Ref
	for _, s := range shifts {
		if s.From <= at && at < s.To {
			if s.Deputy {
				deputies = append(deputies, s.Member)
			} else {
				first = append(first, s.Member)
			}
		}
	}
	return append(first, deputies...)
}
