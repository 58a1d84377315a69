package notation

import (
	"fmt"

	"parley/geo"
)

// Format writes p in a notation, without loss in degrees, at 1 m in UTM (rounded) and MGRS (cut off, as its standard says), and in a cell of 3 m as
// Plus Code and of 5 minutes as GARS. It fails for positions out of range and unknown notations.
func Format(p geo.Position, n Notation) (string, error) {
	if !p.Valid() {
		return "", fmt.Errorf("position %s is out of range, expected latitude -90 to 90 and longitude -180 to 180", p)
	}
	switch n {
	case DD:
		return FormatDD(p, 7), nil
	case DMM:
		return formatPair(p, 2, 6), nil
	case DMS:
		return FormatDMS(p, 4), nil
	case UTM:
		g := ToGrid(p)
		if g.Zone == 0 {
			return fmt.Sprintf("%s %.0f %.0f", hemisphere(g.North), g.Easting, g.Northing), nil
		}
		return fmt.Sprintf("%d %s %.0f %.0f", g.Zone, hemisphere(g.North), g.Easting, g.Northing), nil
	case MGRS:
		return FormatMGRS(p, 5), nil
	case GARS:
		return formatGARS(p), nil
	case PlusCode:
		return formatPlusCode(p, 11), nil
	}
	return "", fmt.Errorf("notation %q, expected one of %s, %s, %s, %s, %s, %s, %s", n, DD, DMM, DMS, MGRS, UTM, GARS, PlusCode)
}

// Echo writes p in two unlike notations, for reading back: degrees, minutes and seconds to a tenth (3 m), and MGRS to a metre.
func Echo(p geo.Position) [2]string {
	return [2]string{FormatDMS(p, 1), FormatMGRS(p, 5)}
}

// FormatDD writes p in decimal degrees, latitude first, with 0 to 7 decimals, rounded half away from zero.
func FormatDD(p geo.Position, decimals int) string {
	decimals = max(0, min(decimals, 7))
	return decimal(int64(p.Lat), decimals) + ", " + decimal(int64(p.Lon), decimals)
}

func decimal(units int64, decimals int) string {
	sign := ""
	if units < 0 {
		sign, units = "-", -units
	}
	whole, fraction := rounded(units, geo.E7, decimals)
	if whole == 0 && fraction == 0 {
		sign = ""
	}
	if decimals == 0 {
		return fmt.Sprintf("%s%d", sign, whole)
	}
	return fmt.Sprintf("%s%d.%0*d", sign, whole, decimals, fraction)
}

// FormatDMS writes p in degrees, minutes and seconds with letters, with 0 to 4 decimals of seconds; four lose nothing.
func FormatDMS(p geo.Position, decimals int) string {
	return formatPair(p, 3, max(0, min(decimals, 4)))
}

// formatPair writes latitude and longitude in two parts (minutes last) or three (seconds last).
func formatPair(p geo.Position, parts, decimals int) string {
	return formatAngle(int64(p.Lat), parts, decimals, 2, "NS") + " " + formatAngle(int64(p.Lon), parts, decimals, 3, "EW")
}

func formatAngle(units int64, parts, decimals, width int, letters string) string {
	letter := letters[0]
	if units < 0 {
		letter, units = letters[1], -units
	}
	perDegree := int64(60)
	if parts == 3 {
		perDegree = 3600
	}
	whole, fraction := rounded(units*perDegree, geo.E7, decimals)
	point := ""
	if decimals > 0 {
		point = fmt.Sprintf(".%0*d", decimals, fraction)
	}
	if parts == 2 {
		return fmt.Sprintf("%0*d° %02d%s′ %c", width, whole/60, whole%60, point, letter)
	}
	return fmt.Sprintf("%0*d° %02d′ %02d%s″ %c", width, whole/3600, whole/60%60, whole%60, point, letter)
}

// rounded divides v by unit and rounds half up to a number of decimals: the whole part and the decimals as an integer.
func rounded(v, unit int64, decimals int) (whole, fraction int64) {
	scale := int64(1)
	for range decimals {
		scale *= 10
	}
	total := (v*scale + unit/2) / unit
	return total / scale, total % scale
}

// FormatMGRS writes the MGRS square of p with 0 to 5 digits each for easting and northing (100 km to 1 m). Digits are cut off, never rounded: the
// square holds p.
func FormatMGRS(p geo.Position, digits int) string {
	place, square, east, north := mgrsOf(p)
	digits = max(0, min(digits, 5))
	if digits == 0 {
		return place + " " + square
	}
	side := 1
	for range 5 - digits {
		side *= 10
	}
	return fmt.Sprintf("%s %s %0*d %0*d", place, square, digits, east/side, digits, north/side)
}
