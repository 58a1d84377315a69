// Package replay reads a timeline of a documented failure: what was known, by whom, when, and which warning is expected before the harm.
//
// The form is parley-replay/1, a JSON Schema beside the open cases. Read holds its rules in code and adds what a schema cannot say: that
// what is named is there, and that nothing is spoken of before it happened. What an actor is called in the public record is checked and
// not kept: nothing of a replay may show it.
package replay

import (
	"time"

	"parley/geo"
)

// Schema names the form.
const Schema = "parley-replay/1"

// MaxBytes bounds a timeline. The largest of the open set has 20 KiB.
const MaxBytes = 4 << 20

// Case is a timeline that holds together.
type Case struct {
	ID       string
	Title    string
	Summary  string
	Note     string // what is made up in it
	Place    Place
	Zone     Zone
	Shapes   []string // shapes of failure, such as ack_not_disseminated
	Actors   []Actor
	Objects  []Object
	Events   []Event // in the order of time
	Claims   []Claim
	Result   Result
	Expected []Expectation
	Never    []Never
	Sources  []Source
}

// Place is where the case is.
type Place struct {
	Name      string
	Country   string // ISO 3166-1 alpha-2
	At        geo.Position
	Precision float64 // metres
	Basis     Basis
	Source    string
}

// Zone is the time zone of the case and the offset used on that day.
type Zone struct {
	Name   string
	Offset time.Duration
}

// Actor is somebody in a neutral role.
type Actor struct {
	ID     string
	Role   Role
	Label  string // what a page may show
	Levels []Level
}

// Object is what is spoken of. More holds what the form leaves open, by name: category, valid_from, notified_phases and others.
type Object struct {
	ID       string
	Type     Type
	Owner    string // actor
	Label    string
	Geometry *Geometry // nil where the record has no place
	More     map[string]any
}

// Geometry is a place. Points has one position for a point or a circle.
type Geometry struct {
	Form      Form
	Points    []geo.Position
	Radius    float64 // metres, of a circle
	Basis     Basis
	Precision float64 // metres
	Source    string  // may be empty
}

// Event is one thing that happened.
type Event struct {
	ID        string
	At        int64 // milliseconds UTC; see Precision for what it means
	Local     string
	Precision Precision
	Actor     string
	Kind      Kind
	Refs      []string // objects and earlier events
	To        []string // actors
	Level     Level    // "" when none is said
	Urgent    bool
	Channel   Channel
	Data      map[string]any
	Text      string
	Sources   []string
	Certainty Certainty
}

// Claim is an attributed statement about an event, an object or an actor.
type Claim struct {
	ID, About, By, Text string
	Sources             []string
}

// Result is how it ended.
type Result struct {
	Event   string
	Text    string
	Sources []string
}

// Expectation is a warning that is due before an event, from what was known by then.
type Expectation struct {
	ID     string
	What   Warning
	Args   map[string]any // by the names of Arguments; strings and numbers
	Text   string
	Given  []string // events
	Before string   // event
	Weight Weight
	Basis  Basis
	Why    string
}

// Source is where a fact was read.
type Source struct{ ID, URL, Note string }

// Span is how far a time of this precision may be from what it says, either way. ok is false where it only orders: nothing is measured then.
func (p Precision) Span() (span time.Duration, ok bool) {
	switch p {
	case ExactMinute:
		return time.Minute, true
	case ApproxMinute, Derived:
		return 10 * time.Minute, true
	case Hour:
		return time.Hour, true
	}
	return 0, false
}

// Lead is the time from a moment to an event. ok is false where the event's time only orders.
func (e *Event) Lead(from int64) (lead time.Duration, ok bool) {
	if _, ok = e.Precision.Span(); !ok {
		return 0, false
	}
	return time.Duration(e.At-from) * time.Millisecond, true
}

// Event returns the event of a name, nil when there is none.
func (c *Case) Event(id string) *Event {
	for i := range c.Events {
		if c.Events[i].ID == id {
			return &c.Events[i]
		}
	}
	return nil
}

// Object returns the object of a name, nil when there is none.
func (c *Case) Object(id string) *Object {
	for i := range c.Objects {
		if c.Objects[i].ID == id {
			return &c.Objects[i]
		}
	}
	return nil
}

// Actor returns the actor of a name, nil when there is none.
func (c *Case) Actor(id string) *Actor {
	for i := range c.Actors {
		if c.Actors[i].ID == id {
			return &c.Actors[i]
		}
	}
	return nil
}

// Known returns the case as it stood after the last event that an expectation may use: later events are not there. It is the guard
// against hindsight: the answer must be the same as with them.
func (c *Case) Known(x *Expectation) *Case {
	last := 0
	for i := range c.Events {
		for _, g := range x.Given {
			if c.Events[i].ID == g {
				last = i + 1
			}
		}
	}
	cut := *c
	cut.Events = c.Events[:last:last]
	return &cut
}
