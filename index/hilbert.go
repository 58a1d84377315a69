package index

// hilbert returns the place of the middle of a box along the Hilbert curve over the map, with 26 bits an axis (about 0.6 m).
// Boxes near one another on the curve are near on the map, which packs them into small tree nodes (Kamel and Faloutsos 1993).
func hilbert(b *box) uint64 {
	x := uint32((int64(b.west)+int64(b.east))/2+180e7) >> 6
	y := uint32((int64(b.south)+int64(b.north))/2+180e7) >> 6
	var d uint64
	for s := uint32(1) << 25; s > 0; s >>= 1 {
		rx, ry := x&s != 0, y&s != 0
		switch {
		case rx && ry:
			d = d<<2 | 2
		case rx:
			d = d<<2 | 3
		case ry:
			d = d<<2 | 1
		default:
			d <<= 2
		}
		// Turn the quarter so that its curve begins and ends beside its neighbours.
		if !ry {
			if rx {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
	}
	return d
}
