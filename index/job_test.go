package index

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parley/geo"
)

// What merges in the background ends by itself, Close waits for it, and a closed index goes on.
func TestCloseLeavesNothingBehind(t *testing.T) {
	scene := newScene(9, 100_000)
	x := New()
	for i := range 20_000 {
		x.Put(ID(i), scene.volume())
	}
	x.Close()
	if len(x.jobs) > 0 {
		t.Fatalf("%d merges are at work in a closed index", len(x.jobs))
	}
	for i := range 20_000 {
		if x.Put(ID(i+10_000), scene.volume()); len(x.jobs) > 0 {
			t.Fatal("a closed index merges in the background")
		}
	}
	levels := map[[2]int]int{}
	for _, r := range x.runs {
		k := [2]int{r.level(), 0}
		if r.permanent {
			k[1] = 1
		}
		if levels[k]++; levels[k] >= mergeRatio {
			t.Fatalf("%d runs of one size", levels[k])
		}
	}
	if x.Len() != 30_000 {
		t.Fatalf("%d volumes, expected 30000", x.Len())
	}
}

// Ends are sorted alike whether they lie near one another, far apart, or before 1970.
func TestSortEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(62, 1))
	for _, spread := range []int64{1000, 60 * day, 40_000 * day} {
		for _, from := range []int64{0, -500 * day, 20_000 * day} {
			run := &run{}
			for range 3000 {
				run.volumes = append(run.volumes, volume{window: geo.Window{To: from + r.Int64N(spread)}})
			}
			run.sortEnds()
			seen := make([]bool, len(run.volumes))
			for i, n := range run.ending {
				if seen[n] = true; i > 0 && run.volumes[n].window.To < run.volumes[run.ending[i-1]].window.To {
					t.Fatalf("spread %d from %d: %d comes after a later end", spread, from, n)
				}
			}
			if len(run.ending) != len(run.volumes) || slices.Contains(seen, false) {
				t.Fatalf("spread %d from %d: %d of %d volumes are listed", spread, from, len(run.ending), len(run.volumes))
			}
		}
	}
}
