package channel

import (
	"crypto/sha256"

	"parley"
)

func (t *turn) memberInvite(b *parley.MemberInvite) (effect, *Refusal) {
	if b.Member != "" {
		return t.deviceInvite(b)
	}
	if roles := rules[t.cmd.Kind]; !t.author.Has(roles.roles...) {
		return nil, refuse(parley.CodeNotPermitted, "kind", string(t.cmd.Kind), roles.whoWords())
	}
	a := t.s.accounts.get(string(b.Account))
	if a == nil || !t.governs(b.Account) {
		return nil, notFound("body.account")
	}
	if isMonitor := a.OrganisationKind == parley.MonitorOrganisation; a.OrganisationKind != "" {
		for _, r := range b.Roles {
			if r != parley.Administrator && (r == parley.MonitorOfficer) != isMonitor {
				return nil, refuse(parley.CodeNotPermitted, "body.roles", string(r), "a role of this kind of organisation")
			}
		}
	}
	return t.invite(b)
}

// deviceInvite opens an invitation for a further device of the author. A key that another has followed cannot: whoever found it would
// be back for good.
func (t *turn) deviceInvite(b *parley.MemberInvite) (effect, *Refusal) {
	if b.Member != t.author.Ref || b.Account != t.author.Account {
		return nil, notFound("body.member")
	}
	if r := t.keyInUse(); r != nil {
		return nil, r
	}
	return t.invite(b)
}

func (t *turn) invite(b *parley.MemberInvite) (effect, *Refusal) {
	if b.Expires <= t.at {
		return nil, refuse(parley.CodeClock, "body.expires", parley.Stamp(b.Expires), "a time to come")
	}
	return func() {
		t.ref = t.newRef(parley.RefInvitation)
		t.s.taken[t.ref] = true
		t.s.invitations.put(string(t.ref), &parley.Invitation{Ref: t.ref, Account: b.Account, Member: b.Member, Roles: b.Roles, Echelon: b.Echelon, Code: b.Code, Expires: b.Expires, By: t.by()})
	}, nil
}

// keyInUse refuses a key that another has followed: it still speaks for a time, and changes no keys.
func (t *turn) keyInUse() *Refusal {
	if t.s.keys.get(string(t.cmd.Key)).Rotated != 0 {
		return refuse(parley.CodeKeyRevoked, "key", string(t.cmd.Key), "the key that followed it")
	}
	return nil
}

func (t *turn) memberEnrol(b *parley.MemberEnrol) (effect, *Refusal) {
	inv := t.s.invitations.get(string(b.Invitation))
	wrong := refuse(parley.CodeInvitation, "body.invitation", "an invitation", "one that is there, unspent, not expired, with its secret")
	if inv == nil || inv.Spent || t.at >= inv.Expires || sha256.Sum256([]byte(b.Secret)) != inv.Code {
		return nil, wrong
	}
	if b.Key.ID() != t.cmd.Key {
		return nil, refuse(parley.CodeBadSignature, "body.key", string(b.Key.ID()), "the key that signs this command")
	}
	if t.s.keys.get(string(t.cmd.Key)) != nil {
		return nil, refuse(parley.CodeExists, "body.key", string(t.cmd.Key), "a key that was never admitted")
	}
	if inv.Member != "" {
		return t.deviceEnrol(b, inv)
	}
	if b.Name.IsZero() {
		return nil, refuse(parley.CodeInvalid, "body.name", "nothing", "the commitment of a text: the new member's name")
	}
	return func() {
		t.s.invitations.edit(string(b.Invitation)).Spent = true
		t.ref = t.newRef(parley.RefMember)
		t.account = inv.Account
		m := &parley.Member{Ref: t.ref, Account: inv.Account, Roles: inv.Roles, Echelon: inv.Echelon, Name: b.Name, Phone: b.Phone, Enrolled: t.at}
		t.s.addMember(m)
		t.author = m
		t.s.addKey(b.Key, t.ref, t.position)
		t.tell(inv.Account, parley.NoticeEnrolled, parley.Versioned{Ref: t.ref})
	}, nil
}

// deviceEnrol adds a key to the member whose invitation this is.
func (t *turn) deviceEnrol(b *parley.MemberEnrol, inv *parley.Invitation) (effect, *Refusal) {
	if !b.Name.IsZero() || !b.Phone.IsZero() {
		return nil, refuse(parley.CodeInvalid, "body.name", "a name or a telephone number", "neither: a further device has its member's")
	}
	return func() {
		t.s.invitations.edit(string(b.Invitation)).Spent = true
		t.ref, t.account, t.author = inv.Member, inv.Account, t.s.members.get(string(inv.Member))
		t.s.addKey(b.Key, inv.Member, t.position)
		t.tell(inv.Account, parley.NoticeKeyAdded, parley.Versioned{Ref: inv.Member})
	}, nil
}

func (t *turn) memberRevoke(b *parley.MemberRevoke) (effect, *Refusal) {
	m := t.s.members.get(string(b.Member))
	if m == nil || !t.governs(m.Account) {
		return nil, notFound("body.member")
	}
	if m.Revoked != 0 {
		return nil, refuse(parley.CodeWrongState, "body.member", string(b.Member), "a member who was not revoked")
	}
	return func() {
		t.ref = b.Member
		t.s.members.edit(string(b.Member)).Revoked = t.at
		for _, id := range t.s.keysOf[b.Member] {
			if t.s.keys.get(id).Revoked == 0 {
				t.s.keys.edit(id).Revoked = t.at
			}
		}
		t.s.endDeviceInvitations(b.Member)
		t.tell(m.Account, parley.NoticeRevoked, parley.Versioned{Ref: b.Member})
	}, nil
}

// endDeviceInvitations spends what a member's keys have opened: whoever holds a key that ends must not come back by an invitation.
func (s *State) endDeviceInvitations(member parley.Ref) {
	for _, ref := range s.invitations.keys() {
		if inv := s.invitations.get(ref); inv.Member == member && !inv.Spent {
			s.invitations.edit(ref).Spent = true
		}
	}
}

func (t *turn) keyRevoke(b *parley.KeyRevoke) (effect, *Refusal) {
	key := t.s.keys.get(string(b.Key))
	if key == nil || key.Member == "" {
		return nil, notFound("body.key")
	}
	m := t.s.members.get(string(key.Member))
	if m.Ref != t.author.Ref && !t.governs(m.Account) {
		return nil, notFound("body.key")
	}
	if r := t.keyInUse(); r != nil {
		return nil, r
	}
	if key.Revoked != 0 {
		return nil, refuse(parley.CodeWrongState, "body.key", string(b.Key), "a key that was not revoked")
	}
	return func() {
		t.ref = m.Ref
		t.s.keys.edit(string(b.Key)).Revoked = t.at
		t.s.endDeviceInvitations(m.Ref)
		t.tell(m.Account, parley.NoticeKeyRevoked, parley.Versioned{Ref: m.Ref})
	}, nil
}

func (t *turn) keyRotate(b *parley.KeyRotate) (effect, *Refusal) {
	if t.s.keys.get(string(b.New.ID())) != nil {
		return nil, refuse(parley.CodeExists, "body.new", string(b.New.ID()), "a key that was never admitted")
	}
	if r := t.keyInUse(); r != nil {
		return nil, r
	}
	if len(t.signers) != 2 || t.signers[1] != nil {
		return nil, refuse(parley.CodeFourEyes, "signatures", "no signature by the new key", "both keys sign a rotation")
	}
	return func() {
		t.ref = t.author.Ref
		old := t.s.keys.edit(string(t.cmd.Key))
		old.Rotated, old.Grace = t.position, t.at+t.s.profile().Clocks.KeyGrace
		t.s.addKey(b.New, t.author.Ref, t.position)
		t.s.endDeviceInvitations(t.author.Ref)
		t.tell(t.author.Account, parley.NoticeRotated, parley.Versioned{Ref: t.author.Ref})
	}, nil
}
