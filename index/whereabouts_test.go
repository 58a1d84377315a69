package index

import (
	"math/rand/v2"
	"testing"
)

// The table says the same as a map after any changes, for ids that follow one another and for others.
func TestWhereaboutsAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 1))
	var names []ID // where each place's id stands
	w := whereabouts{idAt: func(at locator) ID { return names[at.number()] }}
	want := map[ID]locator{}
	for step := range 400_000 {
		id := ID(r.IntN(60_000))
		if r.IntN(2) == 0 {
			id = id << 40
		}
		switch {
		case step < 150_000 || r.IntN(3) > 0:
			at := locate(1+uint32(r.IntN(1<<nameBits-1)), len(names))
			names = append(names, id)
			w.set(id, at)
			want[id] = at
		case r.IntN(3) == 0 && want[id] != 0:
			at := locate(1+uint32(r.IntN(1<<nameBits-1)), len(names))
			names = append(names, id)
			w.move(id, want[id], at)
			want[id] = at
		default:
			w.remove(id)
			delete(want, id)
		}
		if at, ok := w.get(id); ok != (want[id] != 0) || ok && at != want[id] {
			t.Fatalf("step %d: %d is at %x (%v), expected %x", step, id, at, ok, want[id])
		}
	}
	if w.count != len(want) {
		t.Fatalf("%d volumes, expected %d", w.count, len(want))
	}
	for id, at := range want {
		if got, ok := w.get(id); !ok || got != at {
			t.Fatalf("%d is at %x (%v), expected %x", id, got, ok, at)
		}
	}
	slots := 0
	for i, b := range w.buckets {
		if i == 0 || w.buckets[i-1] != b {
			slots += len(b.slots)
		}
	}
	if slots > 3*w.count {
		t.Errorf("%d slots for %d volumes", slots, w.count)
	}
}
