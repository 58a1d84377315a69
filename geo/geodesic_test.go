package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func at(lat, lon float64) Position {
	return Position{Lon: int32(math.Round(lon * E7)), Lat: int32(math.Round(lat * E7))}
}

// The examples of Karney 2013, tables 2 and 4, and of the GeodSolve manual page.
func TestInversePublishedExamples(t *testing.T) {
	for _, c := range []struct {
		name                   string
		lat1, lon1, lat2, lon2 float64
		metres, slack          float64
	}{
		{"table 4, nearly antipodal", -30, 0, 29.9, 179.8, 19989832.82761, 1e-4},
		{"New York to London", 40.6, -73.8, 51.6, -0.5, 5551759.400, 1e-3},
		{"quarter meridian", 0, 10, 90, 0, 10001965.729, 1e-3},
		{"pole to pole", -90, 0, 90, 0, 20003931.4586, 1e-3},
		{"one degree of equator", 0, 0, 0, 1, semiMajor * math.Pi / 180, 1e-6},
		{"antipodal on the equator", 0, 0, 0, 180, 20003931.4586, 1e-3},
		{"same place", 33, 44, 33, 44, 0, 0},
		{"same pole, other longitude", 90, 0, 90, 77, 0, 1e-9},
		{"over the antimeridian", 10, 179.5, 10, -179.5, Distance(at(10, 0), at(10, 1)), 1e-6},
	} {
		got := Distance(at(c.lat1, c.lon1), at(c.lat2, c.lon2))
		if math.Abs(got-c.metres) > c.slack {
			t.Errorf("%s: %.6f m, expected %.6f", c.name, got, c.metres)
		}
	}
	_, az1, az2 := inverse(at(-30, 0).vec(), at(29.9, 179.8).vec())
	if a, b := az1.degrees(), az2.degrees(); math.Abs(a-161.890524736) > 1e-7 || math.Abs(b-18.090737245) > 1e-7 {
		t.Errorf("table 4: azimuths %.9f and %.9f, expected 161.890524736 and 18.090737245", a, b)
	}
	line := newGeodesicLine(at(40, 0), direction{0.5, math.Sqrt(3) / 2})
	lat, lon := line.at(10e6)
	if lat, lon = lat*180/math.Pi, lon*180/math.Pi; math.Abs(lat-41.79331020506) > 1e-10 || math.Abs(lon-137.84490004377) > 1e-10 {
		t.Errorf("table 2: arrives at %.11f, %.11f, expected 41.79331020506, 137.84490004377", lat, lon)
	}
}

func (d direction) degrees() float64 { return math.Atan2(d.east, d.north) * 180 / math.Pi }

// walk integrates the differential equations of the geodesic by Runge and Kutta's rule: it shares nothing with Karney's series.
func walk(lat, lon, az, metres float64, steps int) (float64, float64, float64) {
	const f = 1 / 298.257223563
	const e2 = f * (2 - f)
	slope := func(lat, az float64) (float64, float64, float64) {
		w := 1 - e2*math.Sin(lat)*math.Sin(lat)
		n := 6378137 / math.Sqrt(w)
		m := n * (1 - e2) / w
		return math.Cos(az) / m, math.Sin(az) / (n * math.Cos(lat)), math.Tan(lat) * math.Sin(az) / n
	}
	h := metres / float64(steps)
	for range steps {
		a1, b1, c1 := slope(lat, az)
		a2, b2, c2 := slope(lat+h/2*a1, az+h/2*c1)
		a3, b3, c3 := slope(lat+h/2*a2, az+h/2*c2)
		a4, b4, c4 := slope(lat+h*a3, az+h*c3)
		lat += h / 6 * (a1 + 2*a2 + 2*a3 + a4)
		lon += h / 6 * (b1 + 2*b2 + 2*b3 + b4)
		az += h / 6 * (c1 + 2*c2 + 2*c3 + c4)
	}
	return lat, lon, az
}

func TestGeodesicAgainstIntegration(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 800 {
		p := at(r.Float64()*160-80, r.Float64()*360-180)
		az := r.Float64() * 2 * math.Pi
		metres := math.Exp(r.Float64()*14.5 + 1) // 3 m to 5,000 km
		lon0, lat0 := p.Degrees()
		lat, lon, az2 := walk(lat0*math.Pi/180, lon0*math.Pi/180, az, metres, 2000)
		if math.Abs(lat) > 1.5 {
			continue // integration is poor beside the pole
		}
		gotLat, gotLon := newGeodesicLine(p, direction{math.Sin(az), math.Cos(az)}).at(metres)
		off := math.Hypot(gotLat-lat, math.Remainder(gotLon+lon0*math.Pi/180-lon, 2*math.Pi)*math.Cos(lat)) * 6.4e6
		if off > 1e-4 {
			t.Fatalf("from %v azimuth %.6f for %.3f m: %.7f m off", p, az, metres, off)
		}
		w := vec{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
		got, from, to := inverse(p.vec(), w)
		if math.Abs(got-metres) > 1e-4 {
			t.Fatalf("back to %v: %.6f m, expected %.6f", p, got, metres)
		}
		if metres > 1000 {
			if d := math.Hypot(from.east-math.Sin(az), from.north-math.Cos(az)); d > 1e-9 {
				t.Fatalf("azimuth at %v off by %g", p, d)
			}
			if d := math.Hypot(to.east-math.Sin(az2), to.north-math.Cos(az2)); d > 1e-9 {
				t.Fatalf("azimuth arriving from %v off by %g", p, d)
			}
		}
		back, _, _ := inverse(w, p.vec())
		if math.Abs(back-got) > 1e-8 {
			t.Fatalf("there %.12f, back %.12f", got, back)
		}
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	place := func() Position {
		return Position{Lon: int32(r.Int64N(360*E7+1) - 180*E7), Lat: int32(r.Int64N(180*E7+1) - 90*E7)}
	}
	for range 5000 {
		a, b, c := place(), place(), place()
		if i := r.IntN(4); i == 0 { // nearly antipodal
			b = Position{Lon: wrapLon(int64(a.Lon) + 180*E7 + r.Int64N(2*E7) - E7), Lat: max(-90*E7, min(90*E7, -a.Lat+r.Int32N(E7)))}
		}
		ab, ba := Distance(a, b), Distance(b, a)
		if ab != ba {
			t.Fatalf("%v to %v is %.9f, back %.9f", a, b, ab, ba)
		}
		if ac, cb := Distance(a, c), Distance(c, b); ab > ac+cb+1e-6 {
			t.Fatalf("%v %v: %.6f longer than by way of %v: %.6f", a, b, ab, c, ac+cb)
		}
		if ab > 20003931.4587 {
			t.Fatalf("%v to %v: %.3f m is more than half a meridian", a, b, ab)
		}
		if mm := DistanceMM(a, b); mm != int64(math.Round(ab*1000)) {
			t.Fatalf("%d mm for %.6f m", mm, ab)
		}
	}
}

// Own sines and arc tangents against package math, and a fixed digest of results that every architecture must reproduce.
func TestSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 200_000 {
		x := (r.Float64() - 0.5) * 20
		s, c := sinCos(x)
		if math.Abs(s-math.Sin(x)) > 2.3e-16 || math.Abs(c-math.Cos(x)) > 2.3e-16 {
			t.Fatalf("sinCos(%v) = %v, %v", x, s, c)
		}
		y, z := r.NormFloat64(), r.NormFloat64()
		if a := atan2(y, z); math.Abs(a-math.Atan2(y, z)) > 9e-16 {
			t.Fatalf("atan2(%v, %v) = %v, expected %v", y, z, a, math.Atan2(y, z))
		}
		v := r.Int64N(720*E7) - 360*E7
		s, c = sinCosE7(v)
		if rad := float64(v) / E7 * math.Pi / 180; math.Abs(s-math.Sin(rad)) > 3e-15 || math.Abs(c-math.Cos(rad)) > 3e-15 {
			t.Fatalf("sinCosE7(%d) = %v, %v", v, s, c)
		}
	}
	for _, v := range []int64{0, 90 * E7, -90 * E7, 180 * E7, -180 * E7, 45 * E7, -45 * E7} {
		s, c := sinCosE7(v)
		if math.Abs(s) != 1 && math.Abs(c) != 1 && math.Abs(math.Abs(s)-math.Abs(c)) > 1.2e-16 {
			t.Errorf("sinCosE7(%d) = %v, %v is not exact", v, s, c)
		}
	}
}

func TestBearing(t *testing.T) {
	raqqa := Position{Lon: 39_0100000, Lat: 35_9500000}
	for bearing := int32(0); bearing < 360; bearing += 7 {
		to := Destination(raqqa, bearing, 25_000)
		if got := Bearing(raqqa, to); math.Abs(math.Remainder(got-float64(bearing), 360)) > 1e-4 || got < 0 || got >= 360 {
			t.Errorf("%.6f degrees, expected %d", got, bearing)
		}
	}
	if got := Bearing(raqqa, raqqa); got != 0 {
		t.Errorf("a bearing of %g from a position to itself", got)
	}
}
