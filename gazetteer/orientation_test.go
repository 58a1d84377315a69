package gazetteer

import (
	"errors"
	"strings"
	"testing"
)

const riverFile = `{"type":"FeatureCollection","source":"drawn by hand","features":[
{"type":"Feature","geometry":{"type":"LineString","coordinates":[[38.1,36.1],[38.4,35.9]]},"properties":{"kind":"river","name_en":"Euphrates","name_ar":"الفرات"}},
{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[38,36],[38.5,35.8],[38.2,36.2],[38,36]]]},"properties":{"kind":"lake","name_en":"Lake Assad"}}
]}`

func TestReadOrientation(t *testing.T) {
	o, err := ReadOrientation(strings.NewReader(riverFile))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"LineString","coordinates":[[38.1,36.1],[38.4,35.9]]},"properties":{"kind":"river","name":"الفرات"}},
{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[38,36],[38.5,35.8],[38.2,36.2],[38,36]]]},"properties":{"kind":"lake","name":"Lake Assad"}}
]}
`
	if got := string(o.GeoJSON("ar")); got != want || o.Source() != "drawn by hand" || len(o.Landmarks()) != 2 {
		t.Errorf("the map gets\n%s", got)
	}
}

func TestReadOrientationRefuses(t *testing.T) {
	for name, change := range map[string]struct{ from, to, said string }{
		"another kind":   {`"kind":"river"`, `"kind":"road"`, `line 2: features[0].properties.kind: read "road"`},
		"a river's area": {`"kind":"lake"`, `"kind":"river"`, "line 3: features[1].geometry.type: read Polygon"},
		"a lake's line":  {`"kind":"river"`, `"kind":"lake"`, "line 2: features[0].geometry.type: read LineString"},
		"an open ring":   {`,[38,36]]]`, `,[38,36.1]]]`, "line 3: features[1].geometry polygon 1, ring 1: read 4 positions"},
		"a point":        {`,[38.4,35.9]]`, `]`, "line 2: features[0].geometry line 1: read 1 position"},
		"no name":        {`,"name_en":"Lake Assad"`, ``, "line 3: features[1].properties.name_en: read nothing"},
		"out of range":   {`[38.4,35.9]`, `[238.4,35.9]`, "line 2: features[0].geometry.coordinates[1][0]: read 238.4"},
		"too many":       {`[38.1,36.1],`, strings.Repeat(`[38.1,36.1],`, maxVertices), "more than 200000 positions"},
	} {
		_, err := ReadOrientation(strings.NewReader(strings.Replace(riverFile, change.from, change.to, 1)))
		var fault *Fault
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), change.said) {
			t.Errorf("%s: %v, expected %s", name, err, change.said)
		}
	}
}
