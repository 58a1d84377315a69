package parley

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
)

// PayloadType is the DSSE payload type of a command.
const PayloadType = "application/vnd.parley.command+json"

// Sizes of an envelope.
const (
	MaxEnvelope   = 64<<10 - 1 // bytes, in its written form
	MaxSignatures = 4
)

// Envelope is a signed command in a DSSE envelope (github.com/secure-systems-lab/dsse, protocol version 1.0.2).
//
// The first signature is the author's; the others are of those who sign the same command with it (four eyes).
type Envelope struct {
	Body       []byte // the command's JSON, the bytes that were signed
	Signatures []Signature
}

// Signature is one Ed25519 signature over the envelope's pre-authentication bytes.
type Signature struct {
	Key KeyID
	Sig [ed25519.SignatureSize]byte
}

// PAE returns the DSSE pre-authentication encoding of a command's JSON: the bytes that are signed and whose SHA-256 names the command.
func PAE(body []byte) []byte {
	b := make([]byte, 0, len(body)+len(PayloadType)+32)
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(PayloadType)), 10)
	b = append(b, ' ')
	b = append(b, PayloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(body)), 10)
	b = append(b, ' ')
	return append(b, body...)
}

// Name returns the command's name: SHA-256 of its pre-authentication bytes. They hold key and nonce, so sending a command twice is harmless.
func (e *Envelope) Name() Hash { return sha256.Sum256(PAE(e.Body)) }

// Sign adds the signature of key.
func (e *Envelope) Sign(key ed25519.PrivateKey) {
	var s Signature
	s.Key = PublicKey(key.Public().(ed25519.PublicKey)).ID()
	copy(s.Sig[:], ed25519.Sign(key, PAE(e.Body)))
	e.Signatures = append(e.Signatures, s)
}

// Verify reports whether signature i is by key.
func (e *Envelope) Verify(i int, key PublicKey) bool {
	return e.Signatures[i].Key == key.ID() && ed25519.Verify(key[:], PAE(e.Body), e.Signatures[i].Sig[:])
}

// wireEnvelope is the JSON form of an envelope.
type wireEnvelope struct {
	Payload     []byte          `json:"payload"`
	PayloadType string          `json:"payloadType"`
	Signatures  []wireSignature `json:"signatures"`
}

type wireSignature struct {
	KeyID KeyID  `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// MarshalJSON writes the envelope in its one written form: no spaces, keys in alphabetical order, standard base64.
func (e *Envelope) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, base64.StdEncoding.EncodedLen(len(e.Body))+len(e.Signatures)*160+100)
	b = append(b, `{"payload":"`...)
	b = base64.StdEncoding.AppendEncode(b, e.Body)
	b = append(b, `","payloadType":"`+PayloadType+`","signatures":[`...)
	for i, s := range e.Signatures {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"keyid":"`...)
		b = append(b, s.Key...)
		b = append(b, `","sig":"`...)
		b = base64.StdEncoding.AppendEncode(b, s.Sig[:])
		b = append(b, `"}`...)
	}
	return append(b, "]}"...), nil
}

// ParseEnvelope reads a DSSE envelope of a command. It checks form and sizes, not signatures.
func ParseEnvelope(text []byte) (*Envelope, error) {
	e, err := parseEnvelope(text)
	if err != nil {
		return nil, within("envelope", err)
	}
	return e, nil
}

func parseEnvelope(text []byte) (*Envelope, error) {
	tooLarge := func(n int) error {
		return &Fault{Code: CodeTooLarge, Read: fmt.Sprintf("%d bytes", n), Expected: fmt.Sprintf("an envelope under %d bytes", MaxEnvelope+1)}
	}
	if len(text) > 2*MaxEnvelope {
		return nil, tooLarge(len(text))
	}
	var w wireEnvelope
	if err := json.Unmarshal(text, &w, strict); err != nil {
		return nil, Malformed("", err)
	}
	if err := refuseNull(text); err != nil {
		return nil, err
	}
	if len(w.Payload) == 0 {
		return nil, Invalid("payload", "nothing", "the command's JSON in base64")
	}
	if w.PayloadType != PayloadType {
		return nil, Invalid("payloadType", strconv.Quote(w.PayloadType), PayloadType)
	}
	if n := len(w.Signatures); n < 1 || n > MaxSignatures {
		return nil, Invalid("signatures", fmt.Sprintf("%d signatures", n), fmt.Sprintf("1 to %d", MaxSignatures))
	}
	e := &Envelope{Body: w.Payload}
	for i, s := range w.Signatures {
		field := fmt.Sprintf("signatures[%d]", i)
		if len(s.Sig) != ed25519.SignatureSize {
			return nil, Invalid(field+".sig", fmt.Sprintf("%d bytes", len(s.Sig)), "an Ed25519 signature of 64 bytes")
		}
		if !validKeyID(s.KeyID) {
			return nil, Invalid(field+".keyid", strconv.Quote(string(s.KeyID)), "a key id of 32 lower-case hexadecimal digits")
		}
		for _, other := range e.Signatures {
			if other.Key == s.KeyID {
				return nil, Invalid(field+".keyid", string(s.KeyID), "each key once")
			}
		}
		e.Signatures = append(e.Signatures, Signature{Key: s.KeyID, Sig: [64]byte(s.Sig)})
	}
	written, err := e.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if len(written) > MaxEnvelope {
		return nil, tooLarge(len(written))
	}
	return e, nil
}

func validKeyID(k KeyID) bool {
	if len(k) != 32 {
		return false
	}
	for i := range len(k) {
		if c := k[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
