package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// seen returns an object that the account that speaks may know of: its own, any for the desk, what was released for a party.
func (t *turn) seen(field string, ref parley.Ref) (*parley.Object, *Refusal) {
	o := t.s.object(ref)
	if o == nil || !t.s.Knows(t.account, ref) {
		return nil, notFound(field)
	}
	return o, nil
}

// Knows reports whether an account may know that an object exists.
func (s *State) Knows(account, ref parley.Ref) bool {
	o := s.object(ref)
	if o == nil {
		return false
	}
	if account == parley.Desk || o.Owner == account || s.handedTo(account, ref) {
		return true
	}
	return slices.ContainsFunc(s.holders[ref], func(key string) bool { return s.releases.get(key).To == account })
}

// seenOpen is seen for an object whose notification has not ended.
func (t *turn) seenOpen(field string, ref parley.Ref) (*parley.Object, *Refusal) {
	o, r := t.seen(field, ref)
	if r == nil && !o.Open() {
		return nil, refuse(parley.CodeWrongState, field, string(o.State), "a notification that has not ended")
	}
	return o, r
}

func (t *turn) objectQuery(b *parley.ObjectQuery) (effect, *Refusal) {
	o, r := t.seenOpen("body.of", b.Of.Ref)
	if r != nil {
		return nil, r
	}
	if v := t.s.version(b.Of); v == nil || t.account != parley.Desk && t.account != o.Owner && t.s.releases.get(releaseKey(b.Of, t.account)) == nil {
		return nil, notFound("body.of")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefQuery)
		s.taken[t.ref] = true
		dueAt := t.at + s.profile().Clocks.QueryAnswer
		s.queries.put(string(t.ref), &parley.Query{Ref: t.ref, Of: b.Of, Asker: t.account, Field: b.Field, Question: b.Question, Observed: b.Observed, At: t.at, Due: dueAt})
		s.after(dueAt, 0, t.ref, deadlineQuery, "")
		asked := o.Owner
		if t.account == o.Owner {
			asked = parley.Desk
		} else if s.asked[o.Ref]++; o.State == parley.Submitted || o.State == parley.Verified {
			e := s.objects.edit(string(o.Ref))
			e.Before, e.State = o.State, parley.Queried
		}
		t.tell(asked, parley.NoticeQuery, b.Of, other(t.ref), due(dueAt))
		if asked != parley.Desk && t.account != parley.Desk {
			t.tell(parley.Desk, parley.NoticeQuery, b.Of, other(t.ref), due(dueAt))
		}
		if b.Observed != nil && t.observedDiffers(b) {
			t.tell(parley.Desk, parley.NoticeSources, b.Of, other(t.ref))
		}
	}, nil
}

// observedDiffers reports whether a place that somebody observed lies outside the read-back tolerance of the notified one.
func (t *turn) observedDiffers(b *parley.ObjectQuery) bool {
	v := t.s.version(b.Of)
	return apart(v.Object().Anchor(), *b.Observed) > int64(t.s.profile().ReadBack.Metres)*1000
}

// apart returns the distance of two positions in millimetres.
func apart(a, b geo.Position) int64 { return geo.DistanceMM(a, b) }

func (t *turn) objectAnswer(b *parley.ObjectAnswer) (effect, *Refusal) {
	q := t.s.queries.get(string(b.Query))
	if q == nil {
		return nil, notFound("body.query")
	}
	o := t.s.object(q.Of.Ref)
	asked := o.Owner
	if q.Asker == o.Owner {
		asked = parley.Desk
	}
	if t.account != asked {
		return nil, notFound("body.query")
	}
	if q.Answered != 0 {
		return nil, refuse(parley.CodeWrongState, "body.query", "an answered query", "a query that was not answered")
	}
	return func() {
		s := t.s
		t.ref = b.Query
		q := s.queries.edit(string(b.Query))
		q.Answer, q.Answered, q.Told = b.Answer, t.at, t.told()
		s.cancelAll(q.Ref)
		if asked == o.Owner {
			s.asked[o.Ref]--
		}
		t.tell(q.Asker, parley.NoticeAnswer, q.Of, other(q.Ref))
		if q.Asker != parley.Desk {
			t.tell(parley.Desk, parley.NoticeAnswer, q.Of, other(q.Ref))
		}
		if o.State == parley.Queried && s.asked[o.Ref] == 0 {
			s.objects.edit(string(o.Ref)).State = o.Before
		}
	}, nil
}

func (s *State) queryPassed(d duty.Deadline, at int64) {
	q := s.queries.get(d.Ref)
	if q.Answered != 0 {
		return
	}
	s.queries.edit(d.Ref).Late = true
	o := s.object(q.Of.Ref)
	s.noted(d, at, q.Asker, parley.NoticeQueryLate, q.Of, other(q.Ref))
	if q.Asker != o.Owner {
		s.noted(d, at, o.Owner, parley.NoticeQueryLate, q.Of, other(q.Ref))
	}
}

func (t *turn) objectVerify(b *parley.ObjectVerify) (effect, *Refusal) {
	o, r := t.seenOpen("body.of", b.Of.Ref)
	if r = cmp.Or(r, t.quoted(o, b.Of)); r != nil {
		return nil, r
	}
	v := t.s.version(b.Of)
	if v.By == t.author.Ref || t.s.recordedFound(o.Ref) == t.author.Ref {
		return nil, refuse(parley.CodeFourEyes, "key", "the member who entered it", "a verifier who did not enter this version")
	}
	if b.On > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.on", parley.Stamp(b.On), "a time that has been")
	}
	if t.s.asked[o.Ref] > 0 {
		return nil, refuse(parley.CodeWrongState, "body.of", string(o.State), "an object without an open question")
	}
	return func() {
		s := t.s
		t.ref = o.Ref
		check := parley.Verification{By: t.by(), Method: b.Method, Source: b.Source, On: b.On, At: t.at, Place: b.Place}
		if b.Place != nil {
			check.Apart = apart(v.Object().Anchor(), *b.Place)
		}
		e := s.versions.edit(versionKey(b.Of))
		e.Verification = &check
		s.objects.edit(string(o.Ref)).State = parley.Verified
		if check.Apart > int64(s.profile().ReadBack.Metres)*1000 {
			e.Doubts = append(slices.Clone(e.Doubts), parley.FindingSources)
			t.tell(parley.Desk, parley.NoticeSources, b.Of)
		}
		s.cancel(o.Ref, deadlineDesk)
		dueAt := t.at + s.profile().Clocks.Release
		s.after(dueAt, 0, o.Ref, deadlineRelease, "")
		if b.Of.Ref.Kind() == parley.RefSite && b.On < t.at-s.profile().Clocks.Revalidation {
			// The newest word that anybody has looked is older than a notifier's own may become.
			t.tell(parley.Desk, parley.NoticeOverdue, b.Of)
			t.tell(o.Owner, parley.NoticeOverdue, b.Of)
		}
		t.tell(parley.Desk, parley.NoticeVerified, b.Of, due(dueAt))
		t.tell(o.Owner, parley.NoticeVerified, b.Of)
	}, nil
}

// releasePassed tells the desk that a verified object still waits for its release to somebody the notifier consents to.
func (s *State) releasePassed(d duty.Deadline, at int64) {
	o := s.object(parley.Ref(d.Ref))
	if o.State != parley.Verified {
		return
	}
	of := parley.Versioned{Ref: o.Ref, Version: o.Newest}
	for _, c := range s.version(of).Object().Sharing().Consents {
		if s.releases.get(releaseKey(of, c.To)) == nil {
			s.noted(d, at, parley.Desk, parley.NoticeReleaseLate, of)
			return
		}
	}
}

func (t *turn) objectDispute(b *parley.ObjectDispute) (effect, *Refusal) {
	o, r := t.seen("body.of", b.Of.Ref)
	if r != nil {
		return nil, r
	}
	if t.s.releases.get(releaseKey(b.Of, t.account)) == nil {
		return nil, notFound("body.of")
	}
	return func() {
		t.ref = t.newRef(parley.RefDispute)
		t.s.taken[t.ref] = true
		t.s.disputes.put(string(t.ref), &parley.Dispute{Ref: t.ref, Of: b.Of, Party: t.account, Reason: b.Reason, Words: b.Words, At: t.at})
		t.tell(parley.Desk, parley.NoticeDispute, b.Of, other(t.ref))
		t.tell(o.Owner, parley.NoticeDispute, b.Of, other(t.ref))
	}, nil
}
