package notation

import (
	"fmt"
	"math"

	"parley/geo"
)

// Grid is a place in UTM, or in UPS near the poles.
type Grid struct {
	Zone     int  // 1 to 60 for UTM, 0 for UPS
	North    bool // hemisphere
	Easting  float64
	Northing float64 // metres; both with the false origins of the standard
}

const (
	utmFalseEasting  = 500_000
	utmFalseNorthing = 10_000_000 // in the southern hemisphere only
	upsFalseOrigin   = 2_000_000
)

// ToGrid projects p to UTM where latitudes run from 80 S to below 84 N, and to UPS elsewhere. The exceptions of zone 32 (south-west Norway) and of
// zones 31 to 37 (Svalbard) hold. Longitude 180 is zone 1.
func ToGrid(p geo.Position) Grid {
	lon, lat := p.Degrees()
	return project(lat, lon, zoneOf(p))
}

// project is ToGrid for a zone that is given, in degrees.
func project(lat, lon float64, zone int) Grid {
	north := lat >= 0
	if zone == 0 {
		x, y := stereographic(north, lat, lon)
		return Grid{North: north, Easting: x + upsFalseOrigin, Northing: y + upsFalseOrigin}
	}
	x, y := mercator(lat, math.Remainder(lon-meridian(zone), 360))
	if !north {
		y += utmFalseNorthing
	}
	return Grid{Zone: zone, North: north, Easting: x + utmFalseEasting, Northing: y}
}

// degrees inverts project. Longitude lies in [-180, 180).
func (g Grid) degrees() (lat, lon float64) {
	if g.Zone == 0 {
		lat, lon = unstereographic(g.North, g.Easting-upsFalseOrigin, g.Northing-upsFalseOrigin)
	} else {
		y := g.Northing
		if !g.North {
			y -= utmFalseNorthing
		}
		lat, lon = unmercator(g.Easting-utmFalseEasting, y)
		lon += meridian(g.Zone)
	}
	if lon >= 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	return lat, lon
}

// Position returns the place of g, rounded to the grain of geo.Position. It fails where g lies outside the area in which its projection is used.
func (g Grid) Position() (geo.Position, error) {
	if g.Zone < 0 || g.Zone > 60 {
		return geo.Position{}, fmt.Errorf("zone %d, expected 1 to 60, or 0 for UPS", g.Zone)
	}
	// Written so that NaN fails too.
	if easting, northing := g.limits(); !easting.holds(g.Easting) || !northing.holds(g.Northing) {
		return geo.Position{}, fmt.Errorf("easting %.0f, northing %.0f, expected easting %s and northing %s", g.Easting, g.Northing, easting, northing)
	}
	lat, lon := g.degrees()
	if allowed := g.latitudes(); !allowed.holds(lat) {
		return geo.Position{}, fmt.Errorf("a place at latitude %.4f, expected latitude %s", lat, allowed)
	}
	return nearest(lat, lon), nil
}

// span is a closed range of degrees or metres.
type span struct{ low, high float64 }

func (s span) holds(v float64) bool { return v >= s.low && v <= s.high }

func (s span) String() string { return fmt.Sprintf("%.9g to %.9g", s.low, s.high) }

// limits returns the eastings and northings, in metres, that the projection of g can have. Those of UTM are the eight 100 km columns of MGRS.
func (g Grid) limits() (easting, northing span) {
	switch {
	case g.Zone == 0 && g.North:
		return span{1_300_000, 2_700_000}, span{1_300_000, 2_700_000}
	case g.Zone == 0:
		return span{800_000, 3_200_000}, span{800_000, 3_200_000}
	case g.North:
		return span{100_000, 900_000}, span{0, 9_600_000}
	default:
		return span{100_000, 900_000}, span{900_000, utmFalseNorthing}
	}
}

// latitudes returns the latitudes that are read from g. They reach half a degree past the switch between UTM and UPS, because GEOTRANS keeps UTM up to
// 84.5 N and down to 80.5 S, and older sets overlap the other way.
func (g Grid) latitudes() span {
	switch {
	case g.Zone == 0 && g.North:
		return span{83.5, 90}
	case g.Zone == 0:
		return span{-90, -79.5}
	case g.North:
		return span{0, 84.5}
	default:
		return span{-80.5, 0}
	}
}

// meridian returns the central meridian of a UTM zone in degrees.
func meridian(zone int) float64 { return float64(6*zone - 183) }

// zoneOf returns the UTM zone of p, or 0 where UPS is used.
func zoneOf(p geo.Position) int {
	const deg = geo.E7
	if p.Lat < -80*deg || p.Lat >= 84*deg {
		return 0
	}
	lon := int64(p.Lon)
	if lon >= 180*deg {
		lon -= 360 * deg
	}
	zone := int((lon+180*deg)/(6*deg)) + 1
	switch {
	case zone == 31 && p.Lat >= 56*deg && p.Lat < 64*deg && lon >= 3*deg:
		return 32 // south-west Norway
	case p.Lat >= 72*deg && lon >= 0 && lon < 42*deg: // Svalbard: zones 32, 34 and 36 are not used
		return 31 + 2*int((lon+3*deg)/(12*deg))
	}
	return zone
}

// bands are the letters of the latitude bands from 80 S, each 8 degrees high but X, which reaches 84 N.
const bands = "CDEFGHJKLMNPQRSTUVWX"

// bandOf returns the letter of the latitude band of p, which lies in the area of UTM.
func bandOf(p geo.Position) byte {
	return bands[min(int((int64(p.Lat)+80*geo.E7)/(8*geo.E7)), len(bands)-1)]
}

// bandSpan returns the latitudes of the band with an index in bands.
func bandSpan(index int) span {
	south := float64(8*index - 80)
	if index == len(bands)-1 {
		return span{south, south + 12}
	}
	return span{south, south + 8}
}

// bandAt names the band of a latitude in degrees, for faults.
func bandAt(lat float64) string {
	index := int(math.Floor((lat + 80) / 8))
	return bands[max(0, min(index, len(bands)-1)):][:1]
}

// nearest rounds degrees to the grain of geo.Position.
func nearest(lat, lon float64) geo.Position {
	return geo.Position{Lon: int32(math.Round(lon * geo.E7)), Lat: int32(math.Round(lat * geo.E7))}
}

// outside returns how many metres of easting a place in degrees lies outside a zone: 0 within its 6 degrees, and within what the exceptions of Norway
// and Svalbard add to it. Zones that an exception narrows keep their 6 degrees here, for older grids.
func outside(zone int, lat, lon float64) float64 {
	// Corners of squares are cut off at the edge; this many degrees take them in.
	const slack = 2e-5
	west, east := 3.0, 3.0
	switch {
	case zone == 32 && lat > 56-slack && lat < 64+slack:
		west = 6
	case lat > 72-slack && (zone == 33 || zone == 35):
		west, east = 6, 6
	case lat > 72-slack && zone == 31:
		east = 6
	case lat > 72-slack && zone == 37:
		west = 6
	}
	from := math.Remainder(lon-meridian(zone), 360)
	const degreeOfEquator = 111_320
	return max(0, from-east, -west-from) * degreeOfEquator * math.Cos(lat*degree)
}

// unusual returns a sentence that names the usual form of a place read from a zone that is not its own, or nothing.
func unusual(p geo.Position, zone int, n Notation) string {
	if zoneOf(p) == zone {
		return ""
	}
	usual, err := Format(p, n)
	if err != nil {
		return ""
	}
	return " The place has another zone by the standard; its usual form is " + usual + "."
}
