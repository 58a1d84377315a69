package channel

import (
	"fmt"
	"slices"
	"strings"

	"parley"
)

func cutSpace(s string) (before, after string, found bool) { return strings.Cut(s, " ") }

// holdEnd ends the hold that one report of harm or incident has put on texts. Work that it stands for has to be done first, or it was an error.
func (t *turn) holdEnd(b *parley.HoldEnd) (effect, *Refusal) {
	s := t.s
	h, i := s.harms.get(string(b.Of)), s.incidents.get(string(b.Of))
	if h == nil && i == nil {
		return nil, notFound("body.of")
	}
	if s.holds.get(string(b.Of)) != nil {
		return nil, refuse(parley.CodeExists, "body.of", "a hold that has ended", "a hold that stands")
	}
	if b.Reason != "entered_in_error" {
		if i != nil && i.State != parley.IncidentClosed {
			return nil, refuse(parley.CodeWrongState, "body.of", string(i.State), "an incident that is closed")
		}
		if h != nil {
			for n, ref := range h.Corrections {
				if c := s.corrections.get(string(ref)); c.State != parley.CorrectionClosed {
					return nil, refuse(parley.CodeWrongState, fmt.Sprintf("body.of.corrections[%d]", n), string(c.State), "a report whose tasks are closed")
				}
			}
		}
	}
	second := t.second(rules["hold.end"].roles)
	return func() {
		t.ref = b.Of
		s.holds.put(string(b.Of), &parley.HoldEnded{Of: b.Of, Reason: b.Reason, Words: b.Words, By: t.by(), Second: second.Ref, At: t.at, Position: t.position})
		told := []parley.Ref{parley.Board}
		if h != nil {
			told = append(told, h.Reporter)
			if o := s.object(h.Object.Ref); o != nil {
				told = append(told, o.Owner)
			}
		} else {
			told = append(told, i.Account)
		}
		slices.Sort(told)
		for _, to := range slices.Compact(told) {
			if to != parley.Desk {
				of := parley.Versioned{Ref: b.Of}
				if to == parley.Board { // trustees learn that a hold has ended, never of what
					of = parley.Versioned{}
				}
				t.tell(to, parley.NoticeHoldEnded, of)
			}
		}
	}, nil
}

// heldTexts returns the commitments of everything that was said about objects that were harmed, about incidents and about what they concern,
// while a hold stands: nothing of it is erased.
func (s *State) heldTexts() map[parley.Hash]bool {
	about := map[parley.Ref]bool{}
	object := func(ref parley.Ref) {
		about[ref] = true
		for _, q := range s.queries.keysOf(ref) {
			about[parley.Ref(q)] = true
		}
		for _, d := range s.disputes.keysOf(ref) {
			about[parley.Ref(d)] = true
		}
	}
	harm := func(h *parley.Harm) {
		about[h.Ref] = true
		if h.Object.Ref == "" {
			return
		}
		object(h.Object.Ref)
		about[h.Stop] = true
		for _, c := range h.Corrections {
			about[c] = true
		}
	}
	for _, r := range s.harms.all() {
		if s.holds.get(string(r.Ref)) == nil {
			harm(r)
		}
	}
	for _, i := range s.incidents.all() {
		if s.holds.get(string(i.Ref)) != nil {
			continue
		}
		about[i.Ref] = true
		for _, o := range i.Objects {
			object(o)
		}
		for _, h := range i.Harms {
			harm(s.harms.get(string(h)))
		}
		for _, c := range s.claims.keysOf(i.Ref) {
			about[parley.Ref(c)] = true
		}
		for _, e := range s.evidence.keysOf(i.Ref) {
			about[parley.Ref(e)] = true
		}
	}
	delete(about, "")
	held := map[parley.Hash]bool{}
	if len(about) == 0 {
		return held
	}
	for _, o := range s.outcomes.all() {
		if about[o.Ref] {
			for _, c := range o.Payloads {
				held[c.Hash] = true
			}
		}
	}
	return held
}

func (t *turn) areaSeal(b *parley.AreaSeal) (effect, *Refusal) {
	if r := t.quotes("body.head", b.Head); r != nil {
		return nil, r
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefSeal)
		s.taken[t.ref] = true
		s.seals.put(string(t.ref), &parley.SealNoted{Ref: t.ref, Party: t.account, By: t.by(), Commitment: b.Commitment, Head: b.Head, Stale: b.Head != s.accounts.get(string(t.account)).Head,
			At: t.at, Position: t.position})
	}, nil
}

func (t *turn) areaOpen(b *parley.AreaOpen) (effect, *Refusal) {
	e := t.s.seals.get(string(b.Seal))
	if e == nil || e.Party != t.account {
		return nil, notFound("body.seal")
	}
	if e.Opened != 0 {
		return nil, refuse(parley.CodeWrongState, "body.seal", "opened at "+parley.Stamp(e.Opened), "an area that is sealed")
	}
	area := b.Area
	if got, err := area.Seal(b.Salt); err != nil || got != e.Commitment {
		return nil, refuse(parley.CodeInvalid, "body.area", got.String(), "the content and the salt that give "+e.Commitment.String())
	}
	return func() {
		t.ref = e.Ref
		o := t.s.seals.edit(string(e.Ref))
		o.Opened, o.OpenedAt, o.Salt, o.Area = t.at, t.position, b.Salt, &area
		t.tell(parley.Desk, parley.NoticeSealOpened, parley.Versioned{Ref: e.Ref}, other(e.Party))
	}, nil
}
