package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"parley"
	"parley/api"
	"parley/exchange/replay"
)

type replayCmd struct {
	Play  replayPlayCmd  `cmd:"" default:"withargs" help:"Play timelines through the channel with the time of the case, and report which warnings rose, when, and to whom. Fails unless the gate holds." example:"parley replay play case.json --controls"`
	Check replayCheckCmd `cmd:"" help:"Read a timeline of a documented failure strictly, and list what it expects. Nothing is played and no server is asked." example:"parley replay check case.json"`
}

type replayCheckCmd struct {
	File string `arg:"" help:"A timeline in the form parley-replay/1; - for standard input."`
}

// checkedCase is what a timeline holds, as --json prints it.
type checkedCase struct {
	Case         string            `json:"case"`
	Title        string            `json:"title"`
	Note         string            `json:"illustrative_note"`
	Objects      int               `json:"objects"`
	Events       int               `json:"events"`
	Modelled     int               `json:"modelled"` // events entered so that there is something to check
	Expectations []expectedWarning `json:"expectations"`
	Never        []replay.Never    `json:"never"`
}

// expectedWarning is a warning that is due, with the time of the event before which it is.
type expectedWarning struct {
	ID       string           `json:"id"`
	What     replay.Warning   `json:"what"`
	Args     map[string]any   `json:"args"`
	Given    []string         `json:"given"`
	Before   string           `json:"before"`
	BeforeAt string           `json:"before_at"`
	Precise  replay.Precision `json:"before_precision"`
	Level    replay.Weight    `json:"level"`
	Basis    replay.Basis     `json:"basis"`
}

// Run reads one timeline, and plays nothing.
func (c *replayCheckCmd) Run(a *app) error {
	read, err := c.timeline(a)
	if err != nil {
		return err
	}
	out := checked(read)
	if a.JSON {
		return a.printJSON(out)
	}
	fmt.Fprintf(a.out, "%s: %s\n%d objects, %d events, %d of them modelled: entered so that there is something to check\n", out.Case, out.Title, out.Objects, out.Events, out.Modelled)
	fmt.Fprintf(a.out, "made up: %s\n", out.Note)
	for _, x := range out.Expectations {
		at := x.BeforeAt
		if _, measures := x.Precise.Span(); !measures {
			at += ", for order only"
		}
		fmt.Fprintf(a.out, "  %-4s %-28s %-6s %-12s given %s, due before %s (%s)\n", x.ID, x.What, x.Level, x.Basis, strings.Join(x.Given, " "), x.Before, at)
	}
	return nil
}

// timeline reads the file strictly. A fault is told with its place.
func (c *replayCheckCmd) timeline(a *app) (*replay.Case, error) {
	text, err := c.read(a)
	if err != nil {
		return nil, err
	}
	read, err := replay.Read(text)
	if fault := (*parley.Fault)(nil); errors.As(err, &fault) {
		return nil, &api.Problem{Type: "about:blank", Title: "The timeline " + c.File + " does not hold.", Code: fault.Code, Field: fault.Field, Read: fault.Read, Expected: fault.Expected}
	}
	return read, err
}

// read reads one byte more than may be read: that there is more is told by the reader.
func (c *replayCheckCmd) read(a *app) ([]byte, error) {
	in := a.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return io.ReadAll(io.LimitReader(in, replay.MaxBytes+1))
}

func checked(c *replay.Case) checkedCase {
	out := checkedCase{Case: c.ID, Title: c.Title, Note: c.Note, Objects: len(c.Objects), Events: len(c.Events), Never: append([]replay.Never{}, c.Never...)}
	for _, e := range c.Events {
		if e.Channel == replay.Modelled {
			out.Modelled++
		}
	}
	for _, x := range c.Expected {
		before := c.Event(x.Before)
		out.Expectations = append(out.Expectations, expectedWarning{x.ID, x.What, x.Args, x.Given, x.Before, parley.Stamp(before.At), before.Precision, x.Weight, x.Basis})
	}
	return out
}
