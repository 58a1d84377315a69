package channel

import (
	"slices"
	"strings"

	"parley"
	"parley/release"
)

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
			OnRoad: r.OnRoad, NoSecond: r.NoSecond, Unverified: r.Unverified, Recalled: stamp(r.RecalledAt), Deleted: stamp(r.DeletedAt)}
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
		h.Seconded = !own && r.Second != ""
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
		Leg: o.Leg, Reported: stamp(o.Reported), ReportTold: o.Told, Overdue: o.Overdue, Holdings: v.holdings(o), Sentence: parley.SentenceNotification}
	inside := v.desk() || o.Owner == v.account
	f.Road = v.road(o, inside)
	for n := 1; n <= o.Newest; n++ {
		of := parley.Versioned{Ref: ref, Version: n}
		version := s.version(of)
		grant := release.Grant{Full: true}
		if !inside && !v.s.handedTo(v.account, ref) {
			r := s.releases.get(releaseKey(of, v.account))
			if r == nil || r.State == parley.Deleted || r.State == parley.Recalled {
				continue
			}
			grant = release.GrantOf(r)
		}
		f.Versions = append(f.Versions, release.Cut(version, s.profile(), grant, v.text))
		entry := release.Entry{Version: n, Name: version.Name, Position: version.Position, At: stamp(version.At)}
		if version.OnBehalf != nil {
			entry.Told = version.OnBehalf.Channel
		}
		f.Commands = append(f.Commands, entry)
		if inside {
			f.Doubts = version.Doubts
			if v.desk() {
				f.Near, f.Kept = version.Near, v.kept(ref)
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
			Answer: v.words(q.Answer), Answered: stamp(q.Answered), Told: q.Told, Late: q.Late})
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
		Answered: stamp(p.Answered), Told: p.Told, NoAnswer: p.NoAnswer, Late: p.Late}
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
