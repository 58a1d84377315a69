package release

import "parley"

// FoundSite is a party's report of a protected place that nobody had notified: for its finder and the desk.
type FoundSite struct {
	Ref       parley.Ref       `json:"ref"`
	Category  string           `json:"category"`
	Geometry  Geometry         `json:"geometry"`
	Method    string           `json:"method"`
	Accuracy  int32            `json:"accuracy_m"`
	Simulated bool             `json:"simulated,omitzero"`
	Occupancy string           `json:"occupancy"`
	Markings  []parley.Marking `json:"markings,omitempty"`
	Words     string           `json:"words,omitzero"`
	Operator  string           `json:"operator,omitzero"`
	Phone     string           `json:"phone,omitzero"`
	Asked     parley.Asked     `json:"asked" doc:"whether those whom it concerns were asked if others may know"`
	State     string           `json:"state" doc:"with_desk, then looked_at for its finder, and adopted or closed for the desk"`
	Told      parley.Channel   `json:"told,omitzero"`
	Noted     string           `json:"noted"`
	Due       string           `json:"due,omitzero" doc:"by when the desk looks at it"`
	Late      bool             `json:"late,omitzero"`
	Looked    string           `json:"looked_at,omitzero"`
	Position  uint64           `json:"position"`

	Party    parley.Ref         `json:"party,omitzero"`  // desk
	Reason   parley.FoundReason `json:"reason,omitzero"` // desk
	Site     parley.Ref         `json:"site,omitzero"`   // desk: kept for it, or the one that it was already
	Answer   string             `json:"answer,omitzero"` // desk
	Near     []parley.Ref       `json:"near,omitempty"`  // desk: sites of the category close by
	Findings []parley.Finding   `json:"findings,omitempty" doc:"doubts about the position that its finder has answered"`
}

// Kept says of a site that the desk keeps where it comes from. The desk alone sees it.
type Kept struct {
	Found    parley.Ref   `json:"found"`
	Asked    parley.Asked `json:"asked"`
	Handed   parley.Ref   `json:"handed_to,omitzero"`
	HandedAt string       `json:"handed_at,omitzero"`
	Taken    string       `json:"taken_over,omitzero"`
}
