package node

import "testing"

// A pause is told every restTicks, and begins anew with each block.
func TestPause(t *testing.T) {
	var p pause
	told := func(height uint64, ticks int) (n int) {
		for range ticks {
			if p.lasts(height) {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		height      uint64
		ticks, want int
	}{{1, restTicks - 1, 0}, {2, restTicks - 1, 0}, {2, 1, 1}, {2, 2*restTicks - 1, 1}, {2, 1, 1}, {3, 1, 0}} {
		if got := told(c.height, c.ticks); got != c.want {
			t.Errorf("%d ticks at height %d: told %d times, expected %d", c.ticks, c.height, got, c.want)
		}
	}
}
