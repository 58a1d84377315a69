package index

import (
	"slices"

	"parley/geo"
)

// fanOut is how many boxes lie under one box of a tree.
const fanOut = 16

// source is a run being read along the Hilbert curve.
type source struct {
	*run
	keys    []uint64
	order   []uint32 // entries by key; nil when they are sorted already
	next    int
	renamed []uint32 // the number each volume has in the merged run
}

const unnamed = ^uint32(0)

// merge builds a frozen run of the living volumes of one family from others, which it does not change.
func merge(permanent bool, from ...*run) *run {
	out := &run{permanent: permanent}
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
	}
	out.plant()
	out.sortEnds()
	return out
}

// reserve makes room for all that lives in the runs.
func (r *run) reserve(from []*run) {
	var entries, volumes, spots int
	for _, f := range from {
		if len(f.volumes) > 0 && (!f.frozen() || f.permanent == r.permanent) {
			share := float64(len(f.volumes)-f.dead) / float64(len(f.volumes))
			entries += int(share * float64(len(f.entries)))
			volumes += len(f.volumes) - f.dead
			spots += int(share * float64(len(f.spots)))
		}
	}
	r.entries, r.parts = make([]entry, 0, entries), make([]part, 0, entries)
	r.volumes, r.died = make([]volume, 0, volumes), make([]uint64, 0, volumes)
	r.spots = make([]geo.Position, 0, spots)
}

func newSource(r *run) *source {
	s := &source{run: r, keys: make([]uint64, len(r.entries)), renamed: make([]uint32, len(r.volumes))}
	for i := range r.entries {
		s.keys[i] = hilbert(&r.entries[i].box)
	}
	for i := range s.renamed {
		s.renamed[i] = unnamed
	}
	if !r.frozen() {
		s.order = make([]uint32, len(s.keys))
		for i := range s.order {
			s.order[i] = uint32(i)
		}
		slices.SortStableFunc(s.order, func(a, b uint32) int {
			if s.keys[a] < s.keys[b] {
				return -1
			} else if s.keys[a] > s.keys[b] {
				return 1
			}
			return 0
		})
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
	if s.died[old] != 0 || (v.window.To == geo.Forever) != r.permanent {
		return
	}
	if s.renamed[old] == unnamed {
		s.renamed[old] = r.adopt(s.run, old)
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
	r.volumes = append(r.volumes, v)
	r.died = append(r.died, 0)
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
		if s.renamed[n] == unnamed && s.died[n] == 0 && (s.volumes[n].window.To == geo.Forever) == out.permanent {
			s.renamed[n] = out.adopt(s.run, n)
		}
	}
}

// plant builds the tree above the entries.
func (r *run) plant() {
	r.levels = [][]box{above(len(r.entries), func(i int) *box { return &r.entries[i].box })}
	for {
		top := r.levels[len(r.levels)-1]
		if len(top) <= fanOut {
			return
		}
		r.levels = append(r.levels, above(len(top), func(i int) *box { return &top[i] }))
	}
}

func above(n int, at func(int) *box) []box {
	out := make([]box, 0, (n+fanOut-1)/fanOut)
	for i := range n {
		if i%fanOut == 0 {
			out = append(out, *at(i))
		} else {
			out[len(out)-1].extend(at(i))
		}
	}
	return out
}

// sortEnds lists the volumes that end by their end.
func (r *run) sortEnds() {
	if r.permanent {
		return
	}
	r.ending = make([]uint32, len(r.volumes))
	for i := range r.ending {
		r.ending[i] = uint32(i)
	}
	slices.SortFunc(r.ending, func(a, b uint32) int {
		if ta, tb := r.volumes[a].window.To, r.volumes[b].window.To; ta != tb {
			if ta < tb {
				return -1
			}
			return 1
		}
		return int(a) - int(b)
	})
}
