package web

import (
	"errors"
	"net/http"
	"strconv"

	"parley"
	"parley/api/sms"
	"parley/channel"
	"parley/exchange/shorttext"
	"parley/release"
)

// textPage is one short text: what was typed, and what it was understood to say.
type textPage struct {
	Text     string
	Message  *shorttext.Message
	Refusal  *shorttext.Refusal
	Place    *release.Geometry
	At       string
	Desk     bool
	Owner    parley.Ref // whose word the desk enters
	Channels []parley.Channel
	Form     map[string]string
	Example  string
	Stop     string
}

// toldBy are the ways by which a word comes to the desk.
var toldBy = []parley.Channel{parley.ByRadio, parley.ByTelephone, parley.BySMS, parley.ByPaper}

func (c *call) text() error { return c.showText(http.StatusOK, "", nil) }

// showText shows the form, and what a text was understood to say if there is one. Nothing is said by that.
func (c *call) showText(status int, text string, p *problem) error {
	page := &textPage{Text: text, Desk: c.member.Account == parley.Desk, Channels: toldBy, Form: map[string]string{}}
	lang := shorttext.Language(c.lang)
	page.Example, page.Stop = shorttext.ExampleReport(shorttext.ExampleRef, lang), shorttext.ExampleStop(shorttext.ExampleRef, lang)
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	if text != "" {
		page.Message, page.Refusal = c.understand(text)
		if page.Refusal != nil {
			page.Refusal = page.Refusal.In(lang)
			status = http.StatusUnprocessableEntity
		}
	}
	if m := page.Message; m != nil {
		if m.Place != nil {
			page.Place = &release.Geometry{Shape: pointShape(m.Place.Position)}
		}
		if m.At != 0 {
			page.At = parley.Stamp(m.At)
		}
		if page.Desk {
			if err := c.view(func(v *channel.Viewer) { page.Owner, _ = v.OwnerOf(m.Of) }); err != nil {
				return err
			}
		}
	}
	f := c.frame("text", "nav.text", page)
	f.Problem = p
	return c.showWith(status, f)
}

func (c *call) understand(text string) (*shorttext.Message, *shorttext.Refusal) {
	return shorttext.Parse(text, sms.SettingOf(&c.theatre.Profile, c.p.node.Now()))
}

// textSays explains a text, or says what it says. A decision that names a movement with several open questions answers the oldest here,
// and comes back for the next: a device signs one command at a time.
func (c *call) textSays() error {
	f := c.form()
	text := f.required("text")
	again := func(p *problem) error { return c.showText(http.StatusUnprocessableEntity, text, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	if f.text("act") != "send" {
		return c.showText(http.StatusOK, text, nil)
	}
	m, refusal := c.understand(text)
	if refusal != nil {
		return c.showText(http.StatusUnprocessableEntity, text, nil)
	}
	bodies, err := sms.Bodies(c.p.node, c.member.Ref, m)
	if err != nil {
		return c.refuse(act{again: again}, err)
	}
	one := bodies[0]
	if c.member.Account == parley.Desk {
		if one.Draft.OnBehalf, err = c.textTold(f, m); err != nil {
			return again(c.formProblem(f))
		}
		if one.Draft.OnBehalf == nil && !m.Stop { // nobody the desk knows has said it
			return c.refuse(act{again: again}, &parley.Fault{Code: parley.CodeNotFound, Field: "text", Read: string(m.Of), Expected: "a movement or a question that the desk knows"})
		}
		if !c.wantsDraft() {
			c.trouble(http.StatusForbidden, "trouble.needs_key")
			return nil
		}
	}
	next := "/told"
	if m.Of.Kind() == parley.RefMovement && !m.Stop {
		next = "/objects/" + string(m.Of)
		if c.member.Account == parley.Desk {
			next = "/desk/" + string(m.Of)
		}
	}
	if len(bodies) > 1 {
		next = "/prompts"
	}
	return c.finish(act{draft: one.Draft, body: one.Body, next: next, again: again})
}

// errForm says that the form has noted what is wrong with it.
var errForm = errors.New("the form says what is wrong")

// textTold reads whose word the desk enters and how it came; nil for a stop of its own.
func (c *call) textTold(f *form, m *shorttext.Message) (*parley.OnBehalf, error) {
	var owner parley.Ref
	if err := c.view(func(v *channel.Viewer) { owner, _ = v.OwnerOf(m.Of) }); err != nil {
		return nil, err
	}
	if owner == "" {
		return nil, nil
	}
	b := &parley.OnBehalf{Of: owner, Channel: choice(f, "channel", toldBy), At: f.moment("said_at", false)}
	if b.At == 0 {
		b.At = c.p.node.Now()
	}
	if len(f.errors) > 0 {
		return nil, errForm
	}
	return b, nil
}

// textsPage is what came by SMS and waits for the desk.
type textsPage struct {
	Items []textItem
	All   bool
}

// textItem is one short message with the times that the page shows.
type textItem struct {
	sms.Item
	Came, Done, Said string
}

func (c *call) texts() error {
	page := &textsPage{All: c.r.URL.Query().Get("all") != ""}
	if c.p.texts != nil {
		for _, i := range c.p.texts.Items(page.All) {
			item := textItem{Item: i, Came: parley.Stamp(i.At), Said: c.local(i.At)}
			if i.Noted != 0 {
				item.Done = parley.Stamp(i.Noted)
			}
			page.Items = append(page.Items, item)
		}
	}
	f := c.frame("texts", "nav.texts", page)
	f.Dense = true
	return c.show(f)
}

// textsSays notes that a message was dealt with. It is a note of the desk's about its own queue, not a command: it needs no key.
func (c *call) textsSays() error {
	id, err := strconv.ParseUint(western(c.r.PostForm.Get("id")), 10, 64)
	if err != nil || c.p.texts == nil {
		return errMissing
	}
	_, ok, err := c.p.texts.Handle(id, c.member.Ref, c.p.node.Now(), c.form().long("note"))
	if err != nil {
		return err
	}
	if !ok {
		return errMissing
	}
	c.redirect("/texts")
	return nil
}
