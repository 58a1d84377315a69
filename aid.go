package parley

import (
	"fmt"
	"slices"
	"strconv"
)

// ItemKind says what is delivered.
type ItemKind string

// The kinds of items.
var ItemKinds = []ItemKind{"food", "water", "medical", "shelter", "hygiene", "fuel", "spare_parts", "cash", "other"}

// Item is one kind of thing in a delivery: how much was planned, and how much came.
type Item struct {
	_         struct{} `cbor:",toarray"`
	Item      ItemKind `json:"item"`
	Unit      string   `json:"unit"` // as the organisation counts, such as t or kits
	Planned   int64    `json:"planned"`
	Delivered int64    `json:"delivered,omitzero"`
	Lost      int64    `json:"lost,omitzero"`     // spoiled, destroyed, stolen
	Diverted  int64    `json:"diverted,omitzero"` // taken to somebody it was not for
}

// DeliveryRecord puts a delivery on record, planned or done. A later one of the same movement replaces it; what was said stays.
type DeliveryRecord struct {
	Of        Ref        `json:"of"` // a movement of the author's organisation, or a corridor
	PlannedAt int64      `json:"planned_at"`
	At        int64      `json:"at,omitzero"` // 0: planned and not yet done
	Items     []Item     `json:"items"`
	People    Occupancy  `json:"people"` // reached, as a band
	Consignee Commitment `json:"consignee,omitzero"`
	Words     Commitment `json:"words,omitzero"`
}

// Kind implements Body.
func (*DeliveryRecord) Kind() CommandKind { return "delivery.record" }

// Validate implements Body.
func (b *DeliveryRecord) Validate() error {
	if n := len(b.Items); n < 1 || n > 50 {
		return Invalid("items", fmt.Sprintf("%d items", n), "1 to 50")
	}
	for i, it := range b.Items {
		field := fmt.Sprintf("items[%d]", i)
		if !slices.Contains(ItemKinds, it.Item) {
			return Invalid(field+".item", strconv.Quote(string(it.Item)), fmt.Sprintf("one of %v", ItemKinds))
		}
		if it.Unit == "" || len(it.Unit) > 32 {
			return Invalid(field+".unit", strconv.Quote(it.Unit), "a unit such as t or kits, of at most 32 bytes")
		}
		for _, q := range []struct {
			name string
			n    int64
		}{{"planned", it.Planned}, {"delivered", it.Delivered}, {"lost", it.Lost}, {"diverted", it.Diverted}} {
			if q.n < 0 || q.n > 1_000_000_000 {
				return Invalid(field+"."+q.name, strconv.FormatInt(q.n, 10), "0 to 1000000000")
			}
		}
		if b.At == 0 && it.Delivered+it.Lost+it.Diverted > 0 {
			return Invalid(field+".delivered", strconv.FormatInt(it.Delivered, 10), "nothing before it was delivered: say at")
		}
	}
	if !slices.Contains(Occupancies, b.People) {
		return Invalid("people", strconv.Quote(string(b.People)), fmt.Sprintf("one of %v", Occupancies))
	}
	if b.At != 0 {
		if err := validateTime("at", b.At); err != nil {
			return err
		}
	}
	return first(requireRef("of", b.Of, RefMovement, RefCorridor), validateTime("planned_at", b.PlannedAt))
}

// OutcomeKind is how a movement, or access that was asked for, ended.
type OutcomeKind string

// The outcomes, as they are counted in practice.
const (
	Facilitated  OutcomeKind = "facilitated"
	Partially    OutcomeKind = "partially_facilitated"
	Impeded      OutcomeKind = "impeded"
	Denied       OutcomeKind = "denied"
	Postponed    OutcomeKind = "postponed"
	CancelledOrg OutcomeKind = "cancelled_by_organisation"
)

// OutcomeKinds lists the outcomes.
var OutcomeKinds = []OutcomeKind{Facilitated, Partially, Impeded, Denied, Postponed, CancelledOrg}

// OutcomeReason says why, as the organisation states it.
type OutcomeReason string

// The reasons of an outcome.
var OutcomeReasons = []OutcomeReason{"none", "refused_at_checkpoint", "no_answer", "security", "inspection", "road", "weather", "own_decision", "other"}

// OutcomeRecord puts on record how a movement ended, or that access was asked for and what came of it without any movement.
type OutcomeRecord struct {
	Movement Ref           `json:"movement,omitzero"`
	Asked    int64         `json:"asked,omitzero"`    // without a movement: when access was asked for
	Of       Ref           `json:"asked_of,omitzero"` // the party that was asked, or that stopped it
	Outcome  OutcomeKind   `json:"outcome"`
	Delay    int32         `json:"delay,omitzero"` // minutes
	Reason   OutcomeReason `json:"reason"`
	At       int64         `json:"at"` // milliseconds UTC
	Words    Commitment    `json:"words,omitzero"`
}

// Kind implements Body.
func (*OutcomeRecord) Kind() CommandKind { return "outcome.record" }

// Validate implements Body.
func (b *OutcomeRecord) Validate() error {
	if !slices.Contains(OutcomeKinds, b.Outcome) {
		return Invalid("outcome", strconv.Quote(string(b.Outcome)), fmt.Sprintf("one of %v", OutcomeKinds))
	}
	if !slices.Contains(OutcomeReasons, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", OutcomeReasons))
	}
	if (b.Movement == "") == (b.Asked == 0) {
		return Invalid("movement", strconv.Quote(string(b.Movement)), "either a movement, or the time at which access was asked for")
	}
	if b.Delay < 0 || b.Delay > 60*24*60 {
		return Invalid("delay", strconv.Itoa(int(b.Delay)), "0 to 86400 minutes")
	}
	if b.Of != "" {
		if err := requireRef("asked_of", b.Of, RefParty); err != nil {
			return err
		}
	}
	if b.Movement != "" {
		if err := requireRef("movement", b.Movement, RefMovement); err != nil {
			return err
		}
	} else if err := validateTime("asked", b.Asked); err != nil {
		return err
	}
	return validateTime("at", b.At)
}

// Delivery is a delivery on record.
type Delivery struct {
	_         struct{} `cbor:",toarray"`
	Ref       Ref
	Of        Ref
	Owner     Ref
	By        Ref
	Told      Channel
	PlannedAt int64
	At        int64
	Items     []Item
	People    Occupancy
	Consignee Commitment
	Words     Commitment
	Replaced  Ref // by a later record about the same thing
	Noted     int64
	Position  uint64
}

// OutcomeNoted is an outcome on record.
type OutcomeNoted struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Movement Ref
	Asked    int64
	Of       Ref
	Owner    Ref
	By       Ref
	Told     Channel
	Outcome  OutcomeKind
	Delay    int32
	Reason   OutcomeReason
	At       int64
	Words    Commitment
	Replaced Ref // by a later record about the same movement
	Noted    int64
	Position uint64
}

var _ = register[DeliveryRecord]() && register[OutcomeRecord]()
