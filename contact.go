package parley

import (
	"slices"
	"strconv"

	"parley/geo"
)

// ContactTry puts on record that somebody tried to reach a movement, and whether a person of it answered. One that was reached starts
// the movement's contact clock anew; one that was not changes nothing.
type ContactTry struct {
	Movement Ref          `json:"movement"`
	Means    LiaisonMeans `json:"means"`
	At       int64        `json:"at"` // when, milliseconds UTC
	Reached  bool         `json:"reached,omitzero"`
	Words    Commitment   `json:"words,omitzero"`
}

// Kind implements Body.
func (*ContactTry) Kind() CommandKind { return "contact.try" }

// Validate implements Body.
func (b *ContactTry) Validate() error {
	if !slices.Contains([]LiaisonMeans{LiaisonTelephone, LiaisonRadio, LiaisonMessage, LiaisonMeeting}, b.Means) {
		return Invalid("means", strconv.Quote(string(b.Means)), "telephone, radio, message or meeting")
	}
	return first(validateTime("at", b.At), requireRef("movement", b.Movement, RefMovement))
}

var _ = register[ContactTry]()

// Contacted is one try to reach a movement, on record.
type Contacted struct {
	_        struct{} `cbor:",toarray"`
	Movement Ref
	By       Ref // member
	From     Ref // account
	Told     Channel
	Means    LiaisonMeans
	At       int64
	Reached  bool
	Words    Commitment
	Noted    int64
	Position uint64
}

// Reported is one report of a movement, on record: what it did, when, and where if it said so.
type Reported struct {
	_        struct{} `cbor:",toarray"`
	Movement Ref
	By       Ref // member
	Told     Channel
	Status   MovementState
	Leg      int
	At       int64
	Place    *geo.Position
	Armed    Answer
	Vehicles *int32
	Persons  *int32
	Changed  []MovementField
	Words    Commitment
	Noted    int64
	Position uint64
}

// MovementField is a field of a movement that a report on the road may contradict.
type MovementField string

// The fields, in the order in which they are kept.
const (
	FieldVehicles MovementField = "vehicles"
	FieldPersons  MovementField = "persons"
	FieldRoute    MovementField = "route" // it says so, or that it is farther from every leg and stop than its keep-out distance
	FieldHours    MovementField = "hours"
	FieldLoad     MovementField = "cargo"
	FieldMarks    MovementField = "markings"
)

// MovementFields lists the fields.
var MovementFields = []MovementField{FieldVehicles, FieldPersons, FieldRoute, FieldHours, FieldLoad, FieldMarks}

// Differs returns in which fields a report contradicts the plan, and which it says anything about.
func (m *Movement) Differs(b *MovementReport, keepOut int32) (differs, said []MovementField) {
	add := func(f MovementField, says, as bool) {
		if !says {
			return
		}
		said = append(said, f)
		if !as {
			differs = append(differs, f)
		}
	}
	add(FieldVehicles, b.Vehicles != nil, b.Vehicles != nil && *b.Vehicles == m.Vehicles)
	add(FieldPersons, b.Persons != nil, b.Persons != nil && *b.Persons == m.Persons)
	add(FieldRoute, b.Place != nil, b.Place != nil && m.near(*b.Place, keepOut))
	for _, f := range b.Changed {
		if !slices.Contains(differs, f) {
			differs, said = append(differs, f), append(said, f)
		}
	}
	return differs, said
}

// near reports whether a place is within a distance of a leg or a stop.
func (m *Movement) near(p geo.Position, metres int32) bool {
	at := geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}
	return slices.ContainsFunc(m.Legs, func(l Leg) bool { return geo.Within(l.Route.Normalize(), at, float64(metres)) }) ||
		slices.ContainsFunc(m.Stops, func(s Stop) bool { return geo.Within(s.Place.Normalize(), at, float64(metres)) })
}

// Standing reports whether a movement in this state is not under way, so that the plan says when it should be.
func (m MovementState) Standing() bool {
	switch m {
	case MovementAtStop, MovementUnloading, MovementWaiting, MovementHeld:
		return true
	}
	return false
}

// Awaited reports whether word is expected of a movement in this state: it is on the road and has not come to its end.
func (m MovementState) Awaited() bool {
	switch m {
	case MovementPlanned, MovementArrived, MovementReturned, MovementClosed, "":
		return false
	}
	return true
}

// Covers reports whether the plan has the movement doing this at that time: a phase within a stop of that phase, turning back
// within a leg that is a way back, anything else within a leg or a stop, each widened by the margin. A state that ends the way is no phase and always covered.
func (m *Movement) Covers(status MovementState, at int64) bool {
	if !status.Awaited() {
		return true
	}
	within := func(from, to int64) bool { return from-m.Margin <= at && at < to+m.Margin }
	if status == MovementTurnedBack { // the way back is a leg of its own
		return slices.ContainsFunc(m.Legs, func(l Leg) bool { return l.Return && within(l.Depart, l.Arrive) })
	}
	stands := status == MovementUnloading || status == MovementAtStop || status == MovementWaiting
	for _, s := range m.Stops {
		if !within(s.Arrive, s.Leave) {
			continue
		}
		switch status {
		case MovementUnloading:
			if s.Phase == Unloading {
				return true
			}
		case MovementWaiting: // for leave, or for others: where a stop is for unloading, waiting at it was not said
			if s.Phase != Unloading {
				return true
			}
		default:
			return true
		}
	}
	return !stands && slices.ContainsFunc(m.Legs, func(l Leg) bool { return within(l.Depart, l.Arrive) })
}

// LeavesBy returns when the plan has a movement leave where it stands: the stop that its time falls into, or else the next one on or
// after its leg. Where the plan has no stop any more it is the time itself.
func (m *Movement) LeavesBy(leg int, at int64) int64 {
	for _, s := range m.Stops {
		if s.Arrive-m.Margin <= at && at < s.Leave+m.Margin {
			return s.Leave
		}
	}
	for _, s := range m.Stops {
		if leg > 0 && s.AfterLeg == leg && s.Leave > at {
			return s.Leave
		}
	}
	return at
}
