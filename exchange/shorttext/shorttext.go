// Package shorttext reads one short message from the road, an SMS or what was noted from a radio, in Latin or Arabic letters, and writes short replies.
//
// It never guesses. A message that reads in one way becomes a Message; any other becomes a Refusal that says what was read, what was
// expected and gives an example in the sender's language. Both hold the text as it came: nothing that was sent is lost.
package shorttext

import (
	"time"

	"parley"
	"parley/geo"
	"parley/geo/notation"
)

// Language is the language that a message is read and answered in: the one most of its letters are in.
type Language string

// The languages.
const (
	English Language = "en"
	Arabic  Language = "ar"
)

// Message is what a short text says: a report, a decision, or an urgent stop.
type Message struct {
	Text     string
	Language Language
	Of       parley.Ref // a movement; of a decision also a question; of a stop any object, or nothing where a place is named
	Status   parley.MovementState
	Leg      int
	At       int64 // milliseconds UTC; 0: not said
	Place    *notation.Reading
	Armed    parley.Answer
	Decision parley.Decision
	Stop     bool
	Words    string // after a slash or a dash, as they came
}

// Setting is what a message is read in: whoever calls knows the hour and the theatre.
type Setting struct {
	Now      int64 // milliseconds UTC
	Zone     *time.Location
	Contains func(geo.Position) bool // whether a position lies in the theatre; nil takes any
}

// Field names the part of a message that a refusal is about.
type Field string

// The parts of a message.
const (
	FieldText      Field = "text"
	FieldReference Field = "reference"
	FieldMeaning   Field = "meaning" // a status, a decision or a stop
	FieldLeg       Field = "leg"
	FieldTime      Field = "time"
	FieldPosition  Field = "position"
	FieldEscort    Field = "escort"
)

// Refusal says why a message was not understood, for the person who sent it.
type Refusal struct {
	Text     string
	Language Language
	Field    Field
	Read     string
	Expected string // in Language
	Example  string // in Language
	Stop     bool   // it begins as an urgent stop: a person should look at once
	expected string // key of Expected
}

// In returns the refusal with what was expected, and the example, in another language: a page speaks its reader's, not the message's.
func (r *Refusal) In(lang Language) *Refusal {
	c := *r
	c.Language, c.Expected, c.Example = lang, expectations[r.expected].in(lang), exampleFor(r.Field, lang)
	return &c
}

// Error says the refusal in one line.
func (r *Refusal) Error() string {
	return string(r.Field) + ": read " + r.Read + "; expected " + r.Expected + ", for example " + r.Example
}

// Fault returns the refusal as the fault of a command's text.
func (r *Refusal) Fault() *parley.Fault {
	return &parley.Fault{Code: parley.CodeInvalid, Field: "text." + string(r.Field), Read: r.Read, Expected: r.Expected + ", for example " + r.Example}
}

// Bodies returns what a message says as bodies of commands. asked are the open questions about its movement, which a decision that names
// the movement answers; commit binds its words. Without a question there is nothing to decide.
func (m *Message) Bodies(now int64, asked []parley.Ref, commit func(string) parley.Commitment) ([]parley.Body, *Refusal) {
	var place *geo.Position
	if m.Place != nil {
		p := m.Place.Position
		place = &p
	}
	switch {
	case m.Stop:
		b := &parley.StopRaise{Object: m.Of, Words: commit(m.Words)}
		if m.Of == "" {
			b.Place = place
		}
		return []parley.Body{b}, nil
	case m.Decision != "":
		if m.Of.Kind() == parley.RefPrompt {
			asked = []parley.Ref{m.Of}
		}
		if len(asked) == 0 {
			return nil, m.refuse(FieldReference, string(m.Of), "open_question")
		}
		var all []parley.Body
		for _, ref := range asked {
			all = append(all, &parley.PromptAnswer{Prompt: ref, Decision: m.Decision, Reason: commit(m.Words)})
		}
		return all, nil
	}
	at := m.At
	if at == 0 {
		at = now
	}
	return []parley.Body{&parley.MovementReport{Movement: m.Of, Status: m.Status, Leg: m.Leg, At: at, Place: place, Armed: m.Armed, Words: commit(m.Words)}}, nil
}

func (m *Message) refuse(field Field, read, expected string) *Refusal {
	return refusal(m.Text, m.Language, field, read, expected)
}

func refusal(text string, lang Language, field Field, read, expected string) *Refusal {
	return &Refusal{Text: text, Language: lang, Field: field, Read: clip(read, 60), Expected: expectations[expected].in(lang), Example: exampleFor(field, lang), expected: expected}
}
