package channel

import (
	"cmp"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"parley/proof"
)

// Restore builds a state from the records of a snapshot. The digest is computed anew from every record, never taken from the
// snapshot: the caller compares it with the journal's. Bodies are not kept.
//
// The caller's goroutine cuts the records into parcels, one for each processor reads parcels and sums their hashes, and one installs what
// was read in the order of the snapshot. The digest is a sum, so it does not matter who adds what. They have all ended when Restore returns.
func Restore(records iter.Seq2[Record, error]) (*State, error) {
	s := New()
	if err := s.load(records); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	if err := s.derive(); err != nil {
		return nil, fmt.Errorf("snapshot: %w", err)
	}
	return s, nil
}

const (
	parcelRecords = 512
	parcelBytes   = 128 << 10 // about which a parcel is full
	parcelsAhead  = 32        // read before those in front of them are installed
)

// parcel is some records of one table that follow one another in a snapshot.
type parcel struct {
	kind   uint8
	*room  // until it is read
	sum    *proof.LtHash
	loaded chan loaded // answered by whoever reads it
}

// room is where the bodies of a parcel lie.
type room struct {
	bytes []byte // one after the other
	ends  []int  // of each body in bytes
}

var rooms = sync.Pool{New: func() any {
	return &room{make([]byte, 0, parcelBytes+parcelBytes/4), make([]int, 0, parcelRecords)}
}}

// empty gives the room of a parcel that was read to another.
func (p *parcel) empty() {
	p.bytes, p.ends = p.bytes[:0], p.ends[:0]
	rooms.Put(p.room)
	p.room = nil
}

// loaded is what was read from a parcel. The records are in it up to the first that cannot be read.
type loaded struct {
	rows any // []loadedRow[V] or []numbered[V] of the table
	err  error
}

// bodies returns the bodies in order.
func (p *parcel) bodies() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		start := 0
		for _, end := range p.ends {
			if !yield(p.bytes[start:end:end]) {
				return
			}
			start = end
		}
	}
}

func (p *parcel) full() bool { return len(p.ends) == parcelRecords || len(p.bytes) >= parcelBytes }

// load reads all records into the tables and the digest.
func (s *State) load(records iter.Seq2[Record, error]) error {
	work, order := make(chan *parcel), make(chan *parcel, parcelsAhead)
	sums := make([]proof.LtHash, runtime.GOMAXPROCS(0))
	var readers sync.WaitGroup
	for i := range sums {
		readers.Go(func() {
			texts := new(texts)
			for p := range work {
				p.sum = &sums[i]
				l := s.tables[p.kind].read(p, texts)
				p.empty()
				p.loaded <- l
			}
		})
	}
	failed, installed := make(chan struct{}), make(chan error, 1)
	go func() { installed <- s.install(order, failed) }()
	cutErr := cut(records, len(s.tables), func(p *parcel) bool {
		select {
		case <-failed:
			return false
		case order <- p:
			work <- p
			return true
		}
	})
	close(work)
	close(order)
	readers.Wait()
	if err := <-installed; err != nil {
		return err // it is about a record before the one that could not be cut
	}
	for i := range sums {
		s.digest.Merge(&sums[i])
	}
	return cutErr
}

// cut makes parcels of the records and hands them on until send returns false.
func cut(records iter.Seq2[Record, error], tables int, send func(*parcel) bool) error {
	var p *parcel
	for r, err := range records {
		if err == nil && int(r.Kind) >= tables {
			err = fmt.Errorf("read a record of kind %d; expected 0 to %d in rules version %d", r.Kind, tables-1, Rules)
		}
		if err != nil {
			if p != nil {
				send(p)
			}
			return err
		}
		if p != nil && (p.kind != r.Kind || p.full()) {
			if !send(p) {
				return nil
			}
			p = nil
		}
		if p == nil {
			p = &parcel{kind: r.Kind, room: rooms.Get().(*room), loaded: make(chan loaded, 1)}
		}
		p.bytes = append(p.bytes, r.Body...)
		p.ends = append(p.ends, len(p.bytes))
	}
	if p != nil {
		send(p)
	}
	return nil
}

// install puts what was read into the tables, in order. The rows of a table with keys are put in when all that follow one another are there,
// so that it is known how many they are. After an error nothing is installed; failed is closed, and the parcels that are still sent are taken.
func (s *State) install(order <-chan *parcel, failed chan<- struct{}) error {
	var err error
	var run []any
	var kind uint8
	for p := range order {
		l := <-p.loaded
		if err != nil {
			continue
		}
		if p.kind != kind {
			err = s.tables[kind].install(run)
			kind, run = p.kind, nil
		}
		run = append(run, l.rows)
		if err == nil && (l.err != nil || !s.tables[kind].gathers()) {
			err = cmp.Or(s.tables[kind].install(run), l.err)
			run = nil
		}
		if err != nil {
			close(failed)
		}
	}
	if err == nil {
		err = s.tables[kind].install(run)
	}
	return err
}

// loadedRow is a record of a table that was read and is not in the table yet.
type loadedRow[V any] struct {
	key string
	row row[V]
}

// read reads the records of a parcel. Their bytes themselves enter the digest, so that no other bytes can stand for them.
func (t *table[V]) read(p *parcel, texts *texts) loaded {
	rows := make([]loadedRow[V], 0, len(p.ends))
	for body := range p.bodies() {
		var k keyed[V]
		if err := decode(body, &k, texts); err != nil {
			return loaded{rows, fmt.Errorf("record of kind %s: %w", t.name, err)}
		}
		if k.Value == nil {
			return loaded{rows, fmt.Errorf("record of kind %s: read no value for %q", t.name, k.Key)}
		}
		hash := recordHash(t.name, body)
		p.sum.Add(hash)
		rows = append(rows, loadedRow[V]{k.Key, row[V]{k.Value, hash}})
	}
	return loaded{rows: rows}
}

// gathers is true, since a map that knows its size never has to grow.
func (t *table[V]) gathers() bool { return true }

func (t *table[V]) install(run []any) error {
	if t.count == 0 {
		records := 0
		for _, rows := range run {
			records += len(rows.([]loadedRow[V]))
		}
		t.rows = make(map[string]row[V], records)
	}
	for _, rows := range run {
		for _, r := range rows.([]loadedRow[V]) {
			if _, ok := t.rows[r.key]; ok {
				return fmt.Errorf("record of kind %s: read %q twice", t.name, r.key)
			}
			t.rows[r.key] = r.row
			t.count++
			t.link(r.key, r.row.value)
		}
	}
	return nil
}

// read reads the records of a parcel, as a table does.
func (t *list[V]) read(p *parcel, texts *texts) loaded {
	rows := make([]numbered[V], 0, len(p.ends))
	for body := range p.bodies() {
		rows = rows[:len(rows)+1]
		n := &rows[len(rows)-1]
		if err := decode(body, n, texts); err != nil {
			return loaded{rows[:len(rows)-1], fmt.Errorf("record of kind %s: %w", t.name, err)}
		}
		p.sum.Add(recordHash(t.name, body))
	}
	return loaded{rows: rows}
}

func (t *list[V]) gathers() bool { return false }

func (t *list[V]) install(run []any) error {
	for _, rows := range run {
		for i := range rows.([]numbered[V]) {
			n := &rows.([]numbered[V])[i]
			if n.Number != uint64(t.len()) {
				return fmt.Errorf("record of kind %s: read number %d; expected %d", t.name, n.Number, t.len())
			}
			t.add(n.Value)
		}
	}
	t.settled = t.len()
	return nil
}

// decode reads a record: quickly, when it is one of those that a state holds most of, or else in the general way.
func decode(body []byte, record any, texts *texts) error {
	if quick, ok := record.(quick); ok && quick.readQuickly(body, texts) {
		return nil
	}
	return cbor.Unmarshal(body, record)
}
