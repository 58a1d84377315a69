// Package gazetteer keeps the names of places: reads them, finds the nearest and those a person may mean.
//
// It reads from a reader it is given and does no other I/O. A Gazetteer does not change once it is read, so any number of goroutines may ask it.
// Nothing here decides anything: names are for people, positions are what is notified.
package gazetteer

import "parley/geo"

// Name is a name in the languages that a theatre is kept in. One of them may be empty, as the sources are.
type Name struct {
	English, Arabic string
}

// In returns the name in a language ("en", "ar"), or the other one when there is none: a name in another script tells more than nothing.
func (n Name) In(language string) string {
	if language == "ar" && n.Arabic != "" || n.English == "" {
		return n.Arabic
	}
	return n.English
}

// The ranks of places. A map shows labels of a lower number first.
const (
	City    = 1
	Town    = 2
	Large   = 3 // a large village, or the seat of a subdistrict
	Village = 4
)

// Place is a place that has a name.
type Place struct {
	Name  Name
	Admin Name // of the governorate or the like; may be empty
	At    geo.Position
	Rank  int      // City to Village
	Also  []string // other names and spellings, in any script: a text is compared with them, and they are never shown
}

// Names returns every name of a place, in any script.
func (p *Place) Names() []string {
	var out []string
	for _, name := range append([]string{p.Name.English, p.Name.Arabic}, p.Also...) {
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

// Compass returns the nearest of the eight points of the compass for a bearing in degrees, clockwise from north: N, NE, E, SE, S, SW, W, NW.
// Words for them belong to the pages.
func Compass(bearing float64) string {
	return [8]string{"N", "NE", "E", "SE", "S", "SW", "W", "NW"}[int(bearing/45+0.5)&7]
}
