package release

import (
	"strings"

	"parley"
	"parley/geo"
)

// Reader returns the text of a payload, or "" when it was erased. What a view may not show is never read.
type Reader func(parley.Commitment) string

// ErasedText stands where a text was that has been erased.
const ErasedText = "[erased]"

// Grant says how much of an object a reader gets.
type Grant struct {
	Full      bool // the owner and the desk
	Precision parley.Precision
	Fields    []parley.Field
}

// GrantOf returns what a release gives its recipient.
func GrantOf(r *parley.Release) Grant { return Grant{Precision: r.Precision, Fields: r.Fields} }

// May reports whether the grant holds an optional field.
func (g Grant) May(f parley.Field) bool {
	if g.Full {
		return true
	}
	if g.Precision != parley.Exact {
		return false
	}
	for _, have := range g.Fields {
		if have == f {
			return true
		}
	}
	return false
}

func (g Grant) exact() bool { return g.Full || g.Precision == parley.Exact }

// Object is a version of a protected object as one reader may see it. Times are RFC 3339 in UTC, distances metres.
type Object struct {
	Ref          parley.Ref       `json:"ref"`
	Version      int              `json:"version"`
	Kind         string           `json:"kind"`
	Precision    parley.Precision `json:"precision"`
	Category     string           `json:"category,omitzero"`
	Names        []Name           `json:"names,omitempty"`
	Geometry     Geometry         `json:"geometry"`
	KeepOut      int32            `json:"keep_out,omitzero"`
	From         string           `json:"from"`
	Until        string           `json:"until,omitzero"`
	Accuracy     int32            `json:"accuracy,omitzero"`
	Obtained     string           `json:"obtained,omitzero"`
	Simulated    bool             `json:"simulated,omitzero"`
	Markings     []parley.Marking `json:"markings,omitempty"`
	Occupancy    string           `json:"occupancy,omitzero"`
	Address      string           `json:"address,omitzero"`
	Contact      string           `json:"contact,omitzero"`
	Legs         []Leg            `json:"legs,omitempty"`
	Stops        []PlannedStop    `json:"stops,omitempty"`
	Mode         string           `json:"mode,omitzero"`
	Urgency      string           `json:"urgency,omitzero"`
	Vehicles     int32            `json:"vehicles,omitzero"`
	Persons      int32            `json:"persons,omitzero"`
	Escort       string           `json:"armed_escort,omitzero"`
	Plates       []string         `json:"plates,omitempty"`
	Cargo        string           `json:"cargo,omitzero"`
	Verification *Verification    `json:"verification,omitzero"`
	Private      *Private         `json:"private,omitzero"`
}

// Name is a name in a language.
type Name struct {
	Language string `json:"language"`
	Name     string `json:"name"`
}

// Leg is one leg of a movement.
type Leg struct {
	Route  Geometry `json:"route"`
	Depart string   `json:"depart"`
	Arrive string   `json:"arrive"`
	From   string   `json:"from,omitzero"`
	To     string   `json:"to,omitzero"`
	Return bool     `json:"return,omitzero"`
}

// PlannedStop is one stop of a movement.
type PlannedStop struct {
	Place    Geometry `json:"place"`
	Arrive   string   `json:"arrive"`
	Leave    string   `json:"leave"`
	Phase    string   `json:"phase"`
	AfterLeg int      `json:"after_leg"`
	Name     string   `json:"name,omitzero"`
}

// Verification says how and when a version was checked. Its age stands on every line.
type Verification struct {
	Method string `json:"method"`
	On     string `json:"on"`
	Source string `json:"source,omitzero"`
	Apart  int64  `json:"apart_mm,omitzero"`
}

// Private is what stays with the notifier and the desk.
type Private struct {
	Function    string             `json:"function,omitzero"`
	Operator    string             `json:"operator,omitzero"`
	Supporter   string             `json:"supporter,omitzero"`
	ContactName string             `json:"contact_name,omitzero"`
	Alternate   string             `json:"alternate,omitzero"`
	SignedOff   []string           `json:"signed_off,omitempty"`
	Written     string             `json:"written,omitzero"`
	Notation    string             `json:"notation,omitzero"`
	ObtainedOn  string             `json:"obtained_on,omitzero"`
	Admin       []string           `json:"admin,omitempty"` // codes of the administrative levels, from the top
	Since       string             `json:"since,omitzero"`
	CoLocation  *CoLocation        `json:"co_location,omitzero"`
	EscortWho   string             `json:"escort_who,omitzero"`
	Reason      string             `json:"emergency_reason,omitzero"`
	Sensitivity parley.Sensitivity `json:"sensitivity"`
	Consents    []parley.Consent   `json:"consents,omitempty"`
	OnBehalf    string             `json:"on_behalf,omitzero"`
}

// CoLocation is the notifier's statement about military objects near by.
type CoLocation struct {
	NoneWithin int32  `json:"none_within"` // metres
	KnownOn    string `json:"known_on"`
}

// Geometry is a shape that is written as GeoJSON (RFC 7946).
type Geometry struct{ geo.Shape }

// MarshalJSON writes GeoJSON in decimal degrees.
func (g Geometry) MarshalJSON() ([]byte, error) { return g.GeoJSON() }

// UnmarshalJSON reads GeoJSON.
func (g *Geometry) UnmarshalJSON(text []byte) (err error) {
	g.Shape, err = geo.ParseGeoJSON(text)
	return err
}

// Cut returns a version as a reader with that grant may see it. read is asked only for what is shown.
func Cut(v *parley.Version, profile *parley.Profile, g Grant, read Reader) Object {
	c := cutter{grant: g, read: read}
	out := Object{Ref: v.Of.Ref, Version: v.Of.Version, Kind: strings.ToLower(string(v.Of.Ref.Kind())), Precision: g.Precision}
	if g.Full {
		out.Precision = parley.Exact
		out.Private = &Private{Sensitivity: v.Object().Sharing().Sensitivity, Consents: v.Object().Sharing().Consents}
		if v.OnBehalf != nil {
			out.Private.OnBehalf = string(v.OnBehalf.Channel)
		}
	}
	if check := v.Verification; check != nil {
		out.Verification = &Verification{Method: string(check.Method), On: parley.Stamp(check.On)}
		if g.Full {
			out.Verification.Source, out.Verification.Apart = c.text(check.Source), check.Apart
		}
	}
	switch {
	case v.Site != nil:
		c.site(&out, v.Site, profile)
	case v.Movement != nil:
		c.movement(&out, v.Movement, profile)
	default:
		c.presence(&out, v.Presence, profile)
	}
	return out
}

type cutter struct {
	grant Grant
	read  Reader
}

func (c cutter) text(t parley.Commitment) string {
	if t.IsZero() {
		return ""
	}
	if s := c.read(t); s != "" {
		return s
	}
	return ErasedText
}

func (c cutter) shape(s geo.Shape) Geometry {
	if c.grant.exact() {
		return Geometry{s}
	}
	return Geometry{s.Coarse()}
}

func stampOpen(ms int64) string {
	if ms == geo.Forever || ms == 0 {
		return ""
	}
	return parley.Stamp(ms)
}

func (c cutter) site(out *Object, s *parley.Site, profile *parley.Profile) {
	out.Category, out.Geometry = string(s.Category), c.shape(s.Shape)
	w := s.Window()
	out.From, out.Until = parley.Stamp(w.From), stampOpen(w.To)
	if !c.grant.exact() {
		return
	}
	out.KeepOut, out.Accuracy, out.Obtained, out.Simulated = s.KeepOutMetres(profile), s.Obtained.Accuracy, string(s.Obtained.Method), s.Obtained.Simulated
	out.Markings, out.Occupancy = s.Markings, string(s.Occupancy)
	if c.grant.May(parley.FieldName) {
		for _, n := range s.Names {
			out.Names = append(out.Names, Name{n.Language, c.text(n.Name)})
		}
	}
	if c.grant.May(parley.FieldAddress) {
		out.Address = c.text(s.Address)
	}
	if c.grant.May(parley.FieldContact) {
		out.Contact = c.text(s.Contact.Phone)
	}
	if p := out.Private; p != nil {
		p.Function, p.Operator, p.Supporter = c.text(s.Function), c.text(s.Operator), c.text(s.Supporter)
		p.ContactName, p.Alternate = c.text(s.Contact.Name), c.text(s.Contact.Alternate)
		p.Written, p.Notation, p.ObtainedOn = c.text(s.Obtained.Written), s.Obtained.Notation, stampOpen(s.Obtained.On)
		p.Admin, p.Since = s.Admin, stampOpen(s.Since)
		if co := s.CoLocation; co != nil {
			p.CoLocation = &CoLocation{co.NoneWithin, parley.Stamp(co.KnownOn)}
		}
		for _, name := range s.SignedOff {
			p.SignedOff = append(p.SignedOff, c.text(name))
		}
	}
}

func (c cutter) movement(out *Object, m *parley.Movement, profile *parley.Profile) {
	w := m.Window()
	out.Category, out.From, out.Until = string(m.MovementKind), parley.Stamp(w.From), parley.Stamp(w.To)
	for _, l := range m.Legs {
		leg := Leg{Route: c.shape(l.Route), Depart: parley.Stamp(l.Depart), Arrive: parley.Stamp(l.Arrive), Return: l.Return}
		if c.grant.May(parley.FieldAddress) {
			leg.From, leg.To = c.text(l.From), c.text(l.To)
		}
		out.Legs = append(out.Legs, leg)
	}
	out.Geometry = whole(out.Legs)
	for _, s := range m.Stops {
		stop := PlannedStop{Place: c.shape(s.Place), Arrive: parley.Stamp(s.Arrive), Leave: parley.Stamp(s.Leave), Phase: string(s.Phase), AfterLeg: s.AfterLeg}
		if c.grant.May(parley.FieldAddress) {
			stop.Name = c.text(s.Name)
		}
		out.Stops = append(out.Stops, stop)
	}
	if !c.grant.exact() {
		return
	}
	out.KeepOut, out.Mode, out.Urgency, out.Markings = m.KeepOutMetres(profile), string(m.Mode), string(m.Urgency), m.Markings
	out.Vehicles, out.Persons, out.Escort = m.Vehicles, m.Persons, string(m.Escort.Armed)
	if c.grant.May(parley.FieldName) {
		out.Names = []Name{{Name: c.text(m.Name)}}
	}
	if c.grant.May(parley.FieldPlates) {
		for _, p := range m.Plates {
			out.Plates = append(out.Plates, c.text(p))
		}
	}
	if c.grant.May(parley.FieldCargo) {
		out.Cargo = c.text(m.Cargo)
	}
	if c.grant.May(parley.FieldContact) {
		out.Contact = c.text(m.Leader.Phone)
	}
	if p := out.Private; p != nil {
		p.ContactName, p.Alternate = c.text(m.Leader.Name), c.text(m.Leader.Alternate)
		p.EscortWho, p.Reason = c.text(m.Escort.Who), c.text(m.EmergencyReason)
	}
}

// whole joins the legs of a movement into one geometry, with what each of them shows.
func whole(legs []Leg) Geometry {
	if len(legs) == 1 {
		return legs[0].Route
	}
	joined := geo.Shape{Kind: geo.MultiLineString}
	for _, l := range legs {
		joined.Lines = append(joined.Lines, l.Route.Lines...)
		joined.Polygons = append(joined.Polygons, l.Route.Polygons...)
	}
	if len(joined.Polygons) > 0 { // coarse: cells in place of lines
		joined.Kind = geo.MultiPolygon
	}
	return Geometry{joined}
}

func (c cutter) presence(out *Object, p *parley.Presence, profile *parley.Profile) {
	out.Geometry, out.From, out.Until = c.shape(p.Shape), parley.Stamp(p.From), parley.Stamp(p.Until)
	if !c.grant.exact() {
		return
	}
	out.Occupancy = string(p.People)
	out.KeepOut = p.KeepOut
	if out.KeepOut == 0 {
		out.KeepOut = profile.KeepOut
	}
	if c.grant.May(parley.FieldAddress) {
		out.Address = c.text(p.Place)
	}
}
