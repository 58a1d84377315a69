package designation

import (
	"math/bits"
	"slices"
)

// Method says by what two parts of names agree. It is a key of the catalogs too.
type Method string

// The methods, from the surest to the weakest, and those of parts that agree with nothing.
const (
	Exact      Method = "exact"      // the same letters
	Romanised  Method = "romanised"  // the same letters after writing one script in another
	BodyName   Method = "body"       // two names of one body, as the tables know them
	Spelling   Method = "spelling"   // two spellings of one name of persons, as the tables know them
	Meaning    Method = "meaning"    // one word in two languages, as the tables know it
	Sound      Method = "sound"      // spellings that sound alike
	Consonants Method = "consonants" // the same consonants, one of the two written without vowels
	Typing     Method = "typing"     // a typing error apart
	Joined     Method = "joined"     // one word here, several there
	Initial    Method = "initial"    // the first letter only
	Acronym    Method = "acronym"    // first letters of the words
	ByNumber   Method = "identifier" // the same number

	Missing Method = "missing" // in the query, not in the list
	Extra   Method = "extra"   // in the list, not in the query
)

// link is how well two tokens agree.
type link struct {
	like   float32
	method how
}

// how is a Method as the aligning has it: small, for there are many.
type how uint8

const (
	none how = iota
	exact
	romanised
	bodyName
	spelling
	meaningOf
	bySound
	byConsonants
	byTyping
	byJoining
	byInitial
	byAcronym
	missing
	extra
)

var methods = [...]Method{"", Exact, Romanised, BodyName, Spelling, Meaning, Sound, Consonants, Typing, Joined, Initial, Acronym, Missing, Extra}

const (
	leastLike = .70 // below it, two tokens do not agree
	doubt     = .15 // what a weak likeness loses besides
	surely    = .90 // from it on, a pair is taken before parts are joined
)

// linked compares two tokens.
func (l *lexicon) linked(a, b *token) link {
	switch {
	case a.acronym || b.acronym:
		if a.text == b.text && (a.caps || b.caps) {
			return link{.97, byAcronym}
		}
		if len(a.text) >= 4 && len(a.text) == len(b.text) && a.caps && b.caps && inOrder(a.text) == inOrder(b.text) { // AQIM, AQMI: another language has another order
			return link{.80, byAcronym}
		}
		return link{}
	case a.class == body || b.class == body:
		if a.class == body && b.class == body && a.concept == b.concept {
			return link{.98, bodyName}
		}
		return link{}
	case a.text == b.text && a.bare == b.bare:
		if a.script == b.script {
			return link{1, exact}
		}
		return link{.99, romanised}
	case a.initial != b.initial:
		x, y := a, b
		if b.initial {
			x, y = b, a
		}
		if y.sound != "" && x.text[0] == y.text[0] && len(y.text) > 1 && y.class != legal {
			return link{.6, byInitial}
		}
		return link{}
	case a.initial:
		return link{}
	}
	if common(a.names, b.names) {
		return link{.97, spelling}
	}
	if a.concept >= 0 && b.concept >= 0 {
		if a.concept == b.concept {
			return link{.96, meaningOf}
		}
		return link{}
	}
	if a.class == number || b.class == number || a.script == Han || b.script == Han {
		return link{}
	}
	if len(a.names) > 0 && len(b.names) > 0 || a.known() && b.known() && (a.concept >= 0 || b.concept >= 0) && a.bare == b.bare {
		return link{} // two known words that are not one
	}
	if abbreviation(a) || abbreviation(b) {
		return link{}
	}
	if unlike(a.marks, b.marks, len(a.sound), len(b.sound), a.bare != b.bare) {
		return link{}
	}
	return spelt(a, b)
}

// inOrder is the letters of a word in the order of the alphabet.
func inOrder(s string) string {
	b := []byte(s)
	slices.Sort(b)
	return string(b)
}

// unlike tells at a glance two words that cannot be alike: by the classes of their consonants and by their lengths in sounds.
func unlike(a, b uint32, lenA, lenB int, bare bool) bool {
	most := 3
	if lenA <= 7 && lenB <= 7 {
		most = 2
	}
	if bits.OnesCount32(a^b) > most {
		return true
	}
	if bare {
		return lenA > 2*lenB+3 || lenB > 2*lenA+3
	}
	return lenA > lenB+3 || lenB > lenA+3
}

// abbreviation tells two to four capitals that do not read as a word: another letter is another abbreviation.
func abbreviation(t *token) bool {
	return t.caps && len(t.text) <= 4 && t.script == Latin && acronymShape(t.text)
}

// spelt compares two tokens by their letters and sounds.
func spelt(a, b *token) link {
	bare := a.bare != b.bare
	best := link{}
	aText, bText, aSound, bSound := a.text, b.text, a.sound, b.sound
	massA, massB := int(a.mass[b2i(bare)]), int(b.mass[b2i(bare)])
	if len(aText) > 5 && len(bText) > 5 && aText[:3] == "abd" && bText[:3] == "abd" && len(aSound) > 4 && len(bSound) > 4 {
		aText, bText, aSound, bSound = aText[3:], bText[3:], aSound[3:], bSound[3:] // Abd al-Malik and Abd al-Khaliq share what says nothing
		massA, massB = mass(aSound, bare), mass(bSound, bare)
	}
	if !bare {
		if like := typing(aText, bText); like > best.like {
			best = link{like, byTyping}
		}
		if stem, ok := withoutArticle(a.text, b.text); ok {
			return link{.95, stem}
		}
	}
	like := float32(likenessOf(aSound, bSound, bare, massA, massB))
	short := min(massA, massB)
	switch {
	case bare && short < 250: // two or three consonants without vowels may be many names
		like *= .86
	case bare:
		like *= .96
	default:
		like *= .97
	}
	if !bare && min(len(aText), len(bText)) <= 4 { // short names differ by one sound
		like -= (1 - like) * .5
		if aSound[:1] != bSound[:1] {
			like -= .1
		}
	}
	if like > best.like {
		m := bySound
		if bare {
			m = byConsonants
		}
		best = link{like, m}
	}
	if a.known() != b.known() && best.like < .97 { // a known word and one that only resembles it
		best.like -= .02
		if !bare && aText[0] != bText[0] {
			best.like -= .07
		}
	}
	if best.like < surely {
		best.like -= (surely - best.like) * doubt
	}
	if best.like < leastLike {
		return link{}
	}
	return best
}

// withoutArticle: "alzahrani" is "zahrani" with its article.
func withoutArticle(a, b string) (how, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	return byJoining, len(b) >= 4 && len(a) == len(b)+2 && (a[:2] == "al" || a[:2] == "el") && a[2:] == b
}

func common(a, b []int32) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

// typing is the likeness of two words by the errors of a hand: a letter more, less, other or swapped. How many errors pass depends on the length.
func typing(a, b string) float32 {
	if len(a) > len(b) {
		a, b = b, a
	}
	budget := 0
	switch n := len(a); {
	case n >= 12:
		budget = 3
	case n >= 7:
		budget = 2
	case n >= 3:
		budget = 1
	}
	if len(b)-len(a) > budget || budget == 0 {
		return 0
	}
	d := edits(a, b, budget)
	if d > budget {
		return 0
	}
	cost := float32(d)
	if a[0] != b[0] {
		cost += .5
	}
	return 1 - cost/float32(len(b)+1)
}

// edits is the Damerau-Levenshtein distance (adjacent letters swapped count one), as far as the budget goes.
func edits(a, b string, budget int) int {
	const most = 64
	if len(a) > most || len(b) > most {
		return budget + 1
	}
	var rows [3][most + 1]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := 0; j <= len(b); j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, last[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			least = min(least, d)
		}
		if least > budget {
			return least
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

// part is a pair of the alignment: tokens [q, q+nq) of the query with [t, t+nt) of the list. A side with no tokens is missing.
type part struct {
	q, nq, t, nt int
	link
	weight float32
}

// align pairs the tokens of two readings: sure pairs first, then words that one side joins and the other parts, then likely pairs. Ties go to the
// pair that stands first.
func (l *lexicon) align(q, t []token, kind Kind, linked func(i, j int) link) []part {
	var links [mostTokens][mostTokens]link
	var usedQ, usedT [mostTokens]bool
	for i := range q {
		for j := range t {
			links[i][j] = linked(i, j)
		}
	}
	parts := make([]part, 0, len(q)+len(t))
	greedy := func(least float32, letters bool) {
		for {
			bi, bj, best := -1, -1, float32(0)
			for i := range q {
				if usedQ[i] {
					continue
				}
				for j := range t {
					if usedT[j] || links[i][j].like < least || links[i][j].method == byInitial && !letters {
						continue
					}
					v := links[i][j].like * (.2 + pairWeight(&q[i], &t[j], links[i][j].method, kind))
					if i == j {
						v += .001
					}
					if v > best {
						bi, bj, best = i, j, v
					}
				}
			}
			if bi < 0 {
				return
			}
			usedQ[bi], usedT[bj] = true, true
			parts = append(parts, part{bi, 1, bj, 1, links[bi][bj], pairWeight(&q[bi], &t[bj], links[bi][bj].method, kind)})
		}
	}
	greedy(surely, false) // initials wait until names have had their choice
	parts = l.joined(parts, q, t, kind, usedQ[:], usedT[:], false)
	parts = l.joined(parts, q, t, kind, usedQ[:], usedT[:], true)
	greedy(leastLike, false)
	greedy(.5, true)

	father := kind == Person && !(unpaired(q, usedQ[:]) && unpaired(t, usedT[:])) // a father's name that one side leaves out
	for i := range q {
		if !usedQ[i] {
			w := q[i].weight(kind)
			if father && suffix(q[i].text, patronymics) {
				w = min(w, .25)
			}
			if said(q, i, usedQ[:]) {
				w = min(w, .1)
			}
			parts = append(parts, part{q: i, nq: 1, link: link{0, missing}, weight: w})
		}
	}
	for j := range t {
		if !usedT[j] {
			w := t[j].weight(kind)
			if father && suffix(t[j].text, patronymics) {
				w = min(w, .25)
			}
			if said(t, j, usedT[:]) {
				w = min(w, .1)
			}
			parts = append(parts, part{t: j, nt: 1, link: link{0, extra}, weight: w})
		}
	}
	return parts
}

// unpaired tells a reading in which a father's name agrees with nothing.
func unpaired(tokens []token, used []bool) bool {
	for i := range tokens {
		if !used[i] && suffix(tokens[i].text, patronymics) {
			return true
		}
	}
	return false
}

// said tells a token that another of the same side says too, and that one agrees: "Sergey Sergey Shoigu".
func said(tokens []token, at int, used []bool) bool {
	for i := range tokens {
		if i != at && used[i] && tokens[i].key == tokens[at].key && !tokens[at].initial {
			return true
		}
	}
	return false
}

// pairWeight is the smaller of two tokens' weights: a rare word that resembles a common name tells no more than the common name.
func pairWeight(a, b *token, m how, kind Kind) float32 {
	if m == byInitial {
		return .3
	}
	return min(a.weight(kind), b.weight(kind))
}

// joined pairs a token of one side with two or three neighbours of the other that make it together.
func (l *lexicon) joined(parts []part, q, t []token, kind Kind, usedQ, usedT []bool, swap bool) []part {
	ones, many, usedOne, usedMany := q, t, usedQ, usedT
	if swap {
		ones, many, usedOne, usedMany = t, q, usedT, usedQ
	}
	for i := range ones {
		if usedOne[i] || len(ones[i].text) < 5 || ones[i].class == body || ones[i].script == Han {
			continue
		}
		for j := 0; j+1 < len(many); j++ {
			length, bare, weight := 0, false, float32(0)
			for n := 1; n <= 4 && j+n <= len(many) && !usedMany[j+n-1] && many[j+n-1].class != body && many[j+n-1].script != Han; n++ {
				x := &many[j+n-1]
				length, bare, weight = length+len(x.text), bare || x.bare, weight+x.weight(kind)
				if length > len(ones[i].text)+3 {
					break
				}
				if n < 2 || length+5 < len(ones[i].text) {
					continue
				}
				text := many[j].text
				for k := 1; k < n; k++ {
					text += many[j+k].text
				}
				like := float32(0)
				if bare == ones[i].bare {
					like = typing(ones[i].text, text)
				}
				like = max(like, float32(likeness(ones[i].sound, sounds(text), bare != ones[i].bare))*.97)
				if like < .86 {
					continue
				}
				p := part{i, 1, j, n, link{like * .98, byJoining}, max(min(ones[i].weight(kind), weight), .3)}
				if swap {
					p.q, p.nq, p.t, p.nt = p.t, p.nt, p.q, p.nq
				}
				parts = append(parts, p)
				usedOne[i] = true
				for k := range n {
					usedMany[j+k] = true
				}
				break
			}
			if usedOne[i] {
				break
			}
		}
	}
	return parts
}
