package geo

import "math"

// Everything that enters a stored integer or a verdict must come out alike on every machine. Go promises that for +, -, *, /
// and math.Sqrt as long as no product is fused into a sum, which the language allows unless the product is wrapped in float64().
// So sines and arc tangents are computed here, each product that meets a sum is wrapped, and package math gives only Sqrt,
// Floor, Abs and the like, which are exact. The polynomials and their constants are those of FreeBSD's msun (fdlibm).

const radPerE7 = math.Pi / 180 / E7

// sinCosKernel returns sine and cosine of x for |x| <= pi/4, with an error below one unit in the last place.
func sinCosKernel(x float64) (sin, cos float64) {
	const (
		s1 = -1.66666666666666324348e-01
		s2 = 8.33333333332248946124e-03
		s3 = -1.98412698298579493134e-04
		s4 = 2.75573137070700676789e-06
		s5 = -2.50507602534068634195e-08
		s6 = 1.58969099521155010221e-10
		c1 = 4.16666666666666019037e-02
		c2 = -1.38888888888741095749e-03
		c3 = 2.48015872894767294178e-05
		c4 = -2.75573143513906633035e-07
		c5 = 2.08757232129817482790e-09
		c6 = -1.13596475577881948265e-11
	)
	z := float64(x * x)
	s := s5 + float64(z*s6)
	s = s4 + float64(z*s)
	s = s3 + float64(z*s)
	s = s2 + float64(z*s)
	s = s1 + float64(z*s)
	sin = x + float64(float64(x*z)*s)
	c := c5 + float64(z*c6)
	c = c4 + float64(z*c)
	c = c3 + float64(z*c)
	c = c2 + float64(z*c)
	c = c1 + float64(z*c)
	// 1 - z/2 is rounded first and its rounding error given back, else the last digit is lost near pi/4.
	h := float64(0.5 * z)
	w := 1 - h
	cos = w + (((1 - w) - h) + float64(float64(z*z)*c))
	return sin, cos
}

// quarter turns the sine and cosine of x into those of x + q quarter turns.
func quarter(q int64, sin, cos float64) (float64, float64) {
	switch q & 3 {
	case 1:
		return cos, -sin
	case 2:
		return -sin, -cos
	case 3:
		return -cos, sin
	}
	return sin, cos
}

// sinCosE7 returns sine and cosine of an angle of v units of 1e-7 degree. The reduction is in integers, hence exact.
func sinCosE7(v int64) (sin, cos float64) {
	const right = 90 * E7
	q := (v + right/2) / right
	if (v+right/2)%right < 0 {
		q-- // floor, where Go truncates
	}
	sin, cos = sinCosKernel(float64(v-q*right) * radPerE7)
	return quarter(q, sin, cos)
}

// sinCos returns sine and cosine of x radians, |x| below a few hundred.
func sinCos(x float64) (sin, cos float64) {
	const (
		twoOverPi = 2 / math.Pi
		half      = 1.57079632673412561417e+00 // the first 33 bits of pi/2: products with small integers are exact
		rest      = 6.07710050650619224932e-11 // pi/2 less the above
	)
	k := math.Floor(float64(x*twoOverPi) + 0.5)
	r := (x - float64(k*half)) - float64(k*rest)
	sin, cos = sinCosKernel(r)
	return quarter(int64(k), sin, cos)
}

// atan returns the arc tangent of x >= 0.
func atan(x float64) float64 {
	const (
		at0  = 3.33333333333329318027e-01
		at1  = -1.99999999998764832476e-01
		at2  = 1.42857142725034663711e-01
		at3  = -1.11111104054623557880e-01
		at4  = 9.09088713343650656196e-02
		at5  = -7.69187620504482999495e-02
		at6  = 6.66107313738753120669e-02
		at7  = -5.83357013379057348645e-02
		at8  = 4.97687799461593236017e-02
		at9  = -3.65315727442169155270e-02
		at10 = 1.62858201153657823623e-02
	)
	// The range is cut so that the polynomial sees |x| <= 7/16; hi + lo is the arc tangent that was split off.
	var hi, lo float64
	switch {
	case x < 0.4375:
	case x < 0.6875:
		hi, lo = 4.63647609000806093515e-01, 2.26987774529616870924e-17
		x = (float64(2*x) - 1) / (2 + x)
	case x < 1.1875:
		hi, lo = 7.85398163397448278999e-01, 3.06161699786838301793e-17
		x = (x - 1) / (x + 1)
	case x < 2.4375:
		hi, lo = 9.82793723247329054082e-01, 1.39033110312309984516e-17
		x = (x - 1.5) / (1 + float64(1.5*x))
	default:
		hi, lo = 1.57079632679489655800e+00, 6.12323399573676603587e-17
		x = -1 / x
	}
	z := float64(x * x)
	w := float64(z * z)
	s1 := at8 + float64(w*at10)
	s1 = at6 + float64(w*s1)
	s1 = at4 + float64(w*s1)
	s1 = at2 + float64(w*s1)
	s1 = at0 + float64(w*s1)
	s2 := at7 + float64(w*at9)
	s2 = at5 + float64(w*s2)
	s2 = at3 + float64(w*s2)
	s2 = at1 + float64(w*s2)
	t := float64(x * (float64(z*s1) + float64(w*s2)))
	return hi - ((t - lo) - x)
}

// atan2 returns the angle of the direction (x, y) in [-pi, pi]; atan2(0, 0) is 0.
func atan2(y, x float64) float64 {
	var a float64
	switch {
	case y == 0 && x == 0:
		return 0
	case x == 0:
		a = math.Pi / 2
	default:
		a = atan(math.Abs(y) / math.Abs(x))
	}
	if x < 0 {
		a = math.Pi - (a - 1.2246467991473531772e-16)
	}
	if y < 0 {
		return -a
	}
	return a
}

// hypot returns the length of (x, y) for values of ordinary size.
func hypot(x, y float64) float64 {
	return math.Sqrt(float64(x*x) + float64(y*y))
}

// vec is a vector in space. A position's vec is the unit normal of the ellipsoid there: x towards longitude 0, z towards the north pole.
type vec struct{ x, y, z float64 }

func (p Position) vec() vec {
	sinLat, cosLat := sinCosE7(int64(p.Lat))
	sinLon, cosLon := sinCosE7(int64(p.Lon))
	return vec{float64(cosLat * cosLon), float64(cosLat * sinLon), sinLat}
}

func (a vec) add(b vec) vec { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }

func (a vec) sub(b vec) vec { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }

func (a vec) scale(k float64) vec {
	return vec{float64(a.x * k), float64(a.y * k), float64(a.z * k)}
}

func (a vec) dot(b vec) float64 {
	return float64(a.x*b.x) + float64(a.y*b.y) + float64(a.z*b.z)
}

func (a vec) cross(b vec) vec {
	return vec{
		float64(a.y*b.z) - float64(a.z*b.y),
		float64(a.z*b.x) - float64(a.x*b.z),
		float64(a.x*b.y) - float64(a.y*b.x),
	}
}

// unit returns a scaled to length 1.
func (a vec) unit() vec {
	l := math.Sqrt(a.dot(a))
	return vec{a.x / l, a.y / l, a.z / l}
}
