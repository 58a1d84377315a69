package main

import (
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/geo"
	"parley/release"
)

type notifyCmd struct {
	Site     notifySiteCmd     `cmd:"" help:"Notify a place that does not move: a hospital, a school, a well." example:"parley notify site --at '37S EV 00901 78402' --category hospital --name en='National Hospital' --name ar='المشفى الوطني' --phone '+963 11 000 0000' --accuracy 10 --method gps --to PARTY-7K3F-Q2:name,contact --key org.key"`
	Movement notifyMovementCmd `cmd:"" help:"Notify a movement: staff, supplies or people under way." example:"parley notify movement --file convoy.json --to PARTY-7K3F-Q2:contact --key org.key"`
	Presence notifyPresenceCmd `cmd:"" help:"Notify that civilians are in an area, as a band and until an hour. No persons." example:"parley notify presence --circle '35.95, 39.01, 800m' --people 51-200 --from now --until +24h --to PARTY-7K3F-Q2 --key org.key"`
	Sites    notifySitesCmd    `cmd:"" default:"withargs" help:"Notify many sites from a CSV file. Rows with a problem are never sent." example:"parley notify --csv sites.csv --dry-run --key org.key"`
}

// siteFlags say what a site is. For an update, what is not said stays as it was.
type siteFlags struct {
	At        *place            `placeholder:"POSITION" help:"Where, in any notation: decimal degrees, minutes, seconds, MGRS, UTM, GARS, Plus Code."`
	GeoJSON   string            `name:"geojson" type:"existingfile" placeholder:"FILE" help:"Where, as one GeoJSON geometry."`
	Category  string            `placeholder:"CATEGORY" help:"hospital, clinic, school, water, bakery, displaced_site … A wrong word is answered with the whole list."`
	Name      map[string]string `placeholder:"LANGUAGE=NAME" mapsep:"none" help:"A name in a language, such as ar=…; repeat the flag for each."`
	Phone     string            `help:"A number that answers day and night."`
	Contact   string            `placeholder:"NAME" help:"Who answers; stays with the desk."`
	Alternate string            `placeholder:"PHONE" help:"A second number; stays with the desk."`
	Accuracy  int32             `placeholder:"METRES" help:"How exact the position is."`
	Method    string            `enum:"gps,map,imagery,survey,told," default:"" placeholder:"METHOD" help:"How it became known: gps, map, imagery, survey or told."`
	Simulated bool              `help:"The device said that its position is not real."`
	KeepOut   int32             `placeholder:"METRES" help:"Distance around it; the profile's without it."`
	Occupancy string            `placeholder:"BAND" help:"unknown, none, 1-50, 51-200, 201-1000 or over-1000."`
	Marking   []string          `placeholder:"MARKING" help:"emblem_roof, emblem_ground, logo, flag, lights, night_marking, thermal_marking; several with commas."`
	Address   string            `help:"Address or landmarks."`
	Function  string            `help:"What it does, in words; stays with the desk."`
	Operator  string            `help:"Who runs it; stays with the desk."`
	Supporter string            `help:"Who pays for it; stays with the desk."`
	SignedOff []string          `sep:"none" placeholder:"NAME" help:"Security officer and head of mission who signed it off; repeat the flag. Stays with the desk."`
	Admin     []string          `placeholder:"CODE" help:"Codes of the administrative levels, from the top; several with commas."`
	Since     *when             `placeholder:"TIME" help:"Since when it is there."`
	NoneNear  int32             `placeholder:"METRES" help:"No military object within so many metres, as known now."`
	From      *when             `placeholder:"TIME" help:"Valid from; now without it."`
	Until     *when             `placeholder:"TIME" help:"Valid until; open without it."`
	sharingFlags
}

type notifySiteCmd struct {
	siteFlags
	behalf
}

func (c *notifySiteCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	site, err := s.site(&c.siteFlags, nil)
	if err != nil {
		return err
	}
	return s.say(&parley.SiteNotify{Site: site})
}

// site makes a site from flags; before, if not nil, is the version that is replaced: what the flags do not say stays as it was.
func (s *statement) site(f *siteFlags, before *release.Object) (parley.Site, error) {
	if before == nil {
		before = &release.Object{Occupancy: "unknown", Private: &release.Private{Sensitivity: parley.High}}
	}
	p := before.Private
	site := parley.Site{
		Category: parley.Category(either(f.Category, before.Category)), Function: s.text(either(f.Function, p.Function)), KeepOut: f.KeepOut,
		Address: s.text(either(f.Address, before.Address)), Operator: s.text(either(f.Operator, p.Operator)), Supporter: s.text(either(f.Supporter, p.Supporter)),
		Occupancy: parley.Occupancy(either(f.Occupancy, before.Occupancy)), Markings: before.Markings,
		Contact:  parley.Contact{Name: s.text(either(f.Contact, p.ContactName)), Phone: s.text(either(f.Phone, before.Contact)), Alternate: s.text(either(f.Alternate, p.Alternate))},
		Shared:   f.sharing(&parley.Sharing{Consents: p.Consents, Sensitivity: p.Sensitivity}),
		Findings: f.confirmed(), Names: s.names(f.Name, before.Names),
	}
	if f.KeepOut == 0 && before.KeepOut != s.theatre.Profile.KeepOut { // else the profile's goes on applying
		site.KeepOut = before.KeepOut
	}
	if f.Marking != nil {
		site.Markings = nil
		for _, m := range f.Marking {
			site.Markings = append(site.Markings, parley.Marking(m))
		}
	}
	for _, name := range eitherList(f.SignedOff, p.SignedOff) {
		site.SignedOff = append(site.SignedOff, s.text(name))
	}
	site.Admin = eitherList(f.Admin, p.Admin)
	if err := s.whereabouts(&site, f, before); err != nil {
		return site, err
	}
	var err error
	if p.Since != "" || f.Since != nil {
		if site.Since, err = s.since(f.Since, p.Since); err != nil {
			return site, err
		}
	}
	if f.NoneNear > 0 {
		site.CoLocation = &parley.CoLocation{NoneWithin: f.NoneNear, KnownOn: s.draft.MadeAt}
	} else if p.CoLocation != nil {
		known, err := s.since(nil, p.CoLocation.KnownOn)
		if err != nil {
			return site, err
		}
		site.CoLocation = &parley.CoLocation{NoneWithin: p.CoLocation.NoneWithin, KnownOn: known}
	}
	if site.From, err = s.since(f.From, before.From); err != nil {
		return site, err
	}
	if before.Until != "" || f.Until != nil {
		site.Until, err = s.since(f.Until, before.Until)
	}
	return site, err
}

// whereabouts fills in the shape and how it was obtained.
func (s *statement) whereabouts(site *parley.Site, f *siteFlags, before *release.Object) (err error) {
	o := &site.Obtained
	o.Accuracy, o.Method, o.Simulated = f.Accuracy, parley.Method(f.Method), f.Simulated
	if o.Accuracy == 0 {
		o.Accuracy = before.Accuracy
	}
	if o.Method == "" {
		o.Method = parley.Method(before.Obtained)
	}
	switch {
	case f.At != nil && f.GeoJSON != "":
		return usage("where? either --at POSITION or --geojson FILE")
	case f.At != nil:
		site.Shape = point(s.place("--at", *f.At))
		o.Notation, o.Written, o.On = string(f.At.Notation), s.text(f.At.typed), s.draft.MadeAt
	case f.GeoJSON != "":
		site.Shape, err = readShape(f.GeoJSON)
		o.On = s.draft.MadeAt
	case before.Geometry.Kind != "":
		site.Shape = before.Geometry.Shape
		o.Notation, o.Written = before.Private.Notation, s.text(before.Private.Written)
		o.Simulated = o.Simulated || before.Simulated
		if before.Private.ObtainedOn != "" {
			o.On, err = s.since(nil, before.Private.ObtainedOn)
		}
	default:
		return usage("where? --at POSITION or --geojson FILE")
	}
	return err
}

// names commits to the names that are given; without any, those of the version before stand.
func (s *statement) names(given map[string]string, before []release.Name) []parley.LocalName {
	var names []parley.LocalName
	for language, name := range given {
		names = append(names, parley.LocalName{Language: language, Name: s.text(name)})
	}
	slices.SortFunc(names, func(a, b parley.LocalName) int { return strings.Compare(a.Language, b.Language) })
	if names == nil {
		for _, n := range before {
			names = append(names, parley.LocalName{Language: n.Language, Name: s.text(n.Name)})
		}
	}
	return names
}

// since returns the time that is given, or that of the version before, or now.
func (s *statement) since(given *when, before string) (int64, error) {
	if given == nil && before != "" {
		given = &when{}
		if err := given.UnmarshalText([]byte(before)); err != nil {
			return 0, err
		}
	}
	return s.timeOr(given, s.draft.MadeAt)
}

// eitherList returns the first list that is not empty.
func eitherList(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

// either returns the first text that is not empty.
func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

type notifyPresenceCmd struct {
	shapeFlags
	People  string `required:"" placeholder:"BAND" help:"none, 1-50, 51-200, 201-1000, over-1000 or unknown."`
	From    *when  `required:"" placeholder:"TIME" help:"From when."`
	Until   *when  `required:"" placeholder:"TIME" help:"Until when."`
	KeepOut int32  `placeholder:"METRES" help:"Distance around it; the profile's without it."`
	Place   string `placeholder:"TEXT" help:"The place in words."`
	sharingFlags
	behalf
}

func (c *notifyPresenceCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	p := parley.Presence{KeepOut: c.KeepOut, People: parley.Occupancy(c.People), Place: s.text(c.Place), Shared: c.sharing(nil), Findings: c.confirmed()}
	if p.Shape, err = s.shape(c.shapeFlags); err != nil {
		return err
	}
	if p.From, err = s.time(c.From); err != nil {
		return err
	}
	if p.Until, err = s.time(c.Until); err != nil {
		return err
	}
	return s.say(&parley.PresenceNotify{Presence: p})
}

type updateCmd struct {
	Of   versioned `arg:"" help:"The version that is replaced, such as SITE-7K3F-Q2/v1."`
	File string    `type:"existingfile" placeholder:"FILE.json" help:"Movements: the whole movement again."`
	siteFlags
	behalf
}

func (c *updateCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	file := &release.File{}
	if err := s.client.read(a.ctx, "/v1/objects/"+string(c.Of.Ref), file); err != nil {
		return err
	}
	i := slices.IndexFunc(file.Versions, func(o release.Object) bool { return o.Version == c.Of.Version })
	if i < 0 {
		return &parley.Fault{Code: parley.CodeVersion, Field: "OF", Read: c.Of.String(), Expected: fmt.Sprintf("a version of %s that there is", c.Of.Ref)}
	}
	before := &file.Versions[i]
	if before.Private == nil {
		return &parley.Fault{Code: parley.CodeNotPermitted, Field: "OF", Read: c.Of.String(), Expected: "an object of your own organisation, or the desk with --on-behalf"}
	}
	switch c.Of.Kind() {
	case parley.RefSite:
		site, err := s.site(&c.siteFlags, before)
		if err != nil {
			return err
		}
		return s.say(&parley.SiteUpdate{Of: c.Of.Versioned, Site: site})
	case parley.RefMovement:
		if c.File == "" {
			return usage("a movement is stated again as a whole: --file FILE.json")
		}
		m, err := s.movementIn(c.File)
		if err != nil {
			return err
		}
		m.Shared, m.Findings = c.sharing(&parley.Sharing{Consents: before.Private.Consents, Sensitivity: before.Private.Sensitivity}), c.confirmed()
		return s.say(&parley.MovementUpdate{Of: c.Of.Versioned, Movement: *m})
	}
	return usage("a %s has no versions; withdraw it and notify it anew", strings.ToLower(string(c.Of.Kind())))
}

// Kind returns the kind of the reference.
func (v versioned) Kind() parley.RefKind { return v.Ref.Kind() }

type revalidateCmd struct {
	Of versioned `arg:"" help:"The version that still is as it says."`
}

func (c *revalidateCmd) Run(a *app) error { return a.just(&parley.SiteRevalidate{Of: c.Of.Versioned}) }

type withdrawCmd struct {
	Object ref    `arg:"" help:"The object. Its protection under the law does not change."`
	Reason string `required:"" enum:"ceased_function,consent_withdrawn,entered_in_error,cancelled" help:"ceased_function, consent_withdrawn, entered_in_error or cancelled."`
	Words  string `help:"More about it."`
}

func (c *withdrawCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	w := parley.Withdraw{Object: c.Object.Ref, Reason: parley.WithdrawReason(c.Reason), Words: s.text(c.Words)}
	switch c.Object.Kind() {
	case parley.RefMovement:
		return s.say(&parley.MovementWithdraw{Withdraw: w})
	case parley.RefPresence:
		return s.say(&parley.PresenceWithdraw{Withdraw: w})
	}
	return s.say(&parley.SiteWithdraw{Withdraw: w})
}

// line returns the shape of a way through positions.
func line(ps []geo.Position) geo.Shape {
	return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{ps}}
}
