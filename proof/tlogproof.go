package proof

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// tlogProofTitle is the first line of a C2SP tlog-proof.
const tlogProofTitle = "c2sp.org/tlog-proof@v1"

// maxProof is the longest inclusion proof: one hash for each level of the largest tree.
const maxProof = 63

// TlogProof is a C2SP tlog-proof: that a leaf stands in the tree of a signed, perhaps cosigned, checkpoint. It verifies with tools
// of others.
type TlogProof struct {
	Index      uint64 // of the leaf, from 0
	Inclusion  []Hash
	Checkpoint []byte // C2SP signed note
}

// Text returns the one written form.
func (p TlogProof) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nindex %d\n", tlogProofTitle, p.Index)
	for _, h := range p.Inclusion {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteString("\n")
	b.Write(p.Checkpoint)
	return b.String()
}

// ParseTlogProof reads the form; whether the proof holds is another question. An "extra" line is passed over: nothing in it is
// proved.
func ParseTlogProof(text string) (TlogProof, error) {
	p, err := parseTlogProof(text)
	if err != nil {
		return TlogProof{}, fmt.Errorf("tlog-proof: %w", err)
	}
	return p, nil
}

func parseTlogProof(text string) (p TlogProof, err error) {
	head, checkpoint, ok := strings.Cut(text, "\n\n")
	if !ok {
		return p, fmt.Errorf("read no empty line, expected one before the checkpoint")
	}
	lines := strings.Split(head, "\n")
	if lines[0] != tlogProofTitle {
		return p, fmt.Errorf("line 1: read %q, expected %q", lines[0], tlogProofTitle)
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return p, fmt.Errorf("read no index, expected one after the title")
	}
	index, ok := strings.CutPrefix(lines[0], "index ")
	if p.Index, err = strconv.ParseUint(index, 10, 64); !ok || err != nil || strconv.FormatUint(p.Index, 10) != index {
		return p, fmt.Errorf("index: read %q, expected index and a number", lines[0])
	}
	if lines = lines[1:]; len(lines) > maxProof {
		return p, fmt.Errorf("read %d hashes, expected at most %d", len(lines), maxProof)
	}
	for i, line := range lines {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != HashSize {
			return p, fmt.Errorf("hash %d: read %q, expected %d bytes in base64", i, line, HashSize)
		}
		p.Inclusion = append(p.Inclusion, Hash(h))
	}
	p.Checkpoint = []byte(checkpoint)
	return p, nil
}

// Verify checks that the leaf stands at the proof's index in the tree of a checkpoint that was opened.
func (p TlogProof) Verify(c Checkpoint, leaf []byte) error {
	return VerifyInclusion(p.Inclusion, c.Size, c.Root, p.Index, leaf)
}
