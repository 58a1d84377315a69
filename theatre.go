package parley

import "fmt"

// TheatreOpen is the first command of every journal. It names the founding trustees, who both sign it, the profile, and the
// node keys. The theatre's identity is this command's name.
type TheatreOpen struct {
	Title    Commitment  `json:"title"`
	Profile  Profile     `json:"profile"`
	Trustees []NewMember `json:"trustees"` // two or more; their keys sign this command
	Nodes    []PublicKey `json:"nodes"`    // keys of the neutral operator's nodes: facts of the rim, such as clock.advance
	Clock    ClockKind   `json:"clock"`    // simulated only in an exercise
}

// ClockKind says which clock a theatre runs on.
type ClockKind string

// The clocks of a theatre. A simulated one is for exercises alone and is repeated on every receipt.
const (
	ClockReal      ClockKind = "real"
	ClockSimulated ClockKind = "simulated"
)

// NewMember is a person and the key they hold.
type NewMember struct {
	Name Commitment `json:"name"`
	Key  PublicKey  `json:"key"`
}

// Kind implements Body.
func (*TheatreOpen) Kind() CommandKind { return "theatre.open" }

// Validate implements Body.
func (b *TheatreOpen) Validate() error {
	if b.Title.IsZero() {
		return Invalid("title", "nothing", "the commitment of the theatre's title")
	}
	if n := len(b.Trustees); n < 2 || n > MaxSignatures {
		return Invalid("trustees", fmt.Sprintf("%d trustees", n), fmt.Sprintf("2 to %d, who all sign", MaxSignatures))
	}
	if n := len(b.Nodes); n < 1 || n > 16 {
		return Invalid("nodes", fmt.Sprintf("%d keys", n), "1 to 16 node keys")
	}
	seen := map[PublicKey]bool{}
	for i, t := range b.Trustees {
		if t.Key == (PublicKey{}) || seen[t.Key] {
			return Invalid(fmt.Sprintf("trustees[%d].key", i), t.Key.ID().String(), "a key of its own for each trustee")
		}
		if err := requireText(fmt.Sprintf("trustees[%d].name", i), t.Name); err != nil {
			return err
		}
		seen[t.Key] = true
	}
	for i, k := range b.Nodes {
		if k == (PublicKey{}) || seen[k] {
			return Invalid(fmt.Sprintf("nodes[%d]", i), k.ID().String(), "a key that no one else holds")
		}
		seen[k] = true
	}
	if b.Clock != ClockReal && !(b.Clock == ClockSimulated && b.Profile.Exercise) {
		return Invalid("clock", string(b.Clock), "real, or simulated in an exercise")
	}
	return within("profile", b.Profile.Validate())
}

// String makes a key id readable in faults.
func (k KeyID) String() string { return string(k) }

// ProfileSet replaces the theatre's profile. Exercise mode cannot be left or entered: that would be another theatre.
type ProfileSet struct {
	Profile Profile `json:"profile"`
}

// Kind implements Body.
func (*ProfileSet) Kind() CommandKind { return "profile.set" }

// Validate implements Body.
func (b *ProfileSet) Validate() error { return within("profile", b.Profile.Validate()) }

var _ = register[TheatreOpen]() && register[ProfileSet]()
