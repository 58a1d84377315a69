package channel

import (
	"fmt"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// heldBy returns the release of exactly that version to the account that speaks, if it still has to reckon with it.
func (t *turn) heldBy(field string, of parley.Versioned) (string, *parley.Release, *Refusal) {
	key := releaseKey(of, t.account)
	r := t.s.releases.get(key)
	if r == nil {
		return "", nil, notFound(field)
	}
	if !r.Holds() {
		return "", nil, refuse(parley.CodeWrongState, field, string(r.State), "a version that was not recalled, ended or replaced")
	}
	return key, r, nil
}

// objectAcknowledge takes a read-back. A wrong one is kept on record, and several call the desk.
func (t *turn) objectAcknowledge(b *parley.ObjectAcknowledge) (effect, *Refusal) {
	if t.s.accounts.get(string(t.account)).PartyKind == parley.GoBetween {
		return nil, refuse(parley.CodeNotPermitted, "key", "a go-between", "the party itself: a go-between relays and never answers for another")
	}
	key, r, refusal := t.heldBy("body.of", b.Of)
	if refusal != nil {
		return nil, refusal
	}
	if r.AckAt != 0 && t.s.ages(r) > t.at {
		return nil, refuse(parley.CodeWrongState, "body.of", string(r.State), "a version that was not acknowledged, or whose acknowledgement has aged")
	}
	if !t.readsBack(r, b.ReadBack) {
		refusal := refuse(parley.CodeReadBack, "body.read_back", b.ReadBack.String(),
			fmt.Sprintf("the place of %s from the copy that is held, within %d m", b.Of, t.s.profile().ReadBack.Metres))
		refusal.Kept = true
		return func() {
			t.ref = b.Of.Ref
			e := t.s.releases.edit(key)
			e.Wrong++
			if e.Wrong >= t.s.profile().ReadBack.Wrong {
				t.tell(parley.Desk, parley.NoticeWrong, b.Of, other(t.account), urgent(true))
			}
		}, refusal
	}
	return func() {
		s := t.s
		t.ref = b.Of.Ref
		e := s.releases.edit(key)
		if e.AckAt != 0 {
			e.AgainAt, e.AgainBy = t.at, t.by()
			t.tell(s.object(b.Of.Ref).Owner, parley.NoticeAcknowledged, b.Of, other(t.account))
			t.tell(parley.Desk, parley.NoticeAcknowledged, b.Of, other(t.account))
			return
		}
		e.State, e.AckAt, e.AckBy, e.AckOnBehalf = parley.Acknowledged, t.at, t.by(), t.cmd.OnBehalf
		s.stopAckClocks(key, e)
		s.watchAge(t.account, t.at)
		for _, old := range s.holdersOf(b.Of.Ref) {
			if o := s.releases.get(old); o.To == t.account && o.Of.Version < b.Of.Version && o.Stands {
				s.unstand(old)
			}
		}
		t.tell(s.object(b.Of.Ref).Owner, parley.NoticeAcknowledged, b.Of, other(t.account))
		t.tell(parley.Desk, parley.NoticeAcknowledged, b.Of, other(t.account))
	}, nil
}

// readsBack reports whether a position repeats a released place: within the profile's distance of an exact one, within the cell of a coarse one.
func (t *turn) readsBack(r *parley.Release, p geo.Position) bool { return t.s.readsBack(r, p) }

func (s *State) readsBack(r *parley.Release, p geo.Position) bool {
	v := s.version(r.Of)
	if r.Precision == parley.Coarse {
		return geo.Within(geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}, geo.Cell(v.Object().Anchor()), float64(s.profile().ReadBack.Metres))
	}
	return apart(v.Object().Anchor(), p) <= int64(s.profile().ReadBack.Metres)*1000
}

// ackPassed records that no answer came. It is counted; it is an answer too.
func (s *State) ackPassed(d duty.Deadline, at int64) {
	r := s.releases.edit(d.Arg)
	r.NoAnswer++
	s.accounts.edit(string(r.To)).NoAnswers++
	o := s.object(r.Of.Ref)
	kind := parley.NoticeNoAnswer
	if r.OnRoad {
		kind = parley.NoticeUpdateLate
	}
	s.noted(d, at, parley.Desk, kind, r.Of, other(r.To), urgent(r.OnRoad))
	s.noted(d, at, r.To, kind, r.Of, urgent(r.OnRoad))
	if r.AckDue == r.AckShown {
		r.NoAnswerShown++
		s.noted(d, at, o.Owner, kind, r.Of, other(r.To), urgent(r.OnRoad))
		if r.OnRoad {
			s.after(d.Due, s.profile().Clocks.AckOnRoadAgain, r.Of.Ref, deadlineUpdate, d.Arg)
		}
		return
	}
	// The clock was shortened because an area meets the object. The notifier sees the ordinary deadline only.
	r.AckDue = r.AckShown
	s.after(r.AckShown, 0, r.Of.Ref, deadlineAck, d.Arg)
}

// updatePassed says a second and last time that an update on the road is not acknowledged.
func (s *State) updatePassed(d duty.Deadline, at int64) {
	r := s.releases.get(d.Arg)
	if !r.Holds() || r.AckAt != 0 {
		return
	}
	for _, to := range []parley.Ref{parley.Desk, s.object(r.Of.Ref).Owner} {
		s.noted(d, at, to, parley.NoticeUpdateLate, r.Of, other(r.To), urgent(true))
	}
	s.noted(d, at, r.To, parley.NoticeUpdateLate, r.Of, urgent(true))
}

// stopAckClocks ends the clocks that wait for a release's acknowledgement.
func (s *State) stopAckClocks(key string, r *parley.Release) {
	s.cancelArg(r.Of.Ref, deadlineAck, key)
	s.cancelArg(r.Of.Ref, deadlineUpdate, key)
}

func (t *turn) objectDissemination(b *parley.ObjectDissemination) (effect, *Refusal) {
	key, r, refusal := t.heldBy("body.of", b.Of)
	if refusal != nil {
		return nil, refusal
	}
	if r.AckAt == 0 {
		return nil, refuse(parley.CodeWrongState, "body.of", string(r.State), "a version that was acknowledged")
	}
	stale, refusal := t.headHeld("body.head", b.Head)
	if refusal != nil {
		return nil, refusal
	}
	return func() {
		t.ref = b.Of.Ref
		e := t.s.releases.edit(key)
		e.State = parley.Disseminated
		e.Levels = setLevel(e.Levels, parley.LevelHolding{Echelon: b.Echelon, Level: b.Level, At: t.at, Head: b.Head, Stale: stale, By: t.by()})
		t.tell(t.s.object(b.Of.Ref).Owner, parley.NoticeLevel, b.Of, other(t.account))
		t.tell(parley.Desk, parley.NoticeLevel, b.Of, other(t.account))
		if stale {
			t.tell(t.account, parley.NoticeListStale, b.Of)
		}
	}, nil
}

// setLevel replaces what a level is stated to hold, in a new list.
func setLevel(levels []parley.LevelHolding, l parley.LevelHolding) []parley.LevelHolding {
	levels = slices.Clone(levels)
	for i, old := range levels {
		if old.Echelon == l.Echelon && old.Level == l.Level {
			levels[i] = l
			return levels
		}
	}
	return append(levels, l)
}

// headHeld checks a head that a level is said to hold, and whether it is behind the party's newest. None at all is behind.
func (t *turn) headHeld(field string, h *parley.ListHead) (stale bool, _ *Refusal) {
	if h == nil {
		return true, nil
	}
	if h.Party != t.account || !t.s.knownHead(*h) {
		return false, refuse(parley.CodeUnknownHead, field, fmt.Sprintf("position %d, root %s", h.Position, h.Root), "a head of this party's list")
	}
	return *h != t.s.accounts.get(string(t.account)).Head, nil
}

func (t *turn) listAttest(b *parley.ListAttest) (effect, *Refusal) {
	stale, refusal := t.headHeld("body.head", b.Head)
	if refusal != nil {
		return nil, refusal
	}
	return func() {
		s := t.s
		t.ref = t.account
		s.levels.put(fmt.Sprintf("%s %s %s", t.account, b.Echelon, b.Level), &parley.LevelHolding{Echelon: b.Echelon, Level: b.Level, At: t.at, Head: b.Head, Stale: stale, By: t.by()})
		a := s.accounts.edit(string(t.account))
		a.Attested = t.at
		if b.Echelon == parley.Headquarters && !stale {
			a.Confirmed = t.at
			s.cancel(t.account, deadlineReack)
			s.watchAge(t.account, t.at)
		}
		s.cancel(t.account, deadlineAttest)
		s.after(t.at, s.profile().Clocks.Attestation, t.account, deadlineAttest, "")
		if stale {
			t.tell(t.account, parley.NoticeListStale, parley.Versioned{Ref: t.account})
			t.tell(parley.Desk, parley.NoticeListStale, parley.Versioned{Ref: t.account})
		}
	}, nil
}

// attestPassed asks a party for the next attestation, again and again.
func (s *State) attestPassed(d duty.Deadline, at int64) {
	ref := parley.Ref(d.Ref)
	s.noted(d, at, ref, parley.NoticeAttest, parley.Versioned{Ref: ref})
	s.noted(d, at, parley.Desk, parley.NoticeAttest, parley.Versioned{Ref: ref})
	s.after(d.Due, s.profile().Clocks.Attestation, ref, deadlineAttest, "")
}

func (t *turn) entryAttest(b *parley.EntryAttest) (effect, *Refusal) {
	key, r, refusal := t.heldBy("body.of", b.Of)
	if refusal != nil {
		return nil, refusal
	}
	return func() {
		t.ref = b.Of.Ref
		e := t.s.releases.edit(key)
		place := b.Place
		l := parley.LevelHolding{Echelon: b.Echelon, Level: b.Level, At: t.at, Place: &place, Apart: apart(t.s.version(r.Of).Object().Anchor(), place), By: t.by()}
		e.Levels = setLevel(e.Levels, l)
		if !t.readsBack(r, place) {
			t.tell(t.account, parley.NoticeMismatch, b.Of, urgent(true))
			t.tell(parley.Desk, parley.NoticeMismatch, b.Of, other(t.account), urgent(true))
		}
	}, nil
}

// relayLog records a hand-over to a level of the final party. It never counts as that party's acknowledgement.
func (t *turn) relayLog(b *parley.RelayLog) (effect, *Refusal) {
	a := t.s.accounts.get(string(t.account))
	if t.account != parley.Desk && a.PartyKind != parley.GoBetween {
		return nil, refuse(parley.CodeNotPermitted, "key", string(t.account), "a go-between or the desk")
	}
	if t.s.accounts.get(string(b.Party)) == nil {
		return nil, notFound("body.party")
	}
	owner, ok := t.s.relayable(t.account, b.Of)
	if !ok {
		return nil, notFound("body.of")
	}
	return func() {
		t.ref = b.Of
		t.s.relays.put(fmt.Sprintf("%s %015d", b.Of, t.position), &parley.Relay{Of: b.Of, By: t.by(), Account: t.account, Party: b.Party, Echelon: b.Echelon,
			Delivered: b.Delivered, At: b.At, Position: t.position})
		t.tell(owner, parley.NoticeRelay, parley.Versioned{Ref: b.Of}, other(t.account))
		t.tell(parley.Desk, parley.NoticeRelay, parley.Versioned{Ref: b.Of}, other(t.account))
	}, nil
}

// relayable returns who sent a record, if the account may know of it.
func (s *State) relayable(account, ref parley.Ref) (parley.Ref, bool) {
	if o := s.object(ref); o != nil {
		return o.Owner, s.Knows(account, ref)
	}
	if a := s.areas.get(string(ref)); a != nil {
		return a.Party, account == parley.Desk || slices.Contains(a.Area.Addressees, account)
	}
	if st := s.stops.get(string(ref)); st != nil {
		return st.Raiser, account == parley.Desk || slices.Contains(st.Parties, account)
	}
	return "", false
}
