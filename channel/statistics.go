package channel

import (
	"cmp"
	"slices"
	"strings"

	"parley"
	"parley/release"
)

// countKnown counts acknowledgements, harm and what was said of it, as far as the viewer's account may see each: the desk all, a party its own, a
// notifier what is about its objects. Each number stands with what it is a part of.
func (v *Viewer) countKnown(out *release.Statistics) {
	out.Acknowledged, out.Harm, out.Attributed, out.Incidents, out.Responses = []release.AckCount{}, []release.HarmCount{}, []release.Attributed{}, []release.StateCount{}, []release.AnswerCount{}
	for _, party := range v.s.parties() {
		if a := v.ackCount(party); a.Releases > 0 {
			out.Acknowledged = append(out.Acknowledged, a)
		}
		if h := v.harmCount(party); h.Held > 0 {
			out.Harm = append(out.Harm, h)
		}
		if r := v.answerCount(party); r.Asked > 0 {
			out.Responses = append(out.Responses, r)
		}
	}
	for _, h := range v.s.harms.all() {
		if h.Object.Ref != "" && h.First == "" && v.knowsHarm(h) {
			out.HarmEvents++
		}
	}
	v.countClaims(out)
	states := map[release.StateCount]int{}
	for _, i := range v.s.incidents.all() {
		if v.incidentSight(i) == sightWhole {
			states[release.StateCount{Kind: string(i.Incident.IncidentKind), State: string(i.State)}]++
		}
	}
	for c, n := range states {
		c.N = n
		out.Incidents = append(out.Incidents, c)
	}
	slices.SortFunc(out.Incidents, func(a, b release.StateCount) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.State, b.State))
	})
}

// countsFor reports whether the viewer may count what a party has of an object.
func (v *Viewer) countsFor(party, object parley.Ref) bool {
	return v.desk() || v.account == party || v.owns(object)
}

func (v *Viewer) ackCount(party parley.Ref) release.AckCount {
	c := release.AckCount{Party: party}
	var spans []int64
	for _, e := range v.s.releases.all() {
		if e.To != party || !v.countsFor(party, e.Of.Ref) {
			continue
		}
		c.Releases++
		noAnswers := e.NoAnswer
		if v.account != party && !v.desk() {
			noAnswers = e.NoAnswerShown // a notifier never learns of a shortened deadline
		}
		c.NoAnswers += noAnswers
		switch {
		case e.AckAt != 0:
			c.Acknowledged++
			if noAnswers == 0 {
				c.InTime++
			}
			spans = append(spans, e.AckAt-e.At)
		case e.State == parley.Released || e.State == parley.Delivered:
			c.Waiting++
		}
	}
	slices.Sort(spans)
	if n := len(spans); n > 0 {
		c.Median, c.Ninetieth = spans[(n-1)/2], spans[(n*9+9)/10-1]
	}
	return c
}

func (v *Viewer) harmCount(party parley.Ref) release.HarmCount {
	s := v.s
	c := release.HarmCount{Party: party, Causes: []release.CauseCount{}}
	held, harmed := map[parley.Ref]bool{}, map[parley.Ref]bool{}
	for _, e := range s.releases.all() {
		if e.To == party && v.countsFor(party, e.Of.Ref) {
			held[e.Of.Ref] = true
		}
	}
	causes := map[parley.CauseClass]int{}
	for _, t := range s.corrections.all() {
		if t.Party != party || !v.countsFor(party, t.Object) {
			continue
		}
		c.Tasks++
		harmed[t.Object] = true
		causes[t.Cause]++
		if t.Late {
			c.Late++
		}
	}
	c.Held, c.Harmed = len(held), len(harmed)
	for _, cause := range append([]parley.CauseClass{""}, parley.CauseClasses...) {
		if n := causes[cause]; n > 0 {
			c.Causes = append(c.Causes, release.CauseCount{Cause: cause, N: n})
		}
	}
	return c
}

func (v *Viewer) answerCount(party parley.Ref) release.AnswerCount {
	c := release.AnswerCount{Party: party}
	for _, p := range v.s.responses.all() {
		if p.Party != party || p.Asked == 0 || v.account != party && v.incidentSight(v.s.incidents.get(string(p.Incident))) < sightWhole {
			continue
		}
		c.Asked++
		if p.Received != 0 {
			c.Received++
		}
		if p.Answered != 0 {
			c.Answered++
		}
		if p.Late {
			c.Late++
		}
	}
	return c
}

func (v *Viewer) countClaims(out *release.Statistics) {
	type said struct{ party, by parley.Ref }
	counts := map[said]int{}
	for _, c := range v.s.claims.all() {
		if c.Claim.Attribution != nil && v.claimSight(c) > sightNone {
			out.Attributions++
			counts[said{c.Claim.Attribution.Party, c.Claim.Party}]++
		}
	}
	for k, n := range counts {
		out.Attributed = append(out.Attributed, release.Attributed{Party: k.party, By: k.by, Claims: n})
	}
	slices.SortFunc(out.Attributed, func(a, b release.Attributed) int {
		return cmp.Or(cmp.Compare(a.Party, b.Party), cmp.Compare(a.By, b.By))
	})
}
