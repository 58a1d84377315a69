// Package deliver sends an account's notices outward: webhooks, e-mail, SMS gateways, CoT, with retries and a log of its own.
//
// What leaves is what the stream of an inbox shows: references, never content. CoT alone carries places, and only when the
// configuration names the party whose list it is.
//
// One goroutine, the feed, reads the inboxes and puts notices into a queue on disk; one worker a channel takes them out. A channel that
// is slow or dead waits by itself. Nothing here holds the node's state longer than one look takes.
package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"parley"
	"parley/channel"
	"parley/release"
)

// Node is what this package asks of a node.
type Node interface {
	// Read calls look with the state held still, or returns why the node does not answer.
	Read(look func(*channel.State)) error
	// Changed returns a channel that is closed at the next block.
	Changed() <-chan struct{}
	// Now returns the node's time, in milliseconds UTC.
	Now() int64
	// Text returns the text of a payload.
	Text(parley.Commitment) string
	// Spooled returns the urgent stops that the journal does not have yet, as an account may see them.
	Spooled(account parley.Ref, watches bool) []release.Stop
	// Delivered notes that releases, or notices of them, reached a party's machine.
	Delivered(to parley.Ref, items []parley.Versioned)
}

// Service delivers for one node until it is closed.
type Service struct {
	node  Node
	cfg   *Config
	queue *queue
	log   *slog.Logger
	stop  context.CancelFunc
	done  sync.WaitGroup

	theatre  string // the first eight hexadecimal digits of the theatre's name
	exercise bool

	// What follows is the feed's after Start.
	channels []*running
	whys     map[parley.Ref]string // why members may not receive, as of a size of the journal
	asked    uint64
}

// running is a channel with its worker. The feed owns all of it but wake, which it shares with the worker.
type running struct {
	*Channel
	account  parley.Ref      // of the member; "" until the journal knows them
	spooled  map[string]bool // words about spooled stops that were queued
	cursor   uint64          // next notice of the account's inbox
	placed   bool            // cursor is known
	standing bool            // the member may receive now
	said     string          // why not, as it was last logged

	wake   chan struct{} // of one place: something was queued, or the list moved
	stop   context.CancelFunc
	done   chan struct{} // closed when the worker has ended; nil without one
	ending bool          // the worker was told to end

	head parley.ListHead // of the party's list, for positions
}

// beat is how often the feed looks without news, and standingEvery how often it asks who may still receive: together under a second.
const (
	beat          = 500 * time.Millisecond
	standingEvery = 250 * time.Millisecond
	feedAtMost    = 500 // notices of a channel in one look
)

// Start delivers the notices of a node as cfg says, with its queue and log in a folder, which must be the node's own.
func Start(ctx context.Context, n Node, folder string, cfg *Config, log *slog.Logger) (*Service, error) {
	s := &Service{node: n, cfg: cfg, log: log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var name parley.Hash
	if err := n.Read(func(st *channel.State) {
		name, s.exercise = st.Theatre().Name, st.Theatre().Profile.Exercise
	}); err != nil {
		return nil, err
	}
	s.theatre = name.String()[:8]
	var err error
	if s.queue, err = openQueue(ctx, folder); err != nil {
		return nil, err
	}
	if err := s.queue.belong(ctx, name.String(), s.exercise); err != nil {
		return nil, errors.Join(err, s.queue.close())
	}
	for _, c := range cfg.Channels {
		s.channels = append(s.channels, &running{Channel: c, wake: make(chan struct{}, 1)})
	}
	run, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		s.feed(run)
	}()
	return s, nil
}

// Close stops every worker, cuts off what is being sent, and closes the queue. What was not delivered stays in it.
func (s *Service) Close() error {
	s.stop()
	s.done.Wait()
	return s.queue.close()
}

// feed moves notices from the inboxes into the queue, and starts and stops the workers.
func (s *Service) feed(ctx context.Context) {
	defer func() {
		for _, r := range s.channels {
			if !r.halt() {
				<-r.done
			}
		}
	}()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	var asked, pruned time.Time
	silent := ""
	for {
		changed := s.node.Changed()
		look := time.Since(asked) >= standingEvery
		if look {
			asked = time.Now()
		}
		more, err := s.round(ctx, look)
		if ctx.Err() != nil {
			return
		}
		if why := text(err); why != silent {
			if silent = why; err != nil {
				s.log.Error("delivery waits", "why", why)
			}
		}
		if time.Since(pruned) >= time.Hour {
			pruned = time.Now()
			if err := s.queue.prune(ctx, pruned); err != nil && ctx.Err() == nil {
				s.log.Error("couldn't shorten the delivery log", "why", err)
			}
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-changed:
			// Blocks come by the hundred a second; one look serves many.
			select {
			case <-ctx.Done():
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// round looks at the state once. more says that some inbox has more notices than one look takes.
func (s *Service) round(ctx context.Context, standing bool) (more bool, err error) {
	type found struct {
		account parley.Ref
		known   bool
		end     uint64
		notices []release.Notice
		next    uint64
		head    parley.ListHead
	}
	if err := s.placeAll(ctx); err != nil {
		return false, err
	}
	var whys map[parley.Ref]string
	if standing {
		if whys, err = s.standings(); err != nil {
			return false, err
		}
	}
	looks := make([]found, len(s.channels))
	if err := s.node.Read(func(st *channel.State) {
		for i, r := range s.channels {
			f := &looks[i]
			if f.account, f.known = st.AccountOfMember(r.Member); !f.known {
				continue
			}
			v := st.View(&parley.Member{Ref: r.Member, Account: f.account}, s.node.Now(), unread)
			if r.Kind == KindCoT {
				f.head, _, _ = v.List(0, 0)
				continue
			}
			if r.placed && r.account == f.account {
				f.notices, f.next = v.Inbox(r.cursor, feedAtMost)
			}
			if _, f.end = v.Inbox(^uint64(0)>>1, 0); f.next > f.end {
				f.next = f.end
			}
		}
	}); err != nil {
		return false, err
	}
	for i, r := range s.channels {
		f := &looks[i]
		if standing {
			why := whys[r.Member]
			if why == "" && r.Kind == KindCoT && f.account != r.Positions {
				why = fmt.Sprintf("positions names %s, the member belongs to another account", r.Positions)
			}
			if r.standing = why == ""; why != r.said {
				if r.said = why; why != "" {
					s.log.Warn("delivery channel rests", "channel", r.Name, "why", why)
				} else {
					s.log.Info("delivery channel may send again", "channel", r.Name)
				}
			}
		}
		if !r.standing || !f.known {
			r.halt()
			continue
		}
		news := false
		if r.Kind == KindCoT {
			r.account = f.account
			news, r.head = f.head != r.head, f.head
		} else {
			if news, err = s.take(ctx, r, f.account, f.notices, f.next, f.end); err != nil {
				return false, fmt.Errorf("channel %s: %w", r.Name, err)
			}
			more = more || len(f.notices) == feedAtMost
			fromSpool, err := s.takeSpooled(ctx, r, f.account)
			if err != nil {
				return false, fmt.Errorf("channel %s: %w", r.Name, err)
			}
			news = news || fromSpool
		}
		if r.ending && !r.halt() {
			continue // the next round begins anew
		}
		if r.done == nil {
			s.begin(ctx, r)
		} else if news {
			r.poke()
		}
	}
	return more, nil
}

// placeAll reads from the queue where each channel goes on.
func (s *Service) placeAll(ctx context.Context) error {
	for _, r := range s.channels {
		if r.placed || r.Kind == KindCoT {
			continue
		}
		account, next, ok, err := s.queue.cursor(ctx, r.Name)
		if err != nil {
			return err
		}
		if ok {
			r.account, r.cursor, r.placed = account, next, true
		}
	}
	return nil
}

// take puts notices into the queue. A channel without a place begins with the next notice, or the first one if it says so.
func (s *Service) take(ctx context.Context, r *running, account parley.Ref, notices []release.Notice, next, end uint64) (bool, error) {
	if !r.placed || r.account != account {
		begin := end
		if r.From == FromFirst {
			begin = 0
		}
		if err := s.queue.place(ctx, r.Name, account, begin); err != nil {
			return false, err
		}
		r.account, r.cursor, r.placed = account, begin, true
		return false, nil
	}
	if end < r.cursor {
		// The trustees accepted a journal that ends earlier: numbers after its end are given again.
		s.log.Error("an inbox is shorter than what was delivered of it", "channel", r.Name, "inbox", end, "delivered", r.cursor)
		if err := s.queue.place(ctx, r.Name, account, end); err != nil {
			return false, err
		}
		r.cursor = end
		return false, nil
	}
	if len(notices) == 0 {
		return false, nil
	}
	var wanted []release.Notice
	for _, n := range notices {
		if r.wants(n) {
			wanted = append(wanted, n)
		}
	}
	if err := s.queue.enqueue(ctx, r.Channel, account, wanted, next, time.Now()); err != nil {
		return false, err
	}
	r.cursor = next
	return len(wanted) > 0, nil
}

// takeSpooled queues a word about each urgent stop that the journal does not have yet, and about each step of it. Their numbers lie far
// beyond those of an inbox; the inbox's own notices follow when the journal has them.
func (s *Service) takeSpooled(ctx context.Context, r *running, account parley.Ref) (bool, error) {
	if !r.placed {
		return false, nil
	}
	var wanted []release.Notice
	for _, st := range s.node.Spooled(account, account == parley.Desk || account == parley.Board) {
		word := fmt.Sprintf("%s %s %d %d", st.Ref, st.State, st.Step, len(st.Log))
		if r.spooled[word] {
			continue
		}
		if r.spooled == nil {
			r.spooled = map[string]bool{}
		}
		r.spooled[word] = true
		sum := fnv.New64a()
		sum.Write([]byte(word))
		n := release.Notice{Number: 1<<62 | sum.Sum64()>>2, Kind: parley.NoticeStopStep, Object: st.Ref, At: st.Log[len(st.Log)-1].At, Urgent: true, Mark: st.Mark}
		if st.State == string(parley.StopRaised) {
			n.Kind = parley.NoticeStop
			if st.Step > 0 {
				n.Kind = parley.NoticeStopClimbs
			}
		}
		if r.wants(n) {
			wanted = append(wanted, n)
		}
	}
	if len(wanted) == 0 {
		return false, nil
	}
	return true, s.queue.enqueue(ctx, r.Channel, account, wanted, r.cursor, time.Now())
}

// unread stands in for the reader of texts where no text is wanted.
func unread(parley.Commitment) string { return "-" }

// standings returns why each member of a channel may not receive, "" for who may. It asks again only when the journal has grown, and
// account by account, so that no hold on the state is long.
func (s *Service) standings() (map[parley.Ref]string, error) {
	whys, accounts := map[parley.Ref]string{}, map[parley.Ref]bool{}
	var size uint64
	if err := s.node.Read(func(st *channel.State) {
		if size = st.Size(); s.whys != nil && size == s.asked {
			return
		}
		for _, r := range s.channels {
			whys[r.Member] = "no such member in this theatre"
			if account, known := st.AccountOfMember(r.Member); known {
				accounts[account] = true
			}
		}
	}); err != nil || len(whys) == 0 {
		return s.whys, err
	}
	for account := range accounts {
		if err := s.node.Read(func(st *channel.State) {
			v := st.View(&parley.Member{Account: account}, s.node.Now(), unread)
			resting := ""
			everyone, _ := v.Accounts(0, 1<<30)
			for _, a := range everyone {
				if a.Ref == account && a.Suspended {
					resting = "the account is suspended"
				}
			}
			members, _ := v.Members(0, 1<<30)
			for _, m := range members {
				if _, asked := whys[m.Ref]; asked && m.Account == account {
					whys[m.Ref] = cmp.Or(whyNot(m), resting)
				}
			}
		}); err != nil {
			return nil, err
		}
	}
	s.whys, s.asked = whys, size
	return whys, nil
}

// whyNot returns why a member may not receive, "" when they may.
func whyNot(m release.Member) string {
	if m.Revoked != "" {
		return "the member is revoked"
	}
	for _, k := range m.Keys {
		if k.Revoked == "" && k.Replaced == "" {
			return ""
		}
	}
	return "the member has no valid key"
}

// begin starts a channel's worker. It ends with ctx, or when the feed halts it.
func (s *Service) begin(ctx context.Context, r *running) {
	run, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	r.stop, r.done = stop, done
	work := s.worker(r)
	go func() {
		defer close(done)
		work(run)
	}()
}

// halt ends a channel's worker without waiting for it, so that one that is slow to end holds nobody up. It reports whether none is left.
func (r *running) halt() bool {
	if r.done == nil {
		return true
	}
	r.stop()
	r.ending = true
	select {
	case <-r.done:
		r.stop, r.done, r.ending = nil, nil, false
		return true
	default:
		return false
	}
}

func (r *running) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}
