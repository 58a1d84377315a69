package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/geo"
	"parley/geo/notation"
	"parley/internal/draft"
	"parley/release"
)

// arrangePage is the form that states an arrangement, or gives it a new version: stated as a whole, asked anew.
type arrangePage struct {
	Kind     string
	Of       parley.Versioned
	Imposed  bool
	Form     map[string]string
	Ticked   map[string]bool // name and value of boxes
	Chart    *chart
	Shapes   []string
	Parties  []release.Account
	Vouchers []parley.Ref
	Pauses   []parley.Ref
	Desk     bool
	Accounts []parley.Ref
	Channels []parley.Channel

	LineKinds  []parley.LineKind
	Bases      []parley.Basis
	Users      []parley.CorridorUser
	Directions []parley.Direction
	Means      []string
	Hazards    []string
	Answers    []parley.Answer
	HourRows   []int
	WaterRows  []int
	HazardRows []int
	PointRows  []int
}

// On reports whether a box is ticked.
func (p *arrangePage) On(name string, value any) bool { return p.Ticked[name+" "+fmt.Sprint(value)] }

var (
	directions = []parley.Direction{parley.BothWays, parley.Along, parley.Against}
	// evacuationAnswers are the safeguards against being made to leave, in the order of the form.
	evacuationAnswers = []string{"voluntary", "destination", "remain", "return", "family_unity"}
	shapesOf          = map[string][]string{"line": {"line"}, "zone": {"polygon", "circle"}, "corridor": {"line", "polygon"}, "pause": {"polygon", "circle"}}
)

// Questions are the five answers of an evacuation.
func (p *arrangePage) Questions() []string { return evacuationAnswers }

// arrangeKind is the kind that the address names, "" when the reader may not state it.
func (c *call) arrangeKind() string {
	kind := c.r.PathValue("kind")
	if !slices.Contains(c.mayArrange(), kind) {
		return ""
	}
	return kind
}

func (c *call) arrange() error { return c.showArrange(http.StatusOK, nil) }

// showArrange shows the form, empty, as it was sent, or filled with the version that stands.
func (c *call) showArrange(status int, p *problem) error {
	page := &arrangePage{Kind: c.arrangeKind(), Form: c.typed(), Ticked: map[string]bool{}, Chart: c.newChart("map"), Desk: c.speaksForOthers(), Channels: toldBy, LineKinds: parley.LineKinds, Bases: parley.Bases,
		Users: parley.CorridorUsers, Directions: directions, Means: parley.CrossingMeans, Hazards: parley.Hazards, Answers: answers}
	for name, values := range c.r.PostForm {
		for _, v := range values {
			page.Ticked[name+" "+v] = true
		}
	}
	if c.r.PathValue("ref") != "" {
		a, err := c.amendable()
		if err != nil {
			return err
		}
		page.Kind, page.Of, page.Imposed = a.Kind, parley.Versioned{Ref: a.Ref, Version: a.Version}, a.Imposed
		if c.r.Method == http.MethodGet {
			c.fillArrange(page, a)
		}
		c.drawArrangement(page.Chart, a, "")
		page.Chart.done(around(a)...)
	} else {
		page.Chart.done()
	}
	if page.Kind == "" {
		return errMissing
	}
	page.Shapes = shapesOf[page.Kind]
	if c.r.Method == http.MethodGet && page.Of.Ref == "" {
		page.Form["from"] = c.local(c.p.node.Now() + parley.Hour - c.p.node.Now()%parley.Hour)
	}
	if page.Form["shape_kind"] == "" {
		page.Form["shape_kind"] = page.Shapes[0]
	}
	page.Chart.Draw, page.Chart.For, page.Chart.Kind = page.Shapes[0], "shape", "shape_kind"
	page.HourRows, page.WaterRows, page.HazardRows, page.PointRows = page.rows("hours_from"), page.rows("water_place"), page.rows("hazard_place"), page.rows("point_place")
	var err error
	if page.Parties, err = c.parties(); err != nil {
		return err
	}
	for _, a := range page.Parties {
		page.Vouchers = append(page.Vouchers, a.Ref)
	}
	page.Parties = slices.DeleteFunc(page.Parties, func(a release.Account) bool { return a.Ref == c.member.Account })
	switch {
	case c.member.Account.Kind() == parley.RefOrganisation:
		page.Vouchers = append(page.Vouchers, c.member.Account)
	case page.Desk:
		if page.Accounts, err = c.accounts(); err != nil {
			return err
		}
		page.Vouchers = page.Accounts
	}
	if page.Kind == "corridor" {
		if err := c.eachArrangement(func(a *release.Arrangement) {
			if a.Kind == "pause" && a.State != string(parley.ArrangementEnded) {
				page.Pauses = append(page.Pauses, a.Ref)
			}
		}); err != nil {
			return err
		}
	}
	key := "arrange_new." + page.Kind
	if page.Of.Ref != "" {
		key = "arrange.amend"
	}
	f := c.frame("arrange", key, page)
	f.Dense, f.Map, f.Problem = true, true, p
	return c.showWith(status, f)
}

// rows are the numbers of the rows of a table of fields: those that are filled, and two more.
func (p *arrangePage) rows(field string) (rows []int) {
	last := -1
	for name, v := range p.Form {
		var n int
		if rest, ok := strings.CutPrefix(name, field+"_"); ok && v != "" {
			if _, err := fmt.Sscanf(rest, "%d", &n); err == nil && n < maxRows {
				last = max(last, n)
			}
		}
	}
	for i := 0; i <= min(last+2, maxRows-1); i++ {
		rows = append(rows, i)
	}
	return rows
}

// maxRows bounds the rows of one table of fields: longer plans come by command line or API.
const maxRows = 64

// amendable returns the arrangement of the address, when it has not ended and the reader's account proposed it, or the reader may enter what
// its proposer told the desk.
func (c *call) amendable() (*release.Arrangement, error) {
	a, err := c.arrangementOf()
	if err != nil {
		return nil, err
	}
	if a.Proposer != c.member.Account && !c.speaksForOthers() || a.State == string(parley.ArrangementEnded) || !c.member.Has(parley.DutyOfficer, parley.Notifier, parley.Verifier, parley.Releaser) {
		return nil, errMissing
	}
	return a, nil
}

// fillArrange writes the version that stands into the fields.
func (c *call) fillArrange(page *arrangePage, a *release.Arrangement) {
	put := func(name, value string) { page.Form[name] = value }
	tick := func(name string, value any) { page.Ticked[name+" "+fmt.Sprint(value)] = true }
	if a.Proposer != c.member.Account {
		put("b_of", string(a.Proposer))
	}
	put("shape", linesOf(a.Geometry.Shape))
	switch a.Geometry.Shape.Kind {
	case geo.Point:
		put("shape_kind", "circle")
	case geo.LineString, geo.MultiLineString:
		put("shape_kind", "line")
	default:
		put("shape_kind", "polygon")
	}
	if a.Radius > 0 {
		put("radius", fmt.Sprint(a.Radius))
	}
	put("from", c.localStamp(a.From))
	put("until", c.localStamp(a.To))
	put("text", a.Text)
	for _, n := range a.Names {
		put("name_"+n.Language, n.Name)
	}
	for _, r := range a.Consents {
		if r.Status != parley.ConsentNotTold {
			tick("to", r.Party)
		}
	}
	if a.Published {
		tick("published", "yes")
	}
	for _, u := range a.Users {
		tick("users", u)
	}
	if l := a.Line; l != nil {
		put("line_kind", string(l.Kind))
		put("basis", string(l.Basis))
	}
	k := a.Corridor
	if k == nil {
		return
	}
	put("direction", string(k.Direction))
	zone := zoneOf(c.theatre.Profile.Zone)
	from, _ := time.Parse(time.RFC3339, a.From)
	for i, h := range k.Hours {
		day := from.UTC().Truncate(24 * time.Hour)
		put(fmt.Sprintf("hours_from_%d", i), day.Add(time.Duration(h.From)*time.Minute).In(zone).Format("15:04"))
		put(fmt.Sprintf("hours_to_%d", i), day.Add(time.Duration(h.To)*time.Minute).In(zone).Format("15:04"))
	}
	at := func(p release.CorridorPoint) string { return notation.FormatDD(p.Place.Shape.Bounds().Center(), 7) }
	for i, w := range k.Crossings {
		put(fmt.Sprintf("water_means_%d", i), w.Kind)
		put(fmt.Sprintf("water_place_%d", i), at(w))
		put(fmt.Sprintf("water_words_%d", i), w.Words)
	}
	for i, h := range k.Hazards {
		put(fmt.Sprintf("hazard_kind_%d", i), h.Kind)
		put(fmt.Sprintf("hazard_place_%d", i), at(h))
		put(fmt.Sprintf("hazard_words_%d", i), h.Words)
	}
	for _, g := range k.Guarantors {
		tick("guarantors", g)
	}
	put("inspection", k.Inspection)
	if k.Capacity > 0 {
		put("capacity", fmt.Sprint(k.Capacity))
	}
	put("pause", string(k.Pause))
	e := k.Evacuation
	if e == nil {
		return
	}
	put("evacuation", "yes")
	for i, answer := range []parley.Answer{e.Voluntary, e.Destination, e.Remain, e.Return, e.Family} {
		put(evacuationAnswers[i], string(answer))
	}
	put("accompanied", e.Accompanied)
	for i, p := range e.Points {
		put(fmt.Sprintf("point_place_%d", i), at(p))
		put(fmt.Sprintf("point_capacity_%d", i), fmt.Sprint(p.Capacity))
		put(fmt.Sprintf("point_words_%d", i), p.Words)
	}
}

// arrangeSays takes the form.
func (c *call) arrangeSays() error {
	kind, of := c.arrangeKind(), parley.Versioned{}
	var stands *release.Arrangement
	if c.r.PathValue("ref") != "" {
		var err error
		if stands, err = c.amendable(); err != nil {
			return err
		}
		kind = stands.Kind
	}
	if kind == "" {
		return errMissing
	}
	f, d := c.form(), c.newDraft()
	if stands != nil {
		of = parley.Versioned{Ref: stands.Ref, Version: f.number("version", 1, 1<<20, stands.Version)}
	}
	d.OnBehalf = c.behalf(f, "b", kind == "line" || kind == "zone" || stands != nil && stands.Proposer != c.member.Account)
	terms := c.terms(f, d, kind, stands)
	var body parley.Body
	switch kind {
	case "line", "zone":
		line := parley.Line{Terms: terms, LineKind: choice(f, "line_kind", parley.LineKinds), Basis: choice(f, "basis", parley.Bases)}
		line.Terms.Published = f.has("published")
		body = lineBody(kind, of, line, f.text("impose") == "impose")
	case "corridor":
		k := c.corridorTerms(f, d, terms)
		body = &parley.CorridorPropose{Corridor: k}
		if stands != nil {
			body = &parley.CorridorAmend{Of: of, Corridor: k}
		}
	default:
		pause := parley.Pause{Terms: terms, Users: several(f, "users", parley.CorridorUsers)}
		if len(pause.Users) == 0 {
			f.wrong("users", "wrong.choose")
		}
		if terms.Window.To == geo.Forever {
			f.wrong("until", "wrong.pause_ends")
		}
		body = &parley.PausePropose{Pause: pause}
		if stands != nil {
			body = &parley.PauseAmend{Of: of, Pause: pause}
		}
	}
	again := func(p *problem) error { return c.showArrange(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/arrangements/{ref}", again: again, plain: true, field: arrangeField})
}

// lineBody is the command that states a line or zone, or gives it a new version.
func lineBody(kind string, of parley.Versioned, line parley.Line, imposed bool) parley.Body {
	zone := kind == "zone"
	switch {
	case of.Ref != "" && zone:
		return &parley.ZoneAmend{Of: of, Line: line}
	case of.Ref != "":
		return &parley.LineAmend{Of: of, Line: line}
	case zone && imposed:
		return &parley.ZoneImpose{Line: line}
	case zone:
		return &parley.ZonePropose{Line: line}
	case imposed:
		return &parley.LineImpose{Line: line}
	}
	return &parley.LinePropose{Line: line}
}

// arrangeField finds the form's field for a path of an arrangement.
func arrangeField(path string) string {
	for _, begin := range []string{"line.", "corridor.", "pause."} {
		path = strings.TrimPrefix(path, begin)
	}
	return fieldIn(map[string]string{"terms.shape": "shape", "terms.radius": "radius", "terms.window.from": "from", "terms.window": "until", "terms.addressees": "to", "terms.names": "name_ar", "terms.text": "text",
		"line_kind": "line_kind", "basis": "basis", "direction": "direction", "hours": "hours_from_0", "users": "users", "crossings": "water_place_0", "hazards": "hazard_place_0", "guarantors": "guarantors",
		"capacity": "capacity", "pause": "pause", "evacuation": "voluntary", "on_behalf": "b_of", "of": "shape"}, strings.TrimPrefix(path, "terms.terms."))
}

// terms reads what every arrangement has. A shape that was not touched stays what it was, to the last digit.
func (c *call) terms(f *form, d *draft.Draft, kind string, stands *release.Arrangement) parley.Terms {
	t := parley.Terms{Window: geo.Window{From: f.moment("from", true), To: f.moment("until", false)}, Radius: int32(f.number("radius", 0, parley.MaxRadius, 0)), Text: d.Text(f.long("text"))}
	if t.Window.To == 0 {
		t.Window.To = geo.Forever
	}
	if t.Window.From != 0 && t.Window.To <= t.Window.From {
		f.wrong("until", "wrong.order")
	}
	shape := f.text("shape_kind")
	if !slices.Contains(shapesOf[kind], shape) {
		f.wrong("shape_kind", "wrong.choose")
	}
	switch {
	case stands != nil && (f.text("shape") == "" || sameLines(f.text("shape"), linesOf(stands.Geometry.Shape))):
		t.Shape = stands.Geometry.Shape
	case shape == "circle":
		points, ok := f.positions("shape")
		if ok && len(points) != 1 {
			f.wrong("shape", "wrong.one_position")
		} else if ok {
			t.Shape = pointShape(points[0])
		}
	default:
		t.Shape, _ = f.shape("shape_kind", "shape", "radius")
	}
	if t.Shape.Kind == geo.Point && t.Radius == 0 {
		f.wrong("radius", "wrong.missing")
	}
	var fault *geo.Fault
	if errors.As(t.Shape.Simple(), &fault) {
		f.wrong("shape", "wrong.touches_itself", "read", "\u2066"+fault.Read+"\u2069")
	}
	for _, lang := range Languages {
		if name := f.long("name_" + lang); name != "" {
			t.Names = append(t.Names, parley.LocalName{Language: lang, Name: d.Text(name)})
		}
	}
	for _, to := range f.values["to"] {
		t.Addressees = append(t.Addressees, parley.Ref(to))
	}
	if len(t.Addressees) == 0 {
		f.wrong("to", "wrong.addressees")
	}
	return t
}

// sameLines compares positions as they stand in a field: browsers send other ends of lines.
func sameLines(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}
