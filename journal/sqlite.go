package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	databaseFile = "journal.db"
	// applicationID marks the file as a journal of ours (SQLite's header field for that): "PRLY".
	applicationID = 0x50524c59
	schemaVersion = 1
)

// pragmas of every connection. WAL with synchronous=FULL syncs each commit before it returns; EXTRA would add nothing in WAL mode.
// secure_delete overwrites freed bytes with zeros. Temporary data stays in memory: no payload in a file that is not ours.
var pragmas = [...]string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)", "temp_store(MEMORY)",
	"cell_size_check(ON)", "trusted_schema(OFF)", "mmap_size(0)", "fullfsync(ON)", "checkpoint_fullfsync(ON)"}

// SQLite is a Journal in one folder: journal.db with its write-ahead log, the head guard and the payload key.
type SQLite struct {
	folder string
	writes *sql.DB // one connection; used under write
	reads  *sql.DB
	seal   *sealer
	guard  *guard

	write sync.Mutex // held by Append and Erase while they write

	tail // of the table of blocks

	closing sync.Once
	failed  error // what Close returned first
}

// opening lets one handle of this process open or make a folder at a time. A second handle must not make journal.db while the first
// has it open: closing any descriptor of a file drops all locks that SQLite holds on it in this process (POSIX).
var opening sync.Mutex

// OpenSQLite opens the journal in a folder, and makes folder and journal when there is none.
//
// Opening checks the structure of the whole database, the head guard and the last block; Verify checks every block. What is not
// as it was written is a *Damage. The Journal is a *SQLite.
func OpenSQLite(ctx context.Context, folder string) (Journal, error) {
	s, err := openSQLite(ctx, folder, true)
	if err != nil {
		return nil, fmt.Errorf("open journal %s: %w", folder, err)
	}
	return s, nil
}

// AcceptHead is an operator's deliberate decision that the history in a folder ends where it now ends, although the head guard
// says otherwise or is damaged. It verifies every block and payload that is there, then writes a new guard. The journal must not
// be open anywhere. Blocks that are lost stay lost: whoever holds a receipt for one can prove it.
func AcceptHead(ctx context.Context, folder string) (Head, error) {
	s, err := openSQLite(ctx, folder, false)
	if err != nil {
		return Head{}, fmt.Errorf("accept head of journal %s: %w", folder, err)
	}
	head, err := Verify(ctx, s, nil)
	if err == nil {
		err = replaceGuard(folder, mark{head.Height, head.Hash})
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return Head{}, fmt.Errorf("accept head of journal %s: %w", folder, err)
	}
	return head, nil
}

// openSQLite leaves the guard out when guarded is false; such a handle must not append.
func openSQLite(ctx context.Context, folder string, guarded bool) (s *SQLite, err error) {
	opening.Lock()
	defer opening.Unlock()
	if err := prepareFolder(folder); err != nil {
		return nil, err
	}
	s = &SQLite{folder: folder}
	s.tail = newTail(s)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.release())
			s = nil
		}
	}()
	if s.writes, err = connect(folder, 1); err != nil {
		return s, err
	}
	if err := s.settle(ctx); err != nil {
		return s, err
	}
	if err := s.checkSchema(ctx); err != nil {
		return s, err
	}
	// quick_check leaves out only what indexes must have in common with their tables, and there is no index apart from a table.
	if err := s.checkStructure(ctx); err != nil {
		return s, err
	}
	if s.reads, err = connect(folder, 4, "query_only(ON)"); err != nil {
		return s, err
	}
	if err := s.loadKey(ctx); err != nil {
		return s, err
	}
	if guarded {
		if err := s.checkGuard(ctx); err != nil {
			return s, err
		}
	} else if err := s.loadHead(ctx); err != nil {
		return s, err
	}
	// An erasure that was interrupted may have left old pages in the log. When another process reads just now, its own erasure or
	// the next opening does this: Erase has not answered yet.
	if _, err := s.truncateLog(ctx); err != nil {
		return s, err
	}
	return s, nil
}

// prepareFolder makes the folder and an empty database file, so that both have the right modes from the start, and refuses what
// SQLite would take for a new database although there was one: it would throw the write-ahead log away.
func prepareFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(folder, 0o700); err != nil {
		return err
	}
	size, err := fileSize(filepath.Join(folder, databaseFile))
	if err != nil {
		return err
	}
	if size > 0 {
		return nil
	}
	read := "no file"
	if size == 0 {
		read = "an empty file"
	}
	for _, name := range []string{databaseFile + "-wal", guardFile} {
		other, err := fileSize(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if other <= 0 {
			continue
		}
		if m, err := readGuard(folder); name == guardFile && err == nil && m.height == 0 {
			continue // a journal without blocks, whose making was interrupted
		}
		return &Damage{What: "file " + databaseFile, Read: read, Expected: "the database that belongs to the file " + name}
	}
	if size == 0 {
		return nil
	}
	file, err := os.OpenFile(filepath.Join(folder, databaseFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil // another process was first
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), syncFolder(folder))
}

func connect(folder string, connections int, more ...string) (*sql.DB, error) {
	path, err := filepath.Abs(filepath.Join(folder, databaseFile))
	if err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": append(pragmas[:len(pragmas):len(pragmas)], more...), "_txlock": {"immediate"}}
	if len(more) > 0 {
		query.Set("_txlock", "deferred") // a reader never takes the write lock
	}
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// Settings are what SQLite says it does, read back from the connection that writes.
type Settings struct {
	JournalMode  string // "wal"
	Synchronous  int    // 2: FULL
	SecureDelete int    // 1: ON
	Version      string // of SQLite
}

// Settings reads back the settings that durability and erasure rest on.
func (s *SQLite) Settings(ctx context.Context) (Settings, error) {
	var is Settings
	for query, into := range map[string]any{"PRAGMA journal_mode": &is.JournalMode, "PRAGMA synchronous": &is.Synchronous,
		"PRAGMA secure_delete": &is.SecureDelete, "SELECT sqlite_version()": &is.Version} {
		if err := s.writes.QueryRowContext(ctx, query).Scan(into); err != nil {
			return is, s.fault(0, "setting "+query, err)
		}
	}
	return is, nil
}

// settle connects and checks the settings. While another process makes the write-ahead log of a new file SQLite says that it is locked at
// once, whatever time it was given to wait (its busy handler does not serve a change of journal_mode); so the waiting is here.
func (s *SQLite) settle(ctx context.Context) error {
	for deadline := time.Now().Add(10 * time.Second); ; {
		err := s.checkSettings(ctx)
		if failure, ok := errors.AsType[*sqlite.Error](err); !ok || failure.Code()&0xff != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *SQLite) checkSettings(ctx context.Context) error {
	is, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	if is.JournalMode != "wal" || is.Synchronous != 2 || is.SecureDelete != 1 {
		return fmt.Errorf("settings: read journal_mode %s, synchronous %d, secure_delete %d, expected wal, 2, 1", is.JournalMode,
			is.Synchronous, is.SecureDelete)
	}
	return nil
}

func (s *SQLite) loadKey(ctx context.Context) error {
	var count int
	var id []byte
	err := s.writes.QueryRowContext(ctx, "SELECT count(*), max(key_id) FROM folder").Scan(&count, &id)
	if err != nil {
		return s.fault(0, "payload key id", err)
	}
	if s.seal, err = loadKey(s.folder); err != nil {
		return err
	}
	if count != 1 || string(id) != string(s.seal.id[:]) {
		return &Damage{What: "file " + keyFile, Read: fmt.Sprintf("the key %s", s.seal.id), Expected: fmt.Sprintf("the key %x", id), Do: keyDo}
	}
	return nil
}

// checkGuard loads the head and holds it against the guard, and opens the guard.
func (s *SQLite) checkGuard(ctx context.Context) error {
	m, err := readGuard(s.folder) // before the head: history may grow meanwhile, and must not seem shorter
	if errors.Is(err, os.ErrNotExist) {
		if err := s.loadHead(ctx); err != nil {
			return err
		}
		if s.head.Head().Height == 0 {
			if err := createGuard(s.folder); err != nil {
				return err
			}
		}
		// Another process may have made the guard and appended since.
		if m, err = readGuard(s.folder); errors.Is(err, os.ErrNotExist) {
			return &Damage{What: "file " + guardFile, Read: "no file",
				Expected: fmt.Sprint("one, since there are blocks up to height ", s.head.Head().Height), Do: guardDo}
		}
	}
	if err != nil {
		return err
	}
	if err := s.loadHead(ctx); err != nil {
		return err
	}
	if head := s.head.Head(); head.Height < m.height {
		d := shorter(head.Height, m.height)
		d.Expected += ", as the file " + guardFile + " says"
		d.Do = guardDo
		return d
	}
	if m.height > 0 {
		b, err := s.block(ctx, m.height)
		if err != nil {
			return err
		}
		if hash := b.Hash(); hash != m.hash {
			return &Damage{Height: m.height, What: "block hash", Read: hash.String(),
				Expected: m.hash.String() + ", as the file " + guardFile + " says", Do: guardDo}
		}
	}
	s.guard, err = openGuard(s.folder)
	return err
}

// loadHead reads the last block and resumes the chain from it.
func (s *SQLite) loadHead(ctx context.Context) error {
	height, err := s.height(ctx)
	if err != nil || height == 0 {
		return err
	}
	s.head, err = s.chainAt(ctx, height)
	return err
}

// chainAt returns the chain as it stands after the block at a height.
func (s *SQLite) chainAt(ctx context.Context, height uint64) (*Chain, error) {
	if height == 0 {
		return new(Chain), nil
	}
	b, err := s.block(ctx, height)
	if err != nil {
		return nil, err
	}
	var edge []byte
	if err := s.reads.QueryRowContext(ctx, "SELECT frontier FROM blocks WHERE height=?", int64(height)).Scan(&edge); err != nil {
		return nil, s.fault(height, "frontier", err)
	}
	return chainFrom(b, edge)
}

// fault turns an error of SQLite into Damage when it speaks of the content of the file, and names the place otherwise.
func (s *SQLite) fault(height uint64, what string, err error) error {
	select {
	case <-s.closed:
		return ErrClosed
	default:
	}
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return fmt.Errorf("%s: %w", what, err)
	}
	switch code := failure.Code(); code & 0xff {
	case sqlite3.SQLITE_IOERR:
		if code != sqlite3.SQLITE_IOERR_SHORT_READ && code != sqlite3.SQLITE_IOERR_CORRUPTFS {
			return fmt.Errorf("%s: %w", what, err)
		}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_MISUSE:
		return fmt.Errorf("%s: %w", what, err)
	}
	return &Damage{Height: height, What: databaseFile + ", " + what, Read: failure.Error(), Expected: "a whole database"}
}

// Close waits for a write that is under way, ends waiting calls, and writes everything back into journal.db.
func (s *SQLite) Close() error {
	s.closing.Do(func() {
		close(s.closed)
		s.failed = s.release()
	})
	return s.failed
}

func (s *SQLite) release() error {
	s.write.Lock()
	defer s.write.Unlock()
	var failed []error
	for _, db := range []*sql.DB{s.reads, s.writes} {
		if db != nil {
			failed = append(failed, db.Close())
		}
	}
	if s.guard != nil {
		failed = append(failed, s.guard.close())
	}
	return errors.Join(failed...)
}
