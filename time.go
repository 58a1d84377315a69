package parley

import (
	"fmt"
	"strconv"
	"time"

	"parley/geo"
)

// Times are milliseconds UTC since 1970, durations are milliseconds. This room never reads a clock.
const (
	Second int64 = 1000
	Minute       = 60 * Second
	Hour         = 60 * Minute
	Day          = 24 * Hour
)

// MaxTime is the last time the channel speaks of: the year 9999 ends.
const MaxTime int64 = 253402300799999

// Time returns ms as a time in UTC, for people.
func Time(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Stamp writes ms as RFC 3339 in UTC with milliseconds only when there are any.
func Stamp(ms int64) string { return Time(ms).Format("2006-01-02T15:04:05.999Z07:00") }

// validateWindow checks a window that must have a beginning and, unless open is true, an end.
func validateWindow(field string, w geo.Window, open bool) error {
	switch {
	case w.From <= 0 || w.From > MaxTime:
		return Invalid(field+".from", strconv.FormatInt(w.From, 10), "milliseconds UTC since 1970")
	case open && w.To == geo.Forever:
		return nil
	case w.To <= 0 || w.To > MaxTime:
		return Invalid(field+".to", strconv.FormatInt(w.To, 10), "milliseconds UTC since 1970")
	case w.To <= w.From:
		return &Fault{Code: CodeClock, Field: field, Read: fmt.Sprintf("from %s to %s", Stamp(w.From), Stamp(w.To)), Expected: "an end after the beginning"}
	}
	return nil
}
