package lists

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/designation"
	"parley/internal/need"
)

// edition reads a list of the shared data.
func edition(t testing.TB, names ...string) *designation.Edition {
	t.Helper()
	var files []File
	for _, n := range names {
		data, err := os.ReadFile(filepath.Join(need.Shared(t), "data", "designations", n))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, File{n, data})
	}
	e, err := Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func names(e *designation.Entry) []string {
	var out []string
	for _, n := range e.Names {
		out = append(out, n.Text)
	}
	return out
}

func TestEditionsOfTheUnitedNations(t *testing.T) {
	for _, tt := range []struct {
		file    string
		day     designation.Day
		entries int
		names   int // at least: unpacked
		script  int // at least: in another script
	}{
		{"un_consolidated_2018-10-29.xml", "2018-10-29", 1093, 4350, 480},
		{"un_consolidated_2026-02-27.xml", "2026-02-27", 1003, 4340, 440},
	} {
		e := edition(t, tt.file)
		if e.List != "UN" || e.Date != tt.day || !e.Stated || len(e.Entries) != tt.entries || e.Report.Names < tt.names || e.Report.Original < tt.script || len(e.Report.Left) > 0 {
			t.Errorf("%s: read %s of %s, %+v", tt.file, e.List, e.Date, e.Report)
		}
		for i := range e.Entries {
			x := &e.Entries[i]
			for _, n := range x.Names {
				if strings.Count(n.Text, "(") != strings.Count(n.Text, ")") || strings.ContainsAny(n.Text, ";\n") || strings.TrimSpace(n.Text) != n.Text {
					t.Errorf("%s: the name %q is not unpacked", x.ID, n.Text)
				}
				if raw := x.Source(&n); raw.Text == "" || raw.Element == "" {
					t.Errorf("%s: the name %q has no string that it was read from", x.ID, n.Text)
				}
			}
		}
	}
}

func TestPackedAliasesOfOneEntry(t *testing.T) {
	e := edition(t, "un_consolidated_2026-02-27.xml")
	x, ok := e.Entry("UN:QDe.137")
	if !ok {
		t.Fatal("no entry UN:QDe.137")
	}
	for _, want := range []string{"AL-NUSRAH FRONT FOR THE PEOPLE OF THE LEVANT", "جبهة النصرة لأهل الشام", "Hay’at Tahrir al-Sham", "HTS", "هيئة تحرير الشام", "Assembly for the Liberation of Syria",
		"جبهة النصرة", "the Victory Front", "Jabhat al-Nusrah", "جبهة فتح الشام", "Jabhat Fateh Al-Sham", "شبكة أنصار المجاهدين", "Ansar al-Mujahideen Network"} {
		if !slices.Contains(names(x), want) {
			t.Errorf("no name %q in %q", want, names(x))
		}
	}
	if x.ListedOn != "2014-05-14" || !slices.Contains(x.Updated, "2021-11-15") || x.Kind != designation.Body || x.Regime != "Al-Qaida" {
		t.Errorf("read listed on %s, updated %v, kind %s, regime %s", x.ListedOn, x.Updated, x.Kind, x.Regime)
	}
	for _, n := range x.Names {
		if sub := strings.Contains(n.Text, "Mujahid") || strings.Contains(n.Text, "جاهد"); sub != (n.Quality == designation.Sub) {
			t.Errorf("%q is of quality %s", n.Text, n.Quality)
		}
	}
}

func TestUnpack(t *testing.T) {
	for s, want := range map[string][]string{
		"Front for the Conquest of Syria/the Levant":                        {"Front for the Conquest of Syria/the Levant"},
		"AL-ITIHAAD AL-ISLAMIYA / AIAI":                                     {"AL-ITIHAAD AL-ISLAMIYA", "AIAI"},
		"JAMAAT-UL-AHRAR (JuA)":                                             {"JAMAAT-UL-AHRAR", "JuA"},
		"AL-HARAMAIN FOUNDATION (PAKISTAN)":                                 {"AL-HARAMAIN FOUNDATION (PAKISTAN)"},
		"TOUS POUR LA PAIX ET LE DEVELOPPEMENT (NGO)":                       {"TOUS POUR LA PAIX ET LE DEVELOPPEMENT (NGO)"},
		"SECOND ACADEMY OF NATURAL SCIENCES (KPE.018)":                      {"SECOND ACADEMY OF NATURAL SCIENCES"},
		"Mohammad Sabet b) M. Javad Kareemi Sabet; M. Jawad Kareemi Sabet":  {"Mohammad Sabet", "M. Javad Kareemi Sabet", "M. Jawad Kareemi Sabet"},
		"Lom-ali Butayev (Butaev)":                                          {"Lom-ali Butayev", "Lom-ali Butaev"},
		"Agha Jan Alizai اغا جان عالیزی":                                    {"Agha Jan Alizai", "اغا جان عالیزی"},
		"Jin Tiesan (金铁三)":                                                  {"Jin Tiesan", "金铁三"},
		"Amir Khazmat (original script: Амир Хазмат)":                       {"Amir Khazmat", "Амир Хазмат"},
		") Abdelrahman Mouhamad Zafir":                                      {"Abdelrahman Mouhamad Zafir"},
		"Khirullah Said Wali Khairkhwa, born in Kandahar on 01 Jan.1967":    {"Khirullah Said Wali Khairkhwa"},
		"Akhter Mohmad son of Noor Mohmad (اختر محمد ولد نور محمد ),":       {"Akhter Mohmad son of Noor Mohmad", "Akhter Mohmad", "اختر محمد ولد نور محمد"},
		"A (AB) AND C (CD)":                                                 {"A (AB) AND C (CD)"},
		"FUEL RESEARCH CENTRE (FRC) AND TECHNOLOGY CENTRE NORTH (TCN)":      {"FUEL RESEARCH CENTRE AND TECHNOLOGY CENTRE NORTH", "FRC", "FUEL RESEARCH CENTRE", "TECHNOLOGY CENTRE NORTH", "TCN"},
		"Islamic State In South-East Asia (ISIL-SEA, ISIL-South East Asia)": {"Islamic State In South-East Asia (ISIL-SEA, ISIL-South East Asia)"},
		"OFFICE 39": {"OFFICE 39"},
		"M23":       {"M23"},
		"—":         nil,
	} {
		var got []string
		for _, p := range unpack(s) {
			got = append(got, p.text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: read %q; expected %q", s, got, want)
		}
	}
}

func TestOFAC(t *testing.T) {
	e := edition(t, "ofac_sdn.csv", "ofac_alt.csv", "ofac_add.csv")
	if e.List != "OFAC" || e.Stated || len(e.Entries) != 7379 || e.Report.Names < 19000 {
		t.Fatalf("read %s, date stated %v, %+v", e.List, e.Stated, e.Report)
	}
	x, ok := e.Entry("OFAC:7140")
	if !ok || !slices.Contains(names(x), "FALAH-I-INSANIAT FOUNDATION") || !slices.Contains(names(x), "FIF") {
		t.Errorf("OFAC:7140: read %v", names(x))
	}
	ship, ok := e.Entry("OFAC:15076")
	if !ok || ship.Kind != designation.Vessel || len(ship.Identifiers) != 1 || ship.Identifiers[0] != (designation.Identifier{Scheme: "IMO", Value: "9569205"}) {
		t.Errorf("OFAC:15076: read %+v", ship)
	}
	owner := ship.Relations[0]
	if other, ok := e.Entry(owner.To); !ok || other.Name() != "NATIONAL IRANIAN TANKER COMPANY" {
		t.Errorf("OFAC:15076 is linked to %+v", owner)
	}
	person, _ := e.Entry("OFAC:16221")
	if !slices.Equal(person.Names[0].Parts, []string{"Umar Siddique Kathio", "AZMARAI"}) || person.Births[0] != "1977" || !slices.Contains(person.Countries, "Pakistan") {
		t.Errorf("OFAC:16221: read %+v", person)
	}
}

func TestIMO(t *testing.T) {
	for number, sound := range map[string]bool{"9569205": true, "9187629": true, "9074729": true, "9074728": false, "1234567": true, "7654321": false, "12345": false} {
		if got := imo(number); (got.Fault == "") != sound {
			t.Errorf("%s: read %q", number, got.Fault)
		}
	}
}
