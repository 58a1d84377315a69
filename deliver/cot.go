package deliver

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/geo"
	"parley/release"
)

// The elements of CoT 2.0, the events of the TAK family (MITRE, Base-Event schema), that parley writes.
type cotEvent struct {
	XMLName xml.Name  `xml:"event"`
	Version string    `xml:"version,attr"`
	UID     string    `xml:"uid,attr"`
	Type    string    `xml:"type,attr"`
	Time    string    `xml:"time,attr"`
	Start   string    `xml:"start,attr"`
	Stale   string    `xml:"stale,attr"`
	How     string    `xml:"how,attr"`
	Opex    string    `xml:"opex,attr,omitempty"` // e: exercise
	Point   cotPoint  `xml:"point"`
	Detail  cotDetail `xml:"detail"`

	stale time.Time // as in Stale
}

type cotPoint struct {
	Lat string `xml:"lat,attr"`
	Lon string `xml:"lon,attr"`
	HAE string `xml:"hae,attr"`
	CE  string `xml:"ce,attr"`
	LE  string `xml:"le,attr"`
}

type cotDetail struct {
	Shape        *cotShape   `xml:"shape"`
	Links        []cotLink   `xml:"link"`
	StrokeColor  *cotValue   `xml:"strokeColor"`
	StrokeWeight *cotValue   `xml:"strokeWeight"`
	FillColor    *cotValue   `xml:"fillColor"`
	Labels       *cotValue   `xml:"labels_on"`
	ForceDelete  *struct{}   `xml:"__forcedelete"`
	Contact      *cotContact `xml:"contact"`
	Remarks      string      `xml:"remarks,omitempty"`
	Archive      *struct{}   `xml:"archive"`
}

type cotShape struct {
	Ellipse cotEllipse `xml:"ellipse"`
}

type cotEllipse struct {
	Major string `xml:"major,attr"`
	Minor string `xml:"minor,attr"`
	Angle string `xml:"angle,attr"`
}

type cotLink struct {
	UID      string `xml:"uid,attr,omitempty"`
	Type     string `xml:"type,attr,omitempty"`
	Relation string `xml:"relation,attr,omitempty"`
	Point    string `xml:"point,attr,omitempty"`
}

type cotValue struct {
	Value string `xml:"value,attr"`
}

type cotContact struct {
	Callsign string `xml:"callsign,attr"`
}

// cotUnknown stands for a height or an error that is not known.
const cotUnknown = "9999999.0"

// cotTypes are the types of markers by category: each an atom of neutral affiliation. Others are a neutral civilian installation.
var cotTypes = map[string]string{
	"hospital": "a-n-G-I-X-H", "clinic": "a-n-G-I-X-hcf", "mobile_clinic": "a-n-G-I-X-hcf", "blood_bank": "a-n-G-I-X-hcf",
	"school": "a-n-G-I-c-sch", "worship": "a-n-G-I-c-rel", "cultural_property": "a-n-G-I-c-mon", "warehouse": "a-n-G-I-c-whs",
	"guesthouse": "a-n-G-I-c-rah", "displaced_site": "a-n-G-I-c-rah", "collective_shelter": "a-n-G-I-c-rah",
}

const cotOther = "a-n-G-I-c"

// cotWriter writes the sites of one theatre.
type cotWriter struct {
	theatre  string
	exercise bool
	stale    time.Duration // of what has no end
}

func cotTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// degrees writes a coordinate without loss: units of 1e-7 degree.
func degrees(v int32) string {
	sign, n := "", int64(v)
	if n < 0 {
		sign, n = "-", -n
	}
	fraction := strings.TrimRight(fmt.Sprintf("%07d", n%geo.E7), "0")
	if fraction == "" {
		fraction = "0"
	}
	return fmt.Sprintf("%s%d.%s", sign, n/geo.E7, fraction)
}

func metres(m int32) string { return strconv.Itoa(int(m)) + ".0" }

func pair(p geo.Position) string { return degrees(p.Lat) + "," + degrees(p.Lon) }

func (w cotWriter) event(uid, kind string, at geo.Position, now, stale time.Time, how string) cotEvent {
	e := cotEvent{Version: "2.0", UID: uid, Type: kind, Time: cotTime(now), Start: cotTime(now), Stale: cotTime(stale), How: how,
		Point: cotPoint{degrees(at.Lat), degrees(at.Lon), cotUnknown, cotUnknown, cotUnknown}}
	if w.exercise {
		e.Opex = "e"
	}
	return e
}

// uid names a record on the other side. It says nothing but theatre and reference.
func (w cotWriter) uid(ref parley.Ref) string { return "parley." + w.theatre + "." + string(ref) }

// site returns the events that show a site: a neutral marker, its shape when it has one, and a circle of its keep-out distance. A coarse
// release is its cell alone: a marker would pretend to a place.
func (w cotWriter) site(o *release.Object, now time.Time) []cotEvent {
	stale := now.Add(w.stale)
	if until, err := time.Parse(time.RFC3339, o.Until); err == nil && until.After(now) {
		stale = until
	}
	of := parley.Versioned{Ref: o.Ref, Version: o.Version}
	uid, middle := w.uid(o.Ref), centre(o.Geometry.Shape)
	dress := func(e *cotEvent, label string) {
		e.Detail.Contact = &cotContact{joined(" ", w.mark(), string(o.Ref), label)}
		e.Detail.Remarks = joined(" ", w.mark(), of.String()+".", parley.SentenceNotification)
		e.Detail.Archive = &struct{}{}
	}
	outline := func(e *cotEvent) {
		e.Detail.StrokeColor, e.Detail.StrokeWeight = &cotValue{"-16776961"}, &cotValue{"3.0"}
		e.Detail.FillColor, e.Detail.Labels = &cotValue{"-1778384641"}, &cotValue{"false"}
	}
	var events []cotEvent
	add := func(e cotEvent) {
		e.stale = stale
		events = append(events, e)
	}
	if o.Precision == parley.Exact {
		kind := cotTypes[o.Category]
		if kind == "" {
			kind = cotOther
		}
		places := o.Geometry.Points
		if len(places) == 0 {
			places = []geo.Position{middle}
		}
		for i, at := range places {
			name := uid
			if i > 0 {
				name = fmt.Sprintf("%s.%d", uid, i+1)
			}
			e := w.event(name, kind, at, now, stale, "h-e")
			if o.Accuracy > 0 {
				e.Point.CE = metres(o.Accuracy)
			}
			dress(&e, "")
			add(e)
			if o.KeepOut > 0 && len(o.Geometry.Points) > 0 {
				c := w.event(name+".keepout", "u-d-c-c", at, now, stale, "h-e")
				c.Detail.Shape = &cotShape{cotEllipse{metres(o.KeepOut), metres(o.KeepOut), "360"}}
				outline(&c)
				c.Detail.Labels = &cotValue{"true"}
				dress(&c, "keep-out")
				add(c)
			}
		}
	}
	for i, ring := range rings(o.Geometry.Shape) {
		e := w.event(fmt.Sprintf("%s.shape%d", uid, i+1), "u-d-f", middle, now, stale, "h-e")
		for _, p := range ring {
			e.Detail.Links = append(e.Detail.Links, cotLink{Point: pair(p)})
		}
		outline(&e)
		if ring[0] != ring[len(ring)-1] {
			e.Detail.FillColor = nil // an open line has no inside
		}
		dress(&e, string(o.Precision))
		add(e)
	}
	return events
}

func (w cotWriter) mark() string {
	if w.exercise {
		return "EXERCISE"
	}
	return ""
}

// removal returns the event that takes one off the other side's map.
func (w cotWriter) removal(uid string, now time.Time) cotEvent {
	e := w.event(uid+".removed", "t-x-d-d", geo.Position{}, now, now.Add(w.stale), "h-e")
	e.Detail.Links, e.Detail.ForceDelete = []cotLink{{UID: uid, Type: "none", Relation: "none"}}, &struct{}{}
	return e
}

// ping returns the event that asks whether anybody is there. It shows nothing.
func (w cotWriter) ping(now time.Time) cotEvent {
	e := w.event("parley."+w.theatre+".TEST", "t-x-c-t", geo.Position{}, now, now.Add(time.Minute), "m-g")
	e.Detail.Remarks = joined(" ", w.mark(), "TEST")
	return e
}

// encode writes an event as one line.
func (e *cotEvent) encode() ([]byte, error) {
	text, err := xml.Marshal(e)
	if err != nil {
		return nil, err
	}
	return append(append([]byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`), text...), '\n'), nil
}

// centre returns the middle of a shape's bounds, the position itself for a point.
func centre(s geo.Shape) geo.Position {
	if s.Kind == geo.Point {
		return s.Points[0]
	}
	first := true
	var low, high geo.Position
	s.Each(func(p geo.Position) {
		if first {
			low, high, first = p, p, false
		}
		low = geo.Position{Lon: min(low.Lon, p.Lon), Lat: min(low.Lat, p.Lat)}
		high = geo.Position{Lon: max(high.Lon, p.Lon), Lat: max(high.Lat, p.Lat)}
	})
	return geo.Position{Lon: int32((int64(low.Lon) + int64(high.Lon)) / 2), Lat: int32((int64(low.Lat) + int64(high.Lat)) / 2)}
}

// rings returns the outer rings of a shape, and its lines. Holes are left out: the other side shows more than there is, never less.
func rings(s geo.Shape) [][]geo.Position {
	var all [][]geo.Position
	for _, polygon := range s.Polygons {
		if len(polygon) > 0 {
			all = append(all, polygon[0])
		}
	}
	return append(all, s.Lines...)
}
