package channel

import (
	"iter"
	"slices"

	"parley/proof"
)

// chunkRows is how many rows a chunk of a list holds.
const chunkRows = 1024

// list holds the records of one kind that are only ever added, in their order: outcomes and notices. It grows by chunks, so that no
// row is ever moved and none is held in reserve.
type list[V any] struct {
	name    string
	chunks  [][]V
	settled int
}

func newList[V any](l *ledger, name string) *list[V] {
	t := &list[V]{name: name}
	l.tables = append(l.tables, t)
	return t
}

func (t *list[V]) len() int {
	if len(t.chunks) == 0 {
		return 0
	}
	last := len(t.chunks) - 1
	return last*chunkRows + len(t.chunks[last])
}

// at returns the record of that place. It must not be changed.
func (t *list[V]) at(i uint64) *V { return &t.chunks[i/chunkRows][i%chunkRows] }

func (t *list[V]) add(v V) {
	last := len(t.chunks) - 1
	if last < 0 || len(t.chunks[last]) == chunkRows {
		t.chunks = append(t.chunks, nil)
		if last++; last > 0 {
			t.chunks[last] = make([]V, 0, chunkRows) // the first grows: most lists are short
		}
	}
	t.chunks[last] = append(t.chunks[last], v)
}

// from goes through the records from a place on, in order.
func (t *list[V]) from(first int) iter.Seq2[int, *V] {
	return func(yield func(int, *V) bool) {
		for i := first; i < t.len(); i++ {
			if !yield(i, t.at(uint64(i))) {
				return
			}
		}
	}
}

// all goes through the records in order.
func (t *list[V]) all() iter.Seq2[int, *V] { return t.from(0) }

// numbered is the canonical form of a list's record with its place.
type numbered[V any] struct {
	_      struct{} `cbor:",toarray"`
	Number uint64
	Value  V
}

func (t *list[V]) settle(d *proof.LtHash, e *encoder) {
	for i, v := range t.from(t.settled) {
		d.Add(recordHash(t.name, e.encode(numbered[V]{Number: uint64(i), Value: *v})))
	}
	t.settled = t.len()
}

// freeze returns the list as it stands: rows that are added later lie behind the ends of its chunks.
func (t *list[V]) freeze() dumper { return &list[V]{name: t.name, chunks: slices.Clone(t.chunks)} }

func (t *list[V]) dump(e *encoder, yield func([]byte) bool) bool {
	for i, v := range t.all() {
		if !yield(e.encode(numbered[V]{Number: uint64(i), Value: *v})) {
			return false
		}
	}
	return true
}
