package channel_test

import (
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

type noticeView = release.Notice

// advance has the node's clock write an entry, as it does when a deadline passes without traffic.
func advance(c *cast.Cast, b *cast.Bare) {
	c.T.Helper()
	d := c.Draft()
	s, err := d.Sign(&parley.ClockAdvance{}, c.Node)
	if err != nil {
		c.T.Fatal(err)
	}
	if _, err := b.Play(s); err != nil {
		c.T.Fatal(err)
	}
}

func TestNoAnswerIsRecordedAndCounted(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	org := mark(c, b, c.Org)
	b.At += parley.Day
	advance(c, b)
	expectKinds(t, "the notifier", kinds(c, b, c.Org, org), parley.NoticeNoAnswer)
	file, _ := viewer(c, b, c.Org).Object(ref)
	if file.Holdings[0].NoAnswer != 1 {
		t.Errorf("%d unanswered deadlines; expected 1", file.Holdings[0].NoAnswer)
	}
	c.Tell(c.Org, &parley.ObjectResend{Of: cast.V(ref, 1), To: c.A.Ref})
	b.At += 2 * parley.Hour
	advance(c, b)
	file, _ = viewer(c, b, c.Org).Object(ref)
	if h := file.Holdings[0]; h.NoAnswer != 2 || h.Sendings != 2 {
		t.Errorf("after a second sending: %d unanswered, %d sendings; expected 2 and 2", h.NoAnswer, h.Sendings)
	}
	counts, ok := viewer(c, b, c.Trustees[0]).Counts()
	if !ok {
		t.Fatal("trustees see no counts")
	}
	for _, n := range counts {
		if n.Account == c.A.Ref && n.NoAnswers != 2 {
			t.Errorf("the party's count is %d; expected 2", n.NoAnswers)
		}
	}
}

func TestSiteGoesFromDueToLapsedAndStaysInTheList(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.NotifyHospital(raqqa)
	c.Release(cast.V(ref, 1), c.A.Ref)
	from := b.At
	for _, step := range []struct {
		after int64
		want  parley.Currency
	}{{90*parley.Day - 1, parley.Current}, {90 * parley.Day, parley.Due}, {97 * parley.Day, parley.Overdue}, {104 * parley.Day, parley.Lapsed}} {
		b.At = from + step.after
		advance(c, b)
		file, _ := viewer(c, b, c.A.Officer).Object(ref)
		if file.Currency != string(step.want) {
			t.Errorf("after %d days: %s; expected %s", step.after/parley.Day, file.Currency, step.want)
		}
	}
	if h := headOf(c, b, c.A.Officer); h.Count != 1 {
		t.Errorf("the list has %d entries; a lapsed site stays in it", h.Count)
	}
	c.Tell(c.Org, &parley.SiteRevalidate{Of: cast.V(ref, 1)})
	if file, _ := viewer(c, b, c.A.Officer).Object(ref); file.Currency != "current" {
		t.Errorf("re-validated, it is %s", file.Currency)
	}
}

func TestMovementOverdueUntilItReports(t *testing.T) {
	c, b := cast.NewBare(t)
	depart := b.At + 3*parley.Day
	ref := c.Must(c.Org, func(d *draft.Draft) parley.Body {
		return &parley.MovementNotify{Movement: cast.Convoy(d, depart, raqqa, cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), c.A.Ref)}
	}).Ref
	c.Release(cast.V(ref, 1), c.A.Ref)
	b.At = depart
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementDeparted, At: b.At})
	b.At = depart + 3*parley.Hour + 30*parley.Minute
	advance(c, b)
	if file, _ := viewer(c, b, c.Org).Object(ref); !file.Overdue {
		t.Error("half an hour after the planned arrival it is not overdue")
	}
	c.Tell(c.Org, &parley.MovementReport{Movement: ref, Status: parley.MovementHeld, At: b.At})
	if file, _ := viewer(c, b, c.Org).Object(ref); file.Overdue || file.Movement != "held" {
		t.Errorf("after a report: overdue %v, %s", file.Overdue, file.Movement)
	}
}

func TestCheckEndsWithItsShelfLife(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.Tell(c.A.Officer, checkAt(c, b, 0.01)).Ref
	b.At += parley.Day
	advance(c, b)
	if check, _ := viewer(c, b, c.A.Officer).Check(ref); check.Ended != "shelf_life" {
		t.Errorf("after a day the check ended with %q; expected shelf_life", check.Ended)
	}
}

func TestCheckEndsWhenItsListMoves(t *testing.T) {
	c, b := cast.NewBare(t)
	ref := c.Tell(c.A.Officer, checkAt(c, b, 0.01)).Ref
	site := c.NotifyHospital(raqqa)
	c.Release(cast.V(site, 1), c.A.Ref)
	if check, _ := viewer(c, b, c.A.Officer).Check(ref); check.Ended != "list_moved" {
		t.Errorf("after a release into its area the check ended with %q; expected list_moved", check.Ended)
	}
}

func TestDeadlinesFireInOrderWhateverTheGap(t *testing.T) {
	play := func(step int64) (d [32]byte, notices int) {
		c, b := cast.NewBare(t)
		_ = c
		for at := b.At; at <= cast.Start+42*parley.Day; at += step {
			b.At = at
			advance(c, b)
		}
		return b.State.Digest(), len(kinds(c, b, c.A.Officer, 0))
	}
	_, hourly := play(parley.Hour)
	_, weekly := play(7 * parley.Day)
	if hourly != weekly {
		t.Errorf("a party was told %d things with an hourly clock, %d with a weekly one", hourly, weekly)
	}
}
