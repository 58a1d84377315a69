package web

import (
	"html/template"
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// foundSitesPage is the places that a party came upon and reported, with the form for one; the desk sees every party's.
type foundSitesPage struct {
	Items       []release.FoundSite
	Reports     bool // the reader may report one
	Form        map[string]string
	Categories  []parley.Category
	Methods     []parley.Method
	Occupancies []parley.Occupancy
	Markings    []parley.Marking
	Asked       []parley.Asked
	Findings    []parley.Finding
	Desk        bool
	Accounts    []parley.Ref
	Channels    []parley.Channel
	Now         string
	boxes
}

// boxes says which boxes of a form were ticked.
type boxes map[string][]string

// On reports whether a box is ticked.
func (b boxes) On(name, value string) bool { return slices.Contains(b[name], value) }

// V returns what was typed into a field.
func (b boxes) V(name string) string {
	if len(b[name]) == 0 {
		return ""
	}
	return b[name][0]
}

func (c *call) foundSites() error { return c.showFoundSites(http.StatusOK, nil) }

func (c *call) showFoundSites(status int, p *problem) error {
	page := &foundSitesPage{Form: c.typed(), Reports: c.member.Has(parley.DutyOfficer) || c.speaksForOthers(), Categories: parley.Categories, Methods: methods, Occupancies: parley.Occupancies, Markings: markings,
		Asked: parley.AskedAnswers, Desk: c.speaksForOthers(), Channels: toldBy, Now: c.local(c.p.node.Now()), boxes: boxes(c.r.PostForm), Findings: findingsIn(p)}
	if err := c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			var list []release.FoundSite
			list, from = v.FoundSites(from, 500)
			page.Items = append(page.Items, list...)
		}
	}); err != nil {
		return err
	}
	slices.Reverse(page.Items)
	if page.Desk {
		var err error
		if page.Accounts, err = c.accounts(); err != nil {
			return err
		}
		page.Accounts = slices.DeleteFunc(page.Accounts, func(r parley.Ref) bool { return r.Kind() != parley.RefParty })
	}
	f := c.frame("found_sites", "nav.found", page)
	f.Problem = p
	return c.showWith(status, f)
}

// foundWaiting counts the reports that the desk has not looked at.
func (c *call) foundWaiting() (n int, err error) {
	err = c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			var list []release.FoundSite
			list, from = v.FoundSites(from, 500)
			for _, r := range list {
				if r.State == string(parley.FoundWaits) {
					n++
				}
			}
		}
	})
	return n, err
}

// findingsIn returns the doubts that a problem asks a person to answer.
func findingsIn(p *problem) (fs []parley.Finding) {
	if p == nil {
		return nil
	}
	for _, known := range parley.Findings {
		if slices.ContainsFunc(p.Errors, func(e fieldError) bool { return e.Field == "finding_"+string(known) }) {
			fs = append(fs, known)
		}
	}
	return fs
}

// FoundState says how far a report has come.
func (f *frame) FoundState(state string) template.HTML {
	look := "informed"
	if state == string(parley.FoundWaits) {
		look = "waiting"
	}
	return f.c.tongue.status(look, "found_state."+state)
}

// foundFields are the form's fields by the paths of a report's body.
var foundFields = map[string]string{"category": "category", "shape": "place", "obtained": "accuracy", "occupancy": "occupancy", "asked": "asked", "on_behalf": "b_of"}

// foundSays takes a report of a found place.
func (c *call) foundSays() error {
	f, d := c.form(), c.newDraft()
	d.OnBehalf = c.behalf(f, "b", c.member.Account == parley.Desk)
	b := &parley.SiteFound{Category: choice(f, "category", parley.Categories), Occupancy: choice(f, "occupancy", parley.Occupancies), Markings: several(f, "markings", markings), Asked: choice(f, "asked", parley.AskedAnswers),
		Words: d.Text(f.long("words")), Operator: d.Text(f.text("operator")), Phone: d.Text(western(f.text("phone"))), Findings: f.answered(d)}
	if read, ok := f.position("place"); ok {
		b.Shape = pointShape(read.Position)
		b.Obtained = parley.Obtained{Notation: string(read.Notation), Written: d.Text(read.Written)}
	}
	b.Obtained.Method, b.Obtained.Accuracy = choice(f, "obtained", methods), int32(f.number("accuracy", 1, 100_000, 0))
	if !f.has("accuracy") {
		f.wrong("accuracy", "wrong.missing")
	}
	again := func(p *problem) error { return c.showFoundSites(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/found/{ref}", again: again, field: func(path string) string { return fieldIn(foundFields, path) }})
}

// foundSitePage is one report, and for the desk what it does about it: the site that it keeps, and to whom it hands it.
type foundSitePage struct {
	Found         *release.FoundSite
	Kept          *release.File // the site that the desk keeps for it
	Newest        *release.Object
	Form          map[string]string
	Path          string
	Desk, Own     bool
	Adopts        bool // the desk may state the site, the first time or anew
	Parties       []release.Account
	Organisations []parley.Ref
	Held          []heldDraft
	Reasons       []parley.FoundReason
	Asked         []parley.Asked
	Sensitivities []parley.Sensitivity
	Fields        []parley.Field
	Methods       []parley.Method
	Occupancies   []parley.Occupancy
	Categories    []parley.Category
	Markings      []parley.Marking
	Findings      []parley.Finding
	Chart         *chart
	boxes
}

// Try reports whether a form was sent and came back.
func (p *foundSitePage) Try(act string) bool { return p.Form["act"] == act }

func (c *call) foundSite() error { return c.showFoundSite(http.StatusOK, nil) }

func (c *call) showFoundSite(status int, p *problem) error {
	page, err := c.foundPage()
	if err != nil {
		return err
	}
	page.Findings = findingsIn(p)
	if c.r.Method == http.MethodGet {
		page.fill(c)
	}
	f := c.frame("found_site", "found.title", page)
	f.Problem, f.Map = p, true
	return c.showWith(status, f)
}

func (c *call) foundPage() (*foundSitePage, error) {
	page := &foundSitePage{Form: c.typed(), Desk: c.speaksForOthers(), Reasons: parley.FoundReasons, Asked: parley.AskedAnswers, Sensitivities: sensitivities, Fields: []parley.Field{parley.FieldName, parley.FieldAddress},
		Methods: methods, Occupancies: parley.Occupancies, Categories: parley.Categories, Markings: markings, boxes: boxes(c.r.PostForm)}
	if err := c.view(func(v *channel.Viewer) {
		if page.Found, _ = v.FoundSite(c.ref("ref")); page.Found == nil {
			return
		}
		if file, ok := v.Object(page.Found.Site); ok && file.Kept != nil && file.Kept.Found == page.Found.Ref {
			page.Kept, page.Newest = file, &file.Versions[len(file.Versions)-1]
		}
	}); err != nil {
		return nil, err
	}
	if page.Found == nil {
		return nil, errMissing
	}
	page.Path = "/" + c.lang + "/found/" + string(page.Found.Ref)
	waits := page.Found.State == string(parley.FoundWaits)
	page.Own = c.member.Has(parley.DutyOfficer) && waits && !page.Desk
	page.Adopts = page.Desk && (waits || page.Kept != nil && page.Kept.Owner == parley.Desk && page.Kept.State != string(parley.Withdrawn))
	page.Chart = c.newChart("map")
	page.Chart.add(page.Found.Geometry.Shape, c.theatre.Profile.KeepOut, properties{Kind: "site", Status: "waiting", Category: page.Found.Category, Label: c.say("category." + page.Found.Category)})
	page.Chart.done(page.Found.Geometry.Shape)
	if !page.Desk {
		return page, nil
	}
	var err error
	if page.Parties, err = c.parties(); err != nil {
		return nil, err
	}
	all, err := c.accounts()
	page.Organisations = slices.DeleteFunc(all, func(r parley.Ref) bool { return r.Kind() != parley.RefOrganisation })
	for _, d := range c.heldOf("site.hand") {
		if page.Kept != nil && d.About == page.Found.Ref {
			page.Held = append(page.Held, d)
		}
	}
	return page, err
}

// stands is the site as it stands: the version that the desk keeps, or else as the report has it.
func (p *foundSitePage) stands() *release.Object {
	if p.Newest != nil {
		return p.Newest
	}
	r := p.Found
	return &release.Object{Category: r.Category, Geometry: r.Geometry, Obtained: r.Method, Accuracy: r.Accuracy, Occupancy: r.Occupancy, Markings: r.Markings, Contact: r.Phone, Private: &release.Private{Operator: r.Operator, Sensitivity: parley.High}}
}

// fill puts what is known into the form by which the desk states the site: the report, or the version that stands.
func (p *foundSitePage) fill(c *call) {
	r := p.Found
	o, asked := p.stands(), r.Asked
	if p.Kept != nil {
		asked = p.Kept.Kept.Asked
	}
	v := c.siteValues(o)
	v.Del("from") // the day, never the hour
	v.Set("asked", string(asked))
	v.Set("phone", o.Contact)
	if pos, ok := anchor(o); ok {
		v.Set("place", lettered(pos))
	}
	for name := range v {
		p.Form[name] = v.Get(name)
	}
	p.boxes = boxes(v)
}
