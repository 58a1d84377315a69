package index

import (
	"math"

	"parley/geo"
)

// The brute force knows nothing of the kernel: it uses package math, plain formulas on a sphere with the radii of curvature at the
// middle, and a sum of azimuths for containment. It is good to 1e-4 of a distance and says when that is not enough.

type xyz [3]float64

func (a xyz) dot(b xyz) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func (a xyz) cross(b xyz) xyz {
	return xyz{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func (a xyz) plus(k float64, b xyz) xyz { return xyz{a[0] + k*b[0], a[1] + k*b[1], a[2] + k*b[2]} }

func (a xyz) norm() float64 { return math.Sqrt(a.dot(a)) }

func (a xyz) unit() xyz { return xyz{}.plus(1/a.norm(), a) }

func normal(p geo.Position) xyz {
	lon, lat := p.Degrees()
	sl, cl := math.Sincos(lat * math.Pi / 180)
	so, co := math.Sincos(lon * math.Pi / 180)
	return xyz{cl * co, cl * so, sl}
}

// arcMetres measures between two unit normals not far apart.
func arcMetres(a, b xyz) float64 {
	d := b.plus(-1, a)
	m := a.plus(1, b).unit()
	const e2 = 0.0066943799901413165
	w := 1 - e2*m[2]*m[2]
	n := 6378137 / math.Sqrt(w)
	north := xyz{-m[2] * m[0], -m[2] * m[1], m[0]*m[0] + m[1]*m[1]}
	if north.norm() < 1e-9 {
		return d.norm() * n
	}
	dn := d.dot(north.unit())
	de := d.dot(north.unit().cross(m))
	return math.Hypot(dn*n*(1-e2)/w, de*n)
}

type side struct{ a, b xyz }

func (s side) metresTo(p xyz) float64 {
	best := math.Min(arcMetres(p, s.a), arcMetres(p, s.b))
	n := s.a.cross(s.b)
	if n.norm() < 1e-13 {
		return best
	}
	n = n.unit()
	foot := p.plus(-p.dot(n), n).unit()
	if n.cross(s.a).dot(foot) > 0 && s.b.cross(n).dot(foot) > 0 {
		best = math.Min(best, arcMetres(p, foot))
	}
	return best
}

func (s side) metres(t side) float64 {
	n, m := s.a.cross(s.b), t.a.cross(t.b)
	if n.norm() > 1e-13 && m.norm() > 1e-13 && (n.dot(t.a) > 0) != (n.dot(t.b) > 0) && (m.dot(s.a) > 0) != (m.dot(s.b) > 0) &&
		s.a.dot(t.a) > 0 {
		return 0
	}
	return min(s.metresTo(t.a), s.metresTo(t.b), t.metresTo(s.a), t.metresTo(s.b))
}

// solid is a volume for the brute force.
type solid struct {
	geo.Volume
	parts []bulk
}

// bulk is one point, line or polygon with a ball around it.
type bulk struct {
	sides  []side
	rings  [][]xyz // of a polygon
	center xyz
	radius float64 // chord
}

func newBulk(area bool, chains ...[]geo.Position) bulk {
	var b bulk
	var all []xyz
	for _, chain := range chains {
		var line []xyz
		for i, p := range chain {
			line = append(line, normal(p))
			if i > 0 {
				b.sides = append(b.sides, side{line[i-1], line[i]})
			} else if len(chain) == 1 {
				b.sides = append(b.sides, side{line[0], line[0]})
			}
		}
		all = append(all, line...)
		if area {
			b.rings = append(b.rings, line)
		}
	}
	for _, p := range all {
		b.center = b.center.plus(1, p)
	}
	b.center = b.center.unit()
	for _, p := range all {
		b.radius = max(b.radius, p.plus(-1, b.center).norm()*1.001)
	}
	return b
}

func newSolid(v geo.Volume) *solid {
	s := &solid{Volume: v}
	for _, p := range v.Shape.Points {
		s.parts = append(s.parts, newBulk(false, []geo.Position{p}))
	}
	for _, line := range v.Shape.Lines {
		s.parts = append(s.parts, newBulk(false, line))
	}
	for _, polygon := range v.Shape.Polygons {
		var rings [][]geo.Position
		for _, ring := range polygon {
			rings = append(rings, ring)
		}
		s.parts = append(s.parts, newBulk(true, rings...))
	}
	return s
}

func (b *bulk) holds(p xyz) bool {
	for i, ring := range b.rings {
		sum := 0.0
		for j := 1; j < len(ring); j++ {
			u, w := p.cross(ring[j-1]), p.cross(ring[j])
			sum += math.Atan2(p.dot(u.cross(w)), u.dot(w))
		}
		if (math.Abs(sum) > math.Pi) != (i == 0) {
			return false
		}
	}
	return len(b.rings) > 0
}

// conflict decides; sure is false when the distance is too near to the limit to tell.
func (s *solid) conflict(t *solid) (yes, sure bool) {
	if s.Window.From >= t.Window.To || t.Window.From >= s.Window.To || s.Band.Low > t.Band.High || t.Band.Low > s.Band.High {
		return false, true
	}
	limit := float64(s.Buffer) + float64(t.Buffer)
	sure = true
	for i := range s.parts {
		for j := range t.parts {
			y, certain := s.parts[i].near(&t.parts[j], limit)
			if y && certain {
				return true, true
			}
			sure = sure && certain
		}
	}
	return false, sure
}

func (b *bulk) near(c *bulk, limit float64) (yes, sure bool) {
	reach := (limit*1.01 + 1) / 6.3e6
	far := reach + b.radius + c.radius
	if d := b.center.plus(-1, c.center); d.dot(d) > far*far {
		return false, true
	}
	best := math.Inf(1)
	for _, e := range b.sides {
		half := e.a.plus(-1, e.b).norm()
		if e.a.plus(-1, c.center).norm() > reach+half+c.radius {
			continue
		}
		for _, f := range c.sides {
			if e.a.plus(-1, f.a).norm() <= reach+half+f.a.plus(-1, f.b).norm() {
				best = min(best, e.metres(f))
			}
		}
	}
	if best < limit*0.9999-0.002 || best == 0 {
		return true, true
	}
	if math.Abs(best-limit) < limit*1e-4+0.002 {
		return false, false
	}
	// No border is near another, so one place of each tells.
	return b.holds(c.sides[0].a) || c.holds(b.sides[0].a), true
}
