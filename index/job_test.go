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

// rest puts an index in order and waits until it is.
func rest(x *Index) {
	x.Wait()
	x.Rest()
	x.Wait()
}

// After a rest all of a family is in one run, or in two when the rest is small, and a rest after that has nothing to do. What is found stays the same.
func TestRest(t *testing.T) {
	scene := newScene(10, 100_000)
	x := New()
	put := func(from, to int) {
		for i := from; i < to; i++ {
			x.Put(ID(i), scene.volume())
			if i%5 == 0 {
				x.Remove(ID(i / 2))
			}
		}
	}
	check := func() {
		t.Helper()
		q := scene.volume()
		before := x.Find(q)
		rest(x)
		if got := x.Find(q); !slices.Equal(got, before) {
			t.Fatalf("found %v, before the rest %v", got, before)
		}
		if len(x.head.ids) > 0 {
			t.Fatalf("%d volumes in the head", len(x.head.ids))
		}
		for _, permanent := range []bool{false, true} {
			var sizes []int
			for _, r := range x.runs {
				if r.permanent == permanent {
					sizes = append(sizes, len(r.entries))
				}
			}
			slices.Sort(sizes)
			if len(sizes) > 2 || len(sizes) == 2 && sizes[0]*worth >= sizes[1] {
				t.Fatalf("runs of %v entries, expected one, or a second of less than a part in %d", sizes, worth)
			}
		}
		if x.Rest(); len(x.jobs) > 0 {
			t.Fatal("there is more to do after a rest")
		}
	}
	check()
	put(0, 20_000)
	check()
	put(20_000, 20_050)
	check()
	put(20_050, 30_000)
	check()
	x.Close()
	if x.Rest(); len(x.jobs) > 0 {
		t.Fatal("a closed index merges in the background")
	}
}

// Ends are sorted alike whether they lie near one another, far apart, or before 1970.
func TestSortEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(62, 1))
	for _, spread := range []int64{1000, 60 * day, 40_000 * day} {
		for _, from := range []int64{0, -500 * day, 20_000 * day} {
			run := &run{}
			for range 3000 {
				run.windows = append(run.windows, geo.Window{To: from + r.Int64N(spread)})
			}
			run.sortEnds()
			seen := make([]bool, len(run.windows))
			for i, n := range run.ending {
				if seen[n] = true; i > 0 && run.windows[n].To < run.windows[run.ending[i-1]].To {
					t.Fatalf("spread %d from %d: %d comes after a later end", spread, from, n)
				}
			}
			if len(run.ending) != len(run.windows) || slices.Contains(seen, false) {
				t.Fatalf("spread %d from %d: %d of %d volumes are listed", spread, from, len(run.ending), len(run.windows))
			}
		}
	}
}
