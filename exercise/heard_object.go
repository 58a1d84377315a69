package exercise

import (
	"fmt"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
	"parley/release"
)

type indicated = release.Indication

// mismatch is a level's word that it holds an object at another place than the notified one.
func (h *hearing) mismatch() *Raised {
	object, entry := h.thing("object"), h.event("entry")
	if object.ref == "" || entry == nil {
		return nil
	}
	anchor := object.anchor()
	place, ok := placeIn(entry.Data, &anchor)
	if !ok || float64(geo.DistanceMM(place, anchor)) < h.number("min_m")*1000 {
		return nil
	}
	return h.first(from(entry.At, about(object.ref)), parley.NoticeMismatch)
}

// ackMissing is a level of a party of which nobody has said that it has an object, or a message.
func (h *hearing) ackMissing() *Raised {
	object, party := h.thing("object"), h.side("party")
	level := echelon(replay.Level(h.text("level")), parley.Headquarters)
	if m := h.event("message"); m != nil {
		if stop := h.s.calls[m.ID]; stop != "" {
			return h.unconfirmed(stop, party, level)
		}
	}
	switch { // what was told otherwise than as an object
	case object.area != nil:
		return h.first(func(n told) bool { return about(object.ref)(n) && (n.to == party.id || n.Other == party.ref) }, parley.NoticeReadBackLate)
	case object.line != nil || object.pause != nil:
		return h.page("arrangement", "no word "+string(object.ref)+" "+string(party.ref))
	}
	if object.protected() && object.given[party.id] == 0 {
		return h.first(about(object.ref), parley.NoticeReleaseLate) // it waits at the desk: the party was not given it
	}
	if h.text("level") == "" || level == parley.Headquarters {
		return h.page("levels", fmt.Sprintf("not acknowledged %s %s", party.ref, object.ref))
	}
	return h.page("levels", fmt.Sprintf("not passed %s %s %s", party.ref, level, object.ref))
}

func (h *hearing) listNotHeld() *Raised {
	party, area := h.side("party"), h.thing("area")
	level := echelon(replay.Level(h.text("level")), parley.Unit)
	return h.page("levels", fmt.Sprintf("no list %s %s %s", party.ref, level, area.ref))
}

// noAnswers are messages about an object without an answer: sendings, and urgent calls that nobody has taken.
func (h *hearing) noAnswers() *Raised {
	object, party := h.thing("object"), h.side("party")
	calls := 0
	h.as(h.side("party"), func(v *channel.Viewer) {
		stops, _ := v.Stops(0, 1000)
		for _, st := range stops {
			if st.Object == object.ref && object.ref != "" && st.State == string(parley.StopRaised) {
				calls += st.Raised
			}
		}
	})
	asked := max(1, int(h.number("min")))
	if calls >= asked {
		return h.first(func(n told) bool { return n.to == party.id }, parley.NoticeStop)
	}
	return h.page("levels", fmt.Sprintf("no answer %s %s %d", party.ref, object.ref, asked-calls))
}

// reack is a party's acknowledgements that have aged, or a site whose word was not renewed.
func (h *hearing) reack() *Raised {
	object := h.thing("object")
	if r := h.first(about(object.ref), parley.NoticeOverdue); r != nil {
		return r
	}
	for _, p := range h.s.parties {
		acked := h.s.acks[fmt.Sprint(parley.Versioned{Ref: object.ref, Version: object.given[p.id]}, p.id)]
		if acked == 0 {
			continue
		}
		if r := h.first(from(acked+h.s.profileClocks().Attestation, about(p.ref)), parley.NoticeReacknowledge); r != nil {
			return r
		}
	}
	return nil
}

func (h *hearing) staleEntry() *Raised {
	object := h.thing("object")
	return h.first(about(object.ref), parley.NoticeOverdue)
}

// sources are two places that two sources give for one thing.
func (h *hearing) sources() *Raised {
	object, other := h.thing("object"), h.thing("other")
	either := func(n told) bool { return about(object.ref)(n) || about(other.ref)(n) }
	return h.first(either, parley.NoticeSources)
}

func (h *hearing) harm() *Raised {
	object, e := h.thing("object"), h.event("event")
	if e == nil {
		return nil
	}
	r := h.first(from(e.At, func(n told) bool { return about(object.ref)(n) && (n.Other == "" || n.Other == h.s.harms[e.ID]) }), parley.NoticeHarm)
	if r == nil {
		return nil
	}
	raised := false
	h.as(object.owner, func(v *channel.Viewer) {
		stops, _ := v.Stops(0, 1000)
		raised = slices.ContainsFunc(stops, func(st release.Stop) bool { return st.Object == object.ref })
	})
	if !raised {
		return nil
	}
	return r
}

func (h *hearing) correction() *Raised {
	e := h.event("incident")
	if e == nil {
		return nil
	}
	harm := h.s.harms[e.ID]
	days := min(int64(h.number("max_days")*float64(parley.Day)), 3660*parley.Day)
	due := map[parley.Ref]int64{} // by task: when it has been open for so long
	for _, r := range h.s.parties {
		h.as(r, func(v *channel.Viewer) {
			list, _ := v.Corrections(0, 1000)
			for _, c := range list {
				if harm != "" && c.Harm == harm || slices.Contains(e.Refs, h.s.idOf(c.Object)) {
					due[c.Ref] = stamped(c.Opened) + days
				}
			}
		})
	}
	return h.first(func(n told) bool { return due[n.Other] != 0 && n.at >= due[n.Other] }, parley.NoticeCorrectionLate)
}

// idOf returns the name that the case gives what is in the channel under a reference.
func (s *stage) idOf(ref parley.Ref) string {
	for id, t := range s.things {
		if t.ref == ref {
			return id
		}
	}
	return ""
}

func (h *hearing) fireNear() *Raised {
	return h.following(about(h.thing("object").ref), parley.NoticeFireNear)
}
