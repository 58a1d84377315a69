package channel_test

import (
	"slices"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

func boardOf(c *cast.Cast, b *cast.Bare, p *cast.Person, party parley.Ref) *release.LevelBoard {
	c.T.Helper()
	list, _ := viewer(c, b, p).Levels(0, 100)
	for i := range list {
		if list[i].Party == party {
			return &list[i]
		}
	}
	return nil
}

func TestLevelBoardSaysWhoHoldsWhat(t *testing.T) {
	c, b := cast.NewBare(t)
	texts := map[parley.Commitment]string{}
	name := func(d *draft.Draft) parley.Commitment {
		k := d.Text("north room")
		texts[k] = "north room"
		return k
	}
	first, second := c.NotifyHospital(raqqa), c.NotifyHospital(cast.At(35.9012, 39.2034))
	c.Release(cast.V(first, 1), c.A.Ref)
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(first, 1), ReadBack: raqqa})
	old := headOf(c, b, c.A.Officer)
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body {
		return &parley.ListAttest{Echelon: parley.OperationsRoom, Level: name(d), Head: &old}
	})
	b.At += parley.Minute
	c.Must(c.A.Officer, func(d *draft.Draft) parley.Body { // the same room, by another commitment to its name
		return &parley.ListAttest{Echelon: parley.OperationsRoom, Level: name(d), Head: &old}
	})
	b.At += parley.Hour
	c.Release(cast.V(second, 1), c.A.Ref)
	head := headOf(c, b, c.A.Officer)
	c.Tell(c.A.Officer, &parley.ListAttest{Echelon: parley.Headquarters, Head: &head})
	c.Tell(c.A.Officer, &parley.ListAttest{Echelon: parley.Unit})
	c.Tell(c.A.Officer, &parley.EntryAttest{Of: cast.V(first, 1), Echelon: parley.OperationsRoom, Place: cast.At(35.9600, 39.0079)})
	c.Tell(c.A.Officer, &parley.ObjectDissemination{Of: cast.V(first, 1), Echelon: parley.Unit, Head: &head})
	c.Tell(c.A.Officer, &parley.AreaDeclare{Area: parley.Area{Shape: cast.Square(raqqa, 0.5), Window: geo.Window{From: b.At, To: b.At + parley.Hour}, Echelons: []parley.Echelon{parley.Unit, parley.Headquarters}, Head: head}})
	advance(c, b)

	list, _ := reading(c, b, c.A.Officer, texts).Levels(0, 10)
	board := &list[0]
	if len(list) != 1 || len(board.Levels) != 4 {
		t.Fatalf("board %+v; expected four levels", board)
	}
	if hq := board.Levels[0]; hq.Echelon != parley.Headquarters || hq.Behind != 0 || *hq.Position != head.Position || hq.Due != parley.Stamp(b.At+30*parley.Day) {
		t.Errorf("headquarters %+v; expected the list as it stands", hq)
	}
	if room := board.Levels[slices.IndexFunc(board.Levels, func(l release.LevelLine) bool { return l.Position != nil && *l.Position == old.Position })]; room.Behind != 1 || room.Name == "" || room.ListAt == "" {
		t.Errorf("operations room %+v; expected it one entry behind", room)
	}
	if at := slices.IndexFunc(board.Levels, func(l release.LevelLine) bool { return len(l.Places) > 0 }); at < 0 || !board.Levels[at].Places[0].Mismatch || board.Levels[at].Places[0].ApartMM < 700_000 {
		t.Errorf("levels %+v; expected the place that is held 800 m apart, as a mismatch", board.Levels)
	}
	if unit := board.Levels[3]; unit.Echelon != parley.Unit || !unit.NoList {
		t.Errorf("unit %+v; expected that it holds no list", unit)
	}
	noList := slices.IndexFunc(board.Gaps, func(g release.LevelGap) bool { return g.Kind == release.GapNoList })
	if noList < 0 || board.Gaps[noList].Echelon != parley.Unit || board.Gaps[noList].Area == "" {
		t.Errorf("gaps %+v; expected the unit that acts in an area in force without a list", board.Gaps)
	}
	passed := slices.IndexFunc(board.Gaps, func(g release.LevelGap) bool { return g.Kind == release.GapPassed })
	if passed < 0 || board.Gaps[passed].Count != 1 || board.Gaps[passed].Of[0] != cast.V(second, 1) {
		t.Errorf("gaps %+v; expected the entry that no unit was given", board.Gaps)
	}
	if board.OpenAll != 1 || board.Open[0].Of != cast.V(second, 1) || board.Open[0].Sendings != 1 {
		t.Errorf("open %+v; expected the release that is not acknowledged", board.Open)
	}

	desk := boardOf(c, b, c.Verifier, c.A.Ref)
	if desk == nil || boardOf(c, b, c.Verifier, c.B.Ref) == nil {
		t.Fatal("the desk does not see every party's board")
	}
	if desk.Gaps[0].Area != "" {
		t.Error("the desk is told in which area a level acts")
	}
	if desk.Open[0].Due != parley.Stamp(b.At+parley.Day) {
		t.Errorf("the desk sees the acknowledgement due at %s; expected the ordinary clock, which says nothing of an area", desk.Open[0].Due)
	}
	for name, p := range map[string]*cast.Person{"an organisation": c.Org, "a monitor": c.Monitor, "a trustee": c.Trustees[0]} {
		if list, _ := viewer(c, b, p).Levels(0, 100); len(list) != 0 {
			t.Errorf("%s sees %d boards; expected none", name, len(list))
		}
	}
	if boardOf(c, b, c.B.Officer, c.A.Ref) != nil {
		t.Error("the other party sees A's board")
	}
}

func TestAgedAcknowledgementsAreAskedForOnceForAll(t *testing.T) {
	c, b := cast.NewBare(t)
	var refs []parley.Ref
	for i := range 3 {
		at := cast.At(35.9528+float64(i)*0.0112, 39.0079)
		ref := c.NotifyHospital(at)
		c.Release(cast.V(ref, 1), c.A.Ref)
		c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: at})
		refs = append(refs, ref)
	}
	from := b.At
	_ = c.Refused(parley.CodeWrongState, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.ObjectAcknowledge{Of: cast.V(refs[0], 1), ReadBack: raqqa}
	})
	count := func(p *cast.Person, mark uint64) (n, of int) {
		notices, _ := viewer(c, b, p).Inbox(mark, 1000)
		for _, o := range notices {
			if o.Kind == parley.NoticeReacknowledge {
				n, of = n+1, o.Count
			}
		}
		return n, of
	}
	a, desk, org := mark(c, b, c.A.Officer), mark(c, b, c.Verifier), mark(c, b, c.Org)
	b.At = from + 30*parley.Day - 1
	advance(c, b)
	if n, _ := count(c.A.Officer, a); n != 0 {
		t.Errorf("asked %d times before the acknowledgements have aged", n)
	}
	b.At++
	advance(c, b)
	for who, p := range map[string]*cast.Person{"party": c.A.Officer, "desk": c.Verifier} {
		m := a
		if p == c.Verifier {
			m = desk
		}
		if n, of := count(p, m); n != 1 || of != 3 {
			t.Errorf("the %s was asked %d times, about %d; expected once about three", who, n, of)
		}
	}
	if n, _ := count(c.Org, org); n != 0 {
		t.Error("the notifier was told of it")
	}
	if board := boardOf(c, b, c.A.Officer, c.A.Ref); board.Aged != 3 {
		t.Errorf("the board counts %d; expected 3", board.Aged)
	}
	// One by read-back: a wrong one is kept and does not count.
	_ = c.Refused(parley.CodeReadBack, c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.ObjectAcknowledge{Of: cast.V(refs[0], 1), ReadBack: cast.At(35, 39)}
	})
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(refs[0], 1), ReadBack: raqqa})
	if board := boardOf(c, b, c.A.Officer, c.A.Ref); board.Aged != 2 {
		t.Errorf("after one was acknowledged again the board counts %d; expected 2", board.Aged)
	}
	// The rest by headquarters' word for the whole list; a unit's does not do, nor an old list.
	head := headOf(c, b, c.A.Officer)
	c.Tell(c.A.Officer, &parley.ListAttest{Echelon: parley.Unit, Head: &head})
	if board := boardOf(c, b, c.A.Officer, c.A.Ref); board.Aged != 2 {
		t.Errorf("after a unit attested the list the board counts %d; expected 2", board.Aged)
	}
	c.Tell(c.A.Officer, &parley.ListAttest{Echelon: parley.Headquarters, Head: &head})
	if board := boardOf(c, b, c.A.Officer, c.A.Ref); board.Aged != 0 || board.Confirmed == "" {
		t.Errorf("after headquarters attested the list the board is %+v; expected none aged", board)
	}
	a = mark(c, b, c.A.Officer)
	b.At += 30*parley.Day - 1
	advance(c, b)
	if n, _ := count(c.A.Officer, a); n != 0 {
		t.Errorf("asked %d times within a month of headquarters' word", n)
	}
	b.At++
	advance(c, b)
	if n, of := count(c.A.Officer, a); n != 1 || of != 3 {
		t.Errorf("a month after it asked %d times about %d; expected once about three", n, of)
	}
}
