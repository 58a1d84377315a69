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
	if err != nil || !bytes.Contains(picture, []byte("parley, over HTTP")) {
		t.Errorf("the picture lacks a line (%v)", err)
	}
	for _, want := range []string{"parley, as inserted", "parley, rested", "400 volumes: put at"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed:\n%s", want, out.String())
		}
	}
}
