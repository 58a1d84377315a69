package geo

import "math"

// Window is a half-open span of time [From, To) in milliseconds UTC since 1970. Touching is not overlapping.
type Window struct {
	_    struct{} `cbor:",toarray"`
	From int64    `json:"from"`
	To   int64    `json:"to"`
}

// Forever is the To of a window without an end.
const Forever = math.MaxInt64

// Overlaps reports whether w and v share an instant.
func (w Window) Overlaps(v Window) bool {
	return w.From < v.To && v.From < w.To
}

// Band is a closed span of altitude in whole metres above the ellipsoid. Touching is overlapping.
type Band struct {
	_    struct{} `cbor:",toarray"`
	Low  int32    `json:"low"`
	High int32    `json:"high"`
}

// AllAltitudes is the band of a volume for which no altitude was given.
var AllAltitudes = Band{Low: math.MinInt32, High: math.MaxInt32}

// Overlaps reports whether b and c share an altitude.
func (b Band) Overlaps(c Band) bool {
	return b.Low <= c.High && c.Low <= b.High
}

// Volume is a shape widened by a distance, with an altitude band and a time window.
type Volume struct {
	Shape  Shape
	Buffer int32 // metres, 0 or more
	Band   Band
	Window Window
}
