package notation

import (
	"fmt"
	"strconv"
	"strings"

	"parley/geo"
)

// GARS (NGA.STND.0037 does not define it; NGA "Global Area Reference System", 2006) counts cells of 30 minutes from 180 W and 90 S, quarters of 15
// minutes from the north-west, and ninths of those, 5 minutes, like the keys of a telephone.

// Thirds of 1e-7 degree make every GARS side a whole number.
const (
	garsCell    = 3 * geo.E7 / 2
	garsQuarter = garsCell / 2
	garsKey     = garsQuarter / 3
)

func formatGARS(p geo.Position) string {
	lon, lat := int64(p.Lon), int64(p.Lat)
	if lon >= 180*geo.E7 {
		lon -= 360 * geo.E7
	}
	x := (lon + 180*geo.E7) * 3
	y := min((lat+90*geo.E7)*3, 180*geo.E7*3-1) // the pole belongs to the last row
	row := y / garsCell
	qx, qy := x%garsCell/garsQuarter, y%garsCell/garsQuarter
	kx, ky := x%garsQuarter/garsKey, y%garsQuarter/garsKey
	return fmt.Sprintf("%03d%c%c%d%d", x/garsCell+1, mgrsLetters[row/24], mgrsLetters[row%24], 2*(1-qy)+qx+1, 3*(2-ky)+kx+1)
}

// looksGARS reports whether tokens have the form of GARS: three digits, two letters, at most two digits.
func looksGARS(tokens []token) bool {
	if tokens[0].is("GARS") {
		return true
	}
	return len(tokens) >= 2 && len(tokens) <= 3 && tokens[0].whole() && len(tokens[0].text) == 3 && tokens[1].kind == word && len(tokens[1].text) == 2 &&
		(len(tokens) == 2 || tokens[2].whole() && len(tokens[2].text) <= 2)
}

const garsForm = `GARS such as "439LM11": 001 to 720, two letters from AA to QZ, a quarter 1 to 4, a key 1 to 9`

// parseGARS reads a GARS cell as its centre.
func parseGARS(tokens []token) (Reading, *Fault) {
	tokens = dropLabel(tokens, "GARS")
	if len(tokens) == 0 || !looksGARS(tokens) {
		return Reading{}, &Fault{Read: quote(written(tokens)), Expected: garsForm, Column: 1}
	}
	column, _ := strconv.ParseInt(tokens[0].text, 10, 64)
	high := strings.IndexByte(mgrsLetters, tokens[1].text[0])
	low := strings.IndexByte(mgrsLetters, tokens[1].text[1])
	if column < 1 || column > 720 {
		return Reading{}, &Fault{Read: "column " + tokens[0].text, Expected: garsForm, Column: tokens[0].col}
	}
	if high < 0 || low < 0 || high*24+low >= 360 {
		return Reading{}, &Fault{Read: "row " + tokens[1].text, Expected: garsForm, Column: tokens[1].col}
	}
	x, y, side := (column-1)*garsCell, int64(high*24+low)*garsCell, int64(garsCell)
	text := tokens[0].text + tokens[1].text
	if len(tokens) == 3 {
		digits := tokens[2].text
		text += digits
		quarter := int64(digits[0] - '1')
		if quarter < 0 || quarter > 3 {
			return Reading{}, &Fault{Read: "quarter " + digits[:1], Expected: garsForm, Column: tokens[2].col}
		}
		x, y, side = x+quarter%2*garsQuarter, y+(1-quarter/2)*garsQuarter, garsQuarter
		if len(digits) == 2 {
			key := int64(digits[1] - '1')
			if key < 0 {
				return Reading{}, &Fault{Read: "key 0", Expected: garsForm, Column: tokens[2].col + 1}
			}
			x, y, side = x+key%3*garsKey, y+(2-key/3)*garsKey, garsKey
		}
	}
	p := geo.Position{Lon: int32((2*x+side+3)/6 - 180*geo.E7), Lat: int32((2*y+side+3)/6 - 90*geo.E7)}
	r := Reading{Position: p, Notation: GARS, PrecisionMM: (side*111_320 + 3*geo.E7/1000 - 1) / (3 * geo.E7 / 1000), Written: text}
	r.Explained = fmt.Sprintf("Read as GARS: the centre of the cell %s, about %s high.", text, ground(r.PrecisionMM))
	return r, nil
}

// Plus Codes (Open Location Code specification 1.0): five pairs of base 20 digits, latitude first, then grid digits that cut the cell into 5 rows and
// 4 columns.
const plusDigits = "23456789CFGHJMPQRVWX"

// Sides of the smallest cell (15 digits) are 1/plusLat and 1/plusLon degrees.
const (
	plusLat = 8000 * 5 * 5 * 5 * 5 * 5
	plusLon = 8000 * 4 * 4 * 4 * 4 * 4
)

func formatPlusCode(p geo.Position, length int) string {
	lon := int64(p.Lon)
	if lon >= 180*geo.E7 {
		lon -= 360 * geo.E7
	}
	y := min((int64(p.Lat)+90*geo.E7)*plusLat/geo.E7, 180*plusLat-1) // the pole belongs to the last row
	x := (lon + 180*geo.E7) * plusLon / geo.E7
	var digits [15]byte
	for i := 14; i >= 10; i-- {
		digits[i] = plusDigits[y%5*4+x%4]
		y, x = y/5, x/4
	}
	for i := 8; i >= 0; i -= 2 {
		digits[i], digits[i+1] = plusDigits[y%20], plusDigits[x%20]
		y, x = y/20, x/20
	}
	return string(digits[:8]) + "+" + string(digits[8:length])
}

// plusCode returns the characters of tokens before and after a glued "+", when all are those of a Plus Code. A short code needs a letter among
// them; eight digits and a plus have no other meaning.
func plusCode(tokens []token) (before, behind string, ok bool) {
	plus, letter := false, false
	for i, t := range tokens {
		switch {
		case i > 0 && !t.glued:
			return "", "", false
		case t.is("+") && !plus:
			plus = true
			continue
		case strings.Trim(t.text, plusDigits+"0") != "":
			return "", "", false
		}
		letter = letter || t.kind == word
		if plus {
			behind += t.text
		} else {
			before += t.text
		}
	}
	return before, behind, plus && (len(before) == 8 || letter && len(before) >= 2 && len(before) < 8)
}

func looksPlusCode(tokens []token) bool {
	_, _, ok := plusCode(tokens)
	return ok
}

const plusForm = `a full Plus Code such as "8G7XX226+22"`

// parsePlusCode reads a full Plus Code as the centre of its cell.
func parsePlusCode(tokens []token) (Reading, *Fault) {
	before, behind, _ := plusCode(tokens)
	col := tokens[0].col
	text := before + "+" + behind
	fail := func(expected string) (Reading, *Fault) {
		return Reading{}, &Fault{Read: quote(text), Expected: expected, Column: col}
	}
	if len(before) < 8 {
		return fail(plusForm + "; a short one needs to know a place nearby")
	}
	digits := strings.TrimRight(before, "0")
	switch {
	case strings.Contains(digits, "0") || strings.Contains(behind, "0"):
		return fail(plusForm + ", with zeros only as filling before the +")
	case len(digits) < 8 && (behind != "" || len(digits)%2 != 0 || digits == ""):
		return fail(plusForm + ", or pairs filled with zeros up to the + and nothing behind it")
	case len(behind) == 1 || len(behind) > 7:
		return fail(plusForm + ", with 2 to 7 characters behind the +, or none")
	}
	digits += behind
	var y, x int64
	for i := 0; i < min(len(digits), 10); i += 2 {
		y = y*20 + int64(strings.IndexByte(plusDigits, digits[i]))
		x = x*20 + int64(strings.IndexByte(plusDigits, digits[i+1]))
	}
	high, wide := int64(1), int64(1) // of the cell, in smallest cells
	for range 5 - min(len(digits), 10)/2 {
		high, wide = high*20, wide*20
	}
	for i := 10; i < 15; i++ {
		if i < len(digits) {
			d := int64(strings.IndexByte(plusDigits, digits[i]))
			y, x = y*5+d/4, x*4+d%4
		} else {
			high, wide = high*5, wide*4
		}
	}
	y, x = y*high, x*wide
	if y >= 180*plusLat || x >= 360*plusLon {
		return fail(plusForm + ", whose first two characters stay within 90 N and 180 E")
	}
	p := geo.Position{Lat: int32(((2*y+high)*geo.E7+plusLat)/(2*plusLat) - 90*geo.E7), Lon: int32(((2*x+wide)*geo.E7+plusLon)/(2*plusLon) - 180*geo.E7)}
	r := Reading{Position: p, Notation: PlusCode, PrecisionMM: max(grainMM, max(high*111_320_000/plusLat, wide*111_320_000/plusLon)+1), Written: text}
	r.Explained = fmt.Sprintf("Read as Plus Code: the centre of the cell %s, of about %s.", text, ground(r.PrecisionMM))
	return r, nil
}
