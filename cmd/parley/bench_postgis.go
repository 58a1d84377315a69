package main

import (
	"fmt"
	"slices"
	"time"

	"parley/index"
	"parley/internal/oracle"
	"parley/internal/workload"
)

// postGIS puts the same queries to PostGIS, on the ellipsoid and on a flat map, and compares the answers with parley's.
func (b *bench) postGIS(own [][]index.ID) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("--postgis: %w", err)
		}
	}()
	c, err := workload.DialPostGIS(b.ctx, b.cmd.PostGIS)
	if err != nil {
		return err
	}
	defer c.Close(b.ctx)
	began := time.Now()
	if err := workload.LoadPostGIS(b.ctx, c, b.items); err != nil {
		return err
	}
	copied := time.Since(began)
	var most int32
	for i := range b.items {
		most = max(most, b.items[i].Volume.Buffer)
	}
	began = time.Now()
	geography, err := workload.Geography(b.ctx, c)
	if err != nil {
		return err
	}
	b.note("%s: copied in %.1f s, made and indexed in %.1f s", geographyLine, copied.Seconds(), time.Since(began).Seconds())
	if err := b.comparePostGIS(geographyLine, geography, most, own); err != nil {
		return err
	}
	began = time.Now()
	planar, err := workload.Planar(b.ctx, c)
	if err != nil {
		return err
	}
	b.note("%s: widened and indexed in %.1f s", planarLine, time.Since(began).Seconds())
	return b.comparePostGIS(planarLine, planar, most, own)
}

func (b *bench) comparePostGIS(name string, p *workload.PostGIS, most int32, own [][]index.ID) error {
	asked := make([]workload.Question, len(b.queries))
	for i := range b.queries {
		var err error
		if asked[i], err = p.Ask(b.ctx, &b.queries[i], most); err != nil {
			return err
		}
	}
	found, err := b.try(name, b.cmd.Rounds, func(i int) ([]index.ID, error) {
		return workload.Find[index.ID](b.ctx, p, asked[i])
	})
	if err != nil {
		return err
	}
	bytes, err := p.Bytes(b.ctx)
	if err != nil {
		return err
	}
	b.lines[len(b.lines)-1].Bytes = float64(bytes) / float64(b.size)
	missing, extra := b.compare(name, own, found)
	if name == geographyLine && missing+extra > 0 {
		b.note("a slow oracle that shares no code with either says that parley is wrong about %d of these %d", b.wrong(own, found), missing+extra)
	}
	return nil
}

// compare notes how the newest figure and its answers compare with parley's.
func (b *bench) compare(name string, own, found [][]index.ID) (missing, extra int) {
	for i := range own {
		missing += len(without(own[i], found[i]))
		extra += len(without(found[i], own[i]))
	}
	b.note("%s: %d conflicts of parley's missing, %d more; mean %.0f times parley's", name, missing, extra, b.lines[len(b.lines)-1].Mean/b.rested().Mean)
	return missing, extra
}

// wrong counts the differences about which the oracle sides with the other engine.
func (b *bench) wrong(own, found [][]index.ID) (count int) {
	for i := range own {
		more := without(found[i], own[i])
		for _, id := range slices.Concat(without(own[i], found[i]), more) {
			v, q := &b.items[id].Volume, &b.queries[i].Volume
			if within := oracle.Distance(v.Shape, q.Shape) <= float64(v.Buffer)+float64(q.Buffer); within == slices.Contains(more, id) {
				count++
			}
		}
	}
	return count
}

// without returns the ids of one sorted list that are not in another.
func without(ids, others []index.ID) (out []index.ID) {
	for _, id := range ids {
		if _, ok := slices.BinarySearch(others, id); !ok {
			out = append(out, id)
		}
	}
	return out
}

const (
	geographyLine = "PostGIS geography"
	planarLine    = "PostGIS on a flat map"
)

// rested returns the figure that others are compared with.
func (b *bench) rested() figure {
	at := slices.IndexFunc(b.lines, func(f figure) bool { return f.Name == restedLine && f.Volumes == b.size })
	return b.lines[at]
}
