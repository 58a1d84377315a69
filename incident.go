package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// IncidentKind says what an incident is a report of.
type IncidentKind string

// The kinds of incidents.
const (
	ObjectHarmed  IncidentKind = "object_harmed"
	PeopleHarmed  IncidentKind = "people_harmed"
	AccessImpeded IncidentKind = "access_impeded"
	OtherIncident IncidentKind = "other"
)

// IncidentKinds lists the kinds of incidents.
var IncidentKinds = []IncidentKind{ObjectHarmed, PeopleHarmed, AccessImpeded, OtherIncident}

// PlacePrecision says how exactly the place of an incident is known (practice.md E.12a).
type PlacePrecision string

// The precisions of a place. Each stands for a distance in metres when no radius is stated.
const (
	PlaceExact         PlacePrecision = "exact"
	PlaceStreet        PlacePrecision = "street"
	PlaceNeighbourhood PlacePrecision = "neighbourhood"
	PlaceVillage       PlacePrecision = "village"
	PlaceDistrict      PlacePrecision = "district"
	PlaceRegion        PlacePrecision = "region"
	PlaceCountry       PlacePrecision = "country"
	PlaceUnknown       PlacePrecision = "unknown"
)

// PlacePrecisions lists the precisions, the finest first.
var PlacePrecisions = []PlacePrecision{PlaceExact, PlaceStreet, PlaceNeighbourhood, PlaceVillage, PlaceDistrict, PlaceRegion, PlaceCountry, PlaceUnknown}

var placeMetres = map[PlacePrecision]int32{PlaceExact: 50, PlaceStreet: 250, PlaceNeighbourhood: 1000, PlaceVillage: 3000, PlaceDistrict: 25_000, PlaceRegion: 100_000, PlaceCountry: 500_000}

// MaxIncidentRadius is the widest radius of an incident's place, in metres.
const MaxIncidentRadius int32 = 1_000_000

// MaxIncidentSpan is the longest time span of one incident, and the widest uncertainty of it.
const MaxIncidentSpan = 3660 * Day

// Tally is a count of people, as a range: sources differ.
type Tally struct {
	_    struct{}  `cbor:",toarray"`
	What TallyWhat `json:"what"`
	Who  TallyWho  `json:"who,omitzero"` // empty: all together
	Min  int32     `json:"min"`
	Max  int32     `json:"max"`
	Best int32     `json:"best,omitzero"` // the source's own best figure
}

// TallyWhat says what happened to those who are counted.
type TallyWhat string

// TallyWho says who is counted.
type TallyWho string

// What is counted, and of whom.
var (
	TallyWhats = []TallyWhat{"killed", "injured", "missing", "detained", "displaced"}
	TallyWhos  = []TallyWho{"", "civilians", "women", "men", "children", "health_workers", "aid_workers", "of_side_a", "of_side_b", "not_known"}
)

// DamageGrade is how badly an object was damaged.
type DamageGrade string

// DamageGrades lists the grades of damage; empty is not stated.
var DamageGrades = []DamageGrade{"", "none", "light", "moderate", "severe", "destroyed", "not_known"}

// ServicesLost lists what people lost by an incident.
var ServicesLost = []string{"health", "water", "electricity", "food", "education", "shelter", "access", "other"}

// SourceKind says what kind of source an incident was learnt from.
type SourceKind string

// SourceKinds lists the kinds of sources.
var SourceKinds = []SourceKind{"witness", "victim", "medical", "organisation", "party", "official", "media", "social_media", "imagery", "data_set", "other"}

// Reliability grades a source: A completely reliable to E unreliable, F cannot be judged.
type Reliability string

// Reliabilities lists the grades of a source.
var Reliabilities = []Reliability{"A", "B", "C", "D", "E", "F"}

// Credibility grades what a source says: 1 confirmed by others to 5 improbable, 6 cannot be judged.
type Credibility int32

// Source is where something was learnt, with its grade.
type Source struct {
	_           struct{}    `cbor:",toarray"`
	SourceKind  SourceKind  `json:"source_kind"`
	Name        Commitment  `json:"name,omitzero"`
	On          int64       `json:"on,omitzero"` // its date, milliseconds UTC
	Link        Commitment  `json:"link,omitzero"`
	Reliability Reliability `json:"reliability"`
	Credibility Credibility `json:"credibility"`
	Set         string      `json:"set,omitzero"`   // data_set: the open set it is taken from
	Entry       string      `json:"entry,omitzero"` // data_set: its id there
}

// Certainty is how sure its author is that an incident happened as recorded (WHO SSA's four levels, practice.md C).
type Certainty string

// Certainties lists the levels, the surest first.
var Certainties = []Certainty{"confirmed", "probable", "possible", "rumour"}

// Incident is an event of harm as its author records it. It has no field for who did it: what others say about that is a claim of theirs,
// with its source. No field asks for the purpose of an operation.
type Incident struct {
	_            struct{}       `cbor:",toarray"`
	IncidentKind IncidentKind   `json:"incident_kind"`
	Title        Commitment     `json:"title,omitzero"`
	Narrative    Commitment     `json:"narrative,omitzero"`
	From         int64          `json:"from"`               // milliseconds UTC
	To           int64          `json:"to"`                 // not before From; the same for a moment
	Uncertain    int64          `json:"uncertain,omitzero"` // either end may be off by so many milliseconds
	Place        *geo.Position  `json:"place,omitzero"`     // the middle of where it may have been
	Precision    PlacePrecision `json:"precision"`
	Radius       int32          `json:"radius,omitzero"` // metres; 0: by the precision
	Admin        []string       `json:"admin,omitempty"` // administrative codes or names, the widest first
	PlaceName    Commitment     `json:"place_name,omitzero"`
	Category     Category       `json:"category,omitzero"` // of what was harmed
	Tallies      []Tally        `json:"tallies,omitempty"`
	Damage       DamageGrade    `json:"damage,omitzero"`
	Lost         []string       `json:"lost,omitempty"` // services
	Means        Commitment     `json:"means,omitzero"` // as reported
	Objects      []Ref          `json:"objects,omitempty"`
	Harms        []Ref          `json:"harms,omitempty"` // reports of harm that it gathers
	Sources      []Source       `json:"sources"`
	Certainty    Certainty      `json:"certainty"`
	Restricted   bool           `json:"restricted,omitzero"` // never published
}

// Metres returns how far from its place an incident may have been; ok is false when that is not known.
func (i *Incident) Metres() (metres int32, ok bool) {
	if i.Place == nil {
		return 0, false
	}
	if i.Radius > 0 {
		return i.Radius, true
	}
	metres, ok = placeMetres[i.Precision]
	return metres, ok
}

// Imported reports whether every source of an incident is an open data set.
func (i *Incident) Imported() bool {
	return !slices.ContainsFunc(i.Sources, func(s Source) bool { return s.Set == "" })
}

// Validate checks everything that can be checked without state.
func (i *Incident) Validate() error {
	if !slices.Contains(IncidentKinds, i.IncidentKind) {
		return Invalid("incident_kind", strconv.Quote(string(i.IncidentKind)), fmt.Sprintf("one of %v", IncidentKinds))
	}
	if err := first(validateTime("from", i.From), validateTime("to", i.To)); err != nil {
		return err
	}
	if i.To < i.From {
		return &Fault{Code: CodeClock, Field: "to", Read: fmt.Sprintf("%s, after a beginning at %s", Stamp(i.To), Stamp(i.From)), Expected: "an end that is not before the beginning"}
	}
	if i.To-i.From > MaxIncidentSpan {
		return &Fault{Code: CodeClock, Field: "to", Read: Stamp(i.To), Expected: "an end within 10 years of the beginning"}
	}
	if i.Uncertain < 0 || i.Uncertain > MaxIncidentSpan {
		return Invalid("uncertain", fmt.Sprintf("%d ms", i.Uncertain), "0 to 10 years, in milliseconds")
	}
	if err := i.validatePlace(); err != nil {
		return err
	}
	if err := i.validateEffects(); err != nil {
		return err
	}
	if len(i.Objects) > 50 || len(i.Harms) > 50 {
		return Invalid("objects", fmt.Sprintf("%d objects and %d reports of harm", len(i.Objects), len(i.Harms)), "at most 50 of each")
	}
	for n, r := range i.Objects {
		if err := requireObject(fmt.Sprintf("objects[%d]", n), r); err != nil {
			return err
		}
	}
	for n, r := range i.Harms {
		if err := requireRef(fmt.Sprintf("harms[%d]", n), r, RefHarm); err != nil {
			return err
		}
	}
	if len(i.Sources) == 0 || len(i.Sources) > 50 {
		return Invalid("sources", fmt.Sprintf("%d sources", len(i.Sources)), "1 to 50: the system asserts nothing of its own")
	}
	for n := range i.Sources {
		if err := within(fmt.Sprintf("sources[%d]", n), i.Sources[n].Validate()); err != nil {
			return err
		}
	}
	if !slices.Contains(Certainties, i.Certainty) {
		return Invalid("certainty", strconv.Quote(string(i.Certainty)), fmt.Sprintf("one of %v", Certainties))
	}
	return nil
}

func (i *Incident) validatePlace() error {
	switch {
	case !slices.Contains(PlacePrecisions, i.Precision):
		return Invalid("precision", strconv.Quote(string(i.Precision)), fmt.Sprintf("one of %v", PlacePrecisions))
	case i.Place == nil && i.Precision != PlaceUnknown:
		return Invalid("place", "nothing", "a position, or the precision unknown")
	case i.Place != nil && !i.Place.Valid():
		return Invalid("place", i.Place.String(), "a position on the earth")
	case i.Radius < 0 || i.Radius > MaxIncidentRadius || i.Place == nil && i.Radius != 0:
		return Invalid("radius", fmt.Sprintf("%d m", i.Radius), fmt.Sprintf("0 to %d m around a place", MaxIncidentRadius))
	case len(i.Admin) > 6:
		return Invalid("admin", fmt.Sprintf("%d names", len(i.Admin)), "at most 6, the widest first")
	}
	for n, name := range i.Admin {
		if name == "" || len(name) > 80 {
			return Invalid(fmt.Sprintf("admin[%d]", n), strconv.Quote(name), "the code or name of an administrative area, at most 80 bytes")
		}
	}
	return nil
}

func (i *Incident) validateEffects() error {
	if i.Category != "" && !slices.Contains(Categories, i.Category) {
		return Invalid("category", strconv.Quote(string(i.Category)), "a category of protected objects")
	}
	if len(i.Tallies) > 40 {
		return Invalid("tallies", fmt.Sprintf("%d counts", len(i.Tallies)), "at most 40")
	}
	for n, t := range i.Tallies {
		field := fmt.Sprintf("tallies[%d]", n)
		switch {
		case !slices.Contains(TallyWhats, t.What):
			return Invalid(field+".what", strconv.Quote(string(t.What)), fmt.Sprintf("one of %v", TallyWhats))
		case !slices.Contains(TallyWhos, t.Who):
			return Invalid(field+".who", strconv.Quote(string(t.Who)), fmt.Sprintf("nothing, or one of %v", TallyWhos[1:]))
		case t.Min < 0 || t.Max < t.Min || t.Max > 10_000_000:
			return Invalid(field+".max", fmt.Sprintf("%d to %d", t.Min, t.Max), "a range from 0, its end not below its beginning")
		case t.Best < 0 || t.Best > t.Max || t.Best != 0 && t.Best < t.Min:
			return Invalid(field+".best", strconv.Itoa(int(t.Best)), fmt.Sprintf("a figure within %d to %d", t.Min, t.Max))
		}
		for _, before := range i.Tallies[:n] {
			if before.What == t.What && before.Who == t.Who {
				return Invalid(field, fmt.Sprintf("%s %s a second time", t.Who, t.What), "each count once, as a range")
			}
		}
	}
	if !slices.Contains(DamageGrades, i.Damage) {
		return Invalid("damage", strconv.Quote(string(i.Damage)), fmt.Sprintf("nothing, or one of %v", DamageGrades[1:]))
	}
	for n, s := range i.Lost {
		if !slices.Contains(ServicesLost, s) || slices.Contains(i.Lost[:n], s) {
			return Invalid(fmt.Sprintf("lost[%d]", n), strconv.Quote(s), fmt.Sprintf("each of %v at most once", ServicesLost))
		}
	}
	return nil
}

// Validate checks a source and its grade.
func (s *Source) Validate() error {
	if !slices.Contains(SourceKinds, s.SourceKind) {
		return Invalid("source_kind", strconv.Quote(string(s.SourceKind)), fmt.Sprintf("one of %v", SourceKinds))
	}
	if err := validateGrade(s.Reliability, s.Credibility); err != nil {
		return err
	}
	if err := validateOptionalTime("on", s.On); err != nil {
		return err
	}
	if set := s.SourceKind == "data_set"; set != (s.Set != "") || set != (s.Entry != "") {
		return Invalid("set", strconv.Quote(s.Set), "for a data_set, and for nothing else, the set's name and the entry's id in it")
	}
	if !plainName(s.Set) || !plainName(s.Entry) {
		return Invalid("entry", strconv.Quote(s.Set+" "+s.Entry), "small letters, capitals, digits and . _ : -, at most 64")
	}
	if s.Set == "" && s.Name.IsZero() {
		return Invalid("name", "nothing", "the source's name, as a text")
	}
	return nil
}

// validateGrade checks the two halves of a grade.
func validateGrade(r Reliability, c Credibility) error {
	if !slices.Contains(Reliabilities, r) {
		return Invalid("reliability", strconv.Quote(string(r)), "A to F: A completely reliable, E unreliable, F cannot be judged")
	}
	if c < 1 || c > 6 {
		return Invalid("credibility", strconv.Itoa(int(c)), "1 to 6: 1 confirmed by others, 5 improbable, 6 cannot be judged")
	}
	return nil
}

// plainName reports whether a name of a set or an entry is short and of plain letters.
func plainName(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == ':' || r == '-') {
			return false
		}
	}
	return len(s) <= 64
}

// IncidentRecord puts an incident on record.
type IncidentRecord struct {
	Incident Incident `json:"incident"`
}

// Kind implements Body.
func (*IncidentRecord) Kind() CommandKind { return "incident.record" }

// Validate implements Body.
func (b *IncidentRecord) Validate() error { return within("incident", b.Incident.Validate()) }

// IncidentUpdate gives an incident a new version. What was wrong or became known stands in its log of corrections.
type IncidentUpdate struct {
	Of       Versioned      `json:"of"`
	Incident Incident       `json:"incident"`
	Reason   IncidentChange `json:"reason"`
	Words    Commitment     `json:"words"`
}

// IncidentChange says why an incident has a new version.
type IncidentChange string

// IncidentChanges lists the reasons.
var IncidentChanges = []IncidentChange{"more_known", "correction", "source_withdrawn", "merged"}

// Kind implements Body.
func (*IncidentUpdate) Kind() CommandKind { return "incident.update" }

// Validate implements Body.
func (b *IncidentUpdate) Validate() error {
	if err := first(requireRef("of", b.Of.Ref, RefIncident), requireText("words", b.Words)); err != nil {
		return err
	}
	if b.Of.Version < 1 {
		return Invalid("of", b.Of.String(), "a version from 1 on")
	}
	if !slices.Contains(IncidentChanges, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), fmt.Sprintf("one of %v", IncidentChanges))
	}
	return within("incident", b.Incident.Validate())
}

// IncidentLink is the desk's word on what a recorded incident concerns: notified objects and reports of harm that its author may not know.
type IncidentLink struct {
	Incident Ref   `json:"incident"`
	Objects  []Ref `json:"objects,omitempty"`
	Harms    []Ref `json:"harms,omitempty"`
}

// Kind implements Body.
func (*IncidentLink) Kind() CommandKind { return "incident.link" }

// Validate implements Body.
func (b *IncidentLink) Validate() error {
	if n := len(b.Objects) + len(b.Harms); n == 0 || n > 50 {
		return Invalid("objects", fmt.Sprintf("%d references", n), "1 to 50 notified objects and reports of harm")
	}
	for n, r := range b.Objects {
		if err := requireObject(fmt.Sprintf("objects[%d]", n), r); err != nil {
			return err
		}
	}
	for n, r := range b.Harms {
		if err := requireRef(fmt.Sprintf("harms[%d]", n), r, RefHarm); err != nil {
			return err
		}
	}
	return requireRef("incident", b.Incident, RefIncident)
}

// IncidentMatch is a person's word on two incidents that may be one. Nothing is merged by it: both stay, and say so of each other.
type IncidentMatch struct {
	Incident Ref        `json:"incident"`
	Other    Ref        `json:"other"`
	Same     bool       `json:"same,omitzero"`
	Words    Commitment `json:"words,omitzero"`
}

// Kind implements Body.
func (*IncidentMatch) Kind() CommandKind { return "incident.match" }

// Validate implements Body.
func (b *IncidentMatch) Validate() error {
	if b.Incident == b.Other {
		return Invalid("other", string(b.Other), "another incident")
	}
	return first(requireRef("incident", b.Incident, RefIncident), requireRef("other", b.Other, RefIncident))
}

// IncidentClose ends the work on an incident, or takes it up again. What was said stays.
type IncidentClose struct {
	Incident Ref        `json:"incident"`
	Reopen   bool       `json:"reopen,omitzero"`
	Words    Commitment `json:"words"`
}

// Kind implements Body.
func (*IncidentClose) Kind() CommandKind { return "incident.close" }

// Validate implements Body.
func (b *IncidentClose) Validate() error {
	return first(requireRef("incident", b.Incident, RefIncident), requireText("words", b.Words))
}

// IncidentNoted is an incident as it stands.
type IncidentNoted struct {
	_           struct{} `cbor:",toarray"`
	Ref         Ref
	Account     Ref // whose record it is
	By          Ref
	Version     int
	Incident    Incident
	State       IncidentState
	Name        Hash
	Position    uint64
	At          int64
	Public      int   // the newest version that is published; 0: none
	PublicSince int64 // when a version first was
	Objects     []Ref // what it concerns, by its author or the desk
	Harms       []Ref
	Earlier     []IncidentVersion
	Changes     []IncidentChanged // the log of corrections, one a version from the second on
	Matches     []Match
	Closed      int64
	Closing     Commitment
}

// VersionOf returns a version of an incident, nil when there is none.
func (i *IncidentNoted) VersionOf(n int) *Incident {
	if n == i.Version {
		return &i.Incident
	}
	for k := range i.Earlier {
		if i.Earlier[k].Version == n {
			return &i.Earlier[k].Incident
		}
	}
	return nil
}

// IncidentVersion is an earlier version of an incident.
type IncidentVersion struct {
	_        struct{} `cbor:",toarray"`
	Version  int
	Incident Incident
	Name     Hash
	Position uint64
	At       int64
}

// IncidentChanged is one entry of the log of corrections.
type IncidentChanged struct {
	_       struct{} `cbor:",toarray"`
	Version int      // the one that it made
	Reason  IncidentChange
	Words   Commitment
	By      Ref
	At      int64
}

// Match is another incident that may be the same one, with why, and what a person has said about it.
type Match struct {
	_       struct{} `cbor:",toarray"`
	Other   Ref
	Reasons []MatchReason
	Apart   int64 // metres between the places; -1: not known
	Said    MatchWord
	By      Ref
	At      int64
	Words   Commitment
}

// MatchReason is why two incidents may be one.
type MatchReason string

// The reasons of a match.
const (
	MatchTime   MatchReason = "times_overlap"
	MatchPlace  MatchReason = "places_overlap"
	MatchObject MatchReason = "same_object"
	MatchTally  MatchReason = "same_count"
)

// MatchWord is what a person has said about a match.
type MatchWord string

// The words about a match. It is proposed until a person has said something.
const (
	MatchProposed  MatchWord = "proposed"
	MatchSame      MatchWord = "same"
	MatchDifferent MatchWord = "different"
)

// IncidentState is how far the work on an incident has come.
type IncidentState string

// The states of an incident.
const (
	IncidentAlleged    IncidentState = "alleged"
	IncidentDocumented IncidentState = "documented"
	IncidentAssessed   IncidentState = "assessed"
	IncidentAnswered   IncidentState = "party_response"
	IncidentClosed     IncidentState = "closed"
)

// IncidentMachine is the machine of an incident.
var IncidentMachine = &Machine{
	Name: "incident", About: "How far the work on an incident has come. No state says who did it, or who is right.",
	States: []State{
		{Name: string(IncidentAlleged), About: "recorded from its sources"},
		{Name: string(IncidentDocumented), About: "linked by the desk, or with a claim or evidence about it"},
		{Name: string(IncidentAssessed), About: "somebody has graded it; the grade stands apart from the event"},
		{Name: string(IncidentAnswered), About: "a party has given its own response"},
		{Name: string(IncidentClosed), About: "the work on it has ended; it can be taken up again"},
	},
	Moves: []Move{
		{string(IncidentAlleged), string(IncidentDocumented), "incident.link, claim.record, evidence.add"},
		{string(IncidentAlleged), string(IncidentAssessed), "assessment.make"},
		{string(IncidentDocumented), string(IncidentAssessed), "assessment.make"},
		{string(IncidentAlleged), string(IncidentAnswered), "response.give"},
		{string(IncidentDocumented), string(IncidentAnswered), "response.give"},
		{string(IncidentAssessed), string(IncidentAnswered), "response.give"},
		{Any, string(IncidentClosed), "incident.close"},
		{string(IncidentClosed), string(IncidentDocumented), "incident.close reopen"},
	},
}

var _ = register[IncidentRecord]() && register[IncidentUpdate]() && register[IncidentLink]() && register[IncidentMatch]() && register[IncidentClose]()
