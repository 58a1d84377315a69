package designation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is one word of a name: as it was written, and folded.
type word struct {
	shown  string // as written
	text   string // romanised: a to z, digits, '`' for ain; Han stays as it is
	script Script
	bare   bool // written without its short vowels
	caps   bool // written in capitals
	letter bool // letters that stood alone: "J.-C."
}

// What is read of a name at most. No name on a list comes near it; a text that was pasted by mistake costs no more.
const (
	mostBytes = 1000
	mostWords = 60
)

// fold cuts a name into its words and folds each: Unicode compatibility forms, case, marks, apostrophes, digits, articles that are written
// together with the word. "AL-QA'IDA", "Al Qa’ida" and "القاعدة" lose their article to words of their own, so that it can count for nothing.
func fold(name string) []word {
	if len(name) > mostBytes {
		name = strings.ToValidUTF8(name[:mostBytes], "")
	}
	var words []word
	for _, raw := range cut(norm.NFKC.String(name)) {
		if words = foldWord(words, raw); len(words) > mostWords {
			break
		}
	}
	return initials(words)
}

// apostrophe tells the signs that stand inside a word for a glottal stop, an ain or an elision.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´', 'ʻ', 'ʼ', 'ʽ', 'ʾ', 'ʿ', 'ˈ', '′', '‛', '＇', 'ʹ':
		return true
	}
	return false
}

// cut parts a name at what is neither letter, digit, mark nor apostrophe, between a small letter and a capital ("SergeiLavrov"), and where the script changes.
func cut(name string) []string {
	var out []string
	var b []rune
	small := 0 // small Latin or Cyrillic letters at the end of b
	flush := func() {
		if len(b) > 0 {
			out = append(out, string(b))
		}
		b, small = b[:0], 0
	}
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			if unicode.IsUpper(r) && small >= 3 {
				flush()
			}
			if n := len(b); n > 0 && unicode.IsLetter(b[n-1]) && unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, b[n-1]) {
				flush()
			}
			b = append(b, r)
			if unicode.IsLower(r) {
				small++
			} else {
				small = 0
			}
		case unicode.IsMark(r), r == 'ـ', r == '\u200c', r == '\u200d', r == '\u00ad', r == '\u200e', r == '\u200f':
			// harakat, tatweel, joiners and direction marks say nothing
			if unicode.IsMark(r) && !unicode.Is(unicode.Arabic, r) {
				b = append(b, r)
			}
		case unicode.Is(unicode.Nd, r):
			b = append(b, rune('0'+digit(r)))
			small = 0
		case apostrophe(r):
			if len(b) == 1 && strings.ContainsRune("lLdD", b[0]) { // l’unification, d'affaires
				flush()
			}
		case r == '&':
			flush()
			out = append(out, "&")
		default:
			if r == '.' && len(b) > 0 {
				b = append(b, r)
			}
			flush()
		}
	}
	flush()
	return out
}

func foldWord(words []word, raw string) []word {
	if raw == "&" {
		return append(words, word{shown: raw, text: "and", script: Latin})
	}
	dotted := strings.HasSuffix(raw, ".")
	raw = strings.TrimSuffix(raw, ".")
	if raw == "" {
		return words
	}
	w := word{shown: raw, script: ScriptOf(raw)}
	lower := strings.ToLower(strings.ReplaceAll(raw, "İ", "I"))
	if w.script == Han {
		w.text = lower
		return append(words, w)
	}
	if w.script == Arabic {
		var split []word
		if split, lower = arabicPrefixes(lower); len(split) > 0 {
			words = append(words, split...)
		}
		for _, abu := range []string{"ابو", "أبو"} { // written together with the name that follows
			if t, ok := strings.CutPrefix(lower, abu); ok && utf8.RuneCountInString(t) >= 3 {
				words = append(words, word{shown: abu, text: "abw", script: Arabic, bare: true})
				split, lower = arabicPrefixes(t)
				words = append(words, split...)
				break
			}
		}
	}
	w.text, w.bare = romanise(lower)
	w.text = digitsAsLetters(w.text)
	w.caps = len(raw) > 1 && strings.ToUpper(raw) == raw && strings.ToLower(raw) != raw
	if dotted && len(w.text) == 1 {
		w.shown += "."
	}
	if w.text == "" {
		return words
	}
	return append(words, w)
}

// arabicPrefixes parts the conjunction and the article from an Arabic word: "والجهاد" is wa, al, jihad. The name of God keeps its article.
func arabicPrefixes(s string) (split []word, rest string) {
	letters := func(s string) int { return utf8.RuneCountInString(s) }
	article := func(s string) (string, bool) {
		for _, a := range []string{"ال", "أل", "ٱل"} {
			if t, ok := strings.CutPrefix(s, a); ok && letters(t) >= 2 && !god(s) {
				return t, true
			}
		}
		if t, ok := strings.CutPrefix(s, "لل"); ok && letters(t) >= 3 && !strings.HasPrefix(t, "ه") && !strings.HasPrefix(t, "ہ") {
			return t, true
		}
		return s, false
	}
	if t, ok := strings.CutPrefix(s, "و"); ok && letters(t) >= 5 {
		if u, ok := article(t); ok {
			return []word{{shown: "و", text: "wa", script: Arabic}, {shown: "ال", text: "al", script: Arabic}}, u
		}
	}
	if t, ok := article(s); ok {
		return []word{{shown: "ال", text: "al", script: Arabic}}, t
	}
	return nil, s
}

func god(s string) bool {
	switch s {
	case "الله", "اللہ", "ٱلله", "اللة":
		return true
	}
	return false
}

// digitsAsLetters undoes digits between letters that stand for letters ("Ig0r Sech1n"); a digit at the end of a word stays ("m23", "g9").
func digitsAsLetters(s string) string {
	letters, inside := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			letters++
		case c >= '0' && c <= '9' && i > 0 && i < len(s)-1 && s[i+1] >= 'a' && s[i+1] <= 'z':
			inside = true
		}
	}
	if !inside || letters < 3 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune("0134579", r); i >= 0 {
			return rune("oieastg"[i])
		}
		return r
	}, s)
}

// initials joins letters that stand alone one after another: "P. K. K.", "S.A.", "O.O.O." are one word. Two letters of a person's initials come out as one
// word too ("J.-C. Juncker"); tokens.go reads it as both.
func initials(words []word) []word {
	out := words[:0:0]
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && len(words[j].text) == 1 && words[j].text[0] >= 'a' && words[j].text[0] <= 'z' {
			j++
		}
		if j-i >= 2 {
			w := words[i]
			w.caps, w.letter = true, true
			for _, x := range words[i+1 : j] {
				w.shown += x.shown
				w.text += x.text
			}
			out = append(out, w)
			i = j
			continue
		}
		out = append(out, words[i])
		i++
	}
	return out
}
