package api_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
	"parley/internal/cast"
	"parley/internal/draft"
	"parley/node"
	"parley/proof"
)

// The author of a command whose retention is over is told so; the receipt they kept verifies as before.
func TestTheReceiptOfAnErasedEnvelope(t *testing.T) {
	h := newHouseIn(t, func(folder string) {
		logKey, _, _, err := node.LogKeyOf(folder)
		if err != nil {
			t.Fatal(err)
		}
		url, key := newWitness(t, "party-b.example/witness", logKey)
		text := "log " + logKey + "\nwitness b " + key + " " + url + "\nquorum b\n"
		if err := os.WriteFile(filepath.Join(folder, node.PolicyFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	ref := h.Must(h.Org, func(d *draft.Draft) parley.Body {
		m := cast.Convoy(d, h.clock.Load()+3*parley.Day, cast.At(35.9528, 39.0079), cast.At(35.9001, 39.2003), cast.At(35.8001, 39.4003), h.A.Ref)
		return &parley.MovementNotify{Movement: m}
	}).Ref
	name := h.nameOf(ref)
	h.Tell(h.Org, &parley.MovementWithdraw{Withdraw: parley.Withdraw{Object: ref, Reason: parley.Cancelled}})
	kept, _ := h.witnessedReceipt(name, h.Org, proof.Trust{})
	h.clock.Add(40 * parley.Day)
	if _, err := h.node.EndRetention(t.Context(), parley.MovementRetention); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the erasure", func() bool {
		waits, err := h.node.EraseBehindBase(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return waits == ""
	})
	answer := h.answer("GET", "/v1/commands/"+name.String()+"/receipt", h.session(h.Org), nil)
	if !strings.Contains(answer, "410") || !strings.Contains(answer, `"code":"erased"`) {
		t.Errorf("the receipt of an erased envelope: %s", answer)
	}
	if v, err := kept.Verify(proof.Trust{}); err != nil || !v.Tree.Quorum {
		t.Errorf("the kept receipt: %v", err)
	}
	if answer := h.answer("GET", "/v1/commands/"+name.String()+"/receipt", h.session(h.Other), nil); !strings.Contains(answer, "404") {
		t.Errorf("to another organisation: %s", answer)
	}
}
