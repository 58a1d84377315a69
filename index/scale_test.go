//go:build !long

package index

// The normal suite asks 100,000 queries in all.
const (
	scenes       = 25
	sceneVolumes = 500
	sceneQueries = 4000

	// postGISVolumes is how many volumes PostGIS gets at most.
	postGISVolumes = 10_000
)
