package exercise

import (
	"regexp"
	"slices"

	"parley"
	"parley/channel"
	"parley/release"
)

// asked is the question to the people on the road: put after what it may rest on, or still open when it was put before.
func (h *hearing) asked() *Raised {
	movement := h.thing("movement")
	if r := h.following(about(movement.ref), parley.NoticePrompt); r != nil {
		return r
	}
	var open []parley.Ref
	h.as(movement.owner, func(v *channel.Viewer) {
		prompts, _ := v.Prompts(0, 1000)
		for _, p := range prompts {
			if p.Answered == "" && !p.NoAnswer {
				open = append(open, p.Ref)
			}
		}
	})
	return h.first(func(n told) bool { return about(movement.ref)(n) && slices.Contains(open, n.Other) }, parley.NoticePrompt)
}

var phases = []struct {
	named *regexp.Regexp
	is    []parley.MovementState
}{
	{regexp.MustCompile(`(?i)load|deliver|distribut|embark|boarding|pick.?up`), []parley.MovementState{parley.MovementUnloading}},
	{regexp.MustCompile(`(?i)return|back|home|turn`), []parley.MovementState{parley.MovementTurnedBack, parley.MovementReturned, parley.MovementResumed}},
	{regexp.MustCompile(`(?i)wait|stop|stand|halt|check|queue|stay|night|park`), []parley.MovementState{parley.MovementWaiting, parley.MovementAtStop, parley.MovementHeld, parley.MovementCheckpoint}},
	{regexp.MustCompile(``), []parley.MovementState{parley.MovementDeparted, parley.MovementResumed, parley.MovementCheckpoint}},
}

// road is how a movement stands on the road, as its owner reads it.
func (h *hearing) road(t *thing) (road *release.Road) {
	h.as(t.owner, func(v *channel.Viewer) {
		if f, ok := v.Object(t.ref); ok {
			road = f.Road
		}
	})
	return road
}

// uncovered is a movement that does what its plan does not cover.
func (h *hearing) uncovered() *Raised {
	movement := h.thing("movement")
	if movement.plan == nil {
		return nil
	}
	road := h.road(movement)
	if road == nil {
		return nil
	}
	for _, p := range phases {
		if !p.named.MatchString(h.text("phase")) {
			continue
		}
		return h.first(func(n told) bool {
			if !about(movement.ref)(n) {
				return false
			}
			for _, r := range road.Reports { // the newest first: what it did then
				if stamped(r.Noted) <= n.at {
					return slices.Contains(p.is, r.Status)
				}
			}
			return false
		}, parley.NoticeUncovered)
	}
	return nil
}

// standsLong is a movement that stood, by its own reports, for so long.
func (h *hearing) standsLong() *Raised {
	movement := h.thing("movement")
	road := h.road(movement)
	if road == nil {
		return nil
	}
	return h.after(about(movement.ref), parley.NoticeOffPlan, func(at int64) (since int64) {
		for _, r := range road.Reports { // the newest first
			if noted := stamped(r.Noted); noted < at {
				if !r.Status.Standing() {
					break
				}
				since = noted
			}
		}
		return since
	})
}

// lost is a movement of which nothing was heard for so long.
func (h *hearing) lost() *Raised {
	movement := h.thing("movement")
	road := h.road(movement)
	if road == nil {
		return nil
	}
	return h.after(about(movement.ref), parley.NoticeContactLost, func(at int64) (since int64) {
		for _, r := range road.Reports {
			if noted := stamped(r.Noted); noted < at {
				since = max(since, noted)
			}
		}
		for _, c := range road.Contacts {
			if tried := stamped(c.At); c.Reached && tried < at {
				since = max(since, tried)
			}
		}
		return since
	})
}

// after is a notice about something that has gone on since a time. It counts once that has gone on for as long as the expectation names; one
// that came earlier counts when that is so before the event, and nothing has ended it.
func (h *hearing) after(holds func(told) bool, kind parley.NoticeKind, since func(at int64) int64) *Raised {
	before := h.s.story.Event(h.x.Before).At
	lasted := func(n told) bool {
		began := since(n.at)
		return holds(n) && began != 0 && (n.at-began >= h.minutes() || before-began >= h.minutes() && since(before) == began)
	}
	return h.following(lasted, kind)
}

func (h *hearing) pauseEnded() *Raised {
	return h.first(about(h.thing("pause").ref), parley.NoticeArrangementEnded)
}

func (h *hearing) harmNear() *Raised {
	movement := h.thing("movement")
	var asked []parley.Ref
	h.as(movement.owner, func(v *channel.Viewer) {
		prompts, _ := v.Prompts(0, 1000)
		for _, p := range prompts {
			if p.Cause == parley.CauseStop {
				asked = append(asked, p.Ref)
			}
		}
	})
	return h.following(func(n told) bool {
		return about(movement.ref)(n) && (n.Kind == parley.NoticeFireNear || slices.Contains(asked, n.Other))
	}, parley.NoticeFireNear, parley.NoticePrompt)
}

func (h *hearing) updateLate() *Raised {
	e := h.event("event")
	if e == nil {
		return nil
	}
	due := e.At + h.minutes()
	for _, o := range h.s.objects(e) {
		if r := h.first(from(due, about(h.s.on(o.ID).ref)), parley.NoticeUpdateLate, parley.NoticeNoAnswer); r != nil {
			return r
		}
	}
	return nil
}

// stop is an urgent call as whoever raised it reads it.
func (h *hearing) stop(ref parley.Ref, by *side) (stop *release.Stop) {
	h.as(by, func(v *channel.Viewer) {
		if st, ok := v.Stop(ref); ok {
			stop = st
		}
	})
	return stop
}

// untaken is an urgent call that climbs because nobody has taken it for so long. One that was taken in that time is not it, whatever is
// called later.
func (h *hearing) untaken() *Raised {
	e := h.event("event")
	if e == nil || h.s.calls[e.ID] == "" {
		return nil
	}
	ref, due := h.s.calls[e.ID], e.At+h.minutes()
	stop := h.stop(ref, h.s.voice(e))
	if stop == nil || h.s.story.Event(h.x.Before).At < due {
		return nil
	}
	for _, l := range stop.Log {
		if at := stamped(l.At); l.What == "taken" && at >= e.At && at <= due {
			return nil
		}
	}
	if r := h.first(from(due, about(ref)), parley.NoticeStopClimbs); r != nil {
		return r
	}
	return h.first(from(e.At, about(ref)), parley.NoticeStopClimbs) // it has climbed before, and waits still
}

// withoutEffect is an urgent call that was taken, after which fire was reported again: it is told anew and climbs.
func (h *hearing) withoutEffect() *Raised {
	e := h.event("event")
	if e == nil || h.s.calls[e.ID] == "" {
		return nil
	}
	stop := h.stop(h.s.calls[e.ID], h.s.voice(e))
	if stop == nil {
		return nil
	}
	taken := false
	for _, l := range stop.Log {
		taken = taken || l.What == "taken"
		if again := l.What == "raised again" || l.Effect == parley.FireGoesOn; taken && again && stamped(l.At) >= e.At+h.minutes() {
			return h.first(from(stamped(l.At), about(stop.Ref)), parley.NoticeStop)
		}
	}
	return nil
}

// repeated are so many urgent calls on one object.
func (h *hearing) repeated() *Raised {
	object := h.thing("object")
	count := max(2, int(h.number("count")))
	for i := range h.s.story.Events {
		e := &h.s.story.Events[i]
		ref := h.s.calls[e.ID]
		if ref == "" || !slices.Contains(e.Refs, h.text("object")) {
			continue
		}
		stop := h.stop(ref, h.s.voice(e))
		if stop == nil || stop.Object != object.ref && object.ref != "" {
			continue
		}
		n := 0
		for _, l := range stop.Log {
			if l.What != "raised" && l.What != "raised again" {
				continue
			}
			if n++; n == count {
				return h.first(from(stamped(l.At), about(stop.Ref)), parley.NoticeStop)
			}
		}
	}
	return nil
}

// anyOfficer is an urgent call that waits for nobody in particular: it calls every duty officer of a party, not the one who is usually
// there, and one who is off the rota may take it.
func (h *hearing) anyOfficer() *Raised {
	e := h.event("event")
	if e == nil || h.s.calls[e.ID] == "" {
		return nil
	}
	ref := h.s.calls[e.ID]
	stop := h.stop(ref, h.s.voice(e))
	if stop == nil {
		return nil
	}
	for _, p := range h.s.parties {
		if !slices.Contains(stop.Parties, p.ref) {
			continue
		}
		seen := h.stop(ref, &side{officer: p.second}) // as the officer off the rota reads it
		if seen == nil {
			continue
		}
		for _, l := range seen.Log {
			if slices.Contains(l.Called, p.officer.ref) && slices.Contains(l.Called, p.second.ref) && stamped(l.At) >= e.At {
				return h.first(from(stamped(l.At), about(ref)), parley.NoticeStop, parley.NoticeStopClimbs)
			}
		}
	}
	return nil
}
