package statement

import "strings"

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
			if to > from+1 && (dets[items[to].low] || pronouns[items[to].low] != anyone) || isDay(r.lang, items[to-1].token) && !number(items[to].text) {
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
