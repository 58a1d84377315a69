package web

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/internal/draft"
)

// corridorTerms reads what a corridor has beside its terms.
func (c *call) corridorTerms(f *form, d *draft.Draft, terms parley.Terms) parley.Corridor {
	k := parley.Corridor{Terms: terms, Direction: choice(f, "direction", directions), Users: several(f, "users", parley.CorridorUsers), Inspection: d.Text(f.long("inspection")),
		Capacity: int32(f.number("capacity", 0, 100_000, 0))}
	if len(k.Users) == 0 {
		f.wrong("users", "wrong.choose")
	}
	if f.has("pause") {
		k.Pause = f.refOf("pause")
	}
	for _, g := range f.values["guarantors"] {
		k.Guarantors = append(k.Guarantors, parley.Ref(g))
	}
	for i := range maxRows {
		row := func(name string) string { return fmt.Sprintf("%s_%d", name, i) }
		if f.has(row("hours_from")) || f.has(row("hours_to")) {
			if h, ok := f.hours(row("hours_from"), row("hours_to"), terms.Window.From); ok {
				k.Hours = append(k.Hours, h)
			}
		}
		if f.has(row("water_place")) || f.has(row("water_words")) {
			w := parley.WaterCrossing{Means: choice(f, row("water_means"), parley.CrossingMeans), Name: d.Text(f.long(row("water_words")))}
			if r, ok := f.position(row("water_place")); ok {
				w.Place = r.Position
			}
			k.Crossings = append(k.Crossings, w)
		}
		if f.has(row("hazard_place")) || f.has(row("hazard_words")) {
			h := parley.Hazard{Hazard: choice(f, row("hazard_kind"), parley.Hazards), Words: d.Text(f.long(row("hazard_words")))}
			if r, ok := f.position(row("hazard_place")); ok {
				h.Place = r.Position
			}
			k.Hazards = append(k.Hazards, h)
		}
	}
	if f.has("evacuation") {
		k.Evacuation = c.evacuation(f, d)
	}
	if len(f.errors) > 0 {
		return k
	}
	var fault *parley.Fault
	if errors.As(k.Validate(), &fault) && fault.Field == "hours" && fault.Code == parley.CodeClock {
		f.wrong("hours_from_0", "wrong.never_opens", "read", hoursTyped(f))
	}
	return k
}

// hoursTyped repeats the hours as they were typed.
func hoursTyped(f *form) string {
	var spans []string
	for i := range maxRows {
		from, to := f.text(fmt.Sprintf("hours_from_%d", i)), f.text(fmt.Sprintf("hours_to_%d", i))
		if from+to != "" {
			spans = append(spans, "\u2066"+western(from)+"–"+western(to)+"\u2069")
		}
	}
	return strings.Join(spans, ", ")
}

// hours reads a span of each day in the theatre's hours, as they are when the arrangement begins, and returns it in UTC.
func (f *form) hours(from, to string, begins int64) (h parley.Hours, ok bool) {
	zone := zoneOf(f.c.theatre.Profile.Zone)
	_, offset := parley.Time(begins).In(zone).Zone()
	read := func(field string) (int32, bool) {
		text := western(f.text(field))
		if text == "" {
			f.wrong(field, "wrong.missing")
			return 0, false
		}
		if text == "24:00" {
			return 24 * 60, true
		}
		at, err := time.Parse("15:04", text)
		if err != nil {
			f.wrong(field, "wrong.clock", "read", text)
			return 0, false
		}
		return int32(at.Hour()*60 + at.Minute()), true
	}
	a, okFrom := read(from)
	b, okTo := read(to)
	if !okFrom || !okTo {
		return h, false
	}
	const day = 24 * 60
	if a%day == b%day {
		if a == b {
			f.wrong(to, "wrong.order")
			return h, false
		}
		return parley.Hours{From: 0, To: day}, true
	}
	shift := func(m int32) int32 { return ((m-int32(offset/60))%day + day) % day }
	return parley.Hours{From: shift(a), To: shift(b)}, true
}

// evacuation reads how people leave, and the safeguards against being made to. A question without an answer is "not known".
func (c *call) evacuation(f *form, d *draft.Draft) *parley.Evacuation {
	answer := func(field string) parley.Answer {
		if !f.has(field) {
			return parley.Unknown
		}
		return choice(f, field, answers)
	}
	e := &parley.Evacuation{Voluntary: answer("voluntary"), Destination: answer("destination"), Remain: answer("remain"), Return: answer("return"), Family: answer("family_unity"), Accompanied: d.Text(f.long("accompanied"))}
	for i := range maxRows {
		place, room, words := fmt.Sprintf("point_place_%d", i), fmt.Sprintf("point_capacity_%d", i), fmt.Sprintf("point_words_%d", i)
		if !f.has(place) && !f.has(room) && !f.has(words) {
			continue
		}
		p := parley.AssemblyPoint{Capacity: int32(f.number(room, 0, 1_000_000, 0)), Name: d.Text(f.long(words))}
		if r, ok := f.position(place); ok {
			p.Place = r.Position
		}
		e.Points = append(e.Points, p)
	}
	return e
}
