package main

import (
	"parley"
	"parley/geo"
)

// areaFlags say where, when and to whom a party will operate. No purpose, means or object is asked for.
type areaFlags struct {
	volumeFlags
	Addressee []ref    `placeholder:"PARTY" help:"Who is told; nobody without it. Several with commas."`
	Echelon   []string `placeholder:"LEVEL" help:"Levels acting there: headquarters, operations_room, unit."`
	Urgent    bool     `help:"Marks the declaration; it closes no check."`
	Head      string   `placeholder:"HEAD" help:"The list it was made against: current (the default), a file of parley head --save, or position:count:root."`
}

func (s *statement) area(f areaFlags) (area parley.Area, err error) {
	shape, band, window, err := s.volume(f.volumeFlags)
	if err != nil {
		return area, err
	}
	head, err := s.headOf(f.Head)
	if err != nil {
		return area, err
	}
	area = parley.Area{Shape: shape, Buffer: f.Buffer, Band: band, Window: window, Addressees: refs(f.Addressee), Urgent: f.Urgent, Head: *head}
	for _, e := range f.Echelon {
		area.Echelons = append(area.Echelons, parley.Echelon(e))
	}
	return area, nil
}

type declareCmd struct {
	areaFlags
	behalf
}

func (c *declareCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	area, err := s.area(c.areaFlags)
	if err != nil {
		return err
	}
	return s.say(&parley.AreaDeclare{Area: area})
}

type amendCmd struct {
	Of versioned `arg:"" help:"The version that is replaced, such as AREA-…/v1. The whole area is stated again."`
	areaFlags
	behalf
}

func (c *amendCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	area, err := s.area(c.areaFlags)
	if err != nil {
		return err
	}
	return s.say(&parley.AreaAmend{Of: c.Of.Versioned, Area: area})
}

type endAreaCmd struct {
	Area ref `arg:"" help:"Your area."`
}

func (c *endAreaCmd) Run(a *app) error { return a.just(&parley.AreaEnd{Area: c.Area.Ref}) }

type toldCmd struct {
	Area     ref    `arg:"" help:"The area that was told of."`
	Words    string `arg:"" help:"The words, as they were said."`
	From     place  `required:"" placeholder:"POSITION" help:"The reference place in the words."`
	Distance int32  `required:"" placeholder:"METRES" help:"How far from there, in metres."`
	Bearing  int32  `required:"" placeholder:"DEGREES" help:"On which bearing, 0 to 359 from north."`
}

func (c *toldCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.AreaTold{Area: c.Area.Ref, Words: s.text(c.Words), Place: s.place("--from", c.From), Distance: c.Distance, Bearing: c.Bearing})
}

type readBackCmd struct {
	Of     versioned `arg:"" help:"The area's version as you hold it."`
	Center place     `required:"" placeholder:"POSITION" help:"The middle of its bounds."`
	Extent int32     `required:"" placeholder:"METRES" help:"The diagonal of its bounds."`
	From   *when     `required:"" placeholder:"TIME" help:"From when."`
	To     *when     `required:"" placeholder:"TIME" help:"Until when."`
}

func (c *readBackCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	from, err := s.time(c.From)
	if err != nil {
		return err
	}
	to, err := s.time(c.To)
	if err != nil {
		return err
	}
	return s.say(&parley.AreaReadback{Of: c.Of.Versioned, Center: s.place("--center", c.Center), Extent: c.Extent, From: from, To: to})
}

type objectToCmd struct {
	Of     versioned `arg:"" help:"The area's version."`
	Reason string    `arg:"" enum:"own_forces_present,civilians_present,too_late,not_agreed,other" help:"own_forces_present, civilians_present, too_late, not_agreed or other."`
	Words  string    `help:"More about it."`
}

func (c *objectToCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.AreaObject{Of: c.Of.Versioned, Reason: parley.AreaReason(c.Reason), Words: s.text(c.Words)})
}

type takeBackCmd struct {
	Area   ref    `arg:"" help:"The area."`
	Reason string `arg:"" enum:"own_forces_present,civilians_present,too_late,not_agreed,other" help:"The reason of the objection."`
}

func (c *takeBackCmd) Run(a *app) error {
	return a.just(&parley.AreaWithdraw{Area: c.Area.Ref, Reason: parley.AreaReason(c.Reason)})
}

type disputeAreaCmd struct {
	Of    versioned `arg:"" help:"The version that was told otherwise."`
	Place *place    `placeholder:"POSITION" help:"The middle as it was told to you."`
	From  *when     `placeholder:"TIME" help:"The beginning as it was told to you."`
	To    *when     `placeholder:"TIME" help:"The end as it was told to you."`
	Words string    `help:"What was said, by whom to whom."`
}

func (c *disputeAreaCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	b := &parley.AreaContest{Of: c.Of.Versioned, Place: s.placeOrNil("--place", c.Place), Words: s.text(c.Words)}
	if b.From, err = s.time(c.From); err != nil {
		return err
	}
	if b.To, err = s.time(c.To); err != nil {
		return err
	}
	return s.say(b)
}

type placeForceCmd struct {
	volumeFlags
	Addressee []ref `required:"" placeholder:"PARTY" help:"Who is told. Several with commas."`
}

func (c *placeForceCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	if c.Low != nil || c.High != nil {
		return usage("a placed force has no altitudes")
	}
	shape, _, window, err := s.volume(c.volumeFlags)
	if err != nil {
		return err
	}
	return s.say(&parley.ForcePlace{Shape: shape, Buffer: c.Buffer, Window: window, Addressees: refs(c.Addressee)})
}

type withdrawForceCmd struct {
	Force ref `arg:"" help:"The placed force."`
}

func (c *withdrawForceCmd) Run(a *app) error {
	return a.just(&parley.ForceWithdraw{Force: c.Force.Ref})
}

// diagonal returns the extent that a read-back repeats: the diagonal of a shape's bounds in metres.
func diagonal(s geo.Shape) int64 {
	box := s.Bounds()
	return geo.DistanceMM(box.Min, box.Max) / 1000
}
