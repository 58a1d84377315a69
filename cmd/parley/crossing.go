package main

import (
	"parley"
	"parley/api"
	"parley/geo"
	"parley/release"
)

type crossingCmd struct {
	Notice crossingNoticeCmd `cmd:"" help:"Say beforehand that your own people, or a movement of yours, will cross a line or zone. It asks for no leave." example:"parley crossing notice LINE-7K3F-Q2/v1 --movement MOVE-7K3F-Q2 --place '35.95, 39.01' --from +24h --to +25h --key leader.key"`
	Answer crossingAnswerCmd `cmd:"" help:"Answer a notice of a crossing. No answer gives leave." example:"parley crossing answer XING-7K3F-Q2 noted --key officer.key"`
	Event  crossingEventCmd  `cmd:"" help:"Say that a line was crossed: by your own people, by a movement of yours, or by a party as you observed it." example:"parley crossing event LINE-7K3F-Q2 --observed PARTY-7K3F-Q2 --place '35.95, 39.01' --at=-10m --key officer.key"`
}

type crossingNoticeCmd struct {
	Of       versioned `arg:"" help:"The line or zone with its version, such as LINE-…/v1."`
	Movement *ref      `placeholder:"MOVE" help:"The movement that will cross; without it your own people."`
	Place    place     `required:"" placeholder:"POSITION" help:"Where."`
	From     *when     `required:"" placeholder:"TIME" help:"Not before."`
	To       *when     `required:"" placeholder:"TIME" help:"Not after."`
	Words    string    `help:"Who, in words; never a person's name."`
	behalf
}

func (c *crossingNoticeCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.CrossingNotice{Of: c.Of.Versioned, Place: s.place("--place", c.Place), Window: geo.Window{}, Words: s.text(c.Words)}
	if c.Movement != nil {
		b.Movement = c.Movement.Ref
	}
	if b.Window.From, err = s.time(c.From); err != nil {
		return err
	}
	if b.Window.To, err = s.time(c.To); err != nil {
		return err
	}
	return s.say(b)
}

type crossingAnswerCmd struct {
	Notice ref    `arg:"" help:"The notice, XING-…"`
	Answer string `arg:"" enum:"noted,agreed,objects" help:"noted, agreed or objects."`
	Words  string `help:"More about it."`
	behalf
}

func (c *crossingAnswerCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.CrossingAnswer{Notice: c.Notice.Ref, Answer: parley.CrossingReply(c.Answer), Words: s.text(c.Words)})
}

type crossingEventCmd struct {
	Line     ref    `arg:"" help:"The line or zone."`
	Own      bool   `help:"Your own people crossed."`
	Observed *ref   `placeholder:"PARTY" help:"The party whose people you say you saw."`
	Movement *ref   `placeholder:"MOVE" help:"The movement of yours that crossed."`
	Place    place  `required:"" placeholder:"POSITION" help:"Where: one place, no track."`
	At       *when  `placeholder:"TIME" help:"When; now if not said."`
	Words    string `help:"What was seen."`
	behalf
}

func (c *crossingEventCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.CrossingEvent{Line: c.Line.Ref, Own: c.Own, Place: s.place("--place", c.Place), Words: s.text(c.Words)}
	if c.Observed != nil {
		b.Observed = c.Observed.Ref
	}
	if c.Movement != nil {
		b.Movement = c.Movement.Ref
	}
	if b.At, err = s.timeOr(c.At, s.draft.MadeAt); err != nil {
		return err
	}
	return s.say(b)
}

type presenceCmd struct {
	Ask    presenceAskCmd    `cmd:"" help:"Ask a party of the line whether people who were observed are its own." example:"parley presence ask XED-7K3F-Q2 PARTY-7K3F-Q2 --key officer.key"`
	Answer presenceAnswerCmd `cmd:"" help:"Answer whether people who were observed are yours. What differs stands side by side." example:"parley presence answer XED-7K3F-Q2 not_own --key officer.key"`
}

type presenceAskCmd struct {
	Event ref `arg:"" help:"The crossing, XED-…"`
	Party ref `arg:"" help:"The party that is asked."`
}

func (c *presenceAskCmd) Run(a *app) error {
	return a.just(&parley.PresenceAsk{Event: c.Event.Ref, Party: c.Party.Ref})
}

type presenceAnswerCmd struct {
	Event  ref    `arg:"" help:"The crossing, XED-…"`
	Answer string `arg:"" enum:"own,not_own,unknown" help:"own, not_own or unknown."`
	behalf
}

func (c *presenceAnswerCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.PresenceAnswer{Event: c.Event.Ref, Answer: parley.PresenceReply(c.Answer)})
}

type warningCmd struct {
	Of    ref    `arg:"" help:"A line, a zone, or an object that was released to you."`
	Words string `arg:"" help:"The warning's own words."`
	To    *ref   `placeholder:"PARTY" help:"The party of the line that is warned; an object's owner is told by itself."`
	Means string `required:"" enum:"message,telephone,radio,loudspeaker,leaflet,show_of_force,warning_shots,other" help:"How it was given: message, telephone, radio, loudspeaker, leaflet, show_of_force, warning_shots or other."`
	Lang  string `default:"en" help:"The language it was given in, such as ar."`
	At    *when  `placeholder:"TIME" help:"When it was given; now if not said."`
	Act   *when  `placeholder:"TIME" help:"Until when there is time to act."`
	behalf
}

func (c *warningCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.WarningLog{Of: c.Of.Ref, Means: parley.WarningMeans(c.Means), Language: c.Lang, Words: s.text(c.Words)}
	if c.To != nil {
		b.To = c.To.Ref
	}
	if b.At, err = s.timeOr(c.At, s.draft.MadeAt); err != nil {
		return err
	}
	if b.Act, err = s.time(c.Act); err != nil {
		return err
	}
	return s.say(b)
}

type warningsCmd struct {
	Object ref `arg:"" help:"A site, movement or presence. The warnings of a line or zone stand in parley show."`
}

func (c *warningsCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	return showOne(a, client, "/v1/objects/"+string(c.Object.Ref)+"/warnings", func(p *api.Page[release.Warning]) { a.describeWarnings(p.Items) })
}
