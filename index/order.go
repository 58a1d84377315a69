package index

import "parley/geo"

// key is what entries are sorted by: small boxes first, as a node that holds one large box among small ones is large itself; then along the Hilbert curve.
//
// Where many large boxes overlap one another, the place tells them apart badly and time does well: among larger ones the curve is
// followed in steps of about their size, and within a step they are sorted by their beginning. Boxes without an end all overlap in time.
func key(b *box) uint64 {
	size, place := sizeOf(b), hilbert(b)
	if below := 2 * (hilbertBits - stepBits[size]); below > 0 && b.to != latest {
		place = place>>below<<below | uint64(b.from)>>max(0, 32-below)
	}
	return uint64(size)<<(2*hilbertBits) | place
}

const keyBits = 2*hilbertBits + 2

// stepBits is how many bits of each axis the curve is followed with, by size: 13 make steps of 5.8 km, 12 of 11.7 km.
var stepBits = [...]int{hilbertBits, 13, 12}

// sizeOf returns which of three sizes a box has.
func sizeOf(b *box) int {
	switch size := max(int64(b.east)-int64(b.west), int64(b.north)-int64(b.south)); {
	case size <= smallBox:
		return 0
	case size <= middleBox:
		return 1
	}
	return 2
}

const (
	smallBox  = geo.E7 / 50 // about 2 km
	middleBox = geo.E7 / 15 // about 7 km
)
