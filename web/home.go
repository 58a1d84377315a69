package web

import (
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// homePage is what a person sees first: what waits for them, and what they may do.
type homePage struct {
	Cards   []card
	Stops   []release.Stop
	Prompts []release.Prompt
	News    []release.Notice
	Entries []release.Entered
	Tasks   []release.Correction // one's own party's, unanswered
	Checks  []release.Check
}

// card is one thing that waits, with its number and where to go.
type card struct {
	Key  string
	N    int
	Href string
	Look string
}

func (c *call) home() error {
	page := &homePage{}
	if err := c.view(func(v *channel.Viewer) {
		page.Stops, _ = v.Stops(0, 500)
		page.Tasks, _ = v.Corrections(0, 500)
		prompts, _ := v.Prompts(0, 500)
		if c.member.Has(parley.Notifier, parley.MovementLeader) {
			page.Prompts = slices.DeleteFunc(prompts, func(q release.Prompt) bool { return q.Decision != "" })
		}
		_, next := v.Inbox(1<<62, 1)
		from := uint64(0)
		if next > 12 {
			from = next - 12
		}
		page.News, _ = v.Inbox(from, 12)
		slices.Reverse(page.News)
		entries, _ := v.Entries(0, 100)
		page.Entries = slices.DeleteFunc(entries, func(e release.Entered) bool { return e.Due == "" || e.Confirmed != "" || e.Disowned != "" })
		page.Checks, _ = v.Checks(0, 500)
	}); err != nil {
		return err
	}
	page.Stops = slices.DeleteFunc(c.spooled(page.Stops), standsDown)
	page.Tasks = slices.DeleteFunc(page.Tasks, func(t release.Correction) bool {
		return t.Party != c.member.Account || t.State == string(parley.CorrectionAnswered) || t.State == string(parley.CorrectionClosed)
	})
	if err := c.cards(page); err != nil {
		return err
	}
	return c.show(c.frame("home", "nav.home", page))
}

// cards counts what waits, by what the person may do about it.
func (c *call) cards(page *homePage) error {
	add := func(key string, n int, href, look string) { page.Cards = append(page.Cards, card{key, n, href, look}) }
	switch {
	case c.member.Account == parley.Desk:
		queue, _, err := c.queue()
		if err != nil {
			return err
		}
		count := map[string]int{}
		for _, q := range queue {
			count[q.Why]++
		}
		for _, why := range []string{"desk.why.verify", "desk.why.release", "desk.why.queried", "desk.why.no_answer"} {
			add(why, count[why], "/desk", "waiting")
		}
		found, err := c.foundWaiting()
		if err != nil {
			return err
		}
		add("home.found", found, "/found", "waiting")
		if c.p.texts != nil {
			add("texts.waiting", len(c.p.texts.Items(false)), "/texts", "waiting")
		}
	case c.monitor():
		open, alike, err := c.incidentsOpen()
		if err != nil {
			return err
		}
		add("home.incidents", open, "/incidents", "waiting")
		add("home.matches", alike, "/incidents", "waiting")
	case c.member.Account.Kind() == parley.RefOrganisation:
		sites, moves, unanswered := 0, 0, 0
		if err := c.eachObject(func(_ *channel.Viewer, s release.Summary) {
			if s.State == string(parley.Withdrawn) || s.State == string(parley.Closed) {
				return
			}
			if s.Kind == "move" {
				moves++
			} else {
				sites++
			}
			if slices.ContainsFunc(s.Parties, func(h release.Holding) bool { return h.Due != "" && h.Acknowledged == "" }) {
				unanswered++
			}
		}); err != nil {
			return err
		}
		add("home.sites", sites, "/objects?kind=site", "informed")
		add("home.movements", moves, "/objects?kind=move", "informed")
		add("home.unanswered", unanswered, "/objects", "waiting")
	case c.member.Account.Kind() == parley.RefParty:
		waiting, held, open := 0, 0, 0
		if err := c.eachObject(func(_ *channel.Viewer, s release.Summary) {
			held++
			if s.Due != "" {
				waiting++
			}
		}); err != nil {
			return err
		}
		for i := range page.Checks {
			for _, ind := range page.Checks[i].Indications {
				if ind.State == string(parley.IndicationOpen) {
					open++
				}
			}
		}
		add("home.to_acknowledge", waiting, "/inbox", "waiting")
		add("home.indications", open, "/checks", "disputed")
		add("home.held", held, "/list", "informed")
	}
	var asked []release.Arrangement
	var offers []release.Offer
	if err := c.view(func(v *channel.Viewer) { asked, offers = v.Awaited() }); err != nil {
		return err
	}
	if c.member.Account.Kind() == parley.RefParty {
		add("home.words_asked", len(asked), "/arrangements", "waiting")
		responses, err := c.responsesAsked()
		if err != nil {
			return err
		}
		add("home.responses", responses, "/incidents", "waiting")
	}
	if c.member.Has(offerSpeakers...) {
		add("home.offers_open", len(offers), "/offers?way=received", "waiting")
	}
	return nil
}

// told lists everything an account was told, newest first.
func (c *call) told() error {
	var news []release.Notice
	var from, next uint64
	if err := c.view(func(v *channel.Viewer) {
		_, next = v.Inbox(1<<62, 1)
		upTo := uint64(c.form0("before"))
		if upTo == 0 || upTo > next {
			upTo = next
		}
		if upTo > 100 {
			from = upTo - 100
		}
		news, _ = v.Inbox(from, int(upTo-from))
	}); err != nil {
		return err
	}
	slices.Reverse(news)
	return c.show(c.frame("told", "nav.told", struct {
		News   []release.Notice
		Before uint64
	}{news, from}))
}

// HrefOther is HrefOf for what a notice names beside its object: the page of a line, zone, corridor, pause or offer.
func (f *frame) HrefOther(ref parley.Ref) string {
	switch ref.Kind() {
	case parley.RefLine, parley.RefZone, parley.RefCorridor, parley.RefPause, parley.RefOffer, parley.RefIncident, parley.RefClaim, parley.RefEvidence:
		return f.HrefOf(ref)
	}
	return ""
}

// HrefOf finds the page of a record for this reader, "" when there is none.
func (f *frame) HrefOf(ref parley.Ref) string {
	switch ref.Kind() {
	case parley.RefSite, parley.RefMovement, parley.RefPresence:
		switch f.c.member.Account.Kind() {
		case parley.RefParty:
			return f.Href("/list/", ref)
		case parley.RefOrganisation:
			if f.Is("notifier", "movement_leader") {
				return f.Href("/objects/", ref)
			}
		}
		if f.c.member.Account == parley.Desk {
			return f.Href("/desk/", ref)
		}
	case parley.RefArea, parley.RefCheck:
		if f.c.member.Account.Kind() != parley.RefParty {
			return ""
		}
		if ref.Kind() == parley.RefCheck {
			return f.Href("/checks/", ref)
		}
		return f.Href("/areas/", ref)
	case parley.RefStop:
		return f.Href("/stops/", ref)
	case parley.RefHarm:
		return f.Href("/harms/", ref)
	case parley.RefCorrection:
		return f.Href("/tasks/", ref)
	case parley.RefPrompt:
		return f.Href("/prompts")
	case parley.RefLine, parley.RefZone, parley.RefCorridor, parley.RefPause:
		return f.Href("/arrangements/", ref)
	case parley.RefOffer:
		return f.Href("/offers/", ref)
	case parley.RefSeal:
		return f.Href("/seals/", ref)
	case parley.RefFound:
		return f.Href("/found/", ref)
	case parley.RefIncident:
		return f.Href("/incidents/", ref)
	case parley.RefClaim:
		return f.Href("/claims/", ref)
	case parley.RefEvidence:
		return f.Href("/evidence/", ref)
	}
	return ""
}
