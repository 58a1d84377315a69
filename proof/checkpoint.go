package proof

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint is a log's statement of its tree: C2SP tlog-checkpoint without extension lines.
type Checkpoint struct {
	Origin string // name of the log, and of its key
	Size   uint64 // number of leaves
	Root   Hash   // RFC 6962 root of that many leaves
}

// Text returns the three lines that are signed: origin, size in decimal, root in base64.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatUint(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// SignCheckpoint returns the checkpoint of a tree as a C2SP signed note. Its origin is the name of the key.
func SignCheckpoint(size uint64, root Hash, key note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: Checkpoint{Origin: key.Name(), Size: size, Root: root}.Text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return signed, nil
}

// ParseCheckpoint checks the log's signature on a checkpoint and reads it.
//
// The origin must be the name of the key. Extension lines are refused: our logs write none. Signatures of other keys, such as
// witnesses, are left aside.
func ParseCheckpoint(signed []byte, key note.Verifier) (Checkpoint, error) {
	opened, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	c, err := parseCheckpoint(opened.Text)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	if c.Origin != key.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint: origin: read %q, expected %q, the name of the key", c.Origin, key.Name())
	}
	return c, nil
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return c, fmt.Errorf("read %d lines, expected origin, size and root", len(lines)-1)
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseUint(lines[1], 10, 64); err != nil {
		return c, fmt.Errorf("size: %w", err)
	}
	if c.Size > MaxTreeSize {
		return c, fmt.Errorf("size: read %d, expected at most %d", c.Size, uint64(MaxTreeSize))
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil {
		return c, fmt.Errorf("root: %w", err)
	}
	if len(root) != HashSize {
		return c, fmt.Errorf("root: read %d bytes, expected %d", len(root), HashSize)
	}
	c.Root = Hash(root)
	if c.Text() != text {
		return c, fmt.Errorf("read a text that is not in its one form, expected %q", c.Text())
	}
	return c, nil
}
