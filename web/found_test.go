package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
)

// schoolAt is where the invented school stands.
func schoolAt() geo.Position { return cast.At(35.32871, 40.15423) }

// find has party A report two schools; the desk keeps a site for the second.
func (s *scene) find() {
	report := func(p geo.Position) parley.Ref {
		return s.Must(s.A.Officer, func(d *draft.Draft) parley.Body {
			return &parley.SiteFound{Category: "school", Shape: cast.Point(p), Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 15}, Occupancy: "201-1000", Markings: []parley.Marking{parley.Flag},
				Words: d.Text("Families from the east bank sleep in the classrooms"), Operator: d.Text("the teachers"), Phone: d.Text("+963 51 000 1234"), Asked: parley.AskedPeople}
		}).Ref
	}
	s.found, s.kept = report(schoolAt()), report(cast.At(35.31771, 40.16633))
	s.site = s.Must(s.Releaser, func(d *draft.Draft) parley.Body {
		site := cast.Hospital(d, cast.At(35.31771, 40.16633), s.Now()-s.Now()%parley.Day)
		site.Category, site.Shared.Consents = "school", []parley.Consent{{To: s.B.Ref, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName}}}
		return &parley.SiteAdopt{Found: s.kept, Asked: parley.AskedPeople, Site: site}
	}).Ref
}

// A duty officer reports a school on the page; the desk keeps a site for it, two sign that it goes to the organisation, and its notifier takes it
// over: each signed on their own device, in both languages.
func TestAFoundPlaceFromTheOfficerToTheOrganisation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer, releaser, verifier, org := h.newBrowser(), h.newBrowser(), h.newBrowser(), h.newBrowser()
	officer.enter("ar", h.A.Ref, "ليلى", parley.DutyOfficer)
	releaser.enter("en", parley.Desk, "Rahel", parley.Releaser)
	verifier.enter("en", parley.Desk, "Vera", parley.Verifier)
	org.enter("en", h.OrgRef, "Salma", parley.Notifier)

	officer.open("/ar/found")
	officer.fill("category", "school")
	officer.fill("place", "٣٥٫٣٢٨٧١, ٤٠٫١٥٤٢٣")
	officer.fill("obtained", "gps")
	officer.choose("occupancy", "201-1000")
	officer.choose("asked", "people_agree")
	officer.fill("words", "عائلات من الضفة الشرقية")
	officer.press("main form button.primary")
	officer.fault("accuracy")
	officer.fill("accuracy", "١٥")
	officer.press("main form button.primary")
	found := officer.arrived("/ar/found/FOUND-")
	officer.shows(word(t, "ar", "found_state.with_desk"))

	releaser.open("/en/found")
	releaser.press("#found-live a")
	releaser.arrive("/en/found/" + string(found))
	releaser.shows("Force A")
	releaser.fill("name_en", "Girls' school")
	releaser.fill("phone", "+963 51 000 9999")
	releaser.choose("share_"+string(h.A.Ref), "none")
	releaser.choose("share_"+string(h.B.Ref), "exact")
	releaser.choose("asked", "nobody")
	releaser.press("#adopt button.primary")
	if said := releaser.fault("share"); !strings.Contains(said, "coarse") {
		t.Errorf("exact while nobody could be asked gives %q; expected that only a cell may be shared", said)
	}
	releaser.choose("asked", "people_agree")
	releaser.press("#adopt button.primary")
	releaser.until("the site", "document.querySelector('dl.facts a')?.textContent.startsWith('SITE-')")
	var site parley.Ref
	h.view(h.Verifier, func(v *channel.Viewer) {
		f, _ := v.FoundSite(found)
		site = f.Site
		file, ok := v.Object(site)
		if !ok || file.Owner != parley.Desk || file.Versions[0].Geometry.Points[0] != schoolAt() || !strings.HasSuffix(file.Versions[0].From, "T00:00:00Z") {
			t.Errorf("kept as %+v", file)
		}
	})
	officer.open("/ar/found/" + string(found))
	officer.shows(word(t, "ar", "found_state.looked_at"))
	if strings.Contains(officer.shown(), string(site)) {
		t.Error("the finder's page names the site")
	}

	releaser.fill("to", string(h.OrgRef))
	releaser.press("#hand button.button")
	releaser.shows(word(t, "en", "held.title"))
	verifier.open("/en/found/" + string(found))
	verifier.press("section.notice button.primary")
	verifier.until("the hand-over", "document.querySelector('dl.facts')?.textContent.includes(%q)", word(t, "en", "found.handed"))

	org.open("/en/objects/" + string(site))
	org.shows(word(t, "en", "object.handed_hint"))
	if shown := org.shown(); strings.Contains(shown, string(found)) || strings.Contains(shown, "Force A") {
		t.Error("the organisation's page names the report or its finder")
	}
	org.press("main .actions a.primary")
	org.arrive("/en/objects/" + string(site) + "/update")
	for step := range 5 {
		org.goOn(step + 1)
	}
	org.send("en")
	h.view(h.Org, func(v *channel.Viewer) {
		if file, ok := v.Object(site); !ok || file.Owner != h.OrgRef || len(file.Versions) != 2 {
			t.Errorf("after it was taken over the organisation sees %+v", file)
		}
	})
}

// What a page without scripts says of a word that is signed on the device, and that nothing of the report is on others' pages.
func TestFoundPagesWithoutScriptsAndForOthers(t *testing.T) {
	s := newHouse(t).play()
	s.find()
	page := s.visit(s.A.Officer).get("/ar/found")
	if !strings.Contains(page.body, word(t, "ar", "needs_key")) {
		t.Error("the form does not say without scripts that it needs a key")
	}
	v := s.visit(s.A.Officer)
	form := v.get("/en/found").form(t, "/en/found")
	for name, value := range map[string]string{"category": "school", "place": "35.32871, 40.15423", "obtained": "gps", "accuracy": "15", "occupancy": "unknown", "asked": "nobody"} {
		form.Set(name, value)
	}
	if got := v.post("/en/found", form); got.status != http.StatusForbidden || !strings.Contains(got.body, word(t, "en", "trouble.needs_key")) {
		t.Errorf("sent without scripts: status %d; expected that it needs a key", got.status)
	}
	for who, p := range map[string]*cast.Person{"another party": s.B.Officer, "a notifier": s.Org} {
		v := s.visit(p)
		hidden, absent := v.get("/en/found/"+string(s.found)), v.get("/en/found/"+string(parley.MakeRef(parley.RefFound, parley.Hash{7}, 5)))
		if hidden.status != http.StatusNotFound || absent.status != hidden.status {
			t.Errorf("%s opens the report with status %d, and one that is not there with %d", who, hidden.status, absent.status)
		}
	}
	for _, path := range []string{"/en/found", "/en/inbox", "/en/told", "/en/list"} {
		if body := s.visit(s.B.Officer).get(path).body; strings.Contains(body, "FOUND-") || strings.Contains(body, string(s.site)) {
			t.Errorf("another party's %s names the report or the site that was not released", path)
		}
	}
	status, body := s.visit(s.Verifier).draft("/en/found/"+string(s.found), url.Values{"act": {"close"}, "reason": {"already_notified"}, "known": {string(s.hospital)}})
	if status != http.StatusOK || !strings.Contains(body, `"kind":"found.close"`) {
		t.Errorf("closing it gives status %d: %s", status, body)
	}
}

// A report on A4, in both languages: what it says, the standing sentence, the marks of every print, and no button.
func TestFoundPlacesOnPaper(t *testing.T) {
	t.Parallel()
	s := newHouse(t).play()
	s.find()
	b := s.newBrowser()
	b.size(688, 1017)
	b.wear(s.Releaser)
	b.run(emulation.SetEmulatedMedia().WithMedia("print"))
	for _, lang := range []string{"en", "ar"} {
		b.open("/" + lang + "/found/" + string(s.found))
		b.mapReady()
		if n := b.pages(); n > 1 {
			t.Errorf("%s: %d sheets; expected one", lang, n)
		}
		paper := b.onPaper()
		for _, text := range []string{string(s.found), "35.32871° N 40.15423° E", word(t, lang, "asked.people_agree"), "Families from the east bank", word(t, lang, "exercise"), word(t, lang, "sentence.notification"), word(t, lang, "print.at")} {
			if !strings.Contains(paper, text) {
				t.Errorf("%s: %q is not on the paper", lang, text)
			}
		}
		if seen := eval[string](b, "[...document.querySelectorAll('button, nav, input, select, textarea, form')].filter(e => e.getClientRects().length).map(e => e.tagName).slice(0, 3).join(', ')"); seen != "" {
			t.Errorf("%s: on the paper stand %s", lang, seen)
		}
		b.picture("print-found-" + lang)
	}
}

// The pages of found places, seen in both languages by the officer, the desk and the organisation.
func TestFoundScreens(t *testing.T) {
	t.Parallel()
	s := newHouse(t).play()
	s.find()
	s.Must(s.Verifier, func(*draft.Draft) parley.Body { return &parley.SiteHand{Of: cast.V(s.site, 1), To: s.OrgRef} }, s.Releaser)
	lookAt(t, s.newBrowser(), need.Times(t, 1, 2, 2), []reader{
		{"officer", s.A.Officer, []string{"/inbox", "/found", "/found/" + string(s.found), "/found/" + string(s.kept)}},
		{"releaser", s.Releaser, []string{"/found", "/found/" + string(s.found), "/found/" + string(s.kept)}},
		{"notifier", s.Org, []string{"/objects/" + string(s.site)}},
	})
}
