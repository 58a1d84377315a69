package index

import "parley/geo"

// hilbertBits is how many bits of each axis make a place on the curve: a step of it is 16 units, about 0.2 m.
const hilbertBits = 28

// hilbertSteps[state<<8|x<<4|y] are the 8 bits of the curve for 4 bits of each axis, and from bit 8 on the state of the next step.
var hilbertSteps = hilbertTable()

// hilbert returns the place of the middle of a box along the Hilbert curve over the map.
// Boxes near one another on the curve are near on the map, which packs them into small tree nodes (Kamel and Faloutsos 1993).
func hilbert(b *box) uint64 {
	x := uint32((int64(b.west)+int64(b.east))/2+180*geo.E7) >> 4
	y := uint32((int64(b.south)+int64(b.north))/2+180*geo.E7) >> 4
	var d uint64
	state := uint16(0)
	for shift := hilbertBits - 4; shift >= 0; shift -= 4 {
		step := hilbertSteps[state<<8|uint16(x>>shift&15)<<4|uint16(y>>shift&15)]
		d = d<<8 | uint64(step&255)
		state = step >> 8
	}
	return d
}

// hilbertTable follows the curve bit by bit. Its four states say how a quarter is turned: bit 0 if the axes change places, bit 1 if both run backwards.
func hilbertTable() (table [4 << 8]uint16) {
	for state := range uint16(4) {
		for x := range uint16(16) {
			for y := range uint16(16) {
				now, d := state, uint16(0)
				for bit := 3; bit >= 0; bit-- {
					rx, ry := x>>bit&1, y>>bit&1
					if now&2 != 0 {
						rx, ry = 1-rx, 1-ry
					}
					if now&1 != 0 {
						rx, ry = ry, rx
					}
					d = d<<2 | (3*rx ^ ry)
					// Turn the quarter so that its curve begins and ends beside its neighbours.
					if ry == 0 {
						now ^= 1
						if rx == 1 {
							now ^= 2
						}
					}
				}
				table[state<<8|x<<4|y] = now<<8 | d
			}
		}
	}
	return table
}
