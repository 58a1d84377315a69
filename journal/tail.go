package journal

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"
)

const (
	readBytes = 8 << 20               // blocks are read until so many bytes are in hand, one at least
	readRows  = 256                   // and no more than this many at a time
	pollEvery = 25 * time.Millisecond // how often Wait looks for blocks of other processes
)

// rows is the table of blocks of an engine. What it returns is parsed, not verified.
type rows interface {
	height(ctx context.Context) (uint64, error)                 // the greatest, 0 when there is none
	block(ctx context.Context, height uint64) (*Block, error)   // its absence is a *Damage
	read(ctx context.Context, from uint64) ([]*Block, error)    // some blocks in order, none at the end
	chainAt(ctx context.Context, height uint64) (*Chain, error) // as it stands after the block at a height
}

// tail follows the table of an engine, whoever writes it, and verifies every block that it meets. It is the part that all engines
// have in common.
type tail struct {
	rows   rows
	closed chan struct{}

	mu   sync.Mutex    // guards what follows
	head *Chain        // the verified head of this handle: never ahead of the database, perhaps behind it
	news chan struct{} // closed and replaced when head moves
}

func newTail(r rows) tail {
	return tail{rows: r, closed: make(chan struct{}), head: new(Chain), news: make(chan struct{})}
}

// Head returns where the journal ends now.
func (t *tail) Head(ctx context.Context) (Head, error) {
	if err := t.catchUp(ctx); err != nil {
		return Head{}, fmt.Errorf("journal head: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head.Head(), nil
}

// catchUp verifies the blocks that others wrote and moves the head of this handle behind them.
func (t *tail) catchUp(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	height, err := t.rows.height(ctx)
	if err != nil {
		return err
	}
	if known := t.head.Head().Height; height < known {
		return shorter(height, known)
	}
	for t.head.Head().Height < height {
		blocks, err := t.rows.read(ctx, t.head.Head().Height+1)
		if err != nil {
			return err
		}
		if len(blocks) == 0 {
			return shorter(t.head.Head().Height, height)
		}
		for _, b := range blocks {
			if err := damaged(t.head.Follow(b)); err != nil {
				return err
			}
		}
		t.tell()
	}
	return nil
}

// tell wakes all that wait. It is called with mu held.
func (t *tail) tell() {
	close(t.news)
	t.news = make(chan struct{})
}

// next checks that a block follows from the head and returns the chain behind it.
func (t *tail) next(ctx context.Context, b *Block) (*Chain, error) {
	if err := t.catchUp(ctx); err != nil {
		return nil, err
	}
	t.mu.Lock()
	chain := t.head.Clone()
	t.mu.Unlock()
	if head := chain.Head(); b.Height >= 1 && b.Height <= head.Height {
		return nil, fmt.Errorf("%w: the head is at %d", ErrBehind, head.Height)
	}
	return chain, chain.Follow(b)
}

// moved takes note of a block that this handle has written.
func (t *tail) moved(chain *Chain) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.head.Head().Height < chain.Head().Height { // else Head was called meanwhile, and has read the block
		t.head = chain
		t.tell()
	}
}

// Blocks yields verified blocks from a height on.
func (t *tail) Blocks(ctx context.Context, from uint64) iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		fail := func(err error) { yield(nil, fmt.Errorf("read journal: %w", err)) }
		from := max(from, 1)
		known, err := t.Head(ctx)
		if err != nil {
			fail(err)
			return
		}
		if from > known.Height {
			return
		}
		chain, err := t.rows.chainAt(ctx, from-1)
		if err != nil {
			fail(err)
			return
		}
		for {
			blocks, err := t.rows.read(ctx, chain.Head().Height+1)
			if err != nil {
				fail(err)
				return
			}
			if len(blocks) == 0 {
				break
			}
			for _, b := range blocks {
				if err := damaged(chain.Follow(b)); err != nil {
					fail(err)
					return
				}
				if !yield(b, nil) {
					return
				}
			}
		}
		if end := chain.Head().Height; end < known.Height {
			fail(shorter(end, known.Height))
		}
	}
}

// Holding returns the block that holds a position.
func (t *tail) Holding(ctx context.Context, position uint64) (*Block, error) {
	head, err := t.Head(ctx)
	if err != nil {
		return nil, err
	}
	b, err := t.holding(ctx, head, position)
	if err != nil {
		return nil, fmt.Errorf("block that holds position %d: %w", position, err)
	}
	return b, nil
}

// holding finds the block by halves.
func (t *tail) holding(ctx context.Context, head Head, position uint64) (*Block, error) {
	if position >= head.Size {
		return nil, ErrNoBlock
	}
	low, high := uint64(1), head.Height
	for low < high {
		middle := low + (high-low)/2
		b, err := t.rows.block(ctx, middle)
		if err != nil {
			return nil, err
		}
		if b.Size > position {
			high = middle
		} else {
			low = middle + 1
		}
	}
	chain, err := t.rows.chainAt(ctx, low-1)
	if err != nil {
		return nil, err
	}
	b, err := t.rows.block(ctx, low)
	if err != nil {
		return nil, err
	}
	if err := damaged(chain.Follow(b)); err != nil {
		return nil, err
	}
	if position >= b.Size || position < b.Size-uint64(b.Count) {
		return nil, &Damage{Height: low, What: "size", Read: fmt.Sprint(b.Size), Expected: fmt.Sprint("that of the block that holds position ", position)}
	}
	return b, nil
}

// Wait returns once there is a block above a height.
func (t *tail) Wait(ctx context.Context, after uint64) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		t.mu.Lock()
		news := t.news
		t.mu.Unlock()
		head, err := t.Head(ctx)
		if err != nil {
			return fmt.Errorf("wait for a block: %w", err)
		}
		if head.Height > after {
			return nil
		}
		select {
		case <-news:
		case <-poll.C:
		case <-t.closed:
			return fmt.Errorf("wait for a block: %w", ErrClosed)
		case <-ctx.Done():
			return fmt.Errorf("wait for a block: %w", ctx.Err())
		}
	}
}
