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
