package channel

import (
	"cmp"
	"slices"

	"parley"
	"parley/release"
)

// levelsShown is how many references a board names in one place.
const levelsShown = 100

// Levels returns the level boards that the viewer's account may see: its own for a party, every party's for the desk.
func (v *Viewer) Levels(from, limit int) ([]release.LevelBoard, int) {
	var parties []parley.Ref
	switch {
	case v.desk():
		parties = v.s.parties()
	case v.s.held[v.account] != nil:
		parties = []parley.Ref{v.account}
	}
	some, next := page(parties, from, limit)
	list := make([]release.LevelBoard, 0, len(some))
	for _, party := range some {
		list = append(list, v.boardOf(party))
	}
	return list, next
}

// boardOf is one party's board.
func (v *Viewer) boardOf(party parley.Ref) release.LevelBoard {
	s := v.s
	a := s.accounts.get(string(party))
	span := s.profile().Clocks.Attestation
	b := release.LevelBoard{Party: party, Head: a.Head, Attested: stamp(a.Attested), Confirmed: stamp(a.Confirmed), NoAnswers: a.NoAnswers, Levels: []release.LevelLine{}, Gaps: []release.LevelGap{}, Open: []release.OpenRelease{}}
	if a.Head.Position > 0 {
		b.HeadAt = stamp(s.timeOf(a.Head.Position))
	}
	b.Due = stamp(max(a.Attested, a.Since) + span)
	b.Aged, _ = s.aged(party, v.at)
	lines := s.levelsOf(party)
	keys := s.releasesTo(party)
	places := v.placesOf(keys)
	for _, l := range lines {
		line := release.LevelLine{Echelon: l.Echelon, Name: v.words(l.Level), At: stamp(l.At), Due: stamp(l.At + span), NoList: l.Head == nil}
		if l.Head != nil {
			line.Position = &l.Head.Position
			line.Behind = s.behind(*l.Head)
			if l.Head.Position > 0 {
				line.ListAt = stamp(s.timeOf(l.Head.Position))
			}
		}
		key := levelKey{l.Echelon, l.Level}
		line.Places = places[key]
		delete(places, key)
		b.Levels = append(b.Levels, line)
	}
	for key, held := range places { // a level that attested places and never a list
		b.Levels = append(b.Levels, release.LevelLine{Echelon: key.echelon, Name: v.words(key.level), Places: held})
	}
	b.Levels = oneAName(b.Levels)
	slices.SortFunc(b.Levels, func(x, y release.LevelLine) int {
		return cmp.Or(cmp.Compare(slices.Index(echelonOrder, x.Echelon), slices.Index(echelonOrder, y.Echelon)), cmp.Compare(x.Name, y.Name), cmp.Compare(x.At, y.At))
	})
	v.gaps(&b, lines, keys)
	v.open(&b, keys)
	return b
}

// oneAName joins the lines of a level that gave its name several times: each time it is another commitment. The newest word about its list
// and about each place counts.
func oneAName(lines []release.LevelLine) []release.LevelLine {
	out := []release.LevelLine{}
	for _, l := range lines {
		at := slices.IndexFunc(out, func(o release.LevelLine) bool {
			return o.Echelon == l.Echelon && o.Name == l.Name && l.Name != release.ErasedText
		})
		if at < 0 {
			out = append(out, l)
			continue
		}
		newer, older := &l, &out[at]
		if older.At > newer.At {
			newer, older = older, newer
		}
		joined := *newer
		joined.Places = slices.Clone(newer.Places)
		for _, p := range older.Places {
			same := slices.IndexFunc(joined.Places, func(o release.LevelPlace) bool { return o.Of == p.Of })
			switch {
			case same < 0:
				joined.Places = append(joined.Places, p)
			case joined.Places[same].At < p.At:
				joined.Places[same] = p
			}
		}
		slices.SortFunc(joined.Places, func(x, y release.LevelPlace) int { return cmp.Compare(x.Of.String(), y.Of.String()) })
		out[at] = joined
	}
	return out
}

// echelonOrder is from the top down.
var echelonOrder = []parley.Echelon{parley.Headquarters, parley.OperationsRoom, parley.Unit}

type levelKey struct {
	echelon parley.Echelon
	level   parley.Commitment
}

// levelsOf returns a party's newest attestations of lists, one a level, in order of their keys.
func (s *State) levelsOf(party parley.Ref) []*parley.LevelHolding {
	var list []*parley.LevelHolding
	for _, key := range s.levels.keys() {
		if len(key) > len(party) && parley.Ref(key[:len(party)]) == party && key[len(party)] == ' ' {
			list = append(list, s.levels.get(key))
		}
	}
	return list
}

// behind counts the entries of a party's list that have changed since a head.
func (s *State) behind(h parley.ListHead) int {
	first := 0
	if h.Position > 0 {
		c := s.changeAt(h)
		if c == nil {
			return 0
		}
		first = c.Number + 1
	}
	seen := map[parley.Ref]bool{}
	for n := first; n < s.held[h.Party].changes; n++ {
		seen[s.changes.get(changeKey(h.Party, n)).Of.Ref] = true
	}
	return len(seen)
}

// placesOf returns the places that levels have attested for what a party holds of its releases, by level.
func (v *Viewer) placesOf(keys []string) map[levelKey][]release.LevelPlace {
	places := map[levelKey][]release.LevelPlace{}
	for _, key := range keys {
		r := v.s.releases.get(key)
		if !r.Holds() {
			continue
		}
		for _, l := range r.Levels {
			if l.Place == nil {
				continue
			}
			k := levelKey{l.Echelon, l.Level}
			places[k] = append(places[k], release.LevelPlace{Of: r.Of, At: stamp(l.At), ApartMM: l.Apart, Mismatch: !v.s.readsBack(r, *l.Place)})
		}
	}
	return places
}

// gaps adds what nobody has stated: echelons that act in an area in force and hold no list, and entries that no unit is stated to have.
// Which area stays with the party.
func (v *Viewer) gaps(b *release.LevelBoard, lines []*parley.LevelHolding, keys []string) {
	holds := map[parley.Echelon]bool{}
	for _, l := range lines {
		holds[l.Echelon] = holds[l.Echelon] || l.Head != nil
	}
	for _, ref := range v.s.areaOf[b.Party] {
		a := v.s.areas.get(string(ref))
		if a.State != parley.AreaInForce {
			continue
		}
		for _, e := range a.Area.Echelons {
			if holds[e] {
				continue
			}
			gap := release.LevelGap{Kind: release.GapNoList, Echelon: e}
			if b.Party == v.account {
				gap.Area = ref
			}
			if !slices.ContainsFunc(b.Gaps, func(g release.LevelGap) bool {
				return g.Kind == gap.Kind && g.Echelon == gap.Echelon && g.Area == gap.Area
			}) {
				b.Gaps = append(b.Gaps, gap)
			}
		}
	}
	// What a unit has, its operations room was there to pass on.
	for _, level := range [][]parley.Echelon{{parley.Unit}, {parley.OperationsRoom, parley.Unit}} {
		passed := release.LevelGap{Kind: release.GapPassed, Echelon: level[0]}
		for _, key := range keys {
			r := v.s.releases.get(key)
			if !r.Listed || slices.ContainsFunc(r.Levels, func(l parley.LevelHolding) bool { return slices.Contains(level, l.Echelon) }) {
				continue
			}
			if passed.Count++; len(passed.Of) < levelsShown {
				passed.Of = append(passed.Of, r.Of)
			}
		}
		if passed.Count > 0 {
			b.Gaps = append(b.Gaps, passed)
		}
	}
}

// open adds what the party has not acknowledged, oldest first.
func (v *Viewer) open(b *release.LevelBoard, keys []string) {
	var waiting []*parley.Release
	for _, key := range keys {
		if r := v.s.releases.get(key); r.Holds() && r.AckAt == 0 {
			waiting = append(waiting, r)
		}
	}
	slices.SortStableFunc(waiting, func(x, y *parley.Release) int { return cmp.Compare(x.At, y.At) })
	b.OpenAll = len(waiting)
	for _, r := range waiting[:min(len(waiting), levelsShown)] {
		due := r.AckShown // the party alone sees a clock that an area of its own has shortened
		if b.Party == v.account {
			due = r.AckDue
		}
		b.Open = append(b.Open, release.OpenRelease{Of: r.Of, Since: stamp(r.At), Due: stamp(due), NoAnswer: r.NoAnswer, Sendings: r.Sendings})
	}
}
