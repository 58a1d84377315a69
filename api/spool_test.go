package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/api"
	"parley/internal/cast"
	"parley/journal"
	"parley/node"
	"parley/release"
)

// readOnly is a real journal whose writes can be made to fail.
type readOnly struct {
	journal.Journal
	on atomic.Bool
}

func (j *readOnly) Append(ctx context.Context, b *journal.Block, p []journal.Payload) error {
	if j.on.Load() {
		return errors.New("attempt to write a readonly database (8)")
	}
	return j.Journal.Append(ctx, b, p)
}

// Over HTTP, a stop without a journal is answered as told and not stored, runs through every stream at once, and is read like any other.
func TestAStopWithoutAJournalGoesThroughEveryStream(t *testing.T) {
	clock := &atomic.Int64{}
	clock.Store(cast.Start)
	folder, theatre, trustees := cast.Folder(t, cast.Profile(), cast.Start)
	real, err := journal.OpenSQLite(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	j := &readOnly{Journal: real}
	n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: clock.Load, Journal: j})
	if err != nil {
		t.Fatal(err)
	}
	limits := api.DefaultLimits()
	limits.Rate, limits.Burst = 1e6, 1e6
	h := &house{clock: clock, node: n, door: api.New(n, limits, nil)}
	h.server = httptest.NewServer(h.door)
	t.Cleanup(func() {
		h.server.CloseClientConnections()
		h.server.Close()
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	h.Cast = cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, clock.Load)
	site := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(site, 1), h.A.Ref)

	// follow reads a stream's spool events.
	follow := func(p *cast.Person) <-chan api.Spooled {
		r, err := http.NewRequestWithContext(t.Context(), "GET", h.server.URL+"/v1/inbox/stream?from=100000", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+h.session(p))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		events := make(chan api.Spooled, 10)
		go func() { // ends with the server
			defer answer.Body.Close()
			lines := bufio.NewScanner(answer.Body)
			for event := ""; lines.Scan(); {
				if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
					event = name
				}
				if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && event == "spool" {
					var s api.Spooled
					if json.Unmarshal([]byte(data), &s) == nil {
						events <- s
					}
				}
			}
		}()
		return events
	}
	officer, stranger := follow(h.A.Officer), follow(h.B.Officer)
	j.on.Store(true)
	d := h.Draft()
	sub, err := d.Sign(&parley.StopRaise{Object: site, Words: d.Text("shelling")}, h.Org.Key)
	if err != nil {
		t.Fatal(err)
	}
	status, body := h.post("/v1/commands", map[string]any{"envelope": json.RawMessage(sub.Envelope), "payloads": sub.Payloads})
	var result api.Result
	if err := json.Unmarshal(body, &result); err != nil || status != http.StatusAccepted || result.Outcome != "spooled" || result.Mark != release.MarkSpooled || result.Block != nil {
		t.Fatalf("%d %s; expected 202, spooled, marked", status, body)
	}
	select {
	case s := <-officer:
		if s.Ref != result.Ref || s.State != "raised" || s.Mark != release.MarkSpooled {
			t.Errorf("the officer's stream says %+v", s)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the officer's stream says nothing")
	}
	var stop release.Stop
	if err := json.Unmarshal([]byte(h.get("/v1/stops/"+string(result.Ref), h.session(h.A.Officer))), &stop); err != nil || stop.Mark != release.MarkSpooled || stop.Log[0].Words != "shelling" {
		t.Errorf("%+v (%v)", stop, err)
	}
	if got := h.answer("GET", "/v1/stops/"+string(result.Ref), h.session(h.B.Officer), nil); !strings.HasPrefix(got, "404") {
		t.Errorf("a party that is not concerned reads %s", got)
	}
	// What cannot be proved has no receipt.
	if got := h.answer("GET", "/v1/commands/"+result.Name.String()+"/receipt", h.session(h.Org), nil); !strings.HasPrefix(got, "404") {
		t.Errorf("a stored receipt of what is not stored: %s", got)
	}
	take, err := h.Draft().Sign(&parley.StopTake{Stop: result.Ref}, h.A.Second.Key)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := h.post("/v1/commands", map[string]any{"envelope": json.RawMessage(take.Envelope)}); status != http.StatusAccepted {
		t.Errorf("the take: %d %s", status, body)
	}
	if s := <-officer; s.State != "taken" {
		t.Errorf("the officer's stream says %+v; expected it taken", s)
	}
	j.on.Store(false)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var stored release.Stop
		if err := json.Unmarshal([]byte(h.get("/v1/stops/"+string(result.Ref), h.session(h.A.Officer))), &stored); err == nil && stored.Mark == "" {
			if len(stored.Log) != 2 || stored.Log[0].Spooled == "" || stored.State != "taken" {
				t.Errorf("in the journal: %+v", stored)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatal("the journal never had it")
		}
	}
	h.get("/v1/commands/"+result.Name.String()+"/receipt", h.session(h.Org))
	if len(stranger) != 0 {
		t.Errorf("the stream of a party that is not concerned says %+v", <-stranger)
	}
}

// untilTold waits for something that goes through other goroutines.
func untilTold(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
