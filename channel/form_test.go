package channel_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
)

// form has the node enter what a member typed into a page without a key.
func form(c *cast.Cast, p *cast.Person, body func(*draft.Draft) parley.Body) (parley.Outcome, error) {
	c.T.Helper()
	d := c.Draft()
	d.OnBehalf = &parley.OnBehalf{Of: p.Account, Channel: parley.ByForm, At: c.Now(), Member: p.Ref}
	s, err := d.Sign(body(d), c.Node)
	if err != nil {
		return parley.Outcome{}, err
	}
	return c.Stage.Play(s)
}

func TestAFormIsShownAsNotSignedByTheNotifier(t *testing.T) {
	c, b := cast.NewBare(t)
	before := mark(c, b, c.Org)
	out, err := form(c, c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, raqqa, cast.Start, c.A.Ref)}
	})
	if err != nil || out.By != c.Org.Ref || out.Account != c.OrgRef || out.Told != parley.ByForm {
		t.Fatalf("%+v, %v; expected a form of the notifier", out, err)
	}
	of := cast.V(out.Ref, 1)
	c.Verify(of)
	c.Tell(c.Releaser, &parley.ObjectRelease{Of: of, To: c.A.Ref})
	for name, p := range map[string]*cast.Person{"the notifier": c.Org, "the desk": c.Verifier, "the recipient": c.A.Officer} {
		file, ok := viewer(c, b, p).Object(out.Ref)
		if !ok || file.Commands[0].Told != parley.ByForm {
			t.Errorf("%s sees %+v; expected a version told by form", name, file)
		}
	}
	// A signed version after it is not marked.
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: of, Site: cast.Hospital(d, raqqa, cast.Start, c.A.Ref)}
	})
	file, _ := viewer(c, b, c.Org).Object(out.Ref)
	if file.Commands[1].Told != "" {
		t.Errorf("a signed version is shown as told by %q", file.Commands[1].Told)
	}
	// The account is told of the form at once and may disown it; no clock runs.
	expectKinds(t, "the notifier", kinds(c, b, c.Org, before), parley.NoticeBehalf, parley.NoticeVerified, parley.NoticeReleased)
	entries, _ := viewer(c, b, c.Org).Entries(0, 10)
	if len(entries) != 1 || entries[0].Told != parley.ByForm || entries[0].Due != "" || entries[0].Name != out.Name {
		t.Errorf("entries %+v; expected the form, with no deadline", entries)
	}
	desk := mark(c, b, c.Verifier)
	b.At += 2 * parley.Day
	advance(c, b)
	if got := kinds(c, b, c.Verifier, desk); slices.Contains(got, parley.NoticeBehalfLate) {
		t.Errorf("the desk was told %v: nobody waits for a word about a form", got)
	}
	c.Tell(c.Org, &parley.BehalfConfirm{Command: out.Name, Disown: true})

	// What else may be told: an answer, a report, a stop.
	q := c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectQuery{Of: cast.V(out.Ref, 2), Field: "markings", Question: d.Text("?")}
	}).Ref
	if _, err := form(c, c.Org, func(d *draft.Draft) parley.Body { return &parley.ObjectAnswer{Query: q, Answer: d.Text("!")} }); err != nil {
		t.Error(err)
	}
	stop, err := form(c, c.Org, func(*draft.Draft) parley.Body { return &parley.StopRaise{Object: out.Ref} })
	if err != nil {
		t.Fatal(err)
	}
	file, _ = viewer(c, b, c.Verifier).Object(out.Ref)
	seen, _ := viewer(c, b, c.A.Officer).Stop(stop.Ref)
	if file.Queries[0].Told != parley.ByForm || seen == nil || seen.Log[0].Told != parley.ByForm {
		t.Errorf("answer %+v, stop %+v; expected both told by form", file.Queries[0], seen)
	}
}

func TestWhatNeverComesByForm(t *testing.T) {
	c, _ := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	words := parley.CommitmentOf(parley.Bits128{1}, "x")
	notify := func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, raqqa, cast.Start, c.A.Ref)}
	}
	if _, err := form(c, c.Org, notify); err != nil {
		t.Fatal(err)
	}
	may := []parley.CommandKind{"harm.report", "movement.notify", "movement.report", "movement.update", "object.answer", "presence.notify", "prompt.answer", "site.notify", "site.update", "stop.raise"}
	if got := channel.FormKinds(); !slices.Equal(got, may) {
		t.Errorf("by form may come %v; expected %v", got, may)
	}
	for _, body := range []parley.Body{
		&parley.SiteRevalidate{Of: cast.V(ref, 1)},
		&parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: ref, Reason: parley.Cancelled}},
		&parley.ObjectVerify{Of: cast.V(ref, 1), Method: parley.CheckedMap, Source: words, On: c.Now()},
		&parley.ObjectRelease{Of: cast.V(ref, 1), To: c.A.Ref},
		&parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: raqqa},
		&parley.BehalfConfirm{Command: parley.Hash{1}},
		&parley.KeyRevoke{Key: idOf(c.Org)},
		&parley.PayloadErase{Payloads: []parley.Hash{{1}}},
		&parley.ClockAdvance{},
		&parley.MemberInvite{Account: c.OrgRef, Member: c.Org.Ref, Code: parley.Hash{1}, Expires: c.Now() + parley.Day},
	} {
		if _, err := form(c, c.Org, func(*draft.Draft) parley.Body { return body }); cast.CodeOf(err) != parley.CodeOnBehalf {
			t.Errorf("%s by form: %v; expected on_behalf", body.Kind(), err)
		}
	}
	// A node speaks for nobody by another way, and nobody but a node signs a form.
	for name, say := range map[string]func(d *draft.Draft) (*draft.Submission, error){
		"a node by telephone": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.ByTelephone, At: c.Now()}
			return d.Sign(notify(d), c.Node)
		},
		"a node by sms for nobody": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.BySMS, At: c.Now()}
			return d.Sign(notify(d), c.Node)
		},
		"the desk by sms for a member": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.BySMS, At: c.Now(), Member: c.Org.Ref}
			return d.Sign(notify(d), c.Verifier.Key)
		},
		"the desk by form": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.ByForm, At: c.Now(), Member: c.Org.Ref}
			return d.Sign(notify(d), c.Verifier.Key)
		},
		"the member by form": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.ByForm, At: c.Now(), Member: c.Org.Ref}
			return d.Sign(notify(d), c.Org.Key)
		},
	} {
		s, err := say(c.Draft())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Stage.Play(s); cast.CodeOf(err) != parley.CodeOnBehalf {
			t.Errorf("%s: %v; expected on_behalf", name, err)
		}
	}
	// An SMS is entered by the desk that has received it, or signed by a node for the member whose number it is.
	for name, say := range map[string]func(d *draft.Draft) (*draft.Submission, error){
		"the desk by sms": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.BySMS, At: c.Now()}
			return d.Sign(notify(d), c.Verifier.Key)
		},
		"a node by sms": func(d *draft.Draft) (*draft.Submission, error) {
			d.OnBehalf = &parley.OnBehalf{Of: c.OrgRef, Channel: parley.BySMS, At: c.Now(), Member: c.Org.Ref}
			return d.Sign(notify(d), c.Node)
		},
	} {
		s, err := say(c.Draft())
		if err != nil {
			t.Fatal(err)
		}
		if out, err := c.Stage.Play(s); err != nil || out.Told != parley.BySMS {
			t.Errorf("%s: told %q, %v; expected it to be taken, told by sms", name, out.Told, err)
		}
	}
	// The member's role decides, as for their own key.
	leader := c.Enrol(c.OrgRef, parley.MovementLeader)
	if _, err := form(c, leader, notify); cast.CodeOf(err) != parley.CodeNotPermitted {
		t.Errorf("a movement leader notifies a site: %v", err)
	}
	if _, err := form(c, leader, func(*draft.Draft) parley.Body { return &parley.StopRaise{Object: ref} }); err != nil {
		t.Errorf("a movement leader raises a stop: %v", err)
	}
	// Nobody speaks for another organisation, nor after the end.
	if _, err := form(c, &cast.Person{Ref: c.Org.Ref, Account: c.OtherRef}, notify); cast.CodeOf(err) != parley.CodeNotFound {
		t.Errorf("a member of another organisation: %v", err)
	}
	c.Tell(c.Other, &parley.KeyRevoke{Key: idOf(c.Other)})
	if _, err := form(c, c.Other, notify); cast.CodeOf(err) != parley.CodeKeyRevoked {
		t.Errorf("a member without a key: %v", err)
	}
	c.Tell(c.Trustees[0], &parley.MemberRevoke{Member: leader.Ref})
	if _, err := form(c, leader, func(*draft.Draft) parley.Body { return &parley.StopRaise{Object: ref} }); cast.CodeOf(err) != parley.CodeKeyRevoked {
		t.Errorf("a revoked member: %v", err)
	}
	c.Tell(c.Trustees[0], &parley.OrganisationSuspend{AccountSuspend: parley.AccountSuspend{Account: c.OrgRef, Reason: words}}, c.Trustees[1])
	if _, err := form(c, c.Org, notify); cast.CodeOf(err) != parley.CodeNotPermitted {
		t.Errorf("a suspended organisation: %v", err)
	}
}

// Who typed a form stays with the organisation: nobody else's view names the member.
func TestAFormNamesItsMemberToNobodyElse(t *testing.T) {
	c, b := cast.NewBare(t)
	site, err := form(c, c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteNotify{Site: cast.Hospital(d, raqqa, cast.Start, c.A.Ref, c.B.Ref)}
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Release(cast.V(site.Ref, 1), c.A.Ref, c.B.Ref)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(site.Ref, 1), ReadBack: raqqa})
	if _, err := form(c, c.Org, func(*draft.Draft) parley.Body { return &parley.StopRaise{Object: site.Ref} }); err != nil {
		t.Fatal(err)
	}
	everything := func(p *cast.Person) string {
		v := viewer(c, b, p)
		var all []any
		add := func(x any, _ any) { all = append(all, x) }
		add(v.Objects("", 0, 100))
		if f, ok := v.Object(site.Ref); ok {
			all = append(all, f)
		}
		head, entries, _ := v.List(0, 100)
		all = append(all, head, entries)
		add(v.Stops(0, 100))
		add(v.Accounts(0, 100))
		add(v.Members(0, 100))
		add(v.Entries(0, 100))
		add(v.Prompts(0, 100))
		notices, _ := v.Inbox(0, 1000)
		all = append(all, notices)
		if o, ok := v.Outcome(site.Name); ok {
			all = append(all, o)
		}
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, p := range map[string]*cast.Person{"A": c.A.Officer, "B": c.B.Officer, "the desk": c.Verifier, "another organisation": c.Other, "the monitor": c.Monitor} {
		if text := everything(p); strings.Contains(text, string(c.Org.Ref)) {
			t.Errorf("%s learns who typed: %s", name, text)
		}
	}
	if text := everything(c.Org); !strings.Contains(text, string(c.Org.Ref)) {
		t.Error("the organisation itself does not see its member: this test looks at nothing")
	}
}
