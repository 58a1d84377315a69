package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"parley"
	"parley/journal"
	"parley/node"
)

type journalRepairCmd struct {
	dataFolder
	From    string      `placeholder:"URL|FOLDER" help:"Another node of this theatre, or a data folder. Without it the addresses in the file peers of the data folder are asked in turn."`
	Theatre parley.Hash `placeholder:"HASH" help:"The theatre's name, when neither the journal nor a snapshot can say it."`
}

// Run fetches the journal, verifies it against what this folder remembers, and puts it in place of the damaged one.
func (c *journalRepairCmd) Run(a *app) error {
	from := []string{c.From}
	if c.From == "" {
		var err error
		if from, err = node.Peers(c.Data); err != nil {
			return err
		}
		if len(from) == 0 {
			return usage("--from: expected the address of another node or a folder, or addresses in the file %s of the data folder", node.PeersFile)
		}
	}
	log := slog.New(slog.NewTextHandler(a.err, nil))
	var failed []error
	for _, name := range from {
		lender, err := c.lender(a, name)
		if err == nil {
			var head journal.Head
			if head, err = node.Repair(a.ctx, c.Data, lender); err == nil {
				return c.say(a, name, head)
			}
		}
		if errors.Is(err, node.ErrLies) {
			log.Error("ALARM: a peer lends another journal", "peer", name, "why", err)
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func (c *journalRepairCmd) lender(a *app, name string) (node.Lender, error) {
	if !strings.Contains(name, "://") {
		return node.NewFolder(name), nil
	}
	theatre := c.Theatre
	if theatre.IsZero() {
		var err error
		if theatre, err = node.TheatreOf(c.Data); err != nil {
			return nil, err
		}
	}
	way, err := a.way()
	if err != nil {
		return nil, err
	}
	return node.NewPeer(name, c.Data, theatre, &http.Client{Transport: way})
}

func (c *journalRepairCmd) say(a *app, name string, head journal.Head) error {
	if a.JSON {
		return a.printJSON(map[string]any{"from": name, "height": head.Height, "size": head.Size, "hash": head.Hash})
	}
	fmt.Fprintf(a.out, "repaired from %s: %d entries in %d blocks, head %s\nEvery block was verified. The old files lie in damaged-… of the data folder: remove them when you need them no longer.\n", name, head.Size, head.Height, head.Hash)
	return nil
}
