package main

import (
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/geo/notation"
)

// placed is a kind of thing at a position, with words about it: "bridge: 35.93, 39.10; old bridge".
type placed struct {
	place
	kind  string
	words string
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *placed) UnmarshalText(text []byte) (err error) {
	kind, rest, ok := strings.Cut(string(text), ":")
	if !ok {
		return parley.Invalid("", strconv.Quote(string(text)), "what, and where, such as 'bridge: 35.93, 39.10; the old bridge'")
	}
	at, words, _ := strings.Cut(rest, ";")
	p.kind, p.words, p.typed = strings.TrimSpace(kind), strings.TrimSpace(words), strings.TrimSpace(at)
	p.Reading, err = notation.Parse(p.typed)
	return err
}

// hours are a span of each day in UTC, such as 06:00-18:00.
type hours struct{ parley.Hours }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *hours) UnmarshalText(text []byte) error {
	from, to, _ := strings.Cut(string(text), "-")
	for _, side := range []struct {
		text string
		into *int32
	}{{from, &h.From}, {to, &h.To}} {
		t, err := time.Parse("15:04", side.text)
		if err != nil {
			return parley.Invalid("", strconv.Quote(string(text)), "hours of each day in UTC, such as 06:00-18:00")
		}
		*side.into = int32(t.Hour()*60 + t.Minute())
	}
	return nil
}

// corridorFlags say what a corridor is.
type corridorFlags struct {
	termsFlags
	Direction  string   `enum:"both,along,against" default:"both" help:"Which way it runs along its line: both, along or against."`
	Hours      []hours  `placeholder:"FROM-TO" help:"Hours of each day in UTC, such as 06:00-18:00; all day without it. Several with commas."`
	User       []string `required:"" help:"For whom: civilians, wounded, humanitarian_staff, goods. Several with commas."`
	Water      []placed `sep:"none" placeholder:"MEANS:POSITION" help:"Where it crosses water, such as 'bridge: 35.93, 39.10; old bridge' (bridge, ferry, boat, ford); repeat the flag for each."`
	Hazard     []placed `sep:"none" placeholder:"HAZARD:POSITION" help:"A danger along it, such as 'mines: 35.92, 39.12; south side' (mines, unexploded, damaged_road, flood, other); repeat the flag for each."`
	Guarantor  []ref    `placeholder:"REF" help:"Parties or organisations that vouch for it. Several with commas."`
	Inspection string   `help:"The rules of inspection, in words."`
	Capacity   int32    `placeholder:"VEHICLES" help:"Vehicles a day."`
	Pause      *ref     `placeholder:"PAUSE" help:"The pause that it rests on."`

	Evacuation  bool     `help:"People leave by it: the five answers, who accompanies them and the assembly points are asked for and shown."`
	Voluntary   string   `enum:"yes,no,unknown" default:"unknown" help:"Nobody is made to leave: yes, no or unknown."`
	Destination string   `enum:"yes,no,unknown" default:"unknown" help:"People choose where to go."`
	Remain      string   `enum:"yes,no,unknown" default:"unknown" help:"Whoever stays may stay."`
	Return      string   `enum:"yes,no,unknown" default:"unknown" help:"Whoever leaves may come back."`
	FamilyUnity string   `enum:"yes,no,unknown" default:"unknown" help:"Families stay together."`
	Accompanied string   `help:"By whom people are accompanied."`
	Assembly    []placed `sep:"none" placeholder:"PEOPLE:POSITION" help:"Where people gather who want to leave, and for how many there is room: '200: 35.95, 39.01; school yard'; repeat the flag for each."`
}

func users(in []string) (out []parley.CorridorUser) {
	for _, u := range in {
		out = append(out, parley.CorridorUser(u))
	}
	return out
}

func (s *statement) corridor(f corridorFlags) (c parley.Corridor, err error) {
	c = parley.Corridor{Direction: parley.Direction(f.Direction), Users: users(f.User), Guarantors: refs(f.Guarantor), Inspection: s.text(f.Inspection), Capacity: f.Capacity}
	if c.Terms, err = s.terms(f.termsFlags); err != nil {
		return c, err
	}
	for _, h := range f.Hours {
		c.Hours = append(c.Hours, h.Hours)
	}
	for _, w := range f.Water {
		c.Crossings = append(c.Crossings, parley.WaterCrossing{Place: s.place("--water", w.place), Means: w.kind, Name: s.text(w.words)})
	}
	for _, h := range f.Hazard {
		c.Hazards = append(c.Hazards, parley.Hazard{Hazard: h.kind, Place: s.place("--hazard", h.place), Words: s.text(h.words)})
	}
	if f.Pause != nil {
		c.Pause = f.Pause.Ref
	}
	if !f.Evacuation {
		if f.Accompanied != "" || f.Assembly != nil {
			return c, usage("--accompanied and --assembly go with --evacuation")
		}
		return c, nil
	}
	c.Evacuation = &parley.Evacuation{Voluntary: parley.Answer(f.Voluntary), Destination: parley.Answer(f.Destination), Remain: parley.Answer(f.Remain), Return: parley.Answer(f.Return),
		Family: parley.Answer(f.FamilyUnity), Accompanied: s.text(f.Accompanied)}
	for _, p := range f.Assembly {
		people, err := strconv.ParseInt(p.kind, 10, 32)
		if err != nil {
			return c, parley.Invalid("--assembly", strconv.Quote(p.kind), "for how many people there is room, such as '200: 35.95, 39.01; school yard'")
		}
		c.Evacuation.Points = append(c.Evacuation.Points, parley.AssemblyPoint{Place: s.place("--assembly", p.place), Capacity: int32(people), Name: s.text(p.words)})
	}
	return c, nil
}

func (a *app) sayCorridor(b behalf, f corridorFlags, body func(parley.Corridor) parley.Body) error {
	s, err := a.begin(b)
	if err != nil {
		return err
	}
	c, err := s.corridor(f)
	if err != nil {
		return err
	}
	return s.say(body(c))
}

type corridorCmd struct {
	Propose corridorProposeCmd `cmd:"" help:"Put a corridor before the parties: people may use it, nobody has to." example:"parley corridor propose --shape road.geojson --radius 500 --from +24h --to +72h --addressee PARTY-7K3F-Q2,PARTY-2MTP-44 --user civilians,wounded --key releaser.key"`
	Amend   corridorAmendCmd   `cmd:"" help:"Give your corridor a new version, stated as a whole; every party is asked anew." example:"parley corridor amend CORR-7K3F-Q2/v1 --shape road.geojson --radius 500 --to +72h --addressee PARTY-7K3F-Q2 --user civilians --key releaser.key"`
	Open    corridorOpenCmd    `cmd:"" help:"State that a corridor is open. Your word stands there with your name; how many have agreed stands beside it." example:"parley corridor open CORR-7K3F-Q2 --key releaser.key"`
	Suspend corridorSuspendCmd `cmd:"" help:"State that a corridor is interrupted; whoever is in it is asked to hold, turn back or continue." example:"parley corridor suspend CORR-7K3F-Q2 --reason 'fire near the bridge' --key officer.key"`
	End     corridorEndCmd     `cmd:"" help:"State that a corridor has ended. People who stay or take another way remain protected." example:"parley corridor end CORR-7K3F-Q2 --key releaser.key"`
}

type corridorProposeCmd struct {
	corridorFlags
	behalf
}

func (c *corridorProposeCmd) Run(a *app) error {
	return a.sayCorridor(c.behalf, c.corridorFlags, func(k parley.Corridor) parley.Body { return &parley.CorridorPropose{Corridor: k} })
}

type corridorAmendCmd struct {
	Of versioned `arg:"" help:"The version that is replaced, such as CORR-…/v1."`
	corridorFlags
	behalf
}

func (c *corridorAmendCmd) Run(a *app) error {
	return a.sayCorridor(c.behalf, c.corridorFlags, func(k parley.Corridor) parley.Body {
		return &parley.CorridorAmend{Of: c.Of.Versioned, Corridor: k}
	})
}

// statusFlags name a corridor or pause and say why.
type statusFlags struct {
	Of     ref    `arg:"" help:"The corridor or pause."`
	Reason string `help:"Why; everyone who sees it reads this."`
	behalf
}

func (a *app) sayStatus(f statusFlags, state parley.ArrangementState, body func(parley.StatusWord) parley.Body) error {
	s, err := a.begin(f.behalf)
	if err != nil {
		return err
	}
	return s.say(body(parley.StatusWord{Of: f.Of.Ref, State: state, Reason: s.text(f.Reason)}))
}

func corridorStatus(w parley.StatusWord) parley.Body { return &parley.CorridorStatus{StatusWord: w} }
func pauseStatus(w parley.StatusWord) parley.Body    { return &parley.PauseStatus{StatusWord: w} }

type corridorOpenCmd struct{ statusFlags }

func (c *corridorOpenCmd) Run(a *app) error {
	return a.sayStatus(c.statusFlags, parley.ArrangementOpen, corridorStatus)
}

type corridorSuspendCmd struct{ statusFlags }

func (c *corridorSuspendCmd) Run(a *app) error {
	return a.sayStatus(c.statusFlags, parley.ArrangementSuspended, corridorStatus)
}

type corridorEndCmd struct{ statusFlags }

func (c *corridorEndCmd) Run(a *app) error {
	return a.sayStatus(c.statusFlags, parley.ArrangementEnded, corridorStatus)
}

// pauseFlags say what a pause is.
type pauseFlags struct {
	termsFlags
	User []string `required:"" help:"For whom: civilians, wounded, humanitarian_staff, goods. Several with commas."`
}

func (a *app) sayPause(b behalf, f pauseFlags, body func(parley.Pause) parley.Body) error {
	s, err := a.begin(b)
	if err != nil {
		return err
	}
	terms, err := s.terms(f.termsFlags)
	if err != nil {
		return err
	}
	return s.say(body(parley.Pause{Terms: terms, Users: users(f.User)}))
}

type pauseCmd struct {
	Propose pauseProposeCmd `cmd:"" help:"Put a humanitarian pause before the parties: an area, a time, and for whom." example:"parley pause propose --center '35.95, 39.01' --radius 3000 --from +24h --to +30h --addressee PARTY-7K3F-Q2 --user wounded --key releaser.key"`
	Amend   pauseAmendCmd   `cmd:"" help:"Give your pause a new version, stated as a whole; every party is asked anew." example:"parley pause amend PAUSE-7K3F-Q2/v1 --shape area.geojson --to +30h --addressee PARTY-7K3F-Q2 --user wounded --key releaser.key"`
	Open    pauseOpenCmd    `cmd:"" help:"State that a pause holds. Your word stands there with your name." example:"parley pause open PAUSE-7K3F-Q2 --key officer.key"`
	Suspend pauseSuspendCmd `cmd:"" help:"State that a pause is interrupted." example:"parley pause suspend PAUSE-7K3F-Q2 --reason 'fire in the east' --key officer.key"`
	End     pauseEndCmd     `cmd:"" help:"State that a pause has ended." example:"parley pause end PAUSE-7K3F-Q2 --key releaser.key"`
}

type pauseProposeCmd struct {
	pauseFlags
	behalf
}

func (c *pauseProposeCmd) Run(a *app) error {
	return a.sayPause(c.behalf, c.pauseFlags, func(p parley.Pause) parley.Body { return &parley.PausePropose{Pause: p} })
}

type pauseAmendCmd struct {
	Of versioned `arg:"" help:"The version that is replaced, such as PAUSE-…/v1."`
	pauseFlags
	behalf
}

func (c *pauseAmendCmd) Run(a *app) error {
	return a.sayPause(c.behalf, c.pauseFlags, func(p parley.Pause) parley.Body { return &parley.PauseAmend{Of: c.Of.Versioned, Pause: p} })
}

type pauseOpenCmd struct{ statusFlags }

func (c *pauseOpenCmd) Run(a *app) error {
	return a.sayStatus(c.statusFlags, parley.ArrangementOpen, pauseStatus)
}

type pauseSuspendCmd struct{ statusFlags }

func (c *pauseSuspendCmd) Run(a *app) error {
	return a.sayStatus(c.statusFlags, parley.ArrangementSuspended, pauseStatus)
}

type pauseEndCmd struct{ statusFlags }

func (c *pauseEndCmd) Run(a *app) error {
	return a.sayStatus(c.statusFlags, parley.ArrangementEnded, pauseStatus)
}
