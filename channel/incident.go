package channel

import (
	"cmp"
	"fmt"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

const (
	matchMetres   = 6_000  // two places whose uncertainties together are no wider may be one by place and time alone
	coarseMatch   = 60_000 // up to here a count that agrees is needed besides
	matchesNamed  = 10     // most proposals that one incident makes
	daysOfAnIndex = 31     // an incident that lasts longer is looked at every time
)

// incidentDays finds incidents by the days on which they may have been.
type incidentDays struct {
	days map[int64][]parley.Ref
	long []parley.Ref
}

// entryKey names an entry of an open data set.
func entryKey(s *parley.Source) string { return s.Set + " " + s.Entry }

// noteIncident keeps the look-ups of an incident.
func (s *State) noteIncident(i *parley.IncidentNoted) {
	s.taken[i.Ref] = true
	for n := range i.Incident.Sources {
		if src := &i.Incident.Sources[n]; src.Set != "" {
			s.entries[entryKey(src)] = i.Ref
		}
	}
	first, last := spanOf(&i.Incident)
	if last-first >= daysOfAnIndex {
		s.incidentsOn.long = append(s.incidentsOn.long, i.Ref)
		return
	}
	for day := first; day <= last; day++ {
		s.incidentsOn.days[day] = append(s.incidentsOn.days[day], i.Ref)
	}
}

// forgetIncident takes an incident's look-ups away, before it changes.
func (s *State) forgetIncident(i *parley.IncidentNoted) {
	for n := range i.Incident.Sources {
		if src := &i.Incident.Sources[n]; src.Set != "" {
			delete(s.entries, entryKey(src))
		}
	}
	is := func(r parley.Ref) bool { return r == i.Ref }
	first, last := spanOf(&i.Incident)
	if last-first >= daysOfAnIndex {
		s.incidentsOn.long = slices.DeleteFunc(s.incidentsOn.long, is)
		return
	}
	for day := first; day <= last; day++ {
		if s.incidentsOn.days[day] = slices.DeleteFunc(s.incidentsOn.days[day], is); len(s.incidentsOn.days[day]) == 0 {
			delete(s.incidentsOn.days, day)
		}
	}
}

// spanOf returns the first and the last day on which an incident may have been.
func spanOf(i *parley.Incident) (first, last int64) {
	return (i.From - i.Uncertain) / parley.Day, (i.To + i.Uncertain) / parley.Day
}

// incidentFits checks what an incident says against the state: no time to come, nothing named that its author may not see, no entry of a data
// set that stands on record already.
func (t *turn) incidentFits(i *parley.Incident, own parley.Ref) *Refusal {
	if i.From > t.at+5*parley.Minute {
		return refuse(parley.CodeClock, "body.incident.from", parley.Stamp(i.From), "a time that has been")
	}
	v := t.viewer()
	for n, ref := range i.Objects {
		if !v.mayRefer(ref) {
			return notFound(fmt.Sprintf("body.incident.objects[%d]", n))
		}
	}
	for n, ref := range i.Harms {
		if !v.mayRefer(ref) {
			return notFound(fmt.Sprintf("body.incident.harms[%d]", n))
		}
	}
	for n := range i.Sources {
		src := &i.Sources[n]
		if src.Set == "" {
			continue
		}
		if ref, ok := t.s.entries[entryKey(src)]; ok && ref != own {
			return refuse(parley.CodeExists, fmt.Sprintf("body.incident.sources[%d]", n), entryKey(src), "an entry that no incident holds yet; "+string(ref)+" does")
		}
	}
	return nil
}

// viewer is what the speaker of this turn may see.
func (t *turn) viewer() *Viewer {
	return &Viewer{s: t.s, account: t.account, member: t.author, text: func(parley.Commitment) string { return "" }, at: t.at}
}

func (t *turn) incidentRecord(b *parley.IncidentRecord) (effect, *Refusal) {
	if r := t.incidentFits(&b.Incident, ""); r != nil {
		return nil, r
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefIncident)
		i := &parley.IncidentNoted{Ref: t.ref, Account: t.account, By: t.by(), Version: 1, Incident: b.Incident, State: parley.IncidentAlleged, Name: t.name, Position: t.position, At: t.at,
			Objects: slices.Clone(b.Incident.Objects), Harms: slices.Clone(b.Incident.Harms)}
		s.incidents.put(string(t.ref), i)
		s.noteIncident(i)
		t.findMatches(i)
		t.publishLater(i.Ref, 1, i.Incident.Restricted)
		if t.account != parley.Desk && !i.Incident.Imported() {
			t.tell(parley.Desk, parley.NoticeIncident, parley.Versioned{Ref: i.Ref, Version: 1})
		}
		t.concern(i.Ref, i.Objects, i.Harms)
	}, nil
}

// concern lets follow what follows from an incident at notified objects: their owners are told, and where no report of harm stands for the
// event, one is made, with its stop, its hold and the tasks of the parties that held the object.
func (t *turn) concern(ref parley.Ref, objects, harms []parley.Ref) {
	s := t.s
	i := s.incidents.get(string(ref))
	for _, h := range harms {
		t.tell(s.harms.get(string(h)).Reporter, parley.NoticeIncident, parley.Versioned{Ref: ref, Version: i.Version}, other(h))
	}
	made := []parley.Ref{}
	for _, object := range objects {
		o := s.object(object)
		t.tell(o.Owner, parley.NoticeIncident, parley.Versioned{Ref: ref, Version: i.Version}, other(object))
		if o.Notified > i.Incident.To || s.reported(object, &i.Incident) {
			continue
		}
		h := &parley.Harm{Ref: s.freeRef(parley.RefHarm, mix(t.name, string(object))), At: i.Incident.From, Reporter: t.account, By: t.by(), Reported: t.at, Position: t.position}
		s.taken[h.Ref] = true
		t.harmAt(h, o)
		if h.Stop != "" {
			t.tellNear(h)
		}
		s.harms.put(string(h.Ref), h)
		s.noteHarm(h)
		made = append(made, h.Ref)
	}
	if len(made) > 0 {
		e := s.incidents.edit(string(ref))
		e.Harms = append(slices.Clone(e.Harms), made...)
	}
}

// reported reports whether harm to an object was reported for a time that an incident covers.
func (s *State) reported(object parley.Ref, i *parley.Incident) bool {
	return slices.ContainsFunc(s.harms.keysOf(object), func(key string) bool {
		h := s.harms.get(key)
		return h.At >= i.From-i.Uncertain-sameHarm && h.At <= i.To+i.Uncertain+sameHarm
	})
}

// ownIncident returns an incident of this account.
func (t *turn) ownIncident(field string, ref parley.Ref) (*parley.IncidentNoted, *Refusal) {
	i := t.s.incidents.get(string(ref))
	if i == nil || i.Account != t.account && t.viewer().incidentSight(i) == sightNone {
		return nil, notFound(field)
	}
	if i.Account != t.account {
		return nil, refuse(parley.CodeNotPermitted, field, string(i.Account), "an incident that one's own account has recorded")
	}
	return i, nil
}

// seenIncident returns an incident that this account may see whole.
func (t *turn) seenIncident(field string, ref parley.Ref) (*parley.IncidentNoted, *Refusal) {
	i := t.s.incidents.get(string(ref))
	if i == nil || t.viewer().incidentSight(i) < sightWhole {
		return nil, notFound(field)
	}
	return i, nil
}

func (t *turn) incidentUpdate(b *parley.IncidentUpdate) (effect, *Refusal) {
	i, r := t.ownIncident("body.of", b.Of.Ref)
	if r != nil {
		return nil, r
	}
	if b.Of.Version != i.Version {
		return nil, refuse(parley.CodeVersion, "body.of", b.Of.String(), parley.Versioned{Ref: i.Ref, Version: i.Version}.String())
	}
	if i.State == parley.IncidentClosed {
		return nil, refuse(parley.CodeWrongState, "body.of", string(i.State), "an incident that is open, or taken up again")
	}
	if r := t.incidentFits(&b.Incident, i.Ref); r != nil {
		return nil, r
	}
	return func() {
		s := t.s
		t.ref = i.Ref
		s.forgetIncident(i)
		e := s.incidents.edit(string(i.Ref))
		e.Earlier = append(slices.Clone(i.Earlier), parley.IncidentVersion{Version: i.Version, Incident: i.Incident, Name: i.Name, Position: i.Position, At: i.At})
		e.Version, e.Incident, e.Name, e.Position, e.At = i.Version+1, b.Incident, t.name, t.position, t.at
		e.Changes = append(slices.Clone(i.Changes), parley.IncidentChanged{Version: e.Version, Reason: b.Reason, Words: b.Words, By: t.by(), At: t.at})
		objects, harms := without(b.Incident.Objects, i.Objects), without(b.Incident.Harms, i.Harms)
		e.Objects, e.Harms = append(slices.Clone(i.Objects), objects...), append(slices.Clone(i.Harms), harms...)
		if e.Incident.Restricted {
			e.Public = 0
		}
		s.noteIncident(e)
		t.publishLater(e.Ref, e.Version, e.Incident.Restricted)
		t.findMatches(e) // the record is another one from here on
		of := parley.Versioned{Ref: e.Ref, Version: e.Version}
		if t.account != parley.Desk {
			t.tell(parley.Desk, parley.NoticeIncidentUpdated, of)
		}
		for _, key := range s.responses.keysOf(e.Ref) {
			t.tell(s.responses.get(key).Party, parley.NoticeIncidentUpdated, of)
		}
		t.concern(e.Ref, objects, harms)
	}, nil
}

// without returns what is in one list and not in another.
func without(list, known []parley.Ref) []parley.Ref {
	var fresh []parley.Ref
	for _, r := range list {
		if !slices.Contains(known, r) {
			fresh = append(fresh, r)
		}
	}
	return fresh
}

func (t *turn) incidentLink(b *parley.IncidentLink) (effect, *Refusal) {
	i := t.s.incidents.get(string(b.Incident))
	if i == nil {
		return nil, notFound("body.incident")
	}
	for n, ref := range b.Objects {
		if t.s.object(ref) == nil {
			return nil, notFound(fmt.Sprintf("body.objects[%d]", n))
		}
	}
	for n, ref := range b.Harms {
		if t.s.harms.get(string(ref)) == nil {
			return nil, notFound(fmt.Sprintf("body.harms[%d]", n))
		}
	}
	objects, harms := without(b.Objects, i.Objects), without(b.Harms, i.Harms)
	if len(objects)+len(harms) == 0 {
		return nil, refuse(parley.CodeExists, "body.objects", "references that are linked already", "one that is not")
	}
	return func() {
		t.ref = i.Ref
		e := t.s.incidents.edit(string(i.Ref))
		e.Objects, e.Harms = append(slices.Clone(i.Objects), objects...), append(slices.Clone(i.Harms), harms...)
		t.advance(i.Ref, parley.IncidentDocumented)
		if i.Account != parley.Desk {
			t.tell(i.Account, parley.NoticeIncidentUpdated, parley.Versioned{Ref: i.Ref, Version: i.Version})
		}
		t.concern(i.Ref, objects, harms)
	}, nil
}

// advance moves an incident on, where its machine has that step.
func (t *turn) advance(ref parley.Ref, to parley.IncidentState) {
	if i := t.s.incidents.get(string(ref)); i != nil && parley.IncidentMachine.May(string(i.State), string(to)) {
		t.s.incidents.edit(string(ref)).State = to
	}
}

func (t *turn) incidentMatch(b *parley.IncidentMatch) (effect, *Refusal) {
	i, r := t.seenIncident("body.incident", b.Incident)
	o, r2 := t.seenIncident("body.other", b.Other)
	if r = cmp.Or(r, r2); r != nil {
		return nil, r
	}
	said := parley.MatchDifferent
	if b.Same {
		said = parley.MatchSame
	}
	return func() {
		t.ref = i.Ref
		for _, pair := range [][2]*parley.IncidentNoted{{i, o}, {o, i}} {
			e := t.s.incidents.edit(string(pair[0].Ref))
			e.Matches = slices.Clone(e.Matches)
			at := slices.IndexFunc(e.Matches, func(m parley.Match) bool { return m.Other == pair[1].Ref })
			if at < 0 {
				e.Matches = append(e.Matches, parley.Match{Other: pair[1].Ref, Apart: placesApart(&i.Incident, &o.Incident)})
				at = len(e.Matches) - 1
			}
			m := &e.Matches[at]
			m.Said, m.By, m.At, m.Words = said, t.by(), t.at, b.Words
		}
	}, nil
}

// placesApart returns the metres between two incidents' places, -1 where one has none.
func placesApart(a, b *parley.Incident) int64 {
	if a.Place == nil || b.Place == nil {
		return -1
	}
	return geo.DistanceMM(*a.Place, *b.Place) / 1000
}

// findMatches proposes incidents of other sets or sources that may be the same one. Nothing is merged: a person says whether they are.
func (t *turn) findMatches(i *parley.IncidentNoted) {
	s := t.s
	first, last := spanOf(&i.Incident)
	refs := slices.Clone(s.incidentsOn.long)
	if last-first < daysOfAnIndex {
		for day := first; day <= last; day++ {
			refs = append(refs, s.incidentsOn.days[day]...)
		}
	} else {
		for _, key := range s.incidents.keys() {
			refs = append(refs, parley.Ref(key))
		}
	}
	type match struct {
		other   *parley.IncidentNoted
		reasons []parley.MatchReason
	}
	var found []match
	for _, ref := range refs {
		o := s.incidents.get(string(ref))
		if o.Ref == i.Ref || slices.ContainsFunc(i.Matches, func(m parley.Match) bool { return m.Other == ref }) {
			continue
		}
		if reasons := matchReasons(i, o); reasons != nil {
			found = append(found, match{o, reasons})
		}
	}
	slices.SortFunc(found, func(a, b match) int { return cmp.Compare(a.other.Ref, b.other.Ref) })
	found = slices.CompactFunc(found, func(a, b match) bool { return a.other.Ref == b.other.Ref })
	named := min(len(found), matchesNamed)
	for _, m := range found[:named] {
		apart := placesApart(&i.Incident, &m.other.Incident)
		a, b := s.incidents.edit(string(i.Ref)), s.incidents.edit(string(m.other.Ref))
		a.Matches = append(slices.Clone(a.Matches), parley.Match{Other: m.other.Ref, Reasons: m.reasons, Apart: apart, Said: parley.MatchProposed, At: t.at})
		b.Matches = append(slices.Clone(b.Matches), parley.Match{Other: i.Ref, Reasons: m.reasons, Apart: apart, Said: parley.MatchProposed, At: t.at})
	}
	if named > 0 && !i.Incident.Imported() {
		t.tell(parley.Desk, parley.NoticeMatch, parley.Versioned{Ref: i.Ref, Version: i.Version}, count(named))
	}
}

func count(n int) func(*parley.Notice) { return func(x *parley.Notice) { x.Count = n } }

// matchReasons says why two incidents may be one; nil when they are not thought to be. Entries of one set are kept apart by their set.
func matchReasons(a, b *parley.IncidentNoted) []parley.MatchReason {
	x, y := &a.Incident, &b.Incident
	if set := setOf(x); set != "" && set == setOf(y) {
		return nil
	}
	if x.From-x.Uncertain > y.To+y.Uncertain || y.From-y.Uncertain > x.To+x.Uncertain {
		return nil
	}
	reasons := []parley.MatchReason{parley.MatchTime}
	place := false
	if slices.ContainsFunc(a.Objects, func(r parley.Ref) bool { return slices.Contains(b.Objects, r) }) {
		reasons, place = append(reasons, parley.MatchObject), true
	}
	same := sameCount(x, y)
	m, known := x.Metres()
	n, also := y.Metres()
	if apart := placesApart(x, y); apart >= 0 && known && also && apart <= int64(m)+int64(n) {
		if reach := int64(m) + int64(n); reach <= matchMetres || reach <= coarseMatch && same {
			reasons, place = append(reasons, parley.MatchPlace), true
		}
	}
	if !place {
		return nil
	}
	if same {
		reasons = append(reasons, parley.MatchTally)
	}
	return reasons
}

// setOf returns the open data set that an incident is taken from, empty for others.
func setOf(i *parley.Incident) string {
	if !i.Imported() {
		return ""
	}
	return i.Sources[0].Set
}

// sameCount reports whether two incidents count the same people: a range above none of theirs meets.
func sameCount(a, b *parley.Incident) bool {
	for _, x := range a.Tallies {
		for _, y := range b.Tallies {
			if x.What == y.What && x.Max > 0 && y.Max > 0 && x.Min <= y.Max && y.Min <= x.Max && (x.Who == y.Who || x.Who == "" || y.Who == "") {
				return true
			}
		}
	}
	return false
}

func (t *turn) incidentClose(b *parley.IncidentClose) (effect, *Refusal) {
	i, r := t.seenIncident("body.incident", b.Incident)
	if r != nil {
		return nil, r
	}
	if i.Account != t.account && t.account != parley.Desk {
		return nil, refuse(parley.CodeNotPermitted, "body.incident", string(i.Account), "an incident that one's own account has recorded")
	}
	to := parley.IncidentClosed
	if b.Reopen {
		to = parley.IncidentDocumented
	}
	if (i.State == parley.IncidentClosed) != b.Reopen {
		return nil, refuse(parley.CodeWrongState, "body.reopen", string(i.State), "an open incident to close, or a closed one to take up again")
	}
	return func() {
		t.ref = i.Ref
		e := t.s.incidents.edit(string(i.Ref))
		e.State, e.Closed, e.Closing = to, t.at, b.Words
		if b.Reopen {
			e.Closed = 0
		}
		for _, to := range slices.Compact([]parley.Ref{parley.Desk, i.Account}) {
			if to != t.account {
				t.tell(to, parley.NoticeIncidentUpdated, parley.Versioned{Ref: i.Ref, Version: i.Version})
			}
		}
	}, nil
}

// publication returns the profile of publication in force.
func (s *State) publication() *parley.Publication {
	if p := s.publications.get(""); p != nil {
		return p
	}
	p := parley.DefaultPublication()
	return &p
}

// publishLater starts the clock at whose end a version, or a claim, is public. It runs in log time: who holds the journal can say what was
// public when.
func (t *turn) publishLater(ref parley.Ref, version int, restricted bool) {
	t.s.cancel(ref, deadlinePublish)
	if !restricted {
		t.s.after(t.at, t.s.publication().Delay, ref, deadlinePublish, fmt.Sprint(version))
	}
}

// published makes public what its delay has passed for.
func (s *State) published(d duty.Deadline, at int64) {
	if i := s.incidents.get(d.Ref); i != nil {
		e := s.incidents.edit(d.Ref)
		e.Public = i.Version
		if e.PublicSince == 0 {
			e.PublicSince = at
		}
		if !i.Incident.Imported() {
			s.noted(d, at, i.Account, parley.NoticeIncidentPublic, parley.Versioned{Ref: i.Ref, Version: i.Version})
		}
		return
	}
	s.claims.edit(d.Ref).Public = true
}

func (t *turn) publicationSet(b *parley.PublicationSet) (effect, *Refusal) {
	return func() {
		p := b.Publication
		t.s.publications.put("", &p)
		for _, ref := range t.s.everyAccount() {
			t.tell(ref, parley.NoticePublication, parley.Versioned{})
		}
	}, nil
}
