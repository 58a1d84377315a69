package geo

import "cmp"

const turn = 360 * E7

// corner is one vertex of a ring on the map that unrolls the globe: x grows without a jump at the antimeridian.
type corner struct {
	x, y int64
	from int // which position of the ring as given
}

func (p Position) atPole() bool { return p.Lat == 90*E7 || p.Lat == -90*E7 }

// canonical returns p with one of its several names: 180 for the antimeridian, longitude 0 for a pole.
func (p Position) canonical() Position {
	if p.atPole() {
		p.Lon = 0
	}
	if p.Lon == -180*E7 {
		p.Lon = 180 * E7
	}
	return p
}

// corners returns the vertices of a closed ring on the unrolled map, without repeats and without the closing one. A vertex at a pole
// becomes two, at the longitudes of its neighbours: on the map the ring runs up one meridian, along the pole and down the other.
func corners(ring Ring) []corner {
	var open []corner
	for i, p := range ring {
		p = p.canonical()
		c := corner{int64(p.Lon), int64(p.Lat), i}
		if n := len(open); n > 0 && open[n-1].x == c.x && open[n-1].y == c.y {
			continue
		}
		open = append(open, c)
	}
	for len(open) > 1 && open[0].x == open[len(open)-1].x && open[0].y == open[len(open)-1].y {
		open = open[:len(open)-1]
	}
	var out []corner
	for i, c := range open {
		if c.y != 90*E7 && c.y != -90*E7 {
			out = append(out, c)
			continue
		}
		before, after := open[(i+len(open)-1)%len(open)], open[(i+1)%len(open)]
		out = append(out, corner{before.x, c.y, c.from})
		if after.x != before.x {
			out = append(out, corner{after.x, c.y, c.from})
		}
	}
	for i := 1; i < len(out); i++ {
		out[i].x = out[i-1].x + int64(wrapLon(out[i].x-out[i-1].x))
	}
	return out
}

// turned returns by how much longitude a ring has turned when it closes: 0, or one turn east or west around the poles.
func turned(cs []corner) int64 {
	if len(cs) == 0 {
		return 0
	}
	last := cs[len(cs)-1]
	return last.x + int64(wrapLon(cs[0].x-last.x)) - cs[0].x
}

// side returns 1 if c lies left of the way from a to b on the map, -1 if right, 0 if on its line. It is exact: a and b are less than
// half a turn apart and c at most a whole one from a, so both products fit 63 bits.
func side(a, b, c corner) int {
	return cmp.Compare((b.x-a.x)*(c.y-a.y), (b.y-a.y)*(c.x-a.x))
}

// edge is one edge of a ring on the map, with its start brought into the first turn.
type edge struct{ a, b corner }

func edgesOf(cs []corner) []edge {
	out := make([]edge, len(cs))
	for i, a := range cs {
		b := cs[(i+1)%len(cs)]
		step := int64(wrapLon(b.x - a.x))
		a.x = (a.x%turn + turn) % turn
		b.x = a.x + step
		out[i] = edge{a, b}
	}
	return out
}

func (e edge) low() int64 { return min(e.a.y, e.b.y) }

func (e edge) high() int64 { return max(e.a.y, e.b.y) }

// meets reports whether two edges share a place on the map, ends included.
func (e edge) meets(f edge) bool {
	if e.high() < f.low() || f.high() < e.low() {
		return false
	}
	for shift := int64(-turn); shift <= turn; shift += turn {
		g := f
		g.a.x += shift
		g.b.x += shift
		if max(e.a.x, e.b.x) < min(g.a.x, g.b.x) || max(g.a.x, g.b.x) < min(e.a.x, e.b.x) {
			continue
		}
		// With overlapping boxes, edges meet unless one lies strictly to one side of the other's line.
		if side(e.a, e.b, g.a)*side(e.a, e.b, g.b) <= 0 && side(g.a, g.b, e.a)*side(g.a, g.b, e.b) <= 0 {
			return true
		}
	}
	return false
}

// back reports whether an edge that follows e runs back over it.
func (e edge) back(next edge) bool {
	c := corner{x: e.b.x + next.b.x - next.a.x, y: next.b.y}
	return side(e.a, e.b, c) == 0 &&
		((e.b.x-e.a.x)*(c.x-e.b.x) < 0 || (e.b.y-e.a.y)*(c.y-e.b.y) < 0)
}

// holdsNorth reports whether the interior of a ring that turns around the poles holds the north pole: the smaller side is the interior.
func holdsNorth(cs []corner) bool {
	sum := 0.0
	for i, c := range cs {
		sum += strip(c.position(), cs[(i+1)%len(cs)].position())
	}
	return (sum >= 0) == (turned(cs) > 0)
}

func (c corner) position() Position { return Position{Lon: wrapLon(c.x), Lat: int32(c.y)} }

// encloses reports whether p, which is on none of the edges, lies within the ring on the map.
func encloses(cs []corner, edges []edge, p corner) bool {
	in := turned(cs) != 0 && holdsNorth(cs)
	for _, e := range edges {
		from := int64(wrapLon(e.a.x - p.x))
		if from == turn/2 {
			from = -turn / 2
		}
		step := e.b.x - e.a.x
		if (from < 0) == (from+step < 0) {
			continue
		}
		q := corner{x: e.a.x - from, y: p.y}
		if (side(e.a, e.b, q) < 0) == (step > 0) {
			in = !in
		}
	}
	return in
}
