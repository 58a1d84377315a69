package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
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
	"parley/proof"
)

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
