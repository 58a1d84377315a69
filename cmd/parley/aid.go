package main

import (
	"fmt"
	"strconv"
	"strings"

	"parley"
	"parley/release"
)

// item is one kind of thing in a delivery: "food, t, planned 10, delivered 7, lost 2, diverted 1".
type item struct{ parley.Item }

// UnmarshalText implements encoding.TextUnmarshaler.
func (i *item) UnmarshalText(text []byte) error {
	parts := strings.Split(string(text), ",")
	wrong := parley.Invalid("", strconv.Quote(string(text)), "what, its unit and how much, such as 'food, t, planned 10, delivered 7, lost 2'")
	if len(parts) < 3 {
		return wrong
	}
	i.Item.Item, i.Unit = parley.ItemKind(strings.TrimSpace(parts[0])), strings.TrimSpace(parts[1])
	for _, part := range parts[2:] {
		name, number, _ := strings.Cut(strings.TrimSpace(part), " ")
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		into := map[string]*int64{"planned": &i.Planned, "delivered": &i.Delivered, "lost": &i.Lost, "diverted": &i.Diverted}[name]
		if err != nil || into == nil {
			return wrong
		}
		*into = n
	}
	return nil
}

type deliveryCmd struct {
	Of        ref    `arg:"" help:"A movement of yours, or a corridor."`
	Item      []item `required:"" sep:"none" placeholder:"ITEM" help:"What and how much: 'food, t, planned 10, delivered 7, lost 2, diverted 1' (food, water, medical, shelter, hygiene, fuel, spare_parts, cash, other); repeat the flag for each."`
	Planned   *when  `placeholder:"TIME" help:"When it was planned; now if not said."`
	At        *when  `placeholder:"TIME" help:"When it was done; without it the delivery is planned and not yet done."`
	People    string `enum:"none,1-50,51-200,201-1000,over-1000,unknown" default:"unknown" help:"How many people were reached: none, 1-50, 51-200, 201-1000, over-1000 or unknown."`
	Consignee string `help:"Who received it."`
	Words     string `help:"More about it."`
	behalf
}

func (c *deliveryCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.DeliveryRecord{Of: c.Of.Ref, People: parley.Occupancy(c.People), Consignee: s.text(c.Consignee), Words: s.text(c.Words)}
	for _, i := range c.Item {
		b.Items = append(b.Items, i.Item)
	}
	if b.PlannedAt, err = s.timeOr(c.Planned, s.draft.MadeAt); err != nil {
		return err
	}
	if b.At, err = s.time(c.At); err != nil {
		return err
	}
	return s.say(b)
}

type outcomeCmd struct {
	Outcome  string `arg:"" enum:"facilitated,partially_facilitated,impeded,denied,postponed,cancelled_by_organisation" help:"facilitated, partially_facilitated, impeded, denied, postponed or cancelled_by_organisation."`
	Movement *ref   `placeholder:"MOVE" help:"The movement of yours that ended so."`
	Asked    *when  `placeholder:"TIME" help:"Without a movement: when access was asked for."`
	AskedOf  *ref   `placeholder:"PARTY" help:"The party that was asked, or that stopped it."`
	Delay    int32  `placeholder:"MINUTES" help:"How long it was held up."`
	Reason   string `enum:"none,refused_at_checkpoint,no_answer,security,inspection,road,weather,own_decision,other" default:"none" help:"none, refused_at_checkpoint, no_answer, security, inspection, road, weather, own_decision or other."`
	At       *when  `placeholder:"TIME" help:"When; now if not said."`
	Words    string `help:"More about it."`
	behalf
}

func (c *outcomeCmd) Run(a *app) error {
	if (c.Movement == nil) == (c.Asked == nil) {
		return usage("of what? either --movement MOVE, or --asked TIME when access was asked for without one")
	}
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.OutcomeRecord{Outcome: parley.OutcomeKind(c.Outcome), Delay: c.Delay, Reason: parley.OutcomeReason(c.Reason), Words: s.text(c.Words)}
	if c.Movement != nil {
		b.Movement = c.Movement.Ref
	}
	if c.AskedOf != nil {
		b.Of = c.AskedOf.Ref
	}
	if b.Asked, err = s.time(c.Asked); err != nil {
		return err
	}
	if b.At, err = s.timeOr(c.At, s.draft.MadeAt); err != nil {
		return err
	}
	return s.say(b)
}

// describeStatistics prints counts, each with what it is a part of.
func (a *app) describeStatistics(s *release.Statistics) {
	fmt.Fprintf(a.out, "movements: %d notified, %d of them over\n", s.Movements, s.Over)
	for _, o := range s.Outcomes {
		a.row("", fmt.Sprintf("%s: %d", o.Outcome, o.N))
	}
	a.row("no word", fmt.Sprintf("of %d of the %d that are over: nobody has said how they ended", s.NoOutcome, s.Over))
	fmt.Fprintf(a.out, "access asked for without a movement: %d times\n", s.AccessAsked)
	for _, o := range s.Access {
		a.row("", fmt.Sprintf("%s: %d of %d", o.Outcome, o.N, s.AccessAsked))
	}
	for _, c := range s.Arrangements {
		a.row(c.Kind, fmt.Sprintf("%s: %d", c.State, c.N))
	}
	for _, o := range s.Offers {
		a.row("offers", fmt.Sprintf("%s to %s: %d made, %d accepted, %d declined, %d countered, %d without an answer, %d open; %d answered late", o.From, o.To, o.Made, o.Accepted, o.Declined, o.Counters, o.NoAnswer, o.Open, o.Late))
	}
	a.describeKnown(s)
	fmt.Fprintf(a.out, "  %s\n", s.Sentence)
}
