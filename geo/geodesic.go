package geo

import "math"

// The geodesic on the WGS84 ellipsoid after C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87:43-55 (2013),
// doi 10.1007/s00190-012-0578-z; equation numbers below are his. Series go to order 6, good to about 15 nanometres.
// Near antipodal points no special start is made: the bracketed Newton iteration then halves the bracket, slower and as exact.
// "bet" is the reduced latitude, "sig" the arc on the auxiliary sphere, "omg" its longitude, "lam" the real one, "alp" an azimuth.

const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
	polar      = 1 - flattening // ratio of the axes
	semiMinor  = semiMajor * polar
	ecc2       = flattening * (2 - flattening)
	ecc2Prime  = ecc2 / (polar * polar)
	third      = flattening / (2 - flattening)

	ulp      = 1.0 / (1 << 52)
	sqrtUlp  = 1.0 / (1 << 26)
	almost0  = 1e-150   // keeps quotients at the poles finite
	tinyArc  = 3.64e-08 // radians; below it the sphere is exact to the last digit
	newtons  = 20
	maxSteps = 83
)

// direction is an azimuth as its sine (east) and cosine (north).
type direction struct{ east, north float64 }

func normed(s, c float64) (float64, float64) {
	h := hypot(s, c)
	return s / h, c / h
}

// sum returns c[1] sin 2x + c[2] sin 4x + ... by Clenshaw's rule.
func sinSeries(sin, cos float64, c *[7]float64) float64 {
	ar := 2 * float64((cos-sin)*(cos+sin))
	var y0, y1 float64
	for k := 6; k >= 1; k-- {
		y0, y1 = float64(ar*y0)-y1+c[k], y0
	}
	return float64(2 * float64(float64(sin*cos)*y0))
}

func poly(x float64, c ...float64) float64 {
	v := 0.0
	for k := len(c) - 1; k >= 0; k-- {
		v = float64(v*x) + c[k]
	}
	return v
}

// a1 and c1 are eqs. 17 and 18: distance from arc.
func a1(e float64) float64 {
	return poly(float64(e*e), 1, 1./4, 1./64, 1./256) / (1 - e)
}

func c1(e float64) (c [7]float64) {
	q := float64(e * e)
	fill(&c, e, poly(q, -1./2, 3./16, -1./32), poly(q, -1./16, 1./32, -9./2048), poly(q, -1./48, 3./256),
		poly(q, -5./512, 3./512), -7./1280, -7./2048)
	return c
}

// c1Prime is eq. 21: arc from distance.
func c1Prime(e float64) (c [7]float64) {
	q := float64(e * e)
	fill(&c, e, poly(q, 1./2, -9./32, 205./1536), poly(q, 5./16, -37./96, 1335./4096), poly(q, 29./96, -75./128),
		poly(q, 539./1536, -2391./2560), 3467./7680, 38081./61440)
	return c
}

// a2 and c2 are eqs. 42 and 43: the reduced length.
func a2(e float64) float64 {
	return poly(float64(e*e), 1, -3./4, -7./64, -11./256) / (1 + e)
}

func c2(e float64) (c [7]float64) {
	q := float64(e * e)
	fill(&c, e, poly(q, 1./2, 1./16, 1./32), poly(q, 3./16, 1./32, 35./2048), poly(q, 5./48, 5./256),
		poly(q, 35./512, 7./512), 63./1280, 77./2048)
	return c
}

// a3 and c3 are eqs. 24 and 25: longitude.
func a3(e float64) float64 {
	const n = third
	return poly(e, 1, -(1./2 - n/2), -(1./4 + n/8 - 3*n*n/8), -(1./16 + 3*n/16 + n*n/16), -(3./64 + n/32), -3./128)
}

func c3(e float64) (c [7]float64) {
	const n = third
	fill(&c, e,
		poly(e, 1./4-n/4, 1./8-n*n/8, 3./64+3*n/64-n*n/64, 5./128+n/64, 3./128),
		poly(e, 1./16-3*n/32+n*n/32, 3./64-n/32-3*n*n/64, 3./128+n/128, 5./256),
		poly(e, 5./192-3*n/64+5*n*n/192, 3./128-5*n/192, 7./512),
		poly(e, 7./512-7*n/256, 7./512),
		21./2560, 0)
	return c
}

// fill sets c[k] to the k-th factor times e to the power k.
func fill(c *[7]float64, e float64, factors ...float64) {
	p := 1.0
	for k, f := range factors {
		p = float64(p * e)
		c[k+1] = float64(f * p)
	}
}

// epsilon is eq. 16 for a geodesic whose azimuth at the equator has the cosine calp0.
func epsilon(calp0 float64) float64 {
	k2 := float64(float64(calp0*calp0) * ecc2Prime)
	return k2 / (float64(2*(1+math.Sqrt(1+k2))) + k2)
}

// arc holds one geodesic between two reduced latitudes, in Karney's canonical position: bet1 <= 0, |bet2| <= -bet1, lam in [0, pi].
type arc struct {
	sbet1, cbet1, dn1, sbet2, cbet2, dn2 float64
	slam, clam                           float64
}

// span is what an azimuth at point 1 leads to.
type span struct {
	sig12, ssig1, csig1, ssig2, csig2, eps float64
	salp2, calp2                           float64
}

// lengths returns distance and reduced length, both divided by the semi-minor axis (eqs. 7, 38, 40).
func (g *arc) lengths(s *span) (dist, reduced float64) {
	ca, cb := c1(s.eps), c2(s.eps)
	fa, fb := a1(s.eps), a2(s.eps)
	b1 := sinSeries(s.ssig2, s.csig2, &ca) - sinSeries(s.ssig1, s.csig1, &ca)
	b2 := sinSeries(s.ssig2, s.csig2, &cb) - sinSeries(s.ssig1, s.csig1, &cb)
	dist = float64(fa * (s.sig12 + b1))
	j := float64((fa-fb)*s.sig12) + (float64(fa*b1) - float64(fb*b2))
	reduced = float64(g.dn2*float64(s.csig1*s.ssig2)) - float64(g.dn1*float64(s.ssig1*s.csig2)) -
		float64(float64(s.csig1*s.csig2)*j)
	return dist, reduced
}

// miss follows the geodesic of azimuth (salp1, calp1) to the latitude of point 2 and returns by how much longitude it misses,
// and the derivative of that by the azimuth (section 4 of the paper).
func (g *arc) miss(salp1, calp1 float64) (v, dv float64, s span) {
	if g.sbet1 == 0 && calp1 == 0 {
		calp1 = -almost0
	}
	salp0 := float64(salp1 * g.cbet1)
	calp0 := hypot(calp1, float64(salp1*g.sbet1))
	somg1, comg1 := float64(salp0*g.sbet1), float64(calp1*g.cbet1)
	s.ssig1, s.csig1 = normed(g.sbet1, comg1)
	s.salp2 = salp1
	if g.cbet2 != g.cbet1 {
		s.salp2 = salp0 / g.cbet2
	}
	s.calp2 = math.Abs(calp1)
	if g.cbet2 != g.cbet1 || math.Abs(g.sbet2) != -g.sbet1 {
		d := float64((g.sbet1 - g.sbet2) * (g.sbet1 + g.sbet2))
		if g.cbet1 < -g.sbet1 {
			d = float64((g.cbet2 - g.cbet1) * (g.cbet1 + g.cbet2))
		}
		s.calp2 = math.Sqrt(math.Max(0, float64(comg1*comg1)+d)) / g.cbet2
	}
	somg2, comg2 := float64(salp0*g.sbet2), float64(s.calp2*g.cbet2)
	s.ssig2, s.csig2 = normed(g.sbet2, comg2)
	s.sig12 = between(s.ssig1, s.csig1, s.ssig2, s.csig2)
	somg12 := math.Max(0, float64(comg1*somg2)-float64(somg1*comg2))
	comg12 := float64(comg1*comg2) + float64(somg1*somg2)
	eta := atan2(float64(somg12*g.clam)-float64(comg12*g.slam), float64(comg12*g.clam)+float64(somg12*g.slam))
	s.eps = epsilon(calp0)
	c := c3(s.eps)
	b := sinSeries(s.ssig2, s.csig2, &c) - sinSeries(s.ssig1, s.csig1, &c)
	v = eta - float64(float64(float64(flattening*a3(s.eps))*salp0)*(s.sig12+b))
	if s.calp2 == 0 {
		return v, -2 * polar * g.dn1 / g.sbet1, s
	}
	_, m := g.lengths(&s)
	return v, float64(m*polar) / float64(s.calp2*g.cbet2), s
}

// between returns the arc from 1 to 2, at least 0.
func between(s1, c1, s2, c2 float64) float64 {
	return atan2(math.Max(0, float64(c1*s2)-float64(s1*c2)), float64(c1*c2)+float64(s1*s2))
}

// inverse returns the length in metres of the shortest geodesic from u to w and its azimuths at both ends, both in the direction of travel.
func inverse(u, w vec) (metres float64, atU, atW direction) {
	swap := 1.0
	if math.Abs(u.z) < math.Abs(w.z) {
		u, w = w, u
		swap = -1
	}
	cphi1, cphi2 := hypot(u.x, u.y), hypot(w.x, w.y)
	// A pole counts as lying on longitude 0, and its azimuths are counted from there.
	if cphi1 == 0 {
		u.x, u.y = 1, 0
	}
	if cphi2 == 0 {
		w.x, w.y = 1, 0
	}
	slam, clam := normed(float64(u.x*w.y)-float64(u.y*w.x), float64(u.x*w.x)+float64(u.y*w.y))
	east := 1.0
	if slam < 0 {
		slam, east = -slam, -1
	}
	north := 1.0
	if u.z >= 0 {
		u.z, w.z = -u.z, -w.z
		north = -1
	}
	var g arc
	g.slam, g.clam = slam, clam
	g.sbet1, g.cbet1 = normed(float64(polar*u.z), cphi1)
	g.sbet2, g.cbet2 = normed(float64(polar*w.z), cphi2)
	g.cbet1, g.cbet2 = math.Max(almost0, g.cbet1), math.Max(almost0, g.cbet2)
	// Latitudes of equal size must have exactly equal sines and cosines.
	if g.cbet1 < -g.sbet1 {
		if g.cbet1 == g.cbet2 {
			g.sbet2 = math.Copysign(g.sbet1, g.sbet2)
		}
	} else if math.Abs(g.sbet2) == -g.sbet1 {
		g.cbet2 = g.cbet1
	}
	g.dn1 = math.Sqrt(1 + float64(ecc2Prime*float64(g.sbet1*g.sbet1)))
	g.dn2 = math.Sqrt(1 + float64(ecc2Prime*float64(g.sbet2*g.sbet2)))
	length, a, b := g.solve(cphi1 == 0)
	if swap < 0 {
		a, b = b, a
	}
	return length, direction{float64(a.east * (swap * east)), float64(a.north * (swap * north))},
		direction{float64(b.east * (swap * east)), float64(b.north * (swap * north))}
}

// solve is the inverse problem in canonical position.
func (g *arc) solve(fromPole bool) (metres float64, a, b direction) {
	lam := atan2(g.slam, g.clam)
	if fromPole || g.slam == 0 {
		var s span
		s.calp2 = 1
		s.ssig1, s.csig1 = g.sbet1, float64(g.clam*g.cbet1)
		s.ssig2, s.csig2 = g.sbet2, g.cbet2
		s.sig12 = between(s.ssig1, s.csig1, s.ssig2, s.csig2)
		s.eps = epsilon(1)
		d, m := g.lengths(&s)
		if s.sig12 < 1 || m >= 0 {
			return float64(d * semiMinor), direction{g.slam, g.clam}, direction{0, 1}
		}
	} else if g.sbet1 == 0 && lam <= math.Pi*polar {
		return float64(semiMajor * lam), direction{1, 0}, direction{1, 0}
	}
	if d, a, b, ok := g.short(lam); ok {
		return d, a, b
	}
	salp1, calp1 := g.start(lam)
	salpA, calpA, salpB, calpB := almost0, 1.0, almost0, -1.0 // the bracket of the azimuth
	var s span
	var last, done bool
	for step := 0; step < maxSteps; step++ {
		var v, dv float64
		v, dv, s = g.miss(salp1, calp1)
		bound := ulp
		if last {
			bound = 8 * ulp
		}
		if done || !(math.Abs(v) >= bound) {
			break
		}
		if v > 0 && (step > newtons || calp1/salp1 > calpB/salpB) {
			salpB, calpB = salp1, calp1
		} else if v < 0 && (step > newtons || calp1/salp1 < calpA/salpA) {
			salpA, calpA = salp1, calp1
		}
		if step < newtons && dv > 0 {
			turn := -v / dv
			if math.Abs(turn) < math.Pi {
				st, ct := sinCos(turn)
				if n := float64(salp1*ct) + float64(calp1*st); n > 0 {
					salp1, calp1 = normed(n, float64(calp1*ct)-float64(salp1*st))
					last = math.Abs(v) <= 16*ulp
					continue
				}
			}
		}
		salp1, calp1 = normed((salpA+salpB)/2, (calpA+calpB)/2)
		last = false
		done = math.Abs(salpA-salp1)+(calpA-calp1) < ulp*sqrtUlp || math.Abs(salp1-salpB)+(calp1-calpB) < ulp*sqrtUlp
	}
	d, _ := g.lengths(&s)
	return float64(d * semiMinor), direction{salp1, calp1}, direction{s.salp2, s.calp2}
}

// sphere returns, for the sphere on which lam becomes omg, the unnormed azimuth at point 1 and cosine of the arc.
func (g *arc) sphere(omg float64) (salp1, calp1, csig, somg, comg float64) {
	somg, comg = sinCos(omg)
	sbet12 := float64(g.sbet2*g.cbet1) - float64(g.cbet2*g.sbet1)
	salp1 = float64(g.cbet2 * somg)
	t := float64(float64(g.cbet2*g.sbet1) * float64(somg*somg))
	if comg >= 0 {
		calp1 = sbet12 + t/(1+comg)
	} else {
		calp1 = float64(g.sbet2*g.cbet1) + float64(g.cbet2*g.sbet1) - t/(1-comg)
	}
	csig = float64(g.sbet1*g.sbet2) + float64(float64(g.cbet1*g.cbet2)*comg)
	return salp1, calp1, csig, somg, comg
}

// nearby returns the longitude on the sphere that fits the ellipsoid best between two points not far apart (eq. 48), and dn there.
func (g *arc) nearby(lam float64) (omg, dnm float64, near bool) {
	sbet12 := float64(g.sbet2*g.cbet1) - float64(g.cbet2*g.sbet1)
	cbet12 := float64(g.cbet2*g.cbet1) + float64(g.sbet2*g.sbet1)
	if cbet12 < 0 || sbet12 >= 0.5 || float64(g.cbet2*lam) >= 0.5 {
		return lam, 1, false
	}
	s, c := g.sbet1+g.sbet2, g.cbet1+g.cbet2
	s2, c2 := float64(s*s), float64(c*c)
	dnm = math.Sqrt(1 + float64(ecc2Prime*(s2/(s2+c2))))
	return lam / float64(polar*dnm), dnm, true
}

// short solves lines of at most a few decimetres.
func (g *arc) short(lam float64) (metres float64, a, b direction, ok bool) {
	omg, dnm, near := g.nearby(lam)
	if !near {
		return 0, a, b, false
	}
	salp1, calp1, csig, somg, comg := g.sphere(omg)
	ssig := hypot(salp1, calp1)
	if ssig >= tinyArc {
		return 0, a, b, false
	}
	if ssig == 0 {
		return 0, direction{0, 1}, direction{0, 1}, true
	}
	sbet12 := float64(g.sbet2*g.cbet1) - float64(g.cbet2*g.sbet1)
	salp2 := float64(g.cbet1 * somg)
	calp2 := sbet12 - float64(float64(g.cbet1*g.sbet2)*(float64(somg*somg)/(1+comg)))
	a.east, a.north = normed(salp1, calp1)
	b.east, b.north = normed(salp2, calp2)
	return float64(float64(atan2(ssig, csig)*semiMinor) * dnm), a, b, true
}

// start returns the spherical guess for the azimuth at point 1.
func (g *arc) start(lam float64) (salp1, calp1 float64) {
	omg, _, _ := g.nearby(lam)
	salp1, calp1, _, _, _ = g.sphere(omg)
	if !(salp1 > 0) {
		return 1, 0
	}
	return normed(salp1, calp1)
}

// geodesicLine runs from a point in one direction.
type geodesicLine struct {
	from                                     Position
	salp0, calp0, ssig1, csig1, somg1, comg1 float64
	eps, a1, b11, stau1, ctau1, a3c, b31     float64
	c1p, c3                                  [7]float64
}

func newGeodesicLine(from Position, az direction) *geodesicLine {
	v := from.vec()
	sbet, cbet := normed(float64(polar*v.z), hypot(v.x, v.y))
	cbet = math.Max(almost0, cbet)
	g := &geodesicLine{from: from}
	g.salp0 = float64(az.east * cbet)
	g.calp0 = hypot(az.north, float64(az.east*sbet))
	g.somg1, g.comg1 = float64(g.salp0*sbet), float64(cbet*az.north)
	if sbet == 0 && az.north == 0 {
		g.comg1 = 1
	}
	g.ssig1, g.csig1 = normed(sbet, g.comg1)
	g.eps = epsilon(g.calp0)
	g.a1 = a1(g.eps)
	c := c1(g.eps)
	g.b11 = sinSeries(g.ssig1, g.csig1, &c)
	s, k := sinCos(g.b11)
	g.stau1 = float64(g.ssig1*k) + float64(g.csig1*s)
	g.ctau1 = float64(g.csig1*k) - float64(g.ssig1*s)
	g.c1p, g.c3 = c1Prime(g.eps), c3(g.eps)
	g.a3c = -float64(float64(flattening*g.salp0) * a3(g.eps))
	g.b31 = sinSeries(g.ssig1, g.csig1, &g.c3)
	return g
}

// at returns the point the given number of metres along the line, in radians of latitude and of longitude east of the start.
func (g *geodesicLine) at(metres float64) (lat, lon float64) {
	tau := metres / float64(semiMinor*g.a1)
	s, k := sinCos(tau)
	b12 := -sinSeries(float64(g.stau1*k)+float64(g.ctau1*s), float64(g.ctau1*k)-float64(g.stau1*s), &g.c1p)
	sig := tau - (b12 - g.b11)
	ssig, csig := sinCos(sig)
	ssig2 := float64(g.ssig1*csig) + float64(g.csig1*ssig)
	csig2 := float64(g.csig1*csig) - float64(g.ssig1*ssig)
	sbet2 := float64(g.calp0 * ssig2)
	cbet2 := hypot(g.salp0, float64(g.calp0*csig2))
	somg2 := float64(g.salp0 * ssig2)
	omg := atan2(float64(somg2*g.comg1)-float64(csig2*g.somg1), float64(csig2*g.comg1)+float64(somg2*g.somg1))
	lon = omg + float64(g.a3c*(sig+(sinSeries(ssig2, csig2, &g.c3)-g.b31)))
	return atan2(sbet2, float64(polar*cbet2)), lon
}

// position returns the point the given number of metres along the line, rounded to units.
func (g *geodesicLine) position(metres float64) Position {
	lat, lon := g.at(metres)
	return Position{
		Lon: wrapLon(int64(g.from.Lon) + int64(math.Floor(lon/radPerE7+0.5))),
		Lat: int32(math.Floor(lat/radPerE7 + 0.5)),
	}
}

// wrapLon brings a longitude into (-180, 180] degrees.
func wrapLon(lon int64) int32 {
	const turn = 360 * E7
	lon %= turn
	if lon > turn/2 {
		lon -= turn
	} else if lon <= -turn/2 {
		lon += turn
	}
	return int32(lon)
}

// Distance returns the length in metres of the shortest geodesic from a to b on WGS84, alike on every machine.
func Distance(a, b Position) float64 {
	d, _, _ := inverse(a.vec(), b.vec())
	return d
}

// DistanceMM returns the geodesic distance from a to b on WGS84 in whole millimetres, alike on every machine.
func DistanceMM(a, b Position) int64 {
	return int64(math.Floor(float64(Distance(a, b)*1000) + 0.5))
}
