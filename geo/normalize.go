package geo

import (
	"math"
	"slices"
)

const (
	longestEdge = 20_000.0 // metres; DESIGN section 6
	splitEdge   = 19_999.0 // pieces are no longer than this, so rounding their ends to units leaves them below longestEdge
)

// Normalize returns a valid shape in the form that is stored and hashed: outer rings counter-clockwise around their interior, which is their smaller side, and
// holes clockwise; no repeated vertices; 180 for the antimeridian; edges longer than 20 km split on the WGS84 geodesic, the same
// way whichever end they are drawn from. A vertex of a ring at a pole becomes two, at the longitudes of its neighbours.
// The result is alike on every machine, shares no memory with s, and normalizing it again changes nothing.
func (s Shape) Normalize() Shape {
	out := Shape{Kind: s.Kind}
	for _, p := range s.Points {
		out.Points = append(out.Points, p.canonical())
	}
	for _, line := range s.Lines {
		out.Lines = append(out.Lines, normalLine(line))
	}
	for _, rings := range s.Polygons {
		var polygon []Ring
		for i, ring := range rings {
			polygon = append(polygon, normalRing(ring, i == 0))
		}
		out.Polygons = append(out.Polygons, polygon)
	}
	return out
}

func normalLine(line []Position) []Position {
	var out []Position
	for _, p := range line {
		p = p.canonical()
		if n := len(out); n > 0 && out[n-1] == p {
			continue
		} else if n > 0 {
			out = appendSplit(out, out[n-1], p)
		}
		out = append(out, p)
	}
	return out
}

func normalRing(ring Ring, outer bool) Ring {
	cs := split(corners(ring))
	if len(cs) == 0 {
		return nil
	}
	if leftOf(cs) != outer {
		first := 1
		if len(cs) > 1 && cs[0].position().atPole() && cs[1].position().atPole() { // the two of one vertex at a pole stay together, at the front
			cs[0], cs[1], first = cs[1], cs[0], 2
		}
		slices.Reverse(cs[first:])
	}
	var out Ring
	for _, c := range cs {
		out = append(out, c.position())
	}
	return append(out, out[0])
}

// split puts corners into the long edges of a ring.
func split(cs []corner) []corner {
	var out []corner
	for i, c := range cs {
		out = append(out, c)
		for _, p := range appendSplit(nil, c.position(), cs[(i+1)%len(cs)].position()) {
			last := out[len(out)-1]
			out = append(out, corner{last.x + int64(wrapLon(int64(p.Lon)-last.x)), int64(p.Lat), c.from})
		}
	}
	return out
}

// leftOf reports whether the interior of a ring lies to the left of its way.
func leftOf(cs []corner) bool {
	if t := turned(cs); t != 0 {
		return (t > 0) == holdsNorth(cs)
	}
	// The lowest and then westernmost corner is convex: there the ring turns left if the interior is on the left.
	low := 0
	for i, c := range cs {
		if c.y < cs[low].y || c.y == cs[low].y && c.x < cs[low].x {
			low = i
		}
	}
	n := len(cs)
	return side(cs[(low+n-1)%n], cs[low], cs[(low+1)%n]) > 0
}

// appendSplit appends the positions that part the edge from a to b into pieces of at most 20 km.
func appendSplit(out []Position, a, b Position) []Position {
	n := pieces(a, b)
	if n < 2 {
		return out
	}
	// The line is always computed from the same end: neighbours that share a border draw it in opposite directions.
	// A pole is never that end, as its longitude means nothing.
	from, to := a, b
	flip := !b.atPole() && (a.atPole() || b.Lon < a.Lon || b.Lon == a.Lon && b.Lat < a.Lat)
	if flip {
		from, to = b, a
	}
	metres, az, _ := inverse(from.vec(), to.vec())
	line := newGeodesicLine(from, az)
	for i := 1; i < n; i++ {
		k := i
		if flip {
			k = n - i
		}
		out = append(out, line.position(float64(metres*float64(k))/float64(n)))
	}
	return out
}

// pieces returns into how many parts the edge from a to b is split.
func pieces(a, b Position) int {
	// A degree of latitude has at most 111.7 km, one of longitude 111.4: most edges are plainly short.
	if dx, dy := math.Abs(float64(wrapLon(int64(a.Lon)-int64(b.Lon)))), math.Abs(float64(a.Lat)-float64(b.Lat)); dx+dy < 0.17*E7 {
		return 1
	}
	metres, _, _ := inverse(a.vec(), b.vec())
	if metres <= longestEdge {
		return 1
	}
	return int(math.Ceil(metres / splitEdge))
}

// splitCount returns how many positions a line or ring has once its long edges are split.
func splitCount(line []Position) int {
	n := len(line)
	for i := 1; i < len(line); i++ {
		n += pieces(line[i-1], line[i]) - 1
	}
	return n
}
