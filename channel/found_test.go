package channel_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

const midnight = cast.Start - cast.Start%parley.Day

// foundSchool is a party's report of a school that nobody has notified.
func foundSchool(d *draft.Draft) *parley.SiteFound {
	return &parley.SiteFound{Category: "school", Shape: cast.Point(raqqa), Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 15}, Occupancy: "201-1000", Words: d.Text("families from the east bank"), Asked: parley.AskedPeople}
}

// school is a site of the same place, as a desk or an organisation states it.
func school(d *draft.Draft, from int64, to ...parley.Ref) parley.Site {
	s := cast.Hospital(d, raqqa, from)
	s.Category, s.Occupancy = "school", "201-1000"
	for _, p := range to {
		s.Shared.Consents = append(s.Shared.Consents, parley.Consent{To: p, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName}})
	}
	return s
}

// find has a party report the school, and the desk keep a site for it that is shared with both parties.
func find(c *cast.Cast, f *cast.Force) (found parley.Ref, of parley.Versioned) {
	c.T.Helper()
	found = c.Must(f.Officer, func(d *draft.Draft) parley.Body { return foundSchool(d) }).Ref
	ref := c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.SiteAdopt{Found: found, Asked: parley.AskedPeople, Site: school(d, midnight, c.A.Ref, c.B.Ref)}
	}).Ref
	return found, cast.V(ref, 1)
}

func TestAFoundPlaceReachesTheDeskAndNobodyElse(t *testing.T) {
	c, b := cast.NewBare(t)
	desk, org, other := mark(c, b, c.Verifier), mark(c, b, c.Org), mark(c, b, c.B.Officer)
	found := c.Must(c.A.Officer, func(d *draft.Draft) parley.Body { return foundSchool(d) }).Ref
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeFound)
	expectNothing(t, "an organisation", kinds(c, b, c.Org, org))
	expectNothing(t, "another party", kinds(c, b, c.B.Officer, other))
	for who, p := range map[string]*cast.Person{"another party": c.B.Officer, "an organisation": c.Org, "a monitor": c.Monitor, "a trustee": c.Trustees[0]} {
		if _, ok := viewer(c, b, p).FoundSite(found); ok {
			t.Errorf("%s reads the report", who)
		}
		if list, _ := viewer(c, b, p).FoundSites(0, 10); len(list) != 0 {
			t.Errorf("%s lists %d reports", who, len(list))
		}
	}
	if list, _ := viewer(c, b, c.Verifier).Objects("", 0, 10); len(list) != 0 {
		t.Errorf("the report has become an object: %+v", list)
	}
	// A report that nobody looks at is told to both.
	desk, finder := mark(c, b, c.Verifier), mark(c, b, c.A.Officer)
	b.At += parley.Hour
	advance(c, b)
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeFoundLate)
	expectKinds(t, "the finder", kinds(c, b, c.A.Officer, finder), parley.NoticeFoundLate)
	// Organisations, and members of a party who are not on its duty desk, do not say this.
	for _, p := range []*cast.Person{c.Org, c.A.Adviser, c.Verifier} {
		c.Refused(parley.CodeNotPermitted, p, func(d *draft.Draft) parley.Body { return foundSchool(d) })
	}
	c.Refused(parley.CodeNotFound, c.B.Officer, func(*draft.Draft) parley.Body { return &parley.FoundClose{Found: found, Reason: parley.FoundInError} })
	c.Refused(parley.CodeNotPermitted, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.FoundClose{Found: found, Reason: parley.FoundUnconfirmed}
	})
	c.Tell(c.A.Second, &parley.FoundClose{Found: found, Reason: parley.FoundInError})
	c.Refused(parley.CodeWrongState, c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.SiteAdopt{Found: found, Asked: parley.AskedNobody, Site: school(d, midnight)}
	})
}

// Whatever becomes of a report, its finder sees the same: else it could ask by reports what is notified where.
func TestAFinderLearnsNothingOfWhatIsNotified(t *testing.T) {
	seen := map[string]string{}
	for what, look := range map[string]func(c *cast.Cast, found parley.Ref){
		"adopted": func(c *cast.Cast, found parley.Ref) {
			c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
				return &parley.SiteAdopt{Found: found, Asked: parley.AskedPeople, Site: school(d, midnight, c.B.Ref)}
			})
		},
		"known": func(c *cast.Cast, found parley.Ref) {
			known := c.NotifyHospital(raqqa)
			c.Tell(c.Verifier, &parley.FoundClose{Found: found, Reason: parley.FoundKnown, Known: known})
		},
		"unconfirmed": func(c *cast.Cast, found parley.Ref) {
			c.Tell(c.Verifier, &parley.FoundClose{Found: found, Reason: parley.FoundUnconfirmed})
		},
	} {
		c, b := cast.NewBare(t)
		found := c.Must(c.A.Officer, func(d *draft.Draft) parley.Body { return foundSchool(d) }).Ref
		before := mark(c, b, c.A.Officer)
		look(c, found)
		f, ok := viewer(c, b, c.A.Officer).FoundSite(found)
		if !ok {
			t.Fatal("the finder does not see its report")
		}
		f.Ref, f.Position, f.Noted, f.Due, f.Looked, f.Words = "", 0, "", "", "", "" // another theatre, another reference and salt
		list, _ := viewer(c, b, c.A.Officer).Objects("", 0, 10)
		text, err := json.Marshal([]any{f, kinds(c, b, c.A.Officer, before), list})
		if err != nil {
			t.Fatal(err)
		}
		seen[what] = string(text)
	}
	for what, text := range seen {
		if text != seen["unconfirmed"] || !strings.Contains(text, "looked_at") {
			t.Errorf("%s: the finder sees\n%s\nexpected\n%s", what, text, seen["unconfirmed"])
		}
	}
}

// What a recipient gets of a found place differs in nothing from what it gets of one that an organisation notified, and names neither the
// finder nor its report nor the desk as its owner.
func TestARecipientCannotTellAFoundPlaceFromAnother(t *testing.T) {
	see := func(finder func(*cast.Cast) *cast.Force) (string, *cast.Cast) {
		c, b := cast.NewBare(t)
		var of parley.Versioned
		if finder == nil {
			b.At += parley.Second // an entry less
			of = cast.V(c.Must(c.Org, func(d *draft.Draft) parley.Body {
				return &parley.SiteNotify{Site: school(d, midnight, c.A.Ref, c.B.Ref)}
			}).Ref, 1)
		} else {
			_, of = find(c, finder(c))
		}
		before := mark(c, b, c.B.Officer)
		c.Release(of, c.B.Ref)
		v := viewer(c, b, c.B.Officer)
		file, ok := v.Object(of.Ref)
		if !ok {
			t.Fatal("the recipient does not see the site")
		}
		summary, _ := v.Objects("", 0, 10)
		_, entries, _ := v.List(0, 10)
		notices, _ := v.Inbox(before, 10)
		var told []parley.NoticeKind
		for _, n := range notices {
			told = append(told, n.Kind)
			if n.Other != "" {
				t.Errorf("the notice %s names %s", n.Kind, n.Other)
			}
		}
		text, err := json.Marshal([]any{file, summary, entries, told})
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{string(c.A.Ref), "FOUND-", "DESK", "kept", "asked", string(c.OrgRef), string(c.A.Officer.Ref)} {
			if strings.Contains(string(text), word) {
				t.Errorf("the recipient sees %s: %s", word, text)
			}
		}
		return keysOf(t, text), c
	}
	ordinary, _ := see(nil)
	found, _ := see(func(c *cast.Cast) *cast.Force { return c.A })
	if ordinary != found {
		t.Errorf("of a found place the recipient sees\n%s\nof another\n%s", found, ordinary)
	}
	if own, _ := see(func(c *cast.Cast) *cast.Force { return c.B }); own != ordinary {
		t.Errorf("the finder gets its own place as\n%s\nexpected\n%s", own, ordinary)
	}
}

// After an incident a monitor gets signed commands as proof. Those of a report are not among them, and neither is the one that names it.
func TestNobodyElseGetsTheCommandsOfAReport(t *testing.T) {
	c, b := cast.NewBare(t)
	found := c.Must(c.A.Officer, func(d *draft.Draft) parley.Body { return foundSchool(d) })
	adopt := &parley.SiteAdopt{Found: found.Ref, Asked: parley.AskedNobody, Site: school(c.Draft(), midnight)}
	site := c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		adopt.Site = school(d, midnight)
		return adopt
	})
	c.Must(c.Verifier, func(*draft.Draft) parley.Body { return &parley.SiteHand{Of: cast.V(site.Ref, 1), To: c.OrgRef} }, c.Releaser)
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(site.Ref, 1), Site: school(d, cast.Start)}
	})
	for who, p := range map[string]*cast.Person{"the monitor": c.Monitor, "the organisation that took it over": c.Org, "another party": c.B.Officer} {
		v := viewer(c, b, p)
		if v.MayHave(found.Position, &parley.SiteFound{}) || v.MayHave(site.Position, adopt) {
			t.Errorf("%s may have the commands of the report", who)
		}
	}
	if v := viewer(c, b, c.A.Adviser); !v.MayHave(found.Position, &parley.SiteFound{}) || v.MayHave(site.Position, adopt) {
		t.Error("the finder has its own command, and not what the desk made of it")
	}
	if v := viewer(c, b, c.Verifier); !v.MayHave(found.Position, &parley.SiteFound{}) || !v.MayHave(site.Position, adopt) {
		t.Error("the desk does not have the commands of the report")
	}
}

// keysOf returns JSON with its values that are not the same in two theatres taken out: references, names, positions, texts and times.
func keysOf(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	var strip func(any) any
	strip = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				if slices.Contains([]string{"ref", "of", "party", "command", "position", "at", "since", "due", "confirmed", "hash", "on", "name"}, k) {
					v[k] = "…"
				} else {
					v[k] = strip(v[k])
				}
			}
		case []any:
			for i := range v {
				v[i] = strip(v[i])
			}
		}
		return v
	}
	out, err := json.Marshal(strip(v))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestAKeptSiteNeedsTwoOfTheDeskAndIsNeverSharedBeyondConsent(t *testing.T) {
	c, b := cast.NewBare(t)
	_, of := find(c, c.A)
	c.Refused(parley.CodeWrongState, c.Releaser, func(*draft.Draft) parley.Body { return &parley.ObjectRelease{Of: of, To: c.B.Ref} })
	verify := func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: of, Method: parley.CheckedMap, Source: d.Text("map"), On: c.Now()}
	}
	desk := mark(c, b, c.Verifier)
	c.Must(c.Verifier, verify)
	if got := kinds(c, b, c.Verifier, desk); len(got) != 1 {
		t.Errorf("the desk is told %v of its own site; expected one notice", got)
	}
	c.Tell(c.Releaser, &parley.ObjectRelease{Of: of, To: c.B.Ref})
	if list, _ := viewer(c, b, c.B.Officer).Objects("", 0, 10); len(list) != 1 {
		t.Fatalf("the recipient has %d objects; expected the school", len(list))
	}
	// A new version with less consent, by the desk itself; holders hear that theirs is superseded.
	c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.SiteAdopt{Of: &of, Asked: parley.AskedRefused, Site: school(d, midnight)}
	})
	f, _ := viewer(c, b, c.Verifier).Object(of.Ref)
	if f.Kept == nil || f.Kept.Asked != parley.AskedRefused || f.Owner != parley.Desk {
		t.Errorf("the desk sees %+v of the site that it keeps", f.Kept)
	}
	c.Tell(c.Verifier, &parley.SiteRevalidate{Of: cast.V(of.Ref, 2)})
	c.Tell(c.Verifier, &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: of.Ref, Reason: parley.ConsentEnded}})
}

// Somebody of the desk who wrote down what a party said by telephone does not verify what came of it.
func TestWhoTookAReportByTelephoneDoesNotVerifyIt(t *testing.T) {
	c, b := cast.NewBare(t)
	out, err := onBehalf(c, c.Verifier, c.A.Ref, func(d *draft.Draft) parley.Body { return foundSchool(d) })
	if err != nil {
		t.Fatal(err)
	}
	if f, _ := viewer(c, b, c.A.Officer).FoundSite(out.Ref); f == nil || f.Told != parley.ByTelephone {
		t.Errorf("the party sees %+v; expected its word, told by telephone", f)
	}
	of := cast.V(c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.SiteAdopt{Found: out.Ref, Asked: parley.AskedPeople, Site: school(d, midnight, c.B.Ref)}
	}).Ref, 1)
	c.Refused(parley.CodeFourEyes, c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.ObjectVerify{Of: of, Method: parley.CheckedMap, Source: d.Text("map"), On: c.Now()}
	})
}

func TestAnOrganisationTakesAKeptSiteOver(t *testing.T) {
	c, b := cast.NewBare(t)
	_, of := find(c, c.A)
	c.Release(of, c.B.Ref)
	c.Refused(parley.CodeFourEyes, c.Verifier, func(*draft.Draft) parley.Body { return &parley.SiteHand{Of: of, To: c.OrgRef} })
	update := func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: of, Site: school(d, cast.Start, c.A.Ref)}
	}
	c.Refused(parley.CodeNotFound, c.Org, update)
	org := mark(c, b, c.Org)
	c.Must(c.Verifier, func(*draft.Draft) parley.Body { return &parley.SiteHand{Of: of, To: c.OrgRef} }, c.Releaser)
	expectKinds(t, "the organisation", kinds(c, b, c.Org, org), parley.NoticeHanded)
	f, ok := viewer(c, b, c.Org).Object(of.Ref)
	if !ok || len(f.Versions) != 1 || f.Versions[0].Private == nil {
		t.Fatalf("the organisation sees %+v; expected the site as the desk states it", f)
	}
	text, _ := json.Marshal(f)
	for _, word := range []string{"FOUND-", `"party"`, "kept"} {
		if strings.Contains(string(text), word) {
			t.Errorf("before it takes the site over, the organisation sees %s: %s", word, text)
		}
	}
	c.Refused(parley.CodeNotFound, c.Other, update)
	before := mark(c, b, c.B.Officer)
	desk := mark(c, b, c.Verifier)
	c.Must(c.Org, update)
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeTakenOver)
	expectKinds(t, "the holder", kinds(c, b, c.B.Officer, before), parley.NoticeSuperseded)
	f, _ = viewer(c, b, c.Org).Object(of.Ref)
	if list, _ := viewer(c, b, c.Org).Objects("", 0, 10); len(list) != 1 || f.Owner != c.OrgRef || len(f.Versions) != 2 || len(f.Holdings) != 1 || f.Kept != nil {
		t.Errorf("taken over, the organisation sees %+v", f)
	}
	// The desk keeps it no longer: it verifies and releases, as ever.
	now := cast.V(of.Ref, 2)
	c.Refused(parley.CodeNotFound, c.Verifier, func(*draft.Draft) parley.Body { return &parley.SiteRevalidate{Of: now} })
	c.Release(now, c.A.Ref)
	back, err := restored(b.State, same)
	if err != nil {
		t.Fatal(err)
	}
	if got := back.Digest(); got != b.State.Digest() {
		t.Error("a snapshot of a site that was taken over has another digest")
	}
}
