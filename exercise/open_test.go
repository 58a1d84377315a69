package exercise_test

import (
	"os"
	"path/filepath"
	"testing"

	"parley/exchange/replay"
	"parley/exercise"
	"parley/internal/need"
)

// open returns the six open cases.
func open(t *testing.T) map[string]*replay.Case {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(need.Shared(t, "replays"), "*-*.json"))
	if err != nil || len(files) != 6 {
		t.Fatalf("%d open cases, %v; expected 6", len(files), err)
	}
	cases := map[string]*replay.Case{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if cases[filepath.Base(f)], err = replay.Read(text); err != nil {
			t.Fatal(err)
		}
	}
	return cases
}

// The six open cases pass the gate with every control.
func TestOpenCasesPassTheGate(t *testing.T) {
	for file, c := range open(t) {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			r, err := exercise.Play(t.Context(), c, true)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range r.Expectations {
				t.Logf("%s %s met %v raised %s to %v by %s", v.ID, v.What, v.Met, v.RaisedAt, v.To, v.Notice)
			}
			t.Logf("guard %+v", r.Hindsight)
			t.Logf("controls %+v", r.Controls)
			t.Logf("refused %+v", r.Refused)
			t.Logf("not carried %v", r.Uncarried)
			if !r.Gate.Holds {
				t.Errorf("the gate fails: %q", r.Gate.Fails)
			}
		})
	}
}
