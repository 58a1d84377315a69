package main

import (
	"fmt"
	"strings"

	"parley"
	"parley/release"
)

type harmCmd struct {
	Report harmReportCmd `cmd:"" help:"Say that harm came to an object, or that there is fire at a place. Nobody is asked who did it." example:"parley harm report SITE-7K3F-Q2 --at=-10m --goes-on --effects 'East wing hit' --key org.key"`
}

type harmReportCmd struct {
	Object  *ref   `arg:"" optional:"" help:"The object, if it has a reference."`
	Place   *place `placeholder:"POSITION" help:"The place, if it has none."`
	At      *when  `placeholder:"TIME" help:"When it began; now if not said."`
	GoesOn  bool   `help:"It goes on."`
	Effects string `help:"What happened: for yourself, the object's owner and the desk."`
	behalf
}

func (c *harmReportCmd) Run(a *app) error {
	if (c.Object == nil) == (c.Place == nil) {
		return usage("what was harmed? either a reference or --place POSITION")
	}
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	at, err := s.timeOr(c.At, s.draft.MadeAt)
	if err != nil {
		return err
	}
	b := &parley.HarmReport{Place: s.placeOrNil("--place", c.Place), At: at, GoesOn: c.GoesOn, Effects: s.text(c.Effects)}
	if c.Object != nil {
		b.Object = c.Object.Ref
	}
	return s.say(b)
}

type correctionCmd struct {
	Open   correctionOpenCmd   `cmd:"" help:"Give a party a task after harm that it did not get by itself." example:"parley correction open HARM-7K3F-Q2 PARTY-7K3F-Q2 --key releaser.key"`
	Answer correctionAnswerCmd `cmd:"" help:"Say that you have the task, or what you found and mended: your own word." example:"parley correction answer TASK-7K3F-Q2 not_disseminated --words 'The unit had an old list' --key officer.key"`
	Close  correctionCloseCmd  `cmd:"" help:"End a task that its party has answered." example:"parley correction close TASK-7K3F-Q2 --key releaser.key"`
}

type correctionOpenCmd struct {
	Harm  ref `arg:"" help:"The report of harm."`
	Party ref `arg:"" help:"The party, which was given the object."`
}

func (c *correctionOpenCmd) Run(a *app) error {
	return a.just(&parley.CorrectionOpen{Harm: c.Harm.Ref, Party: c.Party.Ref})
}

type correctionAnswerCmd struct {
	Correction ref    `arg:"" help:"The task."`
	Cause      string `arg:"" enum:"under_review,not_received,not_disseminated,not_consulted,misidentified,data_wrong,not_ours,unknown" help:"under_review (receipt: the answer is to come), not_received, not_disseminated, not_consulted, misidentified, data_wrong, not_ours or unknown."`
	Officer    *ref   `placeholder:"MBR-…" help:"Whom a new area over the same object alarms."`
	Words      string `help:"What was found and mended: for your party, the object's owner and the desk."`
	behalf
}

func (c *correctionAnswerCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.CorrectionAnswer{Correction: c.Correction.Ref, Cause: parley.CauseClass(c.Cause), Words: s.text(c.Words)}
	if c.Officer != nil {
		b.Officer = c.Officer.Ref
	}
	return s.say(b)
}

type correctionCloseCmd struct {
	Correction ref    `arg:"" help:"The task."`
	Words      string `help:"A closing word."`
}

func (c *correctionCloseCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.CorrectionClose{Correction: c.Correction.Ref, Words: s.text(c.Words)})
}

// describeHarm prints a report of harm.
func (a *app) describeHarm(h *release.Harm) {
	fmt.Fprintf(a.out, "%s  harm reported at %s\n", h.Ref, h.Reported)
	if h.Object != "" {
		a.row("object", parley.Versioned{Ref: h.Object, Version: h.Version})
	}
	if h.Place != nil {
		a.row("place", where(*h.Place))
	}
	a.row("began", h.At)
	if h.GoesOn {
		a.row("", "it went on when it was reported")
	}
	a.row("effects", h.Effects)
	a.row("reporter", h.Reporter)
	a.row("told by", h.Told)
	a.row("same as", h.First)
	a.row("urgent stop", h.Stop)
	a.row("near", list(h.Near))
	for _, c := range h.Corrections {
		late := ""
		if c.Late {
			late = ", late"
		}
		a.row("task", fmt.Sprintf("%s of %s: %s%s", c.Ref, c.Party, c.State, late))
	}
	fmt.Fprintf(a.out, "  %s\n", h.Sentence)
}

// describeCorrection prints a task after harm.
func (a *app) describeCorrection(c *release.Correction) {
	fmt.Fprintf(a.out, "%s  task of %s after harm to %s: %s, %d days\n", c.Ref, c.Party, c.Object, c.State, c.DaysOpen)
	a.row("harm", strings.TrimSpace(fmt.Sprintf("%s at %s", c.Harm, c.HarmAt)))
	a.row("opened", c.Opened)
	a.row("receipt due", c.Receipt)
	a.row("answer due", c.Due)
	if c.Late {
		a.row("late", "a deadline passed unanswered")
	}
	a.row("received", c.Received)
	a.row("answered", c.Answered)
	a.row("own word", c.Cause)
	a.row("words", c.Words)
	a.row("officer", c.Officer)
	a.row("told by", c.Told)
	a.row("closed", c.Closed)
	a.row("", c.Closing)
	fmt.Fprintf(a.out, "  %s\n", c.Sentence)
}
