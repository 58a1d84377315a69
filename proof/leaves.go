package proof

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"
)

// LeafSize is the length of a leaf of a journal in bytes: log time (8, big endian) ‖ SHA-256 of the envelope.
const LeafSize = 8 + HashSize

const leavesMagic = "parleyL\x01"

// Leaves keeps the leaves of a Tree in a file, so that entry tiles and the leaf of an old receipt cost one read, also when the
// envelope is erased.
//
// The file is magic and version (8 bytes) ‖ the leaves, 40 bytes each. It can be made again from the journal, so it is not synced.
// Each leaf is held against its hash in the tree whenever it is read. Its methods may be called from several goroutines at once.
type Leaves struct {
	tree *Tree
	mu   sync.RWMutex // guards size; the bytes below it never change but by Mend
	file *os.File
	size uint64
}

// OpenLeaves opens the leaves of a tree, and makes the file when there is none. leaves yields them from an index (from 0) on; only
// what is missing is asked for.
func OpenLeaves(path string, tree *Tree, leaves func(from uint64) iter.Seq2[[]byte, error]) (*Leaves, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open leaves: %w", err)
	}
	l := &Leaves{tree: tree, file: file}
	if err := l.open(leaves); err != nil {
		return nil, fmt.Errorf("open leaves %s: %w", path, errors.Join(err, file.Close()))
	}
	return l, nil
}

func (l *Leaves) open(leaves func(uint64) iter.Seq2[[]byte, error]) error {
	size := l.tree.Size()
	magic := make([]byte, len(leavesMagic))
	n, err := l.file.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n < len(magic) || string(magic) != leavesMagic {
		if _, err := l.file.WriteAt([]byte(leavesMagic), 0); err != nil {
			return err
		}
		if err := l.file.Truncate(int64(len(leavesMagic))); err != nil {
			return err
		}
	}
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	l.size = min(uint64(info.Size()-int64(len(leavesMagic)))/LeafSize, size)
	// The last leaf of a file that ends in the middle of a write, or of another journal, is not this tree's.
	for l.size > 0 {
		if _, err := l.read(l.size-1, 1); err == nil {
			break
		}
		l.size--
	}
	if err := l.write(l.size, size, leaves); err != nil {
		return err
	}
	l.size = size
	return l.file.Truncate(leafOffset(size))
}

func leafOffset(index uint64) int64 { return int64(len(leavesMagic)) + int64(index)*LeafSize }

// write writes the leaves from one index up to another, each held against the tree.
func (l *Leaves) write(from, to uint64, leaves func(uint64) iter.Seq2[[]byte, error]) error {
	if from == to {
		return nil
	}
	out := bufio.NewWriterSize(io.NewOffsetWriter(l.file, leafOffset(from)), 1<<20)
	at := from
	for leaf, err := range leaves(from) {
		if err != nil {
			return err
		}
		if err := l.fits(at, leaf); err != nil {
			return err
		}
		out.Write(leaf) // an error stays in out until Flush
		if at++; at == to {
			break
		}
	}
	if at != to {
		return fmt.Errorf("read %d leaves, expected %d", at, to)
	}
	return out.Flush()
}

func (l *Leaves) fits(index uint64, leaf []byte) error {
	want, err := l.tree.Leaf(index)
	if err != nil {
		return err
	}
	if len(leaf) != LeafSize || LeafHash(leaf) != want {
		return fmt.Errorf("%w: leaf %d is not the one in the tree", ErrTree, index)
	}
	return nil
}

// Extend adds leaves at the end; the tree has them already.
func (l *Leaves) Extend(leaves [][]byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	data := make([]byte, 0, len(leaves)*LeafSize)
	for _, leaf := range leaves {
		data = append(data, leaf...)
	}
	if _, err := l.file.WriteAt(data, leafOffset(l.size)); err != nil {
		return fmt.Errorf("extend leaves: %w", err)
	}
	l.size += uint64(len(leaves))
	return nil
}

// Read returns count leaves from an index on. One that is not the tree's is ErrTree: Mend writes it again.
func (l *Leaves) Read(from uint64, count int) ([][]byte, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if from > l.size || uint64(count) > l.size-from {
		return nil, fmt.Errorf("read leaves %d to %d, expected them below %d", from, from+uint64(count), l.size)
	}
	return l.read(from, count)
}

func (l *Leaves) read(from uint64, count int) ([][]byte, error) {
	data := make([]byte, count*LeafSize)
	if _, err := l.file.ReadAt(data, leafOffset(from)); err != nil {
		return nil, fmt.Errorf("%w: leaf %d: %w", ErrTree, from, err)
	}
	leaves := make([][]byte, count)
	for i := range leaves {
		leaves[i] = data[i*LeafSize : (i+1)*LeafSize : (i+1)*LeafSize]
		if err := l.fits(from+uint64(i), leaves[i]); err != nil {
			return nil, err
		}
	}
	return leaves, nil
}

// Mend writes leaves again that were damaged, from where they can be had.
func (l *Leaves) Mend(from uint64, count int, leaves func(from uint64) iter.Seq2[[]byte, error]) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.write(from, from+uint64(count), leaves)
}

// Bundle returns an entry tile as C2SP tlog-tiles writes it: each leaf after its length, 2 bytes, big endian.
func Bundle(leaves [][]byte) []byte {
	var b []byte
	for _, leaf := range leaves {
		b = binary.BigEndian.AppendUint16(b, uint16(len(leaf)))
		b = append(b, leaf...)
	}
	return b
}

// Close gives the file back.
func (l *Leaves) Close() error { return l.file.Close() }

// NewLeaf returns the leaf of an entry: log time in milliseconds ‖ SHA-256 of the envelope as it is written.
func NewLeaf(at int64, envelope Hash) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(at)), envelope[:]...)
}

// ReadLeaf returns what a leaf holds: log time in milliseconds, and SHA-256 of the envelope.
func ReadLeaf(leaf []byte) (at int64, envelope Hash) {
	return int64(binary.BigEndian.Uint64(leaf)), Hash(leaf[8:])
}
