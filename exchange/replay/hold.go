package replay

import (
	"fmt"
	"parley"
	"slices"
	"strings"
)

// naming is what the names of a case stand for.
type naming struct {
	r       *reader
	actors  map[string]int // each with its place in its list
	objects map[string]int
	events  map[string]int
	sources map[string]int
}

// hold refuses what cannot be together: two things of one name, a name of nothing, and what is spoken of before it happened.
func (r *reader) hold(c *Case) {
	n := &naming{r, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
	for i, a := range c.Actors {
		n.enter(n.actors, a.ID, "actors", i)
	}
	for i, o := range c.Objects {
		n.enter(n.objects, o.ID, "objects", i)
	}
	for i, e := range c.Events {
		path := fmt.Sprintf("events[%d].id", i)
		if at, ok := n.objects[e.ID]; ok {
			r.refuse(path, quoted(e.ID), fmt.Sprintf("another name than that of objects[%d]: events refer to both", at))
		}
		n.enter(n.events, e.ID, "events", i)
	}
	for i, s := range c.Sources {
		n.enter(n.sources, s.ID, "sources", i)
	}
	once(r, "claims", c.Claims, func(x Claim) string { return x.ID })
	once(r, "expected", c.Expected, func(x Expectation) string { return x.ID })
	n.sourced("place.source", c.Place.Source)
	for i, o := range c.Objects {
		path := fmt.Sprintf("objects[%d]", i)
		n.known(n.actors, path+".owner", o.Owner, "an actor of the case")
		if o.Geometry != nil && o.Geometry.Source != "" {
			n.sourced(path+".geometry.source", o.Geometry.Source)
		}
	}
	n.inOrder(c)
	n.introduced(c)
	for i, x := range c.Claims {
		path := fmt.Sprintf("claims[%d]", i)
		if !n.has(x.About) {
			r.refuse(path+".about", quoted(x.About), "an event, object or actor of the case")
		}
		n.allSourced(path, x.Sources)
	}
	n.known(n.events, "result.event", c.Result.Event, "an event of the case")
	n.allSourced("result", c.Result.Sources)
	for i := range c.Expected {
		n.due(fmt.Sprintf("expected[%d]", i), &c.Expected[i])
	}
}

// inOrder holds that events stand in the order of time and speak of objects, and of events before them.
func (n *naming) inOrder(c *Case) {
	for i, e := range c.Events {
		path := fmt.Sprintf("events[%d]", i)
		if i > 0 && e.At < c.Events[i-1].At {
			n.r.refuse(path+".t", parley.Stamp(e.At), "a time from "+parley.Stamp(c.Events[i-1].At)+" on, that of the event before it")
		}
		n.known(n.actors, path+".actor", e.Actor, "an actor of the case")
		for j, ref := range e.Refs {
			at, isEvent := n.events[ref]
			if _, isObject := n.objects[ref]; !isObject && (!isEvent || at >= i) {
				expected := "an object of the case, or an event before this one"
				n.r.refuse(fmt.Sprintf("%s.refs[%d]", path, j), quoted(ref), expected)
			}
		}
		for j, to := range e.To {
			n.known(n.actors, fmt.Sprintf("%s.to[%d]", path, j), to, "an actor of the case")
		}
		n.allSourced(path, e.Sources)
	}
}

// makers are the kinds of event by which an object of a type enters the channel.
var makers = map[Type][]Kind{Site: {Notify, Update}, Movement: {Notify, Update}, Area: {DeclareArea}, Line: {DeclareArea}, Pause: {PauseStart}}

// after are the kinds of event that answer or go on with what was entered before.
var after = []Kind{Release, Deliver, Acknowledge, Disseminate, Check, Depart, Arrive, Unload, EscortChange, PauseEnd}

// introduced holds that nobody answers what is entered only later. An object that no event enters is loaded at the first that names it.
func (n *naming) introduced(c *Case) {
	for _, o := range c.Objects {
		entered := slices.IndexFunc(c.Events, func(e Event) bool {
			return slices.Contains(makers[o.Type], e.Kind) && slices.Contains(e.Refs, o.ID)
		})
		for i := 0; i < entered; i++ {
			if j := slices.Index(c.Events[i].Refs, o.ID); j >= 0 && slices.Contains(after, c.Events[i].Kind) {
				n.r.refuse(fmt.Sprintf("events[%d].refs[%d]", i, j), quoted(o.ID), fmt.Sprintf("an object that is there: events[%d] enters it only later", entered))
			}
		}
	}
}

// due holds that an expectation speaks of what is there, and of nothing after the event before which it is due.
func (n *naming) due(path string, x *Expectation) {
	before, ok := n.events[x.Before]
	if !ok {
		n.r.refuse(path+".before", quoted(x.Before), "an event of the case")
		return
	}
	for i, g := range x.Given {
		if at, ok := n.events[g]; !ok || at >= before {
			n.r.refuse(fmt.Sprintf("%s.given[%d]", path, i), quoted(g), "an event before "+x.Before)
		}
	}
	for _, a := range arguments[string(x.What)] {
		name, ok := x.Args[a.name].(string)
		if !ok {
			continue
		}
		switch at := path + ".args." + a.name; a.want {
		case anObject:
			n.known(n.objects, at, name, "an object of the case")
		case anEvent:
			n.known(n.events, at, name, "an event of the case")
		case anActor:
			n.known(n.actors, at, name, "an actor of the case")
		}
	}
}

func (n *naming) enter(in map[string]int, id, list string, i int) {
	if at, ok := in[id]; ok {
		n.r.refuse(fmt.Sprintf("%s[%d].id", list, i), quoted(id), fmt.Sprintf("another name than that of %s[%d]", list, at))
		return
	}
	in[id] = i
}

func (n *naming) known(in map[string]int, path, id, expected string) {
	if _, ok := in[id]; !ok {
		n.r.refuse(path, quoted(id), expected)
	}
}

func (n *naming) has(id string) bool {
	for _, in := range []map[string]int{n.actors, n.objects, n.events} {
		if _, ok := in[id]; ok {
			return true
		}
	}
	return false
}

// ByAuthor stands as the source of what the author of a replay made up.
const ByAuthor = "replay author"

func (n *naming) sourced(path, id string) {
	if id != ByAuthor {
		n.known(n.sources, path, id, `a source of the case, or "`+ByAuthor+`"`)
	}
}

func (n *naming) allSourced(path string, ids []string) {
	for i, id := range ids {
		n.sourced(fmt.Sprintf("%s.source[%d]", path, i), id)
	}
}

func once[T any](r *reader, list string, items []T, id func(T) string) {
	seen := map[string]int{}
	for i, x := range items {
		if at, ok := seen[id(x)]; ok {
			r.refuse(fmt.Sprintf("%s[%d].id", list, i), quoted(id(x)), fmt.Sprintf("another name than that of %s[%d]", list, at))
		}
		seen[id(x)] = i
	}
}

func quoted(s string) string { return `"` + strings.ToValidUTF8(s, "") + `"` }
