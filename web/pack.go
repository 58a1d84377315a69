package web

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/release"
)

// packPage is the offline pack of a level: the form, and, once it is made, the pack for screen, paper and file.
type packPage struct {
	Levels []parley.Echelon
	Form   map[string]string
	Pack   *release.Pack
	Rows   []release.PackEntry // in the pack's own order
	Sector release.Geometry
	File   template.URL // the signed file itself
	Name   string
}

func (c *call) pack() error { return c.showPack(http.StatusOK, nil, nil, nil) }

func (c *call) showPack(status int, made *release.Pack, file []byte, p *problem) error {
	page := &packPage{Levels: echelons, Form: map[string]string{}, Pack: made}
	for name := range c.r.PostForm {
		page.Form[name] = c.r.PostForm.Get(name)
	}
	if made != nil {
		page.Rows, page.Sector = made.Entries, release.Geometry{Shape: made.Sector}
		page.Name = "pack-" + made.ID + ".json"
		page.File = template.URL("data:application/json;base64," + base64.StdEncoding.EncodeToString(file))
	}
	f := c.frame("pack", "nav.pack", page)
	f.Dense, f.Problem = true, p
	return c.showWith(status, f)
}

// packMakes makes a pack. It signs nothing of the officer's: it is a read, and stands in the notifiers' read logs.
func (c *call) packMakes() error {
	f := c.form()
	at, ok := f.position("place")
	req := &channel.PackRequest{Echelon: choice(f, "echelon", echelons), Level: f.text("level"), Buffer: int32(f.number("buffer", 0, parley.MaxKeepOut, 1000)),
		Window: geo.Window{From: f.moment("from", true), To: f.moment("until", true)}, Valid: int64(f.number("hours", 1, 168, 24)) * time.Hour.Milliseconds()}
	km := f.number("radius", 1, 100, 10)
	again := func(p *problem) error { return c.showPack(http.StatusUnprocessableEntity, nil, nil, p) }
	if !ok || len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	req.Sector = geo.Circle(at.Position, int32(km)*1000)
	p, file, err := c.p.api.PackFor(c.r.Context(), c.member, req)
	if err != nil {
		return c.refuse(act{again: again, field: func(path string) string {
			return map[string]string{"shape": "radius", "until": "until", "valid": "hours", "echelon": "echelon", "buffer": "buffer", "level": "level"}[strings.TrimPrefix(path, "query.")]
		}}, err)
	}
	return c.showPack(http.StatusOK, p, file, nil)
}
