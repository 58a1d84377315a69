package web

import (
	"net/http"
	"slices"

	strict "github.com/go-json-experiment/json"

	"parley"
	"parley/channel"
	"parley/release"
)

// sealsPage is the sealed areas that the reader may know, and the form for one. What is typed there stays in the browser.
type sealsPage struct {
	Items []release.Seal
	Head  parley.ListHead
	Seals bool // the reader may seal
	Kinds []string
}

func (c *call) seals() error { return c.showSeals(http.StatusOK, nil) }

func (c *call) showSeals(status int, p *problem) error {
	page := &sealsPage{Seals: c.member.Account.Kind() == parley.RefParty, Kinds: []string{"polygon", "circle"}}
	if err := c.view(func(v *channel.Viewer) {
		for from := 0; from >= 0; {
			var list []release.Seal
			list, from = v.Seals(from, 500)
			page.Items = append(page.Items, list...)
		}
		page.Head, _, _ = v.List(0, 1)
	}); err != nil {
		return err
	}
	slices.Reverse(page.Items)
	f := c.frame("seals", "nav.seals", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// sealSays takes a commitment. The content it commits to is not in the form.
func (c *call) sealSays() error {
	f := c.form()
	b := &parley.AreaSeal{Head: c.quoted(f)}
	again := func(p *problem) error { return c.showSeals(http.StatusUnprocessableEntity, p) }
	var err error
	if b.Commitment, err = parley.ParseHash(f.text("commitment")); err != nil {
		f.wrong("commitment", "wrong.missing")
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: c.newDraft(), body: b, next: "/seals/{ref}", again: again, plain: true})
}

// sealPage is one sealed area: its commitment, and what it was once it is open.
type sealPage struct {
	Seal  *release.Seal
	Opens bool
	Chart *chart
}

func (c *call) seal() error { return c.showSeal(http.StatusOK, nil) }

func (c *call) showSeal(status int, p *problem) error {
	page := &sealPage{}
	if err := c.view(func(v *channel.Viewer) { page.Seal, _ = v.Seal(c.ref("ref")) }); err != nil {
		return err
	}
	s := page.Seal
	if s == nil {
		return errMissing
	}
	page.Opens = s.Opened == "" && s.Party == c.member.Account && c.member.Has(parley.DutyOfficer, parley.LegalAdviser)
	if s.Geometry != nil {
		page.Chart = c.newChart("map")
		page.Chart.add(s.Geometry.Shape, s.Buffer, properties{Kind: "area", Status: "informed", Label: string(s.Ref)})
		page.Chart.done(s.Geometry.Shape)
	}
	f := c.frame("seal", "seal.title", page)
	f.Problem, f.Map, f.Dense = p, page.Chart != nil, true
	return c.showWith(status, f)
}

// sealOpens takes the content and the salt of a sealed area, as the device read them from the file that was kept.
func (c *call) sealOpens() error {
	f := c.form()
	b := &parley.AreaOpen{Seal: c.ref("ref")}
	again := func(p *problem) error { return c.showSeal(http.StatusUnprocessableEntity, p) }
	errSalt := b.Salt.UnmarshalText([]byte(f.text("salt")))
	errArea := strict.Unmarshal([]byte(f.text("area")), &b.Area, strict.RejectUnknownMembers(true))
	if errSalt != nil || errArea != nil {
		f.wrong("unseal-text", "wrong.missing")
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: c.newDraft(), body: b, next: "/seals/" + string(b.Seal), again: again, plain: true, field: func(string) string { return "unseal-text" }})
}
