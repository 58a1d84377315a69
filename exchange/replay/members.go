package replay

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

var anyNumber = math.Inf(1)

func (r *reader) readCase(v value) *Case {
	o := v.object([]string{"schema", "id", "title", "summary", "place", "time_zone", "shapes", "actors", "objects", "events", "claims", "result", "expected", "never", "illustrative_note", "sources"}, nil, false)
	if r.fault != nil {
		return nil
	}
	o.get("schema").word([]string{Schema})
	c := &Case{ID: o.get("id").name(), Title: o.get("title").text(), Summary: o.get("summary").text(), Note: o.get("illustrative_note").text()}
	c.Place = readPlace(o.get("place"))
	zone := o.get("time_zone").object([]string{"name", "utc_offset"}, nil, false)
	c.Zone = Zone{zone.get("name").text(), zone.get("utc_offset").offset()}
	for _, s := range o.get("shapes").list(1) {
		c.Shapes = append(c.Shapes, s.matching(shapePattern, "a shape of small Latin letters, such as stale_list"))
	}
	for _, a := range o.get("actors").list(2) {
		c.Actors = append(c.Actors, readActor(a))
	}
	for _, x := range o.get("objects").list(1) {
		c.Objects = append(c.Objects, readObject(x))
	}
	for _, e := range o.get("events").list(4) {
		c.Events = append(c.Events, readEvent(e))
	}
	for _, x := range o.get("claims").list(0) {
		m := x.object([]string{"id", "about", "by", "text", "source"}, nil, false)
		c.Claims = append(c.Claims, Claim{m.get("id").name(), m.get("about").name(), m.get("by").text(), m.get("text").text(), m.get("source").texts(1)})
	}
	result := o.get("result").object([]string{"event", "text", "source"}, nil, false)
	c.Result = Result{result.get("event").name(), result.get("text").text(), result.get("source").texts(1)}
	for _, x := range o.get("expected").list(2) {
		c.Expected = append(c.Expected, readExpectation(x))
	}
	for _, n := range o.get("never").list(0) {
		c.Never = append(c.Never, Never(n.word(nevers)))
	}
	for _, x := range o.get("sources").list(1) {
		m := x.object([]string{"id", "url", "note"}, nil, false)
		note := m.get("note")
		s, ok := note.is.(string)
		if !ok {
			note.refuse("a text")
		}
		c.Sources = append(c.Sources, Source{m.get("id").name(), m.get("url").matching(urlPattern, "an address that begins with http:// or https://"), s})
	}
	return c
}

func readPlace(v value) Place {
	o := v.object([]string{"name", "country", "lat", "lon", "precision_m", "basis", "source"}, nil, false)
	return Place{Name: o.get("name").text(), Country: o.get("country").matching(countryPattern, "a country of two letters, such as AF"), At: position(o.get("lat"), o.get("lon")),
		Precision: o.get("precision_m").number(0, anyNumber), Basis: Basis(o.get("basis").word(bases)), Source: o.get("source").text()}
}

func readActor(v value) Actor {
	o := v.object([]string{"id", "role", "label", "in_public_record"}, []string{"levels"}, false)
	a := Actor{ID: o.get("id").name(), Role: Role(o.get("role").word(roles)), Label: o.get("label").text()}
	o.get("in_public_record").text() // it has to be there, and goes no further
	if o.has("levels") {
		for _, l := range o.get("levels").list(0) {
			a.Levels = append(a.Levels, Level(l.word(levels)))
		}
	}
	return a
}

func readObject(v value) Object {
	known := []string{"id", "type", "owner", "label"}
	o := v.object(known, nil, true)
	x := Object{ID: o.get("id").name(), Type: Type(o.get("type").word(types)), Owner: o.get("owner").name(), Label: o.get("label").text(), More: map[string]any{}}
	if o.has("geometry") {
		x.Geometry = readGeometry(o.get("geometry"))
	}
	for name, is := range o.members {
		if name != "geometry" && !slices.Contains(known, name) {
			x.More[name] = is
		}
	}
	return x
}

func readGeometry(v value) *Geometry {
	o := v.object([]string{"type", "basis", "precision_m"}, []string{"lat", "lon", "radius_m", "points", "source"}, false)
	g := &Geometry{Form: Form(o.get("type").word(forms)), Basis: Basis(o.get("basis").word(bases)), Precision: o.get("precision_m").number(0, anyNumber)}
	if o.has("source") {
		g.Source = o.get("source").text()
	}
	needs := map[Form][]string{Point: {"lat", "lon"}, Circle: {"lat", "lon", "radius_m"}, Polygon: {"points"}, LineString: {"points"}}[g.Form]
	for _, name := range []string{"lat", "lon", "radius_m", "points"} {
		if o.has(name) != slices.Contains(needs, name) {
			if o.has(name) {
				o.get(name).refuse(fmt.Sprintf("nothing: a %s has no %s", g.Form, name))
			} else {
				o.r.refuse(join(o.path, name), "nothing", fmt.Sprintf("a value: a %s has one", g.Form))
			}
			return g
		}
	}
	if slices.Contains(needs, "lat") {
		g.Points = append(g.Points, position(o.get("lat"), o.get("lon")))
	}
	if g.Form == Circle {
		radius := o.get("radius_m")
		if g.Radius = radius.number(0, anyNumber); g.Radius == 0 {
			radius.refuse("a radius above 0 metres")
		}
	}
	if slices.Contains(needs, "points") {
		least := 2
		if g.Form == Polygon {
			least = 3
		}
		for _, p := range o.get("points").list(least) {
			pair := p.list(2)
			if len(pair) != 2 {
				p.refuse("a latitude and a longitude")
				break
			}
			g.Points = append(g.Points, position(pair[0], pair[1]))
		}
	}
	return g
}

func readEvent(v value) Event {
	o := v.object([]string{"id", "t", "t_precision", "actor", "kind", "refs", "text", "source", "certainty", "channel"}, []string{"t_local", "to", "level", "urgent", "data"}, false)
	e := Event{ID: o.get("id").name(), At: o.get("t").stamp(), Precision: Precision(o.get("t_precision").word(precisions)), Actor: o.get("actor").name(), Kind: Kind(o.get("kind").word(kinds)),
		Refs: o.get("refs").names(0), Text: o.get("text").text(), Sources: o.get("source").texts(1), Certainty: Certainty(o.get("certainty").word(certainties)), Channel: Channel(o.get("channel").word(channels))}
	if o.has("t_local") {
		e.Local = o.get("t_local").text()
	}
	if o.has("to") {
		e.To = o.get("to").names(0)
	}
	if o.has("level") {
		e.Level = Level(o.get("level").word(levels))
	}
	if o.has("urgent") {
		e.Urgent = o.get("urgent").flag()
	}
	if o.has("data") {
		data := o.get("data")
		m, ok := data.is.(map[string]any)
		if !ok {
			data.refuse("an object")
		}
		e.Data = m
	}
	return e
}

func readExpectation(v value) Expectation {
	o := v.object([]string{"id", "what", "args", "text", "given", "before", "level", "basis", "why"}, nil, false)
	x := Expectation{ID: o.get("id").name(), What: Warning(o.get("what").word(slices.Sorted(maps.Keys(arguments)))), Text: o.get("text").text(), Given: o.get("given").names(1),
		Before: o.get("before").name(), Weight: Weight(o.get("level").word(weights)), Basis: Basis(o.get("basis").word(bases)), Why: o.get("why").text()}
	if o.r.fault != nil {
		return x
	}
	var known []string
	for _, a := range arguments[string(x.What)] {
		known = append(known, a.name)
	}
	args := o.get("args").object(known[:1], known[1:], false)
	x.Args = args.members
	for _, a := range arguments[string(x.What)] {
		if !args.has(a.name) {
			continue
		}
		switch arg := args.get(a.name); a.want {
		case aNumber:
			arg.number(0, anyNumber)
		case aLevel:
			arg.word(levels)
		case aWord:
			arg.text()
		default:
			arg.name()
		}
	}
	return x
}
