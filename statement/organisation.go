package statement

import "strings"

// heads are first words of the names of organisations in other tongues: front, movement, army, party, brigade, supporters, free men.
var heads = set("jabhat harakat jaysh jaish hizb liwa kata'ib kataib ansar ahrar hayat hay'at faylaq jund al-qaeda al-qaida qaeda")

// several are words for bodies that name none by themselves.
var several = set("group groups side state world organizations organisations media authorities newspaper channel television daily party report statement communique assembly team teams staff forces force regime centre center")

// seated are bodies that are told apart by where they are: "command in Syria".
var seated = set("command mission office delegation embassy")

// neverOrganisations are short words in capitals that name none.
var neverOrganisations = set("us u.s. uk usa uae tv pm am ceo fm gmt utc ok i a ii iii iv covid")

// organisationsIn returns the organisations that are named in some tokens: capitals with the word for a body, short names in capitals, and what the caller's index knows.
func (r *reading) organisationsIn(ts []token) []string {
	out := []string{}
	for i := 0; i < len(ts); i++ {
		if !ts[i].word {
			continue
		}
		if n := r.organisationAt(ts[i:]); n > 0 {
			name := join(trim(ts[i : i+n]))
			named := false
			for _, t := range trim(ts[i : i+n]) {
				named = named || t.capital() || r.lang == arabicLanguage
			}
			if !named {
				continue // "the ministry" names none
			}
			out = once(out, strings.TrimSuffix(strings.TrimSuffix(name, "’s"), "'s"))
			i += n - 1
		}
	}
	return out
}

func (r *reading) organisationAt(ts []token) int {
	if r.Organisation != nil {
		for n := min(mostWords, len(ts)); n > 0; n-- {
			if ts[n-1].word && (ts[0].capital() || r.lang == arabicLanguage) {
				if _, ok := r.Organisation(join(ts[:n])); ok {
					return n
				}
			}
		}
	}
	if !ts[0].capital() || preps[ts[0].low] {
		return 0
	}
	n := 0
	for n < len(ts) && ts[n].word && ts[n].capital() && !ts[n].possessive() {
		n++
	}
	if n < len(ts) && ts[n].word && ts[n].capital() {
		n++ // the last one has the possessive ending
	}
	if heads[ts[0].low] {
		return max(1, n)
	}
	// The word for a body ends the name, in capitals or not: "Syrian Army", "US-led coalition", "Russian military command".
	for end := n; end < min(n+2, len(ts)) && ts[end].word; end++ {
		if bodies[ts[end].low] && (!several[ts[end].low] || ts[end].capital()) {
			for end+1 < len(ts) && ts[end+1].word && bodies[ts[end+1].low] {
				end++
			}
			if seated[ts[end].low] && end+2 < len(ts) && ts[end+1].low == "in" && ts[end+2].capital() {
				end += 2
			}
			return end + 1
		}
	}
	for end := n - 1; end >= 0; end-- {
		if bodies[ts[end].low] && (end > 0 || acronym(ts[end].text)) {
			to := end + 1
			for to+1 < len(ts) && (ts[to].low == "of" || ts[to].low == "for") && ts[to+1].capital() {
				to += 2
				for to < len(ts) && ts[to].word && ts[to].capital() {
					to++
				}
			}
			return to
		}
	}
	if acronym(ts[0].text) && !neverOrganisations[ts[0].low] {
		return 1
	}
	return 0
}
