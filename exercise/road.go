package exercise

import (
	"regexp"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
	"parley/internal/draft"
)

var (
	phaseName = regexp.MustCompile(`(?i)phase|status|state`)
	goesBack  = regexp.MustCompile(`(?i)return|back|home`)
	standsBy  = regexp.MustCompile(`(?i)\bwait|\bstand|\bstop|\bhalt|\bheld\b|checkpoint|parked|queue`)
	unloads   = regexp.MustCompile(`(?i)load|embark|boarding|pick.?up`) // taking on is a stop of the same kind as putting off
	comesTo   = regexp.MustCompile(`(?i)final|destination|end of`)
)

// reported is a movement's word from the road. Its owner says it, also of what somebody else did to it.
func (s *stage) reported(e *replay.Event) error {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.plan == nil {
			if o.Type == replay.Site || o.Type == replay.Movement {
				if err := s.track(o, e); err != nil {
					return err
				}
			}
			continue
		}
		if e.Kind == replay.EscortChange && e.Data["notified"] == true { // its owner has said so before: a new version
			if err := s.update(t, e); err != nil {
				return err
			}
			continue
		}
		if err := s.report(t, e, s.status(t, e)); err != nil {
			return err
		}
		if e.Kind == replay.EscortChange && s.sides[e.Actor] == t.owner { // who tells of a change states the movement anew
			if err := s.restate(t, e); err != nil {
				return err
			}
		}
	}
	return s.crossings(e, s.sides[e.Actor])
}

// status is what a movement does by an event.
func (s *stage) status(t *thing, e *replay.Event) parley.MovementState {
	phase := word(e.Data, phaseName)
	if phase == "" && (goesBack.MatchString(e.Text) || turnsBack.MatchString(e.Text)) {
		phase = "return"
	}
	set := t.state != parley.MovementPlanned
	switch {
	case e.Kind == replay.Depart && turnsBack.MatchString(e.Text) && t.back == 0:
		return parley.MovementTurnedBack
	case e.Kind == replay.Unload || unloads.MatchString(phase):
		return parley.MovementUnloading
	case e.Kind == replay.Depart && set && goesBack.MatchString(phase) && t.back == 0:
		return parley.MovementTurnedBack
	case e.Kind == replay.Depart && set:
		return parley.MovementResumed
	case e.Kind == replay.Depart:
		return parley.MovementDeparted
	case standsBy.MatchString(phase):
		return parley.MovementWaiting
	case e.Kind == replay.Arrive && goesBack.MatchString(phase):
		return parley.MovementReturned
	case e.Kind == replay.Arrive && comesTo.MatchString(phase):
		return parley.MovementArrived
	case e.Kind == replay.Arrive:
		return parley.MovementAtStop
	case set && t.state != parley.MovementDeparted:
		return t.state
	}
	return parley.MovementCheckpoint
}

// onRoad is the state of a movement said again: one that has departed does not depart twice.
func onRoad(state parley.MovementState) parley.MovementState {
	if state == parley.MovementDeparted {
		return parley.MovementResumed
	}
	return state
}

func (s *stage) report(t *thing, e *replay.Event, status parley.MovementState) error {
	if t.state == parley.MovementClosed || t.state == "" {
		return nil
	}
	if t.state == parley.MovementPlanned && status != parley.MovementDeparted {
		// What stands, unloads or is joined on the road has set out: nobody said when.
		if err := s.report(t, &replay.Event{ID: e.ID, At: e.At, Kind: replay.Depart}, parley.MovementDeparted); err != nil {
			return err
		}
	}
	b := &parley.MovementReport{Movement: t.ref, At: s.now(), Leg: 1, Status: status}
	if t.back != 0 && (goesBack.MatchString(word(e.Data, phaseName)) || goesBack.MatchString(e.Text)) {
		b.Leg = t.back
	}
	if armed, ok := fact(e.Data, armedNotified); ok || e.Kind == replay.EscortChange {
		b.Armed = parley.Yes
		if armed == false || !ok && escortLeaves.MatchString(e.Text) {
			b.Armed = parley.No
		}
	}
	if p, ok := placeIn(e.Data, nil); ok {
		b.Place = &p
	}
	differ(b, t, e)
	if _, err := s.tell(t.owner.officer, b); err != nil {
		return err
	}
	t.state = status
	return nil
}

// called is a call. An urgent one is an urgent stop, unless somebody tries to reach the people on the road; another is dialogue, in which a
// place may be told, or a protected object be spoken of again.
func (s *stage) called(e *replay.Event) error {
	by := s.voice(e)
	if reached, ok := s.reaching(e, by); ok {
		for _, o := range s.objects(e) {
			t := s.on(o.ID)
			if t.plan == nil {
				continue
			}
			if _, err := s.tell(s.speaker(by), &parley.ContactTry{Movement: t.ref, Means: parley.LiaisonTelephone, At: s.now(), Reached: reached}); err != nil {
				return err
			}
			if reached {
				if err := s.warn(t, by, e); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if warned, err := s.warnsSite(e, by); warned || err != nil {
		return err
	}
	if e.Urgent {
		n, _ := number(e.Data, manyTimes)
		for range max(1, int(min(n, 50))) {
			if err := s.raise(e, by); err != nil {
				return err
			}
		}
		return s.other(e)
	}
	spoke := false
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.plan != nil && by == t.owner && t.state != parley.MovementPlanned && changes(t, e) {
			if err := s.update(t, e); err != nil {
				return err
			}
			spoke = true
			continue
		}
		if t.protected() && (by == t.owner || by.role == replay.Desk) {
			if err := s.again(t, e, s.addressed(e, nil)); err != nil {
				return err
			}
			if err := s.again(t, e, nil); err != nil {
				return err
			}
			spoke = true
		}
	}
	if !spoke {
		if err := s.dialogue(e, by); err != nil {
			return err
		}
	}
	return s.other(e)
}

// voice is who speaks for the author of an event: somebody without an account rings the desk.
func (s *stage) voice(e *replay.Event) *side {
	if by := s.sides[e.Actor]; by.ref != "" {
		return by
	}
	return s.desk()
}

// desk is the desk as somebody who speaks.
func (s *stage) desk() *side {
	return &side{id: "desk", role: replay.Desk, ref: parley.Desk, officer: s.releaser, second: s.releaser}
}

// speaker is who speaks for a side: for the desk its releaser.
func (s *stage) speaker(by *side) *person {
	if by.role == replay.Desk {
		return s.releaser
	}
	return by.officer
}

var escortLeaves = regexp.MustCompile(`(?i)\b(leaves?|withdraw\w*|without (an )?escort|no escort|unarmed|turns? away)\b`)

var reachedName = regexp.MustCompile(`(?i)reach|answer|contact|connected|response`)

// reaching reports whether an event is somebody's try to reach a movement, and whether anybody was reached.
func (s *stage) reaching(e *replay.Event, by *side) (reached, ok bool) {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.plan == nil || by == nil || by.ref == "" {
			continue
		}
		if by.role == replay.Party && t.given[by.id] == 0 {
			continue // it does not know of it
		}
		toOwner := slices.Contains(e.To, t.owner.id)
		_, stated := fact(e.Data, reachedName)
		if toOwner && by != t.owner || stated && !slices.ContainsFunc(e.To, func(id string) bool { return s.sides[id].role == replay.Party }) {
			return !denies(e.Data, reachedName), true
		}
	}
	return false, false
}

// dialogue puts an ordinary call on record between the two sides.
func (s *stage) dialogue(e *replay.Event, by *side) error {
	for _, id := range e.To {
		with := s.sides[id]
		if with.ref == "" || with.ref == by.ref || by.role == replay.Notifier || with.role == replay.Notifier && by.role != replay.Desk {
			continue
		}
		if _, err := s.tell(s.speaker(by), &parley.LiaisonLog{With: with.ref, Means: parley.LiaisonTelephone, At: s.now(), Reached: !denies(e.Data, reachedName)}); err != nil {
			return err
		}
	}
	return nil
}

// raise raises an urgent stop: about the object that the caller knows of, or else about a place.
func (s *stage) raise(e *replay.Event, by *side) error {
	var b *parley.StopRaise
	for _, o := range s.objects(e) {
		if t := s.on(o.ID); t.protected() && (by == t.owner || by.role == replay.Desk || t.given[by.id] != 0) {
			b = &parley.StopRaise{Object: t.ref}
			break
		}
	}
	if b == nil {
		at, ok := placeIn(e.Data, nil)
		for _, o := range s.objects(e) {
			if p, known := s.where(o); !ok && known && o.Type != replay.Line && o.Type != replay.List {
				at, ok = p, true
			}
		}
		for _, o := range s.objects(e) {
			if p, known := s.where(o); !ok && known {
				at, ok = p, true
			}
		}
		if !ok {
			at = s.story.Place.At
		}
		b = &parley.StopRaise{Place: &at}
	}
	out, err := s.tell(s.speaker(by), b)
	if err != nil {
		return err
	}
	s.calls[e.ID] = out.Ref
	return nil
}

// warnsSite puts a party's call to the owner of a site that it holds on record as a warning, when somebody answered.
func (s *stage) warnsSite(e *replay.Event, by *side) (warned bool, err error) {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.site == nil || by.role != replay.Party || t.given[by.id] == 0 || !slices.Contains(e.To, t.owner.id) {
			continue
		}
		warned = true
		if !denies(e.Data, reachedName) {
			if err := s.warn(t, by, e); err != nil {
				return true, err
			}
		}
	}
	return warned, nil
}

// stopState is how far an urgent stop has come, as a side reads it.
func (s *stage) stopState(ref parley.Ref, by *side) (state parley.StopState, concerned bool) {
	_ = s.as(by.officer, func(v *channel.Viewer) {
		if st, ok := v.Stop(ref); ok {
			state, concerned = parley.StopState(st.State), slices.Contains(st.Parties, by.ref)
		}
	})
	return state, concerned
}

// harmed reports harm to notified objects, or else at a place. Nobody says by whom: the channel has no field for it.
func (s *stage) harmed(e *replay.Event) error {
	var hit []*thing
	for _, o := range s.objects(e) {
		if t := s.on(o.ID); t.protected() && e.Kind == replay.Harm {
			hit = append(hit, t)
		}
	}
	for _, t := range hit {
		out, err := s.tell(t.owner.officer, &parley.HarmReport{Object: t.ref, At: s.now()})
		if err != nil {
			return err
		}
		s.harms[e.ID] = out.Ref
	}
	if len(hit) == 0 {
		if at, by, ok := s.fireAt(e); ok {
			out, err := s.tell(by, &parley.HarmReport{Place: &at, At: s.now()})
			if err != nil {
				return err
			}
			s.harms[e.ID] = out.Ref
		}
	}
	return s.goesOn(e)
}

// fireAt is where fire is reported that hit nothing notified, and by whom: by an owner near it, or else by the desk.
func (s *stage) fireAt(e *replay.Event) (at geo.Position, by *person, ok bool) {
	at, ok = placeIn(e.Data, nil)
	by = s.verifier
	for _, area := range []bool{true, false} {
		for _, o := range s.objects(e) {
			if (o.Type == replay.Area) != area {
				continue
			}
			if p, known := s.where(o); known && !ok {
				at, ok = p, true
			}
			if t := s.on(o.ID); t.protected() {
				by = t.owner.officer
			}
		}
	}
	return at, by, ok
}

// goesOn says of urgent stops that somebody has taken that fire goes on.
func (s *stage) goesOn(e *replay.Event) error {
	for _, o := range s.objects(e) {
		t := s.on(o.ID)
		if t.ref == "" && o.Type != replay.Area || t.owner.ref == "" {
			continue
		}
		for i := range s.story.Events[:s.at] {
			x := &s.story.Events[i]
			stop := s.calls[x.ID]
			if stop == "" || !slices.Contains(x.Refs, o.ID) {
				continue
			}
			by := s.voice(x)
			state, _ := s.stopState(stop, by)
			if state != parley.StopTaken && state != parley.StopPassed && state != parley.StopEffect {
				continue
			}
			if _, err := s.tell(s.speaker(by), &parley.StopEffectReport{Stop: stop, Effect: parley.FireGoesOn}); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	warnName = regexp.MustCompile(`(?i)warn`)
	means    = map[string]parley.WarningMeans{"message": "message", "telephone": "telephone", "call": "telephone", "phone": "telephone", "radio": "radio", "loudspeaker": "loudspeaker",
		"leaflet": "leaflet", "leaflets": "leaflet", "low_pass": "show_of_force", "show_of_force": "show_of_force", "warning_shots": "warning_shots", "signals": "other", "flares": "other"}
)

// warn puts a warning to a protected object on record, when its author holds the object.
func (s *stage) warn(t *thing, by *side, e *replay.Event) error {
	if !t.protected() || by.role != replay.Party || t.given[by.id] == 0 {
		return nil
	}
	_, err := s.say(by.officer, func(d *draft.Draft) parley.Body {
		return &parley.WarningLog{Of: t.ref, Means: "telephone", Language: "en", At: s.now(), Words: d.Text("a warning")}
	})
	return err
}

// ladder puts the steps of warning that an event names on record, about a line that its author states.
func (s *stage) ladder(e *replay.Event, by *side) error {
	steps, ok := list(e.Data, "warning_ladder")
	if !ok {
		return nil
	}
	for _, a := range s.story.Objects {
		t := s.things[a.ID]
		if t == nil || t.line == nil || t.owner != by && !slices.Contains(t.line.Terms.Addressees, by.ref) {
			continue
		}
		for _, step := range steps {
			how := means[step]
			if how == "" {
				how = "other"
			}
			if _, err := s.say(by.officer, func(d *draft.Draft) parley.Body {
				return &parley.WarningLog{Of: t.ref, Means: how, Language: "en", At: s.now(), Words: d.Text(step)}
			}); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}
