// Package journal keeps blocks of signed commands in order, unaltered.
//
// A Block is the unit of writing: entries (log time and signed command) under a header that holds the hash of the block before,
// the Merkle root after it and the state digest before it. The journal is the only truth; everything else is computed from it.
// The byte forms are described in docs/formats.md.
package journal

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"parley/proof"
)

// Hash is a SHA-256 value.
type Hash = proof.Hash

// Errors that a caller acts on. They are wrapped: ask with errors.Is.
var (
	// ErrBehind: the height is taken by another block. Read the blocks after your own head, apply them, and try again.
	ErrBehind = errors.New("journal: the height is taken")
	// ErrUnknown: the block may or may not be in the journal. Read the block at its height and compare hashes.
	ErrUnknown = errors.New("journal: it is not known whether the block was written")
	// ErrNoPayload: there is no payload with that commitment.
	ErrNoPayload = errors.New("journal: no such payload")
	// ErrErased: there was, or may have been, a payload with that commitment, and it is erased. It is also an ErrNoPayload.
	ErrErased = fmt.Errorf("%w: it is erased", ErrNoPayload)
	// ErrNoBlock: no block holds that position yet.
	ErrNoBlock = errors.New("journal: no block holds that position")
	// ErrClosed: the journal is closed.
	ErrClosed = errors.New("journal: closed")
)

// Damage says that what was read is not what was written, and where.
type Damage struct {
	Height   uint64 // the block it concerns; 0 when it concerns the folder as a whole
	What     string // the part: a field of the block, a file, a row
	Read     string
	Expected string
	Do       string // what the operator can do; empty: restore the folder from a copy or from another node
}

func (d *Damage) Error() string {
	place := "journal damaged"
	if d.Height > 0 {
		place = fmt.Sprintf("journal damaged at height %d", d.Height)
	}
	do := d.Do
	if do == "" {
		do = "restore the folder from a copy or from another node"
	}
	return fmt.Sprintf("%s: %s: read %s, expected %s; %s", place, d.What, d.Read, d.Expected, do)
}

// Head is where a journal ends. The zero value is the head of an empty journal.
type Head struct {
	Height uint64 // height of the last block; 0 when there is none
	Hash   Hash   // hash of the last block
	Size   uint64 // entries in all blocks together, which is the size of the tree
	Time   int64  // time of the last block, milliseconds UTC
}

// Payload is text about persons that a command commits to and that can be erased without changing the journal.
type Payload struct {
	Commitment Hash   // what the command holds
	Plain      []byte // salt and value; opaque here; at most MaxPayload bytes
}

// MaxPayload is the longest Plain of a Payload, in bytes.
const MaxPayload = 1 << 20

// Journal is an ordered, append-only sequence of blocks, with the payloads they commit to.
//
// All methods may be called from several goroutines at once. Several processes may open the same journal: the height is the
// primary key, so of two blocks for one height one is written and the other gets ErrBehind. Every error about what was read is a
// *Damage; a method that has returned one may return it again, and none ever answers with fewer blocks than it acknowledged.
type Journal interface {
	// Head returns where the journal ends now, with the blocks of other processes counted.
	Head(ctx context.Context) (Head, error)

	// Append writes one block and its payloads in one transaction. When it returns nil the block is durable: it survives the end
	// of the process and, as far as the disk keeps its promise, loss of power.
	//
	// The block must follow from the head (see Chain.Follow); else nothing is written and the error is ErrBehind when its height
	// is taken, or a *Misfit. After ErrUnknown the block may be there or not. After any other error it is not there.
	// A payload whose commitment is already stored or erased is left out: writing it again changes nothing.
	Append(ctx context.Context, b *Block, payloads []Payload) error

	// Blocks yields the blocks from a height on (0 counts as 1), up to the head at the time it gets there, and then ends. Each
	// is verified before it is yielded: height, previous hash, times, size, and the root computed from its entries.
	// The first error ends the sequence. No lock and no transaction is held while a block is in the caller's hands.
	Blocks(ctx context.Context, from uint64) iter.Seq2[*Block, error]

	// Holding returns the block that holds a position (from 0), verified as Blocks verifies it. A position beyond the head is
	// ErrNoBlock.
	Holding(ctx context.Context, position uint64) (*Block, error)

	// Commitments returns those of the payloads that the block at a height was written with.
	Commitments(ctx context.Context, height uint64) ([]Hash, error)

	// Wait returns nil once there is a block above the height after, at once if there is one. Blocks written by other processes
	// are seen within 50 ms.
	Wait(ctx context.Context, after uint64) error

	// Payload returns the plain bytes of a payload. Absent: ErrNoPayload; erased: ErrErased, which is also ErrNoPayload.
	Payload(ctx context.Context, commitment Hash) ([]byte, error)

	// Erase destroys payloads with their keys, and marks the commitments as erased, also those that have no payload, so that
	// none comes back with a command sent twice. It returns nil when no file of the journal holds key or payload any longer (in
	// PostgreSQL: no row does; the server's own files follow); after an error it must be called again. Copies made before are not
	// reached.
	Erase(ctx context.Context, commitments []Hash) error

	// EraseEnvelopes overwrites the envelopes at some positions, in any order: their hashes and lengths stay, and with them every leaf,
	// root and block hash. One that is erased already stays as it is. It returns nil when no file of the journal holds the bytes any longer
	// (in PostgreSQL: no row does; the server's own files follow); after an error or the end of the process it is called again, and goes on.
	// Whether they may go is the caller's business.
	EraseEnvelopes(ctx context.Context, positions []uint64) error

	// CheckPayloads opens every stored payload, and compares the payloads that are there with those the blocks were written
	// with. A payload that is neither there nor erased, or does not open, is a *Damage.
	CheckPayloads(ctx context.Context) error

	// Close ends all waiting calls with ErrClosed and gives the journal back. It may be called twice.
	Close() error
}

// Verify reads a journal from its first block to its head and checks all that can be checked without applying commands: heights
// without gap, each previous hash, the Merkle root and size after every block, times that never fall, one theatre, and that every
// payload opens. visit, if not nil, is called with each block in order once it is verified; its error ends the work.
//
// It returns the verified head. What does not hold is reported as a *Damage with its place.
func Verify(ctx context.Context, j Journal, visit func(*Block) error) (Head, error) {
	known, err := j.Head(ctx)
	if err != nil {
		return Head{}, fmt.Errorf("verify journal: %w", err)
	}
	var chain Chain
	for b, err := range j.Blocks(ctx, 1) {
		if err == nil {
			err = damaged(chain.Follow(b))
		}
		if err == nil && visit != nil {
			err = visit(b)
		}
		if err != nil {
			return chain.Head(), fmt.Errorf("verify journal: %w", err)
		}
		if b.Height == known.Height && chain.Head() != known {
			return chain.Head(), fmt.Errorf("verify journal: %w", &Damage{Height: b.Height, What: "head",
				Read: chain.Head().Hash.String(), Expected: known.Hash.String()})
		}
	}
	if head := chain.Head(); head.Height < known.Height {
		return head, fmt.Errorf("verify journal: %w", shorter(head.Height, known.Height))
	}
	if err := j.CheckPayloads(ctx); err != nil {
		return chain.Head(), fmt.Errorf("verify journal: %w", err)
	}
	return chain.Head(), nil
}

// shorter is the damage of a history that ends before a height it is known to have had.
func shorter(ends, expected uint64) *Damage {
	return &Damage{Height: ends + 1, What: "block", Read: fmt.Sprintf("the end of history at height %d", ends),
		Expected: fmt.Sprintf("blocks up to height %d at least", expected)}
}
