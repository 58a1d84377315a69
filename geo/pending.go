package geo

import "fmt"

// Fault says where a shape is wrong: what was read there and what was expected.
type Fault struct {
	Path     string // as in "polygons[0][1][7]"; empty for the shape as a whole
	Read     string
	Expected string
}

// Error writes the fault as one sentence.
func (f *Fault) Error() string {
	if f.Path == "" {
		return fmt.Sprintf("shape: read %s, expected %s", f.Read, f.Expected)
	}
	return fmt.Sprintf("%s: read %s, expected %s", f.Path, f.Read, f.Expected)
}

// Box is a rectangle of longitude and latitude. Over the antimeridian Min.Lon is greater than Max.Lon.
type Box struct {
	Min, Max Position
}

func (s Shape) Validate(maxVertices int) error { panic("pending") }
func (s Shape) Normalize() Shape               { panic("pending") }
func (s Shape) Bounds() Box                    { panic("pending") }
func (s Shape) Coarse() Shape                  { panic("pending") }
func (s Shape) AreaM2() int64                  { panic("pending") }
func (s Shape) Vertices() int                  { panic("pending") }
func (s Shape) GeoJSON() ([]byte, error)       { panic("pending") }
func ParseGeoJSON(text []byte) (Shape, error)  { panic("pending") }
func DistanceMM(a, b Position) int64           { panic("pending") }
func Within(a, b Shape, metres float64) bool   { panic("pending") }
func Conflict(a, b Volume) bool                { panic("pending") }
func Cell(p Position) Shape                    { panic("pending") }
func (b Box) Widen(metres int32) Box           { panic("pending") }
func (b Box) Overlaps(c Box) bool              { panic("pending") }
func (b Box) Contains(p Position) bool         { panic("pending") }
func (b Box) Center() Position                 { panic("pending") }
