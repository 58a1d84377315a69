package journal

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/jackc/pgx/v5/pgconn"
)

// uniqueViolation is what PostgreSQL answers when a primary key is taken (PostgreSQL manual, appendix A).
const uniqueViolation = "23505"

// lost reports whether an error is that of a connection that broke.
func lost(err error) bool {
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return connecting || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, sql.ErrConnDone) || err.Error() == "conn closed"
}

// height returns the greatest height in the table, 0 when it is empty.
func (p *Postgres) height(ctx context.Context) (uint64, error) {
	var height sql.NullInt64
	if err := p.db.QueryRowContext(ctx, "SELECT max(height) FROM blocks").Scan(&height); err != nil {
		return 0, p.fault(0, "height", err)
	}
	if height.Int64 < 0 {
		return 0, &Damage{What: "height", Read: fmt.Sprint(height.Int64), Expected: "1 or more"}
	}
	return uint64(height.Int64), nil
}

// block returns the block at a height, parsed but not verified.
func (p *Postgres) block(ctx context.Context, height uint64) (*Block, error) {
	var data []byte
	err := p.db.QueryRowContext(ctx, "SELECT block FROM blocks WHERE height=$1", int64(height)).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &Damage{Height: height, What: "block", Read: "no row", Expected: "one"}
	}
	if err != nil {
		return nil, p.fault(height, "block", err)
	}
	return parseRow(height, data)
}

// read returns some blocks from a height on, parsed but not verified, none at the end.
func (p *Postgres) read(ctx context.Context, from uint64) ([]*Block, error) {
	if from > math.MaxInt64 {
		return nil, nil
	}
	// The number of rows is halved until their bytes are few: the driver would read them all.
	for limit := readRows; ; limit /= 8 {
		var size int64
		err := p.db.QueryRowContext(ctx, "SELECT coalesce(sum(length(block)), 0) FROM (SELECT block FROM blocks WHERE height>=$1 ORDER BY height LIMIT $2) AS found", int64(from), limit).Scan(&size)
		if err != nil {
			return nil, p.fault(from, "blocks", err)
		}
		if size <= readBytes || limit < 8 {
			return p.some(ctx, from, max(limit, 1))
		}
	}
}

func (p *Postgres) some(ctx context.Context, from uint64, limit int) ([]*Block, error) {
	rows, err := p.db.QueryContext(ctx, "SELECT height, block FROM blocks WHERE height>=$1 ORDER BY height LIMIT $2", int64(from), limit)
	if err != nil {
		return nil, p.fault(from, "blocks", err)
	}
	defer rows.Close()
	var blocks []*Block
	for rows.Next() {
		var height int64
		var data []byte
		if err := rows.Scan(&height, &data); err != nil {
			return nil, p.fault(from+uint64(len(blocks)), "block", err)
		}
		b, err := parseRow(uint64(height), data)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	if err := rows.Err(); err != nil {
		return nil, p.fault(from+uint64(len(blocks)), "blocks", err)
	}
	return blocks, nil
}

// chainAt returns the chain as it stands after the block at a height.
func (p *Postgres) chainAt(ctx context.Context, height uint64) (*Chain, error) {
	if height == 0 {
		return new(Chain), nil
	}
	b, err := p.block(ctx, height)
	if err != nil {
		return nil, err
	}
	var edge []byte
	if err := p.db.QueryRowContext(ctx, "SELECT frontier FROM blocks WHERE height=$1", int64(height)).Scan(&edge); err != nil {
		return nil, p.fault(height, "frontier", err)
	}
	return chainFrom(b, edge)
}

// Commitments returns those of the payloads that a block was written with.
func (p *Postgres) Commitments(ctx context.Context, height uint64) ([]Hash, error) {
	var list []byte
	if err := p.db.QueryRowContext(ctx, "SELECT payloads FROM blocks WHERE height=$1", int64(height)).Scan(&list); err != nil {
		return nil, p.fault(height, "payload list", err)
	}
	return parseList(height, list)
}

// Append writes one block with its payloads.
func (p *Postgres) Append(ctx context.Context, b *Block, payloads []Payload) error {
	if err := p.append(ctx, b, payloads); err != nil {
		return fmt.Errorf("append block %d: %w", b.Height, err)
	}
	return nil
}

func (p *Postgres) append(ctx context.Context, b *Block, payloads []Payload) error {
	sealed, err := p.seal.sealAll(payloads)
	if err != nil {
		return err
	}
	data, err := b.MarshalBinary()
	if err != nil {
		return err
	}
	p.write.Lock()
	defer p.write.Unlock()
	select {
	case <-p.closed:
		return ErrClosed
	default:
	}
	chain, err := p.next(ctx, b)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := p.insert(ctx, b, data, chain, sealed); err != nil {
		return err
	}
	p.moved(chain)
	return nil
}

// insert writes the rows in one transaction. Once it has begun it is not given up for a context that ends: the answer would be
// unknown for no reason.
func (p *Postgres) insert(ctx context.Context, b *Block, data []byte, chain *Chain, sealed []sealedPayload) error {
	edge, err := chain.frontier.MarshalBinary()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return p.fault(b.Height, "begin", err)
	}
	defer tx.Rollback()
	// The primary key decides between nodes: of two blocks for one height, one is written.
	_, err = tx.ExecContext(ctx, "INSERT INTO blocks (height, payloads, frontier, block) VALUES ($1, $2, $3, $4)", int64(b.Height), listPayloads(b.Height, sealed), edge, data)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok && refused.Code == uniqueViolation {
		return ErrBehind
	}
	if err != nil {
		return p.fault(b.Height, "insert block", err)
	}
	if err := p.insertPayloads(ctx, tx, sealed); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "SELECT pg_notify('"+newsChannel+"', '')"); err != nil {
		return p.fault(b.Height, "tell", err)
	}
	p.warned.Store(false)
	if err := tx.Commit(); err != nil { // the server may have committed before the answer was lost
		return fmt.Errorf("%w: %w", ErrUnknown, p.fault(b.Height, "commit", err))
	}
	if p.warned.Load() {
		return fmt.Errorf("%w: the wait for a standby was ended on the server", ErrUnknown)
	}
	return nil
}
