package main

import (
	"runtime"
	"slices"
	"time"

	"parley/index"
	"parley/internal/workload"
)

// postGIS puts the same queries to PostGIS, on the ellipsoid and on a flat map, and compares the answers with parley's.
func (b *bench) postGIS(own [][]index.ID) error {
	c, err := workload.DialPostGIS(b.ctx, b.cmd.PostGIS)
	if err != nil {
		return err
	}
	defer c.Close(b.ctx)
	if err := workload.LoadPostGIS(b.ctx, c, b.items); err != nil {
		return err
	}
	var most int32
	for i := range b.items {
		most = max(most, b.items[i].Volume.Buffer)
	}
	geography, err := workload.Geography(b.ctx, c)
	if err != nil {
		return err
	}
	if err := b.comparePostGIS("PostGIS geography", geography, most, own); err != nil {
		return err
	}
	planar, err := workload.Planar(b.ctx, c)
	if err != nil {
		return err
	}
	return b.comparePostGIS("PostGIS on a flat map", planar, most, own)
}

func (b *bench) comparePostGIS(name string, p *workload.PostGIS, most int32, own [][]index.ID) error {
	best := make([]time.Duration, len(b.queries))
	asked := make([]workload.Question, len(b.queries))
	for i := range b.queries {
		var err error
		if asked[i], err = p.Ask(b.ctx, &b.queries[i], most); err != nil {
			return err
		}
	}
	results, missing, extra := 0, 0, 0
	var ids []uint64
	runtime.GC()
	for round := range min(3, b.cmd.Rounds) {
		for i := range b.queries {
			began := time.Now()
			var err error
			if ids, err = p.Find(b.ctx, asked[i], ids[:0]); err != nil {
				return err
			}
			took := time.Since(began)
			if round > 0 {
				best[i] = min(best[i], took)
				continue
			}
			best[i] = took
			results += len(ids)
			for _, id := range own[i] {
				if _, ok := slices.BinarySearch(ids, uint64(id)); !ok {
					missing++
				}
			}
			for _, id := range ids {
				if _, ok := slices.BinarySearch(own[i], index.ID(id)); !ok {
					extra++
				}
			}
		}
	}
	f := newFigure(name, best, results)
	b.lines = append(b.lines, f)
	bytes, err := p.Bytes(b.ctx)
	if err != nil {
		return err
	}
	b.note("%s: %d conflicts of parley's missing, %d more; %.0f bytes a volume; mean %.0f times parley's", name, missing, extra, float64(bytes)/float64(b.count), f.Mean/b.compacted().Mean)
	return nil
}

// compacted returns the figure that others are compared with.
func (b *bench) compacted() figure {
	at := slices.IndexFunc(b.lines, func(f figure) bool { return f.Name == compactedLine })
	return b.lines[at]
}

const compactedLine = "parley, compacted"
