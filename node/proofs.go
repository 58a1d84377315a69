package node

import (
	"context"
	"errors"
	"fmt"

	"parley"
	"parley/channel"
	"parley/proof"
)

// acknowledging are the notices that tell an account of a receiver's own signed command.
var acknowledging = map[parley.NoticeKind]bool{parley.NoticeAcknowledged: true, parley.NoticeReadBack: true}

// Acknowledgements returns the positions of the commands by which receivers acknowledged what a command made, as the viewer's account
// was told of them.
func Acknowledgements(v *channel.Viewer, o parley.Outcome) []uint64 {
	var positions []uint64
	if o.Ref == "" {
		return nil
	}
	const some = 1000
	for from := uint64(0); ; {
		list, next := v.Inbox(from, some)
		for _, notice := range list {
			if acknowledging[notice.Kind] && notice.Object == o.Ref && notice.Position > o.Position {
				positions = append(positions, notice.Position)
			}
		}
		if len(list) < some {
			return positions
		}
		from = next
	}
}

// Proofs returns all that shows what became of a command: stored, witnessed as far as it is, and acknowledged by the commands at
// the positions. The caller has made sure that its reader may have the command, and was told of the acknowledgements.
func (n *Node) Proofs(ctx context.Context, o parley.Outcome, acknowledgements []uint64) (*proof.Receipt, error) {
	e := &proof.Receipt{Format: proof.ReceiptFormat, LogKey: n.LogKey(), Rotations: n.logKeys.rotations, Policy: n.Policy(), Told: o.Told,
		Sentence: parley.SentenceNotification}
	entry, command, size, err := n.entry(ctx, o.Position)
	if err != nil {
		return nil, err
	}
	e.Proven = entry
	if e.Before, err = n.before(ctx, command.NotBefore, size); err != nil {
		return nil, err
	}
	for _, position := range acknowledgements {
		ack, said, _, err := n.entry(ctx, position)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if proof.Acknowledges(o.Name, command, said) {
			e.Acknowledged = append(e.Acknowledged, ack)
		}
	}
	return e, nil
}

// entry returns one command with its proofs, and the size of the tree they lead to.
func (n *Node) entry(ctx context.Context, position uint64) (e proof.Proven, c *parley.Command, size uint64, err error) {
	b, err := n.journal.Holding(ctx, position)
	if err != nil {
		return e, nil, 0, err
	}
	kept := b.Entries[position-(b.Size-uint64(b.Count))]
	if kept.Erased != nil {
		return e, nil, 0, ErrErased
	}
	e.Envelope = proof.Written(kept.Envelope)
	signed, envelope, err := channel.Open(e.Envelope)
	if err != nil {
		return e, nil, 0, err
	}
	var o parley.Outcome
	var holders []proof.Holder
	err = n.Read(func(s *channel.State) {
		o, _ = s.Known(signed.Name)
		for _, sig := range envelope.Signatures {
			if key, ok := s.KeyOf(sig.Key); ok {
				holders = append(holders, proof.Holder{Theatre: s.Theatre().Name, Key: key, Account: s.AccountOf(sig.Key)})
			}
		}
	})
	if err != nil {
		return e, nil, 0, err
	}
	if o.Position != position {
		return e, nil, 0, fmt.Errorf("position %d holds a command that was stored before, at %d", position, o.Position)
	}
	stored, err := n.Stored(Receipt{Outcome: o, Height: b.Height, Block: b.Hash()})
	if err != nil {
		return e, nil, 0, err
	}
	e.Stored = string(stored)
	for _, h := range holders {
		text, err := proof.SignHolder(h, n.logKeys.current)
		if err != nil {
			return e, nil, 0, err
		}
		e.Holders = append(e.Holders, string(text))
	}
	e.Proof, size, err = n.tlogProof(ctx, position)
	return e, signed.Command, size, err
}

// tlogProof proves a position in the first checkpoint that witnesses made the quorum of, or else in the newest there is.
func (n *Node) tlogProof(ctx context.Context, position uint64) (text string, size uint64, err error) {
	signed, err := n.signed.covering(ctx, position)
	if err == nil && signed == nil {
		signed, err = n.signed.newest(ctx, false)
	}
	if err != nil {
		return "", 0, err
	}
	if signed != nil {
		w, err := n.policy.Open(signed, n.allLogKeys()...)
		if err != nil {
			return "", 0, err
		}
		size = w.Size
	}
	if size <= position { // the next checkpoint is a moment away
		c, now, err := n.signHead()
		if err != nil {
			return "", 0, err
		}
		signed, size = now, c.Size
	}
	inclusion, err := n.tree.Inclusion(position, size)
	if err != nil {
		return "", 0, err
	}
	return proof.TlogProof{Index: position, Inclusion: inclusion, Checkpoint: signed}.Text(), size, nil
}

// before shows that a tree head which a command quotes is one of this log; nil when there is none to show.
func (n *Node) before(ctx context.Context, quoted *parley.Checkpoint, size uint64) (*proof.Before, error) {
	if quoted == nil || quoted.Size == 0 || quoted.Size > size {
		return nil, nil
	}
	root, err := n.tree.Root(quoted.Size)
	if err != nil || root != quoted.Root { // the sender quoted a head that this log never had
		return nil, err
	}
	b := &proof.Before{}
	if b.Consistency, err = n.tree.Consistency(quoted.Size, size); err != nil {
		return nil, err
	}
	leaves, err := n.leavesAt(ctx, quoted.Size-1, 1)
	if err != nil {
		return nil, err
	}
	b.Time, b.Envelope = proof.ReadLeaf(leaves[0])
	b.Inclusion, err = n.tree.Inclusion(quoted.Size-1, quoted.Size)
	return b, err
}
