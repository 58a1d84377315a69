package proof

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// LogKey is the Ed25519 key with which a node signs stored receipts and checkpoints of one log.
//
// Both of its text forms are those of golang.org/x/mod/sumdb/note, so that tools of others can use them.
type LogKey struct {
	private string // PRIVATE+KEY+<origin>+<hash>+<base64>
	public  string // <origin>+<hash>+<base64>
	note.Signer
	verifier note.Verifier
}

// NewLogKey makes a new key for the log with that origin: a name like "parley.example/theatre", without spaces and plus signs.
func NewLogKey(origin string) (*LogKey, error) {
	private, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, fmt.Errorf("make log key: %w", err)
	}
	return parseLogKey(private)
}

// LoadLogKey reads a key that Save wrote. A file that others than its owner may read is refused.
func LoadLogKey(path string) (*LogKey, error) {
	private, err := readKeyFile(path)
	if err != nil {
		return nil, fmt.Errorf("load log key: %w", err)
	}
	key, err := parseLogKey(private)
	if err != nil {
		return nil, fmt.Errorf("load log key: %s: %w", path, err)
	}
	return key, nil
}

// Save writes the private key to a new file of mode 0600, one line, synced. A file that exists is never overwritten: the error
// is then fs.ErrExist.
func (k *LogKey) Save(path string) error {
	if err := writeKeyFile(path, k.private); err != nil {
		return fmt.Errorf("save log key: %w", err)
	}
	return nil
}

// Origin returns the name of the log.
func (k *LogKey) Origin() string { return k.Name() }

// Verifier returns the public half, which checks what the key signed.
func (k *LogKey) Verifier() note.Verifier { return k.verifier }

// Public returns the public key as text, for note.NewVerifier: <origin>+<hash>+<base64>.
func (k *LogKey) Public() string { return k.public }

func parseLogKey(private string) (*LogKey, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, fmt.Errorf("read no sound private key, expected PRIVATE+KEY+<origin>+<hash>+<base64>: %w", err)
	}
	// NewSigner has checked that there are five parts and that the last is one byte of algorithm and 32 of seed.
	seed, err := base64.StdEncoding.DecodeString(strings.SplitN(private, "+", 5)[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, fmt.Errorf("read a key of %d bytes, expected an Ed25519 seed of %d", len(seed), ed25519.SeedSize)
	}
	public, err := note.NewEd25519VerifierKey(signer.Name(), ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey))
	if err != nil {
		return nil, fmt.Errorf("derive public key: %w", err)
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return nil, fmt.Errorf("derive public key: %w", err)
	}
	return &LogKey{private: private, public: public, Signer: signer, verifier: verifier}, nil
}
