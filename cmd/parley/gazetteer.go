package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"parley/gazetteer"
	"parley/geo/notation"
	"parley/web"
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

type gazetteerCmd struct {
	Find gazetteerFindCmd `cmd:"" help:"The places that a name may mean, in any script and with small mistakes." example:"parley gazetteer find Raqqa"`
	Near gazetteerNearCmd `cmd:"" help:"The nearest place to a position." example:"parley gazetteer near '34.55, 38.27'"`
}

// namesFlags say which names are looked through: the theatre's first.
type namesFlags struct {
	Places string `type:"existingfile" placeholder:"FILE" help:"Names of places in GeoJSON, as a server has them; without it those of the exercise."`
}

// gazetteers returns the theatre's names, and beside them those of GeoNames where they were built in.
func (f *namesFlags) gazetteers() (list []*gazetteer.Gazetteer, err error) {
	own, err := f.own()
	if err != nil {
		return nil, err
	}
	list = append(list, own)
	wide, err := web.GeoNames()
	if wide != nil {
		list = append(list, wide)
	}
	return list, err
}

func (f *namesFlags) own() (*gazetteer.Gazetteer, error) {
	if f.Places != "" {
		return loadFile("", "", f.Places, gazetteer.Read)
	}
	return gazetteer.Read(bytes.NewReader(exercisePlaces))
}

// named is a place as it is printed.
type named struct {
	Name    string  `json:"name"`
	Arabic  string  `json:"name_ar,omitzero"`
	Lat     int32   `json:"lat_e7"`
	Lon     int32   `json:"lon_e7"`
	Metres  float64 `json:"metres,omitzero"`
	Bearing string  `json:"bearing,omitzero"` // from the place
	Source  string  `json:"source"`
}

func (a *app) printPlace(p gazetteer.Place, g *gazetteer.Gazetteer, metres float64, bearing string) error {
	if a.JSON {
		return a.printJSON(named{p.Name.In("en"), p.Name.Arabic, p.At.Lat, p.At.Lon, metres, bearing, g.Source()})
	}
	where := ""
	if bearing != "" {
		where = fmt.Sprintf("  %.1f km %s of it", metres/1000, bearing)
	}
	fmt.Fprintf(a.out, "%s  %s  %s%s\n  %s\n", p.Name.In("en"), p.Name.Arabic, notation.FormatDD(p.At, 5), where, g.Source())
	return nil
}

type gazetteerFindCmd struct {
	Name  string `arg:"" help:"The name."`
	Limit int    `default:"5" help:"How many places at most."`
	namesFlags
}

func (c *gazetteerFindCmd) Run(a *app) error {
	list, err := c.gazetteers()
	if err != nil {
		return err
	}
	left := c.Limit
	for _, g := range list {
		found := g.Find(c.Name, left)
		for _, p := range found {
			if err := a.printPlace(p, g, 0, ""); err != nil {
				return err
			}
		}
		if left -= len(found); left <= 0 {
			return nil
		}
	}
	if left == c.Limit {
		return fmt.Errorf("no place is found by %q", c.Name)
	}
	return nil
}

type gazetteerNearCmd struct {
	Position place `arg:"" help:"The position, in any notation."`
	namesFlags
}

func (c *gazetteerNearCmd) Run(a *app) error {
	list, err := c.gazetteers()
	if err != nil {
		return err
	}
	for _, g := range list {
		if p, metres, bearing, ok := g.Nearest(c.Position.Position); ok {
			if err := a.printPlace(p, g, metres, gazetteer.Compass(bearing)); err != nil {
				return err
			}
		}
	}
	return nil
}
