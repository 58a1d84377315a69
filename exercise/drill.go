package exercise

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
)

// Drill is an exercise in which a person answers for one side: a party's duty officer, the desk, or a notifier. Everybody else does what the
// timeline says. Time is the exercise's own: it stands until the person goes on or says that they wait.
type Drill struct {
	s     *stage
	side  *side
	next  int
	tasks []Task
	told  int // notices that were shown
}

// Task is something that waits for the person's word.
type Task struct {
	Do       string     `json:"do"`    // take, pass, acknowledge, disseminate, release, answer
	About    string     `json:"about"` // what the case calls it, else its reference
	Told     int64      `json:"told"`  // when the journal told the side of it
	Due      int64      `json:"due"`
	Answered int64      `json:"answered,omitzero"` // the journal's time of the answer; 0: none
	ref      parley.Ref // what it is about
	thing    *thing
	to       []*side
}

// Minutes is how long the answer took.
func (t *Task) Minutes() float64 { return float64(t.Answered-t.Told) / float64(parley.Minute) }

// InTime reports whether the answer came by when it was due.
func (t *Task) InTime() bool { return t.Answered != 0 && t.Answered <= t.Due }

// Score is how a drill went, by the times of its journal.
type Score struct {
	Exercise string  `json:"exercise"`
	Side     string  `json:"side"`
	Tasks    []Task  `json:"tasks"`
	Asked    int     `json:"asked"`
	Answered int     `json:"answered"`
	InTime   int     `json:"in_time"`
	Median   float64 `json:"median_minutes"` // of what was answered
}

// NewDrill opens an exercise for a person who answers for an actor.
func NewDrill(ctx context.Context, c *replay.Case, actor string) (*Drill, error) {
	a := c.Actor(actor)
	if a == nil || a.Role == replay.Other {
		var names []string
		for _, o := range c.Actors {
			if o.Role != replay.Other {
				names = append(names, o.ID)
			}
		}
		return nil, &parley.Fault{Code: parley.CodeNotFound, Field: "as", Read: actor, Expected: fmt.Sprintf("one of %v", names)}
	}
	s, err := enter(ctx, c)
	if err != nil {
		return nil, err
	}
	d := &Drill{s: s, side: s.sides[actor]}
	s.waits = a.Role == replay.Desk
	return d, nil
}

// Close ends the drill and takes its folder away.
func (d *Drill) Close() error { return d.s.leave() }

// Now is the exercise's time.
func (d *Drill) Now() int64 { return d.s.now() }

// mine reports whether an event is an answer that the person gives instead.
func (d *Drill) mine(e *replay.Event) bool {
	if d.s.sides[e.Actor] != d.side {
		return false
	}
	switch d.side.role {
	case replay.Party:
		return e.Kind == replay.Acknowledge || e.Kind == replay.Disseminate || e.Kind == replay.Handover
	case replay.Desk:
		return e.Kind == replay.Release || e.Kind == replay.Deliver
	}
	return false
}

// Next plays the next event and returns it; nil after the last.
func (d *Drill) Next() (*replay.Event, error) {
	if d.next >= len(d.s.story.Events) {
		return nil, nil
	}
	e := &d.s.story.Events[d.next]
	d.next++
	if d.mine(e) {
		if err := d.s.advance(e.At); err != nil {
			return nil, err
		}
		return e, d.look()
	}
	refusal := (*Refusal)(nil)
	// What follows from an answer that the person has not given cannot happen: the channel refuses it, and the drill goes on.
	if err := d.s.play(d.next - 1); err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	return e, d.look()
}

// Told returns the notices that the side got since the last call.
func (d *Drill) Told() ([]Note, error) {
	all, err := d.s.notices()
	if err != nil {
		return nil, err
	}
	var mine []Note
	for _, n := range all {
		if n.to == d.reads() && n.at >= d.s.story.Events[0].At && !slices.Contains(routine, n.Kind) {
			mine = append(mine, Note{n.at, n.Kind, cmp.Or(d.s.nameOf(n), string(n.Object)), n.Urgent})
		}
	}
	news := mine[min(d.told, len(mine)):]
	d.told = len(mine)
	return news, nil
}

func (d *Drill) reads() string { return d.side.id }

// Open returns what waits for the person's word, the oldest first. Their places are the numbers that Do takes.
func (d *Drill) Open() []Task {
	var open []Task
	for _, t := range d.tasks {
		if t.Answered == 0 {
			open = append(open, t)
		}
	}
	return open
}

// Wait lets time pass. Events that fall into it happen; they are returned.
func (d *Drill) Wait(span int64) (happened []*replay.Event, err error) {
	until := d.s.now() + span
	for d.next < len(d.s.story.Events) && d.s.story.Events[d.next].At <= until {
		e, err := d.Next()
		if err != nil {
			return happened, err
		}
		happened = append(happened, e)
	}
	if err := d.s.advance(until); err != nil {
		return happened, err
	}
	return happened, d.look()
}

// Do answers one of what is open.
func (d *Drill) Do(number int) error {
	open := d.Open()
	if number < 1 || number > len(open) {
		return &parley.Fault{Code: parley.CodeInvalid, Field: "number", Read: fmt.Sprint(number), Expected: fmt.Sprintf("1 to %d: what waits for an answer", len(open))}
	}
	chosen := open[number-1]
	at, err := d.answer(&chosen)
	if err != nil {
		return err
	}
	for i := range d.tasks {
		if d.tasks[i].Do == chosen.Do && d.tasks[i].ref == chosen.ref && d.tasks[i].Answered == 0 {
			d.tasks[i].Answered = at
		}
	}
	d.s.remember()
	return d.look()
}

// answer says the word that a task waits for, and returns the journal's time of it.
func (d *Drill) answer(t *Task) (int64, error) {
	s, by := d.s, d.side
	var out parley.Outcome
	var err error
	switch t.Do {
	case "take":
		out, err = s.tell(by.officer, &parley.StopTake{Stop: t.ref})
	case "pass":
		out, err = s.tell(by.officer, &parley.StopPass{Stop: t.ref, Echelon: parley.Unit})
	case "acknowledge":
		out, err = s.tell(by.officer, &parley.ObjectAcknowledge{Of: parley.Versioned{Ref: t.ref, Version: t.thing.given[by.id]}, ReadBack: t.thing.anchor()})
	case "disseminate":
		head := s.head(by)
		out, err = s.tell(by.officer, &parley.ObjectDissemination{Of: parley.Versioned{Ref: t.ref, Version: t.thing.given[by.id]}, Echelon: parley.Unit, Head: &head})
	case "release":
		if err = s.verify(t.thing, s.now()); err == nil {
			err = s.release(t.thing, t.to)
		}
		out.At = s.now()
	case "answer":
		out, err = s.tell(by.officer, &parley.PromptAnswer{Prompt: t.ref, Decision: parley.Hold})
	}
	return out.At, err
}

// add keeps a task that is new.
func (d *Drill) add(t Task) {
	for _, o := range d.tasks {
		if o.Do == t.Do && o.ref == t.ref && o.Told == t.Told {
			return
		}
	}
	t.About = cmp.Or(d.s.idOf(t.ref), d.s.callOf(t.ref), t.About, string(t.ref))
	d.tasks = append(d.tasks, t)
}

// look finds what waits for the side, as its own pages show it.
func (d *Drill) look() error {
	clocks := d.s.profileClocks()
	ladder := clocks.StopLadder
	switch d.side.role {
	case replay.Desk:
		for _, p := range d.s.pending {
			d.add(Task{Do: "release", Told: p.thing.from, Due: p.thing.from + clocks.DeskStandard, ref: p.thing.ref, thing: p.thing, to: p.to})
		}
		return nil
	case replay.Notifier:
		return d.s.as(d.side.officer, func(v *channel.Viewer) {
			prompts, _ := v.Prompts(0, 1000)
			for _, p := range prompts {
				d.add(Task{Do: "answer", About: d.s.idOf(p.Movement), Told: stamped(p.At), Due: stamped(p.Due), ref: p.Ref})
			}
		})
	}
	for _, id := range d.s.story.Objects {
		t := d.s.things[id.ID]
		if !t.protected() || t.given[d.side.id] == 0 {
			continue
		}
		acked, passed, since, due := d.holding(t)
		if since == 0 {
			continue
		}
		d.add(Task{Do: "acknowledge", Told: since, Due: due, ref: t.ref, thing: t})
		if acked != 0 && !passed {
			d.add(Task{Do: "disseminate", Told: acked, Due: acked + parley.Hour, ref: t.ref, thing: t})
		}
	}
	return d.s.as(d.side.officer, func(v *channel.Viewer) {
		stops, _ := v.Stops(0, 1000)
		for _, st := range stops {
			if !slices.Contains(st.Parties, d.side.ref) {
				continue
			}
			raised, taken := int64(0), int64(0)
			for _, l := range st.Log {
				switch l.What {
				case "raised", "raised again":
					raised, taken = stamped(l.At), 0
				case "taken":
					taken = stamped(l.At)
				}
			}
			if st.State == string(parley.StopRaised) {
				d.add(Task{Do: "take", Told: raised, Due: raised + ladder[min(1, len(ladder)-1)], ref: st.Ref})
			} else if taken != 0 && slices.Contains(st.Unpassed, d.side.ref) {
				d.add(Task{Do: "pass", Told: taken, Due: raised + ladder[len(ladder)-1], ref: st.Ref})
			}
		}
	})
}

// holding is how the side stands to an object, as the side's own page shows it.
func (d *Drill) holding(t *thing) (acked int64, passed bool, since, due int64) {
	_ = d.s.as(d.side.officer, func(v *channel.Viewer) {
		f, ok := v.Object(t.ref)
		if !ok {
			return
		}
		for _, h := range f.Holdings {
			if h.Party == d.side.ref && h.Version == t.given[d.side.id] {
				acked, since, due = stamped(h.Acknowledged), stamped(h.Since), stamped(h.Due)
				for _, l := range h.Levels {
					passed = passed || l.Echelon == parley.Unit
				}
			}
		}
	})
	if due == 0 {
		due = since + d.s.profileClocks().AckSite
	}
	return acked, passed, since, due
}

// callOf returns the event of the case by which a stop was raised, or harm reported.
func (s *stage) callOf(ref parley.Ref) string { return s.nameOf(told{Notice: notice(ref)}) }

// Score says how it went, from the times that the journal gave each word.
func (d *Drill) Score() Score {
	out := Score{Exercise: d.s.story.ID, Side: d.side.id, Tasks: d.tasks, Asked: len(d.tasks)}
	var took []float64
	for i := range d.tasks {
		t := &d.tasks[i]
		if t.Answered == 0 {
			continue
		}
		out.Answered++
		if t.InTime() {
			out.InTime++
		}
		took = append(took, t.Minutes())
	}
	if slices.Sort(took); len(took) > 0 {
		out.Median = took[len(took)/2]
	}
	return out
}
