package main

import (
	"parley"
	"parley/geo"
)

type checkCmd struct {
	volumeFlags
	Head string `placeholder:"HEAD" help:"The list it is made against: current (the default), a file of parley head --save, or position:count:root. A stale one is refused, with what it misses."`
	Pack string `type:"existingfile" placeholder:"FILE" help:"Ask this pack, without a server: the same answer as of its list then. Nothing is sent or recorded."`
	packFlags
}

func (c *checkCmd) Run(a *app) error {
	if c.Pack != "" {
		if c.Head != "" {
			return usage("--head or --pack: a pack has its own list head")
		}
		return c.checkPack(a)
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	shape, band, window, err := s.volume(c.volumeFlags)
	if err != nil {
		return err
	}
	head, err := s.headOf(c.Head)
	if err != nil {
		return err
	}
	return s.say(&parley.CheckRecord{Shape: shape, Buffer: c.Buffer, Band: band, Window: window, Head: *head})
}

type attestCheckCmd struct {
	shapeFlags
	Echelon string `arg:"" enum:"headquarters,operations_room,unit" help:"The level that has checked by itself."`
	On      *when  `required:"" placeholder:"TIME" help:"Date of the list it used."`
	Head    string `placeholder:"HEAD" help:"That list: current (the default), a file of parley head --save, or position:count:root."`
	None    bool   `help:"It used no list."`
}

func (c *attestCheckCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	shape, err := s.shape(c.shapeFlags)
	if err != nil {
		return err
	}
	on, err := s.time(c.On)
	if err != nil {
		return err
	}
	head, err := s.headOrNone(c.Head, c.None)
	if err != nil {
		return err
	}
	return s.say(&parley.CheckAttest{Head: head, On: on, Echelon: parley.Echelon(c.Echelon), Extent: shape})
}

type checkMovedCmd struct {
	Check ref    `arg:"" help:"The check, which is void from now on."`
	To    *place `placeholder:"POSITION" help:"The place now."`
	Shape string `placeholder:"FILE.geojson" type:"existingfile" help:"The place now, as a GeoJSON geometry."`
}

func (c *checkMovedCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	var to geo.Shape
	switch {
	case (c.To == nil) == (c.Shape == ""):
		return usage("where to? either --to POSITION or --shape FILE.geojson")
	case c.To != nil:
		to = point(s.place("--to", *c.To))
	default:
		if to, err = readShape(c.Shape); err != nil {
			return err
		}
	}
	return s.say(&parley.CheckMoved{Check: c.Check.Ref, To: to})
}

type answerIndicationCmd struct {
	Of     ref    `arg:"" help:"The area or check."`
	Object ref    `arg:"" help:"The object that is indicated."`
	State  string `arg:"" enum:"mitigated,separated_in_time,dismissed" help:"mitigated, separated_in_time or dismissed."`
	Reason string `arg:"" enum:"area_changed,time_changed,means_limited_near_object,warning_given,object_confirmed_absent,object_confirmed_outside,proportionality_reviewed,other_on_file" help:"One of the fixed reasons."`
	Words  *hash  `placeholder:"SHA-256" help:"Hash of words that stay with you: they are never sent."`
}

func (c *answerIndicationCmd) Run(a *app) error {
	b := &parley.IndicationAnswer{Of: c.Of.Ref, Object: c.Object.Ref, State: parley.IndicationState(c.State), Reason: parley.IndicationReason(c.Reason)}
	if c.Words != nil {
		b.Words = c.Words.Hash
	}
	return a.just(b)
}
