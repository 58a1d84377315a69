package channel_test

import (
	"errors"
	"strings"
	"testing"

	"parley"
	"parley/geo"
	"parley/internal/cast"
	"parley/internal/draft"
)

// checkAt asks about a square of Raqqa for a day, against the head that stands.
func checkAt(c *cast.Cast, b *cast.Bare, half float64) *parley.CheckRecord {
	return &parley.CheckRecord{Shape: cast.Square(raqqa, half), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)}
}

func TestCheckWithoutFindingsSaysTheSentence(t *testing.T) {
	c, b := cast.NewBare(t)
	site := c.NotifyHospital(cast.At(36.5001, 38.0003))
	c.Release(cast.V(site, 1), c.A.Ref)
	ref := c.Tell(c.A.Officer, checkAt(c, b, 0.01)).Ref
	check, _ := viewer(c, b, c.A.Officer).Check(ref)
	head := headOf(c, b, c.A.Officer)
	if want := parley.SentenceNothingFound(head.Position, cast.Start); check.Sentence != want {
		t.Errorf("the check says %q; expected %q", check.Sentence, want)
	}
	if !strings.HasSuffix(check.Sentence, "This is not clearance and does not show that precautions were taken.") {
		t.Errorf("the sentence ends otherwise: %q", check.Sentence)
	}
	for _, p := range []*cast.Person{c.B.Officer, c.Org, c.Verifier, c.Monitor, c.Trustees[0]} {
		if _, ok := viewer(c, b, p).Check(ref); ok {
			t.Errorf("%s sees another's check", p.Account)
		}
	}
}

func TestStaleCheckIsRefusedAndStaleDeclarationTaken(t *testing.T) {
	c, b := cast.NewBare(t)
	old := headOf(c, b, c.A.Officer)
	near, far := c.NotifyHospital(raqqa), c.NotifyHospital(cast.At(36.9001, 38.0003))
	c.Release(cast.V(near, 1), c.A.Ref)
	c.Release(cast.V(far, 1), c.A.Ref)
	ask := checkAt(c, b, 0.01)
	ask.Head = old
	err := c.Refused(parley.CodeStale, c.A.Officer, func(*draft.Draft) parley.Body { return ask })
	var refusal *cast.Refusal
	if !errors.As(err, &refusal) || len(refusal.Missing) != 1 || refusal.Missing[0] != cast.V(near, 1) || refusal.Head == nil || *refusal.Head != headOf(c, b, c.A.Officer) {
		t.Fatalf("refused with %+v; expected the one missing entry and the head that stands", refusal)
	}
	far2 := &parley.CheckRecord{Shape: cast.Square(cast.At(34.5001, 41.0003), 0.01), Window: ask.Window, Head: old}
	c.Tell(c.A.Officer, far2) // nothing changed there: an old head is good enough
	declaration := area(c, b, c.A, cast.Square(raqqa, 0.01), b.At+parley.Day, b.At+2*parley.Day)
	declaration.Area.Head = old
	out := c.Tell(c.A.Officer, declaration)
	a, _ := viewer(c, b, c.A.Officer).Area(out.Ref)
	if !a.Stale || len(a.Missed) != 1 || a.Missed[0] != cast.V(near, 1) || len(a.Indications) != 1 {
		t.Errorf("declared: stale %v, missed %v, %d indications; expected it marked, shown what it missed, and answered against the new list", a.Stale, a.Missed, len(a.Indications))
	}
	forged := old
	forged.Root[0] ^= 1
	ask.Head = forged
	c.Refused(parley.CodeUnknownHead, c.A.Officer, func(*draft.Draft) parley.Body { return ask })
	other := headOf(c, b, c.B.Officer)
	ask.Head = other
	c.Refused(parley.CodeUnknownHead, c.A.Officer, func(*draft.Draft) parley.Body { return ask })
}

func TestRecallMakesAnOldHeadStale(t *testing.T) {
	c, b := cast.NewBare(t)
	site := c.NotifyHospital(raqqa)
	c.Release(cast.V(site, 1), c.A.Ref)
	ask := checkAt(c, b, 0.01)
	c.Must(c.Releaser, func(d *draft.Draft) parley.Body {
		return &parley.ObjectRecall{Of: cast.V(site, 1), To: c.A.Ref, Reason: d.Text("consent withdrawn")}
	})
	c.Refused(parley.CodeStale, c.A.Officer, func(*draft.Draft) parley.Body { return ask })
	if _, ok := viewer(c, b, c.A.Officer).Object(site); !ok {
		t.Error("the party cannot find what it has to confirm as deleted")
	}
	if f, _ := viewer(c, b, c.A.Officer).Object(site); len(f.Versions) != 0 {
		t.Error("a recalled version is still shown to its recipient")
	}
	c.Tell(c.A.Officer, &parley.RecallConfirm{Of: cast.V(site, 1)})
	f, _ := viewer(c, b, c.Org).Object(site)
	if f.Holdings[0].State != "deletion_confirmed" || f.Holdings[0].Recalled == "" {
		t.Errorf("the notifier sees %+v; expected recalled and deletion confirmed", f.Holdings[0])
	}
}

func TestCheckIsWidenedToOneSquareKilometre(t *testing.T) {
	c, b := cast.NewBare(t)
	site := c.NotifyHospital(raqqa) // keep-out 500 m
	c.Release(cast.V(site, 1), c.A.Ref)
	beside := cast.At(35.9528+0.0090, 39.0079) // 1,000 m north
	ask := &parley.CheckRecord{Shape: cast.Point(beside), Window: geo.Window{From: b.At, To: b.At + parley.Day}, Head: headOf(c, b, c.A.Officer)}
	check, _ := viewer(c, b, c.A.Officer).Check(c.Tell(c.A.Officer, ask).Ref)
	if len(check.Indications) != 1 {
		t.Errorf("%d indications for a point 1,000 m off; expected the check to be at least 1 km² wide", len(check.Indications))
	}
}

func TestBeyondTheQuotaAnswersComeLateAndTheBoardIsTold(t *testing.T) {
	profile := cast.Profile()
	profile.Quotas.ChecksPerHour = 3
	c, b := cast.NewBareWith(t, profile)
	board := mark(c, b, c.Trustees[0])
	for range 3 {
		c.Tell(c.A.Officer, checkAt(c, b, 0.01))
	}
	expectNothing(t, "the board, within the quota,", kinds(c, b, c.Trustees[0], board))
	ref := c.Tell(c.A.Officer, checkAt(c, b, 0.01)).Ref
	expectKinds(t, "the board", kinds(c, b, c.Trustees[0], board), parley.NoticeQuota)
	if _, ok := viewer(c, b, c.A.Officer).Check(ref); ok {
		t.Error("the answer beyond the quota comes at once")
	}
	b.At += 30 * parley.Second
	if _, ok := viewer(c, b, c.A.Officer).Check(ref); !ok {
		t.Error("the answer does not come after 30 s")
	}
	b.At += parley.Hour
	if ref := c.Tell(c.A.Officer, checkAt(c, b, 0.01)).Ref; b.State.AnswerAt(ref) != b.At {
		t.Error("an hour later the quota has not come back")
	}
}

func TestChecksThatTileAreNoticed(t *testing.T) {
	c, b := cast.NewBare(t)
	board := mark(c, b, c.Trustees[0])
	for i := range 11 {
		ask := checkAt(c, b, 0.01)
		ask.Shape = cast.Square(cast.At(35.9528+float64(i)*0.001, 39.0079), 0.01)
		c.Tell(c.A.Officer, ask)
	}
	expectKinds(t, "the board", kinds(c, b, c.Trustees[0], board), parley.NoticeTiling)
}

func TestCheckBounds(t *testing.T) {
	c, b := cast.NewBare(t)
	for _, row := range []struct {
		name  string
		field string
		edit  func(*parley.CheckRecord)
	}{
		{"too large", "body.shape", func(r *parley.CheckRecord) { r.Shape = cast.Square(raqqa, 0.4) }},
		{"too far ahead", "body.window.to", func(r *parley.CheckRecord) { r.Window.To = b.At + 31*parley.Day }},
	} {
		ask := checkAt(c, b, 0.01)
		row.edit(ask)
		err := c.Refused(parley.CodeQuota, c.A.Officer, func(*draft.Draft) parley.Body { return ask })
		var f *parley.Fault
		if !errors.As(err, &f) || f.Field != row.field {
			t.Errorf("%s: refused at %v; expected the field %s", row.name, err, row.field)
		}
	}
}

// A buffer counts: a point or a line with a wide one asks about as much as a polygon does.
func TestBufferCountsInTheQuotaOfACheck(t *testing.T) {
	c, b := cast.NewBare(t)
	head := headOf(c, b, c.A.Officer)
	at := cast.At(35.95123, 39.00874)
	for _, test := range []struct {
		name   string
		shape  geo.Shape
		buffer int32
		taken  bool
	}{
		{"a point, 28 km around: 2463 km²", cast.Point(at), 28_000, true},
		{"a point, 29 km around: 2642 km²", cast.Point(at), 29_000, false},
		{"a line of 90 km, 10 km to each side: 2118 km²", cast.Line(at, cast.At(35.95123, 40.00874)), 10_000, true},
		{"a line of 90 km, 15 km to each side: 3412 km²", cast.Line(at, cast.At(35.95123, 40.00874)), 15_000, false},
		{"a square of 36 by 44 km: 1602 km²", cast.Square(at, 0.2), 0, true},
		{"the same, 6 km around: 2682 km²", cast.Square(at, 0.2), 6_000, false},
	} {
		_, err := c.Say(c.A.Officer, func(*draft.Draft) parley.Body {
			return &parley.CheckRecord{Shape: test.shape, Buffer: test.buffer, Window: geo.Window{From: b.At, To: b.At + parley.Hour}, Head: head}
		})
		if test.taken && err != nil || !test.taken && cast.CodeOf(err) != parley.CodeQuota {
			t.Errorf("%s: %v; expected taken: %v", test.name, err, test.taken)
		}
	}
}
