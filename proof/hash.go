// Package proof turns the journal into a Merkle tree and its proofs.
//
// The tree is the one of RFC 6962 section 2.1 with SHA-256; signed texts are C2SP signed notes. Both can be checked with tools
// that are not ours. Nothing here reads a clock or the network.
package proof

import (
	"crypto/sha256"

	"parley"
)

// HashSize is the length of a Hash in bytes.
const HashSize = sha256.Size

// Hash is a SHA-256 value: a leaf, a node or root of the tree, a block.
type Hash = parley.Hash

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(text string) (Hash, error) { return parley.ParseHash(text) }
