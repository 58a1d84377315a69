package web

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/geo"
	"parley/geo/notation"
)

// form reads the fields of a form and gathers what is wrong with them. Values come in any script's digits.
type form struct {
	c      *call
	values url.Values
	errors []fieldError
}

// form returns the fields of this request.
func (c *call) form() *form { return &form{c: c, values: c.r.PostForm} }

// text returns a field without the spaces around it.
func (f *form) text(field string) string { return strings.TrimSpace(f.values.Get(field)) }

// has reports whether a box is ticked or a field filled.
func (f *form) has(field string) bool { return f.text(field) != "" }

// wrong notes what is the matter with a field, in the reader's language.
func (f *form) wrong(field, key string, values ...any) {
	f.errors = append(f.errors, fieldError{Field: field, Text: f.c.say(key, values...)})
}

// required returns a text and notes when it is missing.
func (f *form) required(field string) string {
	text := f.text(field)
	if text == "" {
		f.wrong(field, "wrong.missing")
	}
	return text
}

// long bounds a text: payloads have at most 8,000 bytes.
func (f *form) long(field string) string {
	text := f.text(field)
	if len(text) > parley.MaxPayload {
		f.wrong(field, "wrong.long", "n", parley.MaxPayload)
	}
	return text
}

// number reads a whole number within bounds; an empty field is the standard value.
func (f *form) number(field string, least, most, standard int) int {
	text := western(f.text(field))
	if text == "" {
		return standard
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		f.wrong(field, "wrong.number", "read", text, "least", least, "most", most)
		return standard
	}
	return n
}

// choice reads one of several values and notes when none was chosen.
func choice[T ~string](f *form, field string, of []T) T {
	v := T(f.text(field))
	for _, o := range of {
		if o == v {
			return v
		}
	}
	f.wrong(field, "wrong.choose")
	return ""
}

// several reads boxes of one name, keeping only known values.
func several[T ~string](f *form, field string, of []T) []T {
	var out []T
	for _, o := range of {
		for _, v := range f.values[field] {
			if T(v) == o {
				out = append(out, o)
				break
			}
		}
	}
	return out
}

// refOf reads a reference in whatever way it was dictated.
func (f *form) refOf(field string) parley.Ref {
	text := f.required(field)
	if text == "" {
		return ""
	}
	ref, err := parley.ParseRef(western(text))
	if err != nil {
		f.wrong(field, "wrong.ref", "read", text)
	}
	return ref
}

// objectOrPlace reads what something happened at: an object's reference, or a place where no object is named.
func (f *form) objectOrPlace() (parley.Ref, *geo.Position) {
	switch {
	case f.has("object"):
		return f.refOf("object"), nil
	case f.has("place"):
		if r, ok := f.position("place"); ok {
			return "", &r.Position
		}
	default:
		f.wrong("object", "wrong.object_or_place")
	}
	return "", nil
}

// position reads a place from one free field, in any notation.
func (f *form) position(field string) (notation.Reading, bool) {
	text := f.text(field)
	if text == "" {
		f.wrong(field, "wrong.missing")
		return notation.Reading{}, false
	}
	r, err := notation.Parse(text)
	if err != nil {
		f.badPosition(field, text, err)
		return r, false
	}
	return r, true
}

func (f *form) badPosition(field, text string, err error) {
	var fault *notation.Fault
	if errors.As(err, &fault) {
		f.wrong(field, "wrong.position", "read", "\u2068"+text+"\u2069", "expected", "\u2066"+fault.Expected+"\u2069")
		return
	}
	f.wrong(field, "wrong.position", "read", text, "expected", "35.336, 40.141")
}

// latLon reads a place from the fields lat and lon, or else from the free one. It says what was read and in which notation.
func (f *form) latLon(lat, lon, free string) (notation.Reading, bool) {
	a, b := f.text(lat), f.text(lon)
	switch {
	case a == "" && b == "":
		return f.position(free)
	case a == "":
		f.wrong(lat, "wrong.missing")
		return notation.Reading{}, false
	case b == "":
		f.wrong(lon, "wrong.missing")
		return notation.Reading{}, false
	}
	r, err := notation.Parse("lat " + a + " lon " + b)
	if err != nil {
		f.badPosition(lat, a+" "+b, err)
		return r, false
	}
	return r, true
}

// positions reads one position a line.
func (f *form) positions(field string) ([]geo.Position, bool) {
	var out []geo.Position
	for n, line := range strings.Split(f.text(field), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		r, err := notation.Parse(line)
		if err != nil {
			f.wrong(field, "wrong.line", "n", n+1, "read", "\u2068"+line+"\u2069", "expected", "\u206635.336, 40.141\u2069")
			return nil, false
		}
		out = append(out, r.Position)
	}
	if len(out) == 0 {
		f.wrong(field, "wrong.missing")
		return nil, false
	}
	return out, true
}

// shape reads a geometry: its kind, its positions and, for a circle, the radius in metres.
func (f *form) shape(kind, field, radius string) (s geo.Shape, ok bool) {
	points, ok := f.positions(field)
	if !ok {
		return s, false
	}
	switch f.text(kind) {
	case "circle":
		metres := f.number(radius, 1, 200_000, 0)
		if metres == 0 {
			f.wrong(radius, "wrong.missing")
			return s, false
		}
		if len(points) != 1 {
			f.wrong(field, "wrong.one_position")
			return s, false
		}
		s = circle(points[0], int32(metres))
	case "line":
		if len(points) < 2 {
			f.wrong(field, "wrong.two_positions")
			return s, false
		}
		s = geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{points}}
	case "point":
		if len(points) != 1 {
			f.wrong(field, "wrong.one_position")
			return s, false
		}
		s = pointShape(points[0])
	default:
		if len(points) < 3 {
			f.wrong(field, "wrong.three_positions")
			return s, false
		}
		if points[0] != points[len(points)-1] {
			points = append(points, points[0])
		}
		s = geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{geo.Ring(points)}}}
	}
	if err := s.Validate(geo.MaxVertices); err != nil {
		var fault *geo.Fault
		if errors.As(err, &fault) {
			f.wrong(field, "wrong.shape", "read", "\u2066"+fault.Read+"\u2069", "expected", "\u2066"+fault.Expected+"\u2069")
		} else {
			f.wrong(field, "wrong.shape", "read", err.Error(), "expected", "")
		}
		return s, false
	}
	return s.Normalize(), true
}

// moment reads a day and an hour in the theatre's zone, "2017-09-14" and "06:30", or one local time "2017-09-14T06:30".
func (f *form) moment(field string, needed bool) int64 {
	text := western(f.text(field))
	if text == "" {
		if needed {
			f.wrong(field, "wrong.missing")
		}
		return 0
	}
	zone := zoneOf(f.c.theatre.Profile.Zone)
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at.UnixMilli()
		}
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UnixMilli()
	}
	f.wrong(field, "wrong.time", "read", text)
	return 0
}

// local writes a time as a field for day and hour holds it.
func (c *call) local(ms int64) string {
	if ms == 0 || ms == geo.Forever {
		return ""
	}
	return parley.Time(ms).In(zoneOf(c.theatre.Profile.Zone)).Format("2006-01-02 15:04")
}

func pointShape(p geo.Position) geo.Shape {
	return geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}
}
