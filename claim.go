package parley

import (
	"fmt"
	"slices"
	"strconv"
)

// ClaimType says what a claim does. It is a person's reading of the words, never of whether they are true.
type ClaimType string

// ClaimTypes lists the types of claims.
var ClaimTypes = []ClaimType{"fact", "denial", "offer", "accusation", "justification", "question"}

// Speech says how a claim's words were reported.
type Speech string

// The kinds of speech, as the reader of news texts names them.
const (
	DirectSpeech   Speech = "direct"
	IndirectSpeech Speech = "indirect"
	MixedSpeech    Speech = "mixed"
)

// Claim is what somebody said, through whom, and where that can be read. It is attributed and never asserted.
type Claim struct {
	_             struct{}     `cbor:",toarray"`
	ClaimType     ClaimType    `json:"claim_type"`
	Speaker       Commitment   `json:"speaker"`            // name
	Capacity      Commitment   `json:"capacity,omitzero"`  // as which they spoke
	Party         Ref          `json:"party,omitzero"`     // the party in whose name they are said to have spoken
	Via           []Commitment `json:"via,omitempty"`      // outlets, the first hearer first
	Published     int64        `json:"published,omitzero"` // milliseconds UTC; 0: not known
	Event         int64        `json:"event,omitzero"`     // when what is spoken of happened, as said
	Speech        Speech       `json:"speech"`
	Language      string       `json:"language"`
	Quotation     Commitment   `json:"quotation"` // the exact words, as published
	Translation   Commitment   `json:"translation,omitzero"`
	Translator    Commitment   `json:"translator,omitzero"`
	Link          Commitment   `json:"link,omitzero"`
	Document      Hash         `json:"document,omitzero"` // SHA-256 of the text it was read in
	Spans         []Span       `json:"spans,omitempty"`   // where in it
	Archived      Ref          `json:"archived,omitzero"` // a copy, as evidence
	Places        []Commitment `json:"places,omitempty"`  // as named
	Organisations []Commitment `json:"organisations,omitempty"`
	Attribution   *Attribution `json:"attribution,omitzero"` // who, it says, did what it is about
	About         []Ref        `json:"about,omitempty"`
	Supports      []Ref        `json:"supports,omitempty"` // claims
	Contradicts   []Ref        `json:"contradicts,omitempty"`
	Restricted    bool         `json:"restricted,omitzero"` // never published
}

// Span is a stretch of a text, in characters from 0: from Start up to, without, End.
type Span struct {
	_     struct{} `cbor:",toarray"`
	Start int32    `json:"start"`
	End   int32    `json:"end"`
}

// Attribution is whom a claim names as the author of harm. It is the speaker's word, with the claim's source, and no finding of anybody's.
type Attribution struct {
	_     struct{}   `cbor:",toarray"`
	Party Ref        `json:"party,omitzero"`
	Actor Commitment `json:"actor,omitzero"` // in the speaker's words
}

// claimSubjects are the kinds of records that a claim may be about.
var claimSubjects = []RefKind{RefIncident, RefHarm, RefSite, RefMovement, RefPresence, RefStop, RefLine, RefZone, RefCorridor, RefPause, RefOffer, RefArea, RefClaim}

// Validate checks everything that can be checked without state.
func (c *Claim) Validate() error {
	if !slices.Contains(ClaimTypes, c.ClaimType) {
		return Invalid("claim_type", strconv.Quote(string(c.ClaimType)), fmt.Sprintf("one of %v", ClaimTypes))
	}
	if err := first(requireText("speaker", c.Speaker), requireText("quotation", c.Quotation), validateOptionalTime("published", c.Published), validateOptionalTime("event", c.Event)); err != nil {
		return err
	}
	if c.Party != "" {
		if err := requireRef("party", c.Party, RefParty); err != nil {
			return err
		}
	}
	if c.Speech != DirectSpeech && c.Speech != IndirectSpeech && c.Speech != MixedSpeech {
		return Invalid("speech", strconv.Quote(string(c.Speech)), "direct, indirect or mixed")
	}
	if c.Language == "" || len(c.Language) > 35 {
		return Invalid("language", strconv.Quote(c.Language), "a language tag such as ar")
	}
	if !c.Translator.IsZero() && c.Translation.IsZero() {
		return Invalid("translator", "a name", "none without a translation")
	}
	if len(c.Via) > 8 || len(c.Places) > 50 || len(c.Organisations) > 50 || len(c.Spans) > 20 {
		return Invalid("via", fmt.Sprintf("%d outlets, %d places, %d organisations, %d spans", len(c.Via), len(c.Places), len(c.Organisations), len(c.Spans)), "at most 8, 50, 50 and 20")
	}
	for n, v := range c.Via {
		if err := requireText(fmt.Sprintf("via[%d]", n), v); err != nil {
			return err
		}
	}
	for n, s := range c.Spans {
		if s.Start < 0 || s.End <= s.Start || c.Document.IsZero() {
			return Invalid(fmt.Sprintf("spans[%d]", n), fmt.Sprintf("%d to %d", s.Start, s.End), "a stretch of the text that document names, its end after its start")
		}
	}
	if c.Archived != "" {
		if err := requireRef("archived", c.Archived, RefEvidence); err != nil {
			return err
		}
	}
	if a := c.Attribution; a != nil {
		if a.Party == "" && a.Actor.IsZero() {
			return Invalid("attribution", "nothing", "a party, or whom the speaker names in their words")
		}
		if a.Party != "" {
			if err := requireRef("attribution.party", a.Party, RefParty); err != nil {
				return err
			}
		}
	}
	if err := requireRefs("about", c.About, claimSubjects...); err != nil {
		return err
	}
	return first(requireRefs("supports", c.Supports, RefClaim), requireRefs("contradicts", c.Contradicts, RefClaim))
}

// requireRefs checks a list of references of some kinds, each once, at most 20.
func requireRefs(field string, refs []Ref, kinds ...RefKind) error {
	if len(refs) > 20 {
		return Invalid(field, fmt.Sprintf("%d references", len(refs)), "at most 20")
	}
	for n, r := range refs {
		at := fmt.Sprintf("%s[%d]", field, n)
		if err := requireRef(at, r, kinds...); err != nil {
			return err
		}
		if slices.Contains(refs[:n], r) {
			return Invalid(at, string(r), "each reference once")
		}
	}
	return nil
}

// ClaimRecord puts a claim on record.
type ClaimRecord struct {
	Claim Claim `json:"claim"`
}

// Kind implements Body.
func (*ClaimRecord) Kind() CommandKind { return "claim.record" }

// Validate implements Body.
func (b *ClaimRecord) Validate() error { return within("claim", b.Claim.Validate()) }

// ClaimRelation says how two claims stand to each other.
type ClaimRelation string

// The relations of claims.
const (
	ClaimSupports    ClaimRelation = "supports"
	ClaimContradicts ClaimRelation = "contradicts"
	ClaimApart       ClaimRelation = "unrelated" // an earlier relation is taken back
)

// ClaimRelate says, later, how a claim stands to another, or what else it is about.
type ClaimRelate struct {
	Claim    Ref           `json:"claim"`
	Other    Ref           `json:"other"`             // a claim, or what the claim is about too
	Relation ClaimRelation `json:"relation,omitzero"` // with a claim
}

// Kind implements Body.
func (*ClaimRelate) Kind() CommandKind { return "claim.relate" }

// Validate implements Body.
func (b *ClaimRelate) Validate() error {
	if err := first(requireRef("claim", b.Claim, RefClaim), requireRef("other", b.Other, claimSubjects...)); err != nil {
		return err
	}
	switch isClaim := b.Other.Kind() == RefClaim; {
	case b.Claim == b.Other:
		return Invalid("other", string(b.Other), "another record")
	case !isClaim && b.Relation != "":
		return Invalid("relation", strconv.Quote(string(b.Relation)), "none: only claims support or contradict each other")
	case isClaim && b.Relation != ClaimSupports && b.Relation != ClaimContradicts && b.Relation != ClaimApart:
		return Invalid("relation", strconv.Quote(string(b.Relation)), "supports, contradicts or unrelated")
	}
	return nil
}

// ClaimNoted is a claim as it stands. What was said is never changed.
type ClaimNoted struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Account  Ref // who recorded it
	By       Ref
	Claim    Claim
	Name     Hash
	Position uint64
	At       int64
	Public   bool
	Related  []ClaimRelated // said later
}

// ClaimRelated is a relation that was noted after the claim.
type ClaimRelated struct {
	_        struct{} `cbor:",toarray"`
	Other    Ref
	Relation ClaimRelation
	Account  Ref
	By       Ref
	At       int64
	Position uint64
}

// AssessmentMake grades an incident or a claim. It stands apart from both, with who made it.
type AssessmentMake struct {
	Of          Ref         `json:"of"`
	Reliability Reliability `json:"reliability"`
	Credibility Credibility `json:"credibility"`
	Grade       EventGrade  `json:"grade,omitzero"` // of an incident
	Words       Commitment  `json:"words"`          // why
}

// EventGrade is how well an incident is corroborated (Airwars' grades, practice.md C).
type EventGrade string

// EventGrades lists the grades of an incident.
var EventGrades = []EventGrade{"confirmed", "fair", "weak", "contested", "discounted"}

// Kind implements Body.
func (*AssessmentMake) Kind() CommandKind { return "assessment.make" }

// Validate implements Body.
func (b *AssessmentMake) Validate() error {
	if err := first(requireRef("of", b.Of, RefIncident, RefClaim), validateGrade(b.Reliability, b.Credibility), requireText("words", b.Words)); err != nil {
		return err
	}
	if incident := b.Of.Kind() == RefIncident; incident != (b.Grade != "") || incident && !slices.Contains(EventGrades, b.Grade) {
		return Invalid("grade", strconv.Quote(string(b.Grade)), fmt.Sprintf("one of %v for an incident, none for a claim", EventGrades))
	}
	return nil
}

// Assessment is a grade that somebody has given.
type Assessment struct {
	_           struct{} `cbor:",toarray"`
	Of          Ref
	Account     Ref
	By          Ref
	Reliability Reliability
	Credibility Credibility
	Grade       EventGrade
	Words       Commitment
	At          int64
	Position    uint64
}

// ResponseKind is what a party says about an incident (practice.md E.9).
type ResponseKind string

// The kinds of responses. The first two are receipt; the answer is still to come.
const (
	ResponseReceived ResponseKind = "received"
	ResponseReview   ResponseKind = "under_review"
)

// ResponseKinds lists the kinds, receipt first.
var ResponseKinds = []ResponseKind{ResponseReceived, ResponseReview, "accepted", "partly_accepted", "rejected", "no_comment"}

// ResponseAsk asks a party for its response to an incident. Being asked is no finding. The party learns of the incident by it.
type ResponseAsk struct {
	Incident Ref `json:"incident"`
	Party    Ref `json:"party"`
}

// Kind implements Body.
func (*ResponseAsk) Kind() CommandKind { return "response.ask" }

// Validate implements Body.
func (b *ResponseAsk) Validate() error {
	return first(requireRef("incident", b.Incident, RefIncident), requireRef("party", b.Party, RefParty))
}

// ResponseGive is a party's own response to an incident.
type ResponseGive struct {
	Incident Ref          `json:"incident"`
	Response ResponseKind `json:"response"`
	Words    Commitment   `json:"words,omitzero"`
	Remedy   Commitment   `json:"remedy,omitzero"` // what it has done or will do
}

// Kind implements Body.
func (*ResponseGive) Kind() CommandKind { return "response.give" }

// Validate implements Body.
func (b *ResponseGive) Validate() error {
	if !slices.Contains(ResponseKinds, b.Response) {
		return Invalid("response", strconv.Quote(string(b.Response)), fmt.Sprintf("one of %v", ResponseKinds))
	}
	return requireRef("incident", b.Incident, RefIncident)
}

// PartyResponse is what one party was asked and has said about one incident. Every word stays.
type PartyResponse struct {
	_        struct{} `cbor:",toarray"`
	Incident Ref
	Party    Ref
	Asked    int64 // 0: nobody asked
	Receipt  int64 // when receipt is due
	Due      int64 // when the answer is due
	Late     bool  // a deadline passed unanswered
	Received int64
	Answered int64
	Said     []ResponseSaid
}

// ResponseSaid is one word of a party about an incident.
type ResponseSaid struct {
	_        struct{} `cbor:",toarray"`
	Response ResponseKind
	Words    Commitment
	Remedy   Commitment
	By       Ref
	Told     Channel
	At       int64
	Position uint64
}

var _ = register[ClaimRecord]() && register[ClaimRelate]() && register[AssessmentMake]() && register[ResponseAsk]() && register[ResponseGive]()
