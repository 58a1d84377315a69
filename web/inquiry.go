package web

import (
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/geo/notation"
	"parley/inquiry"
	"parley/proof"
	"parley/release"
)

// inquirers may ask what was known.
var inquirers = []parley.Role{parley.MonitorOfficer, parley.Verifier, parley.Releaser, parley.DutyOfficer, parley.Planner, parley.LegalAdviser, parley.Notifier, parley.MovementLeader}

// inquiryForm asks what was known at a time near a place.
type inquiryForm struct {
	Form    map[string]string
	Monitor bool // asks on account of an incident
	Chart   *chart
	Gone    bool // a report that is no longer kept was asked for
}

func (c *call) inquiryForm() error { return c.showInquiryForm(http.StatusOK, nil, false) }

func (c *call) showInquiryForm(status int, p *problem, gone bool) error {
	page := &inquiryForm{Form: c.typed(), Monitor: c.monitor(), Chart: c.newChart("map"), Gone: gone}
	var shapes []geo.Shape
	if c.r.Method == http.MethodGet {
		page.Form["at"], page.Form["radius"] = c.local(c.p.node.Now()), "1000"
		if ref, err := parley.ParseRef(western(c.r.URL.Query().Get("incident"))); err == nil {
			i, err := c.incidentFor(ref)
			if err != nil {
				return err
			}
			if i != nil && i.Place != nil {
				at := i.Place.Shape.Points[0]
				page.Form["incident"], page.Form["at"], page.Form["near"] = string(ref), c.localStamp(i.To), notation.FormatDD(at, 7)
				page.Form["radius"] = digits(min(max(i.Radius, 1000), channel.MaxInquiryRadius))
				shapes = append(shapes, pointShape(at))
				page.Chart.add(pointShape(at), 0, properties{Kind: "site", Label: string(ref), Status: "disputed"})
			}
		}
	}
	page.Chart.Draw, page.Chart.For = "point", "near"
	page.Chart.done(shapes...)
	f := c.frame("inquiry_new", "inquiry.title", page)
	f.Problem, f.Map, f.Dense = p, true, true
	return c.showWith(status, f)
}

// monitor reports whether the reader is a monitor and not the desk.
func (c *call) monitor() bool {
	return c.member.Account != parley.Desk && c.member.Has(parley.MonitorOfficer)
}

// incidentFor is an incident as the reader sees it, nil when there is none.
func (c *call) incidentFor(ref parley.Ref) (i *release.Incident, err error) {
	err = c.view(func(v *channel.Viewer) { i, _ = v.Incident(ref) })
	return i, err
}

// inquire asks, and keeps the signed file for whoever asked: what is shown, printed and saved is one and the same.
func (c *call) inquire() error {
	f := c.form()
	q := release.Question{At: f.moment("at", true), Radius: int32(f.number("radius", 1, int(channel.MaxInquiryRadius), 1000))}
	if r, ok := f.position("near"); ok {
		q.Place = r.Position
	}
	if f.has("incident") {
		q.Incident = f.refOf("incident")
	}
	again := func(p *problem) error { return c.showInquiryForm(http.StatusUnprocessableEntity, p, false) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	raw, err := c.p.node.Inquire(c.r.Context(), c.member, q)
	if err != nil {
		return c.refuse(act{again: again, plain: true, field: func(path string) string {
			return fieldIn(map[string]string{"at": "at", "near": "near", "radius": "radius", "incident": "incident"}, path)
		}}, err)
	}
	c.redirect("/inquiry/" + c.p.reports.put(c.member.Ref, raw, len(raw), c.p.node.Now()))
	return nil
}

// inquiryPage is a report with how far each of its lines is proved.
type inquiryPage struct {
	*inquiry.Verified
	ID       string
	Size     int
	Sections []inquirySection
	Signed   int
	Placed   int
	Stated   int
	Witness  bool
	LogKey   string
	Withheld int // entries of which the reader has the hash alone
	Gone     int // entries whose command is erased
	Erased   int // texts
	Texts    int // texts that the reader does not get
	Sealed   int // areas that were not opened
	Near     string
	Others   bool // what other accounts keep to themselves is not shown
}

// inquirySection is one part of a report.
type inquirySection struct {
	Name  string
	Lines []inquiryLine
}

// inquiryLine is one line with how far it is proved, and what its reader does not get.
type inquiryLine struct {
	release.InquiryLine
	Proved string
	Hidden []uint64 // positions of which the reader has the hash alone
	Gone   []uint64 // positions whose command is erased
	Erased int      // texts that are gone
	Sealed bool     // its content was not opened
}

// kept returns the file of a report that the reader has asked for.
func (c *call) kept() ([]byte, bool) {
	return c.p.reports.get(c.member.Ref, c.r.PathValue("id"), c.p.node.Now())
}

func (c *call) inquiry() error {
	raw, ok := c.kept()
	if !ok {
		return c.showInquiryForm(http.StatusNotFound, nil, true)
	}
	file, err := inquiry.Parse(raw)
	if err != nil {
		return err
	}
	v, err := file.Verify(proof.Trust{LogKey: c.p.node.LogKey()})
	if err != nil {
		return err
	}
	page := &inquiryPage{Verified: v, ID: c.r.PathValue("id"), Size: len(raw), Witness: v.Policy != nil && v.Policy.Needs() && v.Tree.Quorum, LogKey: file.LogKey, Near: c.near(v.Question.Place), Others: c.member.Account != parley.Desk}
	for _, e := range file.Entries {
		switch {
		case e.Gone:
			page.Gone++
		case e.Command == nil:
			page.Withheld++
		}
		page.Erased += e.Erased
		page.Texts += e.Withheld
	}
	for _, name := range release.InquirySections {
		section := inquirySection{Name: name}
		for i := range v.Lines {
			if v.Lines[i].Section == name {
				section.Lines = append(section.Lines, page.line(&v.Lines[i], v.Proved[i]))
			}
		}
		if len(section.Lines) > 0 {
			page.Sections = append(page.Sections, section)
		}
	}
	f := c.frame("inquiry", "inquiry.report", page)
	f.Dense = true
	return c.show(f)
}

func (p *inquiryPage) line(l *release.InquiryLine, proved string) inquiryLine {
	out := inquiryLine{InquiryLine: *l, Proved: proved}
	for _, n := range l.Positions {
		e := p.Entries[n]
		switch {
		case e.Gone:
			out.Gone = append(out.Gone, n)
		case e.Command == nil:
			out.Hidden = append(out.Hidden, n)
		}
		out.Erased += e.Erased
	}
	if l.Section == "seals" && l.Fact("opened") == "" {
		out.Sealed = true
		p.Sealed++
	}
	switch proved {
	case inquiry.Signed:
		p.Signed++
	case inquiry.Placed:
		p.Placed++
	default:
		p.Stated++
	}
	return out
}

// inquiryFile hands out the signed file: parley verify opens it on any machine.
func (c *call) inquiryFile() error {
	raw, ok := c.kept()
	if !ok {
		return errMissing
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="inquiry-`+time.UnixMilli(c.p.node.Now()).UTC().Format("20060102-1504")+`.json"`)
	h.Set("Content-Length", strconv.Itoa(len(raw)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, _ = c.w.Write(raw) // a reader that has gone is no error of ours
	return nil
}
