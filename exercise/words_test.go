package exercise_test

import (
	"testing"

	"parley/exercise"
)

// The form leaves open how a case says a fact. Where an event has no data, a few words of its text are enough; where they say nothing,
// nothing rises.
func TestFactsThatAreSaidInWords(t *testing.T) {
	told := at("e1", "01 08:00", "n1", "notify", of("o1"), m{"to": of("p1")})
	declare := at("e2", "03 08:00", "p1", "declare_area", of("a1"), m{"to": of("p2")})
	call := at("e3", "03 09:00", "n1", "hotline_call", of("o1"), m{"to": of("p1"), "urgent": true})
	road := []m{at("e1", "01 08:00", "n1", "notify", of("m1"), m{"to": of("p1")}), at("e2", "02 06:30", "n1", "depart", of("m1"), nil)}
	end := func(when string) m { return at("e9", when, "p1", "harm", of("o1"), nil) }
	hit := func(when string) m { return at("e9", when, "p1", "harm", of("m1"), nil) }
	line := at("e1", "01 08:00", "p1", "declare_area", of("z1"), m{"to": of("p2")})
	for what, x := range map[string]struct {
		args   m
		before []m
		said   m // the event with words
		more   []m
		after  m
	}{
		"movement_phase_uncovered":   {m{"movement": "m1", "phase": "return"}, road, at("e3", "02 07:00", "n1", "other", of("m1"), m{"text": "After an hour it turns back."}), nil, hit("02 09:00")},
		"stop_exceeds_window":        {m{"movement": "m1", "min_min": 30}, road, at("e3", "02 07:00", "n1", "other", of("m1"), m{"text": "It waits at the last post."}), nil, hit("02 09:00")},
		"unnotified_change":          {m{"movement": "m1", "field": "route"}, road, at("e3", "02 07:00", "n1", "other", of("m1"), m{"text": "It takes another road."}), nil, hit("02 09:00")},
		"approval_not_a_substitute":  {m{"area": "a1"}, []m{told, declare}, at("e3", "03 08:20", "p1", "other", of("a1"), m{"text": "Headquarters orders it.", "level": "hq"}), nil, end("03 10:00")},
		"version_dispute":            {m{"area": "a1", "object": "o1"}, []m{told, declare}, at("e3", "03 08:20", "p2", "other", of("a1"), m{"text": "It says it was told of another place."}), nil, end("03 10:00")},
		"request_refused_standing":   {m{"area": "a1", "by": "p2"}, []m{told, declare}, at("e3", "03 08:20", "p2", "other", of("a1"), m{"text": "It refuses."}), nil, end("03 10:00")},
		"nearby_fire":                {m{"object": "o1", "area": "b1", "within_m": 1500}, []m{told}, at("e3", "03 08:20", "x1", "other", of("b1"), m{"text": "Mortars fall in the street."}), nil, end("03 10:00")},
		"urgent_stop_without_effect": {m{"event": "e3", "min_min": 5}, []m{told, call}, at("e4", "03 09:04", "p1", "other", of("o1"), m{"text": "Liaison promises to pass it on."}), []m{at("e5", "03 09:20", "p1", "near_miss", of("o1"), nil)}, at("e9", "03 11:00", "p1", "other", of(), nil)},
		"presence_contradiction": {m{"unit": "u1", "party": "p2"}, []m{line, at("e2", "02 08:00", "p1", "hotline_call", of("u1"), m{"to": of("p2"), "text": "It asks about people at the line."})},
			at("e3", "02 08:30", "p2", "hotline_call", of("u1"), m{"to": of("p1"), "text": "None of its people are there."}), nil, at("e9", "02 12:00", "p1", "harm", of("u1"), nil)},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for _, says := range []bool{true, false} {
				said := m{}
				for k, v := range x.said {
					said[k] = v
				}
				if !says {
					said["text"] = "Nothing of note."
				}
				events := append(append(append([]m{}, x.before...), said), x.more...)
				var given []string
				for _, e := range events {
					given = append(given, e["id"].(string))
				}
				r, err := exercise.Play(t.Context(), story(t, what, x.args, given, nil, append(events, x.after)...), false)
				if err != nil {
					t.Fatal(err)
				}
				if v := r.Expectations[0]; v.Met != says || len(r.Refused) > 0 {
					t.Errorf("said %v: it rose: %v by %s; refused %v", says, v.Met, v.Notice, r.Refused)
				}
			}
		})
	}
}
