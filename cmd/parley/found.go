package main

import (
	"fmt"
	"slices"

	"parley"
	"parley/release"
)

type foundCmd struct {
	Report foundReportCmd `cmd:"" help:"Tell the desk of a protected place that your people have come upon and that nobody has notified. Who came there, when and what for is not asked." example:"parley found report school --at '35.95, 39.01' --method gps --accuracy 15 --occupancy 201-1000 --asked people_agree --words 'families from the east bank' --key officer.key"`
	Adopt  foundAdoptCmd  `cmd:"" help:"Desk: keep a site for a report, or give one that the desk keeps a new version, until whoever runs the place takes it over." example:"parley found adopt FOUND-7K3F-Q2 --name en='Girls school' --phone '+963 11 000 0000' --to PARTY-7K3F-Q2=coarse --key releaser.key"`
	Close  foundCloseCmd  `cmd:"" help:"Close a report without a site of its own. None of the reasons says that a place is not protected." example:"parley found close FOUND-7K3F-Q2 already_notified --known SITE-7K3F-Q2 --key verifier.key"`
	Hand   foundHandCmd   `cmd:"" help:"Desk: show a site that it keeps to the organisation that runs the place. Two sign; the organisation takes it over with parley update." example:"parley found hand SITE-7K3F-Q2/v1 ORG-7K3F-Q2 --key verifier.key --second releaser.key"`
}

type foundReportCmd struct {
	Category  string   `arg:"" help:"school, clinic, collective_shelter, displaced_site, water … A wrong word is answered with the whole list."`
	At        *place   `placeholder:"POSITION" help:"Where, in any notation."`
	GeoJSON   string   `name:"geojson" type:"existingfile" placeholder:"FILE" help:"Where, as one GeoJSON geometry."`
	Method    string   `enum:"gps,map,imagery,survey,told" default:"gps" help:"How the position became known: gps, map, imagery, survey or told."`
	Accuracy  int32    `required:"" placeholder:"METRES" help:"How exact the position is."`
	Occupancy string   `default:"unknown" placeholder:"BAND" help:"People in it: unknown, none, 1-50, 51-200, 201-1000 or over-1000."`
	Marking   []string `placeholder:"MARKING" help:"emblem_roof, emblem_ground, logo, flag, lights, night_marking, thermal_marking; several with commas."`
	Words     string   `help:"What the place is. No names of persons."`
	Operator  string   `help:"Who runs it, as far as known."`
	Phone     string   `help:"A number at which somebody there answers."`
	Asked     string   `required:"" enum:"nobody,operator_agrees,people_agree,refused" help:"Whether those whom it concerns were asked if others may know: nobody, operator_agrees, people_agree or refused."`
	Confirm   []string `placeholder:"FINDING" help:"You have looked at this finding and it is as you say. Several with commas."`
	behalf
}

func (c *foundReportCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.SiteFound{Category: parley.Category(c.Category), Obtained: parley.Obtained{Method: parley.Method(c.Method), Accuracy: c.Accuracy}, Occupancy: parley.Occupancy(c.Occupancy),
		Words: s.text(c.Words), Operator: s.text(c.Operator), Phone: s.text(c.Phone), Asked: parley.Asked(c.Asked), Findings: (&sharingFlags{Confirm: c.Confirm}).confirmed()}
	for _, m := range c.Marking {
		b.Markings = append(b.Markings, parley.Marking(m))
	}
	switch {
	case (c.At == nil) == (c.GeoJSON == ""):
		return usage("where? either --at POSITION or --geojson FILE")
	case c.At != nil:
		b.Shape = point(s.place("--at", *c.At))
		b.Obtained.Notation, b.Obtained.Written = string(c.At.Notation), s.text(c.At.typed)
	default:
		if b.Shape, err = readShape(c.GeoJSON); err != nil {
			return err
		}
	}
	return s.say(b)
}

type foundAdoptCmd struct {
	Of    string `arg:"" help:"The report, such as FOUND-7K3F-Q2, or the version of a kept site that is replaced, such as SITE-7K3F-Q2/v1."`
	Asked string `enum:"nobody,operator_agrees,people_agree,refused," default:"" help:"Whether those whom it concerns agree that others know; as reported without it. nobody: coarse releases only. refused: none."`
	siteFlags
}

func (c *foundAdoptCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	b := &parley.SiteAdopt{}
	var before *release.Object
	if b.Found, err = parley.ParseRef(c.Of); err == nil && b.Found.Kind() == parley.RefFound {
		before, b.Asked, err = s.foundAsSite(b.Found)
	} else {
		var of parley.Versioned
		if of, err = parley.ParseVersioned(c.Of); err != nil {
			return err
		}
		b.Found, b.Of = "", &of
		before, b.Asked, err = s.keptVersion(of)
	}
	if err != nil {
		return err
	}
	if c.Asked != "" {
		b.Asked = parley.Asked(c.Asked)
	}
	if b.Site, err = s.site(&c.siteFlags, before); err != nil {
		return err
	}
	b.Site.Obtained.On = 0                  // what others get tells no hour
	b.Site.From -= b.Site.From % parley.Day // nor does its beginning
	return s.say(b)
}

// foundAsSite fetches a report as the draft of a site. How its finder wrote the place stays in the report.
func (s *statement) foundAsSite(ref parley.Ref) (*release.Object, parley.Asked, error) {
	f := &release.FoundSite{}
	if err := s.client.read(s.ctx, "/v1/found/"+string(ref), f); err != nil {
		return nil, "", err
	}
	return &release.Object{Category: f.Category, Geometry: f.Geometry, Obtained: f.Method, Accuracy: f.Accuracy, Simulated: f.Simulated, Markings: f.Markings, Occupancy: f.Occupancy, Contact: f.Phone,
		Private: &release.Private{Sensitivity: parley.High, Operator: f.Operator}}, f.Asked, nil
}

// keptVersion fetches the version of a kept site that is to be replaced.
func (s *statement) keptVersion(of parley.Versioned) (*release.Object, parley.Asked, error) {
	file := &release.File{}
	if err := s.client.read(s.ctx, "/v1/objects/"+string(of.Ref), file); err != nil {
		return nil, "", err
	}
	i := slices.IndexFunc(file.Versions, func(o release.Object) bool { return o.Version == of.Version })
	if i < 0 || file.Kept == nil {
		return nil, "", &parley.Fault{Code: parley.CodeVersion, Field: "OF", Read: of.String(), Expected: "a version of a site that the desk keeps"}
	}
	return &file.Versions[i], file.Kept.Asked, nil
}

type foundCloseCmd struct {
	Found  ref    `arg:"" help:"The report."`
	Reason string `arg:"" enum:"already_notified,not_confirmed,reported_in_error" help:"already_notified, not_confirmed, or reported_in_error, which its finder may say too."`
	Known  *ref   `placeholder:"SITE" help:"already_notified: the site that it is. The finder does not learn which."`
	Words  string `help:"More about it; stays with the desk."`
}

func (c *foundCloseCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	b := &parley.FoundClose{Found: c.Found.Ref, Reason: parley.FoundReason(c.Reason), Words: s.text(c.Words)}
	if c.Known != nil {
		b.Known = c.Known.Ref
	}
	return s.say(b)
}

type foundHandCmd struct {
	Of versioned `arg:"" help:"The newest version of a site that the desk keeps."`
	To ref       `arg:"" help:"The organisation that runs the place."`
	second
}

func (c *foundHandCmd) Run(a *app) error {
	return a.bySecond(c.second, func(*statement) parley.Body { return &parley.SiteHand{Of: c.Of.Versioned, To: c.To.Ref} })
}

// describeFound prints a report of a found place.
func (a *app) describeFound(f *release.FoundSite) {
	fmt.Fprintf(a.out, "%s  found %s: %s\n", f.Ref, plain(f.Category), plain(f.State))
	a.row("place", where(f.Geometry))
	a.row("position", fmt.Sprintf("%s, %d m", f.Method, f.Accuracy))
	a.row("people", f.Occupancy)
	a.row("words", f.Words)
	a.row("run by", f.Operator)
	a.row("phone", f.Phone)
	a.row("asked", plain(f.Asked))
	a.row("reported by", f.Party)
	a.row("told by", f.Told)
	a.row("noted", f.Noted)
	if f.State == string(parley.FoundWaits) {
		a.row("desk by", f.Due)
	}
	a.row("looked at", f.Looked)
	a.row("reason", plain(f.Reason))
	a.row("site", f.Site)
	a.row("answer", f.Answer)
	for _, n := range f.Near {
		a.row("near", n)
	}
}
