package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// FoundSites lists the reports of found places that the viewer's account made; the desk sees all. In journal order.
func (v *Viewer) FoundSites(from, limit int) ([]release.FoundSite, int) {
	var mine []*parley.Found
	for _, f := range v.s.founds.all() {
		if v.desk() || f.Party == v.account {
			mine = append(mine, f)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Found) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.FoundSite, 0, len(some))
	for _, f := range some {
		list = append(list, *v.found(f))
	}
	return list, next
}

// FoundSite returns one report.
func (v *Viewer) FoundSite(ref parley.Ref) (*release.FoundSite, bool) {
	f := v.s.founds.get(string(ref))
	if f == nil || !v.desk() && f.Party != v.account {
		return nil, false
	}
	return v.found(f), true
}

func (v *Viewer) found(f *parley.Found) *release.FoundSite {
	b := &f.Site
	out := &release.FoundSite{Ref: f.Ref, Category: string(b.Category), Geometry: release.Geometry{Shape: b.Shape}, Method: string(b.Obtained.Method), Accuracy: b.Obtained.Accuracy, Simulated: b.Obtained.Simulated,
		Occupancy: string(b.Occupancy), Markings: b.Markings, Words: v.words(b.Words), Operator: v.words(b.Operator), Phone: v.words(b.Phone), Asked: b.Asked,
		State: string(f.State), Told: f.Told, Noted: stamp(f.At), Due: stamp(f.Due), Late: f.Late, Looked: stamp(f.Looked), Position: f.Position, Findings: answered(b.Findings)}
	if !v.desk() {
		if f.State != parley.FoundWaits {
			out.State = "looked_at" // what came of it would tell what others have notified
		}
		return out
	}
	out.Party, out.Reason, out.Site, out.Answer = f.Party, f.Reason, f.Known, v.words(f.Words)
	if f.State == parley.FoundWaits {
		out.Near = v.s.near(&parley.Version{Site: &parley.Site{Category: b.Category, Shape: b.Shape, From: v.at}}, parley.Desk)
	}
	return out
}

// kept returns where a site that the desk keeps comes from, nil for every other.
func (v *Viewer) kept(ref parley.Ref) *release.Kept {
	k := v.s.keeping.get(string(ref))
	if k == nil {
		return nil
	}
	return &release.Kept{Found: k.Found, Asked: k.Asked, Handed: k.Handed, HandedAt: stamp(k.HandedAt), Taken: stamp(k.Taken)}
}
