package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// LineKind says what a line or zone is, in the words of whoever states it.
type LineKind string

// The kinds of lines and zones.
var LineKinds = []LineKind{"deconfliction", "exclusion", "protected", "no_fire", "no_fly", "radius_zone"}

// Basis is what a line or zone is said to rest on.
type Basis string

// The bases.
const (
	BasisAgreement  Basis = "agreement"
	BasisUnilateral Basis = "unilateral"
	BasisCustomary  Basis = "customary_claim"
)

// Bases lists the bases.
var Bases = []Basis{BasisAgreement, BasisUnilateral, BasisCustomary}

// Line is a line or a zone: a boundary that one side proposes or imposes.
type Line struct {
	_        struct{} `cbor:",toarray"`
	Terms    Terms    `json:"terms"`
	LineKind LineKind `json:"line_kind"`
	Basis    Basis    `json:"basis"`
}

func (l *Line) validate(kinds ...geo.Kind) error {
	if err := within("terms", l.Terms.validate(kinds...)); err != nil {
		return err
	}
	if !slices.Contains(LineKinds, l.LineKind) {
		return Invalid("line_kind", strconv.Quote(string(l.LineKind)), fmt.Sprintf("one of %v", LineKinds))
	}
	if !slices.Contains(Bases, l.Basis) {
		return Invalid("basis", strconv.Quote(string(l.Basis)), fmt.Sprintf("one of %v", Bases))
	}
	return nil
}

func (l *Line) asLine() error { return within("line", l.validate(geo.LineString, geo.MultiLineString)) }

func (l *Line) asZone() error {
	return within("line", l.validate(geo.Polygon, geo.MultiPolygon, geo.Point))
}

// LinePropose puts a line before the parties that are addressed.
type LinePropose struct {
	Line Line `json:"line"`
}

// Kind implements Body.
func (*LinePropose) Kind() CommandKind { return "line.propose" }

// Validate implements Body.
func (b *LinePropose) Validate() error { return b.Line.asLine() }

// LineImpose states a line that stands whatever others say. What they say stands beside it.
type LineImpose struct {
	Line Line `json:"line"`
}

// Kind implements Body.
func (*LineImpose) Kind() CommandKind { return "line.impose" }

// Validate implements Body.
func (b *LineImpose) Validate() error { return b.Line.asLine() }

// ZonePropose puts a zone before the parties that are addressed.
type ZonePropose struct {
	Line Line `json:"line"`
}

// Kind implements Body.
func (*ZonePropose) Kind() CommandKind { return "zone.propose" }

// Validate implements Body.
func (b *ZonePropose) Validate() error { return b.Line.asZone() }

// ZoneImpose states a zone that stands whatever others say.
type ZoneImpose struct {
	Line Line `json:"line"`
}

// Kind implements Body.
func (*ZoneImpose) Kind() CommandKind { return "zone.impose" }

// Validate implements Body.
func (b *ZoneImpose) Validate() error { return b.Line.asZone() }

// LineAmend gives a line a new version, about which each party is asked anew.
type LineAmend struct {
	Of   Versioned `json:"of"`
	Line Line      `json:"line"`
}

// Kind implements Body.
func (*LineAmend) Kind() CommandKind { return "line.amend" }

// Validate implements Body.
func (b *LineAmend) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefLine), b.Line.asLine())
}

// ZoneAmend gives a zone a new version.
type ZoneAmend struct {
	Of   Versioned `json:"of"`
	Line Line      `json:"line"`
}

// Kind implements Body.
func (*ZoneAmend) Kind() CommandKind { return "zone.amend" }

// Validate implements Body.
func (b *ZoneAmend) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefZone), b.Line.asZone())
}

// LineEnd ends a line before its window does.
type LineEnd struct {
	Line   Ref        `json:"line"`
	Reason Commitment `json:"reason,omitzero"`
}

// Kind implements Body.
func (*LineEnd) Kind() CommandKind { return "line.end" }

// Validate implements Body.
func (b *LineEnd) Validate() error { return requireRef("line", b.Line, RefLine) }

// ZoneEnd ends a zone before its window does.
type ZoneEnd struct {
	Zone   Ref        `json:"zone"`
	Reason Commitment `json:"reason,omitzero"`
}

// Kind implements Body.
func (*ZoneEnd) Kind() CommandKind { return "zone.end" }

// Validate implements Body.
func (b *ZoneEnd) Validate() error { return requireRef("zone", b.Zone, RefZone) }

var _ = register[LinePropose]() && register[LineImpose]() && register[LineAmend]() && register[LineEnd]() &&
	register[ZonePropose]() && register[ZoneImpose]() && register[ZoneAmend]() && register[ZoneEnd]()
