// Package incidents reads open sets of incidents, row by row, into what a person may put on record.
//
// A set's own precision, ranges and identifiers are kept. Whom a set names as the author of an event becomes a claim of the set, never a field of
// the event. A row that cannot be read is named by line and field; nothing of it is guessed.
package incidents

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/geo"
)

// MaxFile is the largest file that is read, and MaxRows how many rows of it, at most.
const (
	MaxFile = 64 << 20
	MaxRows = 100_000
)

// Set is an open set that can be read.
type Set struct {
	Name    string // as it stands in sources: its licence goes with it
	Title   string
	Licence string
	marks   []string // columns by which a file is known
	read    func(*row) *Row
}

// Row is one row of a set: an incident, its texts, and whom the set names.
type Row struct {
	Line      int // in the file, from 1; the header is line 1
	Incident  parley.Incident
	Title     string
	Narrative string
	Means     string
	PlaceName string
	Source    string // what the set was told by
	Actor     string // whom the set names as the author; empty: nobody
	Words     string // in which words
	Problems  []Problem
}

// Problem is what is wrong with one field of a row.
type Problem struct {
	Line     int    `json:"line"`
	Field    string `json:"field"`
	Read     string `json:"read"`
	Expected string `json:"expected"`
}

// Error says the problem in one line.
func (p Problem) Error() string {
	return fmt.Sprintf("line %d, %s: read %s; expected %s", p.Line, p.Field, p.Read, p.Expected)
}

// Sets are the sets that can be read.
var Sets = []Set{
	{"ucdp-ged", "UCDP Georeferenced Event Dataset", "CC BY 4.0", []string{"id", "where_prec", "date_prec", "low", "best", "high"}, readUCDP},
	{"insecurity-insight-health", "Insecurity Insight, attacks on health care", "CC BY-SA: keep it apart when you publish", []string{"Geo Precision", "SiND Event ID", "Event Description"}, readHealth},
}

// row is one line of a file with its columns by name.
type row struct {
	*Row
	columns map[string]int
	cells   []string
}

func (r *row) get(column string) string {
	if i, ok := r.columns[column]; ok && i < len(r.cells) {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

func (r *row) wrong(field, read, expected string) {
	r.Problems = append(r.Problems, Problem{r.Line, field, strconv.Quote(read), expected})
}

// count reads a number of people.
func (r *row) count(column string) int32 {
	text := r.get(column)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 || n > 10_000_000 {
		r.wrong(column, text, "a whole number from 0")
		return 0
	}
	return int32(n)
}

// day reads a day, YYYY-MM-DD, in milliseconds UTC of its beginning.
func (r *row) day(column string) int64 {
	text := r.get(column)
	t, err := time.Parse("2006-01-02", text)
	if err != nil || t.UnixMilli() <= 0 {
		r.wrong(column, text, "a day such as 2017-09-01")
		return 0
	}
	return t.UnixMilli()
}

// place reads a position; nil when neither half is there.
func (r *row) place(latitude, longitude string) *geo.Position {
	lat, lon := r.get(latitude), r.get(longitude)
	if lat == "" && lon == "" {
		return nil
	}
	half := func(column, text string, most float64) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(math.Abs(v) <= most) {
			r.wrong(column, text, fmt.Sprintf("decimal degrees, -%[1]g to %[1]g", most))
			return 0
		}
		return v
	}
	return &geo.Position{Lat: int32(math.Round(half(latitude, lat, 90) * geo.E7)), Lon: int32(math.Round(half(longitude, lon, 180) * geo.E7))}
}

// Read reads a file of any known set. The error is about the file as a whole; what is wrong with single rows stands in them.
func Read(in io.Reader) (*Set, []*Row, error) {
	text, err := io.ReadAll(io.LimitReader(in, MaxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(text) > MaxFile {
		return nil, nil, &parley.Fault{Code: parley.CodeTooLarge, Read: "a longer file", Expected: fmt.Sprintf("at most %d bytes", MaxFile)}
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	c.FieldsPerRecord = -1
	header, err := c.Read()
	if err != nil {
		return nil, nil, parley.Invalid("line 1", "no header", "CSV with a header")
	}
	set := setOf(header)
	if set == nil {
		var known []string
		for _, s := range Sets {
			known = append(known, fmt.Sprintf("%s (%s)", s.Title, strings.Join(s.marks, ", ")))
		}
		return nil, nil, parley.Invalid("line 1", strings.Join(header, ", "), "the columns of a set that can be read: "+strings.Join(known, "; "))
	}
	columns := map[string]int{}
	for i, name := range header {
		if _, twice := columns[name]; twice {
			return nil, nil, parley.Invalid("line 1", strconv.Quote(name)+" a second time", "each column once")
		}
		columns[name] = i
	}
	var rows []*Row
	seen := map[string]int{}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return set, rows, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, nil, parley.Invalid(fmt.Sprintf("line %d", broken.StartLine), broken.Err.Error(), "CSV (RFC 4180)")
		}
		if err != nil {
			return nil, nil, err
		}
		line, _ := c.FieldPos(0)
		if len(rows) == MaxRows {
			return nil, nil, &parley.Fault{Code: parley.CodeTooLarge, Read: "more rows", Expected: fmt.Sprintf("at most %d", MaxRows)}
		}
		r := &row{&Row{Line: line}, columns, slices.Clone(cells)}
		if len(cells) != len(header) {
			r.wrong("row", fmt.Sprintf("%d cells", len(cells)), fmt.Sprintf("%d, as in the header", len(header)))
		} else {
			set.read(r)
			r.judge(set, seen)
		}
		rows = append(rows, r.Row)
	}
}

func setOf(header []string) *Set {
	for i := range Sets {
		if !slices.ContainsFunc(Sets[i].marks, func(m string) bool { return !slices.Contains(header, m) }) {
			return &Sets[i]
		}
	}
	return nil
}

// judge holds the row to the rules of an incident, once its own cells are right.
func (r *row) judge(set *Set, seen map[string]int) {
	if len(r.Problems) > 0 {
		return
	}
	entry := r.Incident.Sources[0].Entry
	if first, twice := seen[entry]; twice {
		r.wrong("id", entry, fmt.Sprintf("an id once; line %d has it", first))
		return
	}
	seen[entry] = r.Line
	var f *parley.Fault
	if err := r.Incident.Validate(); errors.As(err, &f) {
		r.Problems = append(r.Problems, Problem{r.Line, fieldOf(f.Field), f.Read, f.Expected})
	}
	for _, text := range [][2]string{{"title", r.Title}, {"description", r.Narrative}} {
		if len(text[1]) > parley.MaxPayload {
			r.wrong(text[0], text[1][:40]+"…", fmt.Sprintf("at most %d bytes", parley.MaxPayload))
		}
	}
}

// fieldOf names a field of an incident as its reader thinks of it.
func fieldOf(field string) string {
	switch {
	case strings.HasPrefix(field, "sources[0]"):
		return "id"
	case field == "to":
		return "date_end"
	case field == "from":
		return "date_start"
	}
	return field
}

// source is the set itself as an incident's one source. How reliable a set is nobody here judges.
func source(set, entry string, on int64) []parley.Source {
	return []parley.Source{{SourceKind: "data_set", Set: set, Entry: entry, On: on, Reliability: "F", Credibility: 6}}
}

// ucdpPlaces are the precisions of UCDP GED's where_prec, each told apart by its radius.
var ucdpPlaces = map[string]struct {
	precision parley.PlacePrecision
	radius    int32
}{"1": {parley.PlaceVillage, 3_000}, "2": {parley.PlaceDistrict, 25_000}, "3": {parley.PlaceDistrict, 40_000}, "4": {parley.PlaceRegion, 100_000}, "5": {parley.PlaceRegion, 60_000},
	"6": {parley.PlaceCountry, 500_000}, "7": {parley.PlaceCountry, 1_000_000}}

func readUCDP(r *row) *Row {
	i := &r.Incident
	i.Place = r.place("latitude", "longitude")
	if p, ok := ucdpPlaces[r.get("where_prec")]; ok {
		i.Precision, i.Radius = p.precision, p.radius
	} else {
		r.wrong("where_prec", r.get("where_prec"), "1 to 7")
	}
	i.From, i.To = r.day("date_start"), r.day("date_end")
	if i.From > 0 && i.To > 0 {
		if i.To < i.From {
			r.wrong("date_end", r.get("date_end"), "a day that is not before date_start, "+r.get("date_start"))
		}
		i.To += parley.Day // to the end of that day
	}
	if p := r.get("date_prec"); len(p) != 1 || p < "1" || p > "5" {
		r.wrong("date_prec", p, "1 to 5")
	}
	low, best, high := r.count("low"), r.count("best"), r.count("high")
	low, high = min(low, best, high), max(low, best, high) // in some rows of the set the three are out of order: the range holds them all
	i.Tallies = []parley.Tally{{What: "killed", Min: low, Max: high, Best: best}}
	for _, t := range []struct {
		column string
		who    parley.TallyWho
	}{{"deaths_a", "of_side_a"}, {"deaths_b", "of_side_b"}, {"deaths_civilians", "civilians"}, {"deaths_unknown", "not_known"}} {
		if n := r.count(t.column); n > 0 {
			i.Tallies = append(i.Tallies, parley.Tally{What: "killed", Who: t.who, Min: n, Max: n, Best: n})
		}
	}
	i.IncidentKind = parley.OtherIncident
	if high > 0 {
		i.IncidentKind = parley.PeopleHarmed
	}
	switch r.get("event_clarity") {
	case "1":
		i.Certainty = "probable"
	case "2":
		i.Certainty = "possible"
	default:
		r.wrong("event_clarity", r.get("event_clarity"), "1 or 2")
	}
	for _, name := range []string{r.get("country"), r.get("adm_1"), r.get("adm_2")} {
		if name != "" {
			i.Admin = append(i.Admin, name)
		}
	}
	on := int64(0)
	if first, _, _ := strings.Cut(r.get("source_date"), ";"); first != "" {
		if t, err := time.Parse("2006-01-02", first); err == nil && t.UnixMilli() > 0 { // else it stands in the source's words alone
			on = t.UnixMilli()
		}
	}
	i.Sources = source("ucdp-ged", r.get("id"), on)
	r.PlaceName, r.Narrative, r.Source = r.get("where_coordinates"), r.get("source_headline"), strings.TrimSpace(r.get("source_office")+" "+r.get("source_date"))
	r.Words = strings.TrimSpace(r.get("dyad_name"))
	if r.Actor = r.get("side_a"); r.get("type_of_violence") != "3" && r.get("side_b") != "" {
		r.Actor += " and " + r.get("side_b") // armed on both sides: the set says between whom, not who began
	}
	return r.Row
}

var healthPlaces = map[string]struct {
	precision parley.PlacePrecision
	radius    int32
}{"(1)": {parley.PlaceVillage, 3_000}, "(2)": {parley.PlaceDistrict, 25_000}, "(3)": {parley.PlaceDistrict, 40_000}, "(4)": {parley.PlaceRegion, 100_000}, "(5)": {parley.PlaceRegion, 60_000}, "(6)": {parley.PlaceCountry, 500_000}}

func readHealth(r *row) *Row {
	i := &r.Incident
	if i.Place = r.place("Latitude", "Longitude"); i.Place == nil {
		i.Precision = parley.PlaceUnknown
	} else if mark, _, _ := strings.Cut(r.get("Geo Precision"), " "); healthPlaces[mark].radius > 0 {
		i.Precision, i.Radius = healthPlaces[mark].precision, healthPlaces[mark].radius
	} else {
		r.wrong("Geo Precision", r.get("Geo Precision"), "(1) to (6) and its words")
	}
	i.From = r.day("Date")
	i.To = i.From + parley.Day
	for _, name := range []string{r.get("Country"), r.get("Admin 1")} {
		if name != "" {
			i.Admin = append(i.Admin, name)
		}
	}
	for _, t := range []struct {
		column string
		what   parley.TallyWhat
	}{{"Health Workers Killed", "killed"}, {"Health Workers Injured", "injured"}} {
		if n := r.count(t.column); n > 0 {
			i.Tallies = append(i.Tallies, parley.Tally{What: t.what, Who: "health_workers", Min: n, Max: n, Best: n})
		}
	}
	if n := r.count("Health Workers Kidnapped") + r.count("Health Workers Arrested"); n > 0 {
		i.Tallies = append(i.Tallies, parley.Tally{What: "detained", Who: "health_workers", Min: n, Max: n, Best: n})
	}
	destroyed := r.count("Number of Attacks on Health Facilities Reporting Destruction") + r.count("Health Transportation Destroyed")
	damaged := r.count("Number of Attacks on Health Facilities Reporting Damaged") + r.count("Health Transportation Damaged")
	i.IncidentKind = parley.OtherIncident
	switch {
	case destroyed > 0:
		i.IncidentKind, i.Damage = parley.ObjectHarmed, "destroyed"
	case damaged > 0:
		i.IncidentKind, i.Damage = parley.ObjectHarmed, "not_known" // damaged; the set gives no grade
	case len(i.Tallies) > 0:
		i.IncidentKind = parley.PeopleHarmed
	case r.get("Access Denied or Obstructed") == "True":
		i.IncidentKind = parley.AccessImpeded
	}
	if destroyed+damaged > 0 {
		i.Lost = []string{"health"}
	}
	i.Certainty = "possible"
	i.Sources = source("insecurity-insight-health", r.get("SiND Event ID"), 0)
	r.Narrative, r.PlaceName, r.Source = r.get("Event Description"), r.get("Location"), "Insecurity Insight"
	if w := r.get("Weapon Carried/Used"); w != "" && w != "No Information" {
		r.Means = w
	}
	if name := r.get("Reported Perpetrator Name"); name != "" && name != "No Information" {
		r.Actor, r.Words = name, "Reported perpetrator: "+name
	}
	return r.Row
}
