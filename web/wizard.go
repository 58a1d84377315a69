package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/channel"
	"parley/release"
)

// wizard is a form of several steps, one question a page. What was typed on other steps travels in hidden fields, so that nothing is
// lost by a restart of the server or by going back, and no half-made record lies anywhere.
type wizard struct {
	Name     string // of the catalogue's keys and of the template
	Steps    []string
	Step     int // from 0; the last is to check and send
	Values   url.Values
	Path     string           // where the form goes, below the language
	Of       parley.Versioned // the version that is replaced, zero for a new object
	Copied   parley.Ref
	Findings []parley.Finding
	Parties  []release.Account
	Chart    *chart
	Echo     []echoLine
	c        *call
}

// fieldsOf says which fields belong to which step; the others are carried along hidden.
type fieldsOf map[string][]string

// begin reads the step from the request: where the person is, and where they want to go.
func (w *wizard) begin() (wants int) {
	f := w.c.form()
	w.Step = min(f.number("step", 0, 100, 0), len(w.Steps)-1)
	for i := range w.Steps {
		if w.c.r.PostForm.Has("go_" + strconv.Itoa(i)) {
			return i
		}
	}
	if w.c.r.PostForm.Has("back") {
		return max(w.Step-1, 0)
	}
	return w.Step + 1
}

// open shows the step that the address names, the first without one.
func (w *wizard) open() error {
	f := &form{c: w.c, values: w.c.r.URL.Query()}
	w.Step = f.number("step", 0, len(w.Steps)-1, 0)
	return w.prepare(http.StatusOK, nil)
}

// advance goes on from a step that was filled in. It answers with the next step, or with this one and what is wrong up to here: what
// later steps lack is not yet the person's. At the last step, with nothing wrong, it leaves the answer to the caller.
func (w *wizard) advance(f *form, to int) (answered bool, err error) {
	if !w.Last() {
		f.errors = slices.DeleteFunc(f.errors, func(e fieldError) bool { return w.stepOf(w.fields(), e.Field) > w.Step })
	}
	if len(f.errors) > 0 {
		return true, w.failed(w.c.formProblem(f))
	}
	if w.Last() {
		return false, nil
	}
	w.Step = to
	return true, w.prepare(http.StatusOK, nil)
}

// failed shows the step with the first error, and the findings that wait for a person's word.
func (w *wizard) failed(p *problem) error {
	for _, e := range p.Errors {
		for _, finding := range parley.Findings {
			if e.Field == "finding_"+string(finding) {
				w.Findings = append(w.Findings, finding)
			}
		}
	}
	for _, e := range p.Errors {
		if e.Field != "" {
			w.Step = w.stepOf(w.fields(), e.Field)
			break
		}
	}
	return w.prepare(http.StatusUnprocessableEntity, p)
}

func (w *wizard) fields() fieldsOf {
	if w.Name == "notify_movement" {
		return movementFields
	}
	return siteFields
}

// Carried returns what the other steps hold.
func (w *wizard) Carried() []hiddenField { return w.carried(w.fields()) }

// V returns what a field holds.
func (w *wizard) V(field string) string { return w.Values.Get(field) }

// On reports whether a box of a name has a value ticked.
func (w *wizard) On(field, value string) bool { return slices.Contains(w.Values[field], value) }

// Last reports whether this is the step that sends.
func (w *wizard) Last() bool { return w.Step == len(w.Steps)-1 }

// Here names the step.
func (w *wizard) Here() string { return w.Steps[w.Step] }

// Number counts steps from 1.
func (w *wizard) Number() int { return w.Step + 1 }

// hiddenField is a value of another step.
type hiddenField struct{ Name, Value string }

// carried returns the values that the step shown has no fields for.
func (w *wizard) carried(fields fieldsOf) []hiddenField {
	here := fields[w.Here()]
	skip := []string{"step", "back", "next", "act", "again"}
	var names []string
	for name := range w.Values {
		if !holds(here, name) && !slices.Contains(skip, name) && !strings.HasPrefix(name, "go_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []hiddenField
	for _, name := range names {
		for _, v := range w.Values[name] {
			if v != "" {
				out = append(out, hiddenField{name, v})
			}
		}
	}
	return out
}

// show writes the step. Each form carries a name of its own from the first step on: sent twice, it counts once.
func (w *wizard) show(status int, p *problem) error {
	if !w.Values.Has("once") {
		w.Values.Set("once", rand.Text())
	}
	f := w.c.frame(w.Name, w.Name+".title", w)
	f.Problem, f.Map = p, w.Chart != nil
	return w.c.showWith(status, f)
}

// parties are whom an object may be shared with.
func (c *call) parties() ([]release.Account, error) {
	var list []release.Account
	err := c.view(func(v *channel.Viewer) {
		accounts, _ := v.Accounts(0, 10_000)
		for _, a := range accounts {
			if a.Ref.Kind() == parley.RefParty && !a.Suspended {
				list = append(list, a)
			}
		}
	})
	return list, err
}

// sharing reads whom an object may be shown to: for each party nothing, a coarse cell, or the exact place with chosen fields.
func (w *wizard) sharing(f *form, optional []parley.Field) parley.Sharing {
	s := parley.Sharing{Sensitivity: choice(f, "sensitivity", []parley.Sensitivity{parley.Low, parley.Moderate, parley.High, parley.Severe})}
	answered := false
	for _, p := range w.Parties {
		field := "share_" + string(p.Ref)
		switch f.text(field) {
		case "exact":
			s.Consents = append(s.Consents, parley.Consent{To: p.Ref, Precision: parley.Exact, Fields: several(f, "fields_"+string(p.Ref), optional)})
		case "coarse":
			s.Consents = append(s.Consents, parley.Consent{To: p.Ref, Precision: parley.Coarse})
		case "none":
		default:
			f.wrong(field, "wrong.choose")
			continue
		}
		answered = true
	}
	if !answered && len(w.Parties) == 0 {
		f.wrong("sensitivity", "wrong.no_parties")
	}
	return s
}

// answered reads the answers to findings: who has looked and says that it is so.
func (f *form) answered(d draftText) []parley.FindingAnswer {
	var out []parley.FindingAnswer
	for _, finding := range parley.Findings {
		if f.has("finding_" + string(finding)) {
			out = append(out, parley.FindingAnswer{Finding: finding, Reason: d.Text(f.text("reason_" + string(finding)))})
		}
	}
	return out
}

// contact reads the round-the-clock contact.
func contact(f *form, d draftText) parley.Contact {
	return parley.Contact{Name: d.Text(f.text("contact_name")), Phone: d.Text(western(f.required("phone"))), Alternate: d.Text(western(f.text("alternate")))}
}

// fill puts an object's consents and contact into the fields of a form.
func fillShared(v url.Values, o *release.Object) {
	v.Set("phone", o.Contact)
	p := o.Private
	if p == nil {
		return
	}
	v.Set("contact_name", p.ContactName)
	v.Set("alternate", p.Alternate)
	v.Set("sensitivity", string(p.Sensitivity))
	for _, consent := range p.Consents {
		v.Set("share_"+string(consent.To), string(consent.Precision))
		for _, field := range consent.Fields {
			v.Add("fields_"+string(consent.To), string(field))
		}
	}
}

// shareNoFurther answers "nothing" for each party that the object is not shared with, so that a new version asks nothing that was
// answered before and shares nothing that was not.
func (w *wizard) shareNoFurther() {
	for _, p := range w.Parties {
		if field := "share_" + string(p.Ref); w.Values.Get(field) == "" {
			w.Values.Set(field, "none")
		}
	}
}

// stepOf finds the step that has a field.
func (w *wizard) stepOf(fields fieldsOf, field string) int {
	for i, step := range w.Steps {
		if holds(fields[step], field) {
			return i
		}
	}
	return w.Step
}

// holds reports whether a field is among those named; a name that ends in a star stands for all that begin so.
func holds(names []string, field string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		head, many := strings.CutSuffix(name, "*")
		return name == field || many && strings.HasPrefix(field, head)
	})
}

// echoLine is what was understood of a field.
type echoLine struct {
	Label string
	Kind  string // of p-id; "" for words
	Text  string
}
