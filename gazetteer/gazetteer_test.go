package gazetteer

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/geo"
	"parley/internal/need"
)

// file writes places as Read expects them.
func file(places ...Place) string {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","source":"a test","features":[`)
	for i, p := range places {
		if i > 0 {
			b.WriteString(",\n")
		}
		lon, lat := p.At.Degrees()
		quote := func(s string) string { t, _ := json.Marshal(s); return string(t) }
		fmt.Fprintf(&b, `{"type":"Feature","geometry":{"type":"Point","coordinates":[%.7f,%.7f]},"properties":{"name_en":%s,"name_ar":%s,"admin_en":%s,"rank":%d`,
			lon, lat, quote(p.Name.English), quote(p.Name.Arabic), quote(p.Admin.English), p.Rank)
		if also, _ := json.Marshal(p.Also); len(p.Also) > 0 {
			fmt.Fprintf(&b, `,"also":%s`, also)
		}
		b.WriteString("}}")
	}
	return b.String() + "]}"
}

func read(t testing.TB, text string) *Gazetteer {
	t.Helper()
	g, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func at(lat, lon float64) geo.Position {
	return geo.Position{Lon: int32(math.Round(lon * geo.E7)), Lat: int32(math.Round(lat * geo.E7))}
}

func TestRead(t *testing.T) {
	places := []Place{
		{Name{"Ar-Raqqa", "الرقة"}, Name{"Ar-Raqqa", ""}, at(35.95, 39.01), City, []string{"Raqqa", "Ракка"}},
		{Name{"", "الكرامة"}, Name{}, at(35.867, 39.271), Village, nil},
	}
	g := read(t, file(places...))
	if fmt.Sprint(g.Places()) != fmt.Sprint(places) || g.Source() != "a test" {
		t.Errorf("read %v from %q", g.Places(), g.Source())
	}
	for _, other := range []string{"raqqa", "Ракка"} {
		if found := g.Find(other, 1); len(found) != 1 || found[0].At != places[0].At {
			t.Errorf("%q, another name, finds %v", other, found)
		}
	}
	if name := g.Places()[1].Name.In("en"); name != "الكرامة" {
		t.Errorf("a name in one language is shown as %q in the other", name)
	}
	want := `{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[39.01,35.95]},"properties":{"name":"الرقة","rank":1}},
{"type":"Feature","geometry":{"type":"Point","coordinates":[39.271,35.867]},"properties":{"name":"الكرامة","rank":4}}
]}
`
	if got := string(g.GeoJSON("ar")); got != want {
		t.Errorf("the map gets\n%s", got)
	}
	if again := read(t, string(Write("a test", places))); fmt.Sprint(again.Places()) != fmt.Sprint(places) || again.Source() != "a test" {
		t.Errorf("written and read, they are %v from %q", again.Places(), again.Source())
	}
	empty := read(t, `{"features":[],"type":"FeatureCollection"}`)
	if _, _, _, ok := empty.Nearest(at(35, 39)); ok || empty.Find("a", 5) != nil || string(empty.GeoJSON("en")) != `{"type":"FeatureCollection","features":[]}` {
		t.Error("an empty file has places")
	}
}

func TestReadRefuses(t *testing.T) {
	feature := func(geometry, properties string) string {
		return "{\"type\":\"FeatureCollection\",\n\"features\":[\n{\"type\":\"Feature\",\"geometry\":" + geometry + ",\n\"properties\":" + properties + "}]}"
	}
	const point, good = `{"type":"Point","coordinates":[39,35]}`, `{"name_en":"A","rank":1}`
	if _, err := Read(strings.NewReader(feature(point, good))); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ text, line, field, read string }{
		"nothing":           {"", "line 1: ", "", "EOF"},
		"a list":            {"[]", "line 1: ", "", "a list"},
		"another kind":      {`{"type":"Feature","features":[]}`, "line 1: ", "type: ", `"Feature"`},
		"no features":       {`{"type":"FeatureCollection"}`, "line 1: ", "features: ", "nothing"},
		"features no list":  {`{"type":"FeatureCollection","features":{}}`, "line 1: ", "features: ", "an object"},
		"another member":    {"{\"type\":\"FeatureCollection\",\n\"crs\":{}}", "line 2: ", "crs: ", "a field of that name"},
		"half":              {feature(point, good)[:90], "line 3: ", "features[0]", "unexpected EOF"},
		"more":              {feature(point, good) + "\n{}", "line 5: ", "", "more text"},
		"a line":            {feature(`{"type":"LineString","coordinates":[[1,2],[3,4]]}`, good), "line 3: ", "features[0].geometry.type: ", "LineString"},
		"out of range":      {feature(`{"type":"Point","coordinates":[39,95]}`, good), "line 3: ", "features[0].geometry.coordinates[1]: ", "95"},
		"nowhere":           {feature(`{"type":"Point","coordinates":[0,0]}`, good), "line 3: ", "features[0].geometry.coordinates: ", "0, 0"},
		"no geometry":       {feature(`null`, good), "line 3: ", "features[0].geometry: ", "nothing"},
		"no rank":           {feature(point, `{"name_en":"A"}`), "line 3: ", "features[0].properties.rank: ", "0"},
		"rank of another":   {feature(point, `{"name_en":"A","rank":"1"}`), "line 4: ", "features[0].properties.rank: ", "text"},
		"rank too high":     {feature(point, `{"name_en":"A","rank":5}`), "line 3: ", "features[0].properties.rank: ", "5"},
		"no name":           {feature(point, `{"rank":1}`), "line 3: ", "features[0].properties.name_en: ", "nothing"},
		"unknown field":     {feature(point, `{"name_en":"A","rank":1,"population":5}`), "line 4: ", "features[0].properties.population: ", "a field of that name"},
		"other case":        {feature(point, `{"Name_en":"A","rank":1}`), "line 4: ", "features[0].properties.Name_en: ", "a field of that name"},
		"twice":             {feature(point, `{"name_en":"A","rank":1,"rank":2}`), "line 4: ", "features[0].properties.rank: ", "duplicate"},
		"turned text":       {feature(point, `{"name_en":"A\u202eB","rank":1}`), "line 3: ", "features[0].properties.name_en: ", "U+202E"},
		"spaces":            {feature(point, `{"name_ar":" ا","rank":1}`), "line 3: ", "features[0].properties.name_ar: ", `" ا"`},
		"a long name":       {feature(point, `{"name_en":"`+strings.Repeat("a", 201)+`","rank":1}`), "line 3: ", "features[0].properties.name_en: ", "201 characters"},
		"admin turned":      {feature(point, `{"name_en":"A","admin_ar":"a\u200fb","rank":1}`), "line 3: ", "features[0].properties.admin_ar: ", "U+200F"},
		"properties a text": {feature(point, `"A"`), "line 4: ", "features[0].properties: ", "text"},
		"no feature":        {`{"type":"FeatureCollection","features":[{}]}`, "line 1: ", "features[0].type: ", `""`},
		"no UTF-8":          {feature(point, "{\"name_en\":\"\xff\",\"rank\":1}"), "line 4: ", "", "invalid UTF-8"},
		"many other names":  {feature(point, `{"name_en":"A","rank":1,"also":["a"`+strings.Repeat(`,"b"`, 40)+`]}`), "line 3: ", "features[0].properties.also: ", "41 names"},
		"other name turned": {feature(point, `{"name_en":"A","rank":1,"also":["b","\u202e"]}`), "line 3: ", "features[0].properties.also[1]: ", "U+202E"},
		"other name empty":  {feature(point, `{"name_en":"A","rank":1,"also":[""]}`), "line 3: ", "features[0].properties.also[0]: ", "nothing"},
		"source turned":     {`{"type":"FeatureCollection","source":"\u202e","features":[]}`, "line 1: ", "source: ", "U+202E"},
	} {
		_, err := Read(strings.NewReader(test.text))
		var fault *Fault
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), test.line+test.field) || !strings.Contains(fault.Read, test.read) || fault.Expected == "" {
			t.Errorf("%s: %v, expected %s%s…%s", name, err, test.line, test.field, test.read)
		}
	}
}

// TestNearestAgreesWithBruteForce asks among places in clusters, at poles, over the antimeridian, on top of one another.
func TestNearestAgreesWithBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]geo.Position{at(35.5, 39.5), at(0, 0.1), at(89.99, 10), at(-89.9, -170), at(12, 179.99), at(-45, -179.99)}).Draw(t, "base")
		spread := rapid.SampledFrom([]int32{50, 20_000, 5_000_000, 600_000_000}).Draw(t, "spread")
		position := rapid.Custom(func(t *rapid.T) geo.Position {
			lon := int64(base.Lon) + int64(rapid.Int32Range(-spread, spread).Draw(t, "lon"))
			lat := int64(base.Lat) + int64(rapid.Int32Range(-spread, spread).Draw(t, "lat"))
			const turn = 360 * geo.E7
			lon = ((lon+turn/2)%turn+turn)%turn - turn/2
			return geo.Position{Lon: int32(lon), Lat: int32(max(-90*geo.E7, min(90*geo.E7, lat)))}
		})
		var places []Place
		for i, p := range rapid.SliceOfN(position, 1, 60).Draw(t, "places") {
			if p == (geo.Position{}) {
				p.Lon = 1
			}
			places = append(places, Place{Name: Name{English: fmt.Sprint("P", i)}, At: p, Rank: Village})
		}
		p := position.Draw(t, "asked")
		want, best := -1, math.Inf(1)
		for i, q := range places {
			if d := geo.Distance(p, q.At); d < best {
				want, best = i, d
			}
		}
		g, err := Read(strings.NewReader(file(places...)))
		if err != nil {
			t.Fatal(err)
		}
		got, metres, bearing, ok := g.Nearest(p)
		if !ok || got.At != places[want].At || got.Name != places[want].Name || metres != best {
			t.Fatalf("%v at %g m, expected %v at %g m", got, metres, places[want], best)
		}
		if bearing < 0 || bearing >= 360 {
			t.Fatalf("a bearing of %g", bearing)
		}
	})
}

// communities reads the open data beside the repository as places, without Arabic names, which it does not have.
func communities(t testing.TB) []Place {
	f, err := os.Open(need.Shared(t, "data", "communities-sy-2017", "communities.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	var places []Place
	for _, row := range rows[1:] {
		number := func(name string) float64 {
			v, err := strconv.ParseFloat(row[column[name]], 64)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		places = append(places, Place{Name: Name{English: strings.TrimSpace(row[column["Admin4Name_En"]])}, Admin: Name{English: row[column["Admin1Name_En"]]}, At: at(number("Latitude"), number("Longitude")), Rank: Village})
	}
	return places
}

// TestAllCommunities holds the answers for a whole country to brute force, and to a time that a field may take while somebody types.
func TestAllCommunities(t *testing.T) {
	places := communities(t)
	g := read(t, file(places...))
	if len(g.Places()) != 5604 {
		t.Errorf("%d places", len(g.Places()))
	}
	for i := range 300 {
		p := at(32.5+float64(i%30)*0.16, 35.6+float64(i/30)*0.66)
		got, metres, _, _ := g.Nearest(p)
		best := math.Inf(1)
		for _, q := range places {
			best = math.Min(best, geo.Distance(p, q.At))
		}
		if metres != best {
			t.Errorf("%v: %v at %g m, expected %g m", p, got, metres, best)
		}
	}
	for _, text := range []string{"Raqqa", "mayaden", "Dayr az Zawr", "kobane"} {
		if len(g.Find(text, 8)) == 0 {
			t.Errorf("%q is not found", text)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	g := read(b, file(communities(b)...))
	i := 0
	for b.Loop() {
		g.Nearest(at(32.5+float64(i%300)*0.016, 35.6+float64(i%101)*0.066))
		i++
	}
}

func BenchmarkFind(b *testing.B) {
	g := read(b, file(communities(b)...))
	for b.Loop() {
		g.Find("Dayr az Zawr", 8)
	}
}

func BenchmarkRead(b *testing.B) {
	text := []byte(file(communities(b)...))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}

func TestCompass(t *testing.T) {
	for bearing, want := range map[float64]string{0: "N", 22.4: "N", 22.6: "NE", 90: "E", 135: "SE", 180: "S", 225: "SW", 270: "W", 315: "NW", 337.4: "NW", 337.6: "N", 359.999: "N"} {
		if got := Compass(bearing); got != want {
			t.Errorf("%g: %s, expected %s", bearing, got, want)
		}
	}
}
