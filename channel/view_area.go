package channel

import (
	"slices"

	"parley"
	"parley/geo"
	"parley/release"
)

// Areas lists the areas the viewer's account may know of.
func (v *Viewer) Areas(from, limit int) ([]release.Area, int) {
	var refs []parley.Ref
	for _, key := range v.s.areas.keys() {
		if a := v.s.areas.get(key); v.knowsArea(a) {
			refs = append(refs, a.Ref)
		}
	}
	some, next := page(refs, from, limit)
	list := make([]release.Area, 0, len(some))
	for _, ref := range some {
		a, _ := v.Area(ref)
		list = append(list, *a)
	}
	return list, next
}

func (v *Viewer) knowsArea(a *parley.AreaRecord) bool {
	return a.Party == v.account || v.desk() || slices.Contains(a.Area.Addressees, v.account)
}

// Area returns an area: all to its owner, geometry to those addressed, its existence to the desk.
func (v *Viewer) Area(ref parley.Ref) (*release.Area, bool) {
	s := v.s
	a := s.areas.get(string(ref))
	if a == nil || !v.knowsArea(a) {
		return nil, false
	}
	own := a.Party == v.account
	out := &release.Area{Ref: ref, Party: a.Party, State: string(a.State), Addressees: a.Area.Addressees, Sentence: parley.SentenceNotification}
	if out.Addressees == nil {
		out.Addressees = []parley.Ref{}
	}
	if v.desk() {
		for _, key := range s.openOf[ref] {
			if s.indications.get(key).State == parley.IndicationOpen {
				out.Open++
			}
		}
		return out, true
	}
	out.Version, out.Urgent, out.Buffer = a.Version, a.Area.Urgent, a.Area.Buffer
	out.Geometry = &release.Geometry{Shape: a.Area.Shape}
	out.From, out.To = stamp(a.Area.Window.From), stamp(a.Area.Window.To)
	if b := a.Area.Band; b != nil {
		out.Low, out.High = &b.Low, &b.High
	}
	if a.OnBehalf != nil {
		out.Told = string(a.OnBehalf.Channel)
	}
	for _, r := range a.ReadBacks {
		if own || r.Party == v.account {
			out.ReadBacks = append(out.ReadBacks, release.ReadBack{Party: r.Party, Version: r.Version, Right: r.Right, What: r.What, At: stamp(r.At)})
		}
	}
	for _, o := range a.Objections {
		if own || o.Party == v.account {
			out.Objections = append(out.Objections, release.Objection{Party: o.Party, Version: o.Version, Reason: o.Reason, Words: v.words(o.Words), At: stamp(o.At), Ended: stamp(o.Ended)})
		}
	}
	v.disputed(a, out)
	for _, p := range a.Told {
		out.ToldPlaces = append(out.ToldPlaces, release.ToldPlace{Party: p.Party, Words: v.words(p.Words), Place: point(p.Place), ApartMM: p.Apart, Differs: p.Differs, At: stamp(p.At)})
	}
	for _, key := range s.overlaps.keysOf(ref) {
		if o := s.overlaps.get(key); v.inOverlap(o) {
			with := o.Second
			if with == ref {
				with = o.First
			}
			out.Overlaps = append(out.Overlaps, release.Overlap{With: with, From: stamp(o.Window.From), To: stamp(o.Window.To), Due: stamp(o.Due)})
		}
	}
	if own {
		out.Stale, out.Missed, out.Unchecked = a.Stale, a.Missed, a.Warned
		out.Indications = v.indications(ref)
	}
	return out, true
}

// inOverlap reports whether the viewer's account is one of the two sides.
func (v *Viewer) inOverlap(o *parley.Overlap) bool {
	for _, ref := range []parley.Ref{o.First, o.Second} {
		if a := v.s.areas.get(string(ref)); a != nil && a.Party == v.account {
			return true
		}
		if f := v.s.forces.get(string(ref)); f != nil && f.Party == v.account {
			return true
		}
	}
	return false
}

func point(p geo.Position) release.Geometry {
	return release.Geometry{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}}
}

// indications returns the contrary indications of an area or check, as released to the asker.
func (v *Viewer) indications(of parley.Ref) []release.Indication {
	s := v.s
	keys := slices.Clone(s.openOf[of])
	slices.Sort(keys)
	list := []release.Indication{}
	for _, key := range keys {
		i := s.indications.get(key)
		r := s.releases.get(releaseKey(i.Object, i.Party))
		if r == nil {
			continue
		}
		cut := release.Cut(s.version(i.Object), s.profile(), release.GrantOf(r), v.text)
		out := release.Indication{Object: i.Object, Category: cut.Category, Geometry: cut.Geometry, KeepOut: cut.KeepOut, From: cut.From, Until: cut.Until,
			Currency: string(s.object(i.Object.Ref).Currency), Urgent: i.Urgent, State: string(i.State), Reason: string(i.Reason), Answered: stamp(i.Answer), Liaison: "through the desk"}
		if task := s.taskFor(i.Party, i.Object.Ref); task != nil {
			out.Task = task.Ref
		}
		if cut.Verification != nil {
			out.Verified = cut.Verification.On
		}
		list = append(list, out)
	}
	return list
}

// Checks lists the checks of the viewer's party.
func (v *Viewer) Checks(from, limit int) ([]release.Check, int) {
	some, next := page(v.s.checksOf[v.account], from, limit)
	list := make([]release.Check, 0, len(some))
	for _, ref := range some {
		if c, ok := v.Check(ref); ok {
			list = append(list, *c)
		}
	}
	return list, next
}

// Check returns a check to the party that made it, and to nobody else; beyond the quota not before its time.
func (v *Viewer) Check(ref parley.Ref) (*release.Check, bool) {
	c := v.s.checks.get(string(ref))
	if c == nil || c.Party != v.account || c.AnswerAt > v.at {
		return nil, false
	}
	out := &release.Check{Ref: ref, At: stamp(c.At), Expires: stamp(c.Expires), Ended: string(c.Ended), Head: c.Head, Geometry: release.Geometry{Shape: c.Shape}, Buffer: c.Buffer,
		From: stamp(c.Window.From), To: stamp(c.Window.To), Attested: c.Attested, StaleList: c.StaleList, Indications: v.indications(ref), More: c.More}
	out.Sentence = parley.SentenceIndications
	if len(out.Indications) == 0 {
		out.Sentence = parley.SentenceNothingFound(c.Head.Position, v.s.timeOf(c.Head.Position))
	}
	return out, true
}

// AnswerAt returns when a check may be answered: beyond the quota, later.
func (s *State) AnswerAt(ref parley.Ref) int64 {
	if c := s.checks.get(string(ref)); c != nil {
		return c.AnswerAt
	}
	return 0
}

// timeOf returns the log time of a position.
func (s *State) timeOf(position uint64) int64 { return s.outcomes.at(position).At }
