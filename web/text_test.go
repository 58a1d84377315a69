package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
)

// A text is explained before it is sent; a member of an organisation sends it by form, without a key and without JavaScript.
func TestShortTextIsExplainedAndSentWithoutJavaScript(t *testing.T) {
	h := newHouse(t)
	ref := h.depart()
	v := h.visit(h.Org)
	for lang, want := range map[string][]string{"en": {"What was understood", "At a checkpoint", "35.94"}, "ar": {"ما فُهم", "عند حاجز"}} {
		page := v.post("/"+lang+"/text", url.Values{"text": {string(ref) + " عند الحاجز ٣٥٫٩٤١٢٣ ٣٩٫٠٥١٢٣ / كلام"}})
		shown := text(find(page.doc, "section", "id", "understood"))
		for _, w := range append(want, string(ref), "كلام") {
			if !strings.Contains(shown, w) {
				t.Errorf("%s: the page does not say %q: %s", lang, w, shown)
			}
		}
		if missing := unsaid.FindAllString(page.body, 5); missing != nil {
			t.Errorf("%s: no words for %v", lang, missing)
		}
	}
	if road := v.get("/en/objects/" + string(ref)); strings.Contains(text(find(road.doc, "section", "id", "road")), "checkpoint") {
		t.Fatal("explaining a text has said it")
	}
	page := v.post("/en/text", url.Values{"text": {string(ref) + " checkpoint 35.94123 39.05123"}})
	form := find(find(page.doc, "section", "id", "understood"), "form", "", "")
	if sent := v.post("/en/text", fields(form)); sent.path != "/en/objects/"+string(ref) || !strings.Contains(text(find(sent.doc, "section", "id", "road")), "At a checkpoint") {
		t.Errorf("sent, it leads to %s; expected the movement with its report", sent.path)
	}
	for lang, want := range map[string]string{"en": "a status, a decision or STOP", "ar": "حالة أو قرارًا"} {
		page := v.post("/"+lang+"/text", url.Values{"text": {string(ref) + " UNLODING"}})
		if shown := text(find(page.doc, "section", "id", "not-understood")); page.status != http.StatusUnprocessableEntity || !strings.Contains(shown, want) || !strings.Contains(shown, "UNLODING") {
			t.Errorf("%s: %d %s; expected what was read, and %q", lang, page.status, shown, want)
		}
		if area := find(page.doc, "textarea", "name", "text"); area == nil || !strings.Contains(text(area), "UNLODING") {
			t.Errorf("%s: what was typed is gone", lang)
		}
	}
	if got := v.post("/en/text", url.Values{"act": {"send"}, "text": {string(parley.MakeRef(parley.RefMovement, parley.Hash{42}, 5)) + " held"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a movement that is nobody's got %d; expected 422", got.status)
	}
	if got := v.get("/en/texts").status; got != http.StatusNotFound {
		t.Errorf("the desk's queue answers an organisation with %d; expected 404", got)
	}
	if got := h.visit(h.A.Officer).get("/en/text").status; got != http.StatusNotFound {
		t.Errorf("the page answers a party with %d; expected 404", got)
	}
}

// What came by SMS and waits is seen by the desk, entered as told with a signature of the desk's device, and noted as dealt with.
func TestDeskEntersAWaitingMessage(t *testing.T) {
	h := newHouse(t)
	ref := h.depart()
	item, _, err := h.texts.Receive("+1 555 0100", string(ref)+" محتجزون", "", h.Now())
	if err != nil {
		t.Fatal(err)
	}
	item.State, item.Why = "waiting", "unknown_number"
	if err := h.texts.Settle(item); err != nil {
		t.Fatal(err)
	}
	if home := h.visit(h.Verifier).get("/en/"); !strings.Contains(home.body, "Short messages that wait") {
		t.Error("the desk's first page does not count what waits")
	}
	if nav := find(h.visit(h.Verifier).get("/en/").doc, "a", "href", "/en/texts"); nav == nil || strings.Contains(attr(nav, "class"), "urgent") {
		t.Errorf("the way to what waits is %q; expected it, and not urgent", attr(nav, "class"))
	}
	stop, _, err := h.texts.Receive("+1 555 0100", "SOS the hospital", "", h.Now())
	if err != nil {
		t.Fatal(err)
	}
	stop.State, stop.Why, stop.Urgent = "waiting", "unknown_number", true
	if err := h.texts.Settle(stop); err != nil {
		t.Fatal(err)
	}
	if nav := find(h.visit(h.Verifier).get("/en/desk").doc, "a", "href", "/en/texts"); nav == nil || !strings.Contains(attr(nav, "class"), "urgent") {
		t.Errorf("with an urgent message the way to it is %q; expected it urgent on every page of the desk", attr(nav, "class"))
	}
	if _, _, err := h.texts.Handle(stop.ID, h.Verifier.Ref, h.Now(), "called back"); err != nil {
		t.Fatal(err)
	}
	b := h.newBrowser()
	b.enter("en", parley.Desk, "Nadia", parley.Verifier)
	b.open("/en/texts")
	b.until("the message", "document.body.innerText.includes('محتجزون') && document.body.innerText.includes('number not known') && document.body.innerText.includes('can be forged')")
	if faults := b.axe(); len(faults) > 0 {
		t.Errorf("axe: %v", faults)
	}
	b.press("form[action='/en/text'] button")
	b.until("what was understood", "document.querySelector('#understood')?.innerText.includes('Held')")
	if got := eval[string](b, "document.querySelector('#channel').value"); got != "sms" {
		t.Errorf("the channel is %q; expected sms", got)
	}
	b.press("#understood form button[type=submit]")
	b.arrive("/en/desk/" + string(ref))
	b.until("the report, told by SMS", "document.querySelector('#road')?.innerText.includes('Held') && document.querySelector('#road')?.textContent.includes('SMS')")
	b.open("/en/texts")
	b.press("form[action='/en/texts'] button")
	b.until("nothing waits", "document.body.innerText.includes('Nothing waits.')")
	if entries := h.visit(h.Org).get("/en/entries"); !strings.Contains(entries.body, "SMS") {
		t.Error("its organisation does not see what was entered for it")
	}
}

// A decision by the movement's reference answers its open question; without one the page says so.
func TestDecisionByText(t *testing.T) {
	h := newHouse(t)
	ref := h.depart()
	v := h.visit(h.Org)
	send := url.Values{"act": {"send"}, "text": {"turn back " + string(ref) + " / bridge is down"}}
	if got := v.post("/en/text", send); got.status != http.StatusOK { // it departed though nobody had acknowledged: that was asked
		t.Errorf("the first decision got %d; expected it to be taken", got.status)
	}
	if got := v.post("/en/text", send); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a decision that nobody asked for got %d; expected 422", got.status)
	}
	h.Tell(h.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(deirEzZor(), 0.02), Window: geo.Window{From: h.Now(), To: h.Now() + parley.Hour}, Head: h.headOf(h.A)}})
	if got := v.post("/en/text", send); got.status != http.StatusOK || got.path != "/en/objects/"+string(ref) {
		t.Errorf("%d at %s; expected the decision to be taken", got.status, got.path)
	}
	if page := v.get("/en/prompts"); !strings.Contains(page.body, "Turn back") {
		t.Error("the decision does not stand among those that were answered")
	}
}
