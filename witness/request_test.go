package witness_test

import (
	"bytes"
	"errors"
	"testing"

	"parley/witness"
)

func as[T error](err error, into *T) bool { return errors.As(err, into) }

// What is read is written again as it was.
func FuzzParseRequest(f *testing.F) {
	f.Add([]byte("old 0\n\nlog.example/a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— x AAAA\n"))
	f.Add([]byte("old 18446744073709551615\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := witness.ParseRequest(body)
		if err == nil && !bytes.Equal(r.Text(), body) {
			t.Fatalf("read %q, written again %q", body, r.Text())
		}
	})
}
