package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// recorders may put incidents and claims on record, grade them and ask parties.
var recorders = []parley.Role{parley.MonitorOfficer, parley.Verifier, parley.Releaser}

// incidentsPage lists what the reader may see of incidents, the newest first.
type incidentsPage struct {
	Items       []release.Incident
	Kind, State string
	Kinds       []parley.IncidentKind
	States      []parley.State
	More        int
}

func (c *call) incidents() error {
	const some = 50
	q := c.r.URL.Query()
	page := &incidentsPage{Kind: q.Get("kind"), State: q.Get("state"), Kinds: parley.IncidentKinds, States: parley.IncidentMachine.States, More: -1}
	var all []release.Incident
	for from := 0; from >= 0; {
		var list []release.Incident
		if err := c.view(func(v *channel.Viewer) { list, from = v.Incidents(from, 500) }); err != nil {
			return err
		}
		for _, i := range list {
			if (page.Kind == "" || page.Kind == string(i.Kind)) && (page.State == "" || page.State == i.State) {
				all = append(all, i)
			}
		}
	}
	slices.Reverse(all)
	from := min(c.form0("from"), len(all))
	page.Items = all[from:min(from+some, len(all))]
	if from+some < len(all) {
		page.More = from + some
	}
	f := c.frame("incidents", "nav.incidents", page)
	f.Dense = true
	return c.show(f)
}

// eachIncident looks at every incident that the reader may see something of, some at a time.
func (c *call) eachIncident(look func(*channel.Viewer, *release.Incident)) error {
	for from := 0; from >= 0; {
		if err := c.view(func(v *channel.Viewer) {
			var list []release.Incident
			list, from = v.Incidents(from, 500)
			for i := range list {
				look(v, &list[i])
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// incidentsOpen counts the incidents on which the work goes on, and those of them that may be one with another and nobody has said.
func (c *call) incidentsOpen() (open, alike int, err error) {
	err = c.eachIncident(func(_ *channel.Viewer, i *release.Incident) {
		if i.Sight != "whole" || i.Closed != "" {
			return
		}
		open++
		if slices.ContainsFunc(i.Matches, func(m release.Match) bool { return m.Said == parley.MatchProposed }) {
			alike++
		}
	})
	return open, alike, err
}

// responsesAsked counts the incidents to which the reader's party was asked for a response and has not given its answer.
func (c *call) responsesAsked() (n int, err error) {
	err = c.eachIncident(func(v *channel.Viewer, i *release.Incident) {
		if i.Sight != "concerned" {
			return
		}
		whole, ok := v.Incident(i.Ref)
		if ok && slices.ContainsFunc(whole.Responses, func(r release.Response) bool { return r.Party == c.member.Account && r.Asked != "" && r.Answered == "" }) {
			n++
		}
	})
	return n, err
}

// IncidentState says how far the work on an incident has come.
func (f *frame) IncidentState(state string) template.HTML {
	look := "waiting"
	switch parley.IncidentState(state) {
	case parley.IncidentDocumented, parley.IncidentAssessed:
		look = "informed"
	case parley.IncidentAnswered:
		look = "acknowledged"
	case parley.IncidentClosed:
		look = "lapsed"
	}
	return f.c.tongue.status(look, "incident_state."+state)
}

// Where writes a position in one notation with the nearest place, for a list.
func (f *frame) Where(g *release.Geometry) template.HTML {
	if g == nil || g.Shape.Kind == "" {
		return ""
	}
	p := g.Shape.Bounds().Center()
	out := ident("coordinate", lettered(p))
	if near := f.c.near(p); near != "" {
		out += template.HTML(` <span class="near">` + template.HTMLEscapeString(near) + `</span>`)
	}
	return out
}

// Range writes a count of people as its sources give it.
func (f *frame) Range(low, high int32) template.HTML {
	if low == high {
		return ident("number", digits(low))
	}
	return ident("number", digits(low)+"–"+digits(high))
}

// Grade writes a grade: a letter for the source, a figure for what it says.
func (f *frame) Grade(r parley.Reliability, c parley.Credibility) template.HTML {
	return template.HTML(`<abbr title="`+template.HTMLEscapeString(f.T("reliability."+string(r))+". "+f.T("credibility."+digits(int32(c))))+`">`) + ident("number", string(r)+digits(int32(c))) + `</abbr>`
}

// incidentPage is one incident: the event, and apart from it what was said about it, graded, answered and kept.
type incidentPage struct {
	I        *release.Incident
	Preview  *release.Incident // as everybody will see it
	Profile  parley.Publication
	Chart    *chart
	Form     map[string]string
	Path     string
	Records  bool // the reader may say something about it
	EndsHold bool
	Held     []heldDraft
	Reasons  []parley.HoldReason
	Mine     bool // and give it a new version
	Links    bool
	Responds bool
	Desk     bool
	Accounts []parley.Ref
	Channels []parley.Channel
	Parties  []release.Account // that were not asked yet
	Sides    []side
	Stops    []parley.Ref
	Near     string // of the inquiry's form
	At       string
	Radius   int32
	Answers  []parley.ResponseKind
	Letters  []parley.Reliability
	Figures  []string
	Grades   []parley.EventGrade
}

// Try reports whether a form was sent and came back.
func (p *incidentPage) Try(act string) bool { return p.Form["act"] == act }

// figures are the grades of what a source says.
var figures = []string{"1", "2", "3", "4", "5", "6"}

func (c *call) incident() error { return c.showIncident(http.StatusOK, nil) }

func (c *call) showIncident(status int, p *problem) error {
	ref := c.ref("ref")
	page := &incidentPage{Form: c.typed(), Desk: c.speaksForOthers(), Channels: toldBy, Answers: parley.ResponseKinds, Letters: parley.Reliabilities, Figures: figures, Grades: parley.EventGrades}
	var parties []release.Account
	if err := c.view(func(v *channel.Viewer) {
		if page.I, _ = v.Incident(ref); page.I == nil {
			return
		}
		page.Preview, _ = v.IncidentPreview(ref)
		page.Profile = *v.Publication()
		parties, _ = v.Accounts(0, 10_000)
		for _, h := range page.I.Harms {
			if harm, ok := v.Harm(h); ok && harm.Stop != "" {
				page.Stops = append(page.Stops, harm.Stop)
			}
		}
	}); err != nil {
		return err
	}
	i := page.I
	if i == nil {
		return errMissing
	}
	whole := i.Sight == "whole"
	page.Path = "/" + c.lang + "/incidents/" + string(i.Ref)
	page.Records = whole && c.member.Has(recorders...)
	page.Mine = page.Records && i.Author == c.member.Account && i.Closed == ""
	page.Links = page.Records && page.Desk
	page.EndsHold, page.Reasons = page.Links && i.Hold == "stands", parley.HoldReasons
	c.dropStored()
	for _, d := range c.heldOf("hold.end") {
		if d.About == i.Ref {
			page.Held = append(page.Held, d)
		}
	}
	page.Sides = sidesOf(i.Claims)
	for _, r := range i.Responses {
		page.Responds = page.Responds || r.Party == c.member.Account
		if page.Desk {
			page.Accounts = append(page.Accounts, r.Party)
		}
	}
	page.Responds = page.Responds && c.member.Has(parley.DutyOfficer, parley.LegalAdviser) || page.Desk && len(i.Responses) > 0
	for _, a := range parties {
		asked := slices.ContainsFunc(i.Responses, func(r release.Response) bool { return r.Party == a.Ref && r.Asked != "" })
		if a.Ref.Kind() == parley.RefParty && !asked {
			page.Parties = append(page.Parties, a)
		}
	}
	if i.Place != nil {
		at := i.Place.Shape.Points[0]
		page.Near, page.At, page.Radius = lettered(at), i.To, min(max(i.Radius, 1000), channel.MaxInquiryRadius)
		page.Chart = c.newChart("map")
		where := pointShape(at)
		if i.Radius > 0 && i.Radius <= 100_000 {
			where = circle(at, i.Radius)
			page.Chart.put(disc(at, i.Radius), properties{Kind: "keepout", Status: "disputed"})
		}
		page.Chart.add(pointShape(at), 0, properties{Kind: "site", Label: string(i.Ref), Status: "disputed", Category: string(i.Category)})
		page.Chart.done(where)
	}
	f := c.frame("incident", "incident.title", page)
	f.Problem, f.Map, f.Dense = p, page.Chart != nil, true
	return c.showWith(status, f)
}

// side is one party's claims about a record; the empty party stands for whoever speaks for none.
type side struct {
	Party  parley.Ref
	Claims []release.Claim
}

// sidesOf parts claims by in whose name they were spoken, the sides in the order of their references: no order says who is right.
func sidesOf(claims []release.Claim) []side {
	var sides []side
	for _, c := range claims {
		n := slices.IndexFunc(sides, func(s side) bool { return s.Party == c.Party })
		if n < 0 {
			n = len(sides)
			sides = append(sides, side{Party: c.Party})
		}
		sides[n].Claims = append(sides[n].Claims, c)
	}
	slices.SortStableFunc(sides, func(a, b side) int {
		switch {
		case a.Party == b.Party:
			return 0
		case a.Party == "":
			return 1
		case b.Party == "":
			return -1
		}
		return strings.Compare(string(a.Party), string(b.Party))
	})
	return sides
}

// incidentActs takes what a person says about an incident.
func (c *call) incidentActs() error {
	ref := c.ref("ref")
	f, d := c.form(), c.newDraft()
	var body parley.Body
	fields := map[string]string{}
	two := false
	switch f.text("act") {
	case "link":
		b := &parley.IncidentLink{Incident: ref}
		b.Objects, b.Harms = f.objectsAndHarms("l_concerns", true)
		body, fields = b, map[string]string{"objects": "l_concerns", "harms": "l_concerns"}
	case "match":
		body = &parley.IncidentMatch{Incident: ref, Other: f.refOf("other"), Same: choice(f, "same", []string{"same", "different"}) == "same", Words: d.Text(f.long("m_words"))}
	case "assess":
		b := c.assessment(f, d, ref)
		b.Grade = choice(f, "grade", parley.EventGrades)
		body = b
	case "ask":
		body, fields = &parley.ResponseAsk{Incident: ref, Party: f.refOf("party")}, map[string]string{"party": "party"}
	case "respond":
		d.OnBehalf = c.behalf(f, "r", c.speaksForOthers())
		body = &parley.ResponseGive{Incident: ref, Response: choice(f, "response", parley.ResponseKinds), Words: d.Text(f.long("r_words")), Remedy: d.Text(f.long("remedy"))}
	case "close", "reopen":
		b := &parley.IncidentClose{Incident: ref, Reopen: f.text("act") == "reopen"}
		if f.required("c_words") != "" {
			b.Words = d.Text(f.long("c_words"))
		}
		body = b
	case "hold":
		two = true
		b := &parley.HoldEnd{Of: ref, Reason: choice(f, "h_reason", parley.HoldReasons)}
		if f.required("h_words") != "" {
			b.Words = d.Text(f.long("h_words"))
		}
		body = b
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showIncident(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/incidents/" + string(ref), two: two, again: again, plain: true, field: func(path string) string { return fieldIn(fields, path) }})
}

// assessment reads a grade with its reason.
func (c *call) assessment(f *form, d draftText, of parley.Ref) *parley.AssessmentMake {
	b := &parley.AssessmentMake{Of: of, Reliability: choice(f, "reliability", parley.Reliabilities)}
	if figure := choice(f, "credibility", figures); figure != "" {
		b.Credibility = parley.Credibility(figure[0] - '0')
	}
	if f.required("a_words") != "" {
		b.Words = d.Text(f.long("a_words"))
	}
	return b
}

// objectsAndHarms reads references of notified objects and of reports of harm, apart by spaces, commas or lines.
func (f *form) objectsAndHarms(field string, needed bool) (objects, harms []parley.Ref) {
	for _, ref := range f.refs(field, needed) {
		if ref.Kind() == parley.RefHarm {
			harms = append(harms, ref)
		} else {
			objects = append(objects, ref)
		}
	}
	return objects, harms
}

// refs reads references, apart by spaces, commas or lines.
func (f *form) refs(field string, needed bool) []parley.Ref {
	var out []parley.Ref
	for _, word := range strings.FieldsFunc(western(f.text(field)), func(r rune) bool {
		return r == ' ' || r == ',' || r == '،' || r == ';' || r == '\n' || r == '\r' || r == '\t'
	}) {
		ref, err := parley.ParseRef(word)
		if err != nil {
			f.wrong(field, "wrong.ref", "read", word)
			return nil
		}
		if !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	if needed && len(out) == 0 {
		f.wrong(field, "wrong.missing")
	}
	return out
}

// incidentPlace reads where an incident was: nothing where that is not known.
func (f *form) incidentPlace() *geo.Position {
	if !f.has("place") {
		if f.text("precision") != string(parley.PlaceUnknown) {
			f.wrong("place", "wrong.place_or_unknown")
		}
		return nil
	}
	if r, ok := f.position("place"); ok {
		return &r.Position
	}
	return nil
}
