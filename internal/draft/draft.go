// Package draft makes commands with the payloads they commit to, for those who hold a key: the client, the demo, tests, and the pages
// that draft for a device.
package draft

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"

	"parley"
)

// Draft gathers the texts of one command until it is signed.
type Draft struct {
	Theatre   parley.Hash
	MadeAt    int64 // milliseconds UTC
	NotBefore *parley.Checkpoint
	OnBehalf  *parley.OnBehalf
	payloads  []parley.Payload
}

// Submission is what goes to a node: an envelope and its payloads.
type Submission struct {
	Name     parley.Hash
	Envelope []byte
	Payloads []parley.Payload
}

// Text commits to a text under a fresh salt; an empty text is no commitment.
func (d *Draft) Text(text string) parley.Commitment {
	if text == "" {
		return parley.Commitment{}
	}
	p := parley.Payload{Text: text}
	fill(p.Salt[:])
	d.payloads = append(d.payloads, p)
	return p.Commitment()
}

// Payloads returns the texts that were committed to so far, in order.
func (d *Draft) Payloads() []parley.Payload { return d.payloads }

// Command writes the command for a key that lies elsewhere, such as on a device. It returns the bytes to sign too, and refuses what
// the node would refuse by form: errors are *parley.Fault.
func (d *Draft) Command(body parley.Body, key parley.KeyID) (c *parley.Command, text []byte, err error) {
	c = &parley.Command{Kind: body.Kind(), Theatre: d.Theatre, Key: key, MadeAt: d.MadeAt, NotBefore: d.NotBefore, OnBehalf: d.OnBehalf, Body: body}
	fill(c.Nonce[:])
	if text, err = c.Encode(); err != nil {
		return nil, nil, err
	}
	if c, err = parley.ParseCommand(text); err != nil {
		return nil, nil, err
	}
	return c, text, nil
}

// Sign writes the command and signs it with the author's key and those of others who sign the same command.
func (d *Draft) Sign(body parley.Body, author ed25519.PrivateKey, others ...ed25519.PrivateKey) (*Submission, error) {
	_, text, err := d.Command(body, KeyOf(author).ID())
	if err != nil {
		return nil, err
	}
	e := &parley.Envelope{Body: text}
	for _, key := range append([]ed25519.PrivateKey{author}, others...) {
		e.Sign(key)
	}
	written, err := e.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if len(written) > parley.MaxEnvelope {
		return nil, &parley.Fault{Code: parley.CodeTooLarge, Read: fmt.Sprintf("%d bytes", len(written)), Expected: fmt.Sprintf("an envelope under %d bytes", parley.MaxEnvelope+1)}
	}
	return &Submission{Name: e.Name(), Envelope: written, Payloads: d.payloads}, nil
}

// KeyOf returns the public half of a key.
func KeyOf(key ed25519.PrivateKey) parley.PublicKey {
	return parley.PublicKey(key.Public().(ed25519.PublicKey))
}

// NewKey makes a key.
func NewKey() ed25519.PrivateKey {
	var seed [ed25519.SeedSize]byte
	fill(seed[:])
	return ed25519.NewKeyFromSeed(seed[:])
}

// fill fills b with random bytes; crypto/rand does not fail on the systems Go runs on.
func fill(b []byte) {
	if _, err := rand.Read(b); err != nil {
		panic("draft: no random bytes: " + err.Error())
	}
}
