package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/geo"
)

// meeting is an area of a party and an object released to it that conflict, with the span in which both hold.
type meeting struct {
	area   *parley.AreaRecord
	object parley.Versioned
	window geo.Window
}

func common(a, b geo.Window) geo.Window {
	return geo.Window{From: max(a.From, b.From), To: min(a.To, b.To)}
}

// meetsAreas returns the areas of a release's recipient that have not ended and that the released version meets, in order.
func (s *State) meetsAreas(o *parley.Object, v *parley.Version, r *parley.Release) []meeting {
	var found []meeting
	for _, part := range s.volumesOf(o, v, r.Precision) {
		for _, id := range s.areasIn.index.Find(part) {
			a := s.areas.get(s.areasIn.keys[id])
			if a == nil || a.Party != r.To {
				continue
			}
			found = append(found, meeting{a, v.Of, common(part.Window, a.Area.Window)})
		}
	}
	return earliest(found)
}

// earliest keeps one meeting for each pair of area and object: the one that begins first. They come out in the order of area and object.
func earliest(ms []meeting) []meeting {
	slices.SortFunc(ms, func(a, b meeting) int {
		return cmp.Or(cmp.Compare(a.area.Ref, b.area.Ref), cmp.Compare(a.object.Ref, b.object.Ref), cmp.Compare(b.object.Version, a.object.Version), cmp.Compare(a.window.From, b.window.From))
	})
	return slices.CompactFunc(ms, func(a, b meeting) bool { return a.area.Ref == b.area.Ref && a.object.Ref == b.object.Ref })
}

// touched returns the objects that a party holds and a volume meets, one meeting an object, in the order of references.
func (s *State) touched(party parley.Ref, q geo.Volume) []meeting {
	h := s.held[party]
	none := &parley.AreaRecord{}
	var found []meeting
	for _, id := range h.in.index.Find(q) {
		r := s.releases.get(h.in.keys[id])
		part, _ := h.in.index.Volume(id)
		found = append(found, meeting{none, r.Of, common(part.Window, q.Window)})
	}
	return earliest(found)
}

// findOverlaps tells two parties where their areas meet, when each was declared to the other; and an area's owner and a placed
// force's, when both were told. Otherwise nobody learns anything.
func (t *turn) findOverlaps(a *parley.AreaRecord, v geo.Volume) {
	s := t.s
	var keys []string
	for _, id := range s.areasIn.index.Find(v) {
		keys = append(keys, s.areasIn.keys[id])
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if b := s.areas.get(key); b != nil {
			if b.Party != a.Party && slices.Contains(a.Area.Addressees, b.Party) && slices.Contains(b.Area.Addressees, a.Party) {
				t.overlap(a, b.Ref, b.Party, b.Area.Window)
			}
		} else if f := s.forces.get(key); f.Party != a.Party && slices.Contains(a.Area.Addressees, f.Party) && slices.Contains(f.Addressees, a.Party) {
			t.overlap(a, f.Ref, f.Party, f.Window)
		}
	}
}

func (t *turn) overlap(a *parley.AreaRecord, second, party parley.Ref, w geo.Window) {
	s := t.s
	dueAt := t.at + s.profile().Clocks.ReadBackArea
	s.overlaps.put(string(a.Ref)+" "+string(second), &parley.Overlap{First: a.Ref, Second: second, Window: common(a.Area.Window, w), At: t.at, Due: dueAt})
	of := parley.Versioned{Ref: a.Ref, Version: a.Version}
	t.tell(a.Party, parley.NoticeOverlap, of, other(second), due(dueAt), urgent(true))
	t.tell(party, parley.NoticeOverlap, of, other(second), due(dueAt), urgent(true))
	t.tell(parley.Desk, parley.NoticeOverlap, parley.Versioned{Ref: a.Ref}, other(second))
}

// dropOverlaps takes away the overlaps of an area that has changed or ended.
func (s *State) dropOverlaps(ref parley.Ref) {
	for _, key := range s.overlaps.keysOf(ref) {
		s.overlaps.remove(key)
	}
}
