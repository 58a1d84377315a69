package index

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"parley/internal/need"
	"parley/internal/workload"
)

// generator builds the generator of the common workload and returns a function that runs it.
func generator(t testing.TB) func(args ...string) []workload.Item {
	t.Helper()
	source := need.Shared(t, "bench", "volumes")
	program := filepath.Join(t.TempDir(), "volumes")
	build := exec.Command(need.Command(t, "go"), "build", "-o", program, ".")
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("couldn't build the generator: %v\n%s", err, out)
	}
	return func(args ...string) []workload.Item {
		t.Helper()
		c := exec.Command(program, args...)
		c.Stderr = os.Stderr
		text, err := c.Output()
		if err != nil {
			t.Fatalf("couldn't generate: %v", err)
		}
		items, err := workload.All(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("couldn't read what the generator wrote: %v", err)
		}
		return items
	}
}

// build puts all items into an index; the id is the place in the list.
func build(items []workload.Item) *Index {
	x := New()
	for i := range items {
		x.Put(ID(i), items[i].Volume)
	}
	return x
}
