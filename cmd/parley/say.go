package main

import (
	"crypto/ed25519"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley"
)

type sayCmd struct {
	Kind      string   `arg:"" help:"The command's kind, such as object.dispute."`
	File      string   `arg:"" help:"JSON of its body, - for standard input. An object {\"$text\": \"…\"} stands for the commitment of a text."`
	Second    []string `type:"existingfile" placeholder:"KEYFILE" help:"Key files of others who sign the same command."`
	NotBefore string   `placeholder:"SIZE:ROOT" help:"Quote this tree head instead of the newest."`
	DryRun    bool     `help:"Say what would be refused now; send and store nothing."`
	behalf
}

func (c *sayCmd) Run(a *app) error {
	s, err := a.begin(c.behalf)
	if err != nil {
		return err
	}
	s.dryRun = c.DryRun
	if c.NotBefore != "" {
		if s.draft.NotBefore, err = checkpoint(c.NotBefore); err != nil {
			return err
		}
	}
	body := parley.NewBody(parley.CommandKind(c.Kind))
	if body == nil {
		kinds := make([]string, 0, 64)
		for _, k := range parley.CommandKinds() {
			kinds = append(kinds, string(k))
		}
		return &parley.Fault{Code: parley.CodeUnknownKind, Field: "KIND", Read: strconv.Quote(c.Kind), Expected: "one of " + strings.Join(kinds, ", ")}
	}
	text, err := a.input(c.File)
	if err != nil {
		return err
	}
	text, err = s.commit(text)
	if err != nil {
		return parley.Malformed("body", err)
	}
	if err := strict.Unmarshal(text, body, strict.RejectUnknownMembers(true)); err != nil {
		return parley.Malformed("body", err)
	}
	var keys []ed25519.PrivateKey
	for _, file := range c.Second {
		key, err := loadKey(file)
		if err != nil {
			return err
		}
		keys = append(keys, key)
	}
	return s.say(body, keys...)
}

// input reads a file, or standard input for "-".
func (a *app) input(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(a.in)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the file: %w", err)
	}
	return text, nil
}

// checkpoint reads SIZE:ROOT.
func checkpoint(text string) (*parley.Checkpoint, error) {
	size, root, _ := strings.Cut(text, ":")
	n, err := strconv.ParseUint(size, 10, 64)
	h, errRoot := parley.ParseHash(root)
	if err != nil || errRoot != nil {
		return nil, parley.Invalid("--not-before", strconv.Quote(text), "a tree's size and root, SIZE:ROOT")
	}
	return &parley.Checkpoint{Size: n, Root: h}, nil
}

// commit replaces every {"$text": "…"} in a JSON value by the commitment of its text. Nothing else changes: the reader of commands
// sees duplicate keys and unknown fields as they were written.
func (s *statement) commit(value jsontext.Value) (jsontext.Value, error) {
	if !value.IsValid(jsontext.AllowDuplicateNames(true)) {
		var any any
		return nil, strict.Unmarshal(value, &any) // says where
	}
	switch value.Kind() {
	case '[':
		var items []jsontext.Value
		if err := strict.Unmarshal(value, &items); err != nil {
			return nil, err
		}
		for i := range items {
			var err error
			if items[i], err = s.commit(items[i]); err != nil {
				return nil, err
			}
		}
		return strict.Marshal(items)
	case '{':
		return s.commitObject(value)
	}
	return value, nil
}

func (s *statement) commitObject(value jsontext.Value) (jsontext.Value, error) {
	var words struct {
		Text *string `json:"$text"`
	}
	if err := strict.Unmarshal(value, &words, strict.RejectUnknownMembers(true)); err == nil && words.Text != nil {
		return strict.Marshal(s.text(*words.Text))
	}
	var members map[string]jsontext.Value
	if err := strict.Unmarshal(value, &members); err != nil { // refuses duplicate keys, with their place
		return nil, err
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		var err error
		if members[name], err = s.commit(members[name]); err != nil {
			return nil, err
		}
	}
	return strict.Marshal(members, strict.Deterministic(true))
}

type sendCmd struct {
	File string `arg:"" help:"A command that --save-envelope has kept, - for standard input. It is sent as it stands; sending it twice is harmless."`
}

func (c *sendCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	text, err := a.input(c.File)
	if err != nil {
		return err
	}
	result, err := client.send(a.ctx, text, false)
	if err != nil {
		return err
	}
	return a.print(&said{Result: *result})
}
