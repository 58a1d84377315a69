package channel

import (
	"parley"
)

// deliveryRecord puts a delivery on record. A later one of the same organisation about the same thing stands in its place; both stay.
func (t *turn) deliveryRecord(b *parley.DeliveryRecord) (effect, *Refusal) {
	if b.Of.Kind() == parley.RefMovement {
		if r := t.ownMovement("body.of", b.Of); r != nil {
			return nil, r
		}
	} else if !t.s.seesArrangement(t.account, b.Of) {
		return nil, notFound("body.of")
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefDelivery)
		s.taken[t.ref] = true
		for _, key := range s.deliveries.keysOf(b.Of) {
			if d := s.deliveries.get(key); d.Owner == t.account && d.Replaced == "" {
				s.deliveries.edit(key).Replaced = t.ref
			}
		}
		s.deliveries.put(string(t.ref), &parley.Delivery{Ref: t.ref, Of: b.Of, Owner: t.account, By: t.by(), Told: t.told(), PlannedAt: b.PlannedAt, At: b.At, Items: b.Items, People: b.People,
			Consignee: b.Consignee, Words: b.Words, Noted: t.at, Position: t.position})
		t.tell(parley.Desk, parley.NoticeDelivery, parley.Versioned{Ref: b.Of}, other(t.ref))
	}, nil
}

// outcomeRecord puts on record how a movement ended, or what came of asking for access.
func (t *turn) outcomeRecord(b *parley.OutcomeRecord) (effect, *Refusal) {
	if r := t.ownMovement("body.movement", b.Movement); r != nil {
		return nil, r
	}
	if b.Of != "" && t.s.accounts.get(string(b.Of)) == nil {
		return nil, notFound("body.asked_of")
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefOutcome)
		s.taken[t.ref] = true
		if b.Movement != "" {
			for _, key := range s.results.keysOf(b.Movement) {
				if s.results.get(key).Replaced == "" {
					s.results.edit(key).Replaced = t.ref
				}
			}
		}
		s.results.put(string(t.ref), &parley.OutcomeNoted{Ref: t.ref, Movement: b.Movement, Asked: b.Asked, Of: b.Of, Owner: t.account, By: t.by(), Told: t.told(), Outcome: b.Outcome, Delay: b.Delay,
			Reason: b.Reason, At: b.At, Words: b.Words, Noted: t.at, Position: t.position})
		t.tell(parley.Desk, parley.NoticeOutcome, parley.Versioned{Ref: b.Movement}, other(t.ref))
	}, nil
}
