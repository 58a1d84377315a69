package node

import (
	"context"
	"fmt"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/proof"
)

// Stored returns a log-signed receipt of an outcome: the first of the three receipts (DESIGN section 3).
func (n *Node) Stored(r Receipt) ([]byte, error) {
	var theatre parley.Hash
	if err := n.Read(func(s *channel.State) { theatre = s.Theatre().Name }); err != nil {
		return nil, err
	}
	return proof.SignStored(proof.Stored{Theatre: theatre, Name: r.Outcome.Name, Position: r.Outcome.Position, Height: r.Height, Block: r.Block,
		Time: r.Outcome.At, Outcome: string(r.Outcome.Code)}, n.logKey)
}

// Head is the tree's head as the log signs it.
type Head struct {
	Size       uint64     `json:"size"`
	Root       proof.Hash `json:"root"`
	Checkpoint string     `json:"checkpoint"` // C2SP signed note
}

// Head returns the newest head of the tree with its signed checkpoint.
func (n *Node) Head() (Head, error) {
	if err := n.Fault(); err != nil {
		return Head{}, err
	}
	size := n.tree.Size()
	root, err := n.tree.Root(size)
	if err != nil {
		return Head{}, err
	}
	checkpoint, err := proof.SignCheckpoint(size, root, n.logKey)
	return Head{Size: size, Root: root, Checkpoint: string(checkpoint)}, err
}

// Inclusion returns the proof that a position's leaf stands in the tree of a size.
func (n *Node) Inclusion(position, size uint64) ([]proof.Hash, error) {
	return n.tree.Inclusion(position, size)
}

// ReceiptOf returns the receipt of an outcome that is in the journal, with the block that holds it.
func (n *Node) ReceiptOf(ctx context.Context, o parley.Outcome) (Receipt, error) {
	low, high := uint64(1), uint64(0)
	head, err := n.journal.Head(ctx)
	if err != nil {
		return Receipt{}, err
	}
	for high = head.Height; low < high; {
		mid := (low + high) / 2
		b, err := n.block(ctx, mid)
		if err != nil {
			return Receipt{}, err
		}
		if b.Size > o.Position {
			high = mid
		} else {
			low = mid + 1
		}
	}
	b, err := n.block(ctx, low)
	if err != nil {
		return Receipt{}, err
	}
	return Receipt{Outcome: o, Height: b.Height, Block: b.Hash()}, nil
}

// block reads one block.
func (n *Node) block(ctx context.Context, height uint64) (*journal.Block, error) {
	for b, err := range n.journal.Blocks(ctx, height) {
		return b, err
	}
	return nil, fmt.Errorf("no block at height %d", height)
}
