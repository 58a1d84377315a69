package release

import (
	"crypto/sha256"
	"fmt"

	"parley"
)

// Fingerprint names what a party was given: the version's command, the precision and the fields. It stands in the party's list.
func Fingerprint(r *parley.Release, v *parley.Version) parley.Hash {
	return sha256.Sum256(fmt.Appendf(nil, "parley release v1\n%s\n%s\n%s\n%s\n%v\n", r.Of, r.To, v.Name, r.Precision, r.Fields))
}
