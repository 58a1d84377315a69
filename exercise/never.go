package exercise

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/replay"
)

// Words that would read as leave to act, on no page of anyone.
var leave = regexp.MustCompile(`(?i)\b(all[ _-]clear|` +
	"cleared|approved|safe|authori[sz]ed" + `)\b`)

// unsayable looks through everything that everyone can read for what no run may show.
func (s *stage) unsayable() (map[replay.Never][]string, error) {
	found := map[replay.Never][]string{}
	note := func(what replay.Never, where string) {
		if !slices.Contains(found[what], where) && len(found[what]) < 20 {
			found[what] = append(found[what], where)
		}
	}
	for _, r := range s.readers() {
		var failed error
		if err := s.as(r.who, func(v *channel.Viewer) {
			for name, page := range readable(v) {
				text, err := json.Marshal(page)
				if err != nil {
					failed = err
					return
				}
				if w := leave.FindString(string(text)); w != "" {
					note(replay.Leave, fmt.Sprintf("%s reads %q in %s", r.name, w, name))
				}
			}
		}); err != nil || failed != nil {
			return nil, fmt.Errorf("couldn't read the pages of %s: %v %w", r.name, err, failed)
		}
	}
	for _, m := range parley.Machines {
		for _, st := range m.States {
			if leave.MatchString(st.Name) {
				note(replay.Approval, m.Name+": "+st.Name)
			}
		}
	}
	all, err := s.notices()
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		// The system says that harm came, never by whom: such a notice names no account.
		if slices.Contains([]parley.NoticeKind{parley.NoticeHarm, parley.NoticeFireNear, parley.NoticeStop, parley.NoticeStopClimbs}, n.Kind) && (n.Other.Kind() == parley.RefParty || n.Other.Kind() == parley.RefOrganisation) {
			note(replay.Blame, fmt.Sprintf("%s to %s names an account", n.Kind, n.to))
		}
	}
	return found, nil
}

// readable are the pages of one account.
func readable(v *channel.Viewer) map[string]any {
	const all = 1000
	pages := map[string]any{}
	pages["areas"], _ = v.Areas(0, all)
	pages["checks"], _ = v.Checks(0, all)
	pages["arrangements"], _ = v.Arrangements(0, all)
	pages["levels"], _ = v.Levels(0, all)
	pages["stops"], _ = v.Stops(0, all)
	pages["harms"], _ = v.Harms(0, all)
	pages["corrections"], _ = v.Corrections(0, all)
	pages["prompts"], _ = v.Prompts(0, all)
	for _, kind := range []string{"site", "movement"} {
		list, _ := v.Objects(kind, 0, all)
		for _, o := range list {
			if f, ok := v.Object(o.Ref); ok {
				pages["object "+string(o.Ref)] = f
			}
		}
	}
	return pages
}
