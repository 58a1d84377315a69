// Package statement reads a text into attributed claims, for a person to confirm.
//
// It works by rules: quotation marks, verbs of speech, and who stands beside them. It proposes what somebody is said to have said, and says which rule found it. It
// never says that a claim is true. What the narrator of a text says is nobody's claim, unless the whole text is a statement of its publisher.
//
// Nothing here reads a file or a clock. What places and organisations there are is asked of the caller.
package statement

import (
	"slices"
	"strings"
)

// Document is a text to read.
type Document struct {
	ID        string // chosen by the caller
	Title     string
	Publisher string // who published the text; "" if it does not say
	Published Date   // the zero Date if the text does not say: then "Friday" stays unresolved
	Source    string // where the text comes from: a file's name or an address
	Text      string // paragraphs, one a line

	// Issuer is set when the whole text is a statement of somebody, as a communiqué is: then each sentence is a claim of theirs.
	Issuer string
}

// Kind is what a claim does. It says nothing about whether it is true.
type Kind string

// The kinds of claims (practice.md A.3).
const (
	Fact          Kind = "fact"
	Denial        Kind = "denial"
	Offer         Kind = "offer"
	Accusation    Kind = "accusation"
	Justification Kind = "justification"
	Question      Kind = "question"
)

// Form is how a claim stands in the text.
type Form string

// The forms of speech.
const (
	Direct   Form = "direct"   // in quotation marks
	Indirect Form = "indirect" // in the narrator's words
	Mixed    Form = "mixed"    // in the narrator's words, with some in quotation marks
	Issued   Form = "issued"   // a sentence of a statement, by whoever issued it
)

// Confidence is how the speaker was found.
type Confidence string

// The classes of confidence, from more to less.
const (
	Named      Confidence = "named"      // the name stands beside the verb
	Resolved   Confidence = "resolved"   // a pronoun or a role stands there, and one person fits
	Carried    Confidence = "carried"    // nothing stands there; whoever spoke before goes on
	Unresolved Confidence = "unresolved" // it is not known who speaks
)

// Span is a part of a text. Start and End count characters (Unicode code points) from 0; End is behind the last one.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Speaker is who is said to have said something. A member is null where the text does not say it.
type Speaker struct {
	Name       *string    `json:"name"`    // the fullest name in the text
	Mention    *string    `json:"mention"` // the words beside the verb
	Role       *string    `json:"role"`
	Org        *string    `json:"org"`
	NeedsCoref bool       `json:"needs_coref"` // whether the mention is a pronoun or a role
	Confidence Confidence `json:"confidence"`
}

// Claim is what somebody is said to have said, as proposed. A person confirms it or not.
type Claim struct {
	Speaker       Speaker  `json:"speaker"`
	Cue           string   `json:"cue"`     // the verb, as it stands
	Neutral       string   `json:"neutral"` // how a neutral reader would put it
	Form          Form     `json:"type"`
	Kind          Kind     `json:"kind"`
	Spans         []Span   `json:"spans"`
	Via           *string  `json:"via"` // through whom, from the publisher's side to the speaker's, parted by " > "
	Places        []string `json:"places"`
	Organisations []string `json:"organisations"`
	StatementDate *string  `json:"statement_date"` // 2016-09-17
	DateWords     *string  `json:"date_words"`     // what the text says of it, resolved or not
	Rule          string   `json:"rule"`           // which rule found it
	Note          *string  `json:"note"`
}

// Outlets parts through whom a claim came, the first hearer first, as a claim on record has them.
func (c *Claim) Outlets() []string {
	if c.Via == nil || *c.Via == "" {
		return nil
	}
	outlets := strings.Split(*c.Via, " > ")
	slices.Reverse(outlets)
	return outlets
}

// Reading is what was found in a document.
type Reading struct {
	ID            string   `json:"id"`
	Title         string   `json:"title"`
	Publisher     *string  `json:"publisher"`
	Published     *string  `json:"published"`
	Source        string   `json:"source"`
	SHA256        string   `json:"sha256"` // of the text
	Text          string   `json:"text"`
	Claims        []Claim  `json:"claims"`
	Organisations []string `json:"organisations"`
	Places        []string `json:"places"`

	// NotClaims are passages in quotation marks that are nobody's claim: a word held at arm's length, a title.
	NotClaims []Span `json:"not_claims"`
}

// Readings is the file that parley statement read --json prints.
type Readings struct {
	Schema    string    `json:"schema"`
	Documents []Reading `json:"documents"`
}

// Schema names the form of Readings.
const Schema = "claims/1"

// Reader reads documents. The zero Reader knows countries, and takes what stands where a place stands for one.
type Reader struct {
	// Place returns the name by which a gazetteer knows a place, or false. Nil knows none.
	Place func(name string) (string, bool)
	// Organisation returns the name by which an index of designations knows an organisation, or false. Nil knows none. What it returns is a mention, and no accusation.
	Organisation func(name string) (string, bool)
}

// Language returns the tag of the language that a text is read in: en, ar or ru.
func Language(text string) string {
	switch languageOf([]rune(text)) {
	case arabicLanguage:
		return "ar"
	case russian:
		return "ru"
	}
	return "en"
}
