package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"parley"
	"parley/channel"
	"parley/inquiry"
	"parley/internal/need"
	"parley/proof"
)

// keys presses keys, one after the other.
func (b *browser) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.run(chromedp.KeyEvent(k))
	}
}

// One monitor's day after harm, in a real browser that signs by itself: an incident near a hospital is reported through the page, both parties' words are put
// beside each other, the seed article is read and three of its claims are taken by keys alone, and the inquiry's page lists what was known with its signed file,
// which holds without the server.
func TestAMonitorsDayAfterHarm(t *testing.T) {
	s := newHouse(t).play()
	b := s.newBrowser()
	b.enter("en", s.Monitor.Account, "Amal", parley.MonitorOfficer)

	b.open("/en/incidents/new")
	at := parley.Time(s.Now()).UTC().Format("2006-01-02T15:04:05Z07:00")
	b.fill("kind", "object_harmed")
	b.fill("category", "hospital")
	b.fill("from", at)
	b.fill("place", "35.3362, 40.1412")
	b.fill("precision", "street")
	b.fill("what_0", "injured")
	b.fill("min_0", "2")
	b.fill("max_0", "٤") // Arabic digits are read
	b.fill("source_kind_0", "witness")
	b.fill("source_name_0", "A nurse")
	b.fill("reliability_0", "B")
	b.fill("credibility_0", "2")
	b.press("main form[data-sign] button.primary") // without a certainty: refused beside the field, and nothing typed is lost
	b.until("the missing field", "document.querySelector('.error-summary a[href=\"#certainty\"]')")
	b.fill("certainty", "probable")
	b.press("main form[data-sign] button.primary")
	incident := strings.TrimPrefix(b.arrive("/en/incidents/INC-"), "/en/incidents/")
	b.shows("2–4")

	for _, k := range []struct {
		party        parley.Ref
		words, claim string
	}{{s.A.Ref, "They did it.", "accusation"}, {s.B.Ref, "It was not ours.", "denial"}} {
		b.open("/en/claims/new?about=" + incident)
		b.fill("type", k.claim)
		b.fill("speaker", "A spokesperson")
		b.fill("party", string(k.party))
		b.fill("quotation", k.words)
		b.press("main form[data-sign] button.primary")
		b.arrive("/en/claims/CLAIM-")
	}
	b.open("/en/incidents/" + incident)
	if got := eval[string](b, `(() => { const s = [...document.querySelectorAll('#attribution .side')].map(e => e.getBoundingClientRect()); return s.length === 2 && Math.abs(s[0].top - s[1].top) < 2 && s[1].left >= s[0].right ? 'beside' : JSON.stringify(s) })()`); got != "beside" {
		t.Errorf("the sides stand at %s; expected one beside the other", got)
	}

	article, err := os.ReadFile(need.Shared(t, "seed/article.txt"))
	if err != nil {
		t.Fatal(err)
	}
	b.open("/en/statements")
	b.fill("text", string(article))
	b.fill("published", "2017-08-31") // the exercise has not come to the article's own day yet
	b.press("main form button.primary")
	b.arrive("/en/statements/")
	b.until("the first claim", "document.activeElement?.id === 'claim-1'")
	if n := eval[int](b, "document.querySelectorAll('.proposal').length"); n != 12 {
		t.Fatalf("%d claims are proposed; expected 12", n)
	}
	if marked := eval[string](b, "[...document.querySelectorAll('mark[data-current]')].map(m => m.dataset.claims).join()"); !strings.HasPrefix(marked, "1") {
		t.Errorf("the text marks %q; expected the first claim", marked)
	}
	b.picture("monitor-en-statement-review")
	b.keys(kb.ArrowDown, kb.ArrowUp)
	for n := 1; n <= 3; n++ {
		b.until(fmt.Sprint("claim ", n), "document.activeElement?.id === 'claim-%d'", n)
		if n == 2 { // changed first: E opens its fields, and Enter with Control takes it from there
			b.keys("e")
			b.until("its fields", "document.activeElement?.id === 'type_2'")
			b.fill("type_2", "accusation")
			b.run(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
		} else {
			b.keys(kb.Enter)
		}
		b.until(fmt.Sprint("claim ", n, " taken"), "document.getElementById('claim-%d')?.dataset.state === 'taken'", n)
	}
	b.until("claim 4", "document.activeElement?.id === 'claim-4'")
	b.keys("x")
	b.until("claim 4 left out", "document.getElementById('claim-4')?.dataset.state === 'left' && document.activeElement?.id === 'claim-5'")
	b.picture("monitor-en-statement-taken")
	b.run(chromedp.Reload())
	b.until("what was taken and left, after loading anew", "document.querySelectorAll('.proposal[data-state=taken]').length === 3 && document.querySelectorAll('.proposal[data-state=left]').length === 1")
	var taken []string
	s.view(s.Monitor, func(v *channel.Viewer) {
		list, _ := v.Claims(0, 100)
		for _, k := range list {
			if !k.Document.IsZero() {
				taken = append(taken, string(k.Type)+" "+k.Speaker+" "+k.Quotation)
			}
		}
	})
	if len(taken) != 3 || !strings.HasPrefix(taken[1], "accusation Oleg Syromolotov ") {
		t.Errorf("on record from the article: %q; expected the first three, the second as an accusation", taken)
	}

	b.open("/en/inquiry?incident=" + incident)
	b.press("main form button.primary")
	path := b.arrive("/en/inquiry/")
	for _, section := range []string{"versions", "releases", "acknowledgements", "levels", "liaison", "areas", "later"} {
		if !eval[bool](b, "!!document.getElementById(%q)", section) {
			t.Errorf("the report has no part %s", section)
		}
	}
	raw := eval[string](b, "fetch(%q).then(r => r.text())", path+"/file")
	file, err := inquiry.Parse([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	v, err := file.Verify(proof.Trust{LogKey: s.node.LogKey()})
	if err != nil {
		t.Fatal(err)
	}
	if rows := eval[int](b, "document.querySelectorAll('table.inquiry tbody tr').length"); rows != len(v.Lines) {
		t.Errorf("the page shows %d lines, its file has %d", rows, len(v.Lines))
	}
	if folder := os.Getenv("PARLEY_SCREENS"); folder != "" { // for parley verify, by hand
		_ = os.WriteFile(folder+"/inquiry.json", []byte(raw), 0o644)
		_ = os.WriteFile(folder+"/inquiry.key", []byte(s.node.LogKey()), 0o644)
	}
}

// Without scripts a text is read as a plain form: its claims stand beside it, each with its fields. What is taken needs a key, which the page says.
func TestStatementReviewWithoutScripts(t *testing.T) {
	s := newHouse(t).play()
	b := s.newBrowser()
	b.run(emulation.SetScriptExecutionDisabled(true))
	b.wear(s.Monitor)
	b.open("/ar/statements")
	b.write("#text", "قال المحافظ سليم عودة: «لم نبلغ بشيء قبل ذلك».")
	b.click("main form button.primary")
	b.shows("لم نبلغ بشيء قبل ذلك")
	b.shows(word(t, "ar", "needs_key"))
	b.click("#claim-1 summary")
	b.click("#claim-1 button.primary")
	b.shows(word(t, "ar", "trouble.needs_key"))
	if page := s.visit(s.Monitor).post("/ar/statements", url.Values{"text": {"a\x00b"}}); page.status != http.StatusUnprocessableEntity || find(page.doc, "a", "href", "#text") == nil {
		t.Errorf("a program instead of a text: %d; expected a fault beside the field", page.status)
	}
}

// What follows an incident, through the pages: a file is brought and named as evidence with a working copy, the desk links the hospital, the monitor grades the
// incident, corrects it and asks a party, whose officer answers; the work on it ends.
func TestWhatFollowsAnIncidentThroughThePages(t *testing.T) {
	s := newHouse(t).play().record()
	incident := "/en/incidents/" + string(s.incident)
	m := s.newBrowser()
	m.enter("en", s.Monitor.Account, "Amal", parley.MonitorOfficer)

	file := t.TempDir() + "/wing.png"
	if err := os.WriteFile(file, []byte("\x89PNG\r\n\x1a\n of the wing"), 0o600); err != nil {
		t.Fatal(err)
	}
	bring := func(path string) {
		t.Helper()
		m.open(path)
		m.run(chromedp.SetUploadFiles("#file", []string{file}, chromedp.ByQuery))
		m.press("main form button.primary")
		m.until("the file's hash", "document.querySelector('main form[data-sign] input[name=sha256]')")
	}
	bring("/en/evidence/new?about=" + string(s.incident))
	m.fill("obtained", "handed_over")
	m.press("main form[data-sign] button.primary")
	evidence := m.arrive("/en/evidence/EVID-")
	m.shows("wing.png")
	m.shows(word(t, "en", "evidence.here"))
	if err := os.WriteFile(file, []byte("\x89PNG\r\n\x1a\n of the wing, faces hidden"), 0o600); err != nil {
		t.Fatal(err)
	}
	bring(evidence + "/copy")
	m.fill("words", "Faces hidden")
	m.press("main form[data-sign] button.primary")
	m.arrive(evidence)
	m.until("the working copy", "document.querySelectorAll('#files tbody tr').length === 2")
	m.shows("Faces hidden")

	m.open(incident)
	m.press("#assess summary")
	m.fill("reliability", "B")
	m.fill("credibility", "2")
	m.fill("grade", "fair")
	m.fill("a_words", "A third source agrees")
	m.press("#assess button.primary")
	m.until("the grade", "document.getElementById('assessments')?.textContent.includes('A third source agrees')")
	m.press("#ask summary")
	m.fill("party", string(s.B.Ref))
	m.press("#ask button.primary")
	m.until("the party asked", "document.querySelectorAll('#responses tbody tr').length === 2")

	m.open(incident + "/update")
	if got := eval[string](m, "[document.getElementById('place').value, document.getElementById('max_0').value, document.getElementById('source_name_1').value].join('|')"); got != "35.3360000, 40.1410000|3|An agency" {
		t.Errorf("the form of a new version holds %q; expected what stands", got)
	}
	m.fill("reason", "correction")
	m.fill("words", "Four, not three")
	m.fill("max_0", "4")
	m.press("main form[data-sign] button.primary")
	m.until("version 3", "location.pathname === %q && document.querySelector('.ref-large')?.textContent.includes('/v3')", incident)
	m.shows("Four, not three")

	o := s.newBrowser()
	o.enter("ar", s.B.Ref, "سامي", parley.DutyOfficer)
	o.open("/ar/incidents/" + string(s.incident))
	o.fill("response", "rejected")
	o.fill("r_words", "لسنا نحن")
	o.press("#respond button.primary")
	o.until("the response", "document.getElementById('responses')?.textContent.includes('لسنا نحن')")

	d := s.newBrowser()
	d.enter("en", parley.Desk, "Rana", parley.Verifier)
	d.open(incident)
	d.press("#link summary")
	d.fill("l_concerns", string(s.convoy))
	d.press("#link button.primary")
	d.until("the convoy linked", "document.getElementById('event')?.textContent.includes(%q)", string(s.convoy))

	m.open(incident)
	m.press("#close summary")
	m.fill("c_words", "Both have answered")
	m.press("#close form button")
	m.shows("Both have answered")
	s.view(s.Monitor, func(v *channel.Viewer) {
		i, _ := v.Incident(s.incident)
		if i.Version != 3 || i.Tallies[0].Max != 4 || len(i.Assessments) != 2 || len(i.Responses) != 2 || len(i.Evidence) != 2 || i.Closed == "" || len(i.Earlier) != 2 || i.Earlier[1].Tallies[0].Max != 3 {
			t.Errorf("on record: version %d, %+v, %d grades, %d responses, %d pieces of evidence, closed %q, %d earlier versions", i.Version, i.Tallies, len(i.Assessments), len(i.Responses), len(i.Evidence), i.Closed, len(i.Earlier))
		}
	})
}
