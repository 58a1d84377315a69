// Package inquiry says what was known at a time near a place: it replays a journal to that time, and writes what it shows as a file that anyone can
// verify without the server.
package inquiry

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"parley"
	"parley/channel"
	"parley/journal"
)

// ErrErased says that what was known at a time can no longer be shown: envelopes before it are erased, and no snapshot of that time is left.
var ErrErased = errors.New("envelopes of that time are erased, as their retention is over, and no snapshot from before it is kept")

// Replay applies the entries of blocks up to a time to a state, and returns how many entries it holds then. It is the same machine over the same
// entries as the node's own: what it shows at that time is what the node showed. Each block is held against the state it states; one that does not
// agree is a *journal.Damage, and nothing is known from there on.
func Replay(ctx context.Context, s *channel.State, blocks iter.Seq2[*journal.Block, error], until int64) (size uint64, err error) {
	for b, err := range blocks {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return s.Size(), err
		}
		if b.Size-uint64(b.Count) < s.Size() {
			continue // the state holds it already
		}
		if b.Rules != channel.Rules {
			return s.Size(), &journal.Damage{Height: b.Height, What: "rules version", Read: fmt.Sprint(b.Rules), Expected: fmt.Sprint(channel.Rules)}
		}
		if b.Height > 1 {
			if got := s.Digest(); got != b.Digest {
				return s.Size(), &journal.Damage{Height: b.Height, What: "state digest", Read: b.Digest.String(), Expected: got.String()}
			}
		}
		for i, e := range b.Entries {
			if e.Time > until {
				return s.Size(), nil
			}
			if e.Erased != nil {
				return s.Size(), ErrErased
			}
			signed, envelope, err := channel.Open(e.Envelope)
			if err == nil {
				err = verify(s, envelope, signed.Command)
			}
			if err != nil {
				return s.Size(), &journal.Damage{Height: b.Height, What: fmt.Sprintf("entry %d", i), Read: err.Error(), Expected: "a signed command"}
			}
			s.Apply(e.Time, signed)
		}
	}
	return s.Size(), nil
}

// verify checks the signatures of a command under the keys that were admitted by then, or that it brings itself.
func verify(s *channel.State, e *parley.Envelope, c *parley.Command) error {
	return channel.Verify(e, c, s.KeyOf)
}
