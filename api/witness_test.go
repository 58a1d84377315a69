package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/api"
	"parley/internal/cast"
	"parley/internal/need"
	"parley/node"
	"parley/proof"
	"parley/witness"
)

// newWitness starts a witness of ours that knows logs, and returns its address and key.
func newWitness(t testing.TB, name string, logKeys ...string) (url, key string) {
	t.Helper()
	folder := t.TempDir()
	key, err := witness.Prepare(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range logKeys {
		if err := witness.Know(folder, k); err != nil {
			t.Fatal(err)
		}
	}
	w, err := witness.Open(t.Context(), folder, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w)
	t.Cleanup(func() {
		server.Close()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL, key
}

// witnessed is a house whose log three parties witness: two of them are up, one is another people's program, one is away.
func witnessed(t testing.TB) (h *house, policy *proof.Policy, folder string) {
	h = newHouseIn(t, func(at string) {
		folder = at
		logKey, _, _, err := node.LogKeyOf(folder)
		if err != nil {
			t.Fatal(err)
		}
		lite, liteKey := need.Litewitness(t, "party-a.example/witness", logKey)
		ours, oursKey := newWitness(t, "party-b.example/witness", logKey)
		_, awayKey := newWitness(t, "party-c.example/witness", logKey)
		text := "log " + logKey + "\nwitness a " + liteKey + " " + lite + "\nwitness b " + oursKey + " " + ours + "\nwitness c " + awayKey + " http://127.0.0.1:1\ngroup parties 2 a b c\nquorum parties\n"
		if policy, err = proof.ParsePolicy(text); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, node.PolicyFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	return h, policy, folder
}

// eventually waits for something that other goroutines or processes bring about.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// A journal that was cut back to an older copy, or changed, is found out by the witnesses, and the node stops: litewitness is one.
func TestACutJournalIsFoundOutByWitnesses(t *testing.T) {
	for _, grown := range []int{0, 40} { // shorter than what was cosigned; longer again, with another history
		h, _, folder := witnessed(t)
		ref := h.NotifyHospital(cast.At(35.9528, 39.0079))
		copied := filepath.Join(t.TempDir(), "older")
		if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"log.key", "node.key", "payload.key"} {
			if err := os.Chmod(filepath.Join(copied, key), 0o600); err != nil { // CopyFS gives every file the mode 0666 less the umask
				t.Fatal(err)
			}
		}
		for _, stale := range []string{"tree", "leaves", "checkpoints.db", "checkpoints.db-wal", "checkpoints.db-shm"} {
			if err := os.RemoveAll(filepath.Join(copied, stale)); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			h.Tell(h.Org, &parley.SiteRevalidate{Of: cast.V(ref, 1)})
		}
		h.witnessedReceipt(h.Tell(h.Org, &parley.SiteRevalidate{Of: cast.V(ref, 1)}).Name, h.Org, proof.Trust{})
		var log bytes.Buffer
		n, err := node.Open(t.Context(), node.Config{Folder: copied, Clock: h.clock.Load, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		h.Stage = cast.OnNode{Node: n}
		for range grown {
			if _, err := h.Say(h.Org, sayAgain(ref)); err != nil {
				break // it may stop at any moment
			}
		}
		eventually(t, "the node to stop", func() bool { return n.Fault() != nil })
		if err := n.Close(); err != nil {
			t.Error(err)
		}
		if text := log.String(); !strings.Contains(text, "ALARM") {
			t.Errorf("no alarm in the log:\n%s", text)
		}
	}
}

// Witnesses that are away: receipts stay stored, with a promise; when its time has passed that is an alarm and stands in the answer, and
// when they come back it is made good.
func TestAPromiseIsMinded(t *testing.T) {
	up := make(chan struct{}) // closed when the witness answers
	h := newHouseIn(t, func(folder string) {
		logKey, _, _, err := node.LogKeyOf(folder)
		if err != nil {
			t.Fatal(err)
		}
		url, key := newWitness(t, "party-a.example/witness", logKey)
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-up:
				body, _ := io.ReadAll(r.Body)
				answer, err := http.Post(url+r.URL.Path, "text/plain", bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				defer answer.Body.Close()
				w.WriteHeader(answer.StatusCode)
				io.Copy(w, answer.Body)
			default:
				http.Error(w, "away", http.StatusServiceUnavailable)
			}
		}))
		t.Cleanup(front.Close)
		if err := os.WriteFile(filepath.Join(folder, node.PolicyFile), []byte("witness a "+key+" "+front.URL+"\nquorum a\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	name := h.nameOf(h.NotifyHospital(cast.At(35.9528, 39.0079)))
	state := func() (w api.Witnesses) {
		_, body, _ := strings.Cut(h.answer("GET", "/v1/log/witnesses", "", nil), "\n{")
		if err := json.Unmarshal([]byte("{"+body), &w); err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := state(); w.Waiting == 0 || w.PromisedBy == "" || w.Overdue {
		t.Fatalf("read %+v, expected entries that wait within their promise", w)
	}
	r, _ := h.receipt(name, h.Org)
	if v, err := r.Verify(proof.Trust{}); err != nil || v.Tree.Quorum || v.Promise == nil {
		t.Fatalf("read %+v, %v, expected a promise and no quorum", v, err)
	}
	h.clock.Add(parley.Day + parley.Minute)
	if w := state(); !w.Overdue {
		t.Errorf("read %+v a day later, expected that the promise is broken", w)
	}
	close(up)
	eventually(t, "the promise to be made good", func() bool { w := state(); return w.Waiting == 0 && !w.Overdue })
	h.witnessedReceipt(name, h.Org, proof.Trust{})
}
