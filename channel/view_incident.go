package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// sight is how much of a record a reader sees.
type sight int

const (
	sightNone sight = iota
	sightPublic
	sightConcerned
	sightWhole
)

func (s sight) String() string {
	return [...]string{"none", "public", "concerned", "whole"}[s]
}

// incidentSight says how much of an incident the viewer sees: all of it for its author, monitors and the desk; what it needs to answer for a party
// that was asked, for owners of what it concerns and for reporters of the harm; else what is published.
func (v *Viewer) incidentSight(i *parley.IncidentNoted) sight {
	if v.desk() || v.monitor() || i.Account == v.account {
		return sightWhole
	}
	if v.s.responses.get(responseKey(i.Ref, v.account)) != nil {
		return sightConcerned
	}
	for _, ref := range i.Objects {
		if o := v.s.object(ref); o != nil && o.Owner == v.account {
			return sightConcerned
		}
	}
	for _, ref := range i.Harms {
		if h := v.s.harms.get(string(ref)); h.Reporter == v.account {
			return sightConcerned
		}
	}
	if i.Public > 0 && !v.board() {
		return sightPublic
	}
	return sightNone
}

// claimSight says how much of a claim the viewer sees. What is published of one shows no name of a speaker, and only what its reader may know.
func (v *Viewer) claimSight(c *parley.ClaimNoted) sight {
	switch {
	case v.desk() || v.monitor() || c.Account == v.account:
		return sightWhole
	case c.Public && !v.board():
		return sightPublic
	}
	return sightNone
}

func (v *Viewer) knowsEvidence(e *parley.Evidence) bool {
	return v.desk() || e.Account == v.account || v.monitor() && slices.ContainsFunc(e.Evidence.About, func(r parley.Ref) bool {
		return r.Kind() == parley.RefIncident || r.Kind() == parley.RefClaim
	})
}

func (v *Viewer) knowsSeal(e *parley.SealNoted) bool {
	return v.desk() || e.Party == v.account || v.monitor() && e.Opened != 0
}

// mayRefer reports whether the viewer may name a record: whether it exists for them.
func (v *Viewer) mayRefer(ref parley.Ref) bool {
	s := v.s
	switch ref.Kind() {
	case parley.RefIncident:
		i := s.incidents.get(string(ref))
		return i != nil && v.incidentSight(i) > sightNone
	case parley.RefClaim:
		c := s.claims.get(string(ref))
		return c != nil && v.claimSight(c) > sightNone
	case parley.RefEvidence:
		e := s.evidence.get(string(ref))
		return e != nil && v.knowsEvidence(e)
	case parley.RefHarm:
		h := s.harms.get(string(ref))
		return h != nil && v.knowsHarm(h)
	case parley.RefStop:
		e := s.stops.get(string(ref))
		return e != nil && v.knowsStop(e)
	case parley.RefOffer:
		o := s.offers.get(string(ref))
		return o != nil && v.knowsOffer(o)
	case parley.RefArea:
		_, ok := v.Area(ref)
		return ok
	}
	return v.mayName(ref)
}

// mayReferWhole is mayRefer for an incident or claim that the viewer sees whole.
func (v *Viewer) mayReferWhole(ref parley.Ref) bool {
	if i := v.s.incidents.get(string(ref)); i != nil {
		return v.incidentSight(i) == sightWhole
	}
	c := v.s.claims.get(string(ref))
	return c != nil && v.claimSight(c) == sightWhole
}

func (v *Viewer) onlyKnown(refs []parley.Ref) []parley.Ref {
	var known []parley.Ref
	for _, r := range refs {
		if v.mayRefer(r) {
			known = append(known, r)
		}
	}
	return known
}

// Incidents lists the incidents that the viewer may see something of, in journal order of their newest versions.
func (v *Viewer) Incidents(from, limit int) ([]release.Incident, int) {
	var mine []*parley.IncidentNoted
	for _, r := range v.s.incidents.all() {
		if v.incidentSight(r) > sightNone {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.IncidentNoted) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Ref, b.Ref))
	})
	some, next := page(mine, from, limit)
	list := make([]release.Incident, 0, len(some))
	for _, i := range some {
		list = append(list, *v.incident(i, false))
	}
	return list, next
}

// Incident returns an incident with what was said about it.
func (v *Viewer) Incident(ref parley.Ref) (*release.Incident, bool) {
	i := v.s.incidents.get(string(ref))
	if i == nil || v.incidentSight(i) == sightNone {
		return nil, false
	}
	return v.incident(i, true), true
}

func (v *Viewer) incident(i *parley.IncidentNoted, whole bool) *release.Incident {
	saw := v.incidentSight(i)
	out := &release.Incident{Ref: i.Ref, Sight: saw.String(), Sentence: parley.SentenceIncident, Published: stamp(i.PublicSince), PublicAs: i.Public}
	if i.Public == 0 {
		out.Published = ""
	}
	if saw == sightPublic {
		v.publicIncident(i, out)
	} else {
		v.shownIncident(i, saw, out)
	}
	if !whole {
		return out
	}
	for _, c := range v.s.claimsAbout(i.Ref) {
		if v.claimSight(c) > sightNone {
			out.Claims = append(out.Claims, *v.claim(c))
		}
	}
	for _, key := range v.s.responses.keysOf(i.Ref) {
		if p := v.s.responses.get(key); saw == sightWhole || p.Party == v.account {
			out.Responses = append(out.Responses, v.response(p))
		}
	}
	if saw == sightWhole {
		out.Assessments = v.assessments(i.Ref)
		for _, key := range v.s.evidence.keysOf(i.Ref) {
			out.Evidence = append(out.Evidence, parley.Ref(key))
		}
	}
	return out
}

// claimsAbout returns the claims about a record, in the order of their entries.
func (s *State) claimsAbout(ref parley.Ref) []*parley.ClaimNoted {
	var list []*parley.ClaimNoted
	for _, key := range s.claims.keysOf(ref) {
		list = append(list, s.claims.get(key))
	}
	slices.SortFunc(list, func(a, b *parley.ClaimNoted) int { return cmp.Compare(a.Position, b.Position) })
	return list
}

// publicIncident fills what is published: the version whose delay has passed, cut by the profile in force.
func (v *Viewer) publicIncident(i *parley.IncidentNoted, out *release.Incident) {
	p := v.s.publication()
	n := i.VersionOf(i.Public)
	out.Version, out.At = i.Public, stamp(i.PublicSince)
	show := func(f parley.PublicField, set func()) {
		if p.Shows(f) {
			set()
		}
	}
	show("date", func() { out.Date = parley.Time(n.From).Format("2006-01-02") })
	show("hour", func() { out.From = parley.Time(n.From).Format("2006-01-02T15:00:00Z07:00") })
	show("region", func() { out.Admin = n.Admin[:min(1, len(n.Admin))] })
	show("kind", func() { out.Kind = n.IncidentKind })
	show("category", func() { out.Category = n.Category })
	show("damage", func() { out.Damage = n.Damage })
	show("lost", func() { out.Lost = n.Lost })
	show("certainty", func() { out.Certainty = n.Certainty })
	show("set", func() { out.Sets = setsOf(n) })
	show("total", func() {
		for _, t := range n.Tallies {
			if t.Who != "" {
				continue // counts by group may point at people
			}
			if t.Max > 0 && t.Min < p.Threshold {
				if t.Max < p.Threshold {
					out.Totals = append(out.Totals, release.Total{What: t.What, Fewer: p.Threshold})
					continue
				}
				out.Totals = append(out.Totals, release.Total{What: t.What, Min: 0, Max: t.Max})
				continue
			}
			out.Totals = append(out.Totals, release.Total{What: t.What, Min: t.Min, Max: t.Max})
		}
	})
}

func setsOf(i *parley.Incident) []string {
	var sets []string
	for _, s := range i.Sources {
		if s.Set != "" && !slices.Contains(sets, s.Set) {
			sets = append(sets, s.Set)
		}
	}
	return sets
}

// shownIncident fills what those whom an incident concerns may see, and the rest for who sees it whole.
func (v *Viewer) shownIncident(i *parley.IncidentNoted, saw sight, out *release.Incident) {
	n := &i.Incident
	out.Version, out.State, out.At = i.Version, string(i.State), stamp(i.At)
	out.Kind, out.From, out.To, out.Uncertain = n.IncidentKind, parley.Stamp(n.From), parley.Stamp(n.To), n.Uncertain
	out.Precision, out.Radius, out.Admin, out.Category, out.Tallies, out.Damage, out.Lost, out.Certainty = n.Precision, n.Radius, n.Admin, n.Category, n.Tallies, n.Damage, n.Lost, n.Certainty
	out.Means, out.PlaceName = v.words(n.Means), v.words(n.PlaceName)
	if n.Place != nil {
		p := point(*n.Place)
		out.Place = &p
	}
	if m, ok := n.Metres(); ok {
		out.Radius = m
	}
	out.Objects, out.Harms = v.onlyKnown(i.Objects), v.onlyKnown(i.Harms)
	if saw != sightWhole {
		return
	}
	out.Author, out.Command, out.Position, out.Restricted, out.Sets = i.Account, i.Name, i.Position, n.Restricted, setsOf(n)
	out.Title, out.Narrative = v.words(n.Title), v.words(n.Narrative)
	out.Closed, out.Closing = stamp(i.Closed), v.words(i.Closing)
	out.Hold = "stands"
	if v.s.holds.get(string(i.Ref)) != nil {
		out.Hold = "ended"
	}
	for _, ref := range i.Objects {
		if o := v.s.object(ref); o != nil && o.Notified <= n.To {
			out.Notified = true
		}
	}
	out.Sources = v.sources(n)
	if i.Public < i.Version && !n.Restricted {
		out.PublicFrom = stamp(i.At + v.s.publication().Delay)
	}
	for k := range i.Earlier {
		out.Earlier = append(out.Earlier, v.earlierIncident(&i.Earlier[k]))
	}
	for _, c := range i.Changes {
		out.Changes = append(out.Changes, release.IncidentChange{Version: c.Version, Reason: c.Reason, Words: v.words(c.Words), At: stamp(c.At)})
	}
	for _, m := range i.Matches {
		if !v.mayRefer(m.Other) {
			continue
		}
		line := release.Match{Other: m.Other, Reasons: m.Reasons, Said: m.Said, At: stamp(m.At), Words: v.words(m.Words)}
		if m.Apart >= 0 {
			line.Metres = &m.Apart
		}
		out.Matches = append(out.Matches, line)
	}
	for _, ref := range i.Harms {
		if h := v.s.harms.get(string(ref)); v.desk() || v.ownsHarmed(h) {
			for _, task := range h.Corrections {
				c := v.s.corrections.get(string(task))
				out.Corrections = append(out.Corrections, release.CorrectionLine{Ref: task, Party: c.Party, State: string(c.State), Late: c.Late})
			}
		}
	}
}

func (v *Viewer) sources(i *parley.Incident) []release.Source {
	var list []release.Source
	for _, s := range i.Sources {
		list = append(list, release.Source{Kind: s.SourceKind, Name: v.words(s.Name), On: stamp(s.On), Link: v.words(s.Link), Reliability: s.Reliability, Credibility: s.Credibility, Set: s.Set, Entry: s.Entry})
	}
	return list
}

func (v *Viewer) assessments(of parley.Ref) []release.Assessment {
	var list []release.Assessment
	for _, key := range v.s.assessments.keysOf(of) {
		a := v.s.assessments.get(key)
		list = append(list, release.Assessment{By: a.Account, Reliability: a.Reliability, Credibility: a.Credibility, Grade: a.Grade, Words: v.words(a.Words), At: stamp(a.At), Position: a.Position})
	}
	return list
}

func (v *Viewer) response(p *parley.PartyResponse) release.Response {
	out := release.Response{Party: p.Party, Asked: stamp(p.Asked), Receipt: stamp(p.Receipt), Due: stamp(p.Due), Late: p.Late, Received: stamp(p.Received), Answered: stamp(p.Answered), Said: []release.ResponseWord{}}
	if p.Asked != 0 {
		out.DaysOpen = int(max(0, cmp.Or(p.Answered, v.at)-p.Asked) / parley.Day)
	}
	for _, w := range p.Said {
		out.Said = append(out.Said, release.ResponseWord{Response: w.Response, Words: v.words(w.Words), Remedy: v.words(w.Remedy), Told: w.Told, At: stamp(w.At), Position: w.Position})
	}
	return out
}

// Claims lists the claims that the viewer may see, in journal order.
func (v *Viewer) Claims(from, limit int) ([]release.Claim, int) {
	var mine []*parley.ClaimNoted
	for _, r := range v.s.claims.all() {
		if v.claimSight(r) > sightNone {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.ClaimNoted) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Claim, 0, len(some))
	for _, c := range some {
		list = append(list, *v.claim(c))
	}
	return list, next
}

// Claim returns a claim.
func (v *Viewer) Claim(ref parley.Ref) (*release.Claim, bool) {
	c := v.s.claims.get(string(ref))
	if c == nil || v.claimSight(c) == sightNone {
		return nil, false
	}
	return v.claim(c), true
}

func (v *Viewer) texts(list []parley.Commitment) []string {
	var out []string
	for _, c := range list {
		out = append(out, v.words(c))
	}
	return out
}

func (v *Viewer) claim(c *parley.ClaimNoted) *release.Claim {
	saw, b := v.claimSight(c), &c.Claim
	out := &release.Claim{Ref: c.Ref, Sight: saw.String(), Type: b.ClaimType, Capacity: v.words(b.Capacity), Party: b.Party, Via: v.texts(b.Via), Published: stamp(b.Published), Event: stamp(b.Event),
		Speech: b.Speech, Language: b.Language, Quotation: v.words(b.Quotation), Translation: v.words(b.Translation), Link: v.words(b.Link), Document: b.Document, Spans: b.Spans,
		About: v.onlyKnown(aboutClaim(c)), At: stamp(c.At), Sentence: parley.SentenceClaim}
	if a := b.Attribution; a != nil {
		out.Attribution = &release.Attribution{Party: a.Party, Actor: v.words(a.Actor)}
	}
	note := func(other parley.Ref, relation parley.ClaimRelation, by parley.Ref, at int64) {
		if v.mayRefer(other) {
			out.Relations = append(out.Relations, release.ClaimRelation{Other: other, Relation: relation, By: v.known(by), At: stamp(at)})
		}
	}
	for _, r := range b.Supports {
		note(r, parley.ClaimSupports, c.Account, c.At)
	}
	for _, r := range b.Contradicts {
		note(r, parley.ClaimContradicts, c.Account, c.At)
	}
	for _, r := range c.Related {
		if r.Relation != "" {
			note(r.Other, r.Relation, r.Account, r.At)
		}
	}
	if saw == sightWhole {
		out.Speaker, out.Translator, out.Recorder, out.Command, out.Position = v.words(b.Speaker), v.words(b.Translator), c.Account, c.Name, c.Position
		out.Places, out.Organisations = v.texts(b.Places), v.texts(b.Organisations)
		out.Assessments = v.assessments(c.Ref)
		if b.Archived != "" && v.mayRefer(b.Archived) {
			out.Archived = b.Archived
		}
	}
	return out
}

// Evidences lists the evidence that the viewer may see, in journal order.
func (v *Viewer) Evidences(from, limit int) ([]release.Evidence, int) {
	var mine []*parley.Evidence
	for _, r := range v.s.evidence.all() {
		if v.knowsEvidence(r) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Evidence) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Evidence, 0, len(some))
	for _, e := range some {
		list = append(list, *v.evidence(e))
	}
	return list, next
}

// Evidence returns one piece of evidence.
func (v *Viewer) Evidence(ref parley.Ref) (*release.Evidence, bool) {
	e := v.s.evidence.get(string(ref))
	if e == nil || !v.knowsEvidence(e) {
		return nil, false
	}
	return v.evidence(e), true
}

func evidenceFile(f parley.File) release.EvidenceFile {
	return release.EvidenceFile{SHA256: f.SHA256, Size: f.Size, Stated: f.Stated, Found: f.Found, Lies: f.Lies()}
}

func (v *Viewer) evidence(e *parley.Evidence) *release.Evidence {
	b := &e.Evidence
	out := &release.Evidence{Ref: e.Ref, File: evidenceFile(b.File), Copies: []release.EvidenceFile{}, Name: v.words(b.Name), Title: v.words(b.Title), About: v.onlyKnown(b.About), Obtained: b.Obtained,
		From: v.words(b.From), ObtainedAt: stamp(b.At), Made: stamp(b.Made), Account: e.Account, At: stamp(e.At), Position: e.Position}
	if out.About == nil {
		out.About = []parley.Ref{}
	}
	if b.Place != nil {
		p := point(*b.Place)
		out.Place = &p
	}
	for _, f := range e.Files()[1:] {
		out.Copies = append(out.Copies, evidenceFile(f))
	}
	for _, c := range e.Custody {
		line := release.Custody{Action: c.Action, At: stamp(c.At), Person: v.words(c.Person), Words: v.words(c.Words), Account: c.Account, Noted: stamp(c.Noted), Position: c.Position}
		if c.Copy != nil {
			line.SHA256 = c.Copy.SHA256
		}
		out.Custody = append(out.Custody, line)
	}
	return out
}

// Seals lists the sealed areas that the viewer may know of: a party's own; for the desk that there are any; once opened, for monitors too.
func (v *Viewer) Seals(from, limit int) ([]release.Seal, int) {
	var mine []*parley.SealNoted
	for _, r := range v.s.seals.all() {
		if v.knowsSeal(r) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.SealNoted) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Seal, 0, len(some))
	for _, e := range some {
		list = append(list, *seal(e))
	}
	return list, next
}

// Seal returns one sealed area.
func (v *Viewer) Seal(ref parley.Ref) (*release.Seal, bool) {
	e := v.s.seals.get(string(ref))
	if e == nil || !v.knowsSeal(e) {
		return nil, false
	}
	return seal(e), true
}

func seal(e *parley.SealNoted) *release.Seal {
	out := &release.Seal{Ref: e.Ref, Party: e.Party, Commitment: e.Commitment, Head: e.Head.Position, Stale: e.Stale, At: stamp(e.At), Position: e.Position, Opened: stamp(e.Opened), OpenedAt: e.OpenedAt}
	if e.Area != nil {
		out.Geometry = &release.Geometry{Shape: e.Area.Shape}
		out.Buffer, out.From, out.To = e.Area.Buffer, stamp(e.Area.Window.From), stamp(e.Area.Window.To)
	}
	return out
}

// Publication returns the publication profile in force. Everyone may know it.
func (v *Viewer) Publication() *parley.Publication { return v.s.publication() }
