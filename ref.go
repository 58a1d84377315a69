package parley

import (
	"fmt"
	"strconv"
	"strings"
)

// RefKind is the word before a reference's first hyphen; it says what kind of record is meant.
type RefKind string

// The kinds of records that have references.
const (
	RefParty        RefKind = "PARTY"
	RefOrganisation RefKind = "ORG"
	RefMember       RefKind = "MBR"
	RefInvitation   RefKind = "INV"
	RefSite         RefKind = "SITE"
	RefMovement     RefKind = "MOVE"
	RefPresence     RefKind = "PRES"
	RefQuery        RefKind = "QRY"
	RefDispute      RefKind = "DISP"
	RefArea         RefKind = "AREA"
	RefForce        RefKind = "FORCE"
	RefCheck        RefKind = "CHECK"
	RefPrompt       RefKind = "ASK"
	RefStop         RefKind = "STOP"
	RefHarm         RefKind = "HARM"
	RefCorrection   RefKind = "TASK"
	RefLine         RefKind = "LINE"
	RefZone         RefKind = "ZONE"
	RefCorridor     RefKind = "CORR"
	RefPause        RefKind = "PAUSE"
	RefCrossing     RefKind = "XING" // a crossing notice
	RefCrossed      RefKind = "XED"  // a crossing event
	RefWarning      RefKind = "WARN"
	RefOffer        RefKind = "OFFER"
	RefDelivery     RefKind = "DELIV"
	RefOutcome      RefKind = "OUTC"
	RefIncident     RefKind = "INC"
	RefClaim        RefKind = "CLAIM"
	RefEvidence     RefKind = "EVID"
	RefSeal         RefKind = "SEAL" // a sealed area
	RefScreening    RefKind = "SCR"
	RefFound        RefKind = "FOUND" // a report of a place that a party has come upon
)

// refKinds lists the kinds in the order of their number, which enters the check character. Append only: references are for ever.
var refKinds = []RefKind{RefParty, RefOrganisation, RefMember, RefInvitation, RefSite, RefMovement, RefPresence, RefQuery, RefDispute, RefArea, RefForce,
	RefCheck, RefPrompt, RefStop, RefHarm, RefCorrection,
	RefLine, RefZone, RefCorridor, RefPause, RefCrossing, RefCrossed, RefWarning, RefOffer, RefDelivery, RefOutcome,
	RefIncident, RefClaim, RefEvidence, RefSeal, RefScreening, RefFound}

// Ref names a record within its theatre, short enough to dictate over a radio: "SITE-7K3F-Q2".
//
// After the kind come at least five characters of Crockford's base 32 and one check character. The check character catches
// every single wrong character, every swap of two, and a wrong kind.
type Ref string

// Desk and Board are the references of the theatre's one notification desk and its one board of trustees.
const (
	Desk  Ref = "DESK"
	Board Ref = "BOARD"
)

// crockford is the alphabet of references: no I, L, O, U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Kind returns the kind of r, or "" for Desk and Board.
func (r Ref) Kind() RefKind {
	kind, _, ok := strings.Cut(string(r), "-")
	if !ok {
		return ""
	}
	return RefKind(kind)
}

// MakeRef derives a reference from seed (a command's hash), using length characters before the check character.
// The caller lengthens until the reference is free. Length is from 5 to 40.
func MakeRef(kind RefKind, seed Hash, length int) Ref {
	body := make([]byte, length)
	for i := range body {
		body[i] = crockford[fiveBits(seed, i)]
	}
	return writeRef(kind, body)
}

// fiveBits returns the i-th group of five bits of seed.
func fiveBits(seed Hash, i int) byte {
	bit := i * 5
	word := uint16(seed[bit/8]) << 8
	if bit/8+1 < len(seed) {
		word |= uint16(seed[bit/8+1])
	}
	return byte(word>>(11-bit%8)) & 31
}

func writeRef(kind RefKind, body []byte) Ref {
	chars := append(append(make([]byte, 0, len(body)+1), body...), checkCharacter(kind, body))
	var b strings.Builder
	b.WriteString(string(kind))
	for i, c := range chars {
		if i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(c)
	}
	return Ref(b.String())
}

// checkCharacter is a Reed-Solomon check over GF(32) with generator x^5+x^2+1: the sum of the characters, each multiplied by
// its own power of the generator. Different non-zero factors at every place catch each substitution and each transposition
// within 31 characters. The kind's number is the first character.
func checkCharacter(kind RefKind, body []byte) byte {
	sum := byte(kindNumber(kind))
	for _, c := range body {
		sum = timesTwo(sum) ^ byte(strings.IndexByte(crockford, c))
	}
	return crockford[timesTwo(sum)]
}

func kindNumber(kind RefKind) int {
	for i, k := range refKinds {
		if k == kind {
			return i + 1
		}
	}
	return 0
}

// timesTwo multiplies by the generator in GF(32).
func timesTwo(a byte) byte {
	a <<= 1
	if a&32 != 0 {
		a ^= 0b100101
	}
	return a
}

// ParseRef reads a reference as people write it: any case, with or without hyphens or spaces after the kind, O for 0, I and L for 1.
// It returns the reference in its one written form.
func ParseRef(text string) (Ref, error) {
	t := strings.ToUpper(strings.TrimSpace(text))
	if Ref(t) == Desk || Ref(t) == Board {
		return Ref(t), nil
	}
	bad := func(expected string) (Ref, error) { return "", Invalid("", strconv.Quote(text), expected) }
	for _, kind := range refKinds {
		rest, ok := strings.CutPrefix(t, string(kind))
		if !ok || rest == "" || rest[0] != '-' && rest[0] != ' ' {
			continue
		}
		body := make([]byte, 0, len(rest))
		for i := range len(rest) {
			c := rest[i]
			switch c {
			case '-', ' ':
				continue
			case 'O':
				c = '0'
			case 'I', 'L':
				c = '1'
			}
			if strings.IndexByte(crockford, c) < 0 {
				return bad("a reference of letters and digits, without U, such as SITE-7K3F-Q2")
			}
			body = append(body, c)
		}
		if len(body) < 6 || len(body) > 41 {
			return bad("a reference such as SITE-7K3F-Q2: at least six characters after its kind")
		}
		last := len(body) - 1
		if body[last] != checkCharacter(kind, body[:last]) {
			return bad("a reference whose last character checks: one character is wrong or two are swapped")
		}
		return writeRef(kind, body[:last]), nil
	}
	return bad("a reference that begins with one of its kinds, such as SITE-7K3F-Q2")
}

// UnmarshalText reads a reference in its one written form; commands hold no other.
func (r *Ref) UnmarshalText(text []byte) error {
	ref, err := ParseRef(string(text))
	if err != nil {
		return err
	}
	if string(ref) != string(text) {
		return Invalid("", strconv.Quote(string(text)), "the written form "+string(ref))
	}
	*r = ref
	return nil
}

// Versioned is a reference with the version that is meant: "SITE-7K3F-Q2/v3". The version is always part of what is quoted.
type Versioned struct {
	Ref     Ref
	Version int
}

// String writes v as it is dictated.
func (v Versioned) String() string { return fmt.Sprintf("%s/v%d", v.Ref, v.Version) }

// MarshalText writes v as a string in JSON.
func (v Versioned) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote; commands hold no other form.
func (v *Versioned) UnmarshalText(text []byte) error {
	got, err := ParseVersioned(string(text))
	if err != nil {
		return err
	}
	if got.String() != string(text) {
		return Invalid("", strconv.Quote(string(text)), "the written form "+got.String())
	}
	*v = got
	return nil
}

// ParseVersioned reads a reference with its version, as people write it.
func ParseVersioned(text string) (Versioned, error) {
	name, number, ok := strings.Cut(text, "/v")
	if !ok {
		name, number, ok = strings.Cut(text, "/V")
	}
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || strconv.Itoa(n) != number {
		return Versioned{}, Invalid("", strconv.Quote(text), "a reference with its version, such as SITE-7K3F-Q2/v3")
	}
	ref, err := ParseRef(name)
	if err != nil {
		return Versioned{}, err
	}
	return Versioned{ref, n}, nil
}
