package release

import "parley"

// Liaison is a contact between two sides, one side's word about its line to the other, or a test call, as both sides and the desk see
// it. Times are RFC 3339 in UTC.
type Liaison struct {
	Kind     parley.CommandKind  `json:"kind"` // liaison.log, channel.status or testcall
	From     parley.Ref          `json:"from"` // the side that put it on record
	To       parley.Ref          `json:"to"`
	Told     parley.Channel      `json:"told,omitzero"` // how it came to the desk, when that side did not sign it
	Means    parley.LiaisonMeans `json:"means,omitzero"`
	State    parley.LineState    `json:"state,omitzero"`
	At       string              `json:"at"` // when it was; of a line: since when
	Noted    string              `json:"noted"`
	Reached  bool                `json:"reached,omitzero"`
	Seconds  int32               `json:"seconds,omitzero"`
	Words    string              `json:"words,omitzero"`
	Position uint64              `json:"position"`
}
