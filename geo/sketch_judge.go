package geo

import "math"

// Point tells whether a place comes within so many metres of the sketched shape.
func (s *Sketch) Point(p Position, metres int64) Verdict {
	at := s.place(p)
	l := s.limits(metres, 0)
	in := s.holds(at, &l)
	if in == Reached {
		return Reached
	}
	least := math.Inf(1)
	for i := range s.chunks {
		c := &s.chunks[i]
		if at.x < c.west-l.reach || at.x > c.east+l.reach || at.y < c.south-l.reach || at.y > c.north+l.reach {
			continue
		}
		for j := c.from; j < c.to; j++ {
			if d := s.edges[j].squareTo(at); d < least {
				if d < l.near {
					return Reached
				}
				least = d
			}
		}
	}
	if least > l.far {
		return in
	}
	return Unsure
}

// Line tells whether a plain line comes within so many metres of the sketched shape.
func (s *Sketch) Line(line []Position, metres int64) Verdict {
	s.other = s.other[:0]
	l := s.limits(metres, s.sag*s.redraw(line, metres, 0))
	in := s.holds(s.place(line[0]), &l)
	if in == Reached {
		return Reached
	}
	return s.borders(&l, in)
}

// Area tells whether a plain polygon, whose rings follow one another in ps, comes within so many metres of the sketched shape.
func (s *Sketch) Area(ps []Position, metres int64) Verdict {
	s.other = s.other[:0]
	first, most := s.place(ps[0]), 0.0
	for len(ps) > 0 {
		n := RingLength(ps)
		most = s.redraw(ps[:n], metres, most)
		ps = ps[n:]
	}
	l := s.limits(metres, s.sag*most)
	in := s.holds(first, &l)
	for i := 0; i < len(s.firsts) && in != Reached; i++ {
		if v := s.held(s.firsts[i], &l); v != Beyond {
			in = v
		}
	}
	if in == Reached {
		return Reached
	}
	return s.borders(&l, in)
}

// RingLength returns how many positions the first of several rings has that follow one another: a ring does not touch itself, so it ends where its
// first position comes again.
func RingLength(ps []Position) int {
	n := 1
	for n < len(ps) && ps[n] != ps[0] {
		n++
	}
	return min(n+1, len(ps))
}

// redraw appends the edges of a chain to the other shape's, without those that lie wholly west or east of the sketch and its reach: no border is near them, and no
// place of the sketch lies north or south of them. It returns the larger of most and what sagOf multiplies.
func (s *Sketch) redraw(chain []Position, metres int64, most float64) float64 {
	reach := (float64(metres) + s.own + s.plain + 2*bandFixed) * s.least
	west, east := s.west-reach, s.east+reach
	ax := s.x(chain[0])
	if len(chain) == 1 {
		a := flat{ax, s.y(chain[0])}
		s.other = append(s.other, flatPair{a, a})
		return most
	}
	for i := 1; i < len(chain); i++ {
		bx := s.x(chain[i])
		if ax < west && bx < west || ax > east && bx > east {
			ax = bx
			continue
		}
		e := flatPair{flat{ax, s.y(chain[i-1])}, flat{bx, s.y(chain[i])}}
		s.other = append(s.other, e)
		dx, dy := e.b.x-e.a.x, e.b.y-e.a.y
		if d := dx*dx + 2*dy*dy; d > most {
			most = d
		}
		ax = bx
	}
	return most
}

// holds tells whether a place lies in one of the sketched polygons, borders left aside.
func (s *Sketch) holds(p flat, l *limits) Verdict {
	out := Beyond
	margin := l.slack * s.least
	for _, polygon := range s.polygons {
		in, sure := false, true
		for i := polygon.from; i < polygon.to; i++ {
			e := &s.edges[i]
			if (e.a.x <= p.x) == (e.b.x <= p.x) {
				continue
			}
			above := e.a.y + (p.x-e.a.x)*e.slope - p.y
			if above > margin {
				in = !in
			} else if above >= -margin {
				sure = false
			}
		}
		switch {
		case !sure:
			out = Unsure
		case in:
			return Reached
		}
	}
	return out
}

// held tells whether a place of the sketched shape lies in the polygon that is asked about, its border left aside.
func (s *Sketch) held(p flat, l *limits) Verdict {
	in := false
	margin := l.slack * s.least
	for i := range s.other {
		e := &s.other[i]
		if (e.a.x <= p.x) == (e.b.x <= p.x) {
			continue
		}
		above := e.a.y + (p.x-e.a.x)*((e.b.y-e.a.y)/(e.b.x-e.a.x)) - p.y
		if above > margin {
			in = !in
		} else if above >= -margin {
			return Unsure
		}
	}
	if in {
		return Reached
	}
	return Beyond
}

// borders judges by the distance between borders; in is what is known of one shape within the other.
func (s *Sketch) borders(l *limits, in Verdict) Verdict {
	least := math.Inf(1)
	for i := range s.other {
		e := &s.other[i]
		west, east := e.a.x, e.b.x
		if west > east {
			west, east = east, west
		}
		south, north := e.a.y, e.b.y
		if south > north {
			south, north = north, south
		}
		west, east, south, north = west-l.reach, east+l.reach, south-l.reach, north+l.reach
		inverse := -1.0
		for j := range s.chunks {
			c := &s.chunks[j]
			if west > c.east || east < c.west || south > c.north || north < c.south {
				continue
			}
			if inverse < 0 {
				inverse = e.inverse()
			}
			for k := c.from; k < c.to; k++ {
				o := &s.edges[k]
				if o.a.x > east && o.b.x > east || o.a.x < west && o.b.x < west ||
					o.a.y > north && o.b.y > north || o.a.y < south && o.b.y < south {
					continue
				}
				d, sure := o.square(e, inverse, l.slack*s.least)
				if sure || d < l.near {
					return Reached
				}
				if d < least {
					least = d
				}
			}
		}
	}
	if least > l.far {
		return in
	}
	return Unsure
}

// inverse returns that of the squared length, 0 for an edge without length.
func (e *flatPair) inverse() float64 {
	dx, dy := e.b.x-e.a.x, e.b.y-e.a.y
	if l := dx*dx + dy*dy; l > 0 {
		return 1 / l
	}
	return 0
}

// squareTo returns the squared distance of a place from an edge.
func (e *flatEdge) squareTo(p flat) float64 { return squareFrom(e.a, e.d, e.inverse, p) }

// squareFrom returns the squared distance of p from the edge that goes from a by d.
func squareFrom(a, d flat, inverse float64, p flat) float64 {
	x, y := p.x-a.x, p.y-a.y
	t := (x*d.x + y*d.y) * inverse
	if t > 0 {
		if t > 1 {
			t = 1
		}
		x -= t * d.x
		y -= t * d.y
	}
	return x*x + y*y
}

// square returns the squared distance between two edges, and whether they certainly cross: each end is farther than the
// margin from the line of the other edge, so that both edges may be bent by less than that and cross still.
func (e *flatEdge) square(c *flatPair, inverse, margin float64) (d float64, sure bool) {
	cd := flat{c.b.x - c.a.x, c.b.y - c.a.y}
	if e.inverse == 0 {
		return squareFrom(c.a, cd, inverse, e.a), false
	}
	ax, ay := c.a.x-e.a.x, c.a.y-e.a.y
	bx, by := c.b.x-e.a.x, c.b.y-e.a.y
	oa, ob := e.d.x*ay-e.d.y*ax, e.d.x*by-e.d.y*bx
	if (oa > 0) != (ob > 0) {
		ex, ey := e.b.x-c.a.x, e.b.y-c.a.y
		oc, od := cd.y*ax-cd.x*ay, cd.x*ey-cd.y*ex
		if (oc > 0) != (od > 0) {
			m := margin * margin
			return 0, min(oa*oa, ob*ob)*e.inverse > m && min(oc*oc, od*od)*inverse > m
		}
	}
	d = e.squareTo(c.a)
	if o := e.squareTo(c.b); o < d {
		d = o
	}
	if o := squareFrom(c.a, cd, inverse, e.a); o < d {
		d = o
	}
	if o := squareFrom(c.a, cd, inverse, e.b); o < d {
		d = o
	}
	return d, false
}
