package channel_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/cryptotest"

	"parley"
	"parley/channel"
	"parley/internal/cast"
)

// update writes the golden journal anew. It is for a format that was never released: a journal that somebody holds has to give the
// same digests for ever, and a change that moves them needs a new rules version beside the old one, never another golden file.
var update = flag.Bool("update", false, "write testdata/golden-v1 anew; never for a released format")

// goldenEntry is one line of journal.ndjson: an entry as a block holds it.
type goldenEntry struct {
	At       int64           `json:"at"` // log time, milliseconds UTC
	Envelope json.RawMessage `json:"envelope"`
}

// goldenState is one line of expected.ndjson: what is true after the entry.
type goldenState struct {
	Kind   parley.CommandKind `json:"kind"`
	Code   parley.OutcomeCode `json:"code"`
	Ref    parley.Ref         `json:"ref,omitempty"`
	Name   parley.Hash        `json:"name"`
	Digest string             `json:"digest"`
}

func golden(name string) string { return filepath.Join("testdata", "golden-v1", name) }

// after applies a golden entry and says what is true then.
func after(t *testing.T, s *channel.State, e goldenEntry) goldenState {
	t.Helper()
	signed, envelope, err := channel.Open(e.Envelope)
	if err != nil {
		t.Fatal(err)
	}
	if err := channel.Verify(envelope, signed.Command, s.KeyOf); err != nil {
		t.Fatal(err)
	}
	out, _ := s.Apply(e.At, signed)
	return goldenState{out.Kind, out.Code, out.Ref, out.Name, s.Digest().String()}
}

func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	text, err := os.ReadFile(golden(name))
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, v)
	}
	return all
}

func writeLines[T any](t *testing.T, name string, all []T) {
	t.Helper()
	var text bytes.Buffer
	for _, v := range all {
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(line, '\n'))
	}
	if err := os.MkdirAll(golden(""), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(golden(name), text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The journal of a day, as it was written once, gives the same names, outcomes and digests for ever.
func TestGoldenJournalGivesTheSameDigests(t *testing.T) {
	if *update {
		writeGolden(t)
	}
	entries, expected := readLines[goldenEntry](t, "journal.ndjson"), readLines[goldenState](t, "expected.ndjson")
	if len(entries) < 50 || len(entries) != len(expected) {
		t.Fatalf("%d entries and %d expectations", len(entries), len(expected))
	}
	s := channel.New()
	codes := map[parley.OutcomeCode]int{}
	for i, e := range entries {
		got := after(t, s, e)
		codes[got.Code]++
		if got != expected[i] {
			t.Fatalf("entry %d: %+v; expected %+v", i, got, expected[i])
		}
	}
	for _, code := range []parley.OutcomeCode{parley.Applied, parley.Duplicate, parley.OutcomeCode(parley.CodeReadBack), parley.OutcomeCode(parley.CodeWrongState)} {
		if codes[code] == 0 {
			t.Errorf("no entry ends as %s: %v", code, codes)
		}
	}
	back, err := restored(s, same)
	if err != nil || back.Digest() != s.Digest() {
		t.Errorf("through a snapshot the digest is %s (%v); expected %s", back.Digest(), err, s.Digest())
	}
}

// An altered byte in the golden journal is noticed: by a signature, or by a digest from that entry on.
func TestGoldenJournalNoticesAnotherLogTime(t *testing.T) {
	entries, expected := readLines[goldenEntry](t, "journal.ndjson"), readLines[goldenState](t, "expected.ndjson")
	half := len(entries) / 2
	s := channel.New()
	for i, e := range entries[:half+1] {
		if i == half {
			e.At++
		}
		if got := after(t, s, e); (got == expected[i]) != (i < half) {
			t.Fatalf("entry %d of %d, the last one a millisecond later: %+v; expected %+v", i, half, got, expected[i])
		}
	}
}

// writeGolden plays the day with fixed keys, nonces, salts and times.
func writeGolden(t *testing.T) {
	cryptotest.SetGlobalRandom(t, 1)
	c, b := story(t)
	// A command that came twice and one that lost a race stand in journals too.
	entries := append(b.Entries, b.Entries[len(b.Entries)/2])
	late, err := c.Draft().Sign(&parley.MemberRevoke{Member: c.B.Officer.Ref}, c.Trustees[1].Key)
	if err != nil {
		t.Fatal(err)
	}
	entries = append(entries, cast.BareEntry{At: b.At, Envelope: late.Envelope})
	var lines []goldenEntry
	var states []goldenState
	s := channel.New()
	for _, e := range entries {
		line := goldenEntry{max(e.At, s.Now()), e.Envelope}
		lines, states = append(lines, line), append(states, after(t, s, line))
	}
	writeLines(t, "journal.ndjson", lines)
	writeLines(t, "expected.ndjson", states)
}
