package exercise

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"parley"
	"parley/exchange/replay"
	"parley/geo"
)

// changes of a case by which a warning must not rise (../shared/replays/README.md, controls a to g).
type change struct {
	name  string
	about string
	what  replay.Warning
	apply func(*replay.Case, *replay.Expectation) bool // false where it does not apply
}

var controls = []change{
	{"a", "the area is 50 km away", "contrary_indication", farAway},
	{"b", "the party says that the level has it", "ack_missing", passedOn},
	{"c", "an officer takes the call after two minutes", "urgent_stop_untaken", takenAtOnce},
	{"d", "the plan covers the phase and its hours", "movement_phase_uncovered", covered},
	{"e", "the place is told as it was entered", "text_geometry_mismatch", toldRight},
	{"f", "the crossing was announced", "line_crossing_without_notice", noticeGiven},
	{"g", "the list was verified the day before", "stale_list", freshList},
}

// control plays every control that applies to a case, and the unchanged case after each.
func control(ctx context.Context, c *replay.Case, r *Report) ([]Control, error) {
	list := []Control{}
	for i := range c.Expected {
		for _, k := range controls {
			if c.Expected[i].What != k.what {
				continue
			}
			changed := clone(c)
			x := &changed.Expected[i]
			if !k.apply(changed, x) {
				continue
			}
			raised, refused, err := playKnown(ctx, changed, x)
			if err != nil {
				return nil, err
			}
			r.refused(changed, refused)
			again, _, err := playKnown(ctx, c, &c.Expected[i])
			if err != nil {
				return nil, err
			}
			list = append(list, Control{k.name, k.about, x.ID, raised == nil, (again != nil) == r.Expectations[i].Met})
		}
	}
	return list, nil
}

// clone copies what a control changes.
func clone(c *replay.Case) *replay.Case {
	out := *c
	out.Objects, out.Events, out.Expected = slices.Clone(c.Objects), slices.Clone(c.Events), slices.Clone(c.Expected)
	for i := range out.Objects {
		o := &out.Objects[i]
		o.More = maps.Clone(o.More)
		if o.Geometry != nil {
			g := *o.Geometry
			g.Points = slices.Clone(g.Points)
			o.Geometry = &g
		}
	}
	for i := range out.Events {
		e := &out.Events[i]
		e.Data, e.To, e.Refs = maps.Clone(e.Data), slices.Clone(e.To), slices.Clone(e.Refs)
	}
	for i := range out.Expected {
		out.Expected[i].Given = slices.Clone(out.Expected[i].Given)
	}
	return &out
}

// add puts an event into a case in the order of time, before or after another one, and lets an expectation know it.
func add(c *replay.Case, x *replay.Expectation, beside string, later int64, e replay.Event) {
	i := slices.IndexFunc(c.Events, func(o replay.Event) bool { return o.ID == beside })
	e.ID = "control-" + beside
	for n := 0; c.Event(e.ID) != nil; n++ {
		e.ID += "i"
	}
	e.At = max(c.Events[i].At+later, c.Events[0].At)
	if later > 0 {
		for i++; i < len(c.Events) && c.Events[i].At <= e.At && c.Events[i].ID != x.Before; i++ {
		}
		e.At = min(e.At, c.Event(x.Before).At)
	} else if i > 0 {
		e.At = max(e.At, c.Events[i-1].At)
	}
	e.Precision, e.Channel, e.Certainty, e.Text = replay.OrderOnly, replay.Modelled, "illustrative", "a control"
	c.Events = slices.Insert(c.Events, i, e)
	x.Given = append(x.Given, e.ID)
}

func argument(x *replay.Expectation, name string) string { s, _ := x.Args[name].(string); return s }

// reach is how far from its middle a geometry goes, in metres.
func reach(g *replay.Geometry) (metres float64) {
	at := middle(g)
	for _, p := range g.Points {
		metres = max(metres, geo.Distance(at, p))
	}
	return metres + g.Radius
}

func farAway(c *replay.Case, x *replay.Expectation) bool {
	area, object := c.Object(argument(x, "area")), c.Object(argument(x, "object"))
	if area.Geometry == nil || object.Geometry == nil {
		return false
	}
	bearing := int32(0)
	if area.Geometry.Points[0].Lat > 80*geo.E7 {
		bearing = 180
	}
	// Where the two are large, 50 km more than they reach.
	metres := 50_000 + int32(math.Ceil(geo.Distance(middle(area.Geometry), middle(object.Geometry))))
	if far := reach(area.Geometry) + reach(object.Geometry); far > 25_000 {
		metres += int32(math.Ceil(far))
	}
	for i, p := range area.Geometry.Points {
		area.Geometry.Points[i] = geo.Destination(p, bearing, metres)
	}
	return true
}

func passedOn(c *replay.Case, x *replay.Expectation) bool {
	beside, refs := x.Given[0], []string{argument(x, "object")}
	for _, g := range x.Given {
		if c.Event(g).At >= c.Event(beside).At {
			beside = g
		}
	}
	later := parley.Second
	if m := c.Event(argument(x, "message")); m != nil {
		beside, later, refs = m.ID, parley.Minute, append(refs, m.ID)
	}
	add(c, x, beside, later, replay.Event{Actor: argument(x, "party"), Kind: replay.Disseminate, Refs: refs, Level: "unit"})
	return true
}

func takenAtOnce(c *replay.Case, x *replay.Expectation) bool {
	call := c.Event(argument(x, "event"))
	parties := slices.DeleteFunc(slices.Clone(call.To), func(id string) bool { return c.Actor(id).Role != replay.Party })
	if len(parties) == 0 {
		for _, a := range c.Actors {
			if a.Role == replay.Party && a.ID != call.Actor {
				parties = append(parties, a.ID)
			}
		}
	}
	for _, p := range parties {
		add(c, x, call.ID, 2*parley.Minute, replay.Event{Actor: p, Kind: replay.Acknowledge, Refs: []string{call.ID}})
	}
	return len(parties) > 0
}

func covered(c *replay.Case, x *replay.Expectation) bool {
	o := c.Object(argument(x, "movement"))
	phases := []any{"drive", argument(x, "phase")}
	if has, ok := o.More["notified_phases"].([]any); ok {
		phases = append(phases, has...)
	}
	o.More["notified_phases"] = phases
	to := parley.Stamp(c.Event(x.Before).At + parley.Day)
	first := parley.Stamp(c.Events[0].At)
	for key := range o.More {
		switch {
		case validTo.MatchString(key):
			o.More[key] = to
		case validFrom.MatchString(key):
			o.More[key] = first
		case windowName.MatchString(key):
			delete(o.More, key)
		}
	}
	o.More["notified_from"], o.More["notified_to"] = first, to
	return true
}

func toldRight(c *replay.Case, x *replay.Expectation) bool {
	e, area := c.Event(argument(x, "event")), c.Object(argument(x, "area"))
	if area.Geometry == nil {
		return false
	}
	at := shape(area.Geometry).Bounds().Center()
	data := map[string]any{}
	for key, v := range e.Data {
		if !strings.Contains(key, "stated") && !strings.Contains(key, "told") {
			data[key] = v
		}
	}
	data["stated_text"] = map[string]any{"lat": float64(at.Lat) / geo.E7, "lon": float64(at.Lon) / geo.E7}
	e.Data = data
	return true
}

func noticeGiven(c *replay.Case, x *replay.Expectation) bool {
	unit, line := c.Object(argument(x, "unit")), argument(x, "line")
	by := unit.Owner
	if r := c.Actor(by).Role; r != replay.Party && r != replay.Notifier {
		return false
	}
	for _, g := range x.Given {
		if e := c.Event(g); slices.Contains(e.Refs, unit.ID) && slices.Contains(e.Refs, line) {
			add(c, x, g, -parley.Minute, replay.Event{Actor: by, Kind: replay.Notify, Refs: []string{unit.ID, line}})
			return true
		}
	}
	return false
}

func freshList(c *replay.Case, x *replay.Expectation) bool {
	l := c.Object(argument(x, "list"))
	for _, g := range x.Given {
		e := c.Event(g)
		if e.Kind != replay.Check {
			continue
		}
		fresh := parley.Stamp(e.At - parley.Day)
		for key := range l.More {
			if asOfName.MatchString(key) {
				l.More[key] = fresh
			}
		}
		for key := range e.Data {
			if asOfName.MatchString(key) {
				e.Data[key] = fresh
			}
		}
		l.More["as_of"] = fresh
		return true
	}
	return false
}
