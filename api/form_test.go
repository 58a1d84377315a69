package api_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/cast"
)

// The outcome and the receipt of a form say that the notifier did not sign it.
func TestOutcomeAndReceiptSayHowTheWordCame(t *testing.T) {
	h := newHouse(t)
	d := h.Draft()
	r, err := h.node.SubmitForm(t.Context(), h.Org.Ref, &parley.SiteNotify{Site: cast.Hospital(d, cast.At(35.9528, 39.0079), cast.Start)}, d.Payloads())
	if err != nil {
		t.Fatal(err)
	}
	signed := h.Tell(h.Org, &parley.StopRaise{Object: r.Outcome.Ref})
	token := h.session(h.Org)
	for name, want := range map[parley.Hash]parley.Channel{r.Outcome.Name: parley.ByForm, signed.Name: ""} {
		for _, path := range []string{"", "/receipt"} {
			var got struct{ Told parley.Channel }
			if err := json.Unmarshal([]byte(h.get("/v1/commands/"+name.String()+path, token)), &got); err != nil || got.Told != want {
				t.Errorf("/v1/commands/%s%s: told by %q (%v); expected %q", name, path, got.Told, err, want)
			}
		}
	}
}
