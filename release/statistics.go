package release

import (
	"cmp"
	"strconv"
)

// Number is one count of the statistics with what it is a part of.
type Number struct {
	Table, Of, What string
	N               int64
	PartOf          string
	OutOf           int // -1: of nothing
}

// NumberColumns name the parts of a row.
var NumberColumns = []string{"table", "of", "what", "number", "part_of", "out_of"}

// Row writes a number as a row of a table: what it is out of is empty where it is a part of nothing.
func (n *Number) Row() []string {
	whole := ""
	if n.OutOf >= 0 {
		whole = strconv.Itoa(n.OutOf)
	}
	return []string{n.Table, n.Of, n.What, strconv.FormatInt(n.N, 10), n.PartOf, whole}
}

// Numbers lists every number of the statistics, each with its denominator.
func (s *Statistics) Numbers() []Number {
	var all []Number
	add := func(table, of, what string, n int64, partOf string, outOf int) {
		all = append(all, Number{table, of, what, n, partOf, outOf})
	}
	add("movements", "", "notified", int64(s.Movements), "", -1)
	add("movements", "", "over", int64(s.Over), "notified", s.Movements)
	add("movements", "", "no_outcome", int64(s.NoOutcome), "over", s.Over)
	for _, o := range s.Outcomes {
		add("outcomes", "", string(o.Outcome), int64(o.N), "notified", s.Movements)
	}
	for _, o := range s.Access {
		add("access", "", string(o.Outcome), int64(o.N), "asked", s.AccessAsked)
	}
	for _, o := range s.Offers {
		way := string(o.From) + " to " + string(o.To)
		for _, n := range []struct {
			what string
			n    int
		}{{"accepted", o.Accepted}, {"declined", o.Declined}, {"countered", o.Counters}, {"no_answer", o.NoAnswer}, {"open", o.Open}, {"late", o.Late}} {
			add("offers", way, n.what, int64(n.n), "made", o.Made)
		}
	}
	for _, k := range s.Acknowledged {
		of := string(k.Party)
		add("acknowledgements", of, "acknowledged", int64(k.Acknowledged), "releases", k.Releases)
		add("acknowledgements", of, "in_time", int64(k.InTime), "acknowledged", k.Acknowledged)
		add("acknowledgements", of, "waiting", int64(k.Waiting), "releases", k.Releases)
		add("acknowledgements", of, "deadlines_unanswered", int64(k.NoAnswers), "", -1)
		add("acknowledgements", of, "median_ms", k.Median, "acknowledged", k.Acknowledged)
		add("acknowledgements", of, "p90_ms", k.Ninetieth, "acknowledged", k.Acknowledged)
	}
	add("harm", "", "events", int64(s.HarmEvents), "", -1)
	for _, h := range s.Harm {
		of := string(h.Party)
		add("harm", of, "objects_harmed_while_held", int64(h.Harmed), "objects_held", h.Held)
		add("harm", of, "tasks_late", int64(h.Late), "tasks", h.Tasks)
		for _, c := range h.Causes {
			add("harm", of, "own_word_"+cmp.Or(string(c.Cause), "none_yet"), int64(c.N), "tasks", h.Tasks)
		}
	}
	for _, c := range s.Attributed {
		add("attributed", cmp.Or(string(c.Party), "no party here"), "claimed_by_"+cmp.Or(string(c.By), "others"), int64(c.Claims), "claims that name somebody", s.Attributions)
	}
	for _, i := range s.Incidents {
		add("incidents", i.Kind, i.State, int64(i.N), "", -1)
	}
	for _, r := range s.Responses {
		add("responses", string(r.Party), "received", int64(r.Received), "asked", r.Asked)
		add("responses", string(r.Party), "answered", int64(r.Answered), "asked", r.Asked)
		add("responses", string(r.Party), "late", int64(r.Late), "asked", r.Asked)
	}
	return all
}
