package parley

import (
	"crypto/sha256"
	"fmt"
	"unicode/utf8"
)

// MaxPayload is the largest text of one payload, in bytes.
const MaxPayload = 16 << 10

// Commitment binds a payload without holding it: free text, a name, a phone, a plate, a quotation. A command holds the
// commitment; the text lies apart, sealed with a key of its own, and can be erased while the command and its proof stand.
type Commitment struct{ Hash }

// CommitmentOf returns the commitment of text under salt: SHA-256("parley payload v1\n" ‖ salt ‖ text).
func CommitmentOf(salt Bits128, text string) Commitment {
	h := sha256.New()
	h.Write([]byte("parley payload v1\n"))
	h.Write(salt[:])
	h.Write([]byte(text))
	return Commitment{Hash(h.Sum(nil))}
}

// MarshalBinary writes the commitment for records: 32 bytes, or none when it is unset.
func (c Commitment) MarshalBinary() ([]byte, error) {
	if c.IsZero() {
		return []byte{}, nil
	}
	return c.Hash[:], nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (c *Commitment) UnmarshalBinary(b []byte) error {
	switch len(b) {
	case 0:
		c.Hash = Hash{}
	case 32:
		c.Hash = Hash(b)
	default:
		return fmt.Errorf("commitment: read %d bytes; expected 32 or none", len(b))
	}
	return nil
}

// Payload is a text with the salt that opens its commitment. It travels beside the envelope, never in it.
type Payload struct {
	Salt Bits128 `json:"salt"`
	Text string  `json:"text"`
}

// Commitment returns what a command holds in place of p.
func (p Payload) Commitment() Commitment { return CommitmentOf(p.Salt, p.Text) }

// Validate checks size and encoding.
func (p Payload) Validate() error {
	switch {
	case p.Text == "":
		return Invalid("text", "an empty text", "some text, or no commitment at all")
	case len(p.Text) > MaxPayload:
		return &Fault{Code: CodeTooLarge, Field: "text", Read: fmt.Sprintf("%d bytes", len(p.Text)), Expected: fmt.Sprintf("at most %d bytes", MaxPayload)}
	case !utf8.ValidString(p.Text):
		return Invalid("text", "bytes that are not UTF-8", "UTF-8 text")
	}
	return nil
}

// MarshalBinary writes salt and text for storage.
func (p Payload) MarshalBinary() ([]byte, error) {
	return append(append(make([]byte, 0, 16+len(p.Text)), p.Salt[:]...), p.Text...), nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (p *Payload) UnmarshalBinary(b []byte) error {
	if len(b) < 16 {
		return fmt.Errorf("payload: read %d bytes; expected a salt of 16 bytes and a text", len(b))
	}
	copy(p.Salt[:], b)
	p.Text = string(b[16:])
	return nil
}

// KeyID names a public key: the first 16 bytes of its SHA-256, in hexadecimal.
type KeyID string

// PublicKey is an Ed25519 public key (RFC 8032), 32 bytes.
type PublicKey [32]byte

// ID returns the name of the key.
func (k PublicKey) ID() KeyID {
	sum := sha256.Sum256(k[:])
	return KeyID(fmt.Sprintf("%x", sum[:16]))
}

// MarshalText writes the key in hexadecimal.
func (k PublicKey) MarshalText() ([]byte, error) { return Hash(k).MarshalText() }

// UnmarshalText reads 64 lower-case hexadecimal digits.
func (k *PublicKey) UnmarshalText(text []byte) error { return (*Hash)(k).UnmarshalText(text) }
