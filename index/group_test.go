package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A group finds every box that meets a frame: a bit that is missing is a conflict that nobody is told of.
func TestGroupMissesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	asked, met, masked := 0, 0, 0
	for range 20_000 {
		s := newSpread(r)
		boxes := make([]box, 1+r.IntN(fanOut))
		for i := range boxes {
			boxes[i] = s.box(r)
		}
		g := newGroup(0, len(boxes), func(i int) *box { return &boxes[i] })
		for range 20 {
			q := s.box(r)
			f := newFrame(&q)
			mask := g.mask(&f)
			if mask>>len(boxes) != 0 {
				t.Fatalf("mask %b for %d boxes", mask, len(boxes))
			}
			for i := range boxes {
				asked++
				is := f.meets(&boxes[i])
				if is && mask>>i&1 == 0 {
					t.Fatalf("frame %+v meets box %+v of a group around %+v, whose mask is %b", f, boxes[i], g.box, mask)
				}
				if is {
					met++
				}
				masked += int(mask >> i & 1)
			}
		}
	}
	if met < asked/50 || masked > met*5/4 {
		t.Errorf("%d boxes asked about, %d meet, %d in masks; expected at least a fiftieth to meet, and masks to hold at most a quarter more", asked, met, masked)
	}
}

// spread is how far apart the boxes of a group lie in each dimension, and how large they are: from a single point to all that the types hold.
type spread struct {
	at, apart, size [4]float64
}

var dimensions = [4][2]float64{
	{math.MinInt32, math.MaxInt32}, {math.MinInt32, math.MaxInt32}, {0, math.MaxUint32}, {math.MinInt16, math.MaxInt16},
}

func newSpread(r *rand.Rand) (s spread) {
	for d, ends := range dimensions {
		length := ends[1] - ends[0]
		s.at[d] = ends[0] + length*r.Float64()
		s.apart[d] = length * math.Exp2(-40*r.Float64())
		s.size[d] = s.apart[d] * math.Exp2(-6*r.Float64())
	}
	return s
}

func (s *spread) box(r *rand.Rand) box {
	var least, most [4]float64
	for d, ends := range dimensions {
		least[d] = math.Round(min(max(s.at[d]+s.apart[d]*r.Float64(), ends[0]), ends[1]))
		most[d] = math.Round(min(least[d]+s.size[d]*r.Float64(), ends[1]))
	}
	b := box{int32(least[0]), int32(least[1]), int32(most[0]), int32(most[1]), uint32(least[2]), uint32(most[2]), int16(least[3]), int16(most[3])}
	if r.IntN(4) == 0 {
		b.to = latest
	}
	return b
}

func TestGroupsUpToOne(t *testing.T) {
	for _, n := range []int{0, 1, fanOut, fanOut + 1, fanOut*fanOut + 1, 40_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			boxes := make([]box, n)
			for i := range boxes {
				boxes[i] = box{west: int32(i), east: int32(i), from: 1, to: 2}
			}
			groups := around(n, func(i int) *box { return &boxes[i] })
			levels := grow(groups)
			if n == 0 {
				if len(groups) != 0 || len(levels) != 0 {
					t.Fatalf("%d groups and %d levels of nothing", len(groups), len(levels))
				}
				return
			}
			root := groups
			if len(levels) > 0 {
				root = levels[len(levels)-1]
			}
			if len(root) != 1 || root[0].west != 0 || root[0].east != int32(n-1) {
				t.Errorf("%d roots, the first from %d to %d; expected one from 0 to %d", len(root), root[0].west, root[0].east, n-1)
			}
		})
	}
}
