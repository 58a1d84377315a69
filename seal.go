package parley

import (
	"crypto/sha256"
	"fmt"

	"github.com/go-json-experiment/json"

	"parley/geo"
)

// SealedArea is the content of a sealed area: where and when its party was going to operate. No purpose, means or object.
type SealedArea struct {
	_      struct{}   `cbor:",toarray"`
	Shape  geo.Shape  `json:"shape"`
	Buffer int32      `json:"buffer,omitzero"`
	Band   *geo.Band  `json:"band,omitzero"`
	Window geo.Window `json:"window"`
}

// Seal returns the commitment to an area under a salt: SHA-256("parley sealed area v1\n" ‖ salt ‖ its JSON, as a command writes it).
func (a *SealedArea) Seal(salt Bits128) (Hash, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return Hash{}, fmt.Errorf("couldn't write the area: %w", err)
	}
	h := sha256.New()
	h.Write([]byte("parley sealed area v1\n"))
	h.Write(salt[:])
	h.Write(text)
	return Hash(h.Sum(nil)), nil
}

// AreaSeal commits to an area that nobody sees: proof, when it is opened, that it was checked against a list before a time.
type AreaSeal struct {
	Commitment Hash     `json:"commitment"`
	Head       ListHead `json:"head"` // the list that it was checked against
}

// Kind implements Body.
func (*AreaSeal) Kind() CommandKind { return "area.seal" }

// Validate implements Body.
func (b *AreaSeal) Validate() error {
	if b.Commitment.IsZero() {
		return Invalid("commitment", "zeros", "the SHA-256 that binds the area's content under a salt")
	}
	return requireRef("head.party", b.Head.Party, RefParty)
}

// AreaOpen opens a sealed area for inquiry. Its content then stands in the journal.
type AreaOpen struct {
	Seal Ref        `json:"seal"`
	Salt Bits128    `json:"salt"`
	Area SealedArea `json:"area"`
}

// Kind implements Body.
func (*AreaOpen) Kind() CommandKind { return "area.open" }

// Validate implements Body.
func (b *AreaOpen) Validate() error {
	if err := requireRef("seal", b.Seal, RefSeal); err != nil {
		return err
	}
	return within("area", validateVolume(b.Area.Shape, b.Area.Buffer, b.Area.Band, b.Area.Window))
}

// SealNoted is a sealed area as it stands.
type SealNoted struct {
	_          struct{} `cbor:",toarray"`
	Ref        Ref
	Party      Ref
	By         Ref
	Commitment Hash
	Head       ListHead
	Stale      bool // the head quoted was not the newest then
	At         int64
	Position   uint64
	Opened     int64 // 0: sealed
	OpenedAt   uint64
	Salt       Bits128
	Area       *SealedArea
}

var _ = register[AreaSeal]() && register[AreaOpen]()
