// Package duty keeps clocks, rotas and escalation ladders, driven by the log time that is passed in.
package duty

import (
	"cmp"
	"container/heap"
)

// Deadline is a moment at which something falls due. Deadlines fire in the order of (Due, Ref, Kind, Arg), which is total.
type Deadline struct {
	_    struct{} `cbor:",toarray"`
	Due  int64    // milliseconds UTC
	Ref  string   // what it is about
	Kind string
	Arg  string // tells deadlines of one kind about one thing apart
}

// Compare orders deadlines.
func (d Deadline) Compare(e Deadline) int {
	return cmp.Or(cmp.Compare(d.Due, e.Due), cmp.Compare(d.Ref, e.Ref), cmp.Compare(d.Kind, e.Kind), cmp.Compare(d.Arg, e.Arg))
}

// Queue holds deadlines that have not fired. It is not for concurrent use. Its order depends on its content alone, not on the order of arrival.
type Queue struct{ h deadlines }

// Add puts d into the queue.
func (q *Queue) Add(d Deadline) { heap.Push(&q.h, d) }

// Fill puts many into an empty queue, which owns them from here: cheaper than one by one.
func (q *Queue) Fill(ds []Deadline) {
	q.h = ds
	heap.Init(&q.h)
}

// Next returns the deadline that fires next.
func (q *Queue) Next() (Deadline, bool) {
	if len(q.h) == 0 {
		return Deadline{}, false
	}
	return q.h[0], true
}

// Pop removes the deadline that Next returns.
func (q *Queue) Pop() { heap.Pop(&q.h) }

// Len returns how many deadlines wait.
func (q *Queue) Len() int { return len(q.h) }

type deadlines []Deadline

func (h deadlines) Len() int           { return len(h) }
func (h deadlines) Less(i, j int) bool { return h[i].Compare(h[j]) < 0 }
func (h deadlines) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *deadlines) Push(x any)        { *h = append(*h, x.(Deadline)) }
func (h *deadlines) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
