package statement

import (
	"strings"
	"time"
)

// frame is how the words around a verb of speech are laid out.
type frame int

const (
	say     frame = iota // said (that) CONTENT; CONTENT, X said
	tell                 // told Y (that) CONTENT
	about                // reiterated THING: what is said stands as a thing, not as a clause
	quoting              // quoted X as saying CONTENT: who is quoted stands behind the verb
)

// cue is a verb of speech.
type cue struct {
	words   []string
	frame   frame
	neutral string
	kind    Kind
	needs   string // a word that must follow, now or a few words on: "accused … of"
	present bool   // a form that is a noun too, as "claims": taken only with a name or a pronoun before it and a clause behind it
	going   bool   // "adding": it takes up the speaker of its sentence
}

// language holds what is known of a language.
type language struct {
	code     string
	cues     map[string][]cue // by their first word
	weekdays map[string]int   // from Sunday, 0
	months   map[string]time.Month
	days     map[string]int  // "yesterday": how many days back
	last     map[string]bool // "last", before a weekday
}

// mostCue is the number of words of the longest cue that is looked for.
const mostCue = 5

// cueAt returns the cue with which tokens begin, and how many tokens it has. The longest is taken.
func (l *language) cueAt(ts []token) (cue, int, bool) {
	if len(ts) == 0 {
		return cue{}, 0, false
	}
	return l.longest(ts[0].low, len(ts), func(i int, word string) bool { return ts[i].low == word })
}

// cueIn is cueAt for the items from one on, without those in quotation marks: such a passage ends a cue. It copies none of them: most begin no cue.
func (l *language) cueIn(items []item, at int) (cue, int, bool) {
	if at >= len(items) || items[at].quote != nil {
		return cue{}, 0, false
	}
	return l.longest(items[at].low, min(mostCue, len(items)-at), func(i int, word string) bool { return items[at+i].quote == nil && items[at+i].low == word })
}

// longest returns the longest cue that begins with a word, has at most so many words, and whose words all stand there.
func (l *language) longest(first string, most int, stands func(i int, word string) bool) (c cue, n int, ok bool) {
	list := l.cues[first]
	found := -1
	for k := range list {
		words := list[k].words
		if len(words) <= n || len(words) > most {
			continue
		}
		same := true
		for i := 1; i < len(words) && same; i++ {
			same = stands(i, words[i])
		}
		if same {
			found, n = k, len(words)
		}
	}
	if found < 0 {
		return cue{}, 0, false
	}
	return list[found], n, true
}

// add enters verbs of one frame, parted by commas.
func (l *language) add(f frame, neutral string, kind Kind, verbs string, change ...func(*cue)) {
	for _, verb := range strings.Split(verbs, ",") {
		c := cue{words: strings.Fields(fold(verb)), frame: f, neutral: neutral, kind: kind}
		for _, each := range change {
			each(&c)
		}
		l.cues[c.words[0]] = append(l.cues[c.words[0]], c)
	}
}

func needs(word string) func(*cue) { return func(c *cue) { c.needs = word } }
func present(c *cue)               { c.present = true }
func going(c *cue)                 { c.going = true }
