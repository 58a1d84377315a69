package proof

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The values freeze the format: a digest in a block of an old journal must be computed again by every later release. They were
// computed once by an independent program (OpenSSL's AES-256-CTR and SHA-256 from Python).
func TestLtHashKnownAnswers(t *testing.T) {
	record := func(n int) Hash { return sha256.Sum256(fmt.Appendf(nil, "record %d", n)) }
	var l LtHash
	check := func(what, want string) {
		t.Helper()
		if got := l.Sum().String(); got != want {
			t.Errorf("%s: read %s, expected %s", what, got, want)
		}
	}
	check("empty", knownEmpty)
	l.Add(record(1))
	check("one record", knownOne)
	for n := 2; n <= 1000; n++ {
		l.Add(record(n))
	}
	check("1,000 records", knownThousand)
	for n := 2; n <= 1000; n++ {
		l.Sub(record(n))
	}
	check("999 taken out", knownOne)
	l.Sub(Hash{})
	check("below zero", knownBelow)
}

func TestLtHashIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Hash {
			return Hash(rapid.SliceOfN(rapid.Byte(), HashSize, HashSize).Draw(t, "record"))
		}), 0, 12).Draw(t, "records")
		var forward, shuffled, left, right LtHash
		for i, r := range records {
			forward.Add(r)
			if i%2 == 0 {
				left.Add(r)
			} else {
				right.Add(r)
			}
		}
		for _, i := range rapid.Permutation(indexes(len(records))).Draw(t, "order") {
			shuffled.Add(records[i])
		}
		if forward.Sum() != shuffled.Sum() {
			t.Fatal("the order of adding counts")
		}
		left.Merge(&right)
		if left.Sum() != forward.Sum() {
			t.Fatal("merging two sets is not adding all their records")
		}
		for _, i := range rapid.Permutation(indexes(len(records))).Draw(t, "order out") {
			shuffled.Sub(records[i])
		}
		if shuffled != (LtHash{}) {
			t.Fatal("taking out what was put in leaves something")
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestLanesDoNotCarry(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		a, b := r.Uint64(), r.Uint64()
		sum, difference := addLanes(a, b), subLanes(a, b)
		for lane := 0; lane < 64; lane += 16 {
			x, y := uint16(a>>lane), uint16(b>>lane)
			if uint16(sum>>lane) != x+y || uint16(difference>>lane) != x-y {
				t.Fatalf("%x and %x: read sum %x and difference %x", a, b, sum, difference)
			}
		}
	}
}

func BenchmarkLtHashAdd(b *testing.B) {
	var l LtHash
	record := Hash(sha256.Sum256([]byte("record")))
	for b.Loop() {
		l.Add(record)
	}
}

func BenchmarkLtHashSum(b *testing.B) {
	var l LtHash
	for b.Loop() {
		l.Sum()
	}
}
