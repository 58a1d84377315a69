package node

import (
	"context"
	"sync/atomic"

	"parley"
)

// simulated is the clock of an exercise whose first entry says that its time is simulated. It stands still until it is set forward.
type simulated struct{ at atomic.Int64 }

// keepTime chooses the node's clock once the state is there. An exercise that was opened with a simulated clock takes up where its
// journal ends. Every other theatre keeps the clock of the configuration, which is the machine's outside of tests.
func (n *Node) keepTime() {
	if n.cfg.Clock != nil || n.state.Theatre().Clock != parley.ClockSimulated {
		return
	}
	n.simulated = &simulated{}
	n.simulated.at.Store(n.state.Now())
	n.now = n.simulated.at.Load
}

// Advance sets the clock of an exercise with simulated time forward, in milliseconds UTC, and returns when every deadline up to then has
// fired. Errors are *parley.Fault: in a theatre that keeps real time nobody can set it, and no clock goes back.
func (n *Node) Advance(ctx context.Context, to int64) error {
	if n.simulated == nil {
		return &parley.Fault{Code: parley.CodeNotPermitted, Field: "to", Read: parley.Stamp(to), Expected: "an exercise whose first entry says that its time is simulated; this theatre keeps real time"}
	}
	for {
		now := n.simulated.at.Load()
		if to < now || to > parley.MaxTime {
			return &parley.Fault{Code: parley.CodeClock, Field: "to", Read: parley.Stamp(to), Expected: "a time from " + parley.Stamp(now) + " on: no clock goes back"}
		}
		if n.simulated.at.CompareAndSwap(now, to) {
			break
		}
	}
	s, err := n.sign(&parley.ClockAdvance{})
	if err != nil {
		return err
	}
	_, err = n.enqueue(ctx, s)
	return err
}

// theatre returns the name of the theatre that the node holds.
func (n *Node) theatre() (name parley.Hash) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.state.Theatre().Name
}
