package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley"
	"parley/channel"
	"parley/node"
)

type journalRetainCmd struct {
	dataFolder
	Older   int           `default:"30" placeholder:"DAYS" help:"How old the last word about a movement that is over has to be: 30 days at least."`
	Erase   bool          `help:"Erase, once witnesses have cosigned the state behind it. Without it nothing changes: what would go is said, and why the rest is kept."`
	Wait    time.Duration `default:"1m" help:"With --erase: how long to wait for witnesses. What they cosign later is erased by the next server that runs."`
	Journal string        `env:"PARLEY_JOURNAL" placeholder:"URL" help:"The journal lies in this PostgreSQL database."`
}

// retained is what journal retain prints with --json.
type retained struct {
	Movements []channel.Retained `json:"movements"`
	Erased    bool               `json:"erased"`
	Waits     string             `json:"waits,omitzero"` // why nothing is erased yet
}

// Run says what is past its retention, and erases it when asked to.
func (c *journalRetainCmd) Run(a *app) (err error) {
	age := int64(c.Older) * parley.Day
	if age < parley.MovementRetention {
		return parley.Invalid("--older", fmt.Sprint(c.Older), "30 days or more")
	}
	shared, err := openShared(a.ctx, c.Journal, c.Data, slog.New(slog.NewTextHandler(a.err, nil)))
	if err != nil {
		return err
	}
	n, err := node.Open(a.ctx, node.Config{Folder: c.Data, Log: slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn})), Journal: shared})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.Close()) }()
	var r retained
	if !c.Erase {
		if r.Movements, err = n.Retention(age); err != nil {
			return err
		}
		return c.say(a, r)
	}
	if r.Movements, err = n.EndRetention(a.ctx, age); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(a.ctx, c.Wait)
	defer cancel()
	for {
		if r.Waits, err = n.EraseBehindBase(a.ctx); err != nil || r.Waits == "" {
			break
		}
		select {
		case <-time.After(50 * time.Millisecond):
			continue
		case <-ctx.Done():
		}
		break
	}
	if err != nil {
		return err
	}
	r.Erased = r.Waits == ""
	return c.say(a, r)
}

func (c *journalRetainCmd) say(a *app, r retained) error {
	if a.JSON {
		return a.printJSON(r)
	}
	goes, entries := 0, 0
	for _, m := range r.Movements {
		if m.Why == nil {
			goes, entries = goes+1, entries+m.Entries
			a.row(string(m.Movement), fmt.Sprintf("%d envelopes, last word %s: past its retention", m.Entries, parley.Stamp(m.Last)))
		} else {
			a.row(string(m.Movement), fmt.Sprintf("%d envelopes, last word %s: kept, %s; %s", m.Entries, parley.Stamp(m.Last), m.Why.Read, m.Why.Expected))
		}
	}
	switch {
	case !c.Erase:
		fmt.Fprintf(a.out, "%d movements with %d envelopes would go, with the texts that nothing else needs. Nothing was changed: --erase does it.\n", goes, entries)
	case r.Erased:
		fmt.Fprintf(a.out, "erased: the envelopes of %d movements, %d entries, behind a witnessed snapshot. Hashes, outcomes and proofs stand. Copies made before follow as docs/operations.md says.\n", goes, entries)
	default:
		fmt.Fprintf(a.out, "decided, not yet erased: %s. The server erases them as soon as it may.\n", r.Waits)
	}
	return nil
}
