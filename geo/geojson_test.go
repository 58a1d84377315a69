package geo

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"parley/internal/need"
)

func TestGeoJSONRoundTrip(t *testing.T) {
	for _, text := range []string{
		`{"type":"Point","coordinates":[34.44627,31.52411]}`,
		`{"type":"Point","coordinates":[-0.0000001,-90]}`,
		`{"type":"MultiPoint","coordinates":[[180,0],[-180,0.5]]}`,
		`{"type":"LineString","coordinates":[[1,2],[3,4.0000005]]}`,
		`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}`,
		`{"type":"Polygon","coordinates":[[[34.4,31.4],[34.5,31.4],[34.5,31.5],[34.4,31.5],[34.4,31.4]]]}`,
		`{"type":"MultiPolygon","coordinates":[[[[179,-17],[180,-17],[180,-16],[179,-16],[179,-17]]],[[[-180,-17],[-179,-17],[-179,-16],[-180,-16],[-180,-17]]]]}`,
	} {
		s, err := ParseGeoJSON([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if back, err := s.GeoJSON(); err != nil || string(back) != text {
			t.Errorf("%s comes back as %s (%v)", text, back, err)
		}
	}
	if _, err := (Shape{Kind: Point}).GeoJSON(); err == nil {
		t.Error("a point without position is written")
	}
}

func TestParseGeoJSONRoundsAndDropsAltitude(t *testing.T) {
	s, err := ParseGeoJSON([]byte(`{"bbox":[0,0,1,1],"coordinates":[34.12345678, -31.98765432e0, 120.5],"type":"Point"}`))
	if want := (Shape{Kind: Point, Points: []Position{{341234568, -319876543}}}); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("%v (%v), expected %v", s, err, want)
	}
}

func TestParseGeoJSONFaults(t *testing.T) {
	for text, path := range map[string]string{
		``:                                    "",
		`null`:                                "",
		`[1,2]`:                               "",
		`{}`:                                  "type",
		`{"type":"Point"}`:                    "coordinates",
		`{"type":"Point","coordinates":null}`: "coordinates",
		`{"type":"Point","coordinates":[]}`:   "coordinates",
		`{"type":"Point","coordinates":[1]}`:  "coordinates",
		`{"type":"Point","coordinates":[1,2,3,4]}`:                   "coordinates",
		`{"type":"Point","coordinates":[[1,2]]}`:                     "coordinates",
		`{"type":"Point","coordinates":[1,"2"]}`:                     "coordinates[1]",
		`{"type":"Point","coordinates":[1,[2]]}`:                     "coordinates[1]",
		`{"type":"Point","coordinates":[1,90.00000001]}`:             "coordinates[1]",
		`{"type":"Point","coordinates":[190,1]}`:                     "coordinates[0]",
		`{"type":"Point","coordinates":[1,1e999]}`:                   "coordinates[1]",
		`{"type":"Point","coordinates":[NaN,1]}`:                     "",
		`{"type":"Point","coordinates":[1,2]} {}`:                    "",
		`{"type":"Point","type":"Point","coordinates":[1,2]}`:        "type",
		`{"type":"Point","coordinates":[1,2],"crs":{}}`:              "crs",
		`{"type":"Point","Coordinates":[1,2]}`:                       "Coordinates",
		`{"type":7,"coordinates":[1,2]}`:                             "type",
		`{"type":"GeometryCollection","geometries":[]}`:              "geometries",
		`{"type":"Circle","coordinates":[1,2]}`:                      "type",
		`{"type":"LineString","coordinates":[1,2]}`:                  "coordinates[0]",
		`{"type":"LineString","coordinates":[[1,2],[3]]}`:            "coordinates[1]",
		`{"type":"Polygon","coordinates":[[1,2],[3,4]]}`:             "coordinates[0][0]",
		`{"type":"Polygon","coordinates":[]}`:                        "coordinates",
		`{"type":"MultiPolygon","coordinates":[[[[[1,2]]]]]}`:        "coordinates[0][0][0][0]",
		`{"type":"MultiPoint","coordinates":{}}`:                     "coordinates",
		`{"type":"Point","coordinates":[1,2],"bbox":["a"]}`:          "bbox[0]",
		`{"type":"Point","coordinates":[1,2`:                         "",
		strings.Repeat("[", 100_000):                                 "",
		`{"type":"Point","coordinates":` + strings.Repeat("[", 9999): "coordinates[0][0][0][0]",
	} {
		s, err := ParseGeoJSON([]byte(text))
		var f *Fault
		if !errors.As(err, &f) || f.Path != path || f.Read == "" || f.Expected == "" {
			t.Errorf("%.60s: %v with fault %v, expected one at %q", text, s, err, path)
		}
	}
}

// The cases of the shared vectors are features; what concerns the geometry is judged as recommended there.
func TestGeoJSONVectors(t *testing.T) {
	text, err := os.ReadFile(need.Shared(t, "vectors", "geojson", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct{ Name, Raw, Recommended string }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	// These concern the feature around the geometry.
	ofFeature := map[string]bool{"old crs member": true, "missing properties": true, "numeric id": true, "object id": true, "duplicate members kept as raw text": true,
		"bbox crossing antimeridian": true}
	judged := 0
	for _, c := range file.Cases {
		var feature struct{ Geometry json.RawMessage }
		if err := json.Unmarshal([]byte(c.Raw), &feature); err != nil {
			feature.Geometry = json.RawMessage(c.Raw) // NaN is no JSON: as it stands
		}
		if ofFeature[c.Name] {
			continue
		}
		want := strings.HasPrefix(c.Recommended, "accept")
		switch c.Name {
		case "null geometry":
			want = false // of a feature without place; here a place is asked for
		case "crosses antimeridian as one ring (179 to -179)":
			want = true // an edge goes the shorter way, so the ring is plain
		}
		s, err := ParseGeoJSON(feature.Geometry)
		if err == nil {
			err = s.Validate(MaxVertices)
		}
		if (err == nil) != want {
			t.Errorf("%s: %v, recommended: %s", c.Name, err, c.Recommended)
		}
		judged++
	}
	if judged < 18 {
		t.Errorf("only %d cases judged", judged)
	}
}
