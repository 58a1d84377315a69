package proof

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"parley/internal/need"
)

func TestCheckpointIsSigned(t *testing.T) {
	key := newKey(t)
	signed, err := SignCheckpoint(42, rootOf(42), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCheckpoint(signed, key.Verifier())
	if err != nil || c != (Checkpoint{Origin: key.Origin(), Size: 42, Root: rootOf(42)}) {
		t.Fatalf("read %+v, %v", c, err)
	}
	if _, err := ParseCheckpoint(signed, newKey(t).Verifier()); err == nil {
		t.Fatal("another key verifies the checkpoint")
	}
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, text := range map[string]string{
		"other origin":   "parley.example/other\n42\n" + root + "\n",
		"leading zero":   key.Origin() + "\n042\n" + root + "\n",
		"too large":      key.Origin() + "\n9223372036854775808\n" + root + "\n",
		"short root":     key.Origin() + "\n42\n" + root[:40] + "\n",
		"loose base64":   key.Origin() + "\n42\n" + root[:42] + "B=\n",
		"extension line": key.Origin() + "\n42\n" + root + "\nmore\n",
		"no root":        key.Origin() + "\n42\n",
		"a receipt":      anyStored.Text(),
	} {
		signed, err := note.Sign(&note.Note{Text: text}, key)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ParseCheckpoint(signed, key.Verifier()); err == nil {
			t.Errorf("%s: read %+v", name, c)
		}
	}
}

// The samples are proofs over a log that was not made by this code.
func TestForeignProofs(t *testing.T) {
	data, err := os.ReadFile(need.Shared(t, "vectors", "tlog-proof", "samples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var samples struct {
		LogVkey string `json:"log_vkey"`
		Vectors []struct {
			Index      uint64
			Entry      string
			Proof, Why string
			Valid      bool
		}
	}
	if err := json.Unmarshal(data, &samples); err != nil {
		t.Fatal(err)
	}
	key, err := note.NewVerifier(samples.LogVkey)
	if err != nil {
		t.Fatal(err)
	}
	valid := 0
	for _, v := range samples.Vectors {
		err := checkSample(v.Proof, v.Entry, v.Index, key)
		switch {
		case v.Valid && err != nil:
			t.Errorf("index %d (%s): %v", v.Index, v.Why, err)
		case v.Valid:
			valid++
		case strings.Contains(v.Why, "witness") || strings.Contains(v.Why, "cosig"):
			// The log itself is right there; witnesses are checked elsewhere.
		case err == nil:
			t.Errorf("index %d (%s): the proof holds, expected a refusal", v.Index, v.Why)
		}
	}
	if valid == 0 {
		t.Fatal("no valid sample was met")
	}
}

// checkSample takes a C2SP tlog-proof apart: version line, index line, hashes, empty line, checkpoint.
func checkSample(text, entry string, index uint64, key note.Verifier) error {
	head, checkpoint, _ := strings.Cut(text, "\n\n")
	c, err := ParseCheckpoint([]byte(checkpoint), key)
	if err != nil {
		return err
	}
	lines := strings.Split(head, "\n")
	if read, err := strconv.ParseUint(strings.TrimPrefix(lines[1], "index "), 10, 64); err == nil {
		index = read
	}
	var found []Hash
	for _, line := range lines[2:] {
		h, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(h) != HashSize {
			return err
		}
		found = append(found, Hash(h))
	}
	return VerifyInclusion(found, c.Size, c.Root, index, []byte(entry))
}
