// Package witness speaks C2SP tlog-witness, both sides of it: it cosigns the checkpoints of logs that only ever grow, and asks
// others to cosign.
package witness

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"parley/proof"
)

// MaxRequest is the longest request that is read, in bytes: 63 hashes, and a checkpoint with its signatures.
const MaxRequest = 64 << 10

// maxProof is the most hashes that a request may hold: C2SP tlog-witness.
const maxProof = 63

// Request asks a witness to cosign a checkpoint that grew out of the last one it cosigned.
type Request struct {
	Old         uint64       // size of the tree that the witness cosigned last, 0 for none
	Consistency []proof.Hash // that the old tree is a prefix of the new one
	Checkpoint  []byte       // C2SP signed note
}

// Text returns the body of the request.
func (r Request) Text() []byte {
	b := fmt.Appendf(nil, "old %d\n", r.Old)
	for _, h := range r.Consistency {
		b = base64.StdEncoding.AppendEncode(b, h[:])
		b = append(b, '\n')
	}
	return append(append(b, '\n'), r.Checkpoint...)
}

// ParseRequest reads the body of a request. It checks form, no signature.
func ParseRequest(body []byte) (r Request, err error) {
	head, checkpoint, ok := strings.Cut(string(body), "\n\n")
	if !ok {
		return r, fmt.Errorf("read no empty line, expected one before the checkpoint")
	}
	lines := strings.Split(head, "\n")
	old, ok := strings.CutPrefix(lines[0], "old ")
	if r.Old, err = strconv.ParseUint(old, 10, 64); !ok || err != nil || r.Old > proof.MaxTreeSize || strconv.FormatUint(r.Old, 10) != old {
		return r, fmt.Errorf("line 1: read %q, expected old and the size of a tree", lines[0])
	}
	if len(lines)-1 > maxProof {
		return r, fmt.Errorf("read %d hashes, expected at most %d", len(lines)-1, maxProof)
	}
	for i, line := range lines[1:] {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != proof.HashSize {
			return r, fmt.Errorf("line %d: read %q, expected %d bytes in base64", 2+i, line, proof.HashSize)
		}
		r.Consistency = append(r.Consistency, proof.Hash(h))
	}
	r.Checkpoint = []byte(checkpoint)
	return r, nil
}
