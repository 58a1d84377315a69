package channel

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"parley"
)

// theatreOpen is the first entry: it makes the board, the desk, the trustees and the node keys.
func (t *turn) theatreOpen(b *parley.TheatreOpen) (effect, *Refusal) {
	if t.position != 0 {
		return nil, refuse(parley.CodeExists, "kind", "theatre.open", "no second opening of a theatre")
	}
	for i, trustee := range b.Trustees {
		if !slices.Contains(t.keys, trustee.Key.ID()) {
			return nil, refuse(parley.CodeFourEyes, fmt.Sprintf("body.trustees[%d].key", i), "no signature by "+string(trustee.Key.ID()), "every founding trustee signs")
		}
	}
	if len(t.keys) != len(b.Trustees) {
		return nil, refuse(parley.CodeFourEyes, "signatures", fmt.Sprintf("%d signatures", len(t.keys)), "the founding trustees' signatures, and no others")
	}
	return func() {
		s := t.s
		s.theatre.put("", &parley.TheatreRecord{Name: t.name, Title: b.Title, Profile: b.Profile, Clock: b.Clock, Opened: t.at})
		for _, ref := range []parley.Ref{parley.Board, parley.Desk} {
			s.addAccount(&parley.Account{Ref: ref, Since: t.at})
		}
		for i, trustee := range b.Trustees {
			seed := sha256.Sum256(fmt.Appendf(nil, "trustee %d of %s", i, t.name))
			ref := s.freeRef(parley.RefMember, seed)
			s.addMember(&parley.Member{Ref: ref, Account: parley.Board, Roles: []parley.Role{parley.Trustee}, Name: trustee.Name, Enrolled: t.at})
			s.addKey(trustee.Key, ref, t.position)
		}
		for _, key := range b.Nodes {
			s.addKey(key, "", t.position)
		}
		t.account = parley.Board
	}, nil
}

func (s *State) addAccount(a *parley.Account) {
	s.accounts.put(string(a.Ref), a)
	s.noteAccount(a)
}

func (s *State) noteAccount(a *parley.Account) {
	s.taken[a.Ref] = true
	if a.Ref.Kind() == parley.RefParty {
		s.held[a.Ref] = &holding{in: newVolumes(), full: map[int]bool{}}
	}
}

func (s *State) addMember(m *parley.Member) {
	s.members.put(string(m.Ref), m)
	s.noteMember(m)
}

func (s *State) noteMember(m *parley.Member) {
	s.taken[m.Ref] = true
	s.byAccount[m.Account] = append(s.byAccount[m.Account], m.Ref)
}

func (s *State) addKey(k parley.PublicKey, member parley.Ref, position uint64) {
	r := &parley.KeyRecord{ID: k.ID(), Public: k, Member: member, From: position}
	s.keys.put(string(r.ID), r)
	s.noteKey(r)
}

func (s *State) noteKey(k *parley.KeyRecord) {
	if k.Member != "" {
		s.keysOf[k.Member] = append(s.keysOf[k.Member], string(k.ID))
	}
}

func (t *turn) profileSet(b *parley.ProfileSet) (effect, *Refusal) {
	if b.Profile.Exercise != t.s.profile().Exercise {
		return nil, refuse(parley.CodeWrongState, "body.profile.exercise", fmt.Sprint(b.Profile.Exercise), "the mark the theatre was opened with")
	}
	return func() {
		t.s.theatre.edit("").Profile = b.Profile
		for _, ref := range t.s.everyAccount() {
			t.tell(ref, parley.NoticeProfile, parley.Versioned{})
		}
	}, nil
}

func (s *State) everyAccount() []parley.Ref {
	var refs []parley.Ref
	for _, key := range s.accounts.keys() {
		refs = append(refs, parley.Ref(key))
	}
	return refs
}

func (t *turn) partyAdmit(b *parley.PartyAdmit) (effect, *Refusal) {
	return func() {
		t.ref = t.newRef(parley.RefParty)
		t.s.addAccount(&parley.Account{Ref: t.ref, Name: b.Name, PartyKind: b.PartyKind, Since: t.at,
			Head: parley.ListHead{Party: t.ref, Root: emptyList}})
		t.tell(parley.Desk, parley.NoticeAdmitted, parley.Versioned{Ref: t.ref})
		t.s.after(t.at, t.s.profile().Clocks.Attestation, t.ref, deadlineAttest, "")
		t.s.after(t.at, t.s.profile().Clocks.TestCall, t.ref, deadlineTestCall, "")
	}, nil
}

func (t *turn) organisationAdmit(b *parley.OrganisationAdmit) (effect, *Refusal) {
	return func() {
		t.ref = t.newRef(parley.RefOrganisation)
		t.s.addAccount(&parley.Account{Ref: t.ref, Name: b.Name, OrganisationKind: b.OrganisationKind, Since: t.at})
		t.tell(parley.Desk, parley.NoticeAdmitted, parley.Versioned{Ref: t.ref})
	}, nil
}

func (t *turn) partySuspend(b *parley.PartySuspend) (effect, *Refusal) {
	return t.suspend(&b.AccountSuspend)
}

func (t *turn) organisationSuspend(b *parley.OrganisationSuspend) (effect, *Refusal) {
	return t.suspend(&b.AccountSuspend)
}

func (t *turn) suspend(b *parley.AccountSuspend) (effect, *Refusal) {
	a := t.s.accounts.get(string(b.Account))
	if a == nil {
		return nil, notFound("body.account")
	}
	if a.Suspended != b.Resume {
		return nil, refuse(parley.CodeWrongState, "body.resume", fmt.Sprint(b.Resume), "an account in the other state")
	}
	return func() {
		t.ref = b.Account
		t.s.accounts.edit(string(b.Account)).Suspended = !b.Resume
		kind := parley.NoticeSuspended
		if b.Resume {
			kind = parley.NoticeAdmitted
		}
		t.tell(b.Account, kind, parley.Versioned{Ref: b.Account})
		t.tell(parley.Desk, kind, parley.Versioned{Ref: b.Account})
	}, nil
}

// governs reports whether the author may invite to and revoke in an account: trustees everywhere, administrators at home.
func (t *turn) governs(account parley.Ref) bool {
	return t.author.Has(parley.Trustee) || t.author.Has(parley.Administrator) && t.author.Account == account
}

func (t *turn) rotaSet(b *parley.RotaSet) (effect, *Refusal) {
	if t.author.Account != b.Account {
		return nil, notFound("body.account")
	}
	for i, shift := range b.Shifts {
		m := t.s.members.get(string(shift.Member))
		if m == nil || m.Account != b.Account {
			return nil, notFound(fmt.Sprintf("body.shifts[%d].member", i))
		}
	}
	return func() {
		t.ref = b.Account
		t.s.rotas.put(string(b.Account), &parley.Rota{Account: b.Account, Shifts: slices.Clone(b.Shifts), Set: t.at})
		t.s.watchRota(b.Account, t.at)
		t.tell(b.Account, parley.NoticeRota, parley.Versioned{Ref: b.Account})
	}, nil
}
