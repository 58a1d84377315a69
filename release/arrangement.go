package release

import "parley"

// Arrangement is a line, zone, corridor or pause as one account may see it. Times are RFC 3339 in UTC. What it says is what the named
// parties state.
type Arrangement struct {
	Ref        parley.Ref            `json:"ref"`
	Kind       string                `json:"kind" doc:"line, zone, corridor or pause"`
	Version    int                   `json:"version"`
	State      string                `json:"state"`
	Imposed    bool                  `json:"imposed,omitzero"`
	Proposer   parley.Ref            `json:"proposer,omitzero" doc:"absent where another organisation proposed it"`
	Told       parley.Channel        `json:"told,omitzero" doc:"how it came when its proposer did not sign it"`
	Command    parley.Hash           `json:"command"`
	Position   uint64                `json:"position"`
	At         string                `json:"at"`
	Agreed     int                   `json:"agreed" doc:"parties that were asked and agree to this version"`
	Of         int                   `json:"of" doc:"parties that were asked"`
	Consents   []Consent             `json:"consents" doc:"every party of the theatre"`
	Names      []Name                `json:"names,omitempty"`
	Text       string                `json:"text,omitzero"`
	Geometry   Geometry              `json:"geometry"`
	Radius     int32                 `json:"radius,omitzero"`
	Described  Described             `json:"described" doc:"from the geometry, never typed"`
	From       string                `json:"from"`
	To         string                `json:"to,omitzero" doc:"absent: no end was stated"`
	Published  bool                  `json:"published,omitzero"`
	Line       *LineTerms            `json:"line,omitzero"`
	Corridor   *CorridorTerms        `json:"corridor,omitzero"`
	Users      []parley.CorridorUser `json:"users,omitempty" doc:"of a corridor or pause"`
	Missing    []string              `json:"missing,omitempty" doc:"of a corridor: what its plan lacks"`
	Uses       int                   `json:"uses,omitzero" doc:"movements that set out through a corridor while it was open"`
	Log        []ArrangementStep     `json:"log"`
	Versions   []ArrangementVersion  `json:"versions"`
	Cuts       []parley.Ref          `json:"cuts,omitempty" doc:"objects and corridors that a line or zone meets, of those the reader may know"`
	Inside     []parley.Ref          `json:"inside,omitempty" doc:"movements in a corridor or pause, of those the reader may know"`
	Notices    []Crossing            `json:"crossing_notices,omitempty"`
	Events     []Crossed             `json:"crossing_events,omitempty"`
	Warnings   []Warning             `json:"warnings,omitempty"`
	Deliveries []Delivery            `json:"deliveries,omitempty"`
	Sentence   string                `json:"sentence"`
}

// Consent is how one party stands to an arrangement.
type Consent struct {
	Party   parley.Ref           `json:"party"`
	Status  parley.ConsentStatus `json:"status"`
	Version int                  `json:"version,omitzero"`
	At      string               `json:"at,omitzero"`
	Told    parley.Channel       `json:"told,omitzero"`
	Words   string               `json:"words,omitzero"`
}

// Described says in numbers what a geometry is.
type Described struct {
	LengthM int64     `json:"length_m,omitzero"`
	AreaM2  int64     `json:"area_m2,omitzero"`
	Start   *Geometry `json:"start,omitzero"`
	End     *Geometry `json:"end,omitzero"`
	Center  Geometry  `json:"center"`
	Words   string    `json:"words" doc:"in English"`
}

// LineTerms are the terms of a line or zone.
type LineTerms struct {
	Kind  parley.LineKind `json:"line_kind"`
	Basis parley.Basis    `json:"basis"`
}

// CorridorTerms are the terms of a corridor.
type CorridorTerms struct {
	Direction  parley.Direction `json:"direction"`
	Hours      []parley.Hours   `json:"hours,omitempty" doc:"of each day, in minutes UTC"`
	Crossings  []CorridorPoint  `json:"water_crossings,omitempty"`
	Hazards    []CorridorPoint  `json:"hazards,omitempty"`
	Guarantors []parley.Ref     `json:"guarantors,omitempty"`
	Inspection string           `json:"inspection,omitzero"`
	Capacity   int32            `json:"capacity,omitzero"`
	Pause      parley.Ref       `json:"pause,omitzero"`
	PauseState string           `json:"pause_state,omitzero"`
	Evacuation *Evacuation      `json:"evacuation,omitzero"`
}

// CorridorPoint is a water crossing, hazard or assembly point.
type CorridorPoint struct {
	Kind     string   `json:"kind"`
	Place    Geometry `json:"place"`
	Words    string   `json:"words,omitzero"`
	Capacity int32    `json:"capacity,omitzero"`
}

// Evacuation is how people leave, and the safeguards against being made to.
type Evacuation struct {
	Voluntary   parley.Answer   `json:"voluntary"`
	Destination parley.Answer   `json:"destination"`
	Remain      parley.Answer   `json:"remain"`
	Return      parley.Answer   `json:"return"`
	Family      parley.Answer   `json:"family_unity"`
	Accompanied string          `json:"accompanied,omitzero"`
	Points      []CorridorPoint `json:"assembly_points,omitempty"`
	Capacity    int             `json:"capacity" doc:"people, over all assembly points"`
}

// ArrangementStep is one change of an arrangement's status.
type ArrangementStep struct {
	State   string         `json:"state"`
	Account parley.Ref     `json:"account,omitzero" doc:"whose word it is; absent: its window's, or another organisation's"`
	Told    parley.Channel `json:"told,omitzero"`
	Words   string         `json:"words,omitzero"`
	Due     string         `json:"due,omitzero"`
	At      string         `json:"at"`
}

// ArrangementVersion is one version with its signed command.
type ArrangementVersion struct {
	Version  int         `json:"version"`
	Command  parley.Hash `json:"command"`
	Position uint64      `json:"position"`
	At       string      `json:"at"`
	Geometry Geometry    `json:"geometry"`
	From     string      `json:"from"`
	To       string      `json:"to,omitzero"`
}

// Crossing is a crossing notice with the answers to it. None of them gives leave.
type Crossing struct {
	Ref      parley.Ref       `json:"ref"`
	Of       parley.Versioned `json:"of"`
	From     parley.Ref       `json:"from,omitzero" doc:"the party; absent where an organisation gave notice, but to itself and the desk"`
	Movement parley.Ref       `json:"movement,omitzero"`
	Told     parley.Channel   `json:"told,omitzero"`
	Place    Geometry         `json:"place"`
	Begins   string           `json:"begins"`
	Ends     string           `json:"ends"`
	Words    string           `json:"words,omitzero"`
	Noted    string           `json:"noted"`
	Late     bool             `json:"late,omitzero" doc:"noted after its window had begun"`
	Answers  []CrossingWord   `json:"answers,omitempty"`
}

// CrossingWord is one party's answer.
type CrossingWord struct {
	Party  parley.Ref           `json:"party"`
	Answer parley.CrossingReply `json:"answer"`
	Words  string               `json:"words,omitzero"`
	At     string               `json:"at"`
}

// Crossed is a crossing event.
type Crossed struct {
	Ref           parley.Ref       `json:"ref"`
	Of            parley.Versioned `json:"of" doc:"the version that stood then"`
	From          parley.Ref       `json:"from,omitzero"`
	Told          parley.Channel   `json:"told,omitzero"`
	Own           bool             `json:"own,omitzero"`
	Observed      parley.Ref       `json:"observed,omitzero" doc:"the party whose people from says it saw"`
	Movement      parley.Ref       `json:"movement,omitzero"`
	Place         Geometry         `json:"place"`
	At            string           `json:"at"`
	Noted         string           `json:"noted"`
	Words         string           `json:"words,omitzero"`
	Notice        parley.Ref       `json:"notice,omitzero" doc:"that announced it; absent: none"`
	Warnings      []parley.Ref     `json:"warnings,omitempty"`
	Asked         []PresenceWord   `json:"asked,omitempty"`
	Contradiction bool             `json:"contradiction,omitzero" doc:"what was observed and what was answered do not agree: both stand"`
}

// PresenceWord is a party's word about people that were observed.
type PresenceWord struct {
	Party  parley.Ref           `json:"party"`
	Asked  string               `json:"asked"`
	Answer parley.PresenceReply `json:"answer,omitzero"`
	At     string               `json:"at,omitzero"`
}

// Warning is one warning on record.
type Warning struct {
	Ref      parley.Ref          `json:"ref"`
	Of       parley.Ref          `json:"of"`
	Step     int                 `json:"step"`
	From     parley.Ref          `json:"from"`
	Told     parley.Channel      `json:"told,omitzero"`
	To       parley.Ref          `json:"to,omitzero"`
	Means    parley.WarningMeans `json:"means"`
	Language string              `json:"language"`
	At       string              `json:"at"`
	Act      string              `json:"time_to_act,omitzero"`
	Words    string              `json:"words"`
	Sentence string              `json:"sentence"`
}

// Offer is an offer with what became of it, for both sides and the desk.
type Offer struct {
	Ref         parley.Ref       `json:"ref"`
	From        parley.Ref       `json:"from"`
	To          parley.Ref       `json:"to"`
	Kind        parley.OfferKind `json:"offer_kind"`
	Told        parley.Channel   `json:"told,omitzero"`
	Text        string           `json:"text"`
	Language    string           `json:"language"`
	Translation string           `json:"translation,omitzero"`
	Translator  string           `json:"translator,omitzero"`
	Made        string           `json:"made"`
	Deadline    string           `json:"deadline"`
	About       parley.Ref       `json:"about,omitzero"`
	Counter     parley.Ref       `json:"counter,omitzero" doc:"the offer that this one counters"`
	State       string           `json:"state"`
	Answered    string           `json:"answered,omitzero"`
	AnswerTold  parley.Channel   `json:"answer_told,omitzero"`
	Late        bool             `json:"late,omitzero" doc:"answered after its deadline"`
	Words       string           `json:"words,omitzero"`
	Outcome     string           `json:"outcome_at,omitzero"`
	OutcomeBy   parley.Ref       `json:"outcome_by,omitzero"`
	OutcomeText string           `json:"outcome_words,omitzero"`
	Position    uint64           `json:"position"`
}

// Delivery is a delivery on record.
type Delivery struct {
	Ref       parley.Ref       `json:"ref"`
	Of        parley.Ref       `json:"of"`
	Owner     parley.Ref       `json:"owner,omitzero"`
	Told      parley.Channel   `json:"told,omitzero"`
	PlannedAt string           `json:"planned_at"`
	At        string           `json:"at,omitzero" doc:"absent: planned and not yet done"`
	Items     []parley.Item    `json:"items"`
	People    parley.Occupancy `json:"people"`
	Consignee string           `json:"consignee,omitzero"`
	Words     string           `json:"words,omitzero"`
	Replaced  parley.Ref       `json:"replaced_by,omitzero"`
	Noted     string           `json:"noted"`
}

// Result is how a movement ended, or what came of asking for access.
type Result struct {
	Ref      parley.Ref           `json:"ref"`
	Movement parley.Ref           `json:"movement,omitzero"`
	Asked    string               `json:"asked,omitzero"`
	Of       parley.Ref           `json:"asked_of,omitzero"`
	Owner    parley.Ref           `json:"owner,omitzero"`
	Told     parley.Channel       `json:"told,omitzero"`
	Outcome  parley.OutcomeKind   `json:"outcome"`
	Delay    int32                `json:"delay,omitzero"`
	Reason   parley.OutcomeReason `json:"reason"`
	At       string               `json:"at"`
	Words    string               `json:"words,omitzero"`
	Replaced parley.Ref           `json:"replaced_by,omitzero"`
}

// Statistics are counts of what the reader may see, each with what it is a part of.
type Statistics struct {
	Movements    int            `json:"movements" doc:"notified"`
	Over         int            `json:"over" doc:"of them: closed, withdrawn, or past their window"`
	Outcomes     []OutcomeCount `json:"outcomes" doc:"of movements, the newest record of each"`
	NoOutcome    int            `json:"no_outcome" doc:"of those that are over: nobody has said how they ended"`
	Access       []OutcomeCount `json:"access" doc:"of access asked for without a movement"`
	AccessAsked  int            `json:"access_asked"`
	Arrangements []StateCount   `json:"arrangements"`
	Offers       []OfferCount   `json:"offers" doc:"by direction: who to whom"`
	Acknowledged []AckCount     `json:"acknowledgements" doc:"by party: what was released to it, and what became of that"`
	Harm         []HarmCount    `json:"harm" doc:"by party: notified objects that it held, and harm to them. Holding an object says nothing about who harmed it"`
	HarmEvents   int            `json:"harm_events" doc:"events of harm to notified objects; reports that are probably of one event count once"`
	Attributed   []Attributed   `json:"attributed" doc:"whom claims name: each the speakers' word, none a finding"`
	Attributions int            `json:"attributions" doc:"claims that name somebody"`
	Incidents    []StateCount   `json:"incidents" doc:"by kind and state"`
	Responses    []AnswerCount  `json:"responses" doc:"by party: what it was asked about incidents, and answered"`
	Sentence     string         `json:"sentence"`
}

// AckCount is what became of the versions released to one party.
type AckCount struct {
	Party        parley.Ref `json:"party"`
	Releases     int        `json:"releases"`
	Acknowledged int        `json:"acknowledged" doc:"of them"`
	InTime       int        `json:"in_time" doc:"of those: before any deadline had passed"`
	Waiting      int        `json:"waiting" doc:"of the releases: neither acknowledged, nor recalled, ended or superseded"`
	NoAnswers    int        `json:"no_answers" doc:"deadlines that passed unanswered"`
	Median       int64      `json:"median_ms" doc:"from release to acknowledgement"`
	Ninetieth    int64      `json:"p90_ms"`
}

// HarmCount is harm to objects while a party held their release.
type HarmCount struct {
	Party  parley.Ref   `json:"party"`
	Held   int          `json:"held" doc:"notified objects that were released to it"`
	Harmed int          `json:"harmed" doc:"of them: harmed while it held the release"`
	Tasks  int          `json:"tasks" doc:"asked of it about them"`
	Late   int          `json:"late" doc:"of the tasks: a deadline passed"`
	Causes []CauseCount `json:"causes" doc:"of the tasks: the party's own word; without one, none"`
}

// CauseCount is how often a party has given a cause.
type CauseCount struct {
	Cause parley.CauseClass `json:"cause,omitzero" doc:"empty: no word yet"`
	N     int               `json:"n"`
}

// Attributed is how often claims name one party, by in whose name they were spoken.
type Attributed struct {
	Party  parley.Ref `json:"party,omitzero" doc:"whom they name; empty: somebody who is no party here"`
	By     parley.Ref `json:"by,omitzero" doc:"in whose name the speakers spoke; empty: nobody's, or an outlet's"`
	Claims int        `json:"claims"`
}

// AnswerCount is what a party was asked about incidents, and what it said.
type AnswerCount struct {
	Party    parley.Ref `json:"party"`
	Asked    int        `json:"asked"`
	Received int        `json:"received"`
	Answered int        `json:"answered"`
	Late     int        `json:"late"`
}

// OutcomeCount is how often something ended in one way.
type OutcomeCount struct {
	Outcome parley.OutcomeKind `json:"outcome"`
	N       int                `json:"n"`
}

// StateCount is how many arrangements of a kind are in a state.
type StateCount struct {
	Kind  string `json:"kind"`
	State string `json:"state"`
	N     int    `json:"n"`
}

// OfferCount is what became of the offers of one side to another.
type OfferCount struct {
	From     parley.Ref `json:"from"`
	To       parley.Ref `json:"to"`
	Made     int        `json:"made"`
	Open     int        `json:"open"`
	Accepted int        `json:"accepted" doc:"those that were fulfilled or lapsed included"`
	Declined int        `json:"declined"`
	Counters int        `json:"countered"`
	NoAnswer int        `json:"no_answer"`
	Late     int        `json:"late" doc:"answered after the deadline; counted above by their answer"`
}
