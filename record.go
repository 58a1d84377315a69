package parley

import "parley/geo"

// The records below are what the channel keeps. Each is changed only by an entry of the journal, and each is part of the state
// digest. Times are log times in milliseconds UTC; positions count the journal's entries from 0.

// TheatreRecord is the theatre as it stands.
type TheatreRecord struct {
	_       struct{} `cbor:",toarray"`
	Name    Hash     // identity: the name of theatre.open
	Title   Commitment
	Profile Profile
	Clock   ClockKind
	Opened  int64
}

// Progress says how far the journal has been applied.
type Progress struct {
	_    struct{} `cbor:",toarray"`
	Now  int64    // log time of the last entry
	Size uint64   // entries applied: the next position
}

// Account is a party, an organisation, the desk or the board.
type Account struct {
	_                struct{} `cbor:",toarray"`
	Ref              Ref
	Name             Commitment
	PartyKind        PartyKind
	OrganisationKind OrganisationKind
	Since            int64
	Suspended        bool
	Refusals         uint64   // refused at the door, by refusal.count
	Prompts          uint64   // questions on the road that its movements have raised
	NoAnswers        uint64   // acknowledgement deadlines that passed unanswered
	Head             ListHead // parties: the list as it stands
	Slots            int      // parties: slots of the list, ended ones included
	Attested         int64    // parties: when a list was last attested
	Confirmed        int64    // parties: when headquarters last attested the list as it stood
}

// Member is a person with a role in an account. They hold one key for each of their devices.
type Member struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Account  Ref
	Roles    []Role
	Echelon  Echelon
	Name     Commitment
	Phone    Commitment
	Enrolled int64
	Revoked  int64 // 0: not revoked
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
	_       struct{} `cbor:",toarray"`
	ID      KeyID
	Public  PublicKey
	Member  Ref    // empty: a node's key
	From    uint64 // position at which it was admitted
	Rotated uint64 // position at which another key followed; 0: none
	Grace   int64  // rotated: until when it still signs for commands from before
	Revoked int64  // 0: not revoked
}

// Invitation is a one-time way in.
type Invitation struct {
	_       struct{} `cbor:",toarray"`
	Ref     Ref
	Account Ref
	Member  Ref // for a further device of this member; empty: for somebody new
	Roles   []Role
	Echelon Echelon
	Code    Hash
	Expires int64
	Spent   bool
	By      Ref
}

// Rota is an account's rota as it stands.
type Rota struct {
	_       struct{} `cbor:",toarray"`
	Account Ref
	Shifts  []Shift
	Set     int64
}

// Object is the notification of a protected object: what is the same over its versions.
type Object struct {
	_          struct{} `cbor:",toarray"`
	Ref        Ref
	Owner      Ref // the notifying organisation
	Newest     int
	State      ObjectState
	Before     ObjectState // the state to return to when a query is answered
	Currency   Currency
	Confirmed  int64 // when its word was last notified or re-validated
	Notified   int64
	Late       bool          // notified later than the lead time
	Movement   MovementState // movements: what it is doing
	Leg        int           // movements: on which leg, by its own report
	Reported   int64         // movements: when it was last heard of
	Told       Channel       // movements: how that report came; empty: signed
	Overdue    bool
	Harms      int             // reports of harm to it; from the first on nothing of it is erased
	AskedShare bool            // the desk was asked whether to release this version to more parties
	Heard      int64           // movements: when it last spoke or was reached
	Lost       bool            // movements: nothing was heard for the contact clock
	Stands     int64           // movements: since when it stands; 0: under way
	OffPlan    bool            // movements: it stands longer than planned
	Uncovered  bool            // movements: what it last reported lies outside its plan
	Armed      Answer          // movements: what it last said on the road of armed people with it; empty: nothing
	Differs    []MovementField // movements: what it last said on the road that is not as notified, besides armed people, in order
	Reason     WithdrawReason
}

// Open reports whether the object's notification has not ended.
func (o *Object) Open() bool { return o.State != Withdrawn && o.State != Closed }

// Departed reports whether the object is a movement on the road: it then stays in every list until a person closes it.
func (o *Object) Departed() bool {
	return o.Ref.Kind() == RefMovement && o.Movement != MovementPlanned && o.Movement != MovementClosed && o.Open()
}

// Version is one version of an object, never changed but for its verification.
type Version struct {
	_            struct{} `cbor:",toarray"`
	Of           Versioned
	Position     uint64 // of the entry
	Name         Hash   // of the command
	At           int64
	By           Ref // member
	OnBehalf     *OnBehalf
	Site         *Site
	Movement     *Movement
	Presence     *Presence
	Doubts       []Finding // findings that the desk sees
	Near         []Ref     // other notifiers' objects that may be the same: desk only
	Verification *Verification
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
	_      struct{} `cbor:",toarray"`
	By     Ref
	Method VerifyMethod
	Source Commitment
	On     int64
	At     int64
	Place  *geo.Position
	Apart  int64 // millimetres between the source's place and the notifier's
}

// Query is a question about an object and its answer.
type Query struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Of       Versioned
	Asker    Ref // account
	Field    string
	Question Commitment
	Observed *geo.Position
	At       int64
	Due      int64
	Answer   Commitment
	Answered int64
	Told     Channel // how the answer came; empty: signed
	Late     bool    // the deadline passed without an answer
}

// Release is one version of an object at one party, and everything that party has said about it.
type Release struct {
	_             struct{} `cbor:",toarray"`
	Of            Versioned
	To            Ref
	State         ReleaseState
	Precision     Precision
	Fields        []Field
	By            Ref  // releaser
	Unverified    bool // sent before it was verified: an emergency, or an update on the road
	Emergency     bool
	OnRoad        bool // an update of a departed movement: a short clock, then twice a notice
	Second        Ref  // who signed under an emergency release
	NoSecond      bool // nobody did in time
	At            int64
	Position      uint64
	Slot          int   // place in the party's list
	Listed        bool  // counts in the party's list
	Stands        bool  // its keep-out counts in checks: until a newer version is acknowledged
	AckDue        int64 // as the party sees it
	AckShown      int64 // as the notifier sees it: the ordinary deadline
	AckBy         Ref
	AckAt         int64
	AckOnBehalf   *OnBehalf
	AgainAt       int64 // when it was last acknowledged again
	AgainBy       Ref
	Wrong         int // read-backs that were wrong
	NoAnswer      int // deadlines that passed without an answer
	NoAnswerShown int // those of them at the ordinary deadline: what the notifier sees
	Sendings      int // times it was sent
	DeliveredAt   int64
	Levels        []LevelHolding
	RecalledAt    int64
	RecallBy      Ref
	RecallDue     int64
	DeletedAt     int64
}

// Holds reports whether the party still has to reckon with this version.
func (r *Release) Holds() bool {
	return r.State == Released || r.State == Delivered || r.State == Acknowledged || r.State == Disseminated
}

// LevelHolding is what one level of a party is stated to hold.
type LevelHolding struct {
	_       struct{} `cbor:",toarray"`
	Echelon Echelon
	Level   Commitment
	At      int64
	Head    *ListHead
	Place   *geo.Position
	Apart   int64 // millimetres between Place and the released one
	Stale   bool  // the head was not the party's newest
	By      Ref
}

// ListChange is one step of a party's list, with what a check or declaration against an older head would miss.
type ListChange struct {
	_      struct{} `cbor:",toarray"`
	Party  Ref
	Number int
	Head   ListHead // after the step
	Of     Versioned
	Why    Why
	Box    geo.Box
	Window geo.Window
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
	_      struct{} `cbor:",toarray"`
	Ref    Ref
	Of     Versioned
	Party  Ref
	Reason DisputeReason
	Words  Commitment
	At     int64
}

// AreaRecord is a declared area of operation with its newest version.
type AreaRecord struct {
	_          struct{} `cbor:",toarray"`
	Ref        Ref
	Party      Ref
	Version    int
	Area       Area
	State      AreaState
	Name       Hash
	Position   uint64
	At         int64
	By         Ref
	OnBehalf   *OnBehalf
	Stale      bool        // declared against an older list
	Missed     []Versioned // what that list did not have
	ReadBacks  []ReadBack
	Objections []Objection
	Disputes   []AreaDispute
	Told       []ToldPlace
	Earlier    []AreaVersion // those before the newest, oldest first
	Checked    bool          // a current check covers it
	Warned     bool          // its owner was told that the window is near without one
}

// ReadBack is one addressee's repetition of an area.
type ReadBack struct {
	_       struct{} `cbor:",toarray"`
	Party   Ref
	Version int
	At      int64
	By      Ref
	Right   bool
	What    string // what did not match
}

// Objection is an addressee's objection to an area.
type Objection struct {
	_       struct{} `cbor:",toarray"`
	Party   Ref
	Version int
	Reason  AreaReason
	Words   Commitment
	At      int64
	Ended   int64 // when the addressee took it back; 0: it stands
}

// AreaDispute is an addressee's word that an area was told to it otherwise. Both sides' signed versions stand beside each other.
type AreaDispute struct {
	_       struct{} `cbor:",toarray"`
	Party   Ref
	Version int
	Place   *geo.Position // the centre as the addressee says it was told
	Apart   int64         // millimetres from the centre of that version
	From    int64         // the hours as told; 0: not said
	To      int64
	Words   Commitment
	At      int64
}

// AreaVersion is an earlier version of an area, as it was declared.
type AreaVersion struct {
	_        struct{} `cbor:",toarray"`
	Version  int
	Area     Area
	Name     Hash
	Position uint64
	At       int64
}

// ToldPlace is an area's place as it was told in words, compared with its geometry.
type ToldPlace struct {
	_       struct{} `cbor:",toarray"`
	Party   Ref      // who entered it
	Version int
	Words   Commitment
	Place   geo.Position // where the words lead
	Apart   int64        // millimetres from the area's centre
	Differs bool
	At      int64
}

// Overlap is where two parties' areas, or an area and a placed force, meet; both were declared to the other side.
type Overlap struct {
	_      struct{} `cbor:",toarray"`
	First  Ref      // an area
	Second Ref      // an area or a placed force
	Window geo.Window
	At     int64
	Due    int64 // read-back
}

// PlacedForce is where a party has forces, told to chosen addressees.
type PlacedForce struct {
	_          struct{} `cbor:",toarray"`
	Ref        Ref
	Party      Ref
	Shape      geo.Shape
	Buffer     int32
	Window     geo.Window
	Addressees []Ref
	Ended      bool
	At         int64
}

// PrecautionCheck is the answer to a check, kept for the asker.
type PrecautionCheck struct {
	_           struct{} `cbor:",toarray"`
	Ref         Ref
	Party       Ref
	By          Ref
	At          int64
	Shape       geo.Shape
	Buffer      int32
	Band        *geo.Band
	Window      geo.Window
	Head        ListHead    // the list that was used, as it stood at the answer
	Indications []Versioned // at most as many as the profile names
	More        bool        // there are more
	Expires     int64
	Ended       CheckEnd
	AnswerAt    int64 // beyond the quota, answers come later
	Attested    bool  // made by a level itself
	Echelon     Echelon
	StaleList   bool // attested against an older list, or none
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
	_      struct{}  `cbor:",toarray"`
	Of     Ref       // area or check
	Object Versioned // as released to the asker
	Party  Ref
	State  IndicationState
	Window geo.Window // when both hold
	At     int64
	Reason IndicationReason
	Words  Hash
	By     Ref
	Answer int64
	Urgent bool
}

// Prompt is a question to the people on the road (H2). Their decision, nobody else's.
type Prompt struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Movement Ref
	Cause    PromptCause
	At       int64
	Due      int64
	Urgent   bool
	Decision Decision
	Answered int64
	By       Ref
	Told     Channel // how the decision came; empty: signed
	NoAnswer bool
	Late     bool // the decision came after it was due
}

// PromptCause says why people on the road are asked. It names no party, place or hour.
type PromptCause string

// The causes of a question on the road.
const (
	CauseContact     PromptCause = "contact_liaison"     // an area and the movement meet
	CauseNoAck       PromptCause = "no_acknowledgement"  // none so long before departure
	CauseStop        PromptCause = "harm_near"           // an urgent stop near by
	CauseArrangement PromptCause = "arrangement_changed" // a corridor or pause is no longer open
	CauseRecalled    PromptCause = "release_recalled"
	CauseLost        PromptCause = "contact_lost"   // nothing was heard for the contact clock
	CauseOffPlan     PromptCause = "off_plan"       // it stands longer than planned
	CauseEscort      PromptCause = "escort_changed" // armed people differ from the notified answer
)

// UrgentStop is an urgent stop with its ladder.
type UrgentStop struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Object   Ref
	Place    *geo.Position
	Raiser   Ref   // account
	Joined   []Ref // other accounts that raised it again
	By       Ref
	OnBehalf *OnBehalf
	State    StopState
	At       int64
	Raised   int   // times it was raised
	Last     int64 // when it was last raised
	Step     int   // steps climbed
	Parties  []Ref // who is told
	Log      []StopStep
}

// StopStep is one thing that happened to a stop.
type StopStep struct {
	_        struct{} `cbor:",toarray"`
	What     string
	By       Ref
	Account  Ref
	OffRota  bool  // by an officer who was not on duty: any officer may take a stop, and it shows
	Called   []Ref // members whom this step calls, those of each party in its rota's order
	Words    Commitment
	Echelon  Echelon
	Effect   Effect
	Told     Channel // how it came; empty: signed
	Position uint64  // of the entry that made the step
	Lost     bool    // told when not even the spool could keep it
	Spooled  int64   // when it was told from the spool, before the journal had it; 0: it was not
	Due      int64
	At       int64
}

// BehalfEntry is a command that was entered on behalf of an account, which may confirm or disown it. For what the desk entered a clock
// runs; what came by form was typed by the account itself.
type BehalfEntry struct {
	_         struct{} `cbor:",toarray"`
	Name      Hash
	Of        Ref
	Kind      CommandKind
	Told      Channel
	By        Ref
	At        int64
	Due       int64 // 0: no clock runs
	Confirmed int64
	Disowned  int64
	NoAnswer  bool
}

// Relay is one hand-over by a go-between.
type Relay struct {
	_         struct{} `cbor:",toarray"`
	Of        Ref
	By        Ref
	Account   Ref
	Party     Ref
	Echelon   Echelon
	Delivered bool
	At        int64
	Position  uint64
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
	_        struct{} `cbor:",toarray"`
	Position uint64
	Name     Hash
	At       int64
	Kind     CommandKind
	Code     OutcomeCode
	First    uint64  // duplicate: position of the first
	Ref      Ref     // what the command made or concerned
	Account  Ref     // of the author
	By       Ref     // the author, or the member whose form it is; empty for a node
	Told     Channel // how it came to whoever signed it; empty: signed by its author
	Payloads []Commitment
}

// Notice says that somebody was told something: it names records, never their content.
type Notice struct {
	_        struct{} `cbor:",toarray"`
	Number   uint64   // within the account's inbox, from 0
	To       Ref      // account
	Kind     NoticeKind
	Object   Ref
	Version  int
	Other    Ref
	Due      int64 // of what is asked; or when the deadline that fired was due
	At       int64 // noted
	Position uint64
	Urgent   bool
	Count    int // how many things it is about, where it is about many
}

// NoticeKind says what somebody was told.
type NoticeKind string
