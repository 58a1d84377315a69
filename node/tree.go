package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"parley/proof"
	"parley/witness"
)

// openProof opens the stored Merkle tree with its leaves, brings both to the head, and makes ready to sign checkpoints.
func (n *Node) openProof(ctx context.Context) (err error) {
	head, last := n.chain.Head(), n.chain.Last()
	if n.tree, err = proof.OpenTree(filepath.Join(n.cfg.Folder, "tree"), head.Size, last.Root, n.leavesFrom(ctx)); err != nil {
		return err
	}
	if n.leaves, err = proof.OpenLeaves(filepath.Join(n.cfg.Folder, "leaves"), n.tree, n.leavesFrom(ctx)); err == nil {
		n.signed, err = openCheckpoints(ctx, n.cfg.Folder)
	}
	if err != nil {
		return errors.Join(err, n.closeProof())
	}
	n.asked = newCollector(n)
	return nil
}

func (n *Node) closeProof() error {
	err := n.tree.Close()
	if n.leaves != nil {
		err = errors.Join(err, n.leaves.Close())
	}
	if n.signed != nil {
		err = errors.Join(err, n.signed.close())
	}
	return err
}

// leavesFrom returns how to read the leaves of the journal from a position on.
func (n *Node) leavesFrom(ctx context.Context) func(uint64) iter.Seq2[[]byte, error] {
	return func(from uint64) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			first, err := n.journal.Holding(ctx, from)
			if err != nil {
				yield(nil, err)
				return
			}
			position := first.Size - uint64(first.Count)
			for b, err := range n.journal.Blocks(ctx, first.Height) {
				if err != nil {
					yield(nil, err)
					return
				}
				for _, e := range b.Entries {
					if position >= from && !yield(e.Leaf(), nil) {
						return
					}
					position++
				}
			}
		}
	}
}

// extendProof adds the leaves of a block.
func (n *Node) extendProof(leaves [][]byte) error {
	if err := n.tree.Extend(leaves); err != nil {
		return err
	}
	return n.leaves.Extend(leaves)
}

// ErrNoTile says that the tree has no such tile, or not yet as wide.
var ErrNoTile = errors.New("node: no such tile")

// Tile returns a tile of the tree as C2SP tlog-tiles writes it, and whether it never changes again. It tells nothing of any command:
// a leaf is the log time and the SHA-256 of an envelope, whose body holds a nonce.
func (n *Node) Tile(ctx context.Context, path string) (data []byte, full bool, err error) {
	if err := n.Fault(); err != nil {
		return nil, false, err
	}
	tile, err := proof.ParseTile(path)
	if err != nil || !tile.Within(n.tree.Size()) {
		return nil, false, ErrNoTile
	}
	if !tile.Entries() {
		data, err = n.tree.Tile(tile)
		return data, tile.Full(), err
	}
	leaves, err := n.leavesAt(ctx, tile.First(), tile.Width())
	return proof.Bundle(leaves), tile.Full(), err
}

// leavesAt reads leaves, and mends from the journal what is damaged.
func (n *Node) leavesAt(ctx context.Context, from uint64, count int) ([][]byte, error) {
	leaves, err := n.leaves.Read(from, count)
	if !errors.Is(err, proof.ErrTree) {
		return leaves, err
	}
	n.log.Error("damaged leaves are read again from the journal", "from", from, "why", err)
	if err := n.leaves.Mend(from, count, n.leavesFrom(ctx)); err != nil {
		return nil, err
	}
	return n.leaves.Read(from, count)
}

// Checkpoint returns the newest signed checkpoint with the cosignatures it has; witnessed asks for the newest whose cosignatures make
// the quorum, nil when there is none yet.
func (n *Node) Checkpoint(ctx context.Context, witnessed bool) ([]byte, error) {
	if err := n.Fault(); err != nil {
		return nil, err
	}
	return n.signed.newest(ctx, witnessed)
}

// Policy returns the text of the witnesses' policy, without addresses; "" when there are no witnesses.
func (n *Node) Policy() string {
	if len(n.policy.Witnesses) == 0 {
		return ""
	}
	return n.policy.Public
}

// loadPolicy reads whose cosignatures count.
func loadPolicy(folder string) (*proof.Policy, error) {
	text, err := os.ReadFile(filepath.Join(folder, PolicyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return proof.ParsePolicy(noWitnesses)
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read the witnesses: %w", err)
	}
	p, err := proof.ParsePolicy(string(text))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the witnesses in %s: %w", filepath.Join(folder, PolicyFile), err)
	}
	return p, nil
}

// clientOf returns how to reach a witness, nil when it is not asked.
func clientOf(w proof.Witness) *witness.Client {
	if w.URL == "" {
		return nil
	}
	return witness.NewClient(w.URL)
}
