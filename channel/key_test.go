package channel_test

import (
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

func TestRotatedKeySignsForATimeForWhatWasMadeBefore(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	before := b.State.Size()
	old, fresh := *c.Org, &cast.Person{Ref: c.Org.Ref, Account: c.Org.Account, Key: draft.NewKey()}
	c.Refused(parley.CodeFourEyes, c.Org, func(*draft.Draft) parley.Body { return &parley.KeyRotate{New: draft.KeyOf(fresh.Key)} })
	c.Tell(c.Org, &parley.KeyRotate{New: draft.KeyOf(fresh.Key)}, fresh)
	late := func(size uint64) error {
		d := c.Draft()
		if size > 0 {
			d.NotBefore = &parley.Checkpoint{Size: size, Root: parley.Hash{1}}
		}
		s, err := d.Sign(&parley.SiteRevalidate{Of: cast.V(ref, 1)}, old.Key)
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Play(s)
		return err
	}
	if err := late(before); err != nil {
		t.Errorf("a command from before the rotation: %v", err)
	}
	for name, size := range map[string]uint64{"no checkpoint": 0, "a checkpoint after the rotation": b.State.Size()} {
		if code := cast.CodeOf(late(size)); code != parley.CodeKeyRevoked {
			t.Errorf("the old key with %s: %q; expected key_revoked", name, code)
		}
	}
	c.Tell(fresh, &parley.SiteRevalidate{Of: cast.V(ref, 1)})
	b.At += 14 * parley.Day
	if code := cast.CodeOf(late(before)); code != parley.CodeKeyRevoked {
		t.Errorf("the old key after 14 days: %q; expected key_revoked", code)
	}
	c.Tell(c.Trustees[0], &parley.MemberRevoke{Member: c.Org.Ref})
	c.Refused(parley.CodeKeyRevoked, fresh, func(*draft.Draft) parley.Body { return &parley.SiteRevalidate{Of: cast.V(ref, 1)} })
}

func TestTrusteesSignInPairsAndAdministratorsStayAtHome(t *testing.T) {
	c, _ := cast.NewBare(t)
	admit := func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text("Force C"), PartyKind: parley.Force}
	}
	c.Refused(parley.CodeFourEyes, c.Trustees[0], admit)
	c.Refused(parley.CodeFourEyes, c.Trustees[0], admit, c.Verifier)
	c.Refused(parley.CodeNotPermitted, c.A.Officer, admit, c.A.Second)
	c.Must(c.Trustees[1], admit, c.Trustees[0])
	invite := func(account parley.Ref, role parley.Role) func(*draft.Draft) parley.Body {
		return func(*draft.Draft) parley.Body {
			return &parley.MemberInvite{Account: account, Roles: []parley.Role{role}, Code: parley.Hash{1}, Expires: c.Now() + parley.Day}
		}
	}
	c.Must(c.A.Officer, invite(c.A.Ref, parley.Planner))
	c.Refused(parley.CodeNotFound, c.A.Officer, invite(c.B.Ref, parley.Planner))
	c.Refused(parley.CodeNotFound, c.A.Officer, func(*draft.Draft) parley.Body { return &parley.MemberRevoke{Member: c.B.Officer.Ref} })
	c.Tell(c.Trustees[0], &parley.PartySuspend{AccountSuspend: parley.AccountSuspend{Account: c.A.Ref, Reason: parley.CommitmentOf(parley.Bits128{1}, "x")}}, c.Trustees[1])
	c.Refused(parley.CodeNotPermitted, c.A.Officer, invite(c.A.Ref, parley.Planner))
}
