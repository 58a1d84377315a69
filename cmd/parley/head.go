package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"parley"
	"parley/api"
)

type headCmd struct {
	Save string `placeholder:"FILE" help:"Keep the head in a file, to be quoted later with --head FILE."`
}

func (c *headCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	h, err := client.listHead(a)
	if err != nil {
		return err
	}
	if c.Save != "" {
		text, err := json.Marshal(h)
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Save, append(text, '\n'), 0o600); err != nil {
			return fmt.Errorf("couldn't keep the head: %w", err)
		}
	}
	if a.JSON {
		return a.printJSON(h)
	}
	fmt.Fprintf(a.out, "%s\n  list of %s: %d entries, last moved at position %d\n", headText(*h), h.Party, h.Count, h.Position)
	return nil
}

// headText writes a head as it is quoted: position:count:root.
func headText(h parley.ListHead) string { return fmt.Sprintf("%d:%d:%s", h.Position, h.Count, h.Root) }

// listHead fetches the head of one's party's list.
func (c *client) listHead(a *app) (*parley.ListHead, error) {
	var list api.ListBody
	if err := c.read(a.ctx, "/v1/list?limit=1", &list); err != nil {
		return nil, err
	}
	return &list.Head, nil
}

// headOf turns --head into a list head: the current one, one that was kept in a file, or one that is quoted.
func (s *statement) headOf(text string) (*parley.ListHead, error) {
	if text == "" || text == "current" {
		return s.client.listHead(s.app)
	}
	if kept, err := os.ReadFile(text); err == nil {
		h := &parley.ListHead{}
		if err := json.Unmarshal(kept, h); err != nil {
			return nil, fmt.Errorf("couldn't read the head in %s: %w; parley head --save writes one", text, err)
		}
		return h, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("couldn't read the head: %w", err)
	}
	bad := parley.Invalid("--head", strconv.Quote(text), "current, a file that parley head --save has written, or position:count:root")
	parts := strings.Split(text, ":")
	if len(parts) == 2 && s.draft.OnBehalf == nil { // the count may be left out for the list that stands
		h, err := s.client.listHead(s.app)
		if err != nil {
			return nil, err
		}
		if parts[0] == strconv.FormatUint(h.Position, 10) && parts[1] == h.Root.String() {
			return h, nil
		}
	}
	if len(parts) != 3 {
		return nil, bad
	}
	h := &parley.ListHead{}
	var err, err2, err3 error
	h.Position, err = strconv.ParseUint(parts[0], 10, 64)
	h.Count, err2 = strconv.Atoi(parts[1])
	h.Root, err3 = parley.ParseHash(parts[2])
	if errors.Join(err, err2, err3) != nil {
		return nil, bad
	}
	if s.draft.OnBehalf != nil {
		h.Party = s.draft.OnBehalf.Of
		return h, nil
	}
	self, err := s.client.self(s.ctx)
	if err != nil {
		return nil, err
	}
	h.Party = self.Account
	return h, nil
}
