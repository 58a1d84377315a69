package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"parley"
	"parley/api"
	"parley/internal/cast"
	"parley/internal/draft"
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

// receipt fetches the receipt of a command as its author does.
func (h *house) receipt(name parley.Hash, who *cast.Person) (*proof.Receipt, []byte) {
	h.T.Helper()
	_, body, found := strings.Cut(h.answer("GET", "/v1/commands/"+name.String()+"/receipt", h.session(who), nil), "\n{")
	if !found {
		h.T.Fatalf("no receipt: %s", body)
	}
	text := []byte("{" + body)
	r, err := proof.ParseReceipt(text)
	if err != nil {
		h.T.Fatal(err)
	}
	return r, text
}

// witnessedReceipt waits until witnesses have cosigned all of a receipt.
func (h *house) witnessedReceipt(name parley.Hash, who *cast.Person, trust proof.Trust) (*proof.Receipt, *proof.Verified) {
	h.T.Helper()
	var r *proof.Receipt
	var v *proof.Verified
	eventually(h.T, "a witnessed receipt", func() bool {
		r, _ = h.receipt(name, who)
		var err error
		if v, err = r.Verify(trust); err != nil {
			h.T.Fatal(err)
		}
		all := v.Tree.Quorum
		for _, a := range v.Acknowledged {
			all = all && a.Tree.Quorum
		}
		return all
	})
	return r, v
}

// A site is notified, released and acknowledged. Its notifier holds one file: stored, witnessed by two of three parties, of which one
// runs litewitness, acknowledged by the receiver's own signature. Torchwood and x/mod verify the same proof; Tessera's fsck audits the
// whole log over HTTP.
func TestThreeReceiptsBeforeOtherJudges(t *testing.T) {
	h, policy, _ := witnessed(t)
	fsck := need.Tool(t, need.FsckTool)
	began := time.Now().Unix()
	ref := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(ref, 1), h.A.Ref)
	h.Release(cast.V(ref, 1), h.B.Ref)
	ack := h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9528, 39.0079)})
	name := h.nameOf(ref)
	trust := proof.Trust{LogKey: h.node.LogKey(), Policy: policy}
	r, v := h.witnessedReceipt(name, h.Org, trust)
	if v.Outcome != "applied" || v.Name != name || len(v.Acknowledged) != 1 || v.Acknowledged[0].Name != ack.Name || v.Acknowledged[0].Signers[0].Account != h.A.Ref {
		t.Fatalf("read %+v", v)
	}
	if v.Promise == nil || v.Promise.Policy != proof.Hash(sha256.Sum256([]byte(policy.Public))) || v.Promise.By != v.Time+parley.Day {
		t.Fatalf("read the promise %+v", v.Promise)
	}
	if strings.Contains(r.Policy, "127.0.0.1") || r.Policy != policy.Public {
		t.Errorf("the policy in the receipt tells where witnesses answer: %s", r.Policy)
	}
	if len(v.Tree.By) != 2 || v.Tree.ExistedBy < began-1 || v.Tree.ExistedBy > time.Now().Unix()+1 {
		t.Fatalf("read the cosignatures %+v", v.Tree)
	}

	// Another people's library takes the checkpoint under the same policy, and x/mod the way of the leaf.
	p, err := proof.ParseTlogProof(r.Proof)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := torchwood.ParsePolicy([]byte(policy.Text))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(p.Checkpoint, theirs)
	if err != nil {
		t.Fatal(err)
	}
	c, err := torchwood.ParseCheckpoint(opened.Text)
	if err == nil {
		err = theirs.Check(c.Origin, opened.Sigs)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := make(tlog.RecordProof, len(p.Inclusion))
	for i, hash := range p.Inclusion {
		path[i] = tlog.Hash(hash)
	}
	leaf := proof.NewLeaf(v.Time, sha256.Sum256(r.Envelope))
	if err := tlog.CheckRecord(path, c.N, c.Hash, int64(p.Index), tlog.RecordHash(leaf)); err != nil {
		t.Fatal(err)
	}

	if good, text := need.Fsck(t, fsck, h.server.URL+api.LogPath+"/", h.node.LogKey()); !good {
		t.Fatalf("fsck refused the log: %s", text)
	}
	for range 300 { // into a second tile
		h.Tell(h.Org, &parley.SiteRevalidate{Of: cast.V(ref, 1)})
	}
	eventually(t, "a checkpoint of a second tile", func() bool {
		signed, err := h.node.Checkpoint(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		w, err := policy.Open(signed, mustVerifier(t, h.node.LogKey()))
		return err == nil && w.Size > 256 && w.Quorum
	})
	if good, text := need.Fsck(t, fsck, h.server.URL+api.LogPath+"/", h.node.LogKey()); !good {
		t.Fatalf("fsck refused the log: %s", text)
	}
	// The receipt is as it was: the first quorum that covered it has the earliest times.
	if again, _ := h.receipt(name, h.Org); again.Proof != r.Proof {
		t.Errorf("the receipt has another proof now:\n%s\n%s", again.Proof, r.Proof)
	}
	// Others do not see it: neither the receiver nor a stranger.
	for _, other := range []*cast.Person{h.A.Officer, h.Other} {
		if text := h.answer("GET", "/v1/commands/"+name.String()+"/receipt", h.session(other), nil); !strings.HasPrefix(text, "404") {
			t.Errorf("%s: %s", other.Account, text)
		}
	}
}

func mustVerifier(t testing.TB, key string) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// nameOf returns the name of the command that made the first version of an object.
func (h *house) nameOf(ref parley.Ref) parley.Hash {
	h.T.Helper()
	_, body, _ := strings.Cut(h.answer("GET", "/v1/objects/"+string(ref), h.session(h.Org), nil), "\n{")
	var file struct {
		Commands []struct {
			Version int
			Name    parley.Hash
		}
	}
	if err := json.Unmarshal([]byte("{"+body), &file); err != nil {
		h.T.Fatal(err)
	}
	for _, c := range file.Commands {
		if c.Version == 1 {
			return c.Name
		}
	}
	h.T.Fatalf("no command made %s: %s", ref, body)
	return parley.Hash{}
}

// Whatever is altered in the file of a receipt, by one bit in every byte: either it no longer holds, or it proves what it proved.
func TestAlteredReceiptsProveNothingElse(t *testing.T) {
	h, policy, _ := witnessed(t)
	ref := h.NotifyHospital(cast.At(35.9528, 39.0079))
	h.Release(cast.V(ref, 1), h.A.Ref)
	h.Tell(h.A.Officer, &parley.ObjectAcknowledge{Of: cast.V(ref, 1), ReadBack: cast.At(35.9528, 39.0079)})
	trust := proof.Trust{LogKey: h.node.LogKey(), Policy: policy}
	r, want := h.witnessedReceipt(h.nameOf(ref), h.Org, trust)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	refused, harmless := 0, 0
	for i := range text {
		bad := bytes.Clone(text)
		bad[i] ^= 1 << (i % 7)
		r, err := proof.ParseReceipt(bad)
		if err != nil {
			refused++
			continue
		}
		got, err := r.Verify(trust)
		if err != nil {
			refused++
			continue
		}
		// What the author did not sign, such as the sentence, and notes that nobody needs, may differ; what is proved may not be more.
		if got.Name != want.Name || got.Stored != want.Stored && !reflect.DeepEqual(got.Stored, want.Stored) || !reflect.DeepEqual(got.Command, want.Command) ||
			got.Tree.Checkpoint != want.Tree.Checkpoint || !within(got.Tree.By, want.Tree.By) || len(got.Acknowledged) > len(want.Acknowledged) ||
			len(got.Acknowledged) == 1 && !reflect.DeepEqual(got.Acknowledged[0].Command, want.Acknowledged[0].Command) {
			t.Fatalf("byte %d: it proves something else: %+v", i, got)
		}
		harmless++
	}
	t.Logf("%d bytes: %d refused, %d prove the same or less", len(text), refused, harmless)
	if refused < len(text)*4/5 {
		t.Errorf("only %d of %d are refused", refused, len(text))
	}
	renamed, err := proof.ParseReceipt(bytes.Replace(text, []byte("group parties 2 "), []byte("group parties 1 "), 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := renamed.Verify(proof.Trust{}); err == nil {
		t.Error("a receipt holds whose policy asks for fewer witnesses than the log promised")
	}
	for what, t2 := range map[string]proof.Trust{"another log key": {LogKey: otherKey(t)}, "other witnesses": {Policy: otherPolicy(t)}} {
		if v, err := r.Verify(t2); err == nil && v.Tree.Quorum {
			t.Errorf("%s: it holds", what)
		}
	}
}

// within reports whether every cosignature is one of others.
func within(some, all []proof.Cosignature) bool {
	for _, c := range some {
		if !slices.Contains(all, c) {
			return false
		}
	}
	return true
}

func otherKey(t testing.TB) string {
	t.Helper()
	key, err := proof.NewLogKey("parley.test/theatre")
	if err != nil {
		t.Fatal(err)
	}
	return key.Public()
}

func otherPolicy(t testing.TB) *proof.Policy {
	t.Helper()
	w, err := proof.NewWitnessKey("party-a.example/witness")
	if err != nil {
		t.Fatal(err)
	}
	p, err := proof.ParsePolicy("witness a " + w.Verifier().String() + "\nquorum a\n")
	if err != nil {
		t.Fatal(err)
	}
	return p
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

// The log's key is replaced. A witness that knows the old key alone cosigns on while both sign; receipts of before and after verify
// under whichever key was noted; once the old key is retired, whoever does not know the new one is away.
func TestTheLogKeyIsReplaced(t *testing.T) {
	h, policy, folder := witnessed(t)
	old := h.node.LogKey()
	first := h.nameOf(h.NotifyHospital(cast.At(35.9528, 39.0079)))
	h.witnessedReceipt(first, h.Org, proof.Trust{LogKey: old, Policy: policy})
	reopen := func(change func()) {
		t.Helper()
		h.server.CloseClientConnections()
		h.server.Close()
		if err := h.node.Close(); err != nil {
			t.Fatal(err)
		}
		change()
		n, err := node.Open(t.Context(), node.Config{Folder: folder, Clock: h.clock.Load})
		if err != nil {
			t.Fatal(err)
		}
		limits := api.DefaultLimits()
		limits.Rate, limits.Burst = 1e6, 1e6
		h.node, h.door = n, api.New(n, limits, nil)
		h.server, h.Stage = httptest.NewServer(h.door), cast.OnNode{Node: n}
		t.Cleanup(func() { h.server.Close(); n.Close() })
	}
	reopen(func() {
		if _, err := node.RotateLogKey(t.Context(), folder, h.clock.Load()); err != nil {
			t.Fatal(err)
		}
	})
	fresh := h.node.LogKey()
	if fresh == old {
		t.Fatal("the key is the old one")
	}
	second := h.nameOf(h.NotifyHospital(cast.At(35.7528, 39.2079)))
	for _, noted := range []string{old, fresh} {
		for _, name := range []parley.Hash{first, second} {
			h.witnessedReceipt(name, h.Org, proof.Trust{LogKey: noted, Policy: policy})
		}
	}
	reopen(func() {
		retired, err := node.RetireLogKey(folder)
		if err != nil || retired != old {
			t.Fatalf("retired %s, %v", retired, err)
		}
	})
	third := h.nameOf(h.NotifyHospital(cast.At(35.6528, 39.3079)))
	eventually(t, "the witnesses to refuse a key they do not know", func() bool {
		states := h.node.Witnesses()
		return states[0].State == "away" && states[1].State == "away"
	})
	r, _ := h.receipt(third, h.Org)
	v, err := r.Verify(proof.Trust{LogKey: old, Policy: policy})
	if err != nil || v.Tree.Quorum {
		t.Fatalf("read %+v, %v; expected a receipt that is stored and not witnessed", v, err)
	}
	h.witnessedReceipt(first, h.Org, proof.Trust{LogKey: fresh, Policy: policy})
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

// What anyone may read of the log says nothing of any command: log times and hashes that nobody can guess.
func TestTilesDiscloseNothing(t *testing.T) {
	h := newHouse(t)
	h.NotifyHospital(cast.At(35.9528, 39.0079))
	var size uint64
	eventually(t, "a checkpoint", func() bool {
		signed, err := h.node.Checkpoint(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		c, err := proof.ParseCheckpoint(signed, mustVerifier(t, h.node.LogKey()))
		size = c.Size
		return err == nil && size > 10
	})
	for _, tile := range proof.TilesOf(size) {
		r, err := http.Get(h.server.URL + api.LogPath + "/" + tile.Path())
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r.Body)
		r.Body.Close()
		want := tile.Width() * 32
		if tile.Entries() {
			want = tile.Width() * (2 + proof.LeafSize)
		}
		if err != nil || r.StatusCode != http.StatusOK || len(data) != want {
			t.Fatalf("%s: %d, %d bytes, %v; expected %d", tile.Path(), r.StatusCode, len(data), err, want)
		}
	}
	for _, path := range []string{"tile/0/001", "tile/0/000", "tile/0/000.p/255", "tile/0/0", "tile/-1/000", "tile/data/000.p/3", "tile/9/000", "tile/entries/x001/000", "tile/0/000.p/0"} {
		r, err := http.Get(h.server.URL + api.LogPath + "/" + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, expected 404", path, r.StatusCode)
		}
	}
}

// sayAgain confirms a site once more.
func sayAgain(ref parley.Ref) func(*draft.Draft) parley.Body {
	return func(*draft.Draft) parley.Body { return &parley.SiteRevalidate{Of: cast.V(ref, 1)} }
}

// BenchmarkWitnessedReceipt says a command and waits until two of three witnesses, of which one is litewitness, have cosigned it.
func BenchmarkWitnessedReceipt(b *testing.B) {
	h, policy, _ := witnessed(b)
	ref := h.NotifyHospital(cast.At(35.9528, 39.0079))
	token, trust := h.session(h.Org), proof.Trust{LogKey: h.node.LogKey(), Policy: policy}
	var times []time.Duration
	bytes := 0
	for b.Loop() {
		began := time.Now()
		name := h.Tell(h.Org, &parley.SiteRevalidate{Of: cast.V(ref, 1)}).Name
		for {
			_, body, _ := strings.Cut(h.answer("GET", "/v1/commands/"+name.String()+"/receipt", token, nil), "\n{")
			r, err := proof.ParseReceipt([]byte("{" + body))
			if err != nil {
				b.Fatal(err)
			}
			v, err := r.Verify(trust)
			if err != nil {
				b.Fatal(err)
			}
			if v.Tree.Quorum {
				bytes = len(body) + 1
				break
			}
			time.Sleep(time.Millisecond)
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Milliseconds()), "ms-p50")
	b.ReportMetric(float64(times[len(times)*99/100].Milliseconds()), "ms-p99")
	b.ReportMetric(float64(bytes), "B/receipt")
}
