package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// CheckRecord asks for the contrary indications in a planned area. Only the asker learns the answer, and it can only add caution.
type CheckRecord struct {
	Shape  geo.Shape  `json:"shape"`
	Buffer int32      `json:"buffer,omitzero"`
	Band   *geo.Band  `json:"band,omitzero"`
	Window geo.Window `json:"window"`
	Head   ListHead   `json:"head"` // must be current for the area and its window
}

// Kind implements Body.
func (*CheckRecord) Kind() CommandKind { return "check.record" }

// Validate implements Body.
func (b *CheckRecord) Validate() error {
	return first(validateVolume(b.Shape, b.Buffer, b.Band, b.Window), b.Head.Validate("head"))
}

// Volume returns what is checked.
func (b *CheckRecord) Volume() geo.Volume {
	return geo.Volume{Shape: b.Shape, Buffer: b.Buffer, Band: bandOrAll(b.Band), Window: b.Window}
}

// CheckAttest records that a level made a check by itself, against which list. It is taken though stale, and marked.
type CheckAttest struct {
	Head    *ListHead `json:"head,omitzero"` // nothing: no list was used
	On      int64     `json:"on"`            // date of the list that was used
	Echelon Echelon   `json:"echelon"`
	Extent  geo.Shape `json:"extent"` // a point or an extent; never what it is
}

// Kind implements Body.
func (*CheckAttest) Kind() CommandKind { return "check.attest" }

// Validate implements Body.
func (b *CheckAttest) Validate() error {
	return first(validateTime("on", b.On), validateShape("extent", b.Extent), validateEchelon("echelon", b.Echelon), b.Head.Validate("head"))
}

// CheckMoved states that what was checked has another place now: the check is void.
type CheckMoved struct {
	Check Ref       `json:"check"`
	To    geo.Shape `json:"to"`
}

// Kind implements Body.
func (*CheckMoved) Kind() CommandKind { return "check.moved" }

// Validate implements Body.
func (b *CheckMoved) Validate() error {
	return first(requireRef("check", b.Check, RefCheck), validateShape("to", b.To))
}

// IndicationReason is why an indication was answered as it was. The list is fixed; free words stay with the party as a hash.
type IndicationReason string

// The reasons of an answer to an indication.
var IndicationReasons = []IndicationReason{"area_changed", "time_changed", "means_limited_near_object", "warning_given", "object_confirmed_absent",
	"object_confirmed_outside", "proportionality_reviewed", "other_on_file"}

// IndicationAnswer is a person's answer to one contrary indication.
type IndicationAnswer struct {
	Of     Ref              `json:"of"`     // the area or check
	Object Ref              `json:"object"` // the object that is indicated
	State  IndicationState  `json:"state"`
	Reason IndicationReason `json:"reason"`
	Words  Hash             `json:"words,omitzero"` // hash of words that stay with the party: never sent
}

// Kind implements Body.
func (*IndicationAnswer) Kind() CommandKind { return "indication.answer" }

// Validate implements Body.
func (b *IndicationAnswer) Validate() error {
	if !slices.Contains([]IndicationState{IndicationMitigated, IndicationApart, IndicationDismissed}, b.State) {
		return Invalid("state", strconv.Quote(string(b.State)), "mitigated, separated_in_time or dismissed")
	}
	if !slices.Contains(IndicationReasons, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", IndicationReasons))
	}
	return first(requireRef("of", b.Of, RefArea, RefCheck), requireObject("object", b.Object))
}

var _ = register[CheckRecord]() && register[CheckAttest]() && register[CheckMoved]() && register[IndicationAnswer]()
