package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley"
	"parley/geo"
	"parley/geo/notation"
	"parley/release"
)

var siteSteps = []string{"what", "where", "verified", "share", "contact", "send"}

// siteFields says which fields stand on which step; a star stands for a party or a finding.
var siteFields = fieldsOf{
	"what":     {"category", "name_en", "name_ar", "function", "occupancy", "markings", "operator", "supporter"},
	"where":    {"lat", "lon", "free", "accuracy", "obtained", "simulated", "keep_out", "address", "told_distance", "told_direction", "told_place", "finding_*", "reason_*"},
	"verified": {"signed_off_1", "signed_off_2", "none_within", "known_on", "since"},
	"share":    {"sensitivity", "share_*", "fields_*"},
	"contact":  {"phone", "contact_name", "alternate", "from", "until"},
}

var sensitivities = []parley.Sensitivity{parley.Low, parley.Moderate, parley.High, parley.Severe}

var siteOptional = []parley.Field{parley.FieldName, parley.FieldAddress, parley.FieldContact}

// siteForm shows the first step, empty or with what stands.
func (c *call) siteForm() error {
	w, err := c.siteWizard()
	if err != nil {
		return err
	}
	return w.open()
}

// siteWizard begins a notification, or an update of the site in the path.
func (c *call) siteWizard() (*wizard, error) {
	w := &wizard{Name: "notify_site", Steps: siteSteps, Path: "/notify/site", Values: c.r.PostForm, c: c}
	if w.Values == nil {
		w.Values = url.Values{}
	}
	var err error
	if w.Parties, err = c.parties(); err != nil {
		return nil, err
	}
	if c.r.PathValue("ref") == "" {
		return w, nil
	}
	page, err := c.record(c.ref("ref"))
	if err != nil {
		return nil, err
	}
	if !page.Mine && !page.Handed || page.File.Kind != "site" {
		return nil, errMissing
	}
	w.Of = parley.Versioned{Ref: page.File.Ref, Version: page.Newest.Version}
	w.Path = "/objects/" + string(w.Of.Ref) + "/update"
	if c.r.Method == http.MethodGet {
		w.Values = c.siteValues(&page.Newest)
		w.shareNoFurther()
	}
	return w, nil
}

// siteValues puts a site into the fields of the form.
func (c *call) siteValues(o *release.Object) url.Values {
	v := url.Values{}
	set := func(field, value string) {
		if value != "" {
			v.Set(field, value)
		}
	}
	set("category", o.Category)
	for _, n := range o.Names {
		set("name_"+n.Language, n.Name)
	}
	set("occupancy", o.Occupancy)
	for _, m := range o.Markings {
		v.Add("markings", string(m))
	}
	if p, ok := anchor(o); ok && o.Geometry.Kind == geo.Point {
		set("lat", degrees7(p.Lat))
		set("lon", degrees7(p.Lon))
	}
	set("accuracy", strconv.Itoa(int(o.Accuracy)))
	set("obtained", o.Obtained)
	set("keep_out", strconv.Itoa(int(o.KeepOut)))
	set("address", o.Address)
	if p := o.Private; p != nil {
		set("function", p.Function)
		set("operator", p.Operator)
		set("supporter", p.Supporter)
		for i, name := range p.SignedOff {
			set("signed_off_"+strconv.Itoa(i+1), name)
		}
		if p.CoLocation != nil {
			set("none_within", strconv.Itoa(int(p.CoLocation.NoneWithin)))
			set("known_on", c.localStamp(p.CoLocation.KnownOn))
		}
	}
	set("from", c.localStamp(o.From))
	set("until", c.localStamp(o.Until))
	fillShared(v, o)
	return v
}

// degrees7 writes a latitude or longitude without loss.
func degrees7(v int32) string {
	return strconv.FormatFloat(float64(v)/geo.E7, 'f', -1, 64)
}

func (c *call) localStamp(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return ""
	}
	return c.local(at.UnixMilli())
}

// siteSays takes a step. Going back checks nothing; going on checks the step; the last sends.
func (c *call) siteSays() error {
	w, err := c.siteWizard()
	if err != nil {
		return err
	}
	to := w.begin()
	if to <= w.Step {
		w.Step = to
		return w.prepare(http.StatusOK, nil)
	}
	f, d := c.form(), c.newDraft()
	site := w.site(f, d)
	if answered, err := w.advance(f, to); answered {
		return err
	}
	var body parley.Body = &parley.SiteNotify{Site: site}
	if w.Of.Ref != "" {
		body = &parley.SiteUpdate{Of: w.Of, Site: site}
	}
	return c.finish(act{draft: d, body: body, next: "/receipt/{name}", again: w.failed, field: siteField})
}

// prepare shows a step with its map and with what was understood.
func (w *wizard) prepare(status int, p *problem) error {
	c := w.c
	f := &form{c: c, values: w.Values}
	if w.Name == "notify_movement" {
		w.prepareMovement()
		return w.show(status, p)
	}
	read, ok := f.latLon("lat", "lon", "free")
	if ok {
		w.Echo = c.understood(read)
	}
	if w.Here() == "where" || w.Last() {
		w.Chart = c.newChart("map")
		if ok {
			w.Chart.add(pointShape(read.Position), int32(f.number("keep_out", 0, int(parley.MaxKeepOut), int(c.theatre.Profile.KeepOut))),
				properties{Kind: "site", Status: "waiting", Category: w.V("category"), Label: w.V("name_" + c.lang)})
			w.Chart.done(pointShape(read.Position))
		} else {
			w.Chart.done()
		}
	}
	return w.show(status, p)
}

// understood says what was read as a position: with letters, in a second notation, and by the nearest place.
func (c *call) understood(r notation.Reading) []echoLine {
	lines := []echoLine{{c.say("echo.position"), "coordinate", lettered(r.Position)}, {c.say("echo.grid"), "grid", notation.FormatMGRS(r.Position, 5)}}
	if near := c.near(r.Position); near != "" {
		lines = append(lines, echoLine{c.say("echo.near"), "", near})
	}
	return lines
}

// site reads every step's fields. What is missing is noted with its field.
func (w *wizard) site(f *form, d draftText) parley.Site {
	s := parley.Site{Category: choice(f, "category", parley.Categories), Function: d.Text(f.long("function")), Occupancy: choice(f, "occupancy", parley.Occupancies),
		Markings: several(f, "markings", markings), Operator: d.Text(f.text("operator")), Supporter: d.Text(f.text("supporter"))}
	for _, lang := range Languages {
		if name := f.text("name_" + lang); name != "" {
			s.Names = append(s.Names, parley.LocalName{Language: lang, Name: d.Text(name)})
		}
	}
	if len(s.Names) == 0 {
		f.wrong("name_"+w.c.lang, "wrong.name")
	}
	read, ok := f.latLon("lat", "lon", "free")
	if ok {
		s.Shape = pointShape(read.Position)
		w.compareTold(f, read.Position)
	}
	s.Obtained = parley.Obtained{Method: choice(f, "obtained", methods), Accuracy: int32(f.number("accuracy", 1, 100_000, 0)), On: w.c.p.node.Now(),
		Notation: string(read.Notation), Written: d.Text(read.Written), Simulated: f.has("simulated")}
	if s.Obtained.Accuracy == 0 {
		f.wrong("accuracy", "wrong.missing")
	}
	s.KeepOut = int32(f.number("keep_out", 0, int(parley.MaxKeepOut), 0))
	s.Address = d.Text(f.long("address"))
	for _, field := range []string{"signed_off_1", "signed_off_2"} {
		if name := f.text(field); name != "" {
			s.SignedOff = append(s.SignedOff, d.Text(name))
		}
	}
	if f.has("none_within") {
		s.CoLocation = &parley.CoLocation{NoneWithin: int32(f.number("none_within", 0, 100_000, 0)), KnownOn: f.moment("known_on", true)}
	}
	s.Since = f.moment("since", false)
	s.Shared = w.sharing(f, siteOptional)
	s.Contact = contact(f, d)
	if s.From = f.moment("from", false); s.From == 0 {
		s.From = w.c.p.node.Now()
	}
	s.Until = f.moment("until", false)
	s.Findings = f.answered(d)
	return s
}

var (
	markings = []parley.Marking{parley.EmblemRoof, parley.EmblemGround, parley.Logo, parley.Flag, parley.Lights, parley.NightMarked, parley.ThermalMark}
	methods  = []parley.Method{parley.ByGPS, parley.ByMap, parley.ByImagery, parley.BySurvey, parley.ByWord}
	points8  = []string{"N", "NE", "E", "SE", "S", "SW", "W", "NW"}
)

// compareTold holds the place against what was told in words: so far, in such a direction, from a named place. When they differ, both are shown
// and nothing goes on until a person has mended one (practice.md E.15, scenario 1).
func (w *wizard) compareTold(f *form, at geo.Position) {
	if !f.has("told_distance") && !f.has("told_place") {
		return
	}
	distance := float64(f.number("told_distance", 0, 500, 0))
	direction := choice(f, "told_direction", points8)
	name := f.required("told_place")
	if direction == "" || name == "" {
		return
	}
	if w.c.p.places == nil {
		f.wrong("told_place", "wrong.no_places")
		return
	}
	found := w.c.p.places.Find(name, 1)
	if len(found) == 0 {
		f.wrong("told_place", "wrong.no_such_place", "read", name)
		return
	}
	metres := geo.Distance(found[0].At, at)
	turn := (bearingOf(found[0].At, at) - int32(indexOf(points8, direction)*45) + 540) % 360 // 180 is the same direction
	if apart := metres/1000 - distance; apart > 1+distance/5 || apart < -1-distance/5 || metres > 2000 && (turn < 180-45 || turn > 180+45) {
		f.wrong("told_distance", "wrong.told", "said", w.c.say("near.from", "km", strconv.Itoa(int(distance)), "direction", w.c.say("compass."+direction), "place", found[0].Name.In(w.c.lang)),
			"drawn", w.c.say("near.from", "km", kilometres(metres), "direction", w.c.say("compass."+compassOf(found[0].At, at)), "place", found[0].Name.In(w.c.lang)))
	}
}

func compassOf(a, b geo.Position) string { return points8[int(float64(bearingOf(a, b))/45+0.5)%8] }

func indexOf(list []string, v string) int {
	for i, s := range list {
		if s == v {
			return i
		}
	}
	return 0
}

// siteField finds the form's field for a path of the command.
func siteField(path string) string {
	for prefix, field := range map[string]string{"site.category": "category", "site.names": "name_en", "site.shape": "lat", "site.obtained.accuracy": "accuracy", "site.obtained.method": "obtained",
		"site.keep_out": "keep_out", "site.occupancy": "occupancy", "site.contact": "phone", "site.from": "from", "site.until": "until", "site.sharing.sensitivity": "sensitivity",
		"site.co_location": "none_within", "site.since": "since", "site.markings": "markings"} {
		if len(path) >= len(prefix) && path[:len(prefix)] == prefix {
			return field
		}
	}
	return ""
}

// Categories, Occupancies and the rest are what the form offers.
func (w *wizard) Categories() []parley.Category       { return parley.Categories }
func (w *wizard) Occupancies() []parley.Occupancy     { return parley.Occupancies }
func (w *wizard) Markings() []parley.Marking          { return markings }
func (w *wizard) Methods() []parley.Method            { return methods }
func (w *wizard) Directions() []string                { return points8 }
func (w *wizard) Sensitivities() []parley.Sensitivity { return sensitivities }

// Fields are the optional fields that may be shared.
func (w *wizard) Fields() []parley.Field {
	if w.Name == "notify_movement" {
		return movementOptional
	}
	return siteOptional
}

// understoodJSON answers the browser's question what a position was understood as.
func (c *call) understoodJSON() error {
	f := &form{c: c, values: c.r.URL.Query()}
	type line struct {
		Kind string `json:"kind"`
		Text string `json:"text"`
	}
	answer := struct {
		OK    bool   `json:"ok"`
		Lines []line `json:"lines"`
		Near  string `json:"near"`
		Error string `json:"error"`
	}{Lines: []line{}}
	r, ok := f.latLon("lat", "lon", "text")
	if answer.OK = ok; ok {
		answer.Lines = []line{{"coordinate", lettered(r.Position)}, {"grid", notation.FormatMGRS(r.Position, 5)}}
		answer.Near = c.near(r.Position)
		for _, finding := range c.theatre.Profile.PositionFindings(pointShape(r.Position), 0) {
			answer.Error = c.say("finding." + string(finding))
		}
	} else if len(f.errors) > 0 {
		answer.Error = f.errors[0].Text
	}
	return c.sendJSON(answer)
}

// destinationJSON finds the place at a bearing and distance from another.
func (c *call) destinationJSON() error {
	f := &form{c: c, values: c.r.URL.Query()}
	r, ok := f.position("from")
	bearing, metres := f.number("bearing", 0, 360, 0), f.number("metres", 1, 500_000, 1)
	if !ok || len(f.errors) > 0 {
		return c.sendJSON(map[string]string{"text": "", "error": f.errors[0].Text})
	}
	return c.sendJSON(map[string]string{"text": notation.FormatDD(geo.Destination(r.Position, int32(bearing%360), int32(metres)), 5)})
}
