package channel_test

import (
	"crypto/ed25519"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// walk plays random commands, most of them to the point and some not, and looks at the state after each.
type walk struct {
	t *testing.T
	*cast.Cast
	bare       *cast.Bare
	r          *rand.Rand
	known      map[parley.RefKind][]parley.Ref // references that were made
	names      []parley.Hash                   // of commands entered on behalf
	standing   map[string]string
	notices    int
	seen       map[string]int // moves that were made, by machine
	taken      map[parley.CommandKind]int
	refused    map[parley.Code]int
	exceptions map[string]int
	screeners  [4]*cast.Person
}

func newWalk(t *testing.T, seed uint64) *walk {
	cryptotest.SetGlobalRandom(t, seed) // keys, nonces and salts too: a walk that fails fails again
	p := cast.Profile()
	p.Clocks.Revalidation, p.Clocks.Grace = 4*parley.Day, parley.Day
	p.Quotas.ChecksPerHour = 3
	c, b := cast.NewBareWith(t, p)
	w := &walk{t: t, Cast: c, bare: b, r: rand.New(rand.NewPCG(seed, 1)), known: map[parley.RefKind][]parley.Ref{}, seen: map[string]int{}, taken: map[parley.CommandKind]int{},
		refused: map[parley.Code]int{}, exceptions: map[string]int{}}
	for i := range w.screeners {
		w.screeners[i] = c.Enrol(c.OrgRef, parley.ScreeningOfficer)
	}
	c.Tell(w.screeners[0], &parley.ListLoad{List: "UN", Published: b.At - parley.Day, Hash: parley.Hash{1}, Entries: 3})
	w.standing, w.notices = b.State.States(), len(b.State.NoticesFrom(0))
	return w
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// ref returns a reference of a kind, mostly a recent one that exists.
func (w *walk) ref(kind parley.RefKind) parley.Ref {
	list := w.known[kind]
	if len(list) == 0 || w.r.IntN(40) == 0 {
		return parley.MakeRef(kind, parley.Hash{byte(w.r.IntN(256))}, 5)
	}
	if w.r.IntN(4) > 0 {
		list = list[max(0, len(list)-3):]
	}
	return pick(w.r, list)
}

func (w *walk) object() parley.Ref {
	return w.ref(pick(w.r, []parley.RefKind{parley.RefSite, parley.RefSite, parley.RefMovement, parley.RefMovement, parley.RefPresence}))
}

// newest returns a reference with its newest version, seldom another.
func (w *walk) newest(ref parley.Ref) parley.Versioned {
	v := 1
	desk := w.view(w.Verifier)
	if f, ok := desk.Object(ref); ok {
		v = len(f.Versions)
	} else if a, ok := w.view(w.A.Officer).Area(ref); ok {
		v = a.Version
	} else if a, ok := w.view(w.B.Officer).Area(ref); ok {
		v = a.Version
	}
	if w.r.IntN(12) == 0 {
		v = max(1, v-1)
	}
	return parley.Versioned{Ref: ref, Version: max(v, 1)}
}

func (w *walk) view(p *cast.Person) *channel.Viewer { return w.viewAs(p.Account) }

func (w *walk) viewAs(account parley.Ref) *channel.Viewer {
	return w.bare.State.View(&parley.Member{Account: account}, w.bare.At, func(parley.Commitment) string { return "text" })
}

// place is one of nine, a kilometre or so apart: things meet.
func (w *walk) place() geo.Position {
	return cast.At(35.9528+float64(w.r.IntN(3))*0.0107, 39.0079+float64(w.r.IntN(3))*0.0109)
}

func (w *walk) force() *cast.Force { return pick(w.r, []*cast.Force{w.A, w.B}) }

func (w *walk) parties() []parley.Ref {
	return pick(w.r, [][]parley.Ref{{w.A.Ref, w.B.Ref}, {w.A.Ref, w.B.Ref}, {w.A.Ref}, {w.B.Ref}, nil})
}

func (w *walk) window() geo.Window {
	from := w.bare.At + int64(w.r.IntN(48)-6)*parley.Hour
	return geo.Window{From: from, To: from + int64(1+w.r.IntN(30))*parley.Hour}
}

func (w *walk) head(f *cast.Force) parley.ListHead {
	h, _, _ := w.view(f.Officer).List(0, 1)
	return h
}

func (w *walk) area(f *cast.Force) parley.Area {
	others := slices.DeleteFunc([]parley.Ref{w.A.Ref, w.B.Ref}, func(p parley.Ref) bool { return p == f.Ref })
	return parley.Area{Shape: cast.Square(w.place(), 0.01), Window: w.window(), Addressees: others[:w.r.IntN(2)], Head: w.head(f)}
}

func (w *walk) anchor(of parley.Versioned) geo.Position {
	if f, ok := w.view(w.Verifier).Object(of.Ref); ok && w.r.IntN(8) > 0 {
		for _, v := range f.Versions {
			if v.Version == of.Version {
				if n := len(v.Stops); n > 0 {
					return v.Stops[n-1].Place.Bounds().Center()
				}
				return v.Geometry.Bounds().Center()
			}
		}
	}
	return w.place()
}

func (w *walk) precise(s *parley.Sharing) {
	for i := range s.Consents {
		if w.r.IntN(5) == 0 {
			s.Consents[i] = parley.Consent{To: s.Consents[i].To, Precision: parley.Coarse}
		}
	}
}

// next returns a random thing to say and who mostly says it.
func (w *walk) next(d *draft.Draft) (*cast.Person, parley.Body) {
	org := w.Org
	if w.r.IntN(5) == 0 {
		org = w.Other
	}
	f := w.force()
	officer := pick(w.r, []*cast.Person{f.Officer, f.Second})
	echelon := pick(w.r, []parley.Echelon{parley.Headquarters, parley.OperationsRoom, parley.Unit})
	hospital := func() parley.Site {
		s := cast.Hospital(d, w.place(), cast.Start, w.parties()...)
		w.precise(&s.Shared)
		return s
	}
	convoy := func() parley.Movement {
		m := cast.Convoy(d, w.bare.At+int64(w.r.IntN(30))*parley.Hour, w.place(), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), w.parties()...)
		w.precise(&m.Shared)
		return m
	}
	withdraw := func(ref parley.Ref) parley.Withdraw {
		return parley.Withdraw{Object: ref, Reason: pick(w.r, []parley.WithdrawReason{parley.CeasedFunction, parley.ConsentEnded, parley.EnteredInError, parley.Cancelled})}
	}
	of := w.newest(w.object())
	site, move, pres := w.newest(w.ref(parley.RefSite)), w.newest(w.ref(parley.RefMovement)), w.newest(w.ref(parley.RefPresence))
	owner := func(ref parley.Ref) *cast.Person {
		f, ok := w.view(w.Verifier).Object(ref)
		switch {
		case ok && f.Owner == w.OtherRef:
			return w.Other
		case ok && f.Owner == parley.Desk && w.r.IntN(2) == 0:
			return w.Releaser
		}
		return w.Org
	}
	held := of
	if list, _ := w.view(officer).Objects("", 0, 1e6); len(list) > 0 && w.r.IntN(8) > 0 {
		one := pick(w.r, list)
		held = parley.Versioned{Ref: one.Ref, Version: one.Version}
	}
	area := w.newest(w.ref(parley.RefArea))
	stop := w.ref(parley.RefStop)
	var heads []*parley.ListHead
	h := w.head(f)
	heads = append(heads, nil, &h)
	switch w.r.IntN(54) {
	case 0:
		if w.r.IntN(3) > 0 {
			break
		}
		return org, &parley.SiteNotify{Site: hospital()}
	case 3:
		return owner(site.Ref), &parley.SiteUpdate{Of: site, Site: hospital()}
	case 4:
		return owner(site.Ref), &parley.SiteRevalidate{Of: site}
	case 5:
		if w.r.IntN(2) > 0 {
			return officer, &parley.ListAttest{Echelon: echelon, Head: pick(w.r, heads)}
		}
		return owner(site.Ref), &parley.SiteWithdraw{Withdraw: withdraw(site.Ref)}
	case 6:
		if w.r.IntN(3) > 0 {
			break
		}
		return org, &parley.MovementNotify{Movement: convoy()}
	case 9:
		return owner(move.Ref), &parley.MovementUpdate{Of: move, Movement: convoy()}
	case 10:
		if w.r.IntN(2) > 0 {
			return nil, &parley.DeliveryNote{To: f.Ref, Items: []parley.Versioned{of}, At: w.bare.At}
		}
		return owner(move.Ref), &parley.MovementWithdraw{Withdraw: withdraw(move.Ref)}
	case 11, 12, 13, 14:
		status := parley.MovementState(pick(w.r, parley.MovementMachine.States[1:]).Name)
		if w.r.IntN(2) > 0 && status == parley.MovementClosed {
			status = parley.MovementDeparted
		}
		return owner(move.Ref), &parley.MovementReport{Movement: move.Ref, Status: status, Leg: w.r.IntN(4), At: w.bare.At, Armed: pick(w.r, []parley.Answer{"", "", parley.Yes, parley.No})}
	case 15:
		if w.r.IntN(2) == 0 {
			return pick(w.r, []*cast.Person{officer, owner(move.Ref), w.Verifier}), &parley.ContactTry{Movement: move.Ref, Means: parley.LiaisonRadio, At: w.bare.At, Reached: w.r.IntN(2) == 0}
		}
		return org, &parley.PromptAnswer{Prompt: w.ref(parley.RefPrompt), Decision: pick(w.r, []parley.Decision{parley.Hold, parley.TurnBack, parley.Continue})}
	case 16:
		if w.r.IntN(3) > 0 {
			break
		}
		p := parley.Presence{Shape: cast.Square(w.place(), 0.01), People: "51-200", From: w.bare.At, Until: w.bare.At + int64(1+w.r.IntN(48))*parley.Hour, Shared: hospital().Shared}
		return org, &parley.PresenceNotify{Presence: p}
	case 17:
		return owner(pres.Ref), &parley.PresenceWithdraw{Withdraw: withdraw(pres.Ref)}
	case 18:
		return pick(w.r, []*cast.Person{w.Verifier, officer, owner(of.Ref)}), &parley.ObjectQuery{Of: of, Field: "markings", Question: d.Text("?"), Observed: &[]geo.Position{w.place()}[0]}
	case 19, 20:
		return pick(w.r, []*cast.Person{org, org, w.Verifier}), &parley.ObjectAnswer{Query: w.ref(parley.RefQuery), Answer: d.Text("!")}
	case 21, 22, 23, 24:
		return w.Verifier, &parley.ObjectVerify{Of: of, Method: parley.CheckedMap, Source: d.Text("map"), On: w.bare.At}
	case 1, 2, 25, 26, 27, 28, 29:
		return w.Releaser, &parley.ObjectRelease{Of: of, To: f.Ref, Emergency: w.r.IntN(4) == 0}
	case 30:
		return pick(w.r, []*cast.Person{w.Releaser, w.Verifier}), &parley.ReleaseCountersign{Of: of, To: f.Ref}
	case 31:
		held.Version = 1 + w.r.IntN(held.Version)
		return w.Releaser, &parley.ObjectRecall{Of: held, To: f.Ref, Reason: d.Text("why")}
	case 32:
		return officer, &parley.RecallConfirm{Of: held}
	case 33:
		return pick(w.r, []*cast.Person{owner(of.Ref), w.Releaser}), &parley.ObjectResend{Of: held, To: f.Ref}
	case 7, 8, 34, 35, 36:
		return officer, &parley.ObjectAcknowledge{Of: held, ReadBack: w.anchor(held)}
	case 37:
		return officer, &parley.ObjectDissemination{Of: held, Echelon: echelon, Head: pick(w.r, heads)}
	case 38:
		if w.r.IntN(2) == 0 {
			return officer, &parley.EntryAttest{Of: held, Echelon: echelon, Place: w.anchor(held)}
		}
		return officer, &parley.ObjectDispute{Of: held, Reason: parley.WrongPlace}
	case 39:
		if w.r.IntN(2) == 0 {
			to := pick(w.r, []parley.Ref{f.Ref, parley.Desk, w.A.Ref, w.B.Ref, w.OrgRef})
			return pick(w.r, []*cast.Person{w.Verifier, officer}), pick(w.r, []parley.Body{&parley.LiaisonLog{With: to, Means: parley.LiaisonRadio, At: w.bare.At},
				&parley.ChannelStatus{With: to, State: parley.LineSuspended, Since: w.bare.At}, &parley.TestCall{To: to, At: w.bare.At, Answered: true, Seconds: 20}})
		}
		ref := pick(w.r, []parley.Ref{of.Ref, area.Ref, stop})
		return pick(w.r, []*cast.Person{w.Verifier, officer}), &parley.RelayLog{Of: ref, Party: f.Ref, Echelon: echelon, Delivered: true, At: w.bare.At}
	case 40:
		if w.r.IntN(2) == 0 {
			return officer, &parley.ForceWithdraw{Force: w.ref(parley.RefForce)}
		}
		other := w.A.Ref
		if f == w.A {
			other = w.B.Ref
		}
		return officer, &parley.ForcePlace{Shape: cast.Point(w.place()), Buffer: 500, Window: w.window(), Addressees: []parley.Ref{other}}
	case 41:
		return officer, &parley.AreaDeclare{Area: w.area(f)}
	case 42:
		switch w.r.IntN(3) {
		case 0:
			return officer, &parley.AreaEnd{Area: area.Ref}
		case 1:
			return officer, &parley.AreaObject{Of: area, Reason: parley.TooLate}
		}
		return officer, &parley.AreaAmend{Of: area, Area: w.area(f)}
	case 43:
		if a, ok := w.viewAs(f.Ref).Area(area.Ref); ok && a.Geometry != nil && w.r.IntN(5) > 0 {
			from, to := parse(a.From), parse(a.To)
			box := a.Geometry.Bounds()
			return officer, &parley.AreaReadback{Of: area, Center: box.Center(), Extent: int32(geo.DistanceMM(box.Min, box.Max) / 1000), From: from, To: to}
		}
		return officer, &parley.AreaTold{Area: area.Ref, Words: d.Text("south"), Place: w.place(), Distance: 2000, Bearing: 90}
	case 44:
		switch w.r.IntN(4) {
		case 0:
			return officer, &parley.CheckMoved{Check: w.ref(parley.RefCheck), To: cast.Point(w.place())}
		case 1:
			return officer, &parley.CheckAttest{Head: pick(w.r, heads), On: w.bare.At, Echelon: echelon, Extent: cast.Point(w.place())}
		}
		return officer, &parley.CheckRecord{Shape: cast.Square(w.place(), 0.02), Window: w.window(), Head: h}
	case 45:
		where, object := pick(w.r, []parley.Ref{area.Ref, w.ref(parley.RefCheck)}), of.Ref
		if list, _ := w.view(officer).Checks(0, 1e6); len(list) > 0 && w.r.IntN(8) > 0 {
			where = pick(w.r, list).Ref
		}
		if c, ok := w.view(officer).Check(where); ok && len(c.Indications) > 0 {
			object = pick(w.r, c.Indications).Object.Ref
		} else if a, ok := w.view(officer).Area(where); ok && len(a.Indications) > 0 {
			object = pick(w.r, a.Indications).Object.Ref
		}
		return officer, &parley.IndicationAnswer{Of: where, Object: object, State: pick(w.r, []parley.IndicationState{parley.IndicationMitigated, parley.IndicationApart, parley.IndicationDismissed}), Reason: "area_changed"}
	case 46:
		who := pick(w.r, []*cast.Person{org, officer, w.Monitor, w.Releaser})
		if w.r.IntN(3) == 0 {
			p := w.place()
			return who, &parley.StopRaise{Place: &p}
		}
		return who, &parley.StopRaise{Object: of.Ref}
	}
	switch w.r.IntN(14) {
	case 13:
		return w.find(d, f, officer, site)
	case 0:
		return w.screen(d)
	case 1, 2, 3, 4:
		return w.arrange(d, f, officer, owner, move)
	case 5, 6:
		return w.aftermath(d, f, officer, of)
	}
	task := w.ref(parley.RefCorrection)
	switch w.r.IntN(13) {
	case 5:
		harmed := of.Ref
		if w.r.IntN(4) == 0 {
			p := w.place()
			return pick(w.r, []*cast.Person{org, officer}), &parley.HarmReport{Place: &p, At: w.bare.At - int64(w.r.IntN(12))*parley.Hour}
		}
		return pick(w.r, []*cast.Person{owner(harmed), officer}), &parley.HarmReport{Object: harmed, At: w.bare.At - int64(w.r.IntN(12))*parley.Hour, GoesOn: w.r.IntN(3) == 0, Effects: d.Text("a wall")}
	case 6, 9, 10, 12:
		if list, _ := w.view(officer).Corrections(0, 1e6); len(list) > 0 && w.r.IntN(8) > 0 {
			task = pick(w.r, list).Ref
		}
		return officer, &parley.CorrectionAnswer{Correction: task, Cause: pick(w.r, parley.CauseClasses), Officer: officer.Ref}
	case 7:
		if w.r.IntN(2) == 0 {
			return w.Releaser, &parley.CorrectionOpen{Harm: w.ref(parley.RefHarm), Party: f.Ref}
		}
		if list, _ := w.view(w.Releaser).Corrections(0, 1e6); len(list) > 0 && w.r.IntN(8) > 0 {
			task = pick(w.r, list).Ref
		}
		return w.Releaser, &parley.CorrectionClose{Correction: task}
	case 8:
		if w.r.IntN(2) == 0 {
			return officer, &parley.AreaWithdraw{Area: area.Ref, Reason: parley.TooLate}
		}
		p := w.place()
		return officer, &parley.AreaContest{Of: area, Place: &p, Words: d.Text("told elsewhere")}
	case 0:
		return officer, &parley.StopPass{Stop: stop, Echelon: echelon}
	case 1:
		return pick(w.r, []*cast.Person{officer, org}), &parley.StopEffectReport{Stop: stop, Effect: pick(w.r, []parley.Effect{parley.FireCeased, parley.FireGoesOn, parley.NotOurs})}
	case 2:
		return pick(w.r, []*cast.Person{officer, w.Releaser}), &parley.StopStandDown{Stop: stop, Report: d.Text("over")}
	case 3:
		if len(w.names) > 0 {
			return pick(w.r, []*cast.Person{org, officer}), &parley.BehalfConfirm{Command: pick(w.r, w.names), Disown: w.r.IntN(2) == 0}
		}
	case 4:
		return nil, &parley.DeliveryNote{To: f.Ref, Items: []parley.Versioned{of}, At: w.bare.At}
	}
	return officer, &parley.StopTake{Stop: stop}
}

// find returns something random to say about places that parties come upon.
func (w *walk) find(d *draft.Draft, f *cast.Force, officer *cast.Person, site parley.Versioned) (*cast.Person, parley.Body) {
	found := w.ref(parley.RefFound)
	desk := pick(w.r, []*cast.Person{w.Verifier, w.Releaser})
	adopt := &parley.SiteAdopt{Found: found, Asked: pick(w.r, parley.AskedAnswers), Site: cast.Hospital(d, w.place(), cast.Start-cast.Start%parley.Day)}
	for _, p := range w.parties() {
		adopt.Site.Shared.Consents = append(adopt.Site.Shared.Consents, parley.Consent{To: p, Precision: pick(w.r, []parley.Precision{parley.Exact, parley.Coarse})})
	}
	switch w.r.IntN(8) {
	case 0, 1:
		return officer, &parley.SiteFound{Category: "school", Shape: cast.Point(w.place()), Obtained: parley.Obtained{Method: parley.ByWord, Accuracy: 100}, Occupancy: "unknown", Words: d.Text("people"), Asked: pick(w.r, parley.AskedAnswers)}
	case 2, 3:
		return desk, adopt
	case 4:
		adopt.Found, adopt.Of = "", &site
		return desk, adopt
	case 5:
		return pick(w.r, []*cast.Person{desk, officer}), pick(w.r, []parley.Body{&parley.FoundClose{Found: found, Reason: parley.FoundInError}, &parley.FoundClose{Found: found, Reason: parley.FoundKnown, Known: site.Ref}})
	}
	if w.r.IntN(2) == 0 {
		return w.Verifier, &parley.SiteHand{Of: site, To: pick(w.r, []parley.Ref{w.OrgRef, w.OtherRef})}
	}
	s := cast.Hospital(d, w.place(), cast.Start, w.parties()...)
	return pick(w.r, []*cast.Person{w.Org, w.Other}), &parley.SiteUpdate{Of: site, Site: s}
}

// arrange returns something random to say about what parties arrange, offer and deliver.
func (w *walk) arrange(d *draft.Draft, f *cast.Force, officer *cast.Person, owner func(parley.Ref) *cast.Person, move parley.Versioned) (*cast.Person, parley.Body) {
	others := slices.DeleteFunc([]parley.Ref{w.A.Ref, w.B.Ref}, func(p parley.Ref) bool { return p == f.Ref })
	terms := func(shape geo.Shape) parley.Terms {
		t := parley.Terms{Shape: shape, Window: w.window(), Addressees: others, Published: w.r.IntN(2) == 0}
		if shape.Kind == geo.Point {
			t.Radius = 2000
		}
		return t
	}
	p := w.place()
	line := func(shape geo.Shape) parley.Line {
		return parley.Line{Terms: terms(shape), LineKind: "exclusion", Basis: parley.BasisUnilateral}
	}
	way := cast.Line(p, geo.Position{Lon: p.Lon + 120_000, Lat: p.Lat + 30_000})
	corridor := parley.Corridor{Terms: terms(way), Direction: parley.BothWays, Users: []parley.CorridorUser{"goods"}}
	newest := func(kind parley.RefKind) parley.Versioned {
		ref, version := w.ref(kind), 1
		if a, ok := w.view(w.Verifier).Arrangement(ref); ok && w.r.IntN(12) > 0 {
			version = a.Version
		}
		return parley.Versioned{Ref: ref, Version: version}
	}
	any := newest(pick(w.r, []parley.RefKind{parley.RefLine, parley.RefZone, parley.RefCorridor, parley.RefCorridor, parley.RefPause}))
	atLine := newest(pick(w.r, []parley.RefKind{parley.RefLine, parley.RefZone}))
	offer := w.ref(parley.RefOffer)
	status := parley.StatusWord{State: pick(w.r, []parley.ArrangementState{parley.ArrangementOpen, parley.ArrangementOpen, parley.ArrangementSuspended, parley.ArrangementSuspended, parley.ArrangementEnded})}
	switch w.r.IntN(24) {
	case 0:
		return officer, pick(w.r, []parley.Body{&parley.LinePropose{Line: line(way)}, &parley.LineImpose{Line: line(way)}})
	case 1:
		return officer, pick(w.r, []parley.Body{&parley.ZonePropose{Line: line(cast.Square(p, 0.01))}, &parley.ZoneImpose{Line: line(cast.Point(p))}})
	case 2:
		return officer, &parley.CorridorPropose{Corridor: corridor}
	case 3:
		return officer, &parley.PausePropose{Pause: parley.Pause{Terms: terms(cast.Square(p, 0.02)), Users: []parley.CorridorUser{"wounded"}}}
	case 4:
		switch any.Ref.Kind() {
		case parley.RefLine:
			return officer, pick(w.r, []parley.Body{&parley.LineAmend{Of: any, Line: line(way)}, &parley.LineEnd{Line: any.Ref}})
		case parley.RefZone:
			return officer, pick(w.r, []parley.Body{&parley.ZoneAmend{Of: any, Line: line(cast.Square(p, 0.01))}, &parley.ZoneEnd{Zone: any.Ref}})
		case parley.RefCorridor:
			return officer, &parley.CorridorAmend{Of: any, Corridor: corridor}
		}
		return officer, &parley.PauseAmend{Of: any, Pause: parley.Pause{Terms: terms(cast.Square(p, 0.02)), Users: []parley.CorridorUser{"goods"}}}
	case 5, 6, 7, 8:
		return officer, &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: any}}
	case 9:
		return officer, pick(w.r, []parley.Body{&parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: any}}, &parley.ConsentWithdraw{ConsentWord: parley.ConsentWord{Of: any}}})
	case 10, 11:
		status.Of = w.ref(parley.RefCorridor)
		return pick(w.r, []*cast.Person{officer, w.Releaser}), &parley.CorridorStatus{StatusWord: status}
	case 12:
		status.Of = w.ref(parley.RefPause)
		return officer, &parley.PauseStatus{StatusWord: status}
	case 14:
		if w.r.IntN(2) == 0 {
			return officer, &parley.CrossingNotice{Of: atLine, Place: p, Window: w.window()}
		}
		return owner(move.Ref), &parley.CrossingNotice{Of: atLine, Movement: move.Ref, Place: p, Window: w.window()}
	case 15:
		return officer, &parley.CrossingAnswer{Notice: w.ref(parley.RefCrossing), Answer: pick(w.r, parley.CrossingReplies)}
	case 16:
		event := &parley.CrossingEvent{Line: atLine.Ref, Place: p, At: w.bare.At - int64(w.r.IntN(60))*parley.Minute}
		switch w.r.IntN(3) {
		case 0:
			event.Own = true
		case 1:
			event.Observed = others[0]
		default:
			event.Movement = move.Ref
			return owner(move.Ref), event
		}
		return officer, event
	case 13:
		if w.r.IntN(2) == 0 {
			return pick(w.r, []*cast.Person{officer, w.Releaser}), &parley.PresenceAsk{Event: w.ref(parley.RefCrossed), Party: others[0]}
		}
		return officer, &parley.PresenceAnswer{Event: w.ref(parley.RefCrossed), Answer: pick(w.r, parley.PresenceReplies)}
	case 17:
		warning := &parley.WarningLog{Of: atLine.Ref, To: others[0], Means: "radio", Language: "ar", At: w.bare.At, Words: d.Text("turn back")}
		if w.r.IntN(2) == 0 {
			warning.Of, warning.To = w.object(), ""
		}
		return officer, warning
	case 18, 19:
		m := &parley.OfferMake{To: pick(w.r, []parley.Ref{others[0], parley.Desk}), OfferKind: "information", Text: d.Text("a list"), Language: "en", Deadline: w.bare.At + int64(1+w.r.IntN(8))*parley.Hour}
		if w.r.IntN(4) == 0 {
			m.Counter = offer
		}
		return pick(w.r, []*cast.Person{officer, officer, w.Releaser}), m
	case 20, 21:
		return pick(w.r, []*cast.Person{officer, officer, w.Releaser}), &parley.OfferRespond{Offer: offer, Response: pick(w.r, parley.OfferResponses)}
	case 22:
		return officer, &parley.OfferFulfil{Offer: offer, Fulfilled: w.r.IntN(2) == 0}
	}
	if w.r.IntN(2) == 0 {
		return owner(move.Ref), &parley.OutcomeRecord{Movement: move.Ref, Outcome: pick(w.r, parley.OutcomeKinds), Reason: "none", At: w.bare.At}
	}
	return owner(move.Ref), &parley.DeliveryRecord{Of: move.Ref, PlannedAt: w.bare.At, At: w.bare.At, People: "51-200", Items: []parley.Item{{Item: "food", Unit: "t", Planned: 10, Delivered: int64(w.r.IntN(11))}}}
}

// aftermath returns something random to say about what happened and who said what.
func (w *walk) aftermath(d *draft.Draft, f *cast.Force, officer *cast.Person, of parley.Versioned) (*cast.Person, parley.Body) {
	watcher := pick(w.r, []*cast.Person{w.Monitor, w.Verifier, w.Releaser})
	inc, claim, file := w.ref(parley.RefIncident), w.ref(parley.RefClaim), w.ref(parley.RefEvidence)
	event := func() parley.Incident {
		p := w.place()
		i := parley.Incident{IncidentKind: parley.ObjectHarmed, From: w.bare.At - int64(1+w.r.IntN(8))*parley.Hour, Place: &p, Precision: parley.PlaceStreet, Certainty: "possible", Narrative: d.Text("told"),
			Tallies: []parley.Tally{{What: "injured", Max: int32(w.r.IntN(9))}}, Sources: []parley.Source{{SourceKind: "media", Name: d.Text("a paper"), Reliability: "C", Credibility: 3}}, Restricted: w.r.IntN(4) == 0}
		i.To = i.From + parley.Hour
		if w.r.IntN(3) == 0 {
			i.Objects = []parley.Ref{of.Ref}
		}
		if w.r.IntN(4) == 0 {
			i.Harms = []parley.Ref{w.ref(parley.RefHarm)}
		}
		return i
	}
	version := 1
	if i, ok := w.view(w.Verifier).Incident(inc); ok {
		version = i.Version
	}
	photo := parley.File{SHA256: parley.Hash{byte(1 + w.r.IntN(200))}, Size: 9, Stated: "image/png", Found: "image/png"}
	switch w.r.IntN(22) {
	case 0, 1, 2:
		return watcher, &parley.IncidentRecord{Incident: event()}
	case 3:
		return watcher, &parley.IncidentUpdate{Of: parley.Versioned{Ref: inc, Version: version}, Incident: event(), Reason: "more_known", Words: d.Text("more")}
	case 4:
		return w.Verifier, &parley.IncidentLink{Incident: inc, Objects: []parley.Ref{of.Ref}}
	case 5:
		return watcher, &parley.IncidentMatch{Incident: inc, Other: w.ref(parley.RefIncident), Same: w.r.IntN(2) == 0}
	case 6, 7:
		return watcher, &parley.IncidentClose{Incident: inc, Reopen: w.r.IntN(2) == 0, Words: d.Text("over")}
	case 8, 9:
		about := []parley.Ref{inc}
		if w.r.IntN(3) == 0 {
			about = append(about, of.Ref)
		}
		return watcher, &parley.ClaimRecord{Claim: parley.Claim{ClaimType: pick(w.r, parley.ClaimTypes), Speaker: d.Text("somebody"), Speech: parley.DirectSpeech, Language: "en", Quotation: d.Text("words"), About: about,
			Attribution: &parley.Attribution{Party: f.Ref}, Restricted: w.r.IntN(3) == 0}}
	case 10:
		return watcher, &parley.ClaimRelate{Claim: claim, Other: w.ref(parley.RefClaim), Relation: parley.ClaimContradicts}
	case 11:
		return watcher, &parley.ClaimRelate{Claim: claim, Other: inc}
	case 12:
		if w.r.IntN(2) == 0 {
			return watcher, &parley.AssessmentMake{Of: claim, Reliability: "B", Credibility: 2, Words: d.Text("why")}
		}
		return watcher, &parley.AssessmentMake{Of: inc, Reliability: "B", Credibility: 2, Grade: "weak", Words: d.Text("why")}
	case 13:
		return watcher, &parley.ResponseAsk{Incident: inc, Party: f.Ref}
	case 14, 15:
		return officer, &parley.ResponseGive{Incident: inc, Response: pick(w.r, parley.ResponseKinds), Words: d.Text("our word")}
	case 16:
		return pick(w.r, []*cast.Person{watcher, w.Org, officer}), &parley.EvidenceAdd{File: photo, Name: d.Text("a.png"), About: []parley.Ref{pick(w.r, []parley.Ref{inc, claim, w.ref(parley.RefHarm)})}, Obtained: "received", At: w.bare.At}
	case 17:
		return pick(w.r, []*cast.Person{watcher, w.Org, officer}), &parley.EvidenceCustody{Evidence: file, Action: parley.CustodyCopy, At: w.bare.At, Copy: &photo}
	case 18:
		return w.Trustees[0], &parley.PublicationSet{Publication: parley.Publication{Delay: int64(1+w.r.IntN(20)) * parley.Hour, Threshold: 3, Fields: parley.PublicFields[:w.r.IntN(len(parley.PublicFields))]}}
	case 19:
		return w.Verifier, &parley.HoldEnd{Of: pick(w.r, []parley.Ref{inc, w.ref(parley.RefHarm)}), Reason: pick(w.r, parley.HoldReasons), Words: d.Text("done")}
	case 20:
		return officer, w.seal(f)
	}
	return officer, &parley.AreaOpen{Seal: w.ref(parley.RefSeal), Salt: parley.Bits128{1}, Area: sealedAt(raqqa)}
}

// screen returns something random to say about a name that is looked up in lists of designations.
func (w *walk) screen(d *draft.Draft) (*cast.Person, parley.Body) {
	who := w.screeners[2*w.r.IntN(2)]
	edition := parley.Hash{byte(1 + w.r.IntN(2))}
	entry := pick(w.r, []string{"UN:QDe.900", "UN:QDe.900", "UN:QDe.901"})
	found := []parley.ScreenedEntry{{Entry: "UN:QDe.900", Score: int32(w.r.IntN(1001))}, {Entry: "UN:QDe.901", Score: 500}}
	known := w.ref(parley.RefScreening)
	switch w.r.IntN(9) {
	case 0:
		return who, &parley.ListLoad{List: "UN", Published: w.bare.At - int64(1+w.r.IntN(9))*parley.Day, Hash: edition, Entries: 3}
	case 1, 2:
		return who, &parley.ScreeningOpen{Subject: d.Text("somebody"), SubjectKind: "organisation", As: "supplier", Editions: []parley.Hash{edition}, Candidates: found, About: w.ref(parley.RefMovement)}
	case 3:
		return who, &parley.ScreeningRepeat{Screening: known, Editions: []parley.Hash{edition}, Candidates: found}
	case 4, 5, 6:
		if w.r.IntN(2) == 0 {
			return who, &parley.ScreeningDecide{Screening: known, Entry: entry, Confirmed: true, Reason: "same_details", Words: d.Text("why")}
		}
		return who, &parley.ScreeningDecide{Screening: known, Entry: entry, Reason: "other_body", Words: d.Text("why")}
	case 7:
		return who, &parley.ScreeningAppeal{Screening: known, Entry: entry, From: "subject", Words: d.Text("no")}
	}
	return who, &parley.ScreeningNote{Screening: known, CarveOut: "unscr_2664", Words: d.Text("food")}
}

// seal commits to one and the same area, so that it can be opened.
func (w *walk) seal(f *cast.Force) parley.Body {
	area := sealedAt(raqqa)
	c, err := area.Seal(parley.Bits128{1})
	if err != nil {
		w.t.Fatal(err)
	}
	return &parley.AreaSeal{Commitment: c, Head: w.head(f)}
}

func sealedAt(p geo.Position) parley.SealedArea {
	return parley.SealedArea{Shape: cast.Square(p, 0.01), Window: geo.Window{From: cast.Start, To: cast.Start + parley.Day}}
}

// second returns who signs beside the author of a command that takes two.
func (w *walk) second(kind parley.CommandKind) *cast.Person {
	switch kind {
	case "publication.set":
		return w.Trustees[1]
	case "hold.end", "site.hand":
		return w.Releaser
	}
	return nil
}

// parse reads a stamp of a view.
func parse(stamp string) int64 {
	t, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

// step says one random thing.
func (w *walk) step() {
	d := w.Draft()
	who, body := w.next(d)
	key := w.Node
	if who != nil {
		if key = who.Key; w.r.IntN(25) == 0 { // by somebody who has no business with it
			key = pick(w.r, []*cast.Person{w.Org, w.Other, w.A.Officer, w.B.Adviser, w.Verifier, w.Releaser, w.Monitor, w.Trustees[0]}).Key
		} else if w.r.IntN(15) == 0 {
			d.OnBehalf = &parley.OnBehalf{Of: who.Account, Channel: parley.ByRadio, At: w.bare.At}
			key = pick(w.r, []*cast.Person{w.Verifier, w.Releaser}).Key
		} else if who.Account.Kind() == parley.RefOrganisation && w.r.IntN(8) == 0 {
			d.OnBehalf = &parley.OnBehalf{Of: who.Account, Channel: parley.ByForm, At: w.bare.At, Member: who.Ref}
			key = w.Node
		}
	}
	var others []ed25519.PrivateKey
	second := w.second(body.Kind())
	if body.Kind() == "screening.decide" { // the one who sits beside the author
		if second = w.screeners[1]; who == w.screeners[2] {
			second = w.screeners[3]
		}
	}
	if second != nil && !key.Equal(second.Key) && w.r.IntN(8) > 0 {
		others = append(others, second.Key)
	}
	s, err := d.Sign(body, key, others...)
	if err != nil {
		w.refused[cast.CodeOf(err)]++
		return
	}
	w.play(s)
}

// play plays a submission. What is refused must change nothing; now and then it goes into the journal all the same, as if it had
// lost a race there.
func (w *walk) play(s *draft.Submission) {
	before := w.bare.State.Digest()
	size := w.bare.State.Size()
	out, err := w.bare.Play(s)
	if err != nil {
		w.refused[cast.CodeOf(err)]++
	}
	if w.bare.State.Size() == size {
		if err == nil {
			w.t.Fatal("a command was taken and left no entry")
		}
		if w.bare.State.Digest() != before {
			w.t.Fatalf("a refusal (%v) changed the state", err)
		}
		if w.r.IntN(10) > 0 {
			return
		}
		signed, _, openErr := channel.Open(s.Envelope)
		if openErr != nil {
			w.t.Fatal(openErr)
		}
		w.bare.Entries = append(w.bare.Entries, cast.BareEntry{At: w.bare.At, Signed: signed})
		var r *channel.Refusal
		if out, r = w.bare.State.Apply(w.bare.At, signed); r == nil || out.Code != parley.OutcomeCode(r.Code) {
			w.t.Fatalf("refused at the door (%v) and %s in the journal", err, out.Code)
		}
		w.look(string(out.Kind) + " that was refused")
		return
	}
	if out.Code == parley.Applied {
		w.taken[out.Kind]++
		if k := out.Ref.Kind(); out.Ref != "" && !slices.Contains(w.known[k], out.Ref) {
			w.known[k] = append(w.known[k], out.Ref)
		}
		if last := w.bare.Entries[len(w.bare.Entries)-1]; last.Signed.Command.OnBehalf != nil {
			w.names = append(w.names, out.Name)
		}
	}
	w.look(string(out.Kind))
}

// pass lets time go by, deadline by deadline, so that each move is seen.
func (w *walk) pass(span int64) {
	for end := w.bare.At + span; ; {
		due, ok := w.bare.State.NextDeadline()
		if !ok || due > end {
			w.bare.At = end
			return
		}
		w.bare.At = max(w.bare.At, due)
		s, err := w.Draft().Sign(&parley.ClockAdvance{}, w.Node)
		if err != nil {
			w.t.Fatal(err)
		}
		w.play(s)
	}
}

// quiet has somebody take every stop that nobody has: its ladder would fill a night with steps.
func (w *walk) quiet() {
	for key, state := range w.standing {
		if ref, ok := strings.CutPrefix(key, "urgent stop "); ok && state == string(parley.StopRaised) {
			for _, f := range []*cast.Force{w.A, w.B} {
				if w.standing[key] == string(parley.StopRaised) {
					if s, err := w.Draft().Sign(&parley.StopTake{Stop: parley.Ref(ref)}, f.Second.Key); err == nil {
						w.play(s)
					}
				}
			}
		}
	}
}
