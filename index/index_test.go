package index

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"parley/geo"
	"parley/internal/need"
)

// state is an index and what it should hold.
type state struct {
	x      *Index
	solids []*solid // by id
}

func newState() *state { return &state{x: New()} }

func (s *state) add(v geo.Volume) {
	s.x.Put(ID(len(s.solids)), v)
	s.solids = append(s.solids, newSolid(v))
}

// check compares a query with the brute force and returns how many conflicts it has and in how many cases the brute force could not tell.
func (s *state) check(t *testing.T, v geo.Volume) (hits, unsure int) {
	t.Helper()
	got := s.x.Find(v)
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Fatalf("Find returns %v: not ascending or not once each", got)
	}
	q := newSolid(v)
	next := 0
	for id, o := range s.solids {
		found := next < len(got) && got[next] == ID(id)
		if found {
			next++
			hits++
		}
		if yes, sure := o.conflict(q); !sure {
			unsure++
		} else if yes != found {
			t.Fatalf("volume %d: conflict is %v, found %v\nvolume %v\nquery %v", id, yes, found, o.Volume, v)
		}
	}
	if next < len(got) {
		t.Fatalf("Find returns what is not there: %v", got[next:])
	}
	if s.x.Any(v) != (len(got) > 0) {
		t.Fatalf("Any is %v with %d conflicts", s.x.Any(v), len(got))
	}
	return hits, unsure
}

func TestFindAgainstBruteForce(t *testing.T) {
	scene := newScene(1, 30_000)
	hits, unsure, asked := 0, 0, 0
	workers := make(chan struct{}, 2)
	all := need.Times(t, min(scenes, 8), scenes, scenes)
	for i := range all {
		s := newState()
		for range sceneVolumes {
			s.add(scene.volume())
		}
		if i%2 == 0 {
			rest(s.x)
		}
		var queries []geo.Volume
		for range sceneQueries {
			queries = append(queries, scene.volume())
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for part := range slices.Chunk(queries, sceneQueries/4) {
			wg.Go(func() {
				workers <- struct{}{}
				defer func() { <-workers }()
				for _, q := range part {
					h, u := s.check(t, q)
					mu.Lock()
					hits, unsure, asked = hits+h, unsure+u, asked+1
					mu.Unlock()
				}
			})
		}
		wg.Wait()
	}
	t.Logf("%d queries, %d conflicts, %d too near to tell", asked, hits, unsure)
	if asked != all*sceneQueries || hits < asked/3 || unsure*1000 > hits {
		t.Fatalf("%d queries, %d conflicts, %d too near to tell: a weak test", asked, hits, unsure)
	}
}

// What conflicts is mutual: A finds B if and only if B finds A.
func TestFindIsSymmetric(t *testing.T) {
	scene := newScene(2, 30_000)
	var volumes []geo.Volume
	x := New()
	for i := range 3000 {
		volumes = append(volumes, scene.volume())
		x.Put(ID(i), volumes[i])
	}
	rest(x)
	found := make([][]ID, len(volumes))
	for i, v := range volumes {
		found[i] = x.Find(v)
		for _, j := range found[i] {
			if int(j) < i && !slices.Contains(found[j], ID(i)) {
				t.Fatalf("%d finds %d, and not the other way round", i, j)
			}
		}
	}
	for i := range volumes {
		for _, j := range found[i] {
			if !slices.Contains(found[j], ID(i)) {
				t.Fatalf("%d finds %d, and not the other way round", i, j)
			}
		}
	}
}

// The whole world turned half round, or mirrored at the equator, has the same conflicts.
func TestFindInvariants(t *testing.T) {
	scene := newScene(3, 30_000)
	changes := []func(geo.Position) geo.Position{
		func(p geo.Position) geo.Position { return p },
		func(p geo.Position) geo.Position {
			return geo.Position{Lon: wrap(int64(p.Lon) + 180*geo.E7), Lat: p.Lat}
		},
		func(p geo.Position) geo.Position { return geo.Position{Lon: p.Lon, Lat: -p.Lat} },
	}
	var xs []*Index
	for range changes {
		xs = append(xs, New())
	}
	each := func(s geo.Shape, f func(geo.Position) geo.Position) geo.Shape {
		out := geo.Shape{Kind: s.Kind}
		line := func(ps []geo.Position) (out []geo.Position) {
			for _, p := range ps {
				out = append(out, f(p))
			}
			return out
		}
		out.Points = line(s.Points)
		for _, l := range s.Lines {
			out.Lines = append(out.Lines, line(l))
		}
		for _, rings := range s.Polygons {
			var polygon []geo.Ring
			for _, ring := range rings {
				polygon = append(polygon, line(ring))
			}
			out.Polygons = append(out.Polygons, polygon)
		}
		return out
	}
	for i := range 6000 {
		v := scene.volume()
		v.Shape = scene.shape()
		for k, f := range changes {
			w := v
			w.Shape = each(v.Shape, f)
			if i < 3000 {
				xs[k].Put(ID(i), w)
			} else if got, want := xs[k].Find(w), xs[0].Find(v); !slices.Equal(got, want) {
				t.Fatalf("change %d: found %v, expected %v for %v", k, got, want, v)
			}
		}
	}
}

// A route in one piece and the same in two conflict with the same volumes.
func TestFindSplitRoute(t *testing.T) {
	scene := newScene(4, 30_000)
	x := New()
	for i := range 3000 {
		x.Put(ID(i), scene.volume())
	}
	for range 2000 {
		v := scene.volume()
		line := scene.line()
		v.Shape = geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{line}}
		whole := x.Find(v)
		k := scene.IntN(len(line)-1) + 1
		v.Shape.Lines = [][]geo.Position{line[:k+1]}
		first := x.Find(v)
		if k+1 < len(line) {
			v.Shape.Lines = [][]geo.Position{line[k:]}
			first = append(first, x.Find(v)...)
		}
		slices.Sort(first)
		if first = slices.Compact(first); !slices.Equal(first, whole) {
			t.Fatalf("in two pieces %v, whole %v", first, whole)
		}
	}
}

// After any order of changes the index answers as one freshly built from what is left.
func TestChangesEqualFreshBuild(t *testing.T) {
	scene := newScene(5, 30_000)
	x := New()
	held := map[ID]geo.Volume{}
	now := int64(0)
	for step := range 30_000 {
		id := ID(scene.IntN(4000))
		switch k := scene.IntN(100); {
		case k < 70:
			v := scene.volume()
			x.Put(id, v)
			held[id] = v
		case k < 97:
			x.Remove(id)
			delete(held, id)
		default:
			now = min(now+scene.Int64N(day/50), 20*day)
			x.Expire(now)
			for id, v := range held {
				if v.Window.To <= now {
					delete(held, id)
				}
			}
		}
		if step == 20_000 {
			rest(x)
		}
		if scene.IntN(500) == 0 {
			x.Rest()
		}
		if x.Len() != len(held) {
			t.Fatalf("step %d: %d volumes, expected %d", step, x.Len(), len(held))
		}
		if step%1500 != 0 {
			continue
		}
		fresh := New()
		for id, v := range held {
			fresh.Put(id, v)
		}
		for range 200 {
			q := scene.volume()
			if got, want := x.Find(q), fresh.Find(q); !slices.Equal(got, want) {
				t.Fatalf("step %d: found %v, a fresh index %v", step, got, want)
			}
		}
	}
	for id := range ID(4000) {
		got, ok := x.Volume(id)
		want, held := held[id]
		if ok != held || ok && !reflect.DeepEqual(got, want) {
			t.Fatalf("volume %d: %v %v, expected %v %v", id, got, ok, want, held)
		}
	}
}

// Readers see whole changes while a writer works: each round it moves all volumes of a group from one place to another, one by one, and
// a mark that is always somewhere is always found exactly once.
func TestReadersDuringWrites(t *testing.T) {
	x := New()
	scene := newScene(6, 50_000)
	forever := geo.Window{To: geo.Forever}
	point := func(p geo.Position) geo.Volume {
		return geo.Volume{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}, Buffer: 10, Band: geo.AllAltitudes, Window: forever}
	}
	marks := [2]geo.Volume{point(scene.places[0]), point(scene.places[1])}
	both := marks[0]
	both.Shape = geo.Shape{Kind: geo.MultiPoint, Points: []geo.Position{scene.places[0], scene.places[1]}}
	both.Buffer = 0
	both.Band = geo.Band{Low: -500, High: -400}
	for i := range marks {
		marks[i].Band = both.Band
	}
	const mark = ID(1 << 60)
	x.Put(mark, marks[0])
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() {
			scene := newScene(uint64(100+w), 50_000)
			for {
				select {
				case <-stop:
					return
				default:
				}
				found := 0
				x.Visit(both, func(id ID) bool {
					if id == mark {
						found++
					}
					return true
				})
				if found != 1 {
					t.Errorf("the mark is found %d times", found)
					return
				}
				x.Find(scene.volume())
				x.Volume(ID(scene.IntN(2000)))
			}
		})
	}
	for i := range 12_000 {
		x.Put(mark, marks[i%2])
		v := scene.volume()
		if v.Band == geo.AllAltitudes {
			v.Band.Low = 0
		}
		x.Put(ID(scene.IntN(3000)), v)
		if i%7 == 0 {
			x.Remove(ID(scene.IntN(3000)))
		}
		if i%1000 == 0 {
			x.Expire(int64(i) * day / 1000)
		}
		if i%300 == 0 {
			x.Rest()
		}
	}
	close(stop)
	wg.Wait()
}

func TestEdgesOfTheIndex(t *testing.T) {
	x := New()
	everything := geo.Volume{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{{}}}, Buffer: 2_000_000_000, Band: geo.AllAltitudes, Window: geo.Window{To: geo.Forever}}
	if x.Any(everything) || x.Find(everything) != nil && len(x.Find(everything)) > 0 || x.Len() != 0 {
		t.Fatal("an empty index finds something")
	}
	x.Put(1, geo.Volume{Window: geo.Window{To: geo.Forever}})
	if x.Any(everything) || x.Len() != 1 {
		t.Fatal("a volume without positions is to be kept and not found")
	}
	for i := range 5000 {
		x.Put(ID(i+10), geo.Volume{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: int32(i * 700_000), Lat: int32(i * 170_000)}}},
			Band: geo.Band{Low: 100_000, High: 100_000}, Window: geo.Window{From: int64(i) * day * 1000, To: int64(i)*day*1000 + 1}})
	}
	if got := x.Find(everything); len(got) != 5000 {
		t.Fatalf("within %d metres are %d volumes, expected all 5000", everything.Buffer, len(got))
	}
	x.Remove(99_999)
	x.Expire(2500 * day * 1000)
	if x.Len() != 1+2500 {
		t.Fatalf("%d volumes after expiry, expected 2501", x.Len())
	}
	x.Expire(2500*day*1000 + 1)
	if x.Len() != 1+2499 {
		t.Fatalf("%d volumes after expiry of one more, expected 2500", x.Len())
	}
	if _, ok := x.Volume(1); !ok {
		t.Fatal("the volume without positions is gone")
	}
	n := 0
	x.Visit(everything, func(ID) bool { n++; return n < 3 })
	if n != 3 {
		t.Fatalf("a visit that stops at the third saw %d", n)
	}
}

func ExampleIndex_Find() {
	x := New()
	day := geo.Window{From: 0, To: 86_400_000}
	hospital := geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: 39_0100000, Lat: 35_9500000}}}
	x.Put(7, geo.Volume{Shape: hospital, Buffer: 500, Band: geo.AllAltitudes, Window: geo.Window{To: geo.Forever}})
	area := geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{{
		{Lon: 39_0130000, Lat: 35_9400000}, {Lon: 39_0300000, Lat: 35_9400000}, {Lon: 39_0300000, Lat: 35_9600000}, {Lon: 39_0130000, Lat: 35_9600000}, {Lon: 39_0130000, Lat: 35_9400000},
	}}}}
	fmt.Println(x.Find(geo.Volume{Shape: area, Band: geo.Band{Low: 0, High: 3000}, Window: day}))
	// Output: [7]
}

// The Hilbert curve visits each cell of a grid once, and each step of it goes to a neighbour.
// Sites in one place differ by their buffers, windows and lives, and each is judged by its own.
func TestManyInOnePlace(t *testing.T) {
	scene := newScene(11, 2000)
	x := newState()
	spot := geo.Shape{Kind: geo.Point, Points: []geo.Position{scene.places[0]}}
	for i := range 3000 {
		v := geo.Volume{Shape: spot, Buffer: int32(scene.IntN(3) * 700), Band: geo.AllAltitudes, Window: geo.Window{From: 0, To: int64(1+scene.IntN(2)) * day}}
		x.add(v)
		if i == 1500 {
			rest(x.x)
		}
	}
	hits := 0
	for range 200 {
		q := geo.Volume{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{move(scene.places[0], scene.Float64()*7, scene.size(300, 3000))}}, Band: geo.AllAltitudes}
		q.Buffer = int32(scene.IntN(1000))
		q.Window = geo.Window{From: int64(scene.IntN(2)) * day, To: 3 * day}
		n, _ := x.check(t, q)
		hits += n
	}
	if hits == 0 || hits == 200*3000 {
		t.Fatalf("%d hits, expected some and not all", hits)
	}
}

func TestHilbert(t *testing.T) {
	seen := map[uint64][2]int{}
	const n, cell = 32, 1 << 27 // cells of half the 32 bits of the axes
	for x := range n {
		for y := range n {
			west, south := int64(x)*cell-180e7, int64(y)*cell-180e7
			if west > 180e7 || south > 90e7 {
				continue
			}
			b := box{west: int32(west), east: int32(west), south: int32(south), north: int32(south)}
			seen[hilbert(&b)>>(2*(hilbertBits-5))] = [2]int{x, y}
		}
	}
	last, steps := [2]int{-1, -1}, 0
	for k := range uint64(n * n) {
		c, ok := seen[k]
		if ok && last[0] >= 0 {
			if d := max(c[0]-last[0], last[0]-c[0]) + max(c[1]-last[1], last[1]-c[1]); d != 1 {
				t.Fatalf("a step from %v to %v", last, c)
			}
			steps++
		}
		if last = c; !ok {
			last = [2]int{-1, -1}
		}
	}
	if steps < n*n/2 {
		t.Fatalf("only %d steps seen", steps)
	}
}

func TestMergeKeepsHilbertOrder(t *testing.T) {
	const coarsened = 6 // bits of a key that give way in a head: see source.sort
	scene := newScene(8, 100_000)
	x := New()
	for i := range 8000 {
		x.Put(ID(rand.Uint64()>>8+uint64(i)), scene.volume())
	}
	if len(x.runs) < 2 {
		t.Fatalf("%d runs from 8000 volumes", len(x.runs))
	}
	rest(x)
	if len(x.runs) < 2 || len(x.runs) > 4 {
		t.Fatalf("%d runs after a rest, expected one of each family, and a second where it is small", len(x.runs))
	}
	for _, r := range x.runs {
		last := uint64(0)
		for i := range r.entries {
			if h := key(&r.entries[i].box) >> coarsened; h < last {
				t.Fatalf("entry %d is out of order", i)
			} else {
				last = h
			}
		}
	}
}

// Hard by a pole places far apart in longitude are less than a micrometre apart, which the kernel takes for touching (found by the fuzzer).
func TestFindBesideThePole(t *testing.T) {
	x := New()
	line := geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{{{Lon: 4, Lat: 899_990_000}, {Lon: 34, Lat: 899_990_010}}}}
	v := geo.Volume{Shape: line, Band: geo.AllAltitudes, Window: geo.Window{To: geo.Forever}}
	x.Put(1, v)
	q := v
	q.Shape = geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: 2, Lat: 899_990_000}}}
	if !geo.Conflict(v, q) {
		t.Fatal("the kernel finds them apart")
	}
	if got := x.Find(q); len(got) != 1 {
		t.Errorf("found %v, expected [1]", got)
	}
}

// A buffer below zero, which no command can hold, reaches nothing unless the other's makes up for it.
func TestNegativeBuffers(t *testing.T) {
	x := New()
	at := func(lon int32) geo.Shape {
		return geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: lon, Lat: 35_0000000}}}
	}
	all := geo.Window{To: geo.Forever}
	x.Put(1, geo.Volume{Shape: at(40_0000000), Buffer: -50, Band: geo.AllAltitudes, Window: all})
	x.Put(2, geo.Volume{Shape: at(40_0000000), Buffer: 50, Band: geo.AllAltitudes, Window: all})
	for _, c := range []struct {
		buffer int32
		want   []ID
	}{{-60, nil}, {-10, []ID{2}}, {40, []ID{2}}, {60, []ID{1, 2}}} {
		q := geo.Volume{Shape: at(40_0000000), Buffer: c.buffer, Band: geo.AllAltitudes, Window: all}
		if got := x.Find(q); !slices.Equal(got, c.want) {
			t.Errorf("buffer %d: found %v, expected %v", c.buffer, got, c.want)
		}
	}
}
