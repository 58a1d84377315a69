package index

import (
	"slices"
	"sync"

	"parley/geo"
)

// query is one search and the memory it works in.
type query struct {
	volume geo.Volume
	figure geo.Figure
	whole  box   // around all boxes
	boxes  []box // around the pieces of the volume
	piece  geo.Figure
	rings  []geo.Ring
	found  map[locator]struct{} // volumes of several entries that were reported already
	reach  [256]reach           // by buffer
	stack  []node
	hits   []ID
}

type reach struct {
	metres int64
	ready  bool
	geo.Reach
}

// node is a box of a tree: its level and its place there.
type node struct {
	level int32
	at    int32
}

var queries = sync.Pool{New: func() any { return &query{found: map[locator]struct{}{}} }}

func newQuery(v geo.Volume) *query {
	q := queries.Get().(*query)
	q.volume = v
	q.figure.Reset()
	q.figure.AddShape(v.Shape)
	q.boxes = q.boxes[:0]
	q.hits = q.hits[:0]
	clear(q.found)
	clear(q.reach[:])
	for _, p := range pieces(&v) {
		q.boxes = append(q.boxes, p.boxes...)
	}
	for i := range q.boxes {
		if i == 0 {
			q.whole = q.boxes[0]
		}
		q.whole.extend(&q.boxes[i])
	}
	return q
}

func (q *query) free() {
	q.volume = geo.Volume{}
	queries.Put(q)
}

// meets reports whether a box overlaps one of the query's.
func (q *query) meets(b *box) bool {
	if !b.overlaps(&q.whole) {
		return false
	}
	if len(q.boxes) == 1 {
		return true
	}
	for i := range q.boxes {
		if b.overlaps(&q.boxes[i]) {
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
	if len(q.boxes) == 0 {
		return
	}
	now := x.view.Load()
	for _, r := range now.runs {
		if !q.run(r, now.change, f) {
			return
		}
	}
}

// run searches one run and returns false when f wants no more.
func (q *query) run(r *run, change uint64, f func(ID) bool) bool {
	if !r.frozen() {
		return q.entries(r, 0, len(r.entries), change, f)
	}
	q.stack = q.stack[:0]
	top := int32(len(r.levels) - 1)
	for i := len(r.levels[top]) - 1; i >= 0; i-- {
		q.stack = append(q.stack, node{top, int32(i)})
	}
	for len(q.stack) > 0 {
		n := q.stack[len(q.stack)-1]
		q.stack = q.stack[:len(q.stack)-1]
		if !q.meets(&r.levels[n.level][n.at]) {
			continue
		}
		if n.level == 0 {
			from := int(n.at) * fanOut
			if !q.entries(r, from, min(from+fanOut, len(r.entries)), change, f) {
				return false
			}
			continue
		}
		below := int32(len(r.levels[n.level-1]))
		for i := min((n.at+1)*fanOut, below) - 1; i >= n.at*fanOut; i-- {
			q.stack = append(q.stack, node{n.level - 1, i})
		}
	}
	return true
}

func (q *query) entries(r *run, from, to int, change uint64, f func(ID) bool) bool {
	for i := from; i < to; i++ {
		e := &r.entries[i]
		if !q.meets(&e.box) {
			continue
		}
		number := e.volume()
		if !r.lives(number, change) {
			continue
		}
		at := locate(r.name, number)
		if e.owner&multi != 0 {
			if _, ok := q.found[at]; ok {
				continue
			}
		}
		if !q.conflicts(r, i, &r.volumes[number]) {
			continue
		}
		if e.owner&multi != 0 {
			q.found[at] = struct{}{}
		}
		if !f(r.volumes[number].id) {
			return false
		}
	}
	return true
}

// conflicts decides for one entry.
func (q *query) conflicts(r *run, i int, v *volume) bool {
	if !v.window.Overlaps(q.volume.Window) || !v.band.Overlaps(q.volume.Band) {
		return false
	}
	p := r.parts[i]
	spots := r.spots[p.first : p.first+p.count]
	q.piece.Reset()
	switch {
	case r.entries[i].owner&area != 0:
		q.rings = rings(q.rings[:0], spots)
		q.piece.AddPolygon(q.rings)
	case len(spots) == 1:
		q.piece.AddPoint(spots[0])
	default:
		q.piece.AddLine(spots)
	}
	return q.figure.Within(&q.piece, *q.within(int64(v.buffer) + int64(q.volume.Buffer)))
}

// within returns the reach of a sum of buffers, kept from volume to volume.
func (q *query) within(metres int64) *geo.Reach {
	slot := &q.reach[metres&int64(len(q.reach)-1)]
	if !slot.ready || slot.metres != metres {
		*slot = reach{metres, true, geo.NewReach(float64(metres))}
	}
	return &slot.Reach
}

// rings parts the positions of a polygon: a ring does not touch itself, so it ends where its first position comes again.
func rings(out []geo.Ring, spots []geo.Position) []geo.Ring {
	for len(spots) > 0 {
		n := 1
		for n < len(spots) && spots[n] != spots[0] {
			n++
		}
		n = min(n+1, len(spots))
		out = append(out, geo.Ring(spots[:n]))
		spots = spots[n:]
	}
	return out
}
