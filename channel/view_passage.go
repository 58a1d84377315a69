package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/geo"
	"parley/release"
)

// ArrangedAt returns the lines, zones, corridors and pauses that an object meets and that have not ended, of those the viewer's account may
// see, in order. Only the object's owner and the desk are told: to others it would say more of where it lies than was released to them.
func (v *Viewer) ArrangedAt(object parley.Ref) []parley.Ref {
	o := v.s.object(object)
	if o == nil || !v.desk() && o.Owner != v.account {
		return nil
	}
	var refs []parley.Ref
	for _, a := range v.s.arrangementsMeeting(o) {
		if v.s.seesArrangement(v.account, a.Ref) {
			refs = append(refs, a.Ref)
		}
	}
	return refs
}

// Awaited returns what waits for the word of the viewer's account, each in journal order: lines, zones, corridors and pauses about which its
// party was asked and has not answered, and offers made to it that it has not answered, also after their deadline.
func (v *Viewer) Awaited() (asked []release.Arrangement, offers []release.Offer) {
	for _, a := range v.s.arrangements.all() {
		if !a.Ended() && slices.ContainsFunc(a.Consents, func(c parley.ConsentRecord) bool { return c.Party == v.account && c.Status == parley.ConsentNoAnswer }) {
			asked = append(asked, *v.arrangement(a))
		}
	}
	for _, o := range v.s.offers.all() {
		if o.To == v.account && (o.State == parley.OfferMade || o.State == parley.OfferNoAnswer) {
			offers = append(offers, *v.offer(o))
		}
	}
	slices.SortFunc(asked, func(a, b release.Arrangement) int { return cmp.Compare(a.Position, b.Position) })
	slices.SortFunc(offers, func(a, b release.Offer) int { return cmp.Compare(a.Position, b.Position) })
	return asked, offers
}

// Passing returns the movements that are planned to be in a corridor, pause, line or zone at some time of a window (milliseconds UTC), of
// those the viewer's account may know, in order. It is empty where the viewer may not see the arrangement, and once that has ended.
func (v *Viewer) Passing(ref parley.Ref, w geo.Window) []parley.Ref {
	if !v.s.seesArrangement(v.account, ref) {
		return nil
	}
	a := v.s.arrangements.get(string(ref))
	if a.Ended() {
		return nil
	}
	return v.movementsIn(a, w)
}

// movementsIn returns the movements that meet an arrangement at some time of a window, of those the viewer's account may know, in order.
func (v *Viewer) movementsIn(a *parley.Arrangement, w geo.Window) []parley.Ref {
	q := arrangedVolume(a)
	q.Window = w
	return slices.DeleteFunc(v.meeting(q), func(ref parley.Ref) bool { return ref.Kind() != parley.RefMovement })
}

// inside is how the viewer's account sees which movements are in an arrangement, or still due in it.
func (v *Viewer) inside(a *parley.Arrangement) []parley.Ref {
	return v.movementsIn(a, geo.Window{From: v.at, To: max(a.Terms().Window.To, v.at+1)})
}

// meeting returns the objects that meet a volume, in order: all for the desk, an organisation's own, and for a party what was released to it,
// at the place that it was released. A cell stays a cell: a line drawn through it says no more of where the object lies.
func (v *Viewer) meeting(q geo.Volume) (found []parley.Ref) {
	if h := v.s.held[v.account]; v.account.Kind() == parley.RefParty {
		if h == nil {
			return nil
		}
		for _, id := range h.in.index.Find(q) {
			found = append(found, objectIn(h.in.keys[id]))
		}
	} else {
		for _, id := range v.s.objectsIn.index.Find(q) {
			if ref := parley.Ref(v.s.objectsIn.keys[id]); v.s.Knows(v.account, ref) {
				found = append(found, ref)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
