package workload

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"parley/geo"
)

// Outline writes a volume as GeoJSON for engines that know no buffers: circles become inscribed polygons of 32 sides, and a line or ring becomes
// the hulls of the circles at both ends of each of its edges, side by side in a MultiPolygon, with the polygon itself. So it holds up to half a percent of
// the buffer less than the volume does. A volume without a buffer is its geometry as it was read.
//
// It is flat: edges are straight in longitude and latitude, and nothing is cut at the antimeridian.
func (it *Item) Outline() []byte {
	v := &it.Volume
	if v.Buffer == 0 {
		return it.Geometry
	}
	var parts [][][]spot
	var wide ring32
	circle := func(p geo.Position) { parts = append(parts, [][]spot{closed(wide.around(p, v.Buffer))}) }
	edges := func(line []geo.Position) {
		if len(line) == 1 {
			circle(line[0])
		}
		for i := 1; i < len(line); i++ {
			parts = append(parts, [][]spot{closed(hull(wide.between(line[i-1], line[i], v.Buffer)))})
		}
	}
	for _, p := range v.Shape.Points {
		circle(p)
	}
	for _, line := range v.Shape.Lines {
		edges(line)
	}
	for _, rings := range v.Shape.Polygons {
		var own [][]spot
		for _, r := range rings {
			edges(r)
			var flat []spot
			for _, p := range r {
				lon, lat := p.Degrees()
				flat = append(flat, spot{lon, lat})
			}
			own = append(own, flat)
		}
		parts = append(parts, own)
	}
	return geoJSONOf(parts)
}

// spot is a place on the flat map, in degrees.
type spot struct{ lon, lat float64 }

// ring32 holds the places of two circles, so that they need no memory of their own.
type ring32 [64]spot

// around returns the 32 corners of a circle, against the clock. They lie on it to a millimetre for the buffers of a workload: the scale of longitude is
// taken half way to each corner.
func (r *ring32) around(p geo.Position, metres int32) []spot {
	return r.circle(0, p, metres)
}

func (r *ring32) circle(at int, p geo.Position, metres int32) []spot {
	lon, lat := p.Degrees()
	north, _ := scaleAt(lat)
	for i := range 32 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 16)
		up := float64(metres) * sin / north
		_, east := scaleAt(lat + up/2)
		r[at+i] = spot{lon + float64(metres)*cos/east, lat + up}
	}
	return r[at : at+32]
}

// between returns the corners of the circles at both ends of an edge, which takes the shorter way round the globe.
func (r *ring32) between(a, b geo.Position, metres int32) []spot {
	first := r.circle(0, a, metres)[0].lon
	other := r.circle(32, b, metres)
	turn := 360 * math.Round((first-other[0].lon)/360)
	for i := range other {
		other[i].lon += turn
	}
	return r[:]
}

// scaleAt returns the metres of a degree to the north and to the east on the WGS84 ellipsoid.
func scaleAt(lat float64) (north, east float64) {
	const major, square = 6378137.0, 0.00669437999014
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := 1 - square*sin*sin
	root := math.Sqrt(w)
	return major * (1 - square) / (w * root) * math.Pi / 180, major / root * cos * math.Pi / 180
}

// hull returns the convex hull of places, against the clock (Andrew's chain). It sorts them.
func hull(spots []spot) []spot {
	slices.SortFunc(spots, func(a, b spot) int { return cmp.Or(cmp.Compare(a.lon, b.lon), cmp.Compare(a.lat, b.lat)) })
	out := make([]spot, 0, 2*len(spots))
	chain := func(s spot, least int) {
		for n := len(out); n >= least; n = len(out) {
			a, b := out[n-2], out[n-1]
			if (b.lon-a.lon)*(s.lat-a.lat)-(b.lat-a.lat)*(s.lon-a.lon) > 0 {
				break
			}
			out = out[:n-1]
		}
		out = append(out, s)
	}
	for _, s := range spots {
		chain(s, 2)
	}
	least := len(out) + 1
	for i := len(spots) - 2; i >= 0; i-- {
		chain(spots[i], least)
	}
	return out[:len(out)-1]
}

func closed(ring []spot) []spot { return append(slices.Clone(ring), ring[0]) }

// geoJSONOf writes polygons, each a list of rings, to a millimetre.
func geoJSONOf(parts [][][]spot) []byte {
	b := []byte(`{"type":"MultiPolygon","coordinates":[`)
	if len(parts) == 1 {
		b = []byte(`{"type":"Polygon","coordinates":`)
	}
	for i, rings := range parts {
		b = append(b, ","[:min(i, 1)]...)
		b = append(b, '[')
		for j, ring := range rings {
			b = append(b, ","[:min(j, 1)]...)
			b = append(b, '[')
			for k, s := range ring {
				b = append(b, ","[:min(k, 1)]...)
				b = strconv.AppendFloat(append(b, '['), s.lon, 'f', 8, 64)
				b = append(strconv.AppendFloat(append(b, ','), s.lat, 'f', 8, 64), ']')
			}
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	if len(parts) > 1 {
		b = append(b, ']')
	}
	return append(b, '}')
}
