package web_test

import (
	"strings"
	"testing"

	"parley"
)

// A stop is raised: of a browser's tabs one sounds, all change their titles; another officer's browser sounds too; taking it on one
// silences all.
func TestStopSoundsOnceAndFallsSilentWhenTaken(t *testing.T) {
	h := newHouse(t)
	site := h.NotifyHospital(deirEzZor())
	first, second := h.newBrowser(), h.newBrowser()
	first.enter("en", h.A.Ref, "Nadia", parley.DutyOfficer)
	second.enter("ar", h.A.Ref, "سامر", parley.DutyOfficer)
	tabs := []*browser{first, first.tab(), second}
	for i, tab := range tabs {
		tab.open(map[bool]string{true: "/ar/watch", false: "/en/watch"}[i == 2])
		tab.until("the line", "document.documentElement.dataset.line === 'live'")
		tab.click("p-watch button")
		tab.until("the watch", "document.querySelector('p-watch').dataset.watch === 'on'")
		if eval[string](tab, "document.querySelector('p-watch').dataset.alarm ?? 'off'") != "off" {
			t.Fatal("it sounds although no stop waits")
		}
	}
	h.Tell(h.Org, &parley.StopRaise{Object: site})
	for i, tab := range tabs {
		tab.until("the stop", "document.querySelector('p-watch').dataset.waiting === 'yes'")
		want := map[bool]string{true: "وقف عاجل", false: "URGENT STOP"}[i == 2]
		if title := eval[string](tab, "document.title"); !strings.HasPrefix(title, "(!) "+want) {
			t.Errorf("tab %d is titled %q; expected (!) %s first", i, title, want)
		}
	}
	sounding := func(tab *browser) bool {
		return eval[string](tab, "document.querySelector('p-watch').dataset.alarm ?? 'off'") == "on"
	}
	if a, b := sounding(tabs[0]), sounding(tabs[1]); a == b {
		t.Errorf("of two tabs of a browser %v and %v sound; expected exactly one", a, b)
	}
	if !sounding(second) {
		t.Error("the other officer's browser does not sound")
	}
	second.press("form[data-sign] button[type=submit]")
	second.arrive("/ar/stops/")
	for i, tab := range tabs[:2] {
		tab.until("silence", "document.querySelector('p-watch').dataset.waiting === 'no'")
		if sounding(tab) {
			t.Errorf("tab %d still sounds after the stop was taken", i)
		}
		if title := eval[string](tab, "document.title"); strings.Contains(title, "URGENT STOP") {
			t.Errorf("tab %d is still titled %q", i, title)
		}
	}
}
