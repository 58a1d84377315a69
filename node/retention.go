package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/renameio/v2"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/proof"
)

// A base is a snapshot behind which envelopes may be erased: HEIGHT.snapshot, and HEIGHT.base beside it, which is the receipt of the
// state.note that names the snapshot's digest, cosigned by as many witnesses as the policy asks for. The receipt is of the ordinary form:
// parley verify reads it.
const baseSuffix = ".base"

// ErrErased says that an envelope is erased since its retention is over.
var ErrErased = errors.New("the envelope is erased: its retention is over; whoever kept a receipt can still prove it")

// ErrNoBase says that envelopes are erased and nothing here stands in for them.
var ErrNoBase = errors.New("envelopes of this journal are erased, and this folder has no sound, witnessed snapshot that stands in for them: fetch it with parley journal repair from a node that has it, or restore HEIGHT.snapshot and HEIGHT.base from a copy")

// ErrUnwitnessed says that nothing can be erased because the theatre names no witnesses.
var ErrUnwitnessed = errors.New("this theatre asks for no witnesses: envelopes are erased behind a witnessed snapshot alone; name witnesses in the file " + PolicyFile)

// Base is what a node may begin with instead of the envelopes before it.
type Base struct {
	Note     parley.StateNote
	Position uint64 // of the note
	Path     string // of the receipt; the snapshot lies beside it
}

func basePath(folder string, height uint64) string {
	return filepath.Join(folder, fmt.Sprintf("%012d%s", height, baseSuffix))
}

func snapshotPath(folder string, height uint64) string {
	return filepath.Join(folder, fmt.Sprintf("%012d%s", height, snapshotSuffix))
}

// readBase reads the receipt of a base and verifies it under the folder's own log key and policy.
func readBase(folder, path string) (*Base, error) {
	keys, err := loadLogKeys(folder)
	if err != nil {
		return nil, err
	}
	policy, err := loadPolicy(folder)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r, err := proof.ParseReceipt(text)
	if err != nil {
		return nil, err
	}
	v, err := r.Verify(proof.Trust{LogKey: keys.current.Public(), Policy: policy})
	if err != nil {
		return nil, err
	}
	note, ok := v.Command.Body.(*parley.StateNote)
	switch {
	case !ok:
		return nil, fmt.Errorf("read a receipt of %s, expected one of state.note", v.Command.Kind)
	case v.Outcome != string(parley.Applied):
		return nil, fmt.Errorf("read a state.note with the outcome %s, expected applied", v.Outcome)
	case !policy.Needs() || !v.Tree.Quorum:
		return nil, errors.New("read a state.note that the witnesses have not cosigned, expected their quorum")
	}
	return &Base{*note, v.Position, path}, nil
}

// Bases returns the bases of a folder that verify, the newest first, and why others do not.
func Bases(folder string) (sound []*Base, refused []error, err error) {
	names, err := filepath.Glob(filepath.Join(folder, "*"+baseSuffix))
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		b, err := readBase(folder, name)
		if err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", filepath.Base(name), err))
			continue
		}
		sound = append(sound, b)
	}
	slices.SortFunc(sound, func(a, b *Base) int { return int(b.Note.Height) - int(a.Note.Height) })
	return sound, refused, nil
}

// Load reads the snapshot of a base. Its digest is computed from its records, and has to be the one that was witnessed.
func (b *Base) Load() (*channel.State, *journal.Chain, error) {
	path := strings.TrimSuffix(b.Path, baseSuffix) + snapshotSuffix
	header, state, err := readState(path)
	if err != nil {
		return nil, nil, err
	}
	n := b.Note
	if header.Last.Height != n.Height || header.Last.Hash() != n.Block || header.Last.Size != n.Size {
		return nil, nil, fmt.Errorf("read a snapshot after block %d, %s, expected %d, %s, as witnessed", header.Last.Height, header.Last.Hash(), n.Height, n.Block)
	}
	if digest := state.Digest(); digest != n.Digest {
		return nil, nil, fmt.Errorf("read records with digest %s, expected %s, as witnessed", digest, n.Digest)
	}
	chain, err := header.Chain()
	return state, chain, err
}

// FindBase returns the newest base of a folder whose snapshot is sound and whose block is in the journal; an error that is ErrNoBase says
// why there is none.
func FindBase(ctx context.Context, folder string, j journal.Journal) (*Base, *channel.State, *journal.Chain, error) {
	sound, refused, err := Bases(folder)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, b := range sound {
		state, chain, err := b.Load()
		if err == nil {
			err = b.stands(ctx, j)
		}
		if err == nil {
			return b, state, chain, nil
		}
		refused = append(refused, fmt.Errorf("%s: %w", filepath.Base(b.Path), err))
	}
	return nil, nil, nil, fmt.Errorf("%w: %w", ErrNoBase, errors.Join(append([]error{errors.New("found are " + fmt.Sprint(len(sound)) + " witnessed notes")}, refused...)...))
}

// stands checks that the journal has the block that a note names.
func (b *Base) stands(ctx context.Context, j journal.Journal) error {
	for block, err := range j.Blocks(ctx, b.Note.Height) {
		if err != nil {
			return err
		}
		if block.Hash() != b.Note.Block {
			return fmt.Errorf("the journal has block %s at height %d; the witnessed note names %s", block.Hash(), b.Note.Height, b.Note.Block)
		}
		return nil
	}
	return fmt.Errorf("the journal ends before height %d", b.Note.Height)
}

// heldAgainstNote checks what a note says against the headers, when its block is applied: before is the last header, digest the state's.
func (n *Node) heldAgainstNote(ctx context.Context, note *parley.StateNote, before journal.Header, digest proof.Hash) error {
	wrong := func(what string, read, expected any) error {
		return &journal.Damage{Height: before.Height + 1, What: "note of the state, " + what, Read: fmt.Sprint(read), Expected: fmt.Sprint(expected)}
	}
	if note.Height == before.Height {
		if note.Block != before.Hash() || note.Size != before.Size {
			return wrong("block", note.Block, before.Hash())
		}
		if note.Digest != digest {
			return wrong("digest", note.Digest, digest)
		}
		return nil
	}
	if note.Height > before.Height {
		return wrong("height", note.Height, before.Height)
	}
	for b, err := range n.journal.Blocks(ctx, note.Height) { // another node was first: the digest stands in the header after
		if err != nil {
			return err
		}
		if b.Height == note.Height && (b.Hash() != note.Block || b.Size != note.Size) {
			return wrong("block", note.Block, b.Hash())
		}
		if b.Height == note.Height+1 {
			if b.Digest != note.Digest {
				return wrong("digest", note.Digest, b.Digest)
			}
			return nil
		}
	}
	return nil // the block after is the one in hand, whose digest was compared
}

// noteState writes a note of the state at the head, and a snapshot of it. The sequencer calls it.
func (n *Node) noteState(ctx context.Context) error {
	if err := n.follow(ctx); err != nil {
		return err
	}
	header, frozen := n.chain.Snapshot(n.digest()), n.state.Freeze()
	defer frozen.Release()
	s, err := n.sign(&parley.StateNote{Height: header.Last.Height, Block: header.Last.Hash(), Size: header.Last.Size, Digest: header.Digest})
	if err != nil {
		return err
	}
	if err := n.writeSnapshot(header, frozen); err != nil { // before the note: nothing prunes it once it is noted
		return err
	}
	n.commit(ctx, []*submission{s})
	r := <-s.answer
	switch {
	case r.err != nil:
		return fmt.Errorf("couldn't note the state: %w", r.err)
	case r.receipt.Outcome.Code != parley.Applied:
		return fmt.Errorf("the note of the state was not taken: %s", r.receipt.Outcome.Code)
	}
	return nil
}

// keepForNote writes a snapshot for a note that another node made of the state that this one has too. It is called before the block of the
// note is applied.
func (n *Node) keepForNote(note *parley.StateNote) {
	if note.Height != n.chain.Head().Height || n.tree == nil {
		return
	}
	if _, err := os.Stat(snapshotPath(n.cfg.Folder, note.Height)); err == nil {
		return // it is ours
	}
	header, frozen := n.chain.Snapshot(note.Digest), n.state.Freeze()
	n.done.Go(func() {
		if err := n.writeSnapshotBehind(header, frozen); err != nil {
			n.log.Error("couldn't write the snapshot of a noted state", "height", note.Height, "why", err)
		}
	})
}

// retainEvery is how often a node looks whether a noted state is witnessed by now, so that envelopes behind it can go.
const retainEvery = time.Second

// retain erases what may go, as soon as it may, until ctx ends.
func (n *Node) retain(ctx context.Context) {
	tick := time.NewTicker(retainEvery)
	defer tick.Stop()
	said, scheduled := "", time.Now()
	for n.Fault() == nil {
		waits, err := n.EraseBehindBase(ctx)
		switch {
		case err != nil && ctx.Err() == nil && !n.passes(err):
			n.log.Error("couldn't erase envelopes; it is tried again", "why", err)
		case waits != said && waits != "":
			n.log.Info("envelopes are kept", "why", waits)
		}
		said = waits
		if n.cfg.Retain > 0 && !time.Now().Before(scheduled) {
			scheduled = time.Now().Add(retainSchedule)
			if _, err := n.EndRetention(ctx, n.cfg.Retain); err != nil && ctx.Err() == nil {
				n.log.Error("couldn't end the retention of movements; it is tried again tomorrow", "why", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// retainSchedule is how often a server with a retention looks for movements whose time is over.
const retainSchedule = 24 * time.Hour

// EndRetention ends the retention of every movement that may go when the last word about it is so many milliseconds old, 30 days at
// least, and has the state noted behind it. What goes is gone once the note is witnessed. It returns how each movement stood before.
func (n *Node) EndRetention(ctx context.Context, age int64) (all []channel.Retained, err error) {
	if !n.policy.Needs() {
		return nil, ErrUnwitnessed
	}
	if all, err = n.Retention(age); err != nil {
		return nil, err
	}
	var movements []parley.Ref
	for _, r := range all {
		if r.Why == nil {
			movements = append(movements, r.Movement)
		}
	}
	for some := range slices.Chunk(movements, 500) {
		s, err := n.sign(&parley.EnvelopeErase{Movements: some})
		if err != nil {
			return nil, err
		}
		r, err := n.enqueue(ctx, s)
		if err != nil {
			return nil, err
		}
		if r.Outcome.Code != parley.Applied {
			return nil, fmt.Errorf("the end of a retention was not taken: %w", &r.Refusal.Fault)
		}
	}
	if len(movements) == 0 {
		return all, nil
	}
	answer := make(chan error, 1)
	select {
	case n.toNote <- answer:
	case <-n.closed:
		return nil, ErrClosed
	}
	select {
	case err = <-answer:
	case <-n.closed:
		err = ErrClosed
	}
	return all, err
}

// Retention returns how every movement stands with its retention, when a last word so many milliseconds old lets its envelopes go.
func (n *Node) Retention(age int64) (all []channel.Retained, err error) {
	if age < parley.MovementRetention {
		return nil, parley.Invalid("retention", (time.Duration(age) * time.Millisecond).String(), "30 days or more")
	}
	err = n.Read(func(s *channel.State) { all = s.Retention(n.Now(), age-parley.MovementRetention) })
	return all, err
}

// EraseBehindBase erases what may go behind the newest noted state, when witnesses have cosigned the note. It says what it waits for, ""
// when there is nothing more to erase.
func (n *Node) EraseBehindBase(ctx context.Context) (waits string, err error) {
	var note *parley.StateNoted
	var pending bool
	if err := n.Read(func(s *channel.State) {
		if note = s.LastNote(); note != nil {
			pending = s.EndedSince(n.erasedBelow.Load(), note.Size)
		}
	}); err != nil || !pending {
		return "", err
	}
	if !n.policy.Needs() {
		return ErrUnwitnessed.Error(), nil
	}
	path := basePath(n.cfg.Folder, note.Height)
	base, err := readBase(n.cfg.Folder, path)
	if errors.Is(err, fs.ErrNotExist) {
		if waits, err = n.makeBase(ctx, note, path); waits != "" || err != nil {
			return waits, err
		}
		base, err = readBase(n.cfg.Folder, path)
	}
	if err != nil {
		return "", fmt.Errorf("the witnessed note of height %d: %w", note.Height, err)
	}
	state, _, err := base.Load()
	if err == nil {
		err = base.stands(ctx, n.journal)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Sprintf("this node has no snapshot of height %d, which the note of the state names: the next note makes one", note.Height), nil
	}
	if err != nil {
		return "", fmt.Errorf("the snapshot of height %d: %w", note.Height, err)
	}
	positions := state.ErasedEnvelopes(note.Size)
	if err := n.journal.EraseEnvelopes(ctx, positions); err != nil {
		return "", err
	}
	n.erasedBelow.Store(note.Size)
	n.log.Info("envelopes past their retention are erased", "entries", len(positions), "behind", note.Height)
	return "", n.pruneSnapshots()
}

// makeBase writes the receipt of a note once its quorum of cosignatures is there.
func (n *Node) makeBase(ctx context.Context, note *parley.StateNoted, path string) (waits string, err error) {
	if _, err := os.Stat(snapshotPath(n.cfg.Folder, note.Height)); err != nil {
		return fmt.Sprintf("this node has no snapshot of height %d, which the note of the state names: the next note makes one", note.Height), nil
	}
	signed, err := n.signed.covering(ctx, note.Position)
	if err != nil {
		return "", err
	}
	if signed == nil {
		return fmt.Sprintf("too few witnesses have cosigned the note of the state at position %d", note.Position), nil
	}
	var o parley.Outcome
	if err := n.Read(func(s *channel.State) { o = s.OutcomeAt(note.Position) }); err != nil {
		return "", err
	}
	receipt, err := n.Proofs(ctx, o, nil)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(receipt)
	if err != nil {
		return "", err
	}
	return "", renameio.WriteFile(path, append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600))
}

// pruneSnapshots removes old snapshots: all but the newest two, those of the newest two bases, and that of the newest note.
func (n *Node) pruneSnapshots() error {
	n.pruning.Lock()
	defer n.pruning.Unlock()
	byHeight := func(pattern string) ([]string, error) {
		names, err := filepath.Glob(filepath.Join(n.cfg.Folder, pattern))
		slices.SortFunc(names, func(a, b string) int { return int(heightOf(b)) - int(heightOf(a)) })
		return names, err
	}
	snapshots, err := byHeight("*" + snapshotSuffix)
	if err != nil {
		return err
	}
	bases, err := byHeight("*" + baseSuffix)
	if err != nil {
		return err
	}
	keep := map[uint64]bool{}
	for _, name := range bases[:min(2, len(bases))] {
		keep[heightOf(name)] = true
	}
	n.mu.RLock()
	if note := n.state.LastNote(); note != nil {
		keep[note.Height] = true
	}
	n.mu.RUnlock()
	for i, name := range snapshots {
		if i >= 2 && !keep[heightOf(name)] {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	for i, name := range bases {
		if i >= 2 {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// checkBase makes sure that erased envelopes were erased behind a base that this folder has, and that the snapshot it begins with, nil for
// none, stands on it. Without erased envelopes there is nothing to ask.
func (n *Node) checkBase(ctx context.Context, state *channel.State) error {
	if state == nil {
		return nil // a replay from nothing says so where it meets an erased envelope
	}
	gone, err := n.anyErased(ctx, state)
	if err != nil || !gone {
		return err
	}
	_, _, _, err = FindBase(ctx, n.cfg.Folder, n.journal)
	return err
}

// anyErased reports whether an envelope that a state lets go is gone.
func (n *Node) anyErased(ctx context.Context, state *channel.State) (bool, error) {
	for _, position := range state.ErasedEnvelopes(state.Size()) {
		b, err := n.journal.Holding(ctx, position)
		if err != nil {
			return false, err
		}
		if b.Entries[position-(b.Size-uint64(b.Count))].Erased != nil {
			return true, nil
		}
	}
	return false, nil
}

// erasedSoFar returns a function that says whether the envelope at a position may be gone: a command has ended its retention, and a base
// stands behind that command.
func (n *Node) erasedSoFar() func(uint64) bool {
	n.mu.RLock()
	var positions []uint64
	if note := n.state.LastNote(); note != nil {
		positions = n.state.ErasedEnvelopes(note.Size)
	}
	n.mu.RUnlock()
	return erasedRightly(positions)
}

// erasedRightly returns a function that says whether the envelope at a position was rightly erased.
func erasedRightly(positions []uint64) func(uint64) bool {
	return func(position uint64) bool {
		_, ok := slices.BinarySearch(positions, position)
		return ok
	}
}
