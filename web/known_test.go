package web_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley"
	"parley/inquiry"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/proof"
	"parley/release"
)

// record puts on record what follows harm at the hospital: an incident in two versions, each side's word about it, grades, a response, evidence.
func (s *scene) record() *scene {
	s.T.Helper()
	incident := func(d *draft.Draft, precision parley.PlacePrecision) parley.Incident {
		p := deirEzZor()
		return parley.Incident{IncidentKind: parley.ObjectHarmed, Title: d.Text("The east wing"), Narrative: d.Text("A nurse saw it fall."), From: s.Now() - 10*parley.Minute, To: s.Now() - 5*parley.Minute, Uncertain: parley.Hour, Place: &p, Precision: precision,
			Admin: []string{"Deir-ez-Zor", "Mayadin"}, Category: "hospital", Tallies: []parley.Tally{{What: "killed", Min: 1, Max: 3, Best: 2}, {What: "injured", Who: "health_workers", Min: 2, Max: 2}}, Damage: "moderate", Lost: []string{"health", "water"},
			Means: d.Text("from the air, as neighbours say"), Sources: []parley.Source{{SourceKind: "witness", Name: d.Text("A nurse"), Reliability: "B", Credibility: 2}, {SourceKind: "media", Name: d.Text("An agency"), On: s.Now(), Link: d.Text("https://agency.example/1"), Reliability: "C", Credibility: 3}}, Certainty: "probable"}
	}
	s.incident = s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.IncidentRecord{Incident: incident(d, parley.PlaceNeighbourhood)}
	}).Ref
	s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.IncidentUpdate{Of: cast.V(s.incident, 1), Incident: incident(d, parley.PlaceStreet), Reason: "more_known", Words: d.Text("The street is known now")}
	})
	s.Tell(s.Verifier, &parley.IncidentLink{Incident: s.incident, Objects: []parley.Ref{s.hospital}})
	s.claimA = s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "accusation", Speaker: d.Text("A. Speaker"), Capacity: d.Text("spokesperson"), Party: s.A.Ref, Via: []parley.Commitment{d.Text("an agency"), d.Text("a newspaper")}, Published: s.Now(), Speech: parley.DirectSpeech, Language: "ar",
			Quotation: d.Text("هم من فعلها"), Translation: d.Text("They did it"), Translator: d.Text("The monitors"), About: []parley.Ref{s.incident}, Attribution: &parley.Attribution{Party: s.B.Ref}}}
	}).Ref
	s.claimB = s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.ClaimRecord{Claim: parley.Claim{ClaimType: "denial", Speaker: d.Text("B. Speaker"), Party: s.B.Ref, Speech: parley.IndirectSpeech, Language: "en", Quotation: d.Text("It was not ours."), About: []parley.Ref{s.incident}, Contradicts: []parley.Ref{s.claimA}}}
	}).Ref
	s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.AssessmentMake{Of: s.incident, Reliability: "B", Credibility: 2, Grade: "fair", Words: d.Text("Two sources agree")}
	})
	s.Must(s.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.AssessmentMake{Of: s.claimB, Reliability: "C", Credibility: 4, Words: d.Text("No detail is given")}
	})
	s.Tell(s.Monitor, &parley.ResponseAsk{Incident: s.incident, Party: s.A.Ref})
	s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ResponseGive{Incident: s.incident, Response: parley.ResponseReview, Words: d.Text("We are looking into it")}
	})
	file, err := s.node.Keep(s.Monitor.Account, strings.NewReader("<!DOCTYPE html><script>document.title = 'it ran'</script>"), "image/jpeg")
	if err != nil {
		s.T.Fatal(err)
	}
	s.evidence = s.Must(s.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.EvidenceAdd{File: file, Name: d.Text("wing.jpg"), Title: d.Text("The wing from the road"), About: []parley.Ref{s.incident}, Obtained: "handed_over", From: d.Text("a neighbour"), At: s.Now(), Made: s.Now() - parley.Minute}
	}).Ref
	return s
}

// ask makes an inquiry by the form and returns the path of its report.
func (s *scene) ask(v *visitor, lang string, incident parley.Ref) string {
	s.T.Helper()
	page := v.post("/"+lang+"/inquiry", url.Values{"at": {parley.Stamp(s.Now())}, "near": {"35.336, 40.141"}, "radius": {"2000"}, "incident": {string(incident)}})
	if page.status != http.StatusOK || !strings.HasPrefix(page.path, "/"+lang+"/inquiry/") {
		s.T.Fatalf("an inquiry landed on %s with %d: %s", page.path, page.status, text(find(page.doc, "main", "", "")))
	}
	return strings.TrimPrefix(page.path, "/"+lang)
}

// reads has a text read by the form and returns the path of its review.
func (s *scene) reads(v *visitor, lang, text string) string {
	s.T.Helper()
	page := v.post("/"+lang+"/statements", url.Values{"text": {text}})
	if page.status != http.StatusOK || !strings.HasPrefix(page.path, "/"+lang+"/statements/") {
		s.T.Fatalf("a text landed on %s with %d", page.path, page.status)
	}
	return strings.TrimPrefix(page.path, "/"+lang)
}

// news is an invented text with claims in quotation marks and in the narrator's words.
const news = "Salim Odeh, the governor, told Reuters on Tuesday that the road near Deir ez-Zor was shut.\n“Nobody called us back,” he added. The so-called “quiet zone” was not kept.\nقال المحافظ سليم عودة: «لم نبلغ بشيء قبل ذلك»."

var timeOfDay = regexp.MustCompile(`\d\d:\d\d:\d\d(\.\d+)?`)

// Both sides of an event stand beside each other, each in its own words; nothing says who is right.
func TestClaimsStandSideBySide(t *testing.T) {
	s := newHouse(t).play().record()
	page := s.visit(s.Monitor).get("/en/incidents/" + string(s.incident))
	var sides []string
	for _, n := range all(page.doc, "section", "class", "side") {
		sides = append(sides, strings.Join(strings.Fields(text(n)), " "))
	}
	if len(sides) != 2 || !strings.Contains(strings.Join(sides, "|"), "هم من فعلها") || !strings.Contains(strings.Join(sides, "|"), "It was not ours.") {
		t.Fatalf("%d sides: %q; expected both parties' words", len(sides), sides)
	}
	for _, side := range sides {
		if strings.Contains(side, "هم من فعلها") == strings.Contains(side, "It was not ours.") {
			t.Errorf("one side holds both parties' words or none: %q", side)
		}
	}
	whole := strings.Join(strings.Fields(text(find(page.doc, "main", "", ""))), " ")
	for _, say := range []string{"They did it", "an agency", "then a newspaper", "the speaker’s word, no finding", "Contradicts", word(t, "en", "sentence.incident"), "The street is known now", "Neighbourhood", "We are looking into it", "fewer than"} {
		if !strings.Contains(whole, say) {
			t.Errorf("the page of the incident does not say %q", say)
		}
	}
	// A party that was asked sees what it has to answer, and no narrative, source or assessment.
	asked := s.visit(s.A.Officer).get("/en/incidents/" + string(s.incident))
	if asked.status != http.StatusOK || strings.Contains(asked.body, "A nurse") || find(asked.doc, "section", "id", "assessments") != nil || find(asked.doc, "details", "id", "respond") == nil {
		t.Errorf("the asked party got %d, or sees what it may not, or cannot answer", asked.status)
	}
	if other := s.visit(s.B.Officer).get("/en/incidents/" + string(s.incident)); other.status != http.StatusNotFound {
		t.Errorf("a party that was not asked got %d before publication", other.status)
	}
	// Published, it shows the day, the widest area and totals under the threshold as fewer than it; no place, no word of a source, no claim's speaker.
	s.clock.Add(4 * parley.Day)
	s.Tell(s.A.Officer, &parley.TestCall{To: parley.Desk, At: s.Now()})
	other := s.visit(s.B.Officer).get("/en/incidents/" + string(s.incident))
	said := strings.Join(strings.Fields(text(find(other.doc, "main", "", ""))), " ")
	if other.status != http.StatusOK || !strings.Contains(said, "fewer than 5") || !strings.Contains(said, "Deir-ez-Zor") {
		t.Errorf("published, the incident is %d: %s", other.status, said)
	}
	untimed := timeOfDay.ReplaceAllString(other.body, "") // the seconds of a time look like degrees
	for _, hidden := range []string{"35.33", "Mayadin", "A nurse", "The east wing", "A. Speaker", "Two sources agree", "We are looking into it"} {
		if at := strings.Index(untimed, hidden); at >= 0 {
			t.Errorf("the published incident shows %q in %q", hidden, untimed[max(0, at-60):min(len(untimed), at+60)])
		}
	}
	if list := s.visit(s.B.Officer).get("/en/incidents"); !strings.Contains(list.body, string(s.incident)) || strings.Contains(list.body, "The east wing") {
		t.Error("the list of what is published lacks the incident, or shows its title")
	}
}

// The report of an inquiry: every line with how far it is proved, what is missing, and the signed file, which holds without the server.
func TestInquiryReportAndItsFile(t *testing.T) {
	s := newHouse(t).play().record()
	v := s.visit(s.Verifier)
	path := s.ask(v, "en", "")
	page := v.get("/en" + path)
	said := strings.Join(strings.Fields(text(find(page.doc, "main", "", ""))), " ")
	for _, section := range []string{"versions", "releases", "acknowledgements", "levels", "liaison", "areas", "checks", "stops"} {
		if find(page.doc, "section", "id", section) == nil {
			t.Errorf("the report has no part %s", section)
		}
	}
	for _, say := range []string{"no level was stated by then", "Signed", "Placed", "Nothing on record", "That no line was left out"} {
		if !strings.Contains(said, say) {
			t.Errorf("the report does not say %q", say)
		}
	}
	r, err := v.client.Get(s.server.URL + "/en" + path + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.Header.Get("Content-Disposition") == "" || !strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the file is handed out with %v; expected an attachment in a sandbox", r.Header)
	}
	raw := new(strings.Builder)
	if _, err := io.Copy(raw, r.Body); err != nil {
		t.Fatal(err)
	}
	file, err := inquiry.Parse([]byte(raw.String()))
	if err != nil {
		t.Fatal(err)
	}
	proved, err := file.Verify(proof.Trust{LogKey: s.node.LogKey()})
	if err != nil {
		t.Fatal(err)
	}
	if rows := len(all(page.doc, "tr", "", "")) - len(all(page.doc, "thead", "", "")); rows != len(proved.Lines) {
		t.Errorf("the page shows %d lines, the file has %d", rows, len(proved.Lines))
	}
	// Nobody else opens it, and a name that is not there leads back to the form.
	if other := s.visit(s.A.Officer).get("/en" + path); other.status != http.StatusNotFound || strings.Contains(other.body, string(s.hospital)) {
		t.Errorf("another member got %d for a report that is not theirs", other.status)
	}
	if other := s.visit(s.A.Officer).get("/en" + path + "/file"); other.status != http.StatusNotFound {
		t.Errorf("another member got %d for the file", other.status)
	}
	// A monitor has to name the incident; the form says so and keeps what was typed.
	m := s.visit(s.Monitor)
	refused := m.post("/en/inquiry", url.Values{"at": {parley.Stamp(s.Now())}, "near": {"35.336, 40.141"}, "radius": {"2000"}})
	if refused.status != http.StatusUnprocessableEntity || fields(find(refused.doc, "form", "action", "/en/inquiry")).Get("near") != "35.336, 40.141" {
		t.Errorf("a monitor without an incident got %d", refused.status)
	}
	if form := m.get("/en/inquiry?incident=" + string(s.incident)); fields(find(form.doc, "form", "action", "/en/inquiry")).Get("incident") != string(s.incident) {
		t.Error("the form from an incident does not name it")
	}
	s.ask(m, "ar", s.incident)
}

// Every line of an inquiry has words in both languages: a fact without them would stand in English between Arabic ones.
func TestInquiryFactsAreSaid(t *testing.T) {
	s := newHouse(t).play().arrange().record()
	for _, p := range []*cast.Person{s.Verifier, s.Org, s.A.Officer} {
		v := s.visit(p)
		page := v.get("/ar" + s.ask(v, "ar", ""))
		if n := len(all(page.doc, "span", "class", "fact")); n < 20 {
			t.Fatalf("%s: %d facts; expected a whole report", p.Account, n)
		}
		for _, n := range all(page.doc, "span", "class", "fact") {
			said := strings.TrimSpace(text(n))
			latin := strings.ContainsFunc(text(find(n, "span", "class", "hint")), func(r rune) bool { return r >= 'a' && r <= 'z' })
			if latin || find(n, "bdi", "", "") != nil && !strings.Contains(said, "room") {
				t.Errorf("%s: %q has no words in Arabic", p.Account, said)
			}
		}
	}
}

// A file of evidence is saved, never shown in place: as bytes of no type where it is not what was stated, with nothing allowed to run. Its page says whether
// this node has it.
func TestEvidenceIsSavedAndDoesNotRun(t *testing.T) {
	s := newHouse(t).play().record()
	v := s.visit(s.Monitor)
	page := v.get("/en/evidence/" + string(s.evidence))
	link := find(page.doc, "a", "download", "")
	if link == nil {
		for _, a := range all(page.doc, "a", "", "") {
			if has(a, "download") {
				link = a
			}
		}
	}
	if link == nil || !strings.Contains(page.body, word(t, "en", "evidence.here")) || !strings.Contains(page.body, word(t, "en", "evidence.type_differs")) {
		t.Fatal("the page offers no file, or does not say where it lies and what it is")
	}
	r, err := v.client.Get(s.server.URL + attr(link, "href"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("a page that says it is a photograph goes out with %v", r.Header)
	}
	if other := s.visit(s.A.Officer).get("/en/evidence/" + string(s.evidence)); other.status != http.StatusNotFound {
		t.Errorf("a party got %d for the monitors' evidence", other.status)
	}
	// On a node that did not take the file in, the page says so and offers none.
	files, err := filepath.Glob(filepath.Join(s.folder, "evidence", "*.age"))
	if err != nil || len(files) != 1 || os.Remove(files[0]) != nil {
		t.Fatalf("%v, %v", files, err)
	}
	page = v.get("/en/evidence/" + string(s.evidence))
	if !strings.Contains(page.body, word(t, "en", "evidence.elsewhere")) || strings.Contains(page.body, "/file\"") {
		t.Error("the page does not say that the file lies elsewhere, or offers it")
	}
}

// Numbers stand with what they are a part of, on the page and in the file.
func TestStatisticsOfHarm(t *testing.T) {
	s := newHouse(t).play().record()
	v := s.visit(s.Verifier)
	page := v.get("/en/statistics")
	said := strings.Join(strings.Fields(text(find(page.doc, "main", "", ""))), " ")
	for _, say := range []string{"Holding an object says nothing about who harmed it", "1 / 2", "Each the speakers’ own word"} {
		if !strings.Contains(said, say) {
			t.Errorf("the numbers do not say %q", say)
		}
	}
	if len(all(page.doc, "svg", "class", "bar")) < 4 {
		t.Error("no bars are drawn")
	}
	r, err := v.client.Get(s.server.URL + "/en/statistics.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	raw := new(strings.Builder)
	if _, err := io.Copy(raw, r.Body); err != nil || !strings.HasPrefix(raw.String(), strings.Join(release.NumberColumns, ",")+"\n") || !strings.Contains(raw.String(), "objects_harmed_while_held,1,objects_held,2") {
		t.Errorf("the file of numbers: %v\n%s", err, raw)
	}
	if m := s.visit(s.Monitor).get("/en/statistics"); m.status != http.StatusOK {
		t.Errorf("a monitor got %d", m.status)
	}
}

// A long text is reviewed part by part: each page shows some of its claims, and the text around them, and every claim stands on one of them.
func TestALongTextIsReviewedInParts(t *testing.T) {
	s := newHouse(t).play()
	v := s.visit(s.Monitor)
	long := strings.Repeat("Salim Odeh, the governor, said that the road was shut.\n\nNothing else stood there.\n", 130)
	path := s.reads(v, "en", long)
	seen, next := map[string]bool{}, path
	for pages := 0; next != ""; pages++ {
		if pages > 10 {
			t.Fatal("the pages have no end")
		}
		page := v.get("/en" + next)
		cards := all(page.doc, "li", "class", "card proposal")
		if len(cards) == 0 || len(cards) > 60 || len(page.body) > 1<<20 {
			t.Fatalf("%s: %d claims in %d bytes", next, len(cards), len(page.body))
		}
		for _, card := range cards {
			number := attr(card, "data-claim")
			if seen[number] || find(page.doc, "mark", "data-claims", number) == nil {
				t.Errorf("%s: claim %s stands there again, or is not marked in the text", next, number)
			}
			seen[number] = true
		}
		next = ""
		for _, a := range all(page.doc, "a", "class", "button quiet") {
			if text(a) == word(t, "en", "more") {
				next = strings.TrimPrefix(attr(a, "href"), "/en")
			}
		}
	}
	if len(seen) != 130 {
		t.Errorf("%d claims were shown; expected 130", len(seen))
	}
}

// A file that is too large, no text, or in two encodings is refused on the page in words, beside the form; a page in HTML is read.
func TestFilesOfTextAreReadOrRefusedInWords(t *testing.T) {
	s := newHouse(t).play()
	v := s.visit(s.Monitor)
	send := func(name string, content []byte) *screen {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		part, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := v.client.Post(s.server.URL+"/en/statements", w.FormDataContentType(), &body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return v.read(r)
	}
	for name, content := range map[string][]byte{"large.html": bytes.Repeat([]byte("a"), 5<<20), "book.pdf": []byte("%PDF-1.4"), "program": []byte("\x7fELF\x00"), "two.txt": append([]byte("Первый.\n"), 0xcf, 0xe5), "empty.txt": nil} {
		page := send(name, content)
		summary := find(page.doc, "div", "id", "problem")
		if page.status != http.StatusUnprocessableEntity || summary == nil || unsaid.MatchString(page.body) {
			t.Errorf("%s: %d, %s", name, page.status, text(summary))
		}
	}
	if page := send("news.html", []byte("<html><body><p>“It holds,” said Ann Lee, a nurse.")); !strings.HasPrefix(page.path, "/en/statements/") || !strings.Contains(page.body, "Ann Lee") {
		t.Errorf("a page in HTML landed on %s", page.path)
	}
}
