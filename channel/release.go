package channel

import (
	"cmp"
	"fmt"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
	"parley/release"
)

var emptyList = (&release.List{}).Root()

// releaseHow says how a release comes about.
type releaseHow struct {
	emergency bool
	onRoad    bool // an update of a departed movement goes to its holders at once
}

func (t *turn) objectRelease(b *parley.ObjectRelease) (effect, *Refusal) {
	o, r := t.seenOpen("body.of", b.Of.Ref)
	if r = cmp.Or(r, t.quoted(o, b.Of)); r != nil {
		return nil, r
	}
	a := t.s.accounts.get(string(b.To))
	if a == nil {
		return nil, notFound("body.to")
	}
	if a.Suspended {
		return nil, refuse(parley.CodeNotPermitted, "body.to", "a suspended account", "an account that is not suspended")
	}
	v := t.s.version(b.Of)
	if v.Object().Sharing().To(b.To) == nil {
		return nil, refuse(parley.CodeConsent, "body.to", string(b.To), "a party to which the notifier consents for this version")
	}
	if old := t.s.releases.get(releaseKey(b.Of, b.To)); old != nil {
		return nil, refuse(parley.CodeExists, "body.of", string(old.State), "a version that this party was not given; to send it again is object.resend")
	}
	if !b.Emergency {
		if o.State != parley.Verified {
			return nil, refuse(parley.CodeWrongState, "body.of", string(o.State), "a verified version, or an emergency release")
		}
		if !t.author.Has(parley.Releaser) {
			return nil, refuse(parley.CodeNotPermitted, "kind", "object.release by a verifier", "releaser; a verifier alone releases only in an emergency")
		}
		if v.Verification.By == t.author.Ref {
			return nil, refuse(parley.CodeFourEyes, "key", "the verifier of this version", "a releaser who is not its verifier")
		}
	}
	return func() {
		t.ref = o.Ref
		t.release(o, v, b.To, releaseHow{emergency: b.Emergency})
	}, nil
}

// release gives a party one version: the list moves, the clocks start, and whatever the version meets is told.
func (t *turn) release(o *parley.Object, v *parley.Version, to parley.Ref, how releaseHow) {
	s, clocks := t.s, &t.s.profile().Clocks
	consent := v.Object().Sharing().To(to)
	key := releaseKey(v.Of, to)
	ordinary := clocks.AckSite
	if v.Movement != nil {
		ordinary = clocks.AckMovement
		if v.Movement.Urgency != parley.StandardNotice {
			ordinary = clocks.AckEmergency
		}
		if how.onRoad {
			ordinary = clocks.AckOnRoad
		}
	}
	if how.emergency {
		ordinary = min(ordinary, clocks.AckEmergency)
	}
	r := &parley.Release{Of: v.Of, To: to, State: parley.Released, Precision: consent.Precision, Fields: consent.Fields, By: t.by(),
		Unverified: o.State != parley.Verified, Emergency: how.emergency, OnRoad: how.onRoad, At: t.at, Position: t.position, Listed: true, Stands: true,
		AckDue: t.at + ordinary, AckShown: t.at + ordinary, Sendings: 1}
	r.Slot = -1
	for _, oldKey := range s.holdersOf(v.Of.Ref) {
		old := s.releases.get(oldKey)
		if old.To != to {
			continue
		}
		r.Slot = old.Slot
		if old.Listed {
			s.releases.edit(oldKey).Listed = false
		}
		if old.Holds() {
			s.releases.edit(oldKey).State = parley.Ended
			s.stopAckClocks(oldKey, old)
		}
	}
	if r.Slot < 0 {
		r.Slot = s.accounts.get(string(to)).Slots
		s.accounts.edit(string(to)).Slots++
	}
	meets := s.meetsAreas(o, v, r)
	if len(meets) > 0 {
		r.AckDue = min(r.AckDue, t.at+clocks.AckOverlap)
		if slices.ContainsFunc(meets, func(m meeting) bool { return m.area.State == parley.AreaInForce && m.window.From <= t.at }) {
			r.AckDue = min(r.AckDue, t.at+clocks.AckInForce)
		}
	}
	s.releases.put(key, r)
	s.noteRelease(key, r)
	s.stand(key)
	t.list(key, parley.WhyReleased)
	s.after(r.AckDue, 0, v.Of.Ref, deadlineAck, key)
	if how.emergency {
		s.after(t.at, clocks.SecondOfficer, v.Of.Ref, deadlineSecond, key)
		t.tell(parley.Desk, parley.NoticeSecond, v.Of, due(t.at+clocks.SecondOfficer), other(to))
	}
	t.tell(to, parley.NoticeReleased, v.Of, due(r.AckDue), urgent(how.emergency || len(meets) > 0))
	t.tell(o.Owner, parley.NoticeReleased, v.Of, other(to), due(r.AckShown))
	for _, m := range meets {
		t.indicate(m.area, v.Of, m.window)
	}
}

func (s *State) noteRelease(key string, r *parley.Release) {
	s.holders[r.Of.Ref] = append(s.holders[r.Of.Ref], key)
	if h := s.held[r.To]; r.Slot == len(h.objects) {
		h.objects = append(h.objects, r.Of.Ref)
	}
}

// stand puts a release's keep-out where its party's checks look.
func (s *State) stand(key string) {
	r := s.releases.get(key)
	s.held[r.To].in.set(key, s.volumesOf(s.object(r.Of.Ref), s.version(r.Of), r.Precision))
}

// unstand takes a release's keep-out away.
func (s *State) unstand(key string) {
	r := s.releases.edit(key)
	r.Stands = false
	s.held[r.To].in.remove(key)
}

// list puts a release into its slot of the party's list and moves the head.
func (t *turn) list(key string, why parley.Why) {
	r := t.s.releases.get(key)
	h := t.s.held[r.To]
	h.set(r.Slot, &release.Slot{Of: r.Of, Hash: release.Fingerprint(r, t.s.version(r.Of))})
	t.moveHead(r, why)
}

// unlist empties a release's slot and moves the head.
func (t *turn) unlist(key string, why parley.Why) {
	r := t.s.releases.edit(key)
	r.Listed = false
	t.s.held[r.To].set(r.Slot, nil)
	t.moveHead(r, why)
}

// moveHead writes the step of a party's list and its new head.
func (t *turn) moveHead(r *parley.Release, why parley.Why) {
	s := t.s
	h := s.held[r.To]
	a := s.accounts.edit(string(r.To))
	a.Head = parley.ListHead{Party: r.To, Position: t.position, Count: len(h.full), Root: h.slots.Root()}
	o := s.object(r.Of.Ref)
	change := &parley.ListChange{Party: r.To, Number: h.changes, Head: a.Head, Of: r.Of, Why: why}
	change.Box, change.Window = boundsOf(s.volumesOf(o, s.version(r.Of), r.Precision))
	s.changes.put(changeKey(r.To, h.changes), change)
	h.changes++
	s.endChecks(r, change)
}

func changeKey(party parley.Ref, number int) string { return fmt.Sprintf("%s %09d", party, number) }

// boundsOf returns a box and a window that hold every volume, buffers included.
func boundsOf(vs []geo.Volume) (geo.Box, geo.Window) {
	box := vs[0].Shape.Bounds().Widen(vs[0].Buffer)
	w := vs[0].Window
	for _, v := range vs[1:] {
		box = box.Union(v.Shape.Bounds().Widen(v.Buffer))
		w.From, w.To = min(w.From, v.Window.From), max(w.To, v.Window.To)
	}
	return box, w
}

func (t *turn) releaseCountersign(b *parley.ReleaseCountersign) (effect, *Refusal) {
	r := t.s.releases.get(releaseKey(b.Of, b.To))
	if r == nil {
		return nil, notFound("body.of")
	}
	if !r.Emergency || r.Second != "" {
		return nil, refuse(parley.CodeWrongState, "body.of", "a release that needs no second signature", "an emergency release with one signature")
	}
	if r.By == t.author.Ref {
		return nil, refuse(parley.CodeFourEyes, "key", "the releaser", "another member of the desk")
	}
	return func() {
		t.ref = b.Of.Ref
		key := releaseKey(b.Of, b.To)
		t.s.releases.edit(key).Second = t.author.Ref
		t.s.cancelArg(b.Of.Ref, deadlineSecond, key)
	}, nil
}

// secondPassed marks an emergency release that nobody countersigned. It stands; the board is told.
func (s *State) secondPassed(d duty.Deadline, at int64) {
	r := s.releases.edit(d.Arg)
	r.NoSecond = true
	s.noted(d, at, parley.Desk, parley.NoticeNoSecond, r.Of, other(r.To))
	s.noted(d, at, parley.Board, parley.NoticeNoSecond, parley.Versioned{}) // that it happened, not about what
}

func (t *turn) objectRecall(b *parley.ObjectRecall) (effect, *Refusal) {
	r := t.s.releases.get(releaseKey(b.Of, b.To))
	if r == nil {
		return nil, notFound("body.of")
	}
	if !r.Holds() && !r.Stands {
		return nil, refuse(parley.CodeWrongState, "body.of", string(r.State), "a release that the party still has")
	}
	return func() {
		t.ref = b.Of.Ref
		t.recall(releaseKey(b.Of, b.To))
	}, nil
}

// recall calls a release back: it leaves the party's list, and the party confirms that it was deleted.
func (t *turn) recall(key string) {
	s := t.s
	r := s.releases.get(key)
	listed := r.Listed
	if r.Stands {
		s.unstand(key)
	}
	e := s.releases.edit(key)
	e.State, e.RecalledAt, e.RecallBy, e.RecallDue = parley.Recalled, t.at, t.by(), t.at+s.profile().Clocks.Recall
	s.stopAckClocks(key, r)
	if listed {
		t.unlist(key, parley.WhyRecalled)
	}
	s.after(e.RecallDue, 0, r.Of.Ref, deadlineRecall, key)
	t.tell(r.To, parley.NoticeRecalled, r.Of, due(e.RecallDue))
	o := s.object(r.Of.Ref)
	t.tell(o.Owner, parley.NoticeRecalled, r.Of, other(r.To))
	if o.Departed() {
		t.ask(o, parley.CauseRecalled, true)
	}
}

func (t *turn) recallConfirm(b *parley.RecallConfirm) (effect, *Refusal) {
	key := releaseKey(b.Of, t.account)
	r := t.s.releases.get(key)
	if r == nil {
		return nil, notFound("body.of")
	}
	if r.State != parley.Recalled {
		return nil, refuse(parley.CodeWrongState, "body.of", string(r.State), "a version that was recalled")
	}
	return func() {
		t.ref = b.Of.Ref
		e := t.s.releases.edit(key)
		e.State, e.DeletedAt = parley.Deleted, t.at
		t.s.cancelArg(b.Of.Ref, deadlineRecall, key)
		t.tell(parley.Desk, parley.NoticeDeleted, b.Of, other(t.account))
		t.tell(t.s.object(b.Of.Ref).Owner, parley.NoticeDeleted, b.Of, other(t.account))
	}, nil
}

func (s *State) recallPassed(d duty.Deadline, at int64) {
	r := s.releases.get(d.Arg)
	s.noted(d, at, parley.Desk, parley.NoticeRecallLate, r.Of, other(r.To))
	s.noted(d, at, s.object(r.Of.Ref).Owner, parley.NoticeRecallLate, r.Of, other(r.To))
	s.noted(d, at, r.To, parley.NoticeRecallLate, r.Of)
}

func (t *turn) objectResend(b *parley.ObjectResend) (effect, *Refusal) {
	o, refusal := t.seen("body.of", b.Of.Ref)
	if refusal != nil {
		return nil, refusal
	}
	key := releaseKey(b.Of, b.To)
	r := t.s.releases.get(key)
	if r == nil || t.account != parley.Desk && o.Owner != t.account {
		return nil, notFound("body.of")
	}
	if !r.Holds() {
		return nil, refuse(parley.CodeWrongState, "body.of", string(r.State), "a release that the party holds")
	}
	return func() {
		t.ref = b.Of.Ref
		e := t.s.releases.edit(key)
		e.Sendings++
		if e.AckAt == 0 {
			e.AckDue = t.at + t.s.profile().Clocks.AckEmergency
			if e.OnRoad {
				e.AckDue = t.at + t.s.profile().Clocks.AckOnRoad
			}
			e.AckShown = max(e.AckShown, e.AckDue)
			t.s.stopAckClocks(key, e)
			t.s.after(e.AckDue, 0, o.Ref, deadlineAck, key)
		}
		t.tell(b.To, parley.NoticeResent, b.Of, due(e.AckDue))
	}, nil
}
