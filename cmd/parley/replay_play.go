package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"parley/api"
	"parley/exchange/replay"
	drill "parley/exercise"
)

type replayPlayCmd struct {
	Files    []string `arg:"" name:"file" help:"Timelines in the form parley-replay/1; - for standard input."`
	Serve    bool     `help:"Play one timeline and show it on this machine alone: beside a map, with what each side was told at every moment."`
	Port     int      `default:"0" help:"The port of --serve; a free one without it."`
	Controls bool     `help:"Also play the controls: the case changed so that a warning must not rise, and the unchanged case after each."`
}

// Run plays each timeline through a node of its own. It fails unless every case passes the gate.
func (c *replayPlayCmd) Run(a *app) error {
	if c.Serve {
		if len(c.Files) != 1 {
			return &usageError{"--serve shows one timeline"}
		}
		story, err := readTimeline(a, c.Files[0])
		if err != nil {
			return err
		}
		return serveReplay(a, story, c.Port)
	}
	var failed []string
	for _, file := range c.Files {
		story, err := readTimeline(a, file)
		if err != nil {
			if len(c.Files) == 1 {
				return err
			}
			p := problemOf(err)
			fmt.Fprintf(a.err, "parley: %s %s %s; expected %s\n", p.Title, p.Field, p.Read, p.Expected)
			failed = append(failed, file)
			continue
		}
		report, err := drill.Play(a.ctx, story, c.Controls)
		if err != nil {
			return fmt.Errorf("couldn't play %s: %w", file, err)
		}
		if a.JSON {
			err = a.printJSON(report)
		} else {
			describeReplay(a.out, report, c.Controls)
		}
		if err != nil {
			return err
		}
		if !report.Gate.Holds {
			failed = append(failed, story.ID)
		}
	}
	if len(failed) > 0 {
		return &api.Problem{Type: "about:blank", Code: codeFailed, Title: "The gate does not hold.", Read: strings.Join(failed, ", "), Expected: "every warning that must rise, nothing that no run may show, and every control silent"}
	}
	return nil
}

// readTimeline reads one timeline strictly. A fault is told with its place.
func readTimeline(a *app, file string) (*replay.Case, error) {
	return (&replayCheckCmd{File: file}).timeline(a)
}

// describeReplay prints what a replay shows, for people.
func describeReplay(out io.Writer, r *drill.Report, controls bool) {
	fmt.Fprintf(out, "%s: %s\n%s\nmade up: %s\n", r.Case, r.Title, r.Wording, r.Note)
	for _, v := range r.Expectations {
		line := fmt.Sprintf("  %-4s %-28s %-6s %-12s", v.ID, v.What, v.Level, v.Basis)
		switch {
		case !v.Met:
			line += " did not rise before " + v.Before
		case v.Lead != nil:
			line += fmt.Sprintf(" rose %s, %.0f minutes before %s, told to %s (%s)", v.RaisedAt, *v.Lead, v.Before, strings.Join(v.To, ", "), v.Notice)
		default:
			line += fmt.Sprintf(" rose %s, before %s, told to %s (%s)", v.RaisedAt, v.Before, strings.Join(v.To, ", "), v.Notice)
		}
		if v.Modelled {
			line += "; it rests on what was entered so that there was something to check"
		}
		fmt.Fprintln(out, line)
	}
	for _, n := range r.Never {
		fmt.Fprintf(out, "  never %-30s %s\n", n.What, map[bool]string{true: "held", false: "shown: " + strings.Join(n.Found, "; ")}[n.Held])
	}
	fmt.Fprintf(out, "  events after the last given one make %s\n", map[bool]string{true: "no difference", false: "a difference"}[r.Hindsight.Holds])
	for _, c := range r.Controls {
		fmt.Fprintf(out, "  control %s, %s (%s): %s; the unchanged case after it: %s\n", c.Control, c.Expectation, c.About, map[bool]string{true: "silent", false: "the warning rose"}[c.Silent], map[bool]string{true: "as before", false: "not as before"}[c.Again])
	}
	if !controls {
		fmt.Fprintln(out, "  no control was played: --controls plays them")
	}
	if len(r.Uncarried) > 0 {
		fmt.Fprintf(out, "  events that no word of the channel carries: %s\n", strings.Join(slices.Clone(r.Uncarried), ", "))
	}
	for _, f := range r.Refused {
		fmt.Fprintf(out, "  %s (%s) was refused: %s %s, read %s, expected %s\n", f.Field, f.Event, f.Command, f.Code, f.Read, f.Expected)
	}
	g := r.Gate
	fmt.Fprintf(out, "  gate %s: %d of %d that must rise on sourced facts, %d of %d others that must, %d of %d that should\n", map[bool]string{true: "holds", false: "does not hold"}[g.Holds],
		g.MustSourced[0], g.MustSourced[1], g.MustOther[0], g.MustOther[1], g.Should[0], g.Should[1])
	for _, f := range g.Fails {
		fmt.Fprintf(out, "    %s\n", f)
	}
}
