package geo

import "math"

// Verdict is what a Sketch can tell of a distance.
type Verdict uint8

// The verdicts. Unsure means that only Figure.Within can tell.
const (
	Unsure Verdict = iota
	Beyond
	Reached
)

// Sketch is a shape laid out on a flat map of its surroundings, on which most verdicts are certain without any geodesy.
//
// The map draws longitude and latitude straight, in the scale of the ellipsoid at the middle of the shape. Two facts make its verdicts certain. In a band of latitude
// the scale differs from that at the middle by known shares: a way that is d long on the map is at least least*d and at most most*d long on the
// ellipsoid. And an edge, which is a great circle of normals, leaves the straight line between its ends by no more than its sag (see sagOf). So from the
// distance on the map, less or more the sags and a margin, a verdict follows, or none; and a place lies in a polygon as the map shows if it
// is farther than the sag above or below each edge that passes over its meridian, as an edge that is bent into its true course does not sweep over the place then.
//
// A shape that is asked about must be plain and have no place half a turn away: the index asks only about those whose boxes overlap.
// Verdicts are alike on every machine, because a certain one is the one that Figure.Within gives. A Sketch may be used by one goroutine at a time.
type Sketch struct {
	lon, lat    int64   // of the origin of the map
	kx, ky      float64 // metres of the map in a unit of longitude and latitude
	least, most float64 // inverse, as they are only divided by
	sag         float64 // of an edge, by east² + 2 north²
	own         float64 // the largest sag of an edge of the shape
	plain       float64 // no plain edge has a larger one
	west, east  float64 // of the shape
	edges       []flatEdge
	chunks      []chunk
	polygons    []run      // of edges
	firsts      []flat     // one place of each chain
	other       []flatPair // edges of the shape that is asked about
}

type flat struct{ x, y float64 }

// flatPair is an edge of the shape that is asked about.
type flatPair struct{ a, b flat }

// flatEdge is an edge of the shape, with what many distances need; a point is one without length.
type flatEdge struct {
	a, b, d flat
	inverse float64 // of its squared length
	slope   float64 // rise to the north a metre to the east
}

// chunk is a run of edges and a box around them.
type chunk struct {
	west, south, east, north float64
	run
}

const (
	// chunkEdges is how many edges share a box.
	chunkEdges = 8

	// Edges are plain up to these differences in units. Normalize leaves edges of at most 20 km, which are 0.181 degrees of latitude; at latitude 80
	// they are 1.04 degrees of longitude.
	plainLat = E7 / 5
	plainLon = 12 * E7 / 10

	// plainPole is the latitude up to which the map serves.
	plainPole = 80 * E7

	// plainWidth is how wide a plain shape may be: two that overlap are then less than half a turn apart at every place.
	plainWidth = 90 * E7

	// PlainReach is the largest distance in metres that a Sketch judges.
	PlainReach = 20_000
)

// sagOf returns by what to multiply east² + 2 north², in square metres, to have the sag of an edge in metres, up to a latitude with the given tangent.
//
// A great circle of normals has tan lat = A cos(lon - lon0), so its latitude as a function of longitude has the second derivative
// -(sin lat cos lat) - 2 tan lat (dlat/dlon)². A function leaves its chord by no more than an eighth of its largest second derivative times the
// width squared: tan lat (east² + 2 north²) / 8R. The slope changes along the edge, for plain edges by less than 6 %; 1.25 covers its square.
func sagOf(tan float64) float64 { return 1.25 * tan / (8 * leastRadius) }

// Extent returns a box that holds every place within the given distance of a chain of positions, computed without the exact course of its edges and so a
// little larger than need be, and whether the chain is plain: not near a pole, its edges short. Of one that is not plain there is no box.
func Extent(chain []Position, metres int32) (b Box, plain bool) {
	if len(chain) == 0 {
		return Box{}, false
	}
	p := chain[0]
	b = Box{Min: p, Max: p}
	x := int64(p.Lon)
	low, high := x, x
	var eastMost, northMost int64
	for _, q := range chain[1:] {
		north := int64(q.Lat) - int64(p.Lat)
		east := int64(q.Lon) - int64(p.Lon)
		if east > turn/2 {
			east -= turn
		} else if east < -turn/2 {
			east += turn
		}
		x += east
		low, high = min(low, x), max(high, x)
		b.Min.Lat, b.Max.Lat = min(b.Min.Lat, q.Lat), max(b.Max.Lat, q.Lat)
		eastMost, northMost = max(eastMost, east, -east), max(northMost, north, -north)
		p = q
	}
	far := max(b.Max.Lat, -b.Min.Lat)
	if far > plainPole || eastMost > plainLon || northMost > plainLat || high-low > plainWidth {
		return Box{}, false
	}
	b.Min.Lon, b.Max.Lon = wrapLon(low), wrapLon(high)
	if len(chain) > 1 {
		sin, cos := sinCosE7(int64(far))
		near := max(0, b.Min.Lat, -b.Max.Lat)
		wide := cos*cos + float64(far-near)*radPerE7 // the square of the cosine at the nearer latitude is no larger
		east, north := float64(eastMost), float64(northMost)
		bulge := int32(1.25*sin/cos/8*radPerE7*(east*east*wide+2*north*north)) + 2
		if b.Max.Lat > 0 {
			b.Max.Lat += bulge
		}
		if b.Min.Lat < 0 {
			b.Min.Lat -= bulge
		}
	}
	return b.Widen(metres), true
}

// Lay lays out a shape, and reports whether it can: if its chains are plain. The Sketch then judges distances up to reach metres.
func (s *Sketch) Lay(shape *Shape, reach int64) bool {
	s.edges, s.chunks, s.polygons, s.firsts = s.edges[:0], s.chunks[:0], s.polygons[:0], s.firsts[:0]
	if reach > PlainReach {
		return false
	}
	south, north := int32(plainPole), int32(-plainPole)
	west, east := int64(math.MaxInt64), int64(math.MinInt64)
	first := true
	plain := true
	visit := func(chain []Position) {
		b, ok := Extent(chain, 0)
		if !ok {
			plain = false
			return
		}
		south, north = min(south, b.Min.Lat), max(north, b.Max.Lat)
		if first {
			s.lon, first = int64(b.Min.Lon), false
		}
		from := int64(wrapLon(int64(b.Min.Lon) - s.lon))
		west, east = min(west, from), max(east, from+b.width())
	}
	for i := range shape.Points {
		visit(shape.Points[i : i+1])
	}
	for _, line := range shape.Lines {
		visit(line)
	}
	for _, rings := range shape.Polygons {
		for _, ring := range rings {
			visit(ring)
		}
	}
	if first || !plain || east-west > plainWidth {
		return false
	}
	s.lon = int64(wrapLon(s.lon + (west+east)/2))
	s.lat = (int64(south) + int64(north)) / 2
	if !s.scale(int64(south), int64(north), reach) {
		return false
	}
	for i := range shape.Points {
		s.draw(shape.Points[i : i+1])
	}
	for _, line := range shape.Lines {
		s.draw(line)
	}
	for _, rings := range shape.Polygons {
		from := len(s.edges)
		for _, ring := range rings {
			s.draw(ring)
		}
		s.polygons = append(s.polygons, run{from, len(s.edges)})
	}
	s.box()
	return true
}

// scale sets the scales of the map and their bounds in the band of latitude in which the nearest places of plain edges lie, and the ways between them.
func (s *Sketch) scale(south, north, reach int64) bool {
	grow := plainLat + int64(float64(reach)/leastRadius/radPerE7) + E7/200
	south, north = south-grow, north+grow
	if north > plainPole+E7/2 || south < -plainPole-E7/2 {
		return false
	}
	m0, n0, _ := radii(s.lat)
	s.kx, s.ky = n0*radPerE7, m0*radPerE7
	least, most, tan := 1.0, 1.0, 0.0
	for _, lat := range [3]int64{south, north, max(south, min(north, 0))} {
		m, n, t := radii(lat)
		least = min(least, m/m0, n/n0)
		most = max(most, m/m0, n/n0)
		tan = max(tan, t)
	}
	s.least, s.most, s.sag = 1/least, 1/most, sagOf(tan)
	wide, high := plainLon*s.kx, plainLat*s.ky
	s.plain = s.sag * (wide*wide + 2*high*high)
	return true
}

// radii returns the metres a radian to the north and to the east at a latitude, and the tangent of its distance from the equator.
func radii(lat int64) (north, east, tan float64) {
	sin, cos := sinCosE7(lat)
	w := 1 - float64(ecc2*float64(sin*sin))
	n := semiMajor / math.Sqrt(w)
	return float64(n*(1-ecc2)) / w, float64(n * cos), math.Abs(sin) / cos
}

// place returns where a position lies on the map.
func (s *Sketch) place(p Position) flat { return flat{s.x(p), s.y(p)} }

func (s *Sketch) x(p Position) float64 {
	x := int64(p.Lon) - s.lon
	if x > turn/2 {
		x -= turn
	} else if x < -turn/2 {
		x += turn
	}
	return float64(x) * s.kx
}

func (s *Sketch) y(p Position) float64 { return float64(int64(p.Lat)-s.lat) * s.ky }

func (s *Sketch) draw(chain []Position) {
	a := s.place(chain[0])
	s.firsts = append(s.firsts, a)
	if len(chain) == 1 {
		s.edges = append(s.edges, flatEdge{a: a, b: a})
		return
	}
	for _, p := range chain[1:] {
		e := flatEdge{a: a, b: s.place(p)}
		e.d = flat{e.b.x - a.x, e.b.y - a.y}
		if l := e.d.x*e.d.x + e.d.y*e.d.y; l > 0 {
			e.inverse = 1 / l
		}
		if e.d.x != 0 {
			e.slope = e.d.y / e.d.x
		}
		s.edges = append(s.edges, e)
		a = e.b
	}
}

// box puts boxes around runs of edges, and finds the largest sag.
func (s *Sketch) box() {
	most := 0.0
	s.west, s.east = s.edges[0].a.x, s.edges[0].a.x
	for i := range s.edges {
		e := &s.edges[i]
		s.west, s.east = min(s.west, e.a.x, e.b.x), max(s.east, e.a.x, e.b.x)
		if i%chunkEdges == 0 {
			s.chunks = append(s.chunks, chunk{e.a.x, e.a.y, e.a.x, e.a.y, run{i, i}})
		}
		c := &s.chunks[len(s.chunks)-1]
		c.west, c.east = min(c.west, e.a.x, e.b.x), max(c.east, e.a.x, e.b.x)
		c.south, c.north = min(c.south, e.a.y, e.b.y), max(c.north, e.a.y, e.b.y)
		c.to = i + 1
		most = max(most, e.d.x*e.d.x+2*e.d.y*e.d.y)
	}
	s.own = s.sag * most
}

// limits are squared distances on the map: below near certainly within the limit, above far certainly not.
type limits struct {
	near, far float64
	reach     float64 // the distance whose square far is
	slack     float64
}

func (s *Sketch) limits(metres int64, sag float64) limits {
	l := limits{near: -1, slack: s.own + sag + 2*bandFixed}
	l.reach = (float64(metres) + l.slack) * s.least
	l.far = l.reach * l.reach
	if near := (float64(metres) - l.slack) * s.most; near > 0 {
		l.near = near * near
	}
	return l
}
