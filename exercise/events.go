package exercise

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
	"parley/internal/draft"
)

// play plays one event at its time.
func (s *stage) play(i int) error {
	e := &s.story.Events[i]
	s.at = i
	if err := s.advance(e.At); err != nil {
		return err
	}
	if err := s.actOrSay(e); err != nil {
		return &Refusal{Event: i, ID: e.ID, Command: s.last, Err: err}
	}
	s.remember()
	return s.look()
}

// actOrSay is act, with a crash told as what it is: a fault at this event.
func (s *stage) actOrSay(e *replay.Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("crashed: %v", p)
		}
	}()
	return s.act(e)
}

// act says what an event says, by its kind.
func (s *stage) act(e *replay.Event) error {
	if err := s.byKind(e); err != nil {
		return err
	}
	return s.told(e)
}

// byKind says what the kind of an event carries.
func (s *stage) byKind(e *replay.Event) error {
	s.join(e)
	was := map[string]bool{}
	for _, o := range s.objects(e) {
		was[o.ID] = s.things[o.ID] != nil
	}
	// The older entry of one thing comes first: what replaces it is new with this event.
	objects := s.objects(e)
	slices.SortStableFunc(objects, func(a, b *replay.Object) int { return cmp.Compare(s.newer(a), s.newer(b)) })
	for _, o := range objects {
		if err := s.load(o, e); err != nil {
			return err
		}
	}
	switch e.Kind {
	case replay.Notify, replay.Update:
		return s.notified(e, was)
	case replay.Release, replay.Deliver:
		return s.delivered(e, was)
	case replay.Acknowledge, replay.Disseminate, replay.Handover:
		return s.answered(e)
	case replay.DeclareArea:
		return s.declared(e, was)
	case replay.Check:
		return s.checked(e)
	case replay.Depart, replay.Arrive, replay.Unload, replay.EscortChange:
		return s.reported(e)
	case replay.PauseStart, replay.PauseEnd:
		return s.paused(e, was)
	case replay.HotlineCall:
		return s.called(e)
	case replay.Harm, replay.NearMiss:
		return s.harmed(e)
	}
	return s.other(e)
}

func (s *stage) objects(e *replay.Event) (list []*replay.Object) {
	for _, ref := range e.Refs {
		if o := s.story.Object(ref); o != nil {
			list = append(list, o)
		}
	}
	return list
}

// join notes which objects of the case are one thing by its own word: one names the other, or an update speaks of both.
func (s *stage) join(e *replay.Event) {
	var sites []string
	for _, o := range s.objects(e) {
		if o.Type == replay.Site {
			sites = append(sites, o.ID)
		}
	}
	if (e.Kind == replay.Update || e.Kind == replay.OtherKind) && len(sites) > 1 {
		for _, a := range sites {
			for _, b := range sites {
				if a != b && !slices.Contains(s.alike[a], b) {
					s.alike[a] = append(s.alike[a], b)
				}
			}
		}
	}
}

// same returns the other objects that are one thing with an object.
func (s *stage) same(o *replay.Object) []string {
	ids := slices.Clone(s.alike[o.ID])
	for i := range s.story.Objects {
		x := &s.story.Objects[i]
		if x.ID != o.ID && x.Type == o.Type && (names(x, o.ID) || names(o, x.ID)) {
			ids = append(ids, x.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// names reports whether an object names another one in what it says beyond the form.
func names(o *replay.Object, id string) bool {
	for _, v := range o.More {
		if v == id {
			return true
		}
		if items, ok := v.([]any); ok && slices.Contains(items, any(id)) {
			return true
		}
	}
	return false
}

// newer counts the objects that an object replaces.
func (s *stage) newer(o *replay.Object) (n int) {
	for i := range s.story.Objects {
		if x := &s.story.Objects[i]; x.ID != o.ID && names(x, o.ID) {
			n++
		}
	}
	return n
}

// notified gives a new version of what was there, or sends it again.
func (s *stage) notified(e *replay.Event, was map[string]bool) error {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		switch {
		case o.Type == replay.List:
			if err := s.attest(o, e); err != nil {
				return err
			}
		case o.Type == replay.Line:
			if err := s.crossing(e, t); err != nil {
				return err
			}
		case o.Type == replay.Area && was[o.ID] && t.area != nil && s.sides[e.Actor] == t.owner:
			if err := s.move(t, e); err != nil {
				return err
			}
			if err := s.amend(t); err != nil {
				return err
			}
		case t.protected() && was[o.ID] && (e.Kind == replay.Update || t.plan != nil && t.state != parley.MovementPlanned):
			if err := s.update(t, e); err != nil {
				return err
			}
		case t.protected() && was[o.ID]:
			if err := s.again(t, e, s.addressed(e, nil)); err != nil {
				return err
			}
		case !t.protected():
			if err := s.track(o, e); err != nil {
				return err
			}
		}
		if t.protected() {
			if err := s.again(t, e, nil); err != nil {
				return err
			}
		}
		if t.site != nil && !was[o.ID] { // somebody else's entry of the same thing is a second source
			for _, id := range s.same(o) {
				if other := s.on(id); other.site != nil && s.sides[e.Actor] != other.owner {
					if err := s.against(other, t.anchor()); err != nil {
						return err
					}
				}
			}
		}
		if e.Kind == replay.Notify && t.site != nil { // what they were told is what they hold
			if err := s.heldAt(t, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// heldAt says that whoever an object is given to holds it where an event says, when it says a place.
func (s *stage) heldAt(t *thing, e *replay.Event) error {
	for _, p := range s.addressed(e, nil) {
		if t.given[p.id] == 0 {
			continue
		}
		if err := s.holdsAt(t, p, e); err != nil {
			return err
		}
	}
	return nil
}

var manyTimes = regexp.MustCompile(`(?i)count|times|messages|sendings|repeat|calls|attempts`)

// again sends an object again, as often as the event says.
func (s *stage) again(t *thing, e *replay.Event, to []*side) error {
	if to != nil {
		if err := s.release(t, to); err != nil {
			return err
		}
	}
	n, _ := number(e.Data, manyTimes)
	for i := 1; i < int(min(n, 200)) && to == nil; i++ {
		for _, p := range s.addressed(e, nil) {
			if t.given[p.id] == t.version {
				if err := s.resend(t, p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// move puts an area where an event says that it is now. A check of it is of another place then.
func (s *stage) move(t *thing, e *replay.Event) error {
	p, ok := placeIn(e.Data, nil)
	if !ok {
		return nil
	}
	t.area.Shape = moved(t.area.Shape, p)
	return s.track(t.o, e)
}

// moved returns a shape put at another place.
func moved(s geo.Shape, to geo.Position) geo.Shape {
	at := s.Bounds().Center()
	shift := func(p geo.Position) geo.Position {
		return geo.Position{Lat: p.Lat + to.Lat - at.Lat, Lon: p.Lon + to.Lon - at.Lon}
	}
	out := geo.Shape{Kind: s.Kind}
	for _, p := range s.Points {
		out.Points = append(out.Points, shift(p))
	}
	for _, l := range s.Lines {
		var line []geo.Position
		for _, p := range l {
			line = append(line, shift(p))
		}
		out.Lines = append(out.Lines, line)
	}
	for _, rings := range s.Polygons {
		var polygon []geo.Ring
		for _, ring := range rings {
			var r geo.Ring
			for _, p := range ring {
				r = append(r, shift(p))
			}
			polygon = append(polygon, r)
		}
		out.Polygons = append(out.Polygons, polygon)
	}
	return out
}

// update states an object again, with what the event says is new. Whoever had it gets the new version; so does whoever the event names.
func (s *stage) update(t *thing, e *replay.Event) error {
	if t.plan != nil && t.state != parley.MovementPlanned && changes(t, e) { // on the road it says so first
		if err := s.report(t, &replay.Event{ID: e.ID, At: e.At, Kind: replay.OtherKind, Data: e.Data, Text: e.Text}, onRoad(t.state)); err != nil {
			return err
		}
	}
	return s.restate(t, e)
}

// restate states an object again.
func (s *stage) restate(t *thing, e *replay.Event) error {
	of := t.versioned()
	to := s.addressed(e, nil)
	if len(e.To) == 0 {
		to = slices.DeleteFunc(slices.Clone(s.parties), func(p *side) bool { return t.given[p.id] == 0 })
	}
	_, err := s.say(t.owner.officer, func(d *draft.Draft) parley.Body {
		if t.site != nil {
			next := *s.siteOf(d, t.o)
			next.Shape = t.site.Shape
			if p, ok := placeIn(e.Data, nil); ok {
				next.Shape = moved(next.Shape, p)
			}
			next.Findings = s.looked(next.Shape)
			t.site = &next
			return &parley.SiteUpdate{Of: of, Site: next}
		}
		next, back := s.planOf(d, t.o, e)
		next.Legs, next.Stops, next.Escort = slices.Clone(t.plan.Legs), t.plan.Stops, t.plan.Escort
		if p, ok := placeIn(e.Data, nil); ok { // another end of the way
			last := next.Legs[len(next.Legs)-1].Route.Lines[0]
			next.Legs[len(next.Legs)-1].Route.Lines = [][]geo.Position{{last[0], p}}
		}
		if says(e.Data, armedNotified) {
			next.Escort.Armed = parley.Yes
		}
		var shapes []geo.Shape
		for _, l := range next.Legs {
			shapes = append(shapes, l.Route)
		}
		for _, stop := range next.Stops {
			shapes = append(shapes, stop.Place)
		}
		next.Findings = s.looked(shapes...)
		t.plan, t.back = next, back
		return &parley.MovementUpdate{Of: of, Movement: *next}
	})
	if err != nil {
		return err
	}
	t.version++
	if err := s.verify(t, s.now()); err != nil {
		return err
	}
	if err := s.release(t, to); err != nil {
		return err
	}
	return nil
}

// delivered gives an object to those it is addressed to. What a party hands on to another is a relay; the desk, which hears of it, puts
// that on record: only a go-between logs its own.
func (s *stage) delivered(e *replay.Event, was map[string]bool) error {
	by := s.sides[e.Actor]
	if by.role == replay.Party {
		for _, o := range s.objects(e) { // released by its own side: an order, and no check
			if t := s.on(o.ID); t.area != nil && t.owner == by && e.Kind == replay.Release {
				if err := s.insist(t); err != nil {
					return err
				}
			}
		}
		return s.relayed(e, by)
	}
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.protected() && was[o.ID] {
			if err := s.again(t, e, s.addressed(e, nil)); err != nil {
				return err
			}
		}
		if t.site != nil { // what arrived there is what they hold
			if err := s.heldAt(t, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// declared declares again what an earlier event has entered: with whom it is addressed to now, and how it is now.
func (s *stage) declared(e *replay.Event, was map[string]bool) error {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.area == nil || !was[o.ID] {
			continue
		}
		for _, p := range s.addressed(e, t.owner) {
			if len(e.To) > 0 && !slices.Contains(t.area.Addressees, p.ref) {
				t.area.Addressees = append(slices.Clone(t.area.Addressees), p.ref)
			}
		}
		if e.Level != "" && !slices.Contains(t.area.Echelons, echelons[e.Level]) {
			t.area.Echelons = append(slices.Clone(t.area.Echelons), echelons[e.Level])
		}
		t.area.Urgent = t.area.Urgent || hurried(o, e)
		if err := s.move(t, e); err != nil {
			return err
		}
		if err := s.amend(t); err != nil {
			return err
		}
	}
	return nil
}

// arranged is the state of an arrangement, as the desk reads it.
func (s *stage) arranged(t *thing) (state parley.ArrangementState) {
	_ = s.as(s.releaser, func(v *channel.Viewer) {
		if a, ok := v.Arrangement(t.ref); ok {
			state = parley.ArrangementState(a.State)
		}
	})
	return state
}

func (s *stage) paused(e *replay.Event, was map[string]bool) error {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		state := s.arranged(t)
		switch {
		case t.pause == nil, e.Kind == replay.PauseStart && !was[o.ID], e.Kind == replay.PauseStart && state == parley.ArrangementOpen, t.over && e.Kind == replay.PauseEnd:
			continue
		case e.Kind == replay.PauseStart && state == parley.ArrangementEnded: // another one, of the same name
			delete(s.things, o.ID)
			if err := s.propose(o, s.sides[o.Owner], e); err != nil {
				return err
			}
			continue
		}
		t.over = e.Kind == replay.PauseEnd
		by := s.sides[e.Actor]
		who := by.officer
		if by.ref == "" || by.ref != t.owner.ref && !slices.Contains(t.pause.Terms.Addressees, by.ref) {
			who = s.releaser // the desk says it of those who have no account here
		}
		to := parley.ArrangementEnded
		if e.Kind == replay.PauseStart {
			to = parley.ArrangementOpen
		}
		if _, err := s.tell(who, &parley.PauseStatus{StatusWord: parley.StatusWord{Of: t.ref, State: to}}); err != nil {
			return err
		}
	}
	return nil
}
