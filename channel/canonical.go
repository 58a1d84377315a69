package channel

import (
	"bytes"
	"crypto/sha256"

	"github.com/fxamacker/cbor/v2"

	"parley/proof"
)

// canonical is core deterministic CBOR (RFC 8949 section 4.2.1): equal records have equal bytes.
var canonical = func() cbor.UserBufferEncMode {
	mode, err := cbor.CoreDetEncOptions().UserBufferEncMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// encoder writes records in their canonical form, one after the other in the same room. The zero value is ready.
type encoder struct{ room bytes.Buffer }

// encode returns the canonical form of a record, which is whole until the next one is asked for.
func (e *encoder) encode(record any) []byte {
	e.room.Reset()
	if err := canonical.MarshalToBuffer(record, &e.room); err != nil {
		panic("channel: a record cannot be encoded: " + err.Error()) // records hold plain values only
	}
	return e.room.Bytes()
}

// recordHash names a record: SHA-256("parley record v1\n" ‖ kind ‖ 0 ‖ canonical bytes).
func recordHash(kind string, body []byte) proof.Hash {
	var room [512]byte
	b := append(append(append(append(room[:0], "parley record v1\n"...), kind...), 0), body...)
	return sha256.Sum256(b)
}
