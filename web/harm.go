package web

import (
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// harmsPage is the reports of harm that an account made, or that are about its objects, and the form for one.
type harmsPage struct {
	Harms []release.Harm
	Form  map[string]string
}

func (c *call) harms() error { return c.showHarms(http.StatusOK, nil) }

func (c *call) showHarms(status int, p *problem) error {
	page := &harmsPage{Form: map[string]string{"object": c.r.URL.Query().Get("of"), "at": c.local(c.p.node.Now())}}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	if err := c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			page.Harms, from = v.Harms(from, 500) // the last page is the newest
		}
	}); err != nil {
		return err
	}
	slices.Reverse(page.Harms)
	f := c.frame("harms", "nav.harms", page)
	f.Problem = p
	return c.showWith(status, f)
}

// harmSays takes a report of harm by reference or by place.
func (c *call) harmSays() error {
	f, d := c.form(), c.newDraft()
	b := &parley.HarmReport{At: f.moment("at", true), GoesOn: f.has("goes_on"), Effects: d.Text(f.long("effects"))}
	b.Object, b.Place = f.objectOrPlace()
	again := func(p *problem) error { return c.showHarms(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/harms/{ref}", again: again, field: func(path string) string {
		if path == "place" || path == "at" {
			return path
		}
		return "object"
	}})
}

// harmPage is one report of harm with what followed from it.
type harmPage struct {
	Harm    *release.Harm
	Parties []parley.Ref // to which the desk may give a task
}

func (c *call) harm() error { return c.showHarm(http.StatusOK, nil) }

func (c *call) showHarm(status int, p *problem) error {
	page := &harmPage{}
	if err := c.view(func(v *channel.Viewer) {
		page.Harm, _ = v.Harm(c.ref("ref"))
		if page.Harm == nil || c.member.Account != parley.Desk || page.Harm.Object == "" {
			return
		}
		file, ok := v.Object(page.Harm.Object)
		if !ok {
			return
		}
		for _, h := range file.Holdings {
			if !slices.Contains(page.Parties, h.Party) && !slices.ContainsFunc(page.Harm.Corrections, func(l release.CorrectionLine) bool { return l.Party == h.Party }) {
				page.Parties = append(page.Parties, h.Party)
			}
		}
	}); err != nil {
		return err
	}
	if page.Harm == nil {
		return errMissing
	}
	f := c.frame("harm", "harm.title", page)
	f.Problem = p
	return c.showWith(status, f)
}

// harmActs lets the desk give a party a task.
func (c *call) harmActs() error {
	f, d := c.form(), c.newDraft()
	body := &parley.CorrectionOpen{Harm: c.ref("ref"), Party: f.refOf("party")}
	again := func(p *problem) error { return c.showHarm(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/tasks/{ref}", again: again})
}

// tasks lists the tasks after harm that an account has or may see: those that wait first, the longest open on top.
func (c *call) tasks() error {
	var list []release.Correction
	if err := c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			var some []release.Correction
			some, from = v.Corrections(from, 500)
			list = append(list, some...)
		}
	}); err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b release.Correction) int { return taskOrder(a) - taskOrder(b) })
	f := c.frame("tasks", "nav.tasks", list)
	f.Dense = true
	return c.show(f)
}

// taskOrder orders tasks: open, received, answered, closed.
func taskOrder(t release.Correction) int {
	return slices.Index([]string{string(parley.CorrectionOpened), string(parley.CorrectionReceived), string(parley.CorrectionAnswered), string(parley.CorrectionClosed)}, t.State)
}

// taskPage is one task after harm.
type taskPage struct {
	Task     *release.Correction
	Own      bool
	Causes   []parley.CauseClass
	Officers []release.Member // whom a new area over the object may alarm
	Form     map[string]string
}

func (c *call) task() error { return c.showTask(http.StatusOK, nil) }

func (c *call) showTask(status int, p *problem) error {
	page := &taskPage{Form: map[string]string{}}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	if err := c.view(func(v *channel.Viewer) {
		page.Task, _ = v.Correction(c.ref("ref"))
		members, _ := v.Members(0, 1000)
		page.Officers = slices.DeleteFunc(members, func(m release.Member) bool {
			return m.Account != c.member.Account || m.Revoked != "" || !slices.Contains(m.Roles, parley.DutyOfficer)
		})
	}); err != nil {
		return err
	}
	if page.Task == nil {
		return errMissing
	}
	page.Own = page.Task.Party == c.member.Account
	page.Causes = parley.CauseClasses
	if page.Task.State != string(parley.CorrectionOpened) {
		page.Causes = page.Causes[1:] // receipt was given
	}
	f := c.frame("task", "task.title", page)
	f.Problem = p
	return c.showWith(status, f)
}

// taskActs takes a party's word about its task, or the desk's that it has ended.
func (c *call) taskActs() error {
	ref := c.ref("ref")
	f, d := c.form(), c.newDraft()
	var body parley.Body
	switch f.text("act") {
	case "answer":
		b := &parley.CorrectionAnswer{Correction: ref, Cause: choice(f, "cause", parley.CauseClasses), Words: d.Text(f.long("words"))}
		if f.has("officer") {
			b.Officer = f.refOf("officer")
		}
		body = b
	case "close":
		body = &parley.CorrectionClose{Correction: ref, Words: d.Text(f.long("words"))}
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showTask(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/tasks/" + string(ref), again: again})
}
