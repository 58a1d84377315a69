package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// faulting makes an engine's error of what happened while a thing was done to a block; height 0 is no block.
type faulting func(height uint64, what string, err error) error

// each calls visit for every row of a query about payloads. Damage that it finds goes up as it is, whatever else as the engine's fault.
func each(ctx context.Context, tx *sql.Tx, fault faulting, query string, visit func(*sql.Rows) error) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return fault(0, "payloads", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows); err != nil {
			if _, ours := errors.AsType[*Damage](err); ours {
				return err
			}
			return fault(0, "payloads", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fault(0, "payloads", err)
	}
	return nil
}

// checkLists checks that every payload that a block was written with is there, which accounted says, or was erased.
func checkLists(ctx context.Context, tx *sql.Tx, accounted map[Hash]bool, fault faulting) error {
	if err := each(ctx, tx, fault, "SELECT commitment FROM erased", func(rows *sql.Rows) error {
		var c []byte
		if err := rows.Scan(&c); err != nil {
			return err
		}
		if len(c) != len(Hash{}) {
			return &Damage{What: "erased commitment", Read: fmt.Sprintf("%d bytes", len(c)), Expected: "32"}
		}
		accounted[Hash(c)] = true
		return nil
	}); err != nil {
		return err
	}
	return each(ctx, tx, fault, "SELECT height, payloads FROM blocks ORDER BY height", func(rows *sql.Rows) error {
		var height int64
		var list []byte
		if err := rows.Scan(&height, &list); err != nil {
			return err
		}
		return checkList(uint64(height), list, accounted)
	})
}

// checkList checks that every payload a block was written with is accounted for.
func checkList(height uint64, list []byte, accounted map[Hash]bool) error {
	commitments, err := parseList(height, list)
	if err != nil {
		return err
	}
	for _, c := range commitments {
		if !accounted[c] {
			return payloadDamage(height, c, "no row")
		}
	}
	return nil
}
