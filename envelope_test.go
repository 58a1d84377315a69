package parley_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"parley"
)

// The vector of the DSSE protocol, section "Test Vectors", tells that the judge below speaks DSSE; ours fixes the payload type.
func TestPAEIsThatOfDSSE(t *testing.T) {
	const vector = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
	if got := dsse.PAE("http://example.com/HelloWorld", []byte("hello world")); string(got) != vector {
		t.Fatalf("the judge writes %q; expected %q", got, vector)
	}
	if got, want := string(parley.PAE([]byte("hello world"))), "DSSEv1 35 application/vnd.parley.command+json 11 hello world"; got != want {
		t.Errorf("%q; expected %q", got, want)
	}
	for _, body := range []string{"", " ", "مشفى", "\x00\xff", strings.Repeat("x", 100_000), "11 hello world"} {
		if got, want := parley.PAE([]byte(body)), dsse.PAE(parley.PayloadType, []byte(body)); !bytes.Equal(got, want) {
			t.Errorf("PAE(%.20q) = %.60q; the judge writes %.60q", body, got, want)
		}
	}
}

// printf 'DSSEv1 35 application/vnd.parley.command+json 2 {}' | sha256sum
func TestNameKnownAnswer(t *testing.T) {
	const want = "ccf04dd568bcc3f5d4a7f995c9f4bb336865c1ae9d0800216c27de309fa2d84b"
	e := &parley.Envelope{Body: []byte("{}")}
	if got := e.Name().String(); got != want {
		t.Errorf("%s; expected %s", got, want)
	}
	e.Sign(key(1))
	if got := e.Name().String(); got != want {
		t.Errorf("signing changed the name to %s", got)
	}
}

// judge is a key as the independent library takes it.
type judge struct{ key parley.PublicKey }

func (j judge) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(j.key[:], data, sig) {
		return errors.New("does not verify")
	}
	return nil
}
func (j judge) KeyID() (string, error)   { return string(j.key.ID()), nil }
func (j judge) Public() crypto.PublicKey { return ed25519.PublicKey(j.key[:]) }

// accepted returns how many of the keys the independent library finds to have signed what we wrote.
func accepted(t *testing.T, written []byte, keys ...byte) int {
	t.Helper()
	var e dsse.Envelope
	if err := json.Unmarshal(written, &e); err != nil {
		t.Fatal(err)
	}
	var judges []dsse.Verifier
	for _, k := range keys {
		judges = append(judges, judge{public(k)})
	}
	verifier, err := dsse.NewMultiEnvelopeVerifier(1, judges...)
	if err != nil {
		t.Fatal(err)
	}
	found, err := verifier.Verify(t.Context(), &e)
	if err != nil && len(found) > 0 {
		t.Fatal(err)
	}
	return len(found)
}

func TestAnIndependentLibraryVerifiesOurEnvelopes(t *testing.T) {
	body := encode(t, command(examples["site.notify"]()))
	for signers := 1; signers <= 2; signers++ {
		e := &parley.Envelope{Body: body}
		for k := range signers {
			e.Sign(key(byte(k + 1)))
		}
		written, err := e.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if got := accepted(t, written, 1, 2, 3); got != signers {
			t.Errorf("the judge accepts %d signatures of %d", got, signers)
		}
		if got := accepted(t, written, 3); got != 0 {
			t.Error("the judge accepts a key that did not sign")
		}
		changed := *e
		changed.Body = bytes.Replace(body, []byte("hospital"), []byte("hostel.."), 1)
		if written, err = changed.MarshalJSON(); err != nil {
			t.Fatal(err)
		}
		if got := accepted(t, written, 1, 2); got != 0 {
			t.Error("the judge accepts an altered body")
		}
	}
}

// And the other way round: what the library signs, we read and verify.
func TestWeVerifyTheEnvelopesOfAnIndependentLibrary(t *testing.T) {
	body := encode(t, command(examples["stop.raise"]()))
	signer, err := dsse.NewEnvelopeSigner(signing{judge{public(1)}, key(1)}, signing{judge{public(2)}, key(2)})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := signer.SignPayload(t.Context(), parley.PayloadType, body)
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(theirs)
	if err != nil {
		t.Fatal(err)
	}
	e, err := parley.ParseEnvelope(written)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(e.Body, body) || len(e.Signatures) != 2 || !e.Verify(0, public(1)) || !e.Verify(1, public(2)) {
		t.Errorf("read %d signatures, the first by key 1: %t, the second by key 2: %t", len(e.Signatures), e.Verify(0, public(1)), e.Verify(1, public(2)))
	}
	if e.Verify(0, public(2)) || e.Verify(1, public(1)) {
		t.Error("a signature verifies under another's key")
	}
}

type signing struct {
	judge
	private ed25519.PrivateKey
}

func (s signing) Sign(_ context.Context, data []byte) ([]byte, error) {
	return ed25519.Sign(s.private, data), nil
}

func TestEveryFlippedBitBreaksASignature(t *testing.T) {
	e := &parley.Envelope{Body: []byte(`{"kind":"clock.advance"}`)}
	e.Sign(key(1))
	for i := range e.Body {
		for bit := range 8 {
			e.Body[i] ^= 1 << bit
			if e.Verify(0, public(1)) {
				t.Fatalf("bit %d of byte %d of the body does not matter", bit, i)
			}
			e.Body[i] ^= 1 << bit
		}
	}
	for i := range e.Signatures[0].Sig {
		e.Signatures[0].Sig[i] ^= 1
		if e.Verify(0, public(1)) {
			t.Fatalf("byte %d of the signature does not matter", i)
		}
		e.Signatures[0].Sig[i] ^= 1
	}
	if !e.Verify(0, public(1)) {
		t.Fatal("the signature does not verify when nothing is flipped")
	}
}

// envelope writes an envelope by hand.
func envelope(payload, payloadType string, signatures ...string) string {
	return fmt.Sprintf(`{"payload":"%s","payloadType":"%s","signatures":[%s]}`, payload, payloadType, strings.Join(signatures, ","))
}

func TestMalformedEnvelopes(t *testing.T) {
	sign := func(n byte) string {
		return fmt.Sprintf(`{"keyid":"%s","sig":"%s"}`, public(n).ID(), base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{n}, 64)))
	}
	body := base64.StdEncoding.EncodeToString([]byte("{}"))
	if _, err := parley.ParseEnvelope([]byte(envelope(body, parley.PayloadType, sign(1), sign(2), sign(3), sign(4)))); err != nil {
		t.Fatalf("four signatures: %v", err)
	}
	for _, c := range []struct {
		what, text string
		code       parley.Code
		field      string
	}{
		{"nothing", "", parley.CodeMalformed, "envelope"},
		{"null", "null", parley.CodeMalformed, "envelope"},
		{"another type", envelope(body, "application/json", sign(1)), parley.CodeInvalid, "envelope.payloadType"},
		{"no signature", envelope(body, parley.PayloadType), parley.CodeInvalid, "envelope.signatures"},
		{"five signatures", envelope(body, parley.PayloadType, sign(1), sign(2), sign(3), sign(4), sign(5)), parley.CodeInvalid, "envelope.signatures"},
		{"one key twice", envelope(body, parley.PayloadType, sign(1), sign(1)), parley.CodeInvalid, "envelope.signatures[1].keyid"},
		{"a short signature", envelope(body, parley.PayloadType, sign(1), `{"keyid":"x","sig":"AAAA"}`), parley.CodeInvalid, "envelope.signatures[1].sig"},
		{"a key id in capitals", envelope(body, parley.PayloadType, strings.Replace(sign(1), string(public(1).ID()), strings.ToUpper(string(public(1).ID())), 1)), parley.CodeInvalid, "envelope.signatures[0].keyid"},
		{"no base64", envelope("{}", parley.PayloadType, sign(1)), parley.CodeMalformed, "envelope.payload"},
		{"base64 for addresses", envelope("e30_", parley.PayloadType, sign(1)), parley.CodeMalformed, "envelope.payload"},
		{"no payload", envelope("", parley.PayloadType, sign(1)), parley.CodeInvalid, "envelope.payload"},
		{"null for the payload", strings.Replace(envelope("", parley.PayloadType, sign(1)), `""`, "null", 1), parley.CodeMalformed, "envelope.payload"},
		{"an unknown field", strings.Replace(envelope(body, parley.PayloadType, sign(1)), `{`, `{"extra":1,`, 1), parley.CodeMalformed, "envelope.extra"},
		{"a certificate beside the signature", envelope(body, parley.PayloadType, strings.Replace(sign(1), `{`, `{"cert":"x",`, 1)), parley.CodeMalformed, "envelope.signatures[0].cert"},
		{"a key twice", strings.Replace(envelope(body, parley.PayloadType, sign(1)), `{`, `{"payload":"e30=",`, 1), parley.CodeMalformed, "envelope.payload"},
		{"too large", envelope(base64.StdEncoding.EncodeToString(make([]byte, parley.MaxEnvelope)), parley.PayloadType, sign(1)), parley.CodeTooLarge, "envelope"},
		{"far too large", strings.Repeat(" ", 3*parley.MaxEnvelope), parley.CodeTooLarge, "envelope"},
	} {
		got, err := parley.ParseEnvelope([]byte(c.text))
		if got != nil {
			t.Errorf("%s: returned an envelope", c.what)
		}
		expectFault(t, c.what, err, c.code, c.field)
	}
}

// The size that counts is that of the written form: spaces around it cost nothing, and the last byte that fits is taken.
func TestEnvelopeLimitIsThatOfItsWrittenForm(t *testing.T) {
	write := func(n int) []byte {
		e := &parley.Envelope{Body: bytes.Repeat([]byte{' '}, n)}
		e.Sign(key(1))
		written, err := e.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return written
	}
	n := 0
	for n = 48_000; len(write(n)) <= parley.MaxEnvelope; n++ {
	}
	if _, err := parley.ParseEnvelope(write(n - 1)); err != nil {
		t.Errorf("%d bytes: %v", len(write(n-1)), err)
	}
	_, err := parley.ParseEnvelope(write(n))
	expectFault(t, "one byte more", err, parley.CodeTooLarge, "envelope")
	if _, err := parley.ParseEnvelope(append(bytes.Repeat([]byte{' '}, 30_000), write(n-1)...)); err != nil {
		t.Errorf("with spaces before it: %v", err)
	}
}

func FuzzParseEnvelope(f *testing.F) {
	e := &parley.Envelope{Body: encode(f, command(examples["stop.raise"]()))}
	e.Sign(key(1))
	e.Sign(key(2))
	written, err := e.MarshalJSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(written)
	f.Add([]byte(envelope("e30=", parley.PayloadType)))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := parley.ParseEnvelope(text)
		if err != nil {
			if _, ok := err.(*parley.Fault); !ok || e != nil {
				t.Fatalf("%T %v with %v; expected a fault alone", err, err, e)
			}
			return
		}
		written, err := e.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := parley.ParseEnvelope(written)
		if err != nil {
			t.Fatalf("written as %s, which is refused: %v", written, err)
		}
		if again.Name() != e.Name() || len(again.Signatures) != len(e.Signatures) {
			t.Fatalf("%s reads as another envelope", written)
		}
	})
}
