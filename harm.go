package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// HarmReport says that harm came to a protected object, or that there is fire at a place. It has no field for who did it: a report
// is of an event, and what others say about its author is a claim of theirs.
type HarmReport struct {
	Object  Ref           `json:"object,omitzero"`
	Place   *geo.Position `json:"place,omitzero"`
	At      int64         `json:"at"`               // when it began, milliseconds UTC
	GoesOn  bool          `json:"goes_on,omitzero"` // it goes on while this is said
	Effects Commitment    `json:"effects,omitzero"` // what happened: for the reporter, the object's owner and the desk
}

// Kind implements Body.
func (*HarmReport) Kind() CommandKind { return "harm.report" }

// Validate implements Body.
func (b *HarmReport) Validate() error {
	if (b.Object == "") == (b.Place == nil) {
		return Invalid("object", strconv.Quote(string(b.Object)), "either a reference or a place")
	}
	if err := validateTime("at", b.At); err != nil {
		return err
	}
	if b.Object != "" {
		return requireObject("object", b.Object)
	}
	return nil
}

// CauseClass is a party's own word about how harm came to an object it had been told of (practice.md B). It is the party's word about
// itself, never anybody's finding.
type CauseClass string

// The classes of cause. UnderReview is receipt: the answer is still to come.
const (
	UnderReview     CauseClass = "under_review"
	NotReceived     CauseClass = "not_received"
	NotDisseminated CauseClass = "not_disseminated"
	NotConsulted    CauseClass = "not_consulted"
	Misidentified   CauseClass = "misidentified"
	DataWrong       CauseClass = "data_wrong"
	HarmNotOurs     CauseClass = "not_ours"
	CauseUnknown    CauseClass = "unknown"
)

// CauseClasses lists the classes, receipt first.
var CauseClasses = []CauseClass{UnderReview, NotReceived, NotDisseminated, NotConsulted, Misidentified, DataWrong, HarmNotOurs, CauseUnknown}

// CorrectionOpen gives a party a task after harm to an object: to find out on its own side what went wrong, and to mend it. One opens by
// itself for every party that held the object; the desk opens others.
type CorrectionOpen struct {
	Harm  Ref `json:"harm"`
	Party Ref `json:"party"`
}

// Kind implements Body.
func (*CorrectionOpen) Kind() CommandKind { return "correction.open" }

// Validate implements Body.
func (b *CorrectionOpen) Validate() error {
	return first(requireRef("harm", b.Harm, RefHarm), requireRef("party", b.Party, RefParty))
}

// CorrectionAnswer is the party's word about its task: first that it has it, then what it found. It names the officer whom a new area
// over the same object alarms.
type CorrectionAnswer struct {
	Correction Ref        `json:"correction"`
	Cause      CauseClass `json:"cause"`
	Officer    Ref        `json:"officer,omitzero"` // a member of the party
	Words      Commitment `json:"words,omitzero"`   // what was found and mended: for the party, the object's owner and the desk
}

// Kind implements Body.
func (*CorrectionAnswer) Kind() CommandKind { return "correction.answer" }

// Validate implements Body.
func (b *CorrectionAnswer) Validate() error {
	if !slices.Contains(CauseClasses, b.Cause) {
		return Invalid("cause", strconv.Quote(string(b.Cause)), fmt.Sprintf("one of %v", CauseClasses))
	}
	if b.Officer != "" {
		if err := requireRef("officer", b.Officer, RefMember); err != nil {
			return err
		}
	}
	return requireRef("correction", b.Correction, RefCorrection)
}

// CorrectionClose ends a task that was answered. What was said stays.
type CorrectionClose struct {
	Correction Ref        `json:"correction"`
	Words      Commitment `json:"words,omitzero"`
}

// Kind implements Body.
func (*CorrectionClose) Kind() CommandKind { return "correction.close" }

// Validate implements Body.
func (b *CorrectionClose) Validate() error {
	return requireRef("correction", b.Correction, RefCorrection)
}

// Harm is a report of harm as it stands: never changed, but for what followed from it.
type Harm struct {
	_           struct{} `cbor:",toarray"`
	Ref         Ref
	Object      Versioned // the object and its newest version then; zero for a place
	Place       *geo.Position
	At          int64 // when it began
	GoesOn      bool
	Effects     Commitment
	Reporter    Ref // account
	By          Ref
	OnBehalf    *OnBehalf
	Reported    int64
	Position    uint64
	First       Ref   // an earlier report that is probably of the same event
	Stop        Ref   // the urgent stop that it raised or raised again
	Near        []Ref // other objects near by, in order
	Corrections []Ref
}

// Correction is a party's task after harm.
type Correction struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Harm     Ref
	Object   Ref
	Party    Ref
	State    CorrectionState
	Opened   int64
	By       Ref        // who opened it; empty: by itself
	Receipt  int64      // when receipt is due
	Due      int64      // when the answer is due
	Late     bool       // a deadline passed unanswered
	Cause    CauseClass // the newest word
	Officer  Ref
	Words    Commitment
	Received int64
	Answered int64
	Told     Channel // how the newest word came; empty: signed
	Closed   int64
	Closing  Commitment
}

// CorrectionState is how far a party's task after harm has come.
type CorrectionState string

// The states of a correction.
const (
	CorrectionOpened   CorrectionState = "open"
	CorrectionReceived CorrectionState = "received"
	CorrectionAnswered CorrectionState = "answered"
	CorrectionClosed   CorrectionState = "closed"
)

// CorrectionMachine is the machine of a party's task after harm.
var CorrectionMachine = &Machine{
	Name: "correction", About: "How far a party has come with its task after harm to an object that it held. What it says is its own word; nobody here finds who did what.",
	States: []State{
		{Name: string(CorrectionOpened), About: "given to the party"},
		{Name: string(CorrectionReceived), About: "the party has it and is finding out"},
		{Name: string(CorrectionAnswered), About: "the party has said what it found and mended"},
		{Name: string(CorrectionClosed), About: "ended by the desk; what was said stays", Final: true},
	},
	Moves: []Move{
		{string(CorrectionOpened), string(CorrectionReceived), "correction.answer under_review"},
		{string(CorrectionOpened), string(CorrectionAnswered), "correction.answer"},
		{string(CorrectionReceived), string(CorrectionAnswered), "correction.answer"},
		{string(CorrectionAnswered), string(CorrectionAnswered), "correction.answer"},
		{string(CorrectionAnswered), string(CorrectionClosed), "correction.close"},
	},
}

var _ = register[HarmReport]() && register[CorrectionOpen]() && register[CorrectionAnswer]() && register[CorrectionClose]()
