package main

import "parley"

type liaisonCmd struct {
	Log    liaisonLogCmd    `cmd:"" help:"Put an ordinary contact on record: that it took place, by what means, whether anyone answered." example:"parley liaison log PARTY-7K3F-Q2 telephone --reached --words 'Spoke of the bridge' --key officer.key"`
	Status liaisonStatusCmd `cmd:"" help:"Say how your line to another side stands. Each side says it for itself." example:"parley liaison status PARTY-7K3F-Q2 suspended --since=-2h --reason 'no operator' --key officer.key"`
	Test   liaisonTestCmd   `cmd:"" help:"Put a test call on record: did a person answer, and after how long." example:"parley liaison test DESK --answered --seconds 25 --key officer.key"`
}

type liaisonLogCmd struct {
	With    ref    `arg:"" help:"The other side: DESK, a party, or, from the desk, an organisation."`
	Means   string `arg:"" enum:"telephone,radio,message,meeting" help:"telephone, radio, message or meeting."`
	At      *when  `placeholder:"TIME" help:"When it was; now if not said."`
	Reached bool   `help:"Somebody answered."`
	Words   string `help:"What both sides may read of it."`
	behalf
}

func (c *liaisonLogCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	at, err := s.timeOr(c.At, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.LiaisonLog{With: c.With.Ref, Means: parley.LiaisonMeans(c.Means), At: at, Reached: c.Reached, Words: s.text(c.Words)})
}

type liaisonStatusCmd struct {
	With   ref    `arg:"" help:"The other side."`
	State  string `arg:"" enum:"open,degraded,suspended" help:"open, degraded or suspended."`
	Since  *when  `placeholder:"TIME" help:"Since when; now if not said."`
	Reason string `help:"Why, for both sides to read."`
	behalf
}

func (c *liaisonStatusCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	since, err := s.timeOr(c.Since, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.ChannelStatus{With: c.With.Ref, State: parley.LineState(c.State), Since: since, Reason: s.text(c.Reason)})
}

type liaisonTestCmd struct {
	To       ref   `arg:"" help:"Whom you called."`
	At       *when `placeholder:"TIME" help:"When; now if not said."`
	Answered bool  `help:"A person answered."`
	Seconds  int32 `help:"After how many seconds."`
}

func (c *liaisonTestCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	at, err := s.timeOr(c.At, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.TestCall{To: c.To.Ref, At: at, Answered: c.Answered, Seconds: c.Seconds})
}
