package designation

// Comparison is how two names compare.
type Comparison struct {
	Score   float64  `json:"score"`
	Pairs   []Pair   `json:"pairs"`
	Changes []Change `json:"changes"`
}

// Compare compares two names as those of the kind. It is what Search does with each candidate: the score lies in the two names alone.
func Compare(a, b string, kind Kind) Comparison {
	l := lexiconOnce()
	var best Comparison
	for _, q := range l.read(a, kind, true) {
		for _, t := range l.read(b, kind, false) {
			if c := l.compare(q, t, kind); c.Score > best.Score || best.Pairs == nil {
				best = c
			}
		}
	}
	return best
}

func (l *lexicon) compare(q, t reading, kind Kind) Comparison {
	parts := l.align(q.tokens, t.tokens, kind, func(i, j int) link { return l.linked(&q.tokens[i], &t.tokens[j]) })
	pairs, changes := l.weigh(q.tokens, t.tokens, parts, kind)
	if t.way == asInitials {
		changes = append(changes, derived(t))
	}
	return Comparison{Score(pairs, changes), pairs, changes}
}

// derived: three letters are the first letters of many names; five of few.
func derived(t reading) Change {
	f := .80
	switch n := len(t.tokens[0].text); {
	case n >= 5:
		f = .95
	case n == 4:
		f = .90
	}
	return Change{Finding: Derived, Factor: f}
}
