package parley

import "fmt"

// MovementRetention is how long the envelopes about a movement are kept after the last word about it, at least: 30 days, in milliseconds.
const MovementRetention = 30 * Day

// EnvelopeErase ends the retention of movements that are over: their envelopes, which were stored before it, and the texts that nothing
// else needs. Every hash and proof stands. Only nodes sign it, and what may go is decided by rules alone.
type EnvelopeErase struct {
	Movements []Ref `json:"movements"` // 1 to 500, each once
}

// Kind implements Body.
func (*EnvelopeErase) Kind() CommandKind { return "envelope.erase" }

// Validate implements Body.
func (b *EnvelopeErase) Validate() error {
	if n := len(b.Movements); n < 1 || n > 500 {
		return Invalid("movements", fmt.Sprintf("%d movements", n), "1 to 500")
	}
	seen := map[Ref]bool{}
	for i, ref := range b.Movements {
		field := fmt.Sprintf("movements[%d]", i)
		if err := requireRef(field, ref, RefMovement); err != nil {
			return err
		}
		if seen[ref] {
			return Invalid(field, string(ref), "each movement once")
		}
		seen[ref] = true
	}
	return nil
}

// StateNote puts the digest of the state after a block into the tree, where witnesses cosign it: a block's header is not a leaf. Behind
// it whoever holds a snapshot of that state needs no envelope of before. Only nodes sign it.
type StateNote struct {
	Height uint64 `json:"height"` // of the block
	Block  Hash   `json:"block"`  // its hash, which stands for every block before
	Size   uint64 `json:"size"`   // entries up to it
	Digest Hash   `json:"digest"` // of the state after it
}

// Kind implements Body.
func (*StateNote) Kind() CommandKind { return "state.note" }

// Validate implements Body.
func (b *StateNote) Validate() error {
	switch {
	case b.Height == 0:
		return Invalid("height", "0", "the height of a block")
	case b.Block.IsZero():
		return Invalid("block", "zeros", "the hash of a block")
	case b.Size < b.Height:
		return Invalid("size", fmt.Sprint(b.Size), fmt.Sprintf("%d or more: every block holds an entry", b.Height))
	case b.Digest.IsZero():
		return Invalid("digest", "zeros", "the digest of a state")
	}
	return nil
}

// StateNoted is a note of the state after a block.
type StateNoted struct {
	_        struct{} `cbor:",toarray"`
	Height   uint64
	Block    Hash
	Size     uint64
	Digest   Hash
	At       int64
	Position uint64
}

// RetentionEnded is a movement whose envelopes are to be erased.
type RetentionEnded struct {
	_        struct{} `cbor:",toarray"`
	Movement Ref
	At       int64
	Position uint64 // of the command: envelopes about the movement before it go, and no others
}

var _ = register[EnvelopeErase]() && register[StateNote]()
