//go:build long

package index

// The long suite asks 1,000,000 queries of larger sets.
const (
	scenes       = 50
	sceneVolumes = 10_000
	sceneQueries = 20_000

	// postGISVolumes is how many volumes PostGIS gets at most.
	postGISVolumes = 1_000_000
)
