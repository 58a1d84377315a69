package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/api"
	"parley/release"
)

type inboxCmd struct {
	Since uint64 `placeholder:"NUMBER" help:"Only notices from this number on."`
}

func (c *inboxCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	for from := c.Since; ; {
		var inbox api.Inbox
		if err := client.read(a.ctx, fmt.Sprintf("/v1/inbox?limit=1000&from=%d", from), &inbox); err != nil {
			return err
		}
		for _, n := range inbox.Notices {
			if err := a.printNotice(client, n); err != nil {
				return err
			}
		}
		if len(inbox.Notices) == 0 {
			return nil
		}
		from = inbox.Next
	}
}

// printNotice prints a notice. Notices name records and never hold content; what the people on the road are asked is read beside it.
func (a *app) printNotice(c *client, n release.Notice) error {
	if a.JSON {
		return a.printJSON(n)
	}
	more := ""
	if n.Kind == parley.NoticePrompt {
		err := c.all(a.ctx, "/v1/prompts", func(item json.RawMessage) error {
			var p release.Prompt
			if err := json.Unmarshal(item, &p); err != nil {
				return err
			}
			if p.Ref == n.Other {
				more = p.Text
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(a.out, noticeText(n, more))
	return err
}

type watchCmd struct {
	Since uint64 `placeholder:"NUMBER" help:"Begin with this notice; else with the first."`
	Count int    `placeholder:"N" help:"End after so many notices."`
}

// errEnough ends a stream of which enough was seen.
var errEnough = errors.New("enough")

// Run prints notices as they come. It goes on after the last one seen when the connection breaks, and ends when the key no longer opens a session.
func (c *watchCmd) Run(a *app) error {
	client, err := a.client()
	if err != nil {
		return err
	}
	next, left := c.Since, c.Count
	each := func(n release.Notice) error {
		if err := a.printNotice(client, n); err != nil {
			return err
		}
		if left--; left == 0 {
			return errEnough
		}
		return nil
	}
	for pause := 250 * time.Millisecond; ; {
		before := next
		err := client.stream(a.ctx, &next, each)
		if a.ctx.Err() != nil || errors.Is(err, errEnough) {
			return nil
		}
		var p *api.Problem
		var wrong *usageError
		if errors.As(err, &p) && p.Status == http.StatusUnauthorized || errors.As(err, &wrong) {
			return err
		}
		if next != before {
			pause = 250 * time.Millisecond
		}
		fmt.Fprintf(a.err, "parley: the stream ended (%v); trying again in %s\n", err, pause)
		select {
		case <-a.ctx.Done():
			return nil
		case <-time.After(pause):
		}
		pause = min(2*pause, 30*time.Second)
		client.token = "" // a server that was started anew knows no session
	}
}

// stream reads server-sent events from *next on, and moves it behind each one that was printed.
func (c *client) stream(ctx context.Context, next *uint64, each func(release.Notice) error) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	r, err := c.request(ctx, http.MethodGet, "/v1/inbox/stream?from="+strconv.FormatUint(*next, 10), nil)
	if err != nil {
		return err
	}
	if *next > 0 {
		r.Header.Set("Last-Event-ID", strconv.FormatUint(*next-1, 10))
	}
	answer, err := (&http.Client{Transport: c.way}).Do(r) // a stream has no end: no time limit
	if err != nil {
		return unreachable(c.server, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			return unreachable(c.server, err)
		}
		return problemIn(answer.StatusCode, text)
	}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var n release.Notice
		if err := json.Unmarshal([]byte(data), &n); err != nil {
			return fmt.Errorf("couldn't read a notice: %w", err)
		}
		if err := each(n); err != nil {
			return err
		}
		*next = n.Number + 1
	}
	if err := lines.Err(); err != nil {
		return unreachable(c.server, err)
	}
	return errors.New("the server ended it")
}
