package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// arrangementKinds are the kinds of arrangements, in the order of pages.
var arrangementKinds = []string{"line", "zone", "corridor", "pause"}

// shownFew bounds a list within a page; "and N more" leads to all of it.
const shownFew = 20

// arrangementsPage lists the lines, zones, corridors and pauses that an account may see, the newest first.
type arrangementsPage struct {
	Items       []release.Arrangement
	Kind, State string
	Kinds       []string
	States      []parley.State
	May         []string // kinds that the reader may state
	More        int
	Chart       *chart
}

// eachArrangement looks at every arrangement that the reader may see, some at a time: the state is held only for those.
func (c *call) eachArrangement(look func(*release.Arrangement)) error {
	const some = 50
	for from := 0; from >= 0; {
		var list []release.Arrangement
		if err := c.view(func(v *channel.Viewer) { list, from = v.Arrangements(from, some) }); err != nil {
			return err
		}
		for i := range list {
			look(&list[i])
		}
	}
	return nil
}

func (c *call) arrangements() error {
	const some = 50
	page := &arrangementsPage{Kind: c.r.URL.Query().Get("kind"), State: c.r.URL.Query().Get("state"), Kinds: arrangementKinds, States: parley.ArrangementMachine.States, May: c.mayArrange(), More: -1, Chart: c.newChart("map")}
	var all []release.Arrangement
	if err := c.eachArrangement(func(a *release.Arrangement) {
		if (page.Kind == "" || page.Kind == a.Kind) && (page.State == "" || page.State == a.State) {
			all = append(all, *a)
		}
	}); err != nil {
		return err
	}
	slices.Reverse(all)
	from := min(c.form0("from"), len(all))
	page.Items = all[from:min(from+some, len(all))]
	if from+some < len(all) {
		page.More = from + some
	}
	var shapes []geo.Shape
	for i := range page.Items {
		if a := &page.Items[i]; a.State != string(parley.ArrangementEnded) {
			c.drawArrangement(page.Chart, a, "/"+c.lang+"/arrangements/"+string(a.Ref))
			shapes = append(shapes, around(a)...)
		}
	}
	page.Chart.done(shapes...)
	f := c.frame("arrangements", "nav.arrangements", page)
	f.Dense, f.Map = true, true
	return c.show(f)
}

// mayArrange returns the kinds of arrangements that the reader may state: lines and zones are stated by parties.
func (c *call) mayArrange() []string {
	switch {
	case c.member.Has(parley.DutyOfficer), c.speaksForOthers():
		return arrangementKinds
	case c.member.Has(parley.Notifier):
		return []string{"corridor", "pause"}
	}
	return nil
}

// speaksForOthers reports whether the reader is of the desk, which may enter what another told it.
func (c *call) speaksForOthers() bool {
	return c.member.Account == parley.Desk && c.member.Has(parley.Verifier, parley.Releaser)
}

// drawArrangement puts an arrangement on a map, with what stands along a corridor.
func (c *call) drawArrangement(m *chart, a *release.Arrangement, href string) {
	m.add(a.Geometry.Shape, a.Radius, properties{Kind: "line", Label: c.say("arrangement_kind."+a.Kind) + " " + string(a.Ref), Status: arrangementLook(a.State), Href: href})
	k := a.Corridor
	if k == nil || href != "" {
		return
	}
	point := func(p release.CorridorPoint, group, status string) {
		label := c.say("arrangement.assembly")
		if group != "" {
			label = c.say(group + "." + p.Kind)
		}
		m.add(p.Place.Shape, 0, properties{Kind: "place", Label: label, Status: status})
	}
	for _, p := range k.Crossings {
		point(p, "water_crossing", "informed")
	}
	for _, p := range k.Hazards {
		point(p, "hazard", "disputed")
	}
	if k.Evacuation != nil {
		for _, p := range k.Evacuation.Points {
			point(p, "", "acknowledged")
		}
	}
}

// around returns the shapes that a map of an arrangement has to show.
func around(a *release.Arrangement) []geo.Shape {
	if a.Radius > 0 {
		return []geo.Shape{widened(a.Geometry.Shape, a.Radius)}
	}
	return []geo.Shape{a.Geometry.Shape}
}

// arrangementLook is the shape and colour of a state. None of them looks like leave to pass.
func arrangementLook(state string) string {
	switch parley.ArrangementState(state) {
	case parley.ArrangementProposed:
		return "waiting"
	case parley.ArrangementSuspended, parley.ArrangementImposed:
		return "disputed"
	case parley.ArrangementEnded:
		return "lapsed"
	}
	return "informed"
}

// ArrangementState says where an arrangement stands, by word, shape and colour.
func (f *frame) ArrangementState(state string) template.HTML {
	return f.c.tongue.status(arrangementLook(state), "arrangement_state."+state)
}

// Consent says how a party stands to an arrangement.
func (f *frame) Consent(status parley.ConsentStatus) template.HTML {
	look := map[parley.ConsentStatus]string{parley.ConsentNotTold: "grey", parley.ConsentNoAnswer: "waiting", parley.ConsentAgreed: "acknowledged", parley.ConsentRefused: "disputed", parley.ConsentContested: "disputed"}[status]
	return f.c.tongue.status(look, "consent."+string(status))
}

// StatedBy is the account whose word the state of an arrangement is; empty: its window's, or one that the reader may not know.
func (f *frame) StatedBy(a release.Arrangement) parley.Ref {
	for _, l := range slices.Backward(a.Log) {
		if l.State == a.State {
			return l.Account
		}
	}
	return ""
}

// All reports whether the reader asked for the whole of every list.
func (f *frame) All() bool { return f.c.r.URL.Query().Get("all") != "" }

// few bounds a list for a page and says how many more there are.
func few[T any](f *frame, list []T) ([]T, int) {
	if f.All() || len(list) <= shownFew {
		return list, 0
	}
	return list[:shownFew], len(list) - shownFew
}

// Refs bounds a list of references: those shown, and how many more there are.
func (f *frame) Refs(refs []parley.Ref) struct {
	Shown []parley.Ref
	More  int
} {
	shown, more := few(f, refs)
	return struct {
		Shown []parley.Ref
		More  int
	}{shown, more}
}

// Hours writes hours of each day as a reader of the theatre's zone reads them, with UTC beside.
func (f *frame) Hours(h parley.Hours) template.HTML {
	clock := func(minutes int32) string {
		return parley.Time(int64(minutes) * parley.Minute).UTC().Format("15:04")
	}
	utc := clock(h.From) + "–" + clock(h.To%(24*60))
	if h.From == 0 && h.To == 24*60 {
		utc = "00:00–24:00"
	}
	_, offset := parley.Time(f.c.p.node.Now()).In(f.zone).Zone()
	if offset == 0 {
		return ident("date", utc+" UTC")
	}
	day := int32(24 * 60)
	shift := func(m int32) int32 { return ((m+int32(offset/60))%day + day) % day }
	local := clock(shift(h.From)) + "–" + clock(shift(h.To))
	return ident("date", local) + ` <span class="other">` + ident("date", utc+" UTC") + `</span>`
}

// Positions writes the corners of a shape, for whoever reads it without a map: at most a few.
func (f *frame) Positions(g release.Geometry) struct {
	Shown []template.HTML
	More  int
} {
	var all []geo.Position
	g.Shape.Each(func(p geo.Position) { all = append(all, p) })
	shown, more := few(f, all)
	out := struct {
		Shown []template.HTML
		More  int
	}{More: more}
	for _, p := range shown {
		out.Shown = append(out.Shown, f.c.whereabouts(p))
	}
	return out
}

// Metres writes a length.
func (f *frame) Metres(m int64) template.HTML { return ident("number", distance(m*1000)) }

// Area writes an area.
func (f *frame) Area(m2 int64) template.HTML {
	if m2 < 1_000_000 {
		return ident("number", fmt.Sprintf("%d m²", m2))
	}
	return ident("number", fmt.Sprintf("%.1f km²", float64(m2)/1e6))
}

// happening is one entry of an arrangement's timeline.
type happening struct {
	At      string
	Step    *release.ArrangementStep
	Consent *release.Consent
	Version *release.ArrangementVersion
	Notice  *release.Crossing
	Event   *release.Crossed
	Warning *release.Warning
}

// timeline brings everything that was said of an arrangement into one order, the newest first.
func timeline(a *release.Arrangement) []happening {
	var out []happening
	for i := range a.Versions {
		out = append(out, happening{At: a.Versions[i].At, Version: &a.Versions[i]})
	}
	for i := range a.Consents {
		if a.Consents[i].At != "" && a.Consents[i].Status != parley.ConsentNoAnswer {
			out = append(out, happening{At: a.Consents[i].At, Consent: &a.Consents[i]})
		}
	}
	for i := range a.Log {
		out = append(out, happening{At: a.Log[i].At, Step: &a.Log[i]})
	}
	for i := range a.Notices {
		out = append(out, happening{At: a.Notices[i].Noted, Notice: &a.Notices[i]})
	}
	for i := range a.Events {
		out = append(out, happening{At: a.Events[i].Noted, Event: &a.Events[i]})
	}
	for i := range a.Warnings {
		out = append(out, happening{At: a.Warnings[i].At, Warning: &a.Warnings[i]})
	}
	slices.SortStableFunc(out, func(x, y happening) int { return cmp.Compare(x.At, y.At) })
	slices.Reverse(out)
	return out
}

// traveller is a movement in an arrangement, with the questions that its people were asked because the arrangement changed.
type traveller struct {
	Ref      parley.Ref
	Movement string
	Leg      int
	Prompts  []release.Prompt
}

// arrangementPage is one line, zone, corridor or pause.
type arrangementPage struct {
	A        *release.Arrangement
	Timeline []happening
	Earlier  int // entries of the timeline that are not shown
	Inside   []traveller
	Chart    *chart
	Form     map[string]string
	Path     string

	Mine     bool // the reader's account proposed it
	Asked    *release.Consent
	Speaks   bool // for the reader's party
	Desk     bool // enters what others told it
	States   bool // may state open, suspended or ended
	Ways     []parley.ArrangementState
	Cross    bool
	Warn     bool
	Parties  []parley.Ref
	Accounts []parley.Ref
	Moves    []parley.Ref
	Now      string
	Replies  []parley.CrossingReply
	Presence []parley.PresenceReply
	Means    []parley.WarningMeans
	Channels []parley.Channel
	Whose    []string
}

// Try reports whether a form of the page was sent and came back: it stays open.
func (p *arrangementPage) Try(act string) bool { return p.Form["act"] == act }

func (c *call) arrangement() error { return c.showArrangement(http.StatusOK, nil) }

// arrangementOf reads the arrangement of the address.
func (c *call) arrangementOf() (a *release.Arrangement, err error) {
	if err := c.view(func(v *channel.Viewer) { a, _ = v.Arrangement(c.ref("ref")) }); err != nil {
		return nil, err
	}
	if a == nil {
		return nil, errMissing
	}
	return a, nil
}

// travellers reads the movements in an arrangement. Their questions are shown to those who may see them.
func (c *call) travellers(refs []parley.Ref) (list []traveller, err error) {
	for _, ref := range refs {
		one := traveller{Ref: ref}
		if err := c.view(func(v *channel.Viewer) {
			file, ok := v.Object(ref)
			if !ok {
				return
			}
			one.Movement, one.Leg = file.Movement, file.Leg
			for _, q := range file.Prompts {
				if q.Cause == parley.CauseArrangement {
					one.Prompts = append(one.Prompts, q)
				}
			}
		}); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func (c *call) showArrangement(status int, p *problem) error {
	a, err := c.arrangementOf()
	if err != nil {
		return err
	}
	page := &arrangementPage{A: a, Form: c.typed(), Path: "/" + c.lang + "/arrangements/" + string(a.Ref), Chart: c.newChart("map"), Now: c.local(c.p.node.Now()),
		Replies: parley.CrossingReplies, Presence: parley.PresenceReplies, Means: parley.WarningMeansAll, Channels: toldBy, Whose: []string{"own", "observed", "movement"}}
	if page.Inside, err = c.travellers(a.Inside); err != nil {
		return err
	}
	c.drawArrangement(page.Chart, a, "")
	shapes := around(a)
	for _, n := range a.Notices {
		page.Chart.add(n.Place.Shape, 0, properties{Kind: "place", Label: string(n.Ref), Status: "informed"})
	}
	for _, e := range a.Events {
		page.Chart.add(e.Place.Shape, 0, properties{Kind: "place", Label: string(e.Ref), Status: "waiting"})
	}
	page.Chart.done(shapes...)
	if err := c.readers(page); err != nil {
		return err
	}
	f := c.frame("arrangement", "arrangement.title", page)
	f.Heading, f.Problem, f.Map, f.Dense = c.titleOf(a), p, true, true
	page.Timeline, page.Earlier = few(f, timeline(a))
	return c.showWith(status, f)
}

// typed returns what a form held, to be shown again.
func (c *call) typed() map[string]string {
	form := map[string]string{}
	for name := range c.r.PostForm {
		form[name] = c.r.PostForm.Get(name)
	}
	return form
}

// titleOf names an arrangement in the reader's language, or says what it is.
func (c *call) titleOf(a *release.Arrangement) string {
	for _, n := range a.Names {
		if n.Language == c.lang {
			return n.Name
		}
	}
	if len(a.Names) > 0 {
		return inScript(a.Names[0].Name, c.lang)
	}
	return c.say("arrangement_kind." + a.Kind)
}

// Named names an arrangement.
func (f *frame) Named(a release.Arrangement) string { return f.c.titleOf(&a) }

// readers finds what this reader may say of an arrangement.
func (c *call) readers(page *arrangementPage) error {
	a, own := page.A, c.member.Account
	open := a.State != string(parley.ArrangementEnded)
	page.Mine = open && a.Proposer == own && c.member.Has(parley.DutyOfficer, parley.Notifier, parley.Verifier, parley.Releaser)
	page.Desk = c.speaksForOthers()
	for i := range a.Consents {
		if r := &a.Consents[i]; r.Status != parley.ConsentNotTold {
			page.Parties = append(page.Parties, r.Party)
			if r.Party == own {
				page.Asked = r
			}
		}
	}
	page.Speaks = page.Asked != nil && c.member.Has(parley.DutyOfficer)
	passage := a.Line == nil
	guarantor := a.Corridor != nil && slices.Contains(a.Corridor.Guarantors, own)
	page.States = passage && open && (page.Speaks || page.Desk || (a.Proposer == own || guarantor) && c.member.Has(parley.DutyOfficer, parley.Notifier))
	for _, to := range []parley.ArrangementState{parley.ArrangementOpen, parley.ArrangementSuspended, parley.ArrangementEnded} {
		if parley.ArrangementMachine.May(a.State, string(to)) {
			page.Ways = append(page.Ways, to)
		}
	}
	page.Cross = !passage && (page.Desk || c.member.Has(parley.DutyOfficer, parley.Notifier, parley.MovementLeader))
	page.Warn = !passage && (page.Desk || page.Speaks)
	var err error
	if page.Desk {
		page.Accounts, err = c.accounts()
	}
	if err == nil && page.Cross && !page.Desk && own.Kind() == parley.RefOrganisation {
		page.Moves, err = c.openMovements()
	}
	return err
}

// accounts lists the parties and organisations whose word the desk may enter.
func (c *call) accounts() (refs []parley.Ref, err error) {
	err = c.view(func(v *channel.Viewer) {
		list, _ := v.Accounts(0, 10_000)
		for _, a := range list {
			if k := a.Ref.Kind(); (k == parley.RefParty || k == parley.RefOrganisation) && !a.Suspended {
				refs = append(refs, a.Ref)
			}
		}
	})
	return refs, err
}

// openMovements lists the movements of the reader's organisation that are not over, the newest first.
func (c *call) openMovements() (refs []parley.Ref, err error) {
	err = c.eachObject(func(_ *channel.Viewer, s release.Summary) {
		if s.Kind == "move" && s.State != string(parley.Closed) && s.State != string(parley.Withdrawn) {
			refs = append(refs, s.Ref)
		}
	})
	slices.Reverse(refs)
	return refs, err
}

// behalf reads whose word the desk enters, and how it came. Where the desk has no word of its own, an account is needed.
func (c *call) behalf(f *form, prefix string, needed bool) *parley.OnBehalf {
	if !c.speaksForOthers() {
		return nil
	}
	of := parley.Ref(f.text(prefix + "_of"))
	if of == "" {
		if needed {
			f.wrong(prefix+"_of", "wrong.behalf")
		}
		return nil
	}
	b := &parley.OnBehalf{Of: of, Channel: choice(f, prefix+"_channel", toldBy), At: f.moment(prefix+"_said_at", false)}
	if b.At == 0 {
		b.At = c.p.node.Now()
	}
	return b
}
