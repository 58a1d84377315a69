package geo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

func ringOf(latLon ...float64) Ring {
	var ring Ring
	for i := 0; i < len(latLon); i += 2 {
		ring = append(ring, at(latLon[i], latLon[i+1]))
	}
	return ring
}

func TestValidate(t *testing.T) {
	box := ringOf(35, 40, 35, 41, 36, 41, 36, 40, 35, 40)
	hole := ringOf(35.2, 40.2, 35.2, 40.8, 35.8, 40.8, 35.8, 40.2, 35.2, 40.2)
	inner := ringOf(35.4, 40.4, 35.4, 40.6, 35.6, 40.6, 35.6, 40.4, 35.4, 40.4)
	polygon := func(rings ...Ring) Shape { return Shape{Kind: Polygon, Polygons: [][]Ring{rings}} }
	line := func(latLon ...float64) Shape {
		return Shape{Kind: LineString, Lines: [][]Position{ringOf(latLon...)}}
	}
	for _, c := range []struct {
		name  string
		shape Shape
		path  string // of the fault; "ok" if there is none
	}{
		{"point", Shape{Kind: Point, Points: []Position{at(35, 40)}}, "ok"},
		{"no kind", Shape{Points: []Position{at(35, 40)}}, "kind"},
		{"unknown kind", Shape{Kind: "Circle", Points: []Position{at(35, 40)}}, "kind"},
		{"wrong list", Shape{Kind: Point, Lines: [][]Position{{at(35, 40), at(36, 40)}}}, ""},
		{"two lists", Shape{Kind: Point, Points: []Position{at(35, 40)}, Lines: [][]Position{{at(35, 40), at(36, 40)}}}, ""},
		{"empty", Shape{Kind: MultiPoint}, ""},
		{"two points as one", Shape{Kind: Point, Points: []Position{at(35, 40), at(35, 41)}}, ""},
		{"latitude out of range", Shape{Kind: MultiPoint, Points: []Position{at(35, 40), {Lat: 90*E7 + 1}}}, "points[1]"},
		{"line", line(35, 40, 35, 41), "ok"},
		{"line of one place", line(35, 40, 35, 40), "lines[0]"},
		{"line of one place on two names of the antimeridian", line(35, 180, 35, -180), "lines[0]"},
		{"line right across the globe", line(35, 40, -35, -140), "lines[0][1]"},
		{"line from pole to pole", line(90, 40, -90, 40), "lines[0][1]"},
		{"line with a longitude out of range", Shape{Kind: LineString, Lines: [][]Position{{at(1, 1), {Lon: 180*E7 + 1}}}}, "lines[0][1]"},
		{"box", polygon(box), "ok"},
		{"box the other way round", polygon(reversed(box)), "ok"},
		{"box with a repeated vertex", polygon(ringOf(35, 40, 35, 40, 35, 41, 36, 41, 36, 40, 35, 40)), "ok"},
		{"not closed", polygon(ringOf(35, 40, 35, 41, 36, 41, 36, 40)), "polygons[0][0][3]"},
		{"three positions", polygon(ringOf(35, 40, 35, 41, 35, 40)), "polygons[0][0]"},
		{"two places", polygon(ringOf(35, 40, 35, 41, 35, 41, 35, 40)), "polygons[0][0]"},
		{"no ring", polygon(), "polygons[0]"},
		{"bow tie", polygon(ringOf(0, 0, 1, 1, 0, 1, 1, 0, 0, 0)), "polygons[0][0][2]"},
		{"spike", polygon(ringOf(35, 40, 35, 41, 35, 42, 35, 41, 36, 41, 35, 40)), "polygons[0][0][2]"},
		{"touches itself at a vertex", polygon(ringOf(0, 0, 0, 2, 1, 1, 2, 2, 2, 0, 1, 1, 0, 0)), "polygons[0][0][4]"},
		{"touches itself at an edge", polygon(ringOf(0, 0, 0, 2, 2, 2, 0, 1, 2, 0, 0, 0)), "polygons[0][0][2]"},
		{"flat", polygon(ringOf(35, 40, 35, 40.01, 35, 40.02, 35, 40)), "polygons[0][0][2]"},
		{"hole", polygon(box, hole), "ok"},
		{"hole outside", polygon(hole, ringOf(37, 40, 37, 41, 38, 41, 37, 40)), "polygons[0][1]"},
		{"hole around the outer ring", polygon(hole, box), "polygons[0][1]"},
		{"hole over the border", polygon(box, ringOf(35.5, 40.5, 35.5, 41.5, 35.6, 41.5, 35.5, 40.5)), "polygons[0][1][0]"},
		{"hole at the border", polygon(box, ringOf(35.5, 40.5, 35.5, 41, 35.6, 40.9, 35.5, 40.5)), "polygons[0][1][0]"},
		{"hole in a hole", polygon(box, hole, inner), "polygons[0][2]"},
		{"hole around a hole", polygon(box, inner, hole), "polygons[0][2]"},
		{"over the antimeridian", polygon(ringOf(10, 179, 10, -179, 11, -179, 11, 179, 10, 179)), "ok"},
		{"over the antimeridian with a hole", polygon(ringOf(10, 179, 10, -179, 11, -179, 11, 179, 10, 179), ringOf(10.4, -179.5, 10.4, 179.5, 10.6, 179.5, 10.6, -179.5, 10.4, -179.5)), "ok"},
		{"bow tie over the antimeridian", polygon(ringOf(0, 179.5, 1, -179.5, 0, -179.5, 1, 179.5, 0, 179.5)), "polygons[0][0][2]"},
		{"around the pole", polarCap(80, 6), "ok"},
		{"around the southern pole", polarCap(-80, 5), "ok"},
		{"around the pole with a hole around it", polygon(polarCap(80, 6).Polygons[0][0], polarCap(85, 7).Polygons[0][0]), "ok"},
		{"around the pole with a hole that is too large", polygon(polarCap(85, 7).Polygons[0][0], polarCap(80, 6).Polygons[0][0]), "polygons[0][1]"},
		{"around the pole, the other way round", polygon(reversed(polarCap(80, 6).Polygons[0][0])), "ok"},
		{"twice around the pole", polygon(ringOf(80, 0, 80, 120, 80, -120, 81, 0, 81, 120, 81, -120, 80, 0)), "polygons[0][0][5]"},
		{"a corner at the pole", polygon(ringOf(85, 10, 90, 0, 85, 50, 85, 10)), "ok"},
		{"half round in one step", polygon(ringOf(80, 0, 80, 180, 70, 90, 80, 0)), "polygons[0][0][1]"},
		{"too long to split", line(0, 0, 0, 120, 0, -120, 1, 0, 1, 120, 1, -120, 2, 0, 2, 120, 2, -120, 3, 0, 3, 120, 3, -120, 4, 0, 4, 120, 4, -120, 5, 0), ""},
	} {
		err := c.shape.Validate(100)
		if c.name != "too long to split" && err != nil { // the limit on positions after splitting is for that case
			err = c.shape.Validate(MaxVertices)
		}
		var f *Fault
		switch {
		case err == nil && c.path != "ok":
			t.Errorf("%s: no fault, expected one at %q", c.name, c.path)
		case err != nil && c.path == "ok":
			t.Errorf("%s: %v", c.name, err)
		case err != nil && (!errors.As(err, &f) || f.Path != c.path || f.Read == "" || f.Expected == ""):
			t.Errorf("%s: fault %v, expected one at %q", c.name, err, c.path)
		}
	}
	if err := polygon(box).Validate(4); err == nil {
		t.Error("five positions pass for four")
	}
}

// Exact: a vertex one unit to either side of a long edge is told apart.
func TestValidateIsExact(t *testing.T) {
	for d, want := range map[int32]bool{-1: false, 0: false, 1: true} {
		// The first edge passes exactly through (1066666, 2).
		ring := Ring{{0, 0}, {1_599_999, 3}, {1_599_999, 1_000_000}, {1_066_666, 2 + d}, {0, 1_000_000}, {0, 0}}
		if err := polygonOf(ring).Validate(10); (err == nil) != want {
			t.Errorf("vertex moved by %d: %v", d, err)
		}
	}
}

// Stars are simple by construction, and swapping two of their far corners makes them cross.
func TestValidateRandomRings(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 1))
	for i := range 3000 {
		p := anywhere(r)
		for p.Lat > 85*E7 || p.Lat < -85*E7 {
			p = anywhere(r) // beside a pole straight on the map is far from straight on the ground
		}
		ring := star(r, p, 10+r.Float64()*20_000, 8+r.IntN(40))
		if err := polygonOf(ring).Validate(1000); err != nil {
			t.Fatalf("ring %d: %v\n%v", i, err, ring)
		}
		n := len(ring) - 1
		j := 1 + r.IntN(n/2-1)
		ring[j], ring[j+n/2-1] = ring[j+n/2-1], ring[j]
		if err := polygonOf(ring).Validate(1000); err == nil && n > 8 {
			t.Fatalf("ring %d crosses itself and passes: %v", i, ring)
		}
	}
}

func BenchmarkValidate1000(b *testing.B) {
	r := rand.New(rand.NewPCG(21, 1))
	s := polygonOf(star(r, at(35, 40), 20_000, 999))
	for range b.N {
		if err := s.Validate(1000); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleShape_Validate() {
	bowTie := Shape{Kind: Polygon, Polygons: [][]Ring{{{{0, 0}, {E7, E7}, {E7, 0}, {0, E7}, {0, 0}}}}}
	fmt.Println(bowTie.Validate(MaxVertices))
	// Output: polygons[0][0][2]: read an edge that meets the edge from position 0, expected a ring that does not cross or touch itself
}
