package geo

import "fmt"

// Simple checks that each line of a shape neither crosses nor touches itself, ends included. Errors are *Fault, with the path of the
// first position at which it does. Shapes without lines are simple.
func (s Shape) Simple() error {
	for i, line := range s.Lines {
		if f := selfMeeting(fmt.Sprintf("lines[%d]", i), line); f != nil {
			return f
		}
	}
	return nil
}

// selfMeeting returns the first place at which a line meets itself. It compares every pair: lines have at most MaxVertices positions.
func selfMeeting(path string, line []Position) *Fault {
	if n := len(line); n > 2 && line[0].canonical() == line[n-1].canonical() {
		return fault(fmt.Sprintf("%s[%d]", path, n-1), "a line that ends where it begins", "a line that does not touch itself; a closed one is a polygon")
	}
	cs := corners(line)
	if len(cs) < 2 {
		return nil
	}
	es := edgesOf(cs)[:len(cs)-1] // without the edge that would close it
	for i := range es {
		if i+1 < len(es) && es[i].back(es[i+1]) {
			return fault(fmt.Sprintf("%s[%d]", path, es[i].b.from), "an edge that runs back over the one before", "a line that does not touch itself")
		}
		for j := i + 2; j < len(es); j++ {
			if es[i].meets(es[j]) {
				return fault(fmt.Sprintf("%s[%d]", path, es[j].a.from), fmt.Sprintf("an edge that meets the edge from position %d", es[i].a.from), "a line that does not cross or touch itself")
			}
		}
	}
	return nil
}
