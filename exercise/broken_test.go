package exercise

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"parley"
	"parley/exchange/replay"
	"parley/internal/need"
)

func read(t *testing.T, file string) *replay.Case {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(need.Shared(t, "replays"), file))
	if err != nil {
		t.Fatal(err)
	}
	c, err := replay.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// found plays a case with other ways of finding warnings.
func found(t *testing.T, c *replay.Case, by func(*hearing) *Raised) *Report {
	t.Helper()
	whole := maps.Clone(finders)
	defer func() { finders = whole }()
	finders = maps.Clone(whole)
	for what := range finders {
		finders[what] = by
	}
	r, err := Play(t.Context(), c, true)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A channel that warns always meets every expectation, and no control is silent: each can fail. One that never warns is silent, and the
// gate does not hold.
func TestControlsFailWhereEverythingWarns(t *testing.T) {
	tried := map[string]int{}
	for _, file := range []string{"al-tanf-2017-05-18.json", "belgrade-1999-05-07.json", "deir-ez-zor-2016-09-17.json", "urum-al-kubra-2016-09-19.json"} {
		c := read(t, file)
		always := found(t, c, func(h *hearing) *Raised { return &Raised{At: h.s.now(), To: []string{"desk"}} })
		if len(always.Controls) == 0 || always.Gate.Holds {
			t.Errorf("%s: with %d controls the gate holds: %v, though everything warns", file, len(always.Controls), always.Gate.Holds)
		}
		for _, k := range always.Controls {
			tried[k.Control]++
			if k.Silent {
				t.Errorf("%s: control %s of %s is silent though everything warns", file, k.Control, k.Expectation)
			}
		}
		never := found(t, c, func(*hearing) *Raised { return nil })
		if never.Gate.Holds || len(never.Gate.Fails) == 0 {
			t.Errorf("%s: the gate holds though nothing warns", file)
		}
	}
	for _, k := range controls {
		if tried[k.name] == 0 {
			t.Errorf("control %s was not tried", k.name)
		}
	}
}

// A warning that a later event alone explains is caught by the guard against hindsight.
func TestHindsightIsCaught(t *testing.T) {
	c := read(t, "kunduz-2015-10-03.json")
	r := found(t, c, func(h *hearing) *Raised {
		if h.s.calls["e9"] != "" || h.s.at >= 6 { // what only the whole case says
			return &Raised{At: h.s.now(), To: []string{"desk"}}
		}
		return nil
	})
	if r.Hindsight.Holds || r.Gate.Holds {
		t.Errorf("the guard holds: %+v", r.Hindsight)
	}
}

// An event that the channel refuses is told with its place, and the gate does not hold.
func TestRefusedEventIsToldWithItsPlace(t *testing.T) {
	c := read(t, "kunduz-2015-10-03.json")
	c.Objects[0].Geometry.Radius, c.Objects[0].Geometry.Form = 0, replay.LineString
	c.Objects[0].Geometry.Points = append(c.Objects[0].Geometry.Points, c.Objects[0].Geometry.Points[0])
	r, err := Play(t.Context(), c, false)
	if err != nil {
		t.Fatal(err)
	}
	if r.Gate.Holds || len(r.Refused) == 0 || r.Refused[0].Field != "events[0]" || r.Refused[0].Event != "e1" || r.Refused[0].Code != string(parley.CodeInvalid) {
		t.Errorf("refused %+v, gate %+v; expected events[0], refused as invalid", r.Refused, r.Gate)
	}
}
