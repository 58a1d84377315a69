package witness

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver

	"parley/proof"
)

// Tree is the last tree of a log that was cosigned.
type Tree struct {
	Size uint64
	Root proof.Hash
}

// memory keeps the last tree of each log. It must never forget: a witness that forgets cosigns two histories.
type memory struct{ db *sql.DB }

// memoryFile lies in the folder of a witness. Each change is synced before the cosignature is given.
const memoryFile = "witness.db"

func openMemory(ctx context.Context, folder string) (*memory, error) {
	path, err := filepath.Abs(filepath.Join(folder, memoryFile))
	if err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(ON)"}, "_txlock": {"immediate"}}
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS trees (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL) STRICT"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &memory{db}, nil
}

// last returns the last tree of a log, the empty one when there is none.
func (m *memory) last(ctx context.Context, origin string) (t Tree, err error) {
	var size int64
	var root []byte
	err = m.db.QueryRowContext(ctx, "SELECT size, root FROM trees WHERE origin=?", origin).Scan(&size, &root)
	if errors.Is(err, sql.ErrNoRows) {
		return Tree{}, nil
	}
	if err != nil {
		return t, err
	}
	if size < 0 || len(root) != proof.HashSize {
		return t, fmt.Errorf("%s: read size %d and a root of %d bytes for %s, expected 0 or more and %d", memoryFile, size, len(root), origin, proof.HashSize)
	}
	return Tree{uint64(size), proof.Hash(root)}, nil
}

// advance writes the next tree of a log, if its last one is still old. It reports whether it was; then the change is synced.
func (m *memory) advance(ctx context.Context, origin string, old, next Tree) (bool, error) {
	var done sql.Result
	var err error
	if old == (Tree{}) {
		done, err = m.db.ExecContext(ctx, "INSERT INTO trees (origin, size, root) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", origin, int64(next.Size), next.Root[:])
	} else {
		done, err = m.db.ExecContext(ctx, "UPDATE trees SET size=?, root=? WHERE origin=? AND size=? AND root=?", int64(next.Size), next.Root[:], origin, int64(old.Size), old.Root[:])
	}
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func (m *memory) close() error { return m.db.Close() }
