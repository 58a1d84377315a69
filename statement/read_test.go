package statement

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write what is found as what is expected; look at the difference")

// towns stands for a gazetteer where the open one is not at hand.
func towns(name string) (string, bool) {
	town, ok := townNames[Fold(name)]
	return town, ok
}

var townNames = func() map[string]string {
	out := map[string]string{}
	for _, t := range [][]string{{"Aleppo", "حلب", "Алеппо"}, {"Raqqa", "الرقة", "Ракка"}, {"Manbij", "منبج"}, {"Idlib"}, {"Qamishli"}, {"Amman"}, {"Ankara"}, {"Gaziantep"}, {"Geneva"}} {
		for _, form := range t {
			out[Fold(form)] = t[0]
		}
	}
	return out
}()

// line is a claim in a line.
func line(c Claim) string {
	var spans []string
	for _, s := range c.Spans {
		spans = append(spans, s.Text)
	}
	return strings.Join([]string{string(c.Form), string(c.Kind), c.Cue, text(c.Speaker.Name), string(c.Speaker.Confidence), text(c.Speaker.Mention), text(c.Via), text(c.StatementDate), strings.Join(c.Places, "; "), strings.Join(c.Organisations, "; "),
		strings.Join(spans, " … ")}, " | ")
}

// Texts of our own writing, one for each way in which speech is reported; what is expected was read by eye.
func TestExercises(t *testing.T) {
	files, err := filepath.Glob("testdata/exercise-*.txt")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d exercises, %v", len(files), err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		reader := &Reader{Place: towns}
		got := reader.Read(Document{Text: string(body), Published: Date{2017, 9, 21}})
		var b strings.Builder
		for _, c := range got.Claims {
			fmt.Fprintln(&b, line(c))
		}
		for _, s := range got.NotClaims {
			fmt.Fprintln(&b, "not a claim |", s.Text)
		}
		expected := strings.TrimSuffix(name, ".txt") + ".claims"
		if *update {
			if err := os.WriteFile(expected, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(expected)
		if err != nil {
			t.Fatal(err)
		}
		if gotLines, wantLines := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n"); !slices.Equal(gotLines, wantLines) {
			for i := range max(len(gotLines), len(wantLines)) {
				g, w := at(gotLines, i), at(wantLines, i)
				if g != w {
					t.Errorf("%s, line %d:\n  %s\nexpected\n  %s", expected, i+1, g, w)
				}
			}
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// Whatever the text: every span is the text at its place, none is empty, and no two claims of one rule are the same.
func sound(t interface{ Fatalf(string, ...any) }, doc Document, got Reading) {
	rs := []rune(got.Text)
	for _, c := range got.Claims {
		if len(c.Spans) == 0 {
			t.Fatalf("a claim without a span: %+v", c)
		}
		for _, s := range c.Spans {
			if s.Start < 0 || s.End > len(rs) || s.Start >= s.End || string(rs[s.Start:s.End]) != s.Text {
				t.Fatalf("span %d to %d is not %q", s.Start, s.End, s.Text)
			}
		}
		if c.Speaker.Name == nil && c.Speaker.Confidence != Unresolved {
			t.Fatalf("nobody is named, and the confidence is %q", c.Speaker.Confidence)
		}
	}
	if doc.Published.IsZero() {
		for _, c := range got.Claims {
			if c.StatementDate != nil && c.DateWords != nil && !strings.ContainsAny(*c.DateWords, "0123456789٠١٢٣٤٥٦٧٨٩") {
				t.Fatalf("%q is %s in a text without a day", *c.DateWords, *c.StatementDate)
			}
		}
	}
}

func TestAnyTextIsReadSoundly(t *testing.T) {
	pieces := []string{"“", "”", "\"", "‘", "’", "«", "»", " said ", "Anna Petrova", ", who was there,", " told Reuters that ", "he", " added", ". ", ".", "\n", ", ", ":", "the ministry", "According to ", "in Aleppo", " on Friday", "قال ", "إن ", "заявил, что ", "— ", "?", "adding that ", "x", "the road is shut"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(t, "pieces"), "")
		doc := Document{Text: text}
		sound(t, doc, (&Reader{Place: towns}).Read(doc))
	})
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"testdata/exercise-en.txt", "testdata/exercise-ru.txt", "testdata/exercise-ar.txt"} {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 20_000 {
			return // no text of the reader, or one that only costs time
		}
		doc := Document{Text: text}
		sound(t, doc, (&Reader{Place: towns}).Read(doc))
	})
}

// BenchmarkRead reads 20 kB of news; the goal is 10 ms.
func BenchmarkRead(b *testing.B) {
	body, err := os.ReadFile("testdata/exercise-en.txt")
	if err != nil {
		b.Fatal(err)
	}
	doc := Document{Text: strings.Repeat(string(body), 20_000/len(body)+1)[:20_000], Published: Date{2017, 9, 21}}
	reader := &Reader{Place: towns}
	b.SetBytes(int64(len(doc.Text)))
	for b.Loop() {
		reader.Read(doc)
	}
}
