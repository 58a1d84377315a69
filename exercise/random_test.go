package exercise_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/exchange/replay"
	"parley/exercise"
)

// Whatever order events of every kind come in, the channel takes what the player says of them: it says nothing that cannot be said.
func TestRandomTimelinesAreTaken(t *testing.T) {
	actors := []string{"n1", "d1", "p1", "p2", "x1"}
	data := []m{nil, nil, nil, {"position": []float64{10.12, 20.12}}, {"reached": false}, {"refused": true}, {"denied": true}, {"disputed": true}, {"armed_presence": true}, {"phase": "return"}, {"phase": "wait"},
		{"list_as_of": "2030-01-01T00:00:00Z"}, {"list_version_held": nil}, {"stated_text": m{"reference": "o1", "distance_km": 3.0, "bearing_deg": 10.0}}, {"warning_ladder": []string{"message"}}, {"vehicles": 9},
		{"taken": true}, {"ordered": true}, {"offset_m": 120}, {"count": 5}, {"continues": true}, {"warned": true}, {"crossing_notice": true}, {"delivered_to_level": "hq"}, {"route": "x"}}
	objects := slices.Sorted(maps.Keys(stock))
	played := 0
	for seed := uint64(0); played < 12; seed++ {
		r := rand.New(rand.NewPCG(seed, 2031))
		var events []m
		for i := range 14 {
			refs := []string{objects[r.IntN(len(objects))], objects[r.IntN(len(objects))]}
			if i > 0 && r.IntN(3) == 0 {
				refs = append(refs, fmt.Sprintf("e%d", r.IntN(i)))
			}
			more := m{"urgent": r.IntN(3) == 0}
			if r.IntN(2) == 0 {
				more["to"] = of(actors[r.IntN(5)], "p1")
			}
			if d := data[r.IntN(len(data))]; d != nil {
				more["data"] = d
			}
			if r.IntN(3) == 0 {
				more["level"] = []string{"hq", "ops_room", "unit"}[r.IntN(3)]
			}
			events = append(events, at(fmt.Sprintf("e%d", i), fmt.Sprintf("%02d %02d:%02d", 1+i/6, 5+(i%6)*3, r.IntN(60)), actors[r.IntN(5)], string(replay.Kinds()[r.IntN(len(replay.Kinds()))]), refs, more))
		}
		var list []m
		for _, id := range objects {
			o := m{"id": id, "label": id}
			maps.Copy(o, stock[id])
			list = append(list, o)
		}
		text, err := json.Marshal(written("random", nil, nil, "e13", list, events, func(id string) m {
			return m{"id": id, "what": "hold_prompt", "args": m{"movement": "m1"}, "text": "x", "given": of("e0"), "before": "e13", "level": "should", "basis": "sourced", "why": "x"}
		}))
		if err != nil {
			t.Fatal(err)
		}
		c, err := replay.Read(text)
		if err != nil {
			continue // it speaks of something before it is there
		}
		played++
		report, err := exercise.Play(t.Context(), c, false)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Refused) > 0 {
			t.Errorf("seed %d: refused %+v", seed, report.Refused)
		}
	}
}
