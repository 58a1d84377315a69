// Package geo holds positions, shapes and volumes on the WGS84 ellipsoid and decides exactly whether two volumes conflict.
//
// It does no I/O and keeps no state. Positions are integers of 1e-7 degree, times are integer milliseconds UTC, distances are metres.
package geo

import "fmt"

// E7 is the number of position units in one degree.
const E7 = 10_000_000

// Position is a point on the WGS84 ellipsoid, in units of 1e-7 degree (about 11 mm of latitude).
// Lon lies in [-180, 180] degrees, Lat in [-90, 90]. 180 and -180 are the same meridian.
type Position struct {
	Lon, Lat int32
}

// Valid reports whether p lies within the ranges of longitude and latitude.
func (p Position) Valid() bool {
	return p.Lon >= -180*E7 && p.Lon <= 180*E7 && p.Lat >= -90*E7 && p.Lat <= 90*E7
}

// Degrees returns p in decimal degrees, for display and for formats that need floats; it is never used to decide.
func (p Position) Degrees() (lon, lat float64) {
	return float64(p.Lon) / E7, float64(p.Lat) / E7
}

// String writes p as "35.9500000, 39.0100000": latitude first, as people dictate it.
func (p Position) String() string {
	lon, lat := p.Degrees()
	return fmt.Sprintf("%.7f, %.7f", lat, lon)
}
