package main

import (
	"parley"
)

type queryCmd struct {
	Of       versioned `arg:"" help:"The object's version, such as SITE-7K3F-Q2/v1."`
	Question string    `arg:"" help:"What is asked."`
	Field    string    `required:"" help:"Which field it is about, such as occupancy."`
	Observed *place    `placeholder:"POSITION" help:"Where you have seen it: a difference is a finding."`
}

func (c *queryCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectQuery{Of: c.Of.Versioned, Field: c.Field, Question: s.text(c.Question), Observed: s.placeOrNil("--observed", c.Observed)})
}

type answerCmd struct {
	Query ref    `arg:"" help:"The question, such as QRY-…"`
	Text  string `arg:"" help:"The answer. A value that has changed needs parley update besides."`
	behalf
}

func (c *answerCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectAnswer{Query: c.Query.Ref, Answer: s.text(c.Text)})
}

type verifyCmd struct {
	Of     exhibit `arg:"" name:"version-or-file" help:"The version that was checked; or the file of a receipt or an inquiry."`
	Method string  `enum:",as_submitted,checked_map,second_source,on_site" default:"" help:"A version: as_submitted, checked_map, second_source or on_site."`
	Source string  `help:"A version: what it was checked with; stays with the desk and the notifier."`
	On     *when   `placeholder:"TIME" help:"A version: when; now without it."`
	Place  *place  `placeholder:"POSITION" help:"A version: the place that this source gives; a second source and on_site need it."`
	LogKey string  `placeholder:"KEY" help:"A file: the log's public key, as you noted it before; without it, the one the file names."`
	Policy string  `type:"existingfile" placeholder:"FILE" help:"A file: whose cosignatures count, as you noted it before; without it, those the file names."`
}

func (c *verifyCmd) Run(a *app) error {
	if c.Of.file != "" {
		return c.verifyFile(a)
	}
	if c.Method == "" || c.Source == "" {
		return usage("--method and --source go with a version: how it was checked, and with what")
	}
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	on, err := s.timeOr(c.On, s.draft.MadeAt)
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectVerify{Of: c.Of.Versioned, Method: parley.VerifyMethod(c.Method), Source: s.text(c.Source), On: on, Place: s.placeOrNil("--place", c.Place)})
}

type releaseCmd struct {
	Of        versioned `arg:"" help:"The version."`
	To        ref       `arg:"" name:"party" help:"The party."`
	Emergency bool      `help:"One officer, verified or not; a second signs within the profile's time. It is marked."`
}

func (c *releaseCmd) Run(a *app) error {
	return a.just(&parley.ObjectRelease{Of: c.Of.Versioned, To: c.To.Ref, Emergency: c.Emergency})
}

// just says a body that needs no texts.
func (a *app) just(body parley.Body) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(body)
}

// ofTo is a version and the party that has it.
type ofTo struct {
	Of versioned `arg:"" help:"The version."`
	To ref       `arg:"" name:"party" help:"The party that has it."`
}

type countersignCmd struct{ ofTo }

func (c *countersignCmd) Run(a *app) error {
	return a.just(&parley.ReleaseCountersign{Of: c.Of.Versioned, To: c.To.Ref})
}

type recallCmd struct {
	ofTo
	Reason string `required:"" help:"Why."`
}

func (c *recallCmd) Run(a *app) error {
	s, err := a.begin(behalf{})
	if err != nil {
		return err
	}
	return s.say(&parley.ObjectRecall{Of: c.Of.Versioned, To: c.To.Ref, Reason: s.text(c.Reason)})
}

type confirmRecallCmd struct {
	Of versioned `arg:"" help:"The version that was called back, and is now deleted at every level."`
	behalf
}

func (c *confirmRecallCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.RecallConfirm{Of: c.Of.Versioned})
}

type resendCmd struct{ ofTo }

func (c *resendCmd) Run(a *app) error {
	return a.just(&parley.ObjectResend{Of: c.Of.Versioned, To: c.To.Ref})
}
