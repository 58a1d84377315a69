package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// sharedFile marks a folder whose journal lies in a database: journal.db is a copy of it, and must not go on by itself.
	sharedFile = "journal.shared"
	// spoiltFile says that the copy was found damaged while it was open: the next opening fetches it again.
	spoiltFile = "journal.spoilt"
	// auditEvery is how often the whole database is held against the copy, beside what is read anyway.
	auditEvery = time.Hour
	// awayRetry is how long a database that is away is left alone.
	awayRetry = time.Second
)

// ErrShared says that the folder's own journal is a copy of one in a database.
var ErrShared = errors.New("the journal of this folder lies in a database, and journal.db is its copy: serve with --journal, or take it back with parley journal move")

// Shared is a journal in a database that several nodes sequence, with a full verified copy in a folder of this node's own. The
// database decides: an append is durable when it is there. Everything is read from the copy, which follows.
//
// A database that lost or changed a block which the copy holds is a *Damage, from then on and for every call.
type Shared struct {
	folder   string
	database *Postgres
	copy     Journal
	log      *slog.Logger
	pulling  sync.Mutex // orders those who bring the copy forward
	fault    atomic.Pointer[Damage]
	stop     context.CancelFunc
	running  sync.WaitGroup
	closing  sync.Once
	failed   error
}

// OpenShared opens the journal in a PostgreSQL database with its copy in a folder. A copy that is damaged, or was found so while it was
// open, is put aside and fetched again whole.
func OpenShared(ctx context.Context, address, folder string, log *slog.Logger) (*Shared, error) {
	database, err := OpenPostgres(ctx, address, folder)
	if err != nil {
		return nil, err
	}
	local, err := openCopy(ctx, folder, log)
	if err != nil {
		return nil, errors.Join(err, database.Close())
	}
	if err := advise(ctx, database.(*Postgres), log); err != nil {
		return nil, errors.Join(err, database.Close(), local.Close())
	}
	s := &Shared{folder: folder, database: database.(*Postgres), copy: local, log: log}
	if err := s.pull(ctx); err != nil {
		return nil, errors.Join(err, database.Close(), local.Close())
	}
	run, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.running.Go(func() { s.follow(run) })
	s.running.Go(func() { s.audit(run) })
	return s, nil
}

// advise says in the log what the server does that weakens a promise.
func advise(ctx context.Context, p *Postgres, log *slog.Logger) error {
	is, err := p.Settings(ctx)
	if err != nil {
		return err
	}
	for _, warn := range []struct {
		when bool
		text string
	}{
		{!is.Fsync || !is.FullPages, "the database does not sync: acknowledged commands are lost when its machine fails"},
		{!is.Checksums, "the database has no checksums of its pages: damage is noticed later than it could be"},
		{is.Standbys == "", "the database waits for no standby: acknowledged commands are lost with its machine"},
	} {
		if warn.when {
			log.Warn(warn.text, "server", is.Version)
		}
	}
	return nil
}

// openCopy opens the copy in a folder, and begins a new one when it is damaged.
func openCopy(ctx context.Context, folder string, log *slog.Logger) (Journal, error) {
	if err := os.WriteFile(filepath.Join(folder, sharedFile), []byte("postgres\n"), 0o600); err != nil {
		return nil, err
	}
	_, err := os.Stat(filepath.Join(folder, spoiltFile))
	if errors.Is(err, fs.ErrNotExist) {
		local, err := OpenSQLite(ctx, folder)
		if _, damaged := errors.AsType[*Damage](err); !damaged {
			return local, err
		}
	} else if err != nil {
		return nil, err
	}
	log.Error("the copy of the journal is damaged; it is put aside and fetched again from the database", "folder", folder)
	if err := putAside(folder); err != nil {
		return nil, err
	}
	return OpenSQLite(ctx, folder)
}

// IsShared reports whether the journal of a folder lies in a database.
func IsShared(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, sharedFile))
	return err == nil
}

// TakeBack makes the copy in a folder the journal again: nothing may sequence in the database any more.
func TakeBack(folder string) error {
	err := os.Remove(filepath.Join(folder, sharedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, syncFolder(folder))
}

// pull brings the copy to the database's head.
func (s *Shared) pull(ctx context.Context) error {
	s.pulling.Lock()
	defer s.pulling.Unlock()
	if d := s.fault.Load(); d != nil {
		return d
	}
	for {
		_, err := Copy(ctx, s.copy, s.database)
		if !errors.Is(err, ErrBehind) { // else somebody else brought the copy forward
			return s.noted(err)
		}
	}
}

// noted remembers damage.
func (s *Shared) noted(err error) error {
	if d, ok := errors.AsType[*Damage](err); ok && s.fault.CompareAndSwap(nil, d) {
		s.log.Error("ALARM: the database and the copy of this node do not agree", "why", d)
	}
	return err
}

// follow keeps the copy at the database's head.
func (s *Shared) follow(ctx context.Context) {
	for ctx.Err() == nil && s.fault.Load() == nil {
		head, err := s.copy.Head(ctx)
		if err == nil {
			if err = s.database.Wait(ctx, head.Height); err == nil {
				err = s.pull(ctx)
			}
		}
		if s.noted(err) == nil {
			continue
		}
		if !errors.Is(err, ErrAway) && ctx.Err() == nil {
			s.log.Error("the copy of the journal does not follow", "why", err)
		}
		select {
		case <-time.After(awayRetry):
		case <-ctx.Done():
		}
	}
}

// audit reads the whole database, verifies it and holds it against the copy, again and again.
func (s *Shared) audit(ctx context.Context) {
	for ctx.Err() == nil && s.fault.Load() == nil {
		if err := s.Compare(ctx); s.noted(err) != nil && !errors.Is(err, ErrAway) && ctx.Err() == nil {
			s.log.Error("the database cannot be held against the copy", "why", err)
		}
		select {
		case <-time.After(auditEvery):
		case <-ctx.Done():
		}
	}
}

// Compare checks that every block of the copy is in the database as it is here.
func (s *Shared) Compare(ctx context.Context) error { return s.noted(s.compare(ctx)) }

func (s *Shared) compare(ctx context.Context) error {
	head, err := s.copy.Head(ctx)
	if err != nil || head.Height == 0 {
		return err
	}
	last := Head{}
	for b, err := range s.database.Blocks(ctx, 1) {
		if err != nil {
			return err
		}
		if last = b.Head(); last.Height == head.Height {
			break
		}
	}
	if last.Height < head.Height {
		return shorter(last.Height, head.Height)
	}
	if last != head { // every block before is bound by this hash, and was verified with its entries on the way
		return &Damage{Height: head.Height, What: "block hash", Read: last.Hash.String(), Expected: head.Hash.String() + ", as in the copy", Do: copyDo}
	}
	_, err = s.database.chainAt(ctx, head.Height) // the right edge that the next node to open will begin with
	return err
}

// Head returns where the journal in the database ends now.
func (s *Shared) Head(ctx context.Context) (Head, error) {
	if d := s.fault.Load(); d != nil {
		return Head{}, d
	}
	head, err := s.database.Head(ctx)
	return head, s.noted(err)
}

// Append writes one block to the database.
func (s *Shared) Append(ctx context.Context, b *Block, payloads []Payload) error {
	if d := s.fault.Load(); d != nil {
		return d
	}
	return s.noted(s.database.Append(ctx, b, payloads))
}

// Blocks yields verified blocks from the copy, which is brought forward first. Where the copy is damaged, the database goes on.
func (s *Shared) Blocks(ctx context.Context, from uint64) iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		if err := s.pull(ctx); err != nil {
			yield(nil, err)
			return
		}
		next := max(from, 1)
		for b, err := range s.copy.Blocks(ctx, next) {
			if s.spoilt(err) {
				s.database.Blocks(ctx, next)(yield)
				return
			}
			if !yield(b, err) || err != nil {
				return
			}
			next = b.Height + 1
		}
	}
}

// spoilt reports whether an error says that the copy is damaged, and remembers it for the next opening.
func (s *Shared) spoilt(err error) bool {
	if _, ok := errors.AsType[*Damage](err); !ok {
		return false
	}
	s.log.Error("the copy of the journal is damaged; the database is read in its place until this node is started again", "why", err)
	if err := os.WriteFile(filepath.Join(s.folder, spoiltFile), []byte(err.Error()+"\n"), 0o600); err != nil {
		s.log.Error("couldn't note that the copy is damaged", "why", err)
	}
	return true
}

// Holding returns the block that holds a position.
func (s *Shared) Holding(ctx context.Context, position uint64) (*Block, error) {
	b, err := s.copy.Holding(ctx, position)
	if errors.Is(err, ErrNoBlock) {
		if err := s.pull(ctx); err != nil {
			return nil, err
		}
		b, err = s.copy.Holding(ctx, position)
	}
	if s.spoilt(err) {
		return s.database.Holding(ctx, position)
	}
	return b, err
}

// Commitments returns those of the payloads that a block was written with.
func (s *Shared) Commitments(ctx context.Context, height uint64) ([]Hash, error) {
	if err := s.pull(ctx); err != nil {
		return nil, err
	}
	return s.copy.Commitments(ctx, height)
}

// Wait returns once there is a block above a height in the database.
func (s *Shared) Wait(ctx context.Context, after uint64) error {
	return s.noted(s.database.Wait(ctx, after))
}

// Payload returns a payload from the copy, or from the database when the copy is not yet so far.
func (s *Shared) Payload(ctx context.Context, commitment Hash) ([]byte, error) {
	plain, err := s.copy.Payload(ctx, commitment)
	if errors.Is(err, ErrNoPayload) && !errors.Is(err, ErrErased) || s.spoilt(err) {
		return s.database.Payload(ctx, commitment)
	}
	return plain, err
}

// Erase destroys payloads in the database and in the copy.
func (s *Shared) Erase(ctx context.Context, commitments []Hash) error {
	if err := s.database.Erase(ctx, commitments); err != nil {
		return err
	}
	return s.copy.Erase(ctx, commitments)
}

// CheckPayloads checks those of both.
func (s *Shared) CheckPayloads(ctx context.Context) error {
	if err := s.database.CheckPayloads(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return s.copy.CheckPayloads(ctx)
}

// Close ends what runs and closes both.
func (s *Shared) Close() error {
	s.closing.Do(func() {
		s.stop()
		err := s.database.Close() // ends a wait that is under way
		s.running.Wait()
		s.failed = errors.Join(err, s.copy.Close())
	})
	return s.failed
}
