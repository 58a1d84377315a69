package web_test

import (
	"strings"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// "Nothing waits" stands on the inbox when nothing does. A question, an offer, a recall or a task is something, though no object waits.
func TestInboxSaysThatNothingWaitsOnlyThen(t *testing.T) {
	for what, wait := range map[string]func(h *house){
		"nothing": func(*house) {},
		"an offer": func(h *house) {
			h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
				return &parley.OfferMake{To: h.B.Ref, OfferKind: "information", Text: d.Text("a list of wells"), Language: "en", Deadline: h.Now() + parley.Day}
			})
		},
		"a word about a line": func(h *house) { h.play().arrange() },
		"an area to read back": func(h *house) {
			h.Tell(h.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(deirEzZor(), 0.02), Window: geo.Window{From: h.Now() + parley.Hour, To: h.Now() + 5*parley.Hour}, Addressees: []parley.Ref{h.B.Ref}, Head: h.headOf(h.A)}})
		},
		"an entry to confirm": func(h *house) {
			h.Must(h.Verifier, func(d *draft.Draft) parley.Body {
				d.OnBehalf = &parley.OnBehalf{Of: h.B.Ref, Channel: parley.ByTelephone, At: h.Now()}
				return &parley.SiteFound{Category: "school", Shape: cast.Point(schoolAt()), Obtained: parley.Obtained{Method: parley.ByWord, Accuracy: 100}, Occupancy: "unknown", Asked: parley.AskedNobody}
			})
		},
		"an urgent stop": func(h *house) {
			p := deirEzZor()
			h.Tell(h.Org, &parley.StopRaise{Place: &p})
		},
	} {
		t.Run(what, func(t *testing.T) {
			h := newHouse(t)
			wait(h)
			for _, lang := range []string{"en", "ar"} {
				page := h.visit(h.B.Officer).get("/" + lang + "/inbox")
				said := text(find(page.doc, "p", "id", "none-waits"))
				key := "inbox.none_to_acknowledge"
				if what == "nothing" {
					key = "inbox.empty"
				}
				if !strings.HasPrefix(strings.TrimSpace(said), word(t, lang, key)) {
					t.Errorf("%s: with %s waiting the inbox says %q; expected %q", lang, what, said, word(t, lang, key))
				}
			}
		})
	}
}
