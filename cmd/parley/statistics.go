package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"parley/release"
)

type statisticsCmd struct {
	CSV bool   `name:"csv" help:"As CSV: one number a line, with what it is a part of."`
	SVG string `name:"svg" placeholder:"FILE" help:"Draw acknowledgements, harm and answers by party."`
}

func (c *statisticsCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	text, err := client.get(a.ctx, "/v1/statistics")
	if err != nil {
		return err
	}
	s := &release.Statistics{}
	if err := json.Unmarshal(text, s); err != nil {
		return fmt.Errorf("couldn't read the answer: %w", err)
	}
	if c.SVG != "" {
		theatre, err := client.theatre(a.ctx)
		if err != nil {
			return err
		}
		if err := renameio.WriteFile(c.SVG, []byte(drawStatistics(s, theatre.Exercise, theatre.Now)), 0o644); err != nil {
			return fmt.Errorf("couldn't write the drawing: %w", err)
		}
	}
	switch {
	case a.JSON:
		return a.printJSON(json.RawMessage(text))
	case c.CSV:
		var rows [][]string
		for _, n := range s.Numbers() {
			rows = append(rows, n.Row())
		}
		return a.writeCSV(release.NumberColumns, rows)
	}
	a.describeStatistics(s)
	return nil
}

// describeKnown prints acknowledgements, harm, and what was said of it.
func (a *app) describeKnown(s *release.Statistics) {
	for _, k := range s.Acknowledged {
		a.row("acknowledged", fmt.Sprintf("%s: %d of %d releases, %d of them before any deadline passed; %d wait; %d deadlines passed unanswered; half within %s, nine of ten within %s", k.Party, k.Acknowledged, k.Releases, k.InTime, k.Waiting, k.NoAnswers, spell(k.Median), spell(k.Ninetieth)))
	}
	fmt.Fprintf(a.out, "harm to notified objects: %d %s\n", s.HarmEvents, plural(s.HarmEvents, "event", "events"))
	for _, h := range s.Harm {
		a.row(string(h.Party), fmt.Sprintf("%d of the %d objects that it held were harmed meanwhile; %d tasks, %d late. Holding says nothing about who harmed them", h.Harmed, h.Held, h.Tasks, h.Late))
		for _, c := range h.Causes {
			a.row("", fmt.Sprintf("its own word: %s, in %d of %d", either(string(c.Cause), "none yet"), c.N, h.Tasks))
		}
	}
	for _, c := range s.Attributed {
		a.row("claimed", fmt.Sprintf("%s is named in %d of %d claims that name somebody, spoken in the name of %s", either(string(c.Party), "no party here"), c.Claims, s.Attributions, either(string(c.By), "others")))
	}
	for _, i := range s.Incidents {
		a.row("incidents", fmt.Sprintf("%s, %s: %d", i.Kind, i.State, i.N))
	}
	for _, r := range s.Responses {
		a.row("responses", fmt.Sprintf("%s: asked %d times, received %d, answered %d, late %d", r.Party, r.Asked, r.Received, r.Answered, r.Late))
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// spell writes a duration of milliseconds for people.
func spell(ms int64) string {
	return strings.TrimSuffix((time.Duration(ms) * time.Millisecond).Round(time.Second).String(), "m0s")
}

// drawStatistics draws one bar for each share, with its two numbers in words beside it: no length says anything alone.
func drawStatistics(s *release.Statistics, exercise bool, now string) string {
	var bars []release.Number
	for _, n := range s.Numbers() {
		switch n.Table {
		case "acknowledgements", "harm", "responses":
			if n.OutOf > 0 && !strings.HasSuffix(n.What, "_ms") {
				bars = append(bars, n)
			}
		}
	}
	const left, inner, high, top = 330, 260, 22, 54
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 %d" font-family="sans-serif" font-size="13" role="img">`+"\n", top+high*max(1, len(bars))+20)
	title := "Acknowledgements, harm and answers by party, at " + now
	if exercise {
		title = "EXERCISE: " + title
	}
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", escaped(title))
	fmt.Fprintf(&b, `<text x="10" y="22" font-size="15">%s</text><text x="10" y="42" fill="#444444">Each bar is a part of its whole. Holding an object says nothing about who harmed it.</text>`+"\n", escaped(title))
	for i, n := range bars {
		y := top + high*i
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, left-8, y+15, escaped(strings.ReplaceAll(n.Of+" "+n.What, "_", " ")))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="14" fill="#eeeeee" stroke="#444444"/><rect x="%d" y="%d" width="%d" height="14" fill="#1b4965"/>`, left, y+3, inner, left, y+3, int64(inner)*n.N/int64(n.OutOf))
		fmt.Fprintf(&b, `<text x="%d" y="%d">%d of %d %s</text>`+"\n", left+inner+8, y+15, n.N, n.OutOf, escaped(strings.ReplaceAll(n.PartOf, "_", " ")))
	}
	if len(bars) == 0 {
		fmt.Fprintf(&b, `<text x="10" y="%d">nothing to count yet</text>`+"\n", top+15)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// escaped writes a text for XML.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
