package designation

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Reason is a sentence of an explanation: the key of its text in a catalog, and what is put into it. All the reasons of a candidate together hold every
// number of its score: [Rescore] gives the score back from them.
type Reason struct {
	Key      string  `json:"key"` // "pair.exact", "effect.other_order"
	Query    string  `json:"query,omitempty"`
	List     string  `json:"list,omitempty"`
	Weight   float64 `json:"weight,omitzero"`
	Likeness float64 `json:"likeness,omitzero"`
	Factor   float64 `json:"factor,omitzero"`
	Floor    float64 `json:"floor,omitzero"`
}

// english are the texts of the reasons: {query} and {list} are the words, {numbers} the numbers of the score.
var english = map[string]string{
	"pair.exact":      "“{query}” is in the list as “{list}” {numbers}",
	"pair.romanised":  "“{query}” is “{list}” in another script {numbers}",
	"pair.body":       "“{query}” and “{list}” are names of one body {numbers}",
	"pair.spelling":   "“{query}” and “{list}” are spellings of one name {numbers}",
	"pair.meaning":    "“{query}” means “{list}” {numbers}",
	"pair.sound":      "“{query}” sounds like “{list}” {numbers}",
	"pair.consonants": "“{query}” has the consonants of “{list}” {numbers}",
	"pair.typing":     "“{query}” is a typing error away from “{list}” {numbers}",
	"pair.joined":     "“{query}” and “{list}” are the same, written together or apart {numbers}",
	"pair.initial":    "“{query}” and “{list}” share only the first letter {numbers}",
	"pair.acronym":    "“{query}” and “{list}” are one acronym {numbers}",
	"pair.missing":    "the listed name has nothing for “{query}” {numbers}",
	"pair.extra":      "the listed name has also “{list}” {numbers}",

	"effect.only_generic":    "only words agree that many bodies bear {numbers}",
	"effect.only_one_part":   "only one part of the name agrees {numbers}",
	"effect.only_common":     "the only name is one that very many people bear {numbers}",
	"effect.other_name":      "each has a well-known name that the other lacks {numbers}",
	"effect.other_word":      "each has a word for what the body does that the other lacks {numbers}",
	"effect.other_order":     "the parts stand in another order {numbers}",
	"effect.weak_name":       "the list itself calls this name weak {numbers}",
	"effect.unit_name":       "the name is that of a unit of the listed body {numbers}",
	"effect.other_kind":      "the query asks for a {query}, the entry is a {list} {numbers}",
	"effect.derived":         "the acronym is made of first letters and not in the list {numbers}",
	"effect.same_number":     "the number {query} is that of the entry ({list}) {numbers}",
	"effect.decisive_number": "the IMO number {query} is that of the entry {numbers}",
	"effect.support_number":  "the number {query} is that of the entry ({list}), though such numbers pass from hand to hand {numbers}",
	"effect.other_number":    "the IMO number {query} is not that of the entry, {list} {numbers}",
	"effect.same_birth":      "the date of birth {query} agrees with {list} {numbers}",
	"effect.other_birth":     "the date of birth {query} does not agree with {list} {numbers}",
	"effect.other_country":   "the country {query} is not one of the entry's ({list}) {numbers}",
}

// Texts returns the English text of each reason's key, for catalogs to be held against.
func Texts() map[string]string {
	out := make(map[string]string, len(english))
	for k, v := range english {
		out[k] = v
	}
	return out
}

// Numbers are the numbers of a reason as every language writes them: "[0.42 × 0.97]" for a pair, "[0.42]" for a part without one, "[×0.94]" for a change,
// "[≥0.99]" where the change lifts the score.
func (r Reason) Numbers() string {
	n := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case r.Floor > 0:
		return "[≥" + n(r.Floor) + "]"
	case r.Factor > 0:
		return "[×" + n(r.Factor) + "]"
	case r.Likeness > 0:
		return "[" + n(r.Weight) + " × " + n(r.Likeness) + "]"
	}
	return "[" + n(r.Weight) + "]"
}

// String is the reason in English.
func (r Reason) String() string { return r.In(english[r.Key]) }

// In puts the reason into a text of a catalog.
func (r Reason) In(text string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		text = text[i:]
		switch {
		case strings.HasPrefix(text, "{query}"):
			b.WriteString(r.Query)
		case strings.HasPrefix(text, "{list}"):
			b.WriteString(r.List)
		case strings.HasPrefix(text, "{numbers}"):
			b.WriteString(r.Numbers())
		default:
			b.WriteByte('{')
			text = text[1:]
			continue
		}
		text = text[strings.IndexByte(text, '}')+1:]
	}
	b.WriteString(text)
	return b.String()
}

// Reasons makes the reasons of a score, those that tell most first.
func Reasons(pairs []Pair, effects []Effect) []Reason {
	out := make([]Reason, 0, len(pairs)+len(effects))
	for _, p := range pairs {
		out = append(out, Reason{Key: "pair." + string(p.Method), Query: p.Query, List: p.List, Weight: p.Weight, Likeness: p.Likeness})
	}
	slices.SortStableFunc(out, func(a, b Reason) int {
		return cmp.Or(b2i(a.Likeness == 0)-b2i(b.Likeness == 0), cmp.Compare(b.Weight, a.Weight))
	})
	for _, c := range effects {
		out = append(out, Reason{Key: "effect." + string(c.Finding), Query: c.Query, List: c.List, Factor: c.Factor, Floor: c.Floor})
	}
	return out
}

// Rescore gives the score back that reasons stand for.
func Rescore(reasons []Reason) float64 {
	var pairs []Pair
	var effects []Effect
	for _, r := range reasons {
		if m, ok := strings.CutPrefix(r.Key, "pair."); ok {
			pairs = append(pairs, Pair{r.Query, r.List, Method(m), r.Weight, r.Likeness})
			continue
		}
		f := r.Factor
		if f == 0 {
			f = 1
		}
		effects = append(effects, Effect{Finding: Finding(strings.TrimPrefix(r.Key, "effect.")), Factor: f, Floor: r.Floor})
	}
	return Score(pairs, effects)
}

// explain shows the listed words as the list writes them and says why.
func (c *Candidate) explain(q Query) {
	c.Reasons = Reasons(c.Pairs, c.Effects)
	said := make([]string, len(c.Reasons))
	for i, r := range c.Reasons {
		said[i] = r.String()
	}
	name := ""
	if c.Name < len(c.Entry.Names) {
		name = c.Entry.Names[c.Name].Text
	}
	c.Why = fmt.Sprintf("“%s” may stand for “%s” of %s, score %.2f: %s.", q.Name, name, c.Entry.ID, c.Score, strings.Join(said, "; "))
}
