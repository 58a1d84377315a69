package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"parley/journal"
	"parley/node"
)

// openShared opens the journal in a database, nil without one.
func openShared(ctx context.Context, address, folder string, log *slog.Logger) (journal.Journal, error) {
	if address == "" {
		return nil, nil
	}
	if err := databaseAddress("--journal", address); err != nil {
		return nil, err
	}
	j, err := journal.OpenShared(ctx, address, folder, log)
	if err != nil {
		return nil, err
	}
	return j, nil
}

// databaseAddress refuses an address of another kind of database. The address is not repeated: it may hold a password.
func databaseAddress(flag, address string) error {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return nil
	}
	return usage("%s: expected an address such as postgres://parley@db.example.org/parley", flag)
}

type journalMoveCmd struct {
	dataFolder
	To   string `placeholder:"URL" help:"Into this PostgreSQL database, which is empty or holds the beginning of the journal. Also restores a database from the copy in a folder."`
	From string `placeholder:"URL" help:"Back from this PostgreSQL database into the folder. No server may sequence in it any more."`
}

// Run moves a theatre's journal between its folder and a database. Blocks go as they are, so every proof and receipt stays.
func (c *journalMoveCmd) Run(a *app) (err error) {
	if (c.To == "") == (c.From == "") {
		return usage("--to or --from: one of both, with the address of a PostgreSQL database")
	}
	if err := databaseAddress("--to and --from", c.To+c.From); err != nil {
		return err
	}
	held, err := node.Hold(c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	if c.To != "" {
		if err := c.into(a.ctx); err != nil {
			return err
		}
	}
	head, err := c.verify(a.ctx, slog.New(slog.NewTextHandler(a.err, nil)))
	if err == nil && c.From != "" {
		err = journal.TakeBack(c.Data)
	}
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]any{"height": head.Height, "size": head.Size, "hash": head.Hash, "shared": c.To != ""})
	}
	where := "in the folder again; serve without --journal"
	if c.To != "" {
		where = "in the database, and a verified copy in the folder; serve with --journal"
	}
	fmt.Fprintf(a.out, "moved and verified: %d entries in %d blocks, head %s\nThe journal lies %s.\n", head.Size, head.Height, head.Hash, where)
	return nil
}

// into writes into the database what it lacks of the folder's journal.
func (c *journalMoveCmd) into(ctx context.Context) (err error) {
	local, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	database, err := journal.OpenPostgres(ctx, c.To, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	if _, err := journal.Copy(ctx, database, local); err != nil {
		return err
	}
	_, err = journal.Verify(ctx, database, nil)
	return err
}

// verify brings the folder's copy to the database's head and verifies all of it.
func (c *journalMoveCmd) verify(ctx context.Context, log *slog.Logger) (head journal.Head, err error) {
	shared, err := journal.OpenShared(ctx, c.To+c.From, c.Data, log)
	if err != nil {
		return head, err
	}
	defer func() { err = errors.Join(err, shared.Close()) }()
	if err := shared.Compare(ctx); err != nil {
		return head, err
	}
	return journal.Verify(ctx, shared, nil)
}
