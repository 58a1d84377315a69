package exercise

import (
	"fmt"
	"slices"
	"time"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
	"parley/release"
)

// told is a notice that an account got.
type told struct {
	release.Notice
	to string // an actor of the case, else desk or board
	at int64
}

// reader is an account with somebody who reads for it.
type reader struct {
	name string
	who  *person
}

func (s *stage) readers() (list []reader) {
	desk := "desk"
	for _, a := range s.story.Actors {
		switch e := s.sides[a.ID]; {
		case e.role == replay.Desk:
			desk = e.id
		case e.ref != "":
			list = append(list, reader{e.id, e.officer})
		}
	}
	if s.standIn != nil {
		list = append(list, reader{s.standIn.id, s.standIn.officer})
	}
	return append(list, reader{desk, s.releaser}, reader{"board", s.trustees[0]})
}

// notices are all that were told so far, in the order of their times.
func (s *stage) notices() (all []told, err error) {
	for _, r := range s.readers() {
		if err := s.as(r.who, func(v *channel.Viewer) {
			for from := uint64(0); ; {
				page, next := v.Inbox(from, 1000)
				for _, n := range page {
					all = append(all, told{n, r.name, stamped(n.At)})
				}
				if from = next; len(page) == 0 {
					break
				}
			}
		}); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b told) int { return int(min(max(a.at-b.at, -1), 1)) })
	return all, nil
}

// stamped reads a time that the channel wrote.
func stamped(text string) int64 {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0
	}
	return at.UnixMilli()
}

// look reads the pages that show what no notice says, and keeps since when each has shown it.
func (s *stage) look() error {
	now := map[string]bool{}
	for _, r := range s.readers() {
		if err := s.as(r.who, func(v *channel.Viewer) {
			for _, fact := range pages(v) {
				now[r.name+" "+fact] = true
			}
		}); err != nil {
			return err
		}
	}
	at := s.now()
	for key := range s.since {
		if !now[key] {
			delete(s.since, key)
		}
	}
	for key := range now {
		if s.since[key] == 0 {
			s.since[key] = at
		}
	}
	return nil
}

// pages says what a person's pages show: levels without a list or an entry, sendings without an answer, how parties stand to a line.
func pages(v *channel.Viewer) (facts []string) {
	boards, _ := v.Levels(0, 1000)
	for _, b := range boards {
		for _, g := range b.Gaps {
			if g.Kind == release.GapNoList {
				facts = append(facts, fmt.Sprintf("no list %s %s %s", b.Party, g.Echelon, g.Area))
			}
			for _, of := range g.Of {
				facts = append(facts, fmt.Sprintf("not passed %s %s %s", b.Party, g.Echelon, of.Ref))
			}
		}
		for _, o := range b.Open {
			for n := 1; n <= min(max(o.Sendings, o.NoAnswer), 500); n++ {
				facts = append(facts, fmt.Sprintf("no answer %s %s %d", b.Party, o.Of.Ref, n))
			}
			facts = append(facts, fmt.Sprintf("not acknowledged %s %s", b.Party, o.Of.Ref))
		}
	}
	arranged, _ := v.Arrangements(0, 1000)
	for _, a := range arranged {
		for _, c := range a.Consents {
			if c.Status == parley.ConsentNoAnswer || c.Status == parley.ConsentNotTold {
				facts = append(facts, fmt.Sprintf("no word %s %s", a.Ref, c.Party))
			}
		}
		if a.State == string(parley.ArrangementAgreed) {
			continue
		}
		for _, c := range a.Consents {
			if c.Status != parley.ConsentAgreed {
				facts = append(facts, fmt.Sprintf("not agreed %s %s", a.Ref, c.Party))
			}
		}
	}
	return facts
}

// shown finds what pages show now, by the reader's name: who sees it, and since when.
func (s *stage) shown(fact string) (to []string, since int64) {
	for _, r := range s.readers() {
		if at := s.since[r.name+" "+fact]; at != 0 {
			to = append(to, r.name)
			if since == 0 || at < since {
				since = at
			}
		}
	}
	return to, since
}

// notice is a notice about a reference and no more.
func notice(ref parley.Ref) release.Notice { return release.Notice{Object: ref} }
