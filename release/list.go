// Package release decides what a recipient may see of a record: consent, minimisation, precision, and the list of what was released.
//
// It takes values and returns values. What a reader may not see is cut here, before it reaches any door.
package release

import (
	"crypto/sha256"
	"encoding/binary"

	"parley"
)

// List is the Merkle tree over a party's list: one slot for each object that was ever released to the party, in the order of the
// first release. A slot holds the released version that counts, or nothing. The shape is RFC 6962's; setting a slot costs as
// many hashes as the tree is high.
//
// Leaves are SHA-256(0 ‖ slot number ‖ reference/version ‖ 0 ‖ hash of the release), empty ones SHA-256(0 ‖ slot number); nodes are SHA-256(1 ‖ left ‖ right).
type List struct {
	levels [][]parley.Hash // levels[0] holds the leaves, levels[k] the roots of full subtrees of 2^k leaves
}

// Slot is what one slot of a list holds.
type Slot struct {
	Of   parley.Versioned
	Hash parley.Hash // of the release: see Fingerprint
}

// Set puts s into slot i, which may be one past the last; nil empties it.
func (l *List) Set(i int, s *Slot) {
	h := leafHash(i, s)
	for level := 0; ; level++ {
		if level == len(l.levels) {
			l.levels = append(l.levels, nil)
		}
		if i == len(l.levels[level]) {
			l.levels[level] = append(l.levels[level], h)
		} else {
			l.levels[level][i] = h
		}
		pair := i &^ 1
		if pair+1 >= len(l.levels[level]) {
			return
		}
		h = nodeHash(l.levels[level][pair], l.levels[level][pair+1])
		i = pair / 2
	}
}

// Len returns the number of slots, empty ones included.
func (l *List) Len() int {
	if len(l.levels) == 0 {
		return 0
	}
	return len(l.levels[0])
}

// Root returns the tree's root; of a list without slots it is SHA-256 of nothing, as in RFC 6962.
func (l *List) Root() parley.Hash {
	n := l.Len()
	if n == 0 {
		return sha256.Sum256(nil)
	}
	var root parley.Hash
	have := false
	for level := range l.levels {
		if n>>level&1 == 0 {
			continue
		}
		subtree := l.levels[level][n>>level-1]
		if have {
			root = nodeHash(subtree, root)
		} else {
			root, have = subtree, true
		}
	}
	return root
}

func leafHash(i int, s *Slot) parley.Hash {
	b := make([]byte, 9, 96)
	binary.BigEndian.PutUint64(b[1:], uint64(i))
	if s != nil {
		b = append(b, s.Of.String()...)
		b = append(b, 0)
		b = append(b, s.Hash[:]...)
	}
	return sha256.Sum256(b)
}

func nodeHash(left, right parley.Hash) parley.Hash {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}
