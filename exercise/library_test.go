package exercise_test

import (
	"slices"
	"testing"

	"parley/exercise"
)

// Six exercises come with parley, each of another shape, and each passes the gate with its controls.
func TestLibraryOfShapes(t *testing.T) {
	list, err := exercise.Library()
	if err != nil {
		t.Fatal(err)
	}
	var shapes []string
	for _, c := range list {
		if slices.Contains(shapes, c.Shapes[0]) {
			t.Errorf("%s shows %s, as another does", c.ID, c.Shapes[0])
		}
		shapes = append(shapes, c.Shapes[0])
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			r, err := exercise.Play(t.Context(), c, true)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Gate.Holds || len(r.Uncarried) > 1 {
				t.Errorf("the gate fails: %q; not carried %v", r.Gate.Fails, r.Uncarried)
			}
			for _, v := range r.Expectations {
				if !v.Met {
					t.Errorf("%s did not rise", v.What)
				}
			}
		})
	}
	if len(list) != 6 {
		t.Errorf("%d exercises; expected 6", len(list))
	}
	if _, err := exercise.Find("nothing-of-the-kind"); err == nil {
		t.Error("an exercise was found by the name of none")
	}
}
