package proof

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"

	"parley"
)

// ReceiptFormat is what the format field of a receipt says.
const ReceiptFormat = "parley receipt v1"

// MaxReceipt is the longest receipt that is read, in bytes.
const MaxReceipt = 16 << 20

// Receipt is one file that shows, to somebody who has no server, network or database, what became of a command: that it is stored,
// which witnesses have seen the tree it stands in, and who acknowledged it. Everything in it is checked; nothing in it is believed.
type Receipt struct {
	Format    string   `json:"format" doc:"parley receipt v1"`
	LogKey    string   `json:"log_key" doc:"the log's public key: compare it with the one you noted"`
	Rotations []string `json:"log_key_rotations,omitempty" doc:"signed by both keys: which key followed which"`
	Policy    string   `json:"policy,omitzero" doc:"whose cosignatures make the quorum, as the server names it: compare it with the one you noted"`
	Proven
	Before       *Before        `json:"not_before,omitzero" doc:"that the tree head which the command quotes is one of this log"`
	Acknowledged []Proven       `json:"acknowledged,omitempty" doc:"the receivers' own signed commands"`
	Told         parley.Channel `json:"told,omitzero" doc:"how the word came when its author did not sign it"`
	Sentence     string         `json:"sentence"`
}

// Proven is one signed command with the proof of its place in the log.
type Proven struct {
	Stored   string           `json:"stored" doc:"C2SP signed note: the stored receipt"`
	Proof    string           `json:"proof" doc:"C2SP tlog-proof: the entry's leaf in the tree of a checkpoint, with the cosignatures of witnesses"`
	Envelope Written          `json:"envelope" doc:"the command as it stands in the journal"`
	Holders  []string         `json:"holders,omitempty" doc:"signed notes of the log: to whom the keys were admitted that signed the command"`
	Texts    []parley.Payload `json:"texts,omitempty" doc:"texts that open commitments of the command; kept by whoever wrote them"`
}

// Before shows that the tree head which a command quotes is a head of the same log, and which entry was its last.
type Before struct {
	Consistency []Hash `json:"consistency" doc:"that the quoted tree is a prefix of the tree of the proof"`
	Time        int64  `json:"time" doc:"log time of the last entry of the quoted tree, milliseconds UTC"`
	Envelope    Hash   `json:"envelope" doc:"SHA-256 of that entry's envelope"`
	Inclusion   []Hash `json:"inclusion" doc:"that it is the last entry of the quoted tree"`
}

// Written is an envelope in its JSON form.
type Written []byte

// MarshalJSON writes the envelope as it is.
func (w Written) MarshalJSON() ([]byte, error) { return w, nil }

// UnmarshalJSON takes the envelope as it is.
func (w *Written) UnmarshalJSON(text []byte) error {
	*w = slices.Clone(text)
	return nil
}

// ParseReceipt reads a receipt: strictly, so that nothing in it passes unread.
func ParseReceipt(text []byte) (*Receipt, error) {
	if len(text) > MaxReceipt {
		return nil, fmt.Errorf("receipt: read %d bytes, expected at most %d", len(text), MaxReceipt)
	}
	r := &Receipt{}
	if err := json.Unmarshal(text, r, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, fmt.Errorf("receipt: %w", err)
	}
	if r.Format != ReceiptFormat {
		return nil, fmt.Errorf("receipt: format: read %q, expected %q", r.Format, ReceiptFormat)
	}
	return r, nil
}

// Trust is what whoever verifies has noted beforehand. What is empty is taken from the receipt, and proves that much less.
type Trust struct {
	LogKey string
	Policy *Policy
}

// Verified is what a receipt proves.
type Verified struct {
	Theatre Hash
	Policy  *Policy // nil: none is known
	VerifiedCommand
	Before       *VerifiedBefore // nil: the command quotes no tree head
	Acknowledged []VerifiedCommand
}

// VerifiedCommand is a command whose signatures, stored receipt and place in the tree hold.
type VerifiedCommand struct {
	Stored
	Command *parley.Command
	Signers []Holder  // one for each signature, the author's first; whose they are is the log's word
	Tree    Witnessed // the tree it stands in, and who has cosigned that
	Texts   []parley.Payload
}

// VerifiedBefore is a tree head of this log that stood before the command was made.
type VerifiedBefore struct {
	Size uint64
	Root Hash
	Time int64 // log time of its last entry, milliseconds UTC
}

// Verify checks all of the receipt. The error says what does not hold; then nothing is proved.
func (r *Receipt) Verify(t Trust) (*Verified, error) {
	known := t.LogKey
	if known == "" {
		known = r.LogKey
	}
	keys, err := LogKeys(known, r.Rotations)
	if err != nil && t.LogKey != "" {
		return nil, fmt.Errorf("read the log key %s, expected %s, which you noted: %w", r.LogKey, known, err)
	}
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(keys, func(v note.Verifier) bool { return IsKey(v, r.LogKey) }) {
		return nil, fmt.Errorf("read the log key %s, expected %s, which you noted, or one that rotations join to it", r.LogKey, known)
	}
	v := &Verified{Policy: t.Policy}
	if v.Policy == nil && r.Policy != "" {
		if v.Policy, err = ParsePolicy(r.Policy); err != nil {
			return nil, err
		}
	}
	if v.VerifiedCommand, err = r.Proven.verify(v.Policy, keys); err != nil {
		return nil, err
	}
	v.Theatre = v.Stored.Theatre
	if p := v.Promise; p != nil && r.Policy != "" && sha256.Sum256([]byte(r.Policy)) != p.Policy {
		return nil, fmt.Errorf("policy: the file names other witnesses than the log's promise does, SHA-256 %s", p.Policy)
	}
	if v.Command.Theatre != v.Theatre && !v.Command.Theatre.IsZero() {
		return nil, fmt.Errorf("theatre: the command is for %s, the log stored it in %s", v.Command.Theatre, v.Theatre)
	}
	if v.Before, err = r.before(v); err != nil {
		return nil, err
	}
	for i, entry := range r.Acknowledged {
		ack, err := entry.verify(v.Policy, keys)
		if err == nil {
			err = acknowledges(&v.VerifiedCommand, &ack)
		}
		if err != nil {
			return nil, fmt.Errorf("acknowledged[%d]: %w", i, err)
		}
		v.Acknowledged = append(v.Acknowledged, ack)
	}
	return v, nil
}

// IsKey reports whether a verifier is the one of a public key's text.
func IsKey(v note.Verifier, text string) bool {
	other, err := note.NewVerifier(text)
	return err == nil && other.Name() == v.Name() && other.KeyHash() == v.KeyHash()
}

// verify checks one entry.
func (proven *Proven) verify(policy *Policy, keys []note.Verifier) (v VerifiedCommand, err error) {
	if v.Stored, err = VerifyStored([]byte(proven.Stored), keys...); err != nil {
		return v, err
	}
	envelope, err := parley.ParseEnvelope(proven.Envelope)
	if err != nil {
		return v, err
	}
	if name := envelope.Name(); name != v.Name {
		return v, fmt.Errorf("envelope: it holds the command %s, expected %s as the receipt says", name, v.Name)
	}
	if v.Command, err = parley.ParseCommand(envelope.Body); err != nil {
		return v, err
	}
	if v.Signers, err = proven.Signers(envelope, v.Stored.Theatre, keys); err != nil {
		return v, err
	}
	if v.Texts, err = proven.texts(v.Command); err != nil {
		return v, err
	}
	written, err := envelope.MarshalJSON()
	if err != nil {
		return v, err
	}
	p, err := ParseTlogProof(proven.Proof)
	if err != nil {
		return v, err
	}
	if p.Index != v.Position {
		return v, fmt.Errorf("proof: index: read %d, expected %d, the position in the receipt", p.Index, v.Position)
	}
	if policy == nil {
		policy = NoPolicy()
	}
	if v.Tree, err = policy.Open(p.Checkpoint, keys...); err != nil {
		return v, err
	}
	return v, p.Verify(v.Tree.Checkpoint, NewLeaf(v.Time, sha256.Sum256(written)))
}

// Signers checks every signature of an envelope under the keys of the log's statements, and returns their holders, the author's first.
func (proven *Proven) Signers(envelope *parley.Envelope, theatre Hash, keys []note.Verifier) ([]Holder, error) {
	holders := map[parley.KeyID]Holder{}
	for i, signed := range proven.Holders {
		h, err := VerifyHolder([]byte(signed), keys...)
		if err != nil {
			return nil, fmt.Errorf("holders[%d]: %w", i, err)
		}
		if h.Theatre != theatre {
			return nil, fmt.Errorf("holders[%d]: theatre: read %s, expected %s", i, h.Theatre, theatre)
		}
		holders[h.Key.ID()] = h
	}
	var signers []Holder
	for i, sig := range envelope.Signatures {
		h, ok := holders[sig.Key]
		if !ok {
			return nil, fmt.Errorf("signatures[%d]: the key %s, expected one whose holder the log names", i, sig.Key)
		}
		if !envelope.Verify(i, h.Key) {
			return nil, fmt.Errorf("signatures[%d]: it does not verify under the key %s", i, sig.Key)
		}
		signers = append(signers, h)
	}
	return signers, nil
}

// texts checks that every text opens a commitment of the command.
func (proven *Proven) texts(c *parley.Command) ([]parley.Payload, error) {
	commitments := c.Commitments()
	for i, p := range proven.Texts {
		if !slices.Contains(commitments, p.Commitment()) {
			return nil, fmt.Errorf("texts[%d]: its commitment is %s, expected one that the command holds", i, p.Commitment())
		}
	}
	return proven.Texts, nil
}

// before checks that the tree head which the command quotes is one of this log.
func (r *Receipt) before(v *Verified) (*VerifiedBefore, error) {
	quoted := v.Command.NotBefore
	if quoted == nil || quoted.Size == 0 || r.Before == nil {
		return nil, nil
	}
	if err := VerifyConsistency(r.Before.Consistency, v.Tree.Size, v.Tree.Root, quoted.Size, quoted.Root); err != nil {
		return nil, fmt.Errorf("not before: the head that the command quotes is none of this log: %w", err)
	}
	leaf := NewLeaf(r.Before.Time, r.Before.Envelope)
	if err := VerifyInclusion(r.Before.Inclusion, quoted.Size, quoted.Root, quoted.Size-1, leaf); err != nil {
		return nil, fmt.Errorf("not before: %w", err)
	}
	return &VerifiedBefore{quoted.Size, quoted.Root, r.Before.Time}, nil
}

// acknowledges checks that a command was taken as the acknowledgement of exactly what another made.
func acknowledges(v, ack *VerifiedCommand) error {
	if ack.Stored.Theatre != v.Stored.Theatre || ack.Outcome != string(parley.Applied) {
		return fmt.Errorf("it is %s in theatre %s, expected one that was applied in %s", ack.Outcome, ack.Stored.Theatre, v.Stored.Theatre)
	}
	if !Acknowledges(v.Name, v.Command, ack.Command) {
		return fmt.Errorf("read %s, expected an acknowledgement or a read-back of what the command made", ack.Command.Kind)
	}
	return nil
}

// Acknowledges reports whether a command acknowledges exactly what another, with that name, made.
func Acknowledges(name Hash, made, ack *parley.Command) bool {
	switch b := ack.Body.(type) {
	case *parley.ObjectAcknowledge:
		return makes(name, made, b.Of)
	case *parley.AreaReadback:
		return makes(name, made, b.Of)
	}
	return false
}

// makes reports whether a command makes a version of a record. The reference of a new one is derived from the command's name.
func makes(name Hash, c *parley.Command, of parley.Versioned) bool {
	next := func(before parley.Versioned) bool { return of.Ref == before.Ref && of.Version == before.Version+1 }
	first := func(kind parley.RefKind) bool {
		for length := 5; length <= 40; length++ {
			if of.Version == 1 && of.Ref == parley.MakeRef(kind, name, length) {
				return true
			}
		}
		return false
	}
	switch b := c.Body.(type) {
	case *parley.SiteNotify:
		return first(parley.RefSite)
	case *parley.MovementNotify:
		return first(parley.RefMovement)
	case *parley.PresenceNotify:
		return first(parley.RefPresence)
	case *parley.AreaDeclare:
		return first(parley.RefArea)
	case *parley.SiteUpdate:
		return next(b.Of)
	case *parley.MovementUpdate:
		return next(b.Of)
	case *parley.AreaAmend:
		return next(b.Of)
	}
	return false
}
