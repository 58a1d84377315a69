package node_test

import (
	"context"
	"os"
	"slices"
	"testing"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/node"
	"parley/release"
)

// played is an open case on a running node whose time is simulated, as far as these tests play one: notices to parties, their
// acknowledgements, reports from the road and urgent calls. Its parties are those of the cast, in the order of the file.
type played struct {
	*cast.Cast
	node  *node.Node
	story *replay.Case
	refs  map[string]parley.Ref   // of objects, and of stops by the event that raised them
	read  map[string]geo.Position // what an officer reads back of an object
}

func openCase(t *testing.T, file string) *played {
	t.Helper()
	text, err := os.ReadFile(need.Shared(t, "replays", file))
	if err != nil {
		t.Fatal(err)
	}
	p := &played{refs: map[string]parley.Ref{}, read: map[string]geo.Position{}}
	if p.story, err = replay.Read(text); err != nil {
		t.Fatal(err)
	}
	profile := cast.Profile()
	profile.Zone = p.story.Zone.Name
	at := p.story.Place.At
	profile.SouthWest, profile.NorthEast = geo.Position{Lon: at.Lon - 2*geo.E7, Lat: at.Lat - 2*geo.E7}, geo.Position{Lon: at.Lon + 2*geo.E7, Lat: at.Lat + 2*geo.E7}
	folder, theatre, trustees := cast.SimulatedFolder(t, profile, p.story.Events[0].At-parley.Hour)
	if p.node, err = node.Open(t.Context(), node.Config{Folder: folder}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.node.Close(); err != nil {
			t.Error(err)
		}
	})
	p.Cast = cast.Enter(t, cast.OnNode{Node: p.node}, theatre, trustees, p.now)
	return p
}

func (p *played) now() (at int64) {
	if err := p.node.Read(func(s *channel.State) { at = s.Now() }); err != nil {
		panic(err)
	}
	return at
}

func (p *played) advance(to int64) {
	p.T.Helper()
	if to > p.now() {
		if err := p.node.Advance(context.Background(), to); err != nil {
			p.T.Fatal(err)
		}
	}
}

// party is the force that plays a party of the file.
func (p *played) party(id string) *cast.Force {
	p.T.Helper()
	forces := []*cast.Force{p.A, p.B}
	for _, a := range p.story.Actors {
		if a.Role != replay.Party || len(forces) == 0 {
			continue
		}
		if a.ID == id {
			return forces[0]
		}
		forces = forces[1:]
	}
	p.T.Fatalf("nobody of the cast plays %s", id)
	return nil
}

// until plays the events before one, and lets the clocks run to a second before it.
func (p *played) until(before string) {
	p.T.Helper()
	for i := range p.story.Events {
		e := &p.story.Events[i]
		if e.ID == before {
			p.advance(e.At - parley.Second)
			return
		}
		p.advance(e.At)
		p.play(e)
	}
}

func (p *played) play(e *replay.Event) {
	p.T.Helper()
	switch {
	case e.Kind == replay.Notify && e.Actor == "n1":
		for _, ref := range e.Refs {
			p.notify(p.story.Object(ref), e)
		}
	case e.Kind == replay.Acknowledge:
		for _, ref := range e.Refs {
			p.Tell(p.party(e.Actor).Officer, &parley.ObjectAcknowledge{Of: cast.V(p.refs[ref], 1), ReadBack: p.read[ref]})
		}
	case e.Kind == replay.Depart || e.Kind == replay.Unload || e.Kind == replay.EscortChange:
		report := &parley.MovementReport{Movement: p.refs[e.Refs[0]], At: p.now(), Leg: 1, Status: map[replay.Kind]parley.MovementState{replay.Depart: parley.MovementDeparted, replay.Unload: parley.MovementUnloading, replay.EscortChange: parley.MovementCheckpoint}[e.Kind]}
		if e.Data["phase"] == "return" {
			report.Status = parley.MovementResumed // the plan that is made up for it has one leg
		}
		if e.Data["armed_presence"] == true {
			report.Armed = parley.Yes
		}
		p.Tell(p.Org, report)
	case e.Kind == replay.HotlineCall && e.Urgent:
		raise := &parley.StopRaise{Object: p.refs[e.Refs[0]]}
		if raise.Object == "" {
			raise.Place = &p.story.Object(e.Refs[0]).Geometry.Points[0]
		}
		by := p.Org
		if e.Actor != "n1" {
			by = p.party(e.Actor).Officer
		}
		p.refs[e.ID] = p.Tell(by, raise).Ref
	}
}

// notify notifies a site or movement, and the desk gives it to those whom the event names.
func (p *played) notify(o *replay.Object, e *replay.Event) {
	p.T.Helper()
	var to []parley.Ref
	for _, id := range e.To {
		if p.story.Actor(id).Role == replay.Party {
			to = append(to, p.party(id).Ref)
		}
	}
	p.refs[o.ID] = p.Must(p.Org, func(d *draft.Draft) parley.Body {
		if o.Type == replay.Site {
			site := cast.Hospital(d, o.Geometry.Points[0], e.At, to...)
			p.read[o.ID] = site.Anchor()
			return &parley.SiteNotify{Site: site}
		}
		depart := e.At + 12*parley.Hour // nobody knows what was notified
		line := o.Geometry.Points
		m := cast.Convoy(d, depart, line[0], line[len(line)-1], line[0], to...)
		m.Legs, m.Stops = m.Legs[:1], nil
		p.read[o.ID] = m.Anchor()
		return &parley.MovementNotify{Movement: m}
	}).Ref
	p.Release(cast.V(p.refs[o.ID], 1), to...)
}

// as looks at the channel as a person does.
func (p *played) as(who *cast.Person, look func(*channel.Viewer)) {
	p.T.Helper()
	if err := p.node.Read(func(s *channel.State) {
		member, _ := s.Session(draft.KeyOf(who.Key).ID())
		look(s.View(&member, s.Now(), p.node.Text))
	}); err != nil {
		p.T.Fatal(err)
	}
}

// told counts notices of a kind about an object that a person's account got from a time on.
func (p *played) told(who *cast.Person, kind parley.NoticeKind, about parley.Ref, from int64) (n int) {
	p.T.Helper()
	p.as(who, func(v *channel.Viewer) {
		notices, _ := v.Inbox(0, 1000)
		for _, x := range notices {
			if x.Kind == kind && x.Object == about && x.At >= parley.Stamp(from) {
				n++
			}
		}
	})
	return n
}

// unstated reports whether somebody reads that nobody has stated a party's units to hold an object.
func (p *played) unstated(who *cast.Person, party, object parley.Ref) (found bool) {
	p.T.Helper()
	p.as(who, func(v *channel.Viewer) {
		boards, _ := v.Levels(0, 10)
		for _, b := range boards {
			for _, g := range b.Gaps {
				if b.Party == party && g.Kind == release.GapPassed && g.Echelon == parley.Unit && slices.Contains(g.Of, cast.V(object, 1)) {
					found = true
				}
			}
		}
	})
	return found
}

// Headquarters acknowledged and no unit was told: the party and the desk read it before the harm. Told to a unit, they do not.
func TestAcknowledgementThatStopsAtHeadquartersIsSeenBeforeTheHarm(t *testing.T) {
	for _, x := range []struct{ file, object, before string }{
		{"kunduz-2015-10-03.json", "o1", "e8"}, {"urum-al-kubra-2016-09-19.json", "m1", "e8"}, {"wck-gaza-2024-04-01.json", "m1", "e8"},
	} {
		t.Run(x.file, func(t *testing.T) {
			p := openCase(t, x.file)
			p.until(x.before)
			officer := p.party("p1").Officer
			for _, who := range []*cast.Person{officer, p.Releaser} {
				if !p.unstated(who, officer.Account, p.refs[x.object]) {
					t.Errorf("%s does not read that no unit was told", who.Account)
				}
			}
			var head parley.ListHead
			p.as(officer, func(v *channel.Viewer) { head, _, _ = v.List(0, 1) })
			p.Tell(officer, &parley.ObjectDissemination{Of: cast.V(p.refs[x.object], 1), Echelon: parley.Unit, Head: &head})
			for _, who := range []*cast.Person{officer, p.Releaser} {
				if p.unstated(who, officer.Account, p.refs[x.object]) {
					t.Errorf("%s reads that no unit was told, though one was", who.Account)
				}
			}
		})
	}
}

// An urgent call that nobody takes climbs to every officer five minutes on. Any officer takes it, and then it climbs no more.
func TestUrgentCallOfAnOpenCaseClimbsUntilAnyOfficerTakesIt(t *testing.T) {
	for _, x := range []struct{ file, call, by, before string }{
		{"kunduz-2015-10-03.json", "e9", "p1", "e10"}, {"deir-ez-zor-2016-09-17.json", "e5", "p1", "e6"},
	} {
		for _, control := range []bool{false, true} {
			p := openCase(t, x.file)
			called := p.story.Event(x.call).At
			force := p.party(x.by)
			if control {
				p.until(x.call)
				p.advance(called)
				p.play(p.story.Event(x.call))
				p.advance(called + 2*parley.Minute)
				p.Tell(force.Second, &parley.StopTake{Stop: p.refs[x.call]})
				p.advance(p.story.Event(x.before).At - parley.Second)
			} else {
				p.until(x.before)
			}
			stop := p.refs[x.call]
			if n := p.told(force.Officer, parley.NoticeStop, stop, called); n == 0 {
				t.Errorf("%s: the party was not told of the call", x.file)
			}
			if n := p.told(force.Officer, parley.NoticeStopClimbs, stop, called+5*parley.Minute); (n == 0) != control {
				t.Errorf("%s: taken after two minutes %v, told of %d climbs from five minutes on", x.file, control, n)
			}
			if !control {
				if n := p.told(force.Officer, parley.NoticeStopStep, stop, called); n != 0 {
					t.Errorf("%s: %d steps were told before anybody took the call", x.file, n)
				}
				p.Tell(force.Second, &parley.StopTake{Stop: stop})
			}
			if n := p.told(force.Officer, parley.NoticeStopStep, stop, called); n == 0 {
				t.Errorf("%s: the party was not told who took the call", x.file)
			}
		}
	}
}

// Armed people are seen with a movement that was notified without: its owner, the desk and the party are told, and its people are asked.
func TestEscortThatWasNotNotifiedIsToldBeforeTheHarm(t *testing.T) {
	p := openCase(t, "wck-gaza-2024-04-01.json")
	seen := p.story.Event("e4").At
	asked := func() (n int) {
		p.as(p.Org, func(v *channel.Viewer) {
			prompts, _ := v.Prompts(0, 100)
			for _, q := range prompts {
				if q.Cause == parley.CauseEscort {
					n++
				}
			}
		})
		return n
	}
	everyone := []*cast.Person{p.Org, p.Releaser, p.party("p1").Officer}
	p.until("e4")
	for _, who := range everyone {
		if n := p.told(who, parley.NoticeUnnotified, p.refs["m1"], 0); n != 0 || asked() != 0 {
			t.Errorf("%s was told of %d changes before any", who.Account, n)
		}
	}
	p.advance(seen)
	p.play(p.story.Event("e4"))
	p.advance(p.story.Event("e8").At - parley.Second)
	for _, who := range everyone {
		if n := p.told(who, parley.NoticeUnnotified, p.refs["m1"], seen); n != 1 {
			t.Errorf("%s was told of %d changes; expected 1", who.Account, n)
		}
	}
	if asked() != 1 {
		t.Errorf("the people on the road were asked %d times; expected once", asked())
	}
}
