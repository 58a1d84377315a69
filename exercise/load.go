package exercise

import (
	"regexp"
	"slices"

	"parley"
	"parley/exchange/replay"
	"parley/geo"
	"parley/internal/draft"
)

// thing is an object of the case on the stage. One without a reference is not in the channel: it is a place and no more.
type thing struct {
	o       *replay.Object
	ref     parley.Ref
	version int
	owner   *side // whose word it is
	from    int64 // when it entered
	site    *parley.Site
	plan    *parley.Movement
	area    *parley.Area
	line    *parley.Line
	pause   *parley.Pause
	over    bool // somebody has said that the pause is over
	state   parley.MovementState
	back    int            // the leg that is the way back, 0 when none was notified
	given   map[string]int // the version that each party was given
}

// protected reports whether a thing is an object of a notifier's.
func (t *thing) protected() bool { return t != nil && t.ref != "" && (t.site != nil || t.plan != nil) }

func (t *thing) anchor() geo.Position {
	switch {
	case t.site != nil:
		return t.site.Anchor()
	case t.plan != nil:
		return t.plan.Anchor()
	}
	return middle(t.o.Geometry)
}

func (t *thing) versioned() parley.Versioned { return parley.Versioned{Ref: t.ref, Version: t.version} }

// on returns what stands for an object on the stage. It is never nil; an object that did not enter has no reference.
func (s *stage) on(id string) *thing {
	if t := s.things[id]; t != nil {
		return t
	}
	return &thing{o: s.story.Object(id), owner: s.sides[s.story.Object(id).Owner]}
}

// where is the place of an object: where it was last said to be, or where the case has it.
func (s *stage) where(o *replay.Object) (geo.Position, bool) {
	if p, ok := s.place[o.ID]; ok {
		return p, true
	}
	if o.Geometry == nil {
		return s.story.Place.At, false
	}
	return middle(o.Geometry), true
}

// notifies are the kinds of event by which somebody says that an object is there.
func notifies(k replay.Kind) bool { return k == replay.Notify || k == replay.Update }

// load enters an object with the first event that refers to it. What a party checks is never entered, and neither is a unit of a party's:
// the channel has no record of units.
func (s *stage) load(o *replay.Object, e *replay.Event) error {
	if s.things[o.ID] != nil {
		return nil
	}
	owner, actor := s.sides[o.Owner], s.sides[e.Actor]
	if s.finds(o, e) {
		return s.find(o, actor, e)
	}
	switch o.Type {
	case replay.Site, replay.Movement:
		by := owner
		switch {
		case owner.role == replay.Notifier:
		case owner.role == replay.Party && notifies(e.Kind):
			return s.force(o, owner, e)
		case notifies(e.Kind) && actor.role == replay.Notifier:
			by = actor
		case notifies(e.Kind) || owner.role == replay.Desk && e.Kind != replay.Check:
			by = s.anyNotifier()
		default:
			return nil
		}
		return s.notify(o, by, e)
	case replay.Area:
		speaks := actor == owner && e.Kind != replay.Harm && e.Kind != replay.NearMiss && e.Kind != replay.Check
		if owner.role == replay.Party && o.Geometry != nil && (speaks || e.Kind == replay.DeclareArea) {
			return s.declare(o, owner, e)
		}
	case replay.Line:
		for _, by := range []*side{owner, s.sides[word(o.More, proposerName)], actor} {
			if by != nil && by.role == replay.Party && o.Geometry != nil {
				return s.draw(o, by, e)
			}
		}
	case replay.Pause:
		return s.propose(o, owner, e)
	}
	return nil
}

func (s *stage) anyNotifier() *side {
	for _, a := range s.story.Actors {
		if a.Role == replay.Notifier {
			return s.sides[a.ID]
		}
	}
	return s.standIn
}

// addressed returns the parties that an event is addressed to: all others when it names nobody, as a note to everyone.
func (s *stage) addressed(e *replay.Event, by *side) []*side {
	var named []*side
	for _, id := range e.To {
		if p := s.sides[id]; p.role == replay.Party && p != by && !slices.Contains(named, p) {
			named = append(named, p)
		}
	}
	if len(e.To) > 0 {
		return named
	}
	return slices.DeleteFunc(slices.Clone(s.parties), func(p *side) bool { return p == by })
}

func refs(sides []*side) []parley.Ref {
	list := make([]parley.Ref, len(sides))
	for i, p := range sides {
		list[i] = p.ref
	}
	return list
}

// sharing consents to every party: to whom an object is given is said by the events.
func (s *stage) sharing() parley.Sharing {
	sharing := parley.Sharing{Sensitivity: parley.High}
	for _, p := range s.parties {
		sharing.Consents = append(sharing.Consents, parley.Consent{To: p.ref, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldContact, parley.FieldRoad}})
	}
	return sharing
}

// looked answers the doubts that a position raises: whoever wrote the case has looked.
func (s *stage) looked(shapes ...geo.Shape) (answers []parley.FindingAnswer) {
	p := parley.DefaultProfile()
	for _, f := range parley.Findings {
		for _, shape := range shapes {
			if slices.Contains(p.PositionFindings(shape, 0), f) {
				answers = append(answers, parley.FindingAnswer{Finding: f})
				break
			}
		}
	}
	return answers
}

func (s *stage) notify(o *replay.Object, by *side, e *replay.Event) error {
	t := &thing{o: o, owner: by, version: 1, from: s.now(), given: map[string]int{}, state: parley.MovementPlanned}
	out, err := s.say(by.officer, func(d *draft.Draft) parley.Body {
		if o.Type == replay.Site {
			t.site = s.siteOf(d, o)
			return &parley.SiteNotify{Site: *t.site}
		}
		t.plan, t.back = s.planOf(d, o, e)
		return &parley.MovementNotify{Movement: *t.plan}
	})
	if err != nil {
		return err
	}
	t.ref = out.Ref
	s.things[o.ID] = t
	// An object that an event speaks of without notifying it was notified before: those who were told are not known, so everyone was.
	to := s.addressed(&replay.Event{}, nil)
	if notifies(e.Kind) || e.Kind == replay.Release || e.Kind == replay.Deliver {
		to = s.addressed(e, nil)
	}
	if s.waits {
		s.pending = append(s.pending, waiting{t, to})
		return nil
	}
	verified, ok := timeIn(o.More, lastVerified)
	if !ok {
		verified, ok = timeIn(e.Data, lastVerified)
	}
	if !ok || verified > s.now() {
		verified = s.now()
	}
	if err := s.verify(t, verified); err != nil {
		return err
	}
	return s.release(t, to)
}

var (
	lastVerified = regexp.MustCompile(`(?i)verif|last_(update|confirm|check|seen)|entry_date|as_of|^dated`)
	validFrom    = regexp.MustCompile(`(?i)^(valid|active|window|notified|planned)?_?from$|^start|_start$|depart`)
	validTo      = regexp.MustCompile(`(?i)^(valid|active|window|notified|announced|planned)?_?(to|until|end)$|_end$|^end|arriv`)
)

func (s *stage) geometry(o *replay.Object) geo.Shape {
	if o.Geometry == nil {
		return point(s.story.Place.At)
	}
	return shape(o.Geometry)
}

func (s *stage) siteOf(d *draft.Draft, o *replay.Object) *parley.Site {
	at := s.geometry(o)
	site := &parley.Site{Category: category(word(o.More, regexp.MustCompile("^category$"))), Names: []parley.LocalName{{Language: "en", Name: d.Text(o.ID)}}, Shape: at,
		Obtained: parley.Obtained{Method: parley.ByMap, Accuracy: 10}, Occupancy: "unknown", Contact: parley.Contact{Phone: d.Text("0")}, From: s.now(),
		Shared: s.sharing(), Findings: s.looked(at)}
	return site
}

func category(word string) parley.Category {
	if c := parley.Category(word); slices.Contains(parley.Categories, c) {
		return c
	}
	return "other"
}

// planOf is the plan of a movement as the case has it. Where the case says no hours, nobody knows them: the plan is wide.
func (s *stage) planOf(d *draft.Draft, o *replay.Object, e *replay.Event) (*parley.Movement, int) {
	way := s.geometry(o)
	if way.Kind != geo.LineString {
		at := way.Bounds().Center()
		way = geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{{geo.Destination(at, 0, 20), at}}}
	}
	line := way.Lines[0]
	from, known := timeIn(o.More, validFrom)
	to, until := timeIn(o.More, validTo)
	margin := int64(0)
	if a, b, ok := windowIn(o.More); ok && !known && !until {
		from, known, to, until = a, true, b, true
	}
	if !known {
		from, margin = e.At+12*parley.Hour, parley.Day
	}
	if !until || to <= from {
		to, margin = from+14*parley.Day, parley.Day
	}
	to = max(to, s.now()+2*parley.Minute)
	phases, stated := list(o.More, "notified_phases")
	has := func(names ...string) bool {
		return !stated || slices.ContainsFunc(phases, func(p string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return regexp.MustCompile(n).MatchString(p) })
		})
	}
	m := &parley.Movement{Name: d.Text(o.ID), MovementKind: "general_cargo", Mode: "land", Urgency: parley.StandardNotice, Margin: margin, Vehicles: whole(o.More, vehicleNames), Persons: whole(o.More, personNames),
		Escort: parley.Escort{Armed: parley.No}, Leader: parley.Contact{Phone: d.Text("0")}, Shared: s.sharing(), Findings: s.looked(way, point(line[len(line)-1]))}
	if says(o.More, armedNotified) {
		m.Escort.Armed = parley.Yes
	}
	back := 0
	if stated && has("return", "back", "home", "turn") {
		// The way back may begin as soon as the way there has: legs follow one another.
		reversed := slices.Clone(line)
		slices.Reverse(reversed)
		m.Legs = []parley.Leg{{Route: way, Depart: from, Arrive: from + parley.Minute},
			{Route: geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{reversed}}, Depart: from + parley.Minute, Arrive: to, Return: true}}
		back = 2
	} else {
		m.Legs = []parley.Leg{{Route: way, Depart: from, Arrive: to}}
	}
	stop := func(phase parley.Phase) {
		m.Stops = append(m.Stops, parley.Stop{Place: point(line[len(line)-1]), AfterLeg: 1, Arrive: from, Leave: to, Phase: phase})
	}
	if stated && has("load", "deliver", "distribut", "embark", "boarding", "pick") {
		stop(parley.Unloading)
	}
	if stated && has("wait", "stop", "halt", "check", "stand", "night", "stay", "park", "queue") {
		stop(parley.Waiting)
	}
	return m, back
}

var (
	vehicleNames  = regexp.MustCompile(`(?i)vehicle|truck|cars?$`)
	personNames   = regexp.MustCompile(`(?i)persons|people|passengers|staff_count|crew`)
	armedNotified = regexp.MustCompile(`(?i)armed`)
)

func whole(data map[string]any, name *regexp.Regexp) int32 {
	n, _ := number(data, name)
	return int32(max(0, min(n, 10_000)))
}

// force tells others where a party has people of its own. The channel keeps no more than that somebody is there.
func (s *stage) force(o *replay.Object, by *side, e *replay.Event) error {
	to := s.addressed(e, by)
	if len(to) == 0 {
		return nil
	}
	out, err := s.tell(by.officer, &parley.ForcePlace{Shape: s.geometry(o), Window: s.window(o, e), Addressees: refs(to)})
	if err != nil {
		return err
	}
	s.things[o.ID] = &thing{o: o, owner: by, ref: out.Ref, version: 1, from: s.now()}
	return nil
}

// window is when an area or place holds: as the case says, or for thirty days.
func (s *stage) window(o *replay.Object, e *replay.Event) geo.Window {
	from, known := timeIn(o.More, validFrom)
	to, until := timeIn(o.More, validTo)
	if !until {
		to, until = timeIn(e.Data, validTo)
	}
	if a, b, ok := windowIn(o.More); ok && !known && !until {
		from, known, to, until = a, true, b, true
	}
	if h, ok := number(o.More, durationHours); ok && !until && h > 0 {
		if !known {
			from, known = e.At, true
		}
		to, until = from+int64(h*float64(parley.Hour)), true
	}
	if !known {
		from = e.At
	}
	if !until || to <= max(from, s.now()) {
		to = max(from, s.now()) + 30*parley.Day
	}
	return geo.Window{From: from, To: to}
}

var durationHours = regexp.MustCompile(`(?i)duration.*h|hours`)

// acting are the levels that act in an area: the event's, or every one that the case gives the party, a unit where it gives none.
func acting(by *side, e *replay.Event) []parley.Echelon {
	if e.Level != "" {
		return []parley.Echelon{echelons[e.Level]}
	}
	if len(by.levels) == 0 {
		return []parley.Echelon{parley.Unit}
	}
	var all []parley.Echelon
	for _, l := range by.levels {
		if !slices.Contains(all, echelons[l]) {
			all = append(all, echelons[l])
		}
	}
	return all
}

func (s *stage) declare(o *replay.Object, by *side, e *replay.Event) error {
	var to []*side
	if len(e.To) > 0 {
		to = s.addressed(e, by)
	}
	area := &parley.Area{Shape: s.geometry(o), Window: s.window(o, e), Addressees: refs(to), Echelons: acting(by, e), Urgent: hurried(o, e), Head: s.head(by)}
	out, err := s.tell(by.officer, &parley.AreaDeclare{Area: *area})
	if err != nil {
		return err
	}
	s.things[o.ID] = &thing{o: o, owner: by, ref: out.Ref, version: 1, from: s.now(), area: area}
	return nil
}

var ordered = regexp.MustCompile(`(?i)approv|order|authori|urgent|immediate|time_sensitive|clearance`)

// hurried reports whether an area is said to be urgent, or ordered.
func hurried(o *replay.Object, e *replay.Event) bool {
	return e.Urgent || says(e.Data, ordered) || o != nil && says(o.More, ordered) || e.Kind == replay.DeclareArea && insists.MatchString(e.Text)
}

func (s *stage) verify(t *thing, on int64) error {
	_, err := s.say(s.verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: t.versioned(), Method: parley.CheckedMap, Source: d.Text("as the case has it"), On: on}
	})
	return err
}

// release gives the newest version of an object to parties that do not have it, and sends it again to those that do.
func (s *stage) release(t *thing, to []*side) error {
	for _, p := range to {
		if t.given[p.id] == t.version {
			if err := s.resend(t, p); err != nil {
				return err
			}
			continue
		}
		if _, err := s.tell(s.releaser, &parley.ObjectRelease{Of: t.versioned(), To: p.ref}); err != nil && code(err) != parley.CodeExists { // a change on the road goes to its holders at once
			return err
		}
		t.given[p.id] = t.version
	}
	return nil
}

func (s *stage) resend(t *thing, p *side) error {
	_, err := s.tell(s.releaser, &parley.ObjectResend{Of: t.versioned(), To: p.ref})
	return err
}
