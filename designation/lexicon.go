package designation

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/names.txt tables/words.txt tables/bodies.txt
var tables embed.FS

// class of a word of the tables.
type class uint8

const (
	unknown  class = iota
	particle       // counts for nothing
	legal          // form of a company
	prefix         // of a vessel
	generic        // word that thousands of bodies bear
	ordinary       // word with a meaning that the tables know
	place
	number
	given // name of persons
	family
	title
	body // a body that the tables know by several names
)

// meaning is a line of the tables: a name with its spellings, a word with its translations, a body with what it is called.
type meaning struct {
	id     string
	class  class
	common int // of names: 3 borne by millions
}

// phrase is what a sequence of words may stand for, in any order of them.
type phrase struct {
	meaning int32
	words   int  // how many words
	loose   bool // may mean others too
	whole   bool // only as a whole name
}

// lexicon is the tables, read once. Word forms are romanised, as tokens are.
type lexicon struct {
	meanings []meaning
	names    map[string][]int32
	words    map[string]int32
	stems    [2]map[string]int32 // words that begin so: Latin, Cyrillic
	parts    map[uint64]bool     // words of phrases
	phrases  map[uint64][]phrase
	known    map[uint64][]phrase // names of bodies
	father   int32               // the line of "Abu"
	company  int32               // the line of "Company"
	bodily   map[int32]bool      // lines of words that say that something is a body, or what kind, but not what it does
	longest  int                 // words of the longest phrase
}

// lexiconOnce reads the tables on first use: 20 ms that a program which does not screen need not spend.
var lexiconOnce = sync.OnceValue(func() *lexicon {
	l := &lexicon{names: map[string][]int32{}, words: map[string]int32{}, stems: [2]map[string]int32{{}, {}}, parts: map[uint64]bool{}, phrases: map[uint64][]phrase{}, known: map[uint64][]phrase{}, bodily: map[int32]bool{}}
	l.readNames(table("names.txt"))
	phrases := l.readWords(table("words.txt"))
	for _, p := range phrases {
		l.addPhrase(l.phrases, p.text, p.meaning)
	}
	l.readBodies(table("bodies.txt"))
	return l
})

// table returns the lines of a table that hold something.
func table(name string) []string {
	text, err := tables.ReadFile("tables/" + name)
	if err != nil {
		panic(fmt.Sprintf("couldn't read the table %s built into the program: %v", name, err))
	}
	lines := strings.Split(string(text), "\n")
	return slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" || strings.HasPrefix(s, "#") })
}

func (l *lexicon) add(m meaning) int32 {
	l.meanings = append(l.meanings, m)
	return int32(len(l.meanings) - 1)
}

func (l *lexicon) readNames(lines []string) {
	for _, line := range lines {
		fields := strings.Fields(line)
		m := meaning{id: strings.TrimRight(fields[1], "_"), class: given, common: int(fields[0][1] - '0')}
		switch fields[0][0] {
		case 'f':
			m.class = family
		case 't':
			m.class = title
		}
		at := l.add(m)
		for _, s := range fields[1:] {
			key := bareWord(strings.TrimRight(s, "_"))
			if key != "" && !slices.Contains(l.names[key], at) {
				l.names[key] = append(l.names[key], at)
			}
		}
	}
}

type phraseText struct {
	text    string
	meaning int32
}

func (l *lexicon) readWords(lines []string) []phraseText {
	var phrases []phraseText
	classes := map[string]class{"p": particle, "o": legal, "v": prefix, "g": generic, "w": ordinary, "c": place, "n": number}
	for _, line := range lines {
		head, tail, _ := strings.Cut(line, " = ")
		mark, id, _ := strings.Cut(head, " ")
		at := l.add(meaning{id: strings.TrimSpace(id), class: classes[mark]})
		if id = strings.TrimSpace(id); mark == "p" && id == "father" {
			l.father = at
		}
		if id == "company" {
			l.company = at
		}
		switch id {
		case "company", "group", "organisation", "association", "foundation", "committee", "network", "movement", "union", "society_islamic_group", "general", "international", "new", "great", "national", "islamic", "charity":
			l.bodily[at] = true
		}
		if classes[mark] == number {
			l.words[strings.TrimSpace(id)] = at
		}
		for _, s := range strings.Fields(tail) {
			if strings.HasSuffix(s, "_") {
				continue
			}
			if strings.Contains(s, "_") {
				phrases = append(phrases, phraseText{strings.ReplaceAll(s, "_", " "), at})
				continue
			}
			if stem, ok := strings.CutSuffix(s, "*"); ok {
				of := l.stems[b2i(ScriptOf(stem) == Cyrillic)]
				if key := bareWord(stem); of[key] == 0 {
					of[key] = at
				}
				continue
			}
			if key := bareWord(s); key != "" && l.words[key] == 0 {
				l.words[key] = at
			}
		}
	}
	return phrases
}

func (l *lexicon) readBodies(lines []string) {
	for _, line := range lines {
		id, tail, _ := strings.Cut(line, " = ")
		at := l.add(meaning{id: strings.TrimSpace(id), class: body})
		for _, s := range strings.Split(tail, ";") {
			s = strings.TrimSpace(s)
			if s == "" || strings.HasSuffix(s, "_") {
				continue
			}
			p := phrase{meaning: at}
			if t, ok := strings.CutPrefix(s, "~"); ok {
				s, p.loose = t, true
			}
			if t, ok := strings.CutPrefix(s, "!"); ok {
				s, p.whole = t, true
			}
			sum, literal, n, single, plain := l.phraseKey(s)
			if n == 0 {
				continue
			}
			p.words = n
			l.longest = max(l.longest, n)
			if n == 1 {
				p.whole = p.whole || len(single.text) <= 3
				l.addBody(alone(&single), p)
				if len(single.names) == 0 {
					continue
				}
			}
			if n == 2 && plain { // "Bank Tejarat" is no commercial bank
				sum = literal
			}
			l.addBody(sum, p)
		}
	}
}

func (l *lexicon) addBody(sum uint64, p phrase) {
	at := slices.IndexFunc(l.known[sum], func(q phrase) bool { return q.meaning == p.meaning })
	if at < 0 {
		l.known[sum] = append(l.known[sum], p)
		return
	}
	l.known[sum][at].loose = l.known[sum][at].loose || p.loose // two spellings of one key: the more careful one holds
}

func (l *lexicon) addPhrase(to map[uint64][]phrase, text string, at int32) {
	sum, n := uint64(0), 0
	for _, w := range fold(text) {
		sum += hash(w.text)
		l.parts[hash(w.text)] = true
		n++
	}
	to[sum] = append(to[sum], phrase{meaning: at, words: n})
	l.longest = max(l.longest, n)
}

// phraseKey is the sum of the keys of a name's words that say something: the same in any order. Literal is that of their letters, single the word of a
// name that has one; plain says that every word is one that thousands of bodies bear.
func (l *lexicon) phraseKey(text string) (sum, literal uint64, n int, single token, plain bool) {
	plain = true
	for _, t := range l.tokens(text) {
		if t.silent() {
			continue
		}
		sum += t.key
		literal += alone(&t)
		n++
		single = t
		plain = plain && t.class == generic
	}
	return sum, literal, n, single, plain
}

// alone is the key of a name of a body that is a single word: its letters, for what it means may be anybody's ("Shabaab" is no youth club).
func alone(t *token) uint64 { return hash("=" + t.text) }

// bareWord is a word of a table as a token's text would be.
func bareWord(s string) string {
	words := fold(s)
	for len(words) > 1 && (words[0].text == "al" || words[0].text == "wa") {
		words = words[1:]
	}
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.text)
	}
	return b.String()
}

// word finds what a romanised word means, by the whole of it or, in its own script, by how it begins.
func (l *lexicon) word(text string, script Script) (int32, bool) {
	if m, ok := l.words[text]; ok {
		return m, true
	}
	if script != Cyrillic && script != Latin {
		return 0, false
	}
	stems := l.stems[b2i(script == Cyrillic)]
	for n := min(len(text), 16); n >= 4 || n == 3 && script == Cyrillic; n-- {
		if m, ok := stems[text[:n]]; ok {
			return m, true
		}
	}
	return 0, false
}

// hash is FNV-1a with a finisher, so that sums of hashes do not collide by construction.
func hash[T string | []byte](s T) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}
