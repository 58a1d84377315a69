package parley

import (
	"fmt"
	"slices"
	"strconv"

	"parley/geo"
)

// Corridor is a way that parties agree to keep open for a time: people may use it, nobody has to.
type Corridor struct {
	_          struct{}        `cbor:",toarray"`
	Terms      Terms           `json:"terms"`
	Direction  Direction       `json:"direction"`
	Hours      []Hours         `json:"hours,omitzero"` // of each day, UTC; none: all day
	Users      []CorridorUser  `json:"users"`
	Crossings  []WaterCrossing `json:"crossings,omitzero"`
	Guarantors []Ref           `json:"guarantors,omitzero"` // accounts
	Inspection Commitment      `json:"inspection,omitzero"` // the rules of inspection, in words
	Capacity   int32           `json:"capacity,omitzero"`   // vehicles a day; 0: not said
	Hazards    []Hazard        `json:"hazards,omitzero"`
	Pause      Ref             `json:"pause,omitzero"` // the pause it rests on
	Evacuation *Evacuation     `json:"evacuation,omitzero"`
}

// Direction says which way a corridor runs along its line.
type Direction string

// The directions.
const (
	BothWays Direction = "both"
	Along    Direction = "along"
	Against  Direction = "against"
)

// Hours are a span of each day in minutes UTC. A span that ends before it begins runs over midnight.
type Hours struct {
	_    struct{} `cbor:",toarray"`
	From int32    `json:"from"`
	To   int32    `json:"to"`
}

// CorridorUser says for whom a corridor or pause is.
type CorridorUser string

// The users.
var CorridorUsers = []CorridorUser{"civilians", "wounded", "humanitarian_staff", "goods"}

// WaterCrossing is where a corridor crosses water: people have been hit there.
type WaterCrossing struct {
	_     struct{}     `cbor:",toarray"`
	Place geo.Position `json:"place"`
	Means string       `json:"means"` // bridge, ferry, boat, ford
	Name  Commitment   `json:"name,omitzero"`
}

// CrossingMeans lists the means of crossing water.
var CrossingMeans = []string{"bridge", "ferry", "boat", "ford"}

// Hazard is a danger along a corridor, as stated by whoever knows it.
type Hazard struct {
	_      struct{}     `cbor:",toarray"`
	Hazard string       `json:"hazard"`
	Place  geo.Position `json:"place"`
	Words  Commitment   `json:"words,omitzero"`
}

// Hazards lists the kinds of hazards.
var Hazards = []string{"mines", "unexploded", "damaged_road", "flood", "other"}

// Evacuation is a corridor by which people leave: who is gathered where, and the safeguards against being made to leave.
type Evacuation struct {
	_           struct{}        `cbor:",toarray"`
	Voluntary   Answer          `json:"voluntary"`            // nobody is made to leave
	Destination Answer          `json:"destination"`          // people choose where to go
	Remain      Answer          `json:"remain"`               // whoever stays may stay
	Return      Answer          `json:"return"`               // whoever leaves may come back
	Family      Answer          `json:"family_unity"`         // families stay together
	Accompanied Commitment      `json:"accompanied,omitzero"` // by whom, in words
	Points      []AssemblyPoint `json:"assembly_points,omitzero"`
}

// AssemblyPoint is where people gather who want to leave.
type AssemblyPoint struct {
	_        struct{}     `cbor:",toarray"`
	Place    geo.Position `json:"place"`
	Capacity int32        `json:"capacity"` // people
	Name     Commitment   `json:"name,omitzero"`
}

const minutesOfDay = 24 * 60

func (h Hours) validate(field string) error {
	for name, m := range map[string]int32{"from": h.From, "to": h.To} {
		if m < 0 || m > minutesOfDay {
			return Invalid(field+"."+name, strconv.Itoa(int(m)), "minutes of a day, 0 to 1440")
		}
	}
	if h.From == h.To {
		return Invalid(field, fmt.Sprintf("%d to %d", h.From, h.To), "a span that is open for some time")
	}
	return nil
}

// opens reports whether a span of each day meets a window at all.
func (h Hours) opens(w geo.Window) bool {
	if w.To == geo.Forever || w.To-w.From >= Day {
		return true
	}
	day := w.From - w.From%Day
	for _, start := range []int64{day - Day, day, day + Day} {
		from, to := start+int64(h.From)*Minute, start+int64(h.To)*Minute
		if h.To < h.From {
			to += Day
		}
		if from < w.To && w.From < to {
			return true
		}
	}
	return false
}

// Validate checks the corridor by itself.
func (c *Corridor) Validate() error {
	if err := within("terms", c.Terms.validate(geo.LineString, geo.MultiLineString, geo.Polygon)); err != nil {
		return err
	}
	if !slices.Contains([]Direction{BothWays, Along, Against}, c.Direction) {
		return Invalid("direction", strconv.Quote(string(c.Direction)), "both, along or against")
	}
	if len(c.Hours) > 8 {
		return Invalid("hours", fmt.Sprintf("%d spans", len(c.Hours)), "at most 8")
	}
	opens := len(c.Hours) == 0
	for i, h := range c.Hours {
		if err := h.validate(fmt.Sprintf("hours[%d]", i)); err != nil {
			return err
		}
		opens = opens || h.opens(c.Terms.Window)
	}
	if !opens {
		return &Fault{Code: CodeClock, Field: "hours", Read: fmt.Sprintf("hours that never open between %s and %s", Stamp(c.Terms.Window.From), Stamp(c.Terms.Window.To)), Expected: "at least one span within the window"}
	}
	if err := validateUsers(c.Users); err != nil {
		return err
	}
	if len(c.Crossings) > 64 || len(c.Hazards) > 200 || len(c.Guarantors) > 16 {
		return &Fault{Code: CodeTooLarge, Field: "crossings", Read: fmt.Sprintf("%d crossings, %d hazards, %d guarantors", len(c.Crossings), len(c.Hazards), len(c.Guarantors)), Expected: "at most 64, 200 and 16"}
	}
	for i, w := range c.Crossings {
		field := fmt.Sprintf("crossings[%d]", i)
		if !w.Place.Valid() {
			return Invalid(field+".place", w.Place.String(), "a position")
		}
		if !slices.Contains(CrossingMeans, w.Means) {
			return Invalid(field+".means", strconv.Quote(w.Means), fmt.Sprintf("one of %v", CrossingMeans))
		}
	}
	for i, h := range c.Hazards {
		field := fmt.Sprintf("hazards[%d]", i)
		if !h.Place.Valid() {
			return Invalid(field+".place", h.Place.String(), "a position")
		}
		if !slices.Contains(Hazards, h.Hazard) {
			return Invalid(field+".hazard", strconv.Quote(h.Hazard), fmt.Sprintf("one of %v", Hazards))
		}
	}
	for i, g := range c.Guarantors {
		if err := requireRef(fmt.Sprintf("guarantors[%d]", i), g, RefParty, RefOrganisation); err != nil {
			return err
		}
	}
	if c.Capacity < 0 || c.Capacity > 100_000 {
		return Invalid("capacity", strconv.Itoa(int(c.Capacity)), "0 to 100000 vehicles a day")
	}
	if c.Pause != "" {
		if err := requireRef("pause", c.Pause, RefPause); err != nil {
			return err
		}
	}
	return within("evacuation", c.Evacuation.validate())
}

func validateUsers(users []CorridorUser) error {
	if n := len(users); n < 1 || n > len(CorridorUsers) {
		return Invalid("users", fmt.Sprintf("%d users", n), fmt.Sprintf("1 to %d of %v", len(CorridorUsers), CorridorUsers))
	}
	for i, u := range users {
		if !slices.Contains(CorridorUsers, u) || slices.Contains(users[:i], u) {
			return Invalid(fmt.Sprintf("users[%d]", i), strconv.Quote(string(u)), fmt.Sprintf("each of %v at most once", CorridorUsers))
		}
	}
	return nil
}

func (e *Evacuation) validate() error {
	if e == nil {
		return nil
	}
	for _, a := range []struct {
		field string
		is    Answer
	}{{"voluntary", e.Voluntary}, {"destination", e.Destination}, {"remain", e.Remain}, {"return", e.Return}, {"family_unity", e.Family}} {
		if !slices.Contains([]Answer{Yes, No, Unknown}, a.is) {
			return Invalid(a.field, strconv.Quote(string(a.is)), "an answer: yes, no or unknown")
		}
	}
	if len(e.Points) > 64 {
		return Invalid("assembly_points", fmt.Sprintf("%d points", len(e.Points)), "at most 64")
	}
	for i, p := range e.Points {
		field := fmt.Sprintf("assembly_points[%d]", i)
		if !p.Place.Valid() {
			return Invalid(field+".place", p.Place.String(), "a position")
		}
		if p.Capacity < 0 || p.Capacity > 1_000_000 {
			return Invalid(field+".capacity", strconv.Itoa(int(p.Capacity)), "0 to 1000000 people")
		}
	}
	return nil
}

// Pause is a temporary stop for a humanitarian purpose, in an area.
type Pause struct {
	_     struct{}       `cbor:",toarray"`
	Terms Terms          `json:"terms"`
	Users []CorridorUser `json:"users"`
}

// Validate checks the pause by itself.
func (p *Pause) Validate() error {
	if p.Terms.Window.To == geo.Forever {
		return &Fault{Code: CodeClock, Field: "terms.window.to", Read: "no end", Expected: "an end: a pause is temporary"}
	}
	return first(within("terms", p.Terms.validate(geo.Polygon, geo.MultiPolygon, geo.Point, geo.LineString)), validateUsers(p.Users))
}

// CorridorPropose puts a corridor before the parties that are addressed.
type CorridorPropose struct {
	Corridor Corridor `json:"corridor"`
}

// Kind implements Body.
func (*CorridorPropose) Kind() CommandKind { return "corridor.propose" }

// Validate implements Body.
func (b *CorridorPropose) Validate() error { return within("corridor", b.Corridor.Validate()) }

// CorridorAmend gives a corridor a new version, about which each party is asked anew.
type CorridorAmend struct {
	Of       Versioned `json:"of"`
	Corridor Corridor  `json:"corridor"`
}

// Kind implements Body.
func (*CorridorAmend) Kind() CommandKind { return "corridor.amend" }

// Validate implements Body.
func (b *CorridorAmend) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefCorridor), within("corridor", b.Corridor.Validate()))
}

// PausePropose puts a pause before the parties that are addressed.
type PausePropose struct {
	Pause Pause `json:"pause"`
}

// Kind implements Body.
func (*PausePropose) Kind() CommandKind { return "pause.propose" }

// Validate implements Body.
func (b *PausePropose) Validate() error { return within("pause", b.Pause.Validate()) }

// PauseAmend gives a pause a new version.
type PauseAmend struct {
	Of    Versioned `json:"of"`
	Pause Pause     `json:"pause"`
}

// Kind implements Body.
func (*PauseAmend) Kind() CommandKind { return "pause.amend" }

// Validate implements Body.
func (b *PauseAmend) Validate() error {
	return first(requireRef("of", b.Of.Ref, RefPause), within("pause", b.Pause.Validate()))
}

// StatusWord is what somebody states of a corridor or pause: open, suspended, or ended.
type StatusWord struct {
	Of     Ref              `json:"of"`
	State  ArrangementState `json:"state"`
	Reason Commitment       `json:"reason,omitzero"`
}

func (b *StatusWord) validate(kind RefKind) error {
	if !slices.Contains([]ArrangementState{ArrangementOpen, ArrangementSuspended, ArrangementEnded}, b.State) {
		return Invalid("state", strconv.Quote(string(b.State)), "open, suspended or ended")
	}
	return requireRef("of", b.Of, kind)
}

// CorridorStatus states that a corridor is open, suspended or ended.
type CorridorStatus struct{ StatusWord }

// Kind implements Body.
func (*CorridorStatus) Kind() CommandKind { return "corridor.status" }

// Validate implements Body.
func (b *CorridorStatus) Validate() error { return b.validate(RefCorridor) }

// PauseStatus states that a pause holds, is suspended or has ended.
type PauseStatus struct{ StatusWord }

// Kind implements Body.
func (*PauseStatus) Kind() CommandKind { return "pause.status" }

// Validate implements Body.
func (b *PauseStatus) Validate() error { return b.validate(RefPause) }

var _ = register[CorridorPropose]() && register[CorridorAmend]() && register[CorridorStatus]() && register[PausePropose]() && register[PauseAmend]() && register[PauseStatus]()
