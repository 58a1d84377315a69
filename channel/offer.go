package channel

import (
	"parley"
	"parley/duty"
)

// offerMake puts an offer on record, tells its addressee, and starts its deadline. One that counters another answers it. Organisations and
// parties speak to each other through the desk.
func (t *turn) offerMake(b *parley.OfferMake) (effect, *Refusal) {
	s := t.s
	if s.accounts.get(string(b.To)) == nil || b.To.Kind() == parley.RefOrganisation && t.account != parley.Desk {
		return nil, notFound("body.to")
	}
	if b.To == t.account {
		return nil, refuse(parley.CodeInvalid, "body.to", string(b.To), "another side")
	}
	if t.account.Kind() == parley.RefOrganisation && b.To != parley.Desk {
		return nil, refuse(parley.CodeNotPermitted, "body.to", string(b.To), "the desk, which passes an organisation's offer on in its own name: parties do not learn which organisations there are")
	}
	if b.Deadline <= t.at {
		return nil, refuse(parley.CodeClock, "body.deadline", parley.Stamp(b.Deadline), "a time to come")
	}
	if b.About != "" && !s.seesArrangement(t.account, b.About) {
		return nil, notFound("body.about")
	}
	if b.Counter != "" {
		c := s.offers.get(string(b.Counter))
		if c == nil || c.To != t.account || c.From != b.To {
			return nil, notFound("body.counter")
		}
		if !parley.OfferMachine.May(string(c.State), string(parley.OfferAnsweredNew)) {
			return nil, refuse(parley.CodeWrongState, "body.counter", string(c.State), "an offer that was not answered")
		}
	}
	return func() {
		t.ref = t.newRef(parley.RefOffer)
		s.taken[t.ref] = true
		s.offers.put(string(t.ref), &parley.Offer{Ref: t.ref, From: t.account, By: t.by(), Told: t.told(), To: b.To, OfferKind: b.OfferKind, Text: b.Text, Language: b.Language,
			Translation: b.Translation, Translator: b.Translator, Deadline: b.Deadline, About: b.About, Counter: b.Counter, State: parley.OfferMade, Made: t.at, Position: t.position})
		s.after(b.Deadline, 0, t.ref, deadlineOffer, "")
		of := parley.Versioned{Ref: t.ref}
		t.tell(b.To, parley.NoticeOffer, of, due(b.Deadline), other(t.account))
		if b.To != parley.Desk && t.account != parley.Desk {
			t.tell(parley.Desk, parley.NoticeOffer, of, other(t.account))
		}
		if b.Counter != "" {
			t.answerOffer(b.Counter, parley.OfferAnsweredNew, parley.Commitment{})
		}
	}, nil
}

func (t *turn) offerRespond(b *parley.OfferRespond) (effect, *Refusal) {
	o := t.s.offers.get(string(b.Offer))
	if o == nil || o.To != t.account {
		return nil, notFound("body.offer")
	}
	to := map[parley.OfferResponse]parley.OfferState{parley.OfferAccepted: parley.OfferTaken, parley.OfferDeclined: parley.OfferTurnedDown, parley.OfferCountered: parley.OfferAnsweredNew}[b.Response]
	if !parley.OfferMachine.May(string(o.State), string(to)) {
		return nil, refuse(parley.CodeWrongState, "body.offer", string(o.State), "an offer that was not answered")
	}
	return func() {
		t.ref = o.Ref
		t.answerOffer(o.Ref, to, b.Words)
	}, nil
}

// answerOffer writes the addressee's answer. One that comes after the deadline is marked.
func (t *turn) answerOffer(ref parley.Ref, to parley.OfferState, words parley.Commitment) {
	s := t.s
	e := s.offers.edit(string(ref))
	e.Late = e.State == parley.OfferNoAnswer
	e.State, e.Answered, e.AnsweredBy, e.AnswerTold, e.Words = to, t.at, t.by(), t.told(), words
	s.cancelAll(ref)
	t.tell(e.From, parley.NoticeOfferAnswer, parley.Versioned{Ref: ref}, other(t.account))
	if e.From != parley.Desk && t.account != parley.Desk {
		t.tell(parley.Desk, parley.NoticeOfferAnswer, parley.Versioned{Ref: ref}, other(t.account))
	}
}

func (t *turn) offerFulfil(b *parley.OfferFulfil) (effect, *Refusal) {
	o := t.s.offers.get(string(b.Offer))
	if o == nil || o.To != t.account && o.From != t.account {
		return nil, notFound("body.offer")
	}
	to := parley.OfferLapsed
	if b.Fulfilled {
		to = parley.OfferFulfilled
	}
	if !parley.OfferMachine.May(string(o.State), string(to)) {
		return nil, refuse(parley.CodeWrongState, "body.offer", string(o.State), "an offer that was accepted")
	}
	return func() {
		t.ref = o.Ref
		e := t.s.offers.edit(string(o.Ref))
		e.State, e.Outcome, e.OutcomeBy, e.OutcomeText = to, t.at, t.account, b.Words
		for _, p := range []parley.Ref{o.From, o.To} {
			if p != t.account {
				t.tell(p, parley.NoticeOfferAnswer, parley.Versioned{Ref: o.Ref}, other(t.account))
			}
		}
		if o.From != parley.Desk && o.To != parley.Desk {
			t.tell(parley.Desk, parley.NoticeOfferAnswer, parley.Versioned{Ref: o.Ref}, other(t.account))
		}
	}, nil
}

// offerPassed records that no answer came. It is an answer too.
func (s *State) offerPassed(d duty.Deadline, at int64) {
	o := s.offers.edit(d.Ref)
	o.State = parley.OfferNoAnswer
	of := parley.Versioned{Ref: o.Ref}
	s.noted(d, at, o.From, parley.NoticeOfferNoAnswer, of)
	s.noted(d, at, o.To, parley.NoticeOfferNoAnswer, of)
	if o.From != parley.Desk && o.To != parley.Desk {
		s.noted(d, at, parley.Desk, parley.NoticeOfferNoAnswer, of)
	}
}
