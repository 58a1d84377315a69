package channel_test

import (
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// onBehalf has a member of the desk enter what an account said.
func onBehalf(c *cast.Cast, p *cast.Person, of parley.Ref, body func(*draft.Draft) parley.Body) (parley.Outcome, error) {
	c.T.Helper()
	d := c.Draft()
	d.OnBehalf = &parley.OnBehalf{Of: of, Channel: parley.ByTelephone, At: c.Now()}
	s, err := d.Sign(body(d), p.Key)
	if err != nil {
		c.T.Fatal(err)
	}
	return c.Stage.Play(s)
}

func TestToldByTelephoneIsShownAsToldAndNeverVerifiedByItsRecorder(t *testing.T) {
	c, b := cast.NewBare(t)
	out, err := onBehalf(c, c.Verifier, c.OrgRef, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, raqqa, cast.Start, c.A.Ref)}
	})
	if err != nil {
		t.Fatal(err)
	}
	of := cast.V(out.Ref, 1)
	file, ok := viewer(c, b, c.Org).Object(out.Ref)
	if !ok || file.Versions[0].Private.OnBehalf != "telephone" {
		t.Fatalf("the organisation sees %+v; expected its object, told by telephone", file)
	}
	verify := func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: of, Method: parley.CheckedMap, Source: d.Text("map"), On: c.Now()}
	}
	c.Refused(parley.CodeFourEyes, c.Verifier, verify)
	second := c.Enrol(parley.Desk, parley.Verifier)
	c.Must(second, verify)
	c.Tell(c.Releaser, &parley.ObjectRelease{Of: of, To: c.A.Ref})

	if _, err := onBehalf(c, c.Verifier, c.A.Ref, func(*draft.Draft) parley.Body { return &parley.ObjectAcknowledge{Of: of, ReadBack: raqqa} }); err != nil {
		t.Fatal(err)
	}
	file, _ = viewer(c, b, c.Org).Object(out.Ref)
	if h := file.Holdings[0]; h.Told != "telephone" || h.Acknowledged == "" {
		t.Errorf("the acknowledgement is shown as %+v; expected told by telephone", h)
	}
	// The party has a day to confirm or disown it; no word is recorded as such.
	desk := mark(c, b, c.Verifier)
	b.At += parley.Day
	advance(c, b)
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeBehalfLate)
	c.Tell(c.Org, &parley.BehalfConfirm{Command: out.Name, Disown: true})
	c.Refused(parley.CodeWrongState, c.Org, func(*draft.Draft) parley.Body { return &parley.BehalfConfirm{Command: out.Name} })
}

func TestWhatIsNeverEnteredOnBehalf(t *testing.T) {
	c, _ := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	for name, row := range map[string]struct {
		who  *cast.Person
		of   parley.Ref
		body parley.Body
	}{
		"a verification":     {c.Verifier, c.OrgRef, &parley.ObjectVerify{Of: cast.V(ref, 1), Method: parley.CheckedMap, Source: parley.CommitmentOf(parley.Bits128{1}, "x"), On: c.Now()}},
		"a re-validation":    {c.Verifier, c.OrgRef, &parley.SiteRevalidate{Of: cast.V(ref, 1)}},
		"by another":         {c.Other, c.OrgRef, &parley.StopRaise{Object: ref}},
		"for the wrong kind": {c.Verifier, c.A.Ref, &parley.ObjectAnswer{Query: parley.MakeRef(parley.RefQuery, parley.Hash{}, 5), Answer: parley.CommitmentOf(parley.Bits128{1}, "x")}},
	} {
		_, err := onBehalf(c, row.who, row.of, func(*draft.Draft) parley.Body { return row.body })
		if code := cast.CodeOf(err); code != parley.CodeOnBehalf && code != parley.CodeNotPermitted && code != parley.CodeNotFound {
			t.Errorf("%s: %v; expected a refusal", name, err)
		}
	}
}

func TestEmergencyReleaseByOneOfficerIsMarkedAndCountersigned(t *testing.T) {
	c, b := cast.NewBare(t)
	first, second := c.NotifyHospital(raqqa), c.NotifyHospital(cast.At(35.5528, 39.5079))
	c.Refused(parley.CodeWrongState, c.Releaser, func(*draft.Draft) parley.Body { return &parley.ObjectRelease{Of: cast.V(first, 1), To: c.A.Ref} })
	for _, ref := range []parley.Ref{first, second} {
		c.Tell(c.Verifier, &parley.ObjectRelease{Of: cast.V(ref, 1), To: c.A.Ref, Emergency: true})
	}
	c.Refused(parley.CodeFourEyes, c.Verifier, func(*draft.Draft) parley.Body { return &parley.ReleaseCountersign{Of: cast.V(first, 1), To: c.A.Ref} })
	c.Tell(c.Releaser, &parley.ReleaseCountersign{Of: cast.V(first, 1), To: c.A.Ref})
	board := mark(c, b, c.Trustees[0])
	b.At += 2 * parley.Hour
	advance(c, b)
	expectKinds(t, "the board", kinds(c, b, c.Trustees[0], board), parley.NoticeNoSecond)
	for ref, missing := range map[parley.Ref]bool{first: false, second: true} {
		file, _ := viewer(c, b, c.A.Officer).Object(ref)
		if h := file.Holdings[0]; !h.Emergency || !h.Unverified || h.NoSecond != missing {
			t.Errorf("%s is shown as %+v; expected an unverified emergency release, second signature missing: %v", ref, h, missing)
		}
	}
}

func TestVerifierIsNotReleaserAndConsentDecides(t *testing.T) {
	c, _ := cast.NewBare(t)
	both := c.Enrol(parley.Desk, parley.Verifier, parley.Releaser)
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, raqqa, cast.Start, c.A.Ref)}
	}).Ref
	c.Must(both, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: cast.V(ref, 1), Method: parley.CheckedMap, Source: d.Text("map"), On: c.Now()}
	})
	release := func(to parley.Ref) func(*draft.Draft) parley.Body {
		return func(*draft.Draft) parley.Body { return &parley.ObjectRelease{Of: cast.V(ref, 1), To: to} }
	}
	c.Refused(parley.CodeFourEyes, both, release(c.A.Ref))
	c.Refused(parley.CodeConsent, c.Releaser, release(c.B.Ref))
	c.Must(c.Releaser, release(c.A.Ref))
	c.Refused(parley.CodeExists, c.Releaser, release(c.A.Ref))
}
