package proof

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func newKey(t testing.TB) *LogKey {
	t.Helper()
	key, err := NewLogKey("parley.example/theatre")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

var anyStored = Stored{
	Theatre:  sha256.Sum256([]byte("theatre")),
	Name:     sha256.Sum256([]byte("command")),
	Position: 41,
	Height:   7,
	Block:    sha256.Sum256([]byte("block")),
	Time:     1767225600123,
	Outcome:  "recorded",
}

// The text freezes the format: receipts are kept for decades by people who have nothing else.
func TestStoredText(t *testing.T) {
	want := strings.Join([]string{
		"parley stored receipt v1",
		"theatre: " + anyStored.Theatre.String(),
		"command: " + anyStored.Name.String(),
		"position: 41",
		"height: 7",
		"block: " + anyStored.Block.String(),
		"time: 2026-01-01T00:00:00.123Z",
		"outcome: recorded",
		"notice: Notification creates no protection and its absence removes none. The duty to verify rests with the party.",
		"",
	}, "\n")
	if got := anyStored.Text(); got != want {
		t.Fatalf("read:\n%s\nexpected:\n%s", got, want)
	}
}

func TestStoredIsSigned(t *testing.T) {
	key, other := newKey(t), newKey(t)
	for _, s := range []Stored{anyStored, {Height: 1, Outcome: "refused(stale-list)"}, {Height: 1, Simulated: true, Outcome: "applied"}, {Height: 1, Simulated: true, Outcome: "clock: simulated, exercise", Promise: nil}, {Height: 1<<64 - 1, Position: 1<<64 - 1, Time: maxTime, Outcome: "duplicate(3): x"}} {
		signed, err := SignStored(s, key)
		if err != nil {
			t.Fatal(err)
		}
		read, err := VerifyStored(signed, key.Verifier())
		if err != nil || read != s {
			t.Fatalf("read %+v, %v, expected %+v", read, err, s)
		}
		if _, err := VerifyStored(signed, other.Verifier()); err == nil {
			t.Fatal("another key verifies the receipt")
		}
		for at := range signed {
			flipped := append([]byte{}, signed...)
			flipped[at] ^= 1
			if read, err := VerifyStored(flipped, key.Verifier()); err == nil && read != s {
				t.Fatalf("byte %d flipped: read %+v", at, read)
			}
		}
	}
	for _, s := range []Stored{{Outcome: "height 0"}, {Height: 1}, {Height: 1, Outcome: "two\nlines"}, {Height: 1, Outcome: strings.Repeat("x", MaxOutcome+1)},
		{Height: 1, Outcome: "x", Time: -1}, {Height: 1, Outcome: "x", Time: maxTime + 1}} {
		if _, err := SignStored(s, key); err == nil {
			t.Errorf("%+v was signed", s)
		}
	}
}

// Each bound is held at its last value and broken one past it.
func TestStoredBounds(t *testing.T) {
	at := func(change func(*Stored)) Stored {
		s := anyStored
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		s    Stored
		want string // "" is valid
	}{
		"height 0":             {at(func(s *Stored) { s.Height = 0 }), "height"},
		"height 1":             {at(func(s *Stored) { s.Height = 1 }), ""},
		"time -1":              {at(func(s *Stored) { s.Time = -1 }), "time"},
		"time 0":               {at(func(s *Stored) { s.Time = 0 }), ""},
		"the last time":        {at(func(s *Stored) { s.Time = maxTime }), ""},
		"a time past it":       {at(func(s *Stored) { s.Time = maxTime + 1 }), "time"},
		"no outcome":           {at(func(s *Stored) { s.Outcome = "" }), "outcome: read 0 bytes"},
		"the longest outcome":  {at(func(s *Stored) { s.Outcome = strings.Repeat("x", MaxOutcome) }), ""},
		"a byte longer":        {at(func(s *Stored) { s.Outcome = strings.Repeat("x", MaxOutcome+1) }), "outcome: read 257 bytes"},
		"space and tilde":      {at(func(s *Stored) { s.Outcome = " ~" }), ""},
		"below the space":      {at(func(s *Stored) { s.Outcome = "a\x1f" }), "read byte 0x1f at 1"},
		"past the tilde":       {at(func(s *Stored) { s.Outcome = "a\x7f" }), "read byte 0x7f at 1"},
		"promised at once":     {at(func(s *Stored) { s.Promise = &Promise{By: s.Time} }), ""},
		"promised before":      {at(func(s *Stored) { s.Promise = &Promise{By: s.Time - 1} }), "witnessed by"},
		"promised at the last": {at(func(s *Stored) { s.Promise = &Promise{By: maxTime} }), ""},
		"promised past it":     {at(func(s *Stored) { s.Promise = &Promise{By: maxTime + 1} }), "witnessed by"},
	} {
		err := c.s.Validate()
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: read %v, expected %q", name, err, c.want)
		}
	}
}

func TestStoredSaysHowManyLines(t *testing.T) {
	key := newKey(t)
	signed, err := note.Sign(&note.Note{Text: anyStored.Text() + "more: x\n"}, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyStored(signed, key.Verifier()); err == nil || !strings.Contains(err.Error(), "read 10 lines, expected 9") {
		t.Fatalf("read %v, expected 10 lines against 9", err)
	}
}

func TestPromiseIsSigned(t *testing.T) {
	key, s := newKey(t), anyStored
	s.Promise = &Promise{Policy: sha256.Sum256([]byte("policy")), By: s.Time + 60_000}
	signed, err := SignStored(s, key)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := VerifyStored(signed, key.Verifier()); err != nil || read.Promise == nil || *read.Promise != *s.Promise || read.Name != s.Name {
		t.Fatalf("read %+v, %v, expected %+v", read, err, s)
	}
	for name, changed := range map[string]string{
		"no policy":      strings.Replace(s.Text(), s.Promise.Policy.String(), "x", 1),
		"no such day":    strings.Replace(s.Text(), "witnessed by: 2026-01-01", "witnessed by: 2026-02-30", 1),
		"version 1":      strings.Replace(s.Text(), "v2", "v1", 1),
		"without its by": strings.Replace(s.Text(), "witnessed by: 2026-01-01T00:01:00.123Z\n", "", 1),
	} {
		signed, err := note.Sign(&note.Note{Text: changed}, key)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := VerifyStored(signed, key.Verifier()); changed == s.Text() || err == nil {
			t.Errorf("%s: read %+v, expected an error", name, read)
		}
	}
}

func TestStoredHasOneForm(t *testing.T) {
	key, text := newKey(t), anyStored.Text()
	for name, changed := range map[string]string{
		"leading zero":    strings.Replace(text, "position: 41", "position: 041", 1),
		"plus":            strings.Replace(text, "height: 7", "height: +7", 1),
		"upper case":      strings.Replace(text, "block: ", "Block: ", 1),
		"hexadecimal":     strings.Replace(text, anyStored.Block.String(), strings.ToUpper(anyStored.Block.String()), 1),
		"two spaces":      strings.Replace(text, "height: ", "height:  ", 1),
		"other notice":    strings.Replace(text, "no protection", "protection", 1),
		"no notice":       text[:strings.Index(text, "notice:")],
		"line more":       text + "more: x\n",
		"order":           strings.Replace(text, "position: 41\nheight: 7", "height: 7\nposition: 41", 1),
		"no such day":     strings.Replace(text, "2026-01-01", "2026-02-30", 1),
		"other time zone": strings.Replace(text, "123Z", "123+00:00", 1),
		"a checkpoint":    Checkpoint{Origin: "parley.example/theatre", Size: 1}.Text(),
	} {
		if changed == text {
			t.Fatalf("%s: nothing changed", name)
		}
		signed, err := note.Sign(&note.Note{Text: changed}, key)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := VerifyStored(signed, key.Verifier()); err == nil {
			t.Errorf("%s: read %+v", name, read)
		}
	}
}

func TestLogKeyFile(t *testing.T) {
	key, path := newKey(t), filepath.Join(t.TempDir(), "log.key")
	if err := key.Save(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode: read %v, %v, expected 0600", info.Mode(), err)
	}
	if err := newKey(t).Save(path); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("a key was overwritten: %v", err)
	}
	loaded, err := LoadLogKey(path)
	if err != nil || loaded.Public() != key.Public() || loaded.Origin() != "parley.example/theatre" {
		t.Fatalf("load: %v", err)
	}
	signed, err := SignStored(anyStored, loaded)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyStored(signed, key.Verifier()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range text {
		flipped := append([]byte{}, text...)
		flipped[at] ^= 1
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if loaded, err := LoadLogKey(path); err == nil && loaded.Public() == key.Public() && loaded.private != key.private {
			t.Fatalf("byte %d flipped: loaded as if nothing were", at)
		} else if err == nil && reflect.DeepEqual(loaded.verifier, key.verifier) {
			t.Fatalf("byte %d flipped: loaded", at)
		}
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadLogKey(path); err == nil {
		t.Fatal("a key that others can read was loaded")
	}
	if _, err := NewLogKey("with space"); err == nil {
		t.Fatal("an origin with a space was taken")
	}
}

func FuzzVerifyStored(f *testing.F) {
	key := newKey(f)
	signed, err := SignStored(anyStored, key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add([]byte(anyStored.Text()))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := VerifyStored(data, key.Verifier()); err == nil && s != anyStored {
			t.Fatalf("forged: %+v", s)
		}
		// The parser behind the signature meets any text here.
		if s, err := parseStored(string(data)); err == nil && s.Text() != string(data) {
			t.Fatalf("%q was read and is written as %q", data, s.Text())
		}
		if c, err := parseCheckpoint(string(data)); err == nil && c.Text() != string(data) {
			t.Fatalf("%q was read and is written as %q", data, c.Text())
		}
	})
}
