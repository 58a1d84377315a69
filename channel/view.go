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
		out := release.Member{Ref: m.Ref, Account: m.Account, Roles: m.Roles, Echelon: m.Echelon, Name: v.words(m.Name), Keys: v.keysOf(m.Ref), Enrolled: stamp(m.Enrolled), Revoked: stamp(m.Revoked)}
		if rota := v.s.rotas.get(string(m.Account)); rota != nil {
			out.OnDuty = slices.Contains(duty.OnDuty(rota.Shifts, v.at), m.Ref)
		}
		list = append(list, out)
	}
	return page(list, from, limit)
}

func (v *Viewer) keysOf(member parley.Ref) []release.Key {
	list := []release.Key{}
	for _, id := range v.s.keysOf[member] {
		k := v.s.keys.get(id)
		out := release.Key{ID: k.ID, Since: stamp(v.s.outcomes.at(k.From).At), Revoked: stamp(k.Revoked)}
		if k.Rotated != 0 {
			out.Replaced = stamp(v.s.outcomes.at(k.Rotated).At)
		}
		list = append(list, out)
	}
	return list
}

// Entries lists what was entered on behalf of the viewer's account, by the desk or by its own forms, in the order of the entries' times.
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
		list = append(list, release.Entered{Name: e.Name, Kind: e.Kind, Told: e.Told, At: stamp(e.At), Due: stamp(e.Due), Confirmed: stamp(e.Confirmed), Disowned: stamp(e.Disowned), NoAnswer: e.NoAnswer})
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
		r := v.s.notices.at(p)
		list = append(list, release.Notice{Number: r.Number, Kind: r.Kind, Object: r.Object, Version: r.Version, Other: r.Other, Due: stamp(r.Due), At: stamp(r.At), Position: r.Position, Urgent: r.Urgent, Count: r.Count})
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

// String says who reads, for logs.
func (v *Viewer) String() string { return fmt.Sprintf("%s of %s", v.member.Ref, v.account) }
