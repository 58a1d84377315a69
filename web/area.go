package web

import (
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// areasPage lists the areas of operation an account may know of, its own first.
type areasPage struct {
	Own, Told []release.Area
	Chart     *chart
}

func (c *call) areas() error {
	page := &areasPage{Chart: c.newChart("map")}
	var all []release.Area
	if err := c.view(func(v *channel.Viewer) { all, _ = v.Areas(0, 500) }); err != nil {
		return err
	}
	var shapes []geo.Shape
	for _, a := range slices.Backward(all) {
		if a.Party == c.member.Account {
			page.Own = append(page.Own, a)
		} else {
			page.Told = append(page.Told, a)
		}
		if a.State != string(parley.AreaEnded) {
			c.drawArea(page.Chart, &a)
			if a.Geometry != nil {
				shapes = append(shapes, a.Geometry.Shape)
			}
		}
	}
	page.Chart.done(shapes...)
	f := c.frame("areas", "nav.areas", page)
	f.Dense, f.Map = true, true
	return c.show(f)
}

// drawArea puts an area on a map, as far as the reader may see it.
func (c *call) drawArea(m *chart, a *release.Area) {
	if a.Geometry == nil {
		return
	}
	status := "informed"
	if len(a.Overlaps) > 0 {
		status = "waiting"
	}
	m.add(a.Geometry.Shape, a.Buffer, properties{Kind: "area", Label: string(a.Ref), Status: status, Href: "/" + c.lang + "/areas/" + string(a.Ref)})
}

// drawIndication puts a contrary indication on a map: what was released of the object, widened by its keep-out.
func (c *call) drawIndication(m *chart, i *release.Indication) {
	m.add(i.Geometry.Shape, i.KeepOut, properties{Kind: "site", Label: i.Object.String(), Status: "disputed", Category: i.Category})
}

// volumePage is the form for an area or a check: where and when, against which list.
type volumePage struct {
	Area    bool
	Form    map[string]string
	Chart   *chart
	Head    parley.ListHead
	Parties []release.Account
	Levels  []parley.Echelon
	Of      parley.Versioned
	Told    map[parley.Ref]bool
	Missing []parley.Versioned
}

// volumeForm shows the form, empty or as it was sent. The list head is that of this moment: it is quoted as it was seen.
func (c *call) volumeForm(area bool, status int, p *problem) error {
	page := &volumePage{Area: area, Form: map[string]string{}, Levels: echelons, Told: map[parley.Ref]bool{}}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	for _, to := range c.r.PostForm["to"] {
		page.Told[parley.Ref(to)] = true
	}
	if page.Form["from"] == "" {
		page.Form["from"], page.Form["until"] = c.local(c.p.node.Now()+6*parley.Hour), c.local(c.p.node.Now()+12*parley.Hour)
	}
	if page.Form["shape_kind"] == "" {
		page.Form["shape_kind"] = "polygon"
	}
	var err error
	if page.Parties, err = c.parties(); err != nil {
		return err
	}
	page.Parties = slices.DeleteFunc(page.Parties, func(a release.Account) bool { return a.Ref == c.member.Account })
	page.Chart = c.newChart("map")
	page.Chart.Draw, page.Chart.For, page.Chart.Kind = "polygon", "shape", "shape_kind"
	var shapes []geo.Shape
	if err := c.view(func(v *channel.Viewer) {
		var entries []release.ListEntry
		page.Head, entries, _ = v.List(0, 500)
		for i := range entries {
			c.draw(page.Chart, &entries[i].Object, "informed", "")
			shapes = append(shapes, entries[i].Object.Geometry.Shape)
		}
		if area && c.ref("ref") != "" {
			if a, ok := v.Area(c.ref("ref")); ok && a.Party == c.member.Account {
				page.Of = parley.Versioned{Ref: a.Ref, Version: a.Version}
				if c.r.Method == http.MethodGet {
					page.Form["shape"], page.Form["shape_kind"] = linesOf(a.Geometry.Shape), "polygon"
					page.Form["from"], page.Form["until"] = c.localStamp(a.From), c.localStamp(a.To)
					for _, to := range a.Addressees {
						page.Told[to] = true
					}
				}
			}
		}
	}); err != nil {
		return err
	}
	page.Chart.done(shapes...)
	name, key := "check_new", "check.new"
	if area {
		name, key = "area_new", "area.new"
	}
	f := c.frame(name, key, page)
	f.Dense, f.Map, f.Problem = true, true, p
	return c.showWith(status, f)
}

// volume reads where and when.
func (c *call) volume(f *form) (s geo.Shape, buffer int32, band *geo.Band, w geo.Window) {
	s, _ = f.shape("shape_kind", "shape", "radius")
	buffer = int32(f.number("buffer", 0, int(parley.MaxKeepOut), 0))
	w = geo.Window{From: f.moment("from", true), To: f.moment("until", true)}
	if w.From != 0 && w.To != 0 && w.To <= w.From {
		f.wrong("until", "wrong.order")
	}
	if f.has("low") || f.has("high") {
		band = &geo.Band{Low: int32(f.number("low", -1000, 100_000, -1000)), High: int32(f.number("high", -1000, 100_000, 100_000))}
	}
	return s, buffer, band, w
}

// quoted is the list head that the person saw when the form was shown: position, count and root in hidden fields.
func (c *call) quoted(f *form) parley.ListHead {
	head := parley.ListHead{Party: c.member.Account, Position: uint64(f.number("head_position", 0, 1<<60, 0)), Count: f.number("head_count", 0, 1<<30, 0)}
	if err := head.Root.UnmarshalText([]byte(f.text("head_root"))); err != nil {
		f.wrong("", "wrong.head")
	}
	return head
}

func (c *call) areaSays() error {
	again := func(p *problem) error { return c.volumeForm(true, http.StatusUnprocessableEntity, p) }
	f, d := c.form(), c.newDraft()
	a := parley.Area{Urgent: f.has("urgent"), Echelons: several(f, "echelons", echelons), Head: c.quoted(f)}
	a.Shape, a.Buffer, a.Band, a.Window = c.volume(f)
	for _, to := range f.values["to"] {
		a.Addressees = append(a.Addressees, parley.Ref(to))
	}
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	var body parley.Body = &parley.AreaDeclare{Area: a}
	if ref := c.ref("ref"); ref != "" {
		body = &parley.AreaAmend{Of: parley.Versioned{Ref: ref, Version: f.number("version", 1, 1<<20, 1)}, Area: a}
	}
	return c.finish(act{draft: d, body: body, next: "/areas/{ref}", again: again, field: volumeField})
}

func (c *call) checkSays() error {
	again := func(p *problem) error { return c.volumeForm(false, http.StatusUnprocessableEntity, p) }
	f, d := c.form(), c.newDraft()
	b := &parley.CheckRecord{Head: c.quoted(f)}
	b.Shape, b.Buffer, b.Band, b.Window = c.volume(f)
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/checks/{ref}", again: again, field: volumeField})
}

// volumeField finds the form's field for a path of an area or a check.
func volumeField(path string) string {
	for _, p := range []struct{ part, field string }{{"shape", "shape"}, {"buffer", "buffer"}, {"window.from", "from"}, {"window.to", "until"}, {"window", "until"}, {"band", "low"}, {"addressees", "to"}} {
		if len(path) >= len(p.part) && (path[:len(p.part)] == p.part || len(path) > 5 && path[:5] == "area." && len(path) >= 5+len(p.part) && path[5:5+len(p.part)] == p.part) {
			return p.field
		}
	}
	return ""
}

// areaPage is one area, as its owner or an addressee sees it.
type areaPage struct {
	Area    *release.Area
	Own     bool
	Center  geo.Position
	Extent  int
	Chart   *chart
	Form    map[string]string
	Reasons []parley.AreaReason
	Answers []parley.IndicationState
	Why     []parley.IndicationReason
	ReadDue string // until when this reader should read back
	ReadOK  bool
}

var (
	areaReasons      = []parley.AreaReason{parley.OwnForces, parley.CiviliansThere, parley.TooLate, parley.NotAgreed, parley.OtherReason}
	indicationStates = []parley.IndicationState{parley.IndicationMitigated, parley.IndicationApart, parley.IndicationDismissed}
)

func (c *call) area() error { return c.showArea(http.StatusOK, nil) }

func (c *call) showArea(status int, p *problem) error {
	page := &areaPage{Form: map[string]string{}, Reasons: areaReasons, Answers: indicationStates, Why: parley.IndicationReasons, Chart: c.newChart("map")}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	var with []*release.Area
	if err := c.view(func(v *channel.Viewer) {
		page.Area, _ = v.Area(c.ref("ref"))
		if page.Area == nil {
			return
		}
		for _, o := range page.Area.Overlaps {
			if a, ok := v.Area(o.With); ok {
				with = append(with, a)
			}
			page.ReadDue = o.Due
		}
	}); err != nil {
		return err
	}
	if page.Area == nil {
		return errMissing
	}
	page.Own = page.Area.Party == c.member.Account
	page.ReadOK = slices.ContainsFunc(page.Area.ReadBacks, func(r release.ReadBack) bool {
		return r.Party == c.member.Account && r.Right && r.Version == page.Area.Version
	})
	var shapes []geo.Shape
	if g := page.Area.Geometry; g != nil {
		box := g.Bounds()
		page.Center, page.Extent = box.Center(), int(geo.Distance(box.Min, box.Max)+0.5)
		shapes = append(shapes, g.Shape)
	}
	c.drawArea(page.Chart, page.Area)
	for _, a := range with {
		c.drawArea(page.Chart, a)
		if a.Geometry != nil {
			shapes = append(shapes, a.Geometry.Shape)
		}
	}
	for i := range page.Area.Indications {
		c.drawIndication(page.Chart, &page.Area.Indications[i])
	}
	page.Chart.done(shapes...)
	f := c.frame("area", "area.title", page)
	f.Problem, f.Map, f.Dense = p, true, true
	return c.showWith(status, f)
}

// areaActs takes what a party says about an area: end, read back, object, tell a place, answer an indication.
func (c *call) areaActs() error {
	ref := c.ref("ref")
	var area *release.Area
	if err := c.view(func(v *channel.Viewer) { area, _ = v.Area(ref) }); err != nil {
		return err
	}
	if area == nil {
		return errMissing
	}
	f, d := c.form(), c.newDraft()
	of := parley.Versioned{Ref: ref, Version: f.number("version", 1, 1<<20, max(area.Version, 1))}
	var body parley.Body
	switch f.text("act") {
	case "end":
		body = &parley.AreaEnd{Area: ref}
	case "readback":
		r, _ := f.position("center")
		body = &parley.AreaReadback{Of: of, Center: r.Position, Extent: int32(f.number("extent", 0, 2_000_000, 0)), From: f.moment("from", true), To: f.moment("until", true)}
	case "object":
		body = &parley.AreaObject{Of: of, Reason: choice(f, "reason", areaReasons), Words: d.Text(f.long("words"))}
	case "take_back":
		body = &parley.AreaWithdraw{Area: ref, Reason: choice(f, "reason", areaReasons)}
	case "dispute":
		b := &parley.AreaContest{Of: of, From: f.moment("told_from", false), To: f.moment("told_until", false), Words: d.Text(f.long("words"))}
		if f.has("told_place") {
			if r, ok := f.position("told_place"); ok {
				b.Place = &r.Position
			}
		}
		if !f.has("told_place") && !f.has("told_from") && !f.has("words") {
			f.wrong("told_place", "wrong.missing")
		}
		body = b
	case "told":
		r, _ := f.position("place")
		body = &parley.AreaTold{Area: ref, Words: d.Text(f.required("words")), Place: r.Position, Distance: int32(f.number("distance", 0, 1_000_000, 0)), Bearing: int32(f.number("bearing", 0, 359, 0))}
	case "indication":
		body = &parley.IndicationAnswer{Of: ref, Object: f.refOf("object"), State: choice(f, "state", indicationStates), Reason: choice(f, "reason", parley.IndicationReasons)}
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showArea(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/areas/" + string(ref), again: again})
}

// checksPage lists the checks of a party.
func (c *call) checks() error {
	var list []release.Check
	if err := c.view(func(v *channel.Viewer) { list, _ = v.Checks(0, 500) }); err != nil {
		return err
	}
	slices.Reverse(list)
	f := c.frame("checks", "nav.checks", list)
	f.Dense = true
	return c.show(f)
}

// checkPage is the answer to a check. Without findings it is grey and says that it is no clearance.
type checkPage struct {
	Check   *release.Check
	Chart   *chart
	Answers []parley.IndicationState
	Why     []parley.IndicationReason
	Now     string
	Late    string // beyond the quota: when the answer comes
}

func (c *call) check() error { return c.showCheck(http.StatusOK, nil) }

func (c *call) showCheck(status int, p *problem) error {
	page := &checkPage{Answers: indicationStates, Why: parley.IndicationReasons, Chart: c.newChart("map")}
	if err := c.view(func(v *channel.Viewer) { page.Check, _ = v.Check(c.ref("ref")) }); err != nil {
		return err
	}
	if page.Check == nil {
		return errMissing
	}
	page.Chart.add(page.Check.Geometry.Shape, page.Check.Buffer, properties{Kind: "check", Label: string(page.Check.Ref)})
	for i := range page.Check.Indications {
		c.drawIndication(page.Chart, &page.Check.Indications[i])
	}
	page.Chart.done(page.Check.Geometry.Shape)
	f := c.frame("check", "check.title", page)
	f.Problem, f.Map, f.Dense = p, true, true
	return c.showWith(status, f)
}

func (c *call) checkActs() error {
	ref := c.ref("ref")
	f, d := c.form(), c.newDraft()
	body := &parley.IndicationAnswer{Of: ref, Object: f.refOf("object"), State: choice(f, "state", indicationStates), Reason: choice(f, "reason", parley.IndicationReasons)}
	again := func(p *problem) error { return c.showCheck(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/checks/" + string(ref), again: again})
}
