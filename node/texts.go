package node

import (
	"sync"

	"parley"
)

// textBytes is how many bytes of texts a node keeps in memory, what it takes to find them included.
const textBytes = 32 << 20

// textCost is what an entry of the cache takes beside its text, in bytes: a hash, a string's head and its share of a map.
const textCost = 128

// texts keeps texts that were read lately: views read them while they hold the state still, and a query for each would hold it long.
//
// Texts lie in two generations. A text that is read moves into the young one; when that is half the size of all, it becomes the old
// one, and what was old and nobody read is forgotten.
type texts struct {
	limit int // bytes

	mu         sync.Mutex
	young, old map[parley.Hash]string
	size       int    // bytes of the young generation
	erasures   uint64 // how often texts were erased: what was read before an erasure is not kept after it
}

func newTexts(limit int) *texts {
	return &texts{limit: limit, young: map[parley.Hash]string{}, old: map[parley.Hash]string{}}
}

// get returns a text, and the mark that put wants when it is not there.
func (t *texts) get(c parley.Hash) (text string, mark uint64, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text, ok = t.young[c]; ok {
		return text, t.erasures, true
	}
	if text, ok = t.old[c]; ok {
		delete(t.old, c)
		t.keep(c, text)
	}
	return text, t.erasures, ok
}

// put keeps a text that was read from the journal since get gave the mark. After an erasure meanwhile it keeps nothing: the text may
// be the one that was erased.
func (t *texts) put(c parley.Hash, text string, mark uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mark == t.erasures {
		if _, ok := t.young[c]; !ok {
			delete(t.old, c)
			t.keep(c, text)
		}
	}
}

func (t *texts) keep(c parley.Hash, text string) {
	cost := len(text) + textCost
	if cost > t.limit/2 {
		return
	}
	if t.size+cost > t.limit/2 {
		t.old, t.young, t.size = t.young, map[parley.Hash]string{}, 0
	}
	t.young[c], t.size = text, t.size+cost
}

// erase forgets texts, and whatever is being read from the journal at this moment.
func (t *texts) erase(all []parley.Hash) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.erasures++
	for _, c := range all {
		if text, ok := t.young[c]; ok {
			t.size -= len(text) + textCost
			delete(t.young, c)
		}
		delete(t.old, c)
	}
}
