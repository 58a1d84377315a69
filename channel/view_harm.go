package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// Harms lists the reports of harm that the viewer's account made, or that are about its objects; the desk sees all. In journal order.
func (v *Viewer) Harms(from, limit int) ([]release.Harm, int) {
	var mine []*parley.Harm
	for _, r := range v.s.harms.all() {
		if v.knowsHarm(r) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Harm) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Harm, 0, len(some))
	for _, h := range some {
		list = append(list, *v.harm(h))
	}
	return list, next
}

func (v *Viewer) knowsHarm(h *parley.Harm) bool {
	return v.desk() || h.Reporter == v.account || v.ownsHarmed(h)
}

func (v *Viewer) ownsHarmed(h *parley.Harm) bool {
	o := v.s.object(h.Object.Ref)
	return o != nil && o.Owner == v.account
}

// Harm returns a report of harm.
func (v *Viewer) Harm(ref parley.Ref) (*release.Harm, bool) {
	h := v.s.harms.get(string(ref))
	if h == nil || !v.knowsHarm(h) {
		return nil, false
	}
	return v.harm(h), true
}

func (v *Viewer) harm(h *parley.Harm) *release.Harm {
	out := &release.Harm{Ref: h.Ref, Object: h.Object.Ref, Version: h.Object.Version, At: stamp(h.At), GoesOn: h.GoesOn, Effects: v.words(h.Effects), Reported: stamp(h.Reported),
		Position: h.Position, Sentence: parley.SentenceNotification}
	if h.Place != nil {
		p := point(*h.Place)
		out.Place = &p
	}
	if h.OnBehalf != nil {
		out.Told = h.OnBehalf.Channel
	}
	if v.desk() || h.Reporter == v.account {
		out.Reporter = h.Reporter
	}
	if st := v.s.stops.get(string(h.Stop)); st != nil && v.knowsStop(st) {
		out.Stop = h.Stop
	}
	if first := v.s.harms.get(string(h.First)); first != nil && v.knowsHarm(first) {
		out.First = h.First
	}
	if v.desk() {
		out.Near = h.Near
	}
	if v.desk() || v.ownsHarmed(h) {
		for _, ref := range h.Corrections {
			c := v.s.corrections.get(string(ref))
			out.Corrections = append(out.Corrections, release.CorrectionLine{Ref: ref, Party: c.Party, State: string(c.State), Late: c.Late})
		}
	}
	return out
}

// Corrections lists the tasks after harm of the viewer's party, or about its objects; the desk sees all. Oldest first.
func (v *Viewer) Corrections(from, limit int) ([]release.Correction, int) {
	var mine []*parley.Correction
	for _, r := range v.s.corrections.all() {
		if v.knowsCorrection(r) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Correction) int {
		return cmp.Or(cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.Ref, b.Ref))
	})
	some, next := page(mine, from, limit)
	list := make([]release.Correction, 0, len(some))
	for _, c := range some {
		list = append(list, *v.correction(c))
	}
	return list, next
}

func (v *Viewer) knowsCorrection(c *parley.Correction) bool {
	return v.desk() || c.Party == v.account || v.s.object(c.Object).Owner == v.account
}

// Correction returns a task after harm.
func (v *Viewer) Correction(ref parley.Ref) (*release.Correction, bool) {
	c := v.s.corrections.get(string(ref))
	if c == nil || !v.knowsCorrection(c) {
		return nil, false
	}
	return v.correction(c), true
}

func (v *Viewer) correction(c *parley.Correction) *release.Correction {
	h := v.s.harms.get(string(c.Harm))
	out := &release.Correction{Ref: c.Ref, Object: c.Object, Party: c.Party, State: string(c.State), HarmAt: stamp(h.At), Opened: stamp(c.Opened), Receipt: stamp(c.Receipt),
		Due: stamp(c.Due), Late: c.Late, Cause: c.Cause, Words: v.words(c.Words), Received: stamp(c.Received), Answered: stamp(c.Answered), Told: c.Told, Closed: stamp(c.Closed),
		Closing: v.words(c.Closing), Sentence: parley.SentenceNotification}
	out.DaysOpen = int((cmp.Or(c.Answered, v.at) - c.Opened) / parley.Day)
	if c.Party != v.account {
		out.Harm = c.Harm
	}
	if v.desk() || c.Party == v.account {
		out.Officer = c.Officer
	}
	return out
}

// disputed returns an area's versions and what addressees say they were told, beside each other. An addressee sees the versions that
// were told to it.
func (v *Viewer) disputed(a *parley.AreaRecord, out *release.Area) {
	own := a.Party == v.account
	for n := 1; n <= a.Version; n++ {
		of, ok := versionOf(a, n)
		if !ok || !own && !slices.Contains(of.Area.Addressees, v.account) {
			continue
		}
		box := of.Area.Shape.Bounds()
		out.Versions = append(out.Versions, release.AreaVersion{Version: n, Command: of.Name, Position: of.Position, At: stamp(of.At), Center: point(box.Center()),
			ExtentMetres: apart(box.Min, box.Max) / 1000, From: stamp(of.Area.Window.From), To: stamp(of.Area.Window.To)})
	}
	for _, d := range a.Disputes {
		if !own && d.Party != v.account {
			continue
		}
		said := release.AreaDispute{Party: d.Party, Version: d.Version, ApartMM: d.Apart, From: stamp(d.From), To: stamp(d.To), Words: v.words(d.Words), At: stamp(d.At)}
		if d.Place != nil {
			p := point(*d.Place)
			said.Place = &p
		}
		out.Disputes = append(out.Disputes, said)
	}
}
