package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"time"

	"parley"
	"parley/channel"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/journal"
	"parley/node"
)

// blockEntries is how many commands a block holds here.
const blockEntries = 1000

// writer appends blocks to a journal and keeps the state that they give.
type writer struct {
	theatre parley.Hash
	cast    *cast.Cast
	journal journal.Journal
	chain   journal.Chain
	state   *channel.State
	digest  parley.Hash
	time    int64
	random  *rand.Rand
	stalls  stalls

	of       parley.Versioned // the site that commands are about
	lat, lon float64          // where it is
	entries  []journal.Entry  // of the next block
	payloads []journal.Payload
	applied  time.Duration // what applying them took
}

// write makes a folder with a journal of so many commands, and with a snapshot of their state if that is asked for.
func write(data string, count int, snapshot bool) error {
	begin := time.Now()
	w, err := newWriter(data)
	if err != nil {
		return err
	}
	defer w.journal.Close()
	w.stalls.folder = filepath.Dir(data)
	for i := range count {
		if err := w.say(i % 5); err != nil {
			return fmt.Errorf("command %d: %w", i, err)
		}
		if len(w.entries) == blockEntries || i == count-1 {
			if err := w.flush(i + 1); err != nil {
				return err
			}
		}
	}
	fmt.Printf("wrote %d commands in %.1f s\n", count, time.Since(begin).Seconds())
	if err := w.stalls.end(); err != nil || !snapshot {
		return err
	}
	return w.snapshot(data)
}

// snapshot writes the state, and a block after it that states its digest.
func (w *writer) snapshot(data string) error {
	header, frozen := w.chain.Snapshot(w.digest), w.state.Freeze()
	defer frozen.Release()
	path := filepath.Join(data, fmt.Sprintf("%012d.snapshot", header.Last.Height))
	if err := journal.WriteSnapshot(path, header, journalRecords(frozen)); err != nil {
		return err
	}
	if err := w.say(0); err != nil {
		return err
	}
	return w.flush(0)
}

// journalRecords returns the records of a frozen state as a snapshot file takes them.
func journalRecords(frozen *channel.Frozen) iter.Seq[journal.Record] {
	return func(yield func(journal.Record) bool) {
		for r := range frozen.Records() {
			if !yield(journal.Record{Kind: r.Kind, Body: r.Body}) {
				return
			}
		}
	}
}

func newWriter(data string) (*writer, error) {
	_, theatre, trustees := cast.FolderAt(&cast.Silent{}, data, cast.Profile(), time.Now().UnixMilli()-1000)
	ctx := context.Background()
	n, err := node.Open(ctx, node.Config{Folder: data})
	if err != nil {
		return nil, err
	}
	w := &writer{theatre: theatre, state: channel.New(), random: rand.New(rand.NewPCG(2, 2))}
	w.cast = cast.Enter(&cast.Silent{}, cast.OnNode{Node: n}, theatre, trustees, func() int64 { return time.Now().UnixMilli() })
	if err := n.Close(); err != nil {
		return nil, err
	}
	if w.journal, err = journal.OpenSQLite(ctx, data); err != nil {
		return nil, err
	}
	_, err = journal.Verify(ctx, w.journal, func(b *journal.Block) error {
		for _, e := range b.Entries {
			signed, _, err := channel.Open(e.Envelope)
			if err != nil {
				return err
			}
			w.state.Apply(e.Time, signed)
		}
		return w.chain.Follow(b)
	})
	w.time, w.digest = max(time.Now().UnixMilli(), w.state.Now()), w.state.Digest()
	return w, err
}

// command returns what is said at a step of a site's five commands, and by whom.
func (w *writer) command(step int, d *draft.Draft) (*cast.Person, parley.Body) {
	c := w.cast
	switch step {
	case 0:
		w.lat, w.lon = 30+w.random.Float64()*7, 36+w.random.Float64()*12
		return c.Org, &parley.SiteNotify{Site: cast.Hospital(d, cast.At(w.lat, w.lon), cast.Start, c.A.Ref)}
	case 1:
		return c.Verifier, &parley.ObjectVerify{Of: w.of, Method: parley.CheckedMap, Source: d.Text("map sheet"), On: w.time}
	case 2:
		return c.Releaser, &parley.ObjectRelease{Of: w.of, To: c.A.Ref}
	case 3:
		return c.A.Officer, &parley.ObjectAcknowledge{Of: w.of, ReadBack: cast.At(w.lat, w.lon)}
	default:
		return c.Org, &parley.SiteRevalidate{Of: w.of}
	}
}

// say signs a command, applies it and puts it into the next block.
func (w *writer) say(step int) error {
	d := &draft.Draft{Theatre: w.theatre, MadeAt: w.time}
	who, body := w.command(step, d)
	s, err := d.Sign(body, who.Key)
	if err != nil {
		return err
	}
	signed, _, err := channel.Open(s.Envelope)
	if err != nil {
		return err
	}
	begin := time.Now()
	out, refusal := w.state.Apply(w.time, signed)
	w.applied += time.Since(begin)
	if refusal != nil {
		return fmt.Errorf("%s: %w", out.Kind, &refusal.Fault)
	}
	if step == 0 {
		w.of = cast.V(out.Ref, 1)
	}
	w.entries = append(w.entries, journal.Entry{Time: w.time, Envelope: s.Envelope})
	for _, p := range s.Payloads {
		plain, err := p.MarshalBinary()
		if err != nil {
			return err
		}
		w.payloads = append(w.payloads, journal.Payload{Commitment: p.Commitment().Hash, Plain: plain})
	}
	return nil
}

// flush appends the block. As in a node, a snapshot is written beside it when one is due.
func (w *writer) flush(commands int) error {
	b, err := w.chain.Next(journal.Header{Theatre: w.theatre, Time: w.time, Digest: w.digest, Rules: channel.Rules}, w.entries)
	if err != nil {
		return err
	}
	if err := w.journal.Append(context.Background(), b, w.payloads); err != nil {
		return err
	}
	if err := w.chain.Follow(b); err != nil {
		return err
	}
	begin := time.Now()
	w.digest = w.state.Digest()
	w.stalls.block(w.applied + time.Since(begin))
	w.entries, w.payloads, w.applied = nil, nil, 0
	return w.stalls.due(commands, w)
}
