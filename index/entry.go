package index

import (
	"fmt"
	"math"

	"parley/geo"
)

// entry is one leaf of a tree: a piece of a volume and a box around it. The box only pre-selects: what conflicts with the piece overlaps the box.
// Entries are cut so that a box does not span the antimeridian, and a route into pieces of a few edges, as one box around a whole
// route is mostly empty.
type entry struct {
	box
	owner uint32 // number of the volume in its run; the upper bits say more
	part
}

// part is where the positions of an entry lie, how many they are, and the buffer, if the entry is plain.
type part struct{ first, rest uint32 }

const (
	partBuffer = 1<<12 - 1 // metres
	partCount  = 1<<20 - 1
)

func newPart(first, count int, buffer int32) part {
	if count > partCount {
		panic(fmt.Sprintf("index: a polygon of %d positions, expected at most %d", count, partCount))
	}
	return part{uint32(first), uint32(count)<<12 | uint32(max(0, min(buffer, partBuffer)))}
}

func (p part) count() uint32 { return p.rest >> 12 }
func (p part) buffer() int64 { return int64(p.rest & partBuffer) }

const (
	area  = 1 << 31 // the piece is a polygon with its interior
	multi = 1 << 30 // the volume has other entries
	plain = 1 << 29 // a geo.Sketch can judge the piece, and part holds its buffer
	spot  = 1 << 28 // the piece is one place, in the middle of the box, and plain
	whole = 1 << 27 // the box says all of window and band: seconds and metres are exact
	owner = whole - 1

	pieceEdges = 6
)

func (e *entry) volume() int { return int(e.owner & owner) }

// place returns the place of a spot.
func (e *entry) place() geo.Position {
	return geo.Position{
		Lon: int32((int64(e.west) + int64(e.east)) >> 1),
		Lat: int32((int64(e.south) + int64(e.north)) >> 1),
	}
}

// box is a range of longitude and latitude in units, of time in seconds since 1970, its end excluded, and of altitude in metres. Times are rounded
// outwards, and times and altitudes beyond the range of their type are moved to its end, so boxes overlap whenever the exact ranges do.
type box struct {
	west, south, east, north int32
	from, to                 uint32
	low, high                int16
}

func (b *box) extend(c *box) {
	b.west, b.south = min(b.west, c.west), min(b.south, c.south)
	b.east, b.north = max(b.east, c.east), max(b.north, c.north)
	b.from, b.to = min(b.from, c.from), max(b.to, c.to)
	b.low, b.high = min(b.low, c.low), max(b.high, c.high)
}

const (
	latest  = math.MaxUint32 // seconds: the end of a window without one
	highest = math.MaxInt16
	lowest  = math.MinInt16
)

// span sets time and altitude, and reports whether they are exact.
func (b *box) span(w geo.Window, band geo.Band) (exact bool) {
	from, fromExact := floorSecond(w.From)
	to, toExact := floorSecond(w.To)
	if !toExact {
		to++
	}
	if w.To == geo.Forever {
		to, toExact = latest, true
	}
	exact = fromExact && toExact && from >= 0 && from < latest && to > 0 && (to < latest || w.To == geo.Forever)
	b.from = uint32(max(0, min(from, latest-1)))
	b.to = uint32(max(1, min(to, latest)))
	b.low = int16(max(lowest, min(band.Low, highest)))
	b.high = int16(max(lowest, min(band.High, highest)))
	return exact &&
		(int32(b.low) == band.Low || band.Low == math.MinInt32) && (int32(b.high) == band.High || band.High == math.MaxInt32)
}

func floorSecond(ms int64) (s int64, exact bool) {
	s = ms / 1000
	if exact = s*1000 == ms; !exact && ms < 0 {
		s--
	}
	return s, exact
}

// boxes appends the one or two boxes of a piece, given what lies around it and its buffer.
func boxes(out []box, around geo.Box, b box) []box {
	b.south, b.north = around.Min.Lat, around.Max.Lat
	b.west, b.east = around.Min.Lon, around.Max.Lon
	switch {
	case b.west > b.east:
		c := b
		b.east, c.west = 180*geo.E7, -180*geo.E7
		return append(out, b, c)
	case b.west == -180*geo.E7 && b.east < 180*geo.E7, b.east == 180*geo.E7 && b.west > -180*geo.E7:
		// On the antimeridian itself, which has two names.
		c := b
		c.west, c.east = -b.west, -b.west
		if b.east == 180*geo.E7 {
			c.west, c.east = -180*geo.E7, -180*geo.E7
		}
		return append(out, b, c)
	}
	return append(out, b)
}

// cutter cuts volumes into pieces. It keeps its memory from one volume to the next.
type cutter struct {
	pieces []piece
	boxes  []box
}

// piece is a run of positions that has entries of its own: a point, some edges of a line, or a polygon.
type piece struct {
	first, count int // in the positions of the volume
	from, to     int // in boxes
	bits         uint32
}

// cut cuts a volume, in the order in which positions lists its positions.
func (c *cutter) cut(v *geo.Volume) {
	c.pieces, c.boxes = c.pieces[:0], c.boxes[:0]
	// The kernel takes what is a micrometre beyond the limit for equal. Hard by a pole that is many units of longitude, and a box that is not widened would miss it.
	reach := max(1, v.Buffer)
	fits := v.Buffer >= 0 && v.Buffer <= partBuffer
	var b box
	bits := uint32(0)
	if b.span(v.Window, v.Band) {
		bits = whole
	}
	first := 0
	for i, p := range v.Shape.Points {
		around, ok := geo.Extent(v.Shape.Points[i:i+1], reach)
		if !ok {
			s := geo.Shape{Kind: geo.Point, Points: v.Shape.Points[i : i+1]}
			around = s.Bounds().Widen(reach)
		}
		at := len(c.boxes)
		c.boxes = boxes(c.boxes, around, b)
		bits := bits
		if e := (entry{box: c.boxes[at]}); ok && len(c.boxes) == at+1 && fits && e.place() == p {
			bits |= plain | spot
		}
		c.pieces = append(c.pieces, piece{first, 1, at, len(c.boxes), bits})
		first++
	}
	for _, line := range v.Shape.Lines {
		for i := 0; i == 0 && len(line) > 0 || i+1 < len(line); i += pieceEdges {
			part := line[i:min(i+pieceEdges+1, len(line))]
			around, ok := geo.Extent(part, reach)
			if !ok {
				s := geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{part}}
				around = s.Bounds().Widen(reach)
			}
			c.add(first+i, len(part), around, b, bits, ok && fits)
		}
		first += len(line)
	}
	for _, rings := range v.Shape.Polygons {
		n := 0
		ok := true
		var around geo.Box
		for i, ring := range rings {
			a, is := geo.Extent(ring, reach)
			ok = ok && is
			if n += len(ring); i == 0 {
				around = a
			}
		}
		if n == 0 {
			continue
		}
		if !ok {
			s := geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{rings}}
			around = s.Bounds().Widen(reach)
		}
		c.add(first, n, around, b, bits|area, ok && fits)
		first += n
	}
}

func (c *cutter) add(first, count int, around geo.Box, b box, bits uint32, ok bool) {
	at := len(c.boxes)
	c.boxes = boxes(c.boxes, around, b)
	if ok {
		bits |= plain
	}
	c.pieces = append(c.pieces, piece{first, count, at, len(c.boxes), bits})
}

// positions lists all positions of a shape.
func positions(out []geo.Position, s *geo.Shape) []geo.Position {
	out = append(out, s.Points...)
	for _, line := range s.Lines {
		out = append(out, line...)
	}
	for _, rings := range s.Polygons {
		for _, ring := range rings {
			out = append(out, ring...)
		}
	}
	return out
}
