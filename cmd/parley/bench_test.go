package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/geo"
	"parley/internal/workload"
	"parley/internal/workload/standin"
)

// One run from files, with every figure that needs no other server: the results are those of the kernel asked pair by pair.
func TestBenchIndexWritesTheConflicts(t *testing.T) {
	folder := t.TempDir()
	scene, err := workload.SceneNamed("city")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, items func(func(workload.Item, error) bool)) (string, []workload.Item) {
		path := filepath.Join(folder, name)
		var file bytes.Buffer
		var all []workload.Item
		for it, err := range items {
			if err != nil {
				t.Fatal(err)
			}
			line, err := it.Line()
			if err != nil {
				t.Fatal(err)
			}
			file.Write(append(line, '\n'))
			all = append(all, it)
		}
		if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path, all
	}
	volumesFile, volumes := write("volumes.ndjson", scene.Volumes(400))
	queriesFile, queries := write("queries.ndjson", scene.Queries(50))
	resultsFile, pictureFile := filepath.Join(folder, "results.ndjson"), filepath.Join(folder, "picture.svg")
	var out, diag bytes.Buffer
	if status := run([]string{"bench", "index", "--volumes", volumesFile, "--queries", queriesFile, "--sizes", "200,400", "--rounds", "1", "--http",
		"--results", resultsFile, "--picture", pictureFile}, nil, &out, &diag); status != taken {
		t.Fatalf("status %d: %s", status, diag.String())
	}
	text, err := os.ReadFile(resultsFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != len(queries) {
		t.Fatalf("%d lines for %d queries", len(lines), len(queries))
	}
	hits := 0
	for i, line := range lines {
		var got conflictsOf
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		want := []string{}
		for _, v := range volumes {
			if geo.Conflict(v.Volume, queries[i].Volume) {
				want = append(want, v.ID)
			}
		}
		slices.Sort(want)
		hits += len(want)
		if got.Query != queries[i].ID || !slices.Equal(got.Conflicts, want) {
			t.Fatalf("%s has %v, expected %s with %v", got.Query, got.Conflicts, queries[i].ID, want)
		}
	}
	if hits < 50 {
		t.Errorf("%d conflicts: too few to tell", hits)
	}
	picture, err := os.ReadFile(pictureFile)
	if err != nil || !bytes.Contains(picture, []byte("bare handler over HTTP")) {
		t.Errorf("the picture lacks a line (%v)", err)
	}
	for _, want := range []string{"parley, as inserted", "parley, rested", "400 volumes: put at"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed:\n%s", want, out.String())
		}
	}
}

// One run beside a stand-in for Tile38: its line stands in the table with memory, its answers are compared, and its key is gone.
func TestBenchIndexBesideTile38(t *testing.T) {
	s := &standin.Tile38{Page: 5}
	var out, diag bytes.Buffer
	if status := run([]string{"bench", "index", "--scene", "city", "--sizes", "200", "--asked", "40", "--rounds", "1", "--json", "--tile38", s.Serve(t)}, nil, &out, &diag); status != taken {
		t.Fatalf("status %d: %s", status, diag.String())
	}
	var got struct {
		Figures []figure
		Notes   []string
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	at := func(name string) figure {
		i := slices.IndexFunc(got.Figures, func(f figure) bool { return f.Name == name })
		if i < 0 {
			t.Fatalf("%s is not in %v", name, got.Figures)
		}
		return got.Figures[i]
	}
	own, other := at(restedLine), at(tile38Line)
	if own.Bytes < 100 || own.Bytes > 2000 || own.Results < 20 || other.Results > own.Results || other.Results < own.Results*98/100 || other.PerSecond <= 0 {
		t.Errorf("parley %+v, the other %+v", own, other)
	}
	if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, "conflicts of parley's missing, 0 more") || !strings.Contains(notes, "0.0.0-stand-in: loaded in") {
		t.Errorf("the notes are\n%s", notes)
	}
	if len(s.Dropped) != 1 || len(s.Keys) != 0 {
		t.Errorf("%v were dropped, %d keys are left", s.Dropped, len(s.Keys))
	}
}

// Through the API the node's answers are held against the index for every query; the run fails where they differ.
func TestBenchIndexThroughTheAPI(t *testing.T) {
	var out, diag bytes.Buffer
	if status := run([]string{"bench", "index", "--scene", "city", "--sizes", "60", "--asked", "12", "--rounds", "1", "--api"}, nil, &out, &diag); status != taken {
		t.Fatalf("status %d: %s", status, diag.String())
	}
	for _, want := range []string{apiMeetsLine, apiCheckLine, "120 signed commands"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed:\n%s", want, out.String())
		}
	}
}

// What a newcomer gets wrong: each is told before anything is measured, with what was read and what is expected.
func TestBenchIndexSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good", `{"id":"v0","geometry":{"type":"Point","coordinates":[40,35]},"buffer_m":50,"alt_lower":0,"alt_upper":100,"t_start":0,"t_end":10}`+"\n")
	bad := file("bad", "\n{\"id\":\"v0\"}\n")
	nothing := file("nothing", "")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--volumes", good}, "--volumes and --queries come together"},
		{[]string{"--volumes", filepath.Join(folder, "away"), "--queries", good}, "no such file"},
		{[]string{"--volumes", bad, "--queries", good}, bad + ", line 2: geometry: read nothing, expected a value"},
		{[]string{"--volumes", good, "--queries", nothing}, "read no query"},
		{[]string{"--volumes", nothing, "--queries", good}, "read no volume"},
		{[]string{"--volumes", good, "--queries", good, "--scene", "city"}, "--scene and --asked lay out"},
		{[]string{"--scene", "elsewhere"}, `--scene: scene: read "elsewhere", expected one of`},
		{[]string{"--sizes", "100,0"}, "--sizes: read 0, expected at least 1"},
		{[]string{"--rounds=-1"}, "--rounds: read -1, expected at least 1"},
		{[]string{"--pace", "5"}, "--pace belongs to --busy"},
		{[]string{"--picture", filepath.Join(folder, "away", "p.svg")}, "expected a file in a folder that is there"},
		{[]string{"--tile38", "tile"}, `--tile38: read "tile", expected HOST:PORT`},
		{[]string{"--sizes", "5", "--asked", "1", "--tile38", "127.0.0.1:1"}, "--tile38: read no answer from 127.0.0.1:1, expected a Tile38 server"},
		{[]string{"--sizes", "5", "--asked", "1", "--postgis", "host=127.0.0.1 port=1"}, "--postgis: couldn't connect"},
	} {
		var out, diag bytes.Buffer
		if status := run(append([]string{"bench", "index"}, c.args...), nil, &out, &diag); status == taken || !strings.Contains(diag.String(), c.want) || out.Len() > 0 {
			t.Errorf("%q: status %d, %q, printed %q; expected %q and nothing printed", c.args, status, diag.String(), out.String(), c.want)
		}
	}
}
