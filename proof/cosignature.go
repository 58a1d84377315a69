package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"
)

// cosignatureType is the first byte of an Ed25519 key that cosigns: C2SP tlog-cosignature, "cosignature/v1". Other types, such as
// ML-DSA-44, may follow.
const cosignatureType = 4

// cosignatureSize is the length of a cosignature in bytes: the witness's time, then an Ed25519 signature.
const cosignatureSize = 8 + ed25519.SignatureSize

// Cosignature says which witness has cosigned a checkpoint, and when by the witness's own clock.
type Cosignature struct {
	Witness string
	Time    int64 // seconds since 1970-01-01T00:00:00Z
}

// WitnessVerifier is the public key of a witness. It is a note.Verifier.
type WitnessVerifier struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// NewWitnessVerifier reads a witness's public key: <name>+<hash>+<base64 of type and key>, as every tool of C2SP writes it.
func NewWitnessVerifier(text string) (*WitnessVerifier, error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("witness key: read %q, expected <name>+<hash>+<base64>", text)
	}
	name := parts[0]
	if !validName(name) {
		return nil, fmt.Errorf("witness key: name: read %q, expected one without spaces and plus signs", name)
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil || len(parts[1]) != 8 {
		return nil, fmt.Errorf("witness key: hash: read %q, expected 8 hexadecimal digits", parts[1])
	}
	key, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return nil, fmt.Errorf("witness key: %w", err)
	}
	if len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureType {
		return nil, fmt.Errorf("witness key: read %d bytes, expected type %d (cosignature/v1) and an Ed25519 key", len(key), cosignatureType)
	}
	v := newWitnessVerifier(name, key[1:])
	if v.hash != uint32(hash) {
		return nil, fmt.Errorf("witness key: hash: read %s, expected %08x", parts[1], v.hash)
	}
	return v, nil
}

func newWitnessVerifier(name string, key ed25519.PublicKey) *WitnessVerifier {
	// C2SP signed-note: SHA-256 of name, line feed, type and key, the first four bytes.
	sum := sha256.Sum256(append(append([]byte(name+"\n"), cosignatureType), key...))
	return &WitnessVerifier{name, binary.BigEndian.Uint32(sum[:]), bytes.Clone(key)}
}

// validName reports whether a name can be the name of a key: C2SP signed-note.
func validName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.Contains(name, "+") && strings.IndexFunc(name, unicode.IsSpace) < 0
}

// Name returns the name of the witness.
func (v *WitnessVerifier) Name() string { return v.name }

// KeyHash returns the four bytes that stand before its signatures.
func (v *WitnessVerifier) KeyHash() uint32 { return v.hash }

// Verify reports whether sig is this witness's cosignature of a checkpoint's text.
func (v *WitnessVerifier) Verify(text, sig []byte) bool {
	if len(sig) != cosignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(sig)
	return seconds <= maxTime/1000 && ed25519.Verify(v.key, cosigned(seconds, string(text)), sig[8:])
}

// String returns the public key as text, for NewWitnessVerifier and tools of others.
func (v *WitnessVerifier) String() string {
	return fmt.Sprintf("%s+%08x+%s", v.name, v.hash, base64.StdEncoding.EncodeToString(append([]byte{cosignatureType}, v.key...)))
}

// cosigned returns the bytes that a witness signs: C2SP tlog-cosignature.
func cosigned(seconds uint64, text string) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", seconds, text)
}

// WitnessKey is the Ed25519 key with which a witness cosigns checkpoints.
type WitnessKey struct {
	private  string // PRIVATE+KEY+<name>+<hash>+<base64 of type and seed>
	key      ed25519.PrivateKey
	verifier *WitnessVerifier
}

// NewWitnessKey makes a new key for the witness with that name: one like "witness.example/north", without spaces and plus signs.
func NewWitnessKey(name string) (*WitnessKey, error) {
	if !validName(name) {
		return nil, fmt.Errorf("make witness key: name: read %q, expected one without spaces and plus signs", name)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make witness key: %w", err)
	}
	return witnessKey(name, key), nil
}

func witnessKey(name string, key ed25519.PrivateKey) *WitnessKey {
	v := newWitnessVerifier(name, key.Public().(ed25519.PublicKey))
	private := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, v.hash, base64.StdEncoding.EncodeToString(append([]byte{cosignatureType}, key.Seed()...)))
	return &WitnessKey{private, key, v}
}

// LoadWitnessKey reads a key that Save wrote. A file that others than its owner may read is refused.
func LoadWitnessKey(path string) (*WitnessKey, error) {
	private, err := readKeyFile(path)
	if err != nil {
		return nil, fmt.Errorf("load witness key: %w", err)
	}
	parts := strings.SplitN(private, "+", 5)
	if len(parts) != 5 || parts[0] != "PRIVATE" || parts[1] != "KEY" || !validName(parts[2]) {
		return nil, fmt.Errorf("load witness key: %s: read no sound private key, expected PRIVATE+KEY+<name>+<hash>+<base64>", path)
	}
	seed, err := base64.StdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize || seed[0] != cosignatureType {
		return nil, fmt.Errorf("load witness key: %s: read %d bytes, expected type %d and an Ed25519 seed of %d", path, len(seed), cosignatureType, ed25519.SeedSize)
	}
	k := witnessKey(parts[2], ed25519.NewKeyFromSeed(seed[1:]))
	if k.private != private {
		return nil, fmt.Errorf("load witness key: %s: hash: read %s, expected %08x", path, parts[3], k.verifier.hash)
	}
	return k, nil
}

// Save writes the private key to a new file of mode 0600, one line, synced. A file that exists is never overwritten: the error
// is then fs.ErrExist.
func (k *WitnessKey) Save(path string) error {
	if err := writeKeyFile(path, k.private); err != nil {
		return fmt.Errorf("save witness key: %w", err)
	}
	return nil
}

// Verifier returns the public half.
func (k *WitnessKey) Verifier() *WitnessVerifier { return k.verifier }

// Cosign returns the signature line of a checkpoint's text at a time, in seconds since 1970-01-01T00:00:00Z. What the checkpoint
// says must have been checked before: a cosignature says that this tree follows from every tree that the witness cosigned earlier.
func (k *WitnessKey) Cosign(text string, seconds int64) ([]byte, error) {
	if _, err := ParseExtended(text); err != nil {
		return nil, fmt.Errorf("cosign: %w", err)
	}
	if seconds < 0 || seconds > maxTime/1000 {
		return nil, fmt.Errorf("cosign: time: read %d s, expected 0 to %d", seconds, int64(maxTime/1000))
	}
	sig := binary.BigEndian.AppendUint32(nil, k.verifier.hash)
	sig = binary.BigEndian.AppendUint64(sig, uint64(seconds))
	sig = append(sig, ed25519.Sign(k.key, cosigned(uint64(seconds), text))...)
	return fmt.Appendf(nil, "— %s %s\n", k.verifier.name, base64.StdEncoding.EncodeToString(sig)), nil
}

// AddCosignature returns a signed checkpoint with the lines that a witness answered, of which only its own valid cosignature is
// taken. One that stands there already is replaced.
func AddCosignature(signed, lines []byte, witness *WitnessVerifier) ([]byte, error) {
	body, signatures, ok := bytes.Cut(signed, []byte("\n\n"))
	if !ok {
		return nil, errors.New("add cosignature: read no signed checkpoint")
	}
	opened, err := note.Open(append(append(bytes.Clone(body), "\n\n"...), lines...), note.VerifierList(witness))
	if err != nil {
		return nil, fmt.Errorf("add cosignature: %w", err)
	}
	kept := append(bytes.Clone(body), "\n\n"...)
	mine := []byte(signatureLine(opened.Sigs[0]))
	for line := range bytes.SplitAfterSeq(signatures, []byte("\n")) {
		if len(line) == 0 || sameSigner(line, mine) {
			continue
		}
		kept = append(kept, line...)
	}
	return append(kept, mine...), nil
}

func signatureLine(s note.Signature) string { return "— " + s.Name + " " + s.Base64 + "\n" }

// sameSigner reports whether two signature lines are of one key: name and the four bytes of the key's hash.
func sameSigner(a, b []byte) bool {
	key := func(line []byte) string {
		name, text, ok := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(string(line), "\n"), "— "), " ")
		sig, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(sig) < 4 {
			return ""
		}
		return name + "+" + string(sig[:4])
	}
	return key(a) != "" && key(a) == key(b)
}

// cosignatureOf reads who cosigned and when out of a signature that was verified by a WitnessVerifier.
func cosignatureOf(s note.Signature) (Cosignature, error) {
	sig, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(sig) != 4+cosignatureSize {
		return Cosignature{}, fmt.Errorf("cosignature of %s: read %d bytes, expected %d", s.Name, len(sig), 4+cosignatureSize)
	}
	return Cosignature{s.Name, int64(binary.BigEndian.Uint64(sig[4:]))}, nil
}
