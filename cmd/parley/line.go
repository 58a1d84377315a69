package main

import (
	"parley"
	"parley/geo"
)

// termsFlags say what every arrangement has: where, when, and whose word is asked for.
type termsFlags struct {
	Shape     string            `placeholder:"FILE.geojson" type:"existingfile" help:"Where: one GeoJSON geometry, or a feature with one. Nothing is typed by hand."`
	Center    *place            `placeholder:"POSITION" help:"Where: everything around a point; with --radius."`
	Radius    int32             `placeholder:"METRES" help:"How far around the shape or the point it reaches."`
	From      *when             `placeholder:"TIME" help:"From when; now if not said."`
	To        *when             `placeholder:"TIME" help:"Until when; without it no end is stated, which a pause has to have."`
	Addressee []ref             `required:"" placeholder:"PARTY" help:"The parties whose word is asked for. Several with commas."`
	Name      map[string]string `placeholder:"LANGUAGE=NAME" mapsep:"none" help:"A name in a language, such as ar=…; repeat the flag for each."`
	Text      string            `help:"What was written or said, in its own words."`
}

// terms turns the flags into terms.
func (s *statement) terms(f termsFlags) (terms parley.Terms, err error) {
	switch {
	case (f.Shape != "") == (f.Center != nil):
		return terms, usage("where? either --shape FILE.geojson, or --center POSITION with --radius METRES")
	case f.Center != nil:
		terms.Shape = point(s.place("--center", *f.Center))
	default:
		if terms.Shape, err = readShape(f.Shape); err != nil {
			return terms, err
		}
	}
	if terms.Window.From, err = s.timeOr(f.From, s.draft.MadeAt); err != nil {
		return terms, err
	}
	if terms.Window.To, err = s.timeOr(f.To, geo.Forever); err != nil {
		return terms, err
	}
	terms.Radius, terms.Addressees, terms.Names, terms.Text = f.Radius, refs(f.Addressee), s.names(f.Name, nil), s.text(f.Text)
	return terms, nil
}

// lineFlags say what a line or zone is.
type lineFlags struct {
	termsFlags
	Kind    string `required:"" enum:"deconfliction,exclusion,protected,no_fire,no_fly,radius_zone" help:"What it is said to be: deconfliction, exclusion, protected, no_fire, no_fly or radius_zone."`
	Basis   string `enum:"agreement,unilateral,customary_claim" default:"unilateral" help:"What it is said to rest on: agreement, unilateral or customary_claim."`
	Publish bool   `help:"Organisations whose objects it touches may see it."`
}

func (s *statement) line(f lineFlags) (parley.Line, error) {
	terms, err := s.terms(f.termsFlags)
	terms.Published = f.Publish
	return parley.Line{Terms: terms, LineKind: parley.LineKind(f.Kind), Basis: parley.Basis(f.Basis)}, err
}

// sayLine begins a statement about a line or zone, and says the body that is made of it.
func (a *app) sayLine(b behalf, f lineFlags, body func(parley.Line) parley.Body) error {
	s, err := a.begin(b)
	if err != nil {
		return err
	}
	line, err := s.line(f)
	if err != nil {
		return err
	}
	return s.say(body(line))
}

type lineCmd struct {
	Propose lineProposeCmd `cmd:"" help:"Put a line before other parties. It is recorded, never endorsed." example:"parley line propose --shape line.geojson --kind deconfliction --basis agreement --to +30d --addressee PARTY-7K3F-Q2 --key officer.key"`
	Impose  lineImposeCmd  `cmd:"" help:"State a line that stands whatever others say; what they say stands beside it." example:"parley line impose --shape line.geojson --kind exclusion --addressee PARTY-7K3F-Q2 --publish --key officer.key"`
	Amend   lineAmendCmd   `cmd:"" help:"Give your line a new version, stated as a whole; every party is asked anew." example:"parley line amend LINE-7K3F-Q2/v1 --shape line.geojson --kind deconfliction --addressee PARTY-7K3F-Q2 --key officer.key"`
	End     lineEndCmd     `cmd:"" help:"End your line before its window does." example:"parley line end LINE-7K3F-Q2 --reason 'withdrawn' --key officer.key"`
}

type lineProposeCmd struct {
	lineFlags
	behalf
}

func (c *lineProposeCmd) Run(a *app) error {
	return a.sayLine(c.behalf, c.lineFlags, func(l parley.Line) parley.Body { return &parley.LinePropose{Line: l} })
}

type lineImposeCmd struct {
	lineFlags
	behalf
}

func (c *lineImposeCmd) Run(a *app) error {
	return a.sayLine(c.behalf, c.lineFlags, func(l parley.Line) parley.Body { return &parley.LineImpose{Line: l} })
}

type lineAmendCmd struct {
	Of versioned `arg:"" help:"The version that is replaced, such as LINE-…/v1."`
	lineFlags
	behalf
}

func (c *lineAmendCmd) Run(a *app) error {
	return a.sayLine(c.behalf, c.lineFlags, func(l parley.Line) parley.Body { return &parley.LineAmend{Of: c.Of.Versioned, Line: l} })
}

type lineEndCmd struct {
	Line   ref    `arg:"" help:"Your line."`
	Reason string `help:"Why."`
	behalf
}

func (c *lineEndCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.LineEnd{Line: c.Line.Ref, Reason: s.text(c.Reason)})
}

type zoneCmd struct {
	Propose zoneProposeCmd `cmd:"" help:"Put a zone before other parties: a polygon, or all around a point. It is recorded, never endorsed." example:"parley zone propose --center '35.95, 39.01' --radius 2000 --kind protected --to +30d --addressee PARTY-7K3F-Q2 --key officer.key"`
	Impose  zoneImposeCmd  `cmd:"" help:"State a zone that stands whatever others say; what they say stands beside it." example:"parley zone impose --center '33.49, 38.62' --radius 55000 --kind radius_zone --addressee PARTY-7K3F-Q2 --key officer.key"`
	Amend   zoneAmendCmd   `cmd:"" help:"Give your zone a new version, stated as a whole; every party is asked anew." example:"parley zone amend ZONE-7K3F-Q2/v1 --center '35.95, 39.01' --radius 3000 --kind protected --addressee PARTY-7K3F-Q2 --key officer.key"`
	End     zoneEndCmd     `cmd:"" help:"End your zone before its window does." example:"parley zone end ZONE-7K3F-Q2 --key officer.key"`
}

type zoneProposeCmd struct {
	lineFlags
	behalf
}

func (c *zoneProposeCmd) Run(a *app) error {
	return a.sayLine(c.behalf, c.lineFlags, func(l parley.Line) parley.Body { return &parley.ZonePropose{Line: l} })
}

type zoneImposeCmd struct {
	lineFlags
	behalf
}

func (c *zoneImposeCmd) Run(a *app) error {
	return a.sayLine(c.behalf, c.lineFlags, func(l parley.Line) parley.Body { return &parley.ZoneImpose{Line: l} })
}

type zoneAmendCmd struct {
	Of versioned `arg:"" help:"The version that is replaced, such as ZONE-…/v1."`
	lineFlags
	behalf
}

func (c *zoneAmendCmd) Run(a *app) error {
	return a.sayLine(c.behalf, c.lineFlags, func(l parley.Line) parley.Body { return &parley.ZoneAmend{Of: c.Of.Versioned, Line: l} })
}

type zoneEndCmd struct {
	Zone   ref    `arg:"" help:"Your zone."`
	Reason string `help:"Why."`
	behalf
}

func (c *zoneEndCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.ZoneEnd{Zone: c.Zone.Ref, Reason: s.text(c.Reason)})
}

type consentCmd struct {
	Give     consentGiveCmd     `cmd:"" help:"Say that your party agrees to exactly one version of a line, zone, corridor or pause." example:"parley consent give CORR-7K3F-Q2/v1 --key officer.key"`
	Refuse   consentRefuseCmd   `cmd:"" help:"Say that your party does not agree, or contests what was imposed." example:"parley consent refuse LINE-7K3F-Q2/v1 --words 'never agreed' --key officer.key"`
	Withdraw consentWithdrawCmd `cmd:"" help:"Take your party's agreement back. What rested on it is suspended." example:"parley consent withdraw CORR-7K3F-Q2/v1 --key officer.key"`
}

// consentFlags name a version and the words about it.
type consentFlags struct {
	Of    versioned `arg:"" help:"The version, such as LINE-…/v1."`
	Words string    `help:"More about it; everyone who sees the arrangement reads it."`
	behalf
}

func (a *app) sayConsent(f consentFlags, body func(parley.ConsentWord) parley.Body) error {
	s, err := a.begin(f.behalf)
	if err != nil {
		return err
	}
	return s.say(body(parley.ConsentWord{Of: f.Of.Versioned, Words: s.text(f.Words)}))
}

type consentGiveCmd struct{ consentFlags }

func (c *consentGiveCmd) Run(a *app) error {
	return a.sayConsent(c.consentFlags, func(w parley.ConsentWord) parley.Body { return &parley.ConsentGive{ConsentWord: w} })
}

type consentRefuseCmd struct{ consentFlags }

func (c *consentRefuseCmd) Run(a *app) error {
	return a.sayConsent(c.consentFlags, func(w parley.ConsentWord) parley.Body { return &parley.ConsentRefuse{ConsentWord: w} })
}

type consentWithdrawCmd struct{ consentFlags }

func (c *consentWithdrawCmd) Run(a *app) error {
	return a.sayConsent(c.consentFlags, func(w parley.ConsentWord) parley.Body { return &parley.ConsentWithdraw{ConsentWord: w} })
}
