package release

import "parley"

// Road is how a movement that has departed stands, as one account may see it. The marks say what a clock or a report found; none of
// them changes what the movement is.
type Road struct {
	Heard     string                 `json:"heard,omitzero" doc:"when it last spoke, or was reached"`
	NextDue   string                 `json:"word_due,omitzero" doc:"when the contact clock runs out"`
	Lost      bool                   `json:"contact_lost,omitzero" doc:"nothing was heard for the contact clock"`
	Stands    string                 `json:"stands_since,omitzero"`
	OffPlan   bool                   `json:"standing_off_plan,omitzero" doc:"it stands longer than planned"`
	Uncovered bool                   `json:"phase_uncovered,omitzero" doc:"what it last reported lies outside its plan"`
	Armed     parley.Answer          `json:"armed_on_the_road,omitzero" doc:"its own answer, where it is not the notified one"`
	Differs   []parley.MovementField `json:"differs,omitempty" doc:"what it last said on the road that is not as notified: vehicles, persons, route, hours, cargo, markings"`
	Reports   []Report               `json:"reports" doc:"newest first, at most 100"`
	Contacts  []Contacted            `json:"contacts,omitempty" doc:"tries to reach it, newest first, at most 100: all for the owner and the desk, its own for a party"`
}

// Report is one report of a movement. Its place goes to a recipient only by consent, its words to none.
type Report struct {
	Status   parley.MovementState   `json:"status"`
	Leg      int                    `json:"leg,omitzero"`
	At       string                 `json:"at"`
	Noted    string                 `json:"noted"`
	Place    *Geometry              `json:"place,omitzero"`
	Armed    parley.Answer          `json:"armed,omitzero"`
	Vehicles *int32                 `json:"vehicles,omitzero"`
	Persons  *int32                 `json:"persons,omitzero"`
	Changed  []parley.MovementField `json:"changed,omitempty" doc:"what its author said is not as notified any more"`
	Words    string                 `json:"words,omitzero"`
	Told     parley.Channel         `json:"told,omitzero" doc:"how it came, when its author did not sign it"`
}

// Contacted is one try to reach a movement.
type Contacted struct {
	From    parley.Ref          `json:"from"`
	Means   parley.LiaisonMeans `json:"means"`
	At      string              `json:"at"`
	Reached bool                `json:"reached"`
	Words   string              `json:"words,omitzero"`
	Told    parley.Channel      `json:"told,omitzero" doc:"how it came, when its author did not sign it"`
}

// VehicleCount is the number of vehicles that a report says, for pages.
func (r Report) VehicleCount() int32 { return count(r.Vehicles) }

// PersonCount is the number of people that a report says, for pages.
func (r Report) PersonCount() int32 { return count(r.Persons) }

func count(n *int32) int32 {
	if n == nil {
		return 0
	}
	return *n
}
