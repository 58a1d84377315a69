package channel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/duty"
	"parley/geo"
	"parley/release"
)

// Viewer reads the state for one member. Every look-up goes by (account, reference): what the account may not know is not found,
// in the same way as what does not exist. It must not outlive the hold on the state that it was made under.
type Viewer struct {
	s       *State
	account parley.Ref
	member  *parley.Member
	text    release.Reader
	at      int64 // time of the view, milliseconds UTC
}

// View returns a viewer for a member at a time. text returns payloads.
func (s *State) View(member *parley.Member, at int64, text release.Reader) *Viewer {
	return &Viewer{s: s, account: member.Account, member: member, text: text, at: max(at, s.Now())}
}

func (v *Viewer) desk() bool  { return v.account == parley.Desk }
func (v *Viewer) board() bool { return v.account == parley.Board }

func stamp(ms int64) string {
	if ms == 0 || ms == geo.Forever {
		return ""
	}
	return parley.Stamp(ms)
}

func (v *Viewer) words(c parley.Commitment) string {
	if c.IsZero() {
		return ""
	}
	if s := v.text(c); s != "" {
		return s
	}
	return release.ErasedText
}

// Page returns up to limit items from a cursor on, and the cursor of the next page, -1 at the end.
func page[T any](items []T, from, limit int) ([]T, int) {
	from = min(max(from, 0), len(items))
	end := min(from+limit, len(items))
	next := end
	if end == len(items) {
		next = -1
	}
	return items[from:end], next
}

// Objects lists the objects the viewer's account may know, in the order in which it came to know them.
func (v *Viewer) Objects(kind string, from, limit int) ([]release.Summary, int) {
	var refs []parley.Ref
	switch {
	case v.desk():
		refs = v.s.order
	case v.account.Kind() == parley.RefOrganisation:
		refs = v.s.byOwner[v.account]
	case v.account.Kind() == parley.RefParty:
		refs = v.s.held[v.account].objects
	}
	if kind != "" {
		refs = slices.DeleteFunc(slices.Clone(refs), func(r parley.Ref) bool { return !strings.EqualFold(string(r.Kind()), kind) })
	}
	some, next := page(refs, from, limit)
	list := make([]release.Summary, 0, len(some))
	for _, ref := range some {
		list = append(list, v.summary(v.s.object(ref)))
	}
	return list, next
}

func (v *Viewer) summary(o *parley.Object) release.Summary {
	version := v.s.newest(o)
	sum := release.Summary{Ref: o.Ref, Kind: strings.ToLower(string(o.Ref.Kind())), Currency: string(o.Currency), Movement: string(o.Movement), Overdue: o.Overdue}
	if r := v.mine(o.Ref); r != nil {
		version = v.s.version(r.Of)
		sum.State, sum.Due = string(r.State), stamp(r.AckDue)
		if r.AckAt != 0 || !r.Holds() {
			sum.Due = ""
		}
	} else {
		sum.State, sum.Late, sum.Parties = string(o.State), o.Late, v.holdings(o)
		if v.desk() {
			sum.Owner = o.Owner
		}
	}
	sum.Version = version.Of.Version
	cut := release.Cut(version, v.s.profile(), release.Grant{Precision: parley.Coarse}, v.text)
	sum.Category, sum.From, sum.Until = cut.Category, cut.From, cut.Until
	return sum
}

// mine returns the newest release of an object to the viewer's party, nil for owners and the desk.
func (v *Viewer) mine(ref parley.Ref) *parley.Release {
	if v.account.Kind() != parley.RefParty {
		return nil
	}
	var newest *parley.Release
	for _, key := range v.s.holders[ref] {
		if r := v.s.releases.get(key); r.To == v.account && (newest == nil || r.Of.Version > newest.Of.Version) {
			newest = r
		}
	}
	return newest
}

// holdings returns who has which version, as the viewer may see it: all for owner and desk, its own for a party.
func (v *Viewer) holdings(o *parley.Object) []release.Holding {
	list := []release.Holding{}
	for _, key := range v.s.holdersOf(o.Ref) {
		r := v.s.releases.get(key)
		own := r.To == v.account
		if !own && !v.desk() && o.Owner != v.account {
			continue
		}
		h := release.Holding{Party: r.To, Version: r.Of.Version, State: string(r.State), Precision: r.Precision, Fields: r.Fields, Since: stamp(r.At),
			Acknowledged: stamp(r.AckAt), NoAnswer: r.NoAnswer, Sendings: r.Sendings, WrongReads: r.Wrong, Delivered: stamp(r.DeliveredAt), Emergency: r.Emergency,
			NoSecond: r.NoSecond, Unverified: r.Unverified, Recalled: stamp(r.RecalledAt), Deleted: stamp(r.DeletedAt)}
		h.Stale = r.AckAt != 0 && r.Of.Version < o.Newest
		if r.AckAt == 0 && r.Holds() {
			h.Due = stamp(r.AckShown)
			if own {
				h.Due = stamp(r.AckDue)
			}
		}
		if !own && !v.desk() {
			h.NoAnswer = r.NoAnswerShown
		}
		if r.AckOnBehalf != nil {
			h.Told = string(r.AckOnBehalf.Channel)
		}
		for _, l := range r.Levels {
			level := release.Level{Echelon: l.Echelon, At: stamp(l.At), Stale: l.Stale, ApartMM: l.Apart, NoList: l.Head == nil && l.Place == nil}
			if l.Head != nil {
				level.Position = &l.Head.Position
			}
			if own || v.desk() {
				level.Name = v.words(l.Level)
			}
			h.Levels = append(h.Levels, level)
		}
		list = append(list, h)
	}
	return list
}

// Object returns everything the viewer's account may see of an object.
func (v *Viewer) Object(ref parley.Ref) (*release.File, bool) {
	if !v.s.Knows(v.account, ref) {
		return nil, false
	}
	s, o := v.s, v.s.object(ref)
	f := &release.File{Ref: ref, Kind: strings.ToLower(string(ref.Kind())), Currency: string(o.Currency), Confirmed: stamp(o.Confirmed), Movement: string(o.Movement),
		Leg: o.Leg, Reported: stamp(o.Reported), Overdue: o.Overdue, Holdings: v.holdings(o), Sentence: parley.SentenceNotification}
	inside := v.desk() || o.Owner == v.account
	for n := 1; n <= o.Newest; n++ {
		of := parley.Versioned{Ref: ref, Version: n}
		version := s.version(of)
		grant := release.Grant{Full: true}
		if !inside {
			r := s.releases.get(releaseKey(of, v.account))
			if r == nil || r.State == parley.Deleted || r.State == parley.Recalled {
				continue
			}
			grant = release.GrantOf(r)
		}
		f.Versions = append(f.Versions, release.Cut(version, s.profile(), grant, v.text))
		f.Commands = append(f.Commands, release.Entry{Version: n, Name: version.Name, Position: version.Position, At: stamp(version.At)})
		if inside {
			f.Doubts = version.Doubts
			if v.desk() {
				f.Near = version.Near
			}
		}
	}
	if inside {
		f.Owner, f.State, f.Late = o.Owner, string(o.State), o.Late
		if ref.Kind() == parley.RefSite && o.Open() {
			f.Due = stamp(o.Confirmed + s.profile().Clocks.Revalidation)
		}
		f.Reads = v.readsOf(ref)
	}
	v.talk(f, o, inside)
	return f, true
}

// talk adds questions, disputes, prompts and relays that the viewer's account takes part in.
func (v *Viewer) talk(f *release.File, o *parley.Object, inside bool) {
	s := v.s
	for _, key := range s.queries.keysOf(o.Ref) {
		q := s.queries.get(key)
		if !inside && q.Asker != v.account {
			continue
		}
		who := "recipient"
		switch q.Asker {
		case parley.Desk:
			who = "desk"
		case o.Owner:
			who = "notifier"
		}
		f.Queries = append(f.Queries, release.Query{Ref: q.Ref, Of: q.Of.String(), Asker: who, Field: q.Field, Question: v.words(q.Question), At: stamp(q.At), Due: stamp(q.Due),
			Answer: v.words(q.Answer), Answered: stamp(q.Answered), Late: q.Late})
	}
	for _, key := range s.disputes.keysOf(o.Ref) {
		if d := s.disputes.get(key); inside || d.Party == v.account {
			f.Disputes = append(f.Disputes, release.Dispute{Ref: d.Ref, Of: d.Of.String(), Party: d.Party, Reason: d.Reason, Words: v.words(d.Words), At: stamp(d.At)})
		}
	}
	if !inside {
		return
	}
	for _, ref := range s.promptsOf[o.Ref] {
		f.Prompts = append(f.Prompts, v.prompt(s.prompts.get(string(ref))))
	}
	for _, key := range s.relays.keysOf(o.Ref) {
		r := s.relays.get(key)
		f.Relays = append(f.Relays, release.Relay{By: r.Account, Party: r.Party, Echelon: r.Echelon, Delivered: r.Delivered, At: stamp(r.At)})
	}
}

func (v *Viewer) readsOf(ref parley.Ref) []release.Read {
	var reads []release.Read
	for _, key := range v.s.reads.keysOf(ref) {
		r := v.s.reads.get(key)
		reads = append(reads, release.Read{Account: v.s.members.get(string(r.Member)).Account, Purpose: r.Purpose, At: stamp(r.At)})
	}
	return reads
}

func (v *Viewer) prompt(p *parley.Prompt) release.Prompt {
	text := parley.SentencePrompt
	if p.Cause == parley.CauseNoAck {
		text = parley.SentenceNoAck
	}
	return release.Prompt{Ref: p.Ref, Movement: p.Movement, Cause: p.Cause, Text: text, At: stamp(p.At), Due: stamp(p.Due), Urgent: p.Urgent, Decision: p.Decision,
		Answered: stamp(p.Answered), NoAnswer: p.NoAnswer}
}

// Preview shows the newest version of an object as a party would get it by the notifier's consent: before any release.
func (v *Viewer) Preview(ref, party parley.Ref) (*release.Object, bool) {
	o := v.s.object(ref)
	if o == nil || !v.desk() && o.Owner != v.account {
		return nil, false
	}
	version := v.s.newest(o)
	consent := version.Object().Sharing().To(party)
	if consent == nil {
		return nil, false
	}
	cut := release.Cut(version, v.s.profile(), release.Grant{Precision: consent.Precision, Fields: consent.Fields}, v.text)
	return &cut, true
}

// List returns a party's list: its head and the entries from a slot on.
func (v *Viewer) List(from, limit int) (head parley.ListHead, entries []release.ListEntry, next int) {
	h := v.s.held[v.account]
	if h == nil {
		return head, nil, -1
	}
	some, next := page(h.objects, from, limit)
	for _, ref := range some {
		r := v.mine(ref)
		if r == nil || !r.Listed {
			continue
		}
		version := v.s.version(r.Of)
		e := release.ListEntry{Slot: r.Slot, Of: r.Of, Hash: release.Fingerprint(r, version), Object: release.Cut(version, v.s.profile(), release.GrantOf(r), v.text), State: string(r.State)}
		if r.AckAt == 0 {
			e.Due = stamp(r.AckDue)
		}
		entries = append(entries, e)
	}
	return v.s.accounts.get(string(v.account)).Head, entries, next
}

// Areas lists the areas the viewer's account may know of.
func (v *Viewer) Areas(from, limit int) ([]release.Area, int) {
	var refs []parley.Ref
	for _, key := range v.s.areas.keys() {
		if a := v.s.areas.get(key); v.knowsArea(a) {
			refs = append(refs, a.Ref)
		}
	}
	some, next := page(refs, from, limit)
	list := make([]release.Area, 0, len(some))
	for _, ref := range some {
		a, _ := v.Area(ref)
		list = append(list, *a)
	}
	return list, next
}

func (v *Viewer) knowsArea(a *parley.AreaRecord) bool {
	return a.Party == v.account || v.desk() || slices.Contains(a.Area.Addressees, v.account)
}

// Area returns an area: all to its owner, geometry to those addressed, its existence to the desk.
func (v *Viewer) Area(ref parley.Ref) (*release.Area, bool) {
	s := v.s
	a := s.areas.get(string(ref))
	if a == nil || !v.knowsArea(a) {
		return nil, false
	}
	own := a.Party == v.account
	out := &release.Area{Ref: ref, Party: a.Party, State: string(a.State), Addressees: a.Area.Addressees, Sentence: parley.SentenceNotification}
	if out.Addressees == nil {
		out.Addressees = []parley.Ref{}
	}
	if v.desk() {
		for _, key := range s.openOf[ref] {
			if s.indications.get(key).State == parley.IndicationOpen {
				out.Open++
			}
		}
		return out, true
	}
	out.Version, out.Urgent, out.Buffer = a.Version, a.Area.Urgent, a.Area.Buffer
	out.Geometry = &release.Geometry{Shape: a.Area.Shape}
	out.From, out.To = stamp(a.Area.Window.From), stamp(a.Area.Window.To)
	if b := a.Area.Band; b != nil {
		out.Low, out.High = &b.Low, &b.High
	}
	if a.OnBehalf != nil {
		out.Told = string(a.OnBehalf.Channel)
	}
	for _, r := range a.ReadBacks {
		if own || r.Party == v.account {
			out.ReadBacks = append(out.ReadBacks, release.ReadBack{Party: r.Party, Version: r.Version, Right: r.Right, What: r.What, At: stamp(r.At)})
		}
	}
	for _, o := range a.Objections {
		if own || o.Party == v.account {
			out.Objections = append(out.Objections, release.Objection{Party: o.Party, Version: o.Version, Reason: o.Reason, Words: v.words(o.Words), At: stamp(o.At)})
		}
	}
	for _, p := range a.Told {
		out.ToldPlaces = append(out.ToldPlaces, release.ToldPlace{Party: p.Party, Words: v.words(p.Words), Place: point(p.Place), ApartMM: p.Apart, Differs: p.Differs, At: stamp(p.At)})
	}
	for _, key := range s.overlaps.keysOf(ref) {
		if o := s.overlaps.get(key); v.inOverlap(o) {
			with := o.Second
			if with == ref {
				with = o.First
			}
			out.Overlaps = append(out.Overlaps, release.Overlap{With: with, From: stamp(o.Window.From), To: stamp(o.Window.To), Due: stamp(o.Due)})
		}
	}
	if own {
		out.Stale, out.Missed, out.Unchecked = a.Stale, a.Missed, a.Warned
		out.Indications = v.indications(ref)
	}
	return out, true
}

// inOverlap reports whether the viewer's account is one of the two sides.
func (v *Viewer) inOverlap(o *parley.Overlap) bool {
	for _, ref := range []parley.Ref{o.First, o.Second} {
		if a := v.s.areas.get(string(ref)); a != nil && a.Party == v.account {
			return true
		}
		if f := v.s.forces.get(string(ref)); f != nil && f.Party == v.account {
			return true
		}
	}
	return false
}

func point(p geo.Position) release.Geometry {
	return release.Geometry{Shape: geo.Shape{Kind: geo.Point, Points: []geo.Position{p}}}
}

// indications returns the contrary indications of an area or check, as released to the asker.
func (v *Viewer) indications(of parley.Ref) []release.Indication {
	s := v.s
	keys := slices.Clone(s.openOf[of])
	slices.Sort(keys)
	list := []release.Indication{}
	for _, key := range keys {
		i := s.indications.get(key)
		r := s.releases.get(releaseKey(i.Object, i.Party))
		if r == nil {
			continue
		}
		cut := release.Cut(s.version(i.Object), s.profile(), release.GrantOf(r), v.text)
		out := release.Indication{Object: i.Object, Category: cut.Category, Geometry: cut.Geometry, KeepOut: cut.KeepOut, From: cut.From, Until: cut.Until,
			Currency: string(s.object(i.Object.Ref).Currency), Urgent: i.Urgent, State: string(i.State), Reason: string(i.Reason), Answered: stamp(i.Answer), Liaison: "through the desk"}
		if cut.Verification != nil {
			out.Verified = cut.Verification.On
		}
		list = append(list, out)
	}
	return list
}

// Checks lists the checks of the viewer's party.
func (v *Viewer) Checks(from, limit int) ([]release.Check, int) {
	some, next := page(v.s.checksOf[v.account], from, limit)
	list := make([]release.Check, 0, len(some))
	for _, ref := range some {
		if c, ok := v.Check(ref); ok {
			list = append(list, *c)
		}
	}
	return list, next
}

// Check returns a check to the party that made it, and to nobody else; beyond the quota not before its time.
func (v *Viewer) Check(ref parley.Ref) (*release.Check, bool) {
	c := v.s.checks.get(string(ref))
	if c == nil || c.Party != v.account || c.AnswerAt > v.at {
		return nil, false
	}
	out := &release.Check{Ref: ref, At: stamp(c.At), Expires: stamp(c.Expires), Ended: string(c.Ended), Head: c.Head, Geometry: release.Geometry{Shape: c.Shape}, Buffer: c.Buffer,
		From: stamp(c.Window.From), To: stamp(c.Window.To), Attested: c.Attested, StaleList: c.StaleList, Indications: v.indications(ref), More: c.More}
	out.Sentence = parley.SentenceIndications
	if len(out.Indications) == 0 {
		out.Sentence = parley.SentenceNothingFound(c.Head.Position, v.s.timeOf(c.Head.Position))
	}
	return out, true
}

// AnswerAt returns when a check may be answered: beyond the quota, later.
func (s *State) AnswerAt(ref parley.Ref) int64 {
	if c := s.checks.get(string(ref)); c != nil {
		return c.AnswerAt
	}
	return 0
}

// timeOf returns the log time of a position.
func (s *State) timeOf(position uint64) int64 { return s.outcomes.rows[position].At }

// Prompts lists the questions to the people on the road of the viewer's organisation; the desk sees all.
func (v *Viewer) Prompts(from, limit int) ([]release.Prompt, int) {
	var mine []*parley.Prompt
	for _, key := range v.s.prompts.keys() {
		if p := v.s.prompts.get(key); v.desk() || v.s.object(p.Movement).Owner == v.account {
			mine = append(mine, p)
		}
	}
	some, next := page(mine, from, limit)
	list := make([]release.Prompt, 0, len(some))
	for _, p := range some {
		list = append(list, v.prompt(p))
	}
	return list, next
}

// Stops lists the urgent stops that concern the viewer's account.
func (v *Viewer) Stops(from, limit int) ([]release.Stop, int) {
	var refs []parley.Ref
	for _, key := range v.s.stops.keys() {
		if v.knowsStop(v.s.stops.get(key)) {
			refs = append(refs, parley.Ref(key))
		}
	}
	some, next := page(refs, from, limit)
	list := make([]release.Stop, 0, len(some))
	for _, ref := range some {
		st, _ := v.Stop(ref)
		list = append(list, *st)
	}
	return list, next
}

func (v *Viewer) knowsStop(e *parley.UrgentStop) bool {
	monitor := false
	if a := v.s.accounts.get(string(v.account)); a != nil {
		monitor = a.OrganisationKind == parley.MonitorOrganisation
	}
	return v.desk() || v.board() || monitor || concerns(e, v.account)
}

// Stop returns an urgent stop.
func (v *Viewer) Stop(ref parley.Ref) (*release.Stop, bool) {
	e := v.s.stops.get(string(ref))
	if e == nil || !v.knowsStop(e) {
		return nil, false
	}
	out := &release.Stop{Ref: ref, Object: e.Object, State: string(e.State), At: stamp(e.At), Raised: e.Raised, Step: e.Step, Parties: e.Parties, Log: []release.StopStep{}}
	if e.Place != nil {
		p := point(*e.Place)
		out.Place = &p
	}
	for _, l := range e.Log {
		account := l.Account
		if account.Kind() == parley.RefOrganisation && account != v.account && !v.desk() && !v.board() {
			account = "" // which organisation raised it is not for those who are told to stop
		}
		out.Log = append(out.Log, release.StopStep{What: l.What, Account: account, Echelon: l.Echelon, Effect: l.Effect, Due: stamp(l.Due), At: stamp(l.At)})
	}
	return out, true
}

// Accounts lists the parties, which everyone knows; the desk and the board see organisations too, an organisation itself.
func (v *Viewer) Accounts(from, limit int) ([]release.Account, int) {
	list := []release.Account{}
	for _, key := range v.s.accounts.keys() {
		a := v.s.accounts.get(key)
		if a.Ref.Kind() == "" || a.Ref.Kind() == parley.RefOrganisation && !v.desk() && !v.board() && a.Ref != v.account {
			continue
		}
		kind := string(a.PartyKind)
		if kind == "" {
			kind = string(a.OrganisationKind)
		}
		list = append(list, release.Account{Ref: a.Ref, Kind: kind, Name: v.words(a.Name), Since: stamp(a.Since), Suspended: a.Suspended})
	}
	return page(list, from, limit)
}

// Members lists the members of the viewer's own account; the board sees all.
func (v *Viewer) Members(from, limit int) ([]release.Member, int) {
	list := []release.Member{}
	for _, key := range v.s.members.keys() {
		m := v.s.members.get(key)
		if m.Account != v.account && !v.board() {
			continue
		}
		out := release.Member{Ref: m.Ref, Account: m.Account, Roles: m.Roles, Echelon: m.Echelon, Name: v.words(m.Name), Key: m.Key, Enrolled: stamp(m.Enrolled), Revoked: stamp(m.Revoked)}
		if rota := v.s.rotas.get(string(m.Account)); rota != nil {
			out.OnDuty = slices.Contains(duty.OnDuty(rota.Shifts, v.at), m.Ref)
		}
		list = append(list, out)
	}
	return page(list, from, limit)
}

// Entries lists what the desk entered on behalf of the viewer's account, in the order of the entries' times.
func (v *Viewer) Entries(from, limit int) ([]release.Entered, int) {
	var mine []*parley.BehalfEntry
	for _, key := range v.s.behalf.keys() {
		if e := v.s.behalf.get(key); e.Of == v.account {
			mine = append(mine, e)
		}
	}
	slices.SortFunc(mine, func(a, b *parley.BehalfEntry) int {
		return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Name.String(), b.Name.String()))
	})
	some, next := page(mine, from, limit)
	list := make([]release.Entered, 0, len(some))
	for _, e := range some {
		list = append(list, release.Entered{Name: e.Name, Kind: e.Kind, At: stamp(e.At), Due: stamp(e.Due), Confirmed: stamp(e.Confirmed), Disowned: stamp(e.Disowned), NoAnswer: e.NoAnswer})
	}
	return list, next
}

// Inbox returns the notices to the viewer's account with numbers of at least from, oldest first, and the number to go on from.
func (v *Viewer) Inbox(from uint64, limit int) ([]release.Notice, uint64) {
	places := v.s.inboxes[v.account]
	first := min(from, uint64(len(places)))
	places = places[first:min(first+uint64(limit), uint64(len(places)))]
	list := make([]release.Notice, 0, len(places))
	for _, p := range places {
		r := &v.s.notices.rows[p]
		list = append(list, release.Notice{Number: r.Number, Kind: r.Kind, Object: r.Object, Version: r.Version, Other: r.Other, Due: stamp(r.Due), At: stamp(r.At), Position: r.Position, Urgent: r.Urgent})
	}
	return list, first + uint64(len(places))
}

// Counts returns what trustees see of every account: numbers, never content.
func (v *Viewer) Counts() ([]release.Counts, bool) {
	if !v.board() {
		return nil, false
	}
	list := []release.Counts{}
	for _, key := range v.s.accounts.keys() {
		a := v.s.accounts.get(key)
		list = append(list, release.Counts{Account: a.Ref, Objects: len(v.s.byOwner[a.Ref]), Listed: a.Head.Count, NoAnswers: a.NoAnswers, Checks: len(v.s.checksOf[a.Ref]),
			Refusals: a.Refusals, Prompts: a.Prompts})
	}
	return list, true
}

// Outcome returns what became of a command of the viewer's own account.
func (v *Viewer) Outcome(name parley.Hash) (parley.Outcome, bool) {
	o, ok := v.s.Known(name)
	if !ok || o.Account != v.account {
		return parley.Outcome{}, false
	}
	return o, true
}

// Undelivered returns the releases of an object to the viewer's party that its machine is now known to have.
func (v *Viewer) Undelivered(ref parley.Ref) []parley.Versioned {
	var items []parley.Versioned
	for _, key := range v.s.holdersOf(ref) {
		if r := v.s.releases.get(key); r.To == v.account && r.State == parley.Released {
			items = append(items, r.Of)
		}
	}
	return items
}

// String says who reads, for logs.
func (v *Viewer) String() string { return fmt.Sprintf("%s of %s", v.member.Ref, v.account) }
