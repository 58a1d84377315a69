package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Everything within a distance of a shape lies in its box widened by that distance, and the box is not much larger than it must be.
func TestBoundsAndWiden(t *testing.T) {
	r := rand.New(rand.NewPCG(40, 1))
	for i := range 4000 {
		p := anywhere(r)
		size := math.Exp(r.Float64()*9 + 2)
		s := shapeAt(r, p, size)
		b := s.Bounds()
		for _, at := range OraclePlaces(s, 20) {
			if !b.Widen(1).Contains(at) {
				t.Fatalf("case %d: %v lies outside %v of %v", i, at, b, s)
			}
			metres := int32(r.IntN(50_000))
			away := move(at, r.Float64()*7, float64(metres)*0.99)
			if Distance(at, away) < float64(metres) && !b.Widen(metres).Contains(away) {
				t.Fatalf("case %d: %v, within %d m of %v, lies outside", i, away, metres, s)
			}
		}
		if c := b.Center(); !b.Contains(c) {
			t.Fatalf("case %d: center %v outside %v", i, c, b)
		}
		if h := float64(b.Max.Lat-b.Min.Lat) / E7 * 111_000; h > size*8+1000 {
			t.Fatalf("case %d: a box %.0f m high for a shape of %.0f m", i, h, size)
		}
	}
}

func TestBoxes(t *testing.T) {
	box := func(south, west, north, east float64) Box { return Box{at(south, west), at(north, east)} }
	for _, c := range []struct {
		name  string
		shape Shape
		want  Box
	}{
		{"point", Shape{Kind: Point, Points: []Position{at(35, 40)}}, box(35, 40, 35, 40)},
		{"over the antimeridian", Shape{Kind: LineString, Lines: [][]Position{ringOf(0, 179, 0, -178)}}, box(0, 179, 0, -178)},
		{"points on both sides of it", Shape{Kind: MultiPoint, Points: ringOf(10, -170, 12, 160, 11, 175)}, box(10, 160, 12, -170)},
		{"around the pole", polarCap(80, 40), box(80, -180, 90, 180)},
		{"around the southern pole", polarCap(-80, 40), box(-90, -180, -80, 180)},
		{"over the pole", Shape{Kind: LineString, Lines: [][]Position{ringOf(80, 0, 80, 180)}}, box(80, -180, 90, 180)},
		{"nothing", Shape{}, Box{}},
	} {
		if got := c.shape.Bounds(); got != c.want {
			t.Errorf("%s: %v, expected %v", c.name, got, c.want)
		}
	}
	// A great circle between two places on a parallel runs poleward of it: at 60 N over 60 degrees it comes to 63.4349 N.
	if b := (Shape{Kind: LineString, Lines: [][]Position{ringOf(60, 0, 60, 60)}}).Bounds(); math.Abs(float64(b.Max.Lat)/E7-63.4349488) > 1e-6 {
		t.Errorf("the arc comes to %v", b.Max)
	}
	for _, c := range []struct {
		name string
		a, b Box
		want bool
	}{
		{"apart", box(0, 0, 1, 1), box(0, 2, 1, 3), false},
		{"touching", box(0, 0, 1, 1), box(0, 1, 1, 3), true},
		{"one within the other", box(0, 0, 9, 9), box(1, 1, 2, 2), true},
		{"over the antimeridian", box(0, 170, 1, -170), box(0, -175, 1, -160), true},
		{"both over it", box(0, 170, 1, -170), box(0, 179, 1, -179), true},
		{"not the long way round", box(0, 170, 1, -170), box(0, -10, 1, 10), false},
		{"all around", box(0, -180, 1, 180), box(0, 50, 1, 60), true},
		{"the antimeridian's two names", box(0, 170, 1, 180), box(0, -180, 1, -170), true},
		{"other latitude", box(0, 170, 1, -170), box(2, 175, 3, 178), false},
	} {
		if c.a.Overlaps(c.b) != c.want || c.b.Overlaps(c.a) != c.want {
			t.Errorf("%s: %v, expected %v", c.name, c.a.Overlaps(c.b), c.want)
		}
	}
	if c := box(0, 170, 1, -160).Center(); c != at(0.5, -175) {
		t.Errorf("center %v, expected 0.5, -175", c)
	}
	if got := box(89, 0, 89.9, 10).Widen(20_000); got != (Box{Min: Position{-180 * E7, got.Min.Lat}, Max: Position{180 * E7, 90 * E7}}) {
		t.Errorf("widened over the pole: %v", got)
	}
	if got := box(0, 0, 1, 1).Widen(0); got != box(0, 0, 1, 1) {
		t.Errorf("widened by nothing: %v", got)
	}
}

func TestCell(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 1))
	for i := range 20_000 {
		p := anywhere(r)
		c := Cell(p)
		if err := c.Validate(MaxVertices); err != nil {
			t.Fatalf("cell of %v: %v", p, err)
		}
		if !Within(c, Shape{Kind: Point, Points: []Position{p}}, 0) {
			t.Fatalf("%v lies outside its cell %v", p, c)
		}
		area := c.AreaM2()
		if lat := math.Abs(float64(p.Lat)) / E7; lat < 85 && (area < 20_000_000 || area > 32_000_000) {
			t.Fatalf("cell of %v has %d m2", p, area)
		}
		if i%20 == 0 {
			s := shapeAt(r, p, math.Exp(r.Float64()*6+3))
			coarse := s.Coarse()
			if err := coarse.Validate(10_000); err != nil {
				t.Fatalf("coarse form of %v: %v", s, err)
			}
			for _, q := range OraclePlaces(s, 1) {
				if !Within(coarse, Shape{Kind: Point, Points: []Position{q}}, 0) {
					t.Fatalf("%v lies outside the coarse form of %v", q, s)
				}
			}
		}
	}
	a, b := Cell(at(35.9512345, 39.0123456)), Cell(at(35.9987654, 39.0456789))
	if fmtShape(a) != fmtShape(b) {
		t.Errorf("two places of one cell differ: %v %v", a, b)
	}
	for _, s := range []Shape{polarCap(60, 8), square(-30, 100, 40), {Kind: LineString, Lines: [][]Position{ringOf(-80, 0, 80, 10)}}, square(10, 150, 60).wrapped()} {
		coarse := s.Coarse()
		for _, q := range OraclePlaces(s.Normalize(), 1) {
			if !Within(coarse, Shape{Kind: Point, Points: []Position{q}}, 0) {
				t.Fatalf("%v lies outside the coarse form %v", q, coarse)
			}
		}
	}
}

func fmtShape(s Shape) string {
	b, _ := s.GeoJSON()
	return string(b)
}

func TestAreaM2(t *testing.T) {
	for _, c := range []struct {
		name string
		s    Shape
		want float64
	}{
		// One degree square at the equator and at 60 N: 12308.8 and 6176.6 km2 between parallels, integrated on the ellipsoid; Normalize keeps the arcs near them.
		{"degree square at the equator", square(0, 40, 1), 12_308_778_361},
		{"northern hemisphere", polarCap(0, 36), 255_032_810_857_000},
		{"both hemispheres' halves", polarCap(89.9, 90), 392_700_000},
		{"point", Shape{Kind: Point, Points: []Position{at(1, 1)}}, 0},
		{"line", Shape{Kind: LineString, Lines: [][]Position{ringOf(1, 1, 2, 2)}}, 0},
	} {
		if got := float64(c.s.AreaM2()); math.Abs(got-c.want) > 0.01*c.want {
			t.Errorf("%s: %.0f m2, expected %.0f", c.name, got, c.want)
		}
	}
	holed := square(35, 40, 1)
	holed.Polygons[0] = append(holed.Polygons[0], reversed(square(35.4, 40.4, 0.2).Polygons[0][0]))
	if got, want := holed.AreaM2(), square(35, 40, 1).AreaM2()-square(35.4, 40.4, 0.2).AreaM2(); got < want-1 || got > want+1 {
		t.Errorf("with a hole %d m2, expected %d", got, want)
	}
	if got := holed.Vertices(); got != 10 {
		t.Errorf("%d vertices, expected 10", got)
	}
}
