// Package card makes the mission card of a movement: what its people carry on paper and read out over a radio.
//
// It takes a movement as its owner sees it and returns values. Lines that are spoken or sent come in the language that is asked for;
// headings are the page's or the command line's own.
package card

import (
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/exchange/shorttext"
	"parley/geo"
	"parley/geo/notation"
	"parley/release"
)

// Card is a mission card.
type Card struct {
	Ref      parley.Ref
	Version  int
	Spelled  string // the reference by the spelling alphabet
	Legs     []Leg
	Stops    []Stop
	Contacts []string // numbers on the road
	Armed    string   // the notified answer
	Messages []Line   // what to send by SMS
	Voice    []string // what to say, line by line
	Answers  []Line   // the answers to the question on the road
	Stop     Line     // the urgent stop by SMS
	StopSaid []string // the urgent stop by voice
}

// Line is one message with what it means: a status, a decision, or what the page calls it.
type Line struct {
	Means string
	Text  string
}

// Leg is one leg with its hours in the theatre's zone and in UTC.
type Leg struct {
	Number         int
	From, To       Place
	Depart, Arrive Hour
	Return         bool
}

// Stop is one planned stop.
type Stop struct {
	Place         Place
	Phase         string
	AfterLeg      int
	Arrive, Leave Hour
}

// Place is a place by its name, if it has one, and in two notations that have nothing in common.
type Place struct {
	Name string
	At   [2]string
}

// Hour is a time in the theatre's zone and in UTC.
type Hour struct{ Here, UTC string }

// Make makes the card of a movement's version.
func Make(o *release.Object, zone *time.Location, lang shorttext.Language) (*Card, error) {
	if o.Ref.Kind() != parley.RefMovement {
		return nil, parley.Invalid("ref", string(o.Ref), "a movement")
	}
	c := &Card{Ref: o.Ref, Version: o.Version, Spelled: Spell(string(o.Ref), lang), Armed: o.Escort}
	for i, l := range o.Legs {
		if len(l.Route.Lines) == 0 {
			return nil, parley.Invalid("ref", string(o.Ref), "a movement with its exact legs: its owner's, or the desk's")
		}
		line := l.Route.Lines[0]
		leg := Leg{Number: i + 1, From: placeOf(l.From, line[0]), To: placeOf(l.To, line[len(line)-1]), Return: l.Return}
		var err error
		if leg.Depart, err = hourOf(l.Depart, zone); err != nil {
			return nil, err
		}
		if leg.Arrive, err = hourOf(l.Arrive, zone); err != nil {
			return nil, err
		}
		c.Legs = append(c.Legs, leg)
	}
	for _, s := range o.Stops {
		stop := Stop{Place: placeOf(s.Name, s.Place.Bounds().Center()), Phase: s.Phase, AfterLeg: s.AfterLeg}
		var err error
		if stop.Arrive, err = hourOf(s.Arrive, zone); err != nil {
			return nil, err
		}
		if stop.Leave, err = hourOf(s.Leave, zone); err != nil {
			return nil, err
		}
		c.Stops = append(c.Stops, stop)
	}
	if o.Contact != "" {
		c.Contacts = append(c.Contacts, o.Contact)
	}
	if p := o.Private; p != nil && p.Alternate != "" {
		c.Contacts = append(c.Contacts, p.Alternate)
	}
	for _, s := range []parley.MovementState{parley.MovementDeparted, parley.MovementCheckpoint, parley.MovementUnloading, parley.MovementHeld, parley.MovementResumed, parley.MovementArrived, parley.MovementReturned} {
		c.Messages = append(c.Messages, Line{string(s), shorttext.ExampleStatus(o.Ref, s, lang)})
	}
	c.Messages = append(c.Messages, Line{"position", shorttext.ExampleReport(o.Ref, lang)}, Line{"escort", shorttext.ExampleEscort(o.Ref, lang)})
	for _, d := range []parley.Decision{parley.Hold, parley.TurnBack, parley.Continue} {
		c.Answers = append(c.Answers, Line{string(d), shorttext.ExampleDecision(o.Ref, d, lang)})
	}
	c.Stop = Line{"stop", shorttext.ExampleStop(o.Ref, lang)}
	for _, line := range spoken[lang].report {
		c.Voice = append(c.Voice, fill(line, c.Spelled))
	}
	for _, line := range spoken[lang].stop {
		c.StopSaid = append(c.StopSaid, fill(line, c.Spelled))
	}
	return c, nil
}

func fill(line, spelled string) string { return strings.ReplaceAll(line, "{ref}", spelled) }

func placeOf(name string, p geo.Position) Place { return Place{name, notation.Echo(p)} }

func hourOf(stamp string, zone *time.Location) (Hour, error) {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return Hour{}, fmt.Errorf("couldn't read an hour of the movement: %w", err)
	}
	return Hour{at.In(zone).Format("2006-01-02 15:04"), at.UTC().Format("15:04") + "Z"}, nil
}

// spoken is what is read out, line by line. A blank is filled in by whoever speaks.
var spoken = map[shorttext.Language]struct{ report, stop []string }{
	shorttext.English: {
		[]string{"This is {ref}. I say again: {ref}.", "Status: ______.", "Leg ____. Time ____ hours, local.", "Position ____ north, ____ east. I say again.", "Armed people with us: yes, no, or not known.", "Read back, over."},
		[]string{"Urgent stop. Urgent stop. Urgent stop.", "This is {ref}. We are under fire, or about to be.", "Position ____ north, ____ east. I say again.", "Read back, and say who has it."},
	},
	shorttext.Arabic: {
		[]string{"هنا {ref}. أكرر: {ref}.", "الحالة: ______.", "المرحلة ____. الساعة ____ بالتوقيت المحلي.", "الموقع ____ شمالًا، ____ شرقًا. أكرر.", "مسلحون معنا: نعم، لا، أو غير معروف.", "أعيدوا ما سمعتم، انتهى."},
		[]string{"قف. قف. قف. وقف عاجل.", "هنا {ref}. نتعرض لإطلاق النار أو نوشك.", "الموقع ____ شمالًا، ____ شرقًا. أكرر.", "أعيدوا ما سمعتم، وقولوا من تسلّمه."},
	},
}
