package node

import (
	"context"
	"slices"

	"parley"
	"parley/channel"
	"parley/exchange/pack"
	"parley/release"
)

// SignPack writes a level's pack as a file, signed by the log.
func (n *Node) SignPack(p *release.Pack) ([]byte, error) { return pack.Sign(p, n.logKeys.current) }

// readsAtOnce is how many reads one command notes.
const readsAtOnce = 400

// RecordReads writes down that objects were read, and returns when that is stored: what leaves with many objects at once, and stays
// readable without a server, is on record before it is handed out.
func (n *Node) RecordReads(ctx context.Context, reads []parley.Read) error {
	for some := range slices.Chunk(reads, readsAtOnce) {
		c := &parley.Command{Kind: "read.note", Body: &parley.ReadNote{Reads: some}}
		if err := n.Read(func(s *channel.State) { c.Theatre = s.Theatre().Name }); err != nil {
			return err
		}
		envelope, err := n.signCommand(c)
		if err != nil {
			return err
		}
		if r, err := n.Submit(ctx, envelope, nil); err != nil {
			return err
		} else if r.Refusal != nil {
			return &Refused{r.Refusal}
		}
	}
	return nil
}
