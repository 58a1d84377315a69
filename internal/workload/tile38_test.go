package workload

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"parley/geo"
	"parley/internal/oracle"
	"parley/internal/workload/standin"
)

func laidOut(t *testing.T, seq func(func(Item, error) bool)) (all []Item) {
	t.Helper()
	for it, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, it)
	}
	return all
}

// loaded serves a stand-in that holds volumes.
func loaded(t *testing.T, s *standin.Tile38, items []Item) *Tile38 {
	t.Helper()
	c, err := DialTile38(t.Context(), Tile38Address{s.Serve(t), s.Password})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Load(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	return c
}

// What comes back is what conflicts, but for what lies within half a percent of a limit: outlines are inscribed.
func TestTile38FindsWhatConflicts(t *testing.T) {
	scene, err := SceneNamed("city")
	if err != nil {
		t.Fatal(err)
	}
	volumes, queries := laidOut(t, scene.Volumes(400)), laidOut(t, scene.Queries(100))
	s := &standin.Tile38{Page: 7, Password: "a password"}
	c := loaded(t, s, volumes)
	hits, lost := 0, 0
	for i := range queries {
		q := &queries[i]
		found, err := FindTile38[uint64](t.Context(), c, c.Ask(q))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(found) {
			t.Fatalf("%s: %v is not in order", q.ID, found)
		}
		for n := range volumes {
			v := &volumes[n]
			conflict, got := geo.Conflict(v.Volume, q.Volume), slices.Contains(found, uint64(n))
			if conflict {
				hits++
			}
			if conflict == got {
				continue
			}
			lost++
			limit := float64(v.Volume.Buffer + q.Volume.Buffer)
			if d := oracle.Distance(v.Volume.Shape, q.Volume.Shape); got || d < 0.995*limit {
				t.Errorf("%s and %s: conflict is %v, found %v, though they are %.3f m apart and %.0f m is the limit", q.ID, v.ID, conflict, got, d, limit)
			}
		}
	}
	if hits < 250 || lost > hits/50 {
		t.Errorf("%d conflicts, %d of them lost: expected more of the first and less of the second", hits, lost)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.Dropped) != 1 || s.Dropped[0] != c.key || len(s.Keys) != 0 {
		t.Errorf("%v were dropped and %d keys are left; expected that %s alone was", s.Dropped, len(s.Keys), c.key)
	}
	for _, command := range s.Said {
		if strings.HasPrefix(command, "FLUSHDB") {
			t.Error("the server was emptied")
		}
	}
}

// Windows and bands at one place: touching windows do not conflict, touching bands do, a window without an end has none.
func TestTile38WindowsAndBands(t *testing.T) {
	const now = 1_767_225_600_123 // not a whole second
	at := func(id string, low, high int32, from, to int64) Item {
		v := geo.Volume{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: 440_000_000, Lat: 330_000_000}}}, Buffer: 100, Band: geo.Band{Low: low, High: high}, Window: geo.Window{From: from, To: to}}
		return Item{ID: id, Volume: v}
	}
	var volumes, queries []Item
	for _, band := range []geo.Band{{Low: 0, High: 100}, {Low: 100, High: 200}, {Low: 101, High: 101}, {Low: -30, High: 0}, geo.AllAltitudes} {
		for _, w := range []geo.Window{{From: now, To: now + 1}, {From: now + 1, To: now + 2}, {From: 0, To: now}, {From: now + 1, To: geo.Forever}, {From: 0, To: geo.Forever}, {From: -5, To: 1}} {
			it := at(fmt.Sprint(band, w), band.Low, band.High, w.From, w.To)
			volumes, queries = append(volumes, it), append(queries, it)
		}
	}
	c := loaded(t, &standin.Tile38{}, volumes)
	for i := range queries {
		found, err := FindTile38[uint64](t.Context(), c, c.Ask(&queries[i]))
		if err != nil {
			t.Fatal(err)
		}
		var want []uint64
		for n := range volumes {
			if geo.Conflict(volumes[n].Volume, queries[i].Volume) {
				want = append(want, uint64(n))
			}
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s: found %v, expected %v", queries[i].ID, found, want)
		}
	}
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTile38Memory(t *testing.T) {
	c := loaded(t, &standin.Tile38{}, nil)
	m, err := c.Memory(t.Context())
	if err != nil || m != (Tile38Memory{Heap: 12345678, FromSystem: 23456789}) {
		t.Errorf("read %+v (%v)", m, err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTile38Address(t *testing.T) {
	for text, want := range map[string]Tile38Address{"127.0.0.1:9851": {"127.0.0.1:9851", ""}, "redis://:secret@[::1]:9851": {"[::1]:9851", "secret"}, "redis://tile:1": {"tile:1", ""}} {
		if got, err := ParseTile38(text); err != nil || got != want {
			t.Errorf("%s: read %v (%v)", text, got, err)
		}
	}
	for _, text := range []string{"", "tile", ":9851", "tile:", "http://tile:9851", "redis://user:secret@tile:9851", "redis://:secret@tile", "redis://:secret@tile:9851/3", "redis://:sec%zzret@tile:1"} {
		if _, err := ParseTile38(text); err == nil || !strings.Contains(err.Error(), "read ") || !strings.Contains(err.Error(), "expected HOST:PORT") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error is %v", text, err)
		}
	}
}

// nobody returns an address at which nothing listens.
func nobody(t *testing.T) Tile38Address {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return Tile38Address{host: l.Addr().String()}
}

func TestTile38ThatIsNone(t *testing.T) {
	wrong := func(s *standin.Tile38, password string) Tile38Address {
		return Tile38Address{s.Serve(t), password}
	}
	for name, c := range map[string]struct {
		address Tile38Address
		want    string
	}{
		"nobody":      {nobody(t), "read no answer from"},
		"no password": {wrong(&standin.Tile38{Password: "x"}, ""), `read "ERR authentication required"`},
		"another":     {wrong(&standin.Tile38{Password: "x"}, "y"), `read "ERR invalid password"`},
		"redis":       {wrong(&standin.Tile38{Refuse: func(int, string) string { return "ERR unknown command 'SERVER'" }}, ""), "another kind of server"},
		"loading":     {wrong(&standin.Tile38{Refuse: func(int, string) string { return "LOADING Tile38 is loading the dataset in memory" }}, ""), "LOADING"},
		"hangs up":    {wrong(&standin.Tile38{CutAt: 1}, ""), "read no answer from"},
		"other facts": {wrong(&standin.Tile38{Facts: []string{"redis_version", "7"}}, ""), "names no tile38_version"},
		"half a fact": {wrong(&standin.Tile38{Facts: []string{"alone"}}, ""), "expected a Tile38 server"},
	} {
		_, err := DialTile38(t.Context(), c.address)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "expected") {
			t.Errorf("%s: the error is %v, expected one with %q", name, err, c.want)
		}
	}
}

// A server that refuses or vanishes while it is loaded: the error says at which volume and why, and the key is gone all the same.
func TestTile38FailsWhileItIsLoaded(t *testing.T) {
	scene := Scenes[0]
	volumes := laidOut(t, scene.Volumes(2500))
	for name, c := range map[string]struct {
		server *standin.Tile38
		want   string
	}{
		"follower": {&standin.Tile38{Refuse: func(n int, command string) string {
			return map[bool]string{true: "ERR not the leader"}[command == "SET" && n == 1502]
		}}, `v1500: read "ERR not the leader"`},
		"out of memory": {&standin.Tile38{Refuse: func(n int, command string) string {
			return map[bool]string{true: "OOM command not allowed when used memory > 'maxmemory'"}[command == "SET" && n > 2000]
		}}, "OOM"},
		"vanishes": {&standin.Tile38{CutAt: 1200}, "read no answer from"},
	} {
		s := c.server
		client, err := DialTile38(t.Context(), Tile38Address{s.Serve(t), s.Password})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = client.Load(t.Context(), volumes); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, expected one with %q", name, err, c.want)
		}
		if err := client.Close(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !slices.Equal(s.Dropped, []string{client.key}) || len(s.Keys) != 0 {
			t.Errorf("%s: %v were dropped and %d keys are left", name, s.Dropped, len(s.Keys))
		}
	}
}

func TestTile38AnswersThatAreNone(t *testing.T) {
	q := laidOut(t, Scenes[0].Queries(1))[0]
	for name, c := range map[string]struct {
		server *standin.Tile38
		want   string
	}{
		"refused": {&standin.Tile38{Refuse: func(_ int, command string) string {
			return map[bool]string{true: "ERR timeout"}[command == "INTERSECTS"]
		}}, `q0: read "ERR timeout"`},
		"no cursor":       {&standin.Tile38{Answer: []any{"ids"}}, "expected a cursor and ids"},
		"three parts":     {&standin.Tile38{Answer: []any{0, []any{}, 1}}, "expected a cursor and ids"},
		"no number":       {&standin.Tile38{Answer: []any{0, []any{"truck"}}}, `read the id "truck"`},
		"unknown number":  {&standin.Tile38{Answer: []any{0, []any{"3"}}}, "below 3"},
		"the same twice":  {&standin.Tile38{Answer: []any{0, []any{"1", "1"}}}, "twice"},
		"a cursor stands": {&standin.Tile38{Answer: []any{5, []any{}}}, "expected one that goes on"},
	} {
		s := c.server
		client := loaded(t, s, laidOut(t, Scenes[0].Volumes(3)))
		if _, err := FindTile38[uint64](t.Context(), client, client.Ask(&q)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, expected one with %q", name, err, c.want)
		}
		if err := client.Close(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever stops the run still has no key left behind, and learns its name if the server is gone for good.
func TestTile38Close(t *testing.T) {
	s := &standin.Tile38{}
	c := loaded(t, s, laidOut(t, Scenes[0].Volumes(3)))
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Close(stopped); err != nil || len(s.Keys) != 0 {
		t.Errorf("%d keys are left (%v)", len(s.Keys), err)
	}
	s = &standin.Tile38{}
	c = loaded(t, s, nil)
	c.conn.Close()
	c.address = nobody(t)
	if err := c.Close(t.Context()); err == nil || !strings.Contains(err.Error(), c.key) {
		t.Errorf("the error is %v, expected one that names %s", err, c.key)
	}
}
