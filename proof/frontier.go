package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// MaxTreeSize is the largest number of leaves a tree may hold: golang.org/x/mod/sumdb/tlog counts in int64 and stores up to two
// hashes a leaf.
const MaxTreeSize = 1 << 62

// LeafHash is the hash of a leaf: SHA-256(0x00 ‖ leaf), RFC 6962 section 2.1.
func LeafHash(leaf []byte) Hash {
	var short [65]byte // most leaves are 40 bytes: no allocation for them
	return sha256.Sum256(append(append(short[:0], 0), leaf...))
}

// nodeHash is the hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1.
func nodeHash(left, right Hash) Hash {
	var b [1 + 2*HashSize]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+HashSize:], right[:])
	return sha256.Sum256(b[:])
}

// Frontier is the right edge of an RFC 6962 tree: enough to append leaves and to know the root, in 32 bytes for each bit set in
// the size. The zero value is the empty tree. One goroutine owns it at a time.
type Frontier struct {
	size   uint64
	hashes []Hash // roots of the complete subtrees, largest (leftmost) first; one for each bit set in size
}

// Append adds a leaf at the right edge.
func (f *Frontier) Append(leaf []byte) { f.push(LeafHash(leaf), nil) }

// push adds a leaf by its hash and hands every hash that a stored tree must keep to each, in the order of tlog.StoredHashes:
// the leaf, then the subtrees it completes, from small to large.
func (f *Frontier) push(h Hash, each func(Hash)) {
	if each != nil {
		each(h)
	}
	for full := f.size; full&1 == 1; full >>= 1 {
		last := len(f.hashes) - 1
		h = nodeHash(f.hashes[last], h)
		f.hashes = f.hashes[:last]
		if each != nil {
			each(h)
		}
	}
	f.hashes = append(f.hashes, h)
	f.size++
}

// Size returns the number of leaves.
func (f *Frontier) Size() uint64 { return f.size }

// Root returns the Merkle tree hash of all leaves; that of the empty tree is SHA-256 of nothing (RFC 6962 section 2.1).
func (f *Frontier) Root() Hash {
	if f.size == 0 {
		return sha256.Sum256(nil)
	}
	root := f.hashes[len(f.hashes)-1]
	for i := len(f.hashes) - 2; i >= 0; i-- {
		root = nodeHash(f.hashes[i], root)
	}
	return root
}

// Clone returns a copy that shares nothing with f.
func (f *Frontier) Clone() *Frontier {
	return &Frontier{size: f.size, hashes: append(make([]Hash, 0, len(f.hashes)+1), f.hashes...)}
}

// Hashes returns a copy of the roots of the complete subtrees, the largest first: one for each bit set in Size.
func (f *Frontier) Hashes() []Hash { return append([]Hash(nil), f.hashes...) }

// NewFrontier returns the frontier of a tree with that size and these subtree roots, as Size and Hashes gave them.
func NewFrontier(size uint64, hashes []Hash) (*Frontier, error) {
	if size > MaxTreeSize {
		return nil, fmt.Errorf("frontier: read size %d, expected at most %d", size, uint64(MaxTreeSize))
	}
	if want := bits.OnesCount64(size); len(hashes) != want {
		return nil, fmt.Errorf("frontier of size %d: read %d hashes, expected %d", size, len(hashes), want)
	}
	return &Frontier{size: size, hashes: append([]Hash(nil), hashes...)}, nil
}

// MarshalBinary returns the size as 8 bytes, big endian, then the hashes, the largest subtree first.
func (f *Frontier) MarshalBinary() ([]byte, error) { return f.AppendBinary(nil) }

// AppendBinary appends what MarshalBinary returns to b.
func (f *Frontier) AppendBinary(b []byte) ([]byte, error) {
	b = binary.BigEndian.AppendUint64(b, f.size)
	for _, h := range f.hashes {
		b = append(b, h[:]...)
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote and nothing else; on error f is left as it was.
//
// The bytes carry no checksum: compare Root with a root that is known.
func (f *Frontier) UnmarshalBinary(data []byte) error {
	if len(data) < 8 {
		return fmt.Errorf("frontier: read %d bytes, expected at least 8", len(data))
	}
	size, rest := binary.BigEndian.Uint64(data), data[8:]
	if want := bits.OnesCount64(size) * HashSize; len(rest) != want {
		return fmt.Errorf("frontier of size %d: read %d bytes of hashes, expected %d", size, len(rest), want)
	}
	hashes := make([]Hash, len(rest)/HashSize)
	for i := range hashes {
		hashes[i] = Hash(rest[i*HashSize:])
	}
	read, err := NewFrontier(size, hashes)
	if err != nil {
		return err
	}
	*f = *read
	return nil
}
