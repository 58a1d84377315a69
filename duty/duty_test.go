package duty

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parley"
)

func TestQueueFiresInOrderWhateverTheArrival(t *testing.T) {
	want := []Deadline{{Due: 1, Ref: "A", Kind: "k", Arg: ""}, {Due: 1, Ref: "A", Kind: "k", Arg: "x"}, {Due: 1, Ref: "A", Kind: "l", Arg: ""}, {Due: 1, Ref: "B", Kind: "a", Arg: ""}, {Due: 2, Ref: "A", Kind: "a", Arg: ""}, {Due: 7, Ref: "A", Kind: "a", Arg: ""}}
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		var q Queue
		for _, i := range r.Perm(len(want)) {
			q.Add(want[i])
		}
		if seed%2 == 0 { // at once
			var all []Deadline
			for _, i := range r.Perm(len(want)) {
				all = append(all, want[i])
			}
			q = Queue{}
			q.Fill(all)
		}
		var got []Deadline
		for q.Len() > 0 {
			d, _ := q.Next()
			got = append(got, d)
			q.Pop()
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: fired %v, expected %v", seed, got, want)
		}
	}
}

func TestLadderNeverFallsSilent(t *testing.T) {
	steps := []int64{2, 5, 10}
	var got []int64
	for n := range 6 {
		got = append(got, Step(steps, 100, n))
	}
	if want := []int64{102, 105, 110, 120, 130, 140}; !slices.Equal(got, want) {
		t.Errorf("steps at %v, expected %v", got, want)
	}
}

func TestOnDuty(t *testing.T) {
	shifts := []parley.Shift{{Member: "MBR-D", From: 0, To: 100, Deputy: true}, {Member: "MBR-A", From: 0, To: 50}, {Member: "MBR-B", From: 50, To: 100}}
	for _, c := range []struct {
		at   int64
		want []parley.Ref
	}{{10, []parley.Ref{"MBR-A", "MBR-D"}}, {50, []parley.Ref{"MBR-B", "MBR-D"}}, {100, nil}} {
		if got := OnDuty(shifts, c.at); !slices.Equal(got, c.want) {
			t.Errorf("at %d on duty: %v, expected %v", c.at, got, c.want)
		}
	}
}

func TestALadderCallsWhoIsThere(t *testing.T) {
	shifts := []parley.Shift{{Member: "MBR-A", From: 0, To: 100}, {Member: "MBR-D", From: 0, To: 200, Deputy: true}, {Member: "MBR-B", From: 100, To: 200}, {Member: "MBR-X", From: 0, To: 300}}
	officers := []parley.Ref{"MBR-A", "MBR-B", "MBR-C", "MBR-D"} // X is on the rota and no officer any more
	for _, c := range []struct {
		what   string
		shifts []parley.Shift
		at     int64
		step   int
		want   []parley.Ref
	}{
		{"on duty first", shifts, 10, 0, []parley.Ref{"MBR-A"}},
		{"then the deputy and whoever comes next", shifts, 10, 1, []parley.Ref{"MBR-A", "MBR-D", "MBR-B"}},
		{"then everyone", shifts, 10, 2, []parley.Ref{"MBR-A", "MBR-D", "MBR-B", "MBR-C"}},
		{"after the rota has run out everyone at once", shifts, 250, 0, officers},
		{"without a rota everyone at once", nil, 10, 0, officers},
	} {
		if got := Call(c.shifts, officers, c.at, c.step); !slices.Equal(got, c.want) {
			t.Errorf("%s: calls %v, expected %v", c.what, got, c.want)
		}
	}
}

func TestGapIsTheFirstMomentWithNobody(t *testing.T) {
	shifts := []parley.Shift{{Member: "MBR-B", From: 90, To: 200}, {Member: "MBR-A", From: 0, To: 100}, {Member: "MBR-C", From: 250, To: 300}}
	for from, want := range map[int64]int64{0: 200, 150: 200, 220: 220, 250: 300, 400: 400} {
		if got, ok := Gap(shifts, from); !ok || got != want {
			t.Errorf("from %d the gap begins at %d (%v), expected %d", from, got, ok, want)
		}
	}
	if _, ok := Gap(nil, 0); ok {
		t.Error("an account without a rota has a gap in it")
	}
	if next, ok := Next(shifts, 200); !ok || next != 250 {
		t.Errorf("the next shift after 200 begins at %d (%v), expected 250", next, ok)
	}
}
