package journaltest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"parley/journal"
)

// Start is the time of the first entry of every journal that is built here: 2026-01-01T00:00:00Z in milliseconds.
const Start = 1767225600000

// Theatre is the theatre of every journal that is built here.
var Theatre = journal.Hash(sha256.Sum256([]byte("theatre of the tests")))

// Entries returns count entries at a time, each with an envelope of size bytes that depends on seed, height and its number alone.
func Entries(seed, height uint64, count, size int, time int64) []journal.Entry {
	entries := make([]journal.Entry, count)
	for i := range entries {
		var key [32]byte
		binary.BigEndian.PutUint64(key[:], seed)
		binary.BigEndian.PutUint64(key[8:], height)
		binary.BigEndian.PutUint64(key[16:], uint64(i))
		envelope := make([]byte, size)
		rand.NewChaCha8(key).Read(envelope)
		entries[i] = journal.Entry{Time: time, Envelope: envelope}
	}
	return entries
}

// Next returns the block that follows on a chain, one second later, with count entries of size bytes.
func Next(chain *journal.Chain, seed uint64, count, size int) (*journal.Block, error) {
	head := chain.Head()
	time := max(head.Time, Start) + 1000
	h := journal.Header{Theatre: Theatre, Time: time, Rules: 1}
	if head.Height > 0 {
		h.Digest = sha256.Sum256(fmt.Append(nil, "state after block ", head.Height))
	}
	return chain.Next(h, Entries(seed, head.Height+1, count, size, time))
}

// Payload returns the payload with that number: its plain bytes begin with "plain-<n>-" and are size bytes long.
func Payload(n, size int) journal.Payload {
	plain := make([]byte, 0, size)
	for len(plain) < size {
		plain = fmt.Append(plain, "plain-", n, "-")
	}
	plain = plain[:size]
	return journal.Payload{Commitment: sha256.Sum256(plain), Plain: plain}
}
