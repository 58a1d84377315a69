// Package index keeps the 4D conflict index: which volumes overlap a given one in space, altitude and time, exactly.
//
// It is a log-structured set of packed R-trees in Hilbert order. New volumes gather in a small head; a full head is
// frozen into a run, and runs of like size are merged. A reader works on an immutable view and takes no lock.
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
// Put, Remove and Expire wait for one another.
type Index struct {
	view atomic.Pointer[view] // what readers see; replaced by every change

	mu     sync.RWMutex // held by changes, and by Volume and Len, which read what follows
	where  map[ID]locator
	head   *run
	runs   []*run // all but head, oldest first
	byName map[uint32]*run
	name   uint32 // the last name given to a run
	change uint64 // the number of the last change
}

// view is one state of the index. A volume belongs to it if it is in one of the runs and did not die at or before the change.
type view struct {
	change uint64
	runs   []*run // the head is last
}

// locator tells where a volume is: the name of its run in the upper half, its number there in the lower.
type locator uint64

func locate(run uint32, number int) locator { return locator(run)<<32 | locator(uint32(number)) }

func (l locator) run() uint32 { return uint32(l >> 32) }
func (l locator) number() int { return int(uint32(l)) }

const (
	// headEntries is how many entries the head holds before it is frozen. Each query scans them all, at about 1.5 ns each.
	headEntries = 1024

	// mergeRatio is how many runs of like size are merged into one.
	mergeRatio = 4
)

// New returns an empty index.
func New() *Index {
	x := &Index{where: map[ID]locator{}, byName: map[uint32]*run{}}
	x.startHead()
	x.publish()
	return x
}

func (x *Index) startHead() {
	x.name++
	x.head = &run{name: x.name}
	x.byName[x.name] = x.head
}

// publish lets readers see the state. The head is given by value: what is appended to it later lies beyond the lengths seen here.
func (x *Index) publish() {
	head := *x.head
	x.view.Store(&view{change: x.change, runs: append(slices.Clip(x.runs), &head)})
}

// Put adds a volume, in place of one with the same id. The shape must be valid; it is taken as it is, long edges included. A volume
// without positions is kept and never found.
func (x *Index) Put(id ID, v geo.Volume) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	x.thin(x.bury(id))
	x.where[id] = locate(x.head.name, len(x.head.volumes))
	x.head.add(id, v)
	if len(x.head.entries) >= headEntries || len(x.head.volumes) >= headEntries {
		x.freeze()
	}
	x.publish()
}

// Remove takes a volume out. Taking out what is not there changes nothing.
func (x *Index) Remove(id ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	x.thin(x.bury(id))
	x.publish()
}

// bury marks a volume dead from this change on and returns the run it was in, or nil.
func (x *Index) bury(id ID) *run {
	at, ok := x.where[id]
	if !ok {
		return nil
	}
	delete(x.where, id)
	r := x.byName[at.run()]
	atomic.StoreUint64(&r.died[at.number()], x.change)
	r.dead++
	return r
}

// Expire takes out the volumes whose window ended at or before the given time, in milliseconds UTC.
func (x *Index) Expire(before int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.change++
	for n, v := range x.head.volumes {
		if v.window.To <= before && x.head.died[n] == 0 {
			x.bury(v.id)
		}
	}
	for _, r := range slices.Clone(x.runs) {
		for ; r.expired < len(r.ending); r.expired++ {
			n := r.ending[r.expired]
			if r.volumes[n].window.To > before {
				break
			}
			if r.died[n] == 0 {
				x.bury(r.volumes[n].id)
			}
		}
		x.thin(r)
	}
	x.publish()
}

// freeze turns the head into runs, one for volumes without an end and one for the others, and merges where runs of like size have gathered.
func (x *Index) freeze() {
	full := x.head
	x.startHead()
	for _, permanent := range []bool{false, true} {
		x.install(merge(permanent, full), full)
		for {
			level, like := x.crowded(permanent)
			if level < 0 {
				break
			}
			x.install(merge(permanent, like...), like...)
		}
	}
	delete(x.byName, full.name)
}

// crowded returns the lowest level of a family that has enough runs to merge, and those runs; -1 if none has.
func (x *Index) crowded(permanent bool) (int, []*run) {
	levels := map[int][]*run{}
	for _, r := range x.runs {
		if r.permanent == permanent {
			levels[r.level()] = append(levels[r.level()], r)
		}
	}
	lowest := -1
	for level, rs := range levels {
		if len(rs) >= mergeRatio && (lowest < 0 || level < lowest) {
			lowest = level
		}
	}
	return lowest, levels[lowest]
}

// install puts a new run in the place of those it was merged from. An empty one is left out.
func (x *Index) install(r *run, from ...*run) {
	x.runs = slices.DeleteFunc(slices.Clone(x.runs), func(old *run) bool { return slices.Contains(from, old) })
	for _, old := range from {
		if old.frozen() {
			delete(x.byName, old.name)
		}
	}
	if len(r.volumes) == 0 {
		return
	}
	x.name++
	r.name = x.name
	x.byName[r.name] = r
	x.runs = append(x.runs, r)
	for n, v := range r.volumes {
		x.where[v.id] = locate(r.name, n)
	}
}

// thin drops a run in which nothing lives and rewrites one in which less than half does.
func (x *Index) thin(r *run) {
	if r == nil || r == x.head || r.dead*2 <= len(r.volumes) {
		return
	}
	x.install(merge(r.permanent, r), r)
}

// Compact merges all runs of a family into one. Queries are fastest then; it takes about a second per million volumes.
func (x *Index) Compact() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.freeze()
	for _, permanent := range []bool{false, true} {
		var like []*run
		for _, r := range x.runs {
			if r.permanent == permanent {
				like = append(like, r)
			}
		}
		if len(like) > 1 {
			x.install(merge(permanent, like...), like...)
		}
	}
	x.publish()
}

// Len returns the number of volumes.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.where)
}

// Volume returns the volume with the given id.
func (x *Index) Volume(id ID) (geo.Volume, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	at, ok := x.where[id]
	if !ok {
		return geo.Volume{}, false
	}
	return x.byName[at.run()].volume(at.number()), true
}
