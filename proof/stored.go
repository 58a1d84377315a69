package proof

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Notice is the sentence that every receipt carries (DESIGN section 2, wall 1).
const Notice = "Notification creates no protection and its absence removes none. The duty to verify rests with the party."

// MaxOutcome is the longest outcome of a stored receipt, in bytes.
const MaxOutcome = 256

// Titles are the first line of a stored receipt. A checkpoint of a log cannot be mistaken for one, nor the other way round: the
// second line of a checkpoint is a number. Version 2 adds a promise.
const (
	storedTitle   = "parley stored receipt v1"
	promisedTitle = "parley stored receipt v2"
)

// Stored says that a command is durable in a journal and what became of it: the first of the three receipts.
//
// It proves neither that a witness has seen the log nor that anyone has read the command.
type Stored struct {
	Theatre  Hash
	Name     Hash   // the command's name
	Position uint64 // index of the leaf in the tree, from 0
	Height   uint64 // height of the block that holds it, from 1
	Block    Hash   // hash of that block
	Time     int64  // log time of the entry, milliseconds UTC
	// Simulated says that the theatre is an exercise whose time is set by hand: Time is no hour that ever was.
	Simulated bool
	Outcome   string // what the command did, in the words of the state machine: printable ASCII
	Promise   *Promise
}

// Promise is the log's word that witnesses will have cosigned a tree that holds the command by a time. Past that time, whoever holds
// the receipt and gets no cosigned proof holds evidence against the operator.
type Promise struct {
	Policy Hash  // SHA-256 of the text of the policy that says whose cosignatures count
	By     int64 // milliseconds UTC
}

// Validate reports the first field that a receipt cannot carry.
func (s Stored) Validate() error {
	switch {
	case s.Height == 0:
		return fmt.Errorf("stored receipt: height: read 0, expected 1 or more")
	case s.Time < 0 || s.Time > maxTime:
		return fmt.Errorf("stored receipt: time: read %d ms, expected 0 to %d (the year 9999)", s.Time, int64(maxTime))
	case s.Outcome == "" || len(s.Outcome) > MaxOutcome:
		return fmt.Errorf("stored receipt: outcome: read %d bytes, expected 1 to %d", len(s.Outcome), MaxOutcome)
	}
	if p := s.Promise; p != nil && (p.By < s.Time || p.By > maxTime) {
		return fmt.Errorf("stored receipt: witnessed by: read %d ms, expected the time of the entry, %d, or later", p.By, s.Time)
	}
	for i, c := range []byte(s.Outcome) {
		if c < ' ' || c > '~' {
			return fmt.Errorf("stored receipt: outcome: read byte %#02x at %d, expected printable ASCII", c, i)
		}
	}
	return nil
}

// maxTime is 9999-12-31T23:59:59.999Z in milliseconds, the last instant RFC 3339 can write.
const maxTime = 253402300799999

// simulatedClock is the line of an exercise with simulated time; a theatre with real time has none.
const simulatedClock = "simulated, exercise"

const storedTime = "2006-01-02T15:04:05.000Z"

// Text returns the receipt's lines, as they are signed: a title, one "key: value" a line, and the Notice.
func (s Stored) Text() string {
	var b strings.Builder
	title := storedTitle
	if s.Promise != nil {
		title = promisedTitle
	}
	b.WriteString(title + "\n")
	for _, line := range s.lines() {
		b.WriteString(line[0] + ": " + line[1] + "\n")
	}
	return b.String()
}

func (s Stored) lines() [][2]string {
	lines := [][2]string{
		{"theatre", s.Theatre.String()},
		{"command", s.Name.String()},
		{"position", strconv.FormatUint(s.Position, 10)},
		{"height", strconv.FormatUint(s.Height, 10)},
		{"block", s.Block.String()},
		{"time", time.UnixMilli(s.Time).UTC().Format(storedTime)},
	}
	if s.Simulated {
		lines = append(lines, [2]string{"clock", simulatedClock})
	}
	lines = append(lines, [2]string{"outcome", s.Outcome})
	if s.Promise != nil {
		lines = append(lines, [2]string{"policy", s.Promise.Policy.String()},
			[2]string{"witnessed by", time.UnixMilli(s.Promise.By).UTC().Format(storedTime)})
	}
	return append(lines, [2]string{"notice", Notice})
}

// SignStored returns the receipt as a C2SP signed note: the text, an empty line, the signature.
func SignStored(s Stored, key note.Signer) ([]byte, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: s.Text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign stored receipt: %w", err)
	}
	return signed, nil
}

// VerifyStored checks the signature of a stored receipt and reads it.
//
// Only the exact text that SignStored writes is taken, signed by one of the log's keys. Signatures of other keys are left aside.
func VerifyStored(signed []byte, keys ...note.Verifier) (Stored, error) {
	opened, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return Stored{}, fmt.Errorf("stored receipt: %w", err)
	}
	s, err := parseStored(opened.Text)
	if err != nil {
		return Stored{}, fmt.Errorf("stored receipt: %w", err)
	}
	return s, nil
}

func parseStored(text string) (s Stored, err error) {
	lines := strings.Split(text, "\n")
	if lines[0] == promisedTitle {
		s.Promise = new(Promise)
	} else if lines[0] != storedTitle {
		return s, fmt.Errorf("line 1: read %q, expected %q or %q", lines[0], storedTitle, promisedTitle)
	}
	s.Simulated = slices.Contains(lines, "clock: "+simulatedClock)
	keys := s.lines()
	if want := 1 + len(keys) + 1; len(lines) != want { // the title, the keys, and nothing after the last line break
		return s, fmt.Errorf("read %d lines, expected %d", len(lines)-1, want-1)
	}
	value := make(map[string]string, len(keys))
	for i, key := range keys {
		var ok bool
		if value[key[0]], ok = strings.CutPrefix(lines[1+i], key[0]+": "); !ok {
			return s, fmt.Errorf("line %d: read %q, expected %q", 2+i, lines[1+i], key[0]+": …")
		}
	}
	if s.Theatre, err = ParseHash(value["theatre"]); err != nil {
		return s, fmt.Errorf("theatre: %w", err)
	}
	if s.Name, err = ParseHash(value["command"]); err != nil {
		return s, fmt.Errorf("command: %w", err)
	}
	if s.Position, err = strconv.ParseUint(value["position"], 10, 64); err != nil {
		return s, fmt.Errorf("position: %w", err)
	}
	if s.Height, err = strconv.ParseUint(value["height"], 10, 64); err != nil {
		return s, fmt.Errorf("height: %w", err)
	}
	if s.Block, err = ParseHash(value["block"]); err != nil {
		return s, fmt.Errorf("block: %w", err)
	}
	at, err := time.Parse(storedTime, value["time"])
	if err != nil {
		return s, fmt.Errorf("time: %w", err)
	}
	s.Time, s.Outcome = at.UnixMilli(), value["outcome"]
	if s.Promise != nil {
		if s.Promise.Policy, err = ParseHash(value["policy"]); err != nil {
			return s, fmt.Errorf("policy: %w", err)
		}
		by, err := time.Parse(storedTime, value["witnessed by"])
		if err != nil {
			return s, fmt.Errorf("witnessed by: %w", err)
		}
		s.Promise.By = by.UnixMilli()
	}
	if err := s.Validate(); err != nil {
		return s, err
	}
	if s.Text() != text { // a number with leading zeros, a date that does not exist, another notice
		return s, fmt.Errorf("read a text that is not in its one form, expected %q", s.Text())
	}
	return s, nil
}
