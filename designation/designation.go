// Package designation finds in lists of designated persons, bodies and vessels what a name may stand for.
//
// A designation is a listing fact: an authority put an entry on a list on a date. The package reads no files (exchange/lists does), keeps no
// cases (package channel does) and knows nothing of notifications: nothing that screens is imported by what notifies (DESIGN.md, wall 5). An
// answer of it is a candidate for a person to look at, never a verdict.
package designation

import (
	"fmt"
	"strings"
	"time"
)

// ID names an entry: the list, a colon, the reference that the authority gave it: "UN:QDe.137", "OFAC:7140".
type ID string

// List returns the list of an ID: "UN" of "UN:QDe.137".
func (id ID) List() string { list, _, _ := strings.Cut(string(id), ":"); return list }

// Reference returns what the authority calls the entry: "QDe.137" of "UN:QDe.137".
func (id ID) Reference() string { _, ref, _ := strings.Cut(string(id), ":"); return ref }

// Kind is what an entry stands for.
type Kind string

// The kinds. Unknown is that of an entry whose list does not say.
const (
	Person   Kind = "person"
	Body     Kind = "organisation"
	Vessel   Kind = "vessel"
	Aircraft Kind = "aircraft"
	Unknown  Kind = ""
)

// Quality is how good a name is as the list says.
type Quality string

// The qualities. A list's "a.k.a." without a grade is Good.
const (
	Primary Quality = "primary" // the name of the entry
	Good    Quality = "good"    // a strong alias
	Low     Quality = "low"     // a weak alias: a nickname, a word that many bear
	Former  Quality = "former"  // formerly known as
	Sub     Quality = "sub"     // name of a unit of it, as the list says
)

// Day is a date as a list states it: "2014-05-14", "2016-07" or "1967". It sorts as text. Empty is unknown.
type Day string

// Name is one name of an entry, unpacked from the string in which the list has it.
type Name struct {
	Text    string  `json:"text"`
	Script  Script  `json:"script"`
	Quality Quality `json:"quality"`
	// Parts is the same name in its parts where the list gives it so (given names, family name); empty elsewhere.
	Parts []string `json:"parts,omitempty"`
	// From and To are the days between which the entry bore the name, where a source says so.
	From Day `json:"from,omitempty"`
	To   Day `json:"to,omitempty"`
	// Raw is the place in Entry.Raw of the string that the name was read from.
	Raw int `json:"raw"`
}

// Raw is a string of the list as it stood there, with the element that held it.
type Raw struct {
	Element string `json:"element"` // "ENTITY_ALIAS[1]/ALIAS_NAME", "ALT.CSV 4711"
	Text    string `json:"text"`
}

// Script is the writing that most letters of a name are in.
type Script string

// The scripts. Other is one for which the package has no table.
const (
	Latin    Script = "Latn"
	Arabic   Script = "Arab"
	Cyrillic Script = "Cyrl"
	Han      Script = "Hani"
	Other    Script = "Zyyy"
)

// Identifier is a number by which an entry may be told from another.
type Identifier struct {
	Scheme string `json:"scheme"` // "IMO", "MMSI", "call sign", "passport", "national id", "registration", …
	Value  string `json:"value"`
	Issuer string `json:"issuer,omitempty"` // country or authority
	Fault  string `json:"fault,omitempty"`  // what is wrong with it: a check digit that does not fit
}

// Relation is what a list says of two entries.
type Relation struct {
	Kind  string `json:"kind"`           // "linked to", "owned or controlled by", "acting for", …
	To    ID     `json:"to,omitempty"`   // the other entry, where the list names it
	Name  string `json:"name,omitempty"` // its name, where only that is given
	Share Share  `json:"share,omitzero"`
	From  Day    `json:"from,omitempty"`
	Until Day    `json:"until,omitempty"`
	Raw   int    `json:"raw"`
}

// Entry is what one authority lists under one reference, in one edition.
type Entry struct {
	ID          ID           `json:"id"`
	Kind        Kind         `json:"kind"`
	Names       []Name       `json:"names"`
	Regime      string       `json:"regime"`             // "Al-Qaida", "SDGT"; several in Programmes
	Programmes  []string     `json:"programmes"`         //
	ListedOn    Day          `json:"listed_on"`          //
	Updated     []Day        `json:"updated,omitempty"`  // days on which the authority amended it
	DelistedOn  Day          `json:"delisted_on"`        // empty while it is listed
	Births      []Day        `json:"births,omitempty"`   // of persons
	Countries   []string     `json:"countries"`          // of nationality, address, flag, as the list writes them
	Identifiers []Identifier `json:"identifiers"`        //
	Relations   []Relation   `json:"relations"`          //
	Narrative   string       `json:"narrative"`          // comments, remarks
	Function    string       `json:"function,omitempty"` // title, role
	Raw         []Raw        `json:"raw"`                // every string of the list that holds a name or a relation
}

// Name returns the name under which the entry is listed.
func (e *Entry) Name() string {
	for i := range e.Names {
		if e.Names[i].Quality == Primary {
			return e.Names[i].Text
		}
	}
	if len(e.Names) > 0 {
		return e.Names[0].Text
	}
	return string(e.ID)
}

// Source returns the string that a name was read from, with its element.
func (e *Entry) Source(n *Name) Raw {
	if n.Raw < 0 || n.Raw >= len(e.Raw) {
		return Raw{}
	}
	return e.Raw[n.Raw]
}

// Share is a part of a whole, in hundredths of a percent: 5,000 is 50 %. Zero is unknown.
type Share int

func (s Share) String() string {
	if s%100 == 0 {
		return fmt.Sprintf("%d %%", s/100)
	}
	return fmt.Sprintf("%d.%02d %%", s/100, s%100)
}

// daysBetween counts the days from one day to another; a day without its month or day counts from its beginning.
func daysBetween(from, to Day) int {
	a, okA := from.time()
	b, okB := to.time()
	if !okA || !okB {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// time returns the beginning of a day.
func (d Day) time() (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, string(d)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// ParseDay reads a day, a month or a year as lists write them: "2014-05-14", "2016-07", "1967".
func ParseDay(s string) (Day, error) {
	if _, ok := Day(s).time(); !ok {
		return "", fmt.Errorf("read %q; expected a date as 2006-01-02, 2006-01 or 2006", s)
	}
	return Day(s), nil
}
