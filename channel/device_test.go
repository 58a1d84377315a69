package channel_test

import (
	"crypto/sha256"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

func idOf(p *cast.Person) parley.KeyID { return draft.KeyOf(p.Key).ID() }

func sessions(b *cast.Bare, people ...*cast.Person) []bool {
	var open []bool
	for _, p := range people {
		m, ok := b.State.Session(idOf(p))
		open = append(open, ok && m.Ref == p.Ref)
	}
	return open
}

// deviceInvite is an invitation for a further device of a member.
func deviceInvite(c *cast.Cast, of *cast.Person, secret string) *parley.MemberInvite {
	return &parley.MemberInvite{Account: of.Account, Member: of.Ref, Code: sha256.Sum256([]byte(secret)), Expires: c.Now() + parley.Day}
}

func enrol(p *cast.Person, invitation parley.Ref, secret string) func(*draft.Draft) parley.Body {
	return func(*draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: invitation, Secret: secret, Key: draft.KeyOf(p.Key)}
	}
}

func TestAFurtherDeviceSpeaksForItsMember(t *testing.T) {
	c, b := cast.NewBare(t)
	tablet := c.Device(c.A.Officer)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	out := c.Tell(tablet, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: raqqa})
	if out.By != c.A.Officer.Ref || out.Account != c.A.Ref {
		t.Errorf("it is %s of %s who acknowledged; expected %s", out.By, out.Account, c.A.Officer.Ref)
	}
	if got := sessions(b, c.A.Officer, tablet); !got[0] || !got[1] {
		t.Errorf("sessions %v; expected both devices to open one", got)
	}
	members, _ := viewer(c, b, c.A.Second).Members(0, 100)
	var keys []release.Key
	for _, m := range members {
		if m.Ref == c.A.Officer.Ref {
			keys = m.Keys
		}
	}
	if len(keys) != 2 || keys[0].ID != idOf(c.A.Officer) || keys[1].ID != idOf(tablet) || keys[1].Since == "" || keys[1].Revoked != "" {
		t.Errorf("the members' list shows %+v", keys)
	}
	// Two devices of one person are one person.
	trustee, _ := b.State.Session(idOf(c.Trustees[0]))
	c.Trustees[0].Ref = trustee.Ref
	c.Refused(parley.CodeFourEyes, c.Trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text("Force C"), PartyKind: parley.Force}
	}, c.Device(c.Trustees[0]))
}

func TestOnlyAMemberInvitesTheirOwnDevice(t *testing.T) {
	c, _ := cast.NewBare(t)
	for name, p := range map[string]*cast.Person{"a trustee": c.Trustees[0], "the administrator": c.A.Officer, "a colleague": c.A.Adviser, "another party": c.B.Officer} {
		if _, err := c.Say(p, func(*draft.Draft) parley.Body { return deviceInvite(c, c.A.Second, "0123456789abcdef") }); cast.CodeOf(err) != parley.CodeNotFound {
			t.Errorf("%s: %v; expected not_found", name, err)
		}
	}
	c.Refused(parley.CodeNotFound, c.A.Second, func(*draft.Draft) parley.Body {
		i := deviceInvite(c, c.A.Second, "0123456789abcdef")
		i.Account = c.B.Ref
		return i
	})
	// Without a role that invites, a member invites nobody else.
	c.Refused(parley.CodeNotPermitted, c.A.Second, func(*draft.Draft) parley.Body {
		return &parley.MemberInvite{Account: c.A.Ref, Roles: []parley.Role{parley.Planner}, Code: parley.Hash{1}, Expires: c.Now() + parley.Day}
	})
	invitation := c.Tell(c.A.Second, deviceInvite(c, c.A.Second, "0123456789abcdef")).Ref
	phone := &cast.Person{Ref: c.A.Second.Ref, Account: c.A.Ref, Key: draft.NewKey()}
	c.Refused(parley.CodeInvalid, phone, func(d *draft.Draft) parley.Body {
		return &parley.MemberEnrol{Invitation: invitation, Secret: "0123456789abcdef", Key: draft.KeyOf(phone.Key), Name: d.Text("Somebody else")}
	})
	out := c.Must(phone, enrol(phone, invitation, "0123456789abcdef"))
	if out.Ref != c.A.Second.Ref || out.By != c.A.Second.Ref || out.Account != c.A.Ref {
		t.Errorf("the enrolment made %s by %s of %s; expected a device of %s", out.Ref, out.By, out.Account, c.A.Second.Ref)
	}
	other := &cast.Person{Key: draft.NewKey()}
	c.Refused(parley.CodeInvitation, other, enrol(other, invitation, "0123456789abcdef"))
	// Somebody new still gives a name.
	invitation = c.Tell(c.A.Officer, &parley.MemberInvite{Account: c.A.Ref, Roles: []parley.Role{parley.Planner}, Code: sha256.Sum256([]byte("fedcba9876543210")), Expires: c.Now() + parley.Day}).Ref
	c.Refused(parley.CodeInvalid, other, enrol(other, invitation, "fedcba9876543210"))
}

func TestARevokedKeyEndsAloneAndAtOnce(t *testing.T) {
	c, b := cast.NewBare(t)
	phone, tablet := c.Device(c.A.Second), c.Device(c.A.Second)
	revoke := func(p *cast.Person) func(*draft.Draft) parley.Body {
		return func(*draft.Draft) parley.Body { return &parley.KeyRevoke{Key: idOf(p)} }
	}
	for name, who := range map[string]*cast.Person{"a colleague": c.A.Adviser, "another party's administrator": c.B.Officer, "the desk": c.Releaser} {
		if _, err := c.Say(who, revoke(phone)); cast.CodeOf(err) != parley.CodeNotFound {
			t.Errorf("%s: %v; expected not_found, as for a key that was never admitted", name, err)
		}
	}
	c.Refused(parley.CodeNotFound, c.A.Officer, revoke(&cast.Person{Key: draft.NewKey()}))
	c.Refused(parley.CodeNotFound, c.Trustees[0], revoke(&cast.Person{Key: c.Node}))

	// A thief who holds the telephone has opened an invitation; it ends with the key.
	back := c.Tell(phone, deviceInvite(c, c.A.Second, "0123456789abcdef")).Ref
	c.Must(tablet, revoke(phone))
	if got := sessions(b, c.A.Second, phone, tablet); !got[0] || got[1] || !got[2] {
		t.Errorf("sessions of the first key, the telephone, the tablet: %v; expected the telephone's alone to end", got)
	}
	c.Refused(parley.CodeKeyRevoked, phone, func(*draft.Draft) parley.Body { return &parley.StopRaise{Place: &raqqa} })
	c.Refused(parley.CodeWrongState, tablet, revoke(phone))
	thief := &cast.Person{Key: draft.NewKey()}
	c.Refused(parley.CodeInvitation, thief, enrol(thief, back, "0123456789abcdef"))
	again := c.Device(c.A.Second)
	c.Must(c.A.Officer, revoke(again))    // whoever governs the account
	c.Must(c.Trustees[0], revoke(tablet)) // and the board
	c.Must(c.A.Second, revoke(c.A.Second))
	if got := sessions(b, c.A.Second, tablet, again); got[0] || got[1] || got[2] {
		t.Errorf("sessions %v; expected none: the last key may be revoked too", got)
	}
	members, _ := viewer(c, b, c.A.Officer).Members(0, 100)
	for _, m := range members {
		if m.Ref != c.A.Second.Ref {
			continue
		}
		if m.Revoked != "" || len(m.Keys) != 4 {
			t.Errorf("%+v; expected a member with four keys who was not revoked", m)
		}
		for _, k := range m.Keys {
			if k.Revoked == "" {
				t.Errorf("%+v; expected when it was revoked", k)
			}
		}
	}
	notices, _ := viewer(c, b, c.A.Officer).Inbox(0, 1000)
	told := map[parley.NoticeKind]int{}
	for _, n := range notices {
		told[n.Kind]++
	}
	if told[parley.NoticeKeyAdded] != 3 || told[parley.NoticeKeyRevoked] != 4 {
		t.Errorf("told %v; expected each device that came and each that ended", told)
	}
}

func TestRotationIsPerKeyAndOldKeysChangeNoKeys(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	phone := c.Device(c.Org)
	next := &cast.Person{Ref: c.Org.Ref, Account: c.OrgRef, Key: draft.NewKey()}
	pending := c.Tell(phone, deviceInvite(c, c.Org, "0123456789abcdef")).Ref
	before := b.State.Size()
	c.Tell(phone, &parley.KeyRotate{New: draft.KeyOf(next.Key)}, next)
	if got := sessions(b, c.Org, phone, next); !got[0] || got[1] || !got[2] {
		t.Errorf("sessions of the first key, the telephone's old and new one: %v", got)
	}
	late := func(p *cast.Person, body parley.Body) parley.Code {
		d := c.Draft()
		d.NotBefore = &parley.Checkpoint{Size: before, Root: parley.Hash{1}}
		s, err := d.Sign(body, p.Key)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Play(s)
		return cast.CodeOf(err)
	}
	if code := late(phone, &parley.SiteRevalidate{Of: cast.V(ref, 1)}); code != "" {
		t.Errorf("a command from before the rotation: %s", code)
	}
	for _, body := range []parley.Body{deviceInvite(c, c.Org, "fedcba9876543210"), &parley.KeyRevoke{Key: idOf(next)}, &parley.KeyRevoke{Key: idOf(c.Org)}} {
		if code := late(phone, body); code != parley.CodeKeyRevoked {
			t.Errorf("%s by a key that another has followed: %q; expected key_revoked", body.Kind(), code)
		}
	}
	thief := &cast.Person{Key: draft.NewKey()}
	c.Refused(parley.CodeInvitation, thief, enrol(thief, pending, "0123456789abcdef"))
	c.Tell(c.Org, &parley.SiteRevalidate{Of: cast.V(ref, 1)})
	// Ending the time of grace.
	c.Tell(next, &parley.KeyRevoke{Key: idOf(phone)})
	if code := late(phone, &parley.SiteRevalidate{Of: cast.V(ref, 1)}); code != parley.CodeKeyRevoked {
		t.Errorf("the old key after it was revoked: %q", code)
	}
	// A member who is revoked loses every key.
	c.Tell(c.Trustees[0], &parley.MemberRevoke{Member: c.Org.Ref})
	if got := sessions(b, c.Org, next); got[0] || got[1] {
		t.Errorf("sessions of a revoked member: %v", got)
	}
}
