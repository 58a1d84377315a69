package gazetteer

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"

	"parley/geo"
)

// Gazetteer is the places of a file.
type Gazetteer struct {
	source string
	places []Place    // in the order of the file
	north  []position // the same places, from south to north
	keys   []key      // what a text is compared with
}

// position is a place as it is measured from: by latitude, and by the unit normal of the ellipsoid there.
type position struct {
	lat     int32
	normal  [3]float64
	ordinal int
}

// properties of a place in the file.
type properties struct {
	English      string   `json:"name_en"`
	Arabic       string   `json:"name_ar"`
	Also         []string `json:"also"`
	AdminEnglish string   `json:"admin_en"`
	AdminArabic  string   `json:"admin_ar"`
	Rank         int      `json:"rank"`
}

// maxAlso is how many other names one place may have.
const maxAlso = 40

// Read reads places from a GeoJSON FeatureCollection (RFC 7946) of points:
//
//	{"type": "FeatureCollection", "source": "who made it, under which licence", "features": [
//	  {"type": "Feature", "geometry": {"type": "Point", "coordinates": [39.01, 35.95]},
//	   "properties": {"name_en": "Ar-Raqqa", "name_ar": "الرقة", "admin_en": "Ar-Raqqa", "admin_ar": "الرقة", "rank": 1}}]}
//
// rank is 1 (city), 2 (town), 3 (large village) or 4 (village). One of the two names may be missing, and admin and source may be. also may list other names
// and spellings, at most 40. Anything else is
// refused with a *Fault that names line and field: a file that is read in part would hide places.
func Read(r io.Reader) (*Gazetteer, error) {
	g := &Gazetteer{}
	source, err := readCollection(r, func(f *feature[properties]) *Fault {
		shape, fault := f.shape()
		if fault != nil {
			return fault
		}
		if shape.Kind != geo.Point {
			return f.fault("geometry.type", string(shape.Kind), "Point")
		}
		place := Place{At: shape.Points[0], Rank: f.Properties.Rank}
		if place.At == (geo.Position{}) {
			return f.fault("geometry.coordinates", "0, 0", "a place: longitude, latitude")
		}
		if place.Rank < City || place.Rank > Village {
			return f.fault("properties.rank", fmt.Sprint(place.Rank), "1 (city), 2 (town), 3 (large village) or 4 (village)")
		}
		if place.Name, fault = f.names(f.Properties.English, f.Properties.Arabic, "name", true); fault != nil {
			return fault
		}
		if len(f.Properties.Also) > maxAlso {
			return f.fault("properties.also", fmt.Sprintf("%d names", len(f.Properties.Also)), fmt.Sprintf("at most %d other names", maxAlso))
		}
		for i, name := range f.Properties.Also {
			if fault := checkText(name, maxName); fault != "" || name == "" {
				return f.fault(fmt.Sprintf("properties.also[%d]", i), cmp.Or(fault, "nothing"), fmt.Sprintf("a name of at most %d characters", maxName))
			}
		}
		place.Also = f.Properties.Also
		if place.Admin, fault = f.names(f.Properties.AdminEnglish, f.Properties.AdminArabic, "admin", false); fault != nil {
			return fault
		}
		g.places = append(g.places, place)
		return nil
	})
	if err != nil {
		return nil, err
	}
	g.source = source
	for i, p := range g.places {
		g.north = append(g.north, position{lat: p.At.Lat, normal: normal(p.At), ordinal: i})
		for _, name := range p.Names() {
			if k, ok := keyOf(name); ok {
				k.ordinal = i
				g.keys = append(g.keys, k)
			}
		}
	}
	slices.SortStableFunc(g.north, func(a, b position) int { return int(a.lat) - int(b.lat) })
	return g, nil
}

// Places returns all places in the order of the file. The caller must not change them.
func (g *Gazetteer) Places() []Place { return g.places }

// Source returns what the file says of where its names come from; the pages show it where a licence asks for that.
func (g *Gazetteer) Source() string { return g.source }

// Per radian between the normals at its ends, a geodesic on WGS84 is as long as the least radius of curvature there is, or longer, and at most as long as
// the greatest.
const (
	leastRadius = 6335439.0
	mostRadius  = 6399594.0
	slack       = 1 + 1e-9 // for the rounding of the cheap bounds
)

// Nearest returns the place with the shortest geodesic to p, its length in metres, and the bearing in degrees from the place to p: "2.1 km north-east
// of …" is told from the place. Of several equally far the first of the file is taken. ok is false when there are no places.
func (g *Gazetteer) Nearest(p geo.Position) (place Place, metres, bearing float64, ok bool) {
	if len(g.places) == 0 {
		return Place{}, 0, 0, false
	}
	// First the nearest by chord, which is cheap; then the geodesics of all whose chord leaves it open.
	at, chord, reach := normal(p), math.Inf(1), math.Inf(1)
	g.outward(p.Lat, &reach, func(q *position) {
		if c := chord2(at, q.normal); c < chord {
			chord, reach = c, 2*math.Asin(math.Min(1, math.Sqrt(c)/2))*mostRadius*slack
		}
	})
	half := math.Min(math.Pi/2, reach*slack/(2*leastRadius))
	limit := math.Pow(2*math.Sin(half), 2)*slack + 1e-18
	best, found := math.Inf(1), -1
	g.outward(p.Lat, &reach, func(q *position) {
		if chord2(at, q.normal) > limit {
			return
		}
		d := geo.Distance(p, g.places[q.ordinal].At)
		if d < best || d == best && q.ordinal < found {
			best, found = d, q.ordinal
		}
	})
	place = g.places[found]
	return place, best, geo.Bearing(place.At, p), true
}

// outward visits the places from a latitude to north and south, until the way north or south alone is longer than reach, in metres.
func (g *Gazetteer) outward(lat int32, reach *float64, visit func(*position)) {
	const metres = math.Pi / 180 / geo.E7 * leastRadius / slack // of one unit of latitude, or less
	up := sort.Search(len(g.north), func(i int) bool { return g.north[i].lat >= lat })
	down := up - 1
	for up < len(g.north) || down >= 0 {
		if up < len(g.north) {
			if float64(int64(g.north[up].lat)-int64(lat))*metres > *reach {
				up = len(g.north)
			} else {
				visit(&g.north[up])
				up++
			}
		}
		if down >= 0 {
			if float64(int64(lat)-int64(g.north[down].lat))*metres > *reach {
				down = -1
			} else {
				visit(&g.north[down])
				down--
			}
		}
	}
}

// normal returns the unit normal of the ellipsoid at a position.
func normal(p geo.Position) [3]float64 {
	lon, lat := p.Degrees()
	sinLon, cosLon := math.Sincos(lon * math.Pi / 180)
	sinLat, cosLat := math.Sincos(lat * math.Pi / 180)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

func chord2(a, b [3]float64) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return x*x + y*y + z*z
}

// GeoJSON returns the places for the map, in a language: points with the properties name and rank. It is written anew at each call.
func (g *Gazetteer) GeoJSON(language string) []byte {
	var c collection
	for _, p := range g.places {
		c.add(pointGeometry(p.At), "name", p.Name.In(language), "rank", p.Rank)
	}
	return c.end()
}

// Write writes places in the format that Read reads. The source may be empty.
func Write(source string, places []Place) []byte {
	c := collection{source: source}
	for _, p := range places {
		properties := []any{"name_en", p.Name.English, "name_ar", p.Name.Arabic, "also", p.Also, "admin_en", p.Admin.English, "admin_ar", p.Admin.Arabic}
		c.add(pointGeometry(p.At), append(properties, "rank", p.Rank)...)
	}
	return c.end()
}

func pointGeometry(p geo.Position) []byte {
	geometry, err := geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}.GeoJSON()
	if err != nil {
		panic("gazetteer: a point that is no shape: " + err.Error())
	}
	return geometry
}
