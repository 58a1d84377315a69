package statement

import (
	"strings"

	lang "golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countries holds the names of countries in the languages that are read, by their folded form.
var countries = func() map[string]bool {
	out := map[string]bool{"us": true, "u.s.": true, "usa": true, "uk": true, "syria": true, "россия": true, "сша": true}
	for _, tag := range []lang.Tag{lang.English, lang.Russian, lang.Arabic} {
		names := display.Regions(tag)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				region, err := lang.ParseRegion(string([]rune{a, b}))
				if err == nil && region.IsCountry() {
					out[Fold(names.Name(region))] = true
				}
			}
		}
	}
	return out
}()

// Fold prepares a name for comparison, as the reader compares names: without case, vowel signs and possessive endings, its words parted by one space.
func Fold(s string) string {
	ws := strings.Fields(s)
	for i := range ws {
		ws[i] = fold(ws[i])
	}
	return strings.Join(ws, " ")
}

var (
	locative  = set("in to at near from around outside inside into across towards toward throughout over off outside_of through of between beyond within north south east west на в во из под возле около близ в_районе у")
	mostWords = 5
	// sentenceWords are words that no name of a place goes on with.
	sentenceWords = set("is are was were has had have been who which that this they he she it said says told by with for as but not will would can could there their his her its into from")
	// linking are words inside the name of a place.
	linking = set("ez al el ar as ash an az de la el-zor of")
)

// placesIn returns the places in some tokens. Where all is false only those that stand where a place stands: behind "in" or "near". Who rules from a place is no place:
// "Washington's failure", "talks with the US".
func (r *reading) placesIn(ts []token, all bool) []string {
	out := []string{}
	place := false // whether the last word of the kind said that a place follows
	for i := 0; i < len(ts); i++ {
		t := &ts[i]
		if !t.word {
			if t.text != "," && t.text != "[" && t.text != "(" && t.text != "“" && t.text != "«" {
				place = false
			}
			continue
		}
		if r.lang != arabicLanguage && locative[t.low] {
			place = true
			continue
		}
		name, n, known := r.placeAt(ts[i:])
		if n == 0 {
			switch {
			case r.lang == arabicLanguage:
				place = arabicLocative[t.low]
			case t.low == "and" || t.low == "the" || t.low == "и":
				if t.low == "the" {
					place = place && i > 0 && ts[i-1].low != "of"
				}
			default:
				place = place && (nationality(t.text) || generic[t.low])
			}
			continue
		}
		last := &ts[i+n-1]
		behind := ""
		if i+n < len(ts) {
			behind = ts[i+n].low
		}
		agent := last.possessive() || i > 0 && ts[i-1].low == "the" && countries[Fold(name)] || bodies[behind] || titles[behind] && behind != "" || behind == "air" || behind == "army"
		if all && known || place && !agent || !all && known && attached(ts, i) {
			out = once(out, strings.TrimSuffix(strings.TrimSuffix(name, "’s"), "'s"))
		}
		i += n - 1
		place = place && !agent
	}
	return out
}

var (
	generic        = set("city town village province governorate district countryside area region suburb camp northern southern eastern western central city_of")
	arabicLocative = set("في ب من الي قرب شمال جنوب شرق غرب مدينة بلدة قرية محافظة ريف حي")
)

// attached reports whether a preposition is written as one with the name, as in Arabic.
func attached(ts []token, i int) bool {
	return strings.HasPrefix(ts[i].low, "ب") && len([]rune(ts[i].low)) > 3
}

// placeAt returns the place with which tokens begin, how many tokens its name has, and whether a gazetteer or the list of countries knows it.
func (r *reading) placeAt(ts []token) (name string, n int, known bool) {
	if r.lang != arabicLanguage && !ts[0].capital() {
		return "", 0, false
	}
	most := 1
	for most < min(mostWords, len(ts)) && ts[most].word && !sentenceWords[ts[most].low] {
		most++
	}
	for n = most; n > 0; n-- {
		text := join(ts[:n])
		plainName := strings.TrimSuffix(strings.TrimSuffix(text, "’s"), "'s")
		if countries[Fold(plainName)] && (ts[0].text != "us" && ts[0].text != "it") {
			return plainName, n, true
		}
		if r.Place != nil && !(n == 1 && (dets[ts[0].low] || people[ts[0].low] || isDay(r.lang, ts[0]) || r.lang != english && (len([]rune(ts[0].text)) < 3 || arabicLocative[bare(ts[0].low)]))) {
			for _, form := range forms(plainName, r.lang) {
				if found, ok := r.Place(form); ok {
					if r.lang == english {
						if longer, m, _ := r.run(ts); m > n {
							return longer, m, false // another place whose name begins alike
						}
						return plainName, n, true
					}
					return found, n, true
				}
			}
		}
	}
	return r.run(ts)
}

// run returns a run of capitals: it may be a place that no gazetteer here knows.
func (r *reading) run(ts []token) (name string, n int, known bool) {
	if r.lang == arabicLanguage || isDay(r.lang, ts[0]) || nationality(ts[0].text) || acronym(ts[0].text) || titles[ts[0].low] || pronouns[ts[0].low] != anyone || dets[ts[0].low] {
		return "", 0, false
	}
	for n = 1; n < len(ts) && n < mostWords && ts[n].word && (ts[n].capital() && !isDay(r.lang, ts[n]) || article(ts[n]) || linking[ts[n].low] && n+1 < len(ts) && ts[n+1].capital()); n++ {
	}
	for _, t := range ts[:n] {
		if bodies[t.low] || people[t.low] || nationality(t.text) {
			return "", 0, false
		}
	}
	return join(ts[:n]), n, false
}

// forms are the ways in which a name may stand in a gazetteer: without the preposition that is written with it, and in Russian without its ending.
func forms(name string, l *language) []string {
	out := []string{name}
	rs := []rune(name)
	switch l {
	case arabicLanguage:
		for _, p := range []string{"ب", "ل", "و", "وب"} {
			if cut, ok := strings.CutPrefix(name, p); ok && len([]rune(cut)) > 3 {
				out = append(out, cut)
				if strings.HasPrefix(cut, "ل") {
					out = append(out, "ا"+cut)
				}
			}
		}
	case russian:
		if len(rs) > 4 {
			stem := string(rs[:len(rs)-1])
			out = append(out, stem, stem+"а", stem+"я", stem+"о")
		}
	}
	return out
}
