package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	readBytes = 8 << 20               // blocks are read until so many bytes are in hand, one at least
	readRows  = 256                   // and no more than this many at a time
	pollEvery = 25 * time.Millisecond // how often Wait looks for blocks of other processes
)

// Head returns where the journal ends now.
func (s *SQLite) Head(ctx context.Context) (Head, error) {
	if err := s.catchUp(ctx); err != nil {
		return Head{}, fmt.Errorf("journal head: %w", err)
	}
	s.tail.Lock()
	defer s.tail.Unlock()
	return s.head.Head(), nil
}

// catchUp verifies the blocks that others wrote and moves the head of this handle behind them.
func (s *SQLite) catchUp(ctx context.Context) error {
	s.tail.Lock()
	defer s.tail.Unlock()
	height, err := s.height(ctx)
	if err != nil {
		return err
	}
	if known := s.head.Head().Height; height < known {
		return shorter(height, known)
	}
	for s.head.Head().Height < height {
		blocks, err := s.read(ctx, s.head.Head().Height+1)
		if err != nil {
			return err
		}
		if len(blocks) == 0 {
			return shorter(s.head.Head().Height, height)
		}
		for _, b := range blocks {
			if err := damaged(s.head.Follow(b)); err != nil {
				return err
			}
		}
		s.tell()
	}
	return nil
}

// tell wakes all that wait. It is called with tail held.
func (s *SQLite) tell() {
	close(s.news)
	s.news = make(chan struct{})
}

// height returns the greatest height in the table, 0 when it is empty.
func (s *SQLite) height(ctx context.Context) (uint64, error) {
	var height sql.NullInt64
	if err := s.reads.QueryRowContext(ctx, "SELECT max(height) FROM blocks").Scan(&height); err != nil {
		return 0, s.fault(0, "height", err)
	}
	if height.Int64 < 0 {
		return 0, &Damage{What: "height", Read: fmt.Sprint(height.Int64), Expected: "1 or more"}
	}
	return uint64(height.Int64), nil
}

// block returns the block at a height, parsed but not verified.
func (s *SQLite) block(ctx context.Context, height uint64) (*Block, error) {
	var data []byte
	err := s.reads.QueryRowContext(ctx, "SELECT block FROM blocks WHERE height=?", int64(height)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &Damage{Height: height, What: "block", Read: "no row", Expected: "one"}
	}
	if err != nil {
		return nil, s.fault(height, "block", err)
	}
	return parseRow(height, data)
}

func parseRow(height uint64, data []byte) (*Block, error) {
	b, err := parseBlock(data)
	if err != nil {
		return nil, &Damage{Height: height, What: "block", Read: err.Error(), Expected: "a whole block"}
	}
	if b.Height != height {
		return nil, &Damage{Height: height, What: "height in the block", Read: fmt.Sprint(b.Height), Expected: fmt.Sprint(height)}
	}
	return b, nil
}

// read returns some blocks from a height on, parsed but not verified, none at the end. The transaction is over when it returns.
func (s *SQLite) read(ctx context.Context, from uint64) ([]*Block, error) {
	if from > math.MaxInt64 {
		return nil, nil
	}
	rows, err := s.reads.QueryContext(ctx, "SELECT height, block FROM blocks WHERE height>=? ORDER BY height LIMIT ?", int64(from), readRows)
	if err != nil {
		return nil, s.fault(from, "blocks", err)
	}
	defer rows.Close()
	var blocks []*Block
	for size := 0; size < readBytes && rows.Next(); {
		var height int64
		var data []byte
		if err := rows.Scan(&height, &data); err != nil {
			return nil, s.fault(from+uint64(len(blocks)), "block", err)
		}
		b, err := parseRow(uint64(height), data)
		if err != nil {
			return nil, err
		}
		blocks, size = append(blocks, b), size+len(data)
	}
	if err := rows.Err(); err != nil {
		return nil, s.fault(from+uint64(len(blocks)), "blocks", err)
	}
	return blocks, nil
}

// Blocks yields verified blocks from a height on.
func (s *SQLite) Blocks(ctx context.Context, from uint64) iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		fail := func(err error) { yield(nil, fmt.Errorf("read journal: %w", err)) }
		from := max(from, 1)
		known, err := s.Head(ctx)
		if err != nil {
			fail(err)
			return
		}
		if from > known.Height {
			return
		}
		chain, err := s.chainAt(ctx, from-1)
		if err != nil {
			fail(err)
			return
		}
		for {
			blocks, err := s.read(ctx, chain.Head().Height+1)
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
func (s *SQLite) Holding(ctx context.Context, position uint64) (*Block, error) {
	head, err := s.Head(ctx)
	if err != nil {
		return nil, err
	}
	b, err := holding(head, position, func(height uint64) (*Chain, error) { return s.chainAt(ctx, height) },
		func(height uint64) (*Block, error) { return s.block(ctx, height) })
	if err != nil {
		return nil, fmt.Errorf("block that holds position %d: %w", position, err)
	}
	return b, nil
}

// Wait returns once there is a block above a height.
func (s *SQLite) Wait(ctx context.Context, after uint64) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		s.tail.Lock()
		news := s.news
		s.tail.Unlock()
		head, err := s.Head(ctx)
		if err != nil {
			return fmt.Errorf("wait for a block: %w", err)
		}
		if head.Height > after {
			return nil
		}
		select {
		case <-news:
		case <-poll.C:
		case <-s.closed:
			return fmt.Errorf("wait for a block: %w", ErrClosed)
		case <-ctx.Done():
			return fmt.Errorf("wait for a block: %w", ctx.Err())
		}
	}
}

// Append writes one block with its payloads.
func (s *SQLite) Append(ctx context.Context, b *Block, payloads []Payload) error {
	if err := s.append(ctx, b, payloads); err != nil {
		return fmt.Errorf("append block %d: %w", b.Height, err)
	}
	return nil
}

func (s *SQLite) append(ctx context.Context, b *Block, payloads []Payload) error {
	sealed, err := s.sealAll(payloads)
	if err != nil {
		return err
	}
	data, err := b.MarshalBinary()
	if err != nil {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	select {
	case <-s.closed:
		return ErrClosed
	default:
	}
	chain, err := s.next(ctx, b)
	if err != nil {
		return err
	}
	if err := s.insert(ctx, b, data, chain, sealed); err != nil {
		return err
	}
	// The block is durable. What fails from here on must not be read as "not written".
	head := chain.Head()
	if err := s.guard.advance(mark{head.Height, head.Hash}); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	s.tail.Lock()
	defer s.tail.Unlock()
	if s.head.Head().Height < head.Height { // else Head was called meanwhile, and has read the block
		s.head = chain
		s.tell()
	}
	return nil
}

// next checks that a block follows from the head and returns the chain behind it.
func (s *SQLite) next(ctx context.Context, b *Block) (*Chain, error) {
	if err := s.catchUp(ctx); err != nil {
		return nil, err
	}
	s.tail.Lock()
	chain := s.head.Clone()
	s.tail.Unlock()
	if head := chain.Head(); b.Height >= 1 && b.Height <= head.Height {
		return nil, fmt.Errorf("%w: the head is at %d", ErrBehind, head.Height)
	}
	return chain, chain.Follow(b)
}

// insert writes the rows in one transaction. Once it has begun it is not given up for a context that ends: the answer would be
// unknown for no reason.
func (s *SQLite) insert(ctx context.Context, b *Block, data []byte, chain *Chain, sealed []sealedPayload) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	edge, err := chain.frontier.MarshalBinary()
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(b.Height, "begin", err)
	}
	defer tx.Rollback()
	// The primary key decides between processes: of two blocks for one height, one is written.
	_, err = tx.ExecContext(ctx, "INSERT INTO blocks (height, payloads, frontier, block) VALUES (?, ?, ?, ?)", int64(b.Height),
		listPayloads(b.Height, sealed), edge, data)
	if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return ErrBehind
	}
	if err != nil {
		return s.fault(b.Height, "insert block", err)
	}
	if err := s.insertPayloads(ctx, tx, sealed); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, s.fault(b.Height, "commit", err))
	}
	return nil
}

// listPayloads returns the commitments a block was written with, and their checksum: the journal cannot read them out of the
// commands, and a payload row that vanished must be missed.
func listPayloads(height uint64, sealed []sealedPayload) []byte {
	list := make([]byte, 0, (len(sealed)+1)*len(Hash{}))
	for _, p := range sealed {
		list = append(list, p.commitment[:]...)
	}
	sum := listSum(height, list)
	return append(list, sum[:]...)
}

func listSum(height uint64, list []byte) Hash {
	b := binary.BigEndian.AppendUint64([]byte("parley payload list v1\n"), height)
	return sha256.Sum256(append(b, list...))
}
