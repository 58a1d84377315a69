package statement

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/internal/need"
)

// Sentences of a force's own releases are its claims, each with the places it names: 300 of the set, of which 60 were labelled by hand.
func TestIssuedStatements(t *testing.T) {
	sets, err := filepath.Glob(filepath.Join(need.Shared(t, "data/statements-centcom-sy-2014-2016"), "*_lines.csv"))
	if err != nil || len(sets) != 1 {
		t.Fatalf("%d sets of lines, %v", len(sets), err)
	}
	f, err := os.Open(sets[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	labels := map[int][]string{}
	text, err := os.ReadFile("testdata/centcom-labels.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if number, names, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			n, err := strconv.Atoi(number)
			if err != nil {
				t.Fatal(err)
			}
			labels[n] = strings.Split(names, "|")
		}
	}
	lines := []int{}
	for n := range labels {
		lines = append(lines, n)
	}
	for n := 2; len(lines) < 300; n += 5 {
		if labels[n] == nil {
			lines = append(lines, n)
		}
	}
	slices.Sort(lines)
	find := places(t)
	reader := &Reader{Place: find}
	var right, given, wanted, linked, claims, placed int
	for _, n := range lines {
		sentence := rows[n-1][6]
		got := reader.Read(Document{Text: sentence, Issuer: "the force"})
		if len(got.Claims) != 1 {
			t.Errorf("line %d: %d claims, expected one", n, len(got.Claims))
			continue
		}
		claims++
		c := got.Claims[0]
		if c.Form != Issued || *c.Speaker.Name != "the force" || !strings.Contains(sentence, c.Spans[0].Text) || len(c.Spans[0].Text) < len(sentence)-4 {
			t.Errorf("line %d: %s by %s: %q", n, c.Form, *c.Speaker.Name, c.Spans[0].Text)
		}
		if len(c.Places) > 0 {
			placed++
		}
		want, labelled := labels[n]
		if !labelled {
			continue
		}
		given += len(c.Places)
		wanted += len(want)
		for _, p := range c.Places {
			if slices.Contains(want, p) {
				right++
			} else {
				t.Logf("line %d: place %q, expected %q", n, p, want)
			}
			if _, ok := find(p); ok {
				linked++
			}
		}
	}
	precision, recall := float64(right)/float64(given), float64(right)/float64(wanted)
	t.Logf("%d sentences, %d claims, %d with a place; of %d labelled: precision %.3f, recall %.3f, known to the gazetteer %d of %d", len(lines), claims, placed, len(labels), precision, recall, linked, given)
	if claims != 300 || placed < 297 || precision < 0.95 || recall < 0.95 {
		t.Error("expected a claim for each of 300 sentences, a place in nearly all, precision and recall of 0.95")
	}
}
