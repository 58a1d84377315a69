package geo

// MaxVertices is the largest number of positions a Shape in a command may hold (DESIGN section 3).
const MaxVertices = 1000

// Kind names the form of a Shape, with the names of RFC 7946 section 3.1.
type Kind string

// The forms a Shape can have.
const (
	Point           Kind = "Point"
	MultiPoint      Kind = "MultiPoint"
	LineString      Kind = "LineString"
	MultiLineString Kind = "MultiLineString"
	Polygon         Kind = "Polygon"
	MultiPolygon    Kind = "MultiPolygon"
)

// Ring is a closed ring of a polygon: first and last position are equal, at least four positions, not crossing itself.
type Ring []Position

// Shape is the core of a volume: a point, line or polygon with holes, or several of one form.
//
// Exactly one of the three lists is filled, as Kind says. A polygon is a list of rings: the first is the outer one, the others are holes.
// Edges are the shortest way between two positions; Normalize splits edges longer than 20 km on the ellipsoidal geodesic.
type Shape struct {
	_        struct{}     `cbor:",toarray"`
	Kind     Kind         `json:"kind"`
	Points   []Position   `json:"points,omitempty"`
	Lines    [][]Position `json:"lines,omitempty"`
	Polygons [][]Ring     `json:"polygons,omitempty"`
}
