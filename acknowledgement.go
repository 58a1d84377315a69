package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// ObjectAcknowledge says that a duty officer of the recipient has exactly this version, proved by a read-back. It is receipt, no agreement.
type ObjectAcknowledge struct {
	Of       Versioned    `json:"of"`
	ReadBack geo.Position `json:"read_back"` // the object's position, read from the copy that is held
}

// Kind implements Body.
func (*ObjectAcknowledge) Kind() CommandKind { return "object.acknowledge" }

// Validate implements Body.
func (b *ObjectAcknowledge) Validate() error { return requireObject("of", b.Of.Ref) }

// ObjectDissemination states to which level a party has passed something on, and which list that level holds.
type ObjectDissemination struct {
	Of      Versioned  `json:"of"`
	Echelon Echelon    `json:"echelon"`
	Level   Commitment `json:"level,omitzero"` // the level's own name; the notifier sees it only if the party allows
	Head    *ListHead  `json:"head,omitzero"`  // the list that level holds
}

// Kind implements Body.
func (*ObjectDissemination) Kind() CommandKind { return "object.dissemination" }

// Validate implements Body.
func (b *ObjectDissemination) Validate() error {
	return first(requireObject("of", b.Of.Ref), validateEchelon("echelon", b.Echelon), b.Head.Validate("head"))
}

// ListAttest states which list a level holds, or that it holds none.
type ListAttest struct {
	Echelon Echelon    `json:"echelon"`
	Level   Commitment `json:"level,omitzero"`
	Head    *ListHead  `json:"head,omitzero"` // nothing: this level holds no list
}

// Kind implements Body.
func (*ListAttest) Kind() CommandKind { return "list.attest" }

// Validate implements Body.
func (b *ListAttest) Validate() error {
	return first(validateEchelon("echelon", b.Echelon), b.Head.Validate("head"))
}

// EntryAttest states which place a level holds for a reference. A place apart from the released one is a mismatch.
type EntryAttest struct {
	Of      Versioned    `json:"of"`
	Echelon Echelon      `json:"echelon"`
	Level   Commitment   `json:"level,omitzero"`
	Place   geo.Position `json:"place"`
}

// Kind implements Body.
func (*EntryAttest) Kind() CommandKind { return "entry.attest" }

// Validate implements Body.
func (b *EntryAttest) Validate() error {
	return first(requireObject("of", b.Of.Ref), validateEchelon("echelon", b.Echelon))
}

// ListHead names one state of a party's list: every release to it that is neither recalled nor ended, at a position of the journal.
type ListHead struct {
	_        struct{} `cbor:",toarray"`
	Party    Ref      `json:"party"`
	Position uint64   `json:"position"` // position of the entry that moved the list last; 0 is the empty list of a new party
	Count    int      `json:"count"`    // entries in the list
	Root     Hash     `json:"root"`     // Merkle root over the list's slots, see package release
}

// Validate checks the form of a head; nil is valid.
func (h *ListHead) Validate(field string) error {
	if h == nil {
		return nil
	}
	if h.Count < 0 {
		return Invalid(field+".count", strconv.Itoa(h.Count), "0 or more")
	}
	return requireRef(field+".party", h.Party, RefParty)
}

// ObjectDispute records that a recipient contests an object's data. Both views are kept and the protection note stays.
type ObjectDispute struct {
	Of     Versioned     `json:"of"`
	Reason DisputeReason `json:"reason"`
	Words  Commitment    `json:"words,omitzero"`
}

// DisputeReason says what is contested.
type DisputeReason string

// The reasons of a dispute.
const (
	WrongPlace    DisputeReason = "wrong_place"
	WrongCategory DisputeReason = "wrong_category"
	NotThere      DisputeReason = "not_there"
	MilitaryNear  DisputeReason = "military_object_near"
	OtherDispute  DisputeReason = "other"
)

// Kind implements Body.
func (*ObjectDispute) Kind() CommandKind { return "object.dispute" }

// Validate implements Body.
func (b *ObjectDispute) Validate() error {
	reasons := []DisputeReason{WrongPlace, WrongCategory, NotThere, MilitaryNear, OtherDispute}
	if !slices.Contains(reasons, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", reasons))
	}
	return requireObject("of", b.Of.Ref)
}

// RelayLog records that a go-between or the desk handed something on to a level of its final party. It never counts as that
// party's acknowledgement.
type RelayLog struct {
	Of        Ref     `json:"of"` // an object, area or stop
	Party     Ref     `json:"party"`
	Echelon   Echelon `json:"echelon"`
	Delivered bool    `json:"delivered"`
	At        int64   `json:"at"`
}

// Kind implements Body.
func (*RelayLog) Kind() CommandKind { return "relay.log" }

// Validate implements Body.
func (b *RelayLog) Validate() error {
	return first(validateTime("at", b.At), requireRef("of", b.Of, RefSite, RefMovement, RefPresence, RefArea, RefStop), requireRef("party", b.Party, RefParty), validateEchelon("echelon", b.Echelon))
}

// BehalfConfirm is a party's or organisation's own word about a command that the desk entered on its behalf.
type BehalfConfirm struct {
	Command Hash `json:"command"`
	Disown  bool `json:"disown,omitzero"`
}

// Kind implements Body.
func (*BehalfConfirm) Kind() CommandKind { return "behalf.confirm" }

// Validate implements Body.
func (b *BehalfConfirm) Validate() error {
	if b.Command.IsZero() {
		return Invalid("command", "zeros", "the name of the command that was entered on behalf")
	}
	return nil
}

var _ = register[ObjectAcknowledge]() && register[ObjectDissemination]() && register[ListAttest]() && register[EntryAttest]() && register[ObjectDispute]() &&
	register[RelayLog]() && register[BehalfConfirm]()
