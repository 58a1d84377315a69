package parley

import (
	"fmt"
	"mime"
	"slices"
	"strconv"

	"parley/geo"
)

// MaxEvidence is the largest file of evidence, in bytes.
const MaxEvidence int64 = 256 << 20

// File is a file by its content. The bytes lie apart from the journal; whoever has them can hold them against the hash.
type File struct {
	_      struct{} `cbor:",toarray"`
	SHA256 Hash     `json:"sha256"`
	Size   int64    `json:"size"`
	Stated string   `json:"stated"` // media type, by whoever brought it
	Found  string   `json:"found"`  // media type, by its bytes, as the node that took it has found
}

// Lies reports whether a file's bytes are of another type than was stated.
func (f *File) Lies() bool { return f.Stated != f.Found }

// Validate checks hash, size and types.
func (f *File) Validate() error {
	if f.SHA256.IsZero() {
		return Invalid("sha256", "zeros", "the SHA-256 of the file's bytes")
	}
	if f.Size < 1 || f.Size > MaxEvidence {
		return &Fault{Code: CodeTooLarge, Field: "size", Read: fmt.Sprintf("%d bytes", f.Size), Expected: fmt.Sprintf("1 to %d bytes", MaxEvidence)}
	}
	for _, t := range [][2]string{{"stated", f.Stated}, {"found", f.Found}} {
		if kind, params, err := mime.ParseMediaType(t[1]); err != nil || kind != t[1] || len(params) > 0 || len(kind) > 100 {
			return Invalid(t[0], strconv.Quote(t[1]), "a media type without parameters, in small letters, such as image/jpeg")
		}
	}
	return nil
}

// EvidenceAdd takes a file in as evidence: from here on its content is fixed. The bytes went to a node before.
type EvidenceAdd struct {
	File       File          `json:"file"`
	Name       Commitment    `json:"name"`           // of the file
	Title      Commitment    `json:"title,omitzero"` // what it shows
	About      []Ref         `json:"about"`
	Obtained   EvidenceHow   `json:"obtained"`
	From       Commitment    `json:"from,omitzero"`  // from whom or where
	At         int64         `json:"at"`             // when it was obtained
	Made       int64         `json:"made,omitzero"`  // when it is said to have been made
	Place      *geo.Position `json:"place,omitzero"` // where it is said to have been made
	Restricted bool          `json:"restricted,omitzero"`
}

// EvidenceHow says how a file was obtained.
type EvidenceHow string

// EvidenceHows lists the ways.
var EvidenceHows = []EvidenceHow{"made", "handed_over", "downloaded", "received", "scanned"}

// Kind implements Body.
func (*EvidenceAdd) Kind() CommandKind { return "evidence.add" }

// Validate implements Body.
func (b *EvidenceAdd) Validate() error {
	if err := first(within("file", b.File.Validate()), requireText("name", b.Name), validateTime("at", b.At), validateOptionalTime("made", b.Made)); err != nil {
		return err
	}
	if !slices.Contains(EvidenceHows, b.Obtained) {
		return Invalid("obtained", strconv.Quote(string(b.Obtained)), fmt.Sprintf("one of %v", EvidenceHows))
	}
	if b.Place != nil && !b.Place.Valid() {
		return Invalid("place", b.Place.String(), "a position on the earth")
	}
	if len(b.About) == 0 {
		return Invalid("about", "nothing", "what it is evidence about: incidents, claims, reports of harm")
	}
	return requireRefs("about", b.About, RefIncident, RefClaim, RefHarm)
}

// CustodyAction is what was done with evidence.
type CustodyAction string

// The actions on evidence. A working copy is another file; the evidentiary one never changes.
const (
	CustodyTaken    CustodyAction = "taken_in"
	CustodyCopy     CustodyAction = "working_copy"
	CustodyExamined CustodyAction = "examined"
	CustodyHanded   CustodyAction = "handed_over"
	CustodyReturned CustodyAction = "returned"
	CustodyVerified CustodyAction = "verified"
	CustodyGone     CustodyAction = "destroyed"
)

// CustodyActions lists what a person may note; taking in is noted by evidence.add.
var CustodyActions = []CustodyAction{CustodyCopy, CustodyExamined, CustodyHanded, CustodyReturned, CustodyVerified, CustodyGone}

// EvidenceCustody adds a link to the chain of custody.
type EvidenceCustody struct {
	Evidence Ref           `json:"evidence"`
	Action   CustodyAction `json:"action"`
	At       int64         `json:"at"`
	Person   Commitment    `json:"person,omitzero"` // who did it, or to whom it went
	Words    Commitment    `json:"words,omitzero"`
	Copy     *File         `json:"copy,omitzero"` // a working copy
}

// Kind implements Body.
func (*EvidenceCustody) Kind() CommandKind { return "evidence.custody" }

// Validate implements Body.
func (b *EvidenceCustody) Validate() error {
	if !slices.Contains(CustodyActions, b.Action) {
		return Invalid("action", strconv.Quote(string(b.Action)), fmt.Sprintf("one of %v", CustodyActions))
	}
	if (b.Action == CustodyCopy) != (b.Copy != nil) {
		return Invalid("copy", fmt.Sprintf("%v with %s", b.Copy != nil, b.Action), "a file with working_copy, and with nothing else")
	}
	if b.Copy != nil {
		if err := within("copy", b.Copy.Validate()); err != nil {
			return err
		}
	}
	if b.Action == CustodyHanded {
		if err := requireText("person", b.Person); err != nil {
			return err
		}
	}
	return first(requireRef("evidence", b.Evidence, RefEvidence), validateTime("at", b.At))
}

// Evidence is a file with its chain of custody.
type Evidence struct {
	_        struct{} `cbor:",toarray"`
	Ref      Ref
	Account  Ref
	By       Ref
	Evidence EvidenceAdd
	Position uint64
	At       int64
	Custody  []Custody // taking in first
}

// Files returns the evidentiary copy and then the working copies, in order.
func (e *Evidence) Files() []File {
	files := []File{e.Evidence.File}
	for _, c := range e.Custody {
		if c.Copy != nil {
			files = append(files, *c.Copy)
		}
	}
	return files
}

// Custody is one link of a chain of custody.
type Custody struct {
	_        struct{} `cbor:",toarray"`
	Action   CustodyAction
	At       int64
	Person   Commitment
	Words    Commitment
	Copy     *File
	Account  Ref
	By       Ref
	Noted    int64
	Position uint64
}

var _ = register[EvidenceAdd]() && register[EvidenceCustody]()
