package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/channel"
	"parley/gazetteer"
	"parley/geo"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/node"
	"parley/release"
)

// demo makes the exercise in a folder and opens its node.
func demo(t *testing.T) (c *demoCmd, a *app, made scene) {
	t.Helper()
	c = &demoCmd{Data: filepath.Join(t.TempDir(), "demo"), Build: true}
	a = &app{ctx: t.Context(), out: io.Discard, err: io.Discard}
	if err := c.Run(a); err != nil {
		t.Fatal(err)
	}
	made, err := c.scene(a)
	if err != nil {
		t.Fatal(err)
	}
	return c, a, made
}

func openDemo(t *testing.T, c *demoCmd) *node.Node {
	t.Helper()
	n, err := node.Open(t.Context(), node.Config{Folder: filepath.Join(c.Data, "server")})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDemoIsMarked holds that nothing in the exercise can pass for a real list: each object says EXERCISE and تمرين, and that it is invented; and no site
// lies in the place that it is called after.
func TestDemoIsMarked(t *testing.T) {
	began := time.Now()
	c, _, made := demo(t)
	t.Logf("made in %v", time.Since(began))
	places, _ := exerciseNames(t)
	n := openDemo(t, c)
	defer n.Close()
	var sites []geo.Position
	look(t, n, c, "verifier", func(v viewer, s *channel.State) {
		if !s.Theatre().Profile.Exercise || !strings.Contains(n.Text(s.Theatre().Title), "تمرين") {
			t.Error("the theatre is not marked")
		}
		objects, next := v.Objects("", 0, 100)
		if next != -1 || len(objects) < 25 {
			t.Errorf("%d objects", len(objects))
		}
		states := map[string]int{}
		for _, o := range objects {
			f, _ := v.Object(o.Ref)
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, mark := range []string{"EXERCISE", "تمرين"} {
				if !bytes.Contains(text, []byte(mark)) {
					t.Errorf("%s %s lacks %s", o.Ref, o.Category, mark)
				}
			}
			if o.Ref.Kind() != parley.RefPresence && (!bytes.Contains(text, []byte("invented")) || !bytes.Contains(text, []byte("مخترع"))) {
				t.Errorf("%s %s does not say that it is invented", o.Ref, o.Category)
			}
			if o.Ref.Kind() == parley.RefSite {
				for _, version := range f.Versions {
					sites = append(sites, version.Geometry.Bounds().Center())
					if p, metres, _, _ := places.Nearest(version.Geometry.Bounds().Center()); metres < 2000 {
						t.Errorf("%s lies %.0f m from %s", o.Ref, metres, p.Name.English)
					}
				}
			}
			states[o.State+" "+o.Currency]++
			for _, h := range f.Holdings {
				states[h.State]++
				if h.Stale {
					states["stale"]++
				}
				if h.NoAnswer > 0 {
					states["no answer"]++
				}
				if h.NoSecond || h.Emergency {
					states["emergency"]++
				}
			}
			if len(f.Disputes) > 0 {
				states["disputed"]++
			}
			if len(f.Near) > 0 {
				states["perhaps the same"]++
			}
		}
		for _, want := range []string{"submitted current", "queried current", "verified current", "verified due", "withdrawn current", "closed current", "released", "acknowledged", "disseminated", "recalled",
			"deletion_confirmed", "ended", "stale", "no answer", "emergency", "disputed", "perhaps the same"} {
			if states[want] == 0 {
				t.Errorf("nothing is %q: %v", want, states)
			}
		}
	})
	look(t, n, c, "north-officer", func(v viewer, s *channel.State) {
		a, ok := v.Area(made.Area)
		if !ok || len(a.Overlaps) != 1 || len(a.Indications) != 2 {
			t.Errorf("the area of the tour: %+v", a)
		}
		on := 0
		members, _ := v.Members(0, 10)
		for _, m := range members {
			if m.OnDuty {
				on++
			}
		}
		if on == 0 {
			t.Error("nobody is on duty")
		}
	})
	look(t, n, c, "north-officer", func(v viewer, s *channel.State) {
		line, ok := v.Arrangement(made.Line)
		if !ok || !line.Imposed || line.Agreed != 1 || line.Of != 2 || len(line.Events) != 1 || line.Events[0].Notice != "" || !line.Events[0].Contradiction || len(line.Warnings) != 1 {
			t.Errorf("the line of the tour: %+v", line)
		}
		corridor, ok := v.Arrangement(made.Corridor)
		if !ok || corridor.State != "open" || corridor.Agreed != 2 || corridor.Of != 3 || corridor.Corridor.PauseState != "open" || !slices.Equal(corridor.Missing, []string{"consent", "movement", "return"}) {
			t.Errorf("the corridor of the tour: %+v", corridor)
		}
		offer, ok := v.Offer(made.Offer)
		if !ok || offer.State != "no_answer" {
			t.Errorf("the offer of the tour: %+v", offer)
		}
		for _, ref := range []parley.Ref{made.Line, made.Corridor, made.Pause} {
			a, _ := v.Arrangement(ref)
			text, err := json.Marshal(a)
			if err != nil || !bytes.Contains(text, []byte("EXERCISE")) || !bytes.Contains(text, []byte("تمرين")) {
				t.Errorf("%s is not marked in both languages (%v)", ref, err)
			}
		}
		if offers, _ := v.Offers(0, 10); len(offers) != 3 {
			t.Errorf("%d offers", len(offers))
		}
	})
	look(t, n, c, "medical", func(v viewer, s *channel.State) {
		got := v.Statistics()
		if deliveries, _ := v.Deliveries(0, 10); len(deliveries) != 1 || len(got.Outcomes) != 1 {
			t.Errorf("deliveries %+v, outcomes %+v", deliveries, got.Outcomes)
		}
	})
	look(t, n, c, "relief-leader", func(v viewer, s *channel.State) {
		prompts, _ := v.Prompts(0, 10)
		if !slices.ContainsFunc(prompts, func(p release.Prompt) bool {
			return p.Ref == made.Question && p.Movement == made.Convoy && p.Decision == "" && !p.NoAnswer
		}) {
			t.Errorf("the question of the tour: %+v", prompts)
		}
	})
	t.Run("apart from real communities", func(t *testing.T) { standApart(t, sites) })
}

// standApart holds that no site lies in a real community of the open data beside the repository.
func standApart(t *testing.T, sites []geo.Position) {
	t.Helper()
	text, err := communities(need.Shared(t, "data"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gazetteer.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range sites {
		if p, metres, _, _ := g.Nearest(at); metres < 800 {
			t.Errorf("a site at %s lies %.0f m from %s", at, metres, p.Name.English)
		}
	}
}

// look reads the state as somebody of the exercise sees it.
func look(t *testing.T, n *node.Node, c *demoCmd, who string, at func(viewer, *channel.State)) {
	t.Helper()
	key, err := loadKey(filepath.Join(c.Data, "keys", who+".key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Read(func(s *channel.State) {
		member, ok := s.Session(draft.KeyOf(key).ID())
		if !ok {
			t.Fatalf("%s has no key", who)
		}
		at(s.View(&member, time.Now().UnixMilli(), n.Text), s)
	}); err != nil {
		t.Fatal(err)
	}
}

// TestDemoLinksLetInOnce spends a link of each person, and finds that it is spent; another start gives others.
func TestDemoLinksLetInOnce(t *testing.T) {
	c, a, made := demo(t)
	links, err := made.invite(a, c.Data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := made.invite(a, c.Data)
	if err != nil {
		t.Fatal(err)
	}
	if len(links) != len(made.People) || len(links) < 18 {
		t.Errorf("%d links for %d people", len(links), len(made.People))
	}
	n := openDemo(t, c)
	defer n.Close()
	enrol := func(l link) error {
		key := draft.NewKey()
		d := &draft.Draft{Theatre: made.Theatre, MadeAt: time.Now().UnixMilli()}
		s, err := d.Sign(&parley.MemberEnrol{Invitation: l.Invited, Secret: l.Secret, Key: draft.KeyOf(key)}, key)
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Submit(t.Context(), s.Envelope, s.Payloads)
		return err
	}
	for i, l := range links {
		if err := enrol(l); err != nil {
			t.Errorf("%s: %v", l.Who, err)
		}
		if enrol(l) == nil {
			t.Errorf("%s is let in twice by one link", l.Who)
		}
		if sha256.Sum256([]byte(l.Secret)) == sha256.Sum256([]byte(again[i].Secret)) || l.Invited == again[i].Invited {
			t.Errorf("%s has the same link at another start", l.Who)
		}
	}
	if text := letIn(links); !strings.Contains(text, "Duty officer, Northern Force") {
		t.Errorf("the links do not say whose they are:\n%s", text)
	}
}

func TestCommunitiesOfOpenData(t *testing.T) {
	text, err := communities(need.Shared(t, "data"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gazetteer.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(g.Places()); n != 5604 {
		t.Errorf("%d places", n)
	}
	if !strings.Contains(g.Source(), "OCHA") {
		t.Errorf("the source is %q", g.Source())
	}
	arabic := 0
	for _, p := range g.Places() {
		if p.Admin.Arabic == "" {
			t.Errorf("%s has no Arabic name", p.Admin.English)
		}
		if p.Name.Arabic != "" {
			arabic++
		}
	}
	if found := g.Find("الرقة", 1); len(found) != 1 || found[0].Name.English != "Ar-Raqqa" || arabic < 80 {
		t.Errorf("%d places have an Arabic name; %v", arabic, found)
	}
}

func TestCommunitiesRefused(t *testing.T) {
	const header = "Admin4Name_En,Admin1Name_En,urban_rural,Pop_estimates_2017,Latitude,Longitude\n"
	for text, said := range map[string]string{
		"":                                      "couldn't read the header",
		"a,b\n":                                 "no column Admin4Name_En",
		header:                                  "no row after the header",
		header + "A,Homs,urban,10,north,36\n":   `line 2: Latitude: read "north", expected decimal degrees`,
		header + "A,Homs,urban,10,95,36\n":      "line 2: coordinates[1]: read 95",
		header + " ,Homs,urban,10,35,36\n":      "line 2: Admin4Name_En: read nothing",
		header + "A,Homs,urban,10,35,36\nB,C\n": "record on line 3",
	} {
		if _, err := readCommunities(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: %v, expected %s", text, err, said)
		}
	}
	if _, err := communities(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no communities-sy-2017") {
		t.Errorf("a folder without the table: %v", err)
	}
	places, err := readCommunities(strings.NewReader(header + "A  B,Homs,urban,200000,35.5,36.25\nC,Homs,rural,NA,35,36\n"))
	if err != nil || len(places) != 2 || places[0].Name.English != "A B" || places[0].Rank != gazetteer.City || places[1].Rank != gazetteer.Village ||
		places[0].At != (geo.Position{Lon: 36_2500000, Lat: 35_5000000}) {
		t.Errorf("%v, %v", places, err)
	}
}

func TestDemoNamesOfPlaces(t *testing.T) {
	c, _, _ := demo(t)
	if n, err := loadNames(filepath.Join(c.Data, "server"), "", ""); err != nil || n.places == nil || n.orientation == nil {
		t.Errorf("%v, %v", n, err)
	}
	// Names that the operator put there stay.
	file := filepath.Join(c.Data, "server", placesFile)
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	names, err := c.names()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.write(names); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("replaced: %v", err)
	}
}
