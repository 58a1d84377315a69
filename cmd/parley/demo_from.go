package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parley/gazetteer"
	"parley/geo"
)

// communitiesFile is the table of communities in a folder of open data: one row a community, with the columns below.
var communitiesFile = filepath.Join("communities-sy-2017", "communities.csv")

// The columns of the table that are read.
const (
	columnName       = "Admin4Name_En"
	columnAdmin      = "Admin1Name_En"
	columnKind       = "urban_rural"
	columnPopulation = "Pop_estimates_2017"
	columnLatitude   = "Latitude"
	columnLongitude  = "Longitude"
)

// communitiesSource is shown with the map, as the source asks.
const communitiesSource = "Communities: United Nations Office for the Coordination of Humanitarian Affairs (OCHA), Humanitarian Needs Overview, Syria 2017. Arabic names where the exercise knows them."

// governorates are the Arabic names of Syria's governorates, by the names of the table.
var governorates = map[string]string{"Damascus": "دمشق", "Aleppo": "حلب", "Rural Damascus": "ريف دمشق", "Homs": "حمص", "Hama": "حماة", "Lattakia": "اللاذقية", "Idleb": "إدلب",
	"Al-Hasakeh": "الحسكة", "Deir-ez-Zor": "دير الزور", "Tartous": "طرطوس", "Ar-Raqqa": "الرقة", "Dar'a": "درعا", "As-Sweida": "السويداء", "Quneitra": "القنيطرة"}

// communities reads the communities of a folder of open data and writes them in the format of package gazetteer. A place that the exercise knows by that
// name, and near, brings its Arabic name and rank along.
func communities(folder string) ([]byte, error) {
	file := filepath.Join(folder, communitiesFile)
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("--from %s: no %s in it, the table of communities", folder, communitiesFile)
	} else if err != nil {
		return nil, fmt.Errorf("--from: %w", err)
	}
	defer f.Close()
	places, err := readCommunities(f)
	if err != nil {
		return nil, fmt.Errorf("--from: %s: %w", file, err)
	}
	known, err := gazetteer.Read(strings.NewReader(string(exercisePlaces)))
	if err != nil {
		return nil, err
	}
	for i := range places {
		nearest, metres, _, ok := known.Nearest(places[i].At)
		if ok && metres < 3000 && slices.ContainsFunc(known.Find(places[i].Name.English, 5), func(p gazetteer.Place) bool { return p.At == nearest.At && p.Name == nearest.Name }) {
			places[i].Name.Arabic, places[i].Rank = nearest.Name.Arabic, min(places[i].Rank, nearest.Rank)
		}
	}
	return gazetteer.Write(communitiesSource, places), nil
}

func readCommunities(r io.Reader) ([]gazetteer.Place, error) {
	table := csv.NewReader(r)
	header, err := table.Read()
	if err != nil {
		return nil, fmt.Errorf("couldn't read the header: %w", err)
	}
	column := map[string]int{}
	for i, name := range header {
		column[strings.TrimPrefix(name, "\ufeff")] = i
	}
	for _, name := range []string{columnName, columnAdmin, columnKind, columnPopulation, columnLatitude, columnLongitude} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("no column %s, expected one of that name", name)
		}
	}
	var places []gazetteer.Place
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		line, _ := table.FieldPos(0)
		cell := func(name string) string { return strings.Join(strings.Fields(row[column[name]]), " ") }
		at, err := degrees(cell(columnLatitude), cell(columnLongitude))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if cell(columnName) == "" {
			return nil, fmt.Errorf("line %d: %s: read nothing, expected the name of a community", line, columnName)
		}
		admin := cell(columnAdmin)
		places = append(places, gazetteer.Place{Name: gazetteer.Name{English: cell(columnName)}, Admin: gazetteer.Name{English: admin, Arabic: governorates[admin]},
			At: at, Rank: rankOf(cell(columnKind), cell(columnPopulation))})
	}
	if len(places) == 0 {
		return nil, errors.New("no row after the header, expected communities")
	}
	return places, nil
}

// degrees reads decimal degrees as GeoJSON would.
func degrees(lat, lon string) (geo.Position, error) {
	for name, text := range map[string]string{columnLatitude: lat, columnLongitude: lon} {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return geo.Position{}, fmt.Errorf("%s: read %q, expected decimal degrees", name, text)
		}
	}
	text, err := json.Marshal(map[string]any{"type": "Point", "coordinates": []json.Number{json.Number(lon), json.Number(lat)}})
	if err != nil {
		return geo.Position{}, err
	}
	shape, err := geo.ParseGeoJSON(text)
	if err != nil {
		return geo.Position{}, err
	}
	return shape.Points[0], nil
}

// rankOf ranks a community by whether it is a town, and by how many live there; what is not known counts as few.
func rankOf(kind, population string) int {
	people, err := strconv.ParseFloat(population, 64)
	switch {
	case err == nil && people >= 100_000:
		return gazetteer.City
	case kind == "urban" && err == nil && people >= 20_000:
		return gazetteer.Town
	case kind == "urban":
		return gazetteer.Large
	}
	return gazetteer.Village
}
