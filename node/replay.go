package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"parley"
	"parley/channel"
	"parley/journal"
)

// start brings the state to the head: from the newest snapshot that the journal vouches for, or from nothing. It returns the work
// of verifying the blocks before the snapshot, to be done while serving; nil when there is none.
func (n *Node) start(ctx context.Context) (background func(context.Context) error, err error) {
	head, err := n.journal.Head(ctx)
	if err != nil {
		return nil, err
	}
	if head.Height == 0 {
		return nil, errors.New("the data folder has no journal yet: parley init opens a theatre")
	}
	state, chain, err := n.restore(ctx)
	if err != nil {
		return nil, err
	}
	if err := n.checkBase(ctx, state); err != nil {
		return nil, err
	}
	if state != nil {
		n.state, n.chain = state, chain
		before := chain.Head().Height
		background = func(ctx context.Context) error { return n.verifyOld(ctx, before) }
	} else {
		n.state, n.chain = channel.New(), &journal.Chain{}
	}
	v := newVerifier()
	defer v.close()
	for b, err := range n.journal.Blocks(ctx, n.chain.Head().Height+1) {
		if err != nil {
			return nil, err
		}
		if err := n.replay(b, v); err != nil {
			return nil, err
		}
	}
	if err := v.close(); err != nil {
		return nil, err
	}
	if err := n.journal.Erase(ctx, n.state.ErasedPayloads()); err != nil {
		return nil, fmt.Errorf("couldn't finish erasing payloads: %w", err)
	}
	if now := n.now(); now < n.chain.Head().Time-2*parley.Second {
		n.log.Warn("this machine's clock is behind the journal's last entry", "clock", parley.Stamp(now), "entry", parley.Stamp(n.chain.Head().Time))
	}
	return background, nil
}

// replay verifies and applies one block that is in the journal.
func (n *Node) replay(b *journal.Block, v *verifier) error {
	place := func(what string, err error) error {
		return &journal.Damage{Height: b.Height, What: what, Read: err.Error(), Expected: "a block that follows from those before it"}
	}
	if b.Rules != channel.Rules {
		return place("rules version", fmt.Errorf("version %d; this program knows version %d", b.Rules, channel.Rules))
	}
	if b.Height > 1 {
		if got := n.digest(); got != b.Digest {
			return place("state digest", fmt.Errorf("%s in the block; this node has %s", b.Digest, got))
		}
	}
	signed := make([]*channel.Signed, len(b.Entries))
	envelopes := make([]*parley.Envelope, len(b.Entries))
	for i, e := range b.Entries {
		if e.Erased != nil {
			return fmt.Errorf("entry %d of block %d: %w", i, b.Height, ErrNoBase)
		}
		s, env, err := channel.Open(e.Envelope)
		if err != nil {
			return place(fmt.Sprintf("entry %d", i), err)
		}
		signed[i], envelopes[i] = s, env
	}
	if _, _, err := n.apply(b, signed); err != nil {
		return place("chain", err)
	}
	if b.Height == 1 && b.Theatre != signed[0].Name {
		return place("theatre", fmt.Errorf("%s", b.Theatre))
	}
	for i := range signed {
		if err := v.check(b.Height, envelopes[i], signed[i].Command, n.state.KeyOf); err != nil {
			return place(fmt.Sprintf("entry %d", i), err)
		}
	}
	return v.failed()
}

// verifier checks signatures on all processors while blocks are applied. Keys are looked up at once; the sums come later.
type verifier struct {
	work chan func() error
	done sync.WaitGroup
	once sync.Once
	mu   sync.Mutex
	err  error
}

func newVerifier() *verifier {
	v := &verifier{work: make(chan func() error, 1024)}
	for range runtime.GOMAXPROCS(0) {
		v.done.Add(1)
		go func() {
			defer v.done.Done()
			for check := range v.work {
				if err := check(); err != nil {
					v.mu.Lock()
					v.err = cmpErr(v.err, err)
					v.mu.Unlock()
				}
			}
		}()
	}
	return v
}

func cmpErr(first, err error) error {
	if first != nil {
		return first
	}
	return err
}

// check looks up the keys of a command and has its signatures verified.
func (v *verifier) check(height uint64, e *parley.Envelope, c *parley.Command, keyOf func(parley.KeyID) (parley.PublicKey, bool)) error {
	keys := map[parley.KeyID]parley.PublicKey{}
	for _, sig := range e.Signatures {
		if key, ok := keyOf(sig.Key); ok {
			keys[sig.Key] = key
		}
	}
	v.work <- func() error {
		err := channel.Verify(e, c, func(id parley.KeyID) (parley.PublicKey, bool) { k, ok := keys[id]; return k, ok })
		if err != nil {
			return &journal.Damage{Height: height, What: "signature", Read: err.Error(), Expected: "signatures by admitted keys"}
		}
		return nil
	}
	return nil
}

func (v *verifier) failed() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

// close waits for the signatures in hand. It may be called twice.
func (v *verifier) close() error {
	v.once.Do(func() { close(v.work) })
	v.done.Wait()
	return v.failed()
}

// verifyOld verifies the blocks before a snapshot while the node serves: chain, roots and signatures.
func (n *Node) verifyOld(ctx context.Context, upTo uint64) error {
	v := newVerifier()
	defer v.close()
	rightly := n.erasedSoFar()
	var chain journal.Chain
	for b, err := range n.journal.Blocks(ctx, 1) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = chain.Follow(b)
		}
		if err != nil {
			return err
		}
		for i, entry := range b.Entries {
			if position := b.Size - uint64(b.Count) + uint64(i); entry.Erased != nil {
				if !rightly(position) {
					rightly = n.erasedSoFar() // it may have gone meanwhile
				}
				if !rightly(position) {
					return &journal.Damage{Height: b.Height, What: fmt.Sprintf("entry %d", i), Read: "no envelope", Expected: "one, since no command has ended its retention"}
				}
				continue
			}
			s, e, err := channel.Open(entry.Envelope)
			if err != nil {
				return &journal.Damage{Height: b.Height, What: fmt.Sprintf("entry %d", i), Read: err.Error(), Expected: "a signed command"}
			}
			if err := v.check(b.Height, e, s.Command, n.keyOf); err != nil {
				return err
			}
		}
		if b.Height == upTo {
			break
		}
	}
	return v.close()
}

func (n *Node) keyOf(id parley.KeyID) (parley.PublicKey, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.state.KeyOf(id)
}

// follow reads and applies blocks that another node has written.
func (n *Node) follow(ctx context.Context) error {
	head, err := n.journal.Head(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	n.back()
	if head.Height == n.chain.Head().Height {
		return nil
	}
	v := newVerifier()
	defer v.close()
	for b, err := range n.journal.Blocks(ctx, n.chain.Head().Height+1) {
		if err != nil {
			return err
		}
		if err := n.replay(b, v); err != nil {
			return err
		}
	}
	return v.close()
}

const snapshotSuffix = ".snapshot"

// restore loads the newest snapshot whose digest the journal itself states, in the header of the block after it. It returns nil
// when there is none. A snapshot that does not agree with the journal is refused, said so in the log, and passed over.
func (n *Node) restore(ctx context.Context) (*channel.State, *journal.Chain, error) {
	names, err := filepath.Glob(filepath.Join(n.cfg.Folder, "*"+snapshotSuffix))
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(names, func(a, b string) int { return int(heightOf(b)) - int(heightOf(a)) })
	for _, name := range names {
		state, chain, err := n.load(ctx, name)
		if err == nil {
			return state, chain, nil
		}
		n.log.Error("snapshot refused; starting from an older one or from nothing", "file", name, "why", err)
	}
	return nil, nil, nil
}

func heightOf(name string) uint64 {
	digits, _, _ := strings.Cut(filepath.Base(name), ".")
	h, _ := strconv.ParseUint(digits, 10, 64)
	return h
}

// load reads one snapshot and holds it against the journal.
func (n *Node) load(ctx context.Context, name string) (*channel.State, *journal.Chain, error) {
	header, state, err := readState(name)
	if err != nil {
		return nil, nil, err
	}
	digest := header.Digest
	want := []uint64{header.Last.Height, header.Last.Height + 1}
	for b, err := range n.journal.Blocks(ctx, want[0]) {
		if err != nil {
			return nil, nil, err
		}
		if b.Height == want[0] && b.Hash() != header.Last.Hash() {
			return nil, nil, fmt.Errorf("read a snapshot after block %s; the journal has %s at height %d", header.Last.Hash(), b.Hash(), b.Height)
		}
		if b.Height == want[1] {
			if b.Digest != digest {
				return nil, nil, fmt.Errorf("read records with digest %s; the journal states %s at height %d", digest, b.Digest, b.Height)
			}
			chain, err := header.Chain()
			return state, chain, err
		}
	}
	return nil, nil, fmt.Errorf("no block after height %d states its digest", header.Last.Height)
}

// saveSnapshot writes the state at the head, and a block after it that states its digest. It is called when no sequencer runs.
func (n *Node) saveSnapshot(ctx context.Context) error {
	if err := n.follow(ctx); err != nil {
		return err
	}
	header, frozen := n.chain.Snapshot(n.digest()), n.state.Freeze()
	defer frozen.Release()
	s, err := n.sign(&parley.ClockAdvance{})
	if err != nil {
		return err
	}
	n.commit(ctx, []*submission{s})
	if r := <-s.answer; r.err != nil {
		return fmt.Errorf("couldn't write the block after a snapshot: %w", r.err)
	}
	return n.writeSnapshot(header, frozen)
}

// snapshotSoon writes a snapshot of the state at the head while the node goes on; the next block states its digest.
func (n *Node) snapshotSoon() {
	header, frozen := n.chain.Snapshot(n.digest()), n.state.Freeze()
	n.done.Add(1)
	go func() {
		defer n.done.Done()
		if err := n.writeSnapshotBehind(header, frozen); err != nil {
			n.log.Error("couldn't write a snapshot", "why", err)
		}
	}()
}
