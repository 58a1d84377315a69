package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// eventAt returns an incident at a place that began so long ago.
func eventAt(d *draft.Draft, p geo.Position, from int64) parley.Incident {
	return parley.Incident{IncidentKind: parley.ObjectHarmed, Title: d.Text("Shells near the bridge"), Narrative: d.Text("A nurse saw it."), From: from, To: from + parley.Hour, Place: &p, Precision: parley.PlaceStreet,
		Admin: []string{"SY11", "SY1101"}, Category: "hospital", Tallies: []parley.Tally{{What: "killed", Min: 1, Max: 3}, {What: "killed", Who: "children", Min: 0, Max: 1}, {What: "injured", Min: 8, Max: 12}},
		Damage: "severe", Sources: []parley.Source{{SourceKind: "witness", Name: d.Text("A nurse"), Reliability: "B", Credibility: 2}}, Certainty: "probable"}
}

func record(c *cast.Cast, who *cast.Person, from int64, change func(*parley.Incident)) parley.Ref {
	return c.Must(who, func(d *draft.Draft) parley.Body {
		i := eventAt(d, raqqa, from)
		if change != nil {
			change(&i)
		}
		return &parley.IncidentRecord{Incident: i}
	}).Ref
}

// What is public of an incident follows from the journal's time: before the delay nothing, then the published fields alone, with small counts
// hidden.
func TestWhatIsPublicFollowsFromLogTime(t *testing.T) {
	c, b := cast.NewBare(t)
	b.At += 10 * parley.Day
	from := b.At - 2*parley.Hour
	ref := record(c, c.Monitor, from, nil)
	see := func(p *cast.Person) *release.Incident {
		i, _ := viewer(c, b, p).Incident(ref)
		return i
	}
	b.At += 72*parley.Hour - 1
	advance(c, b)
	if i := see(c.Other); i != nil {
		t.Fatalf("public a millisecond before its delay has passed: %+v", i)
	}
	b.At++
	advance(c, b)
	i := see(c.Other)
	if i == nil {
		t.Fatal("not public when its delay has passed")
	}
	if i.Sight != "public" || i.Date != parley.Time(from).Format("2006-01-02") || i.From != "" || i.Place != nil || i.Narrative != "" || i.Title != "" || len(i.Sources) != 0 || i.Author != "" ||
		!slices.Equal(i.Admin, []string{"SY11"}) || len(i.Tallies) != 0 || i.Category != "hospital" || i.Certainty != "probable" {
		t.Errorf("published: %+v", i)
	}
	if want := []release.Total{{What: "killed", Fewer: 5}, {What: "injured", Min: 8, Max: 12}}; !slices.Equal(i.Totals, want) {
		t.Errorf("published counts %+v; expected %+v", i.Totals, want)
	}
	if i := see(c.Trustees[0]); i != nil {
		t.Error("the board sees an incident's content")
	}
	// A new version waits its own time; the old one stays public till then. A restricted one takes publication back at once.
	update := func(restricted bool, version int) {
		c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
			i := eventAt(d, raqqa, from)
			i.Damage, i.Restricted = "destroyed", restricted
			return &parley.IncidentUpdate{Of: cast.V(ref, version), Incident: i, Reason: "correction", Words: d.Text("it is gone")}
		})
	}
	update(false, 1)
	if i := see(c.Other); i == nil || i.Damage != "severe" || i.Version != 1 {
		t.Errorf("while version 2 waits: %+v", i)
	}
	b.At += 72 * parley.Hour
	advance(c, b)
	if i := see(c.Other); i == nil || i.Damage != "destroyed" || i.Version != 2 {
		t.Errorf("when version 2 is public: %+v", i)
	}
	if whole := see(c.Verifier); len(whole.Changes) != 1 || whole.Changes[0].Reason != "correction" || whole.Narrative == "" {
		t.Errorf("the log of corrections: %+v", whole)
	}
	// Trustees narrow what is published; it holds for what is published already.
	c.Tell(c.Trustees[0], &parley.PublicationSet{Publication: parley.Publication{Delay: parley.Hour, Threshold: 1, Fields: []parley.PublicField{"date"}}}, c.Trustees[1])
	if i := see(c.Other); i.Damage != "" || i.Date == "" {
		t.Errorf("after the profile was narrowed: %+v", i)
	}
	update(true, 2)
	if i := see(c.Other); i != nil {
		t.Errorf("restricted, and still public: %+v", i)
	}
	c.Refused(parley.CodeFourEyes, c.Trustees[0], func(*draft.Draft) parley.Body {
		return &parley.PublicationSet{Publication: parley.DefaultPublication()}
	})
}

// An incident at a notified object that nobody has reported makes the report, with what follows from it: holders have tasks, the record is frozen.
func TestAnIncidentAtANotifiedObjectOpensTheTasks(t *testing.T) {
	c, b := cast.NewBare(t)
	site := c.NotifyHospital(raqqa)
	c.Release(cast.V(site, 1), c.A.Ref)
	b.At += 20 * parley.Day
	// The monitor does not know the object: naming it looks like naming nothing.
	hidden := c.Refused(parley.CodeNotFound, c.Monitor, func(d *draft.Draft) parley.Body {
		i := eventAt(d, raqqa, b.At-10*parley.Day)
		i.Objects = []parley.Ref{site}
		return &parley.IncidentRecord{Incident: i}
	})
	absent := c.Refused(parley.CodeNotFound, c.Monitor, func(d *draft.Draft) parley.Body {
		i := eventAt(d, raqqa, b.At-10*parley.Day)
		i.Objects = []parley.Ref{parley.MakeRef(parley.RefSite, parley.Hash{1}, 5)}
		return &parley.IncidentRecord{Incident: i}
	})
	if hidden.Error() != absent.Error() {
		t.Errorf("hidden %v; absent %v", hidden, absent)
	}
	ref := record(c, c.Monitor, b.At-10*parley.Day, nil)
	if _, ok := viewer(c, b, c.Org).Incident(ref); ok {
		t.Error("the owner sees an incident that nobody has linked to its object")
	}
	from := mark(c, b, c.Org)
	c.Tell(c.Verifier, &parley.IncidentLink{Incident: ref, Objects: []parley.Ref{site}})
	if got := kinds(c, b, c.Org, from); !slices.Contains(got, parley.NoticeIncident) || !slices.Contains(got, parley.NoticeHarm) {
		t.Errorf("the owner was told %v", got)
	}
	whole, _ := viewer(c, b, c.Verifier).Incident(ref)
	if !whole.Notified || len(whole.Harms) != 1 || len(whole.Corrections) != 1 || whole.Corrections[0].Party != c.A.Ref || whole.State != "documented" || whole.Hold != "stands" {
		t.Fatalf("after the link: %+v", whole)
	}
	if seen, ok := viewer(c, b, c.Monitor).Incident(ref); !ok || len(seen.Objects) != 0 {
		t.Errorf("the monitor is shown an object that it may not know: %+v", seen)
	}
	if seen, _ := viewer(c, b, c.Org).Incident(ref); seen == nil || seen.Sight != "concerned" || seen.Narrative != "" || len(seen.Sources) != 0 || seen.Place == nil || !slices.Equal(seen.Objects, []parley.Ref{site}) {
		t.Errorf("the owner sees %+v", seen)
	}
	harm, _ := viewer(c, b, c.Verifier).Harm(whole.Harms[0])
	if harm.Stop != "" {
		t.Error("harm of ten days ago raised an urgent stop")
	}
	// A second link of the same object makes nothing more; the task, its clock and its alarm are those of a report of harm.
	c.Refused(parley.CodeExists, c.Verifier, func(*draft.Draft) parley.Body {
		return &parley.IncidentLink{Incident: ref, Objects: []parley.Ref{site}}
	})
	task := whole.Corrections[0].Ref
	b.At += 3 * parley.Day
	advance(c, b)
	if late, _ := viewer(c, b, c.A.Officer).Correction(task); !late.Late || late.DaysOpen != 3 {
		t.Errorf("three days without a word: %+v", late)
	}
	// Nothing that was said about the object is erased while the hold stands, and two people of the desk end it when its work is done.
	text := commitmentOf(t, b, site)
	erase := func(*draft.Draft) parley.Body { return &parley.PayloadErase{Payloads: []parley.Hash{text}} }
	c.Refused(parley.CodeHold, c.Org, erase)
	end := func(of parley.Ref) func(d *draft.Draft) parley.Body {
		return func(d *draft.Draft) parley.Body {
			return &parley.HoldEnd{Of: of, Reason: "inquiry_ended", Words: d.Text("both sides have answered")}
		}
	}
	c.Refused(parley.CodeFourEyes, c.Verifier, end(ref))
	c.Refused(parley.CodeWrongState, c.Verifier, end(ref), c.Releaser)
	c.Refused(parley.CodeWrongState, c.Verifier, end(whole.Harms[0]), c.Releaser)
	c.Tell(c.A.Officer, &parley.CorrectionAnswer{Correction: task, Cause: parley.NotDisseminated, Officer: c.A.Second.Ref})
	c.Tell(c.Releaser, &parley.CorrectionClose{Correction: task})
	c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.IncidentClose{Incident: ref, Words: d.Text("answered")}
	})
	c.Must(c.Verifier, end(whole.Harms[0]), c.Releaser)
	c.Refused(parley.CodeHold, c.Org, erase) // the incident's own hold stands
	c.Must(c.Verifier, end(ref), c.Releaser)
	c.Refused(parley.CodeExists, c.Verifier, end(ref), c.Releaser)
	c.Must(c.Org, erase)
	back, err := restored(b.State, same)
	if err != nil || back.Digest() != b.State.Digest() {
		t.Errorf("through a snapshot: %v", err)
	}
}

// commitmentOf returns a text of an object's first version.
func commitmentOf(t *testing.T, b *cast.Bare, object parley.Ref) parley.Hash {
	t.Helper()
	for _, e := range b.Entries {
		if out, ok := b.State.Known(e.Signed.Name); ok && out.Ref == object && len(out.Payloads) > 0 {
			return out.Payloads[0].Hash
		}
	}
	t.Fatal("no text")
	return parley.Hash{}
}

// Both sides of one event stand beside each other, with how they stand to each other, and no verdict.
func TestClaimsOfBothSidesStandSideBySide(t *testing.T) {
	c, b := cast.NewBare(t)
	b.At += parley.Day
	ref := record(c, c.Monitor, b.At-2*parley.Hour, nil)
	say := func(kind parley.ClaimType, party, says parley.Ref, words string, contradicts ...parley.Ref) parley.Ref {
		return c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
			cl := parley.Claim{ClaimType: kind, Speaker: d.Text("A. Speaker"), Capacity: d.Text("spokesperson"), Party: party, Via: []parley.Commitment{d.Text("an agency")}, Published: b.At - parley.Hour,
				Speech: parley.DirectSpeech, Language: "en", Quotation: d.Text(words), About: []parley.Ref{ref}, Contradicts: contradicts}
			if says != "" {
				cl.Attribution = &parley.Attribution{Party: says}
			}
			return &parley.ClaimRecord{Claim: cl}
		}).Ref
	}
	first := say("accusation", c.A.Ref, c.B.Ref, "It was theirs.")
	second := say("denial", c.B.Ref, "", "It was not ours.", first)
	i, _ := viewer(c, b, c.Verifier).Incident(ref)
	if len(i.Claims) != 2 || i.Claims[0].Ref != first || i.Claims[1].Ref != second || i.Claims[0].Attribution.Party != c.B.Ref || i.Claims[1].Relations[0].Relation != parley.ClaimContradicts {
		t.Fatalf("claims: %+v", i.Claims)
	}
	// Grades stand apart, each with who gave it.
	c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.AssessmentMake{Of: ref, Reliability: "B", Credibility: 3, Grade: "contested", Words: d.Text("two accounts")}
	})
	c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.AssessmentMake{Of: first, Reliability: "D", Credibility: 5, Words: d.Text("no source")}
	})
	i, _ = viewer(c, b, c.Monitor).Incident(ref)
	if len(i.Assessments) != 1 || i.Assessments[0].By != parley.Desk || len(i.Claims[0].Assessments) != 1 || i.State != "assessed" {
		t.Errorf("assessments: %+v", i)
	}
	// A party that is asked sees what it needs to answer, and its own response alone.
	if _, ok := viewer(c, b, c.B.Officer).Incident(ref); ok {
		t.Error("a party sees an incident before it is asked")
	}
	c.Tell(c.Monitor, &parley.ResponseAsk{Incident: ref, Party: c.B.Ref})
	c.Must(c.B.Adviser, func(d *draft.Draft) parley.Body {
		return &parley.ResponseGive{Incident: ref, Response: "under_review"}
	})
	b.At += 31 * parley.Day
	advance(c, b)
	if i, _ := viewer(c, b, c.B.Officer).Incident(ref); i == nil || i.Sight != "concerned" || len(i.Responses) != 1 || !i.Responses[0].Late || i.Responses[0].DaysOpen != 31 {
		t.Errorf("the party that was asked sees %+v", i)
	}
	c.Must(c.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ResponseGive{Incident: ref, Response: "partly_accepted", Words: d.Text("ours, by error"), Remedy: d.Text("rebuilt")}
	})
	if i, _ := viewer(c, b, c.A.Officer).Incident(ref); i == nil || i.Sight != "public" || len(i.Responses) != 0 {
		t.Errorf("another party sees %+v", i)
	}
	// A published claim names no speaker; one about what its reader may not know does not name that.
	if cl, ok := viewer(c, b, c.Other).Claim(first); !ok || cl.Speaker != "" || cl.Quotation == "" || cl.Capacity == "" {
		t.Errorf("published claim: %+v", cl)
	}
	// About what is absent, or hidden from its author: the same refusal.
	site := c.NotifyHospital(raqqa)
	about := func(r parley.Ref) func(d *draft.Draft) parley.Body {
		return func(d *draft.Draft) parley.Body {
			return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "fact", Speaker: d.Text("x"), Speech: parley.IndirectSpeech, Language: "en", Quotation: d.Text("y"), About: []parley.Ref{r}}}
		}
	}
	hidden, absent := c.Refused(parley.CodeNotFound, c.Monitor, about(site)), c.Refused(parley.CodeNotFound, c.Monitor, about(parley.MakeRef(parley.RefSite, parley.Hash{7}, 5)))
	if hidden.Error() != absent.Error() {
		t.Errorf("hidden %v; absent %v", hidden, absent)
	}
	c.Must(c.Verifier, about(site))
}

// Incidents of two sets that may be one are proposed with reasons, never merged, and an entry of a set is on record once.
func TestMatchesAcrossSetsAreProposed(t *testing.T) {
	c, b := cast.NewBare(t)
	b.At += 30 * parley.Day
	from := b.At - 20*parley.Day
	of := func(set, entry string, at geo.Position, precision parley.PlacePrecision, lasting int64, killed int32) parley.Ref {
		return c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
			i := eventAt(d, at, from)
			i.Precision, i.To, i.Tallies = precision, from+lasting, []parley.Tally{{What: "killed", Min: killed, Max: killed}}
			i.Sources = []parley.Source{{SourceKind: "data_set", Set: set, Entry: entry, Reliability: "B", Credibility: 3}}
			return &parley.IncidentRecord{Incident: i}
		}).Ref
	}
	first := of("one", "1", raqqa, parley.PlaceStreet, parley.Hour, 3)
	sameSet := of("one", "2", raqqa, parley.PlaceStreet, parley.Hour, 3)
	near := of("two", "1", cast.At(35.9555, 39.0079), parley.PlaceStreet, parley.Hour, 4) // 300 m off
	coarse := of("three", "1", cast.At(36.05, 39.0079), parley.PlaceDistrict, parley.Day, 3)
	coarseOther := of("four", "1", cast.At(36.05, 39.0079), parley.PlaceDistrict, parley.Day, 9)
	far := of("five", "1", cast.At(37.2, 39.0079), parley.PlaceStreet, parley.Hour, 3)
	matches := func(ref parley.Ref) map[parley.Ref][]parley.MatchReason {
		i, _ := viewer(c, b, c.Verifier).Incident(ref)
		out := map[parley.Ref][]parley.MatchReason{}
		for _, m := range i.Matches {
			if m.Said != parley.MatchProposed {
				t.Errorf("%s: %s said without a person", ref, m.Said)
			}
			out[m.Other] = m.Reasons
		}
		return out
	}
	got := matches(first)
	if len(got) != 2 || !slices.Equal(got[near], []parley.MatchReason{parley.MatchTime, parley.MatchPlace}) || !slices.Equal(got[coarse], []parley.MatchReason{parley.MatchTime, parley.MatchPlace, parley.MatchTally}) {
		t.Errorf("of the first: %v; expected %s and %s", got, near, coarse)
	}
	if m := matches(sameSet); m[first] != nil {
		t.Error("two entries of one set are proposed as one")
	}
	if m := matches(far); len(m) != 0 {
		t.Errorf("far away: %v", m)
	}
	if m := matches(coarseOther); m[first] != nil {
		t.Errorf("a coarse place and another count: %v", m)
	}
	c.Refused(parley.CodeExists, c.Monitor, func(d *draft.Draft) parley.Body {
		i := eventAt(d, raqqa, from)
		i.Sources = []parley.Source{{SourceKind: "data_set", Set: "two", Entry: "1", Reliability: "B", Credibility: 3}}
		return &parley.IncidentRecord{Incident: i}
	})
	c.Tell(c.Monitor, &parley.IncidentMatch{Incident: first, Other: near, Same: true})
	i, _ := viewer(c, b, c.Verifier).Incident(near)
	said := slices.IndexFunc(i.Matches, func(m release.Match) bool { return m.Other == first && m.Said == parley.MatchSame })
	if said < 0 || i.Version != 1 {
		t.Errorf("after a person's word: %+v", i.Matches)
	}
}

// Evidence keeps one content, and its chain of custody names every hand it went through.
func TestEvidenceHasAChainOfCustody(t *testing.T) {
	c, b := cast.NewBare(t)
	b.At += parley.Day
	ref := record(c, c.Monitor, b.At-parley.Hour, nil)
	file := parley.File{SHA256: parley.Hash{5}, Size: 12, Stated: "image/png", Found: "text/html"}
	add := func(d *draft.Draft) parley.Body {
		return &parley.EvidenceAdd{File: file, Name: d.Text("photo.png"), About: []parley.Ref{ref}, Obtained: "handed_over", From: d.Text("a doctor"), At: b.At}
	}
	e := c.Must(c.Monitor, add).Ref
	c.Refused(parley.CodeNotFound, c.Org, add) // it does not know the incident
	copied := parley.File{SHA256: parley.Hash{6}, Size: 11, Stated: "image/png", Found: "image/png"}
	c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.EvidenceCustody{Evidence: e, Action: parley.CustodyCopy, At: b.At, Words: d.Text("faces hidden"), Copy: &copied}
	})
	c.Must(c.Verifier, func(d *draft.Draft) parley.Body {
		return &parley.EvidenceCustody{Evidence: e, Action: parley.CustodyHanded, At: b.At, Person: d.Text("the laboratory")}
	})
	out, _ := viewer(c, b, c.Verifier).Evidence(e)
	if !out.File.Lies || out.File.SHA256 != file.SHA256 || len(out.Copies) != 1 || len(out.Custody) != 3 || out.Custody[0].Action != parley.CustodyTaken || out.Custody[2].Account != parley.Desk {
		t.Errorf("evidence: %+v", out)
	}
	if _, ok := viewer(c, b, c.A.Officer).Evidence(e); ok {
		t.Error("a party sees evidence")
	}
	if !b.State.EvidenceFiles()[copied.SHA256] || !b.State.EvidenceFiles()[file.SHA256] {
		t.Error("a file on record is not named")
	}
}

// A sealed area is seen by nobody until it is opened, with exactly the content that was sealed.
func TestASealedAreaOpensOnlyAsItWas(t *testing.T) {
	c, b := cast.NewBare(t)
	area := parley.SealedArea{Shape: cast.Square(raqqa, 0.01), Buffer: 200, Window: geo.Window{From: b.At, To: b.At + parley.Day}}
	salt := parley.Bits128{9}
	commitment, err := area.Seal(salt)
	if err != nil {
		t.Fatal(err)
	}
	head := headOf(c, b, c.A.Officer)
	c.Refused(parley.CodeUnknownHead, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.AreaSeal{Commitment: commitment, Head: head}
	})
	ref := c.Tell(c.A.Officer, &parley.AreaSeal{Commitment: commitment, Head: head}).Ref
	if s, ok := viewer(c, b, c.Verifier).Seal(ref); !ok || s.Geometry != nil {
		t.Errorf("the desk sees %+v; expected that there is one", s)
	}
	for _, p := range []*cast.Person{c.B.Officer, c.Monitor, c.Org} {
		if _, ok := viewer(c, b, p).Seal(ref); ok {
			t.Errorf("%s sees a sealed area", p.Account)
		}
	}
	other := area
	other.Buffer++
	c.Refused(parley.CodeInvalid, c.A.Officer, func(*draft.Draft) parley.Body { return &parley.AreaOpen{Seal: ref, Salt: salt, Area: other} })
	c.Refused(parley.CodeNotFound, c.B.Officer, func(*draft.Draft) parley.Body { return &parley.AreaOpen{Seal: ref, Salt: salt, Area: area} })
	c.Tell(c.A.Adviser, &parley.AreaOpen{Seal: ref, Salt: salt, Area: area})
	if s, ok := viewer(c, b, c.Monitor).Seal(ref); !ok || s.Geometry == nil || s.Buffer != 200 {
		t.Errorf("opened: %+v", s)
	}
	c.Refused(parley.CodeWrongState, c.A.Adviser, func(*draft.Draft) parley.Body { return &parley.AreaOpen{Seal: ref, Salt: salt, Area: area} })
}

// Numbers of acknowledgements, harm and claims are those of a count by hand, each with its denominator, and cut for their reader.
func TestStatisticsOfWhatWasKnownAreAHandCount(t *testing.T) {
	c, b := cast.NewBare(t)
	var sites []parley.Ref
	for i := range 4 {
		sites = append(sites, c.NotifyHospital(cast.At(35.9528+float64(i)*0.1107, 39.0079)))
		c.Release(cast.V(sites[i], 1), c.A.Ref)
	}
	c.Release(cast.V(sites[0], 1), c.B.Ref)
	for i, after := range []int64{10 * parley.Minute, 20 * parley.Minute, 30 * parley.Minute} {
		b.At = cast.Start + after
		advance(c, b)
		c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(sites[i], 1), ReadBack: cast.At(35.9528+float64(i)*0.1107, 39.0079)})
	}
	b.At += 2 * parley.Day // the deadlines of what was not acknowledged pass
	advance(c, b)
	for range 2 { // two reports of one event
		c.Tell(c.Org, &parley.HarmReport{Object: sites[0], At: b.At})
	}
	ref := record(c, c.Monitor, b.At-parley.Hour, nil)
	for range 3 {
		c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
			return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "accusation", Speaker: d.Text("x"), Party: c.A.Ref, Speech: parley.DirectSpeech, Language: "en", Quotation: d.Text("theirs"), About: []parley.Ref{ref}, Attribution: &parley.Attribution{Party: c.B.Ref}}}
		})
	}
	tasks, _ := viewer(c, b, c.A.Officer).Corrections(0, 10)
	c.Tell(c.A.Officer, &parley.CorrectionAnswer{Correction: tasks[0].Ref, Cause: parley.NotReceived})
	desk := viewer(c, b, c.Verifier).Statistics()
	ack := map[parley.Ref]release.AckCount{}
	for _, a := range desk.Acknowledged {
		ack[a.Party] = a
	}
	a := ack[c.A.Ref]
	first := cast.Start + 10*parley.Minute
	if a.Releases != 4 || a.Acknowledged != 3 || a.InTime != 3 || a.Waiting != 1 || a.NoAnswers < 1 || a.Median != first+10*parley.Minute-cast.Start || a.Ninetieth != first+20*parley.Minute-cast.Start {
		t.Errorf("acknowledgements of A: %+v", a)
	}
	if a := ack[c.B.Ref]; a.Releases != 1 || a.Acknowledged != 0 || a.Waiting != 1 {
		t.Errorf("acknowledgements of B: %+v", a)
	}
	harm := map[parley.Ref]release.HarmCount{}
	for _, h := range desk.Harm {
		harm[h.Party] = h
	}
	if h := harm[c.A.Ref]; h.Held != 4 || h.Harmed != 1 || h.Tasks != 1 || len(h.Causes) != 1 || h.Causes[0] != (release.CauseCount{Cause: parley.NotReceived, N: 1}) {
		t.Errorf("harm and A: %+v", h)
	}
	if h := harm[c.B.Ref]; h.Held != 1 || h.Harmed != 1 || h.Causes[0].Cause != "" {
		t.Errorf("harm and B: %+v", h)
	}
	if desk.HarmEvents != 1 || desk.Attributions != 3 || len(desk.Attributed) != 1 || desk.Attributed[0] != (release.Attributed{Party: c.B.Ref, By: c.A.Ref, Claims: 3}) {
		t.Errorf("events %d, attributed %+v of %d", desk.HarmEvents, desk.Attributed, desk.Attributions)
	}
	own := viewer(c, b, c.B.Officer).Statistics()
	if len(own.Acknowledged) != 1 || own.Acknowledged[0].Party != c.B.Ref || len(own.Harm) != 1 || own.Attributions != 0 || len(own.Incidents) != 0 {
		t.Errorf("party B counts %+v", own)
	}
	if other := viewer(c, b, c.Other).Statistics(); len(other.Acknowledged)+len(other.Harm)+other.HarmEvents != 0 {
		t.Errorf("another notifier counts %+v", other)
	}
}
