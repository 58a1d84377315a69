package exercise

import (
	"regexp"

	"parley"
	"parley/exchange/replay"
	"parley/internal/draft"
)

// foundName is how a case says that a party has come upon a place that nobody had notified.
var foundName = regexp.MustCompile(`(?i)^(found|came_upon|come_upon|comes_upon|discovered)`)

// finds reports whether a party says of a place, for the first time, that its people have come upon it.
func (s *stage) finds(o *replay.Object, e *replay.Event) bool {
	return o.Type == replay.Site && notifies(e.Kind) && s.sides[e.Actor].role == replay.Party && says(e.Data, foundName)
}

// find enters a place as its finder's report, for which the desk keeps a site. Nobody but the desk has it until an event hands it on, whomever the
// report was addressed to: others get it from the desk, which names no finder.
func (s *stage) find(o *replay.Object, by *side, e *replay.Event) error {
	at := s.geometry(o)
	out, err := s.say(by.officer, func(d *draft.Draft) parley.Body {
		return &parley.SiteFound{Category: category(word(o.More, regexp.MustCompile("^category$"))), Shape: at, Obtained: parley.Obtained{Method: parley.ByMap, Accuracy: 10}, Occupancy: "unknown",
			Words: d.Text(e.Text), Asked: parley.AskedPeople, Findings: s.looked(at)}
	})
	if err != nil {
		return err
	}
	t := &thing{o: o, owner: s.keeper(), version: 1, from: s.now(), given: map[string]int{}, state: parley.MovementPlanned}
	site, err := s.say(s.releaser, func(d *draft.Draft) parley.Body {
		t.site = s.siteOf(d, o)
		t.site.From -= t.site.From % parley.Day
		for i := range t.site.Shared.Consents {
			t.site.Shared.Consents[i].Fields = []parley.Field{parley.FieldName}
		}
		return &parley.SiteAdopt{Found: out.Ref, Asked: parley.AskedPeople, Site: *t.site}
	})
	if err != nil {
		return err
	}
	t.ref = site.Ref
	s.things[o.ID] = t
	if s.waits {
		s.pending = append(s.pending, waiting{t, nil})
		return nil
	}
	return s.verify(t, s.now())
}

// keeper is the desk as the owner of what it keeps: the case's own, or one that the case does not name.
func (s *stage) keeper() *side {
	for _, a := range s.story.Actors {
		if a.Role == replay.Desk {
			return s.sides[a.ID]
		}
	}
	return &side{id: "desk", role: replay.Desk, ref: parley.Desk, officer: s.releaser, second: s.releaser}
}
