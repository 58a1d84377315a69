package channel

import (
	"encoding/binary"

	"parley"
)

// places finds the position of an outcome by a hash that stands in it. What it keeps of a hash is its first eight bytes, since the outcome has
// all of it: a third of the memory of a map by whole hashes. Hashes that begin alike, which can only be so on purpose, are kept whole.
type places struct {
	first map[uint64]uint64 // beginning of a hash → position
	alike map[parley.Hash]uint64
	in    func(position uint64, h parley.Hash) bool // whether a hash stands in the outcome at a position
}

func newPlaces(in func(uint64, parley.Hash) bool, hashes int) places {
	return places{first: make(map[uint64]uint64, hashes), in: in}
}

// of returns the position of the first outcome in which a hash stands.
func (p *places) of(h parley.Hash) (position uint64, ok bool) {
	position, ok = p.first[beginning(h)]
	if ok && !p.in(position, h) {
		position, ok = p.alike[h]
	}
	return position, ok
}

// note keeps where a hash stands, unless it stands in an earlier outcome.
func (p *places) note(h parley.Hash, position uint64) {
	if _, ok := p.of(h); ok {
		return
	}
	if _, taken := p.first[beginning(h)]; !taken {
		p.first[beginning(h)] = position
		return
	}
	if p.alike == nil {
		p.alike = map[parley.Hash]uint64{}
	}
	p.alike[h] = position
}

func beginning(h parley.Hash) uint64 { return binary.BigEndian.Uint64(h[:]) }
