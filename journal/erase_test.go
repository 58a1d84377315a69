package journal_test

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"parley/journal"
	"parley/journal/journaltest"
)

// searchFolder fails when a file of a folder holds one of the byte strings, given as hexadecimal digits in the lines of a file.
func searchFolder(dir string, args []string) error {
	list, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var found []error
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		for line := range bytes.Lines(list) {
			wanted, err := hex.DecodeString(string(bytes.TrimSpace(line)))
			if err != nil {
				return err
			}
			if at := bytes.Index(data, wanted); at >= 0 {
				found = append(found, fmt.Errorf("%s holds %x at %d", e.Name(), wanted, at))
			}
		}
	}
	return errors.Join(found...)
}

// TestErasedBytesAreInNoFile looks into every file of an open journal, from another process, for the plain bytes of payloads
// before they are erased, and for their keys and sealed bytes afterwards.
func TestErasedBytesAreInNoFile(t *testing.T) {
	dir, lists := t.TempDir(), t.TempDir()
	j, err := journal.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	other, err := journal.OpenSQLite(t.Context(), dir) // a second handle must not keep the log from being cut
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	search := func(what string, strings [][]byte, want bool) {
		t.Helper()
		var list []byte
		for _, s := range strings {
			list = fmt.Appendf(list, "%x\n", s)
		}
		path := filepath.Join(lists, "list")
		if err := os.WriteFile(path, list, 0o600); err != nil {
			t.Fatal(err)
		}
		command := child(t, "search", dir, path)
		command.Stderr = nil
		out, err := command.Output()
		if found := err != nil; found != want {
			t.Fatalf("%s: found %v, expected %v: %s%v", what, found, want, out, err)
		}
	}

	// Sizes from a few bytes to several pages: rows that share a page and rows that overflow.
	random := rand.New(rand.NewPCG(7, 8))
	var chain journal.Chain
	var all []journal.Payload
	var plain [][]byte
	for range 40 {
		var payloads []journal.Payload
		for range 25 {
			p := journaltest.Payload(len(all), 24+random.IntN(40)*random.IntN(300))
			all, payloads = append(all, p), append(payloads, p)
			plain = append(plain, fmt.Appendf(nil, "plain-%d-", len(all)-1))
		}
		b, err := journaltest.Next(&chain, 1, 2, 100)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(t.Context(), b, payloads); err != nil {
			t.Fatal(err)
		}
		if err := chain.Follow(b); err != nil {
			t.Fatal(err)
		}
	}
	search("plain bytes before the erasure", plain, false)

	random.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	for len(all) > 300 {
		some := all[:100]
		all = all[100:]
		keys, sealed := rowsOf(t, dir, some)
		search("keys before the erasure", keys, true)
		search("sealed bytes before the erasure", sealed, true)
		var names []journal.Hash
		for _, p := range some {
			names = append(names, p.Commitment)
		}
		if err := j.Erase(t.Context(), names); err != nil {
			t.Fatal(err)
		}
		search("keys after the erasure", keys, false)
		search("sealed bytes after the erasure", sealed, false)
	}
	for _, p := range all {
		if read, err := other.Payload(t.Context(), p.Commitment); err != nil || !bytes.Equal(read, p.Plain) {
			t.Fatalf("a payload that was not erased: read %d bytes, %v", len(read), err)
		}
	}
	if _, err := journal.Verify(t.Context(), j, nil); err != nil {
		t.Fatal(err)
	}
}

// rowsOf reads the wrapped keys of payloads from the database, and pieces of 20 bytes of what they sealed.
func rowsOf(t *testing.T, dir string, payloads []journal.Payload) (keys, sealed [][]byte) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, p := range payloads {
		var key, whole []byte
		err := db.QueryRowContext(t.Context(), `SELECT wrapped, sealed FROM payload_places JOIN payload_keys USING (place)
			JOIN payloads USING (place) WHERE commitment=?`, p.Commitment[:]).Scan(&key, &whole)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key[:20], key[len(key)-20:])
		for at := 0; at+20 <= len(whole); at += 1000 {
			sealed = append(sealed, whole[at:at+20])
		}
	}
	return keys, sealed
}
