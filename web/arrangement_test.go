package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// typeLine writes a line's shape and terms into the form, as a person does.
func (b *browser) typeLine(shape string, to parley.Ref) {
	b.t.Helper()
	b.fill("line_kind", "exclusion")
	b.fill("basis", "unilateral")
	b.fill("shape", shape)
	b.choose("to", string(to))
}

// arrived returns the reference in the address of the page that the browser came to.
func (b *browser) arrived(folder string) parley.Ref {
	b.t.Helper()
	path := b.arrive(folder)
	ref, err := parley.ParseRef(path[strings.LastIndexByte(path, '/')+1:])
	if err != nil {
		b.t.Fatal(err)
	}
	return ref
}

// fault waits until the form is shown again with an error at a field, and returns the error.
func (b *browser) fault(field string) string {
	b.t.Helper()
	b.until("the fault at "+field, "document.querySelector('#problem a[href=\"#%s\"]') && document.getElementById(%q)", field, field)
	return eval[string](b, "document.querySelector('#problem a[href=\"#%s\"]').textContent", field)
}

// A line that A imposes and B refuses, by two people at two browsers: each signs with the key of its device. The line stands as imposed by A;
// B's word stands beside it, in both languages.
func TestALineImposedAndRefused(t *testing.T) {
	h := newHouse(t)
	a, b := h.newBrowser(), h.newBrowser()
	a.enter("en", h.A.Ref, "Idris", parley.DutyOfficer)
	b.enter("ar", h.B.Ref, "ليلى", parley.DutyOfficer)
	b.open("/ar/inbox")
	b.stay()

	a.open("/en/arrange/line")
	a.choose("impose", "impose")
	// A line that touches itself is refused at its field; what was typed stays.
	a.typeLine("35.90, 39.00\n35.90, 39.20\n35.80, 39.10\n36.00, 39.10", h.B.Ref)
	a.fill("text", "nobody east of the river")
	a.press("main form button.primary")
	if said := a.fault("shape"); !strings.Contains(said, "may not touch or cross itself") || !strings.Contains(said, "edge") {
		t.Errorf("the fault says %q; expected what was read", said)
	}
	if got := eval[string](a, "document.getElementById('text').value + document.querySelector('input[name=impose]:checked').value"); got != "nobody east of the riverimpose" {
		t.Errorf("after the fault the form holds %q; expected what was typed", got)
	}
	a.fill("shape", "35.90, 39.00\n35.95, 39.10\n36.00, 39.12")
	a.press("main form button.primary")
	line := a.arrived("/en/arrangements/LINE-")
	a.shows(word(t, "en", "arrangement.imposed_by"))
	a.shows("nobody east of the river")
	a.shows(word(t, "en", "sentence.passage"))
	if got := eval[string](a, "document.querySelector('dl.facts')?.textContent.includes('km') || [...document.querySelectorAll('dl.facts')].some(e => e.textContent.includes('km')) ? 'length' : ''"); got != "length" {
		t.Error("the page does not say how long the line is")
	}

	// B finds it in the inbox, and refuses.
	b.shows(string(line))
	b.stayed()
	b.press("#asked a[href$='/arrangements/" + string(line) + "']")
	b.arrive("/ar/arrangements/" + string(line))
	b.choose("c_word", "refuse")
	b.fill("c_words", "لم نقبل به قط")
	b.press("#consent form button.primary")
	b.until("B's word", "document.getElementById('consents')?.textContent.includes(%q)", word(t, "ar", "consent.contested"))
	a.open("/en/arrangements/" + string(line))
	a.shows(word(t, "en", "consent.contested"))
	a.shows("لم نقبل به قط")
	h.view(h.A.Officer, func(v *channel.Viewer) {
		got, ok := v.Arrangement(line)
		if !ok || !got.Imposed || got.Told != "" || got.Agreed != 1 || got.Of != 2 {
			t.Errorf("stored %+v; expected it imposed, signed, with the word of A alone", got)
		}
	})
}

// third admits a third force.
func (h *house) third() parley.Ref {
	return h.Must(h.Trustees[0], func(d *draft.Draft) parley.Body {
		return &parley.PartyAdmit{Name: d.Text("Force C"), PartyKind: parley.Force}
	}, h.Trustees[1]).Ref
}

// draft sends a form as the browser's code does, and returns the command that is to be signed, or the page that came instead.
func (v *visitor) draft(path string, form url.Values) (status int, body string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.h.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/vnd.parley.draft+json")
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	page := &screen{}
	if answer.Header.Get("Content-Type") != "application/vnd.parley.draft+json" {
		page = v.read(answer)
		return page.status, text(find(page.doc, "div", "id", "problem"))
	}
	defer answer.Body.Close()
	var drafted struct{ Body []byte }
	if err := json.NewDecoder(answer.Body).Decode(&drafted); err != nil {
		v.t.Fatal(err)
	}
	return answer.StatusCode, string(drafted.Body)
}

// corridorAt proposes a corridor of the desk's that three forces are asked about, along the convoys' road.
func (h *house) corridorAt(third parley.Ref, ps ...geo.Position) parley.Ref {
	return h.Must(h.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.CorridorPropose{Corridor: parley.Corridor{Direction: parley.BothWays, Users: []parley.CorridorUser{"goods"}, Inspection: d.Text("at the bridge"),
			Terms: parley.Terms{Shape: cast.Line(ps...), Radius: 500, Window: geo.Window{From: h.Now(), To: h.Now() + 10*parley.Day}, Addressees: []parley.Ref{h.A.Ref, h.B.Ref, third}}}}
	}).Ref
}

// A corridor agreed by two of three is opened and suspended with two movements due in it: the leaders of both see the question on their
// screens, one turns back, the other has not answered, and the corridor's page shows both.
func TestACorridorSuspendedWithTwoMovementsInside(t *testing.T) {
	h := newHouse(t)
	third := h.third()
	from, to := deirEzZor(), cast.At(35.50123, 40.00345)
	moves := map[*cast.Person]parley.Ref{}
	for _, who := range []*cast.Person{h.Org, h.Other} {
		moves[who] = h.Must(who, func(d *draft.Draft) parley.Body {
			return &parley.MovementNotify{Movement: cast.Convoy(d, h.Now()+72*parley.Hour, from, to, cast.At(35.60432, 39.80321), h.A.Ref)}
		}).Ref
	}
	corridor := h.corridorAt(third, from, to)
	first, second, officer := h.newBrowser(), h.newBrowser(), h.newBrowser()
	first.enter("en", h.OrgRef, "Salma", parley.Notifier, parley.MovementLeader)
	second.enter("ar", h.Other.Account, "نور", parley.Notifier, parley.MovementLeader)
	officer.enter("en", h.A.Ref, "Idris", parley.DutyOfficer)

	path := "/en/arrangements/" + string(corridor)
	officer.open(path)
	officer.choose("c_word", "give")
	officer.press("#consent form button.primary")
	officer.until("A's word", "document.getElementById('consents')?.textContent.includes(%q)", word(t, "en", "consent.agreed"))
	h.Tell(h.B.Officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(corridor, 1)}})
	officer.open(path)
	officer.shows(word(t, "en", "agreed_of", "n", "2", "of", "3"))
	state := func(to string, why string) {
		t.Helper()
		officer.open(path)
		officer.choose("s_state", to)
		officer.fill("s_words", why)
		officer.press("#state form button[type=submit]")
		officer.until("the status", "document.querySelector('.record-head')?.textContent.includes(%q)", word(t, "en", "arrangement_state."+to))
	}
	state("open", "")
	first.open("/en/prompts")
	second.open("/ar/prompts")
	first.stay()
	second.stay()
	state("suspended", "fire near the bridge")
	officer.shows("fire near the bridge")

	// Both are asked, on the page that was open.
	for who, b := range map[*cast.Person]*browser{h.Org: first, h.Other: second} {
		b.shows(string(moves[who]))
		b.stayed()
	}
	first.choose("decision", "turn_back")
	first.press("form[action$='/prompts'] button.primary")
	first.until("the decision", "document.querySelector('.timeline')?.textContent.includes(%q)", word(t, "en", "decision.turn_back"))
	first.open(path)
	first.shows(word(t, "en", "decision.turn_back"))
	if eval[bool](first, "document.querySelector('main').textContent.includes(%q)", string(moves[h.Other])) {
		t.Error("one organisation reads the other's movement on the corridor's page")
	}
	desk := h.visit(h.Verifier).get(path)
	inside := text(find(desk.doc, "section", "id", "inside"))
	for _, want := range []string{string(moves[h.Org]), string(moves[h.Other]), word(t, "en", "decision.turn_back"), word(t, "en", "arrangement.unanswered")} {
		if !strings.Contains(inside, want) {
			t.Errorf("the desk reads %q of those inside; expected %q in it", inside, want)
		}
	}
	day := h.visit(h.Verifier).get(path + "/day?date=2017-09-04")
	if passing := text(find(day.doc, "section", "id", "passing")); !strings.Contains(passing, string(moves[h.Org])) || !strings.Contains(passing, word(t, "en", "decision.turn_back")) {
		t.Errorf("the corridor's day says %q; expected the movement and its decision", passing)
	}
	day = h.visit(h.Verifier).get(path + "/day")
	if stated := text(find(day.doc, "main", "", "")); !strings.Contains(stated, "fire near the bridge") {
		t.Error("the corridor's day does not say what was stated")
	}
}

// An offer made on the page runs into its deadline: the page and the ledger say that no answer came; a late answer counts and is marked.
func TestAnOfferRunsIntoItsDeadlineOnThePage(t *testing.T) {
	h := newHouse(t)
	a, b := h.newBrowser(), h.newBrowser()
	a.enter("en", h.A.Ref, "Idris", parley.DutyOfficer)
	b.enter("ar", h.B.Ref, "ليلى", parley.DutyOfficer)
	a.open("/en/offers/new")
	a.fill("to", string(h.B.Ref))
	a.fill("offer_kind", "coordination")
	a.fill("text", "a line open at all hours")
	a.fill("translation", "خط مفتوح في كل الساعات")
	a.fill("translator", "the desk")
	a.fill("deadline", "2017-08-30 06:00")
	a.press("main form button.primary")
	if said := a.fault("deadline"); !strings.Contains(said, "2017-08-30") {
		t.Errorf("a deadline that has been gives %q; expected what was read", said)
	}
	a.fill("deadline", "2017-09-01 11:00")
	a.press("main form button.primary")
	offer := a.arrived("/en/offers/OFFER-")
	a.shows("a line open at all hours")
	a.shows("خط مفتوح في كل الساعات")

	h.clock.Add(3 * parley.Hour)
	h.Tell(h.A.Officer, &parley.ChannelStatus{With: h.B.Ref, State: parley.LineOpen, Since: h.Now()}) // time passes with what is said
	a.open("/en/offers?state=no_answer")
	a.shows(string(offer))
	a.shows(word(t, "en", "offer_state.no_answer"))
	b.open("/ar/inbox")
	b.shows(string(offer))
	b.press("#offered a")
	b.arrive("/ar/offers/" + string(offer))
	b.shows(word(t, "ar", "offer_state.no_answer"))
	b.choose("r_response", "accepted")
	b.fill("r_words", "قبلنا")
	b.press("#respond button.primary")
	b.until("the late answer", "document.querySelector('.record-head')?.textContent.includes(%q)", word(t, "ar", "offer.late"))
	a.open("/en/offers")
	a.shows(word(t, "en", "offer.late"))
	a.open("/en/statistics")
	a.shows("1 / 1")
	h.view(h.A.Officer, func(v *channel.Viewer) {
		got, _ := v.Offer(offer)
		if got == nil || got.State != "accepted" || !got.Late || got.Words != "قبلنا" || got.AnswerTold != "" {
			t.Errorf("stored %+v; expected it accepted, late, signed", got)
		}
	})
}

// Bad input on the forms: hours that never open, a notice after the crossing, consent by a member without the role, each with a clear answer.
func TestArrangementFormsAnswerBadInput(t *testing.T) {
	s := newHouse(t).play().arrange()
	officer := s.visit(s.A.Officer)

	// A corridor from 12:00 to 14:00 of one day whose hours are those of the night.
	form := url.Values{"shape_kind": {"line"}, "shape": {"35.90, 39.00\n35.95, 39.10"}, "radius": {"500"}, "from": {"2017-09-03 12:00"}, "until": {"2017-09-03 14:00"}, "to": {string(s.B.Ref)}, "users": {"civilians"}, "direction": {"both"},
		"hours_from_0": {"٢٢:٠٠"}, "hours_to_0": {"23:30"}, "text": {"the words stay"}}
	page := officer.post("/en/arrange/corridor", form)
	if field := find(page.doc, "a", "href", "#hours_from_0"); page.status != http.StatusUnprocessableEntity || field == nil || !strings.Contains(text(field), "never open") || !strings.Contains(text(field), "22:00–23:30") {
		t.Errorf("status %d, %q; expected the hours named and read back", page.status, text(find(page.doc, "div", "id", "problem")))
	}
	if got := find(page.doc, "textarea", "id", "text"); text(got) != "the words stay" || attr(find(page.doc, "input", "id", "hours_from_0"), "value") != "٢٢:٠٠" || find(page.doc, "input", "value", string(s.B.Ref)) == nil {
		t.Error("what was typed is gone")
	}
	// Hours are those of the theatre: 12:30 to 13:30 opens. Without scripts and a key nothing is sent, and the page says so.
	form.Set("hours_from_0", "12:30")
	form.Set("hours_to_0", "13:30")
	if page = officer.post("/en/arrange/corridor", form); page.status != http.StatusForbidden || !strings.Contains(page.body, word(t, "en", "trouble.needs_key")) {
		t.Errorf("status %d; expected that a device's key is asked for: %s", page.status, text(find(page.doc, "div", "id", "problem")))
	}

	// Consent by a planner of the party: no form is shown, and one that is sent all the same is answered at its field.
	planner := s.Enrol(s.B.Ref, parley.Planner)
	at := "/en/arrangements/" + string(s.line)
	visitor := s.visit(planner)
	if page = visitor.get(at); find(page.doc, "input", "name", "c_word") != nil || !strings.Contains(page.body, word(t, "en", "consent_form.officer")) {
		t.Error("a planner is shown the form of consent, or is not told who may say it")
	}
	if page = visitor.post(at, url.Values{"act": {"consent"}, "version": {"1"}, "c_word": {"give"}}); page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, word(t, "en", "code.not_permitted")) {
		t.Errorf("a planner's consent: status %d, %s; expected that the role may not say it", page.status, text(find(page.doc, "div", "id", "problem")))
	}

	// Nobody chosen, no place, an end before the beginning: each at its field, in Arabic too.
	page = s.visit(s.Org).post("/ar/arrangements/"+string(s.line), url.Values{"act": {"notice"}, "n_from": {"2017-09-05 06:00"}, "n_until": {"2017-09-05 05:00"}})
	for _, field := range []string{"n_until", "n_place"} {
		if find(page.doc, "a", "href", "#"+field) == nil {
			t.Errorf("no fault at %s: %s", field, text(find(page.doc, "div", "id", "problem")))
		}
	}
	if find(page.doc, "details", "id", "notice") == nil || !has(find(page.doc, "details", "id", "notice"), "open") {
		t.Error("the form that was sent is closed")
	}
}

// A notice after the crossing is refused by the channel, and that is kept on record: the page says why, on the form.
func TestACrossingNoticeAfterTheCrossing(t *testing.T) {
	s := newHouse(t).play().arrange()
	b := s.newBrowser()
	b.enter("en", s.A.Ref, "Idris", parley.DutyOfficer)
	b.open("/en/arrangements/" + string(s.line))
	b.fill("n_place", "35.40111, 40.08222")
	b.fill("n_from", "2017-08-31 06:00")
	b.fill("n_until", "2017-08-31 08:00")
	b.press("#notice form button.primary")
	b.until("the answer", "document.querySelector('#notice .error-summary')?.textContent.includes(%q)", word(t, "en", "code.clock"))
	said := eval[string](b, "document.querySelector('#notice .error-summary').textContent")
	if !strings.Contains(said, "2017-08-31T05:00:00Z") || !strings.Contains(said, "crossing event") {
		t.Errorf("the form says %q; expected what was read and what was expected", said)
	}
	if got := eval[string](b, "document.getElementById('n_place').value"); got != "35.40111, 40.08222" {
		t.Errorf("the place reads %q; expected what was typed", got)
	}
	s.view(s.A.Officer, func(v *channel.Viewer) {
		if a, _ := v.Arrangement(s.line); len(a.Notices) != 1 {
			t.Errorf("%d notices stand; expected the one that was given in time", len(a.Notices))
		}
	})
}

// Hours that never open, and consent by a member without the role, in a real browser with the device's key: the form says what it read and
// keeps what was typed; whoever may not give the party's word is told who may.
func TestHoursThatNeverOpenInABrowser(t *testing.T) {
	s := newHouse(t).play().arrange()
	b := s.newBrowser()
	b.enter("ar", s.A.Ref, "إدريس", parley.DutyOfficer)
	b.open("/ar/arrange/corridor")
	b.fill("shape", "35.90, 39.00\n35.95, 39.10")
	b.fill("from", "2017-09-03 12:00")
	b.fill("until", "2017-09-03 14:00")
	b.choose("to", string(s.B.Ref))
	b.choose("users", "wounded")
	b.fill("hours_from_0", "٢٢:٠٠")
	b.fill("hours_to_0", "23:30")
	b.press("main form button.primary")
	if said := b.fault("hours_from_0"); !strings.Contains(said, "22:00–23:30") {
		t.Errorf("the form says %q; expected the hours that were read", said)
	}
	if got := b.value("hours_from_0") + b.value("shape"); got != "٢٢:٠٠35.90, 39.00\n35.95, 39.10" {
		t.Errorf("the form holds %q; expected what was typed", got)
	}
	b.fill("hours_from_0", "١٢:٣٠")
	b.fill("hours_to_0", "13:30")
	b.press("main form button.primary")
	ref := b.arrived("/ar/arrangements/CORR-")
	s.view(s.A.Officer, func(v *channel.Viewer) {
		if a, ok := v.Arrangement(ref); !ok || len(a.Corridor.Hours) != 1 || a.Corridor.Hours[0] != (parley.Hours{From: 9*60 + 30, To: 10*60 + 30}) {
			t.Errorf("stored %+v; expected the hours in UTC", a)
		}
	})

	planner := s.newBrowser()
	planner.enter("en", s.B.Ref, "Omar", parley.Planner)
	planner.open("/en/arrangements/" + string(ref))
	planner.shows(word(t, "en", "consent_form.officer"))
	if eval[bool](planner, "!!document.querySelector('input[name=c_word]')") {
		t.Error("a planner is shown the form of consent")
	}
	// A form sent all the same, as a page that was open before a role was taken away would: the channel's answer stands on the page.
	said := eval[string](planner, `fetch(location.href, {method: 'POST', headers: {Accept: 'application/vnd.parley.draft+json'}, body: new URLSearchParams({act: 'consent', version: '1', c_word: 'give'})}).then(r => r.text())`)
	if !strings.Contains(said, word(t, "en", "code.not_permitted")) {
		t.Error("consent by a planner is not answered by what the role may not say")
	}
}

// Every form of the pages becomes the command that it says: drafts are asked for as the browser's code does, and the channel would take them.
func TestArrangementFormsBecomeCommands(t *testing.T) {
	s := newHouse(t).play().arrange()
	at := func(ref parley.Ref) string { return "/en/arrangements/" + string(ref) }
	for _, try := range []struct {
		who  *cast.Person
		path string
		form url.Values
		kind string
	}{
		{s.A.Officer, "/en/arrange/zone", url.Values{"impose": {"impose"}, "line_kind": {"radius_zone"}, "basis": {"unilateral"}, "shape_kind": {"circle"}, "shape": {"33.49, 38.62"}, "radius": {"55000"}, "from": {"2017-09-03 12:00"}, "to": {string(s.B.Ref)}, "published": {"yes"}}, "zone.impose"},
		{s.A.Officer, "/en/arrange/zone", url.Values{"impose": {"propose"}, "line_kind": {"protected"}, "basis": {"agreement"}, "shape_kind": {"polygon"}, "shape": {"35.9, 39.0\n35.9, 39.1\n36.0, 39.1"}, "from": {"2017-09-03 12:00"}, "to": {string(s.B.Ref)}}, "zone.propose"},
		{s.A.Officer, "/en/arrange/line", url.Values{"impose": {"propose"}, "line_kind": {"exclusion"}, "basis": {"agreement"}, "shape_kind": {"line"}, "shape": {"35.9, 39.0\n35.9, 39.1"}, "from": {"2017-09-03 12:00"}, "to": {string(s.B.Ref)}}, "line.propose"},
		{s.Org, "/en/arrange/pause", url.Values{"shape_kind": {"circle"}, "shape": {"35.95, 39.01"}, "radius": {"3000"}, "from": {"2017-09-03 12:00"}, "until": {"2017-09-03 18:00"}, "to": {string(s.A.Ref)}, "users": {"wounded"}}, "pause.propose"},
		{s.Org, "/ar/arrange/corridor", url.Values{"shape_kind": {"line"}, "shape": {"٣٥٫٩٠ ٣٩٫٠٠\n35.95, 39.10"}, "radius": {"500"}, "from": {"2017-09-03 12:00"}, "to": {string(s.A.Ref)}, "users": {"wounded", "civilians"}, "direction": {"along"}, "hours_from_0": {"06:00"}, "hours_to_0": {"18:00"},
			"water_means_0": {"ferry"}, "water_place_0": {"35.92, 39.05"}, "hazard_kind_0": {"mines"}, "hazard_place_0": {"35.93, 39.06"}, "evacuation": {"yes"}, "voluntary": {"yes"}, "point_place_0": {"35.91, 39.01"}, "point_capacity_0": {"200"}, "guarantors": {string(s.OrgRef)}}, "corridor.propose"},
		{s.Releaser, "/en/arrange/line", url.Values{"b_of": {string(s.B.Ref)}, "b_channel": {"telephone"}, "impose": {"impose"}, "line_kind": {"exclusion"}, "basis": {"unilateral"}, "shape_kind": {"line"}, "shape": {"35.9, 39.0\n35.9, 39.1"}, "from": {"2017-09-03 12:00"}, "to": {string(s.A.Ref)}}, "line.impose"},
		{s.Releaser, at(s.line) + "/amend", url.Values{"b_of": {string(s.A.Ref)}, "b_channel": {"telephone"}, "line_kind": {"exclusion"}, "basis": {"unilateral"}, "shape_kind": {"line"}, "from": {"2017-09-03 12:00"}, "to": {string(s.B.Ref)}}, "line.amend"},
		{s.Verifier, at(s.line), url.Values{"act": {"end"}, "x_of": {string(s.A.Ref)}, "x_channel": {"radio"}}, "line.end"},
		{s.A.Officer, at(s.zone), url.Values{"act": {"consent"}, "c_word": {"give"}}, "consent.give"},
		{s.A.Officer, at(s.corridor), url.Values{"act": {"consent"}, "c_word": {"withdraw"}}, "consent.withdraw"},
		{s.Verifier, at(s.corridor), url.Values{"act": {"consent"}, "c_of": {string(s.B.Ref)}, "c_channel": {"radio"}, "c_word": {"give"}}, "consent.give"},
		{s.Releaser, at(s.corridor), url.Values{"act": {"status"}, "s_state": {"open"}}, "corridor.status"},
		{s.Releaser, at(s.pause), url.Values{"act": {"status"}, "s_state": {"ended"}, "s_words": {"over"}}, "pause.status"},
		{s.A.Officer, at(s.line), url.Values{"act": {"end"}, "x_words": {"withdrawn"}}, "line.end"},
		{s.B.Officer, at(s.zone), url.Values{"act": {"end"}}, "zone.end"},
		{s.Org, at(s.line), url.Values{"act": {"notice"}, "n_movement": {string(s.convoy)}, "n_place": {"35.4, 40.08"}, "n_from": {"2017-09-05 06:00"}, "n_until": {"2017-09-05 07:00"}}, "crossing.notice"},
		{s.B.Officer, at(s.line), url.Values{"act": {"answer"}, "notice": {string(s.notice)}, "a_answer": {"objects"}}, "crossing.answer"},
		{s.B.Officer, at(s.line), url.Values{"act": {"event"}, "e_whose": {"own"}, "e_place": {"35.4, 40.08"}, "e_at": {"2017-09-01 09:00"}}, "crossing.event"},
		{s.A.Officer, at(s.line), url.Values{"act": {"event"}, "e_whose": {"observed"}, "e_observed": {string(s.B.Ref)}, "e_place": {"35.4, 40.08"}, "e_at": {"2017-09-01 09:00"}}, "crossing.event"},
		{s.Org, at(s.line), url.Values{"act": {"event"}, "e_whose": {"movement"}, "e_movement": {string(s.convoy)}, "e_place": {"35.4, 40.08"}, "e_at": {"2017-09-01 09:00"}}, "crossing.event"},
		{s.B.Officer, at(s.line), url.Values{"act": {"reply"}, "event": {string(s.event)}, "r_answer": {"own"}}, "presence.answer"},
		{s.Verifier, at(s.line), url.Values{"act": {"ask"}, "event": {string(s.event)}, "p_party": {string(s.A.Ref)}}, "presence.ask"},
		{s.A.Officer, at(s.line), url.Values{"act": {"warn"}, "w_to": {string(s.B.Ref)}, "w_means": {"leaflet"}, "w_language": {"ar"}, "w_words": {"ابقوا"}}, "warning.log"},
		{s.A.Officer, "/en/warnings/" + string(s.hospital), url.Values{"act": {"warn"}, "w_means": {"telephone"}, "w_language": {"ar"}, "w_words": {"يرجى الاتصال"}, "w_act": {"2017-09-01 12:00"}}, "warning.log"},
		{s.Org, "/en/offers/new", url.Values{"to": {"DESK"}, "offer_kind": {"information"}, "text": {"a list"}, "language": {"en"}, "deadline": {"2017-09-03 06:00"}}, "offer.make"},
		{s.B.Officer, "/en/offers/new", url.Values{"to": {string(s.A.Ref)}, "offer_kind": {"pause"}, "text": {"eight hours"}, "language": {"en"}, "deadline": {"2017-09-03 06:00"}, "counter": {string(s.offer)}}, "offer.make"},
		{s.B.Officer, "/en/offers/" + string(s.offer), url.Values{"act": {"respond"}, "r_response": {"declined"}}, "offer.respond"},
		{s.B.Officer, "/en/offers/" + string(s.answered), url.Values{"act": {"fulfil"}, "l_came": {"no"}}, "offer.fulfil"},
		{s.Org, "/en/aid/delivery", url.Values{"of": {string(s.convoy)}, "planned_at": {"2017-09-04 06:00"}, "people": {"51-200"}, "item_kind_0": {"food"}, "item_unit_0": {"t"}, "item_planned_0": {"١٢"}}, "delivery.record"},
		{s.Org, "/en/aid/outcome", url.Values{"asked": {"2017-08-31 06:00"}, "asked_of": {string(s.A.Ref)}, "outcome": {"denied"}, "reason": {"no_answer"}, "at": {"2017-09-01 06:00"}}, "outcome.record"},
		{s.Verifier, "/en/aid/outcome", url.Values{"b_of": {string(s.OrgRef)}, "b_channel": {"telephone"}, "of": {string(s.convoy)}, "outcome": {"facilitated"}, "reason": {"none"}, "at": {"2017-09-01 06:00"}}, "outcome.record"},
	} {
		v := s.visit(try.who)
		status, body := v.draft(try.path, try.form)
		if status != http.StatusOK || !strings.Contains(body, fmt.Sprintf("%q:%q", "kind", try.kind)) {
			t.Errorf("%s %s: status %d; expected a draft of %s: %s", try.path, try.form.Encode(), status, try.kind, body)
		}
	}
}

// The form of a new version holds the version that stands, and saying it again unchanged is the same arrangement.
func TestAmendFormHoldsWhatStands(t *testing.T) {
	s := newHouse(t).play().arrange()
	v := s.visit(s.Releaser)
	path := "/en/arrangements/" + string(s.corridor) + "/amend"
	page := v.get(path)
	form := page.form(t, path)
	status, body := v.draft(path, form)
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
	var before *release.Arrangement
	s.view(s.Releaser, func(v *channel.Viewer) { before, _ = v.Arrangement(s.corridor) })
	for _, want := range []string{`"kind":"corridor.amend"`, `"from":240,"to":900`, `"means":"bridge"`, `"hazard":"mines"`, `"capacity":40`, `"voluntary":"yes"`, `"return":"no"`, `"radius":500`, string(s.pause), string(s.OrgRef)} {
		if !strings.Contains(body, want) {
			t.Errorf("the draft lacks %s: %s", want, body)
		}
	}
	if line := before.Geometry.Shape.Lines[0]; !strings.Contains(body, fmt.Sprintf("[[%d,%d],[%d,%d]]", line[0].Lon, line[0].Lat, line[1].Lon, line[1].Lat)) {
		t.Errorf("the draft's shape is not the one that stands: %s", body)
	}
}

// What one may not see of arrangements, offers and warnings answers as what is not there.
func TestArrangementPagesShowNothingToOthers(t *testing.T) {
	s := newHouse(t).play().arrange()
	third := s.visit(s.Enrol(s.third(), parley.DutyOfficer))
	other := s.visit(s.Other)
	none := func(kind parley.RefKind) string { return string(parley.MakeRef(kind, parley.Hash{7}, 5)) }
	for _, try := range []struct {
		name                     string
		seen                     *cast.Person
		v                        *visitor
		path, real, tail, absent string
	}{
		{"a line", s.A.Officer, third, "/en/arrangements/", string(s.line), "", none(parley.RefLine)},
		{"a line's new version", s.A.Officer, third, "/en/arrangements/", string(s.line), "/amend", none(parley.RefLine)},
		{"a zone", s.A.Officer, other, "/en/arrangements/", string(s.zone), "", none(parley.RefZone)},
		{"a corridor", s.A.Officer, third, "/en/arrangements/", string(s.corridor), "", none(parley.RefCorridor)},
		{"a corridor's day", s.A.Officer, third, "/en/arrangements/", string(s.corridor), "/day", none(parley.RefCorridor)},
		{"a corridor, of an organisation without a movement in it", s.Org, other, "/en/arrangements/", string(s.corridor), "", none(parley.RefCorridor)},
		{"an offer", s.A.Officer, third, "/en/offers/", string(s.offer), "", none(parley.RefOffer)},
		{"an offer, of an organisation", s.A.Officer, other, "/en/offers/", string(s.offer), "", none(parley.RefOffer)},
		{"warnings about an object", s.A.Officer, third, "/en/warnings/", string(s.hospital), "", none(parley.RefSite)},
	} {
		if got := s.visit(try.seen).get(try.path + try.real + try.tail); got.status != http.StatusOK {
			t.Errorf("%s: %d for whom it belongs to", try.name, got.status)
		}
		hidden, nothing := try.v.get(try.path+try.real+try.tail), try.v.get(try.path+try.absent+try.tail)
		if hidden.status != http.StatusNotFound || nothing.status != http.StatusNotFound {
			t.Errorf("%s: %d for what is hidden and %d for what is not there; expected 404 twice", try.name, hidden.status, nothing.status)
		}
		if text(find(hidden.doc, "main", "", "")) != text(find(nothing.doc, "main", "", "")) {
			t.Errorf("%s: the page of what is hidden differs from that of what is not there", try.name)
		}
		posted := try.v.post(try.path+try.real+try.tail, url.Values{"act": {"consent"}, "c_word": {"give"}})
		if try.tail != "/day" && posted.status != http.StatusNotFound {
			t.Errorf("%s: a form about what is hidden is answered by %d", try.name, posted.status)
		}
	}
	for path, page := range map[string]*screen{"/en/arrangements": third.get("/en/arrangements"), "/en/offers": third.get("/en/offers"), "/en/statistics": third.get("/en/statistics"), "/en/aid": other.get("/en/aid"), "/en/statistics of another": other.get("/en/statistics")} {
		for _, hidden := range []parley.Ref{s.line, s.zone, s.corridor, s.pause, s.offer, s.convoy, s.OrgRef} {
			if page.status != http.StatusOK || strings.Contains(page.body, string(hidden)) {
				t.Errorf("%s: status %d, or it names %s", path, page.status, hidden)
			}
		}
	}
	// A party that may see the corridor learns of no organisation that vouches for it.
	if page := s.visit(s.B.Officer).get("/en/arrangements/" + string(s.corridor)); strings.Contains(page.body, string(s.OrgRef)) || strings.Contains(page.body, "Organisation One") {
		t.Error("a party reads which organisation vouches for the corridor")
	}
}

// Long lists of a page are bounded, and lead to the whole.
func TestLongListsAreBounded(t *testing.T) {
	h := newHouse(t)
	for i := range 25 {
		h.NotifyHospital(cast.At(35.90012, 39.00034+float64(i)*0.00371))
	}
	line := h.Tell(h.A.Officer, &parley.LineImpose{Line: parley.Line{LineKind: "exclusion", Basis: parley.BasisUnilateral, Terms: parley.Terms{Shape: cast.Line(cast.At(35.9, 38.9), cast.At(35.9, 39.2)), Window: geo.Window{From: h.Now(), To: geo.Forever}, Addressees: []parley.Ref{h.B.Ref}}}}).Ref
	v := h.visit(h.Verifier)
	count := func(path string) int {
		return strings.Count(text(find(v.get(path).doc, "section", "id", "cuts")), "SITE-")
	}
	at := "/en/arrangements/" + string(line)
	if few, all := count(at), count(at+"?all=yes"); few != 20 || all != 25 {
		t.Errorf("%d shown, and %d of all; expected 20 and 25", few, all)
	}
	if !strings.Contains(v.get(at).body, "and 5 more") {
		t.Error("the page does not say how many more there are")
	}
}
