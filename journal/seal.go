package journal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Payloads lie sealed. Each has a random key of its own (AES-256-GCM), and that key lies in a table of its own, wrapped under the
// key of the folder. Erasing a payload destroys both; a copy of the database without the file payload.key opens none.
const (
	keyFile   = "payload.key"
	keyTitle  = "parley payload key v1\n"
	keySize   = 32
	keyDo     = "restore " + keyFile + " from a copy: without it no payload of this folder can be read; the blocks do not need it"
	idPrefix  = "parley payload key id v1\n"
	wrapLabel = "parley wrapped payload key v1\n"
	sealLabel = "parley sealed payload v1\n"
)

// sealer seals and opens payloads under the key of one folder. It may be used by several goroutines at once.
type sealer struct {
	wrap cipher.AEAD
	id   Hash // SHA-256(idPrefix ‖ key): kept in the database, to know the right key file from another
}

// newSealer takes a key of keySize bytes.
func newSealer(key []byte) (*sealer, error) {
	wrap, err := newGCM(key)
	if err != nil {
		return nil, err
	}
	return &sealer{wrap: wrap, id: sha256.Sum256(append([]byte(idPrefix), key...))}, nil
}

// newGCM returns AES-256-GCM that draws a random nonce of 12 bytes for each message and writes it in front.
func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal returns the payload's key, wrapped, and the payload sealed with that key. Both are bound to the commitment.
func (s *sealer) seal(p Payload) (wrapped, sealed []byte, err error) {
	key := make([]byte, keySize)
	rand.Read(key) // never fails: it ends the process when the system has no randomness
	gcm, err := newGCM(key)
	if err != nil {
		return nil, nil, fmt.Errorf("seal payload: %w", err)
	}
	wrapped = s.wrap.Seal(nil, nil, key, append([]byte(wrapLabel), p.Commitment[:]...))
	return wrapped, gcm.Seal(nil, nil, p.Plain, append([]byte(sealLabel), p.Commitment[:]...)), nil
}

// open returns the plain bytes, or an error that says which of the two does not open.
func (s *sealer) open(commitment Hash, wrapped, sealed []byte) ([]byte, error) {
	key, err := s.wrap.Open(nil, nil, wrapped, append([]byte(wrapLabel), commitment[:]...))
	if err != nil {
		return nil, errors.New("a key that does not open under the folder's key")
	}
	gcm, err := newGCM(key)
	if err != nil {
		return nil, fmt.Errorf("a key of %d bytes", len(key))
	}
	plain, err := gcm.Open(nil, nil, sealed, append([]byte(sealLabel), commitment[:]...))
	if err != nil {
		return nil, errors.New("sealed bytes that do not open under their key")
	}
	return plain, nil
}

// makeKey makes the key file of a new folder, unless there is one.
func makeKey(folder string) error {
	key := make([]byte, keySize)
	rand.Read(key)
	err := createWhole(folder, keyFile, []byte(keyTitle+hex.EncodeToString(key)+"\n"))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make payload key: %w", err)
	}
	return nil
}

// loadKey reads the key file: a title line and 64 lower-case hexadecimal digits.
func loadKey(folder string) (*sealer, error) {
	damage := func(read, expected string) error {
		return &Damage{What: "file " + keyFile, Read: read, Expected: expected, Do: keyDo}
	}
	text, err := os.ReadFile(filepath.Join(folder, keyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damage("no file", "the key under which the payloads are sealed")
	}
	if err != nil {
		return nil, fmt.Errorf("load payload key: %w", err)
	}
	digits, ok := strings.CutPrefix(string(text), keyTitle)
	if !ok {
		return nil, damage("another first line", fmt.Sprintf("%q", keyTitle))
	}
	digits, ok = strings.CutSuffix(digits, "\n")
	var key Hash // a key has the size and the text form of a hash
	if !ok || key.UnmarshalText([]byte(digits)) != nil {
		return nil, damage("a second line that is no key", "64 lower-case hexadecimal digits and a line break")
	}
	return newSealer(key[:])
}

// sealedPayload is a payload as it lies in a table.
type sealedPayload struct {
	commitment      Hash
	wrapped, sealed []byte
}

// sealAll seals the payloads of a block.
func (s *sealer) sealAll(payloads []Payload) ([]sealedPayload, error) {
	all := make([]sealedPayload, len(payloads))
	for i, p := range payloads {
		if len(p.Plain) == 0 || len(p.Plain) > MaxPayload {
			return nil, fmt.Errorf("payload %s: read %d bytes, expected 1 to %d", p.Commitment, len(p.Plain), MaxPayload)
		}
		wrapped, sealed, err := s.seal(p)
		if err != nil {
			return nil, err
		}
		all[i] = sealedPayload{p.Commitment, wrapped, sealed}
	}
	return all, nil
}
