package node

import (
	"cmp"
	"slices"
	"sync"

	"parley"
)

// notes gathers facts of the rim until the sequencer writes them down: what was delivered, what was read, how many were refused.
type notes struct {
	mu        sync.Mutex
	delivered map[parley.Ref][]parley.Versioned
	reads     []parley.Read
	refusals  map[refusalKey]uint64
	since     int64 // of the refusals
	lastSent  int64
}

type refusalKey struct {
	account parley.Ref
	code    parley.Code
}

func (c *notes) refused(account parley.Ref, code parley.Code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refusals == nil {
		c.refusals = map[refusalKey]uint64{}
	}
	c.refusals[refusalKey{account, code}]++
}

// Delivered notes that releases reached a party's machine.
func (n *Node) Delivered(to parley.Ref, items []parley.Versioned) {
	if len(items) == 0 {
		return
	}
	n.notes.mu.Lock()
	defer n.notes.mu.Unlock()
	if n.notes.delivered == nil {
		n.notes.delivered = map[parley.Ref][]parley.Versioned{}
	}
	for _, item := range items {
		if !slices.Contains(n.notes.delivered[to], item) && len(n.notes.delivered[to]) < 1000 {
			n.notes.delivered[to] = append(n.notes.delivered[to], item)
		}
	}
}

// Looked notes that a member read an object, and why.
func (n *Node) Looked(r parley.Read) {
	n.notes.mu.Lock()
	defer n.notes.mu.Unlock()
	if len(n.notes.reads) < 500 {
		n.notes.reads = append(n.notes.reads, r)
	}
}

// refusalEvery is how long refusals are counted before the count is written down, in milliseconds.
const refusalEvery = 60_000

// rim returns the node's own commands that are due: deadlines that passed without traffic, and the notes.
func (n *Node) rim() []*submission {
	if n.Fault() != nil {
		return nil
	}
	now := n.now()
	var bodies []parley.Body
	n.mu.RLock()
	if due, ok := n.state.NextDeadline(); ok && due <= now {
		bodies = append(bodies, &parley.ClockAdvance{})
	}
	n.mu.RUnlock()
	bodies = append(bodies, n.notes.take(now)...)
	var batch []*submission
	for _, b := range bodies {
		s, err := n.sign(b)
		if err != nil {
			n.log.Error("couldn't sign a command of the node", "kind", b.Kind(), "why", err)
			continue
		}
		batch = append(batch, s)
	}
	return batch
}

// take empties the notes into commands.
func (c *notes) take(now int64) []parley.Body {
	c.mu.Lock()
	defer c.mu.Unlock()
	var bodies []parley.Body
	parties := make([]parley.Ref, 0, len(c.delivered))
	for to := range c.delivered {
		parties = append(parties, to)
	}
	slices.Sort(parties)
	for _, to := range parties {
		bodies = append(bodies, &parley.DeliveryNote{To: to, Items: c.delivered[to], At: now})
	}
	c.delivered = nil
	if len(c.reads) > 0 && now-c.lastSent >= 1000 {
		bodies = append(bodies, &parley.ReadNote{Reads: c.reads})
		c.reads, c.lastSent = nil, now
	}
	if c.since == 0 {
		c.since = now
	}
	if now-c.since >= refusalEvery {
		keys := make([]refusalKey, 0, len(c.refusals))
		for k := range c.refusals {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b refusalKey) int {
			return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.code, b.code))
		})
		for _, k := range keys {
			bodies = append(bodies, &parley.RefusalCount{Account: k.account, Code: k.code, Count: c.refusals[k], Since: c.since})
		}
		c.refusals, c.since = nil, now
	}
	return bodies
}
