package node

import (
	"strings"
	"testing"

	"parley"
)

func TestTextsAreBoundedAndKeepWhatIsRead(t *testing.T) {
	const limit = 100 << 10
	c := newTexts(limit)
	often := parley.Hash{1}
	text := strings.Repeat("x", 1000)
	put := func(h parley.Hash) {
		_, mark, _ := c.get(h)
		c.put(h, text, mark)
	}
	put(often)
	for i := range 1000 {
		put(parley.Hash{2, byte(i), byte(i >> 8)})
		if _, _, ok := c.get(often); !ok {
			t.Fatalf("a text that is read again and again was forgotten after %d others", i+1)
		}
		if n := len(c.young) + len(c.old); n*(len(text)+textCost) > limit {
			t.Fatalf("%d texts of %d bytes are kept; expected %d bytes at most", n, len(text), limit)
		}
	}
	if n := len(c.young) + len(c.old); n < 40 {
		t.Errorf("%d texts are kept; expected half of what fits at least", n)
	}
	huge := parley.Hash{3}
	_, mark, _ := c.get(huge)
	c.put(huge, strings.Repeat("x", limit), mark)
	if _, _, ok := c.get(huge); ok {
		t.Error("a text that takes the place of all others is kept")
	}
}

func TestErasedTextsLeaveBothGenerationsAndDoNotComeBack(t *testing.T) {
	c := newTexts(10 << 10)
	old, young, slow := parley.Hash{1}, parley.Hash{2}, parley.Hash{3}
	put := func(h parley.Hash) {
		_, mark, _ := c.get(h)
		c.put(h, "text", mark)
	}
	put(old)
	for i := range 45 { // 132 bytes each: one change of generations
		put(parley.Hash{9, byte(i)})
	}
	put(young)
	if _, ok := c.old[old]; !ok {
		t.Fatal("this test expects its first text in the old generation")
	}
	_, mark, _ := c.get(slow) // a reader that has asked the journal and not put its text yet
	c.erase([]parley.Hash{old, young, slow})
	c.put(slow, "text", mark)
	for _, h := range []parley.Hash{old, young, slow} {
		if text, _, ok := c.get(h); ok {
			t.Errorf("read %q after it was erased", text)
		}
	}
	size := 0
	for range c.young {
		size += len("text") + textCost
	}
	if c.size != size {
		t.Errorf("the young generation counts %d bytes and holds %d", c.size, size)
	}
}
