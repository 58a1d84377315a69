package designation_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/designation"
	"parley/exchange/lists"
	"parley/internal/need"
)

func read(t testing.TB, names ...string) *designation.Edition {
	t.Helper()
	var files []lists.File
	for _, n := range names {
		data, err := os.ReadFile(filepath.Join(need.Shared(t), "data", "designations", n))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, lists.File{Name: n, Data: data})
	}
	e, err := lists.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// lineage reads the narratives of the newest of some editions.
func lineage(e *designation.Edition, more ...designation.Edge) *designation.Lineage {
	var edges []designation.Edge
	for i := range e.Entries {
		edges = append(edges, designation.ReadNarrative(&e.Entries[i], "edition of "+string(e.Date))...)
	}
	designation.Resolve(edges, e)
	return designation.NewLineage(edges, more)
}

// The acceptance of issue 9: what the editions of 2018 and 2026 say of two entries, day by day.
func TestAsOf(t *testing.T) {
	old, now := read(t, "un_consolidated_2018-10-29.xml"), read(t, "un_consolidated_2026-02-27.xml")
	delisted := designation.Edge{Turn: designation.Delisted, From: designation.Node{Entry: "UN:QDe.137"}, On: "2026-02-27", By: "A. Reader", Text: "removed from the list", At: "a press release", Grade: "B2"}
	l := lineage(now, delisted)
	editions := []*designation.Edition{now, old}
	for _, tt := range []struct {
		id      designation.ID
		on      designation.Day
		state   designation.State
		since   designation.Day
		edition designation.Day
		under   designation.ID
	}{
		{"UN:QDe.115", "2004-10-17", designation.NotYet, "2004-10-18", "", ""},
		{"UN:QDe.115", "2004-10-18", designation.Listed, "2004-10-18", "", ""},
		{"UN:QDe.115", "2018-10-29", designation.Listed, "2004-10-18", "2018-10-29", ""},
		{"UN:QDe.115", "2026-11-01", designation.Listed, "2004-10-18", "2026-02-27", ""},
		{"UN:QDe.137", "2013-05-29", designation.NotYet, "2014-05-14", "", ""},
		{"UN:QDe.137", "2013-05-30", designation.ListedUnder, "2013-05-30", "", "UN:QDe.115"},
		{"UN:QDe.137", "2014-05-13", designation.ListedUnder, "2013-05-30", "", "UN:QDe.115"},
		{"UN:QDe.137", "2014-05-14", designation.Listed, "2014-05-14", "", ""},
		{"UN:QDe.137", "2018-10-29", designation.Listed, "2014-05-14", "2018-10-29", ""},
		{"UN:QDe.137", "2026-02-26", designation.Listed, "2014-05-14", "2018-10-29", ""},
		{"UN:QDe.137", "2026-02-27", designation.Gone, "2014-05-14", "2026-02-27", ""},
		{"UN:QDe.999", "2026-02-27", designation.NotKnown, "", "2026-02-27", ""},
		{"UN:IQe.050", "2018-11-01", designation.Listed, "2004-04-26", "2018-10-29", ""}, // gone by 2026
		{"UN:IQe.050", "2026-03-01", designation.Gone, "2004-04-26", "2026-02-27", ""},
		{"UN:QDe.169", "2018-11-01", designation.NotYet, "2023-01-27", "2018-10-29", ""},
		{"EU:EU.1", "2018-11-01", designation.NotKnown, "", "", ""},
	} {
		s := designation.AsOf(tt.id, tt.on, editions, l)
		if s.State != tt.state || s.Since != tt.since || s.Edition != tt.edition || s.Under != tt.under {
			t.Errorf("%s on %s: read %s since %s by the edition of %q under %q (%s); expected %s since %s by %q under %q", tt.id, tt.on, s.State, s.Since, s.Edition, s.Under, s.Why, tt.state, tt.since, tt.edition, tt.under)
		}
		if s.Why == "" {
			t.Errorf("%s on %s: no reason", tt.id, tt.on)
		}
	}
	if s := designation.AsOf("UN:QDe.137", "2026-11-27", editions, l); s.Age != 273 || !strings.Contains(s.Why, "still has it") {
		t.Errorf("read an age of %d days, %q", s.Age, s.Why)
	}
	// Without anybody who asserts the delisting, the edition of that day speaks.
	if s := designation.AsOf("UN:QDe.137", "2026-02-27", editions, lineage(now)); s.State != designation.Listed {
		t.Errorf("read %s without an assertion", s.State)
	}
}

func TestDiff(t *testing.T) {
	old, now := read(t, "un_consolidated_2018-10-29.xml"), read(t, "un_consolidated_2026-02-27.xml")
	count := map[string]int{}
	var nusra designation.Change
	for _, c := range designation.Diff(old, now) {
		count[c.What]++
		if c.ID == "UN:QDe.137" {
			nusra = c
		}
		_, before := old.Entry(c.ID)
		_, after := now.Entry(c.ID)
		if before != (c.What != "added") || after != (c.What != "removed") {
			t.Errorf("%s is %s", c.ID, c.What)
		}
	}
	if count["added"]-count["removed"] != len(now.Entries)-len(old.Entries) || count["added"] == 0 || count["removed"] == 0 {
		t.Errorf("read %v", count)
	}
	i := slices.IndexFunc(nusra.Fields, func(f designation.Field) bool { return f.Field == "updated" })
	if i < 0 || !slices.Equal(nusra.Fields[i].New, []string{"2021-11-15"}) || len(nusra.Fields[i].Gone) > 0 {
		t.Errorf("UN:QDe.137: read %+v", nusra.Fields)
	}
	if d := designation.Diff(now, now); len(d) > 0 {
		t.Errorf("an edition differs from itself: %v", d)
	}
}

// What narratives state of names and bodies, and where each word stands.
func TestNarratives(t *testing.T) {
	l := lineage(read(t, "un_consolidated_2026-02-27.xml"))
	got := map[string]bool{}
	for _, e := range l.Edges() {
		if e.Text == "" || e.At == "" || e.By != "UN" {
			t.Errorf("%+v has no source", e)
		}
		got[strings.TrimSuffix(e.Sentence(), ", says UN")] = true
	}
	for _, want := range []string{
		"AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT (UN:QDe.137) went on as Jabhat Fath al-Sham (UN:QDe.137) (2016-07)",
		"Hay’at Tahrir al-Sham (UN:QDe.137) is said to act for AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT (UN:QDe.137) (2017-01)",
		"AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT (UN:QDe.137) was listed as an alias of Al-Qaida in Iraq (UN:QDe.115) from 2013-05-30 to 2014-05-13",
		"AL MOULATHAMOUN (UN:QDe.140) merged into Al Mourabitoun (UN:QDe.141) (2013-08-20)",
		"Mouvement pour l’Unification et le Jihad en Afrique de l’Ouest (UN:QDe.134) merged into Al Mourabitoun (UN:QDe.141) (2013-08-20)",
		"AL MOULATHAMOUN (UN:QDe.140) split from Organization of Al-Qaida in the Islamic Maghreb (UN:QDe.014) (2012)",
		"ISLAMIC STATE WEST AFRICA PROVINCE (UN:QDe.162) split from Jama'atu Ahlis Sunna Lidda'Awati Wal-Jihad (UN:QDe.138)",
		"Aid Organization of the Ulema, Pakistan (UN:QDe.073) merged into AL RASHID TRUST (UN:QDe.005) (2008-10-21)",
		"AL-ITIHAAD AL-ISLAMIYA (UN:QDe.002) merged into Harakat Al-Shabaab Al-Mujaahidiin (UN:SOe.001)", // the day in that sentence is of something else
		"HILAL AHMAR SOCIETY INDONESIA (UN:QDe.147) is named as a part of Jemaah Islamiyah (UN:QDe.092)",
		"Ansar al-Mujahideen Network (UN:QDe.137) is named as a part of AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT (UN:QDe.137)",
		"Pars Air (no entry of its own) went on as YAS AIR (UN:IRe.077)",
		"JANNAT OSHIKLARI (UN:QDe.168) went on as KHATIBA AL-TAWHID WAL-JIHAD (UN:QDe.168)",
	} {
		found := false
		for s := range got {
			found = found || designation.SameName(s, want)
		}
		if !found {
			t.Errorf("no edge %q", want)
		}
	}
	for s := range got { // what the list does not state
		if strings.Contains(s, "that group") || strings.Contains(s, "QDe.011") {
			t.Errorf("an edge that no narrative states: %q", s)
		}
	}
}

// Any name of a chain leads to the entry, with the days on which it took the names.
func TestNamesHavePeriods(t *testing.T) {
	e := read(t, "un_consolidated_2026-02-27.xml")
	l := lineage(e)
	x, _ := e.Entry("UN:QDe.137")
	l.Date(x)
	from := map[string]designation.Day{}
	for _, n := range x.Names {
		from[n.Text] = n.From
	}
	for name, want := range map[string]designation.Day{"Jabhat Fath al-Sham": "2016-07", "جبهة فتح الشام": "2016-07", "Hay’at Tahrir al-Sham": "2017-01", "HTS": "2017-01", "هيئة تحرير الشام": "2017-01", "Jabhat al-Nusrah": "", "AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT": ""} {
		if got, ok := from[name]; !ok || got != want {
			t.Errorf("%s: borne from %q; expected %q", name, got, want)
		}
	}
	reached := map[designation.ID]int{}
	for _, r := range l.Related("UN:QDe.140") {
		reached[r.Entry] = len(r.Path)
	}
	if reached["UN:QDe.141"] != 1 || reached["UN:QDe.014"] != 1 || reached["UN:QDe.134"] != 2 || reached["UN:QDe.163"] != 2 {
		t.Errorf("UN:QDe.140 reaches %v", reached)
	}
}
