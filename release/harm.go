package release

import "parley"

// Harm is a report of harm as its reporter, the object's owner and the desk see it. Times are RFC 3339 in UTC.
type Harm struct {
	Ref         parley.Ref       `json:"ref"`
	Object      parley.Ref       `json:"object,omitzero"`
	Version     int              `json:"version,omitzero" doc:"the object's newest version when it was reported"`
	Place       *Geometry        `json:"place,omitzero"`
	At          string           `json:"at" doc:"when it began, by the report"`
	GoesOn      bool             `json:"goes_on,omitzero"`
	Effects     string           `json:"effects,omitzero"`
	Reporter    parley.Ref       `json:"reporter,omitzero" doc:"the account: for itself and the desk"`
	Told        parley.Channel   `json:"told,omitzero" doc:"how the word came when its author did not sign it"`
	Reported    string           `json:"reported"`
	Position    uint64           `json:"position"`
	First       parley.Ref       `json:"first,omitzero" doc:"an earlier report that is probably of the same event"`
	Stop        parley.Ref       `json:"stop,omitzero" doc:"the urgent stop that it raised, or raised again"`
	Near        []parley.Ref     `json:"near,omitempty" doc:"other notified objects near by: the desk alone"`
	Corrections []CorrectionLine `json:"corrections,omitempty" doc:"for the object's owner and the desk"`
	Sentence    string           `json:"sentence"`
}

// CorrectionLine is how far one party has come with its task.
type CorrectionLine struct {
	Ref   parley.Ref `json:"ref"`
	Party parley.Ref `json:"party"`
	State string     `json:"state"`
	Late  bool       `json:"late,omitzero"`
}

// Correction is a party's task after harm, as the party, the object's owner and the desk see it. What it says is the party's own word.
type Correction struct {
	Ref      parley.Ref        `json:"ref"`
	Harm     parley.Ref        `json:"harm,omitzero" doc:"the report: for the object's owner and the desk"`
	Object   parley.Ref        `json:"object"`
	Party    parley.Ref        `json:"party"`
	State    string            `json:"state"`
	HarmAt   string            `json:"harm_at" doc:"when the harm began, by the report"`
	Opened   string            `json:"opened"`
	Receipt  string            `json:"receipt_due"`
	Due      string            `json:"answer_due"`
	Late     bool              `json:"late,omitzero" doc:"a deadline passed unanswered"`
	DaysOpen int               `json:"days_open" doc:"whole days until it was answered, or until now"`
	Cause    parley.CauseClass `json:"cause,omitzero" doc:"the party's own word"`
	Officer  parley.Ref        `json:"officer,omitzero" doc:"whom a new area over the object alarms: for the party and the desk"`
	Words    string            `json:"words,omitzero"`
	Received string            `json:"received,omitzero"`
	Answered string            `json:"answered,omitzero"`
	Told     parley.Channel    `json:"told,omitzero"`
	Closed   string            `json:"closed,omitzero"`
	Closing  string            `json:"closing,omitzero"`
	Sentence string            `json:"sentence"`
}
