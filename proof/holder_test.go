package proof

import (
	"crypto/sha256"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"parley"
)

var anyHolder = Holder{Theatre: sha256.Sum256([]byte("theatre")), Key: sha256.Sum256([]byte("key")), Account: parley.MakeRef(parley.RefParty, Hash{1}, 6)}

// The text freezes the format: it lies in receipts.
func TestHolderText(t *testing.T) {
	for account, written := range map[parley.Ref]string{"": "node", anyHolder.Account: string(anyHolder.Account), parley.Desk: string(parley.Desk), parley.Board: string(parley.Board)} {
		h := anyHolder
		h.Account = account
		want := "parley key holder v1\ntheatre: " + h.Theatre.String() + "\nkey: " + Hash(h.Key).String() + "\naccount: " + written + "\n"
		if got := h.Text(); got != want {
			t.Errorf("read %q, expected %q", got, want)
		}
		key, other := newKey(t), newKey(t)
		signed, err := SignHolder(h, key)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := VerifyHolder(signed, key.Verifier()); err != nil || read != h {
			t.Errorf("read %+v, %v, expected %+v", read, err, h)
		}
		if _, err := VerifyHolder(signed, other.Verifier()); err == nil {
			t.Error("another key verifies the statement")
		}
	}
}

func TestHolderHasOneForm(t *testing.T) {
	key, text := newKey(t), anyHolder.Text()
	for name, changed := range map[string]string{
		"another title":       strings.Replace(text, "v1", "v2", 1),
		"a line more":         text + "more: x\n",
		"a line less":         text[:strings.Index(text, "account:")],
		"no theatre":          strings.Replace(text, anyHolder.Theatre.String(), "x", 1),
		"no key":              strings.Replace(text, Hash(anyHolder.Key).String(), "x", 1),
		"an account of none":  strings.Replace(text, string(anyHolder.Account), "nobody", 1),
		"an account left out": strings.Replace(text, string(anyHolder.Account), "", 1),
		"another name":        strings.Replace(text, "key: ", "Key: ", 1),
		"a line without name": strings.Replace(text, "theatre: ", "", 1),
		"upper case":          strings.Replace(text, anyHolder.Theatre.String(), strings.ToUpper(anyHolder.Theatre.String()), 1),
	} {
		signed, err := note.Sign(&note.Note{Text: changed}, key)
		if err != nil {
			t.Fatal(err)
		}
		if read, err := VerifyHolder(signed, key.Verifier()); changed == text || err == nil {
			t.Errorf("%s: read %+v, expected an error", name, read)
		}
	}
}
