package channel

import (
	"cmp"
	"fmt"
	"slices"

	"parley"
	"parley/duty"
)

func (t *turn) claimRecord(b *parley.ClaimRecord) (effect, *Refusal) {
	c := &b.Claim
	v := t.viewer()
	for _, list := range []struct {
		name string
		refs []parley.Ref
	}{{"about", c.About}, {"supports", c.Supports}, {"contradicts", c.Contradicts}} {
		for n, ref := range list.refs {
			if !v.mayRefer(ref) {
				return nil, notFound(fmt.Sprintf("body.claim.%s[%d]", list.name, n))
			}
		}
	}
	if c.Archived != "" && !v.mayRefer(c.Archived) {
		return nil, notFound("body.claim.archived")
	}
	if c.Party != "" && t.s.accounts.get(string(c.Party)) == nil {
		return nil, notFound("body.claim.party")
	}
	if a := c.Attribution; a != nil && a.Party != "" && t.s.accounts.get(string(a.Party)) == nil {
		return nil, notFound("body.claim.attribution.party")
	}
	if c.Published > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.claim.published", parley.Stamp(c.Published), "a time that has been")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefClaim)
		s.taken[t.ref] = true
		s.claims.put(string(t.ref), &parley.ClaimNoted{Ref: t.ref, Account: t.account, By: t.by(), Claim: *c, Name: t.name, Position: t.position, At: t.at})
		t.publishLater(t.ref, 1, c.Restricted)
		t.claimAbout(t.ref, c.About)
	}, nil
}

// claimAbout lets the incidents know that a claim is about them.
func (t *turn) claimAbout(claim parley.Ref, about []parley.Ref) {
	for _, ref := range about {
		if i := t.s.incidents.get(string(ref)); i != nil {
			t.advance(ref, parley.IncidentDocumented)
			if !i.Incident.Imported() {
				t.tellWatchers(i, parley.NoticeClaim, claim)
			}
		}
	}
}

// tellWatchers tells the desk and an incident's author of something about it.
func (t *turn) tellWatchers(i *parley.IncidentNoted, kind parley.NoticeKind, about parley.Ref) {
	for _, to := range slices.Compact([]parley.Ref{parley.Desk, i.Account}) {
		if to != t.account {
			t.tell(to, kind, parley.Versioned{Ref: i.Ref, Version: i.Version}, other(about))
		}
	}
}

func (t *turn) claimRelate(b *parley.ClaimRelate) (effect, *Refusal) {
	c := t.s.claims.get(string(b.Claim))
	v := t.viewer()
	if c == nil || v.claimSight(c) < sightWhole {
		return nil, notFound("body.claim")
	}
	if !v.mayRefer(b.Other) {
		return nil, notFound("body.other")
	}
	return func() {
		t.ref = c.Ref
		e := t.s.claims.edit(string(c.Ref))
		e.Related = append(slices.Clone(c.Related), parley.ClaimRelated{Other: b.Other, Relation: b.Relation, Account: t.account, By: t.by(), At: t.at, Position: t.position})
		if b.Relation == "" {
			t.s.claims.of[b.Other] = appendOnce(t.s.claims.of[b.Other], string(c.Ref))
			t.claimAbout(c.Ref, []parley.Ref{b.Other})
		}
	}, nil
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// aboutClaim is what a claim is about, by itself or by what was noted later.
func aboutClaim(c *parley.ClaimNoted) []parley.Ref {
	refs := slices.Clone(c.Claim.About)
	for _, r := range c.Related {
		if r.Relation == "" && !slices.Contains(refs, r.Other) {
			refs = append(refs, r.Other)
		}
	}
	return refs
}

func (t *turn) assessmentMake(b *parley.AssessmentMake) (effect, *Refusal) {
	if !t.viewer().mayReferWhole(b.Of) {
		return nil, notFound("body.of")
	}
	return func() {
		s := t.s
		t.ref = b.Of
		s.assessments.put(fmt.Sprintf("%s %015d", b.Of, t.position), &parley.Assessment{Of: b.Of, Account: t.account, By: t.by(), Reliability: b.Reliability, Credibility: b.Credibility,
			Grade: b.Grade, Words: b.Words, At: t.at, Position: t.position})
		if i := s.incidents.get(string(b.Of)); i != nil {
			t.advance(b.Of, parley.IncidentAssessed)
			t.tellWatchers(i, parley.NoticeAssessment, "")
		}
	}, nil
}

func responseKey(incident, party parley.Ref) string { return string(incident) + " " + string(party) }

func (t *turn) responseAsk(b *parley.ResponseAsk) (effect, *Refusal) {
	i, r := t.seenIncident("body.incident", b.Incident)
	if r != nil {
		return nil, r
	}
	if t.s.accounts.get(string(b.Party)) == nil {
		return nil, notFound("body.party")
	}
	key := responseKey(b.Incident, b.Party)
	if p := t.s.responses.get(key); p != nil && p.Asked != 0 {
		return nil, refuse(parley.CodeExists, "body.party", string(b.Party), "a party that was not asked yet")
	}
	return func() {
		s := t.s
		t.ref = i.Ref
		clocks := s.profile().Clocks
		p := &parley.PartyResponse{Incident: i.Ref, Party: b.Party}
		if before := s.responses.get(key); before != nil {
			*p = *before
		}
		p.Asked = t.at
		p.Receipt, p.Due = t.at+clocks.CorrectionTake, t.at+clocks.CorrectionDue
		s.responses.put(key, p)
		if p.Answered == 0 {
			s.after(p.Receipt, 0, i.Ref, deadlineResponse, "receipt "+string(b.Party))
			s.after(p.Due, 0, i.Ref, deadlineResponse, "answer "+string(b.Party))
		}
		t.tell(b.Party, parley.NoticeResponseAsked, parley.Versioned{Ref: i.Ref, Version: i.Version}, due(p.Receipt))
	}, nil
}

func (t *turn) responseGive(b *parley.ResponseGive) (effect, *Refusal) {
	i := t.s.incidents.get(string(b.Incident))
	if i == nil || t.viewer().incidentSight(i) == sightNone {
		return nil, notFound("body.incident")
	}
	return func() {
		s := t.s
		t.ref = i.Ref
		key := responseKey(i.Ref, t.account)
		p := &parley.PartyResponse{Incident: i.Ref, Party: t.account}
		if before := s.responses.get(key); before != nil {
			*p = *before
		}
		p.Said = append(slices.Clone(p.Said), parley.ResponseSaid{Response: b.Response, Words: b.Words, Remedy: b.Remedy, By: t.by(), Told: t.told(), At: t.at, Position: t.position})
		s.cancelArg(i.Ref, deadlineResponse, "receipt "+string(t.account))
		p.Received = cmp.Or(p.Received, t.at)
		if b.Response != parley.ResponseReceived && b.Response != parley.ResponseReview {
			p.Answered = cmp.Or(p.Answered, t.at)
			s.cancelArg(i.Ref, deadlineResponse, "answer "+string(t.account))
			t.advance(i.Ref, parley.IncidentAnswered)
		}
		s.responses.put(key, p)
		t.tellWatchers(i, parley.NoticeResponse, t.account)
	}, nil
}

// responsePassed records that a party's word about an incident did not come in time.
func (s *State) responsePassed(d duty.Deadline, at int64) {
	_, party, _ := cutSpace(d.Arg)
	key := responseKey(parley.Ref(d.Ref), parley.Ref(party))
	s.responses.edit(key).Late = true
	i := s.incidents.get(d.Ref)
	of := parley.Versioned{Ref: i.Ref, Version: i.Version}
	s.noted(d, at, parley.Ref(party), parley.NoticeResponseLate, of)
	for _, to := range slices.Compact([]parley.Ref{parley.Desk, i.Account}) {
		s.noted(d, at, to, parley.NoticeResponseLate, of, other(parley.Ref(party)))
	}
}

func (t *turn) evidenceAdd(b *parley.EvidenceAdd) (effect, *Refusal) {
	v := t.viewer()
	for n, ref := range b.About {
		if !v.mayRefer(ref) {
			return nil, notFound(fmt.Sprintf("body.about[%d]", n))
		}
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	return func() {
		s := t.s
		t.ref = t.newRef(parley.RefEvidence)
		s.taken[t.ref] = true
		s.evidence.put(string(t.ref), &parley.Evidence{Ref: t.ref, Account: t.account, By: t.by(), Evidence: *b, Position: t.position, At: t.at,
			Custody: []parley.Custody{{Action: parley.CustodyTaken, At: b.At, Person: b.From, Account: t.account, By: t.by(), Noted: t.at, Position: t.position}}})
		for _, ref := range b.About {
			if i := s.incidents.get(string(ref)); i != nil {
				t.advance(ref, parley.IncidentDocumented)
				t.tellWatchers(i, parley.NoticeEvidence, t.ref)
			}
		}
	}, nil
}

func (t *turn) evidenceCustody(b *parley.EvidenceCustody) (effect, *Refusal) {
	e := t.s.evidence.get(string(b.Evidence))
	if e == nil || !t.viewer().knowsEvidence(e) {
		return nil, notFound("body.evidence")
	}
	if e.Account != t.account && t.account != parley.Desk {
		return nil, refuse(parley.CodeNotPermitted, "body.evidence", string(e.Account), "evidence in the custody of one's own account")
	}
	if b.At > t.at+5*parley.Minute {
		return nil, refuse(parley.CodeClock, "body.at", parley.Stamp(b.At), "a time that has been")
	}
	return func() {
		t.ref = e.Ref
		c := t.s.evidence.edit(string(e.Ref))
		c.Custody = append(slices.Clone(e.Custody), parley.Custody{Action: b.Action, At: b.At, Person: b.Person, Words: b.Words, Copy: b.Copy, Account: t.account, By: t.by(), Noted: t.at, Position: t.position})
	}, nil
}

// EvidenceFiles returns every file that is on record as evidence.
func (s *State) EvidenceFiles() map[parley.Hash]bool {
	files := map[parley.Hash]bool{}
	for _, r := range s.evidence.all() {
		for _, f := range r.Files() {
			files[f.SHA256] = true
		}
	}
	return files
}

// EvidenceSize returns how many bytes of evidence an account has put on record, each file once. The evidentiary copy counts for who took it in, a working
// copy for who made it.
func (s *State) EvidenceSize(account parley.Ref) int64 {
	files := map[parley.Hash]int64{}
	for _, e := range s.evidence.all() {
		if e.Account == account {
			files[e.Evidence.File.SHA256] = e.Evidence.File.Size
		}
		for _, c := range e.Custody {
			if c.Copy != nil && c.Account == account {
				files[c.Copy.SHA256] = c.Copy.Size
			}
		}
	}
	total := int64(0)
	for _, size := range files {
		total += size
	}
	return total
}

// HoldsEvidence reports whether an account has put a file on record.
func (s *State) HoldsEvidence(account parley.Ref, sum parley.Hash) bool {
	for _, e := range s.evidence.all() {
		if e.Account == account && e.Evidence.File.SHA256 == sum || slices.ContainsFunc(e.Custody, func(c parley.Custody) bool { return c.Copy != nil && c.Account == account && c.Copy.SHA256 == sum }) {
			return true
		}
	}
	return false
}
