package geo

import (
	"encoding/binary"
	"reflect"
	"testing"
)

func FuzzParseGeoJSON(f *testing.F) {
	for _, seed := range []string{
		`{"type":"Point","coordinates":[34.44627,31.52411]}`,
		`{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`,
		`{"type":"MultiPolygon","coordinates":[[[[179,-17],[180,-17],[180,-16],[179,-17]]]],"bbox":[1]}`,
		`{"type":"Point","coordinates":[NaN,1]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ParseGeoJSON(text)
		if err != nil {
			return
		}
		out, err := s.GeoJSON()
		if err != nil {
			t.Fatalf("%s is read and not written: %v", text, err)
		}
		if again, err := ParseGeoJSON(out); err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("%s comes back otherwise: %s (%v)", text, out, err)
		}
	})
}

// shapeFrom makes a shape of any bytes: a kind, how many positions each list holds, then positions near one another or anywhere.
func shapeFrom(data []byte) (Shape, []byte) {
	next := func() byte {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return b
	}
	kind := []Kind{Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon}[next()%6]
	position := func() Position {
		var b [5]byte
		for i := range b {
			b[i] = next()
		}
		p := Position{Lon: int32(int16(binary.BigEndian.Uint16(b[0:]))) * 5493, Lat: int32(int16(binary.BigEndian.Uint16(b[2:]))) * 2746}
		switch b[4] % 4 {
		case 1: // coarse, anywhere, poles and antimeridian included
			p = Position{Lon: int32(int8(b[0])) * 140_625_00, Lat: max(-90*E7, int32(int8(b[2]))*70_312_50)}
		case 2:
			p.Lon = 180*E7 - p.Lon/100
		}
		p.Lon = wrapLon(int64(p.Lon))
		return p
	}
	line := func() (out []Position) {
		for range next() % 12 {
			out = append(out, position())
		}
		return out
	}
	ring := func() Ring {
		r := line()
		if len(r) > 0 {
			r = append(r, r[0])
		}
		return r
	}
	s := Shape{Kind: kind}
	switch kind {
	case Point:
		s.Points = []Position{position()}
	case MultiPoint:
		s.Points = line()
	case LineString:
		s.Lines = [][]Position{line()}
	case MultiLineString:
		s.Lines = [][]Position{line(), line()}
	case Polygon:
		s.Polygons = [][]Ring{{ring()}}
	case MultiPolygon:
		s.Polygons = [][]Ring{{ring(), ring()}, {ring()}}
	}
	return s, data
}

func FuzzValidateNormalize(f *testing.F) {
	f.Add([]byte{4, 4, 1, 0, 1, 0, 0, 2, 0, 1, 0, 0, 2, 0, 2, 0, 0, 1, 0, 2, 0, 0})
	f.Add([]byte{4, 3, 0, 0, 90, 0, 1, 80, 0, 90, 0, 1, 160, 0, 90, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, _ := shapeFrom(data)
		if s.Validate(MaxVertices) != nil {
			return
		}
		n := s.Normalize()
		if again := n.Normalize(); !reflect.DeepEqual(again, n) {
			t.Fatalf("normalizing again changes\n%v\nto\n%v", n, again)
		}
		box := n.Bounds().Widen(1)
		for _, part := range [][]Position{n.Points} {
			for _, p := range part {
				if !box.Contains(p) {
					t.Fatalf("%v outside its box %v", p, box)
				}
			}
		}
		for _, l := range n.Lines {
			for i := 1; i < len(l); i++ {
				if d := Distance(l[i-1], l[i]); d > longestEdge || d == 0 {
					t.Fatalf("an edge of %.3f m in %v", d, l)
				}
			}
		}
		if !Within(n, n, 0) {
			t.Fatalf("a shape does not touch itself: %v", n)
		}
		if n.AreaM2() < 0 || s.AreaM2() < 0 {
			t.Fatalf("negative area of %v", s)
		}
	})
}

func FuzzWithinSymmetry(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 2, 0, 4, 4, 1, 0, 1, 0, 0, 2, 0, 1, 0, 0, 2, 0, 2, 0, 0, 1, 0, 2, 0, 0}, uint32(1000))
	f.Fuzz(func(t *testing.T, data []byte, limit uint32) {
		a, rest := shapeFrom(data)
		b, _ := shapeFrom(rest)
		if a.Validate(MaxVertices) != nil || b.Validate(MaxVertices) != nil {
			return
		}
		metres := float64(limit % 30_000_000)
		x, y := Within(a, b, metres), Within(b, a, metres)
		if x != y {
			t.Fatalf("within %g m is %v one way and %v the other\n%v\n%v", metres, x, y, a, b)
		}
		if x && !Within(a, b, metres+1) {
			t.Fatalf("within %g m and not within a metre more\n%v\n%v", metres, a, b)
		}
	})
}

// Whatever a Sketch is sure of, the kernel says too, for any two shapes whose boxes overlap.
func FuzzSketch(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 0, 0, 4, 4, 0, 1, 0, 1, 0, 0, 3, 0, 1, 0, 0, 3, 0, 3, 0, 0, 1, 0, 3, 0}, uint16(100))
	f.Add([]byte{2, 3, 0, 1, 0, 1, 0, 0, 4, 0, 4, 0, 0, 5, 0, 4, 0, 4, 4, 0, 1, 0, 1, 0, 0, 3, 0, 1, 0, 0, 3, 0, 3, 0, 0, 1, 0, 3, 0}, uint16(0))
	f.Fuzz(func(t *testing.T, data []byte, limit uint16) {
		a, rest := shapeFrom(data)
		b, _ := shapeFrom(rest)
		if a.Validate(MaxVertices) != nil || b.Validate(MaxVertices) != nil {
			return
		}
		a, b = a.Normalize(), b.Normalize()
		metres := int64(limit) % (PlainReach + 1)
		var s Sketch
		if !a.Bounds().Widen(int32(metres)).Overlaps(b.Bounds()) || !s.Lay(&a, PlainReach) {
			return
		}
		for _, part := range parts(b) {
			if !part.plain() {
				return
			}
		}
		v, want := judge(t, &s, b, metres), Within(a, b, float64(metres))
		if v == Reached && !want || v == Beyond && want {
			t.Fatalf("within %d m is %v, the sketch says %v\n%v\n%v", metres, want, v, a, b)
		}
	})
}

type chainOf []Position

func (c chainOf) plain() bool {
	_, ok := Extent(c, 0)
	return ok
}

// parts returns the chains of a shape.
func parts(s Shape) (out []chainOf) {
	for i := range s.Points {
		out = append(out, s.Points[i:i+1])
	}
	for _, l := range s.Lines {
		out = append(out, l)
	}
	for _, rings := range s.Polygons {
		for _, ring := range rings {
			out = append(out, chainOf(ring))
		}
	}
	return out
}
