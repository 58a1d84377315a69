package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parley/gazetteer"
	"parley/geo"
	"parley/internal/need"
)

func exerciseNames(t *testing.T) (*gazetteer.Gazetteer, *gazetteer.Orientation) {
	t.Helper()
	places, err := gazetteer.Read(bytes.NewReader(exercisePlaces))
	if err != nil {
		t.Fatal(err)
	}
	orientation, err := gazetteer.ReadOrientation(bytes.NewReader(exerciseOrientation))
	if err != nil {
		t.Fatal(err)
	}
	return places, orientation
}

func TestExercisePlaces(t *testing.T) {
	places, orientation := exerciseNames(t)
	if n := len(places.Places()); n < 80 {
		t.Errorf("%d places", n)
	}
	seen := map[string]bool{}
	for _, p := range places.Places() {
		if p.Name.English == "" || p.Name.Arabic == "" || p.Admin.English == "" || p.Admin.Arabic == "" {
			t.Errorf("%v lacks a name in one language", p)
		}
		for _, name := range []string{p.Name.English, p.Name.Arabic} {
			if seen[name] {
				t.Errorf("%q stands twice", name)
			}
			seen[name] = true
		}
		inside := false
		for _, l := range orientation.Landmarks() {
			inside = inside || l.Kind == gazetteer.Admin && strings.HasPrefix(l.Name.English, p.Admin.English) && geo.Within(point(p.At), l.Shape, 500)
		}
		if !inside {
			t.Errorf("%s lies outside the outline of %s", p.Name.English, p.Admin.English)
		}
	}
	for _, l := range orientation.Landmarks() {
		if err := l.Shape.Validate(geo.MaxVertices); err != nil {
			t.Errorf("%s: %v", l.Name.English, err)
		}
		if l.Name.English == "" || l.Name.Arabic == "" {
			t.Errorf("%v lacks a name in one language", l.Name)
		}
	}
}

// TestRiverPassesTheTowns holds the drawn Euphrates to the bank on which each town lies, and near it.
func TestRiverPassesTheTowns(t *testing.T) {
	places, orientation := exerciseNames(t)
	var river []geo.Position
	for _, l := range orientation.Landmarks() {
		if l.Name.English == "Euphrates" {
			river = l.Shape.Lines[0]
		}
	}
	banks := map[string]string{
		"left": `Ar-Raqqa, Hawi Elhawa, Kdeiran, Big Sweidiyeh, Yamama, Western Sahlabiyeh, Western Jaabar, Raeqqet Samra, Hamrat Balasim, Karama, Jdidet Kahit, Jdidet Khabur, Matab Elburashed,
			Harmushiyeh, Kasra, Sawa, Zghir Jazireh, Mhemideh, Upper Safira, Shaqra, Jneineh, Mrat, Mathlum, Khasham, Tabiyet Jazira, Jdid Ekeidat, Al-Busayrah, Shiheil, Hawayej, Ragib, Thiban,
			Tayyana, Darnaj, Sweidan Jazira, Eastern Jarda, Abu Hardoub, Abu Hamam, Gharanij, Bahra, Hajin, Shafa, Susa, Marashdeh, Bubadran, Upper Baghuz`,
		"right": `Tabqa, Sefsafa, Mansura, Kisret Elsheikh Jomaa, Akeirshi, Rahbi, Sabkha, Jabli, Big Maghalla, Khamisiyeh, Maadan, Tabni, Buwaita, Masrab, Shmeitiyeh, Kharita, Ayyash,
			Deir-ez-Zor, Jafra, Mreiyeh, Muhasan, Toob, Saalu, Zbara, Upper Baqras, Lower Baqras, Al-Mayadin, Tiba, Mahkan, Quriyeh, Ashara, Dablan, Sbeikhan, Dweir, Salhiyeh, Jalaa, Ramadi,
			Hasrat, Siyal, Abu Kamal, Sweiyeh, Abu Horaira`,
	}
	at := map[string]geo.Position{}
	for _, p := range places.Places() {
		at[p.Name.English] = p.At
	}
	for bank, names := range banks {
		for name := range strings.SplitSeq(names, ",") {
			name = strings.TrimSpace(name)
			p, ok := at[name]
			if !ok {
				t.Errorf("no place %q", name)
				continue
			}
			if side := sideOf(p, river); side != bank {
				t.Errorf("%s lies on the %s bank, expected the %s", name, side, bank)
			}
			if !geo.Within(point(p), geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{river}}, 7500) {
				t.Errorf("%s lies more than 7.5 km from the river", name)
			}
		}
	}
}

// sideOf tells on which side of a line a position lies, looking along it, by the nearest segment on a flat map.
func sideOf(p geo.Position, line []geo.Position) string {
	shrink := math.Cos(35.3 * math.Pi / 180)
	flat := func(q geo.Position) (x, y float64) {
		return float64(q.Lon-p.Lon) * shrink, float64(q.Lat - p.Lat)
	}
	best, off := math.Inf(1), 0.0 // off: how far to the left of the segment, drawn out to both sides
	for i := 1; i < len(line); i++ {
		ax, ay := flat(line[i-1])
		bx, by := flat(line[i])
		dx, dy := bx-ax, by-ay
		length := math.Hypot(dx, dy)
		share := math.Max(0, math.Min(1, -(ax*dx+ay*dy)/(length*length)))
		d := math.Hypot(ax+share*dx, ay+share*dy)
		left := (ax*dy - ay*dx) / length
		// At a bend both segments end at the nearest place: the one that the position lies farther off tells the side.
		if d < best-1e-6 || d < best+1e-6 && math.Abs(left) > math.Abs(off) {
			best, off = math.Min(d, best), left
		}
	}
	if off > 0 {
		return "left"
	}
	return "right"
}

// TestExercisePlacesAgreeWithOpenData compares each place with the community of its name in the open data beside the repository.
func TestExercisePlacesAgreeWithOpenData(t *testing.T) {
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
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, row := range rows[1:] {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"Feature","geometry":{"type":"Point","coordinates":[%s,%s]},"properties":{"name_en":%s,"rank":4}}`,
			row[column["Longitude"]], row[column["Latitude"]], strconv.Quote(strings.TrimSpace(row[column["Admin4Name_En"]])))
	}
	b.WriteString("]}")
	communities, err := gazetteer.Read(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	places, _ := exerciseNames(t)
	other := map[string]string{"Tabqa": "Al-Thawrah", "Al-Busayrah": "Basira", "Sabkha": "Sabka"}
	for _, p := range places.Places() {
		name := p.Name.English
		if o := other[name]; o != "" {
			name = o
		}
		nearest := math.Inf(1)
		for _, c := range communities.Find(name, 60) {
			nearest = math.Min(nearest, geo.Distance(p.At, c.At))
		}
		if nearest > 3000 {
			t.Errorf("%s lies %.1f km from the nearest community that it may be called by", p.Name.English, nearest/1000)
		}
	}
}

func TestLoadNames(t *testing.T) {
	folder := t.TempDir()
	if n, err := loadNames(folder, "", ""); err != nil || n.places != nil || n.orientation != nil {
		t.Errorf("an empty folder gives %v, %v", n, err)
	}
	if _, err := loadNames(folder, filepath.Join(folder, "absent.geojson"), ""); err == nil {
		t.Error("a file that was named and is absent is passed over")
	}
	if err := os.WriteFile(filepath.Join(folder, placesFile), exercisePlaces, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, orientationFile), []byte(`{"type":"FeatureCollection"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := loadNames(folder, "", ""); err == nil || !strings.Contains(err.Error(), "orientation.geojson: line 1: features: read nothing") {
		t.Errorf("a file without features: %v", err)
	}
	good := filepath.Join(t.TempDir(), "other.geojson")
	if err := os.WriteFile(good, exerciseOrientation, 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := loadNames(folder, "", good); err != nil || len(n.places.Places()) < 80 || len(n.orientation.Landmarks()) < 5 {
		t.Errorf("%v", err)
	}
}
