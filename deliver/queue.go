package deliver

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite"

	"parley"
	"parley/release"
)

// databaseFile holds the queue and the log, in the node's folder.
const databaseFile = "deliver.db"

// keepLog is how long the log and dead letters are kept.
const keepLog = 90 * 24 * time.Hour

const schema = `
CREATE TABLE IF NOT EXISTS theatre (name TEXT NOT NULL, exercise INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cursor (channel TEXT PRIMARY KEY, account TEXT NOT NULL, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS item (
	channel TEXT NOT NULL, number INTEGER NOT NULL, account TEXT NOT NULL, notice TEXT NOT NULL, urgent INTEGER NOT NULL,
	queued INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL, refusals INTEGER NOT NULL, dead INTEGER NOT NULL, why TEXT NOT NULL,
	PRIMARY KEY (channel, number)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS item_next ON item (channel, dead, urgent DESC, number);
CREATE TABLE IF NOT EXISTS log (
	id INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, number INTEGER, kind TEXT NOT NULL, reference TEXT NOT NULL,
	outcome TEXT NOT NULL, attempts INTEGER NOT NULL, why TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS log_delivered ON log (channel, number) WHERE outcome = 'delivered';
CREATE TABLE IF NOT EXISTS shown (channel TEXT NOT NULL, uid TEXT NOT NULL, removed INTEGER NOT NULL, PRIMARY KEY (channel, uid)) STRICT, WITHOUT ROWID;
`

// Outcome is what became of an attempt.
type Outcome string

// The outcomes in the log.
const (
	Taken     Outcome = "delivered"  // the other machine took it
	Failed    Outcome = "failed"     // tried in vain; it is tried again
	Dead      Outcome = "dead"       // given up: a dead letter
	NotNeeded Outcome = "not_needed" // an earlier channel of the member had delivered it
)

// queue is the queue on disk and the log beside it. Many goroutines may use it.
//
// Commits are not synced one by one: after a loss of power the file is as it was at an earlier commit, cursor and items together, so a
// notice may go out twice but is never lost.
type queue struct {
	db *sql.DB

	// What runs for each notice is read by SQLite once.
	choose, remove, record *sql.Stmt
}

// item is a notice that waits for a channel. Times are milliseconds UTC.
type item struct {
	number   uint64
	account  parley.Ref
	notice   release.Notice
	queued   int64
	attempts int
	refusals int
}

func address(folder, mode string) string {
	path := filepath.ToSlash(filepath.Join(folder, databaseFile))
	query := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(ON)", "temp_store(MEMORY)", "trusted_schema(OFF)"}, "_txlock": {"immediate"}}
	if mode == "ro" {
		query = url.Values{"_pragma": {"busy_timeout(10000)", "query_only(ON)"}, "mode": {"ro"}}
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query.Encode()}).String()
}

func openQueue(ctx context.Context, folder string) (*queue, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(folder, databaseFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("couldn't open the delivery queue: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address(folder, "rw"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("couldn't open the delivery queue: %w", err), db.Close())
	}
	q := &queue{db: db}
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{{&q.choose, chooseItem}, {&q.remove, removeItem}, {&q.record, addLog}} {
		if *p.to, err = db.PrepareContext(ctx, p.text); err != nil {
			return nil, errors.Join(fmt.Errorf("couldn't read the delivery queue: %w", err), db.Close())
		}
	}
	return q, nil
}

func (q *queue) close() error {
	return errors.Join(q.choose.Close(), q.remove.Close(), q.record.Close(), q.db.Close())
}

// belong binds the queue to a theatre, and refuses one of another: the numbers in it would mean other notices.
func (q *queue) belong(ctx context.Context, name string, exercise bool) error {
	var have string
	err := q.db.QueryRowContext(ctx, `SELECT name FROM theatre`).Scan(&have)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err := q.db.ExecContext(ctx, `INSERT INTO theatre VALUES (?, ?)`, name, exercise)
		return err
	case err == nil && have != name:
		return parley.Invalid("file "+databaseFile, "the queue of theatre "+have, "that of theatre "+name)
	}
	return err
}

func (q *queue) cursor(ctx context.Context, channel string) (account parley.Ref, next uint64, ok bool, err error) {
	err = q.db.QueryRowContext(ctx, `SELECT account, next FROM cursor WHERE channel = ?`, channel).Scan(&account, &next)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, false, nil
	}
	return account, next, err == nil, err
}

const setCursor = `INSERT INTO cursor VALUES (?, ?, ?) ON CONFLICT (channel) DO UPDATE SET account = excluded.account, next = excluded.next`

// place begins a channel at a notice. What the queue holds of other notices by the same numbers goes, dead letters too, and the log
// forgets their numbers: a new notice must not be taken for one of them.
func (q *queue) place(ctx context.Context, channel string, account parley.Ref, next uint64) error {
	return q.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM item WHERE channel = ? AND (account <> ? OR number >= ?)`, channel, account, next); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE log SET number = NULL WHERE channel = ? AND number >= ?`, channel, next); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, setCursor, channel, account, next)
		return err
	})
}

// enqueue adds notices and moves the cursor behind them, both or neither.
func (q *queue) enqueue(ctx context.Context, c *Channel, account parley.Ref, notices []release.Notice, next uint64, at time.Time) error {
	return q.within(ctx, func(tx *sql.Tx) error {
		for _, n := range notices {
			text, err := json.Marshal(n)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '') ON CONFLICT DO NOTHING`,
				c.Name, n.Number, account, string(text), n.Urgent, at.UnixMilli(), at.Add(time.Duration(c.Delay)).UnixMilli()); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, setCursor, c.Name, account, next)
		return err
	})
}

const (
	chooseItem = `SELECT number, account, notice, queued, attempts, refusals FROM item
		WHERE channel = ? AND dead = 0 AND due <= ? AND (urgent = 1 AND ? OR urgent = 0 AND ?) ORDER BY urgent DESC, number LIMIT 1`
	removeItem = `DELETE FROM item WHERE channel = ? AND number = ?`
)

// next returns the item to send now: urgent ones first, then by number. Without one it returns when to look again, 0 for never.
func (q *queue) next(ctx context.Context, channel string, now time.Time, urgent, others bool) (*item, int64, error) {
	var it item
	var text string
	err := q.choose.QueryRowContext(ctx, channel, now.UnixMilli(), urgent, others).Scan(&it.number, &it.account, &text, &it.queued, &it.attempts, &it.refusals)
	if errors.Is(err, sql.ErrNoRows) {
		var due sql.NullInt64
		err := q.db.QueryRowContext(ctx, `SELECT min(due) FROM item WHERE channel = ? AND dead = 0 AND due > ?`, channel, now.UnixMilli()).Scan(&due)
		return nil, due.Int64, err
	}
	if err != nil {
		return nil, 0, err
	}
	if err := json.Unmarshal([]byte(text), &it.notice); err != nil {
		return nil, 0, fmt.Errorf("the queue's notice %d: %w", it.number, err)
	}
	return &it, 0, nil
}

const addLog = `INSERT INTO log (at, channel, number, kind, reference, outcome, attempts, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

func (it *item) reference() string { return (&message{Notice: it.notice}).reference() }

// finish takes an item out of the queue and says why in the log.
func (q *queue) finish(ctx context.Context, channel string, it *item, o Outcome, at time.Time) error {
	return q.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.StmtContext(ctx, q.remove).ExecContext(ctx, channel, it.number); err != nil {
			return err
		}
		_, err := tx.StmtContext(ctx, q.record).ExecContext(ctx, at.UnixMilli(), channel, it.number, string(it.notice.Kind), it.reference(), string(o), it.attempts, "")
		return err
	})
}

// fail puts an item back until due, or makes it a dead letter.
func (q *queue) fail(ctx context.Context, channel string, it *item, dead bool, due, at time.Time, why string) error {
	return q.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE item SET attempts = ?, refusals = ?, dead = ?, due = ?, why = ? WHERE channel = ? AND number = ?`,
			it.attempts, it.refusals, dead, due.UnixMilli(), why, channel, it.number); err != nil {
			return err
		}
		o := Failed
		if dead {
			o = Dead
		}
		_, err := tx.ExecContext(ctx, addLog, at.UnixMilli(), channel, it.number, string(it.notice.Kind), it.reference(), string(o), it.attempts, why)
		return err
	})
}

// expire makes dead letters of what has waited for too long, and returns how many.
func (q *queue) expire(ctx context.Context, channel string, before, at time.Time, why string) (int64, error) {
	var n int64
	err := q.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO log (at, channel, number, kind, reference, outcome, attempts, why)
			SELECT ?, channel, number, notice ->> 'kind', coalesce(notice ->> 'object', ''), 'dead', attempts, ? FROM item WHERE channel = ? AND dead = 0 AND queued < ?`,
			at.UnixMilli(), why, channel, before.UnixMilli()); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `UPDATE item SET dead = 1, why = ? WHERE channel = ? AND dead = 0 AND queued < ?`, why, channel, before.UnixMilli())
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return n, err
}

// deliveredBy reports whether one of the channels has delivered the notice of a number.
func (q *queue) deliveredBy(ctx context.Context, channels []string, number uint64) (bool, error) {
	if len(channels) == 0 {
		return false, nil
	}
	args := []any{number}
	for _, c := range channels {
		args = append(args, c)
	}
	var yes bool
	err := q.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM log WHERE outcome = 'delivered' AND number = ? AND channel IN (?`+strings.Repeat(", ?", len(channels)-1)+`))`, args...).Scan(&yes)
	return yes, err
}

// note writes a line about positions, which have no number.
func (q *queue) note(ctx context.Context, channel string, o Outcome, at time.Time, attempts int, why string) error {
	_, err := q.db.ExecContext(ctx, addLog, at.UnixMilli(), channel, nil, "positions", "", string(o), attempts, why)
	return err
}

// show notes which events the other side of a channel is about to have, and returns those that it had and has no more, of the last day.
func (q *queue) show(ctx context.Context, channel string, uids []string, now time.Time) (gone []string, err error) {
	err = q.within(ctx, func(tx *sql.Tx) error {
		for _, do := range []struct {
			text string
			args []any
		}{
			{`DELETE FROM shown WHERE channel = ? AND removed > 0 AND removed < ?`, []any{channel, now.Add(-removalsFor).UnixMilli()}},
			{`UPDATE shown SET removed = ? WHERE channel = ? AND removed = 0 AND uid NOT IN (SELECT value FROM json_each(?))`, []any{now.UnixMilli(), channel, list(uids)}},
			{`INSERT INTO shown SELECT ?, value, 0 FROM json_each(?) WHERE true ON CONFLICT DO UPDATE SET removed = 0 WHERE removed > 0`, []any{channel, list(uids)}},
		} {
			if _, err := tx.ExecContext(ctx, do.text, do.args...); err != nil {
				return err
			}
		}
		rows, err := tx.QueryContext(ctx, `SELECT uid FROM shown WHERE channel = ? AND removed > 0 ORDER BY uid`, channel)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var uid string
			if err := rows.Scan(&uid); err != nil {
				return err
			}
			gone = append(gone, uid)
		}
		return rows.Err()
	})
	return gone, err
}

func list(uids []string) string {
	text, err := json.Marshal(append([]string{}, uids...))
	if err != nil {
		panic(err) // strings can always be written
	}
	return string(text)
}

// prune forgets what is older than the log is kept.
func (q *queue) prune(ctx context.Context, now time.Time) error {
	before := now.Add(-keepLog).UnixMilli()
	return q.within(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM log WHERE at < ?`, before); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM item WHERE dead = 1 AND queued < ?`, before)
		return err
	})
}

func (q *queue) within(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
