package exercise

import (
	"fmt"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
)

// hearing looks for one expected warning in what everyone was told and shows.
type hearing struct {
	s   *stage
	x   *replay.Expectation
	all []told
}

// heard returns the warning that an expectation speaks of, nil when nobody got it.
func (s *stage) heard(x *replay.Expectation) (*Raised, error) {
	all, err := s.notices()
	if err != nil {
		return nil, err
	}
	h := &hearing{s, x, all}
	find := finders[x.What]
	if find == nil {
		return nil, fmt.Errorf("no warning of the channel is known for %s", x.What)
	}
	return find(h), nil
}

func (h *hearing) text(name string) string { t, _ := h.x.Args[name].(string); return t }

func (h *hearing) number(name string) float64 { n, _ := h.x.Args[name].(float64); return n }

// thing is the object of the case that an argument names.
func (h *hearing) thing(name string) *thing {
	if o := h.s.story.Object(h.text(name)); o != nil {
		return h.s.on(o.ID)
	}
	return &thing{}
}

func (h *hearing) side(name string) *side {
	if e := h.s.sides[h.text(name)]; e != nil {
		return e
	}
	return &side{}
}

func (h *hearing) event(name string) *replay.Event { return h.s.story.Event(h.text(name)) }

func (h *hearing) minutes() int64 { return int64(h.number("min_min") * float64(parley.Minute)) }

// first returns the earliest notice that holds, with everyone who got the same. Nothing is found of what is not in the channel.
func (h *hearing) first(holds func(told) bool, kinds ...parley.NoticeKind) *Raised {
	var raised *Raised
	for _, n := range h.all {
		if !slices.Contains(kinds, n.Kind) || !holds(n) {
			continue
		}
		if raised == nil {
			raised = &Raised{At: n.at, Notice: string(n.Kind)}
		}
		if n.at == raised.At && string(n.Kind) == raised.Notice && !slices.Contains(raised.To, n.to) {
			raised.To = append(raised.To, n.to)
		}
	}
	return raised
}

// about holds for notices about an object.
func about(ref parley.Ref) func(told) bool {
	return func(n told) bool { return ref != "" && n.Object == ref }
}

// between holds for notices about one thing that name another.
func between(object, other parley.Ref) func(told) bool {
	return func(n told) bool { return object != "" && other != "" && n.Object == object && n.Other == other }
}

// page is a warning that a page shows.
func (h *hearing) page(name, fact string) *Raised {
	to, since := h.s.shown(fact)
	if len(to) == 0 {
		return nil
	}
	return &Raised{At: since, To: to, Notice: "page " + name}
}

// from keeps notices from a time on.
func from(at int64, holds func(told) bool) func(told) bool {
	return func(n told) bool { return n.at >= at && holds(n) }
}

// given is when the first and the last event happened that an expectation may rest on.
func (h *hearing) given() (first, last int64) {
	first = parley.MaxTime
	for _, g := range h.x.Given {
		at := h.s.story.Event(g).At
		first, last = min(first, at), max(last, at)
	}
	return first, last
}

// following returns the first notice from the last given event on, or else from the first: one before them all is not about them.
func (h *hearing) following(holds func(told) bool, kinds ...parley.NoticeKind) *Raised {
	first, last := h.given()
	if r := h.first(from(last, holds), kinds...); r != nil {
		return r
	}
	return h.first(from(first, holds), kinds...)
}

var finders map[replay.Warning]func(*hearing) *Raised

func init() {
	finders = map[replay.Warning]func(*hearing) *Raised{
		"contrary_indication": indication, "reverse_conflict": reverse, "text_geometry_mismatch": toldElsewhere,
		"position_mismatch": (*hearing).mismatch, "extent_ignored": (*hearing).extentIgnored,
		"ack_missing": (*hearing).ackMissing, "list_not_held": (*hearing).listNotHeld, "no_answer_count": (*hearing).noAnswers,
		"reack_overdue": (*hearing).reack, "update_unacknowledged": (*hearing).updateLate,
		"urgent_stop_untaken": (*hearing).untaken, "urgent_stop_without_effect": (*hearing).withoutEffect, "urgent_stop_repeat": (*hearing).repeated,
		"any_duty_officer_accept": (*hearing).anyOfficer, "hold_prompt": (*hearing).asked,
		"movement_phase_uncovered": (*hearing).uncovered, "stop_exceeds_window": (*hearing).standsLong, "contact_lost": (*hearing).lost,
		"unnotified_change": (*hearing).changed, "pause_expired": (*hearing).pauseEnded,
		"recent_harm_near_movement": (*hearing).harmNear, "nearby_fire": (*hearing).fireNear,
		"stale_list": (*hearing).staleList, "stale_entry": (*hearing).staleEntry, "verification_conflict": (*hearing).sources,
		"check_missing": (*hearing).unchecked, "recheck_required": (*hearing).recheck, "approval_not_a_substitute": (*hearing).urgentUnchecked,
		"warning_not_given": (*hearing).notWarned, "line_crossing_without_notice": (*hearing).crossed, "line_not_agreed": (*hearing).notAgreed,
		"presence_contradiction": (*hearing).contradiction, "request_refused_standing": (*hearing).refused, "version_dispute": (*hearing).disputed,
		"harm_at_notified_object": (*hearing).harm, "correction_overdue": (*hearing).correction, "repeat_object_alarm": (*hearing).harmedBefore,
	}
}

// as looks as an officer of a side.
func (h *hearing) as(e *side, look func(*channel.Viewer)) {
	if e.officer != nil {
		_ = h.s.as(e.officer, look)
	}
}
