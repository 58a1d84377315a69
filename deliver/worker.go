package deliver

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley"
	"parley/channel"
)

// pace says how a channel tries again.
type pace struct {
	timeout  time.Duration // of one attempt
	first    time.Duration // pause after the first failure; it doubles
	most     time.Duration // longest pause
	urgent   time.Duration // longest pause before something urgent
	refusals int           // so many refusals make a dead letter
	giveUp   time.Duration // so does so long a wait
	renew    time.Duration // of positions: how often open ones are sent anew
	stale    time.Duration // of positions without an end
}

var usual = pace{timeout: 10 * time.Second, first: time.Second, most: 5 * time.Minute, urgent: 10 * time.Second, refusals: 5, giveUp: 72 * time.Hour,
	renew: 5 * time.Minute, stale: 10 * time.Minute}

// after returns the pause after so many failures in a row: doubled each time up to a limit, and up to half of it shorter by chance, so
// that many channels do not come back at once.
func (p pace) after(failures int, limit time.Duration) time.Duration {
	pause := limit
	if shift := max(failures-1, 0); shift < 20 {
		pause = min(p.first<<shift, limit)
	}
	return pause - time.Duration(rand.Int64N(int64(pause)/2+1))
}

// worker returns what a channel's goroutine runs.
func (s *Service) worker(r *running) func(context.Context) {
	c := r.Channel
	if c.Kind == KindCoT {
		return (&positions{s: s, channel: c, wake: r.wake}).run
	}
	return (&worker{s: s, channel: c, wake: r.wake}).run
}

// worker sends a channel's notices, one after the other. Its fields are its goroutine's.
type worker struct {
	s       *Service
	channel *Channel
	wake    <-chan struct{}
	out     sender

	failures int       // of the channel, in a row
	later    time.Time // ordinary notices wait until then
	soon     time.Time // urgent ones
}

func (w *worker) run(ctx context.Context) {
	var err error
	if w.out, err = w.s.cfg.sender(w.channel); err != nil {
		w.s.log.Error("delivery channel can't start", "channel", w.channel.Name, "why", plainly(err, w.s.cfg.hidden(w.channel)...))
		<-ctx.Done()
		return
	}
	for ctx.Err() == nil {
		wait, err := w.step(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			w.s.log.Error("couldn't use the delivery queue", "channel", w.channel.Name, "why", err)
			wait = time.Second
		}
		if wait == 0 {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// step sends one notice, or returns how long there is nothing to do.
func (w *worker) step(ctx context.Context) (time.Duration, error) {
	now, name := time.Now(), w.channel.Name
	it, due, err := w.s.queue.next(ctx, name, now, !now.Before(w.soon), !now.Before(w.later))
	if err != nil {
		return 0, err
	}
	if it == nil {
		wait := time.Minute
		for _, t := range []time.Time{w.soon, w.later} {
			if d := t.Sub(now); d > 0 {
				wait = min(wait, d)
			}
		}
		if due > 0 {
			wait = min(wait, max(time.UnixMilli(due).Sub(now), 0))
		}
		return max(wait, time.Millisecond), nil
	}
	if len(w.channel.earlier) > 0 {
		had, err := w.s.queue.deliveredBy(ctx, w.channel.earlier, it.number)
		if err != nil {
			return 0, err
		}
		if had {
			return 0, w.s.queue.finish(ctx, name, it, NotNeeded, now)
		}
	}
	m := &message{ID: messageID(w.s.theatre, it.account, it.notice), Theatre: w.s.theatre, Exercise: w.s.exercise, Account: it.account, Notice: it.notice}
	attempt, done := context.WithTimeout(ctx, w.s.cfg.pace.timeout)
	failure := w.out.send(attempt, m)
	done()
	if failure != nil && ctx.Err() != nil {
		return 0, nil // cut off: it counts as no attempt
	}
	it.attempts++
	if failure == nil {
		if w.failures > 0 {
			w.s.log.Info("delivery channel works again", "channel", name)
		}
		w.failures, w.soon, w.later = 0, time.Time{}, time.Time{}
		if w.out.reached() {
			w.s.delivered(w.channel, it)
		}
		// Delivered is delivered, also when the service is just being closed.
		return 0, w.s.queue.finish(context.WithoutCancel(ctx), name, it, Taken, time.Now())
	}
	return 0, w.failed(ctx, it, failure)
}

// failed decides what becomes of an item that was not taken.
func (w *worker) failed(ctx context.Context, it *item, failure error) error {
	now, p, name := time.Now(), w.s.cfg.pace, w.channel.Name
	why := plainly(failure, w.s.cfg.hidden(w.channel)...)
	due := now
	var refused *refusal
	if errors.As(failure, &refused) { // of this message: the others go on
		it.refusals++
		due = now.Add(p.after(it.refusals, p.most))
		if it.notice.Urgent {
			due = now.Add(p.after(it.refusals, p.urgent))
		}
	} else {
		if w.failures++; w.failures == 1 {
			w.s.log.Warn("delivery channel fails", "channel", name, "why", why)
		}
		w.later = now.Add(p.after(w.failures, p.most))
		w.soon = now.Add(p.after(w.failures, p.urgent))
		if w.later.Before(w.soon) { // each has its own chance: the urgent never waits for longer than the others
			w.soon = w.later
		}
	}
	old := now.Add(-p.giveUp)
	dead := it.refusals >= p.refusals || time.UnixMilli(it.queued).Before(old)
	if err := w.s.queue.fail(ctx, name, it, dead, due, now, why); err != nil {
		return err
	}
	if dead {
		w.s.log.Error("a notice could not be delivered", "channel", name, "number", it.number, "kind", it.notice.Kind, "reference", it.reference(), "attempts", it.attempts, "why", why)
	}
	if refused == nil {
		n, err := w.s.queue.expire(ctx, name, old, now, fmt.Sprintf("waited for %s: %s", p.giveUp, why))
		if n > 0 {
			w.s.log.Error("notices could not be delivered", "channel", name, "count", n, "why", why)
		}
		return err
	}
	return nil
}

// delivered tells the node that a notice of a release reached the party's machine.
func (s *Service) delivered(c *Channel, it *item) {
	n := it.notice
	if n.Kind != parley.NoticeReleased && n.Kind != parley.NoticeResent || it.account.Kind() != parley.RefParty {
		return
	}
	var items []parley.Versioned
	if err := s.node.Read(func(st *channel.State) {
		items = st.View(&parley.Member{Ref: c.Member, Account: it.account}, s.node.Now(), unread).Undelivered(n.Object)
	}); err != nil {
		return // a node that does not answer writes nothing down either
	}
	items = slices.DeleteFunc(items, func(v parley.Versioned) bool { return v.Version != n.Version })
	s.node.Delivered(it.account, items)
}

// sender returns what sends by a channel.
func (c *Config) sender(ch *Channel) (sender, error) {
	switch ch.Kind {
	case KindWebhook:
		return c.webhook(ch)
	case KindMail:
		return c.mailer(ch)
	case KindSMS:
		return c.texter(ch)
	}
	return nil, fmt.Errorf("nothing sends notices by %s", ch.Kind)
}
