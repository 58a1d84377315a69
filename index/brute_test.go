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

// solid is a volume for the brute force, with a ball around it.
type solid struct {
	geo.Volume
	sides  []side
	rings  [][][]xyz // of polygons
	center xyz
	radius float64 // metres
}

func newSolid(v geo.Volume) *solid {
	s := &solid{Volume: v}
	chain := func(line []geo.Position) (out []xyz) {
		for _, p := range line {
			out = append(out, normal(p))
		}
		for i := 1; i < len(out); i++ {
			s.sides = append(s.sides, side{out[i-1], out[i]})
		}
		return out
	}
	for _, p := range v.Shape.Points {
		s.sides = append(s.sides, side{normal(p), normal(p)})
	}
	for _, line := range v.Shape.Lines {
		chain(line)
	}
	for _, polygon := range v.Shape.Polygons {
		var rings [][]xyz
		for _, ring := range polygon {
			rings = append(rings, chain(ring))
		}
		s.rings = append(s.rings, rings)
	}
	for _, e := range s.sides {
		s.center = s.center.plus(1, e.a).plus(1, e.b)
	}
	s.center = s.center.unit()
	for _, e := range s.sides {
		s.radius = max(s.radius, 6.4e6*e.a.plus(-1, s.center).norm()*1.01, 6.4e6*e.b.plus(-1, s.center).norm()*1.01)
	}
	return s
}

func (s *solid) holds(p xyz) bool {
	for _, rings := range s.rings {
		in := true
		for i, ring := range rings {
			sum := 0.0
			for j := 1; j < len(ring); j++ {
				a, b := p.cross(ring[j-1]), p.cross(ring[j])
				sum += math.Atan2(p.dot(a.cross(b)), a.dot(b))
			}
			// A ring winds around the antipode of its inside as well.
			in = in && (math.Abs(sum) > math.Pi && p.dot(ring[0]) > 0) == (i == 0)
		}
		if in {
			return true
		}
	}
	return false
}

// conflict decides; sure is false when the distance is too near to the limit to tell.
func (s *solid) conflict(t *solid) (yes, sure bool) {
	if s.Window.From >= t.Window.To || t.Window.From >= s.Window.To || s.Band.Low > t.Band.High || t.Band.Low > s.Band.High {
		return false, true
	}
	limit := float64(s.Buffer) + float64(t.Buffer)
	if far := (limit + s.radius + t.radius) * 1.01 / 6.3e6; s.center.plus(-1, t.center).norm() > far {
		return false, true
	}
	best := math.Inf(1)
	for _, a := range s.sides {
		for _, b := range t.sides {
			if far := (limit*1.1 + 1) / 6.3e6; a.a.plus(-1, b.a).norm() > far+a.a.plus(-1, a.b).norm()+b.a.plus(-1, b.b).norm() {
				continue
			}
			best = min(best, a.metres(b))
		}
	}
	if best < limit*0.9999-0.002 || best == 0 {
		return true, true
	}
	if math.Abs(best-limit) < limit*1e-4+0.002 {
		return false, false
	}
	// No border is near another, so one place of each part tells.
	for _, e := range t.sides {
		if len(s.rings) > 0 && s.holds(e.a) {
			return true, true
		}
	}
	for _, e := range s.sides {
		if len(t.rings) > 0 && t.holds(e.a) {
			return true, true
		}
	}
	return false, true
}
