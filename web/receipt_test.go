package web_test

import (
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/cast"
	"parley/node"
	"parley/witness"
)

// The page of a receipt says which of the three there are: at first stored alone; then acknowledged, by a signature or as it was told by
// telephone; and, once the parties run witnesses, witnessed. What is not there is said as plainly.
func TestReceiptPageSaysWhichOfTheThreeThereAre(t *testing.T) {
	h := newHouse(t)
	at := deirEzZor()
	hospital := h.NotifyHospital(at)
	says := func(lang string, want []string, not ...string) {
		t.Helper()
		main := text(find(h.visit(h.Org).get("/"+lang+"/receipt/"+h.firstVersion(hospital).String()).doc, "section", "id", "three"))
		for _, w := range want {
			if !strings.Contains(main, w) {
				t.Errorf("the page lacks %q: %s", w, main)
			}
		}
		for _, w := range not {
			if strings.Contains(main, w) {
				t.Errorf("the page says %q: %s", w, main)
			}
		}
	}
	for _, lang := range []string{"en", "ar"} {
		says(lang, []string{word(t, lang, "receipt.stored"), word(t, lang, "receipt.no_witnesses"), word(t, lang, "receipt.not_acknowledged")}, word(t, lang, "receipt.witnessed"))
	}
	h.Verify(cast.V(hospital, 1))
	h.Release(cast.V(hospital, 1), h.A.Ref, h.B.Ref)
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(hospital, 1), ReadBack: at})
	h.tellByTelephone(h.B.Ref, &parley.ObjectAcknowledge{Of: cast.V(hospital, 1), ReadBack: at})
	signed := word(t, "en", "receipt.acknowledged", "party", "Force A")
	told := word(t, "en", "receipt.acknowledged_told", "party", "Force B", "channel", word(t, "en", "channel.telephone"))
	says("en", []string{signed, told}, word(t, "en", "receipt.not_acknowledged"), word(t, "en", "receipt.acknowledged", "party", "Force B"))

	h.witness(t)
	h.until("witnesses to cosign", func() bool {
		signed, err := h.node.Checkpoint(t.Context(), true)
		return err == nil && signed != nil
	})
	for _, lang := range []string{"en", "ar"} {
		says(lang, []string{word(t, lang, "receipt.stored"), word(t, lang, "receipt.witnessed"), "north.example/witness"}, word(t, lang, "receipt.no_witnesses"), word(t, lang, "receipt.not_witnessed"))
	}
}

// tellByTelephone has the desk enter what an account told it.
func (h *house) tellByTelephone(of parley.Ref, body parley.Body) {
	h.T.Helper()
	d := h.Draft()
	d.OnBehalf = &parley.OnBehalf{Of: of, Channel: parley.ByTelephone, At: h.Now()}
	s, err := d.Sign(body, h.Verifier.Key)
	if err == nil {
		_, err = h.Stage.Play(s)
	}
	if err != nil {
		h.T.Fatal(err)
	}
}

// witness starts the house again with one witness that has to cosign.
func (h *house) witness(t *testing.T) {
	t.Helper()
	folder := t.TempDir()
	key, err := witness.Prepare(folder, "north.example/witness")
	if err == nil {
		err = witness.Know(folder, h.node.LogKey())
	}
	if err != nil {
		t.Fatal(err)
	}
	w, err := witness.Open(t.Context(), folder, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w)
	t.Cleanup(func() { server.Close(); w.Close() })
	h.close()
	if err := os.WriteFile(filepath.Join(h.folder, node.PolicyFile), []byte("witness north "+key+" "+server.URL+"\nquorum north\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.start(t, listener)
	h.Stage = cast.OnNode{Node: h.node}
}

// until waits for what other goroutines bring about.
func (h *house) until(what string, done func() bool) {
	h.T.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.T.Fatalf("waited for %s in vain", what)
		}
	}
}
