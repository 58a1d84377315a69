package geo

import (
	"math"
	"slices"
)

// Box is a rectangle of longitude and latitude, its borders included. Over the antimeridian Min.Lon is greater than Max.Lon.
// One that goes all around has the longitudes -180 and 180.
type Box struct {
	Min, Max Position
}

// width returns how much longitude the box spans.
func (b Box) width() int64 {
	if w := int64(b.Max.Lon) - int64(b.Min.Lon); w >= 0 {
		return w
	} else {
		return w + turn
	}
}

// eastOf returns how far east of b's western border a longitude lies, from 0 to less than a turn.
func (b Box) eastOf(lon int32) int64 {
	return ((int64(lon)-int64(b.Min.Lon))%turn + turn) % turn
}

// Contains reports whether p lies in b.
func (b Box) Contains(p Position) bool {
	return p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat && b.eastOf(p.Lon) <= b.width()
}

// Overlaps reports whether b and c share a place; touching counts.
func (b Box) Overlaps(c Box) bool {
	return b.Min.Lat <= c.Max.Lat && c.Min.Lat <= b.Max.Lat &&
		(b.eastOf(c.Min.Lon) <= b.width() || c.eastOf(b.Min.Lon) <= c.width())
}

// Center returns the middle of b in longitude and latitude.
func (b Box) Center() Position {
	return Position{
		Lon: wrapLon(int64(b.Min.Lon) + b.width()/2),
		Lat: int32((int64(b.Min.Lat) + int64(b.Max.Lat)) / 2),
	}
}

// Widen returns a box that holds every place within the given distance of b, and little more.
func (b Box) Widen(metres int32) Box {
	if metres <= 0 {
		return b
	}
	angle := float64(metres) / leastRadius
	grow := int64(angle/radPerE7) + 2
	south, north := int64(b.Min.Lat)-grow, int64(b.Max.Lat)+grow
	// A way of this angle stays within these latitudes, so it can gain no more longitude than it could where they are narrowest.
	far := max(north, -south)
	if far >= 90*E7 {
		return Box{
			Min: Position{-180 * E7, int32(max(south, -90*E7))},
			Max: Position{180 * E7, int32(min(north, 90*E7))},
		}
	}
	_, cos := sinCosE7(far)
	east := int64(math.Min(angle/cos/radPerE7, turn)) + 2
	out := Box{Min: Position{Lat: int32(south)}, Max: Position{Lat: int32(north)}}
	out.Min.Lon, out.Max.Lon = widenLon(b.Min.Lon, b.width(), east)
	return out
}

func widenLon(west int32, width, grow int64) (int32, int32) {
	if width+2*grow >= turn {
		return -180 * E7, 180 * E7
	}
	return wrapLon(int64(west) - grow), wrapLon(int64(west) + width + grow)
}

// bounds gathers the extent of a shape.
type bounds struct {
	south, north int32
	lons         [][2]int64 // intervals, each from within (-180, 180] and less than a turn long
	around       bool
}

func (b *bounds) place(p Position) {
	b.south, b.north = min(b.south, p.Lat), max(b.north, p.Lat)
}

// chain adds a line or ring.
func (b *bounds) chain(line []Position) {
	x := int64(line[0].canonical().Lon)
	low, high := x, x
	for i, p := range line {
		b.place(p)
		if i == 0 {
			continue
		}
		a := line[i-1]
		step := int64(wrapLon(int64(p.Lon) - int64(a.Lon)))
		if step == turn/2 {
			b.around = true // over or beside a pole
		}
		x += step
		low, high = min(low, x), max(high, x)
		b.bulge(a, p)
	}
	if high-low >= turn {
		b.around = true
		return
	}
	b.lons = append(b.lons, [2]int64{low, high})
}

// bulge adds the latitude that the great circle from a to p reaches between its ends, rounded outwards.
func (b *bounds) bulge(a, p Position) {
	u, w := a.vec(), p.vec()
	e := w.sub(u)
	half := float64(0.5 * e.dot(e))
	atU, atW := e.z+float64(u.z*half), -e.z+float64(w.z*half) // rise when leaving either end towards the other
	if !(atU > 0 && atW > 0) && !(atU < 0 && atW < 0) {
		return
	}
	n := u.cross(e)
	top := int64(atan2(hypot(n.x, n.y), math.Abs(n.z))/radPerE7) + 2
	top = min(top, 90*E7)
	if atU > 0 {
		b.north = max(b.north, int32(top))
	} else {
		b.south = min(b.south, int32(-top))
	}
}

// Bounds returns the smallest box that holds s, great-circle edges and interiors included. A ring around a pole, or a line over one, gives a box all
// around, and a ring one to the pole. A shape without positions has the box of the position 0, 0.
func (s Shape) Bounds() Box {
	if s.Vertices() == 0 {
		return Box{}
	}
	b := bounds{south: 90 * E7, north: -90 * E7}
	for _, p := range s.Points {
		b.place(p)
		x := int64(p.canonical().Lon)
		b.lons = append(b.lons, [2]int64{x, x})
	}
	for _, line := range s.Lines {
		if len(line) > 0 {
			b.chain(line)
		}
	}
	for _, rings := range s.Polygons {
		if len(rings) == 0 || len(rings[0]) == 0 {
			continue
		}
		b.chain(rings[0])
		if cs := corners(rings[0]); turned(cs) != 0 {
			b.around = true
			if holdsNorth(cs) {
				b.north = 90 * E7
			} else {
				b.south = -90 * E7
			}
		}
	}
	return b.box()
}

// box closes the largest gap between the intervals of longitude.
func (b *bounds) box() Box {
	out := Box{Min: Position{-180 * E7, b.south}, Max: Position{180 * E7, b.north}}
	if b.around {
		return out
	}
	var cut [][2]int64 // cut at the antimeridian
	for _, l := range b.lons {
		for l[0] <= -turn/2 {
			l[0], l[1] = l[0]+turn, l[1]+turn
		}
		if l[1] <= turn/2 {
			cut = append(cut, l)
		} else {
			cut = append(cut, [2]int64{l[0], turn / 2}, [2]int64{-turn / 2, l[1] - turn})
		}
	}
	slices.SortFunc(cut, func(a, b [2]int64) int {
		if a[0] != b[0] {
			return int(max(-1, min(1, a[0]-b[0])))
		}
		return int(max(-1, min(1, a[1]-b[1])))
	})
	end := cut[0][1]
	widest, west, east := int64(-1), cut[0][0], int64(0)
	for _, l := range cut[1:] {
		if gap := l[0] - end; gap > widest {
			widest, west, east = gap, l[0], end
		}
		end = max(end, l[1])
	}
	if gap := cut[0][0] + turn - end; gap > widest {
		widest, west, east = gap, cut[0][0], end
	}
	if widest > 0 {
		out.Min.Lon, out.Max.Lon = int32(west), int32(east)
	}
	return out
}
