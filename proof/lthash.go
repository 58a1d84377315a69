package proof

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// LtHashSize is the length of a LtHash in bytes: 1,024 lanes of 16 bits.
const LtHashSize = 2048

// words machine words hold the lanes, four in each; the lowest lane of a word is the first in the byte form.
const words = LtHashSize / 8

// LtHash is a digest of a set of records in which a record can be added or taken out in constant time, in any order.
//
// It is LtHash16 (Bellare and Micciancio 1997; Lewi and others, "Securing Update Propagation with Homomorphic Hashing", 2019):
// each record is expanded to 1,024 numbers of 16 bits, and these are added lane by lane modulo 2^16. The expansion is AES-256 in
// counter mode over 2,048 zero bytes, with the record's SHA-256 as key and a zero counter block: every server processor does that
// in hardware. Lanes are little endian. The zero value is the digest of the empty set. One goroutine owns it at a time.
type LtHash struct{ sum [words]uint64 }

// Add puts a record, named by the SHA-256 of its canonical encoding, into the set.
func (l *LtHash) Add(record Hash) {
	lanes := expand(record)
	for i := range l.sum {
		l.sum[i] = addLanes(l.sum[i], binary.LittleEndian.Uint64(lanes[i*8:i*8+8]))
	}
	scratch.Put(lanes)
}

// Sub takes a record out of the set. Taking out what was not put in is not noticed: the caller keeps the set.
func (l *LtHash) Sub(record Hash) {
	lanes := expand(record)
	for i := range l.sum {
		l.sum[i] = subLanes(l.sum[i], binary.LittleEndian.Uint64(lanes[i*8:i*8+8]))
	}
	scratch.Put(lanes)
}

// Merge puts all records of other into the set.
func (l *LtHash) Merge(other *LtHash) {
	for i := range l.sum {
		l.sum[i] = addLanes(l.sum[i], other.sum[i])
	}
}

// digestPrefix keeps a state digest apart from every other SHA-256 in the system.
const digestPrefix = "parley state digest v1\n"

// Sum returns SHA-256("parley state digest v1\n" ‖ the 2,048 bytes of the lanes, little endian).
func (l *LtHash) Sum() Hash {
	var b [len(digestPrefix) + LtHashSize]byte
	copy(b[:], digestPrefix)
	for i, w := range l.sum {
		binary.LittleEndian.PutUint64(b[len(digestPrefix)+i*8:], w)
	}
	return sha256.Sum256(b[:])
}

// scratch holds buffers for one expansion each, so that adding a record makes no room of that size.
var scratch = sync.Pool{New: func() any { return new([LtHashSize]byte) }}

// expand returns the key stream of AES-256 in counter mode under the record's hash, in a buffer of scratch.
func expand(record Hash) *[LtHashSize]byte {
	block, err := aes.NewCipher(record[:])
	if err != nil {
		panic("proof: AES refuses a key of 32 bytes: " + err.Error()) // cannot be: 32 is a length AES knows
	}
	lanes := scratch.Get().(*[LtHashSize]byte)
	clear(lanes[:])
	var start [aes.BlockSize]byte
	cipher.NewCTR(block, start[:]).XORKeyStream(lanes[:], lanes[:])
	return lanes
}

// high is the top bit of each of the four lanes in a word. Adding without it cannot carry into the next lane; the top bits are
// then added without carry.
const high = 0x8000_8000_8000_8000

func addLanes(a, b uint64) uint64 { return (a&^high + b&^high) ^ (a^b)&high }

func subLanes(a, b uint64) uint64 { return (a | high - b&^high) ^ (a^^b)&high }
