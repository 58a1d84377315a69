package exercise_test

import (
	"testing"

	"parley"
	"parley/exercise"
)

// The score has the journal's times: a call taken three minutes on counts three minutes, one that nobody takes counts as no answer, and
// what the side says itself is left to the person.
func TestDrillScoresAnswerTimes(t *testing.T) {
	c, err := exercise.Find("night-call")
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []int64{3, 8} {
		d, err := exercise.NewDrill(t.Context(), c, "north")
		if err != nil {
			t.Fatal(err)
		}
		for {
			e, err := d.Next()
			if err != nil {
				t.Fatal(err)
			}
			if e == nil {
				break
			}
			if e.ID != "call" {
				continue
			}
			for i, o := range d.Open() {
				if o.Do != "take" || o.About != "call" {
					continue
				}
				if _, err := d.Wait(after * parley.Minute); err != nil {
					t.Fatal(err)
				}
				if err := d.Do(i + 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		score := d.Score()
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		found := false
		for _, k := range score.Tasks {
			switch {
			case k.Do == "take" && k.About == "call":
				found = true
				if k.Minutes() != float64(after) || k.InTime() != (after <= 5) {
					t.Errorf("taken after %v minutes, in time %v; expected %d", k.Minutes(), k.InTime(), after)
				}
			case k.Do == "acknowledge" && k.Answered != 0:
				t.Error("the exercise acknowledged what it was the person's to acknowledge")
			}
		}
		if !found || score.Answered != 1 || score.Asked < 3 {
			t.Errorf("asked %d, answered %d, the call among it: %v; expected one answer of several", score.Asked, score.Answered, found)
		}
	}
	if _, err := exercise.NewDrill(t.Context(), c, "nobody"); err == nil {
		t.Error("a drill began for a side that is not there")
	}
}
