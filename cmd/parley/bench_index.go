package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/google/renameio/v2"

	"parley/geo"
	"parley/index"
	"parley/internal/workload"
)

type benchIndexCmd struct {
	Volumes string `required:"" type:"existingfile" placeholder:"FILE" help:"Volumes, one JSON object a line: id, geometry (GeoJSON), buffer_m, alt_lower, alt_upper, t_start, t_end (seconds)."`
	Queries string `required:"" type:"existingfile" placeholder:"FILE" help:"Queries, written alike."`
	Results string `placeholder:"FILE" help:"Write for each query a line with its id and the sorted ids of the volumes in conflict."`
	Limit   int    `placeholder:"N" help:"Take the first N volumes only."`
	Rounds  int    `default:"5" help:"How often each query is asked; its least time counts."`
	PostGIS string `name:"postgis" placeholder:"DSN" help:"A PostgreSQL database with PostGIS, in which tables are made and dropped. It gets the same volumes and queries."`
}

// Run implements parley bench index.
func (c *benchIndexCmd) Run(a *app) error {
	queries, err := readWorkload(c.Queries)
	if err != nil {
		return err
	}
	b := &bench{app: a, cmd: c, queries: queries}
	if err := b.load(); err != nil {
		return err
	}
	b.measure("parley, as inserted", b.find)
	b.measure("parley, yes or no", b.any)
	began := time.Now()
	b.index.Compact()
	b.note("compacted in %.2f s", time.Since(began).Seconds())
	own := b.measure(compactedLine, b.find)
	b.measure("parley, compacted, yes or no", b.any)
	if c.Results != "" {
		if err := b.writeResults(own); err != nil {
			return err
		}
	}
	if c.PostGIS != "" {
		if err := b.postGIS(own); err != nil {
			return err
		}
	}
	return b.print()
}

// readWorkload reads a file of volumes whole.
func readWorkload(path string) ([]workload.Item, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	items, err := workload.All(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return items, nil
}

// bench is one run of parley bench index.
type bench struct {
	*app
	cmd     *benchIndexCmd
	queries []workload.Item
	index   *index.Index
	count   int             // volumes
	names   []string        // by number, when they are asked for
	items   []workload.Item // by number, when another engine gets them too
	lines   []figure
	notes   []string
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// load fills the index from the file, some thousand volumes at a time, so that only filling it is timed.
func (b *bench) load() error {
	f, err := os.Open(b.cmd.Volumes)
	if err != nil {
		return err
	}
	defer f.Close()
	before := liveHeap()
	x := index.New()
	var took time.Duration
	var chunk []geo.Volume
	put := func() {
		began := time.Now()
		for _, v := range chunk {
			x.Put(index.ID(b.count), v)
			b.count++
		}
		took += time.Since(began)
		chunk = chunk[:0]
	}
	keep := b.cmd.PostGIS != ""
	for it, err := range workload.Read(bufio.NewReaderSize(f, 1<<20)) {
		if err != nil {
			return fmt.Errorf("%s: %w", b.cmd.Volumes, err)
		}
		if chunk = append(chunk, it.Volume); len(chunk) == 10_000 {
			put()
		}
		if b.cmd.Results != "" {
			b.names = append(b.names, it.ID)
		}
		if keep {
			b.items = append(b.items, it)
		}
		if b.cmd.Limit > 0 && b.count+len(chunk) == b.cmd.Limit {
			break
		}
	}
	put()
	chunk = nil
	b.index = x
	b.note("%d volumes put at %.0f a second", b.count, float64(b.count)/took.Seconds())
	if b.names == nil && b.items == nil {
		b.note("%.0f bytes a volume, everything in", float64(liveHeap()-before)/float64(b.count))
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

func (b *bench) find(i int) []index.ID { return b.index.Find(b.queries[i].Volume) }

func (b *bench) any(i int) []index.ID {
	if b.index.Any(b.queries[i].Volume) {
		return []index.ID{0}
	}
	return nil
}

// measure asks every query the given number of times and keeps each one's least time. It returns the answers.
func (b *bench) measure(name string, ask func(int) []index.ID) [][]index.ID {
	answers := make([][]index.ID, len(b.queries))
	best := make([]time.Duration, len(b.queries))
	results := 0
	runtime.GC()
	for round := range b.cmd.Rounds {
		for i := range b.queries {
			began := time.Now()
			found := ask(i)
			took := time.Since(began)
			if round == 0 {
				answers[i], best[i] = found, took
				results += len(found)
			}
			best[i] = min(best[i], took)
		}
	}
	b.lines = append(b.lines, newFigure(name, best, results))
	return answers
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

// print writes the figures side by side.
func (b *bench) print() error {
	if b.JSON {
		return json.NewEncoder(b.out).Encode(struct {
			Figures []figure `json:"figures"`
			Notes   []string `json:"notes"`
		}{b.lines, b.notes})
	}
	return printFigures(b.out, b.lines, b.notes)
}

func printFigures(out io.Writer, lines []figure, notes []string) error {
	fmt.Fprintf(out, "%-34s %10s %10s %10s %10s %10s %10s\n", "microseconds a query", "p50", "mean", "p99", "a result", "results", "queries/s")
	for _, f := range lines {
		fmt.Fprintf(out, "%-34s %10.1f %10.1f %10.1f %10.2f %10d %10.0f\n", f.Name, f.P50, f.Mean, f.P99, f.PerResult, f.Results, f.PerSecond)
	}
	for _, n := range notes {
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
	}
	return nil
}
