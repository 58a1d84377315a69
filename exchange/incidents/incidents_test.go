package incidents_test

import (
	"os"
	"strings"
	"testing"

	"parley"
	"parley/exchange/incidents"
	"parley/internal/need"
)

func open(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(need.Shared(t, "data", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Every one of the 3,539 events is read, with the precision of its place and its range of counts as the set has them.
func TestUCDPEventsKeepTheirPrecision(t *testing.T) {
	set, rows, err := incidents.Read(open(t, "incidents-ucdp-sy-east-2016-2019/ged_events.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if set.Name != "ucdp-ged" || len(rows) != 3539 {
		t.Fatalf("%s with %d rows; expected ucdp-ged with 3539", set.Name, len(rows))
	}
	places, entries, days := map[int32]int{}, map[string]bool{}, map[bool]int{}
	for _, r := range rows {
		if len(r.Problems) > 0 {
			t.Fatalf("%v", r.Problems[0])
		}
		places[r.Incident.Radius]++
		entries[r.Incident.Sources[0].Entry] = true
		days[r.Incident.To-r.Incident.From == parley.Day]++
	}
	// As counted in the file: where_prec 1 to 5.
	for radius, want := range map[int32]int{3_000: 2064, 25_000: 1167, 40_000: 89, 100_000: 128, 60_000: 91} {
		if places[radius] != want {
			t.Errorf("%d events within %d m; expected %d", places[radius], radius, want)
		}
	}
	if len(entries) != 3539 || days[true] < 3242 {
		t.Errorf("%d ids, %d events of one day", len(entries), days[true])
	}
	first := rows[0]
	if first.Line != 2 || first.Incident.Tallies[0] != (parley.Tally{What: "killed", Min: 2, Max: 2, Best: 2}) || first.Incident.Place.Lat != 353358760 || first.PlaceName != "Deir ez Zor town" || first.Source != "SOHR 2016-10-02" {
		t.Errorf("the first event: %+v", first)
	}
}

func TestHealthEventsKeepTheirPrecision(t *testing.T) {
	set, rows, err := incidents.Read(open(t, "incidents-health-attacks-sy-ye-iq/attacks_on_health_care.csv"))
	if err != nil {
		t.Fatal(err)
	}
	unknown, kinds := 0, map[parley.IncidentKind]int{}
	for _, r := range rows {
		if len(r.Problems) > 0 {
			t.Fatalf("%v", r.Problems[0])
		}
		if r.Incident.Precision == parley.PlaceUnknown {
			unknown++
		}
		kinds[r.Incident.IncidentKind]++
	}
	if set.Name != "insecurity-insight-health" || len(rows) != 1163 || unknown != 22 || kinds[parley.ObjectHarmed] < 300 || kinds[parley.AccessImpeded] == 0 {
		t.Errorf("%s: %d rows, %d without a place, kinds %v", set.Name, len(rows), unknown, kinds)
	}
}

const header = "id,where_prec,date_prec,low,best,high,latitude,longitude,date_start,date_end,event_clarity,deaths_a,deaths_b,deaths_civilians,deaths_unknown,country,adm_1\n"

// A bad row is named by its line and field; the rows around it are read.
func TestBadRowsAreNamed(t *testing.T) {
	const good = "1,1,1,2,2,3,35.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n"
	for field, bad := range map[string]string{
		"latitude":      "2,1,1,2,2,3,95.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n",
		"date_end":      "2,1,1,2,2,3,35.3,40.1,2016-10-02,2016-10-01,1,0,2,0,0,Syria,Raqqa\n",
		"date_start":    "2,1,1,2,2,3,35.3,40.1,02/10/2016,2016-10-02,1,0,2,0,0,Syria,Raqqa\n",
		"where_prec":    "2,9,1,2,2,3,35.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n",
		"date_prec":     "2,1,x,2,2,3,35.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n",
		"high":          "2,1,1,2,2,3.5,35.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n",
		"best":          "2,1,1,2,-2,3,35.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n",
		"event_clarity": "2,1,1,2,2,3,35.3,40.1,2016-10-02,2016-10-02,,0,2,0,0,Syria,Raqqa\n",
		"id":            good,
		"row":           "2,1,1,2\n",
	} {
		_, rows, err := incidents.Read(strings.NewReader(header + good + bad + strings.Replace(good, "1,", "3,", 1)))
		if err != nil || len(rows) != 3 {
			t.Fatalf("%s: %d rows (%v)", field, len(rows), err)
		}
		if len(rows[0].Problems)+len(rows[2].Problems) > 0 || len(rows[1].Problems) == 0 || rows[1].Problems[0].Field != field || rows[1].Problems[0].Line != 3 {
			t.Errorf("%s: %v; expected one problem of line 3", field, rows[1].Problems)
		}
	}
}

func TestFilesThatAreNoKnownSet(t *testing.T) {
	for what, text := range map[string]string{"other columns": "a,b\n1,2\n", "nothing": "", "bytes": "\x00\x01\x02", "a quote that does not end": header + "\"1,1\n"} {
		if _, _, err := incidents.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s was read", what)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(header + "1,1,1,2,2,3,35.3,40.1,2016-10-02,2016-10-02,1,0,2,0,0,Syria,Raqqa\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, rows, err := incidents.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range rows {
			if len(r.Problems) == 0 && r.Incident.Validate() != nil {
				t.Errorf("taken though it is no incident: %+v", r.Incident)
			}
		}
	})
}
