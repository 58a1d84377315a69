package parley

import (
	"slices"
	"strconv"
)

// LiaisonMeans is how two sides spoke with each other.
type LiaisonMeans string

// The means of liaison.
const (
	LiaisonTelephone LiaisonMeans = "telephone"
	LiaisonRadio     LiaisonMeans = "radio"
	LiaisonMessage   LiaisonMeans = "message"
	LiaisonMeeting   LiaisonMeans = "meeting"
)

// LiaisonLog puts an ordinary contact between two sides on record: that it took place, by what means, and whether anyone answered.
type LiaisonLog struct {
	With    Ref          `json:"with"` // the other side: a party, or DESK; from the desk an organisation too
	Means   LiaisonMeans `json:"means"`
	At      int64        `json:"at"` // when, milliseconds UTC
	Reached bool         `json:"reached,omitzero"`
	Words   Commitment   `json:"words,omitzero"` // both sides and the desk read them
}

// Kind implements Body.
func (*LiaisonLog) Kind() CommandKind { return "liaison.log" }

// Validate implements Body.
func (b *LiaisonLog) Validate() error {
	if !slices.Contains([]LiaisonMeans{LiaisonTelephone, LiaisonRadio, LiaisonMessage, LiaisonMeeting}, b.Means) {
		return Invalid("means", strconv.Quote(string(b.Means)), "telephone, radio, message or meeting")
	}
	return first(requireSide("with", b.With), validateTime("at", b.At))
}

// LineState is how a side says that its line to another stands. Each side says it for itself.
type LineState string

// The states of a line between two sides.
const (
	LineOpen      LineState = "open"
	LineDegraded  LineState = "degraded"
	LineSuspended LineState = "suspended"
)

// ChannelStatus says that a side's line to another is open, degraded or suspended, and since when.
type ChannelStatus struct {
	With   Ref        `json:"with"`
	State  LineState  `json:"state"`
	Since  int64      `json:"since"` // milliseconds UTC
	Reason Commitment `json:"reason,omitzero"`
}

// Kind implements Body.
func (*ChannelStatus) Kind() CommandKind { return "channel.status" }

// Validate implements Body.
func (b *ChannelStatus) Validate() error {
	if !slices.Contains([]LineState{LineOpen, LineDegraded, LineSuspended}, b.State) {
		return Invalid("state", strconv.Quote(string(b.State)), "open, degraded or suspended")
	}
	return first(requireSide("with", b.With), validateTime("since", b.Since))
}

// TestCall puts a test of the duty line on record: whether a person answered, and after how long.
type TestCall struct {
	To       Ref   `json:"to"`
	At       int64 `json:"at"` // milliseconds UTC
	Answered bool  `json:"answered,omitzero"`
	Seconds  int32 `json:"seconds,omitzero"` // until a person answered
}

// Kind implements Body.
func (*TestCall) Kind() CommandKind { return "testcall" }

// Validate implements Body.
func (b *TestCall) Validate() error {
	if b.Seconds < 0 || b.Seconds > 86_400 || !b.Answered && b.Seconds != 0 {
		return Invalid("seconds", strconv.Itoa(int(b.Seconds)), "0 to 86400, and 0 when nobody answered")
	}
	return first(requireSide("to", b.To), validateTime("at", b.At))
}

// requireSide checks that a reference is a party, an organisation or the desk.
func requireSide(field string, r Ref) error {
	if r == Desk {
		return nil
	}
	return requireRef(field, r, RefParty, RefOrganisation)
}

// Liaison is one contact, one statement about a line, or one test call, as the state keeps it.
type Liaison struct {
	_        struct{} `cbor:",toarray"`
	Kind     CommandKind
	By       Ref // member
	From, To Ref // the side that put it on record, and the other one
	Told     Channel
	Means    LiaisonMeans
	State    LineState
	At       int64 // when it was, or since when
	Noted    int64
	Reached  bool
	Seconds  int32
	Words    Commitment
	Position uint64
}

var _ = register[LiaisonLog]() && register[ChannelStatus]() && register[TestCall]()
