package designation

import (
	"cmp"
	"slices"
)

// Query is what is asked: a name, and what else is known of whoever bears it. Everything but the name may be empty.
type Query struct {
	Name        string       `json:"name"`
	Kind        Kind         `json:"kind,omitempty"`
	Born        Day          `json:"born,omitempty"`
	Countries   []string     `json:"countries,omitempty"`
	Identifiers []Identifier `json:"identifiers,omitempty"`
}

// Level says whether a candidate must be looked at or is only there to be seen.
type Level string

// The levels.
const (
	Alert  Level = "alert"  // scores AlertAt or more
	Lesser Level = "lesser" // found, but below
)

// Candidate is an entry that the name may stand for. A person decides whether it does.
type Candidate struct {
	Entry   *Entry   `json:"entry"`
	Name    int      `json:"name"` // which of Entry.Names agrees best
	Score   float64  `json:"score"`
	Level   Level    `json:"level"`
	Pairs   []Pair   `json:"pairs"`
	Effects []Effect `json:"effects,omitempty"`
	Reasons []Reason `json:"reasons"` // why, in sentences of the catalogs
	Why     string   `json:"why"`     // the same in English

	sums    tally
	rare    int // agreeing parts that tell much
	reading int // of the query, of which this is the best; -1 for an entry found by its number alone
	nth     uint8
	asked   Kind
}

const (
	lowest   = 0.30   // a score below is not shown
	weighed  = 48     // forms that are aligned
	perName  = 6      // of them, of one entry
	budget   = 400000 // postings walked for one reading
	hopeless = .45    // of the most promising: what promises less is not aligned
	fanned   = 64     // words that one word of the query may stand for
)

type scratch struct {
	sums    []sum // by form
	now     uint32
	touched []uint32
	words   []hit
	at      [mostTokens + 1]int // words[at[i]:at[i+1]] belong to token i
	ids     []uint32
	top     []scored
	ests    []float32 // by place in touched
	tokens  []token
}

// sum is what agrees of a form, and the last pass that added to it.
type sum struct {
	agree float32
	pass  uint32
}

type hit struct {
	word uint32
	like float32
}

type scored struct {
	form uint32
	est  float32
}

// Entry returns the entry with an ID.
func (x *Index) Entry(id ID) (*Entry, bool) {
	for i := range x.entries {
		if x.entries[i].ID == id {
			return &x.entries[i], true
		}
	}
	return nil, false
}

// Search returns the entries that the query may stand for, the likeliest first, at most limit of them. Equal scores are ordered by how many agreeing parts
// few names have, then by identifiers and dates that agree, then by listing: entries in force before delisted ones, then by ID. The same query to the same
// entries has the same answer.
func (x *Index) Search(q Query, limit int) []Candidate {
	name, numbers := numbersIn(q)
	q.Kind = kindIn(q)
	best := map[int32]*Candidate{}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	readings := x.lex.read(name, q.Kind, true)
	for i, r := range readings {
		if len(r.tokens) == 0 {
			continue
		}
		x.gather(s, r)
		x.choose(s, r)
		for _, c := range s.top {
			x.weigh(s, q, r, i, c.form, best)
		}
	}
	for at, c := range x.byNumber(q, numbers) {
		if _, ok := best[at]; !ok {
			best[at] = c
		}
	}
	out := make([]Candidate, 0, len(best))
	for _, c := range best {
		x.know(c, q, numbers)
		if c.Score < lowest {
			continue
		}
		out = append(out, *c)
	}
	slices.SortFunc(out, before)
	if limit >= 0 && len(out) > limit {
		out = out[:limit]
	}
	for i := range out {
		x.show(&out[i], readings)
		out[i].explain(q)
	}
	return out
}

func before(a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(b.Score, a.Score),
		cmp.Compare(b.rare, a.rare),
		cmp.Compare(supports(b), supports(a)),
		cmp.Compare(b2i(a.Entry.DelistedOn != ""), b2i(b.Entry.DelistedOn != "")),
		cmp.Compare(a.Entry.ID, b.Entry.ID),
	)
}

func supports(c Candidate) int {
	n := 0
	for _, ch := range c.Effects {
		switch ch.Finding {
		case DecidesNumber:
			n += 8
		case SameNumber:
			n += 4
		case SupportNumber, SameBirth:
			n++
		}
	}
	return n
}

// gather finds the words of the index that each token of the reading may stand for, and adds up, by form, what agrees: the tokens that fewest forms have
// first, as far as the budget goes.
func (x *Index) gather(s *scratch, r reading) {
	for _, f := range s.touched {
		s.sums[f].agree = 0
	}
	s.touched, s.words = s.touched[:0], s.words[:0]
	type load struct{ token, posts int }
	var loads [mostTokens]load
	for i := range r.tokens {
		s.at[i] = len(s.words)
		x.likeWords(s, r.tokens, i)
		loads[i].token = i
		for _, h := range s.words[s.at[i]:] {
			loads[i].posts += len(x.postings(h.word))
		}
	}
	s.at[len(r.tokens)] = len(s.words)
	order := loads[:len(r.tokens)]
	slices.SortStableFunc(order, func(a, b load) int { return a.posts - b.posts })
	left := budget
	for _, o := range order {
		s.now++
		if s.now == 0 { // after four thousand million passes the marks start again
			clear(s.sums)
			s.now = 1
		}
		q := &r.tokens[o.token]
		for _, h := range s.words[s.at[o.token]:s.at[o.token+1]] {
			posts := x.postings(h.word)
			if len(posts) > left {
				posts = posts[:left]
			}
			left -= len(posts)
			t := &x.words[h.word]
			person, other := min(q.person, t.person)*h.like, min(q.other, t.other)*h.like
			for _, f := range posts {
				sum := &s.sums[f]
				if sum.pass == s.now {
					continue
				}
				sum.pass = s.now
				if sum.agree == 0 {
					s.touched = append(s.touched, f)
				}
				if x.forms[f].person {
					sum.agree += person + 1e-4
				} else {
					sum.agree += other + 1e-4
				}
			}
		}
	}
}

// likeWords appends the words that token i may stand for, the likest first: by what it means, by its letters and consonants, and joined with its neighbour
// or parted in two.
func (x *Index) likeWords(s *scratch, tokens []token, i int) {
	q := &tokens[i]
	if q.class == legal && len(tokens) > 1 || q.initial && len(tokens) > 1 {
		return
	}
	s.ids = s.ids[:0]
	add := func(w uint32) { s.ids = append(s.ids, w) }
	askedOf(q, func(k uint32) { x.found(k, add) })
	slices.Sort(s.ids)
	s.ids = slices.Compact(s.ids)
	from := len(s.words)
	known := q.known() || q.class == body || q.script == Han
	for _, w := range s.ids {
		if g := x.quick[w]; !(known && g.known) && unlike(g.marks, q.marks, int(g.n), len(q.sound), g.bare != q.bare) {
			continue
		}
		if l := x.lex.linked(q, &x.words[w]); l.like >= leastLike {
			s.words = append(s.words, hit{w, l.like})
		}
	}
	if q.class != body && q.script != Han && !q.initial {
		if i+1 < len(tokens) && tokens[i+1].class != body {
			together := q.text + tokens[i+1].text
			x.found(key32('x', hash(together)), func(w uint32) { s.words = append(s.words, hit{w, .9}) })
			if q.bare {
				if k := skeleton(sounds(together)); len(k) >= 3 {
					x.found(key32('s', hash(k)), func(w uint32) { s.words = append(s.words, hit{w, .8}) })
				}
			}
		}
		for cut := 2; len(q.text) >= 6 && cut <= len(q.text)-3; cut++ {
			a, b := key32('x', hash(q.text[:cut])), key32('x', hash(q.text[cut:]))
			if !x.has(a) && cut > 2 || !x.has(b) {
				continue
			}
			x.found(b, func(w uint32) { s.words = append(s.words, hit{w, .6}) })
			x.found(a, func(w uint32) { s.words = append(s.words, hit{w, .5}) })
		}
	}
	found := s.words[from:]
	slices.SortFunc(found, func(a, b hit) int { return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.word, b.word)) })
	if len(found) > fanned {
		s.words = s.words[:from+fanned]
	}
}

func (x *Index) has(key uint32) bool {
	at := x.keyAt(key)
	return at < len(x.keys) && uint32(x.keys[at]>>32) == key
}

// choose keeps the forms that promise most: what agrees, against what the query tells and, less, what the form tells besides.
func (x *Index) choose(s *scratch, r reading) {
	var person, other float32
	for i := range r.tokens {
		person += r.tokens[i].person
		other += r.tokens[i].other
	}
	const keep = 4 * weighed
	s.ests = s.ests[:0]
	most := float32(0)
	for _, f := range s.touched {
		all := other
		if x.forms[f].person {
			all = person
		}
		sum := s.sums[f].agree
		est := sum / (all + costExtra*max(x.forms[f].weight-sum, 0) + .1)
		s.ests = append(s.ests, est)
		most = max(most, est)
	}
	// The most promising first. The bar is raised until few enough pass.
	for bar := most * hopeless; ; bar += (most - bar) / 3 {
		s.top = s.top[:0]
		for i, est := range s.ests {
			if est >= bar {
				s.top = append(s.top, scored{s.touched[i], est})
			}
		}
		if len(s.top) <= 2*keep || bar > most*.98 {
			break
		}
	}
	slices.SortFunc(s.top, func(a, b scored) int { return cmp.Or(cmp.Compare(b.est, a.est), cmp.Compare(a.form, b.form)) })
	s.top = s.top[:min(keep, len(s.top))]
	var seen [4 * weighed]int32
	n, kept := 0, s.top[:0]
	for _, c := range s.top {
		e, times := x.forms[c.form].entry, 0
		for _, o := range seen[:n] {
			if o == e {
				times++
			}
		}
		if times < perName {
			seen[n] = e
			n++
			if kept = append(kept, c); len(kept) == weighed {
				break
			}
		}
	}
	s.top = kept
}

// weigh aligns the reading with a form, and keeps the candidate if it is the best of its entry.
func (x *Index) weigh(s *scratch, q Query, r reading, nth int, at uint32, best map[int32]*Candidate) {
	f := &x.forms[at]
	if r.way == asSpelled && f.way == asSpelled {
		return
	}
	e := &x.entries[f.entry]
	s.tokens = s.tokens[:0]
	for _, w := range x.texts[f.from : f.from+uint32(f.n)] {
		s.tokens = append(s.tokens, x.words[w])
	}
	_, sums, effects, rare := x.lex.tell(r, reading{s.tokens, f.way}, x.kindOf(e, q.Kind))
	switch e.Names[f.name].Quality {
	case Low:
		effects = append(effects, Effect{Finding: WeakName, Factor: .97})
	case Sub:
		effects = append(effects, Effect{Finding: UnitName, Factor: .97})
	}
	if q.Kind != Unknown && e.Kind != Unknown && q.Kind != e.Kind {
		effects = append(effects, Effect{Finding: OtherKind, Factor: .85, Query: string(q.Kind), List: string(e.Kind)})
	}
	score := sums.score(effects)
	old, ok := best[f.entry]
	if ok && (old.Score > score || old.Score == score && old.Name <= int(f.name)) {
		return
	}
	best[f.entry] = &Candidate{Entry: e, Name: int(f.name), Score: score, Effects: effects, sums: sums, rare: rare, reading: nth, nth: f.nth, asked: q.Kind}
}

// show puts the words of the listed name into the pairs: the index keeps what they mean, not how each name writes them.
func (x *Index) show(c *Candidate, readings []reading) {
	if c.reading < 0 {
		return
	}
	listed := x.lex.readListed(c.Entry, c.Name)
	c.Pairs = x.lex.compare(readings[c.reading], listed[c.nth], x.kindOf(c.Entry, c.asked)).Pairs
}

// kindOf is what the names of an entry are weighed as.
func (x *Index) kindOf(e *Entry, asked Kind) Kind {
	if e.Kind == Unknown {
		return asked
	}
	return e.Kind
}
