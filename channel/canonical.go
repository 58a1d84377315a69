package channel

import (
	"crypto/sha256"

	"github.com/fxamacker/cbor/v2"

	"parley/proof"
)

// canonical is core deterministic CBOR (RFC 8949 section 4.2.1): equal records have equal bytes.
var canonical = func() cbor.EncMode {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

func encode(v any) []byte {
	b, err := canonical.Marshal(v)
	if err != nil {
		panic("channel: a record cannot be encoded: " + err.Error()) // records hold plain values only
	}
	return b
}

// recordHash names a record: SHA-256("parley record v1\n" ‖ kind ‖ 0 ‖ canonical bytes).
func recordHash(kind string, body []byte) proof.Hash {
	var room [512]byte
	b := append(append(append(append(room[:0], "parley record v1\n"...), kind...), 0), body...)
	return sha256.Sum256(b)
}
