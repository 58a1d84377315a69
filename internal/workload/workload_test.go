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
	good := `{"id":"v0","kind":"site","geometry":{"type":"Point","coordinates":[40,35]},"buffer_m":50,"alt_lower":0,"alt_upper":100,"t_start":0,"t_end":10}`
	if items, err := All(strings.NewReader(good + "\r\n\n" + good)); err != nil || len(items) != 2 {
		t.Fatalf("read %d items (%v), expected 2", len(items), err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"[40,35]", "[40,95]", "geometry.coordinates[1]: read 95, expected a latitude"},
		{"Point", "Circle", "geometry.type: read \"Circle\", expected"},
		{"[40,35]", "[]", "geometry.coordinates: read"},
		{`"buffer_m":50`, `"buffer_m":"50"`, "buffer_m: read text, expected an integer"},
		{`"buffer_m":50`, `"buffer_m":0.5`, "buffer_m: read 0.5, expected an integer"},
		{`"buffer_m":50`, `"buffer_m":-1`, "buffer_m: read -1, expected metres, 0 or more"},
		{`"buffer_m":50`, `"buffer":50`, "buffer_m: read nothing, expected a value"},
		{`"geometry"`, `"geom"`, "geometry: read nothing"},
		{`"id":"v0"`, `"id":""`, "id: read nothing"},
		{`"alt_upper":100`, `"alt_upper":-1`, "alt_upper: read -1, expected metres, alt_lower (0) or more"},
		{`"t_end":10`, `"t_end":-10`, "t_end: read -10, expected seconds since 1970, t_start (0) or later"},
		{`"t_end":10`, `"t_end":9223372036854776`, "t_end: read 9223372036854776, expected seconds"},
		{`"t_end":10`, `"t_end":null`, "t_end: read nothing"},
		{`,"t_end":10}`, ``, "read the end of the text at byte"},
		{`"t_end":10}`, `"t_end":10}{}`, "read more text at byte"},
		{`"t_start":0`, `"id":"v1"`, "read the field a second time"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		items, err := All(strings.NewReader(good + "\n" + good + "\n" + bad + "\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "line 3: ") || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "expected ") {
			t.Errorf("%s: read %d items and the error %v, expected one about line 3 with %q", c.new, len(items), err, c.want)
		}
	}
	if _, err := All(strings.NewReader(good + "\n" + strings.Repeat(" ", longestLine+1))); err == nil || !strings.Contains(err.Error(), "line 2: read more than") {
		t.Errorf("the error about a long line is %v", err)
	}
}
