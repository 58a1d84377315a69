// Package oracle tells the distance of two shapes by other means than the kernel of geo, for tests and for differences with other engines.
package oracle

import (
	"math"

	"parley/geo"
)

// It answers the same questions as the kernel by other means: package math, Vincenty's iteration for distance, search over the
// edges instead of feet of perpendiculars, the sum of azimuths instead of a ray for containment. It shares no code with it, and takes a thousand times longer.

type place struct{ lat, lon float64 } // radians

func placeOf(p geo.Position) place {
	lon, lat := p.Degrees()
	return place{lat * math.Pi / 180, lon * math.Pi / 180}
}

func vincenty(a, b place) float64 {
	const f = 1 / 298.257223563
	const major = 6378137.0
	const minor = major * (1 - f)
	l := math.Remainder(b.lon-a.lon, 2*math.Pi)
	u1, u2 := math.Atan((1-f)*math.Tan(a.lat)), math.Atan((1-f)*math.Tan(b.lat))
	su1, cu1 := math.Sincos(u1)
	su2, cu2 := math.Sincos(u2)
	lam := l
	for range 200 {
		sl, cl := math.Sincos(lam)
		ss := math.Hypot(cu2*sl, cu1*su2-su1*cu2*cl)
		if ss == 0 {
			return 0
		}
		cs := su1*su2 + cu1*cu2*cl
		sig := math.Atan2(ss, cs)
		sa := cu1 * cu2 * sl / ss
		ca2 := 1 - sa*sa
		c2m := 0.0
		if ca2 > 0 {
			c2m = cs - 2*su1*su2/ca2
		}
		c := f / 16 * ca2 * (4 + f*(4-3*ca2))
		next := l + (1-c)*f*sa*(sig+c*ss*(c2m+c*cs*(-1+2*c2m*c2m)))
		if math.Abs(next-lam) < 1e-15 {
			up := ca2 * (major*major - minor*minor) / (minor * minor)
			k := (math.Sqrt(1+up) - 1) / (math.Sqrt(1+up) + 1)
			ka := (1 + k*k/4) / (1 - k)
			kb := k * (1 - 3*k*k/8)
			ds := kb * ss * (c2m + kb/4*(cs*(-1+2*c2m*c2m)-kb/6*c2m*(-3+4*ss*ss)*(-3+4*c2m*c2m)))
			return minor * ka * (sig - ds)
		}
		lam = next
	}
	return math.NaN()
}

// between returns the place at the share t of the great circle from a to b, by spherical interpolation.
func (a place) between(b place, t float64) place {
	xyz := func(p place) [3]float64 {
		return [3]float64{math.Cos(p.lat) * math.Cos(p.lon), math.Cos(p.lat) * math.Sin(p.lon), math.Sin(p.lat)}
	}
	u, w := xyz(a), xyz(b)
	chord := math.Sqrt((u[0]-w[0])*(u[0]-w[0]) + (u[1]-w[1])*(u[1]-w[1]) + (u[2]-w[2])*(u[2]-w[2]))
	angle := 2 * math.Asin(math.Min(1, chord/2))
	if angle == 0 {
		return a
	}
	ka, kb := math.Sin((1-t)*angle)/math.Sin(angle), math.Sin(t*angle)/math.Sin(angle)
	x, y, z := ka*u[0]+kb*w[0], ka*u[1]+kb*w[1], ka*u[2]+kb*w[2]
	return place{math.Atan2(z, math.Hypot(x, y)), math.Atan2(y, x)}
}

// lowest finds the minimum of a function that falls and then rises on [0, 1], by golden section.
func lowest(f func(float64) float64) float64 {
	const g = 0.6180339887498949
	lo, hi := 0.0, 1.0
	a, b := hi-g, lo+g
	fa, fb := f(a), f(b)
	for hi-lo > 1e-9 {
		if fa < fb {
			hi, b, fb = b, a, fa
			a = hi - g*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + g*(hi-lo)
			fb = f(b)
		}
	}
	return math.Min(math.Min(fa, fb), math.Min(f(0), f(1)))
}

type leg struct{ a, b place }

func legs(s geo.Shape) (out []leg) {
	chain := func(line []geo.Position) {
		for i := 1; i < len(line); i++ {
			out = append(out, leg{placeOf(line[i-1]), placeOf(line[i])})
		}
	}
	for _, p := range s.Points {
		out = append(out, leg{placeOf(p), placeOf(p)})
	}
	for _, line := range s.Lines {
		chain(line)
	}
	for _, rings := range s.Polygons {
		for _, ring := range rings {
			chain(ring)
		}
	}
	return out
}

// Places returns so many positions along each edge of a shape, evenly spaced from its start on.
func Places(s geo.Shape, each int) (out []geo.Position) {
	for _, l := range legs(s) {
		for k := range each {
			q := l.a.between(l.b, float64(k)/float64(each))
			lon := math.Remainder(q.lon*180/math.Pi, 360)
			out = append(out, geo.Position{Lon: int32(math.Round(lon * geo.E7)), Lat: int32(math.Round(q.lat * 180 / math.Pi * geo.E7))})
		}
	}
	return out
}

// legDistance searches both edges: the middle one by golden section inside the outer one.
func legDistance(p, q leg) float64 {
	inner := func(at place) float64 {
		if q.a == q.b {
			return vincenty(at, q.a)
		}
		return lowest(func(u float64) float64 { return vincenty(at, q.a.between(q.b, u)) })
	}
	if p.a == p.b {
		return inner(p.a)
	}
	return lowest(func(t float64) float64 { return inner(p.a.between(p.b, t)) })
}

// roughly returns a lower bound of the distance of two legs: that of their middles less their half lengths.
func roughly(p, q leg) float64 {
	half := func(l leg) float64 { return vincenty(l.a, l.b) / 2 * 1.01 }
	return vincenty(p.a.between(p.b, 0.5), q.a.between(q.b, 0.5)) - half(p) - half(q)
}

// Distance returns the distance of two shapes, 0 if they overlap, good to some micrometres.
func Distance(a, b geo.Shape) float64 {
	if holds(a, b) || holds(b, a) {
		return 0
	}
	best := math.Inf(1)
	for _, p := range legs(a) {
		for _, q := range legs(b) {
			if roughly(p, q) < best {
				best = math.Min(best, legDistance(p, q))
			}
		}
	}
	return best
}

func holds(a, b geo.Shape) bool {
	for _, rings := range a.Polygons {
		for _, q := range legs(b) {
			in := true
			for i, ring := range rings {
				if inRing(ring, q.a) != (i == 0) {
					in = false
				}
			}
			if in {
				return true
			}
		}
	}
	return false
}

// inRing turns once around p while following the ring, if p is inside, else not at all.
func inRing(ring geo.Ring, p place) bool {
	azimuth := func(q place) float64 {
		d := q.lon - p.lon
		return math.Atan2(math.Sin(d)*math.Cos(q.lat), math.Cos(p.lat)*math.Sin(q.lat)-math.Sin(p.lat)*math.Cos(q.lat)*math.Cos(d))
	}
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		sum += math.Remainder(azimuth(placeOf(ring[i]))-azimuth(placeOf(ring[i-1])), 2*math.Pi)
	}
	return math.Abs(sum) > math.Pi
}
