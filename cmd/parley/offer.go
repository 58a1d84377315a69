package main

import (
	"parley"
)

type offerCmd struct {
	Make    offerMakeCmd    `cmd:"" help:"Put an offer on record, with a deadline. No answer by then is an answer." example:"parley offer make PARTY-7K3F-Q2 coordination 'A line open at all hours' --deadline +48h --key officer.key"`
	Respond offerRespondCmd `cmd:"" help:"Answer an offer; after its deadline the answer is taken and marked late." example:"parley offer respond OFFER-7K3F-Q2 accepted --key officer.key"`
	Fulfil  offerFulfilCmd  `cmd:"" help:"Say, by either side, whether what was accepted came about." example:"parley offer fulfil OFFER-7K3F-Q2 --key officer.key"`
}

type offerMakeCmd struct {
	To          ref    `arg:"" help:"Whom it is made to: a party, or DESK."`
	Kind        string `arg:"" enum:"coordination,corridor,pause,inspection,evacuation,information" help:"coordination, corridor, pause, inspection, evacuation or information."`
	Text        string `arg:"" help:"The offer in its own words."`
	Lang        string `default:"en" help:"The language of the text."`
	Translation string `help:"The same in another language."`
	Translator  string `help:"Who translated it."`
	Deadline    *when  `required:"" placeholder:"TIME" help:"By when an answer is asked for."`
	About       *ref   `placeholder:"REF" help:"A line, zone, corridor or pause that it is about."`
	Counter     *ref   `placeholder:"OFFER" help:"The offer to you that this one answers."`
	behalf
}

func (c *offerMakeCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	b := &parley.OfferMake{To: c.To.Ref, OfferKind: parley.OfferKind(c.Kind), Text: s.text(c.Text), Language: c.Lang, Translation: s.text(c.Translation), Translator: s.text(c.Translator)}
	if b.Deadline, err = s.time(c.Deadline); err != nil {
		return err
	}
	if c.About != nil {
		b.About = c.About.Ref
	}
	if c.Counter != nil {
		b.Counter = c.Counter.Ref
	}
	return s.say(b)
}

type offerRespondCmd struct {
	Offer    ref    `arg:"" help:"The offer."`
	Response string `arg:"" enum:"accepted,declined,countered" help:"accepted, declined or countered; to counter with an offer of your own, see parley offer make --counter."`
	Words    string `help:"More about it."`
	behalf
}

func (c *offerRespondCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.OfferRespond{Offer: c.Offer.Ref, Response: parley.OfferResponse(c.Response), Words: s.text(c.Words)})
}

type offerFulfilCmd struct {
	Offer  ref    `arg:"" help:"The offer."`
	Lapsed bool   `help:"It did not come about."`
	Words  string `help:"More about it."`
	behalf
}

func (c *offerFulfilCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	return s.say(&parley.OfferFulfil{Offer: c.Offer.Ref, Fulfilled: !c.Lapsed, Words: s.text(c.Words)})
}
