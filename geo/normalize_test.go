package geo

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

func TestNormalizeSplitsLongEdges(t *testing.T) {
	r := rand.New(rand.NewPCG(30, 1))
	for range 400 {
		a, b := anywhere(r), anywhere(r)
		if antipodal(a, b) {
			continue
		}
		whole := Distance(a, b)
		line := Shape{Kind: LineString, Lines: [][]Position{{a, b}}}.Normalize().Lines[0]
		sum := 0.0
		for i := 1; i < len(line); i++ {
			d := Distance(line[i-1], line[i])
			if d > longestEdge {
				t.Fatalf("%v to %v: an edge of %.3f m is left", a, b, d)
			}
			sum += d
		}
		// Each position is rounded by at most 8 mm, so the way hardly grows, and every point lies on the geodesic.
		if sum < whole-0.02*float64(len(line)) || sum > whole+0.02*float64(len(line)) {
			t.Fatalf("%v to %v: %.3f m in pieces, %.3f m whole", a, b, sum, whole)
		}
		if want := int(math.Max(1, math.Ceil(whole/splitEdge))); whole > longestEdge && len(line) != want+1 {
			t.Fatalf("%v to %v, %.3f m: %d pieces, expected %d", a, b, whole, len(line)-1, want)
		}
		back := Shape{Kind: LineString, Lines: [][]Position{{b, a}}}.Normalize().Lines[0]
		slices.Reverse(back)
		if !slices.Equal(back, line) {
			t.Fatalf("%v to %v is split otherwise than back", a, b)
		}
	}
}

func TestNormalizeIsStableAndKeepsTheVerdict(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 1))
	for i := range 3000 {
		p := anywhere(r)
		s := shapeAt(r, p, math.Exp(r.Float64()*8+2))
		n := s.Normalize()
		if again := n.Normalize(); !reflect.DeepEqual(again, n) {
			t.Fatalf("case %d: normalizing again changes\n%v\nto\n%v", i, n, again)
		}
		if err := s.Validate(1000); err == nil {
			if err := n.Validate(10_000); err != nil && math.Abs(float64(p.Lat)) < 85*E7 {
				t.Fatalf("case %d: valid, and not after Normalize: %v\n%v", i, err, s)
			}
		}
		for _, rings := range n.Polygons {
			for k, ring := range rings {
				if ring[0] != ring[len(ring)-1] {
					t.Fatalf("case %d: a ring is open", i)
				}
				if leftOf(corners(ring)) != (k == 0) {
					t.Fatalf("case %d: ring %d runs the wrong way", i, k)
				}
			}
		}
		q := Shape{Kind: Point, Points: []Position{move(p, r.Float64()*7, 100)}}
		if d := OracleDistance(s, q); d > 1 && d < 5000 && Within(n, q, d*0.999-1) {
			t.Fatalf("case %d: nearer after Normalize", i)
		}
	}
}

func TestNormalizeRings(t *testing.T) {
	box := ringOf(35, 40, 35, 40.1, 35.1, 40.1, 35.1, 40, 35, 40)
	for _, c := range []struct {
		name     string
		in, want Ring
	}{
		{"counter-clockwise stays", box, box},
		{"clockwise is turned", reversed(box), box},
		{"repeats go", ringOf(35, 40, 35, 40, 35, 40.1, 35.1, 40.1, 35.1, 40.1, 35.1, 40, 35, 40, 35, 40), box},
		{"one name for the antimeridian", ringOf(35, -180, 35, -179.9, 35.1, -179.9, 35.1, -180, 35, -180), ringOf(35, 180, 35, -179.9, 35.1, -179.9, 35.1, 180, 35, 180)},
		{"a corner at the pole", ringOf(89.9, 10, 89.9, 50, 90, 0, 89.9, 10), ringOf(89.9, 10, 89.9, 50, 90, 50, 90, 10, 89.9, 10)},
		{"a northern cap runs east", ringOf(89.95, 0, 89.95, -120, 89.95, 120, 89.95, 0), ringOf(89.95, 0, 89.95, 120, 89.95, -120, 89.95, 0)},
		{"a southern cap runs west", ringOf(-89.95, 0, -89.95, 120, -89.95, -120, -89.95, 0), ringOf(-89.95, 0, -89.95, -120, -89.95, 120, -89.95, 0)},
	} {
		if got := polygonOf(c.in).Normalize().Polygons[0][0]; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, expected %v", c.name, got, c.want)
		}
	}
	s := polygonOf(box)
	s.Polygons[0] = append(s.Polygons[0], ringOf(35.02, 40.02, 35.02, 40.08, 35.08, 40.08, 35.02, 40.02))
	if hole := s.Normalize().Polygons[0][1]; !slices.Equal(hole, reversed(s.Polygons[0][1])) {
		t.Errorf("a hole is %v, expected clockwise", hole)
	}
}

// Stored integers must be the same on every machine: this digest was made on amd64 and holds on any other.
func TestNormalizeDigest(t *testing.T) {
	h := sha256.New()
	for i := range int64(500) {
		a := Position{Lon: wrapLon(i * 7_919_000_003), Lat: int32((i*104_729_001)%(170*E7) - 85*E7)}
		b := Position{Lon: wrapLon(i*15_485_863 + 30*E7), Lat: int32((i*32_452_843)%(170*E7) - 85*E7)}
		for _, p := range (Shape{Kind: LineString, Lines: [][]Position{{a, b}}}).Normalize().Lines[0] {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(p.Lon)<<32|uint64(uint32(p.Lat))))
		}
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(DistanceMM(a, b))))
		ring := polygonOf(Ring{a, {wrapLon(int64(a.Lon) + E7), a.Lat}, {a.Lon, a.Lat + E7}, a})
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(ring.AreaM2())))
	}
	const want = "f8227675c9c82256988402aac08231232887a1948522a3e60f1b2bda3ba90abc"
	if got := fmt.Sprintf("%x", h.Sum(nil)); got != want {
		t.Errorf("digest %s, expected %s", got, want)
	}
}
