package statement

import "strings"

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
		if (people[t.low] || bodies[t.low]) && !t.possessive() {
			return true
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
