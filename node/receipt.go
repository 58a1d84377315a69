package node

import (
	"crypto/sha256"

	"parley"
	"parley/channel"
	"parley/proof"
)

// Stored returns a log-signed receipt of an outcome: the first of the three receipts (DESIGN section 3). Where witnesses are needed it
// holds the promise that they will have cosigned in time.
func (n *Node) Stored(r Receipt) ([]byte, error) {
	var theatre parley.TheatreRecord
	if err := n.Read(func(s *channel.State) { theatre = *s.Theatre() }); err != nil {
		return nil, err
	}
	stored := proof.Stored{Theatre: theatre.Name, Name: r.Outcome.Name, Position: r.Outcome.Position, Height: r.Height, Block: r.Block,
		Time: r.Outcome.At, Simulated: theatre.Clock == parley.ClockSimulated, Outcome: string(r.Outcome.Code)}
	if n.policy.Needs() {
		stored.Promise = &proof.Promise{Policy: sha256.Sum256([]byte(n.policy.Public)), By: stored.Time + n.cfg.WitnessedWithin}
	}
	return proof.SignStored(stored, n.logKeys.current)
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
	c, signed, err := n.signHead()
	return Head{Size: c.Size, Root: c.Root, Checkpoint: string(signed)}, err
}
