// Package exercise plays a timeline through a node with the time of the case, and reports which warnings the users of the channel got, and when.
//
// It speaks to the node as everyone does: with signed commands of accounts that the timeline names, in an exercise theatre whose clock is
// simulated. It reads what those accounts read: their notices and their pages. It computes no warning of its own. What no command of the
// channel can carry is not played, and is named in the report.
package exercise

import (
	"fmt"

	"parley"
	"parley/exchange/replay"
)

// Refusal is an event that the channel did not take.
type Refusal struct {
	Event   int // its place in the timeline
	ID      string
	Command parley.CommandKind // what was said
	Err     error
}

// Error says which event was refused, and why.
func (r *Refusal) Error() string {
	return fmt.Sprintf("events[%d] (%s): %s was refused: %v", r.Event, r.ID, r.Command, r.Err)
}

// Unwrap returns why.
func (r *Refusal) Unwrap() error { return r.Err }

// Raised is a warning that users of the channel got.
type Raised struct {
	At     int64    // journal time at which it was noted
	To     []string // who got it: actors of the case, else desk or board
	Notice string   // the kind of notice, or the page that shows it
}

// Lead is how long a warning came before what it is about, where the times of both can be measured.
func lead(c *replay.Case, x *replay.Expectation, at int64) (ms int64, ok bool) {
	before := c.Event(x.Before)
	for _, g := range x.Given {
		if _, measures := c.Event(g).Precision.Span(); !measures {
			return 0, false
		}
	}
	d, ok := before.Lead(at)
	return d.Milliseconds(), ok
}
