package deliver

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/draft"
	"parley/release"
)

func TestAQueueOfAnotherTheatreIsRefused(t *testing.T) {
	s, other := enter(t), enter(t)
	d := s.start(s.config())
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if d, err := Start(t.Context(), other.node, s.folder, s.config(), slog.New(slog.DiscardHandler)); err == nil {
		_ = d.Close()
		t.Error("taken")
	} else if !strings.Contains(err.Error(), "the queue of theatre "+s.Theatre.String()) {
		t.Error(err)
	}
}

// After trustees accepted a journal that ends earlier, a channel goes on from its new end.
func TestAnInboxThatGotShorterIsSaidAndGoesOn(t *testing.T) {
	s, r := enter(t), receive(t, nil)
	q, err := openQueue(t.Context(), s.folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.place(t.Context(), "north", s.A.Ref, 9999); err != nil {
		t.Fatal(err)
	}
	// A dead letter of the lost end has the number that the next notice gets.
	next := uint64(len(inboxOf(s, s.A.Officer)))
	old := &item{number: next, account: s.A.Ref}
	if err := q.enqueue(t.Context(), &Channel{Name: "north"}, s.A.Ref, []release.Notice{{Number: next}}, 9999, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := q.fail(t.Context(), "north", old, true, time.Now(), time.Now(), "lost"); err != nil {
		t.Fatal(err)
	}
	if err := q.close(); err != nil {
		t.Fatal(err)
	}
	s.start(s.config(s.hook("north", r.URL, nil)))
	eventually(t, "it is not said", func() bool { return strings.Contains(s.logged.String(), "shorter than what was delivered") })
	s.resend()
	eventually(t, "it does not go on", func() bool { return len(r.took()) == 1 })
}

// An account that rests gets nothing; when it is woken, what came meanwhile is delivered, as it stands in the inbox.
func TestASuspendedAccountGetsNothingUntilItIsWoken(t *testing.T) {
	s, r := enter(t), receive(t, nil)
	d := s.start(s.config(s.hook("north", r.URL, nil)))
	placed(t, d)
	suspend := func(resume bool) {
		s.Must(s.Trustees[0], func(d *draft.Draft) parley.Body {
			return &parley.PartySuspend{AccountSuspend: parley.AccountSuspend{Account: s.A.Ref, Resume: resume, Reason: d.Text("keys lost")}}
		}, s.Trustees[1])
	}
	suspend(false)
	eventually(t, "the channel goes on", func() bool { return strings.Contains(s.logged.String(), "the account is suspended") })
	before := r.requests()
	s.raise()
	time.Sleep(600 * time.Millisecond)
	if n := r.requests(); n != before {
		t.Errorf("%d requests while the account rests", n-before)
	}
	suspend(true)
	eventually(t, "what came meanwhile is lost", func() bool {
		for _, e := range r.took() {
			if e.Notice.Kind == parley.NoticeStop {
				return true
			}
		}
		return false
	})
}
