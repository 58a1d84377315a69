package proof

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"

	"parley/internal/need"
)

// cosignedHead returns a checkpoint that the log and these witnesses have signed, at these times in seconds.
func cosignedHead(t testing.TB, key *LogKey, size int, times map[*WitnessKey]int64) []byte {
	t.Helper()
	signed, err := SignCheckpoint(uint64(size), rootOf(size), key)
	if err != nil {
		t.Fatal(err)
	}
	for w, at := range times {
		line, err := w.Cosign(Checkpoint{key.Origin(), uint64(size), rootOf(size)}.Text(), at)
		if err == nil {
			signed, err = AddCosignature(signed, line, w.Verifier())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return signed
}

func newWitness(t testing.TB, name string) *WitnessKey {
	t.Helper()
	w, err := NewWitnessKey(name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Torchwood's witness keys and cosignatures are taken here, and ours there.
func TestCosignaturesAgreeWithTorchwood(t *testing.T) {
	key, ours := newKey(t), newWitness(t, "witness.example/ours")
	signed := cosignedHead(t, key, 7, map[*WitnessKey]int64{ours: 1_700_000_000})
	theirView, err := torchwood.NewCosignatureVerifier(ours.Verifier().String())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(signed, note.VerifierList(theirView))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := torchwood.CosignatureTimestamp(opened.Sigs[0]); err != nil || at != 1_700_000_000 {
		t.Fatalf("torchwood reads the time %d, %v", at, err)
	}

	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := torchwood.NewCosignatureSigner("witness.example/theirs", private)
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewWitnessVerifier(theirs.Verifier().String())
	if err != nil {
		t.Fatal(err)
	}
	again, err := note.Sign(&note.Note{Text: opened.Text}, theirs)
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := bytes.Cut(again, []byte("\n\n"))
	both, err := AddCosignature(signed, lines, v)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := ParsePolicy("witness a " + ours.Verifier().String() + "\nwitness b " + v.String() + "\ngroup both all a b\nquorum both\n")
	if err != nil {
		t.Fatal(err)
	}
	w, err := policy.Open(both, key.Verifier())
	if err != nil || !w.Quorum || len(w.By) != 2 {
		t.Fatalf("read %+v, %v, expected both witnesses", w, err)
	}
	if twice, err := AddCosignature(both, lines, v); err != nil || !bytes.Equal(twice, both) {
		t.Fatalf("a cosignature that is there already: %v\n%s", err, twice)
	}
	if _, err := AddCosignature(signed, lines, ours.Verifier()); err == nil {
		t.Fatal("the line of another witness was taken")
	}
}

// One bit anywhere in a cosignature, or in what it is under, and it does not verify.
func TestAlteredCosignatures(t *testing.T) {
	key, w := newKey(t), newWitness(t, "witness.example/a")
	text := Checkpoint{key.Origin(), 7, rootOf(7)}.Text()
	line, err := w.Cosign(text, 1_700_000_000)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(append([]byte(text+"\n"), line...), note.VerifierList(w.Verifier()))
	if err != nil {
		t.Fatal(err)
	}
	sig := []byte(opened.Sigs[0].Base64)
	raw, err := base64.StdEncoding.DecodeString(string(sig))
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw { // the bytes, as the last letter may hold bits that mean nothing
		bad := bytes.Clone(raw)
		bad[i] ^= 1
		bad = []byte(base64.StdEncoding.EncodeToString(bad))
		altered := append([]byte(text+"\n— witness.example/a "), append(bad, '\n')...)
		if _, err := note.Open(altered, note.VerifierList(w.Verifier())); err == nil {
			t.Fatalf("byte %d changed: the cosignature verifies", i)
		}
	}
	for name, do := range map[string]func() error{
		"no checkpoint": func() error { _, err := w.Cosign("hello\n", 1); return err },
		"a time before": func() error { _, err := w.Cosign(text, -1); return err },
		"too late":      func() error { _, err := w.Cosign(text, 1<<40); return err },
	} {
		if do() == nil {
			t.Errorf("%s: it was cosigned", name)
		}
	}
}

func TestWitnessKeyIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "witness.key")
	w := newWitness(t, "witness.example/a")
	if err := w.Save(path); err != nil {
		t.Fatal(err)
	}
	if err := w.Save(path); err == nil {
		t.Fatal("a key was written over another")
	}
	read, err := LoadWitnessKey(path)
	if err != nil || read.Verifier().String() != w.Verifier().String() {
		t.Fatalf("read %v, %v", read, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{"cut": string(text[:len(text)-2]) + "\n", "no line break": strings.TrimSpace(string(text)), "other name": strings.Replace(string(text), "/a", "/b", 1)} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadWitnessKey(path); err == nil {
			t.Errorf("%s: the key was read", name)
		}
	}
	key := string(text)
	for name, bad := range map[string]string{
		"one word": "x\n", "a part less": "PRIVATE+KEY+witness.example/a+00000000\n", "no private key": strings.Replace(key, "PRIVATE", "PUBLIC", 1),
		"no key": strings.Replace(key, "KEY", "DOOR", 1), "no name": strings.Replace(key, "witness.example/a", "", 1), "a name with a space": strings.Replace(key, "/a", " a", 1),
	} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadWitnessKey(path); err == nil || !strings.Contains(err.Error(), "read no sound private key") {
			t.Errorf("%s: read %v", name, err)
		}
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadWitnessKey(path); err == nil {
		t.Error("a key that others can read was taken")
	}
}

// A tree existed by the time at which the last cosignature that the quorum takes was made, not the last of all.
func TestExistedBy(t *testing.T) {
	key := newKey(t)
	a, b, c := newWitness(t, "w.example/a"), newWitness(t, "w.example/b"), newWitness(t, "w.example/c")
	names := "witness a " + a.Verifier().String() + "\nwitness b " + b.Verifier().String() + "\nwitness c " + c.Verifier().String() + "\n"
	times := map[*WitnessKey]int64{a: 300, b: 100, c: 200}
	for _, c := range []struct {
		rule  string
		times map[*WitnessKey]int64
		by    int64
	}{
		{"group q 2 a b c\nquorum q\n", times, 200},
		{"group q all a b c\nquorum q\n", times, 300},
		{"group q any a b c\nquorum q\n", times, 100},
		{"quorum a\n", times, 300},
		{"group two 2 b c\ngroup q any two a\nquorum q\n", times, 200},
		{"group two 2 a c\ngroup q 2 two b\nquorum q\n", times, 300},
		{"group q 2 a b c\nquorum q\n", map[*WitnessKey]int64{a: 300}, 0},
	} {
		policy, err := ParsePolicy(names + c.rule)
		if err != nil {
			t.Fatal(err)
		}
		w, err := policy.Open(cosignedHead(t, key, 7, c.times), key.Verifier())
		if err != nil || w.ExistedBy != c.by || w.Quorum != (c.by != 0) || len(w.By) != len(c.times) {
			t.Errorf("%q: read %+v, %v, expected %d", c.rule, w, err, c.by)
		}
		// Torchwood decides alike from the same text.
		theirs, err := torchwood.ParsePolicy([]byte("log " + key.Public() + "\n" + names + c.rule))
		if err != nil {
			t.Fatal(err)
		}
		opened, err := note.Open(cosignedHead(t, key, 7, c.times), theirs)
		if err != nil {
			t.Fatal(err)
		}
		if quorum := theirs.Check(key.Origin(), opened.Sigs) == nil; quorum != w.Quorum {
			t.Errorf("%q: torchwood says %v, we say %v", c.rule, quorum, w.Quorum)
		}
	}
}

func TestPolicyRefuses(t *testing.T) {
	a := newWitness(t, "w.example/a").Verifier().String()
	for name, text := range map[string]string{
		"no quorum":          "witness a " + a,
		"two quorums":        "witness a " + a + "\nquorum a\nquorum a",
		"unknown quorum":     "quorum x",
		"too many":           "witness a " + a + "\ngroup g 2 a\nquorum g",
		"zero":               "witness a " + a + "\ngroup g 0 a\nquorum g",
		"member twice":       "witness a " + a + "\ngroup g 2 a a\nquorum g",
		"witness twice":      "witness a " + a + "\nwitness b " + a + "\nquorum a",
		"label twice":        "witness a " + a + "\ngroup a any a\nquorum a",
		"a label of none":    "witness none " + a + "\nquorum none",
		"a log key":          "witness a " + newKey(t).Public() + "\nquorum a",
		"in two groups":      "witness a " + a + "\ngroup g any a\ngroup h any a\nquorum h",
		"an unknown keyword": "witnesses a " + a + "\nquorum a",
		"a member below":     "group g any a\nwitness a " + a + "\nquorum g",
	} {
		if p, err := ParsePolicy(text); err == nil {
			t.Errorf("%s: read %+v", name, p)
		}
	}
}

// The samples are proofs, with cosignatures, over a log that was not made by this code; 2 of 2 witnesses make the quorum.
func TestForeignProofs(t *testing.T) {
	data, err := os.ReadFile(need.Shared(t, "vectors", "tlog-proof", "samples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var samples struct {
		LogVkey      string   `json:"log_vkey"`
		WitnessVkeys []string `json:"witness_vkeys"`
		Vectors      []struct {
			Index             uint64
			Entry, Proof, Why string
			Valid             bool
		}
	}
	if err := json.Unmarshal(data, &samples); err != nil {
		t.Fatal(err)
	}
	key, err := note.NewVerifier(samples.LogVkey)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := ParsePolicy("witness a " + samples.WitnessVkeys[0] + "\nwitness b " + samples.WitnessVkeys[1] + "\ngroup both all a b\nquorum both\n")
	if err != nil {
		t.Fatal(err)
	}
	valid := 0
	for _, v := range samples.Vectors {
		err := func() error {
			p, err := ParseTlogProof(v.Proof)
			if err != nil {
				return err
			}
			if p.Text() != v.Proof {
				t.Errorf("%s: written again it is another text:\n%s", v.Why, p.Text())
			}
			w, err := policy.Open(p.Checkpoint, key)
			if err != nil {
				return err
			}
			if !w.Quorum {
				return os.ErrPermission
			}
			return p.Verify(w.Checkpoint, []byte(v.Entry))
		}()
		if (err == nil) != v.Valid {
			t.Errorf("index %d (%s): %v, expected valid: %v", v.Index, v.Why, err, v.Valid)
		}
		if v.Valid {
			valid++
		}
	}
	if valid == 0 || valid == len(samples.Vectors) {
		t.Fatalf("%d of %d samples are valid, expected good and bad ones", valid, len(samples.Vectors))
	}
}
