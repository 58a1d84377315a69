package parley_test

import (
	"bytes"
	"crypto/ed25519"
	"reflect"
	"slices"
	"testing"

	"parley"
	"parley/geo"
)

// now is when the examples are made: 2017-09-01T06:00:00Z.
const now int64 = 1504245600000

var four int32 = 4

func ref(kind parley.RefKind, n int) parley.Ref {
	return parley.MakeRef(kind, seedOf(int(n)+1000), 5)
}

// text is the commitment of some text.
func text(s string) parley.Commitment { return parley.CommitmentOf(parley.Bits128{1}, s) }

func at(lon, lat float64) geo.Position {
	return geo.Position{Lon: int32(lon * geo.E7), Lat: int32(lat * geo.E7)}
}

func point(p geo.Position) geo.Shape { return geo.Shape{Kind: geo.Point, Points: []geo.Position{p}} }

func line(ps ...geo.Position) geo.Shape {
	return geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{ps}}
}

// square is a square of two hundredths of a degree around a centre.
func square(p geo.Position) geo.Shape {
	const h = geo.E7 / 100
	return geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{{{Lon: p.Lon - h, Lat: p.Lat - h}, {Lon: p.Lon + h, Lat: p.Lat - h}, {Lon: p.Lon + h, Lat: p.Lat + h},
		{Lon: p.Lon - h, Lat: p.Lat + h}, {Lon: p.Lon - h, Lat: p.Lat - h}}}}}
}

var (
	raqqa      = at(39.0079, 35.9528)
	partyA     = ref(parley.RefParty, 1)
	partyB     = ref(parley.RefParty, 2)
	org        = ref(parley.RefOrganisation, 1)
	member     = ref(parley.RefMember, 1)
	siteV1     = parley.Versioned{Ref: ref(parley.RefSite, 1), Version: 1}
	moveV1     = parley.Versioned{Ref: ref(parley.RefMovement, 1), Version: 1}
	areaV1     = parley.Versioned{Ref: ref(parley.RefArea, 1), Version: 1}
	lineV1     = parley.Versioned{Ref: ref(parley.RefLine, 1), Version: 1}
	zoneV1     = parley.Versioned{Ref: ref(parley.RefZone, 1), Version: 1}
	corridorV1 = parley.Versioned{Ref: ref(parley.RefCorridor, 1), Version: 1}
	pauseV1    = parley.Versioned{Ref: ref(parley.RefPause, 1), Version: 1}
	dividing   = line(at(38.9, 35.9), at(39.1, 36))
	window     = geo.Window{From: now, To: now + parley.Day}
	head       = parley.ListHead{Party: partyA, Position: 12, Count: 3, Root: seedOf(3)}
)

func key(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

func public(n byte) parley.PublicKey {
	return parley.PublicKey(key(n).Public().(ed25519.PublicKey))
}

func sharing() parley.Sharing {
	return parley.Sharing{Sensitivity: parley.High, Consents: []parley.Consent{
		{To: partyA, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldAddress, parley.FieldContact, parley.FieldPlates, parley.FieldCargo}},
		{To: partyB, Precision: parley.Coarse}}}
}

// incident returns an incident with every field filled.
func incident() parley.Incident {
	p := raqqa
	return parley.Incident{IncidentKind: parley.ObjectHarmed, Title: text("a title"), Narrative: text("what happened"), From: now - parley.Hour, To: now, Uncertain: parley.Hour, Place: &p, Precision: parley.PlaceNeighbourhood,
		Radius: 800, Admin: []string{"SY11"}, PlaceName: text("near the bridge"), Category: "hospital", Tallies: []parley.Tally{{What: "killed", Who: "civilians", Min: 1, Max: 4, Best: 2}}, Damage: "severe",
		Lost: []string{"health"}, Means: text("from the air, by witnesses"), Objects: []parley.Ref{siteV1.Ref}, Harms: []parley.Ref{ref(parley.RefHarm, 1)},
		Sources: []parley.Source{{SourceKind: "witness", Name: text("a nurse"), On: now, Link: text("a link"), Reliability: "B", Credibility: 2},
			{SourceKind: "data_set", Reliability: "C", Credibility: 3, Set: "a-set", Entry: "230050"}},
		Certainty: "probable", Restricted: true}
}

// claim returns a claim with every field filled.
func claim() parley.Claim {
	return parley.Claim{ClaimType: "accusation", Speaker: text("a diplomat"), Capacity: text("spokesperson"), Party: partyA, Via: []parley.Commitment{text("an agency"), text("a paper")}, Published: now, Event: now - parley.Day,
		Speech: parley.DirectSpeech, Language: "en", Quotation: text("they did it"), Translation: text("sie waren es"), Translator: text("a desk officer"), Link: text("a link"), Document: seedOf(9), Spans: []parley.Span{{Start: 3, End: 14}},
		Archived: ref(parley.RefEvidence, 1), Places: []parley.Commitment{text("Raqqa")}, Organisations: []parley.Commitment{text("a force")}, Attribution: &parley.Attribution{Party: partyB, Actor: text("they")},
		About: []parley.Ref{ref(parley.RefIncident, 1)}, Supports: []parley.Ref{ref(parley.RefClaim, 1)}, Contradicts: []parley.Ref{ref(parley.RefClaim, 2)}, Restricted: true}
}

func file() parley.File {
	return parley.File{SHA256: seedOf(7), Size: 1234, Stated: "image/jpeg", Found: "image/jpeg"}
}

// site returns a site with every field filled.
func site() parley.Site {
	return parley.Site{Category: "hospital", Names: []parley.LocalName{{Language: "ar", Name: text("مشفى")}, {Language: "en", Name: text("hospital")}}, Function: text("surgery"),
		Shape: square(raqqa), KeepOut: 300, Obtained: parley.Obtained{Method: parley.ByGPS, Accuracy: 10, On: now, Notation: "MGRS", Written: text("37S"), Simulated: true},
		Admin: []string{"SY11", "SY1101"}, Address: text("street"), Markings: []parley.Marking{parley.EmblemRoof, parley.ThermalMark}, Operator: text("operator"), Supporter: text("supporter"),
		Since: now - parley.Day, Occupancy: "51-200", CoLocation: &parley.CoLocation{NoneWithin: 500, KnownOn: now}, SignedOff: []parley.Commitment{text("officer"), text("head")},
		Contact: parley.Contact{Name: text("name"), Phone: text("phone"), Alternate: text("other")}, From: now, Until: now + 90*parley.Day, Shared: sharing(),
		Findings: []parley.FindingAnswer{{Finding: parley.FindingRounded, Reason: text("surveyed")}}}
}

// keptSite returns a site as the desk keeps one: no hour, and nothing of the desk's own in what is shared.
func keptSite() parley.Site {
	s := site()
	s.From, s.Until, s.Obtained.On = now-now%parley.Day, 0, 0
	s.Shared.Consents = []parley.Consent{{To: partyA, Precision: parley.Exact, Fields: []parley.Field{parley.FieldName, parley.FieldAddress}}, {To: partyB, Precision: parley.Coarse}}
	return s
}

// movement returns a movement with every field filled: out, unloading, and back.
func movement() parley.Movement {
	b, c := at(39.2003, 35.9001), at(39.4003, 35.8001)
	return parley.Movement{Name: text("convoy"), MovementKind: "food", Mode: "land", Urgency: parley.EmergencyNotice, EmergencyReason: text("flour"),
		Legs: []parley.Leg{{Route: line(raqqa, b), Depart: now, Arrive: now + parley.Hour, From: text("raqqa"), To: text("b")},
			{Route: line(b, c), Depart: now + 2*parley.Hour, Arrive: now + 3*parley.Hour, Return: true}},
		Stops:   []parley.Stop{{Place: point(b), AfterLeg: 1, Arrive: now + parley.Hour, Leave: now + 2*parley.Hour, Phase: parley.Unloading, Name: text("b")}},
		KeepOut: 200, Margin: parley.Minute, Vehicles: 12, Persons: 24, Plates: []parley.Commitment{text("INV-1")}, Markings: []parley.Marking{parley.Flag}, Cargo: text("flour"),
		Escort: parley.Escort{Armed: parley.No, Who: text("nobody")}, Leader: parley.Contact{Phone: text("phone")}, Shared: sharing(),
		Findings: []parley.FindingAnswer{{Finding: parley.FindingOutside}}}
}

func presence() parley.Presence {
	return parley.Presence{Shape: square(raqqa), KeepOut: 100, People: "201-1000", From: now, Until: now + parley.Day, Place: text("camp"), Shared: sharing()}
}

func areaOfOperation() parley.Area {
	return parley.Area{Shape: square(raqqa), Buffer: 100, Band: &geo.Band{Low: 0, High: 9000}, Window: window, Addressees: []parley.Ref{partyB}, Echelons: []parley.Echelon{parley.Unit},
		Urgent: true, Head: head}
}

func profile() parley.Profile {
	p := parley.DefaultProfile()
	p.SouthWest, p.NorthEast = at(35, 29), at(49, 38)
	p.Exercise = true
	return p
}

func terms(shape geo.Shape) parley.Terms {
	return parley.Terms{Names: []parley.LocalName{{Language: "ar", Name: text("name")}}, Shape: shape, Radius: 300, Window: window, Addressees: []parley.Ref{partyB}, Published: true, Text: text("as the radio said")}
}

func lineTerms(shape geo.Shape) parley.Line {
	return parley.Line{Terms: terms(shape), LineKind: "exclusion", Basis: parley.BasisUnilateral}
}

func corridor() parley.Corridor {
	return parley.Corridor{Terms: terms(dividing), Direction: parley.Along, Hours: []parley.Hours{{From: 6 * 60, To: 18 * 60}}, Users: []parley.CorridorUser{"civilians"},
		Crossings: []parley.WaterCrossing{{Place: raqqa, Means: "boat", Name: text("the south bank")}}, Guarantors: []parley.Ref{org}, Inspection: text("at the bridge, by both"), Capacity: 40,
		Hazards: []parley.Hazard{{Hazard: "mines", Place: raqqa, Words: text("left of the road")}}, Pause: pauseV1.Ref,
		Evacuation: &parley.Evacuation{Voluntary: parley.Yes, Destination: parley.Yes, Remain: parley.Yes, Return: parley.Unknown, Family: parley.No, Accompanied: text("the Red Crescent"),
			Points: []parley.AssemblyPoint{{Place: raqqa, Capacity: 300, Name: text("the school")}}}}
}

// examples holds a valid body of each kind, with its optional fields filled.
var examples = map[parley.CommandKind]func() parley.Body{
	"theatre.open": func() parley.Body {
		return &parley.TheatreOpen{Title: text("title"), Profile: profile(), Trustees: []parley.NewMember{{Name: text("1"), Key: public(1)}, {Name: text("2"), Key: public(2)}},
			Nodes: []parley.PublicKey{public(3)}, Clock: parley.ClockSimulated}
	},
	"profile.set": func() parley.Body { return &parley.ProfileSet{Profile: profile()} },
	"party.admit": func() parley.Body { return &parley.PartyAdmit{Name: text("A"), PartyKind: parley.GoBetween} },
	"organisation.admit": func() parley.Body {
		return &parley.OrganisationAdmit{Name: text("O"), OrganisationKind: parley.MonitorOrganisation}
	},
	"party.suspend": func() parley.Body {
		return &parley.PartySuspend{AccountSuspend: parley.AccountSuspend{Account: partyA, Resume: true, Reason: text("why")}}
	},
	"organisation.suspend": func() parley.Body {
		return &parley.OrganisationSuspend{AccountSuspend: parley.AccountSuspend{Account: org, Reason: text("why")}}
	},
	"member.invite": func() parley.Body {
		return &parley.MemberInvite{Account: partyA, Roles: []parley.Role{parley.DutyOfficer, parley.Planner}, Echelon: parley.Headquarters, Code: seedOf(4), Expires: now + parley.Day}
	},
	"member.enrol": func() parley.Body {
		return &parley.MemberEnrol{Invitation: ref(parley.RefInvitation, 1), Secret: "0123456789abcdef", Key: public(4), Name: text("name"), Phone: text("phone")}
	},
	"member.revoke": func() parley.Body { return &parley.MemberRevoke{Member: member, Reason: text("lost")} },
	"key.revoke":    func() parley.Body { return &parley.KeyRevoke{Key: public(4).ID()} },
	"key.rotate":    func() parley.Body { return &parley.KeyRotate{New: public(5)} },
	"rota.set": func() parley.Body {
		return &parley.RotaSet{Account: partyA, Shifts: []parley.Shift{{Member: member, From: now, To: now + parley.Day, Deputy: true}}}
	},
	"site.notify":     func() parley.Body { return &parley.SiteNotify{Site: site()} },
	"site.update":     func() parley.Body { return &parley.SiteUpdate{Of: siteV1, Site: site()} },
	"site.revalidate": func() parley.Body { return &parley.SiteRevalidate{Of: siteV1} },
	"site.withdraw": func() parley.Body {
		return &parley.SiteWithdraw{Withdraw: parley.Withdraw{Object: siteV1.Ref, Reason: parley.CeasedFunction, Words: text("moved")}}
	},
	"movement.notify": func() parley.Body { return &parley.MovementNotify{Movement: movement()} },
	"movement.update": func() parley.Body { return &parley.MovementUpdate{Of: moveV1, Movement: movement()} },
	"movement.withdraw": func() parley.Body {
		return &parley.MovementWithdraw{Withdraw: parley.Withdraw{Object: moveV1.Ref, Reason: parley.Cancelled}}
	},
	"movement.report": func() parley.Body {
		return &parley.MovementReport{Movement: moveV1.Ref, Status: parley.MovementHeld, Leg: 1, At: now, Place: &raqqa, Armed: parley.No, Vehicles: &four, Persons: &four, Changed: []parley.MovementField{parley.FieldRoute}, Words: text("at the bridge")}
	},
	"prompt.answer": func() parley.Body {
		return &parley.PromptAnswer{Prompt: ref(parley.RefPrompt, 1), Decision: parley.TurnBack, Reason: text("why")}
	},
	"presence.notify": func() parley.Body { return &parley.PresenceNotify{Presence: presence()} },
	"presence.withdraw": func() parley.Body {
		return &parley.PresenceWithdraw{Withdraw: parley.Withdraw{Object: ref(parley.RefPresence, 1), Reason: parley.EnteredInError}}
	},
	"object.query": func() parley.Body {
		return &parley.ObjectQuery{Of: siteV1, Field: "occupancy", Question: text("?"), Observed: &raqqa}
	},
	"object.answer": func() parley.Body { return &parley.ObjectAnswer{Query: ref(parley.RefQuery, 1), Answer: text("!")} },
	"object.verify": func() parley.Body {
		return &parley.ObjectVerify{Of: siteV1, Method: parley.SecondSource, Source: text("imagery"), On: now, Place: &raqqa}
	},
	"object.release":      func() parley.Body { return &parley.ObjectRelease{Of: siteV1, To: partyA, Emergency: true} },
	"release.countersign": func() parley.Body { return &parley.ReleaseCountersign{Of: siteV1, To: partyA} },
	"object.recall":       func() parley.Body { return &parley.ObjectRecall{Of: siteV1, To: partyA, Reason: text("consent")} },
	"recall.confirm":      func() parley.Body { return &parley.RecallConfirm{Of: siteV1} },
	"object.resend":       func() parley.Body { return &parley.ObjectResend{Of: siteV1, To: partyA} },
	"object.acknowledge":  func() parley.Body { return &parley.ObjectAcknowledge{Of: siteV1, ReadBack: raqqa} },
	"object.dissemination": func() parley.Body {
		return &parley.ObjectDissemination{Of: siteV1, Echelon: parley.Unit, Level: text("level"), Head: &head}
	},
	"list.attest": func() parley.Body {
		return &parley.ListAttest{Echelon: parley.OperationsRoom, Level: text("level"), Head: &head}
	},
	"entry.attest": func() parley.Body {
		return &parley.EntryAttest{Of: siteV1, Echelon: parley.Unit, Level: text("level"), Place: raqqa}
	},
	"object.dispute": func() parley.Body {
		return &parley.ObjectDispute{Of: siteV1, Reason: parley.NotThere, Words: text("moved")}
	},
	"relay.log": func() parley.Body {
		return &parley.RelayLog{Of: areaV1.Ref, Party: partyB, Echelon: parley.Unit, Delivered: true, At: now}
	},
	"liaison.log": func() parley.Body {
		return &parley.LiaisonLog{With: partyB, Means: parley.LiaisonRadio, At: now, Reached: true, Words: text("agreed to speak again")}
	},
	"channel.status": func() parley.Body {
		return &parley.ChannelStatus{With: parley.Desk, State: parley.LineDegraded, Since: now, Reason: text("no line at night")}
	},
	"contact.try": func() parley.Body {
		return &parley.ContactTry{Movement: moveV1.Ref, Means: parley.LiaisonRadio, At: now, Reached: true, Words: text("spoke with the leader")}
	},
	"testcall":       func() parley.Body { return &parley.TestCall{To: partyB, At: now, Answered: true, Seconds: 40} },
	"behalf.confirm": func() parley.Body { return &parley.BehalfConfirm{Command: seedOf(6), Disown: true} },
	"force.place": func() parley.Body {
		return &parley.ForcePlace{Shape: square(raqqa), Buffer: 50, Window: window, Addressees: []parley.Ref{partyB}}
	},
	"force.withdraw": func() parley.Body { return &parley.ForceWithdraw{Force: ref(parley.RefForce, 1)} },
	"area.declare":   func() parley.Body { return &parley.AreaDeclare{Area: areaOfOperation()} },
	"area.amend":     func() parley.Body { return &parley.AreaAmend{Of: areaV1, Area: areaOfOperation()} },
	"area.end":       func() parley.Body { return &parley.AreaEnd{Area: areaV1.Ref} },
	"area.told": func() parley.Body {
		return &parley.AreaTold{Area: areaV1.Ref, Words: text("south of the bridge"), Place: raqqa, Distance: 9000, Bearing: 180}
	},
	"area.readback": func() parley.Body {
		return &parley.AreaReadback{Of: areaV1, Center: raqqa, Extent: 2860, From: now, To: now + parley.Day}
	},
	"area.object": func() parley.Body {
		return &parley.AreaObject{Of: areaV1, Reason: parley.CiviliansThere, Words: text("a market")}
	},
	"area.withdraw": func() parley.Body { return &parley.AreaWithdraw{Area: areaV1.Ref, Reason: parley.CiviliansThere} },
	"area.dispute": func() parley.Body {
		return &parley.AreaContest{Of: areaV1, Place: &raqqa, From: now, To: now + parley.Hour, Words: text("told north of the river")}
	},
	"harm.report": func() parley.Body {
		return &parley.HarmReport{Object: siteV1.Ref, At: now, GoesOn: true, Effects: text("the east wing")}
	},
	"correction.open": func() parley.Body {
		return &parley.CorrectionOpen{Harm: ref(parley.RefHarm, 1), Party: partyA}
	},
	"correction.answer": func() parley.Body {
		return &parley.CorrectionAnswer{Correction: ref(parley.RefCorrection, 1), Cause: parley.NotDisseminated, Officer: member, Words: text("the list stayed upstairs")}
	},
	"correction.close": func() parley.Body {
		return &parley.CorrectionClose{Correction: ref(parley.RefCorrection, 1), Words: text("noted")}
	},
	"line.propose":     func() parley.Body { return &parley.LinePropose{Line: lineTerms(dividing)} },
	"line.impose":      func() parley.Body { return &parley.LineImpose{Line: lineTerms(dividing)} },
	"line.amend":       func() parley.Body { return &parley.LineAmend{Of: lineV1, Line: lineTerms(dividing)} },
	"line.end":         func() parley.Body { return &parley.LineEnd{Line: lineV1.Ref, Reason: text("the river froze")} },
	"zone.propose":     func() parley.Body { return &parley.ZonePropose{Line: lineTerms(point(raqqa))} },
	"zone.impose":      func() parley.Body { return &parley.ZoneImpose{Line: lineTerms(square(raqqa))} },
	"zone.amend":       func() parley.Body { return &parley.ZoneAmend{Of: zoneV1, Line: lineTerms(square(raqqa))} },
	"zone.end":         func() parley.Body { return &parley.ZoneEnd{Zone: zoneV1.Ref, Reason: text("over")} },
	"corridor.propose": func() parley.Body { return &parley.CorridorPropose{Corridor: corridor()} },
	"corridor.amend":   func() parley.Body { return &parley.CorridorAmend{Of: corridorV1, Corridor: corridor()} },
	"corridor.status": func() parley.Body {
		return &parley.CorridorStatus{StatusWord: parley.StatusWord{Of: corridorV1.Ref, State: parley.ArrangementOpen, Reason: text("as said on the radio")}}
	},
	"pause.propose": func() parley.Body {
		return &parley.PausePropose{Pause: parley.Pause{Terms: terms(square(raqqa)), Users: []parley.CorridorUser{"wounded", "goods"}}}
	},
	"pause.amend": func() parley.Body {
		return &parley.PauseAmend{Of: pauseV1, Pause: parley.Pause{Terms: terms(point(raqqa)), Users: []parley.CorridorUser{"civilians"}}}
	},
	"pause.status": func() parley.Body {
		return &parley.PauseStatus{StatusWord: parley.StatusWord{Of: pauseV1.Ref, State: parley.ArrangementEnded, Reason: text("over")}}
	},
	"consent.give": func() parley.Body {
		return &parley.ConsentGive{ConsentWord: parley.ConsentWord{Of: lineV1, Words: text("until Friday")}}
	},
	"consent.refuse": func() parley.Body {
		return &parley.ConsentRefuse{ConsentWord: parley.ConsentWord{Of: zoneV1, Words: text("no")}}
	},
	"consent.withdraw": func() parley.Body {
		return &parley.ConsentWithdraw{ConsentWord: parley.ConsentWord{Of: corridorV1, Words: text("it was shelled")}}
	},
	"crossing.notice": func() parley.Body {
		return &parley.CrossingNotice{Of: lineV1, Movement: moveV1.Ref, Place: raqqa, Window: window, Words: text("three lorries")}
	},
	"crossing.answer": func() parley.Body {
		return &parley.CrossingAnswer{Notice: ref(parley.RefCrossing, 1), Answer: parley.CrossingObjection, Words: text("not at night")}
	},
	"crossing.event": func() parley.Body {
		return &parley.CrossingEvent{Line: lineV1.Ref, Observed: partyB, Place: raqqa, At: now, Words: text("two vehicles")}
	},
	"presence.ask": func() parley.Body { return &parley.PresenceAsk{Event: ref(parley.RefCrossed, 1), Party: partyB} },
	"presence.answer": func() parley.Body {
		return &parley.PresenceAnswer{Event: ref(parley.RefCrossed, 1), Answer: parley.PresenceNotOwn}
	},
	"warning.log": func() parley.Body {
		return &parley.WarningLog{Of: lineV1.Ref, To: partyB, Means: "loudspeaker", Language: "ar", At: now, Act: now + parley.Hour, Words: text("turn back")}
	},
	"offer.make": func() parley.Body {
		return &parley.OfferMake{To: partyB, OfferKind: "evacuation", Text: text("a boat for the wounded"), Language: "en", Translation: text("t"), Translator: text("the desk"), Deadline: now + parley.Day,
			About: corridorV1.Ref, Counter: ref(parley.RefOffer, 1)}
	},
	"offer.respond": func() parley.Body {
		return &parley.OfferRespond{Offer: ref(parley.RefOffer, 1), Response: parley.OfferDeclined, Words: text("no")}
	},
	"offer.fulfil": func() parley.Body {
		return &parley.OfferFulfil{Offer: ref(parley.RefOffer, 1), Fulfilled: true, Words: text("forty were carried over")}
	},
	"delivery.record": func() parley.Body {
		return &parley.DeliveryRecord{Of: moveV1.Ref, PlannedAt: now, At: now + parley.Hour, Items: []parley.Item{{Item: "food", Unit: "t", Planned: 12, Delivered: 9, Lost: 1, Diverted: 2}}, People: "51-200",
			Consignee: text("the bakery"), Words: text("one lorry was emptied at a checkpoint")}
	},
	"outcome.record": func() parley.Body {
		return &parley.OutcomeRecord{Movement: moveV1.Ref, Of: partyB, Outcome: parley.Impeded, Delay: 90, Reason: "inspection", At: now, Words: text("opened all boxes")}
	},
	"check.record": func() parley.Body {
		return &parley.CheckRecord{Shape: square(raqqa), Buffer: 100, Band: &geo.Band{Low: -10, High: 3000}, Window: window, Head: head}
	},
	"check.attest": func() parley.Body {
		return &parley.CheckAttest{Head: &head, On: now, Echelon: parley.Unit, Extent: point(raqqa)}
	},
	"check.moved": func() parley.Body { return &parley.CheckMoved{Check: ref(parley.RefCheck, 1), To: point(raqqa)} },
	"indication.answer": func() parley.Body {
		return &parley.IndicationAnswer{Of: areaV1.Ref, Object: siteV1.Ref, State: parley.IndicationMitigated, Reason: "area_changed", Words: seedOf(7)}
	},
	"stop.raise": func() parley.Body { return &parley.StopRaise{Place: &raqqa, Words: text("shelling")} },
	"stop.take":  func() parley.Body { return &parley.StopTake{Stop: ref(parley.RefStop, 1)} },
	"stop.pass":  func() parley.Body { return &parley.StopPass{Stop: ref(parley.RefStop, 1), Echelon: parley.Unit} },
	"stop.effect": func() parley.Body {
		return &parley.StopEffectReport{Stop: ref(parley.RefStop, 1), Effect: parley.FireGoesOn, Words: text("again")}
	},
	"stop.standdown":  func() parley.Body { return &parley.StopStandDown{Stop: ref(parley.RefStop, 1), Report: text("over")} },
	"payload.erase":   func() parley.Body { return &parley.PayloadErase{Payloads: []parley.Hash{seedOf(8), seedOf(9)}} },
	"incident.record": func() parley.Body { return &parley.IncidentRecord{Incident: incident()} },
	"incident.update": func() parley.Body {
		return &parley.IncidentUpdate{Of: parley.Versioned{Ref: ref(parley.RefIncident, 1), Version: 1}, Incident: incident(), Reason: "correction", Words: text("the hour was wrong")}
	},
	"incident.link": func() parley.Body {
		return &parley.IncidentLink{Incident: ref(parley.RefIncident, 1), Objects: []parley.Ref{siteV1.Ref}, Harms: []parley.Ref{ref(parley.RefHarm, 1)}}
	},
	"incident.match": func() parley.Body {
		return &parley.IncidentMatch{Incident: ref(parley.RefIncident, 1), Other: ref(parley.RefIncident, 2), Same: true, Words: text("the same street")}
	},
	"incident.close": func() parley.Body {
		return &parley.IncidentClose{Incident: ref(parley.RefIncident, 1), Reopen: true, Words: text("more was found")}
	},
	"claim.record": func() parley.Body { return &parley.ClaimRecord{Claim: claim()} },
	"claim.relate": func() parley.Body {
		return &parley.ClaimRelate{Claim: ref(parley.RefClaim, 1), Other: ref(parley.RefClaim, 2), Relation: parley.ClaimContradicts}
	},
	"assessment.make": func() parley.Body {
		return &parley.AssessmentMake{Of: ref(parley.RefIncident, 1), Reliability: "B", Credibility: 2, Grade: "fair", Words: text("two sources")}
	},
	"response.ask": func() parley.Body {
		return &parley.ResponseAsk{Incident: ref(parley.RefIncident, 1), Party: partyA}
	},
	"response.give": func() parley.Body {
		return &parley.ResponseGive{Incident: ref(parley.RefIncident, 1), Response: "rejected", Words: text("not ours"), Remedy: text("none")}
	},
	"evidence.add": func() parley.Body {
		p := raqqa
		return &parley.EvidenceAdd{File: file(), Name: text("a.jpg"), Title: text("the roof"), About: []parley.Ref{ref(parley.RefIncident, 1)}, Obtained: "handed_over", From: text("a doctor"), At: now, Made: now - parley.Day, Place: &p, Restricted: true}
	},
	"evidence.custody": func() parley.Body {
		f := file()
		return &parley.EvidenceCustody{Evidence: ref(parley.RefEvidence, 1), Action: parley.CustodyCopy, At: now, Person: text("an analyst"), Words: text("faces hidden"), Copy: &f}
	},
	"publication.set": func() parley.Body {
		return &parley.PublicationSet{Publication: parley.DefaultPublication()}
	},
	"hold.end": func() parley.Body {
		return &parley.HoldEnd{Of: ref(parley.RefHarm, 1), Reason: "inquiry_ended", Words: text("closed by both sides")}
	},
	"site.found": func() parley.Body {
		return &parley.SiteFound{Category: "school", Shape: point(raqqa), Obtained: parley.Obtained{Method: parley.ByMap, Accuracy: 20, Notation: "MGRS", Written: text("37S")}, Occupancy: "201-1000",
			Markings: []parley.Marking{parley.Flag}, Words: text("people sleep there"), Operator: text("teachers"), Phone: text("phone"), Asked: parley.AskedPeople,
			Findings: []parley.FindingAnswer{{Finding: parley.FindingRounded, Reason: text("so it is")}}}
	},
	"site.adopt": func() parley.Body {
		return &parley.SiteAdopt{Found: ref(parley.RefFound, 1), Asked: parley.AskedOperator, Site: keptSite()}
	},
	"site.hand": func() parley.Body { return &parley.SiteHand{Of: siteV1, To: org} },
	"found.close": func() parley.Body {
		return &parley.FoundClose{Found: ref(parley.RefFound, 1), Reason: parley.FoundKnown, Known: siteV1.Ref, Words: text("the same yard")}
	},
	"area.seal": func() parley.Body { return &parley.AreaSeal{Commitment: seedOf(8), Head: head} },
	"area.open": func() parley.Body {
		return &parley.AreaOpen{Seal: ref(parley.RefSeal, 1), Salt: parley.Bits128{3}, Area: parley.SealedArea{Shape: square(raqqa), Buffer: 300, Band: &geo.Band{Low: 0, High: 500}, Window: window}}
	},
	"list.load": func() parley.Body {
		return &parley.ListLoad{List: "UN", Published: now - 9*parley.Day, Hash: seedOf(31), Entries: 1003}
	},
	"screening.open": func() parley.Body {
		return &parley.ScreeningOpen{Subject: text("River Trading"), SubjectKind: "organisation", As: "supplier", About: moveV1.Ref, Editions: []parley.Hash{seedOf(31), seedOf(32)},
			Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.137", Score: 912}, {Entry: "OFAC:7140", Score: 640}}, Words: text("a quotation for flour")}
	},
	"screening.repeat": func() parley.Body {
		return &parley.ScreeningRepeat{Screening: ref(parley.RefScreening, 1), Editions: []parley.Hash{seedOf(33)}, Candidates: []parley.ScreenedEntry{{Entry: "UN:QDe.137", Score: 912}}}
	},
	"screening.decide": func() parley.Body {
		return &parley.ScreeningDecide{Screening: ref(parley.RefScreening, 1), Entry: "UN:QDe.137", Confirmed: true, Reason: "same_identifiers", Words: text("the same registration")}
	},
	"screening.appeal": func() parley.Body {
		return &parley.ScreeningAppeal{Screening: ref(parley.RefScreening, 1), Entry: "UN:QDe.137", From: "subject", Words: text("we are a mill")}
	},
	"screening.note": func() parley.Body {
		return &parley.ScreeningNote{Screening: ref(parley.RefScreening, 1), CarveOut: "unscr_2664", Words: text("food for the town")}
	},
	"envelope.erase": func() parley.Body { return &parley.EnvelopeErase{Movements: []parley.Ref{moveV1.Ref}} },
	"state.note":     func() parley.Body { return &parley.StateNote{Height: 8, Block: seedOf(8), Size: 12, Digest: seedOf(9)} },
	"clock.advance":  func() parley.Body { return &parley.ClockAdvance{} },
	"delivery.note": func() parley.Body {
		return &parley.DeliveryNote{To: partyA, Items: []parley.Versioned{siteV1, moveV1}, At: now}
	},
	"read.note": func() parley.Body {
		return &parley.ReadNote{Reads: []parley.Read{{Object: siteV1.Ref, Member: member, Purpose: parley.ForVerification, At: now}}}
	},
	"stop.spooled": func() parley.Body {
		return &parley.StopSpooled{Told: []parley.SpoolTold{{Command: seedOf(6), At: now, Lost: true}}, Climbs: []parley.SpoolClimb{{Stop: ref(parley.RefStop, 1), Step: 1, Due: now, At: now}}}
	},
	"refusal.count": func() parley.Body {
		return &parley.RefusalCount{Account: org, Code: parley.CodeFindings, Count: 7, Since: now}
	},
}

// command wraps a body as a member would sign it.
func command(b parley.Body) *parley.Command {
	c := &parley.Command{Kind: b.Kind(), Theatre: seedOf(1), Key: public(1).ID(), Nonce: parley.Bits128{7}, MadeAt: now, Body: b}
	if c.Kind == "theatre.open" {
		c.Theatre = parley.Hash{}
	}
	return c
}

func encode(t testing.TB, c *parley.Command) []byte {
	t.Helper()
	out, err := c.Encode()
	if err != nil {
		t.Fatalf("%s: %v", c.Kind, err)
	}
	return out
}

func TestEveryCommandKindHasAValidExample(t *testing.T) {
	for _, kind := range parley.CommandKinds() {
		if examples[kind] == nil {
			t.Errorf("%s has no example", kind)
		}
	}
	for kind, make := range examples {
		if !slices.Contains(parley.CommandKinds(), kind) {
			t.Errorf("%s is an example of no kind", kind)
		}
		b := make()
		if b.Kind() != kind {
			t.Errorf("the example of %s is a %s", kind, b.Kind())
		}
		if err := b.Validate(); err != nil {
			t.Errorf("the example of %s: %v", kind, err)
		}
		if fresh := parley.NewBody(kind); fresh == nil || reflect.TypeOf(fresh) != reflect.TypeOf(b) {
			t.Errorf("NewBody(%s) is a %T; expected a %T", kind, fresh, b)
		}
	}
	if b := parley.NewBody("site.bless"); b != nil {
		t.Errorf("NewBody of no kind is a %T", b)
	}
}

// A command that was read is written again in the same bytes: what is shown is what was signed.
func TestEveryCommandSurvivesItsWrittenForm(t *testing.T) {
	for kind, make := range examples {
		c := command(make())
		if kind != "theatre.open" {
			speaker := text("speaker")
			c.NotBefore = &parley.Checkpoint{Size: 4, Root: seedOf(2)}
			c.OnBehalf = &parley.OnBehalf{Of: partyA, Channel: parley.ByRadio, Speaker: &speaker, At: now}
		}
		written := encode(t, c)
		read, err := parley.ParseCommand(written)
		if err != nil {
			t.Errorf("%s: %v in %s", kind, err, written)
			continue
		}
		if !reflect.DeepEqual(read, c) {
			t.Errorf("%s reads as\n%+v; expected\n%+v", kind, read.Body, c.Body)
		}
		if again := encode(t, read); !bytes.Equal(again, written) {
			t.Errorf("%s is written as\n%s; expected\n%s", kind, again, written)
		}
	}
}

// An invitation is for somebody new or for a further device, never for both.
func TestDeviceInvitationSurvivesItsWrittenForm(t *testing.T) {
	c := command(&parley.MemberInvite{Account: partyA, Member: member, Code: seedOf(4), Expires: now + parley.Day})
	written := encode(t, c)
	read, err := parley.ParseCommand(written)
	if err != nil || !reflect.DeepEqual(read, c) || bytes.Contains(written, []byte("roles")) {
		t.Errorf("%s reads as %+v (%v)", written, read, err)
	}
}

// The examples fill every field, so that the test above says something about each.
func TestExamplesFillEveryField(t *testing.T) {
	// Fields that exclude others, and a theatre's marks: each is filled by another example or means nothing when false.
	without := []string{"StopRaise.Object", "Profile.AdviserAnswers", "Escort.Who", "Presence.Findings", "Contact.Name", "Contact.Alternate", "Shift.Deputy", "MemberInvite.Member", "HarmReport.Place", "CrossingEvent.Own", "CrossingEvent.Movement", "OutcomeRecord.Asked", "SiteAdopt.Of"}
	filled, all := map[string]bool{}, map[string]bool{}
	for _, make := range examples {
		fields(reflect.ValueOf(make()), all, filled)
	}
	for name := range all {
		if !filled[name] && !slices.Contains(without, name) {
			t.Errorf("no example fills %s", name)
		}
	}
}

// fields notes every field of every type of this package under v, and those that are not zero.
func fields(v reflect.Value, all, filled map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			fields(v.Elem(), all, filled)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fields(v.Index(i), all, filled)
		}
	case reflect.Struct:
		if v.Type().PkgPath() != "parley" || v.Type() == reflect.TypeFor[parley.Commitment]() {
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() && !f.Anonymous || f.Name == "_" {
				continue
			}
			name := v.Type().Name() + "." + f.Name
			all[name] = true
			if !v.Field(i).IsZero() {
				filled[name] = true
			}
			fields(v.Field(i), all, filled)
		}
	}
}

// Every commitment of a command is found, by type: none can be forgotten when payloads are matched or erased.
func TestCommitmentsFindsEveryText(t *testing.T) {
	speaker := text("speaker")
	c := command(examples["site.notify"]())
	c.OnBehalf = &parley.OnBehalf{Of: org, Channel: parley.ByPaper, Speaker: &speaker, At: now}
	want := map[parley.Commitment]bool{speaker: true}
	for _, s := range []string{"مشفى", "hospital", "surgery", "37S", "street", "operator", "supporter", "officer", "head", "name", "phone", "other", "surveyed"} {
		want[text(s)] = true
	}
	got := map[parley.Commitment]bool{}
	for _, one := range c.Commitments() {
		got[one] = true
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("found %d commitments; expected the %d texts", len(got), len(want))
	}
	if n := len(command(examples["clock.advance"]()).Commitments()); n != 0 {
		t.Errorf("clock.advance has %d commitments", n)
	}
}
