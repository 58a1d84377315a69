package index

import (
	"cmp"
	"runtime"
	"slices"
)

// job merges runs of one family into one. While it works, the index goes on: what dies meanwhile is noted, and dies in the new run too.
//
// Its goroutine owns the new run until it is installed, and only reads the old ones. All else is guarded by the lock of the index.
type job struct {
	permanent bool
	level     int
	ending    bool // whether the new run lists its volumes by their end
	from      []*run
	died      []locator // in the old runs, since the job began

	// Once the new run is installed:
	out     *run
	renamed []names // the new numbers of the volumes of each old run
}

const (
	// moveBatch is how many volumes are told their new place at once, while changes wait.
	moveBatch = 1000

	// moveAhead is how many slots are read before they are changed: reads that do not wait for one another come together.
	moveAhead = 16

	// mostRuns is how many runs of one of the smallLevels may wait for their merge before a change does it itself, in some milliseconds: else changes
	// outrun merges, and queries have ever more runs to look at.
	mostRuns    = mergeRatio + mergeRatio/2
	smallLevels = 2
)

// thin reports whether less than half of a run lives.
func (r *run) thin() bool { return r.dead*2 > len(r.ids) }

// tend starts the merges that are due. Of a family and level one is at work at a time.
func (x *Index) tend() {
	for j := x.due(); j != nil; j = x.due() {
		j.begin(x)
		if x.closed || crowded(j.level, len(j.from)) {
			x.perform(j)
			continue
		}
		x.start(j)
	}
}

// start does a job in the background.
func (x *Index) start(j *job) {
	go func() {
		out, renamed := merge(j.permanent, j.ending, j.from...)
		x.finish(j, out, renamed)
	}()
}

// due returns the next merge that should begin, or nil.
func (x *Index) due() *job {
	type kind struct {
		permanent bool
		level     int
	}
	idle := map[kind][]*run{}
	for _, r := range x.runs {
		if r.job != nil || r.moving {
			continue
		}
		k := kind{r.permanent, r.level()}
		if r.thin() {
			return &job{permanent: r.permanent, level: -1, from: []*run{r}}
		}
		idle[k] = append(idle[k], r)
	}
	enough := mergeRatio
	if len(x.jobs) == 0 && !x.closed {
		enough = 2 // nothing else is at work: queries are the faster the fewer runs there are
	}
	var next *job
	for k, runs := range idle {
		if len(runs) >= enough && (next == nil || k.level < next.level) && (!x.busy(k.permanent, k.level) || crowded(k.level, len(runs))) {
			next = &job{permanent: k.permanent, level: k.level, from: runs}
		}
	}
	return next
}

// crowded reports whether so many runs of a level wait that a change merges them itself.
func crowded(level, runs int) bool { return level < smallLevels && runs >= mostRuns }

func (x *Index) busy(permanent bool, level int) bool {
	for j := range x.jobs {
		if j.permanent == permanent && j.level == level {
			return true
		}
	}
	return false
}

func (j *job) begin(x *Index) {
	x.jobs[j] = struct{}{}
	j.ending = x.ending
	for _, r := range j.from {
		r.job = j
	}
}

// perform does a job at once, while changes wait.
func (x *Index) perform(j *job) {
	out, renamed := merge(j.permanent, j.ending, j.from...)
	x.adopt(j, out, renamed)
	for i, old := range j.from {
		x.move(out, old, renamed[i], 0, len(old.ids))
	}
	x.end(j)
}

// finish lets the new run take the place of the old ones. Then it tells where the volumes are, some at a time, so that a change waits little.
func (x *Index) finish(j *job, out *run, renamed []names) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.adopt(j, out, renamed)
	x.publish()
	for i, old := range j.from {
		for from := 0; from < len(old.ids); from += moveBatch {
			x.move(out, old, renamed[i], from, min(from+moveBatch, len(old.ids)))
			x.mu.Unlock()
			runtime.Gosched()
			x.mu.Lock()
		}
	}
	x.end(j)
	x.tend()
	x.publish()
}

// adopt puts the new run of a job in the place of the old ones, and lets those die in it that died meanwhile.
func (x *Index) adopt(j *job, out *run, renamed []names) {
	j.out, j.renamed = out, renamed
	out.moving = true
	x.install(out, j.from...)
	for _, at := range j.died {
		old := x.byName[at.run()]
		i := slices.Index(j.from, old)
		if number, ok := j.renamed[i].of(at.number()); ok {
			j.out.bury(number, old.diedAt(at.number()))
		}
	}
	j.died = nil
}

// move tells where the volumes [from, to) of an old run are now.
func (x *Index) move(now, old *run, renamed names, from, to int) {
	for ; from < to; from += moveAhead {
		some := old.ids[from:min(from+moveAhead, to)]
		for _, id := range some {
			x.warmth += x.where.look(id)
		}
		for i, id := range some {
			if number, ok := renamed.of(from + i); ok && now.diedAt(number) == 0 {
				x.where.move(id, locate(old.name, from+i), locate(now.name, number))
			}
		}
	}
}

// end forgets the old runs.
func (x *Index) end(j *job) {
	for _, old := range j.from {
		delete(x.byName, old.name)
	}
	j.out.moving = false
	delete(x.jobs, j)
	x.settled.Broadcast()
}

// resolve follows a locator to where the volume is now: its old run may have been merged already.
func (x *Index) resolve(at locator) (*run, int) {
	r, number := x.byName[at.run()], at.number()
	if j := r.job; j != nil && j.out != nil {
		number, _ = j.renamed[slices.Index(j.from, r)].of(number)
		return j.out, number
	}
	return r, number
}

// worth is how much smaller than the largest run of its family all others may be together, so that Rest merges them with it. A volume is then rewritten at
// most so often for one that is new.
const worth = 64

// Rest puts the index in order in the background: for a moment when nothing else is to do. It does not wait; see Wait. Unless something merges already, the head is frozen
// and each family becomes one run, or two where the smaller is not worth the rewriting of the larger. What the index answers does not depend on it.
func (x *Index) Rest() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || len(x.jobs) > 0 {
		return
	}
	if len(x.head.ids) > 0 {
		x.freeze()
	}
	for _, permanent := range []bool{false, true} {
		if j := x.tidying(permanent); j != nil {
			j.begin(x)
			x.start(j)
		}
	}
	x.publish()
}

// tidying returns the merge that leaves a family with one run or two, or nil when it is so already or a merge of the family has begun.
func (x *Index) tidying(permanent bool) *job {
	var family []*run
	for _, r := range x.runs {
		if r.permanent == permanent {
			if r.job != nil || r.moving {
				return nil
			}
			family = append(family, r)
		}
	}
	slices.SortFunc(family, func(a, b *run) int {
		return cmp.Or(cmp.Compare(len(b.entries), len(a.entries)), cmp.Compare(a.name, b.name))
	})
	others := 0
	for _, r := range family {
		others += len(r.entries)
	}
	if len(family) > 0 && (others-len(family[0].entries))*worth < len(family[0].entries) {
		family = family[1:]
	}
	if len(family) < 2 {
		return nil
	}
	return &job{permanent: permanent, level: family[0].level(), from: family}
}

// Wait returns when nothing is being merged.
func (x *Index) Wait() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.settle()
}

func (x *Index) settle() {
	for len(x.jobs) > 0 {
		x.settled.Wait()
	}
}

// Close waits for what merges in the background. A closed index answers and takes changes as before; it merges within them.
func (x *Index) Close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	x.settle()
}
