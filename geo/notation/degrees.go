package notation

import (
	"fmt"
	"strings"

	"parley/geo"
)

const degreesForm = `latitude then longitude, such as "35.9500, 39.0100", "35° 57.0′ N 39° 00.6′ E" or "35° 57′ 00″ N 39° 00′ 36″ E"`

// parseDegrees reads latitude and longitude. A comma glued between whole numbers is a decimal mark, as in "35,9500 39,0100"; any other comma
// parts the two. Where both uses would give a position, neither is taken.
func parseDegrees(tokens []token) (Reading, *Fault) {
	if fault := findExponent(tokens); fault != nil {
		return Reading{}, fault
	}
	tokens = spellOut(tokens)
	joined, at := joinDecimals(tokens)
	if at < 0 {
		return readPair(tokens)
	}
	r, fault := readPair(joined)
	other, otherFault := readPair(tokens)
	comma := tokens[at]
	ambiguous := &Fault{Read: "a comma without a space between whole numbers", Expected: `a point as decimal mark, or a space after the comma that parts latitude and longitude`, Column: comma.col}
	switch {
	case fault != nil && otherFault == nil:
		ambiguous.Hint = "as separator it would give " + other.Position.String()
		return Reading{}, ambiguous
	case fault == nil && otherFault == nil && r.Position != other.Position:
		ambiguous.Hint = fmt.Sprintf("as decimal mark it would give %s, as separator %s", r.Position, other.Position)
		return Reading{}, ambiguous
	}
	return r, fault
}

// findExponent faults on floats such as 1e-05, which would otherwise be read as an easterly longitude and a second number.
func findExponent(tokens []token) *Fault {
	for i := 1; i+1 < len(tokens); i++ {
		e, next := tokens[i], tokens[i+1]
		if !e.is("E") || !e.glued || tokens[i-1].kind != number || !next.glued {
			continue
		}
		signed := next.is("+", "-") && i+2 < len(tokens) && tokens[i+2].glued && tokens[i+2].kind == number
		if !signed && next.kind != number {
			continue
		}
		letters := 0
		for _, t := range tokens {
			if t.is("N", "S", "NORTH", "SOUTH") {
				letters++
			}
		}
		if signed || letters == 0 {
			text := tokens[i-1].text + "e" + next.text
			if signed {
				text += tokens[i+2].text
			}
			return &Fault{Read: "an exponent, " + text, Expected: "decimal digits without an exponent", Column: e.col}
		}
	}
	return nil
}

// spellOut turns words for marks and letters into the marks and letters: "deg" into °, "north" into N, a D behind a number into °.
func spellOut(tokens []token) []token {
	out := make([]token, 0, len(tokens))
	for i, t := range tokens {
		switch {
		case t.is("D") && i > 0 && tokens[i-1].kind == number, t.is("DEG", "DEGREE", "DEGREES"):
			t.kind, t.text = mark, "°"
		case t.is("MIN", "MINUTE", "MINUTES"):
			t.kind, t.text = mark, "'"
		case t.is("SEC", "SECOND", "SECONDS"):
			t.kind, t.text = mark, `"`
		case t.is("NORTH", "SOUTH", "EAST", "WEST"):
			t.text = t.text[:1]
		case t.is("LAT", "LATITUDE"):
			t.text = "LAT"
		case t.is("LON", "LONG", "LNG", "LONGITUDE"):
			t.text = "LON"
		case t.is("/", ";"):
			t.text = ","
		case t.is("-") && t.glued && i+1 < len(tokens) && tokens[i-1].kind == number && tokens[i+1].kind == number && tokens[i+1].glued:
			t.text = "–" // a dash inside degrees-minutes-seconds, no sign
		case t.is(":") && i > 0 && tokens[i-1].is("LAT", "LATITUDE", "LON", "LONG", "LNG", "LONGITUDE"):
			continue
		}
		out = append(out, t)
	}
	return out
}

// joinDecimals reads commas that stand glued between whole numbers as decimal marks. It returns the index of the first such comma, or -1.
func joinDecimals(tokens []token) ([]token, int) {
	var out []token
	at := -1
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if t.is(",") && t.glued && len(out) > 0 && i+1 < len(tokens) && out[len(out)-1].whole() && tokens[i+1].whole() && tokens[i+1].glued {
			if at < 0 {
				at = i
			}
			out[len(out)-1].text += "." + tokens[i+1].text
			i++
			continue
		}
		out = append(out, t)
	}
	return out, at
}

// angle is one half of a pair in degrees.
type angle struct {
	letter   byte // N, S, E, W, or 0
	axis     byte // 'N' for latitude, 'E' for longitude, 0 unknown
	negative bool
	numbers  []token // one to three: degrees, minutes, seconds
	col      int
}

// units returns the size of the angle in 1e-7 degree, rounded half up, without its sign.
func (a angle) units() int64 {
	// The sum is kept in 1e-9 seconds of arc: exact for nine decimals, which is a tenth of a millimetre even for degrees.
	var sum int64
	for i, n := range a.numbers {
		whole, decimals, _ := strings.Cut(n.text, ".")
		var v int64
		for _, d := range whole {
			v = min(v*10+int64(d-'0'), 10_000)
		}
		for k := range 9 {
			v *= 10
			if k < len(decimals) {
				v += int64(decimals[k] - '0')
			}
		}
		sum += v * [3]int64{3600, 60, 1}[i]
	}
	const perUnit = 3600 * 1_000_000_000 / geo.E7
	return (sum + perUnit/2) / perUnit
}

// precisionMM returns the size of the last digit on the ground, at the equator.
func (a angle) precisionMM() int64 {
	const secondMM = 30_922 // of latitude or of the equator: 111,320 m in a degree
	_, decimals, _ := strings.Cut(a.numbers[len(a.numbers)-1].text, ".")
	size := secondMM * [3]int64{3600, 60, 1}[len(a.numbers)-1]
	for range decimals {
		size = (size + 9) / 10
	}
	return max(size, grainMM)
}

// written gives the angle in plain form with the digits that were typed.
func (a angle) written() string {
	var b strings.Builder
	if a.negative {
		b.WriteByte('-')
	}
	for i, n := range a.numbers {
		text := n.text
		if strings.HasPrefix(text, ".") {
			text = "0" + text
		}
		text = strings.TrimSuffix(text, ".")
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		if len(a.numbers) > 1 {
			b.WriteString([3]string{"°", "′", "″"}[i])
		}
	}
	if a.letter != 0 {
		b.WriteString(" " + string(a.letter))
	}
	return b.String()
}

// readPair reads both halves, gives each its axis and checks the ranges.
func readPair(tokens []token) (Reading, *Fault) {
	first, second, fault := split(tokens)
	if fault != nil {
		return Reading{}, fault
	}
	if len(first) == 0 || len(second) == 0 {
		return Reading{}, &Fault{Read: "nothing on one side of the comma", Expected: degreesForm, Column: after(first)}
	}
	a, fault := readAngle(first)
	if fault != nil {
		return Reading{}, fault
	}
	b, fault := readAngle(second)
	if fault != nil {
		return Reading{}, fault
	}
	dashed := false
	for _, t := range tokens {
		dashed = dashed || t.is("–")
	}
	if dashed && (a.letter == 0 || b.letter == 0) {
		return Reading{}, &Fault{Read: "dashes between numbers without letters", Expected: `letters N, S, E, W, as in "35-57-00 N 039-00-36 E"`, Column: a.col}
	}
	named := a.axis != 0 || b.axis != 0
	switch {
	case a.axis != 0 && a.axis == b.axis:
		axis := map[byte]string{'N': "latitudes (N or S)", 'E': "longitudes (E or W)"}[a.axis]
		return Reading{}, &Fault{Read: "two " + axis, Expected: "one latitude (N or S) and one longitude (E or W)", Column: b.col}
	case a.axis == 'E' || b.axis == 'N':
		a, b = b, a
	}
	lat, lon := a.units(), b.units()
	if lat > 90*geo.E7 {
		fault := &Fault{Read: "latitude " + a.written(), Expected: "a latitude from -90 to 90", Column: a.col}
		if !named && lat <= 180*geo.E7 && lon <= 90*geo.E7 {
			fault.Expected += ", written first"
			fault.Hint = fmt.Sprintf("if longitude came first, the place is %s (latitude %s, longitude %s)", geo.Position{Lon: signed(lat, a), Lat: signed(lon, b)}, b.written(), a.written())
		}
		return Reading{}, fault
	}
	if lon > 180*geo.E7 {
		return Reading{}, &Fault{Read: "longitude " + b.written(), Expected: "a longitude from -180 to 180", Column: b.col}
	}

	r := Reading{Position: geo.Position{Lon: signed(lon, b), Lat: signed(lat, a)}}
	r.Notation = [3]Notation{DD, DMM, DMS}[max(len(a.numbers), len(b.numbers))-1]
	r.PrecisionMM = max(a.precisionMM(), b.precisionMM())
	r.Written = a.written() + ", " + b.written()
	r.Explained = fmt.Sprintf("Read as %s, latitude %s and longitude %s, to about %s.",
		map[Notation]string{DD: "decimal degrees", DMM: "degrees and minutes", DMS: "degrees, minutes and seconds"}[r.Notation], a.written(), b.written(), ground(r.PrecisionMM))
	if !named {
		r.Explained += " The first number was taken as latitude."
	}
	return r, nil
}

func signed(units int64, a angle) int32 {
	if a.negative || a.letter == 'S' || a.letter == 'W' {
		return int32(-units)
	}
	return int32(units)
}

// split parts the tokens of latitude from those of longitude.
func split(tokens []token) (first, second []token, fault *Fault) {
	var commas, letters, labels, numbers, degrees []int
	starts := []int{} // numbers that begin a group: not joined to the one before by a colon or dash
	for i, t := range tokens {
		switch {
		case t.is(","):
			commas = append(commas, i)
		case t.is("LAT", "LON"):
			labels = append(labels, i)
		case t.is("N", "S", "E", "W"):
			letters = append(letters, i)
		case t.is("°"):
			degrees = append(degrees, i)
		case t.kind == number:
			numbers = append(numbers, i)
			if i == 0 || !tokens[i-1].is(":", "–") {
				starts = append(starts, i)
			}
		}
	}
	at := func(i int) ([]token, []token, *Fault) { return tokens[:i], tokens[i:], nil }
	back := func(i int) ([]token, []token, *Fault) { // a sign belongs to the number behind it
		if i > 0 && tokens[i-1].is("+", "-") {
			i--
		}
		return at(i)
	}
	switch {
	case len(numbers) == 0:
		return nil, nil, &Fault{Read: "no number", Expected: degreesForm, Column: tokens[0].col}
	case len(starts) == 1 && len(numbers) <= 3:
		return nil, nil, &Fault{Read: "one number only, " + written(tokens), Expected: degreesForm, Column: after(tokens)}
	case len(commas) == 1:
		return tokens[:commas[0]], tokens[commas[0]+1:], nil
	case len(commas) > 1:
		return nil, nil, &Fault{Read: fmt.Sprintf("%d separators", len(commas)), Expected: "one comma, between latitude and longitude", Column: tokens[commas[1]].col}
	case len(labels) == 2 && labels[0] == 0:
		return at(labels[1])
	case len(letters) == 2 && letters[0] < numbers[0]:
		return at(letters[1])
	case len(letters) == 2:
		return at(letters[0] + 1)
	case len(letters) == 1 && letters[0] > numbers[0] && letters[0] < numbers[len(numbers)-1]:
		i := letters[0]
		before, behind := tokens[i].glued, tokens[i+1].glued
		if before == behind {
			return nil, nil, &Fault{Read: "one direction letter between two numbers, " + tokens[i].text, Expected: "a letter for each number, or a comma between latitude and longitude", Column: tokens[i].col}
		}
		if behind {
			return at(i)
		}
		return at(i + 1)
	case len(letters) > 2:
		return nil, nil, &Fault{Read: fmt.Sprintf("%d direction letters", len(letters)), Expected: "one of N, S and one of E, W", Column: tokens[letters[2]].col}
	case len(degrees) == 2 && degrees[1] > 0 && tokens[degrees[1]-1].kind == number:
		return back(degrees[1] - 1)
	case len(numbers) == 2 && len(letters)+len(labels)+len(degrees) == 1 && tokens[numbers[0]].whole() && !tokens[numbers[1]-1].is("+", "-"):
		return nil, nil, &Fault{Read: "two numbers that may be degrees and minutes of one coordinate, " + written(tokens), Expected: "a comma between latitude and longitude, or a letter for each", Column: tokens[numbers[1]].col}
	case len(starts) == 2:
		return back(starts[1])
	}
	return nil, nil, &Fault{Read: fmt.Sprintf("%d numbers, and no mark where the second coordinate begins", len(numbers)), Expected: "a comma, degree signs or letters N, S, E, W", Column: tokens[numbers[len(numbers)-1]].col}
}

// written joins tokens for a fault.
func written(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		if !t.glued && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// readAngle reads one half of a pair: sign, one to three numbers with or without their marks, and a letter before or behind.
func readAngle(tokens []token) (angle, *Fault) {
	var a angle
	a.col = tokens[0].col
	var sign *token
	for i, t := range tokens {
		names := [3]string{"degrees", "minutes", "seconds"}
		switch {
		case t.is("LAT", "LON"):
			if i > 0 {
				return a, &Fault{Read: quote(t.text), Expected: "a label before its number", Column: t.col}
			}
			a.axis = map[string]byte{"LAT": 'N', "LON": 'E'}[t.text]
		case t.is("N", "S", "E", "W"):
			axis := byte('N')
			if t.is("E", "W") {
				axis = 'E'
			}
			if a.letter != 0 || a.axis != 0 && a.axis != axis {
				return a, &Fault{Read: "a second direction, " + t.text, Expected: "one direction letter for each coordinate", Column: t.col}
			}
			if len(a.numbers) > 0 && i != len(tokens)-1 {
				return a, &Fault{Read: quote(t.text) + " between numbers", Expected: "the direction letter before or behind a coordinate", Column: t.col}
			}
			a.letter, a.axis = t.text[0], axis
		case t.is("+", "-"):
			if sign != nil || len(a.numbers) > 0 {
				return a, &Fault{Read: quote(t.text), Expected: "a sign only before the degrees", Column: t.col}
			}
			if i+1 < len(tokens) && tokens[i+1].kind == number && !tokens[i+1].glued {
				return a, &Fault{Read: quote(t.text) + " with a space behind it", Expected: "a sign right before its number, or a comma between latitude and longitude", Column: t.col}
			}
			sign = &tokens[i]
			a.negative = t.is("-")
		case t.kind == number:
			if n := len(a.numbers); n == 3 {
				return a, &Fault{Read: "a fourth number, " + t.text, Expected: "degrees, minutes and seconds", Column: t.col}
			} else if n > 0 && !a.numbers[n-1].whole() {
				return a, &Fault{Read: names[n-1] + " " + a.numbers[n-1].text + " followed by " + t.text, Expected: "decimals only in the last of degrees, minutes and seconds", Column: a.numbers[n-1].col}
			}
			a.numbers = append(a.numbers, t)
			if n := len(a.numbers); n > 1 {
				if v := strings.TrimLeft(strings.SplitN(t.text, ".", 2)[0], "0"); len(v) > 2 || len(v) == 2 && v > "59" {
					return a, &Fault{Read: names[n-1] + " " + t.text, Expected: names[n-1] + " from 0 to below 60", Column: t.col}
				}
			}
		case t.is("°", "'", `"`):
			n := map[string]int{"°": 1, "'": 2, `"`: 3}[t.text]
			if i == 0 || tokens[i-1].kind != number || len(a.numbers) != n {
				return a, &Fault{Read: "the sign " + t.text, Expected: "° behind degrees, ′ behind minutes, ″ behind seconds", Column: t.col}
			}
		case t.is(":", "–"):
			if i == 0 || i == len(tokens)-1 || tokens[i-1].kind != number || tokens[i+1].kind != number {
				return a, &Fault{Read: quote(t.text), Expected: "digits on both sides of it", Column: t.col}
			}
		default:
			return a, &Fault{Read: quote(t.text), Expected: degreesForm, Column: t.col}
		}
	}
	switch {
	case len(a.numbers) == 0:
		return a, &Fault{Read: "no number beside " + quote(written(tokens)), Expected: degreesForm, Column: a.col}
	case sign != nil && a.letter != 0 && (a.negative || a.letter == 'S' || a.letter == 'W'):
		return a, &Fault{Read: fmt.Sprintf("both a sign and the letter %c", a.letter), Expected: "one of them", Column: sign.col}
	}
	return a, nil
}
