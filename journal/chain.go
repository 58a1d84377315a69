package journal

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"parley/proof"
)

// Misfit says why a block does not follow from the blocks before it.
type Misfit struct {
	Height   uint64 // of the block that was offered
	What     string // the field
	Read     string
	Expected string
}

func (m *Misfit) Error() string {
	return fmt.Sprintf("block %d does not follow: %s: read %s, expected %s", m.Height, m.What, m.Read, m.Expected)
}

// damaged turns the misfit of a stored block into damage; other errors stay as they are.
func damaged(err error) error {
	if m, ok := errors.AsType[*Misfit](err); ok {
		return &Damage{Height: m.Height, What: m.What, Read: m.Read, Expected: m.Expected}
	}
	return err
}

// Chain knows what must hold between a block and all blocks before it. The zero value stands before the first block. It keeps
// the last header and the right edge of the tree, so its size does not grow with the journal. One goroutine owns it at a time.
type Chain struct {
	last     Header // zero before the first block
	head     Head
	frontier proof.Frontier
}

// ResumeChain returns the chain as it stands after a block, given that block's header and the frontier of the tree after it.
func ResumeChain(last Header, frontier *proof.Frontier) (*Chain, error) {
	if frontier.Size() != last.Size || frontier.Root() != last.Root {
		return nil, fmt.Errorf("resume chain: frontier: read size %d and root %s, expected %d and %s", frontier.Size(), frontier.Root(),
			last.Size, last.Root)
	}
	return &Chain{last: last, head: last.Head(), frontier: *frontier.Clone()}, nil
}

// Head returns the head of a journal that ends where the chain stands.
func (c *Chain) Head() Head { return c.head }

// Last returns the header of the last block; zero before the first.
func (c *Chain) Last() Header { return c.last }

// Frontier returns a copy of the right edge of the tree after the last block.
func (c *Chain) Frontier() *proof.Frontier { return c.frontier.Clone() }

// Clone returns a copy that shares nothing with c.
func (c *Chain) Clone() *Chain {
	return &Chain{last: c.last, head: c.head, frontier: *c.frontier.Clone()}
}

// Next returns the block that follows with these entries. Of h it takes Theatre, Time, Digest and Rules; the other fields are
// computed. The chain stays where it is: call Follow once the block is written.
//
// The error is a *Misfit when the block would not follow: a time below the last, another theatre, a digest at height 1.
func (c *Chain) Next(h Header, entries []Entry) (*Block, error) {
	h.Height, h.Prev = c.head.Height+1, c.head.Hash
	h.Count, h.Size = uint32(len(entries)), c.head.Size+uint64(len(entries))
	frontier := c.frontier.Clone()
	for _, e := range entries {
		leaf := e.leaf()
		frontier.Append(leaf[:])
	}
	h.Root = frontier.Root()
	b := &Block{Header: h, Entries: entries}
	if err := c.fits(b); err != nil {
		return nil, err
	}
	return b, nil
}

// Follow checks that a block follows and moves the chain behind it. On error, a *Misfit, the chain stays where it is.
//
// It holds that: Height is one more; Prev is the hash of the last block; Theatre is the same; times never fall, from the last
// block's Time through the entries' to the block's; Count and Size count the entries; Root is the root of the tree with them;
// at height 1, Prev and Digest are zero. Digest and Rules above height 1 are the business of whoever applies the commands.
func (c *Chain) Follow(b *Block) error {
	if err := c.fits(b); err != nil {
		return err
	}
	frontier := c.frontier.Clone()
	for _, e := range b.Entries {
		leaf := e.leaf()
		frontier.Append(leaf[:])
	}
	if root := frontier.Root(); root != b.Root {
		return &Misfit{b.Height, "root", b.Root.String(), root.String()}
	}
	c.last, c.head, c.frontier = b.Header, b.Header.Head(), *frontier
	return nil
}

// fits checks everything but the root.
func (c *Chain) fits(b *Block) error {
	misfit := func(what, read, expected string) error { return &Misfit{b.Height, what, read, expected} }
	number := func(n uint64) string { return strconv.FormatUint(n, 10) }
	instant := func(ms int64) string { return strconv.FormatInt(ms, 10) + " ms" }

	if want := c.head.Height + 1; b.Height != want {
		return misfit("height", number(b.Height), number(want))
	}
	if b.Prev != c.head.Hash {
		return misfit("previous hash", b.Prev.String(), c.head.Hash.String())
	}
	if c.head.Height > 0 && b.Theatre != c.last.Theatre {
		return misfit("theatre", b.Theatre.String(), c.last.Theatre.String())
	}
	if c.head.Height == 0 && !b.Digest.IsZero() {
		return misfit("digest", b.Digest.String(), Hash{}.String()+" at height 1")
	}
	if err := b.checkEntries(); err != nil {
		return misfit("entries", err.Error(), "whole entries")
	}
	if len(b.Entries) > math.MaxUint32 || c.head.Size+uint64(len(b.Entries)) > proof.MaxTreeSize {
		return misfit("entries", number(uint64(len(b.Entries))), "a tree that stays below its limit")
	}
	if want := c.head.Size + uint64(len(b.Entries)); b.Size != want {
		return misfit("size", number(b.Size), number(want))
	}
	last := c.head.Time
	for i, e := range b.Entries {
		if e.Time < last {
			return misfit(fmt.Sprintf("time of entry %d", i), instant(e.Time), instant(last)+" or later")
		}
		last = e.Time
	}
	if b.Time < last {
		return misfit("time", instant(b.Time), instant(last)+" or later")
	}
	return nil
}

// chainFrom resumes the chain behind a block with the stored right edge of the tree.
func chainFrom(b *Block, edge []byte) (*Chain, error) {
	var frontier proof.Frontier
	if err := frontier.UnmarshalBinary(edge); err != nil {
		return nil, &Damage{Height: b.Height, What: "frontier", Read: err.Error(), Expected: "the right edge of the tree"}
	}
	chain, err := ResumeChain(b.Header, &frontier)
	if err != nil {
		return nil, &Damage{Height: b.Height, What: "frontier", Read: err.Error(), Expected: "the root in the block"}
	}
	return chain, nil
}
