package node

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/proof"
)

// Limits of a block (DESIGN section 3).
const (
	maxBlockEntries = 1000
	maxBlockBytes   = 3 << 20 // envelopes; a block is at most 4 MiB with its headers
)

// Receipt is the answer to a command: where it is stored and what became of it. It is given when the block is durable and applied.
type Receipt struct {
	Outcome   parley.Outcome
	Refusal   *channel.Refusal // says more about a command that was not taken
	Duplicate bool             // the command was in the journal before; Outcome is the first one's
	Height    uint64           // block that holds it; 0 for a duplicate
	Block     proof.Hash
	Spooled   string // an urgent stop: release.MarkSpooled or release.MarkLost; it was told, and there is no stored receipt
}

// submission is a command on its way: admitted, waiting for its outcome.
type submission struct {
	signed   *channel.Signed
	envelope []byte
	payloads []journal.Payload
	answer   chan result // buffered, so that the sequencer never waits
}

type result struct {
	receipt Receipt
	err     error
}

// restTicks is how many ticks a node is quiet for, two seconds, before its indexes put themselves in order: queries then take two thirds of the time.
const restTicks = 8

// pause counts the ticks since the last block.
type pause struct {
	height uint64
	ticks  int
}

// lasts counts a tick and reports whether the pause has lasted for restTicks, or a multiple of them.
func (p *pause) lasts(height uint64) bool {
	if p.height != height {
		*p = pause{height: height}
	}
	p.ticks++
	return p.ticks%restTicks == 0
}

// sequence is the one goroutine that appends blocks and changes the state. It takes whatever waits, up to a block's limits, makes
// it durable, applies it and answers. While a block is being written, the next one gathers in the queue.
func (n *Node) sequence(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	var held *submission // taken from the queue, too large for the last block
	crowd := 0           // commands in the last block
	var quiet pause
	for {
		var batch []*submission
		if held != nil {
			batch, held = append(batch, held), nil
		} else {
			select {
			case <-ctx.Done():
				n.drain()
				return
			case s := <-n.queue:
				batch = append(batch, s)
			case answer := <-n.toNote:
				answer <- n.noteState(ctx)
				continue
			case <-n.others:
				n.keepUp(ctx)
				continue
			case <-tick.C:
				if batch = n.rim(); len(batch) == 0 {
					n.keepUp(ctx)
					if quiet.lasts(n.chain.Head().Height) {
						n.state.Rest()
					}
					continue
				}
			}
		}
		batch, held = n.gather(batch, crowd)
		crowd = len(batch)
		n.commit(ctx, batch)
	}
}

// keepUp applies what another node has written. A journal that cannot be read just now is no fault of its content: it is asked again.
func (n *Node) keepUp(ctx context.Context) {
	err := n.follow(ctx)
	var damage *journal.Damage
	switch {
	case err == nil:
		n.unread = false
	case n.passes(err):
	case errors.As(err, &damage) || errors.Is(err, ErrFault):
		n.fail(err)
	case !n.unread:
		n.unread = true
		n.log.Error("the journal cannot be read; it is tried again", "why", err)
	}
}

// gatherTime is how long a block waits for more commands when the last one held several: a commit costs the same for one as for
// many. A lone sender never waits.
const gatherTime = time.Millisecond

// gather adds to a block what waits in the queue, up to its limits. A command that no longer fits is handed back for the next one.
func (n *Node) gather(batch []*submission, crowd int) (_ []*submission, held *submission) {
	size := 0
	for _, s := range batch {
		size += len(s.envelope)
	}
	var patience <-chan time.Time
	if crowd > 1 {
		timer := time.NewTimer(gatherTime)
		defer timer.Stop()
		patience = timer.C
	}
	for len(batch) < maxBlockEntries {
		var s *submission
		select {
		case s = <-n.queue:
		default:
			if patience == nil || len(batch) >= crowd {
				return batch, nil
			}
			select {
			case s = <-n.queue:
			case <-patience:
				return batch, nil
			}
		}
		if size += len(s.envelope); size > maxBlockBytes {
			return batch, s
		}
		batch = append(batch, s)
	}
	return batch, nil
}

// drain refuses what waits when the node closes.
func (n *Node) drain() {
	for {
		select {
		case s := <-n.queue:
			s.answer <- result{err: ErrClosed}
		default:
			return
		}
	}
}

// mostUnclear is how often in a row a block may turn out not to be written before its senders are told.
const mostUnclear = 8

// commit writes one block with these commands, applies it and answers them. A command is answered with success only after its
// block is durable.
func (n *Node) commit(ctx context.Context, batch []*submission) {
	fail := func(err error) {
		for _, s := range batch {
			s.answer <- result{err: err}
		}
	}
	if err := n.Fault(); err != nil {
		fail(err)
		return
	}
	entries := make([]journal.Entry, len(batch))
	var payloads []journal.Payload
	for i, s := range batch {
		entries[i].Envelope = s.envelope
		payloads = append(payloads, s.payloads...)
	}
	for unclear := 0; ; {
		at := max(n.now(), n.chain.Head().Time)
		for i := range entries {
			entries[i].Time = at
		}
		last := n.chain.Last()
		block, err := n.chain.Next(journal.Header{Theatre: last.Theatre, Time: at, Digest: n.digest(), Rules: channel.Rules}, entries)
		if err != nil {
			fail(fmt.Errorf("couldn't make a block: %w", err))
			return
		}
		n.appending.Store(time.Now().UnixMilli())
		err = n.journal.Append(context.WithoutCancel(ctx), block, payloads)
		n.appending.Store(0)
		n.failing.Store(err != nil && !errors.Is(err, journal.ErrBehind))
		if errors.Is(err, journal.ErrUnknown) {
			cause := err
			if err = n.resolve(ctx, block); err != nil && !errors.Is(err, journal.ErrBehind) {
				n.fail(err)
			}
			// A disk that is full answers so again and again, and nothing is written: the senders are told, and send again.
			if unclear++; errors.Is(err, journal.ErrBehind) && unclear == mostUnclear {
				n.failing.Store(true)
				n.log.Error("the journal does not take blocks", "why", cause)
				fail(fmt.Errorf("couldn't append: %w", cause))
				return
			}
			n.failing.Store(err != nil && !errors.Is(err, journal.ErrBehind))
		}
		if errors.Is(err, journal.ErrBehind) {
			if err := n.follow(ctx); err != nil {
				if !n.passes(err) {
					n.fail(err)
				}
				fail(err)
				return
			}
			continue
		}
		if err != nil {
			if _, damaged := errors.AsType[*journal.Damage](err); damaged {
				n.fail(err)
			}
			n.passes(err)
			fail(fmt.Errorf("couldn't append: %w", err))
			return
		}
		signed := make([]*channel.Signed, len(batch))
		for i, s := range batch {
			signed[i] = s.signed
		}
		outcomes, refusals, err := n.apply(block, signed)
		if err != nil {
			n.fail(err)
			fail(n.Fault())
			return
		}
		for i, s := range batch {
			s.answer <- result{receipt: n.receipt(outcomes[i], refusals[i], block)}
		}
		return
	}
}

func (n *Node) receipt(o parley.Outcome, r *channel.Refusal, block *journal.Block) Receipt {
	if o.Code == parley.Duplicate {
		n.mu.RLock()
		defer n.mu.RUnlock()
		first, _ := n.state.Known(o.Name)
		return Receipt{Outcome: first, Duplicate: true}
	}
	return Receipt{Outcome: o, Refusal: r, Height: block.Height, Block: block.Hash()}
}

func (n *Node) digest() proof.Hash {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.state.Digest()
}

// apply follows the chain with a durable block and applies its commands.
func (n *Node) apply(block *journal.Block, signed []*channel.Signed) ([]parley.Outcome, []*channel.Refusal, error) {
	var ended []parley.Ref
	for _, s := range signed {
		switch b := s.Command.Body.(type) {
		case *parley.StateNote:
			if err := n.heldAgainstNote(context.Background(), b, n.chain.Last(), n.digest()); err != nil {
				return nil, nil, err
			}
			n.keepForNote(b)
		case *parley.EnvelopeErase:
			ended = append(ended, b.Movements...)
		}
	}
	if err := n.chain.Follow(block); err != nil {
		return nil, nil, err
	}
	leaves := make([][]byte, len(block.Entries))
	for i, e := range block.Entries {
		leaves[i] = e.Leaf()
	}
	if n.tree != nil {
		if err := n.extendProof(leaves); err != nil {
			return nil, nil, err
		}
	}
	outcomes := make([]parley.Outcome, len(signed))
	refusals := make([]*channel.Refusal, len(signed))
	var erase []journal.Hash
	n.mu.Lock()
	before := n.state.Notices()
	for i, s := range signed {
		outcomes[i], refusals[i] = n.state.Apply(block.Entries[i].Time, s)
		if b, ok := s.Command.Body.(*parley.PayloadErase); ok && outcomes[i].Code == parley.Applied {
			erase = append(erase, b.Payloads...)
		}
	}
	erase = append(erase, n.state.ErasedTexts(ended)...)
	for account := range n.state.ToldSince(before) {
		if c := n.told[account]; c != nil {
			close(c)
			delete(n.told, account)
		}
	}
	close(n.changed)
	n.changed = make(chan struct{})
	n.mu.Unlock()
	if len(erase) > 0 {
		err := n.erase(erase)
		n.texts.erase(erase) // after the rows are gone: what is read from now on is read without them
		if err != nil {
			return nil, nil, fmt.Errorf("couldn't erase payloads: %w", err)
		}
	}
	n.since += uint64(len(signed))
	if n.since >= n.cfg.SnapshotEvery && n.tree != nil {
		n.since = 0
		n.snapshotSoon()
	}
	return outcomes, refusals, nil
}

// Submit admits a command, waits until it is durable and applied, and returns what became of it.
//
// Errors before that are *parley.Fault, or *Refused with more; they leave no trace in the journal but for counts. A command that is
// in the journal already is answered with its first outcome.
func (n *Node) Submit(ctx context.Context, envelope []byte, payloads []parley.Payload) (Receipt, error) {
	s, known, err := n.admit(envelope, payloads)
	if err != nil || known != nil {
		if known != nil {
			return *known, nil
		}
		return Receipt{}, err
	}
	if urgent(s.signed.Command) {
		return n.submitUrgent(ctx, s, payloads)
	}
	return n.enqueue(ctx, s)
}

// enqueueFor is enqueue that stops waiting when ctx ends. The command may still be appended.
func (n *Node) enqueueFor(ctx context.Context, s *submission) (Receipt, error) {
	select {
	case n.queue <- s:
	case <-n.closed:
		return Receipt{}, ErrClosed
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
	select {
	case r := <-s.answer:
		return r.receipt, r.err
	case <-n.closed:
		return Receipt{}, ErrClosed
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

func (n *Node) enqueue(ctx context.Context, s *submission) (Receipt, error) {
	select {
	case n.queue <- s:
	case <-n.closed:
		return Receipt{}, ErrClosed
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
	select {
	case r := <-s.answer:
		return n.late(ctx, r)
	case <-n.closed:
		select {
		case r := <-s.answer: // answered while closing
			return n.late(ctx, r)
		case <-time.After(5 * time.Second):
			return Receipt{}, ErrClosed
		}
	}
}

// late holds back the answer to a check beyond its party's quota, and leaves every other answer as it is.
func (n *Node) late(ctx context.Context, r result) (Receipt, error) {
	if r.err != nil || r.receipt.Outcome.Kind != "check.record" {
		return r.receipt, r.err
	}
	var answerAt int64
	if err := n.Read(func(s *channel.State) { answerAt = s.AnswerAt(r.receipt.Outcome.Ref) }); err != nil {
		return Receipt{}, err
	}
	for wait := answerAt - n.now(); wait > 0; wait = answerAt - n.now() {
		var passed <-chan time.Time
		changed := n.Changed() // simulated time goes on with an entry
		if n.simulated == nil {
			passed, changed = time.After(time.Duration(wait)*time.Millisecond), nil
		} else if n.now() >= answerAt {
			break
		}
		select {
		case <-passed:
			return r.receipt, nil
		case <-changed:
		case <-ctx.Done():
			return Receipt{}, ctx.Err()
		case <-n.closed:
			return Receipt{}, ErrClosed
		}
	}
	return r.receipt, nil
}

// sign makes a command of the node itself.
func (n *Node) sign(body parley.Body) (*submission, error) {
	c := &parley.Command{Kind: body.Kind(), Theatre: n.theatre(), Body: body}
	written, err := n.signCommand(c)
	if err != nil {
		return nil, err
	}
	signed, _, err := channel.Open(written)
	if err != nil {
		return nil, err
	}
	return &submission{signed: signed, envelope: written, answer: make(chan result, 1)}, nil
}

// signCommand signs a command with the node's key, key, nonce and time filled in, and returns the envelope.
func (n *Node) signCommand(c *parley.Command) ([]byte, error) {
	c.Key, c.MadeAt = parley.PublicKey(n.key[32:]).ID(), max(n.now(), 1)
	if _, err := rand.Read(c.Nonce[:]); err != nil {
		return nil, err
	}
	text, err := c.Encode()
	if err != nil {
		return nil, err
	}
	e := &parley.Envelope{Body: text}
	e.Sign(n.key)
	return e.MarshalJSON()
}
