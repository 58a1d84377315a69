package notation

import (
	"errors"
	"strings"
	"testing"

	"parley/geo"
)

func TestParseReads(t *testing.T) {
	for _, c := range []struct {
		text      string
		lat, lon  float64
		notation  Notation
		precision int64 // millimetres
	}{
		// Decimal degrees.
		{"35.9500, 39.0100", 35.95, 39.01, DD, 11132},
		{"35.950,39.010", 35.95, 39.01, DD, 111320},
		{"35.9500;39.0100", 35.95, 39.01, DD, 11132},
		{"35.9500 / 39.0100", 35.95, 39.01, DD, 11132},
		{"-33.3 -70.6", -33.3, -70.6, DD, 11131920},
		{"−33.3, –70.6", -33.3, -70.6, DD, 11131920},
		{"35.95° 39.01°", 35.95, 39.01, DD, 1113192},
		{"N 35.95° E 39.01°", 35.95, 39.01, DD, 1113192},
		{"39.01E 35.95N", 35.95, 39.01, DD, 1113192},
		{"E39.01, N35.95", 35.95, 39.01, DD, 1113192},
		{"35.95 S; 39.01 W", -35.95, -39.01, DD, 1113192},
		{"lat: 35.95, long: 39.01", 35.95, 39.01, DD, 1113192},
		{"Longitude 39.01 Latitude 35.95", 35.95, 39.01, DD, 1113192},
		{"35,9500 39,0100", 35.95, 39.01, DD, 11132},
		{"35,9500; 39,0100", 35.95, 39.01, DD, 11132},
		{"35,9500, 39,0100", 35.95, 39.01, DD, 11132},
		{"35.12345678 39.00000004", 35.1234568, 39, DD, 12},
		{"48 35", 48, 35, DD, 111319200},
		{"48 -35", 48, -35, DD, 111319200},
		{"48.5 35E", 48.5, 35, DD, 111319200},
		{"N 48.5 35", 48.5, 35, DD, 111319200},
		{".5 .5", 0.5, 0.5, DD, 11131920},
		{"-90 180", -90, 180, DD, 111319200},
		{"0.0000001 -0.0000001", 0.0000001, -0.0000001, DD, 12},
		// Scripts.
		{"٣٥٫٩٥٠٠، ٣٩٫٠١٠٠", 35.95, 39.01, DD, 11132},
		{"۳۵٫۹۵ ۳۹٫۰۱", 35.95, 39.01, DD, 1113192},
		{"\u2066٣٥٫٩٥\u2069؛ \u200f٣٩٫٠١", 35.95, 39.01, DD, 1113192},
		{"\u202a35.95\u00a0N\u202f39.01\u00a0E\u202c", 35.95, 39.01, DD, 1113192},
		{"３５．９５，３９．０１", 35.95, 39.01, DD, 1113192},
		{"خط العرض ٣٥٫٩٥ خط الطول ٣٩٫٠١", 35.95, 39.01, DD, 1113192},
		{"35.95 شمالاً 39.01 شرقاً", 35.95, 39.01, DD, 1113192},
		{"٣٣٫٣ جنوب، ٧٠٫٦ غرب", -33.3, -70.6, DD, 11131920},
		// Degrees and minutes.
		{"35° 57.0′ N 39° 00.6′ E", 35.95, 39.01, DMM, 185532},
		{"35 57.000, 39 00.600", 35.95, 39.01, DMM, 1856},
		{"N35 57.0 E039 00.6", 35.95, 39.01, DMM, 185532},
		{"35d57.0'N 39d0.6'E", 35.95, 39.01, DMM, 185532},
		{"35 deg 57 min N, 39 deg 0.6 min E", 35.95, 39.01, DMM, 1855320},
		{"48:30.5N 35:00.25E", 48.5083333, 35.0041667, DMM, 185532},
		// Degrees, minutes and seconds.
		{"35° 57′ 00.0″ N 039° 00′ 36.0″ E", 35.95, 39.01, DMS, 3093},
		{`35°57'00"N 39°00'36"E`, 35.95, 39.01, DMS, 30922},
		{"35º57’00’’N 39º00’36’’E", 35.95, 39.01, DMS, 30922},
		{"35°57´00´´N, 39°00`36``E", 35.95, 39.01, DMS, 30922},
		{"35°57′00“ N 39°00′36” E", 35.95, 39.01, DMS, 30922},
		{"35-57-00N 039-00-36E", 35.95, 39.01, DMS, 30922},
		{"35:57:00 39:00:36", 35.95, 39.01, DMS, 30922},
		{"35 57 00 N 39 00 36 E", 35.95, 39.01, DMS, 30922},
		{"35 57 00, 39 00 36", 35.95, 39.01, DMS, 30922},
		{"٣٥° ٥٧′ ٠٠″ شمال ٣٩° ٠٠′ ٣٦″ شرق", 35.95, 39.01, DMS, 30922},
		{"12°34'56.789\"S 98°07'06.5\"W", -12.5824414, -98.1184722, DMS, 3093},
		// MGRS is read as the centre of the square.
		{"37S EV 00901 78402", 35.9499974, 39.0099963, MGRS, 1000},
		{"37sev0090178402", 35.9499974, 39.0099963, MGRS, 1000},
		{"MGRS: 37 S EV 0090 7840", 35.9500199, 39.0100350, MGRS, 10000},
		{"37SEV07", 35.9190000, 39.0554000, MGRS, 10000000},
		{"３７Ｓ ＥＶ ００９０１ ７８４０２", 35.9499974, 39.0099963, MGRS, 1000},
		{"35UPS1234567890", 51.1514224, 28.6063353, MGRS, 1000}, // letters that spell words of other notations
		{"37SEC0090178402", 38.6541867, 39.0103607, MGRS, 1000},
		{"32M ME 99999 99999", -0.0000045, 8.9999955, MGRS, 1000},
		{"4QFJ12345678", 21.3094781, -157.9168189, MGRS, 10000},
		{"ZAH", 89.3631098, 135, MGRS, 100000000},
		// UTM and UPS are read as the point.
		{"37S 500902 3978403", 35.9500019, 39.0100017, UTM, 1000},
		{"37 S 500902 3978403", 35.9500019, 39.0100017, UTM, 1000},
		{"UTM zone 37 north 500902mE 3978403mN", 35.9500019, 39.0100017, UTM, 1000},
		{"37 north N3978403 E500902", 35.9500019, 39.0100017, UTM, 1000},
		{"37S 500902.00, 3978403.00", 35.9500019, 39.0100017, UTM, 12},
		{"36N 647740 5377147", 48.5300281, 35.0011817, UTM, 1000},
		{"37 south 501234 3978123", -54.3447232, 39.0189826, UTM, 1000},
		{"north 2000000 1333272", 83.9999973, 0, UTM, 1000},
		{"B 2000000 2000000", -90, 0, UTM, 1000},
		// Cells: GARS and Plus Codes, from the examples of their specifications.
		{"439LM11", 35.9583333, 39.0416667, GARS, 9276667},
		{"439lm", 35.75, 39.25, GARS, 55660000},
		{"8FVC2222+22", 47.0000625, 8.0000625, PlusCode, 13916},
		{"7fg49qcj+2vx", 20.3701125, 2.7822344, PlusCode, 3479},
		{"62G20000+", 0.5, -179.5, PlusCode, 111320001},
		{"4VCPPQGP+Q9", -41.2730625, 174.7859375, PlusCode, 13916},
	} {
		r, err := Parse(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		want := nearest(c.lat, c.lon)
		near := 0.02
		if c.notation == MGRS && c.precision > 10_000 {
			near = 0.75 * float64(c.precision) / 1000
		}
		if r.Notation == DD || r.Notation == DMM || r.Notation == DMS {
			near = 0.001
		}
		if apart(r.Position, want) > near || r.Notation != c.notation || r.PrecisionMM != c.precision {
			t.Errorf("%q: read as %s in %s to %d mm, expected %s in %s to %d mm", c.text, r.Position, r.Notation, r.PrecisionMM, want, c.notation, c.precision)
		}
		again, err := Parse(r.Written)
		if err != nil || again.Position != r.Position || again.PrecisionMM != r.PrecisionMM || again.Written != r.Written {
			t.Errorf("%q: written %q, which reads as %+v, %v", c.text, r.Written, again, err)
		}
		if !strings.HasPrefix(r.Explained, "Read as ") {
			t.Errorf("%q: explained %q", c.text, r.Explained)
		}
	}
}

func TestParseExplains(t *testing.T) {
	for text, want := range map[string]string{
		"35.95, 39.01":           "The first number was taken as latitude.",
		"0, 0":                   "a value left out",
		"37S 500902 3978403":     "not the southern hemisphere, which is written \"37 south\"",
		"36N 647740 5377147":     "N, as band or as hemisphere, lies north of the equator",
		"31VFJ":                  "its usual form is 32V",
		"37 north 850000 100000": "its usual form is 38 north",
	} {
		r, err := Parse(text)
		if err != nil || !strings.Contains(r.Explained, want) {
			t.Errorf("%q: explained %q (%v), expected %q in it", text, r.Explained, err, want)
		}
	}
	if r, _ := Parse("N 35.95 E 39.01"); strings.Contains(r.Explained, "first number") {
		t.Errorf("letters given, explained %q", r.Explained)
	}
}

func TestParseFaults(t *testing.T) {
	for _, c := range []struct {
		text, read, expected, hint string
		column                     int
	}{
		{"", "nothing", "a position", "", 1},
		{" \u200f ", "nothing", "a position", "", 1},
		{"35.95", "one number only, 35.95", "latitude then longitude", "", 6},
		{"35.95 N", "one number only, 35.95 N", "latitude then longitude", "", 8},
		{"35,95", "a comma without a space", "a space after the comma", "as separator it would give 35.0000000, 95.0000000", 3},
		{"48,5 35", "a comma without a space", "a point as decimal mark", "as decimal mark it would give 48.5000000, 35.0000000, as separator 48.0000000, 5.5833333", 3},
		{"48 30 35 00", "4 numbers", "a comma, degree signs or letters", "", 10},
		{"35.95 - 39.01", `"-" with a space behind it`, "a comma between latitude and longitude", "", 7},
		{"35.95-39.01", "one number only", "latitude then longitude", "", 12},
		{"N 35 39", "may be degrees and minutes of one coordinate", "a letter for each", "", 6},
		{"48° 35", "may be degrees and minutes of one coordinate", "a comma", "", 5},
		{"lat 48 35", "may be degrees and minutes of one coordinate", "a comma", "", 8},
		{"48.5 N 35", "one direction letter between two numbers", "a letter for each number", "", 6},
		{"95, 200", "latitude 95", "from -90 to 90", "", 1},
		{"95 N 35 E", "latitude 95 N", "from -90 to 90", "", 1},
		{"90.0000001, 0", "latitude 90.0000001", "from -90 to 90, written first", "longitude came first", 1},
		{"139.01, 35.95", "latitude 139.01", "from -90 to 90, written first", "if longitude came first, the place is 35.9500000, 139.0100000", 1},
		{"35.95, 181", "longitude 181", "from -180 to 180", "", 8},
		{"NaN 0", "not a number", "digits", "", 1},
		{"0 inf", "not a number", "digits", "", 3},
		{"1e-05 35", "an exponent, 1e-05", "without an exponent", "", 2},
		{"1e5 35", "an exponent, 1e5", "without an exponent", "", 2},
		{"48:60:00N 35E", "minutes 60", "minutes from 0 to below 60", "", 4},
		{"48:30:60N 35E", "seconds 60", "seconds from 0 to below 60", "", 7},
		{"48°60.5' N 35° E", "minutes 60.5", "minutes from 0 to below 60", "", 4},
		{"48.5°30' N 35° E", "degrees 48.5 followed by 30", "decimals only in the last", "", 1},
		{"48N 35N", "two latitudes", "one latitude (N or S) and one longitude (E or W)", "", 5},
		{"48E 35W", "two longitudes", "one latitude (N or S) and one longitude (E or W)", "", 5},
		{"-48 S, 35 E", "both a sign and the letter S", "one of them", "", 1},
		{"48'30°N 35E", "the sign '", "° behind degrees", "", 3},
		{"35-57-00 039-00-36", "dashes between numbers", "letters N, S, E, W", "", 1},
		{"35.9.5 39", `"35.9."`, "at most one decimal point", "", 5},
		{"35.95 Ж 39.01", `the character "Ж" (U+0416)`, "digits", "", 7},
		{"٣٥٫٩٥ فوق ٣٩٫٠١", `"فوق"`, "شمال", "", 7},
		{"35.95, 39.01, 12", "2 separators", "one comma", "", 13},
		{", 39.01 5", "nothing on one side of the comma", "latitude then longitude", "", 1},
		{strings.Repeat("1", 201), "a text of 201 characters", "at most 200", "", 201},
		{strings.Repeat("1", 20) + " 3", "a number of 20 digits", "at most 16", "", 1},
		// MGRS.
		{"37SIV0090178402", "the letter I", "no letter I or O", "", 4},
		{"37 S EO 00901 78402", "the letter O", "no letter I or O", "", 7},
		{"37SEV009017840", "9 digits", "an even number of digits", "", 6},
		{"37SEV 0090 78402", "an easting of 4 digits and a northing of 5", "as many digits in both", "", 12},
		{"37SEV 00 90 17", "3 groups of digits", "one group, or easting and northing in two", "", 13},
		{"37SEV 009017 784020", "6 digits each", "at most 5 each", "", 7},
		{"61SEV0090178402", "zone 61", "from 1 to 60", "", 1},
		{"037SEV0090178402", "zone 037", "one or two digits", "", 1},
		{"SEV0090178402", "S without a zone", "a zone number before the band letter", "", 1},
		{"37EV0090178402", `the letters "EV"`, "one band letter and two letters", "", 3},
		{"37S", "one number only", "latitude then longitude", "", 4},
		{"37T", "a zone and band only, 37T", "MGRS such as", "", 4},
		{"37AEV0090178402", "band A", "a band letter of CDEFGHJKLMNPQRSTUVWX", "", 3},
		{"37SNV0090178402", "column letter N", "ABCDEFGH, the columns of zone 37", "", 4},
		{"37SEX0090178402", "row letter X", "a letter of ABCDEFGHJKLMNPQRSTUV", "", 5},
		{"37SEF0090178402", "row letter F with band S", "a row letter of RSTUVABCDE", "", 5},
		{"37SEE0000099999", "band S with a square at latitude 40.", "a square in band S (latitude 32 to 40)", "this square lies in band T", 3},
		{"37SHV9999900000", "a square 127 km outside zone 37", "within 50 km", "", 4},
		{"ZMH", "column letter M", "ABCFGHJ, the columns of Z", "", 2},
		{"ZAZ", "row letter Z", "the rows of Z", "", 3},
		{"AJA", "a square at latitude -7", "latitude -90 to -79.5", "", 2},
		{"MGRS", "no letters", "MGRS such as", "", 1},
		// UTM.
		{"500902 3978403", "metres without a zone", "UTM such as", "", 1},
		{"61 north 500902 3978403", "zone 61", "from 1 to 60", "", 1},
		{"37 500902 3978403", "zone 37 without hemisphere or band", "UTM such as", "", 3},
		{"37I 500902 3978403", `band "I"`, "one band letter of", "", 3},
		{"37T 500902 3978403", "northing 3978403 with band T", "a northing in band T (latitude 40 to 48)", "this northing lies in band S", 12},
		{"37S 500902 7978403", "northing 7978403 with band S", "a northing in band S", "if the southern hemisphere is meant, write \"37 south\"", 12},
		{"37 north 50090 3978403", "easting 50090", "easting of 100000 to 900000 metres", "", 10},
		{"37 north 500902 9978403", "northing 9978403", "northing of 0 to 9600000 metres", "", 17},
		{"37 north 500902", "one number of metres", "UTM such as", "", 16},
		{"37 north 500902E 3978403E", "two numbers marked E", "one easting and one northing", "", 18},
		{"north 800000 1333272", "easting 800000", "1300000 to 2700000", "", 7},
		// Cells.
		{"721LM11", "column 721", "GARS such as", "", 1},
		{"439RM11", "row RM", "GARS such as", "", 4},
		{"439LM51", "quarter 5", "GARS such as", "", 6},
		{"X226+22", `"X226+22"`, "a short one needs to know a place nearby", "", 1},
		{"8G7XX226+2", `"8G7XX226+2"`, "2 to 7 characters behind the +", "", 1},
		{"XG7XX226+22", `"XG7XX226+22"`, "within 90 N and 180 E", "", 1},
	} {
		r, err := Parse(c.text)
		var fault *Fault
		if !errors.As(err, &fault) {
			t.Errorf("%q: read as %s (%v), expected a fault", c.text, r.Position, err)
			continue
		}
		if !strings.Contains(fault.Read, c.read) || !strings.Contains(fault.Expected, c.expected) || !strings.Contains(fault.Hint, c.hint) || fault.Column != c.column {
			t.Errorf("%q:\n  got  %d %q | %q | %q\n  want %d %q | %q | %q", c.text, fault.Column, fault.Read, fault.Expected, fault.Hint, c.column, c.read, c.expected, c.hint)
		}
		if !strings.Contains(err.Error(), fault.Read) || !strings.Contains(err.Error(), fault.Hint) {
			t.Errorf("%q: error %q leaves out what was read", c.text, err)
		}
	}
}

func TestSwapped(t *testing.T) {
	theatre := func(p geo.Position) bool {
		return p.Lat >= 32*geo.E7 && p.Lat <= 37*geo.E7 && p.Lon >= 36*geo.E7 && p.Lon <= 42*geo.E7
	}
	for _, c := range []struct {
		lat, lon float64
		want     bool
	}{
		{35.95, 39.01, false}, // inside as typed
		{39.01, 35.95, true},  // inside when exchanged
		{36.5, 36.5, false},   // inside both ways
		{48, 2, false},        // outside both ways
		{39, 120, false},      // exchanged it is no position
	} {
		if got := Swapped(nearest(c.lat, c.lon), theatre); got != c.want {
			t.Errorf("%v, %v: swapped %v, expected %v", c.lat, c.lon, got, c.want)
		}
	}
}
