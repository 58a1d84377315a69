package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"parley"
	"parley/channel"
	"parley/gazetteer"
	"parley/geo"
	"parley/release"
)

// nameOf chooses the name of an object in the reader's language, or says what it is.
func (c *call) nameOf(o *release.Object) string {
	for _, n := range o.Names {
		if n.Language == c.lang {
			return n.Name
		}
	}
	if len(o.Names) > 0 {
		return inScript(o.Names[0].Name, c.lang)
	}
	return c.category(o)
}

func (c *call) category(o *release.Object) string {
	for _, key := range []string{"category." + o.Category, "movement_kind." + o.Category, "kind." + o.Kind} {
		if c.tongue.words.has(key) {
			return c.say(key)
		}
	}
	return o.Category
}

// anchor is the position that stands for an object in words.
func anchor(o *release.Object) (geo.Position, bool) {
	s := o.Geometry.Shape
	if len(o.Stops) > 0 {
		s = o.Stops[len(o.Stops)-1].Place.Shape
	}
	if s.Kind == geo.Point {
		return s.Points[0], true
	}
	if s.Kind == "" {
		return geo.Position{}, false
	}
	return s.Bounds().Center(), true
}

// near says where a position lies by the nearest place of the gazetteer.
func (c *call) near(p geo.Position) string {
	if c.p.places == nil {
		return ""
	}
	place, metres, bearing, ok := c.p.places.Nearest(p)
	if !ok || metres > 200_000 {
		return ""
	}
	name := place.Name.In(c.lang)
	if metres < 500 {
		return c.say("near.in", "place", name)
	}
	return c.say("near.from", "km", kilometres(metres), "direction", c.say("compass."+gazetteer.Compass(bearing)), "place", name)
}

// whereabouts is a place in words and two notations.
func (c *call) whereabouts(p geo.Position) template.HTML {
	out := c.tongue.spot(p)
	if near := c.near(p); near != "" {
		out += template.HTML(` <span class="near">` + template.HTMLEscapeString(near) + `</span>`)
	}
	return out
}

// Spot writes where an object is.
func (f *frame) Spot(o release.Object) template.HTML {
	if p, ok := anchor(&o); ok {
		return f.c.whereabouts(p)
	}
	return ""
}

// Place writes a position in words and two notations.
func (f *frame) Place(g *release.Geometry) template.HTML {
	if g == nil || g.Shape.Kind == "" {
		return ""
	}
	return f.c.whereabouts(g.Shape.Bounds().Center())
}

// PlaceOf writes the middle of a geometry.
func (f *frame) PlaceOf(g release.Geometry) template.HTML { return f.Place(&g) }

// NameOf names an object.
func (f *frame) NameOf(o release.Object) string { return f.c.nameOf(&o) }

// Kind says what an indicated object is: a category of sites or a kind of movement.
func (f *frame) Kind(category string) string {
	return f.c.category(&release.Object{Category: category})
}

// AreaState says where an area stands.
func (f *frame) AreaState(state string) template.HTML {
	look := "informed"
	if state == string(parley.AreaEnded) {
		look = "lapsed"
	}
	return f.c.tongue.status(look, "area_state."+state)
}

// Category says what an object is.
func (f *frame) Category(o release.Object) string { return f.c.category(&o) }

// Holding says what a party has of an object, by word, shape and colour.
func (f *frame) Holding(h release.Holding) template.HTML {
	t := f.c.tongue
	switch {
	case h.Deleted != "":
		return t.status("lapsed", "holding.deleted", "v", h.Version)
	case h.Recalled != "":
		return t.status("lapsed", "holding.recalled", "v", h.Version)
	case h.Acknowledged != "" && h.Stale:
		return t.status("waiting", "holding.stale", "v", h.Version)
	case h.Acknowledged != "" && h.Told != "":
		return t.status("acknowledged", "holding.told", "v", h.Version)
	case h.Acknowledged != "":
		return t.status("acknowledged", "holding.acknowledged", "v", h.Version)
	case h.NoAnswer > 0:
		since := ""
		if at, err := time.Parse(time.RFC3339, h.Since); err == nil {
			since = f.c.span(f.c.p.node.Now() - at.UnixMilli())
		}
		return t.status("waiting", "holding.no_answer", "time", since, "v", h.Version)
	}
	return t.status("informed", "holding.released", "v", h.Version)
}

// State says the state of a notification.
func (f *frame) State(state, currency string) template.HTML {
	look := "informed"
	switch {
	case currency == string(parley.Lapsed) || state == string(parley.Withdrawn) || state == string(parley.Closed):
		look = "lapsed"
	case state == string(parley.Submitted) || state == string(parley.Queried):
		look = "waiting"
	}
	out := f.c.tongue.status(look, "state."+state)
	if currency != "" && currency != string(parley.Current) {
		look := "waiting"
		if currency == string(parley.Lapsed) {
			look = "lapsed"
		}
		out += " " + f.c.tongue.status(look, "currency."+currency)
	}
	return out
}

// awaited are the parties that the notifier consented to and that nothing was released to yet.
func awaited(o *release.Object, holdings []release.Holding) []parley.Ref {
	var refs []parley.Ref
	if o.Private == nil {
		return nil
	}
	for _, consent := range o.Private.Consents {
		if !slices.ContainsFunc(holdings, func(h release.Holding) bool { return h.Party == consent.To }) {
			refs = append(refs, consent.To)
		}
	}
	return refs
}

// objectsPage is the notifier's list: each object with what each party has of it.
type objectsPage struct {
	Items []item
	Kind  string
	More  int
}

type item struct {
	File   *release.File
	Newest release.Object
	Await  []parley.Ref
}

func (c *call) objects() error {
	page := objectsPage{Kind: c.r.URL.Query().Get("kind"), More: -1}
	from := c.form0("from")
	if err := c.view(func(v *channel.Viewer) {
		list, next := v.Objects(page.Kind, from, 50)
		page.More = next
		for _, s := range list {
			if file, ok := v.Object(s.Ref); ok && len(file.Versions) > 0 {
				newest := file.Versions[len(file.Versions)-1]
				page.Items = append(page.Items, item{file, newest, awaited(&newest, file.Holdings)})
			}
		}
	}); err != nil {
		return err
	}
	slices.Reverse(page.Items) // the newest first
	return c.show(c.frame("objects", "nav.objects", page))
}

// form0 reads a number from the address, 0 when there is none.
func (c *call) form0(name string) int {
	f := &form{c: c, values: c.r.URL.Query()}
	return f.number(name, 0, 1<<30, 0)
}

// recordPage is one object: versions, who has it, questions, receipts and its place in the journal.
type recordPage struct {
	File     *release.File
	Newest   release.Object
	Earlier  []release.Object
	Await    []parley.Ref
	Chart    *chart
	Mine     bool
	Handed   bool // the desk keeps it, and has shown it to the reader's organisation to be taken over
	Form     map[string]string
	Preview  parley.Ref
	Cut      *release.Object
	Receipt  bool
	Decision []parley.Decision
	Arranged []parley.Ref // lines, corridors and pauses that it meets, for its owner and the desk
}

func (c *call) record(ref parley.Ref) (*recordPage, error) {
	page := &recordPage{Form: map[string]string{}}
	err := c.view(func(v *channel.Viewer) {
		file, ok := v.Object(ref)
		if !ok || len(file.Versions) == 0 {
			return
		}
		page.File = file
		page.Arranged = v.ArrangedAt(ref)
		if party := parley.Ref(c.r.URL.Query().Get("as")); party != "" {
			page.Preview = party
			page.Cut, _ = v.Preview(ref, party)
		}
	})
	if err != nil {
		return nil, err
	}
	if page.File == nil {
		return nil, errMissing
	}
	last := len(page.File.Versions) - 1
	page.Newest = page.File.Versions[last]
	page.Earlier = slices.Clone(page.File.Versions[:last])
	slices.Reverse(page.Earlier)
	page.Await = awaited(&page.Newest, page.File.Holdings)
	page.Mine = c.member.Account == page.File.Owner
	page.Handed = !page.Mine && c.member.Account.Kind() == parley.RefOrganisation
	page.Chart = c.chartOf(&page.Newest)
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	return page, nil
}

// chartOf draws one object.
func (c *call) chartOf(o *release.Object) *chart {
	m := c.newChart("map")
	c.draw(m, o, "informed", "")
	return m.done(o.Geometry.Shape)
}

// draw puts an object on a map, its stops too.
func (c *call) draw(m *chart, o *release.Object, status, href string) {
	name := c.nameOf(o)
	kind := map[string]string{"move": "movement", "pres": "presence"}[o.Kind]
	if kind == "" {
		kind = o.Kind
	}
	m.add(o.Geometry.Shape, o.KeepOut, properties{Kind: kind, Label: name, Status: status, Category: o.Category, Href: href})
	for _, s := range o.Stops {
		m.add(s.Place.Shape, 0, properties{Kind: "movement", Label: c.say("phase." + s.Phase), Status: status})
	}
}

func (c *call) object() error { return c.showObject(http.StatusOK, nil) }

func (c *call) showObject(status int, p *problem) error {
	page, err := c.record(c.ref("ref"))
	if err != nil {
		return err
	}
	f := c.frame("object", "object.title", page)
	f.Heading, f.Problem, f.Map = c.nameOf(&page.Newest), p, true
	return c.showWith(status, f)
}

// objectSays takes what a notifier says about an object: confirm, withdraw, answer, report, resend, share.
func (c *call) objectSays() error {
	ref := c.ref("ref")
	page, err := c.record(ref)
	if err != nil {
		return err
	}
	f, d := c.form(), c.newDraft()
	of := parley.Versioned{Ref: ref, Version: page.Newest.Version}
	var body parley.Body
	switch f.text("act") {
	case "revalidate":
		body = &parley.SiteRevalidate{Of: of}
	case "withdraw":
		w := parley.Withdraw{Object: ref, Reason: choice(f, "reason", []parley.WithdrawReason{parley.CeasedFunction, parley.ConsentEnded, parley.EnteredInError, parley.Cancelled}), Words: d.Text(f.text("words"))}
		switch ref.Kind() {
		case parley.RefMovement:
			body = &parley.MovementWithdraw{Withdraw: w}
		case parley.RefPresence:
			body = &parley.PresenceWithdraw{Withdraw: w}
		default:
			body = &parley.SiteWithdraw{Withdraw: w}
		}
	case "answer":
		body = &parley.ObjectAnswer{Query: f.refOf("query"), Answer: d.Text(f.required("answer"))}
	case "report":
		body = c.reportBody(f, d, ref)
	case "contact":
		body = c.contactBody(f, d, ref)
	case "resend":
		body = &parley.ObjectResend{Of: parley.Versioned{Ref: ref, Version: f.number("version", 1, 1<<20, 1)}, To: f.refOf("to")}
	default:
		return errMissing
	}
	if len(f.errors) > 0 {
		return c.showObject(http.StatusUnprocessableEntity, c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/objects/" + string(ref), again: func(p *problem) error { return c.showObject(http.StatusUnprocessableEntity, p) }})
}

// reportBody reads what a movement is doing.
func (c *call) reportBody(f *form, d draftText, ref parley.Ref) parley.Body {
	b := &parley.MovementReport{Movement: ref, Status: choice(f, "status", reportable), Leg: f.number("leg", 0, 32, 0), At: f.moment("at", false), Words: d.Text(f.text("words"))}
	if b.At == 0 {
		b.At = c.p.node.Now()
	}
	if f.has("place") {
		if r, ok := f.position("place"); ok {
			b.Place = &r.Position
		}
	}
	if f.has("armed") {
		b.Armed = choice(f, "armed", []parley.Answer{parley.Yes, parley.No, parley.Unknown})
	}
	for _, field := range f.values["changed"] {
		if slices.Contains(parley.MovementFields, parley.MovementField(field)) {
			b.Changed = append(b.Changed, parley.MovementField(field))
		}
	}
	if f.has("vehicles") {
		n := int32(f.number("vehicles", 0, 10_000, 0))
		b.Vehicles = &n
	}
	if f.has("persons") {
		n := int32(f.number("persons", 0, 1_000_000, 0))
		b.Persons = &n
	}
	return b
}

// reportable is what the people on the road may report, in the order of the page.
var reportable = []parley.MovementState{parley.MovementDeparted, parley.MovementCheckpoint, parley.MovementAtStop, parley.MovementUnloading, parley.MovementWaiting,
	parley.MovementHeld, parley.MovementResumed, parley.MovementImpeded, parley.MovementDenied, parley.MovementTurnedBack, parley.MovementAttacked,
	parley.MovementArrived, parley.MovementReturned, parley.MovementClosed}

// draftText commits to a text.
type draftText interface {
	Text(string) parley.Commitment
}

// Steps are what the people on the road may report.
func (f *frame) Steps() []parley.MovementState { return reportable }

// kilometres writes a distance for people, without its unit.
func kilometres(metres float64) string {
	if metres < 10_000 {
		return fmt.Sprintf("%.1f", metres/1000)
	}
	return fmt.Sprintf("%.0f", metres/1000)
}
