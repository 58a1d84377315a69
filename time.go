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

// validateTime checks a time that has to be there.
func validateTime(field string, ms int64) error {
	if ms <= 0 || ms > MaxTime {
		return Invalid(field, strconv.FormatInt(ms, 10), "milliseconds UTC since 1970, at most those of the year 9999")
	}
	return nil
}

// validateOptionalTime checks a time that may be left out.
func validateOptionalTime(field string, ms int64) error {
	if ms == 0 {
		return nil
	}
	return validateTime(field, ms)
}

// validateSpan checks the two fields that hold the beginning and the end of a window. An open one may lack its end.
func validateSpan(from, to string, w geo.Window, open bool) error {
	if err := validateTime(from, w.From); err != nil {
		return err
	}
	if open && w.To == geo.Forever {
		return nil
	}
	if err := validateTime(to, w.To); err != nil {
		return err
	}
	if w.To <= w.From {
		return &Fault{Code: CodeClock, Field: to, Read: fmt.Sprintf("%s, after a beginning at %s", Stamp(w.To), Stamp(w.From)), Expected: "an end after the beginning"}
	}
	return nil
}
