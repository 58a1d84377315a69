package main

import (
	"parley"
)

type ackCmd struct {
	Of       versioned `arg:"" help:"Exactly the version that you hold."`
	ReadBack place     `required:"" placeholder:"POSITION" help:"Its position, read from your own copy. It is receipt, not agreement."`
	behalf
}

func (c *ackCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectAcknowledge{Of: c.Of.Versioned, ReadBack: s.place("--read-back", c.ReadBack)})
}

// level is a level of liaison, with its own name.
type level struct {
	Echelon string `arg:"" enum:"headquarters,operations_room,unit" help:"headquarters, operations_room or unit."`
	Level   string `placeholder:"NAME" help:"The level's own name; own officers and the desk see it."`
}

type disseminateCmd struct {
	Of versioned `arg:"" help:"The version that was passed on."`
	level
	Head   string `placeholder:"HEAD" help:"The list that level holds: current (the default), a file of parley head --save, or position:count:root."`
	NoList bool   `help:"That level holds no list."`
}

func (c *disseminateCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	head, err := s.headOrNone(c.Head, c.NoList)
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectDissemination{Of: c.Of.Versioned, Echelon: parley.Echelon(c.Echelon), Level: s.text(c.Level), Head: head})
}

// headOrNone is headOf for a level that may hold no list at all.
func (s *statement) headOrNone(text string, none bool) (*parley.ListHead, error) {
	if !none {
		return s.headOf(text)
	}
	if text != "" {
		return nil, usage("a level that holds no list has no head: leave one of the flags out")
	}
	return nil, nil
}

type attestCmd struct {
	level
	Head string `placeholder:"HEAD" help:"The list that level holds: current (the default), a file of parley head --save, or position:count:root."`
	None bool   `help:"That level holds no list."`
}

func (c *attestCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	head, err := s.headOrNone(c.Head, c.None)
	if err != nil {
		return err
	}
	return s.say(&parley.ListAttest{Echelon: parley.Echelon(c.Echelon), Level: s.text(c.Level), Head: head})
}

type attestEntryCmd struct {
	Of versioned `arg:"" help:"The version that the level holds."`
	level
	At place `required:"" placeholder:"POSITION" help:"The place that the level holds for it."`
}

func (c *attestEntryCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.EntryAttest{Of: c.Of.Versioned, Echelon: parley.Echelon(c.Echelon), Level: s.text(c.Level), Place: s.place("--at", c.At)})
}

type disputeCmd struct {
	Of     versioned `arg:"" help:"The version."`
	Reason string    `arg:"" enum:"wrong_place,wrong_category,not_there,military_object_near,other" help:"wrong_place, wrong_category, not_there, military_object_near or other."`
	Words  string    `help:"More about it."`
}

func (c *disputeCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectDispute{Of: c.Of.Versioned, Reason: parley.DisputeReason(c.Reason), Words: s.text(c.Words)})
}

type relayCmd struct {
	Of        ref    `arg:"" help:"The object, area or stop that was handed on."`
	Party     ref    `arg:"" help:"The party it was for."`
	Echelon   string `arg:"" enum:"headquarters,operations_room,unit" help:"The level that has it."`
	Delivered bool   `help:"It arrived there."`
	At        *when  `placeholder:"TIME" help:"When; now without it."`
}

func (c *relayCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	at, err := s.timeOr(c.At, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.RelayLog{Of: c.Of.Ref, Party: c.Party.Ref, Echelon: parley.Echelon(c.Echelon), Delivered: c.Delivered, At: at})
}

type confirmEntryCmd struct {
	Name   hash `arg:"" help:"The name of the command that the desk entered for you; parley list entries shows them."`
	Disown bool `help:"It is not your word."`
}

func (c *confirmEntryCmd) Run(a *app) error {
	return a.just(&parley.BehalfConfirm{Command: c.Name.Hash, Disown: c.Disown})
}
