package channel

import (
	"slices"

	"parley"
	"parley/geo"
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
	volume := arrangedVolume(a)
	volume.Window = w
	var found []parley.Ref
	for _, id := range v.s.objectsIn.index.Find(volume) {
		if m := parley.Ref(v.s.objectsIn.keys[id]); m.Kind() == parley.RefMovement && v.mayName(m) {
			found = append(found, m)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
