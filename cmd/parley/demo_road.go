package main

import (
	"errors"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/draft"
)

// road is what travels. The movement that is returned is the convoy of the tour: on the road, and asked about an area that meets its way.
func (d *day) road(hospital, camp *subject) *subject {
	north, south := d.north, d.south
	depot := d.near("Ar-Raqqa", 38, 5200)
	way := func(from geo.Position, to geo.Position, through ...string) geo.Shape {
		route := []geo.Position{from}
		for _, name := range through {
			route = append(route, d.near(name, 0, 0))
		}
		return line(append(route, to))
	}
	end := d.near("Deir-ez-Zor", 235, 3800)

	convoy := &subject{day: d, version: 1}
	d.ago(40*hour-30*minute, func() {
		convoy.at = camp.at
		convoy.ref = d.say(d.relief.notifier, func(t *draft.Draft) parley.Body {
			m := d.movement(t, "Food convoy, Raqqa to Deir ez-Zor", "قافلة أغذية من الرقة إلى دير الزور", "food", exact(north, south))
			m.Legs = []parley.Leg{
				{Route: way(depot, camp.at, "Kisret Elsheikh Jomaa", "Akeirshi", "Sabkha", "Jabli", "Big Maghalla", "Khamisiyeh"), Depart: d.in(-3 * hour), Arrive: d.in(-hour),
					From: t.Text(marked("Food store", "مستودع الأغذية")), To: t.Text(marked("Displaced people, Maadan", "النازحون، معدان"))},
				{Route: way(camp.at, end, "Tabni", "Buwaita", "Masrab", "Shmeitiyeh", "Kharita", "Ayyash"), Depart: d.in(hour), Arrive: d.in(3*hour + 30*minute),
					From: t.Text(marked("Displaced people, Maadan", "النازحون، معدان")), To: t.Text(marked("Deir ez-Zor", "دير الزور"))},
			}
			m.Stops = []parley.Stop{{Place: point(camp.at), AfterLeg: 1, Arrive: d.in(-hour), Leave: d.in(hour), Phase: parley.Unloading, Name: t.Text(marked("Unloading at Maadan", "تفريغ في معدان"))}}
			m.Margin, m.Vehicles, m.Persons = 30*parley.Minute, 12, 26
			m.Cargo = t.Text(marked("40 t of flour", "٤٠ طنا من الطحين"))
			return &parley.MovementNotify{Movement: m}
		})
	})
	convoy.verified(39*hour+30*minute).released(38*hour+30*minute, north, south).acknowledged(33*hour, north.officer).acknowledged(32*hour+30*minute, south.officer)
	convoy.reports(d.relief.leader, report{3*hour - 2*minute, parley.MovementDeparted, 1}, report{2*hour + 5*minute, parley.MovementCheckpoint, 1},
		report{80 * minute, parley.MovementCheckpoint, 1}, report{55 * minute, parley.MovementUnloading, 1}) // a word each hour: else they are asked

	// An emergency: released by one officer before it was verified, the second signature is missing.
	evacuation := &subject{day: d, version: 1}
	d.ago(70*minute, func() {
		evacuation.at = end
		evacuation.ref = d.say(d.medical.notifier, func(t *draft.Draft) parley.Body {
			m := d.movement(t, "Ambulances, Abu Hamam to Deir ez-Zor", "سيارات إسعاف من أبو حمام إلى دير الزور", "medical_evacuation", exact(south))
			m.Urgency, m.EmergencyReason = parley.EmergencyNotice, t.Text(marked("Three wounded need an operation", "ثلاثة جرحى بحاجة إلى عملية"))
			m.Legs = []parley.Leg{{Route: way(d.near("Abu Hamam", 70, 4200), end, "Abu Hardoub", "Darnaj", "Thiban", "Al-Busayrah", "Khasham", "Mrat"), Depart: d.in(80 * minute), Arrive: d.in(4 * hour)}}
			m.Vehicles, m.Persons, m.Markings = 2, 7, []parley.Marking{parley.EmblemRoof, parley.Lights}
			return &parley.MovementNotify{Movement: m}
		})
	})
	d.ago(65*minute, func() { d.tell(d.second, &parley.ObjectRelease{Of: evacuation.of(), To: south.ref, Emergency: true}) })

	// Yesterday's: arrived, and closed by a person.
	medicine := &subject{day: d, version: 1}
	d.ago(46*hour, func() {
		medicine.at = d.near("Al-Mayadin", 255, 2900)
		medicine.ref = d.say(d.medical.notifier, func(t *draft.Draft) parley.Body {
			m := d.movement(t, "Medicine for Mayadin", "أدوية إلى الميادين", "medical_supplies", exact(south))
			m.Legs = []parley.Leg{{Route: way(end, medicine.at, "Mreiyeh", "Muhasan", "Saalu", "Upper Baqras"), Depart: d.in(-27 * hour), Arrive: d.in(-25 * hour)}}
			m.Vehicles, m.Persons = 3, 6
			return &parley.MovementNotify{Movement: m}
		})
	})
	medicine.verified(45*hour+30*minute).released(45*hour+15*minute, south).acknowledged(42*hour, south.officer)
	medicine.reports(d.medical.leader, report{27 * hour, parley.MovementDeparted, 1}, report{26*hour + 10*minute, parley.MovementCheckpoint, 1}, report{25*hour + 20*minute, parley.MovementArrived, 1}, report{23 * hour, parley.MovementClosed, 0})

	d.ago(22*hour, func() {
		d.say(d.medical.notifier, func(t *draft.Draft) parley.Body {
			return &parley.DeliveryRecord{Of: medicine.ref, PlannedAt: d.in(-25 * hour), At: d.in(-25 * hour), People: "201-1000", Consignee: t.Text(marked("The clinic", "المستوصف")),
				Items: []parley.Item{{Item: "medical", Unit: "kits", Planned: 40, Delivered: 36, Lost: 4}}, Words: t.Text(marked("Four kits broke on the way", "تكسرت أربع حقائب في الطريق"))}
		})
	})
	d.ago(22*hour-5*minute, func() {
		d.tell(d.medical.notifier, &parley.OutcomeRecord{Movement: medicine.ref, Of: south.ref, Outcome: parley.Partially, Delay: 50, Reason: "inspection", At: d.in(-25 * hour)})
	})
	d.ago(21*hour, func() {
		d.say(d.relief.notifier, func(t *draft.Draft) parley.Body {
			return &parley.OutcomeRecord{Asked: d.in(-4 * days), Of: south.ref, Outcome: parley.Denied, Reason: "no_answer", At: d.in(-22 * hour), Words: t.Text(marked("Asked for a way to Quriyeh", "طُلب طريق إلى القورية"))}
		})
	})

	// To come: one that waits for its release, one that the desk has not looked at.
	repair := &subject{day: d, version: 1}
	d.ago(8*hour, func() {
		repair.ref = d.say(d.water.notifier, func(t *draft.Draft) parley.Body {
			m := d.movement(t, "Repair team to the water works at Busayrah", "فريق إصلاح إلى محطة مياه البصيرة", "repair", exact(north, south))
			m.Legs = []parley.Leg{{Route: way(end, d.near("Al-Busayrah", 350, 2600), "Mrat", "Khasham", "Jdid Ekeidat"), Depart: d.in(26 * hour), Arrive: d.in(28 * hour)},
				{Route: way(d.near("Al-Busayrah", 350, 2600), end, "Jdid Ekeidat", "Khasham", "Mrat"), Depart: d.in(33 * hour), Arrive: d.in(35 * hour), Return: true}}
			m.Vehicles, m.Persons = 2, 5
			return &parley.MovementNotify{Movement: m}
		})
	})
	repair.verified(80 * minute)
	d.ago(30*minute, func() {
		d.say(d.relief.notifier, func(t *draft.Draft) parley.Body {
			m := d.movement(t, "Assessment team to the hospital north of Raqqa", "فريق تقييم إلى المشفى شمال الرقة", "staff", exact(north))
			m.Legs = []parley.Leg{{Route: way(d.near("Tell Abiad", 180, 2000), hospital.at, "Ein Issa", "Hazimeh"), Depart: d.in(3 * days), Arrive: d.in(3*days + 3*hour)}}
			m.Vehicles, m.Persons = 2, 6
			return &parley.MovementNotify{Movement: m}
		})
	})
	return convoy
}

// movement begins a movement with what all of the exercise have in common.
func (d *day) movement(t *draft.Draft, english, arabic string, kind parley.MovementKind, consents []parley.Consent) parley.Movement {
	return parley.Movement{Name: t.Text(marked(english+" (invented)", arabic+" (مخترعة)")), MovementKind: kind, Mode: "land", Urgency: parley.StandardNotice,
		Markings: []parley.Marking{parley.Logo, parley.Flag, parley.NightMarked}, Plates: []parley.Commitment{t.Text("INV-1234"), t.Text("INV-1235")}, Escort: parley.Escort{Armed: parley.No},
		Leader: parley.Contact{Name: t.Text(marked("Movement leader", "قائد القافلة")), Phone: t.Text("+963 00 000 0001")}, Shared: parley.Sharing{Sensitivity: parley.High, Consents: consents}}
}

// report is what a movement's leader says on the road.
type report struct {
	ago    time.Duration
	status parley.MovementState
	leg    int
}

func (s *subject) reports(by *person, said ...report) {
	for _, r := range said {
		s.ago(r.ago, func() { s.tell(by, &parley.MovementReport{Movement: s.ref, Status: r.status, Leg: r.leg, At: s.now()}) })
	}
}

// viewer is what one member may see.
type viewer = *channel.Viewer

// viewed looks at the state as a person may see it.
func (e *exercise) viewed(by *person, look func(viewer)) {
	e.look(func(s *channel.State) {
		member, _ := s.Session(draft.KeyOf(by.key).ID())
		look(s.View(&member, e.now(), e.node.Text))
	})
}

// question returns the open question that the convoy's people were asked because of an area.
func (e *exercise) question(by *person) (ref parley.Ref) {
	e.viewed(by, func(v viewer) {
		prompts, _ := v.Prompts(0, 10)
		for _, q := range prompts {
			if q.Cause == parley.CauseContact && q.Decision == "" {
				ref = q.Ref
			}
		}
	})
	if ref == "" && e.first == nil {
		e.first = errors.New("the convoy's people were not asked")
	}
	return ref
}
