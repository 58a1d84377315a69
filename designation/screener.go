package designation

import (
	"cmp"
	"slices"
	"strings"
)

// OldAfter is after how many days an edition is called old. Authorities amend their lists about once a week.
const OldAfter = 7

// Screener looks names up in the editions that held on one day. It does not change, and may be asked by several at once.
type Screener struct {
	on       Day
	used     []Used
	editions []*Edition
	lineage  *Lineage
	index    *Index
}

// Used is an edition that was looked through.
type Used struct {
	List  string `json:"list"`
	Date  Day    `json:"date"`
	Age   int    `json:"age_days"`
	Old   bool   `json:"old"` // more than OldAfter days
	Hash  string `json:"hash"`
	Count int    `json:"entries"`
}

// NewScreener builds the index of the newest edition of each list up to a day, and of the entries that older editions have and that one no more: those are
// found too, as delisted. Names bear the days that the lineage gives them.
func NewScreener(editions []*Edition, asserted []Edge, on Day) *Screener {
	s := &Screener{on: on, editions: editions, lineage: LineageOf(editions, asserted)}
	byList := map[string][]*Edition{}
	for _, e := range editions {
		if e.Date <= on {
			byList[e.List] = append(byList[e.List], e)
		}
	}
	var entries []Entry
	for _, list := range sortedKeys(byList) {
		of := byList[list]
		slices.SortStableFunc(of, func(a, b *Edition) int { return cmp.Compare(a.Date, b.Date) })
		newest := of[len(of)-1]
		age := daysBetween(newest.Date, on)
		s.used = append(s.used, Used{List: list, Date: newest.Date, Age: age, Old: age > OldAfter, Hash: newest.Hash, Count: len(newest.Entries)})
		taken := map[ID]bool{}
		for i := len(of) - 1; i >= 0; i-- {
			for _, x := range of[i].Entries {
				if taken[x.ID] {
					continue
				}
				taken[x.ID] = true
				x.Names = slices.Clone(x.Names)
				if i < len(of)-1 && x.DelistedOn == "" {
					x.DelistedOn = of[i+1].Date // it was gone by then
				}
				for _, e := range s.lineage.Of(x.ID) {
					if e.Turn == Delisted && e.From.Entry == x.ID && e.On <= on && (x.DelistedOn == "" || e.On < x.DelistedOn) {
						x.DelistedOn = e.On
					}
				}
				s.lineage.Date(&x)
				entries = append(entries, x)
			}
		}
	}
	s.index = NewIndex(entries)
	return s
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Used returns the editions that were looked through, by list.
func (s *Screener) Used() []Used { return slices.Clone(s.used) }

// Answer is what a look at the lists found of one name.
type Answer struct {
	Query      string    `json:"query"`
	On         Day       `json:"on"`
	Lists      []Used    `json:"lists"`
	State      LookState `json:"state"`
	Candidates []Found   `json:"candidates"` // those that must be looked at first, then lesser ones
	Owned      *Owned    `json:"owned,omitempty"`
	Sentence   string    `json:"sentence"`
}

// LookState is what a look found, before anybody has decided.
type LookState string

// The states of a look. No program says more.
const (
	NoCandidate LookState = "no candidate"
	ToReview    LookState = "candidate to review"
)

// Found is one candidate as it is shown.
type Found struct {
	ID         ID       `json:"id"`
	Name       string   `json:"name"`   // the name in the list that agrees best
	Listed     string   `json:"listed"` // the name under which the entry is listed
	Kind       Kind     `json:"kind"`
	Score      float64  `json:"score"`
	Level      Level    `json:"level"`
	Why        string   `json:"why"`
	Quality    Quality  `json:"quality"` // of that name, by the list
	NameFrom   Day      `json:"name_from,omitempty"`
	NameTo     Day      `json:"name_to,omitempty"`
	Regime     string   `json:"regime"`
	Programmes []string `json:"programmes"`
	State      State    `json:"state"` // on the day asked for
	Since      Day      `json:"since,omitempty"`
	Until      Day      `json:"until,omitempty"`
	Standing   string   `json:"standing"`
	Lineage    []string `json:"lineage"` // dated steps at the entry, each with who says it
	CarveOut   []string `json:"carve_out,omitempty"`
	Reasons    []Reason `json:"reasons"`
	Entry      *Entry   `json:"-"`
	Edges      []Edge   `json:"-"` // the steps of Lineage
}

// SentenceLook stands under every answer.
const SentenceLook = "A candidate is no finding: a person decides, with reasons. Finding none does not show that there is none. Screening is about supplies and funds; it changes no notification, and protection depends on no list."

// Screen looks one name up.
func (s *Screener) Screen(q Query, limit int) Answer {
	a := Answer{Query: q.Name, On: s.on, Lists: s.Used(), State: NoCandidate, Candidates: []Found{}, Sentence: SentenceLook}
	for _, c := range s.index.Search(q, limit) {
		if c.Level == Alert {
			a.State = ToReview
		}
		a.Candidates = append(a.Candidates, s.found(&c))
	}
	return a
}

// Entry returns an entry as it is looked up: the newest that an edition has, with the days of its names.
func (s *Screener) Entry(id ID) (*Entry, bool) { return s.index.Entry(id) }

func (s *Screener) found(c *Candidate) Found {
	f := Found{ID: c.Entry.ID, Listed: c.Entry.Name(), Kind: c.Entry.Kind, Score: c.Score, Level: c.Level, Why: c.Why, Regime: c.Entry.Regime, Programmes: c.Entry.Programmes, Lineage: []string{}, Reasons: c.Reasons, Entry: c.Entry}
	if c.Name >= 0 && c.Name < len(c.Entry.Names) {
		n := &c.Entry.Names[c.Name]
		f.Name, f.Quality, f.NameFrom, f.NameTo = n.Text, n.Quality, n.From, n.To
	}
	st := AsOf(c.Entry.ID, s.on, s.editions, s.lineage)
	f.State, f.Since, f.Until, f.Standing = st.State, st.Since, st.Until, st.Why
	for _, e := range st.Edges {
		if e.Turn != Unit || SameName(e.To.Name, f.Name) || e.From.Entry != c.Entry.ID {
			f.Lineage, f.Edges = append(f.Lineage, e.Sentence()), append(f.Edges, e)
		}
	}
	f.CarveOut = carveOuts(c.Entry)
	return f
}

// carveOuts are the grounds to look at before humanitarian work is given up: keys of [CarveOutTexts].
func carveOuts(e *Entry) []string {
	if e.ID.List() != "UN" {
		return []string{"licence"}
	}
	if r := strings.ToLower(e.Regime); strings.Contains(r, "qaida") || strings.Contains(r, "isil") {
		return []string{"unscr_2664", "unscr_2761"}
	}
	return []string{"unscr_2664"}
}

// CarveOutTexts says each ground in a sentence, with the text to check.
var CarveOutTexts = map[string]string{
	"unscr_2664": "Security Council resolution 2664 (2022), paragraph 1: for the organisations that it names, what is needed for the timely delivery of humanitarian assistance or for basic human needs breaks no asset freeze of the Council. Check whether yours is one of them, and paragraph 3 on reasonable efforts to keep small what reaches the one designated.",
	"unscr_2761": "Security Council resolution 2761 (2024), paragraph 1: that exemption goes on for the regime of resolutions 1267, 1989 and 2253.",
	"licence":    "The authority of this list has licences and exemptions of its own for humanitarian work. Check them before you decide.",
}
