package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// ProtectedObject is what a Site, a Movement and a Presence have in common: what a release, a check and an acknowledgement need.
type ProtectedObject interface {
	// Sharing returns the notifier's consents and the class of the data.
	Sharing() *Sharing
	// Volumes returns where and when the object is, each widened by the keep-out distance and margins. They are in the order of the plan.
	Volumes(p *Profile) []geo.Volume
	// Anchor is the position that a recipient reads back: a site's middle, a movement's last unloading stop or destination.
	Anchor() geo.Position
	// Validate checks the object by itself.
	Validate() error
}

// Sharing holds what a notifier consents to, per recipient, and how sensitive the data is.
type Sharing struct {
	_           struct{}    `cbor:",toarray"`
	Consents    []Consent   `json:"consents"`
	Sensitivity Sensitivity `json:"sensitivity"`
}

// Consent lets one party have this object: with this precision and these optional fields. What is not consented is not released.
type Consent struct {
	_         struct{}  `cbor:",toarray"`
	To        Ref       `json:"to"`
	Precision Precision `json:"precision"`
	Fields    []Field   `json:"fields,omitzero"`
}

// Precision says how exactly a recipient learns the place.
type Precision string

// The precisions of a release.
const (
	Exact  Precision = "exact"
	Coarse Precision = "coarse" // a cell of about 5 km, category and window
)

// Field is an optional part of an object that a notifier may consent to share. Category, geometry, window, keep-out, counts and
// markings always belong to an exact release; names of persons never do.
type Field string

// The optional fields.
const (
	FieldName    Field = "name"
	FieldAddress Field = "address"
	FieldContact Field = "contact" // the 24-hour liaison number, never a person's name
	FieldPlates  Field = "plates"
	FieldCargo   Field = "cargo"
	FieldRoad    Field = "road" // where a movement says on the road that it is
)

// Sensitivity is the class of the data (OCHA Data Responsibility Guidelines).
type Sensitivity string

// The classes of sensitivity.
const (
	Low      Sensitivity = "low"
	Moderate Sensitivity = "moderate"
	High     Sensitivity = "high"
	Severe   Sensitivity = "severe"
)

// Validate checks recipients, precision and fields.
func (s *Sharing) Validate() error {
	if !slices.Contains([]Sensitivity{Low, Moderate, High, Severe}, s.Sensitivity) {
		return Invalid("sensitivity", strconv.Quote(string(s.Sensitivity)), "low, moderate, high or severe")
	}
	if len(s.Consents) > 64 {
		return Invalid("consents", fmt.Sprintf("%d consents", len(s.Consents)), "at most 64")
	}
	for i, c := range s.Consents {
		field := fmt.Sprintf("consents[%d]", i)
		if err := requireRef(field+".to", c.To, RefParty); err != nil {
			return err
		}
		if slices.ContainsFunc(s.Consents[:i], func(o Consent) bool { return o.To == c.To }) {
			return Invalid(field+".to", string(c.To), "each party once")
		}
		if c.Precision != Exact && c.Precision != Coarse {
			return Invalid(field+".precision", strconv.Quote(string(c.Precision)), "exact or coarse")
		}
		for j, f := range c.Fields {
			if !slices.Contains([]Field{FieldName, FieldAddress, FieldContact, FieldPlates, FieldCargo, FieldRoad}, f) || slices.Contains(c.Fields[:j], f) {
				return Invalid(fmt.Sprintf("%s.fields[%d]", field, j), strconv.Quote(string(f)), "name, address, contact, plates, cargo or road, each once")
			}
		}
	}
	return nil
}

// To returns the consent for a party, or nil.
func (s *Sharing) To(party Ref) *Consent {
	for i := range s.Consents {
		if s.Consents[i].To == party {
			return &s.Consents[i]
		}
	}
	return nil
}

// Finding is a doubt about an input that a person must answer before it is taken: nothing is silently put right.
type Finding string

// The findings about positions.
const (
	FindingZero     Finding = "zero_position"      // latitude or longitude is exactly 0
	FindingSwapped  Finding = "swapped_position"   // latitude and longitude look exchanged: swapped, the place lies in the theatre
	FindingOutside  Finding = "outside_theatre"    // the place lies outside the theatre's extents
	FindingRounded  Finding = "rounded_position"   // whole hundredths of a degree: about 1 km
	FindingDiffers  Finding = "value_differs"      // somebody observed another value
	FindingSources  Finding = "sources_differ"     // two sources give places apart
	FindingNear     Finding = "possible_duplicate" // another notifier's object of the category is near: shown to the desk alone
	FindingAccuracy Finding = "low_accuracy"       // the stated accuracy is worse than 1 km
)

// Findings lists every finding.
var Findings = []Finding{FindingZero, FindingSwapped, FindingOutside, FindingRounded, FindingDiffers, FindingSources, FindingNear, FindingAccuracy}

// FindingAnswer is a person's answer to a finding: they have looked and it is as they say.
type FindingAnswer struct {
	_       struct{}   `cbor:",toarray"`
	Finding Finding    `json:"finding"`
	Reason  Commitment `json:"reason,omitzero"`
}

// PositionFindings returns the findings about a shape, in a fixed order. Accuracy is in metres, 0 when it was not stated.
func (p *Profile) PositionFindings(shape geo.Shape, accuracy int32) []Finding {
	var zero, swapped, outside bool
	rounded := shape.Kind == geo.Point
	shape.Each(func(pos geo.Position) {
		if pos.Lon == 0 || pos.Lat == 0 {
			zero = true
		}
		if !p.Contains(pos) {
			outside = true
			if pos.Lon >= -90*geo.E7 && pos.Lon <= 90*geo.E7 && p.Contains(geo.Position{Lon: pos.Lat, Lat: pos.Lon}) {
				swapped = true
			}
		}
		if pos.Lon%(geo.E7/100) != 0 || pos.Lat%(geo.E7/100) != 0 {
			rounded = false
		}
	})
	var found []Finding
	for _, f := range []struct {
		is bool
		f  Finding
	}{{zero, FindingZero}, {swapped, FindingSwapped}, {outside && !swapped, FindingOutside}, {rounded, FindingRounded}, {accuracy > 1000, FindingAccuracy}} {
		if f.is {
			found = append(found, f.f)
		}
	}
	return found
}

// Contact is the round-the-clock contact of an object. Persons' names stay with the desk.
type Contact struct {
	_         struct{}   `cbor:",toarray"`
	Name      Commitment `json:"name,omitzero"`
	Phone     Commitment `json:"phone"`
	Alternate Commitment `json:"alternate,omitzero"`
}

// Marking says how an object can be recognised.
type Marking string

// The markings.
const (
	EmblemRoof   Marking = "emblem_roof"
	EmblemGround Marking = "emblem_ground"
	Logo         Marking = "logo"
	Flag         Marking = "flag"
	Lights       Marking = "lights"
	NightMarked  Marking = "night_marking"   // seen at night
	ThermalMark  Marking = "thermal_marking" // seen by a thermal sensor
)

func validateMarkings(ms []Marking) error {
	for i, m := range ms {
		if !slices.Contains([]Marking{EmblemRoof, EmblemGround, Logo, Flag, Lights, NightMarked, ThermalMark}, m) || slices.Contains(ms[:i], m) {
			return Invalid(fmt.Sprintf("markings[%d]", i), strconv.Quote(string(m)), "emblem_roof, emblem_ground, logo, flag, lights, night_marking or thermal_marking, each once")
		}
	}
	return nil
}

// validateShape checks a geometry and turns its fault into ours.
func validateShape(field string, s geo.Shape, kinds ...geo.Kind) error {
	if err := s.Validate(geo.MaxVertices); err != nil {
		if f, ok := err.(*geo.Fault); ok {
			if f.Path != "" {
				field += "." + f.Path
			}
			return Invalid(field, f.Read, f.Expected)
		}
		return err
	}
	if len(kinds) > 0 && !slices.Contains(kinds, s.Kind) {
		return Invalid(field+".kind", string(s.Kind), fmt.Sprintf("one of %v", kinds))
	}
	return nil
}

func validateKeepOut(field string, metres int32) error {
	if metres < 0 || metres > MaxKeepOut {
		return Invalid(field, strconv.Itoa(int(metres)), fmt.Sprintf("0 to %d metres", MaxKeepOut))
	}
	return nil
}
