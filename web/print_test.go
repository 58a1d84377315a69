package web_test

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/channel"
	"parley/inquiry"
	"parley/internal/draft"
	"parley/proof"
)

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// pages prints what the tab shows on A4 and counts the sheets.
func (b *browser) pages() int {
	b.t.Helper()
	var pdf []byte
	b.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPaperWidth(8.27).WithPaperHeight(11.69).WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		b.t.Fatalf("%d bytes that are no PDF", len(pdf))
	}
	return len(pdfPage.FindAll(pdf, -1))
}

// onPaper is the text that is seen of the page.
func (b *browser) onPaper() string {
	b.t.Helper()
	return strings.Join(strings.Fields(eval[string](b, "document.body.innerText")), " ")
}

// firstVersion is the name of the command that made the first version of an object, as its owner sees it.
func (h *house) firstVersion(ref parley.Ref) (name parley.Hash) {
	h.T.Helper()
	if err := h.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(h.Org.Key).ID())
		if file, ok := s.View(&m, h.Now(), h.node.Text).Object(ref); ok {
			name = file.Commands[0].Name
		}
	}); err != nil {
		h.T.Fatal(err)
	}
	return name
}

// What people take to the field on paper is one sheet of A4 each, in both languages: with EXERCISE, the reference and its version, how to
// reach the liaison, and the sentence that a notification creates no protection. Buttons and the map stay on the screen.
func TestPrintsAreOneSheet(t *testing.T) {
	t.Parallel()
	s := newHouse(t).play()
	receipt := "/receipt/" + s.firstVersion(s.hospital).String()
	b := s.newBrowser()
	b.size(688, 1017) // A4 within its margins
	for _, lang := range []string{"en", "ar"} {
		b.run(emulation.SetEmulatedMedia().WithMedia("print"))
		for _, p := range []struct {
			name, path, ref string
			as              string
		}{
			{"receipt", receipt, string(s.hospital) + "/v1", "notifier"},
			{"record", "/objects/" + string(s.hospital), string(s.hospital) + "/v1", "notifier"},
			{"movement", "/objects/" + string(s.convoy), string(s.convoy) + "/v1", "notifier"},
			{"card", "/card/" + string(s.convoy), string(s.convoy) + "/v1", "notifier"},
			{"entry", "/list/" + string(s.hospital), string(s.hospital) + "/v1", "officer"},
			{"check", "/checks/" + string(s.check), string(s.check), "officer"},
		} {
			if p.as == "notifier" {
				b.wear(s.Org)
			} else {
				b.wear(s.A.Officer)
			}
			b.open("/" + lang + p.path)
			if got := eval[string](b, "location.pathname"); got != "/"+lang+p.path {
				t.Errorf("%s %s: landed on %s", lang, p.name, got)
				continue
			}
			if eval[bool](b, "!!document.querySelector('p-map')") {
				b.mapReady()
			}
			if n := b.pages(); n != 1 {
				t.Errorf("%s %s: %d sheets; expected one", lang, p.name, n)
			}
			if over := eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				t.Errorf("%s %s: %d px wider than the sheet: %s", lang, p.name, over, eval[string](b, widest))
			}
			paper := b.onPaper()
			for what, text := range map[string]string{"the mark of the exercise": word(t, lang, "exercise"), "the reference": p.ref, "the liaison": "+963 00 000 0100",
				"the sentence": word(t, lang, "sentence.notification"), "when it was printed": word(t, lang, "print.at")} {
				if !strings.Contains(paper, text) {
					t.Errorf("%s %s: %s (%s) is not on the paper", lang, p.name, what, text)
				}
			}
			if seen := eval[string](b, "[...document.querySelectorAll('button, nav, input, select, textarea, p-live')].filter(e => e.getClientRects().length).map(e => e.tagName + ' ' + (e.textContent || e.name).trim()).slice(0, 3).join(', ')"); seen != "" {
				t.Errorf("%s %s: on the paper stand %s", lang, p.name, seen)
			}
		}
	}

	// The control: a page with two sheets of text is counted as more than one.
	eval[bool](b, "(document.querySelector('main').append(Object.assign(document.createElement('pre'), {textContent: 'x\\n'.repeat(200)})), true)")
	if n := b.pages(); n < 2 {
		t.Errorf("200 lines more are %d sheets: the count sees nothing", n)
	}
}

// An arrangement, a corridor's day and the ledger of offers on A4, in both languages: what is read without the map, every party's word, the
// standing sentence, the marks of every print, and no button.
func TestArrangementsOnPaper(t *testing.T) {
	t.Parallel()
	s := newHouse(t).play().arrange()
	b := s.newBrowser()
	b.size(688, 1017)
	b.wear(s.A.Officer)
	for _, lang := range []string{"en", "ar"} {
		b.run(emulation.SetEmulatedMedia().WithMedia("print"))
		say := func(key string, values ...string) string { return word(t, lang, key, values...) }
		passage := []string{say("sentence.passage"), say("arrangement.recorded")}
		for _, p := range []struct {
			path   string
			sheets int
			holds  []string
		}{
			{"/arrangements/" + string(s.line), 2, append([]string{string(s.line) + "/v1", say("consent.contested"), "never agreed", say("arrangement.length"), "35.36111° N 40.00222° E", string(s.notice), string(s.event), say("crossing.unannounced")}, passage...)},
			{"/arrangements/" + string(s.corridor), 2, append([]string{string(s.corridor) + "/v1", say("consent.no_answer"), say("agreed_of", "n", "1", "of", "2"), say("evacuation.voluntary"), "old bridge", say("hazard.mines"), "fire near the bridge", say("missing.title")}, passage...)},
			{"/arrangements/" + string(s.corridor) + "/day", 1, append([]string{string(s.corridor) + "/v1", "09:00–18:00", "06:00–15:00 UTC", say("consent.no_answer"), "fire near the bridge", "at the bridge, one hour at most"}, passage...)},
			{"/offers", 1, []string{string(s.offer), string(s.answered), say("offer_state.made"), say("offer_state.accepted")}},
			{"/offers/" + string(s.offer), 1, []string{string(s.offer), "six hours on Friday", "ست ساعات يوم الجمعة"}},
			{"/statistics", 2, []string{"1 / 1", say("statistics.offers_hint")}},
		} {
			name := lang + p.path
			b.open("/" + lang + p.path)
			if eval[bool](b, "!!document.querySelector('p-map')") {
				b.mapReady()
			}
			if n := b.pages(); n > p.sheets {
				t.Errorf("%s: %d sheets; expected at most %d", name, n, p.sheets)
			}
			if over := eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				t.Errorf("%s: %d px wider than the sheet: %s", name, over, eval[string](b, widest))
			}
			paper := b.onPaper()
			for _, text := range append(p.holds, say("exercise"), "+963 00 000 0100", say("sentence.notification"), say("print.at")) {
				if !strings.Contains(paper, text) {
					t.Errorf("%s: %q is not on the paper", name, text)
				}
			}
			if seen := eval[string](b, "[...document.querySelectorAll('button, nav, input, select, textarea, p-live, form')].filter(e => e.getClientRects().length).map(e => e.tagName + ' ' + (e.textContent || e.name).trim()).slice(0, 3).join(', ')"); seen != "" {
				t.Errorf("%s: on the paper stand %s", name, seen)
			}
			b.picture("print" + strings.NewReplacer("/", "-", "?", "-").Replace("-"+name))
		}
	}
}

// The report of an inquiry on A4, in both languages: every line that its file has, with how far it is proved; what is missing; the key of the log; and no button.
// An incident and both sides' words about it go on paper too.
func TestInquiryOnPaper(t *testing.T) {
	t.Parallel()
	s := newHouse(t).play().arrange().record()
	b := s.newBrowser()
	b.size(688, 1017)
	v := s.visit(s.Verifier)
	for _, lang := range []string{"en", "ar"} {
		b.run(emulation.SetEmulatedMedia().WithMedia("print"))
		say := func(key string, values ...string) string { return word(t, lang, key, values...) }
		path := s.ask(v, lang, "")
		r, err := v.client.Get(s.server.URL + "/" + lang + path + "/file")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		file, err := inquiry.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		report, err := file.Verify(proof.Trust{LogKey: s.node.LogKey()})
		if err != nil {
			t.Fatal(err)
		}
		b.wear(s.Verifier)
		for _, p := range []struct {
			path   string
			sheets int
			holds  []string
		}{
			{path, 5, []string{say("sentence.inquiry"), say("proved.signed"), say("proved.placed"), say("proved.stated"), say("inquiry.m_left_out"), say("inquiry.m_untold"), s.node.LogKey(), say("inquiry_section.liaison"), say("inquiry_value.no_word_by_then")}},
			{"/incidents/" + string(s.incident), 3, []string{say("sentence.incident"), string(s.incident) + "/v2", "هم من فعلها", "It was not ours.", "A nurse", "We are looking into it"}},
		} {
			name := lang + p.path
			b.open("/" + lang + p.path)
			if n := b.pages(); n > p.sheets {
				t.Errorf("%s: %d sheets; expected at most %d", name, n, p.sheets)
			}
			if over := eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
				t.Errorf("%s: %d px wider than the sheet: %s", name, over, eval[string](b, widest))
			}
			paper := b.onPaper()
			for _, text := range append(p.holds, say("exercise"), "+963 00 000 0100", say("sentence.notification"), say("print.at")) {
				if !strings.Contains(paper, text) {
					t.Errorf("%s: %q is not on the paper", name, text)
				}
			}
			if seen := eval[string](b, "[...document.querySelectorAll('button, nav, input, select, textarea, p-live, form')].filter(e => e.getClientRects().length).map(e => e.tagName + ' ' + (e.textContent || e.name).trim()).slice(0, 3).join(', ')"); seen != "" {
				t.Errorf("%s: on the paper stand %s", name, seen)
			}
			if p.path == path {
				if rows := eval[int](b, "[...document.querySelectorAll('table.inquiry tbody tr')].filter(e => e.getClientRects().length).length"); rows != len(report.Lines) {
					t.Errorf("%s: %d lines are on the paper, the file has %d", name, rows, len(report.Lines))
				}
				for _, l := range report.Lines {
					if l.Ref != "" && !strings.Contains(paper, string(l.Ref)) {
						t.Errorf("%s: the line of %s is not on the paper", name, l.Ref)
					}
				}
			}
			b.picture("print" + strings.NewReplacer("/", "-").Replace("-"+lang+map[bool]string{true: "-inquiry", false: "-incident"}[p.path == path]))
		}
	}
}
