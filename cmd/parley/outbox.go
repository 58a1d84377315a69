package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"parley"
	"parley/api"
	"parley/node"
	"parley/proof"
)

// outbox keeps signed commands in a folder until the server's receipt for each lies there too: for field offices on bad lines. A
// command is one file, written whole and synced before anything is sent, and it leaves a state only after it lies in the next. Sending
// twice is harmless, so a crash between the two costs nothing.
type outbox struct{ folder string }

// The states of a letter, each a folder. Nothing in them is deleted by sending.
const (
	letterWaiting = "waiting" // no answer yet
	letterStored  = "stored"  // in the journal, with its receipt
	letterRefused = "refused" // the server will not take it as it stands: sign anew, have it entered on behalf, or drop it
)

// letter is one command in an outbox.
type letter struct {
	Name      parley.Hash        `json:"name"`
	Kind      parley.CommandKind `json:"kind"`
	MadeAt    int64              `json:"made_at"`
	Signed    submission         `json:"signed"`
	Tries     int                `json:"tries"`
	LastTry   string             `json:"last_try,omitzero"`
	LastError string             `json:"last_error,omitzero"`
	Problem   *api.Problem       `json:"problem,omitzero"` // why it was refused
	Result    *api.Result        `json:"result,omitzero"`  // what became of it
	Receipt   json.RawMessage    `json:"receipt,omitzero"` // signed by the log and verified here
	Missing   string             `json:"no_receipt,omitzero"`
}

// known is what an outbox remembers of the server for the time without a line.
type known struct {
	Theatre api.Theatre `json:"theatre"`
	Head    node.Head   `json:"head"`
	At      string      `json:"at"`
}

func openOutbox(folder string) (*outbox, error) {
	for _, state := range []string{letterWaiting, letterStored, letterRefused} {
		if err := os.MkdirAll(filepath.Join(folder, state), 0o700); err != nil {
			return nil, fmt.Errorf("couldn't open the outbox: %w", err)
		}
	}
	return &outbox{folder}, nil
}

// file names a letter's file: in the order in which letters were made.
func (o *outbox) file(state string, l *letter) string {
	return filepath.Join(o.folder, state, fmt.Sprintf("%015d-%s.json", l.MadeAt, l.Name))
}

// put writes a letter into a state and syncs it and its folder.
func (o *outbox) put(state string, l *letter) error {
	text, err := json.MarshalIndent(l, "", "\t")
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(o.file(state, l), append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600)); err != nil {
		return fmt.Errorf("couldn't keep the command: %w", err)
	}
	folder, err := os.Open(filepath.Join(o.folder, state))
	if err != nil {
		return fmt.Errorf("couldn't keep the command: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("couldn't keep the command: %w", err)
	}
	return nil
}

// move puts a letter into the next state, and only then takes it out of the last.
func (o *outbox) move(from, to string, l *letter) error {
	if err := o.put(to, l); err != nil {
		return err
	}
	if err := os.Remove(o.file(from, l)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("couldn't take the command out of %s: %w", from, err)
	}
	return nil
}

// letters reads the letters of a state, the oldest first.
func (o *outbox) letters(state string) ([]*letter, error) {
	entries, err := os.ReadDir(filepath.Join(o.folder, state))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the outbox: %w", err)
	}
	var list []*letter
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(o.folder, state, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("couldn't read the outbox: %w", err)
		}
		l := &letter{}
		if err := json.Unmarshal(text, l); err != nil {
			return nil, fmt.Errorf("couldn't read %s: %w", filepath.Join(o.folder, state, e.Name()), err)
		}
		list = append(list, l)
	}
	return list, nil
}

// has reports whether a command lies in the outbox, in any state.
func (o *outbox) has(name parley.Hash) (bool, error) {
	for _, state := range []string{letterWaiting, letterStored, letterRefused} {
		list, err := o.letters(state)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(list, func(l *letter) bool { return l.Name == name }) {
			return true, nil
		}
	}
	return false, nil
}

// newLetter reads a signed command.
func newLetter(signed submission) (*letter, error) {
	e, err := parley.ParseEnvelope(signed.Envelope)
	if err != nil {
		return nil, err
	}
	c, err := parley.ParseCommand(e.Body)
	if err != nil {
		return nil, err
	}
	return &letter{Name: e.Name(), Kind: c.Kind, MadeAt: c.MadeAt, Signed: signed}, nil
}

// post sends a letter that waits. It returns a nil error when the letter has left the state waiting or the server answered; an error
// of the line leaves it where it is, with the try noted.
func (o *outbox) post(ctx context.Context, c *client, l *letter) (*api.Result, error) {
	signed, err := json.Marshal(l.Signed)
	if err != nil {
		return nil, err
	}
	l.Tries++
	l.LastTry, l.LastError = parley.Stamp(time.Now().UnixMilli()), ""
	result, err := c.send(ctx, signed, false)
	var problem *api.Problem
	switch {
	case err == nil:
		return result, o.seal(ctx, c, l, result)
	case errors.As(err, &problem) && !passes(problem.Status):
		l.Problem = problem
		if moved := o.move(letterWaiting, letterRefused, l); moved != nil {
			return nil, moved
		}
		return nil, err
	}
	l.LastError = err.Error()
	return nil, errors.Join(err, o.put(letterWaiting, l))
}

// seal fetches and verifies the receipt of a stored command; only with it the letter leaves the state waiting.
func (o *outbox) seal(ctx context.Context, c *client, l *letter, result *api.Result) error {
	l.Result = result
	text, err := c.get(ctx, "/v1/commands/"+l.Name.String()+"/receipt")
	var problem *api.Problem
	switch {
	case errors.As(err, &problem) && (problem.Status == http.StatusNotFound || problem.Status == http.StatusUnauthorized):
		// What the desk enters for another account has its receipt there; who has just been revoked reads nothing. The answer stands.
		l.Missing = problem.Error()
		return o.move(letterWaiting, letterStored, l)
	case err != nil:
		l.LastError = err.Error()
		return errors.Join(err, o.put(letterWaiting, l))
	}
	r, err := proof.ParseReceipt(text)
	if err != nil {
		return fmt.Errorf("couldn't read the receipt: %w", err)
	}
	if _, err := verifyReceipt(r, l.Name, proof.Trust{}); err != nil {
		l.LastError = err.Error()
		return errors.Join(err, o.put(letterWaiting, l))
	}
	l.Receipt = text
	return o.move(letterWaiting, letterStored, l)
}

// passes reports whether an answer is about the moment and not about the command.
func passes(status int) bool {
	return status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
}

// remember keeps what a statement needs when there is no line.
func (o *outbox) remember(t *api.Theatre, head *node.Head) error {
	text, err := json.Marshal(known{*t, *head, parley.Stamp(time.Now().UnixMilli())})
	if err != nil {
		return err
	}
	return renameio.WriteFile(filepath.Join(o.folder, "server.json"), append(text, '\n'), 0o600, renameio.WithStaticPermissions(0o600))
}

// recall returns what was remembered.
func (o *outbox) recall() (*known, error) {
	text, err := os.ReadFile(filepath.Join(o.folder, "server.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("this outbox has never reached the server; say one command with a line, or run parley outbox once: the theatre has to be known to sign for it")
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read the outbox: %w", err)
	}
	k := &known{}
	if err := json.Unmarshal(text, k); err != nil {
		return nil, fmt.Errorf("couldn't read the outbox: %w", err)
	}
	return k, nil
}
