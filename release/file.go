package release

import "parley"

// The views below are what doors hand out. Each is built for one account; nothing in it depends on what that account may not see.

// Summary is one line of a list of objects.
type Summary struct {
	Ref      parley.Ref `json:"ref"`
	Version  int        `json:"version"`
	Kind     string     `json:"kind"`
	Category string     `json:"category"`
	Owner    parley.Ref `json:"owner,omitzero"` // desk only
	State    string     `json:"state"`          // of the notification; for a party, of its release
	Currency string     `json:"currency"`
	From     string     `json:"from"`
	Until    string     `json:"until,omitzero"`
	Movement string     `json:"movement,omitzero"`
	Late     bool       `json:"late,omitzero"`
	Overdue  bool       `json:"overdue,omitzero"`
	Due      string     `json:"due,omitzero"`     // a party's acknowledgement
	Parties  []Holding  `json:"parties,omitzero"` // owner and desk: who has it
}

// Holding says how far one version has come with one party.
type Holding struct {
	Party        parley.Ref       `json:"party"`
	Version      int              `json:"version"`
	State        string           `json:"state"`
	Precision    parley.Precision `json:"precision"`
	Fields       []parley.Field   `json:"fields,omitempty"`
	Since        string           `json:"since"`
	Due          string           `json:"due,omitzero"` // acknowledgement: each side sees its own deadline
	Acknowledged string           `json:"acknowledged,omitzero"`
	Stale        bool             `json:"stale,omitzero"` // a newer version exists
	NoAnswer     int              `json:"no_answer,omitzero"`
	Sendings     int              `json:"sendings"`
	WrongReads   int              `json:"wrong_read_backs,omitzero"`
	Delivered    string           `json:"delivered,omitzero"`
	Emergency    bool             `json:"emergency,omitzero"`
	OnRoad       bool             `json:"on_the_road,omitzero" doc:"an update of a movement that has departed: it is to be acknowledged at once"`
	NoSecond     bool             `json:"second_signature_missing,omitzero"`
	Seconded     bool             `json:"second_signature,omitzero"` // of an emergency release: owner and desk
	Unverified   bool             `json:"not_yet_verified,omitzero"`
	Told         string           `json:"told,omitzero"` // how the word came, when it was not signed
	Recalled     string           `json:"recalled,omitzero"`
	Deleted      string           `json:"deleted,omitzero"`
	Levels       []Level          `json:"levels,omitempty"`
}

// Level is what one level of a party is stated to hold.
type Level struct {
	Echelon  parley.Echelon `json:"echelon"`
	Name     string         `json:"name,omitzero"` // own officers and the desk
	At       string         `json:"at"`
	Position *uint64        `json:"list_position,omitzero"`
	NoList   bool           `json:"no_list,omitzero"`
	Stale    bool           `json:"stale,omitzero"`
	ApartMM  int64          `json:"apart_mm,omitzero"`
}

// File is everything one account may see of an object.
type File struct {
	Ref       parley.Ref `json:"ref"`
	Kind      string     `json:"kind"`
	Owner     parley.Ref `json:"owner,omitzero"`
	State     string     `json:"state,omitzero"`
	Currency  string     `json:"currency"`
	Confirmed string     `json:"confirmed"` // when its word was last notified or renewed
	Due       string     `json:"revalidation_due,omitzero"`
	Late      bool       `json:"late,omitzero"`
	Movement  string     `json:"movement,omitzero"`
	Leg       int        `json:"leg,omitzero"`
	Reported  string     `json:"reported,omitzero"`
	Overdue   bool       `json:"overdue,omitzero"`
	Road      *Road      `json:"road,omitzero"` // a movement that has departed

	// ReportTold says how the last report came, when the notifier did not sign it.
	ReportTold parley.Channel `json:"report_told,omitzero"`

	Versions []Object         `json:"versions"`
	Holdings []Holding        `json:"holdings"`
	Doubts   []parley.Finding `json:"findings,omitempty"`            // owner and desk
	Near     []parley.Ref     `json:"possible_duplicates,omitempty"` // desk
	Kept     *Kept            `json:"kept,omitzero"`                 // desk: a site that it keeps itself
	Queries  []Query          `json:"queries,omitempty"`
	Disputes []Dispute        `json:"disputes,omitempty"`
	Prompts  []Prompt         `json:"prompts,omitempty"`
	Relays   []Relay          `json:"relays,omitempty"`
	Reads    []Read           `json:"reads,omitempty"` // owner and desk
	Commands []Entry          `json:"commands"`        // where the journal has its versions
	Sentence string           `json:"sentence"`
}

// Entry is a place in the journal.
type Entry struct {
	Version  int            `json:"version"`
	Name     parley.Hash    `json:"name"`
	Position uint64         `json:"position"`
	At       string         `json:"at"`
	Told     parley.Channel `json:"told,omitzero" doc:"how the word came when the notifier did not sign it; absent when they did"`
}

// Query is a question and its answer.
type Query struct {
	Ref      parley.Ref `json:"ref"`
	Of       string     `json:"of"`
	Asker    string     `json:"asker"` // "desk", "notifier", or "recipient": which party asked stays with the desk
	Field    string     `json:"field"`
	Question string     `json:"question"`
	At       string     `json:"at"`
	Due      string     `json:"due"`
	Answer   string     `json:"answer,omitzero"`
	Answered string     `json:"answered,omitzero"`
	Late     bool       `json:"late,omitzero"`

	// Told says how the answer came, when its author did not sign it.
	Told parley.Channel `json:"told,omitzero"`
}

// Dispute is a recipient's contest.
type Dispute struct {
	Ref    parley.Ref           `json:"ref"`
	Of     string               `json:"of"`
	Party  parley.Ref           `json:"party"`
	Reason parley.DisputeReason `json:"reason"`
	Words  string               `json:"words,omitzero"`
	At     string               `json:"at"`
}

// Prompt is a question to the people on the road.
type Prompt struct {
	Ref      parley.Ref         `json:"ref"`
	Movement parley.Ref         `json:"movement"`
	Cause    parley.PromptCause `json:"cause"`
	Text     string             `json:"text"`
	At       string             `json:"at"`
	Due      string             `json:"due"`
	Urgent   bool               `json:"urgent,omitzero"`
	Decision parley.Decision    `json:"decision,omitzero"`
	Answered string             `json:"answered,omitzero"`
	Told     parley.Channel     `json:"told,omitzero" doc:"how the decision came when its author did not sign it"`
	NoAnswer bool               `json:"no_answer,omitzero"`
	Late     bool               `json:"late,omitzero" doc:"the decision came after it was due"`
}

// Relay is a hand-over that never counts as its final party's acknowledgement.
type Relay struct {
	By        parley.Ref     `json:"by"`
	Party     parley.Ref     `json:"party"`
	Echelon   parley.Echelon `json:"echelon"`
	Delivered bool           `json:"delivered"`
	At        string         `json:"at"`
}

// Read says that a member of an account read the object, and why.
type Read struct {
	Account parley.Ref     `json:"account"`
	Purpose parley.Purpose `json:"purpose"`
	At      string         `json:"at"`
}

// Area is a declared area as one account may see it.
type Area struct {
	Ref         parley.Ref         `json:"ref"`
	Version     int                `json:"version,omitzero"`
	Party       parley.Ref         `json:"party"`
	State       string             `json:"state"`
	Geometry    *Geometry          `json:"geometry,omitzero"`
	Buffer      int32              `json:"buffer,omitzero"`
	From        string             `json:"from,omitzero"`
	To          string             `json:"to,omitzero"`
	Low         *int32             `json:"low,omitzero"`
	High        *int32             `json:"high,omitzero"`
	Addressees  []parley.Ref       `json:"addressees"`
	Urgent      bool               `json:"urgent,omitzero"`
	Told        string             `json:"told,omitzero"`
	Stale       bool               `json:"stale,omitzero"`
	Missed      []parley.Versioned `json:"missed,omitempty"`
	Unchecked   bool               `json:"no_current_check,omitzero"`
	Indications []Indication       `json:"indications,omitempty"`
	Open        int                `json:"open_indications,omitzero"` // desk
	ReadBacks   []ReadBack         `json:"read_backs,omitempty"`
	Objections  []Objection        `json:"objections,omitempty"`
	Disputes    []AreaDispute      `json:"disputes,omitempty"`
	Versions    []AreaVersion      `json:"versions,omitempty" doc:"as they were declared, each with the name of its signed command"`
	ToldPlaces  []ToldPlace        `json:"told_places,omitempty"`
	Overlaps    []Overlap          `json:"overlaps,omitempty"`
	Sentence    string             `json:"sentence"`
}

// Indication is a contrary indication: what touches an area or check, as released to the asker.
type Indication struct {
	Object   parley.Versioned `json:"object"`
	Category string           `json:"category"`
	Geometry Geometry         `json:"geometry"` // the keep-out shape is this, widened by keep_out
	KeepOut  int32            `json:"keep_out"`
	From     string           `json:"from"`
	Until    string           `json:"until,omitzero"`
	Verified string           `json:"verified,omitzero"` // when it was last verified: its age
	Currency string           `json:"currency"`
	Urgent   bool             `json:"urgent,omitzero"`
	State    string           `json:"state"`
	Reason   string           `json:"reason,omitzero"`
	Answered string           `json:"answered,omitzero"`
	Liaison  string           `json:"liaison"`
	Task     parley.Ref       `json:"correction,omitzero" doc:"this object was harmed before, and the asker's task about it is open"`
}

// ReadBack is an addressee's repetition of an area.
type ReadBack struct {
	Party   parley.Ref `json:"party"`
	Version int        `json:"version"`
	Right   bool       `json:"right"`
	What    string     `json:"what,omitzero"`
	At      string     `json:"at"`
}

// Objection is an addressee's objection.
type Objection struct {
	Party   parley.Ref        `json:"party"`
	Version int               `json:"version"`
	Reason  parley.AreaReason `json:"reason"`
	Words   string            `json:"words,omitzero"`
	At      string            `json:"at"`
	Ended   string            `json:"withdrawn,omitzero"`
}

// AreaVersion is one version of an area as it was declared.
type AreaVersion struct {
	Version      int         `json:"version"`
	Command      parley.Hash `json:"command"`
	Position     uint64      `json:"position"`
	At           string      `json:"at"`
	Center       Geometry    `json:"center"`
	ExtentMetres int64       `json:"extent_m"`
	From         string      `json:"from"`
	To           string      `json:"to"`
}

// AreaDispute is an addressee's word that an area was told to it otherwise.
type AreaDispute struct {
	Party   parley.Ref `json:"party"`
	Version int        `json:"version"`
	Place   *Geometry  `json:"place,omitzero"`
	ApartMM int64      `json:"apart_mm,omitzero"`
	From    string     `json:"from,omitzero"`
	To      string     `json:"to,omitzero"`
	Words   string     `json:"words,omitzero"`
	At      string     `json:"at"`
}

// ToldPlace is a place told in words against the geometry.
type ToldPlace struct {
	Party   parley.Ref `json:"party"`
	Words   string     `json:"words"`
	Place   Geometry   `json:"place"`
	ApartMM int64      `json:"apart_mm"`
	Differs bool       `json:"differs,omitzero"`
	At      string     `json:"at"`
}

// Overlap is where two areas meet that were declared to each other's party.
type Overlap struct {
	With parley.Ref `json:"with"`
	From string     `json:"from"`
	To   string     `json:"to"`
	Due  string     `json:"read_back_due"`
}

// Check is the answer to a precaution check, for its asker alone.
type Check struct {
	Ref         parley.Ref      `json:"ref"`
	At          string          `json:"at"`
	Expires     string          `json:"expires"`
	Ended       string          `json:"ended,omitzero"`
	Head        parley.ListHead `json:"head"`
	Geometry    Geometry        `json:"geometry"`
	Buffer      int32           `json:"buffer,omitzero"`
	From        string          `json:"from"`
	To          string          `json:"to"`
	Attested    bool            `json:"attested,omitzero"`
	StaleList   bool            `json:"stale_list,omitzero"`
	Indications []Indication    `json:"indications"`
	More        bool            `json:"more,omitzero"`
	Sentence    string          `json:"sentence"`
}

// Stop is an urgent stop with its ladder.
type Stop struct {
	Ref      parley.Ref   `json:"ref"`
	Object   parley.Ref   `json:"object,omitzero"`
	Place    *Geometry    `json:"place,omitzero"`
	State    string       `json:"state"`
	At       string       `json:"at"`
	Raised   int          `json:"raised"`
	Step     int          `json:"step"`
	Parties  []parley.Ref `json:"parties"`
	Unpassed []parley.Ref `json:"not_at_unit,omitempty" doc:"parties that have not said since it was last raised that a unit of theirs has it"`
	Log      []StopStep   `json:"log"`
	Mark     string       `json:"mark,omitzero" doc:"not yet in the journal, or not recorded: told from the spool, without a stored receipt"`
}

// What an urgent stop is marked with while the journal does not have it.
const (
	MarkSpooled = "not yet in the journal"
	MarkLost    = "not recorded"
)

// StopStep is one thing that happened to a stop.
type StopStep struct {
	What     string         `json:"what"`
	Account  parley.Ref     `json:"account,omitzero"`
	Echelon  parley.Echelon `json:"echelon,omitzero"`
	Effect   parley.Effect  `json:"effect,omitzero"`
	Words    string         `json:"words,omitzero" doc:"what was said with it; of a stand-down, the report"`
	OffRota  bool           `json:"off_rota,omitzero" doc:"taken by an officer who was not on duty: any officer may, and it shows"`
	Called   []parley.Ref   `json:"called,omitempty" doc:"members of one's own account whom this step calls"`
	Calls    int            `json:"calls,omitzero" doc:"how many people it calls in all"`
	Told     parley.Channel `json:"told,omitzero" doc:"how it came when nobody of the account signed it"`
	Spooled  string         `json:"spooled,omitzero" doc:"when it was told from the spool, before the journal could take it; at is when the journal did"`
	Lost     bool           `json:"not_recorded,omitzero" doc:"told when not even the spool could keep it"`
	Position uint64         `json:"position" doc:"of the journal's entry that made the step"`
	Due      string         `json:"due,omitzero"`
	At       string         `json:"at"`
}

// Account is a party or organisation as others know it.
type Account struct {
	Ref       parley.Ref `json:"ref"`
	Kind      string     `json:"kind"`
	Name      string     `json:"name"`
	Since     string     `json:"since"`
	Suspended bool       `json:"suspended,omitzero"`
}

// Member is a member as their own account, the desk's administrator and the board know them.
type Member struct {
	Ref      parley.Ref     `json:"ref"`
	Account  parley.Ref     `json:"account"`
	Roles    []parley.Role  `json:"roles"`
	Echelon  parley.Echelon `json:"echelon,omitzero"`
	Name     string         `json:"name"`
	Keys     []Key          `json:"keys" doc:"one for each device, in order of enrolment"`
	Enrolled string         `json:"enrolled"`
	Revoked  string         `json:"revoked,omitzero"`
	OnDuty   bool           `json:"on_duty,omitzero"`
}

// Key is a member's key: one for each of their devices.
type Key struct {
	ID       parley.KeyID `json:"id"`
	Since    string       `json:"since"`
	Replaced string       `json:"replaced,omitzero" doc:"when another key followed it"`
	Revoked  string       `json:"revoked,omitzero"`
}

// Entered is a command that was entered on behalf of an account, by the desk or by a form of its own, which confirms or disowns it by
// its name.
type Entered struct {
	Name      parley.Hash        `json:"name"`
	Kind      parley.CommandKind `json:"kind"`
	Told      parley.Channel     `json:"told" doc:"how it came: telephone, radio, paper, sms or form"`
	At        string             `json:"at"`
	Due       string             `json:"due,omitzero" doc:"when the account's word is due; absent for a form"`
	Confirmed string             `json:"confirmed,omitzero"`
	Disowned  string             `json:"disowned,omitzero"`
	NoAnswer  bool               `json:"no_answer,omitzero"`
}

// Notice is one line of an account's inbox. It names records, never their content.
type Notice struct {
	Number   uint64            `json:"number"`
	Kind     parley.NoticeKind `json:"kind"`
	Object   parley.Ref        `json:"object,omitzero"`
	Version  int               `json:"version,omitzero"`
	Other    parley.Ref        `json:"other,omitzero"`
	Due      string            `json:"due,omitzero"`
	At       string            `json:"at"`
	Position uint64            `json:"position"`
	Urgent   bool              `json:"urgent,omitzero"`
	Mark     string            `json:"mark,omitzero" doc:"on outbound channels: an urgent stop that was told before the journal had it"`
	Count    int               `json:"count,omitzero" doc:"how many things it is about, where it is about many"`
}

// ListEntry is one entry of a party's list.
type ListEntry struct {
	Slot   int              `json:"slot"`
	Of     parley.Versioned `json:"of"`
	Hash   parley.Hash      `json:"hash"`
	Object Object           `json:"object"`
	State  string           `json:"state"`
	Due    string           `json:"due,omitzero"`
}

// Counts is what trustees see of an account: numbers, never content.
type Counts struct {
	Account   parley.Ref `json:"account"`
	Objects   int        `json:"objects"`
	Listed    int        `json:"listed"`
	NoAnswers uint64     `json:"no_answers"`
	Checks    int        `json:"checks"`
	Refusals  uint64     `json:"refusals"`
	Prompts   uint64     `json:"prompts"`
}
