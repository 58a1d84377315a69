package statement

import (
	"strings"
	"unicode"
)

// quotation is a passage in quotation marks. Marks within it are part of it.
type quotation struct {
	from, to    int // without its marks
	open, close int // with them; the same as from or to where a mark is missing
	first, last int // tokens of the paragraph that are its marks, or lie just inside where a mark is missing
	words       int
	unclosed    bool // the paragraph ends first
	continues   bool // the paragraph before left its quotation open, and this one takes it up
	taken       bool // it is part of a claim
}

// closers are the marks that may close what a mark opens. Right-to-left texts often have the pair the other way round.
var closers = map[rune]string{
	'“': "”", '”': "“”", '„': "“”", '‟': "”", '"': "\"", '«': "»", '»': "«", '‹': "›", '‘': "’", '\'': "'",
}

// mark finds the passages in quotation marks of a paragraph. open tells whether the one before left one open.
func (p *paragraph) mark(text []rune, open bool) (left bool) {
	for i := 0; i < len(p.tokens); i++ {
		first := []rune(p.tokens[i].text)[0]
		closer, is := closers[first]
		if !is || p.tokens[i].word || !opens(text, p.tokens[i].from, first) {
			continue
		}
		end := p.closing(text, i, closer)
		q := quotation{first: i, last: end, open: p.tokens[i].from, from: p.tokens[i].to, continues: open && i == 0}
		if end < 0 {
			if first == '\'' || first == '‘' {
				continue // an apostrophe
			}
			q.last, q.to, q.close, q.unclosed = len(p.tokens)-1, p.to, p.to, true
		} else {
			q.to, q.close = p.tokens[end].from, p.tokens[end].to
		}
		for j := q.first; j <= q.last; j++ {
			if p.tokens[j].word {
				q.words++
			}
		}
		p.quotes = append(p.quotes, q)
		for j := q.first; j <= q.last; j++ {
			p.tokens[j].quote = len(p.quotes)
		}
		i = q.last
	}
	return len(p.quotes) > 0 && p.quotes[len(p.quotes)-1].unclosed
}

// opens reports whether a mark stands as an opening one does: behind a space or a bracket, before a letter.
func opens(text []rune, at int, mark rune) bool {
	before := at == 0 || unicode.IsSpace(text[at-1]) || invisible(text[at-1]) || unicode.IsPunct(text[at-1]) && text[at-1] != '.' && text[at-1] != ','
	after := at+1 < len(text) && !unicode.IsSpace(text[at+1])
	switch mark {
	case '“', '„', '«', '‹', '‟':
		return true
	}
	return before && after
}

// closing returns the token that closes the quotation that token i opens, or -1.
func (p *paragraph) closing(text []rune, i int, closer string) int {
	nested := 0
	opener := []rune(p.tokens[i].text)[0]
	for j := i + 1; j < len(p.tokens); j++ {
		t := &p.tokens[j]
		if t.word {
			continue
		}
		r := []rune(t.text)[0]
		switch closes := strings.ContainsRune(closer, r); {
		case closes && nested > 0:
			nested--
		case closes:
			return j
		case r == opener:
			nested++
		}
	}
	return -1
}
