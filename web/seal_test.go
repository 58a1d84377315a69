package web_test

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/need"
)

// sealFile is what the page and the command line keep alike.
type sealFile struct {
	Commitment parley.Hash       `json:"commitment"`
	Salt       parley.Bits128    `json:"salt"`
	Area       parley.SealedArea `json:"area"`
}

// typeSeal types an area into the form that seals.
func (b *browser) typeSeal(kind, shape, from, to string) {
	b.t.Helper()
	b.fill("seal-kind", kind)
	b.fill("seal-shape", shape)
	b.fill("seal-from", from)
	b.fill("seal-to", to)
}

// An area is sealed on the page and opened with the file that was kept: the server sees where and when only then, and reckons the same commitment as
// the browser. A file of another area does not open it.
func TestSealAnAreaAndOpenItOnThePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("ar", h.A.Ref, "ليلى", parley.DutyOfficer)
	b.open("/ar/seals")
	b.shows(word(t, "ar", "seals.none"))

	b.typeSeal("polygon", "35.30, 40.10\n35.32, 40.14\n35.30, 40.14\n35.32, 40.10", "2017-09-02 06:00", "2017-09-02 12:00")
	b.press("[data-make]")
	if said := eval[string](b, "document.querySelector('[data-fault]').textContent"); said != word(t, "ar", "js.seal.crosses") {
		t.Errorf("an outline that crosses itself gives %q", said)
	}
	b.typeSeal("polygon", "٣٥٫٣٠، ٤٠٫١٠\n35.30, 40.14\n35.32, 40.14", "٢٠١٧-٠٩-٠٢ ٠٦:٠٠", "2017-09-02 12:00")
	b.fill("seal-buffer", "٣٠٠")
	b.fill("seal-low", "0")
	b.fill("seal-high", "500")
	b.press("[data-make]")
	b.until("the file", "document.querySelector('#seal-file')?.value.length > 0")
	if !eval[bool](b, "document.querySelector('[data-made] button[type=submit]').disabled") {
		t.Error("the commitment can be signed before the file is kept")
	}
	var kept sealFile
	if err := json.Unmarshal([]byte(b.value("seal-file")), &kept); err != nil {
		t.Fatal(err)
	}
	want := parley.SealedArea{Shape: geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{{cast.At(35.30, 40.10), cast.At(35.30, 40.14), cast.At(35.32, 40.14), cast.At(35.30, 40.10)}}}}, Buffer: 300, Band: &geo.Band{Low: 0, High: 500},
		Window: geo.Window{From: 1504332000000, To: 1504353600000}}
	if got, err := want.Seal(kept.Salt); err != nil || got != kept.Commitment {
		t.Fatalf("the browser commits to %s, the server to %s (%v)", kept.Commitment, got, err)
	}
	b.press("#seal-kept")
	b.press("[data-made] button[type=submit]")
	ref := b.arrived("/ar/seals/SEAL-")
	h.view(h.Verifier, func(v *channel.Viewer) {
		s, ok := v.Seal(ref)
		if !ok || s.Commitment != kept.Commitment || s.Geometry != nil || s.Opened != "" {
			t.Errorf("stored %+v; expected the commitment alone", s)
		}
	})
	b.shows(word(t, "ar", "seal.unseen"))

	other := kept
	other.Area.Buffer = 400
	b.fill("unseal-text", fileOf(t, other))
	b.until("that it is another file", "document.querySelector('form[data-unseal] [data-fault]').textContent === %q", word(t, "ar", "js.seal.other_file"))
	path := filepath.Join(t.TempDir(), "seal.json")
	if err := os.WriteFile(path, []byte(fileOf(t, kept)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.run(chromedp.SetUploadFiles("#unseal-file", []string{path}, chromedp.ByQuery))
	b.until("that the file fits", "!document.querySelector('form[data-unseal] [data-made]').hidden")
	b.press("form[data-unseal] button[type=submit]")
	b.until("that it is open", "document.querySelector('.record-head')?.textContent.includes(%q)", word(t, "ar", "seal.opened"))
	h.view(h.Verifier, func(v *channel.Viewer) {
		if s, _ := v.Seal(ref); s.Geometry == nil || s.Buffer != 300 || !strings.HasPrefix(s.From, "2017-09-02T06:00") {
			t.Errorf("opened as %+v", s)
		}
	})
}

func fileOf(t *testing.T, f sealFile) string {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A circle is its middle with a reach; what is typed has no name, so that no form carries it.
func TestACircleIsSealedAndNothingOfItIsInTheForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.newBrowser()
	b.wear(h.A.Officer)
	b.open("/en/seals")
	b.typeSeal("circle", "35.35, 40.15", "2017-09-02 06:00", "2017-09-02 05:00")
	b.fill("seal-radius", "2000")
	b.press("[data-make]")
	if said := eval[string](b, "document.querySelector('[data-fault]').textContent"); said != word(t, "en", "js.seal.window") {
		t.Errorf("an end before the beginning gives %q", said)
	}
	b.fill("seal-to", "2017-09-02 12:00")
	b.press("[data-make]")
	b.until("the file", "document.querySelector('#seal-file')?.value.length > 0")
	var kept sealFile
	if err := json.Unmarshal([]byte(b.value("seal-file")), &kept); err != nil || kept.Area.Buffer != 2000 || kept.Area.Shape.Kind != geo.Point {
		t.Errorf("the file holds %+v (%v)", kept, err)
	}
	if got, err := kept.Area.Seal(kept.Salt); err != nil || got != kept.Commitment {
		t.Errorf("the browser commits to %s, the server to %s (%v)", kept.Commitment, got, err)
	}
	sent := eval[string](b, "new URLSearchParams(new FormData(document.querySelector('form[data-seal]'))).toString()")
	fields, err := url.ParseQuery(sent)
	if err != nil || len(fields) != 4 || fields.Get("commitment") != kept.Commitment.String() {
		t.Errorf("the form sends %s; expected the commitment and the head of the list", sent)
	}
	b.fill("seal-radius", "3000")
	if got := eval[string](b, "document.querySelector('input[name=commitment]').value"); got != "" {
		t.Errorf("after a change the form still holds the commitment %s", got)
	}
}

// sealOf has party A seal an area that the test knows.
func (s *scene) sealOf(area parley.SealedArea) (parley.Ref, parley.Bits128) {
	salt := parley.Bits128{9}
	commitment, err := area.Seal(salt)
	if err != nil {
		s.T.Fatal(err)
	}
	return s.Tell(s.A.Officer, &parley.AreaSeal{Commitment: commitment, Head: s.headOf(s.A)}).Ref, salt
}

// Without scripts the page says what needs them and sends nothing of an area; others do not learn that one is sealed.
func TestSealPagesWithoutScriptsAndForOthers(t *testing.T) {
	s := newHouse(t).play()
	area := parley.SealedArea{Shape: cast.Point(deirEzZor()), Buffer: 900, Window: geo.Window{From: s.Now(), To: s.Now() + parley.Day}}
	ref, salt := s.sealOf(area)
	v := s.visit(s.A.Officer)
	for _, path := range []string{"/ar/seals", "/ar/seals/" + string(ref)} {
		if !strings.Contains(v.get(path).body, word(t, "ar", "seal.scripts")) {
			t.Errorf("%s does not say that it needs scripts", path)
		}
	}
	form := v.get("/en/seals").form(t, "/en/seals")
	if got := v.post("/en/seals", form); got.status != http.StatusUnprocessableEntity {
		t.Errorf("the form without a commitment is answered with status %d", got.status)
	}
	form.Set("commitment", parley.Hash{8}.String())
	if got := v.post("/en/seals", form); got.status != http.StatusForbidden || !strings.Contains(got.body, word(t, "en", "trouble.needs_key")) {
		t.Errorf("without a key a commitment is answered with status %d; expected that it needs one", got.status)
	}
	text, err := json.Marshal(area)
	if err != nil {
		t.Fatal(err)
	}
	bad := url.Values{"salt": {saltText(parley.Bits128{1})}, "area": {string(text)}}
	if got := v.post("/en/seals/"+string(ref), bad); got.status != http.StatusUnprocessableEntity {
		t.Errorf("another salt is answered with status %d", got.status)
	}
	status, body := v.draft("/en/seals/"+string(ref), url.Values{"salt": {saltText(salt)}, "area": {string(text)}})
	if status != http.StatusOK || !strings.Contains(body, `"kind":"area.open"`) {
		t.Errorf("its salt and content give status %d: %s", status, body)
	}
	other := s.visit(s.B.Officer)
	if hidden, absent := other.get("/en/seals/"+string(ref)), other.get("/en/seals/"+string(parley.MakeRef(parley.RefSeal, parley.Hash{7}, 5))); hidden.status != http.StatusNotFound || absent.status != hidden.status {
		t.Errorf("another party opens it with status %d, and one that is not there with %d", hidden.status, absent.status)
	}
	if strings.Contains(other.get("/en/seals").body, "SEAL-") {
		t.Error("another party's list names it")
	}
}

// Sealed areas, seen and on paper, in both languages: the whole commitment, where it stands in the journal, and no button.
func TestSealScreensAndPaper(t *testing.T) {
	t.Parallel()
	s := newHouse(t).play()
	area := parley.SealedArea{Shape: cast.Point(deirEzZor()), Buffer: 900, Window: geo.Window{From: s.Now(), To: s.Now() + parley.Day}}
	sealed, _ := s.sealOf(area)
	opened, salt := s.sealOf(area)
	s.Tell(s.A.Officer, &parley.AreaOpen{Seal: opened, Salt: salt, Area: area})
	commitment, _ := area.Seal(salt)
	b := s.newBrowser()
	lookAt(t, b, need.Times(t, 1, 2, 2), []reader{{"officer", s.A.Officer, []string{"/seals", "/seals/" + string(sealed), "/seals/" + string(opened)}}, {"verifier", s.Verifier, []string{"/seals", "/seals/" + string(opened)}}})
	b.size(688, 1017)
	b.wear(s.A.Officer)
	b.run(emulation.SetEmulatedMedia().WithMedia("print"))
	for _, lang := range []string{"en", "ar"} {
		b.open("/" + lang + "/seals/" + string(sealed))
		if n := b.pages(); n > 1 {
			t.Errorf("%s: %d sheets; expected one", lang, n)
		}
		paper := strings.Join(strings.Fields(b.onPaper()), " ")
		for _, text := range []string{string(sealed), word(t, lang, "seal.unseen"), word(t, lang, "seal.proof"), word(t, lang, "exercise"), word(t, lang, "print.at")} {
			if !strings.Contains(paper, text) {
				t.Errorf("%s: %q is not on the paper", lang, text)
			}
		}
		if got := eval[string](b, "document.querySelector('dl.facts p-id[kind=hash]').textContent"); strings.ReplaceAll(got, " ", "") != commitment.String() {
			t.Errorf("%s: the commitment on the paper is %q; expected %s", lang, got, commitment)
		}
		if seen := eval[string](b, "[...document.querySelectorAll('button, nav, input, select, textarea, form')].filter(e => e.getClientRects().length).map(e => e.tagName).slice(0, 3).join(', ')"); seen != "" {
			t.Errorf("%s: on the paper stand %s", lang, seen)
		}
		b.picture("print-seal-" + lang)
	}
}

// saltText writes a salt as files and commands do.
func saltText(salt parley.Bits128) string { return hex.EncodeToString(salt[:]) }
