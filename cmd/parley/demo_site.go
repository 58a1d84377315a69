package main

import (
	"bytes"
	"fmt"
	"time"

	"parley"
	"parley/gazetteer"
	"parley/geo"
	"parley/geo/notation"
	"parley/internal/draft"
)

// day is the exercise as it is told: its people, and the names of the places where it happens.
type day struct {
	*exercise
	*people
	places map[string]geo.Position // by English name
}

func newDay(e *exercise, p *people) *day {
	d := &day{exercise: e, people: p, places: map[string]geo.Position{}}
	g, err := gazetteer.Read(bytes.NewReader(exercisePlaces))
	if err != nil {
		e.first = err
		return d
	}
	for _, place := range g.Places() {
		d.places[place.Name.English] = place.At
	}
	return d
}

// near is a position so many metres from a place, on a bearing. Invented sites lie outside the places that they are called after.
func (d *day) near(place string, bearing, metres int32) geo.Position {
	at, ok := d.places[place]
	if !ok && d.first == nil {
		d.first = fmt.Errorf("no place %q in the exercise", place)
	}
	return geo.Destination(at, bearing, metres)
}

// invented is a site of the exercise: near a real place, and made up.
type invented struct {
	category parley.Category
	english  string
	arabic   string
	place    string
	bearing  int32
	metres   int32
	people   parley.Occupancy
	written  notation.Notation // how its notifier writes positions
	address  string            // in words, both languages
}

// subject is a protected object as it goes through the day. Its fields are filled when the story is played.
type subject struct {
	*day
	ref     parley.Ref
	version int
	at      geo.Position // what a duty officer reads back
}

func (s *subject) of() parley.Versioned { return parley.Versioned{Ref: s.ref, Version: s.version} }

// exact and coarse are consents of a notifier.
func exact(to ...force) (consents []parley.Consent) {
	for _, f := range to {
		consents = append(consents, parley.Consent{To: f.ref, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldContact}})
	}
	return consents
}

func coarse(to force) parley.Consent { return parley.Consent{To: to.ref, Precision: parley.Coarse} }

// written writes a position as people do, to a metre or so.
func written(p geo.Position, n notation.Notation) string {
	switch n {
	case notation.DMS:
		return notation.FormatDMS(p, 1)
	case notation.MGRS:
		return notation.FormatMGRS(p, 5)
	}
	return notation.FormatDD(p, 5)
}

// site writes an invented site as its notifier states it.
func (d *day) site(t *draft.Draft, i invented, consents []parley.Consent) (parley.Site, geo.Position) {
	text := written(d.near(i.place, i.bearing, i.metres), i.written)
	reading, err := notation.Parse(text)
	if err != nil && d.first == nil {
		d.first = err
	}
	site := parley.Site{Category: i.category, Names: []parley.LocalName{{Language: "en", Name: t.Text("EXERCISE " + i.english + " (invented)")}, {Language: "ar", Name: t.Text("تمرين: " + i.arabic + " (مخترع)")}},
		Shape: point(reading.Position), Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 10, On: d.now(), Notation: string(i.written), Written: t.Text(text)},
		Occupancy: i.people, Contact: parley.Contact{Name: t.Text(marked("Contact on site", "جهة الاتصال في الموقع")), Phone: t.Text("+963 00 000 0000")}, From: d.now(),
		Markings: []parley.Marking{parley.Flag}, Shared: parley.Sharing{Consents: consents, Sensitivity: parley.High}}
	if i.category == "hospital" || i.category == "clinic" || i.category == "ambulance_base" {
		site.Markings = []parley.Marking{parley.EmblemRoof, parley.NightMarked}
	}
	if i.address != "" {
		site.Address = t.Text(i.address)
	}
	return site, reading.Position
}

// notified has a notifier notify a site.
func (d *day) notified(ago time.Duration, by *person, i invented, consents []parley.Consent) *subject {
	s := &subject{day: d, version: 1}
	d.ago(ago, func() {
		s.ref = d.say(by, func(t *draft.Draft) parley.Body {
			b := &parley.SiteNotify{}
			b.Site, s.at = d.site(t, i, consents)
			return b
		})
	})
	return s
}

// updated gives a site a new version.
func (s *subject) updated(ago time.Duration, by *person, i invented, consents []parley.Consent) *subject {
	s.ago(ago, func() {
		s.say(by, func(t *draft.Draft) parley.Body {
			b := &parley.SiteUpdate{Of: s.of()}
			b.Site, s.at = s.site(t, i, consents)
			return b
		})
		s.version++
	})
	return s
}

// verified has the desk check the place against a map.
func (s *subject) verified(ago time.Duration) *subject {
	s.ago(ago, func() {
		s.say(s.verifier, func(t *draft.Draft) parley.Body {
			return &parley.ObjectVerify{Of: s.of(), Method: parley.CheckedMap, Source: t.Text(marked("Map sheet of the desk", "خريطة المكتب")), On: s.now()}
		})
	})
	return s
}

// verifiedApart has a second source give another place, so many metres off.
func (s *subject) verifiedApart(ago time.Duration, bearing, metres int32) *subject {
	s.ago(ago, func() {
		other := geo.Destination(s.at, bearing, metres)
		s.say(s.second, func(t *draft.Draft) parley.Body {
			return &parley.ObjectVerify{Of: s.of(), Method: parley.SecondSource, Source: t.Text(marked("Register of the water board, invented", "سجل مؤسسة المياه، مخترع")), On: s.now(), Place: &other}
		})
	})
	return s
}

func (s *subject) released(ago time.Duration, to ...force) *subject {
	s.ago(ago, func() {
		for _, f := range to {
			s.tell(s.releaser, &parley.ObjectRelease{Of: s.of(), To: f.ref})
		}
	})
	return s
}

func (s *subject) acknowledged(ago time.Duration, by ...*person) *subject {
	s.ago(ago, func() {
		for _, officer := range by {
			s.tell(officer, &parley.ObjectAcknowledge{Of: s.of(), ReadBack: s.at})
		}
	})
	return s
}

// passedOn has a party state to which of its levels a version was passed on.
func (s *subject) passedOn(ago time.Duration, by *person, levels ...parley.Echelon) *subject {
	s.ago(ago, func() {
		for _, level := range levels {
			head := s.head(by)
			s.tell(by, &parley.ObjectDissemination{Of: s.of(), Echelon: level, Head: &head})
		}
	})
	return s
}

// asked has the desk ask the notifier about a field; answered is nil while the question is open.
func (s *subject) asked(ago time.Duration, field, question string, observed *geo.Position, answers *answer) *subject {
	var query parley.Ref
	s.ago(ago, func() {
		query = s.say(s.verifier, func(t *draft.Draft) parley.Body {
			return &parley.ObjectQuery{Of: s.of(), Field: field, Question: t.Text(question), Observed: observed}
		})
	})
	if answers != nil {
		s.ago(answers.ago, func() {
			s.say(answers.by, func(t *draft.Draft) parley.Body {
				return &parley.ObjectAnswer{Query: query, Answer: t.Text(answers.text)}
			})
		})
	}
	return s
}

// answer is a notifier's answer to a question.
type answer struct {
	ago  time.Duration
	by   *person
	text string
}
