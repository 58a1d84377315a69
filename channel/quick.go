package channel

import (
	"encoding/binary"
	"math"

	"parley"
	"parley/duty"
	"parley/proof"
)

// Of the records of a state four in five are notices, outcomes and deadlines. They are read here by hand, three times as fast as by
// reflection and with texts that are shared. What is not exactly as expected is left to the general decoder, which alone says what is wrong:
// whatever is read here, it reads the same (FuzzQuickRecordsAreReadTheSame).

// quick is a record that can be read by hand.
type quick interface {
	// readQuickly reads body, or reports false: then the record is worth nothing.
	readQuickly(body []byte, texts *texts) bool
}

func (k *keyed[V]) readQuickly(body []byte, texts *texts) bool {
	if !isQuick[V]() {
		return false
	}
	r := hand{rest: body, texts: texts}
	r.array(2)
	k.Key, k.Value = string(r.bytes(textType)), new(V)
	r.value(k.Value)
	if d, ok := any(k.Value).(*duty.Deadline); ok && len(d.Ref) < len(k.Key) && d.Ref == k.Key[:len(d.Ref)] {
		d.Ref = k.Key[:len(d.Ref)] // a deadline's key begins with it
	}
	if !r.done() {
		*k = keyed[V]{}
		return false
	}
	return true
}

func (n *numbered[V]) readQuickly(body []byte, texts *texts) bool {
	if !isQuick[V]() {
		return false
	}
	r := hand{rest: body, texts: texts}
	r.array(2)
	n.Number = r.uint()
	r.value(&n.Value)
	if !r.done() {
		*n = numbered[V]{}
		return false
	}
	return true
}

func isQuick[V any]() bool {
	switch any((*V)(nil)).(type) {
	case *parley.Notice, *parley.Outcome, *duty.Deadline:
		return true
	}
	return false
}

func (r *hand) value(v any) {
	switch v := v.(type) {
	case *parley.Notice:
		r.notice(v)
	case *parley.Outcome:
		r.outcome(v)
	case *duty.Deadline:
		r.deadline(v)
	}
}

func (r *hand) notice(n *parley.Notice) {
	r.array(11)
	n.Number = r.uint()
	n.To = parley.Ref(r.text())
	n.Kind = parley.NoticeKind(r.text())
	n.Object = parley.Ref(r.text())
	n.Version = int(r.int())
	n.Other = parley.Ref(r.text())
	n.Due = r.int()
	n.At = r.int()
	n.Position = r.uint()
	n.Urgent = r.bool()
	n.Count = int(r.int())
}

func (r *hand) outcome(o *parley.Outcome) {
	r.array(11)
	o.Position = r.uint()
	r.hash(&o.Name)
	o.At = r.int()
	o.Kind = parley.CommandKind(r.text())
	o.Code = parley.OutcomeCode(r.text())
	o.First = r.uint()
	o.Ref = parley.Ref(r.text())
	o.Account = parley.Ref(r.text())
	o.By = parley.Ref(r.text())
	o.Told = parley.Channel(r.text())
	if r.null() {
		return
	}
	count := r.head(arrayType)
	if count > uint64(len(r.rest)) { // each takes a byte at least
		r.bad = true
		return
	}
	o.Payloads = make([]parley.Commitment, count)
	for i := range o.Payloads {
		r.hash(&o.Payloads[i].Hash)
	}
}

func (r *hand) deadline(d *duty.Deadline) {
	r.array(4)
	d.Due = r.int()
	d.Ref = r.text()
	d.Kind = r.text()
	d.Arg = r.text()
}

// The major types of CBOR (RFC 8949 section 3.1) that are read here.
const (
	uintType     = 0
	negativeType = 1
	bytesType    = 2
	textType     = 3
	arrayType    = 4
)

// hand reads the items of a body one by one. Once something is not as expected it is bad, and stays so.
type hand struct {
	rest  []byte
	bad   bool
	texts *texts
}

// done reports whether all was as expected and nothing is left.
func (r *hand) done() bool { return !r.bad && len(r.rest) == 0 }

// item reads the head of an item.
func (r *hand) item() (kind byte, argument uint64) {
	if len(r.rest) == 0 {
		r.bad = true
		return 0, 0
	}
	kind, info := r.rest[0]>>5, r.rest[0]&31
	r.rest = r.rest[1:]
	if info < 24 {
		return kind, uint64(info)
	}
	if info > 27 || len(r.rest) < 1<<(info-24) {
		r.bad = true
		return 0, 0
	}
	switch info {
	case 24:
		argument = uint64(r.rest[0])
	case 25:
		argument = uint64(binary.BigEndian.Uint16(r.rest))
	case 26:
		argument = uint64(binary.BigEndian.Uint32(r.rest))
	case 27:
		argument = binary.BigEndian.Uint64(r.rest)
	}
	r.rest = r.rest[1<<(info-24):]
	return kind, argument
}

// head reads the head of an item of a type.
func (r *hand) head(want byte) uint64 {
	kind, argument := r.item()
	if kind != want {
		r.bad = true
	}
	return argument
}

func (r *hand) array(of uint64) {
	if r.head(arrayType) != of {
		r.bad = true
	}
}

func (r *hand) uint() uint64 { return r.head(uintType) }

func (r *hand) int() int64 {
	kind, argument := r.item()
	if argument > math.MaxInt64 {
		r.bad = true
	}
	switch kind {
	case uintType:
		return int64(argument)
	case negativeType:
		return -1 - int64(argument)
	}
	r.bad = true
	return 0
}

// bytes reads a string of bytes, or of ASCII: in other texts the general decoder looks for faults.
func (r *hand) bytes(kind byte) []byte {
	size := r.head(kind)
	if r.bad || size > uint64(len(r.rest)) {
		r.bad = true
		return nil
	}
	b := r.rest[:size]
	r.rest = r.rest[size:]
	if kind == textType {
		for _, c := range b {
			if c >= 0x80 {
				r.bad = true
			}
		}
	}
	return b
}

// text reads a text that many records have.
func (r *hand) text() string { return r.texts.of(r.bytes(textType)) }

func (r *hand) hash(h *proof.Hash) {
	b := r.bytes(bytesType)
	if len(b) != len(h) {
		r.bad = true
		return
	}
	*h = proof.Hash(b)
}

func (r *hand) bool() bool {
	if len(r.rest) == 0 || r.rest[0] != 0xf4 && r.rest[0] != 0xf5 {
		r.bad = true
		return false
	}
	is := r.rest[0] == 0xf5
	r.rest = r.rest[1:]
	return is
}

func (r *hand) null() bool {
	if len(r.rest) == 0 || r.rest[0] != 0xf6 {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// texts remembers the texts that were read last, each in the one place where it may be: the references and kinds of one record are mostly
// those of the record before, and a text that many records share takes memory once. The zero value is ready; one goroutine uses it.
type texts [1 << 13]string

// of returns b as a string.
func (t *texts) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	var first, last uint64
	if len(b) >= 8 {
		first, last = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(b)-8:])
	} else {
		for _, c := range b {
			first = first<<8 | uint64(c)
		}
	}
	const odd = 0x9e3779b97f4a7c15 // 2^64 over the golden ratio: spreads over the upper bits
	place := &t[((first*odd^last)*odd+uint64(len(b)))*odd>>(64-13)]
	if *place != string(b) {
		*place = string(b)
	}
	return *place
}
