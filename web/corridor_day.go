package web

import (
	"html/template"
	"slices"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// corridorDayPage is one corridor on one day of the theatre's zone.
type corridorDayPage struct {
	A            *release.Arrangement
	Day          string // 2017-09-14
	Before, Next string
	Begins, Ends int64
	Spans        []geo.Window // when it is open by its hours, within its window
	Passing      []passing
	More         int
	Steps        []release.ArrangementStep // what was stated of it that day
	Pause        *release.Arrangement
}

// passing is one movement that is planned to be in the corridor that day.
type passing struct {
	traveller
	Legs []release.Leg
}

// corridorDay shows a corridor's hours, who is due in it, and the questions and pauses of one day, to be read on a telephone or carried.
func (c *call) corridorDay() error {
	a, err := c.arrangementOf()
	if err != nil {
		return err
	}
	if a.Kind != "corridor" {
		return errMissing
	}
	zone := zoneOf(c.theatre.Profile.Zone)
	date := parley.Time(c.p.node.Now()).In(zone)
	if text := western(c.r.URL.Query().Get("date")); text != "" {
		if at, err := time.ParseInLocation("2006-01-02", text, zone); err == nil {
			date = at
		}
	}
	begins := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, zone)
	ends := begins.AddDate(0, 0, 1)
	page := &corridorDayPage{A: a, Day: begins.Format("2006-01-02"), Before: begins.AddDate(0, 0, -1).Format("2006-01-02"), Next: ends.Format("2006-01-02"), Begins: begins.UnixMilli(), Ends: ends.UnixMilli()}
	page.Spans = openOn(a, geo.Window{From: page.Begins, To: page.Ends})
	var refs []parley.Ref
	if err := c.view(func(v *channel.Viewer) {
		refs = v.Passing(a.Ref, geo.Window{From: page.Begins, To: page.Ends})
		if a.Corridor.Pause != "" {
			page.Pause, _ = v.Arrangement(a.Corridor.Pause)
		}
	}); err != nil {
		return err
	}
	list, err := c.travellers(refs)
	if err != nil {
		return err
	}
	for _, t := range list {
		one := passing{traveller: t}
		if err := c.view(func(v *channel.Viewer) {
			if file, ok := v.Object(t.Ref); ok && len(file.Versions) > 0 {
				for _, l := range file.Versions[len(file.Versions)-1].Legs {
					if stampOf(l.Depart) < page.Ends && stampOf(l.Arrive) > page.Begins {
						one.Legs = append(one.Legs, l)
					}
				}
			}
		}); err != nil {
			return err
		}
		page.Passing = append(page.Passing, one)
	}
	for _, l := range a.Log {
		if at := stampOf(l.At); at >= page.Begins && at < page.Ends {
			page.Steps = append(page.Steps, l)
		}
	}
	f := c.frame("corridor_day", "corridor_day.title", page)
	page.Passing, page.More = few(f, page.Passing)
	return c.show(f)
}

// Between writes the hours of a span within a day: those of the theatre, and UTC beside. The end of the day is 24:00.
func (f *frame) Between(from, to int64) template.HTML {
	write := func(zone *time.Location) string {
		a, b := parley.Time(from).In(zone), parley.Time(to).In(zone)
		end := b.Format("15:04")
		if end == "00:00" {
			end = "24:00"
		}
		return a.Format("15:04") + "–" + end
	}
	if _, offset := parley.Time(from).In(f.zone).Zone(); offset == 0 {
		return ident("date", write(time.UTC)+" UTC")
	}
	return `<strong>` + ident("date", write(f.zone)) + `</strong> <span class="other">` + ident("date", write(time.UTC)+" UTC") + `</span>`
}

// stampOf reads a time of a view; 0 when there is none.
func stampOf(stamp string) int64 {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return 0
	}
	return at.UnixMilli()
}

// openOn returns when a corridor is open by its hours within a day, and within its own window: in order, spans that touch as one.
func openOn(a *release.Arrangement, day geo.Window) []geo.Window {
	window := geo.Window{From: stampOf(a.From), To: geo.Forever}
	if a.To != "" {
		window.To = stampOf(a.To)
	}
	var spans []geo.Window
	add := func(from, to int64) {
		from, to = max(from, day.From, window.From), min(to, day.To, window.To)
		if from < to {
			spans = append(spans, geo.Window{From: from, To: to})
		}
	}
	if len(a.Corridor.Hours) == 0 {
		add(day.From, day.To)
	}
	for start := day.From - day.From%parley.Day - parley.Day; start < day.To; start += parley.Day {
		for _, h := range a.Corridor.Hours {
			to := start + int64(h.To)*parley.Minute
			if h.To < h.From {
				to += parley.Day
			}
			add(start+int64(h.From)*parley.Minute, to)
		}
	}
	slices.SortFunc(spans, func(x, y geo.Window) int { return int(x.From - y.From) })
	var joined []geo.Window
	for _, s := range spans {
		if n := len(joined); n > 0 && s.From <= joined[n-1].To {
			joined[n-1].To = max(joined[n-1].To, s.To)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}
