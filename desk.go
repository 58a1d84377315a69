package parley

import (
	"slices"
	"strconv"

	"parley/geo"
)

// ObjectQuery asks the notifier about an object. It may carry a value that somebody observed; if it differs, that is a finding.
type ObjectQuery struct {
	Of       Versioned     `json:"of"`
	Field    string        `json:"field"` // which field the question is about
	Question Commitment    `json:"question"`
	Observed *geo.Position `json:"observed,omitzero"` // where the asker has seen it
}

// Kind implements Body.
func (*ObjectQuery) Kind() CommandKind { return "object.query" }

// Validate implements Body.
func (b *ObjectQuery) Validate() error {
	if b.Field == "" || len(b.Field) > 64 {
		return Invalid("field", strconv.Quote(b.Field), "the name of a field, such as occupancy")
	}
	return first(requireObject("of", b.Of.Ref), requireText("question", b.Question))
}

// ObjectAnswer answers a query. A changed value needs a new version besides.
type ObjectAnswer struct {
	Query  Ref        `json:"query"`
	Answer Commitment `json:"answer"`
}

// Kind implements Body.
func (*ObjectAnswer) Kind() CommandKind { return "object.answer" }

// Validate implements Body.
func (b *ObjectAnswer) Validate() error {
	return first(requireRef("query", b.Query, RefQuery), requireText("answer", b.Answer))
}

// VerifyMethod says how a desk verifier checked an object's place.
type VerifyMethod string

// The methods of verification, from the weakest up (practice.md E.2).
const (
	AsSubmitted  VerifyMethod = "as_submitted"
	CheckedMap   VerifyMethod = "checked_map"
	SecondSource VerifyMethod = "second_source"
	OnSite       VerifyMethod = "on_site"
)

// ObjectVerify records that a desk verifier has checked a version, how, and where their own source puts the object.
type ObjectVerify struct {
	Of     Versioned     `json:"of"`
	Method VerifyMethod  `json:"method"`
	Source Commitment    `json:"source"`
	On     int64         `json:"on"`             // when it was checked, milliseconds UTC
	Place  *geo.Position `json:"place,omitzero"` // the place this source gives; required for a second source and on site
}

// Kind implements Body.
func (*ObjectVerify) Kind() CommandKind { return "object.verify" }

// Validate implements Body.
func (b *ObjectVerify) Validate() error {
	if !slices.Contains([]VerifyMethod{AsSubmitted, CheckedMap, SecondSource, OnSite}, b.Method) {
		return Invalid("method", strconv.Quote(string(b.Method)), "as_submitted, checked_map, second_source or on_site")
	}
	if (b.Method == SecondSource || b.Method == OnSite) && b.Place == nil {
		return Invalid("place", "nothing", "the place this source gives")
	}
	return first(validateTime("on", b.On), requireObject("of", b.Of.Ref), requireText("source", b.Source))
}

// ObjectRelease sends exactly one version to one party, within the notifier's consent. The releaser is not the verifier.
type ObjectRelease struct {
	Of        Versioned `json:"of"`
	To        Ref       `json:"to"`
	Emergency bool      `json:"emergency,omitzero"` // one officer, verified or not; a second signs within the profile's time; marked
}

// Kind implements Body.
func (*ObjectRelease) Kind() CommandKind { return "object.release" }

// Validate implements Body.
func (b *ObjectRelease) Validate() error {
	return first(requireObject("of", b.Of.Ref), requireRef("to", b.To, RefParty))
}

// ReleaseCountersign is the second signature under an emergency release.
type ReleaseCountersign struct {
	Of Versioned `json:"of"`
	To Ref       `json:"to"`
}

// Kind implements Body.
func (*ReleaseCountersign) Kind() CommandKind { return "release.countersign" }

// Validate implements Body.
func (b *ReleaseCountersign) Validate() error {
	return first(requireObject("of", b.Of.Ref), requireRef("to", b.To, RefParty))
}

// ObjectRecall calls a released version back. The party confirms that it has deleted it.
type ObjectRecall struct {
	Of     Versioned  `json:"of"`
	To     Ref        `json:"to"`
	Reason Commitment `json:"reason"`
}

// Kind implements Body.
func (*ObjectRecall) Kind() CommandKind { return "object.recall" }

// Validate implements Body.
func (b *ObjectRecall) Validate() error {
	return first(requireObject("of", b.Of.Ref), requireRef("to", b.To, RefParty), requireText("reason", b.Reason))
}

// RecallConfirm states that a recalled version was deleted at every level.
type RecallConfirm struct {
	Of Versioned `json:"of"`
}

// Kind implements Body.
func (*RecallConfirm) Kind() CommandKind { return "recall.confirm" }

// Validate implements Body.
func (b *RecallConfirm) Validate() error { return requireObject("of", b.Of.Ref) }

// ObjectResend sends a released version again. Sendings without an answer are counted.
type ObjectResend struct {
	Of Versioned `json:"of"`
	To Ref       `json:"to"`
}

// Kind implements Body.
func (*ObjectResend) Kind() CommandKind { return "object.resend" }

// Validate implements Body.
func (b *ObjectResend) Validate() error {
	return first(requireObject("of", b.Of.Ref), requireRef("to", b.To, RefParty))
}

func requireObject(field string, r Ref) error {
	return requireRef(field, r, RefSite, RefMovement, RefPresence)
}

var _ = register[ObjectQuery]() && register[ObjectAnswer]() && register[ObjectVerify]() && register[ObjectRelease]() && register[ReleaseCountersign]() &&
	register[ObjectRecall]() && register[RecallConfirm]() && register[ObjectResend]()
