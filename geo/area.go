package geo

import "math"

// strip returns the signed area between the edge from a to b and the equator, positive for an edge going east in the northern
// hemisphere, in units in which the northern hemisphere of the ellipsoid has 2 pi. It is exact for a great circle on the sphere of equal area.
func strip(a, b Position) float64 {
	step := wrapLon(int64(b.Lon) - int64(a.Lon))
	s, c := sinCosE7(int64(step))
	if c <= -1 {
		return 0 // over a pole: no side
	}
	ta, tb := halfTan(a), halfTan(b)
	return float64(2 * atan2(float64(s*(ta+tb)), float64((1+c)*(1+float64(ta*tb)))))
}

// halfTan returns the tangent of half the authalic latitude.
func halfTan(p Position) float64 {
	s, _ := sinCosE7(int64(p.Lat))
	z := float64(authalic(s) / authalic(1))
	return z / (1 + math.Sqrt(math.Max(0, 1-float64(z*z))))
}

// authalic returns the area between the equator and the latitude of the given sine, divided by 2 pi b^2 (Snyder 1987, eq. 3-12, as a series).
func authalic(sin float64) float64 {
	q := float64(float64(sin*sin) * ecc2)
	return float64(sin * poly(q, 1, 2./3, 3./5, 4./7, 5./9, 6./11))
}

// ringArea returns the area of the smaller side of a ring in square metres.
func ringArea(ring Ring) float64 {
	sum, turned := 0.0, int64(0)
	for i := 0; i+1 < len(ring); i++ {
		turned += int64(wrapLon(int64(ring[i+1].Lon) - int64(ring[i].Lon)))
		sum += strip(ring[i], ring[i+1])
	}
	sum = math.Abs(sum)
	if turned != 0 {
		sum = 2*math.Pi - sum
	}
	unit := authalic(1) * semiMinor * semiMinor
	return float64(sum * unit)
}

// AreaM2 returns the area of the polygons of s in square metres, good to a few parts in a thousand, alike on every machine. Points and lines have none.
func (s Shape) AreaM2() int64 {
	sum := 0.0
	for _, rings := range s.Polygons {
		for i, ring := range rings {
			if i == 0 {
				sum += ringArea(ring)
			} else {
				sum -= ringArea(ring)
			}
		}
	}
	return int64(math.Floor(math.Max(0, sum) + 0.5))
}

// Vertices returns the number of positions in s, closing positions of rings included.
func (s Shape) Vertices() int {
	n := len(s.Points)
	for _, line := range s.Lines {
		n += len(line)
	}
	for _, rings := range s.Polygons {
		for _, ring := range rings {
			n += len(ring)
		}
	}
	return n
}
