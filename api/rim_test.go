package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/release"
)

// until looks again until what it looks for is there; facts of the rim are written down a moment later.
func until(t *testing.T, what string, there func() bool) {
	t.Helper()
	for range 200 {
		if there() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s: not within 10 s", what)
}

// What a party's machine fetched counts as delivered, who read it stands in the notifier's log, refusals are counted: facts of
// the rim that the node signs.
func TestDeliveriesReadsAndRefusalsAreWrittenDown(t *testing.T) {
	h := newHouse(t)
	ref := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(ref, 1), h.A.Ref)
	owner := h.session(h.Org)
	see := func() (f release.File) {
		if err := json.Unmarshal([]byte(h.get("/v1/objects/"+string(ref), owner)), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	if s := see().Holdings[0].State; s != "released" {
		t.Fatalf("before anybody fetched it: %s", s)
	}
	h.get("/v1/objects/"+string(ref)+"?purpose=precaution", h.session(h.A.Officer))
	until(t, "delivered", func() bool { return see().Holdings[0].State == "delivered" })
	h.clock.Add(2000)
	until(t, "the read log", func() bool {
		reads := see().Reads
		return len(reads) == 1 && reads[0].Account == h.A.Ref && reads[0].Purpose == parley.ForPrecaution
	})
	h.Refused(parley.CodeNotFound, h.B.Officer, func(*draft.Draft) parley.Body { return &parley.ObjectAcknowledge{Of: cast.V(ref, 1)} })
	h.clock.Add(61_000)
	board := h.session(h.Trustees[0])
	until(t, "the count of refusals", func() bool { return strings.Contains(h.get("/v1/counts", board), `"refusals":1`) })
}
