package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/google/renameio/v2"

	"parley/geo"
	"parley/index"
	"parley/internal/workload"
)

// source is where volumes and queries come from: files, or a scene.
type source struct {
	volumes func(n int) iter.Seq2[workload.Item, error]
	queries func() iter.Seq2[workload.Item, error]
}

func (c *benchIndexCmd) source() (source, error) {
	if c.Volumes == "" {
		scene, err := workload.SceneNamed(cmp.Or(c.Scene, commonScene))
		return source{scene.Volumes, func() iter.Seq2[workload.Item, error] { return scene.Queries(cmp.Or(c.Asked, commonAsked)) }}, err
	}
	return source{
		func(int) iter.Seq2[workload.Item, error] { return fileItems(c.Volumes) },
		func() iter.Seq2[workload.Item, error] { return fileItems(c.Queries) },
	}, nil
}

func fileItems(path string) iter.Seq2[workload.Item, error] {
	return func(yield func(workload.Item, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(workload.Item{}, err)
			return
		}
		defer f.Close()
		for it, err := range workload.Read(f) {
			if err != nil {
				err = fmt.Errorf("%s, %w", path, err)
			}
			if !yield(it, err) {
				return
			}
		}
	}
}

func (s source) allQueries() ([]workload.Item, error) {
	var out []workload.Item
	for it, err := range s.queries() {
		if err != nil {
			return nil, err
		}
		out = append(out, it)
	}
	return out, nil
}

// writerItems is how many volumes are kept for the one who writes while queries run.
const writerItems = 200_000

// load fills a new index, some thousand volumes at a time, so that only filling it is timed. Nothing else of the volumes is kept: what is in use
// afterwards is the index.
func (b *bench) load() error {
	b.names, b.items, b.index = nil, nil, nil
	b.empty = liveHeap()
	x := index.New()
	x.Expire(0) // so that what expiry needs is made, and counted, from the start
	var took time.Duration
	var chunk []geo.Volume
	count := 0
	put := func() {
		began := time.Now()
		for _, v := range chunk {
			x.Put(index.ID(count), v)
			count++
		}
		took += time.Since(began)
		clear(chunk)
		chunk = chunk[:0]
	}
	for it, err := range b.source.volumes(b.size) {
		if err != nil {
			return err
		}
		if chunk = append(chunk, it.Volume); len(chunk) == 10_000 {
			put()
		}
		if count+len(chunk) == b.size {
			break
		}
	}
	put()
	if count == 0 {
		return fmt.Errorf("%s: read no volume, expected one a line", b.cmd.Volumes)
	}
	if count < b.size {
		b.note("asked for, %d are there", count)
	}
	b.size, b.index = count, x
	b.note("put at %.0f a second", float64(count)/took.Seconds())
	return nil
}

// bytes returns how much of memory a volume takes now, everything in.
func (b *bench) bytes() float64 { return float64(liveHeap()-b.empty) / float64(max(1, b.size)) }

// keep reads the volumes once more and keeps what the results, the writer and other engines need of them.
func (b *bench) keep() error {
	names, all := b.cmd.Results != "" && b.last, b.cmd.PostGIS != "" || b.cmd.Tile38 != "" || b.cmd.API
	if !names && !all && !b.cmd.Busy {
		return nil
	}
	count := 0
	for it, err := range b.source.volumes(b.size) {
		if err != nil {
			return err
		}
		if names {
			b.names = append(b.names, it.ID)
		}
		switch {
		case all:
			b.items = append(b.items, it)
		case b.cmd.Busy && len(b.items) < writerItems:
			b.items = append(b.items, workload.Item{Volume: it.Volume})
		}
		if count++; count == b.size {
			break
		}
	}
	return nil
}

// liveHeap returns the bytes that are in use once garbage is collected; pools give their memory back at the second collection.
func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// conflictsOf is one line of the file of results.
type conflictsOf struct {
	Query     string   `json:"query"`
	Conflicts []string `json:"conflicts"`
}

// writeResults writes the answers with the names of the files, the names of each line sorted.
func (b *bench) writeResults(answers [][]index.ID) error {
	out, err := renameio.NewPendingFile(b.cmd.Results, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer out.Cleanup()
	w := bufio.NewWriter(out)
	lines := json.NewEncoder(w)
	for i, ids := range answers {
		line := conflictsOf{Query: b.queries[i].ID, Conflicts: []string{}}
		for _, id := range ids {
			line.Conflicts = append(line.Conflicts, b.names[id])
		}
		slices.Sort(line.Conflicts)
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.CloseAtomicallyReplace()
}
