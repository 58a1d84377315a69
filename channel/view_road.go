package channel

import (
	"cmp"
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
		out.Armed, out.Differs = o.Armed, o.Differs
	}
	for _, key := range newestOfKeys(s.reports.keysOf(o.Ref)) {
		r := s.reports.get(key)
		one := release.Report{Status: r.Status, Leg: r.Leg, At: stamp(r.At), Noted: stamp(r.Noted), Told: r.Told}
		if exact {
			one.Armed, one.Vehicles, one.Persons, one.Changed = r.Armed, r.Vehicles, r.Persons, r.Changed
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

// Asked returns the questions about a movement that nobody has answered, oldest first, if the viewer's account may answer them or
// enter an answer.
func (v *Viewer) Asked(movement parley.Ref) []parley.Ref {
	o := v.s.object(movement)
	if o == nil || !v.desk() && o.Owner != v.account {
		return nil
	}
	var open []*parley.Prompt
	for _, ref := range v.s.promptsOf[movement] {
		if p := v.s.prompts.get(string(ref)); p.Answered == 0 {
			open = append(open, p)
		}
	}
	slices.SortStableFunc(open, func(a, b *parley.Prompt) int { return cmp.Compare(a.At, b.At) })
	refs := make([]parley.Ref, len(open))
	for i, p := range open {
		refs[i] = p.Ref
	}
	return refs
}

// OwnerOf returns whose word a report of a movement, or an answer to a question about one, is. The desk alone asks.
func (v *Viewer) OwnerOf(ref parley.Ref) (parley.Ref, bool) {
	if !v.desk() {
		return "", false
	}
	if p := v.s.prompts.get(string(ref)); p != nil {
		ref = p.Movement
	}
	if o := v.s.object(ref); o != nil {
		return o.Owner, true
	}
	return "", false
}
