package parley

import (
	"slices"
	"strconv"

	"parley/geo"
)

// StopRaise says that a protected object is under fire, or is about to be. Anyone with a key may raise it, by reference or place.
type StopRaise struct {
	Object Ref           `json:"object,omitzero"`
	Place  *geo.Position `json:"place,omitzero"`
	Words  Commitment    `json:"words,omitzero"`
}

// Kind implements Body.
func (*StopRaise) Kind() CommandKind { return "stop.raise" }

// Validate implements Body.
func (b *StopRaise) Validate() error {
	if (b.Object == "") == (b.Place == nil) {
		return Invalid("object", strconv.Quote(string(b.Object)), "either a reference or a place")
	}
	if b.Object != "" {
		return requireObject("object", b.Object)
	}
	return nil
}

// StopTake says that a duty officer has the stop. Any one may take it.
type StopTake struct {
	Stop Ref `json:"stop"`
}

// Kind implements Body.
func (*StopTake) Kind() CommandKind { return "stop.take" }

// Validate implements Body.
func (b *StopTake) Validate() error { return requireRef("stop", b.Stop, RefStop) }

// StopPass says to which level the stop was passed on.
type StopPass struct {
	Stop    Ref     `json:"stop"`
	Echelon Echelon `json:"echelon"`
}

// Kind implements Body.
func (*StopPass) Kind() CommandKind { return "stop.pass" }

// Validate implements Body.
func (b *StopPass) Validate() error {
	return first(requireRef("stop", b.Stop, RefStop), validateEchelon("echelon", b.Echelon))
}

// Effect is what followed a stop.
type Effect string

// The effects.
const (
	FireCeased  Effect = "fire_ceased"
	FireGoesOn  Effect = "fire_goes_on"
	NotOurs     Effect = "not_ours"
	EffectOther Effect = "not_known"
)

// StopEffectReport says what followed. Fire that goes on makes the stop climb again.
type StopEffectReport struct {
	Stop   Ref        `json:"stop"`
	Effect Effect     `json:"effect"`
	Words  Commitment `json:"words,omitzero"`
}

// Kind implements Body.
func (*StopEffectReport) Kind() CommandKind { return "stop.effect" }

// Validate implements Body.
func (b *StopEffectReport) Validate() error {
	if !slices.Contains([]Effect{FireCeased, FireGoesOn, NotOurs, EffectOther}, b.Effect) {
		return Invalid("effect", strconv.Quote(string(b.Effect)), "fire_ceased, fire_goes_on, not_ours or not_known")
	}
	return requireRef("stop", b.Stop, RefStop)
}

// StopStandDown ends a stop with a report.
type StopStandDown struct {
	Stop   Ref        `json:"stop"`
	Report Commitment `json:"report"`
}

// Kind implements Body.
func (*StopStandDown) Kind() CommandKind { return "stop.standdown" }

// Validate implements Body.
func (b *StopStandDown) Validate() error {
	return first(requireRef("stop", b.Stop, RefStop), requireText("report", b.Report))
}

var _ = register[StopRaise]() && register[StopTake]() && register[StopPass]() && register[StopEffectReport]() && register[StopStandDown]()
