package web_test

import (
	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// arrange fills the theatre with what parties arrange: a line that A imposes over the convoy's road and B refuses, crossed with and without
// notice; a zone of 55 km; a corridor of the desk's with its pause, to which A has agreed; offers both ways; a delivery and outcomes.
func (s *scene) arrange() *scene {
	h := s.house
	now := h.Now()
	window := geo.Window{From: now, To: now + 10*parley.Day}
	near := cast.At(35.40111, 40.08222)
	names := func(d *draft.Draft, english, arabic string) []parley.LocalName {
		return []parley.LocalName{{Language: "en", Name: d.Text(english)}, {Language: "ar", Name: d.Text(arabic)}}
	}
	s.line = h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.LineImpose{Line: parley.Line{LineKind: "exclusion", Basis: parley.BasisUnilateral, Terms: parley.Terms{Names: names(d, "River line", "خط النهر"), Shape: cast.Line(cast.At(35.36111, 40.00222), cast.At(35.44333, 40.16444)), Window: window,
			Addressees: []parley.Ref{h.B.Ref}, Published: true, Text: d.Text("nobody east of the river")}}}
	}).Ref
	h.Must(h.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: cast.V(s.line, 1), Words: d.Text("never agreed")}}
	})
	s.zone = h.Must(h.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ZonePropose{Line: parley.Line{LineKind: "radius_zone", Basis: parley.BasisAgreement, Terms: parley.Terms{Names: names(d, "Zone around the crossing", "نطاق حول المعبر"), Shape: cast.Point(cast.At(33.49111, 38.62222)), Radius: 55_000, Window: window,
			Addressees: []parley.Ref{h.A.Ref}}}}
	}).Ref
	h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.WarningLog{Of: s.line, To: h.B.Ref, Means: "radio", Language: "ar", At: now, Act: now + parley.Hour, Words: d.Text("ابقوا شرق النهر")}
	})
	s.notice = h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.CrossingNotice{Of: cast.V(s.line, 1), Movement: s.convoy, Place: near, Window: geo.Window{From: now + 70*parley.Hour, To: now + 80*parley.Hour}, Words: d.Text("two trucks")}
	}).Ref
	h.Must(h.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.CrossingAnswer{Notice: s.notice, Answer: parley.CrossingNoted, Words: d.Text("heard")}
	})
	s.event = h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.CrossingEvent{Line: s.line, Observed: h.B.Ref, Place: near, At: now, Words: d.Text("three vehicles")}
	}).Ref
	h.Tell(h.A.Officer, &parley.PresenceAsk{Event: s.event, Party: h.B.Ref})
	h.Tell(h.B.Officer, &parley.PresenceAnswer{Event: s.event, Answer: parley.PresenceNotOwn})
	s.pause = h.Must(h.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.PausePropose{Pause: parley.Pause{Users: []parley.CorridorUser{"civilians", "wounded"}, Terms: parley.Terms{Names: names(d, "Six quiet hours", "ست ساعات هدوء"), Shape: cast.Square(cast.At(35.45111, 40.05222), 0.2), Window: geo.Window{From: now, To: now + 5*parley.Day},
			Addressees: []parley.Ref{h.A.Ref, h.B.Ref}}}}
	}).Ref
	s.corridor = h.Must(h.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.CorridorPropose{Corridor: parley.Corridor{Direction: parley.BothWays, Users: []parley.CorridorUser{"civilians", "wounded", "goods"}, Hours: []parley.Hours{{From: 4 * 60, To: 15 * 60}}, Pause: s.pause,
			Terms:      parley.Terms{Names: names(d, "West road", "الطريق الغربي"), Shape: cast.Line(deirEzZor(), cast.At(35.50123, 40.00345)), Radius: 500, Window: window, Addressees: []parley.Ref{h.A.Ref, h.B.Ref}, Text: d.Text("as the radio said")},
			Crossings:  []parley.WaterCrossing{{Place: near, Means: "bridge", Name: d.Text("old bridge")}},
			Hazards:    []parley.Hazard{{Hazard: "mines", Place: cast.At(35.42333, 40.06444), Words: d.Text("south side")}},
			Guarantors: []parley.Ref{h.OrgRef}, Inspection: d.Text("at the bridge, one hour at most"), Capacity: 40,
			Evacuation: &parley.Evacuation{Voluntary: parley.Yes, Destination: parley.Unknown, Remain: parley.Yes, Return: parley.No, Family: parley.Yes, Accompanied: d.Text("the ambulance service"),
				Points: []parley.AssemblyPoint{{Place: cast.At(35.33111, 40.13222), Capacity: 200, Name: d.Text("school yard")}}}}}
	}).Ref
	h.Tell(h.A.Officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: cast.V(s.corridor, 1)}})
	h.Tell(h.Releaser, &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: s.corridor, State: parley.ArrangementOpen}})
	h.Must(h.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: s.corridor, State: parley.ArrangementSuspended, Reason: d.Text("fire near the bridge")}}
	})
	offer := func(from *cast.Person, to parley.Ref, deadline int64) parley.Ref {
		return h.Must(from, func(d *draft.Draft) parley.Body {
			return &parley.OfferMake{To: to, OfferKind: "pause", Text: d.Text("six hours on Friday"), Language: "en", Translation: d.Text("ست ساعات يوم الجمعة"), Translator: d.Text("the desk"), Deadline: deadline, About: s.pause}
		}).Ref
	}
	s.offer = offer(h.A.Officer, h.B.Ref, now+parley.Day)
	s.answered = offer(h.B.Officer, h.A.Ref, now+parley.Day)
	h.Tell(h.A.Officer, &parley.OfferRespond{Offer: s.answered, Response: parley.OfferAccepted})
	h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.DeliveryRecord{Of: s.convoy, PlannedAt: now + 72*parley.Hour, People: "51-200", Items: []parley.Item{{Item: "food", Unit: "t", Planned: 12}, {Item: "medical", Unit: "kits", Planned: 40}}, Consignee: d.Text("the bakery")}
	})
	h.Must(h.Org, func(d *draft.Draft) parley.Body {
		return &parley.DeliveryRecord{Of: s.convoy, PlannedAt: now + 72*parley.Hour, At: now, People: "51-200", Items: []parley.Item{{Item: "food", Unit: "t", Planned: 12, Delivered: 9, Lost: 1, Diverted: 2}}, Words: d.Text("one truck was stopped")}
	})
	h.Tell(h.Org, &parley.OutcomeRecord{Movement: s.convoy, Of: h.A.Ref, Outcome: parley.Impeded, Delay: 240, Reason: "inspection", At: now})
	h.Tell(h.Org, &parley.OutcomeRecord{Asked: now - parley.Day, Of: h.B.Ref, Outcome: parley.Denied, Reason: "no_answer", At: now})
	return s
}

// view looks at the state as a member of the cast.
func (h *house) view(p *cast.Person, look func(*channel.Viewer)) {
	h.T.Helper()
	if err := h.node.Read(func(s *channel.State) {
		m, _ := s.Session(draft.KeyOf(p.Key).ID())
		look(s.View(&m, h.Now(), h.node.Text))
	}); err != nil {
		h.T.Fatal(err)
	}
}
