package channel

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync/atomic"

	"parley"
	"parley/proof"
)

// ledger holds every table of a state and the digest over all their records.
//
// A change marks its record; settle takes the marked records' old hashes out of the digest and puts the new ones in, so that a
// record that changes often within a block costs once.
type ledger struct {
	digest  proof.LtHash
	encoder encoder
	tables  []settler
	frozen  atomic.Int32 // how many frozen states are still read
}

// settler is a table as the ledger sees it.
type settler interface {
	settle(*proof.LtHash, *encoder)
	freeze() dumper
	read(*parcel, *texts) loaded
	gathers() bool // whether install wants the records that follow one another all at once
	install(run []any) error
}

// settle brings the digest up to date and returns it.
func (l *ledger) settle() proof.Hash {
	for _, t := range l.tables {
		t.settle(&l.digest, &l.encoder)
	}
	return l.digest.Sum()
}

// row is a record with the hash that stands for it in the digest; zero until it has been settled.
type row[V any] struct {
	value *V
	hash  proof.Hash
}

// table holds the records of one kind by their key. A record is never changed in place: edit hands out a copy, so that a frozen
// table stays as it was.
//
// While a frozen state is read, the rows it reads stay as they are, and what changes is kept beside them: freezing costs nothing, and a
// change costs one more look-up. When nobody reads a frozen state any more, settle moves what was kept beside back, some at a time.
type table[V any] struct {
	name   string
	ledger *ledger
	rows   map[string]row[V]
	beside map[string]row[V]     // what counts instead of rows; a row without a value was taken out
	count  int                   // records
	marked map[string]proof.Hash // key → hash of the record as it stands in the digest, zero when it does not

	about func(*V) []parley.Ref   // what a record is about, which never changes; nil when nobody asks
	of    map[parley.Ref][]string // what is asked about → keys of the records about it
}

func newTable[V any](l *ledger, name string) *table[V] {
	t := &table[V]{name: name, ledger: l, rows: map[string]row[V]{}, marked: map[string]proof.Hash{}}
	l.tables = append(l.tables, t)
	return t
}

// aboutRefs lets a table be asked for the records about a reference.
func aboutRefs[V any](t *table[V], about func(*V) []parley.Ref) *table[V] {
	t.about, t.of = about, map[parley.Ref][]string{}
	return t
}

// keysOf returns the keys of the records about a reference, in order.
func (t *table[V]) keysOf(ref parley.Ref) []string {
	keys := slices.Clone(t.of[ref])
	slices.Sort(keys)
	return keys
}

// link notes what a new record is about.
func (t *table[V]) link(key string, v *V) {
	if t.about != nil {
		for _, ref := range t.about(v) {
			t.of[ref] = append(t.of[ref], key)
		}
	}
}

// at returns the row of that key; one without a value when there is no such record.
func (t *table[V]) at(key string) row[V] {
	if len(t.beside) > 0 {
		if r, ok := t.beside[key]; ok {
			return r
		}
	}
	return t.rows[key]
}

// set replaces the row of that key; one without a value takes the record out.
func (t *table[V]) set(key string, r row[V]) {
	switch {
	case t.ledger.frozen.Load() > 0:
		if t.beside == nil {
			t.beside = map[string]row[V]{}
		}
		t.beside[key] = r
		return
	case r.value == nil:
		delete(t.rows, key)
	default:
		t.rows[key] = r
	}
	delete(t.beside, key)
}

// get returns the record of that key, or nil. It must not be changed.
func (t *table[V]) get(key string) *V { return t.at(key).value }

// put sets the record of that key. The table owns v from here.
func (t *table[V]) put(key string, v *V) {
	old := t.at(key)
	t.mark(key, old.hash)
	if old.value == nil {
		t.count++
		t.link(key, v)
	}
	t.set(key, row[V]{value: v})
}

// edit returns a copy of the record of that key, already in its place, to be changed by this turn. Lists in it are replaced, not changed.
func (t *table[V]) edit(key string) *V {
	r := t.at(key)
	if r.value == nil {
		panic(fmt.Sprintf("channel: no %s %q to change", t.name, key))
	}
	t.mark(key, r.hash)
	c := *r.value
	t.set(key, row[V]{value: &c})
	return &c
}

// remove takes the record of that key out.
func (t *table[V]) remove(key string) {
	r := t.at(key)
	if r.value == nil {
		return
	}
	t.mark(key, r.hash)
	t.count--
	t.set(key, row[V]{})
	if t.about != nil {
		for _, ref := range t.about(r.value) {
			t.of[ref] = slices.DeleteFunc(t.of[ref], func(k string) bool { return k == key })
		}
	}
}

func (t *table[V]) mark(key string, hash proof.Hash) {
	if _, ok := t.marked[key]; !ok {
		t.marked[key] = hash
	}
}

// all goes through the keys and records, in no order. None may be changed meanwhile.
func (t *table[V]) all() iter.Seq2[string, *V] { return both(t.rows, t.beside) }

// both goes through the records of rows, those in beside instead of them.
func both[V any](rows, beside map[string]row[V]) iter.Seq2[string, *V] {
	return func(yield func(string, *V) bool) {
		for key, r := range rows {
			if len(beside) > 0 {
				if _, ok := beside[key]; ok {
					continue
				}
			}
			if !yield(key, r.value) {
				return
			}
		}
		for key, r := range beside {
			if r.value != nil && !yield(key, r.value) {
				return
			}
		}
	}
}

// keys returns the keys in order.
func (t *table[V]) keys() []string {
	keys := make([]string, 0, t.count)
	for key := range t.all() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (t *table[V]) len() int { return t.count }

// keyed is the canonical form of a record with its key.
type keyed[V any] struct {
	_     struct{} `cbor:",toarray"`
	Key   string
	Value *V
}

func (t *table[V]) settle(d *proof.LtHash, e *encoder) {
	for key, old := range t.marked {
		if !old.IsZero() {
			d.Sub(old)
		}
		if r := t.at(key); r.value != nil {
			r.hash = recordHash(t.name, e.encode(keyed[V]{Key: key, Value: r.value}))
			t.set(key, r)
			d.Add(r.hash)
		}
	}
	clear(t.marked)
	t.merge()
}

// mostMerged is how many rows one settle moves back, so that no block waits for all of them.
const mostMerged = 1000

// merge moves rows that were kept beside to their place, when nobody reads a frozen state.
func (t *table[V]) merge() {
	if t.beside == nil || t.ledger.frozen.Load() > 0 {
		return
	}
	moved := 0
	for key, r := range t.beside {
		t.set(key, r)
		if moved++; moved == mostMerged {
			return
		}
	}
	t.beside = nil
}

// frozenTable is a table as it stood.
type frozenTable[V any] struct{ rows, beside map[string]row[V] }

// freeze returns the table as it stands. What is kept beside the rows is copied: it is there when another frozen state is read, or was just now.
func (t *table[V]) freeze() dumper { return frozenTable[V]{t.rows, maps.Clone(t.beside)} }

func (f frozenTable[V]) dump(e *encoder, yield func([]byte) bool) bool {
	for key, v := range both(f.rows, f.beside) {
		if !yield(e.encode(keyed[V]{Key: key, Value: v})) {
			return false
		}
	}
	return true
}
