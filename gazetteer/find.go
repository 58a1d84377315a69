package gazetteer

import (
	"cmp"
	"slices"
	"strings"
)

// key is one folded name of a place.
type key struct {
	ordinal  int
	full     string // as folded, the article included
	whole    string // the words without the article and without spaces
	runes    []rune // of whole
	words    []int  // where each word but the first begins in whole, in bytes
	skeleton string
}

func keyOf(text string) (k key, ok bool) {
	f := fold(text)
	k = key{full: f.full, whole: strings.Join(f.words, "")}
	k.runes, k.skeleton = []rune(k.whole), skeleton(k.whole)
	at := 0
	for _, w := range f.words[:max(0, len(f.words)-1)] {
		at += len(w)
		k.words = append(k.words, at)
	}
	return k, k.whole != ""
}

// The ways in which a text fits a name, the best first.
const (
	same        = iota // the whole name
	begins             // the name begins with it
	wordBegins         // a later word of the name begins with it
	mistaken           // the name, or its beginning, with a small mistake
	soundsAlike        // the same consonants, or three and more of its first
	unlike
)

// maxQuery bounds the work for one text.
const maxQuery = 60

// Find returns at most limit places that a person may mean by a text in either script: whole names first, then beginnings, then names with small mistakes
// (one from 4 letters on, two from 8) and names with the same consonants. Of places that fit alike, cities come before villages, then the order of the
// file. An empty text finds nothing.
func (g *Gazetteer) Find(text string, limit int) []Place {
	if runes := []rune(text); len(runes) > maxQuery {
		text = string(runes[:maxQuery])
	}
	q, ok := keyOf(text)
	if !ok || limit <= 0 {
		return nil
	}
	if len(q.skeleton) < 2 {
		q.skeleton = ""
	}

	type hit struct{ fit, ordinal int }
	var hits []hit
	exact := 0
	for _, k := range g.keys {
		if fit := q.plain(&k); fit < unlike {
			hits = append(hits, hit{fit, k.ordinal})
			exact++
		}
	}
	if exact < limit {
		var d distances
		for _, k := range g.keys {
			if fit := q.loose(&k, &d); fit < unlike {
				hits = append(hits, hit{fit, k.ordinal})
			}
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.fit, b.fit), cmp.Compare(g.places[a.ordinal].Rank, g.places[b.ordinal].Rank), cmp.Compare(a.ordinal, b.ordinal))
	})
	var found []Place
	seen := map[int]bool{}
	for _, h := range hits {
		if seen[h.ordinal] {
			continue
		}
		seen[h.ordinal] = true
		if found = append(found, g.places[h.ordinal]); len(found) == limit {
			break
		}
	}
	return found
}

// plain says how a text fits a name letter by letter.
func (q *key) plain(k *key) int {
	if strings.HasPrefix(k.whole, q.whole) {
		if len(k.whole) == len(q.whole) {
			return same
		}
		return begins
	}
	if strings.HasPrefix(k.full, q.full) {
		return begins
	}
	for _, at := range k.words {
		if strings.HasPrefix(k.whole[at:], q.whole) {
			return wordBegins
		}
	}
	return unlike
}

// loose says how a text fits a name when mistakes are forgiven.
func (q *key) loose(k *key, d *distances) int {
	if allowed := min(len(q.runes)/4, 2); allowed > 0 && len(k.runes)+allowed >= len(q.runes) && d.toPrefix(q.runes, k.runes, allowed) <= allowed {
		return mistaken
	}
	if q.skeleton != "" && (q.skeleton == k.skeleton || len(q.skeleton) > 2 && strings.HasPrefix(k.skeleton, q.skeleton)) {
		return soundsAlike
	}
	return unlike
}

// distances holds the rows of one comparison after the other.
type distances struct {
	rows [3][]int
}

// toPrefix returns the least number of letters to add, drop, change or swap with a neighbour (optimal string alignment) that turn q into some prefix of
// name, or a larger number than allowed as soon as that is certain.
func (d *distances) toPrefix(q, name []rune, allowed int) int {
	name = name[:min(len(name), len(q)+allowed)]
	for i := range d.rows {
		d.rows[i] = slices.Grow(d.rows[i][:0], len(name)+1)[:len(name)+1]
	}
	before, last, row := d.rows[0], d.rows[1], d.rows[2]
	for j := range last {
		last[j] = j
	}
	for i, r := range q {
		row[0] = i + 1
		least := row[0]
		for j, s := range name {
			cost := 1
			if r == s {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && r == name[j-1] && q[i-1] == s {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > allowed+1 { // a swap may still save one
			return least
		}
		before, last, row = last, row, before
	}
	return slices.Min(last)
}
