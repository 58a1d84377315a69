package index

import (
	"math/bits"
	"slices"
)

// fanOut is how many boxes lie under one box of a tree.
const fanOut = 32

// group is a node of a tree: a box around at most fanOut others, and their edges in steps of a fraction of that box, seven bits each. So all are compared at once,
// eight lanes to a word, and a group is five lines of the processor's cache where its boxes would be sixteen.
//
// A step is rounded down and what lies beyond the last one counts as the last. Neither changes which of two edges comes first, unless it makes them equal, so what meets a box meets its steps.
type group struct {
	box
	coarse [4]uint8        // how many bits an edge loses: longitude, latitude, time, altitude
	least  [4][words]lanes // west, south, from and low of the boxes
	most   [4][words]lanes // east, north, to and high, each with the upper bit of its lane set
}

// lanes are eight steps in one word.
type lanes uint64

const (
	words    = fanOut / 8
	laneBits = 7
	lastStep = 1<<laneBits - 2 // one below what a lane without a box begins with, which so meets nothing
	ones     = 0x0101010101010101
	uppers   = ones << laneBits
)

// step tells how many steps an edge lies behind another.
func step(behind int64, coarse uint8) lanes {
	return lanes(min(max(behind, 0)>>(coarse&63), lastStep))
}

// around is one group around each fanOut boxes of a list.
func around(count int, at func(int) *box) []group {
	out := make([]group, 0, (count+fanOut-1)/fanOut)
	for first := 0; first < count; first += fanOut {
		out = append(out, newGroup(first, min(first+fanOut, count), at))
	}
	return out
}

// newGroup returns a group of the boxes [first, end) of a list.
func newGroup(first, end int, at func(int) *box) group {
	g := group{box: *at(first)}
	ends := g.box.from // the last second that is told apart: a window without an end would leave no steps for the others
	for i := first; i < end; i++ {
		b := at(i)
		g.extend(b)
		if ends = max(ends, b.from); b.to != latest {
			ends = max(ends, b.to)
		}
	}
	g.coarse = [4]uint8{
		coarseness(int64(g.east) - int64(g.west)), coarseness(int64(g.north) - int64(g.south)),
		coarseness(int64(ends) - int64(g.from)), coarseness(int64(g.high) - int64(g.low)),
	}
	for d := range g.least {
		for w := range g.least[d] {
			g.least[d][w] = ones * (lastStep + 1)
			g.most[d][w] = uppers
		}
	}
	for i := first; i < end; i++ {
		b := at(i)
		g.put(i-first, &frame{int64(b.west), int64(b.south), int64(b.east), int64(b.north), int64(b.from), int64(b.to), int64(b.low), int64(b.high)})
	}
	return g
}

// coarseness returns how many bits a length loses so that it is no more steps than there are, if that is possible.
func coarseness(length int64) uint8 { return uint8(max(0, bits.Len64(uint64(length))-laneBits)) }

// put writes the edges of the i-th box.
func (g *group) put(i int, b *frame) {
	least, most := g.steps(b)
	w, shift := i/8, 8*(i%8)
	for d := range least {
		g.least[d][w] = g.least[d][w]&^(0xff<<shift) | least[d]<<shift
		g.most[d][w] |= most[d] << shift
	}
}

// steps returns the edges of a box in steps of the group.
func (g *group) steps(b *frame) (least, most [4]lanes) {
	return [4]lanes{
			step(b.west-int64(g.west), g.coarse[0]), step(b.south-int64(g.south), g.coarse[1]),
			step(b.from-int64(g.from), g.coarse[2]), step(b.low-int64(g.low), g.coarse[3]),
		}, [4]lanes{
			step(b.east-int64(g.west), g.coarse[0]), step(b.north-int64(g.south), g.coarse[1]),
			step(b.to-int64(g.from), g.coarse[2]), step(b.high-int64(g.low), g.coarse[3]),
		}
}

// mask returns which of the boxes may meet the frame, one bit each. It errs by a step of the group at most, and only in finding more.
func (g *group) mask(f *frame) uint64 {
	if !f.meets(&g.box) {
		return 0
	}
	least, most := g.steps(f)
	var mask uint64
	for d := range least {
		least[d] *= ones
		most[d] = most[d]*ones | uppers
	}
	for w := range words {
		// The upper bit of a lane stays where the least edge of the one is not beyond the last edge of the other.
		meet := (most[0] - g.least[0][w]) & (g.most[0][w] - least[0]) & (most[1] - g.least[1][w]) & (g.most[1][w] - least[1]) &
			(most[2] - g.least[2][w]) & (g.most[2][w] - least[2]) & (most[3] - g.least[3][w]) & (g.most[3][w] - least[3])
		mask |= uint64((meet&uppers>>laneBits)*0x0102040810204080>>56) << (8 * w)
	}
	return mask
}

// grow returns groups of which each is around fanOut of those given, and so on up to one that is around all.
func grow(groups []group) (levels [][]group) {
	for below := groups; len(below) > 1; below = levels[len(levels)-1] {
		levels = append(levels, around(len(below), func(i int) *box { return &below[i].box }))
	}
	return slices.Clip(levels)
}
