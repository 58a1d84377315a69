package web_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parley/gazetteer"
	"parley/internal/need"
	"parley/web"
)

// The names of GeoNames that the build has cut out can be read, and know a place by its spellings in three scripts.
func TestGeoNames(t *testing.T) {
	if _, err := os.Stat(filepath.Join(need.Root(), "web", "dist", "geonames.json")); err != nil {
		need.Missing(t, "web/dist", "the names of places were not built (make web)")
	}
	g, err := web.GeoNames()
	if err != nil || g == nil {
		t.Fatalf("%v, %v", g, err)
	}
	if n := len(g.Places()); n < 5000 {
		t.Errorf("%d places; expected thousands", n)
	}
	for _, name := range []string{"Palmyra", "تدمر", "Пальмира"} {
		if found := g.Find(name, 3); !slices.ContainsFunc(found, func(p gazetteer.Place) bool { return p.Name.English == "Tadmur" }) {
			t.Errorf("%s finds %+v; expected Tadmur", name, found)
		}
	}
}
