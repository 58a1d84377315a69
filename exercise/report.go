package exercise

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley"
	"parley/exchange/replay"
)

// Verdict says whether a warning that a case expects was there before the event that it is due before.
type Verdict struct {
	ID       string         `json:"id"`
	What     replay.Warning `json:"what"`
	Args     map[string]any `json:"args"`
	Before   string         `json:"before"`
	BeforeAt string         `json:"before_at"`
	Level    replay.Weight  `json:"level"`
	Basis    replay.Basis   `json:"basis"`
	Modelled bool           `json:"modelled"` // it rests on an event that was entered so that there was something to check
	Met      bool           `json:"met"`
	RaisedAt string         `json:"raised_at,omitzero"` // journal time
	To       []string       `json:"to"`                 // actors of the case, else desk or board
	Notice   string         `json:"notice,omitzero"`
	Lead     *float64       `json:"lead_minutes,omitzero"` // absent where a time only orders
}

// Held says of one thing that no run may show whether none did.
type Held struct {
	What  replay.Never `json:"what"`
	Held  bool         `json:"held"`
	Found []string     `json:"found,omitempty"`
}

// Control is a case that was changed so that a warning must not rise, and the unchanged case after it, in which it must as before.
type Control struct {
	Control     string `json:"control"`
	About       string `json:"about"`
	Expectation string `json:"expectation"`
	Silent      bool   `json:"silent"`
	Again       bool   `json:"unchanged_as_before"`
}

// Guard says of one expectation whether events after the last that it may rest on make no difference.
type Guard struct {
	Expectation string `json:"expectation"`
	Without     bool   `json:"met_without_later_events"`
	With        bool   `json:"met_with_all_events"`
}

// Hindsight is the guard over a case.
type Hindsight struct {
	Holds        bool    `json:"holds"`
	Expectations []Guard `json:"expectations"`
}

// Fault is an event that the channel did not take.
type Fault struct {
	Event    string `json:"event"`
	Field    string `json:"field"` // its place in the timeline
	Command  string `json:"command,omitzero"`
	Code     string `json:"code,omitzero"`
	Read     string `json:"read,omitzero"`
	Expected string `json:"expected,omitzero"`
}

// Gate says whether the case passes, and what does not.
type Gate struct {
	Holds       bool     `json:"holds"`
	MustSourced [2]int   `json:"must_sourced"` // met, of
	MustOther   [2]int   `json:"must_other"`
	Should      [2]int   `json:"should"`
	Fails       []string `json:"fails,omitempty"`
}

// Report is what a replay of one case shows.
type Report struct {
	Case         string    `json:"case"`
	Title        string    `json:"title"`
	Note         string    `json:"illustrative_note"`
	Wording      string    `json:"wording"`
	Expectations []Verdict `json:"expectations"`
	Never        []Held    `json:"never"`
	Controls     []Control `json:"controls"`
	Hindsight    Hindsight `json:"hindsight"`
	Refused      []Fault   `json:"refused"`
	Uncarried    []string  `json:"not_carried"` // events for which the channel has no words
	Gate         Gate      `json:"gate"`
}

// Wording stands on every report.
const Wording = "What the channel would have shown from facts then known, had the area been checked and the messages been sent. Not that anyone would have heeded it, and nothing about who did what."

// Play plays a case once whole and once for each expectation, with the controls when they are asked for, and says what rose.
func Play(ctx context.Context, c *replay.Case, controls bool) (*Report, error) {
	r := &Report{Case: c.ID, Title: c.Title, Note: c.Note, Wording: Wording, Expectations: []Verdict{}, Never: []Held{}, Controls: []Control{}, Refused: []Fault{}, Uncarried: []string{},
		Hindsight: Hindsight{Holds: true, Expectations: []Guard{}}}
	whole, err := playWhole(ctx, c)
	if err != nil {
		return nil, err
	}
	r.refused(c, whole.refused)
	r.Uncarried = append(r.Uncarried, whole.silent...)
	for i := range c.Expected {
		x := &c.Expected[i]
		raised, refused, err := playKnown(ctx, c, x)
		if err != nil {
			return nil, err
		}
		r.refused(c, refused)
		r.Expectations = append(r.Expectations, verdict(c, x, raised))
		g := Guard{x.ID, raised != nil, whole.raised[i] != nil}
		r.Hindsight.Expectations = append(r.Hindsight.Expectations, g)
		r.Hindsight.Holds = r.Hindsight.Holds && g.With == g.Without
	}
	r.never(c, whole.found)
	if controls {
		if r.Controls, err = control(ctx, c, r); err != nil {
			return nil, err
		}
	}
	r.gate()
	return r, nil
}

func verdict(c *replay.Case, x *replay.Expectation, raised *Raised) Verdict {
	before := c.Event(x.Before)
	v := Verdict{ID: x.ID, What: x.What, Args: x.Args, Before: x.Before, BeforeAt: parley.Stamp(before.At), Level: x.Weight, Basis: x.Basis, Met: raised != nil, To: []string{}}
	for _, g := range x.Given {
		v.Modelled = v.Modelled || c.Event(g).Channel == replay.Modelled
	}
	if raised == nil {
		return v
	}
	v.RaisedAt, v.To, v.Notice = parley.Stamp(raised.At), raised.To, raised.Notice
	if ms, ok := lead(c, x, raised.At); ok {
		minutes := float64(ms) / float64(parley.Minute)
		v.Lead = &minutes
	}
	return v
}

// run is one run of a whole case.
type run struct {
	raised  []*Raised // by expectation, read just before the event that it is due before
	refused []*Refusal
	silent  []string // events of which nothing was said
	found   map[replay.Never][]string
}

// playWhole plays every event, and reads each expectation just before the event that it is due before.
func playWhole(ctx context.Context, c *replay.Case) (_ *run, err error) {
	s, err := enter(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.leave()) }()
	out := &run{raised: make([]*Raised, len(c.Expected))}
	for i := range c.Events {
		for n := range c.Expected {
			if x := &c.Expected[n]; x.Before == c.Events[i].ID {
				if out.raised[n], err = s.readBefore(x); err != nil {
					return nil, err
				}
			}
		}
		said := s.said
		if err := s.play(i); err != nil {
			refusal := (*Refusal)(nil)
			if !errors.As(err, &refusal) {
				return nil, err
			}
			out.refused = append(out.refused, refusal)
		} else if s.said == said {
			out.silent = append(out.silent, c.Events[i].ID)
		}
	}
	out.found, err = s.unsayable()
	return out, err
}

// readBefore lets the clocks run to just before the event that an expectation is due before, and looks.
func (s *stage) readBefore(x *replay.Expectation) (*Raised, error) {
	if err := s.advance(s.story.Event(x.Before).At - parley.Second); err != nil {
		return nil, err
	}
	if err := s.look(); err != nil {
		return nil, err
	}
	return s.heard(x)
}

// playKnown plays what an expectation may rest on and no event after it, and reads it.
func playKnown(ctx context.Context, c *replay.Case, x *replay.Expectation) (_ *Raised, refused []*Refusal, err error) {
	last := len(c.Known(x).Events)
	s, err := enter(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.leave()) }()
	for i := range last {
		if err := s.play(i); err != nil {
			refusal := (*Refusal)(nil)
			if !errors.As(err, &refusal) {
				return nil, nil, err
			}
			refused = append(refused, refusal)
		}
	}
	raised, err := s.readBefore(x)
	return raised, refused, err
}

func (r *Report) refused(c *replay.Case, list []*Refusal) {
	for _, e := range list {
		f := Fault{Event: e.ID, Field: fmt.Sprintf("events[%d]", e.Event), Command: string(e.Command)}
		fault := (*parley.Fault)(nil)
		if errors.As(e.Err, &fault) {
			f.Code, f.Read, f.Expected = string(fault.Code), fault.Field+": "+fault.Read, fault.Expected
		} else {
			f.Read = e.Err.Error()
		}
		if !slices.Contains(r.Refused, f) && !slices.ContainsFunc(r.Refused, func(o Fault) bool { return o.Field == f.Field && o.Command == f.Command }) {
			r.Refused = append(r.Refused, f)
		}
	}
}

func (r *Report) never(c *replay.Case, found map[replay.Never][]string) {
	for _, n := range c.Never {
		h := Held{What: n, Found: found[n]}
		h.Held = len(h.Found) == 0
		if n == replay.Later {
			h.Held = r.Hindsight.Holds
		}
		r.Never = append(r.Never, h)
	}
}

// gate decides: every must that rests on sourced facts, nine of ten of the others, nothing that no run may show, every control silent.
func (r *Report) gate() {
	g := Gate{}
	for _, v := range r.Expectations {
		count := &g.Should
		switch {
		case v.Level == replay.Must && v.Basis == replay.Sourced:
			count = &g.MustSourced
		case v.Level == replay.Must:
			count = &g.MustOther
		}
		count[1]++
		if v.Met {
			count[0]++
		}
	}
	fail := func(holds bool, format string, args ...any) {
		if !holds {
			g.Fails = append(g.Fails, fmt.Sprintf(format, args...))
		}
	}
	fail(g.MustSourced[0] == g.MustSourced[1], "%d of %d warnings that must rise, on sourced facts", g.MustSourced[0], g.MustSourced[1])
	fail(10*g.MustOther[0] >= 9*g.MustOther[1], "%d of %d other warnings that must rise; nine of ten are asked for", g.MustOther[0], g.MustOther[1])
	for _, n := range r.Never {
		fail(n.Held, "%s", n.What)
	}
	fail(r.Hindsight.Holds, "events after the last given one make a difference")
	for _, c := range r.Controls {
		fail(c.Silent, "control %s, %s: the warning rose all the same", c.Control, c.Expectation)
		fail(c.Again, "control %s, %s: the unchanged case is not as before", c.Control, c.Expectation)
	}
	for _, f := range r.Refused {
		fail(false, "%s (%s): %s was refused", f.Field, f.Event, f.Command)
	}
	g.Holds = len(g.Fails) == 0
	r.Gate = g
}
