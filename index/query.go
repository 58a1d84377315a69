package index

import (
	"math"
	"math/bits"
	"slices"
	"sync"

	"parley/geo"
)

// query is one search and the memory it works in.
type query struct {
	volume  geo.Volume
	cut     cutter
	exact   bool // whether its boxes say all of window and band
	around  frame
	frames  []frame // around the pieces of the volume
	sketch  geo.Sketch
	laid    bool // whether the sketch is of this volume
	figure  geo.Figure
	figured bool // whether the figure is
	last    spotVerdict
	piece   geo.Figure
	rings   []geo.Ring
	seen    seen // volumes of several entries that were reported already
	stack   []node
	leaves  []int32 // groups of entries that wait to be judged together
	tail    int     // the first of the entries that wait without a group
	batch   int     // how many may wait
	found   []entry // those that meet the query
	warmth  int64   // see warm
	hits    []ID
	spare   []ID
}

// frame is a box made ready for comparison.
type frame struct {
	west, south, east, north int64
	from, to                 int64
	low, high                int64
}

func newFrame(b *box) frame {
	return frame{
		int64(b.west), int64(b.south), int64(b.east), int64(b.north),
		int64(b.from) + 1, int64(b.to) - 1, int64(b.low), int64(b.high),
	}
}

// meets reports whether the boxes overlap. It has no branch, as which way one goes is anybody's guess: each difference is negative
// when the boxes are apart in one direction, and so is the union of their bits.
func (f *frame) meets(b *box) bool { return f.apart(b) >= 0 }

// met is 1 if the boxes overlap, else 0.
func (f *frame) met(b *box) int { return int(uint64(^f.apart(b)) >> 63) }

func (f *frame) apart(b *box) int64 {
	return (f.east - int64(b.west)) | (int64(b.east) - f.west) | (f.north - int64(b.south)) | (int64(b.north) - f.south) |
		(f.to - int64(b.from)) | (int64(b.to) - f.from) | (f.high - int64(b.low)) | (int64(b.high) - f.low)
}

// spotVerdict is what was found of the last place, at a sum of buffers: where thousands stand in one place, they come one after the other.
type spotVerdict struct {
	place    geo.Position
	metres   int64
	conflict bool
}

// node is a box of a tree: its level and its place there.
type node struct {
	level int32
	at    int32
}

var queries = sync.Pool{New: func() any { return new(query) }}

func newQuery(v geo.Volume) *query {
	q := queries.Get().(*query)
	q.volume = v
	q.figured = false
	q.last = spotVerdict{metres: -1}
	q.seen.reset()
	q.hits = q.hits[:0]
	q.frames = q.frames[:0]
	q.leaves, q.tail = q.leaves[:0], math.MaxInt
	q.cut.cut(&v)
	if len(q.cut.boxes) == 0 {
		return q
	}
	all := q.cut.boxes[0]
	for i := range q.cut.boxes {
		all.extend(&q.cut.boxes[i])
		q.frames = append(q.frames, newFrame(&q.cut.boxes[i]))
	}
	q.around = newFrame(&all)
	q.exact = q.cut.pieces[0].bits&whole != 0
	q.laid = v.Buffer >= 0 && q.sketch.Lay(&q.volume.Shape, int64(v.Buffer)+partBuffer)
	return q
}

func (q *query) free() {
	q.volume = geo.Volume{}
	queries.Put(q)
}

// touches reports whether a box meets one of the query's.
func (q *query) touches(b *box) bool {
	for i := range q.frames {
		if q.frames[i].meets(b) {
			return true
		}
	}
	return false
}

// Find returns the ids of the volumes that conflict with q, as geo.Conflict says, in ascending order, each once.
func (x *Index) Find(v geo.Volume) []ID {
	q := newQuery(v)
	defer q.free()
	x.search(q, func(id ID) bool {
		q.hits = append(q.hits, id)
		return true
	})
	q.hits, q.spare = sortIDs(q.hits, q.spare)
	return slices.Clone(q.hits)
}

// Any reports whether a volume conflicts with q. It stops at the first.
func (x *Index) Any(v geo.Volume) bool {
	any := false
	x.Visit(v, func(ID) bool {
		any = true
		return false
	})
	return any
}

// Visit calls f with the id of each volume that conflicts with q, once each and in no order, until f returns false. f may change the index; the
// visit does not see it.
func (x *Index) Visit(v geo.Volume, f func(ID) bool) {
	q := newQuery(v)
	defer q.free()
	x.search(q, f)
}

func (x *Index) search(q *query, f func(ID) bool) {
	if len(q.frames) == 0 {
		return
	}
	now := x.view.Load()
	if !q.list(&now.head, now.change, f) {
		return
	}
	for _, r := range now.runs {
		if !q.tree(r, now.change, f) {
			return
		}
	}
}

// list searches a head and returns false when f wants no more.
func (q *query) list(r *run, change uint64, f func(ID) bool) bool {
	for g := range r.groups {
		q.leaves = append(q.leaves, int32(g))
	}
	q.tail = len(r.groups) * fanOut
	return q.judge(r, change, f)
}

// tree searches a frozen run and returns false when f wants no more. It goes down first, so that one who wants a single answer has it soon;
// leaves are judged together, first one, then twice as many each time.
func (q *query) tree(r *run, change uint64, f func(ID) bool) bool {
	if len(r.groups) == 0 {
		return true // volumes without positions
	}
	q.stack = append(q.stack[:0], node{level: int32(len(r.levels))})
	q.batch = 1
	for len(q.stack) > 0 {
		n := q.stack[len(q.stack)-1]
		q.stack = q.stack[:len(q.stack)-1]
		if n.level == 0 {
			q.leaves = append(q.leaves, n.at)
			continue
		}
		q.push(r, n)
		if len(q.leaves) >= q.batch {
			if !q.judge(r, change, f) {
				return false
			}
			q.batch = min(2*q.batch, mostLeaves)
		}
	}
	return q.judge(r, change, f)
}

// mostLeaves is how many leaves are judged together at most: what they hold then fits the processor's first cache.
const mostLeaves = 32

// push puts the groups below a node that may meet the query on the stack, or with the leaves that wait.
func (q *query) push(r *run, n node) {
	below := r.groups
	if n.level > 1 {
		below = r.levels[n.level-2]
	}
	for mask := q.mask(&r.levels[n.level-1][n.at]); mask != 0; mask &= mask - 1 {
		at := n.at*fanOut + int32(bits.TrailingZeros64(mask))
		q.warm(&below[at])
		if n.level == 1 {
			q.leaves = append(q.leaves, at)
		} else {
			q.stack = append(q.stack, node{n.level - 1, at})
		}
	}
}

// mask returns which of the boxes of a group may meet one of the query's.
func (q *query) mask(g *group) uint64 {
	all := g.mask(&q.around)
	if len(q.frames) == 1 || all == 0 {
		return all
	}
	mask := uint64(0)
	for i := range q.frames {
		if mask |= g.mask(&q.frames[i]); mask == all {
			break
		}
	}
	return mask
}

// warm reads a group that will be looked at soon, one word of each line of the cache. Reads that wait for nothing are answered by
// the memory together, so many groups come in little more time than one: half of a query on a million volumes was waiting for one after the other.
func (q *query) warm(g *group) {
	q.warmth += int64(g.west) + int64(g.least[1][0]) + int64(g.least[3][0]) + int64(g.most[1][0]) + int64(g.most[3][0]) // added up so that the compiler takes the reads for needed
}

// judge judges the entries that wait and those of the leaves that wait, and returns false when f wants no more.
func (q *query) judge(r *run, change uint64, f func(ID) bool) bool {
	q.found = q.found[:0]
	for _, leaf := range q.leaves {
		q.look(r, int(leaf)*fanOut, r.groups[leaf].mask(&q.around))
	}
	for from := q.tail; from < len(r.entries); from += fanOut {
		q.look(r, from, 1<<min(fanOut, len(r.entries)-from)-1)
	}
	q.leaves, q.tail = q.leaves[:0], math.MaxInt
	for i := range q.found {
		e := &q.found[i]
		q.warmth += int64(r.ids[e.volume()])
		if e.owner&spot == 0 {
			q.warmth += int64(r.spots[e.first].Lon) + int64(r.spots[e.first+e.count()-1].Lat)
		}
	}
	for i := range q.found {
		e := &q.found[i]
		number := e.volume()
		if len(q.frames) > 1 && !q.touches(&e.box) {
			continue
		}
		if d := r.diedAt(number); d != 0 && d <= change {
			continue
		}
		if e.owner&multi != 0 && q.seen.has(locate(r.name, number)) {
			continue
		}
		if !q.conflicts(r, e, number) {
			continue
		}
		if e.owner&multi != 0 {
			q.seen.add(locate(r.name, number))
		}
		if !f(r.ids[number]) {
			return false
		}
	}
	return true
}

// look adds those entries of a group to the found ones that are in the mask and whose boxes meet the query. There is no branch on whether one does, so the processor
// reads the next ones meanwhile.
func (q *query) look(r *run, from int, mask uint64) {
	n := len(q.found)
	q.found = slices.Grow(q.found, fanOut)[:n+fanOut]
	for ; mask != 0; mask &= mask - 1 {
		e := &r.entries[from+bits.TrailingZeros64(mask)]
		q.found[n] = *e
		n += q.around.met(&e.box)
	}
	q.found = q.found[:n]
}

// conflicts decides for one entry whose box meets the query.
func (q *query) conflicts(r *run, e *entry, number int) bool {
	if e.owner&whole == 0 || !q.exact {
		if !r.windows[number].Overlaps(q.volume.Window) || !r.volumes[number].band.Overlaps(q.volume.Band) {
			return false
		}
	}
	if e.owner&spot != 0 {
		place, metres := e.place(), int64(q.volume.Buffer)+e.buffer()
		if place != q.last.place || metres != q.last.metres {
			q.last = spotVerdict{place, metres, q.judgeSpot(r, e, number)}
		}
		return q.last.conflict
	}
	if q.laid && e.owner&plain != 0 {
		var verdict geo.Verdict
		metres := int64(q.volume.Buffer) + e.buffer()
		if e.owner&area != 0 {
			verdict = q.sketch.Area(r.spots[e.first:e.first+e.count()], metres)
		} else {
			verdict = q.sketch.Line(r.spots[e.first:e.first+e.count()], metres)
		}
		if verdict != geo.Unsure {
			return verdict == geo.Reached
		}
	}
	return q.measure(r, e, number)
}

func (q *query) judgeSpot(r *run, e *entry, number int) bool {
	if q.laid {
		if verdict := q.sketch.Point(e.place(), int64(q.volume.Buffer)+e.buffer()); verdict != geo.Unsure {
			return verdict == geo.Reached
		}
	}
	return q.measure(r, e, number)
}

// measure decides by geodesy.
func (q *query) measure(r *run, e *entry, number int) bool {
	if !q.figured {
		q.figure.Reset()
		q.figure.AddShape(q.volume.Shape)
		q.figured = true
	}
	spots := r.spots[e.first : e.first+e.count()]
	q.piece.Reset()
	switch {
	case e.owner&area != 0:
		q.rings = rings(q.rings[:0], spots)
		q.piece.AddPolygon(q.rings)
		clear(q.rings) // they point into the run
	case len(spots) == 1:
		q.piece.AddPoint(spots[0])
	default:
		q.piece.AddLine(spots)
	}
	return q.figure.Within(&q.piece, geo.NewReach(float64(int64(r.volumes[number].buffer)+int64(q.volume.Buffer))))
}

// rings parts the positions of a polygon.
func rings(out []geo.Ring, spots []geo.Position) []geo.Ring {
	for len(spots) > 0 {
		n := geo.RingLength(spots)
		out = append(out, geo.Ring(spots[:n]))
		spots = spots[n:]
	}
	return out
}
