package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/channel"
	"parley/geo/notation"
	"parley/internal/draft"
	"parley/release"
)

// incidentNewPage is the form that puts an incident on record, or gives one a new version. It has no field for who did it.
type incidentNewPage struct {
	Of          parley.Versioned // the version that stands; zero for a new incident
	Form        map[string]string
	Ticked      map[string]bool
	Kinds       []parley.IncidentKind
	Precisions  []parley.PlacePrecision
	Categories  []parley.Category
	Damages     []parley.DamageGrade
	Services    []string
	Whats       []parley.TallyWhat
	Whos        []parley.TallyWho
	SourceKinds []parley.SourceKind
	Letters     []parley.Reliability
	Figures     []string
	Certainties []parley.Certainty
	Reasons     []parley.IncidentChange
	TallyRows   []int
	SourceRows  []int
	Chart       *chart
}

// On reports whether a box is ticked.
func (p *incidentNewPage) On(name, value string) bool { return p.Ticked[name+" "+value] }

// Row names a field of one of several rows.
func (p *incidentNewPage) Row(name string, n int) string { return name + "_" + strconv.Itoa(n) }

// How many rows a form offers beyond those that are filled, and at most.
const (
	spareRows = 2
	mostRows  = 40
)

// rowsOf counts the rows of a form: those that a field of the name fills, and some more.
func rowsOf(form map[string]string, names ...string) []int {
	last := -1
	for n := range mostRows {
		for _, name := range names {
			if form[name+"_"+strconv.Itoa(n)] != "" {
				last = n
			}
		}
	}
	rows := make([]int, min(last+1+spareRows, mostRows))
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func (c *call) incidentNew() error { return c.showIncidentNew(http.StatusOK, nil) }

func (c *call) showIncidentNew(status int, p *problem) error {
	page := &incidentNewPage{Form: c.typed(), Ticked: map[string]bool{}, Kinds: parley.IncidentKinds, Precisions: parley.PlacePrecisions, Categories: parley.Categories, Damages: parley.DamageGrades[1:], Services: parley.ServicesLost,
		Whats: parley.TallyWhats, Whos: parley.TallyWhos[1:], SourceKinds: parley.SourceKinds, Letters: parley.Reliabilities, Figures: figures, Certainties: parley.Certainties, Reasons: parley.IncidentChanges, Chart: c.newChart("map")}
	page.SourceKinds = slices.DeleteFunc(slices.Clone(page.SourceKinds), func(k parley.SourceKind) bool { return k == "data_set" }) // a set comes in by its import
	for name, values := range c.r.PostForm {
		for _, v := range values {
			page.Ticked[name+" "+v] = true
		}
	}
	if c.r.PathValue("ref") != "" {
		i, err := c.ownIncident()
		if err != nil {
			return err
		}
		page.Of = parley.Versioned{Ref: i.Ref, Version: i.Version}
		if c.r.Method == http.MethodGet {
			c.fillIncident(page, i)
		}
	} else if c.r.Method == http.MethodGet {
		for _, name := range []string{"harms", "objects"} {
			page.Form[name] = western(c.r.URL.Query().Get(name))
		}
	}
	page.TallyRows, page.SourceRows = rowsOf(page.Form, "what", "max"), rowsOf(page.Form, "source_name", "source_entry")
	page.Chart.Draw, page.Chart.For = "point", "place"
	page.Chart.done()
	key := "incident.new"
	if page.Of.Ref != "" {
		key = "incident.update"
	}
	f := c.frame("incident_new", key, page)
	f.Problem, f.Map, f.Dense = p, true, true
	return c.showWith(status, f)
}

// ownIncident is the incident that the address names, if the reader may give it a new version.
func (c *call) ownIncident() (i *release.Incident, err error) {
	if err = c.view(func(v *channel.Viewer) { i, _ = v.Incident(c.ref("ref")) }); err != nil {
		return nil, err
	}
	if i == nil || i.Sight != "whole" || i.Author != c.member.Account || i.Closed != "" {
		return nil, errMissing
	}
	return i, nil
}

// fillIncident puts what stands into the form.
func (c *call) fillIncident(page *incidentNewPage, i *release.Incident) {
	set := func(name string, value any) {
		if text := fmt.Sprint(value); text != "" && text != "0" {
			page.Form[name] = text
		}
	}
	set("kind", i.Kind)
	set("title", i.Title)
	set("narrative", i.Narrative)
	set("from", c.localStamp(i.From))
	set("to", c.localStamp(i.To))
	if i.Uncertain > 0 {
		set("uncertain", (i.Uncertain+parley.Minute-1)/parley.Minute)
	}
	if i.Place != nil {
		set("place", notation.FormatDD(i.Place.Shape.Points[0], 7))
	}
	set("precision", i.Precision)
	set("radius", i.Radius)
	set("admin", strings.Join(i.Admin, ", "))
	set("place_name", i.PlaceName)
	set("category", i.Category)
	set("damage", i.Damage)
	set("means", i.Means)
	for _, s := range i.Lost {
		page.Ticked["lost "+s] = true
	}
	for n, t := range i.Tallies {
		set(page.Row("what", n), t.What)
		set(page.Row("who", n), t.Who)
		page.Form[page.Row("min", n)], page.Form[page.Row("max", n)] = digits(t.Min), digits(t.Max)
		set(page.Row("best", n), t.Best)
	}
	set("objects", spaced(i.Objects))
	set("harms", spaced(i.Harms))
	for n, s := range i.Sources {
		set(page.Row("source_kind", n), s.Kind)
		set(page.Row("source_name", n), s.Name)
		set(page.Row("source_on", n), c.localStamp(s.On))
		set(page.Row("source_link", n), s.Link)
		set(page.Row("reliability", n), s.Reliability)
		set(page.Row("credibility", n), s.Credibility)
		set(page.Row("source_set", n), s.Set)
		set(page.Row("source_entry", n), s.Entry)
	}
	set("certainty", i.Certainty)
	if i.Restricted {
		page.Form["restricted"] = "yes"
	}
}

func spaced(refs []parley.Ref) string {
	words := make([]string, len(refs))
	for i, r := range refs {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func digits(n int32) string { return strconv.Itoa(int(n)) }

var incidentFields = map[string]string{"incident_kind": "kind", "from": "from", "to": "to", "uncertain": "uncertain", "place": "place", "precision": "precision", "radius": "radius",
	"admin": "admin", "category": "category", "tallies": "what_0", "damage": "damage", "lost": "lost", "objects": "objects", "harms": "harms", "sources": "source_kind_0",
	"certainty": "certainty", "of": "words", "words": "words", "reason": "reason"}

// incidentSays takes a new incident, or a new version of one.
func (c *call) incidentSays() error {
	f, d := c.form(), c.newDraft()
	again := func(p *problem) error { return c.showIncidentNew(http.StatusUnprocessableEntity, p) }
	incident := c.readIncident(f, d)
	var body parley.Body = &parley.IncidentRecord{Incident: incident}
	next := "/incidents/{ref}"
	if c.r.PathValue("ref") != "" {
		i, err := c.ownIncident()
		if err != nil {
			return err
		}
		b := &parley.IncidentUpdate{Of: parley.Versioned{Ref: i.Ref, Version: f.number("version", 1, 1<<20, i.Version)}, Incident: incident, Reason: choice(f, "reason", parley.IncidentChanges)}
		if f.required("words") != "" {
			b.Words = d.Text(f.long("words"))
		}
		body, next = b, "/incidents/"+string(i.Ref)
	}
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: next, again: again, plain: true, field: func(path string) string { return fieldIn(incidentFields, strings.TrimPrefix(path, "incident.")) }})
}

// readIncident reads the form.
func (c *call) readIncident(f *form, d *draft.Draft) parley.Incident {
	i := parley.Incident{IncidentKind: choice(f, "kind", parley.IncidentKinds), Title: d.Text(f.long("title")), Narrative: d.Text(f.long("narrative")), From: f.moment("from", true), To: f.moment("to", false),
		Uncertain: int64(f.number("uncertain", 0, 10*365*24*60, 0)) * parley.Minute, Precision: choice(f, "precision", parley.PlacePrecisions), Radius: int32(f.number("radius", 0, int(parley.MaxIncidentRadius), 0)),
		PlaceName: d.Text(f.long("place_name")), Lost: several(f, "lost", parley.ServicesLost), Means: d.Text(f.long("means")), Certainty: choice(f, "certainty", parley.Certainties), Restricted: f.has("restricted")}
	if i.To == 0 {
		i.To = i.From
	}
	i.Place = f.incidentPlace()
	for _, name := range strings.FieldsFunc(f.text("admin"), func(r rune) bool { return r == ',' || r == '،' }) {
		if name = strings.TrimSpace(name); name != "" {
			i.Admin = append(i.Admin, name)
		}
	}
	if f.has("category") {
		i.Category = choice(f, "category", parley.Categories)
	}
	if f.has("damage") {
		i.Damage = choice(f, "damage", parley.DamageGrades)
	}
	i.Objects, _ = f.objectsAndHarms("objects", false)
	_, i.Harms = f.objectsAndHarms("harms", false)
	for n := range mostRows {
		row := func(name string) string { return name + "_" + strconv.Itoa(n) }
		if f.has(row("what")) || f.has(row("max")) || f.has(row("min")) {
			i.Tallies = append(i.Tallies, f.tally(row))
		}
		if f.has(row("source_kind")) || f.has(row("source_name")) {
			i.Sources = append(i.Sources, f.source(d, row))
		}
	}
	if len(i.Sources) == 0 {
		f.wrong("source_kind_0", "wrong.no_source")
	}
	return i
}

// tally reads one count of people as a range: one figure is a range of one.
func (f *form) tally(row func(string) string) parley.Tally {
	const most = 10_000_000
	t := parley.Tally{What: choice(f, row("what"), parley.TallyWhats)}
	if f.has(row("who")) {
		t.Who = choice(f, row("who"), parley.TallyWhos)
	}
	if !f.has(row("min")) && !f.has(row("max")) {
		f.wrong(row("min"), "wrong.missing")
		return t
	}
	t.Min = int32(f.number(row("min"), 0, most, f.number(row("max"), 0, most, 0)))
	t.Max = int32(f.number(row("max"), 0, most, int(t.Min)))
	t.Best = int32(f.number(row("best"), 0, most, 0))
	if t.Max < t.Min {
		f.wrong(row("max"), "wrong.number", "read", digits(t.Max), "least", t.Min, "most", most)
	}
	return t
}

// source reads one source with its grade.
func (f *form) source(d draftText, row func(string) string) parley.Source {
	s := parley.Source{SourceKind: choice(f, row("source_kind"), parley.SourceKinds), Name: d.Text(f.long(row("source_name"))), On: f.moment(row("source_on"), false), Link: d.Text(f.long(row("source_link"))),
		Reliability: choice(f, row("reliability"), parley.Reliabilities), Set: f.text(row("source_set")), Entry: f.text(row("source_entry"))}
	if figure := choice(f, row("credibility"), figures); figure != "" {
		s.Credibility = parley.Credibility(figure[0] - '0')
	}
	if s.Set == "" {
		f.required(row("source_name"))
	}
	return s
}
