package web

import (
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/draft"
	"parley/release"
)

// arrangementActs takes what somebody says of an arrangement: a party's word, its status, its end, a crossing and the answers to it, whose
// people were observed, a warning. Each form of the page has its own letter before its fields.
func (c *call) arrangementActs() error {
	a, err := c.arrangementOf()
	if err != nil {
		return err
	}
	f, d := c.form(), c.newDraft()
	body, fields := c.arrangementBody(f, d, a)
	if body == nil && len(f.errors) == 0 {
		return errMissing
	}
	again := func(p *problem) error { return c.showArrangement(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/arrangements/" + string(a.Ref), again: again, plain: true, field: func(path string) string { return fieldIn(fields, path) }})
}

// fieldIn finds the form's field for a path of a body: the longest beginning that is listed.
func fieldIn(fields map[string]string, path string) (field string) {
	longest := -1
	for begin, name := range fields {
		if strings.HasPrefix(path, begin) && len(begin) > longest {
			longest, field = len(begin), name
		}
	}
	return field
}

func (c *call) arrangementBody(f *form, d *draft.Draft, a *release.Arrangement) (parley.Body, map[string]string) {
	of := parley.Versioned{Ref: a.Ref, Version: f.number("version", 1, 1<<20, a.Version)}
	switch f.text("act") {
	case "consent":
		return c.consentBody(f, d, of), map[string]string{"of": "c_word", "on_behalf": "c_of"}
	case "status":
		return c.statusBody(f, d, a), map[string]string{"of": "s_state", "state": "s_state", "on_behalf": "s_of"}
	case "end":
		d.OnBehalf = c.behalf(f, "x", true)
		words := d.Text(f.long("x_words"))
		if a.Kind == "zone" {
			return &parley.ZoneEnd{Zone: a.Ref, Reason: words}, map[string]string{"": "x_words", "on_behalf": "x_of"}
		}
		return &parley.LineEnd{Line: a.Ref, Reason: words}, map[string]string{"": "x_words", "on_behalf": "x_of"}
	case "notice":
		return c.noticeBody(f, d, of), map[string]string{"of": "n_place", "movement": "n_movement", "place": "n_place", "window.from": "n_from", "window": "n_until", "on_behalf": "n_of"}
	case "answer":
		d.OnBehalf = c.behalf(f, "a", true)
		return &parley.CrossingAnswer{Notice: f.refOf("notice"), Answer: choice(f, "a_answer", parley.CrossingReplies), Words: d.Text(f.long("a_words"))}, map[string]string{"": "a_answer"}
	case "event":
		return c.eventBody(f, d, a), map[string]string{"movement": "e_movement", "own": "e_whose", "observed": "e_observed", "place": "e_place", "at": "e_at", "on_behalf": "e_of"}
	case "ask":
		return &parley.PresenceAsk{Event: f.refOf("event"), Party: f.refOf("p_party")}, map[string]string{"": "p_party"}
	case "reply":
		d.OnBehalf = c.behalf(f, "r", true)
		return &parley.PresenceAnswer{Event: f.refOf("event"), Answer: choice(f, "r_answer", parley.PresenceReplies)}, map[string]string{"": "r_answer"}
	case "warn":
		return c.warningBody(f, d, a.Ref), warningFields
	}
	return nil, nil
}

// consentWords are what a party may say of a version.
var consentWords = []string{"give", "refuse", "withdraw"}

func (c *call) consentBody(f *form, d *draft.Draft, of parley.Versioned) parley.Body {
	d.OnBehalf = c.behalf(f, "c", true)
	word := parley.ConsentWord{Of: of, Words: d.Text(f.long("c_words"))}
	switch choice(f, "c_word", consentWords) {
	case "give":
		return &parley.ConsentGive{ConsentWord: word}
	case "refuse":
		return &parley.ConsentRefuse{ConsentWord: word}
	case "withdraw":
		return &parley.ConsentWithdraw{ConsentWord: word}
	}
	return nil
}

func (c *call) statusBody(f *form, d *draft.Draft, a *release.Arrangement) parley.Body {
	d.OnBehalf = c.behalf(f, "s", false)
	word := parley.StatusWord{Of: a.Ref, State: choice(f, "s_state", []parley.ArrangementState{parley.ArrangementOpen, parley.ArrangementSuspended, parley.ArrangementEnded}), Reason: d.Text(f.long("s_words"))}
	if a.Kind == "pause" {
		return &parley.PauseStatus{StatusWord: word}
	}
	return &parley.CorridorStatus{StatusWord: word}
}

// noticeBody reads word of a crossing to come. One that has been goes its way too: the channel refuses it and keeps that on record.
func (c *call) noticeBody(f *form, d *draft.Draft, of parley.Versioned) parley.Body {
	d.OnBehalf = c.behalf(f, "n", true)
	b := &parley.CrossingNotice{Of: of, Window: geo.Window{From: f.moment("n_from", true), To: f.moment("n_until", true)}, Words: d.Text(f.long("n_words"))}
	if b.Window.From != 0 && b.Window.To != 0 && b.Window.To <= b.Window.From {
		f.wrong("n_until", "wrong.order")
	}
	if r, ok := f.position("n_place"); ok {
		b.Place = r.Position
	}
	if f.has("n_movement") {
		b.Movement = f.refOf("n_movement")
	}
	return b
}

// eventBody reads word of a crossing that was: by one's own people, by a party's as observed, or by a movement of one's own.
func (c *call) eventBody(f *form, d *draft.Draft, a *release.Arrangement) parley.Body {
	d.OnBehalf = c.behalf(f, "e", true)
	b := &parley.CrossingEvent{Line: a.Ref, At: f.moment("e_at", true), Words: d.Text(f.long("e_words"))}
	if r, ok := f.position("e_place"); ok {
		b.Place = r.Position
	}
	switch choice(f, "e_whose", []string{"own", "observed", "movement"}) {
	case "own":
		b.Own = true
	case "observed":
		b.Observed = f.refOf("e_observed")
	case "movement":
		b.Movement = f.refOf("e_movement")
	}
	return b
}

var warningFields = map[string]string{"of": "w_means", "to": "w_to", "means": "w_means", "language": "w_language", "at": "w_at", "act": "w_act", "words": "w_words", "on_behalf": "w_of"}

// warningBody reads a warning about a line, a zone or an object, in its own words.
func (c *call) warningBody(f *form, d *draft.Draft, of parley.Ref) parley.Body {
	d.OnBehalf = c.behalf(f, "w", false)
	b := &parley.WarningLog{Of: of, Means: choice(f, "w_means", parley.WarningMeansAll), Language: f.required("w_language"), At: f.moment("w_at", false), Act: f.moment("w_act", false)}
	if b.At == 0 {
		b.At = c.p.node.Now()
	}
	if f.required("w_words") != "" {
		b.Words = d.Text(f.long("w_words"))
	}
	if f.has("w_to") {
		b.To = f.refOf("w_to")
	}
	return b
}

// warningsPage is the warnings about one object, and the form for another.
type warningsPage struct {
	Of       parley.Ref
	List     []release.Warning
	More     int
	Form     map[string]string
	Warn     bool
	Desk     bool
	Accounts []parley.Ref
	Parties  []parley.Ref
	Means    []parley.WarningMeans
	Channels []parley.Channel
	Now      string
	A        *release.Arrangement // none: it is about an object
	Path     string
}

// Try reports whether the form was sent and came back.
func (p *warningsPage) Try(act string) bool { return p.Form["act"] == act }

func (c *call) warnings() error { return c.showWarnings(http.StatusOK, nil) }

func (c *call) showWarnings(status int, p *problem) error {
	page := &warningsPage{Of: c.ref("ref"), Form: c.typed(), Desk: c.speaksForOthers(), Means: parley.WarningMeansAll, Channels: toldBy, Now: c.local(c.p.node.Now())}
	found := false
	if err := c.view(func(v *channel.Viewer) {
		if _, found = v.Object(page.Of); found {
			page.List = v.Warnings(page.Of)
		}
	}); err != nil {
		return err
	}
	if !found {
		return errMissing
	}
	page.Path = "/" + c.lang + "/warnings/" + string(page.Of)
	page.Warn = page.Desk || c.member.Has(parley.DutyOfficer)
	if page.Desk {
		var err error
		if page.Accounts, err = c.accounts(); err != nil {
			return err
		}
		page.Accounts = slices.DeleteFunc(page.Accounts, func(r parley.Ref) bool { return r.Kind() != parley.RefParty })
	}
	slices.Reverse(page.List)
	f := c.frame("warnings", "warnings.title", page)
	f.Problem, f.Dense = p, true
	page.List, page.More = few(f, page.List)
	return c.showWith(status, f)
}

func (c *call) warningsSays() error {
	of, found := c.ref("ref"), false
	if err := c.view(func(v *channel.Viewer) { _, found = v.Object(of) }); err != nil {
		return err
	}
	if !found {
		return errMissing
	}
	f, d := c.form(), c.newDraft()
	body := c.warningBody(f, d, of)
	again := func(p *problem) error { return c.showWarnings(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/warnings/" + string(of), again: again, plain: true, field: func(path string) string { return fieldIn(warningFields, path) }})
}
