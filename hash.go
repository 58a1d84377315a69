package parley

import (
	"encoding/hex"
	"strconv"
)

// Hash is a SHA-256 value: the name of a command, a commitment, the theatre's identity.
type Hash [32]byte

// String writes h as 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is unset.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes h as a string in JSON.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads exactly 64 lower-case hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error {
	got, err := ParseHash(string(text))
	if err != nil {
		return err
	}
	*h = got
	return nil
}

// ParseHash reads 64 lower-case hexadecimal digits.
func ParseHash(text string) (Hash, error) {
	var h Hash
	if len(text) != 64 {
		return h, Invalid("", strconv.Quote(text), "64 hexadecimal digits")
	}
	if _, err := hex.Decode(h[:], []byte(text)); err != nil || hex.EncodeToString(h[:]) != text {
		return Hash{}, Invalid("", strconv.Quote(text), "64 lower-case hexadecimal digits")
	}
	return h, nil
}

// Bits128 is 128 random bits: a nonce or a salt.
type Bits128 [16]byte

// MarshalText writes b as 32 lower-case hexadecimal digits.
func (b Bits128) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, b[:]), nil }

// UnmarshalText reads exactly 32 lower-case hexadecimal digits.
func (b *Bits128) UnmarshalText(text []byte) error {
	var got Bits128
	if len(text) != 32 {
		return Invalid("", strconv.Quote(string(text)), "32 hexadecimal digits")
	}
	if _, err := hex.Decode(got[:], text); err != nil || hex.EncodeToString(got[:]) != string(text) {
		return Invalid("", strconv.Quote(string(text)), "32 lower-case hexadecimal digits")
	}
	*b = got
	return nil
}
