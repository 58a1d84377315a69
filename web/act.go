package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/channel"
	"parley/internal/draft"
	"parley/node"
)

// draftType is what the browser's code asks for: a command to be signed on the device.
const draftType = "application/vnd.parley.draft+json"

// act is what a form says, before anybody has signed it.
type act struct {
	draft *draft.Draft
	body  parley.Body
	key   parley.KeyID             // that will sign; zero is the session's
	next  string                   // path to go on to, with {name} and {ref} to put in
	field func(path string) string // the form's field for a path of the command's body
	again func(*problem) error     // shows the form again with what is wrong
	two   bool                     // takes two signatures: held for a second member
	plain bool                     // says beside a field what was read and what was expected
}

// drafted is a draft as the browser's code gets it.
type drafted struct {
	Body       []byte           `json:"body"`
	Payloads   []parley.Payload `json:"payloads"`
	Signatures []signature      `json:"signatures,omitempty"` // of those who signed before
	Send       string           `json:"send"`
	Next       string           `json:"next"`
}

type signature struct {
	Key parley.KeyID `json:"keyid"`
	Sig []byte       `json:"sig"`
}

func (c *call) wantsDraft() bool { return strings.Contains(c.r.Header.Get("Accept"), draftType) }

// newDraft begins a command of this theatre.
func (c *call) newDraft() *draft.Draft {
	return &draft.Draft{Theatre: c.theatre.Name, MadeAt: c.p.node.Now()}
}

// finish brings what a form says to its signature: a draft for the device, or the form key's where a form may speak.
func (c *call) finish(a act) error {
	if a.key == "" {
		a.key = c.key
	}
	_, text, err := a.draft.Command(a.body, a.key)
	if err != nil {
		return c.refuse(a, err)
	}
	var refused *node.Refused
	err = c.p.node.Consider(text, []parley.KeyID{a.key})
	switch {
	case errors.As(err, &refused) && refused.Kept: // what is kept on record when it is wrong, such as a read-back, goes its way
	case errors.As(err, &refused) && a.two && refused.Fault.Code == parley.CodeFourEyes: // the second signature is still to come
	case err != nil:
		return c.refuse(a, err)
	}
	next := "/" + c.lang + a.next
	if c.wantsDraft() {
		send := "/v1/commands"
		if a.two {
			send = "/" + c.lang + "/held"
		}
		return c.sendDraft(drafted{Body: text, Payloads: a.draft.Payloads(), Send: send, Next: next})
	}
	if !slices.Contains(node.FormKinds, a.body.Kind()) || c.member == nil {
		c.trouble(http.StatusForbidden, "trouble.needs_key")
		return nil
	}
	out, err := c.submitForm(a)
	if err != nil {
		return c.refuse(a, err)
	}
	next = strings.NewReplacer("{name}", out.Name.String(), "{ref}", string(out.Ref)).Replace(next)
	http.Redirect(c.w, c.r, next, http.StatusSeeOther)
	return nil
}

func (c *call) sendDraft(d drafted) error {
	if d.Payloads == nil {
		d.Payloads = []parley.Payload{}
	}
	c.w.Header().Set("Content-Type", draftType)
	return json.NewEncoder(c.w).Encode(d) // bytes are written in base64
}

// refuse shows a form again with what the channel says against it.
func (c *call) refuse(a act, err error) error {
	var fault *parley.Fault
	if !errors.As(err, &fault) || a.again == nil {
		return err
	}
	p := &problem{Title: c.say("wrong.title"), Detail: fault.Error()}
	field := ""
	path := strings.TrimPrefix(fault.Field, "body.")
	if a.field != nil {
		field = a.field(path)
	}
	key := "code." + string(fault.Code)
	if !c.tongue.words.has(key) {
		key = "code.other"
	}
	said := c.say(key)
	if a.plain && fault.Read != "" && fault.Expected != "" {
		said += " " + c.say("js.read", "value", "\u2066"+fault.Read+"\u2069") + ". " + c.say("js.expected", "value", "\u2066"+fault.Expected+"\u2069") + "."
	}
	p.Errors = append(p.Errors, fieldError{Field: field, Text: said})
	var refused *node.Refused
	if errors.As(err, &refused) {
		for _, f := range refused.Findings {
			p.Errors = append(p.Errors, fieldError{Field: "finding_" + string(f), Text: c.say("finding." + string(f))})
		}
		for _, m := range refused.Missing {
			p.Errors = append(p.Errors, fieldError{Text: c.say("wrong.missing_entry", "ref", m.String())})
		}
	}
	return a.again(p)
}

// formProblem is what the form's own reader found, for the top of the page.
func (c *call) formProblem(f *form) *problem {
	return &problem{Title: c.say("wrong.title"), Errors: f.errors}
}

// outcome returns what became of a command of the caller's account.
func (c *call) outcome(name parley.Hash) (out parley.Outcome, ok bool, err error) {
	err = c.view(func(v *channel.Viewer) { out, ok = v.Outcome(name) })
	return out, ok, err
}
