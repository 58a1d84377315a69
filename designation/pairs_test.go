package designation_test

import (
	"encoding/csv"
	"os"
	"testing"

	. "parley/designation"
)

func TestPairsTmp(t *testing.T) {
	f, err := os.Open("../../shared/data/name-matching/name_pairs.csv")
	if err != nil {
		t.Skip(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		s    float64
		want bool
		a, b string
	}
	var all []row
	for _, r := range rows[1:] {
		k := Body
		switch r[1] {
		case "Person":
			k = Person
		case "Vessel":
			k = Vessel
		}
		all = append(all, row{Compare(r[2], r[3], k).Score, r[4] == "true", r[2], r[3]})
	}
	bestF, bestT := 0.0, 0.0
	for th := .4; th < 1; th += .01 {
		var tp, fp, fn float64
		for _, r := range all {
			switch {
			case r.s >= th && r.want:
				tp++
			case r.s >= th:
				fp++
			case r.want:
				fn++
			}
		}
		f1 := 2 * tp / (2*tp + fp + fn)
		if f1 > bestF {
			bestF, bestT = f1, th
			t.Logf("%.2f P %.3f R %.3f F1 %.3f", th, tp/(tp+fp), tp/(tp+fn), f1)
		}
	}
	for _, r := range all {
		if (r.s >= bestT) != r.want {
			t.Logf("%v %.3f %s | %s", r.want, r.s, r.a, r.b)
		}
	}
}
