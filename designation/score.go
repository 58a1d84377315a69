package designation

import (
	"math"
	"slices"
	"strings"
)

// AlertAt is the score from which a candidate is an alert: one that a person must look at. Chosen on the tuning half of testdata/queries.csv, as the least
// score at which at most 2 in 100 ordinary names there alert.
const AlertAt = 0.76

// What a part costs that agrees with nothing, as a share of its weight. A query's part that the list lacks costs more than a list's part that the query
// leaves out; where both have one, they contradict each other, which costs more than both.
const (
	costMissing = 0.60
	costExtra   = 0.35
	costAgainst = 1.30
)

// Pair is a part of the query beside the part of a listed name that it agrees with. Query or List is empty for a part that agrees with nothing.
type Pair struct {
	Query    string  `json:"query"`
	List     string  `json:"list"`
	Method   Method  `json:"method"`
	Weight   float64 `json:"weight"`   // how much the part tells: 0 nothing, 1 a rare name
	Likeness float64 `json:"likeness"` // 0 to 1
}

// Finding is what effects a score beside the pairs. It is a key of the catalogs too.
type Finding string

// The findings.
const (
	OnlyGeneric   Finding = "only_generic"    // nothing but words that thousands of bodies bear
	OnlyOnePart   Finding = "only_one_part"   // one part of a name of several
	OnlyCommon    Finding = "only_common"     // a single name that millions bear
	OtherName     Finding = "other_name"      // each has a name, known to the tables, that the other lacks
	OtherWord     Finding = "other_word"      // each has a word for what the body does that the other lacks
	OtherOrder    Finding = "other_order"     // the parts stand in another order
	WeakName      Finding = "weak_name"       // the list itself calls the name weak
	UnitName      Finding = "unit_name"       // the name of a unit of the body
	OtherKind     Finding = "other_kind"      // a vessel was asked for, a person is listed
	Derived       Finding = "derived"         // an acronym that was made of the first letters, not listed
	SameNumber    Finding = "same_number"     // an identifier agrees
	OtherNumber   Finding = "other_number"    // an identifier of the same kind differs
	SameBirth     Finding = "same_birth"      // the date or year of birth agrees
	OtherBirth    Finding = "other_birth"     // it differs by more than two years
	OtherCountry  Finding = "other_country"   // no country in common
	SupportNumber Finding = "support_number"  // a number that may be handed on, such as a call sign, agrees
	DecidesNumber Finding = "decisive_number" // an IMO number with a right check digit agrees
)

// Effect is a finding with the factor by which it effects the score. Floor, where it is not 0, lifts a lower score to it.
type Effect struct {
	Finding Finding `json:"finding"`
	Factor  float64 `json:"factor"`
	Floor   float64 `json:"floor,omitzero"`
	Query   string  `json:"query,omitempty"`
	List    string  `json:"list,omitempty"`
}

// Score is what pairs and effects come to: the share of what the parts tell that agrees, lowered where little agrees at all, and changed by the findings in
// their order. It depends on nothing else: not on the list, not on its edition.
func Score(pairs []Pair, effects []Effect) float64 {
	return sumsOf(pairs).score(effects)
}

func sumsOf(pairs []Pair) (t tally) {
	for _, p := range pairs {
		switch p.Method {
		case Missing:
			t.missing += p.Weight
		case Extra:
			t.extra += p.Weight
		default:
			t.agree += p.Weight * p.Likeness
			t.told += p.Weight
		}
	}
	return t
}

// tally is the sums that a score is made of.
type tally struct{ agree, told, missing, extra float64 }

func (t tally) score(effects []Effect) float64 {
	score := 0.0
	if t.agree > 0 {
		against := math.Min(t.missing, t.extra)
		score = t.agree / (t.told + costMissing*(t.missing-against) + costExtra*(t.extra-against) + costAgainst*against)
		score *= 1 - 0.3*math.Exp(-t.agree/0.6) // little evidence
	}
	for _, e := range effects {
		score = math.Max(score*e.Factor, e.Floor)
	}
	return math.Round(math.Min(score, 1)*1e6) / 1e6
}

// weigh adds up an alignment, and finds what lies in the names alone. It puts the parts in the order of the query. Rare is how many agreeing parts tell
// much.
func (l *lexicon) weigh(q, t []token, parts []part, kind Kind) (sums tally, effects []Effect, rare int) {
	slices.SortFunc(parts, func(a, b part) int {
		if (a.nq == 0) != (b.nq == 0) {
			return b2i(a.nq == 0) - b2i(b.nq == 0)
		}
		if a.nq > 0 {
			return a.q - b.q
		}
		return a.t - b.t
	})
	var agreed [mostTokens]part
	matched, generics, lacks, has, weightiest := 0, 0, 0, 0, float32(0)
	lacksName, hasName, lacksWord, hasWord, oneCommon, ordinaryWord, loosely := false, false, false, false, false, false, false
	hollow := 0
	for _, p := range parts {
		w, like := round4(p.weight), round4(p.like)
		switch p.method {
		case missing:
			sums.missing += w
			lacksWord = lacksWord || l.does(&q[p.q])
			lacks += b2i(p.weight >= .2 && !l.hollow(&q[p.q]))
			lacksName = lacksName || p.weight >= .2 && len(q[p.q].names) > 0
			continue
		case extra:
			sums.extra += w
			hasWord = hasWord || l.does(&t[p.t])
			has += b2i(p.weight >= .2 && !l.hollow(&t[p.t]))
			hasName = hasName || p.weight >= .2 && len(t[p.t].names) > 0
			continue
		}
		sums.agree += w * like
		sums.told += w
		if p.weight >= .6 && p.like >= .9 {
			rare++
		}
		if p.weight < .2 {
			continue
		}
		if p.nq == 1 && q[p.q].concept >= 0 && q[p.q].class != body || p.nt == 1 && t[p.t].concept >= 0 && t[p.t].class != body {
			generics++
			hollow += b2i(p.nq == 1 && l.hollow(&q[p.q]))
			loosely = loosely || p.method != exact && p.method != romanised
			ordinaryWord = p.nt == 1 && t[p.t].class == ordinary
		} else if p.method != byInitial {
			weightiest = max(weightiest, p.weight)
		}
		oneCommon = p.nt == 1 && len(t[p.t].names) > 0 && t[p.t].class != body
		agreed[matched] = p
		matched++
	}
	switch {
	case matched == 0:
	case kind != Person && kind != Vessel && generics == matched && (lacks+has > 0 || matched < 2 && !ordinaryWord || loosely && matched-hollow < 3 && hollow > 0):
		effects = append(effects, Effect{Finding: OnlyGeneric, Factor: .78})
	case (kind == Person || oneCommon) && matched == 1 && lacks+has > 0:
		effects = append(effects, Effect{Finding: OnlyOnePart, Factor: .84})
	case kind == Person && matched == 1 && weightiest < .6:
		effects = append(effects, Effect{Finding: OnlyCommon, Factor: .86})
	}
	if kind == Person && lacksName && hasName {
		effects = append(effects, Effect{Finding: OtherName, Factor: .93})
	}
	if kind != Person && kind != Vessel && lacksWord && hasWord {
		effects = append(effects, Effect{Finding: OtherWord, Factor: .90})
	}
	if f := order(agreed[:matched], kind); f < 1 {
		effects = append(effects, Effect{Finding: OtherOrder, Factor: f})
	}
	return sums, effects, rare
}

// does tells words that say what a body does: bank, hospital, army. "Group", "society" and the like do not.
func (l *lexicon) does(t *token) bool {
	return t.class == generic && t.concept >= 0 && !l.bodily[t.concept]
}

// hollow words say only that something is a body.
func (l *lexicon) hollow(t *token) bool { return t.concept >= 0 && t.concept == l.company }

// pairsOf shows the parts.
func pairsOf(q, t []token, parts []part) []Pair {
	pairs := make([]Pair, 0, len(parts))
	for _, p := range parts {
		pairs = append(pairs, Pair{shownOf(q[p.q:p.q+p.nq], p.nq), shownOf(t[p.t:p.t+p.nt], p.nt), methods[p.method], round4(p.weight), round4(p.like)})
	}
	return pairs
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func shownOf(tokens []token, n int) string {
	if n == 0 {
		return ""
	}
	var b strings.Builder
	for i := range tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(tokens[i].shown)
	}
	return b.String()
}

func round4(x float32) float64 { return math.Round(float64(x)*1e4) / 1e4 }

// order is the factor for parts in another order. Turned round as a whole ("family name first") they cost nearly nothing; shuffled, a name of a person
// costs at most 6 in 100, that of anything else 2.
func order(agreed []part, kind Kind) float64 {
	breaks := 0
	for i := 1; i < len(agreed); i++ {
		if agreed[i].t < agreed[i-1].t {
			breaks++
		}
	}
	if breaks == 0 {
		return 1
	}
	turned := breaks == 1 && agreed[len(agreed)-1].t < agreed[0].t
	switch {
	case turned:
		return .99
	case kind == Person:
		return .94
	}
	return .98
}
