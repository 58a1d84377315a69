package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"parley/index"
	"parley/internal/workload"
)

type benchIndexCmd struct {
	Volumes string `type:"existingfile" placeholder:"FILE" help:"Volumes, one JSON object a line: id, geometry (GeoJSON), buffer_m, alt_lower, alt_upper, t_start, t_end (seconds since 1970). Without it a scene is laid out."`
	Queries string `type:"existingfile" placeholder:"FILE" help:"Queries, written alike."`
	Scene   string `placeholder:"NAME" help:"What to lay out: spread (the default), city, nation, north, same or minute. Each but the first is a thing that an index may be bad at."`
	Sizes   []int  `default:"100000" sep:"," placeholder:"N" help:"How many volumes, 100000 unless said otherwise; several, with commas, give a figure each, and a file is taken up to each."`
	Asked   int    `placeholder:"N" help:"How many queries of a scene; 2000 unless said otherwise."`
	Rounds  int    `default:"5" placeholder:"N" help:"How often each query is asked, 5 times unless said otherwise; its least time counts."`
	Results string `placeholder:"FILE" help:"Write for each query a line with its id and the sorted ids of the volumes in conflict, at the last size."`
	Picture string `placeholder:"FILE" help:"Draw the cost against the number of volumes as SVG."`
	Busy    bool   `help:"Measure also while volumes are put, taken out and expire."`
	Pace    int    `placeholder:"N" help:"With --busy: put N volumes a second. Without it, as many as it can."`
	HTTP    bool   `name:"http" help:"Measure also through HTTP over loopback, by one client. A handler of the bench's own does what an answer needs and no more: no sessions, no records, no journal."`
	API     bool   `name:"api" help:"Measure also through parley's own API: a node is filled with as many sites, by signed commands into a journal on disk, then asked what a line or zone meets, and for signed checks. It takes some minutes and GB for each 100000."`
	PostGIS string `name:"postgis" placeholder:"DSN" help:"A PostgreSQL database with PostGIS, in which tables are made and dropped. It gets the same volumes and queries."`
	Tile38  string `name:"tile38" placeholder:"ADDRESS" help:"A Tile38 server, as HOST:PORT or redis://:PASSWORD@HOST:PORT. It gets the same volumes and queries as polygons, under a key of their own that is dropped at the end."`
}

// Validate implements kong's check of flags that belong together. What would fail at the end, after an hour, fails here.
func (c *benchIndexCmd) Validate() error {
	if (c.Volumes == "") != (c.Queries == "") {
		return usage("--volumes and --queries come together")
	}
	if c.Volumes != "" && (c.Scene != "" || c.Asked != 0) {
		return usage("--scene and --asked lay out volumes and queries: leave them out with --volumes and --queries")
	}
	if c.Pace != 0 && !c.Busy {
		return usage("--pace belongs to --busy")
	}
	for _, f := range []struct {
		name  string
		value int
	}{{"--asked", cmp.Or(c.Asked, 1)}, {"--rounds", c.Rounds}, {"--sizes", slices.Min(append(c.Sizes, 1))}, {"--pace", cmp.Or(c.Pace, 1)}} {
		if f.value < 1 {
			return usage("%s: read %d, expected at least 1", f.name, f.value)
		}
	}
	for name, path := range map[string]string{"--results": c.Results, "--picture": c.Picture} {
		if info, err := os.Stat(filepath.Dir(path)); path != "" && (err != nil || !info.IsDir()) {
			return usage("%s: read %q, expected a file in a folder that is there", name, path)
		}
	}
	if c.Tile38 != "" {
		if _, err := workload.ParseTile38(c.Tile38); err != nil {
			return usage("--tile38: %v", err)
		}
	}
	if _, err := workload.SceneNamed(cmp.Or(c.Scene, commonScene)); err != nil {
		return usage("--scene: %v", err)
	}
	return nil
}

// What is laid out unless said otherwise.
const (
	commonScene = "spread"
	commonAsked = 2000
)

// Run implements parley bench index.
func (c *benchIndexCmd) Run(a *app) error {
	source, err := c.source()
	if err != nil {
		return err
	}
	b := &bench{app: a, cmd: c, source: source}
	if b.queries, err = source.allQueries(); err != nil {
		return err
	}
	if len(b.queries) == 0 {
		return fmt.Errorf("%s: read no query, expected one a line", c.Queries)
	}
	for i, n := range c.Sizes {
		b.size, b.last = n, i == len(c.Sizes)-1
		if err := b.run(); err != nil {
			return err
		}
	}
	if c.Picture != "" {
		if err := drawFigures(c.Picture, b.lines); err != nil {
			return err
		}
	}
	return b.print()
}

// bench is one run of parley bench index.
type bench struct {
	*app
	cmd     *benchIndexCmd
	source  source
	queries []workload.Item

	// Of the size that is being measured:
	size  int
	last  bool
	index *index.Index
	empty int64           // bytes in use before the index was filled
	names []string        // by number, when they are asked for
	items []workload.Item // by number: all when another engine gets them too, else some for the writer

	lines []figure
	notes []string
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf("%d volumes: ", b.size)+fmt.Sprintf(format, args...))
}

// stage says on standard error what begins: a run of a million volumes takes minutes, of which nothing else would be seen.
func (b *bench) stage(what string) { fmt.Fprintf(b.err, "%d volumes: %s\n", b.size, what) }

// run measures one size.
func (b *bench) run() error {
	b.stage("an index is filled and asked")
	if err := b.load(); err != nil {
		return err
	}
	defer b.index.Close()
	b.index.Wait()
	b.measure("parley, as inserted", b.bytes(), b.find)
	began := time.Now()
	b.index.Rest()
	b.index.Wait()
	b.note("in order after %.2f s of rest", time.Since(began).Seconds())
	own := b.measure(restedLine, b.bytes(), b.find)
	b.measure("parley, yes or no", 0, b.any)
	if err := b.keep(); err != nil {
		return err
	}
	if b.cmd.Results != "" && b.last {
		if err := b.writeResults(own); err != nil {
			return err
		}
	}
	if b.cmd.HTTP {
		b.stage("a bare handler is asked over HTTP")
		if err := b.overHTTP(own); err != nil {
			return err
		}
	}
	if b.cmd.PostGIS != "" {
		b.stage("PostGIS is filled and asked")
		if err := b.postGIS(own); err != nil {
			return err
		}
	}
	if b.cmd.Tile38 != "" {
		b.stage("Tile38 is filled and asked")
		if err := b.tile38(own); err != nil {
			return err
		}
	}
	if b.cmd.API {
		b.stage("a node is filled and asked through its API")
		if err := b.overAPI(); err != nil {
			return err
		}
	}
	if b.cmd.Busy {
		b.stage("the index is asked while it changes")
		b.busy()
	}
	return nil
}

// restedLine is the index as a node has it that had nothing to apply for some seconds.
const restedLine = "parley, rested"

func (b *bench) find(i int) ([]index.ID, error) { return b.index.Find(b.queries[i].Volume), nil }

func (b *bench) any(i int) ([]index.ID, error) {
	if b.index.Any(b.queries[i].Volume) {
		return []index.ID{0}, nil
	}
	return nil, nil
}

// measure asks every query the given number of times and keeps each one's least time. bytes is what a volume takes, if that was measured. It returns the answers.
func (b *bench) measure(name string, bytes float64, ask func(int) ([]index.ID, error)) [][]index.ID {
	answers, _ := b.try(name, b.cmd.Rounds, ask) // these ways cannot fail
	b.lines[len(b.lines)-1].Bytes = bytes
	return answers
}

// try is measure for a way to ask that may fail.
func (b *bench) try(name string, rounds int, ask func(int) ([]index.ID, error)) ([][]index.ID, error) {
	answers := make([][]index.ID, len(b.queries))
	best := make([]time.Duration, len(b.queries))
	results := 0
	runtime.GC()
	for round := range rounds {
		for i := range b.queries {
			began := time.Now()
			found, err := ask(i)
			took := time.Since(began)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", b.queries[i].ID, err)
			}
			if round == 0 {
				answers[i], best[i] = found, took
				results += len(found)
			}
			best[i] = min(best[i], took)
		}
	}
	b.lines = append(b.lines, newFigure(b.size, name, best, results))
	return answers, nil
}

// print writes the figures side by side.
func (b *bench) print() error {
	if b.JSON {
		return json.NewEncoder(b.out).Encode(struct {
			Figures []figure `json:"figures"`
			Notes   []string `json:"notes"`
		}{b.lines, b.notes})
	}
	fmt.Fprintf(b.out, "%d queries by one client, one after the other; each counts with its best of %d rounds, but for signed checks and those asked every time\n\n", len(b.queries), b.cmd.Rounds)
	return printFigures(b.out, b.lines, b.notes)
}

// printFigures writes a table, in which an empty line parts the sizes, and what else is to be said.
func printFigures(out io.Writer, lines []figure, notes []string) error {
	wide := 0
	for _, f := range lines {
		wide = max(wide, len(f.Name))
	}
	fmt.Fprintf(out, "%9s  %-*s %9s %9s %9s %9s %9s %9s %9s\n", "volumes", wide, "µs a query", "p50", "mean", "p99", "a result", "results", "queries/s", "bytes/vol")
	for i, f := range lines {
		if i > 0 && f.Volumes != lines[i-1].Volumes {
			fmt.Fprintln(out)
		}
		bytes := "-"
		if f.Bytes > 0 {
			bytes = fmt.Sprintf("%.0f", f.Bytes)
		}
		fmt.Fprintf(out, "%9d  %-*s %9.1f %9.1f %9.1f %9.2f %9d %9.0f %9s\n", f.Volumes, wide, f.Name, f.P50, f.Mean, f.P99, f.PerResult, f.Results, f.PerSecond, bytes)
	}
	fmt.Fprintln(out)
	for _, n := range notes {
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
	}
	return nil
}
