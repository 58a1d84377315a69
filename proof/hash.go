// Package proof turns the journal into a Merkle tree and its proofs.
//
// The tree is the one of RFC 6962 section 2.1 with SHA-256; signed texts are C2SP signed notes. Both can be checked with tools
// that are not ours. Nothing here reads a clock or the network.
package proof

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// HashSize is the length of a Hash in bytes.
const HashSize = sha256.Size

// Hash is a SHA-256 value: a leaf, a node or root of the tree, a block, a command's name, a commitment.
//
// As text it is 64 lower-case hexadecimal digits.
type Hash [HashSize]byte

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(text string) (Hash, error) {
	var h Hash
	return h, h.UnmarshalText([]byte(text))
}

// String returns the hash as 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether all bytes are zero: the hash that stands for "none".
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText returns the hash as 64 lower-case hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads 64 lower-case hexadecimal digits; on error h is left as it was.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 2*HashSize {
		return fmt.Errorf("hash: read %d characters, expected %d hexadecimal digits", len(text), 2*HashSize)
	}
	for i, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Errorf("hash: read %q at character %d, expected a lower-case hexadecimal digit", c, i+1)
		}
	}
	_, err := hex.Decode(h[:], text)
	return err
}
