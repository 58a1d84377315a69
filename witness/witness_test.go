package witness_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley/internal/need"
	"parley/proof"
	"parley/witness"
)

// open opens a witness in a folder and serves it.
func open(t testing.TB, folder string) *httptest.Server {
	t.Helper()
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
	return server
}

func folderOf(t testing.TB, logKeys ...string) (folder, key string) {
	t.Helper()
	folder = t.TempDir()
	key, err := witness.Prepare(folder, "witness.example/ours")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range logKeys {
		if err := witness.Know(folder, k); err != nil {
			t.Fatal(err)
		}
	}
	return folder, key
}

// tree returns a tree of size leaves; branches differ from the leaf at on.
func tree(t testing.TB, branch string, size, at int) *proof.Tree {
	t.Helper()
	leaf := func(i int) []byte {
		if i < at {
			return fmt.Appendf(nil, "leaf %d", i)
		}
		return fmt.Appendf(nil, "leaf %d of %s", i, branch)
	}
	var f proof.Frontier
	for i := range size {
		f.Append(leaf(i))
	}
	found, err := proof.OpenTree(filepath.Join(t.TempDir(), "tree"), uint64(size), f.Root(), func(from uint64) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for i := int(from); i < size; i++ {
				if !yield(leaf(i), nil) {
					return
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { found.Close() })
	return found
}

// request asks for a tree's head, signed by a key, from an old size on.
func request(t testing.TB, key *proof.LogKey, from *proof.Tree, old uint64) witness.Request {
	t.Helper()
	size := from.Size()
	root, err := from.Root(size)
	if err != nil {
		t.Fatal(err)
	}
	r := witness.Request{Old: old}
	if r.Checkpoint, err = proof.SignCheckpoint(size, root, key); err != nil {
		t.Fatal(err)
	}
	if old > 0 && old < size {
		if r.Consistency, err = from.Consistency(old, size); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func post(t testing.TB, url string, body []byte) (int, string) {
	t.Helper()
	r, err := http.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

func logKey(t testing.TB, origin string) *proof.LogKey {
	t.Helper()
	key, err := proof.NewLogKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Our witness answers each request as litewitness does, to the status and the size.
func TestAnswersAreThoseOfLitewitness(t *testing.T) {
	key, stranger := logKey(t, "log.example/a"), logKey(t, "log.example/a")
	unknown := logKey(t, "log.example/unknown")
	folder, _ := folderOf(t, key.Public())
	ours := open(t, folder).URL
	theirs, _ := need.Litewitness(t, "witness.example/lite", key.Public())
	bad := request(t, key, tree(t, "", 9, 9), 5)
	bad.Consistency[0][3] ^= 1
	for _, c := range []struct {
		name   string
		body   []byte
		status int
		same   bool // 409 here and 422 there: two roots for one size
	}{
		{"first", request(t, key, tree(t, "", 5, 5), 0).Text(), 200, true},
		{"the same again", request(t, key, tree(t, "", 5, 5), 5).Text(), 200, true},
		{"grown, from nothing", request(t, key, tree(t, "", 9, 9), 0).Text(), 409, true},
		{"a proof that does not hold", bad.Text(), 422, true},
		{"a fork", request(t, key, tree(t, "b", 9, 3), 5).Text(), 422, true},
		{"another root of that size", request(t, key, tree(t, "b", 5, 3), 5).Text(), 409, false},
		{"grown", request(t, key, tree(t, "", 9, 9), 5).Text(), 200, true},
		{"back", request(t, key, tree(t, "", 5, 5), 5).Text(), 409, true},
		{"back, from further", request(t, key, tree(t, "", 5, 5), 9).Text(), 400, true},
		{"another key of that name", request(t, stranger, tree(t, "", 10, 10), 9).Text(), 403, true},
		{"an unknown log", request(t, unknown, tree(t, "", 10, 10), 0).Text(), 404, true},
		{"no request", []byte("hello"), 400, true},
		{"no size", []byte("old x\n\n" + string(bad.Checkpoint)), 400, true},
		{"no hash", []byte("old 9\nxyz\n\n" + string(bad.Checkpoint)), 400, true},
	} {
		status, text := post(t, ours, c.body)
		if status != c.status {
			t.Errorf("%s: read %d %s, expected %d", c.name, status, text, c.status)
		}
		other, size := post(t, theirs, c.body)
		if c.same && (other != status || status == 409 && size != text) {
			t.Errorf("%s: litewitness says %d %s, ours %d %s", c.name, other, size, status, text)
		}
		if other == 200 != (status == 200) {
			t.Errorf("%s: one of both cosigned: litewitness %d, ours %d", c.name, other, status)
		}
	}
}

// What was cosigned is remembered when the witness ends and comes back; a key that follows another is taken beside it.
func TestAWitnessRemembers(t *testing.T) {
	key := logKey(t, "log.example/a")
	folder, public := folderOf(t, key.Public())
	first := open(t, folder)
	if status, text := post(t, first.URL, request(t, key, tree(t, "", 5, 5), 0).Text()); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	next := logKey(t, "log.example/a")
	if err := witness.Know(folder, next.Public()); err != nil {
		t.Fatal(err)
	}
	again := open(t, folder)
	if status, _ := post(t, again.URL, request(t, key, tree(t, "b", 7, 2), 5).Text()); status != 422 {
		t.Errorf("a fork after a restart: %d", status)
	}
	status, line := post(t, again.URL, request(t, next, tree(t, "", 9, 9), 5).Text())
	if status != 200 {
		t.Fatalf("under the next key: %d %s", status, line)
	}
	v, err := proof.NewWitnessVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	signed := request(t, next, tree(t, "", 9, 9), 5).Checkpoint
	if _, err := proof.AddCosignature(signed, []byte(line), v); err != nil {
		t.Fatal(err)
	}
}

// Of two histories that are shown at the same moment, one is cosigned: whatever the order, whichever handle.
func TestRacingHistories(t *testing.T) {
	key := logKey(t, "log.example/a")
	folder, _ := folderOf(t, key.Public())
	servers := []*httptest.Server{open(t, folder), open(t, folder)}
	if status, text := post(t, servers[0].URL, request(t, key, tree(t, "", 4, 4), 0).Text()); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	var bodies [][]byte
	for i := range 16 {
		bodies = append(bodies, request(t, key, tree(t, fmt.Sprint("branch ", i), 9, 4), 4).Text())
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	cosigned := 0
	for i, body := range bodies {
		group.Go(func() {
			status, _ := post(t, servers[i%2].URL, body)
			mu.Lock()
			defer mu.Unlock()
			if status == 200 {
				cosigned++
			}
		})
	}
	group.Wait()
	if cosigned != 1 {
		t.Fatalf("%d of %d histories were cosigned, expected 1", cosigned, len(bodies))
	}
}

func TestClientSaysWhatTheWitnessSays(t *testing.T) {
	key := logKey(t, "log.example/a")
	folder, _ := folderOf(t, key.Public())
	server := open(t, folder)
	c := witness.NewClient(server.URL + "/")
	if _, err := c.Ask(t.Context(), request(t, key, tree(t, "", 5, 5), 0)); err != nil {
		t.Fatal(err)
	}
	var conflict *witness.Conflict
	if _, err := c.Ask(t.Context(), request(t, key, tree(t, "", 7, 7), 3)); !as(err, &conflict) || conflict.Size != 5 {
		t.Errorf("read %v, expected a conflict at 5", err)
	}
	var refused *witness.Refused
	if _, err := c.Ask(t.Context(), request(t, key, tree(t, "b", 7, 2), 5)); !as(err, &refused) || !refused.Forked() {
		t.Errorf("read %v, expected a refusal of a fork", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Ask(ctx, request(t, key, tree(t, "", 7, 7), 5)); err == nil {
		t.Error("asked without time")
	}
	elsewhere := httptest.NewServer(http.RedirectHandler(server.URL+"/add-checkpoint", http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	if _, err := witness.NewClient(elsewhere.URL).Ask(t.Context(), request(t, key, tree(t, "", 7, 7), 5)); !as(err, &refused) {
		t.Errorf("read %v, expected a refusal to go elsewhere", err)
	}
}
