//go:build !long

package index

// A submission asks 100,000 queries in all, make test the first 32,000.
const (
	scenes       = 25
	sceneVolumes = 500
	sceneQueries = 4000

	// postGISVolumes is how many volumes PostGIS gets at most.
	postGISVolumes = 10_000
)
