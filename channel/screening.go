package channel

import (
	"fmt"
	"slices"
	"strings"

	"parley"
)

// screenings are the records of screening. They stand apart: nothing but the files screening.go and view_screening.go reads them, so that no
// notification, release, check or warning can depend on one (DESIGN.md, wall 5; a test holds the files to it).
type screenings struct {
	editions *table[parley.ListNoted] // account + list + hash
	cases    *table[parley.Screening]
}

func newScreenings(l *ledger) screenings {
	return screenings{editions: newTable[parley.ListNoted](l, "designation list"), cases: newTable[parley.Screening](l, "screening")}
}

// noteScreenings keeps the references of screenings taken when a snapshot is loaded.
func (s *State) noteScreenings() {
	for _, key := range s.screening.cases.keys() {
		s.taken[parley.Ref(key)] = true
	}
}

func editionKey(account parley.Ref, h parley.Hash) string { return string(account) + " " + h.String() }

func (t *turn) listLoad(b *parley.ListLoad) (effect, *Refusal) {
	if b.Published > t.at+parley.Day {
		return nil, refuse(parley.CodeClock, "body.published", parley.Stamp(b.Published), "a day that is not to come")
	}
	key := editionKey(t.account, b.Hash)
	if t.s.screening.editions.get(key) != nil {
		return nil, refuse(parley.CodeExists, "body.hash", b.Hash.String(), "an edition that is not on record yet")
	}
	return func() {
		t.s.screening.editions.put(key, &parley.ListNoted{Account: t.account, By: t.by(), Load: *b, Position: t.position, At: t.at})
	}, nil
}

// looked checks that the editions that a name was looked up in are on record for the account.
func (t *turn) looked(editions []parley.Hash, candidates []parley.ScreenedEntry) *Refusal {
	lists := map[string]bool{}
	for i, h := range editions {
		e := t.s.screening.editions.get(editionKey(t.account, h))
		if e == nil {
			return refuse(parley.CodeNotFound, fmt.Sprintf("body.editions[%d]", i), h.String(), "an edition that your account has put on record (list.load)")
		}
		lists[e.Load.List] = true
	}
	for i, c := range candidates {
		if list, _, _ := strings.Cut(c.Entry, ":"); !lists[list] {
			return refuse(parley.CodeInvalid, fmt.Sprintf("body.candidates[%d].entry", i), c.Entry, "an entry of a list whose edition is named")
		}
	}
	return nil
}

func (t *turn) screeningOpen(b *parley.ScreeningOpen) (effect, *Refusal) {
	if r := t.looked(b.Editions, b.Candidates); r != nil {
		return nil, r
	}
	if b.About != "" && !t.viewer().mayName(b.About) {
		return nil, notFound("body.about")
	}
	return func() {
		t.ref = t.newRef(parley.RefScreening)
		c := &parley.Screening{Ref: t.ref, Account: t.account, By: t.by(), Open: *b, Name: t.name, Position: t.position, At: t.at}
		t.look(c, b.Editions, b.Candidates)
		t.s.taken[t.ref] = true
		t.s.screening.cases.put(string(t.ref), c)
	}, nil
}

// look adds one look at the lists to a screening. An entry that people have decided on keeps what they found.
func (t *turn) look(c *parley.Screening, editions []parley.Hash, found []parley.ScreenedEntry) {
	c.Editions = editions
	c.Looks = append(slices.Clone(c.Looks), parley.ScreeningLook{Editions: editions, Found: found, By: t.by(), At: t.at, Position: t.position})
	c.Candidates = slices.Clone(c.Candidates)
	for i := range c.Candidates {
		c.Candidates[i].Gone = true
	}
	for _, f := range found {
		i := slices.IndexFunc(c.Candidates, func(x parley.Candidate) bool { return x.Entry == f.Entry })
		if i < 0 {
			c.Candidates = append(c.Candidates, parley.Candidate{Entry: f.Entry, Score: f.Score, State: parley.CandidateToReview})
			continue
		}
		c.Candidates[i].Score, c.Candidates[i].Gone = f.Score, false
	}
}

// ownScreening returns a screening of this account.
func (t *turn) ownScreening(ref parley.Ref) (*parley.Screening, *Refusal) {
	c := t.s.screening.cases.get(string(ref))
	if c == nil || c.Account != t.account {
		return nil, notFound("body.screening")
	}
	return c, nil
}

func (t *turn) screeningRepeat(b *parley.ScreeningRepeat) (effect, *Refusal) {
	c, r := t.ownScreening(b.Screening)
	if r != nil {
		return nil, r
	}
	if r := t.looked(b.Editions, b.Candidates); r != nil {
		return nil, r
	}
	return func() {
		t.ref = c.Ref
		t.look(t.s.screening.cases.edit(string(c.Ref)), b.Editions, b.Candidates)
	}, nil
}

// candidate returns the place of an entry among the candidates of a screening of this account.
func (t *turn) candidate(ref parley.Ref, entry string) (*parley.Screening, int, *Refusal) {
	c, r := t.ownScreening(ref)
	if r != nil {
		return nil, 0, r
	}
	i := slices.IndexFunc(c.Candidates, func(x parley.Candidate) bool { return x.Entry == entry })
	if i < 0 {
		return nil, 0, refuse(parley.CodeNotFound, "body.entry", entry, "an entry that this screening has found")
	}
	return c, i, nil
}

// step moves a candidate on.
func (t *turn) step(c *parley.Screening, at int, s parley.CandidateStep) {
	t.ref = c.Ref
	e := t.s.screening.cases.edit(string(c.Ref))
	e.Candidates = slices.Clone(e.Candidates)
	x := &e.Candidates[at]
	s.At, s.Position = t.at, t.position
	x.State, x.Steps = s.To, append(slices.Clone(x.Steps), s)
}

func (t *turn) screeningDecide(b *parley.ScreeningDecide) (effect, *Refusal) {
	c, at, r := t.candidate(b.Screening, b.Entry)
	if r != nil {
		return nil, r
	}
	x := &c.Candidates[at]
	to := parley.CandidateSetAside
	if b.Confirmed {
		to = parley.CandidateConfirmed
	}
	if !parley.CandidateMachine.May(string(x.State), string(to)) {
		return nil, refuse(parley.CodeWrongState, "body.entry", string(x.State), "an entry that waits for review, or is contested")
	}
	second := t.second(screeners)
	by := []parley.Ref{t.by()}
	if second != nil {
		by = append(by, second.Ref)
	}
	// Whoever found something does not decide on what is contested of it.
	for _, s := range x.Steps {
		if s.To == parley.CandidateContested {
			continue
		}
		for _, m := range by {
			if slices.Contains(s.By, m) {
				return nil, refuse(parley.CodeFourEyes, "signatures", string(m), "two people who have not decided on this entry before")
			}
		}
	}
	return func() {
		t.step(c, at, parley.CandidateStep{To: to, Reason: b.Reason, Words: b.Words, By: by})
	}, nil
}

func (t *turn) screeningAppeal(b *parley.ScreeningAppeal) (effect, *Refusal) {
	c, at, r := t.candidate(b.Screening, b.Entry)
	if r != nil {
		return nil, r
	}
	if x := &c.Candidates[at]; !parley.CandidateMachine.May(string(x.State), string(parley.CandidateContested)) {
		return nil, refuse(parley.CodeWrongState, "body.entry", string(x.State), "an entry that was confirmed or set aside")
	}
	return func() {
		t.step(c, at, parley.CandidateStep{To: parley.CandidateContested, From: b.From, Words: b.Words, By: []parley.Ref{t.by()}})
	}, nil
}

func (t *turn) screeningNote(b *parley.ScreeningNote) (effect, *Refusal) {
	c, r := t.ownScreening(b.Screening)
	if r != nil {
		return nil, r
	}
	return func() {
		t.ref = c.Ref
		e := t.s.screening.cases.edit(string(c.Ref))
		e.Notes = append(slices.Clone(e.Notes), parley.ScreeningNoted{CarveOut: b.CarveOut, Words: b.Words, By: t.by(), At: t.at, Position: t.position})
	}, nil
}

// screeners are the roles that screen: trustees for accounts that ask to be admitted, as a note to themselves.
var screeners = []parley.Role{parley.ScreeningOfficer, parley.Trustee}
