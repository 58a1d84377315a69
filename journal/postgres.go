package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// ErrAway says that the database cannot be reached, or is no primary just now. Nothing was written by the call that returns it; the
// same call may succeed later.
var ErrAway = errors.New("journal: the database is away")

// Times of the PostgreSQL engine.
const (
	commitTime = 30 * time.Second // a commit that waits for a standby longer than this has an unknown outcome
	listenWait = time.Second      // after so long a lost listener is opened again; the poll goes on meanwhile
)

// Postgres is a Journal in a PostgreSQL database that several nodes may share. The payload key lies in a folder of the node's own;
// nodes that share a database share the key.
//
// A block is durable when the commit returns, with synchronous_commit on: on the primary's disk, and on as many standbys as
// synchronous_standby_names says. What decides is always read from the primary.
type Postgres struct {
	db     *sql.DB
	config *pgx.ConnConfig
	seal   *sealer
	write  sync.Mutex // orders the appends of this handle
	tail

	warned    atomic.Bool // a commit of this handle did not wait for its standbys
	listening sync.WaitGroup
	stop      context.CancelFunc

	closing sync.Once
	failed  error
}

// newsChannel is what the nodes of a database listen to. It wakes them up; what is new they read.
const newsChannel = "parley_blocks"

// OpenPostgres opens the journal in a database, and makes its tables when there are none. The address is one that pgx reads; with
// several hosts, name target_session_attrs=read-write. folder holds the payload key.
func OpenPostgres(ctx context.Context, address, folder string) (Journal, error) {
	p, err := openPostgres(ctx, address, folder)
	if err != nil {
		return nil, fmt.Errorf("open journal in PostgreSQL: %w", err)
	}
	return p, nil
}

func openPostgres(ctx context.Context, address, folder string) (_ *Postgres, err error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err // pgx leaves passwords out of its errors
	}
	p := &Postgres{config: config}
	p.tail = newTail(p)
	config.RuntimeParams["synchronous_commit"] = "on"
	config.RuntimeParams["application_name"] = "parley"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	// A commit whose wait for a standby is ended by an administrator succeeds with a warning: the block may be on one disk alone.
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.Severity == "WARNING" && n.Code == "01000" {
			p.warned.Store(true)
		}
	}
	p.db = stdlib.OpenDB(*config)
	p.db.SetMaxOpenConns(8)
	p.db.SetMaxIdleConns(8)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.db.Close())
		}
	}()
	if err := p.checkTables(ctx); err != nil {
		return nil, err
	}
	if err := p.loadPayloadKey(ctx, folder); err != nil {
		return nil, err
	}
	if height, err := p.height(ctx); err != nil {
		return nil, err
	} else if height > 0 {
		if p.head, err = p.chainAt(ctx, height); err != nil {
			return nil, err
		}
	}
	run, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.listening.Add(1)
	go func() {
		defer p.listening.Done()
		p.listen(run)
	}()
	return p, nil
}

// tables are the whole database. The blocks are those of the SQLite engine; the block is stored as it is, for it does not compress.
var tables = [...]string{
	"CREATE TABLE blocks (height bigint PRIMARY KEY, payloads bytea NOT NULL, frontier bytea NOT NULL, block bytea NOT NULL)",
	"ALTER TABLE blocks ALTER COLUMN block SET STORAGE EXTERNAL",
	"CREATE TABLE payloads (commitment bytea PRIMARY KEY, wrapped bytea NOT NULL, sealed bytea NOT NULL)",
	"CREATE TABLE erased (commitment bytea PRIMARY KEY)",
	"CREATE TABLE folder (version integer NOT NULL, key_id bytea NOT NULL)",
}

// tablesLock orders nodes that make the tables at the same moment: an advisory lock of the database, "PRLY".
const tablesLock = applicationID

// checkTables makes the tables in an empty schema.
func (p *Postgres) checkTables(ctx context.Context) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return p.fault(0, "begin", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", tablesLock); err != nil {
		return p.fault(0, "tables", err)
	}
	var there int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM pg_tables WHERE schemaname=current_schema() AND tablename IN ('blocks','payloads','erased','folder')").Scan(&there); err != nil {
		return p.fault(0, "tables", err)
	}
	switch there {
	case 0:
		for _, statement := range tables {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return p.fault(0, "tables", err)
			}
		}
	case 4:
		return nil
	default:
		return &Damage{What: "tables", Read: fmt.Sprint(there), Expected: "blocks, payloads, erased and folder, or none of them"}
	}
	if err := tx.Commit(); err != nil {
		return p.fault(0, "tables", err)
	}
	return nil
}

// loadPayloadKey takes the key of the folder and holds it against the one the database was begun with.
func (p *Postgres) loadPayloadKey(ctx context.Context, folder string) (err error) {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return p.fault(0, "begin", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", tablesLock); err != nil {
		return p.fault(0, "payload key", err)
	}
	version := schemaVersion
	var id []byte
	err = tx.QueryRowContext(ctx, "SELECT version, key_id FROM folder").Scan(&version, &id)
	if begun := err == nil; !begun && !errors.Is(err, sql.ErrNoRows) {
		return p.fault(0, "payload key", err)
	} else if !begun { // a new database: its key is the folder's, which is made if there is none
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		if err := makeKey(folder); err != nil {
			return err
		}
	}
	if p.seal, err = loadKey(folder); err != nil {
		return err
	}
	if id == nil {
		id = p.seal.id[:]
		if _, err := tx.ExecContext(ctx, "INSERT INTO folder (version, key_id) VALUES ($1, $2)", version, id); err != nil {
			return p.fault(0, "payload key", err)
		}
	}
	if version != schemaVersion {
		return &Damage{What: "version of the tables", Read: fmt.Sprint(version), Expected: fmt.Sprint(schemaVersion)}
	}
	if Hash(id) != p.seal.id {
		return &Damage{What: "file " + keyFile, Read: fmt.Sprintf("the key %s", p.seal.id), Expected: fmt.Sprintf("the key %x", id), Do: keyDo}
	}
	if err := tx.Commit(); err != nil {
		return p.fault(0, "payload key", err)
	}
	return nil
}

// ServerSettings are what the server says it does, as far as durability rests on it.
type ServerSettings struct {
	Version    string
	Fsync      bool
	FullPages  bool   // full_page_writes
	Checksums  bool   // data_checksums: page damage is an error, not another table
	Standbys   string // synchronous_standby_names; empty: a commit waits for the primary alone
	SyncCommit string // synchronous_commit of our sessions
}

// Settings asks the server for the settings that durability rests on.
func (p *Postgres) Settings(ctx context.Context) (is ServerSettings, err error) {
	err = p.db.QueryRowContext(ctx, `SELECT current_setting('server_version'), current_setting('fsync')='on', current_setting('full_page_writes')='on',
		current_setting('data_checksums')='on', current_setting('synchronous_standby_names'), current_setting('synchronous_commit')`).
		Scan(&is.Version, &is.Fsync, &is.FullPages, &is.Checksums, &is.Standbys, &is.SyncCommit)
	if err != nil {
		return is, p.fault(0, "settings", err)
	}
	return is, nil
}

// listen wakes those who wait when another node has written. Without it the poll of Wait finds the same, a little later.
func (p *Postgres) listen(ctx context.Context) {
	for ctx.Err() == nil {
		_ = p.hear(ctx) // a lost line is no fault: it is opened again
		select {
		case <-time.After(listenWait):
		case <-ctx.Done():
		}
	}
}

func (p *Postgres) hear(ctx context.Context) error {
	c, err := pgx.ConnectConfig(ctx, p.config.Copy())
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, "LISTEN "+newsChannel); err != nil {
		return err
	}
	for {
		if _, err := c.WaitForNotification(ctx); err != nil {
			return err
		}
		p.mu.Lock()
		p.tell()
		p.mu.Unlock()
	}
}

// fault tells apart what an error of PostgreSQL means: damage of the data, a database that is away, or something else.
func (p *Postgres) fault(height uint64, what string, err error) error {
	select {
	case <-p.closed:
		return ErrClosed
	default:
	}
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch class := refused.Code[:2]; {
		case class == "XX": // internal error, data corrupted, index corrupted (PostgreSQL manual, appendix A)
			return &Damage{Height: height, What: what, Read: refused.Message, Expected: "a whole database"}
		case class == "08", class == "57", class == "53", refused.Code == "25006": // connection, operator intervention, resources, read-only
			return fmt.Errorf("%s: %w: %w", what, ErrAway, err)
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	if _, ok := errors.AsType[net.Error](err); ok || lost(err) {
		return fmt.Errorf("%s: %w: %w", what, ErrAway, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Close ends waiting calls and closes the connections.
func (p *Postgres) Close() error {
	p.closing.Do(func() {
		close(p.closed)
		p.stop()
		p.listening.Wait()
		p.write.Lock()
		defer p.write.Unlock()
		p.failed = p.db.Close()
	})
	return p.failed
}
