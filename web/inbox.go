package web

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// inboxPage is what waits for a party's duty officer: unanswered first, by deadline; stops above all.
type inboxPage struct {
	Stops   []release.Stop
	Waiting []held
	Read    []release.Area // to be read back
	Recalls []held
	Asked   []release.Arrangement // put before the reader's party, without its word
	Offers  []release.Offer       // made to it, without its answer
	Else    []card                // what waits on other pages
	Done    int
	Head    parley.ListHead
}

// Quiet reports whether nothing at all waits, here or on another page.
func (p *inboxPage) Quiet() bool {
	return len(p.Stops)+len(p.Waiting)+len(p.Read)+len(p.Recalls)+len(p.Asked)+len(p.Offers)+len(p.Else) == 0
}

// held is one object in a party's hands.
type held struct {
	Sum    release.Summary
	Newest release.Object
	Mine   *release.Holding
	Before int // version acknowledged before, 0 none
}

func (c *call) inbox() error {
	page := &inboxPage{}
	if err := c.view(func(v *channel.Viewer) {
		page.Stops, _ = v.Stops(0, 500)
		areas, _ := v.Areas(0, 500)
		for _, a := range areas {
			if a.Party != c.member.Account && a.Geometry != nil && a.State != string(parley.AreaEnded) && !slices.ContainsFunc(a.ReadBacks, func(r release.ReadBack) bool {
				return r.Party == c.member.Account && r.Right && r.Version == a.Version
			}) {
				page.Read = append(page.Read, a)
			}
		}
		page.Head, _, _ = v.List(0, 1)
		page.Asked, page.Offers = v.Awaited()
	}); err != nil {
		return err
	}
	page.Stops = slices.DeleteFunc(c.spooled(page.Stops), standsDown)
	if err := c.eachObject(page.take); err != nil {
		return err
	}
	var err error
	if page.Else, err = c.waitsElsewhere(); err != nil {
		return err
	}
	slices.SortStableFunc(page.Waiting, func(a, b held) int { return cmp.Compare(a.Mine.Due, b.Mine.Due) })
	f := c.frame("inbox", "nav.inbox", page)
	f.Dense = true
	return c.show(f)
}

// waitsElsewhere counts what waits for a word of the reader's party on other pages, leaving out what does not.
func (c *call) waitsElsewhere() ([]card, error) {
	var tasks, entries, indications, presence int
	if err := c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			var list []release.Correction
			list, from = v.Corrections(from, 500)
			for _, t := range list {
				if t.Party == c.member.Account && t.State != string(parley.CorrectionAnswered) && t.State != string(parley.CorrectionClosed) {
					tasks++
				}
			}
		}
		for from := 0; from >= 0; {
			var list []release.Entered
			list, from = v.Entries(from, 500)
			for _, e := range list {
				if e.Due != "" && e.Confirmed == "" && e.Disowned == "" {
					entries++
				}
			}
		}
		checks, _ := v.Checks(0, 500)
		for _, check := range checks {
			for _, i := range check.Indications {
				if i.State == string(parley.IndicationOpen) {
					indications++
				}
			}
		}
		arrangements, _ := v.Arrangements(0, 500)
		for _, a := range arrangements {
			for _, e := range a.Events {
				for _, w := range e.Asked {
					if w.Party == c.member.Account && w.Answer == "" {
						presence++
					}
				}
			}
		}
	}); err != nil {
		return nil, err
	}
	responses, err := c.responsesAsked()
	return slices.DeleteFunc([]card{{"inbox.tasks", tasks, "/tasks", "waiting"}, {"inbox.entries", entries, "/entries", "waiting"}, {"home.indications", indications, "/checks", "disputed"},
		{"inbox.presence", presence, "/arrangements", "waiting"}, {"home.responses", responses, "/incidents", "waiting"}}, func(c card) bool { return c.N == 0 }), err
}

// take puts an object where the page shows it: recalled, waiting, or done.
func (p *inboxPage) take(v *channel.Viewer, s release.Summary) {
	file, ok := v.Object(s.Ref)
	if !ok {
		return
	}
	h := held{Sum: s}
	for i := range file.Holdings {
		own := &file.Holdings[i]
		if own.Acknowledged != "" {
			h.Before = max(h.Before, own.Version)
		}
		if h.Mine == nil || own.Version > h.Mine.Version {
			h.Mine = own
		}
	}
	if h.Mine == nil {
		return
	}
	if len(file.Versions) > 0 {
		h.Newest = file.Versions[len(file.Versions)-1]
	}
	switch {
	case h.Mine.Recalled != "" && h.Mine.Deleted == "":
		p.Recalls = append(p.Recalls, h)
	case h.Mine.Acknowledged == "" && h.Mine.Recalled == "":
		p.Waiting = append(p.Waiting, h)
	default:
		p.Done++
	}
}

// listPage is a party's list, as it stands, with its head.
type listPage struct {
	Head    parley.ListHead
	Entries []release.ListEntry
	Next    int
	Chart   *chart
}

func (c *call) list() error {
	page := &listPage{Next: -1}
	from := c.form0("from")
	if err := c.view(func(v *channel.Viewer) { page.Head, page.Entries, page.Next = v.List(from, 200) }); err != nil {
		return err
	}
	page.Chart = c.newChart("map")
	var shapes []geo.Shape
	for i := range page.Entries {
		e := &page.Entries[i]
		status := "informed"
		if e.State == string(parley.Acknowledged) {
			status = "acknowledged"
		}
		c.draw(page.Chart, &e.Object, status, "/"+c.lang+"/list/"+string(e.Of.Ref))
		shapes = append(shapes, e.Object.Geometry.Shape)
	}
	page.Chart.done(shapes...)
	f := c.frame("list", "nav.list", page)
	f.Dense, f.Map = true, true
	return c.show(f)
}

// entryPage is one object in a party's hands: what was told, what changed, and the read-back.
type entryPage struct {
	*recordPage
	Holding *release.Holding
	Changes []change
	Levels  []parley.Echelon
	Reasons []parley.DisputeReason
}

// change is a field that differs from the version acknowledged before.
type change struct {
	Key         string
	Before, Now template.HTML
}

var echelons = []parley.Echelon{parley.Headquarters, parley.OperationsRoom, parley.Unit}

func (c *call) entry() error { return c.showEntry(http.StatusOK, nil) }

func (c *call) showEntry(status int, p *problem) error {
	record, err := c.record(c.ref("ref"))
	if err != nil {
		return err
	}
	page := &entryPage{recordPage: record, Levels: echelons, Reasons: disputeReasons}
	before := 0
	for i := range record.File.Holdings {
		h := &record.File.Holdings[i]
		if h.Version == record.Newest.Version {
			page.Holding = h
		} else if h.Acknowledged != "" {
			before = max(before, h.Version)
		}
	}
	f := c.frame("entry", "entry.title", page)
	for i := range record.Earlier {
		if record.Earlier[i].Version == before {
			page.Changes = f.changes(&record.Earlier[i], &record.Newest)
		}
	}
	f.Heading, f.Problem, f.Map, f.Dense = c.nameOf(&record.Newest), p, true, true
	return c.showWith(status, f)
}

// changes names the fields that differ between two versions, as a reader sees them, in the reader's words.
func (f *frame) changes(a, b *release.Object) []change {
	var out []change
	add := func(key string, before, now template.HTML) {
		if before != now {
			out = append(out, change{key, before, now})
		}
	}
	text := func(s string) template.HTML { return template.HTML("<bdi>" + template.HTMLEscapeString(s) + "</bdi>") }
	number := func(n int32, unit string) template.HTML {
		return ident("number", strings.TrimSpace(fmt.Sprint(n, " ", unit)))
	}
	place := func(o *release.Object) template.HTML {
		if p, ok := anchor(o); ok {
			return ident("coordinate", lettered(p))
		}
		return ""
	}
	add("field.place", place(a), place(b))
	if place(a) == place(b) && !sameShape(a.Geometry.Shape, b.Geometry.Shape) {
		out = append(out, change{"field.route", text(f.c.say("entry.route_before")), text(f.c.say("entry.route_now"))})
	}
	add("field.category", text(f.c.category(a)), text(f.c.category(b)))
	add("field.name", text(f.c.nameOf(a)), text(f.c.nameOf(b)))
	add("field.from", f.When(a.From), f.When(b.From))
	add("field.until", f.When(a.Until), f.When(b.Until))
	add("field.keep_out", number(a.KeepOut, "m"), number(b.KeepOut, "m"))
	add("field.occupancy", text(f.Word("occupancy", a.Occupancy)), text(f.Word("occupancy", b.Occupancy)))
	add("field.escort", text(f.Word("answer", a.Escort)), text(f.Word("answer", b.Escort)))
	add("field.vehicles", number(a.Vehicles, ""), number(b.Vehicles, ""))
	add("field.persons", number(a.Persons, ""), number(b.Persons, ""))
	add("field.contact", ident("phone", a.Contact), ident("phone", b.Contact))
	return out
}

// sameShape compares two geometries by their GeoJSON.
func sameShape(a, b geo.Shape) bool {
	one, errOne := a.GeoJSON()
	other, errOther := b.GeoJSON()
	return errOne == nil && errOther == nil && bytes.Equal(one, other)
}

var disputeReasons = []parley.DisputeReason{parley.WrongPlace, parley.WrongCategory, parley.NotThere, parley.MilitaryNear, parley.OtherDispute}

// entrySays takes what a party says about an object in its hands.
func (c *call) entrySays() error {
	page, err := c.record(c.ref("ref"))
	if err != nil {
		return err
	}
	f, d := c.form(), c.newDraft()
	of := parley.Versioned{Ref: page.File.Ref, Version: page.Newest.Version}
	next := "/list/" + string(of.Ref)
	var body parley.Body
	switch f.text("act") {
	case "acknowledge": // the version that was read, though a newer one may stand by now
		if n := f.number("version", 1, 1<<20, of.Version); n != of.Version {
			of.Version = n
		}
		r, ok := f.position("read_back")
		if ok {
			body = &parley.ObjectAcknowledge{Of: of, ReadBack: r.Position}
		}
		next = "/inbox"
	case "dispute":
		body = &parley.ObjectDispute{Of: of, Reason: choice(f, "reason", disputeReasons), Words: d.Text(f.long("words"))}
	case "query":
		body = &parley.ObjectQuery{Of: of, Field: f.required("field"), Question: d.Text(f.required("question"))}
	case "disseminate":
		b := &parley.ObjectDissemination{Of: of, Echelon: choice(f, "echelon", echelons), Level: d.Text(f.text("level"))}
		if err := c.view(func(v *channel.Viewer) {
			if head, _, _ := v.List(0, 1); f.has("current") {
				b.Head = &head
			}
		}); err != nil {
			return err
		}
		body = b
	case "contact":
		body = c.contactBody(f, d, of.Ref)
		next = "/list/" + string(of.Ref)
	case "deleted":
		body = &parley.RecallConfirm{Of: parley.Versioned{Ref: of.Ref, Version: f.number("version", 1, 1<<20, of.Version)}}
		next = "/inbox"
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showEntry(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: next, again: again})
}
