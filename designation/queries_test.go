package designation_test

import (
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/designation"
)

// labelled is a line of testdata/queries.csv: a query with the entries that it stands for, none for a name that is not listed.
type labelled struct {
	query    string
	expected []string
	kind     string
	half     string
}

func queries(t testing.TB) []labelled {
	t.Helper()
	f, err := os.Open("testdata/queries.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for _, r := range rows[1:] {
		q := labelled{query: r[0], kind: r[2], half: r[3]}
		if r[1] != "" {
			q.expected = strings.Split(r[1], "|")
		}
		out = append(out, q)
	}
	return out
}

// latinOnly is the index of the entries with their Latin names alone: a query in another script must find its way by romanisation and tables.
var latinOnly = func() func(testing.TB) *designation.Index {
	var once sync.Once
	var x *designation.Index
	return func(t testing.TB) *designation.Index {
		t.Helper()
		once.Do(func() {
			entries := slices.Clone(listed(t))
			for i := range entries {
				entries[i].Names = slices.DeleteFunc(slices.Clone(entries[i].Names), func(n designation.Name) bool { return n.Script != designation.Latin })
			}
			x = designation.NewIndex(entries)
		})
		return x
	}
}()

// outcome is what a query came to.
type outcome struct {
	labelled
	rank  int     // of the first right entry, 1 is the first; 0 for none in five
	score float64 // of the best right entry in five; of a name that is not listed, the best score at all
	top   string
}

func answer(t testing.TB, q labelled) outcome {
	x := indexed(t)
	if q.kind == "cross-script" {
		x = latinOnly(t)
	}
	o := outcome{labelled: q}
	for i, c := range x.Search(designation.Query{Name: q.query}, 5) {
		if i == 0 {
			o.top = c.Why
		}
		if q.expected == nil {
			o.score = max(o.score, c.Score)
			continue
		}
		if slices.Contains(q.expected, string(c.Entry.ID)) {
			if o.rank == 0 {
				o.rank = i + 1
			}
			o.score = max(o.score, c.Score)
		}
	}
	return o
}

// figures are the measures of a set of outcomes.
type figures struct {
	positives, negatives int
	first, five          float64             // recall at 1 and at 5
	byKind               map[string][3]int   // first, five, all
	at                   map[float64]float64 // recall when a share of the names that are not listed alert
	limit                map[float64]float64 // and the score from which they do
	alerts               float64             // share of those names that alert at AlertAt
	found                float64             // recall at AlertAt
}

func measure(outcomes []outcome) figures {
	f := figures{byKind: map[string][3]int{}, at: map[float64]float64{}, limit: map[float64]float64{}}
	var wrong []float64
	for _, o := range outcomes {
		if o.expected == nil {
			f.negatives++
			wrong = append(wrong, o.score)
			if o.score >= designation.AlertAt {
				f.alerts++
			}
			continue
		}
		f.positives++
		k := f.byKind[o.kind]
		k[2]++
		if o.rank == 1 {
			k[0]++
			f.first++
		}
		if o.rank > 0 {
			k[1]++
			f.five++
			if o.score >= designation.AlertAt {
				f.found++
			}
		}
		f.byKind[o.kind] = k
	}
	slices.SortFunc(wrong, func(a, b float64) int { return -cmpFloat(a, b) })
	for _, share := range []float64{.01, .02, .05} {
		limit := wrong[int(share*float64(len(wrong)))] // so many may lie above
		n := 0.0
		for _, o := range outcomes {
			if o.expected != nil && o.rank > 0 && o.score > limit {
				n++
			}
		}
		f.at[share], f.limit[share] = n/float64(f.positives), limit
	}
	f.first /= float64(f.positives)
	f.five /= float64(f.positives)
	f.found /= float64(f.positives)
	f.alerts /= float64(f.negatives)
	return f
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// TestQueries measures both halves of the labelled queries. The matcher was tuned on the half "tune" alone; the floors lie a little below what was reached.
func TestQueries(t *testing.T) {
	var outcomes []outcome
	for _, q := range queries(t) {
		outcomes = append(outcomes, answer(t, q))
	}
	for _, half := range []string{"tune", "test"} {
		mine := slices.DeleteFunc(slices.Clone(outcomes), func(o outcome) bool { return o.half != half })
		f := measure(mine)
		t.Logf("half %s: %d listed, %d not: R@1 %.3f R@5 %.3f; recall at 1/2/5 %% of names not listed alerting %.3f/%.3f/%.3f (scores above %.3f/%.3f/%.3f); at %.2f: recall %.3f, %.3f of names not listed alert",
			half, f.positives, f.negatives, f.first, f.five, f.at[.01], f.at[.02], f.at[.05], f.limit[.01], f.limit[.02], f.limit[.05], designation.AlertAt, f.found, f.alerts)
		for _, k := range slices.Sorted(maps.Keys(f.byKind)) {
			c := f.byKind[k]
			t.Logf("  %-24s %3d  %.2f / %.2f", k, c[2], float64(c[0])/float64(c[2]), float64(c[1])/float64(c[2]))
		}
		// The tuning half has 167 names more that were sought near listed ones.
		floor := map[string][3]float64{"tune": {.88, .94, .97}, "test": {.95, .96, .97}}[half]
		if f.first < .97 || f.five < .985 || f.at[.01] < floor[0] || f.at[.02] < floor[1] || f.at[.05] < floor[2] {
			t.Errorf("half %s lies below the floor", half)
		}
		if c := f.byKind["cross-script"]; float64(c[1]) < .97*float64(c[2]) {
			t.Errorf("half %s: with the names in other scripts withheld, %d of %d are found in five", half, c[1], c[2])
		}
		if f.alerts > .04 {
			t.Errorf("half %s: %.3f of names not listed alert", half, f.alerts)
		}
		if os.Getenv("PARLEY_MISSES") == half {
			for _, o := range mine {
				if o.expected == nil && o.score > f.limit[.05] || o.expected != nil && (o.rank != 1 || o.score <= f.limit[.02]) {
					t.Logf("%s: %q rank %d score %.3f, expected %v: %s", o.kind, o.query, o.rank, o.score, o.expected, o.top)
				}
			}
		}
	}
}
