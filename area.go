package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// Area is where and when a party will operate. No purpose, means or object of the operation is asked for or kept.
type Area struct {
	_          struct{}   `cbor:",toarray"`
	Shape      geo.Shape  `json:"shape"`
	Buffer     int32      `json:"buffer,omitzero"` // metres: how far effects may reach beyond Shape
	Band       *geo.Band  `json:"band,omitzero"`   // nothing: all altitudes
	Window     geo.Window `json:"window"`
	Addressees []Ref      `json:"addressees,omitzero"` // may be none
	Echelons   []Echelon  `json:"echelons,omitzero"`   // levels acting there
	Urgent     bool       `json:"urgent,omitzero"`     // closes no check
	Head       ListHead   `json:"head"`                // the list it was made against
}

// Volume returns the area as a volume.
func (a *Area) Volume() geo.Volume {
	return geo.Volume{Shape: a.Shape, Buffer: a.Buffer, Band: bandOrAll(a.Band), Window: a.Window}
}

func bandOrAll(b *geo.Band) geo.Band {
	if b == nil {
		return geo.AllAltitudes
	}
	return *b
}

// Validate checks the area by itself.
func (a *Area) Validate() error {
	if err := first(validateVolume(a.Shape, a.Buffer, a.Band, a.Window), a.Head.Validate("head")); err != nil {
		return err
	}
	if err := validateAddressees(a.Addressees, 0); err != nil {
		return err
	}
	for i, e := range a.Echelons {
		field := fmt.Sprintf("echelons[%d]", i)
		if err := validateEchelon(field, e); err != nil {
			return err
		}
		if slices.Contains(a.Echelons[:i], e) {
			return Invalid(field, strconv.Quote(string(e)), "each level once")
		}
	}
	return nil
}

// validateAddressees checks the parties that something is told to: at least a number of them, each once.
func validateAddressees(parties []Ref, least int) error {
	if n := len(parties); n < least || n > 64 {
		return Invalid("addressees", fmt.Sprintf("%d addressees", n), fmt.Sprintf("%d to 64 parties", least))
	}
	for i, p := range parties {
		field := fmt.Sprintf("addressees[%d]", i)
		if err := requireRef(field, p, RefParty); err != nil {
			return err
		}
		if slices.Contains(parties[:i], p) {
			return Invalid(field, string(p), "each party once")
		}
	}
	return nil
}

func validateVolume(s geo.Shape, buffer int32, band *geo.Band, w geo.Window) error {
	if err := first(validateShape("shape", s), validateKeepOut("buffer", buffer), validateSpan("window.from", "window.to", w, false)); err != nil {
		return err
	}
	if band != nil && (band.Low > band.High || band.Low < -1000 || band.High > 100_000) {
		return Invalid("band", fmt.Sprintf("%d to %d", band.Low, band.High), "metres from low to high, within -1000 to 100000")
	}
	return nil
}

// AreaDeclare tells those addressed, and only them, where a party will operate.
type AreaDeclare struct {
	Area Area `json:"area"`
}

// Kind implements Body.
func (*AreaDeclare) Kind() CommandKind { return "area.declare" }

// Validate implements Body.
func (b *AreaDeclare) Validate() error { return within("area", b.Area.Validate()) }

// AreaAmend gives a declared area a new version.
type AreaAmend struct {
	Of   Versioned `json:"of"`
	Area Area      `json:"area"`
}

// Kind implements Body.
func (*AreaAmend) Kind() CommandKind { return "area.amend" }

// Validate implements Body.
func (b *AreaAmend) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefArea), within("area", b.Area.Validate()))
}

// AreaEnd ends a declared area before its window does.
type AreaEnd struct {
	Area Ref `json:"area"`
}

// Kind implements Body.
func (*AreaEnd) Kind() CommandKind { return "area.end" }

// Validate implements Body.
func (b *AreaEnd) Validate() error { return requireRef("area", b.Area, RefArea) }

// AreaTold records a place as it was told in words: so far, on such a bearing, from a reference place. It is compared with the geometry.
type AreaTold struct {
	Area     Ref          `json:"area"`
	Words    Commitment   `json:"words"`
	Place    geo.Position `json:"place"`    // the reference place
	Distance int32        `json:"distance"` // metres from Place to the area's centre
	Bearing  int32        `json:"bearing"`  // degrees from north, 0 to 359
}

// Kind implements Body.
func (*AreaTold) Kind() CommandKind { return "area.told" }

// Validate implements Body.
func (b *AreaTold) Validate() error {
	if b.Distance < 0 || b.Distance > 1_000_000 {
		return Invalid("distance", strconv.Itoa(int(b.Distance)), "0 to 1000000 metres")
	}
	if b.Bearing < 0 || b.Bearing > 359 {
		return Invalid("bearing", strconv.Itoa(int(b.Bearing)), "0 to 359 degrees from north")
	}
	return first(requireRef("area", b.Area, RefArea), requireText("words", b.Words))
}

// AreaReadback repeats an area: its centre, its extent, its window. A wrong one is kept and shown to both sides.
type AreaReadback struct {
	Of     Versioned    `json:"of"`
	Center geo.Position `json:"center"`
	Extent int32        `json:"extent"` // metres: the longest diagonal of the area's bounds
	From   int64        `json:"from"`
	To     int64        `json:"to"`
}

// Kind implements Body.
func (*AreaReadback) Kind() CommandKind { return "area.readback" }

// Validate implements Body.
func (b *AreaReadback) Validate() error {
	if b.Extent < 0 {
		return Invalid("extent", strconv.Itoa(int(b.Extent)), "metres, 0 or more")
	}
	return first(requireRef("of", b.Of.Ref, RefArea), validateSpan("from", "to", geo.Window{From: b.From, To: b.To}, false))
}

// AreaObject records an addressee's objection. It stays on the area and on later versions that overlap.
type AreaObject struct {
	Of     Versioned  `json:"of"`
	Reason AreaReason `json:"reason"`
	Words  Commitment `json:"words,omitzero"`
}

// AreaWithdraw takes an addressee's objection back. That it stood stays on record.
type AreaWithdraw struct {
	Area   Ref        `json:"area"`
	Reason AreaReason `json:"reason"` // of the objection
}

// Kind implements Body.
func (*AreaWithdraw) Kind() CommandKind { return "area.withdraw" }

// Validate implements Body.
func (b *AreaWithdraw) Validate() error {
	return first(validateAreaReason(b.Reason), requireRef("area", b.Area, RefArea))
}

// AreaContest records that an area was told to its addressee otherwise than it was declared: another place, or other hours.
type AreaContest struct {
	Of    Versioned     `json:"of"`
	Place *geo.Position `json:"place,omitzero"` // the centre as it was told
	From  int64         `json:"from,omitzero"`  // the hours as they were told
	To    int64         `json:"to,omitzero"`
	Words Commitment    `json:"words,omitzero"`
}

// Kind implements Body.
func (*AreaContest) Kind() CommandKind { return "area.dispute" }

// Validate implements Body.
func (b *AreaContest) Validate() error {
	if b.Place == nil && b.From == 0 && b.To == 0 && b.Words.IsZero() {
		return Invalid("place", "nothing", "what was told otherwise: a place, hours, or words")
	}
	if b.From != 0 || b.To != 0 {
		if err := validateSpan("from", "to", geo.Window{From: b.From, To: b.To}, false); err != nil {
			return err
		}
	}
	return requireRef("of", b.Of.Ref, RefArea)
}

// AreaReason says why an addressee objects.
type AreaReason string

// The reasons of an objection.
const (
	OwnForces      AreaReason = "own_forces_present"
	CiviliansThere AreaReason = "civilians_present"
	TooLate        AreaReason = "too_late"
	NotAgreed      AreaReason = "not_agreed"
	OtherReason    AreaReason = "other"
)

// Kind implements Body.
func (*AreaObject) Kind() CommandKind { return "area.object" }

// Validate implements Body.
func (b *AreaObject) Validate() error {
	return first(validateAreaReason(b.Reason), requireRef("of", b.Of.Ref, RefArea))
}

func validateAreaReason(r AreaReason) error {
	reasons := []AreaReason{OwnForces, CiviliansThere, TooLate, NotAgreed, OtherReason}
	if !slices.Contains(reasons, r) {
		return Invalid("reason", strconv.Quote(string(r)), fmt.Sprintf("one of %v", reasons))
	}
	return nil
}

// ForcePlace tells chosen addressees that a party has forces somewhere, for a time: no strength, no unit name, no track.
type ForcePlace struct {
	Shape      geo.Shape  `json:"shape"`
	Buffer     int32      `json:"buffer,omitzero"`
	Window     geo.Window `json:"window"`
	Addressees []Ref      `json:"addressees"`
}

// Kind implements Body.
func (*ForcePlace) Kind() CommandKind { return "force.place" }

// Validate implements Body.
func (b *ForcePlace) Validate() error {
	if err := validateAddressees(b.Addressees, 1); err != nil {
		return err
	}
	return validateVolume(b.Shape, b.Buffer, nil, b.Window)
}

// ForceWithdraw ends a placed force.
type ForceWithdraw struct {
	Force Ref `json:"force"`
}

// Kind implements Body.
func (*ForceWithdraw) Kind() CommandKind { return "force.withdraw" }

// Validate implements Body.
func (b *ForceWithdraw) Validate() error { return requireRef("force", b.Force, RefForce) }

var _ = register[AreaDeclare]() && register[AreaAmend]() && register[AreaEnd]() && register[AreaTold]() && register[AreaReadback]() && register[AreaObject]() && register[AreaWithdraw]() && register[AreaContest]() &&
	register[ForcePlace]() && register[ForceWithdraw]()
