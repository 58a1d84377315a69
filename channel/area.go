package channel

import (
	"cmp"
	"fmt"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// areaVolume is a declared area as it is compared.
func areaVolume(a *parley.Area) geo.Volume {
	v := a.Volume()
	v.Shape = v.Shape.Normalize()
	return v
}

func (t *turn) addressees(field string, refs []parley.Ref) *Refusal {
	for i, ref := range refs {
		if t.s.accounts.get(string(ref)) == nil || ref == t.account {
			return notFound(fmt.Sprintf("%s[%d]", field, i))
		}
	}
	return nil
}

func (t *turn) areaFits(a *parley.Area) *Refusal {
	if t.s.accounts.get(string(t.account)).PartyKind == parley.GoBetween {
		return refuse(parley.CodeNotPermitted, "key", "a go-between", "the party itself")
	}
	if a.Window.To <= t.at {
		return refuse(parley.CodeClock, "body.area.window.to", parley.Stamp(a.Window.To), "a time to come")
	}
	return cmp.Or(t.addressees("body.area.addressees", a.Addressees), t.quotes("body.area.head", a.Head),
		t.doubts([]geo.Shape{a.Shape}, 0, []parley.FindingAnswer{{Finding: parley.FindingRounded}}))
}

func (t *turn) areaDeclare(b *parley.AreaDeclare) (effect, *Refusal) {
	if r := t.areaFits(&b.Area); r != nil {
		return nil, r
	}
	return func() {
		t.ref = t.newRef(parley.RefArea)
		a := &parley.AreaRecord{Ref: t.ref, Party: t.account, Version: 1}
		t.s.taken[t.ref] = true
		t.s.areaOf[t.account] = append(t.s.areaOf[t.account], t.ref)
		t.declare(a, &b.Area, parley.NoticeArea)
	}, nil
}

func (t *turn) areaAmend(b *parley.AreaAmend) (effect, *Refusal) {
	a, r := t.ownArea("body.of", b.Of.Ref)
	if r == nil && b.Of.Version != a.Version {
		r = refuse(parley.CodeVersion, "body.of", b.Of.String(), parley.Versioned{Ref: a.Ref, Version: a.Version}.String()+", the newest")
	}
	if r = cmp.Or(r, t.areaFits(&b.Area)); r != nil {
		return nil, r
	}
	return func() {
		t.ref = b.Of.Ref
		next := *a
		next.Version++
		next.Earlier = append(slices.Clone(a.Earlier), parley.AreaVersion{Version: a.Version, Area: a.Area, Name: a.Name, Position: a.Position, At: a.At})
		gone := slices.DeleteFunc(slices.Clone(a.Area.Addressees), func(p parley.Ref) bool { return slices.Contains(b.Area.Addressees, p) })
		for _, p := range gone {
			t.tell(p, parley.NoticeAreaEnded, b.Of)
		}
		// An objection stays on later versions that overlap the one it was made against.
		if !geo.Conflict(areaVolume(&a.Area), areaVolume(&b.Area)) {
			next.Objections = nil
		}
		t.s.dropOverlaps(a.Ref)
		t.declare(&next, &b.Area, parley.NoticeAreaAmended)
	}, nil
}

func (t *turn) ownArea(field string, ref parley.Ref) (*parley.AreaRecord, *Refusal) {
	a := t.s.areas.get(string(ref))
	if a == nil || a.Party != t.account {
		return nil, notFound(field)
	}
	if a.State == parley.AreaEnded {
		return nil, refuse(parley.CodeWrongState, field, string(a.State), "an area that has not ended")
	}
	return a, nil
}

// addressed returns an area that was told to the account that speaks.
func (t *turn) addressed(field string, ref parley.Ref) (*parley.AreaRecord, *Refusal) {
	a := t.s.areas.get(string(ref))
	if a == nil || !slices.Contains(a.Area.Addressees, t.account) {
		return nil, notFound(field)
	}
	if a.State == parley.AreaEnded {
		return nil, refuse(parley.CodeWrongState, field, string(a.State), "an area that has not ended")
	}
	return a, nil
}

// declare stores a version of an area, tells those addressed, and finds everything it meets.
func (t *turn) declare(a *parley.AreaRecord, area *parley.Area, kind parley.NoticeKind) {
	s, clocks := t.s, &t.s.profile().Clocks
	v := areaVolume(area)
	a.Area, a.State, a.Name, a.Position, a.At, a.By, a.OnBehalf = *area, parley.AreaDeclared, t.name, t.position, t.at, t.by(), t.cmd.OnBehalf
	a.Missed = s.missed(area.Head, v)
	a.Stale = len(a.Missed) > 0
	a.Checked, a.Warned = s.checkedFor(a.Party, v), false
	s.areas.put(string(a.Ref), a)
	s.areasIn.setOne(string(a.Ref), v)
	of := parley.Versioned{Ref: a.Ref, Version: a.Version}
	s.cancelAll(a.Ref)
	s.after(area.Window.From, 0, a.Ref, deadlineAreaBegin, "")
	s.after(area.Window.To, 0, a.Ref, deadlineAreaEnd, "")
	s.after(area.Window.From, -clocks.AreaNear, a.Ref, deadlineAreaNear, "")
	if len(area.Addressees) > 0 {
		s.after(t.at, clocks.ReadBackArea, a.Ref, deadlineReadBack, "")
	}
	for _, p := range area.Addressees {
		t.tell(p, kind, of, due(t.at+clocks.ReadBackArea), urgent(area.Urgent))
	}
	t.tell(parley.Desk, kind, parley.Versioned{Ref: a.Ref})
	if a.Stale {
		t.tell(a.Party, parley.NoticeAreaStale, of)
	}
	if area.Urgent && !a.Checked {
		t.tell(a.Party, parley.NoticeUrgentUnchecked, of, urgent(true))
	}
	touched := s.touched(a.Party, v)
	for _, m := range touched {
		t.indicate(a, m.object, m.window)
	}
	s.closeIndications(a.Ref, touched)
	t.askAboutUnreleased(a, v)
	t.findOverlaps(a, v)
}

// indicate records that an area meets an object released to its owner. The owner learns it; a movement's people are asked; the
// desk learns that an indication is open. Nobody else learns anything.
func (t *turn) indicate(a *parley.AreaRecord, of parley.Versioned, w geo.Window) {
	s := t.s
	key := indicationKey(a.Ref, of.Ref)
	isUrgent := w.From-t.at < s.profile().Clocks.AreaNear
	if s.indications.get(key) == nil {
		s.openOf[a.Ref] = append(s.openOf[a.Ref], key)
	}
	s.indications.put(key, &parley.Indication{Of: a.Ref, Object: of, Party: a.Party, State: parley.IndicationOpen, Window: w, At: t.at, Urgent: isUrgent})
	t.tell(a.Party, parley.NoticeIndication, of, other(a.Ref), urgent(isUrgent))
	if s.taskFor(a.Party, of.Ref) != nil {
		t.tell(a.Party, parley.NoticeHarmedBefore, of, other(a.Ref), urgent(true))
	}
	t.tell(parley.Desk, parley.NoticeIndication, of, other(a.Ref), urgent(isUrgent))
	if o := s.object(of.Ref); of.Ref.Kind() == parley.RefMovement {
		t.ask(o, parley.CauseContact, isUrgent)
	}
}

func indicationKey(of, object parley.Ref) string { return string(of) + " " + string(object) }

// closeIndications takes away the open indications of an area's earlier version that the newest does not meet.
func (s *State) closeIndications(area parley.Ref, touched []meeting) {
	kept := s.openOf[area][:0:0]
	for _, key := range s.openOf[area] {
		i := s.indications.get(key)
		if i.State == parley.IndicationOpen && !slices.ContainsFunc(touched, func(m meeting) bool { return m.object.Ref == i.Object.Ref }) {
			s.indications.remove(key)
			continue
		}
		kept = append(kept, key)
	}
	s.openOf[area] = kept
}

// askAboutUnreleased lets the desk ask, as a routine revalidation, whether objects that an area meets and its owner does not hold
// should be released. The notice names the object alone: no area, place, party or time. Once for each version.
func (t *turn) askAboutUnreleased(a *parley.AreaRecord, v geo.Volume) {
	s := t.s
	var refs []parley.Ref
	for _, id := range s.objectsIn.index.Find(v) {
		refs = append(refs, parley.Ref(s.objectsIn.keys[id]))
	}
	slices.Sort(refs)
	for _, ref := range slices.Compact(refs) {
		o := s.object(ref)
		if o.AskedShare || slices.Contains(s.holdingParties(ref), a.Party) {
			continue
		}
		s.objects.edit(string(ref)).AskedShare = true
		t.tell(parley.Desk, parley.NoticeAskShare, parley.Versioned{Ref: ref, Version: o.Newest})
	}
}

func (t *turn) areaEnd(b *parley.AreaEnd) (effect, *Refusal) {
	a, r := t.ownArea("body.area", b.Area)
	if r != nil {
		return nil, r
	}
	return func() {
		t.ref = b.Area
		t.s.endArea(a.Ref, t.at, t.position, 0)
	}, nil
}

func (s *State) endArea(ref parley.Ref, at int64, position uint64, dueAt int64) {
	a := s.areas.edit(string(ref))
	a.State = parley.AreaEnded
	s.areasIn.remove(string(ref))
	s.cancelAll(ref)
	s.dropOverlaps(ref)
	for _, p := range append(slices.Clone(a.Area.Addressees), parley.Desk) {
		s.tell(parley.Notice{To: p, Kind: parley.NoticeAreaEnded, Object: ref, Version: a.Version, Due: dueAt, At: at, Position: position})
	}
}

func (s *State) areaBegins(d duty.Deadline, at int64) {
	if a := s.areas.get(d.Ref); a.State != parley.AreaEnded {
		s.areas.edit(d.Ref).State = parley.AreaInForce
	}
}

func (s *State) areaEnds(d duty.Deadline, at int64) {
	s.endArea(parley.Ref(d.Ref), at, s.Size(), d.Due)
}

// areaNear tells an area's owner, and only them, that its window is near without a current check, and of each object with an open indication
// whose owner they have not warned.
func (s *State) areaNear(d duty.Deadline, at int64) {
	a := s.areas.get(d.Ref)
	if a.State == parley.AreaEnded {
		return
	}
	if !s.checkedFor(a.Party, areaVolume(&a.Area)) {
		s.areas.edit(d.Ref).Warned = true
		s.noted(d, at, a.Party, parley.NoticeAreaUnchecked, parley.Versioned{Ref: a.Ref, Version: a.Version}, urgent(true))
	}
	for _, key := range slices.Sorted(slices.Values(s.openOf[a.Ref])) {
		if i := s.indications.get(key); i.State == parley.IndicationOpen && !s.hasWarned(a.Party, i.Object.Ref) {
			s.areas.edit(d.Ref).Warned = true
			s.noted(d, at, a.Party, parley.NoticeNotWarned, i.Object, other(a.Ref), urgent(true))
		}
	}
}

func (s *State) readBackPassed(d duty.Deadline, at int64) {
	a := s.areas.get(d.Ref)
	of := parley.Versioned{Ref: a.Ref, Version: a.Version}
	for _, p := range a.Area.Addressees {
		if !slices.ContainsFunc(a.ReadBacks, func(r parley.ReadBack) bool { return r.Party == p && r.Version == a.Version && r.Right }) {
			s.noted(d, at, p, parley.NoticeReadBackLate, of)
			s.noted(d, at, a.Party, parley.NoticeReadBackLate, of, other(p))
		}
	}
}

// areaReadback compares centre, extent and window with the geometry. A wrong one is kept and shown to both sides.
func (t *turn) areaReadback(b *parley.AreaReadback) (effect, *Refusal) {
	a, r := t.addressed("body.of", b.Of.Ref)
	if r != nil {
		return nil, r
	}
	if b.Of.Version != a.Version {
		return nil, refuse(parley.CodeVersion, "body.of", b.Of.String(), parley.Versioned{Ref: a.Ref, Version: a.Version}.String()+", the newest")
	}
	rule := t.s.profile().ReadBack
	box := a.Area.Shape.Bounds()
	extent := apart(box.Min, box.Max) / 1000
	what := ""
	switch {
	case apart(box.Center(), b.Center) > int64(rule.Metres)*1000:
		what = "center"
	case abs(extent-int64(b.Extent))*100 > extent*int64(rule.Percent):
		what = "extent"
	case b.From/parley.Minute != a.Area.Window.From/parley.Minute || b.To/parley.Minute != a.Area.Window.To/parley.Minute:
		what = "window"
	}
	record := func(right bool) {
		e := t.s.areas.edit(string(a.Ref))
		e.ReadBacks = append(slices.Clone(e.ReadBacks), parley.ReadBack{Party: t.account, Version: a.Version, At: t.at, By: t.by(), Right: right, What: what})
		t.ref = a.Ref
	}
	if what != "" {
		refusal := refuse(parley.CodeReadBack, "body."+what, "another "+what, fmt.Sprintf("the area as it is held: centre within %d m, extent within %d %%, window to the minute", rule.Metres, rule.Percent))
		refusal.Kept = true
		return func() {
			record(false)
			t.tell(a.Party, parley.NoticeReadBackWrong, b.Of, other(t.account))
			t.tell(t.account, parley.NoticeReadBackWrong, b.Of)
		}, refusal
	}
	return func() {
		record(true)
		t.tell(a.Party, parley.NoticeReadBack, b.Of, other(t.account))
		e := t.s.areas.edit(string(a.Ref))
		if e.State == parley.AreaDeclared && !slices.ContainsFunc(e.Area.Addressees, func(p parley.Ref) bool {
			return !slices.ContainsFunc(e.ReadBacks, func(r parley.ReadBack) bool { return r.Party == p && r.Version == e.Version && r.Right })
		}) {
			e.State = parley.AreaReadBack
		}
	}, nil
}

func abs(n int64) int64 { return max(n, -n) }

// areaTold compares a place told in words with the area's centre. A difference stays open and is shown to both sides and the desk.
func (t *turn) areaTold(b *parley.AreaTold) (effect, *Refusal) {
	a := t.s.areas.get(string(b.Area))
	if a == nil || a.Party != t.account && !slices.Contains(a.Area.Addressees, t.account) {
		return nil, notFound("body.area")
	}
	return func() {
		t.ref = a.Ref
		place := geo.Destination(b.Place, b.Bearing, b.Distance)
		box := a.Area.Shape.Bounds()
		told := parley.ToldPlace{Party: t.account, Version: a.Version, Words: b.Words, Place: place, Apart: apart(place, box.Center()), At: t.at}
		// Words name a centre: they may lie off it by a tenth of the distance told, or by the read-back tolerance, but not outside the area.
		told.Differs = told.Apart > max(int64(b.Distance)*100, int64(t.s.profile().ReadBack.Metres)*1000, apart(box.Min, box.Max)/4)
		e := t.s.areas.edit(string(a.Ref))
		e.Told = append(slices.Clone(e.Told), told)
		kind := parley.NoticeTold
		if told.Differs {
			kind = parley.NoticeToldDiffers
		}
		of := parley.Versioned{Ref: a.Ref, Version: a.Version}
		for _, p := range append(slices.Clone(a.Area.Addressees), a.Party) {
			t.tell(p, kind, of, urgent(told.Differs))
		}
		t.tell(parley.Desk, kind, parley.Versioned{Ref: a.Ref}, urgent(told.Differs))
	}, nil
}

func (t *turn) areaObject(b *parley.AreaObject) (effect, *Refusal) {
	a, r := t.addressed("body.of", b.Of.Ref)
	if r != nil {
		return nil, r
	}
	if b.Of.Version > a.Version {
		return nil, notFound("body.of")
	}
	return func() {
		t.ref = a.Ref
		e := t.s.areas.edit(string(a.Ref))
		e.Objections = append(slices.Clone(e.Objections), parley.Objection{Party: t.account, Version: b.Of.Version, Reason: b.Reason, Words: b.Words, At: t.at})
		t.tell(a.Party, parley.NoticeObjection, b.Of, other(t.account))
		t.tell(parley.Desk, parley.NoticeObjection, parley.Versioned{Ref: a.Ref}, other(t.account))
	}, nil
}

// areaWithdraw takes an addressee's objection back; that it stood stays on record.
func (t *turn) areaWithdraw(b *parley.AreaWithdraw) (effect, *Refusal) {
	a := t.s.areas.get(string(b.Area))
	if a == nil || !slices.ContainsFunc(a.Objections, func(o parley.Objection) bool { return o.Party == t.account }) {
		return nil, notFound("body.area")
	}
	stands := func(o parley.Objection) bool { return o.Party == t.account && o.Reason == b.Reason && o.Ended == 0 }
	if !slices.ContainsFunc(a.Objections, stands) {
		return nil, refuse(parley.CodeWrongState, "body.reason", string(b.Reason), "the reason of an objection of yours that stands")
	}
	return func() {
		t.ref = a.Ref
		e := t.s.areas.edit(string(a.Ref))
		e.Objections = slices.Clone(e.Objections)
		for i, o := range e.Objections {
			if stands(o) {
				e.Objections[i].Ended = t.at
			}
		}
		of := parley.Versioned{Ref: a.Ref, Version: a.Version}
		t.tell(a.Party, parley.NoticeObjectionEnded, of, other(t.account))
		t.tell(parley.Desk, parley.NoticeObjectionEnded, parley.Versioned{Ref: a.Ref}, other(t.account))
	}, nil
}

// areaDispute keeps an addressee's word that an area was told to it otherwise, beside the signed version it names. It may come after the area ended.
func (t *turn) areaDispute(b *parley.AreaContest) (effect, *Refusal) {
	a := t.s.areas.get(string(b.Of.Ref))
	if a == nil {
		return nil, notFound("body.of")
	}
	of, ok := versionOf(a, b.Of.Version)
	if !ok || !slices.Contains(of.Area.Addressees, t.account) {
		return nil, notFound("body.of")
	}
	return func() {
		t.ref = a.Ref
		d := parley.AreaDispute{Party: t.account, Version: of.Version, Place: b.Place, From: b.From, To: b.To, Words: b.Words, At: t.at}
		if b.Place != nil {
			d.Apart = apart(*b.Place, of.Area.Shape.Bounds().Center())
		}
		e := t.s.areas.edit(string(a.Ref))
		e.Disputes = append(slices.Clone(e.Disputes), d)
		t.tell(a.Party, parley.NoticeAreaDispute, b.Of, other(t.account))
		t.tell(parley.Desk, parley.NoticeAreaDispute, parley.Versioned{Ref: a.Ref}, other(t.account))
	}, nil
}

// versionOf returns a version of an area, the newest included.
func versionOf(a *parley.AreaRecord, version int) (parley.AreaVersion, bool) {
	if version == a.Version {
		return parley.AreaVersion{Version: a.Version, Area: a.Area, Name: a.Name, Position: a.Position, At: a.At}, true
	}
	for _, v := range a.Earlier {
		if v.Version == version {
			return v, true
		}
	}
	return parley.AreaVersion{}, false
}
