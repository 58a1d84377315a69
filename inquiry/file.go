package inquiry

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"

	"parley"
	"parley/proof"
	"parley/release"
)

// Format is what the format field of a file says.
const Format = "parley inquiry v1"

// MaxFile is the longest file that is read, in bytes.
const MaxFile = 256 << 20

// File is an inquiry with all that proves it. Everything in it is checked; nothing in it is believed.
type File struct {
	Format     string   `json:"format" doc:"parley inquiry v1"`
	LogKey     string   `json:"log_key" doc:"the log's public key: compare it with the one you noted"`
	Rotations  []string `json:"log_key_rotations,omitempty" doc:"signed by both keys: which key followed which"`
	Policy     string   `json:"policy,omitzero" doc:"whose cosignatures make the quorum, as the server names it"`
	Checkpoint string   `json:"checkpoint" doc:"C2SP signed note: the tree that all entries stand in, with the cosignatures of witnesses"`
	Note       string   `json:"note" doc:"C2SP signed note of the log: that it has made this body"`
	Body       string   `json:"body" doc:"the report's JSON, as it was signed"`
	Entries    []Entry  `json:"entries" doc:"the entries of the journal that the lines name, in order"`
}

// Entry is the proof that an entry stands in the tree; with the signed command itself, where the reader may have it.
type Entry struct {
	Position  uint64           `json:"position"`
	Time      int64            `json:"time" doc:"log time, milliseconds UTC"`
	Envelope  proof.Hash       `json:"envelope" doc:"SHA-256 of the signed command"`
	Inclusion []proof.Hash     `json:"inclusion" doc:"the way from the entry's leaf to the root of the checkpoint"`
	Command   proof.Written    `json:"command,omitzero" doc:"the signed command, as it stands in the journal"`
	Holders   []string         `json:"holders,omitempty" doc:"signed notes of the log: to whom the keys were admitted that signed it"`
	Texts     []parley.Payload `json:"texts,omitempty" doc:"texts that open commitments of the command"`
	Erased    int              `json:"erased,omitzero" doc:"texts of it that are gone"`
	Gone      bool             `json:"gone,omitzero" doc:"the signed command is erased, as its retention is over; its hash stays"`
	Withheld  int              `json:"withheld,omitzero" doc:"texts of it that this reader does not get"`
}

// Report is what the body says.
type Report struct {
	Theatre  parley.Hash           `json:"theatre"`
	Exercise bool                  `json:"exercise,omitzero"`
	Question release.Question      `json:"question"`
	For      parley.Ref            `json:"for" doc:"account: the report is cut for it"`
	Reader   parley.Ref            `json:"reader"`
	Made     int64                 `json:"made" doc:"by the log's clock, milliseconds UTC"`
	Then     uint64                `json:"then" doc:"entries of the journal at the time that is asked about"`
	Now      uint64                `json:"now" doc:"entries when the report was made"`
	Lines    []release.InquiryLine `json:"lines"`
	Missing  []string              `json:"missing" doc:"what the whole report does not show"`
	Sentence string                `json:"sentence"`
}

// text is what the log signs.
func text(body []byte) string {
	sum := sha256.Sum256(body)
	return Format + "\nbody: " + parley.Hash(sum).String() + "\nnotice: " + parley.SentenceInquiry + "\n"
}

// Sign writes the report into the file and has the log sign it.
func (f *File) Sign(r *Report, key note.Signer) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("couldn't write the report: %w", err)
	}
	signed, err := note.Sign(&note.Note{Text: text(body)}, key)
	if err != nil {
		return fmt.Errorf("couldn't sign the report: %w", err)
	}
	f.Format, f.Note, f.Body = Format, string(signed), string(body)
	return nil
}

// Marshal writes the file.
func (f *File) Marshal() ([]byte, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("couldn't write the inquiry: %w", err)
	}
	return text, nil
}

// Parse reads a file: strictly, so that nothing in it passes unread.
func Parse(raw []byte) (*File, error) {
	if len(raw) > MaxFile {
		return nil, fmt.Errorf("inquiry: read %d bytes, expected at most %d", len(raw), MaxFile)
	}
	f := &File{}
	if err := json.Unmarshal(raw, f, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, fmt.Errorf("inquiry: %w", err)
	}
	if f.Format != Format {
		return nil, fmt.Errorf("inquiry: format: read %q, expected %q", f.Format, Format)
	}
	return f, nil
}

// How far a line is proved.
const (
	Signed = "signed" // each of its entries is there as its author signed it
	Placed = "placed" // its entries stand in the tree at these times; what they say is the log's word
	Stated = "stated" // no entry: the log says that nothing was on record
)

// Verified is what a file proves.
type Verified struct {
	*Report
	Tree    proof.Witnessed
	Policy  *proof.Policy // nil: none is known
	Proved  []string      // how far each line is
	Entries map[uint64]*VerifiedEntry
}

// VerifiedEntry is an entry whose place holds; with its command, where that was there and its signatures hold.
type VerifiedEntry struct {
	Entry
	Signed  *parley.Command // nil: the reader has only its hash
	Signers []proof.Holder
}

// Verify checks all of the file. The error says what does not hold; then nothing is proved.
func (f *File) Verify(t proof.Trust) (*Verified, error) {
	known := t.LogKey
	if known == "" {
		known = f.LogKey
	}
	keys, err := proof.LogKeys(known, f.Rotations)
	if err != nil {
		return nil, fmt.Errorf("log key: %w", err)
	}
	if t.LogKey != "" && !slices.ContainsFunc(keys, func(v note.Verifier) bool { return proof.IsKey(v, f.LogKey) }) {
		return nil, fmt.Errorf("read the log key %s, expected %s, which you noted, or one that rotations join to it", f.LogKey, known)
	}
	opened, err := note.Open([]byte(f.Note), note.VerifierList(keys...))
	if err != nil {
		return nil, fmt.Errorf("the log's signature on the report: %w", err)
	}
	if want := text([]byte(f.Body)); opened.Text != want {
		return nil, fmt.Errorf("what the log signed is another report: read %q, expected %q", opened.Text, want)
	}
	v := &Verified{Report: &Report{}, Policy: t.Policy, Entries: map[uint64]*VerifiedEntry{}}
	if err := json.Unmarshal([]byte(f.Body), v.Report, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	policy := v.Policy
	if policy == nil && f.Policy != "" {
		if policy, err = proof.ParsePolicy(f.Policy); err != nil {
			return nil, err
		}
		v.Policy = policy
	}
	if policy == nil {
		policy = proof.NoPolicy()
	}
	if v.Tree, err = policy.Open([]byte(f.Checkpoint), keys...); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	for i := range f.Entries {
		e, err := f.Entries[i].verify(v, keys)
		if err != nil {
			return nil, fmt.Errorf("entries[%d], position %d: %w", i, f.Entries[i].Position, err)
		}
		if v.Entries[e.Position] != nil {
			return nil, fmt.Errorf("entries[%d]: position %d a second time", i, e.Position)
		}
		v.Entries[e.Position] = e
	}
	for i := range v.Lines {
		how, err := v.line(&v.Lines[i])
		if err != nil {
			return nil, fmt.Errorf("lines[%d]: %w", i, err)
		}
		v.Proved = append(v.Proved, how)
	}
	return v, nil
}

// verify checks one entry: its place in the tree, and its signatures where the command is there.
func (e *Entry) verify(v *Verified, keys []note.Verifier) (*VerifiedEntry, error) {
	out := &VerifiedEntry{Entry: *e}
	if e.Position >= v.Tree.Size {
		return nil, fmt.Errorf("it lies beyond the tree of %d entries", v.Tree.Size)
	}
	if err := proof.VerifyInclusion(e.Inclusion, v.Tree.Size, v.Tree.Root, e.Position, proof.NewLeaf(e.Time, e.Envelope)); err != nil {
		return nil, err
	}
	if len(e.Command) == 0 {
		if len(e.Texts) > 0 {
			return nil, fmt.Errorf("texts of a command that is not there")
		}
		return out, nil
	}
	envelope, err := parley.ParseEnvelope(e.Command)
	if err != nil {
		return nil, err
	}
	written, err := envelope.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if sum := proof.Hash(sha256.Sum256(written)); sum != e.Envelope {
		return nil, fmt.Errorf("command: its hash is %s, expected %s, which stands in the tree", sum, e.Envelope)
	}
	if out.Signed, err = parley.ParseCommand(envelope.Body); err != nil {
		return nil, err
	}
	if out.Signed.Theatre != v.Theatre && !out.Signed.Theatre.IsZero() {
		return nil, fmt.Errorf("theatre: the command is for %s, the report of %s", out.Signed.Theatre, v.Theatre)
	}
	p := proof.Proven{Envelope: e.Command, Holders: e.Holders, Texts: e.Texts}
	if out.Signers, err = p.Signers(envelope, v.Theatre, keys); err != nil {
		return nil, err
	}
	commitments := out.Signed.Commitments()
	for i, t := range e.Texts {
		if !slices.Contains(commitments, t.Commitment()) {
			return nil, fmt.Errorf("texts[%d]: its commitment is %s, expected one that the command holds", i, t.Commitment())
		}
	}
	return out, nil
}

// line says how far a line is proved. Its entries are there, its time is the log's time of the first of them, and what was known then stood in the
// journal then.
func (v *Verified) line(l *release.InquiryLine) (string, error) {
	if len(l.Positions) == 0 {
		return Stated, nil
	}
	how := Signed
	for i, p := range l.Positions {
		e := v.Entries[p]
		switch {
		case e == nil:
			return "", fmt.Errorf("it names position %d, which is not proved", p)
		case i == 0 && l.At != parley.Stamp(e.Time):
			return "", fmt.Errorf("at: read %s, expected %s, the time of position %d", l.At, parley.Stamp(e.Time), p)
		case l.Section != "later" && l.Section != "seals" && l.Section != "harms" && (e.Time > v.Question.At || p >= v.Then):
			return "", fmt.Errorf("position %d came after the time that is asked about", p)
		case e.Signed == nil:
			how = Placed
		}
	}
	return how, nil
}
