package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
)

// Everybody sees what is published; two trustees set it, in a real browser.
func TestPublicationIsSetByTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, p := range []*cast.Person{h.Org, h.A.Officer, h.Monitor, h.Verifier} {
		got := h.visit(p).get("/en/publication")
		if got.status != http.StatusOK || !strings.Contains(got.body, word(t, "en", "public_field.region")) || strings.Contains(got.body, word(t, "en", "publication.set_go")) {
			t.Errorf("%s got %d, with a form: %v", p.Account, got.status, strings.Contains(got.body, word(t, "en", "publication.set_go")))
		}
	}
	trustee := h.visit(h.Trustees[0])
	if got := trustee.post("/en/publication", url.Values{"hours": {"0"}, "threshold": {"5"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("no delay: got %d", got.status)
	}
	if got := trustee.post("/en/publication", url.Values{"hours": {"48"}, "threshold": {"5"}, "fields": {"place"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("the exact place: got %d", got.status)
	}
	if got := trustee.post("/en/publication", url.Values{"hours": {"48"}, "threshold": {"5"}, "fields": {"date"}}); got.status != http.StatusForbidden {
		t.Errorf("without a signature: got %d", got.status)
	}
	first, second := h.newBrowser(), h.newBrowser()
	first.enter("en", parley.Board, "First Trustee", parley.Trustee)
	second.enter("ar", parley.Board, "Second Trustee", parley.Trustee)
	first.open("/en/publication")
	first.fill("hours", "96")
	first.fill("threshold", "7")
	first.choose("fields", "certainty")
	first.press("#set button.primary")
	first.until("the held profile", "document.querySelector('main')?.textContent.includes(%q)", word(t, "en", "held.title"))
	second.open("/ar/publication")
	for _, v := range second.axe() {
		t.Errorf("publication: %s", v)
	}
	second.press("section.notice form[data-sign] button")
	second.until("the stored profile", "location.search.startsWith('?stored=')")
	var set parley.Publication
	if err := h.node.Read(func(s *channel.State) {
		set = *s.View(&parley.Member{Account: parley.Board}, h.node.Now(), h.node.Text).Publication()
	}); err != nil {
		t.Fatal(err)
	}
	if set.Delay != 96*parley.Hour || set.Threshold != 7 || set.Shows("certainty") || !set.Shows("date") {
		t.Errorf("read %+v", set)
	}
}

// Two of the desk end the hold that an incident has put on texts.
func TestAHoldIsEndedByTwo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	at := cast.At(35.336, 40.141)
	ref := h.Must(h.Monitor, func(d *draft.Draft) parley.Body {
		return &parley.IncidentRecord{Incident: parley.Incident{IncidentKind: parley.PeopleHarmed, From: h.Now() - parley.Hour, To: h.Now() - parley.Hour, Place: &at, Precision: parley.PlaceStreet, Certainty: "possible",
			Narrative: d.Text("shells fell"), Sources: []parley.Source{{SourceKind: "media", Name: d.Text("a paper"), Reliability: "C", Credibility: 3}}}}
	}).Ref
	if got := h.visit(h.Monitor).get("/en/incidents/" + string(ref)); strings.Contains(got.body, word(t, "en", "hold.end_go")) {
		t.Error("a monitor is offered to end a hold")
	}
	first, second := h.newBrowser(), h.newBrowser()
	first.enter("en", parley.Desk, "Verifier", parley.Verifier)
	second.enter("ar", parley.Desk, "Releaser", parley.Releaser)
	first.open("/en/incidents/" + string(ref))
	first.fill("h_reason", "entered_in_error")
	first.fill("h_words", "It was a thunderstorm.")
	first.press("#hold button")
	first.until("the held end", "document.querySelector('main')?.textContent.includes(%q)", word(t, "en", "held.title"))
	second.open("/ar/incidents/" + string(ref))
	second.shows("It was a thunderstorm.")
	second.press("section.notice form[data-sign] button")
	second.until("the stored end", "location.search.startsWith('?stored=')")
	got := h.visit(h.Verifier).get("/en/incidents/" + string(ref))
	if strings.Contains(got.body, word(t, "en", "incident.hold")) || strings.Contains(got.body, word(t, "en", "hold.end_go")) {
		t.Error("the hold still stands")
	}
}
