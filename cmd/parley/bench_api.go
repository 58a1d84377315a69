package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"parley"
	"parley/api"
	"parley/channel"
	"parley/geo"
	"parley/index"
	"parley/internal/draft"
	"parley/internal/workload"
)

// The lines of parley's own API. What a line or zone meets is the one question about conflicts that a reading door answers and that leaves no
// trace: a check is a signed command, and a pack is a read on record (decision 88).
const (
	apiMeetsLine = "parley API, what a zone meets"
	apiCheckLine = "parley API, signed check"
)

// overAPI fills a node and asks it over HTTP, by one client with a session, as a party's officer would.
func (b *bench) overAPI() (err error) {
	folder, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	f, err := b.fill(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.node.Close()) }()
	defer f.index.Close()
	defer func(all []workload.Item) { b.queries = all }(b.queries)
	b.leaveOut()
	zones, err := b.zones(f)
	if err != nil {
		return err
	}
	c, end, err := f.serve(b.ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := b.meets(f, c, zones); err != nil {
		return err
	}
	return b.checks(f, c)
}

// serve answers on loopback as parley serve does, but without a limit on requests, and opens the officer's session.
func (f *fullNode) serve(ctx context.Context) (c *benchClient, end func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("couldn't listen: %w", err)
	}
	limits := api.DefaultLimits()
	limits.Rate = rate.Inf
	log := slog.New(slog.DiscardHandler)
	door := api.New(f.node, limits, log)
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serveUntil(serving, l, door, nil, log) }()
	c = &benchClient{way: &http.Client{Transport: &http.Transport{}}, server: "http://" + l.Addr().String()}
	end = func() error {
		c.way.CloseIdleConnections()
		stop()
		return <-ended
	}
	who := &client{server: c.server, key: f.officer.key, way: c.way.Transport}
	if err := who.open(ctx); err != nil {
		return nil, nil, errors.Join(err, end())
	}
	c.token = who.token
	return c, end, nil
}

// benchClient keeps one connection and one buffer.
type benchClient struct {
	way           *http.Client
	server, token string
	text          bytes.Buffer
}

// ask sends a request and reads the answer into v. It costs what any client has to spend.
func (c *benchClient) ask(ctx context.Context, method, path string, body []byte, v any) error {
	r, err := http.NewRequestWithContext(ctx, method, c.server+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.way.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	c.text.Reset()
	if _, err := io.Copy(&c.text, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: status %d: %s", method, path, answer.StatusCode, c.text.Bytes())
	}
	return json.Unmarshal(c.text.Bytes(), v)
}

// leaveOut leaves out what the channel refuses as a line or zone: shapes that cross themselves, as routes laid out by chance may.
func (b *bench) leaveOut() {
	var simple []workload.Item
	for _, q := range b.queries {
		if q.Volume.Shape.Simple() == nil {
			simple = append(simple, q)
		}
	}
	if n := len(b.queries) - len(simple); n > 0 {
		b.note("parley API: %d of %d queries are left out, since their shapes cross themselves and the channel takes no such line or zone", n, len(b.queries))
	}
	b.queries = simple
}

// zones has the officer impose each query as a line or zone, outside of what is measured: a reader asks by its reference.
func (b *bench) zones(f *fullNode) ([]parley.Ref, error) {
	refs := make([]parley.Ref, len(b.queries))
	for i := range b.queries {
		q := &b.queries[i].Volume
		l := parley.Line{LineKind: "exclusion", Basis: parley.BasisUnilateral, Terms: parley.Terms{Shape: q.Shape, Radius: q.Buffer, Window: f.later(q.Window), Addressees: []parley.Ref{f.other}}}
		var body parley.Body = &parley.ZoneImpose{Line: l}
		if q.Shape.Kind == geo.LineString || q.Shape.Kind == geo.MultiLineString {
			body = &parley.LineImpose{Line: l}
		}
		out, err := f.tellAt(b.ctx, f.officer.key, func(*draft.Draft) parley.Body { return body })
		if err != nil {
			return nil, fmt.Errorf("%s: %w", b.queries[i].ID, err)
		}
		refs[i] = out.Ref
	}
	return refs, nil
}

// meets reads each line and zone.
func (b *bench) meets(f *fullNode, c *benchClient, zones []parley.Ref) error {
	found, err := b.try(apiMeetsLine, b.cmd.Rounds, func(i int) ([]index.ID, error) {
		var answer struct{ Cuts []parley.Ref }
		err := c.ask(b.ctx, http.MethodGet, "/v1/arrangements/"+string(zones[i]), nil, &answer)
		return f.numbered(answer.Cuts), err
	})
	if err != nil {
		return err
	}
	for i := range found {
		if err := f.same(b.queries[i].ID, b.asked(f, i), found[i]); err != nil {
			return err
		}
	}
	return nil
}

// mostChecks is how many checks are asked: each looks at the party's earlier ones of the day, and no party asks thousands. The quota of a theatre is 60 unless it says otherwise.
const mostChecks = 500

// checks has the officer ask queries as precaution checks: signed commands, which are answered when they are durable. Each is asked once, since a check is a record.
func (b *bench) checks(f *fullNode, c *benchClient) error {
	b.queries = b.queries[:min(mostChecks, len(b.queries))]
	var list api.ListBody
	if err := c.ask(b.ctx, http.MethodGet, "/v1/list?limit=1", nil, &list); err != nil {
		return err
	}
	bodies := make([][]byte, len(b.queries))
	for i := range b.queries {
		v := b.asked(f, i)
		d := &draft.Draft{Theatre: f.theatre, MadeAt: time.Now().UnixMilli()}
		s, err := d.Sign(&parley.CheckRecord{Shape: v.Shape, Buffer: v.Buffer, Window: v.Window, Head: list.Head}, f.officer.key)
		if err != nil {
			return fmt.Errorf("%s: %w", b.queries[i].ID, err)
		}
		if bodies[i], err = json.Marshal(submission{s.Envelope, s.Payloads}); err != nil {
			return err
		}
	}
	more := make([]bool, len(b.queries))
	found, err := b.try(apiCheckLine, 1, func(i int) ([]index.ID, error) {
		var answer struct {
			Check struct {
				Indications []struct{ Object parley.Versioned }
				More        bool
			}
		}
		err := c.ask(b.ctx, http.MethodPost, "/v1/commands", bodies[i], &answer)
		var refs []parley.Ref
		for _, n := range answer.Check.Indications {
			refs = append(refs, n.Object.Ref)
		}
		more[i] = answer.Check.More
		return f.numbered(refs), err
	})
	if err != nil {
		return err
	}
	for i := range found {
		if more[i] {
			continue // it names as many as a check may, and says that there are more
		}
		if err := f.same(b.queries[i].ID, channel.Widened(b.asked(f, i)), found[i]); err != nil {
			return err
		}
	}
	b.note("%s: %d queries, each asked once and counted so, since a check stays on record", apiCheckLine, len(b.queries))
	return nil
}

// asked is a query as the node gets it: at every altitude, and from now on.
func (b *bench) asked(f *fullNode, i int) geo.Volume {
	v := b.queries[i].Volume
	v.Band, v.Window = geo.AllAltitudes, f.later(v.Window)
	return v
}

// numbered turns references into the numbers of their volumes, in order.
func (f *fullNode) numbered(refs []parley.Ref) []index.ID {
	ids := make([]index.ID, 0, len(refs))
	for _, ref := range refs {
		ids = append(ids, f.numbers[ref])
	}
	slices.Sort(ids)
	return ids
}

// same holds an answer of the node against an index of the same volumes.
func (f *fullNode) same(id string, v geo.Volume, found []index.ID) error {
	if want := f.index.Find(v); !slices.Equal(want, found) {
		return fmt.Errorf("%s: the node found %d volumes (%d of them not in conflict), the index %d", id, len(found), len(without(found, want)), len(want))
	}
	return nil
}
