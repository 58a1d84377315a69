package channel_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// The tests below are the rows of channel.md section 2, for the records that exist: what each audience may see.

// reading is a viewer that writes each payload as its own text, so that a test can look for a word in a whole view.
func reading(c *cast.Cast, b *cast.Bare, p *cast.Person, texts map[parley.Commitment]string) *channel.Viewer {
	c.T.Helper()
	m, ok := b.State.Session(draftKey(p))
	if !ok {
		c.T.Fatalf("%s has no valid key", p.Account)
	}
	return b.State.View(&m, b.At, func(k parley.Commitment) string { return texts[k] })
}

// says is a site whose every text is a word of its own.
func says(d *draft.Draft, texts map[parley.Commitment]string, to ...parley.Ref) parley.Site {
	word := func(w string) parley.Commitment {
		c := d.Text(w)
		texts[c] = w
		return c
	}
	return parley.Site{Category: "hospital", Names: []parley.LocalName{{Language: "en", Name: word("NAME")}}, Function: word("FUNCTION"), Shape: cast.Point(raqqa),
		Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 7, Notation: "MGRS", Written: word("WRITTEN")}, Address: word("ADDRESS"), Operator: word("OPERATOR"),
		Supporter: word("SUPPORTER"), Occupancy: "51-200", SignedOff: []parley.Commitment{word("HEADOFMISSION")},
		Contact: parley.Contact{Name: word("PERSON"), Phone: word("PHONE"), Alternate: word("ALTERNATE")}, From: cast.Start,
		Shared: parley.Sharing{Sensitivity: parley.High, Consents: []parley.Consent{{To: to[0], Precision: parley.Exact, Fields: []parley.Field{parley.FieldContact}}, {To: to[1], Precision: parley.Coarse, Fields: []parley.Field{parley.FieldContact}}}}}
}

// written returns a view as the JSON that a door would send.
func written(t *testing.T, view any) string {
	t.Helper()
	text, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func expectWords(t *testing.T, who, text string, shown, hidden []string) {
	t.Helper()
	for _, w := range shown {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not see %s", who, w)
		}
	}
	for _, w := range hidden {
		if strings.Contains(text, w) {
			t.Errorf("%s sees %s: %s", who, w, text)
		}
	}
}

func TestWhoSeesWhichFieldsOfASite(t *testing.T) {
	c, b := cast.NewBare(t)
	texts := map[parley.Commitment]string{}
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body { return &parley.SiteNotify{Site: says(d, texts, c.A.Ref, c.B.Ref)} }).Ref
	all := []string{"NAME", "FUNCTION", "WRITTEN", "ADDRESS", "OPERATOR", "SUPPORTER", "HEADOFMISSION", "PERSON", "PHONE", "ALTERNATE"}
	preview, ok := reading(c, b, c.Org, texts).Preview(ref, c.A.Ref)
	if !ok {
		t.Fatal("the notifier has no preview of what a party would see")
	}
	c.Release(cast.V(ref, 1), c.A.Ref, c.B.Ref)
	see := func(p *cast.Person) string {
		f, ok := reading(c, b, p, texts).Object(ref)
		if !ok {
			return ""
		}
		return written(t, f)
	}
	expectWords(t, "the notifier", see(c.Org), append(all, string(c.A.Ref)), nil)
	expectWords(t, "the desk", see(c.Verifier), append(all, string(c.B.Ref)), nil)
	expectWords(t, "the exact recipient", see(c.A.Officer), []string{"PHONE", "39.0079", `"keep_out":500`, `"accuracy":7`},
		[]string{"NAME\"", "FUNCTION", "WRITTEN", "ADDRESS", "OPERATOR", "SUPPORTER", "HEADOFMISSION", "PERSON", "ALTERNATE", "sensitivity", "consents", string(c.B.Ref), string(c.OrgRef)})
	expectWords(t, "the coarse recipient", see(c.B.Officer), []string{"hospital"},
		append(all, "39.0079", "35.9528", `"accuracy"`, "51-200", string(c.A.Ref), string(c.OrgRef)))
	for name, p := range map[string]*cast.Person{"another organisation": c.Other, "a monitor": c.Monitor, "a trustee": c.Trustees[0]} {
		if text := see(p); text != "" {
			t.Errorf("%s sees %s", name, text)
		}
	}
	file, _ := reading(c, b, c.A.Officer, texts).Object(ref)
	got := file.Versions[0]
	got.Verification = nil // the preview was made before it
	if written(t, got) != written(t, *preview) {
		t.Errorf("the party sees\n%s\nthe preview was\n%s", written(t, got), written(t, *preview))
	}
}

func TestPlatesOnlyByConsentAndNeverNames(t *testing.T) {
	c, b := cast.NewBare(t)
	texts := map[parley.Commitment]string{}
	notify := func(fields ...parley.Field) parley.Ref {
		ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
			m := cast.Convoy(d, b.At+3*parley.Day, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)
			texts[m.Plates[0]], texts[m.Leader.Name], texts[m.Leader.Phone] = "PLATE", "LEADER", "PHONE"
			m.Shared.Consents[0].Fields = fields
			return &parley.MovementNotify{Movement: m}
		}).Ref
		c.Release(cast.V(ref, 1), c.A.Ref)
		return ref
	}
	see := func(p *cast.Person, ref parley.Ref) string {
		f, _ := reading(c, b, p, texts).Object(ref)
		return written(t, f)
	}
	plain, plates := notify(), notify(parley.FieldPlates)
	expectWords(t, "a recipient without consent to plates", see(c.A.Officer, plain), []string{`"vehicles":12`, `"persons":24`, `"armed_escort":"no"`}, []string{"PLATE", "LEADER", "PHONE"})
	expectWords(t, "a recipient with it", see(c.A.Officer, plates), []string{"PLATE"}, []string{"LEADER", "PHONE"})
	expectWords(t, "the owner", see(c.Org, plain), []string{"PLATE", "LEADER", "PHONE"}, nil)
}

func TestMonitorsSeeNothingAndTrusteesCountAlone(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day))
	for name, p := range map[string]*cast.Person{"a monitor": c.Monitor, "a trustee": c.Trustees[0]} {
		v := viewer(c, b, p)
		objects, _ := v.Objects("", 0, 100)
		areas, _ := v.Areas(0, 100)
		checks, _ := v.Checks(0, 100)
		prompts, _ := v.Prompts(0, 100)
		if len(objects)+len(areas)+len(checks)+len(prompts) != 0 {
			t.Errorf("%s sees %d objects, %d areas, %d checks, %d prompts", name, len(objects), len(areas), len(checks), len(prompts))
		}
	}
	if _, ok := viewer(c, b, c.Monitor).Counts(); ok {
		t.Error("a monitor sees the trustees' counts")
	}
	counts, _ := viewer(c, b, c.Trustees[0]).Counts()
	expectWords(t, "a trustee", written(t, counts), []string{`"listed":1`}, []string{string(ref), "hospital"})
}

func TestDisseminationNamesStayWithTheParty(t *testing.T) {
	c, b := cast.NewBare(t)
	texts := map[parley.Commitment]string{}
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: raqqa})
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
		level := d.Text("LEVELNAME")
		texts[level] = "LEVELNAME"
		h := headOf(c, b, c.A.Officer)
		return &parley.ObjectDissemination{Of: cast.V(ref, 1), Echelon: parley.Unit, Level: level, Head: &h}
	})
	see := func(p *cast.Person) string {
		f, _ := reading(c, b, p, texts).Object(ref)
		return written(t, f)
	}
	expectWords(t, "the party", see(c.A.Officer), []string{"LEVELNAME", "unit"}, nil)
	expectWords(t, "the desk", see(c.Verifier), []string{"LEVELNAME", "unit"}, nil)
	expectWords(t, "the notifier", see(c.Org), []string{"unit"}, []string{"LEVELNAME"})
}

// A party can compute its list head from the list it is given.
func TestListHeadIsTheRootOverTheList(t *testing.T) {
	c, b := cast.NewBare(t)
	var refs []parley.Ref
	for i := range 5 {
		ref := c.NotifyHospital(cast.At(35.9528+float64(i)*0.0107, 39.0079))
		c.Release(cast.V(ref, 1), c.A.Ref)
		refs = append(refs, ref)
	}
	c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(refs[1], 1), To: c.A.Ref, Reason: d.Text("x")}
	})
	c.Tell(c.Org, &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: refs[3], Reason: parley.CeasedFunction}})
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(refs[0], 1), Site: cast.Hospital(d, cast.At(35.9555, 39.0079), cast.Start, c.A.Ref)}
	})
	c.Release(cast.V(refs[0], 2), c.A.Ref)
	head, entries, _ := viewer(c, b, c.A.Officer).List(0, 100)
	var list release.List
	slots := map[int]*release.Slot{}
	last := 0
	for _, e := range entries {
		slots[e.Slot] = &release.Slot{Of: e.Of, Hash: e.Hash}
		last = max(last, e.Slot)
	}
	for i := range last + 1 {
		list.Set(i, slots[i])
	}
	if len(entries) != 3 || head.Count != 3 || head.Root != list.Root() {
		t.Errorf("%d entries, head %+v; expected 3 entries and the root %s that they give", len(entries), head, list.Root())
	}
	if entries[0].Of != cast.V(refs[0], 2) {
		t.Errorf("slot 0 holds %s; expected the newest released version", entries[0].Of)
	}
}

func TestNeitherDisputeNorLapseTakesAnObjectFromTheList(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.ObjectDispute{Of: cast.V(ref, 1), Reason: parley.NotThere})
	out := c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.01), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)})
	if check, _ := viewer(c, b, c.A.Officer).Check(out.Ref); len(check.Indications) != 1 {
		t.Error("a disputed site is no longer indicated")
	}
	file, _ := viewer(c, b, c.Org).Object(ref)
	if len(file.Disputes) != 1 || file.Disputes[0].Party != c.A.Ref {
		t.Errorf("the notifier sees disputes %+v; expected both views to stand", file.Disputes)
	}
}
