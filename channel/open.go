package channel

import (
	"fmt"

	"parley"
)

// Open reads the bytes of an envelope into a signed command. It checks form, not signatures: see Verify.
func Open(envelope []byte) (*Signed, *parley.Envelope, error) {
	e, err := parley.ParseEnvelope(envelope)
	if err != nil {
		return nil, nil, err
	}
	c, err := parley.ParseCommand(e.Body)
	if err != nil {
		return nil, nil, err
	}
	s := &Signed{Name: e.Name(), Command: c}
	for _, sig := range e.Signatures {
		s.Signers = append(s.Signers, sig.Key)
	}
	if s.Signers[0] != c.Key {
		return nil, nil, &parley.Fault{Code: parley.CodeBadSignature, Field: "key", Read: string(c.Key), Expected: "the key of the first signature, " + string(s.Signers[0])}
	}
	return s, e, nil
}

// Verify checks every signature of an envelope. keyOf returns keys that were admitted; keys that the command brings are known too.
func Verify(e *parley.Envelope, c *parley.Command, keyOf func(parley.KeyID) (parley.PublicKey, bool)) error {
	brought := KeysBrought(c)
	for i, sig := range e.Signatures {
		key, ok := keyOf(sig.Key)
		for _, b := range brought {
			if b.ID() == sig.Key {
				key, ok = b, true
			}
		}
		if !ok {
			return &parley.Fault{Code: parley.CodeUnknownKey, Field: fmt.Sprintf("signatures[%d].keyid", i), Read: string(sig.Key), Expected: "a key that was admitted"}
		}
		if !e.Verify(i, key) {
			return &parley.Fault{Code: parley.CodeBadSignature, Field: fmt.Sprintf("signatures[%d].sig", i), Read: "a signature that does not verify", Expected: "an Ed25519 signature of the DSSE pre-authentication bytes by " + string(sig.Key)}
		}
	}
	return nil
}
