package index

import (
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
	piece   geo.Figure
	rings   []geo.Ring
	seen    seen // volumes of several entries that were reported already
	stack   []node
	hits    []ID
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
func (f *frame) meets(b *box) bool {
	return ((f.east - int64(b.west)) | (int64(b.east) - f.west) | (f.north - int64(b.south)) | (int64(b.north) - f.south) |
		(f.to - int64(b.from)) | (int64(b.to) - f.from) | (f.high - int64(b.low)) | (int64(b.high) - f.low)) >= 0
}

// mask returns which of at most fanOut boxes meet the frame, one bit each.
func (f *frame) mask(es []entry) uint32 {
	var mask uint64
	for i := len(es) - 1; i >= 0; i-- {
		b := &es[i]
		apart := (f.east - int64(b.west)) | (int64(b.east) - f.west) | (f.north - int64(b.south)) | (int64(b.north) - f.south) |
			(f.to - int64(b.from)) | (int64(b.to) - f.from) | (f.high - int64(b.low)) | (int64(b.high) - f.low)
		mask = mask<<1 | uint64(^apart)>>63
	}
	return uint32(mask)
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
	q.seen.reset()
	q.hits = q.hits[:0]
	q.frames = q.frames[:0]
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
	q.laid = q.sketch.Lay(&q.volume.Shape, int64(v.Buffer)+partBuffer)
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
	slices.Sort(q.hits)
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
	for from := 0; from < len(r.entries); from += fanOut {
		if !q.leaf(r, from, change, f) {
			return false
		}
	}
	return true
}

// tree searches a frozen run and returns false when f wants no more.
func (q *query) tree(r *run, change uint64, f func(ID) bool) bool {
	q.stack = q.stack[:0]
	top := len(r.levels) - 1
	q.push(r, top, 0)
	for len(q.stack) > 0 {
		n := q.stack[len(q.stack)-1]
		q.stack = q.stack[:len(q.stack)-1]
		if n.level > 0 {
			q.push(r, int(n.level)-1, int(n.at)*fanOut)
		} else if !q.leaf(r, int(n.at)*fanOut, change, f) {
			return false
		}
	}
	return true
}

// push puts the nodes of a level from one on that meet the query on the stack, the first on top.
func (q *query) push(r *run, level, from int) {
	nodes := r.levels[level]
	nodes = nodes[from:min(from+fanOut, len(nodes))]
	for mask := q.around.mask(nodes); mask != 0; {
		i := 31 - bits.LeadingZeros32(mask)
		mask &^= 1 << i
		if len(q.frames) == 1 || q.touches(&nodes[i].box) {
			q.stack = append(q.stack, node{int32(level), int32(from + i)})
		}
	}
}

// leaf judges the entries from one on.
func (q *query) leaf(r *run, from int, change uint64, f func(ID) bool) bool {
	entries := r.entries[from:min(from+fanOut, len(r.entries))]
	for mask := q.around.mask(entries); mask != 0; mask &= mask - 1 {
		i := bits.TrailingZeros32(mask)
		e := &entries[i]
		if len(q.frames) > 1 && !q.touches(&e.box) {
			continue
		}
		number := e.volume()
		if d := r.diedAt(number); d != 0 && d <= change {
			continue
		}
		if e.owner&multi != 0 && q.seen.has(locate(r.name, number)) {
			continue
		}
		if !q.conflicts(r, e, r.parts[from+i], number) {
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

// conflicts decides for one entry whose box meets the query.
func (q *query) conflicts(r *run, e *entry, p part, number int) bool {
	if e.owner&whole == 0 || !q.exact {
		if v := &r.volumes[number]; !v.window.Overlaps(q.volume.Window) || !v.band.Overlaps(q.volume.Band) {
			return false
		}
	}
	if q.laid && e.owner&plain != 0 {
		var verdict geo.Verdict
		metres := int64(q.volume.Buffer) + p.buffer()
		switch {
		case e.owner&spot != 0:
			verdict = q.sketch.Point(e.place(), metres)
		case e.owner&area != 0:
			verdict = q.sketch.Area(r.spots[p.first:p.first+p.count()], metres)
		default:
			verdict = q.sketch.Line(r.spots[p.first:p.first+p.count()], metres)
		}
		if verdict != geo.Unsure {
			return verdict == geo.Reached
		}
	}
	return q.measure(r, e, p, number)
}

// measure decides by geodesy.
func (q *query) measure(r *run, e *entry, p part, number int) bool {
	if !q.figured {
		q.figure.Reset()
		q.figure.AddShape(q.volume.Shape)
		q.figured = true
	}
	spots := r.spots[p.first : p.first+p.count()]
	q.piece.Reset()
	switch {
	case e.owner&area != 0:
		q.rings = rings(q.rings[:0], spots)
		q.piece.AddPolygon(q.rings)
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
