package channel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/geo"
)

// versionKey is the key of a version, and of a release with its party: "SITE-7K3F-Q2/v3" and "SITE-7K3F-Q2/v3>PARTY-…".
func versionKey(of parley.Versioned) string { return of.String() }

func releaseKey(of parley.Versioned, to parley.Ref) string { return of.String() + ">" + string(to) }

// objectIn returns the object of a release's key. Reading the release for it would cost two waits for memory a result, where a party holds a million.
func objectIn(releaseKey string) parley.Ref {
	ref, _, _ := strings.Cut(releaseKey, "/")
	return parley.Ref(ref)
}

func (s *State) object(ref parley.Ref) *parley.Object { return s.objects.get(string(ref)) }

func (s *State) version(of parley.Versioned) *parley.Version { return s.versions.get(versionKey(of)) }

func (s *State) newest(o *parley.Object) *parley.Version {
	return s.version(parley.Versioned{Ref: o.Ref, Version: o.Newest})
}

// owned returns the open object of that reference if the account that speaks has notified it.
func (t *turn) owned(field string, ref parley.Ref) (*parley.Object, *Refusal) {
	o := t.s.object(ref)
	if o == nil || o.Owner != t.account {
		return nil, notFound(field)
	}
	if !o.Open() {
		return nil, refuse(parley.CodeWrongState, field, string(o.State), "a notification that has not ended")
	}
	return o, nil
}

// newestOf checks that a quoted version is the newest.
func newestOf(field string, o *parley.Object, of parley.Versioned) *Refusal {
	if of.Version != o.Newest {
		return refuse(parley.CodeVersion, field, of.String(), parley.Versioned{Ref: o.Ref, Version: o.Newest}.String()+", the newest")
	}
	return nil
}

// doubts returns the findings about an object's positions that nobody has answered yet.
func (t *turn) doubts(shapes []geo.Shape, accuracy int32, answered []parley.FindingAnswer) *Refusal {
	var open []parley.Finding
	for _, shape := range shapes {
		for _, f := range t.s.profile().PositionFindings(shape, accuracy) {
			if !slices.Contains(open, f) && !slices.ContainsFunc(answered, func(a parley.FindingAnswer) bool { return a.Finding == f }) {
				open = append(open, f)
			}
		}
	}
	if open == nil {
		return nil
	}
	r := refuse(parley.CodeFindings, "body", fmt.Sprintf("%s: %v", shapes[0].Bounds().Center(), open), "a look at each finding, and the position put right or the finding answered")
	r.Findings = open
	return r
}

// consents checks that each recipient is there.
func (t *turn) consents(field string, sharing *parley.Sharing) *Refusal {
	for i, c := range sharing.Consents {
		if t.s.accounts.get(string(c.To)) == nil {
			return notFound(fmt.Sprintf("%s.sharing.consents[%d].to", field, i))
		}
	}
	return nil
}

// answered returns the findings that were answered: the desk sees them beside the object.
func answered(as []parley.FindingAnswer) []parley.Finding {
	var fs []parley.Finding
	for _, a := range as {
		fs = append(fs, a.Finding)
	}
	return fs
}

// addObject makes an object with its first version.
func (t *turn) addObject(kind parley.RefKind, v *parley.Version, late bool) {
	s := t.s
	t.ref = t.newRef(kind)
	o := &parley.Object{Ref: t.ref, Owner: t.account, Newest: 1, State: parley.Submitted, Currency: parley.Current, Confirmed: t.at, Notified: t.at, Late: late}
	if kind == parley.RefMovement {
		o.Movement = parley.MovementPlanned
	}
	s.objects.put(string(t.ref), o)
	s.noteObject(o)
	t.addVersion(o, v)
}

func (s *State) noteObject(o *parley.Object) {
	s.taken[o.Ref] = true
	s.order = append(s.order, o.Ref)
	s.byOwner[o.Owner] = append(s.byOwner[o.Owner], o.Ref)
}

// addVersion stores the newest version of an object, indexes it and starts the desk's and the object's clocks.
func (t *turn) addVersion(o *parley.Object, v *parley.Version) {
	s, clocks := t.s, &t.s.profile().Clocks
	v.Of = parley.Versioned{Ref: o.Ref, Version: o.Newest}
	v.Position, v.Name, v.At, v.By, v.OnBehalf = t.position, t.name, t.at, t.by(), t.cmd.OnBehalf
	v.Near = s.near(v, o.Owner)
	s.versions.put(versionKey(v.Of), v)
	s.indexObject(o, v)
	first := clocks.DeskStandard
	emergency := v.Movement != nil && v.Movement.Urgency != parley.StandardNotice
	if emergency {
		first = clocks.DeskEmergency
	}
	s.after(t.at, first, o.Ref, deadlineDesk, fmt.Sprint(o.Newest))
	t.tell(parley.Desk, parley.NoticeNotified, v.Of, due(t.at+first), urgent(emergency))
	switch o.Ref.Kind() {
	case parley.RefSite:
		s.revalidateFrom(o.Ref, t.at)
	case parley.RefMovement:
		w := v.Movement.Window()
		s.cancel(o.Ref, deadlineDeparture)
		s.cancel(o.Ref, deadlineOverdue)
		s.after(w.From, -clocks.AckBefore, o.Ref, deadlineDeparture, fmt.Sprint(o.Newest))
		s.after(w.To, clocks.Overdue, o.Ref, deadlineOverdue, fmt.Sprint(o.Newest))
		t.askAboutHarm(o)
		t.onWay(o)
		s.replan(o, v.Movement)
	case parley.RefPresence:
		s.after(v.Presence.Until, 0, o.Ref, deadlineEnds, "")
	}
}

// indexObject puts the newest version of an object where the desk's questions look for it.
func (s *State) indexObject(o *parley.Object, v *parley.Version) {
	s.objectsIn.set(string(o.Ref), s.volumesOf(o, v, parley.Exact))
}

// volumesOf returns where a version is, as exact as a recipient may know. A movement on the road has no end: it stays in every
// list and check until a person closes it, whatever its window.
func (s *State) volumesOf(o *parley.Object, v *parley.Version, p parley.Precision) []geo.Volume {
	vs := v.Object().Volumes(s.profile())
	for i := range vs {
		if p == parley.Coarse {
			vs[i].Shape, vs[i].Buffer = vs[i].Shape.Coarse(), 0
		} else {
			vs[i].Shape = vs[i].Shape.Normalize()
		}
		if o.Departed() {
			vs[i].Window.To = geo.Forever
		}
	}
	return vs
}

// near returns other notifiers' open sites of the category so close that they may be the same one. The desk alone sees them.
func (s *State) near(v *parley.Version, owner parley.Ref) []parley.Ref {
	if v.Site == nil {
		return nil
	}
	metres := s.profile().NearMetres
	var found []parley.Ref
	q := geo.Volume{Shape: v.Site.Shape.Normalize(), Buffer: metres, Band: geo.AllAltitudes, Window: v.Site.Window()}
	for _, id := range s.objectsIn.index.Find(q) {
		o := s.object(parley.Ref(s.objectsIn.keys[id]))
		if o.Owner == owner && owner != parley.Desk || o.Ref == v.Of.Ref || o.Ref.Kind() != parley.RefSite { // what the desk keeps comes from many
			continue
		}
		site := s.newest(o).Site
		if site.Category == v.Site.Category && geo.Within(q.Shape, site.Shape.Normalize(), float64(metres)) {
			found = append(found, o.Ref)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (t *turn) siteNotify(b *parley.SiteNotify) (effect, *Refusal) {
	if r := t.siteFits(&b.Site); r != nil {
		return nil, r
	}
	return func() { t.addObject(parley.RefSite, siteVersion(&b.Site), false) }, nil
}

func siteVersion(site *parley.Site) *parley.Version {
	return &parley.Version{Site: site, Doubts: answered(site.Findings)}
}

func (t *turn) siteFits(site *parley.Site) *Refusal {
	if r := t.consents("body.site", &site.Shared); r != nil {
		return r
	}
	return t.doubts([]geo.Shape{site.Shape}, site.Obtained.Accuracy, site.Findings)
}

func (t *turn) siteUpdate(b *parley.SiteUpdate) (effect, *Refusal) {
	if t.s.handedTo(t.account, b.Of.Ref) {
		return t.siteTakeOver(b)
	}
	o, r := t.owned("body.of", b.Of.Ref)
	if r = cmp.Or(r, t.quoted(o, b.Of), t.siteFits(&b.Site)); r != nil {
		return nil, r
	}
	return func() { t.update(b.Of.Ref, siteVersion(&b.Site)) }, nil
}

// quoted checks the version that an update replaces; a nil object was refused before.
func (t *turn) quoted(o *parley.Object, of parley.Versioned) *Refusal {
	if o == nil {
		return nil
	}
	return newestOf("body.of", o, of)
}

// update gives an object a newer version and tells every holder at once that theirs is superseded.
func (t *turn) update(ref parley.Ref, v *parley.Version) {
	s := t.s
	o := s.objects.edit(string(ref))
	o.Newest++
	o.State, o.Currency, o.Confirmed, o.AskedShare = parley.Submitted, parley.Current, t.at, false
	t.ref = ref
	t.addVersion(o, v)
	for _, key := range s.holdersOf(ref) {
		r := s.releases.get(key)
		if !r.Holds() {
			continue
		}
		if o.Departed() && v.Object().Sharing().To(r.To) != nil {
			t.release(o, v, r.To, releaseHow{onRoad: true})
			t.tell(r.To, parley.NoticeUpdated, v.Of, urgent(true))
			continue
		}
		t.tell(r.To, parley.NoticeSuperseded, r.Of)
		if r.AckAt != 0 {
			t.tell(o.Owner, parley.NoticeAckStale, r.Of, other(r.To))
			t.tell(parley.Desk, parley.NoticeAckStale, r.Of, other(r.To))
		}
	}
}

// holdersOf returns the keys of an object's releases, in order.
func (s *State) holdersOf(ref parley.Ref) []string {
	keys := slices.Clone(s.holders[ref])
	slices.Sort(keys)
	return keys
}

func (t *turn) siteRevalidate(b *parley.SiteRevalidate) (effect, *Refusal) {
	o, r := t.owned("body.of", b.Of.Ref)
	if r = cmp.Or(r, t.quoted(o, b.Of)); r != nil {
		return nil, r
	}
	return func() {
		t.ref = b.Of.Ref
		o := t.s.objects.edit(string(b.Of.Ref))
		o.Currency, o.Confirmed = parley.Current, t.at
		t.s.revalidateFrom(o.Ref, t.at)
		t.tell(parley.Desk, parley.NoticeConfirmed, b.Of)
		for _, key := range t.s.holdersOf(o.Ref) {
			if r := t.s.releases.get(key); r.Holds() {
				t.tell(r.To, parley.NoticeConfirmed, r.Of)
			}
		}
	}, nil
}

// revalidateFrom starts the currency clock of a site again.
func (s *State) revalidateFrom(ref parley.Ref, at int64) {
	s.cancel(ref, deadlineDue)
	s.cancel(ref, deadlineStale)
	s.cancel(ref, deadlineLapsed)
	s.after(at, s.profile().Clocks.Revalidation, ref, deadlineDue, "")
}

func (t *turn) siteWithdraw(b *parley.SiteWithdraw) (effect, *Refusal) {
	return t.withdraw(&b.Withdraw)
}
func (t *turn) movementWithdraw(b *parley.MovementWithdraw) (effect, *Refusal) {
	return t.withdraw(&b.Withdraw)
}
func (t *turn) presenceWithdraw(b *parley.PresenceWithdraw) (effect, *Refusal) {
	return t.withdraw(&b.Withdraw)
}

func (t *turn) withdraw(b *parley.Withdraw) (effect, *Refusal) {
	o, r := t.owned("body.object", b.Object)
	if r != nil {
		return nil, r
	}
	if o.Departed() {
		return nil, refuse(parley.CodeWrongState, "body.object", string(o.Movement), "a movement that has not departed, or one that a person has closed")
	}
	return func() {
		t.ref = b.Object
		t.end(b.Object, parley.Withdrawn, b.Reason)
	}, nil
}

// end closes a notification: its clocks stop, holders are told, and it leaves their lists. Consent withdrawn calls it back.
func (t *turn) end(ref parley.Ref, state parley.ObjectState, reason parley.WithdrawReason) {
	s := t.s
	o := s.objects.edit(string(ref))
	o.State, o.Reason = state, reason
	s.objectsIn.remove(string(ref))
	s.cancelAll(ref)
	t.tell(parley.Desk, parley.NoticeEnded, parley.Versioned{Ref: ref, Version: o.Newest})
	for _, key := range s.holdersOf(ref) {
		r := s.releases.get(key)
		if reason == parley.ConsentEnded && (r.Holds() || r.Stands) {
			t.recall(key)
			continue
		}
		if r.Stands {
			s.unstand(key)
		}
		if !r.Holds() {
			continue
		}
		s.releases.edit(key).State = parley.Ended
		t.unlist(key, parley.WhyEnded)
		t.tell(r.To, parley.NoticeEnded, r.Of)
	}
}

func (t *turn) presenceNotify(b *parley.PresenceNotify) (effect, *Refusal) {
	if r := cmp.Or(t.consents("body.presence", &b.Presence.Shared), t.doubts([]geo.Shape{b.Presence.Shape}, 0, b.Presence.Findings)); r != nil {
		return nil, r
	}
	if b.Presence.Until <= t.at {
		return nil, refuse(parley.CodeClock, "body.presence.until", parley.Stamp(b.Presence.Until), "a time to come")
	}
	return func() {
		t.addObject(parley.RefPresence, &parley.Version{Presence: &b.Presence, Doubts: answered(b.Presence.Findings)}, false)
	}, nil
}
