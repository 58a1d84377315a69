package journal

import (
	"context"
	"database/sql"
	"fmt"
)

// insertPayloads writes the payloads that are neither stored nor erased yet.
func (p *Postgres) insertPayloads(ctx context.Context, tx *sql.Tx, sealed []sealedPayload) error {
	for _, s := range sealed {
		_, err := tx.ExecContext(ctx, `INSERT INTO payloads (commitment, wrapped, sealed) SELECT $1::bytea, $2::bytea, $3::bytea
			WHERE NOT EXISTS (SELECT 1 FROM erased WHERE commitment=$1::bytea) ON CONFLICT DO NOTHING`, s.commitment[:], s.wrapped, s.sealed)
		if err != nil {
			return p.fault(0, "insert payload", err)
		}
	}
	return nil
}

// Payload returns the plain bytes of a payload.
func (p *Postgres) Payload(ctx context.Context, commitment Hash) ([]byte, error) {
	plain, err := p.payload(ctx, commitment)
	if err != nil {
		return nil, fmt.Errorf("payload %s: %w", commitment, err)
	}
	return plain, nil
}

func (p *Postgres) payload(ctx context.Context, commitment Hash) ([]byte, error) {
	var wrapped, sealed []byte
	var erased bool
	// One statement sees one state: an erasure that runs meanwhile is seen whole or not at all.
	err := p.db.QueryRowContext(ctx, `SELECT p.wrapped, p.sealed, EXISTS (SELECT 1 FROM erased WHERE commitment=$1::bytea)
		FROM (SELECT 1) AS one LEFT JOIN payloads p ON p.commitment=$1::bytea`, commitment[:]).Scan(&wrapped, &sealed, &erased)
	switch {
	case err != nil:
		return nil, p.fault(0, "payload", err)
	case erased:
		return nil, ErrErased
	case sealed == nil:
		return nil, ErrNoPayload
	}
	plain, err := p.seal.open(commitment, wrapped, sealed)
	if err != nil {
		return nil, payloadDamage(0, commitment, err.Error())
	}
	return plain, nil
}

// Erase takes payloads and their keys out of the tables. The server's dead rows, its write-ahead log, standbys and back-ups follow as
// docs/operations.md says: no statement reaches them.
func (p *Postgres) Erase(ctx context.Context, commitments []Hash) error {
	if len(commitments) == 0 {
		return nil
	}
	select {
	case <-p.closed:
		return fmt.Errorf("erase payloads: %w", ErrClosed)
	default:
	}
	if err := p.erase(ctx, commitments); err != nil {
		return fmt.Errorf("erase payloads: %w", err)
	}
	// Dead rows may be used anew from now on. A server that does not let this user do it cleans up by itself.
	if _, err := p.db.ExecContext(ctx, "VACUUM payloads"); err != nil {
		return fmt.Errorf("erase payloads: rows are erased, but not cleaned up: %w", p.fault(0, "vacuum", err))
	}
	return nil
}

func (p *Postgres) erase(ctx context.Context, commitments []Hash) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return p.fault(0, "erase", err)
	}
	defer tx.Rollback()
	for _, c := range commitments {
		if _, err := tx.ExecContext(ctx, "INSERT INTO erased (commitment) VALUES ($1) ON CONFLICT DO NOTHING", c[:]); err != nil {
			return p.fault(0, "erase", err)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM payloads WHERE commitment=$1", c[:]); err != nil {
			return p.fault(0, "erase", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return p.fault(0, "erase", err)
	}
	return nil
}

// CheckPayloads opens every payload and compares the rows with the lists in the blocks.
func (p *Postgres) CheckPayloads(ctx context.Context) error {
	if err := p.checkPayloads(ctx); err != nil {
		return fmt.Errorf("check payloads: %w", err)
	}
	return nil
}

func (p *Postgres) checkPayloads(ctx context.Context) error {
	tx, err := p.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}) // one state for all three readings
	if err != nil {
		return p.fault(0, "payloads", err)
	}
	defer tx.Rollback()
	accounted := make(map[Hash]bool)
	if err := each(ctx, tx, p.fault, "SELECT commitment, wrapped, sealed FROM payloads", func(rows *sql.Rows) error {
		var c, wrapped, sealed []byte
		if err := rows.Scan(&c, &wrapped, &sealed); err != nil {
			return err
		}
		if len(c) != len(Hash{}) {
			return &Damage{What: "payload commitment", Read: fmt.Sprintf("%d bytes", len(c)), Expected: "32"}
		}
		if _, err := p.seal.open(Hash(c), wrapped, sealed); err != nil {
			return payloadDamage(0, Hash(c), err.Error())
		}
		accounted[Hash(c)] = true
		return nil
	}); err != nil {
		return err
	}
	return checkLists(ctx, tx, accounted, p.fault)
}
