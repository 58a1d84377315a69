package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"parley"
	"parley/api"
	"parley/internal/cast"
	"parley/node"
)

// simulatedHouse is a house whose first entry says that its time is simulated.
func simulatedHouse(t *testing.T) *house {
	t.Helper()
	h := &house{}
	folder, theatre, trustees := cast.SimulatedFolder(t, cast.Profile(), cast.Start)
	n, err := node.Open(t.Context(), node.Config{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	limits := api.DefaultLimits()
	limits.Rate, limits.Burst = 1e6, 1e6
	h.node, h.door = n, api.New(n, limits, nil)
	h.server = httptest.NewServer(h.door)
	t.Cleanup(func() {
		h.server.CloseClientConnections()
		h.server.Close()
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	h.Cast = cast.Enter(t, cast.OnNode{Node: n}, theatre, trustees, n.Now)
	return h
}

// Only a theatre whose first entry says so takes a simulated clock; it stands still until the board sets it forward, and never goes back.
func TestASimulatedClockIsSetByTheBoardAlone(t *testing.T) {
	h := simulatedHouse(t)
	site := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(site, 1), h.A.Ref)
	raised := h.Tell(h.Org, &parley.StopRaise{Object: site})
	stop := raised.Ref
	if got := h.answer("GET", "/v1/commands/"+raised.Name.String()+"/receipt", h.session(h.Org), nil); !strings.Contains(got, "clock: simulated, exercise") {
		t.Errorf("the receipt is %s; expected it to repeat that the time is simulated", got)
	}
	if got := h.node.Now(); got != cast.Start {
		t.Errorf("the clock stands at %s; expected it to stand still at the opening", parley.Stamp(got))
	}
	set := func(p *cast.Person, to int64) string {
		text, err := json.Marshal(map[string]string{"to": parley.Stamp(to)})
		if err != nil {
			t.Fatal(err)
		}
		return h.answer("POST", "/v1/clock", h.session(p), text)
	}
	for who, p := range map[string]*cast.Person{"a notifier": h.Org, "a duty officer": h.A.Officer, "the desk": h.Verifier} {
		if got := set(p, cast.Start+parley.Hour); !strings.HasPrefix(got, "403") {
			t.Errorf("%s sets the clock: %s", who, got)
		}
	}
	if got := set(h.Trustees[0], cast.Start+2*parley.Minute); !strings.HasPrefix(got, "200") {
		t.Fatalf("a trustee cannot set the clock: %s", got)
	}
	var s struct{ Step int }
	if err := json.Unmarshal([]byte(h.get("/v1/stops/"+string(stop), h.session(h.A.Officer))), &s); err != nil || s.Step != 1 {
		t.Errorf("two minutes later the ladder stands at step %d (%v); expected 1, and that the answer had waited for it", s.Step, err)
	}
	if got := set(h.Trustees[0], cast.Start+parley.Minute); !strings.HasPrefix(got, "422") || !strings.Contains(got, "no clock goes back") {
		t.Errorf("the clock goes back: %s", got)
	}
	var theatre api.Theatre
	if err := json.Unmarshal([]byte(h.get("/v1/theatre", "")), &theatre); err != nil || theatre.Clock != parley.ClockSimulated || !theatre.Exercise {
		t.Errorf("the theatre says %s, exercise %v (%v)", theatre.Clock, theatre.Exercise, err)
	}
	real := newHouse(t)
	text := []byte(`{"to":"2031-01-01T00:00:00Z"}`)
	if got := real.answer("POST", "/v1/clock", real.session(real.Trustees[0]), text); !strings.HasPrefix(got, "403") || !strings.Contains(got, "keeps real time") {
		t.Errorf("a theatre that keeps real time: %s", got)
	}
}
