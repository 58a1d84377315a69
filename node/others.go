package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/journal"
)

// passes reports whether an error of the journal is a database that is away. Nothing was written then; writes pause, and what is read
// is the last verified state.
func (n *Node) passes(err error) bool {
	if !errors.Is(err, journal.ErrAway) {
		return false
	}
	if n.away.CompareAndSwap(false, true) {
		n.log.Warn("the database is away: writes pause", "why", err)
	}
	return true
}

// back takes note that the database answers.
func (n *Node) back() {
	if n.away.CompareAndSwap(true, false) {
		n.log.Info("the database is back")
	}
}

// resolveEvery is how often a database that is away is asked what became of a block.
const resolveEvery = 100 * time.Millisecond

// resolve finds out whether a block whose append had no clear answer is in the journal: nil when it is, ErrBehind when another is, or
// none. While the database is away it goes on asking, until the node closes: nothing may be said of the block before that.
func (n *Node) resolve(ctx context.Context, block *journal.Block) error {
	for {
		err := n.lookFor(ctx, block)
		if err == nil || errors.Is(err, journal.ErrBehind) {
			n.back()
			return err
		}
		if !n.passes(err) {
			return err
		}
		select {
		case <-time.After(resolveEvery):
		case <-n.closed:
			return fmt.Errorf("the node closes, and it is not known what became of block %d: %w", block.Height, err)
		}
	}
}

func (n *Node) lookFor(ctx context.Context, block *journal.Block) error {
	for b, err := range n.journal.Blocks(context.WithoutCancel(ctx), block.Height) {
		if err != nil {
			return fmt.Errorf("couldn't find out what became of height %d: %w", block.Height, err)
		}
		if b.Hash() == block.Hash() {
			return nil
		}
		return journal.ErrBehind
	}
	return journal.ErrBehind
}

// erase destroys payloads in the journal. A database that is away is waited for: nobody is answered before the texts are gone.
func (n *Node) erase(all []journal.Hash) error {
	for {
		err := n.journal.Erase(context.Background(), all)
		if err == nil || !n.passes(err) {
			return err
		}
		select {
		case <-time.After(resolveEvery):
		case <-n.closed: // the next start finishes it
			return err
		}
	}
}

// watch wakes the sequencer when another node has written, so that this one follows at once and not at the next tick.
func (n *Node) watch(ctx context.Context) {
	after := uint64(0)
	for ctx.Err() == nil && n.Fault() == nil {
		err := n.journal.Wait(ctx, after)
		if err == nil {
			var head journal.Head
			if head, err = n.journal.Head(ctx); err == nil {
				after = head.Height
				select {
				case n.others <- struct{}{}:
				default: // it is to look anyway
				}
			}
		}
		if err != nil { // away, or at fault: the tick finds out which
			select {
			case <-time.After(resolveEvery):
			case <-ctx.Done():
			}
		}
	}
}

// verifyBehind verifies older blocks while the node serves, from the beginning again when the database was away meanwhile.
func (n *Node) verifyBehind(ctx context.Context, verify func(context.Context) error) {
	for {
		err := verify(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if !n.passes(err) {
			n.fail(fmt.Errorf("older blocks: %w", err))
			return
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}
