package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// MovementKind says what a movement carries or does.
type MovementKind string

// The kinds of movement.
var MovementKinds = []MovementKind{"staff", "food", "non_food", "medical_supplies", "medical_evacuation", "civilian_evacuation", "repair", "migrants", "general_cargo"}

// Mode is how a movement travels.
type Mode string

// The modes.
var Modes = []Mode{"land", "water", "air"}

// Urgency says whether a movement is notified under the shorter lead time.
type Urgency string

// The urgencies. Late is accepted and marked, never refused.
const (
	StandardNotice  Urgency = "standard"
	EmergencyNotice Urgency = "emergency"
	Immediate       Urgency = "immediate" // medical evacuation
)

// Movement is staff, supplies or people under way: legs and stops, each with its window.
type Movement struct {
	_               struct{}        `cbor:",toarray"`
	Name            Commitment      `json:"name"`
	MovementKind    MovementKind    `json:"movement_kind"`
	Mode            Mode            `json:"mode"`
	Urgency         Urgency         `json:"urgency"`
	EmergencyReason Commitment      `json:"emergency_reason,omitzero"`
	Legs            []Leg           `json:"legs"`
	Stops           []Stop          `json:"stops,omitzero"`
	KeepOut         int32           `json:"keep_out,omitzero"` // metres to each side; 0 takes the profile's
	Margin          int64           `json:"margin,omitzero"`   // widens every window at both ends, milliseconds
	Vehicles        int32           `json:"vehicles"`
	Persons         int32           `json:"persons"`
	Plates          []Commitment    `json:"plates,omitzero"`
	Markings        []Marking       `json:"markings,omitzero"`
	Cargo           Commitment      `json:"cargo,omitzero"`
	Escort          Escort          `json:"escort"`
	Leader          Contact         `json:"leader"`
	Shared          Sharing         `json:"sharing"`
	Findings        []FindingAnswer `json:"findings,omitzero"`
}

// Leg is one stretch of road, water or air, with its window from departure to arrival. The way back is a leg of its own.
type Leg struct {
	_      struct{}   `cbor:",toarray"`
	Route  geo.Shape  `json:"route"` // a LineString
	Depart int64      `json:"depart"`
	Arrive int64      `json:"arrive"`
	From   Commitment `json:"from,omitzero"` // place names
	To     Commitment `json:"to,omitzero"`
	Return bool       `json:"return,omitzero"`
}

// Phase is what happens at a stop.
type Phase string

// The phases of a stop.
const (
	Halt       Phase = "stop"
	Unloading  Phase = "unloading"
	Waiting    Phase = "waiting"
	Overnight  Phase = "overnight"
	CheckPoint Phase = "checkpoint"
)

// Stop is a place where a movement stands, with its window.
type Stop struct {
	_        struct{}   `cbor:",toarray"`
	Place    geo.Shape  `json:"place"`
	AfterLeg int        `json:"after_leg"` // counted from 1; 0 is before the first
	Arrive   int64      `json:"arrive"`
	Leave    int64      `json:"leave"`
	Phase    Phase      `json:"phase"`
	Name     Commitment `json:"name,omitzero"`
}

// Escort answers the question that is always asked: is anyone armed with the movement?
type Escort struct {
	_     struct{}   `cbor:",toarray"`
	Armed Answer     `json:"armed"`
	Who   Commitment `json:"who,omitzero"`
}

// Answer is yes, no or not known.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Validate implements ProtectedObject.
func (m *Movement) Validate() error {
	if !slices.Contains(MovementKinds, m.MovementKind) {
		return Invalid("movement_kind", strconv.Quote(string(m.MovementKind)), fmt.Sprintf("one of %v", MovementKinds))
	}
	if !slices.Contains(Modes, m.Mode) {
		return Invalid("mode", strconv.Quote(string(m.Mode)), fmt.Sprintf("one of %v", Modes))
	}
	if !slices.Contains([]Urgency{StandardNotice, EmergencyNotice, Immediate}, m.Urgency) {
		return Invalid("urgency", strconv.Quote(string(m.Urgency)), "standard, emergency or immediate")
	}
	if n := len(m.Legs); n < 1 || n > 32 {
		return Invalid("legs", fmt.Sprintf("%d legs", n), "1 to 32")
	}
	vertices := 0
	for i, l := range m.Legs {
		field := fmt.Sprintf("legs[%d]", i)
		if err := first(validateShape(field+".route", l.Route, geo.LineString), validateSpan(field+".depart", field+".arrive", geo.Window{From: l.Depart, To: l.Arrive}, false)); err != nil {
			return err
		}
		if i > 0 && l.Depart < m.Legs[i-1].Arrive {
			return &Fault{Code: CodeClock, Field: field + ".depart", Read: Stamp(l.Depart), Expected: "not before the arrival of the leg before, " + Stamp(m.Legs[i-1].Arrive)}
		}
		vertices += l.Route.Vertices()
	}
	if vertices > geo.MaxVertices {
		return &Fault{Code: CodeTooLarge, Field: "legs", Read: fmt.Sprintf("%d positions", vertices), Expected: fmt.Sprintf("at most %d over all legs", geo.MaxVertices)}
	}
	if len(m.Stops) > 64 {
		return Invalid("stops", fmt.Sprintf("%d stops", len(m.Stops)), "at most 64")
	}
	for i, s := range m.Stops {
		field := fmt.Sprintf("stops[%d]", i)
		if err := first(validateShape(field+".place", s.Place, geo.Point, geo.Polygon), validateSpan(field+".arrive", field+".leave", geo.Window{From: s.Arrive, To: s.Leave}, false)); err != nil {
			return err
		}
		if s.AfterLeg < 0 || s.AfterLeg > len(m.Legs) {
			return Invalid(field+".after_leg", strconv.Itoa(s.AfterLeg), fmt.Sprintf("0 to %d", len(m.Legs)))
		}
		if !slices.Contains([]Phase{Halt, Unloading, Waiting, Overnight, CheckPoint}, s.Phase) {
			return Invalid(field+".phase", strconv.Quote(string(s.Phase)), "stop, unloading, waiting, overnight or checkpoint")
		}
	}
	if m.Margin < 0 || m.Margin > Day {
		return Invalid("margin", fmt.Sprintf("%d ms", m.Margin), "0 to 24 hours in milliseconds")
	}
	if m.Vehicles < 0 || m.Vehicles > 10_000 {
		return Invalid("vehicles", strconv.Itoa(int(m.Vehicles)), "0 to 10000")
	}
	if m.Persons < 0 || m.Persons > 1_000_000 {
		return Invalid("persons", strconv.Itoa(int(m.Persons)), "0 to 1000000")
	}
	if len(m.Plates) > 200 {
		return Invalid("plates", fmt.Sprintf("%d plates", len(m.Plates)), "at most 200")
	}
	if !slices.Contains([]Answer{Yes, No, Unknown}, m.Escort.Armed) {
		return Invalid("escort.armed", strconv.Quote(string(m.Escort.Armed)), "an answer to the question whether anyone is armed: yes, no or unknown")
	}
	if m.Urgency != StandardNotice && m.EmergencyReason.IsZero() {
		return Invalid("emergency_reason", "nothing", "why the notice is short")
	}
	return first(requireText("name", m.Name), requireText("leader.phone", m.Leader.Phone), validateKeepOut("keep_out", m.KeepOut), validateMarkings(m.Markings),
		within("sharing", m.Shared.Validate()), validateFindings(m.Findings))
}

// Sharing implements ProtectedObject.
func (m *Movement) Sharing() *Sharing { return &m.Shared }

// KeepOutMetres returns the distance to each side that is kept out.
func (m *Movement) KeepOutMetres(p *Profile) int32 {
	if m.KeepOut == 0 {
		return p.KeepOut
	}
	return m.KeepOut
}

// Volumes implements ProtectedObject: one volume per leg, then one per stop, each window widened by the margin.
func (m *Movement) Volumes(p *Profile) []geo.Volume {
	vs := make([]geo.Volume, 0, len(m.Legs)+len(m.Stops))
	keep := m.KeepOutMetres(p)
	add := func(s geo.Shape, from, to int64) {
		vs = append(vs, geo.Volume{Shape: s, Buffer: keep, Band: geo.AllAltitudes, Window: geo.Window{From: from - m.Margin, To: to + m.Margin}})
	}
	for _, l := range m.Legs {
		add(l.Route, l.Depart, l.Arrive)
	}
	for _, s := range m.Stops {
		add(s.Place, s.Arrive, s.Leave)
	}
	return vs
}

// Window returns the time from the first departure or arrival at a stop to the last, without margins.
func (m *Movement) Window() geo.Window {
	w := geo.Window{From: m.Legs[0].Depart, To: m.Legs[len(m.Legs)-1].Arrive}
	for _, s := range m.Stops {
		w.From, w.To = min(w.From, s.Arrive), max(w.To, s.Leave)
	}
	return w
}

// Anchor implements ProtectedObject: the last unloading stop, or else the end of the last leg that is no way back.
func (m *Movement) Anchor() geo.Position {
	for _, s := range slices.Backward(m.Stops) {
		if s.Phase == Unloading {
			return s.Place.Bounds().Center()
		}
	}
	leg := m.Legs[0]
	for _, l := range m.Legs {
		if !l.Return {
			leg = l
		}
	}
	line := leg.Route.Lines[0]
	return line[len(line)-1]
}

// MovementNotify tells the desk of a movement.
type MovementNotify struct {
	Movement Movement `json:"movement"`
}

// Kind implements Body.
func (*MovementNotify) Kind() CommandKind { return "movement.notify" }

// Validate implements Body.
func (b *MovementNotify) Validate() error { return within("movement", b.Movement.Validate()) }

// MovementUpdate gives a movement a new version, before or under way.
type MovementUpdate struct {
	Of       Versioned `json:"of"`
	Movement Movement  `json:"movement"`
}

// Kind implements Body.
func (*MovementUpdate) Kind() CommandKind { return "movement.update" }

// Validate implements Body.
func (b *MovementUpdate) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefMovement), within("movement", b.Movement.Validate()))
}

// MovementWithdraw ends the notification of a movement.
type MovementWithdraw struct{ Withdraw }

// Kind implements Body.
func (*MovementWithdraw) Kind() CommandKind { return "movement.withdraw" }

// Validate implements Body.
func (b *MovementWithdraw) Validate() error { return b.validate(RefMovement) }

// MovementReport says what a movement is doing. The position goes to recipients only by consent.
type MovementReport struct {
	Movement Ref             `json:"movement"`
	Status   MovementState   `json:"status"`
	Leg      int             `json:"leg,omitzero"` // counted from 1
	At       int64           `json:"at"`           // when it happened, milliseconds UTC
	Place    *geo.Position   `json:"place,omitzero"`
	Armed    Answer          `json:"armed,omitzero"`    // is anyone armed with it now? Nothing: not said
	Vehicles *int32          `json:"vehicles,omitzero"` // how many there are now; nothing: not said
	Persons  *int32          `json:"persons,omitzero"`  // how many people there are now; nothing: not said
	Changed  []MovementField `json:"changed,omitzero"`  // what its author says is not as notified any more
	Words    Commitment      `json:"words,omitzero"`
}

// Kind implements Body.
func (*MovementReport) Kind() CommandKind { return "movement.report" }

// Validate implements Body.
func (b *MovementReport) Validate() error {
	if _, ok := MovementMachine.Find(string(b.Status)); !ok || b.Status == MovementPlanned {
		return Invalid("status", strconv.Quote(string(b.Status)), "what the movement does, such as departed, held or arrived")
	}
	if b.Leg < 0 || b.Leg > 32 {
		return Invalid("leg", strconv.Itoa(b.Leg), "1 to 32")
	}
	if b.Armed != "" && !slices.Contains([]Answer{Yes, No, Unknown}, b.Armed) {
		return Invalid("armed", strconv.Quote(string(b.Armed)), "yes, no or unknown, or no such field")
	}
	if n := b.Vehicles; n != nil && (*n < 0 || *n > 10_000) {
		return Invalid("vehicles", strconv.Itoa(int(*n)), "0 to 10000, or no such field")
	}
	for i, f := range b.Changed {
		if !slices.Contains(MovementFields, f) || slices.Contains(b.Changed[:i], f) {
			return Invalid(fmt.Sprintf("changed[%d]", i), strconv.Quote(string(f)), fmt.Sprintf("one of %v, each once", MovementFields))
		}
	}
	if n := b.Persons; n != nil && (*n < 0 || *n > 1_000_000) {
		return Invalid("persons", strconv.Itoa(int(*n)), "0 to 1000000, or no such field")
	}
	return first(validateTime("at", b.At), requireRef("movement", b.Movement, RefMovement))
}

// PromptAnswer is the decision of the people on the road, or of the owner: nobody else's.
type PromptAnswer struct {
	Prompt   Ref        `json:"prompt"`
	Decision Decision   `json:"decision"`
	Reason   Commitment `json:"reason,omitzero"`
}

// Decision is an answer to a question on the road.
type Decision string

// The decisions.
const (
	Hold     Decision = "hold"
	TurnBack Decision = "turn_back"
	Continue Decision = "continue"
)

// Kind implements Body.
func (*PromptAnswer) Kind() CommandKind { return "prompt.answer" }

// Validate implements Body.
func (b *PromptAnswer) Validate() error {
	if !slices.Contains([]Decision{Hold, TurnBack, Continue}, b.Decision) {
		return Invalid("decision", strconv.Quote(string(b.Decision)), "hold, turn_back or continue")
	}
	return requireRef("prompt", b.Prompt, RefPrompt)
}

var _ = register[MovementNotify]() && register[MovementUpdate]() && register[MovementWithdraw]() && register[MovementReport]() && register[PromptAnswer]()
