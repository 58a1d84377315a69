package statement

import "strings"

// said is a verb of speech in a sentence, with who speaks.
type said struct {
	cue      cue
	from, to int // items of the verb, with what stands between it and its subject
	who      []token
	left     int  // the first item of subject and verb
	right    int  // behind them
	inverted bool // said X
}

// english proposes the claims of a sentence in English.
func (r *reading) english(p *paragraph, s *sentence) {
	items := s.items
	if r.accordingTo(p, s) || r.colonSpeech(p, s) {
		return
	}
	// "…, TASS reported": the outlet is on the way of all that stands before.
	if cut, outlet := r.tail(items); cut > 0 {
		n := len(r.claims)
		r.english(p, &sentence{items: items[:cut], to: items[cut-1].to})
		if len(r.claims) > n {
			for i := n; i < len(r.claims); i++ {
				via := outlet
				if c := &r.claims[i]; c.Via != nil && *c.Via != outlet {
					via += " > " + *c.Via
				}
				r.claims[i].Via = &via
			}
			return
		}
	}
	var last *claimEnd
	for i := 0; i < len(items); i++ {
		if items[i].quote != nil || !items[i].word {
			continue
		}
		v, ok := r.verbAt(items, i)
		if !ok {
			continue
		}
		if v.cue.going {
			if last != nil {
				r.going(p, s, v, last)
				i = len(items)
			}
			continue
		}
		if e := r.spoken(p, s, v); e != nil {
			last = e
			// What follows is what was said, but for a verb that takes it up: "adding that".
			next := len(items)
			for j := max(v.right, e.after); j < len(items); j++ {
				if items[j].quote == nil && r.takesUp(items, j) {
					next = j
					break
				}
			}
			i = next - 1
		}
	}
	r.unclaimed(p, s)
}

// colonSpeech proposes a quotation behind a colon that only a speaker's name stands before.
func (r *reading) colonSpeech(p *paragraph, s *sentence) bool {
	n := len(s.items)
	if n < 3 || s.items[n-1].quote == nil || s.items[n-2].text != ":" || words(s.items[:n-2]) > 10 {
		return false
	}
	who := plain(s.items[:n-2])
	for i := range who {
		if _, _, ok := r.lang.cueAt(who[i:]); ok {
			return false
		}
	}
	if !speaks(who) {
		return false
	}
	m := r.parse(who)
	f := found{p: p, items: s.items, kind: Fact, cue: ":", neutral: "said", rule: "name and colon", mention: m.text, coref: m.pronoun || m.name == ""}
	f.spans, f.form = r.content(p, s.items[n-1:])
	f.who, f.confidence = r.resolve(m, r.at)
	r.emit(f)
	r.direct = len(r.claims) - 1
	return true
}

// unclaimed takes a quotation of a sentence with a verb of speech whose subject no rule found: somebody said it, and it is not known who.
func (r *reading) unclaimed(p *paragraph, s *sentence) {
	verb := ""
	for i := range s.items {
		if s.items[i].quote != nil {
			continue
		}
		if c, n, ok := r.lang.cueIn(s.items, i); ok && !c.present && !c.going {
			verb = r.words(s.items, i, i+n)
		}
	}
	if verb == "" {
		return
	}
	for i := range s.items {
		q := s.items[i].quote
		if q == nil || q.taken || q.words < 5 || q.unclosed {
			continue
		}
		q.taken = true
		r.emit(found{p: p, items: s.items, kind: Fact, cue: verb, neutral: "said", form: Direct, spans: []Span{r.span(q.from, q.to)}, rule: "quotation beside a verb", confidence: Unresolved})
		r.direct = len(r.claims) - 1
	}
}

// claimEnd is what a later part of a sentence takes up.
type claimEnd struct {
	who        *person
	confidence Confidence
	mention    string
	via        []string
	after      int
}

// verbAt returns the verb of speech at an item, with its subject, if it is one.
func (r *reading) verbAt(items []item, i int) (said, bool) {
	c, n, ok := r.lang.cueIn(items, i)
	if !ok {
		return said{}, false
	}
	v := said{cue: c, from: i, to: i + n}
	if r.takesUp(items, i) {
		v.left, v.right = i, i+n
		v.cue.going = true
		return v, true
	}
	if c.going {
		return said{}, false
	}
	if c.needs != "" {
		found := false
		for j := v.to; j < min(v.to+12, len(items)); j++ {
			found = found || items[j].low == c.needs
		}
		if !found {
			return said{}, false
		}
	}
	// A subject on the left.
	if from, who, ok := r.subject(items, i); ok {
		v.left, v.right, v.who = from, v.to, who
		if c.present && !clause(items, v.to) {
			return said{}, false
		}
		return v, true
	}
	// Or on the right, behind what was said.
	if i > 0 && (items[i-1].quote != nil || items[i-1].text == ",") && c.frame == say && !c.present {
		if to, who, ok := subjectRight(items, v.to); ok {
			v.left, v.right, v.who, v.inverted = i, to, who, true
			return v, true
		}
	}
	if c.frame == quoting && i > 0 {
		return said{}, false
	}
	return said{}, false
}

// clause reports whether a clause begins at an item.
func clause(items []item, i int) bool {
	if i >= len(items) {
		return false
	}
	t := items[i]
	return t.quote != nil || t.low == "that" || dets[t.low] || t.capital() || pronouns[t.low] != anyone || t.low == "i"
}

// spoken proposes what a verb of speech says is said. It returns nil if nothing is.
func (r *reading) spoken(p *paragraph, s *sentence, v said) *claimEnd {
	if v.cue.frame == quoting {
		return r.quoted(p, s, v)
	}
	items := s.items
	before := items[:v.left]
	for len(before) > 0 && before[len(before)-1].text == "," {
		before = before[:len(before)-1]
	}
	via, out := r.through(v, items)
	f := found{p: p, items: items, kind: v.cue.kind, cue: r.words(items, v.from, v.to), neutral: v.cue.neutral, around: plain(items[v.left:]), via: via}
	var behind int
	var outlet bool // what is said is somebody else's words, through an outlet
	if r.fronted(items, before, out, v) {
		behind, outlet = r.ahead(&f, s, before, v)
	} else {
		behind, outlet = r.following(&f, s, out, v)
	}
	switch {
	case outlet:
		return &claimEnd{who: r.spoke, after: len(items)}
	case len(f.spans) == 0:
		return nil
	}
	m := r.parse(v.who)
	f.mention, _, _ = strings.Cut(m.text, ",")
	f.coref = m.pronoun || m.name == ""
	f.who, f.confidence = r.resolve(m, r.at)
	r.emit(f)
	if f.form == Direct {
		r.direct = len(r.claims) - 1
	}
	return &claimEnd{f.who, f.confidence, f.mention, via, behind}
}

// fronted reports whether what was said stands before who said it: it is a quotation of a sentence, or enough words for a clause, parted by a comma, and what
// follows the verb is nothing that could be said.
func (r *reading) fronted(items, before []item, out int, v said) bool {
	if len(before) == 0 || items[v.left-1].quote == nil && items[v.left-1].text != "," {
		return false
	}
	enough := words(before) >= 4
	if len(before) == 1 && before[0].quote != nil {
		enough = before[0].quote.words >= 2
	}
	if !enough {
		return false
	}
	if q := items[v.left-1].quote; q != nil && q.words >= 2 && (out >= len(items) || items[out].low != "that") {
		return true
	}
	return out >= len(items) || !r.clauseLike(items, out, v)
}

// ahead fills in a claim that stands before who said it, and returns where the sentence may go on.
func (r *reading) ahead(f *found, s *sentence, before []item, v said) (behind int, outlet bool) {
	items := s.items
	f.spans, f.form = r.content(f.p, before)
	f.rule = "what was said, then who said it"
	if f.form == Direct {
		f.rule = "quotation, then who said it"
		// “…,” he said, “…”
		end := len(items)
		if i := r.nextGoing(items, v.right); i > 0 {
			end = i
		}
		for j := v.right; j < end; j++ {
			if q := items[j].quote; q != nil && !q.taken && q.words >= 3 {
				f.spans = append(f.spans, r.span(q.from, q.to))
				q.taken = true
			}
		}
	}
	behind = len(items)
	if i := r.nextGoing(items, v.right); i > 0 {
		behind = i
	}
	return behind, r.inner(f.p, s, before, v)
}

// following fills in a claim that stands behind the verb, from an item on, and returns where the sentence may go on.
func (r *reading) following(f *found, s *sentence, from int, v said) (behind int, outlet bool) {
	items := s.items
	switch {
	case from < len(items) && (items[from].low == "that" || items[from].text == ":"):
		from++
	case from < len(items) && items[from].text == ",":
		// Only a quotation goes on behind a comma.
		if from++; from >= len(items) || items[from].quote == nil {
			return 0, false
		}
	}
	end := len(items)
	if i := r.nextGoing(items, from+1); i > 0 {
		if end = i - 1; end > 0 && items[end-1].text == "," {
			end--
		}
	}
	body := items[min(from, len(items)):max(end, min(from, len(items)))]
	// TASS reported that the minister said: the speaker is within.
	if o, ok := outletIn(v.who); ok && len(body) > 0 {
		for i, t := range v.who {
			if chained, ok := outletIn(v.who[i+1:]); ok && (t.low == "quoting" || t.low == "citing") {
				o += " > " + chained
			}
		}
		if r.innerSaid(f.p, s, body, o) {
			return 0, true
		}
	}
	least := 3
	if v.cue.frame == about && v.cue.kind == Denial {
		least = 1
	} else if v.cue.frame == about || from > 0 && from <= len(items) && items[from-1].low == "that" {
		least = 2
	}
	if words(body) < least || !r.clauseLike(items, from, v) {
		return 0, false
	}
	f.spans, f.form = r.content(f.p, body)
	f.rule = "who said it, then what was said"
	f.around = plain(items[v.left:from])
	return end, false
}

// nextGoing returns the next verb that takes up the speaker, or 0: "adding" behind a comma, "and said" with no subject of its own.
func (r *reading) nextGoing(items []item, from int) int {
	for j := max(from, 1); j < len(items); j++ {
		if items[j].quote == nil && r.takesUp(items, j) {
			return j
		}
	}
	return 0
}

func (r *reading) takesUp(items []item, j int) bool {
	c, n, ok := r.lang.cueIn(items, j)
	if !ok || j == 0 {
		return false
	}
	if c.going {
		return items[j-1].text == ","
	}
	return items[j-1].low == "and" && c.frame == say && !c.present && clause(items, j+n)
}

// clauseLike reports whether what follows a verb is what was said, and no mere circumstance.
func (r *reading) clauseLike(items []item, from int, v said) bool {
	if from >= len(items) {
		return false
	}
	t := items[from]
	if t.quote != nil || from > 0 && items[from-1].low == "that" || v.cue.frame == about {
		return true
	}
	if !t.word || preps[t.low] && !t.capital() || t.low == "as" || t.low == "so" || isDay(r.lang, t.token) {
		return t.low == "that"
	}
	return words(items[from:]) >= 3
}

// content returns the spans of what was said, and their form. Quotations in it are taken.
func (r *reading) content(p *paragraph, items []item) ([]Span, Form) {
	for len(items) > 0 && items[len(items)-1].quote == nil && !items[len(items)-1].word && strings.Contains(",;:—–-", items[len(items)-1].text) {
		items = items[:len(items)-1]
	}
	for len(items) > 0 && items[0].quote == nil && !items[0].word {
		items = items[1:]
	}
	if len(items) == 0 {
		return nil, ""
	}
	quotes := 0
	for _, it := range items {
		if it.quote != nil {
			quotes++
			it.quote.taken = true
		}
	}
	if quotes == len(items) {
		var spans []Span
		for _, it := range items {
			spans = append(spans, r.span(it.quote.from, it.quote.to))
		}
		return spans, Direct
	}
	form := Indirect
	if quotes > 0 {
		form = Mixed
	}
	return []Span{r.span(items[0].from, items[len(items)-1].to)}, form
}

// words returns the words of some items as they stand.
func (r *reading) words(items []item, from, to int) string { return join(plain(items[from:to])) }

// going proposes what follows "adding that": the words of whoever the sentence is about already.
func (r *reading) going(p *paragraph, s *sentence, v said, last *claimEnd) {
	items := s.items
	from := v.to
	for from < len(items) && (items[from].low == "that" || items[from].text == ":" || items[from].text == ",") {
		from++
	}
	if words(items[min(from, len(items)):]) < 3 {
		return
	}
	f := found{p: p, items: items, kind: v.cue.kind, cue: r.words(items, v.from, v.to), neutral: v.cue.neutral, rule: "and went on", who: last.who, confidence: last.confidence, mention: last.mention, coref: true, via: last.via}
	f.spans, f.form = r.content(p, items[from:])
	if len(f.spans) > 0 {
		r.emit(f)
	}
}
