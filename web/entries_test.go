package web_test

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// What the desk entered for a party waits for the party's own word, which an officer gives on a page.
func TestAPartyDisownsWhatWasEnteredForIt(t *testing.T) {
	h := newHouse(t)
	site := h.NotifyHospital(deirEzZor())
	h.Verify(cast.V(site, 1))
	h.Release(cast.V(site, 1), h.A.Ref)
	b := h.newBrowser()
	b.enter("en", h.A.Ref, "Nadia", parley.DutyOfficer)
	d := &draft.Draft{Theatre: h.Theatre, MadeAt: h.Now(), OnBehalf: &parley.OnBehalf{Of: h.A.Ref, Channel: parley.ByTelephone, At: h.Now()}}
	s, err := d.Sign(&parley.ObjectAcknowledge{Of: cast.V(site, 1), ReadBack: deirEzZor()}, h.Verifier.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Stage.Play(s); err != nil {
		t.Fatal(err)
	}
	b.open("/en/entries")
	if got := eval[string](b, "document.querySelector('main').innerText"); !strings.Contains(got, "Acknowledgement · telephone") {
		t.Fatalf("the page shows %q; expected the acknowledgement told by telephone", got)
	}
	b.press("button[value=disown]")
	b.until("the word on record", "document.querySelector('#entries-live .status-disputed')")
}
