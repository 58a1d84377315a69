package geo

import "math"

// Circle returns a polygon of 72 sides around a circle of so many metres: every side touches it, so that nothing of the circle is
// left out. The ring runs against the clock, as outer rings go.
func Circle(center Position, metres int32) Shape {
	const step = 5 // degrees
	radius := int32(math.Ceil(float64(metres) / math.Cos(step/2.*math.Pi/180)))
	var ring Ring
	for bearing := int32(360); bearing >= 0; bearing -= step {
		ring = append(ring, Destination(center, bearing%360, radius))
	}
	return Shape{Kind: Polygon, Polygons: [][]Ring{{ring}}}
}
