package workload

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"parley/geo"
)

// Every scene gives valid volumes, the same each time, and a file of them reads back as they are.
func TestScenesAreValidAndReadBack(t *testing.T) {
	for _, s := range Scenes {
		var file bytes.Buffer
		var laid []Item
		for _, items := range []func(int) func(func(Item, error) bool){
			func(n int) func(func(Item, error) bool) { return s.Volumes(n) },
			func(n int) func(func(Item, error) bool) { return s.Queries(n) },
		} {
			for it, err := range items(300) {
				if err != nil {
					t.Fatalf("%s: %v", s.Name, err)
				}
				if err := it.Volume.Shape.Validate(10 * geo.MaxVertices); err != nil {
					t.Fatalf("%s %s: %v", s.Name, it.ID, err)
				}
				laid = append(laid, it)
				line, err := it.Line()
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&file, "%s\n", line)
			}
		}
		got, err := All(&file)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if len(got) != len(laid) {
			t.Fatalf("%s: %d items, expected %d", s.Name, len(got), len(laid))
		}
		for i := range got {
			if !reflect.DeepEqual(got[i].Volume, laid[i].Volume) || got[i].ID != laid[i].ID {
				t.Fatalf("%s: %v was laid out, %v read", s.Name, laid[i], got[i])
			}
		}
		for it := range s.Volumes(1) {
			if !reflect.DeepEqual(it, laid[0]) {
				t.Fatalf("%s: another time the first volume is %v, not %v", s.Name, it, laid[0])
			}
		}
	}
	if _, err := SceneNamed("elsewhere"); err == nil {
		t.Error("a scene that does not exist is found")
	}
}

func TestReadTellsTheLine(t *testing.T) {
	good := `{"id":"v0","geometry":{"type":"Point","coordinates":[40,35]},"buffer_m":50,"alt_lower":0,"alt_upper":100,"t_start":0,"t_end":10}`
	bad := strings.Replace(good, "[40,35]", "[40,95]", 1)
	items, err := All(strings.NewReader(good + "\n" + good + "\n" + bad + "\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Fatalf("read %d items and the error %v, expected one about line 3", len(items), err)
	}
}
