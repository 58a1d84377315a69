package proof

import (
	"strings"
	"testing"
)

// Whatever is read as a tlog-proof and has no extra line is written again as it was.
func FuzzParseTlogProof(f *testing.F) {
	f.Add("c2sp.org/tlog-proof@v1\nindex 5\nr0lknCHzLhJYPmZ17He/UZfDn1Pfzewv5JUHsZMMlgk=\n\nlog\n6\nr0lknCHzLhJYPmZ17He/UZfDn1Pfzewv5JUHsZMMlgk=\n\n— log AAAA\n")
	f.Add("c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParseTlogProof(text)
		if err == nil && !strings.Contains(text, "\nextra ") && p.Text() != text {
			t.Fatalf("read %q, written again %q", text, p.Text())
		}
	})
}

// A checkpoint that is read has one form.
func FuzzParseCheckpoint(f *testing.F) {
	f.Add("log.example/a\n42\nr0lknCHzLhJYPmZ17He/UZfDn1Pfzewv5JUHsZMMlgk=\n")
	f.Add("log.example/a\n42\nr0lknCHzLhJYPmZ17He/UZfDn1Pfzewv5JUHsZMMlgk=\nextension\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseCheckpoint(text); err == nil && c.Text() != text {
			t.Fatalf("read %q, written again %q", text, c.Text())
		}
		if c, err := ParseExtended(text); err == nil && !strings.HasPrefix(text, c.Text()) {
			t.Fatalf("read %q, which does not begin with %q", text, c.Text())
		}
	})
}

// No text makes the reader of policies fail other than by an error, and one that is read says the same when it is read again.
func FuzzParsePolicy(f *testing.F) {
	w, err := NewWitnessKey("w.example/a")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("witness a " + w.Verifier().String() + "\ngroup g 1 a\nquorum g\n")
	f.Add("quorum none")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePolicy(text)
		if err != nil {
			return
		}
		if p.Satisfied(func(*WitnessVerifier) bool { return false }) == p.Needs() {
			t.Fatalf("%q: without any witness, needs %v", text, p.Needs())
		}
		if !p.Satisfied(func(*WitnessVerifier) bool { return true }) {
			t.Fatalf("%q: all witnesses do not make the quorum", text)
		}
	})
}

// A tile's path has one form.
func FuzzParseTile(f *testing.F) {
	for _, path := range []string{"tile/0/000", "tile/entries/x001/234.p/17", "tile/7/000", "tile/data/000"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if tile, err := ParseTile(path); err == nil && tile.Path() != path {
			t.Fatalf("read %q, written again %q", path, tile.Path())
		}
	})
}

// A stored receipt that is read has one form, and so has the statement about a key.
func FuzzParseStored(f *testing.F) {
	f.Add(anyStored.Text())
	promised := anyStored
	promised.Promise = &Promise{Policy: Hash{1}, By: anyStored.Time + 1000}
	f.Add(promised.Text())
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := parseStored(text); err == nil && s.Text() != text {
			t.Fatalf("read %q, written again %q", text, s.Text())
		}
	})
}

// No file makes the verifier fail other than by an error.
func FuzzReceipt(f *testing.F) {
	f.Add([]byte(`{"format":"parley receipt v1","log_key":"a","stored":"","proof":"","envelope":{},"sentence":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, err := ParseReceipt(text); err == nil {
			if v, err := r.Verify(Trust{}); err == nil && v.Command == nil {
				t.Fatal("verified, and no command")
			}
		}
	})
}
