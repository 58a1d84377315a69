package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/api/sms"
	"parley/channel"
	"parley/node"
	"parley/release"
)

// call is one request being answered: who asks, in which language, about which theatre.
type call struct {
	p       *Pages
	w       http.ResponseWriter
	r       *http.Request
	lang    string
	tongue  *tongue
	theatre parley.TheatreRecord
	member  *parley.Member // nil without a session
	key     parley.KeyID
}

// view reads the state as the caller's account may.
func (c *call) view(look func(*channel.Viewer)) error {
	return c.p.node.Read(func(s *channel.State) { look(s.View(c.member, c.p.node.Now(), c.p.node.Text)) })
}

// eachObject looks at every object that the caller's account may know, some at a time: the state is held only for those, so that a long
// list never keeps commands waiting.
func (c *call) eachObject(look func(*channel.Viewer, release.Summary)) error {
	const some = 100
	for from := 0; from >= 0; {
		if err := c.view(func(v *channel.Viewer) {
			var list []release.Summary
			list, from = v.Objects("", from, some)
			for _, s := range list {
				look(v, s)
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) say(key string, values ...any) string { return c.tongue.words.say(key, values...) }

func (c *call) ref(name string) parley.Ref {
	ref, err := parley.ParseRef(western(c.r.PathValue(name)))
	if err != nil {
		return ""
	}
	return ref
}

// frame is what every page has: the parts above and below its own.
type frame struct {
	c         *call
	Title     string // key of the page's name
	Heading   string // its own heading, when it is no word of the catalogue
	Page      string // name of the template
	Dense     bool   // for desks: 32 px rows
	Map       bool   // brings the map's code
	Lang      string
	Dir       string
	Other     []other // the same page in other languages
	Exercise  bool
	Simulated bool // its time stands still until it is set forward
	spooled   bool // an urgent stop waits for the journal
	Theatre   parley.Hash
	Name      string // of the theatre
	Zone      string
	Now       string
	Person    string
	Account   string
	Key       parley.KeyID
	Nav       []navItem
	From      uint64 // number of the next notice
	Words     template.JS
	Liaison   string
	Data      any
	Problem   *problem
	names     map[parley.Ref]string
	zone      *time.Location
}

type other struct{ Lang, Name, Href string }

type navItem struct {
	Key, Href string
	Here      bool
	Urgent    bool
}

// problem is what stands at the top of a page when a form was not taken.
type problem struct {
	Title  string
	Errors []fieldError
	Detail string // technical, in English, set apart
}

// fieldError names a field and what to do about it.
type fieldError struct{ Field, Text string }

// Err returns what is wrong with a field.
func (f *frame) Err(field string) string {
	if f.Problem == nil {
		return ""
	}
	for _, e := range f.Problem.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// T says a key; for templates that build keys from values.
func (f *frame) T(key string, values ...any) string { return f.c.say(key, values...) }

// Word says the word of an enumeration, such as a category; one without words shows itself.
func (f *frame) Word(group string, value any) string {
	text := fmt.Sprint(value)
	if text == "" {
		return ""
	}
	if key := group + "." + text; f.c.tongue.words.has(key) {
		return f.c.say(key)
	}
	return text
}

// Who names an account: by its name, and by what it is when it has no name here.
func (f *frame) Who(ref parley.Ref) string {
	switch {
	case ref == parley.Desk:
		return f.c.say("account.desk")
	case ref == parley.Board:
		return f.c.say("account.board")
	case f.names[ref] != "":
		return f.names[ref]
	}
	return string(ref)
}

// When writes a time of a view (RFC 3339): UTC and the theatre's own hour.
func (f *frame) When(stamp string) template.HTML {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return f.c.tongue.moment(at.UnixMilli(), f.zone)
}

// At writes a time in milliseconds.
func (f *frame) At(ms int64) template.HTML { return f.c.tongue.moment(ms, f.zone) }

// Clock writes how long there is until a deadline. The words stand without JavaScript; with it they run.
func (f *frame) Clock(stamp string) template.HTML {
	due, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	left := due.UnixMilli() - f.c.p.node.Now()
	key, class := "clock.left", ""
	if left < 0 {
		key, class, left = "clock.past", ` class="past"`, -left
	}
	return template.HTML(`<p-clock datetime="`+template.HTMLEscapeString(stamp)+`" data-now="`+template.HTMLEscapeString(f.Now)+`"`+class+`>`) +
		template.HTML(template.HTMLEscapeString(f.c.say(key, "time", f.c.span(left)))) + "</p-clock>"
}

// Own shows the half of a name written in two scripts that the reader's language is written in.
func (f *frame) Own(name string) string { return inScript(name, f.Lang) }

// Href makes a path of this language.
func (f *frame) Href(parts ...any) string {
	var b strings.Builder
	b.WriteString("/" + f.Lang)
	for _, part := range parts {
		fmt.Fprint(&b, part)
	}
	return b.String()
}

// Is reports whether the reader has one of the roles.
func (f *frame) Is(roles ...string) bool {
	return f.c.member != nil && slices.ContainsFunc(roles, func(r string) bool { return f.c.member.Has(parley.Role(r)) })
}

// Mine reports whether an account is the reader's.
func (f *frame) Mine(ref parley.Ref) bool { return f.c.member != nil && f.c.member.Account == ref }

// In reports whether the reader is signed in.
func (f *frame) In() bool { return f.c.member != nil }

// Span writes a length of time.
func (f *frame) Span(ms int64) string { return f.c.span(ms) }

// span writes a length of time in words, to two units.
func (c *call) span(ms int64) string {
	minutes := int(ms / parley.Minute)
	switch {
	case minutes < 1:
		return c.say("span.seconds", "n", int(ms/parley.Second))
	case minutes < 60:
		return c.say("span.minutes", "n", minutes)
	case minutes < 48*60:
		if minutes%60 == 0 {
			return c.say("span.hours", "n", minutes/60)
		}
		return c.say("span.pair", "a", c.say("span.hours", "n", minutes/60), "b", c.say("span.minutes", "n", minutes%60))
	}
	return c.say("span.days", "n", minutes/(24*60))
}

// frame makes the frame of a page. key names it in the catalogue.
func (c *call) frame(name, key string, data any) *frame {
	f := &frame{c: c, Page: name, Title: key, Lang: c.lang, Dir: "ltr", Exercise: c.theatre.Profile.Exercise, Simulated: c.theatre.Clock == parley.ClockSimulated, Theatre: c.theatre.Name, Zone: c.theatre.Profile.Zone,
		Now: parley.Stamp(c.p.node.Now()), Words: c.tongue.browser, Data: data, names: map[parley.Ref]string{}, zone: zoneOf(c.theatre.Profile.Zone), Key: c.key, Liaison: c.p.liaison}
	if c.tongue.rtl {
		f.Dir = "rtl"
	}
	f.Name = inScript(c.p.node.Text(c.theatre.Title), c.lang)
	rest := strings.TrimPrefix(c.r.URL.Path, "/"+c.lang)
	for _, lang := range Languages {
		if lang != c.lang {
			f.Other = append(f.Other, other{lang, c.say("language." + lang), "/" + lang + rest})
		}
	}
	if c.member != nil {
		f.spooled = len(c.spooled(nil)) > 0                    // before the state is held
		_ = c.view(func(v *channel.Viewer) { c.inside(f, v) }) // a node that does not answer has failed the page before
	}
	return f
}

// inside adds what a page shows to those who are signed in.
func (c *call) inside(f *frame, v *channel.Viewer) {
	f.Person = inScript(c.p.node.Text(c.member.Name), c.lang)
	accounts, _ := v.Accounts(0, 10_000)
	for _, a := range accounts {
		f.names[a.Ref] = inScript(a.Name, c.lang)
	}
	f.Account = f.Who(c.member.Account)
	_, f.From = v.Inbox(1<<62, 1)
	stops, _ := v.Stops(0, 500)
	open := f.spooled || slices.ContainsFunc(stops, func(s release.Stop) bool { return s.State != string(parley.StopStoodDown) })
	asks := c.member.Account == parley.Desk && c.p.texts != nil && slices.ContainsFunc(c.p.texts.Items(false), func(i sms.Item) bool { return i.Urgent })
	here := strings.TrimPrefix(c.r.URL.Path, "/"+c.lang)
	add := func(key, href string, roles ...parley.Role) {
		if len(roles) == 0 || c.member.Has(roles...) {
			f.Nav = append(f.Nav, navItem{Key: key, Href: "/" + c.lang + href, Here: here == href || href != "/" && strings.HasPrefix(here, href+"/"), Urgent: key == "nav.stops" && open || key == "nav.texts" && asks})
		}
	}
	add("nav.home", "/")
	add("nav.objects", "/objects", parley.Notifier, parley.MovementLeader)
	add("nav.notify_site", "/notify/site", parley.Notifier)
	add("nav.notify_movement", "/notify/movement", parley.Notifier)
	add("nav.prompts", "/prompts", parley.Notifier, parley.MovementLeader)
	add("nav.text", "/text", parley.Notifier, parley.MovementLeader, parley.Verifier, parley.Releaser)
	add("nav.desk", "/desk", parley.Verifier, parley.Releaser)
	add("nav.texts", "/texts", parley.Verifier, parley.Releaser)
	add("nav.inbox", "/inbox", parley.DutyOfficer)
	add("nav.list", "/list", parley.DutyOfficer, parley.Planner, parley.LegalAdviser)
	add("nav.levels", "/levels", parley.DutyOfficer, parley.Planner, parley.LegalAdviser, parley.Verifier, parley.Releaser)
	add("nav.areas", "/areas", parley.DutyOfficer, parley.Planner, parley.LegalAdviser)
	add("nav.seals", "/seals", parley.DutyOfficer, parley.Planner, parley.LegalAdviser)
	add("nav.checks", "/checks", parley.DutyOfficer, parley.Planner, parley.LegalAdviser)
	add("nav.found", "/found", parley.DutyOfficer, parley.Planner, parley.LegalAdviser, parley.Verifier, parley.Releaser)
	add("nav.arrangements", "/arrangements", parley.DutyOfficer, parley.Planner, parley.LegalAdviser, parley.Notifier, parley.MovementLeader, parley.Verifier, parley.Releaser, parley.MonitorOfficer)
	add("nav.offers", "/offers", parley.DutyOfficer, parley.Planner, parley.LegalAdviser, parley.Notifier, parley.MovementLeader, parley.Verifier, parley.Releaser)
	add("nav.aid", "/aid", parley.Notifier, parley.MovementLeader, parley.Verifier, parley.Releaser)
	add("nav.stops", "/stops")
	add("nav.watch", "/watch", parley.DutyOfficer, parley.Verifier, parley.Releaser)
	add("nav.harms", "/harms")
	add("nav.incidents", "/incidents", inquirers...)
	add("nav.tasks", "/tasks", parley.DutyOfficer, parley.LegalAdviser, parley.Verifier, parley.Releaser, parley.Notifier)
	add("nav.liaison", "/liaison", parley.DutyOfficer, parley.Verifier, parley.Releaser)
	add("nav.screenings", "/screenings", parley.ScreeningOfficer, parley.Trustee)
	add("nav.told", "/told")
	add("nav.admin", "/admin", parley.Administrator, parley.Trustee)
}

// show writes a page.
func (c *call) show(f *frame) error { return c.showWith(http.StatusOK, f) }

func (c *call) showWith(status int, f *frame) error {
	t := c.tongue.pages[f.Page]
	if t == nil {
		return fmt.Errorf("no template %q", f.Page)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "frame", f); err != nil {
		return fmt.Errorf("couldn't make the page %s: %w", f.Page, err)
	}
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.w.Header().Set("Content-Language", c.lang)
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b.Bytes()) // a reader that has gone is no error of ours
	return nil
}

// redirect goes on to a page of this language.
func (c *call) redirect(path string) {
	u, err := url.Parse(path)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	http.Redirect(c.w, c.r, "/"+c.lang+u.RequestURI(), http.StatusSeeOther)
}

// trouble answers with a short page that says what is the matter.
func (c *call) trouble(status int, key string, values ...any) {
	f := c.frame("trouble", key, nil)
	f.Heading = c.say(key, values...)
	if err := c.showWith(status, f); err != nil {
		c.p.log.Error("couldn't show a page", "why", err)
	}
}

// fail answers an error that no form can show.
func (c *call) fail(err error) {
	var fault *parley.Fault
	switch {
	case errors.Is(err, errMissing):
		c.trouble(http.StatusNotFound, "trouble.not_found")
	case errors.Is(err, node.ErrFault), errors.Is(err, node.ErrClosed):
		http.Error(c.w, c.say("trouble.node"), http.StatusServiceUnavailable)
	case errors.As(err, &fault) && fault.Code == parley.CodeNotFound:
		c.trouble(http.StatusNotFound, "trouble.not_found")
	default:
		id := c.w.Header().Get("Request-Id")
		c.p.log.Error("couldn't answer a page", "id", id, "route", c.r.Pattern, "why", err)
		c.trouble(http.StatusInternalServerError, "trouble.internal", "id", id)
	}
}
