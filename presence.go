package parley

import (
	"slices"
	"strconv"

	"parley/geo"
)

// Presence says that civilians are in an area, as a band, until an hour. It names no persons.
type Presence struct {
	_        struct{}        `cbor:",toarray"`
	Shape    geo.Shape       `json:"shape"`
	KeepOut  int32           `json:"keep_out,omitzero"`
	People   Occupancy       `json:"people"`
	From     int64           `json:"from"`
	Until    int64           `json:"until"`
	Place    Commitment      `json:"place,omitzero"`
	Shared   Sharing         `json:"sharing"`
	Findings []FindingAnswer `json:"findings,omitzero"`
}

// Validate implements ProtectedObject.
func (p *Presence) Validate() error {
	if !slices.Contains(Occupancies, p.People) {
		return Invalid("people", strconv.Quote(string(p.People)), "a band such as 51-200")
	}
	return first(validateShape("shape", p.Shape), validateKeepOut("keep_out", p.KeepOut),
		validateSpan("from", "until", geo.Window{From: p.From, To: p.Until}, false), within("sharing", p.Shared.Validate()), validateFindings(p.Findings))
}

// Sharing implements ProtectedObject.
func (p *Presence) Sharing() *Sharing { return &p.Shared }

// Volumes implements ProtectedObject.
func (p *Presence) Volumes(profile *Profile) []geo.Volume {
	keep := p.KeepOut
	if keep == 0 {
		keep = profile.KeepOut
	}
	return []geo.Volume{{Shape: p.Shape, Buffer: keep, Band: geo.AllAltitudes, Window: geo.Window{From: p.From, To: p.Until}}}
}

// Anchor implements ProtectedObject.
func (p *Presence) Anchor() geo.Position { return p.Shape.Bounds().Center() }

// PresenceNotify tells the desk of civilians in an area.
type PresenceNotify struct {
	Presence Presence `json:"presence"`
}

// Kind implements Body.
func (*PresenceNotify) Kind() CommandKind { return "presence.notify" }

// Validate implements Body.
func (b *PresenceNotify) Validate() error { return within("presence", b.Presence.Validate()) }

// PresenceWithdraw ends the notification of a presence.
type PresenceWithdraw struct{ Withdraw }

// Kind implements Body.
func (*PresenceWithdraw) Kind() CommandKind { return "presence.withdraw" }

// Validate implements Body.
func (b *PresenceWithdraw) Validate() error { return b.validate(RefPresence) }

var _ = register[PresenceNotify]() && register[PresenceWithdraw]()
