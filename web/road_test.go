package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
)

// depart notifies a convoy for A that is on the road and that A has acknowledged.
func (h *house) depart() parley.Ref {
	h.T.Helper()
	ref := h.Must(h.Org, func(d *draft.Draft) parley.Body {
		m := cast.Convoy(d, h.Now(), deirEzZor(), cast.At(35.50123, 40.00345), cast.At(35.60432, 39.80321), h.A.Ref)
		m.Shared.Consents[0].Fields = append(m.Shared.Consents[0].Fields, parley.FieldRoad)
		return &parley.MovementNotify{Movement: m}
	}).Ref
	h.Release(cast.V(ref, 1), h.A.Ref)
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.50123, 40.00345)})
	at := deirEzZor()
	h.Tell(h.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, Leg: 1, At: h.Now(), Place: &at})
	return ref
}

// The owner, the desk and the party see the road of a movement in both languages; B, which holds nothing, sees no page.
func TestRoadOnEveryPageOfAMovement(t *testing.T) {
	h := newHouse(t)
	ref := h.depart()
	h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ContactTry{Movement: ref, Means: parley.LiaisonRadio, At: h.Now(), Reached: true, Words: d.Text("spoke with the leader")}
	})
	h.Tell(h.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementUnloading, Leg: 1, At: h.Now(), Armed: parley.Yes})
	for name, who := range map[string]struct {
		person *cast.Person
		path   string
	}{"owner": {h.Org, "/objects/"}, "desk": {h.Verifier, "/desk/"}, "party": {h.A.Officer, "/list/"}} {
		v := h.visit(who.person)
		for lang, want := range map[string][]string{"en": {"On the road", "Last heard of", "Who has it", "Acknowledged", "spoke with the leader", "Its escort is not the notified one", "What it does lies outside its plan", "35.33"},
			"ar": {"على الطريق", "من لديه الإخطار", "spoke with the leader", "مرافقتها غير ما أُخطر به"}} {
			page := v.get("/" + lang + who.path + string(ref))
			road := text(find(page.doc, "section", "id", "road"))
			for _, w := range want {
				if !strings.Contains(road, w) {
					t.Errorf("%s %s: the road does not say %q: %s", name, lang, w, road)
				}
			}
			if missing := unsaid.FindAllString(page.body, 5); missing != nil {
				t.Errorf("%s %s: no words for %v", name, lang, missing)
			}
		}
	}
	if got := h.visit(h.B.Officer).get("/en/list/" + string(ref)).status; got != http.StatusNotFound {
		t.Errorf("a party that holds nothing got %d; expected 404", got)
	}
}

// A report typed where no key is goes by form, escort included; a try to reach the movement takes a key.
func TestReportWithoutAKeyAndContactWithOne(t *testing.T) {
	h := newHouse(t)
	ref := h.depart()
	owner := h.visit(h.Org)
	path := "/en/objects/" + string(ref)
	if got := owner.post(path, url.Values{"act": {"report"}, "status": {"checkpoint"}, "armed": {"some"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an escort that is no answer got %d; expected 422", got.status)
	}
	owner.post(path, url.Values{"act": {"report"}, "status": {"checkpoint"}, "armed": {"yes"}})
	if road := text(find(owner.get(path).doc, "section", "id", "road")); !strings.Contains(road, "Its escort is not the notified one") || !strings.Contains(road, "form") {
		t.Errorf("the road says %s; expected the escort, told by form", road)
	}
	if got := owner.post(path, url.Values{"act": {"contact"}, "means": {"radio"}}); got.status != http.StatusForbidden {
		t.Errorf("a contact without a key got %d; expected 403, which says what it needs", got.status)
	}
	if got := owner.post(path, url.Values{"act": {"contact"}, "means": {"shouting"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a contact by no means got %d; expected 422", got.status)
	}
}

// On a telephone the convoy sees at once, without asking, that the party has its update; and an officer's device signs a contact.
func TestConvoySeesLiveWhoHasItsUpdate(t *testing.T) {
	h := newHouse(t)
	ref := h.depart()
	road := h.newBrowser()
	road.size(390, 844)
	road.enter("ar", h.OrgRef, "Amal", parley.MovementLeader, parley.Notifier)
	road.open("/ar/objects/" + string(ref))
	road.until("the line", "document.documentElement.dataset.line === 'live'")
	h.Must(h.Org, func(d *draft.Draft) parley.Body {
		m := cast.Convoy(d, h.Now(), deirEzZor(), cast.At(35.50123, 40.00345), cast.At(35.60432, 39.80321), h.A.Ref)
		m.Escort.Armed = parley.Yes
		return &parley.MovementUpdate{Of: cast.V(ref, 1), Movement: m}
	})
	road.until("the update not acknowledged", "document.querySelector('#road .road-who').innerText.includes('لم يُقَر بالاستلام')")
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 2), ReadBack: cast.At(35.50123, 40.00345)})
	road.until("the update acknowledged", "!document.querySelector('#road .road-who').innerText.includes('لم يُقَر بالاستلام')")
	if wide := eval[bool](road, "document.documentElement.scrollWidth > document.documentElement.clientWidth"); wide {
		t.Error("the page is wider than a telephone")
	}
	if size := eval[float64](road, "parseFloat(getComputedStyle(document.querySelector('.road-party')).fontSize)"); size < 20 {
		t.Errorf("a party's name is %v px; expected letters that are read at arm's length", size)
	}
	if faults := road.axe(); len(faults) > 0 {
		t.Errorf("axe: %v", faults)
	}
	road.picture("road")
	officer := h.newBrowser()
	officer.enter("en", h.A.Ref, "Karim", parley.DutyOfficer)
	officer.open("/en/list/" + string(ref))
	eval[bool](officer, "document.querySelector('details:has(input[name=act][value=contact])').open = true")
	officer.fill("means", "radio")
	officer.choose("reached", "yes")
	officer.fill("words", "spoke with the leader")
	officer.press("form:has(input[name=act][value=contact]) button[type=submit]")
	officer.until("the contact on record", "document.querySelector('#road')?.innerText.includes('spoke with the leader')")
}
