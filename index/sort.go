package index

import "slices"

// fewIDs is up to how many ids are sorted by comparison.
const fewIDs = 96

// sortIDs sorts ids in ascending order. Many are sorted byte by byte, from the lowest on, without bytes in which all agree: half the time of
// comparing. spare is memory to work in; the larger of the two comes back for the next time.
func sortIDs(ids, spare []ID) (sorted, rest []ID) {
	if len(ids) <= fewIDs {
		slices.Sort(ids)
		return ids, spare
	}
	var differ ID
	for _, id := range ids {
		differ |= id ^ ids[0]
	}
	spare = slices.Grow(spare[:0], len(ids))[:len(ids)]
	for shift := 0; differ>>shift != 0; shift += 8 {
		if differ>>shift&255 == 0 {
			continue
		}
		var starts [256]int
		for _, id := range ids {
			starts[id>>shift&255]++
		}
		at := 0
		for i, n := range starts {
			starts[i] = at
			at += n
		}
		for _, id := range ids {
			digit := id >> shift & 255
			spare[starts[digit]] = id
			starts[digit]++
		}
		ids, spare = spare, ids
	}
	return ids, spare
}
