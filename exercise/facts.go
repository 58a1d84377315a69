package exercise

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/exchange/replay"
	"parley/geo"
)

// The form leaves open how an event or object says more than its kind: its data holds names and values. These readers find a fact by what
// a name means, in the order of the names, so that the same file is always read alike.

// fact returns the first value whose name matches, at any depth.
func fact(data map[string]any, name *regexp.Regexp) (any, bool) {
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if name.MatchString(key) {
			return data[key], true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if inner, ok := data[key].(map[string]any); ok {
			if v, ok := fact(inner, name); ok {
				return v, true
			}
		}
	}
	return nil, false
}

func number(data map[string]any, name *regexp.Regexp) (float64, bool) {
	v, _ := fact(data, name)
	n, ok := v.(float64)
	return n, ok
}

func word(data map[string]any, name *regexp.Regexp) string {
	v, _ := fact(data, name)
	s, _ := v.(string)
	return s
}

// says reports whether a fact is stated to be so: true, a number above 0, or a word that is not a denial.
func says(data map[string]any, name *regexp.Regexp) bool {
	switch v, _ := fact(data, name); v := v.(type) {
	case bool:
		return v
	case float64:
		return v > 0
	case string:
		return !no.MatchString(v) && v != ""
	}
	return false
}

// denies reports whether a fact is stated not to be so.
func denies(data map[string]any, name *regexp.Regexp) bool {
	switch v, ok := fact(data, name); v := v.(type) {
	case bool:
		return !v
	case string:
		return no.MatchString(v)
	case nil:
		return ok
	}
	return false
}

var no = regexp.MustCompile(`(?i)^(no|none|not|false|never|refused|denied|unreached|nobody)\b`)

var (
	placeNames  = regexp.MustCompile(`(?i)position|place|point|location|coord|pin|entered|held|told_at|seen_at|^at$|^to$|^from$`)
	apartNames  = regexp.MustCompile(`(?i)^(offset|apart|error|mismatch|differs?|difference|shift|moved|distance)(_by)?(_m|_metres)?$|^(pin|entry|entered|held|list|map)_.*_m$`)
	apartKM     = regexp.MustCompile(`(?i)^(offset|apart|mismatch|differs?|difference|shift|moved)(_by)?_km$`)
	bearingName = regexp.MustCompile(`(?i)bearing`)
)

// pair reads [lat, lon], or an object with lat and lon.
func pair(v any) (geo.Position, bool) {
	degrees := func(lat, lon float64) (geo.Position, bool) {
		if math.Abs(lat) > 90 || math.Abs(lon) > 180 {
			return geo.Position{}, false
		}
		return geo.Position{Lat: int32(math.Round(lat * geo.E7)), Lon: int32(math.Round(lon * geo.E7))}, true
	}
	switch v := v.(type) {
	case []any:
		if len(v) == 2 {
			lat, ok1 := v[0].(float64)
			lon, ok2 := v[1].(float64)
			if ok1 && ok2 {
				return degrees(lat, lon)
			}
		}
	case map[string]any:
		lat, ok1 := v["lat"].(float64)
		lon, ok2 := v["lon"].(float64)
		if ok1 && ok2 {
			return degrees(lat, lon)
		}
	}
	return geo.Position{}, false
}

// placeIn returns a place that data states, by position or as so far from an anchor.
func placeIn(data map[string]any, anchor *geo.Position) (geo.Position, bool) {
	if p, ok := pair(data); ok {
		return p, true
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if p, ok := pair(data[key]); ok && placeNames.MatchString(key) {
			return p, true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if inner, ok := data[key].(map[string]any); ok {
			if p, ok := placeIn(inner, nil); ok {
				return p, true
			}
		}
	}
	if anchor == nil {
		return geo.Position{}, false
	}
	metres, ok := number(data, apartNames)
	if km, is := number(data, apartKM); !ok && is {
		metres, ok = km*1000, true
	}
	if !ok {
		return geo.Position{}, false
	}
	bearing, _ := number(data, bearingName)
	return geo.Destination(*anchor, (int32(bearing)%360+360)%360, int32(metres)), true
}

var windowName = regexp.MustCompile(`(?i)window`)

// windowIn reads a window that is stated as two times.
func windowIn(data map[string]any) (from, to int64, ok bool) {
	v, _ := fact(data, windowName)
	two, _ := v.([]any)
	if len(two) != 2 {
		return 0, 0, false
	}
	from, ok1 := timeIn(map[string]any{"t": two[0]}, windowTime)
	to, ok2 := timeIn(map[string]any{"t": two[1]}, windowTime)
	return from, to, ok1 && ok2
}

var windowTime = regexp.MustCompile(`^t$`)

// timeIn reads a time that an object or event states.
func timeIn(data map[string]any, name *regexp.Regexp) (int64, bool) {
	at, err := time.Parse(time.RFC3339, word(data, name))
	return at.UnixMilli(), err == nil
}

// list reads a list of words.
func list(data map[string]any, name string) (words []string, ok bool) {
	items, ok := data[name].([]any)
	for _, i := range items {
		if s, is := i.(string); is {
			words = append(words, strings.ToLower(s))
		}
	}
	return words, ok
}

// shape returns the geometry of an object as the channel takes it.
func shape(g *replay.Geometry) geo.Shape {
	switch g.Form {
	case replay.Circle:
		return geo.Circle(g.Points[0], int32(math.Ceil(g.Radius)))
	case replay.LineString:
		return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{g.Points}}
	case replay.Polygon:
		ring := slices.Clone(g.Points)
		if ring[0] != ring[len(ring)-1] {
			ring = append(ring, ring[0])
		}
		s := geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{ring}}}
		return s.Normalize()
	}
	return point(g.Points[0])
}

func point(p geo.Position) geo.Shape { return geo.Shape{Kind: geo.Point, Points: []geo.Position{p}} }

// middle is the place that stands for an object: the end of a way, the middle of anything else.
func middle(g *replay.Geometry) geo.Position {
	switch g.Form {
	case replay.LineString:
		return g.Points[len(g.Points)-1]
	case replay.Polygon:
		return shape(g).Bounds().Center()
	}
	return g.Points[0]
}

var echelons = map[replay.Level]parley.Echelon{"hq": parley.Headquarters, "ops_room": parley.OperationsRoom, "unit": parley.Unit}

func echelon(l replay.Level, otherwise parley.Echelon) parley.Echelon {
	if e, ok := echelons[l]; ok {
		return e
	}
	return otherwise
}
