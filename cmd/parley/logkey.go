package main

import (
	"fmt"
	"time"

	"parley/node"
	"parley/proof"
)

type logKeyCmd struct {
	Show   logKeyShowCmd   `cmd:"" help:"Show the log's public key and what it followed." example:"parley log-key show --data /var/lib/parley"`
	Rotate logKeyRotateCmd `cmd:"" help:"Begin with a new key. Both sign until the old one is retired. The server must be stopped." example:"parley log-key rotate --data /var/lib/parley"`
	Retire logKeyRetireCmd `cmd:"" help:"Destroy the old key, once witnesses and parties have the new one. The server must be stopped." example:"parley log-key retire --data /var/lib/parley"`
}

type logKeyShowCmd struct{ dataFolder }

func (c *logKeyShowCmd) Run(a *app) error {
	current, before, rotations, err := node.LogKeyOf(c.Data)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(struct {
			LogKey    string   `json:"log_key"`
			Before    string   `json:"before,omitzero"`
			Rotations []string `json:"log_key_rotations,omitempty"`
		}{current, before, rotations})
	}
	fmt.Fprintf(a.out, "%s\n", current)
	if before != "" {
		fmt.Fprintf(a.out, "  %s signs along until it is retired\n", before)
	}
	for _, signed := range rotations {
		r, err := proof.VerifyRotation([]byte(signed))
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "  at %d entries %s followed %s\n", r.Size, r.To, r.From)
	}
	return nil
}

type logKeyRotateCmd struct{ dataFolder }

func (c *logKeyRotateCmd) Run(a *app) error {
	signed, err := node.RotateLogKey(a.ctx, c.Data, time.Now().UnixMilli())
	if err != nil {
		return err
	}
	r, err := proof.VerifyRotation(signed)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]string{"log_key": r.To, "before": r.From, "rotation": string(signed)})
	}
	fmt.Fprintf(a.out, "%s\n  follows %s, which signs along until it is retired\n  hand this out to witnesses and parties; both keys have signed it:\n\n%s", r.To, r.From, signed)
	return nil
}

type logKeyRetireCmd struct{ dataFolder }

func (c *logKeyRetireCmd) Run(a *app) error {
	public, err := node.RetireLogKey(c.Data)
	if err != nil {
		return err
	}
	if a.JSON {
		return a.printJSON(map[string]string{"retired": public})
	}
	fmt.Fprintf(a.out, "%s is destroyed and signs no more. Receipts under it still verify.\n", public)
	return nil
}
