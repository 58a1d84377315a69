package parley

import (
	"fmt"
	"strconv"
)

// PayloadErase destroys payloads: text, salt and key. The commitments and every proof stand.
type PayloadErase struct {
	Payloads []Hash `json:"payloads"` // their commitments
}

// Kind implements Body.
func (*PayloadErase) Kind() CommandKind { return "payload.erase" }

// Validate implements Body.
func (b *PayloadErase) Validate() error {
	if n := len(b.Payloads); n < 1 || n > 500 {
		return Invalid("payloads", fmt.Sprintf("%d payloads", n), "1 to 500 commitments")
	}
	for i, c := range b.Payloads {
		if c.IsZero() {
			return Invalid(fmt.Sprintf("payloads[%d]", i), "zeros", "the commitment of a text")
		}
	}
	return nil
}

// ClockAdvance lets deadlines fire without traffic. Only nodes sign it.
type ClockAdvance struct{}

// Kind implements Body.
func (*ClockAdvance) Kind() CommandKind { return "clock.advance" }

// Validate implements Body.
func (*ClockAdvance) Validate() error { return nil }

// DeliveryNote says that a release or a notice reached a recipient's machine. Only nodes sign it.
type DeliveryNote struct {
	To    Ref         `json:"to"`
	Items []Versioned `json:"items"`
	At    int64       `json:"at"`
}

// Kind implements Body.
func (*DeliveryNote) Kind() CommandKind { return "delivery.note" }

// Validate implements Body.
func (b *DeliveryNote) Validate() error {
	if n := len(b.Items); n < 1 || n > 1000 {
		return Invalid("items", fmt.Sprintf("%d items", n), "1 to 1000")
	}
	for i, of := range b.Items {
		if err := requireObject(fmt.Sprintf("items[%d]", i), of.Ref); err != nil {
			return err
		}
	}
	return first(validateTime("at", b.At), requireRef("to", b.To, RefParty))
}

// ReadNote records who read an object, batched. Only nodes sign it. Checks never appear in it.
type ReadNote struct {
	Reads []Read `json:"reads"`
}

// Read is one reading of one object by a member, for a stated purpose.
type Read struct {
	_       struct{} `cbor:",toarray"`
	Object  Ref      `json:"object"`
	Member  Ref      `json:"member"`
	Purpose Purpose  `json:"purpose"`
	At      int64    `json:"at"`
}

// Purpose is why a sensitive record was read.
type Purpose string

// The purposes of reading.
const (
	ForAcknowledgement Purpose = "acknowledgement"
	ForVerification    Purpose = "verification"
	ForPrecaution      Purpose = "precaution"
	ForInquiry         Purpose = "inquiry"
)

// Kind implements Body.
func (*ReadNote) Kind() CommandKind { return "read.note" }

// Validate implements Body.
func (b *ReadNote) Validate() error {
	if n := len(b.Reads); n < 1 || n > 500 {
		return Invalid("reads", fmt.Sprintf("%d reads", n), "1 to 500")
	}
	for i, r := range b.Reads {
		field := fmt.Sprintf("reads[%d]", i)
		if err := first(requireObject(field+".object", r.Object), requireRef(field+".member", r.Member, RefMember), validateTime(field+".at", r.At)); err != nil {
			return err
		}
		switch r.Purpose {
		case ForAcknowledgement, ForVerification, ForPrecaution, ForInquiry:
		default:
			return Invalid(field+".purpose", strconv.Quote(string(r.Purpose)), "acknowledgement, verification, precaution or inquiry")
		}
	}
	return nil
}

// RefusalCount records how many commands of an account were refused at the door, by code: counts, never content. Only nodes sign it.
type RefusalCount struct {
	Account Ref    `json:"account"`
	Code    Code   `json:"code"`
	Count   uint64 `json:"count"`
	Since   int64  `json:"since"`
}

// Kind implements Body.
func (*RefusalCount) Kind() CommandKind { return "refusal.count" }

// Validate implements Body.
func (b *RefusalCount) Validate() error {
	switch {
	case RolesOf(b.Account) == nil:
		return Invalid("account", strconv.Quote(string(b.Account)), "BOARD, DESK, or the reference of a party or organisation")
	case b.Code == "" || len(b.Code) > 64:
		return Invalid("code", strconv.Quote(string(b.Code)), "the code of a refusal")
	case b.Count == 0:
		return Invalid("count", "0", "at least one refusal")
	}
	return validateTime("since", b.Since)
}

var _ = register[PayloadErase]() && register[ClockAdvance]() && register[DeliveryNote]() && register[ReadNote]() && register[RefusalCount]()
