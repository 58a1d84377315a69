package proof

import (
	"encoding/base64"
	"testing"

	"golang.org/x/mod/sumdb/note"
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
