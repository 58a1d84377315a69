package exercise

import (
	"cmp"
	"regexp"
	"slices"

	"parley"
	"parley/exchange/replay"
	"parley/geo"
)

var proposerName = regexp.MustCompile(`^proposer$|^proposed_by$`)

// draw states a line or a zone. A party that the case says agreed to it says so; nobody else has said a word.
func (s *stage) draw(o *replay.Object, by *side, e *replay.Event) error {
	proposer := by
	if p := s.sides[word(o.More, proposerName)]; p != nil && p.role == replay.Party {
		proposer = p
	}
	to := s.addressed(e, proposer)
	if len(to) == 0 {
		to = s.addressed(&replay.Event{}, proposer)
	}
	if len(to) == 0 {
		return nil // nobody to tell it to
	}
	window := geo.Window{From: s.now(), To: geo.Forever}
	if from, ok := timeIn(o.More, validFrom); ok {
		window.From = from
	}
	if to, ok := timeIn(o.More, validTo); ok && to > max(window.From, s.now()) {
		window.To = to
	}
	t := &thing{o: o, owner: proposer, version: 1, from: s.now()}
	t.line = &parley.Line{Terms: parley.Terms{Shape: s.geometry(o), Window: window, Addressees: refs(to), Published: true}, LineKind: "deconfliction", Basis: parley.BasisUnilateral}
	if o.Geometry.Form == replay.Circle {
		t.line.Terms.Shape, t.line.Terms.Radius, t.line.LineKind = point(o.Geometry.Points[0]), int32(min(o.Geometry.Radius, parley.MaxRadius)), "radius_zone"
	} else if o.Geometry.Form == replay.Point {
		t.line.Terms.Radius = 1
	}
	var body parley.Body = &parley.ZoneImpose{Line: *t.line}
	if t.line.Terms.Shape.Kind == geo.LineString {
		body = &parley.LineImpose{Line: *t.line}
	}
	out, err := s.tell(proposer.officer, body)
	if err != nil {
		return err
	}
	t.ref = out.Ref
	s.things[o.ID] = t
	consents, _ := o.More["consent"].(map[string]any)
	for _, p := range to {
		if consents[p.id] == "agreed" {
			if _, err := s.tell(p.officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: t.versioned()}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// include tells a line or an area to a party that it was not addressed to: whoever answers it has been told of it.
func (s *stage) include(t *thing, p *side) error {
	switch {
	case t.owner == p || t.ref == "":
		return nil
	case t.line != nil && !slices.Contains(t.line.Terms.Addressees, p.ref):
		t.line.Terms.Addressees = append(slices.Clone(t.line.Terms.Addressees), p.ref)
		var body parley.Body = &parley.ZoneAmend{Of: t.versioned(), Line: *t.line}
		if t.line.Terms.Shape.Kind == geo.LineString {
			body = &parley.LineAmend{Of: t.versioned(), Line: *t.line}
		}
		_, err := s.tell(t.owner.officer, body)
		t.version++
		return err
	case t.area != nil && !slices.Contains(t.area.Addressees, p.ref):
		t.area.Addressees = append(slices.Clone(t.area.Addressees), p.ref)
		return s.amend(t)
	}
	return nil
}

// amend declares an area again as it now is.
func (s *stage) amend(t *thing) error {
	t.area.Head = s.head(t.owner)
	if t.area.Window.To <= s.now() {
		return nil
	}
	_, err := s.tell(t.owner.officer, &parley.AreaAmend{Of: t.versioned(), Area: *t.area})
	if err == nil {
		t.version++
	}
	return err
}

// propose states a pause and that it is open.
func (s *stage) propose(o *replay.Object, by *side, e *replay.Event) error {
	if o.Geometry == nil {
		return nil
	}
	proposer := by
	if by.ref == "" {
		proposer = s.desk()
	}
	to := s.addressed(&replay.Event{}, proposer)
	if len(to) == 0 && proposer != s.desk() { // with no other party to ask, the desk puts the party's word down, and the party agrees to it
		to, proposer = []*side{proposer}, s.desk()
	}
	window := s.window(o, e)
	window.From = min(window.From, s.now())
	t := &thing{o: o, owner: proposer, version: 1, from: s.now()}
	t.pause = &parley.Pause{Terms: parley.Terms{Shape: s.geometry(o), Window: window, Addressees: refs(to)}, Users: []parley.CorridorUser{"civilians", "humanitarian_staff", "goods"}}
	if o.Geometry.Form == replay.Circle {
		t.pause.Terms.Shape, t.pause.Terms.Radius = point(o.Geometry.Points[0]), int32(min(o.Geometry.Radius, parley.MaxRadius))
	} else if o.Geometry.Form == replay.Point {
		t.pause.Terms.Radius = 1
	}
	if len(to) == 0 {
		return nil
	}
	out, err := s.tell(proposer.officer, &parley.PausePropose{Pause: *t.pause})
	if err != nil {
		return err
	}
	t.ref = out.Ref
	s.things[o.ID] = t
	if proposer.role != replay.Party {
		// A pause is open when a party that was asked has agreed: whoever the event names did.
		agrees := cmp.Or(s.partyOf(e), to[0])
		if _, err := s.tell(agrees.officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: t.versioned()}}); err != nil {
			return err
		}
	}
	_, err = s.tell(proposer.officer, &parley.PauseStatus{StatusWord: parley.StatusWord{Of: t.ref, State: parley.ArrangementOpen}})
	return err
}

func (s *stage) partyOf(e *replay.Event) *side {
	if a := s.sides[e.Actor]; a.role == replay.Party {
		return a
	}
	return nil
}
