// Package node ties the rooms together: it admits commands, sequences them into blocks, applies them, and answers with what became of them.
package node

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/proof"
)

// Config says where a node keeps its data and how it tells the time.
type Config struct {
	Folder string
	// Clock is for tests: milliseconds UTC. Nil is the machine's clock, or in an exercise whose first entry says so a simulated one.
	Clock func() int64
	Log   *slog.Logger // nil discards
	// SnapshotEvery is how many entries pass between snapshots while running; 0 takes the default of 250,000.
	SnapshotEvery uint64
	// CheckpointEvery is how often a tree that has grown gets a new checkpoint; 0 takes the default of 250 ms.
	CheckpointEvery time.Duration
	// WitnessedWithin is what stored receipts promise where the folder names witnesses: so many milliseconds after an entry's log
	// time they will have cosigned it; 0 takes the default of 24 hours.
	WitnessedWithin int64
	// Retain is the age, in milliseconds, of the last word about a movement that is over, from which on its envelopes are erased; 30 days
	// at least. 0 erases nothing.
	Retain int64
	// EvidenceRoom is how many bytes of evidence one account may have on this node; 0 takes the default of 20 GiB.
	EvidenceRoom int64
	// Journal replaces the one in Folder; the node closes it. Tests open two nodes on one journal.
	Journal journal.Journal
}

// ErrFault says that the node has found its journal or its own state at fault and no longer answers.
var ErrFault = errors.New("this node has stopped: its journal and its state do not agree")

// ErrClosed says that the node is closed.
var ErrClosed = errors.New("node: closed")

// Node holds one theatre. Many goroutines may use it at once.
type Node struct {
	cfg     Config
	journal journal.Journal
	lock    *os.File // held while the node is open: one node a folder
	tree    *proof.Tree
	leaves  *proof.Leaves
	key     ed25519.PrivateKey // signs facts of the rim; its public half stands in theatre.open
	logKeys logKeys
	policy  *proof.Policy // whose cosignatures count
	signed  *checkpoints
	asked   *collector
	log     *slog.Logger
	now     func() int64
	// simulated is the clock of an exercise that has one; nil in every other theatre.
	simulated *simulated
	spool     *spool
	files     *evidence
	inquiring chan struct{} // holds a token while an inquiry is made

	// mu guards state, changed and head. The sequencer alone writes; readers hold it for one view.
	mu      sync.RWMutex
	state   *channel.State
	changed chan struct{}                // closed and replaced after each block: what waits looks again
	told    map[parley.Ref]chan struct{} // account → closed and dropped when it is told something

	queue  chan *submission
	toNote chan chan error // asks the sequencer for a note of the state
	others chan struct{}   // holds a token when another node may have written
	chain  *journal.Chain  // owned by the sequencer after Open
	unread bool            // the journal could not be read when it was asked last; the sequencer's
	since  uint64          // entries since the last snapshot; the sequencer's
	notes  notes
	texts  *texts
	fault  atomic.Pointer[error]

	appending atomic.Int64 // when the append under way began, in milliseconds of the machine's clock; 0: none is
	failing   atomic.Bool  // the last append failed

	erasedBelow atomic.Uint64 // size of the noted state behind which this node has erased what may go
	pruning     sync.Mutex    // orders those who remove old snapshots

	away   atomic.Bool // the database did not answer last
	stop   context.CancelFunc
	closed chan struct{}
	done   sync.WaitGroup
	once   sync.Once
}

// Open opens the theatre in a folder: it reads the newest sound snapshot, verifies and applies what came after, and then serves.
// A folder without a journal is not made here: see Create.
func Open(ctx context.Context, cfg Config) (_ *Node, err error) {
	n := &Node{cfg: cfg, log: cfg.Log, now: cfg.Clock, changed: make(chan struct{}), told: map[parley.Ref]chan struct{}{}, queue: make(chan *submission, 4096), toNote: make(chan chan error), others: make(chan struct{}, 1), closed: make(chan struct{}), inquiring: make(chan struct{}, 1), texts: newTexts(textBytes)}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	if n.now == nil {
		n.now = func() int64 { return time.Now().UnixMilli() }
	}
	if n.cfg.SnapshotEvery == 0 {
		n.cfg.SnapshotEvery = 250_000
	}
	if n.cfg.EvidenceRoom == 0 {
		n.cfg.EvidenceRoom = 20 << 30
	}
	if n.cfg.CheckpointEvery == 0 {
		n.cfg.CheckpointEvery = 250 * time.Millisecond
	}
	if n.cfg.WitnessedWithin == 0 {
		n.cfg.WitnessedWithin = parley.Day
	}
	if cfg.Retain != 0 && cfg.Retain < parley.MovementRetention {
		return nil, parley.Invalid("retention", (time.Duration(cfg.Retain) * time.Millisecond).String(), "30 days or more")
	}
	lock, err := lockFolder(cfg.Folder)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	n.lock = lock
	if n.key, err = loadNodeKey(filepath.Join(cfg.Folder, nodeKeyFile)); err != nil {
		return nil, err
	}
	if n.logKeys, err = loadLogKeys(cfg.Folder); err != nil {
		return nil, err
	}
	if n.policy, err = loadPolicy(cfg.Folder); err != nil {
		return nil, err
	}
	if n.journal = cfg.Journal; n.journal == nil {
		if journal.IsShared(cfg.Folder) {
			return nil, journal.ErrShared
		}
		if n.journal, err = journal.OpenSQLite(ctx, cfg.Folder); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.journal.Close())
		}
	}()
	// Starting allocates the state once and frees little: collecting as often as later would only cost time.
	percent := debug.SetGCPercent(400)
	background, err := n.start(ctx)
	debug.SetGCPercent(percent)
	if err != nil {
		return nil, err
	}
	n.keepTime()
	if err := n.openProof(ctx); err != nil {
		return nil, err
	}
	if n.files, err = openEvidence(cfg.Folder); err != nil {
		return nil, err
	}
	sp, left, err := openSpool(cfg.Folder)
	if err != nil {
		return nil, err
	}
	n.spool = sp
	if err := sp.layOut(); err != nil {
		n.log.Error("the spool has no room: an urgent stop that the journal cannot take would be told, and not recorded", "why", err)
	}
	n.refill(left)
	run, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.done.Add(2)
	go func() {
		defer n.done.Done()
		n.sequence(run)
	}()
	go func() {
		defer n.done.Done()
		n.runSpool(run)
	}()
	n.done.Go(func() { n.asked.run(run) })
	n.done.Go(func() { n.retain(run) })
	n.done.Go(func() {
		if _, err := n.CheckEvidence(run); err != nil && run.Err() == nil {
			n.log.Error("a file of evidence does not hold: restore the folder evidence from a copy", "why", err)
		}
	})
	if cfg.Journal != nil {
		n.done.Add(1)
		go func() {
			defer n.done.Done()
			n.watch(run)
		}()
	}
	if background != nil {
		n.done.Add(1)
		go func() {
			defer n.done.Done()
			n.verifyBehind(run, background)
		}()
	}
	return n, nil
}

// Close stops the sequencer after the block in hand, writes a snapshot and gives the journal back.
func (n *Node) Close() error {
	var err error
	n.once.Do(func() {
		close(n.closed)
		n.stop()
		n.done.Wait()
		if n.fault.Load() == nil {
			err = n.saveSnapshot(context.Background())
		}
		err = errors.Join(err, n.spool.file.Close(), n.closeProof(), n.journal.Close(), n.lock.Close())
	})
	return err
}

// Fault returns why the node has stopped answering, or nil.
func (n *Node) Fault() error {
	if f := n.fault.Load(); f != nil {
		return *f
	}
	return nil
}

// fail stops the node from answering. Nothing it has acknowledged is lost by that.
func (n *Node) fail(err error) {
	err = fmt.Errorf("%w: %w", ErrFault, err)
	if n.fault.CompareAndSwap(nil, &err) {
		n.log.Error("node stopped answering", "why", err)
	}
}

// Read calls look with the state held still. It returns ErrFault instead when the node does not answer.
func (n *Node) Read(look func(*channel.State)) error {
	if err := n.Fault(); err != nil {
		return err
	}
	n.mu.RLock()
	defer n.mu.RUnlock()
	look(n.state)
	return nil
}

// Changed returns a channel that is closed at the next block.
func (n *Node) Changed() <-chan struct{} {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.changed
}

// ToldSomething returns a channel that is closed when an account is told something next. Thousands of streams wait on it: a block wakes
// those alone whom it concerns.
func (n *Node) ToldSomething(account parley.Ref) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.told[account]
	if c == nil {
		c = make(chan struct{})
		n.told[account] = c
	}
	return c
}

// Closed returns a channel that is closed when the node closes.
func (n *Node) Closed() <-chan struct{} { return n.closed }

// Now returns the node's time, in milliseconds UTC.
func (n *Node) Now() int64 { return n.now() }

// Text returns the text of a payload, "" when it is erased or was never there.
func (n *Node) Text(c parley.Commitment) string {
	text, mark, ok := n.texts.get(c.Hash)
	if ok {
		return text
	}
	plain, err := n.journal.Payload(context.Background(), c.Hash)
	if err != nil {
		if !errors.Is(err, journal.ErrNoPayload) {
			n.log.Error("couldn't read a payload", "commitment", c.String(), "why", err)
		}
		if errors.Is(err, journal.ErrErased) { // for good: no query tells more
			n.texts.put(c.Hash, "", mark)
		}
		return ""
	}
	var p parley.Payload
	if err := p.UnmarshalBinary(plain); err != nil {
		n.log.Error("couldn't read a payload", "commitment", c.String(), "why", err)
		return ""
	}
	n.texts.put(c.Hash, p.Text, mark)
	return p.Text
}

// LogKey returns the log's public key in the form of C2SP signed notes.
func (n *Node) LogKey() string { return n.logKeys.current.Public() }

// Journal returns the node's journal, for reading.
func (n *Node) Journal() journal.Journal { return n.journal }
