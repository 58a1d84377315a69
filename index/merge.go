package index

import (
	"cmp"
	"math"
	"slices"

	"parley/geo"
)

// source is a run being read along the Hilbert curve.
type source struct {
	*run
	keys    []uint64
	order   []uint32 // entries by key; nil when they are sorted already
	next    int
	renamed []uint32 // the number each volume has in the merged run
}

const (
	unnamed = ^uint32(0)
	left    = unnamed - 1 // it died before, or is of the other family
)

// merge builds a frozen run of the living volumes of one family from others, which it does not change. It returns for each of those the new
// numbers of its volumes.
func merge(permanent, ending bool, from ...*run) (out *run, renamed [][]uint32) {
	out = &run{permanent: permanent, frozen: true, deaths: new(deaths)}
	var sources []*source
	for _, r := range from {
		sources = append(sources, newSource(r))
	}
	out.reserve(from)
	for {
		var first *source
		for _, s := range sources {
			if s.next < len(s.keys) && (first == nil || s.key() < first.key()) {
				first = s
			}
		}
		if first == nil {
			break
		}
		out.take(first)
	}
	for _, s := range sources {
		s.rest(out)
		renamed = append(renamed, s.renamed)
	}
	out.plant()
	if ending && !permanent {
		out.sortEnds()
	}
	return out, renamed
}

// reserve makes room for all that lives in the runs.
func (r *run) reserve(from []*run) {
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
	r.entries, r.parts = make([]entry, 0, entries), make([]part, 0, entries)
	r.ids, r.volumes = make([]ID, 0, volumes), make([]volume, 0, volumes)
	r.spots = make([]geo.Position, 0, spots)
}

// joins reports whether a volume lives and is of a family.
func (r *run) joins(number int, permanent bool) bool {
	return (r.volumes[number].window.To == geo.Forever) == permanent && r.diedAt(number) == 0
}

func newSource(r *run) *source {
	s := &source{run: r, keys: make([]uint64, len(r.entries)), renamed: make([]uint32, len(r.volumes))}
	for i := range r.entries {
		s.keys[i] = key(&r.entries[i].box)
	}
	for i := range s.renamed {
		s.renamed[i] = unnamed
	}
	if !r.frozen {
		s.order = make([]uint32, len(s.keys))
		for i := range s.order {
			s.order[i] = uint32(i)
		}
		slices.SortFunc(s.order, func(a, b uint32) int { return cmp.Or(cmp.Compare(s.keys[a], s.keys[b]), cmp.Compare(a, b)) })
	}
	return s
}

// at returns the entry that comes next.
func (s *source) at() int {
	if s.order != nil {
		return int(s.order[s.next])
	}
	return s.next
}

func (s *source) key() uint64 { return s.keys[s.at()] }

// take moves the next entry of a source, and with the first entry of a volume the volume.
func (r *run) take(s *source) {
	i := s.at()
	s.next++
	old := s.entries[i].volume()
	v := &s.volumes[old]
	if s.renamed[old] == unnamed {
		if !s.joins(old, r.permanent) {
			s.renamed[old] = left
		} else {
			s.renamed[old] = r.adopt(s.run, old)
		}
	}
	if s.renamed[old] == left {
		return
	}
	number := s.renamed[old]
	p := s.parts[i]
	p.first += r.volumes[number].first - v.first
	r.entries = append(r.entries, entry{s.entries[i].box, s.entries[i].owner&^owner | number})
	r.parts = append(r.parts, p)
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
		if s.renamed[n] == unnamed && s.joins(n, out.permanent) {
			s.renamed[n] = out.adopt(s.run, n)
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
	r.ending = make([]uint32, len(r.volumes))
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range r.volumes {
		first, last = min(first, r.volumes[i].window.To), max(last, r.volumes[i].window.To)
	}
	if first < 0 || last-first >= 1<<(64-numberBits) {
		for i := range r.ending {
			r.ending[i] = uint32(i)
		}
		slices.SortFunc(r.ending, func(a, b uint32) int {
			return cmp.Or(cmp.Compare(r.volumes[a].window.To, r.volumes[b].window.To), cmp.Compare(a, b))
		})
		return
	}
	// Ends within four years of one another, as they are in life, fit one word with the number: ten times as fast.
	words := make([]ID, len(r.volumes))
	for i := range r.volumes {
		words[i] = ID(r.volumes[i].window.To-first)<<numberBits | ID(i)
	}
	words, _ = sortIDs(words, nil)
	for i, w := range words {
		r.ending[i] = uint32(w & (1<<numberBits - 1))
	}
}
