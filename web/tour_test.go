package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
)

// word returns the catalogue's words for a key, with values put in: names and values in turn.
func word(t testing.TB, lang, key string, values ...string) string {
	t.Helper()
	text, ok := readWords(t, lang)[key][""]
	if !ok {
		t.Fatalf("no words for %s in %s", key, lang)
	}
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{"+values[i]+"}", values[i+1])
	}
	return text
}

// shows waits until the page's own part holds a text.
func (b *browser) shows(text string) {
	b.t.Helper()
	b.until("the text "+text, "document.querySelector('main')?.textContent.includes(%q)", text)
}

// stay marks the page, so that a test can tell a part that was renewed from a page that was loaded anew.
func (b *browser) stay() {
	b.t.Helper()
	b.until("the line", "document.documentElement.dataset.line === 'live'")
	eval[bool](b, "window.marked = true")
}

func (b *browser) stayed() {
	b.t.Helper()
	if !eval[bool](b, "window.marked === true") {
		b.t.Error("the page was loaded anew; expected a part of it to be renewed")
	}
}

// atStep waits until a form of steps stands at a step, from 0, in a page of its own.
func (b *browser) atStep(step int) {
	b.t.Helper()
	b.until(fmt.Sprintf("step %d", step+1), "document.readyState === 'complete' && !window.left && document.querySelector('.wizard input[name=step]')?.value === '%d'", step)
}

// goOn presses the main button of a step.
func (b *browser) goOn(to int) {
	b.t.Helper()
	eval[bool](b, "window.left = true")
	b.press(".wizard button.primary")
	b.atStep(to)
}

// send presses the last button of a form of steps and returns the reference that the receipt shows.
func (b *browser) send(lang string) parley.Versioned {
	b.t.Helper()
	b.press(".wizard button.primary")
	b.arrive("/" + lang + "/receipt/")
	if eval[bool](b, "!!document.getElementById('on-behalf')") {
		b.t.Error("the receipt says on behalf; expected the device's own signature")
	}
	of, err := parley.ParseVersioned(eval[string](b, "document.querySelector('.ref-large p-id').textContent"))
	if err != nil {
		b.t.Fatal(err)
	}
	return of
}

// share ticks exact for one party and nothing for the other.
func (b *browser) share(exact, none parley.Ref) {
	b.t.Helper()
	b.choose("sensitivity", "high")
	b.choose("share_"+string(exact), "exact")
	b.choose("share_"+string(none), "none")
}

// notifySiteAs goes through the six steps with the device's key.
func (b *browser) notifySiteAs(lang, name, lat, lon string) parley.Versioned {
	b.t.Helper()
	b.open("/" + lang + "/notify/site")
	b.fill("category", "hospital")
	b.fill("name_"+lang, name)
	b.choose("occupancy", "51-200")
	b.goOn(1)
	b.fill("lat", lat)
	b.fill("lon", lon)
	b.fill("accuracy", "10")
	b.fill("obtained", "gps")
	b.goOn(2)
	b.goOn(3)
	b.share(b.h.A.Ref, b.h.B.Ref)
	b.goOn(4)
	b.fill("phone", "+963 51 123 456")
	b.goOn(5)
	return b.send(lang)
}

// exported tries to take the private key of this device out of the browser, by every format, and says how that ended.
const exported = `new Promise((resolve, reject) => {
	const o = indexedDB.open('parley', 1);
	o.onerror = () => reject(o.error);
	o.onsuccess = () => {
		const all = o.result.transaction('keys').objectStore('keys').getAll();
		all.onsuccess = async () => {
			o.result.close();
			if (all.result.length !== 1) return resolve(all.result.length + ' keys');
			const key = all.result[0].privateKey, got = [];
			if (!(key instanceof CryptoKey) || key.extractable) got.push('extractable');
			for (const format of ['pkcs8', 'jwk', 'raw']) await crypto.subtle.exportKey(format, key).then(() => got.push(format), () => {});
			resolve(got.join(' '));
		};
	};
})`

// green finds parts of the page that are painted in green.
const green = `[...document.querySelectorAll('main, main *')].filter(e => !e.closest('p-map') && e.getClientRects().length).filter(e => {
	const s = getComputedStyle(e);
	return [s.color, s.backgroundColor, s.borderTopColor, s.borderInlineStartColor].some(c => {
		const [r, g, b, a = 1] = (c.match(/[\d.]+/g) ?? []).map(Number);
		return a > 0 && g > r + 25 && g > b + 15;
	});
}).map(e => e.tagName + '.' + e.className).slice(0, 3).join(', ')`

// The way of one hospital and one convoy through the day, with two people at two browsers: a notifier and a duty officer. The desk's
// work between them is the cast's.
func TestTourEnglish(t *testing.T) {
	t.Parallel()
	tour(t, "en")
}
func TestTourArabic(t *testing.T) {
	t.Parallel()
	tour(t, "ar")
}

func tour(t *testing.T, lang string) {
	h := newHouse(t)
	say := func(key string, values ...string) string { return word(t, lang, key, values...) }
	path := func(p string) string { return "/" + lang + p }
	n, o := h.newBrowser(), h.newBrowser()
	n.enter(lang, h.OrgRef, "Salma", parley.Notifier, parley.MovementLeader)
	o.enter(lang, h.A.Ref, "Idris", parley.DutyOfficer)
	if got := eval[string](n, exported); got != "" {
		t.Errorf("the private key could be taken out: %s", got)
	}

	// A site, from the first step to who has it.
	site := n.notifySiteAs(lang, "Invented hospital", "35.33612", "40.14121")
	ref := string(site.Ref)
	n.open(path("/objects"))
	n.shows(ref)
	n.shows(say("state.submitted"))
	n.shows(say("holding.none"))

	// The officer's inbox fills by itself.
	o.open(path("/inbox"))
	o.stay()
	h.Release(site, h.A.Ref)
	o.shows(ref + "/v1")
	o.stayed()

	// A wrong read-back is kept and said in the page's language; a right one acknowledges.
	n.open(path("/objects/" + ref))
	n.stay()
	o.press("a[href$='/list/" + ref + "']")
	o.arrive(path("/list/" + ref))
	readBack := func(text string) {
		o.fill("read_back", text)
		o.press("form:has(#read_back) button.primary")
	}
	readBack("35.35, 40.20")
	o.until("the fault", "document.querySelector('.error-summary')?.textContent.includes(%q)", say("code.read_back_mismatch"))
	o.open(path("/list/" + ref))
	o.shows(strings.TrimSpace(strings.ReplaceAll(readWords(t, lang)["ack.wrong"]["one"], "{n}", "1")))
	readBack("35.33612, 40.14121")
	o.arrive(path("/inbox"))
	n.shows(say("holding.acknowledged", "v", "1"))
	n.stayed()

	// A second version: the officer sees what changed.
	o.stay()
	n.open(path("/objects/" + ref + "/update"))
	n.atStep(0)
	n.goOn(1)
	n.fill("lat", "35.33712")
	for step := 2; step <= 5; step++ {
		n.goOn(step)
	}
	if again := n.send(lang); again != cast.V(site.Ref, 2) {
		t.Errorf("the receipt shows %s; expected v2 of %s", again, ref)
	}
	h.Release(cast.V(site.Ref, 2), h.A.Ref)
	o.shows(say("changed_since", "v", "1"))
	o.stayed()
	o.open(path("/list/" + ref))
	o.shows(say("entry.changes"))
	o.shows("35.33712° N 40.14121° E")

	// A movement of two legs and a stop, on the road.
	n.open(path("/notify/movement"))
	n.fill("name", "Invented convoy")
	n.fill("movement_kind", "food")
	n.fill("mode", "land")
	n.choose("escort", "no")
	n.choose("urgency", "standard")
	n.fill("vehicles", "3")
	n.fill("persons", "6")
	n.goOn(1)
	for _, add := range []struct{ button, field string }{{"add_leg", "leg_route_2"}, {"add_stop", "stop_place_1"}} {
		if eval[bool](n, "!document.getElementById(%q)", add.field) {
			n.press("button[name=" + add.button + "]")
			n.until("the field "+add.field, "document.readyState === 'complete' && document.getElementById(%q)", add.field)
		}
	}
	for field, value := range map[string]string{
		"leg_route_1": "35.50012, 40.10012\n35.55012, 40.20012", "leg_depart_1": "2017-09-01 10:00", "leg_arrive_1": "2017-09-01 11:00",
		"leg_route_2": "35.55012, 40.20012\n35.60012, 40.30012", "leg_depart_2": "2017-09-01 12:00", "leg_arrive_2": "2017-09-01 13:00",
		"stop_phase_1": "unloading", "stop_place_1": "35.55012, 40.20012", "stop_after_1": "1", "stop_arrive_1": "2017-09-01 11:00", "stop_leave_1": "2017-09-01 12:00",
	} {
		n.fill(field, value)
	}
	n.goOn(2)
	n.share(h.A.Ref, h.B.Ref)
	n.goOn(3)
	n.fill("phone", "+963 51 123 456")
	n.goOn(4)
	convoy := n.send(lang)
	file, newest := h.newest(convoy.Ref)
	if len(newest.Legs) != 2 || len(newest.Stops) != 1 || file.Owner != h.OrgRef {
		t.Errorf("stored %d legs and %d stops of %s; expected 2 and 1 of %s", len(newest.Legs), len(newest.Stops), file.Owner, h.OrgRef)
	}
	h.Release(convoy, h.A.Ref)
	n.open(path("/objects/" + string(convoy.Ref)))
	n.fill("status", "departed")
	n.press("form:has(#status) button.primary")
	n.until("the report", "document.querySelector('.record-head')?.textContent.includes(%q)", say("movement_state.departed"))

	// An area around it: the people on the road are asked, and decide.
	n.open(path("/"))
	n.stay()
	o.open(path("/areas/new"))
	o.fill("shape", "35.54, 40.19\n35.54, 40.21\n35.56, 40.21\n35.56, 40.19")
	o.fill("from", "2017-09-01 10:30")
	o.fill("until", "2017-09-01 14:00")
	o.choose("to", string(h.B.Ref))
	o.press("form[data-sign]:has(#shape) button.primary")
	o.until("the area", "/\\/areas\\/AREA-|\\/receipt\\//.test(location.pathname)")
	n.shows(say("sentence.prompt"))
	n.stayed()
	n.press("#home-live a[href$='/prompts']")
	n.arrive(path("/prompts"))
	n.choose("decision", "hold")
	n.press("form:has(input[name=prompt]) button.primary")
	n.until("the decision", "document.querySelector('main .timeline strong')?.textContent === %q", say("decision.hold"))

	// Checks: with indications, and without.
	check := func(shape string) {
		o.open(path("/checks/new"))
		o.fill("shape", shape)
		o.press("form[data-sign]:has(#shape) button.primary")
		o.until("the check", "/\\/checks\\/CHECK?-/.test(location.pathname) && document.readyState === 'complete'")
	}
	check("35.32, 40.12\n35.32, 40.16\n35.35, 40.16\n35.35, 40.12")
	o.until("an indication", "document.querySelector('#indications')?.textContent.includes(%q)", ref)
	o.shows(say("indication.open"))
	check("36.82, 42.12\n36.82, 42.16\n36.85, 42.16\n36.85, 42.12")
	o.until("the answer", "document.querySelector('.grey-answer')?.textContent.includes(%q)", say("sentence.nothing_more"))
	if !eval[bool](o, "scrollY === 0 && document.querySelector('.grey-answer').getBoundingClientRect().bottom <= innerHeight") {
		t.Error("the sentence that this is no clearance is not seen without scrolling")
	}
	if found := eval[string](o, green); found != "" {
		t.Errorf("green stands on a check that found nothing: %s", found)
	}
	eval[bool](o, "(document.querySelector('.grey-answer').style.color = 'rgb(0, 120, 60)', true)")
	if eval[string](o, green) == "" {
		t.Error("a planted green is not found")
	}

	// A corridor of the desk's waits for the officer's word: given on its page, it stands there for everyone who sees it.
	corridor := h.corridorAt(h.third(), cast.At(35.90123, 39.00234), cast.At(35.95123, 39.10234))
	o.open(path("/inbox"))
	o.press("#asked a[href$='/arrangements/" + string(corridor) + "']")
	o.arrive(path("/arrangements/" + string(corridor)))
	o.shows(say("agreed_of", "n", "0", "of", "3"))
	o.choose("c_word", "give")
	o.press("#consent form button.primary")
	o.until("the officer's word", "document.getElementById('consents')?.textContent.includes(%q)", say("agreed_of", "n", "1", "of", "3"))
	o.shows(say("sentence.passage"))
}

// signOut takes the session away, as when it has ended; the device keeps its key.
func (b *browser) signOut() {
	b.t.Helper()
	b.run(network.ClearBrowserCookies())
}

// sites counts the sites that the notifier's organisation has.
func (h *house) sites() (n int) {
	h.T.Helper()
	if err := h.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(h.Org.Key).ID())
		objects, _ := s.View(&m, h.Now(), h.node.Text).Objects("", 0, 500)
		n = len(objects)
	}); err != nil {
		h.T.Fatal(err)
	}
	return n
}

// value reads a field.
func (b *browser) value(id string) string {
	b.t.Helper()
	return eval[string](b, "document.getElementById(%q)?.value ?? 'no field'", id)
}

// A form survives what happens to people: a session that ends half-way, the browser's own back button, a second press of the button.
func TestFormSurvives(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("ar", h.OrgRef, "سلمى", parley.Notifier)
	begin := func() {
		b.open("/ar/notify/site")
		b.fill("category", "hospital")
		b.fill("name_ar", "مشفى الفرات")
		b.choose("occupancy", "51-200")
		b.goOn(1)
		b.fill("lat", "35.33612")
		b.fill("lon", "40.14121")
		b.fill("accuracy", "10")
		b.fill("obtained", "gps")
	}

	// The session ends on a step between: the person signs in with the device's key, and finds each step as it was typed.
	begin()
	b.signOut()
	b.press(".wizard button.primary")
	b.arrive("/ar/sign-in")
	b.until("the key of this device", "document.querySelector('form[data-sign-in] .keys button')")
	b.press("form[data-sign-in] .keys button")
	b.arrive("/ar/notify/site")
	b.atStep(0)
	b.until("the name kept", "document.getElementById('name_ar').value === 'مشفى الفرات'")
	if got := b.value("category"); got != "hospital" {
		t.Errorf("the category reads %q; expected what was chosen", got)
	}
	b.goOn(1)
	b.until("the position kept", "document.getElementById('lat').value === '35.33612' && document.getElementById('lon').value === '40.14121'")

	// Pages are never stored by the browser, so its own back button cannot show the answer to a form again, and offers to send it
	// again. Sent again or opened afresh, the form has what was typed.
	b.goOn(2)
	var none string
	if err := chromedp.Run(b.ctx, chromedp.NavigateBack(), chromedp.Title(&none)); err != nil && !strings.Contains(err.Error(), "ERR_CACHE_MISS") {
		t.Fatal(err)
	}
	b.open("/ar/notify/site")
	b.atStep(0)
	b.until("the name kept", "document.getElementById('name_ar').value === 'مشفى الفرات'")
	b.goOn(1)
	b.until("the position kept", "document.getElementById('lat').value === '35.33612' && document.getElementById('accuracy').value === '10'")

	for step := 2; step <= 5; step++ {
		if step == 4 {
			b.share(h.A.Ref, h.B.Ref)
		}
		if step == 5 {
			b.fill("phone", "+963 51 123 456")
		}
		b.goOn(step)
	}

	// The session ends before the last step: the device signs in by itself. The button is pressed twice: one site is stored.
	b.signOut()
	eval[bool](b, "(() => { const e = document.querySelector('.wizard button.primary'); e.click(); e.click(); e.form.requestSubmit(e); return true })()")
	b.arrive("/ar/receipt/")
	if n := h.sites(); n != 1 {
		t.Errorf("pressed twice, %d sites are stored; expected one", n)
	}
	b.open("/ar/notify/site")
	if got := b.value("name_ar"); got != "" {
		t.Errorf("after the receipt a new form begins with %q; expected nothing kept", got)
	}
}

// The line fails while a form is sent: it says so in the page's language, keeps the text, and sends once when the line is back.
func TestFormSurvivesTheLine(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("ar", h.OrgRef, "سلمى", parley.Notifier)
	b.open("/ar/notify/site")
	b.fill("category", "hospital")
	b.fill("name_ar", "مشفى الفرات")
	b.choose("occupancy", "51-200")
	b.goOn(1)
	b.fill("lat", "35.33612")
	b.fill("lon", "40.14121")
	b.fill("accuracy", "10")
	b.fill("obtained", "gps")
	b.goOn(2)
	b.goOn(3)
	b.share(h.A.Ref, h.B.Ref)
	b.goOn(4)
	b.fill("phone", "+963 51 123 456")
	b.goOn(5)
	b.run(network.EmulateNetworkConditions(true, 0, -1, -1))
	b.press(".wizard button.primary")
	b.until("the fault", "document.querySelector('.error-summary')?.textContent === %q", word(t, "ar", "js.not_sent"))
	if eval[bool](b, "document.querySelector('.wizard button.primary').disabled || document.activeElement !== document.querySelector('.error-summary')") {
		t.Error("after a failed line the button is dark or the focus is elsewhere")
	}
	b.run(network.EmulateNetworkConditions(false, 0, -1, -1))
	b.send("ar")
	if n := h.sites(); n != 1 {
		t.Errorf("%d sites are stored; expected one", n)
	}
}

// What was typed about an area and not yet sent is there again when the page is opened anew, though the page proposes hours of its own;
// discarding it brings those back.
func TestAreaFormIsKept(t *testing.T) {
	h := newHouse(t)
	b := h.newBrowser()
	b.enter("en", h.A.Ref, "Idris", parley.DutyOfficer)
	b.open("/en/areas/new")
	proposed := b.value("until")
	const shape = "35.54, 40.19\n35.54, 40.21\n35.56, 40.21"
	b.fill("shape", shape)
	b.fill("until", "2017-09-01 23:00")
	b.open("/en/areas/new")
	b.until("the shape kept", "document.getElementById('shape').value === %q && document.getElementById('until').value === '2017-09-01 23:00'", shape)
	b.press(".kept button")
	if got := b.value("shape") + b.value("until"); got != proposed {
		t.Errorf("after discarding the form holds %q; expected only the proposed %q", got, proposed)
	}
	b.open("/en/areas/new")
	if got := b.value("shape"); got != "" {
		t.Errorf("what was discarded came back: %q", got)
	}
}
