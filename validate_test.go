package parley_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/geo"
)

// fault is one way to spoil the example of a kind, and the fault that must come of it.
type fault struct {
	kind  parley.CommandKind
	field string // below "body"
	code  parley.Code
	spoil func(b parley.Body)
}

// spoil builds a fault of the code "invalid".
func spoil[B parley.Body](kind parley.CommandKind, field string, change func(B)) fault {
	return spoilTo(parley.CodeInvalid, kind, field, change)
}

func spoilTo[B parley.Body](code parley.Code, kind parley.CommandKind, field string, change func(B)) fault {
	return fault{kind, field, code, func(b parley.Body) { change(b.(B)) }}
}

// Each field of each body has a value that cannot be.
func TestEveryFieldIsRefusedByName(t *testing.T) {
	none := parley.Commitment{}
	other := ref(parley.RefDispute, 1) // of no kind that any field takes
	wrong := parley.Versioned{Ref: other, Version: 1}
	bowtie := geo.Shape{Kind: geo.Polygon, Polygons: [][]geo.Ring{{{{Lon: 0, Lat: 0}, {Lon: 9, Lat: 9}, {Lon: 9, Lat: 0}, {Lon: 0, Lat: 9}, {Lon: 0, Lat: 0}}}}}
	sites := func(field string, change func(*parley.Site)) fault {
		return spoil("site.notify", "site."+field, func(b *parley.SiteNotify) { change(&b.Site) })
	}
	moves := func(code parley.Code, field string, change func(*parley.Movement)) fault {
		return spoilTo(code, "movement.notify", "movement."+field, func(b *parley.MovementNotify) { change(&b.Movement) })
	}
	pres := func(field string, change func(*parley.Presence)) fault {
		return spoil("presence.notify", "presence."+field, func(b *parley.PresenceNotify) { change(&b.Presence) })
	}
	areas := func(code parley.Code, field string, change func(*parley.Area)) fault {
		return spoilTo(code, "area.declare", "area."+field, func(b *parley.AreaDeclare) { change(&b.Area) })
	}
	profiles := func(field string, change func(*parley.Profile)) fault {
		return spoil("profile.set", "profile."+field, func(b *parley.ProfileSet) { change(&b.Profile) })
	}
	checks := func(code parley.Code, field string, change func(*parley.CheckRecord)) fault {
		return spoilTo(code, "check.record", field, change)
	}
	incidents := func(code parley.Code, field string, change func(*parley.Incident)) fault {
		return spoilTo(code, "incident.record", "incident."+field, func(b *parley.IncidentRecord) { change(&b.Incident) })
	}
	claims := func(field string, change func(*parley.Claim)) fault {
		return spoil("claim.record", "claim."+field, func(b *parley.ClaimRecord) { change(&b.Claim) })
	}
	const invalid, clock = parley.CodeInvalid, parley.CodeClock
	faults := []fault{
		spoil("theatre.open", "title", func(b *parley.TheatreOpen) { b.Title = none }),
		spoil("theatre.open", "trustees", func(b *parley.TheatreOpen) { b.Trustees = b.Trustees[:1] }),
		spoil("theatre.open", "trustees[1].key", func(b *parley.TheatreOpen) { b.Trustees[1].Key = b.Trustees[0].Key }),
		spoil("theatre.open", "trustees[1].key", func(b *parley.TheatreOpen) { b.Trustees[1].Key = parley.PublicKey{} }),
		spoil("theatre.open", "trustees[1].name", func(b *parley.TheatreOpen) { b.Trustees[1].Name = none }),
		spoil("theatre.open", "nodes", func(b *parley.TheatreOpen) { b.Nodes = nil }),
		spoil("theatre.open", "nodes[0]", func(b *parley.TheatreOpen) { b.Nodes[0] = b.Trustees[0].Key }),
		spoil("theatre.open", "nodes[0]", func(b *parley.TheatreOpen) { b.Nodes[0] = parley.PublicKey{} }),
		spoil("theatre.open", "clock", func(b *parley.TheatreOpen) { b.Clock = "sundial" }),
		spoil("theatre.open", "clock", func(b *parley.TheatreOpen) { b.Profile.Exercise = false }),
		spoil("theatre.open", "profile.zone", func(b *parley.TheatreOpen) { b.Profile.Zone = "" }),

		profiles("languages", func(p *parley.Profile) { p.Languages = nil }),
		profiles("languages[1]", func(p *parley.Profile) { p.Languages[1] = "" }),
		profiles("zone", func(p *parley.Profile) { p.Zone = strings.Repeat("x", 65) }),
		profiles("south_west", func(p *parley.Profile) { p.SouthWest.Lat = p.NorthEast.Lat }),
		profiles("lead_times.standard", func(p *parley.Profile) { p.LeadTimes.Standard = 0 }),
		profiles("lead_times.emergency", func(p *parley.Profile) { p.LeadTimes.Emergency = 366 * parley.Day }),
		profiles("clocks.recall", func(p *parley.Profile) { p.Clocks.Recall = 999 }),
		profiles("clocks.contact", func(p *parley.Profile) { p.Clocks.Contact = 0 }),
		profiles("clocks.standing", func(p *parley.Profile) { p.Clocks.Standing = 999 }),
		profiles("clocks.ack_on_road", func(p *parley.Profile) { p.Clocks.AckOnRoad = -1 }),
		profiles("clocks.ack_on_road_again", func(p *parley.Profile) { p.Clocks.AckOnRoadAgain = 3661 * parley.Day }),
		profiles("clocks.key_grace", func(p *parley.Profile) { p.Clocks.KeyGrace = 3661 * parley.Day }),
		profiles("clocks.stop_ladder", func(p *parley.Profile) { p.Clocks.StopLadder = nil }),
		profiles("clocks.stop_ladder", func(p *parley.Profile) { p.Clocks.StopLadder = []int64{2000, 1000} }),
		profiles("clocks.stop_ladder", func(p *parley.Profile) { p.Clocks.StopLadder = []int64{1000, 1000} }),
		profiles("clocks.stop_ladder", func(p *parley.Profile) { p.Clocks.StopLadder = []int64{1000, 3661 * parley.Day} }),
		profiles("quotas.check_km2", func(p *parley.Profile) { p.Quotas.CheckKM2 = 0 }),
		profiles("quotas.check_vertices", func(p *parley.Profile) { p.Quotas.CheckVertices = geo.MaxVertices + 1 }),
		profiles("quotas.check_ahead", func(p *parley.Profile) { p.Quotas.CheckAhead = -1 }),
		profiles("quotas.checks_per_hour", func(p *parley.Profile) { p.Quotas.ChecksPerHour = 0 }),
		profiles("quotas.checks_per_day", func(p *parley.Profile) { p.Quotas.ChecksPerDay = 0 }),
		profiles("quotas.indications", func(p *parley.Profile) { p.Quotas.Indications = 10_001 }),
		profiles("read_back.metres", func(p *parley.Profile) { p.ReadBack.Metres = 0 }),
		profiles("read_back.percent", func(p *parley.Profile) { p.ReadBack.Percent = 101 }),
		profiles("read_back.wrong", func(p *parley.Profile) { p.ReadBack.Wrong = 0 }),
		profiles("keep_out", func(p *parley.Profile) { p.KeepOut = parley.MaxKeepOut + 1 }),
		profiles("near_metres", func(p *parley.Profile) { p.NearMetres = 0 }),

		spoil("party.admit", "party_kind", func(b *parley.PartyAdmit) { b.PartyKind = "army" }),
		spoil("party.admit", "name", func(b *parley.PartyAdmit) { b.Name = none }),
		spoil("organisation.admit", "organisation_kind", func(b *parley.OrganisationAdmit) { b.OrganisationKind = "" }),
		spoil("organisation.admit", "name", func(b *parley.OrganisationAdmit) { b.Name = none }),
		spoil("party.suspend", "account", func(b *parley.PartySuspend) { b.Account = org }),
		spoil("party.suspend", "reason", func(b *parley.PartySuspend) { b.Reason = none }),
		spoil("organisation.suspend", "account", func(b *parley.OrganisationSuspend) { b.Account = partyA }),
		spoil("organisation.suspend", "reason", func(b *parley.OrganisationSuspend) { b.Reason = none }),
		spoil("member.invite", "account", func(b *parley.MemberInvite) { b.Account = siteV1.Ref }),
		spoil("member.invite", "roles", func(b *parley.MemberInvite) { b.Roles = nil }),
		spoil("member.invite", "roles", func(b *parley.MemberInvite) { b.Member = member }),
		spoil("member.invite", "member", func(b *parley.MemberInvite) { b.Member, b.Roles = other, nil }),
		spoil("member.invite", "echelon", func(b *parley.MemberInvite) { b.Member, b.Roles = member, nil }),
		spoil("member.invite", "roles[1]", func(b *parley.MemberInvite) { b.Roles[1] = parley.Trustee }),
		spoil("member.invite", "roles[1]", func(b *parley.MemberInvite) { b.Roles[1] = b.Roles[0] }),
		spoil("member.invite", "echelon", func(b *parley.MemberInvite) { b.Echelon = "corps" }),
		spoil("member.invite", "echelon", func(b *parley.MemberInvite) { b.Account, b.Roles = org, []parley.Role{parley.Notifier} }),
		spoil("member.invite", "code", func(b *parley.MemberInvite) { b.Code = parley.Hash{} }),
		spoil("member.invite", "expires", func(b *parley.MemberInvite) { b.Expires = parley.MaxTime + 1 }),
		spoil("member.enrol", "secret", func(b *parley.MemberEnrol) { b.Secret = "short" }),
		spoil("member.enrol", "invitation", func(b *parley.MemberEnrol) { b.Invitation = other }),
		spoil("member.enrol", "key", func(b *parley.MemberEnrol) { b.Key = parley.PublicKey{} }),
		spoil("member.revoke", "member", func(b *parley.MemberRevoke) { b.Member = other }),
		spoil("key.revoke", "key", func(b *parley.KeyRevoke) { b.Key = "x" }),
		spoil("key.rotate", "new", func(b *parley.KeyRotate) { b.New = parley.PublicKey{} }),
		spoil("rota.set", "account", func(b *parley.RotaSet) { b.Account = org }),
		spoil("rota.set", "shifts", func(b *parley.RotaSet) { b.Shifts = make([]parley.Shift, 401) }),
		spoil("rota.set", "shifts[0].member", func(b *parley.RotaSet) { b.Shifts[0].Member = other }),
		spoilTo(clock, "rota.set", "shifts[0]", func(b *parley.RotaSet) { b.Shifts[0].To = b.Shifts[0].From }),

		sites("category", func(s *parley.Site) { s.Category = "barracks" }),
		sites("names", func(s *parley.Site) { s.Names = nil }),
		sites("names", func(s *parley.Site) { s.Names = slices.Repeat(s.Names, 5) }),
		sites("names[1].language", func(s *parley.Site) { s.Names[1].Language = "" }),
		sites("names[0].name", func(s *parley.Site) { s.Names[0].Name = none }),
		sites("shape", func(s *parley.Site) { s.Shape = geo.Shape{Kind: geo.Polygon} }),
		sites("shape.kind", func(s *parley.Site) { s.Shape.Kind = "Circle" }),
		sites("shape.polygons[0][0][2]", func(s *parley.Site) { s.Shape = bowtie }),
		sites("shape.points[0]", func(s *parley.Site) { s.Shape = point(geo.Position{Lat: 95 * geo.E7}) }),
		sites("keep_out", func(s *parley.Site) { s.KeepOut = -1 }),
		sites("obtained.method", func(s *parley.Site) { s.Obtained.Method = "guess" }),
		sites("obtained.accuracy", func(s *parley.Site) { s.Obtained.Accuracy = 0 }),
		sites("obtained.notation", func(s *parley.Site) { s.Obtained.Notation = strings.Repeat("x", 17) }),
		sites("obtained.on", func(s *parley.Site) { s.Obtained.On = -1 }),
		sites("admin", func(s *parley.Site) { s.Admin = make([]string, 5) }),
		sites("markings[1]", func(s *parley.Site) { s.Markings[1] = s.Markings[0] }),
		sites("since", func(s *parley.Site) { s.Since = parley.MaxTime + 1 }),
		sites("occupancy", func(s *parley.Site) { s.Occupancy = "57" }),
		sites("co_location", func(s *parley.Site) { s.CoLocation.NoneWithin = 0 }),
		sites("signed_off", func(s *parley.Site) { s.SignedOff = make([]parley.Commitment, 3) }),
		sites("contact.phone", func(s *parley.Site) { s.Contact.Phone = none }),
		sites("from", func(s *parley.Site) { s.From = 0 }),
		sites("until", func(s *parley.Site) { s.Until = -1 }),
		spoilTo(clock, "site.notify", "site.until", func(b *parley.SiteNotify) { b.Site.Until = b.Site.From }),
		sites("sharing.sensitivity", func(s *parley.Site) { s.Shared.Sensitivity = "" }),
		sites("sharing.consents", func(s *parley.Site) { s.Shared.Consents = make([]parley.Consent, 65) }),
		sites("sharing.consents[0].to", func(s *parley.Site) { s.Shared.Consents[0].To = org }),
		sites("sharing.consents[1].to", func(s *parley.Site) { s.Shared.Consents[1].To = partyA }),
		sites("sharing.consents[1].precision", func(s *parley.Site) { s.Shared.Consents[1].Precision = "vague" }),
		sites("sharing.consents[0].fields[1]", func(s *parley.Site) { s.Shared.Consents[0].Fields[1] = "names" }),
		sites("findings", func(s *parley.Site) { s.Findings = make([]parley.FindingAnswer, 17) }),
		sites("findings[0].finding", func(s *parley.Site) { s.Findings[0].Finding = "fine" }),
		spoil("site.update", "of", func(b *parley.SiteUpdate) { b.Of = moveV1 }),
		spoil("site.update", "site.category", func(b *parley.SiteUpdate) { b.Site.Category = "" }),
		spoil("site.revalidate", "of", func(b *parley.SiteRevalidate) { b.Of = wrong }),
		spoil("site.withdraw", "object", func(b *parley.SiteWithdraw) { b.Object = moveV1.Ref }),
		spoil("site.withdraw", "reason", func(b *parley.SiteWithdraw) { b.Reason = "" }),

		moves(invalid, "name", func(m *parley.Movement) { m.Name = none }),
		moves(invalid, "movement_kind", func(m *parley.Movement) { m.MovementKind = "arms" }),
		moves(invalid, "mode", func(m *parley.Movement) { m.Mode = "rail" }),
		moves(invalid, "urgency", func(m *parley.Movement) { m.Urgency = "" }),
		moves(invalid, "emergency_reason", func(m *parley.Movement) { m.EmergencyReason = none }),
		moves(invalid, "legs", func(m *parley.Movement) { m.Legs = nil }),
		moves(invalid, "legs[1].route.kind", func(m *parley.Movement) { m.Legs[1].Route = point(raqqa) }),
		moves(invalid, "legs[0].depart", func(m *parley.Movement) { m.Legs[0].Depart = 0 }),
		moves(invalid, "legs[0].arrive", func(m *parley.Movement) { m.Legs[0].Arrive = parley.MaxTime + 1 }),
		moves(clock, "legs[1].arrive", func(m *parley.Movement) { m.Legs[1].Arrive = m.Legs[1].Depart - 1 }),
		moves(clock, "legs[1].depart", func(m *parley.Movement) { m.Legs[1].Depart = m.Legs[0].Arrive - 1 }),
		moves(parley.CodeTooLarge, "legs", func(m *parley.Movement) {
			long := make([]geo.Position, 600)
			for i := range long {
				long[i] = geo.Position{Lon: int32(i), Lat: int32(i)}
			}
			m.Legs[0].Route, m.Legs[1].Route = line(long...), line(long...)
		}),
		moves(invalid, "stops", func(m *parley.Movement) { m.Stops = slices.Repeat(m.Stops, 65) }),
		moves(invalid, "stops[0].place.kind", func(m *parley.Movement) { m.Stops[0].Place = m.Legs[0].Route }),
		moves(invalid, "stops[0].after_leg", func(m *parley.Movement) { m.Stops[0].AfterLeg = 3 }),
		moves(invalid, "stops[0].arrive", func(m *parley.Movement) { m.Stops[0].Arrive = -1 }),
		moves(clock, "stops[0].leave", func(m *parley.Movement) { m.Stops[0].Leave = m.Stops[0].Arrive }),
		moves(invalid, "stops[0].phase", func(m *parley.Movement) { m.Stops[0].Phase = "tea" }),
		moves(invalid, "keep_out", func(m *parley.Movement) { m.KeepOut = parley.MaxKeepOut + 1 }),
		moves(invalid, "margin", func(m *parley.Movement) { m.Margin = -1 }),
		moves(invalid, "vehicles", func(m *parley.Movement) { m.Vehicles = -1 }),
		moves(invalid, "persons", func(m *parley.Movement) { m.Persons = 1_000_001 }),
		moves(invalid, "plates", func(m *parley.Movement) { m.Plates = make([]parley.Commitment, 201) }),
		moves(invalid, "markings[0]", func(m *parley.Movement) { m.Markings[0] = "paint" }),
		moves(invalid, "escort.armed", func(m *parley.Movement) { m.Escort.Armed = "" }),
		moves(invalid, "leader.phone", func(m *parley.Movement) { m.Leader.Phone = none }),
		moves(invalid, "sharing.sensitivity", func(m *parley.Movement) { m.Shared.Sensitivity = "" }),
		moves(invalid, "findings", func(m *parley.Movement) { m.Findings = make([]parley.FindingAnswer, 17) }),
		spoil("movement.update", "of", func(b *parley.MovementUpdate) { b.Of = siteV1 }),
		spoil("movement.update", "movement.mode", func(b *parley.MovementUpdate) { b.Movement.Mode = "" }),
		spoil("movement.withdraw", "object", func(b *parley.MovementWithdraw) { b.Object = siteV1.Ref }),
		spoil("movement.withdraw", "reason", func(b *parley.MovementWithdraw) { b.Reason = "x" }),
		spoil("movement.report", "movement", func(b *parley.MovementReport) { b.Movement = siteV1.Ref }),
		spoil("movement.report", "status", func(b *parley.MovementReport) { b.Status = parley.MovementPlanned }),
		spoil("movement.report", "leg", func(b *parley.MovementReport) { b.Leg = -1 }),
		spoil("movement.report", "at", func(b *parley.MovementReport) { b.At = 0 }),
		spoil("prompt.answer", "prompt", func(b *parley.PromptAnswer) { b.Prompt = other }),
		spoil("prompt.answer", "decision", func(b *parley.PromptAnswer) { b.Decision = "pray" }),

		pres("shape", func(p *parley.Presence) { p.Shape.Points = []geo.Position{raqqa} }),
		pres("keep_out", func(p *parley.Presence) { p.KeepOut = -1 }),
		pres("people", func(p *parley.Presence) { p.People = "" }),
		pres("from", func(p *parley.Presence) { p.From = 0 }),
		pres("until", func(p *parley.Presence) { p.Until = geo.Forever }),
		spoilTo(clock, "presence.notify", "presence.until", func(b *parley.PresenceNotify) { b.Presence.Until = b.Presence.From }),
		pres("sharing.sensitivity", func(p *parley.Presence) { p.Shared.Sensitivity = "" }),
		pres("findings", func(p *parley.Presence) { p.Findings = make([]parley.FindingAnswer, 17) }),
		spoil("presence.withdraw", "object", func(b *parley.PresenceWithdraw) { b.Object = siteV1.Ref }),
		spoil("presence.withdraw", "reason", func(b *parley.PresenceWithdraw) { b.Reason = "" }),

		spoil("object.query", "of", func(b *parley.ObjectQuery) { b.Of = areaV1 }),
		spoil("object.query", "field", func(b *parley.ObjectQuery) { b.Field = "" }),
		spoil("object.query", "question", func(b *parley.ObjectQuery) { b.Question = none }),
		spoil("object.answer", "query", func(b *parley.ObjectAnswer) { b.Query = other }),
		spoil("object.answer", "answer", func(b *parley.ObjectAnswer) { b.Answer = none }),
		spoil("object.verify", "of", func(b *parley.ObjectVerify) { b.Of = wrong }),
		spoil("object.verify", "method", func(b *parley.ObjectVerify) { b.Method = "trust" }),
		spoil("object.verify", "source", func(b *parley.ObjectVerify) { b.Source = none }),
		spoil("object.verify", "on", func(b *parley.ObjectVerify) { b.On = 0 }),
		spoil("object.verify", "place", func(b *parley.ObjectVerify) { b.Place = nil }),
		spoil("object.release", "of", func(b *parley.ObjectRelease) { b.Of = wrong }),
		spoil("object.release", "to", func(b *parley.ObjectRelease) { b.To = org }),
		spoil("release.countersign", "of", func(b *parley.ReleaseCountersign) { b.Of = wrong }),
		spoil("release.countersign", "to", func(b *parley.ReleaseCountersign) { b.To = org }),
		spoil("object.recall", "of", func(b *parley.ObjectRecall) { b.Of = wrong }),
		spoil("object.recall", "to", func(b *parley.ObjectRecall) { b.To = org }),
		spoil("object.recall", "reason", func(b *parley.ObjectRecall) { b.Reason = none }),
		spoil("recall.confirm", "of", func(b *parley.RecallConfirm) { b.Of = wrong }),
		spoil("object.resend", "of", func(b *parley.ObjectResend) { b.Of = wrong }),
		spoil("object.resend", "to", func(b *parley.ObjectResend) { b.To = "" }),
		spoil("object.acknowledge", "of", func(b *parley.ObjectAcknowledge) { b.Of = wrong }),
		spoil("object.dissemination", "of", func(b *parley.ObjectDissemination) { b.Of = wrong }),
		spoil("object.dissemination", "echelon", func(b *parley.ObjectDissemination) { b.Echelon = "" }),
		spoil("object.dissemination", "head.count", func(b *parley.ObjectDissemination) { b.Head = &parley.ListHead{Party: partyA, Count: -1} }),
		spoil("list.attest", "echelon", func(b *parley.ListAttest) { b.Echelon = "" }),
		spoil("list.attest", "head.party", func(b *parley.ListAttest) { b.Head = &parley.ListHead{} }),
		spoil("entry.attest", "of", func(b *parley.EntryAttest) { b.Of = wrong }),
		spoil("entry.attest", "echelon", func(b *parley.EntryAttest) { b.Echelon = "x" }),
		spoil("object.dispute", "of", func(b *parley.ObjectDispute) { b.Of = wrong }),
		spoil("object.dispute", "reason", func(b *parley.ObjectDispute) { b.Reason = "" }),
		spoil("movement.report", "changed[0]", func(b *parley.MovementReport) { b.Changed[0] = "mood" }),
		spoil("movement.report", "changed[1]", func(b *parley.MovementReport) { b.Changed = append(b.Changed, b.Changed[0]) }),
		spoil("movement.report", "vehicles", func(b *parley.MovementReport) { n := int32(-1); b.Vehicles = &n }),
		spoil("movement.report", "persons", func(b *parley.MovementReport) { n := int32(1_000_001); b.Persons = &n }),
		spoil("movement.report", "armed", func(b *parley.MovementReport) { b.Armed = "some" }),
		spoil("contact.try", "movement", func(b *parley.ContactTry) { b.Movement = siteV1.Ref }),
		spoil("contact.try", "means", func(b *parley.ContactTry) { b.Means = "shouting" }),
		spoil("contact.try", "at", func(b *parley.ContactTry) { b.At = -1 }),
		spoil("liaison.log", "with", func(b *parley.LiaisonLog) { b.With = siteV1.Ref }),
		spoil("liaison.log", "means", func(b *parley.LiaisonLog) { b.Means = "shouting" }),
		spoil("liaison.log", "at", func(b *parley.LiaisonLog) { b.At = 0 }),
		spoil("channel.status", "with", func(b *parley.ChannelStatus) { b.With = parley.Board }),
		spoil("channel.status", "state", func(b *parley.ChannelStatus) { b.State = "closed" }),
		spoil("channel.status", "since", func(b *parley.ChannelStatus) { b.Since = -1 }),
		spoil("testcall", "to", func(b *parley.TestCall) { b.To = "" }),
		spoil("testcall", "at", func(b *parley.TestCall) { b.At = 0 }),
		spoil("testcall", "seconds", func(b *parley.TestCall) { b.Seconds = -1 }),
		spoil("testcall", "seconds", func(b *parley.TestCall) { b.Answered = false }),
		spoil("relay.log", "of", func(b *parley.RelayLog) { b.Of = partyA }),
		spoil("relay.log", "party", func(b *parley.RelayLog) { b.Party = org }),
		spoil("relay.log", "echelon", func(b *parley.RelayLog) { b.Echelon = "" }),
		spoil("relay.log", "at", func(b *parley.RelayLog) { b.At = 0 }),
		spoil("behalf.confirm", "command", func(b *parley.BehalfConfirm) { b.Command = parley.Hash{} }),

		spoil("force.place", "shape", func(b *parley.ForcePlace) { b.Shape = geo.Shape{Kind: geo.Point} }),
		spoil("force.place", "buffer", func(b *parley.ForcePlace) { b.Buffer = -1 }),
		spoil("force.place", "window.from", func(b *parley.ForcePlace) { b.Window.From = 0 }),
		spoil("force.place", "addressees", func(b *parley.ForcePlace) { b.Addressees = nil }),
		spoil("force.place", "addressees[0]", func(b *parley.ForcePlace) { b.Addressees[0] = org }),
		spoil("force.place", "addressees[1]", func(b *parley.ForcePlace) { b.Addressees = []parley.Ref{partyB, partyB} }),
		spoil("force.withdraw", "force", func(b *parley.ForceWithdraw) { b.Force = other }),
		areas(invalid, "shape.polygons[0][0]", func(a *parley.Area) { a.Shape.Polygons[0][0] = a.Shape.Polygons[0][0][:3] }),
		areas(invalid, "buffer", func(a *parley.Area) { a.Buffer = parley.MaxKeepOut + 1 }),
		areas(invalid, "band", func(a *parley.Area) { a.Band.High = -1 }),
		areas(invalid, "window.to", func(a *parley.Area) { a.Window.To = geo.Forever }),
		areas(clock, "window.to", func(a *parley.Area) { a.Window.To = a.Window.From }),
		areas(invalid, "addressees", func(a *parley.Area) { a.Addressees = make([]parley.Ref, 65) }),
		areas(invalid, "addressees[0]", func(a *parley.Area) { a.Addressees[0] = org }),
		areas(invalid, "addressees[1]", func(a *parley.Area) { a.Addressees = []parley.Ref{partyB, partyB} }),
		areas(invalid, "echelons[0]", func(a *parley.Area) { a.Echelons[0] = "x" }),
		areas(invalid, "echelons[1]", func(a *parley.Area) { a.Echelons = []parley.Echelon{parley.Unit, parley.Unit} }),
		areas(invalid, "head.party", func(a *parley.Area) { a.Head.Party = "" }),
		areas(invalid, "head.count", func(a *parley.Area) { a.Head.Count = -1 }),
		spoil("area.amend", "of", func(b *parley.AreaAmend) { b.Of = siteV1 }),
		spoil("area.amend", "area.band", func(b *parley.AreaAmend) { b.Area.Band.Low = -1001 }),
		spoil("area.end", "area", func(b *parley.AreaEnd) { b.Area = siteV1.Ref }),
		spoil("area.told", "area", func(b *parley.AreaTold) { b.Area = other }),
		spoil("area.told", "words", func(b *parley.AreaTold) { b.Words = none }),
		spoil("area.told", "distance", func(b *parley.AreaTold) { b.Distance = 1_000_001 }),
		spoil("area.told", "bearing", func(b *parley.AreaTold) { b.Bearing = 360 }),
		spoil("area.readback", "of", func(b *parley.AreaReadback) { b.Of = siteV1 }),
		spoil("area.readback", "extent", func(b *parley.AreaReadback) { b.Extent = -1 }),
		spoil("area.readback", "from", func(b *parley.AreaReadback) { b.From = 0 }),
		spoil("area.readback", "to", func(b *parley.AreaReadback) { b.To = parley.MaxTime + 1 }),
		spoilTo(clock, "area.readback", "to", func(b *parley.AreaReadback) { b.To = b.From }),
		spoil("area.object", "of", func(b *parley.AreaObject) { b.Of = siteV1 }),
		spoil("area.object", "reason", func(b *parley.AreaObject) { b.Reason = "" }),
		checks(invalid, "shape", func(b *parley.CheckRecord) { b.Shape.Lines = [][]geo.Position{{raqqa}} }),
		checks(invalid, "buffer", func(b *parley.CheckRecord) { b.Buffer = -1 }),
		checks(invalid, "band", func(b *parley.CheckRecord) { b.Band.High = 100_001 }),
		checks(clock, "window.to", func(b *parley.CheckRecord) { b.Window.To = b.Window.From }),
		checks(invalid, "head.party", func(b *parley.CheckRecord) { b.Head.Party = org }),
		spoil("check.attest", "head.count", func(b *parley.CheckAttest) { b.Head = &parley.ListHead{Party: partyA, Count: -1} }),
		spoil("check.attest", "on", func(b *parley.CheckAttest) { b.On = 0 }),
		spoil("check.attest", "echelon", func(b *parley.CheckAttest) { b.Echelon = "" }),
		spoil("check.attest", "extent.kind", func(b *parley.CheckAttest) { b.Extent = geo.Shape{} }),
		spoil("check.moved", "check", func(b *parley.CheckMoved) { b.Check = areaV1.Ref }),
		spoil("check.moved", "to.kind", func(b *parley.CheckMoved) { b.To = geo.Shape{} }),
		spoil("indication.answer", "of", func(b *parley.IndicationAnswer) { b.Of = siteV1.Ref }),
		spoil("indication.answer", "object", func(b *parley.IndicationAnswer) { b.Object = areaV1.Ref }),
		spoil("indication.answer", "state", func(b *parley.IndicationAnswer) { b.State = parley.IndicationOpen }),
		spoil("indication.answer", "reason", func(b *parley.IndicationAnswer) { b.Reason = "because" }),

		spoil("stop.raise", "object", func(b *parley.StopRaise) { b.Object = siteV1.Ref }),
		spoil("stop.raise", "object", func(b *parley.StopRaise) { b.Place = nil }),
		spoil("stop.raise", "object", func(b *parley.StopRaise) { b.Place, b.Object = nil, areaV1.Ref }),
		spoil("stop.take", "stop", func(b *parley.StopTake) { b.Stop = other }),
		spoil("stop.pass", "stop", func(b *parley.StopPass) { b.Stop = other }),
		spoil("stop.pass", "echelon", func(b *parley.StopPass) { b.Echelon = "" }),
		spoil("stop.effect", "stop", func(b *parley.StopEffectReport) { b.Stop = other }),
		spoil("stop.effect", "effect", func(b *parley.StopEffectReport) { b.Effect = "" }),
		spoil("stop.standdown", "stop", func(b *parley.StopStandDown) { b.Stop = other }),
		spoil("stop.standdown", "report", func(b *parley.StopStandDown) { b.Report = none }),

		spoil("area.withdraw", "area", func(b *parley.AreaWithdraw) { b.Area = other }),
		spoil("area.withdraw", "reason", func(b *parley.AreaWithdraw) { b.Reason = "" }),
		spoil("area.dispute", "of", func(b *parley.AreaContest) { b.Of = wrong }),
		spoil("area.dispute", "place", func(b *parley.AreaContest) { *b = parley.AreaContest{Of: b.Of} }),
		spoilTo(clock, "area.dispute", "to", func(b *parley.AreaContest) { b.To = b.From }),
		spoil("harm.report", "object", func(b *parley.HarmReport) { b.Place = &raqqa }),
		spoil("harm.report", "object", func(b *parley.HarmReport) { b.Object = "" }),
		spoil("harm.report", "object", func(b *parley.HarmReport) { b.Object = areaV1.Ref }),
		spoil("harm.report", "at", func(b *parley.HarmReport) { b.At = 0 }),
		spoil("correction.open", "harm", func(b *parley.CorrectionOpen) { b.Harm = other }),
		spoil("correction.open", "party", func(b *parley.CorrectionOpen) { b.Party = org }),
		spoil("correction.answer", "correction", func(b *parley.CorrectionAnswer) { b.Correction = other }),
		spoil("correction.answer", "cause", func(b *parley.CorrectionAnswer) { b.Cause = "bad luck" }),
		spoil("correction.answer", "officer", func(b *parley.CorrectionAnswer) { b.Officer = other }),
		spoil("correction.close", "correction", func(b *parley.CorrectionClose) { b.Correction = other }),
		spoil("line.propose", "line.terms.shape.kind", func(b *parley.LinePropose) { b.Line.Terms.Shape = point(raqqa) }),
		spoil("line.propose", "line.terms.shape.lines[0][2]", func(b *parley.LinePropose) {
			b.Line.Terms.Shape = line(at(38.9, 35.9), at(39.1, 36), at(39.1, 35.9), at(38.9, 36))
		}),
		spoil("line.propose", "line.terms.radius", func(b *parley.LinePropose) { b.Line.Terms.Radius = -1 }),
		spoil("line.propose", "line.terms.addressees", func(b *parley.LinePropose) { b.Line.Terms.Addressees = nil }),
		spoil("line.propose", "line.terms.addressees[0]", func(b *parley.LinePropose) { b.Line.Terms.Addressees[0] = org }),
		spoilTo(clock, "line.propose", "line.terms.window.to", func(b *parley.LinePropose) { b.Line.Terms.Window.To = b.Line.Terms.Window.From }),
		spoil("line.impose", "line.line_kind", func(b *parley.LineImpose) { b.Line.LineKind = "wall" }),
		spoil("line.impose", "line.basis", func(b *parley.LineImpose) { b.Line.Basis = "" }),
		spoil("line.amend", "of", func(b *parley.LineAmend) { b.Of = zoneV1 }),
		spoil("line.end", "line", func(b *parley.LineEnd) { b.Line = other }),
		spoil("zone.propose", "line.terms.radius", func(b *parley.ZonePropose) { b.Line.Terms.Radius = 0 }),
		spoil("zone.propose", "line.terms.radius", func(b *parley.ZonePropose) { b.Line.Terms.Radius = parley.MaxRadius + 1 }),
		spoil("zone.propose", "line.terms.names[0].language", func(b *parley.ZonePropose) { b.Line.Terms.Names[0].Language = "" }),
		spoil("zone.impose", "line.terms.shape.kind", func(b *parley.ZoneImpose) { b.Line.Terms.Shape = dividing }),
		spoil("zone.amend", "of", func(b *parley.ZoneAmend) { b.Of = lineV1 }),
		spoil("zone.end", "zone", func(b *parley.ZoneEnd) { b.Zone = lineV1.Ref }),
		spoil("corridor.propose", "corridor.direction", func(b *parley.CorridorPropose) { b.Corridor.Direction = "north" }),
		spoilTo(clock, "corridor.propose", "corridor.hours", func(b *parley.CorridorPropose) {
			b.Corridor.Terms.Window.To = b.Corridor.Terms.Window.From + parley.Hour
			b.Corridor.Hours = []parley.Hours{{From: 12 * 60, To: 18 * 60}}
		}),
		spoil("corridor.propose", "corridor.hours[0].to", func(b *parley.CorridorPropose) { b.Corridor.Hours[0].To = 1441 }),
		spoil("corridor.propose", "corridor.hours[0]", func(b *parley.CorridorPropose) { b.Corridor.Hours[0].To = b.Corridor.Hours[0].From }),
		spoil("corridor.propose", "corridor.users", func(b *parley.CorridorPropose) { b.Corridor.Users = nil }),
		spoil("corridor.propose", "corridor.users[1]", func(b *parley.CorridorPropose) { b.Corridor.Users = []parley.CorridorUser{"civilians", "civilians"} }),
		spoil("corridor.propose", "corridor.crossings[0].means", func(b *parley.CorridorPropose) { b.Corridor.Crossings[0].Means = "swim" }),
		spoil("corridor.propose", "corridor.crossings[0].place", func(b *parley.CorridorPropose) { b.Corridor.Crossings[0].Place.Lat = 91 * geo.E7 }),
		spoil("corridor.propose", "corridor.hazards[0].hazard", func(b *parley.CorridorPropose) { b.Corridor.Hazards[0].Hazard = "luck" }),
		spoil("corridor.propose", "corridor.guarantors[0]", func(b *parley.CorridorPropose) { b.Corridor.Guarantors[0] = member }),
		spoil("corridor.propose", "corridor.capacity", func(b *parley.CorridorPropose) { b.Corridor.Capacity = -1 }),
		spoil("corridor.propose", "corridor.pause", func(b *parley.CorridorPropose) { b.Corridor.Pause = lineV1.Ref }),
		spoil("corridor.propose", "corridor.evacuation.voluntary", func(b *parley.CorridorPropose) { b.Corridor.Evacuation.Voluntary = "" }),
		spoil("corridor.propose", "corridor.evacuation.assembly_points[0].capacity", func(b *parley.CorridorPropose) { b.Corridor.Evacuation.Points[0].Capacity = -1 }),
		spoil("corridor.amend", "of", func(b *parley.CorridorAmend) { b.Of = lineV1 }),
		spoil("corridor.status", "state", func(b *parley.CorridorStatus) { b.State = parley.ArrangementAgreed }),
		spoil("corridor.status", "of", func(b *parley.CorridorStatus) { b.Of = pauseV1.Ref }),
		spoilTo(clock, "pause.propose", "pause.terms.window.to", func(b *parley.PausePropose) { b.Pause.Terms.Window.To = geo.Forever }),
		spoil("pause.propose", "pause.users", func(b *parley.PausePropose) { b.Pause.Users = nil }),
		spoil("pause.amend", "of", func(b *parley.PauseAmend) { b.Of = corridorV1 }),
		spoil("pause.status", "of", func(b *parley.PauseStatus) { b.Of = corridorV1.Ref }),
		spoil("consent.give", "of", func(b *parley.ConsentGive) { b.Of = wrong }),
		spoil("consent.refuse", "of", func(b *parley.ConsentRefuse) { b.Of = siteV1 }),
		spoil("consent.withdraw", "of", func(b *parley.ConsentWithdraw) { b.Of = areaV1 }),
		spoil("crossing.notice", "of", func(b *parley.CrossingNotice) { b.Of = corridorV1 }),
		spoil("crossing.notice", "movement", func(b *parley.CrossingNotice) { b.Movement = siteV1.Ref }),
		spoil("crossing.notice", "place", func(b *parley.CrossingNotice) { b.Place.Lat = 91 * geo.E7 }),
		spoilTo(clock, "crossing.notice", "window.to", func(b *parley.CrossingNotice) { b.Window.To = b.Window.From }),
		spoil("crossing.answer", "answer", func(b *parley.CrossingAnswer) { b.Answer = "allowed" }),
		spoil("crossing.answer", "notice", func(b *parley.CrossingAnswer) { b.Notice = other }),
		spoil("crossing.event", "own", func(b *parley.CrossingEvent) { b.Own = true }),
		spoil("crossing.event", "own", func(b *parley.CrossingEvent) { b.Observed = "" }),
		spoil("crossing.event", "observed", func(b *parley.CrossingEvent) { b.Observed = org }),
		spoil("crossing.event", "line", func(b *parley.CrossingEvent) { b.Line = corridorV1.Ref }),
		spoil("crossing.event", "at", func(b *parley.CrossingEvent) { b.At = 0 }),
		spoil("presence.ask", "event", func(b *parley.PresenceAsk) { b.Event = other }),
		spoil("presence.ask", "party", func(b *parley.PresenceAsk) { b.Party = org }),
		spoil("presence.answer", "answer", func(b *parley.PresenceAnswer) { b.Answer = "maybe" }),
		spoil("presence.answer", "event", func(b *parley.PresenceAnswer) { b.Event = other }),
		spoil("warning.log", "of", func(b *parley.WarningLog) { b.Of = areaV1.Ref }),
		spoil("warning.log", "to", func(b *parley.WarningLog) { b.To = org }),
		spoil("warning.log", "means", func(b *parley.WarningLog) { b.Means = "smoke" }),
		spoil("warning.log", "language", func(b *parley.WarningLog) { b.Language = "" }),
		spoil("warning.log", "at", func(b *parley.WarningLog) { b.At = 0 }),
		spoilTo(clock, "warning.log", "act", func(b *parley.WarningLog) { b.Act = b.At - 1 }),
		spoil("warning.log", "words", func(b *parley.WarningLog) { b.Words = none }),
		spoil("offer.make", "to", func(b *parley.OfferMake) { b.To = member }),
		spoil("offer.make", "offer_kind", func(b *parley.OfferMake) { b.OfferKind = "fire plan" }),
		spoil("offer.make", "text", func(b *parley.OfferMake) { b.Text = none }),
		spoil("offer.make", "language", func(b *parley.OfferMake) { b.Language = "" }),
		spoil("offer.make", "deadline", func(b *parley.OfferMake) { b.Deadline = 0 }),
		spoil("offer.make", "about", func(b *parley.OfferMake) { b.About = siteV1.Ref }),
		spoil("offer.make", "counter", func(b *parley.OfferMake) { b.Counter = other }),
		spoil("offer.respond", "offer", func(b *parley.OfferRespond) { b.Offer = other }),
		spoil("offer.respond", "response", func(b *parley.OfferRespond) { b.Response = "" }),
		spoil("offer.fulfil", "offer", func(b *parley.OfferFulfil) { b.Offer = other }),
		spoil("delivery.record", "of", func(b *parley.DeliveryRecord) { b.Of = siteV1.Ref }),
		spoil("delivery.record", "items", func(b *parley.DeliveryRecord) { b.Items = nil }),
		spoil("delivery.record", "items[0].item", func(b *parley.DeliveryRecord) { b.Items[0].Item = "arms" }),
		spoil("delivery.record", "items[0].unit", func(b *parley.DeliveryRecord) { b.Items[0].Unit = "" }),
		spoil("delivery.record", "items[0].lost", func(b *parley.DeliveryRecord) { b.Items[0].Lost = -1 }),
		spoil("delivery.record", "items[0].delivered", func(b *parley.DeliveryRecord) { b.At = 0 }),
		spoil("delivery.record", "people", func(b *parley.DeliveryRecord) { b.People = "63" }),
		spoil("delivery.record", "planned_at", func(b *parley.DeliveryRecord) { b.PlannedAt = 0 }),
		spoil("outcome.record", "outcome", func(b *parley.OutcomeRecord) { b.Outcome = "fine" }),
		spoil("outcome.record", "reason", func(b *parley.OutcomeRecord) { b.Reason = "" }),
		spoil("outcome.record", "movement", func(b *parley.OutcomeRecord) { b.Asked = now }),
		spoil("outcome.record", "movement", func(b *parley.OutcomeRecord) { b.Movement = "" }),
		spoil("outcome.record", "delay", func(b *parley.OutcomeRecord) { b.Delay = -1 }),
		spoil("outcome.record", "asked_of", func(b *parley.OutcomeRecord) { b.Of = org }),
		spoil("outcome.record", "at", func(b *parley.OutcomeRecord) { b.At = 0 }),
		incidents(invalid, "incident_kind", func(i *parley.Incident) { i.IncidentKind = "attack" }),
		incidents(invalid, "from", func(i *parley.Incident) { i.From = 0 }),
		incidents(clock, "to", func(i *parley.Incident) { i.To = i.From - 1 }),
		incidents(clock, "to", func(i *parley.Incident) { i.From = i.To - 4000*parley.Day }),
		incidents(invalid, "uncertain", func(i *parley.Incident) { i.Uncertain = -1 }),
		incidents(invalid, "precision", func(i *parley.Incident) { i.Precision = "about" }),
		incidents(invalid, "place", func(i *parley.Incident) { i.Place = nil }),
		incidents(invalid, "place", func(i *parley.Incident) { i.Place = &geo.Position{Lat: 91 * geo.E7} }),
		incidents(invalid, "radius", func(i *parley.Incident) { i.Radius = -5 }),
		incidents(invalid, "admin[0]", func(i *parley.Incident) { i.Admin = []string{""} }),
		incidents(invalid, "admin", func(i *parley.Incident) { i.Admin = make([]string, 7) }),
		incidents(invalid, "category", func(i *parley.Incident) { i.Category = "barracks" }),
		incidents(invalid, "tallies[0].what", func(i *parley.Incident) { i.Tallies[0].What = "lost" }),
		incidents(invalid, "tallies[0].who", func(i *parley.Incident) { i.Tallies[0].Who = "foes" }),
		incidents(invalid, "tallies[0].max", func(i *parley.Incident) { i.Tallies[0].Max = 0 }),
		incidents(invalid, "tallies[0].best", func(i *parley.Incident) { i.Tallies[0].Best = 9 }),
		incidents(invalid, "tallies[1]", func(i *parley.Incident) { i.Tallies = append(i.Tallies, i.Tallies[0]) }),
		incidents(invalid, "tallies", func(i *parley.Incident) { i.Tallies = make([]parley.Tally, 41) }),
		incidents(invalid, "damage", func(i *parley.Incident) { i.Damage = "bad" }),
		incidents(invalid, "lost[0]", func(i *parley.Incident) { i.Lost = []string{"hope"} }),
		incidents(invalid, "objects", func(i *parley.Incident) { i.Objects = make([]parley.Ref, 51) }),
		incidents(invalid, "objects[0]", func(i *parley.Incident) { i.Objects[0] = areaV1.Ref }),
		incidents(invalid, "harms[0]", func(i *parley.Incident) { i.Harms[0] = other }),
		incidents(invalid, "sources", func(i *parley.Incident) { i.Sources = nil }),
		incidents(invalid, "sources[0].source_kind", func(i *parley.Incident) { i.Sources[0].SourceKind = "rumour" }),
		incidents(invalid, "sources[0].reliability", func(i *parley.Incident) { i.Sources[0].Reliability = "G" }),
		incidents(invalid, "sources[0].credibility", func(i *parley.Incident) { i.Sources[0].Credibility = 7 }),
		incidents(invalid, "sources[0].name", func(i *parley.Incident) { i.Sources[0].Name = none }),
		incidents(invalid, "sources[0].on", func(i *parley.Incident) { i.Sources[0].On = -1 }),
		incidents(invalid, "sources[0].set", func(i *parley.Incident) { i.Sources[0].Set = "x" }),
		incidents(invalid, "sources[1].set", func(i *parley.Incident) { i.Sources[1].Entry = "" }),
		incidents(invalid, "sources[1].entry", func(i *parley.Incident) { i.Sources[1].Entry = "a b" }),
		incidents(invalid, "certainty", func(i *parley.Incident) { i.Certainty = "sure" }),
		spoil("incident.update", "of", func(b *parley.IncidentUpdate) { b.Of = wrong }),
		spoil("incident.update", "of", func(b *parley.IncidentUpdate) { b.Of.Version = 0 }),
		spoil("incident.update", "words", func(b *parley.IncidentUpdate) { b.Words = none }),
		spoil("incident.update", "reason", func(b *parley.IncidentUpdate) { b.Reason = "better" }),
		spoil("incident.update", "incident.certainty", func(b *parley.IncidentUpdate) { b.Incident.Certainty = "" }),
		spoil("incident.link", "objects", func(b *parley.IncidentLink) { b.Objects, b.Harms = nil, nil }),
		spoil("incident.link", "objects[0]", func(b *parley.IncidentLink) { b.Objects[0] = areaV1.Ref }),
		spoil("incident.link", "harms[0]", func(b *parley.IncidentLink) { b.Harms[0] = other }),
		spoil("incident.link", "incident", func(b *parley.IncidentLink) { b.Incident = other }),
		spoil("incident.match", "incident", func(b *parley.IncidentMatch) { b.Incident = other }),
		spoil("incident.match", "other", func(b *parley.IncidentMatch) { b.Other = b.Incident }),
		spoil("incident.close", "incident", func(b *parley.IncidentClose) { b.Incident = other }),
		spoil("incident.close", "words", func(b *parley.IncidentClose) { b.Words = none }),
		claims("claim_type", func(c *parley.Claim) { c.ClaimType = "lie" }),
		claims("speaker", func(c *parley.Claim) { c.Speaker = none }),
		claims("quotation", func(c *parley.Claim) { c.Quotation = none }),
		claims("published", func(c *parley.Claim) { c.Published = -1 }),
		claims("event", func(c *parley.Claim) { c.Event = -1 }),
		claims("party", func(c *parley.Claim) { c.Party = org }),
		claims("speech", func(c *parley.Claim) { c.Speech = "loud" }),
		claims("language", func(c *parley.Claim) { c.Language = "" }),
		claims("translator", func(c *parley.Claim) { c.Translation = none }),
		claims("via", func(c *parley.Claim) { c.Via = make([]parley.Commitment, 9) }),
		claims("via[1]", func(c *parley.Claim) { c.Via[1] = none }),
		claims("spans[0]", func(c *parley.Claim) { c.Spans[0].End = c.Spans[0].Start }),
		claims("spans[0]", func(c *parley.Claim) { c.Document = parley.Hash{} }),
		claims("archived", func(c *parley.Claim) { c.Archived = other }),
		claims("attribution", func(c *parley.Claim) { c.Attribution = &parley.Attribution{} }),
		claims("attribution.party", func(c *parley.Claim) { c.Attribution.Party = org }),
		claims("about[0]", func(c *parley.Claim) { c.About[0] = member }),
		claims("supports[0]", func(c *parley.Claim) { c.Supports[0] = siteV1.Ref }),
		claims("contradicts[1]", func(c *parley.Claim) { c.Contradicts = append(c.Contradicts, c.Contradicts[0]) }),
		spoil("claim.relate", "claim", func(b *parley.ClaimRelate) { b.Claim = other }),
		spoil("claim.relate", "other", func(b *parley.ClaimRelate) { b.Other = member }),
		spoil("claim.relate", "other", func(b *parley.ClaimRelate) { b.Other = b.Claim }),
		spoil("claim.relate", "relation", func(b *parley.ClaimRelate) { b.Relation = "" }),
		spoil("claim.relate", "relation", func(b *parley.ClaimRelate) { b.Other = siteV1.Ref }),
		spoil("assessment.make", "of", func(b *parley.AssessmentMake) { b.Of = other }),
		spoil("assessment.make", "reliability", func(b *parley.AssessmentMake) { b.Reliability = "" }),
		spoil("assessment.make", "credibility", func(b *parley.AssessmentMake) { b.Credibility = 0 }),
		spoil("assessment.make", "words", func(b *parley.AssessmentMake) { b.Words = none }),
		spoil("assessment.make", "grade", func(b *parley.AssessmentMake) { b.Grade = "true" }),
		spoil("assessment.make", "grade", func(b *parley.AssessmentMake) { b.Of = ref(parley.RefClaim, 1) }),
		spoil("response.ask", "incident", func(b *parley.ResponseAsk) { b.Incident = other }),
		spoil("response.ask", "party", func(b *parley.ResponseAsk) { b.Party = org }),
		spoil("response.give", "incident", func(b *parley.ResponseGive) { b.Incident = other }),
		spoil("response.give", "response", func(b *parley.ResponseGive) { b.Response = "sorry" }),
		spoil("evidence.add", "file.sha256", func(b *parley.EvidenceAdd) { b.File.SHA256 = parley.Hash{} }),
		spoilTo(parley.CodeTooLarge, "evidence.add", "file.size", func(b *parley.EvidenceAdd) { b.File.Size = parley.MaxEvidence + 1 }),
		spoilTo(parley.CodeTooLarge, "evidence.add", "file.size", func(b *parley.EvidenceAdd) { b.File.Size = 0 }),
		spoil("evidence.add", "file.stated", func(b *parley.EvidenceAdd) { b.File.Stated = "Image/JPEG" }),
		spoil("evidence.add", "file.found", func(b *parley.EvidenceAdd) { b.File.Found = "text/html; charset=utf-8" }),
		spoil("evidence.add", "name", func(b *parley.EvidenceAdd) { b.Name = none }),
		spoil("evidence.add", "obtained", func(b *parley.EvidenceAdd) { b.Obtained = "found" }),
		spoil("evidence.add", "about", func(b *parley.EvidenceAdd) { b.About = nil }),
		spoil("evidence.add", "about[0]", func(b *parley.EvidenceAdd) { b.About[0] = siteV1.Ref }),
		spoil("evidence.add", "at", func(b *parley.EvidenceAdd) { b.At = 0 }),
		spoil("evidence.add", "made", func(b *parley.EvidenceAdd) { b.Made = -1 }),
		spoil("evidence.add", "place", func(b *parley.EvidenceAdd) { b.Place = &geo.Position{Lat: 91 * geo.E7} }),
		spoil("evidence.custody", "evidence", func(b *parley.EvidenceCustody) { b.Evidence = other }),
		spoil("evidence.custody", "action", func(b *parley.EvidenceCustody) { b.Action = parley.CustodyTaken }),
		spoil("evidence.custody", "copy", func(b *parley.EvidenceCustody) { b.Copy = nil }),
		spoil("evidence.custody", "copy.sha256", func(b *parley.EvidenceCustody) { b.Copy.SHA256 = parley.Hash{} }),
		spoil("evidence.custody", "person", func(b *parley.EvidenceCustody) {
			b.Action, b.Copy, b.Person = parley.CustodyHanded, nil, none
		}),
		spoil("evidence.custody", "at", func(b *parley.EvidenceCustody) { b.At = 0 }),
		spoil("publication.set", "publication.delay", func(b *parley.PublicationSet) { b.Publication.Delay = 1 }),
		spoil("publication.set", "publication.threshold", func(b *parley.PublicationSet) { b.Publication.Threshold = 0 }),
		spoil("publication.set", "publication.fields[0]", func(b *parley.PublicationSet) { b.Publication.Fields[0] = "place" }),
		spoil("hold.end", "of", func(b *parley.HoldEnd) { b.Of = siteV1.Ref }),
		spoil("hold.end", "reason", func(b *parley.HoldEnd) { b.Reason = "tired" }),
		spoil("hold.end", "words", func(b *parley.HoldEnd) { b.Words = none }),
		spoil("area.seal", "commitment", func(b *parley.AreaSeal) { b.Commitment = parley.Hash{} }),
		spoil("area.seal", "head.party", func(b *parley.AreaSeal) { b.Head.Party = org }),
		spoil("area.open", "seal", func(b *parley.AreaOpen) { b.Seal = other }),
		spoil("area.open", "area.shape.polygons[0][0][2]", func(b *parley.AreaOpen) { b.Area.Shape = bowtie }),
		spoil("area.open", "area.buffer", func(b *parley.AreaOpen) { b.Area.Buffer = -1 }),
		spoilTo(clock, "area.open", "area.window.to", func(b *parley.AreaOpen) { b.Area.Window.To = b.Area.Window.From }),
		spoil("payload.erase", "payloads", func(b *parley.PayloadErase) { b.Payloads = nil }),
		spoil("payload.erase", "payloads[1]", func(b *parley.PayloadErase) { b.Payloads[1] = parley.Hash{} }),
		spoil("list.load", "list", func(b *parley.ListLoad) { b.List = "a list" }),
		spoil("list.load", "published", func(b *parley.ListLoad) { b.Published = 0 }),
		spoil("list.load", "hash", func(b *parley.ListLoad) { b.Hash = parley.Hash{} }),
		spoil("list.load", "entries", func(b *parley.ListLoad) { b.Entries = 0 }),
		spoil("screening.open", "subject", func(b *parley.ScreeningOpen) { b.Subject = none }),
		spoil("screening.open", "subject_kind", func(b *parley.ScreeningOpen) { b.SubjectKind = "group" }),
		spoil("screening.open", "as", func(b *parley.ScreeningOpen) { b.As = "friend" }),
		spoil("screening.open", "about", func(b *parley.ScreeningOpen) { b.About = siteV1.Ref }),
		spoil("screening.open", "editions", func(b *parley.ScreeningOpen) { b.Editions = nil }),
		spoil("screening.open", "editions[1]", func(b *parley.ScreeningOpen) { b.Editions[1] = b.Editions[0] }),
		spoil("screening.open", "candidates", func(b *parley.ScreeningOpen) { b.Candidates = make([]parley.ScreenedEntry, 51) }),
		spoil("screening.open", "candidates[1].entry", func(b *parley.ScreeningOpen) { b.Candidates[1].Entry = b.Candidates[0].Entry }),
		spoil("screening.open", "candidates[0].entry", func(b *parley.ScreeningOpen) { b.Candidates[0].Entry = "QDe.137" }),
		spoil("screening.open", "candidates[0].score", func(b *parley.ScreeningOpen) { b.Candidates[0].Score = 1001 }),
		spoil("screening.repeat", "screening", func(b *parley.ScreeningRepeat) { b.Screening = other }),
		spoil("screening.repeat", "editions[0]", func(b *parley.ScreeningRepeat) { b.Editions[0] = parley.Hash{} }),
		spoil("screening.repeat", "candidates[0].score", func(b *parley.ScreeningRepeat) { b.Candidates[0].Score = -1 }),
		spoil("screening.decide", "screening", func(b *parley.ScreeningDecide) { b.Screening = other }),
		spoil("screening.decide", "entry", func(b *parley.ScreeningDecide) { b.Entry = "UN QDe.137" }),
		spoil("screening.decide", "reason", func(b *parley.ScreeningDecide) { b.Confirmed = false }),
		spoil("screening.decide", "words", func(b *parley.ScreeningDecide) { b.Words = none }),
		spoil("screening.appeal", "screening", func(b *parley.ScreeningAppeal) { b.Screening = other }),
		spoil("screening.appeal", "entry", func(b *parley.ScreeningAppeal) { b.Entry = "" }),
		spoil("screening.appeal", "from", func(b *parley.ScreeningAppeal) { b.From = "nobody" }),
		spoil("screening.appeal", "words", func(b *parley.ScreeningAppeal) { b.Words = none }),
		spoil("screening.note", "screening", func(b *parley.ScreeningNote) { b.Screening = other }),
		spoil("screening.note", "carve_out", func(b *parley.ScreeningNote) { b.CarveOut = "unscr_1" }),
		spoil("screening.note", "words", func(b *parley.ScreeningNote) { b.Words = none }),
		spoil("envelope.erase", "movements", func(b *parley.EnvelopeErase) { b.Movements = nil }),
		spoil("envelope.erase", "movements[0]", func(b *parley.EnvelopeErase) { b.Movements[0] = areaV1.Ref }),
		spoil("envelope.erase", "movements[1]", func(b *parley.EnvelopeErase) { b.Movements = append(b.Movements, b.Movements[0]) }),
		spoil("state.note", "height", func(b *parley.StateNote) { b.Height = 0 }),
		spoil("state.note", "block", func(b *parley.StateNote) { b.Block = parley.Hash{} }),
		spoil("state.note", "size", func(b *parley.StateNote) { b.Size = 7 }),
		spoil("state.note", "digest", func(b *parley.StateNote) { b.Digest = parley.Hash{} }),
		spoil("delivery.note", "to", func(b *parley.DeliveryNote) { b.To = org }),
		spoil("delivery.note", "items", func(b *parley.DeliveryNote) { b.Items = nil }),
		spoil("delivery.note", "items[1]", func(b *parley.DeliveryNote) { b.Items[1] = areaV1 }),
		spoil("delivery.note", "at", func(b *parley.DeliveryNote) { b.At = 0 }),
		spoil("read.note", "reads", func(b *parley.ReadNote) { b.Reads = nil }),
		spoil("read.note", "reads[0].object", func(b *parley.ReadNote) { b.Reads[0].Object = areaV1.Ref }),
		spoil("read.note", "reads[0].member", func(b *parley.ReadNote) { b.Reads[0].Member = org }),
		spoil("read.note", "reads[0].purpose", func(b *parley.ReadNote) { b.Reads[0].Purpose = "curiosity" }),
		spoil("read.note", "reads[0].at", func(b *parley.ReadNote) { b.Reads[0].At = 0 }),
		spoil("stop.spooled", "told", func(b *parley.StopSpooled) { b.Told, b.Climbs = nil, nil }),
		spoil("stop.spooled", "told[0].command", func(b *parley.StopSpooled) { b.Told[0].Command = parley.Hash{} }),
		spoil("stop.spooled", "told[0].at", func(b *parley.StopSpooled) { b.Told[0].At = 0 }),
		spoil("stop.spooled", "climbs[0].stop", func(b *parley.StopSpooled) { b.Climbs[0].Stop = other }),
		spoil("stop.spooled", "climbs[0].step", func(b *parley.StopSpooled) { b.Climbs[0].Step = 0 }),
		spoil("stop.spooled", "climbs[0].due", func(b *parley.StopSpooled) { b.Climbs[0].Due = 0 }),
		spoil("stop.spooled", "climbs[0].at", func(b *parley.StopSpooled) { b.Climbs[0].At = 0 }),
		spoil("refusal.count", "account", func(b *parley.RefusalCount) { b.Account = "" }),
		spoil("refusal.count", "code", func(b *parley.RefusalCount) { b.Code = "" }),
		spoil("refusal.count", "count", func(b *parley.RefusalCount) { b.Count = 0 }),
		spoil("refusal.count", "since", func(b *parley.RefusalCount) { b.Since = 0 }),
	}
	spoiled := map[parley.CommandKind]bool{"clock.advance": true} // it has no field
	for _, f := range faults {
		spoiled[f.kind] = true
		b := examples[f.kind]()
		f.spoil(b)
		expectFault(t, string(f.kind)+" "+f.field, b.Validate(), f.code, f.field)
	}
	for _, kind := range parley.CommandKinds() {
		if !spoiled[kind] {
			t.Errorf("no field of %s is refused", kind)
		}
	}
}

// The fields around the body are judged too, and a fault of the body stands below it.
func TestTheFieldsAroundABodyAreRefusedByName(t *testing.T) {
	for field, change := range map[string]func(c *parley.Command){
		"key":                func(c *parley.Command) { c.Key = c.Key[:31] + "G" },
		"nonce":              func(c *parley.Command) { c.Nonce = parley.Bits128{} },
		"made_at":            func(c *parley.Command) { c.MadeAt = parley.MaxTime + 1 },
		"theatre":            func(c *parley.Command) { c.Theatre = parley.Hash{} },
		"on_behalf.channel":  func(c *parley.Command) { c.OnBehalf.Channel = "pigeon" },
		"on_behalf.of":       func(c *parley.Command) { c.OnBehalf.Of = parley.Desk },
		"on_behalf.member":   func(c *parley.Command) { c.OnBehalf.Member = member },
		"on_behalf.at":       func(c *parley.Command) { c.OnBehalf.At = -1 },
		"body.site.category": func(c *parley.Command) { c.Body.(*parley.SiteNotify).Site.Category = "" },
		"not_before.root":    func(c *parley.Command) { c.NotBefore.Root = parley.Hash{} },
	} {
		c := command(examples["site.notify"]())
		c.OnBehalf = &parley.OnBehalf{Of: org, Channel: parley.ByRadio, At: now}
		c.NotBefore = &parley.Checkpoint{Size: 1, Root: seedOf(1)}
		change(c)
		_, err := parley.ParseCommand(encode(t, c))
		expectFault(t, field, err, parley.CodeInvalid, field)
	}
	// A form names the member of an organisation whose session it came in, and nobody else.
	speaker := text("speaker")
	for field, change := range map[string]func(b *parley.OnBehalf){
		"":                  func(*parley.OnBehalf) {},
		"on_behalf.member":  func(b *parley.OnBehalf) { b.Member = "" },
		"on_behalf.of":      func(b *parley.OnBehalf) { b.Of = partyA },
		"on_behalf.speaker": func(b *parley.OnBehalf) { b.Speaker = &speaker },
	} {
		c := command(examples["site.notify"]())
		c.OnBehalf = &parley.OnBehalf{Of: org, Channel: parley.ByForm, At: now, Member: member}
		change(c.OnBehalf)
		_, err := parley.ParseCommand(encode(t, c))
		if field == "" {
			if err != nil {
				t.Errorf("a form: %v", err)
			}
			continue
		}
		expectFault(t, field, err, parley.CodeInvalid, field)
	}
}

// Who did it is no field of an event: whoever writes it there is told where it belongs.
func TestAttributionInsideAnEventIsRefused(t *testing.T) {
	for _, name := range []string{"attribution", "perpetrator", "actor", "responsible"} {
		written := encode(t, command(examples["incident.record"]()))
		with := strings.Replace(string(written), `"incident":{`, `"incident":{"`+name+`":"a force",`, 1)
		_, err := parley.ParseCommand([]byte(with))
		expectFault(t, name, err, parley.CodeMalformed, "body.incident."+name)
		var f *parley.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Expected, "claim.record") {
			t.Errorf("%s: %v; expected to be told of claims", name, err)
		}
	}
}
