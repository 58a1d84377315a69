package parley

import (
	"fmt"
	"slices"
	"strconv"
)

// OfferKind says what is offered.
type OfferKind string

// The kinds of offers. None of them holds operational content.
var OfferKinds = []OfferKind{"coordination", "corridor", "pause", "inspection", "evacuation", "information"}

// OfferMake puts an offer on record, in its own words and in translation, with a deadline. No answer by then is an answer.
type OfferMake struct {
	To          Ref        `json:"to"`
	OfferKind   OfferKind  `json:"offer_kind"`
	Text        Commitment `json:"text"`
	Language    string     `json:"language"`
	Translation Commitment `json:"translation,omitzero"`
	Translator  Commitment `json:"translator,omitzero"` // who translated, in words
	Deadline    int64      `json:"deadline"`            // milliseconds UTC
	About       Ref        `json:"about,omitzero"`      // an arrangement that it is about
	Counter     Ref        `json:"counter,omitzero"`    // the offer that this one counters
}

// Kind implements Body.
func (*OfferMake) Kind() CommandKind { return "offer.make" }

// Validate implements Body.
func (b *OfferMake) Validate() error {
	if !slices.Contains(OfferKinds, b.OfferKind) {
		return Invalid("offer_kind", strconv.Quote(string(b.OfferKind)), fmt.Sprintf("one of %v", OfferKinds))
	}
	if b.Language == "" || len(b.Language) > 35 {
		return Invalid("language", strconv.Quote(b.Language), "a language tag such as ar")
	}
	if b.About != "" {
		if err := requireArrangement("about", b.About); err != nil {
			return err
		}
	}
	if b.Counter != "" {
		if err := requireRef("counter", b.Counter, RefOffer); err != nil {
			return err
		}
	}
	return first(requireSide("to", b.To), requireText("text", b.Text), validateTime("deadline", b.Deadline))
}

// OfferResponse is an answer to an offer.
type OfferResponse string

// The responses.
const (
	OfferAccepted  OfferResponse = "accepted"
	OfferDeclined  OfferResponse = "declined"
	OfferCountered OfferResponse = "countered"
)

// OfferResponses lists the responses.
var OfferResponses = []OfferResponse{OfferAccepted, OfferDeclined, OfferCountered}

// OfferRespond answers an offer. After the deadline it is taken and marked late.
type OfferRespond struct {
	Offer    Ref           `json:"offer"`
	Response OfferResponse `json:"response"`
	Words    Commitment    `json:"words,omitzero"`
}

// Kind implements Body.
func (*OfferRespond) Kind() CommandKind { return "offer.respond" }

// Validate implements Body.
func (b *OfferRespond) Validate() error {
	if !slices.Contains(OfferResponses, b.Response) {
		return Invalid("response", strconv.Quote(string(b.Response)), fmt.Sprintf("one of %v", OfferResponses))
	}
	return requireRef("offer", b.Offer, RefOffer)
}

// OfferFulfil says, by either side, whether what was accepted came about.
type OfferFulfil struct {
	Offer     Ref        `json:"offer"`
	Fulfilled bool       `json:"fulfilled,omitzero"`
	Words     Commitment `json:"words,omitzero"`
}

// Kind implements Body.
func (*OfferFulfil) Kind() CommandKind { return "offer.fulfil" }

// Validate implements Body.
func (b *OfferFulfil) Validate() error { return requireRef("offer", b.Offer, RefOffer) }

// OfferState is how far an offer has come.
type OfferState string

// The states of an offer.
const (
	OfferMade        OfferState = "made"
	OfferTaken       OfferState = "accepted"
	OfferTurnedDown  OfferState = "declined"
	OfferAnsweredNew OfferState = "countered"
	OfferNoAnswer    OfferState = "no_answer"
	OfferFulfilled   OfferState = "fulfilled"
	OfferLapsed      OfferState = "lapsed"
)

// OfferMachine is the machine of an offer.
var OfferMachine = &Machine{
	Name: "offer", About: "What became of an offer. It says that something was offered and answered, never what anybody plans. No answer is an answer.",
	States: []State{
		{Name: string(OfferMade), About: "told to its addressee; the deadline runs"},
		{Name: string(OfferTaken), About: "accepted"},
		{Name: string(OfferTurnedDown), About: "declined"},
		{Name: string(OfferAnsweredNew), About: "answered with another offer"},
		{Name: string(OfferNoAnswer), About: "the deadline passed without an answer"},
		{Name: string(OfferFulfilled), About: "what was accepted came about, as one side states", Final: true},
		{Name: string(OfferLapsed), About: "what was accepted did not come about, as one side states", Final: true},
	},
	Moves: []Move{
		{string(OfferMade), string(OfferTaken), "offer.respond"}, {string(OfferMade), string(OfferTurnedDown), "offer.respond"}, {string(OfferMade), string(OfferAnsweredNew), "offer.respond"},
		{string(OfferMade), string(OfferNoAnswer), "deadline offer"},
		{string(OfferNoAnswer), string(OfferTaken), "offer.respond, late"}, {string(OfferNoAnswer), string(OfferTurnedDown), "offer.respond, late"},
		{string(OfferNoAnswer), string(OfferAnsweredNew), "offer.respond, late"},
		{string(OfferTaken), string(OfferFulfilled), "offer.fulfil"}, {string(OfferTaken), string(OfferLapsed), "offer.fulfil"},
	},
}

// Offer is an offer with what became of it.
type Offer struct {
	_           struct{} `cbor:",toarray"`
	Ref         Ref
	From        Ref // account
	By          Ref
	Told        Channel
	To          Ref
	OfferKind   OfferKind
	Text        Commitment
	Language    string
	Translation Commitment
	Translator  Commitment
	Deadline    int64
	About       Ref
	Counter     Ref
	State       OfferState
	Made        int64
	Answered    int64
	AnsweredBy  Ref
	AnswerTold  Channel
	Late        bool
	Words       Commitment
	Outcome     int64 // when it was said to be fulfilled or lapsed
	OutcomeBy   Ref   // account
	OutcomeText Commitment
	Position    uint64
}

var _ = register[OfferMake]() && register[OfferRespond]() && register[OfferFulfil]()
