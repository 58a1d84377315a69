package web

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/exchange/replay"
	"parley/exercise"
	"parley/geo"
)

//go:embed replay/page.html
var replayPage string

// Replay answers with the page of a case that was played: its timeline beside a map, what each side was told at every moment, and the
// warnings as they rose. It is plain HTML without scripts, in every language of the pages.
func Replay(tale *exercise.Tale) (http.Handler, error) {
	pages := map[string][]byte{}
	for _, lang := range Languages {
		words, err := openCatalog(lang)
		if err != nil {
			return nil, err
		}
		if pages[lang], err = tellPage(tale, lang, words); err != nil {
			return nil, fmt.Errorf("couldn't write the page of %s: %w", tale.Case.ID, err)
		}
	}
	mux := http.NewServeMux()
	for lang, page := range pages {
		mux.HandleFunc("GET /"+lang, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = w.Write(page) // a reader who has gone needs no answer
		})
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/"+Languages[0], http.StatusFound))
	return mux, nil
}

// replayView is what the page shows.
type replayView struct {
	*exercise.Tale
	Lang, Dir string
	Others    []string // languages
	Moments   []momentView
	Map       mapView
}

type momentView struct {
	exercise.Moment
	Map    mapView
	ByName []sideView
}

type sideView struct {
	exercise.Told
	Label string
}

// mapView is a map without tiles: what the case has a place for, drawn to one scale.
type mapView struct {
	Width, Height int
	Shapes        []shapeView
	Scale         int // metres of the bar
	Bar           int // its length, in the units of the drawing
}

type shapeView struct {
	ID, Label, Type string
	Here            bool // on the stage by then
	Now             bool // spoken of in this moment
	Made            bool // the place is made up
	Path            string
	Circle          [3]int // where it is round: x, y, radius
	Text            [2]int
}

func tellPage(tale *exercise.Tale, lang string, words *catalog) ([]byte, error) {
	v := replayView{Tale: tale, Lang: lang, Dir: "ltr"}
	if lang == "ar" {
		v.Dir = "rtl"
	}
	for _, l := range Languages {
		if l != lang {
			v.Others = append(v.Others, l)
		}
	}
	for _, m := range tale.Moments {
		view := momentView{Moment: m, Map: drawn(tale, m.Stage, m.Event.Refs)}
		for _, t := range m.Told {
			view.ByName = append(view.ByName, sideView{t, tale.Label(t.Side)})
		}
		v.Moments = append(v.Moments, view)
	}
	zone := time.FixedZone("", int(tale.Case.Zone.Offset/time.Second))
	page, err := template.New("page").Funcs(template.FuncMap{
		"t":     func(key string, values ...any) string { return words.say(key, values...) },
		"utc":   func(ms int64) string { return parley.Time(ms).Format("2006-01-02 15:04:05") },
		"local": func(ms int64) string { return time.UnixMilli(ms).In(zone).Format("15:04 -07:00") },
		"stamp": func(text string) string { return strings.NewReplacer("T", " ", "Z", "").Replace(text) },
		"whole": func(f *float64) string { return fmt.Sprintf("%.0f", *f) },
		"shown": func(notice string) string {
			if page, ok := strings.CutPrefix(notice, "page "); ok {
				return words.say("replay_page." + page)
			}
			return words.say("notice." + notice)
		},
		"args": func(v exercise.Verdict) string {
			var list []string
			for k, x := range v.Args {
				list = append(list, fmt.Sprintf("%s %v", k, x))
			}
			slices.Sort(list)
			return strings.Join(list, ", ")
		},
	}).Parse(replayPage)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, v)
	return out.Bytes(), err
}

const mapWidth = 440

// drawn draws the objects of a case: degrees of longitude are shortened by the latitude, north is up.
func drawn(tale *exercise.Tale, stage, now []string) mapView {
	box := tale.Corners()
	mid := box.Center()
	shrink := math.Max(0.05, math.Cos(float64(mid.Lat)/geo.E7*math.Pi/180))
	wide := math.Max(0.002, float64(box.Max.Lon-box.Min.Lon)/geo.E7*shrink) * 1.2
	high := math.Max(0.002, float64(box.Max.Lat-box.Min.Lat)/geo.E7) * 1.2
	wide, high = math.Max(wide, high/2), math.Max(high, wide/2)
	unit := mapWidth / wide // of the drawing, a degree of latitude
	m := mapView{Width: mapWidth, Height: int(high * unit)}
	at := func(p geo.Position) (x, y int) {
		return int(float64(m.Width)/2 + float64(p.Lon-mid.Lon)/geo.E7*shrink*unit), int(float64(m.Height)/2 - float64(p.Lat-mid.Lat)/geo.E7*unit)
	}
	const metres = 111_320.0 // a degree of latitude
	m.Scale = 10
	for m.Scale*10 < int(metres/unit*mapWidth/2) {
		m.Scale *= 10
	}
	m.Bar = int(float64(m.Scale) / metres * unit)
	for _, o := range tale.Case.Objects {
		g := tale.Placed(o.ID)
		if g == nil {
			continue
		}
		s := shapeView{ID: o.ID, Label: o.Label, Type: string(o.Type), Here: slices.Contains(stage, o.ID), Now: slices.Contains(now, o.ID), Made: g.Basis != replay.Sourced}
		x, y := at(g.Points[0])
		switch g.Form {
		case replay.Point, replay.Circle:
			s.Circle = [3]int{x, y, max(4, int(g.Radius/metres*unit))}
		default:
			var path strings.Builder
			for i, p := range g.Points {
				x, y = at(p)
				fmt.Fprintf(&path, "%s%d %d", map[bool]string{true: "M", false: "L"}[i == 0], x, y)
			}
			if g.Form == replay.Polygon {
				path.WriteString("Z")
			}
			s.Path = path.String()
		}
		s.Text = [2]int{x + 6, y - 6}
		m.Shapes = append(m.Shapes, s)
	}
	return m
}
