package journal

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

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

// Commitments returns those of the payloads that a block was written with.
func (s *SQLite) Commitments(ctx context.Context, height uint64) ([]Hash, error) {
	var list []byte
	if err := s.reads.QueryRowContext(ctx, "SELECT payloads FROM blocks WHERE height=?", int64(height)).Scan(&list); err != nil {
		return nil, s.fault(height, "payload list", err)
	}
	return parseList(height, list)
}

// Append writes one block with its payloads.
func (s *SQLite) Append(ctx context.Context, b *Block, payloads []Payload) error {
	if err := s.append(ctx, b, payloads); err != nil {
		return fmt.Errorf("append block %d: %w", b.Height, err)
	}
	return nil
}

func (s *SQLite) append(ctx context.Context, b *Block, payloads []Payload) error {
	sealed, err := s.seal.sealAll(payloads)
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
	s.moved(chain)
	return nil
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
