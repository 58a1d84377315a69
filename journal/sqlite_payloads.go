package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// insertPayloads writes the payloads that are neither stored nor erased yet, each at the next place.
func (s *SQLite) insertPayloads(ctx context.Context, tx *sql.Tx, sealed []sealedPayload) error {
	if len(sealed) == 0 {
		return nil
	}
	var last sql.NullInt64
	if err := tx.QueryRowContext(ctx, "SELECT max(place) FROM payload_keys").Scan(&last); err != nil {
		return s.fault(0, "payload places", err)
	}
	place := last.Int64
	var insert [3]*sql.Stmt
	for i, text := range []string{
		"INSERT INTO payload_places (commitment, place) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE commitment=?1) ON CONFLICT DO NOTHING",
		"INSERT INTO payload_keys (place, wrapped) VALUES (?, ?)",
		"INSERT INTO payloads (place, sealed) VALUES (?, ?)",
	} {
		var err error
		if insert[i], err = tx.PrepareContext(ctx, text); err != nil {
			return s.fault(0, "payloads", err)
		}
		defer insert[i].Close()
	}
	for _, p := range sealed {
		result, err := insert[0].ExecContext(ctx, p.commitment[:], place+1)
		if err != nil {
			return s.fault(0, "insert payload", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			continue // stored already, or erased
		}
		place++
		if _, err := insert[1].ExecContext(ctx, place, p.wrapped); err != nil {
			return s.fault(0, "insert payload key", err)
		}
		if _, err := insert[2].ExecContext(ctx, place, p.sealed); err != nil {
			return s.fault(0, "insert payload", err)
		}
	}
	return nil
}

// Payload returns the plain bytes of a payload.
func (s *SQLite) Payload(ctx context.Context, commitment Hash) ([]byte, error) {
	plain, err := s.payload(ctx, commitment)
	if err != nil {
		return nil, fmt.Errorf("payload %s: %w", commitment, err)
	}
	return plain, nil
}

func (s *SQLite) payload(ctx context.Context, commitment Hash) ([]byte, error) {
	// One statement sees one state: an erasure that runs meanwhile is seen whole or not at all.
	var wrapped, sealed []byte
	var placed, erased bool
	err := s.reads.QueryRowContext(ctx, `SELECT p.place IS NOT NULL, k.wrapped, s.sealed,
			EXISTS (SELECT 1 FROM erased WHERE commitment=?1)
		FROM (SELECT 1) LEFT JOIN payload_places p ON p.commitment=?1
		LEFT JOIN payload_keys k ON k.place=p.place LEFT JOIN payloads s ON s.place=p.place`,
		commitment[:]).Scan(&placed, &wrapped, &sealed, &erased)
	if err != nil {
		return nil, s.fault(0, "payload", err)
	}
	if erased {
		return nil, ErrErased
	}
	if !placed {
		return nil, ErrNoPayload
	}
	plain, err := s.seal.open(commitment, wrapped, sealed)
	if err != nil {
		return nil, payloadDamage(0, commitment, err.Error())
	}
	return plain, nil
}

func payloadDamage(height uint64, commitment Hash, read string) *Damage {
	return &Damage{Height: height, What: "payload " + commitment.String(), Read: read, Expected: "a payload that opens, or its erasure"}
}

// Erase destroys payloads and their keys.
func (s *SQLite) Erase(ctx context.Context, commitments []Hash) error {
	if len(commitments) == 0 {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	select {
	case <-s.closed:
		return fmt.Errorf("erase payloads: %w", ErrClosed)
	default:
	}
	if err := s.erase(ctx, commitments); err != nil {
		return fmt.Errorf("erase payloads: %w", err)
	}
	if err := s.emptyLog(ctx); err != nil {
		return fmt.Errorf("erase payloads: %w", err)
	}
	return nil
}

// emptyLog finishes an erasure. The rows are gone from the database, but pages as they were before still lie in the write-ahead log. It
// can be cut once nobody reads from it, which is a matter of milliseconds: no read holds a transaction for long.
func (s *SQLite) emptyLog(ctx context.Context) error {
	for {
		done, err := s.truncateLog(ctx)
		if err != nil {
			return fmt.Errorf("rows are erased, but the write-ahead log still holds them: %w", err)
		}
		if done {
			return nil
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("rows are erased, but the write-ahead log still holds them, call again: %w", ctx.Err())
		}
	}
}

func (s *SQLite) erase(ctx context.Context, commitments []Hash) error {
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(0, "erase", err)
	}
	defer tx.Rollback()
	for _, c := range commitments {
		if _, err := tx.ExecContext(ctx, "INSERT INTO erased (commitment) VALUES (?) ON CONFLICT DO NOTHING", c[:]); err != nil {
			return s.fault(0, "erase", err)
		}
		var place int64
		err := tx.QueryRowContext(ctx, "DELETE FROM payload_places WHERE commitment=? RETURNING place", c[:]).Scan(&place)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return s.fault(0, "erase", err)
		}
		// Zeros of the same length lie where the bytes lay. A deleted row would let its neighbours move, and what moves leaves a
		// copy in the page it came from, which a later erasure would not reach.
		for _, overwrite := range []string{
			"UPDATE payload_keys SET wrapped=zeroblob(length(wrapped)) WHERE place=?",
			"UPDATE payloads SET sealed=zeroblob(length(sealed)) WHERE place=?",
		} {
			if _, err := tx.ExecContext(ctx, overwrite, place); err != nil {
				return s.fault(0, "erase", err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return s.fault(0, "erase", err)
	}
	return nil
}

// truncateLog writes the write-ahead log back into the database and cuts it to nothing; false when someone reads from it.
func (s *SQLite) truncateLog(ctx context.Context) (bool, error) {
	var busy, pages, written int
	err := s.writes.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &written)
	if err != nil {
		return false, s.fault(0, "write-ahead log", err)
	}
	return busy == 0, nil
}

// CheckPayloads opens every payload and compares the rows with the lists in the blocks.
func (s *SQLite) CheckPayloads(ctx context.Context) error {
	if err := s.checkPayloads(ctx); err != nil {
		return fmt.Errorf("check payloads: %w", err)
	}
	return nil
}

func (s *SQLite) checkPayloads(ctx context.Context) error {
	tx, err := s.reads.BeginTx(ctx, nil) // one state for all three readings
	if err != nil {
		return s.fault(0, "payloads", err)
	}
	defer tx.Rollback()
	accounted := make(map[Hash]bool)
	if err := s.openAll(ctx, tx, accounted); err != nil {
		return err
	}
	return checkLists(ctx, tx, accounted, s.fault)
}

// openAll opens every payload and notes its commitment.
func (s *SQLite) openAll(ctx context.Context, tx *sql.Tx, accounted map[Hash]bool) error {
	return each(ctx, tx, s.fault, `SELECT p.commitment, k.wrapped, s.sealed FROM payload_places p
		LEFT JOIN payload_keys k ON k.place=p.place LEFT JOIN payloads s ON s.place=p.place`, func(rows *sql.Rows) error {
		var c, wrapped, sealed []byte
		if err := rows.Scan(&c, &wrapped, &sealed); err != nil {
			return err
		}
		if len(c) != len(Hash{}) {
			return &Damage{What: "payload commitment", Read: fmt.Sprintf("%d bytes", len(c)), Expected: "32"}
		}
		if _, err := s.seal.open(Hash(c), wrapped, sealed); err != nil {
			return payloadDamage(0, Hash(c), err.Error())
		}
		accounted[Hash(c)] = true
		return nil
	})
}

// parseList reads what listPayloads wrote.
func parseList(height uint64, list []byte) ([]Hash, error) {
	body := len(list) - len(Hash{})
	if body < 0 || body%len(Hash{}) != 0 {
		return nil, &Damage{Height: height, What: "payload list", Read: fmt.Sprintf("%d bytes", len(list)), Expected: "a multiple of 32, and 32 at least"}
	}
	if sum := listSum(height, list[:body]); sum != Hash(list[body:]) {
		return nil, &Damage{Height: height, What: "payload list", Read: Hash(list[body:]).String(), Expected: "the checksum " + sum.String()}
	}
	var commitments []Hash
	for at := 0; at < body; at += len(Hash{}) {
		commitments = append(commitments, Hash(list[at:]))
	}
	return commitments, nil
}
