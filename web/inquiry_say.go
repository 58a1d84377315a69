package web

import (
	"html/template"
	"regexp"
	"strings"

	"parley"
	"parley/geo/notation"
	"parley/inquiry"
)

// factWords says, for the facts whose value is a word of an enumeration, which groups of the catalogue may hold it, the first that does being taken.
// A name that stands for one thing in one part of a report and for another elsewhere is listed with its part.
var factWords = map[string][]string{
	"acknowledgement": {"inquiry_value"}, "means": {"inquiry_value", "warning_means"}, "category": {"category"}, "cause": {"cause"}, "certainty": {"certainty"}, "check": {"inquiry_value"}, "claim": {"claim_type"},
	"consent": {"consent"}, "currency": {"currency"}, "decision": {"decision"}, "dissemination": {"inquiry_value"}, "echelon": {"echelon"}, "effect": {"effect"}, "ended": {"check_ended"}, "field": {"field"},
	"finding": {"inquiry_value", "finding"}, "incident": {"incident_state"}, "indication": {"indication"}, "kind": {"arrangement_kind"}, "line": {"inquiry_value", "line"}, "list": {"inquiry_value"}, "movement": {"movement_state"},
	"objection": {"area_reason"}, "offer": {"offer_kind"}, "own_word": {"cause_class"}, "precision": {"precision", "place_precision"}, "read_back": {"inquiry_value"}, "reason": {"dispute_reason", "indication_reason"},
	"release": {"inquiry_value"}, "response": {"inquiry_value", "response"}, "step": {"stop_step"}, "task": {"task_state"}, "test_call": {"inquiry_value"}, "told_by": {"channel"},
	"verified_by": {"inquiry_value", "verify"}, "whose_word": {"inquiry_value"}, "agreed": {"inquiry_value"},
	"versions state": {"state"}, "releases state": {"release_state"}, "areas state": {"area_state"}, "offers state": {"offer_state"}, "arrangements state": {"arrangement_state"},
}

// keyPart writes a value as the last part of a key.
func keyPart(value string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		case r == ' ', r == '-':
			return '_'
		}
		return -1
	}, strings.ToLower(value)), "_")
}

var (
	factStamp = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`)
	factPlace = regexp.MustCompile(`^-?\d+\.\d{7}, -?\d+\.\d{7}$`)
	factRef   = regexp.MustCompile(`^[A-Z]{3,6}-[0-9A-Z]{4}-[0-9A-Z]+(/v\d+)?$`)
	factCount = regexp.MustCompile(`^\d+$`)
)

// Fact writes the value of a fact of a report in the reader's language; the word of one that is only so or not is its name alone.
func (f *frame) Fact(section, name, value string) template.HTML {
	if value == "yes" {
		return ""
	}
	for _, key := range []string{section + " " + name, name} {
		for _, group := range factWords[key] {
			for _, word := range []string{value, keyPart(value)} {
				if f.c.tongue.words.has(group + "." + word) {
					return template.HTML(template.HTMLEscapeString(f.T(group + "." + word)))
				}
			}
		}
	}
	var n, of string
	switch {
	case factStamp.MatchString(value):
		return f.When(value)
	case factPlace.MatchString(value):
		if r, err := notation.Parse(value); err == nil {
			return f.c.tongue.spot(r.Position)
		}
	case value == string(parley.Desk):
		return template.HTML(template.HTMLEscapeString(f.Who(parley.Desk)))
	case name == "agreed":
		if before, after, ok := strings.Cut(value, " of "); ok {
			n, of = before, after
			return template.HTML(template.HTMLEscapeString(f.T("agreed_of", "n", n, "of", of)))
		}
	case factCount.MatchString(value):
		return ident("number", value)
	}
	parts := strings.Split(value, ", ")
	var out []string
	for _, part := range parts {
		if !factRef.MatchString(part) {
			return template.HTML(`<bdi dir="auto">` + template.HTMLEscapeString(value) + `</bdi>`)
		}
		out = append(out, string(f.link(part)))
	}
	return template.HTML(strings.Join(out, " "))
}

// link writes a reference as the way to its page for this reader; an account by its name.
func (f *frame) link(text string) template.HTML {
	ref, _, _ := strings.Cut(text, "/")
	if who := f.Who(parley.Ref(ref)); who != ref {
		return template.HTML(template.HTMLEscapeString(who))
	}
	if href := f.HrefOf(parley.Ref(ref)); href != "" {
		return template.HTML(`<a href="`+template.HTMLEscapeString(href)+`">`) + ident("ref", text) + `</a>`
	}
	return ident("ref", text)
}

// Proof says how far a line is proved, by word, shape and colour.
func (f *frame) Proof(how string) template.HTML {
	look := map[string]string{inquiry.Signed: "acknowledged", inquiry.Placed: "waiting", inquiry.Stated: "lapsed"}[how]
	return f.c.tongue.status(look, "proved."+how)
}

// RadiusOf writes a distance in metres.
func (f *frame) RadiusOf(metres int32) template.HTML { return f.Metres(int64(metres)) }
