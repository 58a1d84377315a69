package channel_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

func offer(c *cast.Cast, from *cast.Person, to parley.Ref, deadline int64, counter parley.Ref) parley.Ref {
	c.T.Helper()
	return c.Must(from, func(d *draft.Draft) parley.Body {
		return &parley.OfferMake{To: to, OfferKind: "pause", Text: d.Text("six hours on Friday"), Language: "en", Translation: d.Text("ست ساعات يوم الجمعة"), Translator: d.Text("the desk"), Deadline: deadline, Counter: counter}
	}).Ref
}

// An offer runs into its deadline: that no answer came is on record; a late answer is taken and marked.
func TestOfferRunsIntoItsDeadline(t *testing.T) {
	c, b := cast.NewBare(t)
	desk, partyB := mark(c, b, c.Verifier), mark(c, b, c.B.Officer)
	ref := offer(c, c.A.Officer, c.B.Ref, b.At+parley.Day, "")
	expectKinds(t, "the addressee", kinds(c, b, c.B.Officer, partyB), parley.NoticeOffer)
	expectKinds(t, "the desk", kinds(c, b, c.Verifier, desk), parley.NoticeOffer)
	for who, p := range map[string]*cast.Person{"an organisation": c.Org, "a monitor": c.Monitor} {
		if _, ok := viewer(c, b, p).Offer(ref); ok {
			t.Errorf("%s reads the offer", who)
		}
	}
	partyA := mark(c, b, c.A.Officer)
	b.At += parley.Day
	advance(c, b)
	expectKinds(t, "whoever offered", kinds(c, b, c.A.Officer, partyA), parley.NoticeOfferNoAnswer)
	if o, _ := viewer(c, b, c.A.Officer).Offer(ref); o.State != "no_answer" || o.Answered != "" {
		t.Errorf("%+v; expected no answer", o)
	}
	toParty := func(to parley.Ref) func(d *draft.Draft) parley.Body {
		return func(d *draft.Draft) parley.Body {
			return &parley.OfferMake{To: to, OfferKind: "information", Text: d.Text("a list of clinics"), Language: "en", Deadline: b.At + parley.Day}
		}
	}
	c.Refused(parley.CodeNotPermitted, c.Org, toParty(c.A.Ref))
	c.Must(c.Org, toParty(parley.Desk))
	c.Refused(parley.CodeNotFound, c.A.Officer, toParty(c.OrgRef))
	c.Refused(parley.CodeNotFound, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.OfferRespond{Offer: ref, Response: parley.OfferAccepted}
	})
	b.At += parley.Hour
	counter := offer(c, c.B.Officer, c.A.Ref, b.At+parley.Day, ref)
	if o, _ := viewer(c, b, c.A.Officer).Offer(ref); o.State != "countered" || !o.Late {
		t.Errorf("%+v; expected it countered, late", o)
	}
	c.Refused(parley.CodeWrongState, c.B.Officer, func(*draft.Draft) parley.Body {
		return &parley.OfferFulfil{Offer: counter, Fulfilled: true}
	})
	c.Tell(c.A.Officer, &parley.OfferRespond{Offer: counter, Response: parley.OfferAccepted})
	c.Must(c.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.OfferFulfil{Offer: counter, Words: d.Text("nobody came")}
	})
	if o, _ := viewer(c, b, c.A.Officer).Offer(counter); o.State != "lapsed" || o.Late || o.OutcomeBy != c.B.Ref {
		t.Errorf("%+v; expected it accepted in time and lapsed, as B states", o)
	}
}

// Deliveries and outcomes are the organisation's own, and the desk's; a later record stands in the place of an earlier, which stays.
func TestDeliveriesAndOutcomes(t *testing.T) {
	c, b := cast.NewBare(t)
	move := convoy(c, b)
	c.Release(cast.V(move, 1), c.A.Ref)
	record := func(at, delivered, diverted int64) parley.Body {
		return &parley.DeliveryRecord{Of: move, PlannedAt: b.At + parley.Day, At: at, People: "51-200", Items: []parley.Item{{Item: "food", Unit: "t", Planned: 12, Delivered: delivered, Diverted: diverted}}}
	}
	planned := c.Tell(c.Org, record(0, 0, 0)).Ref
	c.Refused(parley.CodeNotFound, c.Other, func(*draft.Draft) parley.Body { return record(0, 0, 0) })
	c.Refused(parley.CodeClock, c.Org, func(*draft.Draft) parley.Body { return record(b.At+parley.Hour, 1, 0) })
	done := c.Tell(c.Org, record(b.At, 9, 3)).Ref
	list, _ := viewer(c, b, c.Org).Deliveries(0, 10)
	if len(list) != 2 || list[0].Ref != planned || list[0].Replaced != done || list[1].Replaced != "" || list[1].Items[0].Diverted != 3 {
		t.Errorf("%+v; expected the plan, replaced by what came", list)
	}
	for who, p := range map[string]*cast.Person{"another organisation": c.Other, "a party that has the movement": c.A.Officer, "a monitor": c.Monitor} {
		if list, _ := viewer(c, b, p).Deliveries(0, 10); len(list) != 0 {
			t.Errorf("%s reads deliveries %+v", who, list)
		}
	}
	c.Tell(c.Org, &parley.OutcomeRecord{Movement: move, Of: c.A.Ref, Outcome: parley.Impeded, Delay: 240, Reason: "inspection", At: b.At})
	c.Tell(c.Org, &parley.OutcomeRecord{Movement: move, Of: c.A.Ref, Outcome: parley.Partially, Delay: 240, Reason: "inspection", At: b.At})
	c.Tell(c.Org, &parley.OutcomeRecord{Asked: b.At - parley.Day, Of: c.B.Ref, Outcome: parley.Denied, Reason: "no_answer", At: b.At})
	got := viewer(c, b, c.Org).Statistics()
	if got.Movements != 1 || got.AccessAsked != 1 || len(got.Outcomes) != 1 || got.Outcomes[0].Outcome != parley.Partially || len(got.Access) != 1 || got.Access[0].Outcome != parley.Denied {
		t.Errorf("%+v; expected one movement, partially facilitated by the newest record, and one access denied", got)
	}
	if got := viewer(c, b, c.Other).Statistics(); got.Movements+got.AccessAsked+len(got.Outcomes) != 0 {
		t.Errorf("another organisation counts %+v", got)
	}
}

// Statistics are those of a count by hand, kept beside a thousand arrangements as they are made.
func TestStatisticsAreAHandCount(t *testing.T) {
	c, b := cast.NewBare(t)
	r := rand.New(rand.NewPCG(7, 7))
	parties := []*cast.Person{c.A.Officer, c.B.Officer}
	states := map[release.StateCount]int{}
	offers := map[[2]parley.Ref]*release.OfferCount{}
	way := func(from, to parley.Ref) *release.OfferCount {
		if offers[[2]parley.Ref{from, to}] == nil {
			offers[[2]parley.Ref{from, to}] = &release.OfferCount{From: from, To: to}
		}
		return offers[[2]parley.Ref{from, to}]
	}
	count := func(kind, state string) { states[release.StateCount{Kind: kind, State: state}]++ }
	for i := range 1000 {
		from, to := parties[i%2], parties[1-i%2]
		p := cast.At(34+r.Float64()*2, 38+r.Float64()*2)
		switch r.IntN(4) {
		case 0:
			ref := c.Tell(from, &parley.ZonePropose{Line: lineOf(b, cast.Square(p, 0.01), to.Account)}).Ref
			switch r.IntN(3) {
			case 0:
				c.Tell(to, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(ref, 1)}})
				count("zone", "in_force")
			case 1:
				c.Tell(from, &parley.ZoneEnd{Zone: ref})
				count("zone", "ended")
			default:
				count("zone", "proposed")
			}
		case 1:
			body := &parley.LineImpose{Line: lineOf(b, cast.Line(p, geo.Position{Lon: p.Lon + 100_000, Lat: p.Lat}), to.Account)}
			body.Line.Terms.Window.From += parley.Day
			c.Tell(from, body)
			count("line", "imposed")
		case 2:
			ref := c.Tell(from, &parley.CorridorPropose{Corridor: corridorOf(b, to.Account)}).Ref
			if r.IntN(2) == 0 {
				c.Tell(from, &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: ref, State: parley.ArrangementOpen}})
				count("corridor", "open")
			} else {
				count("corridor", "proposed")
			}
		case 3:
			w := way(from.Account, to.Account)
			ref := offer(c, from, to.Account, b.At+parley.Day, "")
			w.Made++
			switch r.IntN(4) {
			case 0:
				c.Tell(to, &parley.OfferRespond{Offer: ref, Response: parley.OfferAccepted})
				w.Accepted++
				if r.IntN(2) == 0 {
					c.Tell(from, &parley.OfferFulfil{Offer: ref, Fulfilled: true})
				}
			case 1:
				c.Tell(to, &parley.OfferRespond{Offer: ref, Response: parley.OfferDeclined})
				w.Declined++
			case 2:
				c.Tell(to, &parley.OfferRespond{Offer: ref, Response: parley.OfferCountered})
				w.Counters++
			default:
				w.Open++
			}
		}
	}
	for _, p := range []*cast.Person{c.Verifier, c.A.Officer} {
		got := viewer(c, b, p).Statistics()
		if len(got.Arrangements) != len(states) || len(got.Offers) != 2 {
			t.Errorf("%d rows of arrangements and %d of offers; expected %d and 2", len(got.Arrangements), len(got.Offers), len(states))
		}
		for _, row := range got.Arrangements {
			if want := states[release.StateCount{Kind: row.Kind, State: row.State}]; row.N != want {
				t.Errorf("%s %s: %d; expected %d", row.Kind, row.State, row.N, want)
			}
		}
		for _, row := range got.Offers {
			if want := *way(row.From, row.To); row != want {
				t.Errorf("offers %+v; expected %+v", row, want)
			}
		}
	}
	// The open ones run into their deadline: from then on they are counted as unanswered, and as nothing else.
	b.At += parley.Day
	advance(c, b)
	for _, row := range viewer(c, b, c.Verifier).Statistics().Offers {
		if want := way(row.From, row.To); row.Open != 0 || row.NoAnswer != want.Open || row.Made != row.Accepted+row.Declined+row.Counters+row.NoAnswer {
			t.Errorf("after the deadline %+v; expected %d unanswered", row, want.Open)
		}
	}
	if !slices.ContainsFunc(viewer(c, b, c.Verifier).Statistics().Arrangements, func(s release.StateCount) bool { return s.Kind == "line" && s.State == "in_force" }) {
		t.Error("no imposed line came into force when its window began")
	}
}
