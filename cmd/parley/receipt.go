package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/proof"
)

type receiptCmd struct {
	Name     hash   `arg:"" help:"The command's name, as every answer gives it."`
	Envelope string `type:"existingfile" placeholder:"FILE" help:"Your own copy, from --save-envelope; without it, the one the server has."`
	LogKey   string `placeholder:"KEY" help:"The log's public key, as you noted it before; without it, the one the server names."`
	Save     string `placeholder:"FILE" help:"Keep the receipt in a file."`
}

// receipt is what the server gives as proof that a command is stored.
type receipt struct {
	Stored     string          `json:"stored"`
	Checkpoint string          `json:"checkpoint"`
	Size       uint64          `json:"size"`
	Inclusion  []proof.Hash    `json:"inclusion"`
	LogKey     string          `json:"log_key"`
	Envelope   json.RawMessage `json:"envelope"`
	Sentence   string          `json:"sentence"`
}

// Run fetches a stored receipt and believes none of it: every signature and the way to the root are computed here.
func (c *receiptCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	text, err := client.get(a.ctx, "/v1/commands/"+c.Name.String()+"/receipt")
	if err != nil {
		return err
	}
	var r receipt
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("couldn't read the receipt: %w", err)
	}
	if c.LogKey != "" && c.LogKey != r.LogKey {
		return fmt.Errorf("the server names the log key %s; expected %s, which you noted", r.LogKey, c.LogKey)
	}
	if c.Envelope != "" {
		kept, err := os.ReadFile(c.Envelope)
		if err != nil {
			return fmt.Errorf("couldn't read your copy: %w", err)
		}
		var s submission
		if err := json.Unmarshal(kept, &s); err != nil {
			return fmt.Errorf("couldn't read your copy: %w", err)
		}
		r.Envelope = s.Envelope
	}
	stored, err := r.verify(c.Name.Hash)
	if err != nil {
		return fmt.Errorf("the receipt does not hold: %w", err)
	}
	if c.Save != "" {
		if err := os.WriteFile(c.Save, append(text, '\n'), 0o600); err != nil {
			return fmt.Errorf("couldn't keep the receipt: %w", err)
		}
	}
	if a.JSON {
		return a.printJSON(struct {
			Verified bool            `json:"verified"`
			Outcome  string          `json:"outcome"`
			Position uint64          `json:"position"`
			Height   uint64          `json:"height"`
			At       string          `json:"at"`
			Receipt  json.RawMessage `json:"receipt"`
		}{true, stored.Outcome, stored.Position, stored.Height, parley.Stamp(stored.Time), text})
	}
	fmt.Fprintf(a.out, "%s\n  %s at %s, position %d, height %d\n  holds: the log's signature, the command's name, and its place in the tree of %d entries\n  stored is durable; it is neither witnessed nor read by anyone\n  %s\n",
		c.Name, stored.Outcome, parley.Stamp(stored.Time), stored.Position, stored.Height, r.Size, r.Sentence)
	return nil
}

// verify checks that the log has signed for this command, and that the command stands in the log's tree.
func (r *receipt) verify(name parley.Hash) (s proof.Stored, err error) {
	key, err := note.NewVerifier(r.LogKey)
	if err != nil {
		return s, fmt.Errorf("log key: %w", err)
	}
	if s, err = proof.VerifyStored([]byte(r.Stored), key); err != nil {
		return s, err
	}
	if s.Name != name {
		return s, fmt.Errorf("it is for the command %s; expected %s", s.Name, name)
	}
	head, err := proof.ParseCheckpoint([]byte(r.Checkpoint), key)
	if err != nil {
		return s, err
	}
	envelope, err := parley.ParseEnvelope(r.Envelope)
	if err != nil {
		return s, fmt.Errorf("envelope: %w", err)
	}
	if got := envelope.Name(); got != name {
		return s, fmt.Errorf("the envelope holds the command %s; expected %s", got, name)
	}
	written, err := envelope.MarshalJSON()
	if err != nil {
		return s, err
	}
	sum := sha256.Sum256(written)
	leaf := append(binary.BigEndian.AppendUint64(nil, uint64(s.Time)), sum[:]...)
	return s, proof.VerifyInclusion(r.Inclusion, head.Size, head.Root, s.Position, leaf)
}
