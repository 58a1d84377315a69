package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parley/gazetteer"
)

// The files of names in a data folder. Neither has to be there.
const (
	placesFile      = "places.geojson"
	orientationFile = "orientation.geojson"
)

// names are the names of places that a server shows; nil is none.
type names struct {
	places      *gazetteer.Gazetteer
	orientation *gazetteer.Orientation
}

// loadNames reads the names of places from two files. An empty path means the file in the data folder, if it is there; a path that is given must be readable.
func loadNames(folder, places, orientation string) (n names, err error) {
	if n.places, err = loadFile(folder, placesFile, places, gazetteer.Read); err != nil {
		return names{}, fmt.Errorf("couldn't read the names of places: %w", err)
	}
	if n.orientation, err = loadFile(folder, orientationFile, orientation, gazetteer.ReadOrientation); err != nil {
		return names{}, fmt.Errorf("couldn't read what the map shows for orientation: %w", err)
	}
	return n, nil
}

func loadFile[T any](folder, name, given string, read func(io.Reader) (*T, error)) (*T, error) {
	path := given
	if path == "" {
		path = filepath.Join(folder, name)
	}
	f, err := os.Open(path)
	if given == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	v, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}
