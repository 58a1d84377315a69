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
