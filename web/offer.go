package web

import (
	"html/template"
	"net/http"
	"slices"

	"parley"
	"parley/channel"
	"parley/internal/draft"
	"parley/release"
)

// offersPage is the ledger of offers, both directions, the newest first.
type offersPage struct {
	Items      []release.Offer
	Way, State string
	Kind       string
	Ways       []string
	States     []parley.State
	Kinds      []parley.OfferKind
	More       int
	May        bool
}

// offerWays are the directions of offers, as the reader's account sees them.
var offerWays = []string{"made", "received"}

func (c *call) offers() error {
	const some = 50
	q := c.r.URL.Query()
	page := &offersPage{Way: q.Get("way"), State: q.Get("state"), Kind: q.Get("kind"), Ways: offerWays, States: parley.OfferMachine.States, Kinds: parley.OfferKinds, More: -1, May: c.member.Has(offerSpeakers...)}
	var all []release.Offer
	for from := 0; from >= 0; {
		var list []release.Offer
		if err := c.view(func(v *channel.Viewer) { list, from = v.Offers(from, 200) }); err != nil {
			return err
		}
		for _, o := range list {
			if (page.Way == "" || page.Way == "made" && o.From == c.member.Account || page.Way == "received" && o.To == c.member.Account) &&
				(page.State == "" || page.State == o.State) && (page.Kind == "" || page.Kind == string(o.Kind)) {
				all = append(all, o)
			}
		}
	}
	slices.Reverse(all)
	from := min(c.form0("from"), len(all))
	page.Items = all[from:min(from+some, len(all))]
	if from+some < len(all) {
		page.More = from + some
	}
	f := c.frame("offers", "nav.offers", page)
	f.Dense = true
	return c.show(f)
}

// offerSpeakers may make and answer offers.
var offerSpeakers = []parley.Role{parley.DutyOfficer, parley.Notifier, parley.Verifier, parley.Releaser}

// OfferState says what became of an offer.
func (f *frame) OfferState(state string) template.HTML {
	look := "informed"
	switch parley.OfferState(state) {
	case parley.OfferMade:
		look = "waiting"
	case parley.OfferTaken, parley.OfferFulfilled:
		look = "acknowledged"
	case parley.OfferTurnedDown, parley.OfferLapsed:
		look = "lapsed"
	case parley.OfferNoAnswer:
		look = "disputed"
	}
	return f.c.tongue.status(look, "offer_state."+state)
}

// FromTo says who to whom. No arrow says it: it would point the wrong way in one of the languages.
func (f *frame) FromTo(from, to parley.Ref) string {
	return f.T("from_to", "from", "\u2068"+f.Who(from)+"\u2069", "to", "\u2068"+f.Who(to)+"\u2069")
}

// offerPage is one offer, in its own words and in translation, with what became of it.
type offerPage struct {
	Offer     *release.Offer
	Counters  []parley.Ref // offers that answer this one
	Form      map[string]string
	Answers   bool // the reader may answer
	Fulfils   bool
	Desk      bool
	Accounts  []parley.Ref
	Channels  []parley.Channel
	Responses []parley.OfferResponse
	Now       string
	Path      string
}

// Try reports whether a form was sent and came back.
func (p *offerPage) Try(act string) bool { return p.Form["act"] == act }

func (c *call) offer() error { return c.showOffer(http.StatusOK, nil) }

func (c *call) showOffer(status int, p *problem) error {
	page := &offerPage{Form: c.typed(), Desk: c.speaksForOthers(), Channels: toldBy, Now: c.local(c.p.node.Now()), Responses: []parley.OfferResponse{parley.OfferAccepted, parley.OfferDeclined}}
	if err := c.view(func(v *channel.Viewer) {
		if page.Offer, _ = v.Offer(c.ref("ref")); page.Offer == nil {
			return
		}
		for from := 0; from >= 0; {
			var list []release.Offer
			list, from = v.Offers(from, 500)
			for _, o := range list {
				if o.Counter == page.Offer.Ref {
					page.Counters = append(page.Counters, o.Ref)
				}
			}
		}
	}); err != nil {
		return err
	}
	o := page.Offer
	if o == nil {
		return errMissing
	}
	page.Path = "/" + c.lang + "/offers/" + string(o.Ref)
	speaks := c.member.Has(offerSpeakers...)
	waits := o.State == string(parley.OfferMade) || o.State == string(parley.OfferNoAnswer)
	page.Answers = speaks && waits && (o.To == c.member.Account || page.Desk)
	page.Fulfils = speaks && o.State == string(parley.OfferTaken) && (o.To == c.member.Account || o.From == c.member.Account || page.Desk)
	if page.Desk {
		for _, side := range []parley.Ref{o.From, o.To} {
			if side != parley.Desk {
				page.Accounts = append(page.Accounts, side)
			}
		}
	}
	f := c.frame("offer", "offer.title", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

// offerSays takes an answer, or word of what came of what was accepted.
func (c *call) offerSays() error {
	ref := c.ref("ref")
	var offer *release.Offer
	if err := c.view(func(v *channel.Viewer) { offer, _ = v.Offer(ref) }); err != nil {
		return err
	}
	if offer == nil {
		return errMissing
	}
	f, d := c.form(), c.newDraft()
	fields := map[string]string{"offer": "r_response", "response": "r_response", "on_behalf": "r_of"}
	var body parley.Body
	switch f.text("act") {
	case "respond":
		d.OnBehalf = c.behalf(f, "r", offer.To != c.member.Account)
		body = &parley.OfferRespond{Offer: ref, Response: choice(f, "r_response", []parley.OfferResponse{parley.OfferAccepted, parley.OfferDeclined}), Words: d.Text(f.long("r_words"))}
	case "fulfil":
		fields = map[string]string{"": "l_came", "on_behalf": "l_of"}
		d.OnBehalf = c.behalf(f, "l", offer.To != c.member.Account && offer.From != c.member.Account)
		body = &parley.OfferFulfil{Offer: ref, Fulfilled: choice(f, "l_came", []string{"yes", "no"}) == "yes", Words: d.Text(f.long("l_words"))}
	default:
		return errMissing
	}
	again := func(p *problem) error { return c.showOffer(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: body, next: "/offers/" + string(ref), again: again, plain: true, field: func(path string) string { return fieldIn(fields, path) }})
}

// offerNewPage is the form that puts an offer on record.
type offerNewPage struct {
	Sides    []parley.Ref
	Kinds    []parley.OfferKind
	Form     map[string]string
	Counter  *release.Offer
	Desk     bool
	Accounts []parley.Ref
	Channels []parley.Channel
	Now      string
}

func (c *call) offerNew() error { return c.showOfferNew(http.StatusOK, nil) }

func (c *call) showOfferNew(status int, p *problem) error {
	page := &offerNewPage{Form: c.typed(), Kinds: parley.OfferKinds, Desk: c.speaksForOthers(), Channels: toldBy, Now: c.local(c.p.node.Now())}
	if c.r.Method == http.MethodGet {
		q := c.r.URL.Query()
		for _, name := range []string{"to", "about", "counter"} {
			if ref, err := parley.ParseRef(western(q.Get(name))); err == nil {
				page.Form[name] = string(ref)
			}
		}
		page.Form["language"], page.Form["deadline"] = c.lang, c.local(c.p.node.Now()+2*parley.Day)
	}
	own := c.member.Account
	if err := c.view(func(v *channel.Viewer) {
		if counter, err := parley.ParseRef(page.Form["counter"]); err == nil {
			page.Counter, _ = v.Offer(counter)
		}
		if own != parley.Desk {
			page.Sides = append(page.Sides, parley.Desk)
		}
		list, _ := v.Accounts(0, 10_000)
		for _, a := range list {
			k := a.Ref.Kind()
			if a.Ref != own && !a.Suspended && (k == parley.RefParty && own.Kind() != parley.RefOrganisation || k == parley.RefOrganisation && own == parley.Desk) {
				page.Sides = append(page.Sides, a.Ref)
			}
		}
	}); err != nil {
		return err
	}
	if page.Counter != nil {
		page.Form["to"] = string(page.Counter.From)
	}
	if page.Desk {
		var err error
		if page.Accounts, err = c.accounts(); err != nil {
			return err
		}
	}
	f := c.frame("offer_new", "offer.new", page)
	f.Problem, f.Dense = p, true
	return c.showWith(status, f)
}

var offerFields = map[string]string{"to": "to", "offer_kind": "offer_kind", "text": "text", "language": "language", "translation": "translation", "translator": "translator", "deadline": "deadline", "about": "about", "counter": "text", "on_behalf": "b_of"}

func (c *call) offerMakes() error {
	f, d := c.form(), c.newDraft()
	d.OnBehalf = c.behalf(f, "b", false)
	b := &parley.OfferMake{OfferKind: choice(f, "offer_kind", parley.OfferKinds), Language: f.required("language"), Deadline: f.moment("deadline", true)}
	if b.To = parley.Ref(f.text("to")); b.To == "" {
		f.wrong("to", "wrong.choose")
	}
	c.offerTexts(f, d, b)
	if f.has("about") {
		b.About = f.refOf("about")
	}
	if f.has("counter") {
		b.Counter = f.refOf("counter")
	}
	if b.Deadline != 0 && b.Deadline <= c.p.node.Now() {
		f.wrong("deadline", "wrong.past", "read", "\u2066"+western(f.text("deadline"))+"\u2069")
	}
	again := func(p *problem) error { return c.showOfferNew(http.StatusUnprocessableEntity, p) }
	if len(f.errors) > 0 {
		return again(c.formProblem(f))
	}
	return c.finish(act{draft: d, body: b, next: "/offers/{ref}", again: again, plain: true, field: func(path string) string { return fieldIn(offerFields, path) }})
}

// offerTexts reads an offer in its own words, and in translation.
func (c *call) offerTexts(f *form, d *draft.Draft, b *parley.OfferMake) {
	if f.required("text") != "" {
		b.Text = d.Text(f.long("text"))
	}
	b.Translation, b.Translator = d.Text(f.long("translation")), d.Text(f.long("translator"))
	if b.Translation.IsZero() && !b.Translator.IsZero() {
		f.wrong("translation", "wrong.missing")
	}
}
