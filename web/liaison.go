package web

import (
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// liaisonPage is ordinary dialogue on record: how each side says its lines stand, the contacts, the test calls.
type liaisonPage struct {
	Lines  []release.Liaison
	Log    []release.Liaison
	Sides  []parley.Ref
	Form   map[string]string
	Means  []parley.LiaisonMeans
	States []parley.LineState
	Now    string
}

var (
	liaisonMeans = []parley.LiaisonMeans{parley.LiaisonTelephone, parley.LiaisonRadio, parley.LiaisonMessage, parley.LiaisonMeeting}
	lineStates   = []parley.LineState{parley.LineOpen, parley.LineDegraded, parley.LineSuspended}
)

func (c *call) liaison() error { return c.showLiaison(http.StatusOK, nil) }

func (c *call) showLiaison(status int, p *problem) error {
	page := &liaisonPage{Form: map[string]string{}, Means: liaisonMeans, States: lineStates, Now: c.local(c.p.node.Now())}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	if err := c.view(func(v *channel.Viewer) {
		page.Lines = v.Lines()
		for from := 0; from >= 0; {
			page.Log, from = v.Liaison(from, 500) // the last page is the newest
		}
		accounts, _ := v.Accounts(0, 10_000)
		if c.member.Account != parley.Desk {
			page.Sides = append(page.Sides, parley.Desk)
		}
		for _, a := range accounts {
			if a.Ref != c.member.Account && (a.Ref.Kind() == parley.RefParty || c.member.Account == parley.Desk) {
				page.Sides = append(page.Sides, a.Ref)
			}
		}
	}); err != nil {
		return err
	}
	slices.Reverse(page.Log)
	f := c.frame("liaison", "nav.liaison", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// liaisonSays takes a contact, a word about a line, or a test call.
func (c *call) liaisonSays() error {
	f, d := c.form(), c.newDraft()
	with := parley.Ref(f.required("with"))
	at := f.moment("at", false)
	if at == 0 {
		at = c.p.node.Now()
	}
	var body parley.Body
	switch f.text("act") {
	case "log":
		body = &parley.LiaisonLog{With: with, Means: choice(f, "means", liaisonMeans), At: at, Reached: f.has("reached"), Words: d.Text(f.long("words"))}
	case "status":
		body = &parley.ChannelStatus{With: with, State: choice(f, "state", lineStates), Since: at, Reason: d.Text(f.long("words"))}
	case "test":
		b := &parley.TestCall{To: with, At: at, Answered: f.has("reached")}
		if b.Answered {
			b.Seconds = int32(f.number("seconds", 0, 86_400, 0))
		}
		body = b
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showLiaison(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/liaison", again: again})
}
