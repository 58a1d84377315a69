package parley_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"parley"
)

// expectFault checks that an error is a Fault with that code and field, and that it says what was read and expected.
func expectFault(t *testing.T, what string, err error, code parley.Code, field string) {
	t.Helper()
	var f *parley.Fault
	switch {
	case err == nil:
		t.Errorf("%.80q: taken; expected %s at %q", what, code, field)
	case !errors.As(err, &f):
		t.Errorf("%.80q: %T %v; expected a fault", what, err, err)
	case f.Code != code || f.Field != field:
		t.Errorf("%.80q: %s at %q (read %s; expected %s); expected %s at %q", what, f.Code, f.Field, f.Read, f.Expected, code, field)
	case f.Read == "" || f.Expected == "":
		t.Errorf("%.80q: read %q, expected %q: a fault says both", what, f.Read, f.Expected)
	case len(f.Read) > 400 || len(f.Field) > 400:
		t.Errorf("%.80q: the fault repeats %d bytes", what, len(f.Read)+len(f.Field))
	}
}

func TestHashHasOneWrittenForm(t *testing.T) {
	want := parley.Hash(sha256.Sum256([]byte("parley")))
	text := hex.EncodeToString(want[:])
	if got, err := parley.ParseHash(text); err != nil || got != want || want.String() != text {
		t.Fatalf("ParseHash(%s) = %s, %v", text, got, err)
	}
	for _, wrong := range []string{"", text[:63], text + "0", strings.ToUpper(text), "g" + text[1:], " " + text[1:], text[:62] + "é"} {
		got, err := parley.ParseHash(wrong)
		expectFault(t, wrong, err, parley.CodeInvalid, "")
		if !got.IsZero() {
			t.Errorf("%q left %s behind", wrong, got)
		}
		kept := want
		if err := kept.UnmarshalText([]byte(wrong)); err == nil || kept != want {
			t.Errorf("UnmarshalText(%q): %v, and the value became %s", wrong, err, kept)
		}
	}
}

func TestBits128HaveOneWrittenForm(t *testing.T) {
	const text = "000102030405060708090a0b0c0d0e0f"
	var b parley.Bits128
	if err := b.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if written, err := b.MarshalText(); err != nil || string(written) != text {
		t.Errorf("%s, %v; expected %s", written, err, text)
	}
	for _, wrong := range []string{"", text[:31], text + "00", strings.ToUpper(text), "x" + text[1:]} {
		kept := b
		expectFault(t, wrong, kept.UnmarshalText([]byte(wrong)), parley.CodeInvalid, "")
		if kept != b {
			t.Errorf("%q changed the value to %x", wrong, kept)
		}
	}
}

// The commitment is SHA-256 of a prefix, the salt and the text: anybody can open one with common tools.
func TestCommitmentKnownAnswer(t *testing.T) {
	salt := parley.Bits128{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	got := parley.CommitmentOf(salt, "مشفى")
	// printf 'parley payload v1\n\x00\x01…\x0fمشفى' | sha256sum
	const want = "bb5b77c2bcdc134ef1a021d087939783013c834536fc330fea79019d6aadeae6"
	if got.String() != want {
		t.Errorf("%s; expected %s", got, want)
	}
	if p := (parley.Payload{Salt: salt, Text: "مشفى"}); p.Commitment() != got {
		t.Errorf("the payload's commitment is %s; expected %s", p.Commitment(), got)
	}
	for what, other := range map[string]parley.Commitment{"another salt": parley.CommitmentOf(parley.Bits128{1}, "مشفى"), "another text": parley.CommitmentOf(salt, "مشفي")} {
		if other == got {
			t.Errorf("%s gives the same commitment", what)
		}
	}
	var back parley.Commitment
	for _, c := range []parley.Commitment{got, {}} {
		b, err := c.MarshalBinary()
		if err != nil || back.UnmarshalBinary(b) != nil || back != c {
			t.Errorf("%s does not survive its binary form: %x, %v", c, b, err)
		}
	}
	if err := back.UnmarshalBinary(make([]byte, 31)); err == nil {
		t.Error("31 bytes were taken for a commitment")
	}
}

func TestPayloadLimits(t *testing.T) {
	valid := func(text string) error { return parley.Payload{Text: text}.Validate() }
	for _, text := range []string{"x", strings.Repeat("x", parley.MaxPayload), strings.Repeat("م", parley.MaxPayload/2), "line\nline", "\x00"} {
		if err := valid(text); err != nil {
			t.Errorf("%d bytes refused: %v", len(text), err)
		}
	}
	expectFault(t, "empty", valid(""), parley.CodeInvalid, "text")
	expectFault(t, "one byte more", valid(strings.Repeat("x", parley.MaxPayload+1)), parley.CodeTooLarge, "text")
	expectFault(t, "the limit counts bytes", valid(strings.Repeat("م", parley.MaxPayload/2)+"x"), parley.CodeTooLarge, "text")
	expectFault(t, "not UTF-8", valid("\xff"), parley.CodeInvalid, "text")
	p := parley.Payload{Salt: parley.Bits128{9}, Text: "text"}
	b, err := p.MarshalBinary()
	var back parley.Payload
	if err != nil || back.UnmarshalBinary(b) != nil || back != p {
		t.Errorf("%v does not survive its binary form: %v", p, back)
	}
	if err := back.UnmarshalBinary(b[:15]); err == nil {
		t.Error("15 bytes were taken for a payload")
	}
}

func TestKeyIDIsTheBeginningOfItsHash(t *testing.T) {
	// The public key of RFC 8032 section 7.1, test 1.
	var key parley.PublicKey
	if err := key.UnmarshalText([]byte("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")); err != nil {
		t.Fatal(err)
	}
	// printf d75a… | xxd -r -p | sha256sum | cut -c 1-32
	if got, want := key.ID(), parley.KeyID("21fe31dfa154a261626bf854046fd227"); got != want {
		t.Errorf("%s; expected %s", got, want)
	}
}
