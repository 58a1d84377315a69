package channel

import (
	"fmt"
	"slices"

	"parley"
)

// payloadErase marks payloads as erased. Package node then destroys them and their keys; nothing here ever read them.
func (t *turn) payloadErase(b *parley.PayloadErase) (effect, *Refusal) {
	for i, c := range b.Payloads {
		field := fmt.Sprintf("body.payloads[%d]", i)
		owner, ok := t.s.broughtBy(c)
		if !ok || owner != t.account && !t.author.Has(parley.Trustee) {
			return nil, notFound(field)
		}
	}
	held := t.s.heldTexts()
	for i, c := range b.Payloads {
		if held[c] {
			return nil, refuse(parley.CodeHold, fmt.Sprintf("body.payloads[%d]", i), "a text about harm, an incident or what it concerns", "a text under no incident hold: nothing that was said about harm is erased while one stands")
		}
	}
	return func() {
		for _, c := range b.Payloads {
			if t.s.erased.get(c.String()) != nil {
				continue
			}
			t.s.erased.put(c.String(), &erasure{At: t.at})
			account, _ := t.s.broughtBy(c)
			t.tell(account, parley.NoticeErased, parley.Versioned{})
		}
	}, nil
}

// Erased reports whether a payload was erased.
func (s *State) Erased(c parley.Hash) bool { return s.erased.get(c.String()) != nil }

// ErasedPayloads returns every payload that was erased, in order: after a crash, package node makes sure that none is left.
func (s *State) ErasedPayloads() []parley.Hash {
	var all []parley.Hash
	for _, key := range s.erased.keys() {
		h, err := parley.ParseHash(key)
		if err != nil {
			panic("channel: an erasure's key is no commitment: " + key)
		}
		all = append(all, h)
	}
	return all
}

// clockAdvance does nothing: deadlines up to its log time have fired before it.
func (t *turn) clockAdvance(*parley.ClockAdvance) (effect, *Refusal) { return func() {}, nil }

func (t *turn) deliveryNote(b *parley.DeliveryNote) (effect, *Refusal) {
	if t.s.accounts.get(string(b.To)) == nil {
		return nil, notFound("body.to")
	}
	return func() {
		for _, of := range b.Items {
			key := releaseKey(of, b.To)
			if r := t.s.releases.get(key); r != nil && r.State == parley.Released {
				e := t.s.releases.edit(key)
				e.State, e.DeliveredAt = parley.Delivered, b.At
			}
		}
	}, nil
}

func (t *turn) readNote(b *parley.ReadNote) (effect, *Refusal) {
	return func() {
		for i, r := range b.Reads {
			if t.s.object(r.Object) != nil && t.s.members.get(string(r.Member)) != nil {
				t.s.reads.put(fmt.Sprintf("%s %015d %03d", r.Object, t.position, i), &r)
			}
		}
	}, nil
}

func (t *turn) refusalCount(b *parley.RefusalCount) (effect, *Refusal) {
	if t.s.accounts.get(string(b.Account)) == nil {
		return nil, notFound("body.account")
	}
	return func() { t.s.accounts.edit(string(b.Account)).Refusals += b.Count }, nil
}

// KeyOf returns a public key that was admitted, whether or not it is still valid: signatures of the past verify under it.
func (s *State) KeyOf(id parley.KeyID) (parley.PublicKey, bool) {
	if k := s.keys.get(string(id)); k != nil {
		return k.Public, true
	}
	return parley.PublicKey{}, false
}

// KeysBrought returns the keys that a command brings itself: those of the founding trustees, an enrolling member, a rotation.
func KeysBrought(c *parley.Command) []parley.PublicKey {
	switch b := c.Body.(type) {
	case *parley.TheatreOpen:
		var keys []parley.PublicKey
		for _, t := range b.Trustees {
			keys = append(keys, t.Key)
		}
		return keys
	case *parley.MemberEnrol:
		return []parley.PublicKey{b.Key}
	case *parley.KeyRotate:
		return []parley.PublicKey{b.New}
	}
	return nil
}

// Session returns the member who may open a session with a key: valid, not revoked, of an account that is not suspended.
func (s *State) Session(id parley.KeyID) (parley.Member, bool) {
	k := s.keys.get(string(id))
	if k == nil || k.Member == "" || k.Revoked != 0 || k.Rotated != 0 {
		return parley.Member{}, false
	}
	m := s.members.get(string(k.Member))
	if m.Revoked != 0 || s.accounts.get(string(m.Account)).Suspended {
		return parley.Member{}, false
	}
	c := *m
	c.Roles = slices.Clone(m.Roles)
	return c, true
}

// AccountOf returns the account of a key's member, "" for a node's key and for one that was never admitted.
func (s *State) AccountOf(id parley.KeyID) parley.Ref {
	if k := s.keys.get(string(id)); k != nil && k.Member != "" {
		return s.members.get(string(k.Member)).Account
	}
	return ""
}

// AccountOfMember returns the account that a member belongs to.
func (s *State) AccountOfMember(ref parley.Ref) (parley.Ref, bool) {
	if m := s.members.get(string(ref)); m != nil {
		return m.Account, true
	}
	return "", false
}

// MayBind reports whether a member may bind a telephone number to another of the same organisation: an administrator who was not revoked,
// for a member who was not revoked.
func (s *State) MayBind(by, member parley.Ref) bool {
	a, m := s.members.get(string(by)), s.members.get(string(member))
	return a != nil && m != nil && a.Account == m.Account && m.Account.Kind() == parley.RefOrganisation && a.Revoked == 0 && m.Revoked == 0 && a.Has(parley.Administrator)
}

// SpeakerOf returns the account whose word a command is: the author's, or the one it is entered for.
func (s *State) SpeakerOf(c *parley.Command) parley.Ref {
	if c.OnBehalf != nil {
		return c.OnBehalf.Of
	}
	return s.AccountOf(c.Key)
}

// HasPayload reports whether an account has brought a payload that was not erased: it need not come again.
func (s *State) HasPayload(account parley.Ref, c parley.Commitment) bool {
	by, ok := s.broughtBy(c.Hash)
	return ok && by == account && account != "" && !s.Erased(c.Hash)
}

// NodeKey returns a node's public key that is valid.
func (s *State) NodeKey(id parley.KeyID) (parley.PublicKey, bool) {
	if k := s.keys.get(string(id)); k != nil && k.Member == "" && k.Revoked == 0 {
		return k.Public, true
	}
	return parley.PublicKey{}, false
}
