package designation

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var imoInName = regexp.MustCompile(`(?i)\bIMO(?:\s*(?:no|number|nr)\.?)?[\s:#-]*(\d{7})\b`)

// numbersIn takes the identifiers of a query together, with an IMO number that stands in the name, and returns the name without it.
func numbersIn(q Query) (name string, numbers []Identifier) {
	name, numbers = q.Name, q.Identifiers
	if m := imoInName.FindStringSubmatchIndex(name); m != nil {
		numbers = append(append([]Identifier(nil), numbers...), Identifier{Scheme: "IMO", Value: name[m[2]:m[3]]})
		name = name[:m[0]] + " " + name[m[1]:]
	}
	return name, numbers
}

var vesselPrefix = regexp.MustCompile(`(?i)^\s*(m\s*[/.]?\s*[vt]|f\s*[/.]?\s*v)[\s.:]+\S`)

// kindIn is the kind of thing that a query asks for: what it says, or a vessel if the name begins as those of vessels do.
func kindIn(q Query) Kind {
	if q.Kind == Unknown && vesselPrefix.MatchString(q.Name) {
		return Vessel
	}
	return q.Kind
}

// ValidIMO says whether the check digit of an IMO ship number fits: the sum of the first six digits times 7 to 2 ends in the seventh (IMO resolution
// A.1117(30)).
func ValidIMO(s string) bool {
	s = bareNumber(s)
	if len(s) != 7 || !allDigits(s) {
		return false
	}
	sum := 0
	for i := range 6 {
		sum += int(s[i]-'0') * (7 - i)
	}
	return sum%10 == int(s[6]-'0')
}

func isScheme(id Identifier, name string) bool { return strings.EqualFold(id.Scheme, name) }

// decisive numbers belong to one thing for its whole life.
func decisive(id Identifier) bool { return isScheme(id, "IMO") && ValidIMO(id.Value) }

// supporting numbers are handed on: a call sign goes with the flag.
func supporting(id Identifier) bool {
	return isScheme(id, "MMSI") || isScheme(id, "call sign") || isScheme(id, "callsign")
}

// byNumber finds entries by their identifiers alone.
func (x *Index) byNumber(q Query, numbers []Identifier) map[int32]*Candidate {
	if len(numbers) == 0 {
		return nil
	}
	out := map[int32]*Candidate{}
	for _, id := range numbers {
		for _, at := range x.numbers[bareNumber(id.Value)] {
			e := &x.entries[at]
			if sameNumber(e, id) != nil && len(e.Names) > 0 {
				c := Compare(q.Name, e.Names[0].Text, e.Kind)
				out[at] = &Candidate{Entry: e, Score: c.Score, Pairs: c.Pairs, Effects: c.Effects, sums: sumsOf(c.Pairs), reading: -1}
			}
		}
	}
	return out
}

// sameNumber returns the identifier of the entry that agrees with one: same value, same scheme where both say one.
func sameNumber(e *Entry, id Identifier) *Identifier {
	v := bareNumber(id.Value)
	for i := range e.Identifiers {
		o := &e.Identifiers[i]
		if bareNumber(o.Value) == v && v != "" && (o.Scheme == "" || id.Scheme == "" || strings.EqualFold(o.Scheme, id.Scheme)) {
			return o
		}
	}
	return nil
}

// know adds what is known beside the name: identifiers, birth, countries.
func (x *Index) know(c *Candidate, q Query, numbers []Identifier) {
	e := c.Entry
	c.Effects = c.Effects[:len(c.Effects):len(c.Effects)] // the slice may be another candidate's too
	for _, id := range numbers {
		if o := sameNumber(e, id); o != nil {
			ch := Effect{Finding: SameNumber, Factor: 1, Floor: .90, Query: id.Value, List: o.Scheme + " " + o.Value}
			switch {
			case decisive(id):
				ch.Finding, ch.Floor = DecidesNumber, .99
			case supporting(id):
				ch = Effect{Finding: SupportNumber, Factor: 1.04, Query: id.Value, List: o.Scheme + " " + o.Value}
			}
			c.Effects = append(c.Effects, ch)
			continue
		}
		for i := range e.Identifiers {
			if o := &e.Identifiers[i]; decisive(id) && decisive(*o) {
				c.Effects = append(c.Effects, Effect{Finding: OtherNumber, Factor: .60, Query: id.Value, List: o.Value})
				break
			}
		}
	}
	if ch, ok := birth(e, q.Born); ok {
		c.Effects = append(c.Effects, ch)
	}
	if ch, ok := countries(e, q.Countries); ok {
		c.Effects = append(c.Effects, ch)
	}
	c.Score = c.sums.score(c.Effects)
	c.Level = Lesser
	if c.Score >= AlertAt {
		c.Level = Alert
	}
}

// birth compares dates of birth: the same as far as both go supports, more than two years apart speaks against.
func birth(e *Entry, born Day) (Effect, bool) {
	if born == "" || len(e.Births) == 0 {
		return Effect{}, false
	}
	year := func(d Day) int {
		n, _ := strconv.Atoi(string(d[:min(4, len(d))]))
		return n
	}
	near := math.MaxInt
	for _, b := range e.Births {
		n := min(len(b), len(born))
		if n >= 4 && b[:n] == born[:n] {
			return Effect{Finding: SameBirth, Factor: 1.02, Query: string(born), List: string(b)}, true
		}
		if y, z := year(b), year(born); y > 0 && z > 0 {
			d := y - z
			if d < 0 {
				d = -d
			}
			near = min(near, d)
		}
	}
	if near > 2 && near != math.MaxInt {
		return Effect{Finding: OtherBirth, Factor: .85, Query: string(born), List: string(e.Births[0])}, true
	}
	return Effect{}, false
}

func countries(e *Entry, asked []string) (Effect, bool) {
	if len(asked) == 0 || len(e.Countries) == 0 {
		return Effect{}, false
	}
	l := lexiconOnce()
	key := func(s string) uint64 { k, _, _, _, _ := l.phraseKey(s); return k }
	for _, a := range asked {
		for _, b := range e.Countries {
			if key(a) == key(b) {
				return Effect{}, false
			}
		}
	}
	return Effect{Finding: OtherCountry, Factor: .97, Query: asked[0], List: e.Countries[0]}, true
}
