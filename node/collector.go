package node

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley"
	"parley/proof"
	"parley/witness"
)

// ErrForked says that so many witnesses refuse this log's tree that they would make the quorum: the journal was cut or changed after
// they had cosigned it.
var ErrForked = errors.New("witnesses have cosigned another history of this journal")

// Limits of asking.
const (
	alignEvery = 5 * time.Second  // after so long those who are free are asked, though others are busy and the quorum takes both
	retryFirst = time.Second      // a witness that is away is asked again after this, then after twice as long, and so on
	retryMost  = 30 * time.Second // at most
)

// collector signs a checkpoint whenever the tree has grown, and has the witnesses cosign it.
//
// Its goroutine run signs and decides whom to ask; each question is a goroutine of its own that run waits for. All witnesses that are
// free are asked for the same checkpoint, so that their cosignatures come together under one.
type collector struct {
	n       *Node
	all     []*asked // in the order of the policy
	done    sync.WaitGroup
	answers chan struct{} // holds one token when an answer has come

	mu      sync.Mutex // guards what follows, and the witnesses
	now     proof.Checkpoint
	lastAsk time.Time
	quorum  uint64 // size of the largest tree that enough witnesses have cosigned
	broken  bool   // a promise has passed, and it was said
}

// asked is how one witness stands.
type asked struct {
	proof.Witness
	client    *witness.Client // nil: it is not asked
	busy      bool
	old       uint64 // size of the tree it cosigned last, as far as is known
	cosigned  uint64 // size of the last checkpoint of this node that it cosigned
	at        int64  // when, by its own clock, in seconds
	failures  int
	notBefore time.Time
	problem   string
	objects   bool // it says that this tree did not grow out of what it cosigned
}

func newCollector(n *Node) *collector {
	c := &collector{n: n, answers: make(chan struct{}, 1)}
	for _, w := range n.policy.Witnesses {
		c.all = append(c.all, &asked{Witness: w, client: clientOf(w)})
	}
	return c
}

// run goes on until ctx ends.
func (c *collector) run(ctx context.Context) {
	defer c.done.Wait()
	if err := c.recall(ctx); err != nil {
		c.n.log.Error("couldn't read the checkpoints of before", "why", err)
	}
	tick := time.NewTicker(c.n.cfg.CheckpointEvery)
	defer tick.Stop()
	for first := true; ; first = false {
		if err := c.sign(ctx, first); err != nil && ctx.Err() == nil {
			c.n.log.Error("couldn't sign a checkpoint", "why", err)
		}
		c.ask(ctx)
		c.mindPromise(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-c.answers:
		}
	}
}

// sign makes a checkpoint when the tree has grown. One that was signed before the node was opened is taken up again with the
// cosignatures it has.
func (c *collector) sign(ctx context.Context, first bool) error {
	if c.n.Fault() != nil || !first && c.n.tree.Size() == c.head().Size {
		return nil
	}
	now, signed, err := c.n.signHead()
	if err != nil {
		return err
	}
	if first {
		if kept, err := c.n.signed.at(ctx, now.Size); err != nil {
			return err
		} else if w, err := c.n.policy.Open(kept, c.n.logKeys.verifiers()...); kept != nil && err == nil && w.Checkpoint == now {
			c.take(w)
			return nil
		}
	}
	if err := c.n.signed.put(ctx, now.Size, false, signed); err != nil {
		return err
	}
	c.mu.Lock()
	c.now = now
	c.mu.Unlock()
	return nil
}

func (c *collector) head() proof.Checkpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// take goes on from a checkpoint that has cosignatures.
func (c *collector) take(w proof.Witnessed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = w.Checkpoint
	for _, s := range c.all {
		for _, by := range w.By {
			if by.Witness == s.Key.Name() {
				s.old, s.cosigned, s.at = w.Size, w.Size, by.Time
			}
		}
	}
}

// ask has the free witnesses cosign the newest checkpoint.
func (c *collector) ask(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var free []*asked
	busy, late := false, time.Since(c.lastAsk) > alignEvery
	for _, s := range c.all {
		busy = busy || s.busy
		if s.client != nil && !s.busy && s.cosigned < c.now.Size && !time.Now().Before(s.notBefore) {
			free = append(free, s)
		}
	}
	could := c.n.policy.Satisfied(func(w *proof.WitnessVerifier) bool {
		return slices.ContainsFunc(c.all, func(s *asked) bool {
			return s.Key == w && (s.cosigned == c.now.Size || slices.Contains(free, s))
		})
	})
	if len(free) == 0 || busy && !could && !late {
		return
	}
	c.lastAsk = time.Now()
	for _, s := range free {
		s.busy = true
		c.done.Add(1)
		go func(head proof.Checkpoint, old uint64) {
			defer c.done.Done()
			c.one(ctx, s, head, old)
			select {
			case c.answers <- struct{}{}:
			default:
			}
		}(c.now, s.old)
	}
}

// one asks one witness for one checkpoint, again when it names another tree as its last.
func (c *collector) one(ctx context.Context, s *asked, head proof.Checkpoint, old uint64) {
	var err error
	for range 3 {
		if old > head.Size { // another node of this log was first: the next checkpoint holds that tree
			err = c.grownPast(ctx, old)
			break
		}
		var line []byte
		if line, err = c.question(ctx, s, head, old); err == nil {
			err = c.answered(ctx, s, head, line)
			old = head.Size
			break
		}
		conflict, ok := errors.AsType[*witness.Conflict](err)
		if !ok {
			break
		}
		if conflict.Size == old { // it holds another root for this very size
			err = fmt.Errorf("%w: of %d entries", ErrForked, old)
			break
		}
		old = conflict.Size
	}
	c.note(ctx, s, head, old, err)
}

func (c *collector) question(ctx context.Context, s *asked, head proof.Checkpoint, old uint64) ([]byte, error) {
	signed, err := c.n.signed.at(ctx, head.Size)
	if err != nil {
		return nil, err
	}
	if signed == nil {
		return nil, fmt.Errorf("the checkpoint of %d entries is no longer kept", head.Size)
	}
	r := witness.Request{Old: old}
	if old > 0 && old < head.Size {
		if r.Consistency, err = c.n.tree.Consistency(old, head.Size); err != nil {
			return nil, err
		}
	}
	// The log's own signatures are enough: a witness has no use for those of others.
	if r.Checkpoint, err = c.n.logKeys.sign(head.Size, head.Root); err != nil {
		return nil, err
	}
	return s.client.Ask(ctx, r)
}

// answered puts a cosignature under its checkpoint.
func (c *collector) answered(ctx context.Context, s *asked, head proof.Checkpoint, line []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	signed, err := c.n.signed.at(ctx, head.Size)
	if err != nil || signed == nil {
		return err
	}
	if signed, err = proof.AddCosignature(signed, line, s.Key); err != nil {
		return err
	}
	w, err := c.n.policy.Open(signed, c.n.logKeys.verifiers()...)
	if err != nil {
		return err
	}
	for _, by := range w.By {
		if by.Witness == s.Key.Name() {
			s.cosigned, s.at = max(s.cosigned, head.Size), by.Time
		}
	}
	if w.Quorum && c.n.policy.Needs() {
		c.quorum = max(c.quorum, head.Size)
	}
	return c.n.signed.put(ctx, head.Size, w.Quorum && c.n.policy.Needs(), signed)
}

// recall takes up how far witnesses had cosigned before the node was opened.
func (c *collector) recall(ctx context.Context) error {
	signed, err := c.n.signed.newest(ctx, true)
	if err != nil || signed == nil {
		return err
	}
	w, err := c.n.policy.Open(signed, c.n.allLogKeys()...)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quorum = w.Size
	return nil
}

// unwitnessed returns how many entries enough witnesses have not cosigned yet, and by when the log has promised it for the oldest of
// them, in milliseconds UTC; 0 when there is none.
func (c *collector) unwitnessed(ctx context.Context) (count uint64, promised int64, err error) {
	size := c.n.tree.Size()
	c.mu.Lock()
	from := c.quorum
	c.mu.Unlock()
	if !c.n.policy.Needs() || from >= size {
		return 0, 0, nil
	}
	leaves, err := c.n.leavesAt(ctx, from, 1)
	if err != nil {
		return 0, 0, err
	}
	at, _ := proof.ReadLeaf(leaves[0])
	return size - from, at + c.n.cfg.WitnessedWithin, nil
}

// mindPromise raises an alarm when a promise has passed: receipts that are out show the breach.
func (c *collector) mindPromise(ctx context.Context) {
	count, promised, err := c.unwitnessed(ctx)
	if err != nil {
		if ctx.Err() == nil {
			c.n.log.Error("couldn't tell which promises are due", "why", err)
		}
		return
	}
	broken := count > 0 && c.n.now() > promised
	if broken && !c.broken {
		c.n.log.Error("ALARM: entries were not witnessed by the time that their receipts promise", "entries", count, "promised", parley.Stamp(promised))
	}
	c.broken = broken
}

// grownPast decides what it means that a witness has cosigned a larger tree than this node has: another node of the log may be ahead,
// or blocks are lost.
func (c *collector) grownPast(ctx context.Context, size uint64) error {
	head, err := c.n.journal.Head(ctx)
	if err != nil || head.Size >= size {
		return err
	}
	return fmt.Errorf("%w: of %d entries, where the journal has %d", ErrForked, size, head.Size)
}

// note remembers how a question ended. A witness that objects raises an alarm; so many that they make the quorum stop the node.
func (c *collector) note(ctx context.Context, s *asked, head proof.Checkpoint, old uint64, err error) {
	if ctx.Err() != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.busy, s.old = false, old
	refused, ok := errors.AsType[*witness.Refused](err)
	s.objects = errors.Is(err, ErrForked) || ok && refused.Forked()
	if err == nil {
		if s.problem != "" {
			c.n.log.Info("a witness is back", "witness", s.Label)
		}
		s.failures, s.problem = 0, ""
		return
	}
	if s.problem != err.Error() {
		s.problem = err.Error()
		c.n.log.Warn("a witness does not cosign", "witness", s.Label, "size", head.Size, "why", err)
	}
	s.notBefore = time.Now().Add(min(retryFirst<<min(s.failures, 10), retryMost))
	s.failures++
	if !s.objects {
		return
	}
	c.n.log.Error("ALARM: a witness has cosigned another history", "witness", s.Label, "size", head.Size, "why", err)
	against := func(w *proof.WitnessVerifier) bool {
		return slices.ContainsFunc(c.all, func(o *asked) bool { return o.Key == w && o.objects })
	}
	if c.n.policy.Needs() && c.n.policy.Satisfied(against) {
		c.n.fail(err)
	}
}

// WitnessState is how one witness stands with this node.
type WitnessState struct {
	Label string `json:"label"`
	Key   string `json:"key" doc:"public key of the witness"`
	State string `json:"state" doc:"cosigns, away, objects, or outside: it is not asked by this node" enum:"cosigns,away,objects,outside"`
	Size  uint64 `json:"size,omitzero" doc:"entries of the last checkpoint that it cosigned"`
	At    int64  `json:"at,omitzero" doc:"when, by its own clock, in seconds since 1970"`
}

// Witnesses returns how each witness stands, in the order of the policy.
func (n *Node) Witnesses() []WitnessState {
	n.asked.mu.Lock()
	defer n.asked.mu.Unlock()
	list := []WitnessState{}
	for _, s := range n.asked.all {
		w := WitnessState{Label: s.Label, Key: s.Key.String(), State: "cosigns", Size: s.cosigned, At: s.at}
		switch {
		case s.client == nil:
			w.State = "outside"
		case s.objects:
			w.State = "objects"
		case s.problem != "" || s.cosigned == 0:
			w.State = "away"
		}
		list = append(list, w)
	}
	return list
}

// Unwitnessed returns how many entries enough witnesses have not cosigned yet, and by when stored receipts promise it for the oldest of
// them, in milliseconds UTC; 0 when there is none.
func (n *Node) Unwitnessed(ctx context.Context) (count uint64, promised int64, err error) {
	return n.asked.unwitnessed(ctx)
}
