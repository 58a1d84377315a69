package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"

	"parley/deliver"
	"parley/node"
)

// deliverFile is taken from the data folder when serve is given no other.
const deliverFile = "deliver.json"

// delivery starts the outbound channels that a file describes, and returns what ends them. Without a file there are none.
func (c *serveCmd) delivery(a *app, n *node.Node, log *slog.Logger) (end func() error, err error) {
	file := c.Deliver
	if file == "" {
		file = filepath.Join(c.Data, deliverFile)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return func() error { return nil }, nil
		}
	}
	cfg, err := deliver.Load(file)
	if err != nil {
		return nil, err
	}
	s, err := deliver.Start(a.ctx, n, c.Data, cfg, log)
	if err != nil {
		return nil, fmt.Errorf("couldn't start the outbound channels: %w", err)
	}
	return s.Close, nil
}

type deliverCmd struct {
	Check deliverCheckCmd `cmd:"" help:"Check a file of outbound channels, with the secrets and certificates that it names." example:"parley deliver check deliver.json"`
	Log   deliverLogCmd   `cmd:"" help:"Show what was delivered, what failed and why." example:"parley deliver log --data /var/lib/parley"`
	Try   deliverTryCmd   `cmd:"" help:"Send a message marked TEST by a channel. It names no record." example:"parley deliver try north-hook --data /var/lib/parley"`
}

type deliverCheckCmd struct {
	File string `arg:"" placeholder:"FILE" help:"The file."`
}

// Run checks the file alone: whether a member exists, only the server knows.
func (c *deliverCheckCmd) Run(a *app) error {
	cfg, err := deliver.Load(c.File)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(struct {
			Channels int `json:"channels"`
		}{len(cfg.Channels)})
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	for _, ch := range cfg.Channels {
		note := ""
		if ch.Kind == deliver.KindCoT {
			note = "carries the places of " + string(ch.Positions)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", ch.Name, ch.Kind, ch.Member, note)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%d channels can be read\n", len(cfg.Channels))
	return err
}

type deliverLogCmd struct {
	Data    string `required:"" placeholder:"DIR" help:"The server's data folder."`
	Channel string `placeholder:"NAME" help:"Of this channel alone."`
	Dead    bool   `help:"The dead letters instead: what was given up."`
	Limit   int    `default:"200" placeholder:"N" help:"At most so many lines, the newest ones."`
}

// Run prints the log, oldest line first, and what waits.
func (c *deliverLogCmd) Run(a *app) (err error) {
	if c.Limit < 1 {
		return usage("--limit %d: expected 1 or more", c.Limit)
	}
	log, err := deliver.OpenLog(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	lines, err := log.Lines(a.ctx, c.Channel, c.Dead, c.Limit)
	if err != nil {
		return err
	}
	if a.JSON {
		for _, line := range lines {
			if err := a.printJSON(line); err != nil {
				return err
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	for _, l := range lines {
		number := "-"
		if l.Number != nil {
			number = strconv.FormatUint(*l.Number, 10)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", l.At, l.Channel, number, l.Kind, l.Reference, l.Outcome, l.Attempts, l.Why)
	}
	backlogs, err := log.Backlogs(a.ctx)
	if err != nil {
		return err
	}
	for _, b := range backlogs {
		if c.Channel == "" || c.Channel == b.Channel {
			fmt.Fprintf(w, "%s\t%d waiting\t%d dead\n", b.Channel, b.Waiting, b.Dead)
		}
	}
	return w.Flush()
}

type deliverTryCmd struct {
	Channel string `arg:"" placeholder:"CHANNEL" help:"Name of the channel."`
	Data    string `required:"" placeholder:"DIR" help:"The server's data folder."`
	Deliver string `placeholder:"FILE" help:"The file of channels; deliver.json in the data folder is taken by itself."`
}

// Run sends by itself, not through the server, which may be running. The exercise mark comes from the delivery log.
func (c *deliverTryCmd) Run(a *app) error {
	file := c.Deliver
	if file == "" {
		file = filepath.Join(c.Data, deliverFile)
	}
	cfg, err := deliver.Load(file)
	if err != nil {
		return err
	}
	log, err := deliver.OpenLog(c.Data)
	if err != nil {
		return fmt.Errorf("%w; start the server with the channels once, so that the message is marked rightly", err)
	}
	theatre, exercise, err := log.Theatre(a.ctx)
	if err = errors.Join(err, log.Close()); err != nil {
		return err
	}
	if err := deliver.Try(a.ctx, cfg, c.Channel, theatre, exercise); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "taken by %s\n", c.Channel)
	return err
}
