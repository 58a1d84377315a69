package web_test

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
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

// Acceptance: two browsers, one alarm each; at two minutes of simulated time the next officer is called; taking it silences all tabs.
func TestAtTwoMinutesTheNextOfficerIsCalledAndTakingItSilencesAll(t *testing.T) {
	h := newHouseWith(t, &house{simulated: true})
	site := h.NotifyHospital(deirEzZor())
	h.Release(cast.V(site, 1), h.A.Ref)
	usual, deputy := h.newBrowser(), h.newBrowser()
	usual.enter("en", h.A.Ref, "Nadia", parley.DutyOfficer)
	deputy.enter("ar", h.A.Ref, "سامر", parley.DutyOfficer)
	now := h.node.Now()
	h.Tell(h.A.Officer, &parley.RotaSet{Account: h.A.Ref, Shifts: []parley.Shift{{Member: h.memberOf(h.A.Ref, "Nadia"), From: now, To: now + parley.Day},
		{Member: h.memberOf(h.A.Ref, "سامر"), From: now, To: now + parley.Day, Deputy: true}}})
	tabs := map[string]*browser{"/en/watch": usual, "/ar/watch": deputy}
	for path, tab := range tabs {
		tab.open(path)
		tab.until("the line", "document.documentElement.dataset.line === 'live'")
		tab.click("p-watch button")
		tab.until("the watch", "document.querySelector('p-watch').dataset.watch === 'on'")
	}
	stop := h.Tell(h.Org, &parley.StopRaise{Object: site}).Ref
	for path, tab := range tabs {
		tab.until("the alarm at "+path, "document.querySelector('p-watch').dataset.alarm === 'on'")
		if got := eval[int](tab, "document.querySelectorAll('[data-raised]').length"); got != 1 {
			t.Errorf("%s shows %d stops that wait; expected one alarm", path, got)
		}
		if title := eval[string](tab, "document.title"); !strings.HasPrefix(title, "(!) ") {
			t.Errorf("%s is titled %q", path, title)
		}
	}
	called := func() string {
		return eval[string](usual, "document.querySelector('[data-raised] p').textContent")
	}
	if got := called(); !strings.Contains(got, "Nadia") || strings.Contains(got, "سامر") {
		t.Errorf("at once the page says %q; expected the officer on duty alone", got)
	}
	if err := h.node.Advance(t.Context(), now+2*parley.Minute); err != nil {
		t.Fatal(err)
	}
	usual.until("the next officer is called", "document.querySelector('[data-raised] p').textContent.includes('سامر')")
	deputy.press("form[data-sign] button[type=submit]")
	deputy.arrive("/ar/stops/" + string(stop))
	deputy.until("the hand-over in the log", "document.querySelectorAll('#stop-live .timeline li').length === 3")
	usual.until("silence", "document.querySelector('p-watch').dataset.alarm === 'off'")
	if title := eval[string](usual, "document.title"); strings.Contains(title, "URGENT STOP") {
		t.Errorf("the other officer's page is still titled %q", title)
	}
}

// A stop that the journal does not have yet is on every officer's page at once, marked, and is taken from there.
func TestAStopWithoutAJournalIsOnThePageMarkedAndTaken(t *testing.T) {
	h := newHouseWith(t, &house{journal: &readOnly{}})
	site := h.NotifyHospital(deirEzZor())
	h.Release(cast.V(site, 1), h.A.Ref)
	b := h.newBrowser()
	b.enter("en", h.A.Ref, "Nadia", parley.DutyOfficer)
	b.open("/en/watch")
	b.until("the line", "document.documentElement.dataset.line === 'live'")
	h.journal.on.Store(true)
	defer h.journal.on.Store(false)
	if _, err := h.Say(h.Org, func(*draft.Draft) parley.Body { return &parley.StopRaise{Object: site} }); err != nil {
		t.Fatal(err)
	}
	b.until("the stop", "document.querySelector('[data-raised]')")
	if got := eval[string](b, "document.querySelector('[data-raised]').textContent"); !strings.Contains(got, "Not yet in the journal") {
		t.Errorf("the page says %q; expected the mark", got)
	}
	b.press("form[data-sign] button[type=submit]")
	b.arrive("/en/stops/")
	b.until("the take", "document.querySelector('#stop-live').textContent.includes('Taken')")
	h.journal.on.Store(false)
	b.until("the journal has it", "!document.querySelector('#stop-live').textContent.includes('Not yet in the journal')")
	if got := eval[int](b, "document.querySelectorAll('#stop-live .timeline li').length"); got != 2 {
		t.Errorf("the log has %d lines; expected raised and taken", got)
	}
}
