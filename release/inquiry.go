package release

import (
	"parley"
	"parley/geo"
)

// Question is what an inquiry asks: what was known at a time near a place.
type Question struct {
	At       int64        `json:"at"` // milliseconds UTC
	Place    geo.Position `json:"place"`
	Radius   int32        `json:"radius"`            // metres
	Incident parley.Ref   `json:"incident,omitzero"` // on whose account it is asked
}

// InquirySections are the parts of an inquiry, in the order in which they are shown.
var InquirySections = []string{"versions", "findings", "releases", "acknowledgements", "levels", "liaison", "warnings", "areas", "checks", "seals", "stops", "prompts", "offers", "arrangements", "harms", "later"}

// InquiryLine is one thing that an inquiry shows. It names the entries of the journal that say it; one that names none says that nothing was on record.
type InquiryLine struct {
	Section   string     `json:"section"`
	Ref       parley.Ref `json:"ref,omitzero"`
	Version   int        `json:"version,omitzero"`
	Party     parley.Ref `json:"party,omitzero"`
	At        string     `json:"at,omitzero"` // log time of the first of its entries
	Positions []uint64   `json:"positions"`
	Facts     []Fact     `json:"facts"`
	Missing   []string   `json:"missing"` // what the reader does not get, or nobody has
}

// Fact is one word about a line.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Fact returns the value of a fact, empty when there is none.
func (l *InquiryLine) Fact(name string) string {
	for _, f := range l.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}
