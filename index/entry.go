package index

import (
	"math"

	"parley/geo"
)

// entry is one leaf of a tree: a piece of a volume and a box around it. The box only pre-selects: what conflicts with the piece overlaps the box.
// Entries are cut so that a box does not span the antimeridian, and a route into pieces of a few edges, as one box around a whole
// route is mostly empty.
type entry struct {
	box
	owner uint32 // number of the volume in its run; the upper bits say more
}

const (
	area  = 1 << 31 // the piece is a polygon with its interior
	multi = 1 << 30 // the volume has other entries
	owner = multi - 1

	pieceEdges = 6
)

func (e *entry) volume() int { return int(e.owner & owner) }

// box is a range of longitude and latitude in units, of time in seconds since 1970 and of altitude in metres. Times are rounded
// outwards, and times and altitudes beyond the range of their type are moved to its end, so boxes overlap whenever the exact ranges do.
type box struct {
	west, south, east, north int32
	from, to                 uint32
	low, high                int16
}

func (b *box) overlaps(c *box) bool {
	return b.west <= c.east && c.west <= b.east && b.south <= c.north && c.south <= b.north &&
		b.from <= c.to && c.from <= b.to && b.low <= c.high && c.low <= b.high
}

func (b *box) extend(c *box) {
	b.west, b.south = min(b.west, c.west), min(b.south, c.south)
	b.east, b.north = max(b.east, c.east), max(b.north, c.north)
	b.from, b.to = min(b.from, c.from), max(b.to, c.to)
	b.low, b.high = min(b.low, c.low), max(b.high, c.high)
}

func seconds(ms int64) int64 { return max(0, min(math.MaxUint32, ms/1000)) }

func metres(m int32) int16 { return int16(max(math.MinInt16, min(math.MaxInt16, m))) }

// boxes returns the one or two boxes of a part of a volume, widened by its buffer.
func boxes(s geo.Shape, v *geo.Volume) []box {
	g := s.Bounds().Widen(v.Buffer)
	b := box{
		south: g.Min.Lat, north: g.Max.Lat,
		from: uint32(seconds(v.Window.From)), to: uint32(min(seconds(v.Window.To)+1, math.MaxUint32)),
		low: metres(v.Band.Low), high: metres(v.Band.High),
	}
	b.west, b.east = g.Min.Lon, g.Max.Lon
	switch {
	case b.west > b.east:
		c := b
		b.east, c.west = 180*geo.E7, -180*geo.E7
		return []box{b, c}
	case b.west == -180*geo.E7 && b.east < 180*geo.E7, b.east == 180*geo.E7 && b.west > -180*geo.E7:
		// On the antimeridian itself, which has two names.
		c := b
		c.west, c.east = -b.west, -b.west
		if b.east == 180*geo.E7 {
			c.west, c.east = -180*geo.E7, -180*geo.E7
		}
		return []box{b, c}
	}
	return []box{b}
}

// piece is a run of positions that has entries of its own: a point, some edges of a line, or a polygon.
type piece struct {
	first, count int // in the positions of the volume
	area         bool
	boxes        []box
}

// pieces cuts a volume, in the order in which positions lists its positions.
func pieces(v *geo.Volume) []piece {
	var out []piece
	first := 0
	add := func(s geo.Shape, count int, area bool) {
		out = append(out, piece{first, count, area, boxes(s, v)})
	}
	for i := range v.Shape.Points {
		add(geo.Shape{Kind: geo.Point, Points: v.Shape.Points[i : i+1]}, 1, false)
		first++
	}
	for _, line := range v.Shape.Lines {
		for i := 0; i == 0 && len(line) > 0 || i+1 < len(line); i += pieceEdges {
			part := line[i:min(i+pieceEdges+1, len(line))]
			first += i
			add(geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{part}}, len(part), false)
			first -= i
		}
		first += len(line)
	}
	for _, rings := range v.Shape.Polygons {
		s := geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{rings}}
		if n := s.Vertices(); n > 0 {
			add(s, n, true)
			first += n
		}
	}
	return out
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
