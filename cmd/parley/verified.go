package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/inquiry"
	"parley/proof"
)

// exhibit is what parley verify takes: a version that the desk has checked, or a receipt in a file.
type exhibit struct {
	parley.Versioned
	file string // not empty: a receipt
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *exhibit) UnmarshalText(text []byte) (err error) {
	if e.Versioned, err = parley.ParseVersioned(string(text)); err == nil {
		return nil
	}
	if info, missing := os.Stat(string(text)); missing == nil && info.Mode().IsRegular() {
		e.file = string(text)
		return nil
	}
	return parley.Invalid("version-or-file", strconv.Quote(string(text)), "a version such as SITE-7K3F-Q2/v3, or the name of a file that holds a receipt or an inquiry")
}

// verifyFile verifies a receipt on a machine with no server, network or database.
func (c *verifyCmd) verifyFile(a *app) error {
	trust, err := trustOf(c.LogKey, c.Policy)
	if err != nil {
		return err
	}
	info, err := os.Stat(c.Of.file)
	if err != nil {
		return fmt.Errorf("couldn't read the receipt: %w", err)
	}
	if info.Size() > inquiry.MaxFile {
		return fmt.Errorf("couldn't read the file: read %d bytes, expected at most %d", info.Size(), inquiry.MaxFile)
	}
	text, err := os.ReadFile(c.Of.file)
	if err != nil {
		return fmt.Errorf("couldn't read the receipt: %w", err)
	}
	if isInquiry(text) {
		f, v, err := openInquiry(text, trust)
		if err != nil {
			return err
		}
		return a.printInquiry(f, v, trust)
	}
	r, err := proof.ParseReceipt(text)
	if err != nil {
		return fmt.Errorf("the receipt cannot be read, so nothing is proved: %v", err) // its faults are no refusals of a command
	}
	v, err := r.Verify(trust)
	if err != nil {
		return fmt.Errorf("the receipt does not hold, so nothing is proved: %v", err)
	}
	return a.printVerified(r, v, trust, text)
}

// printVerified says in plain words what a receipt proves, and what it does not.
func (a *app) printVerified(r *proof.Receipt, v *proof.Verified, trust proof.Trust, text []byte) error {
	if a.JSON {
		return a.printJSON(verdictOf(v, trust, text))
	}
	fmt.Fprintf(a.out, "%s\n  %s at %s, position %d, height %d\n", v.Name, v.Outcome, parley.Stamp(v.Time), v.Position, v.Height)
	if v.Simulated {
		fmt.Fprintln(a.out, "  EXERCISE: the time is simulated, no hour that ever was")
	}
	proved, open := findings(v, trust)
	for _, line := range proved {
		fmt.Fprintf(a.out, "  proved: %s\n", line)
	}
	for _, line := range open {
		fmt.Fprintf(a.out, "  not proved: %s\n", line)
	}
	for _, p := range v.Texts {
		fmt.Fprintf(a.out, "  text: %q\n", p.Text)
	}
	fmt.Fprintf(a.out, "  %s\n", r.Sentence)
	return nil
}

// findings returns what is proved, and what is not, a sentence each.
func findings(v *proof.Verified, trust proof.Trust) (proved, open []string) {
	yes := func(format string, args ...any) { proved = append(proved, fmt.Sprintf(format, args...)) }
	no := func(format string, args ...any) { open = append(open, fmt.Sprintf(format, args...)) }

	yes("signed: %s, by %s", v.Command.Kind, signers(&v.VerifiedCommand))
	yes("stored: the log's signature, the command's name, and its place in the tree of %d entries", v.Tree.Size)
	switch {
	case v.Policy == nil || !v.Policy.Needs():
		no("witnessed: no witnesses are named, so an operator who signs two histories is not found out by this")
	case v.Tree.Quorum:
		yes("witnessed: %s", cosigners(v.Tree))
		yes("existed by %s, by the witnesses' own clocks: nobody can have put it in later", instant(v.Tree.ExistedBy))
	default:
		no("witnessed: %s", cosigners(v.Tree))
	}
	if p := v.Promise; p != nil && !v.Tree.Quorum {
		when := "Until then ask for the receipt again"
		if time.Now().UnixMilli() > p.By {
			when = "By this machine's clock that has passed: if the witnesses' cosignatures cannot be had now, the promise is broken, and this receipt shows it"
		}
		no("the log has promised cosignatures by %s. %s", parley.Stamp(p.By), when)
	}
	if b := v.Before; b != nil {
		yes("not before: the command quotes this log's tree of %d entries, so it was made after the last of them, whose log time is %s", b.Size, parley.Stamp(b.Time))
	} else {
		no("not before: the command quotes no tree head of this log, so it may be older than it says (%s)", parley.Stamp(v.Command.MadeAt))
	}
	for i := range v.Acknowledged {
		ack := &v.Acknowledged[i]
		witnessed := "not witnessed yet"
		if v.Policy != nil && v.Policy.Needs() && ack.Tree.Quorum {
			witnessed = "existed by " + instant(ack.Tree.ExistedBy)
		}
		if ack.Command.OnBehalf != nil {
			no("acknowledged by a signature of the receiver: %s, by %s, at %s, position %d", ack.Command.Kind, signers(ack), parley.Stamp(ack.Time), ack.Position)
			continue
		}
		yes("acknowledged: %s, by %s, at %s, position %d, %s. Receipt, not agreement", ack.Command.Kind, signers(ack), parley.Stamp(ack.Time), ack.Position, witnessed)
	}
	if len(v.Acknowledged) == 0 {
		no("acknowledged: nobody's own signed command says that it was received")
	}
	if trust.LogKey == "" {
		no("whose log it is: the log's key is the one the file names. Compare it with the one you noted, or give --log-key")
	}
	if trust.Policy == nil && v.Policy != nil && v.Policy.Needs() {
		no("who the witnesses are: they are those the file names. Compare them with those you noted, or give --policy")
	}
	no("who holds the keys: that is the log's word; and the hour within these bounds: log time is the operator's clock")
	return proved, open
}

// signers says who signed a command.
func signers(v *proof.VerifiedCommand) string {
	var all []string
	for _, h := range v.Signers {
		name := string(h.Account)
		if name == "" {
			name = "the node"
		}
		all = append(all, fmt.Sprintf("%s (key %s)", name, h.Key.ID()))
	}
	text := strings.Join(all, " and ")
	if on := v.Command.OnBehalf; on != nil {
		text += fmt.Sprintf(", on behalf of %s, who said it by %s and did not sign it", on.Of, on.Channel)
	}
	return text
}

// cosigners says which witnesses have cosigned.
func cosigners(w proof.Witnessed) string {
	if len(w.By) == 0 {
		return "no witness has cosigned this yet"
	}
	var all []string
	for _, c := range w.By {
		all = append(all, fmt.Sprintf("%s at %s", c.Witness, instant(c.Time)))
	}
	if w.Quorum {
		return "enough of the witnesses have cosigned: " + strings.Join(all, ", ")
	}
	return "too few of the witnesses have cosigned: " + strings.Join(all, ", ")
}

func instant(seconds int64) string { return parley.Stamp(seconds * 1000) }

// verdict is what verifying prints with --json.
type verdict struct {
	Verified     bool            `json:"verified"`
	Outcome      string          `json:"outcome"`
	Position     uint64          `json:"position"`
	Height       uint64          `json:"height"`
	At           string          `json:"at"`
	Simulated    bool            `json:"simulated,omitzero"`
	Witnessed    bool            `json:"witnessed"`
	Cosigned     []cosigned      `json:"cosigned,omitempty"`
	ExistedBy    string          `json:"existed_by,omitzero"`
	NotBefore    string          `json:"not_before,omitzero"`
	PromisedBy   string          `json:"promised_by,omitzero"`
	Acknowledged []acknowledged  `json:"acknowledged,omitempty"`
	Proved       []string        `json:"proved"`
	NotProved    []string        `json:"not_proved"`
	Receipt      json.RawMessage `json:"receipt"`
}

type cosigned struct {
	Witness string `json:"witness"`
	At      string `json:"at"`
}

type acknowledged struct {
	By       parley.Ref     `json:"by"`
	Told     parley.Channel `json:"told,omitzero"` // by this way, and the desk signed it
	Name     parley.Hash    `json:"name"`
	At       string         `json:"at"`
	Position uint64         `json:"position"`
}

func verdictOf(v *proof.Verified, trust proof.Trust, text []byte) verdict {
	out := verdict{Verified: true, Outcome: v.Outcome, Position: v.Position, Height: v.Height, At: parley.Stamp(v.Time), Simulated: v.Simulated, Receipt: text}
	out.Proved, out.NotProved = findings(v, trust)
	if v.Policy != nil && v.Policy.Needs() && v.Tree.Quorum {
		out.Witnessed, out.ExistedBy = true, instant(v.Tree.ExistedBy)
	}
	for _, c := range v.Tree.By {
		out.Cosigned = append(out.Cosigned, cosigned{c.Witness, instant(c.Time)})
	}
	if v.Before != nil {
		out.NotBefore = parley.Stamp(v.Before.Time)
	}
	if v.Promise != nil {
		out.PromisedBy = parley.Stamp(v.Promise.By)
	}
	for i := range v.Acknowledged {
		ack := &v.Acknowledged[i]
		line := acknowledged{By: ack.Signers[0].Account, Name: ack.Name, At: parley.Stamp(ack.Time), Position: ack.Position}
		if on := ack.Command.OnBehalf; on != nil {
			line.By, line.Told = on.Of, on.Channel
		}
		out.Acknowledged = append(out.Acknowledged, line)
	}
	return out
}
