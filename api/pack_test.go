package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/exchange/pack"
	"parley/internal/cast"
	"parley/release"
)

// A pack is a read on record: the notifier sees that the party has it, by its purpose, and that it was delivered.
func TestPackIsAReadOnRecord(t *testing.T) {
	h := newHouse(t)
	near, far := h.NotifyHospital(cast.At(35.9528, 39.0079)), h.NotifyHospital(cast.At(36.9001, 41.0003))
	h.Release(cast.V(near, 1), h.A.Ref)
	h.Release(cast.V(far, 1), h.A.Ref)
	owner := h.session(h.Org)
	see := func(ref parley.Ref) (f release.File) {
		if err := json.Unmarshal([]byte(h.get("/v1/objects/"+string(ref), owner)), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	raw := h.get(fmt.Sprintf("/v1/pack?bbox=38.8,35.8,39.2,36.1&echelon=unit&from=%s&until=%s", parley.Stamp(h.Now()), parley.Stamp(h.Now()+parley.Day)), h.session(h.A.Officer))
	key, err := note.NewVerifier(h.node.LogKey())
	if err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open([]byte(raw), key)
	if err != nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	if len(p.Entries) != 1 || p.Entries[0].Of != cast.V(near, 1) || p.Recipient != h.A.Officer.Ref {
		t.Errorf("pack %+v; expected the one entry near by, for its officer", p)
	}
	if reads := see(near).Reads; len(reads) != 1 || reads[0].Account != h.A.Ref || reads[0].Purpose != parley.ForPrecaution { // at once: before the pack was handed out
		t.Errorf("the read log says %+v; expected the party's read for precaution", reads)
	}
	until(t, "delivered", func() bool { return see(near).Holdings[0].State == "delivered" })
	if f := see(far); len(f.Reads) != 0 || f.Holdings[0].State != "released" {
		t.Errorf("what the pack does not hold reads %+v, %s; expected neither read nor delivered", f.Reads, f.Holdings[0].State)
	}
}
