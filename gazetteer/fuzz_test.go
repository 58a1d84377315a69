package gazetteer

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"
)

// FuzzRead holds that any text is read or refused with a Fault that names a line, that what was read can be asked, and that the map gets sound JSON.
func FuzzRead(f *testing.F) {
	f.Add([]byte(file(river...)), "raqa")
	f.Add([]byte(riverFile), "الر")
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[180,-90]},"properties":{"name_en":"-","rank":4}}]}`), "-")
	f.Fuzz(func(t *testing.T, text []byte, asked string) {
		refused := func(err error) bool {
			var fault *Fault
			if err != nil && (!errors.As(err, &fault) || fault.Line < 1 || fault.Read == "" || fault.Expected == "" || !utf8.ValidString(err.Error())) {
				t.Fatalf("%q: %v", text, err)
			}
			return err != nil
		}
		if o, err := ReadOrientation(bytes.NewReader(text)); !refused(err) && !json.Valid(o.GeoJSON("ar")) {
			t.Fatalf("%q gives %s", text, o.GeoJSON("ar"))
		}
		g, err := Read(bytes.NewReader(text))
		if refused(err) {
			return
		}
		if !json.Valid(g.GeoJSON("en")) {
			t.Fatalf("%q gives %s", text, g.GeoJSON("en"))
		}
		for _, p := range g.Places() {
			if _, metres, _, ok := g.Nearest(p.At); !ok || metres != 0 {
				t.Fatalf("%v is %g m from a place", p, metres)
			}
			g.Find(p.Name.In("ar"), 3)
		}
		g.Find(asked, 3)
	})
}
