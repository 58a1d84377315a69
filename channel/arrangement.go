package channel

import (
	"fmt"
	"slices"

	"parley"
	"parley/duty"
	"parley/geo"
)

func arrangedVolume(a *parley.Arrangement) geo.Volume {
	v := a.Terms().Volume()
	v.Shape = v.Shape.Normalize()
	return v
}

func (t *turn) linePropose(b *parley.LinePropose) (effect, *Refusal) {
	return t.arrange(parley.RefLine, &parley.Arrangement{Line: &b.Line}, "body.line.terms")
}

func (t *turn) lineImpose(b *parley.LineImpose) (effect, *Refusal) {
	return t.arrange(parley.RefLine, &parley.Arrangement{Line: &b.Line, Imposed: true}, "body.line.terms")
}

func (t *turn) zonePropose(b *parley.ZonePropose) (effect, *Refusal) {
	return t.arrange(parley.RefZone, &parley.Arrangement{Line: &b.Line}, "body.line.terms")
}

func (t *turn) zoneImpose(b *parley.ZoneImpose) (effect, *Refusal) {
	return t.arrange(parley.RefZone, &parley.Arrangement{Line: &b.Line, Imposed: true}, "body.line.terms")
}

func (t *turn) corridorPropose(b *parley.CorridorPropose) (effect, *Refusal) {
	if r := t.corridorFits(&b.Corridor); r != nil {
		return nil, r
	}
	return t.arrange(parley.RefCorridor, &parley.Arrangement{Corridor: &b.Corridor}, "body.corridor.terms")
}

func (t *turn) pausePropose(b *parley.PausePropose) (effect, *Refusal) {
	return t.arrange(parley.RefPause, &parley.Arrangement{Pause: &b.Pause}, "body.pause.terms")
}

func (t *turn) lineAmend(b *parley.LineAmend) (effect, *Refusal) {
	return t.amend(b.Of, &parley.Arrangement{Line: &b.Line}, "body.line.terms")
}

func (t *turn) zoneAmend(b *parley.ZoneAmend) (effect, *Refusal) {
	return t.amend(b.Of, &parley.Arrangement{Line: &b.Line}, "body.line.terms")
}

func (t *turn) corridorAmend(b *parley.CorridorAmend) (effect, *Refusal) {
	if r := t.corridorFits(&b.Corridor); r != nil {
		return nil, r
	}
	return t.amend(b.Of, &parley.Arrangement{Corridor: &b.Corridor}, "body.corridor.terms")
}

func (t *turn) pauseAmend(b *parley.PauseAmend) (effect, *Refusal) {
	return t.amend(b.Of, &parley.Arrangement{Pause: &b.Pause}, "body.pause.terms")
}

// corridorFits checks what a corridor names.
func (t *turn) corridorFits(c *parley.Corridor) *Refusal {
	for i, g := range c.Guarantors {
		// An organisation's guarantor is its own word alone: whether another one exists is nobody's to try out.
		if t.s.accounts.get(string(g)) == nil || g.Kind() == parley.RefOrganisation && g != t.account && t.account != parley.Desk {
			return notFound(fmt.Sprintf("body.corridor.guarantors[%d]", i))
		}
	}
	if c.Pause != "" && !t.s.seesArrangement(t.account, c.Pause) {
		return notFound("body.corridor.pause")
	}
	return nil
}

func (t *turn) termsFit(field string, terms *parley.Terms) *Refusal {
	if terms.Window.To <= t.at {
		return refuse(parley.CodeClock, field+".window.to", parley.Stamp(terms.Window.To), "a time to come")
	}
	return t.addressees(field+".addressees", terms.Addressees)
}

// arrange puts a new arrangement on record.
func (t *turn) arrange(kind parley.RefKind, a *parley.Arrangement, field string) (effect, *Refusal) {
	if r := t.termsFit(field, a.Terms()); r != nil {
		return nil, r
	}
	return func() {
		t.ref = t.newRef(kind)
		t.s.taken[t.ref] = true
		a.Ref, a.Proposer, a.Version = t.ref, t.account, 1
		t.putArrangement(a)
	}, nil
}

// amend gives an arrangement a new version, about which every party is asked anew.
func (t *turn) amend(of parley.Versioned, next *parley.Arrangement, field string) (effect, *Refusal) {
	a, r := t.arrangement("body.of", of.Ref)
	switch {
	case r != nil:
		return nil, r
	case a.Proposer != t.account:
		return nil, refuse(parley.CodeNotPermitted, "body.of", string(of.Ref), "whoever proposed it: others say what they think of it")
	case of.Version != a.Version:
		return nil, refuse(parley.CodeVersion, "body.of", of.String(), parley.Versioned{Ref: a.Ref, Version: a.Version}.String()+", the newest")
	}
	if r := t.termsFit(field, next.Terms()); r != nil {
		return nil, r
	}
	return func() {
		t.ref = a.Ref
		e := *a
		e.Earlier = append(slices.Clone(a.Earlier), parley.ArrangementVersion{Version: a.Version, Line: a.Line, Corridor: a.Corridor, Pause: a.Pause, Name: a.Name, Position: a.Position, At: a.At})
		for _, p := range a.Terms().Addressees {
			if !slices.Contains(next.Terms().Addressees, p) {
				t.tell(p, parley.NoticeArrangementEnded, of)
			}
		}
		e.Line, e.Corridor, e.Pause = next.Line, next.Corridor, next.Pause
		e.Version++
		t.putArrangement(&e)
	}, nil
}

// putArrangement stores a version: each party's word is asked for, its window's clocks run, and whoever it touches is told.
func (t *turn) putArrangement(a *parley.Arrangement) {
	s, terms := t.s, a.Terms()
	a.State = parley.ArrangementProposed
	if a.Imposed {
		a.State = parley.ArrangementImposed
	}
	a.Name, a.Position, a.At, a.By, a.OnBehalf, a.Consents = t.name, t.position, t.at, t.by(), t.cmd.OnBehalf, nil
	for _, p := range terms.Addressees {
		a.Consents = append(a.Consents, parley.ConsentRecord{Party: p, Status: parley.ConsentNoAnswer, Version: a.Version})
	}
	if a.Proposer.Kind() == parley.RefParty {
		a.Consents = append(a.Consents, parley.ConsentRecord{Party: a.Proposer, Status: parley.ConsentAgreed, Version: a.Version, At: t.at, By: t.by(), Told: t.told()})
	}
	parley.SortConsents(a.Consents)
	a.Log = append(slices.Clone(a.Log), parley.ArrangementStep{State: a.State, Account: t.account, By: t.by(), Told: t.told(), At: t.at})
	s.arrangements.put(string(a.Ref), a)
	s.arrangedIn.setOne(string(a.Ref), arrangedVolume(a))
	s.cancelAll(a.Ref)
	s.after(terms.Window.From, 0, a.Ref, deadlineArrangementBegins, "")
	if terms.Window.To != geo.Forever {
		s.after(terms.Window.To, 0, a.Ref, deadlineArrangementEnds, "")
	}
	of := parley.Versioned{Ref: a.Ref, Version: a.Version}
	for _, p := range terms.Addressees {
		t.tell(p, parley.NoticeArrangement, of)
	}
	t.tell(parley.Desk, parley.NoticeArrangement, of)
	if a.Line != nil && terms.Published {
		for _, ref := range s.objectsMeeting(a) {
			t.tell(s.object(ref).Owner, parley.NoticeLineTouches, parley.Versioned{Ref: ref, Version: s.object(ref).Newest}, other(a.Ref))
		}
	}
}

// objectsMeeting returns the open objects that an arrangement meets, in order.
func (s *State) objectsMeeting(a *parley.Arrangement) []parley.Ref {
	var refs []parley.Ref
	for _, id := range s.objectsIn.index.Find(arrangedVolume(a)) {
		refs = append(refs, parley.Ref(s.objectsIn.keys[id]))
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// arrangementsMeeting returns the arrangements that an object meets and that have not ended, in order.
func (s *State) arrangementsMeeting(o *parley.Object) []*parley.Arrangement {
	var refs []string
	for _, part := range s.volumesOf(o, s.newest(o), parley.Exact) {
		for _, id := range s.arrangedIn.index.Find(part) {
			refs = append(refs, s.arrangedIn.keys[id])
		}
	}
	slices.Sort(refs)
	var found []*parley.Arrangement
	for _, ref := range slices.Compact(refs) {
		found = append(found, s.arrangements.get(ref))
	}
	return found
}

// onWay tells a movement's owner of lines and zones on its way that are published, unless a crossing was agreed with every party of them.
func (t *turn) onWay(o *parley.Object) {
	for _, a := range t.s.arrangementsMeeting(o) {
		if a.Line != nil && a.Terms().Published && !t.s.crossingAgreed(a, o.Ref) {
			t.tell(o.Owner, parley.NoticeLineOnWay, parley.Versioned{Ref: o.Ref, Version: o.Newest}, other(a.Ref))
		}
	}
}

// partiesOf returns the parties of an arrangement: those addressed and a proposing party, in order.
func partiesOf(a *parley.Arrangement) []parley.Ref {
	var ps []parley.Ref
	for _, c := range a.Consents {
		ps = append(ps, c.Party)
	}
	return ps
}

// concernedWith returns who is told of every change of an arrangement: its parties, its proposer, and the desk.
func concernedWith(a *parley.Arrangement) []parley.Ref {
	return union(partiesOf(a), []parley.Ref{a.Proposer, parley.Desk})
}

// seesArrangement reports whether an account may see an arrangement: its parties, proposer and guarantors, the desk, monitors, and, when it
// is published, organisations whose objects it meets. A corridor or pause is seen by organisations whose movements are in it.
func (s *State) seesArrangement(account, ref parley.Ref) bool {
	a := s.arrangements.get(string(ref))
	if a == nil {
		return false
	}
	if account == parley.Desk || account == a.Proposer || slices.Contains(partiesOf(a), account) || a.Corridor != nil && slices.Contains(a.Corridor.Guarantors, account) {
		return true
	}
	switch o := s.accounts.get(string(account)); {
	case o == nil || o.OrganisationKind == "":
		return false
	case o.OrganisationKind == parley.MonitorOrganisation:
		return true
	}
	if a.Line != nil && !a.Terms().Published {
		return false
	}
	return slices.ContainsFunc(s.objectsMeeting(a), func(ref parley.Ref) bool { return s.object(ref).Owner == account })
}

// arrangement returns an arrangement that the account that speaks may see and that has not ended.
func (t *turn) arrangement(field string, ref parley.Ref) (*parley.Arrangement, *Refusal) {
	if !t.s.seesArrangement(t.account, ref) {
		return nil, notFound(field)
	}
	a := t.s.arrangements.get(string(ref))
	if a.Ended() {
		return nil, refuse(parley.CodeWrongState, field, string(a.State), "an arrangement that has not ended")
	}
	return a, nil
}

func (t *turn) lineEnd(b *parley.LineEnd) (effect, *Refusal) {
	return t.endLine("body.line", b.Line, b.Reason)
}

func (t *turn) zoneEnd(b *parley.ZoneEnd) (effect, *Refusal) {
	return t.endLine("body.zone", b.Zone, b.Reason)
}

func (t *turn) endLine(field string, ref parley.Ref, reason parley.Commitment) (effect, *Refusal) {
	a, r := t.arrangement(field, ref)
	if r == nil && a.Proposer != t.account {
		r = refuse(parley.CodeNotPermitted, field, string(ref), "whoever proposed it")
	}
	if r != nil {
		return nil, r
	}
	return func() { t.state(a, parley.ArrangementEnded, reason) }, nil
}

// state writes what somebody states of an arrangement, tells everyone concerned, and asks the people on the road who are inside when a
// corridor or pause is no longer open.
func (t *turn) state(a *parley.Arrangement, to parley.ArrangementState, words parley.Commitment) {
	t.ref = a.Ref
	t.s.moveArrangement(a.Ref, parley.ArrangementStep{State: to, Account: t.account, By: t.by(), Told: t.told(), Words: words, At: t.at}, t.position, t.name)
}

func (s *State) moveArrangement(ref parley.Ref, step parley.ArrangementStep, position uint64, seed parley.Hash) {
	e := s.arrangements.edit(string(ref))
	was := e.State
	e.State = step.State
	e.Log = append(slices.Clone(e.Log), step)
	of := parley.Versioned{Ref: ref, Version: e.Version}
	kind := parley.NoticeArrangementStatus
	if e.Ended() {
		kind = parley.NoticeArrangementEnded
	}
	for _, p := range concernedWith(e) {
		if p != step.Account {
			s.tell(parley.Notice{To: p, Kind: kind, Object: of.Ref, Version: of.Version, Due: step.Due, At: step.At, Position: position})
		}
	}
	closes := (e.Corridor != nil || e.Pause != nil) && was == parley.ArrangementOpen && e.State != parley.ArrangementOpen
	if closes {
		e.Inside = s.inside(e, step.At)
		for _, m := range e.Inside {
			s.ask(s.object(m), parley.CauseArrangement, true, step.At, position, mix(seed, string(ref)))
		}
	}
	if e.Ended() {
		s.arrangedIn.remove(string(ref))
		s.cancelAll(ref)
	}
}

// inside returns the movements that are in an arrangement, or still due in it, from a time on.
func (s *State) inside(a *parley.Arrangement, from int64) []parley.Ref {
	v := arrangedVolume(a)
	v.Window = geo.Window{From: from, To: max(v.Window.To, from+1)}
	var found []parley.Ref
	for _, id := range s.objectsIn.index.Find(v) {
		if ref := parley.Ref(s.objectsIn.keys[id]); ref.Kind() == parley.RefMovement {
			found = append(found, ref)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// uses counts a movement that sets out in every corridor that is open and that it will pass.
func (s *State) uses(o *parley.Object) {
	for _, a := range s.arrangementsMeeting(o) {
		if a.Corridor != nil && a.State == parley.ArrangementOpen {
			s.arrangements.edit(string(a.Ref)).Uses++
		}
	}
}

func (t *turn) corridorStatus(b *parley.CorridorStatus) (effect, *Refusal) {
	return t.status(&b.StatusWord)
}

func (t *turn) pauseStatus(b *parley.PauseStatus) (effect, *Refusal) { return t.status(&b.StatusWord) }

// status takes what a party of a corridor or pause, its proposer, a guarantor or the desk states of it. That it is open can be stated once a
// party that was asked has agreed; how many have stands beside it.
func (t *turn) status(b *parley.StatusWord) (effect, *Refusal) {
	if a := t.overByItsWindow(b); a != nil {
		return func() { t.overBySomebody(a, b) }, nil
	}
	a, r := t.arrangement("body.of", b.Of)
	if r != nil {
		return nil, r
	}
	may := t.account == parley.Desk || t.account == a.Proposer || slices.Contains(partiesOf(a), t.account) || a.Corridor != nil && slices.Contains(a.Corridor.Guarantors, t.account)
	if !may {
		return nil, refuse(parley.CodeNotPermitted, "body.of", string(b.Of), "a party that was asked, its proposer, a guarantor, or the desk")
	}
	if !parley.ArrangementMachine.May(string(a.State), string(b.State)) {
		return nil, refuse(parley.CodeWrongState, "body.state", string(b.State), "a step from "+string(a.State))
	}
	if n, of := a.Agreed(); b.State == parley.ArrangementOpen && n == 0 {
		return nil, refuse(parley.CodeConsent, "body.state", fmt.Sprintf("open, agreed by %d of %d", n, of), "a corridor or pause to which a party that was asked has agreed")
	}
	return func() { t.state(a, b.State, b.Reason) }, nil
}

// overByItsWindow returns a corridor or pause whose window has ended it, when somebody whose word counts says that it is over: it may have been
// kept beyond the end that was stated.
func (t *turn) overByItsWindow(b *parley.StatusWord) *parley.Arrangement {
	a := t.s.arrangements.get(string(b.Of))
	if a == nil || !a.Ended() || b.State != parley.ArrangementEnded || a.Log[len(a.Log)-1].Account != "" {
		return nil
	}
	if t.account != parley.Desk && t.account != a.Proposer && !slices.Contains(partiesOf(a), t.account) {
		return nil
	}
	return a
}

// overBySomebody puts the word on record, tells everyone concerned, and asks the people on the road who are inside.
func (t *turn) overBySomebody(a *parley.Arrangement, b *parley.StatusWord) {
	s := t.s
	t.ref = a.Ref
	e := s.arrangements.edit(string(a.Ref))
	e.Log = append(slices.Clone(e.Log), parley.ArrangementStep{State: parley.ArrangementEnded, Account: t.account, By: t.by(), Told: t.told(), Words: b.Reason, At: t.at})
	for _, p := range concernedWith(e) {
		if p != t.account {
			t.tell(p, parley.NoticeArrangementEnded, parley.Versioned{Ref: a.Ref, Version: e.Version})
		}
	}
	e.Inside = s.inside(e, t.at)
	for _, m := range e.Inside {
		s.ask(s.object(m), parley.CauseArrangement, true, t.at, t.position, mix(t.name, string(a.Ref)))
	}
}

func (t *turn) consentGive(b *parley.ConsentGive) (effect, *Refusal) {
	return t.consent(&b.ConsentWord, parley.ConsentAgreed)
}

func (t *turn) consentRefuse(b *parley.ConsentRefuse) (effect, *Refusal) {
	return t.consent(&b.ConsentWord, parley.ConsentRefused)
}

func (t *turn) consentWithdraw(b *parley.ConsentWithdraw) (effect, *Refusal) {
	return t.consent(&b.ConsentWord, parley.ConsentContested)
}

// consent takes a party's word about one version. Nothing follows from it but what is shown, except that an agreement which no longer
// stands suspends what rested on it.
func (t *turn) consent(b *parley.ConsentWord, to parley.ConsentStatus) (effect, *Refusal) {
	a, r := t.arrangement("body.of", b.Of.Ref)
	if r != nil {
		return nil, r
	}
	i := slices.IndexFunc(a.Consents, func(c parley.ConsentRecord) bool { return c.Party == t.account })
	switch {
	case i < 0:
		return nil, refuse(parley.CodeNotPermitted, "body.of", b.Of.String(), "a party whose word was asked for")
	case b.Of.Version != a.Version:
		return nil, refuse(parley.CodeVersion, "body.of", b.Of.String(), parley.Versioned{Ref: a.Ref, Version: a.Version}.String()+", the newest")
	}
	was := a.Consents[i].Status
	switch {
	case to == parley.ConsentContested && was != parley.ConsentAgreed:
		return nil, refuse(parley.CodeWrongState, "body.of", string(was), "an agreement of yours that stands")
	case to == was:
		return nil, refuse(parley.CodeWrongState, "body.of", string(was), "another word than the one that stands")
	case to == parley.ConsentRefused && (a.Imposed || was == parley.ConsentAgreed):
		to = parley.ConsentContested
	}
	return func() {
		t.ref = a.Ref
		e := t.s.arrangements.edit(string(a.Ref))
		e.Consents = slices.Clone(e.Consents)
		e.Consents[i] = parley.ConsentRecord{Party: t.account, Status: to, Version: a.Version, At: t.at, By: t.by(), Told: t.told(), Words: b.Words}
		of := parley.Versioned{Ref: a.Ref, Version: a.Version}
		for _, p := range concernedWith(e) {
			if p != t.account {
				t.tell(p, parley.NoticeConsent, of, other(t.account))
			}
		}
		if next := restsOn(e, t.at); next != e.State {
			t.state(e, next, parley.Commitment{})
		}
	}, nil
}

// restsOn returns the state that an arrangement has by what its parties say.
func restsOn(a *parley.Arrangement, at int64) parley.ArrangementState {
	n, of := a.Agreed()
	all := n == of
	switch a.State {
	case parley.ArrangementProposed:
		if all && a.Line != nil && a.Terms().Window.From <= at {
			return parley.ArrangementInForce
		} else if all {
			return parley.ArrangementAgreed
		}
	case parley.ArrangementAgreed:
		if !all {
			return parley.ArrangementProposed
		}
	case parley.ArrangementInForce:
		if !all && !a.Imposed {
			return parley.ArrangementSuspended
		}
	case parley.ArrangementOpen:
		if slices.ContainsFunc(a.Consents, func(c parley.ConsentRecord) bool { return c.Status == parley.ConsentContested }) {
			return parley.ArrangementSuspended
		}
	case parley.ArrangementSuspended:
		if all && a.Line != nil {
			return parley.ArrangementInForce
		}
	}
	return a.State
}

// arrangementBegins brings a line or zone into force that is imposed, or that every party has agreed to.
func (s *State) arrangementBegins(d duty.Deadline, at int64) {
	a := s.arrangements.get(d.Ref)
	if a.Line != nil && (a.State == parley.ArrangementImposed || a.State == parley.ArrangementAgreed) {
		s.moveArrangement(a.Ref, parley.ArrangementStep{State: parley.ArrangementInForce, Due: d.Due, At: at}, s.Size(), deadlineSeed(d))
	}
}

// arrangementEnds ends an arrangement whose window is over.
func (s *State) arrangementEnds(d duty.Deadline, at int64) {
	s.moveArrangement(parley.Ref(d.Ref), parley.ArrangementStep{State: parley.ArrangementEnded, Due: d.Due, At: at}, s.Size(), deadlineSeed(d))
}

// versionAt returns the version of an arrangement that was in force at a time: the newest that had been stated by then.
func versionAt(a *parley.Arrangement, at int64) (int, bool) {
	version, ok := 0, false
	for _, v := range append(slices.Clone(a.Earlier), parley.ArrangementVersion{Version: a.Version, At: a.At}) {
		if v.At <= at {
			version, ok = v.Version, true
		}
	}
	return version, ok
}

func (s *State) noteArrangement(a *parley.Arrangement) {
	s.taken[a.Ref] = true
	if !a.Ended() {
		s.arrangedIn.setOne(string(a.Ref), arrangedVolume(a))
	}
}
