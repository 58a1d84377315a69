package web_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/channel"
	"parley/internal/draft"
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
