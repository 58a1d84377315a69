package channel

import (
	"cmp"
	"fmt"
	"slices"

	"parley"
	"parley/geo"
)

// knownHead reports whether a head was ever given to its party.
func (s *State) knownHead(h parley.ListHead) bool {
	if h.Position == 0 {
		return h.Count == 0 && h.Root == emptyList
	}
	c := s.changeAt(h)
	return c != nil && c.Head == h
}

// changeAt returns the change of a list that made a head, or nil. A list may move several times at one position: the root decides.
func (s *State) changeAt(h parley.ListHead) *parley.ListChange {
	for n := s.changesSince(h.Party, h.Position) - 1; n >= 0; n-- {
		c := s.changes.get(changeKey(h.Party, n))
		if c.Head == h {
			return c
		}
		if c.Head.Position < h.Position {
			return nil
		}
	}
	return nil
}

// changesSince returns the number of the first change of a party's list after a position.
func (s *State) changesSince(party parley.Ref, position uint64) int {
	low, high := 0, s.held[party].changes
	for low < high {
		mid := (low + high) / 2
		if s.changes.get(changeKey(party, mid)).Head.Position > position {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// missed returns what a list head does not have and a volume should be held against: changes within 10 km of its box whose
// windows meet its own, each object once with the version that counts now.
func (s *State) missed(head parley.ListHead, v geo.Volume) []parley.Versioned {
	first := 0
	if head.Position > 0 {
		first = s.changeAt(head).Number + 1
	}
	box := v.Shape.Bounds().Widen(v.Buffer + 10_000)
	var refs []parley.Versioned
	for n := first; n < s.held[head.Party].changes; n++ {
		c := s.changes.get(changeKey(head.Party, n))
		if !c.Window.Overlaps(v.Window) || !c.Box.Overlaps(box) {
			continue
		}
		refs = slices.DeleteFunc(refs, func(o parley.Versioned) bool { return o.Ref == c.Of.Ref })
		refs = append(refs, c.Of)
	}
	slices.SortFunc(refs, func(a, b parley.Versioned) int { return cmp.Compare(a.Ref, b.Ref) })
	return refs
}

// quotes checks that a head was given to the party that quotes it.
func (t *turn) quotes(field string, h parley.ListHead) *Refusal {
	if h.Party != t.account || !t.s.knownHead(h) {
		return refuse(parley.CodeUnknownHead, field, fmt.Sprintf("position %d, root %s", h.Position, h.Root), "a head of this party's own list")
	}
	return nil
}
