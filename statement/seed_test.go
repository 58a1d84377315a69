package statement

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/internal/need"
)

// places is the gazetteer of open data: every name of each place.
func places(t testing.TB) func(string) (string, bool) {
	names := map[string]string{}
	f, err := os.Open(need.Shared(t, "data/gazetteer-geonames/geonames_cities500_SY_IQ_YE_JO_LB.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 4 {
			continue
		}
		for _, n := range append(strings.Split(fields[3], ","), fields[1], fields[2]) {
			names[Fold(n)] = fields[1]
		}
	}
	return func(name string) (string, bool) {
		found, ok := names[Fold(name)]
		return found, ok
	}
}

// gold is the expected result for the source report.
type gold struct {
	Documents []struct {
		SHA256    string
		Text      string
		NotClaims []Span `json:"not_claims"`
		Places    []string
		Claims    []struct {
			Speaker struct {
				Name       string
				Mention    string
				NeedsCoref bool `json:"needs_coref"`
			}
			Cue           string
			Type          Form
			Spans         []Span
			Via           *string
			Places        []string
			Organisations []string
			StatementDate *string `json:"statement_date"`
		}
	}
}

func TestSourceReport(t *testing.T) {
	article, err := os.ReadFile(need.Shared(t, "seed/article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(need.Shared(t, "seed/claims.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want gold
	if err := json.Unmarshal(bytes, &want); err != nil {
		t.Fatal(err)
	}
	doc := want.Documents[0]
	got := (&Reader{Place: places(t)}).Read(Document{Text: string(article)})
	if got.SHA256 != doc.SHA256 {
		t.Errorf("hash of the text %s, expected %s", got.SHA256, doc.SHA256)
	}
	if len(got.Claims) != len(doc.Claims) {
		t.Errorf("%d claims, expected %d", len(got.Claims), len(doc.Claims))
	}
	for _, w := range doc.Claims {
		i := slices.IndexFunc(got.Claims, func(c Claim) bool { return slices.Equal(c.Spans, w.Spans) })
		if i < 0 {
			t.Errorf("not found: %q", w.Spans[0].Text)
			continue
		}
		g := got.Claims[i]
		if g.Speaker.Name == nil || *g.Speaker.Name != w.Speaker.Name || g.Speaker.Mention == nil || *g.Speaker.Mention != w.Speaker.Mention || g.Speaker.NeedsCoref != w.Speaker.NeedsCoref {
			t.Errorf("%q: speaker %s, expected %v", w.Spans[0].Text, shown(g.Speaker), w.Speaker)
		}
		if g.Cue != w.Cue || g.Form != w.Type || g.StatementDate != nil {
			t.Errorf("%q: %q, %s, expected %q, %s", w.Spans[0].Text, g.Cue, g.Form, w.Cue, w.Type)
		}
		if text(g.Via) != text(w.Via) {
			t.Errorf("%q: via %q, expected %q", w.Spans[0].Text, text(g.Via), text(w.Via))
		}
		if !slices.Equal(g.Places, w.Places) {
			t.Errorf("%q: places %q, expected %q", w.Spans[0].Text, g.Places, w.Places)
		}
		slices.Sort(g.Organisations)
		slices.Sort(w.Organisations)
		if !slices.Equal(g.Organisations, w.Organisations) {
			t.Errorf("%q: organisations %q, expected %q", w.Spans[0].Text, g.Organisations, w.Organisations)
		}
	}
	for _, c := range got.Claims {
		for _, s := range c.Spans {
			for _, n := range doc.NotClaims {
				if s.Start < n.End && n.Start < s.End {
					t.Errorf("the narrator's words are taken for a claim: %q", s.Text)
				}
			}
		}
	}
}

func shown(s Speaker) string { b, _ := json.Marshal(s); return string(b) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
