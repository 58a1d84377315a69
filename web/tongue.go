package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"path"
	"strings"
	"time"
	"unicode"

	"parley"
	"parley/geo"
	"parley/geo/notation"
)

// tongue is one language of the pages: its words and the templates that speak it.
type tongue struct {
	lang    string
	rtl     bool
	words   *catalog
	browser template.JS // JSON of the words for the browser's code
	pages   map[string]*template.Template
}

// newTongue parses the templates of a language. Each page's file is parsed with the frame and the parts they share.
func (p *Pages) newTongue(lang string) (*tongue, error) {
	words, err := openCatalog(lang)
	if err != nil {
		return nil, err
	}
	t := &tongue{lang: lang, rtl: lang == "ar", words: words, pages: map[string]*template.Template{}}
	text, err := json.Marshal(words.browser()) // json.Marshal writes < > & as escapes, so that no text ends the script element
	if err != nil {
		return nil, err
	}
	t.browser = template.JS(text)
	base := template.New("frame").Funcs(p.functions(t))
	if base, err = base.ParseFS(templateFiles, "templates/frame.html", "templates/part_*.html"); err != nil {
		return nil, fmt.Errorf("couldn't parse the frame: %w", err)
	}
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".html")
		if name == "frame" || strings.HasPrefix(name, "part_") {
			continue
		}
		own, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if t.pages[name], err = own.ParseFS(templateFiles, path.Join("templates", f.Name())); err != nil {
			return nil, fmt.Errorf("couldn't parse %s: %w", f.Name(), err)
		}
	}
	return t, nil
}

// functions are what templates may call.
func (p *Pages) functions(t *tongue) template.FuncMap {
	return template.FuncMap{
		"t":      t.words.say,
		"has":    t.words.has,
		"id":     ident,
		"spot":   t.spot,
		"status": t.status,
		"taskLook": func(state string) string {
			return map[string]string{"open": "waiting", "received": "waiting", "answered": "acknowledged", "closed": "lapsed"}[state]
		},
		"asset": p.assets.URL,
		"icon":  p.icon,
		"dict":  dict,
		"list":  func(items ...any) []any { return items },
		"join":  func(items []string) string { return strings.Join(items, t.words.say("list.comma")) },
		"apart": func(mm int64) template.HTML { return ident("number", distance(mm)) },
		"inc":   func(n int) int { return n + 1 },
		"short": func(hash string) string { return hash[:min(12, len(hash))] },
	}
}

// icon draws a symbol of the sprite, or nothing when the browser's parts were not built. It is decoration: words stand beside it.
func (p *Pages) icon(name string) template.HTML {
	url := p.assets.Icon(name)
	if url == "" {
		return ""
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + template.HTMLEscapeString(url) + `"/></svg>`)
}

// ident is the one helper for values whose digits must never be reordered: references, positions, dates, telephone numbers, grids,
// hashes. It isolates them, left to right, with Western digits (web.md section 1a).
func ident(kind, text string) template.HTML {
	if text == "" {
		return ""
	}
	return template.HTML(`<p-id kind="` + template.HTMLEscapeString(kind) + `" dir="ltr">` + template.HTMLEscapeString(western(text)) + `</p-id>`)
}

// western writes Arabic-Indic and Persian digits as Western ones, and the Arabic decimal mark as a point.
func western(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r == '٫':
			return '.'
		case r == '٬', r == '\u200e', r == '\u200f', r == '\u061c':
			return -1
		}
		return r
	}, s)
}

// inScript returns the half of a name that is written in the reader's script, when it was given in two, "Name · اسم". Any other name
// stays whole.
func inScript(name, lang string) string {
	first, second, ok := strings.Cut(name, " · ")
	if !ok || strings.Contains(second, " · ") || arabic(first) == arabic(second) {
		return name
	}
	if arabic(first) == (lang == "ar") {
		return first
	}
	return second
}

// arabic reports whether a text has letters of the Arabic script.
func arabic(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) })
}

// lettered writes a position in decimal degrees with the letters of its hemispheres, so that no order is left to guess.
func lettered(p geo.Position) string {
	one := func(v int32, letters string) string {
		letter := letters[0]
		if v < 0 {
			v, letter = -v, letters[1]
		}
		return fmt.Sprintf("%d.%05d° %c", v/geo.E7, (v%geo.E7+50)/100, letter)
	}
	if p.Lat%geo.E7 > geo.E7-50 || p.Lon%geo.E7 > geo.E7-50 { // would round up to the next degree
		return notation.FormatDD(p, 7)
	}
	return one(p.Lat, "NS") + " " + one(p.Lon, "EW")
}

// spot writes a position in two unlike notations.
func (t *tongue) spot(p geo.Position) template.HTML {
	return ident("coordinate", lettered(p)) + ` <span class="other">` + ident("grid", notation.FormatMGRS(p, 5)) + `</span>`
}

// distance writes a distance given in millimetres.
func distance(mm int64) string {
	switch {
	case mm < 10_000:
		return fmt.Sprintf("%.1f m", float64(mm)/1000)
	case mm < 1_000_000:
		return fmt.Sprintf("%d m", (mm+500)/1000)
	}
	return fmt.Sprintf("%.1f km", float64(mm)/1e6)
}

// status says a status by word, shape and colour.
func (t *tongue) status(kind, key string, values ...any) template.HTML {
	return template.HTML(`<span class="status status-` + template.HTMLEscapeString(kind) + `">` + template.HTMLEscapeString(t.words.say(key, values...)) + `</span>`)
}

// dict makes a map for a part of a template: names and values in turn.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: read %d values; expected names and values in turn", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m, nil
}

// jsonBlock writes a value for a script element of data: json.Marshal escapes <, > and &.
func jsonBlock(v any) (template.JS, error) {
	text, err := json.Marshal(v)
	return template.JS(text), err
}

// zoneOf loads the theatre's zone, or UTC.
func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}

// moment writes a time: UTC, and beside it the theatre's own hour with its zone.
func (t *tongue) moment(ms int64, zone *time.Location) template.HTML {
	if ms == 0 || ms == geo.Forever {
		return ""
	}
	at := parley.Time(ms)
	here := at.In(zone)
	out := ident("date", at.Format("2006-01-02 15:04")+" UTC")
	if _, offset := here.Zone(); offset != 0 {
		layout := "15:04"
		if here.YearDay() != at.YearDay() {
			layout = "2006-01-02 15:04"
		}
		out += ` <span class="other">` + ident("date", here.Format(layout+" -07:00")) + `</span>`
	}
	return out
}
