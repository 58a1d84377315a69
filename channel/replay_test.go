package channel_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parley"
	"parley/channel"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// day plays a day with a bit of everything, and returns its entries.
func day(t testing.TB) *cast.Bare {
	_, b := story(t)
	return b
}

// story is day with its people.
func story(t testing.TB) (*cast.Cast, *cast.Bare) {
	c, b := cast.NewBare(t)
	var sites []parley.Ref
	for i := range 6 {
		sites = append(sites, c.NotifyHospital(cast.At(35.9528+float64(i)*0.0107, 39.0079)))
		b.At += 700
	}
	for i, ref := range sites {
		if i%2 == 0 {
			c.Release(cast.V(ref, 1), c.A.Ref, c.B.Ref)
		}
	}
	c.Tell(c.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(sites[0], 1), ReadBack: raqqa})
	_, _ = c.Say(c.A.Officer, func(*draft.Draft) parley.Body {
		return &parley.ObjectAcknowledge{Of: cast.V(sites[2], 1), ReadBack: raqqa} // 2.4 km off: kept
	})
	depart := b.At + 2*parley.Day
	convoy := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
	}).Ref
	c.Release(cast.V(convoy, 1), c.A.Ref)
	head := headOf(c, b, c.A.Officer)
	c.Tell(c.A.Officer, &parley.CheckRecord{Shape: cast.Square(raqqa, 0.01), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: head})
	mine := c.Tell(c.A.Officer, area(c, b, c.A, cast.Square(raqqa, 0.02), b.At+parley.Day, b.At+4*parley.Day, c.B.Ref)).Ref
	c.Tell(c.B.Officer, area(c, b, c.B, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+4*parley.Day, c.A.Ref))
	c.Must(c.B.Officer, func(d *draft.Draft) parley.Body {
		return &parley.AreaTold{Area: mine, Words: d.Text("nine kilometres south of the bridge"), Place: raqqa, Distance: 9000, Bearing: 180}
	})
	c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.SiteUpdate{Of: cast.V(sites[0], 1), Site: cast.Hospital(d, cast.At(35.9555, 39.0079), cast.Start, c.A.Ref, c.B.Ref)}
	})
	c.Release(cast.V(sites[0], 2), c.A.Ref)
	c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(sites[2], 1), To: c.B.Ref, Reason: d.Text("consent")}
	})
	stop := c.Tell(c.Org, &parley.StopRaise{Object: sites[0]}).Ref
	b.At += 3 * parley.Minute
	c.Tell(c.A.Officer, &parley.StopTake{Stop: stop})
	b.At = depart
	c.Tell(c.Org, &parley.MovementReport{Movement: convoy, Status: parley.MovementDeparted, At: b.At})
	b.At += parley.Day
	advance(c, b)
	if _, err := form(c, c.Org, func(*draft.Draft) parley.Body {
		return &parley.MovementReport{Movement: convoy, Status: parley.MovementWaiting, At: b.At}
	}); err != nil {
		t.Fatal(err)
	}
	tablet := c.Device(c.A.Officer)
	c.Tell(c.A.Officer, &parley.KeyRevoke{Key: draft.KeyOf(tablet.Key).ID()})
	next := &cast.Person{Ref: c.Org.Ref, Account: c.Org.Account, Key: draft.NewKey()}
	c.Tell(c.Device(c.Org), &parley.KeyRotate{New: draft.KeyOf(next.Key)}, next)
	c.Tell(c.Trustees[0], &parley.MemberRevoke{Member: c.B.Officer.Ref})
	b.At += 100 * parley.Day
	advance(c, b)
	return c, b
}

// replay applies entries to a state, looking at the digest where settle says so.
func replay(s *channel.State, entries []cast.BareEntry, settle func(i int) bool) *channel.State {
	for i, e := range entries {
		s.Apply(e.At, e.Signed)
		if settle(i) {
			s.Digest()
		}
	}
	return s
}

func noAnswers(t testing.TB, s *channel.State) (n uint64) {
	t.Helper()
	v := s.View(&parley.Member{Account: parley.Board}, 0, func(parley.Commitment) string { return "" })
	counts, ok := v.Counts()
	if !ok {
		t.Fatal("the board sees no counts")
	}
	for _, c := range counts {
		n += c.NoAnswers
	}
	return n
}

func TestSameEntriesSameDigestWhateverTheBlocks(t *testing.T) {
	b := day(t)
	want := b.State.Digest()
	answers := noAnswers(t, b.State)
	if answers == 0 {
		t.Fatal("the day has no unanswered deadline: the test would not notice a lost one")
	}
	r := rand.New(rand.NewPCG(7, 7))
	for name, settle := range map[string]func(int) bool{
		"one block":          func(int) bool { return false },
		"a block each entry": func(int) bool { return true },
		"random blocks":      func(int) bool { return r.IntN(5) == 0 },
	} {
		s := replay(channel.New(), b.Entries, settle)
		if s.Digest() != want || noAnswers(t, s) != answers {
			t.Errorf("%s: digest %s with %d unanswered; expected %s with %d", name, s.Digest(), noAnswers(t, s), want, answers)
		}
	}
}

// restored takes a state through a snapshot; edit may change a record on the way.
func restored(s *channel.State, edit func(i int, r channel.Record) channel.Record) (*channel.State, error) {
	frozen := s.Freeze()
	return channel.Restore(func(yield func(channel.Record, error) bool) {
		i := 0
		for r := range frozen.Records() {
			if !yield(edit(i, r), nil) {
				return
			}
			i++
		}
	})
}

func same(_ int, r channel.Record) channel.Record { return r }

// A node lets its indexes rest whenever it is quiet, which is at another moment on each node.
func TestARestChangesNothing(t *testing.T) {
	b := day(t)
	r := rand.New(rand.NewPCG(7, 8))
	s := channel.New()
	replay(s, b.Entries, func(int) bool {
		if r.IntN(5) == 0 {
			s.Rest()
		}
		return true
	})
	if got, want := s.Digest(), b.State.Digest(); got != want {
		t.Errorf("digest %s after rests, expected %s", got, want)
	}
}

func TestAnySnapshotPointGivesTheSameDigest(t *testing.T) {
	b := day(t)
	want := b.State.Digest()
	for cut := 1; cut < len(b.Entries); cut++ {
		s := replay(channel.New(), b.Entries[:cut], func(int) bool { return false })
		before := s.Digest()
		s, err := restored(s, same)
		if err != nil {
			t.Fatalf("snapshot after %d entries: %v", cut, err)
		}
		if s.Digest() != before {
			t.Fatalf("snapshot after %d entries has another digest than its state", cut)
		}
		replay(s, b.Entries[cut:], func(int) bool { return false })
		if got := s.Digest(); got != want || noAnswers(t, s) != noAnswers(t, b.State) {
			t.Fatalf("from a snapshot after %d entries (%s next): digest %s; expected %s", cut, b.Entries[cut].Signed.Command.Kind, got, want)
		}
	}
}

func TestAFrozenStateDoesNotMove(t *testing.T) {
	b := day(t)
	half := len(b.Entries) / 2
	s := replay(channel.New(), b.Entries[:half], func(int) bool { return false })
	want, frozen := s.Digest(), s.Freeze()
	replay(s, b.Entries[half:], func(int) bool { return false })
	back, err := channel.Restore(func(yield func(channel.Record, error) bool) {
		for r := range frozen.Records() {
			if !yield(r, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if back.Digest() != want {
		t.Error("a frozen state changed when the state went on")
	}
}

func TestEveryAlteredRecordShowsInTheDigest(t *testing.T) {
	b := day(t)
	want := b.State.Digest()
	records := 0
	for range b.State.Freeze().Records() {
		records++
	}
	r := rand.New(rand.NewPCG(3, 4))
	unread := 0
	for range 300 {
		which := r.IntN(records)
		s, err := restored(b.State, func(i int, rec channel.Record) channel.Record {
			if i == which {
				rec.Body = append([]byte(nil), rec.Body...)
				rec.Body[r.IntN(len(rec.Body))] ^= 1 << r.IntN(8)
			}
			return rec
		})
		if err != nil {
			unread++
			continue
		}
		if s.Digest() == want {
			t.Fatalf("record %d was altered and the digest is the same", which)
		}
	}
	if unread == 300 {
		t.Error("no altered record could be read: the digest was never put to the test")
	}
}

// Checks of one millisecond end in one order, before a snapshot and after.
func TestChecksOfOneMomentSurviveASnapshotInTheirOrder(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Verify(cast.V(ref, 1))
	for range 8 {
		c.Tell(c.A.Officer, checkAt(c, b, 0.01))
	}
	before := b.State.Size()
	back, err := restored(b.State, same)
	if err != nil {
		t.Fatal(err)
	}
	from := mark(c, b, c.A.Officer)
	c.Tell(c.Releaser, &parley.ObjectRelease{Of: cast.V(ref, 1), To: c.A.Ref})
	ended := slices.DeleteFunc(kinds(c, b, c.A.Officer, from), func(k parley.NoticeKind) bool { return k != parley.NoticeCheckEnded })
	if len(ended) != 8 {
		t.Fatalf("%d checks ended; expected 8", len(ended))
	}
	for _, e := range b.Entries[before:] {
		back.Apply(e.At, e.Signed)
	}
	if got, want := back.Digest(), b.State.Digest(); got != want {
		t.Errorf("after a snapshot the digest is %s; expected %s", got, want)
	}
}
