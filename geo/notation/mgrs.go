package notation

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"parley/geo"
)

// Letters of the 100 km squares (NGA.STND.0037, section 3 and appendix B). I and O are never used.
const (
	mgrsLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	mgrsRows    = "ABCDEFGHJKLMNPQRSTUV" // repeat every 2,000 km; zones with an even number start at F
	squareSide  = 100_000                // metres
)

// utmColumns are the letters of eastings from 100 km to 900 km, by zone modulo 3.
var utmColumns = [3]string{1: "ABCDEFGH", 2: "JKLMNPQR", 0: "STUVWXYZ"}

// polarPart is one of the four letters of UPS, with the letters of its columns and rows and the eastings and northings where they start.
type polarPart struct {
	north          bool
	columns, rows  string
	easting, south int // in units of 100 km
}

var polarParts = map[byte]polarPart{
	'A': {false, "JKLPQRSTUXYZ", mgrsLetters, 8, 8},
	'B': {false, "ABCFGHJKLPQR", mgrsLetters, 20, 8},
	'Y': {true, "RSTUXYZ", mgrsLetters[:14], 13, 13},
	'Z': {true, "ABCFGHJ", mgrsLetters[:14], 20, 13},
}

// mgrsOf returns zone and band ("37S", or "Z" near a pole), the two letters of the 100 km square, and the metres inside it, cut to whole metres.
func mgrsOf(p geo.Position) (place, square string, east, north int) {
	g := ToGrid(p)
	e, n := int(math.Floor(g.Easting)), int(math.Floor(g.Northing))
	column, row := e/squareSide, n/squareSide
	if g.Zone == 0 {
		letter := map[bool]string{true: "YZ", false: "AB"}[g.North][e/upsFalseOrigin]
		part := polarParts[letter]
		return string(letter), string([]byte{part.columns[column-part.easting], part.rows[row-part.south]}), e % squareSide, n % squareSide
	}
	if !g.North && n == utmFalseNorthing { // a place less than the grain south of the equator
		row, n = row-1, n-1
	}
	letters := []byte{utmColumns[g.Zone%3][column-1], mgrsRows[(row+rowShift(g.Zone))%len(mgrsRows)]}
	return fmt.Sprintf("%02d%c", g.Zone, bandOf(p)), string(letters), e % squareSide, n % squareSide
}

func rowShift(zone int) int {
	if zone%2 == 0 {
		return 5
	}
	return 0
}

// knownWords are words of the other notations, which are no letters of a grid.
var knownWords = map[string]bool{
	"N": true, "S": true, "E": true, "W": true, "NORTH": true, "SOUTH": true, "EAST": true, "WEST": true,
	"LAT": true, "LATITUDE": true, "LON": true, "LONG": true, "LNG": true, "LONGITUDE": true,
	"D": true, "DEG": true, "DEGREE": true, "DEGREES": true, "MIN": true, "MINUTE": true, "MINUTES": true, "SEC": true, "SECOND": true, "SECONDS": true,
	"UTM": true, "UPS": true, "ZONE": true, "EASTING": true, "NORTHING": true, "M": true, "ME": true, "MN": true,
}

// looksMGRS reports whether tokens are meant as MGRS: they say so, have its form, or begin with letters that are no word of another notation.
func looksMGRS(tokens []token) bool {
	if tokens[0].is("MGRS") {
		return true
	}
	from := 0
	for from < len(tokens) && tokens[from].kind != word {
		from++
	}
	to, letters, long, known := from, 0, false, true
	for ; to < len(tokens) && tokens[to].kind == word; to++ {
		letters += len(tokens[to].text)
		known = known && knownWords[tokens[to].text]
		long = long || len(tokens[to].text) > 1 && knownWords[tokens[to].text]
	}
	// A zone, three letters and nothing but digits is MGRS even where the letters spell a word: 36U TM, 37S EC, 32M ME.
	form := letters == 3 && from == 1 && tokens[0].whole()
	for _, t := range tokens[to:] {
		form = form && t.whole()
	}
	switch {
	case form:
		return true
	case long || from == len(tokens):
		return false
	case letters >= 3:
		return true
	case known:
		return false
	default:
		return letters == 2 || to == len(tokens) // two letters, or a zone and band with nothing behind them
	}
}

const mgrsForm = `MGRS such as "37S EV 00901 78402": zone, band letter, two letters of the square, then easting and northing with 0 to 5 digits each`

// mgrsText is MGRS text cut into its parts, each with its column.
type mgrsText struct {
	zone        int // 0 for UPS
	letters     []byte
	cols        []int
	east, north string
	digitsCol   int
}

// cutMGRS cuts tokens into the parts of MGRS and checks their form, not yet their meaning.
func cutMGRS(tokens []token) (mgrsText, *Fault) {
	var m mgrsText
	tokens = dropLabel(tokens, "MGRS")
	all := tokens
	if len(tokens) > 0 && tokens[0].kind == number {
		zone := tokens[0]
		if !zone.whole() || len(zone.text) > 2 || zone.text == "0" || zone.text == "00" || len(zone.text) == 2 && zone.text > "60" {
			return m, &Fault{Read: "zone " + zone.text, Expected: "a zone of one or two digits from 1 to 60", Column: zone.col}
		}
		m.zone, _ = strconv.Atoi(zone.text)
		tokens = tokens[1:]
	}
	for len(tokens) > 0 && tokens[0].kind == word {
		for i := range len(tokens[0].text) {
			m.letters, m.cols = append(m.letters, tokens[0].text[i]), append(m.cols, tokens[0].col+i)
		}
		tokens = tokens[1:]
	}
	for i, letter := range m.letters {
		if letter == 'I' || letter == 'O' {
			return m, &Fault{Read: fmt.Sprintf("the letter %c", letter), Expected: "no letter I or O: MGRS leaves both out against confusion with 1 and 0", Column: m.cols[i]}
		}
	}
	switch {
	case len(m.letters) == 0 && len(tokens) > 0:
		return m, &Fault{Read: quote(tokens[0].text), Expected: mgrsForm, Column: tokens[0].col}
	case len(m.letters) == 1 && len(tokens) == 0:
		return m, &Fault{Read: fmt.Sprintf("a zone and band only, %d%c", m.zone, m.letters[0]), Expected: mgrsForm, Column: after(all)}
	case len(m.letters) == 0:
		return m, &Fault{Read: "no letters", Expected: mgrsForm, Column: after(all)}
	case len(m.letters) != 3:
		return m, &Fault{Read: fmt.Sprintf("the letters %q", m.letters), Expected: "one band letter and two letters of the 100 km square", Column: m.cols[0]}
	}
	var groups []token
	for _, t := range tokens {
		if !t.whole() {
			return m, &Fault{Read: quote(t.text), Expected: mgrsForm, Column: t.col}
		}
		groups = append(groups, t)
	}
	switch {
	case len(groups) == 0:
		m.digitsCol = after(all)
		return m, nil
	case len(groups) > 2:
		return m, &Fault{Read: fmt.Sprintf("%d groups of digits", len(groups)), Expected: "one group, or easting and northing in two", Column: groups[2].col}
	case len(groups) == 2:
		m.east, m.north = groups[0].text, groups[1].text
		if len(m.east) != len(m.north) {
			return m, &Fault{Read: fmt.Sprintf("an easting of %d digits and a northing of %d", len(m.east), len(m.north)), Expected: "as many digits in both", Column: groups[1].col}
		}
	default:
		digits := groups[0].text
		if len(digits)%2 != 0 {
			return m, &Fault{Read: fmt.Sprintf("%d digits, %s", len(digits), digits), Expected: "an even number of digits, half easting and half northing", Column: groups[0].col}
		}
		m.east, m.north = digits[:len(digits)/2], digits[len(digits)/2:]
	}
	m.digitsCol = groups[0].col
	if len(m.east) > 5 {
		return m, &Fault{Read: fmt.Sprintf("%d digits each for easting and northing", len(m.east)), Expected: "at most 5 each, which is 1 metre", Column: groups[0].col}
	}
	return m, nil
}

// overlap is how far outside its zone, in metres, a square may lie: maps at the seam of two zones carry both grids for 40 km.
const overlap = 50_000

// parseMGRS reads an MGRS square as its centre. The square must touch the band and zone that were written; where GEOTRANS and GeographicLib differ
// on the switch to UPS, both are read.
func parseMGRS(tokens []token) (Reading, *Fault) {
	m, fault := cutMGRS(tokens)
	if fault != nil {
		return Reading{}, fault
	}
	side := int(math.Pow10(5 - len(m.east)))
	corner, fault := m.corner(float64(side))
	if fault != nil {
		return Reading{}, fault
	}
	centre := corner
	centre.Easting += float64(side) / 2
	centre.Northing += float64(side) / 2
	lat, lon := centre.degrees()

	r := Reading{Position: nearest(lat, lon), Notation: MGRS, PrecisionMM: int64(side) * 1000}
	place := string(m.letters[0])
	if m.zone > 0 {
		place = fmt.Sprintf("%02d%s", m.zone, place)
	}
	r.Written = strings.TrimRight(fmt.Sprintf("%s %s %s %s", place, m.letters[1:], m.east, m.north), " ")
	r.Explained = fmt.Sprintf("Read as MGRS: the centre of the square of %s that %s names.", ground(r.PrecisionMM), r.Written)
	r.Explained += unusual(r.Position, m.zone, MGRS)
	return r, nil
}

// corner returns the south-west corner of the square, after checking that its letters exist in its zone and band.
func (m mgrsText) corner(side float64) (Grid, *Fault) {
	east, _ := strconv.Atoi((m.east + "00000")[:5])
	north, _ := strconv.Atoi((m.north + "00000")[:5])
	if m.zone == 0 {
		return m.polarCorner(float64(east), float64(north), side)
	}
	band := strings.IndexByte(bands, m.letters[0])
	if band < 0 {
		return Grid{}, &Fault{Read: fmt.Sprintf("band %c", m.letters[0]), Expected: "a band letter of " + bands, Column: m.cols[0]}
	}
	columns := utmColumns[m.zone%3]
	column := strings.IndexByte(columns, m.letters[1])
	if column < 0 {
		return Grid{}, &Fault{Read: fmt.Sprintf("column letter %c", m.letters[1]), Expected: fmt.Sprintf("a letter of %s, the columns of zone %d", columns, m.zone), Column: m.cols[1]}
	}
	row := strings.IndexByte(mgrsRows, m.letters[2])
	if row < 0 {
		return Grid{}, &Fault{Read: fmt.Sprintf("row letter %c", m.letters[2]), Expected: "a letter of " + mgrsRows, Column: m.cols[2]}
	}
	block := Grid{Zone: m.zone, North: band >= 10, Easting: float64(column+1) * squareSide}
	row = (row - rowShift(m.zone) + len(mgrsRows)) % len(mgrsRows)
	northing, found := block.rowInBand(row, band)
	if !found {
		return Grid{}, &Fault{Read: fmt.Sprintf("row letter %c with band %c", m.letters[2], m.letters[0]),
			Expected: fmt.Sprintf("in zone %d, column %c, band %c, a row letter of %s", m.zone, m.letters[1], m.letters[0], block.rowsOfBand(band)), Column: m.cols[2]}
	}
	g := block
	g.Easting += float64(east)
	g.Northing = northing + float64(north)
	reach := g.reach(side)
	if s := latitudeOfBand(band); reach.high < s.low || reach.low > s.high {
		return Grid{}, &Fault{Read: fmt.Sprintf("band %c with a square at latitude %.3f", m.letters[0], reach.low),
			Expected: fmt.Sprintf("a square in band %c (latitude %s)", m.letters[0], bandSpan(band)), Column: m.cols[0],
			Hint: fmt.Sprintf("this square lies in band %s", bandAt((reach.low+reach.high)/2))}
	}
	if off := g.outside(side); off > overlap {
		return Grid{}, &Fault{Read: fmt.Sprintf("a square %.0f km outside zone %d", off/1000, m.zone), Expected: "a square inside its zone, or within 50 km of it", Column: m.cols[1]}
	}
	return g, nil
}

// latitudeOfBand is the span in which squares of a band are read. X ends half a degree late and C begins half a degree early (see Grid.latitudes);
// the margin of about a metre takes in squares whose corners were cut at the edge.
func latitudeOfBand(band int) span {
	s := bandSpan(band)
	s.low -= 1e-5
	s.high += 1e-5
	if band == 0 {
		s.low -= 0.5
	}
	if band == len(bands)-1 {
		s.high += 0.5
	}
	return s
}

// rowInBand returns the northing of the row that has an index in mgrsRows and touches the band. Rows repeat every 2,000 km and a band is at most
// 1,400 km high, so there is one such row or none.
func (g Grid) rowInBand(row, band int) (northing float64, found bool) {
	s := latitudeOfBand(band)
	for ; row < 100; row += len(mgrsRows) {
		g.Northing = float64(row) * squareSide
		if r := g.reach(squareSide); r.high >= s.low && r.low <= s.high {
			return g.Northing, true
		}
	}
	return 0, false
}

// rowsOfBand lists the row letters that exist in a band and column, from south to north.
func (g Grid) rowsOfBand(band int) string {
	var letters []byte
	s := latitudeOfBand(band)
	for row := range 100 {
		g.Northing = float64(row) * squareSide
		if r := g.reach(squareSide); r.high >= s.low && r.low <= s.high {
			letters = append(letters, mgrsRows[(row+rowShift(g.Zone))%len(mgrsRows)])
		}
	}
	return string(letters)
}

// reach returns the latitudes of a UTM square from its south-west corner. The central meridian is an edge of squares, never inside one, so latitude
// is highest and lowest at corners.
func (g Grid) reach(side float64) span {
	s := span{math.Inf(1), math.Inf(-1)}
	for _, c := range g.corners(side) {
		lat, _ := c.degrees()
		s.low, s.high = min(s.low, lat), max(s.high, lat)
	}
	return s
}

func (g Grid) corners(side float64) [4]Grid {
	corners := [4]Grid{g, g, g, g}
	corners[1].Easting += side
	corners[2].Northing += side
	corners[3].Easting += side
	corners[3].Northing += side
	return corners
}

// outside returns how many metres the nearest corner of the square lies outside its zone.
func (g Grid) outside(side float64) float64 {
	off := math.Inf(1)
	for _, c := range g.corners(side) {
		lat, lon := c.degrees()
		off = min(off, outside(g.Zone, lat, lon))
	}
	return off
}

// polarCorner is corner for the four letters of UPS.
func (m mgrsText) polarCorner(east, north, side float64) (Grid, *Fault) {
	part, ok := polarParts[m.letters[0]]
	if !ok {
		return Grid{}, &Fault{Read: fmt.Sprintf("%c without a zone", m.letters[0]), Expected: "a zone number before the band letter, or A, B, Y, Z near the poles", Column: m.cols[0]}
	}
	column := strings.IndexByte(part.columns, m.letters[1])
	if column < 0 {
		return Grid{}, &Fault{Read: fmt.Sprintf("column letter %c", m.letters[1]), Expected: fmt.Sprintf("a letter of %s, the columns of %c", part.columns, m.letters[0]), Column: m.cols[1]}
	}
	row := strings.IndexByte(part.rows, m.letters[2])
	if row < 0 {
		return Grid{}, &Fault{Read: fmt.Sprintf("row letter %c", m.letters[2]), Expected: fmt.Sprintf("a letter of %s, the rows of %c", part.rows, m.letters[0]), Column: m.cols[2]}
	}
	g := Grid{North: part.north, Easting: float64(part.easting+column)*squareSide + east, Northing: float64(part.south+row)*squareSide + north}
	allowed := g.latitudes()
	for _, c := range g.corners(side) {
		if lat, _ := c.degrees(); allowed.holds(lat) {
			return g, nil
		}
	}
	lat, _ := g.degrees()
	return Grid{}, &Fault{Read: fmt.Sprintf("a square at latitude %.3f", lat), Expected: fmt.Sprintf("latitude %s for %c", allowed, m.letters[0]), Column: m.cols[1]}
}
