package exercise

import (
	"regexp"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
)

// announced reports whether an event is notice of a crossing to come.
func announced(e *replay.Event) bool {
	return notifies(e.Kind) || says(e.Data, noticeName) || noticeOf.MatchString(e.Text) && !noticeNo.MatchString(e.Text)
}

var (
	noticeName = regexp.MustCompile(`(?i)crossing_notice|^notice`)
	noticeOf   = regexp.MustCompile(`(?i)crossing notice|notice of (the |its |a )?crossing|announces (the |its |a )?crossing`)
	noticeNo   = regexp.MustCompile(`(?i)\b(no|without|never|not) `)
)

// unit returns the object that an event says is at a line.
func (s *stage) unit(e *replay.Event) *thing {
	for _, o := range s.objects(e) {
		if o.Type == replay.Movement || o.Type == replay.Site {
			return s.on(o.ID)
		}
	}
	return nil
}

// crossing gives notice of a crossing, or tells a line to those that the event names.
func (s *stage) crossing(e *replay.Event, line *thing) error {
	by, unit := s.sides[e.Actor], s.unit(e)
	if line.line == nil || by.role != replay.Party && by.role != replay.Notifier {
		return nil
	}
	if by == line.owner && unit == nil {
		for _, p := range s.addressed(e, by) {
			if err := s.include(line, p); err != nil {
				return err
			}
		}
		return nil
	}
	if unit == nil {
		return nil
	}
	if by.role == replay.Party {
		if err := s.include(line, by); err != nil {
			return err
		}
	}
	place, ok := placeIn(e.Data, nil)
	if !ok {
		place, _ = s.where(unit.o)
	}
	b := &parley.CrossingNotice{Of: line.versioned(), Place: place, Window: geo.Window{From: s.now(), To: s.now() + 30*parley.Day}}
	if unit.plan != nil && unit.owner == by {
		b.Movement = unit.ref
	}
	if by.role == replay.Notifier && (b.Movement == "" || !s.shows(by.officer, line)) {
		return nil // it is told of no line that does not meet its movement
	}
	_, err := s.tell(by.officer, b)
	return err
}

func (s *stage) shows(who *person, line *thing) (known bool) {
	_ = s.as(who, func(v *channel.Viewer) { _, known = v.Arrangement(line.ref) })
	return known
}

// crossings says that somebody is beyond a line or in a zone: the one who stated it observed a party's people, or an owner says it of its
// own movement.
func (s *stage) crossings(e *replay.Event, by *side) error {
	unit := s.unit(e)
	if unit == nil {
		return nil
	}
	for _, o := range s.objects(e) {
		line := s.on(o.ID)
		if line.line == nil {
			continue
		}
		if announced(e) {
			if err := s.crossing(e, line); err != nil {
				return err
			}
			continue
		}
		if e.Urgent || e.Kind == replay.HotlineCall && s.crossedAlready(unit, line) {
			continue // a call about what was seen is no second crossing
		}
		if err := s.seen(e, by, unit, line); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) crossedAlready(unit, line *thing) bool {
	return s.crossed[unit.o.ID+" "+line.o.ID] != ""
}

func (s *stage) seen(e *replay.Event, by *side, unit, line *thing) error {
	place, ok := placeIn(e.Data, nil)
	if !ok {
		place, _ = s.where(unit.o)
	}
	b := &parley.CrossingEvent{Line: line.ref, Place: place, At: s.now()}
	who := line.owner.officer
	switch of := s.whose(e, by, unit, line); {
	case unit.plan != nil && unit.ref != "":
		b.Movement, who = unit.ref, unit.owner.officer
		if !s.shows(who, line) {
			return nil // a line that does not meet its plan is not shown to it
		}
	case of == nil:
		return nil // nobody's people: no word of the channel carries it
	case of == line.owner:
		b.Own = true
	default:
		b.Observed = of.ref
	}
	out, err := s.tell(who, b)
	if err != nil {
		return err
	}
	s.crossed[e.ID], s.crossed[unit.o.ID+" "+line.o.ID] = out.Ref, out.Ref
	if p, ok := placeIn(e.Data, nil); ok {
		s.place[unit.o.ID] = p
	}
	return nil
}

// whose is the party whose people are said to be there: the unit's own, or the one that the event puts it to.
func (s *stage) whose(e *replay.Event, by *side, unit, line *thing) *side {
	if unit.owner.role == replay.Party {
		return unit.owner
	}
	for _, id := range append(slices.Clone(e.To), e.Actor) {
		if p := s.sides[id]; p.role == replay.Party && p != line.owner {
			return p
		}
	}
	return nil
}

// askedAbout reports whether whoever stated a line has spoken to a party of a unit before: it asks about people at its line.
func (s *stage) askedAbout(unit, line *thing, by *side) bool {
	for i := range s.story.Events[:s.at] {
		x := &s.story.Events[i]
		if s.sides[x.Actor] == line.owner && slices.Contains(x.Refs, unit.o.ID) && slices.Contains(x.To, by.id) {
			return true
		}
	}
	return false
}

// inZone reports whether a place lies in a zone. Of a line nobody can say on which side of it a place is.
func inZone(line *thing, at geo.Position) bool {
	terms := &line.line.Terms
	return terms.Shape.Kind != geo.LineString && geo.Within(terms.Shape.Normalize(), point(at), float64(terms.Radius))
}

// presence puts a party's word about people that were observed beside what was observed.
func (s *stage) presence(e *replay.Event, by *side) error {
	if by.role != replay.Party {
		return nil
	}
	unit := s.unit(e)
	if unit == nil || unit.protected() {
		return nil
	}
	answer := parley.PresenceReply("")
	switch {
	case says(e.Data, denyName) || denies(e.Data, ownName) || word(e.Data, ownName) == "not_own" || denialOf.MatchString(e.Text):
		answer = parley.PresenceNotOwn
	case says(e.Data, ownName):
		answer = parley.PresenceOwn
	default:
		return nil
	}
	for _, o := range s.story.Objects {
		line := s.things[o.ID]
		if line == nil || line.line == nil {
			continue
		}
		if line.owner == by {
			continue
		}
		at, known := s.where(unit.o)
		if s.crossed[unit.o.ID+" "+o.ID] == "" && (known && inZone(line, at) || s.askedAbout(unit, line, by)) {
			if err := s.seen(e, by, unit, line); err != nil { // it is denied that it is where it was said to be: in the zone
				return err
			}
		}
		seen := s.crossed[unit.o.ID+" "+o.ID]
		if seen == "" {
			continue
		}
		if err := s.include(line, by); err != nil {
			return err
		}
		if s.asked[seen] != by.id {
			if _, err := s.tell(line.owner.officer, &parley.PresenceAsk{Event: seen, Party: by.ref}); err != nil {
				return err
			}
			s.asked[seen] = by.id
		}
		if _, err := s.tell(by.officer, &parley.PresenceAnswer{Event: seen, Answer: answer}); err != nil {
			return err
		}
	}
	return nil
}

// taken says that a party has a call, when an event says that it took or passed it on; and that fire goes on, when one says that.
func (s *stage) taken(e *replay.Event, by *side) error {
	if by.role == replay.Party && !e.Urgent && (says(e.Data, takenName) || takenOf.MatchString(e.Text)) {
		if err := s.take(e, by); err != nil {
			return err
		}
	}
	if !e.Urgent && e.Kind == replay.OtherKind && (says(e.Data, goingName) || goingOn.MatchString(e.Text)) {
		return s.goesOn(e)
	}
	return nil
}

// onTheRoad is what an event says that a movement does, when its kind does not say it.
func (s *stage) onTheRoad(e *replay.Event, by *side) error {
	if e.Kind != replay.OtherKind {
		return nil
	}
	if reached, ok := s.reaching(e, by); ok && by.role != replay.Notifier {
		for _, o := range s.objects(e) {
			if t := s.on(o.ID); t.plan != nil {
				if _, err := s.tell(s.speaker(by), &parley.ContactTry{Movement: t.ref, Means: parley.LiaisonTelephone, At: s.now(), Reached: reached}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.plan == nil {
			continue
		}
		phase := word(e.Data, phaseName)
		status := parley.MovementState("")
		switch {
		case turnsBack.MatchString(phase) || turnsBack.MatchString(e.Text) || goesBack.MatchString(phase):
			status = parley.MovementTurnedBack
		case unloads.MatchString(phase):
			status = parley.MovementUnloading
		case standsBy.MatchString(phase) || waitsNow.MatchString(e.Text):
			status = parley.MovementWaiting
		case by == t.owner && t.state != parley.MovementPlanned:
			status = t.state // word from the road that all is as it was
		case t.state != parley.MovementPlanned && len(e.Data) > 0 && changes(t, e):
			status = t.state
		}
		if status == "" {
			continue
		}
		if err := s.report(t, e, onRoad(status)); err != nil {
			return err
		}
		if by == t.owner && changes(t, e) {
			if err := s.restate(t, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// ordered declares an area again as urgent, when an event says that it was ordered or hurried. It closes no check.
func (s *stage) ordered(e *replay.Event, by *side) error {
	if e.Kind != replay.OtherKind || by.role != replay.Party {
		return nil
	}
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.area == nil || t.owner != by || !hurried(nil, e) && !insists.MatchString(e.Text) {
			continue
		}
		if err := s.insist(t); err != nil {
			return err
		}
	}
	return nil
}

// insist declares an area again as urgent.
func (s *stage) insist(t *thing) error {
	if t.area.Urgent {
		return nil
	}
	t.area.Urgent = true
	return s.amend(t)
}
