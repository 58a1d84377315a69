package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"parley"
	"parley/proof"
)

type receiptCmd struct {
	Name      hash          `arg:"" help:"The command's name, as every answer gives it."`
	Envelope  string        `type:"existingfile" placeholder:"FILE" help:"Your own copy, from --save-envelope: it is held against the receipt, and its texts go into the file of --save."`
	LogKey    string        `placeholder:"KEY" help:"The log's public key, as you noted it before; without it, the one the server names."`
	Policy    string        `type:"existingfile" placeholder:"FILE" help:"Whose cosignatures count, as you noted it before; without it, what the server names."`
	Wait      time.Duration `placeholder:"DURATION" help:"Wait so long for the cosignatures of witnesses, such as 30s."`
	Save      string        `placeholder:"FILE" help:"Keep the receipt in a file, for parley verify on any machine."`
	TlogProof string        `placeholder:"FILE" help:"Keep the C2SP tlog-proof alone in a file, for tools of others."`
}

// Run fetches a receipt and believes none of it: every signature and the way to the root are computed here.
func (c *receiptCmd) Run(a *app) error {
	trust, err := trustOf(c.LogKey, c.Policy)
	if err != nil {
		return err
	}
	client, err := a.client()
	if err != nil {
		return err
	}
	var r *proof.Receipt
	var v *proof.Verified
	for end := time.Now().Add(c.Wait); ; {
		if r, v, err = c.fetch(a, client, trust); err != nil {
			return err
		}
		if wholly(v) || time.Now().After(end) {
			break
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-a.ctx.Done():
			return a.ctx.Err()
		}
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	for _, file := range []struct {
		path string
		text []byte
	}{{c.Save, append(text, '\n')}, {c.TlogProof, []byte(r.Proof)}} {
		if file.path == "" {
			continue
		}
		if err := os.WriteFile(file.path, file.text, 0o600); err != nil {
			return fmt.Errorf("couldn't keep the receipt: %w", err)
		}
	}
	return a.printVerified(r, v, trust, text)
}

// wholly reports whether all of a receipt is witnessed, or there is nobody who could.
func wholly(v *proof.Verified) bool {
	all := v.Tree.Quorum
	for i := range v.Acknowledged {
		all = all && v.Acknowledged[i].Tree.Quorum
	}
	return all || v.Policy == nil
}

// fetch fetches the receipt as it is now and verifies it.
func (c *receiptCmd) fetch(a *app, client *client, trust proof.Trust) (*proof.Receipt, *proof.Verified, error) {
	text, err := client.get(a.ctx, "/v1/commands/"+c.Name.String()+"/receipt")
	if err != nil {
		return nil, nil, err
	}
	r, err := proof.ParseReceipt(text)
	if err != nil {
		return nil, nil, fmt.Errorf("couldn't read the receipt: %w", err)
	}
	if c.Envelope != "" {
		if err := c.own(r); err != nil {
			return nil, nil, err
		}
	}
	v, err := verifyReceipt(r, c.Name.Hash, trust)
	return r, v, err
}

// own puts the sender's own copy, with its texts, in the place of what the server has.
func (c *receiptCmd) own(r *proof.Receipt) error {
	kept, err := os.ReadFile(c.Envelope)
	if err != nil {
		return fmt.Errorf("couldn't read your copy: %w", err)
	}
	var s submission
	if err := json.Unmarshal(kept, &s); err != nil {
		return fmt.Errorf("couldn't read your copy: %w", err)
	}
	r.Envelope, r.Texts = proof.Written(s.Envelope), s.Payloads
	return nil
}

// verifyReceipt checks a receipt that has to be for a command.
func verifyReceipt(r *proof.Receipt, name parley.Hash, trust proof.Trust) (*proof.Verified, error) {
	v, err := r.Verify(trust)
	if err != nil {
		return nil, fmt.Errorf("the receipt does not hold: %v", err) // its faults are no refusals of a command
	}
	if v.Name != name {
		return nil, fmt.Errorf("the receipt does not hold: it is for the command %s; expected %s", v.Name, name)
	}
	return v, nil
}

// trustOf reads what the user has noted beforehand.
func trustOf(logKey, policy string) (t proof.Trust, err error) {
	t.LogKey = logKey
	if policy == "" {
		return t, nil
	}
	text, err := os.ReadFile(policy)
	if err != nil {
		return t, fmt.Errorf("couldn't read the witnesses that you noted: %w", err)
	}
	t.Policy, err = proof.ParsePolicy(string(text))
	return t, err
}
