package proof

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// rotationTitle is the first line of a rotation of the log's key.
const rotationTitle = "parley log key rotation v1"

// Rotation says that a log's key is followed by another. Both sign it, so whoever knows one of them takes the other.
type Rotation struct {
	From, To string // public keys, as note.NewVerifier reads them
	Size     uint64 // of the tree when it was made
	Root     Hash
	Time     int64 // milliseconds UTC
}

// Text returns the lines that are signed.
func (r Rotation) Text() string {
	return rotationTitle + "\nfrom: " + r.From + "\nto: " + r.To + "\nsize: " + strconv.FormatUint(r.Size, 10) + "\nroot: " + r.Root.String() +
		"\ntime: " + time.UnixMilli(r.Time).UTC().Format(storedTime) + "\n"
}

// SignRotation returns the rotation from one key to another as a C2SP signed note. Both are of the same log.
func SignRotation(from, to *LogKey, size uint64, root Hash, at int64) ([]byte, error) {
	if from.Origin() != to.Origin() {
		return nil, fmt.Errorf("sign rotation: origin: read %q, expected %q, that of the key before", to.Origin(), from.Origin())
	}
	r := Rotation{From: from.Public(), To: to.Public(), Size: size, Root: root, Time: at}
	signed, err := note.Sign(&note.Note{Text: r.Text()}, from, to)
	if err != nil {
		return nil, fmt.Errorf("sign rotation: %w", err)
	}
	return signed, nil
}

// VerifyRotation reads a rotation and checks both signatures.
func VerifyRotation(signed []byte) (Rotation, error) {
	r, err := verifyRotation(signed)
	if err != nil {
		return Rotation{}, fmt.Errorf("log key rotation: %w", err)
	}
	return r, nil
}

func verifyRotation(signed []byte) (r Rotation, err error) {
	text, _, _ := strings.Cut(string(signed), "\n\n")
	lines := strings.Split(text, "\n")
	if len(lines) != 6 || lines[0] != rotationTitle {
		return r, fmt.Errorf("read %d lines, expected %q and five more", len(lines), rotationTitle)
	}
	var value [5]string
	for i, key := range []string{"from", "to", "size", "root", "time"} {
		var ok bool
		if value[i], ok = strings.CutPrefix(lines[1+i], key+": "); !ok {
			return r, fmt.Errorf("line %d: read %q, expected %q", 2+i, lines[1+i], key+": …")
		}
	}
	r.From, r.To = value[0], value[1]
	if r.Size, err = strconv.ParseUint(value[2], 10, 64); err != nil {
		return r, fmt.Errorf("size: %w", err)
	}
	if r.Root, err = ParseHash(value[3]); err != nil {
		return r, fmt.Errorf("root: %w", err)
	}
	at, err := time.Parse(storedTime, value[4])
	if err != nil {
		return r, fmt.Errorf("time: %w", err)
	}
	r.Time = at.UnixMilli()
	var keys []note.Verifier
	for _, k := range value[:2] {
		v, err := note.NewVerifier(k)
		if err != nil {
			return r, fmt.Errorf("key: read %q: %w", k, err)
		}
		keys = append(keys, v)
	}
	if keys[0].Name() != keys[1].Name() || keys[0].KeyHash() == keys[1].KeyHash() {
		return r, fmt.Errorf("read the keys %s and %s, expected two keys of one log", r.From, r.To)
	}
	opened, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return r, err
	}
	if len(opened.Sigs) != 2 || opened.Text != r.Text() {
		return r, fmt.Errorf("read %d signatures, expected both keys' under %q", len(opened.Sigs), r.Text())
	}
	return r, nil
}

// LogKeys returns the verifiers of all keys that rotations join to a known one, the known one first. A rotation that does not
// verify is an error; one that is not joined is left aside.
func LogKeys(known string, rotations []string) ([]note.Verifier, error) {
	texts := []string{known}
	var all []Rotation
	for _, signed := range rotations {
		r, err := VerifyRotation([]byte(signed))
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	for i := 0; i < len(texts); i++ {
		for _, r := range all {
			for _, pair := range [2][2]string{{r.From, r.To}, {r.To, r.From}} {
				if pair[0] == texts[i] && !slices.Contains(texts, pair[1]) {
					texts = append(texts, pair[1])
				}
			}
		}
	}
	var keys []note.Verifier
	for _, text := range texts {
		v, err := note.NewVerifier(text)
		if err != nil {
			return nil, fmt.Errorf("log key: read %q, expected <origin>+<hash>+<base64>: %w", text, err)
		}
		keys = append(keys, v)
	}
	return keys, nil
}
