package web

import (
	"encoding/csv"
	"fmt"
	"html/template"

	"parley/channel"
	"parley/release"
)

// statistics counts what the reader may see, each number with what it is a part of.
func (c *call) statistics() error {
	s, err := c.counted()
	if err != nil {
		return err
	}
	f := c.frame("statistics", "statistics.title", s)
	f.Dense = true
	return c.show(f)
}

func (c *call) counted() (s *release.Statistics, err error) {
	err = c.view(func(v *channel.Viewer) { s = v.Statistics() })
	return s, err
}

// statisticsCSV hands out every number with what it is a part of, one a line.
func (c *call) statisticsCSV() error {
	s, err := c.counted()
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="statistics.csv"`)
	w := csv.NewWriter(c.w)
	if err := w.Write(release.NumberColumns); err != nil {
		return nil // a reader that has gone is no error of ours
	}
	for _, n := range s.Numbers() {
		if err := w.Write(n.Row()); err != nil {
			return nil
		}
	}
	w.Flush()
	return nil
}

// Bar draws how much of a whole a number is, with both numbers beside it: no length says anything alone.
func (f *frame) Bar(n, of int) template.HTML {
	if of <= 0 {
		return ident("number", fmt.Sprint(n))
	}
	return bar(int64(n), int64(of)) + " " + ident("number", fmt.Sprintf("%d / %d", n, of))
}

// Lasting draws how long something took beside the longest of its table, with the time in words.
func (f *frame) Lasting(ms, longest int64) template.HTML {
	return bar(ms, longest) + template.HTML(" "+template.HTMLEscapeString(f.Span(ms)))
}

// Longest returns the longest of the times of a table.
func (f *frame) Longest(counts []release.AckCount) int64 {
	longest := int64(1)
	for _, c := range counts {
		longest = max(longest, c.Ninetieth)
	}
	return longest
}

// bar is decoration: the numbers stand beside it.
func bar(n, of int64) template.HTML {
	const width = 120
	return template.HTML(fmt.Sprintf(`<svg class="bar" viewBox="0 0 %d 10" width="%d" height="10" aria-hidden="true" focusable="false"><rect class="whole" x="0.5" y="0.5" width="%d" height="9"/><rect class="part" x="0.5" y="0.5" width="%d" height="9"/></svg>`,
		width, width, width-1, min(max(n, 0), of)*(width-1)/max(of, 1)))
}
