package web

import (
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// stopsPage is the urgent stops that concern an account, and the form to raise one.
type stopsPage struct {
	Open, Past []release.Stop
	Form       map[string]string
	Effects    []parley.Effect
	Levels     []parley.Echelon
}

var effects = []parley.Effect{parley.FireCeased, parley.FireGoesOn, parley.NotOurs, parley.EffectOther}

func (c *call) stops() error { return c.showStops(http.StatusOK, nil) }

func (c *call) showStops(status int, p *problem) error {
	page := &stopsPage{Form: map[string]string{"object": c.r.URL.Query().Get("of")}, Effects: effects, Levels: echelons}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	var all []release.Stop
	if err := c.view(func(v *channel.Viewer) { all, _ = v.Stops(0, 500) }); err != nil {
		return err
	}
	all = c.spooled(all)
	for _, s := range slices.Backward(all) {
		if s.State == string(parley.StopStoodDown) {
			page.Past = append(page.Past, s)
		} else {
			page.Open = append(page.Open, s)
		}
	}
	f := c.frame("stops", "nav.stops", page)
	f.Problem = p
	return c.showWith(status, f)
}

// raise raises an urgent stop by reference or by place.
func (c *call) raise() error {
	f, d := c.form(), c.newDraft()
	b := &parley.StopRaise{Words: d.Text(f.long("words"))}
	b.Object, b.Place = f.objectOrPlace()
	again := func(p *problem) error { return c.showStops(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/stops/{ref}", again: again, field: func(path string) string {
		if path == "place" {
			return "place"
		}
		return "object"
	}})
}

// stopPage is one urgent stop with its ladder.
type stopPage struct {
	Stop    *release.Stop
	Effects []parley.Effect
	Levels  []parley.Echelon
	Open    bool
	Due     string
	Names   map[parley.Ref]string // of the reader's own people
}

// spooled adds to the stops that the state shows what the node's spool knows of them. It must not be called with the state held.
func (c *call) spooled(stops []release.Stop) []release.Stop {
	watches := c.member.Account == parley.Desk || c.member.Account == parley.Board || c.member.Has(parley.MonitorOfficer)
	return c.p.node.WithSpool(c.member.Account, watches, stops)
}

// standsDown reports whether a stop has ended.
func standsDown(s release.Stop) bool { return s.State == string(parley.StopStoodDown) }

func (c *call) stop() error { return c.showStop(http.StatusOK, nil) }

func (c *call) showStop(status int, p *problem) error {
	page := &stopPage{Effects: effects, Levels: echelons, Names: map[parley.Ref]string{}}
	var stored []release.Stop
	if err := c.view(func(v *channel.Viewer) {
		if s, ok := v.Stop(c.ref("ref")); ok {
			stored = append(stored, *s)
		}
		members, _ := v.Members(0, 1000)
		for _, m := range members {
			page.Names[m.Ref] = m.Name
		}
	}); err != nil {
		return err
	}
	for _, s := range c.spooled(stored) {
		if s.Ref == c.ref("ref") {
			page.Stop = &s
		}
	}
	if page.Stop == nil {
		return errMissing
	}
	page.Open = page.Stop.State != string(parley.StopStoodDown)
	for _, l := range page.Stop.Log {
		if l.Due != "" {
			page.Due = l.Due
		}
	}
	f := c.frame("stop", "stop.title", page)
	f.Problem = p
	return c.showWith(status, f)
}

func (c *call) stopActs() error {
	ref := c.ref("ref")
	f, d := c.form(), c.newDraft()
	var body parley.Body
	switch f.text("act") {
	case "take":
		body = &parley.StopTake{Stop: ref}
	case "pass":
		body = &parley.StopPass{Stop: ref, Echelon: choice(f, "echelon", echelons)}
	case "effect":
		body = &parley.StopEffectReport{Stop: ref, Effect: choice(f, "effect", effects), Words: d.Text(f.long("words"))}
	case "standdown":
		body = &parley.StopStandDown{Stop: ref, Report: d.Text(f.required("report"))}
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showStop(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/stops/" + string(ref), again: again})
}

// watch is the page that stays open through a watch: it sounds while a stop waits to be taken.
func (c *call) watch() error {
	page := struct {
		Open   []release.Stop
		Duty   []release.Member
		Called map[parley.Ref][]parley.Ref // stop → whom of the reader's people its newest step calls
		Names  map[parley.Ref]string
	}{Called: map[parley.Ref][]parley.Ref{}, Names: map[parley.Ref]string{}}
	if err := c.view(func(v *channel.Viewer) {
		page.Open, _ = v.Stops(0, 500)
		members, _ := v.Members(0, 1000)
		for _, m := range members {
			page.Names[m.Ref] = m.Name
		}
		page.Duty = slices.DeleteFunc(members, func(m release.Member) bool { return !m.OnDuty || m.Revoked != "" })
	}); err != nil {
		return err
	}
	page.Open = slices.DeleteFunc(c.spooled(page.Open), standsDown)
	for _, s := range page.Open {
		for _, l := range s.Log {
			if len(l.Called) > 0 {
				page.Called[s.Ref] = l.Called
			}
		}
	}
	return c.show(c.frame("watch", "nav.watch", page))
}

// prompts are the questions to the people on the road: hold, turn back or continue. The decision is theirs.
func (c *call) prompts() error { return c.showPrompts(http.StatusOK, nil) }

type promptsPage struct {
	Open, Past []release.Prompt
	Decisions  []parley.Decision
}

func (c *call) showPrompts(status int, p *problem) error {
	page := &promptsPage{Decisions: []parley.Decision{parley.Hold, parley.TurnBack, parley.Continue}}
	var all []release.Prompt
	if err := c.view(func(v *channel.Viewer) { all, _ = v.Prompts(0, 500) }); err != nil {
		return err
	}
	for _, q := range slices.Backward(all) {
		if q.Decision == "" {
			page.Open = append(page.Open, q)
		} else {
			page.Past = append(page.Past, q)
		}
	}
	f := c.frame("prompts", "nav.prompts", page)
	f.Problem = p
	return c.showWith(status, f)
}

func (c *call) decide() error {
	f, d := c.form(), c.newDraft()
	b := &parley.PromptAnswer{Prompt: f.refOf("prompt"), Decision: choice(f, "decision", []parley.Decision{parley.Hold, parley.TurnBack, parley.Continue}), Reason: d.Text(f.long("reason"))}
	again := func(p *problem) error { return c.showPrompts(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/prompts", again: again})
}
