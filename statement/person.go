package statement

import (
	"strings"
	"unicode"
)

// gender is what a pronoun may stand for.
type gender int

const (
	anyone gender = iota
	male
	female
	many
	thing
)

// mention is the words for a speaker that stand beside a verb.
type mention struct {
	text    string
	name    string          // the name in them, or ""
	role    string          // the words before or behind the name
	org     string          // the body in them, or ""
	roles   map[string]bool // words of the role, lower case
	pronoun bool
	gender  gender
	body    bool // a body, not a person
}

// person is somebody who speaks in a document, or a body that does.
type person struct {
	name, role, org string
	roles           map[string]bool
	gender          gender
	body            bool
	last            int // the paragraph of the last mention
	via             string
}

// parse reads the words for a speaker.
func (r *reading) parse(ts []token) mention {
	m := mention{text: join(ts), roles: map[string]bool{}}
	if len(ts) == 1 {
		if g, ok := pronouns[ts[0].low]; ok {
			m.pronoun, m.gender = true, g
			return m
		}
	}
	// What stands behind a comma tells of the name before it.
	head := ts
	for i, t := range ts {
		if t.text == "," && i > 0 {
			head = ts[:i]
			behind := ts[i+1:]
			if roleOnly(head) && nameOnly(behind) {
				// "The mayor of Harran, Salim Odeh": the role stands first.
				head, behind = behind, head
			}
			for _, w := range behind {
				m.roles[w.low] = true
			}
			m.role, m.org = join(behind), orgIn(behind)
			break
		}
	}
	// The name is the last run of capitals that are no title, before any "of" or "for".
	from, to := -1, -1
	for i, t := range head {
		if preps[t.low] && i > 0 {
			break
		}
		particle := from >= 0 && nobiliary[t.low] && i+1 < len(head) && head[i+1].capital()
		if t.possessive() && i+1 < len(head) {
			m.roles[t.low] = true // "Turkey's president"
			continue
		}
		if t.capital() && !titles[t.low] && !dets[t.low] && !nationality(t.text) && !bodies[t.low] && !people[t.low] || particle || from >= 0 && article(t) {
			if from < 0 || to != i {
				from = i
			}
			to = i + 1
			continue
		}
		m.roles[t.low] = true
		if bodies[t.low] {
			m.body = true
		}
	}
	// A name with an article is no person's: "the Taliban", but "the governor".
	m.body = m.body || from >= 0 && head[0].low == "the"
	for _, t := range head {
		if people[t.low] {
			m.body = false
			break
		}
	}
	if m.body || from >= 0 && to-from == 1 && acronym(head[from].text) {
		m.body = true
		m.name, m.org = join(trim(head)), join(trim(head))
		return m
	}
	if from >= 0 {
		m.name = strings.TrimSuffix(strings.TrimSuffix(join(head[from:to]), "’s"), "'s")
		if role := join(trim(head[:from])); role != "" {
			m.role = role
			m.org = orgIn(head[:from])
		}
		return m
	}
	m.role = join(head)
	if m.org == "" {
		m.org = orgIn(head)
	}
	return m
}

// roleOnly reports whether some words name a role, and nobody in it.
func roleOnly(ts []token) bool {
	role := false
	for i, t := range ts {
		if preps[t.low] && i > 0 {
			break
		}
		role = role || people[t.low]
		if t.possessive() {
			continue
		}
		if t.capital() && !people[t.low] && !titles[t.low] && !dets[t.low] && !bodies[t.low] && !nationality(t.text) {
			return false
		}
	}
	return role
}

// nameOnly reports whether some words are a name and nothing else.
func nameOnly(ts []token) bool {
	for i, t := range ts {
		if !t.word || !t.capital() && !(nobiliary[t.low] && i > 0) && !article(t) {
			return false
		}
	}
	return len(ts) > 0 && len(ts) <= 5
}

// article reports whether a word begins with the Arabic article as it is written in Latin letters, as in "al-Hawa".
func article(t token) bool {
	for _, a := range []string{"al-", "el-", "ar-", "as-", "ash-", "at-", "az-", "ad-", "an-", "ul-"} {
		if strings.HasPrefix(t.text, a) && len(t.text) > len(a)+1 {
			return true
		}
	}
	return false
}

var nobiliary = set("al el bin ibn van von de di da la le ben abu abdul y dos del")

// trim leaves out a determiner at the front.
func trim(ts []token) []token {
	if len(ts) > 0 && dets[ts[0].low] {
		return ts[1:]
	}
	return ts
}

// orgIn returns the body that is named in some words: capitals before, and with, the word for a body.
func orgIn(ts []token) string {
	for i := range ts {
		if !bodies[ts[i].low] || !ts[i].capital() {
			continue
		}
		from := i
		for from > 0 && ts[from-1].capital() {
			from--
		}
		to := i + 1
		for to < len(ts) && (ts[to].capital() || (ts[to].low == "of" || ts[to].low == "for") && to+1 < len(ts) && ts[to+1].capital()) {
			to++
		}
		return join(ts[from:to])
	}
	return ""
}

func acronym(w string) bool {
	n := 0
	for _, r := range w {
		if !unicode.IsUpper(r) && r != '.' && r != '-' {
			return false
		}
		n++
	}
	return n >= 2 && n <= 8
}

var (
	demonyms = set("french dutch greek swiss czech turkish afghan thai german arab kurd kurdish uzbek tajik turkmen pakistani british english irish polish danish swedish finnish spanish american " +
		"chechen western european african asian")
	nationalEnds = []string{"ian", "ean", "ish", "ese", "raqi", "raeli", "meni", "aiti", "udi", "mani", "atari", "rati", "banese", "ican", "ghan"}
)

// nationality reports whether a word is the adjective of a country.
func nationality(w string) bool {
	low := fold(w)
	if demonyms[low] {
		return true
	}
	for _, end := range nationalEnds {
		if strings.HasSuffix(low, end) && len(low) > len(end)+1 {
			return true
		}
	}
	return false
}

// resolve finds who is meant, and how sure that is. What nobody fits stays unresolved.
func (r *reading) resolve(m mention, paragraph int) (*person, Confidence) {
	switch {
	case m.pronoun:
		if m.gender == thing || m.gender == many {
			if r.spoke != nil && (r.spoke.body || m.gender == many && severalPeople(r.spoke.roles)) && paragraph-r.spoke.last <= 2 {
				return r.spoke, Resolved
			}
			return nil, Unresolved
		}
		for i := len(r.people) - 1; i >= 0; i-- {
			p := r.people[i]
			if !p.body && (p.gender == anyone || m.gender == anyone || p.gender == m.gender) && paragraph-p.last <= 4 {
				if p.gender == anyone {
					p.gender = m.gender
				}
				r.met(p, paragraph)
				return p, Resolved
			}
		}
		return nil, Unresolved
	case m.name != "":
		for _, p := range r.people {
			if p.name != "" && (p.name == m.name || part(m.name, p.name) || part(p.name, m.name)) {
				if len(m.name) > len(p.name) && part(p.name, m.name) {
					p.name = m.name
				}
				p.learn(m)
				r.met(p, paragraph)
				return p, Named
			}
		}
		// A role that nobody fitted, just before: "a senior diplomat said", and then the name.
		for i := len(r.people) - 1; i >= 0; i-- {
			if p := r.people[i]; p.name == "" && !m.body && paragraph-p.last <= 2 && len(m.roles) > 0 && akin(p.roles, m.roles) {
				p.name = m.name
				p.learn(m)
				r.met(p, paragraph)
				return p, Named
			}
		}
		p := &person{name: m.name, body: m.body, roles: map[string]bool{}}
		p.learn(m)
		r.people = append(r.people, p)
		r.met(p, paragraph)
		return p, Named
	}
	var fits *person
	for i := len(r.people) - 1; i >= 0 && fits == nil; i-- {
		if p := r.people[i]; !p.body && paragraph-p.last <= 8 && akin(p.roles, m.roles) {
			fits = p
		}
	}
	if fits == nil {
		fits = &person{roles: map[string]bool{}}
		r.people = append(r.people, fits)
	}
	fits.learn(m)
	r.met(fits, paragraph)
	return fits, Resolved
}

// met moves a person to the end, where the last mentioned stands.
func (r *reading) met(p *person, paragraph int) {
	p.last = paragraph
	for i, each := range r.people {
		if each == p {
			r.people = append(append(r.people[:i:i], r.people[i+1:]...), p)
			return
		}
	}
}

func (p *person) learn(m mention) {
	if p.gender == anyone {
		p.gender = genderOf(m.roles)
	}
	for w := range m.roles {
		p.roles[w] = true
	}
	if p.role == "" {
		p.role = m.role
	}
	if p.org == "" || len(p.org) < len(m.org) {
		p.org = m.org
	}
	p.body = p.body || m.body
}

func severalPeople(roles map[string]bool) bool {
	for w := range roles {
		if people[w] && strings.HasSuffix(w, "s") {
			return true
		}
	}
	return false
}

// genderOf is what the words of a role say of a gender.
func genderOf(roles map[string]bool) gender {
	for w := range roles {
		switch w {
		case "mr", "sir", "king", "prince", "sheikh", "father", "brother", "son", "husband", "man":
			return male
		case "mrs", "ms", "queen", "mother", "sister", "daughter", "wife", "woman", "мать", "вдова":
			return female
		}
		switch {
		case strings.HasSuffix(w, "woman"):
			return female
		case strings.HasSuffix(w, "man") && people[w]:
			return male
		}
	}
	return anyone
}

// part reports whether all words of one name are in another, of more words.
func part(short, long string) bool {
	a, b := strings.Fields(strings.ToLower(short)), strings.Fields(strings.ToLower(long))
	if len(a) >= len(b) {
		return false
	}
	for _, w := range a {
		found := false
		for _, v := range b {
			found = found || v == w
		}
		if !found {
			return false
		}
	}
	return true
}

// works are the roles that go with words of a description: one who works for a foreign ministry is a diplomat.
var works = []struct{ role, signs map[string]bool }{
	{set("diplomat diplomats envoy ambassador"), set("foreign diplomat envoy ambassador embassy")},
	{set("general commander officer colonel"), set("army military forces general commander colonel officer navy defence defense")},
	{set("doctor medic surgeon physician"), set("hospital doctor medic surgeon clinic medical")},
}

// akin reports whether two sets of words may describe one person: they share the word for a role, or one has the role that goes with the other's description. What
// countries they name must not differ.
func akin(a, b map[string]bool) bool {
	nation := func(ws map[string]bool) map[string]bool {
		out := map[string]bool{}
		for w := range ws {
			if nationality(w) {
				out[w] = true
			}
		}
		return out
	}
	na, nb := nation(a), nation(b)
	if len(na) > 0 && len(nb) > 0 && !meet(na, nb) {
		return false
	}
	roles := func(ws map[string]bool) map[string]bool {
		out := map[string]bool{}
		for w := range ws {
			if people[w] {
				out[strings.TrimSuffix(w, "s")] = true
			}
		}
		return out
	}
	ra, rb := roles(a), roles(b)
	if meet(ra, rb) {
		return true
	}
	if len(ra) > 0 && len(rb) > 0 {
		return false
	}
	for _, w := range works {
		if meet(a, w.role) && meet(b, w.signs) || meet(b, w.role) && meet(a, w.signs) {
			return true
		}
	}
	return false
}

func meet(a, b map[string]bool) bool {
	for w := range a {
		if b[w] {
			return true
		}
	}
	return false
}
