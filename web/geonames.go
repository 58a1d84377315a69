package web

import (
	"bytes"
	"fmt"
	"io/fs"
	"sync"

	"parley/gazetteer"
)

// GeoNames returns the populated places of GeoNames that the build has cut out (make web), nil when the browser's parts were not built. They are names for people to
// read texts by, and no part of a theatre.
var GeoNames = sync.OnceValues(func() (*gazetteer.Gazetteer, error) {
	text, err := fs.ReadFile(built, "dist/geonames.json")
	if err != nil {
		return nil, nil // npm's parts are not there, and pages are plain
	}
	g, err := gazetteer.Read(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the names of GeoNames; run make web: %w", err)
	}
	return g, nil
})
