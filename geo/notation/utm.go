package notation

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// looksUTM reports whether tokens are meant as UTM or UPS: they say so, or hold a number too long for degrees. A decimal
// comma makes no number longer.
func looksUTM(tokens []token) bool {
	joined, _ := joinDecimals(tokens)
	for _, t := range joined {
		whole, _, _ := strings.Cut(t.text, ".")
		if t.is("UTM", "UPS") || t.kind == number && len(whole) > 3 {
			return true
		}
	}
	return false
}

const utmForm = `UTM such as "37 north 500902 3978403": zone, hemisphere or band letter, easting, northing`

// parseUTM reads zone, hemisphere or band, easting and northing. Eastings and northings may carry m, E and N.
func parseUTM(tokens []token) (Reading, *Fault) {
	all := tokens
	tokens = dropLabel(tokens, "UTM", "UPS")
	tokens = dropLabel(tokens, "ZONE")
	zone, place, tokens, fault := parseZone(tokens)
	if fault != nil {
		return Reading{}, fault
	}
	east, north, fault := parseMetres(tokens)
	if fault != nil {
		return Reading{}, fault
	}
	if east.text == "" || north.text == "" {
		return Reading{}, &Fault{Read: "one number of metres", Expected: utmForm, Column: after(all)}
	}

	g := Grid{Zone: zone, North: place.north}
	for _, f := range []struct {
		token token
		into  *float64
		name  string
	}{{east, &g.Easting, "easting"}, {north, &g.Northing, "northing"}} {
		value, err := strconv.ParseFloat(f.token.text, 64)
		if err != nil {
			return Reading{}, &Fault{Read: quote(f.token.text), Expected: "a number of metres", Column: f.token.col}
		}
		*f.into = value
		eastings, northings := g.limits()
		allowed := eastings
		if f.name == "northing" {
			allowed = northings
		}
		if !allowed.holds(value) {
			return Reading{}, &Fault{Read: f.name + " " + f.token.text, Expected: fmt.Sprintf("%s of %s metres", f.name, allowed), Column: f.token.col}
		}
	}
	lat, lon := g.degrees()
	// A whole metre of rounding may carry a place over the edge of its band.
	const slack = 2e-5
	if place.band != "" && place.band != "N" {
		s := bandSpan(strings.Index(bands, place.band))
		if lat < s.low-slack || lat > s.high+slack {
			fault := &Fault{Read: fmt.Sprintf("northing %s with band %s", north.text, place.band),
				Expected: fmt.Sprintf("a northing in band %s (latitude %s)", place.band, s), Column: north.col,
				Hint: fmt.Sprintf("this northing lies in band %s", bandAt(lat))}
			if place.band == "S" {
				fault.Hint += fmt.Sprintf("; after a zone, S is the band from 32 N to 40 N; if the southern hemisphere is meant, write \"%d south\"", zone)
			}
			return Reading{}, fault
		}
	}
	if allowed := g.latitudes(); !allowed.holds(lat) {
		return Reading{}, &Fault{Read: fmt.Sprintf("a place at latitude %.4f", lat), Expected: fmt.Sprintf("latitude %s for %s", allowed, place.written), Column: north.col}
	}

	r := Reading{Position: nearest(lat, lon), Notation: UTM,
		PrecisionMM: max(metresMM(east.text), metresMM(north.text)),
		Written:     fmt.Sprintf("%s %s %s", place.written, east.text, north.text)}
	system := "UTM"
	if zone == 0 {
		system = "UPS"
	}
	r.Explained = fmt.Sprintf("Read as %s, %sern hemisphere, to about %s.", system, hemisphere(g.North), ground(r.PrecisionMM))
	switch {
	case place.band == "S":
		r.Explained += fmt.Sprintf(" S is the latitude band from 32 N to 40 N, not the southern hemisphere, which is written \"%d south\".", zone)
	case place.band == "N":
		r.Explained += " N, as band or as hemisphere, lies north of the equator."
	}
	r.Explained += unusual(r.Position, zone, UTM)
	return r, nil
}

// utmPlace is the part of UTM text before the metres.
type utmPlace struct {
	north   bool
	band    string // empty when the hemisphere was written as a word
	written string
}

// parseZone reads zone and hemisphere or band and returns the tokens left.
func parseZone(tokens []token) (zone int, place utmPlace, rest []token, fault *Fault) {
	fail := func(read string, col int) (int, utmPlace, []token, *Fault) {
		return 0, utmPlace{}, nil, &Fault{Read: read, Expected: utmForm, Column: col}
	}
	if len(tokens) == 0 {
		return fail("nothing after the name of the notation", 1)
	}
	first := tokens[0]
	if first.kind == number {
		whole, _, _ := strings.Cut(first.text, ".")
		if len(whole) > 3 {
			return fail("metres without a zone", first.col)
		}
		zone, _ = strconv.Atoi(whole)
		if !first.whole() || len(whole) > 2 || zone < 1 || zone > 60 {
			return 0, utmPlace{}, nil, &Fault{Read: "zone " + first.text, Expected: "a zone from 1 to 60", Column: first.col}
		}
		tokens = tokens[1:]
	}
	if len(tokens) == 0 || tokens[0].kind != word {
		return fail(fmt.Sprintf("zone %d without hemisphere or band", zone), after([]token{first}))
	}
	letter := tokens[0]
	rest = tokens[1:]
	name := fmt.Sprintf("%d", zone)
	switch {
	case letter.is("NORTH", "SOUTH"):
		place = utmPlace{north: letter.text == "NORTH", written: strings.TrimPrefix(name+" ", "0 ") + strings.ToLower(letter.text)}
	case zone == 0 && letter.is("N", "S", "A", "B", "Y", "Z"):
		north := letter.is("N", "Y", "Z")
		place = utmPlace{north: north, written: hemisphere(north)}
	case zone > 0 && len(letter.text) == 1 && strings.Contains(bands, letter.text):
		place = utmPlace{north: letter.text >= "N", band: letter.text, written: name + letter.text}
	case zone > 0:
		return 0, utmPlace{}, nil, &Fault{Read: "band " + quote(letter.text), Expected: "one band letter of " + bands + ", or the word north or south", Column: letter.col}
	default:
		return fail(quote(letter.text)+" without a zone", letter.col)
	}
	if zone == 0 && letter.is("N", "S", "NORTH", "SOUTH") && len(rest) > 0 && rest[0].whole() && len(rest[0].text) <= 2 {
		return fail("the hemisphere before the zone", letter.col)
	}
	return zone, place, rest, nil
}

// parseMetres reads easting and northing, in that order unless letters say otherwise.
func parseMetres(tokens []token) (east, north token, fault *Fault) {
	var numbers []token
	var axes []byte // of the numbers: 'E', 'N' or 0
	var before byte // the axis letter of the next number, where letters come first
	first := len(tokens) > 0 && tokens[0].kind == word
	for _, t := range tokens {
		switch {
		case t.kind == number:
			numbers, axes = append(numbers, t), append(axes, before)
			before = 0
		case t.is(",", ";", "M"):
		case t.is("E", "N", "ME", "MN", "EAST", "NORTH", "EASTING", "NORTHING"):
			axis := strings.TrimPrefix(t.text, "M")[0]
			if first || len(axes) == 0 {
				before = axis
			} else {
				axes[len(axes)-1] = axis
			}
		default:
			return east, north, &Fault{Read: quote(t.text), Expected: utmForm, Column: t.col}
		}
		if len(numbers) > 2 {
			return east, north, &Fault{Read: "a third number, " + t.text, Expected: utmForm, Column: t.col}
		}
	}
	if len(numbers) < 2 {
		return east, north, nil
	}
	east, north = numbers[0], numbers[1]
	switch {
	case axes[0] != 0 && axes[0] == axes[1]:
		return east, north, &Fault{Read: fmt.Sprintf("two numbers marked %c", axes[0]), Expected: "one easting and one northing", Column: north.col}
	case axes[0] == 'N' || axes[1] == 'E':
		east, north = north, east
	}
	return east, north, nil
}

// metresMM returns the size of the last digit of a number of metres, in millimetres.
func metresMM(text string) int64 {
	_, decimals, _ := strings.Cut(text, ".")
	return max(grainMM, int64(math.Pow10(3-min(len(decimals), 3))))
}

func hemisphere(north bool) string {
	if north {
		return "north"
	}
	return "south"
}
