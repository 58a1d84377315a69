package proof

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"parley"
)

// holderTitle is the first line of a statement about the holder of a key.
const holderTitle = "parley key holder v1"

// Holder is the log's statement that a key was admitted to an account of a theatre. The command that admitted it stands in the
// journal; whoever may not read it has the log's word for it.
type Holder struct {
	Theatre Hash
	Key     parley.PublicKey
	Account parley.Ref // "" is a node of the theatre
}

// Text returns the lines that are signed.
func (h Holder) Text() string {
	account := string(h.Account)
	if account == "" {
		account = "node"
	}
	return holderTitle + "\ntheatre: " + h.Theatre.String() + "\nkey: " + Hash(h.Key).String() + "\naccount: " + account + "\n"
}

// SignHolder returns the statement as a C2SP signed note.
func SignHolder(h Holder, key note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: h.Text()}, key)
	if err != nil {
		return nil, fmt.Errorf("sign key holder: %w", err)
	}
	return signed, nil
}

// VerifyHolder checks the signature of one of the log's keys on a statement and reads it.
func VerifyHolder(signed []byte, keys ...note.Verifier) (h Holder, err error) {
	opened, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return h, fmt.Errorf("key holder: %w", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 5 || lines[0] != holderTitle {
		return h, fmt.Errorf("key holder: read %q, expected %q and three more lines", opened.Text, holderTitle)
	}
	if h.Theatre, err = ParseHash(strings.TrimPrefix(lines[1], "theatre: ")); err != nil {
		return h, fmt.Errorf("key holder: theatre: %w", err)
	}
	key, err := ParseHash(strings.TrimPrefix(lines[2], "key: "))
	if err != nil {
		return h, fmt.Errorf("key holder: key: %w", err)
	}
	h.Key, h.Account = parley.PublicKey(key), parley.Ref(strings.TrimPrefix(lines[3], "account: "))
	if h.Account == "node" {
		h.Account = ""
	} else if _, err := parley.ParseRef(string(h.Account)); err != nil && h.Account != parley.Desk && h.Account != parley.Board {
		return h, fmt.Errorf("key holder: account: %w", err)
	}
	if h.Text() != opened.Text {
		return h, fmt.Errorf("key holder: read a text that is not in its one form, expected %q", h.Text())
	}
	return h, nil
}
