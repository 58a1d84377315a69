package channel

import (
	"parley"
	"parley/geo"
	"parley/release"
)

// later adds what was said afterwards about the moment: stops that went on, harm, incidents, claims, responses and tasks.
func (x *inquest) later(from uint64) {
	s := x.s
	for _, key := range s.harms.keys() {
		h := s.harms.get(key)
		if abs(h.At-x.q.At) > around || !x.knowsHarm(h) && !x.monitor() || !x.harmNear(h) {
			continue
		}
		section := "harms"
		if h.Position >= from {
			section = "later"
		}
		x.line(section, release.InquiryLine{Ref: h.Ref, Party: x.known(h.Reporter)}, []uint64{h.Position}, fact("object", h.Object.Ref), when("began", h.At), yes("went_on", h.GoesOn), fact("stop", h.Stop))
		for _, ref := range h.Corrections {
			c := s.corrections.get(string(ref))
			x.line("later", release.InquiryLine{Ref: ref, Party: c.Party}, append([]uint64{h.Position}, x.said(ref, c.Party, "correction.answer")...), fact("task", c.State), when("receipt_due", c.Receipt), when("answer_due", c.Due), yes("late", c.Late), fact("own_word", c.Cause))
		}
	}
	for _, key := range s.stops.keys() {
		e := s.stops.get(key)
		if abs(e.At-x.q.At) <= around && (x.knowsStop(e) || x.monitor()) && x.stopNear(e) {
			x.stop("later", e, from)
		}
	}
	for _, key := range s.incidents.keys() {
		i := s.incidents.get(key)
		saw := x.incidentSight(i)
		if saw < sightConcerned || !x.incidentNear(i) {
			continue
		}
		x.line("later", release.InquiryLine{Ref: i.Ref, Version: i.Version, Party: x.known(i.Account)}, []uint64{i.Position}, fact("incident", i.State), when("from", i.Incident.From), when("to", i.Incident.To), fact("precision", i.Incident.Precision), fact("certainty", i.Incident.Certainty))
		for _, c := range s.claimsAbout(i.Ref) {
			if x.claimSight(c) == sightWhole {
				f := []release.Fact{fact("claim", c.Claim.ClaimType), fact("about", i.Ref), fact("in_the_name_of", c.Claim.Party)}
				if a := c.Claim.Attribution; a != nil {
					f = append(f, fact("says_it_was", a.Party), fact("whose_word", "the speaker's"))
				}
				x.line("later", release.InquiryLine{Ref: c.Ref}, []uint64{c.Position}, f...)
			}
		}
		for _, key := range s.responses.keysOf(i.Ref) {
			p := s.responses.get(key)
			if saw != sightWhole && p.Party != x.account {
				continue
			}
			var said []uint64
			for _, w := range p.Said {
				said = append(said, w.Position)
			}
			last := "none yet"
			if n := len(p.Said); n > 0 {
				last = string(p.Said[n-1].Response)
			}
			x.line("later", release.InquiryLine{Ref: i.Ref, Party: p.Party}, said, fact("response", last), when("asked", p.Asked), when("due", p.Due), yes("late", p.Late))
		}
	}
}

func (x *inquest) harmNear(h *parley.Harm) bool {
	if h.Place != nil {
		return x.circle(geo.Shape{Kind: geo.Point, Points: []geo.Position{*h.Place}}, 0)
	}
	o := x.s.object(h.Object.Ref)
	return o != nil && x.seesObject(o) && x.nearObject(o)
}

func (x *inquest) incidentNear(i *parley.IncidentNoted) bool {
	if x.q.Incident == i.Ref {
		return true
	}
	n := &i.Incident
	metres, ok := n.Metres()
	return ok && n.From-n.Uncertain <= x.q.At+around && n.To+n.Uncertain >= x.q.At-around && metres <= MaxInquiryRadius && x.circle(geo.Shape{Kind: geo.Point, Points: []geo.Position{*n.Place}}, metres)
}
