package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/api"
	"parley/internal/draft"
	"parley/node"
)

// client speaks with a server: commands need no session, reads open one with the key.
type client struct {
	server string
	key    ed25519.PrivateKey // nil: nobody; only what is open can be read
	token  string             // of the read session; "" until one is needed
	way    http.RoundTripper  // nil: the default, which trusts what the system trusts
}

// patience is how long a request may take. Answers to checks beyond a quota come 30 s late; nothing takes longer.
const patience = 90 * time.Second

func (a *app) client() (*client, error) {
	way, err := a.way()
	if err != nil {
		return nil, err
	}
	c := &client{server: strings.TrimRight(a.Server, "/"), way: way}
	if a.Key != "" {
		key, err := loadKey(a.Key)
		if err != nil {
			return nil, err
		}
		c.key = key
	}
	return c, nil
}

// way returns what requests go out by: with --ca it trusts the authorities in that file and no others; nil is the default, which trusts
// what the system trusts.
func (a *app) way() (http.RoundTripper, error) {
	if a.CA == "" {
		return nil, nil
	}
	pool, err := trust(a.CA)
	if err != nil {
		return nil, err
	}
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}, nil
}

// do sends one request and returns the body of the answer. A refusal is an *api.Problem. A server that asks to wait is asked again.
func (c *client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	for try := 1; ; try++ {
		answer, err := c.once(ctx, method, path, body)
		var p *api.Problem
		if !errors.As(err, &p) || p.Status != http.StatusTooManyRequests || try == 20 {
			return answer, err
		}
		select {
		case <-time.After(time.Duration(try) * 100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (c *client) once(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	r, err := c.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	answer, err := (&http.Client{Timeout: patience, Transport: c.way}).Do(r)
	if err != nil {
		return nil, unreachable(c.server, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, unreachable(c.server, err)
	}
	if answer.StatusCode >= 400 {
		return nil, problemIn(answer.StatusCode, text)
	}
	return text, nil
}

func (c *client) request(ctx context.Context, method, path string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("--server: %w", err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return r, nil
}

func unreachable(server string, err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return &unreachableError{server, err}
}

// unreachableError says that no answer came: the request may have arrived or not.
type unreachableError struct {
	server string
	err    error
}

func (e *unreachableError) Error() string {
	return fmt.Sprintf("couldn't reach the server %s: %v", e.server, e.err)
}

func (e *unreachableError) Unwrap() error { return e.err }

// problemIn reads a refusal. What is no problem document came from something else on the way, and is said so.
func problemIn(status int, text []byte) error {
	p := &api.Problem{}
	if err := json.Unmarshal(text, p); err != nil || p.Code == "" {
		return fmt.Errorf("read an answer with status %d that is no answer of parley; expected one from /v1", status)
	}
	return p
}

// open opens a read session, once.
func (c *client) open(ctx context.Context) error {
	if c.token != "" {
		return nil
	}
	if c.key == nil {
		return usage("this needs your key: --key FILE, or PARLEY_KEY")
	}
	ask, err := json.Marshal(map[string]any{"key": draft.KeyOf(c.key).ID()})
	if err != nil {
		return err
	}
	var challenge struct{ Challenge, Text string }
	if err := c.call(ctx, http.MethodPost, "/v1/sessions/challenge", ask, &challenge); err != nil {
		return err
	}
	theatre, err := c.theatre(ctx)
	if err != nil {
		return err
	}
	// The text is built here: a key signs what its holder knows, not what a server sends.
	text := api.ChallengeText(theatre.Name, challenge.Challenge)
	answer, err := json.Marshal(map[string]any{"challenge": challenge.Challenge, "signature": ed25519.Sign(c.key, text)})
	if err != nil {
		return err
	}
	var session struct{ Token string }
	if err := c.call(ctx, http.MethodPost, "/v1/sessions", answer, &session); err != nil {
		var p *api.Problem
		if errors.As(err, &p) && p.Status == http.StatusUnauthorized {
			p.Title, p.Expected = "This key opens no session here.", "a key that was enrolled in this theatre, and neither revoked nor replaced"
			p.Read = string(draft.KeyOf(c.key).ID())
		}
		return err
	}
	c.token = session.Token
	return nil
}

// call is do with the answer read into v.
func (c *client) call(ctx context.Context, method, path string, body []byte, v any) error {
	text, err := c.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("couldn't read the answer to %s: %w", path, err)
	}
	return nil
}

// get reads a path in the session.
func (c *client) get(ctx context.Context, path string) ([]byte, error) {
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	return c.do(ctx, http.MethodGet, path, nil)
}

// read is get with the answer read into v.
func (c *client) read(ctx context.Context, path string, v any) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.call(ctx, http.MethodGet, path, nil, v)
}

// post sends JSON in the session, with the answer read into v.
func (c *client) post(ctx context.Context, path string, body []byte, v any) error {
	if err := c.open(ctx); err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, path, body, v)
}

func (c *client) theatre(ctx context.Context) (*api.Theatre, error) {
	t := &api.Theatre{}
	return t, c.call(ctx, http.MethodGet, "/v1/theatre", nil, t)
}

func (c *client) self(ctx context.Context) (*api.Self, error) {
	s := &api.Self{}
	return s, c.read(ctx, "/v1/self", s)
}

func (c *client) treeHead(ctx context.Context) (*node.Head, error) {
	h := &node.Head{}
	return h, c.call(ctx, http.MethodGet, "/v1/journal/head", nil, h)
}

// page is one page of a list, item by item as the server wrote them.
type page struct {
	Items []json.RawMessage `json:"items"`
	Next  string            `json:"next"`
}

// all follows the cursor of a list to its end and calls each with every item.
func (c *client) all(ctx context.Context, path string, each func(json.RawMessage) error) error {
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	for cursor := ""; ; {
		var p page
		if err := c.read(ctx, path+join+"limit=500&cursor="+url.QueryEscape(cursor), &p); err != nil {
			return err
		}
		for _, item := range p.Items {
			if err := each(item); err != nil {
				return err
			}
		}
		if cursor = p.Next; cursor == "" {
			return nil
		}
	}
}
