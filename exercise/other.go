package exercise

import (
	"math"
	"regexp"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
	"parley/internal/draft"
)

// made is a check that a party made.
type made struct {
	ref    parley.Ref
	by     *side
	extent geo.Shape
	about  []string // objects that it was about, in the channel or not
}

var (
	listName   = regexp.MustCompile(`(?i)list|as_of`)
	asOfName   = regexp.MustCompile(`(?i)as_of|list_date|dated`)
	heldName   = regexp.MustCompile(`(?i)held|version`)
	pointWords = regexp.MustCompile(`(?i)\bpoint\b|\bpin\b|single coordinate`)
	pointName  = regexp.MustCompile(`(?i)point|pin|geometry|used|form`)
)

// checked is a party's check. Against a list of a date it is a level's own, taken however old; else it is asked of the channel.
func (s *stage) checked(e *replay.Event) error {
	by := s.sides[e.Actor]
	if by.role != replay.Party {
		return s.other(e)
	}
	m := &made{by: by}
	var area, object *replay.Object
	var lists []*replay.Object
	for _, o := range s.objects(e) {
		switch o.Type {
		case replay.Area:
			area = o
			m.about = append(m.about, o.ID)
		case replay.List:
			lists = append(lists, o)
		case replay.Site, replay.Movement:
			object = o
			m.about = append(m.about, o.ID)
		}
	}
	if area == nil && object == nil && len(lists) > 0 {
		return s.attest(lists[0], e)
	}
	var ok bool
	if m.extent, ok = s.extent(e, area, object); !ok {
		return nil
	}
	if _, stated := fact(e.Data, listName); stated || len(lists) > 0 {
		return s.ownCheck(e, m, lists)
	}
	window := geo.Window{From: s.now(), To: s.now() + 7*parley.Day}
	if area != nil {
		if t := s.on(area.ID); t.area != nil {
			window = t.area.Window
		}
	}
	if area != nil && s.things[area.ID] == nil {
		window = s.window(area, e)
	}
	out, err := s.tell(by.officer, &parley.CheckRecord{Shape: m.extent, Window: window, Head: s.head(by)})
	if err != nil {
		return err
	}
	m.ref = out.Ref
	s.checks[e.ID] = m
	return s.declareChecked(area, by, e)
}

// declareChecked enters an area that a party has checked: it is its own, and is told to nobody.
func (s *stage) declareChecked(area *replay.Object, by *side, e *replay.Event) error {
	if area == nil || area.Geometry == nil || s.things[area.ID] != nil || s.sides[area.Owner] != by {
		return nil
	}
	return s.declare(area, by, e)
}

// extent is what a check asks about: a point when the event says so, else the area, else the object.
func (s *stage) extent(e *replay.Event, area, object *replay.Object) (geo.Shape, bool) {
	usedPoint := pointWords.MatchString(word(e.Data, pointName)) || says(e.Data, regexp.MustCompile(`(?i)point`)) || len(e.Data) == 0 && pointWords.MatchString(e.Text)
	if p, ok := placeIn(e.Data, nil); ok && (usedPoint || area == nil) {
		return point(p), true
	}
	about := area
	if about == nil || usedPoint && object != nil {
		about = object
	}
	if about == nil || about.Geometry == nil {
		return geo.Shape{}, false
	}
	if at, _ := s.where(about); usedPoint {
		return point(at), true
	}
	if at, moved := s.place[about.ID]; moved && about.Type != replay.Area {
		return point(at), true
	}
	return shape(about.Geometry), true
}

// ownCheck is a level's own check against the list that it held: as old as the event says, or none.
func (s *stage) ownCheck(e *replay.Event, m *made, lists []*replay.Object) error {
	level := echelon(e.Level, parley.Headquarters)
	on, dated := timeIn(e.Data, asOfName)
	for _, l := range lists {
		if at, ok := timeIn(l.More, asOfName); ok && at > on {
			on, dated = at, true
		}
		if at := s.updated[l.ID]; at > on {
			on, dated = at, true
		}
	}
	var head *parley.ListHead
	held, stated := fact(e.Data, heldName)
	if none := stated && (held == nil || held == false || held == "none"); !none {
		h := s.head(m.by)
		if dated {
			h = m.by.headOf(on)
		}
		head = &h
	} else if _, err := s.tell(m.by.officer, &parley.ListAttest{Echelon: level}); err != nil {
		return err
	}
	if !dated {
		on = s.now()
	}
	out, err := s.tell(m.by.officer, &parley.CheckAttest{Head: head, On: min(on, s.now()), Echelon: level, Extent: m.extent})
	if err != nil {
		return err
	}
	m.ref = out.Ref
	s.checks[e.ID] = m
	for _, o := range s.objects(e) {
		if o.Type != replay.Area {
			continue
		}
		if err := s.declareChecked(o, m.by, e); err != nil {
			return err
		}
		// Whoever checks for a level acts there.
		if t := s.on(o.ID); t.area != nil && t.owner == m.by && !slices.Contains(t.area.Echelons, level) {
			t.area.Echelons = append(slices.Clone(t.area.Echelons), level)
			if err := s.amend(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// attest says that a party has verified the list that it holds.
func (s *stage) attest(o *replay.Object, e *replay.Event) error {
	by := s.sides[e.Actor]
	if by.role != replay.Party {
		by = s.sides[o.Owner]
	}
	if by.role != replay.Party {
		return nil
	}
	head := s.head(by)
	if _, err := s.tell(by.officer, &parley.ListAttest{Echelon: echelon(e.Level, parley.Headquarters), Head: &head}); err != nil {
		return err
	}
	s.updated[o.ID] = s.now()
	return nil
}

// track follows what is in no record of the channel: where it was said to be. Checks about it are void when it has moved.
func (s *stage) track(o *replay.Object, e *replay.Event) error {
	was, _ := s.where(o)
	to, ok := placeIn(e.Data, &was)
	if !ok && o.Geometry != nil && o.Geometry.Form == replay.LineString && len(o.Geometry.Points) > 0 {
		to = o.Geometry.Points[len(o.Geometry.Points)-1]
	} else if !ok {
		to = was
	}
	for i := range s.story.Events[:s.at] {
		m := s.checks[s.story.Events[i].ID]
		near := ok && m != nil && !slices.Contains(m.about, o.ID) && geo.Within(m.extent.Normalize(), point(to), 1000) // it has come to what was checked
		if m == nil || !slices.Contains(m.about, o.ID) && !near || !ok && e.Kind == replay.OtherKind && !moves.MatchString(e.Text) {
			continue
		}
		if apart := geo.DistanceMM(m.extent.Bounds().Center(), to); ok && apart < 1000 && !near {
			continue
		}
		still := false
		_ = s.as(m.by.officer, func(v *channel.Viewer) {
			c, known := v.Check(m.ref)
			still = known && c.Ended == ""
		})
		if !still {
			continue
		}
		if _, err := s.tell(m.by.officer, &parley.CheckMoved{Check: m.ref, To: point(to)}); err != nil {
			return err
		}
	}
	if ok {
		s.place[o.ID] = to
	}
	return nil
}

var (
	moves     = regexp.MustCompile(`(?i)\bmov|\bdrive|\bdrove|\bleft\b|\bleave|\bdepart|\bgoes|\bwent`)
	denialOf  = regexp.MustCompile(`(?i)den(y|ies|ied)|not (its|our|their)s?\b|\bno (own )?(forces|troops|units|personnel)|none of (its|our|their)`)
	denyName  = regexp.MustCompile(`(?i)den(y|ies|ied|ial)|disown`)
	ownName   = regexp.MustCompile(`(?i)^own$|own_(forces|presence|units)|^presence$|^answer$|acknowledged_presence`)
	refuseOf  = regexp.MustCompile(`(?i)\b(refus|reject|object(s|ed|ion)|declin|does not agree|not agree|asks? not)`)
	refuseTo  = regexp.MustCompile(`(?i)refus|reject|objection|objects|declin|agreed|^answer$|^reply$|request`)
	disputeOf = regexp.MustCompile(`(?i)\b(disput|contest|differs?\b|another version|(says|claims|maintains) (that )?(it|they|he) (was|were|had)|contradict|never (told|informed|received))`)
	disputeTo = regexp.MustCompile(`(?i)disput|contest|_version$|^version|told_as|told_at`)
	takenName = regexp.MustCompile(`(?i)taken|accept|promis|confirm`)
	takenOf   = regexp.MustCompile(`(?i)promis|takes the (call|message)|accepts the|passes (it|the)`)
	goingOn   = regexp.MustCompile(`(?i)(fire|shell|attack|bomb)\w* (goes on|continues?|again|resumes?)|continu\w+ (fire|shell|attack|bomb)|again (hit|under fire|shelled)`)
	goingName = regexp.MustCompile(`(?i)continu|goes_on|still|again|ongoing`)
	waitsNow  = regexp.MustCompile(`(?i)\bwait(s|ing)\b|\bstand(s|ing)\b|\bheld at\b|\bhalted\b|\bparked\b|\bstuck\b`)
	turnsBack = regexp.MustCompile(`(?i)turn(s|ed|ing)? (back|round|around)`)
	insists   = regexp.MustCompile(`(?i)\b(approv|order(s|ed)\b|urgent|urgency|authori[sz]|permission|permits?\b|imminent|troops in contact|go.?ahead|release authority)`)
)

func refuses(e *replay.Event) bool {
	if v, ok := fact(e.Data, regexp.MustCompile(`(?i)^(refused|rejected|objection|declined)$`)); ok {
		return v == true || v != false && v != nil
	}
	return regexp.MustCompile(`(?i)^(refus|reject|object|declin|no\b|not_agreed)`).MatchString(word(e.Data, refuseTo)) || denies(e.Data, regexp.MustCompile(`(?i)^agreed$`)) || refuseOf.MatchString(e.Text)
}

// other is an event whose kind says nothing more: what it refers to and states says which word of the channel carries it. Where none does,
// nothing is said.
func (s *stage) other(e *replay.Event) error {
	by := s.sides[e.Actor]
	for _, say := range []func(*replay.Event, *side) error{s.stated, s.crossings, s.presence, s.ladder, s.taken, s.onTheRoad, s.ordered} {
		if err := say(e, by); err != nil {
			return err
		}
	}
	return s.shelled(e, by)
}

var (
	fireOf = regexp.MustCompile(`(?i)\b(shell(s|ing|ed)?|mortars?|rockets?|air ?raids?|artillery|bomb(s|ing|ed|ardment)?|gunfire|stri[k]es?|explosions?)\b|fire (falls|lands|hits|opens|near)`)
	fireNo = regexp.MustCompile(`(?i)\b(end(s|ed)?|stop(s|ped)?|cease|over|planned|coming|denie|warning)\b`)
)

// shelled reports fire that an event tells of at a place of the case.
func (s *stage) shelled(e *replay.Event, by *side) error {
	if e.Kind != replay.OtherKind || !fireOf.MatchString(e.Text) || fireNo.MatchString(e.Text) {
		return nil
	}
	for _, o := range s.objects(e) {
		if o.Type != replay.Area || o.Geometry == nil {
			continue
		}
		at, _ := s.where(o)
		if p, ok := placeIn(e.Data, nil); ok {
			at = p
		}
		_, err := s.tell(s.verifier, &parley.HarmReport{Place: &at, At: s.now()})
		return err
	}
	return nil
}

// stated is what an event says about places and areas: a second source, the place that a party holds, a refusal, another version.
func (s *stage) stated(e *replay.Event, by *side) error {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		var err error
		switch {
		case o.Type == replay.List && e.Kind == replay.OtherKind:
			err = s.attest(o, e)
		case t.area != nil && by.role == replay.Party && by != t.owner && disputes(e):
			err = s.contest(t, by, e)
		case t.area != nil && by.role == replay.Party && by != t.owner && e.Kind != replay.DeclareArea && refuses(e):
			err = s.object(t, by)
		case t.site != nil && by.role == replay.Party && t.given[by.id] != 0 && disputes(e):
			_, err = s.tell(by.officer, &parley.ObjectDispute{Of: parley.Versioned{Ref: t.ref, Version: t.given[by.id]}, Reason: parley.OtherDispute})
		case t.site != nil && by.role == replay.Party && t.given[by.id] != 0 && e.Kind == replay.OtherKind:
			err = s.holdsAt(t, by, e)
		case t.site != nil && (e.Kind == replay.OtherKind || e.Kind == replay.Check):
			err = s.secondSource(t, e)
		case !t.protected() && t.ref == "" && (o.Type == replay.Site || o.Type == replay.Movement):
			err = s.track(o, e)
		}
		if err != nil {
			return err
		}
		if by.role == replay.Party && t.protected() && e.Kind != replay.DeclareArea && says(e.Data, warnName) {
			if err := s.warn(t, by, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func disputes(e *replay.Event) bool {
	if v, ok := fact(e.Data, disputeTo); ok && v != false {
		return true
	}
	return e.Kind == replay.OtherKind && (disputeOf.MatchString(e.Text) || e.Certainty == replay.Contested)
}

// holdsAt says which place a level of a party holds for an object, when the event says a place.
func (s *stage) holdsAt(t *thing, by *side, e *replay.Event) error {
	anchor := t.anchor()
	place, ok := placeIn(e.Data, &anchor)
	if !ok {
		return nil
	}
	_, err := s.tell(by.officer, &parley.EntryAttest{Of: parley.Versioned{Ref: t.ref, Version: t.given[by.id]}, Echelon: echelon(e.Level, parley.Unit), Place: place})
	return err
}

// secondSource says where somebody else puts an object: at the place that the event states, or at that of the entry which is one thing with
// it. The desk verifies what it can against it.
func (s *stage) secondSource(t *thing, e *replay.Event) error {
	if s.sides[e.Actor] == t.owner {
		return nil
	}
	anchor := t.anchor()
	if place, ok := placeIn(e.Data, &anchor); ok {
		return s.against(t, place)
	}
	for _, id := range s.same(t.o) {
		if err := s.against(s.on(id), anchor); err != nil {
			return err
		}
	}
	return nil
}

// against has the desk verify a site against a source that puts it at a place.
func (s *stage) against(t *thing, place geo.Position) error {
	if t.site == nil {
		return nil
	}
	_, err := s.say(s.verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: t.versioned(), Method: parley.SecondSource, Source: d.Text("a second source"), On: s.now(), Place: &place}
	})
	return err
}

func (s *stage) contest(t *thing, by *side, e *replay.Event) error {
	if err := s.include(t, by); err != nil {
		return err
	}
	_, err := s.say(by.officer, func(d *draft.Draft) parley.Body {
		b := &parley.AreaContest{Of: t.versioned(), Words: d.Text("it was told otherwise")}
		if p, ok := s.toldPlace(e); ok {
			b.Place = &p
		}
		return b
	})
	return err
}

func (s *stage) object(t *thing, by *side) error {
	if err := s.include(t, by); err != nil {
		return err
	}
	_, err := s.tell(by.officer, &parley.AreaObject{Of: t.versioned(), Reason: parley.NotAgreed})
	return err
}

// toldPlace is the place that an event tells in words: so far from a reference on a bearing, or a place by itself.
func (s *stage) toldPlace(e *replay.Event) (geo.Position, bool) {
	from, metres, bearing, ok := s.words(e)
	if !ok {
		for _, o := range s.objects(e) {
			if t := s.on(o.ID); t.area != nil {
				from, metres, ok = wrongBy(t, e)
			}
		}
	}
	if ok {
		return geo.Destination(from, bearing, metres), true
	}
	return geo.Position{}, false
}

var errorKM = regexp.MustCompile(`(?i)(error|off|wrong|differ).*_km$`)

// wrongBy is a place that is told to lie so far from an area: where, nobody says.
func wrongBy(t *thing, e *replay.Event) (from geo.Position, metres int32, ok bool) {
	km, ok := number(e.Data, errorKM)
	return t.area.Shape.Bounds().Center(), int32(math.Round(km * 1000)), ok
}

func (s *stage) words(e *replay.Event) (from geo.Position, metres, bearing int32, ok bool) {
	data := e.Data
	if inner, is := fact(e.Data, regexp.MustCompile(`(?i)stated|told`)); is {
		if m, isMap := inner.(map[string]any); isMap {
			data = m
		}
	}
	for _, ref := range []string{word(data, regexp.MustCompile(`(?i)^(reference|ref|place|object|name|from)`))} {
		if o := s.story.Object(ref); o != nil && o.Geometry != nil {
			from, ok = middle(o.Geometry), true
		}
	}
	if !ok {
		from, ok = placeIn(data, nil)
	}
	if km, is := number(data, regexp.MustCompile(`(?i)^distance_km|^km`)); is {
		metres = int32(math.Round(km * 1000))
	} else if m, is := number(data, regexp.MustCompile(`(?i)^distance_m|^metres`)); is {
		metres = int32(m)
	}
	degrees, _ := number(data, bearingName)
	return from, metres, (int32(math.Round(degrees))%360 + 360) % 360, ok
}

var toldName = regexp.MustCompile(`(?i)stated|told`)

// told enters a place as it was told in words beside the areas that it was told of, once they are declared.
func (s *stage) told(e *replay.Event) error {
	for i := range s.story.Events[:s.at+1] {
		x := &s.story.Events[i]
		if x != e && !slices.Contains(e.Refs, x.ID) {
			continue
		}
		_, stated := fact(x.Data, toldName)
		_, wrong := number(x.Data, errorKM)
		if !stated && !wrong {
			continue
		}
		from, metres, bearing, ok := s.words(x)
		for _, o := range s.objects(x) {
			t := s.on(o.ID)
			key := "told " + x.ID + " " + o.ID
			if t.area == nil || s.resent[key] > 0 {
				continue
			}
			from, metres, bearing, ok := from, metres, bearing, ok
			if !ok {
				from, metres, ok = wrongBy(t, x)
				bearing = 0
			}
			if !ok {
				continue
			}
			by := s.sides[x.Actor]
			if by != t.owner && !slices.Contains(t.area.Addressees, by.ref) {
				by = t.owner
			}
			if _, err := s.say(by.officer, func(d *draft.Draft) parley.Body {
				return &parley.AreaTold{Area: t.ref, Words: d.Text("as told"), Place: from, Distance: metres, Bearing: bearing}
			}); err != nil {
				return err
			}
			s.resent[key]++
		}
	}
	return nil
}
