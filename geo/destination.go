package geo

// Destination returns the position that lies metres away from p on a bearing in whole degrees, clockwise from north, along the
// WGS84 geodesic. It is the same on every machine: places told in words are compared with it.
func Destination(p Position, bearing, metres int32) Position {
	b := (int64(bearing)%360 + 360) % 360
	sin, cos := sinCosE7(b * E7)
	return newGeodesicLine(p, direction{east: sin, north: cos}).position(float64(metres))
}
