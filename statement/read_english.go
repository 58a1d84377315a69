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
				if items[j].quote == nil {
					if c, _, ok := r.lang.cueAt(plainFrom(items, j)); ok && c.going && j > 0 && items[j-1].text == "," {
						next = j
						break
					}
				}
			}
			i = next - 1
		}
	}
}

// tail returns where the words of an outlet begin with which a sentence ends, and the outlet.
func (r *reading) tail(items []item) (cut int, outlet string) {
	for i := max(1, len(items)-4); i < len(items); i++ {
		if items[i].quote != nil || !items[i].word {
			continue
		}
		v, ok := r.verbAt(items, i)
		if !ok || v.cue.going || v.left < 2 || items[v.left-1].text != "," {
			continue
		}
		if o, ok := outletIn(v.who); ok {
			return v.left - 1, o
		}
	}
	return 0, ""
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

// claimEnd is what a later part of a sentence takes up.
type claimEnd struct {
	who        *person
	confidence Confidence
	mention    string
	via        []string
	after      int
}

func plainFrom(items []item, i int) []token {
	var out []token
	for ; i < len(items) && items[i].quote == nil && len(out) < 5; i++ {
		out = append(out, items[i].token)
	}
	return out
}

// verbAt returns the verb of speech at an item, with its subject, if it is one.
func (r *reading) verbAt(items []item, i int) (said, bool) {
	c, n, ok := r.lang.cueAt(plainFrom(items, i))
	if !ok {
		return said{}, false
	}
	v := said{cue: c, from: i, to: i + n}
	if c.going {
		v.left, v.right = i, i+n
		return v, i > 0 && items[i-1].text == ","
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

// subject returns the words for who speaks on the left of a verb, and their first item.
func (r *reading) subject(items []item, verb int) (from int, who []token, ok bool) {
	i := verb - 1
	for i >= 0 && items[i].quote == nil && (aside[items[i].low] || strings.HasSuffix(items[i].low, "ly") && !items[i].capital()) {
		i--
	}
	if i < 0 || items[i].quote != nil {
		return 0, nil, false
	}
	var apposition []token
	if items[i].text == "," || items[i].text == ")" {
		// NAME, who does this or that, said: the name stands before the first comma, the description between.
		j := i - 1
		for j >= 0 && (items[j].text != "," && items[j].text != "(") && items[j].quote == nil {
			j--
		}
		for depth := 0; j > 0 && depth < 3 && items[j].text == "," && !describes(items[j+1].token); depth++ {
			k := j - 1
			for k >= 0 && items[k].text != "," && items[k].quote == nil {
				k--
			}
			if k < 0 || items[k].quote != nil {
				break
			}
			j = k
		}
		if j > 2 && items[j-2].text == "," && number(items[j-1].text) {
			j -= 2 // "Haddad, 54, who"
		}
		if j <= 0 || i-j < 2 {
			return 0, nil, false
		}
		apposition = plain(items[j+1 : i])
		i = j - 1
	}
	end := i + 1
	for i >= 0 && items[i].quote == nil && items[i].word && !bounds[items[i].low] && end-i <= 14 {
		i--
	}
	if i > 0 && items[i].low == "who" && apposition == nil && items[i-1].word {
		// An official who spoke on condition of anonymity said.
		apposition = plain(items[i:end])
		for end, i = i, i-1; i >= 0 && items[i].quote == nil && items[i].word && !bounds[items[i].low] && end-i <= 14; i-- {
		}
	}
	region := plain(items[i+1 : end])
	from = i + 1
	// An adverbial in front: "On Friday the ministry", "In Moscow Lavrov".
	for len(region) > 1 && (preps[region[0].low] || leading[region[0].low]) {
		cut := 1
		if preps[region[0].low] {
			cut = len(region) - 1
			for cut > 1 && (region[cut-1].capital() && !isDay(r.lang, region[cut-1]) || dets[region[cut-1].low] || titles[region[cut-1].low]) {
				cut--
			}
			for j := 2; j < cut; j++ {
				if dets[region[j].low] {
					cut = j
					break
				}
			}
		}
		region, from = region[cut:], from+cut
	}
	if len(region) == 0 || !speaks(region) {
		return 0, nil, false
	}
	if apposition != nil {
		region = append(append(append([]token{}, region...), token{text: ",", low: ",", from: region[len(region)-1].to}), apposition...)
	}
	return from, region, true
}

func number(w string) bool { return strings.Trim(w, "0123456789") == "" }

var leading = set("earlier later meanwhile however also yesterday today separately instead still yet then so thus moreover besides additionally on")

func isDay(l *language, t token) bool {
	_, day := l.weekdays[t.low]
	_, month := l.months[t.low]
	return day || month
}

// describes reports whether a word begins a description of the name before it.
func describes(t token) bool {
	switch t.low {
	case "who", "which", "whose", "speaking", "citing", "head", "chief", "quoted":
		return true
	}
	return dets[t.low] || people[t.low] || titles[t.low] || nationality(t.text)
}

// speaks reports whether some words can be a speaker: a pronoun, a name, a role or a body.
func speaks(ts []token) bool {
	if len(ts) == 1 {
		if _, ok := pronouns[ts[0].low]; ok {
			return ts[0].low != "it" || true
		}
	}
	capitals := false
	for i, t := range ts {
		if preps[t.low] && i > 0 {
			break
		}
		if people[t.low] || bodies[t.low] {
			return !t.possessive()
		}
		capitals = t.capital() && !dets[t.low] && !t.possessive()
	}
	return capitals
}

// subjectRight returns the words for who speaks on the right of a verb, and the item behind them.
func subjectRight(items []item, i int) (to int, who []token, ok bool) {
	for to = i; to < len(items) && items[to].quote == nil && to-i < 20; to++ {
		t := items[to]
		if t.text == "," && to+1 < len(items) && describes(items[to+1].token) {
			continue
		}
		if !t.word || preps[t.low] && t.low != "of" && t.low != "for" || t.low == "who" || isDay(english, t.token) {
			break
		}
	}
	who = plain(items[i:to])
	for len(who) > 0 && who[len(who)-1].text == "," {
		who = who[:len(who)-1]
	}
	return to, who, len(who) > 0 && speaks(who)
}

// spoken proposes what a verb of speech says is said. It returns nil if nothing is.
func (r *reading) spoken(p *paragraph, s *sentence, v said) *claimEnd {
	items := s.items
	before := items[:v.left]
	for len(before) > 0 && before[len(before)-1].text == "," {
		before = before[:len(before)-1]
	}
	behind := v.right
	fronted := len(before) > 0 && (v.left > 0 && items[v.left-1].quote != nil || v.left > 0 && items[v.left-1].text == ",")
	via, out := r.through(v, items)
	f := found{p: p, items: items, kind: v.cue.kind, cue: r.words(items, v.from, v.to), neutral: v.cue.neutral, around: plain(items[v.left:])}
	if v.cue.frame == quoting {
		return r.quoted(p, s, v)
	}
	switch {
	case fronted && r.ahead(before) && (answered(items, v.left) && (out >= len(items) || items[out].low != "that") || out >= len(items) || !r.clauseLike(items, out, v)):
		f.spans, f.form = r.content(p, before)
		f.rule = "what was said, then who said it"
		if f.form == Direct {
			f.rule = "quotation, then who said it"
			// “…,” he said, “…”
			for j := v.right; j < len(items); j++ {
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
		// TASS reported that the minister said: the outlet is on the way, and the speaker is within.
		if r.inner(p, s, before, v) {
			return &claimEnd{who: r.spoke, after: len(items)}
		}
	default:
		from := out
		if from < len(items) && items[from].low == "that" {
			from++
		} else if from < len(items) && (items[from].text == ":" || items[from].text == ",") {
			from++
			if from >= len(items) || items[from].quote == nil && items[from-1].text == "," {
				return nil
			}
		}
		end := len(items)
		if i := r.nextGoing(items, from+1); i > 0 {
			end = i - 1
		}
		body := items[min(from, len(items)):end]
		// TASS reported that the minister said: the speaker is within.
		if o, ok := outletIn(v.who); ok && len(body) > 0 {
			for i, t := range v.who {
				if chained, ok := outletIn(v.who[i+1:]); ok && (t.low == "quoting" || t.low == "citing") {
					o += " > " + chained
				}
			}
			if r.innerSaid(p, s, body, o) {
				return &claimEnd{who: r.spoke, after: len(items)}
			}
		}
		if words(body) < 3 && !((v.cue.frame == about || from > 0 && items[from-1].low == "that") && words(body) >= 2) || !r.clauseLike(items, from, v) {
			return nil
		}
		f.spans, f.form = r.content(p, body)
		f.rule = "who said it, then what was said"
		f.around = plain(items[v.left:from])
		behind = end
	}
	if len(f.spans) == 0 {
		return nil
	}
	m := r.parse(v.who)
	f.mention, f.coref = m.text, m.pronoun || m.name == ""
	if i := strings.Index(f.mention, " ,"); i > 0 {
		f.mention = f.mention[:i]
	} else if i := strings.Index(f.mention, ","); i > 0 {
		f.mention = f.mention[:i]
	}
	f.who, f.confidence = r.resolve(m, r.at)
	f.via = via
	r.emit(f)
	if f.form == Direct {
		r.direct = len(r.claims) - 1
	}
	return &claimEnd{f.who, f.confidence, f.mention, via, behind}
}

// answered reports whether a quotation that ends as one does before who spoke stands right before an item.
func answered(items []item, i int) bool {
	return i > 0 && items[i-1].quote != nil && items[i-1].quote.words >= 2
}

// nextGoing returns the next verb that takes up the speaker, behind a comma, or 0.
func (r *reading) nextGoing(items []item, from int) int {
	for j := max(from, 1); j < len(items); j++ {
		if items[j].quote == nil && items[j-1].text == "," {
			if c, _, ok := r.lang.cueAt(plainFrom(items, j)); ok && c.going {
				return j
			}
		}
	}
	return 0
}

// ahead reports whether items can be what was said, before who said it: a quotation of a sentence, or enough words for a clause.
func (r *reading) ahead(items []item) bool {
	if len(items) == 1 && items[0].quote != nil {
		return items[0].quote.words >= 2
	}
	return words(items) >= 4
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

// through finds through whom something was said, behind the verb, and where what was said may begin: behind the one who was told, and behind circumstances.
func (r *reading) through(v said, items []item) (via []string, from int) {
	from = v.right
	if v.inverted {
		for from < len(items) && items[from].text == "," {
			from++
		}
	}
	if v.cue.frame == tell && from < len(items) && items[from].quote == nil {
		to := from
		for to < len(items) && items[to].quote == nil && items[to].word && items[to].low != "that" && !(preps[items[to].low] && to > from) && to-from < 9 {
			if to > from && dets[items[to].low] || to > from && hearers[items[to-1].low] {
				break
			}
			to++
			if outlets[items[to-1].low] && (to >= len(items) || !outlets[items[to].low]) {
				break
			}
		}
		if o, ok := outletIn(plain(items[from:to])); ok {
			via = append(via, o)
		}
		from = to
	}
	// Circumstances: "in a statement on Friday", "in an interview with X".
	for from < len(items) && items[from].quote == nil {
		t := items[from]
		if isDay(r.lang, t.token) || t.low == "late" || t.low == "earlier" || t.low == "last" {
			from++
			continue
		}
		if !preps[t.low] {
			break
		}
		to := from + 1
		for to < len(items) && items[to].quote == nil && items[to].word && !preps[items[to].low] && items[to].low != "that" && items[to].low != "which" {
			if to > from+1 && (dets[items[to].low] || pronouns[items[to].low] != anyone) || isDay(r.lang, items[to-1].token) {
				break
			}
			to++
		}
		phrase := plain(items[from+1 : to])
		if !circumstance(r.lang, phrase) && (to >= len(items) || items[to].low != "that" && items[to].text != ":" && items[to].quote == nil && !preps[items[to].low]) {
			break
		}
		if o, ok := outletIn(phrase); ok {
			via = append(via, o)
		}
		from = to
	}
	return via, from
}

var circumstances = set("statement interview briefing conference speech report letter post message address meeting remarks comments article reporters journalists week month day morning evening night press twitter telegram facebook phone telephone broadcast")

func circumstance(l *language, ts []token) bool {
	for _, t := range ts {
		if circumstances[t.low] || isDay(l, t) || outlets[t.low] || known[t.low] {
			return true
		}
	}
	return false
}

// outletIn returns the outlet that is named in some words.
func outletIn(ts []token) (string, bool) {
	ts = trim(ts)
	for from := range ts {
		for to := len(ts); to > from; to-- {
			if known[strings.ToLower(join(ts[from:to]))] {
				for to < len(ts) && ts[to].capital() && !outlets[ts[to].low] {
					to++
				}
				for from > 0 && ts[from-1].capital() {
					from--
				}
				return join(ts[from:to]), true
			}
		}
	}
	for i, t := range ts {
		if !outlets[t.low] || i == 0 {
			continue
		}
		from := i
		for from > 0 && (ts[from-1].capital() || outlets[ts[from-1].low]) {
			from--
		}
		to := i
		for to > from && outlets[ts[to-1].low] && !ts[to-1].capital() {
			to--
		}
		if t.capital() {
			to = i + 1
		}
		if from >= to {
			continue
		}
		if to-from == 1 && (nationality(ts[from].text) || owners[ts[from].low]) {
			return join(ts[from : i+1]), true // "State television": no name without its second word
		}
		return join(ts[from:to]), true
	}
	return "", false
}

var owners = set("state local national independent opposition private")

// accordingTo proposes the claim of "according to X".
func (r *reading) accordingTo(p *paragraph, s *sentence) bool {
	items := s.items
	for i := 0; i+2 < len(items); i++ {
		if items[i].quote != nil || items[i].low != "according" || items[i+1].low != "to" {
			continue
		}
		to := i + 2
		for to < len(items) && items[to].quote == nil && (items[to].word || items[to].text == "," && i > 0 && to+1 < len(items) && describes(items[to+1].token)) && items[to].low != "which" && items[to].low != "citing" && items[to].low != "quoting" {
			to++
		}
		who := plain(items[i+2 : to])
		body := items[:i]
		if i == 0 {
			if to >= len(items) {
				return false
			}
			body = items[to:]
		}
		if len(who) == 0 || !speaks(who) || words(body) < 3 {
			return false
		}
		if _, outlet := outletIn(who); outlet {
			if r.innerSaid(p, s, body, join(trim(who))) {
				return true
			}
		}
		f := found{p: p, items: items, kind: Fact, cue: r.words(items, i, i+2), neutral: "said", rule: "according to", around: plain(items)}
		f.spans, f.form = r.content(p, body)
		if len(f.spans) == 0 {
			return false
		}
		m := r.parse(who)
		f.mention, f.coref = m.text, m.pronoun || m.name == ""
		f.who, f.confidence = r.resolve(m, r.at)
		f.via = citing(items, to)
		r.emit(f)
		if f.form == Direct {
			r.direct = len(r.claims) - 1
		}
		return true
	}
	return false
}

// citing returns the outlet behind "citing" or "quoting".
func citing(items []item, from int) []string {
	for i := from; i < len(items); i++ {
		if items[i].low == "citing" || items[i].low == "quoting" {
			var ts []token
			for j := i + 1; j < len(items) && items[j].quote == nil && items[j].word; j++ {
				ts = append(ts, items[j].token)
			}
			if o, ok := outletIn(ts); ok {
				return []string{o}
			}
		}
	}
	return nil
}

// inner handles what an outlet is said to report: somebody's words within it are theirs, through the outlet.
func (r *reading) inner(p *paragraph, s *sentence, before []item, v said) bool {
	o, ok := outletIn(v.who)
	if !ok {
		return false
	}
	return r.innerSaid(p, s, before, o)
}

func (r *reading) innerSaid(p *paragraph, s *sentence, body []item, outlet string) bool {
	if len(body) == 0 || len(body) == 1 && body[0].quote != nil {
		return false
	}
	for i := range body {
		if body[i].quote != nil || !body[i].word {
			continue
		}
		v, ok := r.verbAt(body, i)
		if !ok || v.cue.going || v.left > 1 {
			continue
		}
		part := sentence{items: body, to: body[len(body)-1].to}
		n := len(r.claims)
		if r.spoken(p, &part, v) != nil && len(r.claims) > n {
			c := &r.claims[n]
			via := outlet
			if c.Via != nil && *c.Via != outlet {
				via += " > " + *c.Via
			}
			c.Via = &via
			return true
		}
	}
	return false
}

// quoted proposes the claim of "X quoted Y as saying".
func (r *reading) quoted(p *paragraph, s *sentence, v said) *claimEnd {
	items := s.items
	as := -1
	for i := v.to; i+1 < len(items) && i < v.to+15; i++ {
		if items[i].low == "as" && (items[i+1].low == "saying" || items[i+1].low == "telling") {
			as = i
			break
		}
	}
	if as < 0 {
		return nil
	}
	who, via := plain(items[v.to:as]), []string(nil)
	if len(who) == 0 || who[0].low == "by" {
		// Y was quoted by X as saying
		if len(who) > 1 {
			via = append(via, join(trim(who[1:])))
		}
		who = v.who
	} else if o, ok := outletIn(v.who); ok {
		via = append(via, o)
	} else {
		via = append(via, join(trim(v.who)))
	}
	from := as + 2
	if from < len(items) && items[from].low == "that" || from < len(items) && (items[from].text == ":" || items[from].text == ",") {
		from++
	}
	if len(who) == 0 || !speaks(who) || words(items[min(from, len(items)):]) < 3 {
		return nil
	}
	f := found{p: p, items: items, kind: Fact, cue: r.words(items, v.from, v.to) + " … " + r.words(items, as, as+2), neutral: "said", rule: "quoted as saying", via: via, around: plain(items[:from])}
	f.spans, f.form = r.content(p, items[from:])
	if len(f.spans) == 0 {
		return nil
	}
	m := r.parse(who)
	f.mention, f.coref = m.text, m.pronoun || m.name == ""
	f.who, f.confidence = r.resolve(m, r.at)
	r.emit(f)
	return &claimEnd{f.who, f.confidence, f.mention, via, len(items)}
}

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
