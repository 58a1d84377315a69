package exercise

import (
	"slices"

	"parley"
	"parley/channel"
	"parley/geo"
)

// indication is the answer to a declared area or a check: it meets a notified object, or a force that its party has placed.
func indication(h *hearing) *Raised {
	object, area := h.thing("object"), h.thing("area")
	if r := h.first(between(object.ref, area.ref), parley.NoticeIndication); r != nil {
		return r
	}
	if r := h.first(between(area.ref, object.ref), parley.NoticeOverlap); r != nil {
		return r
	}
	if r := h.first(between(object.ref, area.ref), parley.NoticeOverlap); r != nil {
		return r
	}
	return h.checkFound(object, h.text("area"))
}

// checkFound is the answer to a check of an area that is declared to nobody: only the asker reads it.
func (h *hearing) checkFound(object *thing, area string) (raised *Raised) {
	for id, m := range h.s.checks {
		if !slices.Contains(h.s.story.Event(id).Refs, area) || object.ref == "" {
			continue
		}
		h.as(m.by, func(v *channel.Viewer) {
			c, ok := v.Check(m.ref)
			if ok && slices.ContainsFunc(c.Indications, func(i indicated) bool { return i.Object.Ref == object.ref }) {
				raised = &Raised{At: stamped(c.At), To: []string{m.by.id}, Notice: "page check"}
			}
		})
	}
	return raised
}

// reverse is the question to a movement that a new area meets, with the indication to the area's owner.
func reverse(h *hearing) *Raised {
	movement, area := h.thing("movement"), h.thing("area")
	r := h.first(between(movement.ref, area.ref), parley.NoticeIndication)
	if r == nil {
		return nil
	}
	if asked := h.first(from(r.At, about(movement.ref)), parley.NoticePrompt); asked != nil {
		for _, to := range asked.To {
			if !slices.Contains(r.To, to) {
				r.To = append(r.To, to)
			}
		}
	}
	return r
}

// toldElsewhere is a place that was told in words and lies so far from the area that was entered.
func toldElsewhere(h *hearing) *Raised {
	area, e := h.thing("area"), h.event("event")
	if area.ref == "" || e == nil {
		return nil
	}
	place, ok := h.s.toldPlace(e)
	if !ok || area.area == nil || float64(geo.DistanceMM(place, area.area.Shape.Bounds().Center())) < h.number("min_km")*1e6 {
		return nil
	}
	differs := false
	h.as(area.owner, func(v *channel.Viewer) {
		a, known := v.Area(area.ref)
		if !known {
			return
		}
		for _, p := range a.ToldPlaces {
			differs = differs || p.Differs && float64(p.ApartMM) >= h.number("min_km")*1e6
		}
	})
	if !differs {
		return nil
	}
	return h.first(about(area.ref), parley.NoticeToldDiffers)
}

func (h *hearing) unchecked() *Raised {
	area := h.thing("area")
	return h.first(func(n told) bool { return about(area.ref)(n) && (h.text("party") == "" || n.to == h.text("party")) }, parley.NoticeAreaUnchecked)
}

// staleList is a check that a level made against a list that is older than it may be.
func (h *hearing) staleList() *Raised {
	for id, m := range h.s.checks {
		l := h.s.story.Object(h.text("list"))
		if !slices.Contains(h.s.story.Event(id).Refs, l.ID) && m.by.id != l.Owner {
			continue
		}
		if r := h.first(about(m.ref), parley.NoticeListStale); r != nil {
			return r
		}
	}
	return nil
}

// recheck is a check that no longer counts because what was checked has moved, or its entry has changed.
func (h *hearing) recheck() *Raised {
	m := h.s.checks[h.text("check")]
	if m == nil {
		return nil
	}
	moved := false
	h.as(m.by, func(v *channel.Viewer) {
		c, ok := v.Check(m.ref)
		moved = ok && (c.Ended == string(parley.ObjectMoved) || c.Ended == string(parley.ListMoved))
	})
	if !moved {
		return nil
	}
	return h.first(about(m.ref), parley.NoticeCheckEnded)
}

func (h *hearing) refused() *Raised {
	area, by := h.thing("area"), h.side("by")
	stands := false
	h.as(area.owner, func(v *channel.Viewer) {
		a, ok := v.Area(area.ref)
		if !ok {
			return
		}
		for _, o := range a.Objections {
			stands = stands || o.Party == by.ref && o.Ended == ""
		}
	})
	if !stands {
		return nil
	}
	return h.first(between(area.ref, by.ref), parley.NoticeObjection)
}

// disputed is another version of what was told, beside the signed one: of an area, or of an entry that its holder disputes.
func (h *hearing) disputed() *Raised {
	if r := h.first(about(h.thing("area").ref), parley.NoticeAreaDispute); r != nil {
		return r
	}
	return h.first(about(h.thing("object").ref), parley.NoticeDispute)
}

func (h *hearing) harmedBefore() *Raised {
	return h.first(between(h.thing("object").ref, h.thing("area").ref), parley.NoticeHarmedBefore)
}

func (h *hearing) crossed() *Raised {
	seen := h.s.crossed[h.text("unit")+" "+h.text("line")]
	return h.first(between(h.thing("line").ref, seen), parley.NoticeCrossedUnannounced)
}

func (h *hearing) notAgreed() *Raised {
	line := h.thing("line")
	return h.page("arrangement", "not agreed "+string(line.ref)+" "+string(h.side("party").ref))
}

func (h *hearing) contradiction() *Raised {
	for key, seen := range h.s.crossed {
		if len(key) > len(h.text("unit")) && key[:len(h.text("unit"))+1] == h.text("unit")+" " {
			if r := h.first(func(n told) bool { return n.Other == seen }, parley.NoticePresenceContradiction); r != nil {
				return r
			}
		}
	}
	return nil
}
