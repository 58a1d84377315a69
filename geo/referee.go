package geo

import "math"

// referee decides whether p lies within reach of the edge ab, by geodesics on the ellipsoid. The edge is the great circle of
// the normals. Along it the distance from p falls and then rises; the lowest place is where the geodesic
// to p leaves at a right angle, and the bracket is closed around it by the rule of false position.
func (r *Reach) referee(p, a, b vec) bool {
	e := b.sub(a)
	if e.dot(e) == 0 {
		d, _, _ := inverse(p, a)
		return d <= r.metres+equal
	}
	low, fromA := along(p, a, e)
	if fromA <= r.metres+equal {
		return true
	}
	high, fromB := along(p, b, e)
	if fromB <= r.metres+equal {
		return true
	}
	if low <= 0 || high >= 0 {
		return false // the nearest place is an end, and it is too far
	}
	t0, t1 := 0.0, 1.0
	side := 0
	for range 100 {
		t := (float64(t0*high) - float64(t1*low)) / (high - low)
		g := a.add(e.scale(t)).unit()
		h, d := along(p, g, e)
		if d <= r.metres+equal {
			return true
		}
		// 1e-7 m along the edge changes the distance by less than that; when the sign has narrowed to rounding, it is over.
		if math.Abs(h) < 1e-7 || !(t > t0 && t < t1) {
			return false
		}
		// The end that stays twice loses half its weight (Illinois), so both ends move.
		if h > 0 {
			t0, low = t, h
			if side == 1 {
				high /= 2
			}
			side = 1
		} else {
			t1, high = t, h
			if side == -1 {
				low /= 2
			}
			side = -1
		}
	}
	return false
}

// along returns how far, in metres, the foot of p seems to lie beyond g in the direction e of an edge, and the distance of p from g.
func along(p, g, e vec) (beyond, metres float64) {
	d, to, _ := inverse(g, p)
	rim := hypot(g.x, g.y)
	if rim == 0 { // at the pole inverse counts azimuths from longitude 0
		g = vec{1, 0, g.z}
		rim = 1
	}
	cosLon, sinLon := g.x/rim, g.y/rim
	east := float64(e.y*cosLon) - float64(e.x*sinLon)
	north := float64(e.z*rim) - float64(g.z*(float64(e.x*cosLon)+float64(e.y*sinLon)))
	if g.z == 1 || g.z == -1 {
		north = -float64(g.z * (float64(e.x*cosLon) + float64(e.y*sinLon)))
	}
	// Directions on the ellipsoid: a step of the normal is M long to the north and N to the east.
	w := 1 - float64(ecc2*float64(g.z*g.z))
	north = float64(north*(1-ecc2)) / w
	l := hypot(east, north)
	return float64(d * (float64(east*to.east) + float64(north*to.north)) / l), d
}
