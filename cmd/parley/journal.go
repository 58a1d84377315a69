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
	Export     journalExportCmd `cmd:"" help:"Write every entry as one line of JSON: position, time, outcome, envelope. Never a payload." example:"parley journal export --data /var/lib/parley"`
}

// replayer applies a journal from its first block, and checks what package journal leaves to whoever applies commands: signatures
// under the keys that the journal itself admitted, rules versions, and the state digests in the headers.
type replayer struct {
	state    *channel.State
	outcomes map[string]uint64
	each     func(journal.Block, int, *channel.Signed, parley.Outcome) error
}

func (r *replayer) visit(b *journal.Block) error {
	damage := func(what, read, expected string) error {
		return &journal.Damage{Height: b.Height, What: what, Read: read, Expected: expected}
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
}

func (c *journalVerifyCmd) Run(a *app) (err error) {
	j, err := c.open(a.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	r := &replayer{state: channel.New(), outcomes: map[string]uint64{}}
	var last journal.Header
	head, err := journal.Verify(a.ctx, j, func(b *journal.Block) error {
		last = b.Header
		return r.visit(b)
	})
	if err != nil {
		return err
	}
	v := verified{Theatre: last.Theatre, Height: head.Height, Size: head.Size, Hash: head.Hash, Root: last.Root, Digest: r.state.Digest(), Time: parley.Stamp(head.Time), Outcomes: r.outcomes}
	if a.JSON {
		return a.printJSON(v)
	}
	fmt.Fprintf(a.out, "the journal holds: %d entries in %d blocks, up to %s\n", v.Size, v.Height, v.Time)
	a.row("theatre", v.Theatre)
	a.row("head", v.Hash)
	a.row("root", v.Root)
	a.row("state", v.Digest)
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
	Envelope json.RawMessage `json:"envelope"`
}

func (c *journalExportCmd) Run(a *app) (err error) {
	j, err := c.open(a.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	r := &replayer{state: channel.New(), outcomes: map[string]uint64{}}
	r.each = func(b journal.Block, i int, signed *channel.Signed, o parley.Outcome) error {
		return a.printJSON(kept{Position: o.Position, Height: b.Height, At: parley.Stamp(o.At), Name: o.Name, Kind: string(signed.Command.Kind),
			Outcome: string(o.Code), Ref: o.Ref, Envelope: b.Entries[i].Envelope})
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
