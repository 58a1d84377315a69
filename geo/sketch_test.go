package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// judge asks a Sketch of a about b, part by part, as the index does.
func judge(t *testing.T, s *Sketch, b Shape, metres int64) Verdict {
	t.Helper()
	out := Beyond
	part := func(v Verdict) {
		if v == Reached || v == Unsure && out == Beyond {
			out = v
		}
	}
	for _, p := range b.Points {
		part(s.Point(p, metres))
	}
	for _, line := range b.Lines {
		part(s.Line(line, metres))
	}
	for _, rings := range b.Polygons {
		var all []Position
		for _, ring := range rings {
			all = append(all, ring...)
		}
		part(s.Area(all, metres))
	}
	return out
}

// plainPlace is somewhere below latitude 80, near the antimeridian and the equator more often than not.
func plainPlace(r *rand.Rand) Position {
	p := Position{Lon: int32(r.Int64N(360*E7) - 180*E7 + 1), Lat: int32(r.Int64N(158*E7) - 79*E7)}
	switch r.IntN(4) {
	case 0:
		p.Lon = wrapLon(180*E7 + r.Int64N(E7/10) - E7/20)
	case 1:
		p.Lat = r.Int32N(E7/10) - E7/20
	}
	return p
}

// Whatever a Sketch is sure of, the kernel says too: at limits a metre below and above the one where the verdict changes, at others, and at 0.
func TestSketchAgreesWithTheKernel(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 1))
	var counts [3]int
	edge := 0
	for i := range sketchCases {
		p := plainPlace(r)
		size := math.Exp(r.Float64()*8 + 2) // 7 m to 22 km
		if i%50 == 0 {
			size *= 20
		}
		a := shapeAt(r, p, size).Normalize()
		b := shapeAt(r, move(p, r.Float64()*7, size*r.Float64()*3), size*(0.02+r.Float64())).Normalize()
		if i%2 == 0 {
			a, b = b, a
		}
		f, g := NewFigure(a), NewFigure(b)
		within := func(metres int64) bool { return f.Within(g, NewReach(float64(metres))) }
		low, high := int64(-1), int64(PlainReach+1) // the verdict changes between
		for high-low > 1 {
			if mid := (low + high) / 2; within(mid) {
				high = mid
			} else {
				low = mid
			}
		}
		var s Sketch
		if !s.Lay(&a, PlainReach) {
			continue
		}
		for _, metres := range []int64{0, low - 1, low, high, high + 1, int64(float64(low) * 0.99), int64(float64(high) * 1.01), r.Int64N(1000)} {
			if metres < 0 || metres > PlainReach {
				continue
			}
			v, want := judge(t, &s, b, metres), within(metres)
			counts[v]++
			if v == Unsure && (metres == low || metres == high) {
				edge++
			}
			if v == Reached && !want || v == Beyond && want {
				t.Fatalf("case %d: within %d m is %v, the sketch says %v\n%v\n%v", i, metres, want, v, a, b)
			}
		}
	}
	t.Logf("%d unsure (%d of them within a metre of the limit), %d beyond, %d reached", counts[Unsure], edge, counts[Beyond], counts[Reached])
	if counts[Beyond] < sketchCases || counts[Reached] < sketchCases {
		t.Fatalf("%v: too few verdicts to tell", counts)
	}
}

// Borders that touch or cross a hair deep are left to the kernel, and shapes that the map does not serve are refused.
func TestSketchKnowsItsLimits(t *testing.T) {
	var s Sketch
	a := square(35, 40, 0.1)
	if !s.Lay(&a, 100) {
		t.Fatal("a square of ten kilometres is plain")
	}
	for _, c := range []struct {
		name string
		b    Shape
		want Verdict
	}{
		{"a shared border", square(35, 40.1, 0.1), Unsure},
		{"one corner shared", square(35.1, 40.1, 0.1), Unsure},
		{"inside", square(35.04, 40.04, 0.01), Reached},
		{"around", square(34.96, 39.96, 0.18), Reached},
		{"crossing", square(35.05, 40.05, 0.1), Reached},
		{"a kilometre off", square(35, 40.11, 0.1), Beyond},
		{"a quarter of the globe off", square(-35, -50, 0.1), Beyond},
	} {
		if got := judge(t, &s, c.b, 0); got != c.want {
			t.Errorf("%s: %v, expected %v", c.name, got, c.want)
		}
	}
	for name, shape := range map[string]Shape{
		"around the pole": polarCap(89, 7),
		"a long edge":     {Kind: LineString, Lines: [][]Position{{at(35, 40), at(36, 40)}}},
		"near the pole":   {Kind: Point, Points: []Position{at(80.1, 0)}},
		"empty":           {},
		"right around":    {Kind: MultiPoint, Points: []Position{at(0, 0), at(0, 80), at(0, 160), at(0, -120), at(0, -40)}},
	} {
		if s.Lay(&shape, 100) {
			t.Errorf("%s is laid out", name)
		}
	}
	if s.Lay(&a, PlainReach+1) {
		t.Error("a distance beyond the map's is taken")
	}
}

// An Extent holds what Bounds and Widen hold, and little more.
func TestExtent(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 1))
	for range 20_000 {
		line := track(r, plainPlace(r), 1+r.IntN(8), math.Exp(r.Float64()*8+2))
		s := Shape{Kind: LineString, Lines: [][]Position{line}}
		if r.IntN(3) == 0 {
			s = Shape{Kind: Point, Points: line[:1]}
			line = line[:1]
		}
		metres := r.Int32N(1000)
		got, plain := Extent(line, metres)
		if !plain {
			continue
		}
		want := s.Bounds().Widen(metres)
		if got.Min.Lat > want.Min.Lat || got.Max.Lat < want.Max.Lat || got.eastOf(want.Min.Lon)+want.width() > got.width() {
			t.Fatalf("%v holds less than %v of %v", got, want, line)
		}
		if more := got.width() + int64(got.Max.Lat-got.Min.Lat) - want.width() - int64(want.Max.Lat-want.Min.Lat); more > E7/50 {
			t.Fatalf("%v is %d units larger than %v of %v", got, more, want, line)
		}
	}
}

func BenchmarkSketch(b *testing.B) {
	r := rand.New(rand.NewPCG(33, 1))
	p := at(35, 39)
	site := Shape{Kind: Point, Points: []Position{p}}
	route := Shape{Kind: LineString, Lines: [][]Position{track(r, p, 25, 800)}}
	area := Shape{Kind: Polygon, Polygons: [][]Ring{{star(r, p, 5000, 30)}}}
	for _, a := range []Shape{site, route, area} {
		var s Sketch
		s.Lay(&a, 1000)
		near := move(p, 1, 3000)
		piece := track(r, near, 6, 800)
		ring := star(r, near, 4000, 30)
		b.Run(string(a.Kind)+"/Point", func(b *testing.B) {
			for b.Loop() {
				s.Point(near, 500)
			}
		})
		b.Run(string(a.Kind)+"/Line", func(b *testing.B) {
			for b.Loop() {
				s.Line(piece, 500)
			}
		})
		b.Run(string(a.Kind)+"/Area", func(b *testing.B) {
			for b.Loop() {
				s.Area(ring, 500)
			}
		})
		b.Run(string(a.Kind)+"/Lay", func(b *testing.B) {
			for b.Loop() {
				s.Lay(&a, 1000)
			}
		})
	}
}

// No plain edge leaves the straight line on the map by more than its sag, to the north or south at any longitude: flat edges and steep ones, short and long.
func TestSag(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 1))
	most := 0.0
	for range 50_000 {
		a := Position{Lon: int32(r.Int64N(300*E7) - 150*E7), Lat: int32(r.Int64N(158*E7) - 79*E7)}
		part := func(most float64) int32 {
			v := int32(most * math.Exp(-8*r.Float64()*r.Float64()))
			if r.IntN(2) == 0 {
				return -v
			}
			return v
		}
		b := Position{Lon: a.Lon + part(plainLon), Lat: a.Lat + part(plainLat)}
		line := Shape{Kind: LineString, Lines: [][]Position{{a, b}}}
		var s Sketch
		if a.Lon == b.Lon || !s.Lay(&line, 0) {
			continue
		}
		u, w := a.vec(), b.vec()
		for k := range 19 {
			v := u.add(w.sub(u).scale(float64(k+1) / 20))
			lon, lat := math.Atan2(v.y, v.x)/radPerE7, math.Atan2(v.z, math.Hypot(v.x, v.y))/radPerE7
			share := (lon - float64(a.Lon)) / float64(b.Lon-a.Lon)
			straight := float64(a.Lat) + share*float64(b.Lat-a.Lat)
			off := math.Abs(lat-straight) * s.ky
			if off > s.own+1e-3 {
				t.Fatalf("the edge from %v to %v leaves the straight line by %.4f m, its sag is %.4f", a, b, off, s.own)
			}
			if off > 1 {
				most = max(most, off/s.own)
			}
		}
	}
	t.Logf("at most %.2f of the sag", most)
	if most < 0.5 {
		t.Errorf("at most %.2f of the sag is used: the bound says too little", most)
	}
}
