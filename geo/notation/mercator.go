package notation

import "math"

// The WGS84 ellipsoid (NGA.STND.0036, table 3.1).
const (
	semiMajor  = 6378137.0 // metres
	flattening = 1 / 298.257223563
)

var (
	eccentricity = math.Sqrt(flattening * (2 - flattening))

	// The Krüger series to order 6 in the third flattening n: C. F. F. Karney, "Transverse Mercator with an accuracy of a few
	// nanometers", J. Geodesy 85 (2011), equations 14, 35 and 36.
	rectifyingRadius float64 // equation 14, metres
	alpha, beta      [6]float64
)

func init() {
	n := flattening / (2 - flattening)
	p := [7]float64{0: 1}
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * n
	}
	rectifyingRadius = semiMajor / (1 + n) * (1 + p[2]/4 + p[4]/64 + p[6]/256)
	alpha = [6]float64{
		p[1]/2 - 2*p[2]/3 + 5*p[3]/16 + 41*p[4]/180 - 127*p[5]/288 + 7891*p[6]/37800,
		13*p[2]/48 - 3*p[3]/5 + 557*p[4]/1440 + 281*p[5]/630 - 1983433*p[6]/1935360,
		61*p[3]/240 - 103*p[4]/140 + 15061*p[5]/26880 + 167603*p[6]/181440,
		49561*p[4]/161280 - 179*p[5]/168 + 6601661*p[6]/7257600,
		34729*p[5]/80640 - 3418889*p[6]/1995840,
		212378941 * p[6] / 319334400,
	}
	beta = [6]float64{
		p[1]/2 - 2*p[2]/3 + 37*p[3]/96 - p[4]/360 - 81*p[5]/512 + 96199*p[6]/604800,
		p[2]/48 + p[3]/15 - 437*p[4]/1440 + 46*p[5]/105 - 1118711*p[6]/3870720,
		17*p[3]/480 - 37*p[4]/840 - 209*p[5]/4480 + 5569*p[6]/90720,
		4397*p[4]/161280 - 11*p[5]/504 - 830251*p[6]/7257600,
		4583*p[5]/161280 - 108847*p[6]/3991680,
		20648693 * p[6] / 638668800,
	}
}

const (
	degree = math.Pi / 180

	utmScale = 0.9996
	upsScale = 0.994
)

// conformal returns the tangent of the conformal latitude from the tangent of the geographic one (Karney 2011, equations 7 to 9).
func conformal(tau float64) float64 {
	root := math.Hypot(1, tau)
	sigma := math.Sinh(eccentricity * math.Atanh(eccentricity*tau/root))
	return tau*math.Hypot(1, sigma) - sigma*root
}

// geographic inverts conformal with Newton's method (Karney 2011, equations 19 to 21). Three rounds reach the last bit.
func geographic(tauPrime float64) float64 {
	tau := tauPrime / (1 - eccentricity*eccentricity)
	for range 4 {
		got := conformal(tau)
		step := (tauPrime - got) / math.Hypot(1, got) * (1 + (1-eccentricity*eccentricity)*tau*tau) /
			((1 - eccentricity*eccentricity) * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) <= 1e-14*math.Max(1, math.Abs(tau)) {
			break
		}
	}
	return tau
}

// mercator projects latitude and longitude from the central meridian, both in degrees, to metres east of that meridian and north of the equator,
// at the scale of UTM. Longitudes up to about 40 degrees from the meridian keep nanometres.
func mercator(lat, lon float64) (x, y float64) {
	tau := conformal(math.Tan(lat * degree))
	sin, cos := math.Sincos(lon * degree)
	xi := math.Atan2(tau, cos)
	eta := math.Asinh(sin / math.Hypot(tau, cos))
	sumXi, sumEta := xi, eta
	for j, a := range alpha {
		k := 2 * float64(j+1)
		s, c := math.Sincos(k * xi)
		sumXi += a * s * math.Cosh(k*eta)
		sumEta += a * c * math.Sinh(k*eta)
	}
	return utmScale * rectifyingRadius * sumEta, utmScale * rectifyingRadius * sumXi
}

// unmercator inverts mercator.
func unmercator(x, y float64) (lat, lon float64) {
	xi, eta := y/(utmScale*rectifyingRadius), x/(utmScale*rectifyingRadius)
	sumXi, sumEta := xi, eta
	for j, b := range beta {
		k := 2 * float64(j+1)
		s, c := math.Sincos(k * xi)
		sumXi -= b * s * math.Cosh(k*eta)
		sumEta -= b * c * math.Sinh(k*eta)
	}
	s, c := math.Sincos(sumXi)
	sinh := math.Sinh(sumEta)
	tau := geographic(s / math.Hypot(sinh, c))
	return math.Atan(tau) / degree, math.Atan2(sinh, c) / degree
}

// polarScale is the distance from the pole, in metres, per unit of t in stereographic (J. P. Snyder, "Map Projections: A Working Manual", USGS
// Professional Paper 1395, equation 21-33).
var polarScale = 2 * semiMajor * upsScale /
	math.Sqrt(math.Pow(1+eccentricity, 1+eccentricity)*math.Pow(1-eccentricity, 1-eccentricity))

// stereographic projects latitude and longitude in degrees to metres from the pole, at the scale of UPS: x towards 90 E, y towards 180 in the
// north and towards 0 in the south.
func stereographic(north bool, lat, lon float64) (x, y float64) {
	if !north {
		lat = -lat
	}
	rho := 0.0
	if lat < 90 {
		tau := conformal(math.Tan(lat * degree))
		rho = polarScale / (tau + math.Hypot(1, tau))
	}
	sin, cos := sincos(lon)
	if north {
		cos = -cos
	}
	return rho * sin, rho * cos
}

// unstereographic inverts stereographic.
func unstereographic(north bool, x, y float64) (lat, lon float64) {
	rho := math.Hypot(x, y)
	lat = 90.0
	if rho > 0 {
		t := rho / polarScale
		lat = math.Atan(geographic((1/t-t)/2)) / degree
	}
	if north {
		y = -y
	} else {
		lat = -lat
	}
	if x != 0 || y != 0 {
		lon = math.Atan2(x, y) / degree
	}
	return lat, lon
}

// sincos is exact where degrees are a multiple of 90, so that points on the axes of UPS get whole eastings and northings.
func sincos(deg float64) (sin, cos float64) {
	turns := math.RoundToEven(deg / 90)
	s, c := math.Sincos((deg - 90*turns) * degree)
	switch int(turns) & 3 {
	case 0:
		return s, c
	case 1:
		return c, -s
	case 2:
		return -s, -c
	default:
		return -c, s
	}
}
