package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// CrossingNotice says beforehand that somebody will cross a line or pass through a zone: a party's own people, or a movement. It asks for no leave.
type CrossingNotice struct {
	Of       Versioned    `json:"of"` // the line or zone
	Movement Ref          `json:"movement,omitzero"`
	Place    geo.Position `json:"place"`
	Window   geo.Window   `json:"window"`
	Words    Commitment   `json:"words,omitzero"` // who, in words: never a person's name
}

// Kind implements Body.
func (*CrossingNotice) Kind() CommandKind { return "crossing.notice" }

// Validate implements Body.
func (b *CrossingNotice) Validate() error {
	if b.Movement != "" {
		if err := requireRef("movement", b.Movement, RefMovement); err != nil {
			return err
		}
	}
	if !b.Place.Valid() {
		return Invalid("place", b.Place.String(), "a position")
	}
	return first(requireRef("of", b.Of.Ref, RefLine, RefZone), validateSpan("window.from", "window.to", b.Window, false))
}

// CrossingAnswer is a party's word about a crossing notice. None of them gives leave.
type CrossingAnswer struct {
	Notice Ref           `json:"notice"`
	Answer CrossingReply `json:"answer"`
	Words  Commitment    `json:"words,omitzero"`
}

// CrossingReply is what a party answers to a crossing notice.
type CrossingReply string

// The replies.
const (
	CrossingNoted     CrossingReply = "noted"
	CrossingAgreed    CrossingReply = "agreed"
	CrossingObjection CrossingReply = "objects"
)

// CrossingReplies lists the replies.
var CrossingReplies = []CrossingReply{CrossingNoted, CrossingAgreed, CrossingObjection}

// Kind implements Body.
func (*CrossingAnswer) Kind() CommandKind { return "crossing.answer" }

// Validate implements Body.
func (b *CrossingAnswer) Validate() error {
	if !slices.Contains(CrossingReplies, b.Answer) {
		return Invalid("answer", strconv.Quote(string(b.Answer)), fmt.Sprintf("one of %v", CrossingReplies))
	}
	return requireRef("notice", b.Notice, RefCrossing)
}

// CrossingEvent says that a line was crossed or a zone entered: by the author's own people, by a movement of its own, or by somebody as the
// author observed it. One place, no track.
type CrossingEvent struct {
	Line     Ref          `json:"line"`
	Own      bool         `json:"own,omitzero"`
	Observed Ref          `json:"observed,omitzero"` // the party whose people the author says it saw
	Movement Ref          `json:"movement,omitzero"`
	Place    geo.Position `json:"place"`
	At       int64        `json:"at"` // milliseconds UTC
	Words    Commitment   `json:"words,omitzero"`
}

// Kind implements Body.
func (*CrossingEvent) Kind() CommandKind { return "crossing.event" }

// Validate implements Body.
func (b *CrossingEvent) Validate() error {
	said := 0
	for _, is := range []bool{b.Own, b.Observed != "", b.Movement != ""} {
		if is {
			said++
		}
	}
	if said != 1 {
		return Invalid("own", fmt.Sprintf("%d of own, observed and movement", said), "exactly one: one's own people, a party as observed, or a movement")
	}
	if b.Observed != "" {
		if err := requireRef("observed", b.Observed, RefParty); err != nil {
			return err
		}
	}
	if b.Movement != "" {
		if err := requireRef("movement", b.Movement, RefMovement); err != nil {
			return err
		}
	}
	if !b.Place.Valid() {
		return Invalid("place", b.Place.String(), "a position")
	}
	return first(requireRef("line", b.Line, RefLine, RefZone), validateTime("at", b.At))
}

// PresenceAsk asks a party whether people that were observed are its own.
type PresenceAsk struct {
	Event Ref `json:"event"`
	Party Ref `json:"party"`
}

// Kind implements Body.
func (*PresenceAsk) Kind() CommandKind { return "presence.ask" }

// Validate implements Body.
func (b *PresenceAsk) Validate() error {
	return first(requireRef("event", b.Event, RefCrossed), requireRef("party", b.Party, RefParty))
}

// PresenceAnswer says whether people that were observed are the party's own. A contradiction stays open, both shown.
type PresenceAnswer struct {
	Event  Ref           `json:"event"`
	Answer PresenceReply `json:"answer"`
}

// PresenceReply is a party's word about people that were observed.
type PresenceReply string

// The replies.
const (
	PresenceOwn     PresenceReply = "own"
	PresenceNotOwn  PresenceReply = "not_own"
	PresenceUnknown PresenceReply = "unknown"
)

// PresenceReplies lists the replies.
var PresenceReplies = []PresenceReply{PresenceOwn, PresenceNotOwn, PresenceUnknown}

// Kind implements Body.
func (*PresenceAnswer) Kind() CommandKind { return "presence.answer" }

// Validate implements Body.
func (b *PresenceAnswer) Validate() error {
	if !slices.Contains(PresenceReplies, b.Answer) {
		return Invalid("answer", strconv.Quote(string(b.Answer)), fmt.Sprintf("one of %v", PresenceReplies))
	}
	return requireRef("event", b.Event, RefCrossed)
}

// WarningMeans is how a warning was given.
type WarningMeans string

// The means of warning, as a ladder knows them.
var WarningMeansAll = []WarningMeans{"message", "telephone", "radio", "loudspeaker", "leaflet", "show_of_force", "warning_shots", "other"}

// WarningLog puts a warning on record: one step of a ladder about a line, or an effective advance warning to a protected object.
type WarningLog struct {
	Of       Ref          `json:"of"`          // a line, a zone, or an object that was released to the author
	To       Ref          `json:"to,omitzero"` // the party that is warned; an object's owner is told by itself
	Means    WarningMeans `json:"means"`
	Language string       `json:"language"`
	At       int64        `json:"at"`           // when it was given, milliseconds UTC
	Act      int64        `json:"act,omitzero"` // until when there is time to act
	Words    Commitment   `json:"words"`        // the warning's own words
}

// Kind implements Body.
func (*WarningLog) Kind() CommandKind { return "warning.log" }

// Validate implements Body.
func (b *WarningLog) Validate() error {
	if !slices.Contains(WarningMeansAll, b.Means) {
		return Invalid("means", strconv.Quote(string(b.Means)), fmt.Sprintf("one of %v", WarningMeansAll))
	}
	if b.Language == "" || len(b.Language) > 35 {
		return Invalid("language", strconv.Quote(b.Language), "a language tag such as ar")
	}
	if b.To != "" {
		if err := requireRef("to", b.To, RefParty); err != nil {
			return err
		}
	}
	if b.Act != 0 && b.Act < b.At {
		return &Fault{Code: CodeClock, Field: "act", Read: Stamp(b.Act), Expected: "a time after the warning"}
	}
	return first(requireRef("of", b.Of, RefLine, RefZone, RefSite, RefMovement, RefPresence), validateTime("at", b.At), requireText("words", b.Words))
}

// Crossing is a crossing notice with the answers to it.
type Crossing struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Of       Versioned
	From     Ref // account
	By       Ref
	Told     Channel
	Movement Ref
	Place    geo.Position
	Window   geo.Window
	Words    Commitment
	Noted    int64
	Late     bool // noted after its window had begun
	Answers  []CrossingWord
	Position uint64
}

// CrossingWord is one party's answer to a crossing notice.
type CrossingWord struct {
	_      struct{} `cbor:",toarray"`
	Party  Ref
	Answer CrossingReply
	Words  Commitment
	By     Ref
	At     int64
}

// Crossed is a crossing event, bound to the version of the line that was in force then.
type Crossed struct {
	_             struct{} `cbor:",toarray"`
	Ref           Ref
	Of            Versioned
	From          Ref // account
	By            Ref
	Told          Channel
	Own           bool
	Observed      Ref
	Movement      Ref
	Place         geo.Position
	At            int64
	Words         Commitment
	Noted         int64
	Notice        Ref   // that announced it; empty: none
	Warnings      []Ref // given before it about the line
	Asked         []PresenceWord
	Contradiction bool // what was observed and what a party answered do not agree: both stand
	Position      uint64
}

// PresenceWord is a question to a party about people that were observed, and its answer.
type PresenceWord struct {
	_      struct{} `cbor:",toarray"`
	Party  Ref
	Asked  int64
	Answer PresenceReply
	By     Ref
	At     int64
}

// Warning is one warning on record. Step counts those about one thing.
type Warning struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Of       Ref
	From     Ref // account
	By       Ref
	Told     Channel
	To       Ref
	Means    WarningMeans
	Language string
	At       int64
	Act      int64
	Words    Commitment
	Step     int
	Noted    int64
	Position uint64
}

var _ = register[CrossingNotice]() && register[CrossingAnswer]() && register[CrossingEvent]() && register[PresenceAsk]() && register[PresenceAnswer]() && register[WarningLog]()
