package channel

import (
	"slices"

	"parley"
)

// lineOf returns a line or zone that the account that speaks may see; an ended one too, because what happened at it is still said.
func (t *turn) lineOf(field string, ref parley.Ref) (*parley.Arrangement, *Refusal) {
	a := t.s.arrangements.get(string(ref))
	if a == nil || a.Line == nil || !t.s.seesArrangement(t.account, ref) {
		return nil, notFound(field)
	}
	return a, nil
}

// ownMovement checks that a movement is the account's.
func (t *turn) ownMovement(field string, ref parley.Ref) *Refusal {
	if ref == "" {
		return nil
	}
	if o := t.s.object(ref); o == nil || o.Owner != t.account {
		return notFound(field)
	}
	return nil
}

// tellLine tells the parties of a line and the desk.
func (t *turn) tellLine(a *parley.Arrangement, kind parley.NoticeKind, ref parley.Ref, more ...func(*parley.Notice)) {
	for _, p := range append(partiesOf(a), parley.Desk) {
		t.tell(p, kind, parley.Versioned{Ref: a.Ref, Version: a.Version}, append(slices.Clone(more), other(ref))...)
	}
}

// crossingNotice takes word of a crossing to come. One that is over is refused and kept: it may be told as an event.
func (t *turn) crossingNotice(b *parley.CrossingNotice) (effect, *Refusal) {
	a, r := t.lineOf("body.of", b.Of.Ref)
	if r == nil && a.Ended() {
		r = refuse(parley.CodeWrongState, "body.of", string(a.State), "a line that has not ended")
	}
	if r == nil && b.Of.Version != a.Version {
		r = refuse(parley.CodeVersion, "body.of", b.Of.String(), parley.Versioned{Ref: a.Ref, Version: a.Version}.String()+", the newest")
	}
	if r == nil {
		r = t.ownMovement("body.movement", b.Movement)
	}
	if r == nil && b.Movement == "" && t.account.Kind() != parley.RefParty {
		r = refuse(parley.CodeInvalid, "body.movement", "nothing", "a movement of your organisation")
	}
	if r != nil {
		return nil, r
	}
	if b.Window.To <= t.at {
		refusal := refuse(parley.CodeClock, "body.window.to", parley.Stamp(b.Window.To), "a crossing to come; one that has been is a crossing event")
		refusal.Kept = true
		return func() { t.ref = a.Ref }, refusal
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefCrossing)
		s.taken[t.ref] = true
		s.crossings.put(string(t.ref), &parley.Crossing{Ref: t.ref, Of: b.Of, From: t.account, By: t.by(), Told: t.told(), Movement: b.Movement, Place: b.Place, Window: b.Window, Words: b.Words,
			Noted: t.at, Late: b.Window.From <= t.at, Position: t.position})
		t.tellLine(a, parley.NoticeCrossing, t.ref)
	}, nil
}

// crossingAgreed reports whether every party of a line has agreed to a movement's crossing.
func (s *State) crossingAgreed(a *parley.Arrangement, movement parley.Ref) bool {
	for _, key := range s.crossings.keysOf(a.Ref) {
		c := s.crossings.get(key)
		if c.Movement != movement || c.Of.Version != a.Version {
			continue
		}
		all := true
		for _, p := range partiesOf(a) {
			all = all && slices.ContainsFunc(c.Answers, func(w parley.CrossingWord) bool { return w.Party == p && w.Answer == parley.CrossingAgreed })
		}
		if all {
			return true
		}
	}
	return false
}

func (t *turn) crossingAnswer(b *parley.CrossingAnswer) (effect, *Refusal) {
	c := t.s.crossings.get(string(b.Notice))
	if c == nil {
		return nil, notFound("body.notice")
	}
	a := t.s.arrangements.get(string(c.Of.Ref))
	if !slices.Contains(partiesOf(a), t.account) {
		return nil, notFound("body.notice")
	}
	if c.From == t.account {
		return nil, refuse(parley.CodeNotPermitted, "body.notice", "your own notice", "another party of the line")
	}
	return func() {
		t.ref = c.Ref
		e := t.s.crossings.edit(string(c.Ref))
		e.Answers = slices.DeleteFunc(slices.Clone(e.Answers), func(w parley.CrossingWord) bool { return w.Party == t.account })
		e.Answers = append(e.Answers, parley.CrossingWord{Party: t.account, Answer: b.Answer, Words: b.Words, By: t.by(), At: t.at})
		of := parley.Versioned{Ref: a.Ref, Version: a.Version}
		t.tell(c.From, parley.NoticeCrossingAnswer, of, other(c.Ref))
		t.tell(parley.Desk, parley.NoticeCrossingAnswer, of, other(c.Ref))
	}, nil
}

// crossingEvent takes word of a crossing that was: bound to the version that stood then, to the notice that announced it and to the warnings
// that had been given. One that nobody announced is said so.
func (t *turn) crossingEvent(b *parley.CrossingEvent) (effect, *Refusal) {
	a, r := t.lineOf("body.line", b.Line)
	if r == nil {
		r = t.ownMovement("body.movement", b.Movement)
	}
	if r == nil && b.Movement == "" && t.account.Kind() != parley.RefParty {
		r = refuse(parley.CodeNotPermitted, "body.own", string(t.account), "a party; an organisation names a movement of its own")
	}
	if r == nil && b.Observed != "" && (t.s.accounts.get(string(b.Observed)) == nil || b.Observed == t.account) {
		r = notFound("body.observed")
	}
	if r == nil && b.At > t.at+5*parley.Minute {
		r = refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	if r != nil {
		return nil, r
	}
	version, known := versionAt(a, b.At)
	if !known {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time at which the line had been stated")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefCrossed)
		s.taken[t.ref] = true
		e := &parley.Crossed{Ref: t.ref, Of: parley.Versioned{Ref: a.Ref, Version: version}, From: t.account, By: t.by(), Told: t.told(), Own: b.Own, Observed: b.Observed, Movement: b.Movement,
			Place: b.Place, At: b.At, Words: b.Words, Noted: t.at, Position: t.position}
		who := t.account
		if b.Observed != "" {
			who = b.Observed
		}
		for _, key := range s.crossings.keysOf(a.Ref) {
			if c := s.crossings.get(key); c.From == who && c.Movement == b.Movement && c.Window.From <= b.At && b.At < c.Window.To {
				e.Notice = c.Ref
			}
		}
		for _, key := range s.warnings.keysOf(a.Ref) {
			if w := s.warnings.get(key); w.At <= b.At && (w.To == "" || w.To == who) {
				e.Warnings = append(e.Warnings, w.Ref)
			}
		}
		s.crossed.put(string(t.ref), e)
		kind := parley.NoticeCrossed
		if e.Notice == "" {
			kind = parley.NoticeCrossedUnannounced
		}
		t.tellLine(a, kind, t.ref, urgent(e.Notice == ""))
	}, nil
}

func (t *turn) presenceAsk(b *parley.PresenceAsk) (effect, *Refusal) {
	e := t.s.crossed.get(string(b.Event))
	if e == nil {
		return nil, notFound("body.event")
	}
	a := t.s.arrangements.get(string(e.Of.Ref))
	parties := partiesOf(a)
	if t.account != parley.Desk && !slices.Contains(parties, t.account) {
		return nil, notFound("body.event")
	}
	if !slices.Contains(parties, b.Party) || b.Party == t.account {
		return nil, refuse(parley.CodeNotPermitted, "body.party", string(b.Party), "another party of the line: no other learns of it")
	}
	if slices.ContainsFunc(e.Asked, func(w parley.PresenceWord) bool { return w.Party == b.Party }) {
		return nil, refuse(parley.CodeExists, "body.party", string(b.Party), "a party that was not asked")
	}
	return func() {
		t.ref = e.Ref
		n := t.s.crossed.edit(string(e.Ref))
		n.Asked = append(slices.Clone(n.Asked), parley.PresenceWord{Party: b.Party, Asked: t.at})
		t.tell(b.Party, parley.NoticePresenceAsked, parley.Versioned{Ref: a.Ref, Version: a.Version}, other(e.Ref))
		t.tell(parley.Desk, parley.NoticePresenceAsked, parley.Versioned{Ref: a.Ref, Version: a.Version}, other(e.Ref))
	}, nil
}

// presenceAnswer takes a party's word about people that were observed. Where it does not agree with what was observed, both stand and
// everyone concerned is told.
func (t *turn) presenceAnswer(b *parley.PresenceAnswer) (effect, *Refusal) {
	e := t.s.crossed.get(string(b.Event))
	if e == nil {
		return nil, notFound("body.event")
	}
	i := slices.IndexFunc(e.Asked, func(w parley.PresenceWord) bool { return w.Party == t.account })
	if i < 0 {
		return nil, notFound("body.event")
	}
	return func() {
		t.ref = e.Ref
		n := t.s.crossed.edit(string(e.Ref))
		n.Asked = slices.Clone(n.Asked)
		n.Asked[i].Answer, n.Asked[i].By, n.Asked[i].At = b.Answer, t.by(), t.at
		a := t.s.arrangements.get(string(e.Of.Ref))
		n.Contradiction = false
		owned := 0
		for _, w := range n.Asked {
			if w.Answer == parley.PresenceOwn {
				owned++
			}
			if w.Party == n.Observed && w.Answer == parley.PresenceNotOwn || n.Own && w.Answer == parley.PresenceOwn {
				n.Contradiction = true
			}
		}
		n.Contradiction = n.Contradiction || owned > 1
		kind := parley.NoticePresenceAnswer
		if n.Contradiction {
			kind = parley.NoticePresenceContradiction
		}
		t.tellLine(a, kind, e.Ref, urgent(n.Contradiction))
	}, nil
}

// warningLog puts a warning on record, and tells whom it is for.
func (t *turn) warningLog(b *parley.WarningLog) (effect, *Refusal) {
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	s := t.s
	var to []parley.Ref
	switch b.Of.Kind() {
	case parley.RefLine, parley.RefZone:
		a, r := t.lineOf("body.of", b.Of)
		if r != nil {
			return nil, r
		}
		parties := partiesOf(a)
		if t.account != parley.Desk && !slices.Contains(parties, t.account) {
			return nil, notFound("body.of")
		}
		if b.To != "" && (!slices.Contains(parties, b.To) || b.To == t.account) {
			return nil, refuse(parley.CodeNotPermitted, "body.to", string(b.To), "another party of the line")
		}
		if b.To != "" {
			to = []parley.Ref{b.To}
		}
	default:
		o, r := t.seen("body.of", b.Of)
		if r != nil {
			return nil, r
		}
		if b.To != "" {
			return nil, refuse(parley.CodeInvalid, "body.to", string(b.To), "nobody: the object's owner is told by itself")
		}
		to = []parley.Ref{o.Owner}
	}
	return func() {
		t.ref = t.newRef(parley.RefWarning)
		s.taken[t.ref] = true
		s.warnings.put(string(t.ref), &parley.Warning{Ref: t.ref, Of: b.Of, From: t.account, By: t.by(), Told: t.told(), To: b.To, Means: b.Means, Language: b.Language, At: b.At, Act: b.Act,
			Words: b.Words, Step: len(s.warnings.keysOf(b.Of)) + 1, Noted: t.at, Position: t.position})
		for _, p := range append(to, parley.Desk) {
			t.tell(p, parley.NoticeWarning, parley.Versioned{Ref: b.Of}, other(t.ref), due(b.Act), urgent(p != parley.Desk))
		}
	}, nil
}

// hasWarned reports whether a party has put a warning to an object on record.
func (s *State) hasWarned(party, object parley.Ref) bool {
	return slices.ContainsFunc(s.warnings.keysOf(object), func(key string) bool { return s.warnings.get(key).From == party })
}
