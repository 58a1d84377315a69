package parley

import (
	"fmt"
	"slices"
	"strconv"
)

// PublicField is a field of an incident that is published.
type PublicField string

// PublicFields lists the fields that may be published (practice.md C: WHO SSA's split). Exact place, names of places and objects, narrative,
// sources and counts by group are none of them.
var PublicFields = []PublicField{"hour", "date", "region", "kind", "category", "damage", "lost", "total", "certainty", "set"}

// Publication says what of incidents and claims is public, and when. One profile holds for every party alike.
type Publication struct {
	_         struct{}      `cbor:",toarray"`
	Delay     int64         `json:"delay"`     // from the entry of a version to its publication, milliseconds
	Threshold int32         `json:"threshold"` // a count below it, but not 0, is published as fewer than it
	Fields    []PublicField `json:"fields"`
}

// DefaultPublication is what holds until trustees set another.
func DefaultPublication() Publication {
	return Publication{Delay: 72 * Hour, Threshold: 5, Fields: []PublicField{"date", "region", "kind", "category", "damage", "lost", "total", "certainty", "set"}}
}

// Shows reports whether a field is published.
func (p *Publication) Shows(f PublicField) bool { return slices.Contains(p.Fields, f) }

// PublicationSet sets the publication profile.
type PublicationSet struct {
	Publication Publication `json:"publication"`
}

// Kind implements Body.
func (*PublicationSet) Kind() CommandKind { return "publication.set" }

// Validate implements Body.
func (b *PublicationSet) Validate() error {
	p := &b.Publication
	switch {
	case p.Delay < Hour || p.Delay > 3660*Day:
		return Invalid("publication.delay", fmt.Sprintf("%d ms", p.Delay), "1 hour to 10 years, in milliseconds")
	case p.Threshold < 1 || p.Threshold > 1000:
		return Invalid("publication.threshold", strconv.Itoa(int(p.Threshold)), "1 to 1000 people")
	}
	for n, f := range p.Fields {
		if !slices.Contains(PublicFields, f) || slices.Contains(p.Fields[:n], f) {
			return Invalid(fmt.Sprintf("publication.fields[%d]", n), strconv.Quote(string(f)), fmt.Sprintf("each of %v at most once", PublicFields))
		}
	}
	return nil
}

// HoldReason is why an incident hold ends.
type HoldReason string

// HoldReasons lists the reasons.
var HoldReasons = []HoldReason{"inquiry_ended", "entered_in_error", "data_protection", "same_as_another"}

// HoldEnd ends the hold that a report of harm or an incident has put on texts: they can be erased again, unless another hold stands. Two people
// of the desk sign.
type HoldEnd struct {
	Of     Ref        `json:"of"` // a report of harm, or an incident
	Reason HoldReason `json:"reason"`
	Words  Commitment `json:"words"`
}

// Kind implements Body.
func (*HoldEnd) Kind() CommandKind { return "hold.end" }

// Validate implements Body.
func (b *HoldEnd) Validate() error {
	if !slices.Contains(HoldReasons, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", HoldReasons))
	}
	return first(requireRef("of", b.Of, RefHarm, RefIncident), requireText("words", b.Words))
}

// HoldEnded is the end of a hold.
type HoldEnded struct {
	_        struct{} `cbor:",toarray"`
	Of       Ref
	Reason   HoldReason
	Words    Commitment
	By       Ref
	Second   Ref
	At       int64
	Position uint64
}

var _ = register[PublicationSet]() && register[HoldEnd]()
