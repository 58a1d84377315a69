package release

import "parley"

// LevelBoard says what each level of a party is stated to hold, and what nobody has stated. It is for that party's own officers and the desk.
type LevelBoard struct {
	Party     parley.Ref      `json:"party"`
	Head      parley.ListHead `json:"head" doc:"the party's list as it stands"`
	HeadAt    string          `json:"head_at,omitzero" doc:"when the list moved last"`
	Attested  string          `json:"attested,omitzero" doc:"when any level last attested a list"`
	Due       string          `json:"attestation_due,omitzero"`
	Confirmed string          `json:"confirmed_by_headquarters,omitzero" doc:"when headquarters last attested the list as it stood"`
	Aged      int             `json:"reacknowledge,omitzero" doc:"acknowledgements that have aged: to be given again, or covered by headquarters' attestation of the list"`
	NoAnswers uint64          `json:"no_answers,omitzero" doc:"acknowledgement deadlines that passed unanswered, ever"`
	Levels    []LevelLine     `json:"levels"`
	Gaps      []LevelGap      `json:"gaps"`
	Open      []OpenRelease   `json:"open" doc:"what is not acknowledged, oldest first, at most 100"`
	OpenAll   int             `json:"open_count,omitzero"`
}

// LevelLine is one level with the list it is stated to hold.
type LevelLine struct {
	Echelon  parley.Echelon `json:"echelon"`
	Name     string         `json:"name,omitzero"`
	At       string         `json:"at,omitzero" doc:"when it last attested its list; absent: it never did"`
	Due      string         `json:"due,omitzero" doc:"when its next attestation is due"`
	Position *uint64        `json:"list_position,omitzero"`
	ListAt   string         `json:"list_at,omitzero" doc:"when the list that it holds came about"`
	Behind   int            `json:"behind,omitzero" doc:"entries of the list that have changed since"`
	NoList   bool           `json:"no_list,omitzero" doc:"it states that it holds none"`
	Places   []LevelPlace   `json:"places,omitempty"`
}

// LevelPlace is the place that a level is stated to hold for a reference.
type LevelPlace struct {
	Of       parley.Versioned `json:"of"`
	At       string           `json:"at"`
	ApartMM  int64            `json:"apart_mm,omitzero"`
	Mismatch bool             `json:"mismatch,omitzero" doc:"farther from the released place than a read-back may be"`
}

// GapKind says what nobody has stated.
type GapKind string

// The kinds of gaps.
const (
	GapNoList GapKind = "list_not_held"        // an echelon acts in an area in force and is stated to hold no list
	GapPassed GapKind = "ack_missing_by_level" // released entries that are not stated to have been passed to any unit, or to any operations room
)

// LevelGap is one thing that nobody has stated.
type LevelGap struct {
	Kind    GapKind            `json:"kind"`
	Echelon parley.Echelon     `json:"echelon"`
	Area    parley.Ref         `json:"area,omitzero" doc:"own officers alone"`
	Count   int                `json:"count,omitzero"`
	Of      []parley.Versioned `json:"of,omitempty" doc:"the first of them, at most 100"`
}

// OpenRelease is a release that is not acknowledged.
type OpenRelease struct {
	Of       parley.Versioned `json:"of"`
	Since    string           `json:"since"`
	Due      string           `json:"due,omitzero"`
	NoAnswer int              `json:"no_answer,omitzero" doc:"deadlines that passed without an answer"`
	Sendings int              `json:"sendings"`
}
