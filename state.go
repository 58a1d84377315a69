package parley

import "slices"

// Machine is a state machine as data: the code follows it, the documentation is generated from it, and a test walks it.
type Machine struct {
	Name   string
	About  string
	States []State
	Starts []string // where a record may begin besides the first state
	Moves  []Move
}

// State is one state with its meaning.
type State struct {
	Name  string
	About string
	Final bool
}

// Begins reports whether a record may begin in a state.
func (m *Machine) Begins(state string) bool {
	return state == m.States[0].Name || slices.Contains(m.Starts, state)
}

// Move is a permitted step. By names the command kind or the deadline that makes it.
type Move struct {
	From, To string
	By       string
}

// Find returns the state of that name.
func (m *Machine) Find(name string) (State, bool) {
	for _, s := range m.States {
		if s.Name == name {
			return s, true
		}
	}
	return State{}, false
}

// May reports whether the machine has a step from one state to another.
func (m *Machine) May(from, to string) bool {
	for _, v := range m.Moves {
		if (v.From == from || v.From == Any) && v.To == to {
			if v.From == Any {
				if s, ok := m.Find(from); !ok || s.Final {
					return false
				}
			}
			return true
		}
	}
	return false
}

// Any stands for every state that is not final.
const Any = "*"

// ObjectState is how far the notification of an object has come with the desk.
type ObjectState string

// The states of a notification. What a party has and has answered is a Release's own state: one object, m parties, m states.
const (
	Submitted ObjectState = "submitted"
	Queried   ObjectState = "queried"
	Verified  ObjectState = "verified"
	Withdrawn ObjectState = "withdrawn"
	Closed    ObjectState = "closed"
)

// ObjectMachine is the machine of a notification's newest version.
var ObjectMachine = &Machine{
	Name:  "notification",
	About: "How far the newest version of a protected object has come with the desk. Protection under the law depends on none of it.",
	States: []State{
		{string(Submitted), "received by the desk", false},
		{string(Queried), "the desk or a recipient has asked the notifier something", false},
		{string(Verified), "a desk verifier has checked it, by a stated method", false},
		{string(Withdrawn), "the notifier has ended the notification; protection is unchanged", true},
		{string(Closed), "a person has closed the movement", true},
	},
	Moves: []Move{
		{string(Submitted), string(Queried), "object.query"},
		{string(Verified), string(Queried), "object.query"},
		{string(Queried), string(Submitted), "object.answer"},
		{string(Queried), string(Verified), "object.answer"},
		{string(Submitted), string(Verified), "object.verify"},
		{string(Queried), string(Verified), "object.verify"},
		{string(Verified), string(Verified), "object.verify"},
		{Any, string(Submitted), "site.update, movement.update"},
		{Any, string(Withdrawn), "site.withdraw, movement.withdraw, presence.withdraw"},
		{Any, string(Closed), "movement.report closed"},
	},
}

// Currency says how fresh a site's word is. It runs beside the notification's state.
type Currency string

// The states of currency.
const (
	Current Currency = "current"
	Due     Currency = "due"
	Overdue Currency = "overdue"
	Lapsed  Currency = "lapsed"
)

// CurrencyMachine is the clock of a static object's word.
var CurrencyMachine = &Machine{
	Name:  "currency",
	About: "How fresh a site's word is. A lapsed notification stays in lists, marked; protection is unchanged.",
	States: []State{
		{string(Current), "notified or re-validated within its time", false},
		{string(Due), "re-validation is due", false},
		{string(Overdue), "half the grace has passed", false},
		{string(Lapsed), "not confirmed in time; shown as lapsed, never removed for it", false},
	},
	Moves: []Move{
		{string(Current), string(Due), "deadline revalidation_due"},
		{string(Due), string(Overdue), "deadline revalidation_overdue"},
		{string(Overdue), string(Lapsed), "deadline revalidation_lapsed"},
		{Any, string(Current), "site.revalidate, site.update"},
	},
}

// ReleaseState is how far one version has come with one party.
type ReleaseState string

// The states of a release.
const (
	Released     ReleaseState = "released"
	Delivered    ReleaseState = "delivered"
	Acknowledged ReleaseState = "acknowledged"
	Disseminated ReleaseState = "disseminated"
	Recalled     ReleaseState = "recalled"
	Deleted      ReleaseState = "deletion_confirmed"
	Ended        ReleaseState = "ended"
)

// ReleaseMachine is the machine of one version at one party.
var ReleaseMachine = &Machine{
	Name:  "release",
	About: "How far one version of an object has come with one party. Acknowledged means received by a named officer: it is no agreement.",
	States: []State{
		{string(Released), "sent to the party; its list head has moved", false},
		{string(Delivered), "the party's machine has it, or has taken word of it", false},
		{string(Acknowledged), "a duty officer has read it back: receipt, no agreement", false},
		{string(Disseminated), "the party states to which levels it has passed it on", false},
		{string(Recalled), "the desk has called it back; deletion is to be confirmed", false},
		{string(Deleted), "the party states that it has deleted it", true},
		{string(Ended), "the object is withdrawn or closed, or a newer version was released; its keep-out may still stand", false},
	},
	Moves: []Move{
		{string(Released), string(Delivered), "delivery.note"},
		{string(Released), string(Acknowledged), "object.acknowledge"},
		{string(Delivered), string(Acknowledged), "object.acknowledge"},
		{string(Acknowledged), string(Disseminated), "object.dissemination"},
		{string(Disseminated), string(Disseminated), "object.dissemination"},
		{Any, string(Recalled), "object.recall, also of a superseded version that still stands; a withdrawal of consent"},
		{string(Recalled), string(Deleted), "recall.confirm"},
		{Any, string(Ended), "a newer release, a withdrawal, a close"},
	},
}

// MovementState is what a movement is doing, as reported.
type MovementState string

// The states of a movement.
const (
	MovementPlanned    MovementState = "planned"
	MovementDeparted   MovementState = "departed"
	MovementCheckpoint MovementState = "checkpoint"
	MovementAtStop     MovementState = "at_stop"
	MovementUnloading  MovementState = "unloading"
	MovementWaiting    MovementState = "waiting"
	MovementHeld       MovementState = "held"
	MovementResumed    MovementState = "resumed"
	MovementImpeded    MovementState = "impeded"
	MovementDenied     MovementState = "denied"
	MovementTurnedBack MovementState = "turned_back"
	MovementAttacked   MovementState = "under_attack"
	MovementArrived    MovementState = "arrived"
	MovementReturned   MovementState = "returned"
	MovementClosed     MovementState = "closed"
)

// MovementMachine is the machine of a movement under way. Overdue is a mark beside it, set by a clock, taken away by a report.
var MovementMachine = movementMachine()

func movementMachine() *Machine {
	m := &Machine{
		Name:  "movement",
		About: "What a movement is doing, as its people report. A departed movement stays in every list until a person closes it.",
		States: []State{
			{string(MovementPlanned), "notified, not departed", false},
			{string(MovementDeparted), "on the road", false},
			{string(MovementCheckpoint), "at or past a checkpoint", false},
			{string(MovementAtStop), "standing at a stop", false},
			{string(MovementUnloading), "unloading", false},
			{string(MovementWaiting), "waiting, for leave or for others", false},
			{string(MovementHeld), "held", false},
			{string(MovementResumed), "on the road again", false},
			{string(MovementImpeded), "impeded", false},
			{string(MovementDenied), "denied passage", false},
			{string(MovementTurnedBack), "turned back", false},
			{string(MovementAttacked), "under attack", false},
			{string(MovementArrived), "arrived", false},
			{string(MovementReturned), "returned", false},
			{string(MovementClosed), "closed by a person", true},
		},
	}
	road := []MovementState{MovementDeparted, MovementCheckpoint, MovementAtStop, MovementUnloading, MovementWaiting, MovementHeld, MovementResumed,
		MovementImpeded, MovementDenied, MovementTurnedBack, MovementAttacked, MovementArrived, MovementReturned}
	m.Moves = append(m.Moves, Move{string(MovementPlanned), string(MovementDeparted), "movement.report"},
		Move{string(MovementPlanned), string(MovementDenied), "movement.report"})
	for _, from := range road {
		for _, to := range road {
			if to != MovementDeparted || from == MovementAtStop || from == MovementDenied || from == MovementArrived {
				m.Moves = append(m.Moves, Move{string(from), string(to), "movement.report"})
			}
		}
	}
	m.Moves = append(m.Moves, Move{Any, string(MovementClosed), "movement.report"})
	return m
}

// AreaState is where a declared area stands.
type AreaState string

// The states of an area of operation.
const (
	AreaDeclared AreaState = "declared"
	AreaReadBack AreaState = "read_back"
	AreaInForce  AreaState = "in_force"
	AreaEnded    AreaState = "ended"
)

// AreaMachine is the machine of an area of operation.
var AreaMachine = &Machine{
	Name:  "area",
	About: "Where an area of operation stands. A declaration is information to those addressed; nothing answers it with leave.",
	States: []State{
		{string(AreaDeclared), "told to those addressed", false},
		{string(AreaReadBack), "every addressee has read it back", false},
		{string(AreaInForce), "its window has begun", false},
		{string(AreaEnded), "ended by its owner or by its window", true},
	},
	Moves: []Move{
		{string(AreaDeclared), string(AreaReadBack), "area.readback"},
		{string(AreaDeclared), string(AreaInForce), "deadline area_begins"},
		{string(AreaReadBack), string(AreaInForce), "deadline area_begins"},
		{Any, string(AreaDeclared), "area.amend"},
		{Any, string(AreaEnded), "area.end, deadline area_ends"},
	},
}

// IndicationState is how a contrary indication was answered.
type IndicationState string

// The states of a contrary indication.
const (
	IndicationOpen      IndicationState = "open"
	IndicationMitigated IndicationState = "mitigated"
	IndicationApart     IndicationState = "separated_in_time"
	IndicationDismissed IndicationState = "dismissed"
)

// IndicationMachine is the machine of a contrary indication.
var IndicationMachine = &Machine{
	Name:  "indication",
	About: "How a contrary indication was answered, by a person with a reason. The answer changes nothing about the object.",
	States: []State{
		{string(IndicationOpen), "not answered", false},
		{string(IndicationMitigated), "the party states what it does about it", false},
		{string(IndicationApart), "the party states that the times no longer meet", false},
		{string(IndicationDismissed), "the party states a reason to go on; this is evidence", false},
	},
	Moves: []Move{
		{string(IndicationOpen), string(IndicationMitigated), "indication.answer"},
		{string(IndicationOpen), string(IndicationApart), "indication.answer"},
		{string(IndicationOpen), string(IndicationDismissed), "indication.answer"},
		{Any, string(IndicationMitigated), "indication.answer"},
		{Any, string(IndicationApart), "indication.answer"},
		{Any, string(IndicationDismissed), "indication.answer"},
		{Any, string(IndicationOpen), "a newer version of the object or the area"},
	},
}

// StopState is where an urgent stop stands.
type StopState string

// The states of an urgent stop.
const (
	StopRaised    StopState = "raised"
	StopTaken     StopState = "taken"
	StopPassed    StopState = "passed"
	StopEffect    StopState = "effect_reported"
	StopStoodDown StopState = "stood_down"
)

// StopMachine is the machine of an urgent stop.
var StopMachine = &Machine{
	Name:  "urgent stop",
	About: "Where an urgent stop stands. It climbs until a person takes it, and again when fire goes on.",
	States: []State{
		{string(StopRaised), "told to every duty officer concerned", false},
		{string(StopTaken), "a duty officer has it", false},
		{string(StopPassed), "passed on to a level", false},
		{string(StopEffect), "an effect was reported", false},
		{string(StopStoodDown), "stood down, with a report", true},
	},
	Moves: []Move{
		{string(StopRaised), string(StopTaken), "stop.take"},
		{string(StopTaken), string(StopPassed), "stop.pass"},
		{string(StopPassed), string(StopPassed), "stop.pass"},
		{string(StopTaken), string(StopEffect), "stop.effect"},
		{string(StopPassed), string(StopEffect), "stop.effect"},
		{string(StopEffect), string(StopEffect), "stop.effect"},
		{string(StopTaken), string(StopRaised), "stop.raise again: fire goes on"},
		{string(StopPassed), string(StopRaised), "stop.raise again: fire goes on"},
		{string(StopEffect), string(StopRaised), "stop.raise again: fire goes on"},
		{Any, string(StopStoodDown), "stop.standdown"},
	},
}

// Machines lists every state machine, in the order in which the documentation shows them.
var Machines = []*Machine{ObjectMachine, CurrencyMachine, ReleaseMachine, MovementMachine, AreaMachine, IndicationMachine, StopMachine, CorrectionMachine, ArrangementMachine, OfferMachine, FoundMachine, IncidentMachine, CandidateMachine}
