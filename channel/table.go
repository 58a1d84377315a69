package channel

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"parley"
	"parley/proof"
)

// canonical is core deterministic CBOR (RFC 8949 section 4.2.1): equal records have equal bytes.
var canonical = func() cbor.EncMode {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// ledger holds every table of a state and the digest over all their records.
//
// A change marks its record; settle takes the marked records' old hashes out of the digest and puts the new ones in, so that a
// record that changes often within a block costs once.
type ledger struct {
	digest proof.LtHash
	tables []settler
}

// settler is a table as the ledger sees it.
type settler interface {
	settle(*proof.LtHash)
	dump(yield func(body []byte) bool) bool
	load(d *proof.LtHash, body []byte) error
	freeze() settler
}

// settle brings the digest up to date and returns it.
func (l *ledger) settle() proof.Hash {
	for _, t := range l.tables {
		t.settle(&l.digest)
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
type table[V any] struct {
	name   string
	rows   map[string]row[V]
	marked map[string]proof.Hash // key → hash of the record as it stands in the digest, zero when it does not

	about func(*V) []parley.Ref   // what a record is about, which never changes; nil when nobody asks
	of    map[parley.Ref][]string // what is asked about → keys of the records about it
}

func newTable[V any](l *ledger, name string) *table[V] {
	t := &table[V]{name: name, rows: map[string]row[V]{}, marked: map[string]proof.Hash{}}
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

// get returns the record of that key, or nil. It must not be changed.
func (t *table[V]) get(key string) *V { return t.rows[key].value }

// put sets the record of that key. The table owns v from here.
func (t *table[V]) put(key string, v *V) {
	t.mark(key)
	if _, ok := t.rows[key]; !ok {
		t.link(key, v)
	}
	t.rows[key] = row[V]{value: v}
}

// edit returns a copy of the record of that key, already in its place, to be changed by this turn. Lists in it are replaced, not changed.
func (t *table[V]) edit(key string) *V {
	r, ok := t.rows[key]
	if !ok {
		panic(fmt.Sprintf("channel: no %s %q to change", t.name, key))
	}
	c := *r.value
	t.put(key, &c)
	return &c
}

// remove takes the record of that key out.
func (t *table[V]) remove(key string) {
	if r, ok := t.rows[key]; ok {
		t.mark(key)
		delete(t.rows, key)
		if t.about != nil {
			for _, ref := range t.about(r.value) {
				t.of[ref] = slices.DeleteFunc(t.of[ref], func(k string) bool { return k == key })
			}
		}
	}
}

func (t *table[V]) mark(key string) {
	if _, ok := t.marked[key]; !ok {
		t.marked[key] = t.rows[key].hash
	}
}

// keys returns the keys in order.
func (t *table[V]) keys() []string { return slices.Sorted(maps.Keys(t.rows)) }

func (t *table[V]) len() int { return len(t.rows) }

// keyed is the canonical form of a record with its key.
type keyed[V any] struct {
	_     struct{} `cbor:",toarray"`
	Key   string
	Value *V
}

func (t *table[V]) settle(d *proof.LtHash) {
	for key, old := range t.marked {
		if !old.IsZero() {
			d.Sub(old)
		}
		if r, ok := t.rows[key]; ok {
			r.hash = recordHash(t.name, encode(keyed[V]{Key: key, Value: r.value}))
			t.rows[key] = r
			d.Add(r.hash)
		}
	}
	clear(t.marked)
}

func (t *table[V]) dump(yield func([]byte) bool) bool {
	for key, r := range t.rows {
		if !yield(encode(keyed[V]{Key: key, Value: r.value})) {
			return false
		}
	}
	return true
}

// load takes a record as it stands in a snapshot. Its bytes themselves enter the digest, so that no other bytes can stand for them.
func (t *table[V]) load(d *proof.LtHash, body []byte) error {
	var k keyed[V]
	if err := cbor.Unmarshal(body, &k); err != nil {
		return fmt.Errorf("record of kind %s: %w", t.name, err)
	}
	if k.Value == nil {
		return fmt.Errorf("record of kind %s: read no value for %q", t.name, k.Key)
	}
	if _, ok := t.rows[k.Key]; ok {
		return fmt.Errorf("record of kind %s: read %q twice", t.name, k.Key)
	}
	hash := recordHash(t.name, body)
	d.Add(hash)
	t.rows[k.Key] = row[V]{value: k.Value, hash: hash}
	t.link(k.Key, k.Value)
	return nil
}

func (t *table[V]) freeze() settler { return &table[V]{name: t.name, rows: maps.Clone(t.rows)} }

// list holds the records of one kind that are only ever added, in their order: outcomes and notices.
type list[V any] struct {
	name    string
	rows    []V
	settled int
}

func newList[V any](l *ledger, name string) *list[V] {
	t := &list[V]{name: name}
	l.tables = append(l.tables, t)
	return t
}

func (t *list[V]) add(v V) { t.rows = append(t.rows, v) }

// numbered is the canonical form of a list's record with its place.
type numbered[V any] struct {
	_      struct{} `cbor:",toarray"`
	Number uint64
	Value  V
}

func (t *list[V]) settle(d *proof.LtHash) {
	for ; t.settled < len(t.rows); t.settled++ {
		d.Add(recordHash(t.name, encode(numbered[V]{Number: uint64(t.settled), Value: t.rows[t.settled]})))
	}
}

func (t *list[V]) dump(yield func([]byte) bool) bool {
	for i, v := range t.rows {
		if !yield(encode(numbered[V]{Number: uint64(i), Value: v})) {
			return false
		}
	}
	return true
}

func (t *list[V]) load(d *proof.LtHash, body []byte) error {
	var n numbered[V]
	if err := cbor.Unmarshal(body, &n); err != nil {
		return fmt.Errorf("record of kind %s: %w", t.name, err)
	}
	if n.Number != uint64(len(t.rows)) {
		return fmt.Errorf("record of kind %s: read number %d; expected %d", t.name, n.Number, len(t.rows))
	}
	d.Add(recordHash(t.name, body))
	t.add(n.Value)
	t.settled = len(t.rows)
	return nil
}

func (t *list[V]) freeze() settler {
	return &list[V]{name: t.name, rows: t.rows[:len(t.rows):len(t.rows)]}
}

func encode(v any) []byte {
	b, err := canonical.Marshal(v)
	if err != nil {
		panic("channel: a record cannot be encoded: " + err.Error()) // records hold plain values only
	}
	return b
}

// recordHash names a record: SHA-256("parley record v1\n" ‖ kind ‖ 0 ‖ canonical bytes).
func recordHash(kind string, body []byte) proof.Hash {
	h := sha256.New()
	h.Write([]byte("parley record v1\n"))
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write(body)
	return proof.Hash(h.Sum(nil))
}
