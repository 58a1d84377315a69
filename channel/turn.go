package channel

import (
	"slices"

	"parley"
)

// Signed is a command with the name and the keys of those who signed it. Whoever makes one has checked the signatures against the
// keys' ids; whether a key is valid at its place is decided here.
type Signed struct {
	Name    parley.Hash
	Command *parley.Command
	Signers []parley.KeyID // the author's first
}

// Refusal says why a command is not taken, with what its sender needs to mend it.
type Refusal struct {
	parley.Fault
	Kept     bool               // the attempt goes into the journal all the same
	Missing  []parley.Versioned // entries that a stale list head does not have
	Head     *parley.ListHead   // the head that stands
	Findings []parley.Finding   // doubts that a person has to answer
}

func refuse(code parley.Code, field, read, expected string) *Refusal {
	return &Refusal{Fault: parley.Fault{Code: code, Field: field, Read: read, Expected: expected}}
}

// notFound is the one answer for what does not exist and what the sender may not see.
func notFound(field string) *Refusal {
	return refuse(parley.CodeNotFound, field, "a reference", "a reference that stands for something this member may see")
}

// effect changes the state as a command that was taken says. It cannot fail.
type effect func()

// turn is one entry being decided. Its state is read until the effect runs.
type turn struct {
	s        *State
	cmd      *parley.Command
	name     parley.Hash
	position uint64
	at       int64
	keys     []parley.KeyID   // that signed, the author's first
	signers  []*parley.Member // members who signed, the author first; nil entries are keys of no member
	author   *parley.Member   // nil for a node and for keys that are not enrolled yet
	account  parley.Ref       // whose word this is: the author's account, or the one it is entered for
	node     bool
	ref      parley.Ref // what the command makes or concerns, for the outcome
}

// seat finds out who speaks and whether they may.
func (t *turn) seat(signed *Signed) *Refusal {
	s, c := t.s, t.cmd
	t.keys = signed.Signers
	open := s.theatre.get("")
	if c.Kind == "theatre.open" {
		if open != nil {
			return refuse(parley.CodeExists, "kind", "theatre.open", "no second opening of a theatre")
		}
		return nil
	}
	if open == nil || c.Theatre != open.Name {
		return refuse(parley.CodeOtherTheatre, "theatre", c.Theatre.String(), "the theatre of this journal")
	}
	if c.NotBefore != nil && c.NotBefore.Size > t.position {
		return refuse(parley.CodeClock, "not_before.size", "a tree head that has not been reached", "a tree head of this journal")
	}
	if len(signed.Signers) == 0 || signed.Signers[0] != c.Key {
		return refuse(parley.CodeBadSignature, "key", string(c.Key), "the key of the first signature")
	}
	rule := rules[c.Kind]
	if rule.own { // member.enrol brings its own key
		return nil
	}
	for i, id := range signed.Signers {
		key := s.keys.get(string(id))
		if key == nil {
			if i > 0 && c.Kind == "key.rotate" {
				t.signers = append(t.signers, nil) // the new key, which the command admits
				continue
			}
			return refuse(parley.CodeUnknownKey, "key", string(id), "a key that was admitted")
		}
		if key.Member == "" {
			t.node = i == 0 && len(signed.Signers) == 1
			t.signers = append(t.signers, nil)
			if !t.node {
				return refuse(parley.CodeNotPermitted, "key", string(id), "no node key beside a member's")
			}
			continue
		}
		m := s.members.get(string(key.Member))
		if key.Revoked != 0 || m.Revoked != 0 {
			return refuse(parley.CodeKeyRevoked, "key", string(id), "a key that was not revoked")
		}
		if key.Rotated != 0 && (c.NotBefore == nil || c.NotBefore.Size > key.Rotated || t.at >= key.Grace) {
			return refuse(parley.CodeKeyRevoked, "key", string(id), "the key that followed it; a rotated key signs for a time for commands that quote a checkpoint from before")
		}
		t.signers = append(t.signers, m)
	}
	if t.node {
		if c.OnBehalf != nil {
			return t.seatForm(rule)
		}
		if !rule.node {
			return refuse(parley.CodeNotPermitted, "kind", string(c.Kind), "a command that a node signs")
		}
		return nil
	}
	t.author = t.signers[0]
	t.account = t.author.Account
	if a := s.accounts.get(string(t.account)); a.Suspended {
		return refuse(parley.CodeNotPermitted, "key", "a member of a suspended account", "an account that is not suspended")
	}
	if c.OnBehalf != nil {
		return t.seatBehalf(rule)
	}
	if rule.node || !rule.any && !rule.self && !t.author.Has(rule.roles...) {
		return refuse(parley.CodeNotPermitted, "kind", string(c.Kind), rule.whoWords())
	}
	if rule.fourEyes && t.second(rule.roles) == nil {
		return refuse(parley.CodeFourEyes, "signatures", "one person's signature", "a second "+rule.whoWords()+" of the same account signs the same command")
	}
	return nil
}

// seatBehalf lets the desk speak for an account that told it something.
func (t *turn) seatBehalf(rule *rule) *Refusal {
	of := t.cmd.OnBehalf.Of
	a := t.s.accounts.get(string(of))
	switch {
	case !rule.behalf || t.author.Account != parley.Desk || t.cmd.OnBehalf.ByNode():
		return refuse(parley.CodeOnBehalf, "on_behalf", string(t.cmd.Kind), "a command that the desk may enter for another, signed by a member of the desk")
	case a == nil:
		return notFound("on_behalf.of")
	case a.Suspended:
		return refuse(parley.CodeNotPermitted, "on_behalf.of", "a suspended account", "an account that is not suspended")
	case t.cmd.OnBehalf.At > t.at+5*parley.Minute:
		return refuse(parley.CodeClock, "on_behalf.at", parley.Stamp(t.cmd.OnBehalf.At), "a time that has been")
	}
	if a.Ref.Kind() == parley.RefParty && !rule.party() || a.Ref.Kind() == parley.RefOrganisation && !rule.organisation() {
		return refuse(parley.CodeNotPermitted, "on_behalf.of", string(of), "an account whose members may say this")
	}
	t.account = of
	return nil
}

// seatForm lets a member of an organisation speak by a page without a key, or by SMS: the node signs and says whose session or number it was. What the
// member's roles allow is decided as for their own key; the word stays one that the notifier did not sign.
func (t *turn) seatForm(rule *rule) *Refusal {
	b := t.cmd.OnBehalf
	if !rule.form || !b.ByNode() {
		return refuse(parley.CodeOnBehalf, "on_behalf", string(t.cmd.Kind), "a command that may come by form, signed by a node")
	}
	m := t.s.members.get(string(b.Member))
	switch {
	case m == nil || m.Account != b.Of:
		return notFound("on_behalf.member")
	case m.Revoked != 0 || !t.s.hasKey(m.Ref):
		return refuse(parley.CodeKeyRevoked, "on_behalf.member", string(b.Member), "a member who was not revoked and holds a key")
	case t.s.accounts.get(string(b.Of)).Suspended:
		return refuse(parley.CodeNotPermitted, "on_behalf.of", "a suspended account", "an account that is not suspended")
	case b.At > t.at+5*parley.Minute:
		return refuse(parley.CodeClock, "on_behalf.at", parley.Stamp(b.At), "a time that has been")
	case !rule.any && !m.Has(rule.roles...):
		return refuse(parley.CodeNotPermitted, "kind", string(t.cmd.Kind), rule.whoWords())
	}
	t.author, t.account = m, b.Of
	return nil
}

// hasKey reports whether a member holds a key that opens sessions.
func (s *State) hasKey(member parley.Ref) bool {
	return slices.ContainsFunc(s.keysOf[member], func(id string) bool {
		k := s.keys.get(id)
		return k.Revoked == 0 && k.Rotated == 0
	})
}

// told returns how the word came to whoever signed it, empty for what its author signed.
func (t *turn) told() parley.Channel {
	if t.cmd.OnBehalf == nil {
		return ""
	}
	return t.cmd.OnBehalf.Channel
}

// second returns another member of the author's account, with one of the roles, who signed too.
func (t *turn) second(roles []parley.Role) *parley.Member {
	for _, m := range t.signers[1:] {
		if m != nil && m.Ref != t.author.Ref && m.Account == t.author.Account && m.Has(roles...) {
			return m
		}
	}
	return nil
}

// by returns the author's reference, empty for a node.
func (t *turn) by() parley.Ref {
	if t.author == nil {
		return ""
	}
	return t.author.Ref
}

// newRef derives a free reference from the command's name.
func (t *turn) newRef(kind parley.RefKind) parley.Ref { return t.s.freeRef(kind, t.name) }

// freeRef lengthens a reference until it is free.
func (s *State) freeRef(kind parley.RefKind, seed parley.Hash) parley.Ref {
	for length := 5; ; length++ {
		if ref := parley.MakeRef(kind, seed, length); !s.taken[ref] {
			return ref
		}
	}
}

// tell puts a notice into an account's inbox. Notices name records, never their content. What the desk keeps itself tells it once, not as the desk and as the owner.
func (s *State) tell(n parley.Notice) {
	if told := s.inboxes[n.To]; n.To == parley.Desk && len(told) > 0 {
		if l := s.notices.at(told[len(told)-1]); l.Position == n.Position && l.At == n.At && l.Kind == n.Kind && l.Object == n.Object && l.Version == n.Version && l.Other == n.Other && s.keeps(n.Object) {
			return
		}
	}
	n.Number = uint64(len(s.inboxes[n.To])) // each account counts its own: numbers tell nothing about others
	s.inboxes[n.To] = append(s.inboxes[n.To], uint64(s.notices.len()))
	s.notices.add(n)
}

// tell puts a notice about this turn into an account's inbox.
func (t *turn) tell(to parley.Ref, kind parley.NoticeKind, object parley.Versioned, more ...func(*parley.Notice)) {
	n := parley.Notice{To: to, Kind: kind, Object: object.Ref, Version: object.Version, At: t.at, Position: t.position}
	for _, m := range more {
		m(&n)
	}
	t.s.tell(n)
}

func due(at int64) func(*parley.Notice)         { return func(n *parley.Notice) { n.Due = at } }
func other(ref parley.Ref) func(*parley.Notice) { return func(n *parley.Notice) { n.Other = ref } }
func urgent(is bool) func(*parley.Notice)       { return func(n *parley.Notice) { n.Urgent = is } }

// parties returns the references of all parties, in order.
func (s *State) parties() []parley.Ref {
	var refs []parley.Ref
	for ref := range s.held {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	return refs
}
