package proof

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// treeMagic begins the file; its last byte is the version of the layout.
const treeMagic = "parleyT\x01"

// ErrTree says that the stored hashes are not those of the tree: open it again, which rebuilds the file.
var ErrTree = errors.New("proof: the stored tree is damaged")

// Tree keeps every hash of the Merkle tree in a file, so that a proof costs a few reads.
//
// The file is magic and version (8 bytes) ‖ the hashes in the order of golang.org/x/mod/sumdb/tlog (StoredHashIndex), 32 bytes
// each, about 64 bytes a leaf. It can always be made again from the leaves, so it is not synced; it is checked whole when it is
// opened. Its methods may be called from several goroutines at once; one process opens it at a time.
type Tree struct {
	mu       sync.RWMutex
	file     *os.File
	frontier Frontier
}

// OpenTree opens the stored tree of size leaves with that root, and makes the file when there is none.
//
// Every hash in the file is computed again from the leaf hashes, and the root compared. A file that is longer is cut; one that is
// shorter is filled; one that is not right is made again. leaves yields the leaves from an index (from 0) on, in order; only what
// is missing is asked for. Leaves that do not give the root are an error.
func OpenTree(path string, size uint64, root Hash, leaves func(from uint64) iter.Seq2[[]byte, error]) (*Tree, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open tree: %w", err)
	}
	t := &Tree{file: file}
	if err := t.open(size, root, leaves); err != nil {
		return nil, fmt.Errorf("open tree %s: %w", path, errors.Join(err, file.Close()))
	}
	return t, nil
}

func (t *Tree) open(size uint64, root Hash, leaves func(uint64) iter.Seq2[[]byte, error]) error {
	if size > MaxTreeSize {
		return fmt.Errorf("read size %d, expected at most %d", size, uint64(MaxTreeSize))
	}
	whole := t.load(size)
	if whole < size { // the leaf after the last whole one may have left a part of itself in the frontier
		whole = t.load(whole)
	}
	if err := t.fill(whole, size, leaves); err != nil {
		return err
	}
	if t.frontier.Root() != root && whole > 0 {
		t.frontier = Frontier{}
		if err := t.fill(0, size, leaves); err != nil {
			return err
		}
	}
	if read := t.frontier.Root(); read != root {
		return fmt.Errorf("the leaves give root %s, expected %s", read, root)
	}
	return t.file.Truncate(offset(tlog.StoredHashCount(int64(size))))
}

// offset is where the stored hash with that index lies.
func offset(index int64) int64 { return int64(len(treeMagic)) + index*HashSize }

// load reads the hashes of up to size leaves and compares all inner ones with what the leaf hashes give. It returns how many
// leaves are whole; the frontier is that of these leaves when they are all that was asked for.
func (t *Tree) load(size uint64) uint64 {
	t.frontier = Frontier{}
	in := bufio.NewReaderSize(io.NewSectionReader(t.file, 0, math.MaxInt64), 1<<20)
	magic := make([]byte, len(treeMagic))
	if _, err := io.ReadFull(in, magic); err != nil || string(magic) != treeMagic {
		return 0
	}
	var read Hash
	for leaf := range size {
		if _, err := io.ReadFull(in, read[:]); err != nil {
			return leaf
		}
		own, wrong := true, false // the first hash that is pushed is the leaf's own
		t.frontier.push(read, func(h Hash) {
			if !own && !wrong {
				_, err := io.ReadFull(in, read[:])
				wrong = err != nil || read != h
			}
			own = false
		})
		if wrong {
			return leaf
		}
	}
	return size
}

// fill writes the hashes of the leaves from an index on, up to size; the frontier must stand at from.
func (t *Tree) fill(from, size uint64, leaves func(uint64) iter.Seq2[[]byte, error]) error {
	if from == 0 {
		if _, err := t.file.WriteAt([]byte(treeMagic), 0); err != nil {
			return err
		}
	}
	if from == size {
		return nil
	}
	out := bufio.NewWriterSize(io.NewOffsetWriter(t.file, offset(tlog.StoredHashCount(int64(from)))), 1<<20)
	for leaf, err := range leaves(from) {
		if err != nil {
			return err
		}
		t.frontier.push(LeafHash(leaf), func(h Hash) { out.Write(h[:]) }) // an error stays in out until Flush
		if t.frontier.Size() == size {
			break
		}
	}
	if read := t.frontier.Size(); read != size {
		return fmt.Errorf("read %d leaves, expected %d", read, size)
	}
	return out.Flush()
}

// Extend adds leaves at the right edge. On error the tree is as it was.
func (t *Tree) Extend(leaves [][]byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	frontier := t.frontier.Clone()
	var stored []byte
	for _, leaf := range leaves {
		frontier.push(LeafHash(leaf), func(h Hash) { stored = append(stored, h[:]...) })
	}
	at := tlog.StoredHashCount(int64(t.frontier.Size()))
	if _, err := t.file.WriteAt(stored, offset(at)); err != nil {
		return fmt.Errorf("extend tree: %w", err)
	}
	t.frontier = *frontier
	return nil
}

// Size returns the number of leaves.
func (t *Tree) Size() uint64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.frontier.Size()
}

// Root returns the root of the tree as it was with size leaves.
func (t *Tree) Root(size uint64) (Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	root, err := t.root(size)
	if err != nil {
		return Hash{}, fmt.Errorf("root of %d leaves: %w", size, err)
	}
	return root, nil
}

// root is called with mu held for reading at least.
func (t *Tree) root(size uint64) (Hash, error) {
	switch now := t.frontier.Size(); {
	case size > now:
		return Hash{}, fmt.Errorf("read size %d, expected at most %d", size, now)
	case size == now:
		return t.frontier.Root(), nil
	case size == 0:
		return new(Frontier).Root(), nil
	}
	root, err := tlog.TreeHash(int64(size), tlog.HashReaderFunc(t.readHashes))
	return Hash(root), err
}

// Inclusion proves that the leaf with that index (from 0) is in the tree of size leaves: RFC 6962 section 2.1.1. The proof is
// checked before it is given; one that does not hold is ErrTree.
func (t *Tree) Inclusion(index, size uint64) ([]Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	fail := func(err error) ([]Hash, error) {
		return nil, fmt.Errorf("inclusion of leaf %d in %d: %w", index, size, err)
	}
	if index >= size {
		return fail(fmt.Errorf("read index %d, expected below %d", index, size))
	}
	root, err := t.root(size)
	if err != nil {
		return fail(err)
	}
	reader := tlog.HashReaderFunc(t.readHashes)
	found, err := tlog.ProveRecord(int64(size), int64(index), reader)
	if err != nil {
		return fail(err)
	}
	leaf, err := t.readHashes([]int64{tlog.StoredHashIndex(0, int64(index))})
	if err != nil {
		return fail(err)
	}
	if err := tlog.CheckRecord(found, int64(size), tlog.Hash(root), int64(index), leaf[0]); err != nil {
		return fail(fmt.Errorf("%w: %w", ErrTree, err))
	}
	return hashes(found), nil
}

// Consistency proves that the tree of old leaves is a prefix of the tree of new leaves: RFC 6962 section 2.1.2. The proof is
// checked before it is given; one that does not hold is ErrTree. old is at least 1.
func (t *Tree) Consistency(old, new uint64) ([]Hash, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	fail := func(err error) ([]Hash, error) {
		return nil, fmt.Errorf("consistency of %d and %d leaves: %w", old, new, err)
	}
	if old == 0 || old > new {
		return fail(fmt.Errorf("read old size %d, expected 1 to %d", old, new))
	}
	newRoot, err := t.root(new)
	if err != nil {
		return fail(err)
	}
	oldRoot, err := t.root(old)
	if err != nil {
		return fail(err)
	}
	found, err := tlog.ProveTree(int64(new), int64(old), tlog.HashReaderFunc(t.readHashes))
	if err != nil {
		return fail(err)
	}
	if err := tlog.CheckTree(found, int64(new), tlog.Hash(newRoot), int64(old), tlog.Hash(oldRoot)); err != nil {
		return fail(fmt.Errorf("%w: %w", ErrTree, err))
	}
	return hashes(found), nil
}

func (t *Tree) readHashes(indexes []int64) ([]tlog.Hash, error) {
	read := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if _, err := t.file.ReadAt(read[i][:], offset(index)); err != nil {
			return nil, fmt.Errorf("%w: stored hash %d: %w", ErrTree, index, err)
		}
	}
	return read, nil
}

// Close gives the file back.
func (t *Tree) Close() error { return t.file.Close() }

// VerifyInclusion checks, with nothing but the proof, that leaf has that index in the tree of size leaves with that root.
func VerifyInclusion(proof []Hash, size uint64, root Hash, index uint64, leaf []byte) error {
	if size > MaxTreeSize || index >= size {
		return fmt.Errorf("verify inclusion: read index %d and size %d, expected index below size", index, size)
	}
	if err := tlog.CheckRecord(tlogHashes(proof), int64(size), tlog.Hash(root), int64(index), tlog.Hash(LeafHash(leaf))); err != nil {
		return fmt.Errorf("verify inclusion of leaf %d in %d: %w", index, size, err)
	}
	return nil
}

// VerifyConsistency checks, with nothing but the proof, that the tree of old leaves is a prefix of the tree of new leaves.
func VerifyConsistency(proof []Hash, new uint64, newRoot Hash, old uint64, oldRoot Hash) error {
	if new > MaxTreeSize || old == 0 || old > new {
		return fmt.Errorf("verify consistency: read old size %d and new size %d, expected 1 ≤ old ≤ new", old, new)
	}
	if err := tlog.CheckTree(tlogHashes(proof), int64(new), tlog.Hash(newRoot), int64(old), tlog.Hash(oldRoot)); err != nil {
		return fmt.Errorf("verify consistency of %d and %d leaves: %w", old, new, err)
	}
	return nil
}

func hashes(in []tlog.Hash) []Hash {
	out := make([]Hash, len(in))
	for i, h := range in {
		out[i] = Hash(h)
	}
	return out
}

func tlogHashes(in []Hash) []tlog.Hash {
	out := make([]tlog.Hash, len(in))
	for i, h := range in {
		out[i] = tlog.Hash(h)
	}
	return out
}
