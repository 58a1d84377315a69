// Package index keeps the 4D conflict index: which volumes overlap a given one in space, altitude and time, exactly.
//
// It is a log-structured set of packed R-trees in Hilbert order. New volumes gather in a small head; a full head is
// frozen into a run, and runs of like size are merged in the background. A reader works on an immutable view and takes no lock.
package index

import (
	"slices"
	"sync"
	"sync/atomic"

	"parley/geo"
)

// ID names a volume. The caller chooses it.
type ID uint64

// Index is a set of volumes. The zero value is not ready; use New.
//
// Find, Any and Visit may be called by any number of goroutines at any time. Each sees the index as it was after one whole change.
// Put, Remove, Expire and Rest wait for one another.
//
// Runs are merged by goroutines that end when there is nothing left to merge; Close waits for them. What the index answers does not depend on how far they are.
type Index struct {
	view atomic.Pointer[view] // what readers see; replaced by every change

	mu      sync.Mutex // guards all that follows
	where   whereabouts
	warmth  slot // sum of what was read ahead, so that the compiler takes the reads for needed
	head    *run
	runs    []*run // all but head, oldest first; replaced, never changed in place
	byName  map[uint32]*run
	name    uint32 // the last name given to a run
	change  uint64 // the number of the last change
	ending  bool   // whether Expire was ever called: only then runs list their volumes by their end
	thinned bool   // whether a run has come to hold more dead than living
	closed  bool
	cutter  cutter
	jobs    map[*job]struct{}
	settled sync.Cond // a job ended
}

// view is one state of the index. A volume belongs to it if it is in the head or one of the runs and did not die at or before the change.
type view struct {
	change uint64
	head   run
	runs   []*run
}

// locator tells where a volume is: the name of its run in the upper half, its number there in the lower.
type locator uint64

const (
	nameBits   = 24
	numberBits = 27 // as in the owner of an entry
)

func locate(run uint32, number int) locator { return locator(run)<<32 | locator(uint32(number)) }

func (l locator) run() uint32 { return uint32(l >> 32) }
func (l locator) number() int { return int(uint32(l)) }

const (
	// headEntries is how many entries the head holds before it is frozen. Each query looks at all their groups, at some 10 ns each.
	headEntries = 1024

	// mergeRatio is how many runs of like size are merged into one.
	mergeRatio = 8
)

// New returns an empty index.
func New() *Index {
	x := &Index{byName: map[uint32]*run{}, jobs: map[*job]struct{}{}}
	x.where.idAt = func(at locator) ID { return x.byName[at.run()].ids[at.number()] }
	x.settled.L = &x.mu
	x.startHead()
	x.publish()
	return x
}

// startHead begins a head with room for about as much as the one before it held.
func (x *Index) startHead() {
	head := &run{deaths: new(deaths)}
	if old := x.head; old != nil {
		head.groups = make([]group, 0, len(old.groups)+1)
		head.reserve(len(old.entries), len(old.ids), len(old.spots))
	}
	x.head = head
	x.christen(x.head)
}

// christen gives a run a name that no other has, and not 0. Names run out after some millions, and begin again.
func (x *Index) christen(r *run) {
	for again := true; again; again = x.name == 0 || x.byName[x.name] != nil {
		x.name = (x.name + 1) & (1<<nameBits - 1)
	}
	r.name = x.name
	x.byName[r.name] = r
}

// publish lets readers see the state. The head is given by value: what is appended to it later lies beyond the lengths seen here.
func (x *Index) publish() {
	x.view.Store(&view{change: x.change, head: *x.head, runs: x.runs})
}

// Put adds a volume, in place of one with the same id. The shape must be valid, and none of its polygons may have more than a million positions; it is taken as it
// is, long edges included. A volume without positions is kept and never found.
func (x *Index) Put(id ID, v geo.Volume) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	if x.bury(id) {
		x.rewrite()
	}
	x.head.add(id, &v, &x.cutter)
	x.where.set(id, locate(x.head.name, len(x.head.ids)-1))
	if len(x.head.entries) >= headEntries || len(x.head.ids) >= headEntries {
		x.freeze()
		x.tend()
	}
	x.publish()
}

// Remove takes a volume out. Taking out what is not there changes nothing.
func (x *Index) Remove(id ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	if x.bury(id) {
		x.rewrite()
		x.publish()
	}
}

// bury marks a volume dead from this change on, and reports whether it was there.
func (x *Index) bury(id ID) bool {
	at, ok := x.where.get(id)
	if !ok {
		return false
	}
	x.where.remove(id)
	r, number := x.resolve(at)
	x.entomb(r, number)
	return true
}

func (x *Index) entomb(r *run, number int) {
	r.bury(number, x.change)
	if r.job != nil {
		r.job.died = append(r.job.died, locate(r.name, number))
	} else if r != x.head && r.thin() {
		x.thinned = true
	}
}

// Expire takes out the volumes whose window ended at or before the given time, in milliseconds UTC. The first call sorts what is there by its end, about a second
// for ten million volumes; from then on merges do so. One who means to expire calls it once on the empty index.
func (x *Index) Expire(before int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	for n, w := range x.head.windows {
		if w.To <= before && x.head.diedAt(n) == 0 {
			x.expire(x.head, n)
		}
	}
	x.ending = true
	for _, r := range x.runs {
		if r.ending == nil {
			r.sortEnds()
		}
		for ; r.expired < len(r.ending); r.expired++ {
			n := int(r.ending[r.expired])
			if r.windows[n].To > before {
				break
			}
			if r.diedAt(n) == 0 {
				x.expire(r, n)
			}
		}
	}
	x.rewrite()
	x.publish()
}

// rewrite lets runs be rewritten in which too little lives.
func (x *Index) rewrite() {
	if x.thinned {
		x.thinned = false
		x.tend()
	}
}

func (x *Index) expire(r *run, number int) {
	x.where.remove(r.ids[number])
	x.entomb(r, number)
}

// freeze turns the head into runs, one for volumes without an end and one for the others. Then merges may be due: see tend.
func (x *Index) freeze() {
	full := x.head
	x.startHead()
	for _, permanent := range []bool{false, true} {
		r, renamed := merge(permanent, x.ending, full)
		x.install(r)
		x.move(r, full, renamed[0], 0, len(renamed[0]))
	}
	delete(x.byName, full.name)
}

// install adds a run. An empty one is left out.
func (x *Index) install(r *run, instead ...*run) {
	runs := make([]*run, 0, len(x.runs)+1)
	for _, old := range x.runs {
		if !slices.Contains(instead, old) {
			runs = append(runs, old)
		}
	}
	if len(r.ids) > 0 {
		x.christen(r)
		runs = append(runs, r)
	}
	x.runs = runs
}

// Len returns the number of volumes.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.where.count
}

// Volume returns the volume with the given id.
func (x *Index) Volume(id ID) (geo.Volume, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	at, ok := x.where.get(id)
	if !ok {
		return geo.Volume{}, false
	}
	r, number := x.resolve(at)
	return r.volume(number), true
}
