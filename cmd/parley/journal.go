package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/node"
)

// dataFolder names a server's data folder.
type dataFolder struct {
	Data string `required:"" placeholder:"DIR" help:"The server's data folder, or a copy of it."`
}

// open opens the journal in the folder; it never makes one.
func (d dataFolder) open(ctx context.Context) (journal.Journal, error) {
	if _, err := os.Stat(filepath.Join(d.Data, "journal.db")); err != nil {
		return nil, fmt.Errorf("couldn't open the journal: %w; --data is the folder that parley init has made", err)
	}
	return journal.OpenSQLite(ctx, d.Data)
}

type journalCmd struct {
	Verify     journalVerifyCmd `cmd:"" help:"Verify every block, signature, outcome and payload of a journal." example:"parley journal verify --data /var/lib/parley"`
	AcceptHead journalAcceptCmd `cmd:"" help:"Decide that a journal ends where it now ends, although its head guard says otherwise." example:"parley journal accept-head --data /var/lib/parley"`
	Move       journalMoveCmd   `cmd:"" help:"Move a journal from its folder into a PostgreSQL database, or back, proofs and all. The server must be stopped." example:"parley journal move --data /var/lib/parley --to postgres://parley@db.example.org/parley"`
	Retain     journalRetainCmd `cmd:"" help:"Say which movements are past their retention and why the others are kept; with --erase, erase the envelopes of those. The server must be stopped." example:"parley journal retain --data /var/lib/parley --older 90"`
	Repair     journalRepairCmd `cmd:"" help:"Replace a damaged journal by that of another node or folder, verified block by block. The server must be stopped." example:"parley journal repair --data /var/lib/parley --from https://parley2.example.org"`
	Export     journalExportCmd `cmd:"" help:"Write every entry as one line of JSON: position, time, outcome, envelope. Never a payload." example:"parley journal export --data /var/lib/parley"`
}

// replayer applies a journal from its first block, and checks what package journal leaves to whoever applies commands: signatures
// under the keys that the journal itself admitted, rules versions, and the state digests in the headers.
//
// Where envelopes are erased it begins behind the witnessed snapshot that stands in for them; what lies before is held against the chain.
type replayer struct {
	base     *node.Base // nil: from the first block
	behind   uint64     // height of the base
	erased   uint64     // entries whose envelope is erased
	state    *channel.State
	outcomes map[string]uint64
	rightly  func(position uint64) bool // whether the envelope there was to go
	each     func(journal.Block, int, *channel.Signed, parley.Outcome) error
}

func (r *replayer) visit(b *journal.Block) error {
	damage := func(what, read, expected string) error {
		return &journal.Damage{Height: b.Height, What: what, Read: read, Expected: expected}
	}
	if b.Height <= r.behind {
		return r.visitOld(b)
	}
	if b.Rules != channel.Rules {
		return damage("rules version", fmt.Sprint(b.Rules), fmt.Sprintf("%d, the only one this program knows", channel.Rules))
	}
	if b.Height > 1 {
		if got := r.state.Digest(); got != b.Digest {
			return damage("state digest", b.Digest.String(), got.String()+", as its commands give")
		}
	}
	for i, entry := range b.Entries {
		what := fmt.Sprintf("entry %d", i)
		if entry.Erased != nil {
			return fmt.Errorf("%s of block %d: %w", what, b.Height, node.ErrNoBase)
		}
		signed, envelope, err := channel.Open(entry.Envelope)
		if err != nil {
			return damage(what, err.Error(), "a signed command")
		}
		if err := channel.Verify(envelope, signed.Command, r.state.KeyOf); err != nil {
			return damage(what, err.Error(), "signatures by keys that were admitted before it")
		}
		if b.Height == 1 && i == 0 && signed.Name != b.Theatre {
			return damage("theatre", b.Theatre.String(), signed.Name.String()+", the name of its first command")
		}
		outcome, _ := r.state.Apply(entry.Time, signed)
		r.outcomes[string(outcome.Code)]++
		if r.each != nil {
			if err := r.each(*b, i, signed, outcome); err != nil {
				return err
			}
		}
	}
	return nil
}

// newReplayer returns one that begins at the first block, or behind the base of a folder whose journal has erased envelopes.
func newReplayer(ctx context.Context, folder string, j journal.Journal) (*replayer, error) {
	r := &replayer{state: channel.New(), outcomes: map[string]uint64{}}
	bases, _, err := node.Bases(folder)
	if err != nil || len(bases) == 0 {
		return r, err
	}
	base, state, _, err := node.FindBase(ctx, folder, j)
	if err != nil {
		return nil, err
	}
	r.base, r.state, r.behind = base, state, base.Note.Height
	gone := state.ErasedEnvelopes(base.Note.Size)
	r.rightly = func(position uint64) bool {
		_, ok := slices.BinarySearch(gone, position)
		return ok
	}
	return r, nil
}

// visitOld checks a block before the base: signatures of what is there, and that what is gone was to go.
func (r *replayer) visitOld(b *journal.Block) error {
	for i, entry := range b.Entries {
		position := b.Size - uint64(b.Count) + uint64(i)
		damage := func(read, expected string) error {
			return &journal.Damage{Height: b.Height, What: fmt.Sprintf("entry %d", i), Read: read, Expected: expected}
		}
		outcome := r.state.OutcomeAt(position)
		r.outcomes[string(outcome.Code)]++
		var signed *channel.Signed
		if entry.Erased != nil {
			r.erased++
			if !r.rightly(position) {
				return damage("no envelope", "one, since no command has ended its retention")
			}
		} else {
			var envelope *parley.Envelope
			var err error
			if signed, envelope, err = channel.Open(entry.Envelope); err == nil {
				err = channel.Verify(envelope, signed.Command, r.state.KeyOf)
			}
			if err != nil {
				return damage(err.Error(), "a command signed by keys that were admitted")
			}
			if signed.Name != outcome.Name {
				return damage(signed.Name.String(), outcome.Name.String()+", as the witnessed snapshot says")
			}
		}
		if r.each != nil {
			if err := r.each(*b, i, signed, outcome); err != nil {
				return err
			}
		}
	}
	return nil
}

type journalVerifyCmd struct{ dataFolder }

// verified is what journal verify prints with --json.
type verified struct {
	Theatre  parley.Hash       `json:"theatre"`
	Height   uint64            `json:"height"`
	Size     uint64            `json:"size"`
	Hash     parley.Hash       `json:"hash"`
	Root     parley.Hash       `json:"root"`
	Digest   parley.Hash       `json:"digest"`
	Time     string            `json:"time"`
	Outcomes map[string]uint64 `json:"outcomes"`
	Erased   uint64            `json:"erased,omitzero"` // entries whose envelope is erased
	Base     uint64            `json:"base,omitzero"`   // height of the witnessed snapshot that stands in for them
}

func (c *journalVerifyCmd) Run(a *app) (err error) {
	j, err := c.open(a.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	r, err := newReplayer(a.ctx, c.Data, j)
	if err != nil {
		return err
	}
	var last journal.Header
	head, err := journal.Verify(a.ctx, j, func(b *journal.Block) error {
		last = b.Header
		return r.visit(b)
	})
	if err != nil {
		return err
	}
	v := verified{Theatre: last.Theatre, Height: head.Height, Size: head.Size, Hash: head.Hash, Root: last.Root, Digest: r.state.Digest(), Time: parley.Stamp(head.Time), Outcomes: r.outcomes, Erased: r.erased, Base: r.behind}
	if a.JSON {
		return a.printJSON(v)
	}
	fmt.Fprintf(a.out, "the journal holds: %d entries in %d blocks, up to %s\n", v.Size, v.Height, v.Time)
	a.row("theatre", v.Theatre)
	a.row("head", v.Hash)
	a.row("root", v.Root)
	a.row("state", v.Digest)
	if r.base != nil {
		a.row("erased", fmt.Sprintf("%d envelopes past their retention; their hashes stand", v.Erased))
		a.row("base", fmt.Sprintf("the state after block %d, witnessed at position %d: the outcomes before it are its word", v.Base, r.base.Position))
	}
	for _, code := range slices.Sorted(maps.Keys(v.Outcomes)) {
		a.row(code, v.Outcomes[code])
	}
	return nil
}

type journalAcceptCmd struct{ dataFolder }

func (c *journalAcceptCmd) Run(a *app) error {
	j, err := os.Stat(filepath.Join(c.Data, "journal.db"))
	if err != nil || j.IsDir() {
		return fmt.Errorf("couldn't open the journal: %w; --data is the folder that parley init has made", err)
	}
	head, err := journal.AcceptHead(a.ctx, c.Data)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]any{"height": head.Height, "size": head.Size, "hash": head.Hash})
	}
	fmt.Fprintf(a.out, "accepted: the journal ends at height %d with %d entries, block %s\nBlocks after it stay lost; whoever holds a receipt for one can prove it.\n", head.Height, head.Size, head.Hash)
	return nil
}

type journalExportCmd struct{ dataFolder }

// kept is one entry as journal export writes it.
type kept struct {
	Position uint64          `json:"position"`
	Height   uint64          `json:"height"`
	At       string          `json:"at"`
	Name     parley.Hash     `json:"name"`
	Kind     string          `json:"kind"`
	Outcome  string          `json:"outcome"`
	Ref      parley.Ref      `json:"ref,omitzero"`
	Envelope json.RawMessage `json:"envelope,omitempty"`
	Erased   parley.Hash     `json:"erased,omitzero"` // SHA-256 of an envelope that is erased
}

func (c *journalExportCmd) Run(a *app) (err error) {
	j, err := c.open(a.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	r, err := newReplayer(a.ctx, c.Data, j)
	if err != nil {
		return err
	}
	r.each = func(b journal.Block, i int, signed *channel.Signed, o parley.Outcome) error {
		k := kept{Position: o.Position, Height: b.Height, At: parley.Stamp(o.At), Name: o.Name, Kind: string(o.Kind), Outcome: string(o.Code), Ref: o.Ref, Envelope: b.Entries[i].Envelope}
		if gone := b.Entries[i].Erased; gone != nil {
			k.Erased = gone.Sum
		}
		return a.printJSON(k)
	}
	for b, err := range j.Blocks(a.ctx, 1) {
		if err != nil {
			return err
		}
		if err := r.visit(b); err != nil {
			return err
		}
	}
	return nil
}
