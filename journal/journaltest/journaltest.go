// Package journaltest checks that a journal engine keeps what package journal promises.
package journaltest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/journal"
)

// Run runs every check on journals that open opens. Opening a folder again opens the same journal again; two folders are two
// journals, and two handles on one folder may be open at once.
func Run(t *testing.T, open func(dir string) (journal.Journal, error)) {
	suite := suite{open}
	for _, check := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"empty", suite.empty},
		{"append and read", suite.appendAndRead},
		{"holding", suite.holding},
		{"behind", suite.behind},
		{"misfit", suite.misfit},
		{"payloads", suite.payloads},
		{"erase", suite.erase},
		{"erase envelopes", suite.eraseEnvelopes},
		{"reopen", suite.reopen},
		{"two handles", suite.twoHandles},
		{"race", suite.race},
		{"wait", suite.wait},
		{"close", suite.close},
		{"unclear answer", suite.unclear},
	} {
		t.Run(check.name, check.run)
	}
}

type suite struct {
	open func(dir string) (journal.Journal, error)
}

func (s suite) journal(t *testing.T, dir string) journal.Journal {
	t.Helper()
	j, err := s.open(dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return j
}

// Fill appends blocks of 1 to 4 entries behind a chain, each with one payload, and moves the chain.
func Fill(t testing.TB, j journal.Journal, chain *journal.Chain, blocks int) {
	t.Helper()
	for range blocks {
		height := int(chain.Head().Height + 1)
		b, err := Next(chain, 1, 1+height%4, 100+height%50)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(t.Context(), b, []journal.Payload{Payload(height, 60)}); err != nil {
			t.Fatal(err)
		}
		if err := chain.Follow(b); err != nil {
			t.Fatal(err)
		}
	}
}

// Read returns the binary form of all blocks from a height on.
func Read(t testing.TB, j journal.Journal, from uint64) [][]byte {
	t.Helper()
	var all [][]byte
	for b, err := range j.Blocks(t.Context(), from) {
		if err != nil {
			t.Fatal(err)
		}
		data, err := b.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

func (s suite) verify(t *testing.T, j journal.Journal, want journal.Head) {
	t.Helper()
	head, err := journal.Verify(t.Context(), j, nil)
	if err != nil {
		t.Fatal(err)
	}
	if head != want {
		t.Fatalf("verified head: read %+v, expected %+v", head, want)
	}
}

func (s suite) empty(t *testing.T) {
	j := s.journal(t, t.TempDir())
	s.verify(t, j, journal.Head{})
	if blocks := Read(t, j, 0); len(blocks) != 0 {
		t.Fatalf("read %d blocks from an empty journal", len(blocks))
	}
}

func (s suite) appendAndRead(t *testing.T) {
	j := s.journal(t, t.TempDir())
	var chain journal.Chain
	var want [][]byte
	for i := range 20 {
		b, err := Next(&chain, 2, 1+i%5, 1+i*37)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(t.Context(), b, nil); err != nil {
			t.Fatal(err)
		}
		data, err := b.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, data)
		if err := chain.Follow(b); err != nil {
			t.Fatal(err)
		}
		if head, err := j.Head(t.Context()); err != nil || head != chain.Head() {
			t.Fatalf("head: read %+v, %v, expected %+v", head, err, chain.Head())
		}
	}
	s.verify(t, j, chain.Head())
	for from := range uint64(23) {
		blocks := Read(t, j, from)
		rest := want[min(max(from, 1)-1, 20):]
		if len(blocks) != len(rest) {
			t.Fatalf("from %d: read %d blocks, expected %d", from, len(blocks), len(rest))
		}
		for i := range rest {
			if !bytes.Equal(blocks[i], rest[i]) {
				t.Fatalf("from %d: block %d is not the one that was appended", from, i)
			}
		}
	}
	for b, err := range j.Blocks(t.Context(), 1) { // reading stops where the reader stops
		if err != nil || b.Height > 3 {
			t.Fatalf("read block %v, %v after leaving", b, err)
		}
		if b.Height == 3 {
			break
		}
	}
}

func (s suite) holding(t *testing.T) {
	j := s.journal(t, t.TempDir())
	var chain journal.Chain
	Fill(t, j, &chain, 17)
	position := uint64(0)
	for b, err := range j.Blocks(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		for range b.Entries {
			if found, err := j.Holding(t.Context(), position); err != nil || found.Hash() != b.Hash() {
				t.Fatalf("position %d: read %v, %v, expected block %d", position, found, err, b.Height)
			}
			position++
		}
	}
	if b, err := j.Holding(t.Context(), position); !errors.Is(err, journal.ErrNoBlock) {
		t.Fatalf("a position beyond the head: read %v, %v, expected ErrNoBlock", b, err)
	}
}

func (s suite) behind(t *testing.T) {
	j := s.journal(t, t.TempDir())
	var chain journal.Chain
	Fill(t, j, &chain, 2)
	old := chain.Clone()
	Fill(t, j, &chain, 1)
	b, err := Next(old, 99, 2, 80)
	if err != nil {
		t.Fatal(err)
	}
	lost := Payload(777, 50)
	if err := j.Append(t.Context(), b, []journal.Payload{lost}); !errors.Is(err, journal.ErrBehind) {
		t.Fatalf("append at a height that is taken: read %v, expected ErrBehind", err)
	}
	if _, err := j.Payload(t.Context(), lost.Commitment); !errors.Is(err, journal.ErrNoPayload) {
		t.Fatalf("payload of a refused block: read %v, expected ErrNoPayload", err)
	}
	s.verify(t, j, chain.Head())
}

func (s suite) misfit(t *testing.T) {
	j := s.journal(t, t.TempDir())
	var chain journal.Chain
	Fill(t, j, &chain, 3)
	for name, change := range map[string]func(*journal.Block){
		"height":         func(b *journal.Block) { b.Height++ },
		"previous hash":  func(b *journal.Block) { b.Prev[5] ^= 1 },
		"theatre":        func(b *journal.Block) { b.Theatre[0] ^= 1 },
		"size":           func(b *journal.Block) { b.Size++ },
		"root":           func(b *journal.Block) { b.Root[31] ^= 0x80 },
		"time of entry":  func(b *journal.Block) { b.Entries[0].Time = chain.Head().Time - 1 },
		"time of block":  func(b *journal.Block) { b.Time-- },
		"envelope":       func(b *journal.Block) { b.Entries[1].Envelope[0] ^= 1 },
		"order":          func(b *journal.Block) { b.Entries[0], b.Entries[1] = b.Entries[1], b.Entries[0] },
		"missing entry":  func(b *journal.Block) { b.Entries, b.Count = b.Entries[1:], b.Count-1 },
		"height of zero": func(b *journal.Block) { b.Height = 0 },
	} {
		b, err := Next(&chain, 3, 3, 70)
		if err != nil {
			t.Fatal(err)
		}
		change(b)
		err = j.Append(t.Context(), b, nil)
		if _, ok := errors.AsType[*journal.Misfit](err); !ok {
			t.Errorf("%s changed: read %v, expected a Misfit", name, err)
		}
	}
	s.verify(t, j, chain.Head())
}

func (s suite) payloads(t *testing.T) {
	j := s.journal(t, t.TempDir())
	var chain journal.Chain
	Fill(t, j, &chain, 5)
	b, err := Next(&chain, 4, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	long, again := Payload(1000, 200_000), Payload(2, 60)
	if err := j.Append(t.Context(), b, []journal.Payload{long, again, long}); err != nil {
		t.Fatalf("append with a payload that is stored already: %v", err)
	}
	for _, p := range []journal.Payload{Payload(1, 60), again, Payload(5, 60), long} {
		plain, err := j.Payload(t.Context(), p.Commitment)
		if err != nil || !bytes.Equal(plain, p.Plain) {
			t.Fatalf("payload: read %d bytes, %v, expected %d", len(plain), err, len(p.Plain))
		}
	}
	_, err = j.Payload(t.Context(), Payload(6, 60).Commitment)
	if !errors.Is(err, journal.ErrNoPayload) || errors.Is(err, journal.ErrErased) {
		t.Fatalf("payload that never was: read %v, expected ErrNoPayload alone", err)
	}
	if err := j.CheckPayloads(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := j.Commitments(t.Context(), 6); err != nil || !slices.Equal(list, []journal.Hash{long.Commitment, again.Commitment, long.Commitment}) {
		t.Fatalf("commitments of a block: read %v, %v", list, err)
	}
}

func (s suite) erase(t *testing.T) {
	dir := t.TempDir()
	j := s.journal(t, dir)
	var chain journal.Chain
	Fill(t, j, &chain, 30)
	before := Read(t, j, 1)
	never := Payload(5000, 60)
	gone := []journal.Payload{Payload(3, 60), Payload(17, 60), Payload(30, 60), never}
	var names []journal.Hash
	for _, p := range gone {
		names = append(names, p.Commitment)
	}
	for range 2 { // erasing twice changes nothing
		if err := j.Erase(t.Context(), names); err != nil {
			t.Fatal(err)
		}
	}
	// A command that comes again with its payload does not bring an erased payload back.
	b, err := Next(&chain, 5, 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), b, gone); err != nil {
		t.Fatal(err)
	}
	if err := chain.Follow(b); err != nil {
		t.Fatal(err)
	}
	again := s.journal(t, dir)
	for _, j := range []journal.Journal{j, again} {
		for _, name := range names {
			if _, err := j.Payload(t.Context(), name); !errors.Is(err, journal.ErrErased) || !errors.Is(err, journal.ErrNoPayload) {
				t.Fatalf("erased payload: read %v, expected ErrErased", err)
			}
		}
		if plain, err := j.Payload(t.Context(), Payload(4, 60).Commitment); err != nil || !bytes.Equal(plain, Payload(4, 60).Plain) {
			t.Fatalf("payload beside an erased one: read %q, %v", plain, err)
		}
		s.verify(t, j, chain.Head())
	}
	after := Read(t, j, 1)
	for i := range before {
		if !bytes.Equal(before[i], after[i]) {
			t.Fatalf("block %d changed when payloads were erased", i+1)
		}
	}
}

func (s suite) reopen(t *testing.T) {
	dir := t.TempDir()
	var chain journal.Chain
	for range 4 {
		j, err := s.open(dir)
		if err != nil {
			t.Fatal(err)
		}
		s.verify(t, j, chain.Head())
		Fill(t, j, &chain, 7)
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s.verify(t, s.journal(t, dir), chain.Head())
}

func (s suite) twoHandles(t *testing.T) {
	dir := t.TempDir()
	one, two := s.journal(t, dir), s.journal(t, dir)
	var chain journal.Chain
	for i := range 12 {
		Fill(t, [...]journal.Journal{one, two}[i%2], &chain, 1+i%3)
		for _, j := range []journal.Journal{one, two} {
			if head, err := j.Head(t.Context()); err != nil || head != chain.Head() {
				t.Fatalf("head: read %+v, %v, expected %+v", head, err, chain.Head())
			}
		}
	}
	s.verify(t, one, chain.Head())
	s.verify(t, two, chain.Head())
}

// race lets eight writers on two handles each append blocks until all are in: no height twice, no hole, nothing lost.
func (s suite) race(t *testing.T) {
	const writers, each = 8, 12
	dir := t.TempDir()
	handles := [2]journal.Journal{s.journal(t, dir), s.journal(t, dir)}
	hashes := make([][]journal.Hash, writers) // of the blocks that were acknowledged
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			j := handles[w%2]
			var chain journal.Chain
			for len(hashes[w]) < each {
				b, err := Next(&chain, uint64(w), 1+w%3, 64)
				if err != nil {
					t.Error(err)
					return
				}
				err = j.Append(t.Context(), b, nil)
				if err == nil {
					hashes[w] = append(hashes[w], b.Hash())
				} else if !errors.Is(err, journal.ErrBehind) {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				for b, err := range j.Blocks(t.Context(), chain.Head().Height+1) {
					if err == nil {
						err = chain.Follow(b)
					}
					if err != nil {
						t.Errorf("writer %d: %v", w, err)
						return
					}
				}
			}
		})
	}
	group.Wait()
	present := make(map[journal.Hash]bool)
	head, err := journal.Verify(t.Context(), handles[0], func(b *journal.Block) error {
		present[b.Hash()] = true
		return nil
	})
	if err != nil || head.Height != writers*each {
		t.Fatalf("read head %d, %v, expected %d blocks", head.Height, err, writers*each)
	}
	for w := range hashes {
		for _, hash := range hashes[w] {
			if !present[hash] {
				t.Fatalf("writer %d: block %s was acknowledged and is not there", w, hash)
			}
		}
	}
}

func (s suite) wait(t *testing.T) {
	dir := t.TempDir()
	one, two := s.journal(t, dir), s.journal(t, dir)
	var chain journal.Chain
	Fill(t, one, &chain, 1)
	if err := two.Wait(t.Context(), 0); err != nil {
		t.Fatalf("wait for a block that is there: %v", err)
	}
	for _, j := range []journal.Journal{one, two} {
		waited := make(chan error)
		after := chain.Head().Height
		go func() { waited <- j.Wait(t.Context(), after) }()
		Fill(t, one, &chain, 1)
		if err := <-waited; err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := one.Wait(ctx, chain.Head().Height); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("wait for a block that does not come: read %v, expected the context's error", err)
	}
}

func (s suite) close(t *testing.T) {
	dir := t.TempDir()
	j := s.journal(t, dir)
	var chain journal.Chain
	Fill(t, j, &chain, 2)
	waited := make(chan error)
	go func() { waited <- j.Wait(t.Context(), chain.Head().Height) }()
	for range 2 {
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b, err := Next(&chain, 1, 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	_, headErr := j.Head(t.Context())
	_, payloadErr := j.Payload(t.Context(), Payload(1, 60).Commitment)
	for name, err := range map[string]error{"wait": <-waited, "append": j.Append(t.Context(), b, nil), "head": headErr, "payload": payloadErr,
		"erase": j.Erase(t.Context(), []journal.Hash{{}})} {
		if !errors.Is(err, journal.ErrClosed) {
			t.Errorf("%s on a closed journal: read %v, expected ErrClosed", name, err)
		}
	}
	s.verify(t, s.journal(t, dir), chain.Head())
}

// unclear does what a writer does after ErrUnknown: it reads the block at its height and compares hashes, and appends again when
// it is not there. Contexts that end at any moment are the way to get such answers from a real engine.
func (s suite) unclear(t *testing.T) {
	j := s.journal(t, t.TempDir())
	var chain journal.Chain
	for i := range 40 {
		b, err := Next(&chain, 6, 2, 100)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*50*time.Microsecond)
		err = j.Append(ctx, b, nil)
		cancel()
		written := false
		for found, readErr := range j.Blocks(t.Context(), b.Height) {
			if readErr != nil {
				t.Fatal(readErr)
			}
			if found.Hash() != b.Hash() {
				t.Fatalf("block %d is not the one that was appended", b.Height)
			}
			written = true
		}
		switch {
		case err == nil && !written:
			t.Fatalf("block %d was acknowledged and is not there", b.Height)
		case err != nil && written && !errors.Is(err, journal.ErrUnknown):
			t.Fatalf("block %d is there, but the error says it is not: %v", b.Height, err)
		case !written:
			if err := j.Append(t.Context(), b, nil); err != nil {
				t.Fatalf("append again: %v", err)
			}
		}
		if err := chain.Follow(b); err != nil {
			t.Fatal(err)
		}
	}
	s.verify(t, j, chain.Head())
}
