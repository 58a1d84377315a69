package deliver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parley"
)

// Line is one line of the delivery log, or a dead letter. It names channels and references, never addresses or content.
type Line struct {
	At        string  `json:"at"`
	Channel   string  `json:"channel"`
	Number    *uint64 `json:"number,omitempty"` // of the notice; none for positions
	Kind      string  `json:"kind"`
	Reference string  `json:"reference,omitempty"`
	Outcome   Outcome `json:"outcome"`
	Attempts  int     `json:"attempts"`
	Why       string  `json:"why,omitempty"`
}

// Backlog says how a channel stands.
type Backlog struct {
	Channel string `json:"channel"`
	Waiting int    `json:"waiting"`
	Dead    int    `json:"dead"`
}

// Log is a delivery log that is open for reading, also while a server writes it.
type Log struct{ db *sql.DB }

// OpenLog opens the delivery log in a data folder.
func OpenLog(folder string) (*Log, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(folder, databaseFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no %s in %s: nothing was ever to be delivered from here", databaseFile, folder)
	} else if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address(folder, "ro"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &Log{db}, nil
}

// Close closes it.
func (l *Log) Close() error { return l.db.Close() }

// Theatre returns the first digits of the theatre's name, and whether it is an exercise.
func (l *Log) Theatre(ctx context.Context) (name string, exercise bool, err error) {
	if err := l.db.QueryRowContext(ctx, `SELECT substr(name, 1, 8), exercise FROM theatre`).Scan(&name, &exercise); err != nil {
		return "", false, fmt.Errorf("couldn't read the delivery log: %w", err)
	}
	return name, exercise, nil
}

// Lines returns up to limit lines, the newest last; of one channel unless it is "". With dead it returns the dead letters instead.
func (l *Log) Lines(ctx context.Context, channel string, dead bool, limit int) ([]Line, error) {
	query := `SELECT at, channel, number, kind, reference, outcome, attempts, why FROM log WHERE (?1 = '' OR channel = ?1) ORDER BY id DESC LIMIT ?2`
	if dead {
		query = `SELECT queued, channel, number, notice ->> 'kind', coalesce(notice ->> 'object' || coalesce('/v' || (notice ->> 'version'), ''), ''), 'dead', attempts, why
			FROM item WHERE dead = 1 AND (?1 = '' OR channel = ?1) ORDER BY queued DESC, number DESC LIMIT ?2`
	}
	rows, err := l.db.QueryContext(ctx, query, channel, limit)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the delivery log: %w", err)
	}
	defer rows.Close()
	lines := []Line{}
	for rows.Next() {
		var line Line
		var at int64
		var number sql.Null[uint64]
		if err := rows.Scan(&at, &line.Channel, &number, &line.Kind, &line.Reference, &line.Outcome, &line.Attempts, &line.Why); err != nil {
			return nil, err
		}
		if line.At = parley.Stamp(at); number.Valid {
			line.Number = &number.V
		}
		lines = append([]Line{line}, lines...)
	}
	return lines, rows.Err()
}

// Backlogs returns how each channel stands that has something waiting or dead.
func (l *Log) Backlogs(ctx context.Context) ([]Backlog, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT channel, sum(dead = 0), sum(dead = 1) FROM item GROUP BY channel ORDER BY channel`)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the delivery log: %w", err)
	}
	defer rows.Close()
	list := []Backlog{}
	for rows.Next() {
		var b Backlog
		if err := rows.Scan(&b.Channel, &b.Waiting, &b.Dead); err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return list, rows.Err()
}

// Try sends a message marked TEST by a channel, about nothing, and returns when the other side has taken it. theatre and exercise are
// marked in it; theatre may be "".
func Try(ctx context.Context, cfg *Config, name, theatre string, exercise bool) error {
	ch := cfg.Channel(name)
	if ch == nil {
		return parley.Invalid("channel", name, "the name of a channel in the configuration")
	}
	ctx, done := context.WithTimeout(ctx, 3*cfg.pace.timeout)
	defer done()
	err := cfg.try(ctx, ch, theatre, exercise)
	if err != nil {
		return fmt.Errorf("channel %s did not take it: %s", name, plainly(err, cfg.hidden(ch)...))
	}
	return nil
}

func (c *Config) try(ctx context.Context, ch *Channel, theatre string, exercise bool) (err error) {
	now := time.Now()
	if ch.Kind == KindCoT {
		conn, err := c.dialCoT(ctx, ch)
		if err != nil {
			return err
		}
		ping := cotWriter{theatre: theatre, exercise: exercise, stale: c.pace.stale}.ping(now)
		text, err := ping.encode()
		if err == nil {
			_, err = conn.Write(text)
		}
		return errors.Join(err, conn.Close())
	}
	out, err := c.sender(ch)
	if err != nil {
		return err
	}
	m := &message{ID: fmt.Sprintf("%s-test-%d", theatre, now.UnixNano()), Theatre: theatre, Exercise: exercise, Test: true}
	m.Notice.Kind, m.Notice.At = "test", parley.Stamp(now.UnixMilli())
	return out.send(ctx, m)
}
