package channel

import (
	"slices"

	"parley"
	"parley/release"
)

// roadShown is how many reports and how many contacts a view holds: the newest.
const roadShown = 100

// road returns how a movement that has departed stands; nil for anything else. A party learns the status words and legs of what it
// holds, places only by consent, and its own tries to reach the movement.
func (v *Viewer) road(o *parley.Object, inside bool) *release.Road {
	if o.Ref.Kind() != parley.RefMovement || o.Movement == parley.MovementPlanned {
		return nil
	}
	s := v.s
	grant := release.Grant{Full: inside}
	if !inside {
		r := v.mine(o.Ref)
		if r == nil || r.State == parley.Deleted || r.State == parley.Recalled {
			return nil
		}
		grant = release.GrantOf(r)
	}
	out := &release.Road{Heard: stamp(o.Heard), Lost: o.Lost, Stands: stamp(o.Stands), OffPlan: o.OffPlan, Uncovered: o.Uncovered, Reports: []release.Report{}}
	if o.Movement.Awaited() && o.Open() && o.Heard != 0 {
		out.NextDue = stamp(o.Heard + s.profile().Clocks.Contact)
	}
	exact := inside || grant.Precision == parley.Exact
	if exact {
		out.Armed = o.Armed
	}
	for _, key := range newestOfKeys(s.reports.keysOf(o.Ref)) {
		r := s.reports.get(key)
		one := release.Report{Status: r.Status, Leg: r.Leg, At: stamp(r.At), Noted: stamp(r.Noted), Told: r.Told}
		if exact {
			one.Armed = r.Armed
		}
		if r.Place != nil && grant.May(parley.FieldRoad) {
			p := point(*r.Place)
			one.Place = &p
		}
		if inside {
			one.Words = v.words(r.Words)
		}
		out.Reports = append(out.Reports, one)
	}
	for _, key := range newestOfKeys(s.contacts.keysOf(o.Ref)) {
		if c := s.contacts.get(key); inside || c.From == v.account {
			out.Contacts = append(out.Contacts, release.Contacted{From: c.From, Means: c.Means, At: stamp(c.At), Reached: c.Reached, Words: v.words(c.Words), Told: c.Told})
		}
	}
	return out
}

// newestOfKeys returns the last keys, the newest first.
func newestOfKeys(keys []string) []string {
	keys = keys[max(0, len(keys)-roadShown):]
	slices.Reverse(keys)
	return keys
}
