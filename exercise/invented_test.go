package exercise_test

import (
	"os"
	"path/filepath"
	"testing"

	"parley/exchange/replay"
	"parley/exercise"
)

// Invented cases that were written after the player, without looking at it: with one party alone, people who load, events in other words. Two of the
// first one's warnings did not rise when it was first played.
func TestInventedCasesPassTheGate(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, err := replay.Read(text)
			if err != nil {
				t.Fatal(err)
			}
			r, err := exercise.Play(t.Context(), c, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range r.Expectations {
				if !x.Met {
					t.Errorf("%s %s did not rise", x.ID, x.What)
				}
			}
			if !r.Gate.Holds || len(r.Refused) > 0 {
				t.Errorf("the gate: %+v; refused %v", r.Gate, r.Refused)
			}
		})
	}
}
