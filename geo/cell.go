package geo

import "math"

const (
	cellHeight = E7 / 20 // 0.05 degree, about 5.5 km
	leastCells = 12      // in the rows at the poles

	// maxCoarseCells is the largest number of cells that Coarse gives singly.
	maxCoarseCells = 64
)

// cellRow returns the number of the row of cells of a latitude, counted from the south pole.
func cellRow(lat int32) int64 {
	return min((int64(lat)+90*E7)/cellHeight, 180*E7/cellHeight-1)
}

// cellColumns returns how many cells a row has, so that none is wider than 5.6 km and few are narrower than 5 km.
func cellColumns(row int64) int64 {
	south := row*cellHeight - 90*E7
	_, cos := sinCosE7(min(abs64(south), abs64(south+cellHeight)))
	return max(leastCells, int64(math.Ceil(float64(turn/cellHeight)*cos)))
}

func abs64(v int64) int64 { return max(v, -v) }

// cellEdge returns the western border of a column.
func cellEdge(column, columns int64) int64 {
	return column*turn/columns - turn/2
}

// cellColumn returns the column of a longitude.
func cellColumn(lon int32, columns int64) int64 {
	column := min((int64(lon)+turn/2)*columns/turn, columns-1)
	for column+1 < columns && cellEdge(column+1, columns) <= int64(lon) {
		column++
	}
	return column
}

// Cell returns the coarse cell of about 5 km that holds p, of a grid that is the same for everyone: rows of 0.05 degree,
// cut into equal columns. Two positions in one cell give the same polygon.
func Cell(p Position) Shape {
	p = p.canonical()
	row := cellRow(p.Lat)
	columns := cellColumns(row)
	return polygonOf(cellRing(row, cellColumn(p.Lon, columns), columns))
}

func polygonOf(ring Ring) Shape {
	return Shape{Kind: Polygon, Polygons: [][]Ring{{ring}}}
}

func cellRing(row, column, columns int64) Ring {
	south := row*cellHeight - 90*E7
	return rectangle(south, south+cellHeight, cellEdge(column, columns), cellEdge(column+1, columns))
}

// Coarse returns the cells that hold s, as far as a box around it can tell, for a recipient who may know the position only coarsely. A
// shape that spans more than 64 cells gives one rectangle of half degrees around it instead.
func (s Shape) Coarse() Shape {
	b := s.Bounds()
	var rings []Ring
	for row := cellRow(b.Min.Lat); row <= cellRow(b.Max.Lat) && len(rings) <= maxCoarseCells; row++ {
		columns := cellColumns(row)
		column := cellColumn(b.Min.canonical().Lon, columns)
		if b.width() == turn {
			rings = nil
			break
		}
		last := cellColumn(b.Max.canonical().Lon, columns)
		n := last - column
		if n < 0 || n == 0 && b.width() > turn/2 {
			n += columns
		}
		if n > maxCoarseCells {
			rings = nil
			break
		}
		for i := range n + 1 {
			rings = append(rings, cellRing(row, (column+i)%columns, columns))
		}
	}
	switch {
	case len(rings) == 1:
		return polygonOf(rings[0])
	case len(rings) > 1 && len(rings) <= maxCoarseCells:
		out := Shape{Kind: MultiPolygon}
		for _, ring := range rings {
			out.Polygons = append(out.Polygons, []Ring{ring})
		}
		return out
	}
	return b.outward()
}

// outward returns b as polygons, its borders moved out to half degrees; all around the globe it comes in quarters.
func (b Box) outward() Shape {
	const grid = E7 / 2
	south := (int64(b.Min.Lat)+90*E7)/grid*grid - 90*E7
	north := min((int64(b.Max.Lat)+90*E7)/grid*grid-90*E7+grid, 90*E7)
	south = min(south, 90*E7-grid)
	west := (int64(b.Min.Lon)+turn/2)/grid*grid - turn/2
	width := (int64(b.Min.Lon) - west + b.width() + grid - 1) / grid * grid
	parts := width/(90*E7) + 1
	if width >= turn-2*grid {
		west, width, parts = -turn/2, turn, 4
	}
	out := Shape{Kind: MultiPolygon}
	for i := range parts {
		out.Polygons = append(out.Polygons, []Ring{rectangle(south, north, west+width*i/parts, west+width*(i+1)/parts)})
	}
	if parts == 1 {
		out.Kind = Polygon
	}
	return out
}

// rectangle returns a counter-clockwise ring that holds all places between two latitudes and two longitudes at most 90 degrees apart. Great circles run
// poleward of parallels, so the border towards the equator is moved until the arcs of at most one degree between its corners clear the parallel.
func rectangle(south, north, west, east int64) Ring {
	steps := max(1, (east-west+E7-1)/E7)
	arc := (east-west)/steps + 1
	low, high := south, north
	if south > 0 {
		low = sagged(south, arc)
	}
	if north < 0 {
		high = -sagged(-north, arc)
	}
	var ring Ring
	for i := range steps + 1 {
		ring = append(ring, Position{wrapLon(west + (east-west)*i/steps), int32(low)})
	}
	for i := steps; i >= 0; i-- {
		ring = append(ring, Position{wrapLon(west + (east-west)*i/steps), int32(high)})
	}
	return append(ring, ring[0])
}

// sagged returns the northern latitude at which an arc of the given longitude must end so that its middle lies at lat.
func sagged(lat, arc int64) int64 {
	s, c := sinCosE7(lat)
	_, half := sinCosE7(arc/2 + 1)
	return int64(atan2(float64(s*half), c)/radPerE7) - 1
}
