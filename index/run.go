package index

import (
	"sync/atomic"

	"parley/geo"
)

// run is a set of volumes. The head's grows; any other is frozen: sorted along the Hilbert curve, with a tree above its entries. Only deaths
// are added then. Everything lies in flat slices, in the order in which queries come by.
type run struct {
	name      uint32
	permanent bool // whether its volumes have no end
	frozen    bool

	entries []entry
	groups  []group      // of entries: all of a frozen run, in a head those that are full
	levels  [][]group    // of groups: levels[0] of those above, each other of the level before it, the last one a single root
	ids     []ID         // in the order of their first entry
	windows []geo.Window // beside ids, apart from volume, which it would round up to eight bytes
	volumes []volume     // beside ids
	spots   []geo.Position
	layouts []uint32 // see layout
	deaths  *deaths

	ending  []uint32 // numbers of volumes with an end, by their end; nil until the index has expired something
	expired int      // how many of ending Expire has passed; the writer's
	dead    int      // the writer's
	job     *job     // that merges it, or has; the writer's
	moving  bool     // whether where still names the runs that it was merged from; the writer's
}

// deaths are the changes that took the volumes of a run out: 0 for one that lives. There is no list before the first death.
type deaths struct{ list atomic.Pointer[[]uint64] }

// volume is what a run keeps of a geo.Volume besides positions and window.
type volume struct {
	band   geo.Band
	buffer int32
	first  uint32 // of its positions; they end where the next volume's begin
	layout uint32 // kind in the lower 3 bits; above, where its layout begins, counted from 1; 0 for a single line, ring or list of points
}

var kinds = [...]geo.Kind{"", geo.Point, geo.MultiPoint, geo.LineString, geo.MultiLineString, geo.Polygon, geo.MultiPolygon}

// reserve makes room.
func (r *run) reserve(entries, volumes, spots int) {
	r.entries = make([]entry, 0, entries)
	r.ids, r.windows, r.volumes = make([]ID, 0, volumes), make([]geo.Window, 0, volumes), make([]volume, 0, volumes)
	r.spots = make([]geo.Position, 0, spots)
}

// level grows by one each time the run is as large as mergeRatio of the level below.
func (r *run) level() int {
	n := 0
	for size := len(r.entries); size >= headEntries*mergeRatio; size /= mergeRatio {
		n++
	}
	return n
}

// diedAt returns the change that took a volume out, 0 while it lives.
func (r *run) diedAt(number int) uint64 {
	list := r.deaths.list.Load()
	if list == nil {
		return 0
	}
	return atomic.LoadUint64(&(*list)[number])
}

// bury marks a volume dead from a change on. The writer's.
func (r *run) bury(number int, change uint64) {
	list := r.deaths.list.Load()
	if list == nil {
		size := len(r.ids)
		if !r.frozen {
			size = headEntries // as many as it can come to hold
		}
		fresh := make([]uint64, size)
		list = &fresh
		r.deaths.list.Store(list)
	}
	atomic.StoreUint64(&(*list)[number], change)
	r.dead++
}

// add appends a volume to a head.
func (r *run) add(id ID, v *geo.Volume, c *cutter) {
	c.cut(v)
	number := uint32(len(r.ids))
	first := len(r.spots)
	r.spots = positions(r.spots, &v.Shape)
	bits := number
	if len(c.boxes) > 1 {
		bits |= multi
	}
	for _, p := range c.pieces {
		for _, b := range c.boxes[p.from:p.to] {
			r.entries = append(r.entries, entry{b, bits | p.bits, newPart(first+p.first, p.count, v.Buffer)})
		}
	}
	for full := len(r.groups) + 1; full*fanOut <= len(r.entries); full++ {
		r.groups = append(r.groups, newGroup((full-1)*fanOut, full*fanOut, r.boxAt))
	}
	r.ids = append(r.ids, id)
	r.windows = append(r.windows, v.Window)
	r.volumes = append(r.volumes, volume{
		band: v.Band, buffer: v.Buffer,
		first: uint32(first), layout: r.addLayout(&v.Shape),
	})
}

func (r *run) boxAt(i int) *box { return &r.entries[i].box }

// addLayout writes how the positions of a shape fall into lines and rings: the number of lines and their lengths; or the number of polygons, and for
// each the number of its rings and their lengths. It says nothing where there is only one.
func (r *run) addLayout(s *geo.Shape) uint32 {
	kind := uint32(0)
	for i, k := range kinds {
		if k == s.Kind {
			kind = uint32(i)
		}
	}
	if len(s.Lines)+len(s.Polygons) == 0 || len(s.Lines) == 1 || len(s.Polygons) == 1 && len(s.Polygons[0]) == 1 {
		return kind
	}
	at := uint32(len(r.layouts)) + 1
	if len(s.Lines) > 0 {
		r.layouts = append(r.layouts, uint32(len(s.Lines)))
		for _, line := range s.Lines {
			r.layouts = append(r.layouts, uint32(len(line)))
		}
		return kind | at<<3
	}
	r.layouts = append(r.layouts, uint32(len(s.Polygons)))
	for _, rings := range s.Polygons {
		r.layouts = append(r.layouts, uint32(len(rings)))
		for _, ring := range rings {
			r.layouts = append(r.layouts, uint32(len(ring)))
		}
	}
	return kind | at<<3
}

// spotsOf returns the positions of a volume.
func (r *run) spotsOf(number int) []geo.Position {
	end := len(r.spots)
	if number+1 < len(r.volumes) {
		end = int(r.volumes[number+1].first)
	}
	return r.spots[r.volumes[number].first:end]
}

// volume puts a volume together again.
func (r *run) volume(number int) geo.Volume {
	v := &r.volumes[number]
	out := geo.Volume{Buffer: v.buffer, Band: v.band, Window: r.windows[number]}
	out.Shape.Kind = kinds[v.layout&7]
	spots := append([]geo.Position(nil), r.spotsOf(number)...)
	if len(spots) == 0 {
		return out
	}
	take := func(n uint32) []geo.Position {
		head := spots[:n:n]
		spots = spots[n:]
		return head
	}
	var layout []uint32
	if at := v.layout >> 3; at > 0 {
		layout = r.layouts[at-1:]
	}
	next := func() uint32 {
		n := layout[0]
		layout = layout[1:]
		return n
	}
	switch out.Shape.Kind {
	case geo.Point, geo.MultiPoint:
		out.Shape.Points = spots
	case geo.LineString, geo.MultiLineString:
		if layout == nil {
			out.Shape.Lines = [][]geo.Position{spots}
			break
		}
		for range next() {
			out.Shape.Lines = append(out.Shape.Lines, take(next()))
		}
	case geo.Polygon, geo.MultiPolygon:
		if layout == nil {
			out.Shape.Polygons = [][]geo.Ring{{spots}}
			break
		}
		for range next() {
			var rings []geo.Ring
			for range next() {
				rings = append(rings, take(next()))
			}
			out.Shape.Polygons = append(out.Shape.Polygons, rings)
		}
	}
	return out
}
