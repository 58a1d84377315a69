package designation

import (
	"slices"
	"strings"

	"github.com/mozillazg/go-unidecode"
)

// reading is one way to read a name as tokens that say something. Most names have one; "ИГИЛ - Хорасан" has a second, in which the words for a body that the
// tables know are one token; a name with an acronym in brackets has the acronym for itself.
type reading struct {
	tokens []token
	way    way
}

type way uint8

const (
	asWritten  way = iota
	asBody         // words for a known body are one token
	asAcronym      // an acronym that stood in brackets
	asInitials     // an acronym made of the first letters
	asSpelled      // Han written in Latin letters
	asPart         // what stands on one side of a stroke
)

const mostTokens = 14 // of a reading; what a longer name adds says nothing new

// read gives the readings of a name. A query is read more freely than an entry: a name that may mean several bodies reaches each of them.
func (l *lexicon) read(name string, kind Kind, query bool) []reading {
	if len(name) > mostBytes {
		name = strings.ToValidUTF8(name[:mostBytes], "")
	}
	text, acronyms := bracketed(name)
	acronyms = acronyms[:min(len(acronyms), 4)]
	if kind == Person || kind == Unknown {
		text = l.givenFirst(text)
	}
	base := l.telling(l.tokens(text), kind)
	out := []reading{{tokens: base}}
	if kind != Person {
		out = append(out, l.bodies(base, query)...)
	}
	if ScriptOf(text) == Han {
		out = append(out, reading{l.telling(l.tokens(spelled(text)), kind), asSpelled})
	}
	if kind != Body && kind != Vessel {
		if split, ok := l.letters(base); ok {
			out = append(out, reading{tokens: split})
		}
	}
	if kind != Person {
		for _, s := range sides(text) {
			if r := l.telling(l.tokens(s), kind); len(r) > 0 && len(r) < len(base) {
				out = append(out, reading{r, asPart})
				out = append(out, l.bodies(r, query)...)
			}
		}
	}
	for _, a := range acronyms {
		r := reading{l.telling(l.tokens(a), kind), asAcronym}
		out = append(out, r)
		if kind != Person {
			out = append(out, l.bodies(r.tokens, query)...)
		}
	}
	return out
}

// letters gives initials that stood one by one a token each: in a name of a person they stand for names.
func (l *lexicon) letters(tokens []token) ([]token, bool) {
	var out []token
	found := false
	for _, t := range tokens {
		if !(t.letters || t.caps && len(t.text) == 2 && acronymShape(t.text) && !t.known()) || len(out)+len(t.text) > mostTokens {
			out = append(out, t)
			continue
		}
		found = true
		for _, r := range t.text {
			out = append(out, l.token(word{shown: strings.ToUpper(string(r)), text: string(r), script: Latin}))
		}
	}
	return out[:min(len(out), mostTokens)], found && len(out) > 2
}

// sides are what stands on the sides of a stroke, where each is long enough to be a name: "Al-Qa'ida/Islamic Army".
func sides(text string) []string {
	if !strings.Contains(text, "/") {
		return nil
	}
	parts := strings.Split(text, "/")
	for _, p := range parts {
		if len(strings.TrimSpace(p)) < 4 {
			return nil
		}
	}
	return parts
}

// bracketed takes acronyms in brackets out of a name: "LORD'S RESISTANCE ARMY (LRA)".
func bracketed(name string) (text string, acronyms []string) {
	if !strings.ContainsRune(name, '(') {
		return name, nil
	}
	text = name
	for {
		i := strings.IndexByte(text, '(')
		if i < 0 {
			break
		}
		j := strings.IndexByte(text[i:], ')')
		if j < 0 {
			break
		}
		in := strings.TrimSpace(text[i+1 : i+j])
		if n := len(in); n < 2 || n > 10 || strings.ContainsAny(in, " ,") || strings.ToLower(in) == in || ScriptOf(in) != Latin || strings.TrimSpace(text[:i]) == "" {
			text = text[:i] + " " + text[i+1:i+j] + " " + text[i+j+1:]
			continue
		}
		if strings.ToUpper(in) != in && in[1:] == strings.ToLower(in[1:]) { // "(Schweiz)" is a word
			text = text[:i] + " " + in + " " + text[i+j+1:]
			continue
		}
		acronyms = append(acronyms, in)
		text = text[:i] + " " + text[i+j+1:]
	}
	return text, acronyms
}

// givenFirst turns "FAMILY NAME, Given Names" round. A comma before the form of a company stays.
func (l *lexicon) givenFirst(name string) string {
	before, after, found := strings.Cut(name, ",")
	if !found || strings.Contains(after, ",") {
		return name
	}
	for _, t := range l.tokens(after) {
		if t.class == legal || t.class == generic && len(t.names) == 0 {
			return name
		}
	}
	return strings.TrimSpace(after) + " " + strings.TrimSpace(before)
}

// telling leaves out what says nothing, but never everything.
func (l *lexicon) telling(tokens []token, kind Kind) []token {
	out := make([]token, 0, len(tokens))
	for i, t := range tokens {
		if i == 0 && t.text == "ben" && t.script == Latin && len(t.names) > 0 && kind != Body { // Benjamin; within a name it is "son of"
			t.class, t.concept, t.person = given, -1, .42
		}
		if last := len(tokens) - 1; i == last && i > 0 && kind != Person && t.class == particle && t.caps && t.script == Latin { // "ISIL-WA"
			t.class, t.concept, t.key, t.other = unknown, -1, hash(t.text), .3
		}
		if t.concept == l.father && kind != Body && kind != Vessel && len(tokens) > 1 {
			t.person, t.other = .2, .1 // Abu Jihad is no Jihad
		} else if t.class == particle && !t.initial || t.class == prefix && (kind == Vessel || kind == Unknown) && i <= 1 {
			continue
		}
		if len(out) == mostTokens {
			break
		}
		out = append(out, t)
	}
	if len(out) > 0 {
		return out
	}
	for _, t := range tokens {
		if len(out) < mostTokens {
			t.person, t.other = .3, .3
			out = append(out, t)
		}
	}
	return out
}

// bodies finds in a reading the names of bodies that the tables know, and gives readings in which they are one token: the longest first, and not many.
func (l *lexicon) bodies(tokens []token, query bool) []reading {
	var out []reading
	var said [mostTokens]int // places of tokens that say something
	n := 0
	for i := range tokens {
		if !tokens[i].silent() {
			said[n] = i
			n++
		}
	}
	for size := min(n, l.longest); size >= 1; size-- {
		for at := 0; at+size <= n; at++ {
			sum, literal := uint64(0), uint64(0)
			for _, i := range said[at : at+size] {
				sum += tokens[i].key
				if size == 2 {
					literal += alone(&tokens[i])
				}
			}
			found := l.known[sum]
			if size == 2 && len(found) == 0 {
				found = l.known[literal]
			}
			if size == 1 {
				t := &tokens[said[at]]
				found = l.known[alone(t)]
				if len(found) == 0 && len(t.names) > 0 && t.concept < 0 {
					found = l.known[t.key]
				}
			}
			for _, p := range found {
				if p.words != size || p.loose && !query || !l.fits(p, tokens, said[at:at+size], size == n) {
					continue
				}
				r := l.replaced(tokens, said[at], said[at+size-1], p.meaning)
				if size == 1 && query && slices.ContainsFunc(r, isGiven) { // "Abdulmalik al-Houthi" is a person, not the body
					continue
				}
				out = append(out, reading{r, asBody})
			}
		}
		if len(out) >= 3 {
			break
		}
	}
	return out
}

// fits: a short acronym or a word that means much else stands for a body only alone, or beside words that the tables know.
func (l *lexicon) fits(p phrase, tokens []token, at []int, whole bool) bool {
	if whole || !p.whole {
		return true
	}
	if len(at) > 1 || len(tokens[at[0]].text) > 4 {
		return false
	}
	for i := range tokens {
		if i != at[0] && tokens[i].concept < 0 {
			return false
		}
	}
	return true
}

func isGiven(t token) bool { return t.class == given }

func (l *lexicon) replaced(tokens []token, from, to int, meaning int32) []token {
	t := tokens[from]
	for _, x := range tokens[from+1 : to+1] {
		t.shown += " " + x.shown
	}
	id := "#" + l.meanings[meaning].id
	t.text, t.sound, t.marks, t.mass, t.key = id, "", 0, [2]uint16{}, hash(id)
	t.concept, t.names, t.class, t.initial, t.bare = meaning, nil, body, false, false
	t.person, t.other = l.weights(&t)
	out := make([]token, 0, len(tokens))
	for i := range tokens {
		switch {
		case i == from:
			out = append(out, t)
		case tokens[i].class != unknown && slices.ContainsFunc(l.known[alone(&tokens[i])], func(p phrase) bool { return p.meaning == meaning && !p.loose }),
			tokens[i].class == unknown && slices.ContainsFunc(l.known[tokens[i].key], func(p phrase) bool { return p.meaning == meaning && !p.loose }):
			// says the same once more: "Islamic State (ISIL)"
		case (i < from || i > to) && (tokens[i].class != particle || tokens[i].initial): // "Abu" before the name of a body is no kunya
			out = append(out, tokens[i])
		}
	}
	return out
}

// spelled writes Han in Latin letters: a short name as family name and given name, a longer one as one word.
func spelled(text string) string {
	var out []string
	for _, run := range cut(text) {
		if ScriptOf(run) != Han {
			out = append(out, run)
			continue
		}
		syllables := strings.Fields(unidecode.Unidecode(run))
		if n := len(syllables); n >= 2 && n <= 4 {
			out = append(out, syllables[0], strings.ToLower(strings.Join(syllables[1:], "")))
			continue
		}
		out = append(out, strings.ToLower(strings.Join(syllables, "")))
	}
	return strings.Join(out, " ")
}

// acronymOf makes the acronym of a body's name from the first letters of its words. Without is the one that leaves out "Company" and what else ends a name.
func acronymOf(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		if t.silent() || t.script != Latin || t.initial || len(t.text) == 0 || t.class == number {
			continue
		}
		b.WriteByte(t.text[0])
	}
	if s := b.String(); len(s) >= 3 && len(s) <= 8 {
		return s
	}
	return ""
}
