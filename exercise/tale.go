package exercise

import (
	"context"
	"errors"
	"slices"
	"strings"

	"parley"
	"parley/exchange/replay"
	"parley/geo"
)

// Tale is a case as it went: what each side was told at every moment, and which warnings rose.
type Tale struct {
	Case    *replay.Case
	Report  *Report
	Moments []Moment
	Sides   []string // who was told something: actors, else desk or board
}

// Moment is an event, with everything that followed until the next one.
type Moment struct {
	Event  *replay.Event
	Claims []replay.Claim // what others say of it
	Told   []Told
	Stage  []string // objects of the case that have entered, or were spoken of, by then
	Rose   []Verdict
	Fails  []Verdict // warnings that were due before it and had not risen
	Said   bool      // some command of the channel carried it
}

// Told is what one side was told in a moment, in order.
type Told struct {
	Side    string
	Notices []Note
	Knows   []string // objects and events of the case that it has been told of so far
}

// Note is one notice.
type Note struct {
	At     int64
	Kind   parley.NoticeKind
	Object string // of the case; empty for what the case has no name for
	Urgent bool
}

// Tell plays a case and keeps what each side was told, moment by moment.
func Tell(ctx context.Context, c *replay.Case) (_ *Tale, err error) {
	report, err := Play(ctx, c, false)
	if err != nil {
		return nil, err
	}
	s, err := enter(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.leave()) }()
	tale := &Tale{Case: c, Report: report}
	for i := range c.Events {
		said := s.said
		refusal := (*Refusal)(nil)
		if err := s.play(i); err != nil && !errors.As(err, &refusal) {
			return nil, err
		}
		tale.Moments = append(tale.Moments, Moment{Event: &c.Events[i], Said: s.said > said})
	}
	all, err := s.notices()
	if err != nil {
		return nil, err
	}
	s.tellSides(tale, all)
	s.tellRest(tale)
	return tale, nil
}

// routine are reminders that come in every theatre whatever happens.
var routine = []parley.NoticeKind{parley.NoticeTestCallDue, parley.NoticeAttest, parley.NoticeRotaGap, parley.NoticeRota, parley.NoticeEnrolled, parley.NoticeAdmitted}

// tellSides sorts what everyone was told into moments. What was told before the first event is the theatre's own opening.
func (s *stage) tellSides(tale *Tale, all []told) {
	for _, r := range s.readers() {
		if r.who.account != parley.Board { // trustees see numbers
			tale.Sides = append(tale.Sides, r.name)
		}
	}
	knows := map[string][]string{}
	for i := range tale.Moments {
		m := &tale.Moments[i]
		until := parley.MaxTime
		if i+1 < len(tale.Moments) {
			until = tale.Moments[i+1].Event.At
		}
		for _, side := range tale.Sides {
			t := Told{Side: side}
			for _, n := range all {
				if n.to != side || slices.Contains(routine, n.Kind) || n.at < m.Event.At || n.at >= until || until == m.Event.At {
					continue
				}
				if len(t.Notices) > 0 && t.Notices[len(t.Notices)-1].Kind == n.Kind && len(t.Notices) > 40 {
					continue // a ladder that climbs for days says the same
				}
				id := s.nameOf(n)
				t.Notices = append(t.Notices, Note{n.at, n.Kind, id, n.Urgent})
				if id != "" && !slices.Contains(knows[side], id) {
					knows[side] = append(knows[side], id)
				}
			}
			t.Knows = slices.Clone(knows[side])
			slices.Sort(t.Knows)
			m.Told = append(m.Told, t)
		}
	}
}

// nameOf is what the case calls what a notice is about.
func (s *stage) nameOf(n told) string {
	for _, ref := range []parley.Ref{n.Object, n.Other} {
		if ref == "" {
			continue
		}
		if id := s.idOf(ref); id != "" {
			return id
		}
		for _, of := range []map[string]parley.Ref{s.calls, s.harms} {
			var ids []string
			for id, is := range of {
				if is == ref {
					ids = append(ids, id)
				}
			}
			if len(ids) > 0 {
				return slices.Min(ids)
			}
		}
		for id, m := range s.checks {
			if m.ref == ref {
				return id
			}
		}
	}
	return ""
}

func (s *stage) tellRest(tale *Tale) {
	c := tale.Case
	var stage []string
	for i := range tale.Moments {
		m := &tale.Moments[i]
		for _, ref := range m.Event.Refs {
			if c.Object(ref) != nil && !slices.Contains(stage, ref) {
				stage = append(stage, ref)
			}
		}
		m.Stage = slices.Clone(stage)
		for _, x := range c.Claims {
			if x.About == m.Event.ID || i == 0 && c.Event(x.About) == nil {
				m.Claims = append(m.Claims, x)
			}
		}
		until := ""
		if i+1 < len(tale.Moments) {
			until = parley.Stamp(tale.Moments[i+1].Event.At)
		}
		for _, v := range tale.Report.Expectations {
			if v.Met && v.RaisedAt >= parley.Stamp(m.Event.At) && (until == "" || v.RaisedAt < until) {
				m.Rose = append(m.Rose, v)
			}
			if !v.Met && v.Before == m.Event.ID {
				m.Fails = append(m.Fails, v)
			}
		}
	}
}

// Label is what a page may show for an actor, the desk or the board.
func (t *Tale) Label(side string) string {
	if a := t.Case.Actor(side); a != nil {
		return a.Label
	}
	return strings.ToUpper(side[:1]) + side[1:]
}

// Placed returns where an object is drawn: its geometry, nil when the case has none.
func (t *Tale) Placed(id string) *replay.Geometry {
	if o := t.Case.Object(id); o != nil {
		return o.Geometry
	}
	return nil
}

// Corners are the ends of the map: everything that has a place.
func (t *Tale) Corners() geo.Box {
	s := geo.Shape{Kind: geo.MultiPoint, Points: []geo.Position{t.Case.Place.At}}
	for _, o := range t.Case.Objects {
		if o.Geometry == nil {
			continue
		}
		s.Points = append(s.Points, o.Geometry.Points...)
		if o.Geometry.Form == replay.Circle {
			s.Points = append(s.Points, geo.Circle(o.Geometry.Points[0], int32(o.Geometry.Radius)).Polygons[0][0]...)
		}
	}
	return s.Bounds()
}
