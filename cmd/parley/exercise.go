package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/exchange/replay"
	drill "parley/exercise"
)

type exerciseCmd struct {
	List exerciseListCmd `cmd:"" help:"List the exercises that come with parley: invented cases, one a shape of failure." example:"parley exercise list"`
	Play exercisePlayCmd `cmd:"" help:"Take part in an exercise: answer for one side while everybody else does what the story says. Ends with a score of answer times." example:"parley exercise play night-call --as north"`
}

type exerciseListCmd struct{}

// listedExercise is an exercise, as --json prints it.
type listedExercise struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Shapes  []string `json:"shapes"`
	Summary string   `json:"summary"`
	Sides   []string `json:"sides"` // for whom a person can answer
}

// Run lists the exercises.
func (c *exerciseListCmd) Run(a *app) error {
	list, err := drill.Library()
	if err != nil {
		return err
	}
	out := make([]listedExercise, len(list))
	for i, x := range list {
		out[i] = listedExercise{Name: x.ID, Title: x.Title, Shapes: x.Shapes, Summary: x.Summary, Sides: sidesOf(x)}
	}
	if a.JSON {
		return a.printJSON(out)
	}
	for _, x := range out {
		fmt.Fprintf(a.out, "%-14s %s: %s\n%14s %s; --as %s\n", x.Name, x.Title, x.Summary, "", strings.Join(x.Shapes, ", "), strings.Join(x.Sides, ", "))
	}
	return nil
}

func sidesOf(c *replay.Case) (sides []string) {
	for _, a := range c.Actors {
		if a.Role != replay.Other {
			sides = append(sides, a.ID)
		}
	}
	return sides
}

type exercisePlayCmd struct {
	Name string `arg:"" help:"An exercise of the list, or a file with a timeline."`
	As   string `required:"" placeholder:"SIDE" help:"For whom you answer: a party's duty officer, the desk, or whoever notifies."`
}

// Run plays an exercise with a person who answers line by line.
func (c *exercisePlayCmd) Run(a *app) (err error) {
	story, err := drill.Find(c.Name)
	if err != nil && strings.HasSuffix(c.Name, ".json") {
		story, err = readTimeline(a, c.Name)
	}
	if err != nil {
		return err
	}
	d, err := drill.NewDrill(a.ctx, story, c.As)
	if err != nil {
		return err
	}
	defer func() {
		if ended := d.Close(); err == nil {
			err = ended
		}
	}()
	say := a.out
	if a.JSON {
		say = a.err // the object stands alone on standard output
	}
	fmt.Fprintf(say, "EXERCISE %s. %s\nYou answer for %s. A number answers, `1 after 3m` waits first, `wait 10m` lets time pass, an empty line goes on, `end` ends.\n", story.ID, story.Summary, c.As)
	lines := bufio.NewScanner(a.in)
	tell := func(happened ...*replay.Event) error { return tellDrill(say, d, happened) }
	for {
		e, err := d.Next()
		if err != nil {
			return err
		}
		if e == nil {
			break
		}
		if err := tell(e); err != nil {
			return err
		}
		over, err := c.answers(say, d, lines, tell)
		if err != nil {
			return err
		}
		if over {
			break
		}
	}
	score := d.Score()
	if a.JSON {
		return a.printJSON(score)
	}
	describeScore(a, score)
	return nil
}

// answers takes the person's lines until they go on. What cannot be said is told, and asked again.
func (c *exercisePlayCmd) answers(say io.Writer, d *drill.Drill, lines *bufio.Scanner, tell func(...*replay.Event) error) (over bool, err error) {
	began := time.Now()
	for len(d.Open()) > 0 {
		fmt.Fprint(say, "> ")
		if !lines.Scan() {
			return false, lines.Err() // nobody answers any more: the story goes on
		}
		words := strings.Fields(lines.Text())
		number, span, ok := drillLine(words)
		switch {
		case len(words) == 0:
			return false, nil
		case words[0] == "end":
			return true, nil
		case !ok:
			fmt.Fprintln(say, "a number, `1 after 3m`, `wait 10m`, an empty line or `end`")
			continue
		}
		// The time that the person took at the keyboard counts too.
		happened, err := d.Wait(span + time.Since(began).Milliseconds()/1000*parley.Second)
		if err != nil {
			return false, err
		}
		began = time.Now()
		if number > 0 {
			if err := d.Do(number); err != nil {
				fmt.Fprintln(say, problemOf(err).Title, problemOf(err).Read+"; expected "+problemOf(err).Expected)
			}
		}
		if err := tell(happened...); err != nil {
			return false, err
		}
	}
	return false, nil
}

// drillLine reads a line of a drill: which task, and how much time passes first.
func drillLine(words []string) (number int, span int64, ok bool) {
	spans := func(word string) bool {
		d, err := time.ParseDuration(word)
		span = d.Milliseconds()
		return err == nil && d >= 0 && d <= 30*24*time.Hour
	}
	if len(words) == 2 && words[0] == "wait" && spans(words[1]) {
		return 0, span, true
	}
	if len(words) == 0 {
		return 0, 0, false
	}
	n, err := strconv.Atoi(words[0])
	ok = err == nil && n > 0 && (len(words) == 1 || len(words) == 3 && words[1] == "after" && spans(words[2]))
	return n, span, ok
}

// tellDrill prints what happened, what the side was told, and what waits for it.
func tellDrill(out io.Writer, d *drill.Drill, happened []*replay.Event) error {
	for _, e := range happened {
		fmt.Fprintf(out, "%s  %s: %s\n", parley.Stamp(e.At), e.Actor, e.Text)
	}
	notes, err := d.Told()
	if err != nil {
		return err
	}
	for _, n := range notes {
		fmt.Fprintf(out, "   %s  %s %s\n", parley.Stamp(n.At), n.Kind, n.Object)
	}
	for i, t := range d.Open() {
		fmt.Fprintf(out, "   %d. %s %s, due %s\n", i+1, t.Do, t.About, parley.Stamp(t.Due))
	}
	return nil
}

func describeScore(a *app, s drill.Score) {
	fmt.Fprintf(a.out, "%s as %s: %d asked, %d answered, %d in time\n", s.Exercise, s.Side, s.Asked, s.Answered, s.InTime)
	for _, t := range s.Tasks {
		line := fmt.Sprintf("  %-12s %-14s told %s", t.Do, t.About, parley.Stamp(t.Told))
		switch {
		case t.Answered == 0:
			line += ", no answer"
		case t.InTime():
			line += fmt.Sprintf(", answered after %.0f minutes", t.Minutes())
		default:
			line += fmt.Sprintf(", answered after %.0f minutes, late: it was due %s", t.Minutes(), parley.Stamp(t.Due))
		}
		fmt.Fprintln(a.out, line)
	}
	if s.Answered > 0 {
		fmt.Fprintf(a.out, "  half of the answers took %.0f minutes or less\n", s.Median)
	}
}
