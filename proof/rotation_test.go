package proof

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestRotationIsSignedByBoth(t *testing.T) {
	from, to := newKey(t), newKey(t)
	want := Rotation{From: from.Public(), To: to.Public(), Size: 42, Root: rootOf(42), Time: 1767225600123}
	text := "parley log key rotation v1\nfrom: " + from.Public() + "\nto: " + to.Public() + "\nsize: 42\nroot: " + rootOf(42).String() + "\ntime: 2026-01-01T00:00:00.123Z\n"
	if got := want.Text(); got != text {
		t.Fatalf("read %q, expected %q", got, text)
	}
	signed, err := SignRotation(from, to, 42, rootOf(42), 1767225600123)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := VerifyRotation(signed); err != nil || read != want {
		t.Fatalf("read %+v, %v, expected %+v", read, err, want)
	}
	for at := range signed {
		flipped := append([]byte{}, signed...)
		flipped[at] ^= 1
		if read, err := VerifyRotation(flipped); err == nil && read != want {
			t.Fatalf("byte %d flipped: read %+v", at, read)
		}
	}
	stranger, err := NewLogKey("another.example/log")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := SignRotation(from, stranger, 1, Hash{}, 0); err == nil {
		t.Error("a key of another log was taken")
	}
	for name, c := range map[string]struct {
		text string
		by   []note.Signer
	}{
		"one signature alone":     {text, []note.Signer{from}},
		"the later one alone":     {text, []note.Signer{to}},
		"another title":           {strings.Replace(text, "v1", "v2", 1), []note.Signer{from, to}},
		"a line more":             {text + "more: x\n", []note.Signer{from, to}},
		"a line less":             {text[:strings.Index(text, "time:")], []note.Signer{from, to}},
		"another name":            {strings.Replace(text, "size: ", "Size: ", 1), []note.Signer{from, to}},
		"no number":               {strings.Replace(text, "size: 42", "size: x", 1), []note.Signer{from, to}},
		"leading zero":            {strings.Replace(text, "size: 42", "size: 042", 1), []note.Signer{from, to}},
		"no root":                 {strings.Replace(text, "root: ", "root: x", 1), []note.Signer{from, to}},
		"no such day":             {strings.Replace(text, "2026-01-01", "2026-02-30", 1), []note.Signer{from, to}},
		"no key":                  {strings.Replace(text, "to: "+to.Public(), "to: x", 1), []note.Signer{from, to}},
		"the same key twice":      {strings.Replace(text, to.Public(), from.Public(), 1), []note.Signer{from}},
		"the key of another log":  {strings.Replace(text, to.Public(), stranger.Public(), 1), []note.Signer{from, stranger}},
		"a key that did not sign": {strings.Replace(text, to.Public(), newKey(t).Public(), 1), []note.Signer{from, to}},
	} {
		signed, err := note.Sign(&note.Note{Text: c.text}, c.by...)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := VerifyRotation(signed); err == nil {
			t.Errorf("%s: read %+v, expected an error", name, read)
		}
	}
}

func TestLogKeysFollowRotations(t *testing.T) {
	keys := []*LogKey{newKey(t), newKey(t), newKey(t), newKey(t), newKey(t)}
	rotate := func(from, to int) string {
		signed, err := SignRotation(keys[from], keys[to], 1, rootOf(1), 0)
		if err != nil {
			t.Fatal(err)
		}
		return string(signed)
	}
	chain := []string{rotate(1, 2), rotate(0, 1), rotate(3, 4)} // 3 and 4 are joined to each other alone
	for known, want := range [][]int{{0, 1, 2}, {1, 2, 0}, {2, 1, 0}, {3, 4}, {4, 3}} {
		read, err := LogKeys(keys[known].Public(), chain)
		if err != nil || len(read) != len(want) {
			t.Fatalf("from key %d: read %d keys, %v, expected %d", known, len(read), err, len(want))
		}
		for i, k := range want {
			if read[i].KeyHash() != keys[k].Verifier().KeyHash() {
				t.Errorf("from key %d: key %d of the chain: read %x, expected that of %d", known, i, read[i].KeyHash(), k)
			}
		}
	}
	if _, err := LogKeys(keys[0].Public(), []string{"x"}); err == nil {
		t.Error("a rotation that is none was passed over")
	}
	if _, err := LogKeys("x", nil); err == nil {
		t.Error("a key that is none was taken")
	}
}
