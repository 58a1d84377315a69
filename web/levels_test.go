package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/internal/cast"
)

// A party's officer sees its levels and attests for one, with the device's key; the desk sees every party's board.
func TestLevelsArePerPartyAndAttested(t *testing.T) {
	h := newHouse(t)
	site := h.NotifyHospital(deirEzZor())
	h.Release(cast.V(site, 1), h.A.Ref)
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(site, 1), ReadBack: deirEzZor()})
	h.Tell(h.A.Officer, &parley.EntryAttest{Of: cast.V(site, 1), Echelon: parley.OperationsRoom, Place: cast.At(35.40, 40.1410)})
	b := h.newBrowser()
	b.enter("en", h.A.Ref, "Karim", parley.DutyOfficer)
	b.open("/en/inbox")
	b.press("a[href='/en/levels']")
	b.arrive("/en/levels")
	b.until("the board", "document.body.innerText.includes('another place') && document.body.innerText.includes('Never attested') && document.body.innerText.includes('Not stated to be passed on')")
	if faults := b.axe(); len(faults) > 0 {
		t.Errorf("axe: %v", faults)
	}
	b.fill("echelon", "headquarters")
	b.press("form[action='/en/levels'] button[type=submit]")
	b.until("the attestation", "document.querySelector('#levels-live').innerText.includes('as it stands') && document.querySelector('#levels-live').innerText.includes('Headquarters confirmed')")

	h.clock.Add(31 * parley.Day)
	page := h.visit(h.A.Officer).get("/ar/levels")
	if !strings.Contains(text(find(page.doc, "p", "id", "aged")), "تقادم إقرار واحد") {
		t.Errorf("the page does not say that one acknowledgement has aged: %s", text(find(page.doc, "p", "id", "aged")))
	}
	desk := h.visit(h.Verifier).get("/en/levels")
	if n := strings.Count(desk.body, "<h2>"); n < 2 || find(desk.doc, "form", "action", "/en/levels") != nil {
		t.Errorf("the desk sees %d boards, and a form: %v; expected each party's, and none", n, find(desk.doc, "form", "action", "/en/levels") != nil)
	}
	if got := h.visit(h.Org).get("/en/levels").status; got != http.StatusNotFound {
		t.Errorf("an organisation got %d; expected 404", got)
	}
	if got := h.visit(h.A.Officer).post("/en/levels", url.Values{"echelon": {"platoon"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an echelon that is none got %d; expected 422", got.status)
	}
}
