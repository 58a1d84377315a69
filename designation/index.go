package designation

import (
	"slices"
	"strings"
	"sync"
)

// Index finds the entries whose names a name may stand for. It is made once from an edition and does not change: any number of goroutines may search it.
type Index struct {
	lex     *lexicon
	entries []Entry
	forms   []form
	texts   []uint32 // the tokens of the forms, one form after another, as places in words
	words   []token  // each token once
	quick   []glance // what tells at once that a word is unlike another
	df      []uint32 // in how many forms a word stands: words[i] in posts[df[i]:df[i+1]]
	posts   []uint32 // forms, ascending
	keys    []uint64 // hash of a key << 32 | word, ascending
	first   []uint32 // where the keys begin whose first 16 bits are i
	numbers map[string][]int32
	scratch sync.Pool
}

// form is one reading of one name of one entry.
type form struct {
	entry  int32
	name   int32
	from   uint32
	n      uint8
	way    way
	nth    uint8 // which reading of the name
	person bool
	weight float32 // of all its tokens
}

// NewIndex reads the names of the entries. The entries are kept, not copied: they must not change afterwards.
func NewIndex(entries []Entry) *Index {
	x := &Index{lex: lexiconOnce(), entries: entries, numbers: map[string][]int32{}}
	seen := map[string]uint32{}
	var key []byte
	for i := range entries {
		e := &entries[i]
		for n := range e.Names {
			for nth, r := range x.lex.readListed(e, n) {
				f := form{entry: int32(i), name: int32(n), from: uint32(len(x.texts)), n: uint8(len(r.tokens)), way: r.way, nth: uint8(nth), person: e.Kind == Person}
				for j := range r.tokens {
					t := &r.tokens[j]
					key = append(append(key[:0], t.text...), byte(t.class), flags(t), byte(t.person*16))
					at, ok := seen[string(key)]
					if !ok {
						at = uint32(len(x.words))
						seen[string(key)] = at
						w := *t
						w.shown, w.text = "", strings.Clone(w.text)
						if w.sound = strings.Clone(w.sound); w.sound == w.text {
							w.sound = w.text
						}
						x.words = append(x.words, w)
					}
					x.texts = append(x.texts, at)
					f.weight += t.weight(e.Kind)
				}
				if f.n > 0 {
					x.forms = append(x.forms, f)
				}
			}
		}
		for _, id := range e.Identifiers {
			if v := bareNumber(id.Value); len(v) >= 4 {
				x.numbers[v] = append(x.numbers[v], int32(i))
			}
		}
	}
	x.post()
	x.addKeys()
	x.scratch.New = func() any { return &scratch{sums: make([]sum, len(x.forms))} }
	return x
}

// readListed gives the readings of a listed name.
func (l *lexicon) readListed(e *Entry, name int) []reading {
	readings := l.read(e.Names[name].Text, e.Kind, false)
	if e.Kind != Person && e.Kind != Vessel {
		readings = l.withInitials(readings)
	}
	return readings
}

func flags(t *token) byte {
	f := byte(0)
	if t.bare {
		f |= 1
	}
	if t.initial {
		f |= 2
	}
	if t.script == Han {
		f |= 4
	}
	if t.script == Latin {
		f |= 8
	}
	if t.letters || t.caps {
		f |= 16
	}
	if t.acronym {
		f |= 32
	}
	return f
}

// post lists for each word the forms it stands in.
func (x *Index) post() {
	x.df = make([]uint32, len(x.words)+1)
	each := func(do func(word uint32, form int)) {
		for i, f := range x.forms {
			tokens := x.texts[f.from : f.from+uint32(f.n)]
			for j, w := range tokens {
				if !slices.Contains(tokens[:j], w) {
					do(w, i)
				}
			}
		}
	}
	each(func(w uint32, _ int) { x.df[w+1]++ })
	for i := 1; i < len(x.df); i++ {
		x.df[i] += x.df[i-1]
	}
	x.posts = make([]uint32, x.df[len(x.words)])
	next := slices.Clone(x.df)
	each(func(w uint32, form int) {
		x.posts[next[w]] = uint32(form)
		next[w]++
	})
}

func (x *Index) postings(word uint32) []uint32 { return x.posts[x.df[word]:x.df[word+1]] }

// glance is what tells most words apart without a look at them.
type glance struct {
	marks uint32
	known bool
	bare  bool
	n     uint8 // sounds
}

func (x *Index) addKeys() {
	x.quick = make([]glance, len(x.words))
	for i := range x.words {
		x.quick[i] = glance{x.words[i].marks, x.words[i].known() || x.words[i].sound == "" || x.words[i].script == Han, x.words[i].bare, uint8(min(len(x.words[i].sound), 255))}
		keysOf(&x.words[i], func(k uint32) { x.keys = append(x.keys, uint64(k)<<32|uint64(i)) })
	}
	slices.Sort(x.keys)
	x.keys = slices.Compact(x.keys)
	x.keys = slices.Clip(x.keys)
	x.first = make([]uint32, 1<<16+1)
	for _, k := range x.keys {
		x.first[k>>48+1]++
	}
	for i := 1; i < len(x.first); i++ {
		x.first[i] += x.first[i-1]
	}
}

// askedOf gives the keys that a word of a query looks under: its own, and for a word in a script without vowels those of three classes of four.
func askedOf(t *token, add func(uint32)) {
	keysOf(t, add)
	if t.caps && len(t.text) >= 4 && len(t.text) <= 8 && t.script == Latin && !t.known() {
		add(key32('o', hash(inOrder(t.text))))
	}
	if t.bare {
		if s := skeleton(t.sound); len(s) == 4 {
			leftOut(s, 't', add)
		}
	}
}

// keysOf gives the keys by which a word finds its like, and is found: what it means, its letters and its skeleton, each whole and with one left out.
func keysOf(t *token, add func(uint32)) {
	add(key32('k', t.key))
	for _, n := range t.names {
		add(key32('n', uint64(n)))
	}
	if t.initial || t.class == body || t.class == legal {
		return
	}
	add(key32('x', hash(t.text)))
	if t.acronym && len(t.text) >= 4 {
		add(key32('o', hash(inOrder(t.text))))
	}
	if t.acronym || t.script == Han || t.class == number || len(t.text) < 3 {
		return
	}
	if len(t.text) >= 6 && (t.text[:2] == "al" || t.text[:2] == "el") {
		add(key32('x', hash(t.text[2:])))
	}
	if !t.bare && len(t.text) >= 4 {
		leftOut(t.text, 'd', add)
	}
	s := skeleton(t.sound)
	if len(s) >= 2 {
		add(key32('s', hash(s)))
	}
	if len(s) >= 5 || len(s) == 4 && t.bare {
		leftOut(s, 's', add)
	} else if len(s) == 4 {
		leftOut(s, 't', add) // found by words in a script without vowels alone: three classes of four are too many names
	}
}

// leftOut adds the keys of a word without each of its letters, and of the whole.
func leftOut(s string, mark byte, add func(uint32)) {
	var buf [64]byte
	if len(s) > len(buf) {
		s = s[:len(buf)]
	}
	add(key32(mark, hash(s)))
	for i := range len(s) {
		if i > 0 && s[i] == s[i-1] {
			continue
		}
		b := append(append(buf[:0], s[:i]...), s[i+1:]...)
		add(key32(mark, hash(b)))
	}
}

func key32(mark byte, h uint64) uint32 {
	h = (h ^ uint64(mark)) * 0x9e3779b97f4a7c15
	return uint32(h >> 32)
}

// found calls do for each word that has the key.
func (x *Index) found(key uint32, do func(word uint32)) {
	at := x.keyAt(key)
	for ; at < len(x.keys) && uint32(x.keys[at]>>32) == key; at++ {
		do(uint32(x.keys[at]))
	}
}

// keyAt is the place of the first key that is not less.
func (x *Index) keyAt(key uint32) int {
	from, to := x.first[key>>16], x.first[key>>16+1]
	at, _ := slices.BinarySearch(x.keys[from:to], uint64(key)<<32)
	return int(from) + at
}

// Len is the number of the entries.
func (x *Index) Len() int { return len(x.entries) }

// bareNumber is an identifier without spaces, strokes and its scheme's name.
func bareNumber(s string) string {
	s = strings.ToUpper(s)
	s = strings.TrimPrefix(strings.TrimSpace(s), "IMO")
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
