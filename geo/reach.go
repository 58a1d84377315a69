package geo

import "math"

// Reach is a limit of distance and the bounds that follow from it for cheap decisions.
//
// A test measures on the sphere of unit normals first. There a path of angle t is at least leastRadius*t and at most
// mostRadius*t long on the ellipsoid, as the radii of curvature of WGS84 lie between these two everywhere. Below the one bound and above
// the other the verdict is certain. Between them, some 1 % of the limit, the found pair of places is measured with the
// radii at its middle. Their foot point is the sphere's, which is not quite the ellipsoid's: with axes of ratio k = N/M <= 1.0068 the
// distance comes out at most (k+1/k)/2 - 1 < 2.4e-5 too long; the middle radii add less than 1e-6 up to 100 km, rounding less
// than 1e-7 m. So outside 3e-5 of the limit + 1 mm the cheap value decides as the referee would, and inside the referee decides.
// (The least band that the design asks for, 1e-6 + 1 mm, lies within.) All of it, cheap or not, is
// computed in arithmetic that is alike on every machine, so a verdict is too.
type Reach struct {
	metres   float64
	none     float64 // squared chord: from here on certainly farther than metres
	chord    float64 // the chord itself
	some     float64 // squared chord: up to here certainly within metres; -1 if nothing is
	measured bool    // whether the middle radii may decide between the two
}

const (
	leastRadius = 6335439.0 // a(1-e^2), the meridian's at the equator
	mostRadius  = 6399594.0 // a/sqrt(1-e^2), at the poles

	bandFixed = 1e-3 // metres
	bandShare = 3e-5

	// equal is how far beyond the limit still counts as the limit: far below the 11 mm of a position, far above the
	// error of the referee. It makes a shared border touch although sines are rounded.
	equal = 1e-6

	// apart is the least distance, as an angle, of an end from the line of an edge that it is taken to be on a side of: half of equal.
	apart = 0.5 * equal / 6.4e6
)

// NewReach returns the reach of a distance in metres. A negative or undefined distance reaches nothing.
func NewReach(metres float64) Reach {
	if !(metres >= 0) {
		return Reach{metres: -1}
	}
	r := Reach{metres: metres, measured: metres <= 100_000, some: -1}
	r.chord = chordOf((metres + 2*bandFixed) / leastRadius)
	r.none = float64(r.chord * r.chord)
	if metres > 2*bandFixed {
		c := chordOf((metres - 2*bandFixed) / mostRadius)
		r.some = float64(c * c)
	}
	return r
}

// chordOf returns the chord of an angle; beyond half a turn, one longer than every chord.
func chordOf(angle float64) float64 {
	if angle >= math.Pi {
		return 3
	}
	s, _ := sinCos(angle / 2)
	return float64(2 * s)
}

// chains reports whether two chains come within reach, interiors not counted.
func (r *Reach) chains(f *Figure, c run, g *Figure, d run) bool {
	for i := range c.edges() {
		a := &f.spots[c.from+i]
		b := &f.spots[c.end(c.from+i)]
		for j := range d.edges() {
			p := &g.spots[d.from+j]
			gap := p.mid.sub(a.mid)
			far := r.chord + a.half + p.half
			if gap.dot(gap) > float64(far*far) {
				continue
			}
			if r.edges(a, b, p, &g.spots[d.end(d.from+j)]) {
				return true
			}
		}
	}
	return false
}

// edges reports whether the edges ab and cd come within reach. Two edges that do not cross are closest at an end of one of them.
func (r *Reach) edges(a, b, c, d *spot) bool {
	if a == b && c == d {
		gap := c.vec.sub(a.vec)
		return r.ended(c.vec, a.vec, a.vec, gap, gap.dot(gap))
	}
	if a != b && (r.edge(c, a, b) || c != d && r.edge(d, a, b)) {
		return true
	}
	if c != d && (r.edge(a, c, d) || a != b && r.edge(b, c, d)) {
		return true
	}
	return a != b && c != d && crossing(a.vec, b.vec, c.vec, d.vec)
}

// edge reports whether p comes within reach of the edge ab.
func (r *Reach) edge(p, a, b *spot) bool {
	e := b.vec.sub(a.vec)
	ra, rb := p.vec.sub(a.vec), p.vec.sub(b.vec)
	ee, aa, bb := e.dot(e), ra.dot(ra), rb.dot(rb)
	// The foot of p lies between a and b when both products are positive: p.b - (p.a)(a.b) and its twin, written with differences
	// so that nothing cancels.
	quarter := float64(0.25 * ee)
	if ra.dot(e)-float64(aa*quarter) <= 0 || -rb.dot(e)-float64(bb*quarter) <= 0 {
		if aa <= bb {
			return r.ended(p.vec, a.vec, b.vec, ra, aa)
		}
		return r.ended(p.vec, a.vec, b.vec, rb, bb)
	}
	n := a.vec.cross(e)
	o := ra.dot(n)
	nn := float64(ee * (1 - quarter))
	sin2 := float64(o*o) / nn
	cos := math.Sqrt(math.Max(0, 1-sin2))
	chord2 := float64(2*sin2) / (1 + cos)
	if chord2 > r.none {
		return false
	}
	if chord2 < r.some {
		return true
	}
	if r.measured {
		foot := p.vec.sub(n.scale(o / nn)).scale(1 / cos)
		if far, certain := r.measure(p.z, foot.z-p.z, chord2); certain {
			return !far
		}
	}
	return r.referee(p.vec, a.vec, b.vec)
}

// ended decides for a place p whose nearest of the edge ab, on the sphere, is the end that lies gap before p.
func (r *Reach) ended(p, a, b, gap vec, chord2 float64) bool {
	if chord2 > r.none {
		return false
	}
	if chord2 < r.some {
		return true
	}
	if r.measured {
		if far, certain := r.measure(p.z, -gap.z, chord2); certain {
			return !far
		}
	}
	return r.referee(p, a, b)
}

// measure compares the limit with the length of a chord, measured with the radii of curvature M and N at its middle:
// M times its part to the north and N times its part to the east. z is the chord's start's, dz its rise.
func (r *Reach) measure(z, dz, chord2 float64) (far, certain bool) {
	mid := z + float64(0.5*dz)
	sin2 := float64(mid*mid) / (1 - float64(0.25*chord2))
	cos2 := 1 - sin2
	north2 := chord2
	if rise2 := float64(dz * dz); rise2 < float64(chord2*cos2) {
		north2 = rise2 / cos2
	}
	w := 1 - float64(ecc2*sin2)
	n2 := semiMajor * semiMajor / w
	k := (1 - ecc2) / w // M/N
	d2 := float64(n2 * (chord2 - float64(north2*(1-float64(k*k)))))
	d := float64(math.Sqrt(d2) * (1 + chord2/24))
	band := bandFixed + float64(bandShare*r.metres)
	return d > r.metres, math.Abs(d-r.metres) > band
}

// crossing reports whether the edges ab and cd cross. It is asked only when no end lies within reach of the other edge. Then
// a true crossing has every end farther than "apart" from the line of the other edge: were a nearer to the line of cd, then the way from a
// to the crossing stays that near to the line, so either a is that near to cd, or an end of cd that near to ab.
// So an end nearer than that to a line means no crossing, and the sign of a rounded value near zero never decides.
func crossing(a, b, c, d vec) bool {
	ab, cd := b.sub(a), d.sub(c)
	n := a.cross(ab)
	limit := float64(apart * math.Sqrt(n.dot(n)))
	oc, od := c.sub(a).dot(n), d.sub(a).dot(n)
	if math.Abs(oc) <= limit || math.Abs(od) <= limit || (oc > 0) == (od > 0) {
		return false
	}
	m := c.cross(cd)
	limit = float64(apart * math.Sqrt(m.dot(m)))
	oa, ob := a.sub(c).dot(m), b.sub(c).dot(m)
	if math.Abs(oa) <= limit || math.Abs(ob) <= limit || (oa > 0) == (ob > 0) {
		return false
	}
	// The two great circles meet at a place and its antipode: both edges must mean the same one.
	x := n.cross(m)
	return (x.dot(a.add(b)) > 0) == (x.dot(c.add(d)) > 0)
}
