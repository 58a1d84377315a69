package parley_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"parley"
)

// alphabet is Crockford's: no I, L, O, U.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var refKinds = []parley.RefKind{parley.RefParty, parley.RefOrganisation, parley.RefMember, parley.RefInvitation, parley.RefSite, parley.RefMovement, parley.RefPresence,
	parley.RefQuery, parley.RefDispute, parley.RefArea, parley.RefForce, parley.RefCheck, parley.RefPrompt, parley.RefStop}

func seedOf(n int) parley.Hash { return sha256.Sum256(fmt.Append(nil, n)) }

// References are for ever: the same hash gives the same reference in every version of parley.
func TestMakeRefKnownAnswers(t *testing.T) {
	seed := parley.Hash{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}
	for _, c := range []struct {
		kind   parley.RefKind
		length int
		want   parley.Ref
	}{
		{parley.RefSite, 5, "SITE-04HM-AZ"}, {parley.RefMovement, 5, "MOVE-04HM-A1"}, {parley.RefSite, 6, "SITE-04HM-ASC"}, {parley.RefParty, 8, "PARTY-04HM-ASW9-Z"},
	} {
		if got := parley.MakeRef(c.kind, seed, c.length); got != c.want {
			t.Errorf("MakeRef(%s, …, %d) = %s; expected %s", c.kind, c.length, got, c.want)
		}
	}
}

func TestRefSurvivesItsWrittenForm(t *testing.T) {
	for n, kind := range refKinds {
		for length := 5; length <= 40; length++ {
			ref := parley.MakeRef(kind, seedOf(n*100+length), length)
			if ref.Kind() != kind {
				t.Fatalf("%s has kind %q; expected %s", ref, ref.Kind(), kind)
			}
			if got, err := parley.ParseRef(string(ref)); err != nil || got != ref {
				t.Fatalf("ParseRef(%s) = %s, %v", ref, got, err)
			}
		}
	}
}

// A longer reference begins with the shorter one: lengthening frees a reference without renaming what people know.
func TestLengtheningKeepsTheBeginning(t *testing.T) {
	for n := range 50 {
		for length := 5; length < 40; length++ {
			short := strings.ReplaceAll(string(parley.MakeRef(parley.RefSite, seedOf(n), length)), "-", "")
			long := strings.ReplaceAll(string(parley.MakeRef(parley.RefSite, seedOf(n), length+1)), "-", "")
			if len(long) != len(short)+1 || !strings.HasPrefix(long, short[:len(short)-1]) {
				t.Fatalf("%s lengthens to %s", short, long)
			}
		}
	}
}

// body returns the characters of a reference after its kind, without hyphens.
func body(ref parley.Ref) []byte {
	_, rest, _ := strings.Cut(string(ref), "-")
	return []byte(strings.ReplaceAll(rest, "-", ""))
}

func TestEveryWrongCharacterIsCaught(t *testing.T) {
	for n := range 200 {
		kind := refKinds[n%len(refKinds)]
		right := body(parley.MakeRef(kind, seedOf(n), 5+n%3))
		for i := range right {
			for _, c := range []byte(alphabet) {
				wrong := append([]byte(nil), right...)
				if wrong[i] = c; c == right[i] {
					continue
				}
				if got, err := parley.ParseRef(string(kind) + "-" + string(wrong)); err == nil {
					t.Fatalf("%s with character %d as %c reads as %s", right, i, c, got)
				}
			}
		}
	}
}

// Any two characters that change places are caught, next to each other or not, the check character among them, within 31 characters.
func TestEveryTranspositionIsCaught(t *testing.T) {
	for n := range 200 {
		for _, length := range []int{5, 6, 9, 29} {
			kind := refKinds[n%len(refKinds)]
			right := body(parley.MakeRef(kind, seedOf(n), length))
			for i := range right {
				for j := range i {
					if right[i] == right[j] {
						continue
					}
					wrong := append([]byte(nil), right...)
					wrong[i], wrong[j] = wrong[j], wrong[i]
					if got, err := parley.ParseRef(string(kind) + "-" + string(wrong)); err == nil {
						t.Fatalf("%s with characters %d and %d exchanged reads as %s", right, i, j, got)
					}
				}
			}
		}
	}
}

func TestEveryWrongKindIsCaught(t *testing.T) {
	for n := range 300 {
		for _, kind := range refKinds {
			_, rest, _ := strings.Cut(string(parley.MakeRef(kind, seedOf(n), 5)), "-")
			for _, other := range refKinds {
				if got, err := parley.ParseRef(string(other) + "-" + rest); other != kind && err == nil {
					t.Fatalf("%s-%s reads as %s", kind, rest, got)
				}
			}
		}
	}
}

func TestRadioSpellings(t *testing.T) {
	// A reference with both a 0 and a 1, so that O, I and L have a place.
	var ref parley.Ref
	for n := 0; !strings.Contains(string(ref), "0") || !strings.Contains(string(ref), "1"); n++ {
		ref = parley.MakeRef(parley.RefSite, seedOf(n), 5)
	}
	_, rest, _ := strings.Cut(string(ref), "-")
	for _, spoken := range []string{
		strings.ToLower(string(ref)), "  " + string(ref) + "\n", "SITE " + strings.ReplaceAll(rest, "-", " "), "SITE-" + strings.ReplaceAll(rest, "-", ""),
		"SITE-" + strings.ReplaceAll(rest, "0", "O"), "SITE-" + strings.ReplaceAll(rest, "0", "o"), "SITE-" + strings.ReplaceAll(rest, "1", "I"),
		"site-" + strings.ReplaceAll(strings.ToLower(rest), "1", "l"), "SITE-" + strings.ReplaceAll(rest, "1", "L"),
	} {
		if got, err := parley.ParseRef(spoken); err != nil || got != ref {
			t.Errorf("ParseRef(%q) = %s, %v; expected %s", spoken, got, err, ref)
		}
	}
	for _, account := range []parley.Ref{parley.Desk, parley.Board} {
		if got, err := parley.ParseRef(" " + strings.ToLower(string(account))); err != nil || got != account {
			t.Errorf("ParseRef(%q) = %s, %v", account, got, err)
		}
	}
}

func TestWhatIsNoReference(t *testing.T) {
	right := string(parley.MakeRef(parley.RefSite, seedOf(1), 5))
	_, rest, _ := strings.Cut(right, "-")
	for _, text := range []string{"", " ", "-", "SITE", "SITE-", "SITE" + rest, "HOUSE-" + rest, rest, "SITE-" + rest[:5], "SITE-UUUU-UU", "SITE-7K3F-Q!", "SITE-７K3F-Q2", right + "/v1",
		right + right, "DESK-" + rest, "SITE-" + strings.Repeat("0", 42), "SITE-ſ000-00"} {
		got, err := parley.ParseRef(text)
		if err == nil {
			t.Errorf("ParseRef(%q) = %s; expected a refusal", text, got)
			continue
		}
		expectFault(t, text, err, parley.CodeInvalid, "")
	}
}

func TestVersioned(t *testing.T) {
	ref := parley.MakeRef(parley.RefSite, seedOf(1), 5)
	want := parley.Versioned{Ref: ref, Version: 12}
	if got := want.String(); got != string(ref)+"/v12" {
		t.Errorf("%s; expected %s/v12", got, ref)
	}
	for _, spoken := range []string{want.String(), strings.ToLower(want.String()), strings.ToUpper(want.String())} {
		if got, err := parley.ParseVersioned(spoken); err != nil || got != want {
			t.Errorf("ParseVersioned(%q) = %v, %v", spoken, got, err)
		}
		var strict parley.Versioned
		if err := strict.UnmarshalText([]byte(spoken)); (err == nil) != (spoken == want.String()) {
			t.Errorf("a command that quotes %q: %v; expected only %q to be taken", spoken, err, want)
		}
	}
	for _, text := range []string{"", string(ref), string(ref) + "/", string(ref) + "/v", string(ref) + "/v0", string(ref) + "/v-1", string(ref) + "/v+1", string(ref) + "/v01", string(ref) + "/v1.0",
		string(ref) + "/v99999999999999999999", "/v1", "SITE-0000-00/v1", string(ref) + " /v1x"} {
		if got, err := parley.ParseVersioned(text); err == nil || got != (parley.Versioned{}) {
			t.Errorf("ParseVersioned(%q) = %v, %v; expected a refusal and nothing beside it", text, got, err)
		}
	}
}

func TestRefInACommandHasItsWrittenForm(t *testing.T) {
	ref := parley.MakeRef(parley.RefSite, seedOf(1), 5)
	var got parley.Ref
	if err := got.UnmarshalText([]byte(ref)); err != nil || got != ref {
		t.Fatalf("%s: %v", got, err)
	}
	for _, text := range []string{strings.ToLower(string(ref)), " " + string(ref), strings.ReplaceAll(string(ref), "-", " "), "desk"} {
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken in a command; expected only %s", text, ref)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	for n, kind := range refKinds {
		f.Add(string(parley.MakeRef(kind, seedOf(n), 5+n)))
	}
	f.Add("site 7k3f q2")
	f.Add("desk")
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := parley.ParseRef(text)
		if err != nil {
			if ref != "" {
				t.Fatalf("%q: refused (%v) and returned %q", text, err, ref)
			}
			return
		}
		again, err := parley.ParseRef(string(ref))
		if err != nil || again != ref {
			t.Fatalf("%q reads as %s, which reads as %s (%v)", text, ref, again, err)
		}
		var strict parley.Ref
		if err := strict.UnmarshalText([]byte(ref)); err != nil {
			t.Fatalf("%s is no written form: %v", ref, err)
		}
	})
}

// The chance that two references of a theatre collide is what makes lengthening needed, not its failure: five characters are 25 bits.
func TestReferencesUseAllTheirBits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[byte]bool{}
	for range 400 {
		var seed parley.Hash
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		for _, c := range body(parley.MakeRef(parley.RefSite, seed, 40))[35:40] { // the last characters draw from the last bits
			seen[c] = true
		}
	}
	if len(seen) != 32 {
		t.Errorf("the end of a reference used %d characters of 32", len(seen))
	}
}
