package index

// seen is a set of volumes that is emptied at once: a slot counts only if it bears the number of the present round.
type seen struct {
	slots []seenSlot // their number is a power of two, and at least half of them are free
	round uint32
	used  int
}

type seenSlot struct {
	at    locator
	round uint32
}

func (s *seen) reset() {
	s.used = 0
	if s.round++; s.round == 0 {
		clear(s.slots)
		s.round = 1
	}
}

// find returns the slot of a volume, or the one where it would be.
func (s *seen) find(at locator) *seenSlot {
	mask := uint64(len(s.slots) - 1)
	for i := uint64(at) * 0x9e3779b97f4a7c15 >> 32; ; i++ {
		if slot := &s.slots[i&mask]; slot.round != s.round || slot.at == at {
			return slot
		}
	}
}

func (s *seen) has(at locator) bool { return s.used > 0 && s.find(at).round == s.round }

func (s *seen) add(at locator) {
	if 2*(s.used+1) > len(s.slots) {
		old := s.slots
		s.slots = make([]seenSlot, max(64, 2*len(old)))
		for _, slot := range old {
			if slot.round == s.round {
				*s.find(slot.at) = slot
			}
		}
	}
	*s.find(at) = seenSlot{at, s.round}
	s.used++
}
