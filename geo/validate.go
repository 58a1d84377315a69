package geo

import (
	"cmp"
	"fmt"
	"slices"
)

// splitGrowth bounds how many times more positions than allowed a shape may have once its long edges are split.
const splitGrowth = 10

// Validate returns nil or a *Fault: the kind is known and exactly its list filled; positions are in range; lines have two
// distinct positions; rings are closed, have at least four positions and neither cross nor touch themselves; holes lie within the outer ring, clear of it and
// of one another; there are at most maxVertices positions, and at most ten times as many once Normalize has split long edges.
//
// Rings are judged with their long edges split, on the map of longitude and latitude, unrolled over the antimeridian, in exact integers. A
// ring may go around a pole.
func (s Shape) Validate(maxVertices int) error {
	if f := s.fault(maxVertices); f != nil {
		return f
	}
	return nil
}

func (s Shape) fault(maxVertices int) *Fault {
	if f := s.lists(); f != nil {
		return f
	}
	if n := s.Vertices(); n > maxVertices {
		return fault("", fmt.Sprintf("%d positions", n), fmt.Sprintf("at most %d", maxVertices))
	}
	for i, p := range s.Points {
		if !p.Valid() {
			return outOfRange(fmt.Sprintf("points[%d]", i), p)
		}
	}
	long := 0
	for i, line := range s.Lines {
		if f := lineFault(fmt.Sprintf("lines[%d]", i), line); f != nil {
			return f
		}
		long += splitCount(line)
	}
	for i, rings := range s.Polygons {
		for j, ring := range rings {
			if f := ringFault(fmt.Sprintf("polygons[%d][%d]", i, j), ring); f != nil {
				return f
			}
			long += splitCount(ring)
		}
	}
	if most := splitGrowth * maxVertices; long > most {
		return fault("", fmt.Sprintf("edges so long that they split into %d positions", long), fmt.Sprintf("at most %d", most))
	}
	for i, rings := range s.Polygons {
		if f := polygonFault(fmt.Sprintf("polygons[%d]", i), rings); f != nil {
			return f
		}
	}
	return nil
}

// lists checks that exactly the list of the kind is filled.
func (s Shape) lists() *Fault {
	var got, one bool
	switch s.Kind {
	case Point, MultiPoint:
		got, one = len(s.Points) > 0 && len(s.Lines)+len(s.Polygons) == 0, len(s.Points) == 1
	case LineString, MultiLineString:
		got, one = len(s.Lines) > 0 && len(s.Points)+len(s.Polygons) == 0, len(s.Lines) == 1
	case Polygon, MultiPolygon:
		got, one = len(s.Polygons) > 0 && len(s.Points)+len(s.Lines) == 0, len(s.Polygons) == 1
	default:
		return fault("kind", fmt.Sprintf("%q", string(s.Kind)), "Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon")
	}
	read := fmt.Sprintf("%s with %d points, %d lines and %d polygons", s.Kind, len(s.Points), len(s.Lines), len(s.Polygons))
	switch {
	case !got:
		return fault("", read, "positions in the list of the kind and in no other")
	case !one && (s.Kind == Point || s.Kind == LineString || s.Kind == Polygon):
		return fault("", read, "exactly one; several take the kind Multi"+string(s.Kind))
	}
	return nil
}

func outOfRange(path string, p Position) *Fault {
	return fault(path, p, "a latitude of -90 to 90 and a longitude of -180 to 180 degrees")
}

func lineFault(path string, line []Position) *Fault {
	distinct := 0
	for i, p := range line {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !p.Valid() {
			return outOfRange(at, p)
		}
		if i == 0 {
			distinct = 1
			continue
		}
		p, q := p.canonical(), line[i-1].canonical()
		if p != q {
			distinct++
		}
		if antipodal(p, q) {
			return fault(at, fmt.Sprintf("%v right across the globe from the position before", p), "a position between that tells the way")
		}
	}
	if distinct < 2 {
		return fault(path, fmt.Sprintf("%d distinct positions", distinct), "a line of at least 2")
	}
	return nil
}

func antipodal(p, q Position) bool {
	return p.Lat == -q.Lat && (p.atPole() || wrapLon(int64(p.Lon)-int64(q.Lon)) == 180*E7)
}

func polygonFault(path string, rings []Ring) *Fault {
	if len(rings) == 0 {
		return fault(path, "no ring", "an outer ring")
	}
	cs, es := make([][]corner, len(rings)), make([][]edge, len(rings))
	for i, ring := range rings {
		at := fmt.Sprintf("%s[%d]", path, i)
		cs[i] = split(corners(ring))
		es[i] = edgesOf(cs[i])
		if f := crossingFault(at, cs[i], es[i]); f != nil {
			return f
		}
		for j := range i {
			for _, e := range es[i] {
				for _, o := range es[j] {
					if e.meets(o) {
						return fault(fmt.Sprintf("%s[%d]", at, e.a.from), fmt.Sprintf("an edge that meets ring %d", j), "holes clear of the outer ring and of one another")
					}
				}
			}
			in := encloses(cs[j], es[j], cs[i][0])
			if j == 0 && !in {
				return fault(at, "a hole outside the outer ring", "holes within it")
			}
			if j > 0 && (in || encloses(cs[i], es[i], cs[j][0])) {
				return fault(at, fmt.Sprintf("a hole nested with hole %d", j), "holes apart from one another")
			}
		}
	}
	return nil
}

// ringFault checks one ring position by position.
func ringFault(path string, ring Ring) *Fault {
	for i, p := range ring {
		if !p.Valid() {
			return outOfRange(fmt.Sprintf("%s[%d]", path, i), p)
		}
	}
	if len(ring) < 4 {
		return fault(path, fmt.Sprintf("%d positions", len(ring)), "a ring of at least 4, the last equal to the first")
	}
	if first, last := ring[0].canonical(), ring[len(ring)-1].canonical(); first != last {
		return fault(fmt.Sprintf("%s[%d]", path, len(ring)-1), last, fmt.Sprintf("the first position again, %v", first))
	}
	cs := corners(ring)
	if len(cs) < 3 {
		return fault(path, fmt.Sprintf("%d distinct positions", len(cs)), "at least 3")
	}
	for i, c := range cs {
		next := cs[(i+1)%len(cs)]
		if wrapLon(next.x-c.x) == turn/2 {
			return fault(fmt.Sprintf("%s[%d]", path, next.from), "a position 180 degrees of longitude from the one before", "less, so that the way is plain; put one between")
		}
	}
	return nil
}

// crossingFault returns the first place at which a ring meets itself.
func crossingFault(path string, cs []corner, es []edge) *Fault {
	n := len(es)
	for i := range es {
		if es[i].back(es[(i+1)%n]) {
			return fault(fmt.Sprintf("%s[%d]", path, es[i].b.from), "an edge that runs back over the one before", "a ring that does not touch itself")
		}
	}
	// Only edges whose latitudes overlap can meet: sorted by the lower one, they are neighbours.
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(es[i].low(), es[j].low()) })
	a, b := n, n
	for k, i := range order {
		for _, j := range order[k+1:] {
			if es[j].low() > es[i].high() {
				break
			}
			first, second := min(i, j), max(i, j)
			if second-first < 2 || first == 0 && second == n-1 {
				continue // neighbours
			}
			if (first < a || first == a && second < b) && es[i].meets(es[j]) {
				a, b = first, second
			}
		}
	}
	if a < n {
		return fault(fmt.Sprintf("%s[%d]", path, es[b].a.from), fmt.Sprintf("an edge that meets the edge from position %d", es[a].a.from), "a ring that does not cross or touch itself")
	}
	if t := turned(cs); t > turn || t < -turn {
		return fault(path, "a ring that goes round the pole more than once", "at most once")
	}
	return nil
}
