package node_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/inquiry"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
	"parley/proof"
	"parley/release"
)

// aftermath is a theatre in which a hospital was harmed, with everything around it that an inquiry should show.
type aftermath struct {
	*cast.Cast
	node                *node.Node
	folder              string
	clock               *atomic.Int64
	site, incident      parley.Ref
	seal, area, check   parley.Ref
	then                int64 // the moment that is asked about
	line, offer, denial parley.Ref
}

var bridge = cast.At(35.9528, 39.0079)

func newAftermath(t testing.TB) *aftermath {
	a := &aftermath{clock: &atomic.Int64{}}
	a.clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	a.folder, a.node = folder, open(t, folder, a.clock, node.Config{})
	t.Cleanup(func() { _ = a.node.Close() })
	a.Cast = cast.Enter(t, cast.OnNode{Node: a.node}, theatre, trustees, a.clock.Load)
	pass := func(ms int64) { a.clock.Add(ms) }
	a.site = a.NotifyHospital(cast.At(35.9518, 39.0079))
	a.Release(cast.V(a.site, 1), a.A.Ref)
	a.Tell(a.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(a.site, 1), ReadBack: cast.At(35.9518, 39.0079)})
	pass(parley.Hour)
	a.Must(a.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(a.site, 1), Site: cast.Hospital(d, bridge, cast.Start, a.A.Ref, a.B.Ref)}
	})
	a.Release(cast.V(a.site, 2), a.A.Ref, a.B.Ref)
	_, _ = a.Say(a.A.Officer, func(*draft.Draft) parley.Body { // a wrong read-back is kept
		return &parley.ObjectAcknowledge{Of: cast.V(a.site, 2), ReadBack: cast.At(35.9628, 39.0079)}
	})
	a.Tell(a.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(a.site, 2), ReadBack: bridge})
	a.Must(a.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ObjectDissemination{Of: cast.V(a.site, 2), Echelon: parley.OperationsRoom, Level: d.Text("the room in the north")}
	})
	head := a.headOf(a.A.Officer)
	window := geo.Window{From: a.clock.Load(), To: a.clock.Load() + parley.Day}
	a.check = a.Tell(a.A.Officer, &parley.CheckRecord{Shape: cast.Square(bridge, 0.01), Window: window, Head: head}).Ref
	a.area = a.Tell(a.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(bridge, 0.01), Window: window, Head: head, Addressees: []parley.Ref{a.B.Ref}}}).Ref
	sealed := parley.SealedArea{Shape: cast.Square(bridge, 0.02), Window: window}
	commitment, err := sealed.Seal(parley.Bits128{7})
	if err != nil {
		t.Fatal(err)
	}
	a.seal = a.Tell(a.B.Officer, &parley.AreaSeal{Commitment: commitment, Head: a.headOf(a.B.Officer)}).Ref
	a.line = a.Must(a.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.LineImpose{Line: parley.Line{LineKind: "deconfliction", Basis: parley.BasisUnilateral, Terms: parley.Terms{Shape: cast.Line(cast.At(35.94, 39.0079), cast.At(35.97, 39.0079)), Window: window, Addressees: []parley.Ref{a.B.Ref}, Text: d.Text("the river")}}}
	}).Ref
	a.Tell(a.B.Officer, &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: cast.V(a.line, 1)}})
	a.offer = a.Must(a.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.OfferMake{To: a.B.Ref, OfferKind: "coordination", Text: d.Text("a line at all hours"), Language: "en", Deadline: a.clock.Load() + 2*parley.Hour}
	}).Ref
	a.Tell(a.A.Officer, &parley.ChannelStatus{With: a.B.Ref, State: parley.LineOpen, Since: a.clock.Load() - parley.Hour})
	a.Tell(a.A.Officer, &parley.ChannelStatus{With: a.B.Ref, State: parley.LineDegraded, Since: a.clock.Load()})
	a.Tell(a.A.Officer, &parley.TestCall{To: parley.Desk, At: a.clock.Load(), Answered: true, Seconds: 40})
	pass(2 * parley.Hour)
	stop := a.Tell(a.Org, &parley.StopRaise{Object: a.site}).Ref
	pass(parley.Minute)
	a.Tell(a.B.Officer, &parley.StopTake{Stop: stop})
	a.then = a.clock.Load()
	pass(parley.Hour)
	a.Tell(a.A.Officer, &parley.ChannelStatus{With: a.B.Ref, State: parley.LineSuspended, Since: a.clock.Load()}) // later
	a.Tell(a.B.Officer, &parley.ObjectAcknowledge{Of: cast.V(a.site, 2), ReadBack: bridge})                       // too late to have been known then
	a.incident = a.Must(a.Monitor, func(d *draft.Draft) parley.Body {
		p := bridge
		return &parley.IncidentRecord{Incident: parley.Incident{IncidentKind: parley.ObjectHarmed, From: a.then - parley.Minute, To: a.then, Place: &p, Precision: parley.PlaceStreet, Narrative: d.Text("A nurse saw it."),
			Sources: []parley.Source{{SourceKind: "witness", Name: d.Text("A nurse"), Reliability: "B", Credibility: 2}}, Certainty: "probable"}}
	}).Ref
	a.denial = a.Must(a.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "denial", Speaker: d.Text("A. Speaker"), Party: a.B.Ref, Speech: parley.DirectSpeech, Language: "en", Quotation: d.Text("Not ours."), About: []parley.Ref{a.incident}}}
	}).Ref
	a.Tell(a.Verifier, &parley.IncidentLink{Incident: a.incident, Objects: []parley.Ref{a.site}})
	return a
}

func (a *aftermath) headOf(p *cast.Person) (h parley.ListHead) {
	a.T.Helper()
	if err := a.node.Read(func(s *channel.State) {
		h, _, _ = s.View(&parley.Member{Account: p.Account}, 0, a.node.Text).List(0, 1)
	}); err != nil {
		a.T.Fatal(err)
	}
	return h
}

// ask makes an inquiry for a person and verifies it with nothing but its bytes and the log's key.
func (a *aftermath) ask(p *cast.Person, incident parley.Ref) ([]byte, *inquiry.Verified) {
	a.T.Helper()
	raw, err := a.node.Inquire(context.Background(), a.member(p), release.Question{At: a.then, Place: bridge, Radius: 1500, Incident: incident})
	if err != nil {
		a.T.Fatal(err)
	}
	f, err := inquiry.Parse(raw)
	if err != nil {
		a.T.Fatal(err)
	}
	v, err := f.Verify(proof.Trust{LogKey: a.node.LogKey()})
	if err != nil {
		a.T.Fatalf("%s: %v", p.Account, err)
	}
	return raw, v
}

func (a *aftermath) member(p *cast.Person) (m *parley.Member) {
	a.T.Helper()
	if err := a.node.Read(func(s *channel.State) {
		if found, ok := s.Session(draft.KeyOf(p.Key).ID()); ok {
			m = &found
		}
	}); err != nil || m == nil {
		a.T.Fatalf("no session for %s: %v", p.Account, err)
	}
	return m
}

// shows returns the lines of a section with a fact of a value, or with any value when it is empty.
func shows(v *inquiry.Verified, section string, ref parley.Ref, fact, value string) []release.InquiryLine {
	var found []release.InquiryLine
	for _, l := range v.Lines {
		if l.Section == section && (ref == "" || l.Ref == ref) && l.Fact(fact) != "" && (value == "" || l.Fact(fact) == value) {
			found = append(found, l)
		}
	}
	return found
}

// An incident near a hospital: the desk's report lists every version, release, acknowledgement, level and check at that time, and what was said later.
func TestAnInquiryListsWhatWasKnown(t *testing.T) {
	a := newAftermath(t)
	_, v := a.ask(a.Verifier, "")
	for what, lines := range map[string][]release.InquiryLine{
		"version 1":                 shows(v, "versions", a.site, "place", cast.At(35.9518, 39.0079).String()),
		"version 2, in force":       shows(v, "versions", a.site, "in_force", "yes"),
		"release to A":              shows(v, "releases", a.site, "sendings", "1"),
		"B had not acknowledged":    shows(v, "acknowledgements", a.site, "acknowledgement", "none by then"),
		"A's wrong read-back":       shows(v, "acknowledgements", a.site, "wrong_read_backs", "1"),
		"A's level":                 shows(v, "levels", a.site, "level", "the room in the north"),
		"B stated no level":         shows(v, "levels", a.site, "dissemination", ""),
		"that a check was made":     shows(v, "checks", "", "check", "made"),
		"the area":                  shows(v, "areas", a.area, "in_force", "yes"),
		"the sealed area":           shows(v, "seals", a.seal, "list_position", ""),
		"the stop was raised":       shows(v, "stops", "", "step", "raised"),
		"the stop was taken":        shows(v, "stops", "", "step", "taken"),
		"the offer without answer":  shows(v, "offers", a.offer, "state", "no_answer"),
		"the line":                  shows(v, "arrangements", a.line, "imposed", "yes"),
		"B's word about the line":   shows(v, "arrangements", a.line, "consent", "contested"),
		"A's line to B at the time": shows(v, "liaison", "", "line", "degraded"),
		"A's test call":             shows(v, "liaison", "", "seconds", "40"),
		"B said nothing of a line":  shows(v, "liaison", "", "line", "no word by then"),
		"B was not test-called":     shows(v, "liaison", "", "test_call", "none by then"),
		"the harm":                  shows(v, "later", "", "object", string(a.site)),
		"the incident":              shows(v, "later", a.incident, "incident", ""),
		"the denial":                shows(v, "later", a.denial, "claim", "denial"),
		"a task":                    shows(v, "later", "", "task", "open"),
		"who verified each version": shows(v, "versions", a.site, "verified_by", "checked_map"),
	} {
		if len(lines) == 0 {
			t.Errorf("%s is not there", what)
		}
	}
	if got := shows(v, "liaison", "", "line", ""); len(got) != 2 {
		t.Errorf("words about lines at the time: %+v; expected A's newest then, and that B had said nothing", got)
	}
	if got := shows(v, "acknowledgements", a.site, "acknowledged", ""); len(got) != 2 || slices.ContainsFunc(got, func(l release.InquiryLine) bool { return l.Party == a.B.Ref }) {
		t.Errorf("acknowledgements by then: %+v; expected A's of both versions, and not B's, which came later", got)
	}
	signed, placed := 0, 0
	for i, how := range v.Proved {
		switch how {
		case inquiry.Signed:
			signed++
		case inquiry.Placed:
			placed++
			if v.Lines[i].Section != "checks" && v.Lines[i].Section != "areas" && v.Lines[i].Section != "seals" {
				t.Errorf("the desk has only the hash of %+v", v.Lines[i])
			}
		}
	}
	if signed < 15 || placed == 0 {
		t.Errorf("%d lines with their signed commands, %d with their place alone", signed, placed)
	}
	if !slices.ContainsFunc(v.Missing, func(s string) bool { return strings.Contains(s, "sealed areas") }) {
		t.Errorf("nothing says that a sealed area was not opened: %q", v.Missing)
	}
}

// The report is cut for its reader, and every reading of others' objects is on record.
func TestAnInquiryIsCutForItsReader(t *testing.T) {
	a := newAftermath(t)
	rawA, v := a.ask(a.A.Officer, "")
	if len(shows(v, "checks", a.check, "list_position", "")) != 1 || len(shows(v, "seals", "", "list_position", "")) != 0 || len(shows(v, "findings", "", "finding", "")) != 0 {
		t.Error("party A: expected its own check, no seal of B's and no findings")
	}
	for _, l := range v.Lines {
		if l.Party == a.B.Ref && (l.Section == "releases" || l.Section == "acknowledgements" || l.Section == "levels") {
			t.Errorf("party A is shown what B had: %+v", l)
		}
	}
	if bytes.Contains(rawA, []byte(a.incident)) || bytes.Contains(rawA, []byte("A nurse")) {
		t.Error("party A is shown an incident that it was not asked about")
	}
	_, v = a.ask(a.B.Officer, "")
	if len(shows(v, "liaison", "", "line", "degraded")) != 1 || len(shows(v, "liaison", "", "seconds", "")) != 0 || len(shows(v, "liaison", "", "test_call", "none by then")) != 1 {
		t.Error("party B: expected what A said of its line to B, and nothing of A's test call to the desk")
	}
	_, v = a.ask(a.Org, "")
	for _, l := range v.Lines {
		if l.Section == "liaison" {
			t.Errorf("the notifier is shown the parties' lines: %+v", l)
		}
	}
	if len(shows(v, "areas", "", "addressees", ""))+len(shows(v, "checks", "", "check", ""))+len(shows(v, "seals", "", "list_position", "")) != 0 {
		t.Error("the notifier is shown what parties keep to themselves")
	}
	if got := shows(v, "releases", a.site, "state", ""); len(got) != 3 {
		t.Errorf("the notifier is shown %d releases; expected 3", len(got))
	}
	_, v = a.ask(a.Other, "")
	for _, l := range v.Lines {
		if l.Section != "levels" && l.Section != "later" {
			t.Errorf("another notifier is shown %+v", l)
		}
	}
	// A monitor asks on account of an incident, about its own place and time.
	q := release.Question{At: a.then, Place: bridge, Radius: 1500}
	refusedAs(t, a, a.Monitor, q, parley.CodeNotPermitted)
	q.Incident = a.incident
	q.Place = cast.At(36.5, 39.5)
	refusedAs(t, a, a.Monitor, q, parley.CodeNotPermitted)
	q.Place, q.At = bridge, a.then-10*parley.Day
	refusedAs(t, a, a.Monitor, q, parley.CodeNotPermitted)
	q.At = a.clock.Load() + parley.Hour
	refusedAs(t, a, a.Verifier, q, parley.CodeClock)
	q.At, q.Radius = a.then, 0
	refusedAs(t, a, a.Verifier, q, parley.CodeInvalid)
	q.Radius = 1500
	refusedAs(t, a, a.Trustees[0], q, parley.CodeNotPermitted)
	q.Incident = parley.MakeRef(parley.RefIncident, parley.Hash{3}, 5)
	refusedAs(t, a, a.Verifier, q, parley.CodeNotFound)
	raw, v := a.ask(a.Monitor, a.incident)
	if len(shows(v, "versions", a.site, "in_force", "yes")) != 1 || len(shows(v, "acknowledgements", a.site, "acknowledged", "")) != 2 || len(shows(v, "checks", "", "check", "")) != 0 {
		t.Error("the monitor: expected versions and acknowledgements, and no checks")
	}
	if bytes.Contains(raw, []byte("Invented hospital")) || bytes.Contains(raw, []byte("+963")) {
		t.Error("the monitor is given names or telephone numbers")
	}
	if err := a.node.Read(func(s *channel.State) {
		f, _ := s.View(&parley.Member{Account: a.OrgRef}, 0, a.node.Text).Object(a.site)
		if !slices.ContainsFunc(f.Reads, func(r release.Read) bool { return r.Purpose == parley.ForInquiry }) {
			t.Errorf("the read log does not show the inquiries: %+v", f.Reads)
		}
	}); err != nil {
		t.Fatal(err)
	}
	// The sealed area is opened into the next report.
	sealed := parley.SealedArea{Shape: cast.Square(bridge, 0.02), Window: geo.Window{From: cast.Start + parley.Hour, To: cast.Start + parley.Hour + parley.Day}}
	a.Tell(a.B.Officer, &parley.AreaOpen{Seal: a.seal, Salt: parley.Bits128{7}, Area: sealed})
	_, v = a.ask(a.Monitor, a.incident)
	if got := shows(v, "seals", a.seal, "opened", ""); len(got) != 1 || len(got[0].Positions) != 2 {
		t.Errorf("the opened area: %+v", got)
	}
}

func refusedAs(t *testing.T, a *aftermath, p *cast.Person, q release.Question, code parley.Code) {
	t.Helper()
	_, err := a.node.Inquire(context.Background(), a.member(p), q)
	var refused *node.Refused
	if !errors.As(err, &refused) || refused.Code != code {
		t.Errorf("%+v by %s: %v; expected %s", q, p.Account, err, code)
	}
}

// A text that was erased is said to be missing, and the rest verifies.
func TestAnInquirySaysWhatIsErased(t *testing.T) {
	a := newAftermath(t)
	var phone parley.Hash
	raw, _ := a.ask(a.Org, "")
	f, err := inquiry.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range f.Entries {
		for _, p := range e.Texts {
			if p.Text == "the room in the north" {
				phone = p.Commitment().Hash
			}
		}
	}
	if !phone.IsZero() {
		t.Fatal("the notifier is given a party's name of its level")
	}
	a.Tell(a.A.Officer, &parley.CheckMoved{Check: a.check, To: cast.Point(bridge)})
	// The party's own level is under no hold? It was said about a harmed object: it is.
	raw, _ = a.ask(a.A.Officer, "")
	if f, err = inquiry.Parse(raw); err != nil {
		t.Fatal(err)
	}
	var level, offer parley.Hash
	for _, e := range f.Entries {
		for _, p := range e.Texts {
			switch p.Text {
			case "the room in the north":
				level = p.Commitment().Hash
			case "a line at all hours":
				offer = p.Commitment().Hash
			}
		}
	}
	a.Refused(parley.CodeHold, a.A.Officer, func(*draft.Draft) parley.Body { return &parley.PayloadErase{Payloads: []parley.Hash{level}} })
	a.Tell(a.A.Officer, &parley.PayloadErase{Payloads: []parley.Hash{offer}})
	_, v := a.ask(a.A.Officer, "")
	if got := shows(v, "offers", a.offer, "state", ""); len(got) != 1 || !slices.ContainsFunc(got[0].Missing, func(s string) bool { return strings.Contains(s, "erased") }) {
		t.Errorf("the offer whose text is gone: %+v", got)
	}
}

// Whatever is changed in the file, it verifies no more: also by the operator, who has the log's key and signs it anew.
func TestAnAlteredInquiryDoesNotVerify(t *testing.T) {
	a := newAftermath(t)
	raw, v := a.ask(a.Verifier, "")
	trust := proof.Trust{LogKey: a.node.LogKey()}
	for i := 0; i < len(raw); i += 1 + len(raw)/400 {
		changed := slices.Clone(raw)
		changed[i] ^= 1
		f, err := inquiry.Parse(changed)
		if err == nil {
			_, err = f.Verify(trust)
		}
		if err == nil && !bytes.Equal(changed, raw) && !idle(raw, i) && !cosmetic(raw, changed) {
			t.Fatalf("byte %d of %d changed from %q to %q, and it verifies: %s", i, len(raw), raw[i], changed[i], raw[max(0, i-120):min(len(raw), i+40)])
		}
	}
	key := logKeyOf(t, a.folder)
	resign := func(change func(f *inquiry.File, r *inquiry.Report)) error {
		f, err := inquiry.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		r := *v.Report
		r.Lines = slices.Clone(v.Lines)
		change(f, &r)
		if err := f.Sign(&r, key); err != nil {
			t.Fatal(err)
		}
		_, err = f.Verify(trust)
		return err
	}
	if err := resign(func(*inquiry.File, *inquiry.Report) {}); err != nil {
		t.Fatalf("signed anew without a change: %v", err)
	}
	ack := slices.IndexFunc(v.Lines, func(l release.InquiryLine) bool { return l.Fact("acknowledged") != "" })
	for what, change := range map[string]func(f *inquiry.File, r *inquiry.Report){
		"an entry an hour earlier":     func(f *inquiry.File, _ *inquiry.Report) { f.Entries[3].Time -= parley.Hour },
		"a line an hour earlier":       func(_ *inquiry.File, r *inquiry.Report) { r.Lines[ack].At = parley.Stamp(a.then - parley.Hour) },
		"another command":              func(f *inquiry.File, _ *inquiry.Report) { f.Entries[3].Command = f.Entries[4].Command },
		"a place in the tree":          func(f *inquiry.File, _ *inquiry.Report) { f.Entries[3].Position++ },
		"a line without its entry":     func(_ *inquiry.File, r *inquiry.Report) { r.Lines[ack].Positions = []uint64{1 << 30} },
		"a later word as known then":   func(f *inquiry.File, r *inquiry.Report) { r.Then = f.Entries[2].Position },
		"a text that was never said":   func(f *inquiry.File, _ *inquiry.Report) { f.Entries[3].Texts = []parley.Payload{{Text: "never said"}} },
		"a signature of somebody else": func(f *inquiry.File, _ *inquiry.Report) { f.Entries[3].Holders = f.Entries[len(f.Entries)-1].Holders },
	} {
		if err := resign(change); err == nil {
			t.Errorf("%s, signed anew by the operator, verifies", what)
		}
	}
	if _, err := (func() (*inquiry.Verified, error) {
		f, _ := inquiry.Parse(raw)
		return f.Verify(proof.Trust{LogKey: otherLog(t)})
	})(); err == nil {
		t.Error("it verifies under another log's key")
	}
}

// idle reports whether a byte is the last letter of base64 before its padding: its lowest bit stands for nothing there.
func idle(raw []byte, i int) bool { return i+1 < len(raw) && raw[i+1] == '=' }

// cosmetic reports whether two files say the same: a letter of a hexadecimal digit or a space between fields may be written otherwise.
func cosmetic(a, b []byte) bool {
	x, errX := inquiry.Parse(a)
	y, errY := inquiry.Parse(b)
	if errX != nil || errY != nil {
		return false
	}
	one, _ := json.Marshal(x)
	two, _ := json.Marshal(y)
	return bytes.Equal(one, two)
}

func otherLog(t *testing.T) string {
	t.Helper()
	_, verifier, err := note.GenerateKey(nil, "parley.test/other")
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// An administrator who alters a line of the journal gets no report out of it: the tree that the log has signed holds the line as it was.
func TestAnAlteredJournalGivesNoInquiry(t *testing.T) {
	a := newAftermath(t)
	before, _ := a.ask(a.Verifier, "")
	member := a.member(a.Verifier)
	if err := alterJournal(a.folder); err != nil {
		t.Fatal(err)
	}
	_, err := a.node.Inquire(context.Background(), member, release.Question{At: a.then, Place: bridge, Radius: 1500})
	var damage *journal.Damage
	if !errors.As(err, &damage) {
		t.Fatalf("an inquiry out of an altered journal: %v; expected damage", err)
	}
	// The file that was made before still verifies: nothing in it leans on the server.
	f, err := inquiry.Parse(before)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Verify(proof.Trust{LogKey: a.node.LogKey()}); err != nil {
		t.Error(err)
	}
}

// alterJournal changes one letter of a signed command in the database itself, in a block of the middle.
func alterJournal(folder string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "journal.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	var height int64
	var block []byte
	if err := db.QueryRow("SELECT height, block FROM blocks WHERE height > (SELECT max(height)/2 FROM blocks) ORDER BY height LIMIT 1").Scan(&height, &block); err != nil {
		return err
	}
	at := bytes.Index(block, []byte(`"payload":"`))
	if at < 0 {
		return errors.New("no signed command in the block")
	}
	if at += 60; block[at] == 'A' {
		block[at] = 'B'
	} else {
		block[at] = 'A'
	}
	_, err = db.Exec("UPDATE blocks SET block=? WHERE height=?", block, height)
	return err
}

func logKeyOf(t *testing.T, folder string) note.Signer {
	t.Helper()
	key, err := proof.LoadLogKey(filepath.Join(folder, "log.key"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// An account has room for so much evidence: what is on record and what it has just brought. Another account has room of its own, and a file that does not
// fit is not kept.
func TestEvidenceHasItsRoom(t *testing.T) {
	clock := &atomic.Int64{}
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	n := open(t, folder, clock, node.Config{EvidenceRoom: 100})
	t.Cleanup(func() { _ = n.Close() })
	c := cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	bring := func(account parley.Ref, size int, letter string) (parley.File, error) {
		return n.Keep(account, strings.NewReader(strings.Repeat(letter, size)), "text/plain")
	}
	f, err := bring(c.Monitor.Account, 60, "a")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := bring(c.Monitor.Account, 20, "b"); err != nil {
		t.Errorf("80 of 100 bytes: %+v, %v", again, err)
	}
	over, err := bring(c.Monitor.Account, 21, "c")
	if cast.CodeOf(err) != parley.CodeQuota || n.HasFile(sha256.Sum256([]byte(strings.Repeat("c", 21)))) {
		t.Errorf("101 of 100 bytes: %+v, %v; expected that it is refused and not kept", over, err)
	}
	if _, err := bring(c.OrgRef, 90, "d"); err != nil {
		t.Errorf("another account's 90 bytes: %v", err)
	}
	incident := c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.IncidentRecord{Incident: parley.Incident{IncidentKind: parley.OtherIncident, From: clock.Load(), To: clock.Load(), Precision: parley.PlaceUnknown, Certainty: "possible",
			Sources: []parley.Source{{SourceKind: "witness", Name: d.Text("A nurse"), Reliability: "B", Credibility: 2}}}}
	}).Ref
	c.Must(c.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.EvidenceAdd{File: f, Name: d.Text("notes.txt"), About: []parley.Ref{incident}, Obtained: "handed_over", At: clock.Load()}
	})
	if used, most := n.EvidenceOf(c.Monitor.Account); used != 80 || most != 100 {
		t.Errorf("%d of %d bytes; expected 80 of 100: a file that is on record counts once", used, most)
	}
	if _, err := bring(c.Monitor.Account, 21, "e"); cast.CodeOf(err) != parley.CodeQuota {
		t.Errorf("after it stands on record: %v", err)
	}
}

// A file of evidence is kept whole under its hash, sealed; one that no command names is taken away; one that is damaged is never handed out whole.
func TestEvidenceIsKeptUnderItsHash(t *testing.T) {
	a := newAftermath(t)
	const photo = "\x89PNG\r\n\x1a\n and the rest of a photograph that a doctor took"
	f, err := a.node.Keep(a.Monitor.Account, strings.NewReader(photo), "image/png")
	if err != nil {
		t.Fatal(err)
	}
	if f.SHA256 != sha256.Sum256([]byte(photo)) || f.Size != int64(len(photo)) || f.Found != "image/png" || f.Lies() {
		t.Fatalf("kept as %+v", f)
	}
	page, err := a.node.Keep(a.Monitor.Account, strings.NewReader("<!DOCTYPE html><script>alert(1)</script>"), "image/jpeg")
	if err != nil || !page.Lies() || page.Found != "text/html" {
		t.Errorf("a page that says it is a photograph: %+v (%v)", page, err)
	}
	if _, err := a.node.Keep(a.Monitor.Account, strings.NewReader(""), "image/png"); err == nil {
		t.Error("an empty file was kept")
	}
	if _, err := a.node.Keep(a.Monitor.Account, io.LimitReader(zeros{}, parley.MaxEvidence+1), "video/mp4"); cast.CodeOf(err) != parley.CodeTooLarge {
		t.Errorf("a file that is too large: %v", err)
	}
	add := func(f parley.File) func(d *draft.Draft) parley.Body {
		return func(d *draft.Draft) parley.Body {
			return &parley.EvidenceAdd{File: f, Name: d.Text("photo.png"), About: []parley.Ref{a.incident}, Obtained: "handed_over", At: a.clock.Load()}
		}
	}
	missing, wrong, lying := f, f, page
	missing.SHA256[0] ^= 1
	wrong.Size++
	lying.Found = "image/jpeg"
	a.Refused(parley.CodePayloadMissing, a.Monitor, add(missing))
	a.Refused(parley.CodeInvalid, a.Monitor, add(wrong))
	a.Refused(parley.CodeInvalid, a.Monitor, add(lying))
	a.Must(a.Monitor, add(f))
	if n, err := a.node.CheckEvidence(context.Background()); err != nil || n != 1 {
		t.Errorf("%d files hold (%v); expected the one on record", n, err)
	}
	path := filepath.Join(a.folder, "evidence", f.SHA256.String()+".age")
	sealed, err := os.ReadFile(path)
	if err != nil || bytes.Contains(sealed, []byte("photograph")) {
		t.Fatalf("the file lies open: %v", err)
	}
	// What no command names for a day goes; what is on record stays.
	old := time.Now().Add(-25 * time.Hour)
	for _, sum := range []parley.Hash{f.SHA256, page.SHA256} {
		if err := os.Chtimes(filepath.Join(a.folder, "evidence", sum.String()+".age"), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.node.Keep(a.Monitor.Account, strings.NewReader("another file"), "text/plain"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.node.OpenFile(page.SHA256); !errors.Is(err, node.ErrNoFile) {
		t.Errorf("a file that nobody named is still there: %v", err)
	}
	read := func() ([]byte, error) {
		r, err := a.node.OpenFile(f.SHA256)
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	if got, err := read(); err != nil || string(got) != photo {
		t.Fatalf("read %q (%v)", got, err)
	}
	for i := range sealed {
		changed := slices.Clone(sealed)
		changed[i] ^= 1
		if err := os.WriteFile(path, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := read(); err == nil {
			t.Fatalf("byte %d changed, and %q is handed out", i, got)
		}
	}
	if _, err := a.node.CheckEvidence(context.Background()); !errors.Is(err, node.ErrFileDamaged) {
		t.Errorf("a damaged file: %v", err)
	}
}

// zeros is an endless file.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
