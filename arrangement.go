package parley

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// Terms are what every arrangement has: a line, a zone, a corridor, a pause. An arrangement is recorded, never endorsed: who proposes or
// imposes it and what each party says of it stand beside each other.
type Terms struct {
	_          struct{}    `cbor:",toarray"`
	Names      []LocalName `json:"names,omitzero"`
	Shape      geo.Shape   `json:"shape"`
	Radius     int32       `json:"radius,omitzero"`    // metres around Shape; a radius zone is a point with one
	Window     geo.Window  `json:"window"`             // an open end is geo.Forever
	Addressees []Ref       `json:"addressees"`         // the parties whose word is asked for
	Published  bool        `json:"published,omitzero"` // organisations whose objects it touches may see it
	Text       Commitment  `json:"text,omitzero"`      // what was written or said, in its own words
}

// MaxRadius is the widest radius of an arrangement, in metres: zones of 55 km have been declared.
const MaxRadius = 300_000

// Volume returns where and when the arrangement holds.
func (t *Terms) Volume() geo.Volume {
	return geo.Volume{Shape: t.Shape, Buffer: t.Radius, Band: geo.AllAltitudes, Window: t.Window}
}

func (t *Terms) validate(kinds ...geo.Kind) error {
	if err := first(validateShape("shape", t.Shape, kinds...), validateSpan("window.from", "window.to", t.Window, true), validateAddressees(t.Addressees, 1)); err != nil {
		return err
	}
	if f, ok := t.Shape.Simple().(*geo.Fault); ok {
		return Invalid("shape."+f.Path, f.Read, f.Expected)
	}
	if t.Radius < 0 || t.Radius > MaxRadius {
		return Invalid("radius", strconv.Itoa(int(t.Radius)), fmt.Sprintf("0 to %d metres", MaxRadius))
	}
	if t.Shape.Kind == geo.Point && t.Radius == 0 {
		return Invalid("radius", "0", "metres around the point")
	}
	if len(t.Names) > 8 {
		return Invalid("names", fmt.Sprintf("%d names", len(t.Names)), "at most 8")
	}
	for i, n := range t.Names {
		field := fmt.Sprintf("names[%d]", i)
		if n.Language == "" || len(n.Language) > 35 {
			return Invalid(field+".language", strconv.Quote(n.Language), "a language tag such as ar")
		}
		if err := requireText(field+".name", n.Name); err != nil {
			return err
		}
	}
	return nil
}

// Arrangement is a line, zone, corridor or pause with its newest version, as the state keeps it.
type Arrangement struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Proposer Ref // account
	Version  int
	State    ArrangementState
	Imposed  bool // lines and zones: it stands whatever others say; what they say stands too
	Line     *Line
	Corridor *Corridor
	Pause    *Pause
	Name     Hash
	Position uint64
	At       int64
	By       Ref
	OnBehalf *OnBehalf
	Earlier  []ArrangementVersion
	Consents []ConsentRecord // one for each addressee and for a proposing party, in their order
	Log      []ArrangementStep
	Uses     int   // corridors: movements that set out while it was open and they were in it
	Inside   []Ref // of the newest change of status: movements inside or due inside, in order
}

// Terms returns what the arrangement has in common with others.
func (a *Arrangement) Terms() *Terms {
	switch {
	case a.Line != nil:
		return &a.Line.Terms
	case a.Corridor != nil:
		return &a.Corridor.Terms
	}
	return &a.Pause.Terms
}

// Ended reports whether the arrangement has ended.
func (a *Arrangement) Ended() bool { return a.State == ArrangementEnded }

// Agreed returns how many of the parties that were asked agree to the newest version.
func (a *Arrangement) Agreed() (n, of int) {
	for _, c := range a.Consents {
		if c.Status == ConsentAgreed && c.Version == a.Version {
			n++
		}
	}
	return n, len(a.Consents)
}

// ArrangementVersion is an earlier version of an arrangement.
type ArrangementVersion struct {
	_        struct{} `cbor:",toarray"`
	Version  int
	Line     *Line
	Corridor *Corridor
	Pause    *Pause
	Name     Hash
	Position uint64
	At       int64
}

// Terms returns what the version has in common with those of other kinds.
func (v *ArrangementVersion) Terms() *Terms {
	return (&Arrangement{Line: v.Line, Corridor: v.Corridor, Pause: v.Pause}).Terms()
}

// ArrangementStep is one change of an arrangement's status, as somebody stated it.
type ArrangementStep struct {
	_       struct{} `cbor:",toarray"`
	State   ArrangementState
	Account Ref // whose word it is; empty: its window
	By      Ref
	Told    Channel
	Words   Commitment
	Due     int64
	At      int64
}

// ConsentRecord is what one party says of an arrangement.
type ConsentRecord struct {
	_       struct{} `cbor:",toarray"`
	Party   Ref
	Status  ConsentStatus
	Version int // that was spoken of
	At      int64
	By      Ref
	Told    Channel // how the word came; empty: signed
	Words   Commitment
}

// ConsentStatus is how a party stands to an arrangement. A party that was not addressed was not told.
type ConsentStatus string

// The statuses of consent, shown for every party of the theatre.
const (
	ConsentNotTold   ConsentStatus = "not_told"
	ConsentNoAnswer  ConsentStatus = "no_answer"
	ConsentAgreed    ConsentStatus = "agreed"
	ConsentRefused   ConsentStatus = "refused"
	ConsentContested ConsentStatus = "contested" // it contests what was imposed, or has taken its word back
)

// ArrangementState is how far an arrangement has come. "Open" and "in force" repeat what the named parties stated.
type ArrangementState string

// The states of arrangements. Lines and zones are in force, corridors and pauses open.
const (
	ArrangementProposed  ArrangementState = "proposed"
	ArrangementImposed   ArrangementState = "imposed"
	ArrangementAgreed    ArrangementState = "agreed"
	ArrangementInForce   ArrangementState = "in_force"
	ArrangementOpen      ArrangementState = "open"
	ArrangementSuspended ArrangementState = "suspended"
	ArrangementEnded     ArrangementState = "ended"
)

// ArrangementMachine is the machine of lines, zones, corridors and pauses.
var ArrangementMachine = &Machine{
	Name: "arrangement", About: "Where a line, zone, corridor or pause stands, as the parties that are named state it. It is recorded, never endorsed. People who stay or take another way remain protected.",
	States: []State{
		{Name: string(ArrangementProposed), About: "told to those addressed; each one's word is shown"},
		{Name: string(ArrangementImposed), About: "stated by one side, whatever others say"},
		{Name: string(ArrangementAgreed), About: "every party that was asked has agreed to this version"},
		{Name: string(ArrangementInForce), About: "a line or zone whose window has begun, as stated or agreed"},
		{Name: string(ArrangementOpen), About: "a corridor or pause that a named party or the desk has stated to be open"},
		{Name: string(ArrangementSuspended), About: "interrupted, by whoever said so"},
		{Name: string(ArrangementEnded), About: "ended by its proposer, by a party, or by its window", Final: true},
	},
	Starts: []string{string(ArrangementImposed)},
	Moves: []Move{
		{string(ArrangementProposed), string(ArrangementAgreed), "consent.give by the last"},
		{string(ArrangementProposed), string(ArrangementImposed), "line.impose, zone.impose as a new version"},
		{string(ArrangementProposed), string(ArrangementInForce), "consent.give by the last, when the window has begun"},
		{string(ArrangementProposed), string(ArrangementProposed), "a new version"},
		{string(ArrangementAgreed), string(ArrangementProposed), "consent.withdraw, consent.refuse, a new version"},
		{string(ArrangementAgreed), string(ArrangementInForce), "deadline arrangement_begins"},
		{string(ArrangementImposed), string(ArrangementInForce), "deadline arrangement_begins"},
		{string(ArrangementImposed), string(ArrangementImposed), "a new version"},
		{string(ArrangementInForce), string(ArrangementProposed), "a new version"},
		{string(ArrangementInForce), string(ArrangementImposed), "a new version of what is imposed"},
		{string(ArrangementInForce), string(ArrangementSuspended), "consent.withdraw of an agreed one"},
		{string(ArrangementSuspended), string(ArrangementInForce), "consent.give by the last"},
		{string(ArrangementProposed), string(ArrangementOpen), "corridor.status, pause.status: agreed by some of those asked"},
		{string(ArrangementAgreed), string(ArrangementOpen), "corridor.status, pause.status"},
		{string(ArrangementOpen), string(ArrangementSuspended), "corridor.status, pause.status, consent.withdraw"},
		{string(ArrangementSuspended), string(ArrangementOpen), "corridor.status, pause.status"},
		{string(ArrangementOpen), string(ArrangementProposed), "a new version"},
		{string(ArrangementSuspended), string(ArrangementProposed), "a new version"},
		{Any, string(ArrangementEnded), "line.end, zone.end, corridor.status, pause.status, deadline arrangement_ends"},
	},
}

// requireArrangement checks that a reference is that of an arrangement.
func requireArrangement(field string, r Ref) error {
	return requireRef(field, r, RefLine, RefZone, RefCorridor, RefPause)
}

// ConsentWord is a party's word about exactly one version of an arrangement.
type ConsentWord struct {
	Of    Versioned  `json:"of"`
	Words Commitment `json:"words,omitzero"`
}

func (b *ConsentWord) validate() error { return requireArrangement("of", b.Of.Ref) }

// ConsentGive says that a party agrees to a version.
type ConsentGive struct{ ConsentWord }

// Kind implements Body.
func (*ConsentGive) Kind() CommandKind { return "consent.give" }

// Validate implements Body.
func (b *ConsentGive) Validate() error { return b.validate() }

// ConsentRefuse says that a party does not agree to a version, or contests what was imposed.
type ConsentRefuse struct{ ConsentWord }

// Kind implements Body.
func (*ConsentRefuse) Kind() CommandKind { return "consent.refuse" }

// Validate implements Body.
func (b *ConsentRefuse) Validate() error { return b.validate() }

// ConsentWithdraw takes a party's agreement back.
type ConsentWithdraw struct{ ConsentWord }

// Kind implements Body.
func (*ConsentWithdraw) Kind() CommandKind { return "consent.withdraw" }

// Validate implements Body.
func (b *ConsentWithdraw) Validate() error { return b.validate() }

// compareConsents orders consents by party.
func compareConsents(a, b ConsentRecord) int { return cmp.Compare(a.Party, b.Party) }

// SortConsents puts consents into the order in which they are kept.
func SortConsents(cs []ConsentRecord) { slices.SortFunc(cs, compareConsents) }

var _ = register[ConsentGive]() && register[ConsentRefuse]() && register[ConsentWithdraw]()
