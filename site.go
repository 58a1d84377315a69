package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// Category says what a site is. The words are neutral and the list is closed (practice.md A.3).
type Category string

// Categories of sites, in the order in which lists show them.
var Categories = []Category{"hospital", "clinic", "mobile_clinic", "ambulance_base", "blood_bank", "office", "warehouse", "guesthouse", "distribution_point",
	"displaced_site", "collective_shelter", "school", "child_space", "water", "sanitation", "electricity", "bakery", "mill", "silo", "market",
	"worship", "cultural_property", "dam", "nuclear", "assembly_point", "burial_site", "other"}

// Site is a place that does not move: a hospital, a school, a well.
type Site struct {
	_          struct{}        `cbor:",toarray"`
	Category   Category        `json:"category"`
	Names      []LocalName     `json:"names"`             // at least one; in each script the notifier has
	Function   Commitment      `json:"function,omitzero"` // what it does, in words
	Shape      geo.Shape       `json:"shape"`
	KeepOut    int32           `json:"keep_out,omitzero"` // metres around Shape; 0 takes the profile's
	Obtained   Obtained        `json:"obtained"`
	Admin      []string        `json:"admin,omitzero"` // codes of the administrative levels, from the top
	Address    Commitment      `json:"address,omitzero"`
	Markings   []Marking       `json:"markings,omitzero"`
	Operator   Commitment      `json:"operator,omitzero"`
	Supporter  Commitment      `json:"supporter,omitzero"`
	Since      int64           `json:"since,omitzero"`
	Occupancy  Occupancy       `json:"occupancy"`
	CoLocation *CoLocation     `json:"co_location,omitzero"`
	SignedOff  []Commitment    `json:"signed_off,omitzero"` // security officer and head of mission; names stay with the desk
	Contact    Contact         `json:"contact"`
	From       int64           `json:"from"`           // valid from, milliseconds UTC
	Until      int64           `json:"until,omitzero"` // valid until; 0 is open
	Shared     Sharing         `json:"sharing"`
	Findings   []FindingAnswer `json:"findings,omitzero"`
}

// LocalName is a name in one language.
type LocalName struct {
	_        struct{}   `cbor:",toarray"`
	Language string     `json:"language"` // BCP 47
	Name     Commitment `json:"name"`
}

// Obtained says how a position became known and how exact it is.
type Obtained struct {
	_         struct{}   `cbor:",toarray"`
	Method    Method     `json:"method"`
	Accuracy  int32      `json:"accuracy"` // metres, half-width; at least 1
	On        int64      `json:"on,omitzero"`
	Notation  string     `json:"notation,omitzero"`  // how it was written: DD, DMS, MGRS …
	Written   Commitment `json:"written,omitzero"`   // what was written
	Simulated bool       `json:"simulated,omitzero"` // the device said that its position is not real
}

// Method is how a position was obtained.
type Method string

// The methods.
const (
	ByGPS     Method = "gps"
	ByMap     Method = "map"
	ByImagery Method = "imagery"
	BySurvey  Method = "survey"
	ByWord    Method = "told"
)

// Occupancy is a band, never an exact number of people.
type Occupancy string

// The bands of occupancy.
var Occupancies = []Occupancy{"unknown", "none", "1-50", "51-200", "201-1000", "over-1000"}

// CoLocation is the notifier's statement about military objects near by, as known on a day.
type CoLocation struct {
	_          struct{} `cbor:",toarray"`
	NoneWithin int32    `json:"none_within"` // metres
	KnownOn    int64    `json:"known_on"`
}

// Validate implements ProtectedObject.
func (s *Site) Validate() error {
	if !slices.Contains(Categories, s.Category) {
		return Invalid("category", strconv.Quote(string(s.Category)), fmt.Sprintf("one of %v", Categories))
	}
	if len(s.Names) < 1 || len(s.Names) > 8 {
		return Invalid("names", fmt.Sprintf("%d names", len(s.Names)), "1 to 8")
	}
	for i, n := range s.Names {
		if n.Language == "" || len(n.Language) > 35 {
			return Invalid(fmt.Sprintf("names[%d].language", i), strconv.Quote(n.Language), "a language tag such as ar")
		}
		if err := requireText(fmt.Sprintf("names[%d].name", i), n.Name); err != nil {
			return err
		}
	}
	if err := first(validateShape("shape", s.Shape), validateKeepOut("keep_out", s.KeepOut), within("obtained", s.Obtained.Validate()),
		validateMarkings(s.Markings), requireText("contact.phone", s.Contact.Phone), within("sharing", s.Shared.Validate())); err != nil {
		return err
	}
	if !slices.Contains(Occupancies, s.Occupancy) {
		return Invalid("occupancy", strconv.Quote(string(s.Occupancy)), fmt.Sprintf("one of %v", Occupancies))
	}
	if len(s.Admin) > 4 || slices.ContainsFunc(s.Admin, func(c string) bool { return len(c) > 24 }) {
		return Invalid("admin", fmt.Sprint(s.Admin), "at most 4 codes of at most 24 characters")
	}
	if len(s.SignedOff) > 2 {
		return Invalid("signed_off", fmt.Sprintf("%d names", len(s.SignedOff)), "security officer and head of mission")
	}
	if s.CoLocation != nil && (s.CoLocation.NoneWithin < 1 || s.CoLocation.KnownOn <= 0 || s.CoLocation.KnownOn > MaxTime) {
		return Invalid("co_location", fmt.Sprintf("%d m, known on %s", s.CoLocation.NoneWithin, Stamp(s.CoLocation.KnownOn)), "a distance in metres and the day it was known")
	}
	return first(validateOptionalTime("since", s.Since), validateSpan("from", "until", s.Window(), true), validateFindings(s.Findings))
}

// Validate checks how a position was obtained.
func (o *Obtained) Validate() error {
	if !slices.Contains([]Method{ByGPS, ByMap, ByImagery, BySurvey, ByWord}, o.Method) {
		return Invalid("method", strconv.Quote(string(o.Method)), "gps, map, imagery, survey or told")
	}
	if o.Accuracy < 1 || o.Accuracy > 100_000 {
		return Invalid("accuracy", strconv.Itoa(int(o.Accuracy)), "metres, 1 to 100000")
	}
	if len(o.Notation) > 16 {
		return Invalid("notation", strconv.Quote(o.Notation), "the name of a notation, such as MGRS")
	}
	return validateOptionalTime("on", o.On)
}

func validateFindings(fs []FindingAnswer) error {
	if len(fs) > 16 {
		return Invalid("findings", fmt.Sprintf("%d answers", len(fs)), "at most 16")
	}
	for i, f := range fs {
		if !slices.Contains(Findings, f.Finding) {
			return Invalid(fmt.Sprintf("findings[%d].finding", i), strconv.Quote(string(f.Finding)), fmt.Sprintf("one of %v", Findings))
		}
	}
	return nil
}

// Window returns when the site is valid.
func (s *Site) Window() geo.Window {
	if s.Until == 0 {
		return geo.Window{From: s.From, To: geo.Forever}
	}
	return geo.Window{From: s.From, To: s.Until}
}

// Sharing implements ProtectedObject.
func (s *Site) Sharing() *Sharing { return &s.Shared }

// KeepOutMetres returns the distance around the site that is kept out.
func (s *Site) KeepOutMetres(p *Profile) int32 {
	if s.KeepOut == 0 {
		return p.KeepOut
	}
	return s.KeepOut
}

// Volumes implements ProtectedObject: one volume, from the ground to any height.
func (s *Site) Volumes(p *Profile) []geo.Volume {
	return []geo.Volume{{Shape: s.Shape, Buffer: s.KeepOutMetres(p), Band: geo.AllAltitudes, Window: s.Window()}}
}

// Anchor implements ProtectedObject.
func (s *Site) Anchor() geo.Position { return s.Shape.Bounds().Center() }

// SiteNotify tells the desk of a site.
type SiteNotify struct {
	Site Site `json:"site"`
}

// Kind implements Body.
func (*SiteNotify) Kind() CommandKind { return "site.notify" }

// Validate implements Body.
func (b *SiteNotify) Validate() error { return within("site", b.Site.Validate()) }

// SiteUpdate gives a site a new version. The whole object is stated again.
type SiteUpdate struct {
	Of   Versioned `json:"of"` // the version that is replaced
	Site Site      `json:"site"`
}

// Kind implements Body.
func (*SiteUpdate) Kind() CommandKind { return "site.update" }

// Validate implements Body.
func (b *SiteUpdate) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefSite), within("site", b.Site.Validate()))
}

// SiteRevalidate confirms that a site still is as its version says.
type SiteRevalidate struct {
	Of Versioned `json:"of"`
}

// Kind implements Body.
func (*SiteRevalidate) Kind() CommandKind { return "site.revalidate" }

// Validate implements Body.
func (b *SiteRevalidate) Validate() error { return requireRef("of", b.Of.Ref, RefSite) }

// Withdraw ends a notification. The object's protection under the law does not change.
type Withdraw struct {
	Object Ref            `json:"object"`
	Reason WithdrawReason `json:"reason"`
	Words  Commitment     `json:"words,omitzero"`
}

// WithdrawReason says why a notification ends.
type WithdrawReason string

// The reasons of a withdrawal.
const (
	CeasedFunction WithdrawReason = "ceased_function"
	ConsentEnded   WithdrawReason = "consent_withdrawn"
	EnteredInError WithdrawReason = "entered_in_error"
	Cancelled      WithdrawReason = "cancelled"
)

// SiteWithdraw ends the notification of a site.
type SiteWithdraw struct{ Withdraw }

// Kind implements Body.
func (*SiteWithdraw) Kind() CommandKind { return "site.withdraw" }

// Validate implements Body.
func (b *SiteWithdraw) Validate() error { return b.validate(RefSite) }

func (b *Withdraw) validate(kind RefKind) error {
	if !slices.Contains([]WithdrawReason{CeasedFunction, ConsentEnded, EnteredInError, Cancelled}, b.Reason) {
		return Invalid("reason", strconv.Quote(string(b.Reason)), "ceased_function, consent_withdrawn, entered_in_error or cancelled")
	}
	return requireRef("object", b.Object, kind)
}

var _ = register[SiteNotify]() && register[SiteUpdate]() && register[SiteRevalidate]() && register[SiteWithdraw]()
