package main

import (
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/exchange/card"
	"parley/exchange/shorttext"
	"parley/release"
)

type cardCmd struct {
	Movement ref    `arg:"" help:"The movement."`
	Lang     string `enum:"en,ar" default:"en" help:"Language of what is sent and said: en or ar."`
}

func (c *cardCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	t, err := client.theatre(a.ctx)
	if err != nil {
		return err
	}
	var f release.File
	if err := client.read(a.ctx, objectPath(c.Movement.Ref, ""), &f); err != nil {
		return err
	}
	if len(f.Versions) == 0 {
		return notFound(c.Movement.Ref)
	}
	zone, err := time.LoadLocation(t.Profile.Zone)
	if err != nil {
		zone = time.UTC
	}
	made, err := card.Make(&f.Versions[len(f.Versions)-1], zone, shorttext.Language(c.Lang))
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(made)
	}
	a.describeCard(made, t.Exercise, t.Profile.Zone)
	return nil
}

// describeCard prints a mission card as plain text.
func (a *app) describeCard(c *card.Card, exercise bool, zone string) {
	mark := ""
	if exercise {
		mark = "EXERCISE  "
	}
	fmt.Fprintf(a.out, "%s%s/v%d\n  %s\n", mark, c.Ref, c.Version, c.Spelled)
	a.row("contacts", strings.Join(c.Contacts, ", "))
	a.row("armed escort", c.Armed)
	a.row("hours", "in "+zone+"; Z is UTC")
	place := func(p card.Place) string {
		return strings.TrimSpace(p.Name + "  " + p.At[0] + "  " + p.At[1])
	}
	hour := func(h card.Hour) string { return h.Here + " (" + h.UTC + ")" }
	for _, l := range c.Legs {
		back := ""
		if l.Return {
			back = ", way back"
		}
		fmt.Fprintf(a.out, "  leg %d%s\n", l.Number, back)
		a.row("  from", hour(l.Depart)+"  "+place(l.From))
		a.row("  to", hour(l.Arrive)+"  "+place(l.To))
	}
	for _, s := range c.Stops {
		a.row(s.Phase, hour(s.Arrive)+" to "+hour(s.Leave)+"  "+place(s.Place))
	}
	block := func(title string, lines []string) {
		fmt.Fprintf(a.out, "  %s\n", title)
		for _, l := range lines {
			fmt.Fprintf(a.out, "    %s\n", l)
		}
	}
	texts := func(lines []card.Line) (out []string) {
		for _, l := range lines {
			out = append(out, fmt.Sprintf("%-11s %s", l.Means, l.Text))
		}
		return out
	}
	block("send by SMS", texts(c.Messages))
	block("say by voice", c.Voice)
	block("when you are asked: "+parley.SentencePrompt, texts(c.Answers))
	block("under fire, or about to be", append(texts([]card.Line{c.Stop}), c.StopSaid...))
	fmt.Fprintf(a.out, "  %s\n", parley.SentenceNotification)
}
