package node_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/internal/need"
	"parley/journal"
	"parley/node"
)

// world is a journal in memory that keeps every promise, and the faults that stand between it and three nodes.
type world struct {
	mu       sync.Mutex
	chain    journal.Chain
	blocks   []*journal.Block
	listed   [][]journal.Hash
	payloads map[journal.Hash][]byte
	erased   map[journal.Hash]bool
	faults   map[string]int
}

// seat is one node's line to the world: it fails as lines and databases do. A seat that is dead answers nothing any more.
type seat struct {
	w     *world
	rng   *rand.Rand
	rngMu sync.Mutex
	calm  *atomic.Bool // no more faults
	cut   atomic.Bool  // no line at all
	gone  chan struct{}
	once  sync.Once
}

func (s *seat) roll(n int) int {
	s.rngMu.Lock()
	defer s.rngMu.Unlock()
	return s.rng.IntN(n)
}

func (s *seat) fault(kind string) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.w.faults[kind]++
}

// line waits as long as the line takes, and fails when there is none.
func (s *seat) line() error {
	select {
	case <-s.gone:
		return journal.ErrClosed
	default:
	}
	if s.cut.Load() {
		return fmt.Errorf("%w: cut off", journal.ErrAway)
	}
	if s.calm.Load() {
		return nil
	}
	time.Sleep(time.Duration(s.roll(3)) * time.Millisecond)
	if s.roll(60) == 0 {
		s.fault("no answer to a read")
		return fmt.Errorf("%w: no answer", journal.ErrAway)
	}
	return nil
}

func (s *seat) Head(context.Context) (journal.Head, error) {
	if err := s.line(); err != nil {
		return journal.Head{}, err
	}
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.w.chain.Head(), nil
}

// Append writes the block, or does not, and tells the truth, or loses the answer.
func (s *seat) Append(_ context.Context, b *journal.Block, payloads []journal.Payload) error {
	if err := s.line(); err != nil {
		return err
	}
	if !s.calm.Load() {
		switch s.roll(12) {
		case 0:
			s.fault("append refused")
			return fmt.Errorf("%w: before anything was written", journal.ErrAway)
		case 1:
			s.fault("answer lost, not written")
			return fmt.Errorf("%w: the line broke", journal.ErrUnknown)
		case 2:
			s.fault("answer lost, written")
			if err := s.w.append(b, payloads); err != nil {
				return err
			}
			return fmt.Errorf("%w: the line broke", journal.ErrUnknown)
		case 3:
			s.fault("slow disk")
			time.Sleep(time.Duration(s.roll(400)) * time.Millisecond)
		}
	}
	return s.w.append(b, payloads)
}

func (w *world) append(b *journal.Block, payloads []journal.Payload) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b.Height <= w.chain.Head().Height {
		return journal.ErrBehind
	}
	data, err := b.MarshalBinary()
	if err != nil {
		return err
	}
	kept, err := journal.ParseBlock(data)
	if err == nil {
		err = w.chain.Follow(kept)
	}
	if err != nil {
		return err
	}
	var list []journal.Hash
	for _, p := range payloads {
		list = append(list, p.Commitment)
		if _, ok := w.payloads[p.Commitment]; !ok && !w.erased[p.Commitment] {
			w.payloads[p.Commitment] = p.Plain
		}
	}
	w.blocks, w.listed = append(w.blocks, kept), append(w.listed, list)
	return nil
}

func (s *seat) Blocks(_ context.Context, from uint64) iter.Seq2[*journal.Block, error] {
	return func(yield func(*journal.Block, error) bool) {
		if err := s.line(); err != nil {
			yield(nil, err)
			return
		}
		for height := max(from, 1); ; height++ {
			if s.cut.Load() || !s.calm.Load() && s.roll(2000) == 0 {
				s.fault("reading broke off")
				yield(nil, fmt.Errorf("%w: in the middle", journal.ErrAway))
				return
			}
			s.w.mu.Lock()
			var b *journal.Block
			if height <= uint64(len(s.w.blocks)) {
				b = s.w.blocks[height-1]
			}
			s.w.mu.Unlock()
			if b == nil || !yield(b, nil) {
				return
			}
		}
	}
}

func (s *seat) Holding(_ context.Context, position uint64) (*journal.Block, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	for _, b := range s.w.blocks {
		if position < b.Size {
			return b, nil
		}
	}
	return nil, journal.ErrNoBlock
}

func (s *seat) Commitments(_ context.Context, height uint64) ([]journal.Hash, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	return s.w.listed[height-1], nil
}

func (s *seat) Wait(ctx context.Context, after uint64) error {
	for {
		head, err := s.Head(ctx)
		if err != nil || head.Height > after {
			return err
		}
		select {
		case <-time.After(25 * time.Millisecond):
		case <-s.gone:
			return journal.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *seat) Payload(_ context.Context, c journal.Hash) ([]byte, error) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if s.w.erased[c] {
		return nil, journal.ErrErased
	}
	if plain, ok := s.w.payloads[c]; ok {
		return plain, nil
	}
	return nil, journal.ErrNoPayload
}

func (s *seat) Erase(_ context.Context, all []journal.Hash) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	for _, c := range all {
		s.w.erased[c] = true
		delete(s.w.payloads, c)
	}
	return nil
}

func (s *seat) CheckPayloads(context.Context) error { return nil }

// EraseEnvelopes is not simulated: what these nodes say is younger than any retention.
func (s *seat) EraseEnvelopes(context.Context, []uint64) error { return errors.New("not simulated") }

func (s *seat) Close() error {
	s.once.Do(func() { close(s.gone) })
	return nil
}

// One seed is one history: three nodes with clocks apart sequence one journal over lines that lose answers, delay them and break; nodes
// end in the middle and come back on what their folder holds, of which derived files are cut or flipped meanwhile. Senders send again
// until they are answered. Time is the simulation's own.
//
// In the end every acknowledged command stands where it was said to, with its outcome; the journal verifies; and the three nodes and a
// replay from nothing have one digest.
func TestThreeNodesUnderFaults(t *testing.T) {
	seeds := need.Times(t, 12, 500, 200_000)
	first := rand.Uint64()
	commands, faults, ends := 0, map[string]int{}, 0
	var mu sync.Mutex
	var next atomic.Int64
	// A history runs on one processor: as many run at once as there are.
	t.Run("histories", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				all := t.TempDir()
				for i := next.Add(1) - 1; i < int64(seeds); i = next.Add(1) - 1 {
					seed := first + uint64(i)
					dir := filepath.Join(all, fmt.Sprint(i))
					synctest.Test(t, func(t *testing.T) {
						n, f, e := simulate(t, dir, seed)
						mu.Lock()
						defer mu.Unlock()
						commands, ends = commands+n, ends+e
						for kind, count := range f {
							faults[kind] += count
						}
					})
					if t.Failed() {
						t.Fatalf("seed %d", seed)
					}
					if err := os.RemoveAll(dir); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	})
	total := ends
	for _, n := range faults {
		total += n
	}
	t.Logf("%d seeds from %d: %d commands acknowledged, %d faults (%v, %d ends of a node): 0 lost, 0 diverged", seeds, first, commands, total, faults, ends)
	if total < 10*seeds {
		t.Errorf("%d faults in %d seeds are too few", total, seeds)
	}
}

// The folder is the caller's, and removed when the bubble is over: a node that was ended may still be writing into it.
func simulate(t *testing.T, dir string, seed uint64) (acknowledgedCommands int, faults map[string]int, ends int) {
	r := rand.New(rand.NewPCG(seed, 1))
	w := &world{payloads: map[journal.Hash][]byte{}, erased: map[journal.Hash]bool{}, faults: map[string]int{}}
	began := time.Now()
	var skew [3]atomic.Int64
	clockOf := func(i int) func() int64 {
		return func() int64 { return cast.Start + time.Since(began).Milliseconds() + skew[i].Load() }
	}
	folder, theatre, trustees := cast.FolderAt(t, filepath.Join(dir, "data"), cast.Profile(), cast.Start)
	local, err := journal.OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range local.Blocks(t.Context(), 1) {
		if err == nil {
			err = w.append(b, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := local.Close(); err != nil {
		t.Fatal(err)
	}
	var calm atomic.Bool
	calm.Store(true)
	var mu sync.RWMutex // guards nodes and seats: a node that is being replaced is nil
	var nodes [3]*node.Node
	var seats [3]*seat
	folders := [3]string{keysIn(t, folder, filepath.Join(dir, "0")), keysIn(t, folder, filepath.Join(dir, "1")), keysIn(t, folder, filepath.Join(dir, "2"))}
	start := func(i int) {
		for try := 0; ; try++ {
			s := &seat{w: w, rng: rand.New(rand.NewPCG(seed, uint64(100+i+ends*3+try*1000))), calm: &calm, gone: make(chan struct{})}
			n, err := node.Open(context.Background(), node.Config{Folder: folders[i], Clock: clockOf(i), Journal: s, SnapshotEvery: 40})
			if err == nil {
				mu.Lock()
				nodes[i], seats[i] = n, s
				mu.Unlock()
				return
			}
			if !errors.Is(err, journal.ErrAway) || try > 200 {
				t.Errorf("node %d does not open: %v", i, err)
				return
			}
		}
	}
	for i := range nodes {
		start(i)
	}
	c := cast.Enter(t, cast.OnNode{Node: nodes[0]}, theatre, trustees, clockOf(0))
	site := c.NotifyHospital(cast.At(35.9528, 39.0079))
	const senders, each = 5, 100
	var work [senders][]*draft.Submission
	for s := range work {
		for range each {
			sub, err := c.Draft().Sign(&parley.SiteRevalidate{Of: cast.V(site, 1)}, c.Org.Key)
			if err != nil {
				t.Fatal(err)
			}
			work[s] = append(work[s], sub)
		}
	}
	calm.Store(false)
	var ackMu sync.Mutex
	acknowledged := map[parley.Hash]parley.Outcome{}
	var senderGroup sync.WaitGroup
	for s := range work {
		rs := rand.New(rand.NewPCG(seed, uint64(10+s)))
		senderGroup.Go(func() {
			for _, sub := range work[s] {
				for {
					mu.RLock()
					n := nodes[rs.IntN(3)]
					mu.RUnlock()
					if n != nil {
						ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
						receipt, err := n.Submit(ctx, sub.Envelope, sub.Payloads)
						cancel()
						if err == nil {
							ackMu.Lock()
							acknowledged[receipt.Outcome.Name] = receipt.Outcome
							ackMu.Unlock()
							break
						}
					}
					time.Sleep(time.Duration(1+rs.IntN(20)) * time.Millisecond)
				}
			}
		})
	}
	sent := make(chan struct{})
	go func() { senderGroup.Wait(); close(sent) }()
	for running := true; running; {
		select {
		case <-sent:
			running = false
			continue
		case <-time.After(time.Duration(50+r.IntN(400)) * time.Millisecond):
		}
		i := r.IntN(3)
		mu.RLock()
		s := seats[i]
		mu.RUnlock()
		switch r.IntN(4) {
		case 0:
			s.fault("line cut")
			s.cut.Store(true)
			time.Sleep(time.Duration(r.IntN(1500)) * time.Millisecond)
			s.cut.Store(false)
		case 1:
			s.fault("clock set")
			skew[i].Store(int64(r.IntN(3000) - 1500))
		default: // the node ends where it stands: nothing of it reaches the journal from here on
			mu.Lock()
			n := nodes[i]
			nodes[i] = nil
			mu.Unlock()
			s.Close()
			n.Close() // its last word fails, as it would
			ends++
			spoilDerived(t, r, w, folders[i])
			start(i)
		}
	}
	calm.Store(true)
	for _, s := range seats {
		s.cut.Store(false)
	}
	time.Sleep(5 * time.Second) // all follow
	digests := map[[32]byte]bool{}
	for i, n := range nodes {
		if err := n.Fault(); err != nil {
			t.Errorf("seed %d: node %d stopped: %v", seed, i, err)
			continue
		}
		d, _ := digestOf(t, n)
		digests[d] = true
	}
	eye := &seat{w: w, calm: &calm, gone: make(chan struct{})}
	state := replayAll(t, eye, func(parley.Outcome) {})
	digests[state.Digest()] = true
	if len(digests) != 1 {
		t.Errorf("seed %d: %d digests, expected one", seed, len(digests))
	}
	if len(acknowledged) != senders*each {
		t.Errorf("seed %d: %d commands acknowledged, expected %d", seed, len(acknowledged), senders*each)
	}
	for name, o := range acknowledged {
		if got, ok := state.Known(name); !ok || got.Position != o.Position || got.Code != o.Code {
			t.Errorf("seed %d: %s was acknowledged as %+v, and the journal says %+v", seed, name, o, got)
		}
	}
	for _, n := range nodes {
		if err := n.Close(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
	return len(acknowledged), w.faults, ends
}

// spoilDerived cuts or flips a file that can be made again.
func spoilDerived(t *testing.T, r *rand.Rand, w *world, folder string) {
	names, err := filepath.Glob(filepath.Join(folder, "*.snapshot"))
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, filepath.Join(folder, "tree"), filepath.Join(folder, "leaves"))
	path := names[r.IntN(len(names))]
	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 || r.IntN(2) == 0 {
		return
	}
	w.mu.Lock()
	w.faults["derived file spoilt"]++
	w.mu.Unlock()
	if at := r.IntN(len(data)); r.IntN(2) == 0 {
		data = data[:at]
	} else {
		data[at] ^= 1 << r.IntN(8)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
