package geo

import "math"

// Destination returns the position that lies metres away from p on a bearing in whole degrees, clockwise from north, along the
// WGS84 geodesic. It is the same on every machine: places told in words are compared with it.
func Destination(p Position, bearing, metres int32) Position {
	b := (int64(bearing)%360 + 360) % 360
	sin, cos := sinCosE7(b * E7)
	return newGeodesicLine(p, direction{east: sin, north: cos}).position(float64(metres))
}

// Bearing returns the azimuth in degrees, 0 up to 360 clockwise from north, at which the shortest geodesic leaves a for b. From a position to itself it is 0.
func Bearing(a, b Position) float64 {
	if a == b {
		return 0
	}
	_, at, _ := inverse(a.vec(), b.vec())
	degrees := float64(atan2(at.east, at.north) * (180 / math.Pi))
	if degrees < 0 {
		degrees += 360
	}
	if degrees >= 360 { // a sliver west of north rounds up to the full turn
		degrees = 0
	}
	return degrees
}
