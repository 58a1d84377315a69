package gazetteer

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var river = []Place{
	{Name{"Ar-Raqqa", "الرَّقّة"}, Name{}, at(35.95, 39.01), City, nil},
	{Name{"Deir-ez-Zor", "دير الزور"}, Name{}, at(35.33, 40.14), City, nil},
	{Name{"Al-Mayadin", "الميادين"}, Name{}, at(35.02, 40.45), Town, nil},
	{Name{"Abu Kamal", "البوكمال"}, Name{}, at(34.45, 40.92), Town, nil},
	{Name{"Ath-Thawrah (Tabqa)", "الطبقة"}, Name{}, at(35.83, 38.55), Town, nil},
	{Name{"Al-Kasrah", "الكسرة"}, Name{}, at(35.58, 39.93), Village, nil},
	{Name{"Kisrat Sheikh Jumah", "كسرة شيخ الجمعة"}, Name{}, at(35.89, 39.07), Village, nil},
	{Name{"Hajin", "هجين"}, Name{}, at(34.69, 40.83), Village, nil},
}

func TestFind(t *testing.T) {
	g := read(t, file(river...))
	for text, want := range map[string]string{
		"Ar-Raqqa": "Ar-Raqqa", "raqqa": "Ar-Raqqa", "RAQA": "Ar-Raqqa", "Al Raqqah": "Ar-Raqqa", "Rāqqa": "Ar-Raqqa", "ra": "Ar-Raqqa", "Raqaq": "Ar-Raqqa",
		"الرقة": "Ar-Raqqa", "رقه": "Ar-Raqqa", "الرقـــة": "Ar-Raqqa", "الر": "Ar-Raqqa",
		"Deir Ezzor": "Deir-ez-Zor", "Dayr az Zawr": "Deir-ez-Zor", "Dayr ar Zawr": "Deir-ez-Zor", "deir": "Deir-ez-Zor", "zor": "Deir-ez-Zor", "ديرالزور": "Deir-ez-Zor", "Deir ez Zour": "Deir-ez-Zor",
		"Mayadeen": "Al-Mayadin", "al-Mayādīn": "Al-Mayadin", "ميادن": "Al-Mayadin", "Mayaidn": "Al-Mayadin",
		"Al Bukamal": "Abu Kamal", "Albukamal": "Abu Kamal", "abu k": "Abu Kamal", "البو كمال": "Abu Kamal", "ألبوكمال": "Abu Kamal",
		"Tabqa": "Ath-Thawrah (Tabqa)", "Thawra": "Ath-Thawrah (Tabqa)",
		"Kasra": "Al-Kasrah", "kisrat": "Kisrat Sheikh Jumah", "jumah": "Kisrat Sheikh Jumah", "kasrat shaykh jumʿa": "Kisrat Sheikh Jumah",
		"hagin": "Hajin", "xyzzy": "", "": "", "!?": "", "ق": "",
	} {
		got := ""
		if found := g.Find(text, 1); len(found) > 0 {
			got = found[0].Name.English
		}
		if got != want {
			t.Errorf("%q: %q, expected %q", text, got, want)
		}
	}
	var all []string
	for _, p := range g.Find("k", 10) {
		all = append(all, p.Name.English)
	}
	if want := []string{"Al-Kasrah", "Kisrat Sheikh Jumah", "Abu Kamal"}; !slices.Equal(all, want) {
		t.Errorf("%q, expected beginnings before later words: %q", all, want)
	}
	if len(g.Find("k", 2)) != 2 || g.Find("k", 0) != nil {
		t.Error("the limit does not hold")
	}
}

// TestFindFindsWhatIsBegun types each name from its first letter to its last, and expects the place among the answers all the way.
func TestFindFindsWhatIsBegun(t *testing.T) {
	g := read(t, file(river...))
	for _, p := range river {
		for _, name := range []string{p.Name.English, p.Name.Arabic} {
			runes := []rune(name)
			for end := range runes {
				if part := string(runes[:end+1]); !slices.ContainsFunc(g.Find(part, len(river)), func(f Place) bool { return f.Name == p.Name }) {
					t.Errorf("%q does not find %v", part, p)
				}
			}
		}
	}
}

// TestEditDistance compares the rows with the plain definition.
func TestEditDistance(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("abcي")), 0, 7, -1)
	rapid.Check(t, func(t *rapid.T) {
		q, name := []rune(letters.Draw(t, "q")), []rune(letters.Draw(t, "name"))
		want := len(q)
		for end := range len(name) + 1 {
			want = min(want, slowDistance(q, name[:end]))
		}
		allowed := rapid.IntRange(1, 2).Draw(t, "allowed")
		var d distances
		got := d.toPrefix(q, name, allowed)
		if want <= allowed && got != want || want > allowed && got <= allowed {
			t.Fatalf("%q and %q: %d, expected %d", string(q), string(name), got, want)
		}
	})
}

func slowDistance(a, b []rune) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a) + len(b)
	case a[len(a)-1] == b[len(b)-1]:
		return slowDistance(a[:len(a)-1], b[:len(b)-1])
	}
	n := 1 + min(slowDistance(a[:len(a)-1], b), slowDistance(a, b[:len(b)-1]), slowDistance(a[:len(a)-1], b[:len(b)-1]))
	if i, j := len(a), len(b); i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		n = min(n, 1+slowDistance(a[:i-2], b[:j-2]))
	}
	return n
}
