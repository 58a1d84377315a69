package exercise

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
)

// A place that a party comes upon goes its way: a report to the desk, a site that the desk keeps, a release that names no finder.
func TestAPlaceThatAPartyComesUponIsKeptByTheDesk(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "yard.json"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := replay.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := enter(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.leave()
	for i := range c.Events {
		if err := s.play(i); err != nil {
			t.Fatal(err)
		}
	}
	yard := s.things["yard"]
	if yard == nil || yard.owner.ref != parley.Desk {
		t.Fatalf("the yard stands on the stage as %+v", yard)
	}
	see := func(by *side, look func(*channel.Viewer)) {
		if err := s.as(by.officer, look); err != nil {
			t.Fatal(err)
		}
	}
	see(s.sides["north"], func(v *channel.Viewer) {
		if list, _ := v.FoundSites(0, 9); len(list) != 1 || list[0].State != "looked_at" {
			t.Errorf("its finder sees %+v", list)
		}
		if _, ok := v.Object(yard.ref); ok {
			t.Error("its finder has the site, which nobody released to it")
		}
	})
	see(s.sides["south"], func(v *channel.Viewer) {
		if list, _ := v.FoundSites(0, 9); len(list) != 0 {
			t.Errorf("the other party sees the report: %+v", list)
		}
		f, ok := v.Object(yard.ref)
		if !ok || strings.Contains(string(f.Owner), "DESK") || f.Kept != nil {
			t.Errorf("the other party sees %+v", f)
		}
	})
}
