package designation

import "strings"

// Comparison is how two names compare.
type Comparison struct {
	Score   float64  `json:"score"`
	Pairs   []Pair   `json:"pairs"`
	Effects []Effect `json:"effects"`
}

// Compare compares two names as those of the kind. It is what Search does with each candidate: the score lies in the two names alone.
func Compare(a, b string, kind Kind) Comparison {
	l := lexiconOnce()
	var best Comparison
	queries, listed := l.read(a, kind, true), l.read(b, kind, false)
	if kind != Person {
		queries, listed = l.withInitials(queries), l.withInitials(listed)
	}
	for _, q := range queries {
		for _, t := range listed {
			if q.way == asSpelled && t.way == asSpelled || q.way == asInitials && t.way == asInitials {
				continue
			}
			if c := l.compare(q, t, kind); c.Score > best.Score || best.Pairs == nil {
				best = c
			}
		}
	}
	return best
}

// compare aligns two readings and shows how.
func (l *lexicon) compare(q, t reading, kind Kind) Comparison {
	parts, sums, effects, _ := l.tell(q, t, kind)
	return Comparison{sums.score(effects), pairsOf(q.tokens, t.tokens, parts), effects}
}

// tell aligns two readings and adds up what agrees.
func (l *lexicon) tell(q, t reading, kind Kind) ([]part, tally, []Effect, int) {
	parts := l.align(q.tokens, t.tokens, kind, func(i, j int) link { return l.linked(&q.tokens[i], &t.tokens[j]) })
	sums, effects, rare := l.weigh(q.tokens, t.tokens, parts, kind)
	if t.way == asInitials {
		effects = append(effects, derived(t))
	}
	if q.way == asInitials {
		effects = append(effects, derived(q))
	}
	return parts, sums, effects, rare
}

// withInitials adds the acronym that the first letters of a name of several words make.
func (l *lexicon) withInitials(readings []reading) []reading {
	base := readings[0].tokens
	if len(base) < 3 {
		return readings
	}
	a := acronymOf(base)
	if a == "" {
		return readings
	}
	t := l.token(word{shown: strings.ToUpper(a), text: a, script: Latin, caps: true})
	t.names, t.concept, t.class, t.key, t.person, t.other, t.acronym = nil, -1, unknown, hash(a), 1, 1, true
	return append(readings, reading{[]token{t}, asInitials})
}

// derived: three letters are the first letters of many names; five of few.
func derived(t reading) Effect {
	f := .80
	switch n := len(t.tokens[0].text); {
	case n >= 5:
		f = .95
	case n == 4:
		f = .90
	}
	return Effect{Finding: Derived, Factor: f}
}
