package index

// whereabouts tells where each volume is, in some 12 bytes a volume: a slot holds the place alone, and the id stands at that place. It grows a bucket at a time,
// so no change waits long (extendible hashing: Fagin, Nievergelt, Pippenger and Strong 1979).
type whereabouts struct {
	buckets []*bucket // by the upper bits of the hash; several may be the same
	depth   uint      // how many bits
	count   int
	idAt    func(locator) ID
}

// bucket is a table of its own with linear probing.
type bucket struct {
	slots []slot // their number is a power of two
	used  int
	depth uint // how many upper bits of the hash its volumes share
}

// slot is 0 when it is free, or a place and some bits of the hash of the id there, which spare most looks at that place.
type slot uint64

const (
	leastSlots = 8
	mostSlots  = 1024
	hashBits   = 64 - nameBits - numberBits
)

func hash(id ID) uint64 {
	h := uint64(id) * 0x9e3779b97f4a7c15
	h ^= h >> 29
	return h * 0xbf58476d1ce4e5b9
}

func newSlot(h uint64, at locator) slot {
	return slot(h<<(64-hashBits) | uint64(at.run())<<numberBits | uint64(at.number()))
}

func (s slot) locator() locator {
	return locate(uint32(s>>numberBits)&(1<<nameBits-1), int(s&(1<<numberBits-1)))
}

func (s slot) hint() uint64 { return uint64(s) >> (64 - hashBits) }

func (w *whereabouts) bucket(h uint64) *bucket {
	if len(w.buckets) == 0 {
		w.buckets = []*bucket{{slots: make([]slot, leastSlots)}}
	}
	return w.buckets[h>>(64-w.depth)]
}

// home is where in a bucket a volume's slot would be, were all free.
func (b *bucket) home(h uint64) int { return int(h>>hashBits) & (len(b.slots) - 1) }

// find returns the slot of a volume, or the free one where it would be.
func (w *whereabouts) find(b *bucket, h uint64, id ID) int {
	for i := b.home(h); ; i = (i + 1) & (len(b.slots) - 1) {
		s := b.slots[i]
		if s == 0 || s.hint() == h&(1<<hashBits-1) && w.idAt(s.locator()) == id {
			return i
		}
	}
}

func (w *whereabouts) get(id ID) (locator, bool) {
	h := hash(id)
	b := w.bucket(h)
	s := b.slots[w.find(b, h, id)]
	return s.locator(), s != 0
}

// set tells a new place of a volume. The old one, if there is one, must still hold its id.
func (w *whereabouts) set(id ID, at locator) {
	h := hash(id)
	b := w.bucket(h)
	i := w.find(b, h, id)
	if b.slots[i] == 0 {
		for b.used+1 > len(b.slots)/8*7 {
			w.grow(b, h)
			b = w.bucket(h)
		}
		i = w.find(b, h, id)
		b.used++
		w.count++
	}
	b.slots[i] = newSlot(h, at)
}

// move tells the new place of a volume that is at a known one. Its slot is found without a look at that place.
func (w *whereabouts) move(id ID, from, to locator) {
	h := hash(id)
	b := w.bucket(h)
	old := newSlot(h, from)
	for i := b.home(h); b.slots[i] != 0; i = (i + 1) & (len(b.slots) - 1) {
		if b.slots[i] == old {
			b.slots[i] = newSlot(h, to)
			return
		}
	}
}

// look reads the slot where a volume is, or one near it.
func (w *whereabouts) look(id ID) slot {
	h := hash(id)
	b := w.bucket(h)
	return b.slots[b.home(h)]
}

// grow doubles the bucket of a hash or, when it is large, parts it in two.
func (w *whereabouts) grow(b *bucket, h uint64) {
	if len(b.slots) < mostSlots {
		old := b.slots
		b.slots = make([]slot, 2*len(old))
		b.used = 0
		for _, s := range old {
			w.put(b, s)
		}
		return
	}
	if b.depth == w.depth {
		twice := make([]*bucket, 0, 2*len(w.buckets))
		for _, each := range w.buckets {
			twice = append(twice, each, each)
		}
		w.buckets = twice
		w.depth++
	}
	halves := [2]*bucket{}
	for i := range halves {
		halves[i] = &bucket{slots: make([]slot, mostSlots), depth: b.depth + 1}
	}
	for _, s := range b.slots {
		if s != 0 {
			w.put(halves[hash(w.idAt(s.locator()))>>(63-b.depth)&1], s)
		}
	}
	same := 1 << (w.depth - b.depth) // neighbours that were this bucket
	first := int(h>>(64-b.depth)) * same
	for i := range same {
		w.buckets[first+i] = halves[i*2/same]
	}
}

func (w *whereabouts) put(b *bucket, s slot) {
	if s == 0 {
		return
	}
	i := b.home(hash(w.idAt(s.locator())))
	for b.slots[i] != 0 {
		i = (i + 1) & (len(b.slots) - 1)
	}
	b.slots[i] = s
	b.used++
}

// remove forgets a volume. What lies behind it moves up, so that probing finds it still.
func (w *whereabouts) remove(id ID) {
	h := hash(id)
	b := w.bucket(h)
	i := w.find(b, h, id)
	if b.slots[i] == 0 {
		return
	}
	b.used--
	w.count--
	mask := len(b.slots) - 1
	for j := (i + 1) & mask; b.slots[j] != 0; j = (j + 1) & mask {
		home := b.home(hash(w.idAt(b.slots[j].locator())))
		if (j-home)&mask >= (j-i)&mask {
			b.slots[i] = b.slots[j]
			i = j
		}
	}
	b.slots[i] = 0
}
