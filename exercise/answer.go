package exercise

import (
	"fmt"
	"regexp"
	"slices"

	"parley"
	"parley/exchange/replay"
	"parley/geo"
)

var handedTo = regexp.MustCompile(`(?i)level|delivered|reached`)

func (s *stage) relayed(e *replay.Event, by *side) error {
	level, _ := fact(e.Data, handedTo)
	name, reached := level.(string)
	if flag, ok := level.(bool); ok {
		reached = flag
	}
	about := s.callsAbout(e)
	for _, o := range s.objects(e) {
		if t := s.on(o.ID); t.ref != "" && (t.protected() || t.area != nil) {
			about = append(about, t.ref)
		}
	}
	for _, p := range s.addressed(e, by) {
		for _, of := range about {
			if _, err := s.tell(s.verifier, &parley.RelayLog{Of: of, Party: p.ref, Echelon: echelon(replay.Level(name), parley.Unit), Delivered: reached, At: e.At}); err != nil {
				return err
			}
		}
	}
	return nil
}

// callsAbout returns the urgent calls that an event refers to: by their event, or by an object that the call was about.
func (s *stage) callsAbout(e *replay.Event) (stops []parley.Ref) {
	for i := range s.story.Events[:s.at] {
		x := &s.story.Events[i]
		stop := s.calls[x.ID]
		if stop == "" || slices.Contains(stops, stop) {
			continue
		}
		if slices.Contains(e.Refs, x.ID) || slices.ContainsFunc(e.Refs, func(ref string) bool { return slices.Contains(x.Refs, ref) }) {
			stops = append(stops, stop)
		}
	}
	return stops
}

// answered says that a party has something: an object by reading it back, a call by taking it; and which level has it.
func (s *stage) answered(e *replay.Event) error {
	by := s.sides[e.Actor]
	if by.role != replay.Party {
		return nil
	}
	spoken := false
	if e.Kind != replay.Handover {
		for _, o := range s.objects(e) {
			t := s.on(o.ID)
			switch {
			case t.protected():
				said := s.said
				if err := s.acknowledge(t, by, e); err != nil {
					return err
				}
				spoken = spoken || s.said > said // what it has acknowledged before, it now answers a call about
			case t.area != nil && by == t.owner:
				if err := s.insist(t); err != nil { // its own word on its own area is an order, and no check
					return err
				}
				spoken = true
			case t.area != nil && e.Kind == replay.Acknowledge && refuses(e):
				if err := s.object(t, by); err != nil {
					return err
				}
				spoken = true
			case t.area != nil && e.Kind == replay.Acknowledge && by != t.owner:
				if err := s.readBack(t, by, e); err != nil {
					return err
				}
				spoken = true
			case o.Type == replay.List:
				if err := s.attest(o, e); err != nil {
					return err
				}
			}
		}
	}
	if explicit := slices.ContainsFunc(e.Refs, func(ref string) bool { return s.calls[ref] != "" }); spoken && !explicit {
		return nil
	}
	return s.take(e, by)
}

func (s *stage) readBack(t *thing, by *side, e *replay.Event) error {
	if err := s.include(t, by); err != nil {
		return err
	}
	box := t.area.Shape.Bounds()
	center := box.Center()
	if p, ok := placeIn(e.Data, &center); ok {
		center = p
	}
	_, err := s.tell(by.officer, &parley.AreaReadback{Of: t.versioned(), Center: center, Extent: int32(geo.DistanceMM(box.Min, box.Max) / 1000), From: t.area.Window.From, To: t.area.Window.To})
	if code(err) == parley.CodeReadBack {
		return nil // a wrong one is kept, and both sides are shown it
	}
	return err
}

// take says that a party has the calls that an event is about. Any officer on duty may; a hand-over is taken by another one.
func (s *stage) take(e *replay.Event, by *side) error {
	who := by.officer
	if e.Kind == replay.Handover {
		who = by.second
	}
	for _, stop := range s.callsAbout(e) {
		state, concerned := s.stopState(stop, by)
		if !concerned || state == parley.StopStoodDown {
			continue
		}
		if state == parley.StopRaised {
			if _, err := s.tell(who, &parley.StopTake{Stop: stop}); err != nil {
				return err
			}
			state = parley.StopTaken
		}
		if e.Level != "" && e.Level != "hq" && (state == parley.StopTaken || state == parley.StopPassed) {
			if _, err := s.tell(who, &parley.StopPass{Stop: stop, Echelon: echelons[e.Level]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// acknowledge has a party acknowledge the newest version, with the place that it holds, and say to which level it went.
func (s *stage) acknowledge(t *thing, by *side, e *replay.Event) error {
	if t.given[by.id] == 0 && s.waits {
		return nil // the desk has not given it to anybody
	}
	if t.given[by.id] == 0 {
		if err := s.release(t, []*side{by}); err != nil {
			return err
		}
	}
	of := parley.Versioned{Ref: t.ref, Version: t.given[by.id]}
	anchor := t.anchor()
	held, differs := placeIn(e.Data, &anchor)
	if differs && held != anchor {
		// The place that a level holds is not the notified one: a read-back of it is no acknowledgement.
		_, err := s.tell(by.officer, &parley.EntryAttest{Of: of, Echelon: echelon(e.Level, parley.Headquarters), Place: held})
		return err
	}
	key := fmt.Sprint(of, by.id)
	if aged := s.acks[key] != 0 && s.now() >= s.acks[key]+s.profileClocks().Attestation; s.acks[key] == 0 || aged {
		if _, err := s.tell(by.officer, &parley.ObjectAcknowledge{Of: of, ReadBack: anchor}); err != nil {
			return err
		}
		s.acks[key] = s.now()
	}
	if e.Kind == replay.Disseminate || e.Level == "unit" || e.Level == "ops_room" {
		head := s.head(by)
		_, err := s.tell(by.officer, &parley.ObjectDissemination{Of: of, Echelon: echelon(e.Level, parley.Headquarters), Head: &head})
		return err
	}
	return nil
}

func (s *stage) profileClocks() parley.Clocks { p := profile(s.story); return p.Clocks }
