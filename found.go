package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// Asked says whether those whom a place concerns were asked if others may know of it, and what they said.
type Asked string

// The answers to the question whether others may know.
const (
	AskedNobody   Asked = "nobody" // nobody could be asked
	AskedOperator Asked = "operator_agrees"
	AskedPeople   Asked = "people_agree" // people who are there
	AskedRefused  Asked = "refused"
)

// AskedAnswers lists the answers.
var AskedAnswers = []Asked{AskedNobody, AskedOperator, AskedPeople, AskedRefused}

// SiteFound tells the desk of a protected place that nobody has notified and that a party has come upon: a school full of people, a
// clinic on no list. It holds what protects the place, and nothing of who came there, when, or what for.
type SiteFound struct {
	Category  Category        `json:"category"`
	Shape     geo.Shape       `json:"shape"`
	Obtained  Obtained        `json:"obtained"`
	Occupancy Occupancy       `json:"occupancy"`
	Markings  []Marking       `json:"markings,omitzero"`
	Words     Commitment      `json:"words,omitzero"`    // what the place is; no names of persons
	Operator  Commitment      `json:"operator,omitzero"` // who runs it, as far as known
	Phone     Commitment      `json:"phone,omitzero"`    // a number at which somebody there answers
	Asked     Asked           `json:"asked"`
	Findings  []FindingAnswer `json:"findings,omitzero"`
}

// Kind implements Body.
func (*SiteFound) Kind() CommandKind { return "site.found" }

// Validate implements Body.
func (b *SiteFound) Validate() error {
	if !slices.Contains(Categories, b.Category) {
		return Invalid("category", strconv.Quote(string(b.Category)), fmt.Sprintf("one of %v", Categories))
	}
	if !slices.Contains(Occupancies, b.Occupancy) {
		return Invalid("occupancy", strconv.Quote(string(b.Occupancy)), fmt.Sprintf("one of %v", Occupancies))
	}
	if b.Obtained.On != 0 {
		return Invalid("obtained.on", Stamp(b.Obtained.On), "nothing: when somebody was there is not asked")
	}
	return first(validateShape("shape", b.Shape), within("obtained", b.Obtained.Validate()), validateMarkings(b.Markings), validateAsked(b.Asked), validateFindings(b.Findings))
}

func validateAsked(a Asked) error {
	if !slices.Contains(AskedAnswers, a) {
		return Invalid("asked", strconv.Quote(string(a)), fmt.Sprintf("one of %v", AskedAnswers))
	}
	return nil
}

// SiteAdopt puts a place on record that the desk keeps itself until whoever runs it does: from a party's report, or a new version of one
// that it keeps. The desk states the place in its own words, so that what others get of it shows nobody's.
type SiteAdopt struct {
	Found Ref        `json:"found,omitzero"` // the report; or
	Of    *Versioned `json:"of,omitzero"`    // the version that is replaced
	Asked Asked      `json:"asked"`
	Site  Site       `json:"site"`
}

// Kind implements Body.
func (*SiteAdopt) Kind() CommandKind { return "site.adopt" }

// Validate implements Body.
func (b *SiteAdopt) Validate() error {
	var source error
	switch {
	case (b.Found == "") == (b.Of == nil):
		source = Invalid("found", strconv.Quote(string(b.Found)), "either a party's report, or the version that is replaced")
	case b.Of == nil:
		source = requireRef("found", b.Found, RefFound)
	default:
		source = requireRef("of", b.Of.Ref, RefSite)
	}
	return first(source, validateAsked(b.Asked), within("site", b.Site.Validate()), within("site", b.quiet()))
}

// quiet checks that a place that the desk keeps says nothing of who came there or when, and shares no more than those whom it concerns agreed to.
func (b *SiteAdopt) quiet() error {
	s := &b.Site
	switch {
	case s.From%Day != 0:
		return Invalid("from", Stamp(s.From), "the beginning of a day UTC: the hour would say when somebody was there")
	case s.Obtained.On != 0:
		return Invalid("obtained.on", Stamp(s.Obtained.On), "nothing: it would say when somebody was there")
	case b.Asked == AskedRefused && len(s.Shared.Consents) > 0:
		return Invalid("sharing.consents", fmt.Sprintf("%d consents", len(s.Shared.Consents)), "none: those whom it concerns refused")
	}
	for i, c := range s.Shared.Consents {
		field := fmt.Sprintf("sharing.consents[%d]", i)
		if b.Asked == AskedNobody && c.Precision != Coarse {
			return Invalid(field+".precision", strconv.Quote(string(c.Precision)), "coarse, as long as nobody could be asked")
		}
		if j := slices.IndexFunc(c.Fields, func(f Field) bool { return f != FieldName && f != FieldAddress }); j >= 0 {
			return Invalid(fmt.Sprintf("%s.fields[%d]", field, j), strconv.Quote(string(c.Fields[j])), "name or address: the desk's own number would show that a party found it")
		}
	}
	return nil
}

// FoundClose closes a report without a new site.
type FoundClose struct {
	Found  Ref         `json:"found"`
	Reason FoundReason `json:"reason"`
	Known  Ref         `json:"known,omitzero"` // already_notified: the site that it is; its finder does not learn which
	Words  Commitment  `json:"words,omitzero"`
}

// FoundReason says why a report became no site of its own. None of them says that a place is not protected.
type FoundReason string

// The reasons.
const (
	FoundKnown       FoundReason = "already_notified"
	FoundUnconfirmed FoundReason = "not_confirmed" // nobody could say where or whether it is; it may be reported again
	FoundInError     FoundReason = "reported_in_error"
)

// FoundReasons lists the reasons.
var FoundReasons = []FoundReason{FoundKnown, FoundUnconfirmed, FoundInError}

// Kind implements Body.
func (*FoundClose) Kind() CommandKind { return "found.close" }

// Validate implements Body.
func (b *FoundClose) Validate() error {
	if !slices.Contains(FoundReasons, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", FoundReasons))
	}
	if (b.Reason == FoundKnown) != (b.Known != "") {
		return Invalid("known", strconv.Quote(string(b.Known)), "the site that it is with already_notified, and none without")
	}
	if b.Known != "" {
		if err := requireRef("known", b.Known, RefSite); err != nil {
			return err
		}
	}
	return requireRef("found", b.Found, RefFound)
}

// SiteHand shows a site that the desk keeps to the organisation that runs the place. The organisation takes it over by stating it anew, with
// its own consents; until then the desk's word stands.
type SiteHand struct {
	Of Versioned `json:"of"`
	To Ref       `json:"to"`
}

// Kind implements Body.
func (*SiteHand) Kind() CommandKind { return "site.hand" }

// Validate implements Body.
func (b *SiteHand) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefSite), requireRef("to", b.To, RefOrganisation))
}

// FoundState is how far a report of a found place has come, as the desk sees it.
type FoundState string

// The states of a report. Its finder sees the last two as one: which it is would tell what is notified there.
const (
	FoundWaits   FoundState = "with_desk"
	FoundAdopted FoundState = "adopted"
	FoundClosed  FoundState = "closed"
)

// FoundMachine is the machine of a report of a found place.
var FoundMachine = &Machine{
	Name: "found", About: "What became of a party's report of a protected place that nobody had notified. Its finder learns that the desk has looked at it, and no more.",
	States: []State{
		{Name: string(FoundWaits), About: "told to the desk; its clock runs"},
		{Name: string(FoundAdopted), About: "the desk keeps a site for it", Final: true},
		{Name: string(FoundClosed), About: "closed without a site of its own: already notified, not confirmed, or reported in error", Final: true},
	},
	Moves: []Move{{string(FoundWaits), string(FoundAdopted), "site.adopt"}, {string(FoundWaits), string(FoundClosed), "found.close"}},
}

// Found is a report of a found place with what became of it. Nothing of it is in the record of the site that the desk makes of it.
type Found struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Party    Ref
	By       Ref // member who signed; the desk's own where it was told by telephone
	Told     Channel
	Site     SiteFound
	State    FoundState
	Reason   FoundReason
	Known    Ref // the site that it was already, or that the desk keeps for it
	Words    Commitment
	Late     bool // the desk's clock passed
	At       int64
	Due      int64
	Looked   int64
	Position uint64
}

// Kept says of a site that the desk keeps where it comes from, and who is to take it over.
type Kept struct {
	_        struct{} `cbor:",toarray"`
	Site     Ref
	Found    Ref // the report that it was made from
	Asked    Asked
	Handed   Ref // the organisation that may take it over
	HandedAt int64
	Taken    int64 // when that organisation stated it anew; from then on it is the organisation's
}

var _ = register[SiteFound]() && register[SiteAdopt]() && register[FoundClose]() && register[SiteHand]()
