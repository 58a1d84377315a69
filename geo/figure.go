package geo

import "math"

// Figure is a shape made ready for distance tests: beside each position it keeps the unit normal there.
// A Figure may be read by several goroutines at once; adding to it may not.
type Figure struct {
	spots  []spot
	chains []run
	areas  []run // each a run of chains: the outer ring, then the holes
}

// run is the run [from, to) of a list.
type run struct{ from, to int }

// spot is one position and the edge from it to the next one of its chain.
type spot struct {
	vec
	mid  vec     // middle of the chord of the edge
	half float64 // half the length of that chord: the whole edge lies within it of mid
	pos  Position
}

// NewFigure makes s ready.
func NewFigure(s Shape) *Figure {
	f := new(Figure)
	f.AddShape(s)
	return f
}

// Reset empties f and keeps its memory.
func (f *Figure) Reset() {
	f.spots, f.chains, f.areas = f.spots[:0], f.chains[:0], f.areas[:0]
}

// AddShape adds all parts of s.
func (f *Figure) AddShape(s Shape) {
	for _, p := range s.Points {
		f.AddPoint(p)
	}
	for _, line := range s.Lines {
		f.AddLine(line)
	}
	for _, rings := range s.Polygons {
		f.AddPolygon(rings)
	}
}

// AddPoint adds a point.
func (f *Figure) AddPoint(p Position) {
	v := p.vec()
	f.chains = append(f.chains, run{len(f.spots), len(f.spots) + 1})
	f.spots = append(f.spots, spot{vec: v, mid: v, pos: p})
}

// AddLine adds a line, or a piece of one: a line holds the same places as its pieces together.
func (f *Figure) AddLine(line []Position) {
	from := len(f.spots)
	for _, p := range line {
		v := p.vec()
		f.spots = append(f.spots, spot{vec: v, mid: v, pos: p})
	}
	for i := from; i+1 < len(f.spots); i++ {
		a, b := &f.spots[i], f.spots[i+1].vec
		e := b.sub(a.vec)
		a.mid = a.vec.add(b).scale(0.5)
		a.half = 0.5 * math.Sqrt(e.dot(e))
	}
	f.chains = append(f.chains, run{from, len(f.spots)})
}

// AddPolygon adds a polygon: the outer ring first, then its holes.
func (f *Figure) AddPolygon(rings []Ring) {
	from := len(f.chains)
	for _, ring := range rings {
		f.AddLine(ring)
	}
	f.areas = append(f.areas, run{from, len(f.chains)})
}

// edges returns how many edges the chain has; a single point counts as one edge without length.
func (c run) edges() int { return max(1, c.to-c.from-1) }

// end returns where edge i of the chain ends.
func (c run) end(i int) int { return min(i+1, c.to-1) }

// Within reports whether f and g come within the distance of r of one another; an area holds its interior, holes excluded.
func (f *Figure) Within(g *Figure, r Reach) bool {
	if r.metres < 0 {
		return false
	}
	for _, c := range f.chains {
		for _, d := range g.chains {
			if r.chains(f, c, g, d) {
				return true
			}
		}
	}
	// No border meets another. Then each chain lies wholly within an area or wholly outside it, and one place of it tells.
	return f.holds(g) || g.holds(f)
}

func (f *Figure) holds(g *Figure) bool {
	for _, a := range f.areas {
		for _, c := range g.chains {
			if f.inside(a, &g.spots[c.from]) {
				return true
			}
		}
	}
	return false
}

func (f *Figure) inside(area run, p *spot) bool {
	for i, ring := range f.chains[area.from:area.to] {
		if f.inRing(ring, p) != (i == 0) {
			return false
		}
	}
	return true
}

// inRing reports whether p lies on the smaller side of a ring, by the number of edges due north of p. Which edges cross p's
// meridian is decided in integers, so an edge is neither lost nor counted twice at a vertex.
func (f *Figure) inRing(ring run, p *spot) bool {
	in := false
	var turned int64
	for i := ring.from; i+1 < ring.to; i++ {
		a, b := &f.spots[i], &f.spots[i+1]
		step := int64(wrapLon(int64(b.pos.Lon) - int64(a.pos.Lon)))
		turned += step
		from := int64(wrapLon(int64(a.pos.Lon) - int64(p.pos.Lon)))
		if from == 180*E7 {
			from = -180 * E7
		}
		if (from < 0) == (from+step < 0) {
			continue
		}
		if north(a, b, p, step > 0) {
			in = !in
		}
	}
	if turned != 0 { // the ring goes round a pole: the sum above is right for a ring that leaves the north pole outside
		return in != f.roundNorth(ring, turned > 0)
	}
	return in
}

// north reports whether the edge from a to b, which crosses p's meridian, does so north of p.
func north(a, b, p *spot, east bool) bool {
	if a.pos.Lat == b.pos.Lat && (a.pos.Lat == 90*E7 || a.pos.Lat == -90*E7) {
		return a.pos.Lat > 0
	}
	side := p.vec.sub(a.vec).dot(a.vec.cross(b.vec.sub(a.vec)))
	return (side < 0) == east && side != 0
}

// roundNorth reports whether the smaller side of a ring that goes round the poles holds the north pole.
func (f *Figure) roundNorth(ring run, east bool) bool {
	sum := 0.0
	for i := ring.from; i+1 < ring.to; i++ {
		sum += strip(f.spots[i].pos, f.spots[i+1].pos)
	}
	return (sum >= 0) == east
}

// Within reports whether the distance between a and b on WGS84 is at most metres. Polygons hold their interior.
func Within(a, b Shape, metres float64) bool {
	return NewFigure(a).Within(NewFigure(b), NewReach(metres))
}

// Conflict reports whether a and b overlap in time and altitude and come within the sum of their buffers of one another.
func Conflict(a, b Volume) bool {
	return a.Window.Overlaps(b.Window) && a.Band.Overlaps(b.Band) &&
		Within(a.Shape, b.Shape, float64(int64(a.Buffer)+int64(b.Buffer)))
}
