package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// screens reports whether the viewer is one of the officers who screen for their account. Nobody else learns of a screening, and no other account at all.
func (v *Viewer) screens(account parley.Ref) bool {
	return v.member != nil && account == v.account && v.member.Has(screeners...)
}

// MayScreen reports whether the viewer looks names up for their account.
func (v *Viewer) MayScreen() bool { return v.screens(v.account) }

// Screenings lists the screenings of the viewer's account, in journal order.
func (v *Viewer) Screenings(from, limit int) ([]release.Screening, int) {
	var mine []*parley.Screening
	for _, r := range v.s.screening.cases.all() {
		if v.screens(r.Account) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.Screening) int { return cmp.Compare(a.Position, b.Position) })
	some, next := page(mine, from, limit)
	list := make([]release.Screening, 0, len(some))
	for _, c := range some {
		list = append(list, *v.screeningOf(c))
	}
	return list, next
}

// Screening returns one screening.
func (v *Viewer) Screening(ref parley.Ref) (*release.Screening, bool) {
	c := v.s.screening.cases.get(string(ref))
	if c == nil || !v.screens(c.Account) {
		return nil, false
	}
	return v.screeningOf(c), true
}

// ListEditions lists the editions that the viewer's account has put on record, the oldest first.
func (v *Viewer) ListEditions(from, limit int) ([]release.ListEdition, int) {
	some, next := page(v.editions(), from, limit)
	list := make([]release.ListEdition, 0, len(some))
	for _, e := range some {
		list = append(list, v.edition(e))
	}
	return list, next
}

func (v *Viewer) editions() []*parley.ListNoted {
	var mine []*parley.ListNoted
	for _, r := range v.s.screening.editions.all() {
		if v.screens(r.Account) {
			mine = append(mine, r)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.ListNoted) int {
		return cmp.Or(cmp.Compare(a.Load.List, b.Load.List), cmp.Compare(a.Load.Published, b.Load.Published), cmp.Compare(a.Position, b.Position))
	})
	return mine
}

func (v *Viewer) edition(e *parley.ListNoted) release.ListEdition {
	return release.ListEdition{List: e.Load.List, Published: stamp(e.Load.Published), Hash: e.Load.Hash, Entries: e.Load.Entries, Age: max(0, v.at-e.Load.Published) / parley.Day, By: e.By, At: stamp(e.At), Position: e.Position}
}

func (v *Viewer) screeningOf(c *parley.Screening) *release.Screening {
	out := &release.Screening{Ref: c.Ref, Subject: v.words(c.Open.Subject), SubjectKind: c.Open.SubjectKind, As: c.Open.As, About: c.Open.About, Words: v.words(c.Open.Words), By: c.By, At: stamp(c.At), Position: c.Position,
		Stale: []string{}, Looks: []release.Look{}, Candidates: []release.Candidate{}, Notes: []release.ScreeningNote{}, Sentence: parley.SentenceScreening}
	newest := map[string]int64{}
	for _, e := range v.editions() {
		newest[e.Load.List] = max(newest[e.Load.List], e.Load.Published)
	}
	for _, l := range c.Looks {
		look := release.Look{Editions: []release.ListEdition{}, Found: len(l.Found), By: l.By, At: stamp(l.At), Position: l.Position}
		for _, h := range l.Editions {
			look.Editions = append(look.Editions, v.edition(v.s.screening.editions.get(editionKey(c.Account, h))))
		}
		out.Looks = append(out.Looks, look)
	}
	for _, h := range c.Editions {
		if e := v.s.screening.editions.get(editionKey(c.Account, h)); e.Load.Published < newest[e.Load.List] {
			out.Stale = append(out.Stale, e.Load.List)
		}
	}
	for _, x := range c.Candidates {
		one := release.Candidate{Entry: x.Entry, Score: x.Score, State: x.State, Gone: x.Gone, Steps: []release.CandidateStep{}}
		if x.State == parley.CandidateToReview || x.State == parley.CandidateContested {
			out.Waiting++
		}
		for _, s := range x.Steps {
			one.Steps = append(one.Steps, release.CandidateStep{To: s.To, Reason: s.Reason, From: s.From, Words: v.words(s.Words), By: s.By, At: stamp(s.At), Position: s.Position})
		}
		out.Candidates = append(out.Candidates, one)
	}
	for _, n := range c.Notes {
		out.Notes = append(out.Notes, release.ScreeningNote{CarveOut: n.CarveOut, Words: v.words(n.Words), By: n.By, At: stamp(n.At), Position: n.Position})
	}
	return out
}
