package main

import (
	"strconv"
	"strings"

	"parley"
)

// sharingFlags say who may have the object, how exactly, and how sensitive the data is.
type sharingFlags struct {
	To          []consent `sep:"none" placeholder:"PARTY[=exact|coarse][:FIELD,FIELD]" help:"A party that may have it. Exact unless coarse is said; optional fields: name, address, contact, plates, cargo, road (where a movement says that it is). Repeat the flag for each party. Nobody gets it without."`
	Sensitivity string    `enum:"low,moderate,high,severe," default:"" placeholder:"CLASS" help:"low, moderate, high or severe; high unless said."`
	Confirm     []string  `placeholder:"FINDING" help:"You have looked at this finding and it is as you say. Several with commas."`
	DryRun      bool      `help:"Say what would be refused now; send and store nothing."`
}

// consent is one --to.
type consent struct{ parley.Consent }

// UnmarshalText implements encoding.TextUnmarshaler: PARTY-…, PARTY-…=coarse, PARTY-…=exact:name+contact.
func (c *consent) UnmarshalText(text []byte) (err error) {
	rest, fields, hasFields := strings.Cut(string(text), ":")
	party, precision, _ := strings.Cut(rest, "=")
	if c.To, err = parley.ParseRef(party); err != nil {
		return err
	}
	switch precision {
	case "", string(parley.Exact):
		c.Precision = parley.Exact
	case string(parley.Coarse):
		c.Precision = parley.Coarse
	default:
		return parley.Invalid("", strconv.Quote(precision), "exact or coarse")
	}
	if hasFields {
		for _, f := range strings.FieldsFunc(fields, func(r rune) bool { return r == '+' || r == ',' }) {
			c.Fields = append(c.Fields, parley.Field(f))
		}
	}
	return nil
}

// sharing turns the flags into consents. Without --to the consents of the version before stand; without one, nobody's.
func (f *sharingFlags) sharing(before *parley.Sharing) parley.Sharing {
	out := parley.Sharing{Sensitivity: parley.High}
	if before != nil {
		out = *before
	}
	if f.Sensitivity != "" {
		out.Sensitivity = parley.Sensitivity(f.Sensitivity)
	}
	if len(f.To) > 0 {
		out.Consents = nil
		for _, c := range f.To {
			out.Consents = append(out.Consents, c.Consent)
		}
	}
	return out
}

// confirmed turns --confirm into answers to findings.
func (f *sharingFlags) confirmed() []parley.FindingAnswer {
	var answers []parley.FindingAnswer
	for _, finding := range f.Confirm {
		answers = append(answers, parley.FindingAnswer{Finding: parley.Finding(finding)})
	}
	return answers
}
