package main

import _ "embed"

// The names of places of the exercise: real ones, written by hand. What happens there is invented, and so is every name in the list of designations.
var (
	//go:embed theatre/places.geojson
	exercisePlaces []byte
	//go:embed theatre/orientation.geojson
	exerciseOrientation []byte
	//go:embed theatre/designations.json
	exerciseDesignations []byte
)
