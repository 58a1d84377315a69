package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/exchange/lists"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/node/listfolder"
)

// leagues is a list of designations of bodies that do not exist.
const leagues = `<CONSOLIDATED_LIST dateGenerated="%sT00:00:00Z"><ENTITIES>
<ENTITY><FIRST_NAME>ZARGHUN RIVER LEAGUE</FIRST_NAME><NAME_ORIGINAL_SCRIPT>رابطة نهر زرغون</NAME_ORIGINAL_SCRIPT><REFERENCE_NUMBER>QDe.900</REFERENCE_NUMBER><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><LISTED_ON>2015-02-03</LISTED_ON>
<COMMENTS1>In Jul. 2016, its council announced that the group had changed its name to Zarghun Lake Assembly and went on.</COMMENTS1>
<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>جمعية بحيرة زرغون (Zarghun Lake Assembly; ZLA Zarghun)</ALIAS_NAME></ENTITY_ALIAS></ENTITY>
<ENTITY><FIRST_NAME>OLD MILL COMMITTEE</FIRST_NAME><REFERENCE_NUMBER>QDe.901</REFERENCE_NUMBER><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><LISTED_ON>2012-02-03</LISTED_ON></ENTITY></ENTITIES></CONSOLIDATED_LIST>`

// bringList takes an edition of that list in beside the running server.
func (h *house) bringList(day string) {
	h.T.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		h.T.Fatal(err)
	}
	if _, _, err := listfolder.Open(filepath.Join(h.folder, "lists")).Load([]lists.File{{Name: "list.xml", Data: fmt.Appendf(nil, leagues, day)}}, listfolder.Options{Now: at.AddDate(0, 0, 1)}); err != nil {
		h.T.Fatal(err)
	}
}

// Two people in two languages look a name up, put it on record and decide, in a real browser; nobody else has the pages.
func TestANameIsScreenedByTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.newBrowser(), h.newBrowser()
	first.enter("en", h.OrgRef, "First Officer", parley.ScreeningOfficer)
	second.enter("ar", h.OrgRef, "Second Officer", parley.ScreeningOfficer)
	first.open("/en/screenings")
	first.shows(word(t, "en", "screening.no_lists"))
	h.bringList("2017-08-01")

	// An edition goes on record by its hash, before anything that was found in it can.
	first.open("/en/screenings")
	first.press("#lists form button")
	first.until("the edition on record", "document.querySelector('#lists') && !document.querySelector('#lists form')")
	look := func(b *browser, lang, name string) {
		b.open("/" + lang + "/screenings")
		b.fill("subject", name)
		b.choose("subject_kind", "organisation")
		b.press("form[action$='/screenings/look'] button[type=submit]")
		b.arrive("/" + lang + "/screenings/look")
	}
	look(first, "en", "Zarghoun Lake Assembly")
	for _, text := range []string{"UN:QDe.900", "ZARGHUN RIVER LEAGUE", "جمعية بحيرة زرغون", "رابطة نهر زرغون", word(t, "en", "screening.needs_look"), word(t, "en", "screening.borne_from", "day", "\u20662016-07\u2069"), "2664", word(t, "en", "sentence.screening")} {
		first.shows(text)
	}
	for _, v := range first.axe() {
		t.Errorf("look: %s", v)
	}
	first.picture("screening-look-en")
	look(second, "ar", "جمعية بحيره زرغون")
	second.shows("ZARGHUN RIVER LEAGUE")
	second.shows(word(t, "ar", "screening.why"))
	for _, v := range second.axe() {
		t.Errorf("look in Arabic: %s", v)
	}
	second.picture("screening-look-ar")
	second.size(360, 740)
	if over := eval[int](second, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		t.Errorf("look: %d px wider than a telephone: %s", over, eval[string](second, widest))
	}
	second.picture("screening-look-ar-phone")
	second.size(1280, 900)

	first.choose("as", "supplier")
	first.press("form[action$='/screenings'] button.primary")
	path := first.arrive("/en/screenings/SCR-")
	first.shows(word(t, "en", "candidate_state.to_review"))

	// The first signs a finding; it says nothing until the second has.
	eval[bool](first, `(() => { document.getElementById('reason-UN:QDe.900').value = 'other_body'; document.getElementById('words-UN:QDe.900').value = 'A bakery, founded in 1960.'; return true })()`)
	first.press("form input[value=decide] ~ .actions button")
	first.until("the held finding", "document.querySelector('main')?.textContent.includes(%q)", word(t, "en", "held.title"))
	first.shows(word(t, "en", "candidate_state.to_review"))
	second.open(strings.Replace(path, "/en/", "/ar/", 1))
	second.shows("A bakery, founded in 1960.")
	second.press("section.notice form[data-sign] button")
	second.until("the stored finding", "location.search.startsWith('?stored=')")
	second.open(strings.Replace(path, "/en/", "/ar/", 1))
	second.shows(word(t, "ar", "candidate_state.set_aside"))
	second.shows(word(t, "ar", "screening_reason.other_body"))
	for _, v := range second.axe() {
		t.Errorf("screening: %s", v)
	}
	second.picture("screening-ar")
	first.open(path)
	first.picture("screening-en")
	first.open("/en/screenings")
	first.picture("screenings-en")
	for _, b := range []*browser{first, second} {
		if loose := eval[string](b, looseValues); loose != "" {
			t.Errorf("not in an isolate: %s", loose)
		}
	}

	// Nobody else of the organisation has the pages, nor has another that screens this record.
	if got := h.visit(h.Org).get("/en/screenings"); got.status != http.StatusNotFound {
		t.Errorf("a notifier got %d", got.status)
	}
	other := h.Enrol(h.OtherRef, parley.ScreeningOfficer)
	if got := h.visit(other).get(path); got.status != http.StatusNotFound {
		t.Errorf("another organisation got %d", got.status)
	}
	if need.Times(t, 1, 2, 2) > 1 { // a newer edition makes it old
		h.bringList("2017-08-20")
		first.open("/en/screenings")
		first.shows(word(t, "en", "screening.put_list"))
	}
}

// Without scripts everything can be read, and bad input is answered beside its field.
func TestScreeningPagesWithoutScripts(t *testing.T) {
	h := newHouse(t)
	h.bringList("2017-08-01")
	officer := h.Enrol(h.OrgRef, parley.ScreeningOfficer)
	v := h.visit(officer)
	for _, tt := range []struct {
		form   url.Values
		status int
		says   string
	}{
		{url.Values{"subject": {"Zarghun League"}, "subject_kind": {"organisation"}}, 200, "QDe.900"},
		{url.Values{"subject": {"Riverside Bakery"}, "subject_kind": {"organisation"}}, 200, word(t, "en", "screening.no_candidate_long")},
		{url.Values{"subject": {""}, "subject_kind": {"organisation"}}, 422, "subject-error"},
		{url.Values{"subject": {"x"}, "subject_kind": {"wizard"}}, 422, word(t, "en", "wrong.choose")},
		{url.Values{"subject": {"x"}, "subject_kind": {"person"}, "born": {"in spring"}}, 422, word(t, "en", "screening.wrong_day")},
		{url.Values{"subject": {strings.Repeat("x", 1001)}, "subject_kind": {"person"}}, 422, word(t, "en", "screening.wrong_long")},
	} {
		got := v.post("/en/screenings/look", tt.form)
		if got.status != tt.status || !strings.Contains(got.body, tt.says) {
			t.Errorf("%v: got %d without %q", tt.form.Get("subject"), got.status, tt.says)
		}
	}
	hash := parley.Hash{7}
	h.Tell(officer, &parley.ListLoad{List: "UN", Published: cast.Start - 30*parley.Day, Hash: hash, Entries: 2})
	ref := h.Must(officer, func(d *draft.Draft) parley.Body {
		return &parley.ScreeningOpen{Subject: d.Text("<b>Zarghun</b> Mill"), SubjectKind: "organisation", As: "consignee", Editions: []parley.Hash{hash}, Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.900", Score: 810}}}
	}).Ref
	for _, lang := range []string{"en", "ar"} {
		got := v.get("/" + lang + "/screenings/" + string(ref))
		for _, text := range []string{"&lt;b&gt;Zarghun&lt;/b&gt; Mill", "QDe.900", "ZARGHUN RIVER LEAGUE", word(t, lang, "candidate_state.to_review"), word(t, lang, "sentence.screening")} {
			if !strings.Contains(got.body, text) {
				t.Errorf("%s: no %q", lang, text)
			}
		}
	}
	// A finding needs a device's signature.
	if got := v.post("/en/screenings/"+string(ref), url.Values{"act": {"decide"}, "entry": {"UN:QDe.900"}, "reason": {"other_body"}, "words": {"because"}}); got.status != http.StatusForbidden {
		t.Errorf("a finding without a signature: got %d", got.status)
	}
	if got := v.post("/en/screenings/"+string(ref), url.Values{"act": {"note"}, "words": {""}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a note without words: got %d", got.status)
	}
}
