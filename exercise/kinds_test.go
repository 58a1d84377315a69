package exercise_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"parley/exchange/replay"
	"parley/exercise"
	"parley/internal/need"
)

type m = map[string]any

// at writes an event: its name, its day and time in an invented month, who, what kind, what of, and more.
func at(id, when, actor, kind string, of []string, more m) m {
	day, clock, _ := strings.Cut(when, " ")
	month := "06"
	if d, rest, ok := strings.Cut(day, "-"); ok {
		month, day = d, rest
	}
	e := m{"id": id, "t": "2031-" + month + "-" + day + "T" + clock + ":00Z", "t_precision": "exact_minute", "actor": actor, "kind": kind, "refs": of, "text": "Invented.", "source": []string{"s1"},
		"certainty": "illustrative", "channel": "modelled"}
	maps.Copy(e, more)
	return e
}

func circle(lat, lon, metres float64) m {
	return m{"type": "Circle", "lat": lat, "lon": lon, "radius_m": metres, "basis": "illustrative", "precision_m": 10}
}

func spot(lat, lon float64) m {
	return m{"type": "Point", "lat": lat, "lon": lon, "basis": "illustrative", "precision_m": 10}
}

// stock are the objects of the invented cases. A case takes those that its events speak of.
var stock = map[string]m{
	"o1": {"type": "site", "owner": "n1", "geometry": spot(10.1111, 20.1111), "category": "hospital"},
	"o2": {"type": "site", "owner": "n1", "geometry": spot(10.1511, 20.1611), "category": "hospital"},
	"o3": {"type": "site", "owner": "n1", "geometry": circle(10.1111, 20.1111, 800), "category": "displaced_site"},
	"m1": {"type": "movement", "owner": "n1", "notified_phases": []string{"drive"}, "notified_from": "2031-06-02T06:00:00Z", "notified_to": "2031-06-02T10:00:00Z", "vehicles": 4,
		"geometry": m{"type": "LineString", "points": [][]float64{{10.2011, 20.2011}, {10.1111, 20.1111}}, "basis": "illustrative", "precision_m": 10}},
	"u1": {"type": "movement", "owner": "p2", "geometry": m{"type": "LineString", "points": [][]float64{{10.3011, 20.3011}, {10.2511, 20.2511}}, "basis": "illustrative", "precision_m": 10}},
	"v1": {"type": "movement", "owner": "x1", "geometry": spot(10.4111, 20.4111)},
	"a1": {"type": "area", "owner": "p1", "geometry": circle(10.1121, 20.1121, 900)},
	"b1": {"type": "area", "owner": "x1", "geometry": circle(10.1151, 20.1131, 300)},
	"z1": {"type": "line", "owner": "p1", "geometry": circle(10.2211, 20.2211, 9000)},
	"w1": {"type": "pause", "owner": "p1", "geometry": circle(10.1511, 20.1511, 20000), "valid_from": "2031-06-01T00:00:00Z", "announced_to": "2031-06-02T07:30:00Z"},
	"l1": {"type": "list", "owner": "p1", "as_of": "2028-01-01T00:00:00Z"},
}

// story makes a case of events and one expectation, of which the last event is the one that the warning is due before.
func story(t *testing.T, what string, args m, given []string, change map[string]m, events ...m) *replay.Case {
	t.Helper()
	used := map[string]bool{}
	for _, e := range events {
		for _, ref := range e["refs"].([]string) {
			used[ref] = true
		}
	}
	for _, v := range args {
		if s, ok := v.(string); ok {
			used[s] = true
		}
	}
	var objects []m
	for _, id := range slices.Sorted(maps.Keys(stock)) {
		if used[id] {
			o := m{"id": id, "label": "Invented " + id}
			maps.Copy(o, stock[id])
			maps.Copy(o, change[id])
			objects = append(objects, o)
		}
	}
	before := events[len(events)-1]["id"].(string)
	for n := len(events); n < 4; n++ { // the form asks for four events
		last := maps.Clone(events[len(events)-1])
		last["id"], last["kind"], last["refs"] = "pad"+string(rune('a'+n)), "other", []string{}
		delete(last, "data")
		delete(last, "urgent")
		events = append(events, last)
	}
	expectation := func(id string) m {
		return m{"id": id, "what": what, "args": args, "text": "as it says", "given": given, "before": before, "level": "must", "basis": "sourced", "why": "the fact is there"}
	}
	text, err := json.Marshal(written(what, args, given, before, objects, events, expectation))
	if err != nil {
		t.Fatal(err)
	}
	c, err := replay.Read(text)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return c
}

func written(what string, args m, given []string, before string, objects, events []m, expectation func(string) m) m {
	return m{"schema": "parley-replay/1", "id": "invented-" + strings.ReplaceAll(what, "_", "-"), "title": "Invented", "summary": "Invented.", "illustrative_note": "All of it.",
		"place":     m{"name": "Nowhere", "country": "XX", "lat": 10.1, "lon": 20.1, "precision_m": 10, "basis": "illustrative", "source": "s1"},
		"time_zone": m{"name": "UTC", "utc_offset": "+00:00"}, "shapes": []string{"invented"},
		"actors": []m{{"id": "n1", "role": "notifier", "label": "N", "in_public_record": "none"}, {"id": "d1", "role": "desk", "label": "D", "in_public_record": "none"},
			{"id": "p1", "role": "party", "label": "A", "in_public_record": "none", "levels": []string{"hq", "ops_room", "unit"}},
			{"id": "p2", "role": "party", "label": "B", "in_public_record": "none", "levels": []string{"hq", "unit"}}, {"id": "x1", "role": "other", "label": "X", "in_public_record": "none"}},
		"objects": objects, "events": events, "claims": []m{}, "result": m{"event": before, "text": "Invented.", "source": []string{"s1"}},
		"expected": []m{expectation("x1"), expectation("x2")}, "never": []string{"clearance_or_safe_wording", "approval_state", "blame_attribution_by_system", "use_of_events_after_given"},
		"sources": []m{{"id": "s1", "url": "https://example.org/invented", "note": ""}}}
}

func of(refs ...string) []string { return append([]string{}, refs...) }

// kind is one kind of warning: what happens when it must rise, and the same with the fact absent.
type kind struct {
	args   m
	given  []string
	change map[string]m // of objects, when it rises
	with   []m
	quiet  map[string]m // of objects, when it is silent
	absent []m
}

var away = map[string]m{"a1": {"geometry": circle(11.1121, 20.1121, 900)}}

// kinds is one small invented timeline for each kind of warning.
func kinds() map[string]kind {
	told := at("e1", "01 08:00", "n1", "notify", of("o1"), m{"to": of("p1")})
	moving := []m{at("e1", "01 08:00", "n1", "notify", of("m1"), m{"to": of("p1")}), at("e2", "02 06:30", "n1", "depart", of("m1"), nil)}
	harm := at("e9", "03 12:00", "p1", "harm", of("o1"), nil)
	road := at("e9", "02 09:55", "p1", "harm", of("m1"), nil)
	declare := at("e2", "03 08:00", "p1", "declare_area", of("a1"), nil)
	call := at("e3", "03 09:00", "n1", "hotline_call", of("o1"), m{"to": of("p1"), "urgent": true})
	after := func(when string) m { return at("e9", when, "p1", "other", of(), nil) }
	all := func(first []m, more ...m) []m { return append(slices.Clone(first), more...) }
	crossing := at("e2", "02 08:00", "p2", "other", of("u1", "z1"), m{"data": m{"position": []float64{10.2411, 20.2411}}})
	line := at("e1", "01 08:00", "p1", "declare_area", of("z1"), m{"to": of("p2")})
	return map[string]kind{
		"contrary_indication": {args: m{"object": "o1", "area": "a1", "buffer_m": 0}, given: of("e1", "e2"), with: []m{told, declare, harm}, quiet: away, absent: []m{told, declare, harm}},
		"text_geometry_mismatch": {args: m{"event": "e2", "area": "a1", "min_km": 2}, given: of("e2"),
			with:   []m{told, at("e2", "03 08:00", "p1", "hotline_call", of("a1"), m{"to": of("p2"), "data": m{"stated_text": m{"reference": "o1", "distance_km": 5, "bearing_deg": 90}}}), harm},
			absent: []m{told, at("e2", "03 08:00", "p1", "hotline_call", of("a1"), m{"to": of("p2"), "data": m{"stated_text": m{"reference": "o1", "distance_km": 0, "bearing_deg": 90}}}), harm}},
		"position_mismatch": {args: m{"entry": "e2", "object": "o1", "min_m": 100}, given: of("e1", "e2"),
			with:   []m{told, at("e2", "02 08:00", "p1", "other", of("o1"), m{"level": "unit", "data": m{"position": []float64{10.1131, 20.1111}}}), harm},
			absent: []m{told, at("e2", "02 08:00", "p1", "other", of("o1"), m{"level": "unit", "data": m{"position": []float64{10.1111, 20.1111}}}), harm}},
		"extent_ignored": {args: m{"check": "e2", "object": "o3"}, given: of("e1", "e2"),
			with:   []m{at("e1", "01 08:00", "n1", "notify", of("o3"), m{"to": of("p1")}), at("e2", "02 08:00", "p1", "check", of("o3"), m{"data": m{"geometry_used": "Point"}}), at("e9", "03 12:00", "p1", "harm", of("o3"), nil)},
			absent: []m{at("e1", "01 08:00", "n1", "notify", of("o3"), m{"to": of("p1")}), at("e2", "02 08:00", "p1", "check", of("o3"), nil), at("e9", "03 12:00", "p1", "harm", of("o3"), nil)}},
		"ack_missing": {args: m{"object": "o1", "party": "p1", "level": "unit"}, given: of("e1", "e2"), with: []m{told, at("e2", "01 09:00", "p1", "acknowledge", of("o1"), m{"level": "hq"}), harm},
			absent: []m{told, at("e2", "01 09:00", "p1", "disseminate", of("o1"), m{"level": "unit"}), harm}},
		"list_not_held": {args: m{"area": "a1", "party": "p1", "level": "unit"}, given: of("e2"), with: []m{told, declare, harm},
			absent: []m{told, declare, at("e3", "03 08:05", "p1", "update", of("l1"), m{"level": "unit"}), harm}},
		"no_answer_count": {args: m{"object": "o1", "party": "p1", "min": 3}, given: of("e1", "e2", "e3"),
			with:   []m{told, at("e2", "01 10:00", "n1", "notify", of("o1"), m{"to": of("p1")}), at("e3", "02 10:00", "n1", "notify", of("o1"), m{"to": of("p1")}), harm},
			absent: []m{told, at("e2", "01 10:00", "p1", "acknowledge", of("o1"), nil), at("e3", "02 10:00", "n1", "notify", of("o1"), m{"to": of("p1")}), harm}},
		"reack_overdue": {args: m{"object": "o1", "max_days": 10}, given: of("e1", "e2"), with: []m{told, at("e2", "01 10:00", "p1", "acknowledge", of("o1"), nil), at("e9", "20 12:00", "p1", "harm", of("o1"), nil)},
			absent: []m{told, at("e2", "01 10:00", "p1", "acknowledge", of("o1"), nil), harm}},
		"update_unacknowledged": {args: m{"event": "e3", "min_min": 10}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "n1", "update", of("m1"), nil), road),
			absent: all(moving, at("e3", "02 07:00", "n1", "update", of("m1"), nil), at("e4", "02 07:03", "p1", "acknowledge", of("m1"), nil), road)},
		"urgent_stop_untaken": {args: m{"event": "e3", "min_min": 5}, given: of("e3"), with: []m{told, call, after("03 09:30")},
			absent: []m{told, call, at("e4", "03 09:02", "p1", "handover", of("e3"), nil), after("03 09:30")}},
		"urgent_stop_without_effect": {args: m{"event": "e3", "min_min": 5}, given: of("e3", "e4", "e5"),
			with:   []m{told, call, at("e4", "03 09:02", "p1", "acknowledge", of("e3"), nil), at("e5", "03 09:20", "p1", "near_miss", of("o1"), nil), after("03 10:00")},
			absent: []m{told, call, at("e4", "03 09:02", "p1", "acknowledge", of("e3"), nil), at("e5", "03 09:20", "p2", "other", of(), nil), after("03 10:00")}},
		"urgent_stop_repeat": {args: m{"object": "o1", "count": 3}, given: of("e3", "e4", "e5"),
			with:   []m{told, call, at("e4", "03 09:20", "n1", "hotline_call", of("o1"), m{"to": of("p1"), "urgent": true}), at("e5", "03 09:40", "n1", "hotline_call", of("o1"), m{"to": of("p1"), "urgent": true}), after("03 10:00")},
			absent: []m{told, call, at("e4", "03 09:20", "n1", "hotline_call", of("o1"), m{"to": of("p1"), "urgent": true}), at("e5", "03 09:40", "n1", "other", of(), nil), after("03 10:00")}},
		"any_duty_officer_accept": {args: m{"event": "e3"}, given: of("e3"), with: []m{told, call, after("03 09:30")},
			absent: []m{told, at("e3", "03 09:00", "n1", "hotline_call", of("o1"), m{"to": of("p1")}), after("03 09:30")}},
		"hold_prompt": {args: m{"movement": "m1"}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "p1", "pause_end", of("w1"), nil), road), change: map[string]m{"w1": {"announced_to": "2031-06-09T00:00:00Z"}},
			quiet: map[string]m{"w1": {"announced_to": "2031-06-09T00:00:00Z", "geometry": circle(12, 20, 2000)}}, absent: all([]m{moving[0], at("e5", "01 09:00", "p1", "acknowledge", of("m1"), nil), moving[1]}, at("e3", "02 07:00", "p1", "pause_end", of("w1"), nil), at("e9", "02 07:20", "p1", "harm", of("m1"), nil))},
		"movement_phase_uncovered": {args: m{"movement": "m1", "phase": "unload"}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "n1", "unload", of("m1"), nil), road),
			quiet: map[string]m{"m1": {"notified_phases": []string{"drive", "unload"}}}, absent: all(moving, at("e3", "02 07:00", "n1", "unload", of("m1"), nil), road)},
		"stop_exceeds_window": {args: m{"movement": "m1", "min_min": 20}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "n1", "arrive", of("m1"), m{"data": m{"phase": "waiting at a checkpoint"}}), road),
			absent: all(moving, at("e3", "02 07:00", "n1", "arrive", of("m1"), m{"data": m{"phase": "waiting at a checkpoint"}}), at("e4", "02 07:10", "n1", "depart", of("m1"), nil), road)},
		"contact_lost": {args: m{"movement": "m1", "min_min": 10}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "p1", "hotline_call", of("m1"), m{"to": of("n1"), "data": m{"reached": false}}), road),
			absent: all(moving, at("e3", "02 06:35", "p1", "hotline_call", of("m1"), m{"to": of("n1"), "data": m{"reached": true}}), at("e9", "02 06:44", "p1", "harm", of("m1"), nil))},
		"unnotified_change": {args: m{"movement": "m1", "field": "vehicles"}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "n1", "other", of("m1"), m{"data": m{"vehicles": 7}}), road),
			absent: all(moving, at("e3", "02 07:00", "n1", "other", of("m1"), m{"data": m{"vehicles": 4}}), road)},
		"pause_expired": {args: m{"pause": "w1"}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "p1", "pause_start", of("w1"), nil), road),
			quiet: map[string]m{"w1": {"announced_to": "2031-06-09T00:00:00Z"}}, absent: all(moving, at("e3", "02 07:00", "p1", "pause_start", of("w1"), nil), road)},
		"recent_harm_near_movement": {args: m{"movement": "m1", "area": "b1", "within_m": 3000, "hours": 24}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "x1", "harm", of("b1"), nil), road),
			quiet: map[string]m{"b1": {"geometry": circle(11, 20, 300)}}, absent: all(moving, at("e3", "02 07:00", "x1", "harm", of("b1"), nil), road)},
		"nearby_fire": {args: m{"object": "o1", "area": "b1", "within_m": 1500}, given: of("e2"), with: []m{told, at("e2", "02 07:00", "x1", "near_miss", of("b1"), nil), harm},
			quiet: map[string]m{"b1": {"geometry": circle(11, 20, 300)}}, absent: []m{told, at("e2", "02 07:00", "x1", "near_miss", of("b1"), nil), harm}},
		"reverse_conflict": {args: m{"area": "a1", "movement": "m1", "within_m": 500}, given: of("e3"), with: all(moving, at("e3", "02 07:00", "p1", "declare_area", of("a1"), nil), road),
			quiet: away, absent: all(moving, at("e3", "02 07:00", "p1", "declare_area", of("a1"), nil), road)},
		"stale_list": {args: m{"list": "l1", "max_age_days": 30}, given: of("e2"), with: []m{told, at("e2", "02 08:00", "p1", "check", of("a1", "l1"), nil), harm},
			quiet: map[string]m{"l1": {"as_of": "2031-06-01T09:00:00Z"}}, absent: []m{told, at("e2", "02 08:00", "p1", "check", of("a1", "l1"), nil), harm}},
		"stale_entry": {args: m{"object": "o1", "max_age_days": 100}, given: of("e1"), change: map[string]m{"o1": {"last_verified": "2030-01-01T00:00:00Z"}}, with: []m{told, harm},
			quiet: map[string]m{"o1": {"last_verified": "2031-05-20T00:00:00Z"}}, absent: []m{told, harm}},
		"verification_conflict": {args: m{"object": "o1", "other": "o2"}, given: of("e1", "e2"), change: map[string]m{"o1": {"superseded_by": "o2"}},
			with:   []m{at("e1", "01 08:00", "n1", "update", of("o2", "o1"), nil), at("e2", "02 08:00", "x1", "other", of("o2"), nil), harm},
			absent: []m{at("e1", "01 08:00", "n1", "update", of("o2", "o1"), nil), at("e2", "02 08:00", "x1", "other", of(), nil), harm}, quiet: map[string]m{"o1": {"superseded_by": "o2"}}},
		"check_missing": {args: m{"area": "a1", "party": "p1"}, given: of("e2"), with: []m{told, declare, harm},
			quiet: map[string]m{"a1": {"valid_from": "2031-06-04T08:00:00Z", "valid_to": "2031-06-04T20:00:00Z"}}, absent: []m{told, declare, at("e3", "04 01:00", "p1", "check", of("a1"), nil), at("e9", "04 12:00", "p1", "harm", of("o1"), nil)}},
		"recheck_required": {args: m{"check": "e2", "object": "v1"}, given: of("e2", "e3"),
			with:   []m{told, at("e2", "02 08:00", "p1", "check", of("v1"), nil), at("e3", "02 09:00", "p1", "other", of("v1"), m{"data": m{"position": []float64{10.1131, 20.1131}}}), at("e9", "02 12:00", "p1", "harm", of("v1"), nil)},
			absent: []m{told, at("e2", "02 08:00", "p1", "check", of("v1"), nil), at("e3", "02 09:00", "p1", "other", of("v1"), m{"data": m{"position": []float64{10.4111, 20.4111}}}), at("e9", "02 12:00", "p1", "harm", of("v1"), nil)}},
		"approval_not_a_substitute": {args: m{"area": "a1"}, given: of("e2", "e3"), with: []m{told, declare, at("e3", "03 08:10", "p1", "other", of("a1"), m{"level": "hq", "data": m{"ordered": true}}), harm},
			absent: []m{told, declare, at("e3", "03 08:10", "p1", "other", of("a1"), m{"level": "hq"}), harm}},
		"warning_not_given": {args: m{"object": "o1", "party": "p1"}, given: of("e1", "e2"), with: []m{told, declare, harm},
			quiet:  map[string]m{"a1": {"valid_from": "2031-06-04T08:00:00Z", "valid_to": "2031-06-04T20:00:00Z"}},
			absent: []m{told, declare, at("e3", "03 09:00", "p1", "other", of("o1"), m{"to": of("n1"), "data": m{"warned": true}}), at("e9", "04 12:00", "p1", "harm", of("o1"), nil)}},
		"line_crossing_without_notice": {args: m{"unit": "u1", "line": "z1"}, given: of("e1", "e2"), with: []m{line, crossing, after("02 12:00")},
			absent: []m{line, at("e3", "02 07:00", "p2", "notify", of("u1", "z1"), nil), crossing, after("02 12:00")}},
		"line_not_agreed": {args: m{"line": "z1", "party": "p2"}, given: of("e1"), with: []m{line, after("02 12:00")}, quiet: map[string]m{"z1": {"consent": m{"p2": "agreed"}}}, absent: []m{line, after("02 12:00")}},
		"presence_contradiction": {args: m{"unit": "u1", "party": "p2"}, given: of("e2", "e3"), with: []m{line, crossing, at("e3", "02 08:30", "p2", "hotline_call", of("u1"), m{"to": of("p1"), "data": m{"denied": true}}), after("02 12:00")},
			absent: []m{line, crossing, at("e3", "02 08:30", "p2", "hotline_call", of("u1"), m{"to": of("p1"), "data": m{"own_forces": true}}), after("02 12:00")}},
		"request_refused_standing": {args: m{"area": "a1", "by": "p2"}, given: of("e2", "e3"), with: []m{told, declare, at("e3", "03 08:30", "p2", "other", of("a1"), m{"data": m{"refused": true}}), harm},
			absent: []m{told, declare, at("e3", "03 08:30", "p2", "acknowledge", of("a1"), nil), harm}},
		"version_dispute": {args: m{"area": "a1", "object": "o1"}, given: of("e2", "e3"), with: []m{told, declare, at("e3", "03 08:30", "p2", "other", of("a1"), m{"data": m{"disputed": true}}), harm},
			absent: []m{told, declare, at("e3", "03 08:30", "p2", "acknowledge", of("a1"), nil), harm}},
		"harm_at_notified_object": {args: m{"object": "o1", "event": "e2"}, given: of("e1", "e2"), with: []m{told, at("e2", "02 08:00", "p1", "harm", of("o1"), nil), after("02 12:00")},
			absent: []m{told, at("e2", "02 08:00", "p1", "harm", of("b1"), nil), after("02 12:00")}},
		"correction_overdue": {args: m{"incident": "e2", "max_days": 20}, given: of("e2"), with: []m{told, at("e2", "02 08:00", "p1", "harm", of("o1"), nil), after("28 12:00")},
			absent: []m{told, at("e2", "02 08:00", "p1", "harm", of("o1"), nil), after("12 12:00")}},
		"repeat_object_alarm": {args: m{"object": "o1", "area": "a1"}, given: of("e3", "e4"), with: []m{told, at("e3", "02 08:00", "p1", "harm", of("o1"), nil), at("e4", "05 08:00", "p1", "declare_area", of("a1"), nil), at("e9", "05 12:00", "p1", "harm", of("o1"), nil)},
			absent: []m{told, at("e3", "02 08:00", "p1", "other", of(), nil), at("e4", "05 08:00", "p1", "declare_area", of("a1"), nil), at("e9", "05 12:00", "p1", "harm", of("o1"), nil)}},
	}
}

// Every kind of warning that the form knows rises when its fact is there, and is silent when it is absent.
func TestEveryKindRisesAndIsSilent(t *testing.T) {
	text, err := os.ReadFile(need.Shared(t, "replays", "replay.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties struct {
			Expected struct {
				Items struct {
					Properties struct{ What struct{ Enum []string } }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	known := schema.Properties.Expected.Items.Properties.What.Enum
	table := kinds()
	if slices.Sort(known); !slices.Equal(known, slices.Sorted(maps.Keys(table))) || len(known) != 37 {
		t.Errorf("%d kinds are tried: %v; the form has %d: %v", len(table), slices.Sorted(maps.Keys(table)), len(known), known)
	}
	for _, what := range slices.Sorted(maps.Keys(table)) {
		k := table[what]
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			for _, x := range []struct {
				name   string
				rises  bool
				change map[string]m
				events []m
			}{{"with the fact", true, k.change, k.with}, {"without it", false, k.quiet, k.absent}} {
				given := k.given
				if !x.rises { // silent though everything is known
					given = nil
					for _, e := range x.events[:len(x.events)-1] {
						given = append(given, e["id"].(string))
					}
				}
				r, err := exercise.Play(t.Context(), story(t, what, k.args, given, x.change, x.events...), false)
				if err != nil {
					t.Fatal(err)
				}
				if v := r.Expectations[0]; v.Met != x.rises {
					t.Errorf("%s: it rose: %v, by %s at %s to %v; expected %v", x.name, v.Met, v.Notice, v.RaisedAt, v.To, x.rises)
				} else if v.Met && (v.RaisedAt == "" || v.RaisedAt > v.BeforeAt || len(v.To) == 0) {
					t.Errorf("%s: raised at %q to %v, before %s", x.name, v.RaisedAt, v.To, v.BeforeAt)
				}
				if len(r.Refused) > 0 {
					t.Errorf("%s: refused %+v", x.name, r.Refused)
				}
				if !r.Hindsight.Holds {
					t.Errorf("%s: later events make a difference: %+v", x.name, r.Hindsight)
				}
				for _, n := range r.Never {
					if !n.Held {
						t.Errorf("%s: %s: %v", x.name, n.What, n.Found)
					}
				}
			}
		})
	}
}
