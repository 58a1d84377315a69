package main

import (
	"fmt"
	"strings"

	"parley"
	"parley/release"
)

// describeRoad prints how a movement on the road stands: when it was last heard of, what clocks and reports found, and the newest of both logs.
func (a *app) describeRoad(r *release.Road) {
	if r == nil {
		return
	}
	heard := r.Heard
	if r.NextDue != "" {
		heard += ", next word due " + r.NextDue
	}
	a.row("heard of", heard)
	for _, mark := range []struct {
		is   bool
		text string
	}{{r.Lost, "CONTACT LOST"}, {r.OffPlan, "standing longer than planned, since " + r.Stands}, {r.Uncovered, "what it does lies outside its plan"},
		{r.Armed != "", "armed people with it: " + string(r.Armed) + ", which is not the notified answer"},
		{len(r.Differs) > 0, "not as notified: " + listed(r.Differs)}} {
		if mark.is {
			a.row("mark", mark.text)
		}
	}
	for i, p := range r.Reports {
		if i == 5 {
			a.row("", fmt.Sprintf("%d more reports; --json shows them", len(r.Reports)-i))
			break
		}
		words := []string{p.At, string(p.Status)}
		if p.Leg > 0 {
			words = append(words, fmt.Sprintf("leg %d", p.Leg))
		}
		if p.Place != nil {
			words = append(words, where(*p.Place))
		}
		if p.Armed != "" {
			words = append(words, "armed: "+string(p.Armed))
		}
		if p.Vehicles != nil {
			words = append(words, fmt.Sprintf("vehicles: %d", *p.Vehicles))
		}
		if p.Persons != nil {
			words = append(words, fmt.Sprintf("persons: %d", *p.Persons))
		}
		if len(p.Changed) > 0 {
			words = append(words, "changed: "+listed(p.Changed))
		}
		if p.Words != "" {
			words = append(words, fmt.Sprintf("%q", p.Words))
		}
		if p.Told != "" {
			words = append(words, "told by "+string(p.Told)+", not signed")
		}
		a.row("report", strings.Join(words, "  "))
	}
	for _, c := range r.Contacts {
		reached := "not reached"
		if c.Reached {
			reached = "reached"
		}
		a.row("contact", strings.TrimSpace(fmt.Sprintf("%s  %s by %s: %s  %s", c.At, c.From, c.Means, reached, c.Words)))
	}
}

// listed writes the fields of a movement one after another.
func listed(fields []parley.MovementField) string {
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = string(f)
	}
	return strings.Join(words, ", ")
}
