package main

import "parley"

type contactCmd struct {
	Movement ref    `arg:"" help:"The movement."`
	Means    string `arg:"" enum:"telephone,radio,message,meeting" help:"telephone, radio, message or meeting."`
	At       *when  `placeholder:"TIME" help:"When it was; now if not said."`
	Reached  bool   `help:"A person of the movement answered: its contact clock starts anew."`
	Words    string `help:"What its owner and the desk may read of it."`
	behalf
}

func (c *contactCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	at, err := s.timeOr(c.At, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.ContactTry{Movement: c.Movement.Ref, Means: parley.LiaisonMeans(c.Means), At: at, Reached: c.Reached, Words: s.text(c.Words)})
}
