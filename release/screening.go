package release

import "parley"

// Screening is a screening, for the officers of the account that made it and for nobody else.
type Screening struct {
	Ref         parley.Ref         `json:"ref"`
	Subject     string             `json:"subject" doc:"the name that was looked up"`
	SubjectKind parley.SubjectKind `json:"subject_kind"`
	As          parley.ScreenedAs  `json:"as"`
	About       parley.Ref         `json:"about,omitzero" doc:"the movement that it supplies, or the account"`
	Words       string             `json:"words,omitzero"`
	By          parley.Ref         `json:"by"`
	At          string             `json:"at"`
	Position    uint64             `json:"position"`
	Waiting     int                `json:"waiting" doc:"candidates that wait for people"`
	Stale       []string           `json:"stale" doc:"lists of which the account has a newer edition on record than the newest look used: to be looked up again"`
	Looks       []Look             `json:"looks" doc:"each time that it was looked up, the first first"`
	Candidates  []Candidate        `json:"candidates"`
	Notes       []ScreeningNote    `json:"notes"`
	Sentence    string             `json:"sentence"`
}

// Look is one look at the lists.
type Look struct {
	Editions []ListEdition `json:"editions"`
	Found    int           `json:"found"`
	By       parley.Ref    `json:"by"`
	At       string        `json:"at"`
	Position uint64        `json:"position"`
}

// ListEdition is an edition of a designation list that an account has put on record.
type ListEdition struct {
	List      string      `json:"list"`
	Published string      `json:"published"`
	Hash      parley.Hash `json:"hash"`
	Entries   int32       `json:"entries"`
	Age       int64       `json:"age_days" doc:"days from its date to now"`
	By        parley.Ref  `json:"by"`
	At        string      `json:"at"`
	Position  uint64      `json:"position"`
}

// Candidate is one entry that the name may stand for.
type Candidate struct {
	Entry string                `json:"entry" doc:"list and reference: UN:QDe.137"`
	Score int32                 `json:"score" doc:"in thousandths, for the order; never a verdict"`
	State parley.CandidateState `json:"state"`
	Gone  bool                  `json:"gone,omitzero" doc:"the newest look did not find it any more"`
	Steps []CandidateStep       `json:"steps" doc:"what people found and contested, the first first"`
}

// CandidateStep is one finding or its contest.
type CandidateStep struct {
	To       parley.CandidateState  `json:"to"`
	Reason   parley.ScreeningReason `json:"reason,omitzero"`
	From     parley.AppealFrom      `json:"from,omitzero"`
	Words    string                 `json:"words"`
	By       []parley.Ref           `json:"by"`
	At       string                 `json:"at"`
	Position uint64                 `json:"position"`
}

// ScreeningNote is a note: the ground on which humanitarian work goes on, or words.
type ScreeningNote struct {
	CarveOut parley.CarveOut `json:"carve_out,omitzero"`
	Words    string          `json:"words"`
	By       parley.Ref      `json:"by"`
	At       string          `json:"at"`
	Position uint64          `json:"position"`
}
