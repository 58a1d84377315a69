package index

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/geo"
	"parley/internal/need"
)

// item is one record of the common workload; README.md beside its generator says what the fields mean.
type item struct {
	ID       string          `json:"id"`
	Geometry json.RawMessage `json:"geometry"`
	Buffer   int32           `json:"buffer_m"`
	Low      int32           `json:"alt_lower"`
	High     int32           `json:"alt_upper"`
	Start    int64           `json:"t_start"`
	End      int64           `json:"t_end"`

	volume geo.Volume
}

// generator builds the generator of the common workload and returns a function that runs it.
func generator(t testing.TB) func(args ...string) []item {
	t.Helper()
	source := need.Shared(t, "bench", "volumes")
	program := filepath.Join(t.TempDir(), "volumes")
	build := exec.Command(need.Command(t, "go"), "build", "-o", program, ".")
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("couldn't build the generator: %v\n%s", err, out)
	}
	return func(args ...string) []item {
		t.Helper()
		c := exec.Command(program, args...)
		c.Stderr = os.Stderr
		text, err := c.Output()
		if err != nil {
			t.Fatalf("couldn't generate: %v", err)
		}
		var items []item
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			items = append(items, read(t, lines.Bytes()))
		}
		return items
	}
}

func read(t testing.TB, line []byte) item {
	t.Helper()
	var it item
	if err := json.Unmarshal(line, &it); err != nil {
		t.Fatal(err)
	}
	shape, err := geo.ParseGeoJSON(it.Geometry)
	if err != nil {
		t.Fatalf("%s: %v", it.ID, err)
	}
	if err := shape.Validate(geo.MaxVertices); err != nil {
		t.Fatalf("%s: %v", it.ID, err)
	}
	it.volume = geo.Volume{Shape: shape.Normalize(), Buffer: it.Buffer, Band: geo.Band{Low: it.Low, High: it.High},
		Window: geo.Window{From: it.Start * 1000, To: it.End * 1000}}
	return it
}

// build puts all items into an index; the id is the place in the list.
func build(items []item) *Index {
	x := New()
	for i := range items {
		x.Put(ID(i), items[i].volume)
	}
	return x
}
