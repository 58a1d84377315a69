package exercise

import (
	"regexp"

	"parley"
	"parley/exchange/replay"
)

// changes reports whether an event says of a movement what a report can carry.
func changes(t *thing, e *replay.Event) bool {
	b := &parley.MovementReport{}
	differ(b, t, e)
	_, armed := fact(e.Data, armedNotified)
	_, placed := placeIn(e.Data, nil)
	return armed || placed || b.Vehicles != nil || b.Persons != nil
}

// differ adds to a report what an event says of the movement itself.
func differ(b *parley.MovementReport, t *thing, e *replay.Event) {
	if n, ok := number(e.Data, vehicleNames); ok {
		v := int32(max(0, min(n, 10_000)))
		b.Vehicles = &v
	}
	if n, ok := number(e.Data, personNames); ok {
		v := int32(max(0, min(n, 1_000_000)))
		b.Persons = &v
	}
}

// fields are how a case may name a field of a movement, with what the channel calls it. What has no word there is held to no field.
var fields = []struct {
	named *regexp.Regexp
	is    string
}{
	{regexp.MustCompile(`(?i)arm|escort|guard`), "armed"},
	{regexp.MustCompile(`(?i)vehicle|truck|car`), string(parley.FieldVehicles)},
	{regexp.MustCompile(`(?i)person|people|passenger|staff|crew|count`), string(parley.FieldPersons)},
	{regexp.MustCompile(`(?i)route|road|place|position|destination|way|location`), string(parley.FieldRoute)},
}

// changed is a report from the road that contradicts a field that was notified. Hours and phases have a warning of their own.
func (h *hearing) changed() *Raised {
	movement := h.thing("movement")
	road := h.road(movement)
	if road == nil {
		return nil
	}
	for _, f := range fields {
		if !f.named.MatchString(h.text("field")) {
			continue
		}
		for i := len(road.Reports) - 1; i >= 0; i-- {
			r := road.Reports[i]
			says := map[string]bool{"armed": r.Armed != "", string(parley.FieldVehicles): r.Vehicles != nil, string(parley.FieldPersons): r.Persons != nil, string(parley.FieldRoute): r.Place != nil}[f.is]
			if !says {
				continue
			}
			if raised := h.first(func(n told) bool { return about(movement.ref)(n) && n.At == r.Noted }, parley.NoticeUnnotified); raised != nil {
				return raised
			}
		}
		return nil
	}
	return h.first(about(movement.ref), parley.NoticeUncovered)
}
