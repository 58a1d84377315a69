package channel

import (
	"slices"

	"parley"
	"parley/geo"
)

func (t *turn) forcePlace(b *parley.ForcePlace) (effect, *Refusal) {
	if r := t.addressees("body.addressees", b.Addressees); r != nil {
		return nil, r
	}
	if b.Window.To <= t.at {
		return nil, refuse(parley.CodeClock, "body.window.to", parley.Stamp(b.Window.To), "a time to come")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefForce)
		f := &parley.PlacedForce{Ref: t.ref, Party: t.account, Shape: b.Shape, Buffer: b.Buffer, Window: b.Window, Addressees: b.Addressees, At: t.at}
		s.forces.put(string(t.ref), f)
		s.noteForce(f)
		of := parley.Versioned{Ref: t.ref, Version: 1}
		for _, p := range b.Addressees {
			t.tell(p, parley.NoticeForce, of)
		}
		t.tell(parley.Desk, parley.NoticeForce, parley.Versioned{Ref: t.ref})
		for _, ref := range s.areasMeeting(f) {
			if a := s.areas.get(string(ref)); a.Party != f.Party && slices.Contains(a.Area.Addressees, f.Party) && slices.Contains(f.Addressees, a.Party) {
				t.overlap(a, f.Ref, f.Party, f.Window)
			}
		}
	}, nil
}

func (s *State) noteForce(f *parley.PlacedForce) {
	s.taken[f.Ref] = true
	s.forceOf[f.Party] = append(s.forceOf[f.Party], f.Ref)
	if !f.Ended {
		s.areasIn.setOne(string(f.Ref), forceVolume(f))
	}
}

func forceVolume(f *parley.PlacedForce) geo.Volume {
	return geo.Volume{Shape: f.Shape.Normalize(), Buffer: f.Buffer, Band: geo.AllAltitudes, Window: f.Window}
}

// areasMeeting returns the areas that a placed force meets, in order.
func (s *State) areasMeeting(f *parley.PlacedForce) []parley.Ref {
	var refs []parley.Ref
	for _, id := range s.areasIn.index.Find(forceVolume(f)) {
		if key := s.areasIn.keys[id]; s.areas.get(key) != nil {
			refs = append(refs, parley.Ref(key))
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

func (t *turn) forceWithdraw(b *parley.ForceWithdraw) (effect, *Refusal) {
	f := t.s.forces.get(string(b.Force))
	if f == nil || f.Party != t.account {
		return nil, notFound("body.force")
	}
	if f.Ended {
		return nil, refuse(parley.CodeWrongState, "body.force", "withdrawn", "a force that was not withdrawn")
	}
	return func() {
		t.ref = f.Ref
		t.s.forces.edit(string(f.Ref)).Ended = true
		t.s.areasIn.remove(string(f.Ref))
		t.s.dropOverlaps(f.Ref)
		for _, p := range append(slices.Clone(f.Addressees), parley.Desk) {
			t.tell(p, parley.NoticeForceEnded, parley.Versioned{Ref: f.Ref, Version: 1})
		}
	}, nil
}
