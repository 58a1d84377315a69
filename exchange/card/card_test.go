package card_test

import (
	"strings"
	"testing"
	"time"

	"parley"
	"parley/exchange/card"
	"parley/exchange/shorttext"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// cut is a movement as its owner sees it.
func cut(t *testing.T, grant release.Grant) *release.Object {
	t.Helper()
	texts := map[parley.Commitment]string{}
	d := &draft.Draft{}
	m := cast.Convoy(d, cast.Start, cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003))
	for _, p := range d.Payloads() {
		texts[p.Commitment()] = p.Text
	}
	profile := cast.Profile()
	o := release.Cut(&parley.Version{Of: parley.Versioned{Ref: parley.MakeRef(parley.RefMovement, parley.Hash{7, 9}, 5), Version: 2}, Movement: &m}, &profile, grant, func(c parley.Commitment) string { return texts[c] })
	return &o
}

func TestCardSaysWhatTheRoadNeeds(t *testing.T) {
	zone := time.FixedZone("theatre", 3*3600)
	setting := shorttext.Setting{Now: cast.Start, Zone: zone}
	for _, lang := range []shorttext.Language{shorttext.English, shorttext.Arabic} {
		c, err := card.Make(cut(t, release.Grant{Full: true}), zone, lang)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Legs) != 2 || c.Legs[0].Depart != (card.Hour{Here: "2017-09-01 09:00", UTC: "06:00Z"}) || c.Legs[0].From.At[0] == c.Legs[0].From.At[1] || len(c.Stops) != 1 || c.Stops[0].Phase != "unloading" {
			t.Errorf("%s: legs %+v, stops %+v", lang, c.Legs, c.Stops)
		}
		if len(c.Contacts) != 1 || c.Version != 2 {
			t.Errorf("%s: contacts %v, version %d", lang, c.Contacts, c.Version)
		}
		if len(c.Messages) < 8 {
			t.Errorf("%s: %d messages to send", lang, len(c.Messages))
		}
		for _, l := range append(append(c.Messages, c.Answers...), c.Stop) { // what the card says to send is understood when it is sent
			m, refusal := shorttext.Parse(l.Text, setting)
			if refusal != nil {
				t.Errorf("%s: the card's %q is refused: %v", lang, l.Text, refusal)
				continue
			}
			if got := string(m.Status) + string(m.Decision); m.Of != c.Ref || got != l.Means && l.Means != "position" && l.Means != "escort" && l.Means != "stop" || m.Stop != (l.Means == "stop") || m.Language != lang {
				t.Errorf("%s: the card's %q, which means %s, reads %+v", lang, l.Text, l.Means, m)
			}
			if !shorttext.Fits(l.Text, lang) {
				t.Errorf("%s: %q is no single SMS", lang, l.Text)
			}
		}
		if said := strings.Join(append(c.Voice, c.StopSaid...), " "); strings.Count(said, c.Spelled) != 3 || strings.Contains(said, "{") {
			t.Errorf("%s: to be said: %s; expected the spelled reference three times", lang, said)
		}
	}
}

func TestCardIsForWhoeverKnowsTheLegs(t *testing.T) {
	if _, err := card.Make(cut(t, release.Grant{Precision: parley.Coarse}), time.UTC, shorttext.English); err == nil {
		t.Error("a card was made of cells")
	}
	if _, err := card.Make(&release.Object{Ref: parley.MakeRef(parley.RefSite, parley.Hash{1}, 5)}, time.UTC, shorttext.English); err == nil {
		t.Error("a card was made of a site")
	}
}

func TestSpell(t *testing.T) {
	for _, c := range []struct {
		lang shorttext.Language
		want string
	}{{shorttext.English, "MOVE, seven Kilo three Foxtrot, Quebec two"}, {shorttext.Arabic, "حركة، سبعة كيلو ثلاثة فوكستروت، كيبك اثنان"}} {
		if got := card.Spell("MOVE-7K3F-Q2", c.lang); got != c.want {
			t.Errorf("%s: %q; expected %q", c.lang, got, c.want)
		}
	}
	for _, lang := range []shorttext.Language{shorttext.English, shorttext.Arabic} { // every character of references has a word
		if got := card.Spell("ASK-0123456789ABCDEFGHJKMNPQRSTVWXYZ", lang); strings.Contains(got, "  ") || len(strings.Fields(got)) < 33 {
			t.Errorf("%s: %q; expected a word for each character", lang, got)
		}
	}
}
