package web

import (
	"encoding/hex"
	"net/url"
	"strings"

	"parley"
	"parley/channel"
	"parley/internal/draft"
)

// entering is the page behind a one-time link.
type entering struct {
	Invitation parley.Invitation
	Account    string
	Device     bool // a further device of a member who is there
	Name       string
	Phone      string
	Path       string
}

// enter shows what a one-time link is for. Opening it spends nothing: a link that some program has looked at still works.
func (c *call) enter() error { return c.showEnter(200, nil) }

func (c *call) showEnter(status int, p *problem) error {
	ref, secret := c.ref("invitation"), c.r.PathValue("secret")
	var e entering
	var found bool
	if err := c.p.node.Read(func(s *channel.State) {
		if e.Invitation, found = s.Invitation(ref, secret, c.p.node.Now()); !found {
			return
		}
		e.Account = c.say("account.board")
		if a, ok := s.NameOf(e.Invitation.Account); ok {
			e.Account = c.p.node.Text(a)
		} else if e.Invitation.Account == parley.Desk {
			e.Account = c.say("account.desk")
		}
	}); err != nil {
		return err
	}
	if !found {
		c.trouble(404, "enter.spent")
		return nil
	}
	e.Device = e.Invitation.Member != ""
	e.Name, e.Phone = c.r.PostFormValue("name"), c.r.PostFormValue("phone")
	e.Path = "/enter/" + string(ref) + "/" + url.PathEscape(secret)
	f := c.frame("enter", "enter.title", e)
	f.Problem = p
	return c.showWith(status, f)
}

// entered spends the link: with the key that the browser made, or, without JavaScript, with one that is thrown away at once. The
// person then speaks by the form key, and every such word says so.
func (c *call) entered() error {
	ref, secret := c.ref("invitation"), c.r.PathValue("secret")
	again := func(p *problem) error { return c.showEnter(422, p) }
	var inv parley.Invitation
	var found bool
	if err := c.p.node.Read(func(s *channel.State) { inv, found = s.Invitation(ref, secret, c.p.node.Now()) }); err != nil {
		return err
	}
	if !found {
		c.trouble(404, "enter.spent")
		return nil
	}
	f, d := c.form(), c.newDraft()
	body := &parley.MemberEnrol{Invitation: ref, Secret: secret}
	if inv.Member == "" {
		if name := f.required("name"); name != "" {
			body.Name = d.Text(name)
		}
		body.Phone = d.Text(western(f.text("phone")))
	}
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	if text := f.text("key"); text != "" && c.wantsDraft() {
		raw, err := hex.DecodeString(text)
		if err != nil || len(raw) != len(body.Key) {
			return parley.Invalid("key", text, "an Ed25519 public key, 64 hexadecimal digits")
		}
		body.Key = parley.PublicKey(raw)
		return c.finish(act{draft: d, body: body, key: body.Key.ID(), next: "/", again: again})
	}
	key := draft.NewKey()
	body.Key = draft.KeyOf(key)
	s, err := d.Sign(body, key)
	if err != nil {
		return err
	}
	r, err := c.p.node.Submit(c.r.Context(), s.Envelope, s.Payloads)
	if err != nil {
		return c.refuse(act{again: again}, err)
	}
	if r.Refusal != nil {
		return c.refuse(act{again: again}, &r.Refusal.Fault)
	}
	if err := c.p.api.OpenSession(c.w, c.r, body.Key.ID()); err != nil {
		return err
	}
	c.redirect("/")
	return nil
}

// signIn shows the keys of this device; the browser's code finds them.
func (c *call) signIn() error {
	next := c.r.URL.Query().Get("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, "\\") {
		next = "/"
	}
	return c.show(c.frame("signin", "signin.title", "/"+c.lang+next))
}

// signOut ends the session. The device keeps its key.
func (c *call) signOut() error {
	c.p.api.EndSession(c.w, c.r)
	c.redirect("/sign-in")
	return nil
}
