package release

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"parley"
)

// plainRoot computes the root as RFC 6962 section 2.1 defines it, by recursion over all slots.
func plainRoot(slots []*Slot, first int) parley.Hash {
	if len(slots) == 0 {
		return sha256.Sum256(nil)
	}
	if len(slots) == 1 {
		return leafHash(first, slots[0])
	}
	k := 1
	for k*2 < len(slots) {
		k *= 2
	}
	return nodeHash(plainRoot(slots[:k], first), plainRoot(slots[k:], first+k))
}

func TestListRootIsTheTreeOverItsSlots(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var l List
	var slots []*Slot
	for step := range 600 {
		i := len(slots)
		if step%3 == 2 {
			i = r.IntN(len(slots))
		}
		var s *Slot
		if r.IntN(4) > 0 {
			s = &Slot{Of: parley.Versioned{Ref: parley.Ref(fmt.Sprintf("SITE-%d", i)), Version: r.IntN(9) + 1}, Hash: sha256.Sum256([]byte{byte(step), byte(step >> 8)})}
		}
		if i == len(slots) {
			slots = append(slots, s)
		} else {
			slots[i] = s
		}
		l.Set(i, s)
		if got, want := l.Root(), plainRoot(slots, 0); got != want {
			t.Fatalf("after %d steps over %d slots: root %s, expected %s", step+1, len(slots), got, want)
		}
	}
}

func TestListsThatDifferHaveOtherRoots(t *testing.T) {
	one := Slot{Of: parley.Versioned{Ref: "SITE-A", Version: 1}}
	var a, b, c List
	a.Set(0, &one)
	b.Set(0, nil)
	c.Set(0, &one)
	c.Set(1, nil)
	if a.Root() == b.Root() || a.Root() == c.Root() {
		t.Error("an emptied slot or one more slot does not show in the root")
	}
}
