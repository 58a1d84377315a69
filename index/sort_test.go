package index

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortIDs(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 1))
	var spare []ID
	for range 2000 {
		ids := make([]ID, r.IntN(3*fewIDs))
		mask := ID(0xff00_0000_ffff_00ff) >> r.IntN(64) // some bytes agree
		for i := range ids {
			ids[i] = ID(r.Uint64()) & mask
		}
		want := slices.Clone(ids)
		slices.Sort(want)
		var got []ID
		if got, spare = sortIDs(ids, spare); !slices.Equal(got, want) {
			t.Fatalf("sorted to %v, expected %v", got, want)
		}
	}
}
