package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"parley"
	"parley/geo"
	"parley/geo/notation"
)

// shapeFlags say where: a GeoJSON file or a circle.
type shapeFlags struct {
	Shape  string  `placeholder:"FILE.geojson" type:"existingfile" help:"Where: one GeoJSON geometry, or a feature with one."`
	Circle *circle `placeholder:"POSITION,RADIUS" help:"Where: a circle of so many metres, such as '35.95, 39.01, 800m'."`
}

// volumeFlags say where and when.
type volumeFlags struct {
	shapeFlags
	From   *when  `required:"" placeholder:"TIME" help:"From when: 2026-03-01T06:00:00Z, 2026-03-01T09:00 in the theatre's zone, now, or +26h."`
	To     *when  `required:"" placeholder:"TIME" help:"Until when."`
	Buffer int32  `placeholder:"METRES" help:"How far effects may reach beyond the shape."`
	Low    *int32 `placeholder:"METRES" help:"Lowest altitude; with --high. Without both: all altitudes."`
	High   *int32 `placeholder:"METRES" help:"Highest altitude."`
}

// circle is a position in any notation with a radius.
type circle struct {
	place
	radius int32 // metres
}

// UnmarshalText implements encoding.TextUnmarshaler. The radius stands after the last comma.
func (c *circle) UnmarshalText(text []byte) error {
	cut := strings.LastIndexAny(string(text), ",،")
	if cut < 0 {
		return parley.Invalid("", strconv.Quote(string(text)), "a position and a radius, such as '35.95, 39.01, 800m'")
	}
	radius := strings.TrimSpace(strings.TrimLeft(string(text[cut:]), ",،"))
	scale := 1.0
	if km, ok := strings.CutSuffix(radius, "km"); ok {
		radius, scale = km, 1000
	} else {
		radius = strings.TrimSuffix(radius, "m")
	}
	metres, err := strconv.ParseFloat(strings.TrimSpace(radius), 64)
	if metres *= scale; err != nil || !(metres >= 1 && metres <= 200_000) {
		return parley.Invalid("", strconv.Quote(radius), "a radius after the last comma, 1 to 200000 metres, such as 800m or 2km")
	}
	c.radius = int32(math.Ceil(metres))
	return c.place.UnmarshalText(text[:cut])
}

// shape draws a polygon around the circle.
func (c *circle) shape() geo.Shape { return geo.Circle(c.Position, c.radius) }

// shape turns the flags into a shape.
func (s *statement) shape(f shapeFlags) (geo.Shape, error) {
	switch {
	case (f.Shape != "") == (f.Circle != nil):
		return geo.Shape{}, usage("where? either --shape FILE.geojson or --circle POSITION,RADIUS")
	case f.Circle != nil:
		s.place("--circle", f.Circle.place)
		return f.Circle.shape(), nil
	}
	return readShape(f.Shape)
}

// readShape reads one geometry from a GeoJSON file: bare, or in a feature or a collection of one feature.
func readShape(file string) (geo.Shape, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return geo.Shape{}, fmt.Errorf("couldn't read the shape: %w", err)
	}
	var outer struct {
		Type     string            `json:"type"`
		Geometry json.RawMessage   `json:"geometry"`
		Features []json.RawMessage `json:"features"`
	}
	geometry := text
	for range 2 {
		if json.Unmarshal(geometry, &outer) != nil {
			break // the reader of geometries says what is wrong
		}
		switch outer.Type {
		case "Feature":
			geometry = outer.Geometry
		case "FeatureCollection":
			if n := len(outer.Features); n != 1 {
				return geo.Shape{}, parley.Invalid(file+": features", fmt.Sprintf("%d features", n), "one feature")
			}
			geometry = outer.Features[0]
		}
	}
	shape, err := geo.ParseGeoJSON(geometry)
	if err != nil {
		return shape, fmt.Errorf("%s: %w", file, err)
	}
	return shape, nil
}

// volume turns the flags into where and when.
func (s *statement) volume(f volumeFlags) (shape geo.Shape, band *geo.Band, w geo.Window, err error) {
	if shape, err = s.shape(f.shapeFlags); err != nil {
		return shape, nil, w, err
	}
	if w.From, err = s.time(f.From); err != nil {
		return shape, nil, w, err
	}
	if w.To, err = s.time(f.To); err != nil {
		return shape, nil, w, err
	}
	if (f.Low == nil) != (f.High == nil) {
		return shape, nil, w, usage("--low and --high go together")
	}
	if f.Low != nil {
		band = &geo.Band{Low: *f.Low, High: *f.High}
	}
	return shape, band, w, nil
}

// point returns the shape of a position.
func point(p geo.Position) geo.Shape {
	return geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}
}

// spot writes a position for people: decimal degrees and MGRS.
func spot(p geo.Position) string {
	return p.String() + "  (" + notation.Echo(p)[1] + ")"
}
