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

// SignCheckpoint returns the checkpoint of a tree as a C2SP signed note. Its origin is the name of the key. While a key is being
// rotated, before are the keys that it follows: they sign too, so that whoever knows only them still takes it.
func SignCheckpoint(size uint64, root Hash, key note.Signer, before ...note.Signer) ([]byte, error) {
	text := Checkpoint{Origin: key.Name(), Size: size, Root: root}.Text()
	signed, err := note.Sign(&note.Note{Text: text}, append([]note.Signer{key}, before...)...)
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

// ParseExtended reads the text of a checkpoint of another log, which may have extension lines (C2SP tlog-checkpoint). It checks no
// signature.
func ParseExtended(text string) (Checkpoint, error) {
	lines := strings.SplitAfterN(text, "\n", 4)
	if len(lines) != 4 {
		return Checkpoint{}, fmt.Errorf("checkpoint: read %d lines, expected origin, size, root and perhaps more", len(lines)-1)
	}
	for i, line := range strings.Split(strings.TrimSuffix(lines[3], "\n"), "\n") {
		if lines[3] != "" && line == "" {
			return Checkpoint{}, fmt.Errorf("checkpoint: line %d: read nothing, expected an extension", 4+i)
		}
	}
	c, err := parseCheckpoint(lines[0] + lines[1] + lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
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
