package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/proof"
)

// The files of a data folder beside the journal's own. No user's key is among them.
const (
	nodeKeyFile = "node.key"
	logKeyFile  = "log.key"
)

// Prepare makes a data folder with the node's keys, and returns the public key that theatre.open has to name. A folder that is
// prepared already keeps its keys.
func Prepare(folder, origin string) (parley.PublicKey, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return parley.PublicKey{}, fmt.Errorf("couldn't make the data folder: %w", err)
	}
	path := filepath.Join(folder, nodeKeyFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return parley.PublicKey{}, err
		}
		if err := renameio.WriteFile(path, []byte(hex.EncodeToString(key.Seed())+"\n"), 0o600, renameio.WithStaticPermissions(0o600)); err != nil {
			return parley.PublicKey{}, fmt.Errorf("couldn't write the node key: %w", err)
		}
		logKey, err := proof.NewLogKey(origin)
		if err != nil {
			return parley.PublicKey{}, err
		}
		if err := logKey.Save(filepath.Join(folder, logKeyFile)); err != nil {
			return parley.PublicKey{}, fmt.Errorf("couldn't write the log key: %w", err)
		}
	}
	key, err := loadNodeKey(path)
	if err != nil {
		return parley.PublicKey{}, err
	}
	return parley.PublicKey(key.Public().(ed25519.PublicKey)), nil
}

func loadNodeKey(path string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("couldn't load the node key: %w; is this a data folder that parley init has made?", err)
	}
	seed, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("couldn't load the node key: read %d bytes from %s; expected %d in hexadecimal", len(seed), path, ed25519.SeedSize)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Create writes the first block of a theatre: its opening, signed by the founding trustees. The folder was prepared and holds no journal yet.
func Create(ctx context.Context, folder string, envelope []byte, payloads []parley.Payload, at int64) (err error) {
	signed, e, err := channel.Open(envelope)
	if err != nil {
		return err
	}
	if signed.Command.Kind != "theatre.open" {
		return parley.Invalid("kind", string(signed.Command.Kind), "theatre.open, the first command of a journal")
	}
	state := channel.New()
	if err := channel.Verify(e, signed.Command, state.KeyOf); err != nil {
		return err
	}
	if at == 0 {
		at = time.Now().UnixMilli()
	}
	if r := state.Check(at, signed); r != nil {
		return &r.Fault
	}
	stored, err := matchPayloads(signed.Command, payloads, func(parley.Commitment) bool { return false })
	if err != nil {
		return err
	}
	j, err := journal.OpenSQLite(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	head, err := j.Head(ctx)
	if err != nil {
		return err
	}
	if head.Height != 0 {
		return &parley.Fault{Code: parley.CodeExists, Field: "folder", Read: "a journal of " + fmt.Sprint(head.Size) + " entries", Expected: "a folder without a journal"}
	}
	written, err := e.MarshalJSON()
	if err != nil {
		return err
	}
	var chain journal.Chain
	block, err := chain.Next(journal.Header{Theatre: signed.Name, Time: at, Rules: channel.Rules}, []journal.Entry{{Time: at, Envelope: written}})
	if err != nil {
		return err
	}
	return j.Append(ctx, block, stored)
}

// matchPayloads pairs the commitments of a command with the payloads that came with it. Every commitment needs its payload, unless
// has says that the sender's account has stored it before; nothing else may come along.
func matchPayloads(c *parley.Command, payloads []parley.Payload, has func(parley.Commitment) bool) ([]journal.Payload, error) {
	brought := map[parley.Commitment]parley.Payload{}
	for i, p := range payloads {
		if err := p.Validate(); err != nil {
			return nil, fmt.Errorf("payloads[%d]: %w", i, err)
		}
		brought[p.Commitment()] = p
	}
	var stored []journal.Payload
	for _, want := range c.Commitments() {
		p, ok := brought[want]
		if !ok {
			if has(want) {
				continue
			}
			return nil, &parley.Fault{Code: parley.CodePayloadMissing, Field: "payloads", Read: "no text for commitment " + want.String(), Expected: "the salt and text that open it"}
		}
		plain, err := p.MarshalBinary()
		if err != nil {
			return nil, err
		}
		stored = append(stored, journal.Payload{Commitment: want.Hash, Plain: plain})
	}
	for _, want := range c.Commitments() {
		delete(brought, want)
	}
	for c := range brought {
		return nil, &parley.Fault{Code: parley.CodePayloadMismatch, Field: "payloads", Read: "a text whose commitment " + c.String() + " is not in the command", Expected: "only texts that the command commits to"}
	}
	return stored, nil
}
