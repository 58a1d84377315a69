package parley

import "parley/geo"

// The records below are what the channel keeps. Each is changed only by an entry of the journal, and each is part of the state
// digest. Times are log times in milliseconds UTC; positions count the journal's entries from 0.

// TheatreRecord is the theatre as it stands.
type TheatreRecord struct {
	Name    Hash       `cbor:"id"` // identity: the name of theatre.open
	Title   Commitment `cbor:"t"`
	Profile Profile    `cbor:"p"`
	Clock   ClockKind  `cbor:"c"`
	Opened  int64      `cbor:"o"`
}

// Progress says how far the journal has been applied.
type Progress struct {
	Now  int64  `cbor:"n"` // log time of the last entry
	Size uint64 `cbor:"s"` // entries applied: the next position
}

// Account is a party, an organisation, the desk or the board.
type Account struct {
	Ref              Ref              `cbor:"r"`
	Name             Commitment       `cbor:"n"`
	PartyKind        PartyKind        `cbor:"pk"`
	OrganisationKind OrganisationKind `cbor:"ok"`
	Since            int64            `cbor:"s"`
	Suspended        bool             `cbor:"x"`
	Refusals         uint64           `cbor:"rf"` // refused at the door, by refusal.count
	Prompts          uint64           `cbor:"h2"` // questions on the road that its movements have raised
	NoAnswers        uint64           `cbor:"na"` // acknowledgement deadlines that passed unanswered
	Head             ListHead         `cbor:"lh"` // parties: the list as it stands
	Slots            int              `cbor:"sl"` // parties: slots of the list, ended ones included
	Attested         int64            `cbor:"at"` // parties: when a list was last attested
}

// Member is a person with a role in an account.
type Member struct {
	Ref      Ref        `cbor:"r"`
	Account  Ref        `cbor:"a"`
	Roles    []Role     `cbor:"ro"`
	Echelon  Echelon    `cbor:"e"`
	Name     Commitment `cbor:"n"`
	Phone    Commitment `cbor:"p"`
	Key      KeyID      `cbor:"k"` // the key in use
	Enrolled int64      `cbor:"en"`
	Revoked  int64      `cbor:"x"` // 0: not revoked
}

// Has reports whether m holds one of the roles.
func (m *Member) Has(roles ...Role) bool {
	for _, have := range m.Roles {
		for _, want := range roles {
			if have == want {
				return true
			}
		}
	}
	return false
}

// KeyRecord is a public key that was admitted.
type KeyRecord struct {
	ID      KeyID     `cbor:"i"`
	Public  PublicKey `cbor:"p"`
	Member  Ref       `cbor:"m"` // empty: a node's key
	From    uint64    `cbor:"f"` // position at which it was admitted
	Rotated uint64    `cbor:"r"` // position at which another key followed; 0: none
	Grace   int64     `cbor:"g"` // rotated: until when it still signs for commands from before
	Revoked bool      `cbor:"x"`
}

// Invitation is a one-time way in.
type Invitation struct {
	Ref     Ref     `cbor:"r"`
	Account Ref     `cbor:"a"`
	Roles   []Role  `cbor:"ro"`
	Echelon Echelon `cbor:"e"`
	Code    Hash    `cbor:"c"`
	Expires int64   `cbor:"x"`
	Spent   bool    `cbor:"s"`
	By      Ref     `cbor:"b"`
}

// Rota is an account's rota as it stands.
type Rota struct {
	Account Ref     `cbor:"a"`
	Shifts  []Shift `cbor:"s"`
	Set     int64   `cbor:"t"`
}

// Object is the notification of a protected object: what is the same over its versions.
type Object struct {
	Ref        Ref            `cbor:"r"`
	Owner      Ref            `cbor:"o"` // the notifying organisation
	Newest     int            `cbor:"v"`
	State      ObjectState    `cbor:"s"`
	Before     ObjectState    `cbor:"sb"` // the state to return to when a query is answered
	Currency   Currency       `cbor:"c"`
	Confirmed  int64          `cbor:"cf"` // when its word was last notified or re-validated
	Notified   int64          `cbor:"n"`
	Late       bool           `cbor:"l"`  // notified later than the lead time
	Movement   MovementState  `cbor:"m"`  // movements: what it is doing
	Leg        int            `cbor:"lg"` // movements: on which leg, by its own report
	Reported   int64          `cbor:"rp"` // movements: when it was last heard of
	Overdue    bool           `cbor:"od"`
	AskedShare bool           `cbor:"as"` // the desk was asked whether to release this version to more parties
	Reason     WithdrawReason `cbor:"w"`
}

// Open reports whether the object's notification has not ended.
func (o *Object) Open() bool { return o.State != Withdrawn && o.State != Closed }

// Departed reports whether the object is a movement on the road: it then stays in every list until a person closes it.
func (o *Object) Departed() bool {
	return o.Ref.Kind() == RefMovement && o.Movement != MovementPlanned && o.Movement != MovementClosed && o.Open()
}

// Version is one version of an object, never changed but for its verification.
type Version struct {
	Of           Versioned     `cbor:"of"`
	Position     uint64        `cbor:"p"` // of the entry
	Name         Hash          `cbor:"n"` // of the command
	At           int64         `cbor:"t"`
	By           Ref           `cbor:"b"` // member
	OnBehalf     *OnBehalf     `cbor:"ob"`
	Site         *Site         `cbor:"s"`
	Movement     *Movement     `cbor:"m"`
	Presence     *Presence     `cbor:"pr"`
	Doubts       []Finding     `cbor:"d"`  // findings that the desk sees
	Near         []Ref         `cbor:"nr"` // other notifiers' objects that may be the same: desk only
	Verification *Verification `cbor:"v"`
}

// Object returns the version's content.
func (v *Version) Object() ProtectedObject {
	switch {
	case v.Site != nil:
		return v.Site
	case v.Movement != nil:
		return v.Movement
	}
	return v.Presence
}

// Verification is a desk verifier's check of a version.
type Verification struct {
	By     Ref           `cbor:"b"`
	Method VerifyMethod  `cbor:"m"`
	Source Commitment    `cbor:"s"`
	On     int64         `cbor:"o"`
	At     int64         `cbor:"t"`
	Place  *geo.Position `cbor:"p"`
	Apart  int64         `cbor:"a"` // millimetres between the source's place and the notifier's
}

// Query is a question about an object and its answer.
type Query struct {
	Ref      Ref           `cbor:"r"`
	Of       Versioned     `cbor:"of"`
	Asker    Ref           `cbor:"a"` // account
	Field    string        `cbor:"f"`
	Question Commitment    `cbor:"q"`
	Observed *geo.Position `cbor:"o"`
	At       int64         `cbor:"t"`
	Due      int64         `cbor:"d"`
	Answer   Commitment    `cbor:"an"`
	Answered int64         `cbor:"at"`
	Late     bool          `cbor:"l"` // the deadline passed without an answer
}

// Release is one version of an object at one party, and everything that party has said about it.
type Release struct {
	Of            Versioned      `cbor:"of"`
	To            Ref            `cbor:"to"`
	State         ReleaseState   `cbor:"s"`
	Precision     Precision      `cbor:"p"`
	Fields        []Field        `cbor:"f"`
	By            Ref            `cbor:"b"` // releaser
	Unverified    bool           `cbor:"u"` // sent before it was verified: an emergency, or an update on the road
	Emergency     bool           `cbor:"e"`
	Second        Ref            `cbor:"b2"` // who signed under an emergency release
	NoSecond      bool           `cbor:"ns"` // nobody did in time
	At            int64          `cbor:"t"`
	Position      uint64         `cbor:"n"`
	Slot          int            `cbor:"sl"` // place in the party's list
	Listed        bool           `cbor:"ls"` // counts in the party's list
	Stands        bool           `cbor:"st"` // its keep-out counts in checks: until a newer version is acknowledged
	AckDue        int64          `cbor:"ad"` // as the party sees it
	AckShown      int64          `cbor:"as"` // as the notifier sees it: the ordinary deadline
	AckBy         Ref            `cbor:"ab"`
	AckAt         int64          `cbor:"aa"`
	AckOnBehalf   *OnBehalf      `cbor:"ao"`
	Wrong         int            `cbor:"w"`  // read-backs that were wrong
	NoAnswer      int            `cbor:"na"` // deadlines that passed without an answer
	NoAnswerShown int            `cbor:"nw"` // those of them at the ordinary deadline: what the notifier sees
	Sendings      int            `cbor:"sd"` // times it was sent
	DeliveredAt   int64          `cbor:"da"`
	Levels        []LevelHolding `cbor:"lv"`
	RecalledAt    int64          `cbor:"ra"`
	RecallBy      Ref            `cbor:"rb"`
	RecallDue     int64          `cbor:"rd"`
	DeletedAt     int64          `cbor:"de"`
}

// Holds reports whether the party still has to reckon with this version.
func (r *Release) Holds() bool {
	return r.State == Released || r.State == Delivered || r.State == Acknowledged || r.State == Disseminated
}

// LevelHolding is what one level of a party is stated to hold.
type LevelHolding struct {
	Echelon Echelon       `cbor:"e"`
	Level   Commitment    `cbor:"l"`
	At      int64         `cbor:"t"`
	Head    *ListHead     `cbor:"h"`
	Place   *geo.Position `cbor:"p"`
	Apart   int64         `cbor:"a"` // millimetres between Place and the released one
	Stale   bool          `cbor:"s"` // the head was not the party's newest
	By      Ref           `cbor:"b"`
}

// ListChange is one step of a party's list, with what a check or declaration against an older head would miss.
type ListChange struct {
	Party  Ref        `cbor:"p"`
	Number int        `cbor:"n"`
	Head   ListHead   `cbor:"h"` // after the step
	Of     Versioned  `cbor:"of"`
	Why    Why        `cbor:"w"`
	Box    geo.Box    `cbor:"b"`
	Window geo.Window `cbor:"t"`
}

// Why says why a party's list changed.
type Why string

// The reasons of a change of list.
const (
	WhyReleased   Why = "released"
	WhySuperseded Why = "superseded"
	WhyRecalled   Why = "recalled"
	WhyEnded      Why = "ended"
)

// Dispute is a recipient's contest of an object's data.
type Dispute struct {
	Ref    Ref           `cbor:"r"`
	Of     Versioned     `cbor:"of"`
	Party  Ref           `cbor:"p"`
	Reason DisputeReason `cbor:"re"`
	Words  Commitment    `cbor:"w"`
	At     int64         `cbor:"t"`
}

// AreaRecord is a declared area of operation with its newest version.
type AreaRecord struct {
	Ref        Ref         `cbor:"r"`
	Party      Ref         `cbor:"p"`
	Version    int         `cbor:"v"`
	Area       Area        `cbor:"a"`
	State      AreaState   `cbor:"s"`
	Name       Hash        `cbor:"n"`
	Position   uint64      `cbor:"ps"`
	At         int64       `cbor:"t"`
	By         Ref         `cbor:"b"`
	OnBehalf   *OnBehalf   `cbor:"ob"`
	Stale      bool        `cbor:"st"` // declared against an older list
	Missed     []Versioned `cbor:"mi"` // what that list did not have
	ReadBacks  []ReadBack  `cbor:"rb"`
	Objections []Objection `cbor:"oj"`
	Told       []ToldPlace `cbor:"tp"`
	Checked    bool        `cbor:"c"` // a current check covers it
	Warned     bool        `cbor:"w"` // its owner was told that the window is near without one
}

// ReadBack is one addressee's repetition of an area.
type ReadBack struct {
	Party   Ref    `cbor:"p"`
	Version int    `cbor:"v"`
	At      int64  `cbor:"t"`
	By      Ref    `cbor:"b"`
	Right   bool   `cbor:"r"`
	What    string `cbor:"w"` // what did not match
}

// Objection is an addressee's objection to an area.
type Objection struct {
	Party   Ref        `cbor:"p"`
	Version int        `cbor:"v"`
	Reason  AreaReason `cbor:"r"`
	Words   Commitment `cbor:"w"`
	At      int64      `cbor:"t"`
}

// ToldPlace is an area's place as it was told in words, compared with its geometry.
type ToldPlace struct {
	Party   Ref          `cbor:"p"` // who entered it
	Version int          `cbor:"v"`
	Words   Commitment   `cbor:"w"`
	Place   geo.Position `cbor:"pl"` // where the words lead
	Apart   int64        `cbor:"a"`  // millimetres from the area's centre
	Differs bool         `cbor:"d"`
	At      int64        `cbor:"t"`
}

// Overlap is where two parties' areas, or an area and a placed force, meet; both were declared to the other side.
type Overlap struct {
	First  Ref        `cbor:"a"` // an area
	Second Ref        `cbor:"b"` // an area or a placed force
	Window geo.Window `cbor:"w"`
	At     int64      `cbor:"t"`
	Due    int64      `cbor:"d"` // read-back
}

// PlacedForce is where a party has forces, told to chosen addressees.
type PlacedForce struct {
	Ref        Ref        `cbor:"r"`
	Party      Ref        `cbor:"p"`
	Shape      geo.Shape  `cbor:"g"`
	Buffer     int32      `cbor:"b"`
	Window     geo.Window `cbor:"w"`
	Addressees []Ref      `cbor:"to"`
	Ended      bool       `cbor:"e"`
	At         int64      `cbor:"t"`
}

// PrecautionCheck is the answer to a check, kept for the asker.
type PrecautionCheck struct {
	Ref         Ref         `cbor:"r"`
	Party       Ref         `cbor:"p"`
	By          Ref         `cbor:"b"`
	At          int64       `cbor:"t"`
	Shape       geo.Shape   `cbor:"g"`
	Buffer      int32       `cbor:"bu"`
	Band        *geo.Band   `cbor:"ba"`
	Window      geo.Window  `cbor:"w"`
	Head        ListHead    `cbor:"h"` // the list that was used, as it stood at the answer
	Indications []Versioned `cbor:"i"` // at most as many as the profile names
	More        bool        `cbor:"m"` // there are more
	Expires     int64       `cbor:"x"`
	Ended       CheckEnd    `cbor:"e"`
	AnswerAt    int64       `cbor:"an"` // beyond the quota, answers come later
	Attested    bool        `cbor:"at"` // made by a level itself
	Echelon     Echelon     `cbor:"ec"`
	StaleList   bool        `cbor:"st"` // attested against an older list, or none
}

// CheckEnd says why a check no longer counts.
type CheckEnd string

// The ends of a check.
const (
	StillGood   CheckEnd = ""
	ShelfLife   CheckEnd = "shelf_life"
	ListMoved   CheckEnd = "list_moved"
	ObjectMoved CheckEnd = "moved"
)

// Indication is a contrary indication: a notified object that touches an area or a check.
type Indication struct {
	Of     Ref              `cbor:"of"` // area or check
	Object Versioned        `cbor:"o"`  // as released to the asker
	Party  Ref              `cbor:"p"`
	State  IndicationState  `cbor:"s"`
	Window geo.Window       `cbor:"w"` // when both hold
	At     int64            `cbor:"t"`
	Reason IndicationReason `cbor:"r"`
	Words  Hash             `cbor:"wh"`
	By     Ref              `cbor:"b"`
	Answer int64            `cbor:"an"`
	Urgent bool             `cbor:"u"`
}

// Prompt is a question to the people on the road (H2). Their decision, nobody else's.
type Prompt struct {
	Ref      Ref         `cbor:"r"`
	Movement Ref         `cbor:"m"`
	Cause    PromptCause `cbor:"c"`
	At       int64       `cbor:"t"`
	Due      int64       `cbor:"d"`
	Urgent   bool        `cbor:"u"`
	Decision Decision    `cbor:"de"`
	Answered int64       `cbor:"an"`
	By       Ref         `cbor:"b"`
	NoAnswer bool        `cbor:"na"`
}

// PromptCause says why people on the road are asked. It names no party, place or hour.
type PromptCause string

// The causes of a question on the road.
const (
	CauseContact  PromptCause = "contact_liaison"    // an area and the movement meet
	CauseNoAck    PromptCause = "no_acknowledgement" // none so long before departure
	CauseStop     PromptCause = "harm_near"          // an urgent stop near by
	CauseRecalled PromptCause = "release_recalled"
)

// UrgentStop is an urgent stop with its ladder.
type UrgentStop struct {
	Ref      Ref           `cbor:"r"`
	Object   Ref           `cbor:"o"`
	Place    *geo.Position `cbor:"p"`
	Raiser   Ref           `cbor:"a"` // account
	By       Ref           `cbor:"b"`
	OnBehalf *OnBehalf     `cbor:"ob"`
	State    StopState     `cbor:"s"`
	At       int64         `cbor:"t"`
	Raised   int           `cbor:"n"`  // times it was raised
	Last     int64         `cbor:"l"`  // when it was last raised
	Step     int           `cbor:"st"` // steps climbed
	Parties  []Ref         `cbor:"pa"` // who is told
	Log      []StopStep    `cbor:"lo"`
}

// StopStep is one thing that happened to a stop.
type StopStep struct {
	What    string  `cbor:"w"`
	By      Ref     `cbor:"b"`
	Account Ref     `cbor:"a"`
	Echelon Echelon `cbor:"e"`
	Effect  Effect  `cbor:"f"`
	Due     int64   `cbor:"d"`
	At      int64   `cbor:"t"`
}

// BehalfEntry is a command that was entered on behalf of an account and waits for its word.
type BehalfEntry struct {
	Name      Hash        `cbor:"n"`
	Of        Ref         `cbor:"of"`
	Kind      CommandKind `cbor:"k"`
	By        Ref         `cbor:"b"`
	At        int64       `cbor:"t"`
	Due       int64       `cbor:"d"`
	Confirmed int64       `cbor:"c"`
	Disowned  int64       `cbor:"x"`
	NoAnswer  bool        `cbor:"na"`
}

// Relay is one hand-over by a go-between.
type Relay struct {
	Of        Ref     `cbor:"of"`
	By        Ref     `cbor:"b"`
	Account   Ref     `cbor:"a"`
	Party     Ref     `cbor:"p"`
	Echelon   Echelon `cbor:"e"`
	Delivered bool    `cbor:"d"`
	At        int64   `cbor:"t"`
	Position  uint64  `cbor:"n"`
}

// OutcomeCode is how an entry ended: applied, duplicate, or the code of its refusal.
type OutcomeCode string

// Outcomes that are no refusals.
const (
	Applied   OutcomeCode = "applied"
	Duplicate OutcomeCode = "duplicate"
)

// Outcome is what became of one entry of the journal. It is part of the digest.
type Outcome struct {
	Position uint64       `cbor:"p"`
	Name     Hash         `cbor:"n"`
	At       int64        `cbor:"t"`
	Kind     CommandKind  `cbor:"k"`
	Code     OutcomeCode  `cbor:"c"`
	First    uint64       `cbor:"d"` // duplicate: position of the first
	Ref      Ref          `cbor:"r"` // what the command made or concerned
	Account  Ref          `cbor:"a"` // of the author
	By       Ref          `cbor:"b"` // the author; empty for a node
	Payloads []Commitment `cbor:"pl"`
}

// Notice says that somebody was told something: it names records, never their content.
type Notice struct {
	Number   uint64     `cbor:"n"`  // within the account's inbox, from 0
	To       Ref        `cbor:"to"` // account
	Kind     NoticeKind `cbor:"k"`
	Object   Ref        `cbor:"o"`
	Version  int        `cbor:"v"`
	Other    Ref        `cbor:"ot"`
	Due      int64      `cbor:"d"` // of what is asked; or when the deadline that fired was due
	At       int64      `cbor:"t"` // noted
	Position uint64     `cbor:"p"`
	Urgent   bool       `cbor:"u"`
}

// NoticeKind says what somebody was told.
type NoticeKind string
