package index

import (
	"cmp"
	"math"
	"math/bits"
	"runtime"
	"slices"

	"parley/geo"
)

// source is a run being read along the Hilbert curve.
type source struct {
	*run
	order []uint32 // of a head: its entries of the family by key; nil when they are sorted already
	next  int
	end   int
	key   uint64 // of the next entry
	names names
}

// names are the numbers that the volumes of a run have in the merged one, from 1 on: 0 while a volume has none.
type names []uint32

const leftOut = math.MaxUint32 // it died before, or is of the other family

// of returns the new number of a volume, if it has one.
func (n names) of(old int) (number int, ok bool) {
	number = int(n[old]) - 1
	return number, number >= 0 && number < leftOut-1
}

// breath is how many entries a merge reads before it lets others have the processor: some tenths of a millisecond. Else a query that the scheduler
// has put aside for a merge waits ten milliseconds.
const breath = 1024

// merge builds a frozen run of the living volumes of one family from others, which it does not change. It returns for each of those the new
// numbers of its volumes.
func merge(permanent, ending bool, from ...*run) (out *run, renamed []names) {
	out = &run{permanent: permanent, frozen: true, deaths: new(deaths)}
	var sources []*source
	for _, r := range from {
		sources = append(sources, newSource(r, permanent))
	}
	out.room(from)
	for n := 1; ; n++ {
		var first *source
		for _, s := range sources {
			if s.next < s.end && (first == nil || s.key < first.key) {
				first = s
			}
		}
		if first == nil {
			break
		}
		out.take(first)
		if n%breath == 0 {
			runtime.Gosched()
		}
	}
	for _, s := range sources {
		s.rest(out)
		renamed = append(renamed, s.names)
	}
	out.plant()
	if ending && !permanent {
		out.sortEnds()
	}
	return out, renamed
}

// room makes room for all that lives in the runs.
func (r *run) room(from []*run) {
	var entries, volumes, spots int
	for _, f := range from {
		living := 0
		for n := range f.volumes {
			if f.joins(n, r.permanent) {
				living++
			}
		}
		if living > 0 {
			share := float64(living) / float64(len(f.volumes))
			entries += int(share * float64(len(f.entries)))
			volumes += living
			spots += int(share * float64(len(f.spots)))
		}
	}
	r.reserve(entries, volumes, spots)
}

// joins reports whether a volume lives and is of a family.
func (r *run) joins(number int, permanent bool) bool {
	return (r.windows[number].To == geo.Forever) == permanent && r.diedAt(number) == 0
}

func newSource(r *run, permanent bool) *source {
	s := &source{run: r, end: len(r.entries), names: make(names, len(r.volumes))}
	if !r.frozen {
		s.sort(permanent)
	}
	s.step()
	return s
}

// sort puts the entries of a head that are of a family in order. A word holds key and place of one: the last bits of the key, which tell a metre apart, give way.
func (s *source) sort(permanent bool) {
	room := bits.Len(uint(len(s.entries)))
	spare := max(0, keyBits+room-64)
	words := make([]ID, 0, len(s.entries))
	for i := range s.entries {
		if s.joins(s.entries[i].volume(), permanent) {
			words = append(words, ID(key(&s.entries[i].box)>>spare<<room|uint64(i)))
		}
	}
	words, _ = sortIDs(words, nil)
	s.order, s.end = make([]uint32, len(words)), len(words)
	for i, w := range words {
		s.order[i] = uint32(w & (1<<room - 1))
	}
}

// at returns the entry that comes next.
func (s *source) at() int {
	if s.order != nil {
		return int(s.order[s.next])
	}
	return s.next
}

// step makes the next entry's key ready.
func (s *source) step() {
	if s.next < s.end {
		s.key = key(&s.entries[s.at()].box)
	}
}

// take moves the next entry of a source, and with the first entry of a volume the volume.
func (r *run) take(s *source) {
	i := s.at()
	s.next++
	s.step()
	old := s.entries[i].volume()
	if s.names[old] == 0 {
		if s.joins(old, r.permanent) {
			s.names[old] = r.adopt(s.run, old) + 1
		} else {
			s.names[old] = leftOut
		}
	}
	number, ok := s.names.of(old)
	if !ok {
		return
	}
	e := s.entries[i]
	e.owner = e.owner&^owner | uint32(number)
	e.first += r.volumes[number].first - s.volumes[old].first
	r.entries = append(r.entries, e)
}

// adopt copies a volume and returns its number.
func (r *run) adopt(from *run, old int) uint32 {
	v := from.volumes[old]
	if at := v.layout >> 3; at > 0 {
		v.layout = v.layout&7 | (uint32(len(r.layouts))+1)<<3
		r.layouts = append(r.layouts, layoutOf(from.layouts[at-1:], kinds[v.layout&7])...)
	}
	v.first = uint32(len(r.spots))
	r.spots = append(r.spots, from.spotsOf(old)...)
	r.ids = append(r.ids, from.ids[old])
	r.windows = append(r.windows, from.windows[old])
	r.volumes = append(r.volumes, v)
	return uint32(len(r.volumes) - 1)
}

// layoutOf returns the layout at the start of a list of layouts.
func layoutOf(all []uint32, kind geo.Kind) []uint32 {
	if kind == geo.LineString || kind == geo.MultiLineString {
		return all[:1+all[0]]
	}
	n := 1
	for range all[0] {
		n += 1 + int(all[n])
	}
	return all[:n]
}

// rest adopts the living volumes that have no entry because they have no position.
func (s *source) rest(out *run) {
	for n := range s.volumes {
		if s.names[n] == 0 && s.joins(n, out.permanent) {
			s.names[n] = out.adopt(s.run, n) + 1
		}
	}
}

// plant builds the tree above the entries.
func (r *run) plant() {
	r.groups = around(len(r.entries), r.boxAt)
	r.levels = grow(r.groups)
}

// sortEnds lists the volumes that end by their end.
func (r *run) sortEnds() {
	if r.permanent {
		return
	}
	r.ending = make([]uint32, len(r.windows))
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range r.windows {
		first, last = min(first, r.windows[i].To), max(last, r.windows[i].To)
	}
	if first < 0 || last-first >= 1<<(64-numberBits) {
		for i := range r.ending {
			r.ending[i] = uint32(i)
		}
		slices.SortFunc(r.ending, func(a, b uint32) int {
			return cmp.Or(cmp.Compare(r.windows[a].To, r.windows[b].To), cmp.Compare(a, b))
		})
		return
	}
	// Ends within four years of one another, as they are in life, fit one word with the number: ten times as fast.
	words := make([]ID, len(r.windows))
	for i := range r.windows {
		words[i] = ID(r.windows[i].To-first)<<numberBits | ID(i)
	}
	words, _ = sortIDs(words, nil)
	for i, w := range words {
		r.ending[i] = uint32(w & (1<<numberBits - 1))
	}
}
