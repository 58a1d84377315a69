package main

import (
	"time"

	"parley"
	"parley/geo"
	"parley/geo/notation"
	"parley/internal/draft"
)

const (
	minute = time.Minute
	hour   = time.Hour
	days   = 24 * time.Hour
)

// live has people say what the exercise holds: some weeks in a few words, then two days.
func (e *exercise) live(p *people) (made scene) {
	d := newDay(e, p)
	d.weeks()
	hospital, camp := d.settled()
	bakery, school := d.waiting()
	d.doubtful()
	convoy := d.road(hospital, camp)
	d.stop(hospital)
	area := d.areas(camp)
	var arranged scene
	d.passage(&arranged)
	d.screened()
	d.play()

	made = scene{Listed: listDate(e.end), Line: arranged.Line, Corridor: arranged.Corridor, Pause: arranged.Pause, Offer: arranged.Offer, Theatre: e.theatre, People: p.all, Hospital: hospital.ref, Convoy: convoy.ref, Bakery: bakery.ref, BakeryAt: mgrs(bakery), School: school.ref, SchoolAt: mgrs(school),
		Area: *area, South: p.south.ref}
	made.Question = e.question(p.relief.notifier)
	return made
}

// weeks is what was there before: sites of the first days, one of which is due for renewal, and the parties' word on the lists they hold.
func (d *day) weeks() {
	north, south := d.north, d.south
	d.notified(91*days, d.water.notifier, invented{"water", "Pumping station west of Mansura", "محطة ضخ غرب المنصورة", "Mansura", 250, 3100, "1-50", notation.DD, ""}, exact(north, south)).
		verified(91*days-2*hour).released(91*days-3*hour, north, south).acknowledged(91*days-5*hour, north.officer, south.officer)
	store := d.notified(90*days, d.relief.notifier, invented{"warehouse", "Food store north-east of Raqqa", "مستودع أغذية شمال شرق الرقة", "Ar-Raqqa", 38, 5200, "1-50", notation.MGRS, ""}, exact(north, south)).
		verified(90*days-hour).released(90*days-2*hour, north, south).acknowledged(90*days-4*hour, north.officer, south.officer)
	d.ago(12*days, func() { d.tell(d.relief.notifier, &parley.SiteRevalidate{Of: store.of()}) })
	closed := d.notified(70*days, d.medical.notifier, invented{"clinic", "Clinic south of Suluk", "مستوصف جنوب سلوك", "Suluk", 175, 2400, "1-50", notation.DMS, ""}, exact(north)).
		verified(70*days-hour).released(70*days-2*hour, north).acknowledged(70*days-4*hour, north.officer)
	d.ago(9*days, func() {
		d.say(d.medical.notifier, func(t *draft.Draft) parley.Body {
			return &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: closed.ref, Reason: parley.CeasedFunction, Words: t.Text(marked("The clinic has moved out", "انتقل المستوصف"))}}
		})
	})
	for _, ago := range []time.Duration{65 * days, 37 * days, 8 * days} {
		d.ago(ago, func() {
			for _, officer := range []*person{north.officer, south.officer} {
				head := d.head(officer)
				d.tell(officer, &parley.ListAttest{Echelon: parley.OperationsRoom, Head: &head})
			}
		})
	}
	d.notified(5*days, d.relief.notifier, invented{"school", "School east of Sabkha", "مدرسة شرق السبخة", "Sabkha", 95, 2600, "201-1000", notation.DD, ""}, exact(north)).
		verified(5*days-2*hour).released(5*days-3*hour, north).acknowledged(5*days-6*hour, north.deputy).passedOn(5*days-7*hour, north.officer, parley.OperationsRoom, parley.Unit)
}

// settled are sites that have gone their way. The hospital is the one of the tour: its first version was acknowledged, then it changed.
func (d *day) settled() (hospital, camp *subject) {
	north, south, medical, relief := d.north, d.south, d.medical.notifier, d.relief.notifier
	clinic := invented{"hospital", "Hospital north of Raqqa", "مشفى شمال الرقة", "Ar-Raqqa", 352, 2350, "51-200", notation.DD, marked("North of the town, between the fields", "شمال المدينة، بين الحقول")}
	grown := clinic
	grown.people, grown.metres = "201-1000", 2440
	hospital = d.notified(47*hour, medical, clinic, exact(north, south)).verified(46*hour+30*minute).released(46*hour, north, south).
		acknowledged(45*hour, north.officer).acknowledged(44*hour, south.officer).passedOn(43*hour, north.officer, parley.OperationsRoom).
		updated(3*hour+10*minute, medical, grown, exact(north, south)).verified(2*hour+40*minute).released(2*hour+20*minute, north)
	camp = d.notified(40*hour, relief, invented{"displaced_site", "Displaced people south of Maadan", "موقع نازحين جنوب معدان", "Maadan", 205, 2700, "over-1000", notation.MGRS, ""}, exact(north, south)).
		verified(39*hour).released(38*hour, north, south).acknowledged(36*hour, north.deputy, south.officer)
	d.notified(36*hour, medical, invented{"clinic", "Clinic west of Mayadin", "مستوصف غرب الميادين", "Al-Mayadin", 255, 2900, "1-50", notation.DMS, ""}, exact(north, south)).
		verified(35*hour).released(34*hour, north, south).acknowledged(31*hour, south.officer, north.deputy)
	d.notified(33*hour, medical, invented{"guesthouse", "Staff house south-west of Deir ez-Zor", "سكن موظفين جنوب غرب دير الزور", "Deir-ez-Zor", 225, 4300, "1-50", notation.DD, ""}, exact(south)).
		verified(32*hour).released(31*hour+30*minute, south).acknowledged(30*hour, south.officer)
	d.notified(31*hour, relief, invented{"collective_shelter", "Shelter west of Quriyeh", "مأوى غرب القورية", "Quriyeh", 262, 2500, "201-1000", notation.MGRS, ""}, append(exact(south), coarse(north))).
		verified(30*hour).released(29*hour, north, south).acknowledged(27*hour, south.deputy, north.officer)
	people := d.near("Maadan", 150, 9000)
	presence := &subject{day: d, version: 1, at: people}
	d.ago(20*hour, func() {
		presence.ref = d.say(relief, func(t *draft.Draft) parley.Body {
			area := circle{radius: 1500}
			area.Position = people
			shape := area.shape()
			presence.at = shape.Bounds().Center()
			return &parley.PresenceNotify{Presence: parley.Presence{Shape: shape, People: "201-1000", From: d.now(), Until: d.in(20 * hour), Place: t.Text(marked("Herders between Maadan and Tabni", "رعاة بين معدان والتبني")),
				Shared: parley.Sharing{Consents: exact(north), Sensitivity: parley.Moderate}}}
		})
	})
	presence.verified(19*hour).released(18*hour, north).acknowledged(17*hour, north.officer)
	return hospital, camp
}

// waiting are sites that wait for somebody: the desk, a releaser, a duty officer.
func (d *day) waiting() (bakery, school *subject) {
	north, south, medical, relief, water := d.north, d.south, d.medical.notifier, d.relief.notifier, d.water.notifier
	bakery = d.notified(6*hour, relief, invented{"bakery", "Bakery south of Tabqa", "مخبز جنوب الطبقة", "Tabqa", 185, 3300, "1-50", notation.DMS, ""}, exact(north, south)).
		verified(5*hour+20*minute).released(5*hour, north)
	school = d.notified(90*minute, relief, invented{"school", "School south of Deir ez-Zor", "مدرسة جنوب دير الزور", "Deir-ez-Zor", 190, 4600, "201-1000", notation.DD, ""}, exact(south))
	d.notified(5*hour, water, invented{"sanitation", "Sewage works east of Susa", "محطة صرف شرق السوسة", "Susa", 80, 2200, "none", notation.MGRS, ""}, exact(north, south))
	d.notified(4*hour, water, invented{"electricity", "Generator house north of Khasham", "بيت مولدات شمال خشام", "Khasham", 20, 2800, "1-50", notation.DD, ""}, exact(north, south)).verified(100 * minute)
	// Nobody at the Southern Force has answered for more than a day.
	d.notified(31*hour+30*minute, relief, invented{"distribution_point", "Distribution point north of Karama", "نقطة توزيع شمال الكرامة", "Karama", 10, 3200, "51-200", notation.DMS, ""}, exact(north, south)).
		verified(29*hour).released(28*hour, north, south).acknowledged(25*hour+30*minute, north.officer)
	d.notified(40*minute, medical, invented{"warehouse", "Medical store north-east of Raqqa", "مستودع طبي شمال شرق الرقة", "Ar-Raqqa", 39, 5130, "1-50", notation.MGRS, ""}, exact(north))
	return bakery, school
}

// doubtful are sites about which two people say two things.
func (d *day) doubtful() {
	north, south, medical, relief, water := d.north, d.south, d.medical.notifier, d.relief.notifier, d.water.notifier
	// A second source puts it 380 m away.
	d.notified(7*hour, water, invented{"water", "Water works north of Busayrah", "محطة مياه شمال البصيرة", "Al-Busayrah", 350, 2600, "1-50", notation.DD, ""}, exact(north, south)).verifiedApart(3*hour, 95, 380)
	// The words say one place, the position another.
	seen := d.near("Hajin", 0, 3000)
	d.notified(6*hour+30*minute, medical, invented{"ambulance_base", "Ambulance post near Hajin", "نقطة إسعاف قرب هجين", "Hajin", 60, 9100, "1-50", notation.MGRS, marked("3 km north of Hajin", "٣ كم شمال هجين")}, exact(north, south)).
		asked(5*hour+30*minute, "address", marked("Your words say 3 km north of Hajin, the position lies 9 km north-east of it. Which is right?", "كلماتكم تقول ٣ كم شمال هجين، والموقع ٩ كم شمالها الشرقي. أيهما الصحيح؟"), &seen, nil)
	d.notified(26*hour, medical, invented{"mobile_clinic", "Mobile clinic east of Abu Hamam", "عيادة متنقلة شرق أبو حمام", "Abu Hamam", 70, 4200, "1-50", notation.DMS, ""}, exact(south)).
		asked(24*hour, "until", marked("Until when does the clinic stand there?", "حتى متى تبقى العيادة هناك؟"), nil,
			&answer{50 * minute, medical, marked("Until the end of the month. It does not move before.", "حتى نهاية الشهر. لا تنتقل قبل ذلك.")})
	contested := d.notified(23*hour, relief, invented{"mill", "Mill north of Kasra", "مطحنة شمال الكسرة", "Kasra", 5, 3600, "1-50", notation.DD, ""}, exact(north, south)).
		verified(22*hour).released(21*hour, north, south).acknowledged(19*hour, north.officer, south.officer)
	d.ago(4*hour+30*minute, func() {
		d.say(south.officer, func(t *draft.Draft) parley.Body {
			return &parley.ObjectDispute{Of: contested.of(), Reason: parley.WrongPlace, Words: t.Text(marked("Our people see the mill 600 m further west", "يرى رجالنا المطحنة على بعد ٦٠٠ م غربا"))}
		})
	})
	recalled := d.notified(22*hour+30*minute, medical, invented{"blood_bank", "Blood bank north-west of Raqqa", "بنك دم شمال غرب الرقة", "Ar-Raqqa", 320, 8300, "1-50", notation.MGRS, ""}, exact(north, south)).
		verified(21*hour+30*minute).released(20*hour, north, south).acknowledged(18*hour+30*minute, north.officer, south.deputy)
	d.ago(6*hour, func() {
		for _, f := range []force{north, south} {
			d.say(d.releaser, func(t *draft.Draft) parley.Body {
				return &parley.ObjectRecall{Of: recalled.of(), To: f.ref, Reason: t.Text(marked("The notifier has found that the position is of another building", "تبين للجهة المبلغة أن الموقع لمبنى آخر"))}
			})
		}
	})
	d.ago(5*hour, func() { d.tell(north.officer, &parley.RecallConfirm{Of: recalled.of()}) })
	// Told by telephone, and entered by the desk: the engineers have not confirmed it yet.
	d.ago(2*hour, func() {
		t := &draft.Draft{Theatre: d.theatre, MadeAt: d.now()}
		speaker := t.Text(marked("Engineer on duty", "المهندس المناوب"))
		t.OnBehalf = &parley.OnBehalf{Of: d.water.ref, Channel: parley.ByTelephone, Speaker: &speaker, At: d.now() - 10*parley.Minute}
		d.submit(t, d.second, func(t *draft.Draft) parley.Body {
			b := &parley.SiteNotify{}
			b.Site, _ = d.site(t, invented{"water", "Well east of Al-Shola", "بئر شرق الشولا", "Al-Shola", 88, 5400, "none", notation.DD, ""}, exact(south))
			return b
		})
	})
}

// stop is yesterday's urgent stop: it climbed once, a deputy took it, fire ceased, and it was stood down.
func (d *day) stop(hospital *subject) {
	var ref parley.Ref
	d.ago(26*hour, func() {
		ref = d.say(d.medical.notifier, func(t *draft.Draft) parley.Body {
			return &parley.StopRaise{Object: hospital.ref, Words: t.Text(marked("Shells fall 300 m from the hospital", "تسقط قذائف على بعد ٣٠٠ م من المشفى"))}
		})
	})
	d.ago(26*hour-3*minute, func() { d.tell(d.north.deputy, &parley.StopTake{Stop: ref}) })
	d.ago(26*hour-5*minute, func() { d.tell(d.north.deputy, &parley.StopPass{Stop: ref, Echelon: parley.Unit}) })
	d.ago(26*hour-14*minute, func() {
		d.say(d.north.deputy, func(t *draft.Draft) parley.Body {
			return &parley.StopEffectReport{Stop: ref, Effect: parley.FireCeased, Words: t.Text(marked("Fire has ceased", "توقف القصف"))}
		})
	})
	d.ago(25*hour, func() {
		d.say(d.releaser, func(t *draft.Draft) parley.Body {
			return &parley.StopStandDown{Stop: ref, Report: t.Text(marked("Nobody was hurt. The hospital works. The unit has the list.", "لم يصب أحد. المشفى يعمل. القائمة لدى الوحدة."))}
		})
	})
}

// areas are what the two forces have declared to each other, and a check that waits for answers. The area that is returned meets the convoy.
func (d *day) areas(camp *subject) *parley.Ref {
	round := func(at geo.Position, radius int32) geo.Shape {
		c := circle{radius: radius}
		c.Position = at
		return c.shape()
	}
	declare := func(by *person, to force, shape geo.Shape, from, until time.Duration) parley.Ref {
		return d.tell(by, &parley.AreaDeclare{Area: parley.Area{Shape: shape, Window: geo.Window{From: d.in(from), To: d.in(until)}, Addressees: []parley.Ref{to.ref},
			Echelons: []parley.Echelon{parley.OperationsRoom}, Head: d.head(by)}})
	}
	north, south := d.north, d.south

	// Yesterday: read back, then told in words that do not fit.
	var desert parley.Ref
	sand := round(d.near("Al-Shola", 230, 4000), 2500)
	d.ago(30*hour, func() { desert = declare(south.officer, north, sand, -24*hour, -9*hour) })
	d.ago(29*hour, func() {
		box := sand.Bounds()
		d.tell(north.officer, &parley.AreaReadback{Of: parley.Versioned{Ref: desert, Version: 1}, Center: box.Center(), Extent: int32(diagonal(sand)), From: d.in(-24 * hour), To: d.in(-9 * hour)})
	})
	d.ago(28*hour, func() {
		d.say(south.officer, func(t *draft.Draft) parley.Body {
			return &parley.AreaTold{Area: desert, Words: t.Text(marked("9 km south of Al-Shola", "٩ كم جنوب الشولا")), Place: d.places["Al-Shola"], Distance: 9000, Bearing: 180}
		})
	})

	// Today: the Southern Force first, then the Northern Force, whose area meets it, the convoy and the displaced people.
	d.ago(80*minute, func() { declare(south.officer, north, round(d.near("Maadan", 160, 6500), 3500), 2*hour, 8*hour) })
	d.ago(62*minute, func() {
		first := d.question(d.relief.leader)
		d.say(d.relief.leader, func(t *draft.Draft) parley.Body {
			return &parley.PromptAnswer{Prompt: first, Decision: parley.Continue, Reason: t.Text(marked("The liaison says the area begins after we have passed", "يقول ضابط الارتباط إن المنطقة تبدأ بعد مرورنا"))}
		})
	})
	var met parley.Ref
	d.ago(9*minute, func() {
		met = declare(north.officer, south, round(geo.Destination(camp.at, 45, 2500), 3000), 30*minute, 5*hour)
	})

	// Checks: one of yesterday, answered; one of the Northern Force over Raqqa that waits.
	check := func(by *person, shape geo.Shape, from, until time.Duration) parley.Ref {
		return d.tell(by, &parley.CheckRecord{Shape: shape, Window: geo.Window{From: d.in(from), To: d.in(until)}, Head: d.head(by)})
	}
	d.ago(27*hour, func() {
		ref := check(south.planner, round(d.near("Al-Mayadin", 250, 2000), 1500), -20*hour, -10*hour)
		for _, object := range d.indicated(south.planner, ref) {
			d.tell(south.lawyer, &parley.IndicationAnswer{Of: ref, Object: object, State: parley.IndicationMitigated, Reason: "area_changed"})
		}
	})
	d.ago(25*minute, func() { check(north.planner, round(d.near("Ar-Raqqa", 10, 2500), 3500), 6*hour, 12*hour) })
	return &met
}

// indicated returns the objects that a check's answer names.
func (d *day) indicated(by *person, ref parley.Ref) (objects []parley.Ref) {
	d.viewed(by, func(v viewer) {
		if c, ok := v.Check(ref); ok {
			for _, i := range c.Indications {
				objects = append(objects, i.Object.Ref)
			}
		}
	})
	return objects
}
