package main

import (
	"parley"
)

type stopCmd struct {
	Raise     stopRaiseCmd     `cmd:"" help:"A protected object is under fire, or is about to be: tell every duty officer concerned, at once." example:"parley stop raise SITE-7K3F-Q2 --key org.key"`
	Take      stopTakeCmd      `cmd:"" help:"You have it. Any duty officer may take a stop." example:"parley stop take STOP-7K3F-Q2 --key officer.key"`
	Pass      stopPassCmd      `cmd:"" help:"Say to which level the stop was passed on." example:"parley stop pass STOP-7K3F-Q2 unit --key officer.key"`
	Effect    stopEffectCmd    `cmd:"" help:"Say what followed. Fire that goes on makes the stop climb again." example:"parley stop effect STOP-7K3F-Q2 fire_ceased --key officer.key"`
	StandDown stopStandDownCmd `cmd:"" help:"End a stop with a report." example:"parley stop stand-down STOP-7K3F-Q2 --report 'Fire ceased at 10:40, nobody hurt' --key officer.key"`
}

type stopRaiseCmd struct {
	Object *ref   `arg:"" optional:"" help:"The object, if it has a reference."`
	At     *place `placeholder:"POSITION" help:"The place, if it has none."`
	Words  string `help:"What is seen."`
	behalf
}

func (c *stopRaiseCmd) Run(a *app) error {
	if (c.Object == nil) == (c.At == nil) {
		return usage("what is under fire? either a reference or --at POSITION")
	}
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.StopRaise{Place: s.placeOrNil("--at", c.At), Words: s.text(c.Words)}
	if c.Object != nil {
		b.Object = c.Object.Ref
	}
	return s.say(b)
}

type stopTakeCmd struct {
	Stop ref `arg:"" help:"The stop."`
	behalf
}

func (c *stopTakeCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.StopTake{Stop: c.Stop.Ref})
}

type stopPassCmd struct {
	Stop    ref    `arg:"" help:"The stop."`
	Echelon string `arg:"" enum:"headquarters,operations_room,unit" help:"headquarters, operations_room or unit."`
}

func (c *stopPassCmd) Run(a *app) error {
	return a.just(&parley.StopPass{Stop: c.Stop.Ref, Echelon: parley.Echelon(c.Echelon)})
}

type stopEffectCmd struct {
	Stop   ref    `arg:"" help:"The stop."`
	Effect string `arg:"" enum:"fire_ceased,fire_goes_on,not_ours,not_known" help:"fire_ceased, fire_goes_on, not_ours or not_known."`
	Words  string `help:"More about it."`
}

func (c *stopEffectCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.StopEffectReport{Stop: c.Stop.Ref, Effect: parley.Effect(c.Effect), Words: s.text(c.Words)})
}

type stopStandDownCmd struct {
	Stop   ref    `arg:"" help:"The stop."`
	Report string `required:"" help:"What happened."`
}

func (c *stopStandDownCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.StopStandDown{Stop: c.Stop.Ref, Report: s.text(c.Report)})
}
