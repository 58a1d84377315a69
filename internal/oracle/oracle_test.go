package oracle

import (
	"math"
	"testing"

	"parley/geo"
)

func point(lat, lon float64) geo.Shape {
	return geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: int32(math.Round(lon * geo.E7)), Lat: int32(math.Round(lat * geo.E7))}}}
}

// The oracle itself is held against a published distance and against what needs no measuring.
func TestDistance(t *testing.T) {
	ring := func(south, west, size float64) geo.Ring {
		var r geo.Ring
		for _, c := range [][2]float64{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}} {
			r = append(r, point(south+c[0]*size, west+c[1]*size).Points[0])
		}
		return r
	}
	holed := geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{ring(35, 40, 1), ring(35.4, 40.4, 0.2)}}}
	meridian := geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{{point(35, 40).Points[0], point(36, 40).Points[0]}}}
	degree := Distance(point(35, 40), point(36, 40))
	for _, c := range []struct {
		name   string
		a, b   geo.Shape
		metres float64
		within float64
	}{
		// New York to London, the example of GeographicLib's GeodSolve: 5551759.400 m.
		{"published", point(40.6, -73.8), point(51.6, -0.5), 5_551_759.400, 0.001},
		{"a point and itself", point(35, 40), point(35, 40), 0, 0},
		{"names of the antimeridian", point(10, 180), point(10, -180), 0, 1e-6},
		{"inside", holed, point(35.2, 40.2), 0, 0},
		{"in the hole, beside its western border", holed, point(35.5, 40.41), Distance(point(35.5, 40.41), meridianAt(40.4)), 1e-3},
		{"a line and a point on it", meridian, point(35.5, 40), 0, 2e-5},
		{"a line and a point beyond its end", meridian, point(37, 40), Distance(point(36, 40), point(37, 40)), 1e-6},
	} {
		if got := Distance(c.a, c.b); math.Abs(got-c.metres) > c.within {
			t.Errorf("%s: %.6f m, expected %.6f", c.name, got, c.metres)
		}
	}
	if degree < 110_900 || degree > 111_000 {
		t.Errorf("a degree of latitude at 35 N is %.1f m", degree)
	}
}

func meridianAt(lon float64) geo.Shape {
	return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{{point(35.4, lon).Points[0], point(35.6, lon).Points[0]}}}
}
