package release

import "parley"

// Incident is an incident as one reader may see it: whole for its author, monitors and the desk; without sources and narrative for those whom it
// concerns; else what is published. Attribution is no part of it: see the claims about it. Times are RFC 3339 in UTC.
type Incident struct {
	Ref         parley.Ref            `json:"ref"`
	Version     int                   `json:"version"`
	Sight       string                `json:"sight" enum:"whole,concerned,public" doc:"how much of it this reader sees"`
	State       string                `json:"state,omitzero"`
	Author      parley.Ref            `json:"author,omitzero"`
	Command     parley.Hash           `json:"command,omitzero"`
	Position    uint64                `json:"position,omitzero"`
	At          string                `json:"at" doc:"when this version was recorded"`
	Kind        parley.IncidentKind   `json:"kind,omitzero"`
	Title       string                `json:"title,omitzero"`
	Narrative   string                `json:"narrative,omitzero"`
	From        string                `json:"from,omitzero"`
	To          string                `json:"to,omitzero"`
	Uncertain   int64                 `json:"uncertain_ms,omitzero" doc:"either end may be off by so many milliseconds"`
	Date        string                `json:"date,omitzero" doc:"published: the day, UTC"`
	Place       *Geometry             `json:"place,omitzero" doc:"the middle of where it may have been"`
	Precision   parley.PlacePrecision `json:"precision,omitzero"`
	Radius      int32                 `json:"radius,omitzero" doc:"metres around the place"`
	Admin       []string              `json:"admin,omitempty" doc:"administrative areas, the widest first; published: the widest alone"`
	PlaceName   string                `json:"place_name,omitzero"`
	Category    parley.Category       `json:"category,omitzero"`
	Tallies     []parley.Tally        `json:"tallies,omitempty"`
	Totals      []Total               `json:"totals,omitempty" doc:"published: a count below the threshold is written as fewer than it"`
	Damage      parley.DamageGrade    `json:"damage,omitzero"`
	Lost        []string              `json:"lost,omitempty"`
	Means       string                `json:"means,omitzero" doc:"as reported"`
	Notified    bool                  `json:"notified,omitzero" doc:"it concerns an object that was notified then"`
	Objects     []parley.Ref          `json:"objects,omitempty" doc:"those this reader may know"`
	Harms       []parley.Ref          `json:"harms,omitempty" doc:"those this reader may know"`
	Sources     []Source              `json:"sources,omitempty"`
	Sets        []string              `json:"sets,omitempty" doc:"open data sets that it is taken from: their licences differ"`
	Certainty   parley.Certainty      `json:"certainty,omitzero"`
	Restricted  bool                  `json:"restricted,omitzero" doc:"never published"`
	Published   string                `json:"published,omitzero" doc:"since when a version of it is public"`
	PublicAs    int                   `json:"published_version,omitzero"`
	Changes     []IncidentChange      `json:"changes,omitempty" doc:"the log of corrections"`
	Earlier     []IncidentVersion     `json:"earlier,omitempty" doc:"what earlier versions said, the first one first"`
	PublicFrom  string                `json:"public_from,omitzero" doc:"when this version becomes public, if it does and has not yet"`
	Matches     []Match               `json:"matches,omitempty" doc:"other incidents that may be this one; nothing is merged"`
	Claims      []Claim               `json:"claims,omitempty" doc:"what was said about it, side by side; no verdict"`
	Assessments []Assessment          `json:"assessments,omitempty" doc:"apart from the event, each with who made it"`
	Responses   []Response            `json:"responses,omitempty" doc:"each party's own word"`
	Evidence    []parley.Ref          `json:"evidence,omitempty"`
	Corrections []CorrectionLine      `json:"corrections,omitempty" doc:"tasks of parties that held a notified object"`
	Hold        string                `json:"hold,omitzero" enum:"stands,ended"`
	Closed      string                `json:"closed,omitzero"`
	Closing     string                `json:"closing,omitzero"`
	Sentence    string                `json:"sentence"`
}

// Total is a published count.
type Total struct {
	What  parley.TallyWhat `json:"what"`
	Min   int32            `json:"min"`
	Max   int32            `json:"max"`
	Fewer int32            `json:"fewer_than,omitzero" doc:"the count is below the threshold and not shown"`
}

// Source is a source with its grade.
type Source struct {
	Kind        parley.SourceKind  `json:"kind"`
	Name        string             `json:"name,omitzero"`
	On          string             `json:"on,omitzero"`
	Link        string             `json:"link,omitzero"`
	Reliability parley.Reliability `json:"reliability"`
	Credibility parley.Credibility `json:"credibility"`
	Set         string             `json:"set,omitzero"`
	Entry       string             `json:"entry,omitzero"`
}

// IncidentChange is one correction.
type IncidentChange struct {
	Version int                   `json:"version"`
	Reason  parley.IncidentChange `json:"reason"`
	Words   string                `json:"words,omitzero"`
	At      string                `json:"at"`
}

// IncidentVersion is what an earlier version said.
type IncidentVersion struct {
	Version   int                   `json:"version"`
	At        string                `json:"at"`
	Position  uint64                `json:"position"`
	Command   parley.Hash           `json:"command"`
	Kind      parley.IncidentKind   `json:"kind"`
	Title     string                `json:"title,omitzero"`
	Narrative string                `json:"narrative,omitzero"`
	From      string                `json:"from"`
	To        string                `json:"to"`
	Uncertain int64                 `json:"uncertain_ms,omitzero"`
	Place     *Geometry             `json:"place,omitzero"`
	Precision parley.PlacePrecision `json:"precision"`
	Radius    int32                 `json:"radius,omitzero"`
	Category  parley.Category       `json:"category,omitzero"`
	Tallies   []parley.Tally        `json:"tallies,omitempty"`
	Damage    parley.DamageGrade    `json:"damage,omitzero"`
	Lost      []string              `json:"lost,omitempty"`
	Means     string                `json:"means,omitzero"`
	Sources   []Source              `json:"sources"`
	Certainty parley.Certainty      `json:"certainty"`
}

// Match is another incident that may be the same one.
type Match struct {
	Other   parley.Ref           `json:"other"`
	Reasons []parley.MatchReason `json:"reasons,omitempty"`
	Metres  *int64               `json:"metres,omitempty" doc:"between the places"`
	Said    parley.MatchWord     `json:"said"`
	At      string               `json:"at"`
	Words   string               `json:"words,omitzero"`
}

// Claim is what somebody said. It is attributed; nothing here says that it is so.
type Claim struct {
	Ref           parley.Ref       `json:"ref"`
	Sight         string           `json:"sight" enum:"whole,public"`
	Type          parley.ClaimType `json:"type"`
	Speaker       string           `json:"speaker,omitzero"`
	Capacity      string           `json:"capacity,omitzero"`
	Party         parley.Ref       `json:"party,omitzero" doc:"in whose name they are said to have spoken"`
	Via           []string         `json:"via,omitempty"`
	Published     string           `json:"published,omitzero"`
	Event         string           `json:"event,omitzero"`
	Speech        parley.Speech    `json:"speech"`
	Language      string           `json:"language"`
	Quotation     string           `json:"quotation"`
	Translation   string           `json:"translation,omitzero"`
	Translator    string           `json:"translator,omitzero"`
	Link          string           `json:"link,omitzero"`
	Document      parley.Hash      `json:"document,omitzero" doc:"SHA-256 of the text it was read in"`
	Spans         []parley.Span    `json:"spans,omitempty"`
	Archived      parley.Ref       `json:"archived,omitzero"`
	Places        []string         `json:"places,omitempty"`
	Organisations []string         `json:"organisations,omitempty"`
	Attribution   *Attribution     `json:"attribution,omitzero" doc:"the speaker's word, no finding"`
	About         []parley.Ref     `json:"about,omitempty"`
	Relations     []ClaimRelation  `json:"relations,omitempty"`
	Assessments   []Assessment     `json:"assessments,omitempty"`
	Recorder      parley.Ref       `json:"recorded_by,omitzero"`
	Command       parley.Hash      `json:"command,omitzero"`
	At            string           `json:"at"`
	Position      uint64           `json:"position,omitzero"`
	Sentence      string           `json:"sentence"`
}

// Attribution is whom a claim names.
type Attribution struct {
	Party parley.Ref `json:"party,omitzero"`
	Actor string     `json:"actor,omitzero"`
}

// ClaimRelation is how a claim stands to another one, as somebody has noted it.
type ClaimRelation struct {
	Other    parley.Ref           `json:"other"`
	Relation parley.ClaimRelation `json:"relation"`
	By       parley.Ref           `json:"by" doc:"account"`
	At       string               `json:"at"`
}

// Assessment is a grade with who gave it.
type Assessment struct {
	By          parley.Ref         `json:"by" doc:"account"`
	Reliability parley.Reliability `json:"reliability"`
	Credibility parley.Credibility `json:"credibility"`
	Grade       parley.EventGrade  `json:"grade,omitzero"`
	Words       string             `json:"words,omitzero"`
	At          string             `json:"at"`
	Position    uint64             `json:"position"`
}

// Response is what one party was asked and has said about an incident.
type Response struct {
	Party    parley.Ref     `json:"party"`
	Asked    string         `json:"asked,omitzero"`
	Receipt  string         `json:"receipt_due,omitzero"`
	Due      string         `json:"answer_due,omitzero"`
	Late     bool           `json:"late,omitzero"`
	Received string         `json:"received,omitzero"`
	Answered string         `json:"answered,omitzero"`
	DaysOpen int            `json:"days_open" doc:"whole days from being asked until it was answered, or until now"`
	Said     []ResponseWord `json:"said"`
}

// ResponseWord is one word of a party.
type ResponseWord struct {
	Response parley.ResponseKind `json:"response"`
	Words    string              `json:"words,omitzero"`
	Remedy   string              `json:"remedy,omitzero"`
	Told     parley.Channel      `json:"told,omitzero"`
	At       string              `json:"at"`
	Position uint64              `json:"position"`
}

// EvidenceFile is a file of evidence.
type EvidenceFile struct {
	SHA256 parley.Hash `json:"sha256"`
	Size   int64       `json:"size"`
	Stated string      `json:"stated" doc:"media type by whoever brought it"`
	Found  string      `json:"found" doc:"media type by its bytes"`
	Lies   bool        `json:"type_differs,omitzero" doc:"its bytes are of another type than was stated: it is handed out as bytes of no type"`
}

// Evidence is a file with its chain of custody.
type Evidence struct {
	Ref        parley.Ref         `json:"ref"`
	File       EvidenceFile       `json:"file" doc:"the evidentiary copy: it never changes"`
	Copies     []EvidenceFile     `json:"copies" doc:"working copies, in order"`
	Name       string             `json:"name"`
	Title      string             `json:"title,omitzero"`
	About      []parley.Ref       `json:"about"`
	Obtained   parley.EvidenceHow `json:"obtained"`
	From       string             `json:"from,omitzero"`
	ObtainedAt string             `json:"obtained_at"`
	Made       string             `json:"made,omitzero"`
	Place      *Geometry          `json:"place,omitzero"`
	Account    parley.Ref         `json:"account" doc:"in whose custody it is"`
	At         string             `json:"at"`
	Position   uint64             `json:"position"`
	Custody    []Custody          `json:"custody"`
}

// Custody is one link of a chain of custody.
type Custody struct {
	Action   parley.CustodyAction `json:"action"`
	At       string               `json:"at"`
	Person   string               `json:"person,omitzero"`
	Words    string               `json:"words,omitzero"`
	SHA256   parley.Hash          `json:"sha256,omitzero"`
	Account  parley.Ref           `json:"account"`
	Noted    string               `json:"noted"`
	Position uint64               `json:"position"`
}

// Seal is a sealed area. Before it is opened nobody sees its content.
type Seal struct {
	Ref        parley.Ref  `json:"ref"`
	Party      parley.Ref  `json:"party"`
	Commitment parley.Hash `json:"commitment"`
	Head       uint64      `json:"list_position" doc:"of the list that it was checked against"`
	Stale      bool        `json:"stale,omitzero" doc:"that was not the newest then"`
	At         string      `json:"at"`
	Position   uint64      `json:"position"`
	Opened     string      `json:"opened,omitzero"`
	OpenedAt   uint64      `json:"opened_position,omitzero"`
	Geometry   *Geometry   `json:"geometry,omitzero"`
	Buffer     int32       `json:"buffer,omitzero"`
	From       string      `json:"from,omitzero"`
	To         string      `json:"to,omitzero"`
}
