package web

import (
	"encoding/json"
	"html/template"
	"math"

	"parley/geo"
)

// feature is one thing on a map, as the browser's code reads it (GeoJSON, RFC 7946).
type feature struct {
	Type       string          `json:"type"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties properties      `json:"properties"`
}

type properties struct {
	Kind     string `json:"kind"`
	Label    string `json:"label,omitempty"`
	Status   string `json:"status,omitempty"`
	Category string `json:"category,omitempty"`
	Href     string `json:"href,omitempty"`
}

// chart is a map on a page: what lies on it, and what may be drawn.
type chart struct {
	ID       string
	Data     template.JS // FeatureCollection
	Draw     string      // polygon, line or point; "" draws nothing
	For      string      // id of the field that is drawn into
	Kind     string      // id of the field that says what is drawn
	Extent   string      // west,south,east,north in degrees
	features []feature
}

// newChart begins a map that shows the theatre.
func (c *call) newChart(id string) *chart {
	sw, ne := c.theatre.Profile.SouthWest, c.theatre.Profile.NorthEast
	return &chart{ID: id, Extent: degrees(sw.Lon) + "," + degrees(sw.Lat) + "," + degrees(ne.Lon) + "," + degrees(ne.Lat)}
}

func degrees(v int32) string {
	text, _ := json.Marshal(math.Round(float64(v)/geo.E7*1e5) / 1e5)
	return string(text)
}

// add puts a shape on the map, with the shape it is widened to under it.
func (m *chart) add(s geo.Shape, keepOut int32, p properties) {
	if s.Kind == "" {
		return
	}
	if keepOut > 0 {
		m.put(widened(s, keepOut), properties{Kind: "keepout", Status: p.Status})
	}
	m.put(s, p)
}

func (m *chart) put(s geo.Shape, p properties) {
	text, err := s.GeoJSON()
	if err != nil { // a shape that the channel took has a form in GeoJSON
		return
	}
	m.features = append(m.features, feature{"Feature", text, p})
}

// done writes what was put on the map and looks at it: the extent is that of the features, with room around.
func (m *chart) done(shapes ...geo.Shape) *chart {
	if m.features == nil {
		m.features = []feature{}
	}
	m.Data, _ = jsonBlock(struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", m.features})
	var box geo.Box
	for i, s := range shapes {
		if s.Kind == "" {
			continue
		}
		if i == 0 || box == (geo.Box{}) {
			box = s.Bounds()
		} else {
			box = box.Union(s.Bounds())
		}
	}
	if box != (geo.Box{}) {
		box = box.Widen(4000)
		m.Extent = degrees(box.Min.Lon) + "," + degrees(box.Min.Lat) + "," + degrees(box.Max.Lon) + "," + degrees(box.Max.Lat)
	}
	return m
}

// widened draws how far a distance reaches around a shape: parts that overlap, to be filled as one. It is for the eye; what meets
// what is decided by the distance itself.
func widened(s geo.Shape, metres int32) geo.Shape {
	out := geo.Shape{Kind: geo.MultiPolygon}
	add := func(part geo.Shape) { out.Polygons = append(out.Polygons, part.Polygons...) }
	path := func(line []geo.Position) {
		for i, p := range line {
			add(disc(p, metres))
			if i > 0 && line[i-1] != p {
				add(band(line[i-1], p, metres))
			}
		}
	}
	for _, p := range s.Points {
		add(disc(p, metres))
	}
	for _, l := range s.Lines {
		path(l)
	}
	for _, rings := range s.Polygons {
		out.Polygons = append(out.Polygons, rings)
		for _, r := range rings {
			path(r)
		}
	}
	return out
}

// disc is a circle of 36 sides.
func disc(p geo.Position, metres int32) geo.Shape {
	var ring geo.Ring
	for bearing := int32(360); bearing >= 0; bearing -= 10 {
		ring = append(ring, geo.Destination(p, bearing%360, metres))
	}
	return geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{ring}}}
}

// band is the strip to both sides of an edge.
func band(a, b geo.Position, metres int32) geo.Shape {
	bearing := bearingOf(a, b)
	left, right := (bearing+270)%360, (bearing+90)%360
	ring := geo.Ring{geo.Destination(a, right, metres), geo.Destination(b, right, metres), geo.Destination(b, left, metres), geo.Destination(a, left, metres)}
	return geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{append(ring, ring[0])}}}
}

// bearingOf returns the direction from a to b in whole degrees from north, near enough for the eye and for words.
func bearingOf(a, b geo.Position) int32 {
	dy := float64(b.Lat) - float64(a.Lat)
	dx := float64(b.Lon) - float64(a.Lon)
	if dx > 180*geo.E7 {
		dx -= 360 * geo.E7
	}
	if dx < -180*geo.E7 {
		dx += 360 * geo.E7
	}
	dx *= math.Cos(float64(a.Lat) / geo.E7 * math.Pi / 180)
	return int32(math.Mod(math.Round(math.Atan2(dx, dy)*180/math.Pi)+360, 360))
}

func circle(p geo.Position, metres int32) geo.Shape { return geo.Circle(p, metres) }
