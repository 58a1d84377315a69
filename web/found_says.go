package web

import (
	"net/http"

	"parley"
	"parley/internal/draft"
)

// adoptFields are the form's fields by the paths of the body by which the desk states a site.
var adoptFields = map[string]string{"asked": "asked", "site.category": "category", "site.shape": "place", "site.names": "name_en", "site.contact": "phone", "site.obtained": "accuracy", "site.occupancy": "occupancy",
	"site.sharing.sensitivity": "sensitivity", "site.sharing": "share", "site.keep_out": "keep_out"}

// foundActs takes what the desk does about a report, or its finder's word that it was in error.
func (c *call) foundActs() error {
	page, err := c.foundPage()
	if err != nil {
		return err
	}
	f, d := c.form(), c.newDraft()
	a := act{draft: d, next: "/found/" + string(page.Found.Ref), plain: true, again: func(p *problem) error { return c.showFoundSite(http.StatusUnprocessableEntity, p) }}
	switch f.text("act") {
	case "adopt":
		b := &parley.SiteAdopt{Found: page.Found.Ref, Asked: choice(f, "asked", parley.AskedAnswers), Site: c.keptSite(f, d, page)}
		if page.Kept != nil {
			b.Found, b.Of = "", &parley.Versioned{Ref: page.Kept.Ref, Version: page.Newest.Version}
		}
		a.body, a.field = b, func(path string) string { return fieldIn(adoptFields, path) }
	case "close":
		b := &parley.FoundClose{Found: page.Found.Ref, Reason: choice(f, "reason", parley.FoundReasons), Words: d.Text(f.long("words"))}
		if f.has("known") {
			b.Known = f.refOf("known")
		}
		a.body, a.field = b, func(path string) string {
			return fieldIn(map[string]string{"known": "known", "reason": "reason"}, path)
		}
	case "hand":
		if page.Kept == nil {
			return errMissing
		}
		a.body, a.two = &parley.SiteHand{Of: parley.Versioned{Ref: page.Kept.Ref, Version: page.Newest.Version}, To: f.refOf("to")}, true
	default:
		return errMissing
	}
	if len(f.errors) > 0 {
		return a.again(c.formProblem(f))
	}
	return c.finish(a)
}

// keptSite reads a site as the desk states it: no hour, and the place in the desk's own words.
func (c *call) keptSite(f *form, d *draft.Draft, page *foundSitePage) parley.Site {
	now := c.p.node.Now()
	s := parley.Site{Category: choice(f, "category", parley.Categories), Occupancy: choice(f, "occupancy", parley.Occupancies), Markings: several(f, "markings", markings), Operator: d.Text(f.text("operator")),
		Address: d.Text(f.long("address")), KeepOut: int32(f.number("keep_out", 0, int(parley.MaxKeepOut), 0)), From: now - now%parley.Day, Contact: parley.Contact{Phone: d.Text(western(f.required("phone")))},
		Obtained: parley.Obtained{Method: choice(f, "obtained", methods), Accuracy: int32(f.number("accuracy", 1, 100_000, 0))}, Findings: f.answered(d)}
	if !f.has("accuracy") {
		f.wrong("accuracy", "wrong.missing")
	}
	for _, lang := range Languages {
		if name := f.text("name_" + lang); name != "" {
			s.Names = append(s.Names, parley.LocalName{Language: lang, Name: d.Text(name)})
		}
	}
	if len(s.Names) == 0 {
		f.wrong("name_"+c.lang, "wrong.name")
	}
	if read, ok := f.position("place"); ok {
		s.Shape = pointShape(read.Position)
		if was := page.stands(); was.Geometry.Bounds().Center() == read.Position { // its extent stays
			s.Shape = was.Geometry.Shape
		}
	}
	s.Shared.Sensitivity = choice(f, "sensitivity", sensitivities)
	for _, p := range page.Parties {
		switch precision := parley.Precision(f.text("share_" + string(p.Ref))); precision {
		case parley.Exact, parley.Coarse:
			consent := parley.Consent{To: p.Ref, Precision: precision}
			if precision == parley.Exact {
				consent.Fields = several(f, "fields_"+string(p.Ref), page.Fields)
			}
			s.Shared.Consents = append(s.Shared.Consents, consent)
		}
	}
	return s
}
