package main

import (
	"parley"
	"parley/geo"
	"parley/internal/draft"
)

// passage is what parties have arranged, or said to each other: a line that one imposes, a corridor and its pause to which two of three have
// agreed, and offers both ways.
func (d *day) passage(made *scene) {
	north, south := d.north, d.south
	names := func(t *draft.Draft, english, arabic string) []parley.LocalName {
		return []parley.LocalName{{Language: "en", Name: t.Text("EXERCISE " + english)}, {Language: "ar", Name: t.Text("تمرين: " + arabic)}}
	}

	// A line through the desert, imposed by one side and contested by the other, crossed once without notice.
	boundary := line([]geo.Position{d.near("Al-Shola", 180, 9000), d.near("Al-Shola", 150, 14000), d.near("Al-Shola", 130, 21000)})
	d.ago(60*hour, func() {
		made.Line = d.say(north.officer, func(t *draft.Draft) parley.Body {
			return &parley.LineImpose{Line: parley.Line{LineKind: "exclusion", Basis: parley.BasisUnilateral, Terms: parley.Terms{Names: names(t, "Line in the desert", "خط في البادية"), Shape: boundary, Window: geo.Window{From: d.in(-60 * hour), To: d.in(20 * days)},
				Addressees: []parley.Ref{south.ref}, Published: true, Text: t.Text(marked("Nobody south of this line without a word beforehand", "لا أحد جنوب هذا الخط دون إخطار"))}}}
		})
	})
	d.ago(57*hour, func() {
		d.say(south.officer, func(t *draft.Draft) parley.Body {
			return &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: parley.Versioned{Ref: made.Line, Version: 1}, Words: t.Text(marked("We were never asked", "لم نُسأل عنه"))}}
		})
	})
	d.ago(50*hour, func() {
		d.say(north.officer, func(t *draft.Draft) parley.Body {
			return &parley.WarningLog{Of: made.Line, To: south.ref, Means: "radio", Language: "ar", At: d.now(), Act: d.now() + parley.Hour, Words: t.Text(marked("Stay north of the line", "ابقوا شمال الخط"))}
		})
	})
	var crossed parley.Ref
	d.ago(49*hour, func() {
		crossed = d.say(north.officer, func(t *draft.Draft) parley.Body {
			return &parley.CrossingEvent{Line: made.Line, Observed: south.ref, Place: d.near("Al-Shola", 150, 14000), At: d.now() - 20*parley.Minute, Words: t.Text(marked("Three vehicles", "ثلاث مركبات"))}
		})
	})
	d.ago(48*hour+30*minute, func() { d.tell(north.officer, &parley.PresenceAsk{Event: crossed, Party: south.ref}) })
	d.ago(48*hour, func() { d.tell(south.officer, &parley.PresenceAnswer{Event: crossed, Answer: parley.PresenceNotOwn}) })

	// A corridor by which people may leave, with the pause it rests on. One of the three has not answered.
	asked := []parley.Ref{north.ref, south.ref, d.river.ref}
	window := geo.Window{From: d.in(-20 * hour), To: d.in(3 * days)}
	from, bridge, to := d.near("Deir-ez-Zor", 110, 4000), d.near("Mrat", 250, 2500), d.near("Khasham", 200, 2500)
	way := line([]geo.Position{from, bridge, to})
	d.ago(30*hour, func() {
		made.Pause = d.say(d.releaser, func(t *draft.Draft) parley.Body {
			return &parley.PausePropose{Pause: parley.Pause{Users: []parley.CorridorUser{"civilians", "wounded"}, Terms: parley.Terms{Names: names(t, "Pause east of Deir ez-Zor", "هدنة شرق دير الزور"), Shape: point(bridge), Radius: 8000, Window: window, Addressees: asked}}}
		})
	})
	d.ago(29*hour+30*minute, func() {
		made.Corridor = d.say(d.releaser, func(t *draft.Draft) parley.Body {
			return &parley.CorridorPropose{Corridor: parley.Corridor{Direction: parley.Along, Users: []parley.CorridorUser{"civilians", "wounded", "humanitarian_staff"}, Hours: []parley.Hours{{From: 4 * 60, To: 15 * 60}}, Pause: made.Pause, Capacity: 60, Guarantors: []parley.Ref{d.river.ref},
				Terms: parley.Terms{Names: names(t, "Corridor over the river", "ممر عبر النهر"), Shape: way, Radius: 400, Window: window, Addressees: asked,
					Text: t.Text(marked("Daylight only, from Deir ez-Zor over the bridge to Khasham", "نهارا فقط، من دير الزور عبر الجسر إلى خشام"))},
				Crossings:  []parley.WaterCrossing{{Place: bridge, Means: "ferry", Name: t.Text(marked("Ferry landing", "مرسى العبارة"))}},
				Hazards:    []parley.Hazard{{Hazard: "unexploded", Place: d.near("Mrat", 245, 3600), Words: t.Text(marked("South side of the road", "جنوب الطريق"))}},
				Inspection: t.Text(marked("At the landing, by the River Authority, one hour at most", "عند المرسى من هيئة النهر، ساعة على الأكثر")),
				Evacuation: &parley.Evacuation{Voluntary: parley.Yes, Destination: parley.Yes, Remain: parley.Yes, Return: parley.Unknown, Family: parley.Yes, Accompanied: t.Text(marked("Medical Aid", "العون الطبي")),
					Points: []parley.AssemblyPoint{{Place: from, Capacity: 250, Name: t.Text(marked("School yard", "باحة المدرسة"))}}}}}
		})
	})
	agree := func(by *person, what *parley.Ref) {
		d.tell(by, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: parley.Versioned{Ref: *what, Version: 1}}})
	}
	d.ago(28*hour, func() { agree(south.officer, &made.Pause) })
	d.ago(27*hour+30*minute, func() { agree(south.officer, &made.Corridor) })
	d.ago(26*hour+30*minute, func() { agree(d.river.officer, &made.Pause) })
	d.ago(26*hour+20*minute, func() { agree(d.river.officer, &made.Corridor) })
	d.ago(19*hour, func() {
		d.say(d.releaser, func(t *draft.Draft) parley.Body {
			return &parley.PauseStatus{StatusWord: parley.StatusWord{Of: made.Pause, State: parley.ArrangementOpen, Reason: t.Text(marked("As two of three have said", "كما قال اثنان من ثلاثة"))}}
		})
	})
	d.ago(18*hour+30*minute, func() {
		d.say(d.river.officer, func(t *draft.Draft) parley.Body {
			return &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: made.Corridor, State: parley.ArrangementOpen, Reason: t.Text(marked("The ferry runs", "العبارة تعمل"))}}
		})
	})
	d.offers(made)
}

// offers are offers both ways: one that nobody answered, one that was accepted, one that waits.
func (d *day) offers(made *scene) {
	north, south := d.north, d.south
	offer := func(by *person, to parley.Ref, kind parley.OfferKind, english, arabic string, deadline int64) parley.Ref {
		return d.say(by, func(t *draft.Draft) parley.Body {
			return &parley.OfferMake{To: to, OfferKind: kind, Text: t.Text("EXERCISE " + english), Language: "en", Translation: t.Text("تمرين: " + arabic), Translator: t.Text(marked("Desk", "المكتب")), Deadline: deadline}
		})
	}
	d.ago(52*hour, func() {
		made.Offer = offer(north.officer, south.ref, "coordination", "A line that is open at all hours, with an officer who speaks both languages", "خط مفتوح في كل الساعات مع ضابط يتكلم اللغتين", d.in(-4*hour))
	})
	var quiet parley.Ref
	d.ago(45*hour, func() {
		quiet = offer(south.officer, north.ref, "inspection", "The River Authority may look into every truck at the landing", "لهيئة النهر أن تفتش كل شاحنة عند المرسى", d.in(-10*hour))
	})
	d.ago(41*hour, func() {
		d.say(north.officer, func(t *draft.Draft) parley.Body {
			return &parley.OfferRespond{Offer: quiet, Response: parley.OfferAccepted, Words: t.Text(marked("For a week, then we look again", "لأسبوع ثم ننظر ثانية"))}
		})
	})
	d.ago(3*hour, func() {
		offer(south.officer, north.ref, "information", "The list of wells that work, every Thursday", "قائمة الآبار العاملة كل خميس", d.in(2*days))
	})
}
