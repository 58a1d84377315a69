package notation

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"parley/geo"
)

var everyNotation = []Notation{DD, DMM, DMS, MGRS, UTM, GARS, PlusCode}

func TestFormat(t *testing.T) {
	near := geo.Position{Lon: 39_0100000, Lat: 35_9500000}
	for n, want := range map[Notation]string{
		DD:       "35.9500000, 39.0100000",
		DMM:      "35° 57.000000′ N 039° 00.600000′ E",
		DMS:      "35° 57′ 00.0000″ N 039° 00′ 36.0000″ E",
		MGRS:     "37S EV 00901 78402",
		UTM:      "37 north 500902 3978403",
		GARS:     "439LM11",
		PlusCode: "8G7XX226+222",
	} {
		if got, err := Format(near, n); got != want || err != nil {
			t.Errorf("%s: %q, %v, expected %q", n, got, err, want)
		}
	}
	if got, want := Echo(near), [2]string{"35° 57′ 00.0″ N 039° 00′ 36.0″ E", "37S EV 00901 78402"}; got != want {
		t.Errorf("echo %q, expected %q", got, want)
	}
	if _, err := Format(geo.Position{Lat: 91 * geo.E7}, DD); err == nil {
		t.Error("latitude 91 was written")
	}
	if _, err := Format(near, "W3W"); err == nil {
		t.Error("an unknown notation was written")
	}
}

// TestFormatRounds holds what rounding must not do: write 60 minutes or seconds, a sign on zero, or a place past the pole.
func TestFormatRounds(t *testing.T) {
	for _, c := range []struct {
		p        geo.Position
		decimals int
		dd, dms  string
	}{
		{geo.Position{Lat: 35_9999999, Lon: -39_9999999}, 0, "36, -40", "36° 00′ 00″ N 040° 00′ 00″ W"},
		{geo.Position{Lat: 89_9999999, Lon: 179_9999999}, 1, "90.0, 180.0", "90° 00′ 00.0″ N 180° 00′ 00.0″ E"},
		{geo.Position{Lat: -1, Lon: -1}, 2, "0.00, 0.00", "00° 00′ 00.00″ S 000° 00′ 00.00″ W"},
		{geo.Position{Lat: -50_000_000, Lon: 50_000_000}, 3, "-5.000, 5.000", "05° 00′ 00.000″ S 005° 00′ 00.000″ E"},
		{geo.Position{Lat: 15_000_000, Lon: -15_000_000}, 0, "2, -2", "01° 30′ 00″ N 001° 30′ 00″ W"},
	} {
		if got := FormatDD(c.p, c.decimals); got != c.dd {
			t.Errorf("%s with %d decimals: %q, expected %q", c.p, c.decimals, got, c.dd)
		}
		if got := FormatDMS(c.p, c.decimals); got != c.dms {
			t.Errorf("%s with %d decimals: %q, expected %q", c.p, c.decimals, got, c.dms)
		}
	}
}

// Examples of the specifications: Open Location Code's encoding tests, and GeographicLib's GARS example.
func TestFormatCells(t *testing.T) {
	for _, c := range []struct {
		lat, lon float64
		length   int
		want     string
	}{
		{20.3700625, 2.7821875, 10, "7FG49QCJ+2V"},
		{20.3701125, 2.7822344, 11, "7FG49QCJ+2VX"},
		{47.0000625, 8.0000625, 10, "8FVC2222+22"},
		{-41.2730625, 174.7859375, 10, "4VCPPQGP+Q9"},
		{90, 1, 10, "CFX3X2X2+X2"},
		{1, 180, 10, "62H22222+22"},
	} {
		if got := formatPlusCode(nearest(c.lat, c.lon), c.length); got != c.want {
			t.Errorf("%v, %v: %s, expected %s", c.lat, c.lon, got, c.want)
		}
	}
	for want, at := range map[string][2]float64{"381NH45": {57.64911, 10.40744}, "001AA37": {-90, -180}, "720QZ23": {90, 179.9999}} {
		if got := formatGARS(nearest(at[0], at[1])); got != want {
			t.Errorf("%v: %s, expected %s", at, got, want)
		}
	}
}

func anywhere(t *rapid.T) geo.Position {
	p := geo.Position{
		Lon: rapid.Int32Range(-180*geo.E7, 180*geo.E7).Draw(t, "lon"),
		Lat: rapid.Int32Range(-90*geo.E7, 90*geo.E7).Draw(t, "lat"),
	}
	if rapid.Bool().Draw(t, "at an edge") { // of zones, bands and cells, or a grain beside
		p.Lon = p.Lon/(3*geo.E7)*(3*geo.E7) + rapid.Int32Range(-1, 1).Draw(t, "beside lon")
		p.Lat = p.Lat/(4*geo.E7)*(4*geo.E7) + rapid.Int32Range(-1, 1).Draw(t, "beside lat")
		p.Lon = max(-180*geo.E7, min(p.Lon, 180*geo.E7))
		p.Lat = max(-90*geo.E7, min(p.Lat, 90*geo.E7))
	}
	return p
}

// checkBack fails unless text, written for p, reads as p within the precision of its digits.
func checkBack(t interface{ Fatalf(string, ...any) }, p geo.Position, n Notation, text string, grain float64) {
	r, err := Parse(text)
	if err != nil {
		t.Fatalf("%s as %q: %v", p, text, err)
	}
	if r.Notation != n {
		t.Fatalf("%s as %q was read as %s, expected %s", p, text, r.Notation, n)
	}
	if d := apart(p, r.Position); d > grain {
		t.Fatalf("%s as %q was read %.3f m away, at %s", p, text, d, r.Position)
	}
}

func TestRoundTrip(t *testing.T) {
	grain := map[Notation]float64{DD: 0, DMM: 0, DMS: 0, MGRS: 0.73, UTM: 0.73, GARS: 6600, PlusCode: 2.3}
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere(t)
		for _, n := range everyNotation {
			text, err := Format(p, n)
			if err != nil {
				t.Fatalf("%s: %v", p, err)
			}
			checkBack(t, p, n, text, grain[n])
		}
		for digits := range 6 {
			// Half the diagonal of the square, and one percent for the scale at the edge of a zone and the sphere of apart.
			checkBack(t, p, MGRS, FormatMGRS(p, digits), math.Pow10(5-digits)*math.Sqrt2/2*1.01+0.02)
		}
		for length := 10; length <= 15; length++ {
			checkBack(t, p, PlusCode, formatPlusCode(p, length), 11)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"35.9500, 39.0100", "35,9500 39,0100", "N 35° 57.0′ E 39° 00.6′", `35°57'00"N 39°00'36"E`, "35-57-00N 039-00-36E", "٣٥٫٩٥، ٣٩٫٠١",
		"37S EV 00901 78402", "ZAH", "37S 500902 3978403", "37 south 501234 3978123", "north 2000000 1333272", "439LM11", "8G7XX226+22", "1e-5 3",
		"lat 1 lon 2", "-", "°", "\xff", "MGRS", "GARS", "UTM", "A", "0+", "2+2", "22222222+",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			fault, ok := err.(*Fault)
			if !ok || fault.Read == "" || fault.Expected == "" || fault.Column < 1 {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		if !r.Position.Valid() || r.PrecisionMM < grainMM || r.Explained == "" {
			t.Fatalf("%q: %+v", text, r)
		}
		again, err := Parse(r.Written)
		if err != nil || again.Position != r.Position || again.Notation != r.Notation || again.PrecisionMM != r.PrecisionMM {
			t.Fatalf("%q: written %q, which reads as %+v (%v), not as %+v", text, r.Written, again, err, r)
		}
		for _, n := range []Notation{DD, DMM, DMS} {
			plain, err := Format(r.Position, n)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			checkBack(t, r.Position, n, plain, 0)
		}
		// A grid reads back as a square beside the grain of the position at most.
		plain, err := Format(r.Position, MGRS)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		checkBack(t, r.Position, MGRS, plain, 0.73)
	})
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{"DD": "35.9500, 39.0100", "DMS": "35° 57′ 00.0″ N 039° 00′ 36.0″ E", "MGRS": "37S EV 00901 78402", "UTM": "37 north 500902 3978403"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFormat(b *testing.B) {
	p := geo.Position{Lon: 39_0100000, Lat: 35_9500000}
	for _, n := range []Notation{DD, DMS, MGRS, UTM} {
		b.Run(string(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Format(p, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
