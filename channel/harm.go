package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// sameHarm is how near in time two reports about one object have to be to be probably of one event, in milliseconds.
const sameHarm = 2 * parley.Hour

// harmReport keeps the first word of harm with its time, and lets follow what cannot wait for anyone's decision: the object's record is
// frozen, an urgent stop is raised or raised again, whoever is near is told, and every party that held the object has a task.
func (t *turn) harmReport(b *parley.HarmReport) (effect, *Refusal) {
	if b.Object != "" {
		if _, r := t.seen("body.object", b.Object); r != nil {
			return nil, r
		}
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	return func() {
		s := t.s
		ref := t.newRef(parley.RefHarm)
		s.taken[ref] = true
		h := &parley.Harm{Ref: ref, Place: b.Place, At: b.At, GoesOn: b.GoesOn, Effects: b.Effects, Reporter: t.account, By: t.by(), OnBehalf: t.cmd.OnBehalf,
			Reported: t.at, Position: t.position}
		if o := s.object(b.Object); o != nil {
			t.harmAt(h, o)
		}
		t.tell(parley.Desk, parley.NoticeHarm, h.Object, other(ref), urgent(true))
		if h.Place != nil || s.open(h.Object.Ref) {
			t.tellNear(h)
		}
		s.harms.put(string(ref), h)
		s.noteHarm(h)
		t.ref = ref
	}, nil
}

// harmAt lets follow what follows from harm at a notified object.
func (t *turn) harmAt(h *parley.Harm, o *parley.Object) {
	s := t.s
	h.Object = parley.Versioned{Ref: o.Ref, Version: o.Newest}
	h.First = s.sameEvent(o.Ref, h.At)
	s.objects.edit(string(o.Ref)).Harms++
	t.tell(o.Owner, parley.NoticeHarm, h.Object, other(h.Ref), urgent(true))
	for _, to := range s.holdingParties(o.Ref) {
		t.tell(to, parley.NoticeHarm, parley.Versioned{Ref: o.Ref}, urgent(true))
	}
	if fresh := h.GoesOn || t.at-h.At <= s.profile().Clocks.HarmFresh; fresh && o.Open() {
		h.Stop = t.raise(o.Ref, nil, parley.Commitment{})
	}
	if h.First != "" {
		return // the first report of this event has opened the tasks
	}
	for _, party := range s.heldAt(o.Ref, h.At) {
		h.Corrections = append(h.Corrections, t.openCorrection(h, party))
	}
}

// sameEvent returns the first report about an object so near in time that a new one is probably of the same event.
func (s *State) sameEvent(object parley.Ref, at int64) parley.Ref {
	for _, key := range s.harms.keysOf(object) {
		if h := s.harms.get(key); h.First == "" && abs(h.At-at) <= sameHarm {
			return h.Ref
		}
	}
	return ""
}

// heldAt returns the parties that had been given an object at a time and had not been asked to delete it, in order.
func (s *State) heldAt(object parley.Ref, at int64) []parley.Ref {
	var parties []parley.Ref
	for _, key := range s.holders[object] {
		if r := s.releases.get(key); r.At <= at && (r.RecalledAt == 0 || r.RecalledAt > at) {
			parties = append(parties, r.To)
		}
	}
	slices.Sort(parties)
	return slices.Compact(parties)
}

// tellNear tells the owners and holders of objects near a report, each by the object it knows, and asks people on the road who are near
// or will pass within the profile's time. None of them learns where the harm was, to what, or who said it.
func (t *turn) tellNear(h *parley.Harm) {
	s := t.s
	var refs []parley.Ref
	for _, id := range s.objectsIn.index.Find(s.harmVolume(h)) {
		if ref := parley.Ref(s.objectsIn.keys[id]); ref != h.Object.Ref {
			refs = append(refs, ref)
		}
	}
	slices.Sort(refs)
	h.Near = slices.Compact(refs)
	for _, ref := range h.Near {
		o := s.object(ref)
		of := parley.Versioned{Ref: ref, Version: o.Newest}
		t.tell(o.Owner, parley.NoticeFireNear, of, urgent(true))
		for _, to := range s.holdingParties(ref) {
			t.tell(to, parley.NoticeFireNear, parley.Versioned{Ref: ref}, urgent(true))
		}
		if ref.Kind() == parley.RefMovement {
			t.ask(o, parley.CauseStop, true)
		}
	}
}

// harmVolume is where and when a report concerns those near it: around the place, from the event on for as long as the profile says.
func (s *State) harmVolume(h *parley.Harm) geo.Volume {
	p := s.profile()
	v := geo.Volume{Buffer: p.FireMetres, Band: geo.AllAltitudes, Window: geo.Window{From: h.At, To: h.At + p.Clocks.HarmNear}}
	if h.Place != nil {
		v.Shape = geo.Shape{Kind: geo.Point, Points: []geo.Position{*h.Place}}
	} else {
		at := s.version(h.Object).Object().Anchor()
		v.Shape = geo.Shape{Kind: geo.Point, Points: []geo.Position{at}}
	}
	return v
}

func (s *State) noteHarm(h *parley.Harm) {
	s.taken[h.Ref] = true
	s.harmsIn.setOne(string(h.Ref), s.harmVolume(h))
}

func (s *State) open(ref parley.Ref) bool {
	o := s.object(ref)
	return o != nil && o.Open()
}

// askAboutHarm asks the people of a movement that was notified, or changed, so that it passes near recent harm.
func (t *turn) askAboutHarm(o *parley.Object) {
	s := t.s
	for _, part := range s.volumesOf(o, s.newest(o), parley.Exact) {
		for _, id := range s.harmsIn.index.Find(part) {
			if h := s.harms.get(s.harmsIn.keys[id]); h.Object.Ref != o.Ref && h.At+s.profile().Clocks.HarmNear > t.at {
				t.ask(o, parley.CauseStop, true)
				return
			}
		}
	}
}

// openCorrection gives a party its task and starts its clocks.
func (t *turn) openCorrection(h *parley.Harm, party parley.Ref) parley.Ref {
	s, clocks := t.s, &t.s.profile().Clocks
	ref := s.freeRef(parley.RefCorrection, mix(t.name, string(party)))
	s.taken[ref] = true
	c := &parley.Correction{Ref: ref, Harm: h.Ref, Object: h.Object.Ref, Party: party, State: parley.CorrectionOpened, Opened: t.at, Receipt: t.at + clocks.CorrectionTake,
		Due: t.at + clocks.CorrectionDue}
	s.corrections.put(string(ref), c)
	s.after(c.Receipt, 0, ref, deadlineCorrection, "receipt")
	s.after(c.Due, 0, ref, deadlineCorrection, "answer")
	of := parley.Versioned{Ref: h.Object.Ref}
	for _, to := range []parley.Ref{party, s.object(h.Object.Ref).Owner, parley.Desk} {
		t.tell(to, parley.NoticeCorrection, of, other(ref), due(c.Receipt), urgent(to == party))
	}
	return ref
}

// correctionOpen lets the desk give a task to a party that has none for this harm.
func (t *turn) correctionOpen(b *parley.CorrectionOpen) (effect, *Refusal) {
	h := t.s.harms.get(string(b.Harm))
	switch {
	case h == nil:
		return nil, notFound("body.harm")
	case h.Object.Ref == "":
		return nil, refuse(parley.CodeWrongState, "body.harm", "a report about a place", "a report about a notified object")
	case t.s.accounts.get(string(b.Party)) == nil:
		return nil, notFound("body.party")
	}
	if !t.s.Knows(b.Party, h.Object.Ref) {
		return nil, refuse(parley.CodeConsent, "body.party", string(b.Party), "a party that was given the object: a task would tell another that it exists")
	}
	for _, ref := range h.Corrections {
		if t.s.corrections.get(string(ref)).Party == b.Party {
			return nil, refuse(parley.CodeExists, "body.party", string(ref), "a party that has no task for this harm")
		}
	}
	return func() {
		t.ref = t.openCorrection(h, b.Party)
		t.s.corrections.edit(string(t.ref)).By = t.by()
		e := t.s.harms.edit(string(b.Harm))
		e.Corrections = append(slices.Clone(e.Corrections), t.ref)
	}, nil
}

func (t *turn) correctionAnswer(b *parley.CorrectionAnswer) (effect, *Refusal) {
	c := t.s.corrections.get(string(b.Correction))
	if c == nil || c.Party != t.account {
		return nil, notFound("body.correction")
	}
	if b.Officer != "" {
		if m := t.s.members.get(string(b.Officer)); m == nil || m.Account != t.account || m.Revoked != 0 {
			return nil, notFound("body.officer")
		}
	}
	to := parley.CorrectionAnswered
	if b.Cause == parley.UnderReview {
		to = parley.CorrectionReceived
	}
	if !parley.CorrectionMachine.May(string(c.State), string(to)) {
		return nil, refuse(parley.CodeWrongState, "body.correction", string(c.State), "a task that can still become "+string(to))
	}
	return func() {
		s := t.s
		t.ref = c.Ref
		e := s.corrections.edit(string(c.Ref))
		e.State, e.Cause, e.Told = to, b.Cause, t.told()
		e.Officer, e.Words = cmp.Or(b.Officer, e.Officer), cmp.Or(b.Words, e.Words)
		s.cancelArg(c.Ref, deadlineCorrection, "receipt")
		if to == parley.CorrectionReceived {
			e.Received = t.at
		} else {
			e.Answered = t.at
			s.cancelArg(c.Ref, deadlineCorrection, "answer")
		}
		of := parley.Versioned{Ref: c.Object}
		t.tell(s.object(c.Object).Owner, parley.NoticeCorrectionAnswer, of, other(c.Ref))
		t.tell(parley.Desk, parley.NoticeCorrectionAnswer, of, other(c.Ref))
	}, nil
}

func (t *turn) correctionClose(b *parley.CorrectionClose) (effect, *Refusal) {
	c := t.s.corrections.get(string(b.Correction))
	if c == nil {
		return nil, notFound("body.correction")
	}
	if !parley.CorrectionMachine.May(string(c.State), string(parley.CorrectionClosed)) {
		return nil, refuse(parley.CodeWrongState, "body.correction", string(c.State), "a task that its party has answered")
	}
	return func() {
		s := t.s
		t.ref = c.Ref
		e := s.corrections.edit(string(c.Ref))
		e.State, e.Closed, e.Closing = parley.CorrectionClosed, t.at, b.Words
		s.cancelAll(c.Ref)
		of := parley.Versioned{Ref: c.Object}
		t.tell(c.Party, parley.NoticeCorrectionClosed, of, other(c.Ref))
		t.tell(s.object(c.Object).Owner, parley.NoticeCorrectionClosed, of, other(c.Ref))
	}, nil
}

// correctionPassed records that a party's word about its task did not come in time. The task stays open and its days are counted.
func (s *State) correctionPassed(d duty.Deadline, at int64) {
	c := s.corrections.edit(d.Ref)
	c.Late = true
	of := parley.Versioned{Ref: c.Object}
	for _, to := range []parley.Ref{c.Party, s.object(c.Object).Owner, parley.Desk} {
		s.noted(d, at, to, parley.NoticeCorrectionLate, of, other(c.Ref), urgent(true))
	}
}

// taskFor returns the newest task of a party about harm to an object that is not closed, or nil.
func (s *State) taskFor(party, object parley.Ref) *parley.Correction {
	var newest *parley.Correction
	for _, key := range s.corrections.keysOf(object) {
		if c := s.corrections.get(key); c.Party == party && c.State != parley.CorrectionClosed && (newest == nil || c.Opened > newest.Opened) {
			newest = c
		}
	}
	return newest
}
