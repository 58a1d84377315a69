package designation

import (
	"strings"
	"unicode"
)

// token is a word of a name, ready to be compared. Tokens with the same text, bare and initial are alike in everything but shown.
type token struct {
	text    string // romanised
	shown   string // as written
	sound   string
	key     uint64 // of what it means, of its text if that is unknown
	names   []int32
	concept int32 // a line of words.txt or bodies.txt; -1 for none
	class   class
	script  Script
	bare    bool
	initial bool // a single letter that stands for a name
	caps    bool
	acronym bool      // made of first letters
	letters bool      // initials that stood one by one
	marks   uint32    // which classes of consonants it holds
	mass    [2]uint16 // of its sounds; beside a word without vowels
	person  float32   // weight in a name of a person
	other   float32   // weight in a name of anything else
}

// silent tokens say nothing: articles, particles, prefixes, legal forms.
func (t *token) silent() bool {
	return t.class == particle || t.class == legal || t.class == prefix
}

func (t *token) weight(k Kind) float32 {
	switch {
	case k == Person:
		return t.person
	case k == Vessel && (t.class == generic || t.class == legal):
		return .5 // a ship called Victory is called that and no more
	}
	return t.other
}

// known tells a token whose meaning the tables have.
func (t *token) known() bool { return t.concept >= 0 || len(t.names) > 0 }

// tokens cuts a name into tokens: folded words, with names that many write in two words made one ("Abd al-Rahman", "Saif al-Din", "Hizb Allah").
func (l *lexicon) tokens(name string) []token {
	words := join(fold(name))
	out := make([]token, 0, len(words))
	for _, w := range words {
		out = append(out, l.token(w))
	}
	return l.join(eastern(out))
}

// token classifies a word.
func (l *lexicon) token(w word) token {
	t := token{text: w.text, shown: w.shown, bare: w.bare, script: w.script, caps: w.caps, letters: w.letter, concept: -1, person: 1, other: 1}
	if w.script == Han {
		t.key, t.sound = hash(t.text), t.text
		return t
	}
	if len(t.text) == 1 && t.text[0] >= 'a' {
		t.class, t.person, t.other = particle, 0, 0
		t.initial = unicode.IsUpper([]rune(w.shown)[0]) || w.script == Latin && !strings.Contains("aeiouylds", t.text)
		if t.initial {
			t.class, t.person, t.other = unknown, .15, .3
		}
		t.key, t.sound = hash(t.text), t.text
		return t
	}
	t.sound = sounds(t.text)
	t.marks, t.mass = marks(t.sound), masses(t.sound)
	if t.names = l.names[t.text]; len(t.names) == 0 && len(t.text) > 5 && strings.HasPrefix(t.text, "abd") {
		for _, n := range l.names[t.text[3:]] { // a servant of one of the names of God is another name than the name itself
			t.names = append(t.names, n|servant)
		}
	}
	if m, ok := l.word(t.text, t.script); ok && !(w.caps && l.meanings[m].class == particle && len(t.text) > 1 && acronymShape(t.text)) {
		t.concept = m
	}
	switch {
	case t.concept >= 0:
		t.class = l.meanings[t.concept].class
		t.key = hash("#" + l.meanings[t.concept].id)
	case len(t.names) > 0:
		t.class = l.meanings[t.names[0]&^servant].class
		t.key = hash("@"+l.meanings[t.names[0]&^servant].id) + uint64(t.names[0]&servant)
	case allDigits(t.text):
		t.class, t.key = number, hash(t.text)
	default:
		t.key = hash(t.text)
	}
	t.person, t.other = l.weights(&t)
	return t
}

// weights say how much it tells that two names share a token. They stand in the tables and in the length of the word, not in the lists: the same two names
// score the same in every edition, and a new alias takes nothing from an old one.
func (l *lexicon) weights(t *token) (person, other float32) {
	long := float32(1)
	switch n := len([]rune(t.text)); {
	case n <= 2:
		long = .5
	case n == 3:
		long = .75
	}
	switch t.class {
	case particle, prefix:
		return 0, 0
	case legal:
		return .05, .04
	case generic:
		person, other = .5, .25
	case ordinary, place:
		person, other = .6, .45
		if t.class == place {
			other = .35
		}
	case number:
		person, other = .3, .3
	case body:
		return 1.5, 1.5
	case title:
		return .06, .2
	default:
		person, other = long, long
		if suffix(t.text, patronymics) {
			person = .5
		}
	}
	if len(t.names) > 0 {
		m := l.meanings[t.names[0]&^servant]
		switch {
		case m.class == title:
			return .06, min(other, .3)
		case t.names[0]&servant != 0:
			m.common = 2
		}
		person = [4]float32{1, .75, .55, .42}[m.common]
		other = min(other, [4]float32{1, .9, .7, .6}[m.common])
	}
	return person, other
}

// servant marks the names that begin with Abd.
const servant = 1 << 24

var patronymics = []string{"ovich", "evich", "yevich", "ovych", "ovna", "evna", "yevna", "ivna", "owitsch", "ovitch", "evitch", "avich", "ivich"}

func suffix(s string, of []string) bool {
	for _, x := range of {
		if len(s) > len(x)+2 && strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// acronymShape tells letters that do not read as a word.
func acronymShape(s string) bool {
	return !strings.ContainsAny(s, "aeiouy")
}

// join makes one word of names written in several: Abd al-X and Abdul X, X Allah, X al-Din; and splits Abubakr.
func join(words []word) []word {
	out := words[:0:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		next := i + 1
		for next < len(words) && isArticle(words[next].text) {
			next++
		}
		more := next < len(words)
		switch {
		case w.script == Han:
		case more && (isAbd(w.text) || w.bare && w.text == "`bd") && (len(words[next].text) > 2 || words[next].bare && len(words[next].text) == 2):
			x := words[next]
			w = glue(w, x)
			i = next
		case more && isDin(words[next].text) && len(w.text) > 2 && !isSon(w.text) && w.text != "abu":
			x := words[next]
			w.shown, w.text = w.shown+" "+x.shown, trimLinking(w.text, next == i+1)+"ddin"
			i = next
		case more && isGod(words[next].text) && len(w.text) > 2 && !isSon(w.text) && w.text != "abu":
			x := words[next]
			w.shown, w.text = w.shown+" "+x.shown, w.text+"allah"
			i = next
		}
		w.text = canonical(w.text, w.bare)
		out = append(out, w)
	}
	return out
}

// glue makes "Abd" and a name one word.
func glue(w, x word) word {
	t := x.text
	if isGod(t) {
		t = "allah"
	}
	w.shown, w.text, w.bare = w.shown+" "+x.shown, "abd"+t, w.bare || x.bare
	return w
}

// trimLinking drops the vowel that "Saifu Din", "Badre Eddine" put between.
func trimLinking(s string, adjacent bool) string {
	if adjacent && len(s) > 4 {
		return strings.TrimRight(s, "u")
	}
	return s
}

// canonical spells the parts that join() makes and that others write in one word: abdul-, -ullah, -uddin.
func canonical(s string, bare bool) string {
	if bare {
		if t, ok := strings.CutPrefix(s, "`bd"); ok && len(t) > 2 {
			s = "abd" + strings.TrimPrefix(t, "al")
			if t == "allh" || t == "alah" {
				return "abdallah"
			}
			return s
		}
		if t, ok := strings.CutSuffix(s, "allh"); ok && len(t) > 1 {
			return t + "allah"
		}
		if t, ok := strings.CutSuffix(s, "aldyn"); ok && len(t) > 1 {
			return t + "ddin"
		}
		return s
	}
	if len(s) < 7 {
		return s
	}
	if strings.HasPrefix(s, "abd") || strings.HasPrefix(s, "cabd") {
		t := strings.TrimPrefix(strings.TrimPrefix(s, "c"), "abd")
		for _, god := range []string{"allah", "ullah", "ollah", "ellah", "alla", "ulla", "oulaye", "ilahi", "illahi", "ullahi", "ullaahi", "illaahi", "alah", "ulah", "ulloh", "ullo"} {
			if t == god {
				return "abdallah"
			}
		}
		vowel := strings.TrimLeft(t, "aeiou")
		if vowel != t && len(vowel) > 3 {
			switch {
			case vowel[0] == 'l':
				return "abd" + vowel[1:]
			case vowel[0] == vowel[1]: // assimilated: abdurrahman, abdessalam
				return "abd" + vowel[1:]
			case strings.HasPrefix(vowel, "shsh"), strings.HasPrefix(vowel, "chch"):
				return "abd" + vowel[2:]
			default:
				return "abd" + vowel
			}
		}
		if len(t) > 3 {
			return "abd" + t
		}
	}
	for _, end := range []string{"ullah", "ollah", "allah", "ellah", "ulla", "olla", "alla"} {
		if t, ok := strings.CutSuffix(s, end); ok && len(t) >= 3 {
			return t + "allah"
		}
	}
	for _, end := range []string{"uddeen", "uddine", "uddin", "eddine", "eddin", "addin", "oddin", "aldin", "eldin", "uldin", "adin", "uddien", "iddin", "oddine", "addine"} {
		if t, ok := strings.CutSuffix(s, end); ok && len(t) >= 3 && (end != "adin" || len(t) >= 4) {
			return t + "ddin"
		}
	}
	return s
}

func isArticle(s string) bool {
	switch s {
	case "al", "el", "ul", "il", "ol", "ar", "as", "ash", "ad", "an", "az", "at", "ur", "us", "ush", "ud", "er", "es", "ed", "en", "l", "r":
		return true
	}
	return false
}

func isAbd(s string) bool {
	switch s {
	case "abd", "abdul", "abdel", "abdal", "abdol", "abdoul", "abdur", "abdou", "abdu", "abdus", "abdush", "abdi", "cabdi", "abdil", "abdool", "abdor", "abdar", "abdir", "abdus_", "abed", "abdes", "abder", "abdennour_", "abdad":
		return true
	}
	return len(s) >= 4 && len(s) <= 7 && s[0] == 'a' && edits(s, "abdul", 1) <= 1 && s != "abdal" // a typing error in a word so frequent
}

func isDin(s string) bool {
	switch s {
	case "din", "deen", "dine", "ddin", "eddine", "eddin", "uddin", "addin", "dyn", "uddeen", "deine", "diin":
		return true
	}
	return false
}

func isGod(s string) bool {
	switch s {
	case "allah", "ullah", "ollah", "lah", "llah", "allh", "alllah", "ellah", "alla", "ulla":
		return true
	}
	return false
}

func isSon(s string) bool {
	switch s {
	case "bin", "ben", "ibn", "wa", "abu", "abou", "abi", "fi", "li", "bn":
		return true
	}
	return false
}

// eastern gives short syllables of Korean and Chinese names back the weight of names: "Bin", "Min" and "Il" are particles elsewhere.
func eastern(tokens []token) []token {
	if len(tokens) < 2 || len(tokens) > 4 {
		return tokens
	}
	found := false
	for _, t := range tokens {
		if len(t.text) > 7 || t.script != Latin {
			return tokens
		}
		found = found || surnames[t.text]
	}
	if !found {
		return tokens
	}
	for i := range tokens {
		if t := &tokens[i]; t.class == particle && len(t.text) > 1 && t.text != "al" && t.text != "bin" || t.text == "bin" && i == len(tokens)-1 {
			t.class, t.concept, t.key = unknown, -1, hash(t.text)
			t.person, t.other = .5, .5
		}
	}
	return tokens
}

var surnames = map[string]bool{
	"kim": true, "ri": true, "pak": true, "park": true, "choe": true, "choi": true, "chong": true, "jong": true, "jang": true, "chang": true, "kang": true, "cho": true,
	"yun": true, "yoon": true, "ko": true, "sin": true, "yu": true, "hong": true, "paek": true, "baek": true, "o": true, "hwang": true, "ryu": true, "mun": true, "so": true,
	"wang": true, "zhang": true, "liu": true, "chen": true, "yang": true, "huang": true, "zhao": true, "zhou": true, "xu": true, "wu": true, "zhu": true, "guo": true, "lin": true,
}

// join makes one token of a phrase of words.txt: "joint stock company", "forty four", "S.A. de C.V.".
func (l *lexicon) join(tokens []token) []token {
	for i := 0; i < len(tokens); i++ {
		sum := hash(tokens[i].text)
		if !l.parts[sum] {
			continue
		}
		for j := i + 1; j < len(tokens) && j < i+6; j++ {
			h := hash(tokens[j].text)
			if !l.parts[h] {
				break
			}
			sum += h
			for _, p := range l.phrases[sum] {
				if p.words != j-i+1 {
					continue
				}
				t := tokens[i]
				for _, x := range tokens[i+1 : j+1] {
					t.shown += " " + x.shown
					t.text += x.text
				}
				t.concept, t.names, t.class = p.meaning, nil, l.meanings[p.meaning].class
				t.key, t.sound = hash("#"+l.meanings[p.meaning].id), sounds(t.text)
				t.marks, t.mass = marks(t.sound), masses(t.sound)
				t.person, t.other = l.weights(&t)
				tokens = append(append(tokens[:i:i], t), tokens[j+1:]...)
				return l.join(tokens)
			}
		}
	}
	return tokens
}
