package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"parley"
	"parley/api"
	"parley/geo"
	"parley/geo/notation"
	"parley/journal"
)

// codeFailed marks an error that is about this machine or the way to the server, not about what was said.
const codeFailed parley.Code = "failed"

// problemOf writes any error as the problem that people and programs get.
func problemOf(err error) *api.Problem {
	p := &api.Problem{Type: "about:blank", Code: codeFailed}
	var (
		sent     *api.Problem
		fault    *parley.Fault
		shape    *geo.Fault
		position *notation.Fault
		damage   *journal.Damage
		usage    *usageError
	)
	switch {
	case errors.As(err, &sent):
		return sent
	case errors.As(err, &fault):
		p.Title, p.Code, p.Field, p.Read, p.Expected = "This cannot be sent.", fault.Code, fault.Field, fault.Read, fault.Expected
		if p.Field == "" {
			p.Field = before(err, fault)
		}
	case errors.As(err, &position):
		p.Title, p.Code, p.Field, p.Read, p.Expected = "The position cannot be read.", parley.CodeInvalid, before(err, position), fmt.Sprintf("%s, at column %d", position.Read, position.Column), position.Expected
		if position.Hint != "" {
			p.Expected += "; " + position.Hint
		}
	case errors.As(err, &shape):
		p.Title, p.Code, p.Read, p.Expected = "The shape cannot be read.", parley.CodeInvalid, shape.Read, shape.Expected
		p.Field = strings.TrimSuffix(strings.TrimSuffix(before(err, shape), ".")+"."+shape.Path, ".")
	case errors.As(err, &damage):
		p.Title, p.Code, p.Read, p.Expected = "The journal is damaged.", "damaged", damage.Read, damage.Expected
		p.Field = damage.What
		if damage.Height > 0 {
			p.Field = fmt.Sprintf("height %d, %s", damage.Height, damage.What)
		}
	case errors.As(err, &usage):
		p.Title, p.Code = usage.text, "usage"
	default:
		p.Title = err.Error()
	}
	return p
}

// before returns what the wrapping of err says in front of the inner error: the flag or file that it is about.
func before(err, inner error) string {
	place, found := strings.CutSuffix(err.Error(), inner.Error())
	if !found {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSpace(place), ":")
}

// whatToDo says what a person can do about a finding.
var whatToDo = map[parley.Finding]string{
	parley.FindingZero:     "latitude or longitude is exactly 0: was a value left out?",
	parley.FindingSwapped:  "the place lies outside the theatre, and inside it when latitude and longitude change places: put them right",
	parley.FindingOutside:  "the place lies outside the theatre's extents: look at it on a map",
	parley.FindingRounded:  "the place is given in whole hundredths of a degree, about 1 km: give it more exactly",
	parley.FindingAccuracy: "the stated accuracy is worse than 1 km: find a better source",
	parley.FindingNear:     "an object of the same category is near by: is it the same one?",
}

// fail prints an error on the error stream: as one JSON object, or in words.
func (a *app) fail(err error) {
	p := problemOf(err)
	if a.JSON {
		text, err := json.Marshal(struct { // what was never at a server has neither status nor id
			*api.Problem
			Status int    `json:"status,omitzero"`
			ID     string `json:"id,omitzero"`
		}{p, p.Status, p.ID})
		if err == nil {
			fmt.Fprintf(a.err, "%s\n", text)
			return
		}
	}
	fmt.Fprintln(a.err, "parley:", p.Title)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(a.err, "  %-9s %s\n", name, value)
		}
	}
	if p.Code != codeFailed && p.Code != "usage" {
		line("code", string(p.Code))
	}
	line("field", p.Field)
	line("read", p.Read)
	line("expected", p.Expected)
	for _, m := range p.Missing {
		line("missing", m.String())
	}
	if p.Head != nil {
		line("head", headText(*p.Head)+", the list that stands")
	}
	for _, f := range p.Findings {
		line("finding", fmt.Sprintf("%s: %s; if it is as you say, add --confirm %s", f, whatToDo[f], f))
	}
	line("id", p.ID)
}
