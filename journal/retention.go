package journal

import (
	"context"
	"fmt"
	"slices"
)

// rewrites is how many blocks are rewritten in one transaction.
const rewrites = 64

// eraseFrom finds the blocks that hold positions, and has those rewritten, some at a time, of which an envelope is still there. Whoever
// rewrites replaces a block by one of the same height, hash and length.
func (t *tail) eraseFrom(ctx context.Context, positions []uint64, rewrite func(context.Context, []*Block) error) error {
	positions = slices.Sorted(slices.Values(positions))
	head, err := t.Head(ctx)
	if err != nil {
		return err
	}
	var ready []*Block
	flush := func() error {
		if len(ready) == 0 {
			return nil
		}
		err := rewrite(ctx, ready)
		ready = nil
		return err
	}
	for len(positions) > 0 {
		b, err := t.holding(ctx, head, positions[0])
		if err != nil {
			return fmt.Errorf("position %d: %w", positions[0], err)
		}
		var places []int
		for len(positions) > 0 && positions[0] < b.Size {
			places = append(places, int(positions[0]-(b.Size-uint64(b.Count))))
			positions = positions[1:]
		}
		left, err := b.erase(places)
		if err != nil {
			return err
		}
		if left == nil {
			continue
		}
		if ready = append(ready, left); len(ready) == rewrites {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// EraseEnvelopes overwrites envelopes in place, as decision 7 says of payloads.
func (s *SQLite) EraseEnvelopes(ctx context.Context, positions []uint64) error {
	if len(positions) == 0 {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	select {
	case <-s.closed:
		return fmt.Errorf("erase envelopes: %w", ErrClosed)
	default:
	}
	err := s.eraseFrom(ctx, positions, s.rewrite)
	if err == nil {
		err = s.emptyLog(ctx) // also when every row was rewritten before: the log may hold what was there
	}
	if err != nil {
		return fmt.Errorf("erase envelopes: %w", err)
	}
	return nil
}

func (s *SQLite) rewrite(ctx context.Context, blocks []*Block) error {
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(blocks[0].Height, "erase", err)
	}
	defer tx.Rollback()
	for _, b := range blocks {
		data, err := b.MarshalBinary()
		if err != nil {
			return err
		}
		// The row keeps its size, so it is overwritten where it lies.
		if _, err := tx.ExecContext(ctx, "UPDATE blocks SET block=? WHERE height=? AND length(block)=?", data, int64(b.Height), len(data)); err != nil {
			return s.fault(b.Height, "erase", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return s.fault(blocks[0].Height, "erase", err)
	}
	return nil
}

// EraseEnvelopes replaces rows. The server's dead rows, its write-ahead log, standbys and back-ups follow as docs/operations.md says.
func (p *Postgres) EraseEnvelopes(ctx context.Context, positions []uint64) error {
	if len(positions) == 0 {
		return nil
	}
	select {
	case <-p.closed:
		return fmt.Errorf("erase envelopes: %w", ErrClosed)
	default:
	}
	if err := p.eraseFrom(ctx, positions, p.rewrite); err != nil {
		return fmt.Errorf("erase envelopes: %w", err)
	}
	if _, err := p.db.ExecContext(ctx, "VACUUM blocks"); err != nil {
		return fmt.Errorf("erase envelopes: rows are erased, but not cleaned up: %w", p.fault(0, "vacuum", err))
	}
	return nil
}

func (p *Postgres) rewrite(ctx context.Context, blocks []*Block) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return p.fault(blocks[0].Height, "erase", err)
	}
	defer tx.Rollback()
	for _, b := range blocks {
		data, err := b.MarshalBinary()
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE blocks SET block=$1 WHERE height=$2", data, int64(b.Height)); err != nil {
			return p.fault(b.Height, "erase", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return p.fault(blocks[0].Height, "erase", err)
	}
	return nil
}

// EraseEnvelopes overwrites envelopes in the database and in the copy.
func (s *Shared) EraseEnvelopes(ctx context.Context, positions []uint64) error {
	if len(positions) == 0 {
		return nil
	}
	if err := s.pull(ctx); err != nil {
		return err
	}
	if err := s.noted(s.database.EraseEnvelopes(ctx, positions)); err != nil {
		return err
	}
	return s.copy.EraseEnvelopes(ctx, positions)
}
