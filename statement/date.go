package statement

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the Gregorian calendar. The zero Date is unknown.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of an instant, in the instant's zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether the day is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the day as 2016-09-17.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func (d Date) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) add(days int) Date { return DateOf(d.time().AddDate(0, 0, days)) }

// valid reports whether the calendar has the day.
func (d Date) valid() bool { return DateOf(d.time()) == d }

// day finds the words for a day in a range of tokens, and the day when it can be known: a weekday is the last one up to the day of publishing, and a day
// without its year the last such day. Without a day of publishing both stay unknown.
func day(ts []token, published Date, l *language) (words string, d Date) {
	for i := range ts {
		w := ts[i].low
		if n, ok := l.weekdays[w]; ok {
			if published.IsZero() {
				return ts[i].text, Date{}
			}
			back := (int(published.time().Weekday()) - int(n) + 7) % 7
			if i > 0 && l.last[ts[i-1].low] && back == 0 {
				back = 7
			}
			return ts[i].text, published.add(-back)
		}
		if back, ok := l.days[w]; ok {
			if published.IsZero() {
				return ts[i].text, Date{}
			}
			return ts[i].text, published.add(-back)
		}
		month, ok := l.months[w]
		if !ok {
			continue
		}
		number := func(j int) int {
			if j < 0 || j >= len(ts) {
				return 0
			}
			n, _ := strconv.Atoi(strings.TrimRight(ts[j].low, "sthndr"))
			return n
		}
		from, to := i, i+1
		day, year := 0, 0
		switch before, after := number(i-1), number(i+1); {
		case before >= 1 && before <= 31:
			from, day = i-1, before
			if after > 1900 && after < 2200 {
				to, year = i+2, after
			}
		case after >= 1 && after <= 31:
			to, day = i+2, after
			next := i + 2
			if next < len(ts) && ts[next].text == "," {
				next++
			}
			if y := number(next); y > 1900 && y < 2200 {
				to, year = next+1, y
			}
		default:
			continue
		}
		words := join(ts[from:to])
		if year == 0 {
			if published.IsZero() {
				return words, Date{}
			}
			year = published.Year
			if d := (Date{year, month, day}); d.time().After(published.time()) {
				year--
			}
		}
		if d := (Date{year, month, day}); d.valid() {
			return words, d
		}
		return words, Date{}
	}
	return "", Date{}
}

// join puts tokens together as they would be read.
func join(ts []token) string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 && t.from > ts[i-1].to {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
