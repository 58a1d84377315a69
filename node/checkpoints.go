package node

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

// checkpoints keeps the checkpoints that this node has signed, with the cosignatures that came for each. It can be lost: the next
// checkpoint covers every entry again, only at a later time of the witnesses.
type checkpoints struct{ db *sql.DB }

const checkpointsFile = "checkpoints.db"

// keepUnwitnessed is how many checkpoints without quorum stay, the newest: late cosignatures still find theirs.
const keepUnwitnessed = 256

func openCheckpoints(ctx context.Context, folder string) (*checkpoints, error) {
	path, err := filepath.Abs(filepath.Join(folder, checkpointsFile))
	if err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)"}, "_txlock": {"immediate"}}
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(2)
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, quorum INTEGER NOT NULL, note BLOB NOT NULL) STRICT"); err != nil {
		return nil, fmt.Errorf("couldn't open %s: %w", checkpointsFile, errors.Join(err, db.Close()))
	}
	return &checkpoints{db}, nil
}

// put keeps a checkpoint of a size in place of the one before.
func (c *checkpoints) put(ctx context.Context, size uint64, quorum bool, signed []byte) error {
	if _, err := c.db.ExecContext(ctx, "INSERT OR REPLACE INTO checkpoints (size, quorum, note) VALUES (?, ?, ?)", int64(size), quorum, signed); err != nil {
		return fmt.Errorf("couldn't keep a checkpoint: %w", err)
	}
	_, err := c.db.ExecContext(ctx, "DELETE FROM checkpoints WHERE quorum=0 AND size NOT IN (SELECT size FROM checkpoints WHERE quorum=0 ORDER BY size DESC LIMIT ?)", keepUnwitnessed)
	return err
}

// newest returns the newest checkpoint, with quorum if that is asked for; nil when there is none.
func (c *checkpoints) newest(ctx context.Context, quorum bool) ([]byte, error) {
	return c.one(ctx, "SELECT note FROM checkpoints WHERE quorum>=? ORDER BY size DESC LIMIT 1", quorum)
}

// covering returns the first checkpoint with quorum whose tree holds a position: the one with the earliest times of witnesses.
func (c *checkpoints) covering(ctx context.Context, position uint64) ([]byte, error) {
	return c.one(ctx, "SELECT note FROM checkpoints WHERE quorum=1 AND size>? ORDER BY size LIMIT 1", int64(position))
}

// at returns the checkpoint of a size.
func (c *checkpoints) at(ctx context.Context, size uint64) ([]byte, error) {
	return c.one(ctx, "SELECT note FROM checkpoints WHERE size=?", int64(size))
}

func (c *checkpoints) one(ctx context.Context, query string, args ...any) ([]byte, error) {
	var signed []byte
	err := c.db.QueryRowContext(ctx, query, args...).Scan(&signed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a checkpoint: %w", err)
	}
	return signed, nil
}

func (c *checkpoints) close() error { return c.db.Close() }

// PolicyFile lies in a data folder and says whose cosignatures count: see proof.Policy. Without it there are no witnesses.
const PolicyFile = "witnesses"

// noWitnesses is the policy of a folder without one.
const noWitnesses = "quorum none\n"

// sign signs the tree's head as it is now. While the log's key is being rotated, the key before signs too.
func (n *Node) signHead() (proof.Checkpoint, []byte, error) {
	size := n.tree.Size()
	root, err := n.tree.Root(size)
	if err != nil {
		return proof.Checkpoint{}, nil, err
	}
	signed, err := n.logKeys.sign(size, root)
	return proof.Checkpoint{Origin: n.logKeys.current.Origin(), Size: size, Root: root}, signed, err
}
