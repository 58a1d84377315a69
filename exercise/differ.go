package exercise

import (
	"regexp"
	"slices"

	"parley"
	"parley/exchange/replay"
)

// saysChanged are facts by which an event says that something of a movement is not as it was notified.
var saysChanged = []struct {
	name, text *regexp.Regexp
	is         parley.MovementField
}{
	{regexp.MustCompile(`(?i)route|\broad|\bway\b|detour|divert`), regexp.MustCompile(`(?i)\b(another|other|different|new|unplanned) (route|road|way|street)\b|\b(leaves|off) (the|its) (notified )?(route|road)\b|detour|divert`), parley.FieldRoute},
	{regexp.MustCompile(`(?i)hours?$|schedule|delay|departure|timing|^time$|window`), regexp.MustCompile(`(?i)\b(delayed|hours late|earlier than|later than|ahead of schedule|behind schedule)\b`), parley.FieldHours},
	{regexp.MustCompile(`(?i)cargo|load`), regexp.MustCompile(`(?i)\b(other|different) (cargo|load)\b`), parley.FieldLoad},
	{regexp.MustCompile(`(?i)marking|flags?\b|emblem|lights?$`), regexp.MustCompile(`(?i)\b(without|no) (markings?|flags?|emblems?)\b|markings? (were |was )?(removed|covered)`), parley.FieldMarks},
}

// changes reports whether an event says of a movement what a report can carry.
func changes(t *thing, e *replay.Event) bool {
	b := &parley.MovementReport{}
	differ(b, t, e)
	_, armed := fact(e.Data, armedNotified)
	_, placed := placeIn(e.Data, nil)
	return armed || placed || b.Vehicles != nil || b.Persons != nil || len(b.Changed) > 0
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
	for _, c := range saysChanged {
		v, stated := fact(e.Data, c.name)
		_, place := pair(v)
		if (stated && !place && v != false || c.text.MatchString(e.Text)) && !slices.Contains(b.Changed, c.is) {
			b.Changed = append(b.Changed, c.is)
		}
	}
}

// fields are how a case may name a field of a movement, with what the channel calls it.
var fields = []struct {
	named *regexp.Regexp
	is    parley.MovementField
}{
	{regexp.MustCompile(`(?i)arm|escort|guard`), ""},
	{regexp.MustCompile(`(?i)vehicle|truck|car(s|_count)?$`), parley.FieldVehicles},
	{regexp.MustCompile(`(?i)person|people|passenger|staff|crew`), parley.FieldPersons},
	{regexp.MustCompile(`(?i)route|road|place|position|destination|way|location`), parley.FieldRoute},
	{regexp.MustCompile(`(?i)hour|time|window|departure|schedule`), parley.FieldHours},
	{regexp.MustCompile(`(?i)cargo|load`), parley.FieldLoad},
	{regexp.MustCompile(`(?i)mark|flag|emblem|light`), parley.FieldMarks},
}

// changed is a report from the road that contradicts a field that was notified. A phase, or hours that nobody spoke of, are held against the
// plan, which has a warning of its own.
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
		for _, r := range slices.Backward(road.Reports) {
			says := map[parley.MovementField]bool{"": r.Armed != "", parley.FieldVehicles: r.Vehicles != nil, parley.FieldPersons: r.Persons != nil, parley.FieldRoute: r.Place != nil}
			if !says[f.is] && !slices.Contains(r.Changed, f.is) {
				continue
			}
			if raised := h.first(func(n told) bool { return about(movement.ref)(n) && n.At == r.Noted }, parley.NoticeUnnotified); raised != nil {
				return raised
			}
		}
		if f.is != parley.FieldHours {
			return nil
		}
	}
	return h.first(about(movement.ref), parley.NoticeUncovered)
}
