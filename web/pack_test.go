package web_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/exchange/pack"
	"parley/internal/cast"
)

// A pack is made on a page, saved as the signed file that it shows, and printed on one sheet; without JavaScript too.
func TestPackOnScreenPaperAndAsAFile(t *testing.T) {
	h := newHouse(t)
	site := h.NotifyHospital(deirEzZor())
	h.Release(cast.V(site, 1), h.A.Ref)
	form := url.Values{"echelon": {"unit"}, "level": {"north battery"}, "place": {"35.336, 40.141"}, "radius": {"15"}, "from": {"2017-09-01 10:00"}, "until": {"2017-09-02 10:00"}, "buffer": {"1000"}, "hours": {"48"}}
	v := h.visit(h.A.Officer)
	key, err := note.NewVerifier(h.node.LogKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ar"} {
		page := v.post("/"+lang+"/pack", form)
		if missing := unsaid.FindAllString(page.body, 5); missing != nil {
			t.Errorf("%s: no words for %v", lang, missing)
		}
		main := text(find(page.doc, "main", "", ""))
		for _, w := range []string{string(site) + "/v1", "north battery", string(h.A.Officer.Ref)} {
			if !strings.Contains(main, w) {
				t.Errorf("%s: the page does not say %q", lang, w)
			}
		}
		link := find(page.doc, "a", "download", "")
		if link == nil {
			t.Fatalf("%s: no file to save: %d %s", lang, page.status, main)
		}
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(attr(link, "href"), "data:application/json;base64,"))
		if err != nil {
			t.Fatal(err)
		}
		p, err := pack.Open(raw, key)
		if err != nil || len(p.Entries) != 1 || p.Expires != h.Now()+48*parley.Hour || !strings.Contains(main, p.ID) {
			t.Errorf("%s: the file holds %+v, %v; expected the pack of the page", lang, p, err)
		}
	}
	for field, bad := range map[string]string{"radius": "100", "hours": "500", "place": "nowhere", "echelon": "platoon", "until": "2017-08-01 10:00", "from": ""} {
		f := url.Values{}
		for k, w := range form {
			f[k] = w
		}
		f.Set(field, bad)
		if got := v.post("/en/pack", f); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "north battery") {
			t.Errorf("%s %q got %d; expected 422, and what was typed kept", field, bad, got.status)
		}
	}
	if got := h.visit(h.Verifier).get("/en/pack").status; got != http.StatusNotFound {
		t.Errorf("the desk got %d; expected 404", got)
	}

	b := h.newBrowser()
	b.size(688, 1017)
	b.wear(h.A.Officer)
	b.open("/ar/pack")
	for field, value := range form {
		b.fill(field, value[0])
	}
	b.press("form[action='/ar/pack'] button[type=submit]")
	b.until("the pack", "document.querySelector('a[download]')")
	if faults := b.axe(); len(faults) > 0 {
		t.Errorf("axe: %v", faults)
	}
	b.run(emulation.SetEmulatedMedia().WithMedia("print"))
	if n := b.pages(); n != 1 {
		t.Errorf("%d sheets; expected one", n)
	}
	if paper := b.onPaper(); !strings.Contains(paper, "north battery") || !strings.Contains(paper, string(site)) || !strings.Contains(paper, word(t, "ar", "pack.note")) {
		t.Errorf("on paper: %s", paper)
	}
}
