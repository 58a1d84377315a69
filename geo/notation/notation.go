// Package notation reads, writes and explains positions in the notations people use: decimal degrees, degrees and minutes, degrees, minutes and
// seconds, UTM and UPS, MGRS, GARS and Plus Codes.
//
// It never guesses silently. Text that could be read in two ways is a Fault that names both; text that reads one way is given back with an
// explanation that can be shown to the person who typed it.
package notation

import (
	"fmt"

	"parley/geo"
)

// Notation names a way of writing a position.
type Notation string

// The notations that Parse reads and Format writes.
const (
	DD       Notation = "DD"       // decimal degrees: 35.9500000, 39.0100000
	DMM      Notation = "DMM"      // degrees and decimal minutes: 35° 57.000000′ N 039° 00.600000′ E
	DMS      Notation = "DMS"      // degrees, minutes and decimal seconds: 35° 57′ 00.0000″ N 039° 00′ 36.0000″ E
	MGRS     Notation = "MGRS"     // military grid, including its polar part: 37S EV 00901 78402
	UTM      Notation = "UTM"      // UTM, or UPS near the poles: 37 north 500902 3978403
	GARS     Notation = "GARS"     // cells of 5 minutes: 439LM11
	PlusCode Notation = "PlusCode" // Open Location Code: 8G7XX226+22
)

// Reading is a text understood as a position.
type Reading struct {
	// Position is the place read. A grid square or cell (MGRS, GARS, Plus Code) is read as its centre.
	Position geo.Position
	Notation Notation
	// PrecisionMM is the size of the last digit written, in millimetres on the ground: 1000 for MGRS with five digit pairs, 111320 for
	// decimal degrees with three decimals. People cut digits as often as they round them, so the place meant may lie this far from
	// Position in either direction. It is never below 12, the grain of geo.Position.
	PrecisionMM int64
	// Written is what was typed, in the plain form of its notation, with Western digits and no digit added or dropped.
	Written string
	// Explained says in one or two sentences how the text was read and what may surprise the person who typed it.
	Explained string
}

// Fault says why a text is no position.
type Fault struct {
	Read     string // what stands there
	Expected string // what would be understood instead
	Column   int    // where it stands: 1 for the first character, counted in characters, not bytes
	Hint     string // another reading that may have been meant, or empty
}

// Error gives the whole fault in one line.
func (f *Fault) Error() string {
	text := fmt.Sprintf("position, column %d: read %s, expected %s", f.Column, f.Read, f.Expected)
	if f.Hint != "" {
		text += "; " + f.Hint
	}
	return text
}

// maxText bounds the length of a text in characters; the longest sensible notation has about 60.
const maxText = 200

// Parse reads one position from text, in any of the notations of this package and any script's digits. A failure is a *Fault.
//
// Degrees come latitude first unless letters (N, S, E, W) or labels (lat, lon) say otherwise. MGRS squares are read as their centre. A single
// letter after a UTM zone is a latitude band, so "37S" lies north of the equator; the southern hemisphere is written "37 south".
func Parse(text string) (Reading, error) {
	tokens, fault := lex(text)
	if fault != nil {
		return Reading{}, fault
	}
	var r Reading
	switch {
	case looksPlusCode(tokens):
		r, fault = parsePlusCode(tokens)
	case looksGARS(tokens):
		r, fault = parseGARS(tokens)
	case looksMGRS(tokens):
		r, fault = parseMGRS(tokens)
	case looksUTM(tokens):
		r, fault = parseUTM(tokens)
	default:
		r, fault = parseDegrees(tokens)
	}
	if fault != nil {
		return Reading{}, fault
	}
	if r.Position == (geo.Position{}) {
		r.Explained += " This is where the equator meets the prime meridian, which is often the sign of a value left out."
	}
	return r, nil
}

// grainMM is the size of one unit of geo.Position (1e-7 degree) on the ground, rounded up.
const grainMM = 12

// ground writes a distance of a reading's precision for people.
func ground(mm int64) string {
	switch {
	case mm >= 10_000_000:
		return fmt.Sprintf("%d km", (mm+500_000)/1_000_000)
	case mm >= 1000:
		return fmt.Sprintf("%d m", (mm+500)/1000)
	default:
		return fmt.Sprintf("%d cm", (mm+9)/10)
	}
}

// Swapped reports whether p lies outside a theatre while the position with latitude and longitude exchanged lies inside it: the mark of a
// pair typed in the wrong order.
func Swapped(p geo.Position, inTheatre func(geo.Position) bool) bool {
	other := geo.Position{Lon: p.Lat, Lat: p.Lon}
	return other.Valid() && !inTheatre(p) && inTheatre(other)
}
