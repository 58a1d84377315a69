package workload

import (
	"math"
	"testing"

	"parley/geo"
	"parley/internal/oracle"
)

func outlined(t *testing.T, v geo.Volume) geo.Shape {
	t.Helper()
	text, err := v.Shape.GeoJSON()
	if err != nil {
		t.Fatal(err)
	}
	it := Item{Geometry: text, Volume: v}
	shape, err := geo.ParseGeoJSON(it.Outline())
	if err != nil {
		t.Fatal(err)
	}
	return shape
}

func point(lon, lat float64) geo.Shape {
	return geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: int32(math.Round(lon * geo.E7)), Lat: int32(math.Round(lat * geo.E7))}}}
}

// The corners of a circle lie on it, by an oracle of other means; positions are kept to a centimetre.
func TestOutlineOfAPoint(t *testing.T) {
	for _, lat := range []float64{0, 29.5, -36.7, 60, 75, -80} {
		for _, metres := range []int32{1, 50, 500, 1000} {
			center := point(44.36, lat)
			shape := outlined(t, geo.Volume{Shape: center, Buffer: metres})
			if shape.Kind != geo.Polygon || len(shape.Polygons[0][0]) != 33 {
				t.Fatalf("%d m at %v: %v with %d corners, expected a polygon of 32 sides", metres, lat, shape.Kind, shape.Vertices())
			}
			for _, p := range shape.Polygons[0][0] {
				if d := oracle.Distance(center, geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}); math.Abs(d-float64(metres)) > 0.012 {
					t.Errorf("at %v a corner lies %.4f m away, expected %d", lat, d, metres)
				}
			}
		}
	}
}

// No corner of an outline lies farther from the shape than its buffer, and what is half a percent nearer than the buffer lies within.
func TestOutlineOfALineAndAnArea(t *testing.T) {
	for _, s := range Scenes[:1] {
		for it, err := range s.Volumes(16) {
			if err != nil {
				t.Fatal(err)
			}
			v := it.Volume
			if v.Shape.Kind == geo.Point {
				continue
			}
			v.Buffer = 300
			shape := outlined(t, v)
			shape.Each(func(p geo.Position) {
				if d := oracle.Distance(v.Shape, geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}); d > 300.02 {
					t.Errorf("%s: a corner lies %.3f m away, expected 300 at most", it.ID, d)
				}
			})
			always := geo.Window{From: 0, To: 1}
			v.Shape.Each(func(p geo.Position) {
				for bearing := int32(0); bearing < 360; bearing += 60 {
					near := geo.Shape{Kind: geo.Point, Points: []geo.Position{geo.Destination(p, bearing, 298)}}
					if !geo.Conflict(geo.Volume{Shape: shape, Band: geo.AllAltitudes, Window: always}, geo.Volume{Shape: near, Band: geo.AllAltitudes, Window: always}) {
						t.Errorf("%s: a place 298 m from a corner at %d degrees lies outside", it.ID, bearing)
					}
				}
			})
		}
	}
}

// An edge over the antimeridian goes the short way, on one side of it.
func TestOutlineOverTheAntimeridian(t *testing.T) {
	it := Item{Volume: geo.Volume{Shape: geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{{{Lon: 1799_900_000, Lat: 0}, {Lon: -1799_900_000, Lat: 0}}}}, Buffer: 100}}
	var wide ring32
	line := it.Volume.Shape.Lines[0]
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range hull(wide.between(line[0], line[1], 100)) {
		low, high = min(low, s.lon), max(high, s.lon)
	}
	if low < 179.98 || high > 180.02 {
		t.Errorf("it reaches from %v to %v degrees", low, high)
	}
}
