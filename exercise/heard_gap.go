package exercise

import (
	"slices"

	"parley"
	"parley/release"
)

// unconfirmed is a message of which nobody has said that a level of a party has it: an urgent call that was relayed, or taken higher up. It
// stands for as long as the page of the call says so.
func (h *hearing) unconfirmed(ref parley.Ref, party *side, level parley.Echelon) *Raised {
	stop := h.stop(ref, party)
	if stop == nil {
		return nil
	}
	at := func(l release.StopStep) bool {
		return l.Account == party.ref && (l.Echelon == level || l.Echelon == parley.Unit || level == parley.Headquarters && l.What == "taken")
	}
	if slices.ContainsFunc(stop.Log, at) || level == parley.Unit && !slices.Contains(stop.Unpassed, party.ref) {
		return nil
	}
	return h.first(between(ref, party.ref), parley.NoticeStopUnpassed)
}

// extentIgnored is a check of a point, where the extent of what it lies in is known to the asker.
func (h *hearing) extentIgnored() *Raised {
	m := h.s.checks[h.text("check")]
	if m == nil {
		return nil
	}
	return h.first(between(h.thing("object").ref, m.ref), parley.NoticeExtent)
}

// urgentUnchecked is an area that was declared as urgent, or ordered, with no check on record: neither is a check.
func (h *hearing) urgentUnchecked() *Raised {
	return h.first(about(h.thing("area").ref), parley.NoticeUrgentUnchecked)
}

// notWarned is an object that a party's area meets, and to which it has put no warning on record.
func (h *hearing) notWarned() *Raised {
	object, party := h.thing("object"), h.side("party")
	return h.first(func(n told) bool { return about(object.ref)(n) && n.to == party.id }, parley.NoticeNotWarned)
}
