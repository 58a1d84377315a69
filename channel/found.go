package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

// siteFound puts a party's report of a protected place before the desk. It is no site: nobody but its finder and the desk knows of it, and
// nothing is released of it.
func (t *turn) siteFound(b *parley.SiteFound) (effect, *Refusal) {
	if r := t.doubts([]geo.Shape{b.Shape}, b.Obtained.Accuracy, b.Findings); r != nil {
		return nil, r
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefFound)
		s.taken[t.ref] = true
		dueAt := t.at + s.profile().Clocks.DeskEmergency
		s.founds.put(string(t.ref), &parley.Found{Ref: t.ref, Party: t.account, By: t.by(), Told: t.told(), Site: *b, State: parley.FoundWaits, At: t.at, Due: dueAt, Position: t.position})
		s.after(dueAt, 0, t.ref, deadlineFound, "")
		t.tell(parley.Desk, parley.NoticeFound, parley.Versioned{Ref: t.ref}, due(dueAt), urgent(true))
	}, nil
}

// foundPassed tells desk and finder that nobody of the desk has looked at a report.
func (s *State) foundPassed(d duty.Deadline, at int64) {
	f := s.founds.edit(d.Ref)
	f.Late = true
	s.noted(d, at, parley.Desk, parley.NoticeFoundLate, parley.Versioned{Ref: f.Ref}, urgent(true))
	s.noted(d, at, f.Party, parley.NoticeFoundLate, parley.Versioned{Ref: f.Ref})
}

// waiting returns a report that the desk has not looked at, if the account that speaks may know of it.
func (t *turn) waiting(ref parley.Ref) (*parley.Found, *Refusal) {
	f := t.s.founds.get(string(ref))
	if f == nil || t.account != parley.Desk && f.Party != t.account {
		return nil, notFound("body.found")
	}
	if f.State != parley.FoundWaits {
		return nil, refuse(parley.CodeWrongState, "body.found", "a report that was looked at", "a report that waits")
	}
	return f, nil
}

// siteAdopt makes a site that the desk keeps, or a new version of one. The record of the site names no finder.
func (t *turn) siteAdopt(b *parley.SiteAdopt) (effect, *Refusal) {
	if b.Of != nil {
		o, r := t.owned("body.of", b.Of.Ref)
		if r = cmp.Or(r, t.quoted(o, *b.Of), t.siteFits(&b.Site)); r != nil {
			return nil, r
		}
		return func() {
			t.s.keeping.edit(string(b.Of.Ref)).Asked = b.Asked
			t.update(b.Of.Ref, siteVersion(&b.Site))
		}, nil
	}
	f, r := t.waiting(b.Found)
	if r = cmp.Or(r, t.siteFits(&b.Site)); r != nil {
		return nil, r
	}
	return func() {
		t.addObject(parley.RefSite, siteVersion(&b.Site), false)
		t.s.keeping.put(string(t.ref), &parley.Kept{Site: t.ref, Found: f.Ref, Asked: b.Asked})
		t.lookedAt(f.Ref, parley.FoundAdopted, func(f *parley.Found) { f.Known = t.ref })
	}, nil
}

// lookedAt ends a report's clock and tells its finder that the desk has looked at it: the same words whatever came of it.
func (t *turn) lookedAt(ref parley.Ref, state parley.FoundState, more func(*parley.Found)) {
	f := t.s.founds.edit(string(ref))
	f.State, f.Looked = state, t.at
	more(f)
	t.s.cancelAll(ref)
	to, kind := f.Party, parley.NoticeFoundLooked
	if t.account == f.Party {
		to, kind = parley.Desk, parley.NoticeEnded
	}
	t.tell(to, kind, parley.Versioned{Ref: ref})
}

func (t *turn) foundClose(b *parley.FoundClose) (effect, *Refusal) {
	f, r := t.waiting(b.Found)
	if r != nil {
		return nil, r
	}
	if t.account != parley.Desk && b.Reason != parley.FoundInError {
		return nil, refuse(parley.CodeNotPermitted, "body.reason", string(b.Reason), "reported_in_error: the other reasons are the desk's")
	}
	if b.Known != "" {
		if _, r := t.seenOpen("body.known", b.Known); r != nil {
			return nil, r
		}
	}
	return func() {
		t.ref = f.Ref
		t.lookedAt(f.Ref, parley.FoundClosed, func(f *parley.Found) { f.Reason, f.Known, f.Words = b.Reason, b.Known, b.Words })
	}, nil
}

// siteHand shows a site that the desk keeps to the organisation that runs the place.
func (t *turn) siteHand(b *parley.SiteHand) (effect, *Refusal) {
	o, r := t.owned("body.of", b.Of.Ref)
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
	return func() {
		t.ref = o.Ref
		k := t.s.keeping.edit(string(o.Ref))
		k.Handed, k.HandedAt = b.To, t.at
		t.tell(b.To, parley.NoticeHanded, b.Of)
	}, nil
}

// handedTo reports whether the desk has shown a site that it keeps to an account, which has not taken it over yet.
func (s *State) handedTo(account, ref parley.Ref) bool {
	k := s.keeping.get(string(ref))
	return k != nil && k.Handed == account && k.Taken == 0 && s.object(ref).Open()
}

// siteTakeOver makes a kept site the organisation's: by stating it anew it stands for it, with its own consents.
func (t *turn) siteTakeOver(b *parley.SiteUpdate) (effect, *Refusal) {
	o := t.s.object(b.Of.Ref)
	if r := cmp.Or(t.quoted(o, b.Of), t.siteFits(&b.Site)); r != nil {
		return nil, r
	}
	return func() {
		s := t.s
		s.keeping.edit(string(o.Ref)).Taken = t.at
		s.objects.edit(string(o.Ref)).Owner = t.account
		s.byOwner[parley.Desk] = slices.DeleteFunc(slices.Clone(s.byOwner[parley.Desk]), func(r parley.Ref) bool { return r == o.Ref })
		s.byOwner[t.account] = append(slices.Clone(s.byOwner[t.account]), o.Ref)
		slices.SortFunc(s.byOwner[t.account], func(a, b parley.Ref) int { return cmp.Compare(s.firstOf(a), s.firstOf(b)) })
		s.asked[o.Ref] = 0
		for _, key := range s.queries.keysOf(o.Ref) { // the desk's own questions were to itself, and are now to the organisation
			if q := s.queries.get(key); q.Answered == 0 && q.Asker != t.account {
				s.asked[o.Ref]++
			}
		}
		t.update(o.Ref, siteVersion(&b.Site))
		t.tell(parley.Desk, parley.NoticeTakenOver, parley.Versioned{Ref: o.Ref, Version: b.Of.Version + 1}, other(t.account))
	}, nil
}

// firstOf returns where in the journal an object was notified.
func (s *State) firstOf(ref parley.Ref) uint64 {
	return s.version(parley.Versioned{Ref: ref, Version: 1}).Position
}

// keeps reports whether the desk is an object's owner.
func (s *State) keeps(ref parley.Ref) bool {
	o := s.object(ref)
	return o != nil && o.Owner == parley.Desk
}

// recordedFound returns the member who entered the report that a site was made from, empty for a site of no report.
func (s *State) recordedFound(site parley.Ref) parley.Ref {
	k := s.keeping.get(string(site))
	if k == nil {
		return ""
	}
	return s.founds.get(string(k.Found)).By
}
