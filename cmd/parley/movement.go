package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley"
	"parley/geo"
)

// movementFile is a movement as people write it in a file: positions in any notation, times as on the command line, texts plain.
type movementFile struct {
	Name      string        `json:"name"`
	Kind      string        `json:"kind"`    // staff, food, medical_evacuation …
	Mode      string        `json:"mode"`    // land, water or air; land without it
	Urgency   string        `json:"urgency"` // standard, emergency or immediate; standard without it
	Reason    string        `json:"reason"`  // of a short notice
	Legs      []legInFile   `json:"legs"`
	Stops     []stopInFile  `json:"stops"`
	KeepOut   int32         `json:"keep_out"` // metres to each side; the profile's without it
	Margin    string        `json:"margin"`   // a duration such as 30m, that widens every window at both ends
	Vehicles  int32         `json:"vehicles"`
	Persons   int32         `json:"persons"`
	Plates    []string      `json:"plates"`
	Markings  []string      `json:"markings"`
	Cargo     string        `json:"cargo"`
	Escort    string        `json:"escort"` // yes, no or unknown: is anyone armed with it?
	EscortWho string        `json:"escort_who"`
	Leader    contactInFile `json:"leader"`
}

type contactInFile struct {
	Name      string `json:"name"`
	Phone     string `json:"phone"`
	Alternate string `json:"alternate"`
}

// legInFile is one leg: from, perhaps via, and to as positions, or a route as a list of positions or as a GeoJSON LineString.
type legInFile struct {
	From     string         `json:"from"`
	Via      []string       `json:"via"`
	To       string         `json:"to"`
	Route    jsontext.Value `json:"route"`
	FromName string         `json:"from_name"`
	ToName   string         `json:"to_name"`
	Depart   when           `json:"depart"`
	Arrive   when           `json:"arrive"`
	Return   bool           `json:"return"`
}

type stopInFile struct {
	Place    string `json:"place"`
	Name     string `json:"name"`
	AfterLeg int    `json:"after_leg"`
	Arrive   when   `json:"arrive"`
	Leave    when   `json:"leave"`
	Phase    string `json:"phase"`
}

// convoyFlags describe a movement of one leg without a file.
type convoyFlags struct {
	Name      string   `help:"A name for the movement."`
	Kind      string   `placeholder:"KIND" help:"staff, food, non_food, medical_supplies, medical_evacuation, civilian_evacuation, repair, migrants or general_cargo."`
	Start     *place   `placeholder:"POSITION" help:"Where it departs."`
	Via       []place  `sep:"none" placeholder:"POSITION" help:"On the way; repeat the flag for each."`
	End       *place   `placeholder:"POSITION" help:"Where it arrives."`
	Depart    *when    `placeholder:"TIME" help:"When it departs."`
	Arrive    *when    `placeholder:"TIME" help:"When it arrives."`
	Vehicles  int32    `help:"Number of vehicles."`
	Persons   int32    `help:"Number of persons."`
	Plate     []string `help:"Number plates; several with commas."`
	Escort    string   `enum:"yes,no,unknown," default:"" placeholder:"ANSWER" help:"Is anyone armed with it? yes, no or unknown."`
	EscortWho string   `help:"Who is armed."`
	Leader    string   `help:"The movement's leader; stays with the desk."`
	Phone     string   `help:"The number on the road."`
	Cargo     string   `help:"What it carries."`
	Urgency   string   `enum:"standard,emergency,immediate" default:"standard" help:"standard, emergency or immediate. Late is taken, and marked."`
	Reason    string   `help:"Why the notice is short."`
	KeepOut   int32    `placeholder:"METRES" help:"Metres to each side; the profile's without it."`
}

type notifyMovementCmd struct {
	File string `type:"existingfile" placeholder:"FILE.json" help:"The whole movement: legs, stops, vehicles, leader. See examples/convoy.json."`
	convoyFlags
	sharingFlags
	behalf
}

func (c *notifyMovementCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	var m *parley.Movement
	if c.File != "" {
		m, err = s.movementIn(c.File)
	} else {
		m, err = s.convoy(&c.convoyFlags)
	}
	if err != nil {
		return err
	}
	m.Shared, m.Findings = c.sharing(nil), c.confirmed()
	return s.say(&parley.MovementNotify{Movement: *m})
}

// convoy makes a movement of one leg from flags.
func (s *statement) convoy(f *convoyFlags) (*parley.Movement, error) {
	if f.Start == nil || f.End == nil || f.Depart == nil || f.Arrive == nil {
		return nil, usage("either --file FILE.json, or --start, --end, --depart and --arrive for a movement of one leg")
	}
	m := &parley.Movement{Name: s.text(f.Name), MovementKind: parley.MovementKind(f.Kind), Mode: "land", Urgency: parley.Urgency(f.Urgency), EmergencyReason: s.text(f.Reason),
		KeepOut: f.KeepOut, Vehicles: f.Vehicles, Persons: f.Persons, Cargo: s.text(f.Cargo), Escort: parley.Escort{Armed: parley.Answer(f.Escort), Who: s.text(f.EscortWho)},
		Leader: parley.Contact{Name: s.text(f.Leader), Phone: s.text(f.Phone)}}
	for _, p := range f.Plate {
		m.Plates = append(m.Plates, s.text(p))
	}
	way := []geo.Position{s.place("--start", *f.Start)}
	for _, p := range f.Via {
		way = append(way, s.place("--via", p))
	}
	leg := parley.Leg{Route: line(append(way, s.place("--end", *f.End)))}
	var err error
	if leg.Depart, err = s.time(f.Depart); err != nil {
		return nil, err
	}
	if leg.Arrive, err = s.time(f.Arrive); err != nil {
		return nil, err
	}
	m.Legs = []parley.Leg{leg}
	return m, nil
}

// movementIn reads a movement from a file.
func (s *statement) movementIn(file string) (*parley.Movement, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the movement: %w", err)
	}
	in := movementFile{Mode: "land", Urgency: string(parley.StandardNotice)}
	if err := strict.Unmarshal(text, &in, strict.RejectUnknownMembers(true)); err != nil {
		return nil, parley.Malformed("", err)
	}
	m := &parley.Movement{Name: s.text(in.Name), MovementKind: parley.MovementKind(in.Kind), Mode: parley.Mode(in.Mode), Urgency: parley.Urgency(in.Urgency),
		EmergencyReason: s.text(in.Reason), KeepOut: in.KeepOut, Vehicles: in.Vehicles, Persons: in.Persons, Cargo: s.text(in.Cargo),
		Escort: parley.Escort{Armed: parley.Answer(in.Escort), Who: s.text(in.EscortWho)},
		Leader: parley.Contact{Name: s.text(in.Leader.Name), Phone: s.text(in.Leader.Phone), Alternate: s.text(in.Leader.Alternate)}}
	if in.Margin != "" {
		if m.Margin, err = duration(in.Margin); err != nil {
			return nil, fmt.Errorf("margin: %w", err)
		}
	}
	for _, p := range in.Plates {
		m.Plates = append(m.Plates, s.text(p))
	}
	for _, mark := range in.Markings {
		m.Markings = append(m.Markings, parley.Marking(mark))
	}
	for i, l := range in.Legs {
		leg, err := s.leg(fmt.Sprintf("legs[%d]", i), l)
		if err != nil {
			return nil, err
		}
		m.Legs = append(m.Legs, leg)
	}
	for i, st := range in.Stops {
		stop, err := s.stop(fmt.Sprintf("stops[%d]", i), st)
		if err != nil {
			return nil, err
		}
		m.Stops = append(m.Stops, stop)
	}
	return m, nil
}

func (s *statement) leg(field string, in legInFile) (leg parley.Leg, err error) {
	leg = parley.Leg{From: s.text(in.FromName), To: s.text(in.ToName), Return: in.Return}
	if leg.Depart, err = s.time(&in.Depart); err != nil {
		return leg, err
	}
	if leg.Arrive, err = s.time(&in.Arrive); err != nil {
		return leg, err
	}
	var way []string
	switch {
	case in.Route == nil:
		way = append(append([]string{in.From}, in.Via...), in.To)
	case in.From != "" || in.To != "" || in.Via != nil:
		return leg, parley.Invalid(field, "a route beside from, via and to", "one of the two; names of places are from_name and to_name")
	case in.Route.Kind() == '{':
		if leg.Route, err = geo.ParseGeoJSON(in.Route); err != nil {
			return leg, fmt.Errorf("%s.route: %w", field, err)
		}
		return leg, nil
	default:
		if err := json.Unmarshal(in.Route, &way); err != nil {
			return leg, parley.Invalid(field+".route", string(in.Route), "a list of positions, or a GeoJSON LineString")
		}
	}
	var positions []geo.Position
	for i, text := range way {
		p, err := s.written(field+" position "+strconv.Itoa(i+1), text)
		if err != nil {
			return leg, err
		}
		positions = append(positions, p)
	}
	leg.Route = line(positions)
	return leg, nil
}

func (s *statement) stop(field string, in stopInFile) (stop parley.Stop, err error) {
	stop = parley.Stop{AfterLeg: in.AfterLeg, Phase: parley.Phase(in.Phase), Name: s.text(in.Name)}
	p, err := s.written(field+".place", in.Place)
	if err != nil {
		return stop, err
	}
	stop.Place = point(p)
	if stop.Arrive, err = s.time(&in.Arrive); err != nil {
		return stop, err
	}
	stop.Leave, err = s.time(&in.Leave)
	return stop, err
}

// written reads a position that stands in a file, and repeats it.
func (s *statement) written(field, text string) (geo.Position, error) {
	var p place
	if err := p.UnmarshalText([]byte(text)); err != nil {
		return geo.Position{}, fmt.Errorf("%s: %w", field, err)
	}
	return s.place(field, p), nil
}

type reportCmd struct {
	Movement ref      `arg:"" help:"The movement."`
	Status   string   `arg:"" enum:"departed,checkpoint,at_stop,unloading,waiting,held,resumed,impeded,denied,turned_back,under_attack,arrived,returned,closed" help:"departed, checkpoint, at_stop, unloading, waiting, held, resumed, impeded, denied, turned_back, under_attack, arrived, returned or closed."`
	Leg      int      `help:"On which leg, counted from 1."`
	At       *when    `placeholder:"TIME" help:"When it happened; now without it."`
	Place    *place   `placeholder:"POSITION" help:"Where; goes to recipients only by consent."`
	Armed    string   `enum:"yes,no,unknown," default:"" placeholder:"ANSWER" help:"Is anyone armed with it now? An answer that differs from the notified one is told at once."`
	Vehicles *int32   `placeholder:"N" help:"How many vehicles there are now. A number that differs from the notified one is told at once."`
	Persons  *int32   `placeholder:"N" help:"How many people there are now. A number that differs from the notified one is told at once."`
	Changed  []string `enum:"vehicles,persons,route,hours,cargo,markings" placeholder:"FIELD,..." help:"What is not as notified any more: vehicles, persons, route, hours, cargo, markings. It is told at once."`
	Words    string   `help:"More about it."`
	behalf
}

func (c *reportCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	at, err := s.timeOr(c.At, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.MovementReport{Movement: c.Movement.Ref, Status: parley.MovementState(c.Status), Leg: c.Leg, At: at,
		Place: s.placeOrNil("--place", c.Place), Armed: parley.Answer(c.Armed), Vehicles: c.Vehicles, Persons: c.Persons, Changed: fieldsOf(c.Changed), Words: s.text(c.Words)})
}

func fieldsOf(words []string) (fields []parley.MovementField) {
	for _, w := range words {
		fields = append(fields, parley.MovementField(w))
	}
	return fields
}

type decideCmd struct {
	Prompt   ref    `arg:"" help:"The question, such as ASK-…"`
	Decision string `arg:"" enum:"hold,turn_back,continue" help:"hold, turn_back or continue: your decision."`
	Reason   string `help:"Why."`
	behalf
}

func (c *decideCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.PromptAnswer{Prompt: c.Prompt.Ref, Decision: parley.Decision(c.Decision), Reason: s.text(c.Reason)})
}
