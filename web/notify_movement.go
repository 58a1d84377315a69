package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley"
	"parley/geo"
	"parley/geo/notation"
	"parley/release"
)

var movementSteps = []string{"plan", "route", "share", "contact", "send"}

var movementFields = fieldsOf{
	"plan": {"name", "movement_kind", "mode", "urgency", "emergency_reason", "vehicles", "persons", "markings", "cargo", "plates", "escort", "escort_who"},
	"route": {"legs", "stops", "margin", "keep_out", "leg_from_*", "leg_to_*", "leg_route_*", "leg_depart_*", "leg_arrive_*", "leg_return_*", "stop_place_*", "stop_after_*", "stop_arrive_*",
		"stop_leave_*", "stop_phase_*", "stop_name_*", "add_leg", "drop_leg", "add_stop", "drop_stop"},
	"share":   {"sensitivity", "share_*", "fields_*"},
	"contact": {"phone", "contact_name", "alternate"},
	"send":    {"finding_*", "reason_*"},
}

var movementOptional = []parley.Field{parley.FieldName, parley.FieldAddress, parley.FieldContact, parley.FieldPlates, parley.FieldCargo, parley.FieldRoad}

var (
	urgencies = []parley.Urgency{parley.StandardNotice, parley.EmergencyNotice, parley.Immediate}
	answers   = []parley.Answer{parley.No, parley.Yes, parley.Unknown}
	phases    = []parley.Phase{parley.Unloading, parley.Halt, parley.Waiting, parley.Overnight, parley.CheckPoint}
)

// The most legs and stops that the form offers; the command line takes more.
const maxLegs, maxStops = 12, 16

func (c *call) movementForm() error {
	w, err := c.movementWizard()
	if err != nil {
		return err
	}
	return w.open()
}

// movementWizard begins a plan: empty, as a copy of an earlier one, or as an update of the movement in the path.
func (c *call) movementWizard() (*wizard, error) {
	w := &wizard{Name: "notify_movement", Steps: movementSteps, Path: "/notify/movement", Values: c.r.PostForm, c: c}
	if w.Values == nil {
		w.Values = url.Values{}
	}
	var err error
	if w.Parties, err = c.parties(); err != nil {
		return nil, err
	}
	ref := c.ref("ref")
	copied := c.r.URL.Query().Get("copy")
	if ref == "" && copied != "" {
		if ref, err = parley.ParseRef(copied); err != nil {
			return nil, errMissing
		}
	}
	if ref == "" {
		return w, nil
	}
	page, err := c.record(ref)
	if err != nil {
		return nil, err
	}
	if !page.Mine || page.File.Kind != "move" {
		return nil, errMissing
	}
	if copied != "" {
		w.Copied = ref
	} else {
		w.Of = parley.Versioned{Ref: ref, Version: page.Newest.Version}
		w.Path = "/objects/" + string(ref) + "/change"
	}
	if c.r.Method == http.MethodGet {
		w.Values = c.movementValues(&page.Newest, w.Copied != "")
		w.shareNoFurther()
	}
	return w, nil
}

// movementValues puts a movement into the fields of the form. A copy has no hours: they are new every time.
func (c *call) movementValues(o *release.Object, copied bool) url.Values {
	v := url.Values{}
	set := func(field, value string) {
		if value != "" {
			v.Set(field, value)
		}
	}
	hour := func(field, stamp string) {
		if !copied {
			set(field, c.localStamp(stamp))
		}
	}
	if len(o.Names) > 0 {
		set("name", o.Names[0].Name)
	}
	set("movement_kind", o.Category)
	set("mode", o.Mode)
	set("urgency", o.Urgency)
	set("vehicles", strconv.Itoa(int(o.Vehicles)))
	set("persons", strconv.Itoa(int(o.Persons)))
	for _, m := range o.Markings {
		v.Add("markings", string(m))
	}
	set("plates", strings.Join(o.Plates, "\n"))
	set("cargo", o.Cargo)
	set("escort", o.Escort)
	set("keep_out", strconv.Itoa(int(o.KeepOut)))
	if p := o.Private; p != nil {
		set("escort_who", p.EscortWho)
		set("emergency_reason", p.Reason)
	}
	v.Set("legs", strconv.Itoa(len(o.Legs)))
	for i, l := range o.Legs {
		n := "_" + strconv.Itoa(i+1)
		set("leg_from"+n, l.From)
		set("leg_to"+n, l.To)
		set("leg_route"+n, linesOf(l.Route.Shape))
		hour("leg_depart"+n, l.Depart)
		hour("leg_arrive"+n, l.Arrive)
		if l.Return {
			v.Set("leg_return"+n, "yes")
		}
	}
	v.Set("stops", strconv.Itoa(len(o.Stops)))
	for i, s := range o.Stops {
		n := "_" + strconv.Itoa(i+1)
		set("stop_place"+n, notation.FormatDD(s.Place.Bounds().Center(), 7))
		set("stop_after"+n, strconv.Itoa(s.AfterLeg))
		hour("stop_arrive"+n, s.Arrive)
		hour("stop_leave"+n, s.Leave)
		set("stop_phase"+n, s.Phase)
		set("stop_name"+n, s.Name)
	}
	fillShared(v, o)
	return v
}

// linesOf writes the positions of a shape, one a line.
func linesOf(s geo.Shape) string {
	var lines []string
	s.Each(func(p geo.Position) { lines = append(lines, notation.FormatDD(p, 7)) })
	return strings.Join(lines, "\n")
}

// movementSays takes a step of the plan.
func (c *call) movementSays() error {
	w, err := c.movementWizard()
	if err != nil {
		return err
	}
	f, d := c.form(), c.newDraft()
	if w.addRows(f) {
		w.Step = f.number("step", 0, len(w.Steps)-1, 0)
		return w.prepare(http.StatusOK, nil)
	}
	to := w.begin()
	if to <= w.Step {
		w.Step = to
		return w.prepare(http.StatusOK, nil)
	}
	m := w.movement(f, d)
	if answered, err := w.advance(f, to); answered {
		return err
	}
	var body parley.Body = &parley.MovementNotify{Movement: m}
	if w.Of.Ref != "" {
		body = &parley.MovementUpdate{Of: w.Of, Movement: m}
	}
	return c.finish(act{draft: d, body: body, next: "/receipt/{name}", again: w.failed, field: movementField})
}

// addRows adds or drops a leg or a stop and reports whether it did.
func (w *wizard) addRows(f *form) bool {
	for _, row := range []struct {
		button, field string
		by, standard  int
		least, most   int
	}{{"add_leg", "legs", 1, 1, 1, maxLegs}, {"drop_leg", "legs", -1, 1, 1, maxLegs}, {"add_stop", "stops", 1, 0, 0, maxStops}, {"drop_stop", "stops", -1, 0, 0, maxStops}} {
		if w.Values.Has(row.button) {
			n := f.number(row.field, row.least, row.most, row.standard) + row.by
			w.Values.Set(row.field, strconv.Itoa(min(max(n, row.least), row.most)))
			return true
		}
	}
	return false
}

func (w *wizard) count(field string, standard, most int) int {
	n, err := strconv.Atoi(western(w.Values.Get(field)))
	if err != nil {
		return standard
	}
	return min(max(n, standard), most)
}

// Legs and Stops count the rows of the form, from 1.
func (w *wizard) Legs() []int  { return upTo(w.count("legs", 1, maxLegs)) }
func (w *wizard) Stops() []int { return upTo(w.count("stops", 0, maxStops)) }

// Afters are the legs that a stop may follow; 0 is before the first.
func (w *wizard) Afters() []int { return append([]int{0}, w.Legs()...) }

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i + 1
	}
	return rows
}

// Kinds and the rest are what the form offers.
func (w *wizard) Kinds() []parley.MovementKind { return parley.MovementKinds }
func (w *wizard) Modes() []parley.Mode         { return parley.Modes }
func (w *wizard) Urgencies() []parley.Urgency  { return urgencies }
func (w *wizard) Answers() []parley.Answer     { return answers }
func (w *wizard) Phases() []parley.Phase       { return phases }

// movement reads every step's fields.
func (w *wizard) movement(f *form, d draftText) parley.Movement {
	m := parley.Movement{Name: d.Text(f.required("name")), MovementKind: choice(f, "movement_kind", parley.MovementKinds), Mode: choice(f, "mode", parley.Modes),
		Urgency: choice(f, "urgency", urgencies), Vehicles: int32(f.number("vehicles", 0, 10_000, 0)), Persons: int32(f.number("persons", 0, 1_000_000, 0)),
		Markings: several(f, "markings", markings), Cargo: d.Text(f.long("cargo")), Escort: parley.Escort{Armed: choice(f, "escort", answers)}}
	if m.Urgency != parley.StandardNotice && m.Urgency != "" {
		m.EmergencyReason = d.Text(f.required("emergency_reason"))
	}
	if m.Escort.Armed == parley.Yes {
		m.Escort.Who = d.Text(f.required("escort_who"))
	}
	for _, plate := range strings.FieldsFunc(f.text("plates"), func(r rune) bool { return r == '\n' || r == ',' || r == '،' || r == ';' }) {
		if plate = strings.TrimSpace(plate); plate != "" {
			m.Plates = append(m.Plates, d.Text(plate))
		}
	}
	for _, i := range w.Legs() {
		n := "_" + strconv.Itoa(i)
		leg := parley.Leg{Depart: f.moment("leg_depart"+n, true), Arrive: f.moment("leg_arrive"+n, true), From: d.Text(f.text("leg_from" + n)), To: d.Text(f.text("leg_to" + n)), Return: f.has("leg_return" + n)}
		if leg.Depart != 0 && leg.Arrive != 0 && leg.Arrive <= leg.Depart {
			f.wrong("leg_arrive"+n, "wrong.order")
		}
		if route, ok := f.positions("leg_route" + n); ok {
			if len(route) < 2 {
				f.wrong("leg_route"+n, "wrong.two_positions")
			} else {
				leg.Route = geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{route}}.Normalize()
			}
		}
		m.Legs = append(m.Legs, leg)
	}
	for _, i := range w.Stops() {
		n := "_" + strconv.Itoa(i)
		stop := parley.Stop{AfterLeg: f.number("stop_after"+n, 0, len(m.Legs), 0), Arrive: f.moment("stop_arrive"+n, true), Leave: f.moment("stop_leave"+n, true),
			Phase: choice(f, "stop_phase"+n, phases), Name: d.Text(f.text("stop_name" + n))}
		if stop.Arrive != 0 && stop.Leave != 0 && stop.Leave <= stop.Arrive {
			f.wrong("stop_leave"+n, "wrong.order")
		}
		if r, ok := f.position("stop_place" + n); ok {
			stop.Place = pointShape(r.Position)
		}
		m.Stops = append(m.Stops, stop)
	}
	m.Margin = int64(f.number("margin", 0, 24*60, 0)) * parley.Minute
	m.KeepOut = int32(f.number("keep_out", 0, int(parley.MaxKeepOut), 0))
	m.Leader = contact(f, d)
	m.Shared = w.sharing(f, movementOptional)
	m.Findings = f.answered(d)
	return m
}

// prepareMovement draws what can be read of the route.
func (w *wizard) prepareMovement() {
	if w.Here() != "route" && !w.Last() {
		return
	}
	f := &form{c: w.c, values: w.Values}
	w.Chart = w.c.newChart("map")
	var shapes []geo.Shape
	for _, i := range w.Legs() {
		if route, ok := f.positions("leg_route_" + strconv.Itoa(i)); ok && len(route) > 1 {
			s := geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{route}}
			w.Chart.add(s, 0, properties{Kind: "movement", Status: "waiting", Label: w.V("name")})
			shapes = append(shapes, s)
		}
	}
	for _, i := range w.Stops() {
		n := strconv.Itoa(i)
		if r, ok := f.position("stop_place_" + n); ok {
			w.Chart.add(pointShape(r.Position), 0, properties{Kind: "movement", Status: "waiting", Label: w.V("stop_name_" + n)})
			shapes = append(shapes, pointShape(r.Position))
		}
	}
	w.Chart.done(shapes...)
}

// movementField finds the form's field for a path of the command, such as movement.legs[0].depart.
func movementField(path string) string {
	path = strings.TrimPrefix(path, "movement.")
	for _, list := range []struct{ path, field string }{{"legs[", "leg_"}, {"stops[", "stop_"}} {
		rest, ok := strings.CutPrefix(path, list.path)
		if !ok {
			continue
		}
		index, part, ok := strings.Cut(rest, "].")
		n, err := strconv.Atoi(index)
		if !ok || err != nil {
			return ""
		}
		part, _, _ = strings.Cut(part, ".")
		part = strings.NewReplacer("after_leg", "after").Replace(part)
		return list.field + part + "_" + strconv.Itoa(n+1)
	}
	switch {
	case strings.HasPrefix(path, "leader"):
		return "phone"
	case strings.HasPrefix(path, "escort"):
		return "escort"
	case strings.HasPrefix(path, "sharing.sensitivity"):
		return "sensitivity"
	}
	head, _, _ := strings.Cut(path, ".")
	if head, _, _ = strings.Cut(head, "["); stepHas(movementFields, head) {
		return head
	}
	return ""
}

func stepHas(fields fieldsOf, field string) bool {
	for _, list := range fields {
		for _, f := range list {
			if f == field {
				return true
			}
		}
	}
	return false
}
